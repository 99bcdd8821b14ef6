//! The text of a mail, pasted behind `!case new <kind>`: what its head and its sentences say is a guess at lines of the form,
//! and each guess is marked as one until a person sets the line (contract, section 1). A sentence is never a key, and what
//! is not understood stays to the letter.
//!
//! Reads what people paste, no mail as it was sent: no MIME, no encodings, no attachments.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::asked::Typed;
use super::line::{Line, split_label, trim};
use super::mail_head::{self, Head, Part};
use super::{fold, named};
use crate::case::{Email, FieldRule, Key, Kind, RECEIVED_KEY, near, read_mailbox};

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

/// Reads what stands below the command; `None` if it is no mail. What somebody `typed` with the command is not guessed.
pub(super) fn read(below: &str, typed: &[&str], kind: &Kind) -> Option<Pasted> {
    let lines: Vec<&str> = fold::lines(below).map(|line| fold::unquote(line, usize::MAX).1).collect();
    let all = mail_head::all(&lines);
    let head = mail_head::chosen(&all, &lines)?;
    let above = lines.get(..head.at.start).unwrap_or_default();
    // Below lines of a form, a head is part of it; below the mark of a mail passed on it is not.
    let is_form =
        |line: &&&str| split_label(trim(line)).is_some_and(|(_, key, _)| rule(&key, kind).is_some());
    let heads_above = all.iter().any(|other| other.at.start < head.at.start);
    if !heads_above
        && !above.iter().any(|line| mail_head::is_mark(line))
        && above.iter().any(|line| is_form(&line))
    {
        return None;
    }
    let mut pasted = Pasted::default();
    for (n, line) in lines.iter().enumerate() {
        let body = trim(line);
        if head.at.contains(&n) || body.is_empty() || fold::is_fence(line) {
            continue;
        }
        let is_of_mail = all.iter().any(|other| other.at.contains(&n));
        let is_written = |label: &str, key: &Key, value: &str| {
            !is_of_mail
                && is_key(label, key, kind)
                && !(value.contains('@') && mail_head::part(body).is_some())
        };
        match split_label(body).filter(|(label, key, value)| is_written(label, key, value)) {
            Some((label, _, value)) => pasted.lines.push(Typed::line(label, value)),
            None => pasted.stray.push(body.to_owned()),
        }
    }
    let prose = pasted.stray.join("\n");
    let guessed: Vec<(Vec<Typed>, &Head)> = head.heads.iter().map(|head| (of_head(head), head)).collect();
    let subject = head.heads.iter().find(|head| head.part == Part::Subject);
    let subject = subject.map_or("", |head| head.value.as_str());
    let written: Vec<&str> =
        pasted.lines.iter().map(|line| line.label.as_str()).chain(typed.iter().copied()).collect();
    let is_open = |guess: &Typed| is_asked(&guess.label, kind) && !is_taken(&guess.label, &written, kind);
    // What the form has no line for is kept as it stands; so is what somebody wrote as a line of their own.
    let mut kept: Vec<String> = Vec::new();
    for (guesses, head) in guessed {
        if guesses.is_empty() || !guesses.iter().all(is_open) {
            kept.push(head.text.clone());
        }
        let twice = |new: &Typed| pasted.guesses.iter().any(|old| old.value == new.value);
        let new: Vec<Typed> = guesses.into_iter().filter(is_open).filter(|new| !twice(new)).collect();
        pasted.guesses.extend(new);
    }
    pasted.guesses.extend(of_prose(&prose, subject).into_iter().filter(is_open));
    pasted.stray.splice(0..0, kept);
    Some(pasted)
}

/// What a text without a head may say for lines of the form that nobody wrote: its accounts, a reference, an address if it has
/// but one.
pub(super) fn guesses(lines: &[Line], stray: &[String], typed: &[&str], kind: &Kind) -> Vec<Typed> {
    let unknown = lines.iter().filter(|line| !is_asked(&line.label, kind)).map(|line| line.text.as_str());
    let prose = stray.iter().map(String::as_str).chain(unknown).collect::<Vec<_>>().join("\n");
    let written: Vec<&str> =
        lines.iter().map(|line| line.label.as_str()).chain(typed.iter().copied()).collect();
    let email = email_in(&prose).map(|email| Typed::line(EMAIL, &email));
    let all = of_prose(&prose, "").into_iter().chain(email);
    all.filter(|guess| is_asked(&guess.label, kind) && !is_taken(&guess.label, &written, kind)).collect()
}

fn is_asked(label: &str, kind: &Kind) -> bool {
    Key::read(label).is_ok_and(|key| key.is(RECEIVED_KEY)) || rule_of(label, kind).is_some()
}

/// Whether a line of this name was written, under whichever of its names.
fn is_taken(label: &str, written: &[&str], kind: &Kind) -> bool {
    let name = |label: &str| match rule_of(label, kind) {
        Some(rule) => Some(rule.key.clone()),
        None => Key::read(label).ok().map(|key| key.as_str().to_owned()),
    };
    // Where answers are to go may stand beside where it came from: both are looked at.
    let is_reply = Key::read(label).is_ok_and(|key| key.is("reply to"));
    !is_reply && written.iter().any(|written| name(written) == name(label))
}

fn rule<'k>(key: &Key, kind: &'k Kind) -> Option<&'k FieldRule> {
    kind.field(key.as_str())
}

/// The line of the form that goes by this label.
fn rule_of<'k>(label: &str, kind: &'k Kind) -> Option<&'k FieldRule> {
    Key::read(label).ok().and_then(|key| kind.field(key.as_str()))
}

/// What one line of the head may mean for the form.
fn of_head(Head { part, value, .. }: &Head) -> Vec<Typed> {
    match part {
        Part::From => match read_mailbox(&value.replace("[mailto:", "<").replace(']', ">")) {
            Ok(mailbox) => {
                let name = mailbox.name.map(|name| Typed::line(OFFICER, &name));
                [Typed::line(EMAIL, mailbox.email.as_str())].into_iter().chain(name).collect()
            }
            Err(_) if value.is_empty() || value.contains('@') => Vec::new(),
            Err(_) => vec![Typed::line(OFFICER, value)],
        },
        // Where answers are to go, if that is elsewhere: both are looked at, and asked about.
        Part::ReplyTo => {
            read_mailbox(value).map(|to| Typed::line("Reply-To", to.email.as_str())).into_iter().collect()
        }
        Part::Date => {
            let read = DateTime::parse_from_rfc2822(value).map(|at| at.with_timezone(&Utc).to_rfc3339());
            let value = read.unwrap_or_else(|_| value.clone());
            if value.is_empty() { Vec::new() } else { vec![Typed::line(RECEIVED, &value)] }
        }
        Part::Subject if !value.is_empty() => vec![Typed::line(SUBJECT, value)],
        Part::Subject | Part::Other => Vec::new(),
    }
}

/// What sentences may mean for the form.
fn of_prose(prose: &str, subject: &str) -> Vec<Typed> {
    let accounts =
        accounts_in(&format!("{prose} {subject}")).map(|accounts| Typed::line(ACCOUNTS, &accounts));
    let reference = reference_in(prose).or_else(|| reference_in(subject));
    accounts.into_iter().chain(reference.map(|reference| Typed::line(REFERENCE, &reference))).collect()
}

/// The mail address in a text, if there is one alone.
fn email_in(prose: &str) -> Option<String> {
    let around = |c: char| !c.is_alphanumeric();
    let bare = |word: &str| word.trim_matches(around).trim_start_matches("mailto:").to_owned();
    let words =
        prose.split_whitespace().filter(|word| !word.trim_start_matches(['(', '<', '"']).starts_with('@'));
    let all: BTreeSet<String> = words
        .filter_map(|word| Email::parse(&bare(word)).ok())
        .map(|email| email.as_str().to_owned())
        .collect();
    let mut all = all.into_iter();
    all.next().filter(|_| all.next().is_none())
}

/// Whether what stands before a colon is a line of the form, or meant as one.
fn is_key(label: &str, key: &Key, kind: &Kind) -> bool {
    const MOST_WORDS: usize = 4;
    let labels = kind.fields.iter().map(|rule| rule.label.as_str());
    let is_known =
        key.is(RECEIVED_KEY) || rule(key, kind).is_some() || near::nearest(label, labels).is_some();
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
        read(text, &[], policy.kind("preservation").unwrap())
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
    fn a_mail_is_guessed_at_whatever_stands_above_it_and_in_whichever_language() {
        for text in [
            "---------- Forwarded message ---------\nFrom: Marie <marie@post.example>\nDate: x\nSubject: y\nTo: <abuse@our.org>\n\nHello, I am @marie:example.org.",
            "fyi\n\nBegin forwarded message:\n\n> From: Marie <marie@post.example>\n> Subject: y\n> Date: x\n>\n> I am @marie:example.org",
            "From: us@our.org\nSubject: Fwd: y\n\n-----Original Message-----\nFrom: Marie [mailto:marie@post.example]\nSent: x\nTo: us\n\nI am @marie:example.org",
            "Von: Marie <marie@post.example>\nGesendet: x\nAn: us\nBetreff: y\n\nIch bin (@marie:example.org).",
            "De : Marie <marie@post.example>\nEnvoyé : x\nÀ : us\nObjet : y\n\nMon compte : @marie:example.org",
        ] {
            let found = pasted(text).unwrap();
            let pairs = pairs(&found.guesses);
            for pair in [
                ("email", "marie@post.example"),
                ("officer", "Marie"),
                ("Received", "x"),
                ("accounts", "@marie:example.org"),
            ] {
                assert!(pairs.contains(&pair), "{pair:?}: {pairs:?} of {text}");
            }
            assert_eq!(found.lines, [], "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_stays_to_the_letter() {
        let found = pasted(
            "From: a@x.org\nCC: b@y.org\nDate: x\n\nwe met @marie:example.org at 10:00\nFrom: c@z.org",
        )
        .unwrap();
        assert_eq!(found.stray, ["CC: b@y.org", "we met @marie:example.org at 10:00", "From: c@z.org"]);
        let typed = ["accounts"];
        let policy = policy::matrix_org().unwrap();
        let kind = policy.kind("preservation").unwrap();
        let found = read("From: a@x.org\nDate: x\n\n@marie:example.org", &typed, kind).unwrap();
        assert_eq!(pairs(&found.guesses), [("email", "a@x.org"), ("Received", "x")], "somebody typed them");
    }

    #[test]
    fn a_reply_address_of_its_own_is_kept_beside_the_first() {
        let found = pasted("From: a@x.org\nReply-To: b@y.org\n\nhello").unwrap();
        assert_eq!(pairs(&found.guesses), [("email", "a@x.org"), ("Reply-To", "b@y.org")]);
    }
}
