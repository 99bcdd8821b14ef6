//! What is denied: that an act is not to be, told from what was not or is not so.

use super::super::lexicon::*;
use super::super::sentence::Sentence;
use super::{NEAR, WHOM, before, behind, concerns, is_act, is_past};

/// How far before or behind an act its denial stands.
const DENIAL: usize = 14;

/// `do not notify`, `darf nichts erfahren`, `notification is not permitted`.
pub(super) fn denied(said: &Sentence, at: usize) -> bool {
    if !negates(said, at) || is_so(said, at) {
        return false;
    }
    is_answer(said, at) || of_notice(said, at) || at_once(said, at) || ahead(said, at) || back(said, at)
}

/// So many words a line may have that is answered with a plain no; what ends in `none` or `nothing` is a tale sooner than that.
const LONGEST_ANSWERED: usize = 8;

/// A line of a form likewise: `Notify user - no`.
fn is_answer(said: &Sentence, at: usize) -> bool {
    let most = if said.is(at, NEG_OF) { LONGEST_ANSWERED } else { 5 };
    let is_last = at + 1 == said.len() && said.len() <= most;
    let whole = 0..at;
    is_last
        && (said.any(whole.clone(), NOTICE)
            || (said.any(whole.clone(), TELL | CONTACT) && said.any(whole, USER)))
}

/// Whether the word there denies what follows it, or what stands around it.
fn negates(said: &Sentence, at: usize) -> bool {
    if said.is(at, NE) {
        let formal =
            matches!(said.word(at + 1), "saurait" | "saurez" | "peut" | "pourra" | "peuvent" | "doit");
        return formal || said.find(behind(at, 12), NEG_FR).is_some_and(|denial| !is_taken(said, denial));
    }
    // `User notification: no`, `Notification : aucune`.
    if said.is(at, NEG_OF) && at + 1 == said.len() {
        return true;
    }
    // An English `no` denies the one word behind it only; `in no event` denies all.
    if said.is(at, NEG_OF) && !said.is(at, NEG | NEG_FR) {
        let spanish = said.find(behind(at, 7), ACT).is_some_and(|act| said.is(act, SPANISH));
        let contact = said.find(behind(at, 3), CONTACT | INFO);
        let is_bidden = contact.is_some_and(|act| said.any(behind(act, WHOM), BID | PERMIT));
        return (is_firm(said, at) || spanish || is_bidden || said.any(behind(at, 2), NOTICE | LEARN))
            && !is_taken(said, at);
    }
    let is_french = said.is(at, NEG_FR)
        && (said.any(before(at, 5), NE)
            || (at == 0 && (said.is(at, NEG_OF) || matches!(said.word(at + 1), "de" | "d")))
            || (at > 0 && matches!(said.word(at - 1), "sous" | "en")));
    (said.is(at, NEG) || is_french) && !is_taken(said, at)
}

/// Whether what is denied there is not the act but what would keep from it: `no objection to telling`, `not forbidden to tell`.
fn is_taken(said: &Sentence, at: usize) -> bool {
    let next = (at + 1..at + 6).find(|place| !said.is(*place, BETWEEN | BID | SO | WOULD));
    let takes = TAKES | FORBID | FORBID_TO | DEFER;
    next.is_some_and(|next| said.is(next, takes))
}

/// Whether a denial only says how things were or are: `was not told`, `does not know`. What bids besides, or the name of the
/// request, makes more of what is so, and nothing of what was.
fn is_so(said: &Sentence, at: usize) -> bool {
    let Some(verb) = at.checked_sub(1) else { return false };
    if is_past(said, verb) {
        return true;
    }
    // `Never told` is so, `never tell` is not to be.
    let told = said.word(at + 1);
    if said.word(at) == "never" && (told == "told" || told.ends_with("ed")) {
        return true;
    }
    let first = said.word(verb);
    let is_ours = matches!(first, "do" | "can") && verb > 0 && said.is(verb - 1, WE);
    let is_plain = said.is(verb, SO) && !said.is(verb, BID);
    if !(is_ours || is_plain) {
        return false;
    }
    let bids = behind(at, 2).any(|place| said.is(place, PERMIT) && said.word(place) != "be")
        || said.word(at + 1) == "to"
        || said.is(at + 1, ENSURE);
    let is_learned = said.any(behind(at, 4), LEARN) && said.any(behind(at, NEAR), MATTER);
    let is_ensured = said.any(before(verb, WHOM), ENSURE) || said.any(before(verb, 2), BID);
    // `ist nicht zu benachrichtigen` bids, and so does one word: `ist nicht mitzuteilen`.
    let is_german = first == "ist"
        && behind(at, NEAR).any(|place| said.word(place).contains("zu") || said.is(place, PERMIT));
    !(bids || is_learned || is_ensured || is_german)
}

/// `no notice to the user`, `keine Benachrichtigung`.
fn of_notice(said: &Sentence, at: usize) -> bool {
    if !said.is(at, NEG_OF) {
        return false;
    }
    let Some(notice) = said.find(behind(at, 2), NOTICE) else { return false };
    let is_said =
        notice + 1 >= said.len() || said.is(notice + 1, BID | USER | PERMIT) || said.word(at) != "no";
    let is_plain = said.word(at) != "no"
        || matches!(said.word(notice), "notice" | "notification" | "notifications" | "disclosure");
    is_plain && (is_said || matches!(said.word(notice + 1), "until"))
}

/// What tells, right behind a denial but for words that are always there: nobody need be named.
fn at_once(said: &Sentence, at: usize) -> bool {
    let Some(act) = (at + 1..at + 8).find(|place| !said.is(*place, BETWEEN)) else { return false };
    let last = at.wrapping_sub(1);
    let is_not = matches!(said.word(at), "not" | "t" | "nt");
    let bids = at == 0
        || said.is(last, BID | USER | AND | NE)
        || said.word(last) == "or"
        || (is_not && matches!(said.word(at + 1), "be" | "to"))
        || (said.is(last, SO) && said.is(at + 1, PERMIT))
        || !is_not && said.word(at) != "never";
    bids && (said.is(act, TELL) || said.word(act) == "etat") && is_act(said, act)
}

/// Whether a denial is one of the whole: `in no event`, `auf keinen Fall`.
fn is_firm(said: &Sentence, at: usize) -> bool {
    let starts = ["at", "in", "under", "on", "by", "auf", "unter", "en", "pod", "sous"];
    at > 0 && starts.contains(&said.word(at - 1))
}

/// A denial, and behind it an act that concerns somebody.
fn ahead(said: &Sentence, at: usize) -> bool {
    // `keine` denies the word that it stands at.
    let is_of_word = said.is(at, NEG_OF) && !is_firm(said, at) && said.word(at) != "no";
    let (reach, acts) = if is_of_word { (4, ACT) } else { (DENIAL, ACT & !INFO) };
    let supposes =
        matches!(said.word(0), "if" | "falls" | "wenn" | "sofern" | "sollte" | "sollten" | "si" | "se");
    for act in behind(at, reach) {
        if said.is(act, AND) {
            return false;
        }
        // What is not known of somebody, or by whom nobody is to be contacted, is another matter.
        let is_other = (supposes && said.is(act, LEARN | NOTICE))
            || (said.is(act, CONTACT) && said.word(act + 1) == "by");
        let may = said.is(act, acts) && is_act(said, act) && !is_other;
        // An agency that could not reach somebody forbids nothing.
        let failed = said.is(act, CONTACT)
            && at > 0
            && said.word(at - 1) == "can"
            && !said.any(before(at - 1, 2), BID);
        let bids = !said.is(act, LEARN)
            || said.any(at.saturating_sub(DENIAL)..act, BID | ENSURE)
            || said.any(behind(act, NEAR), MATTER);
        // `I do not consent to my data being shared` is about the data.
        let is_refused = said.is(act, CONTACT) && at > 1 && said.is(at - 2, WE);
        // Nor is what somebody wants for what is their own; `without our consent` only says until when.
        let is_own = (at..act).any(|own| {
            said.is(own, OWN)
                && !said.is(own + 1, MATTER | USER)
                && !said.any(before(own, 1), WITHOUT | BEFORE)
        });
        if may && !is_own && !is_refused && !failed && bids && concerns(said, act) {
            return true;
        }
    }
    false
}

/// An act, and behind it the denial: `informieren Sie den Kunden nicht`, `notification is not permitted`.
fn back(said: &Sentence, at: usize) -> bool {
    let permits = said.any(behind(at, 4), PERMIT);
    let late = matches!(said.word(at), "nicht" | "niet" | "nichts" | "keinesfalls" | "niemals" | "nooit");
    for act in before(at, DENIAL).rev() {
        if said.is(act, AND) {
            return false;
        }
        if !said.is(act, ACT) || !is_act(said, act) {
            continue;
        }
        let is_notice = said.is(act, NOTICE) && permits;
        let is_bidden = late && said.any(act.saturating_sub(6)..at + 6, BID) && said.is(act, TELL);
        let is_late = late && said.any(act.saturating_sub(6)..at + 6, BID);
        if is_notice || is_bidden || ((permits || is_late) && concerns(said, act)) {
            return true;
        }
    }
    // A verb that stands last: `darf nicht vor Ende der Frist benachrichtigt werden`.
    let act = said.find(behind(at, 6), TELL);
    late && act.is_some_and(|act| is_act(said, act) && said.any(before(act, 12), BID))
}
