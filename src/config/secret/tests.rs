//! Secrets in files of every mode.

#![allow(clippy::disallowed_methods)] // The files are made here.

use super::*;
use crate::scratch::Scratch;

/// Writes a file of that mode.
fn file(dir: &Path, name: &str, bytes: &[u8], mode: u32) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, bytes).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    path
}

#[test]
fn a_secret_of_its_owner_is_read_without_its_line_end() {
    let dir = Scratch::new();
    for (bytes, secret) in [(&b"pass word\n"[..], "pass word"), (b"pass", "pass"), (b" x \r\n", " x ")] {
        let path = file(&dir, "password", bytes, 0o600);
        assert_eq!(secret_file(&path).unwrap().as_str(), secret);
        assert_eq!(SecretPath::File(path).read().unwrap().as_str(), secret);
    }
    assert_eq!(secret_file(&file(&dir, "kept", b"x", 0o400)).unwrap().as_str(), "x");
}

#[test]
fn what_others_can_reach_is_refused_with_the_mend() {
    let dir = Scratch::new();
    for mode in [0o644, 0o640, 0o604, 0o660, 0o602, 0o610] {
        let path = file(&dir, "password", b"pass", mode);
        let told = secret_file(&path).unwrap_err().to_string();
        let path = path.display();
        assert_eq!(
            told,
            format!("{path} holds a secret and others can reach it (mode {mode:04o}): chmod 600 {path}")
        );
    }
}

#[test]
fn what_is_no_secret_is_refused() {
    let dir = Scratch::new();
    let missing = dir.join("missing");
    assert!(matches!(secret_file(&missing), Err(SecretFault::Io { .. })));
    assert!(matches!(secret_file(&dir), Err(SecretFault::NotAFile(_))));
    let empty = file(&dir, "empty", b"\n", 0o600);
    assert!(matches!(secret_file(&empty), Err(SecretFault::Empty(_))));
    let binary = file(&dir, "binary", &[0xFF, 0xFE], 0o600);
    assert!(matches!(secret_file(&binary), Err(SecretFault::Unfit(_))));
    let long = file(&dir, "long", &[b'x'; LONGEST + 1], 0o600);
    assert!(matches!(secret_file(&long), Err(SecretFault::Unfit(_))));
}

#[test]
fn credentials_are_looked_for_where_systemd_says() {
    let named = SecretPath::parse("$CREDENTIALS_DIRECTORY/password").unwrap();
    assert_eq!(named, SecretPath::Credential("password".to_owned()));
    assert_eq!(SecretPath::parse("${CREDENTIALS_DIRECTORY}/password"), Ok(named.clone()));
    let path = named.locate_in(Some("/run/credentials/docket.service".into())).unwrap();
    assert_eq!(path, Path::new("/run/credentials/docket.service/password"));
    for nowhere in [None, Some(OsString::new())] {
        assert_eq!(
            named.locate_in(nowhere).unwrap_err().to_string(),
            "the credential password is not there: docket was not started by systemd with LoadCredential=password:FILE"
        );
    }
}

#[test]
fn paths_that_would_not_mean_what_they_say_are_refused() {
    assert_eq!(SecretPath::parse("~/password"), Err(PathFault::Home));
    assert_eq!(SecretPath::parse("$HOME/password"), Err(PathFault::Variable));
    for name in ["", "..", "a/b", "../shadow"] {
        let text = format!("$CREDENTIALS_DIRECTORY/{name}");
        assert_eq!(SecretPath::parse(&text), Err(PathFault::Credential), "{name}");
    }
}

#[test]
fn a_credential_may_show_an_access_list_in_its_groups_bits() {
    let dir = Scratch::new();
    let path = file(&dir, "password", b"pass\n", 0o440);
    assert_eq!(contents(&path, 0o007).unwrap().as_str(), "pass");
    assert!(matches!(contents(&file(&dir, "open", b"pass", 0o444), 0o007), Err(SecretFault::Open { .. })));
}
