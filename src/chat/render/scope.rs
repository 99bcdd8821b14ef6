//! What is asked for, line by line; in one line for the card; and what a case that was just opened says first.

use chrono::{DateTime, Utc};

use super::card::head;
use super::next::next;
use crate::case::scope::{self, Verdict};
use crate::case::{Case, Checklist, DATA_KEY, Kind, Origin, Policy, Terms, checklist};
use crate::chat::dates;
use crate::chat::page::{Line, Page};
use crate::chat::text;

/// How many lines of the scope a card names.
const ON_CARD: usize = 6;
/// How many things a case that was just opened says.
const AT_INTAKE: usize = 3;
/// How many names one of those lines has.
const NAMED: usize = 4;

/// The scope of a case.
pub fn scope(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Page {
    let page = Page::of(head(case, terms)).lines(next(case, terms, now));
    let Some(policy) = terms.policy_of(case) else {
        return page;
    };
    let scope = scope::scope(case, policy, now, terms.zone_of(case));
    let set = format!("{} set {} {DATA_KEY}=…", terms.prefix(), case.id);
    if scope.is_empty() {
        return page.line(Line::ours("It does not say which records. ").code(set));
    }
    let is_unclear = scope.iter().any(|line| line.verdict == Verdict::Unknown);
    let page = page.lines(scope.iter().map(|line| text::line_of_scope(line, case, policy, terms, now)));
    if is_unclear { page.line(Line::ours("Say it in the policy’s words: ").code(set)) } else { page }
}

/// Each line of the scope, whole.
pub(super) fn lines(case: &Case, policy: &Policy, terms: &Terms, now: DateTime<Utc>) -> Vec<Line> {
    let lines = scope::scope(case, policy, now, terms.zone_of(case));
    lines.iter().map(|line| text::line_of_scope(line, case, policy, terms, now)).collect()
}

/// The scope on the card; none where it says no more than the request itself.
pub(super) fn on_card(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let lines = scope::scope(case, terms.policy_of(case)?, now, terms.zone_of(case));
    let plain = |line: &scope::Line<'_>| {
        matches!(line.verdict, Verdict::Open | Verdict::NoInstrument) && line.goes.is_none() && !line.unsure
    };
    if lines.iter().all(plain) {
        return None;
    }
    let mut said = Line::ours("Scope ");
    for (n, line) in lines.iter().take(ON_CARD).enumerate() {
        said = said.say(if n == 0 { "" } else { " · " }).join(text::in_brief(line));
    }
    let more = lines.len().saturating_sub(ON_CARD);
    Some(if more > 0 { said.say(format!(" · and {more} more")) } else { said })
}

/// The worst of a request that has just come in, with the way out; the rest stands in the checklist. What the next step
/// says is not said twice.
pub(super) fn at_intake(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Line> {
    let Some((policy, kind)) = terms.policy_of(case).zip(terms.kind_of(case)) else {
        return Vec::new();
    };
    let list = checklist(case, kind, policy);
    let lines = scope::scope(case, policy, now, terms.zone_of(case));
    // What is sent elsewhere needs no further look here.
    if list.none_ours || matches!(list.origin, Origin::NotAccepted { .. }) {
        return Vec::new();
    }
    let way = |rest: &str| format!("{} {rest} {}", terms.prefix(), case.id);
    let all = [
        instrument(case, &list, policy),
        gone_already(&lines),
        going(case, kind, &lines, terms, now),
        named(&lines, |verdict| matches!(verdict, Verdict::Gone { .. }), "gone, older than what is kept"),
        named(
            &lines,
            |verdict| *verdict == Verdict::Encrypted,
            "end-to-end encrypted, so nobody here can see it",
        ),
        named(&lines, |verdict| *verdict == Verdict::NotOpened, "not opened by the instrument, so refused"),
        named(&lines, |verdict| *verdict == Verdict::NotHeld, "not held, there are no such records"),
        named(&lines, |verdict| *verdict == Verdict::Unknown, "none of the records that the policy knows"),
        foreign(&list, kind),
    ];
    let mut said: Vec<Line> = all.into_iter().flatten().collect();
    let more = said.len().saturating_sub(AT_INTAKE);
    said.truncate(AT_INTAKE);
    if let Some(last) = said.pop() {
        let rest = if more > 0 { format!(" · and {more} more: ") } else { " · ".to_owned() };
        let where_to = if more > 0 || lines.is_empty() { "check" } else { "scope" };
        said.push(last.say(rest).code(way(where_to)));
    }
    said
}

fn instrument(case: &Case, list: &Checklist<'_>, policy: &Policy) -> Option<Line> {
    let why = list.unidentified.as_ref()?;
    Some(Line::ours("Instrument ").join(text::unidentified(why, case, policy)))
}

/// Up to which day what is asked for is gone, where some of it is there (rules 37 and 53).
fn gone_already(lines: &[scope::Line<'_>]) -> Option<Line> {
    let gone = lines.iter().filter_map(|line| Some((line.category?, line.verdict.there_from()?.pred_opt()?)));
    let said: Vec<String> =
        gone.map(|(category, last)| format!("{} up to {}", category.name, dates::day(last))).collect();
    (!said.is_empty()).then(|| Line::ours(format!("Gone already: {}", said.join(", "))))
}

/// The first that goes of what is asked for (rule 53).
fn going(
    case: &Case,
    kind: &Kind,
    lines: &[scope::Line<'_>],
    terms: &Terms,
    now: DateTime<Utc>,
) -> Option<Line> {
    let unsure = lines.iter().find(|line| line.unsure).and_then(|line| line.category);
    if let Some(category) = unsure {
        return Some(text::unsure(category, case, terms).begin_sentence());
    }
    let ways = lines.iter().filter_map(|line| Some((line.category?, line.goes?)));
    let (category, goes) = ways.min_by_key(|(_, goes)| goes.on)?;
    let line = text::going(category, goes, terms, now).begin_sentence();
    let hold = format!("{} hold {} start", terms.prefix(), case.id);
    Some(if kind.preserves { line.say(" – ").code(hold) } else { line })
}

fn named(lines: &[scope::Line<'_>], wanted: fn(&Verdict) -> bool, what: &str) -> Option<Line> {
    let wanted: Vec<&scope::Line<'_>> = lines.iter().filter(|line| wanted(&line.verdict)).collect();
    if wanted.is_empty() {
        return None;
    }
    let mut said = Line::new();
    for (n, line) in wanted.iter().take(NAMED).enumerate() {
        said = said.say(if n == 0 { "" } else { ", " });
        said = match line.category {
            Some(category) => said.say(category.name.clone()),
            None => said.theirs(&line.typed),
        };
    }
    let more = wanted.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(said.say(format!("{more}: {what}")).begin_sentence())
}

/// Some accounts are on other servers; that all are is the next step's to say.
fn foreign(list: &Checklist<'_>, kind: &Kind) -> Option<Line> {
    let first = list.foreign.first().filter(|_| kind.own_accounts && !list.none_ours)?;
    let more = list.foreign.len() - 1;
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(
        Line::new()
            .theirs(first.as_str())
            .say(format!("{more}: refused, not on a server of ours; ask its own operator")),
    )
}
