//! A letter that is filled in, to be copied by a long press; and the letters there are.

use chrono::{DateTime, Utc};

use crate::case::decide::{beyond_request, is_unread};
use crate::case::letter::{self, Basis};
use crate::case::{Case, Channel, Command, Elsewhere, Refusal, Repeat, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// One letter, or what is open in it. Changes nothing.
pub fn letter(case: &Case, name: &str, basis: Option<&Basis>, terms: &Terms, now: DateTime<Utc>) -> Page {
    let draft = match letter::draft(case, name, basis, terms, now) {
        Ok(draft) => draft,
        Err(refusal) => return text::refusal(&refusal, Some(case.id), terms),
    };
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let (name, id) = (&draft.letter.name, case.id);
    let head = Line::new()
        .strong(id.to_string())
        .say(format!(" · letter {name}"))
        .join(text::in_tongue(draft.tongue));
    let is_answer = letter::tells_of_answer(draft.letter);
    let head = match basis {
        None if is_answer && !letter::is_answered(case) => head
            .say(", a draft: the request is not answered yet. To answer: ")
            .code(command(format!("answer {id} full|part|none"))),
        None if waits_for_second(case, name, terms) => head
            .say(" · a second person reads it before it goes: ")
            .code(command(format!("sent {id} {name} via={}", case.way_to_write(name)))),
        None if case.way_to_write(name) == Channel::Dm.name() => {
            head.say(" · docket sends it to them: ").code(command(format!("sent {id} {name} via=dm")))
        }
        None => head.say(" · once sent: ").code(command(format!("sent {id} {name} via=mail"))),
        Some(Basis::Reason { code, words }) => {
            let (own, read) = match words {
                Some(_) => (
                    " text=\"…\"",
                    ". Where anything binds about the user, a second person reads these words first",
                ),
                None => ("", ""),
            };
            head.say(", a draft: nothing is refused yet. To refuse: ")
                .theirs(&command(format!("refuse {id} reason={code}{own}")))
                .say(read)
        }
        Some(Basis::To(to)) => head
            .say(", a draft: nobody is redirected yet. To do it: ")
            .code(command(format!("redirect {id} {}", where_to(*to)))),
    };
    let page = text::promised_too_late(case, name, terms, now).into_iter().fold(Page::of(head), Page::line);
    let data = case.data_with(name).filter(|_| basis.is_none());
    let page = data.iter().fold(page, |page, file| {
        page.line(Line::ours("By DM the copy of their data goes with it: ").theirs(&file.file.name))
    });
    page.letter(&draft.pieces)
}

/// Whether two people read it first, whatever binds: it says what the request does not, or what nobody has read of a referral.
fn waits_for_second(case: &Case, name: &str, terms: &Terms) -> bool {
    let (letter, via) = (name.to_owned(), Channel::Mail);
    let sent = Command::RecordSent { letter, via, at: None, repeat: Repeat::Unsaid };
    is_unread(&sent, case, terms) || !beyond_request(&sent, case, terms).is_empty()
}

/// The letters there are for a case, and which were sent when.
pub fn letters(case: &Case, terms: &Terms) -> Page {
    let Some(policy) = terms.policy_of(case) else {
        return text::refusal(&Refusal::PolicyMissing, Some(case.id), terms);
    };
    let mut page = Page::of(Line::new().strong(case.id.to_string()).say(" · letters"));
    let letters = policy.letters_for(&case.kind);
    let letters = letters.filter(|letter| !letter::is_notice(&letter.name) && letter.is_for(case));
    let mut letters = letters.peekable();
    if letters.peek().is_none() {
        page = page.line(Line::ours("The policy has no letter for this kind."));
    }
    for letter in letters {
        let command = format!("{} letter {} {}", terms.prefix(), case.id, letter.name);
        let mut line = Line::new().code(command).say(format!(" – {}", letter.title));
        for sent in case.sent.iter().filter(|sent| sent.letter == letter.name) {
            let day = dates::day(sent.at.with_timezone(&terms.zone_of(case)).date_naive());
            line = line.say(format!(" · sent {day} by {}", sent.via));
        }
        page = page.line(line);
    }
    page
}

/// The word for it, as it is typed.
fn where_to(to: Elsewhere) -> &'static str {
    match to {
        Elsewhere::Mlat => "mlat",
        Elsewhere::Server => "server",
        Elsewhere::Security => "security",
    }
}
