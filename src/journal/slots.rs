//! The file `keys`, read: a first slot that tells whose it is, then one fixed slot by case number.
//!
//! Changes nothing; `keyring.rs` writes it.

use std::io;

use super::fault::OpenFault;
use super::seal::{SLOT, Secrets, Slot};
use super::segment::VERSION;
use crate::case::CaseId;
use crate::ports::Disk;

/// The file of the cases' keys.
pub(super) const FILE: &str = "keys";
const MAGIC: [u8; 8] = *b"dktckeys";
const CHECKED: usize = 32;
/// How many slots are read at once.
const CHUNK: usize = 1024;

/// The first slot, for this journal and data key.
pub(super) fn header(secrets: &Secrets) -> [u8; SLOT] {
    let mut slot = [0; SLOT];
    slot[..8].copy_from_slice(&MAGIC);
    slot[8..12].copy_from_slice(&VERSION.to_le_bytes());
    slot[16..32].copy_from_slice(&secrets.id);
    let check = secrets.check(&slot[..CHECKED]);
    slot[CHECKED..].copy_from_slice(&check);
    slot
}

/// Whether the file belongs to this journal and this data key.
pub(super) fn check_header(disk: &dyn Disk, secrets: &Secrets) -> Result<(), OpenFault> {
    let mut found = [0; SLOT];
    if disk.read_at(FILE, 0, &mut found)? < SLOT {
        return Err(OpenFault::Keys("it is shorter than its first slot"));
    }
    let expected = header(secrets);
    if found == expected {
        Ok(())
    } else if found[..8] != MAGIC {
        Err(OpenFault::Keys("it does not begin as such a file"))
    } else if found[16..32] != expected[16..32] {
        Err(OpenFault::Keys("it belongs to another journal"))
    } else if found[CHECKED..] != expected[CHECKED..] {
        Err(OpenFault::WrongKey)
    } else if found[8..12] != VERSION.to_le_bytes() {
        Err(OpenFault::Keys("its format version is another one"))
    } else {
        Err(OpenFault::Keys("its first slot is not what was written"))
    }
}

/// The number of whole slots, the first included.
pub(super) fn count(disk: &dyn Disk) -> io::Result<u64> {
    Ok(disk.len(FILE)?.unwrap_or(0) / SLOT as u64)
}

/// Where a case's slot begins.
pub(super) fn offset(case: u32) -> u64 {
    u64::from(case) * SLOT as u64
}

/// What a case's slot holds; behind the end as if it were erased.
pub(super) fn read(disk: &dyn Disk, secrets: &Secrets, case: u32) -> io::Result<Slot> {
    let mut slot = [0; SLOT];
    let count = disk.read_at(FILE, offset(case), &mut slot)?;
    Ok(if count < SLOT { Slot::Erased } else { secrets.unwrap(case, &slot) })
}

/// Whether a case's slot is there and holds zeros only. Needs no key.
pub(super) fn is_erased(disk: &dyn Disk, case: u32) -> io::Result<bool> {
    let mut slot = [1; SLOT];
    let count = disk.read_at(FILE, offset(case), &mut slot)?;
    Ok(count == SLOT && slot == [0; SLOT])
}

/// Shows the slots of cases `from..end`, as far as the file has them.
pub(super) fn each(
    disk: &dyn Disk,
    secrets: &Secrets,
    from: u32,
    end: u64,
    seen: &mut dyn FnMut(u32, Slot),
) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK * SLOT];
    let mut case = from;
    while u64::from(case) < end {
        let want = usize::try_from(end - u64::from(case)).unwrap_or(CHUNK).min(CHUNK) * SLOT;
        let count = disk.read_at(FILE, offset(case), buffer.get_mut(..want).unwrap_or_default())?;
        let (slots, _) = buffer.get(..count).unwrap_or_default().as_chunks::<SLOT>();
        if slots.is_empty() {
            return Ok(());
        }
        for slot in slots {
            seen(case, secrets.unwrap(case, slot));
            match case.checked_add(1) {
                Some(next) => case = next,
                None => return Ok(()),
            }
        }
    }
    Ok(())
}

/// Checks the slots of all cases that the journal mentions: which are erased. A slot that does not open is damage, and so
/// is a missing one: erasing leaves zeros in place.
pub(super) fn check(disk: &dyn Disk, secrets: &Secrets, highest: u32) -> Result<Vec<CaseId>, OpenFault> {
    check_length(disk, highest)?;
    let mut erased = Vec::new();
    let mut damaged = None;
    each(disk, secrets, 1, u64::from(highest) + 1, &mut |case, slot| match slot {
        Slot::Erased => erased.extend(CaseId::new(case)),
        Slot::Key(_) => {}
        Slot::Damaged => damaged = damaged.or(CaseId::new(case)),
    })?;
    damaged.map_or(Ok(erased), |case| Err(OpenFault::CaseKey(case)))
}

/// Checks that no slot of a case that the journal mentions is missing.
pub(super) fn check_length(disk: &dyn Disk, highest: u32) -> Result<(), OpenFault> {
    if count(disk)? <= u64::from(highest) {
        return Err(OpenFault::Keys("it is shorter than the cases on record need"));
    }
    Ok(())
}
