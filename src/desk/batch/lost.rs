//! A card that is gone from the room, because somebody took it back or the homeserver forgot it. What follows is said in `case::decide`.

use super::Batch;
use crate::case::wire::{self, CasePart, Cause, DeskPart};
use crate::case::{CaseId, DeskEvent, Order, OrderId, Scope, decide};
use crate::chat::render;
use crate::desk::deliver::Post;
use crate::desk::{DeskFault, Outcome, facets};
use crate::ports::Draft;

impl Batch<'_> {
    /// Whether a post is a card that would be missed.
    pub(super) fn card_doubted(&mut self, post: &str) -> Result<Outcome, DeskFault> {
        Ok(if self.case_of_card(post)?.is_some() { Outcome::Fetch } else { Outcome::Seen })
    }

    /// Puts on record that a card is gone, and posts it again.
    pub(super) fn card_gone(&mut self, post: &str, by_docket: bool) -> Result<Outcome, DeskFault> {
        // A desk that is held changes nothing; the next edit finds it again.
        if self.desk.held().is_some() {
            return Ok(Outcome::Seen);
        }
        let Some(id) = self.case_of_card(post)? else { return Ok(Outcome::Seen) };
        let Ok(case) = self.case(id)? else { return Ok(Outcome::Seen) };
        let Some(lost) = decide::lost_card(&case, post, by_docket, self.now) else {
            return Ok(Outcome::Seen);
        };
        let cause = Cause { by: None, message: None };
        // Edits of it that are on their way lead nowhere: what they say stands in the next.
        let given_up: Vec<OrderId> = self.desk.owed.cards_of(id).collect();
        let seq = self.next_seq();
        let mut parts = Vec::new();
        if !given_up.is_empty() {
            let events = vec![DeskEvent::Delivered { orders: given_up.clone() }];
            let part = DeskPart { cause: cause.clone(), events, owes: Vec::new() };
            parts.push((Scope::Desk, wire::write(&part).map_err(DeskFault::Write)?));
        }
        let owes = if lost.again { vec![Order::Card] } else { Vec::new() };
        let orders: Vec<OrderId> =
            owes.iter().map(|order| OrderId { seq, case: Some(id), order: *order }).collect();
        self.owes.extend(orders.iter().map(|order| (self.drafts.len(), parts.len(), *order)));
        let part = CasePart { cause, events: vec![lost.event.clone()], owes };
        parts.push((Scope::Case(id), wire::write(&part).map_err(DeskFault::Write)?));
        self.apply(id, &[lost.event], None)?;
        self.done.extend(given_up);
        self.drafts.push(Draft { at: self.now, stamps: Vec::new(), parts });
        let Some(case) = self.touched.get(&id).map(|touched| touched.after.clone()) else {
            return Ok(Outcome::Seen);
        };
        let page = render::card(&self.shown(&case), &self.desk.terms, self.now);
        let again = |order| Post::owed(self.desk, order, &case, None, page.clone());
        let posts: Vec<Post> = orders.into_iter().map(again).collect();
        tracing::info!(case = %id, post, again = lost.again, "a card is gone from the room");
        Ok(Outcome::Posts(self.written(posts)?))
    }

    /// The open case whose card a post is, in the room of now.
    fn case_of_card(&mut self, post: &str) -> Result<Option<CaseId>, DeskFault> {
        // The lists must know what was decided before.
        self.commit()?;
        let facet = facets::card(post);
        let found = self.desk.ask(|index| index.numbers(&facet, u64::MAX))?;
        let Some(id) = found.first().and_then(|number| facets::case_of(*number)) else { return Ok(None) };
        let case = self.case(id)?;
        Ok(case.ok().filter(|case| self.desk.card_of(case).as_deref() == Some(post)).map(|case| case.id))
    }
}
