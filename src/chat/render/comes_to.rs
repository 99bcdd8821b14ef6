//! What a proposal comes to, for whoever is asked to approve it: who is taken off the case and who is put on it, who may be told
//! then, what goes out and to whom. No words of anybody's stand before it or cut it short. Does not know why it takes two.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::case::conflict::asks_for_erasure;
use crate::case::decide::gate::{Silence, bars, silence};
use crate::case::decide::{answers_no_longer, brings, own_words};
use crate::case::requester::{addresses, agency};
use crate::case::scope::scope;
use crate::case::{Account, Case, Effect, Hold, Proposal, Terms, mention};
use crate::chat::dates;
use crate::chat::page::Line;
use crate::chat::text;

/// How many accounts are named; who proposes more at once is asked to go in steps.
const ACCOUNTS: usize = 50;
/// How many categories and addresses are named.
const OTHERS: usize = 20;

/// A line for each thing that it comes to.
pub(super) fn comes_to(case: &Case, proposal: &Proposal, terms: &Terms) -> Vec<Line> {
    let Some(after) = brings(case, proposal, terms) else { return Vec::new() };
    let mut lines = Vec::new();
    let (off, on) = (without(case, &after), without(&after, case));
    if !off.is_empty() {
        let kept = case.hold.as_ref().is_some_and(Hold::runs);
        let rest = if kept { " – what is kept for them is let go" } else { "" };
        lines.push(accounts(Line::ours("takes off "), &off).say(rest));
    }
    if !on.is_empty() {
        lines.push(accounts(Line::ours("adds "), &on));
    }
    lines.extend(frees(case, &after, terms));
    lines.extend(text::come_back(case).filter(|_| answers_no_longer(case, &after)));
    if proposal.effects.contains(&Effect::Disclose) {
        lines.push(goes_out(&after, proposal, terms));
    }
    if own_words(&proposal.command, case, terms).is_some() {
        lines.push(Line::ours("these words may go to a user: read them before you approve"));
    }
    lines.into_iter().map(Line::indented).collect()
}

/// Whom this case forbids to tell, and would not any longer, wherever in it they are named.
fn frees(case: &Case, after: &Case, terms: &Terms) -> Option<Line> {
    let binds = |case: &Case| bars(case, terms).iter().any(|bar| bar.is_firm());
    if !binds(case) {
        return None;
    }
    let (was, is) = (silence(case, terms), silence(after, terms));
    let forbids = |silence: &Option<Silence>, case: &Case, account: &Account| {
        silence.as_ref().is_some_and(|silence| !silence.forbids(case, account).is_empty())
    };
    let freed = |account: &&Account| forbids(&was, case, account) && !forbids(&is, after, account);
    let all: Vec<&Account> = of(case).into_iter().chain(without(after, case)).filter(freed).collect();
    let line = Line::ours("nothing on this case forbids any longer to tell ");
    (!all.is_empty() || !binds(after)).then(|| accounts(line, &all))
}

/// Whether what is asked of the case is that records are destroyed.
pub(super) fn is_erasure(case: &Case, terms: &Terms) -> bool {
    asks_for_erasure(case, terms.kind_of(case))
}

fn goes_out(case: &Case, proposal: &Proposal, terms: &Terms) -> Line {
    let said = terms.policy_of(case).map(|policy| scope(case, policy, proposal.at, terms.zone_of(case)));
    let open: Vec<_> = said.into_iter().flatten().filter(|line| line.verdict.is_open()).collect();
    let erased = is_erasure(case, terms);
    let mut line = Line::ours(if erased { "destroyed: " } else { "goes out: " });
    for (n, part) in open.iter().take(OTHERS).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " });
        line = match part.category {
            Some(category) => line.say(category.title.clone()),
            None => line.theirs(&part.typed),
        };
        if let Some(first) = part.verdict.there_from() {
            line = line.say(format!(" (only from {} on, what is older is gone)", dates::day(first)));
        }
    }
    line = match open.len() {
        0 if erased => line.say("the records"),
        0 => line.say("records; the case does not say which"),
        count if count > OTHERS => line.say(format!(" and {} more", count - OTHERS)),
        _ => line,
    };
    // Of accounts that are not ours there are no records.
    let ours = case.subjects().filter(|subject| subject.ours).map(|subject| &subject.account);
    let ours: BTreeSet<&Account> = ours.collect();
    let about: Vec<&Account> = of(case).into_iter().filter(|account| ours.contains(account)).collect();
    line = accounts(line.say(" · about "), &about);
    if erased {
        return line;
    }
    let to: Vec<String> = addresses(case).iter().map(|email| email.as_str().to_owned()).collect();
    let to: Vec<&str> = agency(case).into_iter().chain(to.iter().map(String::as_str)).collect();
    if to.is_empty() {
        return line.say(" · to the requester, of whom the case has no address");
    }
    line = line.say(" · to ");
    for (n, name) in to.iter().take(OTHERS).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).whole(name);
    }
    if to.len() > OTHERS { line.say(format!(" and {} more", to.len() - OTHERS)) } else { line }
}

fn accounts(mut line: Line, all: &[&Account]) -> Line {
    if all.is_empty() {
        return line.say("its users");
    }
    for (n, account) in all.iter().take(ACCOUNTS).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).whole(account.as_str());
    }
    match all.len().saturating_sub(ACCOUNTS) {
        0 => line,
        more => {
            line.strong(format!(" and {more} more, which are too many to show: deny it unless you know them"))
        }
    }
}

fn of(case: &Case) -> Vec<&Account> {
    let mut seen = BTreeSet::new();
    let all = case.subjects().map(|subject| &subject.account);
    all.filter(|account| seen.insert(mention::plain(account.as_str()))).collect()
}

fn without<'c>(one: &'c Case, other: &Case) -> Vec<&'c Account> {
    let there: BTreeSet<String> = of(other).into_iter().map(|name| mention::plain(name.as_str())).collect();
    of(one).into_iter().filter(|account| !there.contains(&mention::plain(account.as_str()))).collect()
}
