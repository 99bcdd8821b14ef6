//! The gag gate: what is no, and for whom.

use super::given::*;
use super::telling::told;
use crate::case::decide::gate::{Bar, bars, may_be_cleared, may_tell, readings};
use crate::case::*;

fn bars_of(given: &Given) -> Vec<Bar> {
    bars(&given.case, &given.terms).into_iter().collect()
}

fn gagged(given: &Given) -> Given {
    given.done(Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: None }))
}

fn over(how: GagEnding) -> Event {
    Event::GagOver { how }
}

#[test]
fn an_instrument_that_withholds_binds_until_permission_is_on_file() {
    let case = told().with(text("instrument", "IPA authorisation")).with(text("jurisdiction", "GB"));
    assert_eq!(bars_of(&case), [Bar::Instrument]);
    // The end of an order's own time is no permission (rule 60).
    assert_eq!(bars_of(&gagged(&case).after(over(GagEnding::Ended))), [Bar::Instrument]);
    let permitted = GagEnding::Lifted { by: "the Commissioner".to_owned() };
    assert_eq!(bars_of(&case.after(over(permitted))), []);
    let foreign = GagEnding::NotBinding { reason: "a foreign order".to_owned() };
    assert_eq!(bars_of(&case.after(over(foreign))), []);
    let court = told().with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
    assert_eq!(bars_of(&court), []);
}

/// Rule 60: what came by treaty rests on the order behind it too, and one that nobody knows may forbid it.
#[test]
fn an_order_behind_a_treaty_request_that_nobody_knows_is_no() {
    let treaty = given("information").with(text("via", "MLAT")).under(|policy| {
        policy.instruments.push(Instrument {
            name: "mlat-request".to_owned(),
            known_by: vec!["mlat".to_owned()],
            countries: Vec::new(),
            notice: Tell::Tell,
            ..policy.instruments[0].clone()
        });
    });
    assert_eq!(bars_of(&treaty), []);
    assert_eq!(bars_of(&treaty.with(text("instrument", "letter of the mayor"))), [Bar::Unidentified]);
}

#[test]
fn an_instrument_that_nobody_knows_or_that_is_missing_is_no() {
    assert_eq!(bars_of(&told().with(text("instrument", "letter of the mayor"))), [Bar::Unidentified]);
    assert_eq!(bars_of(&given("information")), [Bar::Missing]);
    let letter = given("preservation");
    assert_eq!(bars_of(&letter), [], "a bare letter needs none");
    let withheld = letter.under(|policy| {
        policy.notice.letter = Tell::Withhold;
        policy.kinds.iter_mut().for_each(|kind| kind.from_authority = true);
    });
    assert_eq!(bars_of(&withheld), [Bar::Instrument]);
}

/// Rule 16: in an emergency the end of the wish for secrecy makes no notice due before the after-review.
#[test]
fn in_an_emergency_no_user_is_told_before_the_after_review() {
    let emergency = told().under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.attest = true));
    let lapsed = emergency.with(secrecy(Secrecy::Open)).after(Event::SecrecyLapsed);
    assert_eq!(bars_of(&lapsed), [Bar::Review]);
    assert_eq!(bars_of(&lapsed.with(text(REVIEW_KEY, "it was genuine"))), []);
}

#[test]
fn secrecy_without_an_order_binds_until_its_time_is_over_and_silence_about_it_never() {
    assert_eq!(bars_of(&told()), [], "not said is not unknown (rule 16)");
    let asked = told().with(secrecy(Secrecy::Open));
    assert_eq!(bars_of(&asked), [Bar::Secrecy]);
    let lapsed = asked.after(Event::SecrecyLapsed);
    assert_eq!(bars_of(&lapsed), []);
    let again = lapsed.after(Event::FieldSet { field: secrecy(Secrecy::Open) });
    assert_eq!(bars_of(&again), [Bar::Secrecy], "asked for anew");
    assert_eq!(bars_of(&gagged(&asked)), [Bar::Gag]);
    assert_eq!(bars_of(&gagged(&asked).after(over(GagEnding::Ended))), []);
}

#[test]
fn an_emergency_is_told_of_only_after_its_review() {
    let case = given("emergency").under(|policy| {
        policy.kinds.iter_mut().find(|kind| kind.name == "emergency").unwrap().attest = true;
    });
    assert_eq!(bars_of(&case), [Bar::Review]);
    assert_eq!(bars_of(&case.with(text("review", ""))), [Bar::Review]);
    assert_eq!(bars_of(&case.with(text("review", "it was genuine"))), []);
}

#[test]
fn a_flag_and_a_policy_that_is_gone_bind() {
    assert_eq!(bars_of(&told().after(Event::Flagged { flag: Flag::Csea })), [Bar::Csea]);
    let mut gone = told();
    gone.terms.policies.clear();
    assert_eq!(bars_of(&gone), [Bar::Policy]);
}

#[test]
fn every_case_that_names_the_user_counts() {
    let case = told().answered();
    let a = account("@a:our.org");
    let ask = |other: &Given| may_tell(&case.case, &a, [&other.case], &case.terms);
    let open = told().numbered(2);
    assert_eq!(ask(&open), Ok(()));
    assert_eq!(ask(&gagged(&open)), Err(vec![(id(2), Bar::Gag)]));
    assert_eq!(ask(&gagged(&open).answered().closed()), Err(vec![(id(2), Bar::Gag)]), "closed, too");
    let of_others = gagged(&given("other").numbered(2).with(accounts(&["@z:our.org"])));
    assert_eq!(ask(&of_others), Ok(()));
    // Its own review is no matter of another case.
    let emergency = given("emergency").numbered(2).with(accounts(&["@a:our.org"]));
    let emergency = emergency.under(|policy| {
        policy.kinds.iter_mut().find(|kind| kind.name == "emergency").unwrap().attest = true;
    });
    assert_eq!(may_tell(&case.case, &a, [&emergency.case], &emergency.terms), Ok(()));
}

#[test]
fn a_bound_case_that_names_somebody_unread_is_no_to_everybody_until_two_say_otherwise() {
    let case = told().answered();
    let a = account("@a:our.org");
    let misspelt = Field {
        reading: Reading::Unknown { meant: Some("accounts".to_owned()) },
        ..text("acounts", "@x:our.org")
    };
    for unread in [
        gagged(&given("other").numbered(2).with(half_read())),
        gagged(&given("other").numbered(2).with(accounts(&["@z:our.org"])).with(misspelt)),
        gagged(&given("other").numbered(2)),
    ] {
        let ask = |other: &Given| may_tell(&case.case, &a, [&other.case], &case.terms);
        assert_eq!(ask(&unread), Err(vec![(id(2), Bar::Unresolved)]));
        let cleared = Event::Cleared { account: a.clone(), reason: "another Alice".to_owned() };
        assert_eq!(ask(&unread.after(cleared)), Ok(()));
        let other = Event::Cleared { account: account("@b:our.org"), reason: "another Bob".to_owned() };
        assert_eq!(ask(&unread.after(other)), Err(vec![(id(2), Bar::Unresolved)]));
    }
    let unbound = given("other").numbered(2).with(half_read());
    assert_eq!(may_tell(&case.case, &a, [&unbound.case], &case.terms), Ok(()));
}

#[test]
fn what_is_no_account_may_be_about_anybody() {
    let case = told().answered();
    let a = account("@a:our.org");
    let of_z = || gagged(&given("other").numbered(2).with(accounts(&["@z:our.org"])));
    let ask = |other: &Given| may_tell(&case.case, &a, [&other.case], &case.terms);
    let unknown =
        |label: &str, value: &str| Field { reading: Reading::Unknown { meant: None }, ..text(label, value) };
    for field in [
        text("room", "the room of the choir"),
        text("room", "!abc:our.org"),
        text("identifiers", "z@mail.example, +44 1632 960400"),
        text("messages", "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg and those behind it"),
        text("material", "mxc://our.org/abc"),
        text("context", "said in #choir:our.org"),
        unknown("media", "a picture"),
        unknown("rooms", "!abc:our.org"),
    ] {
        let bound = of_z().with(field.clone());
        assert_eq!(ask(&bound), Err(vec![(id(2), Bar::Unresolved)]), "{field:?}");
        let cleared = Event::Cleared { account: a.clone(), reason: "not in that room".to_owned() };
        assert_eq!(ask(&bound.after(cleared)), Ok(()), "{field:?}");
        // It binds nobody where nothing binds.
        let free = given("other").numbered(2).with(accounts(&["@z:our.org"])).with(field);
        assert_eq!(ask(&free), Ok(()));
    }
    // What is said of the messages of an account is about that account; a line that says none names nothing.
    for field in [text("messages", "those of Monday"), text("room", "none"), text("room", "@z:our.org")] {
        assert_eq!(ask(&of_z().with(field.clone())), Ok(()), "{field:?}");
    }
}

#[test]
fn a_name_in_the_text_binds_until_two_found_that_it_is_nobody_here() {
    let case = told().answered();
    let a = account("@a:our.org");
    let ask = |other: &Given| may_tell(&case.case, &a, [&other.case], &case.terms);
    let other = gagged(&given("other").numbered(2).with(accounts(&["@z:our.org"])));
    let named = other.with(text("context", "see https://matrix.to/#/%40A%3Aour.org"));
    assert_eq!(ask(&named), Err(vec![(id(2), Bar::Gag)]));
    let finding = Event::Cleared { account: a.clone(), reason: "only the reporter".to_owned() };
    assert_eq!(ask(&named.after(finding.clone())), Ok(()));
    // No finding takes off whom a line of accounts names.
    assert_eq!(ask(&named.with(accounts(&["@a:our.org"])).after(finding)), Err(vec![(id(2), Bar::Gag)]));
    assert_eq!(ask(&other.with(text("context", "see @a:our.organ"))), Ok(()), "somebody else");
    // That finding is the way out, where nothing but words names them; on a sealed case it is not offered.
    let way_out = |other: &Given| may_be_cleared(&case.case, &a, [&other.case], &case.terms);
    assert_eq!(way_out(&named), Some(id(2)));
    assert_eq!(way_out(&named.with(accounts(&["@A:our.org"]))), None);
    assert_eq!(way_out(&other), None);
    let sealed = Event::Flagged { flag: Flag::Csea };
    assert_eq!(way_out(&named.after(sealed)), None);
}

#[test]
fn a_subject_that_is_no_account_leaves_a_bound_case_by_two() {
    let with_room = told().with(text("room", "!abc:our.org, !def:our.org"));
    let bound = gagged(&with_room);
    for value in ["", "!abc:our.org", "the room of the choir"] {
        let off = set([put(text("room", value))]);
        bound.when(off.clone()).proposed(Effect::Tell);
        with_room.when(off).at_once();
    }
    bound.when(set([put(text("room", "!abc:our.org !def:our.org !ghi:our.org"))])).at_once();
}

#[test]
fn a_name_that_is_made_to_look_like_anothers_binds_everybody() {
    let about = |name: &str| gagged(&given("other").with(accounts(&[name])).numbered(2));
    for name in [
        "@al\u{200B}ice:our.org",
        "@al\u{AD}ice:our.org",
        "@\u{430}lice:our.org",
        "@\u{440}\u{443}:our.org",
        "@alice\\:our.org",
    ] {
        let bound = about(name);
        for user in ["@alice:our.org", "@z:our.org"] {
            let told = told();
            let said = may_tell(&told.case, &account(user), [&bound.case], &told.terms);
            assert!(said.is_err(), "{name:?} binds {user}");
        }
    }
    let told = told();
    let beside = gagged(&given("other").with(accounts(&["@b:our.org", "@al\u{AD}ice:our.org"])).numbered(2));
    let unresolved = vec![(id(2), Bar::Unresolved)];
    assert_eq!(may_tell(&told.case, &account("@z:our.org"), [&beside.case], &told.terms), Err(unresolved));
    for name in ["@Alice:our.org", "@alice:our.org:443"] {
        let bound = about(name);
        let says = |user: &str| may_tell(&told.case, &account(user), [&bound.case], &told.terms);
        assert_eq!(says("@alice:our.org"), Err(vec![(id(2), Bar::Gag)]), "{name}");
        assert_eq!(says("@z:our.org"), Ok(()), "{name} is somebody");
    }
}

#[test]
fn what_an_authority_asks_for_by_a_letter_binds_a_duplicate_of_it_too() {
    let letter = given("preservation").under(|policy| {
        policy.notice.letter = Tell::Withhold;
        policy.kinds.iter_mut().for_each(|kind| kind.from_authority = true);
    });
    assert_eq!(bars_of(&letter.after(linked(2, Relation::Duplicate, true))), [Bar::Instrument]);
}

#[test]
fn a_user_is_asked_about_by_the_server_whose_machine_it_is_too() {
    let mut terms = terms();
    terms.servers = owned(&["matrix.our.org", "our.org"]);
    let asked = |name: &str| readings(&account(name), &terms);
    let both = ["@a:matrix.our.org", "@a:our.org"];
    assert!(both.iter().all(|name| asked(both[0]).contains(*name)), "{:?}", asked(both[0]));
    assert!(asked("@a:our.org").contains("@a:our.org") && !asked("@a:our.org").contains(both[0]));
    assert!(!asked("@a:elsewhere.org").contains("@a:our.org"));
}

#[test]
fn no_finding_is_offered_about_the_case_itself() {
    let case = gagged(&given("other").with(text("context", "see @a:our.org")));
    let a = account("@a:our.org");
    assert_eq!(may_be_cleared(&case.case, &a, [&case.case], &case.terms), None);
    assert_eq!(may_be_cleared(&told().numbered(2).case, &a, [&case.case], &case.terms), Some(id(1)));
}
