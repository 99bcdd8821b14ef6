//! The lines of a request, read by the rules of its kind. Nothing is dropped: what cannot be read is kept and asked about.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::args::is_placeholder;
use super::asked::{Asking, Typed};
use super::form::Filled;
use super::slip::Slip;
use super::words::Op;
use super::{dates, named};
use crate::case::near;
use regex::Regex;

use crate::case::{
    Case, DayFault, Edit, Field, FieldForm, FieldRule, Key, Kind, Opening, RECEIVED_KEY, Reading, Secrecy,
    Subject, Terms, read_day, read_mailbox, read_moment,
};

/// The key that takes words typed behind `new <kind>`.
const CONTEXT: &str = "context";

/// A request message.
pub(super) fn request(filled: &Filled, asking: &Asking<'_>) -> Result<Opening, Slip> {
    let policy = asking.terms.policy();
    let Some(kind) = policy.and_then(|policy| policy.kind(filled.kind.trim())) else {
        return Err(Slip::RequestOfNoKind {
            typed: filled.kind.clone(),
            near: near_kind(&filled.kind, asking.terms),
        });
    };
    let lines = filled.lines.iter().map(|line| Typed::line(&line.label, &line.value)).collect();
    let stray = filled.stray.iter().map(|(_, text)| text.clone()).collect();
    opening(kind, lines, String::new(), stray, asking)
}

/// A new case of a kind. `words` are what was typed without a key.
pub(super) fn opening(
    kind: &Kind,
    lines: Vec<Typed>,
    words: String,
    mut stray: Vec<String>,
    asking: &Asking<'_>,
) -> Result<Opening, Slip> {
    let mut opening =
        Opening { kind: kind.name.clone(), fields: Vec::new(), stray: Vec::new(), received: None };
    for Typed { label, op, value } in lines {
        if op == Op::Remove {
            return Err(Slip::NothingOff { typed: label });
        }
        let Some(field) = field(&label, &value, kind, asking.terms) else {
            continue;
        };
        if field.key == RECEIVED_KEY {
            match received(&value, asking) {
                // Where it says two times, no clock starts late.
                Ok(at) => opening.received = Some(opening.received.map_or(at, |before| before.min(at))),
                Err(why) => {
                    opening.fields.push(Field { reading: Reading::Unread { why }, ..field });
                    continue;
                }
            }
        }
        opening.fields.push(field);
    }
    if !words.is_empty() {
        match kind.field(CONTEXT) {
            Some(rule) if !opening.fields.iter().any(|field| field.key == CONTEXT) => {
                opening.fields.push(Field {
                    key: rule.key.clone(),
                    label: rule.label.clone(),
                    value: words,
                    reading: Reading::Text,
                })
            }
            Some(_) | None => stray.push(words),
        }
    }
    opening.stray = stray;
    Ok(opening)
}

/// The kind that may have been meant, by the whole of what was typed or by one word of it.
pub(super) fn near_kind(typed: &str, terms: &Terms) -> Option<String> {
    let names = || {
        let kinds = terms.policy().map(|policy| policy.kinds.as_slice());
        kinds.unwrap_or_default().iter().map(|kind| kind.name.as_str())
    };
    near::nearest(typed, names())
        .or_else(|| {
            let words = typed.split_whitespace().take(20);
            words.filter_map(|word| near::nearest(word, names())).next()
        })
        .map(str::to_owned)
}

/// The changes that were typed, read by the rules of the case's kind.
pub fn edits(typed: &[Typed], case: &Case, kind: &Kind, terms: &Terms) -> Result<Vec<Edit>, Slip> {
    typed.iter().map(|one| edit(one, case, kind, terms)).collect()
}

fn edit(Typed { label, op, value }: &Typed, case: &Case, kind: &Kind, terms: &Terms) -> Result<Edit, Slip> {
    if is_placeholder(value) {
        return Err(Slip::Placeholder { typed: label.clone() });
    }
    let key = Key::read(label).map(|key| key.as_str().to_owned()).unwrap_or_default();
    // A line that was not understood can be taken off once somebody has seen what was meant.
    let stray = case
        .fields_of(&key)
        .find(|field| matches!(field.reading, Reading::Unknown { .. } | Reading::Unread { .. }));
    if let Some(field) = stray
        && *op == Op::Set
        && value.trim().is_empty()
        && kind.field(&key).is_none()
    {
        return Ok(Edit::Put(Field { value: String::new(), ..field.clone() }));
    }
    if key == RECEIVED_KEY {
        // Where it is said twice, the one that the clocks run from can be confirmed.
        if *op == Op::Set && moment(value, terms.zone) == Ok(case.received) {
            return Ok(Edit::Put(Field {
                key,
                label: "Received".to_owned(),
                value: value.trim().to_owned(),
                reading: Reading::Text,
            }));
        }
        return Err(Slip::ReceivedStands {
            since: dates::moment(case.received, terms.zone),
            stray: stray.map(|_| case.id),
        });
    }
    let Some(rule) = kind.field(&key) else {
        return Err(Slip::NoSuchKey {
            typed: label.clone(),
            near: meant(label, kind).map(|rule| rule.label.clone()),
            verb: "set",
        });
    };
    let reading = read(rule, value, terms);
    let field =
        Field { key: rule.key.clone(), label: rule.label.clone(), value: value.trim().to_owned(), reading };
    Ok(match op {
        Op::Set => Edit::Put(field),
        Op::Add => Edit::AddAccounts(field),
        Op::Remove => Edit::RemoveAccounts(field),
    })
}

/// One line; `None` for a line of the form that was left blank, which says nothing.
fn field(label: &str, value: &str, kind: &Kind, terms: &Terms) -> Option<Field> {
    let key = Key::read(label).map(|key| key.as_str().to_owned()).unwrap_or_else(|_| label.to_owned());
    let value = value.trim();
    let (key, reading) = match kind.field(&key) {
        Some(_) if value.is_empty() => return None,
        Some(rule) => (rule.key.clone(), read(rule, value, terms)),
        None if key == RECEIVED_KEY && value.is_empty() => return None,
        None if key == RECEIVED_KEY => (key, Reading::Text),
        None => (key, Reading::Unknown { meant: meant(label, kind).map(|rule| rule.key.clone()) }),
    };
    // A key typed as `agency=` is shown as the form writes it; another name for it stays as it was typed.
    let rule = kind.field(&key);
    let own = rule.filter(|rule| Key::read(label).is_ok_and(|typed| typed.is(&rule.key)));
    Some(Field {
        key,
        label: own.map_or(label.trim(), |rule| rule.label.as_str()).to_owned(),
        value: value.to_owned(),
        reading,
    })
}

/// The line that may have been meant, by its label or by another name for it.
fn meant<'k>(typed: &str, kind: &'k Kind) -> Option<&'k FieldRule> {
    let labels = kind.fields.iter().map(|rule| rule.label.as_str());
    if let Some(label) = near::nearest(typed, labels) {
        return kind.fields.iter().find(|rule| rule.label == label);
    }
    // `gag` and `ref` are like too many words.
    let others = kind.fields.iter().flat_map(|rule| &rule.aliases);
    let long = others.map(String::as_str).filter(|alias| alias.chars().count() > 3);
    kind.field(near::nearest(typed, long)?)
}

fn read(rule: &FieldRule, value: &str, terms: &Terms) -> Reading {
    let value = value.trim();
    if value.is_empty() {
        return Reading::Text;
    }
    match &rule.form {
        FieldForm::Text | FieldForm::Data | FieldForm::Instrument | FieldForm::Country => Reading::Text,
        FieldForm::OneOf(words) => one_of(value, words),
        FieldForm::Pattern { regex, says } => pattern(value, regex, says),
        FieldForm::Accounts => accounts(value, terms),
        FieldForm::Day => match read_day(value) {
            Ok(day) => Reading::Day { day },
            Err(why) => Reading::Unread { why: why.to_string() },
        },
        FieldForm::Email => match read_mailbox(value) {
            Ok(mailbox) => Reading::Email {
                address: mailbox.email.as_str().to_owned(),
                odd: mailbox.email.oddities().iter().map(ToString::to_string).collect(),
            },
            Err(why) => Reading::Unread { why: why.to_string() },
        },
        FieldForm::Secrecy => secrecy(value),
    }
}

/// One of the words that the policy knows, however it is written.
fn one_of(value: &str, words: &[String]) -> Reading {
    let plain = |text: &str| text.trim().to_lowercase().replace(['-', '_'], " ");
    if words.iter().any(|word| plain(word) == plain(value)) {
        return Reading::Text;
    }
    Reading::Unread { why: format!("it can be {}", words.join(", ")) }
}

/// What a policy's expression matches as a whole.
fn pattern(value: &str, regex: &str, says: &str) -> Reading {
    // The policy's reader has compiled it once; one that does not compile must not let everything pass.
    let matches = Regex::new(&format!("^(?:{regex})$")).is_ok_and(|regex| regex.is_match(value.trim()));
    if matches { Reading::Text } else { Reading::Unread { why: says.to_owned() } }
}

fn accounts(value: &str, terms: &Terms) -> Reading {
    let (mut named, mut unread) = (Vec::new(), Vec::new());
    for found in named::read_accounts(value) {
        match found {
            Ok(account) => named.push(Subject {
                ours: account.is_of(&terms.servers),
                odd: account.oddities().iter().map(ToString::to_string).collect(),
                account,
            }),
            Err((piece, why)) => unread.push((piece, why.to_string())),
        }
    }
    Reading::Accounts { named, unread }
}

fn secrecy(value: &str) -> Reading {
    let folded = value.to_lowercase();
    let folded = folded.trim_end_matches('.');
    match folded {
        "no" | "not confidential" | "none" | "false" | "n" | "not secret" => {
            return Reading::Secrecy(Secrecy::No);
        }
        "yes"
        | "y"
        | "true"
        | "confidential"
        | "secret"
        | "open"
        | "until further notice"
        | "indefinitely" => {
            return Reading::Secrecy(Secrecy::Open);
        }
        _ => {}
    }
    let day = ["until", "to", "till"].iter().find_map(|word| folded.strip_prefix(word)).unwrap_or(folded);
    match read_day(day.trim()) {
        Ok(day) => Reading::Secrecy(Secrecy::Until { day }),
        Err(DayFault::NotADate) => {
            Reading::Unread { why: "write yes, no, or until and a date, as in until 2026-12-31".to_owned() }
        }
        Err(why) => Reading::Unread { why: why.to_string() },
    }
}

/// When the request was received.
fn received(value: &str, asking: &Asking<'_>) -> Result<DateTime<Utc>, String> {
    let at = moment(value, asking.terms.zone)?;
    if at > asking.now {
        return Err("that is in the future".to_owned());
    }
    Ok(at)
}

/// A moment; a bare day counts from its beginning, so that no clock starts late.
pub(super) fn moment(value: &str, zone: Tz) -> Result<DateTime<Utc>, String> {
    let value = value.trim();
    Ok(match read_day(value) {
        Ok(day) => {
            let start = day.and_time(NaiveTime::MIN).and_local_timezone(zone).earliest();
            start.ok_or("that day does not begin at midnight here; write the time too")?.to_utc()
        }
        Err(day) => read_moment(value, zone).map_err(|moment| {
            // Whichever it looks like is explained.
            if value.contains(':') { moment.to_string() } else { day.to_string() }
        })?,
    })
}
