//! What every part of a policy's file is made of: lists of words, things by name, and names that must be there. Does not
//! know what they mean.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::case::{Flag, Key, country_name, known};
use crate::yaml::{Map, Node, Place, nearest, quoted, unknown};

/// The names that stand in one part of the file.
pub(super) struct Part<T> {
    /// `None` where that part cannot be read at all, so that every name will do.
    names: Option<Vec<T>>,
    /// Whether there may be more behind a slip, where nothing was read.
    may_have_more: bool,
}

impl<T: AsRef<str>> Part<T> {
    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.names.iter().flatten().map(AsRef::as_ref)
    }

    /// Whether there is something of this name, or could be.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.is_none() || self.may_have_more || self.is_there(name)
    }

    /// Whether these are all that there are.
    pub(super) fn is_all(&self) -> bool {
        self.names.is_some() && !self.may_have_more
    }

    /// The name itself, or the one that was probably meant by it.
    pub(super) fn meant<'n>(&'n self, name: &'n str) -> Option<&'n str> {
        if self.is_there(name) {
            Some(name)
        } else {
            nearest(name, self.names()).or(self.has(name).then_some(name))
        }
    }

    /// The name, if there is something of it; noted otherwise.
    pub(super) fn find(&self, node: Node<'_>, what: &str, name: &str) -> Option<String> {
        self.is_well(node, what, name, name).then(|| name.to_owned())
    }

    /// Whether there is something of the name, or could be; noted if not, as it was typed.
    fn is_well(&self, node: Node<'_>, what: &str, name: &str, typed: &str) -> bool {
        if self.names.is_none() || self.is_there(name) {
            return true;
        }
        self.is_to_come(node, what, typed, self.names())
    }

    /// Whether what is not among these names may stand behind a slip; noted if not.
    pub(super) fn is_to_come<'n>(
        &self,
        node: Node<'_>,
        what: &str,
        typed: &str,
        names: impl Iterator<Item = &'n str> + Clone,
    ) -> bool {
        if !self.may_have_more {
            node.wrong(unknown(what, typed, names));
            return false;
        }
        // What is nearly another name is hardly one of its own.
        let Some(meant) = nearest(typed, names) else { return true };
        let typed = quoted(typed);
        node.wrong(format_args!("there is no {what} {typed} in what was read; did you mean `{meant}`?"));
        false
    }

    /// Whether there is something of this name in what was read.
    pub(super) fn is_there(&self, name: &str) -> bool {
        self.names().any(|other| other == name)
    }
}

/// Every name that one part of the file can use of another, whether what stands under it can be read or not: a mistake there
/// must not make more of them here.
pub(super) struct Names<'a> {
    /// Lines, in normal form.
    pub(super) fields: Part<String>,
    pub(super) kinds: Part<&'a str>,
    /// What is said to be true of which kind.
    truths: Vec<(&'a str, &'static str)>,
    pub(super) categories: Part<&'a str>,
    pub(super) instruments: Part<&'a str>,
    pub(super) calendars: Part<&'a str>,
    pub(super) letters: Part<&'a str>,
    pub(super) texts: Part<&'a str>,
    /// The stock sentences as they are written.
    sentences: Vec<(&'a str, &'a str)>,
    /// Whether somebody wrote a place themselves, and no shipped pack did: only there can they mend it.
    pub(super) is_own: &'a dyn Fn(Place) -> bool,
}

impl<'a> Names<'a> {
    pub(super) fn of(map: &Map<'a>, is_own: &'a dyn Fn(Place) -> bool) -> Names<'a> {
        let names = |key| {
            let entries = map.or(key, Vec::new(), |node| node.entries())?;
            Some(entries.iter().map(|(key, _)| key.name()).collect::<Vec<&'a str>>())
        };
        let normal = |name: &str| Key::read(name).ok().map(|key| key.as_str().to_owned());
        let mut letters: Option<Vec<&str>> =
            names("letters").map(|names| names.into_iter().map(letter_of).collect());
        letters.iter_mut().for_each(|letters| {
            let mut said = BTreeSet::new();
            letters.retain(|letter| said.insert(*letter));
        });
        let part = |key| Part { names: names(key), may_have_more: map.may_have_more(key) };
        let fields = names("fields").map(|names| names.into_iter().filter_map(normal).collect());
        Names {
            fields: Part { names: fields, may_have_more: map.may_have_more("fields") },
            kinds: part("kinds"),
            truths: truths(map),
            categories: part("categories"),
            instruments: part("instruments"),
            calendars: part("calendars"),
            letters: Part { names: letters, may_have_more: map.may_have_more("letters") },
            texts: part("texts"),
            sentences: sentences(map),
            is_own,
        }
    }

    /// The kinds of which something is said to be true.
    pub(super) fn with(&self, property: &str) -> impl Iterator<Item = &'a str> {
        self.truths.iter().filter(move |(_, is)| *is == property).map(|(kind, _)| *kind)
    }

    /// A line by its key, however it is written, in normal form.
    pub(super) fn field(&self, node: Node<'_>) -> Option<String> {
        self.field_called(node, node.line()?.trim())
    }

    /// Likewise, where the key is but a part of what stands at the node.
    pub(super) fn field_called(&self, node: Node<'_>, typed: &str) -> Option<String> {
        let key = Key::read(typed).map(|key| key.as_str().to_owned()).unwrap_or_default();
        self.fields.is_well(node, "line", &key, typed).then_some(key)
    }

    /// What a letter would leave open of a stock sentence that it names.
    pub(super) fn left_open(&self, name: &str) -> Option<&'static str> {
        let text = self.sentence(name)?;
        let within = known::within_text(name).iter().filter(|placeholder| **placeholder != "accepted");
        within.copied().find(|placeholder| text.contains(&format!("{{{placeholder}}}")))
    }

    /// A stock sentence as it is written.
    pub(super) fn sentence(&self, name: &str) -> Option<&'a str> {
        self.sentences.iter().find(|(called, _)| *called == name).map(|(_, text)| *text)
    }

    /// A stock sentence in which a placeholder is filled in that letters do not know.
    pub(super) fn texts_with(&self, placeholder: &str) -> Option<&str> {
        self.texts.names().find(|name| known::within_text(name).contains(&placeholder))
    }

    /// Everything that a placeholder can name besides lines.
    pub(super) fn placeholders(&self) -> impl Iterator<Item = &str> + Clone {
        known::PLACEHOLDERS.iter().copied().chain(self.texts.names())
    }
}

/// Read before the kinds are, so that a mistake in one does not take it from what is for all of its sort.
fn truths<'a>(map: &Map<'a>) -> Vec<(&'a str, &'static str)> {
    let mut found = Vec::new();
    for (kind, value) in map.or("kinds", Vec::new(), |node| node.entries()).unwrap_or_default() {
        let entries = if value.is_map() { value.entries() } else { None };
        for (key, value) in entries.unwrap_or_default() {
            let known = KIND_TRUTHS.into_iter().find(|known| *known == key.name());
            let is_true =
                value.is_text() && value.text().is_some_and(|text| text.trim().eq_ignore_ascii_case("true"));
            found.extend(known.filter(|_| is_true).map(|known| (kind.name(), known)));
        }
    }
    found
}

fn sentences<'a>(map: &Map<'a>) -> Vec<(&'a str, &'a str)> {
    let entries = map.or("texts", Vec::new(), |node| node.entries()).unwrap_or_default();
    let text = |value: Node<'a>| if value.is_text() { value.text() } else { None };
    entries.into_iter().filter_map(|(key, value)| Some((key.name(), text(value)?))).collect()
}

/// The name of a letter, without what comes after a slash.
pub(super) fn letter_of(name: &str) -> &str {
    name.split_once('/').map_or(name, |(name, _)| name)
}

/// A name that must stand in another part of the file.
pub(super) fn refer(node: Node<'_>, what: &str, part: &Part<&str>) -> Option<String> {
    part.find(node, what, node.line()?.trim())
}

/// A flag, by its name.
pub(super) fn flag(node: Node<'_>) -> Option<Flag> {
    node.one_of("flag", &Flag::ALL.map(|flag| (flag.name(), flag)))
}

/// A flag that is a key.
pub(super) fn flag_called(key: Node<'_>) -> Option<Flag> {
    let found = Flag::named(key.name());
    if found.is_none() {
        key.wrong(unknown("flag", key.name(), Flag::ALL.map(Flag::name)));
    }
    found
}

/// Every item of a list, or one value; `None` if one of them cannot be read, and all are tried.
pub(super) fn each<'a, T>(node: Node<'a>, read: impl Fn(Node<'a>) -> Option<T>) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = node.any_number()?.into_iter().map(read).collect();
    read.into_iter().collect()
}

/// Likewise, and no item twice.
pub(super) fn each_once<'a, T: PartialEq>(
    node: Node<'a>,
    read: impl Fn(Node<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    each_readable(node, read)?.whole()
}

/// Likewise, and those that can be read, whatever the others are.
pub(super) fn each_readable<'a, T: PartialEq>(
    node: Node<'a>,
    read: impl Fn(Node<'a>) -> Option<T>,
) -> Option<Readable<T>> {
    let mut found = Vec::new();
    let mut is_whole = true;
    for item in node.any_number()? {
        match read(item) {
            Some(value) if found.contains(&value) => {
                item.wrong(format_args!("{} stands twice in {}", said(item), quoted(node.name())));
                is_whole = false;
            }
            Some(value) => found.push(value),
            None => is_whole = false,
        }
    }
    Some(Readable { found, is_whole })
}

/// What could be read of several things. A mistake in one must not hide what is wrong between the others.
pub(super) struct Readable<T> {
    pub(super) found: Vec<T>,
    is_whole: bool,
}

impl<T> Readable<T> {
    /// Nothing, and nothing wrong.
    pub(super) fn none() -> Readable<T> {
        Readable { found: Vec::new(), is_whole: true }
    }

    /// Whether all could be read.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// All of them, if all could be read.
    pub(super) fn whole(self) -> Option<Vec<T>> {
        self.is_whole.then_some(self.found)
    }
}

fn said(node: Node<'_>) -> String {
    node.text().map_or_else(|| "it".to_owned(), quoted)
}

/// Words in small letters, each once.
pub(super) fn words(node: Node<'_>) -> Option<Vec<String>> {
    each_once(node, word)
}

/// One of them.
pub(super) fn word(node: Node<'_>) -> Option<String> {
    node.line().map(|line| line.trim().to_lowercase())
}

/// What stands under each name, in the order of the file.
pub(super) fn named<'a, T>(node: Node<'a>, read: impl Fn(Node<'a>, Node<'a>) -> Option<T>) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = node.entries()?.into_iter().map(|(key, value)| read(key, value)).collect();
    read.into_iter().collect()
}

/// Likewise, where each must have these keys.
pub(super) fn named_whole<'a, T>(
    node: Node<'a>,
    what: &str,
    must: &[&'static str],
    read: impl Fn(Node<'a>, Node<'a>) -> Option<T>,
) -> Option<Readable<T>> {
    let entries = node.entries()?;
    let one = |(key, value): (Node<'a>, Node<'a>)| read(key, slip(what, key, value, must, &entries));
    let read: Vec<Option<T>> = entries.iter().copied().map(one).collect();
    let is_whole = read.iter().all(Option::is_some);
    Some(Readable { found: read.into_iter().flatten().collect(), is_whole })
}

/// The value to be read. What is half written under a name that is nearly another one's is noted as a slip: somebody meant to
/// change that one, and need not be told of each key that a new one would lack. What is wrong in it is told all the same.
pub(super) fn slip<'a>(
    what: &str,
    key: Node<'a>,
    value: Node<'a>,
    must: &[&'static str],
    among: &[(Node<'a>, Node<'a>)],
) -> Node<'a> {
    let lacking = |value: Node<'a>| -> Vec<String> {
        let entries = if value.is_map() { value.entries() } else { None };
        let entries = entries.unwrap_or_default();
        let has = |wanted: &&str| entries.iter().any(|(key, _)| key.name() == *wanted);
        must.iter().filter(|wanted| !has(wanted)).map(|key| format!("`{key}`")).collect()
    };
    let lacks = lacking(value);
    if !value.is_map() || lacks.is_empty() || value.is_cut() {
        return value;
    }
    let whole =
        among.iter().filter(|(other, value)| other.name() != key.name() && lacking(*value).is_empty());
    let Some(meant) = nearest(key.name(), whole.map(|(other, _)| other.name())) else {
        return value;
    };
    let lacks = match lacks.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        all => all.concat(),
    };
    key.wrong(format_args!(
        "there is no {what} {} to change; did you mean `{meant}`? (A new one lacks {lacks}.)",
        quoted(key.name()),
    ));
    value.as_slip()
}

/// The kinds that something is for: by name, or `{ with: notify }` for all of which that is true.
pub(super) fn kinds_of(node: Node<'_>, names: &Names<'_>) -> Option<Vec<String>> {
    if !node.is_map() {
        return each_once(node, |node| refer(node, "kind", &names.kinds));
    }
    let property = node.map(&["with"])?.must("with", |node| {
        let known = KIND_TRUTHS.map(|name| (name, name));
        node.one_of("property of a kind", &known)
    })?;
    if !names.kinds.is_all() {
        // That there are no kinds is told where they should stand, or more may come; here any would do.
        return Some(vec![String::new()]);
    }
    let found: Vec<String> = names.with(property).map(str::to_owned).collect();
    if found.is_empty() {
        node.wrong(format_args!("no kind has `{property}: true`"));
        return None;
    }
    Some(found)
}

/// Likewise, for what is said of them elsewhere: what nearly is a name is taken for it, for that mistake is told where it stands.
/// `None` where it cannot be known which are meant.
pub(super) fn kinds_meant(node: Node<'_>, names: &Names<'_>) -> Option<Vec<String>> {
    if node.is_map() {
        return kinds_of(node, names).filter(|_| names.kinds.is_all());
    }
    let meant = |item: Node<'_>| names.kinds.meant(item.line()?.trim()).map(str::to_owned);
    node.any_number()?.into_iter().map(meant).collect()
}

/// What can be true or false of a kind.
pub(super) const KIND_TRUTHS: [&str; 13] = [
    "first",
    "discloses",
    "verify_requester",
    "verify_instrument",
    "attest",
    "own_accounts",
    "from_authority",
    "preserves",
    "notify",
    "asks_whose",
    "takes_down",
    "owes_answer",
    "scope_empty",
];

/// A name that people type: small letters and digits, words joined by hyphens.
pub(super) fn name(key: Node<'_>) -> Option<String> {
    let name = key.name();
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if name.len() > 40 || !name.split('-').all(is_word) {
        let meant = Key::read(name).map(|key| key.as_str().replace(' ', "-"));
        match meant {
            Ok(meant) if meant.len() <= 40 && meant.split('-').all(is_word) => {
                key.wrong(format_args!("{} is no name; write it as `{meant}`", quoted(name)));
            }
            Ok(_) | Err(_) => key.wrong(format_args!(
                "{} is no name; write small letters and digits, words joined by hyphens, at most 40",
                quoted(name)
            )),
        }
        return None;
    }
    Some(name.to_owned())
}

/// A country by its two letters.
pub(super) fn country(node: Node<'_>) -> Option<String> {
    node.parse(two_letters)
}

/// Reads `GB`.
pub(super) fn two_letters(text: &str) -> Result<String, impl Display + use<>> {
    let text = text.trim();
    if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err("write the country’s two letters, such as GB or DE");
    }
    match text.to_ascii_uppercase().as_str() {
        "UK" => Err("the two letters of the United Kingdom are GB"),
        code if country_name(code).is_none() => Err("no country has these two letters"),
        code => Ok(code.to_owned()),
    }
}
