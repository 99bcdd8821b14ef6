//! What time brings: the clock is looked at, every case whose moment has come is decided over, the digest is posted.
//!
//! Costs what falls due, not what exists: the cases come from a list in order of time. Knows no rule: what happens to a case
//! is said in `case::decide`.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use chrono::NaiveDate;

use super::Batch;
use crate::case::calendar::at;
use crate::case::decide::{self, Events};
use crate::case::reminding::rank;
use crate::case::wire::{self, Cause, DeskPart};
use crate::case::{Case, CaseId, ClockEvent, DeskEvent, Event, Order, OrderId, Scope};
use crate::chat::{render, text};
use crate::desk::deliver::Post;
use crate::desk::{DeskFault, Outcome, digest};
use crate::ports::Draft;

/// How many cases are decided over before what came of it is written.
const AT_ONCE: usize = 256;
/// What time brings may bring more at once: a gag ends, so users are to be told. No case goes on doing so.
const MOST_ROUNDS: usize = 8;

impl Batch<'_> {
    /// Looks at the clock and does what has fallen due.
    pub(super) fn tick(&mut self, steady: Option<Duration>) -> Result<Outcome, DeskFault> {
        // The lists must know what was decided before.
        self.commit()?;
        let mut posts = Vec::new();
        if self.desk.hold.awaits {
            // Nothing is put on record before it is known whether this is where the journal ends.
            return Ok(Outcome::Ticked { posts, next: None });
        }
        if self.is_still() {
            // The machine's clock, the room and what is held are looked at; of the cases nothing comes.
            posts.extend(self.look_at_the_clock(steady)?);
            posts.append(&mut self.desk.unsaid);
            posts.extend(self.hold_back()?);
            posts.extend(self.watch_again()?);
            posts.extend(self.sweep_the_desk()?);
            self.desk.stirred = false;
            return Ok(Outcome::Ticked { posts, next: None });
        }
        posts.extend(self.look_at_the_clock(steady)?);
        posts.append(&mut self.desk.unsaid);
        posts.extend(self.let_go()?);
        posts.extend(self.watch_again()?);
        posts.extend(self.sweep_the_desk()?);
        posts.extend(self.sweep_the_unread()?);
        posts.extend(self.sweep()?);
        posts.extend(self.post_again()?);
        posts.extend(self.erase_what_was_announced()?);
        posts.extend(self.doubt_again()?);
        posts.extend(self.digest()?);
        posts.extend(self.notices()?);
        self.desk.stirred = false;
        Ok(Outcome::Ticked { posts, next: self.desk.next_wake(self.now)? })
    }

    fn look_at_the_clock(&mut self, steady: Option<Duration>) -> Result<Vec<Post>, DeskFault> {
        let before = self.desk.watching;
        let found = self.desk.watching.tick(&self.state, self.now, steady);
        let Some(event) = found else {
            self.certain = self.state.doubt.is_none();
            // In memory only: a moment at which nothing happened needs no record.
            self.state.was_at(self.now);
            self.desk.state.was_at(self.now);
            return Ok(Vec::new());
        };
        let page = text::machine_clock(&event, None, self.now, &self.desk.terms);
        let orders = self.draft_for_the_desk(vec![event.into()], vec![Order::Alarm])?;
        self.certain = self.state.doubt.is_none();
        let posts: Vec<Post> =
            orders.into_iter().map(|order| Post::of_the_desk(self.desk, order, page.clone())).collect();
        let posts = self.written(posts)?;
        if posts.is_empty() {
            // What could not be put on record is found again.
            self.desk.watching = before;
        }
        Ok(posts)
    }

    fn sweep(&mut self) -> Result<Vec<Post>, DeskFault> {
        let mut posts = Vec::new();
        for _ in 0..MOST_ROUNDS {
            let mut swept: Vec<(u8, CaseId, Events)> = Vec::new();
            let mut approved: Vec<CaseId> = Vec::new();
            for id in self.desk.awake(self.now, self.certain || self.desk.watching.went_back())? {
                let Ok(case) = self.case(id)? else {
                    continue;
                };
                let mut hushed = self.hushes(id, &BTreeMap::new())?;
                hushed.extend(self.kept_down_now(id, &BTreeMap::new())?);
                if !hushed.is_empty() {
                    // Nobody is reminded of what the gate refuses.
                    swept.push((u8::MAX, id, hushed));
                    continue;
                }
                let around = self.around_swept(&case)?;
                let events = decide::sweep(&case, &around, &self.desk.terms, self.now, self.certain);
                if is_carried_out(&events) {
                    approved.push(id);
                } else if !events.is_empty() {
                    swept.push((self.urgency(&case, &events), id, events));
                }
            }
            if swept.is_empty() && approved.is_empty() {
                self.desk.watching.counted_again();
                break;
            }
            // Whoever reads down the room meets first what cannot be made good again.
            swept.sort_by_key(|(urgency, ..)| *urgency);
            let before = posts.len();
            for chunk in swept.chunks(AT_ONCE) {
                let mut brought = Vec::new();
                for (_, id, events) in chunk {
                    brought.extend(self.swept(*id, events)?);
                }
                posts.extend(self.written(brought)?);
            }
            for id in approved {
                posts.extend(self.carry_out(id)?);
            }
            if posts.len() == before {
                break;
            }
        }
        Ok(posts)
    }

    /// Does what two people agreed on, which nobody can take back: by itself, and decided anew over everything that stands on
    /// record by now. What was carried out a moment ago may forbid it.
    fn carry_out(&mut self, id: CaseId) -> Result<Vec<Post>, DeskFault> {
        let Ok(case) = self.desk.case(id)? else {
            return Ok(Vec::new());
        };
        let around = self.around_swept(&case)?;
        let mut events = decide::sweep(&case, &around, &self.desk.terms, self.now, self.certain);
        if events.is_empty() {
            return Ok(Vec::new());
        }
        if is_carried_out(&events) {
            events = self.contradicted(&case, events, &case.opened_by)?;
        }
        let posts = self.swept(id, &events)?;
        self.written(posts)
    }

    fn urgency(&self, case: &Case, events: &Events) -> u8 {
        let reminders = events.iter().flat_map(|(_, event)| event.reminders());
        let ranks = reminders.map(|reminder| rank(&reminder.clock, case, &self.desk.terms));
        ranks.min().unwrap_or(u8::MAX)
    }

    /// Writes down what time brought to a case, and what is to be said of it.
    pub(super) fn swept(&mut self, id: CaseId, events: &Events) -> Result<Vec<Post>, DeskFault> {
        // What two people agreed on is the doing of the one who proposed it.
        let by = events.iter().find_map(|(_, event)| {
            if let Event::CarriedOut { proposer, .. } = event { Some(proposer.clone()) } else { None }
        });
        let cause = Cause { by, message: None };
        let orders = match self.draft(cause, Vec::new(), id, events.clone(), None)? {
            Ok(orders) => orders,
            // What comes of time is small, and so is what comes of an act that was small enough to be proposed.
            Err(refusal) => {
                tracing::warn!("{id} cannot be swept: {refusal:?}");
                return Ok(Vec::new());
            }
        };
        Ok(self.said_of_time(orders, events))
    }

    /// What is said of what happened to a case without a command: the word before the card, as an answer is.
    pub(super) fn said_of_time(&mut self, mut orders: Vec<OrderId>, events: &Events) -> Vec<Post> {
        orders.sort_by_key(|order| order.order != Order::Remind);
        let mut posts = Vec::new();
        for order in orders {
            let Some(touched) = order.case.and_then(|case| self.touched.get(&case)) else {
                continue;
            };
            match order.order {
                Order::Remind => {
                    let own = self.shown_events(&touched.after, events);
                    let case = self.shown(&touched.after);
                    posts.push(Post::reminder(self.desk, order, &case, &own, self.now, self.now));
                }
                Order::Card => posts.extend(self.card(&touched.after, order)),
                Order::Answer | Order::Digest | Order::Alarm => {}
            }
        }
        posts
    }

    /// Says each day anew that the clock is in doubt: what waits for it waits for people.
    fn doubt_again(&mut self) -> Result<Vec<Post>, DeskFault> {
        let (Some(why), Some(sure)) = (self.state.doubt, self.state.sure) else {
            return Ok(Vec::new());
        };
        let is_found_now = self.state.doubted.is_none_or(|found| found == self.now);
        if is_found_now || self.desk.digest_due(self.now).is_none() {
            return Ok(Vec::new());
        }
        let event = ClockEvent::ClockDoubted { why, sure };
        let page = text::machine_clock(&event, self.state.doubted, self.now, &self.desk.terms);
        let orders = self.draft_for_the_desk(vec![event.into()], vec![Order::Alarm])?;
        let posts: Vec<Post> =
            orders.into_iter().map(|order| Post::of_the_desk(self.desk, order, page.clone())).collect();
        self.written(posts)
    }

    fn digest(&mut self) -> Result<Vec<Post>, DeskFault> {
        let Some(day) = self.desk.digest_due(self.now) else {
            return Ok(Vec::new());
        };
        self.announce_erasures()?;
        let since = match self.state.digest {
            Some(last) => last.next,
            None => self.came_since(day)?,
        };
        let found = digest::gather(self.desk, since, self.now)?;
        let last = self.state.digest;
        let posted =
            found.is_news(day, last.map_or(0, |last| last.lasting), last.and_then(|last| last.posted));
        let (next, lasting) = (self.state.next, found.lasting());
        let event = DeskEvent::Digested { day, since, next, lasting, posted };
        let owes = if posted { vec![Order::Digest] } else { Vec::new() };
        let orders = self.draft_for_the_desk(vec![event], owes)?;
        let page = render::digest(&found, &self.desk.terms, self.now);
        let posts: Vec<Post> =
            orders.into_iter().map(|order| Post::of_the_desk(self.desk, order, page.clone())).collect();
        self.written(posts)
    }

    /// The number that the first case could have which came since the digest before that of this day, had there been one: what
    /// a desk without any has had for longer is not new.
    fn came_since(&mut self, day: NaiveDate) -> Result<Option<CaseId>, DeskFault> {
        let (time, zone) = (self.desk.terms.reminders.digest, self.desk.terms.zone);
        let before = day.pred_opt().map(|before| at(before, time, zone));
        let mut since = self.state.next;
        // The newest first, so that no more is read than what is new. What is erased by now was not.
        let is_new = |case: Rc<Case>| before.is_none_or(|before| case.opened >= before);
        while let Some(earlier) = since.and_then(|since| CaseId::new(since.number() - 1)) {
            if !self.case(earlier)?.is_ok_and(is_new) {
                break;
            }
            since = Some(earlier);
        }
        Ok(since)
    }

    /// Writes down what happened to the desk as a whole.
    pub(super) fn draft_for_the_desk(
        &mut self,
        events: Vec<DeskEvent>,
        owes: Vec<Order>,
    ) -> Result<Vec<OrderId>, DeskFault> {
        let seq = self.next_seq();
        for event in &events {
            self.state.happened(event, self.now, self.desk.terms.zone);
        }
        let orders: Vec<OrderId> =
            owes.iter().map(|order| OrderId { seq, case: None, order: *order }).collect();
        self.owes.extend(orders.iter().map(|order| (self.drafts.len(), 0, *order)));
        self.stand(&events);
        let part = DeskPart { cause: Cause { by: None, message: None }, events, owes };
        let part = (Scope::Desk, wire::write(&part).map_err(DeskFault::Write)?);
        self.drafts.push(Draft { at: self.now, stamps: Vec::new(), parts: vec![part] });
        Ok(orders)
    }

    /// Commits; what could not be put on record is not said either, and comes again at the next tick.
    pub(super) fn written(&mut self, posts: Vec<Post>) -> Result<Vec<Post>, DeskFault> {
        let before = self.desk.journal.head();
        self.commit()?;
        let is_on_record = self.desk.journal.head() != before;
        if !is_on_record && !posts.is_empty() {
            tracing::warn!("the disk is full: what has fallen due cannot be put on record");
        }
        Ok(if is_on_record { posts } else { Vec::new() })
    }
}

fn is_carried_out(events: &Events) -> bool {
    events.iter().any(|(_, event)| matches!(event, Event::CarriedOut { .. }))
}
