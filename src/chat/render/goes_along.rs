//! What goes out with an act that waits for a second person and that its command does not say: who is told, which file goes to them,
//! and the words behind what is refused. Does not know why it takes two.

use std::collections::BTreeSet;

use super::comes_to::accounts;
use crate::case::letter::to_user;
use crate::case::{Account, Case, Command, Proposal, Settling, Telling, Terms};
use crate::chat::page::Line;

/// Whom a notice tells, where the command names nobody, and with which file.
pub(super) fn told(case: &Case, after: &Case, proposal: &Proposal, terms: &Terms) -> Vec<Line> {
    let Command::Notify { whom, how: Settling::Tell { .. } } = &proposal.command else { return Vec::new() };
    let is_told = |case: &Case, account: &Account| {
        matches!(case.notice(account).map(|notice| &notice.what), Some(Telling::Told { .. }))
    };
    let users: BTreeSet<&Account> = after.subjects().map(|subject| &subject.account).collect();
    let new: Vec<&Account> =
        users.into_iter().filter(|user| is_told(after, user) && !is_told(case, user)).collect();
    let mut lines = Vec::new();
    if whom.is_none() && !new.is_empty() {
        lines.push(accounts(Line::ours("tells "), &new));
    }
    let sent = |user: &Account| to_user(case, user, terms, proposal.at).ok().and_then(|notice| notice.file);
    let files: BTreeSet<String> = new.iter().filter_map(|user| sent(user)).collect();
    lines.extend(files.iter().map(|name| {
        let put = case.files.iter().rev().find(|file| file.file.name == *name);
        let line = Line::ours("with the file ").theirs(name);
        match put {
            Some(file) => line.say(", which ").theirs(file.by.as_str()).say(" put there: look at it first"),
            None => line,
        }
    }));
    lines
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
