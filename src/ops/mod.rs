//! Running docket on a machine: what the operator and the system see of it.

pub mod archive;
pub mod backup;
pub mod control;
mod erasures;
pub mod failpoint;
pub mod home;
pub mod identity;
pub mod instance;
pub mod ledger;
mod lock;
pub mod on_host;
mod outside;
pub mod report;
pub mod restore;
pub mod secret;
mod unpack;

pub use erasures::{Erasures, LIST};
pub use home::Home;
pub use lock::{Lock, LockFault};
pub use outside::{OsEntropy, SystemClock};
