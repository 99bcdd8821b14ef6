//! Words of a person's own that go into a letter to a user (rule 65): what the gate withholds stays withheld there too. They name
//! no other case and no agency; and while anything binds about the user, a second person reads them first.
//!
//! It knows numbers of cases and names, not what words mean: who hints without naming anybody is for the second person to see.
//! What it refuses hangs on no sealed case, so the refusal betrays none.

use std::collections::BTreeSet;

use super::Around;
use super::as_it_came::{is_bare, is_said};
use super::beyond::repeats_ours;
use super::gate::bars;
use super::referring::{is_referred, may_read, tells_another};
use super::telling::has_unread;
use super::whose_words::{is_disguised, named_beside, names_requester, stands_in, words};
use super::worded::{is_place, is_worded};
use crate::case::choice::chosen_from;
use crate::case::directory::Agency;
use crate::case::letter::{
    NOTICE, REASONS, REPORT, is_notice, put_in, repeats, repeats_in, typed_in, typed_in_notice,
};
use crate::case::look_alike::unmasked;
use crate::case::plea::plea;
use crate::case::requester::{agency, is_from_agency};
use crate::case::{Case, Command, Edit, Field, Key, Refusal, Restraint, Terms};

/// What a command would put into a letter that a user may get, or what is in the letter that it says went out.
pub fn own_words<'c>(command: &'c Command, case: &'c Case, terms: &Terms) -> Vec<&'c str> {
    match command {
        Command::RecordSent { letter, .. } => words_in(case, letter, terms),
        command if command.tells_users() => words_in(case, NOTICE, terms),
        command if reaches_user(case, terms) => {
            let mut found = typed(command, case, terms);
            found.retain(|said| !matches!(command, Command::Set { .. }) || is_worded(said));
            found
        }
        _ => Vec::new(),
    }
}

/// What is typed with a command and goes into a letter, whoever gets that.
pub(super) fn typed<'c>(command: &'c Command, case: &Case, terms: &Terms) -> Vec<&'c str> {
    let words = match command {
        Command::Set { .. } => return findings_where(command, case, terms, |_| true),
        Command::Prolong { reason, .. } => Some(reason.as_str()),
        Command::Refuse { words, .. } => words.as_deref(),
        Command::Scope { allow: false, reason, .. } => reason.as_deref(),
        Command::Scope { allow: true, .. }
        | Command::RecordSent { .. }
        | Command::Note { .. }
        | Command::Attach { .. }
        | Command::Verify { .. }
        | Command::Assign { .. }
        | Command::Tag { .. }
        | Command::Link { .. }
        | Command::Unlink { .. }
        | Command::Answer { .. }
        | Command::Withdraw { .. }
        | Command::Close
        | Command::Reopen { .. }
        | Command::Redirect { .. }
        | Command::Gag(_)
        | Command::Hold(_)
        | Command::Notify { .. }
        | Command::Attest { .. }
        | Command::Approve { .. }
        | Command::Deny { .. }
        | Command::Adopt { .. }
        | Command::Cost { .. }
        | Command::Seen
        | Command::Snooze { .. }
        | Command::CloseUnsent { .. }
        | Command::CloseUndone { .. }
        | Command::Undo { .. } => None,
    };
    words.into_iter().filter(|words| !words.trim().is_empty()).collect()
}

/// What people of ours typed that stands in a letter which a user may get: it goes out when the letter does, whoever was asked about
/// when it was typed.
pub fn words_in<'c>(case: &'c Case, letter: &str, terms: &Terms) -> Vec<&'c str> {
    if is_notice(letter) {
        let mut found = typed_in_notice(case, terms);
        found.retain(|said| is_worded(said));
        return found;
    }
    if !goes_to_user(case, letter, terms) {
        return Vec::new();
    }
    let mut found = typed_in(case, letter, terms);
    for put in put_in(case, letter, terms) {
        if !found.contains(&put.value.trim()) {
            found.push(put.value.trim());
        }
    }
    found.retain(|said| is_worded(said));
    found
}

/// Whether a user may get this letter: whoever asks is no agency, nor is it one that we write to.
fn goes_to_user(case: &Case, letter: &str, terms: &Terms) -> bool {
    let is_theirs = letter.eq_ignore_ascii_case(REASONS) || by_person(case, terms);
    is_theirs && !letter.eq_ignore_ascii_case(REPORT) && !tells_another(case, letter, terms)
}

/// Whether letters of the case go to a user: whoever asks is no agency, or the policy has a letter with the reasons for them.
fn reaches_user(case: &Case, terms: &Terms) -> bool {
    by_person(case, terms)
        || terms.policy_of(case).is_some_and(|policy| policy.letter(REASONS, &case.kind).is_some())
}

fn by_person(case: &Case, terms: &Terms) -> bool {
    terms.kind_of(case).is_none_or(|kind| !is_from_agency(kind))
}

/// What a command would put on a line of ours, such as the clause that was breached, where a letter to the user repeats it.
fn findings<'c>(command: &'c Command, case: &Case, terms: &Terms) -> Vec<&'c str> {
    let found = findings_where(command, case, terms, |_| true);
    if reaches_user(case, terms) { found } else { Vec::new() }
}

/// The same, of those lines alone, and whoever gets the letter.
fn findings_where<'c>(
    command: &'c Command,
    case: &Case,
    terms: &Terms,
    is_there: impl Fn(&str) -> bool,
) -> Vec<&'c str> {
    let (Command::Set { edits }, Some(policy), Some(kind)) =
        (command, terms.policy_of(case), terms.kind_of(case))
    else {
        return Vec::new();
    };
    let is_ours = |key: &str| {
        kind.field(key).is_some_and(|rule| rule.ours) || kind.answer_needs.iter().any(|need| need == key)
    };
    // A word of the policy's own list is nobody's; what is none of them is.
    let is_listed = |field: &Field| {
        kind.field(&field.key).is_some_and(|rule| chosen_from(&field.value, &rule.form).is_some())
    };
    let said = edits.iter().filter_map(|edit| match edit {
        Edit::Put(field)
            if is_ours(&field.key)
                && !is_listed(field)
                && repeats(policy, kind, &field.key)
                && is_there(&field.key) =>
        {
            Some(field.value.as_str())
        }
        Edit::Put(_) | Edit::AddAccounts(_) | Edit::RemoveAccounts(_) | Edit::Received { .. } => None,
    });
    said.collect()
}

/// Whether a command holds words that are held against whoever asked about the same users, so that these must be looked up.
pub fn may_name(command: &Command, case: &Case, terms: &Terms) -> bool {
    let has_word = |said: &&str| words(said).iter().any(|word| !is_place(word));
    !own_words(command, case, terms).is_empty()
        || findings(command, case, terms).iter().any(has_word)
        || is_referred(command, case, terms)
        || repeats_ours(command, case, terms)
}

/// Such words name no case but this one, and neither an agency that the request does not name itself nor anybody else who asked
/// about the same users, where that binds or is why something of theirs is kept.
pub(super) fn name_nobody(
    case: &Case,
    around: &Around,
    command: &Command,
    terms: &Terms,
) -> Result<(), Refusal> {
    let found = findings(command, case, terms);
    // The gate would take them for a wish of whoever asks, and nobody could say why the case is bound.
    if found.iter().any(|said| plea(said).is_some()) {
        return Err(Restraint::WordsPlead.into());
    }
    to_another(command, case, terms).into_iter().try_for_each(|said| names_no_reporter(case, said, terms))?;
    let all = own_words(command, case, terms).into_iter().chain(found);
    all.into_iter().try_for_each(|said| names_nobody(case, said, around, terms))
}

/// Whether words that stand in a draft might go to a user as they are, as far as the case itself says so.
pub fn may_draft(case: &Case, words: &str, terms: &Terms) -> Result<(), Refusal> {
    may_draft_beside(case, &Around::default(), words, terms)
}

/// Whether what is on record may still go out with a letter, held against what was looked up beside the case.
pub fn may_go_out(case: &Case, around: &Around, letter: &str, terms: &Terms) -> Result<(), Refusal> {
    words_in(case, letter, terms).into_iter().try_for_each(|said| {
        if letter.eq_ignore_ascii_case(REASONS) {
            names_no_reporter(case, said, terms)?;
        }
        names_nobody(case, said, around, terms)
    })?;
    may_read(case, around, letter, terms)
}

/// The same as `may_draft`, held against what was looked up beside the case.
pub fn may_draft_beside(case: &Case, around: &Around, words: &str, terms: &Terms) -> Result<(), Refusal> {
    if reaches_user(case, terms) { names_nobody(case, words, around, terms) } else { Ok(()) }
}

fn names_nobody(case: &Case, said: &str, around: &Around, terms: &Terms) -> Result<(), Refusal> {
    let named = others_in(case, said).next().or_else(|| listed_in(case, said, terms));
    let named = named.or_else(|| named_beside(case, around, said, terms));
    named.map_or(Ok(()), |what| Err(Restraint::WordsName { what }.into()))
}

/// The numbers of other cases that a text names.
pub(super) fn others_in(case: &Case, said: &str) -> impl Iterator<Item = String> {
    let own = case.id.number().to_string();
    cases_in(said).into_iter().filter(move |number| *number != own).map(|number| format!("C-{number}"))
}

/// The first agency of the directory that a text names and that does not ask here.
pub(super) fn listed_in(case: &Case, said: &str, terms: &Terms) -> Option<String> {
    // What a person's request calls itself excuses no name.
    let own = agency(case).filter(|_| !by_person(case, terms)).map(words);
    let is_own = |entry: &&Agency| own.as_ref() == Some(&words(&entry.name));
    let mut listed = terms.directory.iter().filter(|entry| !is_own(entry)).flat_map(names_of);
    let named = listed.find(|listed| {
        let name = words(listed);
        !name.is_empty() && (stands_in(&name, &words(said)) || is_disguised(listed, said))
    });
    named.map(str::to_owned)
}

/// Rule 31: what a reported user is written names nobody who reported it.
fn names_no_reporter(case: &Case, said: &str, terms: &Terms) -> Result<(), Refusal> {
    let named = names_requester(case, said, terms).filter(|_| by_person(case, terms));
    named.map_or(Ok(()), |what| Err(Restraint::WordsName { what }.into()))
}

/// What of a command goes to a user who did not write to us themselves.
fn to_another<'c>(command: &'c Command, case: &'c Case, terms: &Terms) -> Vec<&'c str> {
    if let Command::RecordSent { letter, .. } = command {
        let is_it = letter.eq_ignore_ascii_case(REASONS);
        return if is_it { words_in(case, letter, terms) } else { Vec::new() };
    }
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else { return Vec::new() };
    let letter = policy.letter(REASONS, &case.kind);
    let is_there = |key: &str| letter.is_some_and(|letter| repeats_in(letter, kind, key));
    if reaches_user(case, terms) { findings_where(command, case, terms, is_there) } else { Vec::new() }
}

/// Whether a second person reads them first: something on this case or another binds about whom they may go to, or nobody knows.
pub(super) fn takes_two(case: &Case, around: &Around, command: &Command, terms: &Terms) -> bool {
    // About whom nobody could ask, anything may bind; right before it goes, that is no.
    let of_anybody = || case.subjects().next().is_none() || has_unread(case);
    let binds = || {
        around.naming.as_ref().is_none_or(|naming| !naming.is_empty())
            || bars(case, terms).iter().any(|bar| bar.is_firm())
    };
    let Command::RecordSent { letter, .. } = command else {
        return !own_words(command, case, terms).is_empty() && binds();
    };
    if !goes_to_user(case, letter, terms) {
        return false;
    }
    let ours = typed_in(case, letter, terms).into_iter().any(is_worded);
    let mut put = put_in(case, letter, terms);
    // What the request says itself tells whoever wrote it nothing.
    put.retain(|field| is_worded(field.value.trim()) && !is_said(case, field, terms));
    // Somebody’s name or number comes late more often than not; of a user whom nobody knows, nobody hints with that alone.
    let hints = || ours || put.iter().any(|field| !is_bare(&field.value));
    (ours || !put.is_empty()) && binds() || hints() && of_anybody()
}

fn names_of(agency: &Agency) -> impl Iterator<Item = &str> {
    [&agency.name].into_iter().chain(&agency.domains).map(String::as_str)
}

/// The numbers of cases that a text names: `C-12`, `c12`, `C 12`, `#12`, `case 12`.
fn cases_in(text: &str) -> BTreeSet<String> {
    let folded: Vec<char> =
        Key::read(&unmasked(text)).map(|key| key.to_string().chars().collect()).unwrap_or_default();
    let mut found = BTreeSet::new();
    for (at, _) in folded.iter().enumerate().filter(|(_, c)| c.is_ascii_digit()) {
        let before = &folded[..at];
        let digits: String = folded[at..].iter().take_while(|c| c.is_ascii_digit()).collect();
        // As a key is read, a dash is a blank.
        let is_between = |c: &&char| c.is_whitespace() || **c == '.' || **c == ':';
        let gap = before.iter().rev().take_while(is_between).count();
        let before: String = before[..before.len() - gap].iter().collect();
        let mut words = before.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let ends_in_word = before.ends_with(char::is_alphanumeric);
        let word = words.next().filter(|_| ends_in_word).unwrap_or_default();
        let word = if word == "no" { words.next().unwrap_or_default() } else { word };
        if before.ends_with('#') || ["c", "case"].contains(&word) {
            found.insert(digits.trim_start_matches('0').to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_case_is_one_however_it_is_written() {
        for text in [
            "held under C-12",
            "c12!",
            "C – 12",
            "see #12",
            "Case no. 12",
            "(C-0012)",
            "case 12",
            "Case, no. 12",
            "see C\u{200B}-12",
            "see \u{421}-12",
            "case: 12",
            "C: 12",
        ] {
            assert_eq!(cases_in(text).into_iter().collect::<Vec<_>>(), ["12"], "{text}");
        }
        for text in
            ["article 12", "12 requests since 2024", "AC-12", "room C", "v1.12", "in any case, 12 days"]
        {
            assert!(cases_in(text).is_empty(), "{text}");
        }
    }
}
