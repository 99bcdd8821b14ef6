//! A command that is about no case: what it asks to be looked up, what is decided, and the record of the desk's own. And
//! what becomes of such a command when nobody approves it in time.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Batch;
use super::recognised::Marks;
use crate::case::decide::{self, DeskAround};
use crate::case::wire::{self, Cause, DeskPart};
use crate::case::{
    Case, CaseId, ClockEvent, DeskCommand, DeskEvent, Key, Order, OrderId, Refusal, Scope, StandingEvent,
    domains_over, number_ends,
};
use crate::chat::text;
use crate::desk::deliver::Post;
use crate::desk::{DeskFault, Last, Message, Outcome, facets, search};
use crate::ports::{Draft, Facet};

/// How many open cases are looked at for the numbers of a new entry.
const MOST_OPEN: usize = 200;

impl Batch<'_> {
    pub(super) fn desk_command(
        &mut self,
        message: Message,
        stamp: Marks,
        command: DeskCommand,
    ) -> Result<Outcome, DeskFault> {
        // That the desk is held must stand before what ends it.
        if !self.full {
            let said = self.hold_back()?;
            self.desk.stirred |= !said.is_empty();
            self.desk.unsaid.extend(said);
        }
        let around = self.desk_around(&command)?;
        let events = match decide::desk(command, &around, &self.setting(&message.sender, self.draw(&message)))
        {
            Ok(_) if self.full => return Ok(self.refuse(&message, Refusal::DiskFull, None)),
            Ok(events) => events,
            Err(refusal) => return Ok(self.refused(&message, stamp, refusal, None)),
        };
        let cause = Cause { by: Some(message.sender.clone()), message: Some(message.id.clone()) };
        // What counts from here on counts for the rest of the batch.
        self.stand(&events);
        let part = DeskPart { cause, owes: self.owed_for_freezing(&events), events };
        let body = (Scope::Desk, wire::write(&part).map_err(DeskFault::Write)?);
        let seq = self.next_seq();
        let orders: Vec<OrderId> =
            part.owes.iter().map(|order| OrderId { seq, case: None, order: *order }).collect();
        self.owes.extend(orders.iter().map(|order| (self.drafts.len(), 0, *order)));
        for event in &part.events {
            self.state.happened(event, self.now, self.desk.terms.zone);
        }
        if part.events.contains(&ClockEvent::ClockTrusted.into()) {
            self.certain = self.state.doubt.is_none();
            self.desk.watching.trusted();
            // What has waited for it happens now.
            self.desk.stirred = true;
        }
        if part.events.iter().any(|event| matches!(event, DeskEvent::Stands(StandingEvent::Held(_)))) {
            self.went_on();
        }
        self.stamps.extend(stamp.all());
        self.drafts.push(Draft { at: self.now, stamps: stamp.all(), parts: vec![body] });
        self.last.insert(message.sender.clone(), Last::Desk);
        let page = text::desk_happened(&part.events, &self.desk.terms);
        let mut posts = vec![Post::reply(self.desk, &message, None, page)];
        posts.extend(self.alarms(&orders, &part.events));
        Ok(Outcome::Posts(posts))
    }

    fn desk_around(&mut self, command: &DeskCommand) -> Result<DeskAround, DeskFault> {
        let mut around = DeskAround {
            waiting: self.desk.standing.waiting().to_vec(),
            doubt: self.state.doubt,
            held: self.held_here(),
            ..DeskAround::default()
        };
        match command {
            DeskCommand::AddAgency { .. } | DeskCommand::AddParts { .. } => {
                around.open = self.open_that_name(command)?;
            }
            DeskCommand::Approve { .. } | DeskCommand::Deny { .. } => {
                for proposal in &around.waiting {
                    around.open.extend(self.open_that_name(&proposal.command)?);
                }
                around.on_cases = self.codes_on_cases()?;
            }
            DeskCommand::RemoveParts { .. }
            | DeskCommand::Freeze { .. }
            | DeskCommand::Thaw { .. }
            | DeskCommand::Trust { .. }
            | DeskCommand::GoOn { .. }
            | DeskCommand::TrustClock => {}
        }
        Ok(around)
    }

    /// The codes of what waits on the newest cases that have something waiting.
    fn codes_on_cases(&mut self) -> Result<Vec<(CaseId, String)>, DeskFault> {
        self.commit()?;
        let found =
            self.desk.ask(|index| search::search(index, &[facets::pending()], None, 0, MOST_OPEN))?.cases;
        let mut codes = Vec::new();
        for id in found {
            if let Ok(case) = self.case(id)?
                && !case.is_sealed()
            {
                codes.extend(case.proposals.iter().map(|proposal| (id, proposal.code.clone())));
            }
        }
        Ok(codes)
    }

    /// Makes void what is about no case and has waited for too long, and says so.
    pub(super) fn sweep_the_desk(&mut self) -> Result<Vec<Post>, DeskFault> {
        let events = decide::lapse(self.desk.standing.waiting(), self.state.doubt, self.now);
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let page = text::desk_happened(&events, &self.desk.terms);
        let orders = self.draft_for_the_desk(events, vec![Order::Remind])?;
        let posts =
            orders.into_iter().map(|order| Post::of_the_desk(self.desk, order, page.clone())).collect();
        self.written(posts)
    }

    /// The newest open cases, but for sealed ones, that name the agency that is added to, give one of its domains, one under it or above it, or one of
    /// its numbers.
    fn open_that_name(&mut self, command: &DeskCommand) -> Result<Vec<Case>, DeskFault> {
        let agency = match command {
            DeskCommand::AddAgency { agency } => agency.clone(),
            DeskCommand::AddParts { entry, parts, .. } => parts.named(entry),
            DeskCommand::RemoveParts { .. }
            | DeskCommand::Freeze { .. }
            | DeskCommand::Thaw { .. }
            | DeskCommand::Trust { .. }
            | DeskCommand::TrustClock
            | DeskCommand::GoOn { .. }
            | DeskCommand::Approve { .. }
            | DeskCommand::Deny { .. } => return Ok(Vec::new()),
        };
        self.commit()?;
        let name = Key::read(&agency.name).ok().map(|name| facets::agency(name.as_str()));
        let numbers = number_ends(&agency.phones);
        let lists: Vec<Facet> = name
            .into_iter()
            .chain(agency.domains.iter().map(|domain| facets::domain_under(domain)))
            .chain(agency.domains.iter().flat_map(|domain| domains_over(domain)).map(facets::domain))
            .chain(numbers.iter().map(|end| facets::phone(end)))
            .collect();
        let mut found: BTreeSet<CaseId> = BTreeSet::new();
        for list in lists {
            let within = [facets::open(), list];
            // Sealed ones are not asked, and must not crowd out others either.
            let sealed = facets::sealed();
            let newest =
                self.desk.ask(|index| search::search(index, &within, Some(&sealed), 0, MOST_OPEN))?;
            found.extend(newest.cases);
        }
        let mut cases = Vec::new();
        for id in found {
            cases.extend(self.case(id)?.ok().map(Rc::unwrap_or_clone));
        }
        Ok(cases)
    }
}
