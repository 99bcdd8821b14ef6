//! What a policy says of a kind that lacks what it takes: a clock that can never run for it, an instrument that wants what nobody
//! can write down, a letter or a copy that there is not. No mistake, for it may serve other kinds; what serves none of its kinds is
//! one, and is told where the file is read.

use chrono::{Datelike, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::written::written_out;
use crate::case::calendar::moment_after;
use crate::case::conflict::RIGHT_KEY;
use crate::case::letter::{ACK, ANSWER, ASK, NOTICE, REDIRECT, REFUSE};
use crate::case::{Calendar, Category, ClockRule, FLAG_KEY, Held, INSTRUMENT_KEY, Kind, Policy, Start, Stop};

/// A sentence for each thing that is lacking, and for each line of the operator's own that no kind has.
pub(super) fn gaps(policy: &Policy, unused: &[String]) -> Vec<String> {
    let clocks = policy.clocks.iter().flat_map(|clock| {
        let said = move |(need, does)| (format!("the clock `{}` {does}", clock.name), need);
        needs_of(clock).into_iter().map(said).map(|(says, need)| (says, need, clock.kinds.as_slice()))
    });
    let instruments = policy.instruments.iter().flat_map(|instrument| {
        let says = format!("the instrument `{}` wants", instrument.name);
        let wants = instrument.wants.iter();
        wants.map(move |line| (says.clone(), Need::Line(line), instrument.kinds.as_slice()))
    });
    let lacking =
        clocks.chain(instruments).filter_map(|(says, need, kinds)| gap(&says, &need, kinds, policy));
    let unused = unused.iter().map(|line| {
        format!("the line `{line}` stands on no form: name it in `required` or `optional` of a kind")
    });
    let ends = policy.calendars.iter().filter_map(|(name, calendar)| list_end(name, calendar));
    let uncopied = policy.kinds.iter().filter_map(no_copy);
    lacking
        .chain(letters(policy))
        .chain(nowhere_to_write(policy))
        .chain(written_out(policy))
        .chain(uncopied)
        .chain(aimless(policy))
        .chain(told_late(policy))
        .chain(ends)
        .chain(unused)
        .collect()
}

/// That a list of holidays ends, and a date after its end may be too early, where nothing comes back every year.
fn list_end(name: &str, calendar: &Calendar) -> Option<String> {
    let last = calendar.holidays.last().filter(|_| calendar.every_year.is_empty())?;
    let year = last.year();
    Some(format!(
        "the calendar `{name}` names no holiday after {year}, and a date after that may be too early; what comes back every \
         year stands under `every_year`"
    ))
}

/// That users who are told of a request read nowhere where to write to (rule 25).
fn nowhere_to_write(policy: &Policy) -> Option<String> {
    let said = policy.text("contact");
    let is_address = said.contains('@') || said.contains("://");
    let tells = policy.kinds.iter().any(|kind| kind.notify);
    (tells && !is_address).then(|| {
        "the text `contact` holds no address: whoever is told of a request reads nowhere where to write to".to_owned()
    })
}

/// That users would be told of a kind, and get no copy of the request (rule 25).
fn no_copy(kind: &Kind) -> Option<String> {
    let says = "has `notify: true` and no `copy`: its users get to read no line of the request";
    (kind.notify && kind.copy.is_empty()).then(|| format!("the kind `{}` {says}", kind.name))
}

/// That users who ask what is held about them and why are not told why.
fn aimless(policy: &Policy) -> Option<String> {
    policy.visits.as_ref()?;
    let is_held = |category: &&Category| category.held != Held::Never;
    let silent = policy.categories.iter().filter(is_held).filter(|category| category.why.is_none());
    let names: Vec<String> = silent.map(|category| format!("`{}`", category.name)).collect();
    (!names.is_empty()).then(|| {
        format!(
            "users can ask what is held and why, and these `categories` do not say why: {}",
            names.join(", ")
        )
    })
}

/// That what came of an erasure is told after the time in which whoever asked must hear of it (rule 43).
fn told_late(policy: &Policy) -> Option<String> {
    let waits = policy.visits.as_ref()?.erasure_after?;
    // No month is shorter than this one, and no days of it are free.
    let begins = NaiveDate::from_ymd_opt(2027, 2, 1)?.and_time(NaiveTime::MIN).and_utc();
    let end = |span| moment_after(begins, span, &Calendar::weekends(), Tz::UTC);
    let has_rights = |name: &String| policy.kind(name).is_some_and(|kind| kind.field(RIGHT_KEY).is_some());
    let is_answer = |clock: &&ClockRule| {
        let is_theirs = clock.kinds.is_empty() || clock.kinds.iter().any(has_rights);
        // What is for some of them only may be for other rights.
        is_theirs
            && clock.only.is_empty()
            && clock.from == Start::Received
            && clock.until.is_any(&[Stop::Answered])
    };
    let waits_until = end(waits)?;
    let missed = |clock: &&ClockRule| end(clock.term.span).is_some_and(|due| due <= waits_until);
    let clock = policy.clocks.iter().filter(is_answer).find(missed)?;
    Some(format!(
        "what came of an erasure leaves after {waits} (`erasure_after`), and the clock `{}` ends after {}: whoever asked in a \
         room with docket hears of it too late",
        clock.name, clock.term.span
    ))
}

/// What something takes.
enum Need<'p> {
    Line(&'p str),
    Letter(&'p str),
    /// Something that is true of the kind, with the key that says so.
    Truth(&'static str, fn(&Kind) -> bool),
}

impl Need<'_> {
    fn is_met(&self, kind: &Kind, policy: &Policy) -> bool {
        match self {
            Need::Line(line) => kind.field(line).is_some(),
            Need::Letter(letter) => policy.letter(letter, &kind.name).is_some(),
            Need::Truth(_, is) => is(kind),
        }
    }

    fn said(&self) -> String {
        match self {
            Need::Line(line) => format!("the line `{line}`"),
            Need::Letter(letter) => format!("the letter `{letter}`"),
            Need::Truth(key, _) => format!("`{key}: true`"),
        }
    }
}

/// What a clock takes, with what for.
fn needs_of(clock: &ClockRule) -> Vec<(Need<'_>, &'static str)> {
    let begins = match &clock.from {
        Start::Line(line) => Some(Need::Line(line)),
        Start::Sent(letter) => Some(Need::Letter(letter)),
        Start::Attested => Some(Need::Truth("attest", |kind| kind.attest)),
        Start::Received
        | Start::Answered
        | Start::Closed
        | Start::Countered
        | Start::Dropped
        | Start::HoldEnded
        | Start::Flagged => None,
    };
    let mut needs: Vec<_> = begins.into_iter().map(|need| (need, does_begin(&clock.from))).collect();
    let stops = clock.until.each();
    needs.extend(stops.iter().filter_map(|stop| match stop {
        Stop::Line(line) => Some((Need::Line(line), "ends with")),
        // Of several ends another serves.
        Stop::Sent(letter) if stops.len() == 1 => Some((Need::Letter(letter), "ends with")),
        Stop::Told if stops.len() == 1 => {
            Some((Need::Truth("notify", |kind| kind.notify), "ends when users are told, which takes"))
        }
        Stop::Sent(_) | Stop::Told | Stop::Answered | Stop::Held | Stop::Closed | Stop::First(_) => None,
    }));
    let tasks = clock.tasks.iter().flat_map(|tasks| &tasks.lines);
    needs.extend(tasks.map(|line| (Need::Line(line), "asks for")));
    let of_lines = clock.only.iter().filter(|only| only.key != FLAG_KEY && only.key != INSTRUMENT_KEY);
    needs.extend(of_lines.map(|only| (Need::Line(&only.key), "runs only by")));
    let letter = clock.extension.as_ref().and_then(|extension| extension.letter.as_deref());
    needs.extend(letter.map(|letter| (Need::Letter(letter), "tells of more time by")));
    needs
}

fn does_begin(from: &Start) -> &'static str {
    match from {
        Start::Attested => "begins when the danger is attested, which takes",
        Start::Line(_)
        | Start::Sent(_)
        | Start::Received
        | Start::Answered
        | Start::Closed
        | Start::Countered
        | Start::Dropped
        | Start::HoldEnded
        | Start::Flagged => "begins with",
    }
}

/// That some of the kinds that are named lack it.
fn gap(says: &str, need: &Need<'_>, named: &[String], policy: &Policy) -> Option<String> {
    let lacks = |kind: &&Kind| named.contains(&kind.name) && !need.is_met(kind, policy);
    let (kinds, lack) = said(policy.kinds.iter().filter(lacks))?;
    Some(format!("{says} {}, and {kinds} {lack} it", need.said()))
}

/// The letters that docket looks for on every case, and that some kind lacks: nobody is told by them, and nobody is asked to.
fn letters(policy: &Policy) -> impl Iterator<Item = String> {
    [ACK, ASK, ANSWER, REFUSE, REDIRECT, NOTICE].into_iter().filter_map(|letter| {
        let takes = |kind: &&Kind| letter != NOTICE || kind.notify;
        let lacks = |kind: &&Kind| takes(kind) && policy.letter(letter, &kind.name).is_none();
        let (kinds, lack) = said(policy.kinds.iter().filter(lacks))?;
        Some(format!("{kinds} {lack} the letter `{letter}`, so there is none to send"))
    })
}

/// The kinds, and that they lack something; none if there are none.
fn said<'k>(kinds: impl Iterator<Item = &'k Kind>) -> Option<(String, &'static str)> {
    let names: Vec<String> = kinds.map(|kind| format!("`{}`", kind.name)).collect();
    match names.as_slice() {
        [] => None,
        [only] => Some((format!("the kind {only}"), "lacks")),
        [first @ .., last] => Some((format!("the kinds {} and {last}", first.join(", ")), "lack")),
    }
}
