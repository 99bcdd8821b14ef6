//! One batch: each input is decided over what the ones before it made, all are written with one fsync, then answered.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SubsecRound, Utc};

use super::deliver::Post;
use super::owed::Owed;
use super::{Desk, DeskFault, DeskState, Input, Message, Outcome, PostedFile, facets, look, read, state};
use crate::case::decide::{self, Around, Events};
use crate::case::wire::{self, CasePart, Cause, DeskPart};
use crate::case::{Account, Case, CaseId, Command, DeskEvent, Event, Need, Order, OrderId, Refusal, Scope};
use crate::chat::{self, Asked, Asking, Page, Query, render};
use crate::ports::{AppendFault, Changes, Draft, Facet, Stamp};

pub(super) fn handle(
    desk: &mut Desk,
    inputs: Vec<Input>,
    now: DateTime<Utc>,
) -> Result<Vec<Outcome>, DeskFault> {
    // The journal keeps milliseconds; deciding by anything finer would make a replay differ.
    let mut batch = Batch::new(desk, now.trunc_subsecs(3));
    for input in inputs {
        let outcome = batch.input(input)?;
        batch.outcomes.push(outcome);
    }
    batch.commit()?;
    Ok(batch.outcomes)
}

/// Takes an event in; `None` if there is no case yet and the event does not open one.
pub(super) fn take_in(
    case: &mut Option<Case>,
    id: CaseId,
    event: &Event,
    by: Option<&Account>,
    at: DateTime<Utc>,
) -> Option<()> {
    match case {
        Some(case) => {
            // docket's own doings are not signed by anybody.
            let by = by.unwrap_or(&case.opened_by).clone();
            case.apply(event, &by, at);
        }
        None => *case = Some(Case::begin(id, event, by?, at)?),
    }
    Some(())
}

/// What has been decided and is not yet on disk.
struct Batch<'a> {
    desk: &'a mut Desk,
    now: DateTime<Utc>,
    outcomes: Vec<Outcome>,
    drafts: Vec<Draft>,
    /// The messages whose drafts are not on disk, by the place of their outcome.
    waiting: BTreeMap<usize, Message>,
    /// What was only read and shows what is not on disk, likewise.
    looks: BTreeMap<usize, (Message, Query)>,
    touched: BTreeMap<CaseId, Touched>,
    /// Cases as they are on file, read once in a batch.
    on_file: BTreeMap<CaseId, Case>,
    /// What each draft, in order, adds to the lists of which cases.
    found_by: Vec<(CaseId, BTreeSet<Facet>)>,
    /// What each draft owes, with the part of it that does.
    owes: Vec<(usize, usize, OrderId)>,
    /// Orders that were carried out.
    done: BTreeSet<OrderId>,
    stamps: BTreeSet<Stamp>,
    state: DeskState,
}

struct Touched {
    before: Option<Case>,
    after: Case,
}

impl<'a> Batch<'a> {
    fn new(desk: &'a mut Desk, now: DateTime<Utc>) -> Batch<'a> {
        let state = desk.state.clone();
        Batch {
            desk,
            now,
            outcomes: Vec::new(),
            drafts: Vec::new(),
            waiting: BTreeMap::new(),
            looks: BTreeMap::new(),
            touched: BTreeMap::new(),
            on_file: BTreeMap::new(),
            found_by: Vec::new(),
            owes: Vec::new(),
            done: BTreeSet::new(),
            stamps: BTreeSet::new(),
            state,
        }
    }

    fn input(&mut self, input: Input) -> Result<Outcome, DeskFault> {
        match input {
            Input::Message(message) => self.message(message),
            Input::Delivered(done) => self.delivered(done),
            Input::Standing => {
                self.commit()?;
                Ok(Outcome::Standing {
                    head: self.desk.head(),
                    purged: self.desk.purged()?,
                })
            }
            Input::Purge(cases, why) => {
                self.commit()?;
                let posts = self.desk.purge(&cases, why, self.now)?;
                self.state = self.desk.state.clone();
                Ok(Outcome::Posts(posts))
            }
        }
    }

    fn message(&mut self, message: Message) -> Result<Outcome, DeskFault> {
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
    /// has made it; a sync for each look in between would cost more than all the rest (measured: half of the commands a
    /// second). What asks the lists or the journal waits for them to be there.
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

    /// The case as this batch has made it, or as it is on file.
    fn case(&mut self, id: CaseId) -> Result<Result<Case, Refusal>, DeskFault> {
        match self.touched.get(&id) {
            Some(touched) => Ok(Ok(touched.after.clone())),
            None => self.case_on_file(id),
        }
    }

    /// The case as it was before this batch.
    fn case_on_file(&mut self, id: CaseId) -> Result<Result<Case, Refusal>, DeskFault> {
        if let Some(case) = self.on_file.get(&id) {
            return Ok(Ok(case.clone()));
        }
        let found = self.desk.case(id)?;
        if let Ok(case) = &found {
            self.on_file.insert(id, case.clone());
        }
        Ok(found)
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

    /// Writes down what was decided, as one record, and applies it. The first case is the one that is answered.
    fn draft(
        &mut self,
        cause: Cause,
        stamps: Vec<Stamp>,
        main: CaseId,
        events: Events,
    ) -> Result<Vec<OrderId>, DeskFault> {
        let mut by_case: BTreeMap<CaseId, Vec<Event>> = BTreeMap::new();
        for (case, event) in events {
            by_case.entry(case).or_default().push(event);
        }
        let seq = self.desk.journal.head().seq.0 + 1 + self.drafts.len() as u64;
        let mut parts = Vec::new();
        let mut orders = Vec::new();
        for (id, events) in by_case {
            let quiet = events
                .iter()
                .all(|event| matches!(event, Event::CardPosted { .. }));
            let owes: Vec<Order> = match (quiet, id == main) {
                (true, _) => Vec::new(),
                (false, true) => vec![Order::Answer, Order::Card],
                (false, false) => vec![Order::Card],
            };
            for order in &owes {
                let order = OrderId {
                    seq,
                    case: id,
                    order: *order,
                };
                self.owes.push((self.drafts.len(), parts.len(), order));
                orders.push(order);
            }
            self.apply(id, &events, cause.by.as_ref())?;
            let part = CasePart {
                cause: cause.clone(),
                events,
                owes,
            };
            parts.push((Scope::Case(id), wire::write(&part).map_err(DeskFault::Write)?));
        }
        // The answer first, then the card of its own case, then those of the others.
        orders.sort_by_key(|order| (order.case != main, order.order));
        self.stamps.extend(stamps.iter().copied());
        self.drafts.push(Draft {
            at: self.now,
            stamps,
            parts,
        });
        Ok(orders)
    }

    fn apply(&mut self, id: CaseId, events: &[Event], by: Option<&Account>) -> Result<(), DeskFault> {
        let (before, mut after) = match self.touched.remove(&id) {
            Some(Touched { before, after }) => (before, Some(after)),
            None => {
                let before = if self.state.next.is_some_and(|next| id < next) {
                    self.case_on_file(id)?.ok()
                } else {
                    None
                };
                (before.clone(), before)
            }
        };
        let mut words = BTreeSet::new();
        for event in events {
            let no_case = DeskFault::NoOpening {
                seq: self.desk.head().seq,
                case: id,
            };
            take_in(&mut after, id, event, by, self.now).ok_or(no_case)?;
            words.extend(facets::of_event(event));
        }
        self.state.opened(id);
        self.found_by.push((id, words));
        if let Some(after) = after {
            self.touched.insert(id, Touched { before, after });
        }
        Ok(())
    }

    fn delivered(&mut self, done: Vec<(OrderId, Option<String>)>) -> Result<Outcome, DeskFault> {
        let cause = Cause {
            by: None,
            message: None,
        };
        let mut posted: Events = Vec::new();
        for (order, post) in &done {
            if let (Order::Card, Some(post)) = (order.order, post)
                && let Ok(case) = self.case(order.case)?
                && case.card.as_ref() != Some(post)
            {
                posted.push((order.case, Event::CardPosted { post: post.clone() }));
            }
        }
        self.done.extend(done.iter().map(|(order, _)| *order));
        let part = DeskPart {
            cause: cause.clone(),
            events: vec![DeskEvent::Delivered {
                orders: done.into_iter().map(|(order, _)| order).collect(),
            }],
        };
        let part = (Scope::Desk, wire::write(&part).map_err(DeskFault::Write)?);
        match posted.first() {
            Some((main, _)) => {
                let main = *main;
                self.draft(cause, Vec::new(), main, posted)?;
                if let Some(draft) = self.drafts.last_mut() {
                    draft.parts.insert(0, part);
                }
            }
            None => self.drafts.push(Draft {
                at: self.now,
                stamps: Vec::new(),
                parts: vec![part],
            }),
        }
        Ok(Outcome::Posts(Vec::new()))
    }

    /// Journal, fsync, index. After this everything decided so far may be answered.
    fn commit(&mut self) -> Result<(), DeskFault> {
        let drafts = std::mem::take(&mut self.drafts);
        let waiting = std::mem::take(&mut self.waiting);
        let looks = std::mem::take(&mut self.looks);
        let touched = std::mem::take(&mut self.touched);
        self.on_file.clear();
        let found_by = std::mem::take(&mut self.found_by);
        let owes = std::mem::take(&mut self.owes);
        let done = std::mem::take(&mut self.done);
        let stamps = std::mem::take(&mut self.stamps);
        if drafts.is_empty() {
            return Ok(());
        }
        let places = match self.desk.journal.append(self.desk.journal.head(), &drafts) {
            Ok(places) => places,
            Err(AppendFault::Full) => {
                self.state = self.desk.state.clone();
                for (at, message) in waiting {
                    let refused = self.refuse(&message, Refusal::DiskFull, None);
                    if let Some(outcome) = self.outcomes.get_mut(at) {
                        *outcome = refused;
                    }
                }
                for (at, (message, query)) in looks {
                    let (case, page) = read::answer(self.desk, query, self.now)?;
                    let answer = self.reply(&message, case, page);
                    if let Some(outcome) = self.outcomes.get_mut(at) {
                        *outcome = answer;
                    }
                }
                return Ok(());
            }
            Err(fault) => return Err(fault.into()),
        };
        self.state.last = places.last().map(|place| place.0);
        let mut changes = Changes::default();
        for order in &done {
            if let Some(owed) = self.desk.owed.remove(order) {
                changes.drop.extend(owed.listed(order.order));
            }
        }
        for (draft, part, order) in owes {
            if let Some(place) = places.get(draft).copied().filter(|_| !done.contains(&order)) {
                let owed = Owed { place, part };
                changes
                    .add
                    .push(owed.listed(order.order).ok_or(DeskFault::TooFar)?);
                self.desk.owed.insert(order, owed);
            }
        }
        changes.add.extend(stamps.into_iter().map(facets::seen));
        for (draft, place) in drafts.iter().zip(&places) {
            for (scope, _) in &draft.parts {
                match scope {
                    Scope::Case(case) => changes.add.push((facets::places(*case), place.0)),
                    Scope::Desk => {}
                }
            }
        }
        for (case, words) in found_by {
            changes
                .add
                .extend(words.into_iter().map(|facet| (facet, u64::from(case.number()))));
        }
        for (id, Touched { before, after }) in touched {
            let number = u64::from(id.number());
            let was = before
                .as_ref()
                .map(|case| facets::of_case(case, &self.desk.terms))
                .unwrap_or_default();
            let is = facets::of_case(&after, &self.desk.terms);
            changes
                .drop
                .extend(was.difference(&is).map(|facet| (facet.clone(), number)));
            changes
                .add
                .extend(is.difference(&was).map(|facet| (facet.clone(), number)));
            changes.put.push((Scope::Case(id), look::case_bytes(&after)?));
        }
        changes.put.push((Scope::Desk, state::state_bytes(&self.state)?));
        self.desk.state = self.state.clone();
        let head = self.desk.journal.head();
        if let Err(fault) = self.desk.index.apply(head, changes) {
            tracing::warn!("{fault}; it is being rebuilt");
            self.desk.rebuild(&mut |_| {})?;
            self.state = self.desk.state.clone();
        }
        Ok(())
    }

    fn refuse(&self, message: &Message, refusal: Refusal, case: Option<CaseId>) -> Outcome {
        let page = chat::text::refusal(&refusal, case, &self.desk.terms);
        self.reply(message, case, page)
    }

    fn reply(&self, message: &Message, case: Option<CaseId>, page: Page) -> Outcome {
        Outcome::Posts(vec![Post::reply(self.desk, message, case, page)])
    }
}
