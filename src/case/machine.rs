//! Machines that a plain text names: addresses and networks of the internet, hardware addresses, hosts whose link somebody made
//! harmless. Knows texts, no rule.
//!
//! A version with four parts reads as an address: it errs on the side of naming, as `mention` does.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::email::is_domain;
use super::taken_apart::unmarked;

/// What the scheme of a link that nobody shall follow begins with.
const HARMLESS: &str = "hxxp";
/// The hex digits of a hardware address, and of a longer one.
const HARDWARE: [usize; 2] = [12, 16];

/// The machines in a text in the form of `mention::plain`, each in one writing.
pub(super) fn machines_in(text: &str) -> BTreeSet<String> {
    let plain = unmarked(text);
    let text = plain.as_deref().unwrap_or(text);
    runs(text).flat_map(named).collect()
}

/// The same text without them.
pub(super) fn without_machines(text: &str) -> String {
    let mut text = unmarked(text).unwrap_or_else(|| text.to_owned());
    let found: Vec<String> = runs(&text).filter(|run| !named(run).is_empty()).map(str::to_owned).collect();
    for run in found {
        text = text.replace(&run, ";");
    }
    text
}

/// The hosts of links and names that were taken apart so that nobody follows them: `hxxps://bad.example/x`, `bad[.]example`.
pub(super) fn harmless_hosts_in(text: &str) -> BTreeSet<String> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'');
    let words = text.split(is_between).filter(|word| word.contains(HARMLESS) || unmarked(word).is_some());
    words.filter_map(host).collect()
}

fn host(word: &str) -> Option<String> {
    let word = unmarked(word).unwrap_or_else(|| word.to_owned());
    let behind = word.split_once("://").map_or(word.as_str(), |(_, rest)| rest);
    let place = behind.split(['/', '?', '#']).next()?;
    // Of an account its server is no host of its own.
    if place.contains('@') {
        return None;
    }
    let host = place.split(':').next()?.trim_matches(|c: char| !c.is_alphanumeric());
    is_domain(host).then(|| host.to_owned())
}

/// The longest pieces of a text of which addresses are made, where no other letter touches them.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let of_address = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | '-');
    let starts = text.char_indices().filter(move |(at, c)| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        of_address(*c) && !before.is_some_and(|c| of_address(c) || c.is_alphanumeric())
    });
    starts.filter_map(move |(at, _)| {
        let rest = text.get(at..)?;
        let end = rest.find(|c| !of_address(c)).unwrap_or(rest.len());
        let next = rest.get(end..)?.chars().next();
        (!next.is_some_and(char::is_alphanumeric)).then(|| rest.get(..end)).flatten()
    })
}

/// The machines that a run names: one, or those from which to which.
fn named(run: &str) -> Vec<String> {
    let run = run.trim_matches(['.', '-']);
    let bare = run.trim_end_matches(':');
    match address(run).or_else(|| address(bare)).or_else(|| hardware(bare)) {
        Some(one) => vec![one],
        None => bare.split('-').filter_map(address).collect(),
    }
}

fn address(text: &str) -> Option<String> {
    let address: IpAddr =
        text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))?;
    let address = match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    };
    // Two colons alone are no address that anybody has, nor is a machine's own.
    let is_nobody =
        address == IpAddr::V4(Ipv4Addr::UNSPECIFIED) || address == IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    (!is_nobody).then(|| address.to_string())
}

/// `00:1b:44:11:3a:b7`, `00-1b-44-11-3a-b7`, `001b.4411.3ab7`, in one writing.
fn hardware(text: &str) -> Option<String> {
    let is_made = |sign: char, length: usize| {
        let parts: Vec<&str> = text.split(sign).collect();
        parts.iter().all(|part| part.len() == length && part.chars().all(|c| c.is_ascii_hexdigit()))
    };
    let hex: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    let is_it = HARDWARE.contains(&hex.len()) && (is_made(':', 2) || is_made('-', 2) || is_made('.', 4));
    is_it.then_some(hex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::mention::plain;

    fn machines(text: &str) -> Vec<String> {
        machines_in(&plain(text)).into_iter().collect()
    }

    #[test]
    fn an_address_is_one_however_it_is_written() {
        for text in [
            "192.0.2.7",
            "from 192.0.2.7, always",
            "(192.0.2.7:4431)",
            "192.0.2[.]7",
            "192[.]0[.]2[.]7.",
            "192.0.2.7/24",
            "ip=192.0.2.7;",
            "https://192.0.2.7/x",
            "::ffff:192.0.2.7",
            "192.0.2.7:",
        ] {
            assert_eq!(machines(text), ["192.0.2.7"], "{text}");
        }
        for text in [
            "2001:DB8::7/64",
            "[2001:db8::7]:443.",
            "at 2001:db8::7: was",
            "2001:db8:0:0:0:0:0:7",
            "(2001:db8::7%eth0)",
        ] {
            assert_eq!(machines(text), ["2001:db8::7"], "{text}");
        }
        // From one to another: neither hides behind the other.
        assert_eq!(machines("192.0.2.7-192.0.2.9"), ["192.0.2.7", "192.0.2.9"]);
        assert_eq!(machines("2001:db8::/32"), ["2001:db8::"]);
        assert_eq!(machines("fe80::1%eth0"), ["fe80::1"]);
    }

    #[test]
    fn hardware_is_one_however_it_is_written() {
        for text in ["00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7,", "(001b.4411.3ab7)", "mac=00:1b:44:11:3a:b7"] {
            assert_eq!(machines(text), ["001b44113ab7"], "{text}");
        }
        assert_eq!(machines("00:1b:44:ff:fe:11:3a:b7").len(), 1);
    }

    #[test]
    fn what_is_no_machine_is_none() {
        for text in [
            "at 10:30:15",
            "between 10:30 and 11:45",
            "§ 4:1:2",
            "section 2.1.3",
            "version 1.95.0",
            "v2.1.3.4",
            "2026-11-20 10:30",
            "20.11.2026",
            "20-11-20",
            "ask :: again",
            "std::cafe",
            "face::book",
            "18 U.S.C. 2703(d)",
            "0.0.0.0",
            "a.b.c",
            "00:1b:44",
            "1:2:3:4:5:6",
            "dead-beef",
            "001b44113ab7",
            "001:b44:113:ab7",
            "001b:44:113ab7",
            "00:--:1b:44:11:3a:b7",
            "0-:0-:1b:44:11:3a:b7",
        ] {
            assert!(machines(text).is_empty(), "{text}: {:?}", machines(text));
        }
    }

    #[test]
    fn nothing_of_a_machine_is_left() {
        assert_eq!(without_machines("is 198.51.100[.]9, and 1234567"), "is ;, and 1234567");
        assert_eq!(without_machines("from 192.0.2.7:4431 at 10:30"), "from ; at 10:30");
    }

    #[test]
    fn a_link_that_was_made_harmless_names_its_host() {
        for text in [
            "hxxps://bad.example/x?y",
            "see hxxp://bad[.]example:8080/x.",
            "bad[.]example",
            "(bad(.)example)",
            "BAD[.]example,",
            "hxxps://bad.example/@bob",
        ] {
            let hosts: Vec<String> = harmless_hosts_in(&plain(text)).into_iter().collect();
            assert_eq!(hosts, ["bad.example"], "{text}");
        }
        for text in [
            "https://example.org/legal",
            "example.org",
            "bob@mail[.]example",
            "@bob.roe:mail[.]example",
            "192.0.2[.]7",
            "hxxp",
            "hxxp://host/x",
            "hxxp://a..b/x",
            "[.]",
        ] {
            assert!(harmless_hosts_in(&plain(text)).is_empty(), "{text}");
        }
        for between in [" ", ",", ";", "\"", "'"] {
            let hosts = harmless_hosts_in(&format!("bad[.]example{between}evil[.]example"));
            assert_eq!(hosts.len(), 2, "{between}");
        }
    }
}
