//! docket in its encrypted room, on a real Synapse: the program as people start it, and clients that encrypt as theirs do.
//!
//! Synapse is installed once below `target/` and serves this one run; each test has people and a room of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test says what it expects by failing, and looks at real files and clocks"
)]

mod behind;
mod docket;
mod forger;
mod person;
mod proxy;
mod server;
mod wire;

mod faults;
mod hidden;
mod hostile;
mod room;
mod setup;
