//! Lines: what each holds and what it is checked against. Does not know which kinds have them.

use std::cell::Cell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use regex::RegexBuilder;

use super::called::{Called, no_name_twice};
use super::refer::{each_once, named, slip, word, words};
use crate::case::conflict::RIGHT_KEY;
use crate::case::reserved::SEVERAL;
use crate::case::{Asks, Choice, FLAG_KEY, FieldForm, FieldRule, Key, RECEIVED_KEY, SECRECY_KEY};
use crate::yaml::{Node, Place, quoted};

const KEYS: [&str; 6] = ["label", "form", "help", "aliases", "by", "asks"];

/// No expression that a person writes takes more than this once compiled, and each line of a request is read by one.
const LARGEST_PATTERN: usize = 1 << 18;

/// The first line of a request; no line of it.
const REQUEST_KEY: &str = "request";

/// Longer labels are no labels of a form: whoever reads it takes them for a sentence with a colon in it.
const LONGEST_LABEL: usize = 60;

/// More lines with an expression of their own than any policy has. Each is compiled to see whether it can be, which is the
/// one thing in a file that takes long.
const MOST_PATTERNS: usize = 200;

/// Every line that a kind can name; none of them is required yet. Those that could be read serve the rest of the file, whose
/// own mistakes are told too.
#[derive(Default)]
pub(super) struct Fields {
    rules: Vec<FieldRule>,
    /// Where each word stands that a line goes by: the line, the word.
    words: BTreeMap<(String, String), Place>,
    is_whole: bool,
}

impl Fields {
    pub(super) fn get(&self, key: &str) -> Option<&FieldRule> {
        self.rules.iter().find(|rule| rule.key == key)
    }

    /// Where it is written that a line goes by a word.
    pub(super) fn place_of(&self, key: &str, word: &str) -> Option<Place> {
        self.words.get(&(key.to_owned(), word.to_owned())).copied()
    }

    /// Whether all could be read.
    pub(super) fn whole(&self) -> Option<()> {
        self.is_whole.then_some(())
    }
}

pub(super) fn fields(node: Node<'_>) -> Option<Fields> {
    let mut found: Vec<FieldRule> = Vec::new();
    let mut words = BTreeMap::new();
    let mut is_whole = true;
    let patterns = Cell::new(0);
    let entries = node.entries()?;
    for (key, value) in entries.iter().copied() {
        match field(key, slip("line", key, value, &["label", "help"], &entries), &patterns) {
            Some(rule) if found.iter().any(|other| other.key == rule.key) => {
                key.wrong(format_args!(
                    "the line {} is there already, written otherwise",
                    quoted(key.name())
                ));
                is_whole = false;
            }
            Some(rule) => {
                let places = places(key, value);
                words.extend(places.into_iter().map(|(word, place)| ((rule.key.clone(), word), place)));
                found.push(rule);
            }
            None => is_whole = false,
        }
    }
    Some(Fields { rules: found, words, is_whole })
}

/// Where each word stands that a line goes by: its key, its other names, its label.
fn places(key: Node<'_>, value: Node<'_>) -> Vec<(String, Place)> {
    let aliases = value.peek("aliases").and_then(|node| node.any_number()).unwrap_or_default();
    let label = value.peek("label").and_then(|node| Some((node.line()?, node.place())));
    let aliases = aliases.into_iter().filter_map(|node| Some((node.line()?, node.place())));
    let all = label.into_iter().chain(aliases).chain([(key.name(), key.place())]);
    all.filter_map(|(word, place)| Some((Key::read(word).ok()?.as_str().to_owned(), place))).collect()
}

fn field(key: Node<'_>, node: Node<'_>, patterns: &Cell<usize>) -> Option<FieldRule> {
    let name = match Key::read(key.name()) {
        Ok(name) if name.is(RECEIVED_KEY) => {
            key.wrong("every kind has the line `received` already; it starts the clocks");
            None
        }
        Ok(name) if name.is(REQUEST_KEY) => {
            key.wrong(
                "`request` is the first line of every request, and names its kind; call the line otherwise",
            );
            None
        }
        Ok(name) if name.is(FLAG_KEY) => {
            key.wrong("`flag` is what people set, and no line of a request; call the line otherwise");
            None
        }
        Ok(name) => Some(name.as_str().to_owned()),
        Err(fault) => {
            key.wrong(fault);
            None
        }
    };
    let map = node.map(&KEYS)?;
    let label = map.must("label", label);
    let form = map.or("form", FieldForm::Text, |node| form(node, patterns));
    let help = map.must("help", |node| node.line().map(str::to_owned));
    let aliases = map.or("aliases", Vec::new(), |node| {
        each_once(node, |node| {
            let alias = node.parse(|text| Key::read(text).map(|key| key.as_str().to_owned()))?;
            is_free(node, &alias).then_some(alias)
        })
    });
    let ours = map.or("by", false, |node| node.one_of("such `by` as", &[("us", true), ("requester", false)]));
    let asks = map.or("asks", None, |node| {
        let words =
            [("each", Asks::Each), ("all", Asks::All), ("since", Asks::Since), ("until", Asks::Until)];
        node.one_of("such `asks` as", &words).map(Some)
    });
    // What else is said of it may stand behind a slip.
    let (name, form) = (name?, form.filter(|_| !node.is_cut())?);
    if name == SECRECY_KEY && form != FieldForm::Secrecy {
        key.wrong("the line `confidential` must have `form: secrecy`, or nobody is bound by it");
        return None;
    }
    if let FieldForm::SomeOf(choices) = &form
        && name == RIGHT_KEY
        && choices.iter().any(|choice| choice.word.eq_ignore_ascii_case(SEVERAL))
    {
        key.wrong(format_args!(
            "no right can be called `{SEVERAL}`: the report counts so what names more than one of them"
        ));
        return None;
    }
    let (label, mut aliases, ours) = (label?, aliases?, ours?);
    // A form prints the label, so what comes back under it is this line.
    if let Ok(printed) = Key::read(&label).map(|key| key.as_str().to_owned())
        && printed != name
        && !aliases.contains(&printed)
    {
        aliases.push(printed);
    }
    Some(FieldRule { key: name, label, aliases, required: false, form, help: help?, ours, asks: asks? })
}

/// How a line is written in a form, so that the form can be read back.
fn label(node: Node<'_>) -> Option<String> {
    let label = node.line()?.trim();
    let key = Key::read(label).map(|key| key.as_str().to_owned());
    let (is_long, is_split) = (label.chars().count() > LONGEST_LABEL, label.contains([':', '：']));
    match key {
        Ok(key) if !is_long && !is_split && label.starts_with(char::is_alphanumeric) => {
            is_free(node, &key).then(|| label.to_owned())
        }
        Ok(_) | Err(_) => {
            node.wrong(format_args!(
                "{} is no label: it begins with a letter, has no colon and at most {LONGEST_LABEL} characters",
                quoted(label)
            ));
            None
        }
    }
}

/// Whether a name for a line means nothing else in a request.
fn is_free(node: Node<'_>, key: &str) -> bool {
    let is_free = key != RECEIVED_KEY && key != REQUEST_KEY;
    if !is_free {
        node.wrong(format_args!("{} means something else in every request", quoted(key)));
    }
    is_free
}

/// `patterns` counts the expressions so far.
fn form(node: Node<'_>, patterns: &Cell<usize>) -> Option<FieldForm> {
    if node.is_text() {
        let forms = [
            ("text", 0),
            ("accounts", 1),
            ("day", 2),
            ("email", 3),
            ("secrecy", 4),
            ("data", 5),
            ("instrument", 6),
            ("country", 7),
            ("one_of", 8),
            ("pattern", 9),
            ("some_of", 10),
            ("done", 11),
        ];
        if let Some(meant) = meant_by(node) {
            node.wrong(format_args!(
                "there is no form {}; did you mean `{meant}`?",
                quoted(node.text().unwrap_or_default())
            ));
            return None;
        }
        return match node.one_of("form", &forms)? {
            0 => Some(FieldForm::Text),
            1 => Some(FieldForm::Accounts),
            2 => Some(FieldForm::Day),
            3 => Some(FieldForm::Email),
            4 => Some(FieldForm::Secrecy),
            5 => Some(FieldForm::Data),
            6 => Some(FieldForm::Instrument),
            7 => Some(FieldForm::Country),
            10 => {
                node.wrong("write the words too, each with its other names: { some_of: { access: [copy], erasure: [] } }");
                None
            }
            11 => Some(FieldForm::Done),
            8 => {
                node.wrong("write the words too: { one_of: [access, erasure] }");
                None
            }
            _ => {
                node.wrong("write the expression too: { pattern: '[0-9]{4}', says: \"four digits\" }");
                None
            }
        };
    }
    const KEYS: [&str; 4] = ["one_of", "pattern", "says", "some_of"];
    let map = node.map(&KEYS)?;
    // What was meant by a wrong key is not missing too.
    let is_known = |name: &str| KEYS.contains(&name);
    let has_strangers = node.entries()?.iter().any(|(key, _)| !is_known(key.name()));
    let some_of = map.may("some_of", choices)?;
    let one_of = map.may("one_of", one_of)?;
    let pattern = map.may("pattern", |node| {
        patterns.set(patterns.get() + 1);
        match patterns.get().cmp(&(MOST_PATTERNS + 1)) {
            Ordering::Less => node.parse(|text| expression(text).map(|()| text.to_owned())),
            Ordering::Equal => {
                node.wrong(format_args!(
                    "this is more than {MOST_PATTERNS} expressions; none further is looked at"
                ));
                None
            }
            Ordering::Greater => None,
        }
    })?;
    let says = map.may("says", |node| node.line().map(str::to_owned))?;
    if has_strangers || node.is_cut() {
        return None;
    }
    if let Some(choices) = some_of {
        if one_of.is_some() || pattern.is_some() || says.is_some() {
            node.wrong("`some_of` stands alone in a form");
            return None;
        }
        return Some(FieldForm::SomeOf(choices));
    }
    match (one_of, pattern, says) {
        (Some(words), None, None) if words.is_empty() => {
            node.wrong("`one_of` is an empty list; name at least one word");
            None
        }
        (Some(words), None, None) => Some(FieldForm::OneOf(words)),
        (None, Some(regex), Some(says)) => Some(FieldForm::Pattern { regex, says }),
        (None, Some(_), None) => {
            node.wrong("`pattern` needs `says`: what to tell somebody whose line does not match");
            None
        }
        (Some(_), Some(_), _) | (Some(_), None, Some(_)) | (None, None, _) => {
            node.wrong("a form is { one_of: […] } or { pattern: …, says: … }, not both and not neither");
            None
        }
    }
}

/// The form that is meant by what others call it, which may look like another one.
fn meant_by(node: Node<'_>) -> Option<&'static str> {
    const CALLED: [(&str, &[&str]); 8] = [
        ("day", &["date", "datetime", "time"]),
        ("text", &["string", "str", "line", "free", "words"]),
        ("email", &["mail", "e-mail", "address"]),
        ("accounts", &["user", "users", "mxid", "mxids", "account", "matrix id"]),
        ("one_of", &["enum", "choice", "select", "list"]),
        ("some_of", &["choices", "multiselect", "several"]),
        ("pattern", &["regex", "regexp", "expression"]),
        ("secrecy", &["confidential", "confidentiality"]),
    ];
    let typed = node.text()?.trim().to_lowercase();
    CALLED.iter().find(|(_, names)| names.contains(&typed.as_str())).map(|(form, _)| *form)
}

/// The words of which a line holds one, whatever their case.
fn one_of(node: Node<'_>) -> Option<Vec<String>> {
    let word = |node: Node<'_>| node.line().map(|word| word.trim().to_owned());
    each_once(node, |node| word(node).map(|word| word.to_lowercase()))?;
    node.any_number()?.into_iter().map(word).collect()
}

/// The words of which a line can hold some, each with its other names.
fn choices(node: Node<'_>) -> Option<Vec<Choice>> {
    let found = named(node, |key, node| {
        let choice = Choice { word: key.name().trim().to_owned(), aliases: words(node)? };
        let others = node.any_number()?.into_iter().filter_map(|node| Some((node, word(node)?)));
        let words = [(key, choice.word.clone())].into_iter().chain(others).collect();
        Some((Called { name: key.name().trim(), words }, choice))
    })?;
    if found.is_empty() {
        node.wrong("`some_of` is empty; name at least one word");
        return None;
    }
    let (called, choices): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    // They all stand in one line, which is somebody's as a whole.
    no_name_twice("word", called, &|_| true)?;
    Some(choices)
}

fn expression(text: &str) -> Result<(), String> {
    let whole = format!("^(?:{text})$");
    match RegexBuilder::new(&whole).size_limit(LARGEST_PATTERN).build() {
        Ok(_) => Ok(()),
        Err(regex::Error::CompiledTooBig(_)) => Err("this expression is too large".to_owned()),
        Err(fault) => {
            // Its last line says what is wrong; those above draw the expression.
            let said = fault.to_string();
            let why = said.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned();
            Err(format!("this is no regular expression ({why})"))
        }
    }
}
