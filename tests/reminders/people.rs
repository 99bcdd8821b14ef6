//! What people type, and what is sent to them.

use chrono::{Days, TimeDelta};
use docket::case::OrderId;
use docket::desk::{Input, Message, Outcome, Post};

use crate::oracle::{At, Key, day_of, end_of_day, morning};
use crate::room::person;
use crate::shelf::{
    ASK_EVERY, GAG, IDLE, IDLE_AFTER, KINDS, Length, SECRECY, SECRECY_LETTER, SECRECY_WITHIN, SERVE_WITHIN,
};
use crate::world::World;

impl World {
    /// What somebody types, and whether it was done. What takes two people is denied at once: words of one's own that may
    /// reach a user take two while anything binds.
    pub fn say(&mut self, text: String) -> Option<u32> {
        let (case, page) = self.say_as("ada", text);
        if page.contains("· not done yet, for it takes two people") {
            let case = case.expect("a proposal has its case");
            let (_, denied) = self.say_as("ben", format!("!case deny {case}"));
            assert!(denied.contains("denied"), "{denied}");
            self.seen.denied += 1;
            return None;
        }
        case.filter(|_| !page.starts_with("Not done"))
    }

    /// The same, and a second person approves what takes two.
    fn say_by_two(&mut self, text: String) -> Option<u32> {
        let (case, page) = self.say_as("ada", text);
        let approval = page.split("!case approve ").nth(1).and_then(|rest| rest.get(..rest.find(" until")?));
        let said = match approval {
            Some(approval) => self.say_as("ben", format!("!case approve {approval}")).1,
            None => page,
        };
        case.filter(|_| !said.starts_with("Not done"))
    }

    fn say_as(&mut self, who: &str, text: String) -> (Option<u32>, String) {
        self.messages += 1;
        let message = Message {
            id: format!("$m{}", self.messages),
            sender: person(who),
            text,
            edit: false,
            about: None,
            file: None,
            proof: docket::desk::Proof::Word,
        };
        let wall = self.wall();
        let outcomes = self.desk().handle(vec![Input::Message(message)], wall).unwrap();
        let Some(Outcome::Posts(posts)) = outcomes.into_iter().next() else { panic!("it is answered") };
        let first = posts.first().unwrap();
        let answer = (first.case.map(|case| case.number()), first.page.text());
        self.deliver(posts);
        answer
    }

    pub fn somebody_opens(&mut self) {
        let kind = self.draw.below(KINDS.len() as u64) as usize;
        let (name, clocks) = KINDS[kind];
        // The policy has users told of these, so whoever asks for secrecy is told what it takes.
        let is_secret = name == "other" && self.draw.below(2) == 0;
        let secrecy = if is_secret { " confidential=yes" } else { "" };
        let case = self.say(format!("!case new {name} a word{secrecy}")).expect("a case is opened");
        self.opened += 1;
        assert_eq!(case, self.opened);
        let start = self.wall();
        for (clock, length) in clocks {
            let due = match length {
                Length::Hours(hours) => start + TimeDelta::hours((*hours).into()),
                Length::Days(days) => end_of_day(day_of(start) + Days::new((*days).into())),
            };
            self.oracle.set((case, clock), start, due, start);
            self.starts.insert((case, clock), start);
        }
        if is_secret {
            self.secret.insert(case);
            let due = end_of_day(day_of(start) + Days::new(SECRECY_WITHIN.into()));
            self.oracle.set((case, SECRECY_LETTER), start, due, start);
        }
        self.open.push((case, kind));
        if clocks.is_empty() {
            self.idle.insert(case, (start, None));
            self.it_begins_anew(case);
        }
        self.tick();
    }

    pub fn somebody_works(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let at = self.draw.below(self.open.len() as u64) as usize;
        let (case, kind) = self.open[at];
        let clocks = KINDS[kind].1;
        match self.draw.below(12) {
            // What takes two people waits for a clock that is certain.
            0..2 if !self.oracle.doubt => {
                self.say_by_two(format!("!case withdraw {case}")).expect("it is withdrawn");
                self.open.swap_remove(at);
                clocks.iter().for_each(|(clock, _)| self.oracle.stop((case, clock)));
                // Until it is closed somebody is asked to, unless something else is still counted. What was seen stays seen,
                // even by a clock that has gone back since.
                let seen = self.idle.remove(&case).and_then(|(_, seen)| seen);
                if self.oracle.runs_nothing_but(case, IDLE) {
                    self.idle.insert(case, (self.wall(), seen));
                    self.it_begins_anew(case);
                } else {
                    self.oracle.stop((case, IDLE));
                }
            }
            2..5 if clocks.first().is_some_and(|clock| clock.0 == "answer") && self.extended.insert(case) => {
                let key = (case, "answer");
                if self.say(format!("!case extend {case} answer 10 days reason=many")).is_some() {
                    let due = end_of_day(day_of(self.oracle.due(key).unwrap()) + Days::new(10));
                    self.seen.prolonged += 1;
                    let (start, wall) = (self.starts[&key], self.wall());
                    self.oracle.set(key, start, due, wall);
                }
            }
            5..8 => {
                let days = *self.draw.one_of(&[1, 3, 20]);
                if self.say(format!("!case snooze {case} {days}d")).is_some() {
                    let until = later(self.wall(), days);
                    self.oracle.snooze(case, until);
                }
            }
            8..11 if self.secret.contains(&case) => self.the_requester_is_told(case),
            11 if self.idle.contains_key(&case) => {
                self.say(format!("!case note {case} a word")).expect("it is noted");
                self.something_was_done(case);
            }
            9 if !self.gagged.contains_key(&case) => self.a_gag_comes(case),
            _ => self.somebody_has_seen(case),
        }
        self.tick();
    }

    /// That secrecy needs an order: from then on they have time to serve one.
    fn the_requester_is_told(&mut self, case: u32) {
        if self.say(format!("!case sent {case} secrecy via=mail")).is_none() {
            return;
        }
        self.secret.remove(&case);
        self.seen.letters += 1;
        self.oracle.stop((case, SECRECY_LETTER));
        let wall = self.wall();
        let due = end_of_day(day_of(wall) + Days::new(SERVE_WITHIN.into()));
        self.oracle.set((case, SECRECY), wall, due, wall);
    }

    /// Without an end, so it is asked after; it takes the place of a wish for secrecy.
    fn a_gag_comes(&mut self, case: u32) {
        self.say(format!("!case gag {case} open by=court")).expect("it is put on record");
        let wall = self.wall();
        self.gagged.insert(case, wall);
        self.secret.remove(&case);
        self.oracle.stop((case, SECRECY_LETTER));
        self.oracle.stop((case, SECRECY));
        self.oracle.set((case, GAG), wall, asked_at(wall, 1), wall);
        self.something_was_done(case);
    }

    fn something_was_done(&mut self, case: u32) {
        let wall = self.wall();
        if let Some((changed, _)) = self.idle.get_mut(&case) {
            *changed = wall;
            self.it_begins_anew(case);
        }
    }

    /// The question what becomes of a case on which nothing counts, from the last thing that was done or seen.
    fn it_begins_anew(&mut self, case: u32) {
        let Some((changed, seen)) = self.idle.get(&case).copied() else { return };
        let (start, wall) = (seen.map_or(changed, |seen| seen.max(changed)), self.wall());
        let key = (case, IDLE);
        let due = idle_at(start);
        // Another end that comes sooner is enough.
        let is_beside = self.oracle.due((case, GAG)).is_some_and(|other| other <= due);
        if is_beside {
            self.oracle.stop(key);
        } else if self.oracle.due(key) != Some(due) {
            self.oracle.ask(key, start, IDLE_AFTER, wall);
        }
    }

    /// The reminders that went out, and no others.
    fn somebody_has_seen(&mut self, case: u32) {
        let done = self.say(format!("!case seen {case}")).is_some();
        let dues = [IDLE, GAG].map(|clock| ((case, clock), self.oracle.due((case, clock))));
        let dues: Vec<(Key, At)> = dues.into_iter().filter_map(|(key, due)| Some((key, due?))).collect();
        let saw = self.oracle.see(case);
        assert_eq!(done, !saw.is_empty(), "C-{case}: {saw:?}\n{}", self.on_record_of(case));
        self.the_gag_was_seen(case, &saw);
        if let Some(latest) = self.idle.get(&case).map(|(_, seen)| *seen).filter(|_| !saw.is_empty()) {
            let wall = self.wall();
            let until = |due: At| if self.oracle.doubt { wall.min(due) } else { wall };
            let all = dues.iter().filter(|(key, _)| saw.contains(key)).map(|(_, due)| until(*due));
            self.idle.get_mut(&case).unwrap().1 = all.chain(latest).max();
            self.it_begins_anew(case);
        }
    }

    fn the_gag_was_seen(&mut self, case: u32, saw: &[Key]) {
        let key = (case, GAG);
        let Some(begun) = self.gagged.get(&case).copied().filter(|_| saw.contains(&key)) else { return };
        let (due, wall) = (self.oracle.due(key).unwrap(), self.wall());
        // In doubt nobody knows how many times lie behind: the one that was asked does.
        let until = if self.oracle.doubt { wall.min(due) } else { wall };
        let next = (1..).map(|n| asked_at(begun, n)).find(|next| *next > until).unwrap();
        if next != due {
            self.seen.asked += 1;
            self.oracle.set(key, begun, next, wall);
        }
    }

    /// Sends what is to be sent. Sometimes the word that it was sent is lost, or comes late.
    pub fn deliver(&mut self, posts: Vec<Post>) {
        let mut done = Vec::new();
        for post in posts {
            let is_new = self.sent.insert(post.txn.clone());
            assert!(is_new || !post.orders.is_empty(), "sent twice: {}", post.page.text());
            let card = (post.kind.name() == "card" && post.edits.is_none()).then(|| format!("${}", post.txn));
            let late = self.draw.below(20) == 0;
            for order in &post.orders {
                self.pending.insert(*order, post.txn.clone());
                if !late {
                    done.push((*order, card.clone()));
                }
            }
            if late && card.is_some() {
                self.cards.extend(post.orders.iter().map(|order| (*order, card.clone())));
            }
        }
        self.confirm(done);
    }

    pub fn confirm_some(&mut self) {
        if self.draw.below(3) > 0 {
            return;
        }
        let cards = std::mem::take(&mut self.cards);
        let known = |order: &OrderId| cards.get(order).cloned().flatten();
        let all: Vec<_> = self.pending.keys().map(|order| (*order, known(order))).collect();
        self.confirm(all);
    }

    fn confirm(&mut self, done: Vec<(OrderId, Option<String>)>) {
        if done.is_empty() {
            return;
        }
        done.iter().for_each(|(order, _)| drop(self.pending.remove(order)));
        let wall = self.wall();
        let outcomes = self.desk().handle(vec![Input::Delivered(done)], wall).unwrap();
        let Some(Outcome::Posts(posts)) = outcomes.into_iter().next() else { panic!("it is taken note of") };
        if !posts.is_empty() {
            self.deliver(posts);
        }
    }
}

/// When somebody is asked to look first.
fn idle_at(start: At) -> At {
    morning(day_of(start) + Days::new(IDLE_AFTER.into()))
}

/// When a gag is asked after for the nth time.
fn asked_at(begun: At, n: u64) -> At {
    end_of_day(day_of(begun) + Days::new(n * u64::from(ASK_EVERY)))
}

/// The same time of day so many days later.
fn later(at: At, days: u64) -> At {
    use chrono::TimeZone;
    let zone = chrono_tz::Europe::London;
    let mut local = at.with_timezone(&zone).naive_local() + Days::new(days);
    loop {
        if let Some(found) = zone.from_local_datetime(&local).earliest() {
            return found.to_utc();
        }
        local += TimeDelta::minutes(15);
    }
}
