//! What waits for a second person: one proposal on its case, and all of them in a list.

use chrono::{DateTime, Utc};

use super::adoption::adoption;
use super::card::cautions;
use super::comes_to::{comes_to, gives_out, is_erasure, is_without_records};
use super::goes_along::tells_words_alone;
use super::sealed::in_short;
use crate::case::conflict::asks_for_copy;
use crate::case::decide::second::{adopts_another, can_go_alone, need_of_second};
use crate::case::decide::{Unheard, beyond_request, brings, later, leaves_unheard, rests_on_retyped};
use crate::case::{Case, Command, DeskProposal, Effect, HoldStep, Need, Proposal, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// Every proposal that waits, with its code again: on the cases that stand first, about no case, on the others.
pub fn pending(desk: &[DeskProposal], cases: &[Case], more: bool, terms: &Terms, now: DateTime<Utc>) -> Page {
    let (first, others): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| terms.stands_first(case));
    let mut page = on_cases(Page::new(), &first, terms, now);
    for proposal in desk {
        page = page.line(text::desk_act(proposal, terms.zone).begin_sentence());
        page = page.lines(text::desk_waiting(proposal, terms));
    }
    page = on_cases(page, &others, terms, now);
    if desk.is_empty() && cases.is_empty() {
        page = page.line(Line::ours("Nothing waits for a second person."));
    }
    if more {
        page = page.line(Line::ours("There are more; these come first."));
    }
    page
}

fn on_cases(mut page: Page, cases: &[&Case], terms: &Terms, now: DateTime<Utc>) -> Page {
    for case in cases {
        if case.is_sealed() {
            let line = in_short(case, terms, now).say(" · waits for a second person: ");
            page = page.line(line.code(format!("{} show {}", terms.prefix(), case.id)));
            continue;
        }
        for proposal in &case.proposals {
            let line = Line::new().strong(case.id.to_string()).say(" · ");
            page = page.line(line.join(text::act(&proposal.command, terms.zone)));
            page = page.lines(waiting(case, proposal, terms));
        }
    }
    page
}

/// Who proposed it, why it takes two, and what the second person types.
pub(super) fn waiting(case: &Case, proposal: &Proposal, terms: &Terms) -> Vec<Line> {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    // What nobody can foresee may give something out.
    let after = brings(case, proposal, terms);
    let opens_only = after.as_ref().is_some_and(|after| !gives_out(after, proposal));
    let why = proposal.effects.iter().map(|effect| match (effect, &proposal.command) {
        (Effect::Policy, Command::Adopt { .. }) => "other rules decide what becomes of it",
        (Effect::Disclose, Command::Adopt { .. }) => "something falls away that stands before its answer",
        (Effect::Disclose, _) if tells_words_alone(case, terms) => "somebody else is told of a user",
        (Effect::Disclose, command) if !beyond_request(command, case, terms).is_empty() => {
            "its words hold what the request does not"
        }
        (Effect::Disclose, Command::RecordSent { .. }) => "its words hold what the request does not",
        (Effect::Leave, command) => why_left(command, case, after.as_ref(), terms),
        (Effect::Disclose, _) if opens_only => "to answer it will no longer take two people",
        (Effect::Disclose, Command::Answer { .. }) if is_without_records(case, proposal, terms) => {
            "it asks for records"
        }
        (effect, _) => because(*effect, case, terms),
    });
    let why: Vec<&str> = why.collect();
    let changes = if adopts_another(proposal, terms) {
        vec![text::adopts_another(case, terms)]
    } else if matches!(proposal.command, Command::Adopt { .. }) {
        adoption(case, terms)
    } else {
        Vec::new()
    };
    let by = Line::ours("Proposed by ").theirs(proposal.by.as_str()).say(format!(" · {}", why.join(", ")));
    let who = match need_of_second(case, proposal, terms) {
        Need::Counsel => "Counsel approves with ",
        Need::Approve | Need::Listed | Need::Casework | Need::Sealed | Need::Administer => {
            "A second person approves with "
        }
    };
    let step = match &proposal.approved {
        Some(approval) => Line::ours("Approved by ")
            .theirs(approval.by.as_str())
            .say(format!(", done {} unless somebody says ", dates::moment(approval.ready, terms.zone)))
            .code(command(format!("deny {}", case.id))),
        None => Line::ours(who)
            .code(command(format!("approve {} {}", case.id, proposal.code)))
            .say(format!(" until {}", dates::moment(proposal.expires, terms.zone))),
    };
    let is_release = proposal.command == Command::Hold(HoldStep::Release);
    let asks: Vec<String> = case.asked_for_more().filter(|_| is_release).map(|id| id.to_string()).collect();
    let rests = (!asks.is_empty()).then(|| {
        let them = asks.join(", ");
        Line::ours(format!("! {them} asked for more time with it: what is kept for that goes as well"))
            .indented()
    });
    // What leaves the house goes to that mailbox, and what it looks like is what makes a call take two people.
    let is_about_mailbox =
        proposal.effects.iter().any(|effect| matches!(effect, Effect::Disclose | Effect::Verify));
    let odd = if is_about_mailbox { cautions(case, terms) } else { Vec::new() };
    let odd = odd.iter().map(|caution| text::caution(caution).indented()).collect();
    [
        comes_to(case, proposal, terms),
        changes,
        odd,
        text::untold_before_answer(case, proposal, terms).into_iter().collect(),
        rests.into_iter().collect(),
        vec![by.indented(), step.indented()],
        alone(case, proposal, terms).into_iter().collect(),
    ]
    .concat()
}

/// How one approver may go ahead alone, where the policy lets them: nobody looks for it while minutes count.
fn alone(case: &Case, proposal: &Proposal, terms: &Terms) -> Option<Line> {
    let is_open = proposal.approved.is_none() && can_go_alone(case, proposal, terms);
    is_open.then(|| {
        let line = Line::ours(match case.requester {
            Some(_) => "Nobody else there: an approver alone, with ",
            None => "Nobody else there: once the requester was called back, an approver alone, with ",
        });
        let go = format!("approve {} {} break-glass=\"…\"", case.id, proposal.code);
        line.code(format!("{} {go}", terms.prefix())).say("; it is reviewed afterwards").indented()
    })
}

/// What somebody is owed and would not get, or not by its day, in a few words.
fn why_left(command: &Command, case: &Case, after: Option<&Case>, terms: &Terms) -> &'static str {
    if rests_on_retyped(command, case, terms) {
        return "it rests on a line that was put otherwise here since the request came";
    }
    match after.and_then(|after| leaves_unheard(case, after, terms)) {
        Some(Unheard::Unsent) => return "whoever asked never hears what came of it",
        Some(Unheard::Withdrawn) => return "that they took it back is our word alone",
        Some(Unheard::LetterLost) => return "no letter would say what came of it",
        Some(Unheard::Nowhere) => return "nothing would say any more where to answer",
        None => {}
    }
    let is_gone = |after: &Case| {
        let later = later(case, after, terms);
        !later.is_empty() && later.iter().all(|later| later.then.is_none())
    };
    match command {
        Command::Link { .. } | Command::Unlink { .. } => {
            "something would be due later on the other case, or never"
        }
        _ if after.is_some_and(is_gone) => "a deadline would be counted no longer",
        Command::Set { .. } => "its deadlines would be later",
        Command::RecordSent { .. } => "a deadline would be later",
        _ => "what was promised is left undone",
    }
}

/// Why an effect takes two people, in a few words.
fn because(effect: Effect, case: &Case, terms: &Terms) -> &'static str {
    match effect {
        Effect::Disclose if is_erasure(case, terms) => match asks_for_copy(case, terms.kind_of(case)) {
            true => "records are destroyed, and leave the house",
            false => "records are destroyed",
        },
        Effect::Disclose if !asks_for_copy(case, terms.kind_of(case)) => "it is about somebody’s own data",
        Effect::Disclose => "records leave the house",
        Effect::Tell => "decides whether a user is told",
        Effect::Destroy => "what is kept is let go",
        Effect::Verify => "others rely on it",
        Effect::Policy => "the policy wants two people",
        Effect::Leave => "what was promised is left undone",
    }
}
