//! From text to types, and from foreign text to text that is safe to show.
//!
//! Pure. What a person typed is read here into commands and request messages, and what a stranger wrote is made
//! harmless before it is shown. Nothing here knows which verbs, kinds or fields exist, nor what they do.

mod clean;
mod fold;
mod form;
mod line;
mod mistake;
mod named;
mod near;
mod token;
mod words;

pub use clean::{clip, escape_html, shown, shown_in_line};
pub use fold::{lines, plain};
pub use form::Filled;
pub use line::Line;
pub use mistake::Mistake;
pub use named::{read_account, read_accounts};
pub use near::nearest;
pub use words::{Arg, Heard, Op, Words, read};

pub use crate::case::Key;

#[cfg(test)]
mod tests;
