//! A command that is about no case: what it asks to be looked up, what is decided, and the record of the desk's own.

use std::collections::BTreeSet;

use super::Batch;
use crate::case::decide::{self, DeskAround};
use crate::case::wire::{self, Cause, DeskPart};
use crate::case::{Agency, Case, CaseId, DeskCommand, Key, Refusal, Scope, number_ends};
use crate::chat::text;
use crate::desk::{DeskFault, Last, Message, Outcome, facets, search};
use crate::ports::{Draft, Facet, Stamp};

/// How many open cases are looked at for the numbers of a new entry.
const MOST_OPEN: usize = 200;

impl Batch<'_> {
    pub(super) fn desk_command(
        &mut self,
        message: Message,
        stamp: Stamp,
        command: DeskCommand,
    ) -> Result<Outcome, DeskFault> {
        let around = match &command {
            DeskCommand::AddAgency { agency } => DeskAround { open: self.open_that_name(agency)? },
            DeskCommand::Freeze { .. } | DeskCommand::Thaw { .. } => DeskAround::default(),
        };
        let events = match decide::desk(command, &around, &self.setting(&message.sender, self.draw(&message)))
        {
            Ok(_) if self.full => return Ok(self.refuse(&message, Refusal::DiskFull, None)),
            Ok(events) => events,
            Err(refusal) => return Ok(self.refused(&message, stamp, refusal, None)),
        };
        let cause = Cause { by: Some(message.sender.clone()), message: Some(message.id.clone()) };
        let part = DeskPart { cause, events, owes: Vec::new() };
        let body = (Scope::Desk, wire::write(&part).map_err(DeskFault::Write)?);
        // What counts from here on counts for the rest of the batch.
        self.stand(&part.events);
        self.stamps.insert(stamp);
        self.drafts.push(Draft { at: self.now, stamps: vec![stamp], parts: vec![body] });
        self.last.insert(message.sender.clone(), Last::Desk);
        let page = text::desk_happened(&part.events, &self.desk.terms);
        Ok(self.reply(&message, None, page))
    }

    /// The newest open cases that name the agency, came from one of its domains, or give one of its numbers.
    fn open_that_name(&mut self, agency: &Agency) -> Result<Vec<Case>, DeskFault> {
        self.commit()?;
        let name = Key::read(&agency.name).ok().map(|name| facets::agency(name.as_str()));
        let numbers = number_ends(&agency.phones);
        let lists: Vec<Facet> = name
            .into_iter()
            .chain(agency.domains.iter().map(|domain| facets::origin(domain)))
            .chain(numbers.iter().map(|end| facets::phone(end)))
            .collect();
        let mut found: BTreeSet<CaseId> = BTreeSet::new();
        for list in lists {
            let within = [facets::open(), list];
            found.extend(self.desk.ask(|index| search::search(index, &within, None, 0, MOST_OPEN))?.cases);
        }
        let mut cases = Vec::new();
        for id in found {
            cases.extend(self.case(id)?.ok());
        }
        Ok(cases)
    }
}
