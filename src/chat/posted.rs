//! A file that was posted as the request that it is: its text, and what a command that answers it means together with that.
//!
//! Reads text and mail, and nothing else; what a file is goes by its bytes and its ending, never by what is said of it.

use super::form;
use super::hear::{Meant, hear};
use super::mail;
use super::words::{self, Heard};
use crate::case::Terms;

/// The longest text that is read, in bytes; a command is no longer either.
const LONGEST: usize = 60 * 1024;
/// Of a text that is none so much at least is not to be read, in parts of a hundred.
const UNREAD: usize = 5;

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileText {
    /// Its text; of a mail what stands in its body, below lines that say who sent it, when, and about what.
    Text {
        /// Those lines; empty if it is no mail.
        head: String,
        /// The rest.
        body: String,
    },
    /// None.
    None(NoText),
}

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoText {
    /// It is no text, and no mail.
    NotText,
    /// It says that it is a mail and cannot be read as one.
    Broken,
    /// It is longer than what is read.
    TooLong,
    /// There is nothing in it.
    Empty,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It lies on the homeserver in clear, where something else may stand in its place by now.
    Clear,
    /// Nobody who is listed posted it.
    Stranger,
    /// It is larger than what is taken.
    TooLarge,
    /// The homeserver has it no more.
    Gone,
    /// The homeserver does not give it out now.
    Away,
    /// It is not the file that was posted: its hash is another one.
    Broken,
    /// There is no room to keep it.
    Full,
    /// It could not be kept.
    Unkept,
}

/// The text of a file. Whoever calls this expects the worst: the bytes are a stranger's.
pub fn file_text(name: &str, bytes: &[u8]) -> FileText {
    let is_named = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("eml"));
    let read = if is_named || mail::is_one(bytes) {
        mail::read(bytes).ok_or(NoText::Broken)
    } else {
        plain(bytes).map(|body| (String::new(), body)).ok_or(NoText::NotText)
    };
    match read {
        Err(why) => FileText::None(why),
        Ok((_, body)) if body.trim().is_empty() => FileText::None(NoText::Empty),
        Ok((head, body)) if head.len() + body.len() > LONGEST => FileText::None(NoText::TooLong),
        Ok((head, body)) => FileText::Text { head, body },
    }
}

/// Bytes as text, if they are meant as such.
fn plain(bytes: &[u8]) -> Option<String> {
    let pairs = |order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes.chunks_exact(2).skip(1).filter_map(|pair| pair.try_into().ok()).map(order).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => pairs(u16::from_le_bytes),
        [0xfe, 0xff, ..] => pairs(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    let (mut all, mut unread) = (0_usize, 0_usize);
    for letter in text.chars() {
        all += 1;
        let is_unread = letter == char::REPLACEMENT_CHARACTER
            || letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}');
        unread += usize::from(is_unread);
    }
    let is_binary = text.contains('\0') || text.starts_with("%PDF-") || unread * 100 > all * UNREAD;
    (!is_binary).then_some(text)
}

/// What a command that opens a case means with the text of a file below it. Without a kind it is the file that must say it: then
/// it is a request message, or nothing else is meant than what was typed.
pub fn with_file(typed: &str, file: &FileText, terms: &Terms) -> Result<Option<Meant>, NoText> {
    let FileText::Text { head, body } = file else {
        return match file {
            FileText::None(why) => Err(*why),
            FileText::Text { .. } => Ok(None),
        };
    };
    let Heard::Command(words) = words::read(typed, &terms.prefixes) else { return Ok(None) };
    // Whoever sends the form filled in has said everything, and nothing of that is a guess.
    let filled = form::read(body.trim_start()).and_then(Result::ok);
    if let Some(filled) = filled
        && words.lines.is_empty()
        && (words.args.is_empty() || is_word(&words.args, filled.kind.trim()))
    {
        return Ok(Some(Meant::Request(filled)));
    }
    if words.args.is_empty() {
        return Ok(None);
    }
    // The blank line keeps the file's first line from being one of the command's own.
    Ok(hear(&format!("{}\n\n{head}{body}", typed.trim_end()), terms))
}

fn is_word(args: &[words::Arg], kind: &str) -> bool {
    matches!(args, [words::Arg::Word(word)] if word.eq_ignore_ascii_case(kind))
}

#[cfg(test)]
#[path = "posted_tests.rs"]
mod tests;
