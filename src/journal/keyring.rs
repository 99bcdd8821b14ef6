//! The cases' keys of an open journal: made and synced ahead of use, looked up, destroyed.
//!
//! Shared by the journal and its workers. Knows no record.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::fault::OpenFault;
use super::seal::{NONCE, SLOT, Secret, Secrets, Slot};
use super::slots;
use crate::case::CaseId;
use crate::ports::{AppendFault, Disk, Entropy, ReadFault, Seq};

/// The file while it is being made. It gets its name only when it is whole.
const NEW: &str = "keys.new";
/// How many opened keys are kept in memory.
const KEPT: usize = 4096;
/// How far a new case's number may lie beyond the highest on record. More is a mistake of the caller, and would make
/// the file grow for nothing.
pub(super) const LEAP: u32 = 1 << 16;

/// The keys, where they are kept, and what may be done with them.
pub(super) struct Keyring {
    disk: Arc<dyn Disk>,
    secrets: Secrets,
    ahead: u32,
    state: Mutex<State>,
}

struct State {
    entropy: Box<dyn Entropy>,
    /// Slots that are written and synced, the first included.
    slots: u64,
    /// The highest case number on record.
    highest: u32,
    kept: BTreeMap<u32, Secret>,
    lost: bool,
}

/// Why there is no key.
#[derive(Debug)]
pub(super) enum NoKey {
    Erased(CaseId),
    Damaged(CaseId),
    /// The number lies too far beyond the cases on record.
    Far,
    Full,
    /// Nothing may be written any more.
    Lost(io::Error),
    Io(io::Error),
}

impl From<io::Error> for NoKey {
    fn from(error: io::Error) -> NoKey {
        NoKey::Io(error)
    }
}

impl NoKey {
    pub(super) fn into_append(self) -> AppendFault {
        match self {
            NoKey::Erased(case) => AppendFault::Erased(case),
            NoKey::Far => AppendFault::Unfit("the case's number lies far beyond the cases on record"),
            NoKey::Full => AppendFault::Full,
            NoKey::Damaged(case) => AppendFault::Lost(damaged(case)),
            NoKey::Lost(error) | NoKey::Io(error) => AppendFault::Lost(error),
        }
    }
}

/// Makes the file of a new journal.
pub(super) fn create(
    disk: &dyn Disk,
    secrets: &Secrets,
    entropy: &mut dyn Entropy,
    ahead: u32,
) -> io::Result<()> {
    if disk.len(NEW)?.is_some() {
        disk.remove(NEW)?;
    }
    disk.create(NEW)?;
    let mut bytes = slots::header(secrets).to_vec();
    bytes.extend_from_slice(&fresh(secrets, entropy, 1, u64::from(ahead) + 1));
    disk.write_at(NEW, 0, &bytes)?;
    disk.sync(NEW)?;
    disk.rename(NEW, slots::FILE)?;
    disk.sync_dir("")
}

impl Keyring {
    /// Takes the file up; its first slot and its length were checked. Slots behind the highest case on record that do
    /// not open (writing ahead was torn) are written again, so that a zero slot always means an erased case later.
    pub(super) fn open(
        disk: Arc<dyn Disk>,
        secrets: Secrets,
        mut entropy: Box<dyn Entropy>,
        ahead: u32,
        highest: u32,
    ) -> Result<Keyring, OpenFault> {
        let slots = slots::count(&*disk)?;
        let mut torn = Vec::new();
        if let Some(first) = highest.checked_add(1) {
            slots::each(&*disk, &secrets, first, slots, &mut |case, slot| match slot {
                Slot::Key(_) => {}
                Slot::Erased | Slot::Damaged => torn.push(case),
            })?;
        }
        for case in &torn {
            let slot = fresh(&secrets, &mut *entropy, *case, u64::from(*case) + 1);
            disk.write_at(slots::FILE, slots::offset(*case), &slot)?;
        }
        if !torn.is_empty() {
            disk.sync(slots::FILE)?;
        }
        let state = State { entropy, slots, highest, kept: BTreeMap::new(), lost: false };
        Ok(Keyring { disk, secrets, ahead, state: Mutex::new(state) })
    }

    pub(super) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Randomness for a seal.
    pub(super) fn nonce(&self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        self.state().entropy.fill(&mut nonce);
        nonce
    }

    /// The key to seal something of this case with; made and synced before, if the case is new.
    pub(super) fn to_seal(&self, case: CaseId) -> Result<Secret, NoKey> {
        let mut state = self.state();
        let number = case.number();
        if number > state.highest.saturating_add(LEAP) {
            return Err(NoKey::Far);
        }
        if u64::from(number) >= state.slots {
            self.extend(&mut state, number)?;
        }
        self.look_up(&mut state, case)
    }

    /// The key to open something of this case with.
    pub(super) fn to_open(&self, case: CaseId) -> Result<Secret, NoKey> {
        self.look_up(&mut self.state(), case)
    }

    /// Says that cases up to this number are on record now.
    pub(super) fn on_record(&self, highest: u32) {
        let mut state = self.state();
        state.highest = state.highest.max(highest);
    }

    /// Destroys a case's key for good. A case that is not on record yet gets another one: in its place zeros would read
    /// as a case that was erased. A key that is gone already costs one small read: zeros that can be seen are on disk, since
    /// opening syncs what it finds and every write here is synced before the next.
    pub(super) fn erase(&self, case: CaseId) -> Result<(), NoKey> {
        let mut state = self.state();
        refuse_if_lost(&state)?;
        let number = case.number();
        if u64::from(number) >= state.slots {
            return Ok(());
        }
        state.kept.remove(&number);
        let slot = if number > state.highest {
            fresh(&self.secrets, &mut *state.entropy, number, u64::from(number) + 1)
        } else if slots::is_erased(&*self.disk, number)? {
            return Ok(());
        } else {
            vec![0; SLOT]
        };
        let written = self.disk.write_at(slots::FILE, slots::offset(number), &slot);
        self.settle(&mut state, written)
    }

    /// Whether an earlier failure left it unknown what is on disk.
    pub(super) fn lost(&self) -> bool {
        self.state().lost
    }

    fn extend(&self, state: &mut State, number: u32) -> Result<(), NoKey> {
        refuse_if_lost(state)?;
        let first = u32::try_from(state.slots).map_err(|_| NoKey::Far)?;
        let end = u64::from(number.saturating_add(self.ahead)) + 1;
        let slots = fresh(&self.secrets, &mut *state.entropy, first, end);
        let written = self.disk.write_at(slots::FILE, slots::offset(first), &slots);
        self.settle(state, written)?;
        state.slots = end;
        Ok(())
    }

    /// Makes a write durable, or says what its failure means.
    fn settle(&self, state: &mut State, written: io::Result<()>) -> Result<(), NoKey> {
        match written {
            Err(error) if is_full(&error) => return Err(NoKey::Full),
            Err(error) => {
                state.lost = true;
                return Err(NoKey::Lost(error));
            }
            Ok(()) => {}
        }
        self.disk.sync(slots::FILE).map_err(|error| {
            state.lost = true;
            NoKey::Lost(error)
        })
    }

    fn look_up(&self, state: &mut State, case: CaseId) -> Result<Secret, NoKey> {
        if let Some(key) = state.kept.get(&case.number()) {
            return Ok(key.clone());
        }
        match slots::read(&*self.disk, &self.secrets, case.number())? {
            Slot::Erased => Err(NoKey::Erased(case)),
            Slot::Damaged => Err(NoKey::Damaged(case)),
            Slot::Key(key) => {
                if state.kept.len() >= KEPT {
                    state.kept.clear();
                }
                state.kept.insert(case.number(), key.clone());
                Ok(key)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that is done under the lock leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a disk refused for want of room.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// What every write answers after one whose outcome is unknown.
pub(super) fn lost_before() -> io::Error {
    io::Error::other("an earlier write failed; what is on disk is unknown")
}

/// What a reader says of a slot that does not open.
pub(super) fn damaged(case: CaseId) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, OpenFault::CaseKey(case).to_string())
}

/// The same, for a record that cannot be opened for it.
pub(super) fn unreadable(seq: u64, no_key: NoKey) -> ReadFault {
    match no_key {
        NoKey::Io(error) | NoKey::Lost(error) => ReadFault::Io(error),
        NoKey::Damaged(case) | NoKey::Erased(case) => ReadFault::Damaged {
            seq: Seq(seq),
            what: format!("the slot of {case} in \"keys\" does not open"),
        },
        NoKey::Far | NoKey::Full => ReadFault::Damaged { seq: Seq(seq), what: "it has no key".to_owned() },
    }
}

fn refuse_if_lost(state: &State) -> Result<(), NoKey> {
    if state.lost { Err(NoKey::Lost(lost_before())) } else { Ok(()) }
}

/// Slots with new keys for the cases `from..end`.
fn fresh(secrets: &Secrets, entropy: &mut dyn Entropy, from: u32, end: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let cases = (from..=u32::MAX).take_while(|case| u64::from(*case) < end);
    for case in cases {
        let mut random = [0; 16];
        entropy.fill(&mut random);
        let mut key = Secret([0; 32]);
        entropy.fill(&mut key.0);
        bytes.extend_from_slice(&secrets.wrap(case, &random, &key));
    }
    bytes
}
