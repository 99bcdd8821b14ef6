//! The sentences of a shift: what is taken back and why not, who takes over.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::case::{Account, CaseId, Event, Lent, NoWayBack, NotHandedOver, Terms};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// How much of what is taken back is named.
const NAMED: usize = 3;

/// What is taken back, in the words in which it was said to happen.
pub(super) fn taken_back(begin: &str, took: &[Event], zone: Tz) -> Line {
    let mut line = Line::ours(begin);
    for (n, event) in took.iter().take(NAMED).enumerate() {
        line = line.say(if n == 0 { "" } else { "; " }).join(super::happened(event, zone));
    }
    let more = took.len().saturating_sub(NAMED);
    if more > 0 { line.say(format!(" and {more} more")) } else { line }
}

/// Why a command is not taken back, and the way out.
pub(super) fn no_way_back(why: &NoWayBack, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let log = || command(format!("log {id}"));
    match why {
        NoWayBack::WhichCase => {
            Line::ours("I do not remember a last command of yours. Say which case: ").code(command("undo 42".into()))
        }
        NoWayBack::SomebodyElse { by } => Line::ours(format!("the newest change of {id} is not yours but that of "))
            .theirs(by.as_str())
            .say(". See ")
            .code(log())
            .say("."),
        NoWayBack::HandedOver { from, to } => Line::ours(
            "a handover goes back by another one, with whatever else they have: ",
        )
        .code(command(format!("handover {to} {from}")))
        .say(". Or give back single cases: ")
        .code(command("undo 42".into())),
        NoWayBack::OfTheDesk => Line::ours(
            "your last command was about no case, and stays on record. For the one on a case before it: ",
        )
        .code(command("undo 42".into())),
        NoWayBack::TooLate { at } => Line::ours(format!(
            "your last command there was at {}, and one is taken back within ten minutes. Put it right by hand; it says what \
             was there before: ",
            dates::short(*at, terms.zone)
        ))
        .code(log()),
        NoWayBack::OpenedIt => Line::ours("your last command opened the case, and what came in stays on record. End it: ")
            .code(command(format!("withdraw {id}")))
            .say(" or ")
            .code(command(format!("refuse {id} reason=…")))
            .say("."),
        NoWayBack::LeftTheHouse => Line::ours(
            "it tells of something that has left the house, and that does not come back. If it never went, say so: ",
        )
        .code(command(format!("note {id} …"))),
        NoWayBack::NotOnePersons => Line::ours(
            "it is not one person’s to take back: two stood behind it, or it ended what waited for a second one. Say what \
             went wrong, and do it anew: ",
        )
        .code(command(format!("note {id} …"))),
        NoWayBack::StillCools { code } => Line::ours("you approved it, and it is not done yet. Say no to it: ")
            .code(command(format!("deny {id} {code}")))
            .say("."),
        NoWayBack::AdoptedPolicy => Line::ours(
            "the case follows today’s policy since, and is not put back under an older one. If that was wrong, say so: ",
        )
        .code(command(format!("note {id} …"))),
        NoWayBack::TakenBackAlready => Line::ours("your last command there took something back itself. See ")
            .code(log())
            .say(", and do it again if you want it after all."),
        NoWayBack::TimeWentOn => Line::ours("something has fallen due on the case since, and rests on it. See ")
            .code(log())
            .say("."),
        NoWayBack::OtherWentOn(other) => Line::ours(format!(
            "it was about {other} too, and something else has happened there since. See "
        ))
        .code(command(format!("log {other}")))
        .say("."),
        NoWayBack::LeftNoTrace => {
            Line::ours("your last command there changed nothing that could be put back. See ").code(log()).say(".")
        }
        NoWayBack::TooLong => Line::ours(
            "the case has too long a history to fold it back. Put it right by hand; what was there before: ",
        )
        .code(log()),
    }
}

/// One case of a handover, as the end of a line that begins with it.
pub(super) fn handed_over(
    from: &Account,
    to: &Account,
    until: Option<DateTime<Utc>>,
    of: u32,
    zone: Tz,
) -> Line {
    let line = Line::ours("now with ").theirs(to.as_str());
    let line = match until {
        Some(until) => line.say(format!(" until {}", dates::moment(until, zone))),
        None => line,
    };
    let line = line.say(", handed over from ").theirs(from.as_str());
    match of {
        0 | 1 => line,
        2 => line.say(" with another one"),
        of => line.say(format!(" with {} others", of - 1)),
    }
}

/// How many cases of a handover are named.
const CASES_NAMED: usize = 10;

/// The answer to a handover; `stay` sealed cases do not go with the others, and those of `on` go to somebody else in the end.
pub fn handover(
    cases: &[CaseId],
    stay: usize,
    (from, to): (&Account, &Account),
    until: Option<DateTime<Utc>>,
    on: &[(CaseId, Lent)],
    terms: &Terms,
) -> Page {
    let ids: Vec<String> = cases.iter().take(CASES_NAMED).map(ToString::to_string).collect();
    let more = cases.len().saturating_sub(ids.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let count =
        if cases.len() == 1 { "1 open case".to_owned() } else { format!("{} open cases", cases.len()) };
    let page = Page::of(
        Line::ours(format!("{count} of ")).theirs(from.as_str()).say(" now with ").theirs(to.as_str()),
    )
    .line(Line::ours(format!("{}{more}", ids.join(", "))));
    let sealed =
        if stay == 1 { "1 sealed case stays".to_owned() } else { format!("{stay} sealed cases stay") };
    let page = if stay == 0 {
        page
    } else {
        page.line(
            Line::ours(format!("{sealed}: who may work them is another matter. They go one by one, by "))
                .code(format!("{} assign ID @who", terms.prefix())),
        )
    };
    let back = format!("{} handover {to} {from}", terms.prefix());
    let page = page.lines(promised(on, from, terms));
    match until {
        Some(until) => page.line(
            Line::ours(format!(
                "What is still with them goes back by itself {}; sooner: ",
                dates::moment(until, terms.zone)
            ))
            .code(back),
        ),
        None => page.line(Line::ours("They go back by ").code(back)),
    }
}

/// What whoever hands cases over had for a time only, a line for each who gets some of it.
fn promised(on: &[(CaseId, Lent)], from: &Account, terms: &Terms) -> Vec<Line> {
    let mut by_whom: BTreeMap<(DateTime<Utc>, &Account), Vec<CaseId>> = BTreeMap::new();
    for (id, lent) in on {
        by_whom.entry((lent.until, &lent.from)).or_default().push(*id);
    }
    let line = |((until, to), cases): ((DateTime<Utc>, &Account), Vec<CaseId>)| {
        let ids: Vec<String> = cases.iter().take(CASES_NAMED).map(ToString::to_string).collect();
        let more = cases.len().saturating_sub(ids.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let (goes, it) = if cases.len() == 1 { ("goes", "it") } else { ("go", "them") };
        Line::ours(format!("{}{more} {goes} back to ", ids.join(", ")))
            .theirs(to.as_str())
            .say(format!(" {}: ", dates::moment(until, terms.zone)))
            .theirs(from.as_str())
            .say(format!(" had {it} for a time only"))
    };
    by_whom.into_iter().map(line).collect()
}

/// Why nothing is handed over.
pub(super) fn not_handed_over(why: &NotHandedOver, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    match why {
        NotHandedOver::SamePerson => {
            Line::ours("both are the same person. Who has cases: ").code(command("list".into()))
        }
        NotHandedOver::Nothing { from } => Line::new()
            .theirs(from.as_str())
            .say(" has no open case. What nobody has: ")
            .code(command("list nobody".into())),
        NotHandedOver::TooMuch { from, most } => Line::new()
            .theirs(from.as_str())
            .say(format!(
                " has more than {most} open cases, and so many go over at once. Give away single ones first: "
            ))
            .code(command("assign 42 @ben".into())),
        NotHandedOver::Sealed { to } => {
            Line::ours("what is open there is sealed, and not for both of you and ")
                .theirs(to.as_str())
                .say(". Somebody with the role safety or counsel gives it to another: ")
                .code(command("assign 42 @ben".into()))
        }
        NotHandedOver::DayIsOver => {
            Line::ours("that day is over. Name today or a later one, or leave until= out.")
        }
        NotHandedOver::TakesTwo => Line::ours(
            "the policy wants two people whenever a case is given to somebody, so each goes by itself: ",
        )
        .code(command("assign 42 @ben".into())),
    }
}
