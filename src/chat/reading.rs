//! The lines of a request, read by the rules of its kind. Nothing is dropped: what cannot be read is kept and asked about.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::args::is_placeholder;
use super::asked::{Asking, Typed};
use super::form::Filled;
use super::line::Line;
use super::slip::Slip;
use super::text::REQUEST_KEY;
use super::value::read;
use super::words::Op;
use crate::case::near;

use crate::case::calendar::first_moment;
use crate::case::{
    Case, Edit, Field, FieldRule, Key, Kind, Opening, RECEIVED_KEY, Reading, Terms, read_day, read_moment,
};

/// The key that takes words typed behind `new <kind>`.
pub(super) const CONTEXT: &str = "context";

/// A request message.
pub(super) fn request(filled: &Filled, asking: &Asking<'_>) -> Result<Opening, Slip> {
    let policy = asking.terms.policy();
    let Some(kind) = policy.and_then(|policy| policy.kind(filled.kind.trim())) else {
        return Err(Slip::RequestOfNoKind {
            typed: filled.kind.clone(),
            near: near_kind(&filled.kind, asking.terms),
        });
    };
    let lines = filled.lines.iter().map(Said::line).collect();
    let stray = filled.stray.iter().map(|(_, text)| text.clone()).collect();
    opening(kind, lines, String::new(), stray, asking)
}

/// A request of a kind from lines that are known already; nothing if one of them does not belong there.
pub fn request_of(kind: &Kind, lines: &[(&str, &str)], asking: &Asking<'_>) -> Option<Opening> {
    let lines = lines.iter().map(|(label, value)| Said::by(By::Requester, Typed::line(label, value)));
    opening(kind, lines.collect(), String::new(), Vec::new(), asking).ok()
}

/// Whose words a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The requester's: it stands in a request, or in text that was pasted.
    Requester,
    /// Ours: somebody typed it as an argument.
    Us,
    /// Nobody's: it was guessed.
    Guess,
}

/// A line of a request, and whose words it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) by: By,
    pub(super) typed: Typed,
    /// As it stands in the text, where it stands in one: what turns out to be no line is kept to the letter.
    pub(super) text: Option<String>,
}

impl Said {
    /// A line that the requester wrote.
    pub(super) fn line(line: &Line) -> Said {
        let text = Some(line.text.clone());
        Said { by: By::Requester, typed: Typed::line(&line.label, &line.value), text }
    }

    /// What stands in no text.
    pub(super) fn by(by: By, typed: Typed) -> Said {
        Said { by, typed, text: None }
    }
}

/// A new case of a kind. `words` are what was typed without a key.
pub(super) fn opening(
    kind: &Kind,
    lines: Vec<Said>,
    words: String,
    mut stray: Vec<String>,
    asking: &Asking<'_>,
) -> Result<Opening, Slip> {
    let mut opening =
        Opening { kind: kind.name.clone(), fields: Vec::new(), stray: Vec::new(), received: None };
    // Which of the lines somebody typed as arguments.
    let mut ours = Vec::new();
    for Said { by, typed: Typed { label, op, value }, text } in lines {
        if op == Op::Remove {
            return Err(Slip::NothingOff { typed: label });
        }
        let Some(field) = field(&label, &value, by, kind, asking.terms) else {
            continue;
        };
        let field = Field { guessed: by == By::Guess, ..field };
        if is_prose(&field) {
            stray.push(text.unwrap_or_else(|| format!("{label}: {value}")));
            continue;
        }
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
        if by == By::Us {
            ours.push(opening.fields.len());
        }
        opening.fields.push(field);
    }
    if !words.is_empty() {
        let context = opening.fields.iter().position(|field| field.key == CONTEXT);
        match (kind.field(CONTEXT), context) {
            // `context=who is @bob`, typed without quotes: the words behind it belong to it.
            (Some(_), Some(at)) if ours.contains(&at) => {
                if let Some(field) = opening.fields.get_mut(at) {
                    field.value = format!("{} {words}", field.value);
                }
            }
            (Some(rule), None) => opening.fields.push(Field {
                key: rule.key.clone(),
                label: rule.label.clone(),
                value: words,
                reading: Reading::Text,
                guessed: false,
            }),
            (_, _) => stray.push(words),
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
pub fn edits(
    typed: &[Typed],
    case: &Case,
    kind: &Kind,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<Vec<Edit>, Slip> {
    typed.iter().map(|one| edit(one, case, kind, terms, now)).collect()
}

fn edit(
    Typed { label, op, value }: &Typed,
    case: &Case,
    kind: &Kind,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<Edit, Slip> {
    if is_placeholder(value) {
        return Err(Slip::Placeholder { typed: label.clone() });
    }
    let key = Key::read(label).map(|key| key.as_str().to_owned()).unwrap_or_default();
    // A line that was not understood can be taken off once somebody has seen what was meant.
    let stray = case.fields_of(&key).find(|field| {
        matches!(field.reading, Reading::Unknown { .. } | Reading::Unread { .. } | Reading::Claimed)
    });
    if let Some(field) = stray
        && *op == Op::Set
        && value.trim().is_empty()
        && kind.field(&key).is_none()
    {
        return Ok(Edit::Put(Field { value: String::new(), ..field.clone() }));
    }
    if key == RECEIVED_KEY {
        if *op != Op::Set {
            return Err(Slip::NothingOff { typed: label.clone() });
        }
        if value.trim().is_empty() {
            return Err(Slip::Blank { typed: label.clone(), verb: "set" });
        }
        let at = moment_near(value, terms.zone, now).map_err(|why| Slip::Unread {
            what: "Received".to_owned(),
            typed: value.clone(),
            why,
        })?;
        return Ok(Edit::Received { at, value: value.trim().to_owned() });
    }
    let Some(rule) = kind.field(&key) else {
        return Err(Slip::NoSuchKey {
            typed: label.clone(),
            near: meant(label, kind).map(|rule| rule.label.clone()),
            verb: "set",
        });
    };
    let reading = read(rule, value, terms);
    let (key, label) = (rule.key.clone(), rule.label.clone());
    let field = Field { key, label, value: value.trim().to_owned(), reading, guessed: false };
    Ok(match op {
        Op::Set => Edit::Put(field),
        Op::Add => Edit::AddAccounts(field),
        Op::Remove => Edit::RemoveAccounts(field),
    })
}

/// One line; `None` for a line of the form that was left blank, which says nothing.
fn field(label: &str, value: &str, by: By, kind: &Kind, terms: &Terms) -> Option<Field> {
    let key = Key::read(label).map(|key| key.as_str().to_owned()).unwrap_or_else(|_| label.to_owned());
    let value = value.trim();
    let (key, reading) = match kind.field(&key) {
        Some(_) if value.is_empty() => return None,
        // What we did and found is not the requester's to say: their words stand under another key, and count for nothing.
        Some(rule) if rule.ours && by == By::Requester => (Field::claimed_key(&rule.key), Reading::Claimed),
        Some(rule) => (rule.key.clone(), read(rule, value, terms)),
        None if key == RECEIVED_KEY && value.is_empty() => return None,
        None if key == RECEIVED_KEY => (key, Reading::Text),
        // The first line of another request is none of this one.
        None if key == REQUEST_KEY => (key, Reading::Unknown { meant: None }),
        None => (key, Reading::Unknown { meant: meant(label, kind).map(|rule| rule.key.clone()) }),
    };
    // A key typed as `agency=` is shown as the form writes it; another name for it stays as it was typed.
    let rule = if reading == Reading::Claimed {
        Key::read(label).ok().and_then(|key| kind.field(key.as_str()))
    } else {
        kind.field(&key)
    };
    let own = rule.filter(|rule| Key::read(label).is_ok_and(|typed| typed.is(&rule.key)));
    Some(Field {
        key,
        label: own.map_or(label.trim(), |rule| rule.label.as_str()).to_owned(),
        value: value.to_owned(),
        reading,
        guessed: false,
    })
}

/// Whether a line is a sentence with a colon in it. A key has a few words.
fn is_prose(field: &Field) -> bool {
    let is_unlike = matches!(field.reading, Reading::Unknown { meant: None });
    is_unlike && field.label.split_whitespace().count() > LONGEST_KEY
}

/// How many words a key has at most that nobody knows.
const LONGEST_KEY: usize = 4;

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

/// When the request was received.
fn received(value: &str, asking: &Asking<'_>) -> Result<DateTime<Utc>, String> {
    let at = moment_near(value, asking.terms.zone, asking.now)?;
    if at > asking.now {
        return Err("that is in the future".to_owned());
    }
    Ok(at)
}

/// A moment, or `today` and `yesterday` as people write them of what has just come in.
fn moment_near(value: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let today = now.with_timezone(&zone).date_naive();
    let day = match value.trim().trim_end_matches('.').to_lowercase().as_str() {
        "now" | "just now" => return Ok(now),
        "today" | "heute" | "aujourd'hui" | "aujourd’hui" => today,
        "yesterday" | "gestern" | "hier" => today.pred_opt().unwrap_or(today),
        _ => return moment(value, zone),
    };
    Ok(first_moment(day, zone))
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
