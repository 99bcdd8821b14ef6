//! The index in sled: when to believe it, when to throw it away, and the port over it.
//!
//! It knows marks and heads; the bytes are told in its siblings. It is never the truth, and nothing of it is durable before
//! `close`: an index that was not closed is not opened again but rebuilt.

mod behind;
mod believed;
mod blocks;
mod engine;
mod gather;
mod home;
mod mark;
mod postings;
mod seal;
mod stored;
mod tide;
mod values;

use std::cell::Cell;
use std::path::Path;

use zeroize::Zeroizing;

use self::behind::Turned;
pub use self::believed::Believed;
use self::engine::Engine;
use self::gather::Gather;
use self::home::Home;
use self::mark::{Built, Mark, Unread};
use self::seal::RootKeys;
use crate::case::Scope;
use crate::ports::{Changes, Facet, Head, Index, IndexFault};

/// What an operator or a test may set.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Bytes of stored pages that sled keeps in memory.
    pub cache: u64,
    /// Bytes of postings that a rebuild gathers in memory before it writes them out.
    pub gather: usize,
    /// Bytes of files below which an index is not rebuilt for having grown.
    pub least: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { cache: 16 << 20, gather: 96 << 20, least: 64 << 20 }
    }
}

/// An index in sled, below one directory. One process at a time: whoever opens it holds the data directory's lock.
pub struct SledIndex {
    home: Home,
    keys: RootKeys,
    options: Options,
    engine: Option<Engine>,
    head: Option<Head>,
    last_seen: Option<Head>,
    /// What it took when it was last rebuilt.
    built: Option<Built>,
    rebuild: Option<Rebuild>,
    /// The mark on disk says that it is in use. Until then it is only read from, and a kill leaves it as it was found.
    marked: bool,
    /// Set by the first fault, also of a mere question: what failed once is not asked again.
    spoilt: Cell<bool>,
}

#[derive(Default)]
struct Rebuild {
    gather: Gather,
    /// Some of it has been written out already.
    poured: bool,
}

impl SledIndex {
    /// Opens the index in a directory (made if missing) under a key drawn from the data key, and says whether to believe it.
    /// A fault means that not even an empty one can be had there.
    pub fn open(
        dir: &Path,
        key: Zeroizing<[u8; 32]>,
        options: Options,
    ) -> Result<(SledIndex, Believed), IndexFault> {
        let mut index = SledIndex {
            home: Home::new(dir)?,
            keys: RootKeys::new(&key),
            options,
            engine: None,
            head: None,
            last_seen: None,
            built: None,
            rebuild: None,
            marked: false,
            spoilt: Cell::new(false),
        };
        let mut believed = index.examine();
        index.last_seen = believed.last_seen();
        if let Believed::Yes(head) = believed {
            match index.start_engine() {
                Ok(engine) => {
                    index.engine = Some(engine);
                    index.head = Some(head);
                }
                Err(fault) => {
                    believed = Believed::Damaged { what: fault.0, last_seen: Some(head) };
                }
            }
        }
        Ok((index, believed))
    }

    /// Marks it as in use: from here to `close` a kill leaves that behind, and the next start rebuilds. Call it once the
    /// journal has been judged, so that a refused start costs no good index. Where the mark cannot be written (a full disk)
    /// the index can still be read; the first change asks for the mark again.
    pub fn take_up(&mut self) {
        if self.head().is_some()
            && let Err(fault) = self.mark_open()
        {
            tracing::warn!("{fault}; it is only read from");
        }
    }

    /// How many bytes it takes on disk. sled rewrites little of what changes have left behind: after some 400,000 changes it
    /// is six times what a rebuild makes of it, and stays there. A rebuild is what makes it small again; a start brings one
    /// when it finds it outgrown.
    pub fn size(&self) -> Result<u64, IndexFault> {
        self.home.size().map_err(|fault| IndexFault(fault.to_string()))
    }

    /// Compares the files with the mark, before sled sees any of them.
    fn examine(&mut self) -> Believed {
        let damaged = |what: String, last_seen| Believed::Damaged { what, last_seen };
        let mark = match self.home.mark() {
            Ok(Some(bytes)) => Mark::read(&bytes, &self.keys),
            Ok(None) => {
                return match self.home.is_empty() {
                    Ok(true) => Believed::New,
                    Ok(false) => damaged("its mark is missing".into(), None),
                    Err(fault) => damaged(fault.to_string(), None),
                };
            }
            Err(fault) => return damaged(fault.to_string(), None),
        };
        let (head, built, expected) = match mark {
            Ok(Mark::Clean(head, built, sums)) => (head, built, sums),
            Ok(Mark::Open(last_seen)) => return Believed::NotClosed { last_seen },
            Err(Unread::OtherFormat) => return Believed::OlderFormat,
            Err(Unread::Damaged) => return damaged("its mark is not what was written".into(), None),
        };
        let found = match self.home.sums() {
            Ok(found) => found,
            Err(fault) => return damaged(fault.to_string(), Some(head)),
        };
        let odd = expected.keys().chain(found.keys()).find(|name| expected.get(*name) != found.get(*name));
        match odd {
            Some(name) => return damaged(format!("{name} is not what it was"), Some(head)),
            None => self.built = built,
        }
        let bytes = found.values().map(|sum| sum.len).sum();
        match built.filter(|built| built.is_outgrown(bytes, head, self.options.least)) {
            Some(built) => Believed::Outgrown { bytes, built: built.bytes, last_seen: head },
            None => Believed::Yes(head),
        }
    }

    fn start_engine(&self) -> Result<Engine, IndexFault> {
        let stored = self.home.key().map_err(|fault| IndexFault(fault.to_string()))?;
        let stored = stored.ok_or_else(|| IndexFault("its key is missing".into()))?;
        let sealer = self.keys.unwrap(&stored)?;
        Engine::open(&self.home.sled(), self.options.cache, sealer)
    }

    fn mark_open(&mut self) -> Result<(), IndexFault> {
        self.home.write_mark(&Mark::Open(self.last_seen).write(&self.keys))?;
        self.marked = true;
        Ok(())
    }

    fn engine(&self) -> Result<&Engine, IndexFault> {
        self.engine.as_ref().filter(|_| !self.spoilt.get()).ok_or_else(unbuilt)
    }

    /// Remembers a fault: what failed once is asked no more.
    fn watch<T>(&self, result: Result<T, IndexFault>) -> Result<T, IndexFault> {
        if result.is_err() {
            self.spoilt.set(true);
        }
        result
    }

    fn engine_mut(&mut self) -> Result<&mut Engine, IndexFault> {
        let spoilt = self.spoilt.get();
        self.engine.as_mut().filter(|_| !spoilt).ok_or_else(unbuilt)
    }

    fn write(&mut self, changes: Changes) -> Result<(), IndexFault> {
        let engine = self.engine()?;
        let mut turned = Turned { put: changes.put.into_iter().collect(), ..Turned::default() };
        let turns =
            changes.drop.iter().map(|turn| (turn, false)).chain(changes.add.iter().map(|turn| (turn, true)));
        for ((facet, number), enters) in turns {
            turned.lists.entry(engine.facet(facet)).or_default().insert(*number, enters);
        }
        engine.push(turned)
    }

    fn pour(&mut self, mut rebuild: Rebuild) -> Result<Rebuild, IndexFault> {
        self.engine_mut()?.pour(&mut rebuild.gather, !rebuild.poured)?;
        rebuild.poured = true;
        Ok(rebuild)
    }

    fn take_in(&mut self, put: &[(Scope, Vec<u8>)], add: &[(Facet, u64)]) -> Result<(), IndexFault> {
        let mut rebuild = self.rebuild.take().ok_or_else(unbuilt)?;
        let limit = self.options.gather;
        let engine = self.engine_mut()?;
        engine.put(put.iter().map(|(scope, value)| (*scope, value.as_slice())))?;
        // The places of one case come one behind the other: their list is hashed once.
        for run in add.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((facet, _)) = run.first() else { continue };
            let hash = engine.facet(facet);
            for (_, number) in run {
                rebuild.gather.add(hash, *number);
            }
        }
        if rebuild.gather.size() > limit {
            rebuild = self.pour(rebuild)?;
        }
        self.rebuild = Some(rebuild);
        Ok(())
    }

    fn start_over(&mut self) -> Result<(), IndexFault> {
        self.head = None;
        self.built = None;
        self.rebuild = None;
        if let Some(engine) = self.engine.take() {
            engine.release()?;
        }
        // What goes makes room for the mark. A stop in between leaves files that are not what the old mark says.
        self.home.clear()?;
        self.mark_open()?;
        let (sealer, stored) = self.keys.fresh()?;
        self.home.write_key(&stored)?;
        self.engine = Some(Engine::open(&self.home.sled(), self.options.cache, sealer)?);
        self.rebuild = Some(Rebuild::default());
        self.spoilt.set(false);
        Ok(())
    }

    fn shut(&mut self) -> Result<(), IndexFault> {
        let head = self.head();
        let Some(engine) = self.engine.take() else {
            return Ok(());
        };
        let Some(head) = head else {
            // Half built or spoilt: the mark keeps saying so.
            return self.discard(engine);
        };
        engine.close()?;
        let failed = |fault: std::io::Error| IndexFault(format!("its files cannot be closed: {fault}"));
        self.home.sync().map_err(failed)?;
        let sums = self.home.sums().map_err(failed)?;
        // What an older docket made is measured from here on.
        let bytes = sums.values().map(|sum| sum.len).sum();
        let built = self.built.unwrap_or(Built { bytes, seq: head.seq.0 });
        self.home.write_mark(&Mark::Clean(head, Some(built), sums).write(&self.keys))
    }

    /// Lets go of what nobody will believe. After a fault its files go too: on a full disk the journal needs their room.
    fn discard(&self, engine: Engine) -> Result<(), IndexFault> {
        engine.release()?;
        if self.spoilt.get() {
            self.home.clear()?;
        }
        Ok(())
    }

    fn settle(&mut self, head: Head) -> Result<(), IndexFault> {
        let rebuild = self.rebuild.take().ok_or_else(unbuilt)?;
        self.pour(rebuild)?;
        // What sled still holds back must be in its files, or they look smaller than they are.
        self.engine()?.flush()?;
        self.built = Some(Built { bytes: self.size()?, seq: head.seq.0 });
        self.last_seen = Some(head);
        self.mark_open()?;
        self.head = Some(head);
        Ok(())
    }
}

impl Index for SledIndex {
    fn head(&self) -> Option<Head> {
        self.head.filter(|_| !self.spoilt.get())
    }

    fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        self.watch(self.engine()?.value(scope))
    }

    fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
        self.watch(self.engine()?.page(facet, from))
    }

    fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault> {
        let settled = if self.rebuild.is_some() {
            self.settle(head)
        } else if self.marked {
            Ok(())
        } else {
            self.mark_open()
        };
        let written = settled.and_then(|()| self.write(changes));
        self.watch(written)?;
        self.head = Some(head);
        Ok(())
    }

    fn begin_rebuild(&mut self) -> Result<(), IndexFault> {
        let begun = self.start_over();
        self.watch(begun)
    }

    fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault> {
        let taken = self.take_in(&put, &add);
        self.watch(taken)
    }

    fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault> {
        let settled = self.settle(head);
        self.watch(settled)
    }

    fn close(mut self: Box<Self>) -> Result<(), IndexFault> {
        self.shut()
    }
}

impl Drop for SledIndex {
    /// Without `close` it stays marked as in use, on purpose: the next start rebuilds it. One that nobody took up is as good
    /// as it was found.
    fn drop(&mut self) {
        let left = match self.engine.take_if(|_| self.marked) {
            Some(engine) => self.discard(engine),
            None => self.shut(),
        };
        if let Err(fault) = left {
            tracing::warn!("the index was left as it was: {fault}");
        }
    }
}

fn unbuilt() -> IndexFault {
    IndexFault("it must be rebuilt from the journal first".into())
}

#[cfg(test)]
mod tests;
