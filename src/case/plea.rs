//! Whether free words ask to keep a user from being told: `please keep this confidential`, `the user may not be informed`. For
//! lines that say much besides, where a single word says little; knows words only, no line and no case.
//!
//! A plea tells us what we may not do. What somebody once did not tell (`she did not tell her parents`) is none, nor is the
//! wish of a reporter that their own name stay out of it.

#[cfg(test)]
mod tests;
mod words;

use self::words::{
    ALONE, BETWEEN, BIDS, FORBIDDEN, FRENCH_BETWEEN, GERMAN_BIDS, GERMAN_NEVER, KEEPS, LONGEST_MARK, MARKS,
    MATTERS, NEVER, NEVER_TO, NOTICES, OF_NOTICE, OWN, PERMITTED, TELLING, TELLING_WHOLE, TURNS, USERS,
};
use super::folded::folded;

/// The sentence that asks for it, if one does.
pub(super) fn plea(text: &str) -> Option<&str> {
    if !may_plead(text) {
        return None;
    }
    sentences(text).find(|sentence| is_plea(sentence)).map(str::trim)
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', ';', '!', '?', '\n'])
}

/// Whether a short value marks the request as secret: `Classification: SECRET`.
pub(super) fn is_mark(value: &str) -> bool {
    let value = smoothed(value);
    let words: Vec<&str> = words(&value).take(LONGEST_MARK + 1).collect();
    let denied = words.first().is_some_and(|first| matches!(*first, "no" | "not" | "non" | "nicht"));
    words.len() <= LONGEST_MARK && !denied && words.iter().any(|word| MARKS.contains(word))
}

/// Whether the label of a line is about notices to users: `Notice to user`, `Delay of notice`.
pub(super) fn is_of_notices(label: &str) -> bool {
    let label = smoothed(label);
    let has = |list: &[&str]| words(&label).any(|word| list.contains(&word));
    has(&["notice", "notices"]) && (has(USERS) || has(OF_NOTICE))
}

/// Whether the sentence asks for it.
pub(super) fn is_plea(sentence: &str) -> bool {
    let sentence = smoothed(sentence);
    let words: Vec<&str> = words(&sentence).collect();
    (0..words.len()).any(|at| says(&words, at))
}

/// Whether a word stands there at which a text can turn into a plea. Every line of a case is asked this several times a
/// command, and few have one; of what is not plain letters it does not know, so it says yes.
pub(super) fn may_plead(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t') && byte != b'\'';
    let turns = |word: &[u8]| {
        let begins = |turn: &&str| {
            word.get(..turn.len()).is_some_and(|start| start.eq_ignore_ascii_case(turn.as_bytes()))
        };
        TURNS.iter().any(begins)
    };
    !text.bytes().all(is_plain) || text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).any(turns)
}

/// Whether the word at this place, with those around it, asks for it.
fn says(words: &[&str], at: usize) -> bool {
    let Some(word) = words.get(at).copied() else { return false };
    let next = |by: usize| words.get(at + by).copied().unwrap_or_default();
    let last = if at == 0 { "" } else { words.get(at - 1).copied().unwrap_or_default() };
    let rest = words.get(at + 1..).unwrap_or_default();
    let before = words.get(at.saturating_sub(4)..at).unwrap_or_default();
    let begins = |list: &[&str]| list.iter().any(|start| word.starts_with(start));
    if begins(ALONE) || (matches!(word, "tipping" | "tip" | "tipped") && next(1) == "off") {
        return !matches!(last, "not" | "nicht" | "pas" | "no");
    }
    if is_outright(words, at) {
        return true;
    }
    if word.starts_with("confidential") || matches!(word, "secret" | "geheim") {
        let kept = before.iter().any(|word| KEEPS.contains(word) || matches!(*word, "bitte" | "behandeln"));
        let denied = matches!(last, "not" | "no" | "non" | "nothing" | "nicht" | "pas");
        return !denied && (kept || words.len() <= 2 || MATTERS.contains(&next(1)));
    }
    match word {
        "without" => {
            let named = || rest.iter().take(4).any(|word| USERS.contains(word));
            next(1).starts_with("notif")
                || (matches!(next(1), "notice" | "informing" | "telling" | "alerting") && named())
        }
        "no" => {
            matches!(next(1), "notice" | "notification" | "notifications")
                && matches!(next(2), "" | "to" | "should" | "shall" | "must" | "may" | "please" | "until")
        }
        "non" => next(1).starts_with("disclos"),
        "delay" | "delayed" | "delaying" | "withhold" | "postpone" => {
            let object = if next(1) == "of" { next(2) } else { next(1) };
            object == "notice" || object.starts_with("notif")
        }
        "pas" => {
            let is_denied = before.iter().rev().take(3).any(|word| matches!(*word, "ne" | "n"));
            is_denied && is_telling(rest, FRENCH_BETWEEN)
        }
        _ if GERMAN_NEVER.contains(&word) => {
            let around = words.get(at.saturating_sub(6)..(at + 7).min(words.len())).unwrap_or_default();
            around.iter().any(|word| tells(word)) && around.iter().any(|word| GERMAN_BIDS.contains(word))
        }
        _ if FORBIDDEN.contains(&word) => rest.iter().take(4).any(|word| tells(word)),
        _ if NEVER_TO.contains(&word) => is_telling(rest, BETWEEN),
        _ if NEVER.contains(&word) => {
            let bids = at == 0
                || BIDS.contains(&last)
                || USERS.contains(&last)
                || (word == "not" && matches!(next(1), "be" | "to"))
                || (matches!(last, "are" | "is") && PERMITTED.contains(&next(1)));
            bids && is_telling(rest, BETWEEN)
        }
        _ => false,
    }
}

/// Whether it is said the other way round, as offices write: `notification is not permitted`, `notice is to be delayed`, `eine
/// Benachrichtigung hat zu unterbleiben`.
fn is_outright(words: &[&str], at: usize) -> bool {
    let Some(word) = words.get(at).copied() else { return false };
    let next = |by: usize| words.get(at + by).copied().unwrap_or_default();
    let before = || words.get(at.saturating_sub(8)..at).unwrap_or_default().iter();
    let mut after = words.get(at + 1..).unwrap_or_default().iter().take(6);
    let tells_of = |word: &&&str| NOTICES.iter().any(|start| word.starts_with(start));
    match word {
        "not" => PERMITTED.contains(&next(1)) && before().any(|word| tells_of(&word)),
        "prohibited" | "forbidden" | "delayed" | "postponed" | "withheld" => {
            let is_said = before().any(|word| matches!(*word, "is" | "be" | "must" | "shall" | "should"));
            is_said && before().any(|word| tells_of(&word))
        }
        "unterbleiben" | "abzusehen" => before().any(|word| tells_of(&word)),
        "keine" => tells_of(&&next(1)),
        "confidentiality" => after.any(|word| matches!(*word, "requested" | "required")),
        "prejudice" => after.any(|word| MATTERS.contains(word)),
        "dont" => {
            let rest: Vec<&&str> = after.collect();
            rest.first().is_some_and(|word| **word == "let")
                && rest.iter().any(|word| **word == "know")
                && rest.iter().any(|word| USERS.contains(*word))
        }
        "shared" => {
            before().any(|word| *word == "not") && next(1) == "with" && after.any(|word| USERS.contains(word))
        }
        _ => false,
    }
}

/// Whether these words begin with one that tells, but for those that may stand before it, and tells of somebody else than who
/// writes.
fn is_telling(words: &[&str], between: &[&str]) -> bool {
    let Some(at) = words.iter().position(|word| !between.contains(word)) else { return false };
    let is_own = words.get(at + 1).is_some_and(|object| OWN.contains(object));
    at <= 6 && !is_own && words.get(at).is_some_and(|word| tells(word))
}

fn tells(word: &str) -> bool {
    TELLING_WHOLE.contains(&word) || TELLING.iter().any(|start| word.starts_with(start))
}

/// The text in small letters, without what is hidden; `don’t` is one word of it.
fn smoothed(text: &str) -> String {
    let mut smoothed = folded(text);
    smoothed.retain(|c| !matches!(c, '\'' | '’' | '‘'));
    smoothed
}

/// The words of a text that was smoothed.
fn words(smoothed: &str) -> impl Iterator<Item = &str> {
    smoothed.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
