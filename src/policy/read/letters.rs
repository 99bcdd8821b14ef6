//! Words for people outside: letters, reasons for refusing, stock sentences. Does not fill them in.

use std::collections::BTreeMap;

use super::conditions::{Spoken, conditions};
use super::each;
use super::promised::{happens, is_counted};
use super::refer::{Names, flag, kinds_meant, kinds_of, letter_of, name, named, named_whole};
use super::running::RunsFor;
use super::seen::Seen;
use crate::case::letter::{lines_in, names_accounts};
use crate::case::{Claim, Key, Letter, Reason, known};
use crate::yaml::{Node, nearest, quoted};

/// The letters.
pub(super) fn letters(node: Node<'_>, names: &Names<'_>, seen: &Seen<'_, '_>) -> Option<Vec<Letter>> {
    let found = named_whole(node, "letter", &["title", "text"], |key, node| {
        letter(key, node, names, seen).map(|letter| (key, letter))
    })?;
    for (n, (key, letter)) in found.found.iter().enumerate() {
        let before = found.found.iter().take(n).filter(|(_, other)| other.name == letter.name);
        for (earlier, other) in before {
            let both_for_all = letter.kinds.is_empty() && other.kinds.is_empty();
            let shared = letter.kinds.iter().find(|kind| other.kinds.contains(kind));
            let whom = match shared {
                Some(kind) => quoted(kind),
                None if both_for_all => "every kind".to_owned(),
                None => continue,
            };
            let is_mine = (names.is_own)(earlier.place()) && !(names.is_own)(key.place());
            let (at, there) = if is_mine { (earlier, key) } else { (key, earlier) };
            let (name, there) = (quoted(&letter.name), quoted(there.name()));
            at.wrong(format_args!("there is a letter {name} for {whom} already: {there}"));
        }
    }
    Some(found.whole()?.into_iter().map(|(_, letter)| letter).collect())
}

fn letter(key: Node<'_>, node: Node<'_>, names: &Names<'_>, seen: &Seen<'_, '_>) -> Option<Letter> {
    let called = letter_of(key.name());
    let map = node.map(&["kinds", "title", "text", "flag", "in_part", "keeps", "with_records"])?;
    let kinds = map.or("kinds", Vec::new(), |node| kinds_of(node, names));
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let text = map.must("text", |node| filled(node, |placeholder| is_known(node, placeholder, names, seen)));
    let flag = map.may("flag", flag);
    let in_part =
        map.may("in_part", |node| filled(node, |placeholder| is_known(node, placeholder, names, seen)));
    let keeps = map.or("keeps", false, |node| node.truth());
    let with_records = map.or("with_records", false, |node| node.truth());
    let meant = map.or("kinds", Vec::new(), |node| kinds_meant(node, names));
    // For which it is may stand behind a slip.
    if let Some(meant) = meant.filter(|_| !map.may_have_more("kinds")) {
        let flagged = matches!(flag, Some(Some(_)));
        for text in ["text", "in_part"] {
            map.or(text, (), |node| {
                let text = node.text()?;
                can_be_filled(key, text, &meant, names, seen);
                happens(key, text, &meant, flagged, names, seen);
                Some(())
            });
        }
    }
    if called.is_empty() || called.contains(char::is_whitespace) {
        key.wrong(format_args!("{} is no name for a letter; write one word", quoted(called)));
        return None;
    }
    if node.is_cut() {
        return None;
    }
    // What is half written has been told already.
    if !node.is_slip() {
        is_called_well(key, called, kinds.as_deref())?;
    }
    Some(Letter {
        name: called.to_owned(),
        kinds: kinds?,
        title: title?,
        text: text?,
        flag: flag?,
        in_part: in_part?,
        keeps: keeps?,
        with_records: with_records?,
    })
}

/// Whether a letter goes by a name under which it can be found.
fn is_called_well(key: Node<'_>, called: &str, kinds: Option<&[String]>) -> Option<()> {
    // People send letters by name, so one may be called anything; but not nearly what docket looks for.
    if !known::letters().any(|known| known == called)
        && let Some(meant) = nearest(called, known::letters())
    {
        key.wrong(format_args!("docket sends no letter {}; did you mean `{meant}`?", quoted(called)));
        return None;
    }
    if called != key.name() && kinds.is_some_and(<[String]>::is_empty) {
        key.wrong(format_args!("say which kinds {} is for, as in kinds: [emergency]", quoted(key.name())));
        return None;
    }
    Some(())
}

/// Notes a line that some kind lacks for which the letter is: it would stay open for ever. A letter for every kind is well if
/// one has the line; for the others there can be a letter of their own.
fn can_be_filled(key: Node<'_>, text: &str, kinds: &[String], names: &Names<'_>, seen: &Seen<'_, '_>) {
    let lacks = |written: &str, what: &str, kind: Option<&str>, some_has: bool| {
        let whom = match kind {
            _ if kinds.is_empty() && some_has => return,
            _ if kinds.is_empty() => format!("{what} that no kind has"),
            Some(kind) => format!("{what} that the kind {} does not have", quoted(kind)),
            None => return,
        };
        let placeholder = quoted(&format!("{{{written}}}"));
        key.wrong(format_args!("the letter asks for {placeholder}, {whom}, so it could never be filled in"));
    };
    // What is no line at all is told where it stands.
    let is_line = |written: &str| written.starts_with("line ") || written.starts_with("each ");
    let is_one = |(written, line): &(String, String)| !is_line(written) || names.fields.has(line);
    for (written, line) in lines_in(text).into_iter().filter(is_one) {
        lacks(&written, "a line", seen.lacks_line(&line, kinds), seen.some_has_line(&line));
    }
    if names_accounts(text) {
        lacks("accounts", "a line", seen.lacks_accounts(kinds), seen.some_has_accounts());
    }
}

/// A text whose placeholders somebody can fill in. `{{` is a brace.
pub(super) fn filled(node: Node<'_>, is_known: impl Fn(&str) -> bool) -> Option<String> {
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
        is_well &= is_known(placeholder);
    }
    is_well.then(|| text.to_owned())
}

pub(super) fn is_known(node: Node<'_>, placeholder: &str, names: &Names<'_>, seen: &Seen<'_, '_>) -> bool {
    let placeholder = placeholder.trim();
    if let Some(is_counted) = is_counted(node, placeholder, seen) {
        return is_counted;
    }
    if let Some(key) = placeholder.strip_prefix("line ") {
        return names.field_called(node, key).is_some();
    }
    if let Some(key) = placeholder.strip_prefix("each ") {
        return each::has_sentences(node, key, names, seen);
    }
    let all = names.placeholders();
    let Ok(key) = Key::read(placeholder) else {
        node.wrong("`{}` holds nothing; a placeholder is written {reference}, a brace {{");
        return false;
    };
    let is_it = |name: &&str| Key::read(name).is_ok_and(|name| name == key);
    if let Some(name) = all.clone().find(is_it) {
        let open = names.left_open(name);
        if let Some(open) = open {
            node.wrong(format_args!(
                "the sentence {} is about one category of data, and its {} is filled in within the list {{refused}} alone",
                quoted(name),
                quoted(&format!("{{{open}}}"))
            ));
        }
        return open.is_none();
    }
    let within = names.texts_with(key.as_str());
    if names.fields.is_there(key.as_str()) {
        let said = format!("{{line {placeholder}}}");
        node.wrong(format_args!("{} is a line; it is written {}", quoted(placeholder), quoted(&said)));
    } else if let Some(text) = within {
        node.wrong(format_args!(
            "{} is filled in within stock sentences only, such as {}; put it into one under `texts`",
            quoted(placeholder),
            quoted(text)
        ));
    } else {
        return names.texts.is_to_come(node, "placeholder", placeholder, all);
    }
    false
}

/// A stock sentence or a reason, in which little is filled in, and only what is written exactly so.
pub(super) fn sentence(
    node: Node<'_>,
    within: &'static [&'static str],
    seen: Option<(&Names<'_>, &Seen<'_, '_>)>,
) -> Option<String> {
    let is_known = |placeholder: &str| {
        if let Some((names, seen)) = seen {
            if let Some(is_counted) = is_counted(node, placeholder, seen) {
                return is_counted;
            }
            if let Some(key) = placeholder.strip_prefix("each ") {
                return each::ends(node, key, names, seen);
            }
        }
        let is_it = within.contains(&placeholder);
        if !is_it {
            let (placeholder, only) = (quoted(&format!("{{{placeholder}}}")), within.iter());
            let only: Vec<String> = only.map(|name| format!("`{{{name}}}`")).collect();
            let only = match only.as_slice() {
                [] => "no braces are".to_owned(),
                all => format!("only {} is", all.join(" or ")),
            };
            node.wrong(format_args!("{placeholder} would stay as it is: in this sentence {only} filled in"));
        }
        is_it
    };
    filled(node, is_known)
}

/// The reasons for which a request can be refused.
pub(super) fn refusals(node: Node<'_>, spoken: &Spoken<'_>) -> Option<Vec<Reason>> {
    let names = spoken.names;
    const PARTS: &[&str] = &[
        "text",
        "ground",
        "needs_words",
        "weighs",
        "while_unverified",
        "while_incomplete",
        "kinds",
        "not_ours",
        "says",
        "only",
    ];
    const CLAIMS: &[(&str, Claim)] = &[
        ("abroad", Claim::Abroad),
        ("encrypted", Claim::Encrypted),
        ("nothing", Claim::Nothing),
        ("no-order", Claim::NoOrder),
    ];
    let reasons = named_whole(node, "reason", &["text"], |key, node| {
        let code = name(key);
        let map = node.map(PARTS)?;
        let text = map.must("text", |node| sentence(node, &[], None));
        let ground = map.may("ground", |node| node.line().map(str::to_owned));
        let needs_words = map.or("needs_words", false, |node| node.truth());
        let weighs = map.or("weighs", false, |node| node.truth());
        let while_unverified = map.or("while_unverified", false, |node| node.truth());
        let while_incomplete = map.or("while_incomplete", false, |node| node.truth());
        let not_ours = map.or("not_ours", false, |node| node.truth());
        let kinds = map.or("kinds", Vec::new(), |node| kinds_of(node, names));
        let says = map.may("says", |node| node.one_of("claim", CLAIMS));
        let only = map.or("only", Vec::new(), |node| {
            let only_by = "it is said only by";
            let kinds = kinds.as_deref().filter(|_| !map.may_have_more("kinds"));
            let runs_for = RunsFor { seen: spoken.seen, kinds, flags: None, only_by };
            conditions(node, spoken, &runs_for)
        });
        let (says, only) = (says?, only?);
        let (needs_words, weighs, while_unverified) = (needs_words?, weighs?, while_unverified?);
        let (kinds, not_ours, while_incomplete) = (kinds?, not_ours?, while_incomplete?);
        let (code, text, ground) = (code?, text?, ground?);
        Some(Reason {
            code,
            text,
            ground,
            needs_words,
            weighs,
            while_unverified,
            while_incomplete,
            kinds,
            not_ours,
            says,
            only,
        })
    });
    reasons?.whole()
}

/// The stock sentences. There may be others than those that docket looks for, but none that is nearly called the same.
pub(super) fn texts(
    node: Node<'_>,
    names: &Names<'_>,
    seen: &Seen<'_, '_>,
) -> Option<BTreeMap<String, String>> {
    let found = named(node, |key, value| {
        let name = name(key);
        let within = known::within_text(key.name());
        // What stands in the list of what is refused is put there as it is.
        let text = sentence(value, within, Some((names, seen)).filter(|_| within.contains(&"accepted")));
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
