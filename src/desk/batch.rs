//! One batch: each input is decided over what the ones before it made, all are written with one fsync, then answered.

mod asked;
mod beside;
mod cards;
mod coming;
mod commit;
mod desk_command;
mod followed;
mod frozen;
mod handed;
mod held;
mod hushed;
mod kept_down;
mod letters;
mod lost;
mod moved;
mod notices;
mod posted;
mod publish;
mod recognised;
mod retain;
mod sealed;
mod swept;
mod undone;
mod unread;
mod visits;
mod watched;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::{DateTime, SubsecRound, Utc};

use self::recognised::Marks;
use super::deliver::{self, Post};
use super::{Desk, DeskFault, DeskState, Input, Last, Message, Outcome, facets};
use crate::case::decide::{self, Events};
use crate::case::wire::{self, CasePart, Cause, DeskPart};
use crate::case::{
    Account, Case, CaseId, DeskEvent, Event, Order, OrderId, PurgeReason, Refusal, Scope, Telling,
};
use crate::chat::{self, Page};
use crate::ports::{Draft, Facet, Seq, Stamp};

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

/// More than any message can bring, and far less than a record of the journal holds.
const LONGEST_RECORD: usize = 4 << 20;
/// So many cases that did not change are kept at hand at most.
const MOST_ON_FILE: usize = 256;

/// What a case's part of a record owes to the outside: an answer to whoever asked; a word to the room about what docket did
/// by itself; and the card, if the case has changed.
fn owed_for(events: &[Event], answered: bool, by_itself: bool) -> Vec<Order> {
    let mut owed = Vec::new();
    // A look is answered like any other, and shows nowhere but in the log.
    if events.iter().any(Event::is_look) {
        return owed;
    }
    if answered {
        owed.push(Order::Answer);
    }
    // That a case goes back was said when it went; its card shows it.
    let is_unsaid = |event: &Event| matches!(event, Event::NoticeStepped { step, .. } if !step.is_said());
    // Nor does anybody wait to hear that a letter which somebody let go is there: its card shows it.
    let is_of_letter = |event: &Event| {
        matches!(event, Event::LetterSent { .. } | Event::LetterLeaves { .. } | Event::WaitBegan { .. })
    };
    let is_told = |event: &Event| {
        !event.is_quiet()
            && !is_unsaid(event)
            && !is_of_letter(event)
            && !matches!(event, Event::Assigned { .. } | Event::HandedOver { .. })
    };
    // Nor would anybody look for what another case made void here.
    let is_forbidden = !answered && events.iter().any(|event| event.forbidden_to().next().is_some());
    // Nor for a request that is theirs again, or for which nothing is kept by another one any more.
    let is_back = events.iter().any(Event::is_back) || (!answered && events.iter().any(Event::is_let_go));
    if by_itself && events.iter().any(is_told) || is_forbidden || is_back {
        owed.push(Order::Remind);
    }
    if events.iter().any(Event::is_alone) {
        owed.push(Order::Alarm);
    }
    if !events.iter().all(|event| event.is_quiet() || event.is_of_reminders() || is_unsaid(event)) {
        owed.push(Order::Card);
    }
    owed
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

/// A case as it was, if it was there, and as it would be after what is about to be drafted.
struct Changed {
    before: Option<Rc<Case>>,
    after: Rc<Case>,
}

/// What has been decided and is not yet on disk.
struct Batch<'a> {
    desk: &'a mut Desk,
    now: DateTime<Utc>,
    /// Whether that is certain.
    certain: bool,
    outcomes: Vec<Outcome>,
    drafts: Vec<Draft>,
    /// The messages since the last sync, by the place of their outcome: none has been answered to anybody yet.
    unsaid: BTreeMap<usize, Message>,
    /// Set while they are handled again because the disk is full: nothing is drafted then.
    full: bool,
    touched: BTreeMap<CaseId, Touched>,
    /// Cases as they are on file, read once in a batch.
    on_file: BTreeMap<CaseId, Rc<Case>>,
    /// What each draft, in order, adds to the lists of which cases.
    found_by: Vec<(CaseId, BTreeSet<Facet>)>,
    /// What each draft owes, with the part of it that does.
    owes: Vec<(usize, usize, OrderId)>,
    /// Orders that were carried out.
    done: BTreeSet<OrderId>,
    stamps: BTreeSet<Stamp>,
    /// The drafts that say something of the whole desk.
    stands: BTreeSet<usize>,
    /// Which cases this batch has put into the lists that they are recognised by (`true`), or taken out of them.
    recognised: BTreeMap<Facet, BTreeMap<CaseId, bool>>,
    state: DeskState,
    /// Each person's last command.
    last: BTreeMap<Account, Last>,
}

struct Touched {
    before: Option<Rc<Case>>,
    after: Rc<Case>,
    /// Whether anything happened but work on the case.
    moved: bool,
}

impl<'a> Batch<'a> {
    fn new(desk: &'a mut Desk, now: DateTime<Utc>) -> Batch<'a> {
        let state = desk.state.clone();
        let certain = desk.certain(now);
        Batch {
            desk,
            now,
            certain,
            outcomes: Vec::new(),
            drafts: Vec::new(),
            unsaid: BTreeMap::new(),
            full: false,
            touched: BTreeMap::new(),
            on_file: BTreeMap::new(),
            found_by: Vec::new(),
            owes: Vec::new(),
            done: BTreeSet::new(),
            stamps: BTreeSet::new(),
            stands: BTreeSet::new(),
            recognised: BTreeMap::new(),
            state,
            last: BTreeMap::new(),
        }
    }

    fn input(&mut self, input: Input) -> Result<Outcome, DeskFault> {
        match input {
            Input::Message(message) => {
                let outcome = self.message(message.clone())?;
                let outcome = self.for_whom(&message, outcome)?;
                self.count(&outcome);
                // Whatever it was decided or shown over is not on disk yet.
                self.unsaid.insert(self.outcomes.len(), message);
                Ok(outcome)
            }
            Input::Delivered(done) => self.delivered(done),
            Input::Anew(post) => {
                self.commit()?;
                Ok(Outcome::Posts(deliver::anew(self.desk, *post, self.now)?))
            }
            Input::Tick { steady } => self.tick(steady),
            Input::Standing => {
                self.commit()?;
                Ok(Outcome::Standing { head: self.desk.head(), purged: self.desk.purged()? })
            }
            Input::MayTell(case, account) => self.may_tell(case, &account),
            Input::NoticeRoom(room) => self.notice_room(&room),
            Input::Stepped { case, account, step } => self.stepped(case, &account, step),
            Input::Invited(account) => Ok(self.invited(&account)),
            Input::Visit(visiting) => self.visit(*visiting),
            Input::MayWrite(case, letter) => self.may_write(case, &letter),
            Input::Brought(brought) => self.brought(&brought),
            Input::Leaving(orders) => Ok(self.leaving(&orders)),
            Input::Looked(looked) => self.looked_back(*looked),
            Input::Tally(half, below) => {
                self.commit()?;
                self.desk.tally_or_report(half, below, self.now)
            }
            Input::Report(tally) => Ok(match self.desk.report_of(&tally, self.now) {
                Some(edition) => Outcome::Reported(Box::new(edition)),
                None => Outcome::NoReport(chat::text::report_unread()),
            }),
            Input::Resume(account) => self.resume_on_host(account),
            Input::Unproven { id, sender, flaw } => self.unproven(&id, sender, flaw),
            Input::Reading(reading) => self.reading(reading),
            Input::Recognised => Ok(self.recognised_by()),
            Input::Sighted(sightings) => self.sighted(&sightings),
            Input::Watched(seen) => self.watched(*seen),
            Input::People(people, named) => self.people(people, named),
            Input::Misconfigured => Ok(self.misconfigured()),
            Input::Compared(sighting) => {
                let event = decide::compared(sighting, &self.desk.terms);
                self.vouched_on_host(event)
            }
            Input::Trust(account, key) => self.trust_on_host(account, key),
            Input::Room(room) => self.entered(room),
            Input::CardDoubted(post) => self.card_doubted(&post),
            Input::CardGone { post, by_docket } => self.card_gone(&post, by_docket),
            Input::Condition(condition) => {
                self.desk.condition = Some(condition);
                Ok(Outcome::Posts(Vec::new()))
            }
            Input::Health => {
                self.commit()?;
                let health = self.desk.health(self.now)?;
                Ok(Outcome::Health(chat::render::findings(&health, &self.desk.terms, self.now)))
            }
            Input::Purge(cases, why) => {
                self.commit()?;
                if let Some(held) = self.desk.held().filter(|_| why == PurgeReason::Retention) {
                    return Ok(Outcome::NotPurged(Refusal::Held(held.clone())));
                }
                let purged = self.desk.purge(&cases, why, self.now)?;
                self.state = self.desk.state.clone();
                Ok(purged)
            }
        }
    }

    /// The case as this batch has made it, or as it is on file.
    fn case(&mut self, id: CaseId) -> Result<Result<Rc<Case>, Refusal>, DeskFault> {
        match self.touched.get(&id) {
            Some(touched) => Ok(Ok(touched.after.clone())),
            None => self.case_on_file(id),
        }
    }

    /// The case as it was before this batch.
    fn case_on_file(&mut self, id: CaseId) -> Result<Result<Rc<Case>, Refusal>, DeskFault> {
        if let Some(case) = self.on_file.get(&id) {
            return Ok(Ok(case.clone()));
        }
        let found = self.desk.case(id)?.map(Rc::new);
        if self.on_file.len() == MOST_ON_FILE {
            // Whoever goes through all cases does not hold all of them: what was read can be read again.
            self.on_file.clear();
        }
        if let Ok(case) = &found {
            self.on_file.insert(id, case.clone());
        }
        Ok(found)
    }

    /// Writes down what was decided, as one record, and applies it. The first case is the one that is answered. What does not
    /// fit into a record is refused and changes nothing.
    fn draft(
        &mut self,
        cause: Cause,
        stamps: Vec<Stamp>,
        main: CaseId,
        events: Events,
        desk: Option<DeskPart>,
    ) -> Result<Result<Vec<OrderId>, Refusal>, DeskFault> {
        self.draft_policy()?;
        let seq = self.next_seq();
        let mut by_case: BTreeMap<CaseId, Vec<Event>> = BTreeMap::new();
        for (case, event) in events {
            by_case.entry(case).or_default().push(event);
        }
        // Whom a case may tell and what it puts back do not hang on each other.
        let changed = self.changed(&by_case, cause.by.as_ref())?;
        let mut follows = self.hushed(&changed)?;
        follows.extend(self.kept_down(&changed)?);
        for (id, event) in follows {
            by_case.entry(id).or_default().push(event);
        }
        for (id, events) in &mut by_case {
            events.extend(self.ensuing(*id, events, cause.by.as_ref())?);
        }
        let beside = self.beside_sealed(&by_case, cause.by.as_ref())?;
        for id in &beside {
            by_case.entry(*id).or_default();
        }
        let mut parts = Vec::new();
        let mut owes = Vec::new();
        if let Some(part) = &desk {
            let orders = part.owes.iter().map(|order| OrderId { seq, case: None, order: *order });
            owes.extend(orders.map(|order| (self.drafts.len(), parts.len(), order)));
            parts.push((Scope::Desk, wire::write(part).map_err(DeskFault::Write)?));
        }
        for (id, events) in &by_case {
            let is_main = *id == main;
            let mut owed =
                owed_for(events, is_main && cause.message.is_some(), is_main && cause.message.is_none());
            if beside.contains(id) && !owed.contains(&Order::Card) {
                owed.push(Order::Card);
            }
            let is_beside = |event: &Event| {
                matches!(event, Event::Contradicted { .. } | Event::Hushed { .. } | Event::KeptDown { .. })
                    || event.is_quiet()
                    || event.is_of_reminders()
            };
            // A card that would not change is not posted again: that it is would say whom a sealed case names, or that one names
            // this. What was sealed a moment ago goes from the cards that named it, though nothing happened to those.
            if let Some(case) = self.case(*id)?.ok().filter(|_| !is_main) {
                if case.is_sealed() && events.iter().all(is_beside) {
                    owed.clear();
                } else if (case.is_sealed() || !beside.contains(id))
                    && self.card_says_the_same(&case, events, cause.by.as_ref())
                {
                    owed.retain(|order| *order != Order::Card);
                }
            }
            let orders = owed.iter().map(|order| OrderId { seq, case: Some(*id), order: *order });
            owes.extend(orders.map(|order| (self.drafts.len(), parts.len(), order)));
            let part = CasePart { cause: cause.clone(), events: events.clone(), owes: owed };
            parts.push((Scope::Case(*id), wire::write(&part).map_err(DeskFault::Write)?));
        }
        if parts.iter().map(|(_, body)| body.len()).sum::<usize>() > LONGEST_RECORD {
            return Ok(Err(Refusal::TooMuchAtOnce));
        }
        for (id, events) in &by_case {
            self.apply(*id, events, cause.by.as_ref())?;
        }
        for event in desk.iter().flat_map(|part| &part.events) {
            self.state.happened(event, self.now, self.desk.terms.zone);
        }
        self.stand(desk.iter().flat_map(|part| &part.events));
        // The answer first, then the card of its own case, then those of the others.
        let mut orders: Vec<OrderId> = owes.iter().map(|(_, _, order)| *order).collect();
        orders.sort_by_key(|order| (order.case != Some(main), order.order));
        self.owes.extend(owes);
        self.stamps.extend(stamps.iter().copied());
        self.drafts.push(Draft { at: self.now, stamps, parts });
        Ok(Ok(orders))
    }

    /// What follows for a case to which these events happen from what it is then: the notices that are void, for they say that
    /// something went back that another case keeps down since, and what must be put on record of its clocks. Whatever moves a
    /// clock comes through here, so people are reminded of it from this moment on; from the last sure one, while this one is not.
    fn ensuing(
        &mut self,
        id: CaseId,
        events: &[Event],
        by: Option<&Account>,
    ) -> Result<Vec<Event>, DeskFault> {
        let mut case = self.case(id)?.ok().map(Rc::unwrap_or_clone);
        for event in events {
            if take_in(&mut case, id, event, by, self.now).is_none() {
                return Ok(Vec::new()); // said by `apply`
            }
        }
        let mut ensuing = case.as_ref().map(decide::held_up).unwrap_or_default();
        for event in &ensuing {
            take_in(&mut case, id, event, by, self.now);
        }
        let sure = self.state.sure.filter(|_| !self.certain);
        let from = sure.map_or(self.now, |sure| sure.min(self.now));
        ensuing.extend(case.and_then(|case| decide::watch(&case, &self.desk.terms, from)));
        Ok(ensuing)
    }

    /// The cases that these events change in what may matter to others, as they were and as they would be.
    fn changed(
        &mut self,
        by_case: &BTreeMap<CaseId, Vec<Event>>,
        by: Option<&Account>,
    ) -> Result<BTreeMap<CaseId, Changed>, DeskFault> {
        let mut changed = BTreeMap::new();
        for (id, events) in by_case {
            if events.iter().all(Event::is_of_work) {
                continue;
            }
            let is_new = matches!(events.first(), Some(Event::Opened { .. }));
            let before = if is_new { None } else { self.case(*id)?.ok() };
            let mut after = before.as_deref().cloned();
            for event in events {
                if take_in(&mut after, *id, event, by, self.now).is_none() {
                    break; // said by `apply`
                }
            }
            if let Some(after) = after.map(Rc::new) {
                changed.insert(*id, Changed { before, after });
            }
        }
        Ok(changed)
    }

    /// The number of the record that the next draft becomes.
    fn next_seq(&self) -> u64 {
        self.desk.journal.head().seq.0 + 1 + self.drafts.len() as u64
    }

    /// Takes in what the next draft says of the whole desk.
    fn stand<'e>(&mut self, events: impl IntoIterator<Item = &'e DeskEvent>) {
        for event in events {
            match event {
                DeskEvent::Stands(event) => self.desk.stand_drafted(event),
                DeskEvent::Unread(event) => self.desk.unread_drafted(event),
                DeskEvent::Clock(event) => {
                    let seq = self.next_seq();
                    self.desk.doubt_drafted(Seq(seq), self.now, *event);
                }
                DeskEvent::Delivered { .. } | DeskEvent::Purged { .. } | DeskEvent::Digested { .. } => {
                    continue;
                }
            }
            self.stands.insert(self.drafts.len());
        }
    }

    /// Puts on record that a message was handled, and nothing of what it said: were it delivered again later, when what stood
    /// in its way is gone, it must not be carried out after all.
    fn draft_stamp(&mut self, marks: Marks) {
        let new: Vec<Stamp> = marks.all().into_iter().filter(|stamp| self.stamps.insert(*stamp)).collect();
        if !new.is_empty() && !self.full {
            self.drafts.push(Draft { at: self.now, stamps: new, parts: Vec::new() });
        }
    }

    fn apply(&mut self, id: CaseId, events: &[Event], by: Option<&Account>) -> Result<(), DeskFault> {
        let (before, mut after, had_moved) = match self.touched.remove(&id) {
            Some(Touched { before, after, moved }) => (before, Some(Rc::unwrap_or_clone(after)), moved),
            None => {
                let before = if self.state.next.is_some_and(|next| id < next) {
                    self.case_on_file(id)?.ok()
                } else {
                    None
                };
                (before.clone(), before.map(Rc::unwrap_or_clone), false)
            }
        };
        let moves = !events.iter().all(Event::is_of_work);
        let is_new = |event: &Event| {
            let is_notice = matches!(event, Event::NoticeSettled { what: Telling::Sending { .. }, .. });
            is_notice || matches!(event, Event::LetterReleased { .. } | Event::LetterLeaves { .. })
        };
        if events.iter().any(is_new) {
            self.desk.handed_out.remove(&id);
            self.desk.stirred = true;
        }
        let recognised = |case: &Option<Case>, terms| {
            let case = case.as_ref().filter(|_| moves);
            case.map(|case| facets::recognised(case, terms)).unwrap_or_default()
        };
        let was = recognised(&after, &self.desk.terms);
        let mut words = BTreeSet::new();
        for event in events {
            let no_case = DeskFault::NoOpening { seq: self.desk.head().seq, case: id };
            take_in(&mut after, id, event, by, self.now).ok_or(no_case)?;
            words.extend(facets::of_event(event));
        }
        let is = recognised(&after, &self.desk.terms);
        for facet in was.symmetric_difference(&is) {
            self.recognised.entry(facet.clone()).or_default().insert(id, is.contains(facet));
        }
        self.state.opened(id);
        self.found_by.push((id, words));
        if let Some(after) = after {
            self.touched.insert(id, Touched { before, after: Rc::new(after), moved: had_moved || moves });
        }
        Ok(())
    }

    fn refuse(&self, message: &Message, refusal: Refusal, case: Option<CaseId>) -> Outcome {
        if let Some(condition) = refusal.condition() {
            tracing::info!(event = message.id, condition, "a command is not allowed");
        }
        let page = chat::text::refusal(&self.shown_refusal(case, &refusal), case, &self.desk.terms);
        self.reply(message, case, page)
    }

    fn reply(&self, message: &Message, case: Option<CaseId>, page: Page) -> Outcome {
        Outcome::Posts(vec![Post::reply(self.desk, message, case, page)])
    }
}
