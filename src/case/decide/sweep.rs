//! What time brings to a case by itself: what ends, what is void, of what people are reminded.
//!
//! Does not know who sweeps or when. While the machine's clock is in doubt, or while docket has not read what people wrote, nothing
//! irreversible happens by itself; reminders go out all the same, for one too many harms nobody.

use chrono::{DateTime, TimeDelta, Utc};

use super::extending::with_requests;
use super::handover::handed_back;
use super::{Around, Events, second};
use crate::case::clock::{TO_SERVE, clocks, lasting};
use crate::case::reminding::{fallen, next_of, unwatched};
use crate::case::{Case, Clock, Event, GagEnding, HoldEnding, ReleaseState, Terms, Visit};

/// What happens to a case now that it is this late. Reminders come first, so that the one of the last day is not lost with
/// the clock that ends. What two people agreed on is carried out by itself, over a case to which nothing else happens: sweep
/// again when this has been applied, until nothing comes of it.
pub fn sweep(case: &Case, around: &Around, terms: &Terms, now: DateTime<Utc>, certain: bool) -> Events {
    let mut events = Vec::new();
    let recounted = recounted(case, now, certain);
    if recounted.is_some() {
        events.push(Event::Recounted { in_doubt: !certain });
    }
    let of = fallen(recounted.as_ref().unwrap_or(case), terms, now);
    if !of.is_empty() {
        events.push(Event::Reminded { of, in_doubt: !certain });
    }
    // Somebody may have said that it is not to end.
    let may_end = certain && !around.hearing.behind;
    if may_end {
        events.extend(gag_end(case).filter(|end| *end <= now).map(|_| ended()));
        events.extend(hold_end(case).filter(|end| *end <= now).map(|_| expired()));
        events.extend(
            secrecy_end(&clocks(case, terms)).filter(|end| *end <= now).map(|_| Event::SecrecyLapsed),
        );
        let over = lasting(case, terms).filter(|(_, over)| *over <= now);
        events.extend(over.map(|(clock, _)| Event::ClockElapsed {
            clock: clock.name,
            title: clock.title,
            since: clock.start,
        }));
        events.extend(handed_back(case, terms, now));
        events.extend(leaving(case, now));
    }
    let events = events.into_iter().flat_map(|event| with_requests(case, event, &around.extending, terms));
    let mut all = second::with_voids(case, around, events.collect());
    if all.iter().all(|(_, event)| !matches!(event, Event::Voided { .. })) {
        all.extend(second::expire(case, now));
    }
    if may_end && all.is_empty() {
        all.extend(second::carry_out(case, around, terms, now));
    }
    all
}

/// The next moment at which [`sweep`] may bring something to a case on which these clocks run; it may be past. While the
/// machine's clock is in doubt a case may stand at such a moment and nothing comes of it.
pub fn wake(case: &Case, clocks: &[Clock], terms: &Terms) -> Option<DateTime<Utc>> {
    // Good for all of its last second.
    let void = second::expires_at(case).and_then(|expires| expires.checked_add_signed(TimeDelta::seconds(1)));
    let ends = [gag_end(case), hold_end(case), secrecy_end(clocks)];
    let over = lasting(case, terms).map(|(_, over)| over).min();
    let others = [
        over,
        next_of(case, clocks, terms),
        void,
        second::cooled_at(case),
        case.lent.as_ref().map(|lent| lent.ends()),
        case.visit.as_ref().and_then(Visit::leaves),
    ];
    ends.into_iter().chain(others).flatten().min()
}

/// The letters to a user that waited until now (rule 65).
fn leaving(case: &Case, now: DateTime<Utc>) -> Vec<Event> {
    let letters = case.visit.iter().flat_map(|visit| &visit.letters);
    let due = letters.filter(|letter| letter.state == ReleaseState::Waiting && letter.leaves <= now);
    due.map(|letter| Event::LetterLeaves { letter: letter.letter.clone() }).collect()
}

/// What must be put on record beside what happened, so that each clock is reminded of from the right moment on: from `from`
/// on, or at once if it is due already.
pub fn watch(case: &Case, terms: &Terms, from: DateTime<Utc>) -> Option<Event> {
    let (clocks, gone) = unwatched(case, terms, from);
    (!clocks.is_empty() || !gone.is_empty()).then_some(Event::Watched { clocks, gone })
}

/// The case as it counts again after the clock was in doubt, if people were reminded of something then; or after it went back
/// and is in doubt still, if they were reminded of what lies ahead by now: reminders never wait for a clock to be trusted.
fn recounted(case: &Case, now: DateTime<Utc>, certain: bool) -> Option<Case> {
    case.reminded.values().any(|last| last.in_doubt && (certain || last.step > now)).then(|| {
        let mut case = case.clone();
        let by = case.opened_by.clone();
        case.apply(&Event::Recounted { in_doubt: !certain }, &by, now);
        case
    })
}

/// The moment at which the gag has ended: the first after the one until which it binds (rule 27).
fn gag_end(case: &Case) -> Option<DateTime<Utc>> {
    let until = case.gag.as_ref().filter(|gag| gag.binds())?.until?;
    until.checked_add_signed(TimeDelta::seconds(1))
}

fn ended() -> Event {
    Event::GagOver { how: GagEnding::Ended }
}

/// The moment at which the hold expires (rule 24).
fn hold_end(case: &Case) -> Option<DateTime<Utc>> {
    case.hold.as_ref().filter(|hold| hold.runs()).map(|hold| hold.until)
}

fn expired() -> Event {
    Event::HoldOver { how: HoldEnding::Expired }
}

/// The moment at which secrecy that was asked for without an order binds no longer, if none was served (rule 16).
pub(super) fn secrecy_end(clocks: &[Clock]) -> Option<DateTime<Utc>> {
    let clock = clocks.iter().find(|clock| clock.name == TO_SERVE)?;
    clock.due.checked_add_signed(TimeDelta::seconds(1))
}
