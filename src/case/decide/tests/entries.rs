//! Entries of the directory that are there already: more for them, and less again (rule 61).

use super::given::*;
use crate::case::EntryRefusal as E;
use crate::case::decide::{DeskAround, Draw, Setting, desk};
use crate::case::directory::tests::agency;
use crate::case::entry_parts::{add_parts, remove_parts};
use crate::case::*;

fn knowing() -> Terms {
    let mut terms = terms();
    terms.people.push(Person { account: account("@root:our.org"), roles: vec![Role::Admin] });
    terms.directory = vec![
        agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"]),
        agency("Met", &["+44 20 7946 0100"], &["met.police.uk"]),
    ];
    terms
}

fn ask(
    command: DeskCommand,
    by: &str,
    around: &DeskAround,
    terms: &Terms,
) -> Result<Vec<DeskEvent>, Refusal> {
    let actor = account(by);
    desk(command, around, &Setting { actor: &actor, terms, now: now(), draw: Draw::NONE, certain: true })
}

/// What is proposed, or why not.
fn proposed(command: DeskCommand, open: Vec<Case>, terms: &Terms) -> Result<DeskCommand, Refusal> {
    let around = DeskAround { open, ..DeskAround::default() };
    let mut events = ask(command, "@root:our.org", &around, terms)?;
    match events.remove(0) {
        DeskEvent::Stands(StandingEvent::Proposed { proposal }) => Ok(proposal.command),
        other => panic!("{other:?}"),
    }
}

/// The directory once two people have wanted it.
fn done(command: DeskCommand, mut terms: Terms) -> Terms {
    let around = DeskAround::default();
    let mut events = ask(command, "@root:our.org", &around, &terms).unwrap();
    let DeskEvent::Stands(StandingEvent::Proposed { proposal }) = events.remove(0) else { panic!() };
    let approve = DeskCommand::Approve { code: proposal.code.clone(), alone: None };
    let around = DeskAround { waiting: vec![*proposal], ..around };
    for event in ask(approve, "@cy:our.org", &around, &terms).unwrap() {
        match event {
            DeskEvent::Stands(StandingEvent::PartsAdded { entry, addition }) => {
                add_parts(&mut terms.directory, &entry, addition);
            }
            DeskEvent::Stands(StandingEvent::PartsRemoved { entry, parts, .. }) => {
                remove_parts(&mut terms.directory, &entry, &parts);
            }
            DeskEvent::Stands(StandingEvent::AgencyAdded { agency }) => terms.directory.push(agency),
            DeskEvent::Stands(StandingEvent::CarriedOut { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    terms
}

fn phones(all: &[&str]) -> Parts {
    Parts { phones: owned(all), ..Parts::default() }
}

fn add(name: &str, phones: &[&str], domains: &[&str]) -> DeskCommand {
    DeskCommand::AddAgency { agency: agency(name, phones, domains) }
}

fn remove(name: &str, parts: Parts) -> DeskCommand {
    DeskCommand::RemoveParts { entry: name.to_owned(), parts, reason: None }
}

#[test]
fn an_entry_of_a_known_name_is_an_addition_and_says_exactly_what_is_new() {
    let more = add("KENT police", &["01632 960200", "+44 1632 960209"], &["kent.police.uk"]);
    let meant = DeskCommand::AddParts {
        entry: "Kent Police".to_owned(),
        parts: phones(&["+44 1632 960209"]),
        source: "their own site".to_owned(),
    };
    assert_eq!(proposed(more, Vec::new(), &knowing()), Ok(meant));
    let has_all = E::HasAll { entry: "Kent Police".to_owned() };
    assert_eq!(
        proposed(add("Kent Police", &["01632 960200"], &[]), Vec::new(), &knowing()),
        Err(has_all.into())
    );
    assert_eq!(proposed(add("Kent Police", &[], &[]), Vec::new(), &knowing()), Err(E::Empty.into()));
}

#[test]
fn an_addition_is_no_other_agencys_and_of_no_open_request() {
    let of_met = |what| Err(E::Shares { what, entry: "Met".to_owned() }.into());
    let refused = proposed(add("Kent Police", &["020 7946 0100"], &[]), Vec::new(), &knowing());
    assert_eq!(refused, of_met(Shared::Phone("020 7946 0100".to_owned())));
    let refused = proposed(add("Kent Police", &[], &["met.police.uk"]), Vec::new(), &knowing());
    assert_eq!(refused, of_met(Shared::Domain("met.police.uk".to_owned())));
    let open = given("information").with(text("phone", "01632/960-209")).case;
    let (number, case) = ("+44 1632 960209".to_owned(), open.id);
    let refused = proposed(add("Kent Police", &["+44 1632 960209"], &[]), vec![open], &knowing());
    assert_eq!(refused, Err(E::NumberInCase { number, case }.into()));
    let refused = ask(
        add("Kent Police", &["+44 1632 960209"], &[]),
        "@ben:our.org",
        &DeskAround::default(),
        &knowing(),
    );
    assert_eq!(refused, Err(Refusal::RoleLacks(Need::Administer)));
}

#[test]
fn a_number_that_was_added_verifies_and_says_by_whom_it_came() {
    let terms = done(add("Kent Police", &["+44 1632 960209"], &[]), knowing());
    let kent = &terms.directory[0];
    assert_eq!(kent.phone("01632 960209"), Some("+44 1632 960209"));
    assert_eq!(kent.first_parts().phones, ["+44 1632 960200"]);
    let signed = Signed { by: account("@root:our.org"), second: Some(account("@cy:our.org")), at: now() };
    assert_eq!(kent.additions[0].signed, signed);
    assert_eq!(kent.removable(), phones(&["+44 1632 960209"]));
}

#[test]
fn only_what_was_added_here_is_taken_off_here() {
    let terms = done(add("Kent Police", &["+44 1632 960209"], &[]), knowing());
    let of_file = |what: Option<&str>| {
        Err(E::OfTheFile { entry: "Kent Police".to_owned(), what: what.map(str::to_owned) }.into())
    };
    let gone = |parts| proposed(remove("kent police", parts), Vec::new(), &terms);
    assert_eq!(gone(phones(&["01632 960200"])), of_file(Some("+44 1632 960200")));
    let has_not = E::HasNot { what: "01632 960201".to_owned(), entry: "Kent Police".to_owned() };
    assert_eq!(gone(phones(&["01632 960201"])), Err(has_not.into()));
    // Whoever names nothing means all that can go, and the proposal says what that is.
    let all = remove("Kent Police", phones(&["+44 1632 960209"]));
    assert_eq!(gone(Parts::default()), Ok(all.clone()));
    assert_eq!(gone(phones(&["01632 960209"])), Ok(all.clone()));
    assert_eq!(proposed(remove("Met", Parts::default()), Vec::new(), &terms), {
        Err(E::OfTheFile { entry: "Met".to_owned(), what: None }.into())
    });
    let near = Some("Kent Police".to_owned());
    let none = E::NoEntry { typed: "kent".to_owned(), near };
    assert_eq!(proposed(remove("kent", Parts::default()), Vec::new(), &terms), Err(none.into()));
    assert_eq!(done(all, terms).directory, knowing().directory);
}

#[test]
fn an_entry_that_was_added_goes_with_its_last_number() {
    let terms = done(add("Essex Police", &["+44 1632 960300", "+44 1632 960301"], &[]), knowing());
    let less = done(remove("Essex Police", phones(&["+44 1632 960300"])), terms);
    assert_eq!(less.directory[2].phones, ["+44 1632 960301"]);
    assert_eq!(done(remove("Essex Police", Parts::default()), less).directory, knowing().directory);
}

#[test]
fn the_operators_file_comes_before_what_was_added_to_an_entry() {
    let mut terms = done(add("Kent Police", &["+44 1632 960209"], &["kent.example"]), knowing());
    let addition = terms.directory[0].additions.remove(0);
    // By now the file gives the domain to another agency, and has the number itself.
    let mut file = knowing().directory;
    file[0].phones.push("01632 960209".to_owned());
    file[1].domains.push("kent.example".to_owned());
    let before = file.clone();
    add_parts(&mut file, "Kent Police", addition.clone());
    assert_eq!(file, before);
    // Nor does an entry come back that the operator took out.
    let mut file = vec![knowing().directory.remove(1)];
    add_parts(&mut file, "Kent Police", addition);
    assert_eq!(file.len(), 1);
}

#[test]
fn a_number_that_is_gone_is_missed_where_it_verified_somebody() {
    let verification = |entry: &str, number: &str| Verification {
        at: now(),
        by: ada(),
        how: "rang".to_owned(),
        entry: Some(entry.to_owned()),
        call: Some(Contact { number: number.to_owned(), at: now() }),
    };
    let directory = knowing().directory;
    assert!(still_lists(&directory, &verification("kent police", "+44 1632 960200")));
    assert!(still_lists(&directory, &verification("Kent Police", "desk@kent.police.uk")));
    assert!(!still_lists(&directory, &verification("Kent Police", "+44 1632 960209")));
    assert!(!still_lists(&directory, &verification("Essex Police", "+44 1632 960200")));
    assert!(still_lists(&[], &Verification { call: None, ..verification("Crown Court", "") }));
}

#[test]
fn a_domain_of_an_open_request_is_not_added_nor_one_under_it_or_above_it() {
    // Given an open request that has the domain somewhere, also where it was changed since
    let typed = |line| given("information").with(text("context", line)).case;
    let refused = |case: &Case, domain: &str| {
        proposed(add("Essex Police", &[], &[domain]), vec![case.clone()], &knowing())
    };
    for line in [
        "roe@essex-police.example",
        "answer to <x@mail.essex-police.example>, please",
        "x @ Police.essex-police.example",
    ] {
        let case = typed(line);
        for domain in ["essex-police.example", "post.mail.essex-police.example"] {
            // When somebody would add that domain, or one that goes with it
            let answer = refused(&case, domain);
            // Then it is refused, unless they have nothing to do with each other
            let kin = domain == "essex-police.example" || line.contains("mail.");
            let is_refused =
                matches!(answer, Err(Refusal::Entry(E::DomainInCase { case: id, .. })) if id == case.id);
            assert_eq!(is_refused, kin || line.starts_with("roe@"), "{line} {domain} {answer:?}");
        }
        assert!(refused(&case, "essex.example").is_ok());
    }
    let mut changed = given("information").with(text("context", "roe@essex-police.example"));
    changed.case.apply(
        &Event::FieldSet { field: text("context", "nothing") },
        &account("@ada:our.org"),
        now(),
    );
    assert!(refused(&changed.case, "essex-police.example").is_err());
    // By its number the agency is added all the same, and an entry that is there gets no such domain either.
    assert!(
        proposed(
            add("Essex Police", &["+44 1632 960300"], &[]),
            vec![typed("roe@essex.example")],
            &knowing()
        )
        .is_ok()
    );
    let more = add("Kent Police", &["+44 1632 960209"], &["kent-police.example"]);
    let refused = proposed(more, vec![typed("x@kent-police.example")], &knowing());
    assert!(matches!(refused, Err(Refusal::Entry(E::DomainInCase { .. }))), "{refused:?}");
}

#[test]
fn what_stands_in_a_sealed_case_refuses_no_entry() {
    // Given a sealed case that gives a domain and a number (rule 55)
    let given = given("information")
        .with(text("context", "roe@essex-police.example"))
        .with(text("phone", "01632/960-209"))
        .after(Event::Flagged { flag: Flag::Csea });
    // When an administrator adds an agency with these, then nothing tells that they stand there
    let phone = add("Essex Police", &["+44 1632 960209"], &["essex-police.example"]);
    assert_eq!(proposed(phone.clone(), vec![given.case], &knowing()), Ok(phone));
}
