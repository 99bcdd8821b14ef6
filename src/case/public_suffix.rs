//! Endings under which anybody can have a domain: `com`, `co.uk`, `gouv.fr`. One of them is nobody's own, so a mail domain
//! that is one shows nobody's identity (rule 61).
//!
//! Short on purpose, for whoever writes a directory by hand; it is not the list of all public suffixes.

/// What stands before the letters of a country and names nobody.
const SECOND: &[&str] = &[
    "ac", "asso", "co", "com", "edu", "go", "gob", "gouv", "gov", "govt", "gv", "jus", "ltd", "me", "mil",
    "ne", "net", "nom", "or", "org", "plc", "sch",
];

/// Whether everybody's domains lie under this one.
pub fn is_public_suffix(domain: &str) -> bool {
    match domain.rsplit_once('.') {
        None => true,
        Some((second, country)) => country.len() == 2 && SECOND.contains(&second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_no_domain_of_anybody() {
        for domain in ["com", "de", "uk", "gov", "co.uk", "gov.uk", "ac.uk", "gouv.fr", "com.au", "gv.at"] {
            assert!(is_public_suffix(domain), "{domain}");
        }
        // A registry of one authority is for the operator to judge.
        for domain in
            ["police.uk", "met.police.uk", "bund.de", "fbi.gov", "bbc.co.uk", "justice.gouv.fr", "co.com"]
        {
            assert!(!is_public_suffix(domain), "{domain}");
        }
    }
}
