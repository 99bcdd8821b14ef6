//! The history of a case, as lines: who did what and when. Reminders of the same clocks that follow each other are one line,
//! so that what people did can be found between them; nothing is hidden in the journal. Does not know how it is read.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::case::{Account, Event};
use crate::chat::page::Line;
use crate::chat::{dates, text};

/// One record of a case's history.
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether that is in doubt, because the machine's clock was.
    pub in_doubt: bool,
    /// Who; `None` for docket itself.
    pub by: Option<Account>,
    /// What.
    pub events: Vec<Event>,
}

/// What one line of the history shows.
pub(super) struct Row<'e> {
    entry: &'e Entry,
    /// What happened; of several reminders the last one.
    pub(super) event: &'e Event,
    /// How many reminders it stands for, if it is one.
    times: usize,
    /// When the first of them came.
    first: DateTime<Utc>,
}

/// The lines of these records, newest first.
pub(super) fn rows(entries: &[Entry]) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for entry in entries {
        for event in entry.events.iter().filter(|event| !event.is_quiet()) {
            match rows.last_mut() {
                Some(last) if last.goes_on(entry, event) => {
                    last.times += 1;
                    last.first = entry.at;
                }
                Some(_) | None => rows.push(Row { entry, event, times: 1, first: entry.at }),
            }
        }
    }
    rows
}

impl Row<'_> {
    /// Whether the event is a reminder of the same clocks, and its time no more and no less certain.
    fn goes_on(&self, entry: &Entry, event: &Event) -> bool {
        fn clocks(event: &Event) -> Vec<&str> {
            event.reminders().iter().map(|reminder| reminder.clock.as_str()).collect()
        }
        let is_same = !clocks(event).is_empty() && clocks(event) == clocks(self.event);
        is_same && entry.in_doubt == self.entry.in_doubt
    }

    /// The line.
    pub(super) fn line(&self, zone: Tz) -> Line {
        let by = match &self.entry.by {
            Some(by) => Line::new().theirs(by.as_str()),
            None => Line::ours("docket"),
        };
        let doubt = if self.entry.in_doubt { " (in doubt)" } else { "" };
        let line = Line::ours(format!("{}{doubt} · ", dates::short(self.entry.at, zone))).join(by).dot();
        let line = line.join(text::happened(self.event, zone));
        match self.times {
            1 => line,
            times => line.say(format!(" {times} times since {}", dates::short(self.first, zone))),
        }
    }
}
