//! Policy files as operators write them: every mistake is told, and what the guide shows works.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use docket::case::{Span, Tell};
use docket::policy::{Layer, Mistakes, Taken, stack};

const MISTAKES: &str = include_str!("policy/mistakes.yaml");

fn ours(text: &str) -> Result<Taken, Mistakes> {
    stack(&[Layer::File { name: "ours.yaml", text }])
}

/// What is told of a file that continues a pack.
fn told(rest: &str) -> String {
    ours(&format!("name: ours\nafter: [matrix-org]\n{rest}"))
        .map(|_| String::new())
        .unwrap_or_else(|mistakes| mistakes.to_string())
}

#[test]
fn twenty_mistakes_get_twenty_lines() {
    let Mistakes(lines) = ours(MISTAKES).unwrap_err();
    let said = lines.join("\n") + "\n";
    assert_eq!(said, include_str!("policy/mistakes.txt"), "\n{said}");
    assert_eq!(lines.len(), 20);
    for number in 1..=20 {
        let mark = format!("# {number}:");
        let line = 1 + MISTAKES.lines().position(|line| line.contains(&mark)).unwrap();
        let place = format!("ours.yaml:{line}:");
        assert_eq!(lines.iter().filter(|said| said.starts_with(&place)).count(), 1, "{mark} {said}");
    }
}

/// The examples of the guide, in their order.
fn examples() -> Vec<&'static str> {
    let guide = include_str!("../docs/policy.md");
    let blocks = guide.split("```yaml\n").skip(1);
    blocks.map(|block| block.split_once("```").unwrap().0).collect()
}

fn example(word: &str) -> Taken {
    let text = examples().into_iter().find(|text| text.contains(word)).unwrap();
    ours(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn every_example_of_the_guide_is_read() {
    assert_eq!(examples().len(), 6);
    for text in examples() {
        ours(text).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes}"));
    }
}

#[test]
fn one_number_is_changed_and_the_rest_stays() {
    let before = stack(&[Layer::Pack("matrix-org")]).unwrap().policy;
    let Taken { policy, notes, .. } = example("term: 60 days");
    assert_eq!((policy.hold.term.span, policy.keep), (Span::Days(60), Span::Years(3)));
    assert_eq!(policy.hold.extend, before.hold.extend);
    assert_eq!(
        notes,
        [
            "`hold/term` of `matrix-org` (90 days) is replaced by `ours` (60 days)",
            "`keep` of `base` (2 years) is replaced by `ours` (3 years)"
        ]
    );
    assert!(policy.version.starts_with("ours/") && policy.version.len() == "ours/01234567".len());
    let same = docket::case::Policy {
        version: before.version.clone(),
        hold: before.hold.clone(),
        keep: before.keep,
        ..policy
    };
    assert_eq!(same, before, "nothing else is touched");
}

#[test]
fn a_kind_takes_no_programming() {
    let policy = example("by-law:").policy;
    let kind = policy.kind("City order").unwrap();
    assert_eq!(kind.fields.iter().filter(|rule| rule.required).count(), 5);
    assert_eq!(kind.field("shoulder number").map(|rule| rule.key.as_str()), Some("badge"));
    assert!(policy.letter("ack", "by-law").unwrap().text.contains("{line ward}"));
    assert!(!policy.letter("ack", "terms").unwrap().text.contains("{line ward}"));
    assert_eq!(policy.kinds.last().map(|kind| kind.name.as_str()), Some("by-law"), "behind the others");
}

#[test]
fn packs_join_what_they_accept_and_a_file_says_the_last_word() {
    let packs = stack(&[Layer::Pack("uk"), Layer::Pack("us")]).unwrap();
    assert_eq!(packs.policy.accepts, ["GB", "US"]);
    assert!(packs.notes.contains(&"`accepts` of `uk` [GB] and of `us` [US] are joined".to_owned()));
    assert!(packs.policy.version.starts_with("uk+us/"));
    assert_eq!(example("accepts: [GB, DE, FR]").policy.accepts, ["GB", "DE", "FR"]);
}

#[test]
fn what_is_taken_off_is_gone() {
    let policy = example("remove:").policy;
    assert!(policy.reason("voluntary").is_none());
    let answer = policy.clocks.iter().find(|clock| clock.name == "answer").unwrap();
    assert_eq!(answer.extension, None);
    assert!(answer.pauses);
}

#[test]
fn a_file_can_begin_with_what_packs_share() {
    let policy = example("bestandsdaten:").policy;
    assert_eq!(policy.countries.get("deutschland").map(String::as_str), Some("DE"));
    let order = policy.instruments.iter().find(|one| one.name == "bestandsdaten").unwrap();
    assert_eq!((order.notice, order.known_by.len()), (Tell::Withhold, 2));
}

#[test]
fn what_a_pack_says_of_something_removed_is_told_with_the_way_out() {
    let told = told("remove: [kinds/terms]\n");
    let line = told.lines().next().unwrap();
    assert!(line.contains(".yaml:") && line.contains("there is no kind `terms`"), "{told}");
    assert!(line.contains("(a shipped pack says so in `letters/"), "{told}");
    assert!(!told.contains("ours.yaml"), "{told}");
}

#[test]
fn each_further_mistake_is_told() {
    for (text, said) in [
        ("fields: { received: { label: R, help: x } }", "every kind has the line `received` already"),
        ("fields: { confidential: { form: text } }", "must have `form: secrecy`"),
        ("fields: { Agency: { label: A, help: x } }", "the line `Agency` is there already"),
        ("fields: { x: { label: X, help: x, form: { one_of: [] } } }", "name at least one word"),
        ("fields: { x: { label: X, help: x, form: { pattern: a } } }", "`pattern` needs `says`"),
        ("fields: { x: { label: X, help: x, form: { pattern: 'a{9999}{99}', says: y } } }", "too large"),
        ("kinds: { x: { title: X } }", "the kind `x` has no lines"),
        ("kinds: { x: { title: X, required: [agency], optional: [agency] } }", "both required and optional"),
        ("kinds: { x: { title: X, aliases: [info], required: [agency] } }", "`x` cannot be called `info`"),
        ("kinds: { x: { title: X, required: [agency], answer_needs: [clause] } }", "no line of this kind"),
        ("accepts: [UK]", "the two letters of the United Kingdom are GB"),
        ("countries: { DE: [united kingdom] }", "is a name of `DE` already"),
        ("categories: { x: { title: X, held: sometimes } }", "write never, encrypted, kept, or how long"),
        ("calendar: moon", "there is no calendar `moon`"),
        ("hold: { term: 200 years }", "longer than a hundred years"),
        ("hold: { term: 90 years }", "for 30 years at most"),
        ("hold: { term: 3 hours }", "for days, months or years"),
        ("hold: { by_instrument: { x: { term: 1 day, extend: 1 day } } }", "there is no instrument `x`"),
        (
            "clocks: { x: { title: X, kinds: [terms], from: line granted, term: 1 day, until: closed } }",
            "no kind that it runs for has one",
        ),
        ("clocks: { x: { title: X, from: line agency, term: 1 day, until: closed } }", "is no day"),
        (
            "clocks: { x: { title: X, from: received, term: 30m, until: closed } }",
            "m could be minutes or months",
        ),
        ("letters: { ack/x: { title: X, text: y } }", "say which kinds `ack/x` is for"),
        ("letters: { ack/x: { kinds: [terms], title: X, text: '{line moon}' } }", "there is no line `moon`"),
        ("letters: { ack/x: { kinds: [terms], title: X, text: '{badge' } }", "never closed"),
        ("letters: { ack/x: { kinds: [terms], title: X, text: '{clause}' } }", "written `{line clause}`"),
        ("texts: { encryptd: x }", "did you mean `encrypted`?"),
        ("name: twice", "`name` stands twice"),
        ("report: { few: many }", "write a whole number"),
        ("kinds: [a]", "must be written as `key: value`"),
        ("kinds:", "`kinds` has no value"),
    ] {
        let told = told(text);
        assert!(told.contains(said), "{text}: {told}");
        assert_eq!(told.lines().count(), 1, "{text}: {told}");
    }
}

#[test]
fn a_file_that_cannot_be_stacked_says_so_and_no_more() {
    for (text, said) in [
        ("", "ours.yaml:1:1: the file is empty"),
        ("after: [matrix-org]", "ours.yaml:1:1: the file lacks `name`"),
        ("name: ours\nafter: [matrix]", "did you mean `matrix-org`?"),
        ("name: Our Policy\nafter: [matrix-org]", "`name` is one word of small letters"),
        ("name: ours\nafter: [matrix-org]\nkinds: \"x", "a quote is opened and never closed"),
    ] {
        let Mistakes(lines) = ours(text).unwrap_err();
        assert!(lines.len() == 1 && lines[0].contains(said), "{text}: {lines:?}");
    }
    let long = format!("name: ours\nafter: [matrix-org]\n{}", "# x\n".repeat(70_000));
    assert!(ours(&long).unwrap_err().0[0].contains("at most 262144 are read"));
}

/// Rule 29: what nobody answers by the hour is not asked by the hour.
#[test]
fn a_question_is_asked_once_a_day_at_most() {
    for often in ["1 hour", "30 minutes", "90 min"] {
        let told = told(&format!("gag: {{ ask_every: {often} }}\n"));
        assert!(told.contains("a question is asked again after 1 day at the soonest"), "{told}");
    }
    assert_eq!(told("gag: { ask_every: 1 day }\n"), "");
}

/// Rule 16: within what time the requester is told is a number of the policy.
#[test]
fn the_letter_about_secrecy_has_its_time() {
    let taken = ours("name: ours\nafter: [matrix-org]\nnotice: { ask_order_within: 3 days }\n").unwrap();
    assert_eq!(taken.policy.notice.ask_order_within, Some(Span::Days(3)));
    let shipped = ours("name: ours\nafter: [matrix-org]\n").unwrap();
    assert_eq!(shipped.policy.notice.ask_order_within, Some(Span::BusinessDays(1)));
}
