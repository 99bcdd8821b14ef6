//! Commands as anybody may type them, for walks that are blind.

use proptest::prelude::*;

use super::given::*;
use crate::case::*;

/// The users whom these commands speak of.
pub(super) const USERS: [&str; 2] = ["@a:our.org", "@b:our.org"];

/// Words that hold what no request of the walks does.
pub(super) const BEYOND: &str = "ask c@mail.example";

/// Words that hint at what binds, and hold nothing that a program knows.
pub(super) const HINT: &str = "they watch you";

pub(super) fn commands() -> impl Strategy<Value = Command> {
    let user = || prop::sample::select(USERS.to_vec()).prop_map(account);
    let days = || prop::option::of((21u32..31).prop_map(day));
    let text_of = |key: &'static str, values: &'static [&'static str]| {
        prop::sample::select(values.to_vec()).prop_map(move |value| set([put(text(key, value))]))
    };
    let named: &'static [&'static [&'static str]] = &[&USERS, &["@a:our.org"], &["@b:our.org"]];
    prop_oneof![
        1 => prop::sample::select(named.to_vec()).prop_map(|names| set([put(accounts(names))])),
        1 => user().prop_map(|user| set([Edit::RemoveAccounts(accounts(&[user.as_str()]))])),
        1 => user().prop_map(|user| set([Edit::AddAccounts(accounts(&[user.as_str()]))])),
        1 => text_of("instrument", &["", "court order 7", "IPA authorisation", "scribble"]),
        1 => Just(set([put(text(SECRECY_KEY, ""))])),
        1 => Just(set([put(secrecy(Secrecy::Open))])),
        1 => Just(set([put(secrecy(Secrecy::No))])),
        1 => Just(Command::Note { text: "x".to_owned() }),
        1 => Just(attach("letter", FileRole::Extension)),
        1 => Just(Command::Assign { to: Some(ada()) }),
        1 => prop::sample::select(vec![Extent::Full, Extent::Part, Extent::None])
            .prop_map(|extent| Command::Answer { extent }),
        1 => prop::option::of(Just(BEYOND)).prop_map(|words| refuse("scope", words)),
        1 => Just(Command::Withdraw { reason: None }),
        1 => Just(Command::Close),
        1 => Just(Command::CloseUnsent { reason: "x".to_owned() }),
        1 => Just(Command::CloseUndone { reason: "x".to_owned() }),
        1 => Just(Command::Reopen { reason: None }),
        1 => Just(verify(Verifiable::Requester, None, "called")),
        4 => prop::sample::select(vec!["ack", "ask", "refuse", "answer", "answer", "none", "notice"]).prop_map(|letter| {
            Command::RecordSent { letter: letter.to_owned(), via: Channel::Mail, at: None, repeat: Repeat::Unsaid }
        }),
        1 => Just(Command::Redirect { to: Elsewhere::Server }),
        1 => Just(Command::Link { other: id(2), how: Relation::Duplicate }),
        1 => days().prop_map(|until| Command::Gag(GagStep::Set { by: Some("x".to_owned()), until })),
        1 => Just(Command::Gag(GagStep::Lift { by: "x".to_owned() })),
        1 => Just(Command::Gag(GagStep::NotBinding { reason: "x".to_owned() })),
        1 => user().prop_map(|account| Command::Gag(GagStep::NotAbout { account, reason: "x".to_owned() })),
        2 => Just(Command::Hold(HoldStep::Start { term: None, from: None })),
        1 => Just(Command::Hold(HoldStep::Extend { term: None })),
        3 => Just(Command::Hold(HoldStep::Release)),
        1 => (prop::option::of(user()), prop::bool::ANY).prop_map(|(whom, tells)| {
            let how = if tells {
                Settling::Tell { via: "mail".to_owned(), at: None }
            } else {
                Settling::Waive { reason: "x".to_owned() }
            };
            Command::Notify { whom, how }
        }),
        1 => prop::option::of(user()).prop_map(|whom| {
            let how = Settling::Withhold { reason: "life".to_owned(), review: None };
            Command::Notify { whom, how }
        }),
        1 => Just(Command::Deny { code: None, reason: None }),
        1 => Just(Command::Tag { add: owned(&["csea"]), remove: Vec::new() }),
        4 => Just(Command::Tag { add: Vec::new(), remove: owned(&["csea"]) }),
        1 => text_of("data", &["", "account", "account, open-messages", "messages"]),
        1 => (
            prop::sample::select(vec!["account", "open-messages", "messages"]),
            prop::bool::ANY,
            prop::sample::select(vec!["x", BEYOND]),
        )
            .prop_map(|(what, allow, reason)| Command::Scope {
                categories: vec![what.to_owned()],
                allow,
                reason: Some(reason.to_owned()),
            }),
    ]
}

/// The same, with lines of the request that letters repeat.
pub(super) fn with_lines() -> impl Strategy<Value = Command> {
    let line = |key: &'static str, values: &'static [&'static str]| {
        prop::sample::select(values.to_vec()).prop_map(move |value| set([put(text(key, value))]))
    };
    prop_oneof![
        6 => commands(),
        1 => line("officer", &["", "DI Roe", HINT, BEYOND]),
        1 => line("context", &["", "she sells arms", "she sells drugs"]),
    ]
}
