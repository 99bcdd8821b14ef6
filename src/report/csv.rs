//! A report as CSV: UTF-8, RFC 4180, one line for each figure. What is written is read back, for a published report is kept so.

use std::fmt;

use super::figures::Line;
use super::{Figure, Half, Report};

/// The first line.
pub const HEADER: &str = "half_year,column,kind,country,value";
/// What a spreadsheet takes for the beginning of a formula.
const FORMULAS: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// Writes a report.
pub fn write(report: &Report) -> String {
    let mut csv = format!("{HEADER}\r\n");
    for line in &report.lines {
        let half = report.half.to_string();
        let value = line.figure.to_string();
        let cells = [&half, &line.column, &line.kind, &line.country, &value].map(|cell| quoted(cell));
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

/// Reads what was written; `None` if it is something else.
pub fn read(csv: &str) -> Option<Report> {
    let mut rows = rows(csv)?.into_iter();
    if rows.next()?.join(",") != HEADER {
        return None;
    }
    let mut report: Option<Report> = None;
    for row in rows {
        let [half, column, kind, country, value] = <[String; 5]>::try_from(row).ok()?;
        let half = Half::read(&half).ok()?;
        let report = report.get_or_insert_with(|| Report { half, lines: Vec::new() });
        if report.half != half {
            return None;
        }
        report.lines.push(Line { column, kind, country, figure: Figure::read(&value)? });
    }
    report
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Figure::Count(count) => write!(f, "{count}"),
            Figure::Few(few) => write!(f, "<{few}"),
            Figure::Hidden => f.write_str("*"),
            Figure::HalfDays(halves) => write!(f, "{}.{}", halves / 2, halves % 2 * 5),
        }
    }
}

impl Figure {
    fn read(text: &str) -> Option<Figure> {
        if text == "*" {
            return Some(Figure::Hidden);
        }
        if let Some(few) = text.strip_prefix('<') {
            return few.parse().ok().map(Figure::Few);
        }
        match text.split_once('.') {
            None => text.parse().ok().map(Figure::Count),
            Some((days, half)) => {
                let days: u64 = days.parse().ok()?;
                let half = match half {
                    "0" => 0,
                    "5" => 1,
                    _ => return None,
                };
                days.checked_mul(2)?.checked_add(half).map(Figure::HalfDays)
            }
        }
    }
}

/// A cell, in quotes where it must be. A name that a spreadsheet would carry out gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let guarded = if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() };
    if guarded.contains(['"', ',', '\r', '\n']) || guarded.trim() != guarded {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// An apostrophe that is a name's own gets one too, or it would be taken off when it is read.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(FORMULAS) || cell.strip_prefix('\'').is_some_and(is_formula)
}

fn rows(csv: &str) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = csv;
    while !rest.is_empty() {
        let (cell, after) = cell(rest)?;
        row.push(match cell.strip_prefix('\'') {
            Some(bare) if is_formula(bare) => bare.to_owned(),
            Some(_) | None => cell,
        });
        if let Some(after) = after.strip_prefix(',') {
            rest = after;
        } else {
            rest = after.strip_prefix("\r\n").or_else(|| after.strip_prefix('\n'))?;
            rows.push(std::mem::take(&mut row));
        }
    }
    row.is_empty().then_some(rows)
}

/// The first cell, and what follows it.
fn cell(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\r', '\n'])?;
        let (cell, after) = text.split_at_checked(end)?;
        return Some((cell.to_owned(), after));
    };
    let mut cell = String::new();
    loop {
        let (piece, after) = rest.split_once('"')?;
        cell.push_str(piece);
        match after.strip_prefix('"') {
            Some(after) => {
                cell.push('"');
                rest = after;
            }
            None => return Some((cell, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn report(lines: Vec<Line>) -> Report {
        Report { half: Half::read("2026H1").unwrap(), lines }
    }

    fn line(column: &str, figure: Figure) -> Line {
        Line { column: column.to_owned(), kind: "all".to_owned(), country: "GB".to_owned(), figure }
    }

    #[test]
    fn a_report_is_written_for_any_spreadsheet() {
        let csv = write(&report(vec![
            line("received", Figure::Count(12)),
            line("=HYPERLINK(\"x\")", Figure::Few(5)),
            line("days, median", Figure::HalfDays(13)),
            line("withdrawn", Figure::Hidden),
        ]));
        assert_eq!(
            csv,
            "half_year,column,kind,country,value\r\n2026H1,received,all,GB,12\r\n\
             2026H1,\"'=HYPERLINK(\"\"x\"\")\",all,GB,<5\r\n2026H1,\"days, median\",all,GB,6.5\r\n\
             2026H1,withdrawn,all,GB,*\r\n"
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            lines in prop::collection::vec(
                ("\\PC{1,8}|['=+@,\"\n -]{1,6}", prop_oneof![
                    any::<u64>().prop_map(Figure::Count),
                    any::<u64>().prop_map(Figure::Few),
                    Just(Figure::Hidden),
                    (0..u64::MAX / 2).prop_map(Figure::HalfDays),
                ]),
                1..6,
            )
        ) {
            let report = report(lines.into_iter().map(|(name, figure)| line(&name, figure)).collect());
            let csv = write(&report);
            prop_assert_eq!(read(&csv), Some(report));
            for row in rows(&csv).unwrap() {
                prop_assert_eq!(row.len(), 5);
            }
        }

        #[test]
        fn no_text_breaks_it(text in "\\PC{0,40}|half_year,column,kind,country,value\r\n[2026H1,<*\"\r\n]{0,40}") {
            let _ = read(&text);
        }
    }
}
