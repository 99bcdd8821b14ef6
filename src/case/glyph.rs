//! What a character is to an eye: hidden, turning, blank, a dash. Knows characters only, no text and no purpose.
//!
//! The tables are those of the Unicode properties they are named after; what the script table calls unknown is
//! unassigned, private or no character at all.

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// Turns the direction of what follows without being seen.
pub(crate) fn is_bidi(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Takes no ink and is no space: Default_Ignorable_Code_Point without the bidi controls, with the blanks that pose
/// as letters, the anchors of annotations and the place-holder of objects.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}'
        | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D159}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Has no agreed look: unassigned, private use, noncharacter.
pub(crate) fn is_unknown(c: char) -> bool {
    // ASCII has no such character, and is most of what is read.
    !c.is_ascii() && c.script() == Script::Unknown
}

/// Must be spelled out before anybody can judge a text: controls, turning, invisible, unknown, the line and paragraph
/// separators.
pub(crate) fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || is_bidi(c) || is_invisible(c) || is_unknown(c)
}

/// A space inside a line, however wide.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_line_end(c)
}

/// Ends a line: LF, CR, NEL and the two separators.
pub(crate) fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{0085}' | '\u{2028}' | '\u{2029}')
}

/// Anything that a phone may put where a hyphen was typed.
pub(crate) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// Sits on the character before it.
pub(crate) fn is_mark(c: char) -> bool {
    is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nasty_ones_are_hidden_and_letters_are_not() {
        for c in [
            '\u{202E}',
            '\u{200B}',
            '\u{AD}',
            '\u{E0041}',
            '\u{7F}',
            '\u{9F}',
            '\u{E000}',
            '\u{FFFF}',
            '\u{378}',
        ] {
            assert!(is_hidden(c), "{:04X}", c as u32);
        }
        for c in ['a', 'é', 'я', '漢', 'ـ', '😀', '⏎', '⟨', '⟩', ' ', '\u{0301}', '\u{FFFD}'] {
            assert!(!is_hidden(c), "{:04X}", c as u32);
        }
    }

    #[test]
    fn of_ascii_only_controls_are_hidden() {
        for c in '\0'..='\u{7F}' {
            let slowly = c.is_control() || is_bidi(c) || is_invisible(c) || c.script() == Script::Unknown;
            assert_eq!((is_hidden(c), is_unknown(c)), (slowly, false), "{:04X}", c as u32);
        }
    }

    #[test]
    fn a_line_end_is_no_blank() {
        assert!(is_blank('\u{A0}') && is_blank('\t') && is_blank('\u{3000}'));
        assert!(!is_blank('\n') && !is_blank('\u{85}') && !is_blank('\u{2029}'));
    }
}
