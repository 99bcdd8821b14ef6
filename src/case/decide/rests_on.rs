//! What of a case a proposal rests on: when that changes, it is void. Does not know who proposes or approves.

use std::collections::BTreeMap;

use crate::case::{Account, Case, Command, Notice, Visit};

/// A hash of an act and of everything on the case that it was proposed over.
pub(super) fn sum(case: &Case, command: &Command) -> String {
    let (rests_on, command) = (ground(case, command), serde_json::to_string(command).unwrap_or_default());
    let bytes = format!("{}\n{command}\n{rests_on}", case.id);
    blake3::hash(bytes.as_bytes()).to_hex().to_string()
}

/// Whether nothing of weight has changed of what an act rests on. Work around the case may be taken off again before what
/// goes back whole is approved; whether it was is looked at then.
pub(super) fn rests_on_the_same(command: &Command, before: &Case, after: &Case) -> bool {
    match command {
        Command::Undo { .. } => substance(before) == substance(after),
        command => ground(before, command) == ground(after, command),
    }
}

fn ground(case: &Case, command: &Command) -> String {
    match command {
        // What goes back goes back whole, so nothing of it may have changed.
        Command::Undo { .. } => everything(case),
        // What becomes of one user's notice changes nothing for another's.
        Command::Notify { whom: Some(account), .. } => {
            let mut own = case.clone();
            own.notices.retain(|of, _| of == account);
            substance(&own)
        }
        // Nor does what becomes of somebody on another server for all of ours, of whom alone it is then said.
        Command::Notify { whom: None, .. } => {
            let mut own = case.clone();
            let is_elsewhere =
                |of: &Account| case.subjects().any(|subject| !subject.ours && subject.account == *of);
            own.notices.retain(|of, _| !is_elsewhere(of));
            substance(&own)
        }
        _ => substance(case),
    }
}

/// Of a case everything but who works it, what was noted, tagged, spent, sent and reminded of.
fn substance(case: &Case) -> String {
    let bare = Case {
        owner: None,
        lent: None,
        tags: Default::default(),
        notes: Vec::new(),
        note_count: 0,
        proposals: Vec::new(),
        sent: Vec::new(),
        notices: without_steps(case),
        reminded: Default::default(),
        seen: Default::default(),
        hushed: Default::default(),
        kept_down: Default::default(),
        snoozed: None,
        costs: Vec::new(),
        visit: case.visit.clone().map(without_letters),
        card: None,
        card_moves: 0,
        card_lost: None,
        changed: case.opened,
        // What others say of this case (that it is like theirs, that it contradicts theirs, that they lead here) is not its own.
        beside: Default::default(),
        kept_with: None,
        let_go_with: None,
        worked_again: Default::default(),
        links: case.links.iter().filter(|link| link.outward).copied().collect(),
        ..case.clone()
    };
    written(&bare)
}

/// Who asked, without how far what goes to them is: which file goes stands in the case.
fn without_letters(visit: Visit) -> Visit {
    Visit { letters: Vec::new(), agreed: None, ..visit }
}

/// What was settled of notices: how far docket is with one, and that somebody read or answered it, changes nothing of what others agree on.
fn without_steps(case: &Case) -> BTreeMap<Account, Notice> {
    let bare = |(account, notice): (&Account, &Notice)| {
        (account.clone(), Notice { steps: Vec::new(), ..notice.clone() })
    };
    case.notices.iter().map(bare).collect()
}

/// All of a case but what docket and the proposals themselves bring to it.
fn everything(case: &Case) -> String {
    let still = Case {
        proposals: Vec::new(),
        reminded: Default::default(),
        seen: Default::default(),
        hushed: Default::default(),
        card: None,
        card_moves: 0,
        card_lost: None,
        notices: without_steps(case),
        changed: case.opened,
        ..case.clone()
    };
    written(&still)
}

fn written(case: &Case) -> String {
    // Two that cannot be written would look the same; nothing in a case cannot be.
    serde_json::to_string(case).unwrap_or_else(|_| format!("{case:?}"))
}
