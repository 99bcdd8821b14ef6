//! Whether the machine's clock can be believed. It is held against what is on record, and against a clock that nobody sets.
//!
//! Wrong is a time before the last record; a time that went on by more or less than has passed; and, at a start, one so long
//! after the last record that a clock gone wrong is likelier than a desk that nobody ran: a desk that is up writes a record a
//! day (its digest, if nothing else). Knows no case: what may not happen meanwhile is said in `case::decide`.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::DeskState;
use crate::case::{ClockEvent, Doubt};

/// A clock that is set right by so little goes on being believed: time servers step by less.
const STEP: TimeDelta = TimeDelta::minutes(2);
/// So much may lie between two ticks beyond what the steady clock says: a machine under load, a step, a leap second.
const SLACK: TimeDelta = TimeDelta::minutes(5);
/// Nobody leaves a desk down longer without noticing. Whoever did says so once: it costs two people a line, while a gag that
/// ends a year too soon cannot be taken back.
const LONGEST_GAP: TimeDelta = TimeDelta::days(7);

/// What is remembered between two looks at the clock, for as long as the program runs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watching {
    /// What the clock said at the last tick.
    ticked: Option<DateTime<Utc>>,
    /// How much has passed since the last moment that was sure, by the steady clock; `None` if nobody counted.
    passed: Option<TimeDelta>,
    /// How far the clock is behind what the steady one says, after it was believed again for having caught up: by so much it
    /// may be set ahead.
    behind: TimeDelta,
    /// Whether since the cases were counted again the time was before that of the tick before it, or there was none before it.
    went_back: bool,
}

impl Watching {
    /// Whether what was told in doubt may lie ahead by now.
    pub(super) fn went_back(&self) -> bool {
        self.went_back
    }

    /// All of it was counted again.
    pub(super) fn counted_again(&mut self) {
        self.went_back = false;
    }

    /// What is wrong with the clock at first sight, between two ticks: enough to hold back what cannot be undone.
    ///
    /// A desk that is up ticks every minute. A time long after the last tick may be a leap that the next tick will find, and
    /// must not count as sure before.
    pub(super) fn at_first_sight(&self, state: &DeskState, now: DateTime<Utc>) -> Option<Doubt> {
        let unticked = self.ticked.is_some_and(|ticked| now - ticked > SLACK);
        self.by_the_record(state, now).or_else(|| unticked.then_some(Doubt::Leapt))
    }

    /// What is wrong with the clock by what is on record.
    fn by_the_record(&self, state: &DeskState, now: DateTime<Utc>) -> Option<Doubt> {
        let sure = state.sure?;
        if now < before(sure) {
            return Some(Doubt::Backwards);
        }
        (self.ticked.is_none() && now - sure > LONGEST_GAP).then_some(Doubt::Gap)
    }

    /// Looks at the clock at a tick: `steady` is what has passed since the tick before by a clock that nobody sets. What has
    /// become of the doubt, if anything.
    pub(super) fn tick(
        &mut self,
        state: &DeskState,
        now: DateTime<Utc>,
        steady: Option<Duration>,
    ) -> Option<ClockEvent> {
        let passed = steady.and_then(|steady| TimeDelta::from_std(steady).ok());
        let found = match (state.doubt, state.sure) {
            (None, Some(sure)) => self.doubted(state, now, passed).map(|why| {
                // How long ago the sure moment was is known only if this program was there all the time.
                self.passed = passed.filter(|_| self.ticked.is_some());
                self.behind = (sure - now).max(TimeDelta::zero());
                ClockEvent::ClockDoubted { why, sure }
            }),
            (Some(why), Some(sure)) => {
                self.passed = self.passed.zip(passed).map(|(sum, more)| sum + more);
                self.is_back(why, sure, now).then(|| {
                    // Where nobody counted, it is behind by as much as it was when the doubt began.
                    let behind = self.passed.map_or(self.behind, |passed| passed - (now - sure));
                    self.behind = behind.max(TimeDelta::zero());
                    ClockEvent::ClockTrusted
                })
            }
            (_, None) => None,
        };
        if let (None, Some(ahead)) = (&found, self.ahead(now, passed)) {
            self.behind = (self.behind - ahead).max(TimeDelta::zero()).min(self.behind);
        }
        self.went_back |= self.ticked.is_none_or(|ticked| now < ticked);
        self.ticked = Some(now);
        found
    }

    /// Two people say that the clock is right as it is: it is not behind, whatever was thought.
    pub(super) fn trusted(&mut self) {
        (self.passed, self.behind) = (None, TimeDelta::zero());
    }

    fn doubted(&self, state: &DeskState, now: DateTime<Utc>, passed: Option<TimeDelta>) -> Option<Doubt> {
        self.by_the_record(state, now).or_else(|| {
            let ahead = self.ahead(now, passed)?;
            (ahead < -SLACK || ahead > self.behind + SLACK).then_some(Doubt::Leapt)
        })
    }

    /// By how much the clock went on more than has passed.
    fn ahead(&self, now: DateTime<Utc>, passed: Option<TimeDelta>) -> Option<TimeDelta> {
        Some(now - self.ticked? - passed?)
    }

    /// Whether the clock is right again by itself. It may be late, for late is safe, but not early.
    fn is_back(&self, why: Doubt, sure: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        if now < sure {
            return false;
        }
        match (self.passed, why) {
            (Some(passed), _) => now - sure <= passed + SLACK,
            (None, Doubt::Backwards) => now - sure <= LONGEST_GAP,
            (None, Doubt::Leapt | Doubt::Gap) => false,
        }
    }
}

fn before(sure: DateTime<Utc>) -> DateTime<Utc> {
    sure.checked_sub_signed(STEP).unwrap_or(sure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-{text}Z").parse().unwrap()
    }

    fn minutes(count: u64) -> Option<Duration> {
        Some(Duration::from_secs(count * 60))
    }

    fn sure(text: &str) -> DeskState {
        DeskState { sure: Some(at(text)), ..DeskState::default() }
    }

    /// A desk that ticks, and takes in what it finds.
    struct Ticking(Watching, DeskState);

    impl Ticking {
        fn tick(&mut self, text: &str, steady: Option<Duration>) -> Option<Doubt> {
            let now = at(text);
            let found = self.0.tick(&self.1, now, steady);
            if let Some(event) = &found {
                self.1.happened(&(*event).into(), now, chrono_tz::Europe::London);
            }
            self.1.was_at(now);
            self.1.doubt
        }
    }

    fn ticking(last_record: &str) -> Ticking {
        Ticking(Watching::default(), sure(last_record))
    }

    #[test]
    fn a_clock_that_goes_is_believed() {
        let mut desk = ticking("11-20T10:00:00");
        assert_eq!(desk.tick("11-20T10:05:00", None), None);
        assert_eq!(desk.tick("11-20T10:06:00", minutes(1)), None);
        assert_eq!(desk.tick("11-20T10:04:30", minutes(1)), None, "a time server sets it right");
        assert_eq!(desk.tick("11-22T10:04:30", minutes(2 * 1_440)), None);
    }

    #[test]
    fn a_week_without_a_record_is_believed_and_a_day_more_is_not() {
        assert_eq!(ticking("11-20T10:00:00").tick("11-27T10:00:00", None), None);
        assert_eq!(ticking("11-20T10:00:00").tick("11-28T10:00:00", None), Some(Doubt::Gap));
        let mut up = ticking("11-20T10:00:00");
        up.tick("11-20T10:00:00", None);
        assert_eq!(up.tick("12-20T10:00:00", minutes(30 * 1_440)), None, "it was up all the time");
    }

    #[test]
    fn a_clock_behind_the_record_is_doubted_until_it_has_caught_up() {
        let mut desk = ticking("11-20T10:00:00");
        assert_eq!(desk.tick("11-20T09:00:00", None), Some(Doubt::Backwards));
        assert_eq!(desk.tick("11-20T09:59:00", minutes(59)), Some(Doubt::Backwards));
        assert_eq!(desk.tick("11-20T10:00:00", minutes(1)), None);
    }

    #[test]
    fn a_clock_that_has_caught_up_late_may_be_set_right() {
        let mut desk = ticking("11-20T10:00:00");
        desk.tick("11-20T10:00:00", None);
        assert_eq!(desk.tick("11-20T09:01:00", minutes(1)), Some(Doubt::Backwards));
        assert_eq!(desk.tick("11-20T10:01:00", minutes(60)), None, "an hour late is late enough");
        assert_eq!(desk.tick("11-20T11:02:00", minutes(1)), None, "set right");
        assert_eq!(desk.tick("11-20T12:03:00", minutes(1)), Some(Doubt::Leapt), "and no further");
    }

    #[test]
    fn a_leap_is_doubted_until_it_is_undone() {
        let mut desk = ticking("11-20T10:00:00");
        desk.tick("11-20T10:00:00", None);
        assert_eq!(desk.tick("11-20T12:01:00", minutes(1)), Some(Doubt::Leapt));
        assert_eq!(desk.tick("11-20T12:02:00", minutes(1)), Some(Doubt::Leapt));
        assert_eq!(desk.tick("11-20T10:03:00", minutes(1)), None);
    }

    #[test]
    fn a_clock_set_back_and_then_far_ahead_is_not_believed_for_being_later() {
        let mut desk = ticking("11-20T10:00:00");
        desk.tick("11-20T10:00:00", None);
        assert_eq!(desk.tick("10-20T10:00:00", minutes(1)), Some(Doubt::Backwards));
        assert_eq!(desk.tick("12-20T10:00:00", minutes(1)), Some(Doubt::Backwards));
        assert_eq!(desk.tick("11-20T10:03:00", minutes(1)), None);
    }

    #[test]
    fn what_the_next_tick_may_find_is_not_sure_before() {
        let mut desk = ticking("11-20T10:00:00");
        desk.tick("11-20T10:00:00", None);
        let at_first_sight = |text| desk.0.at_first_sight(&desk.1, at(text));
        assert_eq!(at_first_sight("11-20T10:04:00"), None);
        assert_eq!(at_first_sight("11-20T12:00:00"), Some(Doubt::Leapt));
    }

    #[test]
    fn that_it_went_back_is_remembered_until_all_was_counted_again() {
        let mut desk = ticking("11-20T10:00:00");
        desk.tick("11-20T10:00:00", None);
        desk.0.counted_again();
        desk.tick("11-20T09:59:00", minutes(1));
        desk.tick("11-20T10:00:00", minutes(1));
        assert!(desk.0.went_back(), "at the tick itself the desk may have been held");
        desk.0.counted_again();
        desk.tick("11-20T10:01:00", minutes(1));
        assert!(!desk.0.went_back());
    }

    #[test]
    fn before_the_first_record_there_is_nothing_to_doubt_by() {
        let mut desk = Ticking(Watching::default(), DeskState::default());
        assert_eq!(desk.tick("11-20T10:00:00", None), None);
    }
}
