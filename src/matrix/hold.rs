//! What waits to be sent, in order; and which of it may leave when not everything may.

use std::collections::{BTreeSet, VecDeque};

use super::cursor::Cursor;
use super::outbound::Out;
use crate::case::{Goes, OrderId};
use crate::desk::{BeforeStrangers, Post};

/// What waits.
#[derive(Default)]
pub struct Waiting {
    pub(super) queue: VecDeque<Out>,
    /// What was said in short already and waits to be said whole.
    said_in_short: BTreeSet<String>,
}

impl Waiting {
    /// The next that may leave: the oldest, or while a stranger is in the room the oldest that says nothing of a case. What waits keeps
    /// its place.
    pub fn next(&mut self, goes: Goes) -> Option<Out> {
        match goes {
            Goes::All => {
                self.said_in_short.clear();
                self.queue.pop_front()
            }
            Goes::Nothing => None,
            Goes::ContentFree => self.content_free(),
        }
    }

    /// How far need not be read again though not everything was said: what is owed is on record, and said at the next start.
    pub fn read_to(&self) -> Option<&Cursor> {
        let is_owed = |out: &&Out| match out {
            Out::Read(_) | Out::Greet(_) | Out::Again | Out::Short { .. } => true,
            Out::Post { post, .. } | Out::Alone { post, .. } => !post.orders.is_empty(),
            Out::Settled(_) => false,
        };
        let owed = self.queue.iter().take_while(is_owed);
        owed.filter_map(|out| if let Out::Read(cursor) = out { Some(cursor) } else { None }).last()
    }

    /// What was to be said in short was said.
    pub fn was_said_in_short(&mut self, short: &Post) {
        self.said_in_short.insert(short.txn.clone());
    }

    /// What carries out these orders waits no more: it stays with the desk.
    pub fn lets_go_of(&mut self, orders: &[OrderId]) {
        self.queue.retain(|out| !matches!(out, Out::Post { post, .. } if post.orders == orders));
    }

    fn content_free(&mut self) -> Option<Out> {
        for at in 0..self.queue.len() {
            let (post, thread) = match self.queue.get(at) {
                // It says nothing: what waits for one person is looked at again.
                Some(Out::Again | Out::Greet(_)) => return self.queue.remove(at),
                Some(Out::Post { post, thread }) if post.only.is_none() => (post, thread),
                // The rooms of one person each are as before, but what goes there stands in this order.
                Some(
                    Out::Post { .. } | Out::Short { .. } | Out::Alone { .. } | Out::Read(_) | Out::Settled(_),
                )
                | None => continue,
            };
            match post.before_strangers() {
                BeforeStrangers::Whole => return self.queue.remove(at),
                BeforeStrangers::Bare(short) if !self.said_in_short.contains(&short.txn) => {
                    let of = post.orders.clone();
                    return Some(Out::Short { post: short, thread: thread.clone(), of });
                }
                BeforeStrangers::Bare(_) | BeforeStrangers::Waits => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::CaseId;
    use crate::chat::Page;
    use crate::chat::page::Line;
    use crate::desk::PostKind;

    fn post(kind: PostKind, case: Option<u32>, text: &str) -> Out {
        let page = text.lines().fold(Page::new(), |page, line| page.line(Line::ours(line)));
        let post = Post { case: case.and_then(CaseId::new), ..Post::new(text.to_owned(), kind, page) };
        Out::Post { post: Box::new(post), thread: None }
    }

    fn said(out: Option<Out>) -> String {
        match out {
            Some(Out::Post { post, .. } | Out::Short { post, .. }) => post.page.text(),
            Some(Out::Read(cursor)) => cursor.token,
            Some(Out::Settled(_) | Out::Alone { .. } | Out::Greet(_) | Out::Again) | None => String::new(),
        }
    }

    #[test]
    fn what_is_on_record_need_not_be_read_again_and_an_answer_that_is_not_must() {
        let read = |token: &str| Out::Read(Cursor::at(token.to_owned()));
        let mut owed = post(PostKind::Card, Some(1), "the card");
        if let Out::Post { post, .. } = &mut owed {
            post.orders.push(OrderId { seq: 1, case: CaseId::new(1), order: crate::case::Order::Card });
        }
        let mut waiting = Waiting::default();
        assert_eq!(waiting.read_to(), None);
        waiting.queue.extend([owed, read("one"), read("two"), post(PostKind::Reply, None, "1 case")]);
        waiting.queue.push_back(read("three"));
        assert_eq!(waiting.read_to(), Some(&Cursor::at("two".to_owned())));
    }

    #[test]
    fn while_a_stranger_is_there_alarms_leave_and_of_reminders_the_date_and_then_everything_in_order() {
        let mut waiting = Waiting::default();
        waiting.queue.extend([
            post(PostKind::Reply, Some(1), "C-1 opened: preservation"),
            Out::Read(Cursor::at("read up to here".to_owned())),
            post(PostKind::Reminder, Some(1), "C-1 · due Fri\nthe records of @alice are to be kept"),
            post(PostKind::Digest, None, "Good morning"),
            post(PostKind::Reminder, None, "void: an entry of the directory"),
            post(PostKind::Alarm, Some(1), "C-1 went ahead alone for @alice"),
            post(PostKind::Alarm, None, "somebody is there"),
        ]);
        assert_eq!(waiting.next(Goes::Nothing).map(|_| ()), None);
        let mut in_short = || {
            let out = waiting.next(Goes::ContentFree);
            let Some(Out::Short { post, .. }) = &out else { panic!("{out:?}") };
            waiting.was_said_in_short(post);
            said(out)
        };
        let short = in_short();
        assert!(short.starts_with("C-1 · due Fri\n") && !short.contains("alice"), "{short}");
        let alone = in_short();
        assert!(alone.starts_with("C-1 · somebody must look") && !alone.contains("alice"), "{alone}");
        assert_eq!(said(waiting.next(Goes::ContentFree)), "somebody is there");
        assert!(waiting.next(Goes::ContentFree).is_none(), "each in short once");
        let rest: Vec<String> =
            std::iter::from_fn(|| waiting.next(Goes::All)).map(|out| said(Some(out))).collect();
        let first: Vec<&str> = rest.iter().filter_map(|text| text.lines().next()).collect();
        let whole = [
            "C-1 opened: preservation",
            "read up to here",
            "C-1 · due Fri",
            "Good morning",
            "void: an entry of the directory",
            "C-1 went ahead alone for @alice",
        ];
        assert_eq!(first, whole);
    }
}
