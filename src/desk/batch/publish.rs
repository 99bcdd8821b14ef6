//! Publishing a report: its numbers are on record as they were shown, and later ones change nothing of it.

use super::Batch;
use super::recognised::Marks;
use crate::case::wire::{Cause, DeskPart};
use crate::case::{CaseId, Need, Refusal, StandingEvent};
use crate::chat::{render, text};
use crate::desk::{DeskFault, Message, Outcome};
use crate::report::{Edition, Half, Made, Tally, csv};

impl Batch<'_> {
    pub(super) fn publish(
        &mut self,
        message: Message,
        stamp: Marks,
        half: Half,
    ) -> Result<Outcome, DeskFault> {
        if let Err(refusal) = self.gate(&message.sender, Need::Administer) {
            return Ok(self.refused(&message, stamp, refusal, None));
        }
        if !half.is_over(self.now, self.desk.terms.zone) {
            self.draft_stamp(stamp);
            return Ok(self.reply(&message, None, text::half_not_over(half)));
        }
        if self.full {
            return Ok(self.refuse(&message, Refusal::DiskFull, None));
        }
        self.commit()?;
        if let Some(edition) = self.desk.published(half) {
            let page = edition.map_or_else(text::report_unread, |edition| text::already_published(&edition));
            self.draft_stamp(stamp);
            return Ok(self.reply(&message, None, page));
        }
        if !self.certain {
            self.draft_stamp(stamp);
            return Ok(self.reply(&message, None, text::half_in_doubt(half, &self.desk.terms)));
        }
        let mut tally = Tally::new(half);
        let _none_left = self.desk.tally(&mut tally, None, usize::MAX, self.now)?;
        let Some(edition) = self.desk.report_of(&tally, self.now) else {
            return Ok(self.reply(&message, None, text::report_unread()));
        };
        let event = StandingEvent::ReportFrozen {
            half: half.to_string(),
            at: self.now,
            by: message.sender.clone(),
            csv: csv::write(&edition.report),
        };
        let cause = Cause { by: Some(message.sender.clone()), message: Some(message.id.clone()) };
        let part = DeskPart { cause: cause.clone(), events: vec![event.into()], owes: Vec::new() };
        // It is about no case, so whose answer comes first does not matter.
        match self.draft(cause, stamp.all(), CaseId::FIRST, Vec::new(), Some(part))? {
            Err(refusal) => Ok(self.refused(&message, stamp, refusal, None)),
            Ok(_none) => {
                let edition = Edition { made: Made::Published(self.now), ..edition };
                let page = render::report(&edition);
                Ok(self.reply(&message, None, page))
            }
        }
    }
}
