//! A clock as the policy says it: what starts it, how long it runs, what stops it. Data only; `case::clock` reads it.

use serde::{Deserialize, Serialize};

use super::Term;
use crate::case::Role;

/// A clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRule {
    /// Its name, as typed: `answer`.
    pub name: String,
    /// What falls due, in a few words: `answer due`.
    pub title: String,
    /// The kinds it runs for; empty = every kind.
    pub kinds: Vec<String>,
    /// Further conditions; all must hold.
    pub only: Vec<Condition>,
    /// What starts it.
    pub from: Start,
    /// How long it runs.
    pub term: Term,
    /// What it is too early before: not before 10 business days.
    pub not_before: Option<Term>,
    /// What ends it.
    pub until: Stop,
    /// Whether it stands still while the requester is asked for something.
    pub pauses: bool,
    /// Whether and how it can be extended.
    pub extension: Option<Extension>,
    /// The holiday list, by name, if not the policy's own.
    pub calendar: Option<String>,
    /// Whether what the case rests on ends with it: an authorisation that lapses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lapses: bool,
    /// Whether it only lasts: nothing of ours falls due with its end, such as that of the time for complaints.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lasts: bool,
    /// What must be done besides before it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks: Option<Tasks>,
    /// The role whose people every reminder of it calls, and who alone say what ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<Role>,
}

impl ClockRule {
    /// Whether it is for cases of this kind.
    pub fn is_of(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|of| of == kind)
    }
}

/// What must be done besides before a clock ends, each on a line of ours (rule 49).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tasks {
    /// For which cases; all must hold.
    pub only: Vec<Condition>,
    /// The lines, by key.
    pub lines: Vec<String>,
    /// Or for those of which one of these lines says something, by key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or_with: Vec<String>,
    /// For which cases they are all there is to do, so that the clock ends with them: a line holds nothing but these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enough: Vec<Condition>,
}

/// That a line of the case has one of these values, case-blind. The key `instrument` is the instrument's name in the policy,
/// `flag` a flag of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The key, in normal form.
    pub key: String,
    /// The values.
    pub any_of: Vec<String>,
}

/// What starts a clock. A clock whose start has not happened does not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// The request was received.
    Received,
    /// Something came of it.
    Answered,
    /// It was closed.
    Closed,
    /// The danger was attested.
    Attested,
    /// A letter was sent, by name.
    Sent(String),
    /// The day that stands on a line, by key.
    Line(String),
    /// A counter-notice was linked to it and received, or nothing came of it any more after it was acted on.
    Countered,
    /// Nothing came of it any more after it was acted on.
    Dropped,
    /// Its hold came to an end, by itself or because it was released.
    HoldEnded,
    /// A flag that the clock is for was set.
    Flagged,
}

impl Start {
    /// The line whose day starts it, by key, if one does.
    pub fn line(&self) -> Option<&str> {
        match self {
            Start::Line(key) => Some(key),
            Start::Received
            | Start::Answered
            | Start::Closed
            | Start::Attested
            | Start::Sent(_)
            | Start::Countered
            | Start::Dropped
            | Start::HoldEnded
            | Start::Flagged => None,
        }
    }
}

/// What ends a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// Something came of the request, whatever it is.
    Answered,
    /// A letter was sent, by name.
    Sent(String),
    /// A line was filled in, by key: `review`.
    Line(String),
    /// The hold was started.
    Held,
    /// The users were told, or it is on record why not.
    Told,
    /// The case was closed.
    Closed,
    /// Whichever of these comes first.
    First(Vec<Stop>),
}

impl Stop {
    /// Each of them, where it is the first of several, or itself.
    pub fn each(&self) -> &[Stop] {
        match self {
            Stop::First(stops) => stops,
            Stop::Answered | Stop::Sent(_) | Stop::Line(_) | Stop::Held | Stop::Told | Stop::Closed => {
                std::slice::from_ref(self)
            }
        }
    }

    /// Whether it is one of these, or one of these may come first.
    pub fn is_any(&self, of: &[Stop]) -> bool {
        match self {
            Stop::First(stops) => stops.iter().any(|stop| stop.is_any(of)),
            Stop::Answered | Stop::Sent(_) | Stop::Line(_) | Stop::Held | Stop::Told | Stop::Closed => {
                of.contains(self)
            }
        }
    }
}

/// How a clock can be extended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// By at most this much in all, counted from the clock's own end.
    pub most: Term,
    /// How often.
    pub times: u32,
    /// Whether the requester must be told before the clock's own end, so that it cannot be extended later.
    pub before_end: bool,
    /// The letter by which the requester is told that it takes longer, by name; until it is sent, somebody is reminded of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letter: Option<String>,
}
