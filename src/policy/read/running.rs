//! Whether a clock can ever begin, run and end for the kinds that it is for. Does not read it.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::seen::Seen;
use crate::case::calendar::first_moment;
use crate::case::{Calendar, Flag, Start, Stop, Term};
use crate::yaml::{Map, Node, quoted};

/// The kinds that something runs for: those that it names, or all; `None` where they cannot be known.
pub(super) struct RunsFor<'r> {
    pub(super) seen: &'r Seen<'r, 'r>,
    pub(super) kinds: Option<&'r [String]>,
    /// The flags of which its cases must have one, as far as they can be known; `None` where they need have none.
    pub(super) flags: Option<&'r [Flag]>,
    /// What a condition does for it, as in `it runs only by`.
    pub(super) only_by: &'static str,
}

impl RunsFor<'_> {
    /// Whether some of them have the line; noted if none has, with what the line does.
    pub(super) fn have(&self, node: Node<'_>, line: &str, does: &str) -> bool {
        self.seen.some_has(node, line, does, self.kinds)
    }

    /// Notes a start that none of them can have.
    pub(super) fn begins(&self, node: Node<'_>, from: &Start) {
        match from {
            Start::Attested => self.is(node, "attest", "it begins when the danger is attested"),
            Start::Sent(letter) => self.get(node, letter, "it begins with"),
            Start::HoldEnded if !self.may_be_kept() => {
                self.is(node, "preserves", "it begins when records are held no longer");
            }
            Start::Flagged if self.flags.is_none() => {
                node.wrong("it begins when a flag is set, and does not say which; write `only: { flag: [underage] }`");
            }
            // Lines are looked at where they are read; any case can be countered.
            Start::Line(_)
            | Start::Received
            | Start::Answered
            | Start::Closed
            | Start::Countered
            | Start::Dropped
            | Start::HoldEnded
            | Start::Flagged => {}
        }
    }

    /// Notes an end that none of them can have.
    pub(super) fn ends(&self, node: Node<'_>, until: &Stop) {
        match until {
            Stop::Sent(letter) => self.get(node, letter, "it ends with"),
            Stop::Held if !self.may_be_kept() => self.is(node, "preserves", "it ends when records are held"),
            Stop::Told => self.is(node, "notify", "it ends when users are told"),
            Stop::First(stops) => stops.iter().for_each(|stop| self.ends(node, stop)),
            Stop::Held | Stop::Line(_) | Stop::Answered | Stop::Closed => {}
        }
    }

    /// Notes a letter that none of them has.
    pub(super) fn get(&self, node: Node<'_>, letter: &str, does: &str) {
        if !self.seen.some_gets(letter, self.kinds) {
            node.wrong(format_args!(
                "{does} the letter {}, and that is for other kinds than it is",
                quoted(letter)
            ));
        }
    }

    /// Notes an instrument on which none of them can rest.
    pub(super) fn rest_on(&self, node: Node<'_>, instrument: &str) {
        if !self.seen.some_rests_on(instrument, self.kinds) {
            let (does, instrument) = (self.only_by, quoted(instrument));
            node.wrong(format_args!(
                "{does} the instrument {instrument}, and that is for other kinds than it is"
            ));
        }
    }

    /// Whether its cases are among those whose records are kept whatever their kind (rule 66).
    fn may_be_kept(&self) -> bool {
        self.flags.is_some_and(|flags| flags.is_empty() || flags.contains(&Flag::Csea))
    }

    fn is(&self, node: Node<'_>, property: &str, does: &str) {
        if !self.seen.some_is(property, self.kinds) {
            node.wrong(format_args!("{does}, and no kind that it is for has `{property}: true`"));
        }
    }
}

/// Notes a clock that would be over as soon as it began, or never.
pub(super) fn runs_at_all(map: &Map<'_>, from: &Start, until: &Stop) {
    let says = until.each().iter().find_map(|until| match (from, until) {
        // Nothing comes of a closed case any more, and it is closed only once.
        (Start::Closed, Stop::Answered | Stop::Held | Stop::Closed) => Some(
            "it begins when the case is closed, and what it ends with comes before that, so it would never end; write \
             `until: sent LETTER` or `until: line KEY`",
        ),
        (Start::Answered, Stop::Answered) => Some(SAME),
        (Start::Sent(one), Stop::Sent(other)) | (Start::Line(one), Stop::Line(other)) if one == other => {
            Some(SAME)
        }
        (
            Start::Received
            | Start::Answered
            | Start::Closed
            | Start::Attested
            | Start::Sent(_)
            | Start::Line(_)
            | Start::Countered
            | Start::Dropped
            | Start::HoldEnded
            | Start::Flagged,
            Stop::Answered
            | Stop::Sent(_)
            | Stop::Line(_)
            | Stop::Held
            | Stop::Told
            | Stop::Closed
            | Stop::First(_),
        ) => None,
    });
    if let Some(says) = says {
        map.node().wrong_at(map.node().owner(), says);
    }
}

const SAME: &str = "it ends with what it begins with, so it never runs";

/// Whether one term ends behind another, counted from an ordinary Monday.
pub(super) fn is_longer(one: Term, other: Term) -> bool {
    let Some(monday) = NaiveDate::from_ymd_opt(2024, 1, 15) else {
        return false;
    };
    let start = first_moment(monday, Tz::UTC);
    let end = |term: Term| term.end(start, &Calendar::weekends(), Tz::UTC);
    end(one) > end(other)
}
