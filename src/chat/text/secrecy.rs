//! What is said of an order for secrecy that a request names, and of secrecy that it asks for until a day that is over. It still keeps the user from being told, for what
//! binds follows from the record and never from the time alone; whoever works the case must hear of it.

use chrono::{DateTime, Utc};

use crate::case::decide::gate::{Bar, bars};
use crate::case::{Case, NamedOrder, Reading, Secrecy, Terms, named_order};
use crate::chat::dates;
use crate::chat::page::Line;

/// That the day is over, and what follows; none where it is not, or where the wish binds no longer.
pub fn secrecy_over(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let line = over(case, terms, now)?;
    let code = |rest: &str| format!("{} {rest}", terms.prefix());
    Some(
        line.say(". The user is not told until it is settled: ")
            .code(code(&format!("letter {} secrecy", case.id)))
            .say(" gives the requester time to serve an order, or two people say ")
            .code(code(&format!("set {} confidential=no", case.id))),
    )
}

/// The same in few words, for the card.
pub fn secrecy_over_in_short(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let check = format!("{} check {}", terms.prefix(), case.id);
    over(case, terms, now).map(|line| line.say(" – ").code(check))
}

fn over(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Option<Line> {
    let today = now.with_timezone(&terms.zone).date_naive();
    let mut ends = case.secrecy_lines().map(|field| match field.reading {
        Reading::Secrecy(Secrecy::Until { day }) if day < today => Some(day),
        Reading::Secrecy(_)
        | Reading::Text
        | Reading::Accounts { .. }
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Unknown { .. }
        | Reading::Unread { .. }
        | Reading::Claimed => None,
    });
    let day = ends.next()??;
    if !bars(case, terms).contains(&Bar::Secrecy) {
        return None;
    }
    Some(Line::ours(format!("Confidential until {}, and that day is over", dates::day(day))))
}

/// The command by which an order that the request names is put on record, and what to say if it is not there.
pub fn record_order(order: NamedOrder<'_>, case: &Case, terms: &Terms) -> Line {
    let code = |rest: String| format!("{} gag {} {rest}", terms.prefix(), case.id);
    let until = order.until.map_or_else(|| "…".to_owned(), |day| day.to_string());
    Line::ours("it names an order for secrecy: put it on record – ")
        .code(code(format!("until={until} by=…")))
        .say("; if there is none, two people say ")
        .code(code("not-there reason=…".to_owned()))
}

/// That a request names an order for secrecy which is not on record; `cut` keeps what it says of it short.
pub fn order_named(case: &Case, terms: &Terms, cut: impl Fn(&str) -> String) -> Option<Line> {
    let order = named_order(case, terms)?;
    let line = Line::ours("Names an order for secrecy, not on record yet: ");
    let line = match order.label {
        Some(label) => line.theirs(label).say(": "),
        None => line,
    };
    let line = line.theirs(&cut(order.words));
    Some(match order.until {
        Some(day) => line.say(format!(" (until {})", dates::day(day))),
        None => line,
    })
}
