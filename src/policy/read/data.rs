//! What data there is, which instrument opens it, and whose instruments count. Does not know any case.

use std::collections::BTreeMap;

use super::kinds::some_kind_has;
use super::refer::{
    Names, country, each_once, kinds_of, name, named_whole, no_name_twice, refer, two_letters, words,
};
use super::spans::keep;
use crate::case::{Absent, Category, Held, Instrument, Kind, Tell};
use crate::yaml::{Node, quoted};

/// The inventory.
pub(super) fn categories(node: Node<'_>) -> Option<Vec<Category>> {
    let found = named_whole(node, "category", &["title", "held"], |key, node| {
        category(key, node).map(|category| (key, category))
    })?;
    let called = found.iter().map(|(key, category)| {
        let names = [category.name.as_str()].into_iter().chain(category.aliases.iter().map(String::as_str));
        (*key, category.name.as_str(), names.collect())
    });
    no_name_twice("category", called)?;
    Some(found.into_iter().map(|(_, category)| category).collect())
}

fn category(key: Node<'_>, node: Node<'_>) -> Option<Category> {
    let called = name(key);
    let map = node.map(&["title", "aliases", "content", "held"])?;
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let aliases = map.or("aliases", Vec::new(), words);
    let content = map.or("content", false, |node| node.truth());
    let held = map.must("held", held);
    Some(Category { name: called?, title: title?, aliases: aliases?, content: content?, held: held? })
}

fn held(node: Node<'_>) -> Option<Held> {
    match node.line()?.trim() {
        "never" => Some(Held::Never),
        "encrypted" => Some(Held::Encrypted),
        "kept" => Some(Held::Kept),
        text if text.starts_with(|c: char| c.is_ascii_digit()) => keep(node).map(Held::For),
        text => {
            node.wrong(format_args!(
                "`held` cannot be {}; write never, encrypted, kept, or how long, as in 180 days",
                quoted(text)
            ));
            None
        }
    }
}

const INSTRUMENT: [&str; 10] = [
    "title",
    "known_by",
    "countries",
    "kinds",
    "opens",
    "notice",
    "wants",
    "counsel",
    "instead_of",
    "if_said",
];

/// The instruments.
pub(super) fn instruments(
    node: Node<'_>,
    names: &Names<'_>,
    all: Option<&[Kind]>,
) -> Option<Vec<Instrument>> {
    let must = ["title", "known_by", "notice"];
    let found = named_whole(node, "instrument", &must, |key, node| {
        instrument(key, node, names, all).map(|instrument| (key, instrument))
    })?;
    let mut is_well = true;
    for (n, (key, later)) in found.iter().enumerate() {
        for (_, earlier) in found.iter().take(n).filter(|(_, earlier)| can_meet(earlier, later)) {
            for phrase in later.known_by.iter().filter(|phrase| knows(earlier, phrase)) {
                key.wrong(format_args!(
                    "{} is a name of the instrument {} already, so an order that says it could be either",
                    quoted(phrase),
                    quoted(&earlier.name)
                ));
                is_well = false;
            }
        }
    }
    is_well.then(|| found.into_iter().map(|(_, instrument)| instrument).collect())
}

fn knows(instrument: &Instrument, phrase: &str) -> bool {
    // As lines are read: by letters and digits alone.
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    instrument.known_by.iter().any(|other| bare(other) == bare(phrase))
}

/// Whether one request can rest on either; an empty list stands for all.
fn can_meet(one: &Instrument, other: &Instrument) -> bool {
    let meet = |one: &[String], other: &[String]| {
        one.is_empty() || other.is_empty() || one.iter().any(|item| other.contains(item))
    };
    meet(&one.countries, &other.countries) && meet(&one.kinds, &other.kinds)
}

/// Words that stand in every line; a name made of nothing else would be found everywhere.
const EVERYWHERE: &[&str] = &[
    "a", "an", "and", "any", "as", "at", "by", "das", "de", "der", "des", "die", "du", "for", "from", "in",
    "is", "it", "la", "le", "les", "no", "not", "of", "on", "or", "our", "see", "that", "the", "this", "to",
    "under", "von", "with", "yes", "your",
];

/// How requests write an instrument, each name so that it says something.
fn known_by(node: Node<'_>) -> Option<Vec<String>> {
    let known = names_in_text(node)?;
    if known.is_empty() {
        node.wrong("`known_by` is an empty list; write how requests name it");
        return None;
    }
    Some(known)
}

/// Names that are looked for in what requests say, each so that it says something.
pub(super) fn names_in_text(node: Node<'_>) -> Option<Vec<String>> {
    let known = words(node)?;
    let says_something = |name: &str| {
        name.split(|c: char| !c.is_alphanumeric())
            .any(|word| word.chars().count() > 1 && !EVERYWHERE.contains(&word))
    };
    match known.iter().find(|name| !says_something(name)) {
        Some(name) => {
            node.wrong(format_args!(
                "{} stands in nearly every text; write the words that name what is meant",
                quoted(name)
            ));
            None
        }
        None => Some(known),
    }
}

fn instrument(key: Node<'_>, node: Node<'_>, names: &Names<'_>, all: Option<&[Kind]>) -> Option<Instrument> {
    let called = name(key);
    let map = node.map(&INSTRUMENT)?;
    let some = |key, read: &dyn Fn(Node<'_>) -> Option<String>| {
        map.or(key, Vec::new(), |node| each_once(node, read))
    };
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let known_by = map.must("known_by", known_by);
    let countries = some("countries", &|node| country(node));
    let kinds = map.or("kinds", Vec::new(), |node| kinds_of(node, names));
    let opens = some("opens", &|node| refer(node, "category", &names.categories));
    let notice = map.must("notice", tell);
    let wants = some("wants", &|node| {
        let line = names.field(node)?;
        if let (Some(all), Some(kinds)) = (all, &kinds) {
            some_kind_has(node, &line, "it wants", all, kinds);
        }
        Some(line)
    });
    let counsel = map.or("counsel", false, |node| node.truth());
    let instead_of = map.may("instead_of", |node| refer(node, "instrument", &names.instruments));
    let if_said = map.or("if_said", Vec::new(), names_in_text);
    Some(Instrument {
        name: called?,
        title: title?,
        known_by: known_by?,
        countries: countries?,
        kinds: kinds?,
        opens: opens?,
        notice: notice?,
        wants: wants?,
        counsel: counsel?,
        instead_of: instead_of?,
        if_said: if_said?,
    })
}

/// How requests say that there is no instrument, or none yet.
pub(super) fn absent(node: Node<'_>) -> Option<Absent> {
    let map = node.map(&["none", "not_yet"])?;
    let none = map.or("none", Vec::new(), words);
    let not_yet = map.or("not_yet", Vec::new(), words);
    Some(Absent { none: none?, not_yet: not_yet? })
}

/// Whether the user may be told.
pub(super) fn tell(node: Node<'_>) -> Option<Tell> {
    node.one_of("such rule as", &[("tell", Tell::Tell), ("withhold", Tell::Withhold)])
}

/// Countries whose authorities may ask directly.
pub(super) fn accepts(node: Node<'_>) -> Option<Vec<String>> {
    each_once(node, country)
}

/// Names of countries, each with its two letters.
pub(super) fn countries(node: Node<'_>) -> Option<BTreeMap<String, String>> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut is_whole = true;
    for (key, value) in node.entries()? {
        let code = match two_letters(key.name()) {
            Ok(code) => Some(code),
            Err(fault) => {
                key.wrong(format_args!("{}: {fault}", quoted(key.name())));
                None
            }
        };
        let (Some(code), Some(names)) = (code, words(value)) else {
            is_whole = false;
            continue;
        };
        for name in names {
            if let Some(other) = found.get(&name).filter(|other| **other != code) {
                value.wrong(format_args!("{} is a name of {} already", quoted(&name), quoted(other)));
                is_whole = false;
            }
            found.insert(name, code.clone());
        }
    }
    is_whole.then_some(found)
}
