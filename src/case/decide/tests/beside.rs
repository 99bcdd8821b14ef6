//! What one case says against another, and what it is like. No rule of `decide`, but told in the same words.

use super::given::*;
use crate::case::conflict::{conflicts, conflicts_of};
use crate::case::likeness::{marks, seen_closely};
use crate::case::requester::cautions;
use crate::case::*;

fn alice() -> Account {
    account("@alice:our.org")
}

/// A case that names the account, under a policy where authorities' requests are told to the user.
fn naming(kind: &str, number: u32) -> Given {
    given(kind).numbered(number).with(accounts(&["@alice:our.org"]))
}

fn telling() -> Terms {
    let mut terms = terms();
    let policies = terms.policies.values_mut().flat_map(|policy| &mut policy.kinds);
    for kind in policies {
        kind.preserves = kind.name == "preservation";
        kind.notify = kind.name == "preservation" || kind.name == "information";
        kind.verify_instrument = false;
    }
    terms
}

fn found(cases: &[Given]) -> Vec<(u32, u32, Clash)> {
    found_under(&telling(), cases)
}

/// Likewise, with a clock that runs until users are told.
fn owing() -> Terms {
    let mut terms = telling();
    for policy in terms.policies.values_mut() {
        let like = policy.clocks[0].clone();
        let (from, until, kinds) = (Start::Answered, Stop::Told, Vec::new());
        let notice = ClockRule { name: "notice".to_owned(), from, until, kinds, pauses: false, ..like };
        policy.clocks.push(notice);
    }
    terms
}

fn found_under(terms: &Terms, cases: &[Given]) -> Vec<(u32, u32, Clash)> {
    let cases: Vec<Case> = cases.iter().map(|given| given.case.clone()).collect();
    let found = conflicts(&alice(), &cases, terms);
    let found = found.into_iter();
    found.map(|conflict| (conflict.one.number(), conflict.other.number(), conflict.how)).collect()
}

fn held(until: &str) -> Event {
    Event::HoldStarted { from: now(), until: until.parse().unwrap() }
}

#[test]
fn an_erasure_and_records_that_are_kept_contradict() {
    let erasure = naming("subject", 2).with(text("right", "Erasure"));
    let hold = naming("preservation", 1);
    let asked = [(2, 1, Clash::ErasureAgainstHold)];
    // Asked to keep, keeping, and no longer.
    assert_eq!(found(&[hold.clone(), erasure.clone()]), asked);
    let running = hold.after(held("2027-02-18T10:00:00Z"));
    assert_eq!(found(&[running.clone(), erasure.clone()]), asked);
    assert_eq!(found(&[running.closed(), erasure.clone()]), asked);
    let over = running.after(Event::HoldOver { how: HoldEnding::Expired });
    assert_eq!(found(&[over, erasure.clone()]), []);
    assert_eq!(found(&[hold.clone(), erasure.answered()]), []);
    assert_eq!(found(&[hold, naming("subject", 2).with(text("right", "access"))]), []);
}

#[test]
fn an_erasure_waits_for_what_may_be_given_out() {
    let erasure = naming("subject", 1).with(text("right", "to be forgotten"));
    let asked = naming("information", 2);
    assert_eq!(found(&[erasure.clone(), asked.clone()]), [(1, 2, Clash::ErasureAgainstDisclosure)]);
    assert_eq!(found(&[erasure, asked.answered()]), []);
}

#[test]
fn a_notice_and_the_silence_of_another_case_contradict() {
    let tells = naming("information", 1);
    let secret = naming("information", 2).with(secrecy(Secrecy::Open));
    let clash = [(1, 2, Clash::NoticeAgainstGag)];
    assert_eq!(found(&[tells.clone(), secret.clone()]), clash);
    let gag = Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let gagged = naming("information", 2).after(gag);
    assert_eq!(found(&[tells.clone(), gagged.clone()]), clash);
    assert_eq!(found(&[tells.clone(), gagged.after(Event::GagOver { how: GagEnding::Ended })]), []);
    let (account, reason) = (alice(), "another Alice".to_owned());
    // A line that names them binds, whatever was found of the rest; the gate says the same.
    assert_eq!(
        found(&[tells.clone(), secret.after(Event::Cleared { account: account.clone(), reason })]),
        clash
    );
    let what = Telling::Told { via: "mail".to_owned() };
    let told = tells.after(Event::NoticeSettled { account, what, at: None });
    assert_eq!(found(&[told, secret]), []);
}

#[test]
fn whatever_the_gate_hears_of_another_case_contradicts_a_notice() {
    let tells = naming("preservation", 1);
    let forbidding = |name: &str| {
        let other = naming("preservation", 2).with(text("instrument", name)).case;
        let mut terms = telling();
        for kind in terms.policies.values_mut().flat_map(|policy| &mut policy.kinds) {
            kind.from_authority = true;
        }
        let mut cases = vec![tells.case.clone(), other];
        let found = conflicts(&alice(), &cases, &terms);
        // However it is written there (design, the gag gate).
        cases[1] = naming("preservation", 2).with(text("instrument", name)).case;
        cases[1].fields.iter_mut().for_each(|field| {
            if field.key == "accounts" {
                *field = accounts(&["@ALICE:our.org:8448"]);
            }
        });
        let shouted = conflicts(&alice(), &cases, &terms);
        assert_eq!(found, shouted);
        found.into_iter().map(|conflict| conflict.how).collect::<Vec<_>>()
    };
    assert_eq!(forbidding("IPA s.61"), [Clash::NoticeAgainstGag]);
    assert_eq!(forbidding("a paper that nobody knows"), [Clash::NoticeAgainstGag]);
}

/// A case may bind about somebody whom none of its lines of accounts names, or about anybody; the gate hears that too.
#[test]
fn what_binds_in_prose_or_about_anybody_contradicts_a_notice() {
    let gag = Event::GagSet { ordered_by: "court".to_owned(), day: None, until: None, document: None };
    let tells = naming("preservation", 1);
    let owes = tells.after(held("2027-02-18T10:00:00Z")).after(Event::Answered { extent: Extent::Full });
    let bob = given("other").numbered(2).with(accounts(&["@bob:our.org"])).after(gag);
    let prose = bob.with(text("context", "the second suspect is @alice:our.org"));
    let room = bob.with(text("room", "!r:our.org"));
    let clash = [(1, 2, Clash::NoticeAgainstGag)];
    for (bound, when_owed, before) in
        [(&prose, &clash[..], &clash[..]), (&room, &clash, &[]), (&bob, &[], &[])]
    {
        assert_eq!(found_under(&owing(), &[owes.clone(), bound.clone()]), when_owed);
        assert_eq!(found_under(&owing(), &[tells.clone(), bound.clone()]), before);
        let cases = [owes.case.clone(), bound.case.clone()];
        let of = |case: &Case| conflicts_of(case, &cases, &owing()).len();
        assert_eq!((of(&cases[0]), of(&cases[1])), (when_owed.len(), when_owed.len()));
    }
    // What names them in passing wants nothing of their records.
    let erasure = naming("subject", 1).with(text("right", "erasure"));
    let keeps = prose.after(held("2027-02-18T10:00:00Z"));
    assert_eq!(found_under(&owing(), &[erasure, keeps]), []);
    let cleared = Event::Cleared { account: alice(), reason: "another".to_owned() };
    assert_eq!(found_under(&owing(), &[owes, room.after(cleared)]), []);
}

#[test]
fn two_terms_of_keeping_are_said_once() {
    let one = naming("preservation", 1).after(held("2027-02-18T10:00:00Z"));
    let other = naming("preservation", 2).after(held("2027-03-18T10:00:00Z"));
    assert_eq!(found(&[one.clone(), other]), [(2, 1, Clash::TwoTerms)]);
    let same = naming("preservation", 2).after(held("2027-02-18T10:00:00Z"));
    assert_eq!(found(&[one, same]), []);
}

#[test]
fn of_one_case_only_its_own_contradictions_are_said() {
    let erasure = naming("subject", 1).with(text("right", "erasure")).case;
    let cases = vec![erasure.clone(), naming("information", 2).case, naming("preservation", 3).case];
    let found = |case: &Case| conflicts_of(case, &cases, &telling()).len();
    assert_eq!((found(&erasure), found(&cases[1]), found(&cases[2])), (2, 1, 1));
}

#[test]
fn a_request_is_like_one_with_its_reference_its_account_or_its_sender_of_the_day() {
    let mail = |address: &str| {
        let reading = Reading::Email { address: address.to_owned(), odd: Vec::new(), more: Vec::new() };
        Field { reading, ..text("email", address) }
    };
    let plain = || given("information").numbered(1);
    let like = |one: Given, other: Given| {
        let marks = |given: &Given| marks(&given.case, chrono_tz::Europe::London);
        marks(&one).intersection(&marks(&other)).next().map(|(how, _)| *how)
    };
    let reference = |value: &str| plain().with(text("reference", value));
    assert_eq!(like(reference("OP-1234"), reference("op 1234")), Some(Likeness::Reference));
    assert_eq!(like(reference("OP-1234"), reference("OP-1235")), None);
    assert_eq!(like(reference("7"), reference("7")), None);
    assert_eq!(like(naming("terms", 1), naming("information", 1)), Some(Likeness::Account));
    let (jane, joe) = (plain().with(mail("jane@met.police.uk")), plain().with(mail("joe@met.police.uk")));
    assert_eq!(like(jane.clone(), joe.clone()), Some(Likeness::Day));
    let mut yesterday = joe;
    yesterday.case.received -= chrono::TimeDelta::days(1);
    assert_eq!(like(jane, yesterday), None);
    // Anybody can have an address there.
    assert_eq!(like(plain().with(mail("a@gmail.com")), plain().with(mail("b@gmail.com"))), None);
    assert_eq!(like(plain(), plain()), None);
}

#[test]
fn who_asks_is_worth_a_second_look() {
    let terms = terms();
    let look = |given: Given| {
        let kind = terms.kind_of(&given.case).unwrap();
        cautions(&given.case, kind, &terms)
    };
    let mail = |label: &str, address: &str| {
        let reading = Reading::Email { address: address.to_owned(), odd: Vec::new(), more: Vec::new() };
        Field { reading, label: label.to_owned(), ..text("email", address) }
    };
    let hurry = given("information").with(text("purpose", "URGENT, reply within the hour"));
    assert_eq!(look(hurry.clone()), [Caution::Hurry { word: "urgent" }]);
    assert_eq!(look(hurry.with(text("instrument", "warrant 7"))), []);
    assert_eq!(look(given("emergency")), [Caution::NoDanger]);
    let danger = given("emergency").with(text("nature", "fire")).with(text("person", "Bob"));
    assert_eq!(look(danger), []);
    let elsewhere = given("preservation")
        .with(mail("Email", "jane@met.police.uk"))
        .with(mail("Reply-To", "jane@met.example"));
    let (from, to) = ("jane@met.police.uk".to_owned(), "jane@met.example".to_owned());
    assert_eq!(look(elsewhere), [Caution::ReplyElsewhere { from, to }]);
    let same = given("preservation")
        .with(mail("Email", "jane@met.police.uk"))
        .with(mail("Reply-To", "desk@cyber.met.police.uk"));
    assert_eq!(look(same), []);
    let free = Caution::FreeMail { domain: "gmail.com".to_owned() };
    assert_eq!(look(given("preservation").with(mail("Email", "met.police@gmail.com"))), [free]);
    // Nobody is verified in these, so nobody is looked at.
    assert_eq!(look(given("terms").with(mail("Email", "met.police@gmail.com"))), []);
}

#[test]
fn what_has_one_mark_is_looked_at_closely() {
    let of = |agency: &str| given("preservation").with(text("agency", agency)).case;
    let (kent, met) = (of("Kent Police"), of("Met"));
    let seen = |one: &Case, other: &Case, how| seen_closely(one, other, how);
    let reference = Likeness::Reference;
    assert_eq!(seen(&kent, &of("KENT police"), reference), Some(Likeness::Reference));
    assert_eq!(seen(&kent, &met, reference), Some(Likeness::ReferenceOfAnother));
    assert_eq!(
        seen(&kent, &given("preservation").case, reference),
        Some(Likeness::Reference),
        "nobody knows"
    );
    let mut old = kent.clone();
    old.received -= chrono::TimeDelta::days(30);
    assert_eq!(seen(&kent, &old, Likeness::Account), Some(Likeness::Account));
    old.received -= chrono::TimeDelta::seconds(1);
    assert_eq!(seen(&kent, &old, Likeness::Account), None);
    assert_eq!(seen(&kent, &old, reference), Some(Likeness::Reference), "a reference does not grow old");
}

#[test]
fn a_long_text_is_the_same_however_it_is_dressed() {
    let long = "We are investigating a serious fraud and ask you to keep all records of the account.";
    let of = |words: &str| {
        let case = given("preservation").with(text("context", words)).case;
        marks(&case, chrono_tz::Europe::London)
            .into_iter()
            .filter(|(how, _)| *how == Likeness::Text)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(long).len(), 1);
    assert_eq!(of(long), of(&long.to_uppercase().replace(' ', "  ")));
    assert_ne!(of(long), of(&long.replace("fraud", "theft")));
    assert_eq!(of("fraud"), [], "short words are like too many others");
}
