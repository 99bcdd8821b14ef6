//! What was attached to cases. Nothing here opens, renders or guesses at what a file is.

mod memory;
mod posted;
mod sealed;

pub use memory::MemoryFiles;
pub use posted::{LARGEST, keep};
pub use sealed::SealedFiles;
