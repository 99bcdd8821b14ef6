//! Whom we write to of our own accord (rule 40), where nobody asked: an agency that the case names. What nobody here knows of it is said,
//! for there is nobody to call back.
//!
//! Knows lines and the directory; what follows is said in `decide`.

use std::collections::BTreeSet;

use super::agency_name::is_name_of;
use super::destination::destinations;
use super::directory::Agency;
use super::requester::{AGENCY_KEY, OFFICER_KEY, agency};
use super::{Account, Case, Email, Kind, Terms, mention};

/// Whether cases of this kind are ours to write: by its name, or by what it counts as, so that no policy of before is without it.
pub fn refers(kind: &Kind) -> bool {
    const REFERRAL: &str = "referral";
    kind.name == REFERRAL || kind.counts_as.as_deref() == Some(REFERRAL)
}

/// Whether the case is of such a kind.
pub fn is_referral(case: &Case, terms: &Terms) -> bool {
    terms.kind_of(case).is_some_and(refers)
}

/// The agency of the directory that the case names.
pub fn listed<'t>(case: &Case, terms: &'t Terms) -> Option<&'t Agency> {
    let named = agency(case)?;
    terms.directory.iter().find(|entry| is_name_of(named, entry, &terms.directory))
}

/// What of the recipient the directory does not have: the name, or else addresses that are not of its domains.
pub fn strangers(case: &Case, terms: &Terms) -> Vec<String> {
    let Some(entry) = listed(case, terms) else {
        return agency(case).map(str::to_owned).into_iter().collect();
    };
    let is_theirs = |place: &String| match Email::parse(place) {
        Ok(email) => entry.domain_over(email.domain()).is_some(),
        // A street is in no directory; whoever reads the proposal sees it.
        Err(_) => !place.contains('@'),
    };
    destinations(case, terms).into_iter().filter(|place| !is_theirs(place)).collect()
}

/// The first user of the case whom the recipient is, by a name or an address on its lines.
pub fn is_user(case: &Case, terms: &Terms) -> Option<Account> {
    let lines = [AGENCY_KEY, OFFICER_KEY].into_iter().flat_map(|key| case.fields_of(key));
    let all = lines.map(|field| field.value.clone()).chain(destinations(case, terms));
    let named: BTreeSet<String> = all.flat_map(|said| mention::named_in(&mention::plain(&said))).collect();
    let mut users = case.subjects().map(|subject| &subject.account);
    users.find(|user| !named.is_disjoint(&mention::readings(user))).cloned()
}
