//! From text to what it asks for, and from what happened to text.
//!
//! Pure. What a person typed is read here into commands and request messages ([`hear`]); what is answered is put together
//! here ([`render`], [`text`]) out of lines that keep foreign text harmless ([`page`]). Decides nothing.

pub mod ahead;
mod args;
mod asked;
mod clean;
pub mod dates;
mod fold;
mod form;
mod hear;
mod line;
mod lost;
mod mail;
mod mail_head;
mod mistake;
mod named;
pub mod page;
mod pasted;
mod posted;
mod reading;
pub mod render;
mod runs_on;
mod slip;
pub mod text;
mod token;
mod value;
mod verbs;
pub mod visit;
mod words;

pub use args::Args;
pub use asked::{About, Asked, Asking, Filters, Query, Typed};
pub use clean::{clip, escape_html, shown, shown_in_line};
pub use fold::{lines, plain};
pub use form::Filled;
pub use hear::{Meant, hear};
pub use line::Line;
pub use mistake::Mistake;
pub use named::{read_account, read_accounts};
pub use page::Page;
pub use posted::{FileText, NoText, NotTaken, file_text, with_file};
pub use reading::{edits, request_of};
pub use slip::Slip;
pub use verbs::{LATER, Later, VERBS, Verb};
pub use words::{Arg, Heard, Op, Words, read};

pub use crate::case::Key;

#[cfg(test)]
mod tests;
