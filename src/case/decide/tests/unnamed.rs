//! That nobody is freed by taking their name out of what binds, on whichever line it stood.

use proptest::prelude::*;

use super::given::*;
use super::telling::told;
use crate::case::decide::gate::silence;
use crate::case::*;

fn gagged(given: &Given) -> Given {
    given.done(Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: None }))
}

fn unknown(key: &str, value: &str) -> Field {
    Field { reading: Reading::Unknown { meant: None }, ..text(key, value) }
}

/// Every way in which a case of ours binds.
fn bound() -> Vec<Given> {
    let ordered = told().with(text("instrument", "IPA authorisation")).with(text("jurisdiction", "GB"));
    vec![gagged(&told()), ordered, told().with(secrecy(Secrecy::Open))]
}

#[test]
fn a_line_that_names_somebody_is_rewritten_by_two_wherever_it_stands() {
    let said = "the second suspect is @c:our.org";
    for case in bound() {
        for key in ["purpose", "context", "reference", "messages", "officer"] {
            let case = case.with(text(key, said));
            for less in ["fraud", "", "the second suspect is @c:our.organ"] {
                case.when(set([put(text(key, less))])).proposed(Effect::Tell);
            }
            case.when(set([put(text(key, "@c:our.org, and more"))])).at_once();
            // It stands elsewhere still.
            case.with(text("subject", said)).when(set([put(text(key, "fraud"))])).at_once();
        }
        let case = case.with(unknown("foo", said));
        case.when(set([put(text("foo", ""))])).proposed(Effect::Tell);
        case.when(set([put(text("foo", "")), put(text("context", said))])).at_once();
    }
    let free = told().with(text("context", said));
    free.when(set([put(text("context", "fraud"))])).at_once();
}

#[test]
fn taking_back_the_line_that_brought_a_name_takes_two() {
    for case in bound() {
        let fields = case.case.fields.clone();
        let named = case.done(set([put(text("context", "the second suspect is @c:our.org"))]));
        let back = Return { case: named.case.id, took: Vec::new(), back: vec![Back::Lines { fields }] };
        named.when(Command::Undo { returns: vec![back] }).proposed(Effect::Tell);
    }
}

/// A line, with words that name nobody, or somebody in one of the ways in which people write it.
fn a_line() -> impl Strategy<Value = Field> {
    let keys = prop::sample::select(vec!["purpose", "context", "reference", "messages", "officer", "foo"]);
    let words = prop::sample::select(vec![
        "",
        "fraud",
        "the second suspect is @c:our.org",
        "https://matrix.to/#/%40c%3Aour.org",
        "matrix:u/d:our.org?action=chat",
        "@c:our.org, @d:our.org",
        "＠d:our.org",
    ]);
    (keys, words).prop_map(|(key, words)| match key {
        "foo" => unknown(key, words),
        key => text(key, words),
    })
}

proptest! {
    #[test]
    fn one_person_frees_nobody(
        lines in prop::collection::vec(a_line(), 0..4),
        edits in prop::collection::vec(a_line(), 1..4),
        which in 0..3_usize,
    ) {
        let mut case = bound().swap_remove(which);
        for line in lines.into_iter().filter(|line| !line.value.is_empty()) {
            case = case.after(Event::FieldSet { field: line });
        }
        let about = |given: &Given| silence(&given.case, &given.terms).map(|silence| silence.about);
        let before = about(&case).unwrap();
        let edits = Command::Set { edits: edits.into_iter().map(put).collect() };
        if let Ok(events) = case.when(edits).decided {
            let after = events.into_iter().fold(case, |case, (_, event)| case.after(event));
            prop_assert!(before.is_subset(&about(&after).unwrap()), "{:#?}", after.case.fields);
        }
    }
}
