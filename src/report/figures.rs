//! The report as it may be seen: figures with names, small ones hidden. What it was made from cannot be found in it.

use std::collections::{BTreeMap, BTreeSet};

use super::count::names;
use super::measure::{MEDIAN_DAYS, NINTH_DAYS};
use super::table::{Shown, Table};
use super::{Cell, Half, Measure, OTHER, Tally};
use crate::case::Policy;
use crate::case::reserved::{ALL, TOGETHER};

/// A report that may be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The half-year.
    pub half: Half,
    /// Its lines, in order. What is not among them is nothing.
    pub lines: Vec<Line>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is counted.
    pub column: String,
    /// Of which kind, or [`ALL`].
    pub kind: String,
    /// From which country, or [`ALL`].
    pub country: String,
    /// How much.
    pub figure: Figure,
}

/// A figure that may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A count.
    Count(u64),
    /// Fewer than this, and perhaps nothing.
    Few(u64),
    /// Held back, for it would give another one away, or rests on too few.
    Hidden,
    /// Days, in halves of one.
    HalfDays(u64),
}

impl Report {
    /// What may be seen of a tally, under the policy of today.
    pub fn of(tally: &Tally, policy: &Policy) -> Report {
        let few = u64::from(policy.report.few);
        let kinds = kinds(tally, policy);
        let countries = countries(tally);
        let mut report = Report { half: tally.half(), lines: Vec::new() };
        let mut measures = Measure::all(policy);
        // Codes of an earlier version of the policy.
        let known: BTreeSet<Measure> = measures.iter().cloned().collect();
        let seen: BTreeSet<&Measure> = tally.counts.keys().chain(tally.bound.keys()).collect();
        measures.extend(seen.into_iter().filter(|measure| !known.contains(measure)).cloned());
        for measure in &measures {
            let bound = tally.bound.get(measure).copied().filter(|_| policy.report.gagged_in_sum);
            let counts = tally.counts.get(measure);
            let count = |kind: &str, country: &str| {
                let cell = Cell { kind: kind.to_owned(), country: country.to_owned() };
                counts.and_then(|counts| counts.get(&cell)).copied().unwrap_or_default()
            };
            let mut rows: Vec<Vec<u64>> = kinds
                .iter()
                .map(|kind| countries.iter().map(|country| count(kind, country)).collect())
                .collect();
            let mut row_names = kinds.clone();
            let mut column_names = countries.clone();
            if let Some(bound) = bound.filter(|bound| *bound > 0) {
                rows.iter_mut().for_each(|row| row.push(0));
                rows.push(countries.iter().map(|_| 0).chain([bound]).collect());
                row_names.push(TOGETHER.to_owned());
                column_names.push(TOGETHER.to_owned());
            }
            row_names.push(ALL.to_owned());
            column_names.push(ALL.to_owned());
            report.table(&measure.name(), &Table::new(&rows).shown(few), &row_names, &column_names);
        }
        report.days(tally, few, &kinds, &countries);
        report
    }

    /// What is shown in a place, if it is not nothing.
    pub fn figure(&self, column: &str, kind: &str, country: &str) -> Figure {
        let is_there = |line: &&Line| line.column == column && line.kind == kind && line.country == country;
        self.lines.iter().find(is_there).map_or(Figure::Count(0), |line| line.figure)
    }

    /// The kinds it names, in order, without the sum.
    pub fn kinds(&self) -> Vec<&str> {
        each(self.lines.iter().map(|line| line.kind.as_str()))
    }

    /// The countries it names, in order, without the sum.
    pub fn countries(&self) -> Vec<&str> {
        let mut all = each(self.lines.iter().map(|line| line.country.as_str()));
        all.sort_by_key(|country| (*country == OTHER, *country));
        all
    }

    /// The columns whose name begins so, in order.
    pub fn columns<'a>(&'a self, beginning: &str) -> Vec<&'a str> {
        let mut columns: Vec<&str> = Vec::new();
        for line in &self.lines {
            if line.column.starts_with(beginning) && !columns.contains(&line.column.as_str()) {
                columns.push(&line.column);
            }
        }
        columns
    }

    /// What `<5` stands for, if it stands anywhere.
    pub fn few(&self) -> Option<u64> {
        self.lines.iter().find_map(|line| match line.figure {
            Figure::Few(few) => Some(few),
            Figure::Count(_) | Figure::Hidden | Figure::HalfDays(_) => None,
        })
    }

    /// Whether anything is held back.
    pub fn hides(&self) -> bool {
        self.lines.iter().any(|line| line.figure == Figure::Hidden)
    }

    fn table(&mut self, column: &str, shown: &[Vec<Shown>], kinds: &[String], countries: &[String]) {
        for (kind, row) in kinds.iter().zip(shown) {
            for (country, shown) in countries.iter().zip(row) {
                let figure = match shown {
                    Shown::Count(count) => Figure::Count(*count),
                    Shown::Few(few) => Figure::Few(*few),
                    Shown::Hidden => Figure::Hidden,
                };
                let is_sum = kind == ALL || country == ALL;
                // What is bound has one line; its sums would only say the same again.
                let is_bound_sum = is_sum && (kind == TOGETHER || country == TOGETHER);
                if is_bound_sum || (figure == Figure::Count(0) && !is_sum) {
                    continue;
                }
                self.line(column, kind, country, figure);
            }
        }
    }

    fn days(&mut self, tally: &Tally, few: u64, kinds: &[String], countries: &[String]) {
        let with_all =
            |names: &[String]| -> Vec<String> { names.iter().cloned().chain([ALL.to_owned()]).collect() };
        for (column, nth) in [(MEDIAN_DAYS, median as fn(&[u32]) -> u64), (NINTH_DAYS, ninth)] {
            for kind in with_all(kinds) {
                for country in with_all(countries) {
                    let here = tally.days.iter().filter(|(cell, _)| {
                        (kind == ALL || cell.kind == kind) && (country == ALL || cell.country == country)
                    });
                    let mut days: Vec<u32> = here.flat_map(|(_, days)| days.iter().copied()).collect();
                    days.sort_unstable();
                    let count = u64::try_from(days.len()).unwrap_or(u64::MAX);
                    if count > 0 {
                        let figure = if count < few { Figure::Hidden } else { Figure::HalfDays(nth(&days)) };
                        self.line(column, &kind, &country, figure);
                    }
                }
            }
        }
    }

    fn line(&mut self, column: &str, kind: &str, country: &str, figure: Figure) {
        let (column, kind, country) = (column.to_owned(), kind.to_owned(), country.to_owned());
        self.lines.push(Line { column, kind, country, figure });
    }
}

/// Each name once, in the order in which they first stand, without those that are no kind and no country.
fn each<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen: BTreeSet<&str> = BTreeSet::from([ALL, TOGETHER]);
    names.filter(|name| seen.insert(name)).collect()
}

/// The policy's kinds in its order, then those of earlier versions of it.
fn kinds(tally: &Tally, policy: &Policy) -> Vec<String> {
    let cells = tally.counts.values().flat_map(BTreeMap::keys).chain(tally.days.keys());
    let seen: BTreeSet<&str> = cells.map(|cell| cell.kind.as_str()).collect();
    let mut all: Vec<String> = Vec::new();
    for name in policy.kinds.iter().flat_map(names).chain(seen.into_iter().map(str::to_owned)) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn countries(tally: &Tally) -> Vec<String> {
    let cells = tally.counts.values().flat_map(BTreeMap::keys).chain(tally.days.keys());
    let mut all: Vec<String> = cells.map(|cell| cell.country.clone()).collect();
    all.sort_by_key(|country| (country == OTHER, country.clone()));
    all.dedup();
    all
}

/// The middle one, or halfway between the two in the middle; in halves of a day.
fn median(days: &[u32]) -> u64 {
    let at = |place: usize| days.get(place).copied().map_or(0, u64::from);
    match days.len() {
        0 => 0,
        count if count.is_multiple_of(2) => at(count / 2 - 1) + at(count / 2),
        count => 2 * at(count / 2),
    }
}

/// The smallest number of days within which nine in ten were answered; in halves of a day.
fn ninth(days: &[u32]) -> u64 {
    let place = (days.len() * 9).div_ceil(10).saturating_sub(1);
    2 * days.get(place).copied().map_or(0, u64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_docs_say() {
        for (days, middle, most) in [
            (vec![], 0, 0),
            (vec![3], 6, 6),
            (vec![1, 2], 3, 4),
            (vec![1, 2, 9], 4, 18),
            ((1..=10).collect(), 11, 18),
            ((1..=20).collect(), 21, 36),
        ] {
            assert_eq!((median(&days), ninth(&days)), (middle, most), "{days:?}");
        }
    }
}
