//! The time of a rehearsal: what a clock says, moved forward by hand.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::ports::Clock;

/// A clock that can be moved forward. Clones move together.
#[derive(Clone)]
pub struct RehearsalClock {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    base: Box<dyn Clock>,
    moved: TimeDelta,
}

/// A clock that stands still.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn steady(&self) -> Option<Duration> {
        Some(Duration::ZERO)
    }
}

impl RehearsalClock {
    /// Starts where `base` is.
    pub fn new(base: Box<dyn Clock>) -> RehearsalClock {
        RehearsalClock { inner: Arc::new(Mutex::new(Inner { base, moved: TimeDelta::zero() })) }
    }

    /// Moves to `then`, if that is later than now.
    pub fn advance_to(&self, then: DateTime<Utc>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let ahead = then - (inner.base.now() + inner.moved);
        if ahead > TimeDelta::zero() {
            inner.moved += ahead;
        }
    }
}

impl Clock for RehearsalClock {
    fn now(&self) -> DateTime<Utc> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.base.now() + inner.moved
    }

    /// Moved with the other one: a clock that is moved by hand is right.
    fn steady(&self) -> Option<Duration> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Some(inner.base.steady()? + inner.moved.to_std().ok()?)
    }
}
