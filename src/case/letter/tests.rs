//! Letters are filled in with what stands on the case, or say what is open; a request cannot write one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::case::given::{line, terms_under};
use crate::case::{
    Account, CaseId, Choice, Event, Extent, Field, FieldForm, FieldRule, Hold, HoldEnding, HoldOver, Kind,
    Letter, Reading, Reason, Subject, Tongue, Translation, Visit,
};
use crate::policy;

fn now() -> DateTime<Utc> {
    "2026-07-20T22:30:00Z".parse().unwrap()
}

fn ada() -> Account {
    Account::parse("@ada:our.org").unwrap()
}

fn rule(key: &str, label: &str, required: bool) -> FieldRule {
    FieldRule {
        key: key.to_owned(),
        label: label.to_owned(),
        aliases: Vec::new(),
        required,
        form: FieldForm::Text,
        help: format!("the {key} of it"),
        ours: false,
        asks: None,
    }
}

/// Terms with one kind, `plea`, and one letter.
fn terms(name: &str, text: &str) -> Terms {
    let mut policy = policy::matrix_org().unwrap();
    let plea = Kind {
        copy: Vec::new(),
        name: "plea".to_owned(),
        aliases: Vec::new(),
        own_accounts: true,
        discloses: false,
        preserves: true,
        verify_requester: false,
        verify_instrument: false,
        fields: vec![
            rule("reference", "Reference", true),
            rule("return address", "Return address", true),
            FieldRule { form: FieldForm::Accounts, ..rule("accounts", "Accounts", false) },
            rule("proof", "Proof", false),
            FieldRule { form: FieldForm::Data, ..rule("data", "Data", false) },
        ],
        ..policy.kind("information").unwrap().clone()
    };
    policy.kinds = vec![plea];
    policy.letters = vec![Letter {
        flag: None,
        in_part: None,
        keeps: false,
        with_records: false,
        name: name.to_owned(),
        kinds: Vec::new(),
        title: "a letter".to_owned(),
        text: text.to_owned(),
    }];
    for category in &mut policy.categories {
        category.title = format!("the {}", category.name);
    }
    policy.texts = BTreeMap::from([
        ("operator".to_owned(), "The {case} operators".to_owned()),
        ("mlat".to_owned(), "Ask at home.".to_owned()),
    ]);
    policy.reasons = vec![Reason {
        code: "no".to_owned(),
        text: "It is {not} so.".to_owned(),
        ground: None,
        needs_words: false,
        weighs: false,
        while_unverified: false,
        while_incomplete: false,
        kinds: Vec::new(),
        not_ours: false,
        says: None,
        only: Vec::new(),
    }];
    terms_under(policy)
}

fn named(accounts: &[(&str, bool)]) -> Field {
    let subject = |(name, ours): &(&str, bool)| Subject {
        account: Account::parse(name).unwrap(),
        ours: *ours,
        odd: Vec::new(),
    };
    let named = accounts.iter().map(subject).collect();
    Field { reading: Reading::Accounts { named, unread: Vec::new() }, ..line("accounts", "typed") }
}

fn case(terms: &Terms, fields: Vec<Field>) -> Case {
    let opened = Event::Opened {
        kind: "plea".to_owned(),
        policy: terms.current.clone(),
        received: now() - chrono::TimeDelta::days(1),
        fields,
        stray: Vec::new(),
    };
    Case::begin(CaseId::new(42).unwrap(), &opened, &ada(), now()).unwrap()
}

fn filled(text: &str, fields: Vec<Field>) -> Result<String, Refusal> {
    let terms = terms("ack", text);
    draft(&case(&terms, fields), "ack", None, &terms, now()).map(|draft| draft.text())
}

#[track_caller]
fn open(result: Result<String, Refusal>) -> Vec<(String, Filler)> {
    match result {
        Err(Refusal::Letter(Obstacle::Open { open, .. })) => {
            open.into_iter().map(|open| (open.placeholder, open.filler)).collect()
        }
        other => panic!("it is open: {other:?}"),
    }
}

#[test]
fn what_is_kept_names_accounts_of_ours_only_and_says_so_of_the_others() {
    // Rule 8.
    let terms = terms("answer", "For {accounts}.\n\nKept until {hold_until}.\n\n{not_ours}\n\nBye");
    let held = |accounts: &[(&str, bool)]| {
        let mut case = case(&terms, vec![named(accounts)]);
        case.apply(&Event::HoldStarted { from: now(), until: now() }, &ada(), now());
        draft(&case, "answer", None, &terms, now()).map(|draft| draft.text())
    };
    assert_eq!(
        held(&[("@alice:our.org", true), ("@bob:far.org", false)]).unwrap(),
        "For @alice:our.org, @bob:far.org.\n\nKept until Monday 20 July 2026, 23:30 BST (@alice:our.org).\n\n\
         @bob:far.org: not on a server that we run\n\nBye"
    );
    // Where all are ours nothing is said of others, nor whose it is.
    let all = held(&[("@alice:our.org", true)]).unwrap();
    assert_eq!(all, "For @alice:our.org.\n\nKept until Monday 20 July 2026, 23:30 BST.\n\nBye");
}

#[test]
fn what_stands_on_the_case_is_filled_in() {
    let fields = || {
        vec![
            line("reference", " OP-1 "),
            line("return address", "New Scotland Yard\n  London "),
            named(&[("@alice:our.org", true), ("@bob:our.org", true)]),
        ]
    };
    for (text, expected) in [
        ("{case}, {Case}, { case }", "C-42, C-42, C-42"),
        ("a {kind} of {received}", "a plea of Sunday 19 July 2026"),
        // 22:30 UTC is half past eleven in London, and still that day.
        ("{today}", "Monday 20 July 2026"),
        ("{reference}/{line Reference}", "OP-1/OP-1"),
        ("{line return-address}.", "New Scotland Yard, London."),
        ("To\n{line return_address}\n", "To\nNew Scotland Yard\n  London\n"),
        ("{accounts}", "@alice:our.org, @bob:our.org"),
        ("{refused}", "nothing"),
        ("{{{case}}} {{}}", "{C-42} {}"),
        // The policy's own words are not filled in again either.
        ("{operator}", "The {case} operators"),
    ] {
        assert_eq!(filled(text, fields()), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn what_has_no_value_blocks_and_says_what_would_fill_it() {
    assert_eq!(
        open(filled(
            "{reference} {line return address} {accounts} {agency} {reference} {hold_until} {scope} {reason} {due} \
             {adress} {case",
            Vec::new()
        )),
        [
            ("reference", Filler::Line("reference".to_owned())),
            ("line return address", Filler::Line("return address".to_owned())),
            ("accounts", Filler::Line("accounts".to_owned())),
            ("agency", Filler::NoLine),
            ("hold_until", Filler::Hold),
            ("scope", Filler::Scope),
            ("reason", Filler::Ending),
            ("due", Filler::NoClock),
            ("adress", Filler::Stock("adress".to_owned())),
            ("case", Filler::Broken),
        ]
        .map(|(placeholder, filler)| (placeholder.to_owned(), filler))
    );
    let blank = vec![line("reference", "  "), line("return address", "x")];
    assert_eq!(open(filled("{reference}", blank)).len(), 1);
    let unread = vec![Field { reading: Reading::Unread { why: "no".to_owned() }, ..line("reference", "?") }];
    assert_eq!(open(filled("{reference}", unread)).len(), 1);
    let nothing = vec![line("reference", "x"), line("return address", "x")];
    assert_eq!(open(filled("{missing}", nothing)), [("missing".to_owned(), Filler::NothingMissing)]);
}

#[test]
fn what_is_missing_is_a_list_with_what_to_put_there() {
    let unread =
        Field { reading: Reading::Unread { why: "not a day".to_owned() }, ..line("reference", "x\ny") };
    let fields = vec![unread, line("accounts", "a"), line("accounts", "b")];
    assert_eq!(
        filled("We need:\n{missing}\nThank you.", fields).unwrap(),
        "We need:\n- Return address: the return address of it\n- Reference: we could not read “x, y” (not a day)\n\
         - Accounts: given more than once; please say which is right\nThank you."
    );
    assert_eq!(
        filled("We need {missing}.", Vec::new()).unwrap(),
        "We need Reference: the reference of it; Return address: the return address of it."
    );
}

#[test]
fn what_is_refused_says_why() {
    let terms = terms("answer", "{scope}\n{refused}");
    let asked = line("data", "account, messages, rumours, secrets");
    let fields = vec![named(&[("@alice:our.org", true), ("@bob:else.org", false)]), asked];
    let mut case = case(&terms, fields);
    for (category, allowed, reason) in [
        ("account", true, Some("not shown")),
        ("messages", false, Some("end-to-end")),
        ("rumours", false, None),
    ] {
        let (category, reason) = (category.to_owned(), reason.map(str::to_owned));
        case.apply(&Event::ScopeSet { category, allowed, reason }, &ada(), now());
    }
    assert_eq!(
        draft(&case, "answer", None, &terms, now()).unwrap().text(),
        "- the account\n- the messages: end-to-end\n- rumours\n\
         - secrets: we could not tell which records are meant by this; please say it in other words\n- @bob:else.org: not on a server that we run"
    );
}

#[test]
fn what_nobody_understood_is_asked_about_where_records_may_go_out() {
    let text = |discloses: bool, data: &str| {
        let mut terms = terms("ask", "{missing}");
        let fields =
            vec![line("reference", "x"), line("return address", "x"), line("proof", "x"), line("data", data)];
        let kinds = terms.policies.values_mut().flat_map(|policy| &mut policy.kinds);
        kinds.for_each(|kind| kind.discloses = discloses);
        draft(&case(&terms, fields), "ask", None, &terms, now()).map(|draft| draft.text())
    };
    let pictures = text(true, "account, profile pictures, logins of May").unwrap();
    assert_eq!(
        pictures,
        "- “profile pictures”: we could not tell which records are meant by this; please say it in other words\n\
         - “logins of May”: we could not tell which records are meant by this; please say it in other words"
    );
    assert_eq!(text(true, "account"), Err(Obstacle::NothingToAsk.into()));
    assert_eq!(text(false, "account, profile pictures"), Err(Obstacle::NothingToAsk.into()));
}

#[test]
fn a_hold_is_named_while_it_lasts() {
    let terms = terms("answer", "until {hold_until}");
    let mut case = case(&terms, Vec::new());
    let until = |at: &str, over: Option<HoldOver>| {
        Some(Hold {
            from: now(),
            until: at.parse().unwrap(),
            extended: 0,
            extensions: Vec::new(),
            before: None,
            over,
        })
    };
    let text = |case: &Case| draft(case, "answer", None, &terms, now()).map(|draft| draft.text());
    case.hold = until("2026-10-18T22:59:59Z", None);
    assert_eq!(text(&case), Ok("until Sunday 18 October 2026".to_owned()));
    case.hold = until("2026-10-18T16:00:00Z", None);
    assert_eq!(text(&case), Ok("until Sunday 18 October 2026, 17:00 BST".to_owned()));
    case.hold = until("2026-10-18T16:00:00Z", Some(HoldOver { at: now(), how: HoldEnding::Released }));
    assert_eq!(open(text(&case)), [("hold_until".to_owned(), Filler::Hold)]);
}

#[test]
fn a_refusal_is_worded_by_the_record_or_by_the_reason_given() {
    let terms = terms("refuse", "{reason}");
    let mut case = case(&terms, Vec::new());
    let reason =
        |code: &str| Basis::Reason { code: code.to_owned(), words: Some("Sorry {case}.".to_owned()) };
    let text = |case: &Case, basis: Option<&Basis>| {
        draft(case, "REFUSE", basis, &terms, now()).map(|draft| draft.text())
    };
    assert_eq!(text(&case, None), Err(Obstacle::NeedsEnding { letter: "refuse".to_owned() }.into()));
    assert_eq!(text(&case, Some(&reason("No"))), Ok("It is {not} so. Sorry {case}.".to_owned()));
    assert!(
        matches!(text(&case, Some(&reason("none"))), Err(Refusal::NoSuchReason { typed, .. }) if typed == "none")
    );
    let refused = Event::RequestRefused { code: "no".to_owned(), text: "As it was.".to_owned(), words: None };
    case.apply(&refused, &ada(), now());
    assert_eq!(text(&case, None), Ok("As it was.".to_owned()));
    let ended = Refusal::AlreadyEnded(Ending::Refused { code: "no".to_owned() });
    assert_eq!(text(&case, Some(&reason("no"))), Err(ended));
    // A case whose wording was not kept says what the policy says.
    case.wording = None;
    assert_eq!(text(&case, None), Ok("It is {not} so.".to_owned()));
    case.apply(&Event::Withdrawn { reason: None }, &ada(), now());
    assert_eq!(text(&case, None), Err(Refusal::AlreadyEnded(Ending::Withdrawn)));
}

#[test]
fn a_letter_for_the_kind_comes_before_one_for_all() {
    let mut terms = terms("ack", "for all");
    let case = case(&terms, Vec::new());
    let policy = terms.policies.values_mut().next().unwrap();
    let own =
        Letter { kinds: vec!["plea".to_owned()], text: "for pleas".to_owned(), ..policy.letters[0].clone() };
    let other = Letter { name: "other".to_owned(), kinds: vec!["none".to_owned()], ..own.clone() };
    policy.letters.extend([own, other]);
    assert_eq!(draft(&case, "ack", None, &terms, now()).unwrap().text(), "for pleas");
    let there_are = vec!["ack".to_owned()];
    assert_eq!(
        draft(&case, "Other", None, &terms, now()),
        Err(Obstacle::NoSuchLetter { typed: "Other".to_owned(), there_are }.into())
    );
}

#[test]
fn a_long_value_is_cut_and_many_accounts_are_counted() {
    let long = filled("{reference}", vec![line("reference", &"x".repeat(3_000))]).unwrap();
    assert!(long.ends_with("x… (as in your request)") && long.chars().count() < 2_100);
    let names: Vec<String> = (0..60).map(|n| format!("@a{n}:our.org")).collect();
    let many: Vec<(&str, bool)> = names.iter().map(|name| (name.as_str(), true)).collect();
    let text = filled("{accounts}", vec![named(&many)]).unwrap();
    assert!(text.ends_with("@a49:our.org and 10 more that the request names"), "{text}");
}

/// A piece of a letter's text, with what it comes to; `None` if it is open.
fn part() -> impl Strategy<Value = (String, Option<String>)> {
    let same = |text: String| (text.clone(), Some(text));
    prop_oneof![
        "[^{}]{0,8}".prop_map(same),
        Just(("{{".to_owned(), Some("{".to_owned()))),
        Just((" }} ".to_owned(), Some(" } ".to_owned()))),
        Just(("{case}".to_owned(), Some("C-42".to_owned()))),
        "[a-z]{1,4}!".prop_map(|name| (format!("{{{name}}}"), None)),
    ]
}

proptest! {
    /// What comes out is what the policy wrote, with values in the place of placeholders; a value is itself, whatever it
    /// looks like.
    #[test]
    fn no_placeholder_is_left_and_no_value_is_filled_again(
        parts in prop::collection::vec(part(), 0..12),
        value in "[ -~]{0,20}|\\{(case|reference|operator|line x)\\}|\\{\\{|\\}\\}",
    ) {
        let mut text: String = parts.iter().map(|(text, _)| text.as_str()).collect();
        text.push_str("<{reference}>");
        let expected: Option<String> = parts.iter().map(|(_, expected)| expected.as_deref()).collect();
        let value = value.trim();
        match filled(&text, vec![line("reference", value)]) {
            Ok(out) => prop_assert_eq!(Some(out), expected.map(|words| format!("{words}<{value}>"))),
            Err(Refusal::Letter(Obstacle::Open { open, .. })) => {
                prop_assert!(expected.is_none() || value.is_empty(), "{:?}", open);
            }
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }

    /// Whatever a policy writes, a brace that stands in the letter was doubled or closes nothing.
    #[test]
    fn no_text_breaks_it(text in "[a-z{}\\n ]{0,30}") {
        if let Ok(out) = filled(&text, Vec::new()) {
            let doubled = text.matches("{{").count();
            let braces = out.matches('{').count();
            prop_assert!(braces <= doubled, "{:?}", out);
        }
    }
}

/// The terms of `filled`, with a line that chooses from a list, one that chooses within it, and their sentences.
fn choosing(text: &str) -> Terms {
    let mut terms = terms("answer", text);
    let choice = |word: &str, alias: &str| Choice { word: word.to_owned(), aliases: vec![alias.to_owned()] };
    let policy = terms.policies.values_mut().next().unwrap();
    let form = FieldForm::SomeOf(vec![choice("copy", "see"), choice("be rid of", "delete")]);
    policy.kinds[0].fields.push(FieldRule { form, ..rule("wish", "Wish", false) });
    let form = FieldForm::OneOf(vec!["all".to_owned(), "some".to_owned()]);
    policy.kinds[0].fields.push(FieldRule { form, ..rule("how much", "How much", false) });
    policy.texts.extend(
        [
            ("wish-copy", "You get it."),
            ("wish-be-rid-of", "It goes: {each how much}"),
            ("how-much-all", "all of it."),
            ("how-much-some", "some of it."),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned())),
    );
    terms
}

fn chosen_of(text: &str, fields: Vec<Field>) -> Result<String, Refusal> {
    let terms = choosing(text);
    draft(&case(&terms, fields), "answer", None, &terms, now()).map(|draft| draft.text())
}

#[test]
fn each_choice_of_a_line_has_its_sentence() {
    for (fields, said) in [
        (vec![line("wish", "copy")], "You get it."),
        (vec![line("wish", "delete"), line("how much", "SOME")], "It goes: some of it."),
        // In the order of the list, each once, whatever the request calls them.
        (
            vec![line("wish", "be rid of, see"), line("wish", "copy"), line("how much", "all")],
            "You get it.\n\nIt goes: all of it.",
        ),
        // A line that says nothing means the first of its list.
        (vec![line("wish", "delete")], "It goes: all of it."),
        (vec![line("wish", " ")], "You get it."),
        (vec![], "You get it."),
    ] {
        assert_eq!(chosen_of("{each wish}", fields), Ok(said.to_owned()));
    }
    // What cannot be read promises nothing.
    let filler = |line: &str| Filler::Line(line.to_owned());
    for (wish, amount, lacks) in [("a pony", "all", "wish"), ("delete", "a lot", "how much")] {
        let fields = vec![line("wish", wish), line("how much", amount)];
        assert_eq!(open(chosen_of("{each wish}", fields)), [("each wish".to_owned(), filler(lacks))]);
    }
    let unread = Field { reading: Reading::Unread { why: "no".to_owned() }, ..line("wish", "copy") };
    assert_eq!(open(chosen_of("{each wish}", vec![unread])), [("each wish".to_owned(), filler("wish"))]);
    // A line that chooses from no list, none at all, and one whose sentence is gone.
    for (text, filler) in [
        ("{each reference}", Filler::NoLine),
        ("{each pony}", Filler::NoLine),
        ("{each how much}", Filler::Stock("how-much-all".to_owned())),
    ] {
        let mut terms = choosing(text);
        terms.policies.values_mut().next().unwrap().texts.remove("how-much-all");
        let drafted = draft(&case(&terms, vec![]), "answer", None, &terms, now()).map(|draft| draft.text());
        assert_eq!(open(drafted), [(text.trim_matches(['{', '}']).to_owned(), filler)]);
    }
}

#[test]
fn a_part_is_told_with_what_is_not_granted_once_somebody_said_that() {
    // Rule 65: before, the answer in part says what the one in full does.
    let mut terms = choosing("{case}: {each wish}");
    let policy = terms.policies.values_mut().next().unwrap();
    policy.kinds[0].fields.push(FieldRule { ours: true, ..rule("not granted", "Not granted", false) });
    policy.letters[0].in_part = Some("{case}: not {line not granted}".to_owned());
    assert_eq!(said_of_a_part(&policy.letters[0]), ["not granted"]);
    let told = |extent: Extent, fields: Vec<Field>| {
        let mut case = case(&terms, fields);
        case.apply(&Event::Answered { extent }, &ada(), now());
        draft(&case, "answer", None, &terms, now()).map(|draft| draft.text()).unwrap()
    };
    let why = || vec![line("not granted", "the rest, for it is not yours")];
    assert_eq!(told(Extent::Part, vec![]), "C-42: You get it.");
    assert_eq!(told(Extent::Part, why()), "C-42: not the rest, for it is not yours");
    assert_eq!(told(Extent::Full, why()), "C-42: You get it.");
}

/// A policy that says the letter `ack` in German too.
fn in_german(text: &str) -> Terms {
    let mut terms = terms("ack", "Received {received}: {operator}.");
    let policy = terms.policies.values_mut().next().unwrap();
    let theirs = Letter { text: text.to_owned(), ..policy.letters[0].clone() };
    let texts = BTreeMap::from([("mlat".to_owned(), "Fragen Sie zu Hause.".to_owned())]);
    let said = Translation { letters: vec![theirs], texts, ..Translation::default() };
    policy.languages = BTreeMap::from([(Tongue::De, said)]);
    terms
}

fn of_german() -> Visit {
    Visit {
        account: Account::parse("@alice:our.org").unwrap(),
        tongue: Tongue::De,
        key: None,
        letters: Vec::new(),
        agreed: None,
        wrote: None,
        lately: Vec::new(),
        taken_back: None,
    }
}

#[test]
fn whoever_asked_by_themselves_reads_it_in_their_language_throughout_or_in_the_policys_own() {
    let said = |text: &str, visit: Option<Visit>| {
        let terms = in_german(text);
        let case = Case { visit, ..case(&terms, Vec::new()) };
        let draft = draft(&case, "ack", None, &terms, now()).unwrap();
        (draft.tongue, draft.text())
    };
    let german = said("Eingang {received}: {operator} {mlat}", Some(of_german()));
    assert_eq!(german.0, Some(Tongue::De));
    assert!(
        german.1.starts_with("Eingang ")
            && german.1.ends_with(" 2026: The {case} operators Fragen Sie zu Hause."),
        "{}",
        german.1
    );
    assert!(!german.1.contains("Monday") && !german.1.contains("Tuesday"), "{}", german.1);
    assert_eq!(said("Eingang {received}: {operator} {mlat}", None).0, None, "somebody else wrote");
    for own in ["Eingang {kind}", "Eingang {missing}", "Eingang {elsewhere}"] {
        let said = said(own, Some(of_german()));
        assert!(said.0.is_none() && said.1.starts_with("Received "), "{own}: {}", said.1);
    }
}

/// Rule 65: that something is withheld, and not what, is said in no language.
#[test]
fn which_half_of_a_letter_goes_out_does_not_hang_on_its_language() {
    let mut terms = in_german("Alles getan.");
    let policy = terms.policies.values_mut().next().unwrap();
    policy.letters[0].in_part = Some("Not done: {line proof}".to_owned());
    let theirs = &mut policy.languages.get_mut(&Tongue::De).unwrap().letters[0];
    theirs.in_part = Some("Einen Teil getan.".to_owned());
    let at = now();
    let what = Ending::Answered { extent: Extent::Part };
    let outcome = crate::case::Outcome { what, at, by: ada(), with: BTreeSet::new() };
    let case = Case { visit: Some(of_german()), outcome: Some(outcome), ..case(&terms, Vec::new()) };
    let said = |case: &Case| draft(case, "ack", None, &terms, at).unwrap();
    assert_eq!((said(&case).tongue, said(&case).text()), (Some(Tongue::De), "Alles getan.".to_owned()));
}
