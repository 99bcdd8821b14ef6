//! The request itself: how it comes in, how its lines are changed.

use super::binding::accounts;
use super::ours::may_say;
use super::received::{follows, receive};
use super::{Around, Events, Setting};
use crate::case::{
    Case, CaseId, Edit, Event, Field, INSTRUMENT_KEY, Kind, Opening, RECEIVED_KEY, Reading, Refusal, Subject,
    Terms, Verifiable,
};

/// The lines that say who asks and where the answer goes.
const REQUESTER_LINES: &[&str] = &["agency", "officer", "email", "jurisdiction"];
/// The lines that say what the request rests on, and how far that has to reach.
const INSTRUMENT_LINES: &[&str] =
    &[INSTRUMENT_KEY, "authorising officer", "data", "messages", "from", "to", "purpose", "jurisdiction"];

/// How many changes one command may make; a form has fewer lines, and one line holds any number of accounts.
const MOST_EDITS: usize = 200;

pub(super) fn open(id: CaseId, opening: Opening, setting: &Setting<'_>) -> Result<Events, Refusal> {
    let policy = setting.terms.policy().ok_or(Refusal::PolicyMissing)?;
    let Some(kind) = policy.kind(&opening.kind) else {
        return Err(Refusal::NoSuchKind { typed: opening.kind, near: None });
    };
    let opened = Event::Opened {
        kind: kind.name.clone(),
        policy: policy.version.clone(),
        received: opening.received.unwrap_or(setting.now),
        fields: opening.fields,
        stray: opening.stray,
    };
    // What somebody of us typed with it is held to the same as what they set later.
    if let Some(case) = Case::begin(id, &opened, setting.actor, setting.now) {
        for field in case.fields.iter().filter(|field| field.counts()) {
            if let Some(rule) = kind.field(&field.key).filter(|rule| rule.ours) {
                may_say(&case, kind, rule, field, setting)?;
            }
        }
    }
    Ok(vec![(id, opened)])
}

pub(super) fn set(
    case: &Case,
    edits: Vec<Edit>,
    around: &Around,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let kind = workable(case, setting.terms)?;
    if edits.is_empty() {
        return Err(Refusal::NothingToSet);
    }
    if edits.len() > MOST_EDITS {
        return Err(Refusal::TooManyEdits { most: MOST_EDITS });
    }
    // Each edit is decided over what the ones before it made of the case; the record holds what each line came to.
    let mut now = case.clone();
    let mut last: Vec<(String, Event)> = Vec::new();
    for edit in edits {
        let key = match &edit {
            Edit::Put(field) | Edit::AddAccounts(field) | Edit::RemoveAccounts(field) => field.key.clone(),
            Edit::Received { .. } => RECEIVED_KEY.to_owned(),
        };
        let event = match edit {
            Edit::Put(field) if field.value.trim().is_empty() => clear(&now, field)?,
            Edit::Put(field) => {
                if let Some(rule) = kind.field(&field.key).filter(|rule| rule.ours) {
                    may_say(&now, kind, rule, &field, setting)?;
                }
                put(&now, field)?
            }
            Edit::Received { at, value } => receive(&now, at, value, setting)?,
            Edit::AddAccounts(field) => change_accounts(&now, kind, field, add)?,
            Edit::RemoveAccounts(field) => change_accounts(&now, kind, field, remove)?,
        };
        if let Some(event) = event {
            now.apply(&event, &case.opened_by, case.changed);
            match last.iter_mut().find(|(changed, _)| *changed == key) {
                Some((_, before)) => *before = event,
                None => last.push((key, event)),
            }
        }
    }
    let mut events: Events = last
        .into_iter()
        .filter(|(key, event)| {
            let renews = matches!(event, Event::FieldSet { field } if renews_secrecy(case, field));
            !case.fields_of(key).eq(now.fields_of(key))
                || (key == RECEIVED_KEY && now.received != case.received)
                || renews
        })
        .map(|(_, event)| (case.id, event))
        .collect();
    if now.received != case.received {
        events.extend(follows(case, now.received, around, setting));
    }
    let voided = voided(case, &now).map(|what| (case.id, Event::VerificationVoided { what }));
    events.extend(voided);
    if events.is_empty() { Err(Refusal::NoChange) } else { Ok(events) }
}

/// The kind of a case whose lines may still change.
pub(super) fn workable<'a>(case: &Case, terms: &'a Terms) -> Result<&'a Kind, Refusal> {
    if case.closed.is_some() {
        return Err(Refusal::AlreadyClosed);
    }
    terms.kind_of(case).ok_or(Refusal::PolicyMissing)
}

fn put(case: &Case, field: Field) -> Result<Option<Event>, Refusal> {
    if let Reading::Unread { why } = field.reading {
        return Err(Refusal::Unread { label: field.label, why });
    }
    if let Reading::Accounts { unread, .. } = &field.reading
        && let Some((piece, why)) = unread.first()
    {
        return Err(Refusal::Unread { label: field.label, why: format!("“{piece}”: {why}") });
    }
    let there: Vec<&Field> = case.fields_of(&field.key).collect();
    // To say the same of what was only guessed confirms it.
    let same = matches!(there.as_slice(), [only] if only.value == field.value && !only.guessed);
    Ok(if same && !renews_secrecy(case, &field) { None } else { Some(Event::FieldSet { field }) })
}

/// Whether it says that the requester asks again for what binds no longer (rule 16): to bind takes one person.
fn renews_secrecy(case: &Case, field: &Field) -> bool {
    if !field.is_about_secrecy() || case.asks_for_secrecy() {
        return false;
    }
    let mut renewed = case.clone();
    renewed.apply(&Event::FieldSet { field: field.clone() }, &case.opened_by, case.changed);
    renewed.asks_for_secrecy()
}

fn clear(case: &Case, field: Field) -> Result<Option<Event>, Refusal> {
    if case.fields_of(&field.key).next().is_none() {
        return Ok(None);
    }
    Ok(Some(Event::FieldCleared { key: field.key, label: field.label }))
}

/// Adds to, or takes from, the accounts of a line, keeping the rest as it stands.
fn change_accounts(
    case: &Case,
    kind: &Kind,
    field: Field,
    change: fn(&mut Vec<Subject>, Vec<Subject>) -> Result<(), Refusal>,
) -> Result<Option<Event>, Refusal> {
    let Reading::Accounts { named, unread } = field.reading else {
        return Err(Refusal::NotAccounts { label: field.label });
    };
    if let Some((piece, why)) = unread.into_iter().next() {
        return Err(Refusal::Unread { label: field.label, why: format!("“{piece}”: {why}") });
    }
    let mut all: Vec<Subject> = Vec::new();
    let mut label = kind.field(&field.key).map_or(field.label, |rule| rule.label.clone());
    for old in case.fields_of(&field.key) {
        if let Reading::Accounts { named, unread } = &old.reading {
            if let Some((piece, why)) = unread.first() {
                return Err(Refusal::Unread {
                    label: old.label.clone(), why: format!("“{piece}”: {why}")
                });
            }
            all.extend(named.iter().cloned());
            label.clone_from(&old.label);
        }
    }
    let before = all.clone();
    change(&mut all, named)?;
    if all == before {
        return Ok(None);
    }
    if all.is_empty() {
        return Ok(Some(Event::FieldCleared { key: field.key, label }));
    }
    let value = all.iter().map(|subject| subject.account.as_str()).collect::<Vec<_>>().join(", ");
    let reading = Reading::Accounts { named: all, unread: Vec::new() };
    Ok(Some(Event::FieldSet { field: Field { key: field.key, label, value, reading, guessed: false } }))
}

fn add(all: &mut Vec<Subject>, new: Vec<Subject>) -> Result<(), Refusal> {
    for subject in new {
        if !all.iter().any(|old| old.account == subject.account) {
            all.push(subject);
        }
    }
    Ok(())
}

fn remove(all: &mut Vec<Subject>, gone: Vec<Subject>) -> Result<(), Refusal> {
    for subject in gone {
        let Some(place) = all.iter().position(|old| old.account == subject.account) else {
            return Err(Refusal::NotOnCase(subject.account));
        };
        all.remove(place);
    }
    Ok(())
}

/// What was verified and is not what stands there now. An instrument was looked at for the accounts that stood there, so a
/// further one asks for another look.
fn voided(before: &Case, after: &Case) -> impl Iterator<Item = Verifiable> {
    let changed = |keys: &[&str]| {
        let lines = |case: &Case| -> Vec<Field> {
            let all = keys.iter().flat_map(|key| case.fields_of(key));
            all.cloned().collect()
        };
        lines(before) != lines(after)
    };
    let further = !accounts(after).is_subset(&accounts(before));
    let requester = before.requester.is_some() && changed(REQUESTER_LINES);
    let instrument = before.instrument.is_some() && (further || changed(INSTRUMENT_LINES));
    let voided = [(requester, Verifiable::Requester), (instrument, Verifiable::Instrument)];
    voided.into_iter().filter(|(is, _)| *is).map(|(_, what)| what)
}
