//! The grammar of a server's name, as in the Matrix specification. Does not know whether such a server exists.

use std::net::{Ipv4Addr, Ipv6Addr};

/// What is wrong with a server's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServerFault {
    /// There is none.
    Empty,
    /// A character that no server's name has.
    Letter(char),
    /// The characters are right, the form is not.
    Form,
    /// What follows the last colon is no port.
    Port,
}

/// Checks `host`, `host:port`, `1.2.3.4`, `[2001:db8::1]:8448`.
pub(super) fn check_server(text: &str) -> Result<(), ServerFault> {
    if text.is_empty() {
        return Err(ServerFault::Empty);
    }
    if let Some(inside) = text.strip_prefix('[') {
        let (address, after) = inside.split_once(']').ok_or(ServerFault::Form)?;
        address.parse::<Ipv6Addr>().map_err(|_| ServerFault::Form)?;
        return match after.strip_prefix(':') {
            Some(port) => check_port(port),
            None if after.is_empty() => Ok(()),
            None => Err(ServerFault::Form),
        };
    }
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    check_host(host)?;
    port.map_or(Ok(()), check_port)
}

/// Checks a name of dot-separated labels, or an IPv4 address.
pub(super) fn check_host(host: &str) -> Result<(), ServerFault> {
    if host.is_empty() {
        return Err(ServerFault::Empty);
    }
    if let Some(c) = host.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-' && *c != '.') {
        return Err(ServerFault::Letter(c));
    }
    if !host.split('.').all(is_label) {
        return Err(ServerFault::Form);
    }
    // No top-level domain is a number: such a name is meant as an address and must be one.
    let is_numeric = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if is_numeric && host.parse::<Ipv4Addr>().is_err() {
        return Err(ServerFault::Form);
    }
    Ok(())
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
}

fn check_port(port: &str) -> Result<(), ServerFault> {
    let is_port = port.bytes().all(|b| b.is_ascii_digit())
        && port.len() <= 5
        && port.parse::<u16>().is_ok_and(|number| number > 0);
    if is_port { Ok(()) } else { Err(ServerFault::Port) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_of_every_kind_are_servers() {
        for server in [
            "example.org",
            "localhost",
            "Example.ORG:8448",
            "1.2.3.4",
            "1.2.3.4:80",
            "[2001:db8::1]",
            "[::1]:8448",
            "xn--80ak6aa92e.com",
        ] {
            assert_eq!(check_server(server), Ok(()), "{server}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(check_server(""), Err(ServerFault::Empty));
        assert_eq!(check_server(":8448"), Err(ServerFault::Empty));
        assert_eq!(check_server("exаmple.org"), Err(ServerFault::Letter('а')));
        assert_eq!(check_server("a_b.org"), Err(ServerFault::Letter('_')));
        for server in
            ["a..b", ".a", "a.", "-a.org", "a-.org", "1.2.3", "1.2.3.999", "[::1", "[::g]", "[::1]x"]
        {
            assert_eq!(check_server(server), Err(ServerFault::Form), "{server}");
        }
        for server in ["a.org:", "a.org:0", "a.org:65536", "a.org:8448:1", "a.org:x", "[::1]:", "a.org:+1"] {
            assert_eq!(check_server(server), Err(ServerFault::Port), "{server}");
        }
    }
}
