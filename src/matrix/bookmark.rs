//! How far was read, on its way to the disk: of what comes in a second the newest, for each time waits for the disk, and answers wait
//! behind it. Where it is not written, what lies behind is read again at the next start, and known.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::cursor::Cursor;
use super::inbound::now;
use super::keep::Keep;
use crate::ops::OsEntropy;
use crate::ops::failpoint::{Point, reach};

/// The name under which it is kept.
pub const CURSOR: &str = "cursor";
/// How much time lies between two writes.
const REST: Duration = Duration::from_secs(1);

/// What is to be written, and when something was.
pub struct Bookmark {
    keep: Arc<Keep>,
    waits: Option<Cursor>,
    written: Option<Instant>,
}

impl Bookmark {
    /// Of which nothing is to be written yet.
    pub fn new(keep: Arc<Keep>) -> Bookmark {
        Bookmark { keep, waits: None, written: None }
    }

    /// Everything up to there is handled and answered.
    pub fn put(&mut self, cursor: Cursor) {
        self.waits = Some(cursor);
    }

    /// In how long something is to be written; nothing if there is nothing to write.
    pub fn due(&self) -> Option<Duration> {
        self.waits.as_ref()?;
        Some(self.written.map_or(Duration::ZERO, |written| REST.saturating_sub(written.elapsed())))
    }

    /// Writes it if its time has come.
    pub async fn write_if_due(&mut self) {
        if self.due() == Some(Duration::ZERO) {
            self.write().await;
        }
    }

    /// Writes what is to be written.
    pub async fn write(&mut self) {
        let Some(cursor) = self.waits.take() else { return };
        let keep = Arc::clone(&self.keep);
        let written = tokio::task::spawn_blocking(move || {
            reach(Point::PlaceMoving);
            let written = keep.put(CURSOR, &cursor, &mut OsEntropy);
            reach(Point::PlaceMoved);
            written
        });
        match written.await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!("how far was read cannot be written down: {fault}"),
            Err(_) => tracing::error!("how far was read was not written down"),
        }
        self.written = Some(now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::DataKey;
    use crate::scratch::Scratch;

    #[tokio::test]
    async fn of_what_comes_in_a_second_the_newest_is_written() {
        let dir = Scratch::new();
        crate::disk::make_dir(&dir.join(super::super::keep::DIR)).unwrap();
        let keep = Arc::new(Keep::of(&dir, &DataKey::make(&mut OsEntropy)));
        let kept = || keep.get::<Cursor>(CURSOR).unwrap().map(|cursor| cursor.token);
        let mut mark = Bookmark::new(Arc::clone(&keep));
        assert_eq!(mark.due(), None);
        mark.put(Cursor::at("one".to_owned()));
        mark.write_if_due().await;
        assert_eq!((kept().as_deref(), mark.due()), (Some("one"), None));
        for token in ["two", "three"] {
            mark.put(Cursor::at(token.to_owned()));
            mark.write_if_due().await;
        }
        assert!(mark.due().is_some_and(|due| due <= REST));
        assert_eq!(kept().as_deref(), Some("one"), "it was written a moment ago");
        mark.write().await;
        assert_eq!((kept().as_deref(), mark.due()), (Some("three"), None));
    }
}
