//! How a policy speaks of each command, and what each asks of the person who gives it.

use super::{Command, GagStep, HoldStep, Need, Settling};

impl Command {
    /// The name by which a policy speaks of it: the verb, and what of it.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Set { .. } => "set",
            Command::Note { .. } => "note",
            Command::Attach { .. } => "attach",
            Command::Verify { .. } => "verify",
            Command::Assign { .. } => "assign",
            Command::Tag { .. } => "tag",
            Command::Link { .. } => "link",
            Command::Answer { .. } => "answer",
            Command::Refuse { .. } => "refuse",
            Command::Withdraw { .. } => "withdraw",
            Command::Close => "close",
            Command::CloseUnsent { .. } => "close-unsent",
            Command::Reopen { .. } => "reopen",
            Command::RecordSent { .. } => "sent",
            Command::Redirect { .. } => "redirect",
            Command::Gag(GagStep::Set { .. }) => "gag",
            Command::Gag(GagStep::Lift { .. }) => "gag-lift",
            Command::Gag(GagStep::NotBinding { .. }) => "gag-not-binding",
            Command::Gag(GagStep::NotAbout { .. }) => "gag-not-about",
            Command::Hold(HoldStep::Start { .. }) => "hold-start",
            Command::Hold(HoldStep::Extend { .. }) => "hold-extend",
            Command::Hold(HoldStep::Release) => "hold-release",
            Command::Notify { how: Settling::Withhold { .. }, .. } => "notify-withhold",
            Command::Notify { how: Settling::Waive { .. }, .. } => "notify-waive",
            Command::Notify { how: Settling::Tell { .. }, .. } => "notify",
            Command::Attest { .. } => "attest",
            Command::Approve { .. } => "approve",
            Command::Deny { .. } => "deny",
            Command::Scope { allow: true, .. } => "scope-allow",
            Command::Scope { allow: false, .. } => "scope-refuse",
            Command::Prolong { .. } => "extend",
            Command::Cost { .. } => "cost",
            Command::Adopt => "adopt",
            Command::Seen => "seen",
            Command::Snooze { .. } => "snooze",
            Command::Undo { .. } => "undo",
        }
    }

    /// What it asks of the person who gives it.
    pub fn need(&self) -> Need {
        match self {
            Command::Attest { .. } | Command::Approve { .. } => Need::Approve,
            Command::Adopt => Need::Administer,
            Command::Set { .. }
            | Command::Note { .. }
            | Command::Attach { .. }
            | Command::Verify { .. }
            | Command::Assign { .. }
            | Command::Tag { .. }
            | Command::Link { .. }
            | Command::Answer { .. }
            | Command::Refuse { .. }
            | Command::Withdraw { .. }
            | Command::Close
            | Command::CloseUnsent { .. }
            | Command::Reopen { .. }
            | Command::RecordSent { .. }
            | Command::Redirect { .. }
            | Command::Gag(_)
            | Command::Hold(_)
            | Command::Notify { .. }
            | Command::Deny { .. }
            | Command::Cost { .. }
            | Command::Prolong { .. }
            | Command::Seen
            | Command::Snooze { .. }
            | Command::Undo { .. }
            | Command::Scope { .. } => Need::Casework,
        }
    }
}
