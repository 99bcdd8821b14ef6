//! What docket says of what it could not read.

use chrono::{DateTime, Utc};

use super::unproven;
use crate::case::{Account, Awaited, Flaw, Ledger, Lost, Terms, Unread};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// How many lines stand open; the others are folded.
const OPEN: usize = 6;
/// How many lines there are in all.
const MOST_LINES: usize = 60;

/// That messages of somebody are waited for no longer.
pub fn unread_given_up(sender: &Account, why: Flaw, count: usize, terms: &Terms) -> Page {
    let page = unproven(sender, why);
    match count {
        1 => page,
        _ => page.line(
            Line::ours(format!("So it is with {count} of them: "))
                .code(format!("{} unreadable", terms.prefix())),
        ),
    }
}

/// The answer to a message that can be read now and came too late to be carried out.
pub fn read_too_late(awaited: Awaited, since: DateTime<Utc>, now: DateTime<Utc>, terms: &Terms) -> Page {
    let came = dates::moment(since, terms.zone);
    let why = match awaited {
        Awaited::Overtaken => "you have asked for something else since".to_owned(),
        Awaited::ToBeDone | Awaited::GivenUp => {
            format!("it came {}", dates::until(since, now, terms.zone).trim_matches(['(', ')']))
        }
    };
    Page::of(Line::ours(format!(
        "Not done: this message, here since {came}, can be read only now, and {why}. If it still holds, send it again."
    )))
}

/// That the homeserver has nothing any more of what was written in a time.
pub fn span_unread(span: &Lost, terms: &Terms) -> Page {
    let again = match span.of {
        None => "If you wrote to docket then, send it again.",
        Some(_) => "If you wrote there then, send it again.",
    };
    Page::of(written(span, terms).say(" could not be read: the homeserver does not give it out. ").say(again))
}

/// What was written in a time, and where.
fn written(span: &Lost, terms: &Terms) -> Line {
    let (from, until) = (dates::moment(span.from, terms.zone), dates::moment(span.until, terms.zone));
    let line = Line::ours(format!("What was written between {from} and {until}"));
    match &span.of {
        None => line,
        Some(of) => line.say(" in the room that is ").theirs(of.as_str()).say("'s alone"),
    }
}

/// What was written while docket did not listen.
pub fn caught_up(messages: usize, cases: u32, unread: usize, terms: &Terms) -> Page {
    let many = |count: u64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let line = Line::ours(format!(
        "caught up: {}, {}, {unread} unreadable",
        many(messages as u64, "message"),
        many(u64::from(cases), "new case")
    ));
    match unread {
        0 => Page::of(line),
        _ => Page::of(line.say(". Which: ").code(format!("{} unreadable", terms.prefix()))),
    }
}

/// What could not be read, newest first.
pub fn unreadable(ledger: &Ledger, now: DateTime<Utc>, terms: &Terms) -> Page {
    let spans: Vec<&Lost> = ledger.spans(now).collect();
    let count = ledger.shown(now).count();
    if spans.is_empty() && count == 0 {
        return Page::of(Line::ours(
            "Nothing is unreadable: every message of the last 30 days could be read.",
        ));
    }
    let mut lines: Vec<Line> =
        ledger.shown(now).take(MOST_LINES).map(|unread| one(unread, now, terms)).collect();
    let folded = lines.split_off(lines.len().min(OPEN));
    let mut page = match count {
        0 => Page::new(),
        1 => Page::of(Line::ours("1 message could not be read:")),
        count => Page::of(Line::ours(format!("{count} messages could not be read, the newest first:"))),
    };
    page = page.lines(lines);
    for span in spans {
        let line = written(span, terms);
        page = page.line(line.say(": the homeserver does not give it out. Send again what you wrote then."));
    }
    if ledger.may_lack(now) {
        page = page.line(Line::ours(
            "There may be more: of so many in one day not all are put on record. Whoever misses an answer sends it again.",
        ));
    }
    if folded.is_empty() { page } else { page.folded("Older ones", folded) }
}

fn one(unread: &Unread, now: DateTime<Utc>, terms: &Terms) -> Line {
    let zone = terms.zone;
    let line = Line::new().theirs(unread.sender.as_str()).dot().say(format!(
        "{} {}",
        dates::moment(unread.at, zone),
        dates::until(unread.at, now, zone)
    ));
    let line = line.dot();
    match (unread.until(), unread.state) {
        (Some(until), Awaited::ToBeDone) => line.say(format!(
            "{}; it is waited for until {}, and carried out if it comes.",
            not_yet(unread.why),
            dates::moment(until, zone)
        )),
        (Some(_), _) => line.say(format!(
            "{}, and they have asked for something else since. If it still holds, send it again.",
            not_yet(unread.why)
        )),
        (None, _) => line.say(mend(unread.why)),
    }
}

fn not_yet(why: Flaw) -> &'static str {
    match why {
        Flaw::UnsignedDevice | Flaw::UnknownDevice => "the homeserver has not told yet whose device it is",
        Flaw::NoKey
        | Flaw::KeyWithheld
        | Flaw::Broken
        | Flaw::ChangedIdentity
        | Flaw::Clear
        | Flaw::OtherSender => "its key has not come yet",
    }
}

/// Why it was not read, and what to do.
fn mend(why: Flaw) -> &'static str {
    match why {
        Flaw::NoKey => "its key did not come. Send it again.",
        Flaw::KeyWithheld => {
            "their client keeps its key from docket. Verify docket in it, then send it again."
        }
        Flaw::Broken => "it does not read, though its key is there. Send it again.",
        Flaw::UnsignedDevice => {
            "it came from a device that they have not verified. Verify it, then send it again."
        }
        Flaw::UnknownDevice => {
            "it came from a device that docket cannot tell is theirs. Log in anew on it, verify it, then send it again."
        }
        Flaw::ChangedIdentity => {
            "it came from another identity than docket knows. If it is theirs, an administrator vouches for it; then send it again."
        }
        Flaw::Clear | Flaw::OtherSender => "it was not theirs. Send yours again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::UnreadEvent;
    use chrono::TimeDelta;

    fn at(minutes: i64) -> DateTime<Utc> {
        "2026-11-20T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
    }

    fn terms() -> Terms {
        crate::rehearsal::terms().unwrap()
    }

    #[test]
    fn each_is_named_with_what_to_do() {
        let mut ledger = Ledger::default();
        let ben = Account::parse("@ben:try.test").unwrap();
        assert_eq!(
            unreadable(&ledger, at(0), &terms()).text(),
            "Nothing is unreadable: every message of the last 30 days could be read."
        );
        for (id, why) in [("$1", Flaw::Broken), ("$2", Flaw::NoKey), ("$3", Flaw::NoKey)] {
            let (id, sender) = (id.to_owned(), ben.clone());
            ledger.take_in(UnreadEvent::MessageUnread { id, sender, why, at: at(0) });
        }
        ledger.take_in(UnreadEvent::UnreadOvertaken { ids: vec!["$2".to_owned()] });
        ledger.take_in(UnreadEvent::SpanUnread { from: at(-60), until: at(-30), of: Some(ben) });
        ledger.take_in(UnreadEvent::SpanUnread { from: at(-60), until: at(-30), of: None });
        assert_eq!(
            unreadable(&ledger, at(1), &terms()).text(),
            "3 messages could not be read, the newest first:\n\
             @ben:try.test · Fri 20 Nov 2026, 10:00 GMT (1 minute ago) · its key has not come yet; it is waited for until Fri 20 Nov \
             2026, 10:02 GMT, and carried out if it comes.\n\
             @ben:try.test · Fri 20 Nov 2026, 10:00 GMT (1 minute ago) · its key has not come yet, and they have asked for something \
             else since. If it still holds, send it again.\n\
             @ben:try.test · Fri 20 Nov 2026, 10:00 GMT (1 minute ago) · it does not read, though its key is there. Send it again.\n\
             What was written between Fri 20 Nov 2026, 09:00 GMT and Fri 20 Nov 2026, 09:30 GMT: the homeserver does not give it out. \
             Send again what you wrote then.\n\
             What was written between Fri 20 Nov 2026, 09:00 GMT and Fri 20 Nov 2026, 09:30 GMT in the room that is @ben:try.test's \
             alone: the homeserver does not give it out. Send again what you wrote then."
        );
    }

    #[test]
    fn what_was_caught_up_with_is_one_line() {
        assert_eq!(caught_up(3, 1, 0, &terms()).text(), "caught up: 3 messages, 1 new case, 0 unreadable");
        assert_eq!(
            caught_up(1, 0, 1, &terms()).text(),
            "caught up: 1 message, 0 new cases, 1 unreadable. Which: !case unreadable"
        );
    }

    #[test]
    fn who_hears_of_a_message_that_came_too_late_reads_how_late() {
        let said = read_too_late(Awaited::GivenUp, at(0), at(5), &terms()).text();
        assert_eq!(
            said,
            "Not done: this message, here since Fri 20 Nov 2026, 10:00 GMT, can be read only now, and it came 5 minutes ago. If it \
             still holds, send it again."
        );
        let said = read_too_late(Awaited::Overtaken, at(0), at(1), &terms()).text();
        assert!(said.contains("and you have asked for something else since. If it still holds"), "{said}");
    }
}
