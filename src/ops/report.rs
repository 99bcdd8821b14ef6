//! `docket report`: the transparency report on the command line, from the docket that runs or from the data itself.
//!
//! It is counted in slices, so that a desk which is in use answers others in between.

use std::path::Path;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::control::{self, Answer, Ask};
use super::{Home, home, secret};
use crate::chat::render;
use crate::desk::{Input, Outcome, WorksBy};
use crate::report::{Half, Tally, chart, csv};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A short text.
    Text,
    /// Every figure.
    Csv,
    /// Charts.
    Svg,
}

/// Makes the report of a data directory. A docket that runs there is asked; else the data are opened.
pub fn make(
    dir: &Path,
    key: &Path,
    by: WorksBy,
    half: Half,
    form: Form,
    now: DateTime<Utc>,
) -> anyhow::Result<String> {
    match control::ask(dir, &Ask::Report { half: half.to_string(), form })? {
        Some(Answer::Report { text }) => return Ok(text),
        Some(Answer::Refused { why }) => bail!("{why}"),
        Some(Answer::Standing { .. } | Answer::Health { .. } | Answer::Done { .. }) => {
            bail!("the running docket answered something else; is it of another version?")
        }
        None => {}
    }
    if !dir.join("journal").is_dir() {
        bail!("{} holds no data of docket", dir.display());
    }
    let key = secret::read_data_key(key)?;
    let mut home = Home::open(dir, &key, by, &mut home::progress_on_stderr())?;
    let written = written(half, form, |input| {
        let mut outcomes = home.desk.handle(vec![input], now)?;
        outcomes.pop().context("the desk gave no answer")
    });
    home.close()?;
    written
}

/// Counts slice by slice, and writes what comes of it.
pub(super) fn written(
    half: Half,
    form: Form,
    mut ask: impl FnMut(Input) -> anyhow::Result<Outcome>,
) -> anyhow::Result<String> {
    let mut all = Tally::new(half);
    let mut below = None;
    let edition = loop {
        match ask(Input::Tally(half, below))? {
            Outcome::Tallied(tally, next) => {
                all.add(*tally);
                below = next;
                if next.is_none() {
                    match ask(Input::Report(Box::new(all)))? {
                        Outcome::Reported(edition) => break edition,
                        Outcome::NoReport(page) => bail!("{}", page.text()),
                        _ => bail!("the desk answered something else"),
                    }
                }
            }
            Outcome::Reported(edition) => break edition,
            Outcome::NoReport(page) => bail!("{}", page.text()),
            _ => bail!("the desk answered something else"),
        }
    };
    Ok(match form {
        Form::Text => format!("{}\n", render::report(&edition).text()),
        Form::Csv => csv::write(&edition.report),
        Form::Svg => chart::draw(&edition),
    })
}
