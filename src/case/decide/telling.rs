//! The duty to tell users (rules 16, 25 to 31): told, put off, or given up. Every way passes the gate or two people; which
//! of them take two is said in `effects`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::gate::{Bar, bars, by_instrument, may_be_cleared, may_tell};
use super::{Around, Events, Setting};
use crate::case::letter::{Obstacle, to_user_in};
use crate::case::{
    Account, Case, Event, Exception, Kind, Notice, Policy, Refusal, Restraint, Settling, Telling, Term,
    Terms, When,
};

/// So many users are told by one proposal at most: the words for each are on record with it.
const MOST_AT_ONCE: usize = 100;
/// The most bytes of a notice that docket brings itself: it is one message, whole.
const LONGEST: usize = 16_000;
/// The most bytes of all of them with their copies: they stand in one record.
const MOST_BYTES: usize = 1 << 20;

pub(super) fn notify(
    case: &Case,
    whom: Option<Account>,
    how: Settling,
    around: &Around,
    setting: &Setting<'_>,
) -> Result<Events, Refusal> {
    let policy = setting.terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = policy.kind(&case.kind).ok_or(Refusal::PolicyMissing)?;
    if !kind.notify {
        return Err(Restraint::NobodyIsTold.into());
    }
    // Of nobody it is said too why they are not told.
    if let Settling::Waive { reason } = &how
        && whom.is_none()
        && untold(case).next().is_none()
        && asks_whose(case, kind)
    {
        return Ok(vec![(case.id, Event::NobodyConcerned { reason: reason.clone() })]);
    }
    if let Some(stays) = Obstacle::stays_down(case) {
        return Err(stays.into());
    }
    let whom = affected(case, whom, policy)?;
    let settled = |account: &Account, what: Telling, at: Option<DateTime<Utc>>| {
        (case.id, Event::NoticeSettled { account: account.clone(), what, at })
    };
    match how {
        Settling::Withhold { reason, review } => {
            let exception = exception(policy, &reason)?;
            let calendar = setting.terms.calendar(policy, None);
            let end = |span| Term::of(span).end(setting.now, &calendar, setting.terms.zone_under(policy));
            let latest = end(exception.review);
            let review = review.map_or(latest, end);
            // How long nobody need look again is the policy's to say (rule 30).
            if review > latest {
                return Err(Restraint::ReviewTooLate { most: exception.review }.into());
            }
            let what = Telling::Withheld { reason: exception.code.clone(), review };
            Ok(whom.iter().map(|account| settled(account, what.clone(), None)).collect())
        }
        Settling::Waive { reason } => {
            let what = Telling::Waived { reason };
            Ok(whom.iter().map(|account| settled(account, what.clone(), None)).collect())
        }
        Settling::Tell { via, at } => {
            if waits_for_answer(case, kind, policy) {
                return Err(Restraint::TellAfterAnswer.into());
            }
            if let Some(at) = at.filter(|at| *at > setting.now) {
                return Err(Restraint::NotYet(at).into());
            }
            all_may_be_told(case, &whom, around, setting.terms)?;
            let what = Telling::Told { via };
            Ok(whom.iter().map(|account| settled(account, what.clone(), at)).collect())
        }
        Settling::Send { tongue } => {
            if waits_for_answer(case, kind, policy) {
                return Err(Restraint::TellAfterAnswer.into());
            }
            let is_on_its_way = |account: &&Account| case.notice(account).is_some_and(Notice::is_on_its_way);
            if let Some(account) = whom.iter().find(is_on_its_way) {
                return Err(Restraint::OnItsWay(account.clone()).into());
            }
            if whom.len() > MOST_AT_ONCE {
                return Err(Refusal::TooMuchAtOnce);
            }
            all_may_be_told(case, &whom, around, setting.terms)?;
            let mut bytes = 0;
            let sent = |account: &Account| {
                let notice = to_user_in(tongue, case, account, setting.terms, setting.now)?;
                let letter = notice.draft.text().len();
                let lines = notice.copy.lines().iter().map(|(label, value)| label.len() + value.len());
                bytes += letter + lines.sum::<usize>();
                if letter > LONGEST || bytes > MOST_BYTES {
                    return Err(Refusal::TooMuchAtOnce);
                }
                let what = Telling::Sending { letter: notice.draft.pieces, copy: notice.copy, tongue };
                Ok(settled(account, what, None))
            };
            whom.iter().map(sent).collect()
        }
    }
}

/// The gate, for each of them.
fn all_may_be_told(case: &Case, whom: &[Account], around: &Around, terms: &Terms) -> Result<(), Refusal> {
    for account in whom {
        let others = around.naming.as_ref().ok_or(Refusal::from(Restraint::NotAllRead(account.clone())))?;
        may_tell(case, account, others, terms).map_err(|bars| {
            let not_about = may_be_cleared(case, account, others, terms);
            Refusal::from(Restraint::MayNotTell { account: account.clone(), bars, not_about })
        })?;
    }
    Ok(())
}

/// Adds to what happens to a case from when its users can be told, where what it rests on was the last that forbade it: which
/// instrument it is was found out, or that it lets them be told (rule 60). Nobody was late before. What is taken back gives nobody
/// more time, nor does a line that was taken off and put there again.
pub(super) fn freed(case: &Case, mut events: Events, setting: &Setting<'_>) -> Events {
    let is_moved = |event: &Event| {
        matches!(event, Event::FieldSet { .. } | Event::FieldCleared { .. } | Event::PolicyAdopted { .. })
    };
    let own = || events.iter().filter(|(id, _)| *id == case.id).map(|(_, event)| event);
    let is_said = own().any(|event| matches!(event, Event::FreeToTell { .. }));
    if is_said || !own().any(is_moved) {
        return events;
    }
    let mut after = case.clone();
    own().for_each(|event| after.apply(event, setting.actor, setting.now));
    let is_free = |case: &Case| bars(case, setting.terms).is_empty();
    let (was, is) = (by_instrument(case, setting.terms), by_instrument(&after, setting.terms));
    let since = match (was, is) {
        // One person takes a line off and puts it back.
        (Some(Bar::Missing), None) if is_free(&after) => case.freed.instrument.or(Some(setting.now)),
        (Some(_), None) if is_free(&after) => Some(setting.now),
        (None, Some(Bar::Missing)) if is_free(case) => {
            owed_from(case, setting.terms).max(case.freed.instrument)
        }
        (Some(_) | None, _) => return events,
    };
    if since != case.freed.instrument {
        events.push((case.id, Event::FreeToTell { since }));
    }
    events
}

/// From when a notice is owed on a case, as far as it is by now.
fn owed_from(case: &Case, terms: &Terms) -> Option<DateTime<Utc>> {
    let rules = terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    let waits = rules.is_none_or(|(policy, kind)| waits_for_answer(case, kind, policy));
    let ended = case.outcome.as_ref().map(|outcome| outcome.at);
    case.owed_since.or(ended).or((!waits).then_some(case.received))
}

/// Whether the policy tells its users only once something came of the request, and nothing has (rule 28).
pub fn waits_for_answer(case: &Case, kind: &Kind, policy: &Policy) -> bool {
    kind.told(policy) == When::After && case.outcome.is_none()
}

/// The users who are to be told before the request is answered, as the policy has it, and whom nothing that is known here forbids to
/// tell (rule 28). Somebody may have put one off; the gate asks again.
pub fn told_first<'c>(case: &'c Case, terms: &Terms) -> Vec<&'c Account> {
    let rules = terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    let is_before = |(policy, kind): (&Policy, &Kind)| kind.notify && kind.told(policy) == When::Before;
    let is_open = case.outcome.is_none() && case.closed.is_none();
    if !is_open || !rules.is_some_and(is_before) || !bars(case, terms).is_empty() {
        return Vec::new();
    }
    let is_free = |account: &&Account| case.settled(account).is_none() && case.hush(account).is_none();
    let mut seen = BTreeSet::new();
    untold(case).filter(is_free).filter(|account| seen.insert(*account)).collect()
}

/// Whom this would tell, as far as anybody can be: those about whom the gate is asked.
pub fn asked_about(case: &Case, whom: Option<&Account>) -> Vec<Account> {
    let mut users: Vec<Account> = match whom {
        Some(account) => vec![account.clone()],
        None => untold(case).filter(|account| is_ours(case, account)).cloned().collect(),
    };
    let mut seen = BTreeSet::new();
    users.retain(|account| seen.insert(account.clone()));
    users
}

/// Whom anybody may ask about on a case: the users of our servers, and those of others where the policy has them told too, each once.
pub fn to_be_asked_about<'c>(case: &'c Case, terms: &Terms) -> Vec<&'c Account> {
    let far = terms.policy_of(case).is_some_and(|policy| policy.notice.other_servers);
    let mut found: Vec<&Account> = Vec::new();
    for subject in case.subjects().filter(|subject| subject.ours || far) {
        if !found.contains(&&subject.account) {
            found.push(&subject.account);
        }
    }
    found
}

/// The users of our servers whom the case names and who are neither told nor given up; and of other servers those of whom somebody began
/// to tell them.
pub fn untold(case: &Case) -> impl Iterator<Item = &Account> {
    let settled = |account: &Account| {
        let what = case.notice(account).map(|notice| &notice.what);
        matches!(what, Some(Telling::Told { .. } | Telling::Waived { .. }))
    };
    let is_begun = |account: &Account| case.notices.contains_key(account);
    let whom = case.subjects().filter(move |subject| subject.ours || is_begun(&subject.account));
    let whom = whom.map(|subject| &subject.account);
    // Nobody hears that what they shared went back while another case keeps it down (rule 41).
    let waits = case.stays_down();
    whom.filter(move |account| !waits && !settled(account))
}

/// Whether somebody must still find out which of our users a case is about (rules 25 and 31): it is about material and names
/// nobody, or part of its accounts could not be read.
pub fn asks_whose(case: &Case, kind: &Kind) -> bool {
    let names_nobody = case.subjects().next().is_none();
    let is_unclear = (kind.asks_whose && names_nobody) || has_unread(case);
    kind.notify && case.nobody.is_none() && is_unclear
}

/// Whether part of a line of accounts could not be read.
pub(super) fn has_unread(case: &Case) -> bool {
    case.unread_of_accounts().next().is_some()
}

/// Whether a case names somebody as a user of ours.
pub(super) fn is_ours(case: &Case, account: &Account) -> bool {
    case.subjects().any(|subject| subject.ours && subject.account == *account)
}

/// One user of the case, or all who are not told yet.
fn affected(case: &Case, whom: Option<Account>, policy: &Policy) -> Result<Vec<Account>, Refusal> {
    let mut left: Vec<Account> = untold(case).cloned().collect();
    left.dedup();
    if whom.is_none() {
        // Those elsewhere are named one by one.
        left.retain(|account| is_ours(case, account));
    }
    match whom {
        None if left.is_empty() => Err(Restraint::NobodyLeftToTell.into()),
        None => Ok(left),
        Some(account) if left.contains(&account) => Ok(vec![account]),
        Some(account) => {
            let named = case.subjects().find(|subject| subject.account == account);
            let is_begun = case.notices.contains_key(&account);
            match named {
                None => Err(Refusal::NotOnCase(account)),
                Some(subject) if subject.ours || is_begun => {
                    Err(Restraint::NoticeSettledAlready(account).into())
                }
                Some(_) if policy.notice.other_servers => Ok(vec![account]),
                Some(_) => Err(Restraint::OtherServer(account).into()),
            }
        }
    }
}

fn exception<'p>(policy: &'p Policy, typed: &str) -> Result<&'p Exception, Refusal> {
    let found = policy.notice.exceptions.iter().find(|exception| exception.code.eq_ignore_ascii_case(typed));
    found.ok_or_else(|| {
        Refusal::from(Restraint::NoSuchException {
            typed: typed.to_owned(),
            known: policy.notice.exceptions.iter().map(|exception| exception.code.clone()).collect(),
        })
    })
}
