//! What somebody on the host says about people: `docket resume` gives a frozen person's authority back, `docket trust` vouches for an
//! identity. Through the docket that runs, or over the data itself; it is on record, and the room hears of it.

use std::path::Path;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use super::control::{self, Answer, Ask};
use super::{Home, home, secret};
use crate::case::{Account, MasterKey};
use crate::desk::{Input, Outcome, WorksBy};

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A frozen person may work again.
    Resume(Account),
    /// This is somebody's identity.
    Trust(Account, MasterKey),
}

impl Word {
    fn ask(&self) -> Ask {
        match self.clone() {
            Word::Resume(account) => Ask::Resume { account },
            Word::Trust(account, key) => Ask::Trust { account, key },
        }
    }

    fn input(self) -> Input {
        match self {
            Word::Resume(account) => Input::Resume(account),
            Word::Trust(account, key) => Input::Trust(account, key),
        }
    }
}

/// Says it, and gives back what to say of it.
pub fn say(dir: &Path, key: &Path, by: WorksBy, word: Word, now: DateTime<Utc>) -> anyhow::Result<String> {
    match control::ask(dir, &word.ask())? {
        Some(Answer::Done { text }) => return Ok(text),
        Some(Answer::Refused { why }) => bail!("{why}"),
        Some(Answer::Standing { .. } | Answer::Health { .. } | Answer::Report { .. }) => {
            bail!("the running docket answered something else; is it of another version?")
        }
        None => {}
    }
    if !dir.join("journal").is_dir() {
        bail!("{} holds no data of docket", dir.display());
    }
    let key = secret::read_data_key(key)?;
    let mut home = Home::open(dir, &key, by, &mut home::progress_on_stderr())?;
    let outcomes = home.desk.handle(vec![word.input()], now);
    home.close()?;
    match told(outcomes?.pop().context("the desk gave no answer")?) {
        Ok(text) => Ok(format!("{text}\nThe room hears of it when docket runs again.")),
        Err(why) => bail!("{why}"),
    }
}

/// What was done, or why not.
pub(super) fn told(outcome: Outcome) -> Result<String, String> {
    match outcome {
        Outcome::OnHost { done: true, page } => Ok(page.text()),
        Outcome::OnHost { done: false, page } => Err(page.text()),
        _ => Err("the desk answered something else".to_owned()),
    }
}
