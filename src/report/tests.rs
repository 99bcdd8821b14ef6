//! What a report counts, when, and what of a request may never be seen in it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::case::decide::gate::{self, Bar};
use crate::case::given::line;
use crate::case::{
    Account, Case, CaseId, Elsewhere, Event, Extent, Field, FieldForm, FieldRule, GagEnding, Reading,
    Relation, Secrecy, Subject, Tell, Telling, Terms,
};
use crate::rehearsal::terms as demo;

fn terms() -> Terms {
    let mut terms = demo().unwrap();
    for policy in terms.policies.values_mut() {
        policy.countries.insert("united kingdom".to_owned(), "GB".to_owned());
        policy.countries.insert("germany".to_owned(), "DE".to_owned());
        for kind in policy.kinds.iter_mut().filter(|kind| kind.name == "subject") {
            kind.fields.retain(|rule| rule.key != "right");
            kind.fields.push(FieldRule {
                key: "right".to_owned(),
                label: "Right".to_owned(),
                aliases: Vec::new(),
                required: true,
                form: FieldForm::OneOf(vec!["access".to_owned(), "erasure".to_owned()]),
                help: String::new(),
                ours: false,
                asks: None,
            });
        }
    }
    terms
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}T10:00:00Z").parse().unwrap()
}

fn account(name: &str) -> Account {
    Account::parse(&format!("@{name}:example.org")).unwrap()
}

fn secret(said: Secrecy) -> Field {
    Field { reading: Reading::Secrecy(said), ..line("confidential", "?") }
}

fn case(number: u32, kind: &str, received: &str, fields: Vec<Field>) -> Case {
    let named = vec![Subject { account: account("alice"), ours: true, odd: Vec::new() }];
    let accounts =
        Field { reading: Reading::Accounts { named, unread: Vec::new() }, ..line("accounts", "@alice") };
    let opened = Event::Opened {
        kind: kind.to_owned(),
        policy: terms().current,
        received: at(received),
        fields: fields.into_iter().chain([accounts]).collect(),
        stray: Vec::new(),
    };
    Case::begin(CaseId::new(number).unwrap(), &opened, &account("ada"), at(received)).unwrap()
}

fn then(mut case: Case, when: &str, event: Event) -> Case {
    case.apply(&event, &account("ada"), at(when));
    case
}

fn half(text: &str) -> Half {
    Half::read(text).unwrap()
}

fn tally(of: &str, cases: &[Case]) -> Tally {
    let mut tally = Tally::new(half(of));
    cases.iter().for_each(|case| tally.count(case, &terms(), at("2028-01-01")));
    tally
}

/// A report in which nothing is small.
fn open_report(of: &str, cases: &[Case]) -> Report {
    let terms = terms();
    let mut policy = terms.policy().unwrap().clone();
    policy.report.few = 0;
    Report::of(&tally(of, cases), &policy)
}

#[track_caller]
fn shows(report: &Report, column: &str, kind: &str, country: &str, count: u64) {
    let figure = report.figure(column, kind, country);
    assert_eq!(figure, Figure::Count(count), "{column} of {kind} from {country}");
}

#[test]
fn each_fact_counts_when_it_happened() {
    let asked = case(1, "information", "2026-06-20", vec![line("jurisdiction", "United Kingdom")]);
    let answered = then(asked, "2026-07-02", Event::Answered { extent: Extent::Part });
    let halves = halves(&answered, &terms());
    assert_eq!(halves, BTreeSet::from([half("2026H1"), half("2026H2")]));
    let cases = [answered];
    let first = open_report("2026H1", &cases);
    shows(&first, "received", "information", "GB", 1);
    shows(&first, "accounts_named", "information", ALL, 1);
    shows(&first, "answered_part", ALL, ALL, 0);
    let second = open_report("2026H2", &cases);
    shows(&second, "received", ALL, ALL, 0);
    shows(&second, "answered_part", "information", "GB", 1);
    shows(&second, "accounts_affected", ALL, ALL, 1);
    assert_eq!(second.figure(MEDIAN_DAYS, ALL, ALL), Figure::HalfDays(24));
}

#[test]
fn every_ending_has_a_column() {
    let other = CaseId::new(9).unwrap();
    let ends = [
        (Event::Answered { extent: Extent::Full }, "answered_full"),
        (Event::Answered { extent: Extent::None }, "answered_none"),
        (
            Event::RequestRefused { code: "not-ours".to_owned(), text: String::new(), words: None },
            "refused:not-ours",
        ),
        (
            Event::RequestRefused { code: "gone".to_owned(), text: String::new(), words: None },
            "refused:other",
        ),
        (Event::Withdrawn { reason: None }, "withdrawn"),
        (Event::Redirected { to: Elsewhere::Mlat, text: String::new() }, "redirected:mlat"),
        (Event::Linked { other, how: Relation::Duplicate, outward: true, received: None }, "duplicate"),
    ];
    for (event, column) in ends {
        let report =
            open_report("2026H1", &[then(case(1, "terms", "2026-02-01", vec![]), "2026-02-03", event)]);
        shows(&report, column, "terms", OTHER, 1);
    }
}

#[test]
fn rights_and_data_are_counted_by_the_policys_names() {
    let cases = [
        case(1, "subject", "2026-02-01", vec![line("right", "Erasure")]),
        case(2, "subject", "2026-02-01", vec![line("right", "the right to a pony")]),
        case(3, "information", "2026-02-01", vec![line("data", "account; messages, something")]),
    ];
    let report = open_report("2026H1", &cases);
    shows(&report, "received", "subject (erasure)", OTHER, 1);
    shows(&report, "received", "subject (other)", OTHER, 1);
    shows(&report, "received", "subject (access)", ALL, 0);
    shows(&report, "asked_content", "information", ALL, 1);
    shows(&report, "asked_non_content", "information", ALL, 1);
}

#[test]
fn what_is_bound_counts_in_the_sum_and_where_it_belongs_when_that_ended() {
    let gag = || Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let bound = then(case(1, "information", "2026-02-01", vec![]), "2026-02-02", gag());
    let report = open_report("2026H1", std::slice::from_ref(&bound));
    shows(&report, "received", TOGETHER, TOGETHER, 1);
    shows(&report, "received", "information", ALL, 0);
    shows(&report, "received", ALL, ALL, 1);
    let over = then(bound, "2027-03-01", Event::GagOver { how: GagEnding::Ended });
    let told = Event::NoticeSettled {
        account: account("alice"),
        what: Telling::Told { via: "mail".to_owned() },
        at: None,
    };
    let over = then(over, "2027-03-02", told);
    assert!(halves(&over, &terms()).contains(&half("2027H1")));
    let cases = [over];
    shows(&open_report("2026H1", &cases), "received", ALL, ALL, 0);
    let later = open_report("2027H1", &cases);
    shows(&later, "received", "information", OTHER, 1);
    shows(&later, "notices_sent_after_gag", "information", OTHER, 1);
}

#[test]
fn secrecy_that_was_asked_for_binds_until_it_has_lapsed_or_everybody_was_told() {
    let terms = terms();
    let asks = |said| case(1, "information", "2026-02-01", vec![secret(said)]);
    let until = || asks(Secrecy::Until { day: at("2026-03-31").date_naive() });
    assert_eq!(silence(&asks(Secrecy::No), &terms), Silence::Never);
    assert_eq!(silence(&asks(Secrecy::Open), &terms), Silence::Binds);
    // As long as the gate would tell nobody, whatever day was asked for.
    assert_eq!(silence(&until(), &terms), Silence::Binds);
    let lapsed = silence(&then(until(), "2026-04-01", Event::SecrecyLapsed), &terms);
    assert_eq!(lapsed, Silence::Until(at("2026-04-01")));
    assert_eq!(lapsed.at(at("2026-03-31")), Silence::Binds);
    let told = Event::NoticeSettled {
        account: account("alice"),
        what: Telling::Told { via: "mail".to_owned() },
        at: None,
    };
    let told = then(asks(Secrecy::Open), "2026-04-05", told);
    assert_eq!(silence(&told, &terms), Silence::Until(at("2026-04-05")));
}

#[test]
fn what_binds_by_its_instrument_alone_counts_under_no_kind() {
    // A warrant of the Investigatory Powers Act forbids to tell anybody, without any order to that end (rule 60).
    let terms = terms();
    let policy = terms.policy().unwrap();
    let mut instruments = policy.instruments.iter();
    let forbids = instruments.find(|one| one.notice == Tell::Withhold && !one.countries.is_empty()).unwrap();
    let by = |name: &str| {
        let fields = vec![line("instrument", name), line("jurisdiction", &forbids.countries[0])];
        case(1, "information", "2026-02-01", fields)
    };
    let bound = by(&forbids.name);
    let forbidden = [Bar::Instrument].into();
    assert_eq!(gate::bars(&bound, &terms), forbidden);
    assert_eq!(silence(&bound, &terms), Silence::Binds);
    assert_eq!(
        silence(&by("a letter from my uncle"), &terms),
        Silence::Binds,
        "nobody knows what it forbids"
    );
    let report = open_report("2026H1", std::slice::from_ref(&bound));
    shows(&report, "received", "information", ALL, 0);
    shows(&report, "received", TOGETHER, TOGETHER, 1);
    // The end of a gag's own time is no permission; that it was lifted is.
    let gag = Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let gagged = then(bound, "2026-02-02", gag);
    let ended = then(gagged.clone(), "2026-03-01", Event::GagOver { how: GagEnding::Ended });
    assert_eq!(silence(&ended, &terms), Silence::Binds);
    let lifted = GagEnding::Lifted { by: "court".to_owned() };
    let lifted = then(gagged, "2027-03-01", Event::GagOver { how: lifted });
    assert_eq!(silence(&lifted, &terms), Silence::Until(at("2027-03-01")));
    shows(&open_report("2027H1", &[lifted]), "received", "information", ALL, 1);
}

#[test]
fn nothing_counts_openly_that_the_gate_holds_back_by_order() {
    let terms = terms();
    for policy in terms.policies.values() {
        for instrument in &policy.instruments {
            for country in &instrument.countries {
                let fields = vec![line("instrument", &instrument.name), line("jurisdiction", country)];
                let case = case(1, "information", "2026-02-01", fields);
                let bars = gate::bars(&case, &terms);
                let binds = bars.contains(&Bar::Instrument) || bars.contains(&Bar::Unidentified);
                assert_eq!(silence(&case, &terms) == Silence::Binds, binds, "{}: {bars:?}", instrument.name);
            }
        }
    }
}

#[test]
fn a_policy_can_leave_out_what_is_bound() {
    let cases = [case(1, "information", "2026-02-01", vec![secret(Secrecy::Open)])];
    let mut policy = terms().policy().unwrap().clone();
    policy.report.gagged_in_sum = false;
    let report = Report::of(&tally("2026H1", &cases), &policy);
    assert_eq!(report.figure("received", ALL, ALL), Figure::Count(0));
}

#[test]
fn tallies_add_up() {
    let cases: Vec<Case> = (1..9).map(|n| case(n, "terms", "2026-02-01", vec![])).collect();
    let (some, others) = cases.split_at(3);
    let mut sum = tally("2026H1", some);
    sum.add(tally("2026H1", others));
    assert_eq!(sum, tally("2026H1", &cases));
}

/// Every sort of foreign text that a case can hold.
fn hostile(number: u32, kind: &str, secrecy: bool, end: usize, mark: &str) -> Case {
    let mut fields: Vec<Field> =
        ["jurisdiction", "agency", "officer", "data", "right", "instrument", "purpose", mark]
            .iter()
            .map(|key| line(key, mark))
            .collect();
    if secrecy {
        fields.push(secret(Secrecy::Open));
    }
    let mut case = case(number, kind, "2026-02-01", fields);
    let own = || mark.to_owned();
    let events = [
        Event::Tagged { added: vec![own(), "fraud".to_owned()], removed: Vec::new() },
        Event::Noted { text: own() },
        Event::GagSet { ordered_by: own(), day: None, until: None, document: None },
        Event::GagOver { how: GagEnding::Lifted { by: own() } },
        Event::NoticeSettled { account: account("alice"), what: Telling::Told { via: own() }, at: None },
        Event::NoticeSettled {
            account: account("bob"),
            what: Telling::Withheld { reason: own(), review: at("2027-01-01") },
            at: None,
        },
        Event::NoticeSettled { account: account("cy"), what: Telling::Waived { reason: own() }, at: None },
        Event::CostAdded { cents: 1, currency: "GBP".to_owned(), what: own() },
    ];
    for event in events.iter().skip(if secrecy { 4 } else { 0 }) {
        case.apply(event, &account("ada"), at("2026-03-01"));
    }
    let ending = match end {
        0 => Event::RequestRefused { code: own(), text: own(), words: Some(own()) },
        1 => Event::Withdrawn { reason: Some(own()) },
        _ => Event::Answered { extent: Extent::Full },
    };
    then(case, "2026-03-02", ending)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_word_of_a_request_is_ever_seen(
        cases in prop::collection::vec(
            (prop::sample::select(vec!["information", "subject", "terms", "no-such-kind"]), any::<bool>(), 0usize..3),
            1..12,
        ),
        few in prop::sample::select(vec![0u32, 5]),
    ) {
        const MARK: &str = "zq9x";
        let cases: Vec<Case> = cases
            .into_iter()
            .zip(1..)
            .map(|((kind, secrecy, end), n)| hostile(n, kind, secrecy, end, MARK))
            .collect();
        let mut policy = terms().policy().unwrap().clone();
        policy.report.few = few;
        let report = Report::of(&tally("2026H1", &cases), &policy);
        let edition = Edition { report, made: Made::Counted(at("2028-01-01")), zone: terms().zone };
        let written = [
            csv::write(&edition.report),
            chart::draw(&edition),
            crate::chat::render::report(&edition).text(),
        ];
        for text in written {
            for foreign in [MARK, "alice", "bob", "@", "C-", "no-such-kind", "example"] {
                prop_assert!(!text.contains(foreign), "{foreign}: {text}");
            }
        }
    }

    #[test]
    fn a_case_is_listed_for_every_half_year_that_it_adds_to(
        received in 1u32..700, answered in 0u32..700, held in 0u32..700, extended in 0u32..700,
        gag in 0u32..3, over in 0u32..700, asked in 0u32..4, told in 0u32..700,
    ) {
        let day = |days: u32| at("2025-01-01") + chrono::TimeDelta::days(days.into());
        let when = |days: u32| day(days).date_naive().to_string();
        let said = match asked {
            0 => vec![],
            1 => vec![secret(Secrecy::Open)],
            2 => vec![secret(Secrecy::Until { day: day(over).date_naive() })],
            _ => vec![secret(Secrecy::No)],
        };
        let mut case = case(1, "preservation", &when(received), said);
        case = then(case, &when(held), Event::HoldStarted { from: day(held), until: day(held) });
        case = then(case, &when(extended), Event::HoldExtended { until: day(extended), asked_by: None });
        if gag > 0 {
            let set = Event::GagSet { ordered_by: String::new(), day: None, until: None, document: None };
            case = then(case, &when(over), set);
        }
        if gag > 1 {
            case = then(case, &when(over), Event::GagOver { how: GagEnding::Ended });
        }
        case = then(case, &when(answered), Event::Answered { extent: Extent::Full });
        let what = Telling::Told { via: "mail".to_owned() };
        case = then(case, &when(told), Event::NoticeSettled { account: account("alice"), what, at: None });
        let listed = halves(&case, &terms());
        for of in ["2024H2", "2025H1", "2025H2", "2026H1", "2026H2", "2027H1"] {
            let counted = tally(of, std::slice::from_ref(&case));
            let adds = !counted.counts.is_empty() || !counted.bound.is_empty() || !counted.days.is_empty();
            prop_assert!(!adds || listed.contains(&half(of)), "{of}: {counted:?}");
        }
    }

    #[test]
    fn what_is_published_is_what_was_shown(count in 1u32..40, few in 0u32..6) {
        let kinds = ["information", "terms", "subject"];
        let cases: Vec<Case> = (1..=count)
            .map(|n| {
                let country = if n % 3 == 0 { "GB" } else { "germany" };
                let kind = kinds[(n % 5 % 3) as usize];
                let opened = case(n, kind, "2026-02-01", vec![line("jurisdiction", country)]);
                then(opened, "2026-03-02", Event::Answered { extent: Extent::Full })
            })
            .collect();
        let mut policy = terms().policy().unwrap().clone();
        policy.report.few = few;
        let report = Report::of(&tally("2026H1", &cases), &policy);
        prop_assert_eq!(csv::read(&csv::write(&report)), Some(report.clone()));
        for line in &report.lines {
            if let Figure::Count(shown) = line.figure {
                prop_assert!(shown == 0 || shown >= u64::from(few), "{line:?}");
            }
        }
    }
}
