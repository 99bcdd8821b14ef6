//! `docket doctor`: what is well and what is not, a line each, with the way out.
//!
//! | where | what |
//! |---|---|
//! | `host` | what lies on this machine: the configuration's files, the data directory, the disk |
//! | `inside` | what only the desk knows: asked of the docket that runs, or of the data itself where none does |
//! | `server` | what the homeserver shows: the session, the keys, the room, the people |
//!
//! It changes nothing, shows no secret, and never opens the encrypted store of a docket that runs: whatever it asks the homeserver
//! goes out beside the session, with the session's token.

mod host;
mod inside;
mod server;

use std::path::Path;

use crate::chat::page::Line;
use crate::chat::render::Finding;
use crate::config::{Config, ConfigFault};
use crate::journal::DataKey;
use crate::ops::secret;

/// How one thing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// As it must be, and how that is.
    Healthy(String),
    /// Not as it must be.
    Unwell {
        /// What is wrong.
        what: String,
        /// The way out.
        mend: String,
    },
}

impl Look {
    fn well(text: impl Into<String>) -> Look {
        Look::Healthy(text.into())
    }

    fn ill(what: impl Into<String>, mend: impl Into<String>) -> Look {
        Look::Unwell { what: what.into(), mend: mend.into() }
    }
}

/// What a docket that runs tells in its room too, beside what its desk knows and its tasks see.
const AROUND: [&str; 7] =
    ["clock here", "published identity", "recovery", "one-time keys", "synapse token", "spool", "Synapse"];

/// How docket's keys on the homeserver are, and what else it works with, for those who ask in the room. It says nothing of where
/// things lie on the host.
pub async fn around(config: &Config, key: &DataKey) -> Vec<Finding> {
    let mut looked = server::look_at_its_own(config, key).await;
    let config = config.clone();
    // A disk that is another machine's may let wait for itself.
    looked.extend(tokio::task::spawn_blocking(move || host::around(&config)).await.unwrap_or_default());
    let told = looked.into_iter().filter(|(topic, _)| AROUND.contains(topic));
    told.map(|(topic, look)| match look {
        Look::Healthy(text) => Finding { topic, line: Line::ours(text), mend: None },
        Look::Unwell { what, mend } => {
            Finding { topic, line: Line::ours(what), mend: Some(Line::ours(mend)) }
        }
    })
    .collect()
}

/// What was looked at, in a word or two, and how it is.
type Looked = (&'static str, Look);

impl From<Finding> for Look {
    fn from(Finding { line, mend, .. }: Finding) -> Look {
        match mend {
            None => Look::Healthy(line.text()),
            Some(mend) => Look::Unwell { what: line.text(), mend: mend.text() },
        }
    }
}

/// Where the lines go, and how many things were not well.
struct Sheet<'a> {
    say: &'a mut dyn FnMut(&str) -> anyhow::Result<()>,
    unwell: usize,
}

impl Sheet<'_> {
    fn put(&mut self, looked: impl IntoIterator<Item = Looked>) -> anyhow::Result<()> {
        for (topic, look) in looked {
            self.unwell += usize::from(matches!(look, Look::Unwell { .. }));
            (self.say)(&line(topic, &look))?;
        }
        Ok(())
    }
}

fn line(topic: &str, look: &Look) -> String {
    match look {
        Look::Healthy(text) => format!("well      {topic}: {text}"),
        Look::Unwell { what, mend } if mend.is_empty() => format!("NOT WELL  {topic}: {what}"),
        Look::Unwell { what, mend } => {
            let what = what.trim_end_matches('.');
            format!("NOT WELL  {topic}: {what}. {mend}")
        }
    }
}

/// Looks at everything that a configuration names, tells of each, and gives back how much is not well.
pub fn examine(
    path: &Path,
    runtime: &tokio::runtime::Runtime,
    say: &mut dyn FnMut(&str) -> anyhow::Result<()>,
) -> anyhow::Result<usize> {
    let mut sheet = Sheet { say, unwell: 0 };
    let config = match Config::load(path) {
        Ok(config) => config,
        Err(fault) => {
            sheet.put(misread(&fault))?;
            return Ok(sheet.unwell);
        }
    };
    let people = config.people.len();
    sheet.put([("configuration", Look::well(format!("read; {people} listed under people:")))])?;
    sheet.put(host::look(&config))?;
    let key = config.data_key_file.locate().ok().and_then(|path| secret::read_data_key(&path).ok());
    // Without the key neither the data nor the session can be read; that it is missing was said.
    let Some(key) = key else {
        sheet.put(runtime.block_on(server::look(&config, None)))?;
        return Ok(sheet.unwell);
    };
    sheet.put(inside::look(&config, &key, runtime))?;
    sheet.put(runtime.block_on(server::look(&config, Some(&key))))?;
    Ok(sheet.unwell)
}

/// Every mistake of a configuration.
fn misread(fault: &ConfigFault) -> Vec<Looked> {
    const NEXT: &str = "Mend it, then ask again: nothing else can be looked at.";
    match fault {
        ConfigFault::Unread { .. } => vec![("configuration", Look::ill(fault.to_string(), NEXT))],
        ConfigFault::Wrong { path, mistakes } => mistakes
            .iter()
            .map(|mistake| ("configuration", Look::ill(format!("{}:{mistake}", path.display()), "")))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::page;

    #[test]
    fn a_line_each_and_what_is_not_well_stands_out() {
        assert_eq!(line("disk", &Look::well("7 MiB are free")), "well      disk: 7 MiB are free");
        let look = Look::ill("the clock is wrong.", "Set it.");
        assert_eq!(line("clock", &look), "NOT WELL  clock: the clock is wrong. Set it.");
        assert_eq!(line("clock", &Look::ill("it is wrong", "")), "NOT WELL  clock: it is wrong");
    }

    #[test]
    fn what_the_desk_found_is_told_alike() {
        let finding = |mend| Finding { topic: "index", line: page::Line::ours("lost"), mend };
        assert_eq!(Look::from(finding(None)), Look::well("lost"));
        assert_eq!(Look::from(finding(Some(page::Line::ours("Wait.")))), Look::ill("lost", "Wait."));
    }

    #[test]
    fn what_is_not_well_is_counted() {
        let mut said = Vec::new();
        let mut say = |line: &str| {
            said.push(line.to_owned());
            Ok(())
        };
        let mut sheet = Sheet { say: &mut say, unwell: 0 };
        sheet.put([("one", Look::well("it is")), ("two", Look::ill("it is not", "Mend it."))]).unwrap();
        assert_eq!(sheet.unwell, 1);
        assert_eq!(said.len(), 2);
    }
}
