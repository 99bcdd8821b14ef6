//! Lengths of time that a letter or a sentence writes out, where a placeholder would follow what is counted. Knows no rule about
//! them; a number that nothing counts is well.

use std::collections::BTreeSet;

use crate::case::{ClockRule, Counted, Policy, Span};

/// A sentence for each letter and each stock sentence that writes some out, with what to write instead.
pub(super) fn written_out(policy: &Policy) -> impl Iterator<Item = String> {
    let letters = policy.letters.iter().filter_map(|letter| {
        let name = match letter.kinds.as_slice() {
            [only] => format!("the letter `{}` for {only}", letter.name),
            [] | [_, ..] => format!("the letter `{}`", letter.name),
        };
        let text = [letter.text.as_str(), letter.in_part.as_deref().unwrap_or_default()].join("\n");
        note(&name, &text, &letter.kinds, policy)
    });
    let texts = policy.texts.iter();
    letters
        .chain(texts.filter_map(move |(name, text)| note(&format!("the text `{name}`"), text, &[], policy)))
}

fn note(name: &str, text: &str, kinds: &[String], policy: &Policy) -> Option<String> {
    let found = lengths(text);
    let said: Vec<String> = found.iter().map(|(written, _)| format!("`{written}`")).collect();
    if said.is_empty() {
        return None;
    }
    let is_for = |clock: &&ClockRule| {
        let shares = |kind: &String| clock.kinds.is_empty() || clock.kinds.contains(kind);
        kinds.is_empty() || kinds.iter().any(shares)
    };
    let spans: Vec<Span> = found.iter().filter_map(|(_, span)| *span).collect();
    let of_notice = (spans.contains(&policy.notice.serve_within)).then(|| "`{serve_within}`".to_owned());
    let of_clocks = policy.clocks.iter().filter(is_for).flat_map(|clock| {
        let all = [
            ("term", Counted::Term(clock.name.clone())),
            ("earliest", Counted::Earliest(clock.name.clone())),
        ];
        let all = all
            .into_iter()
            .filter(|(_, what)| policy.counted(what).is_some_and(|span| spans.contains(&span)));
        all.map(|(what, _)| format!("`{{{what} {}}}`", clock.name)).collect::<Vec<_>>()
    });
    let meant: BTreeSet<String> = of_notice.into_iter().chain(of_clocks).collect();
    let meant = match meant.into_iter().collect::<Vec<_>>().as_slice() {
        [] => "`{serve_within}`, `{term CLOCK}` or `{earliest CLOCK}`".to_owned(),
        few => few.join(" or "),
    };
    let said = said.join(", ");
    Some(format!("{name} writes {said} out: if that is what is counted, write {meant}, which follows it"))
}

/// `within 7 days`, `six months`: as it is written, and how long that is.
pub(super) fn lengths(text: &str) -> Vec<(String, Option<Span>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let Some(count) =
            number(&bare(word), at.checked_sub(1).and_then(|before| words.get(before)).copied())
        else {
            continue;
        };
        let after: Vec<String> = words.iter().skip(at + 1).take(4).map(|word| bare(word)).collect();
        // `10 to 14 business days` is two of them.
        let after: &[String] = match after.as_slice() {
            [between, last, rest @ ..]
                if matches!(between.as_str(), "to" | "or" | "and") && number(last, None).is_some() =>
            {
                rest
            }
            all => all,
        };
        let (unit, open) = match after {
            [open, unit, ..] if matches!(open.as_str(), "business" | "working" | "calendar") => {
                (unit, open.as_str())
            }
            [unit, ..] => (unit, ""),
            [] => continue,
        };
        const UNITS: [&str; 6] = ["minute", "hour", "day", "week", "month", "year"];
        if UNITS.contains(&unit.strip_suffix('s').unwrap_or(unit)) {
            let blank = if open.is_empty() { "" } else { " " };
            let length = format!("{open}{blank}{unit}");
            found.push((format!("{} {length}", bare(word)), Span::read(&format!("{count} {length}")).ok()));
        }
    }
    found
}

/// A number in digits or as a small word; `a` only where it bounds something, as in `within a month`.
fn number(word: &str, before: Option<&str>) -> Option<u32> {
    const WORDS: [&str; 12] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let of_word = || (1..).zip(WORDS).find(|(_, name)| *name == word).map(|(count, _)| count);
    let of_article =
        || (matches!(word, "a" | "an") && before.is_some_and(|word| word == "within")).then_some(1);
    word.parse().ok().or_else(of_word).or_else(of_article)
}
