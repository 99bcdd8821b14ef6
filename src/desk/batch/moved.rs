//! docket in another room: what it posted in the one before is not there, so the cards of open cases are posted again, a few at a
//! time: whoever asks something meanwhile is answered in between. A case that is closed gets its card when it changes.

use super::Batch;
use crate::case::wire::{self, CasePart, Cause};
use crate::case::{Case, CaseId, Order, OrderId, Scope, StandingEvent};
use crate::chat::render;
use crate::desk::deliver::Post;
use crate::desk::{Desk, DeskFault, Outcome, facets};
use crate::ports::Draft;

/// How many cards may be on their way at once.
const AT_ONCE: usize = 20;
/// How many cases are looked at in one go.
const MOST_LOOKED_AT: usize = 200;

impl Desk {
    /// The post that is a case's card, if it is in the room of now.
    pub(in crate::desk) fn card_of(&self, case: &Case) -> Option<String> {
        case.card.clone().filter(|_| case.card_moves == self.standing.moves())
    }
}

impl Batch<'_> {
    /// Puts on record in which room docket sits, if that is another one than before.
    pub(super) fn entered(&mut self, room: String) -> Result<Outcome, DeskFault> {
        if self.desk.standing.room() != Some(room.as_str()) {
            let _owes_nothing =
                self.draft_for_the_desk(vec![StandingEvent::RoomEntered { room }.into()], Vec::new())?;
            self.commit()?;
            self.desk.moving = self.desk.standing.lacks_cards().then_some(u64::MAX);
            self.desk.stirred |= self.desk.moving.is_some();
        }
        Ok(Outcome::Posts(Vec::new()))
    }

    /// The next of the cards that were left in another room.
    pub(super) fn post_again(&mut self) -> Result<Vec<Post>, DeskFault> {
        let Some(from) = self.desk.moving else { return Ok(Vec::new()) };
        let room = AT_ONCE.saturating_sub(self.desk.owed.cards());
        if room == 0 {
            return Ok(Vec::new());
        }
        self.commit()?;
        let (numbers, mut next) = self.open_below(from)?;
        let mut left = Vec::new();
        for number in numbers {
            if left.len() == room {
                next = Some(number);
                break;
            }
            let id = u32::try_from(number).ok().and_then(CaseId::new);
            if let Some(id) = id
                && let Ok(case) = self.case(id)?
                && self.is_left_behind(&case)
            {
                left.push(case);
            }
        }
        left.sort_by_key(|case| case.id);
        let seq = self.next_seq();
        let mut posts = Vec::new();
        let mut parts = Vec::new();
        for case in &left {
            let order = OrderId { seq, case: Some(case.id), order: Order::Card };
            self.owes.push((self.drafts.len(), parts.len(), order));
            let cause = Cause { by: None, message: None };
            let part = CasePart { cause, events: Vec::new(), owes: vec![Order::Card] };
            parts.push((Scope::Case(case.id), wire::write(&part).map_err(DeskFault::Write)?));
            let page = render::card(&self.shown(case), &self.desk.terms, self.now);
            posts.push(Post::owed(self.desk, order, case, None, page));
        }
        if !parts.is_empty() {
            self.drafts.push(Draft { at: self.now, stamps: Vec::new(), parts });
            let asked = posts.len();
            posts = self.written(posts)?;
            if posts.len() < asked {
                return Ok(posts); // the disk is full: the same again at the next tick
            }
        }
        self.desk.moving = next;
        if next.is_none() {
            let _owes_nothing =
                self.draft_for_the_desk(vec![StandingEvent::CardsMoved.into()], Vec::new())?;
            self.commit()?;
        }
        Ok(posts)
    }

    /// The numbers of some open cases, largest first, and where to go on.
    fn open_below(&mut self, from: u64) -> Result<(Vec<u64>, Option<u64>), DeskFault> {
        let facet = facets::open();
        let mut numbers = self.desk.ask(|index| index.numbers(&facet, from))?;
        numbers.truncate(MOST_LOOKED_AT);
        let next = numbers.last().and_then(|last| last.checked_sub(1));
        Ok((numbers, next))
    }

    /// Whether the case has a card, and none in the room of now, nor one on the way there.
    fn is_left_behind(&self, case: &Case) -> bool {
        let is_on_the_way = self.desk.owed.cards_of(case.id).next().is_some();
        case.card.is_some() && self.desk.card_of(case).is_none() && !is_on_the_way
    }
}
