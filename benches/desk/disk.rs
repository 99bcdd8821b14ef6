//! Disks whose syncs cost what a row wants to know about: nothing, or some milliseconds more than the real one's.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use docket::disk::RealDisk;
use docket::ports::Disk;

/// The real disk with other syncs.
pub struct Paced {
    real: RealDisk,
    /// `None`: nothing is synced at all. Otherwise the real sync, and so much more.
    more: Option<Duration>,
}

impl Paced {
    pub fn unsynced(dir: &Path) -> Arc<dyn Disk> {
        Arc::new(Paced { real: RealDisk::new(dir), more: None })
    }

    pub fn slower_by(dir: &Path, more: Duration) -> Arc<dyn Disk> {
        Arc::new(Paced { real: RealDisk::new(dir), more: Some(more) })
    }

    fn pace(&self, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let Some(more) = self.more else { return Ok(()) };
        if !more.is_zero() {
            std::thread::sleep(more);
        }
        sync()
    }
}

impl Disk for Paced {
    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        self.real.list(dir)
    }
    fn len(&self, name: &str) -> io::Result<Option<u64>> {
        self.real.len(name)
    }
    fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.real.read_at(name, offset, buffer)
    }
    fn create(&self, name: &str) -> io::Result<()> {
        self.real.create(name)
    }
    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.real.write_at(name, offset, bytes)
    }
    fn set_len(&self, name: &str, len: u64) -> io::Result<()> {
        self.real.set_len(name, len)
    }
    fn sync(&self, name: &str) -> io::Result<()> {
        self.pace(|| self.real.sync(name))
    }
    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        self.pace(|| self.real.sync_dir(dir))
    }
    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.real.rename(from, to)
    }
    fn remove(&self, name: &str) -> io::Result<()> {
        self.real.remove(name)
    }
}
