//! What the moderation room hears of users who ask by themselves. What those are told stands in `chat::visit`.

use crate::case::{Account, LetterStopped, Step, Visit};
use crate::chat::page::Line;

/// Who asked, as a line of the card.
pub fn visitor(visit: &Visit) -> Line {
    let line = asked_by(&visit.account).begin_sentence();
    if visit.taken_back.is_some() { line.say(" · taken back by them") } else { line }
}

/// Who asked, and what their word is worth.
pub fn asked_by(account: &Account) -> Line {
    Line::ours("asked by ").theirs(account.as_str()).say(" in a room with docket, in a signed session")
}

/// That a letter did not reach a user, and why.
pub fn letter_stopped(letter: &str, why: LetterStopped) -> Line {
    let line = Line::ours("letter ").theirs(letter).say(" did not reach them: ");
    match why {
        LetterStopped::NoRoom => line.say("they are in no room with docket any more"),
        LetterStopped::Changed => line.say("it would say something else by now"),
        LetterStopped::Unreachable(why) => line.join(super::notices::why(&Step::Unreachable { why })),
    }
}
