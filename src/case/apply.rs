//! How a case is folded from its events. `apply` cannot fail and holds no rule. How it begins stands in `begin`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::discretion::orders_silence;
use super::mail_domains::domains_of;
use super::number::numbers_of;
use super::state::NOTES_KEPT;
use super::{
    Account, Alone, Approval, Attestation, Case, Channel, Command, Cost, Ending, Event, Field, File, Gag,
    GagOver, Hold, HoldOver, INSTRUMENT_KEY, KeptDown, KeptWith, Lent, Link, Note, Notice, Outcome,
    Prolonged, Proposal, REVIEW_KEY, Relation, Release, ReleaseState, Reminded, ScopeLine, Sent, Step,
    Stepped, Telling, Tried, Verifiable, Verification, Visit, Wait, Watch, Wording,
};

/// By which way somebody was told whom docket told.
const BY_DOCKET: &str = "docket";

impl Case {
    /// Takes in what happened.
    pub fn apply(&mut self, event: &Event, by: &Account, at: DateTime<Utc>) {
        let (wished, kept) = (self.wished_before(event), self.kept_before());
        let two = self.deciding.clone();
        let ended = |what| {
            let with = two.iter().filter(|person| *person != by).cloned().collect();
            Some(Outcome { at, by: by.clone(), with, what })
        };
        if event.ends_request() {
            self.deciding.clear();
        }
        match event {
            // Only `begin` opens; an opened case is not opened again.
            Event::Opened { .. } => {}
            Event::FreeToTell { since } => {
                self.freed.instrument = *since;
                return; // docket keeps its books, the case itself has not changed
            }
            Event::NoticeGone { other, gone: true } => {
                self.notices_gone.insert(*other);
            }
            Event::NoticeGone { other, gone: false } => {
                self.notices_gone.remove(other);
            }
            Event::DecidedBefore { other, by, with } => {
                self.decided_before.insert(*other, by.clone());
                self.decided_with.insert(*other, with.clone());
            }
            Event::BroughtBack { other, outward: false, .. } => {
                self.worked_again.insert(*other);
            }
            Event::FieldSet { field } => {
                // Secrecy that is asked for anew has its time again.
                let asks = field.is_about_secrecy() || field.pleads().is_some();
                self.secrecy_lapsed &= !asks;
                // Nor does a gag that is over speak for what is asked for since.
                let is_over = self.gag.as_ref().is_some_and(|gag| !gag.binds());
                self.secrecy_anew |= asks && is_over;
                let is_instrument = field.key == INSTRUMENT_KEY;
                self.secrecy_anew |= is_instrument && is_over && orders_silence(&field.value);
                // Nor does what was found of one order speak for the next.
                self.order_absent &= !(is_instrument || asks);
                if field.key == REVIEW_KEY {
                    self.alone.iter_mut().for_each(|alone| alone.reviewed_by = Some(by.clone()));
                }
                self.keep_as_it_came(&field.key);
                self.typed.insert(field.key.clone());
                self.put(field);
            }
            Event::ReceivedSet { at, field, .. } => {
                self.received = *at;
                self.put(field);
            }
            Event::CounterMoved { other, received } => {
                // One that came to nothing moves no clock.
                if let Some(since) = self.counters.get_mut(other) {
                    *since = *received;
                }
                self.count_counters();
            }
            Event::CounterEnded { other } => {
                self.counters.remove(other);
                self.count_counters();
            }
            Event::CounterStands { other, received } => {
                self.counters.insert(*other, *received);
                self.count_counters();
            }
            Event::MayCounter { cases } => {
                self.beside.may_counter.clone_from(cases);
                return; // docket has found something, the case itself has not changed
            }
            Event::FieldCleared { key, .. } => {
                self.keep_as_it_came(key);
                self.remember(key);
                self.fields.retain(|field| field.key != *key);
            }
            Event::Noted { text } => self.note(at, by.clone(), text.clone()),
            Event::FileAttached { file, role, user } => {
                let (file, role, user) = (file.clone(), *role, user.clone());
                self.files.push(File { at, by: by.clone(), file, role, user });
            }
            Event::Verified { what, by, how, entry, call, recorder } => {
                let (how, entry, call) = (how.clone(), entry.clone(), call.clone());
                let done = Some(Verification { at, by: by.clone(), how, entry, call });
                self.tried.retain(|tried| tried.what != *what);
                match what {
                    Verifiable::Requester => {
                        self.requester = done;
                        self.callers.extend([by.clone()].into_iter().chain(recorder.clone()));
                    }
                    Verifiable::Instrument => {
                        self.instrument = done;
                        self.verified_nameless = !self.fields.iter().any(Field::may_name_accounts);
                    }
                }
            }
            Event::VerificationVoided { what } => match what {
                Verifiable::Requester => {
                    self.requester = None;
                    // With other lines it is another requester; one who was denied is still the same.
                    if self.denied(Verifiable::Requester).is_none() {
                        self.callers.clear();
                    }
                }
                Verifiable::Instrument => self.instrument = None,
            },
            Event::Assigned { to } => {
                self.owner = to.clone();
                self.lent = None;
            }
            Event::HandedOver { from, to, until, .. } => {
                self.owner = Some(to.clone());
                self.lent = Lent::handed(self.lent.take(), from, to, *until);
            }
            Event::Tagged { added, removed } => {
                self.tags.extend(added.iter().cloned());
                self.tags.retain(|tag| !removed.contains(tag));
            }
            Event::Linked { other, how, outward, received } => {
                if *how == Relation::Counter && !*outward {
                    let since = received.unwrap_or(at);
                    let first = self.counters.entry(*other).or_insert(since);
                    *first = (*first).min(since);
                    self.count_counters();
                }
                self.links.insert(Link { other: *other, how: *how, outward: *outward });
                if *how == Relation::Duplicate {
                    // Of two cases one is the duplicate; what was said before was a mistake.
                    self.links.remove(&Link { other: *other, how: *how, outward: !*outward });
                    self.worked_again.remove(other);
                }
                if *how == Relation::Duplicate && *outward {
                    self.acted_on |= self.is_granted();
                    self.outcome = ended(Ending::Duplicate { of: *other });
                }
            }
            Event::Answered { extent } => {
                self.outcome = ended(Ending::Answered { extent: *extent });
                self.answered_with = None;
            }
            Event::RequestRefused { code, text, words } => {
                self.outcome = ended(Ending::Refused { code: code.clone() });
                self.wording = Some(Wording { text: text.clone(), words: words.clone() });
            }
            Event::Withdrawn { .. } => self.outcome = ended(Ending::Withdrawn),
            Event::Closed => self.closed = Some(at),
            Event::Reopened { .. } | Event::BroughtBack { outward: true, .. } => {
                self.closed = None;
                self.announced = None;
                self.acted_on |= self.is_granted();
                self.owed_since = self.owed_since.or(self.own_end());
                self.outcome = None;
                self.wording = None;
                self.unsent = None;
                self.undone.clear();
                self.due_again = false;
            }
            Event::Unlinked { other, how, outward } => {
                self.links.remove(&Link { other: *other, how: *how, outward: *outward });
                match (how, outward) {
                    (Relation::Counter, false) => {
                        self.counters.remove(other);
                        self.count_counters();
                    }
                    (Relation::Counter, true) => {
                        self.notices_gone.remove(other);
                    }
                    (
                        Relation::Duplicate
                        | Relation::Extends
                        | Relation::Appeal
                        | Relation::Referral
                        | Relation::ProducedFrom,
                        _,
                    ) => {}
                }
            }
            Event::DueAgain { .. } => {
                self.due_again = true;
                self.closed = None;
                self.announced = None;
            }
            Event::CardPosted { post, moves } => {
                self.card = Some(post.clone());
                self.card_moves = *moves;
                return; // the case itself has not changed
            }
            Event::CardLost { post } => {
                if self.card.as_ref() == Some(post) {
                    (self.card, self.card_lost) = (None, Some(at));
                }
                return;
            }
            Event::Redirected { to, text } => {
                self.outcome = ended(Ending::Redirected { to: *to });
                self.wording = Some(Wording { text: text.clone(), words: None });
            }
            Event::PolicyAdopted { policy, .. } => self.policy.clone_from(policy),
            Event::ErasureAnnounced { .. } => {
                self.announced = Some(at);
                return;
            }
            // Nor has it here: only what people know of it has.
            Event::Reminded { of, in_doubt } => {
                for reminder in of {
                    let Some(step) = reminder.steps.last().copied() else { continue };
                    let before = self.reminded.get(&reminder.clock).filter(|last| last.due == reminder.due);
                    let step = before.map_or(step, |last| last.step.max(step));
                    let snoozed = before.and_then(|last| last.snoozed).filter(|end| *end > at);
                    let (due, call) = (reminder.due, reminder.call);
                    let last = Reminded { due, step, at, call, in_doubt: *in_doubt, seen: false, snoozed };
                    self.reminded.insert(reminder.clock.clone(), last);
                }
                self.snoozed = self.snoozed.filter(|end| *end > at);
                return;
            }
            Event::Watched { clocks, gone } => {
                self.reminded.retain(|name, _| !gone.contains(name));
                self.seen.retain(|name, _| !gone.contains(name));
                for Watch { clock, due, from } in clocks {
                    // Nobody has put off or seen what is new.
                    self.reminded.insert(clock.clone(), Reminded::watched(*due, *from, at));
                }
                return;
            }
            Event::Recounted { in_doubt } => {
                for last in self.reminded.values_mut().filter(|last| last.in_doubt) {
                    last.step = last.step.min(at);
                    last.in_doubt = *in_doubt;
                }
                return;
            }
            Event::Seen { clocks } => {
                // A record from before clocks were named means all that people had been reminded of.
                let told = self.reminded.iter().filter(|(_, last)| last.call.is_some());
                let all = || told.map(|(name, _)| (name.clone(), at)).collect();
                for (clock, until) in clocks.clone().unwrap_or_else(all) {
                    if let Some(last) = self.reminded.get_mut(&clock) {
                        last.seen = true;
                    }
                    self.seen.insert(clock, until);
                }
                return;
            }
            Event::Snoozed { until } => {
                self.snooze(Some(*until));
                return;
            }
            Event::GagSet { ordered_by, day, until, document } => {
                self.secrecy_anew = false;
                self.gag = Some(Gag {
                    ordered_by: ordered_by.clone(),
                    day: *day,
                    until: *until,
                    at,
                    by: by.clone(),
                    document: document.clone(),
                    over: None,
                });
            }
            Event::GagOver { how } => {
                let over = Some(GagOver { at, how: how.clone() });
                match &mut self.gag {
                    Some(gag) => gag.over = over,
                    // What bound without an order (an instrument that withholds) can be lifted too.
                    None => {
                        self.gag = Some(Gag {
                            ordered_by: String::new(),
                            day: None,
                            until: None,
                            at,
                            by: by.clone(),
                            document: None,
                            over,
                        });
                    }
                }
            }
            Event::OrderNotThere { .. } => {
                self.order_absent = true;
                // What is left is a wish, which has its time from now on.
                self.secrecy_since = self.asks_for_secrecy().then_some(at);
            }
            Event::SecrecyLapsed => {
                self.secrecy_lapsed = true;
                self.secrecy_over = Some(at);
            }
            Event::Cleared { account, .. } => {
                self.cleared.insert(account.clone());
            }
            Event::NoticeSettled { account, what, at: when } => {
                let (at, by, what) = (when.unwrap_or(at), by.clone(), what.clone());
                // What was done for them before stays known: there is one room.
                let steps = self.notices.remove(account).map(|before| before.steps).unwrap_or_default();
                let notice = Notice { at, by, what, of: self.upshot(), steps };
                self.notices.insert(account.clone(), notice);
                self.told_in_vain.remove(account);
            }
            Event::NoticeStepped { account, step } => {
                if let Some(notice) = self.notices.get_mut(account) {
                    notice.steps.push(Stepped { at, step: step.clone() });
                    if matches!(step, Step::Sent { .. }) {
                        notice.at = at;
                        notice.what = Telling::Told { via: BY_DOCKET.to_owned() };
                    }
                }
            }
            Event::NobodyConcerned { reason } => self.nobody = Some(reason.clone()),
            Event::HoldStarted { from, until } => {
                let (from, until) = (*from, *until);
                self.hold =
                    Some(Hold { from, until, extended: 0, extensions: Vec::new(), before: None, over: None });
            }
            Event::KeptWith { other, until, of, without: _ } => {
                self.kept_with = Some(KeptWith { case: *other, until: *until, of: of.clone() });
                self.let_go_with = None;
            }
            Event::KeptNoLonger { other } => {
                self.kept_with = self.kept_with.take().filter(|kept| kept.case != *other);
                self.let_go_with = Some(*other);
            }
            Event::HoldExtended { until, .. } => {
                if let Some(hold) = &mut self.hold {
                    hold.before = Some(std::mem::replace(&mut hold.until, *until));
                    hold.extended += 1;
                    hold.extensions.push(at);
                }
            }
            Event::HoldSetRight { until, .. } => {
                if let Some(hold) = &mut self.hold {
                    hold.until = *until;
                }
            }
            Event::HoldOver { how } => {
                if let Some(hold) = &mut self.hold {
                    hold.over = Some(HoldOver { at, how: *how });
                }
            }
            Event::Proposed { code, command, effects, sum, expires } => {
                self.proposals.push(Proposal {
                    code: code.clone(),
                    command: (**command).clone(),
                    effects: effects.clone(),
                    sum: sum.clone(),
                    by: by.clone(),
                    at,
                    expires: *expires,
                    wrong: BTreeMap::new(),
                    approved: None,
                });
            }
            Event::Approved { code, ready, alone } => {
                let approval = Approval { by: by.clone(), at, ready: *ready, alone: alone.clone() };
                for proposal in self.proposals.iter_mut().filter(|proposal| proposal.code == *code) {
                    proposal.approved = Some(approval.clone());
                }
            }
            Event::Denied { code, .. } | Event::Voided { code, .. } | Event::CarriedOut { code, .. } => {
                if let Event::CarriedOut { proposer, approver, .. } = event {
                    let done = self.proposals.iter().filter(|proposal| proposal.code == *code);
                    if done.clone().any(|proposal| proposal.command.ends_request()) {
                        self.deciding = [proposer, approver].into_iter().cloned().collect();
                    }
                    let mut letters = done.clone().filter_map(|proposal| match &proposal.command {
                        Command::RecordSent { letter, via: Channel::Dm, .. } => Some(letter.clone()),
                        _ => None,
                    });
                    if let Some(visit) = &mut self.visit {
                        visit.agreed = letters.next_back();
                    }
                    self.alone.extend(done.filter_map(|proposal| {
                        let approval = proposal.approved.as_ref()?;
                        let (by, reason) = (approval.by.clone(), approval.alone.clone()?);
                        Some(Alone { by, at, reason, reviewed_by: None })
                    }));
                }
                self.proposals.retain(|proposal| proposal.code != *code);
            }
            Event::WrongCode => {
                for proposal in &mut self.proposals {
                    *proposal.wrong.entry(by.clone()).or_default() += 1;
                }
            }
            Event::Attested { by, reason } => {
                self.attested = Some(Attestation { by: by.clone(), at, reason: reason.clone() });
            }
            Event::ScopeSet { category, allowed, reason } => {
                let line = ScopeLine { allowed: *allowed, reason: reason.clone(), by: by.clone(), at };
                self.scope.insert(category.clone(), line);
            }
            Event::LetterSent { letter, via, at: when } => {
                let (letter, via) = (letter.clone(), via.clone());
                if let Some(visit) = &mut self.visit
                    && via == Channel::Dm.name()
                {
                    visit.moved(&letter, ReleaseState::There);
                }
                self.sent.push(Sent { letter, via, at: *when, by: by.clone(), recorded: at });
            }
            Event::Visited { account, tongue, key } => {
                let (account, tongue, key) = (account.clone(), *tongue, key.clone());
                self.visit = Some(Visit {
                    account,
                    tongue,
                    key,
                    letters: Vec::new(),
                    agreed: None,
                    wrote: None,
                    lately: Vec::new(),
                    taken_back: None,
                });
            }
            Event::WroteAgain { text } => {
                if let Some(visit) = &mut self.visit {
                    visit.wrote_more(at);
                }
                self.note(at, by.clone(), text.clone());
            }
            Event::TookBack => {
                if let Some(visit) = &mut self.visit {
                    visit.taken_back = Some(at);
                }
            }
            Event::LetterReleased { letter, words, leaves, file } => {
                if let Some(visit) = &mut self.visit {
                    let state = if *leaves > at { ReleaseState::Waiting } else { ReleaseState::OnItsWay };
                    let (letter, words, leaves) = (letter.clone(), words.clone(), *leaves);
                    let by_two =
                        visit.agreed.take_if(|agreed| agreed.eq_ignore_ascii_case(&letter)).is_some();
                    let (by, file) = (by.clone(), file.clone());
                    // One that waited goes no more where another takes its place.
                    visit.moved(&letter, ReleaseState::Stopped);
                    visit.letters.push(Release { letter, words, at, by, leaves, by_two, file, state });
                }
            }
            Event::LetterLeaves { letter } => {
                if let Some(visit) = &mut self.visit {
                    visit.moved(letter, ReleaseState::OnItsWay);
                }
            }
            Event::LetterStopped { letter, .. } => {
                if let Some(visit) = &mut self.visit {
                    visit.moved(letter, ReleaseState::Stopped);
                }
            }
            Event::SentSetRight { letter, via, was, at: when, waits } => {
                let is_it = |sent: &&mut Sent| sent.letter == *letter && sent.via == *via && sent.at == *was;
                if let Some(sent) = self.sent.iter_mut().rfind(is_it) {
                    sent.at = *when;
                }
                let open = self.waits.iter_mut().find(|wait| wait.to.is_none());
                if let Some((wait, from)) = open.zip(*waits) {
                    wait.from = from;
                }
            }
            Event::WaitBegan { from, asked } => {
                self.waits.push(Wait { from: *from, to: None, asked: asked.clone() })
            }
            Event::WaitEnded => {
                for wait in self.waits.iter_mut().filter(|wait| wait.to.is_none()) {
                    wait.to = Some(at);
                }
            }
            Event::ClockProlonged { clock, term, reason } => self.prolonged.push(Prolonged {
                clock: clock.clone(),
                term: *term,
                reason: reason.clone(),
                by: by.clone(),
                at,
            }),
            Event::Flagged { flag } => {
                self.flags.insert(*flag);
                self.flagged.insert(*flag, at);
            }
            Event::Unflagged { flag } => {
                self.flags.remove(flag);
                self.flagged.remove(flag);
            }
            Event::CostAdded { cents, currency, what } => self.costs.push(Cost {
                cents: *cents,
                currency: currency.clone(),
                what: what.clone(),
                by: by.clone(),
                at,
            }),
            Event::TakenBack { back, .. } => back.iter().for_each(|part| self.put_back(part)),
            Event::VerificationTried { what, by: asked, how, entry, call, outcome } => {
                let (how, entry, call) = (how.clone(), entry.clone(), call.clone());
                let verification = Verification { at, by: asked.clone(), how, entry, call };
                let recorder = Some(by.clone());
                self.tried.push(Tried { what: *what, outcome: *outcome, verification, recorder });
            }
            Event::Compared { beside } => self.beside = beside.clone(),
            // Said to whoever decided. Of the case itself it says at most that something keeps what it would erase.
            Event::Warned { unshown, .. } => {
                self.beside.unshown |= unshown;
                return;
            }
            Event::Contradicted { conflict } => self.beside.conflicts.push(*conflict),
            Event::Looked { .. } => return,
            // Nothing has happened on the case itself.
            Event::Hushed { account, by: others, unshown } => {
                let hush = self.hushed.entry(account.clone()).or_default();
                (hush.by, hush.unshown) = (others.clone(), unshown.clone());
                hush.freed = if hush.binds() { None } else { Some(at) };
                return;
            }
            // Nor has anything happened on the case itself.
            Event::KeptDown { by, unshown, rest, again, erased, until, is_back, asked } => {
                let (by, unshown, until, asked) = (by.clone(), unshown.clone(), until.clone(), asked.clone());
                let (rest, erased, is_back) = (*rest, *erased, *is_back);
                self.kept_down
                    .turn(KeptDown { by, unshown, rest, erased, until, is_back, asked, freed: None }, at);
                if !again {
                    return;
                }
                self.due_again = true;
                self.closed = None;
                self.announced = None;
            }
            Event::NoticeForbidden { code, .. } => self.proposals.retain(|proposal| proposal.code != *code),
            Event::ClockElapsed { clock, since, .. } => {
                self.elapsed.insert(clock.clone(), *since);
            }
            Event::ToldInVain { accounts } | Event::ToldAnew { accounts } => {
                self.told_in_vain.extend(accounts.iter().cloned());
            }
            Event::WentBack => self.acted_on = false,
            Event::FindingsEnded { accounts } => self.cleared.retain(|account| !accounts.contains(account)),
            Event::LeftUnsent { reason } => self.unsent = Some(reason.clone()),
            Event::LeftUndone { clocks, reason } => {
                self.undone.extend(clocks.iter().map(|clock| (clock.clone(), reason.clone())));
            }
        }
        self.wishes_since(wished, at);
        self.freed_since(kept, wished, event, at);
        self.changed = at;
    }

    /// When something came of the request itself: what came of a duplicate came of the other case.
    fn own_end(&self) -> Option<DateTime<Utc>> {
        let own = |outcome: &&Outcome| !matches!(outcome.what, Ending::Duplicate { .. });
        self.outcome.as_ref().filter(own).map(|outcome| outcome.at)
    }

    /// Of several counter-notices the first counts.
    fn count_counters(&mut self) {
        self.countered = self.counters.values().min().copied();
    }

    /// The reminders of the clocks that run wait; those of a clock that begins later, or is moved, do not.
    /// The newest notes stay at hand.
    fn note(&mut self, at: DateTime<Utc>, by: Account, text: String) {
        self.note_count += 1;
        if self.notes.len() == NOTES_KEPT {
            self.notes.remove(0);
        }
        self.notes.push(Note { at, by, text });
    }

    pub(super) fn snooze(&mut self, until: Option<DateTime<Utc>>) {
        self.snoozed = until;
        self.reminded.values_mut().for_each(|last| last.snoozed = until);
    }

    /// Finding numbers is no rule: it cannot fail, and what follows from one is said in `decide`.
    fn remember(&mut self, key: &str) {
        let gone: Vec<String> = self.fields_of(key).flat_map(numbers_of).collect();
        self.former_numbers.extend(gone);
        let gone: Vec<String> = self.fields_of(key).flat_map(domains_of).collect();
        self.former_domains.extend(gone);
    }

    /// Before a line is changed: what it said when the request came, and what all of them did when it was answered.
    fn keep_as_it_came(&mut self, key: &str) {
        if !self.typed.contains(key) && !self.came.contains_key(key) {
            let said = self.fields_of(key).map(|field| field.value.clone()).collect();
            self.came.insert(key.to_owned(), said);
        }
        if self.outcome.is_some() && self.answered_with.is_none() {
            self.answered_with = Some(self.fields.clone());
        }
    }

    fn put(&mut self, field: &Field) {
        self.remember(&field.key);
        match self.fields.iter().position(|old| old.key == field.key) {
            Some(first) => {
                let mut index = 0;
                self.fields.retain(|old| {
                    let keep = index <= first || old.key != field.key;
                    index += 1;
                    keep
                });
                if let Some(slot) = self.fields.get_mut(first) {
                    *slot = field.clone();
                }
            }
            None => self.fields.push(field.clone()),
        }
    }
}
