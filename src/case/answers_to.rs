//! Where a request wants its answer (rule 61). A fake one names an agency, and has what it asks for sent elsewhere: on a line
//! that is called so, whatever the form knows, or in a sentence.
//!
//! It warns and never blocks, so it may be wrong now and then; it must not be wrong about what requests say every day, such as
//! the address of a suspect. Knows lines and places; which words say it stands in `answer_words`,
//! whose a domain is in the directory.

use super::also_named::also_named;
use super::answer_words::{asked_in, says_answers, says_contact};
use super::directory::{Agency, is_under, owner_of};
use super::free_mail::is_free_mail;
use super::mail_domains::is_kin;
use super::place::{Place, places, servers};
use super::requester::Caution;
use super::{Case, Email, Field, Key, Reading, Terms, read_mailboxes};

/// The normal form of the line that gives the requester's address.
const EMAIL_KEY: &str = "email";
/// Lines that say where the answer is to go, besides those that the form reads as an address.
const REPLY_KEYS: &[&str] = &["reply to", "return path"];
/// The line that says where a mail came from.
const FROM_KEYS: &[&str] = &["from", "sender"];
/// How many places are told of.
const MOST: usize = 5;

/// Whether a line gives a mail address by what it is called.
pub(super) fn is_about_mail(field: &Field) -> bool {
    is_called(field, REPLY_KEYS) || is_called(field, FROM_KEYS)
}

/// What stands on the requester's own line of addresses and could not be read as one: `roe@met.police.uk@evil.example`. Whoever
/// reads it sees the domain that they know.
pub(super) fn unread_mail(case: &Case) -> Vec<Place> {
    let lines = case.fields.iter().filter(|field| match &field.reading {
        Reading::Unread { .. } => field.key == EMAIL_KEY || is_unread_head(field),
        Reading::Unknown { meant } => meant.as_deref() == Some(EMAIL_KEY) || is_unread_head(field),
        Reading::Text => is_unread_head(field),
        Reading::Email { .. }
        | Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Secrecy(_)
        | Reading::Claimed => false,
    });
    lines.flat_map(|field| places(&field.value)).collect()
}

/// A head of a mail that gives no address which can be read. `From:` may be a day too.
fn is_unread_head(field: &Field) -> bool {
    is_about_mail(field) && field.value.contains('@') && read_mailboxes(&field.value).is_err()
}

/// Every place that answers are wanted at, in the order of the request; what is the operator's own is none.
pub(super) fn answers_to(case: &Case, terms: &Terms) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    for field in &case.fields {
        match &field.reading {
            Reading::Email { .. } => {}
            Reading::Text | Reading::Unknown { .. } | Reading::Unread { .. } | Reading::Claimed => {
                found.extend(of_line(field));
            }
            Reading::Accounts { .. } | Reading::Day { .. } | Reading::Secrecy(_) => {}
        }
    }
    // A sentence goes on from line to line.
    found.extend(asked_in(&case.stray.join("\n")));
    let is_own = |place: &Place| terms.servers.iter().any(|server| is_kin(place.domain(), server));
    let mut once: Vec<Place> = Vec::new();
    for place in found {
        if !is_own(&place) && !once.contains(&place) {
            once.push(place);
        }
    }
    once
}

/// What makes answers go to another house than the request came from.
pub(super) fn elsewhere(case: &Case, terms: &Terms) -> Vec<Caution> {
    let read = |keys: &[&str]| {
        let lines = case.fields.iter().filter(|field| is_called(field, keys));
        lines
            .flat_map(|field| read_mailboxes(&field.value).unwrap_or_default())
            .map(|mailbox| Place::Mailbox(mailbox.email))
            .collect::<Vec<_>>()
    };
    // `Return address` may be an alias of the form's own line; which label it was typed under tells.
    let given = case.fields.iter().filter(|field| !is_called(field, FROM_KEYS));
    let (asked, own): (Vec<&Field>, Vec<&Field>) =
        given.partition(|field| is_called(field, REPLY_KEYS) || says_answers(&field.label));
    let stated: Vec<Place> = own.into_iter().flat_map(addresses_of).collect();
    let unread = unread_mail(case);
    let from = read(FROM_KEYS);
    let Some(from) = from.first().or(stated.first()).or(unread.first()).cloned() else {
        return Vec::new();
    };
    let mut to = read(REPLY_KEYS);
    to.extend(asked.into_iter().flat_map(addresses_of));
    to.extend(stated.iter().cloned());
    to.extend(unread);
    to.extend(answers_to(case, terms));
    let mut found: Vec<Place> = Vec::new();
    for place in to {
        if !is_same_house(&from, &place, &terms.directory) && !found.contains(&place) {
            found.push(place);
        }
    }
    let is_own = |place: &Place| terms.servers.iter().any(|server| is_kin(place.domain(), server));
    let also: Vec<Place> = also_named(case)
        .into_iter()
        .filter(|place| !is_own(place) && !found.contains(place) && !stated.contains(place))
        .filter(|place| !is_same_house(&from, place, &terms.directory))
        .collect();
    let from = from.as_str();
    let reply = |to: Place| Caution::ReplyElsewhere { from: from.to_owned(), to: to.as_str().to_owned() };
    let also =
        also.into_iter().take(MOST).map(|place| Caution::AlsoNames { place: place.as_str().to_owned() });
    found.into_iter().take(MOST).map(reply).chain(also).collect()
}

/// Whether two places are of one house: the one domain lies under the other, or the directory has both for one agency. Where
/// anybody can have an address, each is a house of its own.
fn is_same_house(one: &Place, other: &Place, directory: &[Agency]) -> bool {
    let (here, there) = (one.domain(), other.domain());
    if is_free_mail(here) || is_free_mail(there) {
        return one.as_str().eq_ignore_ascii_case(other.as_str());
    }
    let owner = |domain| owner_of(directory, domain).map(|agency| agency.name.as_str());
    match (owner(here), owner(there)) {
        (Some(owner), Some(other)) => owner == other,
        (Some(_) | None, _) => is_under(here, there) || is_under(there, here),
    }
}

/// The addresses that the form reads from a line.
fn addresses_of(field: &Field) -> Vec<Place> {
    match &field.reading {
        Reading::Email { address, more, .. } => {
            let all = [address].into_iter().chain(more);
            all.filter_map(|one| Email::parse(one).ok()).map(Place::Mailbox).collect()
        }
        Reading::Text
        | Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Secrecy(_)
        | Reading::Unknown { .. }
        | Reading::Unread { .. }
        | Reading::Claimed => Vec::new(),
    }
}

/// Whether a line goes by one of these names, by its key or as it was typed.
fn is_called(field: &Field, keys: &[&str]) -> bool {
    let typed = Key::read(&field.label);
    keys.iter().any(|key| field.key == *key || typed.as_ref().is_ok_and(|typed| typed.is(key)))
}

/// Where a line of the request wants answers: anything on it if it is called so, else what its sentences say.
fn of_line(field: &Field) -> Vec<Place> {
    if is_called(field, FROM_KEYS) {
        return Vec::new();
    }
    if !(says_answers(&field.label) || says_contact(&field.label)) {
        return asked_in(&field.value);
    }
    let all = places(&field.value).into_iter();
    // On a line of the form, such as that of an officer, a domain alone may be anything.
    let is_meant = |place: &Place| !field.known() || matches!(place, Place::Mailbox(_));
    let all = all.filter(|place| field.reading != Reading::Text || is_meant(place));
    // Where the line says that answers go there, they may go over Matrix.
    let over_matrix = if says_answers(&field.label) { servers(&field.value) } else { Vec::new() };
    all.chain(over_matrix).collect()
}
