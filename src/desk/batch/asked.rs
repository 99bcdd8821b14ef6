//! One message: what it asks for, whether its sender may, and what is decided or shown.
//!
//! Writes nothing down itself; what was decided becomes a draft of the batch.

use super::{Batch, Touched};
use crate::case::decide::{self, Around, Events};
use crate::case::wire::Cause;
use crate::case::{Account, CaseId, Command, Need, Order, Refusal};
use crate::chat::{self, Asked, Asking, Page, Query, render};
use crate::desk::deliver::Post;
use crate::desk::{DeskFault, Message, Outcome, PostedFile, read};
use crate::ports::Stamp;

impl Batch<'_> {
    pub(super) fn message(&mut self, message: Message) -> Result<Outcome, DeskFault> {
        let stamp = self.desk.stamp(&message.id);
        if self.stamps.contains(&stamp) || self.desk.seen(stamp)? {
            return Ok(Outcome::Seen);
        }
        let Some(heard) = chat::hear(&message.text, &self.desk.terms) else {
            return Ok(Outcome::Posts(Vec::new()));
        };
        if let Err(refusal) = self.gate(&message.sender, heard.need()) {
            return Ok(self.refuse(&message, refusal, None));
        }
        if message.edit {
            return Ok(self.reply(&message, None, chat::text::edits_are_not_read()));
        }
        let asking = Asking {
            sender: &message.sender,
            about: message.about,
            terms: &self.desk.terms,
            now: self.now,
        };
        match heard.understand(&asking) {
            Err(slip) => Ok(self.reply(&message, None, chat::text::slip(&slip, &self.desk.terms))),
            Ok(Asked::Read(query)) => self.read(message, query),
            Ok(Asked::Open(opening)) => {
                let Some(id) = self.state.next else {
                    return Ok(self.refuse(&message, Refusal::NumbersUsedUp, None));
                };
                let decided = decide::open(id, opening, &self.desk.terms, self.now);
                self.decided(message, stamp, id, decided)
            }
            Ok(Asked::Change(id, command)) => self.change(message, stamp, id, command),
            Ok(Asked::Set(id, typed)) => {
                let edits = match self.case(id)? {
                    Err(refusal) => return Ok(self.refuse(&message, refusal, Some(id))),
                    Ok(case) => self
                        .desk
                        .terms
                        .kind_of(&case)
                        .map(|kind| chat::edits(&typed, kind, &self.desk.terms)),
                };
                match edits {
                    None => Ok(self.refuse(&message, Refusal::PolicyMissing, Some(id))),
                    Some(Err(slip)) => {
                        Ok(self.reply(&message, Some(id), chat::text::slip(&slip, &self.desk.terms)))
                    }
                    Some(Ok(edits)) => self.change(message, stamp, id, Command::Set { edits }),
                }
            }
            Ok(Asked::Attach { case: id, role, user }) => match message.file.clone() {
                None => Ok(self.reply(
                    &message,
                    Some(id),
                    chat::text::attach_needs_a_file(id, &self.desk.terms),
                )),
                Some(PostedFile {
                    kept: Some((for_case, file)),
                    ..
                }) if for_case == id => self.change(message, stamp, id, Command::Attach { file, role, user }),
                Some(_) => match self.case(id)? {
                    Ok(_) => Ok(Outcome::Keep(id)),
                    Err(refusal) => Ok(self.refuse(&message, refusal, Some(id))),
                },
            },
        }
    }

    /// Answers what is only read. Nobody hears the answer before the batch is on disk, so a case may be shown as this batch
    /// has made it; a sync for each look in between costs much
    /// (measured with syncs of 5 ms and 5 % looks, on a busy machine: some 1,400 commands a second instead of 1,900). What asks the lists or the journal waits for them to be there.
    fn read(&mut self, message: Message, query: Query) -> Result<Outcome, DeskFault> {
        match &query {
            Query::Show(id) => {
                if let Some(Touched { after, .. }) = self.touched.get(id) {
                    let page = render::card(after, &self.desk.terms, self.now);
                    return Ok(self.look(message, *id, page, query));
                }
            }
            Query::Check(id) => {
                if let Some(Touched { after, .. }) = self.touched.get(id) {
                    let page = render::check(after, &self.desk.terms);
                    return Ok(self.look(message, *id, page, query));
                }
            }
            Query::Log(..) | Query::List(_) | Query::Find { .. } => self.commit()?,
            Query::Help(_) | Query::Form(_) | Query::People | Query::Policy(_) => {}
        }
        let (case, page) = read::answer(self.desk, query, self.now)?;
        Ok(self.reply(&message, case, page))
    }

    /// An answer that is true only once this batch is on disk.
    fn look(&mut self, message: Message, id: CaseId, page: Page, query: Query) -> Outcome {
        let outcome = self.reply(&message, Some(id), page);
        self.looks.insert(self.outcomes.len(), (message, query));
        outcome
    }

    /// Whether somebody may ask for this at all.
    fn gate(&self, sender: &Account, need: Need) -> Result<(), Refusal> {
        let person = self.desk.terms.person(sender).ok_or(Refusal::NotListed)?;
        if person.may(need) {
            Ok(())
        } else {
            Err(Refusal::RoleLacks(need))
        }
    }

    fn change(
        &mut self,
        message: Message,
        stamp: Stamp,
        id: CaseId,
        command: Command,
    ) -> Result<Outcome, DeskFault> {
        let case = match self.case(id)? {
            Ok(case) => case,
            Err(refusal) => return Ok(self.refuse(&message, refusal, Some(id))),
        };
        let around = match self.around(&command)? {
            Ok(around) => around,
            Err(refusal) => return Ok(self.refuse(&message, refusal, Some(id))),
        };
        let decided = decide::decide(&case, &around, command, &message.sender, &self.desk.terms);
        self.decided(message, stamp, id, decided)
    }

    /// Looks up what the command speaks of.
    fn around(&mut self, command: &Command) -> Result<Result<Around, Refusal>, DeskFault> {
        let other = match command {
            Command::Link { other, .. } => Some(*other),
            Command::Set { .. }
            | Command::Note { .. }
            | Command::Attach { .. }
            | Command::Verify { .. }
            | Command::Assign { .. }
            | Command::Tag { .. }
            | Command::Answer { .. }
            | Command::Refuse { .. }
            | Command::Withdraw { .. }
            | Command::Close
            | Command::Reopen { .. } => None,
        };
        Ok(match other {
            Some(other) => self.case(other)?.map(|case| Around { other: Some(case) }),
            None => Ok(Around::default()),
        })
    }

    fn decided(
        &mut self,
        message: Message,
        stamp: Stamp,
        id: CaseId,
        decided: Result<Events, Refusal>,
    ) -> Result<Outcome, DeskFault> {
        let events = match decided {
            Ok(events) => events,
            Err(refusal) => return Ok(self.refuse(&message, refusal, Some(id))),
        };
        let cause = Cause {
            by: Some(message.sender.clone()),
            message: Some(message.id.clone()),
        };
        let orders = self.draft(cause, vec![stamp], id, events.clone())?;
        let mut posts = Vec::new();
        for order in orders {
            let Some(touched) = self.touched.get(&order.case) else {
                continue;
            };
            let page = match order.order {
                Order::Answer => chat::render::done(&touched.after, &events, &self.desk.terms, self.now),
                Order::Card => chat::render::card(&touched.after, &self.desk.terms, self.now),
            };
            let reply_to = (order.order == Order::Answer).then(|| message.id.clone());
            posts.push(Post::owed(self.desk, order, &touched.after, reply_to, page));
        }
        self.waiting.insert(self.outcomes.len(), message);
        Ok(Outcome::Posts(posts))
    }
}
