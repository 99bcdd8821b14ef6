//! Mail domains that are made to be taken for another. Knows letters and labels; does not know whose a domain is.

use unicode_normalization::UnicodeNormalization;

use super::directory::is_under;
use super::glyph;

/// How many letters may differ in a domain that is made to look like another.
const SLIPS: usize = 2;
/// Domains shorter than this are like too many others.
const SHORTEST: usize = 6;
/// No domain is longer; the distance between two is quadratic.
const LONGEST: usize = 253;

/// Whether an agency's domain stands inside a foreign one, with or without its dots: `met.police.uk.example.com`,
/// `met-police-uk.com`.
pub(super) fn is_inside(domain: &str, own: &str) -> bool {
    let joined = |text: &str| text.replace(['.', '-'], "-");
    own.len() >= SHORTEST && !is_under(domain, own) && {
        let (outer, inner) = (format!("-{}-", joined(domain)), format!("-{}-", joined(own)));
        outer.contains(&inner)
    }
}

/// Whether a domain was perhaps made to look like another one.
pub(super) fn is_like(domain: &str, own: &str) -> bool {
    if own.len() < SHORTEST || domain.len() > LONGEST {
        return false;
    }
    let (look, own_look) = (skeleton(domain), skeleton(own));
    let (labels, own_labels): (Vec<&str>, Vec<&str>) =
        (look.split('.').collect(), own_look.split('.').collect());
    if labels.len() == own_labels.len() {
        // By label: neighbours such as kent and gwent are no slips of each other, long ones with two letters changed are.
        return labels.iter().zip(&own_labels).all(|(label, own)| {
            let slips = strsim::damerau_levenshtein(label, own);
            slips <= (own.len() / 4).clamp(1, SLIPS)
        });
    }
    look.ends_with(&format!(".{own_look}")) || strsim::damerau_levenshtein(&look, &own_look) <= 1
}

/// What a domain looks like to a hurried eye: letters of other writings as the Latin ones that they resemble, `0` as `o`,
/// `rn` as `m`.
fn skeleton(domain: &str) -> String {
    let plain: String = domain
        .nfkd()
        .filter(|c| !glyph::is_hidden(*c) && !glyph::is_mark(*c))
        .map(|c| LOOKS.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to))
        .collect();
    plain.replace("rn", "m").replace("vv", "w").replace("cl", "d")
}

/// Characters and what they are taken for.
const LOOKS: &[(char, char)] = &[
    ('0', 'o'),
    ('1', 'l'),
    ('i', 'l'),
    ('5', 's'),
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'l'),
    ('ѕ', 's'),
    ('ј', 'j'),
    ('к', 'k'),
    ('м', 'm'),
    ('т', 't'),
    ('ο', 'o'),
    ('α', 'a'),
    ('ν', 'v'),
    ('ρ', 'p'),
    ('ı', 'l'),
    ('ł', 'l'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_that_looks_like_an_agencys_is_seen() {
        for domain in [
            "rnet.police.uk",
            "met.po1ice.uk",
            "met.polise.uk",
            "met.police.ik",
            "mеt.police.uk",
            "met.pollce.uk",
            "mett.police.uk",
            "metpolice.uk",
        ] {
            assert!(is_like(domain, "met.police.uk"), "{domain}");
        }
        for domain in ["example.org", "bka.example", "police.example", "essex.police.uk", "fbi.gov"] {
            assert!(!is_like(domain, "met.police.uk"), "{domain}");
        }
        assert!(!is_like("a.uk", "b.uk"));
    }

    #[test]
    fn an_agencys_domain_inside_another_is_seen() {
        for domain in ["met.police.uk.example.com", "met-police-uk.com", "secure.met.police.uk.example"] {
            assert!(is_inside(domain, "met.police.uk"), "{domain}");
        }
        for domain in
            ["cyber.met.police.uk", "met.police.uk", "met.police.example", "comet.police.uk.example"]
        {
            assert!(!is_inside(domain, "met.police.uk"), "{domain}");
        }
    }
}
