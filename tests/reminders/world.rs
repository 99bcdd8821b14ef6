//! The world around the desk: true time, the machine's clock beside it, people who type, stops and starts.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::TimeDelta;
use docket::case::wire::{self, CasePart, Cause, DeskPart};
use docket::case::{Call, ClockEvent, Event, Order, OrderId, Scope, Terms};
use docket::desk::{Desk, Input, Outcome};
use docket::ports::{Body, Draft, Journal, Seq};

use crate::oracle::{At, Key, Oracle, Told};
use crate::shelf::{Draw, IDLE, Recorder, SharedIndex, name, open, simulated};

#[derive(Clone, Copy)]
pub struct Size {
    pub cases: usize,
    pub restarts: usize,
    pub jumps: usize,
    /// Doubts that only people can end.
    pub trusts: usize,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Seen {
    pub reminders: usize,
    pub late: usize,
    pub in_doubt: usize,
    /// Reminders that came again because they had come in doubt.
    pub again: usize,
    /// Reminders that called more than the owner.
    pub escalated: usize,
    /// Questions after a gag that somebody has seen.
    pub asked: usize,
    /// Requesters who were told that secrecy needs an order.
    pub letters: usize,
    /// Clocks that got more time, and those for which that took two people.
    pub prolonged: usize,
    pub denied: usize,
    /// Times at which people were asked to look where nothing happens.
    pub looks: usize,
    pub doubts: usize,
    pub trusts: usize,
    pub restarts: usize,
    pub sent_again: usize,
    pub digests: usize,
    pub ticks: usize,
}

const YEARS: i64 = 2;
/// Something that happens at a true moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Open,
    Work,
    Restart,
    Jump,
    Trust,
}

pub struct World {
    pub size: Size,
    pub draw: Draw,
    pub now: At,
    /// How far the machine's clock is ahead.
    pub off: TimeDelta,
    pub desk: Option<Desk>,
    pub journal: Recorder,
    pub index: SharedIndex,
    pub terms: Terms,
    pub oracle: Oracle,
    /// The true moment of the last tick of this run of the program, and what the machine's clock said then.
    pub ticked: Option<At>,
    pub ticked_at: Option<At>,
    /// The true moment that was last sure, if the program has been up since.
    pub since_sure: Option<At>,
    /// Whether the clock was behind when the doubt began.
    pub behind: bool,
    /// By how much it is late although it is believed: so far it may be set ahead.
    pub late_by: TimeDelta,
    pub next: Option<At>,
    plan: BTreeSet<(At, usize, Happening)>,
    pub messages: usize,
    pub open: Vec<(u32, usize)>,
    pub opened: u32,
    pub extended: BTreeSet<u32>,
    /// Cases that ask for secrecy, whose requester was not told what it takes.
    pub secret: BTreeSet<u32>,
    /// Cases with a gag without an end, with when it was put on record.
    pub gagged: BTreeMap<u32, At>,
    /// Cases on which nothing else counts, with the last moment at which somebody did something, and saw something.
    pub idle: BTreeMap<u32, (At, Option<At>)>,
    /// When the clocks of a case began.
    pub starts: BTreeMap<Key, At>,
    /// What was sent, and the desk does not know it yet.
    pub pending: BTreeMap<OrderId, String>,
    /// The posts that these of them are.
    pub cards: BTreeMap<OrderId, Option<String>>,
    pub sent: BTreeSet<String>,
    pub doubt_moments: BTreeSet<(Key, At, At)>,
    /// The last record that was looked at.
    pub head: Seq,
    pub seen: Seen,
}

impl World {
    pub fn new(size: Size, seed: u64) -> World {
        let mut draw = Draw(seed);
        let now: At = "2026-11-20T10:00:00Z".parse().unwrap();
        let span = YEARS * 365 * 86_400;
        let mut plan = BTreeSet::new();
        let happenings = [
            (Happening::Open, size.cases),
            (Happening::Work, size.cases * 2),
            (Happening::Restart, size.restarts),
            (Happening::Jump, size.jumps),
            (Happening::Trust, size.trusts),
        ];
        for (what, count) in happenings {
            for _ in 0..count {
                let at = now + TimeDelta::seconds(draw.below(span as u64) as i64);
                plan.insert((at, plan.len(), what));
            }
        }
        let (journal, index) = (Recorder::new(), SharedIndex::default());
        let terms = simulated();
        let desk = Some(open(&journal, &index, &terms));
        World {
            size,
            draw,
            now,
            off: TimeDelta::zero(),
            desk,
            journal,
            index,
            terms,
            oracle: Oracle::default(),
            ticked: None,
            ticked_at: None,
            since_sure: None,
            behind: false,
            late_by: TimeDelta::zero(),
            next: None,
            plan,
            messages: 0,
            open: Vec::new(),
            opened: 0,
            extended: BTreeSet::new(),
            secret: BTreeSet::new(),
            gagged: BTreeMap::new(),
            idle: BTreeMap::new(),
            starts: BTreeMap::new(),
            pending: BTreeMap::new(),
            cards: BTreeMap::new(),
            sent: BTreeSet::new(),
            doubt_moments: BTreeSet::new(),
            head: Seq(0),
            seen: Seen::default(),
        }
    }

    pub fn run(mut self) -> Seen {
        self.tick();
        while let Some((at, _, what)) = self.plan.pop_first() {
            self.live_until(at);
            match what {
                Happening::Open => self.somebody_opens(),
                Happening::Work => self.somebody_works(),
                Happening::Restart => {
                    let down = *self.draw.one_of(&[0, 30, 3_600, 40_000, 100_000, 500_000]);
                    self.restart(TimeDelta::seconds(down), TimeDelta::zero());
                }
                Happening::Jump => self.the_clock_jumps(),
                Happening::Trust => self.only_people_can_say(),
            }
        }
        let end = self.now + TimeDelta::days(30);
        self.live_until(end);
        assert!(self.seen.restarts >= self.size.restarts);
        self.seen
    }

    pub fn wall(&self) -> At {
        self.now + self.off
    }

    pub fn desk(&mut self) -> &mut Desk {
        self.desk.as_mut().unwrap()
    }

    /// Time passes with the program up; it looks whenever something falls due, and at least every some hours.
    fn live_until(&mut self, then: At) {
        while self.now < then {
            let due = self.next.map(|next| next - self.off).unwrap_or(then);
            let rest = self.now + TimeDelta::hours(11);
            self.now = due.max(self.now + TimeDelta::seconds(1)).min(then).min(rest);
            self.tick();
        }
    }

    fn the_clock_jumps(&mut self) {
        let size = *self.draw.one_of(&[
            TimeDelta::hours(1),
            TimeDelta::hours(5),
            TimeDelta::days(1),
            TimeDelta::days(3),
            TimeDelta::days(40),
            TimeDelta::days(400),
        ]);
        let off = if self.draw.below(2) == 0 { size } else { -size };
        let lasts = TimeDelta::seconds(600 + self.draw.below(2 * 86_400) as i64);
        if self.draw.below(3) > 0 {
            // The program is up and sees it happen, and sees it undone.
            self.off = off;
            self.tick();
            self.live_with_it(lasts);
            self.off = TimeDelta::zero();
            self.tick();
        } else if off > TimeDelta::zero() {
            // It was down: days ahead are believed, and the way back is not.
            let off = off.min(TimeDelta::days(6));
            self.restart(TimeDelta::minutes(5), off);
            self.live_with_it(lasts);
            self.off = TimeDelta::zero();
            self.tick();
        } else {
            self.restart(TimeDelta::minutes(5), off);
            self.live_with_it(lasts);
            self.restart(TimeDelta::minutes(5), off);
            self.live_with_it(lasts);
            self.off = TimeDelta::zero();
            self.tick();
        }
        // However long it takes to catch up with the last sure moment, and whatever people do meanwhile.
        for _ in 0..20 {
            if !self.oracle.doubt {
                return;
            }
            self.live_with_it(TimeDelta::hours(13));
        }
        // It was set right after a stop that nobody could count across.
        self.two_people_say_so();
    }

    /// People go on working meanwhile.
    fn live_with_it(&mut self, lasts: TimeDelta) {
        let then = self.now + lasts;
        for _ in 0..self.draw.below(3) {
            let at = self.now + TimeDelta::seconds(self.draw.below(lasts.num_seconds() as u64) as i64);
            self.live_until(at.min(then));
            self.somebody_works();
        }
        self.live_until(then);
    }

    /// A doubt that does not end by itself: the desk was down too long, or down while it was in doubt.
    fn only_people_can_say(&mut self) {
        if self.draw.below(2) == 0 {
            self.restart(TimeDelta::days(9), TimeDelta::zero());
        } else {
            self.off = TimeDelta::days(50);
            self.tick();
            self.restart(TimeDelta::minutes(1), TimeDelta::zero());
        }
        assert!(self.oracle.doubt, "nothing else ends it");
        let lasts = TimeDelta::hours(7);
        self.live_with_it(lasts);
        assert!(self.oracle.doubt, "nothing else ends it");
        self.two_people_say_so();
    }

    /// What comes of their command, without the command.
    fn two_people_say_so(&mut self) {
        self.seen.trusts += 1;
        self.stop();
        let part = DeskPart {
            cause: Cause { by: None, message: None },
            events: vec![ClockEvent::ClockTrusted.into()],
            owes: Vec::new(),
        };
        let parts = vec![(Scope::Desk, wire::write(&part).unwrap())];
        let head = self.journal.head();
        let at = self.wall();
        self.journal.append(head, &[Draft { at, stamps: Vec::new(), parts }]).unwrap();
        self.oracle.doubt(false, at);
        // The index does not have that record: it is made anew.
        self.start();
    }

    fn restart(&mut self, down: TimeDelta, off: TimeDelta) {
        // A desk that is up looks at its clock every minute.
        self.tick();
        self.stop();
        self.now += down;
        self.off = off;
        self.start();
    }

    fn stop(&mut self) {
        self.desk = None;
        // What it was sure of and did not write down is forgotten.
        self.oracle.sure = self.oracle.sure_on_record;
        self.ticked = None;
        self.oracle.ticked = None;
        self.ticked_at = None;
        self.since_sure = None;
        self.late_by = TimeDelta::zero();
        self.next = None;
    }

    fn start(&mut self) {
        self.seen.restarts += 1;
        self.desk = Some(open(&self.journal, &self.index, &self.terms));
        let wall = self.wall();
        let posts = self.desk().owed(wall).unwrap();
        let said = |order: &OrderId| order.order != Order::Card;
        let owed: BTreeSet<OrderId> =
            posts.iter().flat_map(|post| post.orders.clone()).filter(said).collect();
        for (order, txn) in self.pending.iter().filter(|(order, _)| said(order)) {
            let again = posts.iter().find(|post| post.orders.contains(order));
            let again =
                again.unwrap_or_else(|| panic!("{order} is not owed, and nobody knows that it was sent"));
            assert_eq!(again.txn, *txn, "{order} is sent as something else");
        }
        assert!(
            owed.iter().all(|order| self.pending.contains_key(order)),
            "known to be sent, and owed still"
        );
        self.pending.clear();
        self.seen.sent_again += posts.len();
        self.deliver(posts);
        self.tick();
    }

    /// A tick: what is on record behind it must be what the oracle says.
    pub fn tick(&mut self) {
        self.seen.ticks += 1;
        let (now, wall) = (self.now, self.wall());
        let passed = self.ticked.map(|ticked| now - ticked);
        self.foresee_doubt(wall, passed);
        let expected = self.oracle.tick(wall);
        let before = self.journal.head();
        let steady = passed.map(|passed| passed.to_std().unwrap_or(Duration::ZERO));
        let outcomes = self.desk().handle(vec![Input::Tick { steady }], wall).unwrap();
        self.ticked = Some(now);
        self.ticked_at = Some(wall);
        let Some(Outcome::Ticked { posts, next }) = outcomes.into_iter().next() else {
            panic!("a tick is answered by one");
        };
        assert!(next.is_none_or(|next| next > wall), "the next moment lies ahead");
        // What is late waits for the end of the night, and no longer.
        assert!(self.oracle.asleep.is_none_or(|morning| next.is_some_and(|next| next <= morning)));
        self.next = next;
        let told = self.on_record(before.seq, wall);
        for (key, what) in &expected {
            let said = told.get(key);
            assert_eq!(
                said,
                Some(what),
                "missed or wrong: {key:?} at {wall} (true: {now})\n{}",
                self.on_record_of(key.0)
            );
        }
        for (key, what) in &told {
            assert!(
                expected.contains_key(key),
                "doubled or early: {key:?} {what:?} at {wall} (true: {now})\n{}",
                self.on_record_of(key.0)
            );
            assert!(what.1.iter().all(|step| *step <= wall), "early: {key:?} {what:?} at {wall}");
        }
        let reminders =
            posts.iter().filter(|post| post.orders.iter().any(|order| order.order == Order::Remind));
        let cases: BTreeSet<u32> = told.keys().map(|(case, _)| *case).collect();
        assert_eq!(reminders.count(), cases.len(), "one message a case");
        self.seen.digests += posts.iter().filter(|post| post.kind.name() == "digest").count();
        self.count(&told, wall);
        self.deliver(posts);
        self.confirm_some();
        let head = self.journal.head().seq;
        if !self.oracle.doubt && head != std::mem::replace(&mut self.head, head) {
            self.oracle.sure_on_record = self.oracle.sure;
        }
    }

    fn count(&mut self, told: &Told, wall: At) {
        for (key, (due, steps, called)) in told {
            self.seen.escalated += usize::from(*called > 0);
            self.seen.reminders += 1;
            self.seen.looks += usize::from(key.1 == IDLE);
            self.seen.late += usize::from(steps.iter().any(|step| wall - *step > TimeDelta::hours(12)));
            for step in steps {
                let moment = (*key, *due, *step);
                if self.oracle.doubt {
                    self.doubt_moments.insert(moment);
                } else if self.doubt_moments.remove(&moment) {
                    self.seen.again += 1;
                }
            }
            self.seen.in_doubt += usize::from(self.oracle.doubt);
        }
    }

    /// Whether the desk can know that its clock is wrong, by the definition above.
    fn foresee_doubt(&mut self, wall: At, passed: Option<TimeDelta>) {
        let Some(sure) = self.oracle.sure else { return };
        let minutes = TimeDelta::minutes;
        if self.oracle.doubt {
            let is_back = match self.since_sure {
                Some(true_moment) => wall - sure <= self.now - true_moment + minutes(5),
                None => self.behind && wall - sure <= TimeDelta::days(7),
            };
            if wall >= sure && is_back {
                self.oracle.doubt(false, wall);
                let late = self.since_sure.map_or(self.late_by, |since| (self.now - since) - (wall - sure));
                self.late_by = late.max(TimeDelta::zero());
            }
            return;
        }
        let ahead = self.ticked_at.zip(passed).map(|(at, passed)| wall - at - passed);
        let leapt = ahead.is_some_and(|ahead| ahead < -minutes(5) || ahead > self.late_by + minutes(5));
        if let Some(ahead) = ahead.filter(|ahead| !leapt && *ahead > TimeDelta::zero()) {
            self.late_by = (self.late_by - ahead).max(TimeDelta::zero());
        }
        self.behind = wall < sure - minutes(2);
        if self.behind || leapt || (passed.is_none() && wall - sure > TimeDelta::days(7)) {
            self.since_sure = passed.map(|passed| self.now - passed);
            self.late_by = (sure - wall).max(TimeDelta::zero());
            self.seen.doubts += 1;
            self.oracle.doubt(true, wall);
        }
    }

    /// Everything that happened to a case, and to the machine's clock, for whoever looks for a mistake.
    pub fn on_record_of(&self, case: u32) -> String {
        let mut all = String::new();
        let places = self.journal.places.lock().unwrap().clone();
        for place in places {
            let record = self.journal.read(place).unwrap();
            for (scope, body) in record.outline.scopes.iter().zip(&record.bodies) {
                let Body::Open(bytes) = body else { continue };
                let text = String::from_utf8_lossy(bytes);
                let is_of_it = match scope {
                    Scope::Case(id) => id.number() == case,
                    Scope::Desk => text.contains("clock-"),
                };
                if is_of_it {
                    all.push_str(&format!("{} {} {text}\n", record.outline.seq, record.outline.at));
                }
            }
        }
        all
    }

    fn on_record(&self, after: Seq, wall: At) -> Told {
        let after = usize::try_from(after.0).unwrap();
        let places = self.journal.places.lock().unwrap()[after..].to_vec();
        let mut told = Told::new();
        for place in places {
            let record = self.journal.read(place).unwrap();
            for (scope, body) in record.outline.scopes.iter().zip(&record.bodies) {
                let (Scope::Case(case), Body::Open(bytes)) = (scope, body) else { continue };
                let part: CasePart = wire::read(bytes).unwrap();
                for event in part.events {
                    let Event::Reminded { of, in_doubt } = event else { continue };
                    assert_eq!(in_doubt, self.oracle.doubt, "{case} at {wall}");
                    for reminder in of {
                        let key = (case.number(), name(&reminder.clock));
                        let called = match reminder.call.expect("a reminder calls somebody") {
                            Call::Owner => 0,
                            Call::Oncall => 1,
                            Call::Lead => 2,
                        };
                        let before = told.insert(key, (reminder.due, reminder.steps, called));
                        assert!(before.is_none(), "twice at one tick: {key:?} at {wall}");
                    }
                }
            }
        }
        told
    }
}
