//! The settings of a docket, typed: a file with a mistake in it cannot load, and tells all of them at once.
//!
//! `config.example.yaml` documents every key. [`Config::read`] is pure; [`Config::load`] adds the file's name to each mistake
//! and counts relative paths from the file's directory. It does not know whether what a path or an address names is there:
//! `docket doctor` looks.

mod address;
pub mod directory;
mod people;
pub mod policy;
mod read;
mod secret;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;

use crate::case::{Account, Agency, Identities, Span, Terms};
use crate::yaml::Mistake;

pub use crate::case::{Distance, KeyFault, MasterKey, Quiet, Reminders, TimeFault};
pub use address::{AddressFault, AgeRecipient, BaseUrl, RoomName};
pub use people::Listed;
pub use policy::PolicyFault;
pub use secret::{CREDENTIALS, SecretFault, SecretPath, secret_file};

/// Everything that is settled before docket starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where docket lives and as whom.
    pub homeserver: Homeserver,
    /// The moderation room; `None` until `setup` has made one, which is remembered in `data_dir`.
    pub room: Option<RoomName>,
    /// Where the journal, the index and the rest are kept.
    pub data_dir: PathBuf,
    /// The data key; `setup` makes it when it is missing.
    pub data_key_file: SecretPath,
    /// Where `setup` writes the recovery key; without it the key is shown once.
    pub recovery_key_file: Option<PathBuf>,
    /// The words that a command begins with; at least one.
    pub prefixes: Vec<String>,
    /// The zone of the desk: of its digest and its reports. Where it is not said, that of the policy.
    pub zone: Option<Tz>,
    /// What the rules are taken from, in this order; at least one.
    pub policy: Vec<PolicySource>,
    /// Who may do what; at least one person, and at least one admin.
    pub people: Vec<Listed>,
    /// When people are reminded.
    pub reminders: Reminders,
    /// Synapse's admin API, if docket may use it.
    pub synapse: Option<Synapse>,
    /// Where mail comes in, if it does.
    pub mail: Option<Mail>,
    /// The list of verified agencies, if there is one.
    pub directory: Option<PathBuf>,
    /// To whom backups are encrypted, and how long they are kept.
    pub backup: Option<Backup>,
    /// How long anybody may still deny what cannot be taken back.
    pub cooling: Span,
    /// What to run when somebody must look now; it is given no content.
    pub alarm_command: Option<AlarmCommand>,
    /// After how long without a word from the homeserver somebody is to know.
    pub alarm_after: Duration,
    /// Where measurements are served, if they are.
    pub metrics: Option<Metrics>,
}

/// Where docket lives and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Homeserver {
    /// The client API.
    pub url: BaseUrl,
    /// docket's own account.
    pub user: Account,
    /// What it logs in with.
    pub secret: LoginSecret,
}

/// What docket's account logs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginSecret {
    /// Its password.
    Password(SecretPath),
    /// An access token that somebody made for it.
    Token(SecretPath),
}

impl LoginSecret {
    /// What it is.
    pub fn name(&self) -> &'static str {
        match self {
            LoginSecret::Password(_) => "password",
            LoginSecret::Token(_) => "access token",
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &SecretPath {
        match self {
            LoginSecret::Password(path) | LoginSecret::Token(path) => path,
        }
    }

    fn path_mut(&mut self) -> &mut SecretPath {
        match self {
            LoginSecret::Password(path) | LoginSecret::Token(path) => path,
        }
    }
}

/// What rules are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// A pack that is shipped inside; one of [`crate::policy::PACKS`].
    Pack(&'static str),
    /// A file of the operator's.
    File(PathBuf),
}

/// Synapse's admin API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synapse {
    /// Its address.
    pub url: BaseUrl,
    /// An admin's access token.
    pub token_file: SecretPath,
}

/// Where mail comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The Maildir.
    pub spool: PathBuf,
    /// The name under which our own mail server writes `Authentication-Results`; no other is believed.
    pub authserv: String,
}

/// Backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Who can open them.
    pub recipient: AgeRecipient,
    /// How long each is kept; days, months or years.
    pub keep: Span,
}

/// A program and its arguments; no shell reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmCommand {
    /// The program's whole path.
    pub program: PathBuf,
    /// What it is given.
    pub arguments: Vec<String>,
}

/// Measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// The address that is listened on.
    pub listen: SocketAddr,
}

/// Why there are no settings. Shown, each mistake stands on a line of its own.
#[derive(Debug)]
pub enum ConfigFault {
    /// The file cannot be read.
    Unread {
        /// The file.
        path: PathBuf,
        /// What the system said.
        fault: io::Error,
    },
    /// The file can be read and is wrong; at least one mistake, in the file's order.
    Wrong {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        mistakes: Vec<Mistake>,
    },
}

impl Config {
    /// The terms that a desk under this configuration works by.
    pub fn terms(&self) -> Result<Terms, PolicyFault> {
        let policy = policy::take(&self.policy)?.policy;
        let zone = self.zone.or(policy.zone).unwrap_or(Tz::UTC);
        Ok(Terms {
            current: policy.version.clone(),
            policies: BTreeMap::from([(policy.version.clone(), policy)]),
            people: self.people.iter().map(|listed| listed.person.clone()).collect(),
            servers: vec![self.homeserver.user.server().to_owned()],
            zone,
            prefixes: self.prefixes.clone(),
            reminders: self.reminders.clone(),
            cooling: self.cooling,
            directory: Vec::new(),
            frozen: BTreeSet::new(),
            identities: Some(Identities { named: self.named(), ..Identities::default() }),
        })
    }

    /// The keys that confirm people from the start.
    pub fn named(&self) -> BTreeMap<Account, MasterKey> {
        let keys = self
            .people
            .iter()
            .filter_map(|listed| Some((listed.person.account.clone(), listed.key.clone()?)));
        keys.collect()
    }

    /// The agencies of the file that `directory:` names; none where it names none.
    pub fn agencies(&self) -> Result<Vec<Agency>, ConfigFault> {
        self.directory.as_deref().map_or_else(|| Ok(Vec::new()), directory::load)
    }

    /// The longest file that is read, in bytes.
    pub const LONGEST: usize = 256 * 1024;

    /// Reads the settings from a text, or tells every mistake in it. Relative paths stay as they are written.
    pub fn read(text: &str) -> Result<Config, Vec<Mistake>> {
        read::config(text)
    }

    /// Reads the settings from a file. Relative paths count from its directory, wherever docket was started.
    pub fn load(path: &Path) -> Result<Config, ConfigFault> {
        let unread = |fault| ConfigFault::Unread { path: path.to_owned(), fault };
        let text = contents(path, Config::LONGEST).map_err(unread)?;
        let config =
            Config::read(&text).map_err(|mistakes| ConfigFault::Wrong { path: path.to_owned(), mistakes })?;
        let whole = std::path::absolute(path).map_err(unread)?;
        Ok(config.under(whole.parent().unwrap_or(Path::new("/"))))
    }

    /// The same settings with every relative path counted from a directory.
    fn under(mut self, dir: &Path) -> Config {
        let from_dir = |path: &mut PathBuf| *path = dir.join(&*path);
        from_dir(&mut self.data_dir);
        self.recovery_key_file.iter_mut().for_each(from_dir);
        self.directory.iter_mut().for_each(from_dir);
        self.mail.iter_mut().map(|mail| &mut mail.spool).for_each(from_dir);
        for source in &mut self.policy {
            match source {
                PolicySource::Pack(_) => {}
                PolicySource::File(path) => from_dir(path),
            }
        }
        let secrets = [self.homeserver.secret.path_mut(), &mut self.data_key_file];
        let token = self.synapse.iter_mut().map(|synapse| &mut synapse.token_file);
        for secret in secrets.into_iter().chain(token) {
            match secret {
                SecretPath::File(path) => from_dir(path),
                SecretPath::Credential(_) => {}
            }
        }
        self
    }
}

/// The file's text; a byte more than is read is enough to refuse it.
#[allow(clippy::disallowed_methods)] // The settings are a file by nature.
fn contents(path: &Path, longest: usize) -> io::Result<String> {
    let most = longest as u64 + 4;
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    let cut = bytes.len() as u64 == most;
    String::from_utf8(bytes).or_else(|fault| {
        // A character that the limit cut in two is no reason to call the file anything but too long.
        let sound = fault.utf8_error().valid_up_to();
        let bytes = fault.into_bytes();
        let line = 1 + bytes.iter().take(sound).filter(|byte| **byte == b'\n').count();
        if cut && sound > longest {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("line {line} is not UTF-8; save the file as UTF-8"),
        ))
    })
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigFault::Unread { path, fault } => {
                write!(f, "{}: the configuration cannot be read: {fault}", path.display())
            }
            ConfigFault::Wrong { path, mistakes } => {
                for (index, mistake) in mistakes.iter().enumerate() {
                    let end = if index == 0 { "" } else { "\n" };
                    write!(f, "{end}{}:{mistake}", path.display())?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ConfigFault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ConfigFault::Unread { fault, .. } => Some(fault),
            ConfigFault::Wrong { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
