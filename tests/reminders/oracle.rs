//! Which reminders there must be. Written without a look at how docket finds them: moment by moment, as a set.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Europe::London;

pub type At = DateTime<Utc>;
/// A clock of a case.
pub type Key = (u32, &'static str);
/// Whom a reminder calls: the owner, who is on call too, who leads too.
pub type Called = u8;
/// What people are reminded of at one tick: for each clock its due date, its moments, and whom that calls.
pub type Told = BTreeMap<Key, (At, Vec<At>, Called)>;

/// At this time of day reminders would come; it lies in the quiet hours, so they come when these end.
pub const DIGEST: (u32, u32) = (6, 30);
const AWAKE: (u32, u32) = (7, 0);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    at: At,
    /// Whether it can be put off, and until when at most: before anybody has heard of the clock, and after.
    waits_until: Option<(At, At)>,
    /// Whom it calls at least.
    calls: Called,
}

impl Moment {
    fn comes(self, snoozed: Option<At>, is_heard_of: bool) -> At {
        match (self.waits_until, snoozed) {
            (Some((first, after)), Some(end)) if self.at < end => {
                self.at.max(end.min(if is_heard_of { after } else { first }))
            }
            _ => self.at,
        }
    }
}

struct Clock {
    due: At,
    /// Whether it is counted in days, so that what is late of it waits for the morning.
    is_long: bool,
    /// Moments of which nobody was reminded while the machine's clock was believed.
    left: Vec<Moment>,
    /// Those of them of which people were reminded in doubt.
    in_doubt: BTreeSet<Moment>,
    /// Until when its reminders wait.
    snoozed: Option<At>,
    /// Whom its last reminder called.
    called: Option<Called>,
    /// Whether somebody has seen that.
    seen: bool,
}

impl Clock {
    fn comes(&self, moment: Moment) -> At {
        moment.comes(self.snoozed, self.called.is_some())
    }

    fn next(&self) -> Option<At> {
        let open = self.left.iter().filter(|moment| !self.in_doubt.contains(moment));
        open.map(|moment| self.comes(*moment)).min()
    }
}

#[derive(Default)]
pub struct Oracle {
    clocks: BTreeMap<Key, Clock>,
    /// When which clock must be looked at.
    queue: BTreeSet<(At, Key)>,
    /// Clocks with moments told in doubt.
    doubtful: BTreeSet<Key>,
    /// Until when something waits because it is late, and nobody is woken for it.
    pub asleep: Option<At>,
    /// The last tick, for as long as the program runs.
    pub ticked: Option<At>,
    pub sure: Option<At>,
    /// The last sure moment at which something was put on record.
    pub sure_on_record: Option<At>,
    pub doubt: bool,
}

pub fn end_of_day(day: NaiveDate) -> At {
    local(day, (23, 59)) + TimeDelta::seconds(59)
}

pub fn morning(day: NaiveDate) -> At {
    local(day, AWAKE)
}

pub fn day_of(at: At) -> NaiveDate {
    at.with_timezone(&London).date_naive()
}

fn local(day: NaiveDate, (hour, minute): (u32, u32)) -> At {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    London.from_local_datetime(&day.and_time(time)).earliest().unwrap().to_utc()
}

/// The moment itself, or the end of the night that it lies in.
fn awake(now: At) -> At {
    let hour = now.with_timezone(&London).hour();
    match hour {
        22.. => morning(day_of(now).checked_add_days(Days::new(1)).unwrap()),
        7.. => now,
        _ => morning(day_of(now)),
    }
}

fn last_hour(start: At, due: At) -> At {
    start.max(due - TimeDelta::hours(1))
}

/// `over` is when people are told that it is due.
fn moments(start: At, due: At, over: At) -> Vec<Moment> {
    let mut before: Vec<(At, bool)> = if due - start < TimeDelta::hours(72) {
        let seconds = (due - start).num_seconds();
        let hour = last_hour(start, due);
        vec![
            (start + TimeDelta::milliseconds(seconds * 500), true),
            (due - TimeDelta::milliseconds(seconds * 250), true),
            (hour, false),
        ]
    } else {
        let day = |back| day_of(due).checked_sub_days(Days::new(back)).unwrap();
        [30, 14, 7, 3, 1, 0].map(|back| (local(day(back), AWAKE), back > 1)).to_vec()
    };
    let is_short = due - start < TimeDelta::hours(72);
    let begins = |at: At| is_short && at == last_hour(start, due);
    before.retain(|(at, _)| (*at > start || begins(*at)) && *at < due);
    // What may not wait wins over what may at the same moment.
    let firm: BTreeSet<At> = before.iter().filter(|(_, waits)| !waits).map(|(at, _)| *at).collect();
    let most = firm.first().copied().unwrap_or(due);
    let last_to_wait =
        before.iter().filter(|(at, waits)| *waits && !firm.contains(at)).map(|(at, _)| *at).max();
    let first = last_to_wait.map_or(most, |last| last.min(most));
    let all: BTreeSet<Moment> = before
        .into_iter()
        .map(|(at, waits)| {
            let waits = waits && !firm.contains(&at);
            Moment { at, waits_until: waits.then_some((first, most)), calls: u8::from(is_short || !waits) }
        })
        .chain([over, due + TimeDelta::days(1)].map(|at| Moment { at, waits_until: None, calls: 2 }))
        .collect();
    all.into_iter().collect()
}

impl Oracle {
    /// A clock begins or is moved, at this moment of the machine's clock.
    pub fn set(&mut self, key: Key, start: At, due: At, now: At) {
        let from = match (self.doubt, self.sure) {
            (true, Some(sure)) => sure.min(now),
            _ => now,
        };
        // What binds until the end of a second is over in the next.
        let over = due + TimeDelta::seconds(i64::from(key.1 == "gag"));
        let mut left = moments(start, due, over);
        // A due date that is past already is told of from when it came to be; so is the last hour of a short clock.
        let is_short = due - start < TimeDelta::hours(72);
        let from_now_on = |at: At| at == over || is_short && at == last_hour(start, due);
        left.retain(|moment| moment.at > from || from_now_on(moment.at));
        for moment in &mut left {
            moment.at = moment.at.max(if from_now_on(moment.at) { from } else { moment.at });
        }
        self.stop(key);
        let in_doubt = BTreeSet::new();
        let is_long = !is_short;
        self.clocks
            .insert(key, Clock { due, is_long, left, in_doubt, snoozed: None, called: None, seen: false });
        self.wait(key);
    }

    /// A question without an end begins anew: from this moment people are asked, and again and again.
    pub fn ask(&mut self, key: Key, start: At, every: u32, now: At) {
        let from = match (self.doubt, self.sure) {
            (true, Some(sure)) => sure.min(now),
            _ => now,
        };
        let end = At::MAX_UTC;
        let nth =
            |n: u64| local(day_of(start).checked_add_days(Days::new(n * u64::from(every))).unwrap(), AWAKE);
        let moment = |at| Moment { at, waits_until: Some((end, end)), calls: 0 };
        // A clock may leap by some hundred days, on top of two years.
        let mut left: Vec<Moment> = (1..200).map(nth).filter(|at| *at > from).map(moment).collect();
        let due = nth(1);
        if due <= from {
            left.insert(0, moment(from));
        }
        self.stop(key);
        let in_doubt = BTreeSet::new();
        // It has no last day, so it never is too late to wait.
        let is_long = true;
        self.clocks
            .insert(key, Clock { due, is_long, left, in_doubt, snoozed: None, called: None, seen: false });
        self.wait(key);
    }

    /// A clock runs no longer.
    pub fn stop(&mut self, key: Key) {
        self.unwait(key);
        self.clocks.remove(&key);
        self.doubtful.remove(&key);
    }

    pub fn due(&self, key: Key) -> Option<At> {
        self.clocks.get(&key).map(|clock| clock.due)
    }

    /// The reminders of the clocks that run wait; those of a clock that begins later do not.
    pub fn snooze(&mut self, case: u32, until: At) {
        for key in self.keys(case) {
            self.unwait(key);
            if let Some(clock) = self.clocks.get_mut(&key) {
                clock.snoozed = Some(until);
            }
            self.wait(key);
        }
    }

    /// Somebody has seen the reminders; the clocks that they were of.
    pub fn see(&mut self, case: u32) -> Vec<Key> {
        let mut saw = Vec::new();
        for key in self.keys(case) {
            if let Some(clock) =
                self.clocks.get_mut(&key).filter(|clock| clock.called.is_some() && !clock.seen)
            {
                clock.seen = true;
                saw.push(key);
            }
        }
        saw
    }

    pub fn runs_nothing_but(&self, case: u32, clock: &str) -> bool {
        self.keys(case).iter().all(|(_, name)| *name == clock)
    }

    fn keys(&self, case: u32) -> Vec<Key> {
        self.clocks.range((case, "")..(case + 1, "")).map(|(key, _)| *key).collect()
    }

    fn wait(&mut self, key: Key) {
        if let Some(next) = self.clocks.get(&key).and_then(Clock::next) {
            self.queue.insert((next, key));
        }
    }

    fn unwait(&mut self, key: Key) {
        if let Some(next) = self.clocks.get(&key).and_then(Clock::next) {
            self.queue.remove(&(next, key));
        }
    }

    /// The clock is doubted from now on, or believed again. Told before what happens at the same tick.
    pub fn doubt(&mut self, doubt: bool, now: At) {
        self.doubt = doubt;
        if doubt {
            // The doubt is on record, and with it the moment before.
            self.sure_on_record = self.sure;
            return;
        }
        self.sure = Some(now);
        self.sure_on_record = Some(now);
        for key in std::mem::take(&mut self.doubtful) {
            // In doubt it stood in the queue by what was left to tell then.
            self.unwait(key);
            if let Some(clock) = self.clocks.get_mut(&key) {
                let in_doubt = std::mem::take(&mut clock.in_doubt);
                // What still lies ahead was told too early, and comes again.
                clock.left.retain(|moment| moment.at > now || !in_doubt.contains(moment));
            }
            self.wait(key);
        }
    }

    /// The clock went back, and is not believed: what was told in doubt and lies ahead comes again.
    fn went_back(&mut self, now: At) {
        for key in self.doubtful.clone() {
            self.unwait(key);
            if let Some(clock) = self.clocks.get_mut(&key) {
                clock.in_doubt.retain(|moment| moment.at <= now);
            }
            self.wait(key);
        }
    }

    /// What must be told at this tick.
    pub fn tick(&mut self, now: At) -> Told {
        let went_back = self.ticked.replace(now).is_none_or(|ticked| now < ticked);
        if self.doubt && went_back {
            self.went_back(now);
        }
        if !self.doubt {
            self.sure = Some(self.sure.map_or(now, |sure| sure.max(now)));
        }
        let mut told = Told::new();
        let mut asleep = Vec::new();
        let awake = awake(now);
        self.asleep = None;
        while let Some((at, key)) = self.queue.first().copied().filter(|(at, _)| *at <= now) {
            self.queue.remove(&(at, key));
            let clock = self.clocks.get_mut(&key).unwrap();
            let is_new = |moment: &Moment| !clock.in_doubt.contains(moment) && clock.comes(*moment) <= now;
            let come: Vec<Moment> = clock.left.iter().copied().filter(is_new).collect();
            let can_wait = come.iter().all(|moment| {
                // What can wait for ever is a question that is asked again and again.
                moment.waits_until.is_some_and(|(first, _)| first == At::MAX_UTC || awake < clock.due)
            });
            if awake > now && clock.is_long && can_wait {
                asleep.push((at, key));
                self.asleep = Some(awake);
                continue;
            }
            let steps: BTreeSet<At> = come.iter().map(|moment| clock.comes(*moment)).collect();
            // One more than last time if nobody has seen that, and at least whom the moment calls.
            let unseen = clock.called.filter(|_| !clock.seen);
            let calls = come.iter().map(|moment| moment.calls).max().unwrap();
            let called = calls.max(unseen.map_or(0, |last| (last + 1).min(2)));
            told.insert(key, (clock.due, steps.into_iter().collect(), called));
            (clock.called, clock.seen) = (Some(called), false);
            if self.doubt {
                clock.in_doubt.extend(come);
                self.doubtful.insert(key);
            } else {
                clock.left.retain(|moment| !come.contains(moment));
            }
            // Whoever was reminded after a snooze was over sleeps no longer.
            clock.snoozed = clock.snoozed.filter(|end| *end > now);
            self.wait(key);
        }
        self.queue.extend(asleep);
        told
    }
}
