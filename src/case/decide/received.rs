//! When a request came in, put right: every clock that starts there moves with it, a hold that counted from it too, and so does
//! the time of each notice that it counters. Whether one person is enough is said in `effects`.

use chrono::{DateTime, Utc};

use super::countering::countered;
use super::keeping::moved;
use super::{Around, Events, Setting};
use crate::case::{Case, Event, Field, RECEIVED_KEY, Reading, Refusal, Restraint};

/// What comes of a new time of receipt; `None` where it is on record so already.
pub(super) fn receive(
    case: &Case,
    at: DateTime<Utc>,
    value: String,
    setting: &Setting<'_>,
) -> Result<Option<Event>, Refusal> {
    if at > setting.now {
        return Err(Restraint::NotYet(at).into());
    }
    if let Some(done) = first_done(case).filter(|done| at > *done && at > case.received) {
        return Err(Restraint::ReceivedAfter { done }.into());
    }
    let field = Field {
        key: RECEIVED_KEY.to_owned(),
        label: "Received".to_owned(),
        value,
        reading: Reading::Text,
        guessed: false,
    };
    let is_so = at == case.received && case.fields_of(RECEIVED_KEY).eq([&field]);
    let mut notices = countered(case).map(|link| link.other);
    let (counters, further) = (notices.next(), notices.collect());
    Ok((!is_so).then_some(Event::ReceivedSet { at, field, counters, further }))
}

/// What follows from it: a hold that counted from the old time, and the cases whose notices this one counters.
pub(super) fn follows(case: &Case, at: DateTime<Utc>, around: &Around, setting: &Setting<'_>) -> Events {
    let mut events: Events = moved(case, at, setting).map(|event| (case.id, event)).into_iter().collect();
    // What it counters may be gone by now; then no clock of it is left to move.
    let on_file = countered(case).map(|link| link.other).filter(|other| around.countered.contains(other));
    events.extend(on_file.map(|other| (other, Event::CounterMoved { other: case.id, received: at })));
    events
}

/// The first thing that was done with it: nothing is done with what has not come.
fn first_done(case: &Case) -> Option<DateTime<Utc>> {
    let sent = case.sent.iter().map(|sent| sent.at);
    sent.chain(case.outcome.as_ref().map(|outcome| outcome.at)).min()
}
