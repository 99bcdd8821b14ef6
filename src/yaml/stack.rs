//! Several files read as one: what a later one says stands in the place of what an earlier one says, key by key. Does not
//! know what the keys mean; whoever stacks says which values are laid on whole.

use super::cut::cut_throughout;
use super::mistake::{Mistake, Mistakes, Place};
use super::node::Node;
use super::tree::{Shape, Tree, parse};
use super::write;

/// How a value is laid on an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Keys and values key by key; anything else whole.
    InPart,
    /// Whole.
    Whole,
    /// Lists are joined. An empty one stands for everything, and stays empty.
    Joined,
    /// Not at all: it is said of the file and is no part of what is stacked.
    Aside,
}

/// That a later file says something else than an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The keys that lead to it, with slashes between.
    pub path: String,
    /// Which file said it first, counted from 0, and what.
    pub earlier: (usize, String),
    /// Which file says it now, and what.
    pub later: (usize, String),
    /// Whether both hold.
    pub joined: bool,
    /// Of a list, what the later file adds and what it leaves out.
    pub items: Option<(Vec<String>, Vec<String>)>,
}

/// A mistake, and the keys that lead to where it is, with slashes between.
pub type Found = (Mistake, String);

/// One file, parsed and not yet laid on.
pub struct Sheet<'t> {
    tree: Tree<'t>,
}

impl Sheet<'_> {
    /// Whether it is cut off at a slip, behind which anything may stand.
    pub fn is_cut(&self) -> bool {
        self.tree.is_cut
    }

    /// That what it is laid on may stand behind the slip too, so that nothing in it is all there is.
    pub fn cut_throughout(&mut self) {
        cut_throughout(&mut self.tree);
    }
}

/// Files on top of each other.
#[derive(Default)]
pub struct Stack<'t> {
    mistakes: Mistakes,
    top: Option<Tree<'t>>,
    replaced: Vec<Replaced>,
    files: usize,
    broken: bool,
}

impl<'t> Stack<'t> {
    /// Nothing yet.
    pub fn new() -> Stack<'t> {
        Stack::default()
    }

    /// Parses the next file, of at most `longest` bytes. Mistakes in it are told with its number, which is counted from 0.
    pub fn parse(&mut self, text: &'t str, longest: usize) -> Option<Sheet<'t>> {
        let source = self.files;
        self.files += 1;
        let tree = if text.len() > longest {
            // Whoever opened it may have stopped reading there, so nobody knows how long it is.
            let message = format!("the file is too long; at most {longest} bytes are read");
            self.mistakes.note(Place { source, ..Place::TOP }, message);
            None
        } else {
            parse(text, source, &self.mistakes)
        };
        self.broken |= tree.is_none();
        tree.map(|tree| Sheet { tree })
    }

    /// The top node of a file that is not laid on yet.
    pub fn look<'a>(&'a self, sheet: &'a Sheet<'t>) -> Node<'a> {
        Node::top(&sheet.tree, &self.mistakes)
    }

    /// What cannot be stacked makes no sense to read on.
    pub fn give_up(&mut self) {
        self.broken = true;
    }

    /// Lays a file on those before it.
    pub fn lay(&mut self, sheet: Sheet<'t>, way: &dyn Fn(&[String]) -> Way) {
        if self.top.is_none() && way(&[]) == Way::Whole {
            self.top = Some(sheet.tree);
            return;
        }
        let mut laying = Laying { way, path: Vec::new(), replaced: &mut self.replaced };
        let bottom = Tree { place: sheet.tree.place, shape: Shape::Map(Vec::new()), is_cut: false };
        self.top = Some(laying.lay(self.top.take().unwrap_or(bottom), sheet.tree));
    }

    /// Takes off what stands under a path of keys, and whether there was anything. A key can have slashes of its own.
    pub fn take_off(&mut self, path: &str) -> bool {
        self.top.as_mut().is_some_and(|top| take_off(top, path))
    }

    /// What can be taken off: each key, and each below it.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (key, value) in self.top.iter().flat_map(entries) {
            names
                .extend(entries(value).iter().map(|(below, _)| format!("{}/{}", called(key), called(below))));
            names.push(called(key).to_owned());
        }
        names
    }

    /// Reads what has come of it, by the function that is given its top node. The value comes only without a mistake;
    /// otherwise each comes with the keys that lead to it.
    pub fn read<T>(
        self,
        reader: impl FnOnce(Node<'_>) -> Option<T>,
    ) -> Result<(T, Vec<Replaced>), Vec<Found>> {
        let tree = self.top.filter(|_| !self.broken);
        let value = tree.as_ref().and_then(|tree| reader(Node::top(tree, &self.mistakes)));
        let mut found = self.mistakes.into_sorted();
        match value {
            Some(value) if found.is_empty() => Ok((value, self.replaced)),
            Some(_) | None => {
                if found.is_empty() {
                    // A reader gave up without a word; nobody may take that for success.
                    found.push(Mistake { place: Place::TOP, message: "the file cannot be read".to_owned() });
                }
                let path = |mistake: &Mistake| {
                    let path = tree.as_ref().and_then(|tree| path_to(tree, mistake.place));
                    path.unwrap_or_default().join("/")
                };
                let paths: Vec<String> = found.iter().map(path).collect();
                Err(found.into_iter().zip(paths).collect())
            }
        }
    }
}

fn entries<'a, 't>(tree: &'a Tree<'t>) -> &'a [(Tree<'t>, Tree<'t>)] {
    match &tree.shape {
        Shape::Map(entries) => entries,
        Shape::Text(_) | Shape::Nothing | Shape::List(_) | Shape::Refused => &[],
    }
}

/// The keys that lead to what begins at a place.
fn path_to(tree: &Tree<'_>, place: Place) -> Option<Vec<String>> {
    if tree.place == place {
        return Some(Vec::new());
    }
    if let Shape::List(items) = &tree.shape {
        return items.iter().find_map(|item| path_to(item, place));
    }
    entries(tree).iter().find_map(|(key, value)| {
        let below = if key.place == place { Some(Vec::new()) } else { path_to(value, place) };
        below.map(|below| [called(key).to_owned()].into_iter().chain(below).collect())
    })
}

fn called<'a>(key: &'a Tree<'_>) -> &'a str {
    match &key.shape {
        Shape::Text(text) => text,
        Shape::Nothing | Shape::List(_) | Shape::Map(_) | Shape::Refused => "",
    }
}

/// One file on its way onto those before it.
struct Laying<'l> {
    way: &'l dyn Fn(&[String]) -> Way,
    path: Vec<String>,
    replaced: &'l mut Vec<Replaced>,
}

impl Laying<'_> {
    fn lay<'t>(&mut self, earlier: Tree<'t>, later: Tree<'t>) -> Tree<'t> {
        let Tree { place, shape, is_cut } = later;
        let mut may_have_more = is_cut;
        let shape = match (earlier.shape, shape, (self.way)(&self.path)) {
            (Shape::Map(kept), Shape::Map(new), Way::InPart) => {
                may_have_more |= earlier.is_cut;
                Shape::Map(self.lay_entries(kept, new, is_cut))
            }
            (Shape::List(kept), Shape::List(new), Way::Joined) => {
                Shape::List(self.join((earlier.place, kept), (place, new)))
            }
            (old, new, _) => {
                if !is_same(&old, &new) {
                    self.tell((earlier.place, &old), (place, &new), false);
                }
                new
            }
        };
        Tree { place, shape, is_cut: may_have_more }
    }

    fn lay_entries<'t>(
        &mut self,
        mut kept: Vec<(Tree<'t>, Tree<'t>)>,
        new: Vec<(Tree<'t>, Tree<'t>)>,
        is_cut: bool,
    ) -> Vec<(Tree<'t>, Tree<'t>)> {
        let before = kept.len();
        if is_cut {
            // What was not laid on yet may be behind the slip.
            let said = |key: &Tree<'t>| new.iter().any(|(said, _)| is_same(&said.shape, &key.shape));
            let unsaid = kept.iter_mut().filter(|(key, _)| !said(key));
            unsaid.for_each(|(_, value)| cut_throughout(value));
        }
        for (key, value) in new {
            let name = match &key.shape {
                Shape::Text(name) => name.to_string(),
                // Whoever reads it says what is wrong with it.
                Shape::Nothing | Shape::List(_) | Shape::Map(_) | Shape::Refused => {
                    kept.push((key, value));
                    continue;
                }
            };
            self.path.push(name);
            if (self.way)(&self.path) != Way::Aside {
                let same = |(old, _): &(Tree<'t>, Tree<'t>)| {
                    // A key that stands twice in one file is a mistake of that file.
                    old.place.source != key.place.source && is_same(&old.shape, &key.shape)
                };
                match kept.iter().take(before).position(same) {
                    Some(at) => {
                        if let Some(slot) = kept.get_mut(at) {
                            let nothing = Tree { place: key.place, shape: Shape::Nothing, is_cut: false };
                            let old = std::mem::replace(&mut slot.1, nothing);
                            *slot = (key, self.lay(old, value));
                        }
                    }
                    None => kept.push((key, value)),
                }
            }
            self.path.pop();
        }
        kept
    }

    fn join<'t>(
        &mut self,
        (place, mut kept): (Place, Vec<Tree<'t>>),
        (later, new): (Place, Vec<Tree<'t>>),
    ) -> Vec<Tree<'t>> {
        let is_there =
            |item: &Tree<'t>, list: &[Tree<'t>]| list.iter().any(|other| is_same(&other.shape, &item.shape));
        if new.len() != kept.len() || !new.iter().all(|item| is_there(item, &kept)) {
            let (old, new) = (written_list(&kept), written_list(&new));
            self.note((place.source, old), (later.source, new), true);
        }
        if kept.is_empty() || new.is_empty() {
            return Vec::new();
        }
        for item in new {
            if !is_there(&item, &kept) {
                kept.push(item);
            }
        }
        kept
    }

    fn tell(&mut self, old: (Place, &Shape<'_>), new: (Place, &Shape<'_>), joined: bool) {
        let (before, after) = write::apart(old.1, new.1);
        let items = match (old.1, new.1) {
            (Shape::List(old), Shape::List(new)) => Some((beside(new, old), beside(old, new))),
            (Shape::Text(_) | Shape::List(_) | Shape::Map(_) | Shape::Nothing | Shape::Refused, _) => None,
        };
        let (earlier, later) = ((old.0.source, before), (new.0.source, after));
        self.replaced.push(Replaced { path: self.path.join("/"), earlier, later, joined, items });
    }

    fn note(&mut self, earlier: (usize, String), later: (usize, String), joined: bool) {
        self.replaced.push(Replaced { path: self.path.join("/"), earlier, later, joined, items: None });
    }
}

/// The items of one list that are not in another.
fn beside(items: &[Tree<'_>], others: &[Tree<'_>]) -> Vec<String> {
    let is_new = |item: &&Tree<'_>| !others.iter().any(|other| is_same(&other.shape, &item.shape));
    items.iter().filter(is_new).map(|item| write::in_short(&item.shape)).collect()
}

fn written_list(items: &[Tree<'_>]) -> String {
    let items: Vec<String> = items.iter().map(|item| write::in_short(&item.shape)).collect();
    format!("[{}]", items.join(", "))
}

/// Whether two values say the same, wherever they stand.
fn is_same(one: &Shape<'_>, other: &Shape<'_>) -> bool {
    match (one, other) {
        (Shape::Text(one), Shape::Text(other)) => one == other,
        (Shape::List(one), Shape::List(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(&one.shape, &other.shape))
        }
        (Shape::Map(one), Shape::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|((key, value), (other, there))| {
                    is_same(&key.shape, &other.shape) && is_same(&value.shape, &there.shape)
                })
        }
        (Shape::Nothing, Shape::Nothing) => true,
        (Shape::Text(_) | Shape::List(_) | Shape::Map(_) | Shape::Nothing | Shape::Refused, _) => false,
    }
}

fn take_off(tree: &mut Tree<'_>, path: &str) -> bool {
    let Shape::Map(entries) = &mut tree.shape else {
        return false;
    };
    let is_called = |key: &Tree<'_>, name: &str| matches!(&key.shape, Shape::Text(text) if text == name);
    if let Some(at) = entries.iter().position(|(key, _)| is_called(key, path)) {
        entries.remove(at);
        return true;
    }
    path.match_indices('/').any(|(at, _)| {
        let (name, rest) = (path.get(..at).unwrap_or_default(), path.get(at + 1..).unwrap_or_default());
        let found = entries.iter_mut().find(|(key, _)| is_called(key, name));
        found.is_some_and(|(_, value)| take_off(value, rest))
    })
}
