//! What is said of those whom a flag or a clock calls (rule 56): whom, what they do, until when; and that nobody else does it.

use chrono::{DateTime, Utc};

use super::sealed::any_of;
use crate::case::clock::{calling, runs};
use crate::case::{Account, Case, Event, Flag, Role, Stop, Terms, calling::called_by};
use crate::chat::dates;
use crate::chat::page::Line;

/// Whom these events call at once: those of the role of each flag that was set. Of a sealed case nobody in the room.
pub fn called_at_once<'e>(
    case: &Case,
    events: impl IntoIterator<Item = &'e Event>,
    terms: &Terms,
) -> Vec<Account> {
    let roles = events.into_iter().filter_map(flag_set).filter_map(called_by).filter(|_| !case.is_sealed());
    let mut called: Vec<Account> = Vec::new();
    for account in roles.flat_map(|role| terms.called(case, role)) {
        if !called.contains(&account) {
            called.push(account);
        }
    }
    called
}

fn flag_set(event: &Event) -> Option<Flag> {
    if let Event::Flagged { flag } = event { Some(*flag) } else { None }
}

/// What they are called for, for everybody who reads the answer: one line for each flag that was set and calls somebody.
pub fn called_now<'e>(
    case: &Case,
    events: impl IntoIterator<Item = &'e Event>,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Vec<Line> {
    let flags = events.into_iter().filter_map(flag_set);
    flags.filter_map(|flag| Some(called(case, flag, called_by(flag)?, terms, now))).flatten().collect()
}

fn called(case: &Case, flag: Flag, role: Role, terms: &Terms, now: DateTime<Utc>) -> Vec<Line> {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let people = terms.called(case, role);
    let Some(who) = any_of(people.iter(), ", ") else {
        return vec![Line::ours(format!(
            "! Nobody is called: no one with the role {role} is listed who was not stopped. An administrator can add one under \
             people: in the configuration."
        ))];
    };
    let off = |line: Line| line.code(command(format!("tag {} -{}", case.id, flag.name())));
    let rule = calling(case, terms).into_iter().find(|(_, of)| *of == role).map(|(rule, _)| rule);
    let run = rule.and_then(|rule| runs(case, terms).into_iter().find(|run| run.clock.name == rule.name));
    let Some((rule, run)) = rule.zip(run) else {
        let says = ": please look into it. The policy that the case goes by counts no time for it, so nobody is reminded. When \
                    it is settled: ";
        return vec![off(who.say(says))];
    };
    let due = dates::deadline(run.clock.due, run.clock.zone);
    let by = format!(": please look into it by {due} {}.", dates::until(run.clock.due, now, run.clock.zone));
    let mut lines = vec![who.say(by)];
    for stop in rule.until.each() {
        if let Stop::Line(key) = stop {
            let help = terms.kind_of(case).and_then(|kind| kind.field(key)).map(|field| field.help.as_str());
            let line = Line::ours("Then say what was found: ").code(command(fill(case, key)));
            let line = help.into_iter().fold(line, |line, help| line.say(" – ").say(help));
            lines.push(off(line.say(". If it was a mistake: ")));
        }
    }
    lines
}

fn fill(case: &Case, key: &str) -> String {
    format!("set {} {}=\"…\"", case.id, key.replace(' ', "-"))
}

/// Whose word ends a clock that calls somebody, before the command.
pub(super) fn by_whom(role: Role, terms: &Terms) -> Line {
    match any_of(terms.who_may_answer(role), " or ") {
        Some(who) => who.say(" with "),
        None => Line::ours(format!("somebody with the role {role} with ")),
    }
}

/// That a flag comes off by the word of others.
pub(super) fn flag_of_others(flag: Flag, role: Role, id: &str, terms: &Terms) -> Line {
    let off = format!("{} tag {id} -{}", terms.prefix(), flag.name());
    let says =
        format!("the flag {} has called people, and it comes off by their word alone. Ask ", flag.name());
    whom(Line::ours(says), role, terms).say(": ").code(off)
}

/// That what ends a clock is said by others.
pub(super) fn clock_of_others(title: &str, line: Option<&str>, role: Role, id: &str, terms: &Terms) -> Line {
    let command = match line {
        Some(key) => format!("{} set {id} {}=\"…\"", terms.prefix(), key.replace(' ', "-")),
        None => format!("{} show {id}", terms.prefix()),
    };
    let says =
        Line::ours(format!("“{title}” is open, and what ends it is said by those alone whom it calls. Ask "));
    whom(says, role, terms).say(": ").code(command)
}

/// That what was said is changed by those alone whom the clock called.
pub(super) fn said_by_them(title: &str, line: &str, role: Role, id: &str, terms: &Terms) -> Line {
    let command = format!("{} set {id} {}=\"…\"", terms.prefix(), line.replace(' ', "-"));
    let says = Line::ours(format!(
        "what came of “{title}” is said, and changed by those alone whom it called. Ask "
    ));
    whom(says, role, terms).say(": ").code(command)
}

/// Who says that what they alone may say is never said: with a second person, and no one else.
pub(super) fn never_said(role: Role, command: String, terms: &Terms) -> Line {
    let line = Line::ours(
        " If it can never be done, that too is for those alone whom it calls, and a second person. Ask ",
    );
    whom(line, role, terms).say(": ").code(command)
}

fn whom(line: Line, role: Role, terms: &Terms) -> Line {
    match any_of(terms.who_may_answer(role), " or ") {
        Some(who) => line.join(who),
        None if let Some(stopped) = terms.stopped_who_answer(role).next() => {
            line.join(super::sealed::two_resume(stopped, terms))
        }
        None => line.say(format!(
            "your administrator to list somebody with the role {role}, for nobody is there who may"
        )),
    }
}
