//! The policy: which kinds of request there are, what each must say, and why one can be refused.
//!
//! Makes the [`Policy`](crate::case::Policy) that `decide` works by. Knows no case.
//! For now one small policy is built in; packs in YAML replace it.

mod builtin;
mod clocks;
mod fields;
mod reasons;

pub use builtin::{PACKS, matrix_org};
