//! `control.sock`: how other commands talk to the docket that holds the lock.
//!
//! One line of JSON asks, one answers. The socket has mode 0600 in a directory of mode 0700: only the same user gets in.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::desk::{Handle, Input, Outcome};

/// The name of the socket in the data directory.
const SOCKET: &str = "control.sock";
/// The longest line that is read.
const LONGEST: u64 = 4096;
/// A visitor who says nothing for this long is sent away.
const PATIENCE: Duration = Duration::from_secs(10);

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask {
    /// Where the desk stands.
    Standing,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// The end of the journal as `SEQ:HASH`, and the numbers of the purged cases.
    Standing {
        /// The end of the journal; everything up to it is on disk.
        head: String,
        /// The cases that were purged.
        purged: Vec<u32>,
    },
    /// It cannot be done.
    Refused {
        /// Why.
        why: String,
    },
}

/// Serves the socket until the process ends; the file goes when this is dropped.
pub struct Control {
    path: PathBuf,
}

impl Control {
    /// Begins to serve. Whoever calls this holds the lock, so a socket that is left over belongs to nobody.
    #[expect(clippy::disallowed_methods, reason = "a socket is a file by nature")]
    pub fn serve(data_dir: &Path, desk: Handle) -> anyhow::Result<Control> {
        let path = data_dir.join(SOCKET);
        match std::fs::remove_file(&path) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                return Err(fault).with_context(|| format!("{} cannot be replaced", path.display()));
            }
            Ok(()) | Err(_) => {}
        }
        let listener = UnixListener::bind(&path).with_context(|| {
            format!(
                "{} cannot be made; is its path longer than 100 characters?",
                path.display()
            )
        })?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        std::thread::spawn(move || {
            for visitor in listener.incoming() {
                let served = visitor
                    .map_err(anyhow::Error::from)
                    .and_then(|stream| answer(stream, &desk));
                if let Err(fault) = served {
                    tracing::warn!("a visitor of {SOCKET} was not served: {fault:#}");
                }
            }
        });
        Ok(Control { path })
    }
}

impl Drop for Control {
    #[expect(clippy::disallowed_methods, reason = "a socket is a file by nature")]
    fn drop(&mut self) {
        if let Err(fault) = std::fs::remove_file(&self.path) {
            tracing::warn!("{} is left over: {fault}", self.path.display());
        }
    }
}

fn answer(stream: UnixStream, desk: &Handle) -> anyhow::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = String::new();
    BufReader::new(&stream).take(LONGEST).read_line(&mut line)?;
    let answer = match serde_json::from_str(&line) {
        Ok(Ask::Standing) => match desk.ask(Input::Standing) {
            Ok(Outcome::Standing { head, purged }) => Answer::Standing {
                head: head.to_string(),
                purged: purged.iter().map(|case| case.number()).collect(),
            },
            Ok(_) | Err(_) => Answer::Refused {
                why: "the desk has stopped".to_owned(),
            },
        },
        Err(_) => Answer::Refused {
            why: "this docket does not know that question; is it of another version?".to_owned(),
        },
    };
    writeln!(&stream, "{}", serde_json::to_string(&answer)?)?;
    Ok(())
}

/// Asks the docket that holds the lock of a data directory; `None` if nobody serves there.
pub fn ask(data_dir: &Path, question: &Ask) -> anyhow::Result<Option<Answer>> {
    let Ok(stream) = UnixStream::connect(data_dir.join(SOCKET)) else {
        return Ok(None);
    };
    stream.set_read_timeout(Some(PATIENCE))?;
    writeln!(&stream, "{}", serde_json::to_string(question)?)?;
    let mut line = String::new();
    BufReader::new(&stream)
        .read_line(&mut line)
        .context("the running docket does not answer")?;
    if line.is_empty() {
        bail!("the running docket does not answer");
    }
    Ok(Some(serde_json::from_str(&line).context(
        "the running docket answered something else; is it of another version?",
    )?))
}
