//! A command in words: what a proposal shows, and what an approval restates.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::notices::in_tongue;
use super::said::{file_role, relation, verifiable};
use crate::case::{Command, Edit, Ending, Field, GagStep, HoldStep, Reading, Settling};
use crate::chat::dates;
use crate::chat::page::Line;

/// What a command would do, exactly.
pub fn act(command: &Command, zone: Tz) -> Line {
    match command {
        Command::Set { edits } => {
            let mut line = Line::ours("set ");
            // What is long comes last, so that nothing of the rest is overlooked behind it.
            let (short, long): (Vec<&Edit>, Vec<&Edit>) = edits.iter().partition(|edit| is_short(edit));
            for (n, edit) in short.into_iter().chain(long).enumerate() {
                line = line.say(if n == 0 { "" } else { "; " });
                line = match edit {
                    Edit::Put(field) if field.value.trim().is_empty() => {
                        line.theirs(&field.label).say(" to nothing")
                    }
                    Edit::Put(field) => {
                        line.theirs(&field.label).say(" to ").join(how_many(field)).theirs(&field.value)
                    }
                    Edit::AddAccounts(field) => line.say("add ").theirs(&field.value),
                    Edit::RemoveAccounts(field) => line.say("take off ").theirs(&field.value),
                    Edit::Received { at, .. } => {
                        line.say(format!("Received to {}", dates::moment(*at, zone)))
                    }
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
        // Others rely on it, so they see on whose word, and by which number.
        Command::Verify { what, by, how, entry, number, .. } => {
            let line = Line::ours(format!("{} verified: ", verifiable(*what))).theirs(how);
            let line = by.iter().fold(line, |line, by| line.say(", by ").theirs(by.as_str()));
            let line = entry.iter().fold(line, |line, entry| line.say(" · directory entry ").theirs(entry));
            number.iter().fold(line, |line, number| line.say(", ").theirs(number))
        }
        Command::Assign { to: Some(to) } => Line::ours("assign to ").theirs(to.as_str()),
        Command::Assign { to: None } => Line::ours("assign to nobody"),
        Command::Tag { add, remove } => {
            let added = add.iter().map(|tag| format!("+{tag}"));
            let removed = remove.iter().map(|tag| format!("-{tag}"));
            Line::ours("tag ").theirs(&added.chain(removed).collect::<Vec<_>>().join(" "))
        }
        Command::Link { other, how } => Line::ours(format!("link as {}", relation(*how, true, *other))),
        Command::Unlink { other } => Line::ours(format!("take away its link to {other}")),
        Command::Answer { extent } => Line::ours(super::ended(&Ending::Answered { extent: *extent })),
        Command::Refuse { code, words } => {
            let line = Line::ours("refuse: ").theirs(code);
            words.iter().fold(line, |line, words| line.say(", with the words ").whole(words))
        }
        Command::Withdraw { reason } => {
            let line = Line::ours("withdrawn by the requester");
            reason.iter().fold(line, |line, reason| line.say(": ").theirs(reason))
        }
        Command::Close => Line::ours("close"),
        Command::CloseUnsent { reason } => {
            Line::ours("close, and the requester is not told: ").theirs(reason)
        }
        Command::CloseUndone { reason } => {
            Line::ours("close, and what is still to be done is left undone: ").theirs(reason)
        }
        Command::Reopen { reason } => {
            reason.iter().fold(Line::ours("reopen"), |line, reason| line.say(": ").theirs(reason))
        }
        Command::RecordSent { letter, via, at, repeat: _ } => {
            let line = Line::ours("letter ").theirs(letter).say(format!(" sent by {}", via.name()));
            line.say(sent_at(*at, zone))
        }
        Command::Redirect { to } => Line::ours(super::ended(&Ending::Redirected { to: *to })),
        Command::Scope { categories, allow, reason } => {
            let line = Line::ours(if *allow { "allow " } else { "refuse " }).theirs(&categories.join(", "));
            match reason {
                Some(reason) => line.say(": ").whole(reason),
                None => line,
            }
        }
        Command::Gag(step) => match step {
            GagStep::Set { until, by } => {
                let line = Line::ours(match until {
                    Some(day) => format!("the gag ends with {}", dates::day(*day)),
                    None => "the gag has no end".to_owned(),
                });
                match by {
                    Some(by) => line.say(", ordered by ").theirs(by),
                    None => line,
                }
            }
            GagStep::Lift { by } => Line::ours("what binds here to silence is lifted by ").theirs(by),
            GagStep::NotBinding { reason } => Line::ours("what binds here does not bind us: ").theirs(reason),
            GagStep::NotAbout { account, reason } => {
                Line::ours("nothing of this case is about ").theirs(account.as_str()).say(": ").theirs(reason)
            }
            GagStep::NotThere { reason } => {
                Line::ours("the order for secrecy that it names is not there: ").theirs(reason)
            }
        },
        Command::Hold(step) => match step {
            HoldStep::Start { term, from } => {
                let term =
                    term.map_or("for as long as the policy says".to_owned(), |term| format!("for {term}"));
                let from = from
                    .map_or(String::new(), |from| format!(", counted from {}", dates::moment(from, zone)));
                Line::ours(format!("records are kept {term}{from}"))
            }
            HoldStep::Extend { term: Some(term) } => Line::ours(format!("the hold is extended by {term}")),
            HoldStep::Extend { term: None } => Line::ours("the hold is extended as the policy says"),
            HoldStep::Release => Line::ours("the hold is released"),
        },
        Command::Notify { whom, how } => {
            let whom = |line: Line| match whom {
                Some(account) => line.theirs(account.as_str()),
                None => line.say("every user of the case who is not told yet"),
            };
            match how {
                Settling::Withhold { reason, review } => {
                    let line = whom(Line::ours("the notice is withheld from ")).say(": ").theirs(reason);
                    match review {
                        Some(span) => line.say(format!(", to be looked at again in {span}")),
                        None => line.say(", to be looked at again when the policy says"),
                    }
                }
                Settling::Send { tongue } => {
                    whom(Line::ours("docket tells, in a room of their own, ")).join(in_tongue(*tongue))
                }
                Settling::Waive { reason } => {
                    whom(Line::ours("the notice is given up for good, for ")).say(": ").theirs(reason)
                }
                Settling::Tell { via, at } => {
                    let line = whom(Line::ours("the notice goes by ").theirs(via).say(" to "));
                    line.say(sent_at(*at, zone))
                }
            }
        }
        Command::Attest { reason } => {
            Line::ours("somebody is in danger of death or serious injury: ").theirs(reason)
        }
        Command::Approve { code, .. } => Line::ours("approve ").theirs(code),
        Command::Deny { .. } => Line::ours("deny"),

        Command::Cost { cents, currency, what } => {
            Line::ours(format!("add a cost of {} {currency}: ", super::money(*cents))).theirs(what)
        }
        Command::Prolong { clock, term, reason } => {
            Line::ours("extend clock ").theirs(clock).say(format!(" by {term}: ")).whole(reason)
        }
        Command::Adopt { policy: None } => Line::ours("go on under the policy of today"),
        Command::Adopt { policy: Some(version) } => {
            Line::ours("go on under the policy of today, ").theirs(version)
        }
        Command::Seen => Line::ours("reminders seen"),
        Command::Undo { returns } => returns.first().map_or_else(Line::new, |returned| {
            super::morning::taken_back("take back: ", &returned.took, zone)
        }),
        Command::Snooze { span } => Line::ours(format!("reminders wait {span}")),
    }
}

/// How many accounts a line names, where they are more than one sees at a glance.
fn how_many(field: &Field) -> Line {
    const FEW: usize = 3;
    match &field.reading {
        Reading::Accounts { named, .. } if named.len() > FEW => {
            Line::ours(format!("{} accounts: ", named.len()))
        }
        Reading::Accounts { .. }
        | Reading::Text
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unknown { .. }
        | Reading::Unread { .. }
        | Reading::Claimed => Line::new(),
    }
}

fn is_short(edit: &Edit) -> bool {
    const SHORT: usize = 60;
    match edit {
        Edit::Put(field) | Edit::AddAccounts(field) | Edit::RemoveAccounts(field) => {
            field.value.chars().count() <= SHORT
        }
        Edit::Received { .. } => true,
    }
}

fn sent_at(at: Option<DateTime<Utc>>, zone: Tz) -> String {
    at.map_or(String::new(), |at| format!(", {}", dates::moment(at, zone)))
}
