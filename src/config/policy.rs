//! The policy that the settings or a command line name: packs, and files of the operator's own. Opens the files; what
//! stands in them is read by `policy`.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::{PolicySource, contents};
use crate::policy::{self, LONGEST, Layer, Mistakes, PACKS, Taken};
use crate::yaml::unknown;

/// Why there is no policy. Shown, each mistake stands on a line of its own.
#[derive(Debug)]
pub enum PolicyFault {
    /// A file cannot be read.
    Unread {
        /// The file.
        path: PathBuf,
        /// What the system said.
        fault: io::Error,
    },
    /// What was read is wrong.
    Wrong(Mistakes),
}

impl PolicySource {
    /// What a word names: a pack, or a file by its path.
    pub fn read(word: &str) -> Result<PolicySource, String> {
        let word = word.trim();
        if let Some(pack) = PACKS.iter().copied().find(|pack| *pack == word) {
            return Ok(PolicySource::Pack(pack));
        }
        if word.contains('/') || word.ends_with(".yaml") || word.ends_with(".yml") {
            return Ok(PolicySource::File(PathBuf::from(word)));
        }
        let unknown = unknown("pack", word, PACKS.iter().copied());
        Err(format!("{unknown} (a file of your own is named by its path, such as ./ours.yaml)"))
    }
}

/// Reads packs and files on top of each other.
pub fn take(sources: &[PolicySource]) -> Result<Taken, PolicyFault> {
    let mut files: Vec<(String, String)> = Vec::new();
    for source in sources {
        match source {
            PolicySource::Pack(_) => {}
            PolicySource::File(path) => {
                let unread = |fault| PolicyFault::Unread { path: path.clone(), fault };
                files.push((shown(path), contents(path, LONGEST).map_err(unread)?));
            }
        }
    }
    let mut texts = files.iter();
    let layers: Vec<Layer<'_>> = sources
        .iter()
        .filter_map(|source| match source {
            PolicySource::Pack(name) => Some(Layer::Pack(name)),
            PolicySource::File(_) => texts.next().map(|(name, text)| Layer::File { name, text }),
        })
        .collect();
    policy::stack(&layers).map_err(PolicyFault::Wrong)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyFault::Unread { path, fault } => {
                write!(f, "{}: the policy cannot be read: {fault}", path.display())
            }
            PolicyFault::Wrong(mistakes) => mistakes.fmt(f),
        }
    }
}

impl std::error::Error for PolicyFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            PolicyFault::Unread { fault, .. } => Some(fault),
            PolicyFault::Wrong(_) => None,
        }
    }
}
