//! How a case begins: as the event says that opened it, with nothing done to it yet. Knows no other event.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Account, Beside, Case, CaseId, Event, Freed, KeptDown};

impl Case {
    /// The case that an `Opened` event begins; `None` for any other event.
    pub fn begin(id: CaseId, event: &Event, by: &Account, at: DateTime<Utc>) -> Option<Case> {
        let Event::Opened { kind, policy, received, fields, stray } = event else {
            return None;
        };
        let mut case = Case {
            id,
            kind: kind.clone(),
            policy: policy.clone(),
            opened: at,
            opened_by: by.clone(),
            received: *received,
            fields: fields.clone(),
            stray: stray.clone(),
            former_numbers: BTreeSet::new(),
            former_domains: BTreeSet::new(),
            owner: None,
            lent: None,
            tags: BTreeSet::new(),
            links: BTreeSet::new(),
            notes: Vec::new(),
            note_count: 0,
            files: Vec::new(),
            requester: None,
            instrument: None,
            callers: BTreeSet::new(),
            tried: Vec::new(),
            verified_nameless: false,
            beside: Beside::default(),
            attested: None,
            flags: BTreeSet::new(),
            flagged: BTreeMap::new(),
            scope: BTreeMap::new(),
            gag: None,
            secrecy_lapsed: false,
            secrecy_over: None,
            freed: Freed::default(),
            secrecy_anew: false,
            order_absent: false,
            secrecy_since: None,
            cleared: BTreeSet::new(),
            notices: BTreeMap::new(),
            nobody: None,
            hushed: BTreeMap::new(),
            owed_since: None,
            hold: None,
            kept_with: None,
            let_go_with: None,
            proposals: Vec::new(),
            alone: Vec::new(),
            sent: Vec::new(),
            waits: Vec::new(),
            countered: None,
            counters: BTreeMap::new(),
            notices_gone: BTreeSet::new(),
            typed: BTreeSet::new(),
            came: BTreeMap::new(),
            answered_with: None,
            decided_before: BTreeMap::new(),
            decided_with: BTreeMap::new(),
            worked_again: BTreeSet::new(),
            due_again: false,
            deciding: BTreeSet::new(),
            acted_on: false,
            elapsed: BTreeMap::new(),
            told_in_vain: BTreeSet::new(),
            kept_down: KeptDown::default(),
            prolonged: Vec::new(),
            reminded: BTreeMap::new(),
            seen: BTreeMap::new(),
            snoozed: None,
            costs: Vec::new(),
            outcome: None,
            wording: None,
            unsent: None,
            closed: None,
            undone: BTreeMap::new(),
            announced: None,
            card: None,
            card_moves: 0,
            card_lost: None,
            visit: None,
            changed: at,
        };
        case.secrecy_since = case.asks_for_secrecy().then_some(at);
        Some(case)
    }
}
