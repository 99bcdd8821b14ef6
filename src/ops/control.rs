//! `control.sock`: how other commands talk to the docket that holds the lock.
//!
//! One line of JSON asks, one answers. The socket has mode 0600 in a directory of mode 0700: only the same user gets in.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::failpoint::{Point, reach};
use super::on_host;
use super::report::{self, Form};
use crate::case::{Account, MasterKey};
use crate::chat::render::Finding;
use crate::desk::{Handle, Input, Outcome};
use crate::report::Half;

/// The name of the socket in the data directory.
const SOCKET: &str = "control.sock";
/// The longest line that is read.
const LONGEST: usize = 4096;
/// The longest path that every system's socket address holds.
const LONGEST_ADDRESS: usize = 100;
/// A visitor who has not asked and listened in this time is sent away: one at a time is served.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long somebody waits who asked for what takes its time.
const LONG_PATIENCE: Duration = Duration::from_secs(600);

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask {
    /// Where the desk stands.
    Standing,
    /// A frozen person's authority back.
    Resume {
        /// Whose.
        account: Account,
    },
    /// Somebody's identity is this one.
    Trust {
        /// Whose.
        account: Account,
        /// Its key.
        key: MasterKey,
    },
    /// How docket is.
    Health,
    /// The transparency report of a half-year.
    Report {
        /// Which, as `2026H1`.
        half: String,
        /// How it is written.
        form: Form,
    },
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
    /// How docket is.
    Health {
        /// Each thing that was looked at.
        told: Vec<Told>,
    },
    /// A report, written as asked for.
    Report {
        /// What is written.
        text: String,
    },
    /// It is done.
    Done {
        /// What to say of it.
        text: String,
    },
    /// It cannot be done.
    Refused {
        /// Why.
        why: String,
    },
}

/// One thing about which docket tells how it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What, in a word.
    pub topic: String,
    /// How it is.
    pub text: String,
    /// The way out, where it is not well.
    pub mend: Option<String>,
}

impl From<Finding> for Told {
    fn from(Finding { topic, line, mend }: Finding) -> Told {
        Told { topic: topic.to_owned(), text: line.text(), mend: mend.map(|mend| mend.text()) }
    }
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
        let listener = Short::of(data_dir)
            .and_then(|short| UnixListener::bind(&short.path))
            .with_context(|| format!("{} cannot be made", path.display()))?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        std::thread::spawn(move || {
            for visitor in listener.incoming() {
                let served = visitor.map_err(anyhow::Error::from).and_then(|stream| answer(stream, &desk));
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

/// A way to the socket that fits into an address, which holds some hundred bytes: through the opened directory where the
/// path itself is too long. Good as long as it lives.
struct Short {
    path: PathBuf,
    _dir: Option<File>,
}

impl Short {
    #[expect(clippy::disallowed_methods, reason = "the directory is opened to be named by its number")]
    fn of(data_dir: &Path) -> io::Result<Short> {
        let path = data_dir.join(SOCKET);
        if path.as_os_str().len() <= LONGEST_ADDRESS {
            return Ok(Short { path, _dir: None });
        }
        let dir = File::open(data_dir)?;
        Ok(Short {
            path: PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", dir.as_raw_fd())),
            _dir: Some(dir),
        })
    }
}

/// Reads one line, all of it before the time is over however slowly it comes.
#[expect(clippy::disallowed_methods, reason = "a visitor's time is the machine's own, not the desk's")]
fn hear(mut stream: &UnixStream, patience: Duration) -> io::Result<Vec<u8>> {
    let end = Instant::now() + patience;
    let mut line = Vec::new();
    let mut buffer = [0; 512];
    while !line.contains(&b'\n') && line.len() < LONGEST {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        line.extend_from_slice(buffer.get(..count).unwrap_or_default());
    }
    Ok(line)
}

fn answer(stream: UnixStream, desk: &Handle) -> anyhow::Result<()> {
    // The answer is one small write into an empty buffer, so its own timeout is all that it can take.
    stream.set_write_timeout(Some(PATIENCE))?;
    let line = hear(&stream, PATIENCE)?;
    reach(Point::HostAsked);
    let answer = match serde_json::from_slice(&line) {
        Ok(Ask::Standing) => match desk.ask(Input::Standing) {
            Ok(Outcome::Standing { head, purged }) => Answer::Standing {
                head: head.to_string(),
                purged: purged.iter().map(|case| case.number()).collect(),
            },
            Ok(_) | Err(_) => Answer::Refused { why: "the desk has stopped".to_owned() },
        },
        Ok(Ask::Health) => match desk.ask(Input::Health) {
            Ok(Outcome::Health(findings)) => {
                Answer::Health { told: findings.into_iter().map(Told::from).collect() }
            }
            Ok(_) | Err(_) => Answer::Refused { why: "the desk has stopped".to_owned() },
        },
        Ok(Ask::Resume { account }) => on_host(desk, Input::Resume(account)),
        Ok(Ask::Trust { account, key }) => on_host(desk, Input::Trust(account, key)),
        Ok(Ask::Report { half, form }) => match Half::read(&half) {
            Err(why) => Answer::Refused { why: why.to_string() },
            Ok(half) => match report::written(half, form, |input| Ok(desk.ask(input)?)) {
                Ok(text) => Answer::Report { text },
                Err(fault) => Answer::Refused { why: format!("{fault:#}") },
            },
        },
        Err(_) => Answer::Refused {
            why: "this docket does not know that question; is it of another version?".to_owned(),
        },
    };
    reach(Point::HostDecided);
    (&stream).write_all(format!("{}\n", serde_json::to_string(&answer)?).as_bytes())?;
    Ok(())
}

/// What somebody on the host has the desk do.
fn on_host(desk: &Handle, input: Input) -> Answer {
    match desk.ask(input) {
        Ok(outcome) => match on_host::told(outcome) {
            Ok(text) => Answer::Done { text },
            Err(why) => Answer::Refused { why },
        },
        Err(stopped) => Answer::Refused { why: stopped.to_string() },
    }
}

/// Asks the docket that holds the lock of a data directory; `None` if nobody serves there.
pub fn ask(data_dir: &Path, question: &Ask) -> anyhow::Result<Option<Answer>> {
    let Ok(stream) = Short::of(data_dir).and_then(|short| UnixStream::connect(&short.path)) else {
        return Ok(None);
    };
    let patience = match question {
        Ask::Standing | Ask::Health | Ask::Resume { .. } | Ask::Trust { .. } => PATIENCE,
        Ask::Report { .. } => LONG_PATIENCE,
    };
    stream.set_read_timeout(Some(patience))?;
    writeln!(&stream, "{}", serde_json::to_string(question)?)?;
    let mut line = String::new();
    BufReader::new(&stream).read_line(&mut line).context("the running docket does not answer")?;
    if line.is_empty() {
        bail!("the running docket does not answer");
    }
    Ok(Some(
        serde_json::from_str(&line)
            .context("the running docket answered something else; is it of another version?")?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_has_one_deadline_however_slowly_he_speaks() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        theirs.write_all(b"a beginning without an end").unwrap();
        let fault = hear(&ours, Duration::from_millis(1)).unwrap_err();
        let over = [io::ErrorKind::TimedOut, io::ErrorKind::WouldBlock];
        assert!(over.contains(&fault.kind()), "{fault}");
        theirs.write_all(b" at last\nand more").unwrap();
        let line = hear(&ours, PATIENCE).unwrap();
        assert!(line.ends_with(b"and more"), "{line:?}");
    }

    #[test]
    fn no_line_is_read_for_ever() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        theirs.write_all(&[b'x'; LONGEST]).unwrap();
        assert!(hear(&ours, PATIENCE).unwrap().len() >= LONGEST);
    }
}
