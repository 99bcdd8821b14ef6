//! What lies on this machine: the files that the configuration names, the data directory, the disk. Changes nothing.
#![allow(clippy::disallowed_methods, reason = "here files are looked at, which they are by nature")]

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::{Look, Looked};
use crate::chat::render;
use crate::config::{Config, SecretFault, SecretPath};
use crate::disk::{far_away, free_bytes};

/// The directories of a Maildir.
const MAILDIR: [&str; 3] = ["tmp", "new", "cur"];

/// Everything that there is to look at.
pub(super) fn look(config: &Config) -> Vec<Looked> {
    let owner = fs::metadata(&config.data_dir).ok().map(|data| data.uid());
    let mut looked = Vec::new();
    let login = &config.homeserver.secret;
    looked.push((login.name(), secret(login.path(), owner, false)));
    looked.push(("data key", secret(&config.data_key_file, owner, true)));
    looked.extend(synapse_token(config, owner));
    looked.extend(
        config
            .recovery_key_file
            .iter()
            .filter(|path| path.exists())
            .map(|path| ("recovery key", secret(&SecretPath::File(path.clone()), owner, true))),
    );
    looked.push(("data_dir", data_dir(&config.data_dir, own_user())));
    if let Ok(free) = free_bytes(&config.data_dir) {
        looked.push(("disk", Look::from(render::disk(free))));
    }
    looked.push(("policy", policy(config)));
    looked.extend(config.directory.iter().map(|_| ("directory", directory(config))));
    looked.extend(mail(config));
    looked.extend(config.alarm_command.iter().map(|alarm| ("alarm_command", program(&alarm.program))));
    looked
}

/// Who runs this.
fn own_user() -> Option<u32> {
    fs::metadata("/proc/self").ok().map(|own| own.uid())
}

/// A secret that can be read, by nobody but its owner. What it says is not looked at.
fn secret(path: &SecretPath, owner: Option<u32>, is_needed: bool) -> Look {
    match path.read() {
        Ok(_) => match (path, owner) {
            (SecretPath::File(file), Some(owner)) => match fs::metadata(file) {
                Ok(data) if data.uid() != owner => Look::ill(
                    format!("{} belongs to another user than data_dir", file.display()),
                    "docket’s user must own both: chown it.",
                ),
                Ok(_) | Err(_) => Look::well("there, and nobody else can read it"),
            },
            (SecretPath::File(_) | SecretPath::Credential(_), _) => {
                Look::well("there, and nobody else can read it")
            }
        },
        Err(SecretFault::Io { fault, .. }) if fault.kind() == io::ErrorKind::NotFound && !is_needed => {
            Look::well("not there; only docket setup needs it")
        }
        Err(fault @ SecretFault::Io { .. }) => {
            Look::ill(fault.to_string(), "Put it there, readable by docket’s user alone (chmod 600).")
        }
        Err(fault @ SecretFault::NoCredentials(_)) => {
            Look::ill(fault.to_string(), "Ask in the service: systemd-run with the same LoadCredential=.")
        }
        Err(
            fault @ (SecretFault::Open { .. }
            | SecretFault::NotAFile(_)
            | SecretFault::Empty(_)
            | SecretFault::Unfit(_)),
        ) => Look::ill(fault.to_string(), ""),
    }
}

fn data_dir(dir: &Path, own: Option<u32>) -> Look {
    let shown = dir.display();
    let data = match fs::metadata(dir) {
        Ok(data) => data,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            return Look::ill(format!("{shown} is not there"), "docket setup makes it.");
        }
        Err(fault) => return Look::ill(format!("{shown}: {fault}"), "Ask as docket’s user, or as root."),
    };
    if !data.is_dir() {
        return Look::ill(format!("{shown} is no directory"), "Name another one, or move the file away.");
    }
    if let Some(look) = private(dir, &data, own) {
        return look;
    }
    if let Some(kind) = far_away(dir) {
        return Look::ill(
            format!("{shown} lies on another machine ({kind}), where neither locks nor syncs hold"),
            "Move it to a local disk while docket is stopped.",
        );
    }
    Look::well("on a local disk, and nobody else can enter it")
}

fn private(dir: &Path, data: &Metadata, own: Option<u32>) -> Option<Look> {
    const ROOT: u32 = 0;
    let (shown, mode) = (dir.display(), data.permissions().mode() & 0o7777);
    if own.is_some_and(|own| own != ROOT && own != data.uid()) {
        let what = format!("{shown} belongs to another user than the one who asks");
        return Some(Look::ill(what, "Ask as docket’s user; if you do, chown it."));
    }
    if mode & 0o077 != 0 {
        return Some(Look::ill(
            format!("others can enter {shown} (mode {mode:04o})"),
            format!("chmod 700 {shown}"),
        ));
    }
    (mode & 0o700 != 0o700).then(|| {
        Look::ill(format!("{shown} cannot be written (mode {mode:04o})"), format!("chmod 700 {shown}"))
    })
}

fn policy(config: &Config) -> Look {
    match config.terms() {
        Ok(terms) => Look::well(format!("reads, version {}", terms.current)),
        Err(fault) => Look::ill(in_one_line(&fault), "docket policy check tells all of it."),
    }
}

fn directory(config: &Config) -> Look {
    match config.agencies() {
        Ok(agencies) => Look::well(format!("reads, {} agencies", agencies.len())),
        Err(fault) => Look::ill(in_one_line(&fault), ""),
    }
}

/// What lies here of what docket works with beside its own data.
pub(super) fn around(config: &Config) -> Vec<Looked> {
    let owner = fs::metadata(&config.data_dir).ok().map(|data| data.uid());
    synapse_token(config, owner).into_iter().chain(mail(config)).collect()
}

fn synapse_token(config: &Config, owner: Option<u32>) -> Option<Looked> {
    config.synapse.as_ref().map(|it| ("synapse token", secret(&it.token_file, owner, true)))
}

/// Where mail is taken in, if it is.
fn mail(config: &Config) -> Option<Looked> {
    config.mail.as_ref().map(|mail| ("spool", spool(&mail.spool)))
}

fn spool(dir: &Path) -> Look {
    let missing: Vec<&str> = MAILDIR.into_iter().filter(|name| !dir.join(name).is_dir()).collect();
    match missing.is_empty() {
        true => Look::well("there"),
        false => Look::ill(
            format!("it is no Maildir: it lacks {}", missing.join(", ")),
            "Make them, owned by docket’s user.",
        ),
    }
}

fn program(program: &Path) -> Look {
    let data = fs::metadata(program);
    match data.is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0) {
        true => Look::well("there"),
        false => Look::ill(
            format!("{} is no program that can be run", program.display()),
            "Put it there, or take alarm_command out.",
        ),
    }
}

fn in_one_line(fault: &impl ToString) -> String {
    fault.to_string().lines().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn what(look: Look) -> String {
        match look {
            Look::Unwell { what, mend } => format!("{what} / {mend}"),
            Look::Healthy(text) => panic!("well: {text}"),
        }
    }

    fn is_well(look: &Look) -> bool {
        matches!(look, Look::Healthy(_))
    }

    #[test]
    fn a_secret_is_there_and_private_and_its_owners() {
        let dir = Scratch::new();
        let file = dir.join("secret");
        let path = SecretPath::File(file.clone());
        assert!(what(secret(&path, own_user(), true)).contains("cannot be read"));
        assert!(is_well(&secret(&path, own_user(), false)), "only setup needs it");
        fs::write(&file, "hush-4711\n").unwrap();
        set_mode(&file, 0o644);
        assert!(what(secret(&path, own_user(), true)).contains("chmod 600"));
        set_mode(&file, 0o600);
        let look = secret(&path, own_user(), true);
        assert!(is_well(&look) && !format!("{look:?}").contains("hush"), "{look:?}");
        let other = own_user().map(|own| own + 1);
        assert!(what(secret(&path, other, true)).contains("another user"));
    }

    #[test]
    fn the_data_are_their_owners_alone() {
        let dir = Scratch::new();
        assert!(is_well(&data_dir(&dir, own_user())));
        set_mode(&dir, 0o755);
        assert!(what(data_dir(&dir, own_user())).contains("others can enter"));
        set_mode(&dir, 0o500);
        assert!(what(data_dir(&dir, own_user())).contains("cannot be written"));
        set_mode(&dir, 0o700);
        assert!(what(data_dir(&dir, Some(4_711_000))).contains("another user"));
        assert!(what(data_dir(&dir.join("nowhere"), own_user())).contains("docket setup makes it"));
    }

    #[test]
    fn a_spool_has_its_three_directories_and_a_program_can_be_run() {
        let dir = Scratch::new();
        assert!(what(spool(&dir)).contains("tmp, new, cur"));
        MAILDIR.iter().for_each(|name| fs::create_dir_all(dir.join(name)).unwrap());
        assert!(is_well(&spool(&dir)));
        assert!(what(program(&dir)).contains("no program"));
        assert!(is_well(&program(Path::new("/bin/sh"))));
    }
}
