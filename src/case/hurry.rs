//! Words that press for time, in the languages that requests come in. Knows no case: whether hurry matters is said by who asks
//! for it.

use unicode_normalization::UnicodeNormalization;

/// Words that press for time.
const HURRY: &[&str] = &[
    "urgent",
    "urgently",
    "urgency",
    "immediate",
    "immediately",
    "asap",
    "as soon as possible",
    "at once",
    "right away",
    "right now",
    "straight away",
    "without delay",
    "within the hour",
    "within an hour",
    "within one hour",
    "within 1 hour",
    "within hours",
    "by tonight",
    "time critical",
    "time sensitive",
    "exigent",
    "life or death",
    "no time to",
    "dringend",
    "sofort",
    "unverzüglich",
    "eilt",
    "urgence",
    "immédiatement",
    "urgente",
    "dringende",
    "spoed",
];
/// Words before such a word that take it back.
const NOT: &[&str] = &["no", "not", "non", "never", "without", "nicht", "kein", "keine", "pas", "sin"];

/// The first word of a text that presses for time.
pub(super) fn pressing(text: &str) -> Option<&'static str> {
    let folded: String =
        text.nfkc().flat_map(char::to_lowercase).map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<&str> = folded.split_whitespace().collect();
    let is_meant = |word: &&str| {
        let own: Vec<&str> = word.split(' ').collect();
        let mut runs = words.windows(own.len()).enumerate().filter(|(_, run)| *run == own);
        runs.any(|(n, _)| {
            let before = n.checked_sub(1).and_then(|n| words.get(n));
            !before.is_some_and(|before| NOT.contains(before))
        })
    };
    HURRY.iter().copied().find(is_meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_press_are_whole_words_and_meant() {
        for (text, word) in [
            ("URGENT!! reply", "urgent"),
            ("we need this within\nthe hour.", "within the hour"),
            ("Life-or-death", "life or death"),
            ("not urgent yesterday, urgent today", "urgent"),
            ("Bitte SOFORT antworten", "sofort"),
        ] {
            assert_eq!(pressing(text), Some(word), "{text}");
        }
        for text in
            ["insurgents", "Immediatelyly", "", "the urgencies of war", "this is not urgent", "no urgency"]
        {
            assert_eq!(pressing(text), None, "{text}");
        }
    }
}
