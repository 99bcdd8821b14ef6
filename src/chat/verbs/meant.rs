//! What people type who do not know the verb. Never done, only offered.

/// Other words for a verb, each with the verb.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("acknowledge", "letter"),
    ("add", "note"),
    ("all", "list"),
    ("card", "show"),
    ("cases", "list"),
    ("change", "set"),
    ("checklist", "check"),
    ("claim", "assign"),
    ("comment", "note"),
    ("create", "new"),
    ("deadline", "due"),
    ("deadlines", "due"),
    ("decline", "refuse"),
    ("done", "close"),
    ("draft", "letter"),
    ("duplicate", "link"),
    ("edit", "set"),
    ("file", "attach"),
    ("finish", "close"),
    ("give", "assign"),
    ("history", "log"),
    ("kinds", "policy"),
    ("letters", "letter"),
    ("mlat", "redirect"),
    ("morning", "brief"),
    ("oops", "undo"),
    ("open", "new"),
    ("overdue", "due"),
    ("own", "assign"),
    ("pass", "handover"),
    ("prolong", "extend"),
    ("reasons", "policy"),
    ("reject", "refuse"),
    ("reply", "letter"),
    ("resolve", "close"),
    ("revert", "undo"),
    ("rules", "policy"),
    ("search", "find"),
    ("send", "sent"),
    ("shift", "brief"),
    ("status", "show"),
    ("summary", "brief"),
    ("take", "assign"),
    ("template", "form"),
    ("todo", "next"),
    ("transfer", "handover"),
    ("update", "set"),
    ("upload", "attach"),
    ("users", "people"),
    ("view", "show"),
    ("who", "people"),
];

/// The verb that somebody who types this may be looking for.
pub(in crate::chat) fn meant(typed: &str) -> Option<&'static str> {
    let found = OTHER_WORDS.iter().find(|(word, _)| *word == typed);
    found.map(|(_, verb)| *verb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_word_leads_to_a_verb_and_is_none() {
        for (word, verb) in OTHER_WORDS {
            assert!(super::super::find(verb).is_some(), "{verb}");
            assert!(super::super::find(word).is_none(), "{word}");
            assert!(super::super::later(word).is_none(), "{word}");
            assert_eq!(meant(word), Some(*verb));
        }
    }
}
