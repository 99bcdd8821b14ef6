//! What was sent and could not be read: how much of it is on record, how long each message is waited for, and what becomes of one that
//! can be read after all. Stored for good: a change of [`UnreadEvent`] follows the checklist in `docs/journal-format.md`.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Account, Flaw};

/// How long a key may take. What can be read within that is carried out; later it is not, for its sender has gone on.
const KEY_WAITS: TimeDelta = TimeDelta::minutes(2);
/// How long it may take until the homeserver has told of a device that somebody writes from.
const DEVICE_WAITS: TimeDelta = TimeDelta::seconds(6);
/// How many messages are remembered.
const MOST: usize = 500;
/// How many are put on record in a day: who can write in the room, or run its homeserver, must not be able to fill the journal.
const MOST_IN_A_DAY: usize = 200;
/// How many of one person.
const MOST_OF_ONE: usize = 50;
/// How long one is shown.
const SHOWN: TimeDelta = TimeDelta::days(30);
/// How long after it came its sender is told that it can be read.
const LOOKED_FOR: TimeDelta = TimeDelta::days(7);
/// How many of those are looked for.
const MOST_LOOKED_FOR: usize = 50;
/// How many spans are remembered.
const MOST_SPANS: usize = 20;

/// What happened to what could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum UnreadEvent {
    /// A message of somebody who is listed could not be read.
    MessageUnread {
        /// Its id.
        id: String,
        /// Who sent it.
        sender: Account,
        /// Why not.
        why: Flaw,
        /// When.
        at: DateTime<Utc>,
    },
    /// Its sender has asked for something else since, so these are not carried out any more.
    UnreadOvertaken {
        /// Their ids.
        ids: Vec<String>,
    },
    /// These are waited for no longer.
    UnreadGivenUp {
        /// Who sent them.
        sender: Account,
        /// Their ids.
        ids: Vec<String>,
        /// Why they could not be read.
        why: Flaw,
    },
    /// It could be read after all, and is answered.
    UnreadSettled {
        /// Its id.
        id: String,
    },
    /// The homeserver has nothing any more of what was written in a time.
    SpanUnread {
        /// From when.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
        /// Whose room of their own it is; none where it is everybody's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Account>,
    },
}

impl Flaw {
    /// Whether what was sent is unknown, and not merely from whom it came.
    pub fn is_unread(self) -> bool {
        match self {
            Flaw::NoKey
            | Flaw::KeyWithheld
            | Flaw::Broken
            | Flaw::UnsignedDevice
            | Flaw::UnknownDevice
            | Flaw::ChangedIdentity => true,
            Flaw::Clear | Flaw::OtherSender => false,
        }
    }

    /// How long a message is waited for of which this is said; nothing where waiting brings nothing.
    pub fn waits(self) -> Option<TimeDelta> {
        match self {
            Flaw::NoKey => Some(KEY_WAITS),
            // Messages are decrypted before the homeserver is asked about a device that is new.
            Flaw::UnsignedDevice | Flaw::UnknownDevice => Some(DEVICE_WAITS),
            Flaw::KeyWithheld | Flaw::Broken | Flaw::ChangedIdentity | Flaw::Clear | Flaw::OtherSender => {
                None
            }
        }
    }

    /// Whether such a message may be what a listed person wrote. What comes in clear, or under another identity, anybody may have written.
    fn may_be_theirs(self) -> bool {
        match self {
            Flaw::NoKey | Flaw::KeyWithheld | Flaw::Broken | Flaw::UnsignedDevice | Flaw::UnknownDevice => {
                true
            }
            Flaw::ChangedIdentity | Flaw::Clear | Flaw::OtherSender => false,
        }
    }
}

/// A message that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its id.
    pub id: String,
    /// Who sent it.
    pub sender: Account,
    /// Why it could not be read.
    pub why: Flaw,
    /// Since when.
    pub at: DateTime<Utc>,
    /// What becomes of it.
    pub state: Awaited,
}

/// What becomes of a message that cannot be read, if it can be after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// It is carried out.
    ToBeDone,
    /// Its sender is asked whether it still holds, for they have asked for something else since.
    Overtaken,
    /// Its sender is asked whether it still holds, for too much time has passed. They were asked to send it again.
    GivenUp,
}

impl Unread {
    /// Until when it is waited for; nothing once nobody waits.
    pub fn until(&self) -> Option<DateTime<Utc>> {
        match self.state {
            Awaited::ToBeDone | Awaited::Overtaken => self.at.checked_add_signed(self.why.waits()?),
            Awaited::GivenUp => None,
        }
    }

    /// Whether the time is over that it is waited for. By a clock that has gone back it is.
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.until().is_some_and(|until| now < self.at || until <= now)
    }

    /// What becomes of it where it can be read now.
    pub fn read(&self, now: DateTime<Utc>, certain: bool) -> Awaited {
        match self.state {
            // While the clock is in doubt nobody knows how late it is.
            Awaited::ToBeDone if self.is_due(now) || !certain => Awaited::GivenUp,
            state => state,
        }
    }
}

/// A time of which the homeserver has nothing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Whose room of their own it is; none where it is everybody's.
    pub of: Option<Account>,
}

/// What people may have said that docket has not heard: whoever is about to do what nobody can take back asks it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hearing {
    /// Whether what was written meanwhile is still being read.
    pub behind: bool,
    /// When the newest message came that cannot be read yet.
    pub awaited: Option<DateTime<Utc>>,
    /// When the newest was written that is waited for no longer.
    pub unheard: Option<DateTime<Utc>>,
}

/// All that could not be read, as far as it is remembered; oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    messages: VecDeque<Unread>,
    spans: VecDeque<Lost>,
}

impl Ledger {
    /// Takes in what happened.
    pub fn take_in(&mut self, event: UnreadEvent) {
        match event {
            UnreadEvent::MessageUnread { id, sender, why, at } => {
                let state = if why.waits().is_some() { Awaited::ToBeDone } else { Awaited::GivenUp };
                self.messages.push_back(Unread { id, sender, why, at, state });
                if self.messages.len() > MOST {
                    self.messages.pop_front();
                }
            }
            UnreadEvent::UnreadOvertaken { ids } => {
                for unread in self.messages.iter_mut().filter(|unread| ids.contains(&unread.id)) {
                    if unread.state == Awaited::ToBeDone {
                        unread.state = Awaited::Overtaken;
                    }
                }
            }
            UnreadEvent::UnreadGivenUp { sender: _, ids, why } => {
                for unread in self.messages.iter_mut().filter(|unread| ids.contains(&unread.id)) {
                    (unread.state, unread.why) = (Awaited::GivenUp, why);
                }
            }
            UnreadEvent::UnreadSettled { id } => self.messages.retain(|unread| unread.id != id),
            UnreadEvent::SpanUnread { from, until, of } => {
                self.spans.push_back(Lost { from, until, of });
                if self.spans.len() > MOST_SPANS {
                    self.spans.pop_front();
                }
            }
        }
    }

    /// The message of this id, if it could not be read.
    pub fn of(&self, id: &str) -> Option<&Unread> {
        self.messages.iter().find(|unread| unread.id == id)
    }

    /// Whether a span of such a room that begins there is on record.
    pub fn has_lost_from(&self, from: DateTime<Utc>, of: Option<&Account>) -> bool {
        self.spans.iter().any(|span| span.from == from && span.of.as_ref() == of)
    }

    /// Whether one more message of somebody goes on record.
    pub fn admits(&self, sender: &Account, now: DateTime<Utc>) -> bool {
        !self.is_full_of(sender, now) && self.today(now).count() < MOST_IN_A_DAY
    }

    /// Whether there may be more of somebody than is on record.
    fn is_full_of(&self, sender: &Account, now: DateTime<Utc>) -> bool {
        self.today(now).filter(|unread| unread.sender == *sender).count() >= MOST_OF_ONE
    }

    fn today(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Unread> {
        self.messages.iter().filter(move |unread| now - unread.at < TimeDelta::days(1))
    }

    /// Whether there may be more than is shown: so many came in a day that not all of them are on record.
    pub fn may_lack(&self, now: DateTime<Utc>) -> bool {
        self.today(now).count() >= MOST_IN_A_DAY
            || self.today(now).any(|unread| self.is_full_of(&unread.sender, now))
    }

    /// The messages of somebody that would be carried out and came before the one of this id, which is about to be; of one that is not
    /// here, all.
    pub fn before(&self, sender: &Account, id: &str) -> Vec<String> {
        let before = self.messages.iter().take_while(|unread| unread.id != id);
        let theirs = before.filter(|unread| unread.sender == *sender && unread.state == Awaited::ToBeDone);
        theirs.map(|unread| unread.id.clone()).collect()
    }

    /// The messages that are waited for no longer.
    pub fn due(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Unread> {
        self.messages.iter().filter(move |unread| unread.is_due(now))
    }

    /// When one is waited for no longer next.
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.messages.iter().filter_map(Unread::until).filter(|until| *until > now).min()
    }

    /// The messages to look for, oldest first: those that are waited for, and the newest of those whose key may come late.
    pub fn looked_for(&self, now: DateTime<Utc>) -> Vec<Unread> {
        let is_late = |unread: &Unread| {
            unread.state == Awaited::GivenUp && unread.why == Flaw::NoKey && now - unread.at < LOOKED_FOR
        };
        let mut late = 0;
        let newest = self.messages.iter().rev().filter(|unread| {
            late += usize::from(is_late(unread));
            unread.state != Awaited::GivenUp || is_late(unread) && late <= MOST_LOOKED_FOR
        });
        let mut found: Vec<Unread> = newest.cloned().collect();
        found.reverse();
        found
    }

    /// What of the words of these people was not heard.
    pub fn hearing(&self, behind: bool, is_listed: impl Fn(&Account) -> bool) -> Hearing {
        let theirs = |unread: &&Unread| unread.why.may_be_theirs() && is_listed(&unread.sender);
        let (over, waits): (Vec<&Unread>, Vec<&Unread>) =
            self.messages.iter().filter(theirs).partition(|unread| unread.state == Awaited::GivenUp);
        let newest = |unread: Vec<&Unread>| unread.into_iter().map(|unread| unread.at).max();
        let unheard = newest(over).max(self.spans.iter().map(|span| span.until).max());
        Hearing { behind, awaited: newest(waits), unheard }
    }

    /// What people are shown, newest first.
    pub fn shown(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Unread> {
        self.messages.iter().rev().filter(move |unread| now - unread.at < SHOWN)
    }

    /// The spans that people are shown, newest first.
    pub fn spans(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Lost> {
        self.spans.iter().rev().filter(move |span| now - span.until < SHOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
    }

    fn account(name: &str) -> Account {
        Account::parse(&format!("@{name}:example.org")).unwrap()
    }

    fn unread(ledger: &mut Ledger, id: &str, who: &str, why: Flaw, minutes: i64) {
        let (id, sender, at) = (id.to_owned(), account(who), at(minutes));
        ledger.take_in(UnreadEvent::MessageUnread { id, sender, why, at });
    }

    #[test]
    fn what_comes_in_time_is_done_and_what_comes_later_is_not() {
        let mut ledger = Ledger::default();
        unread(&mut ledger, "$a", "ben", Flaw::NoKey, 0);
        let is = |minutes, certain| ledger.of("$a").unwrap().read(at(minutes), certain);
        assert_eq!(is(0, true), Awaited::ToBeDone);
        assert_eq!(is(1, true), Awaited::ToBeDone);
        assert_eq!(is(2, true), Awaited::GivenUp);
        assert_eq!(is(-1, true), Awaited::GivenUp, "by a clock that went back nobody knows");
        assert_eq!(is(1, false), Awaited::GivenUp, "nor by one that is in doubt");
        assert_eq!(ledger.next(at(0)), Some(at(2)));
        assert_eq!(ledger.due(at(1)).count(), 0);
        assert_eq!(ledger.due(at(2)).count(), 1);
    }

    #[test]
    fn a_flood_is_not_put_on_record_and_neither_is_it_of_everybody_else() {
        let mut ledger = Ledger::default();
        for n in 0..MOST_OF_ONE {
            assert!(ledger.admits(&account("ben"), at(0)), "{n}");
            unread(&mut ledger, &format!("$ben{n}"), "ben", Flaw::Broken, 0);
        }
        assert!(!ledger.admits(&account("ben"), at(0)) && ledger.may_lack(at(0)));
        assert!(ledger.admits(&account("cy"), at(0)));
        assert!(ledger.admits(&account("ben"), at(24 * 60)) && !ledger.may_lack(at(24 * 60)));
        for n in 0..MOST_IN_A_DAY - MOST_OF_ONE {
            unread(&mut ledger, &format!("${n}"), &format!("p{}", n % 10), Flaw::Broken, 0);
        }
        assert!(!ledger.admits(&account("cy"), at(0)), "in all there are too many");
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut ledger = Ledger::default();
        for n in 0..=MOST {
            unread(&mut ledger, &format!("${n}"), "ben", Flaw::NoKey, 0);
        }
        assert!(ledger.of("$0").is_none() && ledger.of("$1").is_some());
        assert_eq!(ledger.shown(at(0)).count(), MOST);
        assert_eq!(ledger.shown(at(31 * 24 * 60)).count(), 0);
    }

    #[test]
    fn what_waits_is_looked_for_and_of_what_was_given_up_the_newest_whose_key_may_come() {
        let mut ledger = Ledger::default();
        for n in 0..60 {
            unread(&mut ledger, &format!("$key{n}"), "ben", Flaw::NoKey, 0);
        }
        unread(&mut ledger, "$broken", "ben", Flaw::Broken, 0);
        let ids = (0..59).map(|n| format!("$key{n}")).collect();
        ledger.take_in(UnreadEvent::UnreadGivenUp { sender: account("ben"), ids, why: Flaw::NoKey });
        let found: Vec<String> = ledger.looked_for(at(3)).into_iter().map(|unread| unread.id).collect();
        assert_eq!(found.len(), MOST_LOOKED_FOR + 1, "{found:?}");
        assert_eq!((found[0].as_str(), found[50].as_str()), ("$key9", "$key59"));
        assert_eq!(ledger.looked_for(at(8 * 24 * 60)).len(), 1, "the one that nobody has given up");
    }

    #[test]
    fn only_what_came_before_is_overtaken() {
        let mut ledger = Ledger::default();
        for (id, who) in [("$a", "ben"), ("$b", "cy"), ("$c", "ben"), ("$d", "ben")] {
            unread(&mut ledger, id, who, Flaw::NoKey, 0);
        }
        assert_eq!(ledger.before(&account("ben"), "$c"), ["$a"]);
        assert_eq!(ledger.before(&account("ben"), "$another"), ["$a", "$c", "$d"]);
        ledger.take_in(UnreadEvent::UnreadOvertaken { ids: vec!["$a".to_owned()] });
        assert_eq!(ledger.of("$a").unwrap().read(at(1), true), Awaited::Overtaken);
        assert_eq!(ledger.before(&account("ben"), "$c"), Vec::<String>::new());
        assert_eq!(ledger.due(at(2)).count(), 4, "nobody has been told of it yet");
        ledger.take_in(UnreadEvent::UnreadSettled { id: "$a".to_owned() });
        assert_eq!(ledger.of("$a"), None);
    }
}
