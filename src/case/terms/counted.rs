//! The lengths of time that letters promise: those of a clock or of the notice, by the placeholder that stands for them, so that
//! no letter says another number than the one that is counted. Knows no case, and not what else a letter holds.

use super::Policy;
use crate::case::{Key, Span};

/// A length of time that a policy counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Counted {
    /// `{term CLOCK}`: how long a clock runs.
    Term(String),
    /// `{earliest CLOCK}`: what it is too early before.
    Earliest(String),
    /// `{serve_within}`: how long somebody who asks for secrecy has to serve an order (rule 16).
    ServeWithin,
}

impl Counted {
    /// What a placeholder stands for, if it stands for such a length.
    pub fn read(written: &str) -> Option<Counted> {
        let written = written.trim();
        if Key::read(written).is_ok_and(|key| key.is("serve within")) {
            return Some(Counted::ServeWithin);
        }
        let (what, clock) = written.split_once(char::is_whitespace)?;
        // Clocks are named with hyphens, which the normal form takes for spaces.
        let clock = Key::read(clock).ok()?.as_str().replace(' ', "-");
        match what.to_lowercase().as_str() {
            "term" => Some(Counted::Term(clock)),
            "earliest" => Some(Counted::Earliest(clock)),
            _ => None,
        }
    }
}

impl Policy {
    /// How long that is; none where the policy has no such clock, or it is never too early for it.
    pub fn counted(&self, what: &Counted) -> Option<Span> {
        let clock = |name: &String| self.clocks.iter().find(|clock| clock.name == *name);
        match what {
            Counted::Term(name) => clock(name).map(|clock| clock.term.span),
            Counted::Earliest(name) => clock(name)?.not_before.map(|term| term.span),
            Counted::ServeWithin => Some(self.notice.serve_within),
        }
    }

    /// A stock sentence with its lengths of time put in; empty where the policy does not count one of them.
    pub(super) fn with_counted(&self, text: &str, written: impl Fn(Span) -> String) -> String {
        let mut said = String::new();
        let mut rest = text;
        while let Some((before, braced)) = rest.split_once('{') {
            said.push_str(before);
            let length = braced
                .split_once('}')
                .and_then(|(written, after)| Counted::read(written).map(|what| (self.counted(&what), after)));
            match length {
                Some((Some(span), after)) => {
                    said.push_str(&written(span));
                    rest = after;
                }
                Some((None, _)) => return String::new(),
                None => {
                    said.push('{');
                    rest = braced;
                }
            }
        }
        said.push_str(rest);
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_read_however_it_is_written() {
        let term = |name: &str| Some(Counted::Term(name.to_owned()));
        for (written, meant) in [
            ("term take-down", term("take-down")),
            (" Term Take_Down ", term("take-down")),
            ("earliest restore", Some(Counted::Earliest("restore".to_owned()))),
            ("serve_within", Some(Counted::ServeWithin)),
            ("terms", None),
            ("term", None),
            ("term-take", None),
            ("line term", None),
        ] {
            assert_eq!(Counted::read(written), meant, "{written}");
        }
    }
}
