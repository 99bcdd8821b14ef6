//! The desk while it is held: what is refused, what may leave, and how it goes on.

use super::Batch;
use crate::case::decide::DeskAround;
use crate::case::decide::held::{goes_while_held, held, news};
use crate::case::{Branch, HeldEvent, HeldHere, Order, OrderId, Refusal};
use crate::chat::{Asked, text};
use crate::desk::deliver::{self, Post};
use crate::desk::{Desk, DeskFault, Looked, Outcome};
use crate::ports::hex;

impl Desk {
    /// The same, with the data directory.
    fn held_here(&self) -> Option<HeldHere> {
        let instance = self.hold.instance.clone();
        self.held().map(|held| HeldHere { held: held.clone(), instance })
    }
}

impl Batch<'_> {
    /// Somebody looked back in the room.
    pub(super) fn looked_back(&mut self, looked: Looked) -> Result<Outcome, DeskFault> {
        self.commit()?;
        let (posts, stand) = self.desk.compared(&looked)?;
        self.desk.hold.instance.clone_from(&looked.instance);
        self.desk.hold.awaits = false;
        self.desk.stirred = true;
        if let Some(found) = held(&posts, stand) {
            if let Some(news) = news(found, self.desk.held()) {
                self.desk.hold.unwritten = Some(news);
            }
            return Ok(Outcome::Posts(self.hold_back()?));
        }
        // What was held stays held until two people say otherwise, whatever the room says by now.
        if let (None, Some(instance)) = (self.desk.standing.instance(), looked.instance) {
            let _owes_nothing =
                self.draft_for_the_desk(vec![HeldEvent::DirectoryTaken { instance }.into()], Vec::new())?;
        }
        Ok(Outcome::Posts(Vec::new()))
    }

    /// Puts on record that the desk is held, where that is still to be done, and says so.
    pub(super) fn hold_back(&mut self) -> Result<Vec<Post>, DeskFault> {
        let Some(held) = self.desk.hold.unwritten.clone() else { return Ok(Vec::new()) };
        let page = text::held(&held, &self.desk.terms);
        // No two journals that part after the same record do it at the same moment.
        let (head, now) = (self.desk.journal.head(), self.now.timestamp_micros());
        let word = hex(&self.desk.journal.keyed("branch", format!("{head}/{now}").as_bytes()));
        let branch = Branch { from: self.next_seq(), word };
        let orders =
            self.draft_for_the_desk(vec![HeldEvent::HeldBack { held, branch }.into()], vec![Order::Alarm])?;
        let posts = orders.into_iter().map(|order| Post::of_the_desk(self.desk, order, page.clone()));
        let posts = posts.collect();
        let posts = self.written(posts)?;
        if !posts.is_empty() {
            self.desk.hold.unwritten = None;
        }
        Ok(posts)
    }

    /// Whether what is asked for is refused because the desk is held.
    pub(super) fn is_held_for(&self, asked: &Asked) -> Result<(), Refusal> {
        let Some(held) = self.desk.held() else { return Ok(()) };
        let goes = match asked {
            Asked::Read(_) => true,
            Asked::Desk(command) => {
                let waiting = self.desk.standing.waiting().to_vec();
                goes_while_held(command, &DeskAround { waiting, ..DeskAround::default() })
            }
            Asked::Open(_)
            | Asked::Change(..)
            | Asked::Undo(_)
            | Asked::Set(..)
            | Asked::Attach { .. }
            | Asked::HandOver { .. }
            | Asked::Publish(_) => false,
        };
        if goes { Ok(()) } else { Err(Refusal::Held(held.clone())) }
    }

    /// Why the desk is held, for a command about it.
    pub(super) fn held_here(&self) -> Option<HeldHere> {
        self.desk.held_here()
    }

    /// Whether what carries out these orders may be sent. While the desk is held only what concerns the desk itself may: what is owed
    /// about a case may have been said by the records that are missing.
    pub(super) fn leaving(&mut self, orders: &[OrderId]) -> Outcome {
        let waits = |order: &&OrderId| order.case.is_some() || order.order == Order::Digest;
        let waiting: Vec<OrderId> = orders.iter().filter(waits).copied().collect();
        if self.desk.held().is_some() && !waiting.is_empty() {
            self.desk.hold.stayed.extend(orders);
            return Outcome::Stays;
        }
        Outcome::Leaves(self.desk.head())
    }

    /// Two people said that it goes on: what stayed goes out at the next tick, once.
    pub(super) fn went_on(&mut self) {
        self.desk.hold.lets_go = true;
        self.desk.stirred = true;
    }

    /// What stayed while the desk was held.
    pub(super) fn let_go(&mut self) -> Result<Vec<Post>, DeskFault> {
        if !std::mem::take(&mut self.desk.hold.lets_go) {
            return Ok(Vec::new());
        }
        let stayed = std::mem::take(&mut self.desk.hold.stayed);
        let owed = deliver::owed(self.desk, self.now)?;
        Ok(owed.into_iter().filter(|post| post.orders.iter().any(|order| stayed.contains(order))).collect())
    }

    /// Whether time brings nothing but what concerns the desk itself.
    pub(super) fn is_still(&self) -> bool {
        self.desk.hold.awaits || self.desk.held().is_some()
    }
}
