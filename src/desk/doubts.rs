//! Which records were made while the machine's clock could not be believed: read off the records that say when it was doubted
//! and when it was believed again. Their order in the journal counts, for their times are what is in doubt.

use chrono::{DateTime, TimeDelta, Utc};

use crate::case::{ClockEvent, Doubt};
use crate::ports::Seq;

/// A desk that is up looks at its clock every minute. What it wrote down between a step back and that look is in doubt too;
/// rather a time too many is marked than a wrong one not.
const FOUND_WITHIN: TimeDelta = TimeDelta::minutes(2);

/// What became of the trust in the machine's clock, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubts(Vec<(Seq, DateTime<Utc>, ClockEvent)>);

impl Doubts {
    /// Takes in what happened to it, in the order of the journal.
    pub(super) fn take_in(&mut self, seq: Seq, at: DateTime<Utc>, event: ClockEvent) {
        self.0.push((seq, at, event));
    }

    /// What lies behind this record is not on disk and never will be.
    pub(super) fn forget_after(&mut self, head: Seq) {
        self.0.retain(|(seq, ..)| *seq <= head);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether the time of a record is in doubt.
    pub(super) fn is_doubtful(&self, seq: Seq, at: DateTime<Utc>) -> bool {
        let behind = self.0.partition_point(|(other, ..)| *other < seq);
        let before = behind.checked_sub(1).and_then(|before| self.0.get(before));
        if let Some((_, _, ClockEvent::ClockDoubted { .. })) = before {
            return true;
        }
        // It may have been made in the minute before the doubt was found.
        match self.0.get(behind) {
            Some((_, found, ClockEvent::ClockDoubted { why: Doubt::Backwards, sure })) => {
                at > *sure || (at <= *found && *found - at < FOUND_WITHIN)
            }
            Some((_, _, ClockEvent::ClockDoubted { why: Doubt::Leapt | Doubt::Gap, sure })) => at > *sure,
            Some((_, _, ClockEvent::ClockTrusted)) | None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-20T{text}:00Z").parse().unwrap()
    }

    fn doubts(why: Doubt, found: &str) -> Doubts {
        let mut doubts = Doubts::default();
        doubts.take_in(Seq(10), at(found), ClockEvent::ClockDoubted { why, sure: at("12:00") });
        doubts.take_in(Seq(20), at("12:30"), ClockEvent::ClockTrusted);
        doubts
    }

    #[test]
    fn what_lies_between_the_doubt_and_its_end_is_in_doubt_whatever_its_time() {
        let doubts = doubts(Doubt::Backwards, "09:00");
        for time in ["03:00", "11:59", "23:00"] {
            assert!(doubts.is_doubtful(Seq(11), at(time)), "{time}");
            assert!(doubts.is_doubtful(Seq(19), at(time)), "{time}");
            assert!(!doubts.is_doubtful(Seq(21), at(time)), "{time}");
        }
    }

    #[test]
    fn what_was_written_down_just_before_the_doubt_was_found_is_in_doubt_and_nothing_else() {
        let back = doubts(Doubt::Backwards, "09:00");
        assert!(back.is_doubtful(Seq(9), at("08:59")), "the clock stood back already");
        assert!(!back.is_doubtful(Seq(9), at("11:59")));
        assert!(!back.is_doubtful(Seq(2), at("08:00")));
        let ahead = doubts(Doubt::Leapt, "18:00");
        assert!(ahead.is_doubtful(Seq(9), at("17:59")), "it had leapt already");
        assert!(!ahead.is_doubtful(Seq(9), at("12:00")));
    }

    #[test]
    fn without_a_doubt_nothing_is_and_what_was_not_written_is_forgotten() {
        assert!(!Doubts::default().is_doubtful(Seq(1), at("12:00")));
        let mut doubts = doubts(Doubt::Gap, "18:00");
        doubts.forget_after(Seq(10));
        assert!(doubts.is_doubtful(Seq(30), at("12:00")), "it lasts");
        doubts.forget_after(Seq(9));
        assert!(!doubts.is_doubtful(Seq(30), at("12:00")));
    }
}
