//! The clocks of the built-in policy, until packs in YAML take its place: enough of them to rehearse with.

use crate::case::{ClockRule, Condition, Extension, Span, Start, Stop, Term};

/// The clocks.
pub(super) fn clocks() -> Vec<ClockRule> {
    vec![
        // Rule 14: an emergency is looked at before all others.
        clock("emergency", "emergency to be answered", "emergency", Start::Received, Span::Hours(4)),
        // GDPR 12(3), counted as the ICO does it.
        ClockRule {
            pauses: true,
            extension: Some(Extension { most: Term::of(Span::Months(2)), times: 1, before_end: true }),
            ..clock("answer", "answer to the person due", "subject", Start::Received, Span::Months(1))
        },
        // Rules 44 and 49.
        ClockRule {
            only: vec![Condition { key: "right".to_owned(), any_of: vec!["erasure".to_owned()] }],
            until: Stop::Line("erased".to_owned()),
            ..clock("erasure", "erasure to be finished", "subject", Start::Received, Span::Days(30))
        },
        // Rule 41: 512(g)(2)(C).
        ClockRule {
            not_before: Some(Term::of(Span::BusinessDays(10))),
            until: Stop::Line("restored".to_owned()),
            ..clock(
                "restore",
                "material to be put back",
                "copyright",
                Start::Countered,
                Span::BusinessDays(14),
            )
        },
        clock("take-down", "pictures to be inaccessible", "intimate", Start::Received, Span::Hours(48)),
    ]
}

fn clock(name: &str, title: &str, kind: &str, from: Start, span: Span) -> ClockRule {
    ClockRule {
        name: name.to_owned(),
        title: title.to_owned(),
        kinds: vec![kind.to_owned()],
        only: Vec::new(),
        from,
        term: Term::of(span),
        not_before: None,
        until: Stop::Answered,
        pauses: false,
        extension: None,
        calendar: None,
    }
}
