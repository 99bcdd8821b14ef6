//! What is shown: cards, lists, histories, checklists, help. Sentences stand in `text`; here they are put together.

mod about;
mod adoption;
mod bound;
mod brief;
mod card;
mod checks;
mod comes_to;
mod conflicts;
mod costs;
mod deadlines;
mod digest;
mod directory;
mod done;
mod ending;
#[cfg(test)]
mod given;
mod goes_along;
mod health;
mod history;
mod letters;
mod lists;
mod next;
mod notice;
mod owed;
mod pending;
mod pressing;
mod promised;
mod reminder;
mod report;
mod rewritten;
mod scope;
mod sealed;
mod shorten;
#[cfg(test)]
mod tests;

pub use about::{form, help, people, policy, policy_of};
pub use brief::{Brief, Due, Few, brief};
pub use card::{card, show};
pub use checks::check;
pub use conflicts::{conflicts, conflicts_of};
pub use costs::costs;
pub use deadlines::due;
pub use digest::{Digest, DigestDue, DigestLine, InDoubt, MOST_COUNTED, MOST_NAMED, Matter, digest};
pub use directory::directory;
pub use done::done;
pub use health::{Condition, Finding, Health, LEAST_ROOM, PlaceSeen, disk, findings, health};
pub use history::Entry;
pub use letters::{letter, letters};
pub use lists::{LOG_PAGE, PAGE, found, list, log};
pub use notice::notice;
pub use pending::pending;
pub use pressing::{Pressing, Whose, next_of, pressing};
pub use reminder::{mentions, reminder};
pub use report::report;
pub use scope::scope;
pub use sealed::not_shown;
