//! What may be called a duplicate of what: the same request, from the same requester, of one that is worked; and what becomes of
//! it when that one does not answer it after all.

use super::given::*;
use crate::case::decide::Setting;
use crate::case::decide::duplicate::followed;
use crate::case::directory::tests::agency as entry;
use crate::case::*;

pub(super) fn twin() -> Command {
    link(2, Relation::Duplicate)
}

pub(super) fn not(why: Unlike) -> Refusal {
    Restraint::NoDuplicate { other: id(2), why }.into()
}

pub(super) fn from(kind: &str, agency: &str) -> Given {
    shipped_as(kind).with(text("agency", agency)).with(accounts(&["@a:our.org"]))
}

#[test]
fn it_is_of_the_same_kind() {
    let kept = from("preservation", "Kent Police").numbered(2);
    for kind in ["emergency", "information", "subject", "copyright", "complaint", "removal"] {
        let why = Unlike::Kind { own: kind.to_owned(), others: "preservation".to_owned() };
        from(kind, "Kent Police").beside(kept.clone()).when(twin()).refused(not(why));
    }
    from("preservation", "Kent Police").beside(kept).when(twin()).at_once();
}

#[test]
fn it_is_from_the_same_requester_as_far_as_that_is_known() {
    let kept = from("preservation", "Kent Police").numbered(2);
    let by = |agency: &str| from("preservation", agency).beside(kept.clone());
    by("Metropolitan Police Service").when(twin()).refused(not(Unlike::Requester));
    by("KENT  police").when(twin()).at_once();
    // Who does not say who they are may be the same, and whoever reads both knows; the one that is kept is answered, so it says it.
    let silent = shipped_as("preservation").with(accounts(&["@a:our.org"]));
    silent.beside(kept.clone()).when(twin()).at_once();
    silent.beside(silent.numbered(2)).when(twin()).at_once();
    by("Kent Police").beside(silent.numbered(2)).when(twin()).refused(not(Unlike::Unnamed));
    // Of people who write for themselves, it is the address.
    let person = |address: &str| {
        let reading = Reading::Email { address: address.to_owned(), odd: Vec::new(), more: Vec::new() };
        shipped_as("complaint").with(Field { reading, ..text("email", address) })
    };
    let kept = person("jane@gmail.com").numbered(2);
    person("joe@gmail.com").beside(kept.clone()).when(twin()).refused(not(Unlike::Address));
    person("jane@gmail.com").beside(kept).when(twin()).at_once();
}

/// Two people are two by their addresses, whatever else they give, unless both say that they write for one body.
#[test]
fn of_several_addresses_one_in_common_is_enough_and_so_is_the_body_that_both_write_for() {
    let person = |addresses: &[&str]| {
        let more = addresses[1..].iter().map(|more| (*more).to_owned()).collect();
        let reading = Reading::Email { address: addresses[0].to_owned(), odd: Vec::new(), more };
        shipped_as("complaint").with(Field { reading, ..text("email", addresses[0]) })
    };
    let (alice, bob) = ("alice@firm.example", "bob@firm.example");
    let both = person(&[alice, bob]);
    both.beside(person(&[alice]).numbered(2)).when(twin()).at_once();
    person(&[alice]).beside(both.numbered(2)).when(twin()).at_once();
    let writes_for = |given: Given, name: &str| given.with(text("agency", name));
    let kept = writes_for(person(&[bob]), "Doe and Roe").numbered(2);
    writes_for(person(&[alice]), "Doe and Roe").beside(kept.clone()).when(twin()).at_once();
    for other in [person(&[alice]), writes_for(person(&[alice]), "Roe and Sons")] {
        other.beside(kept.clone()).when(twin()).refused(not(Unlike::Address));
    }
    // Where nobody can read any more of which kind they are, an address tells people apart, and nothing else does.
    let lost =
        |given: Given| Given { case: Case { policy: "lost/1".to_owned(), ..given.case.clone() }, ..given };
    lost(person(&[alice]))
        .beside(lost(person(&[bob]).numbered(2)))
        .when(twin())
        .refused(not(Unlike::Address));
    let order = |number: &str| lost(from("information", "Kent Police").with(text("reference", number)));
    order("KP/77").beside(order("KP/78").numbered(2)).when(twin()).at_once();
}

#[test]
fn two_names_that_mean_one_entry_of_the_directory_are_one_requester() {
    let kept = from("preservation", "Kent Constabulary").numbered(2);
    let by = |agency: &str| {
        let mut case = from("preservation", agency).beside(kept.clone());
        case.terms.directory = ["Kent Police", "Gwent Police"].map(|name| entry(name, &[], &[])).into();
        case
    };
    by("Kent Police").when(twin()).at_once();
    by("Gwent Police").when(twin()).refused(not(Unlike::Requester));
    by("Kent Fire").when(twin()).refused(not(Unlike::Requester));
}

#[test]
fn who_was_told_already_need_not_stand_on_the_one_that_is_kept() {
    let case = from("preservation", "Kent Police");
    let both = case.after(Event::FieldSet { field: accounts(&["@a:our.org", "@b:our.org"]) });
    let more = Restraint::DuplicateNamesMore { other: id(2), accounts: vec![account("@b:our.org")] };
    both.beside(case.numbered(2)).when(twin()).refused(more.into());
    let told = Event::NoticeSettled {
        account: account("@b:our.org"),
        what: Telling::Told { via: "mail".to_owned() },
        at: None,
    };
    both.after(told).beside(case.numbered(2)).when(twin()).at_once();
}

#[test]
fn the_one_that_is_kept_is_still_worked() {
    let case = from("emergency", "Kent Police");
    let kept = case.numbered(2);
    for over in [
        Event::Withdrawn { reason: None },
        Event::RequestRefused { code: "x".to_owned(), text: String::new(), words: None },
        Event::Redirected { to: Elsewhere::Server, text: String::new() },
        Event::Closed,
    ] {
        let over = kept
            .after(Event::NoticeSettled {
                account: account("@a:our.org"),
                what: Telling::Told { via: "mail".to_owned() },
                at: None,
            })
            .after(over);
        case.beside(over.clone()).when(twin()).refused(not(Unlike::Over));
        case.beside(over.after(Event::Reopened { reason: None })).when(twin()).at_once();
    }
    case.beside(kept.answered()).when(twin()).at_once();
}

#[test]
fn who_names_nobody_is_not_known_to_mean_the_same() {
    let silent = shipped_as("emergency").with(text("agency", "Kent Police"));
    let kept = from("emergency", "Kent Police").numbered(2);
    silent.beside(kept.clone()).when(twin()).refused(not(Unlike::NamesNobody));
    silent.beside(silent.numbered(2)).when(twin()).at_once();
    let number = text("reference", "KP-77/2026");
    silent.with(number.clone()).beside(kept.with(number)).when(twin()).at_once();
    // Nor is one about somebody on another server.
    let elsewhere = Field {
        reading: Reading::Accounts {
            named: vec![Subject { account: account("@z:far.org"), ours: false, odd: Vec::new() }],
            unread: Vec::new(),
        },
        ..text("accounts", "@z:far.org")
    };
    let more = Restraint::DuplicateNamesMore { other: id(2), accounts: vec![account("@z:far.org")] };
    let far = shipped_as("emergency").with(text("agency", "Kent Police")).with(elsewhere);
    far.beside(kept).when(twin()).refused(more.into());
}

#[test]
fn an_order_is_not_lost_behind_a_request_that_comes_with_none() {
    let kept = from("information", "Kent Police").numbered(2);
    let ordered = from("information", "Kent Police").with(text("instrument", "court order 7"));
    ordered.beside(kept.clone()).when(twin()).refused(not(Unlike::Order));
    ordered.beside(kept.with(text("instrument", "court order 7, 2026"))).when(twin()).at_once();
    kept.numbered(1).beside(ordered.numbered(2)).when(twin()).at_once();
    // A line that says that there is none is none.
    let without = kept.with(text("instrument", "none"));
    ordered.beside(without.clone()).when(twin()).refused(not(Unlike::Order));
    without.numbered(1).beside(kept).when(twin()).at_once();
}

/// Case 1, with case 2 a duplicate of it that was closed.
fn kept(given: &Given) -> Given {
    let linked = |other, outward| Event::Linked { other, how: Relation::Duplicate, outward, received: None };
    let duplicate = given.numbered(2).after(linked(id(1), true)).closed();
    let mut kept = given.after(linked(id(2), false));
    kept.around.duplicates = vec![duplicate.case];
    kept
}

fn back() -> [(CaseId, Event); 2] {
    let back =
        |other, outward| Event::BroughtBack { other: id(other), outward, unshown: false, reopened: false };
    [(id(1), back(2, false)), (id(2), back(1, true))]
}

#[test]
fn it_is_brought_back_when_nothing_is_done_for_the_other_any_more() {
    let kept = kept(&from("preservation", "Kent Police"));
    let refuse = Command::Refuse { code: "incomplete".to_owned(), words: None };
    let redirect = Command::Redirect { to: Elsewhere::Mlat };
    for ending in [Command::Withdraw { reason: None }, refuse, redirect] {
        let events = kept.when(ending.clone()).all();
        assert!(back().iter().all(|event| events.contains(event)), "{ending:?}: {events:#?}");
        let mut duplicate = kept.around.duplicates[0].clone();
        duplicate.apply(&back()[1].1, &ada(), now());
        assert_eq!((duplicate.outcome, duplicate.closed), (None, None));
    }
    // What is answered is answered for both.
    let events = kept.when(Command::Answer { extent: Extent::None }).all();
    assert!(back().iter().all(|event| !events.contains(event)), "{events:#?}");
    // What came to nothing before brings nothing back a second time, and one that is worked again needs no help.
    let over = kept.after(Event::Withdrawn { reason: None });
    let events = over.when(Command::Reopen { reason: None }).all();
    assert!(back().iter().all(|event| !events.contains(event)), "{events:#?}");
    let mut worked = kept.clone();
    worked.around.duplicates[0].apply(&Event::Reopened { reason: None }, &ada(), now());
    let events = worked.when(Command::Withdraw { reason: None }).all();
    assert!(back().iter().all(|event| !events.contains(event)), "{events:#?}");
}

#[test]
fn it_is_brought_back_when_somebody_is_not_told_with_the_other_any_more() {
    let brought = |kept: &Given, command: Command| {
        let proposed = kept.when(command).all();
        assert!(matches!(proposed.as_slice(), [(_, Event::Proposed { .. })]), "{proposed:#?}");
        let mut kept = kept.clone();
        proposed.iter().for_each(|(_, event)| kept.case.apply(event, &ada(), now()));
        let approve = Command::Approve { code: kept.code(), alone: None };
        let events = kept.by("ben").when(approve).all();
        back().iter().all(|event| events.iter().filter(|found| *found == event).count() == 1)
    };
    let named = kept(&from("preservation", "Kent Police"));
    let nobody = accounts(&["@b:our.org"]);
    assert!(brought(&named, Command::Set { edits: vec![Edit::Put(nobody)] }));
    let waive = |whom: Option<Account>| Command::Notify {
        whom,
        how: Settling::Waive { reason: "an account of ours for tests".to_owned() },
    };
    assert!(brought(&named, waive(Some(account("@a:our.org")))));
    // Of a case that names nobody it is found that it is about nobody; that was found of that request.
    let silent = kept(&shipped_as("copyright").with(text("agency", "Kent Police")));
    assert!(brought(&silent, waive(None)));
}

#[test]
fn a_counter_notice_that_is_brought_back_stands_again() {
    let counters = Event::Linked { other: id(3), how: Relation::Counter, outward: true, received: None };
    let counter = shipped_as("counter-notice").after(counters);
    let mut kept = kept(&counter);
    kept.around.countered = vec![id(3)];
    let events = kept.by_two(Command::Withdraw { reason: None });
    let stands = (id(3), Event::CounterStands { other: id(2), received: counter.case.received });
    assert!(events.contains(&stands), "{events:#?}");
    // Where the notice is not on file any more, nothing is said to it.
    kept.around.countered.clear();
    assert!(!kept.by_two(Command::Withdraw { reason: None }).contains(&stands));
}

#[test]
fn what_happens_to_another_case_brings_nothing_back() {
    let kept = kept(&from("preservation", "Kent Police"));
    let setting =
        Setting { actor: &kept.actor, terms: &kept.terms, now: kept.now, draw: kept.draw, certain: true };
    let withdrawn = vec![(id(3), Event::Withdrawn { reason: None })];
    assert_eq!(followed(&kept.case, &kept.around, withdrawn.clone(), &setting), withdrawn);
}

#[test]
fn what_waits_on_one_that_is_brought_back_is_void() {
    let mut kept = kept(&from("preservation", "Kent Police"));
    let proposed = Event::Proposed {
        code: "abcd".to_owned(),
        command: Box::new(Command::Reopen { reason: None }),
        effects: vec![Effect::Policy],
        sum: String::new(),
        expires: now(),
    };
    kept.around.duplicates[0].apply(&proposed, &ada(), now());
    let events = kept.when(Command::Withdraw { reason: None }).all();
    let void = Event::Voided { code: "abcd".to_owned(), why: Void::Changed };
    assert!(events.contains(&(id(2), void)), "{events:#?}");
}

#[test]
fn a_sealed_one_is_not_named_on_one_that_is_not() {
    let seen = |events: &[(CaseId, Event)], on: u32| {
        let named = |(of, event): &(CaseId, Event)| match event {
            Event::BroughtBack { unshown, .. } if *of == id(on) => Some(!*unshown),
            _ => None,
        };
        events.iter().find_map(named)
    };
    let flag = Event::Flagged { flag: Flag::Csea };
    let open = kept(&from("preservation", "Kent Police"));
    let withdraw = |kept: &Given| kept.by("ben").when(Command::Withdraw { reason: None }).all();
    let mut sealed = open.clone();
    sealed.around.duplicates[0].apply(&flag, &ada(), now());
    let events = withdraw(&sealed);
    assert_eq!((seen(&events, 1), seen(&events, 2)), (Some(false), Some(true)));
    // Of what is sealed since, the log says no more.
    let [_, (_, event)] = back();
    let hidden = event.clone().veiled(&|other| other == id(1));
    assert!(matches!(hidden, Some(Event::BroughtBack { unshown: true, outward: true, .. })), "{hidden:?}");
    assert_eq!(event.clone().veiled(&|_| false), Some(event));
}

/// An agency that asks twice about one account may have two orders: each has its own answer, and its own end.
#[test]
fn two_orders_of_one_agency_are_told_apart() {
    let order = |key: &str, says: &str| from("information", "Kent Police").with(text(key, says));
    let apart = |key: &str, own: &str, others: &str| {
        let (label, own, others) = (key.to_owned(), own.to_owned(), others.to_owned());
        not(Unlike::OtherOrder { label, own, others })
    };
    let first = order("reference", "KP/77").numbered(2);
    let other = order("reference", "KP/78");
    other.beside(first.clone()).when(twin()).refused(apart("reference", "KP/78", "KP/77"));
    // The same number however it is written, one of them without any, or one that names the other.
    order("reference", "kp 77").beside(first.clone()).when(twin()).at_once();
    from("information", "Kent Police").beside(first.clone()).when(twin()).at_once();
    other.with(text("context", "sent again, see KP-77")).beside(first.clone()).when(twin()).at_once();
    other.beside(first.with(text("context", "also as KP/78"))).when(twin()).at_once();
    // Nor is an order of another day the same, whatever its number.
    let granted = |day: &str| {
        let reading = Reading::Day { day: day.parse().unwrap() };
        order("reference", "KP/77").with(Field { reading, ..text("granted", day) })
    };
    let first = granted("2026-11-01").numbered(2);
    granted("2026-11-20").beside(first.clone()).when(twin()).refused(apart(
        "granted",
        "2026-11-20",
        "2026-11-01",
    ));
    granted("2026-11-01").beside(first.clone()).when(twin()).at_once();
    // One that says no number of its own is told apart by its day, and one that says no day by nothing.
    let mut unnumbered = granted("2026-11-20");
    unnumbered.case.fields.retain(|field| field.key != "reference");
    unnumbered.beside(first.clone()).when(twin()).refused(apart("granted", "2026-11-20", "2026-11-01"));
    order("reference", "KP/77")
        .with(text("granted", "some time in spring"))
        .beside(first)
        .when(twin())
        .at_once();
}

/// Given a duplicate that somebody opens again, then the case that is kept knows that it answers it no longer, until it is one
/// again; and so it does where that is taken back.
#[test]
fn the_case_that_is_kept_knows_which_are_its_duplicates_still() {
    let twin = given("terms").numbered(2).after(linked(1, Relation::Duplicate, true));
    let kept = given("terms").after(linked(2, Relation::Duplicate, false));
    let reopen = || Command::Reopen { reason: None };
    let known = |unshown| Event::BroughtBack { other: id(2), outward: false, unshown, reopened: true };
    let events = twin.beside(kept.clone()).when(reopen()).all();
    assert_eq!(events, [(id(2), Event::Reopened { reason: None }), (id(1), known(false))]);
    // What it was a duplicate of may be erased by now, or another case than the one that was looked up.
    twin.when(reopen()).then([Event::Reopened { reason: None }]);
    twin.beside(kept.numbered(3)).when(reopen()).then([Event::Reopened { reason: None }]);
    // A sealed one is not named on the other.
    let sealed = twin.after(Event::Flagged { flag: Flag::Csea });
    let mut safe = sealed.beside(kept.clone());
    safe.terms.people.push(Person { account: account("@sue:our.org"), roles: vec![Role::Safety] });
    assert!(safe.by("sue").when(reopen()).all().contains(&(id(1), known(true))));
    let again = kept.after(known(false));
    let duplicates = |given: &Given| given.case.duplicates().collect::<Vec<_>>();
    assert_eq!((duplicates(&kept), duplicates(&again)), (vec![id(2)], vec![]));
    assert_eq!(duplicates(&again.after(linked(2, Relation::Duplicate, false))), [id(2)]);
    // Brought back by the case itself, likewise; and taken back, as it was.
    let back = Event::BroughtBack { other: id(2), outward: false, unshown: false, reopened: false };
    assert_eq!(duplicates(&kept.after(back)), []);
    let parts = crate::case::decide::undo::way_back(&kept.case, &again.case);
    let taken = again.after(Event::TakenBack { took: vec![known(false)], back: parts });
    assert_eq!(duplicates(&taken), [id(2)]);
}

#[test]
fn a_case_that_was_no_duplicate_is_opened_again_by_itself() {
    let ended = given("other").after(Event::Withdrawn { reason: None });
    let events = ended.beside(given("other").numbered(2)).when(Command::Reopen { reason: None }).all();
    assert!(events.iter().all(|(of, _)| *of == id(1)), "{events:?}");
}
