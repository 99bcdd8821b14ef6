//! What docket says of the room that it sits in.

use crate::case::{Account, CaseId};
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

/// The word in the moderation room that something waits for one person alone.
pub fn answer_waits(account: &Account) -> Page {
    Page::of(
        Line::new()
            .theirs(account.as_str())
            .say(": an answer waits for you in a room of its own. Please accept the invitation to it."),
    )
}

/// The first message in the room of one person.
pub fn alone_greeting(prefix: &str) -> Page {
    Page::of(Line::ours(
        "Here docket tells you what nobody else may read: what it answers about sealed cases.",
    ))
    .line(
        Line::ours("What you type here is done as in the moderation room, and the others do not see it: ")
            .code(format!("{prefix} help")),
    )
    .line(Line::ours("If an answer is missing, please ask again here."))
}

/// Below the first lines of an answer that is longer than a message may be.
pub fn whole_in_file(name: &str) -> Line {
    Line::ours("… It is longer than a message can be. All of it stands in the file above: ").strong(name)
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
