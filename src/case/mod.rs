//! The case: what is on file, what may happen to it, and what did.
//!
//! Pure. Nothing here knows a room, a file, a clock or a configuration; time comes in as an argument.

mod account;
mod id;

pub use account::{Account, AccountFault};
pub use id::{CaseId, Scope};
