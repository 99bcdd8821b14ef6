//! Whether each user of a case may be told, and what is in the way.

use super::card::head;
use crate::case::decide::gate::{may_be_cleared, may_tell};
use crate::case::decide::{Duty, asks_whose, to_be_asked_about, waits_for_answer};
use chrono::{DateTime, Utc};

use crate::case::letter::to_user_in;
use crate::case::{Account, Case, Copied, Kind, Policy, Refusal, Restraint, Telling, Terms, Tongue};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// The answer to `notify ID preview`. `naming` are the cases that the gate must hear, or none if one of them could not be read. With
/// one user, or if there is only one, what they would be told comes with it.
pub fn notice(
    case: &Case,
    user: Option<&Account>,
    naming: Option<&[Case]>,
    tongue: Option<Tongue>,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Page {
    let mut page = Page::of(head(case, terms));
    if !terms.kind_of(case).is_some_and(|kind| kind.notify) {
        return page.line(Line::ours("Users are not told of cases of this kind, says the policy."));
    }
    let mut users = to_be_asked_about(case, terms);
    if let Some(why) = &case.nobody {
        page = page.line(Line::ours("It is on record that no user of ours is concerned: ").theirs(why));
    }
    let is_unknown = terms.kind_of(case).is_some_and(|kind| asks_whose(case, kind));
    if users.is_empty() && is_unknown {
        return page.line(text::owed(&Duty::Whose, &case.id.to_string(), terms).begin_sentence());
    }
    if users.is_empty() {
        return page.line(Line::ours("No user of ours is on this case, so there is nobody to tell."));
    }
    if let Some(other) = user.filter(|user| !users.contains(user)) {
        let is_named = case.subjects().any(|subject| subject.account == *other);
        let why = match is_named {
            true => Restraint::OtherServer(other.clone()).into(),
            false => Refusal::NotOnCase(other.clone()),
        };
        return text::refusal(&why, Some(case.id), terms);
    }
    users.retain(|account| user.is_none_or(|user| user == *account));
    for account in &users {
        let tongue = tongue.or_else(|| going(case, account));
        // What cannot be said is not proposed.
        let can = tongue.filter(|_| to_user_in(tongue, case, account, terms, now).is_ok());
        page = page.line(standing(case, account, naming, can, terms));
    }
    match users.as_slice() {
        // What they would read is not so yet.
        _ if case.stays_down() => {
            let stays = text::kept_down(&case.kept_down, terms.zone_of(case)).begin_sentence();
            page.line(stays.say(". Users are told once it goes back."))
        }
        [only] => told(page, case, only, tongue.or_else(|| going(case, only)), terms, now),
        [first, ..] => {
            let preview = format!("{} notify {} preview {first}", terms.prefix(), case.id);
            page.line(Line::ours("What one of them would read: ").theirs(&preview))
        }
        [] => page,
    }
}

/// In which language docket brings it by itself, or tried to.
fn going(case: &Case, account: &Account) -> Option<Tongue> {
    match &case.notice(account)?.what {
        Telling::Sending { tongue, .. } => *tongue,
        Telling::Told { .. } | Telling::Withheld { .. } | Telling::Waived { .. } => None,
    }
}

/// The words of the notice, and the copy that goes with it.
fn told(
    page: Page,
    case: &Case,
    user: &Account,
    tongue: Option<Tongue>,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Page {
    let notice = match to_user_in(tongue, case, user, terms, now) {
        Ok(notice) => notice,
        Err(refusal) => {
            let why = text::refusal(&refusal, Some(case.id), terms);
            return page.lines(why.all_lines());
        }
    };
    let tongue = notice.draft.tongue.or_else(|| terms.policy_of(case)?.language);
    let page = page
        .line(Line::ours("What they would read").join(text::in_tongue(tongue)).say(":"))
        .letter(&notice.draft.pieces);
    if let Some(file) = notice.copy.file() {
        return page.line(Line::ours("With it goes the redacted copy ").theirs(&file.name).say("."));
    }
    if notice.fake {
        let none = "No copy of the request goes with it: it bears the names of people who asked for nothing.";
        return page.line(Line::ours(none));
    }
    let better = Line::new().theirs(&format!("{} attach {} as=redacted for={user}", terms.prefix(), case.id));
    if notice.copy == Copied::Nothing {
        let none = "No copy of the request goes with it: the policy names no line of it for one. Post one, and in reply ";
        return page.line(Line::ours(none).join(better));
    }
    let copied = notice
        .copy
        .lines()
        .iter()
        .map(|(label, value)| Line::new().known(label).say(": ").theirs(value).indented());
    page.line(Line::ours("With it goes this copy of the request, made from its lines:"))
        .lines(copied)
        .line(text::read_the_copy().begin_sentence().say("."))
        .line(Line::ours("A better copy: post it, and in reply ").join(better))
}

fn standing(
    case: &Case,
    account: &Account,
    naming: Option<&[Case]>,
    tongue: Option<Tongue>,
    terms: &Terms,
) -> Line {
    let line = Line::new().theirs(account.as_str());
    // Who was told what was done is told again once nothing came of it.
    let notice = case.notice(account);
    let zone = terms.zone_of(case);
    let day = |at| dates::moment(at, zone);
    let proof = notice.map_or_else(Line::new, |notice| text::proof(&notice.steps, zone));
    let line = match notice.map(|notice| (&notice.what, notice.stopped(), day(notice.at))) {
        Some((Telling::Told { via }, _, at)) => {
            return line.say(" · told by ").theirs(via).say(format!(", {at}")).join(proof);
        }
        Some((Telling::Waived { reason }, ..)) => return line.say(" · waived: ").theirs(reason),
        Some((Telling::Sending { .. }, None, at)) => {
            return line.say(format!(" · on its way since {at}")).join(proof);
        }
        Some((Telling::Sending { .. }, Some(step), _)) => {
            line.say(" · ").join(text::why_unreached(&step)).join(proof)
        }
        Some((Telling::Withheld { reason, review }, ..)) => {
            line.say(" · withheld: ").theirs(reason).say(format!(", looked at again {}", day(*review)))
        }
        None => line,
    };
    if case.stays_down() {
        return line.say(" · not told yet");
    }
    let Some(naming) = naming else {
        return line.say(" · may not be told: a case that may forbid it could not be read");
    };
    match may_tell(case, account, naming, terms) {
        // The gate would let them be told, and the policy does not yet (rule 28).
        Ok(()) if rules(case, terms).is_some_and(|(kind, policy)| waits_for_answer(case, kind, policy)) => {
            line.say(" · is told once the request is answered, says the policy; nothing else is in the way")
        }
        Ok(()) => {
            let lang = text::lang(tongue);
            let send = format!("{} notify {} send {account}{lang}", terms.prefix(), case.id);
            line.say(" · may be told: ").theirs(&send)
        }
        Err(bars) => {
            let why = line.say(" · may not be told: ").join(text::barred(&bars));
            let cleared = may_be_cleared(case, account, naming, terms);
            let ways = [
                cleared.map(|other| text::not_about(other, account, terms)),
                text::way_to_tell_here(&bars, case, terms),
            ];
            ways.into_iter().flatten().fold(why, |why, way| why.say(". ").join(way))
        }
    }
}

fn rules<'t>(case: &Case, terms: &'t Terms) -> Option<(&'t Kind, &'t Policy)> {
    terms.kind_of(case).zip(terms.policy_of(case))
}
