//! What docket says when something was done, and when it is asked about itself.

use crate::case::{CaseId, Ending, Event, FileRole, Relation, Terms, Verifiable};
use crate::chat::page::{Line, Page};

/// The answer to an edited command.
pub fn edits_are_not_read() -> Page {
    Page::of(Line::ours("Not done: Edits are not read; send it again."))
}

/// The answer to `attach` without a file.
pub fn attach_needs_a_file(case: CaseId, terms: &Terms) -> Page {
    let command = format!("{} attach {case}", terms.prefix());
    Page::of(Line::ours("Not done: there is no file. Post it, then answer that message with ").code(command))
}

/// All that is left of a purged case.
pub fn erased(case: CaseId) -> Page {
    Page::of(Line::new().strong(case.to_string()).say(" · erased"))
}

/// One event, as the end of a line that begins with the case.
pub fn happened(event: &Event) -> Line {
    match event {
        Event::Opened { kind, .. } => Line::ours(format!("opened: {kind}")),
        Event::FieldSet { field } => Line::new().theirs(&field.label).say(" is now ").theirs(&field.value),
        Event::FieldCleared { label, .. } => Line::new().theirs(label).say(" taken off"),
        Event::Noted { .. } => Line::ours("note added"),
        Event::FileAttached { file, role, user } => {
            let line = Line::ours(format!("file attached as {}: ", file_role(*role)))
                .theirs(&file.name)
                .say(format!(" · {} · ", size(file.size)))
                .theirs(&file.mime)
                .say(format!(" · SHA-256 {}", file.sha256));
            match user {
                Some(user) => line.say(" · for ").theirs(user.as_str()),
                None => line,
            }
        }
        Event::Verified { what, by, how, entry } => {
            let line = Line::ours(format!("{} verified by ", verifiable(*what)))
                .theirs(by.as_str())
                .say(": ")
                .theirs(how);
            match entry {
                Some(entry) => line.say(" · directory entry ").theirs(entry),
                None => line,
            }
        }
        Event::VerificationVoided { what } => {
            Line::ours(format!("{} must be verified again: what was verified has changed", verifiable(*what)))
        }
        Event::Assigned { to: Some(to) } => Line::ours("now with ").theirs(to.as_str()),
        Event::Assigned { to: None } => Line::ours("now with nobody"),
        Event::Tagged { added, removed } => {
            let added = added.iter().map(|tag| format!("+{tag}"));
            let removed = removed.iter().map(|tag| format!("-{tag}"));
            Line::ours("tags ").theirs(&added.chain(removed).collect::<Vec<_>>().join(" "))
        }
        Event::Linked { other, how, outward } => Line::ours(relation(*how, *outward, *other)),
        Event::Answered { extent } => Line::ours(super::ended(&Ending::Answered { extent: *extent })),
        Event::RequestRefused { code, text, words } => {
            let line = Line::ours(format!("refused ({code}): {text}"));
            match words {
                Some(words) => line.say(" ").theirs(words),
                None => line,
            }
        }
        Event::Withdrawn { reason } => because("withdrawn by the requester", reason.as_deref()),
        Event::Closed => Line::ours("closed"),
        Event::Reopened { reason } => because("reopened", reason.as_deref()),
        Event::CardPosted { .. } => Line::ours("card posted"),
    }
}

fn because(what: &str, reason: Option<&str>) -> Line {
    match reason {
        Some(reason) => Line::ours(format!("{what}: ")).theirs(reason),
        None => Line::ours(what),
    }
}

/// How a link reads from one of its ends.
pub fn relation(how: Relation, outward: bool, other: CaseId) -> String {
    match (how, outward) {
        (Relation::Duplicate, true) => format!("a duplicate of {other}"),
        (Relation::Duplicate, false) => format!("has the duplicate {other}"),
        (Relation::Extends, true) => format!("extends {other}"),
        (Relation::Extends, false) => format!("extended by {other}"),
        (Relation::Counter, true) => format!("counters {other}"),
        (Relation::Counter, false) => format!("countered by {other}"),
        (Relation::Appeal, true) => format!("an appeal against {other}"),
        (Relation::Appeal, false) => format!("has the appeal {other}"),
        (Relation::Referral, true) => format!("a referral of {other}"),
        (Relation::Referral, false) => format!("referred in {other}"),
        (Relation::ProducedFrom, true) => format!("produced from {other}"),
        (Relation::ProducedFrom, false) => format!("records produced in {other}"),
    }
}

/// What a file is on a case.
pub fn file_role(role: FileRole) -> &'static str {
    match role {
        FileRole::Request => "request",
        FileRole::Redacted => "redacted copy",
        FileRole::Instrument => "instrument",
        FileRole::Permission => "permission",
        FileRole::Extension => "extension",
        FileRole::Other => "other",
    }
}

fn verifiable(what: Verifiable) -> &'static str {
    match what {
        Verifiable::Requester => "requester",
        Verifiable::Instrument => "instrument",
    }
}

/// The end of a sentence that may have ended with a question.
pub(super) fn stop(sentence: &str) -> &'static str {
    if sentence.ends_with('?') { "" } else { "." }
}

/// A size as people say it.
pub fn size(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..=1023 => format!("{bytes} bytes"),
        1024..=1_048_575 => format!("{} KiB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}
