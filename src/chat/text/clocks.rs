//! A clock in words: what falls due, when, and how far away that is.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::case::clock::{Run, Untold, runs, without_notice};
use crate::case::decide::{Later, Promise, countered, counters_nobody, promises};
use crate::case::{
    COURT_ACTION_KEY, Case, CaseId, Clock, Field, KeptDown, Kind, Others, Policy, RECEIVED_KEY, Reading,
    Start, Stop, Terms,
};
use crate::chat::dates;
use crate::chat::page::Line;

/// `answer due Fri 27 Nov 2026 (in 7 days)`, or since when it is overdue.
pub fn clock(clock: &Clock, now: DateTime<Utc>) -> String {
    let zone = clock.zone;
    let when = format!("{} {}", dates::deadline(clock.due, zone), dates::until(clock.due, now, zone));
    let title = &clock.title;
    if clock.due <= now && clock.ends_by_itself() {
        // It would be over, were the time believed.
        return format!("{title} once the machine’s clock is certain: {when}");
    }
    if clock.due <= now {
        return match title.strip_suffix(" due") {
            Some(what) => format!("{what} overdue since {when}"),
            None => format!("{title}: overdue since {when}"),
        };
    }
    let line = falls_due(title, &when);
    match clock.earliest.filter(|earliest| *earliest > now) {
        Some(earliest) => format!("{line}, not before {}", dates::beginning(earliest, zone)),
        None => line,
    }
}

fn falls_due(title: &str, when: &str) -> String {
    let reads_on = [" due", " ends", " lapses", " expires"].iter().any(|end| title.ends_with(end));
    let between = match (reads_on, title.contains(" to be ") && !title.contains(',')) {
        (true, _) => "",
        (false, true) => " by",
        (false, false) => ":",
    };
    format!("{title}{between} {when}")
}

/// That something that is counted would be due later, or counted no longer.
pub fn later(later: &Later) -> Line {
    let due = falls_due(&later.title, &dates::deadline(later.due, later.zone));
    let then = match later.then {
        Some(then) if then > later.due => {
            format!("would be {} instead", dates::deadline(then, later.zone))
        }
        Some(_) => "would stand still".to_owned(),
        None => "would be counted no longer".to_owned(),
    };
    Line::ours(format!("! {due} – {then}"))
}

/// How a counter-notice ends that is against a notice that nobody has (rule 41), as a command.
pub fn no_notice_on_file(id: &str, policy: &Policy, terms: &Terms) -> String {
    let code = policy.reason("not-a-notice").map_or("…", |reason| reason.code.as_str());
    format!("{} refuse {id} reason={code}", terms.prefix())
}

/// What the policy counts the days of and is still to be done, with how.
pub fn promised(promise: &Promise, id: &str, terms: &Terms) -> Line {
    let Clock { title, due, earliest, zone, .. } = &promise.clock;
    let line = Line::ours(format!("{title} (by {}", dates::deadline(*due, *zone)));
    let line = match earliest {
        Some(earliest) => line.say(format!(", not before {}) – ", dates::beginning(*earliest, *zone))),
        None => line.say(") – "),
    };
    let line = match promise.clock.calls {
        Some(role) => line.join(super::calling::by_whom(role, terms)),
        None => line,
    };
    line.join(super::deed(&promise.by, id, terms))
}

/// That what a notice made inaccessible goes back at once, for there is no notice any more and a counter-notice stands (rule 41).
pub fn goes_back(case: &Case, terms: &Terms) -> Option<Line> {
    without_notice(case)?;
    let down = &case.kept_down;
    if down.binds() {
        let says = Line::ours("! What was made inaccessible stays so: ").join(wanting_down(down));
        let ends = if down.erased { "" } else { ". It goes back once nothing is left of that" };
        return Some(says.say(ends));
    }
    let promise = &put_back(case, terms)?;
    let promised = promised(promise, &case.id.to_string(), terms).begin_sentence();
    if down.awaited().is_some() {
        let says = Line::ours("! ").join(kept_down(down, terms.zone_of(case)).begin_sentence());
        return Some(says.say(". ").join(promised));
    }
    if case.counters.is_empty() {
        let says =
            Line::ours("! Nothing is left of the request, so what was made inaccessible goes back now");
        let says = match down.is_any() {
            true => says.say(", but not all of it: ").join(wanting_down(down)).say(". "),
            false => says.say(". "),
        };
        return Some(says.join(promised));
    }
    let counters: Vec<String> = case.counters.keys().map(ToString::to_string).collect();
    let stands = if counters.len() == 1 { "counters" } else { "counter" };
    let says = format!(
        "! There is no notice any more and {} {stands} it, so what was made inaccessible goes back now. ",
        counters.join(", ")
    );
    Some(Line::ours(says).join(promised))
}

/// What is to be put back, if anything is (rule 41).
fn put_back(case: &Case, terms: &Terms) -> Option<Promise> {
    let runs = runs(case, terms);
    let is_back = |promise: &Promise| {
        let mut rules =
            runs.iter().filter(|run| run.clock.name == promise.clock.name).filter_map(|run| run.rule);
        rules.any(|rule| matches!(rule.from, Start::Countered | Start::Dropped))
    };
    promises(case, terms).into_iter().find(is_back)
}

/// The same with its command, once it is time for it.
pub fn put_back_now(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let promise = put_back(case, terms)?;
    let is_early = promise.clock.earliest.is_some_and(|earliest| earliest > now);
    (!is_early).then(|| promised_back(&promise, case, terms))
}

/// The same as something that is due, behind what is decided first: an open request that asks for the same (rule 41).
pub fn promised_back(promise: &Promise, case: &Case, terms: &Terms) -> Line {
    let promised = promised(promise, &case.id.to_string(), terms);
    match asking(case).filter(|_| put_back(case, terms).as_ref() == Some(promise)) {
        Some(asking) => asking.say(", so decide that first; ").join(promised),
        None => promised,
    }
}

/// That something went back although an open request asks for it to be inaccessible.
pub fn back_all_the_same(case: &Case) -> Option<Line> {
    Some(Line::ours("! it went back, and ").join(asking(case)?))
}

/// That open requests ask for the same, on which nothing was decided.
fn asking(case: &Case) -> Option<Line> {
    let asked = &case.kept_down.asked;
    (!asked.is_nobody()).then(|| asks(asked))
}

fn asks(asked: &Others) -> Line {
    let says = if asked.each().count() == 1 { "is open and asks" } else { "are open and ask" };
    Line::ours(format!("{} {says} for it to be inaccessible", named(asked)))
}

/// Which they are: the numbers of those that may be shown.
fn named(others: &Others) -> String {
    let mut said: Vec<String> = others.by.iter().map(ToString::to_string).collect();
    if !others.unshown.is_empty() {
        said.push("something that is not shown here".to_owned());
    }
    said.join(" and ")
}

/// Which other cases want something inaccessible.
fn wanting_down(down: &KeptDown) -> Line {
    let stand = Others { by: down.by.clone(), unshown: down.unshown.clone() };
    let one = stand.by.len() + usize::from(!stand.unshown.is_empty()) == 1;
    let stands = if one { "stands and asks" } else { "stand and ask" };
    let erased = "a case wanted it so whose time was over, and nothing goes back because of that";
    match (stand.is_nobody(), down.erased) {
        (true, _) => Line::ours(erased),
        (false, erases) => {
            let line = Line::ours(format!("{} {stands} for it too", named(&stand)));
            if erases { line.say("; ").say(erased) } else { line }
        }
    }
}

/// What other cases keep inaccessible that this one would put back, and until when; or that they no longer do.
pub fn kept_down(down: &KeptDown, zone: Tz) -> Line {
    let some = if down.rest { "some of what it made inaccessible" } else { "what it made inaccessible" };
    let stays = down.is_any().then(|| Line::ours(format!("{some} stays so: ")).join(wanting_down(down)));
    let until = down.awaited().map(|until| {
        let what = if down.is_any() { "the rest" } else { "what it made inaccessible" };
        let (earliest, of) = (dates::beginning(until.earliest, zone), named(&until.of));
        Line::ours(format!("{what} goes back with that of {of}, not before {earliest}"))
    });
    let asked = (!down.asked.is_nobody()).then(|| asks(&down.asked));
    let said = stays.into_iter().chain(until).chain(asked).reduce(|one, more| one.say("; ").join(more));
    said.unwrap_or_else(|| Line::ours("no other case keeps inaccessible what it made so"))
}

/// Of a counter-notice that is linked to its notice, which other notices keep the same inaccessible and may be countered by it too.
pub fn may_counter_too(case: &Case, kind: &Kind, terms: &Terms) -> Vec<Line> {
    let knows = |other: CaseId| countered(case).any(|link| link.other == other);
    let others =
        case.beside.may_counter.iter().filter(|other| !counters_nobody(case, kind) && !knows(**other));
    let lines = others.map(|other| {
        let link = format!("{} link {} {other} as=counter", terms.prefix(), case.id);
        Line::ours(format!("? {other} is about the same material. If it is countered too: ")).code(link)
    });
    lines.collect()
}

/// That the requester has not been told yet that a clock was given more time, or was too late, as the end of a line about it.
pub fn untold(untold: Option<Untold<'_>>, clock: &Clock, now: DateTime<Utc>) -> Line {
    let Some(Untold { letter, in_time, late, promised }) = untold else { return Line::new() };
    if !in_time {
        return Line::ours(format!(" · not told yet: the letter {letter} is to be sent"));
    }
    if late {
        return Line::ours(format!(" · no more time: the letter {letter} went out too late"));
    }
    if clock.due < now {
        return Line::ours(format!(" · no more time: the letter {letter} was not sent by then"));
    }
    let promised = dates::deadline(promised, clock.zone);
    Line::ours(format!(" · {promised} only if the letter {letter} is sent by then"))
}

/// That the letter which tells the requester of more time comes too late to give any, before somebody sends it.
pub fn promised_too_late(case: &Case, letter: &str, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let runs = runs(case, terms);
    let late = runs.iter().find(|run| {
        let untold = run.untold(case).filter(|untold| untold.in_time && untold.letter == letter);
        untold.is_some() && !run.still && run.clock.due < now
    })?;
    let due = dates::deadline(late.clock.due, late.clock.zone);
    let says = format!(
        "! It comes too late: {} {due}, and more time counts only if they are told by then. ",
        late.clock.title
    );
    Some(
        Line::ours(says)
            .say("The date in this letter would not hold; answer now, or say when in your own words."),
    )
}

/// That nobody knows when the request came, so that its clocks count from when it was opened (rule 5), and what to type; why
/// it was not understood stands in the answer that opens it and in the checklist.
pub fn received_unclear(case: &Case, with_reason: bool, terms: &Terms) -> Option<Line> {
    let unread = case.fields_of(RECEIVED_KEY).find_map(|field| match &field.reading {
        Reading::Unread { why } => Some((field, why)),
        Reading::Text
        | Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unknown { .. }
        | Reading::Claimed => None,
    });
    let (field, why) = unread.filter(|_| case.closed.is_none())?;
    let line = Line::ours("! Received: ").theirs(&field.value);
    let line = if with_reason { line.say(" – ").theirs(why) } else { line.say(" is not clear") };
    let day = dates::day(case.received.with_timezone(&terms.zone_of(case)).date_naive());
    let set = format!("{} set {} {RECEIVED_KEY}=…", terms.prefix(), case.id);
    Some(line.say(format!("; clocks count from {day} – ")).code(set))
}

/// That something was done before it could be, with the way to put the day right.
pub fn too_soon(clock: &Clock, field: &Field, case: &Case, terms: &Terms) -> Option<Line> {
    let earliest = dates::beginning(clock.earliest?, clock.zone);
    let set = format!("{} set {} {}=…", terms.prefix(), case.id, field.key.replace(' ', "-"));
    let line = Line::ours(format!("! too soon: {}, not before {earliest}, and ", clock.title));
    let line = line.theirs(&field.label).say(" says ").theirs(&field.value).say(". If the day is wrong: ");
    let line = line.code(set);
    let policy = terms.policy_of(case)?;
    let mut rules = policy.clocks.iter().filter(|rule| rule.name == clock.name);
    let court = Stop::Line(COURT_ACTION_KEY.to_owned());
    if !rules.any(|rule| rule.until.is_any(std::slice::from_ref(&court))) {
        return Some(line);
    }
    // What keeps it down comes before that day, or never.
    let court = format!("{} set {} {}=…", terms.prefix(), case.id, COURT_ACTION_KEY.replace(' ', "-"));
    Some(line.say(". If it is not back, but word of a court action came: ").code(court))
}

/// That a clock stands still.
pub fn still(run: &Run<'_>) -> String {
    format!("{} stands still while we wait for the requester", run.clock.name)
}

/// A clock whole: what falls due, since when it runs, how it was extended.
pub fn clock_whole(run: &Run<'_>, now: DateTime<Utc>) -> String {
    let zone = run.clock.zone;
    let line = if run.still {
        let was = dates::deadline(run.clock.due, zone);
        format!("{}; before that, {} {was}", still(run), run.clock.title)
    } else {
        clock(&run.clock, now)
    };
    let mut line =
        format!("Clock {}: {line} · since {}", run.clock.name, dates::beginning(run.clock.start, zone));
    if let Some(earliest) = run.clock.earliest.filter(|earliest| *earliest <= now) {
        line.push_str(&format!(" · not before {}", dates::beginning(earliest, zone)));
    }
    if run.counted > 0 {
        let by: Vec<String> =
            run.extensions.iter().take(run.counted).map(|more| more.term.to_string()).collect();
        let own_end = dates::deadline(run.unmoved_end, zone);
        line.push_str(&format!(" · extended by {} from {own_end}", by.join(" and ")));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, title: &str) -> String {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (start, due) = (at("2026-11-20T10:00:00Z"), at("2026-11-27T23:59:59Z"));
        let (name, title, zone) = (name.to_owned(), title.to_owned(), chrono_tz::Europe::London);
        clock(
            &Clock { name, title, start, due, earliest: None, zone, calls: None },
            at("2026-11-30T10:00:00Z"),
        )
    }

    #[test]
    fn what_ends_by_itself_is_never_overdue_but_waits_for_a_clock_that_is_believed() {
        let waits = "once the machine’s clock is certain: Fri 27 Nov 2026 (3 days ago)";
        assert_eq!(words("gag", "gag ends"), format!("gag ends {waits}"));
        assert_eq!(words("hold", "hold ends"), format!("hold ends {waits}"));
        // A question about a gag without an end is somebody's to ask.
        assert!(words("gag", "ask whether the gag still holds").contains("overdue"));
        assert!(words("answer", "answer due").starts_with("answer overdue since"));
    }
}
