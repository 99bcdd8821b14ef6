//! What is left of a text that is cut off at a slip, behind which nothing was read: everything that stands before it, and no
//! guess at what may come behind. Does not find the slip.

use super::mistake::Place;
use super::tree::{Shape, Tree};

/// Where a text is no YAML any more.
#[derive(Clone, Copy)]
pub(super) struct Slip {
    pub(super) place: Place,
}

/// The lines before one, counted from 1.
pub(super) fn lines_before(text: &str, line: usize) -> &str {
    let end: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    text.get(..end).unwrap_or_default()
}

/// Marks what stands open where a text ends: more of it may come.
pub(super) fn cut_at_end(tree: &mut Tree<'_>) {
    match &mut tree.shape {
        Shape::List(items) => items.last_mut().into_iter().for_each(cut_at_end),
        Shape::Map(entries) => entries.last_mut().into_iter().for_each(|(_, value)| cut_at_end(value)),
        Shape::Nothing => tree.shape = Shape::Refused,
        // A text of several lines whose first has not come.
        Shape::Text(text) if text.trim().is_empty() => tree.shape = Shape::Refused,
        Shape::Text(_) | Shape::Refused => return,
    }
    tree.is_cut = true;
}

/// Takes away what is open and empty still: what it will be stands behind the slip.
pub(super) fn drop_begun(tree: &mut Tree<'_>) {
    let (is_empty, last) = match &mut tree.shape {
        Shape::List(items) => (items.is_empty(), items.last_mut()),
        Shape::Map(entries) => (entries.is_empty(), entries.last_mut().map(|(_, value)| value)),
        Shape::Text(_) | Shape::Nothing | Shape::Refused => return,
    };
    last.into_iter().for_each(drop_begun);
    if is_empty && tree.is_cut {
        tree.shape = Shape::Refused;
    }
}

/// Marks everything in it: anything of it may be said otherwise behind the slip.
pub(super) fn cut_throughout(tree: &mut Tree<'_>) {
    tree.is_cut = true;
    match &mut tree.shape {
        Shape::List(items) => items.iter_mut().for_each(cut_throughout),
        Shape::Map(entries) => entries.iter_mut().for_each(|(_, value)| cut_throughout(value)),
        Shape::Text(_) | Shape::Nothing | Shape::Refused => {}
    }
}

/// Takes away the last text (where it begins, and the line in which it ends) if the slip made it another: `b` of `a: b: c`, and
/// what runs on into the next line because a bracket is open.
pub(super) fn spoil(tree: &mut Tree<'_>, text: &str, slip: &Slip, begins: Place, ends: usize) {
    // A key whose value has not come: it may stand behind the slip.
    if let Some(leaf) = last_leaf(tree).filter(|leaf| matches!(leaf.shape, Shape::Nothing)) {
        (leaf.shape, leaf.is_cut) = (Shape::Refused, true);
    }
    let line = text.lines().nth(slip.place.line.saturating_sub(1)).unwrap_or_default();
    let at = line.chars().nth(slip.place.column.saturating_sub(1));
    let ends_well = begins.line == slip.place.line && matches!(at, Some(',' | ']' | '}'));
    if ends < slip.place.line || ends_well {
        return;
    }
    if let Some(leaf) = last_leaf(tree).filter(|leaf| leaf.place == begins) {
        (leaf.shape, leaf.is_cut) = (Shape::Refused, true);
    }
}

fn last_leaf<'a, 't>(tree: &'a mut Tree<'t>) -> Option<&'a mut Tree<'t>> {
    if !matches!(tree.shape, Shape::List(_) | Shape::Map(_)) {
        return Some(tree);
    }
    match &mut tree.shape {
        Shape::Text(_) | Shape::Nothing | Shape::Refused => None,
        Shape::List(items) => items.last_mut().and_then(last_leaf),
        Shape::Map(entries) => entries.last_mut().and_then(|(_, value)| last_leaf(value)),
    }
}

/// Takes away what an open bracket swallowed: what stands in a later line and no further in than the line with the bracket.
pub(super) fn drop_swallowed<I>(
    items: &mut Vec<I>,
    text: &str,
    begins: Place,
    depth: usize,
    place: impl Fn(&I) -> Place,
) {
    let line = text.lines().nth(begins.line.saturating_sub(1)).unwrap_or_default();
    let has_bracket = matches!(line.chars().nth(begins.column.saturating_sub(1)), Some('[' | '{'));
    let indent = line.chars().take_while(|c| *c == ' ').count();
    // A file that is one pair of braces may stand as it likes.
    if depth == 0 || !has_bracket {
        return;
    }
    let is_swallowed = |item: &I| place(item).line > begins.line && place(item).column <= indent + 1;
    if let Some(from) = items.iter().position(is_swallowed) {
        items.truncate(from);
    }
}

/// What was read up to a slip, and what was read of the lines before it alone: of what one of them lacks, the other's.
pub(super) fn merge<'t>(one: Option<Tree<'t>>, other: Option<Tree<'t>>) -> Option<Tree<'t>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(merged(one, other)),
        (one, other) => one.or(other),
    }
}

fn merged<'t>(one: Tree<'t>, other: Tree<'t>) -> Tree<'t> {
    let Tree { place, is_cut, .. } = one;
    let shape = match (one.shape, other.shape) {
        (Shape::Refused, shape) => return Tree { place: other.place, shape, is_cut: other.is_cut },
        (Shape::List(items), Shape::List(others)) => Shape::List(longer(items, others, merged)),
        (Shape::Map(entries), Shape::Map(others)) => {
            Shape::Map(longer(entries, others, |(key, value), (_, other)| (key, merged(value, other))))
        }
        (shape, _) => shape,
    };
    Tree { place, shape, is_cut }
}

/// Both say the same as far as they go; what is last in the first may have been cut.
fn longer<I>(mut one: Vec<I>, other: Vec<I>, merge: impl Fn(I, I) -> I) -> Vec<I> {
    let mut rest = other.into_iter().skip(one.len().saturating_sub(1));
    if let Some(last) = one.pop() {
        match rest.next() {
            Some(same) => one.push(merge(last, same)),
            None => one.push(last),
        }
    }
    one.extend(rest);
    one
}
