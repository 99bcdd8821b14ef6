//! What time brought to a case, as a message. Its first line is all that a locked screen shows: the id and the date, no name.

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::next::{next, step_of_request};
use crate::case::clock::{IDLE, ends_by_itself, idle, is_approval};
use crate::case::conflict::RIGHT_KEY;
use crate::case::reminding::called_people;
use crate::case::{Account, Call, Case, Event, Field, Need, Reminder, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::reading::CONTEXT;
use crate::chat::{dates, text};

/// A reminder that comes later than this after its moment says so.
const LATE: TimeDelta = TimeDelta::minutes(10);
/// The pause that a reminder offers.
const PAUSE: TimeDelta = TimeDelta::days(2);
/// How many moments that were missed are named.
const MISSED_SHOWN: usize = 3;

/// The reminder that these events are, decided at `at`.
pub fn reminder(case: &Case, events: &[Event], at: DateTime<Utc>, terms: &Terms, now: DateTime<Utc>) -> Page {
    let reminders: Vec<&Reminder> = reminders(events).collect();
    let mut page = Page::of(match reminders.first() {
        Some(first) if is_over(first, events) => {
            let date = dates::deadline(first.due, terms.zone_of(case));
            let until = dates::until(first.due, now, terms.zone_of(case));
            Line::new().strong(case.id.to_string()).dot().say(format!("over since {date} {until}"))
        }
        Some(first) => when(case, first, terms, now),
        None => Line::new()
            .strong(case.id.to_string())
            .dot()
            .say(dates::day(at.with_timezone(&terms.zone_of(case)).date_naive())),
    });
    if case.is_sealed() {
        // The room is read by all: what falls due and what happened stand in the case.
        let show = format!("{} show {}", terms.prefix(), case.id);
        page = page.line(Line::ours("Sealed: ").code(show)).line(whom(case, events, terms));
        return if reminders.is_empty() { page } else { page.line(answers(case, &reminders, terms, now)) };
    }
    for (n, reminder) in reminders.iter().enumerate() {
        if is_over(reminder, events) {
            continue; // what has happened says so
        }
        // `approval due due Tuesday` says it twice.
        let title = if n == 0 { &reminder.title } else { reminder.title.trim_end_matches(" due") };
        let line = Line::ours(title.to_owned()).begin_sentence();
        // The date of the first stands above.
        let line = match (n, reminder.title.strip_suffix(" due")) {
            (0, _) => line,
            (_, Some(title)) => {
                Line::ours(format!("{title} {}", due(reminder, terms.zone_of(case), now))).begin_sentence()
            }
            (_, None) => line.say(format!(": {}", due(reminder, terms.zone_of(case), now))),
        };
        page = page.line(line);
        page = page.lines(late(reminder, at, terms.zone));
        if reminder.clock == IDLE {
            page = page.lines(next(case, terms, now));
        }
        // Once its time is over nobody can approve it any more.
        let is_open = !is_approval(&reminder.clock) || now < reminder.due;
        let way_out = way_out(&reminder.clock, case, terms, now).begin_sentence();
        // The next step of the request may be that of several.
        let is_said = page.all_lines().contains(&way_out);
        page = page.lines((is_open && !is_said).then_some(way_out));
    }
    let others = events.iter().filter(|event| !event.is_quiet() && !event.is_of_reminders());
    page = page.lines(others.map(|event| text::happened(event, terms.zone_of(case)).begin_sentence()));
    // What a user asks for by themselves nobody has typed here.
    if events.iter().any(|event| matches!(event, Event::Visited { .. })) {
        let lines = case.fields.iter().filter(|field| field.key == RIGHT_KEY || field.key == CONTEXT);
        let line = |field: &Field| Line::new().known(&field.label).say(": ").theirs(&field.value);
        page = page.lines(lines.map(line));
    }
    page = page.lines(text::took_back_late(case, events));
    if events.iter().any(|event| matches!(event, Event::Reminded { in_doubt: true, .. })) {
        page = page.line(Line::ours("The machine’s clock is in doubt, so this may come at the wrong time."));
    }
    // What ended by itself leaves something to do, and so does what is worked again.
    let is_back = events.iter().any(|event| event.is_back() || event.is_let_go());
    if is_back || reminders.iter().any(|reminder| is_over(reminder, events)) {
        page = page.lines(next(case, terms, now));
    }
    page = page.line(whom(case, events, terms));
    match reminders.is_empty() {
        true => page,
        false => {
            page.lines(Some(answers(case, &reminders, terms, now)).filter(|line| !line.text().is_empty()))
        }
    }
}

/// What ends what somebody is reminded of, as a command: its own, or the next step of the request, with which it ends. Where
/// nothing does, that nobody has to do anything.
fn way_out(clock: &str, case: &Case, terms: &Terms, now: DateTime<Utc>) -> Line {
    let own = text::way_out(clock, case, terms);
    let next = || step_of_request(case, terms, now).map(|step| Line::ours("Next: ").join(step));
    let nothing = || Line::ours("Nothing is to be done for it: it is over by itself.");
    own.or_else(next).unwrap_or_else(nothing)
}

/// Whether the clock has ended by itself, which is what was to come of it.
fn is_over(reminder: &Reminder, events: &[Event]) -> bool {
    let only_lasted =
        |event: &Event| matches!(event, Event::ClockElapsed { clock, .. } if *clock == reminder.clock);
    events.iter().any(|event| match reminder.clock.as_str() {
        _ if only_lasted(event) => true,
        "hold" => matches!(event, Event::HoldOver { .. }),
        "gag" => matches!(event, Event::GagOver { .. }),
        "secrecy" => matches!(event, Event::SecrecyLapsed),
        _ => false,
    })
}

/// Whom it calls.
pub fn mentions(case: &Case, events: &[Event], terms: &Terms) -> Vec<Account> {
    let call = reminders(events).filter_map(|reminder| reminder.call).max().unwrap_or(Call::Owner);
    let mut called = called_people(case, call, terms);
    // Those of the role that the clock calls, from its first reminder on (rule 56).
    let roles = reminders(events).filter_map(|reminder| terms.role_called(case, &reminder.clock));
    let by_role = roles.flat_map(|role| terms.called(case, role)).collect::<Vec<_>>();
    for account in by_role.into_iter().chain(text::called_at_once(case, events, terms)) {
        if !called.contains(&account) {
            called.push(account);
        }
    }
    // Whoever agreed on something that another case forbids now.
    for account in events.iter().flat_map(Event::forbidden_to) {
        let is_there = terms.person(account).is_some() && !terms.frozen.contains(account);
        if is_there && terms.may_on(case, account, Need::Listed) && !called.contains(account) {
            called.push(account.clone());
        }
    }
    called
}

fn reminders(events: &[Event]) -> impl Iterator<Item = &Reminder> {
    events.iter().flat_map(Event::reminders)
}

fn when(case: &Case, reminder: &Reminder, terms: &Terms, now: DateTime<Utc>) -> Line {
    let line = Line::new().strong(case.id.to_string()).dot();
    if reminder.clock == IDLE {
        let (since, zone) = (idle::since(case), terms.zone_of(case));
        let day = since.with_timezone(&zone).date_naive();
        return line.say(format!("nothing since {} {}", dates::day(day), dates::distance(day, now, zone)));
    }
    line.say(due(reminder, terms.zone_of(case), now))
}

/// `due Fri 27 Nov 2026 (in 7 days)`, `overdue since Fri 27 Nov 2026 (yesterday)`.
fn due(reminder: &Reminder, zone: Tz, now: DateTime<Utc>) -> String {
    let date = dates::deadline(reminder.due, zone);
    let until = dates::until(reminder.due, now, zone);
    match now < reminder.due {
        true => format!("due {date} {until}"),
        // What ends by itself is over, and only waits for a clock that is believed.
        false if ends_by_itself(&reminder.clock, &reminder.title) => format!("was to end {date} {until}"),
        false => format!("overdue since {date} {until}"),
    }
}

/// That it should have come before, and when.
fn late(reminder: &Reminder, at: DateTime<Utc>, zone: Tz) -> Option<Line> {
    let missed: Vec<&DateTime<Utc>> = reminder.steps.iter().filter(|step| at - **step > LATE).collect();
    if missed.is_empty() {
        return None;
    }
    let shown = missed.iter().rev().take(MISSED_SHOWN).rev();
    let shown: Vec<String> = shown.map(|step| dates::short(**step, zone)).collect();
    let more = missed.len().saturating_sub(MISSED_SHOWN);
    let more = match more {
        0 => String::new(),
        1 => "once before, then ".to_owned(),
        more => format!("{more} times before, then "),
    };
    Some(Line::ours(format!("Late: it should have come {more}{}", shown.join(", "))))
}

fn whom(case: &Case, events: &[Event], terms: &Terms) -> Line {
    let called = mentions(case, events, terms);
    let mut line = match &case.owner {
        Some(_) => Line::new(),
        None => Line::ours("Nobody owns it: ").code(format!("{} assign {} me", terms.prefix(), case.id)),
    };
    for (n, account) in called.iter().enumerate() {
        line = line.say(match (n, case.owner.is_some()) {
            (0, true) => "For ",
            (0, false) => " · for ",
            _ => ", ",
        });
        line = line.theirs(account.as_str());
    }
    if called.is_empty() && case.owner.is_some() {
        return Line::ours("Its owner is not to be reached.");
    }
    line
}

/// The commands that answer it.
fn answers(case: &Case, reminders: &[&Reminder], terms: &Terms, now: DateTime<Utc>) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let seen = command(format!("seen {}", case.id));
    // Once is enough: some of what there is to do names it.
    let is_named = reminders.iter().filter_map(|one| text::way_out(&one.clock, case, terms));
    let is_named = !case.is_sealed() && is_named.into_iter().any(|line| line.text().contains(&seen));
    let line = if is_named { Line::new() } else { Line::new().code(seen) };
    // Nobody is helped by a pause that is longer than the time that is left.
    let can_wait = |reminder: &&Reminder| reminder.clock == IDLE || reminder.due > now + PAUSE;
    if !reminders.iter().any(can_wait) {
        return line;
    }
    let line = if is_named { line } else { line.say(" · ") };
    line.code(command(format!("snooze {} 2d", case.id)))
}
