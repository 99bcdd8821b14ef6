//! The names of months and weekdays, as English, German and French mails and letters write them. Knows no calendar.

use chrono::Weekday;

/// Each month by its names; three letters of the first are enough.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jänner", "janvier", "janv"],
    &["february", "februar", "février", "fevrier", "févr", "fév"],
    &["march", "märz", "maerz", "mär", "mars"],
    &["april", "avril", "avr"],
    &["may", "mai"],
    &["june", "juni", "juin"],
    &["july", "juli", "juillet", "juil"],
    &["august", "août", "aout"],
    &["september", "septembre", "sept"],
    &["october", "oktober", "octobre", "okt"],
    &["november", "novembre"],
    &["december", "dezember", "décembre", "decembre", "dez", "déc"],
];

/// Each weekday by its names, from Monday; three letters of the first are enough. `mar` is March, and never Tuesday.
const WEEKDAYS: [&[&str]; 7] = [
    &["monday", "montag", "mo", "lundi", "lun"],
    &["tuesday", "tues", "dienstag", "di", "mardi"],
    &["wednesday", "mittwoch", "mi", "mercredi", "mer"],
    &["thursday", "thur", "thurs", "donnerstag", "do", "jeudi", "jeu"],
    &["friday", "freitag", "fr", "vendredi", "ven"],
    &["saturday", "samstag", "sonnabend", "sa", "samedi", "sam"],
    &["sunday", "sonntag", "so", "dimanche", "dim"],
];

/// The number of the month that goes by this word, in small letters.
pub(super) fn month(word: &str) -> Option<u32> {
    place(word, &MONTHS).and_then(|at| u32::try_from(at + 1).ok())
}

/// The weekday that goes by this word, in small letters.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    place(word, &WEEKDAYS).and_then(|at| u8::try_from(at).ok()).and_then(|at| Weekday::try_from(at).ok())
}

fn place(word: &str, all: &[&[&str]]) -> Option<usize> {
    let is_short = |name: &&str| word.len() == 3 && name.starts_with(word);
    all.iter().position(|names| names.contains(&word) || names.first().is_some_and(is_short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_names_two() {
        for all in [MONTHS.as_slice(), WEEKDAYS.as_slice()] {
            for (at, names) in all.iter().enumerate() {
                for name in *names {
                    assert_eq!(place(name, all), Some(at), "{name}");
                }
            }
        }
        assert!(WEEKDAYS.iter().flat_map(|names| names.iter()).all(|name| month(name).is_none()));
        assert!(MONTHS.iter().flat_map(|names| names.iter()).all(|name| weekday(name).is_none()));
        assert_eq!((month("jun"), month("jul"), month("jui")), (Some(6), Some(7), None));
    }
}
