//! What the moderation room hears of users who ask by themselves. What those are told stands in `chat::visit`.

use crate::case::{Account, Case, Ending, Event, LetterStopped, Step, Tongue, Visit};
use crate::chat::page::Line;

/// Who asked, as a line of the card.
pub fn visitor(visit: &Visit) -> Line {
    let line = asked_by(&visit.account, visit.tongue).begin_sentence();
    if visit.taken_back.is_some() { line.say(" · taken back by them") } else { line }
}

/// Who asked, and what their word is worth.
pub fn asked_by(account: &Account, tongue: Tongue) -> Line {
    let tongue = match tongue {
        Tongue::En => "",
        Tongue::De => ", in German",
        Tongue::Fr => ", in French",
    };
    let line = Line::ours("asked by ").theirs(account.as_str());
    line.say(format!(" in a room with docket{tongue}, in a signed session"))
}

/// That they took it back though something came of it: what is still to be done for it is to be stopped.
pub fn took_back_late(case: &Case, events: &[Event]) -> Option<Line> {
    let outcome = case.outcome.as_ref().filter(|outcome| outcome.what != Ending::Withdrawn)?;
    let is_it = events.iter().any(|event| matches!(event, Event::TookBack));
    is_it.then(|| {
        Line::ours(format!(
            "! It was {} before: stop what is still to be done for it, and what is done cannot be undone.",
            super::ended(&outcome.what)
        ))
    })
}

/// That a letter did not reach a user, and why.
pub fn letter_stopped(letter: &str, why: LetterStopped) -> Line {
    let line = Line::ours("letter ").theirs(letter).say(" did not reach them: ");
    match why {
        LetterStopped::NoRoom => line.say("they are in no room with docket any more"),
        LetterStopped::Changed => line.say("it would say something else by now"),
        LetterStopped::OnlyCopy => Line::ours("letter ").theirs(letter).say(
            " did not reach them, and the copy of their data did: it is in their room, and the words are not",
        ),
        LetterStopped::OtherIdentity => {
            line.say("the account is signed by another identity than when they asked: make sure who it is")
        }
        LetterStopped::Unreachable(why) => line.join(super::notices::why(&Step::Unreachable { why })),
    }
}
