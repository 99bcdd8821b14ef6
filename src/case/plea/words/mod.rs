//! The words of pleas, a file for each language. Data only, in small letters without marks above or below them; a star stands for
//! any end of a word. What they say together, `grammar` says.

mod de;
mod en;
mod es;
mod fr;
mod it;
mod nl;
mod pl;

use super::lexicon::Roles;

/// Words that may be the same, with a blank between.
type List = &'static [(Roles, &'static str)];

/// All of them.
pub(super) const ALL: &[List] =
    &[en::WORDS, de::WORDS, fr::WORDS, es::WORDS, it::WORDS, nl::WORDS, pl::WORDS];

/// How every word begins that names a user to the label of a line, and what such a label has beside them.
pub(super) const USERS_ON_LABELS: &[&str] =
    &["user", "customer", "subscriber", "holder", "suspect", "target", "client", "member", "subject"];
pub(super) const OF_NOTICE: &[&str] =
    &["delay", "delayed", "delaying", "withhold", "withheld", "postpone", "postponed", "no"];
