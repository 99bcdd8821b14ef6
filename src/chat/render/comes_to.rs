//! What a proposal comes to, for whoever is asked to approve it: who is taken off the case and who is put on it, who may be told
//! then, what goes out and to whom. No words of anybody's stand before it or cut it short. Does not know why it takes two.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::goes_along::{data, put_since, reasons, referred, tells_words_alone, told};
use crate::case::conflict::{
    ERASE_KEY, RIGHT_KEY, asks_for_copy, asks_for_erasure, chosen_in, may_be_held_back,
};
use crate::case::decide::gate::{Silence, bars, silence};
use crate::case::decide::{answers_no_longer, beyond_request, brings, ended, later, own_words};
use crate::case::destination::destinations;
use crate::case::letter::{ANSWER, said_of_a_part};
use crate::case::named_order::named_end;
use crate::case::requester::agency;
use crate::case::scope::{Line as Asked, Verdict, scope};
use crate::case::{
    Account, Case, Command, Effect, Ending, Extent, GagStep, Hold, Kind, Proposal, Terms, mention,
};
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
    lines.extend(hold_moves(case, &after, proposal, terms));
    lines.extend(due_later(case, &after, proposal, terms));
    lines.extend(frees(case, &after, terms));
    lines.extend(ends_before_said(case, &proposal.command, terms));
    lines.extend(text::come_back(case).filter(|_| answers_no_longer(case, &after)));
    let discloses = proposal.effects.contains(&Effect::Disclose);
    if discloses {
        lines.extend(referred(&after, &proposal.command, terms));
        lines.extend(put_since(case, &proposal.command, terms));
    }
    if discloses && gives_out(&after, proposal) {
        if !tells_words_alone(&after, terms) {
            lines.extend(done_with(&after, proposal, terms));
        }
        lines.extend(not_granted(&after, terms));
        lines.extend(reasons(&after));
    }
    lines.extend(data(case, &after, &proposal.command, terms));
    lines.extend(told(case, &after, proposal, terms));
    lines.extend(beyond(case, &proposal.command, terms));
    lines.extend(words(case, proposal, terms));
    lines.into_iter().map(Line::indented).collect()
}

/// What is counted and would be due later, or not at all.
fn due_later(case: &Case, after: &Case, proposal: &Proposal, terms: &Terms) -> Vec<Line> {
    if !proposal.effects.contains(&Effect::Leave) {
        return Vec::new();
    }
    let mut all = later(case, after, terms);
    all.retain(|later| later.is_owed);
    if matches!(proposal.command, Command::Withdraw { .. }) {
        all.extend(ended(case, after, terms));
    }
    all.iter().map(text::later).collect()
}

/// A gag that ends before the day that the request itself names: most likely a slip.
fn ends_before_said(case: &Case, command: &Command, terms: &Terms) -> Option<Line> {
    let Command::Gag(GagStep::Set { until: Some(until), .. }) = command else { return None };
    let said = named_end(case, terms).filter(|said| until < said)?;
    let (until, said) = (dates::day(*until), dates::day(said));
    Some(Line::ours(format!("! it would end {until}, and the request says until {said}")))
}

/// What becomes of a hold that nobody spoke of: it counts from the receipt.
fn hold_moves(case: &Case, after: &Case, proposal: &Proposal, terms: &Terms) -> Option<Line> {
    let until = |case: &Case| case.hold.as_ref().filter(|hold| hold.runs()).map(|hold| hold.until);
    let (was_until, is) = until(case).zip(until(after)).filter(|(was, is)| was != is)?;
    let zone = terms.zone_of(case);
    let (was, ends) = (dates::deadline(was_until, zone), dates::deadline(is, zone));
    let says_it = matches!(proposal.command, Command::Hold(_));
    (!says_it).then(|| {
        Line::ours(if is <= proposal.at {
            format!("what is kept is let go at once: the hold ended {ends}, not {was}")
        } else if is < was_until {
            format!("what is kept is let go sooner: the hold ends {ends}, not {was}")
        } else {
            format!("what is kept is kept longer: the hold ends {ends}, not {was}")
        })
    })
}

/// What whoever asks would learn from words of ours: the same words are in the command, but nobody reads a number twice.
fn beyond(case: &Case, command: &Command, terms: &Terms) -> Option<Line> {
    let told = beyond_request(command, case, terms);
    let line = Line::ours("the letter would say what the request does not");
    let line = told.iter().take(OTHERS).fold(line, |line, one| line.say(" · ").theirs(one));
    let more = told.len().saturating_sub(OTHERS);
    let line = if more > 0 { line.say(format!(" and {more} more")) } else { line };
    (!told.is_empty()).then_some(line)
}

/// Words of ours that may go to a user. Where the command does not hold them itself, they are said.
fn words(case: &Case, proposal: &Proposal, terms: &Terms) -> Option<Line> {
    let said = own_words(&proposal.command, case, terms);
    if said.is_empty() {
        return None;
    }
    let line = Line::ours("these words may go to a user: read them before you approve");
    let is_in_command = !matches!(proposal.command, Command::RecordSent { .. } | Command::Notify { .. });
    let said = said.into_iter().filter(|_| !is_in_command);
    Some(said.fold(line, |line, words| line.say(" – “").whole(words).say("”")))
}

/// Whether records go out, or are destroyed, when it is done. Some takes two because a check before an answer falls away, and
/// gives nothing out itself.
pub(super) fn gives_out(after: &Case, proposal: &Proposal) -> bool {
    let ending = after.outcome.as_ref().map(|outcome| &outcome.what);
    matches!(ending, Some(Ending::Answered { extent: Extent::Full | Extent::Part }))
        && !matches!(proposal.command, Command::Adopt { .. } | Command::RecordSent { .. })
}

/// Whom this case forbids to tell, and would not any longer: those whom it names, wherever in it and on whatever line, and anybody
/// where it was about somebody whom nobody could resolve.
fn frees(case: &Case, after: &Case, terms: &Terms) -> Option<Line> {
    let binds = |case: &Case| bars(case, terms).iter().any(|bar| bar.is_firm());
    if !binds(case) {
        return None;
    }
    let (was, is) = (silence(case, terms), silence(after, terms));
    let forbids = |silence: &Option<Silence>, case: &Case, account: &Account| {
        silence.as_ref().is_some_and(|silence| !silence.forbids(case, account).is_empty())
    };
    let freed = |account: &Account| forbids(&was, case, account) && !forbids(&is, after, account);
    let named: Vec<&Account> = of(case).into_iter().chain(without(after, case)).collect();
    // In the words of a sentence a name stands as whoever wrote it thought of it, so it may be no account that reads.
    let on_lines: BTreeSet<String> = named.iter().map(|account| mention::plain(account.as_str())).collect();
    let about: Vec<&String> = was.iter().flat_map(|silence| &silence.about).collect();
    // The gate counts a name that runs into other words by each of its beginnings; the longest is what was written.
    let is_beginning = |name: &String| {
        about.iter().any(|whole| whole.len() > name.len() && whole.starts_with(name.as_str()))
    };
    let in_words = about.iter().copied().filter(|name| !on_lines.contains(*name) && !is_beginning(name));
    let is_free = |name: &&String| match Account::parse(name) {
        Ok(account) => freed(&account),
        Err(_) => is.as_ref().is_none_or(|is| !is.about.contains(*name) && !is.of_anybody),
    };
    let mut all: Vec<&str> =
        named.iter().filter(|account| freed(account)).map(|account| account.as_str()).collect();
    all.extend(in_words.filter(is_free).map(String::as_str));
    let of_anybody = |silence: &Option<Silence>| silence.as_ref().is_some_and(|silence| silence.of_anybody);
    let anybody = of_anybody(&was) && !of_anybody(&is);
    let line = Line::ours("nothing on this case forbids any longer to tell ");
    match (all.is_empty(), anybody, binds(after)) {
        (true, true, true) => Some(line.say("anybody whom it does not name")),
        (true, true, false) => Some(line.say("anybody")),
        (true, false, true) => None,
        (true, false, false) => Some(names(line, &all)),
        (false, true, true) => Some(names(line, &all).say(", or anybody whom it does not name")),
        (false, true, false) => Some(names(line, &all).say(", or anybody else")),
        (false, false, _) => Some(names(line, &all)),
    }
}

/// Whether what is asked of the case is that records are destroyed.
pub(super) fn is_erasure(case: &Case, terms: &Terms) -> bool {
    asks_for_erasure(case, terms.kind_of(case))
}

/// Whether something is made inaccessible, and of the records that are asked for besides none goes out.
pub(super) fn is_without_records(case: &Case, proposal: &Proposal, terms: &Terms) -> bool {
    let rules = terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    rules.filter(|(_, kind)| kind.takes_down).is_some_and(|(policy, _)| {
        let lines = scope(case, policy, proposal.at, terms.zone_of(case));
        !lines.is_empty() && !lines.iter().any(|line| line.verdict.is_open())
    })
}

/// What is done with records, and whose: destroyed, given out, both, or neither where a person asks for something else.
fn done_with(case: &Case, proposal: &Proposal, terms: &Terms) -> Vec<Line> {
    let kind = terms.kind_of(case);
    let said = terms.policy_of(case).map(|policy| scope(case, policy, proposal.at, terms.zone_of(case)));
    let (open, out): (Vec<_>, Vec<_>) = said.into_iter().flatten().partition(|line| line.verdict.is_open());
    // Of accounts that are not ours there are no records.
    let ours = case.subjects().filter(|subject| subject.ours).map(|subject| &subject.account);
    let ours: BTreeSet<&Account> = ours.collect();
    let about: Vec<&Account> = of(case).into_iter().filter(|account| ours.contains(account)).collect();
    let erases = is_erasure(case, terms);
    let copies = asks_for_copy(case, kind) || !(erases || open.is_empty());
    let mut lines = Vec::new();
    if erases {
        let what = Line::ours("destroyed: ");
        // Who wants a copy too says with the data what of it.
        let what = match copies || open.is_empty() {
            true => what.say(erased_things(case, kind)),
            false => categories(what, &open),
        };
        lines.push(accounts(what.say(" · about "), &about));
    }
    if is_without_records(case, proposal, terms) {
        lines.push(Line::ours("no records go out"));
        lines.extend(left_out(&out));
    } else if copies {
        let what = Line::ours("goes out: ");
        let what = match open.is_empty() {
            true => what.say("records; the case does not say which"),
            false => categories(what, &open),
        };
        lines.push(destined(accounts(what.say(" · about "), &about), case, terms));
        lines.extend(left_out(&out));
    }
    if !erases && !copies {
        let rights: Vec<&str> =
            case.fields_of(RIGHT_KEY).flat_map(|field| chosen_in(field, kind).unwrap_or_default()).collect();
        let what = Line::ours(format!("counts as done: {} · about ", rights.join(", ")));
        lines.push(accounts(what, &about));
    }
    lines
}

/// What of a person's own data is to be erased, in the policy's words.
fn erased_things(case: &Case, kind: Option<&Kind>) -> String {
    let read = case.fields_of(ERASE_KEY).flat_map(|field| chosen_in(field, kind).unwrap_or_default());
    let things: Vec<&str> = read.collect();
    if things.is_empty() { "the records".to_owned() } else { things.join(", ") }
}

fn categories(mut line: Line, open: &[Asked<'_>]) -> Line {
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
    if open.len() > OTHERS { line.say(format!(" and {} more", open.len() - OTHERS)) } else { line }
}

/// What is asked for and does not go out, but for what is said with the words of its refusal: what nobody understood is not what
/// nobody holds.
fn left_out(out: &[Asked<'_>]) -> Option<Line> {
    let is_said = |part: &&Asked<'_>| matches!(part.verdict, Verdict::Refused { reason: Some(_), .. });
    let out: Vec<&Asked<'_>> = out.iter().filter(|part| !is_said(part)).collect();
    let line = out.iter().take(OTHERS).enumerate().fold(Line::ours("not in it: "), |line, (n, part)| {
        line.say(if n == 0 { "" } else { ", " }).join(text::in_brief(part))
    });
    let more = out.len().saturating_sub(OTHERS);
    let line = if more > 0 { line.say(format!(" and {more} more")) } else { line };
    (!out.is_empty()).then_some(line)
}

pub(super) fn destined(line: Line, case: &Case, terms: &Terms) -> Line {
    let to = destinations(case, terms);
    let to: Vec<&str> = agency(case).into_iter().chain(to.iter().map(String::as_str)).collect();
    if to.is_empty() && case.visit.is_some() {
        return line.say(" · to them, in their room with docket");
    }
    if to.is_empty() {
        return line.say(" · to the requester, of whom the case has no address");
    }
    let mut line = line.say(" · to ");
    for (n, name) in to.iter().take(OTHERS).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).whole(name);
    }
    if to.len() > OTHERS { line.say(format!(" and {} more", to.len() - OTHERS)) } else { line }
}

/// What an answer in part says that it does not grant, as whoever asked will read it. Where something is kept it need say nothing
/// (rule 65).
fn not_granted(after: &Case, terms: &Terms) -> Vec<Line> {
    let part = Ending::Answered { extent: Extent::Part };
    let is_part = after.outcome.as_ref().is_some_and(|outcome| outcome.what == part);
    let kind = terms.kind_of(after).filter(|_| is_part);
    let Some((kind, policy)) = kind.zip(terms.policy_of(after)) else { return Vec::new() };
    let letter = policy.letter(ANSWER, &kind.name);
    let keys = letter.map(said_of_a_part).unwrap_or_default();
    let mut lines = Vec::new();
    for rule in keys.iter().filter_map(|key| kind.field(key)) {
        let said = after.fields_of(&rule.key).filter(|field| field.counts());
        let said: Vec<Line> = said
            .map(|field| {
                let line = Line::ours(format!("{}: “", rule.label.to_lowercase()));
                line.whole(field.value.trim()).say("”")
            })
            .collect();
        if said.is_empty() && !may_be_held_back(after, Some(kind)) {
            let set = format!("{} set {} {}=\"…\"", terms.prefix(), after.id, rule.key.replace(' ', "-"));
            lines.push(Line::ours("! the letter will not say what is not granted, and why – ").code(set));
        }
        lines.extend(said);
    }
    lines
}

pub(super) fn accounts(line: Line, all: &[&Account]) -> Line {
    let all: Vec<&str> = all.iter().map(|account| account.as_str()).collect();
    names(line, &all)
}

fn names(mut line: Line, all: &[&str]) -> Line {
    if all.is_empty() {
        return line.say("its users");
    }
    for (n, account) in all.iter().take(ACCOUNTS).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).whole(account);
    }
    match all.len().saturating_sub(ACCOUNTS) {
        0 => line,
        more => {
            line.strong(format!(" and {more} more, which are too many to show: deny it unless you know them"))
        }
    }
}

pub(super) fn of(case: &Case) -> Vec<&Account> {
    let mut seen = BTreeSet::new();
    let all = case.subjects().map(|subject| &subject.account);
    all.filter(|account| seen.insert(mention::plain(account.as_str()))).collect()
}

fn without<'c>(one: &'c Case, other: &Case) -> Vec<&'c Account> {
    let there: BTreeSet<String> = of(other).into_iter().map(|name| mention::plain(name.as_str())).collect();
    of(one).into_iter().filter(|account| !there.contains(&mention::plain(account.as_str()))).collect()
}
