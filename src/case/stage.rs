//! The stage of a case follows from facts; nobody sets it.

use std::fmt;

use super::{Case, Command, Policy, Proposal, checklist};

/// Where a case stands. Where several would hold, the later one in this list is shown; but `waiting` comes before `ready`,
/// for nobody should answer what they have just asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Incomplete or unverified.
    Received,
    /// The requester was asked for something, whatever else is there.
    Waiting,
    /// Complete and verified.
    Ready,
    /// Two people have agreed on the answer, and anybody can still deny it.
    Approved,
    /// Something came of it.
    Answered,
    /// No duty is left.
    Closed,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 6] =
        [Stage::Received, Stage::Waiting, Stage::Ready, Stage::Approved, Stage::Answered, Stage::Closed];

    /// The stage of a case under the policy that it is pinned to. A case whose kind the policy does not know is never ready.
    pub fn of(case: &Case, policy: Option<&Policy>) -> Stage {
        if case.closed.is_some() {
            Stage::Closed
        } else if case.outcome.is_some() {
            Stage::Answered
        } else if case.proposals.iter().any(is_approved_answer) {
            Stage::Approved
        } else if case.waiting().is_some() {
            Stage::Waiting
        } else if policy.is_some_and(|policy| is_complete(case, policy)) {
            Stage::Ready
        } else {
            Stage::Received
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Received => "received",
            Stage::Waiting => "waiting",
            Stage::Ready => "ready",
            Stage::Approved => "approved",
            Stage::Answered => "answered",
            Stage::Closed => "closed",
        }
    }
}

fn is_approved_answer(proposal: &Proposal) -> bool {
    proposal.approved.is_some() && matches!(proposal.command, Command::Answer { .. })
}

fn is_complete(case: &Case, policy: &Policy) -> bool {
    policy.kind(&case.kind).is_some_and(|kind| checklist(case, kind, policy).complete())
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
