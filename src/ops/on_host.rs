//! What somebody on the host says about people: `docket resume` gives a frozen person's authority back, `docket trust` vouches for an
//! identity. Through the docket that runs, or over the data itself; it is on record, and the room hears of it.

use std::path::Path;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use super::control::{self, Answer, Ask};
use super::{Home, home, secret};
use crate::case::decide::Sighting;
use crate::case::{Account, MasterKey};
use crate::desk::{Input, Outcome, WorksBy};

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A frozen person may work again.
    Resume(Account),
    /// This is somebody's identity.
    Trust(Account, MasterKey),
    /// This is the identity of somebody with whom emojis were compared, while docket was stopped.
    Compared(Sighting),
}

impl Word {
    /// How a docket that runs is told; nothing of what is only done while none does.
    fn ask(&self) -> Option<Ask> {
        match self.clone() {
            Word::Resume(account) => Some(Ask::Resume { account }),
            Word::Trust(account, key) => Some(Ask::Trust { account, key }),
            Word::Compared(_) => None,
        }
    }

    fn input(self) -> Input {
        match self {
            Word::Resume(account) => Input::Resume(account),
            Word::Trust(account, key) => Input::Trust(account, key),
            Word::Compared(sighting) => Input::Compared(sighting),
        }
    }
}

/// Says it, and gives back what to say of it.
pub fn say(dir: &Path, key: &Path, by: WorksBy, word: Word, now: DateTime<Utc>) -> anyhow::Result<String> {
    let answer = match word.ask() {
        Some(question) => control::ask(dir, &question)?,
        None => None,
    };
    match answer {
        Some(Answer::Done { text }) => return Ok(text),
        Some(Answer::Refused { why }) => bail!("{why}"),
        Some(Answer::Standing { .. } | Answer::Health { .. } | Answer::Report { .. }) => {
            bail!("the running docket answered something else; is it of another version?")
        }
        None => {}
    }
    // Before the first run there is no journal yet: what was compared then begins it.
    if !dir.join("journal").is_dir() && !matches!(word, Word::Compared(_)) {
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
