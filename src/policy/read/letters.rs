//! Words for people outside: letters, reasons for refusing, stock sentences. Does not fill them in.

use std::collections::BTreeMap;

use super::refer::{Names, flag, kinds_of, letter_of, name, named, named_whole};
use crate::case::letter::lines_in;
use crate::case::{Key, Kind, Letter, Reason, known};
use crate::yaml::{Node, nearest, quoted, unknown};

/// The letters.
pub(super) fn letters(node: Node<'_>, names: &Names<'_>, kinds: Option<&[Kind]>) -> Option<Vec<Letter>> {
    let found = named_whole(node, "letter", &["title", "text"], |key, node| {
        letter(key, node, names).map(|letter| (key, letter))
    })?;
    let mut is_well = true;
    for (key, letter) in &found {
        is_well &= can_be_filled(*key, letter, kinds.unwrap_or_default());
    }
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
    let map = node.map(&["kinds", "title", "text", "flag"])?;
    let kinds = map.or("kinds", Vec::new(), |node| kinds_of(node, names));
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let text = map.must("text", |node| filled(node, names));
    let flag = map.may("flag", flag);
    if called.is_empty() || called.contains(char::is_whitespace) {
        key.wrong(format_args!("{} is no name for a letter; write one word", quoted(called)));
        return None;
    }
    // People send letters by name, so one may be called anything; but not nearly what docket looks for.
    if !known::LETTERS.contains(&called)
        && let Some(meant) = nearest(called, known::LETTERS.iter().copied())
    {
        key.wrong(format_args!("docket sends no letter {}; did you mean `{meant}`?", quoted(called)));
        return None;
    }
    let kinds = kinds?;
    if called != key.name() && kinds.is_empty() {
        key.wrong(format_args!("say which kinds {} is for, as in kinds: [emergency]", quoted(key.name())));
        return None;
    }
    Some(Letter { name: called.to_owned(), kinds, title: title?, text: text?, flag: flag? })
}

/// Notes a line that some kind lacks for which the letter is: it would stay open for ever. A letter for every kind is well if
/// one has the line; for the others there can be a letter of their own.
fn can_be_filled(key: Node<'_>, letter: &Letter, kinds: &[Kind]) -> bool {
    let is_for = |kind: &&Kind| letter.kinds.contains(&kind.name);
    let lacks = |line: &str| {
        if letter.kinds.is_empty() {
            return kinds.first().filter(|_| kinds.iter().all(|kind| kind.field(line).is_none()));
        }
        kinds.iter().filter(is_for).find(|kind| kind.field(line).is_none())
    };
    let mut is_well = true;
    for (written, line) in lines_in(&letter.text) {
        if let Some(kind) = lacks(&line) {
            let whom = if letter.kinds.is_empty() {
                "no kind".to_owned()
            } else {
                format!("the kind {}", quoted(&kind.name))
            };
            let has = if letter.kinds.is_empty() { "has" } else { "does not have" };
            key.wrong(format_args!(
                "the letter asks for {}, a line that {whom} {has}, so it could never be filled in",
                quoted(&format!("{{{written}}}"))
            ));
            is_well = false;
        }
    }
    is_well
}

/// A text whose placeholders somebody can fill in. `{{` is a brace.
fn filled(node: Node<'_>, names: &Names<'_>) -> Option<String> {
    let text = node.text()?;
    if text.trim().is_empty() {
        node.wrong(format_args!("{} is empty", quoted(node.name())));
        return None;
    }
    let mut is_well = true;
    let bare = text.replace("{{", " ");
    let mut rest = bare.as_str();
    while let Some((_, from)) = rest.split_once('{') {
        let Some((placeholder, after)) = from.split_once('}').filter(|(name, _)| !name.contains(['{', '\n']))
        else {
            node.wrong("a `{` is never closed; a placeholder is written {reference}, a brace {{");
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
    let all = names.placeholders();
    let Ok(key) = Key::read(placeholder) else {
        node.wrong("`{}` holds nothing; a placeholder is written {reference}, a brace {{");
        return false;
    };
    if all.clone().any(|name| Key::read(name).is_ok_and(|name| name == key)) {
        return true;
    }
    if names.fields.has(key.as_str()) {
        let said = format!("{{line {placeholder}}}");
        node.wrong(format_args!("{} is a line; it is written {}", quoted(placeholder), quoted(&said)));
    } else {
        node.wrong(unknown("placeholder", placeholder, all));
    }
    false
}

/// The reasons for which a request can be refused.
pub(super) fn refusals(node: Node<'_>, names: &Names<'_>) -> Option<Vec<Reason>> {
    named_whole(node, "reason", &["text"], |key, node| {
        let code = name(key);
        let map = node.map(&["text", "ground", "needs_words", "weighs"])?;
        let text = map.must("text", |node| filled(node, names));
        let ground = map.may("ground", |node| node.line().map(str::to_owned));
        let needs_words = map.or("needs_words", false, |node| node.truth());
        let weighs = map.or("weighs", false, |node| node.truth());
        let (needs_words, weighs) = (needs_words?, weighs?);
        Some(Reason { code: code?, text: text?, ground: ground?, needs_words, weighs })
    })
}

/// The stock sentences. There may be others than those that docket looks for, but none that is nearly called the same.
pub(super) fn texts(node: Node<'_>, names: &Names<'_>) -> Option<BTreeMap<String, String>> {
    let found = named(node, |key, value| {
        let name = name(key);
        let text = filled(value, names);
        let name = name?;
        if !known::TEXTS.contains(&name.as_str())
            && let Some(meant) = nearest(&name, known::TEXTS.iter().copied())
        {
            key.wrong(format_args!("docket looks for no text {}; did you mean `{meant}`?", quoted(&name)));
            return None;
        }
        Some((name, text?))
    })?;
    Some(found.into_iter().collect())
}
