//! For which cases something is: what a line holds, which instrument the case rests on, which flag it has. Does not look at any
//! case.

use super::fields::Fields;
use super::refer::{Names, each, flag, named, refer, two_letters, words};
use super::running::RunsFor;
use super::seen::Seen;
use crate::case::{Condition, FLAG_KEY, FieldForm, Flag, INSTRUMENT_KEY, JURISDICTION_KEY, Key};
use crate::yaml::{Node, quoted, unknown};

/// What clocks and kinds speak of: names, the lines that could be read, and the kinds as far as they can be seen.
pub(super) struct Spoken<'s> {
    pub(super) names: &'s Names<'s>,
    pub(super) fields: &'s Fields,
    pub(super) seen: &'s Seen<'s, 's>,
}

/// The conditions; all must hold.
pub(super) fn conditions(
    node: Node<'_>,
    spoken: &Spoken<'_>,
    runs_for: &RunsFor<'_>,
) -> Option<Vec<Condition>> {
    named(node, |key, node| {
        let condition = condition(key, node, spoken, runs_for)?;
        if condition.any_of.is_empty() {
            let name = quoted(key.name());
            node.wrong(format_args!(
                "{name} is an empty list, so it is for no case; name at least one value"
            ));
            return None;
        }
        Some(condition)
    })
}

/// The flags of which a case must have one, as far as they can be read; `None` if it need have none.
pub(super) fn flags_meant(node: Node<'_>) -> Option<Vec<Flag>> {
    let entries = if node.is_map() { node.entries() } else { None };
    let named = entries?.into_iter().find(|(key, _)| is_called(*key, FLAG_KEY)).map(|(_, node)| node)?;
    let each = named.any_number().unwrap_or_default().into_iter();
    Some(each.filter_map(|item| Flag::named(item.line()?.trim())).collect())
}

fn condition(
    key: Node<'_>,
    node: Node<'_>,
    spoken: &Spoken<'_>,
    runs_for: &RunsFor<'_>,
) -> Option<Condition> {
    if is_called(key, INSTRUMENT_KEY) {
        let any_of = each(node, |node| {
            let instrument = refer(node, "instrument", &spoken.names.instruments)?;
            runs_for.rest_on(node, &instrument);
            Some(instrument)
        })?;
        return Some(Condition { key: INSTRUMENT_KEY.to_owned(), any_of });
    }
    // A flag is no line: people set it, and a request cannot.
    if is_called(key, FLAG_KEY) {
        let any_of = each(node, flag)?.into_iter().map(|flag| flag.name().to_owned()).collect();
        return Some(Condition { key: FLAG_KEY.to_owned(), any_of });
    }
    let line = spoken.names.field_called(key, key.name());
    let any_of = words(node);
    let (line, any_of) = (line?, any_of?);
    runs_for.have(key, &line, runs_for.only_by);
    let form = spoken.fields.get(&line);
    let known: Option<Vec<&str>> = match form.map(|rule| &rule.form) {
        Some(FieldForm::OneOf(known)) => Some(known.iter().map(String::as_str).collect()),
        Some(FieldForm::SomeOf(known)) => Some(known.iter().map(|choice| choice.word.as_str()).collect()),
        Some(_) | None => None,
    };
    for item in node.any_number()? {
        // A country is told by its letters, however a request writes it.
        if line == JURISDICTION_KEY {
            item.parse(two_letters);
        }
        let value = item.line()?.trim();
        if let Some(known) = &known
            && !known.iter().any(|word| word.eq_ignore_ascii_case(value))
        {
            item.wrong(unknown(&format!("value of {}", quoted(&line)), value, known.iter().copied()));
        }
    }
    Some(Condition { key: line, any_of })
}

fn is_called(key: Node<'_>, name: &str) -> bool {
    Key::read(key.name()).is_ok_and(|key| key.is(name))
}
