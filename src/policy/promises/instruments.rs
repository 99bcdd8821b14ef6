//! Instruments, written as requests write them.

use chrono::{DateTime, Utc};

use super::policy;
use crate::case::given;
use crate::case::{Account, Case, CaseId, Event, Identified, Policy, instrument, possible_instruments};

fn asked(policy: &Policy, kind: &str, country: &str, line: &str) -> Option<String> {
    match instrument(&case(policy, kind, country, line), policy) {
        Identified::Known(found) => Some(found.name.clone()),
        Identified::None | Identified::Unknown => None,
    }
}

fn case(policy: &Policy, kind: &str, country: &str, line: &str) -> Case {
    let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let opened = Event::Opened {
        kind: kind.to_owned(),
        policy: policy.version.clone(),
        received: now,
        fields: vec![given::line("jurisdiction", country), given::line("instrument", line)],
        stray: Vec::new(),
    };
    let ada = Account::parse("@ada:our.org").unwrap();
    Case::begin(CaseId::new(1).unwrap(), &opened, &ada, now).unwrap()
}

#[track_caller]
fn found(packs: &[&'static str], kind: &str, country: &str, lines: &[(&str, Option<&str>)]) {
    let policy = policy(packs);
    for (line, name) in lines {
        assert_eq!(asked(&policy, kind, country, line).as_deref(), *name, "{line}");
    }
}

#[test]
fn orders_of_the_united_kingdom() {
    found(
        &["matrix-org"],
        "information",
        "GB",
        &[
            ("IPA authorisation 2026/0042", Some("ipa-authorisation")),
            ("Authorisation under the Investigatory Powers Act 2016", Some("ipa-authorisation")),
            ("Authorisation under s.60A of the Investigatory Powers Act 2016, ref 5", Some("ipa-60a")),
            ("s. 60A IPA 2016", Some("ipa-60a")),
            ("IPA 2016, section 60A, URN 77", Some("ipa-60a")),
            ("Section 61 authorisation 12", Some("ipa-61")),
            ("authorisation under section 61 of the IPA 2016", Some("ipa-61")),
            ("Investigatory Powers Act 2016 (s.61)", Some("ipa-61")),
            ("urgent IPA authorisation", Some("ipa-61a")),
            ("s61A", Some("ipa-61a")),
            ("Targeted interception warrant", Some("ipa-interception")),
            ("Court order of 3 November", Some("court-order")),
            ("PACE production order", Some("pace-production-order")),
            ("Production order under Schedule 1 to PACE", Some("pace-production-order")),
            ("Production order under the Proceeds of Crime Act 2002", Some("production-order")),
            ("production order 7", Some("production-order")),
            ("Norwich Pharmacal order", Some("norwich-pharmacal")),
            ("search warrant under PACE", Some("search-warrant")),
            ("letter of request from Berlin", Some("mlat-request")),
            ("warrant of 2026-11-18", None),
            ("letter from the chief constable", None),
            ("an IPA authorisation and a court order", None),
        ],
    );
    // An order of the Foundation's own country, named by somebody elsewhere, is none.
    found(&["matrix-org"], "information", "US", &[("IPA authorisation 7", None), ("subpoena 7", None)]);
}

#[test]
fn orders_of_the_united_states() {
    for pack in ["us", "rocket-chat"] {
        found(
            &[pack],
            "information",
            "US",
            &[
                ("Grand jury subpoena no. 26-1", Some("subpoena")),
                ("subpoena duces tecum", Some("subpoena")),
                ("2703(d) order", Some("order-2703d")),
                ("Order under 18 U.S.C. § 2703(d)", Some("order-2703d")),
                ("court order pursuant to 18 USC 2703(d)", Some("order-2703d")),
                ("court order 3:26-mc-7", Some("court-order")),
                ("search warrant 22-mj-1", Some("search-warrant")),
                ("National Security Letter", Some("national-security-letter")),
                ("pen register and trap and trace order", Some("pen-register")),
                ("order under the UK-US Data Access Agreement", Some("daa-order")),
                ("an official request", None),
            ],
        );
        let letters =
            [("18 USC 2703(f)", Some("letter-2703f")), ("preservation letter", Some("letter-2703f"))];
        found(&[pack], "preservation", "US", &letters);
    }
    found(&["us"], "referral", "US", &[("CyberTipline report 5", Some("cybertip"))]);
}

#[test]
fn orders_of_the_union() {
    let production = "e-evidence-production";
    found(
        &["eu"],
        "information",
        "DE",
        &[
            ("European Production Order (EPOC) 5", Some(production)),
            ("EPOC", Some(production)),
            ("Europäische Herausgabeanordnung 5", Some(production)),
            ("Injonction européenne de production", Some(production)),
            ("Europäische Ermittlungsanordnung", None),
            ("European Investigation Order", Some("investigation-order")),
            ("order under DSA article 10", Some("dsa-order")),
            ("Gerichtsbeschluss 3 Gs 7/26", Some("court-order")),
        ],
    );
    let pressing = "e-evidence-production-emergency";
    found(&["eu"], "emergency", "FR", &[("EPOC 7", Some(pressing))]);
    found(
        &["eu"],
        "information",
        "FR",
        &[
            ("EPOC 7 – Art. 10(4) emergency, 8 hours", Some(pressing)),
            ("EPOC (emergency)", Some(pressing)),
            ("EPOC 7, Notfall", Some(pressing)),
            ("European Production Order under Regulation (EU) 2023/1543, urgent", Some(pressing)),
            ("EPOC 7, cas d’urgence", Some(pressing)),
            ("EPOC 7; Artikel 10 Abs. 4", Some(pressing)),
            ("URGENT EPOC", Some(pressing)),
            ("EPOC 7, not an emergency", Some(production)),
            ("EPOC 10/4", Some(production)),
            ("emergency letter", None),
        ],
    );
    found(&["eu"], "preservation", "FR", &[("EPOC-PR 7", Some("e-evidence-preservation"))]);
    found(&["eu"], "preservation", "FR", &[("European Preservation Order", Some("e-evidence-preservation"))]);
    found(&["eu"], "removal", "DE", &[("removal order 2026-99", Some("tco-removal-order"))]);
    found(
        &["eu"],
        "removal",
        "DK",
        &[("TCO removal order under Regulation (EU) 2021/784", Some("tco-removal-order"))],
    );
    // Denmark takes no part in the e-Evidence Regulation, and Britain's production order is another.
    found(&["eu"], "information", "DK", &[("EPOC", None)]);
    found(&["uk", "eu"], "information", "DE", &[("European Production Order", Some(production))]);
    found(&["uk", "eu"], "information", "GB", &[("production order", Some("production-order"))]);
}

#[test]
fn an_emergency_order_of_the_union_runs_by_its_own_clock_and_no_other_does() {
    let eu = policy(&["eu"]);
    let clock = eu.clocks.iter().find(|clock| clock.name == "production-order-emergency").unwrap();
    let runs = |line: &str| {
        let case = case(&eu, "information", "DE", line);
        let possible = possible_instruments(&case, &eu);
        let wanted = |name: &String| possible.iter().any(|one| one.name == *name);
        clock.kinds.contains(&case.kind) && clock.only.iter().any(|only| only.any_of.iter().any(wanted))
    };
    for line in ["EPOC 7 – Art. 10(4) emergency, 8 hours", "EPOC 7, Eilfall", "an emergency paper"] {
        assert!(runs(line), "{line}");
    }
    for line in ["EPOC 7", "European Production Order", "a paper that nobody knows"] {
        assert!(!runs(line), "{line}");
    }
}
