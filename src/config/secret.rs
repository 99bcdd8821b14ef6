//! Secrets: read from files that nobody else can read, or from systemd's credentials, never from the environment.
//!
//! `$CREDENTIALS_DIRECTORY` is the one variable docket looks at. It holds no secret, only where systemd put them
//! (`LoadCredential=` and `LoadCredentialEncrypted=` in the unit).

use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// The variable that systemd sets.
pub const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Longest secret, in bytes; a key, a token or a password is far shorter.
const LONGEST: usize = 64 * 1024;

/// Where a secret lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPath {
    /// A file of mode 0600.
    File(PathBuf),
    /// A credential of the service, by its name; written `$CREDENTIALS_DIRECTORY/name`.
    Credential(String),
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretFault {
    /// Others can read it, or change it.
    #[error("{} holds a secret and others can reach it (mode {mode:04o}): chmod 600 {}", path.display(), path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// It is a directory, a pipe or a device.
    #[error("{} is not a file", .0.display())]
    NotAFile(PathBuf),
    /// Nothing is in it.
    #[error("{} is empty; write the secret into it", .0.display())]
    Empty(PathBuf),
    /// It is no secret.
    #[error("{} is longer than any secret, or not text", .0.display())]
    Unfit(PathBuf),
    /// The service was started without credentials.
    #[error(
        "the credential {0} is not there: docket was not started by systemd with LoadCredential={0}:FILE"
    )]
    NoCredentials(String),
    /// The system says no.
    #[error("{} cannot be read: {fault}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        fault: io::Error,
    },
}

/// Why a path is not one for a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PathFault {
    /// A home directory, which services have none of.
    #[error("`~` is not known here; write the whole path")]
    Home,
    /// A variable.
    #[error("variables are not filled in, but for a secret's $CREDENTIALS_DIRECTORY/name")]
    Variable,
    /// A credential's name with a directory in it.
    #[error("what follows $CREDENTIALS_DIRECTORY/ must be one name")]
    Credential,
}

impl SecretPath {
    /// Parses a path, or `$CREDENTIALS_DIRECTORY/name`.
    pub(super) fn parse(text: &str) -> Result<SecretPath, PathFault> {
        let credential = text
            .strip_prefix("$CREDENTIALS_DIRECTORY/")
            .or_else(|| text.strip_prefix("${CREDENTIALS_DIRECTORY}/"));
        match credential {
            Some(name) if name.is_empty() || name == ".." || name == "." || name.contains('/') => {
                Err(PathFault::Credential)
            }
            Some(name) => Ok(SecretPath::Credential(name.to_owned())),
            None => plain_path(text).map(SecretPath::File),
        }
    }

    /// The file in which it lies now.
    pub fn locate(&self) -> Result<PathBuf, SecretFault> {
        self.locate_in(std::env::var_os(CREDENTIALS))
    }

    /// Reads it, without the line end behind it.
    pub fn read(&self) -> Result<Zeroizing<String>, SecretFault> {
        let path = self.locate()?;
        match self {
            SecretPath::File(_) => secret_file(&path),
            // Where the service's user is given access by a list, the group's bits show that list and not a group.
            SecretPath::Credential(_) => contents(&path, 0o007),
        }
    }

    fn locate_in(&self, credentials: Option<OsString>) -> Result<PathBuf, SecretFault> {
        match self {
            SecretPath::File(path) => Ok(path.clone()),
            SecretPath::Credential(name) => credentials
                .filter(|dir| !dir.is_empty())
                .map(|dir| Path::new(&dir).join(name))
                .ok_or_else(|| SecretFault::NoCredentials(name.clone())),
        }
    }
}

/// Reads a secret from a file that only its owner can reach, without the line end behind it.
pub fn secret_file(path: &Path) -> Result<Zeroizing<String>, SecretFault> {
    contents(path, 0o077)
}

/// A path that means what it says.
pub(super) fn plain_path(text: &str) -> Result<PathBuf, PathFault> {
    if text.starts_with('~') {
        return Err(PathFault::Home);
    }
    if text.starts_with('$') {
        return Err(PathFault::Variable);
    }
    Ok(PathBuf::from(text))
}

#[allow(clippy::disallowed_methods)] // Secrets are files by nature.
fn contents(path: &Path, closed_to: u32) -> Result<Zeroizing<String>, SecretFault> {
    let failed = |fault| SecretFault::Io { path: path.to_owned(), fault };
    // Before it is opened, because opening a pipe waits for somebody at its other end.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(SecretFault::NotAFile(path.to_owned()));
    }
    let mut file = std::fs::File::open(path).map_err(failed)?;
    // Of what is open now, not of what may have been put in its place.
    let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o7777;
    if mode & closed_to != 0 {
        return Err(SecretFault::Open { path: path.to_owned(), mode });
    }
    // As long as it can get from the start: growing would leave copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    file.by_ref().take(LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let unfit = || SecretFault::Unfit(path.to_owned());
    if bytes.len() > LONGEST {
        return Err(unfit());
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| unfit())?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err(SecretFault::Empty(path.to_owned()));
    }
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests;
