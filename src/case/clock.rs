//! The clocks of a case: which run, when each falls due, which stand still. A pure fold of what is on the case and of the
//! policy it is pinned to; it does not know what time it is.
//!
//! Ours is the policy's grammar of clocks (`terms::clock_rule`); arithmetic with days stands in `calendar`, the clocks that
//! every case has whatever its policy in `standing`, what starts and ends a clock in `facts`.

mod back;
mod early;
mod facts;
mod force;
pub(crate) mod idle;
mod questions;
mod secrecy;
mod standing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::calendar::{Pause, last_second};
use super::{Case, ClockRule, Kind, Policy, Prolonged, Role, Start, Stop, Terms, Wait};
use back::is_back;
pub(crate) use back::start_alone;
pub use back::{back_too_soon, put_back, puts_back, puts_back_countered};
pub use early::too_soon;
pub(crate) use facts::told;
pub use facts::{dropped, holds};
use facts::{free_of_flag, free_to_tell, gives_reasons, meets, over, started};
pub(crate) use facts::{says_done, tasks_suffice, undone, without_notice};
pub use force::{Force, force, lapse, lapses_with};
pub(crate) use idle::IDLE;
pub(crate) use questions::{GAG, PERMISSION};
pub(crate) use secrecy::{TO_RECORD, TO_SERVE, TO_TELL};
pub(crate) use standing::{APPROVAL, BREAK_GLASS, COMING, REVIEW};

/// The clock of a hold.
pub(crate) const HOLD: &str = "hold";

/// Whether a clock is of the notice to one user: its review where it is withheld, or that they come for it.
pub(crate) fn is_of_notice(clock: &str) -> bool {
    [REVIEW, COMING].iter().any(|name| clock.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')))
}

/// Whether a clock asks about a user who has not come for their notice: nobody has to do anything before it does.
pub(crate) fn is_of_coming(clock: &str) -> bool {
    clock.strip_prefix(COMING).is_some_and(|rest| rest.starts_with(' '))
}

/// Whether a clock is the time in which somebody can approve; each proposal's has one of its own.
pub(crate) fn is_approval(clock: &str) -> bool {
    clock.starts_with("approval ")
}

/// The code of the proposal whose time such a clock is.
pub(crate) fn approval_code(clock: &str) -> Option<&str> {
    clock.strip_prefix("approval ")
}

/// A clock that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Its name, as typed: `answer`.
    pub name: String,
    /// What falls due, in a few words: `answer due`.
    pub title: String,
    /// When it began.
    pub start: DateTime<Utc>,
    /// When it falls due; the last second of a day where it is counted in days.
    pub due: DateTime<Utc>,
    /// What it is too early before.
    pub earliest: Option<DateTime<Utc>>,
    /// The zone in which its days are counted, and said.
    pub zone: Tz,
    /// The role whose people it calls, and who alone say what ends it.
    pub calls: Option<Role>,
}

impl Clock {
    /// Whether it is so short that days are too coarse for it: under 72 hours from start to due. Nobody is woken for a letter.
    pub fn is_short(&self) -> bool {
        !matches!(self.name.as_str(), TO_TELL | TO_RECORD | IDLE)
            && self.due - self.start < TimeDelta::hours(72)
    }
}

impl Clock {
    /// Whether nobody has to do anything for it to end: a hold, or a gag that has an end.
    pub fn ends_by_itself(&self) -> bool {
        ends_by_itself(&self.name, &self.title)
    }
}

/// The same of a clock of which only its name and its title are at hand; a question about a gag has another title.
pub(crate) fn ends_by_itself(name: &str, title: &str) -> bool {
    matches!(name, HOLD | GAG) && title.ends_with(" ends")
}

/// A clock, with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run<'a> {
    /// The clock. While it stands still, its due moment is the one it had when that began.
    pub clock: Clock,
    /// The policy's rule; none for a clock that every case has.
    pub rule: Option<&'a ClockRule>,
    /// When it would fall due without extensions.
    pub own_end: DateTime<Utc>,
    /// The same before it moved to a working day: what is longer is counted from here.
    pub unmoved_end: DateTime<Utc>,
    /// How it was extended, oldest first.
    pub extensions: Vec<&'a Prolonged>,
    /// How many of them count: where the requester is to be told in time, those of which they were (GDPR article 12(3)).
    pub counted: usize,
    /// When it would fall due if all of them counted.
    pub promised: DateTime<Utc>,
    /// Whether it stands still while the requester is asked for something.
    pub still: bool,
}

/// An extension of which the requester was not told, or not in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Untold<'a> {
    /// The letter that tells them.
    pub letter: &'a str,
    /// Whether there is no more time without it, so that the clock falls due when it did before.
    pub in_time: bool,
    /// Whether it was sent too late to give any.
    pub late: bool,
    /// When the clock falls due once it counts.
    pub promised: DateTime<Utc>,
}

impl<'a> Run<'a> {
    /// The letter by which the requester is to be told that it takes longer, while it was not sent or does not count.
    pub fn untold(&self, case: &Case) -> Option<Untold<'a>> {
        let allowed = self.rule?.extension.as_ref()?;
        let letter = allowed.letter.as_deref()?;
        let since = self.extensions.get(self.counted).or(self.extensions.last())?.at;
        let is_sent = case.sent.iter().any(|sent| sent.letter == letter && sent.recorded >= since);
        let counts = self.counted == self.extensions.len();
        let untold = Untold { letter, in_time: allowed.before_end, late: is_sent, promised: self.promised };
        (!(counts && is_sent)).then_some(untold)
    }

    /// Whether this letter tells the requester that it takes longer.
    pub fn is_told_by(&self, letter: &str) -> bool {
        let told_by = self.rule.and_then(|rule| rule.extension.as_ref()?.letter.as_deref());
        !self.extensions.is_empty() && told_by == Some(letter)
    }
}

/// Whether an extension of a clock counts that would fall due at `end` without it: where the requester is to be told in time,
/// once they were. While the clock stands still its end is not reached.
fn counts(
    more: &Prolonged,
    rule: &ClockRule,
    case: &Case,
    end: DateTime<Utc>,
    stood: Option<&Stood>,
) -> bool {
    let Some(allowed) = rule.extension.as_ref().filter(|allowed| allowed.before_end) else { return true };
    let Some(letter) = &allowed.letter else { return true };
    let in_time =
        |at: DateTime<Utc>| at <= end || stood.is_some_and(|wait| wait.from <= end && at >= wait.from);
    case.sent.iter().any(|sent| sent.letter == *letter && sent.recorded >= more.at && in_time(sent.at))
}

/// The clocks that run, nearest first.
pub fn clocks(case: &Case, terms: &Terms) -> Vec<Clock> {
    runs(case, terms).into_iter().filter(|run| !run.still).map(|run| run.clock).collect()
}

/// The names of the clocks that stand still.
pub fn paused(case: &Case, terms: &Terms) -> Vec<String> {
    runs(case, terms).into_iter().filter(|run| run.still).map(|run| run.clock.name).collect()
}

/// Every clock that runs or stands still, nearest first. Of two with one name the nearer one counts: a name is what people
/// type and are reminded by, and nobody is late who keeps the earlier date.
pub fn runs<'a>(case: &'a Case, terms: &'a Terms) -> Vec<Run<'a>> {
    let mut runs = standing::runs(case, terms);
    if let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) {
        runs.extend(policy.clocks.iter().filter_map(|rule| run(rule, case, kind, policy, terms)));
    }
    runs.extend(standing::idle(case, terms, &runs));
    runs.sort_by(|one, other| {
        (one.still, one.clock.due, &one.clock.name).cmp(&(other.still, other.clock.due, &other.clock.name))
    });
    let mut named: BTreeSet<String> = BTreeSet::new();
    runs.retain(|run| named.insert(run.clock.name.clone()));
    runs
}

/// The policy's clocks that run on a case and call somebody, with whom (rule 56). Costs nothing where there are none.
pub fn calling<'t>(case: &'t Case, terms: &'t Terms) -> Vec<(&'t ClockRule, Role)> {
    let Some((policy, kind)) = terms.policy_of(case).zip(terms.kind_of(case)) else { return Vec::new() };
    let rules = policy.clocks.iter().filter_map(|rule| Some((rule, rule.calls?)));
    rules.filter(|(rule, _)| run(rule, case, kind, policy, terms).is_some()).collect()
}

/// The policy's rules that call somebody and have begun on a case, over or not, with whom.
pub fn begun_and_calling<'t>(
    case: &'t Case,
    terms: &'t Terms,
) -> impl Iterator<Item = (&'t ClockRule, Role)> {
    let policy = terms.policy_of(case);
    let rules = policy.into_iter().flat_map(|policy| policy.clocks.iter().map(move |rule| (rule, policy)));
    rules.filter_map(move |(rule, policy)| {
        let role = rule.calls.filter(|_| rule.is_of(&case.kind) && meets(case, rule, policy))?;
        started(case, rule, terms).map(|_| (rule, role))
    })
}

/// A clock of the case's policy, if it runs or stands still on this case.
pub(crate) fn run_of<'a>(rule: &'a ClockRule, case: &'a Case, terms: &'a Terms) -> Option<Run<'a>> {
    let (policy, kind) = terms.policy_of(case).zip(terms.kind_of(case))?;
    run(rule, case, kind, policy, terms)
}

/// Whether the users of a case are owed a notice, or were if no other case forbade it.
pub fn owes_notice(case: &Case, terms: &Terms) -> bool {
    let runs = |case: &Case| {
        runs(case, terms).iter().any(|run| run.rule.is_some_and(|rule| rule.until.is_any(&[Stop::Told])))
    };
    if case.hushed.is_empty() {
        return runs(case);
    }
    runs(&Case { hushed: BTreeMap::new(), ..case.clone() })
}

/// When a clock of the policy began on a case, if it did.
pub fn start(case: &Case, rule: &ClockRule, terms: &Terms) -> Option<DateTime<Utc>> {
    started(case, rule, terms)
}

/// The day on which a clock of the policy began, if it did, where the clock counts.
pub fn first_day(case: &Case, rule: &ClockRule, terms: &Terms) -> Option<NaiveDate> {
    let policy = terms.policy_of(case)?;
    let zone = terms.calendar(policy, rule.calendar.as_deref()).zone.unwrap_or(terms.zone_under(policy));
    started(case, rule, terms).map(|at| at.with_timezone(&zone).date_naive())
}

/// The clocks that only last, and when each of them is over.
pub(crate) fn lasting(case: &Case, terms: &Terms) -> impl Iterator<Item = (Clock, DateTime<Utc>)> {
    let only_last = |run: &Run<'_>| !run.still && run.rule.is_some_and(|rule| rule.lasts);
    let has_any = terms
        .policy_of(case)
        .is_some_and(|policy| policy.clocks.iter().any(|rule| rule.lasts && rule.is_of(&case.kind)));
    let runs = if has_any { runs(case, terms) } else { Vec::new() };
    let lasting: Vec<Clock> = runs.into_iter().filter(only_last).map(|run| run.clock).collect();
    lasting.into_iter().filter_map(|clock| {
        let over = clock.due.checked_add_signed(TimeDelta::seconds(1))?;
        Some((clock, over))
    })
}

/// A clock of the policy, if it runs on this case.
fn run<'a>(
    rule: &'a ClockRule,
    case: &'a Case,
    kind: &Kind,
    policy: &Policy,
    terms: &Terms,
) -> Option<Run<'a>> {
    // What costs little is asked first: most clocks do not run on most cases.
    if !rule.is_of(&kind.name) {
        return None;
    }
    let start = started(case, rule, terms)?;
    let calendar = terms.calendar(policy, rule.calendar.as_deref());
    let zone = calendar.zone.unwrap_or(terms.zone_under(policy));
    // What begins with the closing is not over because of it, nor because of the answer that came before.
    let ends_with_case = rule.until.is_any(&[Stop::Answered, Stop::Closed]);
    let outlives = rule.from == Start::Closed && ends_with_case;
    let is_over = over(case, rule, start, policy, zone) || (ends_with_case && case.closed.is_some());
    if (is_over && !outlives) || is_left(case, rule, start) || !meets(case, rule, policy) {
        return None;
    }
    if case.elapsed.get(&rule.name) == Some(&start) {
        return None;
    }
    let start = if rule.until.is_any(&[Stop::Told]) { free_to_tell(case, start, terms)? } else { start };
    // Nobody is told why we acted on what nothing came of.
    if gives_reasons(rule) && without_notice(case).is_some() {
        return None;
    }
    let start = if gives_reasons(rule) { free_of_flag(case, start)? } else { start };
    let waits = if rule.pauses { waits(case, start) } else { Vec::new() };
    let (over, open): (Vec<Stood>, Vec<Stood>) = waits.into_iter().partition(|wait| wait.to.is_some());
    let over: Vec<Pause> =
        over.iter().filter_map(|wait| Some(Pause { from: wait.from, to: wait.to? })).collect();
    let (own_end, taken) = rule.term.end_with_pauses(start, &over, &calendar, zone);
    let mut rest = over.get(taken..).unwrap_or_default();
    let mut due = own_end;
    let unmoved_end = match rule.term.rolls {
        true => rule.term.unmoved().end_with_pauses(start, &over, &calendar, zone).0,
        false => own_end,
    };
    // Each extension counts from the end of what was there before it, the first from the clock's own end: the two more
    // months of GDPR 12(3) begin when the first month ends. That an end moved to a working day gives no days to what comes
    // after it: three months from receipt are three months.
    let mut unmoved = unmoved_end;
    let extensions: Vec<&Prolonged> = case.prolonged.iter().filter(|more| more.clock == rule.name).collect();
    let (mut promised, mut counted) = (own_end, 0);
    for (place, more) in extensions.iter().enumerate() {
        let is_told = counted == place && counts(more, rule, case, promised, open.first());
        let (later, taken) = more.term.end_with_pauses(unmoved, rest, &calendar, zone);
        unmoved = more.term.unmoved().end_with_pauses(unmoved, rest, &calendar, zone).0;
        promised = later.max(promised);
        if is_told {
            (due, counted) = (promised, place + 1);
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    let earliest = rule.not_before.map(|term| {
        let (end, _) = term.end_with_pauses(start, &over, &calendar, zone);
        // Days are over when the last of them is: 512(g) wants no less than ten business days, and whoever waits for the
        // end of the tenth is right however they are counted.
        let over = end.checked_add_signed(TimeDelta::seconds(1)).unwrap_or(end);
        if term.is_by_clock() { end } else { over }
    });
    // What a notice took down is kept down for nobody once there is no notice: it goes back that day (rule 41).
    let gone = (rule.from == Start::Countered).then(|| without_notice(case)).flatten();
    let that_day = gone.map(|at| last_second(at.max(start).with_timezone(&zone).date_naive(), zone));
    let (due, earliest) = that_day.map_or((due, earliest), |day| (due.min(day), None));
    // Nobody was late to put back what another case kept inaccessible.
    let freed = case.kept_down.freed.filter(|_| rule.from == Start::Countered);
    let due = freed.map_or(due, |at| due.max(last_second(at.with_timezone(&zone).date_naive(), zone)));
    // Nor is anything put back before another notice lets it be that is countered too.
    let until = case.kept_down.until.as_ref().filter(|_| is_back(rule));
    let due = until.map_or(due, |until| due.max(until.due));
    let earliest = earliest.into_iter().chain(until.map(|until| until.earliest)).max();
    // Asking after the date has passed does not unmiss it.
    let still = open.first().is_some_and(|wait| wait.from <= due);
    let (name, title) = (rule.name.clone(), rule.title.clone());
    let clock = Clock { name, title, start, due, earliest, zone, calls: rule.calls };
    Some(Run { clock, rule: Some(rule), own_end, unmoved_end, extensions, counted, promised, still })
}

/// Whether two people said that what it counts the days of is never done. Of a flag that was set since they said nothing.
fn is_left(case: &Case, rule: &ClockRule, start: DateTime<Utc>) -> bool {
    let is_since = || rule.from == Start::Flagged && case.closed.is_none_or(|closed| start > closed);
    case.undone.contains_key(&rule.name) && !is_since()
}

/// A time in which clocks stood still; without an end while they still do.
#[derive(Clone, Copy)]
struct Stood {
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
}

/// The times in which the requester was asked for something, from `start` on, oldest first and none within another.
fn waits(case: &Case, start: DateTime<Utc>) -> Vec<Stood> {
    let since = |wait: &Wait| Stood { from: wait.from.max(start), to: wait.to };
    let mut all: Vec<Stood> = case.waits.iter().map(since).collect();
    all.retain(|wait| wait.to.is_none_or(|to| to > wait.from));
    all.sort_by_key(|wait| wait.from);
    let mut joined: Vec<Stood> = Vec::new();
    for wait in all {
        match joined.last_mut() {
            Some(last) if last.to.is_none_or(|to| wait.from <= to) => {
                last.to = last.to.zip(wait.to).map(|(one, other)| one.max(other));
            }
            Some(_) | None => joined.push(wait),
        }
    }
    joined
}
