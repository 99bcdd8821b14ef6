//! What is shown: cards, lists, histories, checklists, help. Sentences stand in `text`; here they are put together.

mod about;
mod card;
mod checks;
mod costs;
mod deadlines;
mod digest;
mod lists;
mod next;
mod reminder;
mod report;

pub use about::{form, help, people, policy};
pub use card::{card, done};
pub use checks::check;
pub use costs::costs;
pub use deadlines::due;
pub use digest::{Digest, DigestLine, Matter, digest};
pub use lists::{Entry, LOG_PAGE, PAGE, found, list, log};
pub use reminder::{mentions, reminder};
pub use report::report;
