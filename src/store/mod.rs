//! The index: the last value of every scope and the lists of numbers behind every look-up.
//!
//! It is never the truth. Everything here is rebuilt from the journal at will, which is why nothing here is durable
//! before it is closed and why anything doubtful is thrown away. Nothing here knows what a value or a number means.

mod memory;
#[cfg(feature = "shell")]
mod sled_index;
mod steady;
#[cfg(test)]
mod suite;

pub use memory::MemoryIndex;
#[cfg(feature = "shell")]
pub use sled_index::{Believed, Options, SledIndex};
pub use steady::SteadyIndex;
