//! What people may decide about what is asked for, and how far a request can be answered (rules 6, 10, 18, 37, 39).

use super::Setting;
use super::answering::done_line;
use super::ending::not_ended;
use crate::case::scope::{self, Line, Verdict};
use crate::case::{Case, Ending, Event, Extent, Kind, Policy, Refusal, Restraint, instrument};

/// More words than a person types to name categories.
const MOST_WORDS: usize = 60;

/// Puts categories into the scope, or refuses them. All of them, or none.
pub(super) fn scope(
    case: &Case,
    categories: &[String],
    allow: bool,
    reason: Option<&str>,
    setting: &Setting<'_>,
) -> Result<Vec<Event>, Refusal> {
    // What was answered can be widened still, by two people; nothing that left the house can be narrowed.
    let answered =
        matches!(case.outcome.as_ref().map(|outcome| &outcome.what), Some(Ending::Answered { .. }));
    if case.closed.is_some() || !(allow && answered) {
        not_ended(case)?;
    }
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    // What stands of each line without what was decided before.
    let undecided = Case { scope: Default::default(), ..case.clone() };
    let lines = scope::scope(&undecided, policy, setting.now, setting.terms.zone_under(policy));
    let mut events: Vec<Event> = Vec::new();
    let mut meant: Vec<&Line<'_>> = Vec::new();
    for typed in categories {
        let not_asked = |typed| Refusal::NotAskedFor { typed, asked: lines.iter().map(name).collect() };
        meant.extend(lines_of(typed, &lines, policy).map_err(not_asked)?);
    }
    for line in meant {
        let reason = if allow {
            may_allow(case, line, reason, setting)?;
            reason.map(str::to_owned)
        } else {
            // That the older part is gone is no reason to refuse the rest.
            let whole = line.verdict.there_from().is_none();
            let stock = || line.verdict.stock_text(line.category, policy).filter(|_| whole);
            let needs = || Refusal::ScopeNeedsReason { category: name(line), allow };
            Some(reason.map(str::to_owned).or_else(stock).ok_or_else(needs)?)
        };
        let category = line.category.map_or_else(|| scope::key_of(&line.typed), |known| known.name.clone());
        let stands = match case.scope.get(&category) {
            Some(before) => before.allowed == allow && (reason.is_none() || before.reason == reason),
            // What the instrument opens needs nobody's word.
            None => allow && line.verdict.is_open(),
        };
        let event = Event::ScopeSet { category, allowed: allow, reason };
        if !stands && !events.contains(&event) {
            events.push(event);
        }
    }
    if events.is_empty() { Err(Refusal::NoChange) } else { Ok(events) }
}

/// Whether a request can be answered so far: some of what it asks for must be in the scope, all of it for an answer in full.
pub(super) fn answerable(case: &Case, extent: Extent, setting: &Setting<'_>) -> Result<(), Refusal> {
    if extent == Extent::None {
        return Ok(());
    }
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let lines = scope::scope(case, policy, setting.now, setting.terms.zone_under(policy));
    if lines.is_empty() {
        return Ok(());
    }
    let names = |wanted: fn(&Verdict) -> bool| -> Vec<String> {
        lines.iter().filter(|line| wanted(&line.verdict)).map(name).collect()
    };
    // How far something is made inaccessible is what such an answer says; of records its letter speaks line by line.
    if policy.kind(&case.kind).is_some_and(|kind| kind.takes_down) {
        return Ok(());
    }
    // A letter that only keeps promises no record, and says the same whatever the line of data names.
    if policy.kind(&case.kind).is_some_and(Kind::only_keeps) {
        let out = names(|verdict| matches!(verdict, Verdict::Refused { .. }));
        return match extent == Extent::Full && !out.is_empty() {
            true => Err(Refusal::NotAllInScope { out }),
            false => Ok(()),
        };
    }
    let out = names(|verdict| !verdict.is_open());
    // What was done besides is a part, though no record is given out.
    let is_done = policy.kind(&case.kind).is_some_and(|kind| done_line(case, kind).is_some());
    if out.len() == lines.len() && !is_done {
        return Err(Refusal::NothingInScope { undecided: names(|verdict| *verdict == Verdict::Undecided) });
    }
    if extent == Extent::Full && !out.is_empty() {
        return Err(Refusal::NotAllInScope { out });
    }
    // Whoever gets a part must not hear that it is all (rules 37 and 53).
    let from: Vec<_> =
        lines.iter().filter_map(|line| Some((name(line), line.verdict.there_from()?))).collect();
    if extent == Extent::Full && !from.is_empty() {
        return Err(Restraint::PartlyGone { from }.into());
    }
    Ok(())
}

fn may_allow(
    case: &Case,
    line: &Line<'_>,
    reason: Option<&str>,
    setting: &Setting<'_>,
) -> Result<(), Refusal> {
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let cannot = |why: &Verdict| Refusal::CannotAllow {
        category: name(line),
        text: why.stock_text(line.category, policy).unwrap_or_default(),
        why: why.clone(),
    };
    let Some(category) = line.category else {
        return Err(cannot(&line.verdict));
    };
    match scope::bar(policy.kind(&case.kind), category, instrument(case, policy)) {
        None | Some(Verdict::Undecided) => {}
        Some(bar) => return Err(cannot(&bar)),
    }
    // It may lie in a snapshot all the same; who says so says where.
    let is_gone = matches!(line.verdict, Verdict::Gone { .. });
    if is_gone && reason.is_none() {
        return Err(Refusal::ScopeNeedsReason { category: name(line), allow: true });
    }
    Ok(())
}

/// The lines that ask for what was typed: one by its whole name, or several by theirs, `account connection`. Else the words
/// that no line asks for.
fn lines_of<'l, 'p>(
    typed: &str,
    lines: &'l [Line<'p>],
    policy: &Policy,
) -> Result<Vec<&'l Line<'p>>, String> {
    if let Some(line) = line_of(typed, lines, policy) {
        return Ok(vec![line]);
    }
    let words: Vec<&str> =
        typed.split_whitespace().filter(|word| !word.eq_ignore_ascii_case("and")).collect();
    if words.len() > MOST_WORDS {
        return Err(typed.to_owned());
    }
    let mut found = Vec::new();
    let mut rest = words.as_slice();
    while let [first, ..] = rest {
        let longest = (1..=rest.len()).rev().find_map(|end| {
            let (these, left) = rest.split_at_checked(end)?;
            line_of(&these.join(" "), lines, policy).map(|line| (line, left))
        });
        let (line, left) = longest.ok_or_else(|| (*first).to_owned())?;
        found.push(line);
        rest = left;
    }
    if found.is_empty() { Err(typed.to_owned()) } else { Ok(found) }
}

/// The line that asks for what was typed.
fn line_of<'l, 'p>(typed: &str, lines: &'l [Line<'p>], policy: &Policy) -> Option<&'l Line<'p>> {
    let meant = scope::category(typed, policy);
    lines.iter().find(|line| match (line.category, meant) {
        (Some(one), Some(other)) => one.name == other.name,
        (None, None) => scope::key_of(&line.typed) == scope::key_of(typed),
        (Some(_), None) | (None, Some(_)) => false,
    })
}

/// What people call it.
fn name(line: &Line<'_>) -> String {
    line.category.map_or(&line.typed, |category| &category.name).clone()
}
