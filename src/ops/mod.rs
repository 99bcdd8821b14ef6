//! Running docket on a machine: what the operator and the system see of it.

mod lock;

pub use lock::{Lock, LockFault};
