//! YAML read by walking it: every mistake is told at once, each with its line and column and what was meant.
//!
//! A reader is given a [`Node`] and asks it for what it wants. Whatever does not fit is written down where it stands, the
//! walk goes on, and [`read`] gives the value only when nothing was written down. Pure; knows no file and no setting.
//!
//! It reads less than YAML: one document, no anchors, no aliases, no tags, not deeper than [`DEEPEST`]. Every value is
//! text until a reader parses it, so that `no`, `09:00` and `1e3` are what was typed.

mod cut;
mod map;
mod mistake;
mod node;
mod stack;
mod syntax;
mod tree;
mod write;
mod zone;

pub use crate::case::near::nearest;
pub use map::Map;
pub use mistake::{Mistake, Place, quoted, unknown};
pub use node::{Node, read};
pub use stack::{Found, Replaced, Sheet, Stack, Way};
pub use tree::DEEPEST;
pub use zone::zone;

#[cfg(test)]
mod tests;
