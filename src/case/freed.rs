//! When what kept a case's users from being told was over, where that is a fact of the case: a wish for secrecy that lapsed or was
//! withdrawn, an emergency that was looked at again, a flag that came off, an instrument that was found out. Until then nobody was late to tell them, so what is
//! counted for the notice counts from then (rules 16, 25, 27).
//!
//! When a gag was over stands on the gag, when another case's silence was over with that silence. Does not know which of these
//! the policy heeds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Case, Event, Flag, REVIEW_KEY};

/// When each of these was over, the last time that it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freed {
    /// Secrecy that was asked for without an order on record, or by one that is not there.
    #[serde(default)]
    pub secrecy: Option<DateTime<Utc>>,
    /// That nobody had looked at an emergency again.
    #[serde(default)]
    pub review: Option<DateTime<Utc>>,
    /// The flag of a sealed case.
    #[serde(default)]
    pub flag: Option<DateTime<Utc>>,
    /// That nobody knew what it rests on, or that this forbids it.
    #[serde(default)]
    pub instrument: Option<DateTime<Utc>>,
}

/// What keeps the users from being told, before an event.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    unreviewed: bool,
    flagged: bool,
}

impl Case {
    /// What of this there is before an event.
    pub(super) fn kept_before(&self) -> Kept {
        Kept { unreviewed: !self.has_done(REVIEW_KEY), flagged: self.flags.contains(&Flag::Csea) }
    }

    /// What of it is over since; `wished` is whether secrecy was asked for before. What is taken back gives nobody more time.
    pub(super) fn freed_since(
        &mut self,
        before: Kept,
        wished: Option<bool>,
        event: &Event,
        at: DateTime<Utc>,
    ) {
        if matches!(event, Event::TakenBack { .. }) {
            return;
        }
        // An order that is not there kept them until somebody had found so.
        let kept_silent = wished == Some(true) || matches!(event, Event::OrderNotThere { .. });
        if kept_silent && !self.asks_for_secrecy() {
            self.freed.secrecy = Some(at);
        }
        let now = self.kept_before();
        if before.unreviewed && !now.unreviewed {
            self.freed.review = Some(at);
        }
        if before.flagged && !now.flagged {
            self.freed.flag = Some(at);
        }
    }
}
