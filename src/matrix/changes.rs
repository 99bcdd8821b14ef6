//! Whether identities or devices have changed since the last look, as the library tells it: looking at everybody takes dozens of reads, and
//! nearly always finds what it found before.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{FutureExt, Stream, StreamExt};
use matrix_sdk::Client;

use super::inbound::now;
use super::people::Recognised;

/// How long nobody looks though nothing seems to have changed: a stream of so many changes at once that it lost some says nothing.
const LONGEST: Duration = Duration::from_secs(60);

/// Tells that something has changed.
type Told = Pin<Box<dyn Stream<Item = ()> + Send>>;

/// What was found at the last look, and what tells of changes.
pub struct Changes {
    /// Whom the desk recognised then.
    pub known: Recognised,
    looked: Option<Instant>,
    /// Never locked: who looks has it alone. Without it a task that holds this could not be given to another thread.
    streams: Mutex<[Told; 2]>,
    /// Something changed, or nobody has looked yet, or not everything could be done.
    pending: bool,
}

impl Changes {
    /// From now on. At first everything counts as changed.
    pub async fn of(client: &Client) -> anyhow::Result<Changes> {
        let encryption = client.encryption();
        let devices = encryption.devices_stream().await?.map(drop);
        let identities = encryption.user_identities_stream().await?.map(drop);
        Ok(Changes {
            known: Recognised::new(),
            looked: None,
            streams: Mutex::new([Box::pin(devices), Box::pin(identities)]),
            pending: true,
        })
    }

    /// Whether to look; `by_now` is whom the desk recognises.
    pub fn is_to_be_looked_at(&mut self, by_now: &Recognised) -> bool {
        for stream in self.streams.get_mut().unwrap_or_else(PoisonError::into_inner) {
            while stream.next().now_or_never().flatten().is_some() {
                self.pending = true;
            }
        }
        self.pending || *by_now != self.known || self.looked.is_none_or(|looked| looked.elapsed() >= LONGEST)
    }

    /// Everybody was looked at; what was told of before that is over, if all could be done.
    pub fn looked(&mut self, known: Recognised, is_whole: bool) {
        (self.known, self.looked, self.pending) = (known, Some(now()), !is_whole);
    }
}
