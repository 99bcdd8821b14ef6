//! What stands between a request and its answer (rules 1, 2, 3, 4, 8, 13).

use super::given::{Given, accounts, ada, given, text};
use super::scoping::policy;
use crate::case::{Checklist, Event, Kind, Origin, Policy, Reading, Stage, Subject, checklist};

fn list<'a>(given: &'a Given, policy: &'a Policy) -> Checklist<'a> {
    checklist(&given.case, policy.kind(&given.case.kind).unwrap(), policy)
}

#[test]
fn authorities_of_other_countries_come_by_treaty_but_for_emergencies() {
    let policy = policy();
    let origin = |kind: &str, lines: &[(&str, &str)]| {
        let case = lines.iter().fold(given(kind), |case, (key, value)| case.with(text(key, value)));
        list(&case, &policy).origin
    };
    let from = |country: &str| [("jurisdiction", country.to_owned())];
    for (country, is) in [
        ("GB", Origin::Accepted),
        ("Scotland", Origin::Accepted),
        ("US", Origin::NotAccepted { country: "US".to_owned() }),
        ("Atlantis", Origin::Unread),
    ] {
        let [(key, value)] = &from(country);
        assert_eq!(origin("information", &[(key, value)]), is, "{country}");
        assert_eq!(origin("preservation", &[(key, value)]), is, "{country}");
        assert_eq!(origin("emergency", &[(key, value)]), Origin::NotAsked);
        assert_eq!(origin("terms", &[(key, value)]), Origin::NotAsked);
    }
    assert_eq!(origin("information", &[]), Origin::NotSaid);
    assert_eq!(origin("information", &[("jurisdiction", "GB"), ("jurisdiction", "US")]), Origin::Unread);
    assert_eq!(origin("information", &[("jurisdiction", "US"), ("via", "MLAT")]), Origin::ByTreaty);
    assert_eq!(origin("information", &[("jurisdiction", "US"), ("via", "daa")]), Origin::Daa);
    assert!(matches!(
        origin("information", &[("jurisdiction", "US"), ("via", "pigeon")]),
        Origin::NotAccepted { .. }
    ));
    let anybody = Policy { accepts: Vec::new(), ..policy.clone() };
    let case = given("information").with(text("jurisdiction", "US"));
    assert_eq!(list(&case, &anybody).origin, Origin::Accepted);
}

/// A kind with one line of each sort that matters here, so that it is complete at once.
fn with_kind(change: impl Fn(&mut Kind)) -> Policy {
    let mut policy = policy();
    for kind in &mut policy.kinds {
        kind.fields.iter_mut().for_each(|rule| rule.required = false);
        (kind.verify_requester, kind.verify_instrument, kind.attest) = (false, false, false);
        (kind.own_accounts, kind.from_authority) = (false, false);
        change(kind);
    }
    policy
}

#[track_caller]
fn is_ready(given: &Given, policy: &Policy, ready: bool) {
    let stage = Stage::of(&given.case, Some(policy));
    assert_eq!(stage == Stage::Ready, ready, "{:#?}", list(given, policy));
}

#[test]
fn what_stands_between_a_request_and_its_answer() {
    let case = given("information").called();
    is_ready(&case, &with_kind(|_| ()), true);
    // Whoever gets records was called, whatever else the kind asks (rule 61).
    is_ready(&given("information"), &with_kind(|_| ()), false);
    is_ready(&given("information"), &with_kind(|kind| kind.discloses = false), true);
    // The instrument (rule 1), and what it wants (rule 4).
    let needs = with_kind(|kind| kind.verify_instrument = true);
    let verified = |given: &Given| {
        given.after(Event::Verified {
            what: crate::case::Verifiable::Instrument,
            by: ada(),
            how: "seen".to_owned(),
            entry: None,
            call: None,
        })
    };
    let gb = verified(&case.with(text("jurisdiction", "GB")));
    is_ready(&gb, &needs, false);
    is_ready(&gb.with(text("instrument", "see attached")), &needs, false);
    is_ready(&gb.with(text("instrument", "warrant")), &needs, true);
    let subpoena = gb.with(text("instrument", "subpoena"));
    is_ready(&subpoena, &needs, false);
    is_ready(&subpoena.with(text("authorising officer", "Supt Roe")), &needs, true);
    // The danger (rule 13).
    let danger = with_kind(|kind| kind.attest = true);
    is_ready(&case, &danger, false);
    let attested = Event::Attested { by: ada(), reason: "a threat".to_owned() };
    is_ready(&case.after(attested), &danger, true);
    // Where it comes from (rule 2).
    let authority = with_kind(|kind| kind.from_authority = true);
    is_ready(&case, &authority, false);
    is_ready(&case.with(text("jurisdiction", "US")), &authority, false);
    is_ready(&case.with(text("jurisdiction", "US")).with(text("via", "mlat")), &authority, true);
    is_ready(&case.with(text("jurisdiction", "GB")), &authority, true);
}

#[test]
fn accounts_elsewhere_stop_nothing_beside_one_of_ours() {
    let own = with_kind(|kind| kind.own_accounts = true);
    let mut foreign = accounts(&["@a:other.org"]);
    if let Reading::Accounts { named, .. } = &mut foreign.reading {
        named.iter_mut().for_each(|subject: &mut Subject| subject.ours = false);
    }
    let case = given("information").called();
    is_ready(&case.with(foreign.clone()), &own, false);
    is_ready(&case.with(accounts(&["@a:our.org"])), &own, true);
    let mut both = foreign.clone();
    if let (Reading::Accounts { named, .. }, Reading::Accounts { named: ours, .. }) =
        (&mut both.reading, accounts(&["@b:our.org"]).reading)
    {
        named.extend(ours);
    }
    is_ready(&case.with(both), &own, true);
    is_ready(&case.with(foreign), &with_kind(|_| ()), true);
}
