//! Every rule about what may happen to a case. Given the case and a command, says what happens or why not.
//!
//! Nothing is changed here and nothing is looked up: what a rule needs to know comes in as an argument.

mod binding;
mod clocks;
mod cost;
mod ending;
mod pausing;
mod request;
mod sweep;
#[cfg(test)]
mod tests;
mod work;

use chrono::{DateTime, Utc};

pub use sweep::{sweep, wake, watch};

use super::{Account, Case, CaseId, Command, Event, Opening, Refusal, Terms};

/// What happens, and to which case.
pub type Events = Vec<(CaseId, Event)>;

/// What the desk looked up before, because the command speaks of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The case that a link leads to, if it is on file.
    pub other: Option<Case>,
}

/// Who decides, under which terms, and when.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// Who gives the command.
    pub actor: &'a Account,
    /// The policy, the people, the servers.
    pub terms: &'a Terms,
    /// The time, which no rule asks for elsewhere.
    pub now: DateTime<Utc>,
    /// Whether that is certain: while the machine's clock is in doubt, nothing happens that cannot be taken back.
    pub certain: bool,
}

/// Opens a case under the number that the desk has for it.
pub fn open(id: CaseId, opening: Opening, setting: &Setting<'_>) -> Result<Events, Refusal> {
    request::open(id, opening, setting)
}

/// Says what a command does to a case on file.
pub fn decide(
    case: &Case,
    around: &Around,
    command: Command,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let here = |event| vec![(case.id, event)];
    let terms = setting.terms;
    match command {
        Command::Set { edits } => request::set(case, edits, terms),
        Command::Note { text } => Ok(here(work::note(text))),
        Command::Attach { file, role, user } => work::attach(case, file, role, user).map(here),
        Command::Verify { what, by, how, entry } => {
            let by = by.unwrap_or_else(|| setting.actor.clone());
            request::verify(case, what, by, how, entry, terms).map(here)
        }
        Command::Assign { to } => work::assign(case, to, terms).map(here),
        Command::Tag { add, remove } => work::tag(case, add, remove).map(here),
        Command::Link { other, how } => work::link(case, other, how, around),
        Command::Answer { extent } => ending::answer(case, extent, terms).map(here),
        Command::Refuse { code, words } => ending::refuse(case, code, words, terms).map(here),
        Command::Withdraw { reason } => ending::withdraw(case, reason).map(here),
        Command::Close => ending::close(case).map(here),
        Command::Reopen { reason } => ending::reopen(case, reason).map(here),
        Command::Cost { cents, currency, what } => cost::add(case, cents, currency, what).map(here),

        Command::Prolong { clock, term, reason } => {
            clocks::prolong(case, clock, term, reason, setting).map(here)
        }
        Command::Seen => pausing::seen(case, terms).map(here),
        Command::Snooze { span } => pausing::snooze(case, span, terms, setting.now).map(here),
    }
}
