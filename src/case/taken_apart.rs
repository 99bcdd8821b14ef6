//! How people write an address or a name that no machine shall find: `roe [at] met (dot) police.uk`, `bob : example.org`. One list
//! for whoever looks for places, for accounts and for addresses in running words. Knows signs and blanks, and not what stands
//! between them.

/// With brackets around, which nobody writes for another reason.
const MARKED: &[(&str, &str)] = &[
    ("[at]", "@"),
    ("(at)", "@"),
    ("{at}", "@"),
    ("<at>", "@"),
    ("[@]", "@"),
    ("(@)", "@"),
    ("{@}", "@"),
    ("<@>", "@"),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("<dot>", "."),
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("<.>", "."),
    ("[:]", ":"),
    ("(:)", ":"),
    ("{:}", ":"),
    ("<:>", ":"),
];
/// The sign itself, standing alone.
const APART: &str = " @ ";
/// As words and blanks, which in running words may be meant as what they are: they met at the station.
const SPOKEN: &[(&str, &str)] = &[
    (" at ", "@"),
    (" dot ", "."),
    (" . ", "."),
    (" : ", ":"),
    (" :", ":"),
    (APART, "@"),
    (" @", "@"),
    ("@ ", "@"),
];

/// A folded text as it was before somebody took its names apart, where they did so in a way that has no other meaning; `None` if
/// nobody did.
pub(super) fn unmarked(text: &str) -> Option<String> {
    let is_marked = text.contains(['[', '(', '{', '<']) && MARKED.iter().any(|(mark, _)| text.contains(mark));
    if !is_marked && !text.contains(APART) {
        return None;
    }
    let mut text = text.replace(APART, "@");
    for (mark, plain) in MARKED {
        for written in [format!(" {mark} "), (*mark).to_owned()] {
            text = text.replace(&written, plain);
        }
    }
    Some(text)
}

/// The same of a text that is there to hold such names, or that is asked for all that it may name; `None` if nobody did.
pub(super) fn together(text: &str) -> Option<String> {
    let unmarked = unmarked(text);
    let so_far = unmarked.as_deref().unwrap_or(text);
    let is_spoken = SPOKEN.iter().any(|(words, _)| so_far.contains(words));
    if !is_spoken {
        return unmarked;
    }
    Some(SPOKEN.iter().fold(so_far.to_owned(), |text, (words, plain)| text.replace(words, plain)))
}

/// A text without the blanks around its dots: `@bob:example .org`; `None` if there are none.
pub(super) fn without_gaps(text: &str) -> Option<String> {
    if !text.contains([':', '@']) || !(text.contains(" .") || text.contains(". ")) {
        return None;
    }
    Some(text.split('.').map(str::trim).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::case::also_named::named_in;
    use crate::case::place::places;
    use crate::case::unsigned::unsigned_in;

    /// What each of the three finds in a text.
    fn found(text: &str) -> [Vec<String>; 3] {
        let written = |places: Vec<crate::case::place::Place>| {
            places.iter().map(|place| place.as_str().to_owned()).collect::<Vec<_>>()
        };
        let mut accounts = BTreeSet::new();
        unsigned_in(&together(text).unwrap_or_else(|| text.to_owned()), &mut accounts);
        [written(places(text)), written(named_in(text)), accounts.into_iter().collect()]
    }

    #[test]
    fn every_disguise_is_seen_through_by_all_three() {
        let (address, account) = ("bob@example.org", "@bob:example.org");
        let blanks = |(mark, plain): &(&str, &'static str)| {
            [(mark.to_string(), *plain), (format!(" {mark} "), *plain)]
        };
        let all = MARKED.iter().flat_map(blanks).chain([(APART.to_owned(), "@")]);
        for (mark, plain) in all {
            let text = match plain {
                "@" => format!("bob{mark}example.org"),
                "." => format!("bob@example{mark}org"),
                _ => format!("bob{mark}example.org"),
            };
            let [places, named, accounts] = found(&text);
            assert_eq!(accounts, [account], "{text}");
            if plain != ":" {
                assert_eq!((places, named), (vec![address.to_owned()], vec![address.to_owned()]), "{text}");
            }
        }
        // In running words these may be what they say.
        for text in [
            "bob at example.org",
            "bob@example dot org",
            "bob@example . org",
            "bob @example.org",
            "bob@ example.org",
        ] {
            let [places, _, accounts] = found(text);
            assert_eq!((places, accounts), (vec![address.to_owned()], vec![account.to_owned()]), "{text}");
        }
        for text in ["bob : example.org", "bob :example.org"] {
            assert_eq!(found(text)[2], [account], "{text}");
        }
    }

    #[test]
    fn nothing_is_found_where_nobody_hid_anything() {
        assert_eq!(unmarked("they met (at last) at the station"), None);
        assert_eq!(unmarked("[1] and <b>"), None);
        assert_eq!(together("no. 4 (dotted)"), None);
        for text in ["bob@example.org", "an end. And more", "to all: hear", ""] {
            assert_eq!(without_gaps(text), None, "{text}");
        }
    }

    #[test]
    fn blanks_around_dots_are_nothing_where_a_name_may_be() {
        for text in ["@bob:example .org", "@bob:example. org", "@bob:example . org"] {
            assert_eq!(without_gaps(text).as_deref(), Some("@bob:example.org"), "{text}");
        }
        assert_eq!(without_gaps("bob@example .org").as_deref(), Some("bob@example.org"));
    }
}
