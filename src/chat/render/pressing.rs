//! What to do next: of one case, or of the one that presses most.

use chrono::{DateTime, TimeDelta, Utc};

use super::brief::{Few, out_of_sight};
use super::card::head;
use super::deadlines::near;
use super::next::{next, owes_secrecy_letter, step, step_of_request};
use super::promised::{pressed, promised_next};
use super::sealed::in_short;
use crate::case::{Account, Case, Event, Need, Terms, Verifiable, checklist, letter};
use crate::chat::page::{Line, Page};
use crate::chat::text;

/// The case that presses most, or is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressing {
    /// The case; none if nothing waits.
    pub case: Option<Case>,
    /// Whose it is.
    pub whose: Whose,
    /// How many more of those wait behind it.
    pub more: usize,
    /// How many of the sender's own wait behind it, where it is nobody's.
    pub own_behind: usize,
    /// Cases of the sender's own that are sealed, and that they may not see.
    pub out_of_sight: Few,
    /// Whether any clock runs, though it be one that ends by itself.
    pub runs: bool,
    /// Whether it waits for somebody else, because nothing is there that the sender could do.
    pub waits: bool,
}

/// Whose the most pressing case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The sender's own.
    Own,
    /// Anybody's that calls the sender (rule 56).
    Called,
    /// Nobody's.
    Nobodys,
    /// Somebody else's, with a clock that runs.
    Anybodys,
}

/// The next step of the case that presses most, and what is the sender's besides that somebody else must take.
pub fn pressing(pressing: &Pressing, who: &Account, terms: &Terms, now: DateTime<Utc>) -> Page {
    match (&pressing.case, out_of_sight(&pressing.out_of_sight, terms)) {
        (None, Some(line)) => Page::of(Line::ours("Nothing waits that you could do.")).line(line),
        (_, line) => in_sight(pressing, who, terms, now).lines(line),
    }
}

fn in_sight(pressing: &Pressing, who: &Account, terms: &Terms, now: DateTime<Utc>) -> Page {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let Some(case) = &pressing.case else {
        if pressing.runs {
            let line = Line::ours("Nothing waits: no open case is yours or nobody’s. What ends by itself: ");
            return Page::of(line.code(command("due".to_owned())));
        }
        return Page::of(Line::ours(
            "Nothing waits: no open case is yours or nobody’s, and no clock runs. Enjoy the quiet.",
        ));
    };
    // What is asked of no case in particular is read by everybody in the room, and is no look that is on record.
    let page = if case.is_sealed() {
        let show = command(format!("next {}", case.id));
        Page::of(in_short(case, terms, now)).line(Line::ours("Next: ").code(show))
    } else {
        next_of(case, who, terms, now)
    };
    if pressing.waits {
        let all = command("due".to_owned());
        return Page::of(Line::ours(
            "Nothing is yours to do now; this waits for somebody else, and comes next:",
        ))
        .lines(page.all_lines())
        .line(Line::ours("All that has a date: ").code(all));
    }
    let behind = |what: &str, list: &str| {
        let more = (pressing.more > 0).then(|| format!("{} more {what}: ", pressing.more));
        more.map(|more| Line::ours(more).code(command(list.to_owned())))
    };
    let own = (pressing.own_behind > 0).then(|| {
        let own = format!("{} of yours behind it: ", pressing.own_behind);
        Line::ours(own).code(command("mine".to_owned()))
    });
    match pressing.whose {
        Whose::Own => page.lines(behind("of yours behind it", "mine")),
        Whose::Called => page,
        Whose::Nobodys => {
            let take = command(format!("assign {} me", case.id));
            let works = terms.may(who, Need::Casework);
            let take = works.then(|| Line::ours("Nobody works it. Take it: ").code(take));
            page.lines(take).lines(behind("with nobody", "list nobody")).lines(own)
        }
        Whose::Anybodys => {
            let owner = case.owner.as_ref();
            let with = owner.map(|owner| {
                Line::ours("It is with ").theirs(owner.as_str()).say("; nothing waits for you.")
            });
            page.lines(with).lines(behind("with a date", "due"))
        }
    }
}

/// The next step of a case, and the one after it where that is certain.
pub fn next_of(case: &Case, who: &Account, terms: &Terms, now: DateTime<Utc>) -> Page {
    let mut line = head(case, terms);
    if let Some(nearest) = near(case, terms, now).first() {
        line = line.dot().say(text::clock(nearest, now));
    }
    let page = Page::of(line);
    let Some(first) = next(case, terms, now) else {
        let reopen = format!("{} reopen {}", terms.prefix(), case.id);
        return page.line(Line::ours("Nothing is left to do. To go on with it: ").code(reopen));
    };
    let own = step(case, terms, now);
    // What presses came first, so the request itself comes then; else what falls due before anything of it.
    let then = match pressed(case, terms, now) {
        Some(_) => step_of_request(case, terms, now),
        None => promised_next(case, terms, now)
            .filter(|promised| own.as_ref() != Some(promised))
            .or_else(|| after_it(case, who, terms, now).and_then(|after| step(&after, terms, now))),
    };
    // What is to be put back waits for nothing else that is owed (rule 41).
    let back = text::put_back_now(case, terms, now).filter(|back| own.as_ref() != Some(back));
    let then = back.or(then);
    page.line(first).lines(then.map(|then| Line::ours("Then: ").join(then)))
}

/// The case when the next step is done, if only one thing can come of it.
fn after_it(case: &Case, who: &Account, terms: &Terms, now: DateTime<Utc>) -> Option<Case> {
    let is_denied =
        [Verifiable::Requester, Verifiable::Instrument].iter().any(|what| case.denied(*what).is_some());
    if is_denied || !case.proposals.is_empty() || case.waiting().is_some() || case.closed.is_some() {
        return None;
    }
    let (policy, kind) = (terms.policy_of(case)?, terms.kind_of(case)?);
    let verified = |what| Event::Verified {
        what,
        by: who.clone(),
        how: String::new(),
        entry: None,
        call: None,
        recorder: None,
    };
    let sent = |letter: &str| Event::LetterSent { letter: letter.to_owned(), via: String::new(), at: now };
    let is_untrue = text::reason_gone(case, terms).is_some();
    let owed = letter::owed(case, policy).filter(|_| case.outcome.is_some() && !is_untrue);
    let event = if let Some(owed) = owed {
        sent(&owed.name)
    } else if owes_secrecy_letter(case, terms) {
        sent(letter::SECRECY)
    } else if case.outcome.is_some() {
        return None;
    } else {
        let list = checklist(case, kind, policy);
        let is_whole = list.missing.is_empty()
            && list.unread.is_empty()
            && list.pieces.is_empty()
            && list.twice.is_empty();
        let is_ours = case.subjects().next().is_none() || case.subjects().any(|subject| subject.ours);
        if !is_whole || (kind.own_accounts && !is_ours) {
            return None;
        }
        if list.verify_requester {
            verified(Verifiable::Requester)
        } else if list.verify_instrument {
            verified(Verifiable::Instrument)
        } else if kind.preserves && case.hold.is_none() {
            Event::HoldStarted { from: now, until: now + TimeDelta::days(1) }
        } else {
            return None;
        }
    };
    let mut after = case.clone();
    after.apply(&event, who, now);
    // What it brings nobody knows if the same would come next.
    (step(&after, terms, now) != step(case, terms, now)).then_some(after)
}
