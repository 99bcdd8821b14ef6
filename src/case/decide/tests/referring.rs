//! What we write to somebody who did not ask (rule 40): two people stand behind it, whatever binds, and read it again once it is changed.

use std::collections::BTreeSet;

use super::given::*;
use crate::case::decide::gate::{Bar, bars};
use crate::case::decide::referring::is_referred;
use crate::case::decide::second::carry_out;
use crate::case::decide::{is_unread, may_name, unknown_recipient, words_to_another};
use crate::case::directory::tests::agency;
use crate::case::*;

/// We refer alice to Kent Police, who are in the directory.
fn referral() -> Given {
    let mut given = shipped_as("referral")
        .with(text("agency", "Kent Police"))
        .with(text("context", "she threatens to burn down a house"))
        .with(text("ground", "protection"))
        .with(accounts(&["@alice:our.org"]))
        .numbered(3);
    given.terms.directory = vec![agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"])];
    let until = now() + chrono::TimeDelta::days(90);
    given.after(Event::HoldStarted { from: now(), until })
}

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn sent(repeat: Repeat) -> Command {
    Command::RecordSent { letter: "answer".to_owned(), via: Channel::Mail, at: None, repeat }
}

fn put_line(key: &str, value: &str) -> Command {
    set([put(text(key, value))])
}

fn email(address: &str) -> Field {
    let reading = Reading::Email { address: address.to_owned(), odd: Vec::new(), more: Vec::new() };
    Field { reading, ..text("email", address) }
}

/// Answered by two people.
fn answered() -> Given {
    referral().after(Event::Answered { extent: Extent::Full })
}

fn gag() -> Event {
    Event::GagSet { ordered_by: "Insp. Jones".to_owned(), day: None, until: None, document: None }
}

#[test]
fn it_takes_two_people_whatever_binds() {
    // Given a referral, when it is answered, then a second person says yes first: nothing binds, something does, or nobody knows
    for extent in [Extent::Full, Extent::Part] {
        referral().when(Command::Answer { extent }).proposed(Effect::Disclose);
    }
    referral().beside(given("information").after(gag())).when(full()).proposed(Effect::Disclose);
    let mut unknown = referral();
    unknown.around.naming = None;
    unknown.when(full()).proposed(Effect::Disclose);
    // That nothing was referred is told to nobody.
    referral().when(Command::Answer { extent: Extent::None }).at_once();
    // What an operator calls otherwise and counts as one is one.
    let mut own = referral().under(|policy| {
        let kind = policy.kinds.iter_mut().find(|kind| kind.name == "referral").unwrap();
        "police".clone_into(&mut kind.name);
        kind.counts_as = Some("referral".to_owned());
        policy.letters.iter_mut().flat_map(|letter| &mut letter.kinds).for_each(|kind| {
            if kind == "referral" {
                "police".clone_into(kind);
            }
        });
    });
    "police".clone_into(&mut own.case.kind);
    own.when(full()).proposed(Effect::Disclose);
}

#[test]
fn a_change_of_its_words_or_of_whom_it_goes_to_makes_the_proposal_void() {
    for change in [
        put_line("context", "she threatens somebody else"),
        put_line("agency", "Essex Police"),
        set([put(email("roe@kent.police.uk"))]),
    ] {
        // Given a referral that waits, or that is approved and cools, when its words or its recipient change, then it is void
        let waits = referral().done(full());
        let changed = waits.done(change.clone());
        assert!(changed.case.proposals.is_empty(), "{change:?}");
        let cools = waits.by("ben").done(Command::Approve { code: waits.code(), alone: None });
        assert!(cools.case.proposals[0].approved.is_some());
        let changed = cools.by("ada").done(change);
        assert!(changed.case.proposals.is_empty());
        let later = now() + chrono::TimeDelta::hours(1);
        assert!(carry_out(&changed.case, &changed.around, &changed.terms, later).is_empty());
    }
}

#[test]
fn once_it_is_answered_its_words_change_by_two_and_leave_by_two_again() {
    let answered = answered();
    answered.when(sent(Repeat::Unsaid)).at_once();
    for (key, value) in [("context", "she also sells drugs"), ("agency", "Essex Police"), ("ground", "law")] {
        answered.when(put_line(key, value)).proposed(Effect::Disclose);
    }
    // What was done since is no part of it.
    let destroyed = answered.after(Event::FieldSet { field: text("destroyed", "2026-11-20") });
    destroyed.when(sent(Repeat::Again)).at_once();
    // Given that two people changed it, when it is sent again, then two people read it again
    let changed = answered.after(Event::FieldSet { field: text("context", "she also sells drugs") });
    changed.when(sent(Repeat::Again)).proposed(Effect::Disclose);
    changed.when(sent(Repeat::Unsaid)).proposed(Effect::Disclose);
    // Put back as it was, it is what they approved; answered anew, likewise.
    let back =
        changed.after(Event::FieldSet { field: text("context", "she threatens to burn down a house") });
    back.when(sent(Repeat::Again)).at_once();
    changed.after(Event::Answered { extent: Extent::Full }).when(sent(Repeat::Again)).at_once();
    // What an operator's letter says besides goes out by nobody's leave before the answer.
    let early = referral().under(|policy| {
        let answer = policy.letters.iter().find(|letter| letter.keeps).unwrap().clone();
        policy.letters.push(Letter { name: "early".to_owned(), ..answer });
    });
    let letter = |name: &str| Command::RecordSent {
        letter: name.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    early.when(letter("early")).proposed(Effect::Disclose);
    early.when(letter("ack")).at_once();
}

#[test]
fn it_never_goes_to_the_user_whom_it_is_about() {
    let alice = || account("@alice:our.org");
    let to_her: Refusal = Restraint::RefersToUser { account: alice() }.into();
    for field in
        [text("agency", "@alice:our.org"), text("officer", "Alice, alice@our.org"), email("alice@our.org")]
    {
        let mut given = referral();
        given.case.fields.retain(|old| old.key != field.key);
        given.with(field.clone()).when(full()).refused(to_her.clone());
        // Nor once it was answered.
        let changed = answered().after(Event::FieldSet { field });
        changed.when(sent(Repeat::Again)).refused(to_her.clone());
    }
}

#[test]
fn while_something_binds_it_goes_to_nobody_whom_the_directory_does_not_have() {
    let bound = || given("information").with(text("agency", "BKA")).after(gag());
    let stranger = |who: &str| -> Refusal { Restraint::RefersToStranger { who: who.to_owned() }.into() };
    let unlisted = || {
        let mut given = referral();
        given.case.fields.retain(|field| field.key != "agency");
        given.with(text("agency", "The Night Watch"))
    };
    unlisted().when(full()).proposed(Effect::Disclose);
    unlisted().beside(bound()).when(full()).refused(stranger("The Night Watch"));
    let odd = || referral().with(email("roe@kent.example"));
    odd().when(full()).proposed(Effect::Disclose);
    odd().beside(bound()).when(full()).refused(stranger("roe@kent.example"));
    referral().with(email("roe@kent.police.uk")).beside(bound()).when(full()).proposed(Effect::Disclose);
    // What nobody could look up may bind; what is sealed is betrayed by no refusal, and two people read it.
    let mut unknown = unlisted();
    unknown.around.naming = None;
    unknown.when(full()).refused(stranger("The Night Watch"));
    let sealed = bound().after(Event::Flagged { flag: Flag::Csea });
    unlisted().beside(sealed).when(full()).proposed(Effect::Disclose);
    // An order on the referral itself counts, that a child is concerned does not.
    unlisted().after(gag()).when(full()).refused(stranger("The Night Watch"));
    let child = unlisted().by("ben").after(Event::Flagged { flag: Flag::Csea });
    child.when(full()).proposed(Effect::Disclose);
    // Nor is what is only missing anybody's order.
    let reviewed = unlisted().under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.attest = true));
    assert_eq!(bars(&reviewed.case, &reviewed.terms), BTreeSet::from([Bar::Review]));
    for (given, unknown) in [
        (unlisted().after(gag()), Some("The Night Watch")),
        (referral().after(gag()), None),
        (unlisted(), None),
        (child, None),
        (reviewed, None),
        (given("information").with(text("agency", "BKA")).after(gag()), None),
    ] {
        assert_eq!(unknown_recipient(&given.case, &given.terms).as_deref(), unknown);
    }
}

#[test]
fn it_tells_nobody_of_a_request_that_binds() {
    let names = |what: &str| -> Refusal { Restraint::RefersWhatBinds { what: what.to_owned() }.into() };
    let bound = || given("information").with(text("agency", "BKA")).after(gag());
    let says = |words: &str| {
        let mut given = referral();
        given.case.fields.retain(|field| field.key != "context");
        given.with(text("context", words))
    };
    says("the BKA is after her too").beside(bound()).when(full()).refused(names("BKA"));
    says("see C-1").beside(bound()).when(full()).refused(names("C-1"));
    says("Insp. Jones knows").beside(bound()).when(full()).refused(names("Insp. Jones"));
    says("see C-2").beside(bound()).when(full()).proposed(Effect::Disclose);
    says("the BKA is after her too").when(full()).proposed(Effect::Disclose);
    // Whoever asked may be written to in their own name.
    let kents = given("information").with(text("agency", "Kent Police")).after(gag());
    says("Kent Police will know her").beside(kents).when(full()).proposed(Effect::Disclose);
    // It is held against what binds once more when it is carried out, and when it leaves.
    let waits = says("the BKA is after her too").done(full());
    let approve = Command::Approve { code: waits.code(), alone: None };
    waits.beside(bound()).by("ben").when(approve).refused(names("BKA"));
    let told = says("the BKA is after her too").after(Event::Answered { extent: Extent::Full });
    told.beside(bound()).when(sent(Repeat::Unsaid)).refused(names("BKA"));
}

#[test]
fn what_goes_to_an_agency_is_no_letter_to_a_user() {
    // A name in it is for the two who read it, and no hint to anybody.
    let named = referral().done(put_line("context", "Kent Police told us, see C-7"));
    let told = named.after(Event::Answered { extent: Extent::Full });
    told.when(sent(Repeat::Unsaid)).at_once();
    assert!(crate::case::decide::words_in(&told.case, "answer", &told.terms).is_empty());
    assert_eq!(crate::case::decide::words_to_another(&told.case, "answer", &told.terms).len(), 2);
}

#[test]
fn only_a_referral_is_written_to_somebody_who_did_not_ask() {
    let record = |letter: &str| Command::RecordSent {
        letter: letter.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    let asked = given("information").with(text("agency", "Kent Police")).with(text("reference", "R-1"));
    let looked_up = |given: &Given, command: &Command| is_referred(command, &given.case, &given.terms);
    for command in [full(), record("answer"), record("ack")] {
        assert!(!looked_up(&asked, &command), "{command:?}");
    }
    assert!(words_to_another(&asked.case, "ack", &asked.terms).is_empty());
    // Of it, only what tells something is looked up.
    assert!(looked_up(&referral(), &full()) && looked_up(&answered(), &record("answer")));
    assert!(!looked_up(&answered(), &record("ack")));
    assert!(!looked_up(&referral(), &Command::Answer { extent: Extent::None }));
    assert!(may_name(&full(), &referral().case, &referral().terms));
    // Where nobody knows the kind, it is none.
    let mut lost = referral();
    lost.terms.policies.clear();
    assert!(!looked_up(&lost, &full()));
}

#[test]
fn two_read_what_was_not_approved_with_the_answer() {
    let record = |letter: &str| Command::RecordSent {
        letter: letter.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    let unread = |given: &Given, letter: &str| is_unread(&record(letter), &given.case, &given.terms);
    assert!(unread(&referral(), "answer") && !unread(&answered(), "answer"));
    let other = answered().under(|policy| {
        let answer = policy.letters.iter().find(|letter| letter.keeps).unwrap().clone();
        policy.letters.push(Letter { name: "later".to_owned(), ..answer });
    });
    assert!(unread(&other, "later"));
    // The answer tells that there is something, though it repeats nothing.
    let short = referral().under(|policy| {
        let answers = policy.letters.iter_mut().filter(|letter| letter.name == "answer");
        answers.for_each(|letter| (letter.text, letter.in_part) = ("Hello.".to_owned(), None));
    });
    assert!(unread(&short, "answer"));
}

#[test]
fn what_does_not_bind_for_certain_and_what_is_sealed_keeps_nothing_from_an_agency() {
    let sealed = given("information").with(text("agency", "BKA")).after(gag());
    let sealed = sealed.after(Event::Flagged { flag: Flag::Csea });
    let mut says = referral();
    says.case.fields.retain(|field| field.key != "context");
    let says = says.with(text("context", "the BKA is after her too"));
    says.beside(sealed).when(full()).proposed(Effect::Disclose);
}

#[test]
fn a_street_is_in_no_directory_and_a_mailbox_that_cannot_be_read_is_nobodys() {
    let bound = given("information").with(text("agency", "BKA")).after(gag());
    let to = |address: &str| referral().with(text("address", address)).beside(bound.clone());
    to("1 High Street, Kent").when(full()).proposed(Effect::Disclose);
    let strange: Refusal = Restraint::RefersToStranger { who: "roe@".to_owned() }.into();
    to("roe@").when(full()).refused(strange);
}
