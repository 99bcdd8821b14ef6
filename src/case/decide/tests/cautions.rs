//! What is said of a requester at intake, against a table of requests that are made to deceive and of honest ones. An alarm
//! that rings for everybody is heard by nobody, so the second half counts as much as the first.

use super::given::*;
use crate::case::directory::tests::agency;
use crate::case::requester::cautions;
use crate::case::*;

fn knowing() -> Terms {
    let directory = vec![
        agency("Metropolitan Police Service", &["+44 20 7946 0100"], &["met.police.uk", "met.pnn.police.uk"]),
        agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"]),
        agency("South Wales Police", &["+44 1632 960201"], &["south-wales.police.uk"]),
        agency("National Crime Agency", &["+44 1632 960400"], &["nca.gov.uk"]),
        agency("Bundeskriminalamt", &["+49 611 550000"], &["bka.bund.de"]),
        agency("Federal Bureau of Investigation", &["+1 202 555 0142"], &["fbi.gov"]),
        agency("Landespolizei", &["+49 30 23125001"], &["landespolizei.example"]),
        agency("Bitburg Police", &["+49 30 23125002"], &["bbp.de"]),
    ];
    Terms { directory, ..terms() }
}

/// A request as it comes in: who it says it is, where it writes from, and any other lines.
type Request = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

fn found(request: &Request) -> Vec<&'static str> {
    let (name, email, others) = request;
    let reading = Reading::Email { address: (*email).to_owned(), odd: Vec::new(), more: Vec::new() };
    let base =
        given("information").with(text("agency", name)).with(Field { reading, ..text("email", email) });
    let case = others.iter().fold(base, |given, (key, value)| given.with(text(key, value))).case;
    let terms = knowing();
    let kind = terms.kind_of(&case).unwrap();
    cautions(&case, kind, &terms).iter().map(name_of).collect()
}

fn name_of(caution: &Caution) -> &'static str {
    match caution {
        Caution::FirstContact { .. } => "first",
        Caution::LookAlike { .. } => "like",
        Caution::Inside { .. } => "inside",
        Caution::NotTheirs { .. } => "not theirs",
        Caution::OfAnother { .. } => "of another",
        Caution::ReplyElsewhere { .. } => "reply",
        Caution::AlsoNames { .. } => "also",
        Caution::NumberOfAnother { .. } => "number",
        Caution::FreeMail { .. } => "free",
        Caution::Hurry { .. } => "hurry",
        Caution::NoDanger => "danger",
    }
}

const MET: &str = "Metropolitan Police Service";
const KENT: &str = "Kent Police";
const HOSTILE: &[(&str, Request)] = &[
    // Other letters that look the same, as they are typed and as they travel.
    ("like", (MET, "a@mеt.police.uk", &[])),
    ("like", (MET, "a@xn--mt-nlc.police.uk", &[])),
    ("like", (MET, "a@cyber.mеt.police.uk", &[])),
    ("like", (KENT, "a@κent.police.uk", &[])),
    ("like", (MET, "a@met.po1ice.uk", &[])),
    ("like", (MET, "a@rnet.police.uk", &[])),
    // A letter more, less, or another.
    ("like", (MET, "a@met.polise.uk", &[])),
    ("like", (KENT, "a@kent.pollice.uk", &[])),
    ("like", (KENT, "a@kennt.police.co", &[])),
    ("like", ("Landespolizei", "a@landespolize.example", &[])),
    // The same name under another ending.
    ("like", (MET, "a@met.police.com", &[])),
    ("like", (KENT, "a@kent.police.co.uk", &[])),
    ("like", ("Landespolizei", "a@landespolizei.org", &[])),
    ("like", ("Bundeskriminalamt", "a@bka-bund.com", &[])),
    // A word added, or the dots left out.
    ("like", (MET, "a@metpolice.uk", &[])),
    ("like", (KENT, "a@kent-police.org", &[])),
    ("like", (KENT, "a@kent-police-cyber.com", &[])),
    ("like", (KENT, "a@securekentpolice.com", &[])),
    ("like", ("Landespolizei", "a@landespolizei-berlin.example", &[])),
    // The whole domain inside another one.
    ("inside", (MET, "a@met.police.uk.example.com", &[])),
    ("inside", (MET, "a@met-police-uk.com", &[])),
    ("inside", ("Federal Bureau of Investigation", "a@fbi.gov.example", &[])),
    ("inside", ("National Crime Agency", "a@nca-gov-uk.net", &[])),
    // A name that is in the directory, from elsewhere.
    ("not theirs", (KENT, "a@mailing.example", &[])),
    ("not theirs", (KENT, "a@gent.police.uk", &[])),
    ("not theirs", (MET, "a@essex.police.uk", &[])),
    ("free", (MET, "met.police.uk@gmail.com", &[])),
    ("free", (KENT, "kent@posteo.de", &[])),
    // Answers to somebody else.
    ("reply", (MET, "a@met.police.uk", &[("reply to", "a@met-police.example")])),
    ("reply", (MET, "a@met.police.uk", &[("reply to", "a@kent.police.uk")])),
    ("reply", (MET, "a@met.police.uk", &[("reply to", "a@gmail.com")])),
    ("reply", ("Someone", "a@gmail.com", &[("reply to", "b@gmail.com")])),
    // Answers to somebody else, under whatever name.
    ("reply", (MET, "a@met.police.uk", &[("send answers to", "a@evil.example")])),
    ("reply", (MET, "a@met.police.uk", &[("response address", "Desk <a@evil.example>")])),
    ("reply", (MET, "a@met.police.uk", &[("cc", "b@met.police.uk, a@evil.example")])),
    ("reply", (MET, "a@met.police.uk", &[("please respond to", "a at evil dot example")])),
    ("reply", (MET, "a@met.police.uk", &[("contact for reply", "mailto:a@evil.example")])),
    ("reply", (MET, "a@met.police.uk", &[("officer", "DI Roe <roe@evil.example>")])),
    ("reply", (MET, "a@met.police.uk", &[("context", "Please send the data to roe@evil.example.")])),
    ("reply", (MET, "a@met.police.uk", &[("purpose", "upload it to https://evil.example/met")])),
    ("reply", (MET, "a@met.police.uk", &[("reply on matrix to", "@roe:evil.example")])),
    (
        "reply",
        (MET, "a@met.police.uk", &[("context", "please answer to the Matrix room #kent:evil.example")]),
    ),
    // Somebody else, in whatever words.
    ("also", (MET, "a@met.police.uk", &[("context", "email roe@evil.example with the data")])),
    ("also", (MET, "a@met.police.uk", &[("context", "for the time being roe [at] evil.example")])),
    ("also", (MET, "a@met.police.uk", &[("context", "my inbox is full, use roe@[192.0.2.1]")])),
    ("also", (MET, "a@met.police.uk", &[("data", "account, to roe@evil,example")])),
    ("free", (MET, "a@met.police.uk", &[("kontakt", "met.police@gmail.com")])),
    ("like", (MET, "a@met.police.uk", &[("data", "mail all logs to a@met.po1ice.uk")])),
    // A number that leads to others.
    ("number", (KENT, "a@kent.police.uk", &[("phone", "020 7946 0100")])),
    ("number", ("Sûreté de Mulhouse", "a@surete.example", &[("context", "ring +44 (0)1632/960-400")])),
    // Hurry that rests on nothing.
    ("hurry", (MET, "a@met.police.uk", &[("purpose", "URGENT: answer today")])),
    ("hurry", (MET, "a@met.police.uk", &[("context", "we need this as soon as possible")])),
    ("hurry", ("Bundeskriminalamt", "a@bka.bund.de", &[("context", "Bitte sofort antworten")])),
];

const ORDER: (&str, &str) = ("instrument", "search warrant of 2026-11-18");
const HONEST: &[Request] = &[
    // The agencies themselves, and what lies under their domains.
    (MET, "a@met.police.uk", &[]),
    (MET, "a@cyber.met.police.uk", &[]),
    (MET, "a@a.b.c.met.police.uk", &[]),
    (MET, "a@met.pnn.police.uk", &[]),
    (KENT, "a@kent.police.uk", &[]),
    ("National Crime Agency", "a@nca.gov.uk", &[]),
    ("Bundeskriminalamt", "a@so12.bka.bund.de", &[]),
    ("Federal Bureau of Investigation", "a@ic.fbi.gov", &[]),
    ("the Met", "a@met.police.uk", &[]),
    // Neighbours under an ending that only authorities have.
    ("Gwent Police", "a@gwent.police.uk", &[]),
    ("North Wales Police", "a@north-wales.police.uk", &[]),
    ("Essex Police", "a@essex.police.uk", &[]),
    ("Sussex Police", "a@sussex.police.uk", &[]),
    ("West Midlands Police", "a@west-midlands.police.uk", &[]),
    ("East Kent Constabulary", "a@eastkent.police.uk", &[]),
    ("Kent County Council", "a@kent.gov.uk", &[]),
    ("NSW Police", "a@police.nsw.gov.au", &[]),
    ("Landeskriminalamt", "a@lka.bund.de", &[]),
    ("Department of Justice", "a@usdoj.gov", &[]),
    // Other agencies that nobody knows here.
    ("Polizei Berlin", "a@polizei.berlin.de", &[]),
    ("Politie", "a@politie.nl", &[]),
    ("Police nationale", "a@interieur.gouv.fr", &[]),
    ("A bank", "a@bbk.de", &[]),
    ("Ministère de la Justice", "a@justice.fr", &[]),
    ("Royal Canadian Mounted Police", "a@rcmp-grc.gc.ca", &[]),
    ("Metropolitan Nashville", "a@nashville.example", &[]),
    // Answers within one house.
    (MET, "a@met.police.uk", &[("reply to", "b@met.police.uk")]),
    (MET, "a@met.police.uk", &[("reply to", "b@cyber.met.police.uk")]),
    (MET, "a@met.police.uk", &[("reply to", "b@met.pnn.police.uk")]),
    ("Politie", "a@politie.nl", &[("reply to", "b@amsterdam.politie.nl")]),
    (MET, "a@met.police.uk", &[("send answers to", "b@cyber.met.police.uk")]),
    (MET, "a@met.police.uk", &[("cc", "legal@our.org")]),
    // Addresses that a request is about.
    (MET, "a@met.police.uk", &[("suspect email", "bob@gmail.com")]),
    (MET, "a@met.police.uk", &[("context", "The account is registered to bob@gmail.com.")]),
    (MET, "a@met.police.uk", &[("data", "please send all records of the account linked to bob@gmail.com")]),
    (
        MET,
        "a@met.police.uk",
        &[("purpose", "threats were mailed to ann@mail.example, see https://x.example/a")],
    ),
    // Their own number, and references that are no number.
    (MET, "a@met.police.uk", &[("phone", "020 7946 0100")]),
    (KENT, "a@kent.police.uk", &[("reference", "KP/1632/2026")]),
    // Words that press, where there is an order, or that press nobody.
    (MET, "a@met.police.uk", &[("purpose", "urgent"), ORDER]),
    (MET, "a@met.police.uk", &[("context", "this is not urgent")]),
    (MET, "a@met.police.uk", &[("purpose", "an inquiry into insurgents")]),
];

#[test]
fn what_is_made_to_deceive_is_seen() {
    assert!(HOSTILE.len() >= 25);
    for (expected, request) in HOSTILE {
        assert!(found(request).contains(expected), "{expected}: {request:?} – {:?}", found(request));
    }
}

#[test]
fn what_is_honest_rings_no_alarm() {
    assert!(HONEST.len() >= 25);
    for request in HONEST {
        assert_eq!(found(request), Vec::<&str>::new(), "{request:?}");
    }
}

#[test]
fn a_first_contact_says_whether_there_is_a_number_to_call() {
    let terms = Terms { directory: vec![agency("Court", &[], &["court.example"])], ..knowing() };
    for (from, terms, known) in [
        ("kent.police.uk", knowing(), Known::ByNumber),
        ("nobody.example", knowing(), Known::No),
        ("court.example", terms, Known::WithoutNumber),
    ] {
        let beside = Beside { first_contact: Some(from.to_owned()), ..Beside::default() };
        let case = given("information").after(Event::Compared { beside }).case;
        let first = Caution::FirstContact { from: from.to_owned(), known, again: false };
        assert_eq!(cautions(&case, terms.kind_of(&case).unwrap(), &terms), [first]);
    }
    // What was found of an address that was replaced since says nothing of the new one.
    let beside = Beside { first_contact: Some("kent.police.uk".to_owned()), ..Beside::default() };
    let reading = Reading::Email { address: "a@evil.example".to_owned(), odd: Vec::new(), more: Vec::new() };
    let replaced = given("information").with(Field { reading, ..text("email", "a@evil.example") });
    let case = replaced.after(Event::Compared { beside }).case;
    let all = cautions(&case, knowing().kind_of(&case).unwrap(), &knowing());
    assert!(!all.iter().any(|one| matches!(one, Caution::FirstContact { .. })), "{all:?}");
    // That nobody wrote from a false domain before is no news.
    let beside = Beside { first_contact: Some("met.po1ice.uk".to_owned()), ..Beside::default() };
    let reading = Reading::Email { address: "a@met.po1ice.uk".to_owned(), odd: Vec::new(), more: Vec::new() };
    let false_one = given("information").with(Field { reading, ..text("email", "a@met.po1ice.uk") });
    let case = false_one.after(Event::Compared { beside }).case;
    let terms = knowing();
    let all = cautions(&case, terms.kind_of(&case).unwrap(), &terms);
    assert!(matches!(all.as_slice(), [Caution::LookAlike { .. }]), "{all:?}");
}

/// An address that cannot be read hides nothing: an eye takes from it what it knows.
#[test]
fn every_domain_of_an_address_that_cannot_be_read_is_looked_at() {
    let terms = knowing();
    let said = |typed: &str| {
        let reading = Reading::Unread { why: "a mail address has one @ only".to_owned() };
        let given = given("information").with(text("agency", MET));
        let case = given.with(Field { reading, ..text("email", typed) }).case;
        cautions(&case, terms.kind_of(&case).unwrap(), &terms)
    };
    for typed in [
        "roe@met.police.uk@evil.example",
        "<roe@met.police.uk> via evil.example",
        "roe@met.police.uk (reply to evil.example)",
    ] {
        let found = said(typed);
        let strange = Caution::NotTheirs { domain: "evil.example".to_owned(), agency: MET.to_owned() };
        assert!(found.contains(&strange), "{typed}: {found:?}");
        assert!(found.iter().any(|one| matches!(one, Caution::ReplyElsewhere { .. })), "{typed}: {found:?}");
    }
    assert!(matches!(said("roe at met.po1ice.uk").as_slice(), [Caution::LookAlike { .. }]));
    assert_eq!(said("roe at met.police.uk"), []);
}

/// What it names was asked by nobody yet, and a call there takes two people as any other look-alike.
#[test]
fn an_address_that_cannot_be_read_may_pose_as_an_agency() {
    let reading = Reading::Unread { why: "a mail address has no spaces".to_owned() };
    let case = given("information").with(Field { reading, ..text("email", "roe at met.po1ice.uk") });
    let beside = Beside { first_contact: Some("met.po1ice.uk".to_owned()), ..Beside::default() };
    let case = case.after(Event::Compared { beside }).case;
    let terms = knowing();
    let posed = crate::case::requester::posed_as(&case, &terms.directory).map(|entry| entry.name.as_str());
    assert_eq!(posed, Some(MET));
    let beside = Beside { first_contact: Some("evil.example".to_owned()), ..Beside::default() };
    let reading = Reading::Unread { why: "a mail address has no spaces".to_owned() };
    let case = given("information").with(Field { reading, ..text("email", "roe at evil.example") });
    let case = case.after(Event::Compared { beside }).case;
    let found = cautions(&case, terms.kind_of(&case).unwrap(), &terms);
    assert!(matches!(found.as_slice(), [Caution::FirstContact { .. }]), "{found:?}");
}
