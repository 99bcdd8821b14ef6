//! The number of a case, and what a record can be about.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::glyph;

/// The number of a case, counted from 1. Written `C-42`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(u32);

impl CaseId {
    /// The first case of a desk.
    pub const FIRST: CaseId = CaseId(1);

    /// In the place of a case that whoever reads may not know of (rule 66). No case has it, and nothing is stored of it.
    pub const UNSHOWN: CaseId = CaseId(0);

    /// Whether it names a case.
    pub fn is_shown(self) -> bool {
        self != CaseId::UNSHOWN
    }

    /// The case with this number; there is no case 0.
    pub const fn new(number: u32) -> Option<CaseId> {
        if number == 0 { None } else { Some(CaseId(number)) }
    }

    /// The bare number.
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The number after this one; `None` when the numbers are used up.
    pub fn next(self) -> Option<CaseId> {
        self.0.checked_add(1).map(CaseId)
    }

    /// Reads `42`, `C-42`, `c42` or `#42`; a phone may have made the hyphen a long dash.
    pub fn read(text: &str) -> Option<CaseId> {
        let digits = text
            .strip_prefix('#')
            .or_else(|| {
                text.strip_prefix(['c', 'C']).map(|rest| rest.strip_prefix(glyph::is_dash).unwrap_or(rest))
            })
            .unwrap_or(text);
        if digits.is_empty() || digits.len() > 10 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        digits.parse().ok().and_then(CaseId::new)
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_shown() { write!(f, "C-{}", self.0) } else { f.write_str("another case") }
    }
}

impl fmt::Debug for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What a part of a record is about: one case, or the desk itself (people, open orders, purges).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The desk; sealed with the system key, which is never destroyed.
    Desk,
    /// One case; sealed with its own key.
    Case(CaseId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_has_no_number_and_is_not_to_be_typed() {
        assert_eq!(CaseId::UNSHOWN.to_string(), "another case");
        assert_eq!((CaseId::new(0), CaseId::read("C-0")), (None, None));
    }

    #[test]
    fn a_number_is_read_in_every_way_it_is_written() {
        for text in ["42", "C-42", "c-42", "c42", "C42", "#42", "0042", "C–42", "c—42", "C−42"] {
            assert_eq!(CaseId::read(text), CaseId::new(42), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number_is_not_read() {
        for text in [
            "",
            "0",
            "C-0",
            "-1",
            "C--1",
            "C-–1",
            "–1",
            "4 2",
            "42a",
            "#",
            "C-",
            "99999999999",
            "4294967296",
            "٤٢",
            "+4",
        ] {
            assert_eq!(CaseId::read(text), None, "{text}");
        }
    }
}
