//! docket keeps the docket of legal and abuse requests for a Matrix homeserver.
//!
//! The map of the house. Direction: `main -> adapters -> desk -> {chat, policy} -> case`.
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
pub mod ops;
pub mod policy;
pub mod ports;
pub mod rehearsal;
pub mod store;
pub mod yaml;
