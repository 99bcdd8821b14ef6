//! The text of a mail, pasted behind `!case new <kind>`: what its head and its sentences say is a guess at lines of the form,
//! and each guess is marked as one until a person sets the line (contract, section 1). A sentence is never a key.
//!
//! Reads what people paste, no mail as it was sent: no MIME, no encodings, no attachments.

use chrono::{DateTime, Utc};

use super::asked::Typed;
use super::line::{split_label, trim};
use super::{fold, named};
use crate::case::{FieldRule, Key, Kind, RECEIVED_KEY, near, read_mailbox};

/// Names of lines in a mail's head; a text that begins with two of them is a mail.
const HEADS: &[&str] = &["from", "reply to", "date", "sent", "subject", "to", "cc", "bcc", "message id"];
/// How many of them a mail begins with at least.
const FEWEST: usize = 2;
/// What stands before a requester's own number, longest first.
const REFERENCES: &[&str] =
    &["our reference", "reference number", "reference", "our ref", "case number", "ref"];
/// The lines that guesses fill in.
const EMAIL: &str = "email";
const OFFICER: &str = "officer";
const ACCOUNTS: &str = "accounts";
const REFERENCE: &str = "reference";
const SUBJECT: &str = "subject";
/// How the line is written that every kind has.
const RECEIVED: &str = "Received";

/// What a mail comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pasted {
    /// Lines that were written as lines of the form.
    pub(super) lines: Vec<Typed>,
    /// Lines that were guessed.
    pub(super) guesses: Vec<Typed>,
    /// Everything else, as it stands.
    pub(super) stray: Vec<String>,
}

/// Reads what stands below the command; `None` if it is no mail.
pub(super) fn read(below: &str, kind: &Kind) -> Option<Pasted> {
    let mut lines = fold::lines(below).map(|line| fold::unquote(line, usize::MAX).1).peekable();
    while lines.next_if(|line| trim(line).is_empty() || fold::is_fence(line)).is_some() {}
    let mut heads: Vec<(String, String)> = Vec::new();
    while let Some(line) = lines.peek() {
        let head = split_label(trim(line)).filter(|(_, key, _)| HEADS.iter().any(|name| key.is(name)));
        match (head, heads.last_mut()) {
            (Some((_, key, value)), _) => heads.push((key.as_str().to_owned(), value.to_owned())),
            (None, Some((_, value))) if fold::indent(line) > 0 && !trim(line).is_empty() => {
                value.push(' ');
                value.push_str(trim(line));
            }
            (None, _) => break,
        }
        lines.next();
    }
    if heads.len() < FEWEST {
        return None;
    }
    let mut pasted = Pasted::default();
    let body: Vec<&str> = lines.map(trim).filter(|line| !line.is_empty() && !fold::is_fence(line)).collect();
    for line in &body {
        match split_label(line).filter(|(label, key, _)| is_key(label, key.as_str(), kind)) {
            Some((label, _, value)) => pasted.lines.push(Typed::line(label, value)),
            None => pasted.stray.push((*line).to_owned()),
        }
    }
    let prose = pasted.stray.join("\n");
    for (key, value) in &heads {
        guess_head(key, value, &mut pasted);
    }
    let subject = heads.iter().find(|(key, _)| key == SUBJECT).map_or("", |(_, value)| value.as_str());
    guess(&mut pasted, ACCOUNTS, accounts_in(&prose));
    guess(&mut pasted, REFERENCE, reference_in(&prose).or_else(|| reference_in(subject)));
    // What the form has no line for is kept as it stands; so is what somebody wrote as a line of their own.
    let written = |typed: &Typed| {
        let key = |label: &str| rule_of(label, kind).map(|rule| rule.key.as_str());
        let guessed = key(&typed.label);
        guessed.is_some() && pasted.lines.iter().any(|line| key(&line.label) == guessed)
    };
    let is_asked = |typed: &Typed| typed.label == RECEIVED || rule_of(&typed.label, kind).is_some();
    let (kept, other): (Vec<Typed>, Vec<Typed>) =
        pasted.guesses.clone().into_iter().partition(|typed| is_asked(typed) && !written(typed));
    pasted.guesses = kept;
    let other = other.into_iter().map(|typed| format!("{}: {}", in_capitals(&typed.label), typed.value));
    pasted.stray.splice(0..0, other);
    Some(pasted)
}

/// The line of the form that goes by this label.
fn rule_of<'k>(label: &str, kind: &'k Kind) -> Option<&'k FieldRule> {
    Key::read(label).ok().and_then(|key| kind.field(key.as_str()))
}

/// What one line of the head says.
fn guess_head(key: &str, value: &str, pasted: &mut Pasted) {
    match key {
        "from" => match read_mailbox(value) {
            Ok(mailbox) => {
                guess(pasted, EMAIL, Some(mailbox.email.as_str().to_owned()));
                guess(pasted, OFFICER, mailbox.name);
            }
            Err(_) => pasted.stray.push(format!("From: {value}")),
        },
        // Where answers are to go, if that is elsewhere: both are looked at, and asked about.
        "reply to" => match read_mailbox(value) {
            Ok(mailbox) => {
                let to = mailbox.email.as_str().to_owned();
                if !pasted.guesses.iter().any(|typed| typed.label == EMAIL && typed.value == to) {
                    pasted.guesses.push(Typed::line("Reply-To", &to));
                }
            }
            Err(_) => pasted.stray.push(format!("Reply-To: {value}")),
        },
        "date" | "sent" => match DateTime::parse_from_rfc2822(value) {
            Ok(at) => guess(pasted, RECEIVED, Some(at.with_timezone(&Utc).to_rfc3339())),
            Err(_) => guess(pasted, RECEIVED, Some(value.to_owned())),
        },
        SUBJECT => guess(pasted, SUBJECT, Some(value.to_owned())),
        _ => pasted.stray.push(format!("{}: {value}", in_capitals(key))),
    }
}

/// As mails write the names of their lines.
fn in_capitals(key: &str) -> String {
    let mut chars = key.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn guess(pasted: &mut Pasted, key: &str, value: Option<String>) {
    pasted
        .guesses
        .extend(value.filter(|value| !value.trim().is_empty()).map(|value| Typed::line(key, &value)));
}

/// Whether what stands before a colon is a line of the form, or meant as one.
fn is_key(label: &str, key: &str, kind: &Kind) -> bool {
    const MOST_WORDS: usize = 4;
    let labels = kind.fields.iter().map(|rule| rule.label.as_str());
    let is_known = key == RECEIVED_KEY || kind.field(key).is_some() || near::nearest(label, labels).is_some();
    label.split_whitespace().count() <= MOST_WORDS && is_known
}

/// The accounts that a text names, as one line of the form.
fn accounts_in(prose: &str) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for word in prose.split_whitespace().filter(|word| word.contains(':') || word.contains('[')) {
        // Without what stands around it in a sentence; a mail address has its @ elsewhere.
        let bare =
            word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '@' | '[' | ']' | '(' | ')'));
        let bare = bare.trim_matches(['(', ')']);
        if let Some(Ok(account)) = bare.starts_with('@').then(|| named::read_account(bare))
            && !found.contains(&account.to_string())
        {
            found.push(account.to_string());
        }
    }
    (!found.is_empty()).then(|| found.join(", "))
}

/// What stands behind `our reference` and the like, up to the next blank; it has a digit in it.
fn reference_in(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    // Positions in the lower-case text serve for the text itself only where nothing changed its length.
    if lower.len() != text.len() {
        return None;
    }
    REFERENCES.iter().find_map(|name| {
        let (at, _) = lower.match_indices(name).find(|(at, _)| {
            let before = lower.get(..*at).and_then(|before| before.chars().next_back());
            before.is_none_or(|c| !c.is_alphanumeric())
        })?;
        let rest = text.get(at + name.len()..)?;
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | '#' | '='));
        let rest = rest.strip_prefix("is ").unwrap_or(rest);
        let word = rest.split_whitespace().next()?.trim_matches(|c: char| !c.is_alphanumeric());
        word.chars().any(|c| c.is_ascii_digit()).then(|| word.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy;

    fn pasted(text: &str) -> Option<Pasted> {
        let policy = policy::matrix_org().unwrap();
        read(text, policy.kind("preservation").unwrap())
    }

    fn pairs(typed: &[Typed]) -> Vec<(&str, &str)> {
        typed.iter().map(|one| (one.label.as_str(), one.value.as_str())).collect()
    }

    #[test]
    fn a_mail_is_guessed_at() {
        let found = pasted(
            "From: Jane Roe <jane@kent.police.uk>\nDate: Fri, 20 Nov 2026 09:12:00 +0000\nSubject: please keep records\n\n\
             Dear Sirs,\nplease preserve all records of @alice:example.org: we will send an order.\n\
             Our reference is OP-77/26.\nPurpose: a fraud\nkind regards",
        )
        .unwrap();
        assert_eq!(pairs(&found.lines), [("Purpose", "a fraud")]);
        assert_eq!(
            pairs(&found.guesses),
            [
                ("email", "jane@kent.police.uk"),
                ("officer", "Jane Roe"),
                ("Received", "2026-11-20T09:12:00+00:00"),
                ("accounts", "@alice:example.org"),
                ("reference", "OP-77/26"),
            ]
        );
        assert!(found.stray.iter().any(|line| line.starts_with("please preserve")), "{:?}", found.stray);
        assert!(found.stray.contains(&"Subject: please keep records".to_owned()), "{:?}", found.stray);
    }

    #[test]
    fn a_form_is_no_mail() {
        assert_eq!(pasted("From: 2026-01-01\nAgency: Kent Police"), None);
        assert_eq!(pasted("Agency: Kent Police\nFrom: a@b.org\nDate: x"), None);
        assert_eq!(pasted("hello"), None);
    }

    #[test]
    fn a_reply_address_of_its_own_is_kept_beside_the_first() {
        let found = pasted("From: a@x.org\nReply-To: b@y.org\n\nhello").unwrap();
        assert_eq!(pairs(&found.guesses), [("email", "a@x.org"), ("Reply-To", "b@y.org")]);
    }
}
