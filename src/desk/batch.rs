//! One batch: each input is decided over what the ones before it made, all are written with one fsync, then answered.

mod asked;
mod commit;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SubsecRound, Utc};

use super::deliver::Post;
use super::{Desk, DeskFault, DeskState, Input, Message, Outcome, facets};
use crate::case::decide::Events;
use crate::case::wire::{self, CasePart, Cause, DeskPart};
use crate::case::{Account, Case, CaseId, DeskEvent, Event, Order, OrderId, Refusal, Scope};
use crate::chat::{self, Page, Query};
use crate::ports::{Draft, Facet, Stamp};

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

    fn refuse(&self, message: &Message, refusal: Refusal, case: Option<CaseId>) -> Outcome {
        let page = chat::text::refusal(&refusal, case, &self.desk.terms);
        self.reply(message, case, page)
    }

    fn reply(&self, message: &Message, case: Option<CaseId>, page: Page) -> Outcome {
        Outcome::Posts(vec![Post::reply(self.desk, message, case, page)])
    }
}
