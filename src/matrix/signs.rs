//! Signs of life: when the homeserver was heard and a message was read, for whoever asks how docket is. Remembered in memory only.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::ops::SystemClock;
use crate::ports::Clock;

/// What is remembered.
#[derive(Clone, Copy, Debug)]
pub struct Sign {
    /// Since when docket runs.
    pub began: DateTime<Utc>,
    /// When the homeserver was heard last.
    pub heard: Option<DateTime<Utc>>,
    /// When a message of somebody was decrypted last.
    pub read: Option<DateTime<Utc>>,
    /// How many messages wait for their key.
    pub late: usize,
}

/// Where it is put down and looked at.
#[derive(Debug)]
pub struct Signs(Mutex<Sign>);

impl Signs {
    /// Nothing was heard yet.
    pub fn new() -> Signs {
        Signs(Mutex::new(Sign { began: SystemClock.now(), heard: None, read: None, late: 0 }))
    }

    /// The homeserver was heard; so many messages wait for their key.
    pub fn heard(&self, late: usize) {
        let now = SystemClock.now();
        self.change(|sign| (sign.heard, sign.late) = (Some(now), late));
    }

    /// A message of somebody was decrypted.
    pub fn read(&self) {
        let now = SystemClock.now();
        self.change(|sign| sign.read = Some(now));
    }

    /// What is known now.
    pub fn now(&self) -> Sign {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Sign)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Default for Signs {
    fn default() -> Signs {
        Signs::new()
    }
}
