//! How it is put on record that somebody made sure who asks, or that the order is genuine (rule 61).
//!
//! Whoever writes the request can write a number into it. So what proves something comes from the operator's own
//! directory, and never stands in the request too.

use chrono::{DateTime, Utc};

use super::Setting;
use super::request::workable;
use super::work::does_casework;
use crate::case::EntryRefusal as E;
use crate::case::agency_name::{is_name_of, meant, near, tells_nothing};
use crate::case::directory::{self, Agency};
use crate::case::mail_domains::is_kin;
use crate::case::number::{first_known, numbers};
use crate::case::punycode::shown;
use crate::case::requester::{self, addresses, agency, is_from_agency};
use crate::case::{Account, CallOutcome, Case, Contact, Email, Event, Kind, Refusal, Verifiable};

/// What somebody wants on record.
pub(super) struct Asked {
    pub(super) what: Verifiable,
    pub(super) by: Account,
    pub(super) how: String,
    pub(super) entry: Option<String>,
    pub(super) number: Option<String>,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) outcome: CallOutcome,
}

pub(super) fn verify(case: &Case, asked: Asked, setting: &Setting<'_>) -> Result<Vec<Event>, Refusal> {
    let terms = setting.terms;
    let kind = workable(case, terms)?;
    let needed = match asked.what {
        // Whoever gets records is called first, whatever the kind asks for.
        Verifiable::Requester => kind.verify_requester || kind.can_disclose() || kind.may_disclose(case),
        Verifiable::Instrument => kind.verify_instrument,
    };
    if !needed {
        return Err(Refusal::NothingToVerify(asked.what));
    }
    does_casework(case, &asked.by, terms)?;
    no_number_of_the_request(case, &asked)?;
    let at = time_of(case, asked.at, setting.now)?;
    let (entry, call) = match source(case, kind, &asked, &terms.directory)? {
        Some((entry, number)) => (Some(entry.name.clone()), Some(Contact { number, at })),
        None => (asked.entry.clone(), None),
    };
    stands_not_yet(case, &asked, entry.as_deref(), call.as_ref())?;
    let Asked { what, by, how, outcome, .. } = asked;
    let recorder = (by != *setting.actor).then(|| setting.actor.clone());
    let verified = match what {
        Verifiable::Requester => &case.requester,
        Verifiable::Instrument => &case.instrument,
    };
    Ok(match outcome {
        CallOutcome::Confirmed => vec![Event::Verified { what, by, how, entry, call, recorder }],
        CallOutcome::NoAnswer | CallOutcome::NotInService => {
            vec![Event::VerificationTried { what, by, how, entry, call, outcome }]
        }
        CallOutcome::Denied => {
            let voided = verified.is_some().then_some(Event::VerificationVoided { what });
            let tried = Event::VerificationTried { what, by, how, entry, call, outcome };
            [tried].into_iter().chain(voided).collect()
        }
    })
}

/// A message that came twice is no second look: the same words of the same person, of a call to the same number.
fn stands_not_yet(
    case: &Case,
    asked: &Asked,
    entry: Option<&str>,
    call: Option<&Contact>,
) -> Result<(), Refusal> {
    let stands = match asked.what {
        Verifiable::Requester => &case.requester,
        Verifiable::Instrument => &case.instrument,
    };
    let is_same = stands.as_ref().is_some_and(|stands| {
        let number = |call: Option<&Contact>| call.map(|call| call.number.clone());
        // Whoever says when it was speaks of one call, and of another where it was at another time.
        let is_other_call =
            asked.at.is_some() && stands.call.as_ref().map(|call| call.at) != call.map(|call| call.at);
        (&stands.by, stands.how.as_str(), stands.entry.as_deref()) == (&asked.by, asked.how.as_str(), entry)
            && number(stands.call.as_ref()) == number(call)
            && !is_other_call
    });
    if is_same && asked.outcome == CallOutcome::Confirmed { Err(Refusal::NoChange) } else { Ok(()) }
}

/// The entry that the request leads to, where an entry is wanted at all.
pub fn likely_entry<'a>(case: &Case, kind: &Kind, directory: &'a [Agency]) -> Option<Option<&'a Agency>> {
    wants_entry(kind, directory).then(|| likely(case, directory))
}

/// Whether whoever called this entry must say on which number: it has several that may be called.
pub fn wants_number(case: &Case, entry: &Agency) -> bool {
    callable(case, entry).nth(1).is_some()
}

/// The numbers of the entry that the request does not give itself.
fn callable<'a>(case: &Case, entry: &'a Agency) -> impl Iterator<Item = &'a String> {
    let theirs = case.numbers();
    entry.phones.iter().filter(move |phone| first_known(&numbers(phone), &theirs).is_none())
}

/// Whether a requester of this kind is an agency, which the directory can know.
fn wants_entry(kind: &Kind, directory: &[Agency]) -> bool {
    !directory.is_empty() && is_from_agency(kind)
}

fn no_number_of_the_request(case: &Case, asked: &Asked) -> Result<(), Refusal> {
    let told = asked.entry.as_deref().unwrap_or_default();
    let number = asked.number.as_deref().unwrap_or_default();
    // The half of a number may stand in each of the two.
    let how = &asked.how;
    let called = [numbers(how), numbers(told), numbers(&format!("{how} {told}")), numbers(number)].concat();
    match first_known(&called, &case.numbers()) {
        Some(number) => Err(Refusal::NumberFromRequest { number: number.clone() }),
        None => Ok(()),
    }
}

fn time_of(case: &Case, at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    match at {
        Some(at) if at > now => Err(E::CallTime { future: true }.into()),
        // Nobody can have said of a request that had not come that it is theirs.
        Some(at) if at < case.received => Err(E::CallTime { future: false }.into()),
        Some(at) => Ok(at),
        None => Ok(now),
    }
}

/// The entry and its number or address that was used; none where an entry is not wanted.
fn source<'a>(
    case: &Case,
    kind: &Kind,
    asked: &Asked,
    directory: &'a [Agency],
) -> Result<Option<(&'a Agency, String)>, Refusal> {
    match asked.what {
        Verifiable::Requester if wants_entry(kind, directory) => {}
        // Whom an agency has disowned, nobody owns by hearsay.
        Verifiable::Requester if contradicts_denial(case, asked) && is_from_agency(kind) => {}
        // A court is asked by other ways than a call, and the directory need not know it.
        Verifiable::Requester | Verifiable::Instrument => return Ok(None),
    }
    let said = format!("{} {}", asked.number.as_deref().unwrap_or_default(), asked.how);
    let entry = match &asked.entry {
        Some(typed) => directory::entry(directory, typed).ok_or_else(|| E::Unknown {
            typed: typed.clone(),
            near: near(directory, typed).map(|near| near.name.clone()),
        })?,
        None => directory::called(directory, &said)
            .ok_or_else(|| E::NotNamed { near: likely(case, directory).map(|near| near.name.clone()) })?,
    };
    of_the_agency(case, asked, entry, directory)?;
    used(case, asked, entry).map(|number| Some((entry, number)))
}

/// What one agency says of a request that names another proves nothing (rule 61).
fn of_the_agency(case: &Case, asked: &Asked, entry: &Agency, directory: &[Agency]) -> Result<(), Refusal> {
    if is_theirs(case, asked.outcome, entry, directory) {
        return Ok(());
    }
    let owner = || another_owner(case, entry, directory).map(|owner| owner.name.as_str());
    let named = agency(case).or_else(owner).unwrap_or_default().to_owned();
    if let Some((domain, theirs)) = brought(case, entry) {
        return Err(brought_there(case, domain, theirs, entry));
    }
    let near = likely(case, directory).map(|near| near.name.clone());
    Err(E::OtherAgency { named, entry: entry.name.clone(), near }.into())
}

/// Whether what an entry says of the request counts. An entry is theirs by the name, or because the mail came from its
/// domain, unless the name or another domain leads to another entry.
fn is_theirs(case: &Case, outcome: CallOutcome, entry: &Agency, directory: &[Agency]) -> bool {
    let is_anothers = another_owner(case, entry, directory).is_some();
    let Some(named) = agency(case) else {
        return !is_anothers;
    };
    // A domain serves as the name of whose it is.
    if let Some(known) = directory::entry(directory, named)
        .filter(|known| known.is_called(named) || brought(case, known).is_none())
    {
        return known == entry;
    }
    if is_anothers {
        return false;
    }
    // Whoever is posed as can disown a request of whatever name; that it is theirs they can say of their own only.
    let is_of_them = || outcome != CallOutcome::Confirmed || may_mean(named, entry, directory);
    is_name_of(named, entry, directory)
        || wrote(case, entry, directory)
        || (requester::posed_as(case, directory) == Some(entry) && is_of_them())
}

fn may_mean(named: &str, entry: &Agency, directory: &[Agency]) -> bool {
    tells_nothing(named) || meant(directory, named) == Some(entry)
}

/// Whether mail of the request came from the entry.
fn wrote(case: &Case, entry: &Agency, directory: &[Agency]) -> bool {
    brought(case, entry).is_none()
        && addresses(case).iter().any(|email| directory::owner_of(directory, email.domain()) == Some(entry))
}

/// A domain that the entry was given since the request came, and the one of the request that it goes with: for all that anybody
/// knows it comes from whoever wrote the request. Adding it is refused where the request is open and everybody may know of it;
/// this is for the others.
fn brought<'a>(case: &Case, entry: &'a Agency) -> Option<(&'a str, String)> {
    let mut since = entry.domains_since(case.received.min(case.opened)).peekable();
    since.peek()?;
    let mut theirs = case.mail_domains();
    theirs.extend(agency(case).map(str::to_lowercase));
    since.find_map(|domain| {
        let kin = theirs.iter().find(|theirs| is_kin(&shown(domain), theirs))?;
        Some((domain, kin.clone()))
    })
}

fn brought_there(case: &Case, domain: &str, theirs: String, entry: &Agency) -> Refusal {
    let (domain, entry) = (domain.to_owned(), entry.name.clone());
    E::DomainInCase { domain, theirs, entry, case: case.id }.into()
}

/// Another entry that mail of the request came from, and none of it from this one.
fn another_owner<'a>(case: &Case, entry: &Agency, directory: &'a [Agency]) -> Option<&'a Agency> {
    let found = addresses(case);
    let mut owners = found.iter().filter_map(|email| directory::owner_of(directory, email.domain()));
    owners.next().filter(|_| !wrote(case, entry, directory))
}

/// The entry that the request itself leads to. It is offered, never taken: the request says what it likes. What would be
/// refused is not offered.
fn likely<'a>(case: &Case, directory: &'a [Agency]) -> Option<&'a Agency> {
    let by_name = agency(case).and_then(|name| meant(directory, name));
    let by_domain =
        addresses(case).into_iter().find_map(|email| directory::owner_of(directory, email.domain()));
    let all = [by_domain, requester::posed_as(case, directory), by_name];
    all.into_iter().flatten().find(|entry| is_theirs(case, CallOutcome::Confirmed, entry, directory))
}

/// The number or address of the entry that was used.
fn used(case: &Case, asked: &Asked, entry: &Agency) -> Result<String, Refusal> {
    if !entry.phones.is_empty() && callable(case, entry).next().is_none() {
        return Err(E::FromRequest { entry: entry.name.clone() }.into());
    }
    if entry.phones.is_empty() && contradicts_denial(case, asked) {
        return Err(E::AfterDenial { entry: entry.name.clone() }.into());
    }
    if let Some(typed) = &asked.number {
        return listed(case, typed, entry);
    }
    if let Some(phone) = entry.phone_in(&asked.how) {
        return Ok(phone.to_owned());
    }
    // A number that was called and is not the entry's is no slip to be passed over.
    if let Some(other) = numbers(&asked.how).into_iter().find(|number| looks_dialled(number)) {
        return Err(not_listed(other, entry));
    }
    let mut left = callable(case, entry);
    match (left.next(), left.next()) {
        (Some(only), None) => Ok(only.clone()),
        (None, _) => Err(E::NoNumber { entry: entry.name.clone(), domains: entry.domains.clone() }.into()),
        (Some(_), _) => {
            Err(E::WhichNumber { entry: entry.name.clone(), phones: entry.phones.clone() }.into())
        }
    }
}

/// The number as the entry has it; an address only where the entry has no number, and never one of the request.
fn listed(case: &Case, typed: &str, entry: &Agency) -> Result<String, Refusal> {
    if let Some(phone) = entry.phone(typed) {
        return Ok(phone.to_owned());
    }
    let in_request = Email::parse(typed).is_ok_and(|email| addresses(case).contains(&email));
    if in_request {
        return Err(Refusal::NumberFromRequest { number: typed.to_owned() });
    }
    if let Some((domain, theirs)) = brought(case, entry).filter(|_| entry.has_address(typed)) {
        return Err(brought_there(case, domain, theirs, entry));
    }
    if entry.phones.is_empty() && entry.has_address(typed) {
        return Ok(typed.to_owned());
    }
    Err(not_listed(typed.to_owned(), entry))
}

fn not_listed(number: String, entry: &Agency) -> Refusal {
    let has = if entry.phones.is_empty() { &entry.domains } else { &entry.phones };
    E::NotItsNumber { number, entry: entry.name.clone(), has: has.clone() }.into()
}

/// Whether it would take back what somebody there denied.
fn contradicts_denial(case: &Case, asked: &Asked) -> bool {
    asked.outcome == CallOutcome::Confirmed && case.denied(asked.what).is_some()
}

/// A badge or a reference has digits too; what is dialled has at least so many, or the codes before them.
fn looks_dialled(number: &str) -> bool {
    const DIALLED: usize = 9;
    number.len() >= DIALLED
}
