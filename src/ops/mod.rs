//! Running docket on a machine: what the operator and the system see of it.

pub mod control;
pub mod home;
pub mod ledger;
mod lock;
mod outside;
pub mod secret;

pub use home::Home;
pub use lock::{Lock, LockFault};
pub use outside::{OsEntropy, SystemClock};
