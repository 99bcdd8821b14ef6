//! What docket says when something was done, and when it is asked about itself.

use crate::case::{Case, CaseId, FileRole, Link, Relation, Terms, Verifiable};
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

/// The answer to a code that is none.
pub fn wrong_code(case: CaseId, terms: &Terms) -> Line {
    Line::ours("Not done: nothing of ")
        .strong(case.to_string())
        .say(" waits under this code. After five wrong ones everything that waits is void. The codes: ")
        .code(format!("{} pending", terms.prefix()))
}

/// All that is left of a purged case.
pub fn erased(case: CaseId) -> Page {
    Page::of(Line::new().strong(case.to_string()).say(" · erased"))
}

/// How a link of a case reads now: a duplicate that is worked by itself again was one once.
pub fn relation_of(case: &Case, link: &Link) -> String {
    let is_one = if link.outward {
        case.duplicate_of() == Some(link.other)
    } else {
        !case.worked_again.contains(&link.other)
    };
    match (link.how, link.outward) {
        (Relation::Duplicate, true) if !is_one => format!("was a duplicate of {}", link.other),
        (Relation::Duplicate, false) if !is_one => {
            format!("had the duplicate {}", link.other)
        }
        (how, outward) => relation(how, outward, link.other),
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
        FileRole::Data => "copy of their data",
        FileRole::Other => "other",
    }
}

/// What is verified, as a word.
pub fn verifiable(what: Verifiable) -> &'static str {
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
