//! The lists by which a request is recognised as like an earlier one: where it came from, who asks, what it has in common
//! with others. What makes two alike is said in `case::likeness`.

use std::collections::BTreeSet;

use crate::case::requester::addresses;
use crate::case::{Case, Likeness, Terms, domains_in, domains_over, likeness, number_ends};
use crate::ports::Facet;

/// How many mail domains of a request are kept as lists.
const MOST_ORIGINS: usize = 20;
/// How many telephone numbers of a request are kept as lists.
const MOST_NUMBERS: usize = 100;
/// How many mail domains that stand anywhere in a request are kept as lists.
const MOST_DOMAINS: usize = 100;
/// Cases that came from a mail domain, or from an address where anybody can have one.
pub fn origin(origin: &str) -> Facet {
    Facet::new("origin", origin)
}

/// Cases of an agency, by the name that the request gives it.
pub fn agency(name: &str) -> Facet {
    Facet::new("agency", name)
}

/// Of the cases that came from there or name that agency (see [`of_requester`]), those whose requester was verified.
pub fn verified(from: &Facet) -> Facet {
    from.within("verified")
}

/// Cases whose requester gave a telephone number that ends like this.
pub fn phone(end: &str) -> Facet {
    Facet::new("phone", end)
}

/// Cases whose requester gave a mail domain, wherever it stands in the request.
pub fn domain(domain: &str) -> Facet {
    Facet::new("domain", domain)
}

/// Cases whose requester gave this mail domain or one that lies under it.
pub fn domain_under(over: &str) -> Facet {
    Facet::new("domain under", over)
}

/// Cases that have a mark by which they are like others.
pub fn mark(how: Likeness, mark: &str) -> Facet {
    match how {
        Likeness::Reference | Likeness::ReferenceOfAnother => Facet::new("reference", mark),
        Likeness::Material => Facet::new("material", mark),
        Likeness::Text => Facet::new("text", mark),
        // The list that `list subject=` walks.
        Likeness::Account => Facet::new("subject", mark),
        Likeness::Day => Facet::new("day", mark),
    }
}

/// What says whether anybody there has asked before: the mail domains, or else the agency, whose name anybody can write.
pub fn of_requester(case: &Case) -> BTreeSet<Facet> {
    let origins = of_origin(case);
    if origins.is_empty() { of_agency(case).into_iter().collect() } else { origins }
}

/// What other cases are found by for being like this one, or coming from where it came from.
pub fn recognised(case: &Case, terms: &Terms) -> BTreeSet<Facet> {
    let marks = likeness::marks(case, terms.zone);
    let mut facets: BTreeSet<Facet> = marks.into_iter().map(|(how, text)| mark(how, &text)).collect();
    let from: BTreeSet<Facet> = of_origin(case).into_iter().chain(of_agency(case)).collect();
    if case.requester.is_some() {
        facets.extend(from.iter().map(verified));
    }
    facets.extend(from);
    facets
}

fn of_origin(case: &Case) -> BTreeSet<Facet> {
    likeness::origins(case).into_iter().take(MOST_ORIGINS).map(|text| origin(&text)).collect()
}

fn of_agency(case: &Case) -> Option<Facet> {
    likeness::agency_name(case).map(|name| agency(&name))
}

/// What a case is recognised by, numbers to call included.
pub(super) fn of_alike(case: &Case, terms: &Terms) -> BTreeSet<Facet> {
    let mut facets = recognised(case, terms);
    facets.extend(number_ends(&case.numbers()).into_iter().take(MOST_NUMBERS).map(|end| phone(&end)));
    facets.extend(of_domains(case));
    facets
}

/// The domains of its addresses come first, so that no row of others keeps one from being found.
fn of_domains(case: &Case) -> BTreeSet<Facet> {
    let own = addresses(case).iter().flat_map(|email| domains_in(email.as_str())).collect::<BTreeSet<_>>();
    let others = case.mail_domains().into_iter().filter(|domain| !own.contains(domain)).collect::<Vec<_>>();
    let all = own.iter().cloned().chain(others).take(MOST_DOMAINS);
    all.flat_map(|name| {
        let over: Vec<Facet> = domains_over(&name).map(domain_under).collect();
        over.into_iter().chain([domain(&name)])
    })
    .collect()
}
