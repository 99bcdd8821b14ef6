//! The clocks that a case has whatever its policy's list of them says: what it holds comes to an end, or must be looked at
//! again. Their lengths are on record already, or the policy's own.

use std::cell::LazyCell;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::idle::morning_after;
use super::{Clock, HOLD, Run, questions, secrecy};
use crate::case::decide::gate::bars;
use crate::case::decide::{review_due, unreviewed};
use crate::case::{Alone, Case, Telling, Terms};

/// The first word of the clock of a withheld notice's review; each user's has one of its own.
pub(crate) const REVIEW: &str = "notice";
/// That of a user who was invited to read a notice, and is asked about who has not come; each has one of their own.
pub(crate) const COMING: &str = "coming";
/// That of a proposal that waits for its second person.
pub(crate) const APPROVAL: &str = "approval";
/// The clock of the review of what one person did alone.
pub(crate) const BREAK_GLASS: &str = "break-glass";

pub(super) fn runs<'a>(case: &Case, terms: &Terms) -> Vec<Run<'a>> {
    let bars = LazyCell::new(|| bars(case, terms));
    let asked = [questions::gag(case, terms), questions::permission(case, &bars, terms)];
    let own = [hold(case), gag(case), secrecy::secrecy(case, &bars, terms)];
    let clocks = own.into_iter().chain(asked).flatten();
    let reviews = unreviewed(case).map(|alone| review(case, alone, terms));
    clocks
        .chain(notices(case, terms))
        .chain(approvals(case))
        .chain(reviews)
        .map(|clock| standing(clock, terms.zone_of(case)))
        .collect()
}

/// The question that is asked where nothing else counts.
pub(super) fn idle<'a>(case: &Case, terms: &Terms, others: &[Run<'_>]) -> Option<Run<'a>> {
    super::idle::idle(case, terms, others).map(|clock| standing(clock, terms.zone_of(case)))
}

fn standing<'a>(clock: Clock, zone: Tz) -> Run<'a> {
    let clock = Clock { zone, ..clock };
    Run {
        own_end: clock.due,
        unmoved_end: clock.due,
        promised: clock.due,
        clock,
        rule: None,
        extensions: Vec::new(),
        counted: 0,
        still: false,
    }
}

/// Its zone is that of the case, which [`standing`] puts in.
pub(super) fn clock(name: &str, title: &str, start: DateTime<Utc>, due: DateTime<Utc>) -> Clock {
    let (name, title) = (name.to_owned(), title.to_owned());
    Clock { name, title, start, due, earliest: None, zone: Tz::UTC, calls: None }
}

/// The end of a hold (rule 19).
fn hold(case: &Case) -> Option<Clock> {
    let hold = case.hold.as_ref().filter(|hold| hold.runs())?;
    Some(clock(HOLD, "hold ends", hold.from, hold.until))
}

/// The end of a gag; one without an end is asked after.
fn gag(case: &Case) -> Option<Clock> {
    let gag = case.gag.as_ref().filter(|gag| gag.binds())?;
    gag.until.map(|until| clock(questions::GAG, "gag ends", gag.at, until))
}

/// Notices that are withheld, each to be looked at again (rule 30), and those whose users were invited and have not come.
fn notices(case: &Case, terms: &Terms) -> impl Iterator<Item = Clock> {
    case.notices.iter().filter_map(|(account, notice)| match &notice.what {
        Telling::Withheld { review, .. } => {
            // Each has a name of its own, so that none hides another.
            Some(clock(&format!("{REVIEW} {account}"), "review of a withheld notice due", notice.at, *review))
        }
        Telling::Sending { .. } => {
            let since = notice.waits_for_them()?;
            let end = morning_after(case, terms, since, terms.policy_of(case)?.notice.ask_after?)?;
            Some(clock(&format!("{COMING} {account}"), "user to come for their notice", since, end))
        }
        Telling::Told { .. } | Telling::Waived { .. } => None,
    })
}

/// Proposals that wait for their second person.
fn approvals(case: &Case) -> impl Iterator<Item = Clock> {
    let open = case.proposals.iter().filter(|proposal| proposal.approved.is_none());
    open.map(|proposal| {
        clock(&format!("{APPROVAL} {}", proposal.code), "approval due", proposal.at, proposal.expires)
    })
}

/// What one person did alone, which somebody else looks at afterwards.
fn review(case: &Case, alone: &Alone, terms: &Terms) -> Clock {
    clock(BREAK_GLASS, "review of what one person did alone", alone.at, review_due(case, alone, terms))
}
