//! What a card leaves out so that a phone shows it whole. Knows lines and how much each is needed, and no case.

use crate::chat::page::Line;

/// How many lines a card has at most.
const MOST_LINES: usize = 9;

/// How much a line of the card is needed: what is needed least makes room first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Without it the card says nothing.
    Must,
    /// Who, what and since when.
    Should,
    /// What helps.
    Could,
    /// A second deadline.
    Less,
    /// What only repeats the request.
    Least,
}

/// As many lines as a phone shows, in their order. What goes stands in the checklist and the log.
pub(super) fn short(mut lines: Vec<(Weight, Line)>) -> Vec<Line> {
    while lines.len() > MOST_LINES {
        let last = lines.iter().enumerate().max_by_key(|(n, (weight, _))| (*weight, *n)).map(|(n, _)| n);
        // There is one, for there are lines.
        let Some(last) = last else { break };
        lines.remove(last);
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_least_goes_first_and_the_order_stays() {
        let weights = [Weight::Must, Weight::Least, Weight::Should, Weight::Less, Weight::Could];
        let lines = (0..12).map(|n| (weights[n % 5], Line::ours(n.to_string()))).collect();
        let expected = ["0", "2", "4", "5", "7", "8", "9", "10"];
        let kept = short(lines);
        assert_eq!(kept.len(), MOST_LINES);
        assert!(expected.iter().all(|n| kept.contains(&Line::ours(*n))), "{kept:?}");
        assert!(kept.is_sorted_by_key(|line| (0..12).position(|n| *line == Line::ours(n.to_string()))));
    }
}
