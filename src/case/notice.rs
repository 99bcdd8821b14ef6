//! What became of the duty to tell a user. Data only; whether one may be told is said in `decide::gate`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::letter::Piece;
use super::{Account, KeptFile, Tongue};

/// What became of the duty to tell one user of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When.
    pub at: DateTime<Utc>,
    /// Who put it on record.
    pub by: Account,
    /// What.
    pub what: Telling,
    /// What had come of the request by then, if anything had; notices of before do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Upshot>,
    /// What became of it on its way, where docket tells them itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Stepped>,
}

impl Notice {
    /// The steps since this was put on record; those before are of an earlier try.
    fn own_steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|taken| taken.at >= self.at).map(|taken| &taken.step)
    }

    /// What stopped it on its way, if something did: people tell them in another way, or try again.
    pub fn stopped(&self) -> Option<Step> {
        let is_sending = matches!(self.what, Telling::Sending { .. });
        // What they write sets nothing going.
        let of_docket = self.own_steps().filter(|step| !matches!(step, Step::Read | Step::Replied));
        of_docket.last().filter(|step| is_sending && step.stops()).cloned()
    }

    /// The message by which docket told them, if it did.
    pub fn sent(&self) -> Option<&str> {
        self.own_steps().find_map(|step| match step {
            Step::Sent { event, .. } => Some(event.as_str()),
            _ => None,
        })
    }

    /// The room that was made for them, if one was.
    pub fn room(&self) -> Option<&str> {
        self.steps.iter().rev().find_map(|taken| match &taken.step {
            Step::Created { room } => Some(room.as_str()),
            _ => None,
        })
    }

    /// Whether it has taken this step.
    pub fn has(&self, step: &Step) -> bool {
        match step {
            // There is one room, however often it is tried.
            Step::Created { .. } => self.steps.iter().any(|taken| taken.step == *step),
            _ => self.own_steps().any(|taken| taken == step),
        }
    }

    /// Since when it waits for them, or for their server: since they were invited, or since it was let go.
    pub fn waits_for_them(&self) -> Option<DateTime<Utc>> {
        let is_waited_for = self.is_on_its_way();
        let mut steps = self.steps.iter().filter(|taken| taken.at >= self.at);
        let invited = steps.find(|taken| taken.step == Step::Invited).map(|taken| taken.at);
        is_waited_for.then(|| invited.unwrap_or(self.at))
    }

    /// Whether an earlier try invited them, as far as anybody knows.
    pub fn was_tried_before(&self) -> bool {
        let of_before = self.steps.iter().filter(|taken| taken.at < self.at).map(|taken| &taken.step);
        let asks = |step: &Step| matches!(step, Step::Invited | Step::Joined | Step::Declined | Step::Left);
        of_before.into_iter().any(asks)
    }

    /// Whether docket is about to tell them: two people said so, it is not done, and nothing stopped it.
    pub fn is_on_its_way(&self) -> bool {
        matches!(self.what, Telling::Sending { .. }) && self.stopped().is_none()
    }
}

/// What came of a request, as far as a user is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Upshot {
    /// All that it asks for was done.
    Done,
    /// A part of that.
    InPart,
    /// Nothing came of it.
    Nothing,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "telling", rename_all = "kebab-case")]
pub enum Telling {
    /// They were told.
    Told {
        /// By which way.
        via: String,
    },
    /// docket is to tell them by itself, in these words and with this copy: those that two people agreed on.
    Sending {
        /// The words.
        letter: Vec<Piece>,
        /// The copy of the request that goes with them.
        copy: Copied,
        /// In which language, if not in the policy's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tongue: Option<Tongue>,
    },
    /// They are not told for now.
    Withheld {
        /// The policy's code.
        reason: String,
        /// When it must be looked at again.
        review: DateTime<Utc>,
    },
    /// They are not told at all.
    Waived {
        /// Why. Foreign text.
        reason: String,
    },
}

/// The copy of a request that goes to a user with a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "copy", rename_all = "kebab-case")]
pub enum Copied {
    /// None goes with it.
    Nothing,
    /// Lines of the request, without what is about others: what each is called, and what it says. Foreign text.
    Lines {
        /// The lines.
        lines: Vec<(String, String)>,
    },
    /// A redacted copy that somebody attached.
    File {
        /// The file.
        file: KeptFile,
    },
}

impl Copied {
    /// The lines, where it is made of those.
    pub fn lines(&self) -> &[(String, String)] {
        match self {
            Copied::Lines { lines } => lines,
            Copied::Nothing | Copied::File { .. } => &[],
        }
    }

    /// The file, where somebody attached one.
    pub fn file(&self) -> Option<&KeptFile> {
        match self {
            Copied::File { file } => Some(file),
            Copied::Nothing | Copied::Lines { .. } => None,
        }
    }
}

/// A step of a notice on its way, and when it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stepped {
    /// When.
    pub at: DateTime<Utc>,
    /// The step.
    pub step: Step,
}

/// What happened to a notice on its way to a user: the proof that they were told, or why they were not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// Their room was made.
    Created {
        /// Its id.
        room: String,
    },
    /// They were invited to it.
    Invited,
    /// They came.
    Joined,
    /// The notice is there, encrypted for so many of their devices.
    Sent {
        /// How many.
        devices: u32,
        /// The message.
        event: String,
    },
    /// They have read it.
    Read,
    /// They answered it, and were told that nobody reads that there.
    Replied,
    /// They left the room.
    Left,
    /// They declined to come.
    Declined,
    /// They cannot be told this way.
    Unreachable {
        /// Why.
        why: Unreachable,
    },
    /// Right before the words would have left, the gate said no. If their user had come, the copy may be there.
    HeldBack,
}

impl Step {
    /// Whether the room hears of it when it happens; the others stand in the log.
    pub fn is_said(&self) -> bool {
        match self {
            Step::Sent { .. }
            | Step::Replied
            | Step::Left
            | Step::Declined
            | Step::Unreachable { .. }
            | Step::HeldBack => true,
            Step::Created { .. } | Step::Invited | Step::Joined | Step::Read => false,
        }
    }

    /// Whether nothing follows by itself: somebody must find another way.
    pub fn stops(&self) -> bool {
        matches!(self, Step::Left | Step::Declined | Step::Unreachable { .. } | Step::HeldBack)
    }
}

/// Why a user cannot be told by docket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreachable {
    /// There is no such account.
    NoAccount,
    /// It has no device that could read an encrypted message.
    NoDevice,
    /// It was deactivated.
    Deactivated,
    /// It is suspended and can join nothing (rule 64).
    Suspended,
    /// It, or the copy that was to go with it, cannot be sent.
    Copy,
    /// Something of docket's is in their room that this docket cannot read: they may have been told already.
    Unsure,
    /// Their room is not as docket made it any more: others are in it, or it is not encrypted.
    Changed,
    /// Its server does not answer, or does not let it be invited.
    Server,
}
