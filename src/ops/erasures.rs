//! The list of erasures beside the backups: what was purged, so that restoring an older backup purges it again.
//!
//! A text file, one line a case: the journal's id, the case's number, and the day on which it was first listed. Nothing else
//! of the case stands in it. The id keeps the desks apart whose backups lie in one directory. Lines are only ever added.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::case::CaseId;

/// The name of the list.
pub const LIST: &str = "docket-erasures.txt";
const FIRST: &str =
    "# docket erasures 1: journal, case, listed on. Keep this file beside the backups; restoring needs it.";

/// The list, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasures(BTreeMap<(String, CaseId), NaiveDate>);

impl Erasures {
    /// Reads the list strictly: a line that was lost or bent would bring a case back.
    pub fn read(text: &str) -> Result<Erasures, String> {
        let rest = text
            .strip_prefix(FIRST)
            .and_then(|rest| rest.strip_prefix('\n'))
            .ok_or("its first line is not what docket writes there")?;
        if !rest.is_empty() && !rest.ends_with('\n') {
            return Err("its last line is cut short".to_owned());
        }
        let mut all = BTreeMap::new();
        for (at, line) in rest.lines().enumerate() {
            let (journal, case, day) =
                entry(line).ok_or_else(|| format!("line {} is not what docket writes there", at + 2))?;
            all.insert((journal, case), day);
        }
        Ok(Erasures(all))
    }

    /// Adds what is purged now. What is listed already keeps its day.
    pub fn add(&mut self, journal: &str, purged: impl IntoIterator<Item = CaseId>, today: NaiveDate) {
        for case in purged {
            self.0.entry((journal.to_owned(), case)).or_insert(today);
        }
    }

    /// The cases that are listed for a journal.
    pub fn of(&self, journal: &str) -> Vec<CaseId> {
        let theirs = self.0.keys().filter(|(of, _)| of == journal);
        theirs.map(|(_, case)| *case).collect()
    }

    /// The list as it is stored.
    pub fn text(&self) -> String {
        let mut text = format!("{FIRST}\n");
        for ((journal, case), day) in &self.0 {
            // Writing to a string does not fail.
            let _written = writeln!(text, "{journal} {case} {day}");
        }
        text
    }
}

fn entry(line: &str) -> Option<(String, CaseId, NaiveDate)> {
    let mut words = line.split(' ');
    let journal = words.next().filter(|word| {
        word.len() == 32 && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })?;
    let case = CaseId::read(words.next()?)?;
    let day = words.next()?.parse().ok()?;
    words.next().is_none().then(|| (journal.to_owned(), case, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "00112233445566778899aabbccddeeff";
    const OTHER: &str = "ffeeddccbbaa99887766554433221100";

    fn case(number: u32) -> CaseId {
        CaseId::new(number).unwrap()
    }

    #[test]
    fn it_grows_and_keeps_desks_apart() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let mut list = Erasures::default();
        list.add(ONE, [case(42), case(7)], day(20));
        list.add(OTHER, [case(3)], day(20));
        list.add(ONE, [case(42)], day(21));
        let read = Erasures::read(&list.text()).unwrap();
        assert_eq!(read, list);
        assert_eq!(read.of(ONE), [case(7), case(42)]);
        assert_eq!(read.of(OTHER), [case(3)]);
        assert!(list.text().contains(&format!("\n{ONE} C-42 2026-11-20\n")));
    }

    #[test]
    fn a_list_that_lost_something_is_refused() {
        let mut list = Erasures::default();
        list.add(ONE, [case(42)], NaiveDate::from_ymd_opt(2026, 11, 20).unwrap());
        let text = list.text();
        for cut in 0..text.len() {
            // At the end of a line nothing shows; the archive's own purges are compared with the list for that.
            if text[..cut].ends_with('\n') {
                continue;
            }
            assert!(Erasures::read(&text[..cut]).is_err(), "cut at {cut}");
        }
        assert!(Erasures::read(&text.replace("C-42", "D-42")).is_err());
        assert!(Erasures::read(&text.replace(ONE, "0011")).is_err());
    }
}
