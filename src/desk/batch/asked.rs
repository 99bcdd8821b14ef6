//! One message: what it asks for, whether its sender may, and what is decided or shown.
//!
//! Writes nothing down itself; what was decided becomes a draft of the batch.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Batch;
use super::recognised::Marks;
use crate::case::conflict::{ERASED_KEY, RIGHT_KEY, asks_for_erasure};
use crate::case::decide::{self, Around, Draw, Events, Setting, second};
use crate::case::letter::Basis;
use crate::case::wire::{self, CasePart, Cause};
use crate::case::{
    Account, Awaited, Case, CaseId, Command, Edit, Ending, FileRole, Need, Order, OrderId, Refusal,
};
use crate::chat::{self, Asked, Asking, Page, Query, render};
use crate::desk::deliver::{Post, PostKind};
use crate::desk::{DeskFault, Got, Last, Message, Outcome, read};

impl Batch<'_> {
    pub(super) fn message(&mut self, message: Message) -> Result<Outcome, DeskFault> {
        let stamp = self.marks(&message);
        if self.is_known(stamp)? {
            return Ok(Outcome::Seen);
        }
        let Some(heard) = chat::hear(&message.text, &self.desk.terms) else {
            return Ok(Outcome::Posts(Vec::new()));
        };
        let is_listed = self.desk.terms.person(&message.sender).is_some();
        let reads_file = message.file.is_some() && heard.opens_a_case();
        let awaited = self.awaited(&message);
        if message.proof.is_unfetched() && is_listed && !message.edit {
            // What could not be read at first counts as the homeserver has it, or is told to have come too late as that.
            let is_to_fetch = awaited.is_some() || reads_file;
            if is_to_fetch || self.would_change(&heard, &message.sender, message.about) {
                return Ok(Outcome::Fetch);
            }
        }
        if let Err(refusal) = self.gate(&message.sender, heard.need()) {
            if heard.may_be_talk() {
                return Ok(Outcome::Posts(Vec::new()));
            }
            let refusal = match refusal {
                Refusal::RoleLacks(_) => Refusal::RoleLacks(heard.lacked()),
                other => other,
            };
            if refusal != Refusal::NotListed {
                // A stranger must not be able to fill the journal.
                self.draft_stamp(stamp);
            }
            return Ok(self.refuse(&message, refusal, None));
        }
        if let Err(refusal) = self.recognise(&message, stamp)? {
            if heard.may_be_talk() {
                return Ok(Outcome::Posts(Vec::new()));
            }
            return Ok(self.refused(&message, stamp, refusal, None));
        }
        // Whoever is heard again may be told again why they are not.
        self.desk.unproven.retain(|(who, _)| *who != message.sender);
        if message.edit {
            return Ok(self.reply(&message, None, chat::text::edits_are_not_read()));
        }
        if let Some(awaited @ (Awaited::Overtaken | Awaited::GivenUp)) = awaited {
            self.draft_stamp(stamp);
            return Ok(self.reply(&message, None, self.came_late(&message, awaited)));
        }
        if let Some(held) = self.desk.held().filter(|_| reads_file).cloned() {
            return Ok(self.refused(&message, stamp, Refusal::Held(held), None));
        }
        let heard = match message.file.clone().filter(|_| reads_file) {
            None => heard,
            Some(posted) => match self.with_file(&message, stamp, heard, posted) {
                Ok(heard) => heard,
                Err(outcome) => return Ok(outcome),
            },
        };
        let asking =
            Asking { sender: &message.sender, about: message.about, terms: &self.desk.terms, now: self.now };
        let understood = heard.understand(&asking);
        // Past the first gate came also who works sealed cases and no others; what is about no case is not theirs.
        if let Ok(Asked::Open(_) | Asked::Desk(_) | Asked::Publish(_) | Asked::HandOver { .. }) = &understood
            && !self.desk.terms.may(&message.sender, heard.need())
        {
            return Ok(self.refused(&message, stamp, Refusal::RoleLacks(heard.lacked()), None));
        }
        if let Ok(asked) = &understood
            && let Err(refusal) = self.waits_for_its_device(&message, asked)
        {
            return Ok(self.refused(&message, stamp, refusal, None));
        }
        if let Ok(asked) = &understood
            && let Err(refusal) = self.is_held_for(asked)
        {
            return Ok(self.refused(&message, stamp, refusal, None));
        }
        if understood.as_ref().is_ok_and(|asked| !matches!(asked, Asked::Read(_))) {
            self.overtakes(&message)?;
        }
        match understood {
            Err(slip) => Ok(self.reply(&message, None, chat::text::slip(&slip, &self.desk.terms))),
            Ok(Asked::Read(query)) => self.read(message, query),
            Ok(Asked::Desk(command)) => self.desk_command(message, stamp, command),
            Ok(Asked::Publish(half)) => self.publish(message, stamp, half),
            Ok(Asked::Open(opening)) => {
                let Some(id) = self.state.next else {
                    return Ok(self.refused(&message, stamp, Refusal::NumbersUsedUp, None));
                };
                let decided = decide::open(id, opening, &self.setting(&message.sender, self.draw(&message)));
                let decided = match decided {
                    Ok(events) => Ok(self.compared(id, events, &message.sender)?),
                    Err(refusal) => Err(refusal),
                };
                self.decided(message, stamp, id, decided)
            }
            Ok(Asked::Change(id, command)) => self.change(message, stamp, id, command),
            Ok(Asked::HandOver { from, to, until }) => self.hand_over(message, stamp, &from, &to, until),
            Ok(Asked::Undo(id)) => self.undo(message, stamp, id),
            Ok(Asked::Set(id, typed)) => {
                let edits = match self.case(id)? {
                    Err(refusal) => return Ok(self.refused(&message, stamp, refusal, Some(id))),
                    Ok(case) => {
                        // What the edits are read against must not be betrayed by what is said of them.
                        if let Err(refusal) = decide::may_work(&case, &message.sender, &self.desk.terms) {
                            return Ok(self.refused(&message, stamp, refusal, Some(id)));
                        }
                        let kind = self.desk.terms.kind_of(&case);
                        kind.map(|kind| chat::edits(&typed, &case, kind, &self.desk.terms, self.now))
                    }
                };
                match edits {
                    None => Ok(self.refused(&message, stamp, Refusal::PolicyMissing, Some(id))),
                    Some(Err(slip)) => {
                        Ok(self.reply(&message, Some(id), chat::text::slip(&slip, &self.desk.terms)))
                    }
                    Some(Ok(edits)) => self.change(message, stamp, id, Command::Set { edits }),
                }
            }
            Ok(Asked::Attach { case: id, role, user }) => self.attach(message, stamp, id, role, user),
        }
    }

    /// A file is hashed and sealed before the command is decided; a refused one is removed again.
    fn attach(
        &mut self,
        message: Message,
        stamp: Marks,
        id: CaseId,
        role: FileRole,
        user: Option<Account>,
    ) -> Result<Outcome, DeskFault> {
        let Some(posted) = message.file.clone() else {
            let page = chat::text::attach_needs_a_file(id, &self.desk.terms);
            return Ok(self.reply(&message, Some(id), page));
        };
        match &posted.got {
            Got::Not(why) => Ok(self.not_taken(&message, stamp, *why, Some(id))),
            Got::Kept(kept_for, file) if *kept_for == id => {
                let file = file.clone();
                let blob = file.blob.clone();
                let drafted = self.drafts.len();
                let outcome = self.change(message, stamp, id, Command::Attach { file, role, user })?;
                let is_on_case = self.drafts.get(drafted).is_some_and(|draft| !draft.parts.is_empty());
                if !is_on_case && !self.full {
                    self.desk.files.discard(id, &blob)?;
                }
                Ok(outcome)
            }
            Got::Kept(..) | Got::Text(_) | Got::NotYet => {
                let case = self.case(id)?;
                let terms = &self.desk.terms;
                match case.and_then(|case| decide::may_attach(&case, role, &message.sender, terms)) {
                    Ok(()) => Ok(match posted.unfit(self.desk) {
                        None => Outcome::Keep(id),
                        Some(why) => self.not_taken(&message, stamp, why, Some(id)),
                    }),
                    Err(refusal) => Ok(self.refused(&message, stamp, refusal, Some(id))),
                }
            }
        }
    }

    /// Answers what is only read. Nobody hears the answer before the batch is on disk, so a case may be shown as this batch
    /// has made it; a sync for each look in between costs much
    /// (measured with syncs of 5 ms and 5 % looks, on a busy machine: some 1,400 commands a second instead of 1,900). What asks the lists or the journal waits for them to be there.
    fn read(&mut self, message: Message, query: Query) -> Result<Outcome, DeskFault> {
        if let Some(answer) = self.looked(&message, &query)? {
            return Ok(answer);
        }
        let touched = |id: &CaseId| self.touched.get(id).map(|touched| self.shown(&touched.after));
        let page = match &query {
            Query::Show(id) => touched(id).map(|case| (*id, render::show(&case, &self.desk.terms, self.now))),
            Query::Check(id) => {
                touched(id).map(|case| (*id, render::check(&case, &self.desk.terms, self.now)))
            }
            Query::Scope(id) => {
                touched(id).map(|case| (*id, render::scope(&case, &self.desk.terms, self.now)))
            }
            Query::PolicyOf(id) => touched(id).map(|case| (*id, render::policy_of(&case, &self.desk.terms))),
            Query::Letters(id) => touched(id).map(|case| (*id, render::letters(&case, &self.desk.terms))),
            // Words of somebody's own are held against other cases, which the lists have.
            Query::Letter { basis: Some(Basis::Reason { words: Some(_), .. }), .. } => {
                self.commit()?;
                None
            }
            Query::Letter { case: id, name, basis } => touched(id)
                .map(|case| (*id, render::letter(&case, name, basis.as_ref(), &self.desk.terms, self.now))),
            Query::Costs(id) => touched(id).map(|case| (*id, render::costs(&case, &self.desk.terms))),
            Query::Log(..)
            | Query::List(_)
            | Query::Find { .. }
            | Query::Notice(..)
            | Query::Pending
            | Query::Health
            | Query::Brief { .. }
            | Query::Next { .. }
            | Query::Conflicts(_)
            | Query::Report(_)
            | Query::Unreadable
            | Query::Due { .. } => {
                self.commit()?;
                None
            }
            Query::Help(_) | Query::Form(_) | Query::People | Query::Policy(_) | Query::Directory(_) => None,
        };
        if let Some((id, page)) = page {
            return Ok(self.reply(&message, Some(id), page));
        }
        let what = query.verb();
        let answered = read::answer(self.desk, query, &message.sender, self.now)?;
        self.answered(&message, what, answered)
    }

    /// Whether somebody may ask for this at all.
    pub(super) fn gate(&self, sender: &Account, need: Need) -> Result<(), Refusal> {
        let terms = &self.desk.terms;
        if terms.person(sender).is_none() {
            Err(Refusal::NotListed)
        } else if terms.may_somewhere(sender, need) {
            Ok(())
        } else {
            Err(terms.lacks(sender, need))
        }
    }

    pub(super) fn change(
        &mut self,
        message: Message,
        stamp: Marks,
        id: CaseId,
        command: Command,
    ) -> Result<Outcome, DeskFault> {
        let case = match self.case(id)? {
            Ok(case) => case,
            Err(refusal) => return Ok(self.refused(&message, stamp, refusal, Some(id))),
        };
        let around = match self.around(&case, &command)? {
            Ok(around) => around,
            Err(refusal) => return Ok(self.refused(&message, stamp, refusal, Some(id))),
        };
        let decided =
            decide::decide(&case, &around, command, &self.setting(&message.sender, self.draw(&message)));
        let decided = match decided {
            Ok(events) => {
                let events = self.contradicted(&case, events, &message.sender)?;
                let events = self.countering(&case, events, &message.sender)?;
                Ok(self.warned(&case, events, &message.sender)?)
            }
            Err(refusal) => Err(refusal),
        };
        self.decided(message, stamp, id, decided)
    }

    pub(super) fn setting<'s>(&'s self, actor: &'s Account, draw: Draw) -> Setting<'s> {
        Setting { actor, terms: &self.desk.terms, now: self.now, certain: self.certain, draw }
    }

    /// What nobody can foresee who has not the journal's key, and the same whenever the message is handled again.
    pub(super) fn draw(&self, message: &Message) -> Draw {
        let [a, b, c, d, e, f, g, h, ..] = self.desk.journal.keyed("code", message.id.as_bytes());
        Draw([a, b, c, d, e, f, g, h])
    }

    /// Looks up what is spoken of by what time brings to a case: by what was approved and waits to be carried out, and by the end of
    /// its hold.
    pub(super) fn around_swept(&mut self, case: &Case) -> Result<Around, DeskFault> {
        let mut around = match second::cooled(case, self.now) {
            // What is gone since is refused where it is decided.
            Some(proposal) => self.around_command(case, &proposal.command)?.unwrap_or_default(),
            None => Around::default(),
        };
        if around.extending.is_empty() && case.hold.as_ref().is_some_and(|hold| hold.until <= self.now) {
            around.extending = self.extending(case)?;
        }
        let is_listed = |account: &Account| self.desk.terms.person(account).is_some();
        around.hearing = self.desk.standing.unread().hearing(self.desk.behind, is_listed);
        Ok(around)
    }

    /// The cases on file that ask for more time on a hold. One that is erased by now asks for nothing.
    fn extending(&mut self, case: &Case) -> Result<Vec<Case>, DeskFault> {
        let mut extending = Vec::new();
        for other in case.asked_for_more() {
            extending.extend(self.case(other)?.ok().map(Rc::unwrap_or_clone));
        }
        Ok(extending)
    }

    /// Looks up what the command speaks of, and what an approval of it speaks of.
    fn around(&mut self, case: &Case, command: &Command) -> Result<Result<Around, Refusal>, DeskFault> {
        let Command::Approve { code, .. } = command else {
            return self.around_command(case, command);
        };
        // A wrong code speaks of nothing; a case that is gone since is refused where it is decided.
        match second::of_code(case, code) {
            Some(proposal) => Ok(Ok(self.around_command(case, &proposal.command)?.unwrap_or_default())),
            None => Ok(Ok(Around::default())),
        }
    }

    pub(super) fn around_command(
        &mut self,
        case: &Case,
        command: &Command,
    ) -> Result<Result<Around, Refusal>, DeskFault> {
        let mut around = Around::default();
        if let Command::Link { other, .. } = command {
            match self.case(*other)? {
                Ok(other) => around.other = Some(Rc::unwrap_or_clone(other)),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        if let Command::Unlink { other } = command {
            // What it was linked to may be gone by now.
            around.other = self.case(*other)?.ok().map(Rc::unwrap_or_clone);
        }
        for other in case.countered_by() {
            if self.case(other)?.is_ok() {
                around.countering.push(other);
            }
        }
        // Those that are erased by now are answered.
        for other in case.duplicates() {
            around.duplicates.extend(self.case(other)?.ok().map(Rc::unwrap_or_clone));
        }
        let countered = std::iter::once(case).chain(&around.duplicates).flat_map(decide::countered);
        let countered: BTreeSet<CaseId> = countered.map(|link| link.other).collect();
        for other in countered {
            // What it counters may be gone by now.
            if let Ok(notice) = self.case(other)? {
                around.countered.push(other);
                around.notices.push(Rc::unwrap_or_clone(notice));
            }
        }
        // A duplicate is answered with the other case, if that is on file still: whatever happens to the one concerns both.
        let twin = case.outcome.as_ref().map(|outcome| &outcome.what);
        let is_linked = matches!(command, Command::Link { .. } | Command::Unlink { .. });
        if let (false, Some(Ending::Duplicate { of })) = (is_linked, twin) {
            around.other = self.case(*of)?.ok().map(Rc::unwrap_or_clone);
        }
        if let Command::Hold(_) = command {
            around.extending = self.extending(case)?;
        }
        if let Command::Notify { whom, .. } = command
            && command.tells_users()
        {
            // The lists must hold what this batch has done.
            self.commit()?;
            around.naming = self.desk.naming(case, &decide::asked_about(case, whom.as_ref()))?;
        }
        // Words of ours may tell them as well (rule 65).
        if decide::may_name(command, case, &self.desk.terms) {
            self.commit()?;
            self.desk.asking_too(case, &mut around)?;
        }
        let may_say_erased = |edit: &Edit| {
            let is_one = |key: &str| [ERASED_KEY, RIGHT_KEY].contains(&key);
            matches!(edit, Edit::Put(field) if is_one(&field.key))
        };
        // What says so may be another line than that of our copy (rule 49).
        let is_of_erasure = (matches!(command, Command::Answer { .. } | Command::Set { .. })
            && asks_for_erasure(case, self.desk.terms.kind_of(case)))
            || matches!(command, Command::Set { edits } if edits.iter().any(may_say_erased));
        if is_of_erasure {
            self.commit()?;
            (around.holding, around.held_unshown) = self.desk.holding(case)?;
        }
        Ok(Ok(around))
    }

    fn decided(
        &mut self,
        message: Message,
        stamp: Marks,
        id: CaseId,
        decided: Result<Events, Refusal>,
    ) -> Result<Outcome, DeskFault> {
        let events = match decided {
            Ok(_) if self.full => return Ok(self.refuse(&message, Refusal::DiskFull, None)),
            Ok(events) => events,
            Err(refusal) => return Ok(self.refused(&message, stamp, refusal, Some(id))),
        };
        let cause = Cause { by: Some(message.sender.clone()), message: Some(message.id.clone()) };
        let orders = match self.draft(cause, stamp.all(), id, events.clone(), None)? {
            Ok(orders) => orders,
            Err(refusal) => return Ok(self.refused(&message, stamp, refusal, Some(id))),
        };
        self.last.insert(message.sender.clone(), Last::Case(id));
        let answer = |case: &Case| {
            let done = self.shown_as_done(case, &events);
            render::done(&self.shown(case), &done, &self.desk.terms, self.now)
        };
        let alone: Vec<OrderId> = orders.iter().filter(|it| it.order == Order::Alarm).copied().collect();
        let mut posts = self.posts(&message, orders, answer);
        if let Some(touched) = self.touched.get(&id) {
            let own = events.iter().filter(|(of, _)| *of == id).map(|(_, event)| event);
            let called = chat::text::called_at_once(&touched.after, own, &self.desk.terms);
            let replies = posts.iter_mut().filter(|post| post.kind == PostKind::Reply);
            replies.for_each(|post| post.mentions.clone_from(&called));
        }
        for order in alone {
            if let Some(touched) = self.touched.get(&id) {
                let own = self.shown_events(&touched.after, &events);
                let (case, by) = (self.shown(&touched.after), &message.sender);
                posts.push(Post::alone(self.desk, order, &case, &own, by, self.now));
            }
        }
        Ok(Outcome::Posts(posts))
    }

    /// What carries out the orders of a command: its answer, and cards.
    pub(super) fn posts(
        &self,
        message: &Message,
        orders: Vec<OrderId>,
        answer: impl Fn(&Case) -> Page,
    ) -> Vec<Post> {
        let mut posts = Vec::new();
        for order in orders {
            let Some(touched) = order.case.and_then(|case| self.touched.get(&case)) else {
                continue;
            };
            match order.order {
                Order::Answer => {
                    let reply_to = Some(message.id.clone());
                    let doubt = (!self.certain).then(chat::text::time_in_doubt);
                    let page = answer(&touched.after).lines(doubt);
                    posts.push(Post::owed(self.desk, order, &touched.after, reply_to, page));
                }
                Order::Card => posts.extend(self.card(&touched.after, order)),
                // What it made void on another case.
                Order::Remind => posts.extend(self.said_beside(&touched.after, order)),
                // Time brings these, not a message; but for the word about somebody who went ahead alone.
                Order::Digest | Order::Alarm => {}
            }
        }
        posts
    }

    /// What happened to a case that the message was not about.
    fn said_beside(&self, case: &Case, order: OrderId) -> Option<Post> {
        let (draft, part, _) = self.owes.iter().find(|(.., owed)| *owed == order)?;
        let (_, body) = self.drafts.get(*draft)?.parts.get(*part)?;
        // What was written here a moment ago can be read.
        let part: CasePart = wire::read(body).ok()?;
        let events: Events = part.events.into_iter().map(|event| (case.id, event)).collect();
        let (case, events) = (self.shown(case), self.shown_events(case, &events));
        Some(Post::reminder(self.desk, order, &case, &events, self.now, self.now))
    }

    /// A command of somebody listed that is not done: said, and remembered as handled.
    pub(super) fn refused(
        &mut self,
        message: &Message,
        stamp: Marks,
        refusal: Refusal,
        case: Option<CaseId>,
    ) -> Outcome {
        self.draft_stamp(stamp);
        self.refuse(message, refusal, case)
    }
}
