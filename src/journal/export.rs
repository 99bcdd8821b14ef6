//! Reads every record of a live directory in order, opened with the data key; without a lock, changing nothing.

use std::collections::VecDeque;
use std::sync::Arc;

use super::body;
use super::chain::{Chain, parse_at};
use super::data_key::DataKey;
use super::fault::OpenFault;
use super::keyring::NoKey;
use super::seal::{Secret, Secrets, Slot};
use super::{segment, slots, tail};
use crate::case::CaseId;
use crate::ports::{Disk, Head, Place, ReadFault, Record, Seq};

/// How many places are looked up at once.
const AHEAD: usize = 256;

/// The records of a journal up to its last complete one, each opened as far as its keys exist. Made by [`export`].
pub struct Export {
    disk: Arc<dyn Disk>,
    secrets: Secrets,
    chain: Chain,
    next: Seq,
    places: VecDeque<Place>,
    failed: bool,
}

/// Checks the chain, then gives its records. Needs no lock: what is being appended meanwhile stays out of sight.
pub fn export(disk: Arc<dyn Disk>, data_key: &DataKey) -> Result<Export, OpenFault> {
    let segments = segment::list(&*disk)?;
    let Some(first) = segments.first() else {
        return Err(OpenFault::Nothing);
    };
    let secrets = Secrets::new(data_key, first.header.id);
    if disk.len(slots::FILE)?.is_none() {
        return Err(OpenFault::KeysMissing);
    }
    slots::check_header(&*disk, &secrets)?;
    let mut walked = Chain::walk(&*disk, segments, None)?;
    if let (Some(torn), Some(last)) = (tail::judge(&*disk, &walked, &[])?, walked.chain.segments.last_mut()) {
        last.len = torn.offset;
    }
    Ok(Export { disk, secrets, chain: walked.chain, next: Seq(1), places: VecDeque::new(), failed: false })
}

impl Export {
    /// The last record that it will give.
    pub fn head(&self) -> Head {
        self.chain.head()
    }

    fn look_ahead(&mut self) -> Result<(), ReadFault> {
        let mut places = VecDeque::new();
        self.chain.scan(&*self.disk, self.next, &mut |outline| {
            places.push_back(outline.place);
            if places.len() < AHEAD {
                std::ops::ControlFlow::Continue(())
            } else {
                std::ops::ControlFlow::Break(())
            }
        })?;
        self.next = Seq(self.next.0 + places.len() as u64);
        self.places = places;
        Ok(())
    }

    fn open(&self, place: Place) -> Result<Record, ReadFault> {
        let bytes = self.chain.bytes_at(&*self.disk, place)?;
        let view = parse_at(&bytes)?;
        body::open_all(&self.secrets, &|case| self.key(case), &view, place)
    }

    fn key(&self, case: CaseId) -> Result<Secret, NoKey> {
        match slots::read(&*self.disk, &self.secrets, case.number())? {
            Slot::Key(key) => Ok(key),
            Slot::Erased => Err(NoKey::Erased(case)),
            Slot::Damaged => Err(NoKey::Damaged(case)),
        }
    }
}

impl Iterator for Export {
    type Item = Result<Record, ReadFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        if self.places.is_empty()
            && let Err(fault) = self.look_ahead()
        {
            self.failed = true;
            return Some(Err(fault));
        }
        let place = self.places.pop_front()?;
        let record = self.open(place);
        self.failed = record.is_err();
        Some(record)
    }
}
