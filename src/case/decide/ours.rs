//! The lines that are ours to set: what we did and found. They end duties and clocks, so one is refused that says nothing, that
//! says it of a day still to come, or that would end what has not begun.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Setting, unreviewed};
use crate::case::done::{day_in, denies, says_nothing};
use crate::case::{
    Account, COURT_ACTION_KEY, Case, ClockRule, Field, FieldForm, FieldRule, Kind, REVIEW_KEY, Refusal,
    Restraint, Start, Stop, Terms, clock,
};

/// Whether a line of ours may be set so.
pub(super) fn may_say(
    case: &Case,
    kind: &Kind,
    rule: &FieldRule,
    field: &Field,
    setting: &Setting<'_>,
) -> Result<(), Refusal> {
    let label = || rule.label.clone();
    if matches!(rule.form, FieldForm::Text) && says_nothing(&field.value) {
        return Err(Restraint::SaysNothing { label: label(), help: rule.help.clone() }.into());
    }
    // A pattern may want a time besides; the day stands in it all the same.
    let is_dated = matches!(rule.form, FieldForm::Done | FieldForm::Day | FieldForm::Pattern { .. });
    if is_dated {
        let today = setting.now.with_timezone(&setting.terms.zone).date_naive();
        if let Some(day) = day_in(&field.value).filter(|day| *day > today) {
            return Err(Restraint::DoneInFuture { label: label(), day }.into());
        }
    }
    // An emergency that ended before anybody attested it is looked back on all the same: its users wait for that.
    let looks_back = rule.key == REVIEW_KEY && (case.attested.is_some() || can_look_back(case));
    // That something is in court keeps it down for good, whatever else keeps it down meanwhile (rule 41).
    let in_court = rule.key == COURT_ACTION_KEY;
    if in_court && case.countered.is_none() {
        return Err(Restraint::BeforeItsTime { label: label(), start: Start::Countered }.into());
    }
    if in_court && denies(&field.value) {
        return Err(Restraint::DeniesAction { label: label() }.into());
    }
    if let Some(start) = unbegun(case, kind, rule, clock::start, setting).filter(|_| !looks_back && !in_court)
    {
        if unbegun(case, kind, rule, clock::start_alone, setting).is_none() {
            let down = Box::new(case.kept_down.clone());
            return Err(Restraint::StaysDown { label: label(), down, court: case.countered.is_some() }.into());
        }
        return Err(Restraint::BeforeItsTime { label: label(), start }.into());
    }
    if let Some(day) = day_in(&field.value).filter(|_| is_dated)
        && let Some(begun) = begun(case, kind, rule, setting).filter(|begun| day < *begun)
    {
        return Err(Restraint::DoneBeforeBegun { label: label(), key: rule.key.clone(), day, begun }.into());
    }
    if rule.key == REVIEW_KEY && !can_look_back(case) {
        return Err(Restraint::BeforeItsTime { label: label(), start: Start::Answered }.into());
    }
    Ok(())
}

/// Whether somebody can look at what was done: at an emergency afterwards, when it is over (rule 16); at what one person did alone by
/// the next working day, over or not.
pub fn can_look_back(case: &Case) -> bool {
    case.outcome.is_some() || !case.alone.is_empty()
}

/// Whether the line says that somebody else looked at what one person did alone, in the words that stand there already.
pub(super) fn looks_again(case: &Case, field: &Field, actor: &Account) -> bool {
    field.key == REVIEW_KEY && unreviewed(case).any(|alone| alone.by != *actor)
}

/// When a clock began, if it did.
type Begins = fn(&Case, &ClockRule, &Terms) -> Option<DateTime<Utc>>;

/// What has not happened yet and would begin every clock that the line ends.
fn unbegun(
    case: &Case,
    kind: &Kind,
    rule: &FieldRule,
    begins: Begins,
    setting: &Setting<'_>,
) -> Option<Start> {
    let policy = setting.terms.policy_of(case)?;
    let ends =
        |clock: &&ClockRule| clock.until.is_any(&[Stop::Line(rule.key.clone())]) && clock.is_of(&kind.name);
    let mut clocks = policy.clocks.iter().filter(ends).peekable();
    let first = clocks.peek().map(|clock| clock.from.clone())?;
    clocks.all(|rule| begins(case, rule, setting.terms).is_none()).then_some(first)
}

/// The first day on which what the line says can have been done for this request: that on which the first of the clocks began
/// that it ends, or has to do with. What was done before ends none of them. Where no clock has to do with it, what the answer says
/// was done, by day and hour, was done for this request.
fn begun(case: &Case, kind: &Kind, rule: &FieldRule, setting: &Setting<'_>) -> Option<NaiveDate> {
    let policy = setting.terms.policy_of(case)?;
    let concerns = |clock: &&ClockRule| {
        let is_task = || clock.tasks.iter().any(|tasks| tasks.lines.contains(&rule.key));
        clock.is_of(&kind.name) && (clock.until.is_any(&[Stop::Line(rule.key.clone())]) || is_task())
    };
    let clocks = policy.clocks.iter().filter(concerns);
    let begun = clocks.filter_map(|rule| clock::first_day(case, rule, setting.terms)).min();
    let is_answered = matches!(rule.form, FieldForm::Pattern { .. }) && kind.answer_needs.contains(&rule.key);
    let received = || case.received.with_timezone(&setting.terms.zone_of(case)).date_naive();
    begun.or_else(|| is_answered.then(received))
}
