//! Opening a journal: makes a new one, or finds out whether what is there is what was written.
//!
//! Everything is looked at before anything is changed; a refused opening leaves all as it was.

use std::sync::Arc;

use super::chain::{Chain, Walked};
use super::data_key::DataKey;
use super::fault::OpenFault;
use super::file::{FileJournal, Unmade, first_header, write_segment};
use super::keyring::{self, Keyring};
use super::seal::Secrets;
use super::segment::{self, DIR, HEADER, Segment};
use super::slots;
use super::tail::{self, Cut, Torn};
use crate::case::CaseId;
use crate::ports::{Disk, Entropy, Hash, Head, Journal, Place, Seq};

/// How a journal is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// A segment grows to this many bytes before the next one begins; a batch is never split.
    pub segment_size: u64,
    /// For how many cases keys are written and synced ahead of use.
    pub keys_ahead: u32,
    /// Check only what stands behind this record, which the caller believes; the rest is left to [`super::verify`] and
    /// [`FileJournal::check_keys`]. `None` checks everything.
    pub trusted: Option<(Place, Head)>,
}

impl Default for Options {
    fn default() -> Options {
        Options { segment_size: 64 << 20, keys_ahead: 1024, trusted: None }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// There was none; it was made now.
    pub new: bool,
    /// The end of the chain.
    pub head: Head,
    /// How many records were checked.
    pub checked: u64,
    /// The highest case number that any record mentions.
    pub highest: Option<CaseId>,
    /// Remains of a batch that was never acknowledged, set aside.
    pub cut: Option<Cut>,
    /// The cases on record without a key; `None` if only the end was checked. Whether their purge is on record is for
    /// the desk to say.
    pub erased: Option<Vec<CaseId>>,
}

impl FileJournal {
    /// Opens the journal of a directory, or makes one where there is none. `remembered` are heads that somebody has kept:
    /// each must stand in the chain.
    pub fn open(
        disk: Arc<dyn Disk>,
        data_key: &DataKey,
        mut entropy: Box<dyn Entropy>,
        remembered: &[Head],
        options: Options,
    ) -> Result<(FileJournal, Opened), OpenFault> {
        let mut segments = segment::list(&*disk)?;
        let begun = segments.is_empty();
        if begun {
            segments = vec![begin(&*disk, &mut *entropy, remembered)?];
        }
        let id = segments.first().map_or([0; 16], |first| first.header.id);
        let secrets = Secrets::new(data_key, id);
        let new = disk.len(slots::FILE)?.is_none();
        if new {
            may_begin(&*disk, &segments)?;
            if !begun {
                disk.sync_dir(DIR)?;
            }
            // Before `keys` is there: with `keys` alone the journal would be gone.
            disk.sync_dir("")?;
            keyring::create(&*disk, &secrets, &mut *entropy, options.keys_ahead)?;
        }
        slots::check_header(&*disk, &secrets)?;

        let mut found = look(&*disk, segments, remembered, &options, &secrets)?;
        let cut = match &found.torn {
            None if new => None,
            None => {
                settle(&*disk, &found.walked.chain)?;
                None
            }
            Some(torn) => Some(tail::set_aside(&*disk, torn)?),
        };
        if !new {
            disk.sync_dir("")?;
            disk.sync(slots::FILE)?;
        }
        if let (Some(torn), Some(last)) = (&found.torn, found.walked.chain.segments.last_mut()) {
            last.len = torn.offset;
        }
        let Walked { chain, records, .. } = found.walked;
        let highest = chain.link.highest;
        let keyring = Keyring::open(Arc::clone(&disk), secrets, entropy, options.keys_ahead, highest)?;
        let journal = FileJournal::new(disk, keyring, chain, options.segment_size);
        let opened = Opened {
            new,
            head: journal.head(),
            checked: records,
            highest: CaseId::new(highest),
            cut,
            erased: found.erased,
        };
        Ok((journal, opened))
    }
}

struct Found {
    walked: Walked,
    torn: Option<Torn>,
    erased: Option<Vec<CaseId>>,
}

/// Checks everything that is to be checked, and changes nothing.
fn look(
    disk: &dyn Disk,
    segments: Vec<Segment>,
    remembered: &[Head],
    options: &Options,
    secrets: &Secrets,
) -> Result<Found, OpenFault> {
    let walked = Chain::walk(disk, segments, options.trusted)?;
    let torn = tail::judge(disk, &walked, remembered)?;
    for head in remembered {
        if !walked.chain.holds(disk, *head)? {
            return Err(OpenFault::Forgotten(*head, walked.chain.head()));
        }
    }
    let highest = walked.chain.link.highest;
    let erased = match options.trusted {
        None => Some(slots::check(disk, secrets, highest)?),
        Some(_) => {
            slots::check_length(disk, highest)?;
            None
        }
    };
    Ok(Found { walked, torn, erased })
}

/// Makes the first segment of a new journal, unless something says that this is none.
fn begin(disk: &dyn Disk, entropy: &mut dyn Entropy, remembered: &[Head]) -> Result<Segment, OpenFault> {
    let set_aside = disk.list(DIR)?.iter().any(|name| tail::is_cut(name));
    if set_aside || disk.len(slots::FILE)?.is_some() {
        return Err(OpenFault::Gone);
    }
    if let Some(head) = remembered.first() {
        let empty = Head { seq: Seq(0), hash: Hash([0; 32]) };
        return Err(OpenFault::Forgotten(*head, empty));
    }
    let mut id = [0; 16];
    entropy.fill(&mut id);
    match write_segment(disk, &first_header(id)) {
        Ok(segment) => Ok(segment),
        Err(Unmade::Full) => Err(OpenFault::Io(std::io::ErrorKind::StorageFull.into())),
        Err(Unmade::Io(error)) => Err(OpenFault::Io(error)),
    }
}

/// Makes durable what was found: a process that was killed may have left it in the system's memory only, and nothing may
/// be built on what a power cut can still take away.
fn settle(disk: &dyn Disk, chain: &Chain) -> Result<(), OpenFault> {
    disk.sync_dir(DIR)?;
    if let Some(last) = chain.segments.last() {
        disk.sync(&last.file())?;
    }
    Ok(())
}

/// Whether `keys` may be made: only beside a journal that nothing was appended to yet, when a crash came between the two.
/// Otherwise a missing file is lost.
fn may_begin(disk: &dyn Disk, segments: &[Segment]) -> Result<(), OpenFault> {
    let untouched = matches!(segments, [only] if only.len == HEADER as u64);
    let set_aside = disk.list(DIR)?.iter().any(|name| tail::is_cut(name));
    if untouched && !set_aside { Ok(()) } else { Err(OpenFault::KeysMissing) }
}
