//! What docket says of the room that it sits in.

use crate::case::CaseId;
use crate::chat::page::{Line, Page};

/// A request that reads as people write it, for whoever has never seen one.
const SAMPLE: &str = "\
Request: preservation
Agency: Metropolitan Police Service
Officer: DI Jane Roe
Email: jane.roe@met.police.uk
Jurisdiction: GB
Accounts: @alice:example.org
Data: account, connection
Purpose: fraud investigation
Reference: OP-1234";

/// The first message in a room.
pub fn greeting(prefix: &str) -> Page {
    Page::of(Line::ours("docket is here: it keeps the requests that come to this homeserver, their deadlines and who did what."))
        .line(Line::ours("A request is a message whose first line says what it is, such as this one:"))
        .block(SAMPLE)
        .line(Line::ours("The blank form of a kind: ").code(format!("{prefix} form preservation")))
        .line(Line::ours("Everything else: ").code(format!("{prefix} help")))
        .line(Line::ours(
            "Only people whom the configuration names are answered, and only from devices that they verified with their own \
             other devices.",
        ))
}

/// The last message in a room that another one has taken the place of.
pub fn moved(room: &str) -> Page {
    Page::of(
        Line::ours("docket has moved to another room, ").theirs(room).say(". Please take the invitation there."),
    )
    .line(Line::ours(
        "What is written here is read no more. What was not answered here yet was not carried out: please say it again there.",
    ))
}

/// In place of a message that the homeserver does not take.
pub fn could_not_be_sent(case: Option<CaseId>) -> Page {
    let about = case.map_or_else(String::new, |case| format!(" about {case}"));
    Page::of(Line::ours(format!(
        "There is a message{about} that the homeserver does not take. It is on record; ask for less at a time to see it."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_shows_the_form_and_the_way_to_help() {
        let text = greeting("!c").text();
        assert!(text.contains("Request: preservation\nAgency: "), "{text}");
        assert!(text.contains("!c form preservation") && text.contains("!c help"), "{text}");
    }
}
