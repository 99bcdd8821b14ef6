//! Handing over: all open cases of one person go to another, for good or until a day.
//!
//! Any handler may: whoever is ill does not type it, and it is on record who did. What goes back by itself goes back by the
//! sweep, and only where nobody has given the case to anybody else meanwhile.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Events, Setting};
use crate::case::calendar::at;
use crate::case::{Account, Case, Event, Need, NotHandedOver, Refusal, Terms};

/// So many cases go over at once: one record and one edit of each card.
pub const MOST: usize = 2_000;

/// What happens to these cases, all open ones of `from`. `until` is the last day before they go back, all of it.
pub fn hand_over(
    cases: &[Case],
    from: &Account,
    to: &Account,
    until: Option<NaiveDate>,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let Setting { terms, now, .. } = setting;
    if from == to {
        return Err(NotHandedOver::SamePerson.into());
    }
    terms.person(to).ok_or_else(|| Refusal::NotOfThePeople(to.to_string()))?;
    if !terms.may(to, Need::Casework) {
        return Err(Refusal::MayOnlyRead(to.clone()));
    }
    if cases.is_empty() {
        return Err(NotHandedOver::Nothing { from: from.clone() }.into());
    }
    if cases.len() > MOST {
        return Err(NotHandedOver::TooMuch { from: from.clone(), most: MOST }.into());
    }
    let takes_two = |case: &Case| {
        let acts = terms.policy_of(case).map(|policy| policy.two_people.acts.as_slice());
        acts.unwrap_or_default().iter().any(|act| act == "assign")
    };
    if cases.iter().any(takes_two) {
        return Err(NotHandedOver::TakesTwo.into());
    }
    let today = now.with_timezone(&terms.zone).date_naive();
    if until.is_some_and(|day| day < today) {
        return Err(NotHandedOver::DayIsOver.into());
    }
    let until = until.map(|day| morning(day.succ_opt().unwrap_or(day), terms));
    let cases = movable(cases, to, setting);
    if cases.is_empty() {
        return Err(NotHandedOver::Sealed { to: to.clone() }.into());
    }
    let of = u32::try_from(cases.len()).unwrap_or(u32::MAX);
    let handed = || Event::HandedOver { from: from.clone(), to: to.clone(), until, of };
    Ok(cases.iter().map(|case| (case.id, handed())).collect())
}

/// The cases that both may work: a sealed one stays where it is unless they may, like any that is assigned (rule 66).
fn movable<'c>(cases: &'c [Case], to: &Account, setting: &Setting<'_>) -> Vec<&'c Case> {
    let may = |case: &Case, who: &Account| setting.terms.may_on(case, who, Need::Casework);
    cases.iter().filter(|case| may(case, setting.actor) && may(case, to)).collect()
}

/// When people begin on a day: when they read the overview.
fn morning(day: NaiveDate, terms: &Terms) -> DateTime<Utc> {
    at(day, terms.reminders.digest, terms.zone)
}

/// A case that was with somebody for a time goes back, to whoever it was promised to until now. Whoever does no casework any more
/// does not get it, and those before them do; if nobody of them does, it stays where it is.
pub(super) fn handed_back(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Event> {
    let over = case.lent.as_ref()?.over(now)?;
    let Some(back) = over.chain().find(|lent| terms.may_on(case, &lent.from, Need::Casework)) else {
        return Some(Event::Assigned { to: case.owner.clone() });
    };
    // Who has it for a time themselves gets it for that time.
    Some(match (&back.under, &case.owner) {
        (Some(_), Some(owner)) => {
            Event::HandedOver { from: owner.clone(), to: back.from.clone(), until: None, of: 1 }
        }
        (None, _) | (_, None) => Event::Assigned { to: Some(back.from.clone()) },
    })
}
