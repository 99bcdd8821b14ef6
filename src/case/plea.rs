//! Whether free words ask to keep a user from being told: `please keep this confidential`, `the user may not be informed`. For
//! lines that say much besides, where a single word says little; knows words only, no line and no case.
//!
//! A plea tells us what we may not do. What somebody once did not tell (`she did not tell her parents`) is none, nor is the
//! wish of a reporter that their own name stay out of it.

use super::folded::folded;

/// What tells, as words begin.
const TELLING: &[&str] = &[
    "notif",
    "informe",
    "informi",
    "tell",
    "told",
    "alert",
    "disclos",
    "divulg",
    "reveal",
    "advis",
    "benachrichtig",
    "unterricht",
    "mitgeteilt",
    "mitteil",
    "offenleg",
    "offengelegt",
    "prévenir",
    "prevenir",
    "avertir",
    "notifier",
    "révéler",
    "reveler",
];
/// Words that tell, and begin others that do not.
const TELLING_WHOLE: &[&str] = &["inform", "tip", "aware"];
const NEVER: &[&str] = &["not", "never", "cannot"];
const NEVER_TO: &[&str] = &["dont", "mustnt", "shouldnt", "maynt", "cant"];
/// What stands before a `not` that forbids: `did not tell` forbids nothing.
const BIDS: &[&str] =
    &["do", "must", "may", "shall", "should", "please", "can", "to", "ought", "and", "or", "strictly"];
/// What may stand between that and what tells.
const BETWEEN: &[&str] = &[
    "be",
    "to",
    "please",
    "yet",
    "ever",
    "under",
    "any",
    "circumstances",
    "in",
    "way",
    "make",
    "made",
    "the",
    "user",
    "users",
    "customer",
    "subscriber",
    "account",
    "holder",
    "at",
    "this",
    "time",
    "currently",
    "directly",
    "attempt",
    "allowed",
    "permitted",
    "try",
    "let",
    "otherwise",
    "seek",
];
/// Whose own matter it is: a reporter who wants to stay unknown.
const OWN: &[&str] = &["my", "our", "me", "us"];
const FORBIDDEN: &[&str] =
    &["forbidden", "prohibited", "precluded", "barred", "enjoined", "restrained", "refrain", "avoid"];
/// Who would be told.
const USERS: &[&str] = &[
    "user",
    "users",
    "customer",
    "customers",
    "subscriber",
    "subscribers",
    "holder",
    "holders",
    "suspect",
    "suspects",
    "target",
    "targets",
    "client",
    "clients",
    "member",
    "members",
    "subject",
    "subjects",
];
/// What says of something secret that it is to stay so.
const KEEPS: &[&str] = &[
    "keep", "kept", "keeping", "treat", "treated", "remain", "remains", "strictly", "please", "handle",
    "handled", "maintain", "hold", "held", "highly", "is", "are", "be", "as", "stay",
];
const MATTERS: &[&str] = &["request", "enquiry", "inquiry", "investigation", "matter", "order"];
/// Words that say it alone, as they begin.
const ALONE: &[&str] = &[
    "nondisclos",
    "vertraulich",
    "geheimhalt",
    "geheimzuhalt",
    "stillschweig",
    "verschwieg",
    "confidentiel",
    "secrecy",
    "covert",
];
const GERMAN_BIDS: &[&str] =
    &["darf", "dürfen", "duerfen", "bitte", "soll", "sollen", "sollte", "sollten", "zu", "muss", "sie"];
const GERMAN_NEVER: &[&str] = &["nicht", "keinesfalls", "niemals"];
/// How a line that only marks a request marks it as secret.
const MARKS: &[&str] = &[
    "secret",
    "secrecy",
    "confidential",
    "vertraulich",
    "geheim",
    "sealed",
    "covert",
    "classified",
    "secreto",
];
/// No mark has more words.
const LONGEST_MARK: usize = 4;
/// How every word begins at which a sentence can turn into a plea: where none stands, nobody has to read further.
const TURNS: &[&str] = &[
    "avoid",
    "barred",
    "cant",
    "cannot",
    "confiden",
    "covert",
    "delay",
    "dont",
    "enjoined",
    "forbidden",
    "geheim",
    "keinesfalls",
    "maynt",
    "mustnt",
    "never",
    "nicht",
    "niemals",
    "no",
    "pas",
    "postpone",
    "precluded",
    "prohibited",
    "refrain",
    "restrained",
    "secre",
    "shouldnt",
    "stillschweig",
    "tip",
    "verschwieg",
    "vertraulich",
    "withhold",
    "without",
];
/// What the label of a line about notices has beside them.
const OF_NOTICE: &[&str] =
    &["delay", "delayed", "delaying", "withhold", "withheld", "postpone", "postponed", "no"];

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
        "ne" | "pas" => word == "pas" && last == "ne" && is_telling(rest, &[]),
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
                || (word == "not" && matches!(next(1), "be" | "to"));
            bids && is_telling(rest, BETWEEN)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// A word that is missed there would untie a user.
        #[test]
        fn what_asks_for_it_has_a_word_at_which_it_turns(
            words in proptest::collection::vec(any_word(), 1..9),
            gaps in proptest::collection::vec(prop_oneof![Just(" "), Just(", "), Just(". "), Just("\n"), Just("-")], 9),
        ) {
            let text: String = words.iter().zip(&gaps).flat_map(|(word, gap)| [word.as_str(), gap]).collect();
            prop_assert!(may_plead(&text) || !sentences(&text).any(is_plea), "{}", text);
        }
    }

    /// Any word that `says` knows, however it is written, with or without an end.
    fn any_word() -> impl Strategy<Value = String> {
        let lists = [
            TELLING,
            TELLING_WHOLE,
            NEVER,
            NEVER_TO,
            BIDS,
            FORBIDDEN,
            USERS,
            KEEPS,
            MATTERS,
            ALONE,
            GERMAN_BIDS,
            GERMAN_NEVER,
            MARKS,
            &[
                "no",
                "non",
                "notice",
                "notification",
                "notifying",
                "without",
                "tip",
                "tipped",
                "tipping",
                "off",
                "confidential",
                "secret",
                "geheim",
                "delay",
                "delayed",
                "delaying",
                "withhold",
                "postpone",
                "of",
                "ne",
                "pas",
                "informing",
                "telling",
                "alerting",
                "don't",
                "other",
                "fraud",
            ],
        ];
        let known = proptest::sample::select(lists.concat());
        (known, prop_oneof![Just(""), Just("e"), Just("ing")], any::<bool>()).prop_map(|(word, end, loud)| {
            let word = format!("{word}{end}");
            if loud { word.to_uppercase() } else { word }
        })
    }

    #[test]
    fn a_plea_is_known_in_free_words() {
        for text in [
            "The court has ordered that the user not be told.",
            "do not notify",
            "please do not tell the user",
            "Please don’t notify the account holder",
            "this is confidential",
            "fraud; please keep this confidential",
            "This request is confidential; do not notify the account holder",
            "You must not disclose the existence of this request to anybody",
            "by order of Southwark Crown Court you may not inform the customer",
            "tipping off is an offence",
            "The subscriber must not, under any circumstances, be made aware of it",
            "Not to be disclosed",
            "no notice to the user",
            "You are prohibited from notifying the subscriber",
            "act without notifying the customer",
            "delay notice for 90 days",
            "a covert investigation",
            "Der Nutzer darf nicht benachrichtigt werden",
            "Bitte informieren Sie den Nutzer nicht",
            "bitte vertraulich behandeln",
            "Merci de ne pas informer l'utilisateur",
            "PLEASE KEEP SECRET",
            "do n\u{200B}ot no\u{200B}tify",
        ] {
            assert!(plea(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_was_not_told_once_is_none() {
        for text in [
            "",
            "fraud by @bob:example.org",
            "she did not tell her parents where she went",
            "We do not know whether he told anybody",
            "he has not been informed yet",
            "left home without telling anyone",
            "theft of confidential documents, and of a client secret",
            "The user may be told. This is not confidential",
            "no notice was served on us",
            "Please do not tell my name to the uploader",
            "we notified the user; you need not answer",
            "Please let us know what you disclose and when",
            "Der Nutzer wurde nicht informiert",
        ] {
            assert!(plea(text).is_none(), "{text}: {:?}", plea(text));
        }
    }

    #[test]
    fn a_mark_is_short_and_a_label_is_of_notices() {
        assert!(is_mark("SECRET") && is_mark("Strictly confidential") && is_mark("Vertraulich"));
        assert!(
            !is_mark("no secret") && !is_mark("theft of a secret recipe from a bakery") && !is_mark("public")
        );
        assert!(is_of_notices("Notice to user") && is_of_notices("Delay of notice"));
        assert!(!is_of_notices("Notice") && !is_of_notices("Counter-notice") && !is_of_notices("User"));
    }
}
