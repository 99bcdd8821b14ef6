//! A notice that docket brings to a user itself, on its way: whether it may take the next step, and what a step changes.
//!
//! The gate is asked for the third time here, right before something leaves (the first is the draft, the second the approval).
//! Unread is no, and so is a word that may still be on its way.

use chrono::{DateTime, Utc};

use super::gate::may_tell;
use super::telling::{to_be_asked_about, untold, waits_for_answer};
use super::{Around, Events};
use crate::case::letter::to_user_in;
use crate::case::{Account, Case, Ending, Event, Notice, Outcome, Step, Telling, Terms};

/// Whether a notice may take its next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// It may.
    Goes,
    /// Not now: something that may forbid it cannot be read yet.
    Waits,
    /// The gate says no: it is void, and two people look at it anew.
    Barred,
    /// It is not on its way any more: it is done, or somebody settled it in another way.
    Over,
}

/// Whether anything may be asked of a homeserver now that concerns this user: everything that stands on record by now has its say.
pub fn may_leave(case: &Case, account: &Account, around: &Around, terms: &Terms) -> Leave {
    let Some(notice) = case.notice(account).filter(|notice| notice.is_on_its_way()) else {
        return Leave::Over;
    };
    let since = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at > notice.at);
    let hearing = &around.hearing;
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else {
        return Leave::Waits;
    };
    let Some(others) = &around.naming else { return Leave::Waits };
    if hearing.behind || since(hearing.awaited) {
        return Leave::Waits; // It may be a word against it.
    }
    // Who is on the case no longer, or shares in what is kept down, is not to be told; nor are those elsewhere whom the policy leaves
    // out by now.
    let is_owed = kind.notify && untold(case).any(|user| user == account);
    let is_asked_about = to_be_asked_about(case, terms).contains(&account);
    let is_fit = is_owed
        && is_asked_about
        && !is_told_elsewhere(case, notice)
        && is_as_agreed(case, account, notice, terms)
        && !waits_for_answer(case, kind, policy);
    match may_tell(case, account, others, terms) {
        Ok(()) if is_fit && !since(hearing.unheard) => Leave::Goes,
        Ok(()) | Err(_) => Leave::Barred,
    }
}

/// Whether the case ended as a duplicate since: its users are told with the other one, and once.
fn is_told_elsewhere(case: &Case, notice: &Notice) -> bool {
    let is_twin = |outcome: &&Outcome| matches!(outcome.what, Ending::Duplicate { .. });
    case.outcome.as_ref().filter(is_twin).is_some_and(|outcome| outcome.at >= notice.at)
}

/// Whether the notice would say the same if it were written now: what two people agreed on is not so any more if something else came of the
/// request, or if it turned out to be a fake.
fn is_as_agreed(case: &Case, account: &Account, notice: &Notice, terms: &Terms) -> bool {
    let Telling::Sending { letter, copy, tongue } = &notice.what else { return false };
    let anew = to_user_in(*tongue, case, account, terms, notice.at);
    notice.of == case.upshot() && anew.is_ok_and(|anew| anew.draft.pieces == *letter && anew.copy == *copy)
}

/// What a step brings to the case; nothing where it changes nothing, or where the notice is not on its way.
pub fn stepped(case: &Case, account: &Account, step: Step) -> Events {
    let Some(notice) = case.notice(account) else { return Vec::new() };
    let was_sent = notice.sent().is_some();
    let counts = match &step {
        Step::Created { .. }
        | Step::Invited
        | Step::Joined
        | Step::Declined
        | Step::Unreachable { .. }
        | Step::HeldBack => notice.is_on_its_way(),
        // Once it is there it is there, whatever was decided in that moment.
        Step::Sent { .. } => notice.is_on_its_way() || (notice.room().is_some() && !was_sent),
        Step::Left => notice.is_on_its_way() || was_sent,
        // Of what was sent.
        Step::Read => was_sent,
        // Whoever could not be told may write there all the same.
        Step::Replied => was_sent || (notice.room().is_some() && !notice.is_on_its_way()),
    };
    let brings = || (case.id, Event::NoticeStepped { account: account.clone(), step: step.clone() });
    Vec::from_iter((counts && !notice.has(&step)).then(brings))
}
