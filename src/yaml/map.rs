//! A mapping whose keys are known beforehand. Does not know what the keys mean.

use super::mistake::{meant, quoted, unknown};
use super::node::Node;

/// The values under known keys; unknown ones have been noted, each with the nearest known one.
pub struct Map<'a> {
    node: Node<'a>,
    known: Vec<(&'a str, Node<'a>)>,
    /// Keys that somebody probably meant to write: they are not told as missing too.
    meant: Vec<&'static str>,
}

impl<'a> Map<'a> {
    pub(super) fn new(
        node: Node<'a>,
        entries: Vec<(Node<'a>, Node<'a>)>,
        known: &[&'static str],
        elsewhere: &dyn Fn(&str) -> Option<String>,
    ) -> Map<'a> {
        let mut map = Map { node, known: Vec::new(), meant: Vec::new() };
        for (key, value) in entries {
            if known.contains(&key.name()) {
                map.known.push((key.name(), value));
            } else if let Some(there) = elsewhere(key.name()) {
                key.wrong(format_args!("there is no key {}: {there}", quoted(key.name())));
            } else {
                key.wrong(unknown("key", key.name(), known.iter().copied()));
                map.meant.extend(meant(key.name(), known.iter().copied()));
            }
        }
        map
    }

    /// The value of a key that must be there.
    pub fn required(&self, key: &'static str) -> Option<Node<'a>> {
        match self.entry(key) {
            Some(node) => self.filled(node),
            None => {
                if !self.meant.contains(&key) && !self.node.is_slip() && !self.node.is_cut() {
                    let message = format!("{} lacks `{key}`", self.node.spoken());
                    self.node.wrong_at(self.node.owner(), message);
                }
                None
            }
        }
    }

    /// What a function reads from a key that must be there.
    pub fn must<T>(&self, key: &'static str, read: impl FnOnce(Node<'a>) -> Option<T>) -> Option<T> {
        self.required(key).and_then(read)
    }

    /// What a function reads from a key, or the default if the key is not there. `None` when it is there and wrong.
    pub fn or<T>(
        &self,
        key: &'static str,
        default: T,
        read: impl FnOnce(Node<'a>) -> Option<T>,
    ) -> Option<T> {
        match self.entry(key) {
            Some(node) => self.filled(node).and_then(read),
            None => Some(default),
        }
    }

    /// What a function reads from a key that can be left out. `Some(None)` when it is, `None` when it is there and wrong.
    pub fn may<T>(&self, key: &'static str, read: impl FnOnce(Node<'a>) -> Option<T>) -> Option<Option<T>> {
        self.or(key, None, |node| read(node).map(Some))
    }

    /// Whether more may stand under a key behind a slip, where nothing was read.
    pub fn may_have_more(&self, key: &str) -> bool {
        self.entry(key).map_or(self.node.is_cut(), |node| node.is_cut())
    }

    /// The mapping itself, to note what is wrong between its keys.
    pub fn node(&self) -> Node<'a> {
        self.node
    }

    fn entry(&self, key: &str) -> Option<Node<'a>> {
        self.known.iter().find(|(name, _)| *name == key).map(|(_, node)| *node)
    }

    fn filled(&self, node: Node<'a>) -> Option<Node<'a>> {
        if node.is_nothing() {
            node.wrong_at(
                node.owner(),
                format_args!("{} has no value; write one, or take the line out", node.spoken()),
            );
            return None;
        }
        Some(node)
    }
}
