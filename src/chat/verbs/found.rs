//! What somebody says they found when they asked whether a request is genuine: whether the words are a finding, or a no that
//! would go on record as a yes (rules 1, 61). Knows words; what is verified, and by whom, is said in `decide`.

use crate::case::CallOutcome;

/// What words that are no finding sound like, where nobody said the outcome by itself.
pub(super) fn sounds_like(how: &str) -> Option<CallOutcome> {
    let words = words(how);
    let asks = how.trim().starts_with('?') || how.trim().ends_with('?');
    let first = words.iter().find(|word| !BEFORE.contains(&word.as_str()));
    let says_no = match first {
        Some(word) => is_no(word),
        // Nothing but words that lead to something, or no word at all.
        None => !words.iter().any(|word| word.chars().count() > 3),
    };
    let joined = format!(" {} ", words.join(" "));
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| joined.contains(&format!(" {phrase} ")));
    if says(NOBODY_THERE) {
        return Some(CallOutcome::NoAnswer);
    }
    (asks || says_no || says(NOT_THEIRS)).then(|| meant(&words))
}

/// The outcome that the words are the name of, and nothing more.
pub(super) fn names(how: &str) -> Option<CallOutcome> {
    let all = words(how);
    let is = |names: &[&str]| names.contains(&all.join(" ").as_str());
    if is(&["confirmed", "yes"]) {
        return Some(CallOutcome::Confirmed);
    }
    sounds_like(how).filter(|_| all.len() <= 3)
}

/// The likeliest outcome of those that are none.
fn meant(words: &[String]) -> CallOutcome {
    let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
    if has(&["service", "disconnected", "dead"]) {
        CallOutcome::NotInService
    } else if has(UNREACHED) || has(NOT_GIVEN) {
        CallOutcome::NoAnswer
    } else {
        CallOutcome::Denied
    }
}

fn is_no(word: &str) -> bool {
    // `isn’t` is written without its apostrophe by then.
    let is_short = ["isnt", "wasnt", "didnt", "doesnt", "dont", "cant", "couldnt", "hasnt", "wont", "arent"];
    NO.contains(&word) || UNREACHED.contains(&word) || is_short.contains(&word)
}

/// In small letters, without what stands between them; `isn’t` is one word.
fn words(how: &str) -> Vec<String> {
    let plain: String = how.to_lowercase().chars().filter(|c| !matches!(c, '\'' | '’' | '‘')).collect();
    let pieces = plain.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty());
    pieces.map(str::to_owned).collect()
}

/// What says anywhere that nobody was reached. Whoever was reached after all says `outcome=confirmed` with it.
const NOBODY_THERE: &[&str] = &[
    "left a message",
    "left message",
    "left him a message",
    "left her a message",
    "left them a message",
    "voicemail",
    "answering machine",
    "no answer",
    "no reply",
    "nobody answered",
    "nobody there",
    "nobody picked up",
    "did not pick up",
    "didnt pick up",
    "did not answer",
    "didnt answer",
    "engaged",
    "hung up",
    "call back later",
    "call back tomorrow",
    "call again later",
    "to be done",
    "niemand erreicht",
    "nicht erreicht",
    "pas de réponse",
    "personne na répondu",
];
/// What says anywhere that it is not theirs.
const NOT_THEIRS: &[&str] = &[
    "no such",
    "never heard",
    "fake",
    "forged",
    "bogus",
    "not theirs",
    "not his",
    "not hers",
    "not genuine",
    "not from them",
    "did not send",
    "didnt send",
    "not sent by",
    "know nothing",
    "knows nothing",
    "does not know him",
    "does not know her",
    "could not find him",
    "could not find her",
    "gefälscht",
    "kennt ihn nicht",
    "kennen ihn nicht",
    "kennt sie nicht",
    "nicht von ihnen",
    "ne connaissent pas",
    "ne connaît pas",
    "un faux",
];
/// What a no begins with.
const NO: &[&str] = &[
    "no",
    "not",
    "none",
    "never",
    "nope",
    "nothing",
    "nein",
    "non",
    "denied",
    "denies",
    "deny",
    "disowned",
    "disowns",
    "refused",
    "refuses",
    "rejected",
    "fake",
    "faked",
    "false",
    "forged",
    "forgery",
    "bogus",
    "invalid",
    "spoofed",
    "scam",
    "fraud",
    "fraudulent",
    "phishing",
    "impostor",
    "imposter",
    "wrong",
    "unverified",
    "unconfirmed",
    "unknown",
    "unable",
    "unclear",
    "unsure",
    "failed",
    "cannot",
    "disconnected",
    "dead",
    "pending",
    "waiting",
    "todo",
    "tbd",
    "doubtful",
    "suspicious",
];
/// What nobody could say begins with.
const UNREACHED: &[&str] = &["nobody", "noanswer", "unanswered", "voicemail", "busy", "engaged"];
/// What nobody gave, behind a no.
const NOT_GIVEN: &[&str] = &["answer", "reply", "response", "reached", "reach"];
/// What may stand before a yes or a no.
const BEFORE: &[&str] = &[
    "the",
    "an",
    "it",
    "its",
    "this",
    "that",
    "is",
    "was",
    "are",
    "were",
    "he",
    "she",
    "they",
    "we",
    "has",
    "have",
    "had",
    "been",
    "said",
    "says",
    "say",
    "who",
    "and",
    "but",
    "probably",
    "clearly",
    "number",
    "line",
    "requester",
    "instrument",
    "order",
    "warrant",
    "officer",
    "agency",
    "court",
    "know",
    "knows",
    "knew",
    "could",
    "did",
    "does",
    "do",
    "would",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_is_no_finding() {
        let denied = [
            "denied",
            "no",
            "not him",
            "not genuine",
            "?",
            "genuine?",
            "fake",
            "Refused.",
            "isn’t his",
            "they say it is not theirs",
            "they know nothing of it",
            "the officer denied it",
            "–",
            "unknown there",
        ];
        for how in denied {
            assert_eq!(sounds_like(how), Some(CallOutcome::Denied), "{how}");
        }
        for how in [
            "they say it is a fake",
            "called, no such officer",
            "Sgt Bell said it is fake",
            "the switchboard has never heard of him",
            "spoke to duty sergeant, no such DI works there",
            "switchboard says the request is not theirs",
            "das ist gefälscht",
        ] {
            assert_eq!(sounds_like(how), Some(CallOutcome::Denied), "{how}");
        }
        for how in [
            "left a message",
            "call went to voicemail",
            "rang, engaged",
            "will call back tomorrow",
            "niemand erreicht",
        ] {
            assert_eq!(sounds_like(how), Some(CallOutcome::NoAnswer), "{how}");
        }
        for how in ["no answer", "no-answer", "voicemail", "nobody answered", "busy"] {
            assert_eq!(sounds_like(how), Some(CallOutcome::NoAnswer), "{how}");
        }
        for how in ["not in service", "number not in service", "disconnected"] {
            assert_eq!(sounds_like(how), Some(CallOutcome::NotInService), "{how}");
        }
    }

    #[test]
    fn whatever_else_was_found_is_a_finding() {
        let found = [
            "message from his own session",
            "spoke to DI Roe",
            "called the switchboard",
            "read",
            "yes",
            "the court's register has it",
            "confirmed",
            "northern desk",
            "note from the court",
            "DI",
            "they know of it",
            "reply from her own session",
            "called; no doubt about it",
            "+44 1632 960200",
            "knows it",
        ];
        for how in found {
            assert_eq!(sounds_like(how), None, "{how}");
        }
    }

    #[test]
    fn a_word_that_names_an_outcome_is_told_from_a_sentence() {
        assert_eq!(names("confirmed"), Some(CallOutcome::Confirmed));
        assert_eq!(names("denied"), Some(CallOutcome::Denied));
        assert_eq!(names("not in service"), Some(CallOutcome::NotInService));
        assert_eq!(names("not the old number, the new one"), None);
        assert_eq!(names("spoke to DI Roe"), None);
    }
}
