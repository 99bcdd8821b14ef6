//! The daily overview: one screen, the ids and dates first. Does not know where it was gathered.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::case::{CaseId, Terms};
use crate::chat::dates;
use crate::chat::page::{Line, Page};
use crate::chat::text;

/// How many cases have a line of their own.
pub const MOST_NAMED: usize = 10;
/// Nobody reads a larger number: from here on it is only so many and more.
pub const MOST_COUNTED: usize = 999;
/// Cases that nobody has, or where nothing happens, are said again after so many days, though nothing else is new.
const SAID_AGAIN: i64 = 7;
/// How many of them stand in the first line, which is all that a locked screen shows.
const IN_FIRST: usize = 3;

/// Why a case stands in the overview; the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Matter {
    /// Something is overdue.
    Overdue,
    /// It would have ended by itself, and waits for a clock that is believed.
    HeldUp,
    /// Something falls due soon.
    Soon,
    /// It is destroyed tomorrow.
    Purged,
    /// Users are to be told.
    Untold,
    /// A requester is to be told what came of the request.
    Unwritten,
    /// A second person is waited for.
    Awaiting,
    /// A reminder was put off.
    Snoozed,
    /// It is new.
    New,
    /// Nothing happens on it.
    Idle,
    /// Nobody works it.
    Unowned,
}

impl Matter {
    /// Whether a case may stand there for weeks and nothing is wrong: people decided so, or could have.
    fn lasts(self) -> bool {
        match self {
            Matter::Snoozed | Matter::Idle | Matter::Unowned => true,
            Matter::Overdue
            | Matter::HeldUp
            | Matter::Soon
            | Matter::Purged
            | Matter::Untold
            | Matter::Unwritten
            | Matter::Awaiting
            | Matter::New => false,
        }
    }
}

/// The overview.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// How many cases for each reason.
    pub counts: BTreeMap<Matter, usize>,
    /// The first of them, each once.
    pub lines: Vec<DigestLine>,
    /// What is erased tomorrow, by number.
    pub erased: Vec<CaseId>,
    /// That the machine’s clock is in doubt.
    pub doubt: Option<InDoubt>,
}

/// That the machine's clock is in doubt, and what that holds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InDoubt {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many cases wait for it.
    pub waits: usize,
}

/// A case in the overview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestLine {
    /// The case.
    pub case: CaseId,
    /// What is said of it, what matters most first; never nothing.
    pub due: Vec<DigestDue>,
}

/// Why a case stands in the overview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestDue {
    /// Why.
    pub matter: Matter,
    /// The date that matters.
    pub at: DateTime<Utc>,
    /// What falls due, if something does.
    pub title: Option<String>,
}

impl Digest {
    /// Whether every line is taken.
    pub fn is_full(&self) -> bool {
        self.lines.len() >= MOST_NAMED
    }

    /// How many cases stand in it that may stand there for long.
    pub fn lasting(&self) -> u32 {
        let lasting = self.counts.iter().filter(|(matter, _)| matter.lasts()).map(|(_, count)| count);
        u32::try_from(lasting.sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Whether it is worth a message on this day: something stands in it besides what stood there the last time and may for
    /// long. What nobody has, or where nothing happens, is said again each week, or it is forgotten.
    pub fn is_news(&self, day: NaiveDate, lasting_before: u32, posted: Option<NaiveDate>) -> bool {
        let is_urgent = self.counts.iter().any(|(matter, count)| *count > 0 && !matter.lasts());
        let said_lately = posted.is_some_and(|posted| (day - posted).num_days() < SAID_AGAIN);
        let forgotten = self.count(Matter::Unowned) + self.count(Matter::Idle) > 0 && !said_lately;
        is_urgent
            || self.doubt.is_some()
            || forgotten
            || (self.lasting() > 0 && self.lasting() != lasting_before)
    }

    fn count(&self, matter: Matter) -> usize {
        self.counts.get(&matter).copied().unwrap_or(0)
    }
}

/// The overview as a message.
pub fn digest(digest: &Digest, terms: &Terms, now: DateTime<Utc>) -> Page {
    let today = now.with_timezone(&terms.zone).date_naive();
    let mut head = Line::new().strong(dates::day(today));
    for line in digest.lines.iter().take(IN_FIRST) {
        let Some(first) = line.due.first() else { continue };
        let at = first.at;
        let day = match first.matter {
            Matter::Overdue | Matter::HeldUp | Matter::Soon | Matter::Snoozed | Matter::Purged => {
                dates::deadline_in_short(at, terms.zone)
            }
            Matter::Untold
            | Matter::Unwritten
            | Matter::Awaiting
            | Matter::New
            | Matter::Idle
            | Matter::Unowned => at.with_timezone(&terms.zone).format("%a %-d %b").to_string(),
        };
        head = head.dot().say(format!("{} {day}", line.case));
    }
    let more = digest.lines.len().saturating_sub(IN_FIRST);
    if more > 0 {
        head = head.dot().say(format!("{more} more below"));
    }
    let counts: Vec<String> = digest
        .counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(matter, count)| {
            format!("{count}{} {}", if *count >= MOST_COUNTED { "+" } else { "" }, counted(*matter))
        })
        .collect();
    let page = match &digest.doubt {
        Some(doubt) => Page::of(text::doubt_in_short(doubt.since, doubt.waits, terms)).line(head),
        None => Page::of(head),
    };
    let page =
        if counts.is_empty() { page } else { page.line(Line::ours(counts.join(" · ")).begin_sentence()) };
    let page = page.lines(digest.lines.iter().map(|line| one(line, terms, now)));
    let page = page.lines(text::erased_tomorrow(&digest.erased, terms));
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    let mut ways = Line::ours("More: ").code(command("due"));
    if digest.count(Matter::Unowned) > 0 {
        ways = ways.say(" · ").code(command("list nobody"));
    }
    page.line(ways)
}

fn counted(matter: Matter) -> &'static str {
    match matter {
        Matter::Overdue => "overdue",
        Matter::HeldUp => "to end once the clock is certain",
        Matter::Soon => "due within 7 days",
        Matter::Purged => "erased tomorrow",
        Matter::Untold => "with users to be told",
        Matter::Unwritten => "with a letter to be sent",
        Matter::Awaiting => "awaiting approval",
        Matter::Snoozed => "snoozed",
        Matter::New => "new",
        Matter::Idle => "where nothing happens",
        Matter::Unowned => "with nobody",
    }
}

fn one(line: &DigestLine, terms: &Terms, now: DateTime<Utc>) -> Line {
    let first = Line::new().strong(line.case.to_string());
    line.due.iter().fold(first, |shown, due| shown.dot().say(said(due, terms, now)))
}

fn said(due: &DigestDue, terms: &Terms, now: DateTime<Utc>) -> String {
    let date = dates::deadline(due.at, terms.zone);
    let until = dates::until(due.at, now, terms.zone);
    let title = due.title.as_deref().map(|title| format!("{title} ")).unwrap_or_default();
    let came = dates::day(due.at.with_timezone(&terms.zone).date_naive());
    match due.matter {
        // A hold or a gag that would be over, were the time believed.
        Matter::HeldUp => format!("{title}once the clock is certain: {date} {until}"),
        Matter::Overdue => format!("overdue: {title}{date} {until}"),
        Matter::Soon => format!("{title}{date} {until}"),
        Matter::Snoozed => format!("snoozed: {title}{date} {until}"),
        Matter::Purged => format!("erased {date}"),
        Matter::Untold => format!("users to be told · came {came}"),
        Matter::Unwritten => format!("requester to be told · came {came}"),
        Matter::Awaiting => format!("awaiting approval · came {came}"),
        Matter::New => format!("new · came {came}"),
        Matter::Idle => format!("nothing since {came}"),
        Matter::Unowned => format!("with nobody · came {came}"),
    }
}
