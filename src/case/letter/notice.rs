//! What one user is told of a case: the policy's notice, and the copy of the request that goes with it (rule 25).
//!
//! Both are made over a case on which no other account stands. Whether the user may be told at all is the gate's to say.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::values::Values;
use super::{DROPPED, Draft, FAKE, NOTICE, Obstacle, UNCONFIRMED, fill, said_in, wording};
use crate::case::blacked_out::without_others;
use crate::case::clock::without_notice;
use crate::case::{
    Account, Case, Copied, Ending, Field, FileRole, Letter, Policy, Reading, Refusal, Terms, Tongue, mention,
};

/// The notice to a user of a case.
#[derive(Clone, Debug)]
pub struct ToUser<'p> {
    /// The letter.
    pub draft: Draft<'p>,
    /// The copy that goes with it: the lines of the request that the policy has in it, without anybody else, or a redacted copy that
    /// people made, which takes their place.
    pub copy: Copied,
    /// Whether it is about a fake, which no copy goes with: it bears the names of people who asked for nothing.
    pub fake: bool,
}

/// What a user would be told, in the policy's own language.
pub fn to_user<'p>(
    case: &Case,
    user: &Account,
    terms: &'p Terms,
    now: DateTime<Utc>,
) -> Result<ToUser<'p>, Refusal> {
    to_user_in(None, case, user, terms, now)
}

/// What a user would be told. The policy has the words; a redacted copy for this user, or for all, comes before the lines.
pub fn to_user_in<'p>(
    tongue: Option<Tongue>,
    case: &Case,
    user: &Account,
    terms: &'p Terms,
    now: DateTime<Utc>,
) -> Result<ToUser<'p>, Refusal> {
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
    // Nobody is told that something is inaccessible because of a request of which nothing came (rule 41): what was made so all the
    // same goes back.
    let is_dropped = without_notice(case).is_some();
    if let Some(stays) = Obstacle::stays_down(case) {
        return Err(stays.into());
    }
    let dropped = is_dropped.then(|| policy.letter(DROPPED, &case.kind)).flatten();
    let doubted = doubted(case, policy);
    let fake = doubted.is_some_and(|letter| letter.name == FAKE);
    let letter = doubted
        .or(dropped)
        .or_else(|| policy.letter(NOTICE, &case.kind))
        .ok_or_else(|| Obstacle::NoSuchLetter { typed: NOTICE.to_owned(), there_are: Vec::new() })?;
    let alone = alone(case, user);
    let wording = wording(&alone, policy);
    let values = Values { case: &alone, kind, policy, wording: wording.as_ref(), terms, now, tongue: None };
    let name = || letter.name.clone();
    let tongue = tongue.filter(|tongue| policy.language != Some(*tongue));
    let pieces = match tongue {
        None => {
            fill(letter.text_for(case), &values).map_err(|open| Obstacle::Open { letter: name(), open })?
        }
        // Whoever asked for a language agreed to words in that one, and to no others.
        Some(tongue) => said_in(tongue, letter, case, &values)
            .unwrap_or_else(|| Err(Vec::new()))
            .map_err(|open| Obstacle::NotSaidIn { letter: name(), tongue, open })?,
    };
    let redacted = case.files.iter().rev().filter(|file| file.role == FileRole::Redacted);
    let theirs = redacted.clone().find(|file| file.user.as_ref() == Some(user));
    let file = theirs.or_else(|| redacted.clone().find(|file| file.user.is_none()));
    // What we set says what we did, and is no part of what was asked.
    let is_ours = |field: &Field| kind.field(&field.key).is_some_and(|rule| rule.ours);
    let copied = |field: &&Field| {
        field.known() && field.reading != Reading::Claimed && !is_ours(field) && kind.copies(&field.key)
    };
    let line = |field: &Field| (field.label.clone(), field.value.clone());
    let lines: Vec<(String, String)> = alone.fields.iter().filter(copied).map(line).collect();
    let copy = match file {
        _ if fake => Copied::Nothing,
        Some(file) => Copied::File { file: file.file.clone() },
        None if lines.is_empty() => Copied::Nothing,
        None => Copied::Lines { lines },
    };
    Ok(ToUser { draft: Draft { letter, pieces, tongue }, copy, fake })
}

/// The notice about a request that is not from whom it says, or of which nobody could make sure that it is: the others say who asked
/// (rule 61). Nothing where the policy has none.
fn doubted<'p>(case: &Case, policy: &'p Policy) -> Option<&'p Letter> {
    let is_unconfirmed = match case.outcome.as_ref().map(|outcome| &outcome.what) {
        Some(Ending::Refused { code }) => {
            case.requester.is_none() && policy.reason(code).is_some_and(|reason| reason.while_unverified)
        }
        Some(_) | None => false,
    };
    match (case.is_fake(), is_unconfirmed) {
        (true, _) => policy.letter(FAKE, &case.kind),
        (false, true) => policy.letter(UNCONFIRMED, &case.kind),
        (false, false) => None,
    }
}

/// The case as far as it is about one user: other accounts are taken off their lines, and out of all that was written.
fn alone(case: &Case, user: &Account) -> Case {
    let mut alone = case.clone();
    let own = own_name(case, user);
    let others = others(case, own.as_deref());
    let without = |text: &str| without_others(text, own.as_deref(), &others);
    for field in &mut alone.fields {
        if let Reading::Accounts { named, unread } = &mut field.reading {
            named.retain(|subject| subject.account == *user);
            // What could not be read may be anybody.
            unread.clear();
            field.value = named.iter().map(|subject| subject.account.as_str()).collect::<Vec<_>>().join(", ");
        } else {
            field.value = without(&field.value);
        }
    }
    alone.fields.retain(|field| !field.value.trim().is_empty());
    // Before anything is cut short: of half a name nobody can say that it is one.
    alone.wording.iter_mut().flat_map(|wording| &mut wording.words).for_each(|words| *words = without(words));
    alone.scope.values_mut().flat_map(|line| &mut line.reason).for_each(|reason| *reason = without(reason));
    alone.prolonged.iter_mut().for_each(|more| more.reason = without(&more.reason));
    alone
}

/// What the other accounts of a case are called, wherever it names them; what could not be read on a line of accounts may be one.
fn others(case: &Case, own: Option<&str>) -> BTreeSet<String> {
    let named = mention::names(case);
    let locals = named.iter().filter_map(|name| name.trim_start_matches('@').split(':').next());
    let unread = case.unread_of_accounts();
    let unread: Vec<String> = unread.map(|(piece, _)| mention::plain(piece)).collect();
    let unread = unread.iter().map(|piece| piece.trim_matches(|c: char| !c.is_alphanumeric()));
    let own = own.and_then(|own| own.trim_start_matches('@').split(':').next());
    let all = locals.chain(unread.filter(|piece| !piece.contains(char::is_whitespace)));
    all.filter(|name| !name.is_empty() && Some(*name) != own).map(str::to_owned).collect()
}

/// The user in the form that accounts are looked for in; nobody if another account of the case reads the same.
fn own_name(case: &Case, user: &Account) -> Option<String> {
    let own = mention::name(user);
    let mut others = case.subjects().map(|subject| &subject.account).filter(|account| *account != user);
    (!others.any(|other| mention::name(other) == own)).then_some(own)
}
