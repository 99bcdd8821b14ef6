//! The journal: append-only files of sealed records in one hash chain, the keys that open them, and their erasure.
//!
//! `docs/journal-format.md` is the page on the stored form. From the outside in: [`FileJournal`] over a
//! [`Disk`](crate::ports::Disk), [`MemoryJournal`] for trials, [`verify`] and [`export`] for whoever holds no lock,
//! [`Sealer`] for workers. Pure over its ports: no path, no clock, no randomness of its own.

mod batch;
mod body;
mod chain;
mod copy;
mod data_key;
mod export;
mod fault;
mod file;
mod keyring;
mod memory;
mod open;
mod recent;
mod record;
mod seal;
mod sealer;
mod segment;
mod slots;
mod tail;
mod verify;
mod walk;

#[cfg(test)]
mod crash;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod roundtrip;
#[cfg(test)]
pub(crate) mod sim;
#[cfg(test)]
mod story;
#[cfg(test)]
pub(crate) mod suite;

pub use copy::{Extent, Keys, extent, keys};
pub use data_key::{DataKey, DataKeyFault};
pub use export::{Export, export};
pub use fault::OpenFault;
pub use file::FileJournal;
pub use memory::MemoryJournal;
pub use open::{Opened, Options};
pub use sealer::{SealFault, Sealer};
pub use tail::Cut;
pub use verify::{Unfinished, Verified, verify};
