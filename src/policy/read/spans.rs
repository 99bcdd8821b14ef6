//! Lengths of time, as each part of a policy wants them. Does not know what runs for so long.

use crate::case::{Span, SpanFault, Term};
use crate::yaml::Node;

/// No law has records kept, or held, for longer: what is longer is a slip.
const MOST_YEARS: u32 = 30;

/// A span of any length.
pub(super) fn span(node: Node<'_>) -> Option<Span> {
    node.parse(Span::read)
}

/// A term with its way of counting.
pub(super) fn term(node: Node<'_>) -> Option<Term> {
    node.parse(Term::read)
}

/// How long something is kept: in days or longer.
pub(super) fn keep(node: Node<'_>) -> Option<Span> {
    node.parse(|text| {
        let span = Span::read(text).map_err(|fault: SpanFault| fault.to_string())?;
        in_days(span, "kept").map(|()| span)
    })
}

/// How long a hold runs: in days or longer.
pub(super) fn hold(node: Node<'_>) -> Option<Term> {
    node.parse(|text| {
        let term = Term::read(text).map_err(|fault| fault.to_string())?;
        in_days(term.span, "held").map(|()| term)
    })
}

/// How often a question is asked again: nobody answers one by the hour.
pub(super) fn question(node: Node<'_>) -> Option<Span> {
    node.parse(|text| match Span::read(text).map_err(|fault: SpanFault| fault.to_string())? {
        Span::Minutes(_) | Span::Hours(_) => {
            Err("a question is asked again after 1 day at the soonest".to_owned())
        }
        span @ (Span::Days(_) | Span::BusinessDays(_) | Span::Months(_) | Span::Years(_)) => Ok(span),
    })
}

fn in_days(span: Span, done: &str) -> Result<(), String> {
    let years = match span {
        Span::Minutes(_) | Span::Hours(_) => {
            return Err(format!("records are {done} for days, months or years"));
        }
        Span::Days(count) | Span::BusinessDays(count) => count / 365,
        Span::Months(count) => count / 12,
        Span::Years(count) => count,
    };
    if years > MOST_YEARS {
        return Err(format!("records are {done} for {MOST_YEARS} years at most"));
    }
    Ok(())
}
