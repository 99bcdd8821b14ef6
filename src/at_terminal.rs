//! What somebody at the terminal is asked: docket's password, and whether they see what the other side sees. Never asked of a script.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use anyhow::bail;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{ColorMode, Config, Editor, Helper};
use zeroize::Zeroizing;

/// Whether there is anybody to ask.
pub(crate) fn is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for the password of an account; it is not shown.
pub(crate) fn password(account: &str) -> anyhow::Result<Zeroizing<String>> {
    let config = Config::builder().color_mode(ColorMode::Forced).auto_add_history(false).build();
    let mut editor = Editor::<Hidden, DefaultHistory>::with_config(config)?;
    editor.set_helper(Some(Hidden));
    match editor.readline(&format!("Password of {account} (it is not shown): ")) {
        Ok(password) if password.is_empty() => bail!("no password was typed; nothing was done"),
        Ok(password) => Ok(Zeroizing::new(password)),
        Err(ReadlineError::Interrupted | ReadlineError::Eof) => bail!("nothing was done"),
        Err(fault) => Err(fault.into()),
    }
}

/// Shows what the other side must show too, and asks whether it does. Only a whole yes is one.
pub(crate) fn is_the_same(shown: &str) -> anyhow::Result<bool> {
    let mut out = io::stdout();
    writeln!(out, "Ask them what they see, by a way on which you know them. You see:\n  {shown}")?;
    write!(out, "Is it the same? [yes/no] ")?;
    out.flush()?;
    let mut said = String::new();
    io::stdin().read_line(&mut said)?;
    Ok(said.trim().eq_ignore_ascii_case("yes"))
}

/// A line of which nothing is shown.
struct Hidden;

impl Highlighter for Hidden {
    fn highlight<'l>(&self, _line: &'l str, _pos: usize) -> Cow<'l, str> {
        Cow::Borrowed("")
    }

    fn highlight_char(&self, _line: &str, _pos: usize, _kind: CmdKind) -> bool {
        true
    }
}

impl Completer for Hidden {
    type Candidate = String;
}

impl Hinter for Hidden {
    type Hint = String;
}

impl Validator for Hidden {}

impl Helper for Hidden {}
