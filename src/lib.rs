//! docket keeps the docket of legal and abuse requests for a Matrix homeserver.
//!
//! The map of the house. Direction: `main -> adapters -> desk -> {chat, policy} -> case`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod case;
#[cfg(feature = "shell")]
pub mod data_key;
#[cfg(feature = "shell")]
pub mod disk;
pub mod journal;
pub mod ports;
