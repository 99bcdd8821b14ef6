//! Clocks and the calendars that they count by. Does not let them run.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

use super::fields::Fields;
use super::kinds::some_kind_has;
use super::refer::{
    Names, each, each_once, flag, kinds_of, letter_of, name, named, named_whole, refer, words,
};
use super::spans::term;
use crate::case::calendar::{Yearly, first_moment};
use crate::case::{
    Calendar, ClockRule, Condition, Extension, FLAG_KEY, FieldForm, INSTRUMENT_KEY, Key, Kind, Start, Stop,
    Term, known, read_day,
};
use crate::yaml::{Map, Node, quoted, unknown, zone};

/// More than any country has; each is looked at for each day that is counted.
const MOST_EVERY_YEAR: usize = 50;

/// Holiday lists by name.
pub(super) fn calendars(node: Node<'_>) -> Option<BTreeMap<String, Calendar>> {
    let found = named(node, |key, node| {
        let called = name(key);
        let map = node.map(&["weekend", "every_year", "holidays", "not_on", "timezone"])?;
        let weekend = map.or("weekend", vec![Weekday::Sat, Weekday::Sun], |node| each_once(node, weekday));
        let holidays = map.or("holidays", Vec::new(), |node| each_once(node, |node| node.parse(read_day)));
        let every_year = map.or("every_year", Vec::new(), |node| {
            let days = each_once(node, |node| node.parse(Yearly::read))?;
            if days.len() > MOST_EVERY_YEAR {
                node.wrong(format_args!("at most {MOST_EVERY_YEAR} holidays come back every year"));
                return None;
            }
            Some(days)
        });
        let not_on = map.or("not_on", Vec::new(), |node| each_once(node, |node| node.parse(read_day)));
        let zone = map.may("timezone", zone);
        let holidays: BTreeSet<_> = holidays?.into_iter().collect();
        let not_on: BTreeSet<_> = not_on?.into_iter().collect();
        let calendar = Calendar { weekend: weekend?, holidays, every_year: every_year?, not_on, zone: zone? };
        if calendar.is_closed_for_a_year() {
            key.wrong(format_args!(
                "by the calendar {} no office is open for a whole year, so no term in business days would end; take days out \
                 of `weekend` or `holidays`",
                quoted(key.name())
            ));
            return None;
        }
        Some((called?, calendar))
    })?;
    Some(found.into_iter().collect())
}

fn weekday(node: Node<'_>) -> Option<Weekday> {
    let days = [
        ("mon", Weekday::Mon),
        ("tue", Weekday::Tue),
        ("wed", Weekday::Wed),
        ("thu", Weekday::Thu),
        ("fri", Weekday::Fri),
        ("sat", Weekday::Sat),
        ("sun", Weekday::Sun),
    ];
    node.one_of("day of the week", &days)
}

const KEYS: [&str; 11] = [
    "title",
    "kinds",
    "only",
    "from",
    "term",
    "not_before",
    "until",
    "pauses",
    "extension",
    "calendar",
    "lapses",
];

/// What clocks speak of: names, the lines that could be read, and the kinds if all could.
pub(super) struct Spoken<'s, 'a> {
    pub(super) names: &'s Names<'a>,
    pub(super) fields: &'s Fields,
    pub(super) kinds: Option<&'s [Kind]>,
}

/// The clocks.
pub(super) fn clocks(node: Node<'_>, spoken: &Spoken<'_, '_>) -> Option<Vec<ClockRule>> {
    named_whole(node, "clock", &["title", "from", "term", "until"], |key, node| clock(key, node, spoken))
}

fn clock(key: Node<'_>, node: Node<'_>, spoken: &Spoken<'_, '_>) -> Option<ClockRule> {
    let names = spoken.names;
    let called = name(key).filter(|name| {
        let is_taken = known::CLOCKS.contains(&name.as_str());
        if is_taken {
            key.wrong(format_args!(
                "{} is a clock that docket has by itself, and another would hide it; call yours otherwise",
                quoted(name)
            ));
        }
        !is_taken
    });
    let map = node.map(&KEYS)?;
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let kinds = map.or("kinds", Vec::new(), |node| {
        let kinds = kinds_of(node, names)?;
        if kinds.is_empty() {
            node.wrong("`kinds` is an empty list; name some, or leave it out for every kind");
            return None;
        }
        Some(kinds)
    });
    let runs_for = RunsFor { spoken, kinds: kinds.as_deref() };
    let only = map.or("only", Vec::new(), |node| conditions_of(node, &runs_for));
    let from = map.must("from", |node| start(node, &runs_for));
    let length = map.must("term", term);
    let not_before = map.may("not_before", term);
    let until = map.must("until", |node| stops(node, &runs_for));
    let pauses = map.or("pauses", false, |node| node.truth());
    let extension = map.may("extension", |node| extension(node, names));
    let calendar = map.may("calendar", |node| refer(node, "calendar", &names.calendars));
    let lapses = map.or("lapses", false, |node| node.truth());
    if let (Some(from), Some(until)) = (&from, &until) {
        runs_at_all(&map, from, until);
    }
    if let (Some(length), Some(Some(earliest))) = (length, not_before)
        && is_longer(earliest, length)
    {
        let message =
            format!("`not_before` ({earliest}) is longer than `term` ({length}): it is never the time");
        map.node().wrong_at(map.node().owner(), message);
    }
    Some(ClockRule {
        name: called?,
        title: title?,
        kinds: kinds?,
        only: only?,
        from: from?,
        term: length?,
        not_before: not_before?,
        until: until?,
        pauses: pauses?,
        extension: extension?,
        calendar: calendar?,
        lapses: lapses?,
    })
}

/// Notes a clock that would be over as soon as it began.
fn runs_at_all(map: &Map<'_>, from: &Start, until: &Stop) {
    let is_same = |until: &Stop| match (from, until) {
        (Start::Answered, Stop::Answered) => true,
        (Start::Sent(one), Stop::Sent(other)) | (Start::Line(one), Stop::Line(other)) => one == other,
        (
            Start::Received
            | Start::Answered
            | Start::Closed
            | Start::Attested
            | Start::Sent(_)
            | Start::Line(_)
            | Start::Countered,
            Stop::Answered
            | Stop::Sent(_)
            | Stop::Line(_)
            | Stop::Held
            | Stop::Told
            | Stop::Closed
            | Stop::First(_),
        ) => false,
    };
    if until.each().iter().any(is_same) {
        map.node().wrong_at(map.node().owner(), "it ends with what it begins with, so it never runs");
    }
}

/// Whether one term ends behind another, counted from an ordinary Monday.
fn is_longer(one: Term, other: Term) -> bool {
    let Some(monday) = NaiveDate::from_ymd_opt(2024, 1, 15) else {
        return false;
    };
    let start = first_moment(monday, Tz::UTC);
    let end = |term: Term| term.end(start, &Calendar::weekends(), Tz::UTC);
    end(one) > end(other)
}

/// The kinds that a clock runs for: those that it names, or all; none where they cannot be read.
struct RunsFor<'s, 'a> {
    spoken: &'s Spoken<'s, 'a>,
    kinds: Option<&'s [String]>,
}

impl RunsFor<'_, '_> {
    /// Whether some of them have the line, as far as that is known; notes it if none has: with what the line does for the
    /// clock, as in `it begins with`.
    fn have(&self, node: Node<'_>, line: &str, does: &str) -> bool {
        match (self.spoken.kinds, self.kinds) {
            (Some(all), Some(kinds)) => some_kind_has(node, line, does, all, kinds),
            (None, _) | (_, None) => true,
        }
    }
}

fn extension(node: Node<'_>, names: &Names<'_>) -> Option<Extension> {
    let map = node.map(&["most", "times", "before_end", "letter"])?;
    let most = map.must("most", term);
    let times = map.or("times", 1, |node| node.whole(1..=100));
    let before_end = map.or("before_end", false, |node| node.truth());
    let letter = map.may("letter", |node| names.letters.find(node, "letter", letter_of(node.line()?.trim())));
    Some(Extension { most: most?, times: times?, before_end: before_end?, letter: letter? })
}

/// Conditions of something that is no clock.
pub(super) fn conditions(node: Node<'_>, spoken: &Spoken<'_, '_>) -> Option<Vec<Condition>> {
    conditions_of(node, &RunsFor { spoken, kinds: None })
}

fn conditions_of(node: Node<'_>, runs_for: &RunsFor<'_, '_>) -> Option<Vec<Condition>> {
    let spoken = runs_for.spoken;
    named(node, |key, node| {
        let is_called = |name: &str| Key::read(key.name()).is_ok_and(|key| key.is(name));
        if is_called(INSTRUMENT_KEY) {
            let any_of = each(node, |node| refer(node, "instrument", &spoken.names.instruments))?;
            return Some(Condition { key: INSTRUMENT_KEY.to_owned(), any_of });
        }
        // A flag is no line: people set it, and a request cannot.
        if is_called(FLAG_KEY) {
            let any_of = each(node, flag)?.into_iter().map(|flag| flag.name().to_owned()).collect();
            return Some(Condition { key: FLAG_KEY.to_owned(), any_of });
        }
        let line = spoken.names.field_called(key, key.name());
        let any_of = words(node);
        let (line, any_of) = (line?, any_of?);
        runs_for.have(key, &line, "it runs only by");
        let form = spoken.fields.get(&line);
        let known: Option<Vec<&str>> = match form.map(|rule| &rule.form) {
            Some(FieldForm::OneOf(known)) => Some(known.iter().map(String::as_str).collect()),
            Some(FieldForm::SomeOf(known)) => Some(known.iter().map(|choice| choice.word.as_str()).collect()),
            Some(_) | None => None,
        };
        if let Some(known) = known {
            for item in node.any_number()? {
                let value = item.line()?.trim();
                if !known.iter().any(|word| word.eq_ignore_ascii_case(value)) {
                    let known = known.iter().copied();
                    item.wrong(unknown(&format!("value of {}", quoted(&line)), value, known));
                }
            }
        }
        Some(Condition { key: line, any_of })
    })
}

fn start(node: Node<'_>, runs_for: &RunsFor<'_, '_>) -> Option<Start> {
    let spoken = runs_for.spoken;
    let text = node.line()?.trim();
    match text.split_once(' ') {
        Some(("sent", letter)) => sent(node, letter, spoken).map(Start::Sent),
        Some(("line", _)) => {
            let line = line(node, spoken)?;
            let rule = spoken.fields.get(&line);
            if rule.is_some_and(|rule| rule.form != FieldForm::Day) {
                node.wrong(format_args!(
                    "the line {} is no day, so no clock can start with it",
                    quoted(&line)
                ));
                return None;
            }
            runs_for.have(node, &line, "it begins with");
            Some(Start::Line(line))
        }
        Some(_) | None => {
            let starts = [
                ("received", Some(Start::Received)),
                ("answered", Some(Start::Answered)),
                ("closed", Some(Start::Closed)),
                ("attested", Some(Start::Attested)),
                ("countered", Some(Start::Countered)),
                ("sent LETTER", None),
                ("line KEY", None),
            ];
            choose(node, "start of a clock", starts)
        }
    }
}

/// One end, or a list of which the first counts.
fn stops(node: Node<'_>, runs_for: &RunsFor<'_, '_>) -> Option<Stop> {
    if node.is_text() {
        return stop(node, runs_for);
    }
    let mut all = each_once(node, |node| stop(node, runs_for))?;
    match all.len() {
        0 => {
            node.wrong("a clock must end with something; write `until: answered`");
            None
        }
        1 => all.pop(),
        _ => Some(Stop::First(all)),
    }
}

fn stop(node: Node<'_>, runs_for: &RunsFor<'_, '_>) -> Option<Stop> {
    let spoken = runs_for.spoken;
    let text = node.line()?.trim();
    match text.split_once(' ') {
        Some(("sent", letter)) => sent(node, letter, spoken).map(Stop::Sent),
        Some(("line", _)) => {
            let line = line(node, spoken)?;
            let is_there = runs_for.have(node, &line, "it ends with");
            if is_there && spoken.fields.get(&line).is_some_and(|rule| !rule.ours) {
                node.wrong(format_args!(
                    "the line {} ends a clock, so a request must not be able to fill it in; write `by: us` at the line",
                    quoted(&line)
                ));
                return None;
            }
            Some(Stop::Line(line))
        }
        Some(_) | None => {
            let stops = [
                ("answered", Some(Stop::Answered)),
                ("held", Some(Stop::Held)),
                ("told", Some(Stop::Told)),
                ("closed", Some(Stop::Closed)),
                ("sent LETTER", None),
                ("line KEY", None),
            ];
            choose(node, "end of a clock", stops)
        }
    }
}

fn choose<T, const N: usize>(node: Node<'_>, what: &str, known: [(&str, Option<T>); N]) -> Option<T> {
    let text = node.line()?.trim();
    let names = known.each_ref().map(|(name, _)| *name);
    let found = known.into_iter().find(|(name, _)| *name == text).and_then(|(_, value)| value);
    if found.is_none() {
        node.wrong(unknown(what, text, names));
    }
    found
}

fn sent(node: Node<'_>, letter: &str, spoken: &Spoken<'_, '_>) -> Option<String> {
    let letter = letter_of(letter.trim());
    spoken.names.letters.find(node, "letter", letter)
}

fn line(node: Node<'_>, spoken: &Spoken<'_, '_>) -> Option<String> {
    let key = node.line()?.trim().strip_prefix("line ")?;
    spoken.names.field_called(node, key)
}
