//! The commands that end what is in the way, or what falls due: of each always the same ones. Does not know which comes first.

use super::{barred, secrecy_letter};
use crate::case::clock::{Run, TO_SERVE, TO_TELL, runs};
use crate::case::conflict::may_be_held_back;
use crate::case::decide::gate::{Bar, bars};
use crate::case::decide::{Deed, Promise, can_look_back, promises};
use crate::case::letter::{REASONS, SECRECY};
use crate::case::{Account, Case, CaseId, REVIEW_KEY, Stop, Terms};
use crate::chat::dates;
use crate::chat::page::Line;

/// How somebody does what a clock of the policy waits for, and puts it on record.
pub fn deed(by: &Deed, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let line = Line::new();
    match by {
        Deed::Send(letter) => line
            .code(command(format!("letter {id} {letter}")))
            .say(", then ")
            .code(command(format!("sent {id} {letter} via=mail"))),
        Deed::Fill(key) => line.code(command(format!("set {id} {}=…", key.replace(' ', "-")))),
        Deed::Link => line.code(command(format!("link {id} N as=counter"))),
        Deed::Hold => line.code(command(format!("hold {id} start"))),
    }
}

/// What ends a clock of the policy, where that is one command and not the end of the request itself.
pub(super) fn ends_clock(clock: &str, case: &Case, terms: &Terms) -> Option<Line> {
    let id = case.id.to_string();
    if let Some(promise) = promises(case, terms).iter().find(|promise| promise.clock.name == clock) {
        if let Some(line) = bound_letter(promise, case, terms) {
            return Some(line);
        }
        // What a hold may keep waits for that.
        let is_ours = promise.clock.calls.is_none();
        if is_ours && matches!(promise.by, Deed::Fill(_)) && may_be_held_back(case, terms.kind_of(case)) {
            let line = Line::ours("It waits until nothing keeps it – ");
            return Some(line.code(format!("{} conflicts {id}", terms.prefix())));
        }
        let line = match promise.clock.earliest {
            Some(earliest) => {
                let earliest = dates::beginning(earliest, promise.clock.zone);
                Line::ours(format!("Done (not before {earliest}) with "))
            }
            None => match promise.clock.calls {
                Some(role) => Line::ours("Done by ").join(super::calling::by_whom(role, terms)),
                None => Line::ours("Done with "),
            },
        };
        return Some(line.join(deed(&promise.by, &id, terms)));
    }
    let runs = runs(case, terms);
    let until = &runs.iter().find(|run| run.clock.name == clock).and_then(|run| run.rule)?.until;
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    if until.is_any(&[Stop::Line(REVIEW_KEY.to_owned())]) {
        return Some(Line::ours("Look at it again – ").code(command(format!("set {id} review=\"…\""))));
    }
    let tells = until.is_any(&[Stop::Told]);
    tells.then(|| Line::ours("What they would read – ").code(command(format!("notify {id} preview"))))
}

/// Whether it is the letter that tells a user what was decided and why (rule 31).
pub fn tells_user(promise: &Promise) -> bool {
    promise.by == Deed::Send(REASONS.to_owned())
}

/// That a letter to a user waits for what binds the case, and what to do about that; nothing where nothing binds, or it goes to
/// somebody else.
pub fn bound_letter(promise: &Promise, case: &Case, terms: &Terms) -> Option<Line> {
    if !tells_user(promise) {
        return None;
    }
    let bars: Vec<(CaseId, Bar)> = bars(case, terms).iter().map(|bar| (case.id, *bar)).collect();
    let line = Line::ours("The user may not be told while the case binds");
    let id = case.id.to_string();
    let line = match way_to_tell(&bars, &id, hears_of_orders(case, terms), terms) {
        Some(way) => line.say(". ").join(way),
        None => line.say(" – ").code(format!("{} check {id}", terms.prefix())),
    };
    (!bars.is_empty()).then_some(line)
}

/// What somebody does so that a user may be told after all, on the case itself; an emergency is looked at again once it is over.
pub fn way_to_tell_here(bars: &[(CaseId, Bar)], case: &Case, terms: &Terms) -> Option<Line> {
    let waits = |(id, bar): &&(CaseId, Bar)| *id == case.id && *bar == Bar::Review && !can_look_back(case);
    let others: Vec<(CaseId, Bar)> = bars.iter().filter(|found| !waits(found)).copied().collect();
    let is_to_come = others.len() < bars.len();
    if case.is_fake()
        && let Some(line) = binds_nobody(&others, case, terms)
    {
        return Some(line);
    }
    way_to_tell(&others, &case.id.to_string(), hears_of_orders(case, terms), terms)
        .or_else(|| is_to_come.then(|| Line::ours("It is looked at again once it is over")))
}

/// That what a fake says of itself binds nobody, where nothing else forbids to tell: an order for secrecy that was put on record is
/// none of its own.
fn binds_nobody(bars: &[(CaseId, Bar)], case: &Case, terms: &Terms) -> Option<Line> {
    let own = || bars.iter().filter(|(id, _)| *id == case.id).map(|(_, bar)| *bar);
    let says = |bar: Bar| match bar {
        Bar::Instrument | Bar::Unidentified | Bar::Missing | Bar::Secrecy | Bar::Order => true,
        Bar::Gag | Bar::Review | Bar::Csea | Bar::Policy | Bar::Unresolved => false,
    };
    let is_firm = own().any(|bar| !says(bar) && bar != Bar::Review);
    (own().any(says) && !is_firm).then(|| {
        let line = Line::ours("What a fake says binds nobody, if two people say so – ");
        line.code(format!("{} gag {} not-binding reason=…", terms.prefix(), case.id))
    })
}

/// What somebody does so that a user may be told after all, by what forbids it on the case `id`; nothing where only another case
/// does, or nobody can. `hears`: whether a letter says to whoever asks that secrecy takes an order.
pub fn way_to_tell(bars: &[(CaseId, Bar)], id: &str, hears: bool, terms: &Terms) -> Option<Line> {
    let has = |bar: Bar| bars.iter().any(|(case, other)| *other == bar && case.to_string() == id);
    let code = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", id));
    let lift = code("gag ID lift by=…");
    if has(Bar::Order) {
        return Some(
            Line::ours("Put the order on record – ")
                .code(code("gag ID until=… by=…"))
                .say("; if there is none, two people say ")
                .code(code("gag ID not-there reason=…")),
        );
    }
    if has(Bar::Gag) {
        return Some(Line::ours("Once it was lifted – ").code(lift));
    }
    if has(Bar::Instrument) {
        return Some(Line::ours("With their permission on file – ").code(lift));
    }
    if has(Bar::Unidentified) || has(Bar::Missing) {
        let line = Line::ours("Which instrument is it? – ").code(code("set ID instrument=…"));
        return Some(line.say("; with their permission on file – ").code(lift));
    }
    if has(Bar::Csea) {
        return Some(
            Line::ours("While the flag is on it is withheld, and two people put that on record – ")
                .code(code("notify ID withhold reason=…")),
        );
    }
    if has(Bar::Secrecy) && !hears {
        let line =
            Line::ours("They asked that nobody is told; if they ask for it no longer, two people say ");
        return Some(line.code(code("set ID confidential=no")));
    }
    if has(Bar::Secrecy) {
        return Some(
            Line::ours("Once they were told that it takes an order, their time runs – ")
                .code(code("letter ID secrecy"))
                .say("; if they ask for it no longer, two people say ")
                .code(code("set ID confidential=no")),
        );
    }
    has(Bar::Review).then(|| Line::ours("Look at it again – ").code(code("set ID review=\"…\"")))
}

/// Whether a letter says to whoever asks that secrecy takes an order (rule 16).
fn hears_of_orders(case: &Case, terms: &Terms) -> bool {
    terms.policy_of(case).is_some_and(|policy| policy.letter(SECRECY, &case.kind).is_some())
}

/// That a user may not be told yet, what forbids it on the case itself, and what to do about that.
pub fn barred_here(account: &Account, bars: &[(CaseId, Bar)], case: &Case, terms: &Terms) -> Option<Line> {
    let way = way_to_tell_here(bars, case, terms)?;
    let why = Line::new().theirs(account.as_str()).say(" may not be told yet: ");
    Some(why.join(barred(bars)).say(". ").join(way))
}

/// What is waited for where secrecy was asked for without an order: the letter that says so, or the order itself (rule 16).
pub fn secrecy_to_come(case: &Case, terms: &Terms) -> Option<Line> {
    let runs = runs(case, terms);
    let runs = |name: &str| runs.iter().find(|run| run.clock.name == name).map(|run: &Run<'_>| &run.clock);
    if runs(TO_TELL).is_some() {
        return Some(secrecy_letter(case, terms));
    }
    let clock = runs(TO_SERVE)?;
    let code = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let until = dates::deadline(clock.due, clock.zone);
    Some(
        Line::ours(format!("they have until {until} to serve an order for secrecy; if one comes – "))
            .code(code("gag ID until=… by=…"))
            .say("; if they ask for it no longer, two people say ")
            .code(code("set ID confidential=no")),
    )
}
