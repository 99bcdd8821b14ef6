//! The lines that begin with `/`: they steer the rehearsal and are no messages.

use chrono::{DateTime, Utc};

use super::users::Whereabouts;
use crate::case::calendar::moment_after;
use crate::case::{Account, Calendar, Span, Terms};

/// What a steering line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Steer {
    /// Who types from now on.
    As(Account),
    /// Moves the clock.
    Advance(Span),
    /// Tells the time.
    Now,
    /// Posts a file.
    File(String),
    /// The next message answers an item.
    Reply(usize),
    /// Somebody takes an item out of the room.
    Redact(usize),
    /// Gives a frozen person's authority back, as on the host.
    Resume(Account),
    /// The data are put back to an older copy: so many records that the room knows of are missing.
    RolledBack(u64),
    /// Says what a user does whom docket tells something.
    User(Account, Whereabouts),
    /// A user writes to docket in a room of their own.
    Dm(Account, String),
    /// Explains the steering lines.
    Help,
    /// Ends the rehearsal.
    Quit,
}

/// Reads a line that begins with `/`; the error is the sentence to show.
pub(super) fn read(line: &str) -> Result<Steer, String> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match (word.to_lowercase().as_str(), rest) {
        ("/now", "") => Ok(Steer::Now),
        ("/help" | "/?", "") => Ok(Steer::Help),
        ("/quit" | "/exit" | "/q", "") => Ok(Steer::Quit),
        ("/as", "") => Err("Say who types: /as @ben".to_owned()),
        ("/as", name) => account(name).map(Steer::As),
        ("/host", rest) => match rest.split_once(char::is_whitespace) {
            Some(("resume", name)) => account(name.trim()).map(Steer::Resume),
            Some(_) | None => {
                Err("On the host one can give somebody’s authority back: /host resume @ben".to_owned())
            }
        },
        ("/advance", "") => Err("Say how far: /advance 31 days".to_owned()),
        ("/advance", span) => match Span::read(span) {
            Ok(span) => Ok(Steer::Advance(span)),
            Err(fault) => Err(format!("The clock stays: {fault}. For example: /advance 31 days")),
        },
        ("/file", "") => Err("Say which file: /file order.pdf".to_owned()),
        ("/file", path) => Ok(Steer::File(path.to_owned())),
        ("/rolled-back", "") => Ok(Steer::RolledBack(1)),
        ("/rolled-back", n) => match n.parse() {
            Ok(n @ 1..=1_000_000) => Ok(Steer::RolledBack(n)),
            Ok(_) | Err(_) => Err("Say how many records are missing: /rolled-back 29".to_owned()),
        },
        ("/user", rest) => {
            let (name, does) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            let does = Whereabouts::read(does.trim()).ok_or_else(|| {
                "Say who, and what they do: /user @alice:example.org comes, stays away, declines, is gone, or has no device".to_owned()
            })?;
            account(name).map(|user| Steer::User(user, does))
        }
        ("/dm", rest) => {
            let (name, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            if name.is_empty() || text.trim().is_empty() {
                return Err("Say who writes, and what: /dm @alice:example.org hello".to_owned());
            }
            account(name).map(|user| Steer::Dm(user, text.trim().to_owned()))
        }
        ("/mail", _) => Err("Mail is not in this version yet; post the mail with /file instead.".to_owned()),
        ("/reply", n) => {
            n.parse().map(Steer::Reply).map_err(|_| "Say which item, by its number: /reply 3".to_owned())
        }
        ("/redact", n) => {
            n.parse().map(Steer::Redact).map_err(|_| "Say which item, by its number: /redact 3".to_owned())
        }
        _ => Err("I do not know that steering line. /help lists them; a message cannot begin with a slash."
            .to_owned()),
    }
}

fn account(name: &str) -> Result<Account, String> {
    let name = name.strip_prefix('@').unwrap_or(name);
    let full =
        if name.contains(':') { format!("@{name}") } else { format!("@{name}:{}", super::people::SERVER) };
    Account::parse(&full).map_err(|fault| format!("Nobody types under that name: {fault}."))
}

/// The time after a span. Days and longer are days of the zone: the clock on the wall stays where it was.
pub(super) fn after(now: DateTime<Utc>, span: Span, terms: &Terms) -> Result<DateTime<Utc>, String> {
    let calendar = terms.policy().map(|policy| terms.calendar(policy, None).into_owned());
    moment_after(now, span, &calendar.unwrap_or_else(Calendar::weekends), terms.zone).ok_or_else(too_far)
}

fn too_far() -> String {
    "That is farther than any calendar goes.".to_owned()
}
