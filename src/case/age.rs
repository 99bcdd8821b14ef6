//! How old what is asked for is: what of it is gone, and what goes next (rule 53).
//!
//! Knows the policy's times and the days that a request is about, and neither instruments nor people's decisions.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::calendar::{Calendar, Term, last_second};
use super::scope::{FROM_KEY, Goes, TO_KEY, Verdict};
use super::{Case, Category, Field, Held, Reading};

/// The days that a request is about; an end that is not said is open.
#[derive(Clone, Copy)]
pub(super) struct Period {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// Whether there is a beginning that nobody knows: its line could not be read, or only the end is said.
    open: bool,
}

/// What of a period is gone, and what goes next.
#[derive(Default)]
pub(super) struct Age {
    /// What of it is gone: [`Verdict::Gone`] or [`Verdict::PartlyGone`].
    pub(super) gone: Option<Verdict>,
    /// What goes next.
    pub(super) goes: Option<Goes>,
    /// Whether part of it may be gone and nobody can say, as its beginning is not known.
    pub(super) unsure: bool,
}

impl Period {
    pub(super) fn of(case: &Case) -> Period {
        let day = |key| {
            let mut readings = case.fields_of(key).map(|field| &field.reading);
            readings.find_map(|reading| if let Reading::Day { day } = reading { Some(*day) } else { None })
        };
        let is_unread = |field: &Field| !matches!(field.reading, Reading::Day { .. });
        let open =
            case.fields_of(FROM_KEY).any(is_unread) || (day(FROM_KEY).is_none() && day(TO_KEY).is_some());
        match (day(FROM_KEY), day(TO_KEY)) {
            (Some(from), Some(to)) if to < from => Period { from: Some(to), to: Some(from), open },
            (from, to) => Period { from, to, open },
        }
    }

    pub(super) fn age(self, category: &Category, as_of: NaiveDate, zone: Tz) -> Age {
        let Held::For(span) = category.held else {
            return Age::default();
        };
        let term = Term { span, first_day_counts: false, rolls: false };
        let goes_on = |day: NaiveDate| {
            let end = term.end(last_second(day, zone), &Calendar::weekends(), zone);
            end.with_timezone(&zone).date_naive()
        };
        // On the day itself the last of it may still be there.
        let is_gone = |day: NaiveDate| goes_on(day) < as_of;
        if let Some(to) = self.to.filter(|to| is_gone(*to)) {
            return Age { gone: Some(Verdict::Gone { on: goes_on(to) }), goes: None, unsure: false };
        }
        // A day counted from the end would comfort whoever reads it, while the beginning goes.
        if self.open {
            return Age { unsure: true, ..Age::default() };
        }
        let Some(first) = self.from else {
            return Age::default();
        };
        if !is_gone(first) {
            return Age { goes: Some(Goes { of: first, on: goes_on(first) }), ..Age::default() };
        }
        // The first day of which something is there: not before the oldest, and not behind the end.
        let oldest = first_that_is_there(first, as_of, is_gone);
        Age {
            gone: Some(Verdict::PartlyGone { before: oldest }),
            goes: Some(Goes { of: oldest, on: goes_on(oldest) }),
            unsure: false,
        }
    }
}

/// Halves the days between one that is gone and today, on which something is there.
fn first_that_is_there(gone: NaiveDate, today: NaiveDate, is_gone: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    let (mut gone, mut there) = (gone, today.max(gone));
    while let days @ 2.. = (there - gone).num_days() {
        let middle = gone.checked_add_days(Days::new(days.unsigned_abs() / 2)).unwrap_or(there);
        if is_gone(middle) {
            gone = middle;
        } else {
            there = middle;
        }
    }
    there
}

/// The day by which the age of records counts: today, or the one from which a hold has kept them.
pub(super) fn as_of(case: &Case, now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let kept_from = case.hold.as_ref().filter(|hold| hold.runs()).map(|hold| hold.from.min(now));
    kept_from.unwrap_or(now).with_timezone(&zone).date_naive()
}

/// Whether a hold keeps what is there.
pub(super) fn is_held(case: &Case) -> bool {
    case.hold.as_ref().is_some_and(|hold| hold.runs())
}
