//! A text as it is compared: in small letters of the usual form, without what nobody sees. Knows no words.

use unicode_normalization::UnicodeNormalization;

use super::glyph;

/// The text, with its blanks and line ends.
pub(super) fn folded(text: &str) -> String {
    folded_but(text, char::is_whitespace)
}

/// The same; of what is hidden that stays which is to stay.
pub(super) fn folded_but(text: &str, stays: impl Fn(char) -> bool) -> String {
    let seen = |c: &char| !glyph::is_hidden(*c) || stays(*c);
    // Plain letters have no other form, and most of what is read is plain.
    if text.is_ascii() {
        return text.chars().filter(seen).map(|c| c.to_ascii_lowercase()).collect();
    }
    text.nfkc().filter(seen).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_letters_fold_as_all_others_do(text in "[\x00-\x7F]{0,40}") {
            let slowly: String = text
                .nfkc()
                .filter(|c| !glyph::is_hidden(*c) || c.is_whitespace())
                .flat_map(char::to_lowercase)
                .collect();
            prop_assert_eq!(folded(&text), slowly);
        }
    }
}
