//! What a case is, folded from its events. `apply` cannot fail and holds no rule.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::discretion::may_ask_for_secrecy;
use super::number::{numbers, numbers_of};
use super::{
    Account, CaseId, Event, Extent, Field, FileRole, KeptFile, Reading, Relation, Secrecy, Subject,
    Verifiable,
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
    /// Who works it.
    pub owner: Option<Account>,
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
    /// What came of it, once something did.
    pub outcome: Option<Outcome>,
    /// When it was closed, if it is.
    pub closed: Option<DateTime<Utc>>,
    /// The post that is its card, once there is one.
    pub card: Option<String>,
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
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Account,
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
    /// It is the same as another.
    Duplicate {
        /// The other.
        of: CaseId,
    },
}

impl Case {
    /// The case that an `Opened` event begins; `None` for any other event.
    pub fn begin(id: CaseId, event: &Event, by: &Account, at: DateTime<Utc>) -> Option<Case> {
        let Event::Opened { kind, policy, received, fields, stray } = event else {
            return None;
        };
        Some(Case {
            id,
            kind: kind.clone(),
            policy: policy.clone(),
            opened: at,
            opened_by: by.clone(),
            received: *received,
            fields: fields.clone(),
            stray: stray.clone(),
            former_numbers: BTreeSet::new(),
            owner: None,
            tags: BTreeSet::new(),
            links: BTreeSet::new(),
            notes: Vec::new(),
            note_count: 0,
            files: Vec::new(),
            requester: None,
            instrument: None,
            outcome: None,
            closed: None,
            card: None,
            changed: at,
        })
    }

    /// Takes in what happened.
    pub fn apply(&mut self, event: &Event, by: &Account, at: DateTime<Utc>) {
        let ended = |what| Some(Outcome { at, by: by.clone(), what });
        match event {
            // Only `begin` opens; an opened case is not opened again.
            Event::Opened { .. } => {}
            Event::FieldSet { field } => self.put(field),
            Event::FieldCleared { key, .. } => {
                self.remember(key);
                self.fields.retain(|field| field.key != *key);
            }
            Event::Noted { text } => {
                self.note_count += 1;
                if self.notes.len() == NOTES_KEPT {
                    self.notes.remove(0);
                }
                self.notes.push(Note { at, by: by.clone(), text: text.clone() });
            }
            Event::FileAttached { file, role, user } => {
                let (file, role, user) = (file.clone(), *role, user.clone());
                self.files.push(File { at, by: by.clone(), file, role, user });
            }
            Event::Verified { what, by, how, entry } => {
                let done = Some(Verification { at, by: by.clone(), how: how.clone(), entry: entry.clone() });
                match what {
                    Verifiable::Requester => self.requester = done,
                    Verifiable::Instrument => self.instrument = done,
                }
            }
            Event::VerificationVoided { what } => match what {
                Verifiable::Requester => self.requester = None,
                Verifiable::Instrument => self.instrument = None,
            },
            Event::Assigned { to } => self.owner = to.clone(),
            Event::Tagged { added, removed } => {
                self.tags.extend(added.iter().cloned());
                self.tags.retain(|tag| !removed.contains(tag));
            }
            Event::Linked { other, how, outward } => {
                self.links.insert(Link { other: *other, how: *how, outward: *outward });
                if *how == Relation::Duplicate {
                    // Of two cases one is the duplicate; what was said before was a mistake.
                    self.links.remove(&Link { other: *other, how: *how, outward: !*outward });
                }
                if *how == Relation::Duplicate && *outward {
                    self.outcome = ended(Ending::Duplicate { of: *other });
                }
            }
            Event::Answered { extent } => self.outcome = ended(Ending::Answered { extent: *extent }),
            Event::RequestRefused { code, .. } => {
                self.outcome = ended(Ending::Refused { code: code.clone() })
            }
            Event::Withdrawn { .. } => self.outcome = ended(Ending::Withdrawn),
            Event::Closed => self.closed = Some(at),
            Event::Reopened { .. } => {
                self.closed = None;
                self.outcome = None;
            }
            Event::CardPosted { post } => {
                self.card = Some(post.clone());
                return; // the case itself has not changed
            }
        }
        self.changed = at;
    }

    /// The lines with this key.
    pub fn fields_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| field.key == key)
    }

    /// The accounts that the request names, in order.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.fields.iter().flat_map(|field| match &field.reading {
            Reading::Accounts { named, .. } => named.as_slice(),
            Reading::Text
            | Reading::Day { .. }
            | Reading::Email { .. }
            | Reading::Secrecy(_)
            | Reading::Unknown { .. }
            | Reading::Unread { .. } => &[],
        })
    }

    /// The lines about secrecy, those under a misspelt label included: a slip of the pen must not unbind anybody.
    pub fn secrecy_lines(&self) -> impl Iterator<Item = &Field> + Clone {
        self.fields.iter().filter(|field| field.is_about_secrecy())
    }

    /// What the message says about secrecy outside of any line.
    pub fn secrecy_strays(&self) -> impl Iterator<Item = &str> {
        let strays = self.stray.iter().map(String::as_str);
        strays.filter(|text| may_ask_for_secrecy(text))
    }

    /// Whether the request asks for secrecy, or says something about it that could not be read. Unread is yes: what is
    /// not known to be free is treated as bound.
    pub fn secret(&self) -> bool {
        self.secrecy_strays().next().is_some()
            || self.secrecy_lines().any(|field| field.reading != Reading::Secrecy(Secrecy::No))
    }

    /// Finding numbers is no rule: it cannot fail, and what follows from one is said in `decide`.
    fn remember(&mut self, key: &str) {
        let gone: Vec<String> = self.fields_of(key).flat_map(numbers_of).collect();
        self.former_numbers.extend(gone);
    }

    /// Every number that the requester gave, wherever it stands or stood.
    pub fn numbers(&self) -> Vec<String> {
        let lines = self.fields.iter().flat_map(numbers_of);
        // A number may go on in the next line.
        let strays = numbers(&self.stray.join("\n"));
        lines.chain(strays).chain(self.former_numbers.iter().cloned()).collect()
    }

    fn put(&mut self, field: &Field) {
        self.remember(&field.key);
        match self.fields.iter().position(|old| old.key == field.key) {
            Some(first) => {
                let mut index = 0;
                self.fields.retain(|old| {
                    let keep = index <= first || old.key != field.key;
                    index += 1;
                    keep
                });
                if let Some(slot) = self.fields.get_mut(first) {
                    *slot = field.clone();
                }
            }
            None => self.fields.push(field.clone()),
        }
    }
}

/// The normal form of the key `Confidential:`.
pub const SECRECY_KEY: &str = "confidential";
/// The normal form of the key `Received:`, which every kind has.
pub const RECEIVED_KEY: &str = "received";
