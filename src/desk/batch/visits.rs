//! Users who ask by themselves: what they wrote is understood, and what they hand in becomes a case. Knows no rule: what may happen is said in `case::decide`, what is said stands in `chat::visit`.

use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};

use super::Batch;
use crate::case::conflict::RIGHT_KEY;
use crate::case::decide::{self, Draw, Events, Unserved};
use crate::case::wire::Cause;
use crate::case::{Account, Case, CaseId, Command, Far, Opening, Tongue};
use crate::chat::visit::{HowFar, Known, Told, Turn, Wish, told};
use crate::chat::{self, Asking};
use crate::desk::deliver::{Post, PostKind};
use crate::desk::visits::{Reads, Said, Visiting};
use crate::desk::{DeskFault, Outcome, conflicts, facets};
use crate::ports::{Facet, Stamp};

/// So many requests of one user are looked at, newest first.
const LOOKED_AT: usize = 20;
/// So many of them are shown.
const SHOWN: usize = 8;
/// For so long a request counts as one of today.
const A_DAY: TimeDelta = TimeDelta::hours(24);
/// What reports are.
const REPORTS: &str = "terms";
/// What requests about one's own data are.
const SUBJECT: &str = "subject";

impl Batch<'_> {
    /// Answers a message of a user, and gives what the room is to hear of it.
    pub(super) fn visit(&mut self, visiting: Visiting) -> Result<Outcome, DeskFault> {
        // The lists must hold what was handed in before, and what is said rests on what is on disk.
        self.commit()?;
        match self.desk.visits.reads(&visiting.sender, self.now) {
            Reads::Yes => {}
            Reads::TooOften => return Ok(self.tells(&visiting, &Told::TooOften, Tongue::default())),
            Reads::No => return Ok(Outcome::Posts(Vec::new())),
        }
        let account = visiting.sender.clone();
        if self.is_still() {
            // What is on file may not be all there is.
            return Ok(self.tells(&visiting, &Told::NotNow, Tongue::default()));
        }
        let requests = self.requests_of(&account)?;
        let before = requests.first().and_then(|case| Some(case.visit.as_ref()?.tongue));
        let Some(talk) = self.desk.visits.talk(&account, before).cloned() else {
            return Ok(Outcome::Posts(Vec::new()));
        };
        let tongue = talk.speaks();
        if let Err(why) = decide::may_visit(&account, &self.desk.terms) {
            let told = match why {
                Unserved::Closed => Told::Closed,
                Unserved::NotOurs => Told::NotOurs,
            };
            return Ok(self.tells(&visiting, &told, tongue));
        }
        let stamps = self.stamps_of(&visiting);
        for stamp in &stamps {
            if self.desk.seen(*stamp)? {
                // What it brought is on record, and how far that is answers it again.
                if let Some(talk) = self.desk.visits.talk(&account, None) {
                    talk.settle();
                }
                return Ok(self.tells(&visiting, &self.states(&requests), tongue));
            }
        }
        if let Some(place) = &visiting.place
            && !self.desk.visits.goes_on(&account, place)
        {
            return Ok(Outcome::Posts(Vec::new()));
        }
        let text = match &visiting.said {
            Said::Text(text) => text,
            Said::NoText => return Ok(self.tells(&visiting, &Told::OnlyText, tongue)),
        };
        let can_be_taken_back = |case: &&Rc<Case>| is_open(case);
        let known = Known {
            open: requests.iter().filter(can_be_taken_back).map(|case| case.id).take(SHOWN).collect(),
            newest: requests.first().map(|case| case.id),
            asked: requests.iter().find(|case| case.far() == Far::Asked).map(|case| case.id),
            erasing: requests.iter().find(|case| is_same(case, Wish::Erase)).map(|case| case.id),
        };
        let mut talk = talk;
        let turn = talk.turn(text, &known);
        let tongue = talk.speaks();
        if let Some(kept) = self.desk.visits.talk(&account, None) {
            *kept = talk;
        }
        let of = |cases: &[CaseId]| -> Vec<HowFar> {
            let meant = requests.iter().filter(|case| cases.contains(&case.id));
            meant.map(|case| self.how_far(case)).collect()
        };
        let told = match turn {
            Turn::Says(told) => told,
            Turn::State => self.states(&requests),
            Turn::WhichBack(cases) => Told::WhichBack(of(&cases)),
            Turn::HandsIn(wish, words) => {
                return self.hands_in(&visiting, (wish, &words), tongue, &requests, stamps);
            }
            Turn::Adds(..) if !decide::may_add(requests.iter().map(Rc::as_ref), self.now) => {
                Told::AddedEnough
            }
            Turn::Adds(case, words) => {
                let events = self.of_theirs(&requests, case).map(|case| decide::wrote_again(case, words));
                return self.happens(&visiting, case, events, Told::Added(case), tongue, stamps);
            }
            Turn::TakesBack(case) => {
                let events = match self.of_theirs(&requests, case).cloned() {
                    None => None,
                    Some(theirs) => {
                        let withdraws = Command::Withdraw { reason: None };
                        let around = self.around_command(&theirs, &withdraws)?.ok();
                        let setting = self.setting(&account, Draw::NONE);
                        Some(decide::took_back(&theirs, around.as_ref(), &setting))
                    }
                };
                return self.happens(&visiting, case, events, Told::TookBack(case), tongue, stamps);
            }
        };
        Ok(self.tells(&visiting, &told, tongue))
    }

    /// Whether docket comes into a room of a user; if not, what they are told.
    pub(super) fn invited(&mut self, account: &Account) -> Outcome {
        if self.is_still() {
            return Outcome::Stays;
        }
        let tongue = Tongue::default();
        let why = match decide::may_visit(account, &self.desk.terms) {
            Ok(_) if self.desk.visits.comes(account, self.now) => return Outcome::Joins,
            Ok(_) => Told::TooManyRooms,
            Err(Unserved::Closed) => Told::Closed,
            Err(Unserved::NotOurs) => Told::NotOurs,
        };
        let page = told(&why, tongue, account, None);
        Outcome::Posts(vec![Post::new(String::new(), PostKind::Visit, page)])
    }

    /// Opens the case of a request, unless they have it already or asked for enough.
    fn hands_in(
        &mut self,
        visiting: &Visiting,
        (wish, words): (Wish, &str),
        tongue: Tongue,
        requests: &[Rc<Case>],
        stamps: Vec<Stamp>,
    ) -> Result<Outcome, DeskFault> {
        let account = &visiting.sender;
        let visits = match decide::may_visit(account, &self.desk.terms) {
            Ok(visits) => visits.clone(),
            Err(_) => return Ok(self.tells(visiting, &Told::Closed, tongue)),
        };
        // Without words of their own it is the same once more.
        if let Some(same) = requests.iter().find(|case| words.is_empty() && is_same(case, wish)) {
            return Ok(self.tells(visiting, &Told::AskedAlready(same.id), tongue));
        }
        if self.is_one_too_many(&facets::visitor(account), visits.requests_a_day)? {
            return Ok(self.tells(visiting, &Told::TooMany(visits.requests_a_day), tongue));
        }
        if self.is_one_too_many(&facets::visits(), visits.in_all)? {
            return Ok(self.tells(visiting, &Told::TooManyInAll, tongue));
        }
        let (Some(id), Some(opening)) = (self.state.next, self.opening_of(account, wish, words)) else {
            return Ok(self.tells(visiting, &Told::NotNow, tongue));
        };
        let setting = self.setting(account, Draw::NONE);
        let events = match decide::visited(id, opening, (tongue, visiting.key.clone()), &setting) {
            Ok(events) => Some(self.compared(id, events, account)?),
            Err(refusal) => {
                let condition = refusal.condition();
                tracing::error!(event = visiting.id, condition, "a request of a user opens no case");
                None
            }
        };
        self.happens(visiting, id, events, Told::HandedIn(id), tongue, stamps)
    }

    /// Writes down what a user did, tells them, and gives what the room is to hear; that it could not be done, where it is not on disk.
    fn happens(
        &mut self,
        visiting: &Visiting,
        id: CaseId,
        events: Option<Events>,
        then: Told,
        tongue: Tongue,
        stamps: Vec<Stamp>,
    ) -> Result<Outcome, DeskFault> {
        let not_now = |batch: &Self| Ok(batch.tells(visiting, &Told::NotNow, tongue));
        let Some(events) = events.filter(|_| !self.is_still()) else { return not_now(self) };
        let cause = Cause { by: Some(visiting.sender.clone()), message: None };
        let Ok(orders) = self.draft(cause, stamps, id, events.clone(), None)? else { return not_now(self) };
        let said = self.said_of_time(orders, &events);
        let said = self.written(said)?;
        if said.is_empty() {
            return not_now(self);
        }
        let post = self.told(visiting, &then, tongue);
        Ok(Outcome::Posts(std::iter::once(Post { case: Some(id), ..post }).chain(said).collect()))
    }

    fn tells(&self, visiting: &Visiting, what: &Told, tongue: Tongue) -> Outcome {
        Outcome::Posts(vec![self.told(visiting, what, tongue)])
    }

    fn told(&self, visiting: &Visiting, what: &Told, tongue: Tongue) -> Post {
        let page = told(what, tongue, &visiting.sender, self.desk.terms.policy());
        Post::to_visitor(self.desk, visiting, page)
    }

    fn stamps_of(&self, visiting: &Visiting) -> Vec<Stamp> {
        let place = visiting.place.as_ref();
        let place = place.map(|(session, index)| self.desk.stamp(&format!("megolm {session} {index}")));
        std::iter::once(self.desk.stamp(&visiting.id)).chain(place).collect()
    }

    /// The requests of a user, newest first.
    fn requests_of(&mut self, account: &Account) -> Result<Vec<Rc<Case>>, DeskFault> {
        let mut requests = Vec::new();
        for id in conflicts::newest(self.desk, &facets::visitor(account), None, LOOKED_AT)? {
            requests.extend(self.case(id)?.ok());
        }
        Ok(requests)
    }

    /// Whether so many cases of a list were opened within a day: then the last of so many was.
    fn is_one_too_many(&mut self, facet: &Facet, most: u32) -> Result<bool, DeskFault> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let newest = conflicts::newest(self.desk, facet, None, most)?;
        let Some(last) = newest.get(most.saturating_sub(1)).copied() else { return Ok(false) };
        let since: DateTime<Utc> = self.now - A_DAY;
        Ok(self.case(last)?.is_ok_and(|case| case.opened > since))
    }

    fn of_theirs<'c>(&self, requests: &'c [Rc<Case>], id: CaseId) -> Option<&'c Case> {
        requests.iter().find(|case| case.id == id).map(Rc::as_ref)
    }

    fn states(&self, requests: &[Rc<Case>]) -> Told {
        Told::States(requests.iter().take(SHOWN).map(|case| self.how_far(case)).collect())
    }

    fn how_far(&self, case: &Case) -> HowFar {
        let day = case.opened.with_timezone(&self.desk.terms.zone).date_naive();
        HowFar { case: case.id, wish: wish_of(case), day, far: case.far() }
    }

    /// The request, as its lines.
    fn opening_of(&self, account: &Account, wish: Wish, words: &str) -> Option<Opening> {
        let mut lines: Vec<(&str, &str)> = Vec::new();
        let name = match wish.right() {
            Some(right) => {
                lines.extend([("Right", right), ("Accounts", account.as_str())]);
                SUBJECT
            }
            None => REPORTS,
        };
        let kind = self.desk.terms.policy()?.kind(name)?;
        let link = words
            .split_whitespace()
            .find(|word| word.contains("matrix.to/#/") || word.starts_with("matrix:"));
        lines.extend(link.filter(|_| wish == Wish::Report).map(|link| ("Messages", link)));
        lines.extend((!words.is_empty()).then_some(("Context", words)));
        let asking = Asking { sender: account, about: None, terms: &self.desk.terms, now: self.now };
        chat::request_of(kind, &lines, &asking)
    }
}

/// Whether nothing came of a request yet, as far as they were told.
fn is_open(case: &Case) -> bool {
    !matches!(case.far(), Far::Answered | Far::TakenBack)
}

/// Whether it is for this, and nothing came of it yet.
fn is_same(case: &Case, wish: Wish) -> bool {
    is_open(case) && wish_of(case) == Some(wish)
}

/// What a request of a user is.
fn wish_of(case: &Case) -> Option<Wish> {
    let right = case.fields_of(RIGHT_KEY).next().map(|field| field.value.as_str());
    match right {
        Some(right) => Wish::ALL.into_iter().find(|wish| wish.right() == Some(right)),
        None => Some(Wish::Report).filter(|_| case.kind == REPORTS),
    }
}
