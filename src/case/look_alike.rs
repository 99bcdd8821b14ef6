//! Mail domains that are made to be taken for another. Knows letters and labels; does not know whose a domain is.

use unicode_normalization::UnicodeNormalization;

use super::directory::is_under;
use super::folded::folded;
use super::glyph;
use super::punycode::shown;

/// How many letters may differ in a domain that is made to look like another.
const SLIPS: usize = 2;
/// Domains shorter than this are like too many others.
const SHORTEST: usize = 6;
/// The shortest name that is recognised under another ending.
const SHORTEST_NAME: usize = 4;
/// What is as long as this is recognised inside a longer word, and without its dots.
const LONG: usize = 8;
/// So many letters of a domain make up for one that differs.
const LETTERS_FOR_A_SLIP: usize = 6;
/// No domain is longer; the distance between two is quadratic.
const LONGEST: usize = 253;

/// Whether an agency's domain stands inside a foreign one, with or without its dots: `met.police.uk.example.com`,
/// `met-police-uk.com`.
pub(super) fn is_inside(domain: &str, own: &str) -> bool {
    let joined = |text: &str| text.replace(['.', '-'], "-");
    own.len() >= SHORTEST && !is_under(domain, own) && {
        let (outer, inner) = (format!("-{}-", joined(&shown(domain))), format!("-{}-", joined(own)));
        outer.contains(&inner)
    }
}

/// Whether a domain was perhaps made to look like another one.
pub(super) fn is_like(domain: &str, own: &str) -> bool {
    if own.len() < SHORTEST || domain.len() > LONGEST {
        return false;
    }
    let (look, own_look) = (skeleton(&shown(domain)), skeleton(own));
    if look == own_look || look.ends_with(&format!(".{own_look}")) {
        return true;
    }
    // Nobody registers a name at will where only authorities have one, so one that differs is a neighbour.
    if is_closed(domain) {
        return false;
    }
    has_slips(&look, &own_look) || has_the_name_of(&look, &own_look)
}

/// Whether it differs by a letter or two.
fn has_slips(look: &str, own: &str) -> bool {
    let (labels, own_labels): (Vec<&str>, Vec<&str>) = (look.split('.').collect(), own.split('.').collect());
    if labels.len() != own_labels.len() {
        return own.len() >= LONG && strsim::damerau_levenshtein(look, own) <= 1;
    }
    // By label: neighbours such as kent and gwent are no slips of each other, long ones with two letters changed are. A short
    // domain is a letter away from many honest ones.
    let mut all = 0;
    let are_slips = labels.iter().zip(&own_labels).all(|(label, own)| {
        let slips = strsim::damerau_levenshtein(label, own);
        all += slips;
        slips <= (own.len() / 4).clamp(1, SLIPS)
    });
    let most = own.chars().filter(|c| c.is_alphanumeric()).count() / LETTERS_FOR_A_SLIP;
    are_slips && all <= most.min(SLIPS)
}

/// Whether it goes by the agency's name under another ending, run together or with a word added: `met.police.com`,
/// `metpolice.uk`, `kent-police-cyber.com`.
fn has_the_name_of(look: &str, own: &str) -> bool {
    let (name, own_name) = (name_of(look), name_of(own));
    let (words, own_words): (Vec<&str>, Vec<&str>) =
        (name.split(['.', '-']).collect(), own_name.split(['.', '-']).collect());
    let (joined, own_joined) = (words.concat(), own_words.concat());
    // What every agency calls itself names none of them.
    if own_words.iter().all(|word| is_common(word)) || own_joined.len() < SHORTEST_NAME {
        return false;
    }
    let as_words = own_joined.len() >= SHORTEST
        && (words.windows(own_words.len()).any(|run| run == own_words)
            || words.iter().any(|word| *word == own_joined));
    let is_other_ending = joined == own_joined && look != own;
    let is_near = || joined.contains(&own_joined) || strsim::damerau_levenshtein(&joined, &own_joined) <= 1;
    is_other_ending || as_words || (own_joined.len() >= LONG && is_near())
}

/// A domain without its ending: `kent.police` of `kent.police.uk`, `bbc` of `bbc.co.uk`.
fn name_of(domain: &str) -> &str {
    let name = domain.rsplit_once('.').map_or(domain, |(name, _)| name);
    match name.rsplit_once('.') {
        Some((before, second)) if SECOND.iter().any(|known| skeleton(known) == second) => before,
        Some(_) | None => name,
    }
}

/// Whether names under it are given to authorities only.
fn is_closed(domain: &str) -> bool {
    CLOSED.iter().any(|closed| is_under(domain, closed))
}

/// Whether a word is what authorities call themselves everywhere.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.iter().any(|common| *common == word || skeleton(common) == word)
}

/// Endings under which only authorities have a name.
const CLOSED: &[&str] = &[
    "police.uk",
    "gov.uk",
    "gov.scot",
    "gov.wales",
    "llyw.cymru",
    "mod.uk",
    "nhs.uk",
    "parliament.uk",
    "judiciary.uk",
    "gov",
    "mil",
    "fed.us",
    "gc.ca",
    "gov.au",
    "govt.nz",
    "police.govt.nz",
    "gov.ie",
    "gouv.fr",
    "bund.de",
    "admin.ch",
    "gv.at",
    "gov.it",
    "gob.es",
    "gov.pt",
    "gov.pl",
    "gov.in",
    "gov.br",
    "jus.br",
    "go.jp",
    "europa.eu",
    "int",
];
/// What stands before an ending and names nobody.
const SECOND: &[&str] = &["ac", "co", "com", "go", "gob", "gouv", "gov", "govt", "ltd", "net", "or", "org"];
/// What authorities call themselves everywhere.
const COMMON: &[&str] = &[
    "police",
    "polizei",
    "politie",
    "policia",
    "policja",
    "polizia",
    "polis",
    "poliisi",
    "politi",
    "justice",
    "justiz",
    "court",
    "courts",
    "gericht",
    "government",
    "cyber",
    "crime",
];

/// A word in the Latin letters that its letters look like.
pub(super) fn as_seen(word: &str) -> String {
    let looks = |c: char| LOOKS.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
    let is_seen = |c: &char| !glyph::is_hidden(*c) && !glyph::is_mark(*c);
    word.nfkd().filter(is_seen).map(looks).collect()
}

/// What a domain looks like to a hurried eye: letters of other writings as the Latin ones that they resemble, `0` as `o`,
/// `rn` as `m`.
fn skeleton(domain: &str) -> String {
    let is_seen = |c: &char| !glyph::is_hidden(*c) && !glyph::is_mark(*c);
    let plain: String = if domain.is_ascii() {
        domain.chars().filter(char::is_ascii_graphic).map(looks).collect()
    } else {
        domain.nfkd().filter(is_seen).map(looks).collect()
    };
    in_pairs(plain)
}

fn looks(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | 'i' => 'l',
        '5' => 's',
        other => taken_for(other),
    }
}

/// A letter of another writing as the Latin one that it resembles.
fn taken_for(c: char) -> char {
    if c.is_ascii() { c } else { LOOKS.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to) }
}

/// Two letters that look like one, as that one.
pub(super) fn in_pairs(mut plain: String) -> String {
    for (pair, letter) in [("rn", "m"), ("vv", "w"), ("cl", "d")] {
        if plain.contains(pair) {
            plain = plain.replace(pair, letter);
        }
    }
    plain
}

/// A letter of another writing as the small Latin one that it is taken for; any other as it is.
pub(super) fn latin(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let mut small = letter.to_lowercase();
    let small = small.next().filter(|_| small.next().is_none()).unwrap_or(letter);
    match small {
        // Both are as thin as an l; here it matters which.
        'і' | 'ı' | 'ι' => 'i',
        other => LOOKS.iter().find(|(from, _)| *from == other).map_or(letter, |(_, to)| *to),
    }
}

/// The letters and digits of any text as an eye takes them, without what stands between them.
pub(super) fn letters(text: &str) -> String {
    let is_one = |c: &char| c.is_alphanumeric() && !glyph::is_mark(*c);
    folded(text).nfkd().filter(is_one).map(looks).collect()
}

/// A text in small letters without what nobody sees, letters of other writings as the Latin ones that they resemble.
pub(super) fn unmasked(text: &str) -> String {
    folded(text).chars().map(taken_for).collect()
}

/// Letters of other writings and what they are taken for.
const LOOKS: &[(char, char)] = &[
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
    ('һ', 'h'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('в', 'b'),
    ('н', 'h'),
    ('п', 'n'),
    ('г', 'r'),
    ('ӏ', 'l'),
    ('ι', 'l'),
    ('κ', 'k'),
    ('ε', 'e'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
    ('γ', 'y'),
    ('η', 'n'),
    ('օ', 'o'),
    ('ս', 'u'),
    ('ո', 'n'),
    ('ց', 'g'),
    ('ɡ', 'g'),
    ('ɑ', 'a'),
    ('ø', 'o'),
    ('đ', 'd'),
    ('ħ', 'h'),
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
            "xn--mt-nlc.police.uk",
            "met.police.ik",
            "mеt.police.uk",
            "met.pollce.uk",
            "mett.police.us",
            "metpolice.uk",
        ] {
            assert!(is_like(domain, "met.police.uk"), "{domain}");
        }
        for domain in ["example.org", "bka.example", "police.example", "essex.police.uk", "fbi.gov"] {
            assert!(!is_like(domain, "met.police.uk"), "{domain}");
        }
        assert!(!is_like("a.uk", "b.uk"));
        // Neighbours under an ending that is given to authorities only.
        for (one, other) in [("northwales", "southwales"), ("gent", "kent"), ("westmidlands", "eastmidlands")]
        {
            assert!(!is_like(&format!("{one}.police.uk"), &format!("{other}.police.uk")), "{one}");
        }
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
