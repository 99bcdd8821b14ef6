//! Whether free words ask to keep a user from being told: `please keep this confidential`, `the user may not be informed`. Knows
//! words only, no line and no case; it hears the same wherever in a request a sentence stands.
//!
//! It errs on the side of hearing. What is heard and not meant is a question to the requester, who has days to answer; what is not
//! heard is `not said`, and where nothing else keeps the user from being told, that is a notice which nobody can take back (rule
//! 16). A plea tells us what we may not do. What somebody once did not tell (`she did not tell her parents`) is none, nor is the
//! wish of a reporter that their own name stay out of it.

mod grammar;
#[cfg(test)]
pub(super) mod known;
mod lexicon;
mod sentence;
#[cfg(test)]
mod tests;
mod words;

pub(super) use self::sentence::sentences;

use self::lexicon::{TURNS, roles};
use self::sentence::{Sentence, smoothed};
use self::words::{OF_NOTICE, USERS_ON_LABELS};

/// The sentence that asks for it, if one does.
pub(super) fn plea(text: &str) -> Option<&str> {
    if !may_plead(text) {
        return None;
    }
    sentences(text).find(|sentence| may_plead(sentence) && is_plea(sentence)).map(str::trim)
}

/// Whether the label of a line is about notices to users: `Notice to user`, `Delay of notice`.
pub(super) fn is_of_notices(label: &str) -> bool {
    let label = smoothed(label);
    let words = || label.split(|c: char| !c.is_alphanumeric());
    let is_user = |word: &str| USERS_ON_LABELS.contains(&word.trim_end_matches('s'));
    words().any(|word| matches!(word, "notice" | "notices"))
        && words().any(|word| is_user(word) || OF_NOTICE.contains(&word))
}

/// Whether the sentence asks for it.
pub(super) fn is_plea(sentence: &str) -> bool {
    let sentence = Sentence::of(sentence);
    (0..sentence.len()).any(|at| grammar::asks(&sentence, at))
}

/// Whether a word stands there at which a text can turn into a plea. Every line of a case is asked this several times a
/// command, and few have one; of what is not plain letters it does not know, so it says yes.
pub(super) fn may_plead(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t') && byte != b'\'';
    let turns = |word: &[u8]| {
        roles(word) & TURNS != 0 || BESIDES.iter().any(|turn| word.eq_ignore_ascii_case(turn.as_bytes()))
    };
    !text.bytes().all(is_plain)
        || text.contains("-\n")
        || text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).any(turns)
}

/// Words that turn and are looked at by themselves.
const BESIDES: &[&str] =
    &["tip", "tipped", "tipping", "non", "hold", "holding", "held", "keep", "kept", "keeping", "ab"];
