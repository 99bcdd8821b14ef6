//! Every rule about what may happen to a case. Given the case and a command, says what happens or why not.
//!
//! Nothing is changed here and nothing is looked up: what a rule needs to know comes in as an argument.

mod adopt;
mod answering;
mod appeal;
mod as_it_came;
mod beyond;
mod binding;
mod brings;
mod called;
mod cards;
mod clocks;
pub mod code;
mod cost;
mod countering;
mod desk;
mod desk_second;
mod done_already;
mod draw;
mod duplicate;
mod duty;
mod effects;
mod ending;
mod entries;
mod extending;
mod findings;
mod freezing;
pub mod gate;
pub mod handover;
pub mod held;
mod hushed;
mod identities;
mod in_vain;
mod issuer;
mod keeping;
mod kept_down;
mod later;
mod letters;
mod ours;
mod own_words;
mod pausing;
mod promised;
mod reason_gone;
mod received;
mod referring;
mod releasing;
mod request;
mod rests_on;
mod retyped;
mod scoping;
mod sealed;
pub mod second;
mod sending;
pub(crate) mod silence;
mod sweep;
mod telling;
#[cfg(test)]
mod tests;
pub mod undo;
mod unheard;
mod unlinking;
mod verify;
mod visiting;
mod voided;
mod waiting;
mod watching;
mod went_back;
mod whose_words;
mod within;
mod worded;
mod work;

use chrono::{DateTime, Utc};

pub use answering::{done_line, refused_line};
pub use appeal::own_decision;
pub use beyond::beyond_request;
pub use brings::brings;
pub use cards::{LostCard, lost_card};
pub use countering::{countered, counters_nobody};
pub use desk::{DeskAround, desk};
pub use desk_second::lapse;
pub use draw::Draw;
pub use duplicate::answers_no_longer;
pub use duty::{Duty, duties, review_due, unreviewed};
pub use freezing::{Shortage, resume_on_host, shortage};
pub use hushed::{MOST_NAMED, held_up, hushable, hushes};
pub use identities::{Sighting, compared, sighted, trust_on_host};
pub use keeping::{hold_terms, hold_times, may_extend, would_end};
pub use kept_down::kept_down;
pub use later::{Later, ended, later};
pub(super) use letters::text_for;
pub use ours::can_look_back;
pub use own_words::{may_draft, may_draft_beside, may_go_out, may_name, own_words, words_in};
pub use promised::{Deed, Promise, apart, calling_promise, left_open, promises};
pub(super) use reason_gone::may_be_said;
pub use reason_gone::reason_is_gone;
pub use referring::{is_unread, unknown_recipient, words_to_another};
pub use releasing::{LetterLeave, letter_command, letter_may_leave, letter_stopped, letter_went};
pub use retyped::rests_on_retyped;
pub use sealed::{may_attach, may_work};
pub use sending::{Leave, may_leave, stepped};
pub use sweep::{sweep, wake, watch};
pub use telling::{asked_about, asks_whose, to_be_asked_about, told_first, untold, waits_for_answer};
pub use unheard::{Unheard, leaves_unheard};
pub use verify::{likely_entry, wants_number};
pub use visiting::{Unserved, may_add, may_visit, took_back, visited, wrote_again};
pub use voided::voided;
pub use watching::{
    calls, goes, left_behind, left_behind_at_the_desk, may_speak, people_changed, to_be_removed, watched,
};

use super::{Account, Case, CaseId, Command, Effect, Event, Hearing, Opening, Refusal, Terms};

/// What happens, and to which case.
pub type Events = Vec<(CaseId, Event)>;

/// What the desk looked up before, because the command speaks of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The case that a link leads to, if it is on file.
    pub other: Option<Case>,
    /// For each user whom the command would tell, cases that forbid it, closed ones too: some, wherever there are any. `None`
    /// if they were not looked up, or could not be read.
    pub naming: Option<Vec<Case>>,
    /// Cases that name a user to whom words of ours may go: the newest, wherever there are any.
    pub asking: Vec<Case>,
    /// The cases whose holds run and that name an account of this one; `None` if they were not looked up, or are more than can
    /// be (rule 63).
    pub holding: Option<Vec<CaseId>>,
    /// Whether such a hold is one of a sealed case, which is not named.
    pub held_unshown: bool,
    /// The cases on file whose notices this one counters (rule 41).
    pub countered: Vec<CaseId>,
    /// These cases, and those that a duplicate of this one counters.
    pub notices: Vec<Case>,
    /// The cases that ask for more time on this one, where its hold is spoken of (rule 20).
    pub extending: Vec<Case>,
    /// The cases on file that counter this one.
    pub countering: Vec<CaseId>,
    /// The cases that were called duplicates of this one and are on file.
    pub duplicates: Vec<Case>,
    /// What people may have said that was not heard.
    pub hearing: Hearing,
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
    /// Randomness, for a code.
    pub draw: Draw,
}

/// Opens a case under the number that the desk has for it.
pub fn open(id: CaseId, opening: Opening, setting: &Setting<'_>) -> Result<Events, Refusal> {
    request::open(id, opening, setting)
}

/// Says what a command does to a case on file: at once, or once a second person has approved it.
pub fn decide(
    case: &Case,
    around: &Around,
    command: Command,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    sealed::allowed(case, around, &command, setting)?;
    let events = act(case, around, command.clone(), setting)?;
    let mut after = case.clone();
    for (_, event) in events.iter().filter(|(id, _)| *id == case.id) {
        after.apply(event, setting.actor, setting.now);
    }
    // An approval has its two people already.
    let effects = match &command {
        Command::Approve { .. } | Command::Deny { .. } => Vec::new(),
        command => {
            called::by_those_called(case, &after, setting.actor, setting.terms)?;
            effects::effects(command, case, &after, &events, around, setting)
        }
    };
    if effects.contains(&Effect::Disclose) {
        ending::not_denied(case)?;
    }
    if effects.is_empty() {
        Ok(second::with_voids(case, around, events))
    } else {
        second::propose(case, command, effects, &events, setting)
    }
}

/// What a command would do if one person were enough, with the ends of a wait and of what was found that it brings.
fn act(case: &Case, around: &Around, command: Command, setting: &Setting<'_>) -> Result<Events, Refusal> {
    // Here, so that what was approved is held once more against what binds by then.
    own_words::name_nobody(case, around, &command, setting.terms)?;
    referring::may_refer(case, around, &command, setting.terms)?;
    let events = by_itself(case, around, command, setting)?;
    let events = countering::followed(case, around, events);
    let events = duplicate::followed(case, around, events, setting);
    let events = countering::due_again(around, events, setting);
    let events = waiting::ended_by(case, events, setting.terms);
    let events = telling::freed(case, events, setting);
    let events = went_back::undone(case, events, setting);
    let events = in_vain::told_again(case, events, setting);
    Ok(findings::ended_by(case, around, events, setting.terms))
}

fn by_itself(
    case: &Case,
    around: &Around,
    command: Command,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let here = |event| vec![(case.id, event)];
    let terms = setting.terms;
    match command {
        Command::Set { edits } => request::set(case, edits, around, setting),
        Command::Note { text } => Ok(here(work::note(text))),
        Command::Attach { file, role, user } => work::attach(case, file, role, user).map(here),
        Command::Verify { what, by, how, entry, number, at, outcome } => {
            let by = by.unwrap_or_else(|| setting.actor.clone());
            let asked = verify::Asked { what, by, how, entry, number, at, outcome };
            let events = verify::verify(case, asked, setting)?;
            Ok(events.into_iter().map(|event| (case.id, event)).collect())
        }
        Command::Assign { to } => work::assign(case, to, terms).map(here),
        Command::Tag { add, remove } => sealed::tag(case, add, remove, terms)
            .map(|events| events.into_iter().map(|event| (case.id, event)).collect()),
        Command::Link { other, how } => work::link(case, other, how, around, terms),
        Command::Unlink { other } => unlinking::unlink(case, other, around, setting),
        Command::Answer { extent } => {
            appeal::by_another(case, setting)?;
            answering::answer(case, extent, around, setting).map(here)
        }
        Command::Refuse { code, words } => {
            appeal::by_another(case, setting)?;
            ending::refuse(case, code, words, terms).map(here)
        }
        Command::Withdraw { reason } => ending::withdraw(case, reason).map(here),
        Command::Close => ending::close(case, terms, setting.now).map(here),
        Command::CloseUnsent { reason } => ending::close_unsent(case, reason, terms)
            .map(|events| events.into_iter().map(|event| (case.id, event)).collect()),
        Command::CloseUndone { reason } => ending::close_undone(case, reason, terms)
            .map(|events| events.into_iter().map(|event| (case.id, event)).collect()),
        Command::Reopen { reason } => {
            ending::reopen(case, reason).map(|event| duplicate::reopened(case, event, around))
        }
        Command::RecordSent { letter, via, at, repeat } => {
            let events = letters::sent(case, &letter, letters::Sending { via, at, repeat }, setting)?;
            Ok(events.into_iter().map(|event| (case.id, event)).collect())
        }
        Command::Redirect { to } => letters::redirect(case, to, setting).map(here),
        Command::Scope { categories, allow, reason } => {
            scoping::scope(case, &categories, allow, reason.as_deref(), setting)
                .map(|events| events.into_iter().map(|event| (case.id, event)).collect())
        }
        Command::Gag(step) => silence::gag(case, step, setting).map(here),
        Command::Hold(step) => {
            let event = keeping::hold(case, step, setting)?;
            Ok(extending::with_requests(case, event, &around.extending, terms))
        }
        Command::Notify { whom, how } => telling::notify(case, whom, how, around, setting),
        Command::Attest { reason } => ending::attest(case, reason, setting).map(here),
        Command::Approve { code, alone } => second::approve(case, around, &code, alone, setting),
        Command::Deny { code, reason } => second::deny(case, code.as_deref(), reason),
        Command::Cost { cents, currency, what } => cost::add(case, cents, currency, what).map(here),

        Command::Prolong { clock, term, reason } => {
            clocks::prolong(case, clock, term, reason, setting).map(here)
        }
        Command::Adopt { policy } => adopt::adopt(case, policy.as_deref(), setting)
            .map(|events| events.into_iter().map(|event| (case.id, event)).collect()),
        Command::Seen => pausing::seen(case, setting).map(here),
        Command::Snooze { span } => pausing::snooze(case, span, terms, setting.now).map(here),
        Command::Undo { returns } => Ok(undo::undo(returns)),
    }
}
