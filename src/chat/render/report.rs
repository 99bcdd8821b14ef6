//! The transparency report as a screen in the room. It reads what may be seen, and nothing behind it.

use crate::chat::dates;
use crate::chat::page::{Line, Page};
use crate::report::{ALL, Edition, Figure, MEDIAN_DAYS, Made, NINTH_DAYS, Report, TOGETHER};

/// How many kinds, countries or codes a line names before it stops.
const NAMED: usize = 12;

/// A report in a few lines; what is nothing is left out.
pub fn report(edition: &Edition) -> Page {
    let report = &edition.report;
    let lines = [
        by_kind(report),
        by_country(report),
        asked_for(report),
        answered(report),
        codes(report, "Refused", "refused:"),
        elsewhere(report),
        emergencies(report),
        preserved(report),
        told(report),
        copyright(report),
        own_data(report),
        days(report),
    ];
    Page::of(head(edition))
        .lines(lines.into_iter().flatten().map(Line::begin_sentence))
        .lines(legend(report))
        .line(
            Line::ours("All figures: ")
                .code(format!("docket report {} --csv", report.half))
                .say(" on the host; charts with ")
                .code("--svg"),
        )
}

fn head(edition: &Edition) -> Line {
    let half = edition.report.half;
    let day = |at: chrono::DateTime<chrono::Utc>| dates::day(at.with_timezone(&edition.zone).date_naive());
    let made = match edition.made {
        Made::Published(at) => format!("published {}", day(at)),
        Made::Counted(at) => format!("not published · counted {}", day(at)),
        Made::SoFar(at) => format!("not over yet · so far, {}", day(at)),
    };
    Line::new().strong(format!("Report {half}")).say(format!(
        " · {} to {} · {made}",
        dates::day(half.first_day()),
        dates::day(half.last_day())
    ))
}

fn all(report: &Report, column: &str) -> Figure {
    report.figure(column, ALL, ALL)
}

/// `Received 23: preservation 12, information <5`.
fn by_kind(report: &Report) -> Option<Line> {
    let received = "received";
    let kinds = report.kinds().into_iter().map(|kind| (kind, report.figure(received, kind, ALL)));
    let bound = (TOGETHER, report.figure(received, TOGETHER, TOGETHER));
    let named = named(kinds.chain([bound]));
    let total = Line::ours("Received ").strong(all(report, received).to_string());
    Some(if named.is_empty() { total } else { total.say(format!(": {named}")) })
}

fn by_country(report: &Report) -> Option<Line> {
    let countries = report.countries();
    let named =
        named(countries.into_iter().map(|country| (country, report.figure("received", ALL, country))));
    (!named.is_empty()).then(|| Line::ours(format!("From {named}")))
}

fn asked_for(report: &Report) -> Option<Line> {
    line(&[
        ("asked for content", all(report, "asked_content")),
        ("for other data", all(report, "asked_non_content")),
        ("accounts named", all(report, "accounts_named")),
    ])
}

fn answered(report: &Report) -> Option<Line> {
    line(&[
        ("answered in full", all(report, "answered_full")),
        ("in part", all(report, "answered_part")),
        ("no records", all(report, "answered_none")),
        ("accounts affected", all(report, "accounts_affected")),
    ])
}

fn codes(report: &Report, what: &str, column: &str) -> Option<Line> {
    let columns = report.columns(column);
    let named =
        named(columns.into_iter().map(|name| (name.strip_prefix(column).unwrap_or(name), all(report, name))));
    (!named.is_empty()).then(|| Line::ours(format!("{what}: {named}")))
}

fn elsewhere(report: &Report) -> Option<Line> {
    line(&[
        ("withdrawn", all(report, "withdrawn")),
        ("duplicates", all(report, "duplicate")),
        ("redirected to MLAT", all(report, "redirected:mlat")),
        ("to another server", all(report, "redirected:server")),
        ("to security", all(report, "redirected:security")),
    ])
}

fn emergencies(report: &Report) -> Option<Line> {
    let of = |column| report.figure(column, "emergency", ALL);
    line(&[
        ("emergencies", of("received")),
        ("disclosed in full", of("answered_full")),
        ("in part", of("answered_part")),
    ])
}

fn preserved(report: &Report) -> Option<Line> {
    line(&[("preserved", all(report, "preserved")), ("extended", all(report, "preservation_extended"))])
}

fn told(report: &Report) -> Option<Line> {
    let told = line(&[
        ("users told", all(report, "notices_sent")),
        ("of them once a gag had ended", all(report, "notices_sent_after_gag")),
        ("not told at all", all(report, "notices_waived")),
    ]);
    let withheld = codes(report, "not told for now", "notices_withheld:");
    match (told, withheld) {
        (Some(told), Some(withheld)) => Some(told.dot().join(withheld)),
        (told, withheld) => told.or(withheld),
    }
}

fn copyright(report: &Report) -> Option<Line> {
    line(&[
        ("copyright notices", report.figure("received", "copyright", ALL)),
        ("counter-notices", report.figure("received", "counter-notice", ALL)),
        ("restored", report.figure("answered_full", "counter-notice", ALL)),
    ])
}

/// Requests about one's own data, by right.
fn own_data(report: &Report) -> Option<Line> {
    let right = |kind: &'_ str| Some(kind.strip_prefix("subject (")?.strip_suffix(')')?.to_owned());
    let rights: Vec<(String, Figure)> = report
        .kinds()
        .into_iter()
        .filter_map(|kind| Some((right(kind)?, report.figure("received", kind, ALL))))
        .collect();
    let named = named(rights.iter().map(|(right, figure)| (right.as_str(), *figure)));
    (!named.is_empty()).then(|| Line::ours(format!("Own data: {named}")))
}

fn days(report: &Report) -> Option<Line> {
    let middle = all(report, MEDIAN_DAYS);
    let most = all(report, NINTH_DAYS);
    let days = match (middle, most) {
        (Figure::HalfDays(_), Figure::HalfDays(_)) => Some(Line::ours(format!(
            "Days to an answer: {} (median), nine in ten within {}",
            short(middle),
            short(most)
        ))),
        _ => None,
    };
    let rest = line(&[
        ("deadlines missed", all(report, "deadlines_missed")),
        ("suspected fraud", all(report, "suspected_fraud")),
    ]);
    match (days, rest) {
        (Some(days), Some(rest)) => Some(days.dot().join(rest)),
        (days, rest) => days.or(rest),
    }
}

/// `6` and `6.5`.
fn short(figure: Figure) -> String {
    let text = figure.to_string();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn legend(report: &Report) -> Option<Line> {
    let few = report.few().map(|few| format!("<{few} is fewer than {few}"));
    let hidden = report.hides().then(|| "* is held back, or another number would be given away".to_owned());
    let said: Vec<String> = few.into_iter().chain(hidden).collect();
    (!said.is_empty()).then(|| Line::ours(format!("{}.", said.join("; "))))
}

/// What is not nothing, one behind the other; `None` if all is.
fn line(parts: &[(&str, Figure)]) -> Option<Line> {
    let said: Vec<String> = parts
        .iter()
        .filter(|(_, figure)| *figure != Figure::Count(0))
        .map(|(what, figure)| format!("{what} {figure}"))
        .collect();
    (!said.is_empty()).then(|| Line::ours(said.join(" · ")))
}

fn named<'a>(parts: impl Iterator<Item = (&'a str, Figure)>) -> String {
    let parts: Vec<String> = parts
        .filter(|(_, figure)| *figure != Figure::Count(0))
        .map(|(name, figure)| format!("{name} {figure}"))
        .collect();
    let more = parts.len().saturating_sub(NAMED);
    let shown = parts.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
