//! That nobody is freed by taking their name out of what binds, on whichever line it stood.

use super::given::*;
use super::telling::told;
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
