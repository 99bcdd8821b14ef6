//! Whether what a letter promises is counted, and what it tells of can happen before it goes out: the placeholders that stand for
//! the length of a clock, for more time, for records that are kept, for a reason. Fills none in.

use super::refer::{Names, letter_of};
use super::seen::Seen;
use crate::case::Counted;
use crate::case::letter::{ACK, ANSWER, ASK, NONE, placeholders_in};
use crate::yaml::{Node, quoted, unknown};

/// Whether a placeholder stands for a length of time that the policy counts; a clock that is not there is noted. `None` where it
/// stands for something else.
pub(super) fn is_counted(node: Node<'_>, placeholder: &str, seen: &Seen<'_, '_>) -> Option<bool> {
    let what = Counted::read(placeholder)?;
    let (clock, earliest) = match &what {
        Counted::ServeWithin => return Some(true),
        Counted::Term(clock) => (clock, false),
        Counted::Earliest(clock) => (clock, true),
    };
    let Some(has_earliest) = seen.clock_waits(clock) else {
        node.wrong(unknown("clock", clock, seen.clock_names()));
        return Some(false);
    };
    if earliest && !has_earliest {
        node.wrong(format_args!(
            "the clock {} has no `not_before`, so {} could never be filled in",
            quoted(clock),
            quoted(&format!("{{{}}}", placeholder.trim()))
        ));
    }
    Some(!earliest || has_earliest)
}

/// The letter that tells of more time.
const EXTENDED: &str = "extended";

/// Notes what a letter tells of and what can never have happened when it goes out. A letter for every kind is well if it can for
/// one; one for flagged cases is well, for records are kept on each of those.
pub(super) fn happens(
    key: Node<'_>,
    text: &str,
    kinds: &[String],
    flagged: bool,
    names: &Names<'_>,
    seen: &Seen<'_, '_>,
) {
    // Where there are no kinds to be seen, that is told; of a pack's letter whoever continues it has nothing to mend.
    if names.kinds.has("") || !(names.is_own)(key.place()) {
        return;
    }
    let lacks = |one: &dyn Fn(&str) -> bool| match kinds {
        [] => None,
        named => named.iter().find(|kind| !one(kind)),
    };
    let keeps = |kind: &str| names.with("preserves").any(|one| one == kind);
    let extends = |kind: &str| seen.some_extends(&[kind.to_owned()]);
    let comes_before = [ACK, ASK, ANSWER, NONE].contains(&letter_of(key.name()));
    for placeholder in placeholders_in(text) {
        let why = match placeholder.to_lowercase().replace([' ', '-'], "_").as_str() {
            "hold_until" | "hold_history" if !flagged => {
                lacks(&keeps).map(|kind| format!("and nothing is kept for the kind {}, which lacks `preserves: true`", quoted(kind)))
            }
            // The packs have one for whoever lets a clock be extended.
            "extended_until" | "extended_why" if letter_of(key.name()) != EXTENDED => {
                lacks(&extends).map(|kind| format!("and no clock of the kind {} has an `extension`", quoted(kind)))
            }
            "reason" if comes_before => {
                Some("which is there once a request is refused or sent elsewhere, and this letter is not sent then".to_owned())
            }
            _ => None,
        };
        if let Some(why) = why {
            let placeholder = quoted(&format!("{{{placeholder}}}"));
            key.wrong(format_args!(
                "the letter asks for {placeholder}, {why}, so it could never be filled in"
            ));
        }
    }
}
