//! What is remembered of conversations with users who ask by themselves: where each stands, and how much somebody wrote. In memory
//! only, and bounded: what they hand in is a case, and everything else can be said again.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::case::{Account, CaseId, LetterStopped, MasterKey, Tongue};
use crate::chat::visit::Talk;

/// So many conversations are remembered; the one that is longest silent makes room.
const MOST: usize = 2_000;
/// So many messages of one user are read within [`READ_WITHIN`].
pub const MOST_READ: u32 = 30;
/// See [`MOST_READ`].
pub const READ_WITHIN: Duration = Duration::from_secs(600);
/// So many sessions of one user are remembered.
const MOST_SESSIONS: usize = 50;
/// Into so many rooms of one user docket comes in a day.
const MOST_ROOMS: u32 = 5;

/// A message of a user who is none of the people, in a room with docket alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visiting {
    /// Its id, unique for ever.
    pub id: String,
    /// Who wrote it.
    pub sender: Account,
    /// What, in a session that the account signs.
    pub said: Said,
    /// The session and the place in it, where it was encrypted: nobody else can give it that.
    pub place: Option<(String, u32)>,
    /// The identity that signs their session.
    pub key: Option<MasterKey>,
}

/// What a user wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A text.
    Text(String),
    /// Something else: a file, a picture.
    NoText,
}

/// What became of a letter that was brought to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The case.
    pub case: CaseId,
    /// The letter.
    pub letter: String,
    /// Why it is not there, if it is not.
    pub stopped: Option<LetterStopped>,
}

/// The conversations.
#[derive(Debug, Default)]
pub(super) struct Visits(BTreeMap<Account, Caller>);

#[derive(Debug)]
struct Caller {
    talk: Talk,
    heard: DateTime<Utc>,
    /// Since when is counted, and how much.
    since: DateTime<Utc>,
    count: u32,
    /// The sessions from which they wrote, newest last, and how far each is: what stands before that was read.
    sessions: Vec<(String, u32)>,
    /// The same of invitations.
    invited_since: DateTime<Utc>,
    invited: u32,
}

/// Whether a message is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// It is.
    Yes,
    /// It is one too many, which they hear.
    TooOften,
    /// They heard that.
    No,
}

impl Visits {
    /// Whether this place in a session comes behind all that was read of it. A homeserver may show something once more, and a yes says yes
    /// to what was asked last.
    pub(super) fn goes_on(&mut self, account: &Account, place: &(String, u32)) -> bool {
        let Some(caller) = self.0.get_mut(account) else { return false };
        match caller.sessions.iter_mut().find(|(session, _)| *session == place.0) {
            Some((_, read)) if *read >= place.1 => false,
            Some((_, read)) => {
                *read = place.1;
                true
            }
            None => {
                if caller.sessions.len() == MOST_SESSIONS {
                    caller.sessions.remove(0);
                }
                caller.sessions.push(place.clone());
                true
            }
        }
    }

    /// Counts an invitation; whether docket comes.
    pub(super) fn comes(&mut self, account: &Account, now: DateTime<Utc>) -> bool {
        let caller = self.caller(account, now);
        if now - caller.invited_since > TimeDelta::hours(24) || now < caller.invited_since {
            (caller.invited_since, caller.invited) = (now, 0);
        }
        caller.invited = caller.invited.saturating_add(1);
        caller.invited <= MOST_ROOMS
    }

    fn caller(&mut self, account: &Account, now: DateTime<Utc>) -> &mut Caller {
        if !self.0.contains_key(account) && self.0.len() >= MOST {
            let longest = self.0.iter().min_by_key(|(_, caller)| caller.heard);
            let silent = longest.map(|(account, _)| account.clone());
            silent.and_then(|silent| self.0.remove(&silent));
        }
        let caller = self.0.entry(account.clone()).or_insert_with(|| Caller {
            talk: Talk::default(),
            heard: now,
            since: now,
            count: 0,
            sessions: Vec::new(),
            invited_since: now,
            invited: 0,
        });
        caller.heard = now;
        caller
    }

    /// Counts a message.
    pub(super) fn reads(&mut self, account: &Account, now: DateTime<Utc>) -> Reads {
        let caller = self.caller(account, now);
        if (now - caller.since).to_std().map_or(true, |passed| passed > READ_WITHIN) {
            (caller.since, caller.count) = (now, 0);
        }
        caller.count = caller.count.saturating_add(1);
        match caller.count {
            count if count <= MOST_READ => Reads::Yes,
            count if count == MOST_READ + 1 => Reads::TooOften,
            _ => Reads::No,
        }
    }

    /// The conversation with somebody; in the language of before where it is begun anew.
    pub(super) fn talk(&mut self, account: &Account, before: Option<Tongue>) -> Option<&mut Talk> {
        let talk = &mut self.0.get_mut(account)?.talk;
        talk.tongue = talk.tongue.or(before);
        Some(talk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(n: usize) -> Account {
        Account::parse(&format!("@u{n}:try.test")).unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn whoever_writes_too_often_hears_it_once_and_is_read_again_later() {
        let mut visits = Visits::default();
        let read: Vec<Reads> = (0..40).map(|n| visits.reads(&account(1), at(n))).collect();
        assert_eq!(read.iter().filter(|read| **read == Reads::Yes).count(), 30);
        assert_eq!(read.iter().filter(|read| **read == Reads::TooOften).count(), 1);
        assert_eq!(visits.reads(&account(2), at(40)), Reads::Yes, "nobody pays for somebody else");
        assert_eq!(visits.reads(&account(1), at(700)), Reads::Yes);
    }

    #[test]
    fn however_many_write_no_more_are_remembered_than_have_room() {
        let mut visits = Visits::default();
        for n in 0..3 * MOST {
            assert_eq!(visits.reads(&account(n), at(n as i64)), Reads::Yes);
        }
        assert_eq!(visits.0.len(), MOST);
        assert!(
            visits.talk(&account(0), None).is_none() && visits.talk(&account(3 * MOST - 1), None).is_some()
        );
    }
}
