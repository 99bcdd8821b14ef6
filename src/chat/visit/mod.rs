//! What users are told who ask docket for something by themselves, and how what they type is understood.
//!
//! Plain words and numbers, no prefix; nothing that a moderator can do is reachable from here. A conversation is forgotten at a stop and
//! begins anew: what was handed in is a case by then. Each language is one file with all that it says and all that it understands.

mod de;
mod en;
mod fr;
mod says;
mod talk;
#[cfg(test)]
mod tests;
mod told;
mod words;

pub use says::Says;
pub use talk::{Known, LONGEST, Talk, Turn};
pub use told::{HowFar, Told, not_private, told, unsigned};

use crate::case::Tongue;

/// What users can ask for, in the order of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wish {
    /// A copy of their data (rules 42, 48).
    Copy,
    /// Something is to be corrected.
    Correct,
    /// Their account and their data are to be erased (rule 44).
    Erase,
    /// They object to a use of their data.
    Object,
    /// The use of their data is to be restricted.
    Restrict,
    /// What is held about them, and why.
    Held,
    /// How far their requests are.
    State,
    /// They take one back.
    TakeBack,
    /// They report somebody or something.
    Report,
}

impl Wish {
    /// All of them, by their numbers.
    pub const ALL: [Wish; 9] = [
        Wish::Copy,
        Wish::Correct,
        Wish::Erase,
        Wish::Object,
        Wish::Restrict,
        Wish::Held,
        Wish::State,
        Wish::TakeBack,
        Wish::Report,
    ];

    /// The right that it uses, as the line of a request has it.
    pub fn right(self) -> Option<&'static str> {
        Some(match self {
            Wish::Copy => "access",
            Wish::Correct => "rectification",
            Wish::Erase => "erasure",
            Wish::Object => "objection",
            Wish::Restrict => "restriction",
            Wish::Held => "informed",
            Wish::State | Wish::TakeBack | Wish::Report => return None,
        })
    }
}

/// All that is said and understood in a language.
pub fn says(tongue: Tongue) -> &'static Says {
    match tongue {
        Tongue::En => &en::SAYS,
        Tongue::De => &de::SAYS,
        Tongue::Fr => &fr::SAYS,
    }
}
