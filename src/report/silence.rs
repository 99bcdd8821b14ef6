//! Whether a case may be seen in a report, by its kind and country: not while somebody must be silent about it.
//!
//! This asks less than the gate before a notice (`decide::gate`): a count names nobody. What it asks is whether the case is
//! bound, or may be.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::case::calendar::last_second;
use crate::case::{Case, Reading, Secrecy, Telling};

/// Since when a case may be counted where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Nothing ever bound it.
    Never,
    /// It was bound until then.
    Until(DateTime<Utc>),
    /// It is bound, or asks for secrecy without a known end.
    Binds,
}

/// What a case says about silence. An end that lies in the future is no end yet: see [`Silence::at`].
pub fn silence(case: &Case, zone: Tz) -> Silence {
    if let Some(gag) = &case.gag {
        return gag.over.as_ref().map_or(Silence::Binds, |over| Silence::Until(over.at));
    }
    if !case.secret() {
        return Silence::Never;
    }
    // Secrecy was asked for and no order is on record. Once every user was told there is nothing left to be silent about.
    let told = case.subjects().map(|subject| match case.notices.get(&subject.account) {
        Some(notice) if matches!(notice.what, Telling::Told { .. }) => Some(notice.at),
        Some(_) | None => None,
    });
    if let Some(last) = told.collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max()) {
        return Silence::Until(last);
    }
    if case.secrecy_strays().next().is_some() {
        return Silence::Binds;
    }
    let ends =
        case.secrecy_lines().filter(|field| field.reading != Reading::Secrecy(Secrecy::No)).map(|field| {
            match &field.reading {
                Reading::Secrecy(Secrecy::Until { day }) => Some(last_second(*day, zone)),
                _ => None,
            }
        });
    match ends.collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max()) {
        Some(end) => Silence::Until(end),
        None => Silence::Binds,
    }
}

impl Silence {
    /// The same at a time: what ends later binds now.
    pub fn at(self, now: DateTime<Utc>) -> Silence {
        match self {
            Silence::Until(end) if end >= now => Silence::Binds,
            silence => silence,
        }
    }

    /// When it ended or will, if that is known.
    pub fn end(self) -> Option<DateTime<Utc>> {
        match self {
            Silence::Until(end) => Some(end),
            Silence::Never | Silence::Binds => None,
        }
    }
}
