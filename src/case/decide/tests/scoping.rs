//! What is asked for, line by line, and what people may decide about it (rules 1, 3, 6, 8, 10, 13, 18, 37, 39, 53).

use chrono::{DateTime, NaiveDate, Utc};

use super::given::{Given, ada, given, now, shipped, terms, text};
use crate::case::Refusal as R;
use crate::case::decide::scoping::answerable;
use crate::case::decide::{Around, Draw, Events, Setting, decide};
use crate::case::scope::{Goes, Line, Verdict, category, scope};
use crate::case::{
    Category, Command, Event, Extent, Field, Held, Hold, Instrument, Policy, Reading, Restraint, ScopeLine,
    Span, Tell, Terms, given,
};

pub(super) fn policy() -> Policy {
    let category = |name: &str, aliases: &[&str], content, held| Category {
        name: name.to_owned(),
        title: format!("{name} records"),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        content,
        held,
        why: None,
    };
    let instrument = |name: &str, opens: &[&str], wants: &[&str]| Instrument {
        opens: opens.iter().map(|name| (*name).to_owned()).collect(),
        wants: wants.iter().map(|key| (*key).to_owned()).collect(),
        ..given::instrument(name, &[name], Tell::Tell)
    };
    let mut policy = shipped();
    policy.categories = vec![
        category("account", &["subscriber"], false, Held::Kept),
        category("log", &["ip", "names and addresses"], false, Held::For(Span::Days(180))),
        category("chat", &[], true, Held::Kept),
        category("sealed", &[], true, Held::Encrypted),
        category("fax", &[], false, Held::Never),
    ];
    policy.instruments = vec![
        instrument("subpoena", &["account", "log"], &["authorising officer"]),
        instrument("warrant", &["account", "log", "chat"], &[]),
    ];
    policy.version = terms().current;
    policy.accepts = vec!["GB".to_owned()];
    policy.texts = [
        ("encrypted", "It is end-to-end encrypted."),
        ("none-held", "We hold none."),
        ("not-opened", "The instrument does not reach it."),
        ("gone", "The {category} went on {date}."),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    policy
}

fn by() -> Terms {
    let policy = policy();
    Terms { policies: [(policy.version.clone(), policy)].into(), ..terms() }
}

/// A request of a kind from GB, for these data, resting on this.
fn asking(kind: &str, data: &str, instrument: &str) -> Given {
    let case = given(kind).with(text("jurisdiction", "GB")).with(text("data", data));
    if instrument.is_empty() { case } else { case.with(text("instrument", instrument)) }
}

fn from_to(given: &Given, from: &str, to: &str) -> Given {
    let on = |key: &str, value: &str| Field { reading: Reading::Day { day: day(value) }, ..text(key, value) };
    given.with(on("from", from)).with(on("to", to))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn verdicts(given: &Given) -> Vec<Verdict> {
    lines_at(given, now()).into_iter().map(|line| line.verdict).collect()
}

fn lines_at(given: &Given, now: DateTime<Utc>) -> Vec<Line<'static>> {
    // A test's policy may live as long as the test run.
    let policy: &'static Policy = Box::leak(Box::new(policy()));
    scope(&given.case, policy, now, terms().zone)
}

fn decided(given: &Given, command: Command) -> Result<Events, R> {
    decide(
        &given.case,
        &Around::default(),
        command,
        &Setting { actor: &ada(), terms: &by(), now: now(), draw: Draw::NONE, certain: true },
    )
}

fn say(allow: bool, what: &str, reason: Option<&str>) -> Command {
    Command::Scope { categories: vec![what.to_owned()], allow, reason: reason.map(str::to_owned) }
}

fn allow(what: &str) -> Command {
    say(true, what, None)
}

/// What is set, as name, allowed, reason.
fn set(decided: Result<Events, R>) -> Vec<(String, bool, Option<String>)> {
    let events = decided.expect("it is done").into_iter();
    events
        .filter_map(|(_, event)| match event {
            Event::ScopeSet { category, allowed, reason } => Some((category, allowed, reason)),
            _ => None,
        })
        .collect()
}

fn after(given: &Given, command: Command) -> Given {
    let mut given = given.clone();
    for (_, event) in decided(&given, command).expect("it is done") {
        given.case.apply(&event, &ada(), now());
    }
    given
}

fn cannot(category: &str, why: Verdict, text: &str) -> R {
    R::CannotAllow { category: category.to_owned(), why, text: text.to_owned() }
}

#[test]
fn a_line_of_data_is_read_however_it_is_joined() {
    let named = |data: &str| -> Vec<String> {
        let lines = lines_at(&asking("information", data, "warrant"), now());
        lines
            .into_iter()
            .map(|line| line.category.map_or(line.typed, |category| category.name.clone()))
            .collect()
    };
    assert_eq!(named("account, log; chat"), ["account", "log", "chat"]);
    assert_eq!(named("Account and LOG\n- all chat records"), ["account", "log", "chat"]);
    assert_eq!(named("names and addresses"), ["log"]);
    assert_eq!(named("subscriber & ip/chat"), ["account", "log", "chat"]);
    assert_eq!(
        named("account, the subscriber records, ip, log"),
        ["account", "the subscriber records", "log"]
    );
    assert_eq!(named("hats and coats, account"), ["hats and coats", "account"]);
    assert_eq!(named("hats and account"), ["hats", "account"]);
    assert!(named(" , ;and; - ").is_empty());
    assert!(category("accounts", &policy()).is_none(), "a near miss is suggested, not guessed");
}

#[test]
fn the_instrument_opens_line_by_line() {
    let data = "account, log, chat, sealed, fax, hats";
    let rest = [Verdict::Encrypted, Verdict::NotHeld, Verdict::Unknown];
    let of = |instrument: &str| verdicts(&asking("information", data, instrument));
    assert_eq!(of("subpoena")[..3], [Verdict::Open, Verdict::Open, Verdict::NotOpened]);
    assert_eq!(of("warrant")[..3], [Verdict::Open, Verdict::Open, Verdict::Open]);
    for nothing in ["", "see attached", "warrant and subpoena"] {
        assert_eq!(of(nothing)[..3], [Verdict::NoInstrument, Verdict::NoInstrument, Verdict::NoInstrument]);
    }
    for any in ["", "subpoena", "warrant"] {
        assert_eq!(of(any)[3..], rest, "{any}");
    }
}

#[test]
fn a_letter_keeps_whatever_is_held_and_needs_no_instrument() {
    let asked = asking("preservation", "account, log, chat, sealed, fax", "");
    let open = Verdict::Open;
    assert_eq!(verdicts(&asked), [open.clone(), open.clone(), open, Verdict::Encrypted, Verdict::NotHeld]);
}

#[test]
fn in_an_emergency_nothing_is_in_the_scope_until_somebody_allows_it() {
    let asked = asking("emergency", "account, log, sealed", "warrant");
    assert_eq!(verdicts(&asked), [Verdict::Undecided, Verdict::Undecided, Verdict::Encrypted]);
    let allowed = after(&asked, allow("log"));
    assert_eq!(verdicts(&allowed)[1], Verdict::Allowed { by: ada() });
    assert_eq!(decided(&allowed, allow("log")), Err(R::NoChange));
    assert_eq!(decided(&asked, allow("sealed")), Err(cannot("sealed", Verdict::Encrypted, encrypted())));
}

fn encrypted() -> &'static str {
    "It is end-to-end encrypted."
}

#[test]
fn content_is_nobodys_by_default_where_no_instrument_is_needed() {
    let asked = given("subject").with(text("data", "account, chat"));
    assert_eq!(verdicts(&asked), [Verdict::Open, Verdict::Undecided]);
    assert_eq!(verdicts(&after(&asked, allow("chat")))[1], Verdict::Allowed { by: ada() });
}

#[test]
fn nobody_allows_what_is_not_there_or_not_opened() {
    let asked = asking("information", "account, chat, sealed, fax, hats", "subpoena");
    let not_opened = "The instrument does not reach it.";
    assert_eq!(decided(&asked, allow("chat")), Err(cannot("chat", Verdict::NotOpened, not_opened)));
    assert_eq!(decided(&asked, allow("sealed")), Err(cannot("sealed", Verdict::Encrypted, encrypted())));
    assert_eq!(decided(&asked, allow("fax")), Err(cannot("fax", Verdict::NotHeld, "We hold none.")));
    assert_eq!(decided(&asked, allow("hats")), Err(cannot("hats", Verdict::Unknown, "")));
    let bare = asking("information", "account", "");
    assert_eq!(decided(&bare, allow("account")), Err(cannot("account", Verdict::NoInstrument, "")));
    // What is open needs nobody's word, and what nobody asks for is not given (rule 11).
    assert_eq!(decided(&asked, allow("account")), Err(R::NoChange));
    let asked_for = ["account", "chat", "sealed", "fax", "hats"].map(str::to_owned).to_vec();
    assert_eq!(
        decided(&asked, allow("log")),
        Err(R::NotAskedFor { typed: "log".to_owned(), asked: asked_for })
    );
}

#[test]
fn what_was_allowed_under_one_instrument_is_not_under_another() {
    let mut asked = asking("information", "chat", "warrant");
    asked = after(&asked, say(false, "chat", Some("too much")));
    asked = after(&asked, allow("chat"));
    assert_eq!(verdicts(&asked), [Verdict::Allowed { by: ada() }]);
    asked.case.fields.retain(|field| field.key != "instrument");
    assert_eq!(verdicts(&asked.with(text("instrument", "subpoena"))), [Verdict::NotOpened]);
    assert_eq!(verdicts(&asked), [Verdict::NoInstrument]);
}

#[test]
fn a_refusal_has_a_reason_its_own_or_the_policys() {
    let asked = asking("information", "account, fax, hats, sealed", "warrant");
    let refuse = |what: &str, reason| decided(&asked, say(false, what, reason));
    let needs = |name: &str| Err(R::ScopeNeedsReason { category: name.to_owned(), allow: false });
    assert_eq!(refuse("account", None), needs("account"));
    assert_eq!(refuse("hats", None), needs("hats"));
    let none = Some("We hold none.".to_owned());
    assert_eq!(set(refuse("fax", None)), [("fax".to_owned(), false, none)]);
    assert_eq!(
        set(refuse("subscriber hats", Some("no"))),
        [
            ("account".to_owned(), false, Some("no".to_owned())),
            ("hats".to_owned(), false, Some("no".to_owned()))
        ]
    );
    let refused = after(&asked, say(false, "account", Some("no")));
    assert!(matches!(verdicts(&refused)[0], Verdict::Refused { .. }));
    assert_eq!(verdicts(&after(&refused, allow("account")))[0], Verdict::Allowed { by: ada() });
    assert_eq!(decided(&refused, say(false, "account", Some("no"))), Err(R::NoChange));
    // One that cannot be refuses all.
    assert!(refuse("fax account", None).is_err());
}

#[test]
fn what_goes_is_told_before_it_is_gone() {
    // 180 days after 1 June is 28 November; now it is 20 November.
    let asked = from_to(&asking("information", "log, account", "warrant"), "2026-06-01", "2026-06-03");
    let at = |when: &str| lines_at(&asked, format!("{when}T12:00:00Z").parse().unwrap()).remove(0);
    let goes = |of: &str, on: &str| Some(Goes { of: day(of), on: day(on) });
    let early = at("2026-11-20");
    assert_eq!((early.verdict, early.goes), (Verdict::Open, goes("2026-06-01", "2026-11-28")));
    // On its last day the last hours may still be there.
    assert_eq!(at("2026-11-28").verdict, Verdict::Open);
    let late = at("2026-11-29");
    assert_eq!(late.verdict, Verdict::PartlyGone { before: day("2026-06-02") });
    assert_eq!(late.goes, goes("2026-06-02", "2026-11-29"));
    assert_eq!(at("2026-11-30").verdict, Verdict::PartlyGone { before: day("2026-06-03") });
    let gone = at("2026-12-01");
    assert_eq!((gone.verdict, gone.goes), (Verdict::Gone { on: day("2026-11-30") }, None));
    // Whichever way round the days were typed.
    let turned = from_to(&asking("information", "log", "warrant"), "2026-06-03", "2026-06-01");
    assert_eq!(lines_at(&turned, now())[0].goes, goes("2026-06-01", "2026-11-28"));
    // What is kept with the account does not go.
    assert_eq!(lines_at(&asked, now())[1].goes, None);
}

#[test]
fn no_day_comforts_while_the_beginning_is_not_known() {
    let asked = || asking("information", "log, account", "warrant");
    let to = |day: &str| Field { reading: Reading::Day { day: day.parse().unwrap() }, ..text("to", day) };
    let unread =
        Field { reading: Reading::Unread { why: "which day?".to_owned() }, ..text("from", "03/05/2026") };
    for asked in [asked().with(to("2026-11-01")), asked().with(unread.clone()).with(to("2026-11-01"))] {
        let lines = lines_at(&asked, now());
        assert_eq!((lines[0].goes, lines[0].unsure), (None, true));
        assert!(!lines[1].unsure, "what is kept with the account does not go");
    }
    // That all of it is gone is known by its end alone.
    let gone = asked().with(unread).with(to("2026-01-02"));
    assert!(matches!(lines_at(&gone, now())[0].verdict, Verdict::Gone { .. }));
    assert!(!lines_at(&gone, now())[0].unsure && !lines_at(&asked(), now())[0].unsure);
}

#[test]
fn a_hold_stops_what_goes() {
    let mut asked = from_to(&asking("preservation", "log", ""), "2026-06-01", "2026-06-01");
    asked.case.hold = Some(Hold {
        from: now(),
        until: now(),
        extended: 0,
        extensions: Vec::new(),
        before: None,
        over: None,
    });
    let line = lines_at(&asked, "2027-02-01T12:00:00Z".parse().unwrap()).remove(0);
    assert_eq!((line.verdict, line.goes), (Verdict::Open, None));
}

#[test]
fn what_is_gone_is_allowed_only_with_where_it_lies() {
    let asked = from_to(&asking("information", "log", "warrant"), "2026-01-01", "2026-01-02");
    assert!(matches!(verdicts(&asked)[..], [Verdict::Gone { .. }]));
    let needs = R::ScopeNeedsReason { category: "log".to_owned(), allow: true };
    assert_eq!(decided(&asked, allow("log")), Err(needs));
    let found = after(&asked, say(true, "log", Some("in the snapshot of C-1")));
    assert_eq!(verdicts(&found), [Verdict::Allowed { by: ada() }]);
    // What was allowed while it was there is gone all the same.
    let mut before = asked.clone();
    let at = "2026-02-01T12:00:00Z".parse().unwrap();
    before.case.scope.insert("log".to_owned(), ScopeLine { allowed: true, reason: None, by: ada(), at });
    assert!(matches!(verdicts(&before)[..], [Verdict::Gone { .. }]));
    // No reason brings back what the instrument does not open.
    let barred = from_to(&asking("information", "log", ""), "2026-01-01", "2026-01-02");
    let said = decided(&barred, say(true, "log", Some("in the snapshot of C-1")));
    assert_eq!(said, Err(cannot("log", Verdict::NoInstrument, "")));
}

#[test]
fn an_answer_goes_as_far_as_the_scope() {
    let terms = by();
    let answer = |given: &Given, extent| {
        let setting = Setting { actor: &ada(), terms: &terms, now: now(), draw: Draw::NONE, certain: true };
        answerable(&given.case, extent, &setting)
    };
    let asked = asking("information", "account, sealed", "warrant");
    let out = R::NotAllInScope { out: vec!["sealed".to_owned()] };
    assert_eq!(answer(&asked, Extent::Full), Err(out));
    assert!(answer(&asked, Extent::Part).is_ok());
    let nothing = asking("information", "sealed", "warrant");
    let none = R::NothingInScope { undecided: Vec::new() };
    assert_eq!(answer(&nothing, Extent::Part), Err(none));
    assert!(answer(&nothing, Extent::None).is_ok());
    // What is only kept is not given out, line by line or otherwise.
    let kept = asking("preservation", "sealed, hats", "");
    assert!(answer(&kept, Extent::Full).is_ok() && answer(&kept, Extent::Part).is_ok());
}

/// Rules 37 and 53: whoever gets a part does not hear that it is all.
#[test]
fn what_is_gone_in_part_is_not_answered_in_full() {
    let terms = by();
    let answer = |given: &Given, extent| {
        let setting = Setting { actor: &ada(), terms: &terms, now: now(), draw: Draw::NONE, certain: true };
        answerable(&given.case, extent, &setting)
    };
    let asked = |from: &str| from_to(&asking("information", "account, log", "warrant"), from, "2026-11-19");
    // 180 days after 24 May is 20 November, on which the last of it may still be there.
    let from = vec![("log".to_owned(), day("2026-05-24"))];
    let partly = asked("2026-01-01");
    assert_eq!(answer(&partly, Extent::Full), Err(Restraint::PartlyGone { from }.into()));
    assert!(answer(&partly, Extent::Part).is_ok());
    assert!(answer(&asked("2026-06-01"), Extent::Full).is_ok());
    // A letter that only keeps promises no record.
    let keeps = from_to(&asking("preservation", "log", ""), "2026-01-01", "2026-11-19");
    assert!(answer(&keeps, Extent::Full).is_ok());
}

#[test]
fn what_came_of_a_request_ends_its_scope() {
    let asked = asking("emergency", "account, log", "");
    let refused = asked.after(Event::RequestRefused { code: "x".into(), text: "x".into(), words: None });
    assert!(matches!(decided(&refused, allow("log")), Err(R::AlreadyEnded(_))));
    let answered = asked.after(Event::Answered { extent: Extent::Part });
    assert!(matches!(decided(&answered, say(false, "log", Some("no"))), Err(R::AlreadyEnded(_))));
    // Widening it afterwards takes two.
    let events = decided(&answered, allow("log")).unwrap();
    assert!(matches!(events[..], [(_, Event::Proposed { .. })]), "{events:?}");
    assert_eq!(decided(&answered.closed(), allow("log")), Err(R::AlreadyClosed));
}
