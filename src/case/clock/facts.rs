//! What starts a clock, what ends it, and for which cases it is: read off the case, with the policy's words.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::super::calendar::first_moment;
use crate::case::{
    Case, ClockRule, Condition, FileRole, Instrument, Kind, Policy, Reading, Start, Stop, Tell, Terms,
};

/// The normal form of the key that names the order a request rests on.
const INSTRUMENT_KEY: &str = "instrument";
/// The normal form of the key that says from which country a request comes.
const COUNTRY_KEY: &str = "jurisdiction";

/// When the clock began, if it did.
pub(super) fn started(
    case: &Case,
    rule: &ClockRule,
    kind: &Kind,
    policy: &Policy,
    terms: &Terms,
) -> Option<DateTime<Utc>> {
    let start = match &rule.from {
        Start::Received => Some(case.received),
        Start::Answered => case.outcome.as_ref().map(|outcome| outcome.at),
        Start::Closed => case.closed,
        Start::Attested => case.attested.as_ref().map(|attested| attested.at),
        Start::Sent(letter) => first_sent(case, letter),
        Start::Line(key) => case
            .fields_of(key)
            .filter_map(|field| match field.reading {
                Reading::Day { day } => Some(first_moment(day, terms.zone)),
                Reading::Text
                | Reading::Accounts { .. }
                | Reading::Email { .. }
                | Reading::Secrecy(_)
                | Reading::Unknown { .. }
                | Reading::Unread { .. } => None,
            })
            .min(),
        Start::Countered => case.countered,
    }?;
    if rule.until != Stop::Told {
        return Some(start);
    }
    // Nobody may be told while an order binds (rule 60), so nobody is late; the end of it makes the notice due (rule 27).
    match silence(case, kind, policy) {
        Silence::None => Some(start),
        Silence::Binds => None,
        Silence::EndedAt(end) => Some(start.max(end)),
    }
}

/// When a letter was first sent: a second copy gives nobody more time.
pub(super) fn first_sent(case: &Case, letter: &str) -> Option<DateTime<Utc>> {
    case.sent.iter().filter(|sent| sent.letter == letter).map(|sent| sent.at).min()
}

/// Whether what ends a clock that began at `start` has happened.
pub(super) fn ended(case: &Case, until: &Stop, start: DateTime<Utc>, zone: Tz) -> bool {
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    match until {
        Stop::Answered => case.outcome.is_some(),
        // By days: people say on which day a letter went out, seldom at what hour.
        Stop::Sent(letter) => {
            case.sent.iter().any(|sent| sent.letter == *letter && day(sent.at) >= day(start))
        }
        // What could not be read is not filled in: the clock that goes on is the safe side.
        Stop::Line(key) => case
            .fields_of(key)
            .any(|field| !field.value.trim().is_empty() && !matches!(field.reading, Reading::Unread { .. })),
        Stop::Held => case.hold.is_some(),
        Stop::Told => told(case),
        Stop::Closed => case.closed.is_some(),
    }
}

/// Whether every user whom we could tell was told, or it is on record why not.
pub(super) fn told(case: &Case) -> bool {
    let half_read = case
        .fields
        .iter()
        .any(|field| matches!(&field.reading, Reading::Accounts { unread, .. } if !unread.is_empty()));
    let mut ours = case.subjects().filter(|subject| subject.ours);
    !half_read && ours.all(|subject| case.notices.contains_key(&subject.account))
}

/// Whether the case is one that the clock is for.
pub(super) fn meets(case: &Case, rule: &ClockRule, kind: &Kind, policy: &Policy) -> bool {
    rule.only.iter().all(|condition| holds(case, condition, kind, policy))
}

fn holds(case: &Case, condition: &Condition, kind: &Kind, policy: &Policy) -> bool {
    let wanted = |value: &str| condition.any_of.iter().any(|one| one.eq_ignore_ascii_case(value));
    case.fields_of(&condition.key).any(|field| {
        let value = field.value.trim();
        let folded = value.to_lowercase();
        let as_typed = condition.any_of.iter().any(|one| one.to_lowercase() == folded);
        let as_country = policy.countries.get(&folded).is_some_and(|letters| wanted(letters));
        let as_instrument = condition.key == INSTRUMENT_KEY
            && instrument(value, case, kind, policy).is_some_and(|found| wanted(&found.name));
        as_typed || as_country || as_instrument
    })
}

/// Whether the users may be told, as far as a clock must know; who may be told in fact is the gate's to say.
pub(super) enum Silence {
    /// Nothing binds.
    None,
    /// Something does.
    Binds,
    /// Something did.
    EndedAt(DateTime<Utc>),
}

fn silence(case: &Case, kind: &Kind, policy: &Policy) -> Silence {
    match &case.gag {
        Some(gag) => match &gag.over {
            None => Silence::Binds,
            Some(over) => Silence::EndedAt(over.at),
        },
        None if withholds(case, kind, policy) => {
            let permitted = case.files.iter().filter(|file| file.role == FileRole::Permission);
            permitted.map(|file| file.at).min().map_or(Silence::Binds, Silence::EndedAt)
        }
        None => Silence::None,
    }
}

/// Whether what the request rests on keeps us from telling (rule 60): one that is not known does.
pub(super) fn withholds(case: &Case, kind: &Kind, policy: &Policy) -> bool {
    let mut lines = case.fields_of(INSTRUMENT_KEY).filter(|field| !field.value.trim().is_empty()).peekable();
    if lines.peek().is_none() {
        let is_needed =
            kind.verify_instrument || kind.field(INSTRUMENT_KEY).is_some_and(|rule| rule.required);
        return is_needed || policy.notice.letter == Tell::Withhold;
    }
    lines.any(|field| {
        let found = instrument(&field.value, case, kind, policy);
        found.is_none_or(|instrument| instrument.notice == Tell::Withhold)
    })
}

/// The instrument that a line names: one of the names it is known by stands in it as whole words, and the longest wins.
fn instrument<'p>(text: &str, case: &Case, kind: &Kind, policy: &'p Policy) -> Option<&'p Instrument> {
    let country = case.fields_of(COUNTRY_KEY).next().map(|field| {
        let folded = field.value.trim().to_lowercase();
        policy.countries.get(&folded).cloned().unwrap_or(folded)
    });
    let issues = |instrument: &&Instrument| {
        let here = |letters: &String| country.as_ref().is_none_or(|own| own.eq_ignore_ascii_case(letters));
        (instrument.countries.is_empty() || instrument.countries.iter().any(here))
            && (instrument.kinds.is_empty() || instrument.kinds.contains(&kind.name))
    };
    let said = words(text);
    let stands = |name: &str| {
        let name = words(name);
        (!name.is_empty() && said.windows(name.len()).any(|run| run == name)).then(|| name.concat().len())
    };
    let named = policy.instruments.iter().filter(issues).filter_map(|instrument| {
        let names = instrument.known_by.iter().map(String::as_str).chain([instrument.name.as_str()]);
        names.filter_map(stands).max().map(|length| (length, instrument))
    });
    named.max_by_key(|(length, _)| *length).map(|(_, instrument)| instrument)
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}
