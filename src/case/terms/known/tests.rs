//! The words are exactly those that code knows: read off its own text, so that nobody who adds one there can forget it here.

use std::collections::BTreeSet;

use super::*;
use crate::policy::{self, Layer, PACKS};

/// The texts that the words of a source stand in: every constant that is a text.
fn constants<'s>(sources: &[&'s str]) -> BTreeSet<&'s str> {
    let lines = sources.iter().flat_map(|source| source.lines()).filter(|line| line.starts_with("pub"));
    lines.filter_map(|line| line.split_once(": &str = ")).map(|(_, value)| quoted(value)[0]).collect()
}

/// What stands in quotes.
fn quoted(source: &str) -> Vec<&str> {
    source.split('"').skip(1).step_by(2).collect()
}

fn between<'s>(source: &'s str, from: &str, to: &str) -> &'s str {
    source.split_once(from).unwrap().1.split_once(to).unwrap().0
}

#[test]
fn clocks_are_those_that_every_case_can_have() {
    let sources = [
        include_str!("../../clock.rs"),
        include_str!("../../clock/idle.rs"),
        include_str!("../../clock/questions.rs"),
        include_str!("../../clock/secrecy.rs"),
        include_str!("../../clock/standing.rs"),
    ];
    assert_eq!(constants(&sources), CLOCKS.iter().copied().collect());
    for source in sources {
        assert!(!source.contains("clock(\""), "each has its name as a constant");
    }
}

#[test]
fn letters_are_those_that_docket_looks_for_and_those_of_the_packs() {
    let source = include_str!("../../letter/mod.rs");
    assert_eq!(constants(&[source]), OWN_LETTERS.iter().copied().collect());
    let mut shipped = BTreeSet::new();
    for pack in PACKS {
        let policy = policy::stack(&[Layer::Pack(pack)]).unwrap().policy;
        shipped.extend(policy.letters.into_iter().map(|letter| letter.name));
    }
    let known: BTreeSet<String> = letters().map(str::to_owned).collect();
    assert_eq!(shipped, known);
}

#[test]
fn placeholders_are_those_that_letters_fill_in() {
    let source = include_str!("../../letter/template.rs");
    let read = between(source, "match key.as_str() {", "other => match");
    let read = read.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(quoted);
    let known: BTreeSet<String> = PLACEHOLDERS.iter().map(|name| name.replace('_', " ")).collect();
    // The one length of time that no clock has.
    let read = read.chain(["serve within"]);
    assert_eq!(read.map(str::to_owned).collect::<BTreeSet<_>>(), known);
}

#[test]
fn texts_are_those_that_docket_looks_for() {
    let elsewhere = include_str!("../../elsewhere.rs");
    let scope = include_str!("../../scope.rs");
    let sources = [
        between(elsewhere, "fn text(self)", "\n    }\n"),
        between(scope, "fn text_name(&self)", "\n    }\n"),
    ];
    let of_letters =
        ["address", "contact", "operator", "not-understood", "records-given", "records-not-given"];
    let looked_for = sources.into_iter().flat_map(quoted).chain(of_letters);
    assert_eq!(looked_for.collect::<BTreeSet<_>>(), TEXTS.iter().copied().collect());
    // Those are filled in one by one.
    for name in quoted(sources[1]) {
        assert!(within_text(name).contains(&"category"), "{name}");
    }
}
