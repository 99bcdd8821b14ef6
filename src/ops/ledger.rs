//! `docket journal`: the chain as an administrator sees it. No lock is needed; what is being appended meanwhile stays out of
//! sight.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::secret::read_data_key;
use crate::case::Scope;
use crate::disk::RealDisk;
use crate::journal::{self, Verified};
use crate::ports::{Body, Head, Record};

/// Checks the chain, and that a head stands in it if one is named.
pub fn verify(dir: &Path, expected: Option<Head>, out: &mut impl Write) -> anyhow::Result<()> {
    let Verified {
        head,
        records,
        segments,
        unfinished,
        holds,
        ..
    } = check(dir, expected)?;
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
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn check(dir: &Path, expected: Option<Head>) -> anyhow::Result<Verified> {
    Ok(journal::verify(&RealDisk::reading(dir), None, expected)?)
}
