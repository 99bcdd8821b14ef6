//! Where files that are posted in a rehearsal come from.

/// The largest file that can be posted.
pub use crate::files::LARGEST as LARGEST_FILE;

/// Where `/file` finds what it posts.
pub trait PostFiles {
    /// The bytes, or the sentence that says why not.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}
