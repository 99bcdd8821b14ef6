//! A user who asked docket for something in a room of their own, and the letters that reach them there. Data only.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::conflict::{RIGHT_KEY, asks_for_copy, asks_for_copy_alone};
use super::letter::{ACK, ANSWER, ASK, EXTENDED, NONE, Piece, REDIRECT, REFUSE};
use super::{Account, Case, Channel, File, FileRole, KeptFile, Kind, Letter, MasterKey, Sent, Unreachable};

/// Within how long is counted how much they add.
const A_DAY: TimeDelta = TimeDelta::hours(24);

/// Who asked: the account itself, in a session that it signs. Others are not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Who.
    pub account: Account,
    /// In which language they were spoken to.
    pub tongue: Tongue,
    /// The identity that signed their session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<MasterKey>,
    /// The letters that were let go to them, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<Release>,
    /// The letter of which two people have just agreed that it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<String>,
    /// When they wrote something more to it last, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrote: Option<DateTime<Utc>>,
    /// When they did within a day before that, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lately: Vec<DateTime<Utc>>,
    /// When they took the request back, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<DateTime<Utc>>,
}

impl Visit {
    /// Takes in that they wrote something more.
    pub(super) fn wrote_more(&mut self, at: DateTime<Utc>) {
        self.wrote = Some(at);
        self.lately.retain(|before| *before > at - A_DAY);
        self.lately.push(at);
    }

    /// How often they wrote something more within the day before.
    pub fn wrote_within_a_day(&self, now: DateTime<Utc>) -> usize {
        self.lately.iter().filter(|at| **at > now - A_DAY).count()
    }

    /// The letters on their way.
    pub fn on_its_way(&self) -> impl Iterator<Item = &Release> {
        self.letters.iter().filter(|letter| letter.state == ReleaseState::OnItsWay)
    }

    /// Takes in that the newest letter of this name that is under way went on.
    pub(super) fn moved(&mut self, letter: &str, state: ReleaseState) {
        let is_it = |one: &&mut Release| one.letter == letter && one.state.is_open();
        if let Some(letter) = self.letters.iter_mut().rfind(is_it) {
            letter.state = state;
        }
    }

    /// The letter of this name that is under way.
    pub fn open(&self, letter: &str) -> Option<&Release> {
        self.letters.iter().rfind(|one| one.letter == letter && one.state.is_open())
    }

    /// Whether a letter leaves once its time has come, and nothing was written since it was let go.
    pub fn waits_for_its_day(&self) -> bool {
        let is_heard = |letter: &Release| self.wrote.is_none_or(|wrote| wrote <= letter.at);
        self.letters.iter().any(|letter| letter.state == ReleaseState::Waiting && is_heard(letter))
    }

    /// When the next of those leaves that wait.
    pub fn leaves(&self) -> Option<DateTime<Utc>> {
        let waiting = self.letters.iter().filter(|letter| letter.state == ReleaseState::Waiting);
        waiting.map(|letter| letter.leaves).min()
    }
}

/// A language in which docket speaks to users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tongue {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
}

impl Tongue {
    /// All of them.
    pub const ALL: [Tongue; 3] = [Tongue::En, Tongue::De, Tongue::Fr];

    /// As it is typed.
    pub fn code(self) -> &'static str {
        match self {
            Tongue::En => "en",
            Tongue::De => "de",
            Tongue::Fr => "fr",
        }
    }

    /// What moderators call it.
    pub fn name(self) -> &'static str {
        match self {
            Tongue::En => "English",
            Tongue::De => "German",
            Tongue::Fr => "French",
        }
    }

    /// The one that is typed so.
    pub fn read(typed: &str) -> Option<Tongue> {
        let is_it = |tongue: &Tongue| {
            typed.eq_ignore_ascii_case(tongue.code()) || typed.eq_ignore_ascii_case(tongue.name())
        };
        Tongue::ALL.into_iter().find(is_it)
    }
}

/// A letter that was let go to a user, in the words that it had then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Its name.
    pub letter: String,
    /// What it says.
    pub words: Vec<Piece>,
    /// When it was let go.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Account,
    /// When it leaves at the earliest.
    pub leaves: DateTime<Utc>,
    /// Whether a second person read it before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_two: bool,
    /// The copy of their data that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<KeptFile>,
    /// How far it is.
    pub state: ReleaseState,
}

/// How far such a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseState {
    /// It waits until the time is there at which everybody hears (rule 65).
    Waiting,
    /// It is being brought.
    OnItsWay,
    /// It is there.
    There,
    /// It did not reach them, or must not any more.
    Stopped,
}

impl ReleaseState {
    /// Whether it is under way.
    pub fn is_open(self) -> bool {
        matches!(self, ReleaseState::Waiting | ReleaseState::OnItsWay)
    }
}

/// Why a letter did not reach a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterStopped {
    /// They are in no room with docket any more.
    NoRoom,
    /// As with a notice.
    Unreachable(Unreachable),
    /// It would say something else by now, or nothing.
    Changed,
    /// The copy of their data that goes with it is in their room, and its words are not.
    OnlyCopy,
    /// The account is signed by another identity than when they asked.
    OtherIdentity,
}

/// How far a request is, as far as its user was told: what is in the case besides is no matter (rule 65).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Far {
    /// It came in.
    Received,
    /// They were asked for something, and have not written since.
    Asked,
    /// They were told that it takes longer.
    Longer,
    /// They have the answer.
    Answered,
    /// They took it back.
    TakenBack,
}

/// The letters that are for whoever asked; others are for somebody else, who must not be named to them.
const TO_WHOEVER_ASKED: [&str; 7] = [ACK, ASK, EXTENDED, ANSWER, NONE, REFUSE, REDIRECT];

/// Whether a letter of this name is for whoever asked.
pub fn is_to_whoever_asked(letter: &str) -> bool {
    TO_WHOEVER_ASKED.contains(&letter)
}

impl Case {
    /// The copy of their data that goes to whoever asked with a letter of this name: the newest that was put there, with the answer.
    pub fn data_with(&self, letter: &str) -> Option<&File> {
        let is_it = self.visit.is_some() && letter == ANSWER;
        self.files.iter().rfind(|file| is_it && file.role == FileRole::Data)
    }

    /// Whether whoever asked in a room with docket wants a copy of their data, and none is here that could be brought to them.
    pub fn lacks_data(&self, kind: Option<&Kind>) -> bool {
        let is_right_said = self.fields_of(RIGHT_KEY).next().is_some();
        self.visit.is_some() && is_right_said && asks_for_copy(self, kind) && self.data_with(ANSWER).is_none()
    }

    /// Whether the answer says that such a copy comes, and there is none: all is granted, or nobody says that something is not. Of
    /// several rights one may be granted without the copy; who asked for nothing else is granted a part of that.
    pub fn answer_lacks_data(&self, answer: &Letter, kind: Option<&Kind>) -> bool {
        self.is_granted()
            && self.lacks_data(kind)
            && (!answer.is_in_part(self) || asks_for_copy_alone(self, kind))
    }

    /// Whether a letter that waits for its day would go with another copy than the one that is here by now.
    pub fn is_outdated(&self, release: &Release) -> bool {
        self.data_with(&release.letter).map(|file| &file.file) != release.file.as_ref()
    }

    /// By which way a letter is most likely sent.
    pub fn way_to_write(&self, letter: &str) -> &'static str {
        // What could not be brought is sent in another way.
        let is_stopped = |visit: &Visit| {
            let last = visit.letters.iter().rfind(|one| one.letter == letter);
            last.is_some_and(|one| one.state == ReleaseState::Stopped)
        };
        match &self.visit {
            Some(visit) if is_to_whoever_asked(letter) && !is_stopped(visit) => Channel::Dm.name(),
            Some(_) | None => Channel::Mail.name(),
        }
    }

    /// How far it is for the user who asked.
    pub fn far(&self) -> Far {
        if self.visit.as_ref().is_some_and(|visit| visit.taken_back.is_some()) {
            return Far::TakenBack;
        }
        let wrote = self.visit.as_ref().and_then(|visit| visit.wrote);
        let told = |sent: &Sent| match sent.letter.as_str() {
            ASK if wrote.is_some_and(|wrote| wrote >= sent.at) => Some(Far::Received),
            ASK => Some(Far::Asked),
            EXTENDED => Some(Far::Longer),
            ANSWER | NONE | REFUSE | REDIRECT => Some(Far::Answered),
            _ => None,
        };
        self.sent.iter().rev().find_map(told).unwrap_or(Far::Received)
    }
}
