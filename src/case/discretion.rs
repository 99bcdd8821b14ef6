//! Whether the label of a line that nobody knows, or the name of an instrument, may be about secrecy. Knows words only, no line and
//! no case; what a sentence asks for, `plea` says.
//!
//! It errs on the side of yes: what is wrongly held back can be told later, what was told cannot be taken back.

use super::folded::{folded, folded_but};

/// What a word about secrecy begins with, in a line of English, German or French.
const BEGINNINGS: &[&str] = &[
    "confid",
    "confed",
    "secre",
    "disclos",
    "nondisclos",
    "undisclos",
    "notif",
    "seal",
    "gagg",
    "covert",
    "tipp",
    "tipoff",
    "vertraulich",
    "geheim",
    "stillschweig",
    "verschwieg",
    "benachrichtig",
    "informier",
    "unterrichte",
    "informer",
    "avertir",
    "prévenir",
    "prevenir",
    "divulg",
];
/// Words about secrecy that are the beginning of others.
const WORDS: &[&str] = &["gag", "nda", "tell", "inform"];
/// What a slip of the finger may have been meant as; shorter words are like too many others.
const LONG: &[&str] = &["confidential", "confidentiality", "disclosure", "notification"];
/// How many letters may be wrong in one of those.
const SLIPS: usize = 2;

/// Whether the label has a word in it that is about secrecy.
pub(super) fn may_ask_for_secrecy(text: &str) -> bool {
    let folded = folded(text);
    folded.split(|c: char| !c.is_alphanumeric()).any(is_about_secrecy)
}

/// Whether the name of an instrument says that it orders silence. An order may be called one for disclosure and order none,
/// so fewer words count here than between the lines.
pub(super) fn orders_silence(text: &str) -> bool {
    let folded = folded_but(text, |_| false);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let spaced = format!(" {}", words.join(" "));
    SILENCE.iter().any(|said| spaced.contains(said))
}

/// What the name of an order that binds to silence has in it; each begins a word.
const SILENCE: &[&str] = &[
    " nondisclos",
    " non disclos",
    " gag",
    " sealed",
    " under seal",
    " secre",
    " covert",
    " confiden",
    " 2705",
    " not notif",
    " not to notif",
    " not disclos",
    " not to disclos",
    " not tell",
    " not inform",
    " no notice",
    " delayed notice",
];

fn is_about_secrecy(word: &str) -> bool {
    WORDS.contains(&word)
        || BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
        || LONG.iter().any(|meant| {
            word.len().abs_diff(meant.len()) <= SLIPS && strsim::damerau_levenshtein(word, meant) <= SLIPS
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_ask_for_secrecy_is_taken_to() {
        for text in [
            "Confidential - yes",
            "Confidential = yes",
            "Conifdential - yes",
            "CON\u{200B}FIDENTIAL yes",
            "Gag order",
            "Non-disclosure order",
            "please do not notify anybody",
            "Filed under seal",
            "do not tell the user",
            "ＳＥＣＲＥＴ",
            "Der Nutzer darf nicht benachrichtigt werden.",
            "Bitte informieren Sie den Nutzer nicht.",
            "Bitte vertraulich behandeln",
            "Ne pas informer l'utilisateur.",
            "Merci de ne pas prévenir l'intéressé",
        ] {
            assert!(may_ask_for_secrecy(text), "{text}");
        }
    }

    #[test]
    fn an_order_that_binds_to_silence_is_known_by_its_name() {
        for text in [
            "search warrant with nondisclosure order under 2705(b)",
            "Order under seal, 24-cr-7",
            "subpoena; do not notify the user",
            "2703(d) order and NON-DISCLOSURE order",
            "delayed-notice warrant",
        ] {
            assert!(orders_silence(text), "{text}");
        }
        for text in
            ["order for disclosure of records", "2703(d) order", "search warrant 12/2026", "production order"]
        {
            assert!(!orders_silence(text), "{text}");
        }
    }

    #[test]
    fn ordinary_lines_are_left_alone() {
        for text in [
            "",
            "thanks!",
            "Postcode",
            "Information",
            "Informationen",
            "see the baggage tag",
            "020 7946 0958",
        ] {
            assert!(!may_ask_for_secrecy(text), "{text}");
        }
    }
}
