//! What data there is, which instrument opens it, and whose instruments count. Does not know any case.

use std::collections::BTreeMap;

use super::called::{Called, no_name_twice};
use super::elsewhere;
use super::refer::{
    Names, country, each_once, kinds_meant, kinds_of, name, named_whole, refer, two_letters, word, words,
};
use super::seen::{Seen, meet};
use super::spans::keep;
use crate::case::{Absent, Category, Held, Instrument, Tell, denied_by};
use crate::yaml::{Node, quoted};

/// The inventory.
pub(super) fn categories(node: Node<'_>, names: &Names<'_>) -> Option<Vec<Category>> {
    let found = named_whole(node, "category", &["title", "held"], |key, node| {
        category(key, node).map(|category| (key, node, category))
    })?;
    let called = found.found.iter().map(|(key, node, _)| Called::of(*key, *node, word));
    no_name_twice("category", called, names.is_own)?;
    Some(found.whole()?.into_iter().map(|(_, _, category)| category).collect())
}

fn category(key: Node<'_>, node: Node<'_>) -> Option<Category> {
    let called = name(key);
    let map = node.map(&["title", "aliases", "content", "held", "why"])?;
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let aliases = map.or("aliases", Vec::new(), words);
    let content = map.or("content", false, |node| node.truth());
    let held = map.must("held", held);
    let why = map.may("why", |node| node.line().map(str::to_owned));
    Some(Category {
        name: called?,
        title: title?,
        aliases: aliases?,
        content: content?,
        held: held?,
        why: why?,
    })
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

/// What instruments speak of.
pub(super) struct Around<'s> {
    pub(super) names: &'s Names<'s>,
    pub(super) seen: &'s Seen<'s, 's>,
    /// How lines say that there is none, as far as that could be read.
    pub(super) absent: &'s Absent,
    /// Where it stands.
    pub(super) denials: Option<Node<'s>>,
}

impl Around<'_> {
    /// Notes, at an operator's own word for that there is no instrument, that a pack's name for one holds it; whether it is so.
    fn is_denied_at(&self, name: Node<'_>, word: &str) -> bool {
        let is_own = self.names.is_own;
        let lists = ["none", "not_yet"].into_iter().filter_map(|key| self.denials?.peek(key));
        let mut words = lists.filter_map(|list| list.any_number()).flatten();
        let is_it = |item: &Node<'_>| item.text().is_some_and(|text| text.trim().to_lowercase() == word);
        let Some(item) = words.find(is_it).filter(|item| is_own(item.place()) && !is_own(name.place()))
        else {
            return false;
        };
        item.wrong(format_args!(
            "{} stands in the name of an instrument, and whoever names that would say that there is none; write more words",
            quoted(word)
        ));
        true
    }
}

/// The instruments.
pub(super) fn instruments(node: Node<'_>, around: &Around<'_>) -> Option<Vec<Instrument>> {
    let must = ["title", "known_by", "notice"];
    let found = named_whole(node, "instrument", &must, |key, node| instrument(key, node, around))?;
    let known: Vec<Known<'_>> =
        node.entries()?.into_iter().filter_map(|(key, value)| Known::of(key, value, around)).collect();
    for (n, later) in known.iter().enumerate() {
        for earlier in known.iter().take(n).filter(|earlier| earlier.can_meet(later)) {
            for phrase in later.by.iter().filter(|phrase| earlier.goes_by(phrase)) {
                later.key.wrong(format_args!(
                    "{} is a name of the instrument {} already, so an order that says it could be either",
                    quoted(phrase),
                    quoted(earlier.key.name())
                ));
            }
        }
    }
    found.whole()
}

/// By what an instrument is known, whatever else is wrong with it.
struct Known<'a> {
    key: Node<'a>,
    by: Vec<String>,
    countries: Vec<String>,
    kinds: Vec<String>,
}

impl<'a> Known<'a> {
    fn of(key: Node<'a>, value: Node<'a>, around: &Around<'_>) -> Option<Known<'a>> {
        // Where it counts may stand behind a slip.
        if value.is_cut() {
            return None;
        }
        let countries = value.peek("countries").map_or(Some(Vec::new()), |node| each_once(node, country));
        let kinds = value.peek("kinds").map_or(Some(Vec::new()), |node| kinds_meant(node, around.names));
        Some(Known { key, by: words(value.peek("known_by")?)?, countries: countries?, kinds: kinds? })
    }

    fn goes_by(&self, phrase: &str) -> bool {
        // As lines are read: by letters and digits alone.
        let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        self.by.iter().any(|other| bare(other) == bare(phrase))
    }

    /// Whether one request can rest on either.
    fn can_meet(&self, other: &Known<'_>) -> bool {
        meet(&self.countries, &other.countries) && meet(&self.kinds, &other.kinds)
    }
}

/// Words that stand in every line; a name made of nothing else would be found everywhere.
const EVERYWHERE: &[&str] = &[
    "a", "an", "and", "any", "as", "at", "by", "das", "de", "der", "des", "die", "du", "for", "from", "in",
    "is", "it", "la", "le", "les", "no", "not", "of", "on", "or", "our", "see", "that", "the", "this", "to",
    "under", "von", "with", "yes", "your",
];

/// How requests write an instrument, each name so that it says something.
fn known_by(node: Node<'_>, around: &Around<'_>) -> Option<Vec<String>> {
    let known = names_in_text(node)?;
    if known.is_empty() {
        node.wrong("`known_by` is an empty list; write how requests name it");
        return None;
    }
    for item in node.any_number()? {
        if let Some(denied) = item.text().and_then(|name| denied_by(name, around.absent)) {
            if around.is_denied_at(item, denied) {
                continue;
            }
            item.wrong(format_args!(
                "a line that says {} is taken to say that there is no instrument, by the word {} under `absent`; give it \
                 another name, or take out that word",
                quoted(item.text().unwrap_or_default()),
                quoted(denied)
            ));
        }
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

fn instrument(key: Node<'_>, node: Node<'_>, around: &Around<'_>) -> Option<Instrument> {
    let Around { names, seen, .. } = around;
    let called = name(key);
    let map = node.map_of(&INSTRUMENT, &elsewhere::of_instrument)?;
    let some = |key, read: &dyn Fn(Node<'_>) -> Option<String>| {
        map.or(key, Vec::new(), |node| each_once(node, read))
    };
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let known_by = map.must("known_by", |node| known_by(node, around));
    let countries = some("countries", &|node| country(node));
    let kinds = map.or("kinds", Vec::new(), |node| kinds_of(node, names));
    let meant = map.or("kinds", Vec::new(), |node| kinds_meant(node, names));
    let meant = meant.filter(|_| !map.may_have_more("kinds"));
    let opens = some("opens", &|node| refer(node, "category", &names.categories));
    let notice = map.must("notice", tell);
    let wants = some("wants", &|node| {
        let line = names.field(node)?;
        seen.some_has(node, &line, "it wants", meant.as_deref());
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
