//! What keeps a letter from being written, each gap with the command that fills it.

use super::refusals::ended;
use crate::case::letter::{Filler, Obstacle, Open, REDIRECT, REFUSE};
use crate::case::near;
use crate::case::{Elsewhere, Terms, Verifiable};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// How many gaps are named; a letter with more is the policy's mistake.
const GAPS_SHOWN: usize = 20;

/// What stands in the way of a letter, as an answer.
pub(super) fn obstacle(obstacle: &Obstacle, id: &str, terms: &Terms) -> Page {
    match obstacle {
        Obstacle::Open { letter, open } => gaps(letter, open, id, terms),
        obstacle => Page::of(Line::ours("Not done: ").join(sentence(obstacle, id, terms))),
    }
}

/// The same in one sentence.
pub(super) fn sentence(obstacle: &Obstacle, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    match obstacle {
        Obstacle::NoSuchLetter { typed, there_are } => no_such_letter(typed, there_are, id, terms),
        Obstacle::Open { letter, .. } => Line::ours(format!("the letter {letter} has gaps.")),
        Obstacle::NotSaidIn { letter, tongue: whose, open } => {
            let tongue = whose.name();
            let line = match open.first() {
                None => Line::ours(format!("the policy has no {tongue} words for the letter {letter}")),
                Some(open) => Line::ours(format!("the {tongue} letter {letter} has no words for "))
                    .theirs(&format!("{{{}}}", open.placeholder)),
            };
            let line = line
                .say(", and a letter is in one language throughout. Without ")
                .code("lang=".to_owned())
                .say(" it goes out in the policy’s own.");
            // A case goes on under the policy that it was opened under.
            match terms.policy().and_then(|policy| policy.words(*whose)) {
                Some(said) if said.letters.iter().any(|one| one.name == *letter) => line
                    .say(" The newest policy may have them; the case goes on under its own: ")
                    .code(command(format!("policy {id}"))),
                Some(_) | None => line.say(" Words stand in the policy under ").code("languages".to_owned()).say("."),
            }
        }
        Obstacle::NeedsEnding { letter } => needs_ending(letter, id, terms),
        Obstacle::CameOtherwise { letter, what } => Line::ours(format!(
            "the request was {}, and the letter {letter} would say something else. What comes next: ",
            ended(what)
        ))
        .code(command(format!("next {id}")))
        .say("; if it came otherwise: ")
        .code(command(format!("reopen {id}"))),
        Obstacle::ReasonIsGone { letter } => Line::ours(format!(
            "what the request was refused for is not so any more, and the letter {letter} would say it all the same. To work it \
             again: "
        ))
        .code(command(format!("reopen {id}")))
        .say("; if it had gone out before, say when: ")
        .code(command(format!("sent {id} {letter} at=\"…\""))),
        Obstacle::NoSecrecyAsked => Line::ours(
            "the request does not ask that users are not told, and this letter says that it does. What it says: ",
        )
        .code(command(format!("check {id}"))),
        Obstacle::NeedsWords { code } => Line::ours(format!("the reason {code} needs words of yours: "))
            .code(command(format!("letter {id} refuse reason={code} text=\"…\""))),
        Obstacle::NotVerified { letter, what } => {
            let what = match what {
                Verifiable::Requester => "requester",
                Verifiable::Instrument => "instrument",
            };
            Line::ours(format!(
                "the case has changed since it was answered, so the {what} must be verified again before the letter {letter} \
                 goes out: "
            ))
            .code(command(format!("verify {id} {what} …")))
        }
        Obstacle::CameToNothing { letter } => Line::ours(format!(
            "nothing came of the request, so there is nothing to pass on, and the letter {letter} would give somebody’s name away. \
             If it is worked again: "
        ))
        .code(command(format!("reopen {id}"))),
        Obstacle::NothingToGiveReasonsFor { letter } => Line::ours(format!(
            "nothing came of it, so the letter {letter} would say that we acted on what stands. Whoever has it already is told by \
             words of yours that nothing came of it. If it is worked again: "
        ))
        .code(command(format!("reopen {id}"))),
        Obstacle::StaysDown(down) => {
            super::kept_down(down, terms.zone).say(". Users are told once it goes back.")
        }
        Obstacle::NothingToPassOn { letter } => Line::ours(format!(
            "nobody asked here for what the letter {letter} passes on. What the request asks for: "
        ))
        .code(command(format!("check {id}"))),
        Obstacle::NothingToAsk => Line::ours(
            "nothing is missing that the requester could send, so there is nothing to ask for. See ",
        )
        .code(command(format!("check {id}")))
        .say("."),
        Obstacle::IsNotice => Line::ours("whether a user may be told is another question: ")
            .code(command(format!("notify {id} preview"))),
        Obstacle::OrderNamed => Line::ours(
            "the request names an order for secrecy, and this letter says that there is none. If it is here: ",
        )
        .code(command(format!("gag {id} until=… by=…")))
        .say("; if it is not, two people say ")
        .code(command(format!("gag {id} not-there reason=\"…\""))),
        Obstacle::SentInFuture => Line::ours("that is in the future. Put it on record once it is sent."),
        Obstacle::SentBeforeItCame { received } => Line::ours(format!(
            "the request came in later, {}. When was it sent?",
            dates::moment(*received, terms.zone)
        )),
        Obstacle::NobodyToWriteTo => Line::ours(
            "nobody asked for this in a room with docket, so it cannot write to anybody. Send it yourselves, then: ",
        )
        .code(command(format!("sent {id} … via=mail"))),
        Obstacle::NobodyToBringItTo => Line::ours(
            "nobody asked for this in a room with docket, so it cannot bring a copy to anybody. To keep it here: ",
        )
        .code(command(format!("attach {id} as=other"))),
        Obstacle::DataOfAnother { asked } => Line::ours("the copy goes to whoever asked, which is ")
            .theirs(asked.as_str())
            .say(". Leave out for whom it is: ")
            .code(command(format!("attach {id} as=data"))),
        Obstacle::NoCopyOnFile { takes_one } => {
            let line =
                Line::ours("they asked for a copy of their data, and there is none here that could go with the answer. ");
            let attach = command(format!("attach {id} as=data"));
            let line = if *takes_one { line.say("Post it, and in reply: ").code(attach).say(". ") } else { line };
            line.say("If they get it in another way, the answer goes that way too: ")
                .code(command(format!("sent {id} answer via=mail")))
        }
        Obstacle::NotForWhoeverAsked { letter } => Line::ours(format!(
            "the letter {letter} is not for whoever asked, and docket writes to nobody else. Send it yourselves, then: "
        ))
        .code(command(format!("sent {id} {letter} via=mail"))),
        Obstacle::ToldLater { letter, via, from } => {
            let via = via.name();
            Line::ours(format!(
                "what came of an erasure everybody hears after the same time, so that nothing shows by how long it takes: not before {}. docket keeps to that itself: ",
                dates::moment(*from, terms.zone)
            ))
            .code(command(format!("sent {id} {letter} via=dm")))
            .say("; if it went out already, say when: ")
            .code(command(format!("sent {id} {letter} via={via} at=…")))
        }
        Obstacle::SentByDocket => Line::ours(
            "what docket sends itself it puts down itself, when it is there. Leave out when it went: ",
        )
        .code(command(format!("sent {id} … via=dm"))),
        Obstacle::TakenBack => Line::ours(
            "they took the request back, so the copy of their data goes nowhere. Close it without the answer: ",
        )
        .code(command(super::unsent(id))),
        Obstacle::OnItsWay { letter } => Line::ours(format!("the letter {letter} is on its way to them. How far it is: "))
            .code(command(format!("log {id}"))),
        Obstacle::ThereAlready { letter, at } => Line::ours(format!(
            "they have the letter {letter} already, since {}. To send it once more: ",
            dates::moment(*at, terms.zone)
        ))
        .code(command(format!("sent {id} {letter} via=dm again"))),
        Obstacle::SentAlready { letter, at } => Line::ours(format!(
            "the letter {letter} is on record already, as sent {}. If it went out once more, say when: add ",
            dates::moment(*at, terms.zone)
        ))
        .code("at=\"YYYY-MM-DD HH:MM\""),
        Obstacle::SentAtAnotherTime { letter, at } => Line::ours(format!(
            "the letter {letter} was put on record just now, as sent {}. If that time is wrong: add ",
            dates::moment(*at, terms.zone)
        ))
        .code("instead")
        .say(". If it went out twice: add ")
        .code("again"),
        Obstacle::NotSent { letter } => Line::ours(format!(
            "no letter {letter} is on record as sent that way, so no time of it can be set right. Put it there: leave out "
        ))
        .code("instead"),
        Obstacle::NoTextFor(to) => no_text_for(*to, id, terms),
        Obstacle::NoTreatyInEmergency => Line::ours(
            "an emergency is never sent to mutual legal assistance: somebody may be in danger now. If it is none, refuse it: ",
        )
        .code(command(format!("refuse {id} reason=…"))),
        Obstacle::CameByTreaty => Line::ours(
            "the request says that it came by mutual legal assistance already; see the line Via. If that is wrong: ",
        )
        .code(command(format!("set {id} via=direct"))),
        Obstacle::NoAuthoritys { kind } => Line::ours(format!(
            "mutual legal assistance is for authorities, and a request of the kind {kind} is nobody’s who could come that way. Answer it, or refuse it: "
        ))
        .code(command(format!("refuse {id} reason=…")))
        .say(". If it is an authority’s, it is a case of its own: ")
        .code(command("form information".into())),
        Obstacle::NoReport { kind } => Line::ours(format!(
            "a request of the kind {kind}, or one that rests on an order, is no report of a weakness. Answer it, or refuse it: "
        ))
        .code(command(format!("refuse {id} reason=…")))
        .say(". If a weakness stands in it too, that is a case of its own: ")
        .code(command("form other".into())),
        Obstacle::MayAskDirectly { country } => {
            let who = country.as_ref().map_or_else(|| "everybody".to_owned(), |country| format!("authorities of {country}"));
            Line::ours(format!(
                "the policy lets {who} ask directly, so the letter would not be true. If the country is wrong: "
            ))
            .code(command(format!("set {id} jurisdiction=…")))
        }
        Obstacle::CounselDecides => Line::ours(
            "the request came under a data access agreement, and what becomes of it is for the role counsel to say. Give it \
             to them: ",
        )
        .code(command(format!("assign {id} @who"))),
    }
}

/// The gaps of a letter, one a line.
fn gaps(letter: &str, open: &[Open], id: &str, terms: &Terms) -> Page {
    let count = if open.len() == 1 { "a gap" } else { "gaps" };
    let head = Line::ours(format!("Not done: the letter {letter} has {count}. What fills it:"));
    Page::of(head).lines(open.iter().take(GAPS_SHOWN).map(|open| gap(open, id, terms).indented()))
}

fn gap(open: &Open, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let line = Line::ours(format!("{{{}}} – ", open.placeholder));
    match &open.filler {
        Filler::Line(key) => line.code(command(format!("set {id} {}=…", key.replace(' ', "-")))),
        Filler::Hold => line.code(command(format!("hold {id} start"))),
        Filler::Scope => line.code(command(format!("scope {id} allow …"))),
        Filler::Ending => line
            .say("nothing is refused or redirected yet: ")
            .code(command(format!("refuse {id} reason=…"))),
        Filler::NothingMissing => line.say("nothing is missing."),
        Filler::NoClock => line.say("no clock runs on this case."),
        Filler::NoLine => line.say(
            "requests of this kind have no such line, so the letter cannot be filled in for them. Please tell your \
             administrator; the policy's letter wants another text.",
        ),
        Filler::Stock(name) => line
            .say("the policy has no text of this name. Please tell your administrator: it belongs under ")
            .code(format!("texts: {name}"))
            .say("."),
        Filler::HoldRuns => line.say("the hold still runs; this letter follows its end."),
        Filler::Extension => {
            line.say("no clock was given more time yet: ").code(command(format!("extend {id} CLOCK … reason=…")))
        }
        Filler::NoLength => line.say(
            "the policy counts no such time. Please tell your administrator: the letter names a clock that is not there.",
        ),
        Filler::OwnLanguage => line.say("this is said in the policy’s own language only."),
        Filler::Broken => line.say(
            "a brace of the policy's letter is never closed. Please tell your administrator; a brace itself is written {{.",
        ),
    }
}

/// The policy has no letter of this name for the kind.
fn no_such_letter(typed: &str, there_are: &[String], id: &str, terms: &Terms) -> Line {
    let line = Line::ours("there is no letter ").theirs(typed).say(" for this kind.");
    let command = |name: &str| format!("{} letter {id} {name}", terms.prefix());
    match near::nearest(typed, there_are.iter().map(String::as_str)) {
        Some(near) => line.say(" Did you mean ").code(command(near)).say("?"),
        None if there_are.is_empty() => line.say(" The policy has none."),
        None => line.say(format!(" There are {}.", there_are.join(", "))),
    }
}

/// A letter about an ending that has not come.
fn needs_ending(letter: &str, id: &str, terms: &Terms) -> Line {
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    if letter != REDIRECT && letter != REFUSE {
        return Line::ours("the request is not answered yet. To do it: ")
            .code(command(&format!("answer {id} full|part|none")));
    }
    let (what, ending, draft) = if letter == REDIRECT {
        ("nobody is redirected yet", format!("redirect {id} mlat"), format!("letter {id} redirect to=mlat"))
    } else {
        ("nothing is refused yet", format!("refuse {id} reason=…"), format!("letter {id} refuse reason=…"))
    };
    Line::ours(format!("{what}. To do it: "))
        .code(command(&ending))
        .say("; to see the letter first: ")
        .code(command(&draft))
}

/// The policy cannot say where the requester should go.
fn no_text_for(to: Elsewhere, id: &str, terms: &Terms) -> Line {
    Line::ours("the policy has no text for that; an administrator can add ")
        .code(format!("texts: {}", to.text()))
        .say(". Or refuse it, in words of yours: ")
        .code(format!("{} refuse {id} reason=…", terms.prefix()))
}
