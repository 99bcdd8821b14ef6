//! The machine's clock and randomness.
#![allow(clippy::disallowed_methods, reason = "here the machine's time enters")]

use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};

use crate::ports::{Clock, Entropy};

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        // A machine whose clock stands before 1970 gets 1970: nothing on file can be older.
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Stands still while the machine sleeps: whoever wakes it looks at its clock.
    fn steady(&self) -> Option<Duration> {
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        Some(BEGAN.elapsed())
    }
}

/// The machine's source of randomness.
#[derive(Clone, Copy, Debug)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&mut self, buffer: &mut [u8]) {
        // Without randomness no key can be made, and nothing may go on as if one had been.
        if let Err(fault) = getrandom::fill(buffer) {
            tracing::error!("the system gives no randomness: {fault}");
            std::process::abort();
        }
    }
}
