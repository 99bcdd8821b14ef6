//! How a policy speaks of each command, and what each asks of the person who gives it.

use super::{Command, GagStep, HoldStep, Need, Relation, Settling};

/// One list makes the names, so that a policy can name every command and nothing else: a command without a name does not
/// compile, for it has no act.
macro_rules! acts {
    ($($act:ident = $name:literal,)+) => {
        /// What a command is, as a policy speaks of it: the verb, and what of it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act {
            $(#[doc = concat!("`", $name, "`")] $act,)+
        }

        impl Act {
            /// All of them, in the order of their names.
            pub const ALL: &[Act] = &[$(Act::$act,)+];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Act::$act => $name,)+
                }
            }
        }
    };
}

acts! {
    Adopt = "adopt",
    Answer = "answer",
    Approve = "approve",
    Assign = "assign",
    Attach = "attach",
    Attest = "attest",
    Close = "close",
    CloseUndone = "close-undone",
    CloseUnsent = "close-unsent",
    Cost = "cost",
    Deny = "deny",
    Extend = "extend",
    Gag = "gag",
    GagLift = "gag-lift",
    GagNotAbout = "gag-not-about",
    GagNotBinding = "gag-not-binding",
    GagNotThere = "gag-not-there",
    HoldExtend = "hold-extend",
    HoldRelease = "hold-release",
    HoldStart = "hold-start",
    Link = "link",
    Note = "note",
    Notify = "notify",
    NotifyWaive = "notify-waive",
    NotifyWithhold = "notify-withhold",
    Redirect = "redirect",
    Refuse = "refuse",
    Reopen = "reopen",
    ScopeAllow = "scope-allow",
    ScopeRefuse = "scope-refuse",
    Seen = "seen",
    Sent = "sent",
    Set = "set",
    Snooze = "snooze",
    Tag = "tag",
    Undo = "undo",
    Verify = "verify",
    Withdraw = "withdraw",
}

impl Act {
    /// Whether a policy can want two people for it: not for the second person's own word, nor for what changes nothing but when
    /// somebody is reminded, or what was spent.
    pub fn can_take_two(self) -> bool {
        match self {
            Act::Approve | Act::Deny | Act::Cost | Act::Seen | Act::Snooze => false,
            Act::Adopt
            | Act::Answer
            | Act::Assign
            | Act::Attach
            | Act::Attest
            | Act::Close
            | Act::CloseUndone
            | Act::CloseUnsent
            | Act::Extend
            | Act::Gag
            | Act::GagLift
            | Act::GagNotAbout
            | Act::GagNotBinding
            | Act::GagNotThere
            | Act::HoldExtend
            | Act::HoldRelease
            | Act::HoldStart
            | Act::Link
            | Act::Note
            | Act::Notify
            | Act::NotifyWaive
            | Act::NotifyWithhold
            | Act::Redirect
            | Act::Refuse
            | Act::Reopen
            | Act::ScopeAllow
            | Act::ScopeRefuse
            | Act::Sent
            | Act::Set
            | Act::Tag
            | Act::Undo
            | Act::Verify
            | Act::Withdraw => true,
        }
    }

    /// What `two_people: acts` can name.
    pub fn taking_two() -> impl Iterator<Item = &'static str> + Clone {
        Act::ALL.iter().filter(|act| act.can_take_two()).map(|act| act.name())
    }
}

impl Command {
    /// Whether something comes of the request when it is done.
    pub fn ends_request(&self) -> bool {
        matches!(
            self,
            Command::Answer { .. }
                | Command::Refuse { .. }
                | Command::Withdraw { .. }
                | Command::Redirect { .. }
                | Command::Link { how: Relation::Duplicate, .. }
        )
    }

    /// Whether it tells users what was asked about them.
    pub fn tells_users(&self) -> bool {
        matches!(self, Command::Notify { how: Settling::Tell { .. } | Settling::Send { .. }, .. })
    }

    /// What it is called by a policy.
    pub fn name(&self) -> &'static str {
        self.act().name()
    }

    fn act(&self) -> Act {
        match self {
            Command::Set { .. } => Act::Set,
            Command::Note { .. } => Act::Note,
            Command::Attach { .. } => Act::Attach,
            Command::Verify { .. } => Act::Verify,
            Command::Assign { .. } => Act::Assign,
            Command::Tag { .. } => Act::Tag,
            Command::Link { .. } | Command::Unlink { .. } => Act::Link,
            Command::Answer { .. } => Act::Answer,
            Command::Refuse { .. } => Act::Refuse,
            Command::Withdraw { .. } => Act::Withdraw,
            Command::Close => Act::Close,
            Command::CloseUndone { .. } => Act::CloseUndone,
            Command::CloseUnsent { .. } => Act::CloseUnsent,
            Command::Reopen { .. } => Act::Reopen,
            Command::RecordSent { .. } => Act::Sent,
            Command::Redirect { .. } => Act::Redirect,
            Command::Gag(GagStep::Set { .. }) => Act::Gag,
            Command::Gag(GagStep::Lift { .. }) => Act::GagLift,
            Command::Gag(GagStep::NotBinding { .. }) => Act::GagNotBinding,
            Command::Gag(GagStep::NotAbout { .. }) => Act::GagNotAbout,
            Command::Gag(GagStep::NotThere { .. }) => Act::GagNotThere,
            Command::Hold(HoldStep::Start { .. }) => Act::HoldStart,
            Command::Hold(HoldStep::Extend { .. }) => Act::HoldExtend,
            Command::Hold(HoldStep::Release) => Act::HoldRelease,
            Command::Notify { how: Settling::Withhold { .. }, .. } => Act::NotifyWithhold,
            Command::Notify { how: Settling::Waive { .. }, .. } => Act::NotifyWaive,
            Command::Notify { how: Settling::Tell { .. } | Settling::Send { .. }, .. } => Act::Notify,
            Command::Attest { .. } => Act::Attest,
            Command::Approve { .. } => Act::Approve,
            Command::Deny { .. } => Act::Deny,
            Command::Scope { allow: true, .. } => Act::ScopeAllow,
            Command::Scope { allow: false, .. } => Act::ScopeRefuse,
            Command::Prolong { .. } => Act::Extend,
            Command::Cost { .. } => Act::Cost,
            Command::Adopt { .. } => Act::Adopt,
            Command::Seen => Act::Seen,
            Command::Snooze { .. } => Act::Snooze,
            Command::Undo { .. } => Act::Undo,
        }
    }

    /// What it asks of the person who gives it.
    pub fn need(&self) -> Need {
        match self {
            Command::Attest { .. } | Command::Approve { .. } => Need::Approve,
            Command::Adopt { .. } => Need::Administer,
            Command::Set { .. }
            | Command::Note { .. }
            | Command::Attach { .. }
            | Command::Verify { .. }
            | Command::Assign { .. }
            | Command::Tag { .. }
            | Command::Link { .. }
            | Command::Unlink { .. }
            | Command::Answer { .. }
            | Command::Refuse { .. }
            | Command::Withdraw { .. }
            | Command::Close
            | Command::CloseUndone { .. }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_act_is_that_of_a_command() {
        let text = include_str!("naming.rs");
        let (_, text) = text.split_once("fn act(&self) -> Act {").unwrap();
        let acts: BTreeSet<&str> = text
            .lines()
            .take_while(|line| !line.contains("fn need"))
            .filter_map(|line| line.split_once("=> Act::")?.1.strip_suffix(','))
            .collect();
        let all: BTreeSet<String> = Act::ALL.iter().map(|act| format!("{act:?}")).collect();
        assert_eq!(acts, all.iter().map(String::as_str).collect());
    }
}
