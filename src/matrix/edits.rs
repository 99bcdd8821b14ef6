//! Cards that have changed, on their way to the room: whoever asked something is answered first, and of a card that changes several times in
//! a moment the newest state is sent.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::inbound::now;
use crate::desk::{Post, PostKind};

/// So long nothing else has been sent when a card is edited.
const QUIET: Duration = Duration::from_millis(300);
/// No card waits longer than that, however much else is said.
const LONGEST: Duration = Duration::from_secs(10);

/// The edits that wait, the oldest first.
#[derive(Default)]
pub struct Edits {
    posts: VecDeque<(Post, Instant)>,
    /// When something else was sent last.
    spoke: Option<Instant>,
}

impl Edits {
    /// Whether a message is one for here.
    pub fn is_one(post: &Post) -> bool {
        post.kind == PostKind::Card && post.edits.is_some() && post.only.is_none()
    }

    /// Puts one behind the others, or in the place of one of the same card: whoever reads that sees the newest in any case.
    pub fn put(&mut self, mut post: Post) {
        match self.posts.iter_mut().find(|(other, _)| other.edits == post.edits) {
            Some((other, _)) => {
                let mut orders = std::mem::take(&mut other.orders);
                orders.append(&mut post.orders);
                *other = Post { orders, ..post };
            }
            None => self.posts.push_back((post, now())),
        }
    }

    /// Something else was sent.
    pub fn spoke(&mut self) {
        self.spoke = Some(now());
    }

    /// In how long one is to be sent; nothing if none waits.
    pub fn due(&self) -> Option<Duration> {
        let (_, since) = self.posts.front()?;
        let quiet = self.spoke.map_or(Duration::ZERO, |spoke| QUIET.saturating_sub(spoke.elapsed()));
        Some(quiet.min(LONGEST.saturating_sub(since.elapsed())))
    }

    /// The one whose time has come.
    pub fn due_now(&mut self) -> Option<Post> {
        if self.due() != Some(Duration::ZERO) {
            return None;
        }
        self.posts.pop_front().map(|(post, _)| post)
    }

    /// It could not be sent: it is the next again.
    pub fn back(&mut self, post: Post) {
        self.posts.push_front((post, now()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{CaseId, Order, OrderId};
    use crate::chat::Page;

    fn edit(card: &str, seq: u64) -> Post {
        let order = OrderId { seq, case: CaseId::new(1), order: Order::Card };
        let edits = Some(card.to_owned());
        Post { orders: vec![order], edits, ..Post::new(seq.to_string(), PostKind::Card, Page::new()) }
    }

    #[test]
    fn of_one_card_the_newest_is_sent_once_and_carries_out_what_all_were_for() {
        let mut edits = Edits::default();
        for (card, seq) in [("$a", 1), ("$b", 2), ("$a", 3)] {
            edits.put(edit(card, seq));
        }
        let sent: Vec<(String, Vec<u64>)> = std::iter::from_fn(|| edits.due_now())
            .map(|post| (post.txn, post.orders.iter().map(|order| order.seq).collect()))
            .collect();
        assert_eq!(sent, [("3".to_owned(), vec![1, 3]), ("2".to_owned(), vec![2])]);
        assert_eq!(edits.due(), None);
    }

    #[test]
    fn whoever_asked_is_answered_first() {
        let mut edits = Edits::default();
        edits.put(edit("$a", 1));
        edits.spoke();
        assert!(edits.due_now().is_none() && edits.due().is_some_and(|due| due <= QUIET));
        // However much is said meanwhile, its time comes.
        edits.posts[0].1 = now().checked_sub(LONGEST).unwrap();
        assert_eq!(edits.due_now().map(|post| post.txn).as_deref(), Some("1"));
    }
}
