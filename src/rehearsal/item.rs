//! What a rehearsal shows, as text for people and as JSON for scripts.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::case::{Account, CaseId};
use crate::chat::{Page, shown_in_line};

/// Something to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A message in the room, numbered so that it can be answered.
    Item(Item),
    /// A word of the rehearsal itself, about steering.
    Word(String),
}

/// A message in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What `/reply` calls it.
    pub n: usize,
    /// When.
    pub at: DateTime<Utc>,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// Whether it takes the place of an earlier one.
    pub edit: bool,
    /// What it is: `reply`, `card`, or `file` for one that somebody posted.
    pub kind: &'static str,
    /// Who posted it; `None` for docket.
    pub from: Option<Account>,
    /// Whom it calls.
    pub mentions: Vec<Account>,
    /// The one person who may read it; without it, everybody in the room.
    pub only: Option<Account>,
    /// What it says.
    pub page: Page,
}

#[derive(Serialize)]
struct Json<'a> {
    n: usize,
    to: String,
    case: Option<String>,
    kind: &'a str,
    text: String,
    html: Option<String>,
    at: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    edit: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mentions: Vec<String>,
}

impl Item {
    /// One line of JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Json {
            n: self.n,
            to: match &self.only {
                Some(only) => format!("dm:{}", shown_in_line(only.as_str())),
                None => "room".to_owned(),
            },
            case: self.case.map(|case| case.to_string()),
            kind: self.kind,
            text: self.page.text(),
            html: Some(self.page.html()),
            at: self.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            edit: self.edit,
            from: self.from.as_ref().map(|from| shown_in_line(from.as_str())),
            mentions: self.mentions.iter().map(|account| shown_in_line(account.as_str())).collect(),
        })
    }

    /// The line above the message: its number and what it is.
    pub fn heading(&self) -> String {
        let edited = if self.edit { ", edited" } else { "" };
        let from = self.from.as_ref().map_or("docket".to_owned(), |from| shown_in_line(from.as_str()));
        let only = self.only.as_ref();
        let only =
            only.map(|only| format!(", to {} alone", shown_in_line(only.as_str()))).unwrap_or_default();
        format!("[{}] {from} · {}{edited}{only}", self.n, self.kind)
    }

    /// The message as plain text below its heading.
    pub fn text(&self) -> String {
        format!("{}\n{}", self.heading(), self.page.text())
    }
}
