//! Words that a policy's file can use because code knows them. Whoever teaches code another one adds it here.

/// What `two_people: acts` can name: commands, as [`Command::name`](crate::case::Command::name) has them.
pub const ACTS: &[&str] = &[
    "adopt",
    "answer",
    "assign",
    "attach",
    "attest",
    "close",
    "close-unsent",
    "extend",
    "gag",
    "gag-lift",
    "gag-not-about",
    "gag-not-binding",
    "hold-extend",
    "hold-release",
    "hold-start",
    "link",
    "note",
    "notify",
    "notify-waive",
    "notify-withhold",
    "redirect",
    "refuse",
    "reopen",
    "scope-allow",
    "scope-refuse",
    "sent",
    "set",
    "tag",
    "undo",
    "verify",
    "withdraw",
];

/// What a letter can have in braces, besides the names of texts and `{line KEY}`.
pub const PLACEHOLDERS: &[&str] = &[
    "case",
    "reference",
    "agency",
    "officer",
    "accounts",
    "received",
    "today",
    "kind",
    "reason",
    "missing",
    "scope",
    "refused",
    "hold_until",
    "due",
    "hold_history",
    "extended_until",
    "extended_why",
    "operator",
    "address",
    // In the sentence about records that are gone.
    "category",
    "date",
    // In the sentence that sends a requester to a treaty.
    "accepted",
];

/// The stock sentences that docket looks for.
pub const TEXTS: &[&str] =
    &["address", "elsewhere", "encrypted", "gone", "mlat", "none-held", "operator", "security"];

/// The letters that docket looks for, or that the shared packs have.
pub const LETTERS: &[&str] = &[
    "ack",
    "answer",
    "ask",
    "declaration",
    "ended",
    "extended",
    "forward",
    "neither",
    "none",
    "notice",
    "reasons",
    "redirect",
    "refuse",
    "report",
    "secrecy",
];

/// The clocks that a case has whatever its policy says, as the first word of their names.
pub const CLOCKS: &[&str] =
    &["approval", "break-glass", "gag", "hold", "notice", "permission", "secrecy", "secrecy-letter"];

#[cfg(test)]
mod tests {
    use super::*;

    /// The second person's own word, and what changes nothing but when somebody is reminded.
    const NEVER: &[&str] = &["approve", "cost", "deny", "seen", "snooze"];
    /// Named before their command is there.
    const LATER: &[&str] = &[];

    #[test]
    fn a_policy_can_want_two_people_for_every_command() {
        let naming = include_str!("../naming.rs");
        let names: Vec<&str> =
            naming.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\",")).collect();
        assert!(names.len() > 20, "{names:?}");
        for name in &names {
            assert!(ACTS.contains(name) != NEVER.contains(name), "{name} is for two people, or never");
        }
        for act in ACTS.iter().filter(|act| !LATER.contains(act)) {
            assert!(names.contains(act), "no command is called {act}, so nothing would come of it");
        }
    }
}
