//! What the room hears when too few people are left who may decide, and when somebody on the host has given an authority back.

use std::collections::BTreeMap;

use crate::case::decide::Shortage;
use crate::case::{Account, Terms};
use crate::chat::page::{Line, Page};

/// How many of those who are frozen are named.
const NAMED: usize = 8;

/// That too few are left, who froze whom, and the way back. By the time it is said enough may be there again.
pub fn too_few(left: Option<&Shortage>, frozen: &BTreeMap<Account, Option<Account>>, terms: &Terms) -> Page {
    let mut page = Page::new();
    match left {
        None => page = page.line(Line::ours("For a while too few people were left who may decide.")),
        Some(left) => {
            page = match left.approvers.as_slice() {
                [] => page.line(Line::ours(
                    "Nobody can approve any more: nothing that takes two people can be done.",
                )),
                [only] => page.line(
                    Line::ours("Only ")
                        .theirs(only.as_str())
                        .say(" can still approve: what takes two people may stand still."),
                ),
                [_, _, ..] => page,
            };
            if left.admins.is_empty() {
                page = page.line(Line::ours("Nobody can administer any more."));
            }
        }
    }
    let mut line = Line::ours("Frozen: ");
    for (n, (account, by)) in frozen.iter().take(NAMED).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).theirs(account.as_str());
        line = match by {
            Some(by) if by == account => line.say(" by themselves"),
            Some(by) => line.say(" by ").theirs(by.as_str()),
            None => line,
        };
    }
    if frozen.len() > NAMED {
        line = line.say(format!(" and {} more", frozen.len() - NAMED));
    }
    if !frozen.is_empty() {
        page = page.line(line.say("."));
    }
    let example = frozen.keys().next().map_or("@ben:example.org", Account::as_str);
    if left.is_some_and(Shortage::can_thaw) {
        let resume = format!("{} resume {example}", terms.prefix());
        page =
            page.line(Line::ours("Two people give it back, one of them an administrator: ").theirs(&resume));
    }
    page.line(
        Line::ours("The way back on the host, for whoever has it: ")
            .theirs(&format!("docket resume {example} --config FILE")),
    )
}

/// That somebody on the host has given an authority back.
pub fn resumed_on_host(account: &Account) -> Page {
    Page::of(
        Line::new().theirs(account.as_str()).say(
            " is frozen no longer. Nobody here decided that: it was done on the host, with docket resume.",
        ),
    )
    .line(Line::ours("If none of you knows of it, somebody has your host. Please call whoever runs it."))
}
