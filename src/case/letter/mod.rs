//! A letter of the policy, filled in for a case: its text, or what is still open in it.
//!
//! Nothing is sent from here; people send letters. Values come from the request and are foreign text, marked as such, and
//! never looked at again for placeholders: a request cannot write a letter.

mod due;
mod each;
mod given_out;
mod notice;
mod obstacle;
mod template;
#[cfg(test)]
mod tests;
mod truth;
mod typed;
mod values;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::asking::wants;
use super::decide::gate::bars;
use super::decide::{may_be_said, may_draft, text_for};
use super::{
    Case, Elsewhere, Ending, Kind, Letter, Policy, Refusal, Terms, Tongue, Wording, is_to_whoever_asked,
};
pub use due::owed;
pub use each::{of_choice, within};
pub use notice::{ToUser, to_user, to_user_in};
pub use obstacle::Obstacle;
use template::{Place, Slot};
use truth::is_true_of;
pub use truth::{is_answered, tells_of_answer, unsent_before_answer};
pub use typed::{put_in, repeated_in, typed_in, typed_in_notice};
use values::{Value, Values};

/// The name of the acknowledgement.
pub const ACK: &str = "ack";
/// The name of the letter that asks for what is missing.
pub const ASK: &str = "ask";
/// The name of the letter that refuses.
pub const REFUSE: &str = "refuse";
/// The name of the letter that sends the requester elsewhere.
pub const REDIRECT: &str = "redirect";
/// The name of the letter that tells a user. It is no letter like the others: whether it may be written is the gate's to say.
pub const NOTICE: &str = "notice";
/// The name of the notice about a request of which nothing came, where the other would say what was done and is not.
pub const DROPPED: &str = "dropped";
/// The name of the notice about a request that is not from whom it says, as those said whose name it bears (rule 61).
pub const FAKE: &str = "fake";
/// The name of the notice about one that was refused because nobody could make sure of that.
pub const UNCONFIRMED: &str = "unconfirmed";
/// All that tell a user of a request.
pub const NOTICES: [&str; 4] = [NOTICE, DROPPED, FAKE, UNCONFIRMED];
/// The name of the letter that tells a user what was decided about what they shared, and why (rule 31).
pub const REASONS: &str = "reasons";
/// The name of the letter that answers.
pub const ANSWER: &str = "answer";
/// The name of the report to the authority of what a flagged case is about (rule 66).
pub const REPORT: &str = "report";
/// The name of the letter that says that there are no records.
pub const NONE: &str = "none";
/// The name of the letter that passes on what somebody wrote to us (rules 41, 47).
pub const FORWARD: &str = "forward";
/// The name of the letter that says that the answer takes longer.
pub const EXTENDED: &str = "extended";
/// What tells a requester that secrecy takes an order (rule 16).
pub const SECRECY: &str = "secrecy";
/// The name of the letter that says that records are kept no longer.
pub const ENDED: &str = "ended";

/// Whether a letter of this name tells a user of a request, which passes the gate.
pub fn is_notice(name: &str) -> bool {
    NOTICES.iter().any(|notice| name.eq_ignore_ascii_case(notice))
}

/// A piece of a letter that is filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    /// Words of the policy, or of docket.
    Ours(String),
    /// Words from the request, or typed by people. Foreign text.
    Theirs(String),
}

/// A letter that is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft<'p> {
    /// The letter.
    pub letter: &'p Letter,
    /// Its text, in order.
    pub pieces: Vec<Piece>,
    /// In which language, where it is not the policy's own.
    pub tongue: Option<Tongue>,
}

impl Draft<'_> {
    /// The text with foreign words as they came. For rules and tests; what is shown goes through `chat::page`.
    pub fn text(&self) -> String {
        let words = self.pieces.iter().map(|piece| match piece {
            Piece::Ours(words) | Piece::Theirs(words) => words.as_str(),
        });
        words.collect()
    }
}

/// A placeholder that has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What stands between the braces.
    pub placeholder: String,
    /// What would fill it.
    pub filler: Filler,
}

/// What would fill a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filler {
    /// The line of the case, by key.
    Line(String),
    /// No line: requests of this kind have none of this key, so the policy's letter asks for too much.
    NoLine,
    /// A hold.
    Hold,
    /// A refusal, or the like.
    Ending,
    /// A decision about the scope.
    Scope,
    /// Nothing: nothing is missing.
    NothingMissing,
    /// Nothing: no clock runs on the case.
    NoClock,
    /// A sentence of the policy under `texts`, by name.
    Stock(String),
    /// Nothing: the hold still runs.
    HoldRuns,
    /// More time on a clock.
    Extension,
    /// Nothing: the policy's letter has a brace that is never closed.
    Broken,
    /// Nothing: the policy has no clock, or no earliest time, of which the letter asks for the length.
    NoLength,
    /// Nothing: it is said in the policy's own language only.
    OwnLanguage,
}

/// What a letter about an ending rests on before there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A reason for refusing.
    Reason {
        /// Its code.
        code: String,
        /// The moderator's own words.
        words: Option<String>,
    },
    /// Where the requester would be sent.
    To(Elsewhere),
}

/// Whether a letter of the policy for a kind, or its notice, repeats this line.
pub fn repeats(policy: &Policy, kind: &Kind, key: &str) -> bool {
    policy.letters_for(&kind.name).any(|letter| repeats_in(letter, kind, key))
}

/// Whether this letter does.
pub fn repeats_in(letter: &Letter, kind: &Kind, key: &str) -> bool {
    let is_it = |line: &str| kind.field(line).map_or(line, |rule| rule.key.as_str()) == key;
    letter.texts().flat_map(template::read).any(|slot| match slot {
        Slot::Place { place: Place::Line(line), .. } => is_it(&line),
        Slot::Place { .. } | Slot::Words(_) => false,
    })
}

/// Whether the notice of a kind says what came of the request: with a sentence that has another one for when nothing did.
pub fn says_what_came(kind: &Kind, policy: &Policy) -> bool {
    let slots =
        policy.letter(NOTICE, &kind.name).into_iter().flat_map(Letter::texts).flat_map(template::read);
    let mut named = slots.filter_map(|slot| match slot {
        Slot::Place { place: Place::Named(name), .. } => Some(name),
        Slot::Place { .. } | Slot::Words(_) => None,
    });
    named.any(|name| !policy.text(&format!("{name}-nothing")).is_empty())
}

/// The lines that a letter's text in part repeats and its text in full does not, by key: what is not granted, and why.
pub fn said_of_a_part(letter: &Letter) -> Vec<String> {
    let in_full = lines_in(&letter.text);
    let in_part = lines_in(letter.in_part.as_deref().unwrap_or_default());
    let more = in_part.into_iter().filter(|(_, key)| !in_full.iter().any(|(_, other)| other == key));
    more.map(|(_, key)| key).collect()
}

/// Fills in a letter. `basis` is what a letter about an ending says while nothing has come of the case yet.
pub fn draft<'p>(
    case: &Case,
    name: &str,
    basis: Option<&Basis>,
    terms: &'p Terms,
    now: DateTime<Utc>,
) -> Result<Draft<'p>, Refusal> {
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
    // A letter to the user of a case that binds tells them of it, whatever it says.
    let binds = name.eq_ignore_ascii_case(REASONS) && !bars(case, terms).is_empty();
    if binds || is_notice(name) {
        return Err(Obstacle::IsNotice.into());
    }
    let letter = policy.letter(&name.to_lowercase(), &case.kind).filter(|letter| letter.is_for(case));
    let Some(letter) = letter else {
        let letters =
            policy.letters_for(&case.kind).filter(|letter| !is_notice(&letter.name) && letter.is_for(case));
        let there_are = letters.map(|letter| letter.name.clone()).collect();
        return Err(Obstacle::NoSuchLetter { typed: name.to_owned(), there_are }.into());
    };
    is_true_of(case, letter, kind, terms, now)?;
    let wording = match letter.name.as_str() {
        REFUSE | REDIRECT => Some(ending_said(case, letter, basis, terms)?),
        ASK => {
            if let Some(outcome) = &case.outcome {
                return Err(Refusal::AlreadyEnded(outcome.what.clone()));
            }
            if wants(case, kind, policy).is_empty() {
                return Err(Obstacle::NothingToAsk.into());
            }
            None
        }
        _ => wording(case, policy),
    };
    let values = Values { case, kind, policy, wording: wording.as_ref(), terms, now, tongue: None };
    // Whoever asked docket by themselves reads it in the language in which they did.
    let visit = case.visit.as_ref().filter(|_| is_to_whoever_asked(&letter.name));
    let theirs = visit.and_then(|visit| said_in(visit.tongue, letter, case, &values)?.ok());
    let written = match theirs {
        Some(pieces) => Ok(Draft { letter, pieces, tongue: visit.map(|visit| visit.tongue) }),
        None => fill(letter.text_for(case), &values).map(|pieces| Draft { letter, pieces, tongue: None }),
    };
    written.map_err(|open| Obstacle::Open { letter: letter.name.clone(), open }.into())
}

/// What a letter about an ending says: what is on record, or else what it is given.
fn ending_said(
    case: &Case,
    letter: &Letter,
    basis: Option<&Basis>,
    terms: &Terms,
) -> Result<Wording, Refusal> {
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let Some(outcome) = &case.outcome else {
        return match basis {
            Some(Basis::Reason { code, words }) => {
                let reason = policy.reason(code).ok_or_else(|| policy.no_such_reason(code, &case.kind))?;
                if reason.needs_words && words.is_none() {
                    return Err(Obstacle::NeedsWords { code: reason.code.clone() }.into());
                }
                may_be_said(case, reason, policy)?;
                // A draft is copied and sent before anything is put on record (rule 65).
                if let Some(words) = words {
                    may_draft(case, words, terms)?;
                }
                Ok(Wording { text: reason.text.clone(), words: words.clone() })
            }
            Some(Basis::To(to)) => {
                let text = text_for(case, *to, terms)?;
                Ok(Wording { text, words: None })
            }
            None => Err(Obstacle::NeedsEnding { letter: letter.name.clone() }.into()),
        };
    };
    let fits = due::after(case, &outcome.what).contains(&letter.name.as_str());
    match (basis, wording(case, policy)) {
        (None, Some(said)) if fits => Ok(said),
        // What is on record is not what the letter would say.
        (Some(_), _) | (None, _) => Err(Refusal::AlreadyEnded(outcome.what.clone())),
    }
}

/// What the requester is told with the ending: as it was put on record, or else as the policy has it.
fn wording(case: &Case, policy: &Policy) -> Option<Wording> {
    let now = |text: &str| Wording { text: text.to_owned(), words: None };
    match (&case.wording, &case.outcome.as_ref()?.what) {
        (Some(wording), _) => Some(wording.clone()),
        (None, Ending::Refused { code }) => policy.reason(code).map(|reason| now(&reason.text)),
        (None, Ending::Redirected { to }) => {
            Some(policy.said(to.text())).filter(|text| !text.is_empty()).map(|text| now(&text))
        }
        (None, Ending::Answered { .. } | Ending::Withdrawn | Ending::Duplicate { .. }) => None,
    }
}

/// A letter in a language besides the policy's own; nothing where the policy does not have it in that, and what is still open where it
/// does not say all of it.
fn said_in(
    tongue: Tongue,
    letter: &Letter,
    case: &Case,
    values: &Values<'_>,
) -> Option<Result<Vec<Piece>, Vec<Open>>> {
    let words = values.policy.words(tongue).filter(|_| values.policy.language != Some(tongue));
    let theirs = words?.letter(letter)?;
    // Which half it is the policy's own words say: nobody learns more in one language than in another.
    Some(fill(theirs.half(letter.is_in_part(case)), &Values { tongue: Some(tongue), ..*values }))
}

fn fill(text: &str, values: &Values<'_>) -> Result<Vec<Piece>, Vec<Open>> {
    let (mut pieces, mut open): (Vec<Piece>, Vec<Open>) = (Vec::new(), Vec::new());
    for slot in template::read(text) {
        match slot {
            Slot::Words(words) => pieces.push(Piece::Ours(words)),
            Slot::Place { place, written, alone } => match values.of(&place) {
                // A paragraph of which there is nothing to say is none.
                Ok(Value::Text(text)) if alone && text.is_empty() => {
                    if let Some(Piece::Ours(before)) = pieces.last_mut() {
                        before.truncate(before.trim_end().len());
                    }
                }
                Ok(Value::Text(text)) if alone => pieces.extend(text),
                Ok(Value::Text(text)) => pieces.extend(text.into_iter().map(Piece::on_one_line)),
                Ok(Value::List(items)) => pieces.extend(values::list(items, alone)),
                Err(filler) => {
                    let found = Open { placeholder: written, filler };
                    if !open.contains(&found) {
                        open.push(found);
                    }
                }
            },
        }
    }
    if open.is_empty() { Ok(pieces) } else { Err(open) }
}

impl Piece {
    /// In the middle of a line, a value does not bring lines of its own.
    fn on_one_line(self) -> Piece {
        match self {
            Piece::Theirs(text) => {
                let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                Piece::Theirs(lines.join(", "))
            }
            Piece::Ours(text) => Piece::Ours(text),
        }
    }
}

/// The acknowledgement, if the policy has one and neither it nor an ending is on record.
pub fn acknowledgement<'p>(case: &Case, policy: &'p Policy) -> Option<&'p Letter> {
    let is_open = case.outcome.is_none() && case.closed.is_none();
    let is_sent = case.sent.iter().any(|sent| sent.letter == ACK);
    policy.letter(ACK, &case.kind).filter(|_| is_open && !is_sent)
}

/// The lines that a text asks for, or for what they choose: as they are written, and by key.
pub fn lines_in(text: &str) -> Vec<(String, String)> {
    let line = |slot| match slot {
        Slot::Place { place: Place::Line(key) | Place::Each(key), written, .. } => Some((written, key)),
        Slot::Place { .. } | Slot::Words(_) => None,
    };
    template::read(text).into_iter().filter_map(line).collect()
}

/// What stands in the braces of a text, each once.
pub fn placeholders_in(text: &str) -> BTreeSet<String> {
    let written = |slot| match slot {
        Slot::Place { written, .. } => Some(written),
        Slot::Words(_) => None,
    };
    template::read(text).into_iter().filter_map(written).collect()
}

/// Whether a text names the accounts of the case.
pub fn names_accounts(text: &str) -> bool {
    template::read(text)
        .iter()
        .any(|slot| matches!(slot, Slot::Place { place: template::Place::Accounts, .. }))
}

/// Placeholders of a letter that can never be filled in for a kind, as they are written: for whoever checks a policy.
pub fn strangers(letter: &Letter, kind: &Kind, policy: &Policy) -> Vec<String> {
    let mut found = Vec::new();
    for slot in letter.texts().flat_map(template::read) {
        if let Slot::Place { place, written, .. } = slot
            && !values::can_be_filled(&place, kind, policy)
        {
            found.push(written);
        }
    }
    found
}
