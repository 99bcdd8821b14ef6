//! When a request came in, put right: every clock that starts there moves with it, a hold that counted from it too, and so does
//! the time of a notice that it counters. Whether one person is enough is said in `effects`.

use chrono::{DateTime, Utc};

use super::keeping::moved;
use super::{Around, Events, Setting};
use crate::case::{Case, Event, Field, RECEIVED_KEY, Reading, Refusal, Relation, Restraint};

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
    Ok((!is_so).then(|| Event::ReceivedSet { at, field, counters: countered(case) }))
}

/// What follows from it: a hold that counted from the old time, and the case whose notice this one counters.
pub(super) fn follows(case: &Case, at: DateTime<Utc>, around: &Around, setting: &Setting<'_>) -> Events {
    let mut events: Events = moved(case, at, setting).map(|event| (case.id, event)).into_iter().collect();
    let other = around.other.as_ref().filter(|other| Some(other.id) == countered(case));
    events.extend(other.map(|other| (other.id, Event::CounterMoved { other: case.id, received: at })));
    events
}

/// The case whose notice this one counters.
fn countered(case: &Case) -> Option<crate::case::CaseId> {
    let counters = case.links.iter().filter(|link| link.how == Relation::Counter && link.outward);
    counters.map(|link| link.other).next()
}

/// The first thing that was done with it: nothing is done with what has not come.
fn first_done(case: &Case) -> Option<DateTime<Utc>> {
    let sent = case.sent.iter().map(|sent| sent.at);
    sent.chain(case.outcome.as_ref().map(|outcome| outcome.at)).min()
}
