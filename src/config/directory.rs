//! The operator's directory of agencies as a file on disk. What stands in it is read in `policy::directory`.

use std::path::Path;

use super::{ConfigFault, contents};
use crate::case::Agency;
use crate::policy::directory::{LONGEST, read};

/// Its name beside the data of a rehearsal.
pub const FILE: &str = "directory.yaml";

/// Reads a directory from a file, or tells every mistake in it.
pub fn load(path: &Path) -> Result<Vec<Agency>, ConfigFault> {
    let unread = |fault| ConfigFault::Unread { path: path.to_owned(), fault };
    let text = contents(path, LONGEST).map_err(unread)?;
    read(&text).map_err(|mistakes| ConfigFault::Wrong { path: path.to_owned(), mistakes })
}
