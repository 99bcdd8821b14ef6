//! The report as charts, to be put into a report: what came of requests by kind, where they came from, how long it took.
//!
//! Whatever is drawn is written beside it too. What is hidden has an outline of its own, of one size whatever it hides.

use super::svg::{Fill, Svg, Type};
use super::{ALL, Edition, Figure, MEDIAN_DAYS, Made, NINTH_DAYS, Report, TOGETHER};

#[cfg(test)]
mod tests;

/// The width of the drawing, as wide as the text of a printed page.
pub const WIDTH: u64 = 720;
const MARGIN: u64 = 16;
/// Where bars begin: names stand before.
const BARS: u64 = 228;
/// The longest bar.
const LONGEST: u64 = 390;
const BAR: u64 = 16;
/// The outline of what is hidden.
const GAP: u64 = 24;
/// How many countries have a bar of their own.
const COUNTRIES: usize = 25;
/// The longest name, in characters.
const NAME: usize = 27;
/// The longest line of small print beside the names, in characters.
const LINE: usize = 72;

/// The ways in which a request ends, as the chart has them.
const ENDINGS: &[(&str, &[&str], Fill)] = &[
    ("answered in full", &["answered_full"], Fill::Dark),
    ("in part", &["answered_part"], Fill::Stripes),
    ("no records", &["answered_none"], Fill::Light),
    ("refused", &["refused:"], Fill::Dots),
    ("other", &["withdrawn", "redirected:", "duplicate"], Fill::Lines),
];

/// Draws a report.
pub fn draw(edition: &Edition) -> String {
    let report = &edition.report;
    let mut svg = Svg::default();
    let title = format!("Requests in {}", report.half);
    svg.text(MARGIN, 32, Type::Title, &title);
    svg.text(MARGIN, 52, Type::Small, &made(edition));
    let mut described =
        vec![made(edition), format!("{} requests were received.", report.figure("received", ALL, ALL))];
    let mut y = 84;
    y = endings(&mut svg, report, y, &mut described);
    y = countries(&mut svg, report, y + 32, &mut described);
    y = days(&mut svg, report, y + 32, &mut described);
    y = legend(&mut svg, report, y + 12);
    svg.whole(WIDTH, y + MARGIN, &title, &described.join(" "))
}

fn made(edition: &Edition) -> String {
    let half = edition.report.half;
    let day =
        |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&edition.zone).format("%-d %B %Y").to_string();
    let made = match edition.made {
        Made::Published(at) => format!("Published {}", day(at)),
        Made::Counted(at) => format!("Not published; counted {}", day(at)),
        Made::SoFar(at) => format!("Not over yet; so far, {}", day(at)),
    };
    format!("{} to {}. {made}.", half.first_day().format("%-d %B %Y"), half.last_day().format("%-d %B %Y"))
}

/// One ending of a kind: what can be drawn of it, and whether something cannot.
struct Part {
    name: &'static str,
    fill: Fill,
    count: u64,
    hidden: Option<Figure>,
}

impl Part {
    fn text(&self) -> Option<String> {
        match (self.count, self.hidden) {
            (0, None) => None,
            (count, None) => Some(format!("{} {count}", self.name)),
            (0, Some(hidden)) => Some(format!("{} {hidden}", self.name)),
            // Of several codes some are shown: the sum of those is the least it can be.
            (count, Some(_)) => Some(format!("{} {count} or more", self.name)),
        }
    }
}

fn parts(report: &Report, kind: &str) -> Vec<Part> {
    let part = |(name, columns, fill): &(&'static str, &[&str], Fill)| {
        let mut part = Part { name, fill: *fill, count: 0, hidden: None };
        for column in columns.iter().flat_map(|beginning| report.columns(beginning)) {
            match report.figure(column, kind, ALL) {
                Figure::Count(count) => part.count += count,
                // A code that is held back says more than that few were refused for another.
                Figure::Few(few) => part.hidden = part.hidden.or(Some(Figure::Few(few))),
                Figure::Hidden | Figure::HalfDays(_) => part.hidden = Some(Figure::Hidden),
            }
        }
        part
    };
    ENDINGS.iter().map(part).collect()
}

/// By kind, one bar each, in the parts in which the requests ended.
fn endings(svg: &mut Svg, report: &Report, mut y: u64, described: &mut Vec<String>) -> u64 {
    let title = "What came of requests, by kind";
    svg.begin(title);
    svg.text(MARGIN, y, Type::Heading, title);
    let mut x = MARGIN;
    y += 14;
    for (name, _, fill) in ENDINGS {
        svg.bar(x, y, 14, 12, *fill);
        svg.text(x + 20, y + 10, Type::Small, name);
        x += 44 + 7 * u64::try_from(name.chars().count()).unwrap_or_default();
    }
    y += 30;
    let rows: Vec<(&str, Figure, Vec<Part>)> = report
        .kinds()
        .into_iter()
        .map(|kind| (kind, report.figure("received", kind, ALL), parts(report, kind)))
        .filter(|(_, received, parts)| {
            *received != Figure::Count(0) || parts.iter().any(|part| part.text().is_some())
        })
        .collect();
    let gaps = |parts: &[Part]| parts.iter().filter(|part| part.hidden.is_some()).count();
    let most_gaps =
        rows.iter().map(|(_, _, parts)| gaps(parts)).max().and_then(|most| u64::try_from(most).ok());
    let room = LONGEST - GAP * most_gaps.unwrap_or_default();
    let most = rows.iter().map(|(_, _, parts)| parts.iter().map(|part| part.count).sum::<u64>()).max();
    let most = most.unwrap_or_default();
    for (kind, received, parts) in &rows {
        svg.text(BARS - 12, y + 12, Type::LabelBefore, &short(kind));
        let mut x = BARS;
        for part in parts {
            if part.count > 0 {
                let width = scaled(part.count, most, room);
                svg.bar(x, y, width, BAR, part.fill);
                x += width;
            }
            if let Some(hidden) = part.hidden {
                svg.gap(x, y, GAP, BAR);
                svg.text(x + GAP / 2, y + 12, Type::SmallMiddle, &hidden.to_string());
                x += GAP;
            }
        }
        let mut said = vec![format!("received {received}")];
        said.extend(parts.iter().filter_map(Part::text));
        y += BAR;
        for line in wrapped(&said) {
            y += 13;
            svg.text(BARS, y, Type::Small, &line);
        }
        described.push(format!("{kind}: {}.", said.join(", ")));
        y += 11;
    }
    let bound = report.figure("received", TOGETHER, TOGETHER);
    if bound != Figure::Count(0) {
        let said = format!("Received besides, and not broken down by kind or country: {bound}.");
        svg.text(BARS, y + 8, Type::Small, &said);
        described.push(said);
        y += 20;
    }
    if rows.is_empty() {
        y = nothing(svg, y);
    }
    svg.end();
    y
}

fn countries(svg: &mut Svg, report: &Report, mut y: u64, described: &mut Vec<String>) -> u64 {
    let title = "Requests received, by country";
    svg.begin(title);
    svg.text(MARGIN, y, Type::Heading, title);
    y += 16;
    let mut rows: Vec<(&str, Figure)> = report
        .countries()
        .into_iter()
        .map(|country| (country, report.figure("received", ALL, country)))
        .filter(|(_, figure)| *figure != Figure::Count(0))
        .collect();
    // Largest first, then what is hidden; of equals the order of their letters.
    rows.sort_by_key(|(_, figure)| match figure {
        Figure::Count(count) => (0, u64::MAX - count),
        Figure::Hidden | Figure::HalfDays(_) => (1, 0),
        Figure::Few(_) => (2, 0),
    });
    let most = rows.iter().map(|(_, figure)| drawn(*figure)).max().unwrap_or_default();
    for (country, figure) in rows.iter().take(COUNTRIES) {
        svg.text(BARS - 12, y + 12, Type::LabelBefore, &short(country));
        bar(svg, y, *figure, most);
        described.push(format!("From {country}: {figure}."));
        y += 24;
    }
    if rows.len() > COUNTRIES {
        svg.text(BARS, y + 10, Type::Small, &format!("and {} more countries", rows.len() - COUNTRIES));
        y += 20;
    }
    if rows.is_empty() {
        y = nothing(svg, y);
    }
    svg.end();
    y
}

/// The middle one as a bar, and a mark where nine in ten were answered.
fn days(svg: &mut Svg, report: &Report, mut y: u64, described: &mut Vec<String>) -> u64 {
    let title = "Days to an answer, by kind";
    svg.begin(title);
    svg.text(MARGIN, y, Type::Heading, title);
    svg.text(
        MARGIN,
        y + 17,
        Type::Small,
        "The bar is the median; nine answers in ten were given by the mark behind it.",
    );
    y += 30;
    let of = |kind: &str| (report.figure(MEDIAN_DAYS, kind, ALL), report.figure(NINTH_DAYS, kind, ALL));
    let kinds = report.kinds().into_iter().map(|kind| (kind, of(kind))).chain([("all kinds", of(ALL))]);
    let rows: Vec<(&str, (Figure, Figure))> =
        kinds.filter(|(_, (median, _))| *median != Figure::Count(0)).collect();
    let most = rows.iter().map(|(_, (_, ninth))| drawn(*ninth)).max().unwrap_or_default();
    for (kind, (median, ninth)) in &rows {
        svg.text(BARS - 12, y + 12, Type::LabelBefore, &short(kind));
        let said = if let (Figure::HalfDays(_), Figure::HalfDays(_)) = (median, ninth) {
            let (bar, mark) = (scaled(drawn(*median), most, LONGEST), scaled(drawn(*ninth), most, LONGEST));
            svg.bar(BARS, y, bar, BAR, Fill::Light);
            svg.line((BARS + bar, y + BAR / 2), (BARS + mark, y + BAR / 2));
            svg.line((BARS + mark, y + 3), (BARS + mark, y + BAR - 3));
            format!("{median} · {ninth}").replace(".0", "")
        } else {
            svg.gap(BARS, y, GAP, BAR);
            "too few answers".to_owned()
        };
        let end = match ninth {
            Figure::HalfDays(days) => BARS + scaled(*days, most, LONGEST),
            Figure::Count(_) | Figure::Few(_) | Figure::Hidden => BARS + GAP,
        };
        svg.text(end + 8, y + 12, Type::Small, &said);
        described.push(format!("Days to an answer, {kind}: {said}."));
        y += 24;
    }
    if rows.is_empty() {
        y = nothing(svg, y);
    }
    svg.end();
    y
}

fn legend(svg: &mut Svg, report: &Report, mut y: u64) -> u64 {
    let few = report.few().map(|few| format!("<{few}: fewer than {few}."));
    let hidden = report.hides().then(|| "*: held back, or another number would be given away.".to_owned());
    for line in few.into_iter().chain(hidden) {
        y += 16;
        svg.text(MARGIN, y, Type::Small, &line);
    }
    y
}

fn bar(svg: &mut Svg, y: u64, figure: Figure, most: u64) {
    match figure {
        Figure::Count(count) => {
            let width = scaled(count, most, LONGEST);
            svg.bar(BARS, y, width, BAR, Fill::Dark);
            svg.text(BARS + width + 8, y + 12, Type::Label, &count.to_string());
        }
        Figure::Few(_) | Figure::Hidden | Figure::HalfDays(_) => {
            svg.gap(BARS, y, GAP, BAR);
            svg.text(BARS + GAP / 2, y + 12, Type::SmallMiddle, &figure.to_string());
        }
    }
}

fn nothing(svg: &mut Svg, y: u64) -> u64 {
    svg.text(BARS, y + 12, Type::Small, "none");
    y + 20
}

fn drawn(figure: Figure) -> u64 {
    match figure {
        Figure::Count(count) | Figure::HalfDays(count) => count,
        Figure::Few(_) | Figure::Hidden => 0,
    }
}

/// The length of a bar; what is not nothing can be seen.
fn scaled(count: u64, most: u64, longest: u64) -> u64 {
    let length = u128::from(count) * u128::from(longest) / u128::from(most.max(1));
    let length = u64::try_from(length).unwrap_or(longest);
    if count > 0 { length.max(2) } else { 0 }
}

/// What is said, in lines that fit.
fn wrapped(said: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in said {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 3 + piece.chars().count() <= LINE => {
                line.push_str(" · ");
                line.push_str(piece);
            }
            Some(_) | None => lines.push(piece.clone()),
        }
    }
    lines
}

fn short(name: &str) -> String {
    match name.char_indices().nth(NAME) {
        None => name.to_owned(),
        Some(_) => name.chars().take(NAME - 1).chain(['…']).collect(),
    }
}
