//! The policy: which kinds of request there are, what each must say, which instruments open what, how long clocks run.
//!
//! Makes the [`Policy`] that `decide` works by, out of packs in YAML (`packs/`) and the operator's own file, stacked on top
//! of each other ([`stack`]). Knows no case and opens no file.

pub mod directory;
mod gaps;
mod packs;
#[cfg(test)]
mod promises;
mod read;
mod stack;
#[cfg(test)]
mod tests;
mod written;
mod wrong;

pub use packs::{PACKS, SHARED, pack};
pub use read::of_configuration;
pub use stack::{LONGEST, Layer, Mistakes, Taken, stack};

use std::sync::OnceLock;

use crate::case::Policy;

/// The policy that is used where none is named.
pub const DEFAULT: &str = "matrix-org";

/// The policy of the matrix.org homeserver, as it is shipped. Read once.
pub fn matrix_org() -> Result<Policy, Mistakes> {
    static READ: OnceLock<Result<Policy, Mistakes>> = OnceLock::new();
    READ.get_or_init(|| stack(&[Layer::Pack(DEFAULT)]).map(|taken| taken.policy)).clone()
}
