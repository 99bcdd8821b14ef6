//! What is shown: cards, lists, histories, checklists, help. Sentences stand in `text`; here they are put together.

mod about;
mod card;
mod checks;
mod conflicts;
mod directory;
mod lists;
mod next;

pub use about::{form, help, people, policy, policy_of};
pub use card::{card, done};
pub use checks::check;
pub use conflicts::{conflicts, conflicts_of};
pub use directory::directory;
pub use lists::{Entry, LOG_PAGE, PAGE, found, list, log};
