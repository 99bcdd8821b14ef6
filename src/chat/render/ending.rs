//! How a request can end, as commands to copy: what is kept or allowed first, and with how much of it. Does not know what else is
//! missing.

use chrono::{DateTime, Utc};

use crate::case::conflict::may_be_held_back;
use crate::case::decide::{done_line, refused_line, unknown_recipient, would_end};
use crate::case::scope::{self, Verdict};
use crate::case::{Case, Hold, Kind, Policy, Terms, letter};
use crate::chat::page::Line;
use crate::chat::text;

/// What somebody decides on first, where nothing is in the scope yet.
pub(super) fn undecided(case: &Case, policy: &Policy, terms: &Terms, now: DateTime<Utc>) -> Option<String> {
    let lines = scope::scope(case, policy, now, terms.zone_of(case));
    if lines.iter().any(|line| line.verdict.is_open()) {
        return None;
    }
    // What is made inaccessible is not looked at for that.
    if policy.kind(&case.kind).is_some_and(|kind| kind.takes_down) {
        return None;
    }
    let undecided = lines.iter().find(|line| line.verdict == Verdict::Undecided);
    undecided.and_then(|line| line.category).map(|category| category.name.clone())
}

/// Whether something is left of what was asked for, or nothing was asked for by name. What is only kept is kept unread and whatever
/// it is called, unless there is none; what is made inaccessible is made so whatever becomes of records.
fn is_left(lines: &[scope::Line<'_>], kind: Option<&Kind>) -> bool {
    let only_keeps = kind.is_some_and(Kind::only_keeps);
    let is_none = |verdict: &Verdict| {
        matches!(verdict, Verdict::Refused { .. } | Verdict::NotHeld | Verdict::Gone { .. })
    };
    let is_left = |verdict: &Verdict| verdict.is_open() || (only_keeps && !is_none(verdict));
    let takes_down = kind.is_some_and(|kind| kind.takes_down);
    takes_down || lines.is_empty() || lines.iter().any(|line| is_left(&line.verdict))
}

/// Whether what is left is to be kept before anything else, and is not.
pub(super) fn is_to_be_kept(case: &Case, policy: &Policy, terms: &Terms, now: DateTime<Utc>) -> bool {
    let kind = policy.kind(&case.kind);
    let preserves = kind.is_some_and(|kind| kind.preserves);
    let is_kept = case.hold.is_some() || case.kept_until(now).is_some();
    preserves && !is_kept && is_left(&scope::scope(case, policy, now, terms.zone_of(case)), kind)
}

/// How it can end: with what is left of its scope, if it has one.
pub(super) fn ending(case: &Case, policy: &Policy, terms: &Terms, now: DateTime<Utc>, line: Line) -> Line {
    let command = |rest: &str| format!("{} {}", terms.prefix(), rest.replace("ID", &case.id.to_string()));
    let lines = scope::scope(case, policy, now, terms.zone_of(case));
    let kind = policy.kind(&case.kind);
    let only_keeps = kind.is_some_and(Kind::only_keeps);
    let takes_down = kind.is_some_and(|kind| kind.takes_down);
    if lines.iter().any(|line| line.verdict == Verdict::Unknown) && !only_keeps && !takes_down {
        let can_ask = kind.is_some_and(|kind| kind.may_disclose(case))
            && policy.letter(letter::ASK, &case.kind).is_some();
        let line = line.say("which records are meant? – ").code(command("scope ID"));
        return if can_ask { line.say(" or ").code(command("ask ID")) } else { line };
    }
    // What binds keeps it from whom nobody here knows.
    if let Some(who) = unknown_recipient(case, terms) {
        let line = line.say("the directory does not have ").theirs(&who).say(": add them – ");
        return line.code(format!("{} help directory", terms.prefix()));
    }
    let is_kept = case.hold.is_some() || case.kept_until(now).is_some();
    // What is kept is what they hear of, whatever the line of data names.
    let is_left = is_left(&lines, kind) || (only_keeps && is_kept);
    if is_to_be_kept(case, policy, terms, now) {
        if let Some(kept) = case.kept_with.as_ref().filter(|_| case.kept_for_nobody().next().is_some()) {
            let left = case.kept_for_nobody();
            return line.join(text::keeps_nothing_of(kept.case, left, &case.id.to_string(), terms));
        }
        if let Some(other) = case.extends_hold_of(now) {
            let line = line.say(format!("keep the records of {other} for longer – "));
            let line = match other.is_shown() {
                true => line.code(format!("{} hold {other} extend", terms.prefix())),
                false => line.join(text::ask_about_it(terms)),
            };
            return line
                .say("; if that is over, or for accounts that it does not name – ")
                .code(command("hold ID start"));
        }
        // What it asked to be kept for longer is not any more.
        let line = match case.let_go_with {
            Some(other) => line.say(format!("the hold of {other} is over: keep the records – ")),
            None => line.say("keep the records – "),
        };
        // The term counts from the receipt, and may be over.
        return match would_end(case, policy, terms, now) <= now {
            false => line.code(command("hold ID start")),
            true => line.code(command(&format!(
                "hold ID start from={}",
                now.with_timezone(&terms.zone).date_naive()
            ))),
        };
    }
    // Rule 28: once the answer is out it is too late for that.
    let line = match text::to_tell_first(case, terms).filter(|_| is_left) {
        Some(first) => line.join(first).say(", then "),
        None => line,
    };
    let held_back = may_be_held_back(case, kind);
    let line = match held_back {
        true => line.say("a hold may keep some of it (").code(command("conflicts ID")).say(") – "),
        false => line,
    };
    let is_refused = kind.is_some_and(|kind| refused_line(case, kind, policy).is_some());
    let is_of_all = |verdict: &Verdict| match only_keeps {
        true => !matches!(verdict, Verdict::Refused { .. }),
        false => takes_down || verdict.is_open(),
    };
    let in_full = !held_back && !is_refused && lines.iter().all(|line| is_of_all(&line.verdict));
    let discloses = kind.is_none_or(|kind| kind.may_disclose(case));
    let is_done = kind.is_some_and(|kind| done_line(case, kind).is_some());
    // Of what was done it is not said that nothing was.
    let (line, answer) = match (is_left, in_full, discloses) {
        (false, _, _) if is_done => (line, "answer ID part"),
        (false, _, _) => (line.say("nothing is left to answer – "), "answer ID none"),
        (true, true, true) if is_done => (line, "answer ID full|part"),
        (true, true, true) => (line, "answer ID full|part|none"),
        (true, true, false) => (line, "answer ID full"),
        (true, false, true) if is_done => (line, "answer ID part"),
        (true, false, true) => (line, "answer ID part|none"),
        (true, false, false) => (line, "answer ID part"),
    };
    // What is granted is that it is kept, and nothing else: whoever reads on from the hold must not think of records.
    let only_keeps = is_left && only_keeps;
    let is_over = case.hold.as_ref().is_some_and(|hold| !hold.runs()) && case.kept_until(now).is_none();
    let only_kept = only_keeps && is_kept && !is_over;
    // What was kept and is no longer is not said to be.
    let (line, answer) = match only_keeps && is_over {
        true => (line.say("its hold is over, and nothing is kept – "), "answer ID none"),
        false => (line, answer),
    };
    let line = if only_kept { line.say("tell them that it is kept – ") } else { line };
    let line = line.code(command(answer));
    // Whether the other case keeps it still is looked up with the answer, not before each look at this one.
    let line = match held_back && is_left && !case.hold.as_ref().is_some_and(Hold::runs) {
        true => line.say(", or full once nothing keeps it,"),
        false => line,
    };
    line.say(" or ").code(command("refuse ID reason=…"))
}
