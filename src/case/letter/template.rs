//! The text of a letter as the policy writes it: words, and placeholders in braces. Does not know what fills them.

use crate::case::{Counted, Key};

/// A piece of a letter's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Words that stand as they are.
    Words(String),
    /// Something to be filled in.
    Place {
        /// What.
        place: Place,
        /// The words between the braces, as the policy has them.
        written: String,
        /// Whether nothing else stands on its line, so that a list can have lines of its own.
        alone: bool,
    },
}

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The case's number.
    Case,
    /// The value of a line, by key.
    Line(String),
    /// A sentence for each choice that a line makes, by key.
    Each(String),
    /// The accounts that the request names.
    Accounts,
    /// The day on which it was received.
    Received,
    /// The day of the letter.
    Today,
    /// The kind of request.
    Kind,
    /// Why it is refused, or sent elsewhere.
    Reason,
    /// What is missing.
    Missing,
    /// What is within the scope.
    Scope,
    /// What of it is refused, and why.
    Refused,
    /// What becomes of records that are asked for besides; nothing where none are.
    Records,
    /// The accounts that are not ours, and why nothing is done for them; nothing where all are.
    NotOurs,
    /// Until when records are kept.
    HoldUntil,
    /// When the next thing falls due.
    Due,
    /// How the hold began, was extended and ended.
    HoldHistory,
    /// Until when a clock was extended.
    ExtendedUntil,
    /// Why it was.
    ExtendedWhy,
    /// A length of time that the policy counts.
    Counted(Counted),
    /// A stock sentence of the policy, by name.
    Named(String),
    /// No placeholder at all: a brace that is never closed, or with nothing behind it.
    Broken,
}

impl Place {
    fn read(written: &str) -> Place {
        let Ok(key) = Key::read(written) else {
            return Place::Broken;
        };
        if let Some(counted) = Counted::read(written) {
            return Place::Counted(counted);
        }
        match key.as_str() {
            "case" => Place::Case,
            line @ ("reference" | "agency" | "officer") => Place::Line(line.to_owned()),
            "accounts" => Place::Accounts,
            "received" => Place::Received,
            "today" => Place::Today,
            "kind" => Place::Kind,
            "reason" => Place::Reason,
            "missing" => Place::Missing,
            "scope" => Place::Scope,
            "refused" => Place::Refused,
            "records" => Place::Records,
            "not ours" => Place::NotOurs,
            "hold until" => Place::HoldUntil,
            "due" => Place::Due,
            "hold history" => Place::HoldHistory,
            "extended until" => Place::ExtendedUntil,
            "extended why" => Place::ExtendedWhy,
            // The normal form has one space where hyphens stood; texts are named with hyphens.
            other => match (other.strip_prefix("line "), other.strip_prefix("each ")) {
                (Some(line), _) => Place::Line(line.to_owned()),
                (None, Some(line)) => Place::Each(line.to_owned()),
                (None, None) => Place::Named(other.replace(' ', "-")),
            },
        }
    }
}

/// Takes a text apart. `{{` is a brace, and so is `}}`; a lone `}` is one too.
pub(super) fn read(text: &str) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, braced) = rest.split_at(at);
        words.push_str(before);
        if let Some(after) = braced.strip_prefix("{{") {
            words.push('{');
            rest = after;
        } else if let Some(after) = braced.strip_prefix('}') {
            words.push('}');
            rest = after.strip_prefix('}').unwrap_or(after);
        } else {
            let inside = braced.strip_prefix('{').unwrap_or(braced);
            // A placeholder does not go over the end of its line: what does was never closed.
            let end = inside.find(['{', '}', '\n']);
            let (written, after) = match end.and_then(|end| inside.split_at_checked(end)) {
                Some((written, after)) => match after.strip_prefix('}') {
                    Some(after) => (Some(written), after),
                    None => (None, after),
                },
                None => (None, ""),
            };
            let place = written.map_or(Place::Broken, Place::read);
            let alone = is_line_start(&slots, &words) && is_line_end(after);
            let shown = written.or_else(|| inside.lines().next()).unwrap_or_default();
            if !words.is_empty() {
                slots.push(Slot::Words(std::mem::take(&mut words)));
            }
            slots.push(Slot::Place { place, written: shown.trim().to_owned(), alone });
            rest = after;
        }
    }
    words.push_str(rest);
    if !words.is_empty() {
        slots.push(Slot::Words(words));
    }
    slots
}

fn is_line_start(before: &[Slot], words: &str) -> bool {
    if words.is_empty() { before.is_empty() } else { words.ends_with('\n') }
}

fn is_line_end(after: &str) -> bool {
    let rest = after.trim_start_matches([' ', '\t', '\r']);
    rest.is_empty() || rest.starts_with('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Slot {
        Slot::Words(text.to_owned())
    }

    fn place(place: Place, written: &str, alone: bool) -> Slot {
        Slot::Place { place, written: written.to_owned(), alone }
    }

    #[test]
    fn placeholders_are_read_however_they_are_written() {
        assert_eq!(
            read("Ref {reference}, {Hold-Until} {line Return address}{operator}."),
            [
                words("Ref "),
                place(Place::Line("reference".to_owned()), "reference", false),
                words(", "),
                place(Place::HoldUntil, "Hold-Until", false),
                words(" "),
                place(Place::Line("return address".to_owned()), "line Return address", false),
                place(Place::Named("operator".to_owned()), "operator", false),
                words("."),
            ]
        );
    }

    #[test]
    fn a_placeholder_knows_whether_its_line_is_its_own() {
        let alone =
            |text: &str| read(text).iter().any(|slot| matches!(slot, Slot::Place { alone: true, .. }));
        assert!(alone("{missing}") && alone("x\n{missing}\ny") && alone("x\n{missing}  \r\n"));
        assert!(!alone("- {missing}") && !alone("{missing}.") && !alone("x\n{case}{missing}"));
    }

    #[test]
    fn doubled_braces_are_braces_and_lone_ones_are_said() {
        assert_eq!(read("a {{b}} }c"), [words("a {b} }c")]);
        assert_eq!(read("{{{case}}}"), [words("{"), place(Place::Case, "case", false), words("}")]);
        for text in ["a {case", "a {case\n}", "a {}", "a { }", "a {case {case}", "{"] {
            let found = read(text);
            assert!(
                found.iter().any(|slot| matches!(slot, Slot::Place { place: Place::Broken, .. })),
                "{text}: {found:?}"
            );
        }
    }
}
