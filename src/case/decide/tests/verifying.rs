//! Who asks is made sure by the operator's own directory, and by nothing that the request says (rule 61).

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::EntryRefusal as E;
use crate::case::Refusal as R;
use crate::case::decide::{Around, DeskAround, Draw, Setting, decide, desk};
use crate::case::directory::tests::agency;
use crate::case::*;

pub(super) fn knowing() -> Terms {
    let directory = vec![
        agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"]),
        agency("Met", &["+44 20 7946 0100", "+44 20 7946 0101"], &["met.police.uk"]),
        agency("Court", &[], &["court.example"]),
    ];
    Terms { directory, ..terms() }
}

/// A call that somebody puts on record.
#[derive(Clone, Default)]
struct Told {
    entry: Option<&'static str>,
    how: &'static str,
    number: Option<&'static str>,
    at: Option<DateTime<Utc>>,
    outcome: CallOutcome,
}

fn told(given: &Given, told: Told) -> Result<Vec<Event>, R> {
    let command = Command::Verify {
        what: Verifiable::Requester,
        by: None,
        how: told.how.to_owned(),
        entry: told.entry.map(str::to_owned),
        number: told.number.map(str::to_owned),
        at: told.at,
        outcome: told.outcome,
    };
    let (actor, terms) = (ada(), knowing());
    let setting = Setting { actor: &actor, terms: &terms, now: now(), draw: Draw::NONE, certain: true };
    let events = decide(&given.case, &Around::default(), command, &setting)?;
    Ok(events.into_iter().map(|(_, event)| event).collect())
}

fn call(events: Result<Vec<Event>, R>) -> (Option<String>, Option<Contact>) {
    match events.unwrap().remove(0) {
        Event::Verified { entry, call, .. } => (entry, call),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_entry_is_needed_and_offered_by_what_the_request_leads_to() {
    let near = |given: &Given| told(given, Told { how: "called them", ..Told::default() });
    let named = |near: Option<&str>| Err(R::Entry(E::NotNamed { near: near.map(str::to_owned) }));
    assert_eq!(near(&given("information")), named(None));
    assert_eq!(near(&given("information").with(text("agency", "kent"))), named(Some("Kent Police")));
    // A person who asks for their own data is in no directory.
    assert_eq!(call(near(&given("subject"))), (None, None));
    let unknown = told(&given("information"), Told { entry: Some("Kent Polise"), ..Told::default() });
    let near = Some("Kent Police".to_owned());
    assert_eq!(unknown, Err(R::Entry(E::Unknown { typed: "Kent Polise".to_owned(), near })));
}

#[test]
fn the_number_that_was_called_is_on_record_as_the_entry_has_it() {
    let kent = Contact { number: "+44 1632 960200".to_owned(), at: now() };
    for asked in [
        Told { entry: Some("kent police"), how: "spoke to the duty desk", ..Told::default() },
        Told { entry: Some("kent.police.uk"), how: "rang 01632 960200", ..Told::default() },
        Told { how: "rang 01632 960200", ..Told::default() },
        Told { how: "rang", number: Some("01632 960200"), ..Told::default() },
    ] {
        let (entry, number) = call(told(&given("information"), asked));
        assert_eq!((entry.as_deref(), number.as_ref()), (Some("Kent Police"), Some(&kent)));
    }
}

#[test]
fn a_number_that_is_not_the_entrys_is_refused() {
    let kent = |how, number| Told { entry: Some("Kent Police"), how, number, ..Told::default() };
    let has = vec!["+44 1632 960200".to_owned()];
    for (asked, number) in [
        (kent("x", Some("01632 960201")), "01632 960201"),
        (kent("rang 020 7946 0100", None), "02079460100"),
        (kent("x", Some("duty@kent.police.uk")), "duty@kent.police.uk"),
    ] {
        let (number, entry) = (number.to_owned(), "Kent Police".to_owned());
        let refusal = E::NotItsNumber { number, entry, has: has.clone() };
        assert_eq!(told(&given("information"), asked), Err(R::Entry(refusal)));
    }
    let met = told(&given("information"), Told { entry: Some("Met"), how: "x", ..Told::default() });
    assert!(matches!(met, Err(R::Entry(E::WhichNumber { phones, .. })) if phones.len() == 2));
}

#[test]
fn an_address_counts_only_where_the_entry_has_no_number() {
    let court = |number| Told { entry: Some("Court"), how: "wrote", number: Some(number), ..Told::default() };
    let (_, number) = call(told(&given("information"), court("clerk@court.example")));
    assert_eq!(number.unwrap().number, "clerk@court.example");
    let address = "clerk@court.example".to_owned();
    let reading = Reading::Email { address: address.clone(), odd: Vec::new(), more: Vec::new() };
    let asked = given("information").with(Field { reading, ..text("email", &address) });
    let refused = R::NumberFromRequest { number: address };
    assert_eq!(told(&asked, court("clerk@court.example")), Err(refused));
    let other = told(&given("information"), court("clerk@court.example.com"));
    assert!(matches!(other, Err(R::Entry(E::NotItsNumber { .. }))));
}

#[test]
fn what_stands_in_the_request_proves_nothing_though_the_directory_has_it() {
    let with = |phone: &str| given("information").with(text("phone", phone));
    let met = |number| Told { entry: Some("Met"), how: "x", number, ..Told::default() };
    // One of two: the other one proves it, and there is no other choice.
    let one = with("020 7946 0100");
    let refused = told(&one, met(Some("020 7946 0100")));
    assert_eq!(refused, Err(R::NumberFromRequest { number: "02079460100".to_owned() }));
    assert_eq!(call(told(&one, met(None))).1.unwrap().number, "+44 20 7946 0101");
    let both = with("020 7946 0100 / 020 7946 0101");
    let refused = R::Entry(E::FromRequest { entry: "Met".to_owned() });
    assert_eq!(told(&both, met(None)), Err(refused));
}

#[test]
fn the_call_was_after_the_request_came_and_is_not_to_come() {
    let at = |at| Told { entry: Some("Kent Police"), how: "x", at: Some(at), ..Told::default() };
    let hour = TimeDelta::hours(1);
    assert_eq!(told(&given("information"), at(now() + hour)), Err(R::Entry(E::CallTime { future: true })));
    assert_eq!(told(&given("information"), at(now() - hour)), Err(R::Entry(E::CallTime { future: false })));
    assert_eq!(call(told(&given("information"), at(now()))).1.unwrap().at, now());
}

#[test]
fn only_a_confirmation_verifies_and_a_denial_takes_one_back() {
    let asked = |outcome| Told { entry: Some("Kent Police"), how: "x", outcome, ..Told::default() };
    let mut given = given("emergency");
    for outcome in [CallOutcome::NoAnswer, CallOutcome::Denied] {
        for event in told(&given, asked(outcome)).unwrap() {
            given = given.after(event);
        }
        assert!(given.case.requester.is_none());
    }
    assert!(given.case.denied(Verifiable::Requester).is_some());
    assert!(given.case.denied(Verifiable::Instrument).is_none());
    // What an agency has denied takes two people.
    match told(&given, asked(CallOutcome::Confirmed)).unwrap().as_slice() {
        [Event::Proposed { effects, .. }] => assert_eq!(effects, &[Effect::Verify]),
        other => panic!("{other:?}"),
    }
    let given = given.called();
    assert!(given.case.requester.is_some() && given.case.tried.is_empty());
    let denied = told(&given, asked(CallOutcome::Denied)).unwrap();
    assert_eq!(denied.last(), Some(&Event::VerificationVoided { what: Verifiable::Requester }));
}

#[test]
fn who_was_stopped_neither_verifies_nor_takes_a_case() {
    let ben = account("@ben:our.org");
    let mut terms = terms();
    terms.frozen.insert(ben.clone());
    let actor = ada();
    let setting = Setting { actor: &actor, terms: &terms, now: now(), draw: Draw::NONE, certain: true };
    let case = given("information").case;
    for command in
        [verify(Verifiable::Requester, Some(ben.clone()), "x"), Command::Assign { to: Some(ben.clone()) }]
    {
        let decided = decide(&case, &Around::default(), command, &setting);
        assert_eq!(decided, Err(R::Frozen(ben.clone())));
    }
}

fn asked_of_the_desk(
    command: DeskCommand,
    by: &str,
    open: Vec<Case>,
    terms: &Terms,
) -> Result<Vec<DeskEvent>, R> {
    let say = |command, by: &str, around: &DeskAround| {
        let actor = account(by);
        let setting = Setting { actor: &actor, terms, now: now(), draw: Draw::NONE, certain: true };
        desk(command, around, &setting)
    };
    let mut around = DeskAround { open, ..DeskAround::default() };
    let mut events = say(command, by, &around)?;
    // What takes two people is approved by a second one.
    if let [DeskEvent::Stands(StandingEvent::Proposed { proposal })] = events.as_slice() {
        let approve = DeskCommand::Approve { code: proposal.code.clone(), alone: None };
        around.waiting = vec![(**proposal).clone()];
        events = say(approve, "@cy:our.org", &around)?;
        events.retain(|event| !matches!(event, DeskEvent::Stands(StandingEvent::CarriedOut { .. })));
    }
    Ok(events)
}

fn with_admin() -> Terms {
    let mut terms = knowing();
    terms.people.push(Person { account: account("@root:our.org"), roles: vec![Role::Admin] });
    terms
}

#[test]
fn an_entry_is_added_by_an_administrator_and_shares_nothing() {
    let terms = with_admin();
    let add = |agency: Agency, by: &str| {
        asked_of_the_desk(DeskCommand::AddAgency { agency }, by, Vec::new(), &terms)
    };
    let bka = agency("BKA", &["+49 30 23125000"], &["bka.example"]);
    let signed = Signed { by: account("@root:our.org"), second: Some(account("@cy:our.org")), at: now() };
    let added = Agency { added: true, signed: Some(Box::new(signed)), ..bka.clone() };
    let added = StandingEvent::AgencyAdded { agency: added };
    assert_eq!(add(bka.clone(), "@root:our.org"), Ok(vec![added.into()]));
    assert_eq!(add(bka, "@ben:our.org"), Err(R::RoleLacks(Need::Administer)));
    assert_eq!(add(agency("BKA", &[], &[]), "@root:our.org"), Err(R::Entry(E::Empty)));
    for (agency, what) in [
        (agency("A", &["01632 960200"], &[]), Shared::Phone("01632 960200".to_owned())),
        (agency("A", &[], &["kent.police.uk"]), Shared::Domain("kent.police.uk".to_owned())),
    ] {
        let entry = "Kent Police".to_owned();
        assert_eq!(add(agency, "@root:our.org"), Err(R::Entry(E::Shares { what, entry })));
    }
}

#[test]
fn a_number_of_an_open_request_is_not_added() {
    let open = given("information").with(text("phone", "+49 (0)30 231 25000")).case;
    let bka = DeskCommand::AddAgency { agency: agency("BKA", &["030 23125000"], &[]) };
    let (number, case) = ("030 23125000".to_owned(), open.id);
    let refused = asked_of_the_desk(bka, "@root:our.org", vec![open], &with_admin());
    assert_eq!(refused, Err(R::Entry(E::NumberInCase { number, case })));
}

#[test]
fn anybody_stops_anybody_listed_and_an_administrator_gives_it_back() {
    let mut terms = with_admin();
    let ben = account("@ben:our.org");
    let freeze = |name: &str| DeskCommand::Freeze { account: account(name) };
    let thaw = || DeskCommand::Thaw { account: ben.clone() };
    let ask = |command, by, terms: &Terms| asked_of_the_desk(command, by, Vec::new(), terms);
    let frozen = StandingEvent::Frozen { account: ben.clone(), by: Some(account("@dot:our.org")) };
    assert_eq!(ask(freeze("@ben:our.org"), "@dot:our.org", &terms), Ok(vec![frozen.into()]));
    let stranger = R::NotOfThePeople("@eve:our.org".to_owned());
    assert_eq!(ask(freeze("@eve:our.org"), "@dot:our.org", &terms), Err(stranger));
    assert_eq!(ask(thaw(), "@root:our.org", &terms), Err(R::NotFrozen(ben.clone())));
    terms.frozen.insert(ben.clone());
    assert_eq!(ask(freeze("@ben:our.org"), "@dot:our.org", &terms), Err(R::Frozen(ben.clone())));
    // A stolen account stops nobody else.
    assert_eq!(ask(freeze("@ada:our.org"), "@ben:our.org", &terms), Err(R::SenderFrozen));
    assert_eq!(ask(thaw(), "@ada:our.org", &terms), Err(R::RoleLacks(Need::Administer)));
    assert_eq!(
        ask(thaw(), "@root:our.org", &terms),
        Ok(vec![StandingEvent::Thawed { account: ben.clone(), on_host: false }.into()])
    );
}

#[test]
fn an_agency_speaks_for_no_other() {
    let from = |name: &str, mail: &str| {
        let reading = Reading::Email { address: mail.to_owned(), odd: Vec::new(), more: Vec::new() };
        let field = Field { reading, ..text("email", mail) };
        let given = given("information").with(text("agency", name)).with(field);
        told(&given, Told { entry: Some("Kent Police"), how: "called", ..Told::default() }).map(|_| ())
    };
    let other = |named: &str, near: Option<&str>| {
        let (named, entry) = (named.to_owned(), "Kent Police".to_owned());
        let refusal = E::OtherAgency { named, entry, near: near.map(str::to_owned) };
        Err(R::Entry(refusal))
    };
    assert_eq!(from("National Crime Agency", "roe@nca.example"), other("National Crime Agency", None));
    assert_eq!(
        from("Met", "roe@kent.police.uk"),
        other("Met", Some("Met")),
        "another entry has the very name"
    );
    assert_eq!(from("KENT police", "roe@mail.example"), Ok(()));
    assert_eq!(from("kent.police.uk", "roe@mail.example"), Ok(()), "its domain is a name of it");
    assert_eq!(from("Fraud desk", "roe@cyber.kent.police.uk"), Ok(()), "it came from there");
}

fn asked(name: &str, mail: &str) -> Given {
    let reading = Reading::Email { address: mail.to_owned(), odd: Vec::new(), more: Vec::new() };
    let field = Field { reading, ..text("email", mail) };
    given("information").with(text("agency", name)).with(field)
}

fn offered(given: &Given) -> Option<String> {
    match told(given, Told { how: "called", ..Told::default() }) {
        Err(R::Entry(E::NotNamed { near })) => near,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_neighbour_neither_speaks_for_another_nor_is_offered() {
    let kent = |outcome| Told { entry: Some("Kent Police"), how: "called", outcome, ..Told::default() };
    for named in [
        "Met Police",
        "Gwent Police",
        "West Police",
        "Ghent Police",
        "Kent Fire Service",
        "Polizei Kent",
        "Police",
    ] {
        for mail in ["roe@gmail.com", "roe@force.example"] {
            let case = asked(named, mail);
            for outcome in [CallOutcome::Confirmed, CallOutcome::Denied] {
                let refused = told(&case, kent(outcome));
                assert!(matches!(refused, Err(R::Entry(E::OtherAgency { .. }))), "{named}: {refused:?}");
            }
            assert_ne!(offered(&case).as_deref(), Some("Kent Police"), "{named}");
        }
        // A domain of the directory leads to whose it is, whatever the request calls itself.
        let case = asked(named, "roe@met.police.uk");
        let near = Some("Met".to_owned());
        let refusal =
            E::OtherAgency { named: named.to_owned(), entry: "Kent Police".to_owned(), near: near.clone() };
        assert_eq!(told(&case, kent(CallOutcome::Confirmed)), Err(R::Entry(refusal)), "{named}");
        assert_eq!(offered(&case), near, "{named}");
    }
    let nameless = given("information").with(asked("x", "roe@met.police.uk").case.fields[1].clone());
    assert!(matches!(
        told(&nameless, kent(CallOutcome::Confirmed)),
        Err(R::Entry(E::OtherAgency { named, .. })) if named == "Met"
    ));
    assert_eq!(offered(&asked("Kent Constabulary", "roe@force.example")).as_deref(), Some("Kent Police"));
}

#[test]
fn who_is_posed_as_is_called_and_two_people_say_that_it_is_theirs() {
    let met = |outcome| {
        let number = Some("020 7946 0100");
        Told { entry: Some("met.police.uk"), number, how: "called", outcome, ..Told::default() }
    };
    let posed = asked("Met Police", "roe@met-police.uk");
    assert_eq!(offered(&posed).as_deref(), Some("Met"));
    let denied = told(&posed, met(CallOutcome::Denied)).unwrap();
    assert!(matches!(denied.as_slice(), [Event::VerificationTried { .. }]), "{denied:?}");
    match told(&posed, met(CallOutcome::Confirmed)).unwrap().as_slice() {
        [Event::Proposed { effects, .. }] => assert_eq!(effects, &[Effect::Verify]),
        other => panic!("{other:?}"),
    }
    // An entry of the very name is no proof of the domain either; an honest one takes one call.
    let kent = Told { entry: Some("Kent Police"), how: "called", ..Told::default() };
    for mail in ["roe@kent-police-cyber.com", "roe@met.police.uk.example.com"] {
        let named = told(&asked("Kent Police", mail), kent.clone()).unwrap();
        assert!(matches!(named.as_slice(), [Event::Proposed { .. }]), "{mail}: {named:?}");
    }
    let honest = told(&asked("Kent Police", "roe@kent.police.uk"), kent.clone()).unwrap();
    assert!(matches!(honest.as_slice(), [Event::Verified { .. }]), "{honest:?}");
    // Kent can disown what poses as it under the name of another, and cannot own it.
    let other = asked("Gwent Police", "roe@kent-police.org");
    let disowned = told(&other, Told { outcome: CallOutcome::Denied, ..kent.clone() }).unwrap();
    assert!(matches!(disowned.as_slice(), [Event::VerificationTried { .. }]), "{disowned:?}");
    assert!(matches!(told(&other, kent), Err(R::Entry(E::OtherAgency { near: None, .. }))));
}

#[test]
fn what_is_odd_about_the_mailbox_outlives_the_call() {
    let terms = knowing();
    let odd = |mail: &str, entry: Option<&str>| {
        let reading = Reading::Email { address: mail.to_owned(), odd: Vec::new(), more: Vec::new() };
        let field = Field { reading, ..text("email", mail) };
        let verified = Event::Verified {
            what: Verifiable::Requester,
            by: ada(),
            how: "called".to_owned(),
            entry: entry.map(str::to_owned),
            call: None,
            recorder: None,
        };
        let case = given("information").with(field).after(verified).case;
        let kind = terms.kind_of(&case).unwrap();
        crate::case::requester::mailbox_cautions(&case, kind, &terms)
    };
    assert!(matches!(odd("a@met.po1ice.uk", Some("Met")).as_slice(), [Caution::LookAlike { .. }]));
    assert!(matches!(odd("a@gmail.com", Some("Met")).as_slice(), [Caution::FreeMail { .. }]));
    assert!(matches!(odd("a@kent.police.uk", Some("Met")).as_slice(), [Caution::NotTheirs { .. }]));
    assert!(matches!(odd("a@elsewhere.example", Some("Met")).as_slice(), [Caution::NotTheirs { .. }]));
    assert_eq!(odd("a@cyber.met.police.uk", Some("Met")), []);
    assert_eq!(odd("a@elsewhere.example", None), [], "nobody knows whose it is");
}

#[test]
fn where_an_entry_has_several_numbers_the_one_that_was_called_is_asked_for() {
    let directory = knowing().directory;
    let wants = |given: &Given, entry: usize| wants_number(&given.case, &directory[entry]);
    assert!(wants(&given("information"), 1));
    assert!(!wants(&given("information"), 0) && !wants(&given("information"), 2));
    // One that the request gives itself is no number to call.
    assert!(!wants(&given("information").with(text("phone", "+44 20 7946 0101")), 1));
}

#[test]
fn what_came_twice_is_no_second_look() {
    let read = || verify(Verifiable::Instrument, None, "read");
    let twice = given("information").done(read());
    twice.when(read()).refused(R::NoChange);
    twice.when(verify(Verifiable::Instrument, None, "read the seal as well")).at_once();
    twice.by("ben").when(read()).at_once();
    // A call is another one at another time.
    let kent = Told { entry: Some("Kent Police"), how: "spoke to DI Roe", ..Told::default() };
    let case = given("information").with(text("agency", "Kent Police"));
    let mut called = case.clone();
    for event in told(&case, kent.clone()).unwrap() {
        called = called.after(event);
    }
    assert_eq!(told(&called, kent.clone()), Err(R::NoChange));
    let later = called.at(now() + TimeDelta::minutes(5));
    assert_eq!(told(&later, kent.clone()), Err(R::NoChange));
    assert_eq!(told(&called, Told { at: Some(now()), ..kent.clone() }), Err(R::NoChange));
    // That they deny it now is never passed over.
    assert!(told(&called, Told { outcome: CallOutcome::Denied, ..kent }).is_ok());
}

#[test]
fn a_domain_that_was_added_since_proves_nothing_for_a_request_that_gives_it() {
    // Given a request that names another agency, and whose domain was brought to the directory since
    let reading = Reading::Email { address: "y@quux.example".to_owned(), odd: Vec::new(), more: Vec::new() };
    let email = Field { reading, ..text("email", "y@quux.example") };
    let case = given("information").with(text("agency", "Foo")).with(email).case;
    let signed = |at| Signed { by: ada(), second: None, at };
    let quux = |at, phones: &[&str]| Agency {
        signed: Some(Box::new(signed(at))),
        ..agency("Quux", phones, &["quux.example"])
    };
    let verified = |entry: Agency, number: Option<&str>| {
        let terms = Terms { directory: vec![entry], ..terms() };
        let command = Command::Verify {
            what: Verifiable::Requester,
            by: None,
            how: "asked them".to_owned(),
            entry: Some("Quux".to_owned()),
            number: number.map(str::to_owned),
            at: None,
            outcome: CallOutcome::Confirmed,
        };
        let (actor, draw) = (ada(), Draw::NONE);
        let setting = Setting { actor: &actor, terms: &terms, now: now(), draw, certain: true };
        decide(&case, &Around::default(), command, &setting)
    };
    let (phone, before) = ("+44 20 7946 0999", case.received - TimeDelta::days(1));
    let is_brought = |answer: Result<_, R>| matches!(answer, Err(R::Entry(E::DomainInCase { .. })));
    // Then neither its number nor an address there makes the requester theirs; of an entry that was there before, both do
    assert!(is_brought(verified(quux(now(), &[phone]), None)));
    assert!(is_brought(verified(quux(now(), &[]), Some("z@quux.example"))));
    assert!(verified(quux(before, &[phone]), None).is_ok());
    assert!(verified(quux(before, &[]), Some("z@quux.example")).is_ok());
}
