//! What can be seen of the kinds before they are read, and of letters and instruments: which lines a kind has, what is true of
//! it, for which kinds the others are. A mistake in one of them hides none in what is said of it elsewhere.
//!
//! Notes no mistake of its own; what it cannot know is taken to be well.

use super::fields::Fields;
use super::refer::{Names, kinds_meant, letter_of};
use crate::case::choice::choices;
use crate::case::{FieldForm, INSTRUMENT_KEY, JURISDICTION_KEY, Key, REVIEW_KEY, VIA_KEY};
use crate::yaml::{Map, Node, nearest, quoted};

/// What a property of a kind asks for has a line, or nobody could ever say it (rules 1, 2, 3 and 16): the property, the line,
/// and whether each request must have it.
pub(super) const BROUGHT: [(&str, &str, bool); 4] = [
    ("from_authority", JURISDICTION_KEY, true),
    ("from_authority", VIA_KEY, false),
    ("verify_instrument", INSTRUMENT_KEY, true),
    ("attest", REVIEW_KEY, false),
];

/// What may have to be said of any kind, where the policy has the line: a flagged case keeps records whatever its kind (rules 24
/// and 66), and somebody may seem too young wherever they are named (rule 56).
pub(super) const EVERYWHERE: [&str; 2] = ["destroyed", "age checked"];

/// The kinds, the letters and the instruments, as far as they can be seen.
pub(super) struct Seen<'s, 'a> {
    names: &'s Names<'a>,
    fields: &'s Fields,
    /// `None` where the file has no list of them that could be read.
    kinds: Option<Vec<SeenKind<'a>>>,
    letters: Vec<ForKinds<'a>>,
    instruments: Vec<ForKinds<'a>>,
    /// `None` where the file has no list of them that could be read.
    clocks: Option<Vec<SeenClock<'a>>>,
}

struct SeenClock<'a> {
    name: &'a str,
    /// For which kinds; as with what else is for kinds.
    kinds: Option<Vec<String>>,
    /// Whether it is too early before something.
    waits: bool,
    /// Whether it can be extended.
    extends: bool,
}

struct SeenKind<'a> {
    name: &'a str,
    /// Its lines by key; `None` where they cannot be known.
    lines: Option<Vec<String>>,
}

struct ForKinds<'a> {
    name: &'a str,
    /// Which; none for every kind, `None` where that cannot be known.
    kinds: Option<Vec<String>>,
}

impl<'s, 'a> Seen<'s, 'a> {
    pub(super) fn of(map: &Map<'a>, names: &'s Names<'a>, fields: &'s Fields) -> Seen<'s, 'a> {
        let entries = |key| map.may(key, |node| node.entries()).flatten();
        // What may come behind a slip cannot be seen.
        let are_all = names.kinds.is_all() && names.fields.is_all();
        let kinds = entries("kinds").filter(|_| are_all).map(|kinds| {
            let seen = kinds
                .into_iter()
                .map(|(key, value)| SeenKind { name: key.name(), lines: lines_of(key.name(), value, names) });
            seen.collect()
        });
        let for_kinds = |(key, value): (Node<'a>, Node<'a>)| {
            let kinds = value.peek("kinds").map_or(Some(Vec::new()), |node| kinds_meant(node, names));
            ForKinds { name: letter_of(key.name()), kinds }
        };
        let all = |key| entries(key).unwrap_or_default().into_iter().map(for_kinds).collect();
        let clock = |(key, value): (Node<'a>, Node<'a>)| SeenClock {
            name: key.name(),
            kinds: value.peek("kinds").map_or(Some(Vec::new()), |node| kinds_meant(node, names)),
            waits: value.peek("not_before").is_some(),
            extends: value.peek("extension").is_some(),
        };
        // That there are none is told nowhere, for a policy may count nothing; what names one is told of it.
        let clocks = map.or("clocks", Vec::new(), |node| node.entries());
        let clocks = clocks.filter(|_| !map.may_have_more("clocks"));
        let clocks = clocks.map(|clocks| clocks.into_iter().map(clock).collect());
        Seen { names, fields, kinds, letters: all("letters"), instruments: all("instruments"), clocks }
    }

    /// Whether some of the kinds that are named, of all if none is, have the line; noted at the node if none has. `does` says
    /// what the line is there for, as in `it begins with`. Where only some lack it, a note says so: see `policy::gaps`.
    pub(super) fn some_has(&self, node: Node<'_>, line: &str, does: &str, named: Option<&[String]>) -> bool {
        let has = self.some(named, |kind| self.has_line(kind, line));
        if !has {
            node.wrong(format_args!("{does} the line {}, and no kind that it is for has one", quoted(line)));
        }
        has
    }

    /// The lines of the operator's own that no kind has, so that no form shows them.
    pub(super) fn unused(&self, fields: Node<'_>) -> Vec<String> {
        let own = fields.entries().unwrap_or_default().into_iter().map(|(key, _)| key);
        let own = own.filter(|key| (self.names.is_own)(key.place()));
        let keys = own.filter_map(|key| Key::read(key.name()).ok().map(|key| key.as_str().to_owned()));
        keys.filter(|key| !self.some_has_line(key)).collect()
    }

    /// What a line can choose from, if it is a list; `None` where the line could not be read.
    pub(super) fn choices(&self, line: &str) -> Option<Option<Vec<&str>>> {
        self.fields.get(line).map(|rule| choices(&rule.form))
    }

    /// Whether something is true of some of them.
    pub(super) fn some_is(&self, property: &str, named: Option<&[String]>) -> bool {
        self.some(named, |kind| self.names.with(property).any(|name| name == kind.name))
    }

    /// Whether there can be a letter of this name for some of them.
    pub(super) fn some_gets(&self, letter: &str, named: Option<&[String]>) -> bool {
        !self.names.letters.is_all() || is_for_some(&self.letters, letter, named)
    }

    /// Whether some of them can rest on the instrument.
    pub(super) fn some_rests_on(&self, instrument: &str, named: Option<&[String]>) -> bool {
        !self.names.instruments.is_all() || is_for_some(&self.instruments, instrument, named)
    }

    /// Whether it is too early for the clock of this name before something; none if there is no such clock.
    pub(super) fn clock_waits(&self, name: &str) -> Option<bool> {
        let Some(clocks) = &self.clocks else { return Some(true) };
        clocks.iter().find(|clock| clock.name == name).map(|clock| clock.waits)
    }

    /// The clocks by name.
    pub(super) fn clock_names(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.clocks.iter().flatten().map(|clock| clock.name)
    }

    /// Whether some clock of theirs can be extended.
    pub(super) fn some_extends(&self, named: &[String]) -> bool {
        let runs = |clock: &SeenClock<'a>| clock.kinds.as_ref().is_none_or(|kinds| meet(kinds, named));
        self.clocks.as_ref().is_none_or(|clocks| clocks.iter().any(|clock| clock.extends && runs(clock)))
    }

    /// Whether it can be known which lines a kind has.
    pub(super) fn knows_lines(&self, kind: &str) -> bool {
        self.kinds.iter().flatten().any(|seen| seen.name == kind && seen.lines.is_some())
    }

    /// Whether some kind has the line.
    pub(super) fn some_has_line(&self, line: &str) -> bool {
        self.some(Some(&[]), |kind| self.has_line(kind, line))
    }

    /// Whether on some kind an account can be named.
    pub(super) fn some_has_accounts(&self) -> bool {
        self.some(Some(&[]), |kind| self.has_accounts(kind))
    }

    /// The first of them that lacks the line.
    pub(super) fn lacks_line(&self, line: &str, named: &[String]) -> Option<&'a str> {
        let lacks = |kind: &&SeenKind<'a>| !self.has_line(kind, line);
        self.concerned(named).find(lacks).map(|kind| kind.name)
    }

    /// The first of them on which no account can be named.
    pub(super) fn lacks_accounts(&self, named: &[String]) -> Option<&'a str> {
        self.concerned(named).find(|kind| !self.has_accounts(kind)).map(|kind| kind.name)
    }

    fn some(&self, named: Option<&[String]>, is: impl Fn(&SeenKind<'a>) -> bool) -> bool {
        match (&self.kinds, named) {
            (Some(_), Some(named)) => self.concerned(named).any(is),
            (None, _) | (_, None) => true,
        }
    }

    fn concerned(&self, named: &[String]) -> impl Iterator<Item = &SeenKind<'a>> {
        let is_named = |kind: &&SeenKind<'a>| named.is_empty() || named.iter().any(|name| name == kind.name);
        self.kinds.iter().flatten().filter(is_named)
    }

    fn has_accounts(&self, kind: &SeenKind<'_>) -> bool {
        let is_for_them =
            |line: &String| self.fields.get(line).is_none_or(|rule| rule.form == FieldForm::Accounts);
        kind.lines.as_ref().is_none_or(|lines| lines.iter().any(is_for_them))
    }

    fn has_line(&self, kind: &SeenKind<'_>, line: &str) -> bool {
        let is_called = |key: &String| {
            let rule = self.fields.get(key);
            key == line || rule.is_some_and(|rule| rule.aliases.iter().any(|alias| alias == line))
        };
        kind.lines.as_ref().is_none_or(|lines| lines.iter().any(is_called))
    }
}

fn is_for_some(all: &[ForKinds<'_>], name: &str, named: Option<&[String]>) -> bool {
    let mut called = all.iter().filter(|one| one.name == name).peekable();
    // That there is none of the name is told where it is named.
    called.peek().is_none()
        || called.any(|one| one.kinds.as_ref().is_none_or(|kinds| meet(kinds, named.unwrap_or_default())))
}

/// Whether something can be for both; an empty list stands for all.
pub(super) fn meet(one: &[String], other: &[String]) -> bool {
    one.is_empty() || other.is_empty() || one.iter().any(|item| other.contains(item))
}

/// The lines of a kind by key, those included that what is true of it brings.
fn lines_of(kind: &str, value: Node<'_>, names: &Names<'_>) -> Option<Vec<String>> {
    const LISTS: [&str; 2] = ["required", "optional"];
    let entries = if value.is_map() { value.entries()? } else { return None };
    // A list of lines that nobody can find may hold any.
    let is_lost = |name: &str| !LISTS.contains(&name) && nearest(name, LISTS).is_some();
    if entries.iter().any(|(key, _)| is_lost(key.name())) {
        return None;
    }
    let mut lines = Vec::new();
    for (_, list) in entries.iter().filter(|(key, _)| LISTS.contains(&key.name())) {
        for item in list.any_number()? {
            let key = Key::read(item.line()?.trim()).ok()?;
            lines.extend(names.fields.meant(key.as_str()).map(str::to_owned));
        }
    }
    let brought = BROUGHT.into_iter().filter(|(property, ..)| names.with(property).any(|name| name == kind));
    lines.extend(brought.map(|(_, line, _)| line.to_owned()));
    lines.extend(EVERYWHERE.into_iter().filter(|line| names.fields.has(line)).map(str::to_owned));
    Some(lines)
}
