//! What a case is. How it is folded from its events stands in `apply`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::discretion::orders_silence;
use super::number::{numbers, numbers_of};
use super::plea::{may_plead, plea};
use super::{
    Account, Alone, Attestation, Beside, CallOutcome, CaseId, Cost, Elsewhere, Extent, Field, FileRole, Flag,
    Freed, Gag, Hold, Hush, INSTRUMENT_KEY, KeptDown, KeptFile, KeptWith, Lent, Notice, Prolonged, Proposal,
    Reading, Relation, Reminded, ScopeLine, Secrecy, Sent, Subject, Telling, Upshot, Verifiable, Visit, Wait,
    Wording,
};

/// How many of the newest notes a case carries with it; the log has them all.
pub const NOTES_KEPT: usize = 3;

/// A case as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its number.
    pub id: CaseId,
    /// Its kind, by the policy's name.
    pub kind: String,
    /// The policy version it is pinned to (rule 59).
    pub policy: String,
    /// When it was opened here.
    pub opened: DateTime<Utc>,
    /// Who opened it.
    pub opened_by: Account,
    /// When the request was received.
    pub received: DateTime<Utc>,
    /// The lines of the request.
    pub fields: Vec<Field>,
    /// Lines that were no `Key: value`.
    pub stray: Vec<String>,
    /// Numbers in values that once stood on a line: the requester gave them, whatever became of the line (rule 61).
    pub former_numbers: BTreeSet<String>,
    /// Mail domains in values that once stood on a line, likewise.
    #[serde(default)]
    pub former_domains: BTreeSet<String>,
    /// Who works it.
    pub owner: Option<Account>,
    /// Who gets it back, and when, while it is with somebody for a time.
    #[serde(default)]
    pub lent: Option<Lent>,
    /// Tags.
    pub tags: BTreeSet<String>,
    /// Links to other cases.
    pub links: BTreeSet<Link>,
    /// The newest notes, oldest first.
    pub notes: Vec<Note>,
    /// How many notes there are in all.
    pub note_count: u64,
    /// Files.
    pub files: Vec<File>,
    /// Who verified the requester, and how.
    pub requester: Option<Verification>,
    /// Who verified the instrument, and how.
    pub instrument: Option<Verification>,
    /// Everybody on whose word about a call the requester was believed, since what they verified last changed (rule 61).
    #[serde(default)]
    pub callers: BTreeSet<Account>,
    /// Calls since the last confirmation that did not bring one, oldest first.
    #[serde(default)]
    pub tried: Vec<Tried>,
    /// What was found beside it when it was opened.
    #[serde(default)]
    pub beside: Beside,
    /// Whether the request named no accounts when the instrument was verified: what names some since is a finding of ours.
    #[serde(default)]
    pub verified_nameless: bool,
    /// Who attested the danger.
    pub attested: Option<Attestation>,
    /// Marks with rules of their own.
    pub flags: BTreeSet<Flag>,
    /// Since when each of them is on; cases of before do not say.
    #[serde(default)]
    pub flagged: BTreeMap<Flag, DateTime<Utc>>,
    /// What people decided of the scope, by category.
    pub scope: BTreeMap<String, ScopeLine>,
    /// The order that binds to silence, if there is or was one.
    pub gag: Option<Gag>,
    /// Whether secrecy was asked for without an order, and no order came in time.
    pub secrecy_lapsed: bool,
    /// When it lapsed, the last time that it did.
    #[serde(default)]
    pub secrecy_over: Option<DateTime<Utc>>,
    /// When what else kept the users from being told was over.
    #[serde(default)]
    pub freed: Freed,
    /// Whether secrecy was asked for after the gag was over.
    pub secrecy_anew: bool,
    /// Whether two people found that the order for secrecy that the request names is not there.
    #[serde(default)]
    pub order_absent: bool,
    /// Since when the requester asks for secrecy without an order, while they do.
    #[serde(default)]
    pub secrecy_since: Option<DateTime<Utc>>,
    /// Users of whom two people found that nothing of this case is about them.
    pub cleared: BTreeSet<Account>,
    /// What became of the duty to tell each user.
    pub notices: BTreeMap<Account, Notice>,
    /// Why no user of ours is concerned, if two people found so of a request that names none. Foreign text.
    #[serde(default)]
    pub nobody: Option<String>,
    /// The users whom other cases forbid to tell, or forbade.
    #[serde(default)]
    pub hushed: BTreeMap<Account, Hush>,
    /// From when the users were first owed a notice, if the request was opened again since.
    #[serde(default)]
    pub owed_since: Option<DateTime<Utc>>,
    /// Whether it was answered in full or in part at some time, and opened again or called a duplicate since.
    #[serde(default)]
    pub acted_on: bool,
    /// Users who were told something else than came of it since. It may have come to what they were told again.
    #[serde(default)]
    pub told_in_vain: BTreeSet<Account>,
    /// What other cases keep inaccessible that this one would put back, or did.
    #[serde(default)]
    pub kept_down: KeptDown,
    /// The hold, if there is or was one.
    pub hold: Option<Hold>,
    /// The case whose hold was extended for this one, while that is so.
    #[serde(default)]
    pub kept_with: Option<KeptWith>,
    /// The case whose hold was over when this one asked for more time on it, or was let go since.
    #[serde(default)]
    pub let_go_with: Option<CaseId>,
    /// What waits for a second person, or for the cooling time.
    pub proposals: Vec<Proposal>,
    /// What one person did alone, oldest first.
    #[serde(default)]
    pub alone: Vec<Alone>,
    /// Letters that people sent, oldest first.
    pub sent: Vec<Sent>,
    /// The times in which the requester was asked for something.
    pub waits: Vec<Wait>,
    /// When the first counter-notice against it was received.
    pub countered: Option<DateTime<Utc>>,
    /// The counter-notices against it that stand, and when each was received.
    #[serde(default)]
    pub counters: BTreeMap<CaseId, DateTime<Utc>>,
    /// The notices that it counters, or did, and that are gone: nothing is waited for any more before the material goes back.
    #[serde(default)]
    pub notices_gone: BTreeSet<CaseId>,
    /// Keys of lines that somebody here put there, or put otherwise, since it was opened: what stands there the request did not say.
    #[serde(default)]
    pub typed: BTreeSet<String>,
    /// What a line said when the request came, by key, for each that was put otherwise or cleared since.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub came: BTreeMap<String, Vec<String>>,
    /// The lines as they stood when it was answered, if one of them was changed since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_with: Option<Vec<Field>>,
    /// Who had decided the cases that it complains of, when it was linked to them.
    #[serde(default)]
    pub decided_before: BTreeMap<CaseId, Account>,
    /// Who had decided them with those, where it took two people.
    #[serde(default)]
    pub decided_with: BTreeMap<CaseId, BTreeSet<Account>>,
    /// The cases that were called duplicates of this one and are worked by themselves again.
    #[serde(default)]
    pub worked_again: BTreeSet<CaseId>,
    /// Whether it was closed and is open only for what a counter-notice makes due on it.
    #[serde(default)]
    pub due_again: bool,
    /// The two people by whom the request is ended in this moment: put down with what comes of it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub deciding: BTreeSet<Account>,
    /// Clocks that were given more time.
    pub prolonged: Vec<Prolonged>,
    /// The last reminder of each clock.
    pub reminded: BTreeMap<String, Reminded>,
    /// Of each clock that runs, up to when somebody has seen its reminders.
    #[serde(default)]
    pub seen: BTreeMap<String, DateTime<Utc>>,
    /// Until when reminders wait.
    pub snoozed: Option<DateTime<Utc>>,
    /// What was spent.
    pub costs: Vec<Cost>,
    /// What came of it, once something did.
    pub outcome: Option<Outcome>,
    /// What the requester is told with it.
    #[serde(default)]
    pub wording: Option<Wording>,
    /// Why they are not told of it, if they are not to be. Foreign text.
    #[serde(default)]
    pub unsent: Option<String>,
    /// When it was closed, if it is.
    pub closed: Option<DateTime<Utc>>,
    /// What the policy counts the days of and nobody does any more, by the name of its clock, and why. Foreign text.
    #[serde(default)]
    pub undone: BTreeMap<String, String>,
    /// The clocks that only lasted and are over, by name, and when each had begun.
    #[serde(default)]
    pub elapsed: BTreeMap<String, DateTime<Utc>>,
    /// When people were told that it is to be erased.
    #[serde(default)]
    pub announced: Option<DateTime<Utc>>,
    /// The post that is its card, once there is one.
    pub card: Option<String>,
    /// How often docket had moved to another room when it was posted: where it did so since, the card is not in its room.
    #[serde(default)]
    pub card_moves: u32,
    /// When the last one was found to be gone from the room.
    #[serde(default)]
    pub card_lost: Option<DateTime<Utc>>,
    /// The user who asked for it in a room of their own, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Visit>,
    /// When it last changed.
    pub changed: DateTime<Utc>,
}

/// A link as seen from this case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The other case.
    pub other: CaseId,
    /// How they are related.
    pub how: Relation,
    /// Whether the relation reads from this case to the other.
    pub outward: bool,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Account,
    /// What. Foreign text.
    pub text: String,
}

/// A file on the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// When.
    pub at: DateTime<Utc>,
    /// Who put it there.
    pub by: Account,
    /// The file.
    pub file: KeptFile,
    /// What it is.
    pub role: FileRole,
    /// The user whom the copy is for.
    pub user: Option<Account>,
}

/// That something was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// When it was put on record.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub by: Account,
    /// How. Foreign text.
    pub how: String,
    /// Which directory entry. Foreign text.
    pub entry: Option<String>,
    /// The call to a number of that entry.
    #[serde(default)]
    pub call: Option<Contact>,
}

/// A call to a number of the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The number or address of the entry that was used. Foreign text.
    pub number: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// That somebody asked whether it is genuine, and did not hear that it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// What was to be verified.
    pub what: Verifiable,
    /// What came of it.
    pub outcome: CallOutcome,
    /// Who, when and how.
    pub verification: Verification,
    /// Who put it on record; not said of what was on record before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorder: Option<Account>,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Account,
    /// Who decided it with them, where it took two people.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub with: BTreeSet<Account>,
    /// What.
    pub what: Ending,
}

/// The ways in which a request ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ending", rename_all = "kebab-case")]
pub enum Ending {
    /// It was answered.
    Answered {
        /// How far.
        extent: Extent,
    },
    /// It was refused.
    Refused {
        /// The policy's code.
        code: String,
    },
    /// It was taken back.
    Withdrawn,
    /// The requester was sent elsewhere.
    Redirected {
        /// Where to.
        to: Elsewhere,
    },
    /// It is the same as another.
    Duplicate {
        /// The other.
        of: CaseId,
    },
}

impl Case {
    /// The lines with this key.
    pub fn fields_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| field.key == key)
    }

    /// Whether a line that is ours to set says that something was done or found.
    pub fn has_done(&self, key: &str) -> bool {
        self.fields_of(key).any(Field::counts)
    }

    /// The accounts that the request names, in order.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.fields.iter().flat_map(|field| field.accounts().0)
    }

    /// What stands on its lines of accounts without being one, each with why.
    pub fn unread_of_accounts(&self) -> impl Iterator<Item = &(String, String)> {
        self.fields.iter().flat_map(|field| field.accounts().1)
    }

    /// The lines about secrecy, those under a misspelt label included: a slip of the pen must not unbind anybody.
    pub fn secrecy_lines(&self) -> impl Iterator<Item = &Field> + Clone {
        self.fields.iter().filter(|field| field.is_about_secrecy())
    }

    /// What the request says about secrecy outside of any line for it: between the lines, in the name of its instrument, or in
    /// the words of another line.
    pub fn secrecy_strays(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let instruments = self.fields_of(INSTRUMENT_KEY).map(|field| field.value.as_str());
        let bind = instruments.filter(|text| orders_silence(text));
        let pleas = self.fields.iter().filter_map(Field::pleads);
        self.stray_plea().into_iter().chain(bind.chain(pleas).map(Cow::Borrowed))
    }

    /// The sentence between the lines that asks for secrecy. Each line is kept by itself, so one that was broken over two of them is
    /// put together first.
    fn stray_plea(&self) -> Option<Cow<'_, str>> {
        match self.stray.as_slice() {
            [] => None,
            [only] => plea(only).map(Cow::Borrowed),
            lines if lines.iter().any(|line| may_plead(line)) => {
                plea(&lines.join("\n")).map(|said| Cow::Owned(said.to_owned()))
            }
            _ => None,
        }
    }

    /// Whether the request asks for secrecy, or says something about it that could not be read. Unread is yes: what is
    /// not known to be free is treated as bound.
    pub fn secret(&self) -> bool {
        self.secrecy_strays().next().is_some()
            || self.secrecy_lines().any(|field| field.reading != Reading::Secrecy(Secrecy::No))
    }

    /// Whether what the request says of an order for secrecy is answered by what is on record: one was put there, or two people
    /// found that there is none. What is asked for since is not.
    pub fn secrecy_settled(&self) -> bool {
        self.order_absent || (self.gag.is_some() && !self.secrecy_anew)
    }

    /// The cases that were called duplicates of this one, without those of which it is known that they are worked by themselves
    /// again.
    pub fn duplicates(&self) -> impl Iterator<Item = CaseId> {
        let inward = |link: &&Link| link.how == Relation::Duplicate && !link.outward;
        let all = self.links.iter().filter(inward).map(|link| link.other);
        all.filter(|other| !self.worked_again.contains(other))
    }

    /// The case that it was called a duplicate of, while it is.
    pub fn duplicate_of(&self) -> Option<CaseId> {
        match self.outcome.as_ref()?.what {
            Ending::Duplicate { of } => Some(of),
            Ending::Answered { .. }
            | Ending::Refused { .. }
            | Ending::Withdrawn
            | Ending::Redirected { .. } => None,
        }
    }

    /// The counter-notices against this one.
    pub fn countered_by(&self) -> impl Iterator<Item = CaseId> {
        let inward = |link: &&Link| link.how == Relation::Counter && !link.outward;
        self.links.iter().filter(inward).map(|link| link.other)
    }

    /// Whether there is no notice any more of those that it counters (rule 41).
    pub fn counters_what_is_gone(&self) -> bool {
        let outward = |link: &&Link| link.how == Relation::Counter && link.outward;
        let mut notices = self.links.iter().filter(outward).peekable();
        notices.peek().is_some() && notices.all(|link| self.notices_gone.contains(&link.other))
    }

    /// The wait for the requester that lasts, if one does.
    pub fn waiting(&self) -> Option<&Wait> {
        self.waits.iter().find(|wait| wait.to.is_none())
    }

    /// That this was denied when somebody asked, and nobody has confirmed it since.
    pub fn denied(&self, what: Verifiable) -> Option<&Verification> {
        let denied = |tried: &&Tried| tried.what == what && tried.outcome == CallOutcome::Denied;
        self.tried.iter().filter(denied).map(|tried| &tried.verification).next_back()
    }

    /// Whether nothing is done for the request any more: it was refused, taken back, sent elsewhere, or is another one's twin.
    pub fn came_to_nothing(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| match outcome.what {
            Ending::Refused { .. }
            | Ending::Withdrawn
            | Ending::Redirected { .. }
            | Ending::Duplicate { .. } => true,
            Ending::Answered { .. } => false,
        })
    }

    /// Whether it is answered in full or in part.
    pub fn is_granted(&self) -> bool {
        let what = self.outcome.as_ref().map(|outcome| &outcome.what);
        matches!(what, Some(Ending::Answered { extent: Extent::Full | Extent::Part }))
    }

    /// What became of the duty to tell a user, as far as it stands: who was told what was done is told again once nothing came of
    /// it, and once it was done after all, or further (rules 25, 31, 41).
    pub fn notice(&self, user: &Account) -> Option<&Notice> {
        let is_so = |notice: &&Notice| match (self.upshot(), notice.of) {
            (Some(is), Some(was)) => is == was,
            (Some(Upshot::Nothing), None) => false,
            (Some(Upshot::Done | Upshot::InPart), None) | (None, _) => true,
        };
        self.notices.get(user).filter(|notice| !self.told_in_vain.contains(user) || is_so(notice))
    }

    /// The same, unless docket is only about to tell them: until it has, they are owed a notice like before.
    pub fn settled(&self, user: &Account) -> Option<&Notice> {
        self.notice(user).filter(|notice| !matches!(notice.what, Telling::Sending { .. }))
    }

    /// What came of it by now, as far as a user can be told: of a duplicate they are told with the other case, and nobody hears that
    /// something went back while another case keeps it down (rule 41).
    pub fn upshot(&self) -> Option<Upshot> {
        match self.outcome.as_ref()?.what {
            Ending::Answered { extent: Extent::Full } => Some(Upshot::Done),
            Ending::Answered { extent: Extent::Part } => Some(Upshot::InPart),
            Ending::Duplicate { .. } => None,
            Ending::Answered { extent: Extent::None }
            | Ending::Refused { .. }
            | Ending::Withdrawn
            | Ending::Redirected { .. } => (!self.stays_down()).then_some(Upshot::Nothing),
        }
    }

    /// Whether all to whom a notice is owed were told something else before (rules 31, 41): their time begins with what came of it
    /// since.
    pub fn is_told_anew(&self) -> bool {
        let ours = self.subjects().filter(|subject| subject.ours).map(|subject| &subject.account);
        let mut untold = ours.filter(|account| self.settled(account).is_none()).peekable();
        untold.peek().is_some() && untold.all(|account| self.notices.contains_key(account))
    }

    /// What was denied when somebody asked, and nobody has confirmed since.
    pub fn what_was_denied(&self) -> Option<Verifiable> {
        [Verifiable::Requester, Verifiable::Instrument].into_iter().find(|what| self.denied(*what).is_some())
    }

    /// Whether it ended as a fake: those said so whose name it bears, and nothing was granted (rule 61).
    pub fn is_fake(&self) -> bool {
        let is_twin = |ending: &Ending| matches!(ending, Ending::Duplicate { .. });
        let has_ended = self.outcome.as_ref().is_some_and(|outcome| !is_twin(&outcome.what));
        has_ended && !self.is_granted() && self.what_was_denied().is_some()
    }

    /// Whether it rests on this person's word that the request is genuine: they called, or put the call of another on record.
    pub fn was_called_by(&self, account: &Account) -> bool {
        self.callers.contains(account) || self.requester.as_ref().is_some_and(|done| done.by == *account)
    }

    /// Every number that the requester gave, wherever it stands or stood.
    pub fn numbers(&self) -> Vec<String> {
        let lines = self.fields.iter().flat_map(numbers_of);
        // A number may go on in the next line.
        let strays = numbers(&self.stray.join("\n"));
        lines.chain(strays).chain(self.former_numbers.iter().cloned()).collect()
    }
}

/// The normal form of the key `Review:`, which says that an emergency was looked at again afterwards.
pub const REVIEW_KEY: &str = "review";
/// The normal form of the key `Confidential:`.
pub const SECRECY_KEY: &str = "confidential";
/// The normal form of the key `Received:`, which every kind has.
pub const RECEIVED_KEY: &str = "received";
