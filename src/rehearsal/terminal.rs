//! The two ways into a rehearsal: a terminal with line editing and colours, and a pipe with plain text or JSON.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use rustyline::error::ReadlineError;
use rustyline::{Config, DefaultEditor};

use super::posting::LARGEST_FILE;
use super::{FixedClock, Item, PostFiles, Rehearsal, RehearsalClock, Shown, terms, terms_under};
use crate::case::{Policy, Terms};
use crate::chat::page::Span;
use crate::chat::shown_in_line;
use crate::config::directory;
use crate::desk::{Desk, Post, serve};
use crate::files::MemoryFiles;
use crate::journal::MemoryJournal;
use crate::ops::control::Control;
use crate::ops::home::{self, Check};
use crate::ops::{Home, Lock, OsEntropy, SystemClock};
use crate::ports::{Clock, Entropy, Files, hex};
use crate::store::MemoryIndex;

/// No message is longer, so no line of one is.
const LONGEST_LINE: usize = 64 * 1024;

/// How a rehearsal is started.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// One object a line instead of text.
    pub json: bool,
    /// Where to keep the data; nothing is left behind without it.
    pub data: Option<PathBuf>,
    /// What to work by, if not by the policy that is used where none is named.
    pub policy: Option<Policy>,
    /// The time it starts at; then the clock stands still.
    pub now: Option<DateTime<Utc>>,
}

/// Runs a rehearsal over standard input and output until the input ends.
pub fn run(start: Start) -> anyhow::Result<()> {
    let typed = io::stdin().is_terminal() && io::stdout().is_terminal() && !start.json;
    let standing = start.now.or_else(|| (!io::stdin().is_terminal()).then(|| SystemClock.now()));
    let clock = RehearsalClock::new(match standing {
        Some(at) => Box::new(FixedClock(at)) as Box<dyn Clock>,
        None => Box::new(SystemClock),
    });
    let terms = terms_of(&start)?;
    let Opened { mut desk, files, check, lock } = open(&start, terms.clone())?;
    let owed = desk.owed(clock.now())?;
    let (handle, work) = serve(desk, Box::new(clock.clone()));
    let worker = std::thread::spawn(work);
    let control = start.data.as_ref().and_then(|dir| match Control::serve(dir, handle.clone()) {
        Ok(control) => Some(control),
        Err(fault) => {
            tracing::warn!("no other command can speak to this one, a backup least of all: {fault:#}");
            None
        }
    });
    let session = Rehearsal::new(handle.clone(), clock, files, Box::new(DiskFiles), terms, nonce());
    let mut session = session.context("nobody is listed")?;
    let outcome =
        if typed { at_a_terminal(&mut session, owed) } else { in_a_pipe(&mut session, owed, start.json) };
    drop(control);
    handle.stop();
    // The desk's own fault explains more than a session that found it gone.
    let desk = match worker.join() {
        Ok(served) => served?,
        Err(_) => bail!("the desk stopped in the middle of something; what was answered is on disk"),
    };
    match check {
        Some(check) => home::close(desk, check)?,
        None => desk.close()?,
    }
    drop(lock);
    outcome
}

struct Opened {
    desk: Desk,
    files: Box<dyn Files>,
    check: Option<Check>,
    lock: Option<Lock>,
}

/// The demo's terms under the policy asked for, with the operator's own directory if one lies beside the data.
fn terms_of(start: &Start) -> anyhow::Result<Terms> {
    let terms = match &start.policy {
        Some(policy) => terms_under(policy.clone())?,
        None => terms()?,
    };
    let own = start.data.as_ref().map(|dir| dir.join(directory::FILE)).filter(|file| file.exists());
    Ok(match own {
        Some(file) => Terms { directory: directory::load(&file)?, ..terms },
        None => terms,
    })
}

fn open(start: &Start, terms: Terms) -> anyhow::Result<Opened> {
    let Some(dir) = &start.data else {
        let files = MemoryFiles::default();
        let journal = Box::new(MemoryJournal::new(Box::new(OsEntropy)));
        let index = Box::new(MemoryIndex::new());
        let desk = Desk::open(journal, index, Box::new(files.clone()), terms, &mut |_| {})?;
        return Ok(Opened { desk, files: Box::new(files), check: None, lock: None });
    };
    let home = Home::open_by_own_key(dir, terms, &mut home::progress_on_stderr())?;
    Ok(Opened {
        desk: home.desk,
        files: Box::new(home.files),
        check: Some(home.check),
        lock: Some(home.lock),
    })
}

fn in_a_pipe(session: &mut Rehearsal, owed: Vec<Post>, json: bool) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    if !json {
        writeln!(out, "{}", session.first_screen())?;
    }
    let left_over = session.left_over(owed)?;
    print(&mut out, session, left_over, json)?;
    // What fell due while nobody was there.
    let woken = session.wake()?;
    print(&mut out, session, woken, json)?;
    let mut input = io::stdin().lock();
    while !session.is_over() {
        let shown = match next_line(&mut input)? {
            Next::Line(line) => session.line(&line)?,
            Next::Unread(why) => session.unread(why),
            Next::End => break,
        };
        print(&mut out, session, shown, json)?;
    }
    let shown = session.end()?;
    print(&mut out, session, shown, json)
}

/// What a pipe brings next.
enum Next {
    Line(String),
    /// A line that is none, and what it is instead.
    Unread(&'static str),
    End,
}

/// Reads one line, and never more of it into memory than a line may have.
fn next_line(input: &mut impl BufRead) -> io::Result<Next> {
    let mut line = Vec::new();
    let most = LONGEST_LINE as u64 + 1;
    if input.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
        return Ok(Next::End);
    }
    if line.len() > LONGEST_LINE && !line.ends_with(b"\n") {
        input.skip_until(b'\n')?;
        return Ok(Next::Unread("longer than 64 KiB"));
    }
    Ok(match String::from_utf8(line) {
        Ok(text) => Next::Line(text.trim_end_matches(['\n', '\r']).to_owned()),
        Err(_) => Next::Unread("not UTF-8 text"),
    })
}

/// Shows, and only then tells the desk that it was shown.
fn print(out: &mut impl Write, session: &mut Rehearsal, shown: Vec<Shown>, json: bool) -> anyhow::Result<()> {
    for one in shown {
        match (one, json) {
            (Shown::Item(item), true) => writeln!(out, "{}", item.json()?)?,
            (Shown::Item(item), false) => writeln!(out, "{}", item.text())?,
            // Scripts read what docket sends; what is said about steering goes where people look.
            (Shown::Word(word), true) => eprintln!("{word}"),
            (Shown::Word(word), false) => writeln!(out, "{word}")?,
        }
    }
    out.flush()?;
    match session.was_shown()? {
        more if more.is_empty() => Ok(()),
        more => print(out, session, more, json),
    }
}

fn at_a_terminal(session: &mut Rehearsal, owed: Vec<Post>) -> anyhow::Result<()> {
    // Bracketed paste would make one message of a pasted request; without it each line would be one.
    let config = Config::builder().bracketed_paste(true).auto_add_history(true).build();
    let mut editor = DefaultEditor::with_config(config).context("this terminal cannot be used")?;
    let mut out = io::stdout();
    writeln!(out, "{}", session.first_screen())?;
    let left_over = session.left_over(owed)?;
    draw(&mut out, session, left_over)?;
    let woken = session.wake()?;
    draw(&mut out, session, woken)?;
    while !session.is_over() {
        let prompt = if session.in_block() {
            "… ".to_owned()
        } else {
            format!("@{}> ", shown_in_line(session.me().localpart()))
        };
        match editor.readline(&prompt) {
            Ok(typed) => {
                for line in as_typed(&typed, session.in_block()) {
                    let shown = session.line(&line)?;
                    draw(&mut out, session, shown)?;
                }
            }
            Err(ReadlineError::Interrupted) => {
                session.drop_block();
                writeln!(out, "Nothing was sent. /quit ends this.")?;
            }
            Err(ReadlineError::Eof) => break,
            Err(fault) => return Err(fault).context("this terminal cannot be read"),
        }
    }
    let shown = session.end()?;
    draw(&mut out, session, shown)
}

/// What was pasted as one is one message, unless it brings its own marks or goes into one that has begun.
fn as_typed(typed: &str, in_block: bool) -> Vec<String> {
    let lines: Vec<String> = typed.lines().map(str::to_owned).collect();
    let marked = lines.iter().any(|line| line.trim_end() == "\"\"\"");
    if lines.len() < 2 || marked || in_block {
        return if lines.is_empty() { vec![String::new()] } else { lines };
    }
    let mark = std::iter::once("\"\"\"".to_owned());
    mark.clone().chain(lines).chain(mark).collect()
}

fn draw(out: &mut impl Write, session: &mut Rehearsal, shown: Vec<Shown>) -> anyhow::Result<()> {
    for one in shown {
        match one {
            Shown::Item(item) => writeln!(out, "{}", coloured(&item))?,
            Shown::Word(word) => writeln!(out, "\x1b[2m{word}\x1b[0m")?,
        }
    }
    out.flush()?;
    match session.was_shown()? {
        more if more.is_empty() => Ok(()),
        more => draw(out, session, more),
    }
}

/// The message with its ids bold and its commands coloured; the words stay the same.
fn coloured(item: &Item) -> String {
    let mut text = format!("\x1b[2m{}\x1b[0m", item.heading());
    for line in item.page.all_lines() {
        text.push_str(if line.is_indented() { "\n  " } else { "\n" });
        for (span, words) in line.words() {
            match span {
                Span::Plain(_) | Span::Block(_) => text.push_str(&words),
                Span::Strong(_) => text.push_str(&format!("\x1b[1m{words}\x1b[0m")),
                Span::Code(_) | Span::Theirs(_) => text.push_str(&format!("\x1b[36m{words}\x1b[0m")),
            }
        }
    }
    text
}

/// Makes this session's message ids unlike those of any other.
fn nonce() -> String {
    let mut bytes = [0; 8];
    OsEntropy.fill(&mut bytes);
    hex(&bytes)
}

struct DiskFiles;

impl PostFiles for DiskFiles {
    #[expect(clippy::disallowed_methods, reason = "the file that somebody posts")]
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let name = shown_in_line(path);
        let said = |fault: io::Error| format!("{name} cannot be posted: {fault}");
        let metadata = std::fs::metadata(path).map_err(said)?;
        if !metadata.is_file() {
            return Err(format!("{name} is no file."));
        }
        if metadata.len() > LARGEST_FILE {
            return Err(format!("{name} is larger than 64 MiB; nothing was posted."));
        }
        std::fs::read(path).map_err(said)
    }
}
