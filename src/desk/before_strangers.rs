//! What of a message may leave for a room in which somebody sits who is not one of the people: alarms, which say nothing of any
//! case, and of a reminder its id and date. The rest waits.

use super::{Post, PostKind};
use crate::case::Goes;
use crate::chat::text;

/// What of a message may leave while a stranger is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeforeStrangers {
    /// All of it.
    Whole,
    /// This in its place, once; it leaves itself when they are gone.
    Bare(Box<Post>),
    /// Nothing.
    Waits,
}

impl Post {
    /// What of it may leave while a stranger is there.
    pub fn before_strangers(&self) -> BeforeStrangers {
        match (self.kind, self.case) {
            (PostKind::Alarm, None) => BeforeStrangers::Whole,
            // Its first line holds the id and the date, and no more: it is what a locked screen shows.
            (PostKind::Reminder, Some(case)) => {
                let first = self.page.all_lines().first().map(crate::chat::page::Line::text);
                self.bare(text::while_strangers_are_there(case, first))
            }
            (PostKind::Alarm, Some(case)) => self.bare(text::while_strangers_are_there(case, None)),
            (
                PostKind::Reply
                | PostKind::Card
                | PostKind::Digest
                | PostKind::Notice
                | PostKind::Visit
                | PostKind::Letter,
                _,
            )
            | (PostKind::Reminder, None) => BeforeStrangers::Waits,
        }
    }

    fn bare(&self, page: crate::chat::Page) -> BeforeStrangers {
        // It carries no order out: what is owed is the whole.
        let bare = Post { txn: format!("{}-short", self.txn), orders: Vec::new(), page, ..self.clone() };
        BeforeStrangers::Bare(Box::new(bare))
    }

    /// Whether it may leave as it is.
    pub fn may_leave(&self, goes: Goes) -> bool {
        match goes {
            Goes::All => true,
            Goes::ContentFree => self.before_strangers() == BeforeStrangers::Whole,
            Goes::Nothing => false,
        }
    }
}
