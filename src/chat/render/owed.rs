//! The next step once something came of a request: what is still owed on it, one thing at a time, as a command to copy.
//!
//! What is owed is said in `case::decide`; here, only which of it comes first and how it is done.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::checks::label_of;
use crate::case::clock::{GAG, runs, without_notice};
use crate::case::conflict::{contradicts_still, erased_lines, may_be_held_back};
use crate::case::decide::gate::{Bar, bars};
use crate::case::decide::{Deed, Duty, Promise, duties};
use crate::case::letter::{self, Filler, Obstacle};
use crate::case::{Account, Case, CaseId, Ending, Extent, Refusal, ReleaseState, Terms, Verifiable};
use crate::chat::page::Line;
use crate::chat::{dates, text};

/// The reason for refusing what nobody could confirm.
const UNVERIFIED: &str = "unverified";

/// What is owed: first what somebody can do now, then what takes time.
pub(super) fn owed(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Line {
    let duties = duties(case, terms);
    let bars = bars(case, terms);
    let can_do = |duty: &&Duty| match duty {
        // Whoever sent a fake is told nothing, so that comes last.
        Duty::Write(..) | Duty::WriteOwn(_) => !looks_fake(case),
        Duty::Tell(account) | Duty::Unreached(account, _) => bars.is_empty() && case.hush(account).is_none(),
        Duty::Promised(promise) => {
            promise.clock.earliest.is_none_or(|earliest| earliest <= now)
                && (bars.is_empty() || !text::tells_user(promise))
        }
        Duty::LookBack | Duty::Review(..) | Duty::Whose => true,
        Duty::LookAgain(_, review) => *review <= now,
        Duty::Keep(_) | Duty::Decide(_) | Duty::OnItsWay(_) => false,
    };
    // What is on its way is held back once something forbids it.
    let tells = |duty: &&Duty| match duty {
        Duty::Tell(_) | Duty::Unreached(..) => true,
        Duty::OnItsWay(_) => !bars.is_empty(),
        _ => false,
    };
    let waits = |duty: &&Duty| !tells(duty) && !matches!(duty, Duty::Write(..) | Duty::WriteOwn(_));
    let duty = duties.iter().find(can_do);
    // While the time to serve an order runs, that is what is waited for first.
    let secrecy = || duties.iter().find(tells).filter(|_| text::secrecy_to_come(case, terms).is_some());
    let later = || secrecy().or(duties.iter().find(waits)).or(duties.iter().find(tells)).or(duties.first());
    let line = Line::new();
    let command = |verb: &str, rest: &str| format!("{} {verb} {}{rest}", terms.prefix(), case.id);
    match duty.or_else(later) {
        None => match knowing(case, terms) {
            Some(first) => first.join(closing(case, terms, now)),
            None => closing(case, terms, now),
        },
        // Nobody is told what is not so.
        Some(Duty::Write(..) | Duty::WriteOwn(_)) if let Some(gone) = text::reason_gone(case, terms) => {
            line.join(gone)
        }
        Some(Duty::Write(name, _) | Duty::WriteOwn(name)) => write(case, name, duties.len() == 1, terms, now),
        Some(Duty::Keep(_)) => {
            let runs = runs(case, terms);
            let first = runs.iter().find(|run| run.clock.ends_by_itself());
            let line = match first.is_some_and(|run| run.clock.name == GAG) {
                true => line.say("nothing before the gag ends"),
                false => line.say("nothing before the hold ends"),
            };
            match text::longer(case, terms) {
                Some(longer) => line.say("; ").join(longer),
                None => line,
            }
        }
        Some(Duty::Tell(account) | Duty::Unreached(account, _))
            if let Some(hush) = case.hush(account).filter(|_| bars.is_empty()) =>
        {
            let line = line.join(text::hushed(account, &hush.by, &hush.unshown)).say(" – ");
            or_nobody(line.code(command("notify", " preview")), case, terms)
        }
        Some(Duty::LookAgain(account, review)) if *review <= now => {
            line.join(text::look_again(account, *review, case, terms))
        }
        Some(Duty::Tell(account)) if bars.is_empty() => {
            let line = line.theirs(account.as_str()).say(" is to be told – ");
            or_nobody(line.code(command("notify", " preview")), case, terms)
        }
        Some(duty @ (Duty::Unreached(..) | Duty::OnItsWay(_))) if bars.is_empty() => {
            line.join(text::owed(duty, &case.id.to_string(), terms))
        }
        Some(Duty::Tell(_) | Duty::Unreached(..) | Duty::OnItsWay(_))
            if bars.iter().all(|bar| *bar == Bar::Review) =>
        {
            line.say("look at it again now that it is over – ").code(command("set", " review=…"))
        }
        // Nor is anybody told in another way while something forbids it.
        Some(Duty::Tell(account) | Duty::Unreached(account, _) | Duty::OnItsWay(account)) => {
            or_nobody(line.join(barred(account, &bars, case, terms)), case, terms)
        }
        // What binds the case forbids this letter too.
        Some(Duty::Promised(promise)) if let Some(bound) = text::bound_letter(promise, case, terms) => {
            line.say(format!("{}: ", promise.clock.title)).join(bound)
        }
        // Where it was not granted in part, it is not put on record as erased while something keeps it (rule 63).
        Some(Duty::Promised(promise)) if waits_for_hold(case, promise, terms) => {
            let line = line.say(format!("{} waits until nothing keeps it – ", promise.clock.title));
            line.code(command("conflicts", ""))
        }
        Some(Duty::Promised(promise)) => way(promise, case, terms, now),
        Some(duty) => line.join(text::owed(duty, &case.id.to_string(), terms)),
    }
}

/// Nothing is owed: the case can be closed. What is said with it is no duty: that they can be told that a hold is over, and which
/// clock ends with the case. A complaint that comes after all is a case of its own.
fn closing(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Line {
    let command = |verb: &str, rest: &str| format!("{} {verb} {}{rest}", terms.prefix(), case.id);
    let close = command("close", "");
    if let Some(name) = unsent_end(case, terms) {
        return Line::ours("they can be told that it is kept no longer – ")
            .code(command("letter", &format!(" {name}")))
            .say(", then ")
            .code(command("sent", &format!(" {name} via=mail")))
            .say("; or ")
            .code(close);
    }
    if gave_reasons_in_vain(case, terms) {
        return Line::ours(
            "tell whoever was told why we acted that nothing came of it, in words of yours, then – ",
        )
        .code(close);
    }
    match runs(case, terms).iter().find(|run| run.rule.is_some()) {
        Some(run) => Line::ours("nothing is owed any more – ")
            .code(close)
            .say(format!(". Still counted, and over with it: {}", text::clock(&run.clock, now))),
        None => Line::new().code(close),
    }
}

/// What contradicts the case, for whoever is about to close it (rule 63): nobody hears of it only once that is done.
fn knowing(case: &Case, terms: &Terms) -> Option<Line> {
    let line = match text::against(&contradicts_still(case, terms), case.id) {
        Some(against) => Line::ours("it ").join(against),
        None if case.beside.unshown && may_be_held_back(case, terms.kind_of(case)) => {
            Line::ours("a hold may keep some of it")
        }
        None => return None,
    };
    let conflicts = format!("{} conflicts {}", terms.prefix(), case.id);
    Some(line.say(" (").code(conflicts).say(") – "))
}

/// Whether a user was told why we acted on something of which nothing came after all (rule 31).
fn gave_reasons_in_vain(case: &Case, terms: &Terms) -> bool {
    // Nobody is advised to tell what the case forbids to tell.
    let gone = without_notice(case).filter(|_| bars(case, terms).is_empty());
    gone.is_some_and(|at| case.sent.iter().any(|sent| sent.letter == letter::REASONS && sent.at <= at))
}

/// The letter that says that records are kept no longer, if it was not sent since the hold ended and they were told of it (rule 24).
fn unsent_end<'p>(case: &Case, terms: &'p Terms) -> Option<&'p str> {
    let over = case.hold.as_ref()?.over.as_ref()?;
    let granted = case.outcome.as_ref().is_some_and(|outcome| {
        matches!(outcome.what, Ending::Answered { extent: Extent::Full | Extent::Part })
    });
    let is_sent = case.sent.iter().any(|sent| sent.letter == letter::ENDED && sent.recorded >= over.at);
    let letter = terms.policy_of(case)?.letter(letter::ENDED, &case.kind)?;
    (granted && !is_sent && letter.is_for(case)).then_some(letter.name.as_str())
}

/// That a user may not be told yet, and what ends that; where nobody can, what is in the way.
fn barred(account: &Account, bars: &BTreeSet<Bar>, case: &Case, terms: &Terms) -> Line {
    let secrecy = bars.iter().all(|bar| *bar == Bar::Secrecy).then(|| text::secrecy_to_come(case, terms));
    let way = secrecy.flatten().or_else(|| text::barred_here(account, &here(case, bars), case, terms));
    way.unwrap_or_else(|| {
        Line::new().theirs(account.as_str()).say(" may not be told yet; what is in the way – ").code(format!(
            "{} notify {} preview",
            terms.prefix(),
            case.id
        ))
    })
}

/// What forbids it on this case.
fn here(case: &Case, bars: &BTreeSet<Bar>) -> Vec<(CaseId, Bar)> {
    bars.iter().map(|bar| (case.id, *bar)).collect()
}

fn waits_for_hold(case: &Case, promise: &Promise, terms: &Terms) -> bool {
    let in_part = case
        .outcome
        .as_ref()
        .is_some_and(|outcome| matches!(outcome.what, Ending::Answered { extent: Extent::Part }));
    let lines = erased_lines(case, terms.policy_of(case));
    matches!(&promise.by, Deed::Fill(key) if lines.contains(&key.as_str()))
        && !in_part
        && may_be_held_back(case, terms.kind_of(case))
}

/// How it is done: the commands, or first what the letter lacks.
pub(super) fn way(promise: &Promise, case: &Case, terms: &Terms, now: DateTime<Utc>) -> Line {
    gap(case, promise, terms, now).unwrap_or_else(|| text::promised_back(promise, case, terms))
}

/// That docket brings a letter itself, where it was let go, or that it would bring another copy of their data than is here by now.
pub(super) fn brought(case: &Case, name: &str, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let release = case.visit.as_ref().and_then(|visit| visit.open(name))?;
    if release.state == ReleaseState::Waiting && case.is_outdated(release) {
        let line = Line::ours("another copy of their data is here than the one that was let go – ");
        return Some(line.code(format!("{} sent {} {name} via=dm", terms.prefix(), case.id)));
    }
    let leaves = dates::moment(release.leaves.max(now), terms.zone_of(case));
    Some(Line::ours(format!("docket brings them the letter {name}, {leaves} at the earliest")))
}

/// The letter to the requester: written and sent, or first what it lacks. `is_last` says that nothing else is owed.
fn write(case: &Case, name: &str, is_last: bool, terms: &Terms, now: DateTime<Utc>) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let unsent = || command(text::unsent(&case.id.to_string()));
    let line = Line::new();
    if let Some(brings) = brought(case, name, terms, now) {
        return brings;
    }
    match letter::draft(case, name, None, terms, now) {
        Ok(_) => {
            let line = line
                .code(command(format!("letter {} {name}", case.id)))
                .say(", then ")
                .code(command(format!("sent {} {name} via={}", case.id, case.way_to_write(name))));
            let may_stay = is_last && looks_fake(case);
            if may_stay { line.say("; if they must not hear – ").code(unsent()) } else { line }
        }
        Err(Refusal::Letter(Obstacle::Open { ref open, .. })) if let Some(key) = lacking(open) => {
            lacks(case, key, terms)
        }
        // Nobody can fill in what the policy's letter asks for; `policy check` says so to whoever writes it.
        Err(_) => line
            .say(format!("the policy’s letter {name} cannot be filled in: write your own, then "))
            .code(unsent()),
    }
}

/// What a letter that is promised lacks, if it lacks a line.
fn gap(case: &Case, promise: &Promise, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let Deed::Send(name) = &promise.by else { return None };
    match letter::draft(case, name, None, terms, now) {
        Err(Refusal::Letter(Obstacle::Open { open, .. })) => {
            lacking(&open).map(|key| lacks(case, key, terms))
        }
        Ok(_) | Err(_) => None,
    }
}

/// That a letter lacks a line, with the command that fills it in.
fn lacks(case: &Case, key: &str, terms: &Terms) -> Line {
    let label = terms.kind_of(case).map_or(key, |kind| label_of(kind, key)).to_owned();
    let set = format!("{} set {} {}=…", terms.prefix(), case.id, key.replace(' ', "-"));
    Line::ours(format!("the letter lacks {label} – ")).code(set)
}

/// The first line of the case that a letter lacks.
fn lacking(open: &[letter::Open]) -> Option<&str> {
    open.iter().find_map(|gap| match &gap.filler {
        Filler::Line(key) => Some(key.as_str()),
        Filler::NoLine
        | Filler::Hold
        | Filler::Ending
        | Filler::Scope
        | Filler::NothingMissing
        | Filler::NoClock
        | Filler::HoldRuns
        | Filler::Extension
        | Filler::Stock(_)
        | Filler::NoLength
        | Filler::OwnLanguage
        | Filler::Broken => None,
    })
}

/// The other way where nobody real has asked about the users: two people decide that they are not told.
fn or_nobody(line: Line, case: &Case, terms: &Terms) -> Line {
    if !looks_fake(case) {
        return line;
    }
    let waive = format!("{} notify {} waive reason=…", terms.prefix(), case.id);
    let or = match case.is_fake() {
        true => "; nobody is told of a fake, if two people agree – ",
        false => "; if it is a fake, two people can agree that nobody is told – ",
    };
    line.say(or).code(waive)
}

/// Whether somebody asked the agency and heard that the request is not theirs, or it was refused because nobody could confirm
/// it (rule 61).
fn looks_fake(case: &Case) -> bool {
    let is_unconfirmed = match case.outcome.as_ref().map(|outcome| &outcome.what) {
        Some(Ending::Refused { code }) => code == UNVERIFIED && case.requester.is_none(),
        Some(
            Ending::Answered { .. }
            | Ending::Withdrawn
            | Ending::Redirected { .. }
            | Ending::Duplicate { .. },
        )
        | None => false,
    };
    case.is_fake() || case.denied(Verifiable::Requester).is_some() || is_unconfirmed
}
