//! What a shift begins with: one screen, a line for each thing that waits, ids and dates first. Does not know where it was
//! gathered.

use chrono::{DateTime, Utc};

use crate::case::{Account, Case, CaseId, HeldMode, Terms};
use crate::chat::dates;
use crate::chat::page::{Line, Page};
use crate::chat::render::InDoubt;
use crate::chat::text;

/// How many owners are counted by name.
const OWNERS: usize = 4;

/// Some cases: how many there are, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Few {
    /// How many.
    pub count: usize,
    /// Whether there are more than were counted.
    pub more: bool,
    /// The first few.
    pub ids: Vec<CaseId>,
}

/// What falls due within a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// How many cases of each owner, most first.
    pub owners: Vec<(Option<Account>, usize)>,
    /// Whether there are more than were counted.
    pub more: bool,
    /// The nearest, each with its date.
    pub nearest: Vec<(CaseId, DateTime<Utc>)>,
}

/// The screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brief {
    /// Why the desk is held, if it is.
    pub held: Option<HeldMode>,
    /// That the machine’s clock is in doubt.
    pub doubt: Option<InDoubt>,
    /// Opened since yesterday began.
    pub fresh: Few,
    /// Overdue.
    pub overdue: Due,
    /// Due today.
    pub today: Due,
    /// Due in the six days after.
    pub week: Due,
    /// Open, and nobody works them.
    pub unowned: Few,
    /// Awaiting a second person: how many, and the first of them.
    pub awaiting: (Few, Vec<Case>),
    /// With users who are still to be told.
    pub untold: Few,
    /// With requesters who are still to be told what came of the request.
    pub unwritten: Few,
    /// Waiting for the requester.
    pub waiting: Few,
    /// With reminders that nobody has seen.
    pub unseen: Few,
    /// Open cases of the one who asks.
    pub own: Few,
    /// Those of them that are sealed, and that they may not see.
    pub out_of_sight: Few,
}

/// The screen as a message.
pub fn brief(brief: &Brief, terms: &Terms, now: DateTime<Utc>) -> Page {
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    let today = dates::day(now.with_timezone(&terms.zone).date_naive());
    let head = Line::new().strong(today);
    let mut lines: Vec<Line> = Vec::new();
    lines.extend(brief.held.iter().map(|held| text::held_in_short(held, terms)));
    lines.extend(brief.doubt.iter().map(|doubt| text::doubt_in_short(doubt.since, doubt.waits, terms)));
    for (name, due, all) in [
        ("Overdue", &brief.overdue, "due overdue"),
        ("Due today", &brief.today, "due today"),
        ("Due this week", &brief.week, "due week"),
    ] {
        lines.extend(due_line(name, due, all, terms));
    }
    lines.extend(awaiting(&brief.awaiting, terms));
    let few = |name: &str, few: &Few| few_line(name, few);
    lines.extend(few("Users to be told", &brief.untold).map(|line| {
        let first = brief.untold.ids.first().map(|id| command(&format!("notify {id} preview")));
        with_command(line, first)
    }));
    lines.extend(few("Requesters to be told", &brief.unwritten).map(|line| {
        let first = brief.unwritten.ids.first().map(|id| command(&format!("next {id}")));
        with_command(line, first)
    }));
    lines.extend(few("Reminders unseen", &brief.unseen).map(|line| {
        let first = brief.unseen.ids.first().map(|id| command(&format!("seen {id}")));
        with_command(line, first)
    }));
    lines.extend(few("New since yesterday", &brief.fresh));
    lines.extend(
        few("With nobody", &brief.unowned).map(|line| with_command(line, Some(command("list nobody")))),
    );
    lines.extend(
        few("Waiting for the requester", &brief.waiting)
            .map(|line| with_command(line, Some(command("list waiting")))),
    );
    if lines.is_empty() && brief.own.count == 0 {
        return Page::of(head.dot().say("a quiet desk: nothing is new, due or waiting. Enjoy it."));
    }
    let own = match brief.own.count {
        0 => Line::ours("You have no open case. What to do: ").code(command("next")),
        count => Line::ours(format!("{} of yours open. What to do: ", number(count, brief.own.more)))
            .code(command("next")),
    };
    let sum =
        if lines.is_empty() { "nothing presses" } else { "what waits: emergencies, then the nearest first" };
    Page::of(head.dot().say(sum)).lines(lines).line(own).lines(out_of_sight(&brief.out_of_sight, terms))
}

/// That cases are somebody's still which they may not see, and who takes them.
pub(super) fn out_of_sight(few: &Few, terms: &Terms) -> Option<Line> {
    let line = few_line("Sealed, and yours still", few)?;
    let first = few.ids.first()?;
    Some(line.say(" – ").join(text::taken_over(*first, terms)))
}

/// `Overdue 3: @ben 2, nobody 1 · **C-12** Fri 20 Nov, **C-14** Sat 21 Nov`.
fn due_line(name: &str, due: &Due, list: &str, terms: &Terms) -> Option<Line> {
    let all: usize = due.owners.iter().map(|(_, count)| count).sum();
    if all == 0 {
        return None;
    }
    let mut line = Line::ours(format!("{name} {}: ", number(all, due.more)));
    for (n, (id, at)) in due.nearest.iter().enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).strong(id.to_string());
        line = line.say(format!(" {}", dates::deadline_in_short(*at, terms.zone)));
    }
    let left = all.saturating_sub(due.nearest.len());
    if left > 0 {
        line = line.say(format!(" and {} more – ", number(left, due.more)));
        line = line.code(format!("{} {list}", terms.prefix()));
    }
    for (n, (owner, count)) in due.owners.iter().take(OWNERS).enumerate() {
        line = line.say(if n == 0 { " · " } else { ", " });
        line = match owner {
            Some(owner) => line.theirs(&format!("@{}", owner.localpart())),
            None => line.say("nobody"),
        };
        line = line.say(format!(" {count}"));
    }
    let others = due.owners.len().saturating_sub(OWNERS);
    Some(if others > 0 {
        line.say(if others == 1 { " and another".to_owned() } else { format!(" and {others} others") })
    } else {
        line
    })
}

/// Ids with the command that approves, for as many as fit.
fn awaiting((few, cases): &(Few, Vec<Case>), terms: &Terms) -> Option<Line> {
    if few.count == 0 {
        return None;
    }
    let mut line = Line::ours(format!("Awaiting approval {}: ", number(few.count, few.more)));
    for (n, case) in cases.iter().enumerate() {
        line = line.say(if n == 0 { "" } else { ", " });
        let open = case.proposals.iter().find(|proposal| proposal.approved.is_none());
        line = match open {
            Some(_) if case.is_sealed() => line.strong(case.id.to_string()).say(" sealed"),
            Some(open) => line.code(format!("{} approve {} {}", terms.prefix(), case.id, open.code)),
            None => line.strong(case.id.to_string()).say(" approved, cooling"),
        };
    }
    let more = few.count > cases.len() || few.more;
    Some(with_command(line, more.then(|| format!("{} pending", terms.prefix()))))
}

fn few_line(name: &str, few: &Few) -> Option<Line> {
    if few.count == 0 {
        return None;
    }
    let mut line = Line::ours(format!("{name} {}: ", number(few.count, few.more)));
    for (n, id) in few.ids.iter().enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).strong(id.to_string());
    }
    Some(if few.count > few.ids.len() || few.more { line.say(" …") } else { line })
}

fn with_command(line: Line, command: Option<String>) -> Line {
    match command {
        Some(command) => line.say(" – ").code(command),
        None => line,
    }
}

fn number(count: usize, more: bool) -> String {
    if more { format!("more than {count}") } else { count.to_string() }
}
