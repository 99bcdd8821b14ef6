//! What a request asks for, line by line, and what stands of each: open, struck, refused, gone.
//!
//! By the policy's inventory, the instrument and people's decisions (rules 1, 6, 10, 18, 37, 53). Reads; what may be decided
//! about a line stands in `decide`.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::age::{Age, Period, as_of, is_held};
use super::phrase::Words;
use super::{
    Account, Case, Category, DATA_KEY, FieldForm, Held, Identified, Instrument, Kind, Policy, instrument,
};

/// The normal form of the key with the first day that a request is about.
pub const FROM_KEY: &str = "from";
/// The normal form of the key with the last one.
pub const TO_KEY: &str = "to";
/// The line that names messages.
const MESSAGES_KEY: &str = "messages";
/// Words before the name of a category that say nothing about which it is.
const DETERMINERS: &[&str] = &["the", "all", "any", "his", "her", "its", "their"];

/// One category that a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'p> {
    /// As it was typed. Foreign text.
    pub typed: String,
    /// What it was understood as.
    pub category: Option<&'p Category>,
    /// What stands of it.
    pub verdict: Verdict,
    /// What goes next of what is asked for and still there (rule 53).
    pub goes: Option<Goes>,
    /// Whether part of it may be gone and nobody can say, as the day on which it begins is not known.
    pub unsure: bool,
}

/// Records that will be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goes {
    /// The day that the records are of.
    pub of: NaiveDate,
    /// The day in whose course they go.
    pub on: NaiveDate,
}

/// What stands of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is held, and nothing more is needed to answer it.
    Open,
    /// Somebody has put it into the scope.
    Allowed {
        /// Who.
        by: Account,
    },
    /// Somebody has refused it.
    Refused {
        /// Who.
        by: Account,
        /// Why. Foreign text.
        reason: Option<String>,
    },
    /// Nobody here can see it (rule 10).
    Encrypted,
    /// There are no such records (rule 37).
    NotHeld,
    /// The instrument does not open it (rule 6).
    NotOpened,
    /// Nothing opens it: there is no instrument, or none that is known (rule 1).
    NoInstrument,
    /// Somebody has to decide (rule 18).
    Undecided,
    /// The policy knows no such category.
    Unknown,
    /// There was something, and it is gone (rule 53).
    Gone {
        /// Since when: the last of it went in the course of this day.
        on: NaiveDate,
    },
    /// The older part is gone, the rest is there.
    PartlyGone {
        /// The first day of which there is something.
        before: NaiveDate,
    },
}

impl Verdict {
    /// Whether it can be answered.
    pub fn is_open(&self) -> bool {
        match self {
            Verdict::Open | Verdict::Allowed { .. } | Verdict::PartlyGone { .. } => true,
            Verdict::Refused { .. }
            | Verdict::Encrypted
            | Verdict::NotHeld
            | Verdict::NotOpened
            | Verdict::NoInstrument
            | Verdict::Undecided
            | Verdict::Unknown
            | Verdict::Gone { .. } => false,
        }
    }

    /// Whether it can still come into the scope: somebody has to decide, or an instrument has to come.
    pub fn is_pending(&self) -> bool {
        matches!(self, Verdict::Undecided | Verdict::NoInstrument)
    }

    /// The first day of which there is something, where what is older is gone.
    pub fn there_from(&self) -> Option<NaiveDate> {
        match self {
            Verdict::PartlyGone { before } => Some(*before),
            Verdict::Open
            | Verdict::Allowed { .. }
            | Verdict::Refused { .. }
            | Verdict::Encrypted
            | Verdict::NotHeld
            | Verdict::NotOpened
            | Verdict::NoInstrument
            | Verdict::Undecided
            | Verdict::Unknown
            | Verdict::Gone { .. } => None,
        }
    }

    /// The name of the policy's sentence for the requester.
    pub fn text_name(&self) -> Option<&'static str> {
        match self {
            Verdict::Encrypted => Some("encrypted"),
            Verdict::NotHeld => Some("none-held"),
            Verdict::Gone { .. } => Some("gone"),
            Verdict::PartlyGone { .. } => Some("gone-before"),
            Verdict::NotOpened => Some("not-opened"),
            Verdict::NoInstrument => Some("no-instrument"),
            Verdict::Open
            | Verdict::Allowed { .. }
            | Verdict::Refused { .. }
            | Verdict::Undecided
            | Verdict::Unknown => None,
        }
    }

    /// What the policy says of such a category to the requester, if anything.
    pub fn stock_text(&self, category: Option<&Category>, policy: &Policy) -> Option<String> {
        let text = self.text_name().map(|name| policy.text(name)).filter(|text| !text.is_empty())?;
        let text = text.replace("{category}", category.map_or("record", |category| &category.title));
        Some(match self {
            Verdict::Gone { on: day } | Verdict::PartlyGone { before: day } => {
                text.replace("{date}", &day.format("%a %-d %b %Y").to_string())
            }
            Verdict::Open
            | Verdict::Allowed { .. }
            | Verdict::Refused { .. }
            | Verdict::Encrypted
            | Verdict::NotHeld
            | Verdict::NotOpened
            | Verdict::NoInstrument
            | Verdict::Undecided
            | Verdict::Unknown => text,
        })
    }
}

/// What a request asks for, in its own order, each category once.
pub fn scope<'p>(case: &Case, policy: &'p Policy, now: DateTime<Utc>, zone: Tz) -> Vec<Line<'p>> {
    let asked = asked(case, policy);
    if asked.is_empty() {
        return Vec::new();
    }
    let kind = policy.kind(&case.kind);
    let instrument = instrument(case, policy);
    let period = Period::of(case);
    let as_of = as_of(case, now, zone);
    let line = |(typed, category): (String, Option<&'p Category>)| {
        let Some(category) = category else {
            let verdict = decided_against(case, &key_of(&typed)).unwrap_or(Verdict::Unknown);
            return Line { typed, category: None, verdict, goes: None, unsure: false };
        };
        let age = period.age(category, as_of, zone);
        let verdict = verdict(case, kind, category, instrument, &age, zone);
        // What a hold keeps does not go.
        let can_go = !matches!(verdict, Verdict::Refused { .. }) && !is_held(case);
        let unsure = age.unsure && can_go;
        Line { typed, category: Some(category), verdict, goes: age.goes.filter(|_| can_go), unsure }
    };
    asked.into_iter().map(line).collect()
}

/// The category of this name, title or alias, however its words are joined.
pub fn category<'p>(typed: &str, policy: &'p Policy) -> Option<&'p Category> {
    let whole = Words::of(typed);
    let bare = whole.clone().without_leading(DETERMINERS);
    policy.categories.iter().find(|category| {
        let names = [&category.name, &category.title].into_iter().chain(&category.aliases);
        names.into_iter().any(|name| whole.are(name) || bare.are(name))
    })
}

/// What stands of a category before people decide: what bars it, whatever its age. Nobody can lift what is not undecided.
pub fn bar(kind: Option<&Kind>, category: &Category, instrument: Identified<'_>) -> Option<Verdict> {
    match category.held {
        Held::Never => return Some(Verdict::NotHeld),
        Held::Encrypted => return Some(Verdict::Encrypted),
        Held::For(_) | Held::Kept => {}
    }
    let Some(kind) = kind else {
        return Some(Verdict::NoInstrument);
    };
    // A letter keeps, and discloses nothing; an order that keeps too may still disclose.
    if kind.only_keeps() {
        return None;
    }
    if kind.scope_empty {
        return Some(Verdict::Undecided);
    }
    match instrument {
        Identified::Known(known) if known.opens.contains(&category.name) => None,
        Identified::Known(_) => Some(Verdict::NotOpened),
        Identified::None | Identified::Unknown => {
            let content_for_authority = category.content && kind.from_authority;
            match (kind.verify_instrument || content_for_authority, category.content) {
                (true, _) => Some(Verdict::NoInstrument),
                // A person's own messages, say: no instrument is needed, but somebody looks.
                (false, true) => Some(Verdict::Undecided),
                (false, false) => None,
            }
        }
    }
}

/// The key under which a decision about what was typed is kept where the policy has no such category.
pub fn key_of(typed: &str) -> String {
    Words::of(typed).spaced()
}

fn verdict(
    case: &Case,
    kind: Option<&Kind>,
    category: &Category,
    instrument: Identified<'_>,
    age: &Age,
    zone: Tz,
) -> Verdict {
    if let Some(refused) = decided_against(case, &category.name) {
        return refused;
    }
    let bar = bar(kind, category, instrument);
    let allowed = case.scope.get(&category.name).filter(|decision| decision.allowed);
    match (bar, allowed, &age.gone) {
        (Some(bar @ (Verdict::NotHeld | Verdict::Encrypted)), _, _) => bar,
        // What was allowed while it was there is gone all the same; what was allowed since lies elsewhere.
        (None | Some(Verdict::Undecided), Some(decision), Some(gone @ Verdict::Gone { on }))
            if decision.at.with_timezone(&zone).date_naive() <= *on =>
        {
            gone.clone()
        }
        (None | Some(Verdict::Undecided), Some(_), Some(gone @ Verdict::PartlyGone { .. })) => gone.clone(),
        (None | Some(Verdict::Undecided), Some(decision), _) => Verdict::Allowed { by: decision.by.clone() },
        // No instrument brings back what is gone, and what was allowed under another one is not under this.
        (_, _, Some(gone @ Verdict::Gone { .. })) => gone.clone(),
        (Some(bar), _, _) => bar,
        (None, _, Some(gone)) => gone.clone(),
        (None, None, None) => Verdict::Open,
    }
}

fn decided_against(case: &Case, key: &str) -> Option<Verdict> {
    let decision = case.scope.get(key).filter(|decision| !decision.allowed)?;
    Some(Verdict::Refused { by: decision.by.clone(), reason: decision.reason.clone() })
}

/// What is asked for by name, where nothing of it can be encrypted: no content of messages, on whatever line (rule 10). Nothing
/// where none is asked for by name, or somebody must find out what is meant.
pub fn asked_plainly(case: &Case, policy: &Policy) -> Option<Vec<String>> {
    let is_none = |value: &str| policy.absent.none.iter().any(|none| Words::of(value).are(none));
    let mut messages = case.fields_of(MESSAGES_KEY);
    if messages.any(|field| !is_none(&field.value)) {
        return None;
    }
    let asked = asked(case, policy);
    let is_plain = |category: &Category| !category.content && category.held != Held::Encrypted;
    let names: Option<Vec<String>> = asked
        .iter()
        .map(|(_, category)| category.filter(|one| is_plain(one)).map(|one| one.name.clone()))
        .collect();
    names.filter(|names| !names.is_empty())
}

/// Whether an order opens something of what is asked for, or nothing is asked for by name.
pub fn reaches(case: &Case, order: &Instrument, policy: &Policy) -> bool {
    let asked = asked(case, policy);
    asked.is_empty()
        || asked.iter().any(|(_, category)| category.is_some_and(|one| order.opens.contains(&one.name)))
}

/// What they name, in the form that it is compared in.
pub fn data_asked(case: &Case, policy: &Policy) -> BTreeSet<String> {
    let name = |(typed, category): (String, Option<&Category>)| {
        category.map_or_else(|| key_of(&typed), |category| category.name.clone())
    };
    asked(case, policy).into_iter().map(name).collect()
}

/// What the lines of data name and nobody here can tell what it is, unless somebody has refused it all the same.
pub fn not_understood(case: &Case, policy: &Policy) -> Vec<String> {
    let asked = asked(case, policy).into_iter().filter(|(_, category)| category.is_none());
    let unknown = asked.map(|(typed, _)| typed);
    unknown.filter(|typed| decided_against(case, &key_of(typed)).is_none()).collect()
}

/// Whether the lines of data name anything that the policy does not know, whatever was decided about it.
pub fn names_unknown(case: &Case, policy: &Policy) -> bool {
    asked(case, policy).iter().any(|(_, category)| category.is_none())
}

/// What the lines of data name, each once.
fn asked<'p>(case: &Case, policy: &'p Policy) -> Vec<(String, Option<&'p Category>)> {
    let kind = policy.kind(&case.kind);
    let is_data = |key: &str| {
        let rule = kind.and_then(|kind| kind.field(key));
        key == DATA_KEY || rule.is_some_and(|rule| rule.form == FieldForm::Data)
    };
    let mut seen = BTreeSet::new();
    let mut asked = Vec::new();
    for field in case.fields.iter().filter(|field| is_data(&field.key)) {
        for (typed, category) in pieces(&field.value, policy) {
            if seen.insert(category.map_or_else(|| key_of(&typed), |category| category.name.clone())) {
                asked.push((typed, category));
            }
        }
    }
    asked
}

/// `account, connection and messages`; an `and` within a name that the policy knows joins nothing.
fn pieces<'p>(value: &str, policy: &'p Policy) -> Vec<(String, Option<&'p Category>)> {
    let mut found = Vec::new();
    for piece in value.split([',', ';', '\n', '•']) {
        let whole = category(piece, policy);
        if whole.is_some() {
            found.push((piece.trim().to_owned(), whole));
            continue;
        }
        let spaced = piece.replace(['/', '&', '+'], " and ");
        let parts: Vec<_> =
            split_at_and(&spaced).into_iter().map(|part| (category(&part, policy), part)).collect();
        // `name and shoe size` is one thing that nobody knows, `account and shoe size` is two.
        if parts.iter().any(|(category, _)| category.is_some()) {
            found.extend(parts.into_iter().map(|(category, part)| (part, category)));
        } else if parts.iter().any(|(_, part)| !part.is_empty()) {
            found.push((piece.trim().to_owned(), None));
        }
    }
    found.retain(|(typed, _)| Words::of(typed).count() > 0);
    found
}

fn split_at_and(text: &str) -> Vec<String> {
    let mut parts = vec![Vec::new()];
    for word in text.split_whitespace() {
        if word.eq_ignore_ascii_case("and") {
            parts.push(Vec::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(word);
        }
    }
    parts.into_iter().map(|words| words.join(" ")).collect()
}
