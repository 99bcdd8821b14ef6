//! The walk through the settings' file: what each key holds, what it must be, what it is when it is left out. Does not know
//! files; a path is a path.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveTime;

use super::address::{AgeRecipient, BaseUrl, RoomName, is_server};
use super::people::Listed;
use super::secret::{SecretPath, plain_path};
use super::{
    AlarmCommand, Backup, Config, Homeserver, LoginSecret, Mail, Metrics, PolicySource, Reminders, Synapse,
};
use crate::case::MasterKey;
use crate::case::schedule::{alarm_after, cooling, keep, time_of_day};
use crate::case::{Account, Distance, Person, Quiet, Role, Span};
use crate::policy::{DEFAULT, of_configuration};
use crate::yaml::{self, Map, Mistake, Node, quoted, zone};

pub(super) const KEYS: [&str; 18] = [
    "homeserver",
    "room",
    "data_dir",
    "data_key_file",
    "recovery_key_file",
    "prefix",
    "timezone",
    "policy",
    "people",
    "reminders",
    "synapse",
    "mail",
    "directory",
    "backup",
    "cooling",
    "alarm_command",
    "alarm_after",
    "metrics",
];

pub(super) fn config(text: &str) -> Result<Config, Vec<Mistake>> {
    yaml::read(text, Config::LONGEST, |node| {
        let map = node.map_of(&KEYS, &of_configuration)?;
        let homeserver = map.must("homeserver", homeserver);
        let room = map.may("room", |node| node.parse(RoomName::parse));
        let data_dir = map.or("data_dir", PathBuf::from("/var/lib/docket"), path);
        let data_key = SecretPath::File(PathBuf::from("/etc/docket/data.key"));
        let data_key_file = map.or("data_key_file", data_key, secret);
        let recovery_key_file = map.may("recovery_key_file", path);
        let prefixes = map.or("prefix", vec!["!case".to_owned()], prefixes);
        let zone = map.may("timezone", zone);
        let policy = map.or("policy", vec![PolicySource::Pack(DEFAULT)], policy);
        let own = homeserver.as_ref().map(|homeserver| &homeserver.user);
        let people = map.must("people", |node| people(node, own));
        let reminders = reminders(&map);
        let synapse = map.may("synapse", synapse);
        let mail = map.may("mail", mail);
        let directory = map.may("directory", path);
        let backup = map.may("backup", backup);
        let cooling = map.or("cooling", Span::Minutes(10), |node| node.parse(cooling));
        let alarm_command = map.may("alarm_command", alarm_command);
        let alarm_after = map.or("alarm_after", Duration::from_secs(600), |node| node.parse(alarm_after));
        let metrics = map.may("metrics", metrics);
        Some(Config {
            homeserver: homeserver?,
            room: room?,
            data_dir: data_dir?,
            data_key_file: data_key_file?,
            recovery_key_file: recovery_key_file?,
            prefixes: prefixes?,
            zone: zone?,
            policy: policy?,
            people: people?,
            reminders: reminders?,
            synapse: synapse?,
            mail: mail?,
            directory: directory?,
            backup: backup?,
            cooling: cooling?,
            alarm_command: alarm_command?,
            alarm_after: alarm_after?,
            metrics: metrics?,
        })
    })
}

fn homeserver(node: Node<'_>) -> Option<Homeserver> {
    let map = node.map(&["url", "user", "password_file", "token_file"])?;
    let url = map.must("url", |node| node.parse(BaseUrl::parse));
    let user = map.must("user", |node| node.parse(Account::parse));
    let login = match (map.may("password_file", secret), map.may("token_file", secret)) {
        (Some(Some(password)), Some(None)) => Some(LoginSecret::Password(password)),
        (Some(None), Some(Some(token))) => Some(LoginSecret::Token(token)),
        (Some(Some(_)), Some(Some(_))) => {
            let message = "`password_file` and `token_file` are two ways to log in; write one of them";
            node.wrong_at(node.owner(), message);
            None
        }
        (Some(None), Some(None)) => map.must("password_file", secret).map(LoginSecret::Password),
        (None, _) | (_, None) => None,
    };
    Some(Homeserver { url: url?, user: user?, secret: login? })
}

fn prefixes(node: Node<'_>) -> Option<Vec<String>> {
    each_once(node, |node| {
        node.parse(|prefix| {
            if prefix.contains(char::is_whitespace) {
                return Err("a prefix is one word, without spaces");
            }
            if prefix.starts_with('/') {
                return Err("clients keep what begins with / for themselves");
            }
            if prefix.chars().count() > 32 {
                return Err("a prefix has at most 32 characters; it is typed on phones");
            }
            Ok(prefix.to_owned())
        })
    })
}

fn policy(node: Node<'_>) -> Option<Vec<PolicySource>> {
    each_once(node, |node| match PolicySource::read(node.line()?) {
        Ok(PolicySource::Pack(name)) => Some(PolicySource::Pack(name)),
        Ok(PolicySource::File(_)) => path(node).map(PolicySource::File),
        Err(fault) => {
            node.wrong(fault);
            None
        }
    })
}

fn people(node: Node<'_>, own: Option<&Account>) -> Option<Vec<Listed>> {
    let items = node.list()?;
    let mut lines = BTreeMap::new();
    let mut people = Vec::new();
    let mut is_whole = true;
    for item in &items {
        let Some((listed, id)) = listed(*item) else {
            is_whole = false;
            continue;
        };
        let account = &listed.person.account;
        if own == Some(account) {
            id.wrong(format_args!(
                "{} is docket itself, which takes no commands from itself",
                quoted(account.as_str())
            ));
        }
        if let Some(line) = lines.get(account) {
            id.wrong(format_args!(
                "{} is listed twice, in line {line} already; one entry can have several roles",
                quoted(account.as_str())
            ));
        } else {
            lines.insert(account.clone(), id.place().line);
        }
        people.push(listed);
    }
    // Somebody may stand behind a slip.
    if node.is_cut() {
        return None;
    }
    if items.is_empty() {
        node.wrong("nobody is listed; docket obeys only people who are");
    } else if is_whole && !people.iter().any(|listed| listed.person.roles.contains(&Role::Admin)) {
        // Somebody whose entry could not be read may have been meant as one.
        node.wrong_at(node.owner(), "nobody is admin; give at least one person `role: admin`");
    }
    is_whole.then_some(people)
}

/// A person, and where the account stands.
fn listed<'a>(node: Node<'a>) -> Option<(Listed, Node<'a>)> {
    let map = node.map(&["id", "role", "key"])?;
    let id = map.required("id");
    let account = id.and_then(|node| node.parse(Account::parse));
    let names = Role::ALL.map(|role| (role.name(), role));
    let roles = map.must("role", |node| each_once(node, |node| node.one_of("role", &names)));
    let key = map.may("key", |node| node.parse(MasterKey::parse));
    let person = Person { account: account?, roles: roles? };
    Some((Listed { person, key: key? }, id?))
}

fn reminders(map: &Map<'_>) -> Option<Reminders> {
    let at = [30, 14, 7, 3, 1]
        .map(|days| Distance::Before(Span::Days(days)))
        .into_iter()
        .chain([Distance::OnTheDay])
        .collect();
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    let defaults = Reminders { at, digest: time(9)?, quiet: Quiet::between(time(22)?, time(7)?).ok()? };
    map.or("reminders", defaults.clone(), |node| {
        let map = node.map(&["at", "digest", "quiet"])?;
        let at = map.or("at", defaults.at, |node| each_once(node, |node| node.parse(Distance::read)));
        let digest = map.or("digest", defaults.digest, |node| node.parse(time_of_day));
        let quiet = map.or("quiet", defaults.quiet, |node| node.parse(Quiet::read));
        Some(Reminders { at: at?, digest: digest?, quiet: quiet? })
    })
}

fn synapse(node: Node<'_>) -> Option<Synapse> {
    let map = node.map(&["url", "token_file"])?;
    let url = map.must("url", |node| node.parse(BaseUrl::parse));
    let token_file = map.must("token_file", secret);
    Some(Synapse { url: url?, token_file: token_file? })
}

fn mail(node: Node<'_>) -> Option<Mail> {
    let map = node.map(&["spool", "authserv"])?;
    let spool = map.must("spool", path);
    let authserv = map.must("authserv", |node| {
        node.parse(|name| match is_server(name) {
            true => Ok(name.to_ascii_lowercase()),
            false => Err("write your mail server's name, as it stands first in Authentication-Results"),
        })
    });
    Some(Mail { spool: spool?, authserv: authserv? })
}

fn backup(node: Node<'_>) -> Option<Backup> {
    let map = node.map(&["recipient", "keep"])?;
    // Shown by no mistake: it may be an identity that was pasted by accident.
    let recipient = map.must("recipient", |node| {
        AgeRecipient::parse(node.line()?)
            .map_err(|fault| node.wrong(format_args!("`recipient`: {fault}")))
            .ok()
    });
    let keep = map.or("keep", Span::Days(30), |node| node.parse(keep));
    Some(Backup { recipient: recipient?, keep: keep? })
}

fn alarm_command(node: Node<'_>) -> Option<AlarmCommand> {
    let words = node.one_or_more()?;
    let (first, rest) = words.split_first()?;
    let program = first.parse(|program| {
        if !program.starts_with('/') {
            return Err("write the program's whole path, from /");
        }
        if program.contains(' ') && rest.is_empty() {
            return Err("no shell reads this; write a list: [/path/to/program, argument]");
        }
        Ok(PathBuf::from(program))
    });
    let arguments: Vec<Option<String>> = rest.iter().map(|node| node.text().map(str::to_owned)).collect();
    Some(AlarmCommand { program: program?, arguments: arguments.into_iter().collect::<Option<_>>()? })
}

fn metrics(node: Node<'_>) -> Option<Metrics> {
    let map = node.map(&["listen"])?;
    let listen = map.must("listen", |node| {
        node.parse(|text| {
            text.parse::<SocketAddr>().map_err(|_| "write an address and a port, as in 127.0.0.1:9188")
        })
    });
    Some(Metrics { listen: listen? })
}

fn path(node: Node<'_>) -> Option<PathBuf> {
    node.parse(plain_path)
}

fn secret(node: Node<'_>) -> Option<SecretPath> {
    node.parse(SecretPath::parse)
}

/// One value or a list, every value once.
fn each_once<'a, T: PartialEq>(node: Node<'a>, read: impl Fn(Node<'a>) -> Option<T>) -> Option<Vec<T>> {
    let mut values = Vec::new();
    let mut is_whole = true;
    for item in node.one_or_more()? {
        match read(item) {
            Some(value) if values.contains(&value) => {
                item.wrong(format_args!("this stands twice in `{}`", node.name()));
            }
            Some(value) => values.push(value),
            None => is_whole = false,
        }
    }
    is_whole.then_some(values)
}
