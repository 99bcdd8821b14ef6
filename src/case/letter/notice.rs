//! What one user is told of a case: the policy's notice, and the copy of the request that goes with it (rule 25).
//!
//! Both are made over a case on which no other account stands. Whether the user may be told at all is the gate's to say.

use chrono::{DateTime, Utc};

use super::values::Values;
use super::{Draft, NOTICE, Obstacle, fill, wording};
use crate::case::{Account, Case, Field, FileRole, Reading, Refusal, Terms};

/// What takes the place of another account.
const SOMEBODY: &str = "[another account]";
/// Lines that are no part of the request, or by which nobody but the operator reaches the requester.
const KEPT_BACK: &[&str] =
    &["email", "phone", "signature", "confidential", "reply to", "review", "ground", "received"];

/// The notice to a user of a case.
#[derive(Clone, Debug)]
pub struct ToUser<'p> {
    /// The letter.
    pub draft: Draft<'p>,
    /// The lines of the request, without anybody else: label and value. Empty where a redacted copy is on file.
    pub copy: Vec<(String, String)>,
    /// The name of the redacted copy that people made, which takes the place of the lines.
    pub file: Option<String>,
}

/// What a user would be told. The policy has the words; a redacted copy for this user, or for all, comes before the lines.
pub fn to_user<'p>(
    case: &Case,
    user: &Account,
    terms: &'p Terms,
    now: DateTime<Utc>,
) -> Result<ToUser<'p>, Refusal> {
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
    let letter = policy
        .letter(NOTICE, &case.kind)
        .ok_or_else(|| Obstacle::NoSuchLetter { typed: NOTICE.to_owned(), there_are: Vec::new() })?;
    let alone = alone(case, user);
    let wording = wording(&alone, policy);
    let values = Values { case: &alone, kind, policy, wording: wording.as_ref(), terms, now };
    let pieces =
        fill(&letter.text, &values).map_err(|open| Obstacle::Open { letter: letter.name.clone(), open })?;
    let redacted = case.files.iter().rev().filter(|file| file.role == FileRole::Redacted);
    let theirs = redacted.clone().find(|file| file.user.as_ref() == Some(user));
    let file = theirs.or_else(|| redacted.clone().find(|file| file.user.is_none()));
    let file = file.map(|file| file.file.name.clone());
    // What we set says what we did, and is no part of what was asked.
    let is_ours = |field: &Field| kind.field(&field.key).is_some_and(|rule| rule.ours);
    let copied = |field: &&Field| {
        field.known()
            && field.reading != Reading::Claimed
            && !is_ours(field)
            && !KEPT_BACK.contains(&field.key.as_str())
    };
    let copy = match file {
        Some(_) => Vec::new(),
        None => alone
            .fields
            .iter()
            .filter(copied)
            .map(|field| (field.label.clone(), field.value.clone()))
            .collect(),
    };
    Ok(ToUser { draft: Draft { letter, pieces }, copy, file })
}

/// The case as far as it is about one user: other accounts are taken off their lines, and out of all that was written.
fn alone(case: &Case, user: &Account) -> Case {
    let mut alone = case.clone();
    let others: Vec<Account> =
        case.subjects().map(|subject| subject.account.clone()).filter(|account| account != user).collect();
    for field in &mut alone.fields {
        if let Reading::Accounts { named, unread } = &mut field.reading {
            named.retain(|subject| subject.account == *user);
            // What could not be read may be anybody.
            unread.clear();
            field.value = named.iter().map(|subject| subject.account.as_str()).collect::<Vec<_>>().join(", ");
        } else {
            field.value = without(&field.value, &others);
        }
    }
    alone.fields.retain(|field| !field.value.trim().is_empty());
    alone
}

/// A text without these accounts, however their letters are written; whole names only, so that a longer one is not cut.
fn without(text: &str, others: &[Account]) -> String {
    let is_of_name = |c: char| c.is_alphanumeric() || "@:._=/+-".contains(c);
    let mut out = String::new();
    for piece in text.split_inclusive(|c: char| !is_of_name(c)) {
        let end = piece.trim_end_matches(|c: char| !is_of_name(c)).len();
        let (word, rest) = piece.split_at(end);
        let bare = word.trim_end_matches(['.', ':', '-', '/']);
        let named = others.iter().any(|other| other.as_str().eq_ignore_ascii_case(bare));
        if named {
            out.push_str(SOMEBODY);
            out.push_str(word.get(bare.len()..).unwrap_or_default());
        } else {
            out.push_str(word);
        }
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Account {
        Account::parse(name).unwrap()
    }

    #[test]
    fn other_accounts_are_taken_out_of_what_was_written() {
        let others = [account("@bob:example.org"), account("@al:example.org")];
        let text =
            "@bob:example.org wrote to @alice:example.org (and @AL:example.org), then @bob:example.org.";
        assert_eq!(
            without(text, &others),
            "[another account] wrote to @alice:example.org (and [another account]), then [another account]."
        );
        assert_eq!(without("@bob:example.org.au", &others), "@bob:example.org.au");
    }
}
