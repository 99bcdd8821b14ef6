//! Every reason for refusing and every way to send somebody elsewhere, for every kind of request and in several states: taken, or by
//! what it would not be true.

use std::fmt::Write as _;

use super::given::*;
use crate::case::decide::reason_is_gone;
use crate::case::letter::{Basis, Obstacle, draft};
use crate::case::*;

/// The kinds, in the order of the columns.
const KINDS: [&str; 12] = [
    "information",
    "emergency",
    "preservation",
    "terms",
    "copyright",
    "counter-notice",
    "subject",
    "removal",
    "intimate",
    "complaint",
    "referral",
    "other",
];

/// The four states of each cell, in order: nothing is known of it; it comes from abroad, about messages and an account of another
/// server; it comes from a country whose authorities may ask, with an order that was verified, for the record of an account of
/// ours, by somebody who was verified, or for a copy of what is their own; and the same while records are kept for it.
fn states(given: &Given) -> [Given; 4] {
    let named = vec![Subject { account: account("@z:far.org"), ours: false, odd: Vec::new() }];
    let far = Field { reading: Reading::Accounts { named, unread: Vec::new() }, ..accounts(&["@z:far.org"]) };
    let abroad = given.with(text("jurisdiction", "BR")).with(text("data", "messages")).with(far);
    let order = |what| Event::Verified {
        what,
        by: account("@dot:our.org"),
        how: "seen".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let here = given.terms.policy().unwrap().accepts[0].clone();
    let verified = given
        .with(text("jurisdiction", &here))
        .with(text("data", "account"))
        .with(accounts(&["@a:our.org"]))
        .with(text("right", "access"))
        .with(text("instrument", "court order"))
        .called()
        .after(order(Verifiable::Instrument));
    let held = Event::HoldStarted { from: now(), until: now() + chrono::TimeDelta::days(90) };
    [given.clone(), abroad, verified.clone(), verified.after(held)]
}

/// What stands in the way, in one letter; a dot where it is taken.
fn letter(decided: &Result<crate::case::decide::Events, Refusal>) -> char {
    match decided {
        Ok(_) => '·',
        Err(Refusal::Restraint(restraint)) => match restraint {
            Restraint::ReasonOfOthers { .. } => 'K',
            Restraint::IsOurs { .. } => 'o',
            Restraint::IsVerified { .. } => 'v',
            Restraint::NothingMissing { .. } => 'm',
            Restraint::NothingWeighed { .. } => 'w',
            Restraint::KeptAllTheSame { .. } => 'k',
            Restraint::Untrue { why, .. } => match why {
                Untrue::Encrypted { .. } => 'p',
                Untrue::GivesNothingOut => 'g',
                Untrue::OwnData => 's',
                Untrue::Ordered { .. } => 'd',
                Untrue::Of { .. } => 'f',
            },
            other => panic!("{other:?}"),
        },
        Err(Refusal::Letter(obstacle)) => match obstacle {
            Obstacle::NoTreatyInEmergency => 'e',
            Obstacle::NoAuthoritys { .. } => 'n',
            Obstacle::NoReport { .. } => 'r',
            Obstacle::MayAskDirectly { .. } => 'a',
            other => panic!("{other:?}"),
        },
        Err(other) => panic!("{other:?}"),
    }
}

fn table(commands: &[(String, Command)], under: impl Fn(&str) -> Given) -> String {
    let mut table = String::new();
    let states: Vec<[Given; 4]> = KINDS.map(|kind| states(&under(kind))).into();
    for (name, command) in commands {
        write!(table, "{name:14}").unwrap();
        for states in &states {
            let cell: String =
                states.iter().map(|given| letter(&given.when(command.clone()).decided)).collect();
            write!(table, " {cell}").unwrap();
        }
        table.push('\n');
    }
    table
}

fn refusals(of: &Given) -> Vec<(String, Command)> {
    let reasons = &of.terms.policy().unwrap().reasons;
    let command = |reason: &Reason| refuse(&reason.code, reason.needs_words.then_some("it is so"));
    reasons.iter().map(|reason| (reason.code.clone(), command(reason))).collect()
}

#[test]
fn nobody_is_refused_for_what_is_not_so() {
    assert_eq!(table(&refusals(&shipped_as("other")), shipped_as), SHARED);
    // No other pack takes away what one says of a reason; the certificates of the Union are refused by those of the Union alone.
    assert_eq!(table(&refusals(&under_eu("other")), under_eu), format!("{SHARED}{OF_THE_UNION}"));
}

#[test]
fn nobody_is_sent_where_nobody_takes_it() {
    let to = [Elsewhere::Mlat, Elsewhere::Server, Elsewhere::Security];
    let redirects: Vec<(String, Command)> =
        to.map(|to| (to.text().to_owned(), Command::Redirect { to })).into();
    assert_eq!(table(&redirects, shipped_as), ELSEWHERE);
}

#[test]
fn what_docket_cannot_see_may_be_so() {
    let asks = |data: &str| shipped_as("information").with(text("data", data));
    let encrypted = || refuse("encrypted", None);
    let plain = |data: &[&str]| {
        let why = Untrue::Encrypted { data: owned(data) };
        Refusal::from(Restraint::Untrue { code: "encrypted".to_owned(), why })
    };
    asks("account").when(encrypted()).refused(plain(&["account"]));
    asks("account, connection").when(encrypted()).refused(plain(&["account", "connection"]));
    // On whatever line messages are asked for, and whatever they are called.
    for of in [
        asks("account, messages"),
        asks("account, the thing"),
        asks("media"),
        asks("account").with(text("messages", "$abc")),
    ] {
        of.when(encrypted()).at_once();
    }
    asks("account").with(text("messages", "none")).when(encrypted()).refused(plain(&["account"]));
    // An order that lapses may have; one that opens nothing of what is asked for does not reach it.
    let ordered = |instrument: &str, data: &str| states(&asks(data))[2].with(text("instrument", instrument));
    let without = |given: Given| {
        let mut given = given;
        given.case.fields.retain(|field| field.key != "instrument" || field.value != "court order");
        given.case.fields.retain(|field| field.key != "data" || field.value != "account");
        given
    };
    without(ordered("IPA s.61", "connection")).when(refuse("instrument", None)).at_once();
    without(ordered("court order 7", "media")).when(refuse("voluntary", None)).at_once();
    // Who denied it takes it back.
    let denied = without(ordered("court order 7", "connection"));
    let why = Untrue::Ordered { title: "a court order".to_owned() };
    let has_order = Restraint::Untrue { code: "voluntary".to_owned(), why };
    denied.when(refuse("voluntary", None)).refused(has_order.into());
    let tried = Event::VerificationTried {
        what: Verifiable::Instrument,
        by: ada(),
        how: "no such order".to_owned(),
        entry: None,
        call: None,
        outcome: CallOutcome::Denied,
    };
    denied.after(tried).when(refuse("voluntary", None)).at_once();
    // What somebody wants erased stays with others; of a line that is not there nothing is known.
    shipped_as("subject").with(text("right", "erasure")).when(refuse("shared", None)).at_once();
    under_eu("information").with(text("instrument", "EPOC 7")).when(refuse("epoc-form", None)).at_once();
}

#[test]
fn an_order_is_one_once_it_is_known_and_verified_and_gives_something_out() {
    // Given an order that nobody verified, or a line that names none that the policy knows, then nothing is known
    let ordered = shipped_as("information").with(text("data", "account"));
    ordered.with(text("instrument", "court order 7")).when(refuse("voluntary", None)).at_once();
    let odd = under_eu("information").with(text("instrument", "some paper"));
    odd.when(refuse("epoc-form", None)).at_once();
    // What only keeps may want an order of its own.
    let keeps = shipped_as("preservation").under(|policy| {
        policy.kinds.iter_mut().for_each(|kind| kind.verify_instrument = true);
    });
    keeps.when(refuse("voluntary", None)).at_once();
    // A draft gives no reason of others either.
    let others = Basis::Reason { code: "no-danger".to_owned(), words: None };
    let asks = shipped_as("information");
    let drafted = draft(&asks.case, "refuse", Some(&others), &asks.terms, asks.now).map(|_| ());
    assert!(matches!(drafted, Err(Refusal::Restraint(Restraint::ReasonOfOthers { .. }))), "{drafted:?}");
}

#[test]
fn nobody_hears_that_there_is_nothing_of_what_is_done_but_that_it_was_no_breach_after_all() {
    let removed = under_eu("removal").done(set([put(text("removed", "2026-11-20"))]));
    let done = Restraint::DoneAllTheSame { label: "Removed".to_owned(), key: "removed".to_owned() };
    removed.when(refuse("not-held", None)).refused(done.into());
    // We may have acted and been wrong.
    let acted = under_eu("terms").with(text("context", "spam")).done(set([put(text("acted", "2026-11-20"))]));
    acted.when(refuse("no-breach", None)).at_once();
}

#[test]
fn a_draft_of_a_refusal_says_no_more_than_the_refusal() {
    let asks = shipped_as("information").with(text("data", "account"));
    let basis = |code: &str| Basis::Reason { code: code.to_owned(), words: None };
    let drafted =
        |code: &str| draft(&asks.case, "refuse", Some(&basis(code)), &asks.terms, asks.now).map(|_| ());
    assert!(drafted("scope").is_ok());
    assert!(matches!(drafted("encrypted"), Err(Refusal::Restraint(Restraint::Untrue { .. }))));
    // Nor does its letter go out once it is not so any more.
    let refused = shipped_as("information").done(refuse("jurisdiction", None));
    let policy = refused.terms.policy().unwrap();
    let gone = |given: &Given| reason_is_gone(&given.case, policy.kind("information").unwrap(), policy);
    assert!(!gone(&refused));
    assert!(gone(&refused.with(text("jurisdiction", "GB"))));
}

const SHARED: &str = "\
instrument     ··dd ··dd gggg ··dd ··dd ··dd ssss ··dd ··dd ··dd ··dd ··dd
jurisdiction   ··aa eeee ··aa nnnn nnnn nnnn nnnn ··aa nnnn nnnn nnnn ··aa
not-ours       ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo
encrypted      ··pp ··pp ··pp ··pp ··pp ··pp ··pp ··pp ··pp ··pp ··pp ··pp
scope          ···· ···· ···· ···· ···· ···· ···· ···· ···· ···· ···· ····
not-held       ···· ···· ···k ···· ···· ···· ···· ···· ···· ···· ···· ····
unverified     ··vv ··vv ··vv ··vv ··vv ··vv ··vv ··vv ··vv ··vv ··vv ··vv
incomplete     ···· ···· ···· ···· ···· ···· ··mm ···· ···· ···· ···· mmmm
no-danger      KKKK ···· KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK
no-breach      KKKK KKKK KKKK ···· KKKK KKKK KKKK KKKK KKKK ···· KKKK ····
voluntary      ··dd ··dd gggg ··dd ··dd ··dd ssss ··dd ··dd ··dd ··dd ··dd
not-a-notice   KKKK KKKK KKKK KKKK ···· ···· KKKK KKKK KKKK KKKK KKKK KKKK
identity       KKKK KKKK KKKK KKKK KKKK KKKK ··vv KKKK KKKK KKKK KKKK KKKK
unfounded      ···· ···· ···· ···· ···· ···· ···· ···· ···· ···· ···· ····
shared         KKKK KKKK KKKK KKKK KKKK KKKK ··ff KKKK KKKK KKKK KKKK KKKK
state-events   KKKK KKKK KKKK KKKK KKKK KKKK wwww KKKK KKKK KKKK KKKK KKKK
other          ···· ···· ···· ···· ···· ···· ···· ···· ···· ···· ···· ····
";

const OF_THE_UNION: &str = "\
epoc-form      ··ff ··ff ··ff KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK
epoc-impossible ··ff ··ff ··ff KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK
epoc-immunity  ··ff ··ff ··ff KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK KKKK
tco-form       KKKK KKKK KKKK KKKK KKKK KKKK KKKK ··ff KKKK KKKK KKKK KKKK
tco-impossible KKKK KKKK KKKK KKKK KKKK KKKK KKKK ··ff KKKK KKKK KKKK KKKK
";

const ELSEWHERE: &str = "\
mlat           ··aa eeee ··aa nnnn nnnn nnnn nnnn ··aa nnnn nnnn nnnn ··aa
elsewhere      ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo ··oo
security       rrrr rrrr rrrr ··rr rrrr rrrr rrrr rrrr rrrr ··rr ··rr ··rr
";
