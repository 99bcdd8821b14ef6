//! Commands that the contract has and this version has not: each says what it will do, and what people do by hand until then.

/// A command that is still to come.
#[derive(Debug)]
pub struct Later {
    /// The word that is typed.
    pub name: &'static str,
    /// What it will do, as the end of a sentence that begins with "It will".
    pub will: &'static str,
    /// What to do by hand until then, as a sentence that ends before the command.
    pub until: &'static str,
    /// A command that works today, without the prefix.
    pub example: &'static str,
}

/// All of them, by name.
pub static LATER: &[Later] = &[
    Later {
        name: "accept",
        will: "open a case from what came by mail, by direct message or as a report",
        until: "Nothing comes in by itself yet. Paste the request, or open the case by hand",
        example: "help new",
    },
    Later {
        name: "act",
        will: "suspend, lock, quarantine, block or redact on the homeserver",
        until: "Do it with the homeserver’s own tools, and put on record what you did",
        example: "note 42 suspended the account at 10:40",
    },
    Later {
        name: "dismiss",
        will: "turn away what came by mail, by direct message or as a report",
        until: "Nothing comes in by itself yet. A case that is not for you ends with",
        example: "refuse 42 reason=not-ours",
    },
    Later {
        name: "export",
        will: "give out a whole case as one file",
        until: "An administrator writes out every record with docket journal export. In the room, its history is",
        example: "log 42",
    },
    Later {
        name: "merge",
        will: "put what came by mail, by direct message or as a report into a case that is there",
        until: "Two cases about the same are linked",
        example: "link 57 42 as=duplicate",
    },
    Later {
        name: "produce",
        will: "pack records, seal them for whoever asked, and hand them over",
        until: "Hand them over yourselves, by a way that both sides trust, once it is approved to answer",
        example: "answer 42 full",
    },
    Later {
        name: "snapshot",
        will: "collect and seal what the homeserver holds of an account",
        until: "Collect it with the homeserver’s own tools, keep it out of the room, and put on record where it lies",
        example: "note 42 copy of the account is in the safe, SHA-256 …",
    },
];

/// The one of this name.
pub fn later(name: &str) -> Option<&'static Later> {
    LATER.iter().find(|later| later.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::verbs::find;

    #[test]
    fn what_is_still_to_come_is_not_there_and_what_stands_in_for_it_is() {
        for later in LATER {
            assert!(find(later.name).is_none(), "{} is there: take it out of here", later.name);
            let verb = later.example.split(' ').next().unwrap();
            assert!(find(verb).is_some(), "{}", later.example);
        }
        assert!(LATER.is_sorted_by_key(|later| later.name));
    }
}
