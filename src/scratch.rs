//! A directory for a test, with a name of its own, removed at the end.

#![expect(clippy::unwrap_used, reason = "a test fails where the disk does")]

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The directory.
pub(crate) struct Scratch(PathBuf);

#[expect(clippy::disallowed_methods, reason = "tests look at what lies on the disk")]
impl Scratch {
    /// An empty one, which only its owner may read.
    pub(crate) fn new() -> Scratch {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("docket-test-{}-{number}", std::process::id()));
        // What an aborted run under the same process id may have left.
        if path.exists() {
            std::fs::remove_dir_all(&path).unwrap();
        }
        crate::disk::make_dir(&path).unwrap();
        Scratch(path)
    }
}

impl Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

#[expect(clippy::disallowed_methods, reason = "tests look at what lies on the disk")]
impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}
