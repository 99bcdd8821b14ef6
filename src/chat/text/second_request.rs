//! What is said of a message with two requests in it: the first was opened, and no other. Does not read messages; the line that
//! begins a request stands on the case as one that nobody knows.

use crate::case::{Case, Reading, Terms};
use crate::chat::page::Line;

/// What the first line of a request is called.
pub const REQUEST_KEY: &str = "request";

/// A line for each request that stands in another, and was not opened.
pub fn second_requests(case: &Case, terms: &Terms) -> Vec<Line> {
    let Some(policy) = terms.policy_of(case) else { return Vec::new() };
    let unread = case.fields.iter().filter(|field| matches!(field.reading, Reading::Unknown { .. }));
    let begun = unread.filter(|field| field.key == REQUEST_KEY);
    let kinds = begun.filter_map(|field| policy.kind(field.value.trim()));
    kinds
        .map(|kind| {
            let line = Line::ours("! ").strong(format!(
                "a second request stands in this message, of kind {}, and was NOT opened",
                kind.name
            ));
            line.say(". Send it as a message of its own, which begins ")
                .code(format!("Request: {}", kind.name))
                .say("; its lines stand here too, so look through them: ")
                .code(format!("{} check {}", terms.prefix(), case.id))
        })
        .collect()
}
