//! Words for people outside: letters, reasons for refusing, stock sentences. Does not fill them in.

use std::collections::BTreeMap;

use super::refer::{Names, each_once, letter_of, name, named, refer};
use crate::case::{Key, Letter, Reason, known};
use crate::yaml::{Node, quoted, unknown};

/// The letters.
pub(super) fn letters(node: Node<'_>, names: &Names<'_>) -> Option<Vec<Letter>> {
    let found = named(node, |key, node| letter(key, node, names).map(|letter| (key, letter)))?;
    let mut is_well = true;
    for (n, (key, letter)) in found.iter().enumerate() {
        let before = found.iter().take(n).map(|(_, other)| other).filter(|other| other.name == letter.name);
        for other in before {
            let both_for_all = letter.kinds.is_empty() && other.kinds.is_empty();
            let shared = letter.kinds.iter().find(|kind| other.kinds.contains(kind));
            let whom = match shared {
                Some(kind) => quoted(kind),
                None if both_for_all => "every kind".to_owned(),
                None => continue,
            };
            key.wrong(format_args!("there is a letter {} for {whom} already", quoted(&letter.name)));
            is_well = false;
        }
    }
    is_well.then(|| found.into_iter().map(|(_, letter)| letter).collect())
}

fn letter(key: Node<'_>, node: Node<'_>, names: &Names<'_>) -> Option<Letter> {
    let called = letter_of(key.name());
    let map = node.map(&["kinds", "title", "text"])?;
    let kinds = map.or("kinds", Vec::new(), |node| each_once(node, |node| refer(node, "kind", &names.kinds)));
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let text = map.must("text", |node| filled(node, names));
    if called.is_empty() || called.contains(char::is_whitespace) {
        key.wrong(format_args!("{} is no name for a letter; write one word", quoted(called)));
        return None;
    }
    let kinds = kinds?;
    if called != key.name() && kinds.is_empty() {
        key.wrong(format_args!("say which kinds {} is for, as in kinds: [emergency]", quoted(key.name())));
        return None;
    }
    Some(Letter { name: called.to_owned(), kinds, title: title?, text: text? })
}

/// A text whose placeholders somebody can fill in.
fn filled(node: Node<'_>, names: &Names<'_>) -> Option<String> {
    let text = node.text()?;
    if text.trim().is_empty() {
        node.wrong(format_args!("{} is empty", quoted(node.name())));
        return None;
    }
    let mut is_well = true;
    let mut rest = text;
    while let Some((_, from)) = rest.split_once('{') {
        let Some((placeholder, after)) = from.split_once('}').filter(|(name, _)| !name.contains(['{', '\n']))
        else {
            node.wrong("a `{` is never closed; a placeholder is written {reference}");
            return None;
        };
        rest = after;
        is_well &= is_known(node, placeholder.trim(), names);
    }
    is_well.then(|| text.to_owned())
}

fn is_known(node: Node<'_>, placeholder: &str, names: &Names<'_>) -> bool {
    if let Some(key) = placeholder.strip_prefix("line ") {
        return names.field_called(node, key).is_some();
    }
    let all = known::PLACEHOLDERS.iter().copied().chain(names.texts.iter().copied());
    if all.clone().any(|name| name == placeholder) {
        return true;
    }
    let as_line = Key::read(placeholder).is_ok_and(|key| names.fields.iter().any(|field| key.is(field)));
    if as_line {
        node.wrong(format_args!(
            "there is no placeholder {}; the line is written {{line {placeholder}}}",
            quoted(placeholder)
        ));
    } else {
        node.wrong(unknown("placeholder", placeholder, all));
    }
    false
}

/// The reasons for which a request can be refused.
pub(super) fn refusals(node: Node<'_>, names: &Names<'_>) -> Option<Vec<Reason>> {
    named(node, |key, node| {
        let code = name(key);
        let map = node.map(&["text", "ground", "needs_words"])?;
        let text = map.must("text", |node| filled(node, names));
        let ground = map.may("ground", |node| node.line().map(str::to_owned));
        let needs_words = map.or("needs_words", false, |node| node.truth());
        Some(Reason { code: code?, text: text?, ground: ground?, needs_words: needs_words? })
    })
}

/// The stock sentences. One that no letter uses, if all could be read, is probably a slip.
pub(super) fn texts(
    node: Node<'_>,
    names: &Names<'_>,
    letters: Option<&[Letter]>,
) -> Option<BTreeMap<String, String>> {
    let found = named(node, |key, value| {
        let name = key.name();
        let placeholder = format!("{{{name}}}");
        let is_used =
            letters.is_none_or(|letters| letters.iter().any(|letter| letter.text.contains(&placeholder)));
        if !known::TEXTS.contains(&name) && !is_used {
            key.wrong(format_args!(
                "{} (no letter has {} either)",
                unknown("text", name, known::TEXTS.iter().copied()),
                quoted(&placeholder)
            ));
            return None;
        }
        Some((name.to_owned(), filled(value, names)?))
    })?;
    Some(found.into_iter().collect())
}
