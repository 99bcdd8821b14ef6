//! What makes a requester worth a second look (rule 61): fake emergencies are common, and police mailboxes are taken over.
//!
//! It warns and never blocks: a moderator sees it and judges. Knows the request and the directory; what came before it is
//! looked up by the desk and stands on the case.

use std::collections::BTreeSet;

use super::agency_name::{is_name_of, meant};
use super::answers_to::{answers_to, elsewhere, is_about_mail, unread_mail};
use super::directory::{Agency, entry, owner_of};
use super::free_mail::is_free_mail;
use super::hurry::pressing;
use super::look_alike::{is_inside, is_like};
use super::number::numbers;
use super::place::Place;
use super::{Case, Email, Kind, Reading, Terms, read_mailboxes};

/// The normal form of the key that names who asks.
pub const AGENCY_KEY: &str = "agency";
/// That of the line with the name of the person.
pub const OFFICER_KEY: &str = "officer";
/// Why a requester is worth a second look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caution {
    /// Nobody there has been verified before.
    FirstContact {
        /// The domain, or else the agency, as the request has it.
        from: String,
        /// What the directory has of them.
        known: Known,
        /// Whether somebody has, and was never verified.
        again: bool,
    },
    /// The domain looks like that of an agency, and is another.
    LookAlike {
        /// The domain.
        domain: String,
        /// The agency's.
        like: String,
    },
    /// An agency's domain stands inside another one, whose owner is whoever owns its end.
    Inside {
        /// The domain.
        domain: String,
        /// The agency's.
        like: String,
    },
    /// The agency that the request names is in the directory, and its domains are others.
    NotTheirs {
        /// The domain.
        domain: String,
        /// The agency.
        agency: String,
    },
    /// The request names one agency of the directory, and comes from the domain of another.
    OfAnother {
        /// The domain.
        domain: String,
        /// Whose it is.
        owner: String,
        /// The agency that the request names.
        agency: String,
    },
    /// Answers would go to another place than the request came from.
    ReplyElsewhere {
        /// Where it came from.
        from: String,
        /// Where answers would go.
        to: String,
    },
    /// It names an address or a host of another house, and does not say in plain words what for.
    AlsoNames {
        /// Which.
        place: String,
    },
    /// It gives a number that the directory has for an agency that it does not come from.
    NumberOfAnother {
        /// The number, as the directory has it.
        number: String,
        /// Whose it is.
        agency: String,
    },
    /// Anybody can have an address there.
    FreeMail {
        /// The domain.
        domain: String,
    },
    /// It presses for time and has nothing to rest on.
    Hurry {
        /// The word.
        word: &'static str,
    },
    /// It is an emergency that does not say what the danger is, or for whom.
    NoDanger,
}

/// What the directory has of a requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    No,
    /// An entry with a number to call.
    ByNumber,
    /// An entry without one.
    WithoutNumber,
}

/// Whether requests of this kind come from agencies that must be verified. A person who asks for their own data is another
/// matter: they write from where they like, and prove who they are otherwise (rule 43).
pub fn is_from_agency(kind: &Kind) -> bool {
    kind.verify_requester && kind.field(AGENCY_KEY).is_some()
}

/// Everything about the requester that is worth a second look; nothing for kinds that verify no agency.
pub fn cautions(case: &Case, kind: &Kind, terms: &Terms) -> Vec<Caution> {
    if !is_from_agency(kind) {
        return Vec::new();
    }
    let mut found: Vec<Caution> = Vec::new();
    found.extend(case.beside.first_contact.iter().filter(|from| comes_from(case, from)).map(|from| {
        let entry = owner_of(&terms.directory, from).or_else(|| entry(&terms.directory, from));
        let known = match entry {
            None => Known::No,
            Some(entry) if entry.phones.is_empty() => Known::WithoutNumber,
            Some(_) => Known::ByNumber,
        };
        Caution::FirstContact { from: from.clone(), known, again: case.beside.again }
    }));
    for place in places(case, terms) {
        let new = of_domain(agency(case), place.domain(), &terms.directory);
        found.extend(new.into_iter().filter(|caution| !found.contains(caution)).collect::<Vec<_>>());
    }
    // That nobody wrote from a false domain before is no news, and no number of theirs is to be found.
    let is_false = |caution: &Caution| match caution {
        Caution::LookAlike { .. } | Caution::Inside { .. } => true,
        Caution::FirstContact { .. }
        | Caution::NotTheirs { .. }
        | Caution::OfAnother { .. }
        | Caution::ReplyElsewhere { .. }
        | Caution::AlsoNames { .. }
        | Caution::NumberOfAnother { .. }
        | Caution::FreeMail { .. }
        | Caution::Hurry { .. }
        | Caution::NoDanger => false,
    };
    if found.iter().any(is_false) {
        found.retain(|caution| !matches!(caution, Caution::FirstContact { .. }));
    }
    found.extend(elsewhere(case, terms));
    found.extend(number_of_another(case, &terms.directory));
    found.extend(in_a_hurry(case, kind));
    found
}

/// What stays worth a second look although somebody has called: an answer still goes to the mailbox that the request names,
/// and it is the agency that was called, not whoever reads there.
pub fn mailbox_cautions(case: &Case, kind: &Kind, terms: &Terms) -> Vec<Caution> {
    if !is_from_agency(kind) {
        return Vec::new();
    }
    let called = case.requester.as_ref().and_then(|done| done.entry.as_deref());
    let called =
        called.and_then(|name| entry(&terms.directory, name)).filter(|entry| !entry.domains.is_empty());
    let mut found: Vec<Caution> = Vec::new();
    for place in places(case, terms) {
        let odd = of_domain(agency(case), place.domain(), &terms.directory);
        let strange = called.filter(|entry| entry.domain_over(place.domain()).is_none()).map(|entry| {
            Caution::NotTheirs { domain: place.domain().to_owned(), agency: entry.name.clone() }
        });
        let new = odd.or(strange);
        found.extend(new.into_iter().filter(|caution| !found.contains(caution)).collect::<Vec<_>>());
    }
    found.extend(elsewhere(case, terms));
    found
}

/// Every place that is looked at: the addresses, what an eye takes for one, and where answers are wanted.
fn places(case: &Case, terms: &Terms) -> Vec<Place> {
    let read = addresses(case).into_iter().map(Place::Mailbox);
    read.chain(unread_mail(case)).chain(answers_to(case, terms)).collect()
}

/// How many of them are looked up.
const MOST_UNREAD: usize = 10;

/// The domains of addresses that could not be read, which come from nobody until somebody is asked.
pub fn unread_domains(case: &Case) -> BTreeSet<String> {
    unread_mail(case).iter().map(|place| place.domain().to_owned()).take(MOST_UNREAD).collect()
}

/// The addresses that a request gives, each once.
pub fn addresses(case: &Case) -> BTreeSet<Email> {
    let mut found = BTreeSet::new();
    for field in &case.fields {
        match &field.reading {
            Reading::Email { address, more, .. } => {
                found.extend([address].into_iter().chain(more).filter_map(|one| Email::parse(one).ok()));
            }
            Reading::Text | Reading::Unknown { .. } | Reading::Unread { .. } => {
                if is_about_mail(field) {
                    let all = read_mailboxes(&field.value).unwrap_or_default();
                    found.extend(all.into_iter().map(|mailbox| mailbox.email));
                }
            }
            Reading::Accounts { .. } | Reading::Day { .. } | Reading::Secrecy(_) | Reading::Claimed => {}
        }
    }
    found
}

/// What a requester is recognised by: the mail domain, or the whole address where anybody can have one.
pub fn origin(email: &Email) -> &str {
    if is_free_mail(email.domain()) { email.as_str() } else { email.domain() }
}

/// The agency that a request names.
pub fn agency(case: &Case) -> Option<&str> {
    case.fields_of(AGENCY_KEY).map(|field| field.value.trim()).find(|value| !value.is_empty())
}

/// Whether the case still comes from there: what was found of an address that was replaced since says nothing of the new one.
fn comes_from(case: &Case, from: &str) -> bool {
    let (all, named) = (addresses(case), agency(case));
    let nobody = all.is_empty() && named.is_none();
    let is_unread = || unread_mail(case).iter().any(|place| place.domain() == from);
    nobody || named == Some(from) || all.iter().any(|email| origin(email) == from) || is_unread()
}

fn of_domain(named: Option<&str>, domain: &str, directory: &[Agency]) -> Option<Caution> {
    let domain = domain.to_owned();
    if is_free_mail(&domain) {
        return Some(Caution::FreeMail { domain });
    }
    if let Some(owner) = owner_of(directory, &domain) {
        return of_another(named?, domain, owner, directory);
    }
    if let Some((_, like)) = domains(directory).find(|(_, own)| is_inside(&domain, own)) {
        return Some(Caution::Inside { domain, like: like.to_owned() });
    }
    if let Some((_, like)) = domains(directory).find(|(_, own)| is_like(&domain, own)) {
        return Some(Caution::LookAlike { domain, like: like.to_owned() });
    }
    let named = named?;
    let named = directory.iter().find(|entry| entry.is_called(named) && !entry.domains.is_empty())?;
    Some(Caution::NotTheirs { domain, agency: named.name.clone() })
}

/// That a request names one agency and comes from another, both of the directory. A name that may be either one's, or a part of
/// a house that the directory has under another name, says nothing.
fn of_another(named: &str, domain: String, owner: &Agency, directory: &[Agency]) -> Option<Caution> {
    if is_name_of(named, owner, directory) {
        return None;
    }
    let agency = meant(directory, named).filter(|agency| agency.name != owner.name)?;
    // Of two entries for one house, either may write from what lies under the other's domain.
    let is_shared = agency.domain_over(&domain).is_some();
    (!is_shared).then(|| Caution::OfAnother {
        domain,
        owner: owner.name.clone(),
        agency: agency.name.clone(),
    })
}

/// Every domain of the directory, with whose it is.
fn domains(directory: &[Agency]) -> impl Iterator<Item = (&Agency, &str)> {
    directory.iter().flat_map(|agency| agency.domains.iter().map(move |own| (agency, own.as_str())))
}

/// The agency that an address of the request is made to look like. A call to that one tells whether the request is theirs.
pub fn posed_as<'a>(case: &Case, directory: &'a [Agency]) -> Option<&'a Agency> {
    let read = addresses(case).into_iter().map(Place::Mailbox);
    read.chain(unread_mail(case)).find_map(|place| {
        let domain = place.domain();
        if is_free_mail(domain) || owner_of(directory, domain).is_some() {
            return None;
        }
        let inside = domains(directory).find(|(_, own)| is_inside(domain, own));
        let like = || domains(directory).find(|(_, own)| is_like(domain, own));
        inside.or_else(like).map(|(agency, _)| agency)
    })
}

/// A number of the request that leads to another agency than the request does.
fn number_of_another(case: &Case, directory: &[Agency]) -> Option<Caution> {
    let lines = case.fields.iter().map(|field| format!("{} {}", field.label, field.value));
    // By line: the digits of two lines are no number.
    let said: Vec<String> = lines.chain([case.stray.join("\n")]).flat_map(|text| numbers(&text)).collect();
    if said.is_empty() {
        return None;
    }
    let addresses = addresses(case);
    let named = agency(case);
    let is_theirs = |entry: &Agency| {
        named.is_some_and(|name| is_name_of(name, entry, directory) || meant(directory, name) == Some(entry))
            || addresses.iter().any(|email| owner_of(directory, email.domain()) == Some(entry))
    };
    let mut others = directory.iter().filter(|entry| !is_theirs(entry));
    others.find_map(|entry| {
        let number = entry.phone_among(&said)?;
        Some(Caution::NumberOfAnother { number: number.to_owned(), agency: entry.name.clone() })
    })
}

/// An emergency is in a hurry by its nature; it must say what the danger is, and for whom.
fn in_a_hurry(case: &Case, kind: &Kind) -> Option<Caution> {
    let said = |key: &str| case.fields_of(key).any(|field| !field.value.trim().is_empty());
    let is_emergency = kind.field("nature").is_some() && kind.field("person").is_some();
    if is_emergency {
        return (!(said("nature") && said("person"))).then_some(Caution::NoDanger);
    }
    if !kind.verify_instrument || said("instrument") {
        return None;
    }
    let texts = case.fields.iter().map(|field| field.value.as_str());
    let texts = texts.chain(case.stray.iter().map(String::as_str));
    texts.filter_map(pressing).next().map(|word| Caution::Hurry { word })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::directory::tests::agency as listed;

    fn directory() -> Vec<Agency> {
        vec![
            listed("Metropolitan Police Service", &["020 7946 0100"], &["met.police.uk"]),
            listed("Kent Police", &[], &["kent.police.uk"]),
        ]
    }

    #[test]
    fn a_domain_of_the_directory_is_no_look_alike_of_another() {
        let neighbour = listed("Ment Police", &[], &["ment.police.uk"]);
        let directory = [directory(), vec![neighbour]].concat();
        for domain in ["kent.police.uk", "ment.police.uk", "cyber.met.police.uk"] {
            let found = of_domain(Some("Kent Police"), domain, &directory);
            assert!(matches!(found, None | Some(Caution::OfAnother { .. })), "{domain}: {found:?}");
        }
        let foreign = |domain| of_domain(Some("kent police"), domain, &directory);
        assert!(matches!(foreign("mail.example"), Some(Caution::NotTheirs { .. })));
        assert!(matches!(foreign("gmail.com"), Some(Caution::FreeMail { .. })));
        assert_eq!(of_domain(Some("Police of Nowhere"), "police.example", &directory), None);
    }

    #[test]
    fn a_request_that_names_one_agency_and_comes_from_another_is_pointed_out() {
        let directory = directory();
        let said = |named, domain| of_domain(Some(named), domain, &directory);
        let of_another = |domain: &str, owner: &str, agency: &str| {
            let (domain, owner, agency) = (domain.to_owned(), owner.to_owned(), agency.to_owned());
            Some(Caution::OfAnother { domain, owner, agency })
        };
        let (met, kent) = ("Metropolitan Police Service", "Kent Police");
        assert_eq!(said(met, "kent.police.uk"), of_another("kent.police.uk", kent, met));
        assert_eq!(said("the Met", "cyber.kent.police.uk"), of_another("cyber.kent.police.uk", kent, met));
        for (named, domain) in [
            (met, "met.police.uk"),
            ("Kent Police Service", "kent.police.uk"),
            ("Cyber Crime Unit", "kent.police.uk"),
            ("Police", "kent.police.uk"),
        ] {
            assert_eq!(said(named, domain), None, "{named}");
        }
    }
}
