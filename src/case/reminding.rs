//! The moments at which people are reminded of a clock, and which of them have come. Pure: what it is told of the time is an
//! argument. Does not know how a reminder is written or who is in the room.
//!
//! A clock of 72 hours or more is counted in days: at the hour of the digest, so many days before, and never at night. A
//! shorter one is counted in parts of itself, day and night. What people were reminded of last stands on the case; from there
//! on every moment counts once.

mod idle;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::calendar::{Calendar, at};
use super::clock::{
    Clock, GAG, IDLE, PERMISSION, TO_RECORD, TO_SERVE, TO_TELL, clocks, is_of_coming, is_of_notice,
};
use super::{Account, Call, Case, Distance, Need, Quiet, Reminded, Reminder, Role, Span, Stop, Terms, Watch};

/// A moment at which people are reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// When.
    pub at: DateTime<Utc>,
    /// Which.
    pub kind: StepKind,
}

/// Which moment of a clock it is, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// Somebody is asked to look, where nothing happens.
    Asked,
    /// More than a day before.
    Ahead,
    /// A day before, or on the day.
    LastDay,
    /// Half of a short clock is over.
    Half,
    /// A quarter of a short clock is left.
    Quarter,
    /// The last hour of a short clock begins.
    LastHour,
    /// It is due.
    Due,
    /// It was due a day ago.
    DayLater,
}

impl StepKind {
    /// Whom it calls at least.
    fn call(self) -> Call {
        match self {
            StepKind::Asked | StepKind::Ahead => Call::Owner,
            StepKind::LastDay | StepKind::Half | StepKind::Quarter | StepKind::LastHour => Call::Oncall,
            StepKind::Due | StepKind::DayLater => Call::Lead,
        }
    }

    /// Whether somebody may put it off.
    fn waits(self) -> bool {
        match self {
            StepKind::Asked | StepKind::Ahead | StepKind::Half | StepKind::Quarter => true,
            StepKind::LastDay | StepKind::LastHour | StepKind::Due | StepKind::DayLater => false,
        }
    }
}

/// The moments of a clock, in order, each once. None lies before its start, and at its start only the last hour of a clock
/// that has no more.
pub fn steps(clock: &Clock, terms: &Terms) -> Vec<Step> {
    let due = clock.due;
    let mut before = match () {
        () if is_of_coming(&clock.name) => Vec::new(),
        () if clock.is_short() => parts(clock),
        () => days_before(clock, terms),
    };
    let begins = |step: &Step| step.at == clock.start && step.kind == StepKind::LastHour;
    before.retain(|step| (step.at > clock.start || begins(step)) && step.at < due);
    // Of two at one moment the more urgent one counts.
    let mut by_moment: BTreeMap<DateTime<Utc>, StepKind> = BTreeMap::new();
    for step in before {
        let kind = by_moment.entry(step.at).or_insert(step.kind);
        *kind = step.kind.max(*kind);
    }
    let day_later = due.checked_add_signed(TimeDelta::days(1));
    // What binds until the end of a second is over in the next: people hear of both at once.
    let over = if clock.name == GAG { due.checked_add_signed(TimeDelta::seconds(1)) } else { Some(due) };
    by_moment.insert(over.unwrap_or(due), StepKind::Due);
    // Whether somebody comes is asked about once.
    let day_later = day_later.filter(|_| !is_of_coming(&clock.name));
    by_moment.extend(day_later.map(|at| (at, StepKind::DayLater)));
    by_moment.into_iter().map(|(at, kind)| Step { at, kind }).collect()
}

/// Half, a quarter left, the last hour.
fn parts(clock: &Clock) -> Vec<Step> {
    let whole = clock.due - clock.start;
    vec![
        Step { at: clock.start + whole / 2, kind: StepKind::Half },
        Step { at: clock.due - whole / 4, kind: StepKind::Quarter },
        Step { at: clock.start.max(clock.due - TimeDelta::hours(1)), kind: StepKind::LastHour },
    ]
}

fn days_before(clock: &Clock, terms: &Terms) -> Vec<Step> {
    // The day is that of the case's law, the hour that of the people who read.
    let (due, zone) = (clock.due, terms.zone);
    let day = due.with_timezone(&clock.zone).date_naive();
    let moments = terms.reminders.at.iter().filter_map(|distance| match distance {
        Distance::OnTheDay => Some(at(day, terms.reminders.digest, zone)),
        Distance::Before(Span::Minutes(count)) => {
            due.checked_sub_signed(TimeDelta::try_minutes((*count).into())?)
        }
        Distance::Before(Span::Hours(count)) => {
            due.checked_sub_signed(TimeDelta::try_hours((*count).into())?)
        }
        Distance::Before(span) => Some(at(earlier(day, *span, terms)?, terms.reminders.digest, zone)),
    });
    let steps = moments.map(|moment| {
        let awake = out_of_quiet(moment, terms.reminders.quiet, zone);
        // Better at night than too late.
        let at = if awake < due { awake } else { moment };
        let days = (day - at.with_timezone(&zone).date_naive()).num_days();
        Step { at, kind: if days <= 1 { StepKind::LastDay } else { StepKind::Ahead } }
    });
    steps.collect()
}

/// The day that lies so long before another one.
fn earlier(day: NaiveDate, span: Span, terms: &Terms) -> Option<NaiveDate> {
    match span {
        Span::Minutes(_) | Span::Hours(_) => Some(day),
        Span::Days(count) => day.checked_sub_days(Days::new(count.into())),
        Span::Months(count) => day.checked_sub_months(Months::new(count)),
        Span::Years(count) => day.checked_sub_months(Months::new(count.saturating_mul(12))),
        Span::BusinessDays(count) => {
            let calendar = terms.policy().map(|policy| terms.calendar(policy, None).into_owned());
            let calendar = calendar.unwrap_or_else(Calendar::weekends);
            let mut day = day;
            let mut left = count;
            // A calendar that is never open must not be walked to its end.
            for _ in 0..count.saturating_mul(7).saturating_add(366) {
                if left == 0 {
                    break;
                }
                day = day.pred_opt()?;
                left -= u32::from(calendar.is_open(day));
            }
            Some(day)
        }
    }
}

/// The moment, or the end of the quiet hours that it lies in.
pub(crate) fn out_of_quiet(moment: DateTime<Utc>, quiet: Quiet, zone: Tz) -> DateTime<Utc> {
    let local = moment.with_timezone(&zone).naive_local();
    if !quiet.has(local.time()) {
        return moment;
    }
    let ends_tomorrow = local.time() >= quiet.to();
    let day = if ends_tomorrow { local.date().succ_opt() } else { Some(local.date()) };
    day.map_or(moment, |day| at(day, quiet.to(), zone).max(moment))
}

/// A moment that has not been told of, as it stands on a case.
#[derive(Clone, Copy)]
struct Open {
    at: DateTime<Utc>,
    kind: StepKind,
}

/// What of a clock is still to be told of, in order. Of a question without an end only what has come by `now`, and the next.
fn open(clock: &Clock, case: &Case, terms: &Terms, now: Option<DateTime<Utc>>) -> Vec<Open> {
    if clock.name == IDLE {
        return idle::open(clock, case, terms, now);
    }
    let last = last(clock, case);
    // A clock that nobody watches yet began with the last change of the case.
    let told = last.map_or(case.changed, |last| last.step);
    let nothing_sent = last.is_none_or(|last| last.call.is_none());
    let steps = steps(clock, terms);
    let cannot_wait = steps.iter().find(|step| !step.kind.waits()).map_or(clock.due, |step| step.at);
    // Whoever has heard nothing of a clock yet hears of it before its last day.
    let first_word = steps.iter().rfind(|step| step.kind.waits() && nothing_sent).map(|step| step.at);
    let cannot_wait = first_word.map_or(cannot_wait, |word| word.min(cannot_wait));
    let open = steps.iter().filter_map(|step| match last.and_then(|last| last.snoozed) {
        // A due date that was past already when it came to be is told of once all the same.
        _ if step.kind == StepKind::Due && nothing_sent => {
            Some(Open { at: step.at.max(told), kind: step.kind })
        }
        // Nor does anybody wait for the half of a clock whose last hour had begun when it came to be.
        _ if step.kind == StepKind::LastHour && nothing_sent => {
            Some(Open { at: step.at.max(told), kind: step.kind })
        }
        _ if step.at <= told => None,
        Some(end) if step.kind.waits() => {
            Some(Open { at: step.at.max(end.min(cannot_wait)), kind: step.kind })
        }
        Some(_) | None => Some(Open { at: step.at, kind: step.kind }),
    });
    open.collect()
}

/// What people were last reminded of, if the clock was due at the same moment then.
fn last<'c>(clock: &Clock, case: &'c Case) -> Option<&'c Reminded> {
    case.reminded.get(&clock.name).filter(|last| last.due == clock.due)
}

/// The next moment at which people are to be reminded of something on this case; it may be past.
pub fn next_step(case: &Case, terms: &Terms) -> Option<DateTime<Utc>> {
    next_of(case, &clocks(case, terms), terms)
}

/// The same of these clocks, which run on the case.
pub fn next_of(case: &Case, clocks: &[Clock], terms: &Terms) -> Option<DateTime<Utc>> {
    let open = clocks.iter().flat_map(|clock| open(clock, case, terms, None));
    open.map(|open| open.at).min()
}

/// The next moment at which people are reminded however long reminders wait until then, and of what.
pub fn comes_all_the_same(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Clock)> {
    let end = case.snoozed?;
    let next = |clock: Clock| {
        let at = open(&clock, case, terms, None).iter().map(|open| open.at).filter(|at| *at > now).min()?;
        (at < end).then_some((at, clock))
    };
    clocks(case, terms).into_iter().filter_map(next).min_by_key(|(at, _)| *at)
}

/// What people must be reminded of now: each clock once, with every moment that has come since they last were. First what
/// ends a preservation or concerns telling users, then the rest; the nearest first.
pub fn fallen(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Reminder> {
    let mut fallen: Vec<(u8, Reminder)> = Vec::new();
    for clock in clocks(case, terms) {
        let mut come = open(&clock, case, terms, Some(now));
        come.retain(|open| open.at <= now);
        let Some(newest) = come.iter().map(|open| open.kind).max() else {
            continue;
        };
        if can_sleep(&clock, &come, terms, now) {
            continue;
        }
        let call = called(newest, last(&clock, case));
        let mut steps: Vec<DateTime<Utc>> = come.iter().map(|open| open.at).collect();
        steps.sort_unstable();
        steps.dedup();
        let rank = rank(&clock.name, case, terms);
        fallen.push((
            rank,
            Reminder { clock: clock.name, title: clock.title, due: clock.due, steps, call: Some(call) },
        ));
    }
    fallen.sort_by_key(|(rank, reminder)| (*rank, reminder.due));
    fallen.into_iter().map(|(_, reminder)| reminder).collect()
}

/// Whether what has come of a long clock can wait for the end of the quiet hours. No moment of one lies in them, so it is late
/// already: docket was down, or somebody had put it off until then.
fn can_sleep(clock: &Clock, come: &[Open], terms: &Terms, now: DateTime<Utc>) -> bool {
    let awake = out_of_quiet(now, terms.reminders.quiet, terms.zone);
    // A question that is asked again and again has no last day.
    let in_time = clock.name == IDLE || awake < clock.due;
    awake > now && in_time && !clock.is_short() && come.iter().all(|open| open.kind.waits())
}

/// What somebody has put off: the clocks with a moment that is past and waits.
pub fn withheld(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Clock> {
    if case.snoozed.is_none_or(|end| end <= now) {
        return Vec::new();
    }
    let mut awake = case.clone();
    awake.snooze(None);
    let mut clocks = clocks(case, terms);
    clocks.retain(|clock| {
        let waits = |case| open(clock, case, terms, None).first().is_none_or(|open| open.at > now);
        waits(case) && !waits(&awake)
    });
    clocks
}

/// Whom a reminder calls: those whom the moment calls, and one more than last time if nobody has seen that one.
fn called(kind: StepKind, last: Option<&Reminded>) -> Call {
    let unseen = last.filter(|last| last.is_unseen());
    let escalated = unseen.and_then(|last| last.call).map_or(Call::Owner, Call::next);
    kind.call().max(escalated)
}

/// The rank of a clock that is neither of a hold nor of a notice.
const OTHERS: u8 = 2;

/// What comes first when several clocks fall due at once, by the name of the clock.
pub fn rank(clock: &str, case: &Case, terms: &Terms) -> u8 {
    match clock {
        "hold" => 0,
        GAG | PERMISSION | TO_SERVE | TO_TELL | TO_RECORD => 1,
        _ if is_of_notice(clock) => 1,
        _ if tells(clock, case, terms) => 1,
        _ => OTHERS,
    }
}

/// Whether a clock comes before others (see [`rank`]): what is kept would be gone, or somebody is owed a word.
pub fn is_foremost(clock: &Clock, case: &Case, terms: &Terms) -> bool {
    rank(&clock.name, case, terms) < OTHERS
}

/// Whether people were reminded of something, and nobody has said since that they have seen it.
pub fn is_unseen(case: &Case) -> bool {
    case.closed.is_none() && case.reminded.values().any(Reminded::is_unseen)
}

/// Whether users of a case on which these clocks run are still to be told, or it must be looked at again why they are not.
pub fn is_untold(case: &Case, clocks: &[Clock], terms: &Terms) -> bool {
    clocks.iter().any(|clock| is_of_notice(&clock.name) || tells(&clock.name, case, terms))
}

/// Whether what falls due is that users are told.
fn tells(clock: &str, case: &Case, terms: &Terms) -> bool {
    let rules = terms.policy_of(case).map(|policy| policy.clocks.as_slice()).unwrap_or_default();
    rules.iter().any(|rule| rule.name == clock && rule.until.is_any(&[Stop::Told]))
}

/// Who is called: the owner if there is one, and by their roles those who are on call or lead. Of a sealed case those who may
/// see it stand where the ones on call would, for nobody else can do anything about it; a lead can wake them.
pub fn called_people(case: &Case, call: Call, terms: &Terms) -> Vec<Account> {
    let by_role = |role: Role| terms.people.iter().filter(move |person| person.roles.contains(&role));
    let mut called: Vec<Account> = case.owner.iter().cloned().collect();
    if case.is_sealed() {
        called.retain(|owner| terms.may(owner, Need::Sealed));
        if call >= Call::Oncall || called.is_empty() {
            called.extend(terms.who_see_sealed().cloned());
        }
    } else if call >= Call::Oncall {
        called.extend(by_role(Role::Oncall).map(|person| person.account.clone()));
    }
    if call >= Call::Lead {
        called.extend(by_role(Role::Lead).map(|person| person.account.clone()));
    }
    let mut named = Vec::new();
    // Who was stopped or is listed no longer hears nothing.
    called.retain(|account| {
        let is_new = !named.contains(account);
        named.push(account.clone());
        is_new && terms.person(account).is_some() && !terms.frozen.contains(account)
    });
    called
}

/// What must be written down of a case's clocks so that each is reminded of from the right moment on: those that began or
/// were moved, and those that run no longer.
pub fn unwatched(case: &Case, terms: &Terms, from: DateTime<Utc>) -> (Vec<Watch>, Vec<String>) {
    let clocks = clocks(case, terms);
    let gone = case.reminded.keys().filter(|name| !clocks.iter().any(|clock| clock.name == **name));
    let gone = gone.cloned().collect();
    let begun = clocks.into_iter().filter(|clock| last(clock, case).is_none());
    (begun.map(|clock| Watch { clock: clock.name, due: clock.due, from }).collect(), gone)
}
