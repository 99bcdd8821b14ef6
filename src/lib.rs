//! docket keeps the docket of legal and abuse requests for a Matrix homeserver.
//!
//! # The map of the house
//!
//! A line that somebody types goes down this list and comes back up as messages:
//!
//! | where | what |
//! |---|---|
//! | [`rehearsal`] | `docket try`: lines in, items to show out |
//! | `matrix` | the encrypted room, beside it: events in, messages out (feature `shell`) |
//! | [`desk`] | the one writer: input → command → events → journal → index → messages owed |
//! | [`chat`] | text → what is asked ([`chat::hear`]); what happened → text ([`chat::render`], [`chat::text`]) |
//! | [`report`] | what cases add up to in a half-year, small numbers hidden; beside `policy`, over `case` |
//! | [`policy`] | which kinds of request there are, what each must say, why one can be refused |
//! | [`case`] | the case, its commands and events; **every rule stands in [`case::decide`]** |
//!
//! What the desk needs from outside stands in [`ports`], each as a role. Who plays it:
//!
//! | port | in the core | on a machine (feature `shell`) |
//! |---|---|---|
//! | `Journal` | [`journal::MemoryJournal`], [`journal::FileJournal`] over a `Disk` | |
//! | `Index` | [`store::MemoryIndex`] | `store::SledIndex`, with memory behind it (`store::SteadyIndex`) |
//! | `Files` | [`files::MemoryFiles`], [`files::SealedFiles`] over a `Disk` | |
//! | `Disk` | a simulated one, in the tests | `disk::RealDisk` |
//! | `Clock`, `Entropy` | fixed ones, in the tests | `ops::SystemClock`, `ops::OsEntropy` |
//!
//! `config` reads the configuration ([`yaml`] finds each mistake's place), `ops` runs docket on a machine: data directory,
//! lock, `control.sock`, journal commands, backup. `main.rs` is the command line.
//!
//! # What must stay true
//!
//! - `main → adapters → desk → chat → policy → case`, never back; adapters never import each other. Without the feature
//!   `shell` the core builds alone, and the compiler keeps files, threads of time and randomness out of it.
//! - `decide` holds every rule and changes nothing; `apply` changes the case and holds none.
//! - Journal, fsync, index, answer: in that order. Nothing is acknowledged that is not on disk.
//! - Text from outside enters a message through [`chat::page::Line::theirs`] and nowhere else.
//!
//! `docs/architecture.md` tells the same at length, `docs/decisions/` why.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod case;
pub mod chat;
#[cfg(feature = "shell")]
pub mod config;
pub mod desk;
#[cfg(feature = "shell")]
pub mod disk;
pub mod files;
pub mod journal;
#[cfg(feature = "shell")]
pub mod matrix;
#[cfg(feature = "shell")]
pub mod ops;
pub mod policy;
pub mod ports;
pub mod rehearsal;
pub mod report;
#[cfg(all(test, feature = "shell"))]
mod scratch;
pub mod store;
pub mod yaml;
