//! A command in words: what a proposal shows, and what an approval restates.

use chrono_tz::Tz;

use super::said::{file_role, relation, verifiable};
use crate::case::{Command, Edit, Ending};
use crate::chat::page::Line;

/// What a command would do, exactly.
pub fn act(command: &Command, _zone: Tz) -> Line {
    match command {
        Command::Set { edits } => {
            let mut line = Line::ours("set ");
            for (n, edit) in edits.iter().enumerate() {
                line = line.say(if n == 0 { "" } else { "; " });
                line = match edit {
                    Edit::Put(field) if field.value.trim().is_empty() => {
                        line.theirs(&field.label).say(" to nothing")
                    }
                    Edit::Put(field) => line.theirs(&field.label).say(" to ").theirs(&field.value),
                    Edit::AddAccounts(field) => line.say("add ").theirs(&field.value),
                    Edit::RemoveAccounts(field) => line.say("take off ").theirs(&field.value),
                };
            }
            line
        }
        Command::Note { text } => Line::ours("note ").theirs(text),
        Command::Attach { file, role, .. } => Line::ours("attach ").theirs(&file.name).say(format!(
            " as {}, SHA-256 {}",
            file_role(*role),
            file.sha256
        )),
        Command::Verify { what, .. } => Line::ours(format!("verify {}", verifiable(*what))),
        Command::Assign { to: Some(to) } => Line::ours("assign to ").theirs(to.as_str()),
        Command::Assign { to: None } => Line::ours("assign to nobody"),
        Command::Tag { .. } => Line::ours("change tags"),
        Command::Link { other, how } => Line::ours(format!("link as {}", relation(*how, true, *other))),
        Command::Answer { extent } => Line::ours(super::ended(&Ending::Answered { extent: *extent })),
        Command::Refuse { code, .. } => Line::ours("refuse: ").theirs(code),
        Command::Withdraw { .. } => Line::ours("withdraw"),
        Command::Close => Line::ours("close"),
        Command::Reopen { .. } => Line::ours("reopen"),
        Command::Cost { cents, currency, what } => {
            Line::ours(format!("add a cost of {} {currency}: ", super::money(*cents))).theirs(what)
        }
        Command::Prolong { clock, term, reason } => {
            Line::ours("extend clock ").theirs(clock).say(format!(" by {term}: ")).theirs(reason)
        }
        Command::Seen => Line::ours("reminders seen"),
        Command::Snooze { span } => Line::ours(format!("reminders wait {span}")),
    }
}
