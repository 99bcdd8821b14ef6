//! docket in its encrypted room, on a real Synapse: the program as people start it, and clients that encrypt as theirs do.
//!
//! Synapse is installed once below `target/` and serves this one run; each test has people and a room of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test says what it expects by failing, looks at real files and clocks, and tells what the long run came to"
)]

mod alone;
mod behind;
#[path = "../chance/mod.rs"]
mod chance;
mod docket;
mod forger;
mod holding;
mod mortal;
mod person;
mod proxy;
mod server;
mod shield;
mod terminal;
mod told;
mod wire;

mod ahead;
mod beside;
mod broken;
mod canaries;
mod changed;
mod client;
mod crowd;
mod discreet;
mod doctor;
mod faults;
mod federation;
mod files;
mod hidden;
mod hostile;
mod kills;
mod leaving;
mod mending;
mod notice_kills;
mod notice_last;
mod notices;
mod posts;
mod rolled_back;
mod room;
mod sas;
mod setup;
mod starting;
// A release has no points at which it could be told to die.
#[cfg(debug_assertions)]
mod letter_stops;
#[cfg(debug_assertions)]
mod notice_rooms;
#[cfg(debug_assertions)]
mod steps;
#[cfg(debug_assertions)]
mod steps_beside;
#[cfg(debug_assertions)]
mod steps_notice;
#[cfg(debug_assertions)]
mod steps_visit;
mod token;
mod trying;
mod unread;
mod verbs;
mod visits;
mod watch;
