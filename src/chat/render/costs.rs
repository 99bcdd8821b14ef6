//! What was spent on a case: a few words for the card, and a statement to put into a letter (rule 35).

use std::collections::BTreeMap;

use super::card::head;
use crate::case::{Case, Cost, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// The sum per currency, as a piece of the line that says who works it; empty if nothing was spent.
pub(super) fn spent(case: &Case) -> String {
    let sums = sums(&case.costs);
    if sums.is_empty() { String::new() } else { format!(" · costs {}", sums.join(", ")) }
}

/// The statement: every line with who and when, and the sum per currency. Nothing is converted.
pub fn costs(case: &Case, terms: &Terms) -> Page {
    let page = Page::of(head(case, terms));
    if case.costs.is_empty() {
        let add = format!("{} cost {} 120 GBP what for", terms.prefix(), case.id);
        return page.line(Line::ours("No costs yet. To add one: ").code(add));
    }
    let lines = case.costs.iter().map(|cost| {
        Line::ours(format!(
            "{} · {} · ",
            dates::day(cost.at.with_timezone(&terms.zone_of(case)).date_naive()),
            amount(cost.cents, &cost.currency)
        ))
        .theirs(&cost.what)
        .say(" · ")
        .theirs(cost.by.as_str())
    });
    page.lines(lines).line(Line::ours("Sum: ").strong(sums(&case.costs).join(", ")))
}

/// `120.00 GBP` for each currency, in the order of their letters.
fn sums(costs: &[Cost]) -> Vec<String> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for cost in costs {
        let sum = sums.entry(&cost.currency).or_default();
        *sum = sum.saturating_add(cost.cents);
    }
    sums.into_iter().map(|(currency, cents)| amount(cents, currency)).collect()
}

fn amount(cents: u64, currency: &str) -> String {
    format!("{} {currency}", text::money(cents))
}
