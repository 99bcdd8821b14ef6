//! What a letter repeats, place by place, and what of it people of ours typed: a letter of these tests' own.

use std::collections::BTreeSet;

use super::given::*;
use crate::case::letter::{NOTICE, put_in, repeated_in, typed_in, typed_in_notice};
use crate::case::*;

/// The same with a letter that says this.
fn saying(given: &Given, name: &str, says: &str) -> Given {
    given.under(|policy| {
        policy.letters.retain(|letter| letter.name != name);
        policy.letters.push(Letter {
            flag: None,
            in_part: None,
            keeps: false,
            with_records: false,
            name: name.to_owned(),
            kinds: Vec::new(),
            title: name.to_owned(),
            text: says.to_owned(),
        });
    })
}

fn keys(fields: &[&Field]) -> Vec<String> {
    fields.iter().map(|field| field.key.clone()).collect()
}

fn repeats(given: &Given, says: &str) -> Vec<String> {
    let given = saying(given, "own", says);
    keys(&repeated_in(&given.case, "own", &given.terms))
}

fn typed(given: &Given, says: &str) -> Vec<String> {
    let given = saying(given, "own", says);
    typed_in(&given.case, "own", &given.terms).into_iter().map(str::to_owned).collect()
}

/// A line of each reading.
fn request() -> Given {
    let reads = |key: &str, reading: Reading| Field { reading, ..text(key, key) };
    shipped_as("information")
        .with(text("agency", "Kent Police"))
        .with(text("reference", "OP-1"))
        .with(text("officer", " "))
        .with(half_read())
        .with(text("data", "account, moonshine"))
        .with(unread("jurisdiction"))
        .with(reads("answer by", Reading::Day { day: day(1) }))
        .with(reads("email", Reading::Email { address: "a@b.org".into(), odd: Vec::new(), more: Vec::new() }))
        .with(reads("confidential", Reading::Secrecy(Secrecy::No)))
        .with(reads("mascot", Reading::Unknown { meant: None }))
        .with(reads("review", Reading::Claimed))
}

/// What stands for no line.
const NOBODYS: [&str; 14] = [
    "{case}",
    "{received}",
    "{today}",
    "{kind}",
    "{reason}",
    "{hold until}",
    "{hold history}",
    "{extended until}",
    "{extended why}",
    "{serve_within}",
    "{operator}",
    "{each right}",
    "{due}",
    "{",
];

#[test]
fn each_place_repeats_its_own_lines() {
    assert_eq!(repeats(&request(), "{reference}, {agency}, {reference}"), ["reference", "agency"]);
    assert!(repeats(&request(), "{officer}{line mascots}").is_empty());
    for accounts in ["{accounts}", "{not ours}", "{hold until}"] {
        assert_eq!(repeats(&request(), accounts), ["accounts"], "{accounts}");
        // Of these a notice has those of its user alone.
        let notice = saying(&request(), NOTICE, accounts);
        assert!(repeated_in(&notice.case, NOTICE, &notice.terms).is_empty());
    }
    for data in ["{scope}", "{refused}", "{records}"] {
        assert_eq!(repeats(&request(), data), ["data"], "{data}");
    }
    for nobodys in NOBODYS.into_iter().filter(|place| *place != "{hold until}") {
        assert!(repeats(&request(), nobodys).is_empty(), "{nobodys}");
    }
}

#[test]
fn a_letter_that_asks_repeats_what_could_not_be_read_and_what_is_the_wrong_way_round() {
    assert_eq!(repeats(&request(), "{missing}"), ["accounts", "jurisdiction", "data"]);
    let day = |key: &str, on: u32| Field { reading: Reading::Day { day: day(on) }, ..text(key, "x") };
    let clear = shipped_as("information").with(accounts(&["@alice:our.org"])).with(text("data", "account"));
    let from_to = |from, to| clear.with(day("from", from)).with(day("to", to));
    assert_eq!(repeats(&from_to(3, 2), "{missing}"), ["from", "to"]);
    assert!(repeats(&from_to(2, 3), "{missing}{scope}").is_empty());
}

#[test]
fn what_was_typed_stands_where_the_letter_has_it() {
    let decided = |words: &str| {
        let by = ada();
        let refused =
            Event::RequestRefused { code: "other".into(), text: "No.".into(), words: Some(words.to_owned()) };
        let mut given = request().after(refused);
        let reason = Some("too much".to_owned());
        given
            .case
            .scope
            .insert("account".to_owned(), ScopeLine { allowed: false, reason, by: by.clone(), at: now() });
        let (clock, reason) = ("answer".to_owned(), "many of them".to_owned());
        let term = Term::of(Span::Days(1));
        given.case.prolonged.push(Prolonged { clock, term, reason, by, at: now() });
        given
    };
    let all = decided("we looked");
    for (place, said) in [
        ("{reason}", "we looked"),
        ("{extended why}", "many of them"),
        ("{refused}", "too much"),
        ("{records}", "too much"),
    ] {
        assert_eq!(typed(&all, place), [said], "{place}");
    }
    let others = ["{missing}", "{accounts}", "{not ours}", "{scope}", "{reference}"];
    for place in NOBODYS.into_iter().chain(others).filter(|it| !["{reason}", "{extended why}"].contains(it)) {
        assert!(typed(&all, place).is_empty(), "{place}");
    }
    assert!(typed(&decided(" "), "{reason}").is_empty());
}

#[test]
fn a_line_is_ours_where_the_form_or_the_answer_says_so() {
    let typed_since = request().done(set([put(text("reference", "OP-2")), put(text("mascot", "an owl"))]));
    let says = |given: &Given| {
        let given = saying(given, "own", "{reference}{line mascot}");
        let put = keys(&put_in(&given.case, "own", &given.terms));
        (put, typed(&given, "{reference}{line mascot}"))
    };
    assert_eq!(says(&typed_since), (owned(&["reference", "mascot"]), Vec::new()));
    let ours = typed_since.under(|policy| {
        for kind in &mut policy.kinds {
            kind.fields.iter_mut().filter(|rule| rule.key == "reference").for_each(|rule| rule.ours = true);
        }
    });
    assert_eq!(says(&ours), (owned(&["mascot"]), owned(&["OP-2"])));
    let needed = typed_since
        .under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.answer_needs = owned(&["mascot"])));
    assert_eq!(says(&needed), (owned(&["reference"]), owned(&["an owl"])));
    // A word of the policy's own list is nobody's.
    let asks = shipped_as("subject").with(text("right", "access"));
    let put = |right: &str| {
        let given = saying(&asks.done(set([put(text("right", right))])), "own", "{line right}");
        keys(&put_in(&given.case, "own", &given.terms))
    };
    assert!(put("erasure").is_empty());
    assert_eq!(put("to be told all"), ["right"]);
}

#[test]
fn a_notice_tells_what_was_typed_on_the_lines_that_go_with_it() {
    let copying = |copied: &[&str], says: &str| {
        let given = request().under(|policy| {
            policy.kinds.iter_mut().for_each(|kind| kind.copy = owned(copied));
        });
        let mut given = saying(&given, NOTICE, says);
        given.case.typed = given.case.fields.iter().map(|field| field.key.clone()).collect::<BTreeSet<_>>();
        given
    };
    let told = |given: &Given| {
        let told = typed_in_notice(&given.case, &given.terms).into_iter();
        told.map(str::to_owned).collect::<Vec<_>>()
    };
    // Given lines that people of ours put otherwise, when a notice goes out, then it has those that go with it
    assert_eq!(told(&copying(&["agency"], "Hello")), ["Kent Police"]);
    assert_eq!(told(&copying(&[], "{reference}")), ["OP-1"]);
    assert_eq!(told(&copying(&["agency"], "{agency}, {reference}")), ["Kent Police", "OP-1"]);
    assert!(told(&copying(&[], "Hello")).is_empty());
    // Of accounts the user gets their own alone, and what counts for nothing is nobody's.
    let every: Vec<String> = request()
        .terms
        .policy()
        .unwrap()
        .kind("information")
        .unwrap()
        .fields
        .iter()
        .map(|rule| rule.key.clone())
        .collect();
    let every: Vec<&str> = every.iter().map(String::as_str).collect();
    let all = told(&copying(&every, "{line mascot}{line review}"));
    for said in ["Kent Police", "OP-1", "soon", "answer by", "email", "confidential", "mascot"] {
        assert!(all.iter().any(|one| one == said), "{said}: {all:?}");
    }
    assert!(!all.iter().any(|one| ["bob", "review"].contains(&one.as_str())), "{all:?}");
    // What is ours and stands in its words is said once.
    let ours = copying(&["reference"], "{reference}").under(|policy| {
        policy.kinds.iter_mut().for_each(|kind| kind.answer_needs = owned(&["reference"]));
    });
    assert_eq!(told(&ours), ["OP-1"]);
}
