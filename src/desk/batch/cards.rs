//! One card a case, edited in place: what goes out of it and when, and what was carried out. Knows no command.

use std::collections::BTreeSet;

use super::Batch;
use crate::case::decide::Events;
use crate::case::wire::{self, Cause, DeskPart};
use crate::case::{Case, CaseId, DeskEvent, Event, Order, OrderId, Scope};
use crate::chat::render;
use crate::desk::deliver::Post;
use crate::desk::{DeskFault, Outcome};
use crate::ports::Draft;

impl Batch<'_> {
    /// Takes in what was carried out. A card that is posted for the first time is followed at once by what has changed since
    /// it was written: until now nobody knew which post to edit.
    pub(super) fn delivered(&mut self, done: Vec<(OrderId, Option<String>)>) -> Result<Outcome, DeskFault> {
        let cause = Cause { by: None, message: None };
        let mut posted: Events = Vec::new();
        for (order, post) in &done {
            if let (Order::Card, Some(id), Some(post)) = (order.order, order.case, post)
                && let Ok(case) = self.case(id)?
                && self.desk.card_of(&case).is_none()
            {
                let moves = self.desk.standing.moves();
                posted.push((id, Event::CardPosted { post: post.clone(), moves }));
            }
        }
        self.done.extend(done.iter().map(|(order, _)| *order));
        // What waits to be posted again follows as soon as there is room for it.
        self.desk.stirred |= self.desk.moving.is_some();
        let orders = done.into_iter().map(|(order, _)| order).collect();
        let part = DeskPart {
            cause: cause.clone(),
            events: vec![DeskEvent::Delivered { orders }],
            owes: Vec::new(),
        };
        let cards: BTreeSet<CaseId> = posted.iter().map(|(case, _)| *case).collect();
        match posted.first() {
            Some((main, _)) => {
                let main = *main;
                // What is owed for a card that was posted is small; it always fits.
                let _orders = self.draft(cause, Vec::new(), main, posted, Some(part))?;
            }
            None => {
                let part = (Scope::Desk, wire::write(&part).map_err(DeskFault::Write)?);
                self.drafts.push(Draft { at: self.now, stamps: Vec::new(), parts: vec![part] });
            }
        }
        let mut posts = Vec::new();
        for id in cards {
            posts.extend(self.card_that_waited(id));
        }
        Ok(Outcome::Posts(posts))
    }

    /// The edit that carries out every card order of a case that waited for its first post.
    fn card_that_waited(&self, id: CaseId) -> Option<Post> {
        let case = &self.touched.get(&id)?.after;
        let orders: Vec<OrderId> = self.open_cards(id).filter(|order| !self.done.contains(order)).collect();
        let newest = orders.last().copied()?;
        let page = render::card(&self.shown(case), &self.desk.terms, self.now);
        Some(Post { orders, ..Post::owed(self.desk, newest, case, None, page) })
    }

    /// The card, to be posted or edited. One card a case: what changes before its post is known goes out when it is.
    pub(super) fn card(&self, case: &Case, order: OrderId) -> Option<Post> {
        if self.awaits_first_card(case, order) {
            return None;
        }
        let page = render::card(&self.shown(case), &self.desk.terms, self.now);
        Some(Post::owed(self.desk, order, case, None, page))
    }

    /// Whether a card of this case is on its way whose post nobody knows yet.
    fn awaits_first_card(&self, case: &Case, order: OrderId) -> bool {
        self.desk.card_of(case).is_none() && self.open_cards(case.id).any(|other| other < order)
    }

    /// The card orders of a case that are on record, or about to be, and not carried out.
    fn open_cards(&self, id: CaseId) -> impl Iterator<Item = OrderId> + '_ {
        let drafted = self.owes.iter().map(|(_, _, order)| *order);
        let drafted = drafted.filter(move |order| order.case == Some(id) && order.order == Order::Card);
        self.desk.owed.cards_of(id).chain(drafted)
    }
}
