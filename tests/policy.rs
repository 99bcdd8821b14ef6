//! Policy files as operators write them: every mistake is told, and what the guide shows works.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use docket::case::{Span, Tell};
use docket::policy::{Layer, Mistakes, Taken, stack};

const MISTAKES: &str = include_str!("policy/mistakes.yaml");

fn ours(text: &str) -> Result<Taken, Mistakes> {
    stack(&[Layer::File { name: "ours.yaml", text }])
}

/// What is told of a file that continues a pack.
fn told(rest: &str) -> String {
    ours(&format!("name: ours\nafter: [matrix-org]\n{rest}"))
        .map(|_| String::new())
        .unwrap_or_else(|mistakes| mistakes.to_string())
}

#[test]
fn twenty_mistakes_get_twenty_lines() {
    let Mistakes(lines) = ours(MISTAKES).unwrap_err();
    let said = lines.join("\n") + "\n";
    assert_eq!(said, include_str!("policy/mistakes.txt"), "\n{said}");
    assert_eq!(lines.len(), 20);
    for number in 1..=20 {
        let mark = format!("# {number}:");
        let line = 1 + MISTAKES.lines().position(|line| line.contains(&mark)).unwrap();
        let place = format!("ours.yaml:{line}:");
        assert_eq!(lines.iter().filter(|said| said.starts_with(&place)).count(), 1, "{mark} {said}");
    }
}
