//! A text for one user, in which no other account stands: whatever the gate would take for one is blacked out (rule 25).
//! Knows how accounts are written, and no line of a case.

use std::ops::Range;

use super::mention::{Mention, mentions_in, plain};

/// What takes the place of another account.
const SOMEBODY: &str = "[another account]";

/// The text without any account but `own`, which is given as [`super::mention::name`] has it. Where an account is written in
/// disguise nobody can say which letters are its own, and the whole word goes.
pub(super) fn without_others(text: &str, own: Option<&str>) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end_matches(char::is_whitespace);
        out.push_str(&word_without(word, own));
        out.push_str(piece.get(word.len()..).unwrap_or_default());
    }
    out
}

fn word_without(word: &str, own: Option<&str>) -> String {
    let read = plain(word);
    let others = others(&read, own);
    if others.is_empty() {
        return word.to_owned();
    }
    if read != word.to_ascii_lowercase() {
        return SOMEBODY.to_owned();
    }
    let mut out = String::new();
    let mut from = 0;
    for Range { start, end } in others {
        // One that begins within another went with it.
        if start >= from {
            out.push_str(word.get(from..start).unwrap_or_default());
            out.push_str(SOMEBODY);
        }
        from = from.max(end);
    }
    out.push_str(word.get(from..).unwrap_or_default());
    out
}

/// Where a plain text names somebody else, in order.
fn others(text: &str, own: Option<&str>) -> Vec<Range<usize>> {
    let is_own = |mention: &Mention<'_>| {
        let (Some(longest), Some(own)) = (mention.names.last(), own) else {
            return false;
        };
        let rest = longest.strip_prefix(own.trim_start_matches('@'));
        let is_port =
            |rest: &str| rest.starts_with(':') && rest[1..].bytes().all(|byte| byte.is_ascii_digit());
        rest.is_some_and(|rest| rest.is_empty() || is_port(rest))
    };
    let mentions = mentions_in(text).into_iter().filter(|mention| !is_own(mention));
    let mut found: Vec<Range<usize>> = mentions.map(|mention| mention.start..mention.end).collect();
    found.sort_by_key(|range| range.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_alice(text: &str) -> String {
        without_others(text, Some("@alice:example.org"))
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
        assert_eq!(without_others("@alice:example.org", None), SOMEBODY);
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
            "@alice:example.org:8448, and roe@kent.police.uk",
            "at 10:00 @ the station: 5 %",
            "100%\n  of it",
        ] {
            assert_eq!(for_alice(text), text);
        }
    }
}
