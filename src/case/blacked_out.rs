//! A text for one user, in which no other account stands: whatever the gate would take for one is blacked out, and so is what
//! another account is called wherever it stands, and what looks like an account or an address (rule 25). Knows how those are
//! written, and no line of a case.

use std::collections::BTreeSet;
use std::ops::Range;

use super::mention::{Mention, mentions_in, plain};
use super::taken_apart::{together, unmarked};
use super::unsigned::unsigned_in;

/// What takes the place of another account.
const SOMEBODY: &str = "[another account]";
/// What takes the place of an address.
const ADDRESS: &str = "[an address]";
/// How the sign of an account is written where it would be read as one.
const SIGNS: &[&str] = &["@", "(at)", "[at]", "{at}", "&#64;", "&#x40;", "&commat;"];
/// A shorter name is a word like others, and is taken for the account only by a sign beside it.
const SHORTEST: usize = 3;

/// The text without any account but `own`, which is given as [`super::mention::name`] has it, and without what `others` are
/// called before the colon. Where an account is written in disguise nobody can say which letters are its own, and the whole
/// word goes.
pub(super) fn without_others(text: &str, own: Option<&str>, others: &BTreeSet<String>) -> String {
    let own = own.map(|own| own.trim_start_matches('@'));
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        out.push_str(&word_without(word, own, others));
        out.push_str(piece.get(word.len()..).unwrap_or_default());
    }
    // What somebody took apart goes over several words: which of them are the name nobody can say.
    if names_apart(&out, own) { SOMEBODY.to_owned() } else { out }
}

/// Whether a text names somebody once what was taken apart in it is put together: `carol at example dot org`.
fn names_apart(text: &str, own: Option<&str>) -> bool {
    let read = plain(text);
    let is_spoken = [" dot ", " : ", " . "].iter().any(|sign| read.contains(sign));
    let seen = if is_spoken { together(&read) } else { unmarked(&read) };
    let Some(seen) = seen else { return false };
    let names = |text: &str| {
        let mut names = BTreeSet::new();
        unsigned_in(text, &mut names);
        names.extend(mentions_in(text).iter().filter_map(|it| Some(format!("@{}", it.names.last()?))));
        names
    };
    let known = names(&read);
    names(&seen).iter().any(|name| !known.contains(name) && Some(name.trim_start_matches('@')) != own)
}

fn word_without(word: &str, own: Option<&str>, others: &BTreeSet<String>) -> String {
    let read = plain(word);
    let found = found(&read, own, others);
    let Some((_, first)) = found.first() else { return word.to_owned() };
    if read != word.to_ascii_lowercase() {
        return (*first).to_owned();
    }
    let mut out = String::new();
    let mut from = 0;
    for (Range { start, end }, what) in found {
        // One that begins within another went with it.
        if start >= from {
            out.push_str(word.get(from..start).unwrap_or_default());
            out.push_str(what);
        }
        from = from.max(end);
    }
    out.push_str(word.get(from..).unwrap_or_default());
    out
}

/// Where a plain word names somebody else, in order, and what takes its place.
fn found(word: &str, own: Option<&str>, others: &BTreeSet<String>) -> Vec<(Range<usize>, &'static str)> {
    let (theirs, mentions): (Vec<Mention<'_>>, Vec<Mention<'_>>) =
        mentions_in(word).into_iter().partition(|mention| is_own(mention, own));
    let kept =
        |range: &Range<usize>| theirs.iter().any(|own| own.start <= range.start && range.end <= own.end);
    let named = mentions.iter().map(|mention| (mention.start..mention.end, SOMEBODY));
    let called = others.iter().flat_map(|name| places(word, name)).map(|range| (range, SOMEBODY));
    let mut found: Vec<(Range<usize>, &'static str)> =
        named.chain(called).chain(bare(word, own)).chain(looks_like(word, own)).collect();
    found.retain(|(range, _)| !kept(range));
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    found
}

fn is_own(mention: &Mention<'_>, own: Option<&str>) -> bool {
    let (Some(longest), Some(own)) = (mention.names.last(), own) else {
        return false;
    };
    let is_port = |rest: &str| {
        rest.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
    };
    longest.strip_prefix(own).is_some_and(|rest| rest.is_empty() || is_port(rest))
}

/// Where a name stands as a whole word.
fn places(word: &str, name: &str) -> Vec<Range<usize>> {
    let is_signed = |range: &Range<usize>| {
        let (before, after) = around(word, range);
        SIGNS.iter().any(|sign| before.ends_with(sign) || after.starts_with(sign)) || after.starts_with(':')
    };
    let all = word.match_indices(name).map(|(start, _)| start..start + name.len());
    let whole = all.filter(|range| {
        let (before, after) = around(word, range);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    });
    whole.filter(|range| name.chars().count() >= SHORTEST || is_signed(range)).collect()
}

fn around<'w>(word: &'w str, range: &Range<usize>) -> (&'w str, &'w str) {
    (word.get(..range.start).unwrap_or_default(), word.get(range.end..).unwrap_or_default())
}

/// Where a word begins with the sign of an account, as in `@bob`.
fn bare(word: &str, own: Option<&str>) -> Vec<(Range<usize>, &'static str)> {
    let own = own.and_then(|own| own.split(':').next());
    let mut found = Vec::new();
    for (start, sign) in word.match_indices('@') {
        let (before, rest) = around(word, &(start..start + sign.len()));
        let length = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default().trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_inside = before.ends_with(|c| is_of_name(c) && c != '=');
        let is_name = name.starts_with(char::is_alphanumeric) && !is_inside;
        if is_name && own != Some(name) {
            found.push((start..start + sign.len() + name.len(), SOMEBODY));
        }
    }
    found
}

/// Where a word looks like an account without its sign, or like an address: a name, a sign, and the name of a server.
fn looks_like(word: &str, own: Option<&str>) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let marks = SIGNS.iter().map(|sign| (*sign, ADDRESS)).chain([(":", SOMEBODY)]);
    for (sign, what) in marks {
        for (at, _) in word.match_indices(sign) {
            let (before, rest) = around(word, &(at..at + sign.len()));
            let name = before.trim_end_matches(is_of_name).len();
            let local = before.get(name..).unwrap_or_default();
            let of_server = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
            let server = rest.get(..rest.find(|c| !of_server(c)).unwrap_or(rest.len())).unwrap_or_default();
            let server = server.trim_end_matches(|c: char| !c.is_alphanumeric());
            let is_whose = own.is_some_and(|own| own.split_once(':') == Some((local, server)));
            // `!room:server` and `$event:server` are no accounts, and stand in what the user is told of.
            let is_thing = before.get(..name).unwrap_or_default().ends_with(['!', '#', '$']);
            let is_name = local.contains(char::is_alphabetic) && !local.ends_with('=');
            if is_name && is_server(server) && !is_whose && !is_thing {
                found.push((name..at + sign.len() + server.len(), what));
            }
        }
    }
    found
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '=' | '-' | '+')
}

/// Whether it may be the name of a server: `10:30.` is none.
fn is_server(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(before, last)| {
        !before.is_empty() && last.len() > 1 && last.chars().all(char::is_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_alice(text: &str) -> String {
        let others = ["bob", "jo"].map(str::to_owned).into();
        without_others(text, Some("@alice:example.org"), &others)
    }

    #[test]
    fn other_accounts_are_taken_out_of_what_was_written() {
        assert_eq!(
            for_alice(
                "@bob:example.org wrote to @alice:example.org (and @AL:example.org), then @bob:example.org."
            ),
            "[another account] wrote to @alice:example.org (and [another account]), then [another account]."
        );
        assert_eq!(
            for_alice("user=@bob:example.org;user=@Alice:example.org"),
            "user=[another account];user=@Alice:example.org"
        );
        assert_eq!(without_others("@alice:example.org", None, &BTreeSet::new()), SOMEBODY);
    }

    #[test]
    fn they_are_taken_out_however_they_are_written() {
        for written in [
            "＠bob:example.org",
            "@b\u{200B}ob:example.org",
            "https://matrix.to/#/%40bob%3Aexample.org",
            "https://matrix.to/#/%2540bob%253Aexample.org",
            "https://matrix.to/#/@bob:example.org",
            "matrix:u/bob:example.org",
            "matrix:user/bob:example.org?action=chat",
            "@bob\\:example.org",
            "@Bob:Example.Org:8448",
            "(@bob,jr:example.org)",
            "@alice:example.org.uk",
            "@alice:example.org-and-bob",
        ] {
            let read = for_alice(&format!("with {written} and @alice:example.org"));
            assert!(!read.to_lowercase().contains("bob") && !read.contains(".uk"), "{written}: {read}");
            assert!(
                read.ends_with(" and @alice:example.org") && read.contains(SOMEBODY),
                "{written}: {read}"
            );
        }
    }

    #[test]
    fn their_own_account_and_what_is_none_stays() {
        for text in [
            "@alice:example.org",
            "https://matrix.to/#/@alice:example.org?via=example.org",
            "https://matrix.to/#/%40alice%3Aexample.org",
            "＠alice:example.org",
            "@alice:example.org:8448, and alice@example.org",
            "@alice said so at 10:30, in !choir:example.org",
            "https://example.org:8443/song, mxc://example.org/abc",
            "bobsled, jo",
            "at 10:00 @ the station: 5 %",
            "100%\n  of it",
        ] {
            assert_eq!(for_alice(text), text);
        }
    }

    #[test]
    fn what_another_is_called_and_what_looks_like_an_account_goes_too() {
        for (text, read) in [
            ("fraud by @bob and bob:example.org", "fraud by [another account] and [another account]"),
            ("by @bob :example.org", "by [another account] :example.org"),
            ("by @bob(at)example.org", "by [another account]"),
            ("bob@example.org, Bob’s own", "[an address], [another account]’s own"),
            ("of zed@mail.example and @zed", "of [an address] and [another account]"),
            ("zed:far.example wrote", "[another account] wrote"),
            ("@jo, jo:example.org and jo", "[another account], [another account] and jo"),
            ("@alice:example.org and BOB", "@alice:example.org and [another account]"),
        ] {
            assert_eq!(for_alice(text), read, "{text}");
        }
        for text in ["&#64;bob:example.org", "zed[at]far.example", "b\u{200B}ob", "(BOB)", "bob-and-alice"] {
            let read = for_alice(text).to_lowercase();
            assert!(!read.contains("bob") && !read.contains("zed"), "{text}: {read}");
        }
    }

    #[test]
    fn it_is_the_account_that_goes_and_no_more() {
        for (text, read) in [
            ("carl.roe@mail.example", "[an address]"),
            ("carl_roe@mail.example", "[an address]"),
            ("carl=roe@mail.example", "[an address]"),
            ("carl-roe@mail.example", "[an address]"),
            ("carl+roe@mail.example", "[an address]"),
            ("zed@far-away.example.", "[an address]."),
            ("zed:far.io wrote", "[another account] wrote"),
            ("by @zed.", "by [another account]."),
            ("(@zed)", "([another account])"),
            ("user=@zed", "user=[another account]"),
            ("user=@zed.example", "user=[another account]"),
            ("(at)jo said", "(at)[another account] said"),
            ("jo(at)home", "[another account](at)home"),
            ("jo: hello", "[another account]: hello"),
            ("@alice:example.org:8x", "[another account]"),
            ("@alice:example.org:bob", "[another account]"),
        ] {
            assert_eq!(for_alice(text), read, "{text}");
        }
        for text in ["kabob", "re:subject", "x:.com", "note:a.b", "at v:1.25", "v:1.2a"] {
            assert_eq!(for_alice(text), text);
        }
        assert_eq!(without_others("zed@mail.example", None, &BTreeSet::new()), ADDRESS);
        // What another one is called stays where it is within their own name.
        let namesake =
            |text: &str| without_others(text, Some("@alice:example.org"), &["alice".to_owned()].into());
        assert_eq!(namesake("@alice:example.org"), "@alice:example.org");
        assert_eq!(namesake("@alice:example.org/alice"), "@alice:example.org/[another account]");
    }

    #[test]
    fn what_was_taken_apart_is_left_out_with_all_around_it() {
        let without = |text: &str| without_others(text, Some("@alice:our.org"), &BTreeSet::new());
        for text in [
            "fraud with robert:example[.]org",
            "and carol at example dot org",
            "see roe [at] met (dot) police.uk",
            "robert (at) example.org",
            "robert : example.org",
            "@ robert : example.org",
            "@ robert : localhost",
        ] {
            assert_eq!(without(text), SOMEBODY, "{text}");
        }
        for text in [
            "they met at 10:30",
            "fraud: see below",
            "alice : our.org",
            "a dot on a map",
            "mail (at noon)",
            "@alice:our.org:8448 and a dot on a map",
        ] {
            assert_eq!(without(text), text, "{text}");
        }
    }
}
