//! Whatever a report holds, everything stands within the drawing.

use super::*;
use crate::report::{Half, Line};

/// A report with long names, large numbers and hidden ones.
fn full() -> Edition {
    let half = Half::read("2026H1").unwrap();
    let mut lines = Vec::new();
    let mut line = |column: &str, kind: &str, country: &str, figure| {
        let (column, kind, country) = (column.to_owned(), kind.to_owned(), country.to_owned());
        lines.push(Line { column, kind, country, figure });
    };
    let kinds = ["information", "subject (automated decisions)", "a kind with a name beyond all reason <&>"];
    for (n, kind) in kinds.into_iter().enumerate() {
        let n = n as u64;
        line("received", kind, ALL, Figure::Count(123_456 + n));
        for (column, count) in [("answered_full", 99_000), ("answered_part", 12_000), ("answered_none", 700)]
        {
            line(column, kind, ALL, Figure::Count(count >> (6 * n)));
        }
        line("refused:not-ours", kind, ALL, Figure::Count(4_321));
        line("refused:other", kind, ALL, Figure::Few(5));
        line("withdrawn", kind, ALL, Figure::Hidden);
        line(MEDIAN_DAYS, kind, ALL, Figure::HalfDays(241));
        line(NINTH_DAYS, kind, ALL, if n == 1 { Figure::Hidden } else { Figure::HalfDays(1_001) });
    }
    for n in 0..40_u64 {
        line("received", ALL, &format!("C{n}"), Figure::Count(n * n * 90));
    }
    line("received", ALL, OTHER_COUNTRY, Figure::Few(5));
    line("received", TOGETHER, TOGETHER, Figure::Hidden);
    let made = Made::Published("2026-07-03T10:00:00Z".parse().unwrap());
    Edition { report: Report { half, lines }, made, zone: chrono_tz::Europe::London }
}

const OTHER_COUNTRY: &str = "other";

/// The numbers of an attribute, in order.
fn numbers(svg: &str, attribute: &str) -> Vec<u64> {
    let name = format!(" {attribute}=\"");
    let pieces = svg.split(&name).skip(1);
    pieces.filter_map(|piece| piece.split('"').next()?.parse().ok()).collect()
}

#[test]
fn everything_stands_within_the_drawing() {
    let svg = draw(&full());
    let height = numbers(&svg, "height")[0];
    assert_eq!(numbers(&svg, "width")[0], WIDTH);
    for element in svg.lines().filter(|line| line.starts_with("<rect x") || line.starts_with("<text")) {
        let (x, y) = (numbers(element, "x")[0], numbers(element, "y")[0]);
        let words = element.split_once('>').map_or("", |(_, rest)| rest.split('<').next().unwrap());
        let small = element.contains("font-size=\"11\"");
        // Wider than most letters of most fonts.
        let text = words.replace("&lt;", "<").replace("&amp;", "&").replace("&gt;", ">").chars().count()
            as u64
            * if small { 67 } else { 80 }
            / 10;
        let width = numbers(element, "width").first().copied().unwrap_or(text);
        if element.contains("text-anchor=\"end\"") {
            assert!(x >= width, "{element}");
        } else {
            assert!(x + width <= WIDTH, "{element}");
        }
        assert!(y <= height, "{element}");
    }
    // Each code once: 4,321 were refused for one, and few for another.
    assert!(svg.contains("refused 4321 or more"), "{svg}");
    assert!(svg.contains("<title id=\"title\">") && svg.contains("<desc id=\"desc\">"), "{svg}");
    assert!(svg.contains("&lt;&amp;&gt;") || svg.contains("a kind with a name beyond"), "{svg}");
}

#[test]
fn an_empty_report_is_drawn_too() {
    let edition =
        Edition { report: Report { half: Half::read("2026H1").unwrap(), lines: Vec::new() }, ..full() };
    assert_eq!(draw(&edition).matches(">none<").count(), 3);
}
