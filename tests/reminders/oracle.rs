//! Which reminders there must be. Written without a look at how docket finds them: moment by moment, as a set.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::London;

pub type At = DateTime<Utc>;
/// A clock of a case.
pub type Key = (u32, &'static str);
/// What people are reminded of at one tick: for each clock its due date and its moments.
pub type Told = BTreeMap<Key, (At, Vec<At>)>;

/// At this time of day reminders would come; it lies in the quiet hours, so they come when these end.
pub const DIGEST: (u32, u32) = (6, 30);
const AWAKE: (u32, u32) = (7, 0);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    at: At,
    /// Whether it can be put off, and until when at most.
    waits_until: Option<At>,
}

impl Moment {
    fn comes(self, snoozed: Option<At>) -> At {
        match (self.waits_until, snoozed) {
            (Some(most), Some(end)) if self.at < end => self.at.max(end.min(most)),
            _ => self.at,
        }
    }
}

struct Clock {
    due: At,
    /// Moments of which nobody was reminded while the machine's clock was believed.
    left: Vec<Moment>,
    /// Those of them of which people were reminded in doubt.
    in_doubt: BTreeSet<Moment>,
}

#[derive(Default)]
pub struct Oracle {
    clocks: BTreeMap<Key, Clock>,
    snoozed: BTreeMap<u32, At>,
    /// When which clock must be looked at.
    queue: BTreeSet<(At, Key)>,
    /// Clocks with moments told in doubt.
    doubtful: BTreeSet<Key>,
    pub sure: Option<At>,
    /// The last sure moment at which something was put on record.
    pub sure_on_record: Option<At>,
    pub doubt: bool,
}

pub fn end_of_day(day: NaiveDate) -> At {
    local(day, (23, 59)) + TimeDelta::seconds(59)
}

pub fn day_of(at: At) -> NaiveDate {
    at.with_timezone(&London).date_naive()
}

fn local(day: NaiveDate, (hour, minute): (u32, u32)) -> At {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    London.from_local_datetime(&day.and_time(time)).earliest().unwrap().to_utc()
}

fn moments(start: At, due: At) -> Vec<Moment> {
    let mut before: Vec<(At, bool)> = if due - start < TimeDelta::hours(72) {
        let seconds = (due - start).num_seconds();
        let hour = due - TimeDelta::hours(1);
        vec![
            (start + TimeDelta::milliseconds(seconds * 500), true),
            (due - TimeDelta::milliseconds(seconds * 250), true),
            (hour, false),
        ]
    } else {
        let day = |back| day_of(due).checked_sub_days(Days::new(back)).unwrap();
        [30, 14, 7, 3, 1, 0].map(|back| (local(day(back), AWAKE), back > 1)).to_vec()
    };
    before.retain(|(at, _)| *at > start && *at < due);
    // What may not wait wins over what may at the same moment.
    let firm: BTreeSet<At> = before.iter().filter(|(_, waits)| !waits).map(|(at, _)| *at).collect();
    let most = firm.first().copied().unwrap_or(due);
    let all: BTreeSet<Moment> = before
        .into_iter()
        .map(|(at, waits)| Moment { at, waits_until: (waits && !firm.contains(&at)).then_some(most) })
        .chain([due, due + TimeDelta::days(1)].map(|at| Moment { at, waits_until: None }))
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
        let mut left = moments(start, due);
        left.retain(|moment| moment.at > from || moment.at == due);
        for moment in &mut left {
            // A due date that is past already is told of from when it came to be.
            moment.at = moment.at.max(if moment.at == due { from } else { moment.at });
        }
        self.stop(key);
        self.clocks.insert(key, Clock { due, left, in_doubt: BTreeSet::new() });
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

    pub fn snooze(&mut self, case: u32, until: At) {
        let keys: Vec<Key> = self.keys(case);
        keys.iter().for_each(|key| self.unwait(*key));
        self.snoozed.insert(case, until);
        keys.into_iter().for_each(|key| self.wait(key));
    }

    fn keys(&self, case: u32) -> Vec<Key> {
        self.clocks.range((case, "")..(case + 1, "")).map(|(key, _)| *key).collect()
    }

    fn wait(&mut self, key: Key) {
        let snoozed = self.snoozed.get(&key.0).copied();
        if let Some(next) = next(self.clocks.get(&key), snoozed) {
            self.queue.insert((next, key));
        }
    }

    fn unwait(&mut self, key: Key) {
        let snoozed = self.snoozed.get(&key.0).copied();
        if let Some(next) = next(self.clocks.get(&key), snoozed) {
            self.queue.remove(&(next, key));
        }
    }

    /// The clock is doubted from now on, or believed again. Told before what happens at the same tick.
    pub fn doubt(&mut self, doubt: bool, now: At) {
        self.doubt = doubt;
        if doubt {
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

    /// What must be told at this tick.
    pub fn tick(&mut self, now: At) -> Told {
        if !self.doubt {
            self.sure = Some(self.sure.map_or(now, |sure| sure.max(now)));
        }
        let mut told = Told::new();
        while let Some((at, key)) = self.queue.first().copied().filter(|(at, _)| *at <= now) {
            self.queue.remove(&(at, key));
            let snoozed = self.snoozed.get(&key.0).copied();
            let clock = self.clocks.get_mut(&key).unwrap();
            let come: Vec<Moment> = clock
                .left
                .iter()
                .copied()
                .filter(|moment| !clock.in_doubt.contains(moment) && moment.comes(snoozed) <= now)
                .collect();
            let steps: BTreeSet<At> = come.iter().map(|moment| moment.comes(snoozed)).collect();
            told.insert(key, (clock.due, steps.into_iter().collect()));
            if self.doubt {
                clock.in_doubt.extend(come);
                self.doubtful.insert(key);
            } else {
                clock.left.retain(|moment| !come.contains(moment));
            }
            if let Some(next) = next(Some(clock), snoozed) {
                self.queue.insert((next, key));
            }
        }
        // Whoever was reminded after a snooze was over sleeps no longer.
        for (case, _) in told.keys() {
            if self.snoozed.get(case).is_some_and(|end| *end <= now) {
                self.snoozed.remove(case);
            }
        }
        told
    }
}

fn next(clock: Option<&Clock>, snoozed: Option<At>) -> Option<At> {
    let clock = clock?;
    let open = clock.left.iter().filter(|moment| !clock.in_doubt.contains(moment));
    open.map(|moment| moment.comes(snoozed)).min()
}
