//! What goes out with an act that waits for a second person and that its command does not say: who is told, which file goes to them,
//! and the words behind what is refused. Does not know why it takes two.

use std::collections::BTreeSet;

use super::comes_to::{accounts, destined, of};
use crate::case::decide::{words_in, words_to_another};
use crate::case::letter::{ANSWER, put_in, to_user};
use crate::case::recipient::{is_referral, strangers};
use crate::case::requester::agency;
use crate::case::{
    Account, Case, Channel, Command, Copied, Extent, Field, FileRole, Proposal, Settling, Telling, Terms,
};
use crate::chat::page::Line;
use crate::chat::text;

/// Whom a notice tells, where the command names nobody, and with which file.
pub(super) fn told(case: &Case, after: &Case, proposal: &Proposal, terms: &Terms) -> Vec<Line> {
    let Command::Notify { whom, how } = &proposal.command else { return Vec::new() };
    if !proposal.command.tells_users() {
        return Vec::new();
    }
    // Whoever could not be told before is told by this one: each try is agreed on with all that goes along.
    let tells = |user: &&Account| {
        let told = after.notice(user);
        let is_told = matches!(told.map(|it| &it.what), Some(Telling::Told { .. } | Telling::Sending { .. }));
        is_told && told != case.notice(user)
    };
    let users: BTreeSet<&Account> = after.subjects().map(|subject| &subject.account).collect();
    let new: Vec<&Account> = users.into_iter().filter(tells).collect();
    let mut lines = Vec::new();
    if whom.is_none() && !new.is_empty() {
        lines.push(accounts(Line::ours("tells "), &new));
    }
    // What docket brings itself is on record with its copy; what people send goes with the same.
    let copy = |user: &&Account| match &after.notice(user)?.what {
        Telling::Sending { copy, .. } => Some(copy.clone()),
        Telling::Told { .. } | Telling::Withheld { .. } | Telling::Waived { .. } => {
            Some(to_user(case, user, terms, proposal.at).ok()?.copy)
        }
    };
    let sent: Vec<Copied> = new.iter().filter_map(copy).collect();
    let lang = match how {
        Settling::Send { tongue } => text::lang(*tongue),
        Settling::Withhold { .. } | Settling::Waive { .. } | Settling::Tell { .. } => String::new(),
    };
    let preview = |user: &Account| format!("{} notify {} preview {user}{lang}", terms.prefix(), case.id);
    lines.extend(new.first().map(|user| Line::ours("the words: ").code(preview(user))));
    // What stands in it about silence, the second person reads before it is gone.
    let copies: BTreeSet<&[(String, String)]> = sent.iter().map(Copied::lines).collect();
    let copies = copies.into_iter().filter(|copy| !copy.is_empty()).map(copied).collect::<Vec<_>>();
    if !copies.is_empty() {
        lines.extend(copies);
        lines.push(text::read_the_copy());
    }
    let files: BTreeSet<&str> = sent.iter().filter_map(|copy| Some(copy.file()?.name.as_str())).collect();
    lines.extend(files.iter().map(|name| {
        let put = case.files.iter().rev().find(|file| file.file.name == **name);
        let line = Line::ours("with the file ").theirs(name);
        match put {
            Some(file) => line.say(", which ").theirs(file.by.as_str()).say(" put there: look at it first"),
            None => line,
        }
    }));
    lines
}

/// The copy of their data that goes to whoever asked in a room with docket, with the answer that is being agreed on.
pub(super) fn data(case: &Case, after: &Case, command: &Command, terms: &Terms) -> Option<Line> {
    let letter = match command {
        Command::RecordSent { letter, via: Channel::Dm, .. } => letter.as_str(),
        Command::Answer { extent } => {
            let answer = terms.policy_of(after).and_then(|policy| policy.letter(ANSWER, &after.kind));
            let kind = terms.kind_of(after);
            if *extent != Extent::None && answer.is_some_and(|answer| after.answer_lacks_data(answer, kind)) {
                return Some(Line::ours("! no copy of their data is here: docket could bring them none"));
            }
            ANSWER
        }
        Command::Attach { role: FileRole::Data, .. } => ANSWER,
        _ => return None,
    };
    let file = after.data_with(letter).filter(|_| after.is_granted())?;
    let line = Line::ours("with the copy of their data: ").theirs(&file.file.name);
    let line = line.say(format!(" ({}, SHA-256 {}), which ", text::size(file.file.size), file.file.sha256));
    let line = line.theirs(file.by.as_str()).say(" put there: look at it first");
    let before = case.data_with(letter).filter(|before| before.file != file.file);
    Some(
        before
            .iter()
            .fold(line, |line, before| line.say(", for it goes in the place of ").theirs(&before.file.name)),
    )
}

/// The lines of the request that go with a notice.
fn copied(copy: &[(String, String)]) -> Line {
    let line = Line::ours("the copy that goes with it");
    copy.iter().fold(line, |line, (label, value)| line.dot().known(label).say(": “").whole(value).say("”"))
}

/// Why some of it is not given out, in words of ours: whoever asked reads them with the answer.
pub(super) fn reasons(after: &Case) -> Vec<Line> {
    let refused = after.scope.iter().filter(|(_, line)| !line.allowed);
    let said = refused.filter_map(|(name, line)| Some((name, line.reason.as_ref()?)));
    said.map(|(name, reason)| {
        Line::ours("refused with these words: ").theirs(name).say(" – “").whole(reason).say("”")
    })
    .collect()
}

/// Whether what goes out is a letter of ours and no records: to whom we refer something, nobody gives what they did not ask for.
pub(super) fn tells_words_alone(case: &Case, terms: &Terms) -> bool {
    is_referral(case, terms) && !terms.kind_of(case).is_some_and(|kind| kind.may_disclose(case))
}

/// What is referred: to whom, about whom, and in which words (rule 40).
pub(super) fn referred(after: &Case, command: &Command, terms: &Terms) -> Vec<Line> {
    if !is_referral(after, terms) || !after.is_granted() {
        return Vec::new();
    }
    let letter = match command {
        Command::RecordSent { letter, .. } => letter,
        _ => ANSWER,
    };
    let users = of(after);
    let line = Line::ours(format!("tells somebody else: letter {letter}"));
    let line = match agency(after) {
        Some(_) => destined(line, after, terms),
        None => line.say(" · the case does not say to whom"),
    };
    let mut lines = vec![match users.is_empty() {
        true => line.say(" · the case names no account, so nobody could look whether anything binds"),
        false => accounts(line.say(" · about "), &users),
    }];
    lines.extend(strangers(after, terms).iter().map(|who| {
        let line = Line::ours("! the directory does not have ").whole(who);
        line.say(": be sure who that is before you approve")
    }));
    lines.extend(words_to_another(after, letter, terms).into_iter().map(|field| quoted(field, after, terms)));
    lines
}

/// What one of us typed since the request came, in a letter that goes back to whoever asked. What may go to a user is said elsewhere.
pub(super) fn put_since(case: &Case, command: &Command, terms: &Terms) -> Vec<Line> {
    let Command::RecordSent { letter, .. } = command else { return Vec::new() };
    if is_referral(case, terms) || !words_in(case, letter, terms).is_empty() {
        return Vec::new();
    }
    let put = put_in(case, letter, terms).into_iter();
    put.map(|field| Line::ours("typed here since it came: ").join(quoted(field, case, terms))).collect()
}

fn quoted(field: &Field, case: &Case, terms: &Terms) -> Line {
    let rule = terms.kind_of(case).and_then(|kind| kind.field(&field.key));
    let label = rule.map_or_else(|| Line::new().theirs(&field.label), |rule| Line::ours(rule.label.clone()));
    label.say(": “").whole(field.value.trim()).say("”")
}
