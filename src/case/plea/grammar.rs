//! What the words of a sentence say together: that somebody is not to be told. Knows sentences, no line and no case.
//!
//! A plea is an act (to tell, to learn of, to get in touch), somebody whom it concerns, and what is against it: a denial, what
//! forbids, puts off, endangers. Near each other they are one, whatever stands between; the order of words differs from language to
//! language too much to be held against them. What happened or is so (`was not told`), what is denied twice (`not forbidden`,
//! `no objection`) and what a reporter wants for themselves (`do not tell my name`) is none.
//!
//! Every look reaches a fixed number of words to each side, so that reading costs as much as the text is long.

mod denial;

use self::denial::denied;
use super::lexicon::*;
use super::sentence::Sentence;

/// How far around an act somebody is named whom it concerns.
const WHOM: usize = 14;
/// How far from each other other words about one thing stand.
const NEAR: usize = 8;

/// Whether the word at this place, with those around it, asks for it.
pub(super) fn asks(said: &Sentence, at: usize) -> bool {
    by_itself(said, at)
        || kept_secret(said, at)
        || sealed(said, at)
        || marks(said, at)
        || denied(said, at)
        || forbidden(said, at)
        || put_off(said, at)
        || endangered(said, at)
        || left_out(said, at)
        || hidden(said, at)
}

fn before(at: usize, by: usize) -> std::ops::Range<usize> {
    at.saturating_sub(by)..at
}

fn behind(at: usize, by: usize) -> std::ops::Range<usize> {
    at + 1..at + 1 + by
}

/// A word that says it alone, unless it is denied.
fn by_itself(said: &Sentence, at: usize) -> bool {
    let is_off = matches!(said.word(at), "tip" | "tipped" | "tipping") && said.word(at + 1) == "off";
    let is_non = said.word(at) == "non" && said.is(at + 1, NOTICE);
    is_off || is_non || (said.is(at, ALONE) && !is_denied(said, at))
}

/// `keep this secret`, `secret de l'enquête`; two words say it without more.
fn kept_secret(said: &Sentence, at: usize) -> bool {
    if !said.is(at, SECRET | QUIET) || is_denied(said, at) {
        return false;
    }
    if said.is(at, QUIET) {
        return said.any(before(at, 4), KEEP) && said.any(behind(at, WHOM), MATTER);
    }
    // A line of a form without the mark behind its label: `Confidential until 3 May`.
    let next = said.word(at + 1);
    let is_answered = at == 0 && (ANSWERS.contains(&next) || next.starts_with(|c: char| c.is_ascii_digit()));
    let is_thing = said.is(at + 1, THING) || (at > 0 && said.is(at - 1, THING));
    let is_kept = before(at, 4)
        .any(|place| said.is(place, KEEP) && (at - place <= 2 || !said.is(place, COPULA)))
        || said.any(behind(at, 6), WANTED)
        || behind(at, 4).any(|place| said.is(place, KEEP) && !said.is(place, COPULA));
    let is_all = said.len() <= 2 && !said.any(0..2, NOTICE | INFO);
    let is_of_it =
        said.is(at + 1, MATTER) || said.any(behind(at, 3), MATTER) && said.any(behind(at, 2), BETWEEN | NE);
    !is_thing && (is_kept || is_all || is_answered || is_of_it || said.any(before(at, 3), MATTER))
}

/// What stands behind the label of a line about secrecy.
const ANSWERS: &[&str] =
    &["yes", "y", "until", "till", "ja", "bis", "oui", "jusqu", "si", "hasta", "fino", "tot", "tak", "do"];

/// `under seal`, `sealed by order of the court`.
fn sealed(said: &Sentence, at: usize) -> bool {
    let is_under = at > 0 && said.word(at - 1) == "under" && said.word(at) == "seal";
    let by_court = said.is(at, SEAL)
        && (said.any(behind(at, 4), COURT | MATTER) || said.any(before(at, 4), COURT | MATTER));
    (is_under || (by_court && said.word(at) != "seal")) && !is_denied(said, at)
}

/// So few words are the mark that a request bears.
const LONGEST_MARK: usize = 4;

/// A line so short is about that alone.
fn marks(said: &Sentence, at: usize) -> bool {
    let around = || (0..said.len()).any(|place| said.is(place, THING | PAST) || said.word(place) == "of");
    said.is(at, MARK) && said.len() <= LONGEST_MARK && !said.denies(0) && !is_denied(said, at) && !around()
}

/// Whether a denial stands before a word with nothing between that it would deny instead, or answers it: `Confidential - no`.
fn is_denied(said: &Sentence, at: usize) -> bool {
    if at + 2 == said.len() && (said.is(at + 1, NEG_OF) || matches!(said.word(at + 1), "non" | "none")) {
        return true;
    }
    let between = BETWEEN | BID | SO | KEEP | WOULD | ASKS;
    for place in before(at, 6).rev() {
        let word = said.word(place);
        // `Ce n'est plus un secret`, and not `la plus grande discrétion`.
        let is_over = word == "plus" && said.any(before(place, 3), NE);
        if said.denies(place) || said.is(place, NEG_FR | WITHOUT) || is_over {
            return true;
        }
        let passes = said.is(place, between)
            || matches!(word, "longer" | "mehr" | "considered" | "marked" | "an" | "un");
        if !passes {
            return false;
        }
    }
    false
}

/// Whether an act is one on somebody else than who writes, and one that is still to come.
fn is_act(said: &Sentence, at: usize) -> bool {
    let own = if said.is(at + 1, OWN) { at + 1 } else { at + 2 };
    let is_own = said.is(own, OWN)
        && (own == at + 1 || matches!(said.word(at + 1), "to" | "sie"))
        && !said.is(own + 1, MATTER)
        && (matches!(said.word(own + 1), "client" | "clients") || !said.is(own + 1, USER));
    let asks = said.is(at, LEARN) && said.is(at + 1, ASKS);
    // `what they know` and `let me know` are about somebody else's knowledge than that of this matter.
    let is_theirs = said.is(at, LEARN) && at > 0 && said.is(at - 1, WE | OWN);
    let needs_more = match said.word(at) {
        "out" => !matches!(last(said, at), "find" | "finds" | "found" | "reach"),
        "etat" => !said.any(before(at, 2), BETWEEN),
        "contact" => matches!(said.word(at + 1), "details" | "data" | "information" | "number" | "person"),
        "hear" | "hearing" | "heard" => said.word(at + 1) == "from",
        // `teilen Sie dem Nutzer nichts mit`, and not the pictures that somebody shares.
        "teilen" | "teile" => !behind(at, 10).any(|place| said.word(place) == "mit"),
        _ => false,
    };
    !is_own && !asks && !is_theirs && !needs_more && !happened(said, at)
}

/// Whether the act was done, or was not: a word of the past right before it, and nothing between that bids or forbids.
fn happened(said: &Sentence, at: usize) -> bool {
    if said.is(at, NOTICE | INFO) {
        return false;
    }
    for place in before(at, 5).rev() {
        if is_past(said, place) {
            return true;
        }
        // Whatever was before, `do not` says what is to be: `The account was hacked, do not tell the user`.
        let is_order = said.word(place) == "do" && said.denies(place + 1);
        if is_order || (said.is(place, BID | FORBID | FORBID_TO | ENSURE) && !said.is(place, SO)) {
            return false;
        }
    }
    false
}

/// Whether a word says of what follows that it was. `Must have` and `is to have` say what is to be, and so does `we would be
/// grateful if the user were not told`.
fn is_past(said: &Sentence, at: usize) -> bool {
    let is_bidden = said.word(at) == "have" && at > 0 && said.is(at - 1, BID);
    let is_wished = said.word(at) == "were"
        && before(at, 6).any(|place| said.word(place) == "if")
        && said.any(before(at, NEAR + 2), ENSURE);
    said.is(at, PAST) && !is_bidden && !is_wished
}

/// Whether somebody is named near whom the act concerns. The client of whoever writes is nobody from whom we keep anything.
fn concerns(said: &Sentence, act: usize) -> bool {
    let is_user = |place: &usize| {
        let is_own = said.is(place.wrapping_sub(1), OWN) && matches!(said.word(*place), "client" | "clients");
        said.is(*place, USER) && !is_own
    };
    // What is shared or said to somebody is shared with whom the same clause names.
    let stops = |place: &usize| said.is(act, CONTACT) && said.is(*place, AND);
    // Who contacts somebody is not who is contacted.
    let active =
        ["contact", "contacting", "approach", "approaching", "speak", "speaking", "share", "sharing"];
    let is_done_by = active.contains(&said.word(act));
    !is_done_by && before(act, WHOM).rev().take_while(|place| !stops(place)).any(|place| is_user(&place))
        || behind(act, WHOM).take_while(|place| !stops(place)).any(|place| is_user(&place))
}

/// The word before a place; none before the first.
fn last(said: &Sentence, at: usize) -> &str {
    at.checked_sub(1).map_or("", |last| said.word(last))
}

/// What forbids, unless that is denied.
fn forbidden(said: &Sentence, at: usize) -> bool {
    // `sehen Sie von einer Benachrichtigung ab`.
    let is_parted = said.word(at) == "ab"
        && before(at, 12).any(|verb| matches!(said.word(verb), "sehen" | "sehe" | "sieht"));
    // What a user forbade, or was forbidden, is a matter of theirs.
    let is_theirs = before(at, NEAR).any(|place| {
        is_past(said, place) && said.word(place + 1) != "zu" && said.is(place.wrapping_sub(1), USER)
    });
    if !(is_parted || said.is(at, FORBID | FORBID_TO)) || is_theirs || is_denied(said, at) {
        return false;
    }
    let is = |act: &usize| said.is(*act, ACT) && is_act(said, *act);
    let follows = behind(at, 4).any(|act| is(&act) && said.is(act, TELL | NOTICE))
        || behind(at, NEAR).any(|act| is(&act) && concerns(said, act));
    let precedes = || {
        let is_said = said.any(before(at, NEAR), BID | SO | WOULD | KEEP) || !said.is(at, FORBID);
        before(at, NEAR).any(|act| is(&act) && (concerns(said, act) || (is_said && said.is(act, NOTICE))))
    };
    follows || ((is_parted || said.is(at, FORBID)) && precedes())
}

/// What is put off is notice, or an act that concerns somebody.
fn put_off(said: &Sentence, at: usize) -> bool {
    let is_held =
        matches!(said.word(at), "hold" | "holding" | "held") && matches!(said.word(at + 1), "back" | "off");
    // `Any delay in disclosure could be fatal` wants no delay.
    let is_late = said.word(at + 1) == "in" || matches!(last(said, at), "any" | "undue" | "further");
    if !(is_held || said.is(at, DEFER)) || is_late || is_denied(said, at) {
        return false;
    }
    let is = |act: usize| said.is(act, TELL | NOTICE | CONTACT) && is_act(said, act);
    let follows = behind(at, 3).any(|act| said.is(act, NOTICE) && is(act))
        || behind(at, 4).any(|act| is(act) && concerns(said, act));
    let is_said = said.any(before(at, NEAR), BID | ENSURE | PERMIT) || said.any(before(at, 1), SO);
    follows
        || (is_said && before(at, NEAR).any(|act| is(act) && (said.is(act, NOTICE) || concerns(said, act))))
}

/// What would be endangered by an act: an investigation, or anything by an act that concerns somebody.
fn endangered(said: &Sentence, at: usize) -> bool {
    let may_be =
        said.is(at, WOULD) || said.any(before(at, 4), WOULD) || said.any(behind(at, NEAR), WOULD | MATTER);
    if !said.is(at, HARM) || is_denied(said, at) || !may_be {
        return false;
    }
    let matters = said.any(behind(at, NEAR), MATTER) || said.any(before(at, 4), MATTER);
    let is = |act: usize| said.is(act, TELL | LEARN | NOTICE | CONTACT | INFO) && is_act(said, act);
    before(at, WHOM)
        .chain(behind(at, WHOM))
        .any(|act| is(act) && ((matters && said.is(act, TELL | NOTICE)) || concerns(said, act)))
}

/// `without notifying the customer`, `before you contact the user`, `the user may only be told after`.
fn left_out(said: &Sentence, at: usize) -> bool {
    let near = |by: usize| behind(at, by).find(|act| said.is(*act, ACT & !INFO) && is_act(said, *act));
    if said.is(at, WITHOUT) {
        let at_once = said.word(at + 1).starts_with("notif");
        let whom = |act: usize| said.any(at..act + 6, USER);
        let roles = BID | ENSURE | MATTER;
        let bids = |act: usize| {
            !said.is(act, LEARN) || said.any(before(at, WHOM), roles) || said.any(behind(act, NEAR), roles)
        };
        return at_once || near(7).is_some_and(|act| whom(act) && bids(act));
    }
    let whom = |act: usize| said.any(behind(act, 6), USER);
    if said.is(at, BEFORE) {
        let asked =
            said.any(before(at, WHOM), CONTACT | BID | WE) || said.any(behind(at, WHOM), CONTACT | BID | OWN);
        return asked && !said.is(at + 1, WE) && near(4).is_some_and(whom);
    }
    let bids = || said.any(before(at, 3), BID | WOULD) && !said.denies(at.wrapping_sub(1));
    // `may be told only once the investigation is closed`.
    let after =
        || matches!(said.word(at + 1), "once" | "after" | "when" | "upon" | "nach" | "wenn" | "apres");
    let told = |act: usize| is_act(said, act) && concerns(said, act) && said.any(before(act, 4), BID | WOULD);
    let is_told =
        said.is(at, ONLY) && after() && before(at, 4).any(|act| said.is(act, ACT & !INFO) && told(act));
    is_told || said.is(at, ONLY) && bids() && near(6).is_some_and(|act| concerns(said, act))
}

/// `hidden from the user`, `the user must stay unaware`.
fn hidden(said: &Sentence, at: usize) -> bool {
    let is_kept = matches!(said.word(at), "keep" | "kept" | "keeping");
    if (is_kept || said.is(at, HIDE)) && !is_denied(said, at) {
        let from = behind(at, 4).find(|place| said.word(*place) == "from");
        // Records are kept from an account, too.
        let is_matter = || said.any(before(at, NEAR), MATTER) || said.any(behind(at, NEAR), LEARN);
        return from.is_some_and(|from| said.any(behind(from, 4), USER)) && (!is_kept || is_matter());
    }
    let bids = said.any(before(at, 6), BID | ENSURE | KEEP) && !said.any(before(at, 3), SO | PAST);
    said.is(at, UNAWARE) && bids && concerns(said, at)
}
