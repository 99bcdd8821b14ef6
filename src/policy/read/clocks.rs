//! Clocks and the calendars that they count by. Does not let them run.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Weekday;

use super::fields::Fields;
use super::refer::{Names, each, each_once, flag, letter_of, name, named, refer, words};
use super::spans::term;
use crate::case::{
    Calendar, ClockRule, Condition, Extension, FLAG_KEY, FieldForm, Kind, Start, Stop, read_day,
};
use crate::yaml::{Map, Node, quoted, unknown};

/// Holiday lists by name.
pub(super) fn calendars(node: Node<'_>) -> Option<BTreeMap<String, Calendar>> {
    let found = named(node, |key, node| {
        let called = name(key);
        let map = node.map(&["weekend", "holidays"])?;
        let weekend = map.or("weekend", vec![Weekday::Sat, Weekday::Sun], |node| each_once(node, weekday));
        let holidays = map.or("holidays", Vec::new(), |node| each_once(node, |node| node.parse(read_day)));
        let holidays: BTreeSet<_> = holidays?.into_iter().collect();
        Some((called?, Calendar { weekend: weekend?, holidays }))
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
    named(node, |key, node| clock(key, node, spoken))
}

fn clock(key: Node<'_>, node: Node<'_>, spoken: &Spoken<'_, '_>) -> Option<ClockRule> {
    let names = spoken.names;
    let called = name(key);
    let map = node.map(&KEYS)?;
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let kinds = map.or("kinds", Vec::new(), |node| each_once(node, |node| refer(node, "kind", &names.kinds)));
    let only = map.or("only", Vec::new(), |node| conditions(node, spoken));
    let from = map.must("from", |node| start(node, spoken));
    let length = map.must("term", term);
    let not_before = map.may("not_before", term);
    let until = map.must("until", |node| stop(node, spoken));
    let pauses = map.or("pauses", false, |node| node.truth());
    let extension = map.may("extension", extension);
    let calendar = map.may("calendar", |node| refer(node, "calendar", &names.calendars));
    let lapses = map.or("lapses", false, |node| node.truth());
    if let (Some(Start::Line(line)), Some(kinds)) = (&from, &kinds) {
        some_kind_has(&map, line, kinds, spoken);
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

/// Notes a clock that can never start.
fn some_kind_has(map: &Map<'_>, line: &str, kinds: &[String], spoken: &Spoken<'_, '_>) {
    let Some(all) = spoken.kinds else {
        return;
    };
    let mut runs_for = all.iter().filter(|kind| kinds.is_empty() || kinds.contains(&kind.name));
    if !runs_for.any(|kind| kind.field(line).is_some()) {
        let message =
            format!("it begins with the line {}, and no kind that it runs for has one", quoted(line));
        map.node().wrong_at(map.node().owner(), message);
    }
}

fn extension(node: Node<'_>) -> Option<Extension> {
    let map = node.map(&["most", "times", "before_end"])?;
    let most = map.must("most", term);
    let times = map.or("times", 1, |node| node.whole(1..=100));
    let before_end = map.or("before_end", false, |node| node.truth());
    Some(Extension { most: most?, times: times?, before_end: before_end? })
}

fn conditions(node: Node<'_>, spoken: &Spoken<'_, '_>) -> Option<Vec<Condition>> {
    named(node, |key, node| {
        if key.name() == "instrument" {
            let any_of = each(node, |node| refer(node, "instrument", &spoken.names.instruments))?;
            return Some(Condition { key: "instrument".to_owned(), any_of });
        }
        // A flag is no line: people set it, and a request cannot.
        if key.name() == FLAG_KEY {
            let any_of = each(node, flag)?.into_iter().map(|flag| flag.name().to_owned()).collect();
            return Some(Condition { key: FLAG_KEY.to_owned(), any_of });
        }
        let line = spoken.names.field_called(key, key.name());
        let any_of = words(node);
        let (line, any_of) = (line?, any_of?);
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

fn start(node: Node<'_>, spoken: &Spoken<'_, '_>) -> Option<Start> {
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

fn stop(node: Node<'_>, spoken: &Spoken<'_, '_>) -> Option<Stop> {
    let text = node.line()?.trim();
    match text.split_once(' ') {
        Some(("sent", letter)) => sent(node, letter, spoken).map(Stop::Sent),
        Some(("line", _)) => {
            let line = line(node, spoken)?;
            if spoken.fields.get(&line).is_some_and(|rule| !rule.ours) {
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
