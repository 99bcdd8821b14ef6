//! `docket journal`: the chain as an administrator sees it. No lock is needed; what is being appended meanwhile stays out of
//! sight.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::secret::read_data_key;
use crate::case::{Scope, glyph};
use crate::disk::RealDisk;
use crate::journal::{self, Verified};
use crate::ports::{Body, Head, Record};

/// Checks the chain, and that a head stands in it if one is named.
pub fn verify(dir: &Path, expected: Option<Head>, out: &mut impl Write) -> anyhow::Result<()> {
    let Verified { head, records, segments, unfinished, holds, .. } = check(dir, expected)?;
    if holds == Some(false) {
        let expected = expected.map(|head| head.to_string()).unwrap_or_default();
        bail!(
            "record {expected} does not stand in this journal, which ends at {head}: records are missing or were changed. \
             Restore from a backup"
        );
    }
    let files = if segments == 1 { "file" } else { "files" };
    let whole = if records == 1 { "record" } else { "records" };
    writeln!(out, "whole: {records} {whole} in {segments} {files}, head {head}")?;
    if let Some(rest) = unfinished {
        writeln!(
            out,
            "{} bytes behind the last whole record, in {}: a batch that is being written, or one that a stop cut off",
            rest.bytes, rest.file
        )?;
    }
    Ok(())
}

/// Names the end of the chain.
pub fn head(dir: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    Ok(writeln!(out, "{}", check(dir, None)?.head)?)
}

/// Writes out every part of every record as JSON lines.
pub fn export(dir: &Path, key: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let key = read_data_key(key)?;
    for record in journal::export(Arc::new(RealDisk::reading(dir)), &key)? {
        let Record { outline, bodies } = record?;
        for (scope, body) in outline.scopes.iter().zip(bodies) {
            let content: Value = match body {
                Body::Open(bytes) => serde_json::from_slice(&bytes)
                    .with_context(|| format!("record {} does not read as JSON", outline.seq))?,
                Body::Erased => Value::Null,
            };
            let case = match scope {
                Scope::Case(case) => Some(case.to_string()),
                Scope::Desk => None,
            };
            let line = json!({
                "seq": outline.seq.0,
                "at": outline.at.to_rfc3339_opts(SecondsFormat::Millis, true),
                "hash": outline.hash.to_string(),
                "case": case,
                "erased": content.is_null(),
                "part": content,
            });
            writeln!(out, "{}", escaped(&line.to_string()))?;
        }
    }
    Ok(())
}

/// The same JSON, with every character that a terminal hides or obeys as its code. Outside ASCII such characters stand only
/// inside of strings, and DEL does too.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\u{7f}' || (!c.is_ascii() && (c.is_control() || glyph::is_hidden(c))) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(c);
        }
    }
    text
}

fn check(dir: &Path, expected: Option<Head>) -> anyhow::Result<Verified> {
    Ok(journal::verify(&RealDisk::reading(dir), None, expected)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_shown_as_a_code_and_reads_the_same() {
        let content = json!({
            "plain": "Grüße, 日本 \"quoted\" \\ /",
            "c1": "\u{9b}31m\u{7f}\u{1b}[0m",
            "bidi \u{202e}": "\u{2066}evil\u{2069}\u{200b}\u{feff}",
            "tags": "\u{e0041}\u{1f600}",
        });
        let text = escaped(&content.to_string());
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read, content);
        assert!(text.contains("Grüße, 日本"), "{text}");
        assert!(text.contains("\\u009b31m\\u007f\\u001b[0m"), "{text}");
        let bare = |c: char| c.is_control() || glyph::is_hidden(c);
        assert!(!text.chars().any(bare), "{text:?}");
    }
}
