//! Whom a gagged case names in disguise, or by nothing but a name: the line on which it stands does not matter.

use super::given::*;
use super::telling::told;
use crate::case::decide::gate::{Bar, may_tell};
use crate::case::*;

/// Ways of writing @alice:our.org that an eye reads as it.
const DISGUISES: &[&str] = &[
    "@alice:our。org",
    "@alice:our｡org",
    "@alice：our．org",
    "@alice:our%2Eorg",
    "@alice\u{2236}our.org",
    "@alice:our .org",
    "@alice:our. org",
    "@alice:our.org\u{200C}x",
    "@al\u{200B}ice:our.org",
    "@\u{430}lice:our.org",
    "@alice:\u{43E}ur.org",
    "@al\u{456}ce:our.org",
    "@aIice:our.org",
    "@Alice:Our.Org",
    "@alice:our,org",
    "https://matrix.to/#/%40aIice%3Aour.org",
    "matrix:u/\u{430}lice:our.org",
    "\u{430}lice:our.org",
    "alice:our .org",
];
/// Labels, of which the form knows none.
const LABELS: &[&str] = &[
    "individual",
    "identity",
    "id",
    "uid",
    "a/c",
    "real name",
    "party",
    "chat partner",
    "regarding",
    "tatverdächtiger",
    "anschlussinhaber",
    "prévenu",
    "mis en cause",
    "sospechoso",
    "indagato",
    "verdachte",
    "подозреваемый",
    "用户",
    "suspect",
    "target",
    "whatever",
];

fn unknown(label: &str, value: &str) -> Field {
    Field { reading: Reading::Unknown { meant: None }, ..text(label, value) }
}

fn with(field: Field) -> Given {
    let other = given("other").numbered(2).with(accounts(&["@z:far.org"])).with(field);
    other.done(Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: None }))
}

fn asked(user: &str, bound: &Given) -> Result<(), Vec<(CaseId, Bar)>> {
    let mut told = told();
    told.terms.servers = vec!["our.org".to_owned()];
    may_tell(&told.case, &account(user), [&bound.case], &told.terms)
}

#[test]
fn a_disguise_binds_about_whom_it_imitates_wherever_it_stands() {
    for name in DISGUISES {
        let sentence = format!("the second suspect is {name}, who fled");
        for line in [
            unknown("suspect", name),
            unknown("target", name),
            unknown("whatever", name),
            text("context", name),
            text("context", &sentence),
            unknown("whatever", &sentence),
        ] {
            assert!(asked("@alice:our.org", &with(line.clone())).is_err(), "{name:?} on {}", line.key);
        }
    }
}

#[test]
fn whoever_looks_like_somebody_bound_is_told_no_sooner() {
    // An eye reads the bound name in it, and whoever answers for the house may have mistyped either.
    let bound = with(text("context", "it is about @alice:our.org"));
    for user in ["@\u{430}lice:our.org", "@alice:our.org:8448", "@Alice:our.org"] {
        assert!(asked(user, &bound).is_err(), "{user:?}");
    }
    assert_eq!(asked("@bob:our.org", &bound), Ok(()));
}

#[test]
fn what_can_only_be_guessed_at_binds_about_everybody_and_what_is_plain_does_not() {
    let unresolved = Err(vec![(id(2), Bar::Unresolved)]);
    for name in ["@alice:our.org\u{200C}x", "@\u{430}lice:our.org", "@alice:our,org", "@alice:\u{43E}ur.org"]
    {
        assert_eq!(asked("@bob:our.org", &with(unknown("suspect", name))), unresolved, "{name:?}");
    }
    let mut in_no_line = with(text("context", "nothing"));
    assert_eq!(asked("@bob:our.org", &in_no_line), Ok(()));
    in_no_line.case.stray.push("it was @\u{430}lice:our.org".to_owned());
    assert_eq!(asked("@bob:our.org", &in_no_line), unresolved);
    for said in [
        "@alice:our。org",
        "@alice\u{2236}our.org",
        "@aIice:our.org",
        "@alice:our.org\u{200B}",
        "they met @ 14:00",
        "at @14:00",
        "roe@met.police.uk",
        "m\u{fc}ller@far.org is the mail",
        "user@host",
        "user@host:22",
        "Note: it is so. Kent",
    ] {
        assert_eq!(asked("@bob:our.org", &with(text("context", said))), Ok(()), "{said:?}");
    }
}

#[test]
fn a_name_alone_binds_about_whoever_is_called_that_under_any_label() {
    for label in LABELS {
        for value in
            ["alice", "Alice", "ALICE", "“alice”", "bob, alice", "bob and alice", "\u{430}lice", "aIice"]
        {
            let bound = with(unknown(label, value));
            assert!(asked("@alice:our.org", &bound).is_err(), "{label}: {value}");
        }
    }
    for label in ["individual", "real name", "用户"] {
        let bound = with(unknown(label, "alice"));
        assert_eq!(asked("@alice:our.org", &bound), Err(vec![(id(2), Bar::Gag)]), "{label}");
        assert_eq!(asked("@bob:our.org", &bound), Ok(()), "{label}");
        let cleared =
            Event::Cleared { account: account("@alice:our.org"), reason: "another Alice".to_owned() };
        assert_eq!(asked("@alice:our.org", &bound.after(cleared)), Ok(()), "{label}");
        // Whose name is only a part of what it says is not named by it.
        assert_eq!(asked("@alice:our.org", &with(unknown(label, "alice was here"))), Ok(()), "{label}");
    }
    // A label that is a letter away from a known one is that one; one that is further away, or as short as this, is not.
    let slip = |label: &str, meant: &str| {
        let reading = Reading::Unknown { meant: Some(meant.to_owned()) };
        asked("@alice:our.org", &with(Field { reading, ..text(label, "alice") }))
    };
    for (label, meant) in [("kontekt", "context"), ("rom", "risk"), ("rsk", "risk")] {
        assert!(slip(label, meant).is_err(), "{label}");
    }
    for (label, meant) in [("contxt", "context"), ("rizk", "risk")] {
        assert_eq!(slip(label, meant), Ok(()), "{label}");
    }
    for label in ["city", "our reference", "date of birth", "phone number", "aktenzeichen"] {
        assert_eq!(asked("@alice:our.org", &with(unknown(label, "alice"))), Ok(()), "{label}");
    }
    assert_eq!(asked("@alice:our.org", &with(text("context", "alice"))), Ok(()), "a line that is known");
}

/// `alice:our.org` on a line of its own reads as a line that is called alice.
fn called(label: &str, value: &str) -> Field {
    Field { reading: Reading::Unknown { meant: None }, ..text(label, value) }
}

#[test]
fn an_account_that_reads_as_a_line_binds_and_is_pointed_out() {
    let names = |fields: Vec<Field>, stray: &[&str]| {
        let mut given = given("preservation").with(accounts(&["@bob:our.org"]));
        given.case.fields.extend(fields);
        given.case.stray = owned(stray);
        let aside: Vec<String> = mention::aside(&given.case, &given.terms.servers).into_iter().collect();
        let bound = mention::unsigned(&given.case, &given.terms.servers);
        (aside, bound.contains("@alice:our.org"))
    };
    let alice = owned(&["@alice:our.org"]);
    for value in ["our.org", "our.org (main)", "our.org:8448"] {
        assert_eq!(names(vec![called("alice", value)], &[]), (alice.clone(), true), "{value}");
    }
    assert_eq!(names(vec![], &["and @alice:our.org too"]).0, alice);
    assert_eq!(names(vec![], &["alice:our.org"]), (alice.clone(), true));
    assert_eq!(names(vec![called("further", "@alice:our.org")], &[]).0, alice);
    // Nobody of ours, nobody at all, whom the line of accounts names already, and to whom a mail was sent.
    for (label, value) in [
        ("alice", "far.org"),
        ("case number", "our.org"),
        ("alice", ""),
        ("bob", "our.org"),
        ("to", "abuse@our.org"),
    ] {
        assert_eq!(names(vec![called(label, value)], &[]).0, [""; 0], "{label}: {value}");
    }
    // A line that the form knows is read by its form.
    assert_eq!(names(vec![text("purpose", "our.org")], &[]), (vec![], false));
}
