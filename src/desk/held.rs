//! What the room says of the journal, held against it. Knows no rule: when the desk is held is said in `case::decide::held`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};

use super::{Desk, DeskFault};
use crate::case::decide::held::{Here, Says, SeenPost, Stand};
use crate::case::{HeldMode, OrderId};
use crate::ports::{Head, Seq};

/// What somebody found who looked back in the room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// The word of the data directory; in a rehearsal there is none.
    pub instance: Option<String>,
    /// docket's own posts, proven to be its own, newest first.
    pub own: Vec<OwnWord>,
}

/// What one of docket's own posts says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnWord {
    /// How much was on record when it was sent.
    Head {
        /// When that was, as the homeserver says.
        at: DateTime<Utc>,
        /// The end of the journal.
        head: Head,
        /// The word of the data directory.
        instance: String,
    },
    /// This very device sent it, and cannot read it.
    Unreadable {
        /// When.
        at: DateTime<Utc>,
    },
}

/// What hangs on it.
#[derive(Debug, Default)]
pub(super) struct Hold {
    /// The last record when the desk was opened.
    pub(super) opened: Seq,
    /// The last moment then of which the desk was sure.
    pub(super) sure: Option<DateTime<Utc>>,
    /// Whether nobody has looked yet: until then time brings nothing.
    pub(super) awaits: bool,
    /// Why the desk is to be held, while that could not be put on record.
    pub(super) unwritten: Option<HeldMode>,
    /// The word of the data directory.
    pub(super) instance: Option<String>,
    /// What was about to be sent and stayed.
    pub(super) stayed: BTreeSet<OrderId>,
    /// Whether that may go by now.
    pub(super) lets_go: bool,
}

impl Desk {
    /// Has time bring nothing until somebody has looked back in the room ([`super::Input::Looked`]), and nothing that cannot be taken back
    /// until all of it was read ([`super::Reading::UpToDate`]).
    pub fn await_the_room(&mut self) {
        self.hold.awaits = true;
        self.behind = true;
    }

    /// Why the desk is held, if it is.
    pub fn held(&self) -> Option<&HeldMode> {
        self.standing.held().or(self.hold.unwritten.as_ref())
    }

    /// Holds what docket's own posts say against the journal.
    pub(super) fn compared(&self, looked: &Looked) -> Result<(Vec<SeenPost>, Stand), DeskFault> {
        let known = self.standing.instance();
        let is_own = |instance: &str| looked.instance.as_deref().or(known) == Some(instance);
        let mut posts = Vec::new();
        for word in &looked.own {
            let (at, says) = match word {
                OwnWord::Head { at, head, instance } => {
                    (*at, Says::Head { seq: head.seq.0, here: self.here(*head)?, own: is_own(instance) })
                }
                OwnWord::Unreadable { at } => (*at, Says::Unreadable),
            };
            posts.push(SeenPost { at, says });
            // What was said before this one is on record too, and each look at the journal may read much of it.
            if matches!(says, Says::Head { here: Here::Same, own: true, .. }) {
                break;
            }
        }
        let moved = known.zip(looked.instance.as_deref()).is_some_and(|(known, here)| known != here);
        // What was put down since the opening, as that docket is in its room, is none of what was there before.
        let opened = if self.hold.awaits { self.hold.opened } else { self.journal.head().seq };
        Ok((posts, Stand { opened: opened.0, last: self.hold.sure, moved }))
    }

    /// What the journal has where a post says that it ended.
    fn here(&self, head: Head) -> Result<Here, DeskFault> {
        let own = self.journal.head();
        if head.seq >= own.seq {
            let same = if head == own { Here::Same } else { Here::Other };
            return Ok(if head.seq > own.seq { Here::Nothing } else { same });
        }
        // The empty journal was the beginning of every one with its id, and nobody posts before the first record.
        let mut found = None;
        self.journal.scan(head.seq, &mut |record| {
            found = (record.seq == head.seq).then_some(record.hash);
            ControlFlow::Break(())
        })?;
        Ok(if found == Some(head.hash) { Here::Same } else { Here::Other })
    }
}
