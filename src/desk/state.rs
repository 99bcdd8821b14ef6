//! What the desk itself remembers: the next number, where the journal ended, what time it was, the last digest.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::DeskFault;
use crate::case::wire::WireFault;
use crate::case::{CaseId, ClockEvent, DeskEvent, Doubt};

/// The desk's own state, folded from the journal like a case. It is written with every batch, so it stays small: what is
/// owed is kept beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskState {
    /// The number of the next case; `None` when they are used up.
    pub next: Option<CaseId>,
    /// The place of the last record taken in, up to which a start need not check the chain again.
    pub last: Option<u64>,
    /// What the lists were made by: other terms, or another way to make them, want them made anew.
    pub made_by: String,
    /// The last moment that docket was sure of; `None` before the first record.
    #[serde(default)]
    pub sure: Option<DateTime<Utc>>,
    /// Why the machine's clock is not believed, while it is not.
    #[serde(default)]
    pub doubt: Option<Doubt>,
    /// Since when, by that clock.
    #[serde(default)]
    pub doubted: Option<DateTime<Utc>>,
    /// The last digest.
    #[serde(default)]
    pub digest: Option<LastDigest>,
}

/// What is remembered of the last digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastDigest {
    /// Of which day.
    pub day: NaiveDate,
    /// The number of the next case then.
    pub next: Option<CaseId>,
    /// How many cases stood in it that may stand there for long.
    pub lasting: u32,
    /// Of which day the last one was that was posted.
    #[serde(default)]
    pub posted: Option<NaiveDate>,
}

impl Default for DeskState {
    fn default() -> DeskState {
        DeskState {
            next: Some(CaseId::FIRST),
            last: None,
            made_by: String::new(),
            sure: None,
            doubt: None,
            doubted: None,
            digest: None,
        }
    }
}

impl DeskState {
    /// Takes in that a case was opened.
    pub fn opened(&mut self, case: CaseId) {
        if self.next.is_some_and(|next| next <= case) {
            self.next = case.next();
        }
    }

    /// Takes in what happened to the desk.
    pub fn happened(&mut self, event: &DeskEvent, at: DateTime<Utc>, zone: Tz) {
        match event {
            // What is owed, what was purged and what stands is kept elsewhere.
            DeskEvent::Delivered { .. }
            | DeskEvent::Purged { .. }
            | DeskEvent::Stands(_)
            | DeskEvent::Unread(_) => {}
            DeskEvent::Digested { day, next, lasting, posted, .. } => {
                let before = self.digest.and_then(|last| last.posted);
                let posted = if *posted { Some(*day) } else { before };
                self.digest = Some(LastDigest { day: *day, next: *next, lasting: *lasting, posted });
            }
            DeskEvent::Clock(ClockEvent::ClockDoubted { why, sure }) => {
                // Said again each day, it is the same doubt still.
                self.doubted = self.doubted.or(Some(at));
                self.doubt = Some(*why);
                self.sure = Some(*sure);
            }
            DeskEvent::Clock(ClockEvent::ClockTrusted) => {
                (self.doubt, self.doubted) = (None, None);
                self.sure = Some(at);
                // A digest of a day that never was must not take the place of those to come.
                let today = at.with_timezone(&zone).date_naive();
                if let Some(digest) = self.digest.as_mut().filter(|digest| digest.day > today) {
                    digest.day = today.pred_opt().unwrap_or(today);
                    digest.posted = digest.posted.map(|posted| posted.min(digest.day));
                }
            }
        }
    }

    /// Takes in what time it was when something was put on record, or when the desk last looked.
    pub fn was_at(&mut self, now: DateTime<Utc>) {
        if self.doubt.is_none() {
            self.sure = Some(self.sure.map_or(now, |sure| sure.max(now)));
        }
    }
}

/// The state as the index keeps it.
pub(super) fn state_bytes(state: &DeskState) -> Result<Vec<u8>, DeskFault> {
    serde_json::to_vec(state).map_err(|fault| DeskFault::Write(WireFault::from(fault)))
}
