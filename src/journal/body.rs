//! Opens the sealed parts of a record, as far as their keys still exist.
//!
//! Knows no file; where a case's key comes from is the caller's.

use super::keyring::{NoKey, unreadable};
use super::record::View;
use super::seal::{self, PartName, Secret, Secrets};
use crate::case::{CaseId, Scope};
use crate::ports::{Body, Place, ReadFault, Record, Seq};

/// Finds a case's key.
pub(super) type KeyOf<'a> = dyn Fn(CaseId) -> Result<Secret, NoKey> + 'a;

/// Opens all of a record.
pub(super) fn open_all(
    secrets: &Secrets,
    key_of: &KeyOf<'_>,
    view: &View<'_>,
    place: Place,
) -> Result<Record, ReadFault> {
    let bodies: Result<Vec<Body>, ReadFault> = view
        .parts()
        .enumerate()
        .map(|(index, (scope, sealed))| open(secrets, key_of, view.seq, (index, scope), sealed))
        .collect();
    Ok(Record { outline: view.outline(place), bodies: bodies? })
}

/// Opens one part, which stands at an index and has a scope.
pub(super) fn open(
    secrets: &Secrets,
    key_of: &KeyOf<'_>,
    seq: u64,
    (index, scope): (usize, Scope),
    sealed: &[u8],
) -> Result<Body, ReadFault> {
    let key = match scope {
        Scope::Desk => secrets.system.clone(),
        Scope::Case(case) => match key_of(case) {
            Ok(key) => key,
            Err(NoKey::Erased(_)) => return Ok(Body::Erased),
            Err(other) => return Err(unreadable(seq, other)),
        },
    };
    let name = secrets.part_name(PartName { seq, scope, index });
    let plain = seal::open(&key, &name, sealed).ok_or_else(|| ReadFault::Damaged {
        seq: Seq(seq),
        what: "a part does not open with its key".to_owned(),
    })?;
    Ok(Body::Open(plain))
}
