//! The parts of a case that can be put back as they were. Data only; which are, is said in `decide::undo`.
//!
//! Nothing is struck from the record: what was taken back stands there, and so does that it was.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Account, Case, CaseId, Cost, Event, Field, File, Flag, Freed, Gag, Hold, KeptWith, Lent, Link, Note,
    Outcome, Prolonged, Relation, ScopeLine, Tried, Verifiable, Verification, Wait, Wording,
};

/// What is taken back on one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// The case.
    pub case: CaseId,
    /// What happened to it and is taken back.
    pub took: Vec<Event>,
    /// How it was before.
    pub back: Vec<Back>,
}

/// One part of a case, as it was. What others may have changed meanwhile is named by what comes and goes, the rest whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "kebab-case")]
pub enum Back {
    /// The lines of the request.
    Lines {
        /// All of them.
        fields: Vec<Field>,
    },
    /// Who works it.
    Owner {
        /// The owner.
        owner: Option<Account>,
        /// Who would get it back, and when.
        lent: Option<Lent>,
    },
    /// Tags.
    Tags {
        /// Those that were there.
        add: BTreeSet<String>,
        /// Those that were not.
        remove: BTreeSet<String>,
    },
    /// Links to other cases.
    Links {
        /// Those that were there.
        add: BTreeSet<Link>,
        /// Those that were not.
        remove: BTreeSet<Link>,
        /// When the first counter-notice was received.
        countered: Option<DateTime<Utc>>,
        /// The counter-notices that stood, and when each was received.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        counters: BTreeMap<CaseId, DateTime<Utc>>,
        /// The duplicates that were worked by themselves again.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        worked_again: BTreeSet<CaseId>,
    },
    /// Notes.
    Notes {
        /// The newest ones.
        notes: Vec<Note>,
        /// How many there were in all.
        count: u64,
    },
    /// Files.
    Files {
        /// All of them.
        files: Vec<File>,
    },
    /// What was verified.
    Verified {
        /// Which of the two.
        what: Verifiable,
        /// By whom and how, if it was.
        verification: Option<Verification>,
    },
    /// On whose word about a call the requester was believed.
    Callers {
        /// All of them.
        callers: BTreeSet<Account>,
    },
    /// Calls that did not confirm anything.
    Tried {
        /// All of them.
        tried: Vec<Tried>,
    },
    /// Marks with rules of their own.
    Flags {
        /// All of them.
        flags: BTreeSet<Flag>,
        /// Since when each was on.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        since: BTreeMap<Flag, DateTime<Utc>>,
    },
    /// What people decided of the scope.
    Scope {
        /// All of it.
        scope: BTreeMap<String, ScopeLine>,
    },
    /// The order that binds to silence, and the secrecy that was asked for without one.
    Silence {
        /// The order, if there was one.
        gag: Option<Gag>,
        /// Whether no order came in time.
        secrecy_lapsed: bool,
    },
    /// The hold.
    Hold {
        /// If there was one.
        hold: Option<Hold>,
    },
    /// The case whose hold was extended for this one.
    KeptWith {
        /// If there was one.
        kept_with: Option<KeptWith>,
    },
    /// What was proposed is proposed no longer.
    Withdrawn {
        /// Its code.
        code: String,
    },
    /// The times in which the requester was asked for something.
    Waits {
        /// All of them.
        waits: Vec<Wait>,
    },
    /// Clocks that were given more time.
    Prolonged {
        /// All of them.
        prolonged: Vec<Prolonged>,
    },
    /// Until when reminders waited.
    Snoozed {
        /// If they did.
        until: Option<DateTime<Utc>>,
    },
    /// What was spent.
    Costs {
        /// All of it.
        costs: Vec<Cost>,
    },
    /// What came of the request, and whether the case was closed.
    Outcome {
        /// What, if something had.
        outcome: Option<Outcome>,
        /// The words for the requester.
        wording: Option<Wording>,
        /// Why they were not told of it, if they were not to be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unsent: Option<String>,
        /// When it was closed, if it was.
        closed: Option<DateTime<Utc>>,
        /// From when its users were owed a notice already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owed_since: Option<DateTime<Utc>>,
        /// What was left undone, and why.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        undone: BTreeMap<String, String>,
        /// Whether it was answered in full or in part at some time, and not put back since; a way back of before does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        acted_on: Option<bool>,
    },
    /// When it was received.
    Received {
        /// When.
        at: DateTime<Utc>,
    },
    /// When what kept its users from being told was over.
    Freed {
        /// All of it.
        freed: Freed,
    },
}

impl Case {
    /// Puts a part back.
    pub(super) fn put_back(&mut self, part: &Back) {
        match part {
            Back::Lines { fields } => {
                // A number that ever stood on a line was given by the requester, or may have been (rule 61).
                let gone: Vec<String> = self.fields.iter().flat_map(super::number::numbers_of).collect();
                let domains: Vec<String> =
                    self.fields.iter().flat_map(super::mail_domains::domains_of).collect();
                self.former_domains.extend(domains);
                self.fields.clone_from(fields);
                // Whoever takes lines back has reviewed nothing.
                self.alone.iter_mut().for_each(|alone| alone.reviewed_by = None);
                self.former_numbers.extend(gone);
            }
            Back::Owner { owner, lent } => {
                self.owner.clone_from(owner);
                self.lent.clone_from(lent);
            }
            Back::Tags { add, remove } => {
                self.tags.retain(|tag| !remove.contains(tag));
                self.tags.extend(add.iter().cloned());
            }
            Back::Links { add, remove, countered, counters, worked_again } => {
                self.counters.clone_from(counters);
                self.worked_again.clone_from(worked_again);
                self.links.retain(|link| !remove.contains(link));
                let is_unlinked =
                    |other| remove.iter().any(|link| link.other == other && link.how == Relation::Appeal);
                self.decided_before.retain(|other, _| !is_unlinked(*other));
                self.decided_with.retain(|other, _| !is_unlinked(*other));
                self.links.extend(add);
                self.countered = *countered;
            }
            Back::Notes { notes, count } => {
                self.notes.clone_from(notes);
                self.note_count = *count;
            }
            Back::Files { files } => self.files.clone_from(files),
            Back::Verified { what: Verifiable::Requester, verification } => {
                self.requester.clone_from(verification);
            }
            Back::Verified { what: Verifiable::Instrument, verification } => {
                self.instrument.clone_from(verification);
                // What stood there then nobody looks up; to look at it again is the safe side.
                self.verified_nameless = false;
            }
            Back::Callers { callers } => self.callers.clone_from(callers),
            Back::Tried { tried } => self.tried.clone_from(tried),
            Back::Flags { flags, since } => {
                self.flags.clone_from(flags);
                self.flagged.clone_from(since);
            }
            Back::Scope { scope } => self.scope.clone_from(scope),
            Back::Silence { gag, secrecy_lapsed } => {
                self.gag.clone_from(gag);
                self.secrecy_lapsed = *secrecy_lapsed;
            }
            Back::Hold { hold } => self.hold.clone_from(hold),
            Back::KeptWith { kept_with } => self.kept_with.clone_from(kept_with),
            Back::Withdrawn { code } => self.proposals.retain(|proposal| proposal.code != *code),
            Back::Waits { waits } => self.waits.clone_from(waits),
            Back::Prolonged { prolonged } => self.prolonged.clone_from(prolonged),
            Back::Snoozed { until } => self.snooze(*until),
            Back::Costs { costs } => self.costs.clone_from(costs),
            Back::Outcome { outcome, wording, unsent, closed, owed_since, undone, acted_on } => {
                self.acted_on = acted_on.unwrap_or(self.acted_on);
                self.undone.clone_from(undone);
                self.owed_since = *owed_since;
                self.outcome.clone_from(outcome);
                self.wording.clone_from(wording);
                self.unsent.clone_from(unsent);
                self.closed = *closed;
            }
            Back::Received { at } => self.received = *at,
            Back::Freed { freed } => self.freed = freed.clone(),
        }
    }
}
