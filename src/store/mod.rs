//! The index: the last value of every scope and the lists of numbers behind every look-up.
//!
//! It is never the truth. Everything here is rebuilt from the journal at will, which is why nothing here is durable
//! before it is closed and why anything doubtful is thrown away. Nothing here knows what a value or a number means.

mod memory;
#[cfg(test)]
mod suite;

#[cfg(feature = "shell")]
mod blocks;
#[cfg(feature = "shell")]
mod gather;
#[cfg(feature = "shell")]
mod home;
#[cfg(feature = "shell")]
mod mark;
#[cfg(feature = "shell")]
mod postings;
#[cfg(feature = "shell")]
mod seal;
#[cfg(feature = "shell")]
mod sled_engine;
#[cfg(feature = "shell")]
mod sled_index;
#[cfg(feature = "shell")]
mod tide;
#[cfg(feature = "shell")]
mod values;

pub use memory::MemoryIndex;
#[cfg(feature = "shell")]
pub use sled_index::{Believed, Options, SledIndex};
