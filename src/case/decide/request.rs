//! The request itself: how it comes in, how its lines are changed.

use super::answering::may_say_erased;
use super::done_already;
use super::ours::{looks_again, may_say};
use super::promised::awaited_lines;
use super::received::{follows, receive};
use super::telling::untold;
use super::voided::voided;
use super::within::asks_more;
use super::work::{is_duplicate_of, untold_there};
use super::{Around, Events, Setting};
use crate::case::conflict::{asks_for_erasure, erased_lines};
use crate::case::{
    Account, Case, CaseId, Edit, Ending, Event, Field, Kind, Opening, RECEIVED_KEY, Reading, Refusal,
    Restraint, Subject, Terms,
};

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
        // Which holds keep something of it can be looked up once there is a case.
        let says = |key: &&str| asks_for_erasure(&case, Some(kind)) && case.has_done(key);
        let said = erased_lines(&case, Some(policy)).into_iter().find(says);
        if let Some(field) = said.and_then(|key| case.fields_of(key).next()) {
            return Err(Restraint::ByItself { label: field.label.clone() }.into());
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
    let kind = settable(case, &edits, setting.terms)?;
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
                put(&now, field, setting.actor)?
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
    done_already::may_add(case, &now, kind)?;
    told_with_another(case, &now, around, setting.terms)?;
    answered_with_another(case, &now, around, setting.terms)?;
    let kept = may_say_erased(case, &now, kind, setting.terms.policy_of(case), around)?;
    let mut events: Events = last
        .into_iter()
        .filter(|(key, event)| {
            let renews = matches!(event, Event::FieldSet { field } if says_more(case, field, setting.actor));
            !case.fields_of(key).eq(now.fields_of(key))
                || (key == RECEIVED_KEY && now.received != case.received)
                || renews
        })
        .map(|(_, event)| (case.id, event))
        .collect();
    if now.received != case.received {
        events.extend(follows(case, now.received, around, setting));
    }
    let voided = voided(case, &now, setting.terms).map(|what| (case.id, Event::VerificationVoided { what }));
    events.extend(voided);
    events.extend(kept.map(|event| (case.id, event)));
    if events.is_empty() { Err(Refusal::NoChange) } else { Ok(events) }
}

/// The users of a duplicate are told with the case that it is a duplicate of, so nobody comes to it whom that one would not tell
/// (rule 25).
fn told_with_another(before: &Case, after: &Case, around: &Around, terms: &Terms) -> Result<(), Refusal> {
    let ending = before.outcome.as_ref().map(|outcome| &outcome.what);
    let Some(Ending::Duplicate { of }) =
        ending.filter(|_| terms.kind_of(before).is_some_and(|kind| kind.notify))
    else {
        return Ok(());
    };
    let new: Vec<Account> =
        untold(after).filter(|account| !untold(before).any(|old| old == *account)).cloned().collect();
    let other = around.other.as_ref().filter(|other| other.id == *of);
    let is_named = |account: &&Account| {
        other.is_some_and(|other| other.subjects().any(|subject| subject.account == **account))
    };
    let left_out: Vec<Account> = new.iter().filter(|account| !is_named(account)).cloned().collect();
    if !left_out.is_empty() {
        return Err(Restraint::DuplicateNamesMore { other: *of, accounts: left_out }.into());
    }
    let untold = other.map_or_else(Vec::new, |other| untold_there(after, other, terms));
    let untold: Vec<Account> = untold.into_iter().filter(|account| new.contains(account)).collect();
    if untold.is_empty() {
        Ok(())
    } else {
        Err(Restraint::DuplicateTellsNobody { other: *of, accounts: untold }.into())
    }
}

/// A duplicate is answered with the case that it is a duplicate of, so it asks for nothing further that that one does not.
fn answered_with_another(before: &Case, after: &Case, around: &Around, terms: &Terms) -> Result<(), Refusal> {
    let of = around.other.as_ref().filter(|other| is_duplicate_of(before, other.id));
    let Some(other) = of.filter(|other| asks_more(before, other, terms).is_none()) else { return Ok(()) };
    match asks_more(after, other, terms) {
        Some(why) => Err(Restraint::NoDuplicate { other: other.id, why }.into()),
        None => Ok(()),
    }
}

/// The kind of a case whose lines may still change.
pub(super) fn workable<'a>(case: &Case, terms: &'a Terms) -> Result<&'a Kind, Refusal> {
    if case.closed.is_some() {
        return Err(Refusal::AlreadyClosed);
    }
    terms.kind_of(case).ok_or(Refusal::PolicyMissing)
}

/// The same where these lines are set: what a clock of a closed case still waits for is said on it as it is, or its own command
/// could not end it.
fn settable<'a>(case: &Case, edits: &[Edit], terms: &'a Terms) -> Result<&'a Kind, Refusal> {
    let is_awaited = |edit: &Edit| match edit {
        Edit::Put(field) => awaited_lines(case, terms).any(|key| key == field.key),
        Edit::Received { .. } | Edit::AddAccounts(_) | Edit::RemoveAccounts(_) => false,
    };
    if case.closed.is_some() && !edits.is_empty() && edits.iter().all(is_awaited) {
        return terms.kind_of(case).ok_or(Refusal::PolicyMissing);
    }
    workable(case, terms)
}

fn put(case: &Case, field: Field, actor: &Account) -> Result<Option<Event>, Refusal> {
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
    Ok(if same && !says_more(case, &field, actor) { None } else { Some(Event::FieldSet { field }) })
}

/// Whether to set the line counts although the same words stand there.
fn says_more(case: &Case, field: &Field, actor: &Account) -> bool {
    renews_secrecy(case, field) || looks_again(case, field, actor)
}

/// Whether it says that the requester asks again for what binds no longer (rule 16): to bind takes one person.
fn renews_secrecy(case: &Case, field: &Field) -> bool {
    let asks = field.is_about_secrecy() || field.pleads().is_some();
    if !asks || case.asks_for_secrecy() {
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
                let (piece, why) = (piece.clone(), why.clone());
                return Err(Refusal::UnreadBefore { key: old.key.clone(), piece, why });
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
