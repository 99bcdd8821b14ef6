//! What a person's own words give out that the request does not hold (rules 1 and 60): a reason for a refusal goes to whoever asked,
//! so an address or a number in it is a record that left the house, and takes two people like an answer.
//!
//! It knows addresses, accounts, machines, rooms, files and long numbers, cases and the agencies of the directory, taken apart or
//! not. A name no program tells from other words.

use std::collections::BTreeSet;

use super::Around;
use super::as_it_came::{self, dialled_in};
use super::own_words::{listed_in, others_in, typed};
use super::referring::tells_another;
use super::whose_words::{REFERENCE_KEY, named_beside, stands_in, words};
use crate::case::bare_name::handles_in;
use crate::case::letter::{put_in, repeated_in};
use crate::case::machine::{harmless_hosts_in, machines_in, without_machines};
use crate::case::taken_apart::{together, unmarked, without_gaps};
use crate::case::unsigned::unsigned_in;
use crate::case::{Case, Command, Field, Reading, Terms, mention, number};

/// A number with fewer digits is a section, or a sum.
const SHORTEST: usize = 7;
/// What stands before `at example.org` where that is a place to write to or to look at.
const NOBODY: &[&str] = &[
    "us",
    "form",
    "page",
    "site",
    "website",
    "portal",
    "policy",
    "terms",
    "office",
    "desk",
    "address",
    "online",
    "available",
    "published",
    "found",
    "contact",
];

/// What the words of a command would tell of that stands nowhere in the request, each in the form that it is compared in.
pub fn beyond_request(command: &Command, case: &Case, terms: &Terms) -> BTreeSet<String> {
    let put = put_with(command, case, terms);
    let said = typed(command, case, terms);
    let mut named: BTreeSet<String> = said.iter().flat_map(|said| named_in(said)).collect();
    named.extend(put.iter().flat_map(|field| match &field.reading {
        Reading::Accounts { named, .. } => named.iter().map(|one| mention::name(&one.account)).collect(),
        _ => named_in(&field.value),
    }));
    let mut dialled: Vec<String> = said.iter().flat_map(|said| numbers_in(said)).collect();
    // The number of a file, typed right from a scan, is nobody's telephone.
    dialled.extend(put.iter().flat_map(|field| match field.key.as_str() {
        REFERENCE_KEY => dialled_in(&field.value),
        _ => numbers_in(&field.value),
    }));
    let said: Vec<&str> = said.into_iter().chain(put.iter().map(|field| field.value.as_str())).collect();
    // Who else asked, and in which case, is no record; but whoever asks learns of another request by it (rules 26 and 65).
    let linked = |number: &String| case.links.iter().any(|link| link.other.to_string() == *number);
    let others = said.iter().flat_map(|said| others_in(case, said)).filter(|number| !linked(number));
    let listed = said.iter().filter_map(|said| listed_in(case, said, terms));
    let aside = said.iter().flat_map(|said| aside_in(said));
    let others: BTreeSet<String> = others.chain(listed).chain(aside).collect();
    if named.is_empty() && dialled.is_empty() && others.is_empty() {
        return named;
    }
    // What one of us typed since it came is no word of the request; that an account of ours is meant can be put right.
    let texts = as_it_came::texts(case, terms);
    let texts = || texts.iter().copied();
    let ours = case.subjects().filter(|subject| subject.ours);
    let mut known: BTreeSet<String> = ours.map(|subject| mention::name(&subject.account)).collect();
    known.extend(texts().flat_map(named_in));
    let theirs: Vec<String> = texts().flat_map(number::numbers).collect();
    // With the code of a country or without it a number is the same.
    let is_known = |number: &String| number::first_known(std::slice::from_ref(number), &theirs).is_some();
    let beyond = dialled.into_iter().filter(|number| !is_known(number));
    let named = named.into_iter().filter(|one| !known.contains(one));
    // What the request itself names is no news to whoever wrote it.
    let is_said = |name: &String| texts().any(|text| stands_in(&words(name), &words(text)));
    let others = others.into_iter().filter(|name| !is_said(name));
    named.map(|one| as_mail(&one, &said).unwrap_or(one)).chain(beyond).chain(others).collect()
}

/// Whether a line that one of us typed since, in a letter that goes out, names somebody else who asked about the same users: whoever asks
/// here learns of that by it (rules 26 and 60).
pub(super) fn names_who_asked(command: &Command, case: &Case, around: &Around, terms: &Terms) -> bool {
    let put = put_with(command, case, terms);
    put.iter().any(|field| named_beside(case, around, &field.value, terms).is_some())
}

/// Whether such a line goes out, so that it must be looked up who asked.
pub(super) fn repeats_ours(command: &Command, case: &Case, terms: &Terms) -> bool {
    !put_with(command, case, terms).is_empty()
}

/// The lines that people of ours typed and nobody was asked about before, in the letter that a command puts on record as sent: those of
/// the request since it came, and those of ours that stood there from the start.
fn put_with<'c>(command: &Command, case: &'c Case, terms: &Terms) -> Vec<&'c Field> {
    let Command::RecordSent { letter, .. } = command else { return Vec::new() };
    if tells_another(case, letter, terms) {
        return Vec::new();
    }
    let mut found = put_in(case, letter, terms);
    let kind = terms.kind_of(case);
    let is_ours = |key: &str| kind.and_then(|kind| kind.field(key)).is_some_and(|rule| rule.ours);
    let lines = repeated_in(case, letter, terms);
    found.extend(lines.into_iter().filter(|field| is_ours(&field.key) && !case.typed.contains(&field.key)));
    found
}

/// The mail address by which a text names what would be this account.
fn as_mail(account: &str, said: &[&str]) -> Option<String> {
    let (local, server) = account.strip_prefix('@')?.split_once(':')?;
    let mail = format!("{local}@{server}");
    let is_it = |said: &&str| {
        let plain = mention::plain(said);
        unmarked(&plain).is_some_and(|plain| plain.contains(&mail)) || plain.contains(&mail)
    };
    said.iter().any(is_it).then_some(mail)
}

/// Names without a server, and hosts that nobody shall follow a link to.
fn aside_in(text: &str) -> BTreeSet<String> {
    let mut found = handles_in(text);
    found.append(&mut harmless_hosts_in(&mention::plain(text)));
    found
}

/// Accounts, mailboxes, rooms, events, files and machines.
fn named_in(text: &str) -> BTreeSet<String> {
    let plain = mention::plain(text);
    let mut found = mention::named_in(&plain);
    found.extend(spoken_in(&plain, &found));
    found.extend(machines_in(&plain));
    found
}

/// The accounts and mailboxes that somebody spells out, `bob at mail dot example`, besides those that are found without it.
fn spoken_in(plain: &str, found: &BTreeSet<String>) -> BTreeSet<String> {
    let mut spoken = BTreeSet::new();
    for text in [together(plain), without_gaps(plain)].into_iter().flatten() {
        unsigned_in(&text, &mut spoken);
    }
    let is_place = |name: &str| {
        let local = name.trim_start_matches('@').split(':').next().unwrap_or_default();
        NOBODY.contains(&local)
    };
    // A sentence ends, and another begins: what was found before that is what was meant.
    let goes_on = |name: &str| {
        found.iter().any(|one| name.strip_prefix(one.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    spoken.retain(|name| !is_place(name) && !goes_on(name));
    spoken
}

/// Numbers that are longer than those of laws, days and times.
pub(super) fn numbers_in(text: &str) -> Vec<String> {
    let text = without_machines(text);
    let words = text.split_whitespace();
    // What is none ends one.
    let rest: Vec<&str> = words.map(|word| if is_none(word) { ";" } else { word }).collect();
    let mut found = number::lone_numbers(&rest.join(" "));
    // `§ 1004 12`: few numbers that can be dialled are so short.
    found.retain(|number| number.len() >= SHORTEST);
    found
}

/// Whether it is a year, a time, or the number of a law, which is no number.
fn is_none(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let is_time = bare.contains(':') && bare.split(':').all(|part| (1..=2).contains(&part.len()));
    is_year(bare) || is_time || is_citation(bare)
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
}

/// The number of a law: `2016/679`, `2002/58/EC`, `EU)2023/1543`.
fn is_citation(word: &str) -> bool {
    let parts: Vec<&str> = word.split('/').collect();
    let has_year = parts.iter().take(2).any(|part| is_year(part.rsplit(')').next().unwrap_or_default()));
    let is_short = |part: &&str| part.rsplit(')').next().unwrap_or_default().len() <= 4;
    (2..=3).contains(&parts.len()) && has_year && parts.iter().all(is_short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_of(text: &str) -> BTreeSet<String> {
        named_in(text).into_iter().chain(aside_in(text)).chain(numbers_in(text)).collect()
    }

    #[test]
    fn addresses_and_long_numbers_are_told() {
        for (text, told) in [
            ("he is bob@mail.example", "@bob:mail.example"),
            ("he is @bob:our.org.", "@bob:our.org"),
            ("bob[at]mail[.]example", "@bob:mail.example"),
            ("from 192.0.2.7, always", "192.0.2.7"),
            ("from (192.0.2.7:4431)", "192.0.2.7"),
            ("from 192.0.2[.]7", "192.0.2.7"),
            ("from 2001:db8::/32", "2001:db8::"),
            ("its card is 00:1b:44:11:3a:b7", "001b44113ab7"),
            ("it is @bob, mind you", "@bob"),
            ("it is bob at mail dot example", "@bob:mail.example"),
            ("it is bob at mail.example", "@bob:mail.example"),
            ("it is bob@mail .example", "@bob:mail.example"),
            ("see hxxps://bad[.]example/bob", "bad.example"),
            ("call +44 7700 900123", "447700900123"),
            ("on 2026-11-20 under 07700 900123", "07700900123"),
            ("in !abcdefgh:our.org", "!abcdefgh:our.org"),
        ] {
            assert!(told_of(text).contains(told), "{text}: {:?}", told_of(text));
        }
    }

    #[test]
    fn a_mail_address_is_named_as_one() {
        let mail = |said: &str| as_mail("@bob:mail.example", &[said]);
        for said in ["ask bob@mail.example", "ask Bob [at] mail[.]example"] {
            assert_eq!(mail(said).as_deref(), Some("bob@mail.example"), "{said}");
        }
        assert_eq!(mail("ask @bob:mail.example"), None);
        assert_eq!(as_mail("!room:our.org", &["!room:our.org"]), None);
        assert_eq!(mail("ask @bob:mail[.]example"), None);
        let among = as_mail("@bob:mail.example", &["@bob:mail.example", "or bob@mail.example"]);
        assert_eq!(among.as_deref(), Some("bob@mail.example"));
    }

    #[test]
    fn a_sentence_that_follows_an_address_is_no_part_of_it() {
        let told: Vec<String> = told_of("ask bob@mail.example. Then go").into_iter().collect();
        assert_eq!(told, ["@bob:mail.example"]);
        // Another one is spelled out beside it, though it begins like it.
        for (text, spoken) in [
            ("ask ann@mail.example, or bob at mail dot example", "@bob:mail.example"),
            ("ask bob@mail.example, or bob at mail dot examples", "@bob:mail.examples"),
        ] {
            assert!(told_of(text).contains(spoken), "{text}: {:?}", told_of(text));
        }
    }

    #[test]
    fn what_is_no_number_ends_one() {
        for (text, none) in [
            ("2024 12345 678", "202412345678"),
            ("1234 2024 567", "12342024567"),
            ("1234567 10:30", "12345671030"),
            ("1234567 2016/679", "12345672016679"),
            ("1234567 192.0.2.7", "1234567192027"),
            ("1234567 198.51.100[.]9", "1234567198511009"),
            ("198.51.100[.]9", "198511009"),
            ("00:11:22:33:44:55", "001122334455"),
        ] {
            let found = numbers_in(text);
            assert!(!found.iter().any(|found| found == none), "{text}: {found:?}");
        }
        assert_eq!(numbers_in("2024 1234567"), ["1234567"]);
        for none in ["2024", "1999", "10:30", "9:30:15", "2016/679", "58/2002", "2002/58/EC", "(2024) 5678"] {
            assert_eq!(numbers_in(&format!("1234567 {none}")), ["1234567"], "{none}");
        }
        for (some, goes_on) in [
            ("100:30", "100"),
            ("12/34", "12"),
            ("99/99/2016", "99"),
            ("2016/1/1/1", "2016"),
            ("2016/12345", "2016"),
            ("20245", "20245"),
        ] {
            assert_eq!(numbers_in(&format!("1234567 {some}")), [format!("1234567{goes_on}")], "{some}");
        }
        assert_eq!(numbers_in("4711/0815123"), ["0815123"]);
        assert_eq!(numbers_in("11/22/3333333"), ["3333333"]);
    }

    #[test]
    fn days_sections_and_laws_are_not() {
        for text in [
            "Article 6(1)(f) of Regulation (EU) 2016/679",
            "Regulation (EU)2023/1543, article 10",
            "directive 2002/58/EC.",
            "18 U.S.C. 2703(d), sections 94, 95, 100",
            "since 2026-11-20 10:30 UTC, until 21.11.2026",
            "between 10:30 and 11:45; see https://example.org/legal",
            "we hold none; ask :: again",
            "C-12",
            "§ 1004 12",
            "use the form at example.org, or write to us at example.org. Then",
            "they met at the station. At ten",
            "section 2.1.3, at 10:30:15",
        ] {
            assert!(told_of(text).is_empty(), "{text}: {:?}", told_of(text));
        }
    }
}
