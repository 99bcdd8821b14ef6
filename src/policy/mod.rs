//! The policy: which kinds of request there are, what each must say, and why one can be refused.
//!
//! Makes the [`Policy`] that `decide` works by, out of packs and the operator's own file. Knows no case.

mod builtin;
mod fields;
mod packs;
mod read;
mod reasons;
mod stack;
#[cfg(test)]
mod tests;

pub use builtin::matrix_org;
pub use packs::{PACKS, pack};
pub use stack::{LONGEST, Layer, Mistakes, Taken, stack};
