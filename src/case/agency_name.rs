//! Whether two names are of one agency, and which entry of the directory a name may mean. Neighbours differ by a word (Kent,
//! Gwent, West), so a word that tells agencies apart is never passed over (rule 61).
//!
//! Knows names and the domains of entries; what follows from a name is said in `decide`.

use super::Key;
use super::directory::{Agency, LONGEST_NAME};
use super::look_alike::is_common;

/// What the police call themselves everywhere, and words that only join: two names that differ in nothing else may be of
/// one agency. A department or a fire service is another one, so those words count.
const TOLERATED: &[&str] =
    &["the", "of", "and", "for", "police", "service", "services", "force", "constabulary"];
/// A word shorter than this is a letter away from too many others.
const LONG_WORD: usize = 6;

/// Whether a name that somebody gives is that of the entry, and of no other one: the same words, but for those that tell
/// nobody apart.
pub fn is_name_of(named: &str, entry: &Agency, directory: &[Agency]) -> bool {
    if entry.is_called(named) {
        return true;
    }
    let own = telling(named);
    let is_same = |agency: &&Agency| telling(&agency.name) == own;
    !own.is_empty()
        && is_same(&entry)
        && !directory.iter().any(|other| other.is_called(named))
        && directory.iter().filter(is_same).count() == 1
}

/// Whether a name says nothing that tells one agency from another: `Police`, `the police service`.
pub fn tells_nothing(named: &str) -> bool {
    telling(named).iter().all(|word| is_common(word))
}

/// The entry that a request's own words may mean. Each word that tells must be one of its name, or all of them together what
/// its domain begins with: `Met` of met.police.uk.
pub fn meant<'a>(directory: &'a [Agency], named: &str) -> Option<&'a Agency> {
    closest(directory, named, |typed, own| typed == own)
}

/// The entry that somebody of us may have meant, who can slip while typing.
pub fn near<'a>(directory: &'a [Agency], typed: &str) -> Option<&'a Agency> {
    closest(directory, typed, |typed, own| typed == own || is_slip(typed, own))
}

/// The entry that has all the words and the fewest others; none where two are as close.
fn closest<'a>(
    directory: &'a [Agency],
    named: &str,
    is_like: impl Fn(&str, &str) -> bool,
) -> Option<&'a Agency> {
    // The distance is quadratic, and no name is this long.
    if named.len() > LONGEST_NAME {
        return None;
    }
    if let Some(exact) = directory.iter().find(|agency| agency.is_called(named)) {
        return Some(exact);
    }
    let typed = telling(named);
    if tells_nothing(named) {
        return None;
    }
    let others = |agency: &Agency| {
        let own = words(&agency.name);
        if shortened(agency).any(|short| short == typed.concat()) {
            return Some(0);
        }
        let has_all = typed.iter().all(|word| own.iter().any(|own| is_like(word, own)));
        has_all.then(|| telling(&agency.name).len().saturating_sub(typed.len()))
    };
    let mut found: Vec<(usize, &Agency)> =
        directory.iter().filter_map(|agency| Some((others(agency)?, agency))).collect();
    found.sort_by_key(|(others, _)| *others);
    match found.as_slice() {
        [(_, only)] => Some(only),
        [(fewest, first), (more, _), ..] if fewest < more => Some(first),
        _ => None,
    }
}

/// What an agency is called in its domains: `met`, `nca`.
fn shortened(agency: &Agency) -> impl Iterator<Item = String> {
    let first = |domain: &String| domain.split('.').next().unwrap_or_default().replace('-', "");
    agency.domains.iter().map(first).filter(|label| !is_common(label))
}

/// The words of a name that tell it from others, in their order.
fn telling(name: &str) -> Vec<String> {
    words(name).into_iter().filter(|word| !TOLERATED.contains(&word.as_str())).collect()
}

/// The words of a name, without case and what stands between them.
fn words(name: &str) -> Vec<String> {
    let folded = Key::read(name).map(|key| key.to_string()).unwrap_or_default();
    let split = folded.split(|c: char| !c.is_alphanumeric());
    split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a long word is another one with a letter wrong. Its first letter is seldom wrong, and often all that differs.
pub(super) fn is_slip(typed: &str, own: &str) -> bool {
    typed.chars().count() >= LONG_WORD
        && own.chars().count() >= LONG_WORD
        && typed.chars().next() == own.chars().next()
        && strsim::damerau_levenshtein(typed, own) <= 1
}

#[cfg(test)]
mod tests {
    use super::super::directory::tests::agency;
    use super::*;

    fn directory() -> Vec<Agency> {
        vec![
            agency("Metropolitan Police Service", &["+44 20 7946 0100"], &["met.police.uk"]),
            agency("Kent Police", &["+44 1632 960200"], &["kent.police.uk"]),
            agency("Police of Nowhere", &["+44 117 496 0000"], &["police.example"]),
            agency("National Crime Agency", &["+44 1632 960400"], &["nca.gov.uk"]),
            agency("South Wales Police", &["+44 1632 960500"], &["south-wales.police.uk"]),
        ]
    }

    /// Real forces, other services and other countries, each a letter or a word away from an entry.
    const NEIGHBOURS: &[&str] = &[
        "Gwent Police",
        "West Police",
        "Ghent Police",
        "Gent Police",
        "Essex Police",
        "Kant Police",
        "Kent Fire Service",
        "Kent Police Department",
        "Kent County Council",
        "East Kent Police",
        "Polizei Kent",
        "Police",
        "The Police Service",
        "Polizei",
        "Wales",
        "North Wales Police",
        "Miami Police Department",
        "Metropolitan Fire Service",
        "Bundeskriminalamt",
        "",
        "…",
    ];

    #[test]
    fn a_neighbour_is_no_entrys_name() {
        let directory = directory();
        for named in NEIGHBOURS {
            let taken = directory.iter().find(|entry| is_name_of(named, entry, &directory));
            assert_eq!(taken.map(|entry| entry.name.as_str()), None, "{named}");
        }
    }

    #[test]
    fn a_neighbour_is_not_offered() {
        // `Wales` can be offered South Wales: every word of it is there, and nothing is done by that.
        for named in NEIGHBOURS.iter().filter(|named| **named != "Wales") {
            let offered = meant(&directory(), named).map(|entry| entry.name.clone());
            assert_eq!(offered, None, "{named}");
            assert_eq!(near(&directory(), named).map(|entry| entry.name.clone()), None, "{named}");
        }
        assert_eq!(near(&directory(), &"police ".repeat(100)), None);
    }

    #[test]
    fn a_name_may_be_written_otherwise() {
        let directory = directory();
        for (named, entry) in [
            ("kent  POLICE", 1),
            ("Kent Constabulary", 1),
            ("Kent", 1),
            ("the Metropolitan Police", 0),
            ("Nowhere Police", 2),
            ("Police Service of South Wales", 4),
        ] {
            let of = |agency| is_name_of(named, agency, &directory);
            let found: Vec<usize> =
                (0..directory.len()).filter(|at| directory.get(*at).is_some_and(of)).collect();
            assert_eq!(found, [entry], "{named}");
        }
        // Two that differ by nothing that tells are told apart by the whole name.
        let both = [directory, vec![agency("Kent Constabulary", &["+44 1632 960700"], &[])]].concat();
        assert!(is_name_of("Kent Constabulary", &both[5], &both));
        assert!(!is_name_of("Kent Constabulary", &both[1], &both));
        assert!(!is_name_of("Kent", &both[1], &both));
    }

    #[test]
    fn what_may_be_meant_is_offered() {
        let directory = directory();
        let offered = |named: &str| meant(&directory, named).map(|entry| entry.name.as_str());
        for named in ["Met", "the Met", "Met Police", "Metropolitan Police"] {
            assert_eq!(offered(named), Some("Metropolitan Police Service"), "{named}");
        }
        assert_eq!(offered("NCA"), Some("National Crime Agency"));
        assert_eq!(offered("South Wales"), Some("South Wales Police"));
        let slipped = |typed: &str| near(&directory, typed).map(|entry| entry.name.as_str());
        assert_eq!(slipped("Kent Polise"), Some("Kent Police"));
        assert_eq!(slipped("Metroplitan Police"), Some("Metropolitan Police Service"));
        assert_eq!(offered("Kent Polise"), None, "whoever asks is not helped over a slip");
    }
}
