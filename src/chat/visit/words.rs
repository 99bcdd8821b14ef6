//! What somebody typed, as words to compare: case, accents and punctuation do not count.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::says::{Offer, Says};
use super::{Wish, says};
use crate::case::Tongue;

/// The words of a text, in order.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded: String =
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let folded = folded.replace('ß', "ss");
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| in_full(word).to_owned()).collect()
}

/// What people write short on a phone.
fn in_full(word: &str) -> &str {
    match word {
        "u" => "you",
        "ur" => "your",
        "r" => "are",
        "pls" | "plz" | "plss" | "pleas" => "please",
        "acc" | "acct" => "account",
        other => other,
    }
}

/// Whether the text is one of these, whole.
pub(super) fn is_one(said: &[String], of: &[&str]) -> bool {
    of.iter().any(|phrase| words(phrase) == said)
}

/// Whether the words of a phrase stand in the text, one behind the other.
fn has(said: &[String], phrase: &str) -> bool {
    let phrase = words(phrase);
    !phrase.is_empty() && said.windows(phrase.len()).any(|part| part == phrase)
}

/// What it may ask for in a language, each once. What many ask with counts where nothing says more.
pub(super) fn wishes(said: &[String], says: &Says) -> Vec<Wish> {
    let clear = clear_wishes(said, says);
    if clear.is_empty() { asked_by(said, says, |offer| offer.also) } else { clear }
}

/// What it asks for in words that mean nothing else.
pub(super) fn clear_wishes(said: &[String], says: &Says) -> Vec<Wish> {
    asked_by(said, says, |offer| offer.phrases)
}

fn asked_by(said: &[String], says: &Says, by: fn(&Offer) -> &'static [&'static str]) -> Vec<Wish> {
    let asks = |offer: &&Offer| by(offer).iter().any(|phrase| has(said, phrase));
    says.offers.iter().filter(asks).map(|offer| offer.wish).collect()
}

/// Whether it says yes, in whatever language, and nothing else but please.
pub(super) fn says_yes(said: &[String]) -> bool {
    const PLEASE: [&str; 8] = ["please", "bitte", "merci", "danke", "thanks", "svp", "thx", "gerne"];
    let of = |said: &[String]| Tongue::ALL.iter().any(|tongue| is_one(said, says(*tongue).yes));
    let bare: Vec<String> = said.iter().filter(|word| !PLEASE.contains(&word.as_str())).cloned().collect();
    of(said) || (!bare.is_empty() && of(&bare))
}

/// Whether it says no, in whatever language, or begins with that.
pub(super) fn says_no(said: &[String]) -> bool {
    const BEGINS: [&str; 14] = [
        "no", "nope", "nein", "nee", "non", "wait", "warte", "moment", "attendez", "attends", "stop",
        "stopp", "cancel", "annuler",
    ];
    let is_whole = Tongue::ALL.iter().any(|tongue| is_one(said, says(*tongue).no));
    is_whole || said.first().is_some_and(|first| BEGINS.contains(&first.as_str()))
}

/// Whether something is denied in it, so that a word for it does not ask for it.
pub(super) fn has_denial(said: &[String]) -> bool {
    const NOT: [&str; 10] = ["not", "dont", "don", "never", "nicht", "kein", "keine", "keinen", "nie", "pas"];
    said.iter().any(|word| NOT.contains(&word.as_str()))
}

/// The language that it names, if it is nothing but that.
pub(super) fn change_to(said: &[String]) -> Option<Tongue> {
    Tongue::ALL.into_iter().find(|tongue| is_one(said, says(*tongue).called))
}

/// The language that it is written in, as far as that can be known by what it asks for or how it greets; the first of these where it
/// is several.
pub(super) fn tongue_of(said: &[String], first: Tongue) -> Option<Tongue> {
    let is_in = |tongue: &Tongue| {
        let says = says(*tongue);
        let begins = says.menu.iter().any(|greeting| has(said, greeting));
        begins || !wishes(said, says).is_empty()
    };
    std::iter::once(first).chain(Tongue::ALL).find(is_in)
}

/// The number that it is, if it is nothing else.
pub(super) fn number(said: &[String]) -> Option<usize> {
    const NAMES: [[&str; 3]; 9] = [
        ["one", "eins", "un"],
        ["two", "zwei", "deux"],
        ["three", "drei", "trois"],
        ["four", "vier", "quatre"],
        ["five", "funf", "cinq"],
        ["six", "sechs", "six"],
        ["seven", "sieben", "sept"],
        ["eight", "acht", "huit"],
        ["nine", "neun", "neuf"],
    ];
    let [only] = said else { return None };
    let named = || Some(NAMES.iter().position(|names| names.contains(&only.as_str()))? + 1);
    only.parse().ok().or_else(named)
}
