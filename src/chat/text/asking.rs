//! What is asked again and again until somebody has answered, and what is said of times that are in doubt.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::ways::ends_clock;
use crate::case::clock::{
    BREAK_GLASS, COMING, GAG, HOLD, IDLE, PERMISSION, TO_RECORD, TO_SERVE, TO_TELL, approval_code,
    is_approval,
};
use crate::case::decide::second::need_of_second;
use crate::case::letter::SECRECY;
use crate::case::{self, Account, Case, Need, Telling, Terms};
use crate::chat::dates;
use crate::chat::page::Line;

/// That somebody has seen the reminders, and of which clocks.
pub fn seen<'c>(clocks: impl Iterator<Item = &'c String>) -> Line {
    let names: Vec<&str> = clocks.map(String::as_str).collect();
    if names.is_empty() {
        Line::ours("reminders seen")
    } else {
        Line::ours("reminders seen: ").theirs(&names.join(", "))
    }
}

/// What to do about a clock that people are reminded of; nothing where it ends with the request itself, whose next step it is
/// then.
pub fn way_out(clock: &str, case: &Case, terms: &Terms) -> Option<Line> {
    let command = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let is_open = case.gag.as_ref().is_some_and(|gag| gag.binds() && gag.until.is_none());
    match clock {
        TO_TELL => Some(secrecy_letter(case, terms)),
        TO_SERVE => super::secrecy_to_come(case, terms),
        TO_RECORD => case::named_order(case, terms).map(|order| super::record_order(order, case, terms)),
        GAG if is_open => Some(
            Line::ours("If it is over – ")
                .code(command("gag ID lift by=…"))
                .say("; if it has an end – ")
                .code(command("gag ID until=…"))
                .say("; once you have asked – ")
                .code(command("seen ID")),
        ),
        PERMISSION => Some(
            Line::ours("With their permission on file – ")
                .code(command("gag ID lift by=…"))
                .say("; once you have asked – ")
                .code(command("seen ID")),
        ),
        clock if is_approval(clock) => approval(clock, case, terms),
        HOLD => {
            let line = Line::ours("it ends by itself");
            Some(super::longer(case, terms).map_or_else(
                || Line::ours("it ends by itself, and the policy gives no more time"),
                |longer| line.say("; ").join(longer),
            ))
        }
        BREAK_GLASS => {
            Some(Line::ours("Whoever did not do it looks at it – ").code(command("set ID review=\"…\"")))
        }
        IDLE => Some(Line::ours("If all is well as it is – ").code(command("seen ID"))),
        GAG => Some(
            Line::ours("If it was lifted – ")
                .code(command("gag ID lift by=…"))
                .say("; if it goes on – ")
                .code(command("gag ID until=… by=…")),
        ),
        _ => case
            .notices
            .iter()
            .find_map(|(account, notice)| match &notice.what {
                Telling::Withheld { review, .. } if clock == format!("notice {account}") => {
                    Some(look_again(account, *review, case, terms))
                }
                Telling::Sending { .. } if clock == format!("{COMING} {account}") => {
                    Some(not_come(account, case, terms))
                }
                Telling::Withheld { .. }
                | Telling::Sending { .. }
                | Telling::Told { .. }
                | Telling::Waived { .. } => None,
            })
            .or_else(|| ends_clock(clock, case, terms)),
    }
}

/// That a user was invited to read a notice and has not come, with the ways on.
fn not_come(account: &Account, case: &Case, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let id = case.id;
    Line::ours("docket is telling ")
        .theirs(account.as_str())
        .say(", and it is not there by now: they have not come, or their server does not answer. In another way – ")
        .code(command(format!("sent {id} notice {account} via=mail")))
        .say(" or via=post")
        .say("; if nobody is there any more, two people say so – ")
        .code(command(format!("notify {id} waive {account} reason=…")))
        .say(". The invitation stays; to go on waiting – ")
        .code(command(format!("seen {id}")))
}

/// What waits for a second person, and both ways on: the room has the code already, from when it was proposed.
fn approval(clock: &str, case: &Case, terms: &Terms) -> Option<Line> {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let code = approval_code(clock)?;
    let proposal = case.proposals.iter().find(|proposal| proposal.code == code)?;
    let who = match need_of_second(case, proposal, terms) {
        Need::Counsel => ". Counsel approves with ",
        Need::Approve | Need::Listed | Need::Casework | Need::Sealed | Need::Administer => {
            ". A second person approves with "
        }
    };
    let line = Line::ours("what waits: ").join(super::act(&proposal.command, terms.zone_of(case))).say(who);
    let line = line.code(command(format!("approve {} {code}", case.id))).say(" or says ");
    let line = line.code(command(format!("deny {} {code}", case.id))).say(". All of it: ");
    Some(line.code(command("pending".to_owned())))
}

/// That it is time to look again whether a user is still not to be told, and both ways on (rule 30).
pub fn look_again(account: &Account, review: DateTime<Utc>, case: &Case, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let (id, zone) = (case.id, terms.zone_of(case));
    let day = dates::day(review.with_timezone(&zone).date_naive());
    Line::ours("the notice to ")
        .theirs(account.as_str())
        .say(format!(
            " is to be looked at again by {day}. To go on withholding it, two people say so again – "
        ))
        .theirs(&command(format!("notify {id} withhold {account} reason=…")))
        .say("; to tell them – ")
        .code(command(format!("notify {id} preview")))
}

/// Until when somebody who has seen a question is not asked again, if it stands.
pub fn asked_again(clocks: &BTreeMap<String, DateTime<Utc>>, case: &Case, terms: &Terms) -> Option<Line> {
    let running = case::clocks(case, terms);
    let next = running.iter().find(|clock| {
        matches!(clock.name.as_str(), GAG | PERMISSION | IDLE)
            && clocks.get(&clock.name).is_some_and(|seen| clock.due > *seen)
    })?;
    Some(Line::ours(format!("Asked again {}.", dates::deadline(next.due, next.zone))))
}

/// What comes although reminders wait: what is due so soon that nobody may sleep over it.
pub fn not_put_off(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let (at, clock) = case::reminding::comes_all_the_same(case, terms, now)?;
    let zone = terms.zone_of(case);
    Some(Line::ours(format!(
        "Still to come, for it cannot wait: {} · {}",
        dates::moment(at, zone),
        clock.title
    )))
}

/// The commands by which a requester is told that secrecy takes an order (rule 16).
pub fn secrecy_letter(case: &Case, terms: &Terms) -> Line {
    let id = case.id;
    Line::ours("tell them that secrecy needs an order – ")
        .code(format!("{} letter {id} {SECRECY}", terms.prefix()))
        .say(", then ")
        .code(format!("{} sent {id} {SECRECY} via=mail", terms.prefix()))
}

/// That an answer was given while nobody could be sure of the time.
pub fn time_in_doubt() -> Line {
    Line::ours(
        "The machine’s clock is in doubt, so the time of this entry may be wrong, and what counts from it.",
    )
}

/// The same, below a history.
pub fn times_in_doubt() -> Line {
    Line::ours("(in doubt): the machine’s clock was not believed then, so the time may be wrong.")
}
