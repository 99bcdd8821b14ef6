//! age identities and recipients: who can open a backup, and for whom it is made.
//!
//! The identity belongs on a machine that docket does not run on. Only the plain kind (X25519, `age1…`) is taken, so that a
//! restore needs nothing but its file.

use crate::config::secret_file;
use std::path::Path;
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use anyhow::{bail, ensure};
use zeroize::Zeroizing;

use super::secret;

const SECRET: &str = "AGE-SECRET-KEY-";

/// Makes an identity in a new file of mode 0600, as `age-keygen` writes it, and gives its recipient.
pub fn keygen(file: &Path) -> anyhow::Result<String> {
    let identity = Identity::generate();
    let recipient = identity.to_public().to_string();
    let secret = identity.to_string();
    // Room for all of it at once: a buffer that grows leaves copies of the secret behind.
    let mut text = Zeroizing::new(String::with_capacity(256));
    text.push_str("# public key: ");
    text.push_str(&recipient);
    text.push('\n');
    text.push_str(secret.expose_secret());
    secret::write(file, &text)?;
    Ok(recipient)
}

/// Reads whom a backup is made for.
pub fn recipient(text: &str) -> anyhow::Result<Recipient> {
    let text = text.trim();
    if text.to_uppercase().starts_with(SECRET) {
        bail!(
            "this is an identity, which opens backups and belongs on another machine; name its recipient, which begins \
             with age1"
        );
    }
    let read = text.starts_with("age1").then(|| Recipient::from_str(text).ok()).flatten();
    read.ok_or_else(|| {
        anyhow::anyhow!("this is no age recipient of the plain kind: it begins with age1 and is 62 characters long, as docket keygen prints it")
    })
}

/// Reads the identities of a file of mode 0600.
pub fn identities(file: &Path) -> anyhow::Result<Vec<Identity>> {
    let text = secret_file(file)?;
    let mut all = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match Identity::from_str(line) {
            Ok(identity) => all.push(identity),
            Err(_) => bail!(
                "{} is no age identity of the plain kind: it should hold a line that begins with {SECRET}1",
                file.display()
            ),
        }
    }
    ensure!(!all.is_empty(), "{} holds no age identity", file.display());
    Ok(all)
}
