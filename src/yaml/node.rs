//! What a reader holds in its hand: one node of the tree, with the ways to ask it for something. Does not know what is
//! asked for.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use super::map::Map;
use super::mistake::{Mistake, Mistakes, Place, quoted, unknown};
use super::stack::{Stack, Way};
use super::tree::{Shape, Tree};
use super::write;

/// Reads a text of at most `longest` bytes by the function that is given its top node. The value comes only without a mistake;
/// otherwise all mistakes come, in the file's order, and at least one.
pub fn read<T>(
    text: &str,
    longest: usize,
    reader: impl FnOnce(Node<'_>) -> Option<T>,
) -> Result<T, Vec<Mistake>> {
    let mut stack = Stack::new();
    if let Some(sheet) = stack.parse(text, longest) {
        stack.lay(sheet, &|_| Way::Whole);
    }
    let read = stack.read(reader);
    read.map(|(value, _)| value).map_err(|found| found.into_iter().map(|(mistake, _)| mistake).collect())
}

/// A place in the file and what stands there. An accessor that does not find what was asked for notes the mistake and gives
/// `None`; ask the other nodes all the same, and give up at the end.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    tree: &'a Tree<'a>,
    name: &'a str,
    part: Part,
    owner: Place,
    is_slip: bool,
    mistakes: &'a Mistakes,
}

/// How a node is spoken of.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    Value,
    Item,
}

impl<'a> Node<'a> {
    pub(super) fn top(tree: &'a Tree<'a>, mistakes: &'a Mistakes) -> Node<'a> {
        let owner = Place { source: tree.place.source, ..Place::TOP };
        Node { tree, name: "", part: Part::Whole, owner, is_slip: false, mistakes }
    }

    /// Where it begins.
    pub fn place(&self) -> Place {
        self.tree.place
    }

    /// Where to say that something is missing in it: at its key, if it has one.
    pub fn owner(&self) -> Place {
        self.owner
    }

    /// The same, taken for a slip of the pen: what it lacks has been told in one sentence, what stands in it is read as ever.
    pub fn as_slip(self) -> Node<'a> {
        Node { is_slip: true, ..self }
    }

    /// Whether it was taken for one.
    pub fn is_slip(&self) -> bool {
        self.is_slip
    }

    /// Whether more of it may stand behind a slip, where nothing was read: what it lacks is no mistake then.
    pub fn is_cut(&self) -> bool {
        self.tree.is_cut
    }

    /// Notes a mistake here.
    pub fn wrong(&self, message: impl Display) {
        self.wrong_at(self.place(), message);
    }

    /// Notes a mistake elsewhere, such as at its [`Node::owner`].
    pub fn wrong_at(&self, place: Place, message: impl Display) {
        self.mistakes.note(place, message.to_string());
    }

    /// Text of any number of lines, without other control characters.
    pub fn text(&self) -> Option<&'a str> {
        let text = match &self.tree.shape {
            Shape::Text(text) => text.as_ref(),
            Shape::Nothing | Shape::List(_) | Shape::Map(_) | Shape::Refused => {
                return self.unfit("a text");
            }
        };
        match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            Some(c) => {
                self.wrong(format_args!(
                    "{} holds the control character U+{:04X}",
                    self.spoken(),
                    u32::from(c)
                ));
                None
            }
            None => Some(text),
        }
    }

    /// Text on one line, and at least a character that is no space.
    pub fn line(&self) -> Option<&'a str> {
        let text = self.text()?;
        if text.contains(['\n', '\t']) {
            self.wrong(format_args!("{} must be one line, without tabs", self.spoken()));
            return None;
        }
        if text.trim().is_empty() {
            self.wrong(format_args!("{} is empty", self.spoken()));
            return None;
        }
        Some(text)
    }

    /// A line that a function can make something of; what it says otherwise is the mistake.
    pub fn parse<T, E: Display>(&self, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let line = self.line()?;
        match parse(line) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.wrong(format_args!("{} {}: {fault}", self.spoken(), quoted(line)));
                None
            }
        }
    }

    /// One of the names, whatever their case; `what` says what kind of thing they name.
    pub fn one_of<T: Copy>(&self, what: &str, names: &[(&str, T)]) -> Option<T> {
        let line = self.line()?;
        let found = names.iter().find(|(name, _)| name.eq_ignore_ascii_case(line.trim()));
        if found.is_none() {
            self.wrong(unknown(what, line, names.iter().map(|(name, _)| *name)));
        }
        found.map(|(_, value)| *value)
    }

    /// `true` or `false`, nothing else.
    pub fn truth(&self) -> Option<bool> {
        self.one_of("such answer as", &[("true", true), ("false", false)])
    }

    /// A whole number within bounds.
    pub fn whole(&self, bounds: RangeInclusive<u32>) -> Option<u32> {
        self.parse(|line| match line.parse::<u32>() {
            Ok(number) if bounds.contains(&number) => Ok(number),
            Ok(_) | Err(_) => {
                Err(format!("write a whole number from {} to {}", bounds.start(), bounds.end()))
            }
        })
    }

    /// The items of a list, perhaps none.
    pub fn list(&self) -> Option<Vec<Node<'a>>> {
        match &self.tree.shape {
            Shape::List(items) => Some(items.iter().map(|tree| self.item(tree)).collect()),
            Shape::Text(_) | Shape::Nothing | Shape::Map(_) | Shape::Refused => self.unfit("a list"),
        }
    }

    /// One value, or a list of at least one.
    pub fn one_or_more(&self) -> Option<Vec<Node<'a>>> {
        match &self.tree.shape {
            Shape::List(items) if items.is_empty() => {
                self.wrong(format_args!("{} is an empty list; name at least one", self.spoken()));
                None
            }
            Shape::List(_) => self.list(),
            Shape::Text(_) => Some(vec![*self]),
            Shape::Nothing | Shape::Map(_) | Shape::Refused => self.unfit("one value or a list"),
        }
    }

    /// One value, or a list, perhaps of none.
    pub fn any_number(&self) -> Option<Vec<Node<'a>>> {
        if self.is_text() { Some(vec![*self]) } else { self.list() }
    }

    /// Whether it is a text, and no list or mapping.
    pub fn is_text(&self) -> bool {
        matches!(self.tree.shape, Shape::Text(_))
    }

    /// Whether it is keys and values.
    pub fn is_map(&self) -> bool {
        matches!(self.tree.shape, Shape::Map(_))
    }

    /// The whole of it as YAML, without the comments.
    pub fn written(&self) -> String {
        write::block(&self.tree.shape)
    }

    /// Keys and values where any key may stand, each once.
    pub fn entries(&self) -> Option<Vec<(Node<'a>, Node<'a>)>> {
        let entries = match &self.tree.shape {
            Shape::Map(entries) => entries,
            Shape::Text(_) | Shape::Nothing | Shape::List(_) | Shape::Refused => {
                return self.unfit("written as `key: value`");
            }
        };
        let mut found = Vec::new();
        let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
        for (key, value) in entries {
            let key = self.item(key);
            let name = match &key.tree.shape {
                Shape::Text(text) => text.as_ref(),
                Shape::Refused => continue,
                Shape::Nothing | Shape::List(_) | Shape::Map(_) => {
                    key.wrong("a key must be one word before a colon");
                    continue;
                }
            };
            if let Some(first) = seen.get(name) {
                key.wrong(format_args!(
                    "{} stands twice; it is in line {} already",
                    quoted(name),
                    first.line
                ));
                continue;
            }
            seen.insert(name, key.place());
            let value = Node { tree: value, name, part: Part::Value, owner: key.place(), ..key };
            found.push((Node { name, ..key }, value));
        }
        Some(found)
    }

    /// What stands under a key, if this is written as keys and values and has it. Says nothing if not.
    pub fn peek(&self, key: &str) -> Option<Node<'a>> {
        let entries = if self.is_map() { self.entries()? } else { return None };
        entries.into_iter().find(|(name, _)| name.name() == key).map(|(_, value)| value)
    }

    /// Keys and values where only these keys may stand.
    pub fn map(&self, known: &[&'static str]) -> Option<Map<'a>> {
        self.map_of(known, &|_| None)
    }

    /// Likewise; `elsewhere` says of some other keys where what they mean is said instead.
    pub fn map_of(
        &self,
        known: &[&'static str],
        elsewhere: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Map<'a>> {
        Some(Map::new(*self, self.entries()?, known, elsewhere))
    }

    /// The key it stands under; empty for the whole file.
    pub fn name(&self) -> &'a str {
        self.name
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.tree.shape, Shape::Nothing)
    }

    pub(super) fn spoken(&self) -> String {
        match self.part {
            Part::Whole => "the file".to_owned(),
            Part::Value => quoted(self.name),
            Part::Item if self.name.is_empty() => "an item".to_owned(),
            Part::Item => format!("an item of {}", quoted(self.name)),
        }
    }

    fn item(&self, tree: &'a Tree<'a>) -> Node<'a> {
        Node { tree, part: Part::Item, owner: tree.place, is_slip: false, ..*self }
    }

    fn unfit<T>(&self, wanted: &str) -> Option<T> {
        let is = match &self.tree.shape {
            Shape::Text(_) => "a text",
            Shape::Nothing => "empty",
            Shape::List(_) => "a list",
            Shape::Map(_) => "written as `key: value`",
            Shape::Refused => return None,
        };
        self.wrong(format_args!("{} is {is}, and must be {wanted}", self.spoken()));
        None
    }
}
