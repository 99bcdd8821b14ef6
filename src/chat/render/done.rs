//! The answer to a command that changed a case: what happened, and the next step. What the case looks like now is its card.

use chrono::{DateTime, Utc};

use super::card::{acknowledgement, cautions, stage};
use super::deadlines::deadlines;
use super::next::next;
use super::pending::waiting;
use crate::case::clock::{runs, too_soon};
use crate::case::{Beside, Case, CaseId, Event, Flag, RESTORED_KEY, Relation, Terms, letter};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// The answer to a command that changed a case: what happened, then the next step.
pub fn done(case: &Case, events: &[(CaseId, Event)], terms: &Terms, now: DateTime<Utc>) -> Page {
    let mut page = Page::new();
    for (_, event) in events.iter().filter(|(id, event)| *id == case.id && !event.is_quiet()) {
        if let Event::Compared { beside } = event {
            page = page.lines(found_beside(case, beside, terms));
            continue;
        }
        if let Event::Proposed { code, command, .. } = event {
            let line =
                Line::new().strong(case.id.to_string()).dot().say("not done yet, for it takes two people: ");
            page = page.line(line.join(text::act(command, terms.zone_of(case))));
            let proposal = case.proposals.iter().find(|proposal| proposal.code == *code);
            page = page.lines(proposal.into_iter().flat_map(|proposal| waiting(case, proposal, terms)));
            continue;
        }
        if let Event::Contradicted { .. } | Event::Warned { .. } = event {
            continue; // said below, all at once
        }
        if let Event::WrongCode = event {
            page = page.line(text::wrong_code(case.id, terms));
            continue;
        }
        if let Event::Snoozed { .. } = event {
            let line = Line::new().strong(case.id.to_string()).dot();
            let line = line.join(text::happened(event, terms.zone_of(case)));
            page = page.line(line).lines(text::not_put_off(case, terms, now));
            continue;
        }
        if let Event::Seen { clocks: Some(clocks) } = event {
            let line = Line::new().strong(case.id.to_string()).dot();
            let line = line.join(text::happened(event, terms.zone_of(case)));
            page = page.line(line).lines(text::asked_again(clocks, case, terms));
            continue;
        }
        page = page.line(match event {
            Event::Opened { kind, .. } => Line::new()
                .strong(case.id.to_string())
                .say(format!(" opened: {kind} · {}", stage(case, terms)))
                .join(received(case, terms, now)),
            event => {
                Line::new().strong(case.id.to_string()).dot().join(text::happened(event, terms.zone_of(case)))
            }
        });
    }
    // A request that was swallowed by another is lost unless somebody reads of it at once.
    if events.iter().any(|(id, event)| *id == case.id && matches!(event, Event::Opened { .. })) {
        page = page.lines(text::second_requests(case, terms));
    }
    // Whoever set the flag need not be one of those who may see what follows.
    let seals = |event: &Event| matches!(event, Event::Flagged { flag: Flag::Csea });
    if events.iter().any(|(id, event)| *id == case.id && seals(event)) {
        return page.lines(text::sealed_now(case, terms));
    }
    // Whom it calls reads what for before anything else.
    let own = events.iter().filter(|(id, _)| *id == case.id).map(|(_, event)| event);
    page = page.lines(text::called_now(case, own, terms, now));
    page = page.lines(super::adoption::adopted(case, events, terms));
    // Whose records a hold does not keep although it was extended for them, with what keeps those.
    for (id, event) in events.iter().filter(|(id, _)| *id != case.id) {
        if let Event::KeptWith { other, without, .. } = event
            && !without.is_empty()
        {
            let line = Line::new().strong(id.to_string()).dot();
            page = page.line(line.join(text::keeps_nothing_of(*other, without, &id.to_string(), terms)));
        }
    }
    // What it means for the other case, and for what waits there, is said where it was done.
    for (id, event) in events.iter().filter(|(id, _)| *id != case.id) {
        if let Event::CounterEnded { .. }
        | Event::CounterStands { .. }
        | Event::DueAgain { .. }
        | Event::Closed
        | Event::KeptNoLonger { .. }
        | Event::KeptDown { .. }
        | Event::Linked { how: Relation::Counter, outward: true, .. }
        | Event::Voided { .. } = event
        {
            let line = Line::new().strong(id.to_string()).dot();
            page = page.line(line.join(text::happened(event, terms.zone_of(case))));
        }
    }
    let contrary = text::contradicted(case.id, events);
    let unshown = events
        .iter()
        .any(|(id, event)| *id == case.id && matches!(event, Event::Warned { unshown: true, .. }));
    let page = page.lines(text::warnings(&contrary, case.id, terms));
    let page = page.lines(unshown.then(|| text::kept_unshown(terms)));
    let page = page.lines(text::erased_in_part(case, events, terms));
    let own = events.iter().filter(|(id, _)| *id == case.id);
    let set =
        own.filter_map(|(_, event)| if let Event::FieldSet { field } = event { Some(field) } else { None });
    let soon = set.filter_map(|field| text::too_soon(&too_soon(case, field, terms)?, field, case, terms));
    let page = page.lines(soon);
    let counters =
        |event: &Event| matches!(event, Event::Linked { how: Relation::Counter, outward: true, .. });
    let kind =
        terms.kind_of(case).filter(|_| events.iter().any(|(id, event)| *id == case.id && counters(event)));
    let page = page.lines(kind.into_iter().flat_map(|kind| text::may_counter_too(case, kind, terms)));
    let is_duplicate = events.iter().any(|(id, event)| {
        *id == case.id && matches!(event, Event::Linked { how: Relation::Duplicate, outward: true, .. })
    });
    let page = page.lines(is_duplicate.then(|| text::left_unread(case, terms)).flatten());
    // What goes back while somebody asks for it is made inaccessible again, or should have waited (rule 41).
    let is_back = events.iter().any(|(id, event)| {
        *id == case.id && matches!(event, Event::FieldSet { field } if field.key == RESTORED_KEY)
    });
    let page = page.lines(is_back.then(|| text::back_all_the_same(case)).flatten());
    // While the letter is still to go out, the next step says so.
    let is_moved = |event: &Event| {
        matches!(event, Event::FieldSet { .. } | Event::FieldCleared { .. } | Event::Verified { .. })
    };
    let is_moved = events.iter().any(|(id, event)| *id == case.id && is_moved(event));
    let is_told = terms.policy_of(case).is_some_and(|policy| letter::owed(case, policy).is_none());
    let gone = text::reason_gone(case, terms).filter(|_| is_moved && is_told);
    let page = page.lines(gone.map(|gone| Line::ours("! ").join(gone)));
    let is_alone = events.iter().any(|(id, event)| *id == case.id && event.is_alone());
    let page = page.lines(is_alone.then(|| text::to_be_reviewed(case, terms, now)));
    let ends = |event: &Event| {
        matches!(
            event,
            Event::Withdrawn { .. }
                | Event::RequestRefused { .. }
                | Event::Redirected { .. }
                | Event::Answered { .. }
        )
    };
    let has_ended = events.iter().any(|(id, event)| *id == case.id && ends(event));
    let page = page.lines(has_ended.then(|| text::goes_back(case, terms)).flatten());
    let page = page.lines(next(case, terms, now));
    // Where a command moved a date, the new one is the answer.
    let tells_of_more = |event: &Event| {
        let letter = if let Event::LetterSent { letter, .. } = event { Some(letter) } else { None };
        letter.is_some_and(|letter| runs(case, terms).iter().any(|run| run.is_told_by(letter)))
    };
    let moves = |event: &Event| {
        let moves = matches!(
            event,
            Event::Opened { .. }
                | Event::ReceivedSet { .. }
                | Event::ClockProlonged { .. }
                | Event::WaitBegan { .. }
                | Event::WaitEnded
        );
        moves || tells_of_more(event)
    };
    let page = match events.iter().any(|(id, event)| *id == case.id && moves(event)) {
        true => page.lines(deadlines(case, terms, now)),
        false => page,
    };
    let is_new = events.iter().any(|(id, event)| *id == case.id && matches!(event, Event::Opened { .. }));
    if !is_new {
        return page;
    }
    let page = page
        .lines(text::received_unclear(case, true, terms))
        .lines(cautions(case, terms).iter().map(text::caution))
        .lines(text::named_aside(case, terms))
        .lines(super::scope::at_intake(case, terms, now));
    match acknowledgement(case, terms) {
        Some(letter) => {
            let command = format!("{} letter {} {}", terms.prefix(), case.id, letter.name);
            page.line(Line::ours("Acknowledge: ").code(command))
        }
        None => page,
    }
}

/// What a case is like and what contradicts it, where it was opened.
fn found_beside(case: &Case, beside: &Beside, terms: &Terms) -> Vec<Line> {
    let like = text::like(beside).map(Line::begin_sentence);
    let unshown = beside.unshown.then(|| text::kept_unshown(terms));
    like.into_iter().chain(text::clashes(&beside.conflicts, case.id, terms)).chain(unshown).collect()
}

fn received(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Line {
    let day = case.received.with_timezone(&terms.zone_of(case)).date_naive();
    if day == now.with_timezone(&terms.zone_of(case)).date_naive() {
        return Line::new();
    }
    Line::ours(format!(" · came in {} {}", dates::day(day), dates::distance(day, now, terms.zone_of(case))))
}
