//! Clocks and the calendars that they count by. Does not let them run.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Weekday;

use super::conditions::{Spoken, conditions, flags_meant};
use super::refer::{Names, each_once, kinds_meant, kinds_of, letter_of, name, named, named_whole, refer};
use super::running::{RunsFor, is_longer, runs_at_all};
use super::spans::term;
use crate::case::calendar::Yearly;
use crate::case::{
    Calendar, ClockRule, Extension, FieldForm, JOINS_CALENDARS, Role, Start, Stop, Tasks, known, read_day,
};
use crate::yaml::{Node, quoted, unknown, zone};

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
        let calendar = Calendar {
            weekend: weekend?,
            holidays,
            every_year: every_year?,
            not_on,
            zone: zone?,
            also: Vec::new(),
        };
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

/// The holiday list that counts, or several, of which a day must be off by each.
pub(super) fn counted_by(node: Node<'_>, names: &Names<'_>) -> Option<String> {
    let lists = each_once(node, |node| refer(node, "calendar", &names.calendars))?;
    if lists.is_empty() {
        node.wrong("`calendar` is an empty list; name one, or leave it out");
        return None;
    }
    Some(lists.join(&JOINS_CALENDARS.to_string()))
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

const KEYS: [&str; 14] = [
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
    "lasts",
    "tasks",
    "calls",
];

/// The clocks.
pub(super) fn clocks(node: Node<'_>, spoken: &Spoken<'_>) -> Option<Vec<ClockRule>> {
    named_whole(node, "clock", &["title", "from", "term", "until"], |key, node| clock(key, node, spoken))?
        .whole()
}

fn clock(key: Node<'_>, node: Node<'_>, spoken: &Spoken<'_>) -> Option<ClockRule> {
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
    let meant = map.or("kinds", Vec::new(), |node| kinds_meant(node, names));
    let meant = meant.filter(|_| !map.may_have_more("kinds"));
    let flags = map.or("only", None, |node| Some(flags_meant(node))).flatten();
    // Which they are may stand behind a slip.
    let flags = flags.or_else(|| map.may_have_more("only").then(Vec::new));
    let only_by = "it runs only by";
    let runs_for = RunsFor { seen: spoken.seen, kinds: meant.as_deref(), flags: flags.as_deref(), only_by };
    let only = map.or("only", Vec::new(), |node| conditions(node, spoken, &runs_for));
    let from = map.must("from", |node| start(node, spoken, &runs_for));
    let length = map.must("term", term);
    let not_before = map.may("not_before", term);
    let until = map.must("until", |node| stops(node, spoken, &runs_for));
    let pauses = map.or("pauses", false, |node| node.truth());
    let extension = map.may("extension", |node| extension(node, spoken, &runs_for));
    let calendar = map.may("calendar", |node| counted_by(node, names));
    let lapses = map.or("lapses", false, |node| node.truth());
    let lasts = map.or("lasts", false, |node| node.truth());
    let tasks = map.may("tasks", |node| tasks(node, spoken, &runs_for));
    let only_lasts = lasts == Some(true) && !map.may_have_more("lasts");
    let calls = map.may("calls", |node| calls(node, only_lasts));
    // Of a clock that is cut off, what a pack says may be said otherwise behind the slip.
    let is_cut = node.is_cut();
    if let (Some(from), Some(until)) = (&from, &until)
        && !is_cut
    {
        runs_at_all(&map, from, until);
    }
    if let (Some(length), Some(Some(earliest))) = (length, not_before)
        && is_longer(earliest, length)
        && !is_cut
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
        lasts: lasts?,
        tasks: tasks?,
        calls: calls?,
    })
}

/// The role that a clock calls: one whose people work cases, for they say what ends it.
fn calls(node: Node<'_>, only_lasts: bool) -> Option<Role> {
    let roles = [Role::Safety, Role::Counsel, Role::Approver].map(|role| (role.name(), role));
    let role = node.one_of("role that a clock can call", &roles)?;
    if only_lasts {
        node.wrong("nothing is to be done for a clock that only `lasts`, so it calls nobody; leave one of the two out");
        return None;
    }
    Some(role)
}

/// What must be done besides: lines that are ours to set.
fn tasks(node: Node<'_>, spoken: &Spoken<'_>, runs_for: &RunsFor<'_>) -> Option<Tasks> {
    let map = node.map(&["only", "or_with", "enough", "lines"])?;
    let only = map.or("only", Vec::new(), |node| conditions(node, spoken, runs_for));
    let enough = map.or("enough", Vec::new(), |node| conditions(node, spoken, runs_for));
    let or_with = map.or("or_with", Vec::new(), |node| {
        each_once(node, |node| {
            let line = spoken.names.field(node)?;
            runs_for.have(node, &line, "its tasks go with").then_some(line)
        })
    });
    let lines = map.must("lines", |node| {
        each_once(node, |node| {
            let line = spoken.names.field(node)?;
            is_ours(node, &line, spoken, runs_for).then_some(line)
        })
    });
    Some(Tasks { only: only?, lines: lines?, or_with: or_with?, enough: enough? })
}

/// Notes a line that ends a clock, or without which none ends, and that a request could fill in.
fn is_ours(node: Node<'_>, line: &str, spoken: &Spoken<'_>, runs_for: &RunsFor<'_>) -> bool {
    let is_there = runs_for.have(node, line, "it ends with");
    let is_theirs = is_there && spoken.fields.get(line).is_some_and(|rule| !rule.ours);
    if is_theirs {
        node.wrong(format_args!(
            "the line {} ends a clock, so a request must not be able to fill it in; write `by: us` at the line",
            quoted(line)
        ));
    }
    !is_theirs
}

fn extension(node: Node<'_>, spoken: &Spoken<'_>, runs_for: &RunsFor<'_>) -> Option<Extension> {
    let map = node.map(&["most", "times", "before_end", "letter"])?;
    let most = map.must("most", term);
    let times = map.or("times", 1, |node| node.whole(1..=100));
    let before_end = map.or("before_end", false, |node| node.truth());
    let letter = map.may("letter", |node| {
        let letter = spoken.names.letters.find(node, "letter", letter_of(node.line()?.trim()))?;
        runs_for.get(node, &letter, "the requester is told by");
        Some(letter)
    });
    Some(Extension { most: most?, times: times?, before_end: before_end?, letter: letter? })
}

fn start(node: Node<'_>, spoken: &Spoken<'_>, runs_for: &RunsFor<'_>) -> Option<Start> {
    let text = node.line()?.trim();
    let start = match text.split_once(' ') {
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
                ("dropped", Some(Start::Dropped)),
                ("hold ended", Some(Start::HoldEnded)),
                ("flagged", Some(Start::Flagged)),
                ("sent LETTER", None),
                ("line KEY", None),
            ];
            choose(node, "start of a clock", starts)
        }
    };
    start.inspect(|start| runs_for.begins(node, start))
}

/// One end, or a list of which the first counts.
fn stops(node: Node<'_>, spoken: &Spoken<'_>, runs_for: &RunsFor<'_>) -> Option<Stop> {
    if node.is_text() {
        return stop(node, spoken, runs_for);
    }
    let mut all = each_once(node, |node| stop(node, spoken, runs_for))?;
    match all.len() {
        0 => {
            node.wrong("a clock must end with something; write `until: answered`");
            None
        }
        1 => all.pop(),
        _ => Some(Stop::First(all)),
    }
}

fn stop(node: Node<'_>, spoken: &Spoken<'_>, runs_for: &RunsFor<'_>) -> Option<Stop> {
    let text = node.line()?.trim();
    let stop = match text.split_once(' ') {
        Some(("sent", letter)) => sent(node, letter, spoken).map(Stop::Sent),
        Some(("line", _)) => {
            let line = line(node, spoken)?;
            is_ours(node, &line, spoken, runs_for).then_some(Stop::Line(line))
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
    };
    stop.inspect(|stop| runs_for.ends(node, stop))
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

fn sent(node: Node<'_>, letter: &str, spoken: &Spoken<'_>) -> Option<String> {
    let letter = letter_of(letter.trim());
    spoken.names.letters.find(node, "letter", letter)
}

fn line(node: Node<'_>, spoken: &Spoken<'_>) -> Option<String> {
    let key = node.line()?.trim().strip_prefix("line ")?;
    spoken.names.field_called(node, key)
}
