//! Authority that is stopped and given back, as far as the room must hear of it: too few are left, or somebody on the host
//! has given it back. Knows no rule: when too few are left is said in `case::decide`.

use super::Batch;
use crate::case::decide::{self, Shortage};
use crate::case::{Account, DeskEvent, Order, OrderId, Refusal, StandingEvent};
use crate::chat::{Page, text};
use crate::desk::deliver::Post;
use crate::desk::{Desk, DeskFault, Outcome};

impl Desk {
    /// The alarm that follows from what happened to the desk, if one does, as things stand by now.
    pub(in crate::desk) fn alarm_of(&self, event: &StandingEvent) -> Option<Page> {
        match event {
            StandingEvent::Frozen { .. } => {
                // By the time it is sent enough may be there again; what happened is still to be known.
                let left = decide::shortage(&self.terms);
                Some(text::too_few(left.as_ref(), self.standing.frozen(), &self.terms))
            }
            StandingEvent::Thawed { account, on_host: true } => Some(text::resumed_on_host(account)),
            StandingEvent::Pinned { .. }
            | StandingEvent::DeviceSeen { .. }
            | StandingEvent::IdentityChanged { .. } => text::identity_seen(event, &self.terms),
            StandingEvent::Thawed { on_host: false, .. }
            | StandingEvent::PolicyTaken { .. }
            | StandingEvent::ReportFrozen { .. }
            | StandingEvent::AgencyAdded { .. }
            | StandingEvent::PartsAdded { .. }
            | StandingEvent::PartsRemoved { .. }
            | StandingEvent::Proposed { .. }
            | StandingEvent::Denied { .. }
            | StandingEvent::Voided { .. }
            | StandingEvent::RoomEntered { .. }
            | StandingEvent::CardsMoved
            | StandingEvent::WrongCode { .. }
            | StandingEvent::CarriedOut { .. }
            | StandingEvent::PolicyFollowed { .. }
            | StandingEvent::Held(_)
            | StandingEvent::Watch(_) => None,
        }
    }
}

impl Batch<'_> {
    /// What the room is owed because of these events, which count already: an alarm if too few are left.
    pub(super) fn owed_for_freezing(&self, events: &[DeskEvent]) -> Vec<Order> {
        let freezes = |event: &DeskEvent| matches!(event, DeskEvent::Stands(StandingEvent::Frozen { .. }));
        let left: Option<Shortage> = decide::shortage(&self.desk.terms);
        if left.is_some() && events.iter().any(freezes) { vec![Order::Alarm] } else { Vec::new() }
    }

    /// The posts of what is owed for these events.
    pub(super) fn alarms(&self, orders: &[OrderId], events: &[DeskEvent]) -> Vec<Post> {
        let page = events.iter().find_map(|event| match event {
            DeskEvent::Stands(event) => self.desk.alarm_of(event),
            DeskEvent::Delivered { .. }
            | DeskEvent::Purged { .. }
            | DeskEvent::Digested { .. }
            | DeskEvent::Unread(_)
            | DeskEvent::Clock(_) => None,
        });
        let post = |(order, page): (&OrderId, Page)| Post::of_the_desk(self.desk, *order, page);
        orders.iter().zip(page).map(post).collect()
    }

    /// Somebody on the host gives an authority back. The room hears of it at the next tick.
    pub(super) fn resume_on_host(&mut self, account: Account) -> Result<Outcome, DeskFault> {
        self.commit()?;
        let event = match decide::resume_on_host(account, &self.desk.terms) {
            Ok(event) => event,
            Err(refusal) => return Ok(self.not_on_host(&refusal)),
        };
        let events = vec![DeskEvent::from(event)];
        let page = text::desk_happened(&events, &self.desk.terms);
        let orders = self.draft_for_the_desk(events.clone(), vec![Order::Alarm])?;
        let posts = self.alarms(&orders, &events);
        let said = self.written(posts)?;
        if said.is_empty() {
            return Ok(self.not_on_host(&Refusal::DiskFull));
        }
        self.desk.unsaid.extend(said);
        // Nobody waits for these posts: they go out with what time brings.
        self.desk.stirred = true;
        Ok(Outcome::OnHost { done: true, page })
    }

    pub(super) fn not_on_host(&self, refusal: &Refusal) -> Outcome {
        Outcome::OnHost { done: false, page: text::refusal(refusal, None, &self.desk.terms) }
    }
}
