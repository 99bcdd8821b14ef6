//! Since when a requester asks for secrecy without an order (rule 16). A fact about the case; what follows from it is said in
//! `clock` and `decide`.

use chrono::{DateTime, Utc};

use super::{Case, Event};

impl Case {
    /// Whether the request asks for secrecy, no order has taken the place of that since, and the time to serve one is not over
    /// (rule 16).
    pub fn asks_for_secrecy(&self) -> bool {
        self.secret() && (self.gag.is_none() || self.secrecy_anew) && !self.secrecy_lapsed
    }

    /// Whether it does so before an event that may move that; to look costs more than most events do.
    pub(super) fn wished_before(&self, event: &Event) -> Option<bool> {
        let may_move = matches!(
            event,
            Event::FieldSet { .. }
                | Event::FieldCleared { .. }
                | Event::GagSet { .. }
                | Event::GagOver { .. }
                | Event::SecrecyLapsed
                | Event::TakenBack { .. }
        );
        may_move.then(|| self.asks_for_secrecy())
    }

    /// A wish that came or was renewed counts from then, one that still stands from when it came.
    pub(super) fn wishes_since(&mut self, before: Option<bool>, at: DateTime<Utc>) {
        if let Some(before) = before.filter(|before| *before != self.asks_for_secrecy()) {
            self.secrecy_since = if before { None } else { Some(at) };
        }
    }
}
