//! Addresses as the settings hold them: a server's URL, a room, a recipient of backups. Knows their form, not whether
//! anything answers there.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::case::Account;

/// An `https` URL, or an `http` one to this machine, that paths can be put behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

/// The moderation room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomName {
    /// `!opaque:server`, or `!opaque` alone as in newer rooms.
    Id(String),
    /// `#name:server`.
    Alias(String),
}

/// A recipient of age, checked: backups to one with a slip in it could never be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeRecipient(String);

/// Why a text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// No scheme, or another one.
    #[error("a URL begins with https://")]
    Scheme,
    /// Plain http beyond this machine.
    #[error("http sends passwords in clear; use https, or http to 127.0.0.1 or localhost only")]
    Clear,
    /// The host is none.
    #[error("what follows // is not a server's name")]
    Host,
    /// Something that no base of paths has.
    #[error("a server's URL has no user, question mark or # in it")]
    Extra,
    /// Neither an id nor an alias.
    #[error("a room is written \"!id:example.org\" or \"#alias:example.org\", in quotes")]
    Room,
    /// A private key where the public one belongs.
    #[error(
        "this is an age identity, which must stay secret: take it out, and write the age1… line that belongs to it"
    )]
    Identity,
    /// Not a recipient, or one with a slip in it.
    #[error(
        "this is not an age recipient, or part of it is missing; copy the whole age1… line that `docket keygen` printed"
    )]
    Recipient,
}

impl BaseUrl {
    /// Parses `https://host[:port][/path]`; a slash at the end is dropped.
    pub fn parse(text: &str) -> Result<BaseUrl, AddressFault> {
        let (scheme, rest) = text.split_once("://").ok_or(AddressFault::Scheme)?;
        let is_clear = match scheme.to_ascii_lowercase().as_str() {
            "https" => false,
            "http" => true,
            _ => return Err(AddressFault::Scheme),
        };
        if rest.contains(['@', '?', '#', '\\']) || rest.contains(char::is_whitespace) {
            return Err(AddressFault::Extra);
        }
        let (host, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if !is_server(host) {
            return Err(AddressFault::Host);
        }
        if is_clear && !is_loopback(host) {
            return Err(AddressFault::Clear);
        }
        let scheme = if is_clear { "http" } else { "https" };
        let path = path.trim_end_matches('/');
        Ok(BaseUrl(format!("{scheme}://{}{path}", host.to_ascii_lowercase())))
    }

    /// The URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl RoomName {
    /// Parses an id or an alias.
    pub fn parse(text: &str) -> Result<RoomName, AddressFault> {
        // Behind its sigil each has an account's form, a server included; only ids of newer rooms have none.
        let has_form = |rest: &str| Account::parse(&format!("@{rest}")).is_ok();
        if let Some(rest) = text.strip_prefix('#') {
            return match has_form(rest) {
                true => Ok(RoomName::Alias(text.to_owned())),
                false => Err(AddressFault::Room),
            };
        }
        let rest = text.strip_prefix('!').ok_or(AddressFault::Room)?;
        let is_hash = rest.len() == 43
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        match is_hash || has_form(rest) {
            true => Ok(RoomName::Id(text.to_owned())),
            false => Err(AddressFault::Room),
        }
    }

    /// The id or alias, as written.
    pub fn as_str(&self) -> &str {
        match self {
            RoomName::Id(text) | RoomName::Alias(text) => text,
        }
    }
}

impl AgeRecipient {
    /// Parses `age1…`, its checksum included.
    pub fn parse(text: &str) -> Result<AgeRecipient, AddressFault> {
        if text.to_ascii_uppercase().starts_with("AGE-SECRET-KEY-") {
            return Err(AddressFault::Identity);
        }
        match age::x25519::Recipient::from_str(text) {
            Ok(_) if text.starts_with("age1") => Ok(AgeRecipient(text.to_owned())),
            Ok(_) | Err(_) => Err(AddressFault::Recipient),
        }
    }

    /// The recipient's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether it is `host` or `host:port`; accounts end in just that.
pub(super) fn is_server(text: &str) -> bool {
    Account::parse(&format!("@x:{text}")).is_ok()
}

fn is_loopback(server: &str) -> bool {
    if let Some(rest) = server.strip_prefix('[') {
        let address = rest.split(']').next().unwrap_or_default();
        return address.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback());
    }
    let host = server.split(':').next().unwrap_or_default();
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_https_or_stay_at_home() {
        for (text, url) in [
            ("https://matrix.example.org", "https://matrix.example.org"),
            ("HTTPS://Matrix.Example.org:8448/", "https://matrix.example.org:8448"),
            ("https://example.org/matrix/", "https://example.org/matrix"),
            ("http://127.0.0.1:8008", "http://127.0.0.1:8008"),
            ("http://127.8.0.1", "http://127.8.0.1"),
            ("http://localhost:8008/", "http://localhost:8008"),
            ("http://[::1]:8008", "http://[::1]:8008"),
        ] {
            let read = BaseUrl::parse(text).map(|url| url.as_str().to_owned());
            assert_eq!(read.as_deref(), Ok(url), "{text}");
        }
        for (text, fault) in [
            ("matrix.example.org", AddressFault::Scheme),
            ("ftp://matrix.example.org", AddressFault::Scheme),
            ("http://matrix.example.org", AddressFault::Clear),
            ("http://localhost.example.org", AddressFault::Clear),
            ("http://127.0.0.1.example.org", AddressFault::Clear),
            ("http://10.0.0.1:8008", AddressFault::Clear),
            ("https://", AddressFault::Host),
            ("https://exam_ple.org", AddressFault::Host),
            ("https://example.org:0", AddressFault::Host),
            ("http://127.0.0.1@example.org", AddressFault::Extra),
            ("http://127.0.0.1\\@example.org", AddressFault::Extra),
            ("https://example.org/?a=b", AddressFault::Extra),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn rooms_are_ids_or_aliases() {
        let newer = format!("!{}", "aZ09-_x".repeat(7).get(..43).unwrap());
        for id in ["!abc:example.org", "!a,b/c:example.org:8448", &newer] {
            assert_eq!(RoomName::parse(id), Ok(RoomName::Id(id.to_owned())));
        }
        let alias = "#moderators:example.org";
        assert_eq!(RoomName::parse(alias), Ok(RoomName::Alias(alias.to_owned())));
        for text in ["moderators", "!abc", "#mods", "#:example.org", "!a b:example.org", "@ada:example.org"] {
            assert_eq!(RoomName::parse(text), Err(AddressFault::Room), "{text}");
        }
    }

    #[test]
    fn a_recipient_with_a_slip_is_refused() {
        let identity = age::x25519::Identity::generate();
        let text = identity.to_public().to_string();
        let read = AgeRecipient::parse(&text);
        assert_eq!(read.as_ref().map(AgeRecipient::as_str), Ok(text.as_str()));
        let cut = text.get(..text.len() - 1).unwrap();
        let last = text.chars().next_back().unwrap();
        let slip = format!("{cut}{}", if last == 'q' { 'p' } else { 'q' });
        for wrong in [cut, slip.as_str(), "age1…", "", "age1"] {
            assert_eq!(AgeRecipient::parse(wrong), Err(AddressFault::Recipient), "{wrong}");
        }
        assert_eq!(AgeRecipient::parse("AGE-SECRET-KEY-1QQ"), Err(AddressFault::Identity));
    }
}
