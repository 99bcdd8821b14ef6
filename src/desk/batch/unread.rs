//! Messages that could not be read: on record, as far as it is bounded; told to their senders; and what becomes of one that can be read
//! after all. Knows no rule: for how long and of how many this is done is said in `case::unread`.

use std::collections::BTreeMap;

use super::Batch;
use crate::case::{Account, Awaited, CaseId, DeskEvent, Flaw, Lost, Order, OrderId, UnreadEvent};
use crate::chat::{Page, text};
use crate::desk::deliver::Post;
use crate::desk::reading::{CatchingUp, Reading};
use crate::desk::{Desk, DeskFault, Message, Outcome};
use crate::ports::hex;

impl Desk {
    /// What the room is owed because of something that could not be read, if it is.
    pub(in crate::desk) fn post_of_unread(&self, order: OrderId, event: &UnreadEvent) -> Option<Post> {
        match event {
            UnreadEvent::UnreadGivenUp { sender, ids, why } => {
                let page = text::unread_given_up(sender, *why, ids.len(), &self.terms);
                // Who must send it again is called, and nobody else need do anything.
                Some(Post { mentions: vec![sender.clone()], ..Post::of_the_desk(self, order, page) })
            }
            UnreadEvent::SpanUnread { from, until, of } => {
                let span = Lost { from: *from, until: *until, of: of.clone() };
                let post = Post::of_the_desk(self, order, text::span_unread(&span, &self.terms));
                // Where it was their own room, nobody else need do anything.
                Some(match of {
                    None => post,
                    Some(of) => Post { mentions: vec![of.clone()], ..post },
                })
            }
            UnreadEvent::MessageUnread { .. }
            | UnreadEvent::UnreadOvertaken { .. }
            | UnreadEvent::UnreadSettled { .. } => None,
        }
    }
}

impl Batch<'_> {
    pub(super) fn reading(&mut self, reading: Reading) -> Result<Outcome, DeskFault> {
        match reading {
            Reading::Coming(coming) => self.coming(coming),
            Reading::LookedFor => Ok(Outcome::Unread(self.desk.standing.unread().looked_for(self.now))),
            Reading::Settled(id) => {
                if self.desk.standing.unread().of(&id).is_some() {
                    self.draft_for_the_desk(vec![UnreadEvent::UnreadSettled { id }.into()], Vec::new())?;
                }
                Ok(Outcome::Posts(Vec::new()))
            }
            Reading::Behind => {
                self.desk.behind = true;
                Ok(Outcome::Posts(Vec::new()))
            }
            Reading::UpToDate => {
                // What was decided over what came must be written before time brings anything.
                self.commit()?;
                self.desk.behind = false;
                self.desk.stirred = true;
                Ok(Outcome::Posts(Vec::new()))
            }
            Reading::CatchUp => {
                // What was begun and broken off goes on.
                let begun = CatchingUp { next: self.state.next, messages: 0, unread: 0 };
                self.desk.catching_up.get_or_insert(begun);
                Ok(Outcome::Posts(Vec::new()))
            }
            Reading::CaughtUp => Ok(Outcome::Posts(self.caught_up().into_iter().collect())),
            Reading::Lost { from, until, of } => {
                if self.desk.standing.unread().has_lost_from(from, of.as_ref()) {
                    return Ok(Outcome::Posts(Vec::new()));
                }
                let span = Lost { from, until, of: of.clone() };
                let posts = self.said_of_unread(UnreadEvent::SpanUnread { from, until, of }, true)?;
                let said = self.written(posts)?;
                Ok(Outcome::Posts(if said.is_empty() { vec![self.lost_unwritten(&span)] } else { said }))
            }
        }
    }

    /// That something was lost, where the disk is full: the room must hear it now, for nobody finds it again.
    fn lost_unwritten(&self, span: &Lost) -> Post {
        let page = text::span_unread(span, &self.desk.terms);
        let whose = span.of.as_ref().map_or("", |of| of.as_str());
        Post::about_unproven(self.desk, &format!("lost {} {whose}", span.from.timestamp_millis()), page)
    }

    /// A message that proves nothing is not looked into. Whoever is listed hears why it does not count, once for each reason; of
    /// strangers only the log does. What could not be read goes on record; where it may be read in a moment, nothing is said until
    /// it is over.
    pub(super) fn unproven(&mut self, id: &str, sender: Account, flaw: Flaw) -> Result<Outcome, DeskFault> {
        tracing::warn!(event = id, ?flaw, "a message does not count");
        if self.desk.terms.person(&sender).is_none() {
            return Ok(Outcome::Posts(Vec::new()));
        }
        let known = self.desk.standing.unread().of(id).map(|unread| unread.state);
        match known {
            // It is said when it is over; what turns out never to come is over at once.
            Some(Awaited::ToBeDone | Awaited::Overtaken) => {
                if flaw.waits().is_none() {
                    let posts = self.give_up(&sender, vec![id.to_owned()], flaw)?;
                    let is_news = !posts.is_empty();
                    let mut said = self.written(posts)?;
                    if is_news && said.is_empty() {
                        // The disk is full.
                        said.push(Post::about_unproven(self.desk, id, text::unproven(&sender, flaw)));
                    }
                    return Ok(Outcome::Posts(said));
                }
                return Ok(Outcome::Posts(Vec::new()));
            }
            Some(Awaited::GivenUp) if flaw.waits().is_some() => return Ok(Outcome::Posts(Vec::new())),
            Some(Awaited::GivenUp) | None => {}
        }
        if known.is_none() {
            self.count_unread();
        }
        if known.is_none()
            && flaw.is_unread()
            && self.put_unread_on_record(id, &sender, flaw)?
            && flaw.waits().is_some()
        {
            return Ok(Outcome::Posts(Vec::new()));
        }
        if !self.desk.unproven.insert((sender.clone(), flaw)) {
            return Ok(Outcome::Posts(Vec::new()));
        }
        let page = text::unproven(&sender, flaw);
        Ok(Outcome::Posts(vec![Post::about_unproven(self.desk, id, page)]))
    }

    /// Puts a message on record that could not be read, if there is room for it: in what is remembered, and on the disk.
    fn put_unread_on_record(&mut self, id: &str, sender: &Account, why: Flaw) -> Result<bool, DeskFault> {
        if !self.desk.standing.unread().admits(sender, self.now) {
            return Ok(false);
        }
        // What was decided before must not be taken for it.
        self.commit()?;
        let before = self.desk.journal.head();
        let (id, sender) = (id.to_owned(), sender.clone());
        let event = UnreadEvent::MessageUnread { id, sender, why, at: self.now };
        self.draft_for_the_desk(vec![event.into()], Vec::new())?;
        self.commit()?;
        // When it is over is looked at anew.
        self.desk.stirred = true;
        Ok(self.desk.journal.head() != before)
    }

    /// Waits no longer for messages of somebody, and says so, once for each reason.
    fn give_up(&mut self, sender: &Account, ids: Vec<String>, why: Flaw) -> Result<Vec<Post>, DeskFault> {
        let is_news = self.desk.unproven.insert((sender.clone(), why));
        self.said_of_unread(UnreadEvent::UnreadGivenUp { sender: sender.clone(), ids, why }, is_news)
    }

    fn said_of_unread(&mut self, event: UnreadEvent, is_news: bool) -> Result<Vec<Post>, DeskFault> {
        let owes = if is_news { vec![Order::Alarm] } else { Vec::new() };
        let orders = self.draft_for_the_desk(vec![DeskEvent::from(event.clone())], owes)?;
        Ok(orders.into_iter().filter_map(|order| self.desk.post_of_unread(order, &event)).collect())
    }

    /// Waits no longer for what did not come in time.
    pub(super) fn sweep_the_unread(&mut self) -> Result<Vec<Post>, DeskFault> {
        let mut over: BTreeMap<(Account, Flaw), Vec<String>> = BTreeMap::new();
        for unread in self.desk.standing.unread().due(self.now) {
            over.entry((unread.sender.clone(), unread.why)).or_default().push(unread.id.clone());
        }
        if over.is_empty() {
            return Ok(Vec::new());
        }
        let before = self.desk.unproven.clone();
        let mut posts = Vec::new();
        for ((sender, why), ids) in over {
            posts.extend(self.give_up(&sender, ids, why)?);
        }
        let owed = posts.len();
        let posts = self.written(posts)?;
        if posts.len() != owed {
            self.desk.unproven = before;
        }
        Ok(posts)
    }

    /// What becomes of a message that could not be read at first; nothing of one that could.
    pub(super) fn awaited(&self, message: &Message) -> Option<Awaited> {
        let unread = self.desk.standing.unread().of(&message.id)?;
        Some(unread.read(self.now, self.certain))
    }

    /// The answer to a message that can be read now and came too late to be carried out.
    pub(super) fn came_late(&self, message: &Message, awaited: Awaited) -> Page {
        let since = self.desk.standing.unread().of(&message.id).map_or(self.now, |unread| unread.at);
        text::read_too_late(awaited, since, self.now, &self.desk.terms)
    }

    /// Somebody asks for a change: what they sent before and nobody could read is not to be carried out behind it.
    pub(super) fn overtakes(&mut self, message: &Message) -> Result<(), DeskFault> {
        let ids = self.desk.standing.unread().before(&message.sender, &message.id);
        if !ids.is_empty() && !self.full {
            self.draft_for_the_desk(vec![UnreadEvent::UnreadOvertaken { ids }.into()], Vec::new())?;
        }
        Ok(())
    }

    /// Counts a message to docket that was written while nobody listened.
    pub(super) fn count(&mut self, outcome: &Outcome) {
        let is_one = matches!(outcome, Outcome::Posts(posts) if !posts.is_empty());
        if let Some(catching_up) = self.desk.catching_up.as_mut().filter(|_| is_one) {
            catching_up.messages += 1;
        }
    }

    fn count_unread(&mut self) {
        if let Some(catching_up) = &mut self.desk.catching_up {
            catching_up.messages += 1;
            catching_up.unread += 1;
        }
    }

    /// The line about what was written while nobody listened, if anything was.
    fn caught_up(&mut self) -> Option<Post> {
        let CatchingUp { next, messages, unread } =
            self.desk.catching_up.take().filter(|caught_up| caught_up.messages > 0)?;
        let number = |next: Option<CaseId>| next.map_or(u32::MAX, |next| next.number());
        let cases = number(self.state.next).saturating_sub(number(next));
        let page = text::caught_up(messages, cases, unread, &self.desk.terms);
        // It is owed to nobody; each is a message of its own.
        let mark = format!("{} {}", self.desk.journal.head().seq.0, self.now.timestamp_millis());
        let txn = hex(&self.desk.journal.keyed("caught-up", mark.as_bytes()));
        Some(Post { txn, ..Post::about_unproven(self.desk, "", page) })
    }
}
