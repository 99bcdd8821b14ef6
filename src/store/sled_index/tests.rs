//! The sled index: the suite, restarts, damage.

#![allow(clippy::disallowed_methods)] // The damage is done to files.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::scratch::Scratch;
use crate::store::suite::{self, case, head, whole};

/// A directory of its own, and the index in it.
struct Dir(Scratch);

impl Dir {
    fn new() -> Dir {
        Dir(Scratch::new())
    }

    fn index(&self) -> PathBuf {
        self.0.join("index")
    }

    fn open(&self) -> (Box<SledIndex>, Believed) {
        let (index, believed) = open(&self.index());
        (Box::new(index), believed)
    }
}

fn options() -> Options {
    Options {
        cache: 1 << 20,
        // Small, so that rebuilds pour more than once.
        gather: 4 << 20,
        least: 0,
    }
}

fn open(dir: &Path) -> (SledIndex, Believed) {
    SledIndex::open(dir, Zeroizing::new([3; 32]), options()).unwrap()
}

fn stage() -> Facet {
    Facet::new("stage", "ready")
}

/// A small index, closed at head 5.
fn closed(dir: &Dir) {
    let (mut index, believed) = dir.open();
    assert_eq!(believed, Believed::New);
    index.begin_rebuild().unwrap();
    let put = (1..200).map(|number| (case(number), vec![number as u8; 1_000])).collect();
    let add = (1..3_000).map(|number| (stage(), number)).collect();
    index.load(put, add).unwrap();
    index.finish_rebuild(head(4)).unwrap();
    index.apply(head(5), Changes { drop: vec![(stage(), 7)], ..Changes::default() }).unwrap();
    index.close().unwrap();
}

fn assert_intact(index: &SledIndex) {
    assert_eq!(index.head(), Some(head(5)));
    assert_eq!(index.value(case(150)).unwrap().unwrap(), [150; 1_000]);
    assert_eq!(whole(index, &stage()), (1..3_000).rev().filter(|number| *number != 7).collect::<Vec<_>>());
}

/// Whatever was found, nothing is answered from it, and a rebuild mends it.
fn assert_refused(dir: &Path, what: &str) -> Believed {
    let (mut index, believed) = open(dir);
    assert!(!matches!(believed, Believed::Yes(_)), "{what}: {believed:?}");
    assert_eq!(index.head(), None, "{what}");
    assert!(index.value(case(150)).is_err(), "{what}");
    assert!(index.numbers(&stage(), u64::MAX).is_err(), "{what}");
    assert!(index.apply(head(6), Changes::default()).is_err(), "{what}");
    index.begin_rebuild().unwrap();
    index.finish_rebuild(head(6)).unwrap();
    assert_eq!(index.value(case(150)).unwrap(), None, "{what}");
    Box::new(index).close().unwrap();
    let (index, believed_now) = open(dir);
    assert_eq!(believed_now, Believed::Yes(head(6)), "{what}");
    drop(index);
    believed
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn files(dir: &Path, below: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            names.extend(files(dir, &format!("{name}/")));
        } else {
            names.push(name);
        }
    }
    names.sort();
    names
}

/// Does something to a fresh copy of a closed index and expects it to be refused.
fn refused_after(good: &Dir, what: &str, harm: impl FnOnce(&Path)) -> Believed {
    let dir = Dir::new();
    copy(&good.index(), &dir.index());
    harm(&dir.index());
    assert_refused(&dir.index(), what)
}

#[test]
fn sled_passes_the_suite() {
    let mut dirs = Vec::new();
    suite::all(&mut || {
        let dir = Dir::new();
        let (index, _) = dir.open();
        dirs.push(dir);
        index
    });
}

#[test]
fn sled_agrees_with_the_model() {
    let mut dirs = Vec::new();
    suite::agrees_with_the_model(24, &mut || {
        dirs.clear();
        let dir = Dir::new();
        let (index, _) = dir.open();
        dirs.push(dir);
        index
    });
}

#[test]
fn a_rebuild_larger_than_its_memory_is_written_in_several_goes() {
    let dir = Dir::new();
    let (mut index, _) = open(&dir.index());
    index.options.gather = 0;
    index.begin_rebuild().unwrap();
    for first in [3_000, 0, 1_500] {
        index.load(Vec::new(), (first..first + 2_000).map(|number| (stage(), number)).collect()).unwrap();
    }
    assert!(index.rebuild.as_ref().is_some_and(|rebuild| rebuild.poured));
    index.finish_rebuild(head(1)).unwrap();
    assert_eq!(whole(&index, &stage()), (0..5_000).rev().collect::<Vec<_>>());
}

#[test]
fn what_was_closed_is_believed_time_and_again() {
    let dir = Dir::new();
    closed(&dir);
    for _ in 0..3 {
        let (index, believed) = dir.open();
        assert_eq!(believed, Believed::Yes(head(5)));
        assert_intact(&index);
        assert!(index.size().unwrap() > 200_000);
        index.close().unwrap();
    }
}

#[test]
fn what_was_not_closed_is_not_believed_but_its_head_is_remembered() {
    let dir = Dir::new();
    closed(&dir);
    let (mut index, _) = dir.open();
    index.apply(head(8), Changes::default()).unwrap();
    drop(index);
    let last_seen = Some(head(5));
    // Still remembered when the rebuild does not come to its end either.
    for _ in 0..2 {
        let (mut index, believed) = dir.open();
        assert_eq!(believed, Believed::NotClosed { last_seen });
        index.begin_rebuild().unwrap();
    }
    let (mut index, _) = dir.open();
    index.begin_rebuild().unwrap();
    index.finish_rebuild(head(8)).unwrap();
    drop(index);
    assert_eq!(dir.open().1, Believed::NotClosed { last_seen: Some(head(8)) });
}

#[test]
fn one_that_was_only_opened_is_left_as_good_as_it_was() {
    let dir = Dir::new();
    closed(&dir);
    for _ in 0..3 {
        // As when the journal refuses to open: nobody takes it up, nobody closes it.
        let (index, believed) = dir.open();
        assert_eq!(believed, Believed::Yes(head(5)));
        assert_intact(&index);
    }
    let (mut index, _) = dir.open();
    index.take_up();
    assert_intact(&index);
    drop(index);
    let last_seen = Some(head(5));
    assert_eq!(dir.open().1, Believed::NotClosed { last_seen });
}

#[test]
fn where_it_cannot_be_marked_it_is_read_and_not_changed() {
    let dir = Dir::new();
    closed(&dir);
    let (mut index, _) = dir.open();
    // A directory where the mark would be written beside, as no room would be.
    fs::create_dir_all(dir.index().join("mark.new/in the way")).unwrap();
    index.take_up();
    assert_intact(&index);
    assert!(index.apply(head(6), Changes::default()).is_err());
    drop(index.close());
    fs::remove_dir_all(dir.index().join("mark.new")).unwrap();
    let (index, believed) = dir.open();
    match believed {
        Believed::Yes(found) => {
            assert_eq!(found, head(5));
            assert_intact(&index);
        }
        other => assert_eq!(other.last_seen(), Some(head(5))),
    }
}

#[test]
fn a_half_built_index_closed_in_order_is_not_believed() {
    let dir = Dir::new();
    let (mut index, _) = dir.open();
    index.begin_rebuild().unwrap();
    index.load(vec![(case(1), vec![1])], Vec::new()).unwrap();
    index.close().unwrap();
    assert_eq!(dir.open().1, Believed::NotClosed { last_seen: None });
}

#[test]
fn every_damage_to_every_file_is_noticed() {
    let good = Dir::new();
    closed(&good);
    let names = files(&good.index(), "");
    assert!(
        ["key", "mark", "sled/conf", "sled/db"].iter().all(|name| names.iter().any(|own| own == name)),
        "{names:?}"
    );
    let mut seed = 7_u64;
    let mut draw = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for name in &names {
        let bytes = fs::read(good.index().join(name)).unwrap();
        let mut versions = vec![
            ("emptied", Vec::new()),
            ("cut by one", bytes[..bytes.len() - 1].to_vec()),
            ("cut in half", bytes[..bytes.len() / 2].to_vec()),
            ("made longer", [bytes.as_slice(), &[0]].concat()),
            ("replaced", (0..bytes.len()).map(|_| draw(256) as u8).collect()),
        ];
        for _ in 0..4 {
            let mut flipped = bytes.clone();
            // The low bits only: the sixth turns a hexadecimal letter of the mark into a capital, which reads the same.
            flipped[draw(bytes.len())] ^= 1 << draw(5);
            versions.push(("flipped", flipped));
        }
        for (how, version) in versions {
            refused_after(&good, &format!("{name} {how}"), |dir| fs::write(dir.join(name), version).unwrap());
        }
        refused_after(&good, &format!("{name} deleted"), |dir| fs::remove_file(dir.join(name)).unwrap());
    }
    for stray in
        ["sled/snap.0000000000000000.generating", "sled/snap.00000000000000FF", "sled/blobs/12", "mark.new"]
    {
        let found = refused_after(&good, stray, |dir| fs::write(dir.join(stray), b"stray").unwrap());
        assert_eq!(found.last_seen(), Some(head(5)), "{stray}: the mark was intact");
    }
    // The good one was only copied.
    assert_eq!(good.open().1, Believed::Yes(head(5)));
}

#[test]
fn an_older_close_under_a_newer_mark_is_noticed() {
    let good = Dir::new();
    closed(&good);
    let old = Dir::new();
    copy(&good.index(), &old.index());
    let (mut index, _) = good.open();
    index.apply(head(6), Changes { put: vec![(case(1), vec![9])], ..Changes::default() }).unwrap();
    index.close().unwrap();
    refused_after(&good, "an older mark", |dir| {
        fs::copy(old.index().join("mark"), dir.join("mark")).unwrap();
    });
    refused_after(&good, "an older sled", |dir| {
        fs::remove_dir_all(dir.join("sled")).unwrap();
        copy(&old.index().join("sled"), &dir.join("sled"));
    });
}

#[test]
fn another_key_or_another_format_is_not_believed() {
    let dir = Dir::new();
    closed(&dir);
    let (_, believed) = SledIndex::open(&dir.index(), Zeroizing::new([4; 32]), options()).unwrap();
    assert!(matches!(believed, Believed::Damaged { last_seen: None, .. }), "{believed:?}");
    let found =
        refused_after(&dir, "format", |dir| fs::write(dir.join("mark"), b"docket index 0\n").unwrap());
    assert_eq!(found, Believed::OlderFormat);
}

#[test]
fn clearing_follows_no_link_and_leaves_what_is_not_ours() {
    let dir = Dir::new();
    closed(&dir);
    let outside = dir.0.join("precious");
    fs::write(&outside, b"precious").unwrap();
    fs::write(dir.index().join("notes.txt"), b"mine").unwrap();
    fs::remove_file(dir.index().join("sled/conf")).unwrap();
    std::os::unix::fs::symlink(&outside, dir.index().join("sled/conf")).unwrap();
    assert_refused(&dir.index(), "a link");
    assert_eq!(fs::read(&outside).unwrap(), b"precious");
    assert_eq!(fs::read(dir.index().join("notes.txt")).unwrap(), b"mine");
    // A link in place of the whole directory is refused outright.
    let linked = dir.0.join("linked");
    std::os::unix::fs::symlink(dir.index(), &linked).unwrap();
    assert!(SledIndex::open(&linked, Zeroizing::new([3; 32]), options()).is_err());
}

#[test]
fn a_second_opener_gets_a_fault_and_harms_nothing() {
    let dir = Dir::new();
    let (mut first, _) = dir.open();
    first.begin_rebuild().unwrap();
    first.finish_rebuild(head(1)).unwrap();
    let engine = first.start_engine();
    assert!(engine.is_err_and(|fault| fault.0.contains("lock")));
    assert_eq!(first.value(case(1)).unwrap(), None);
}

#[test]
fn no_word_stands_in_the_files() {
    let dir = Dir::new();
    let (mut index, _) = dir.open();
    index.begin_rebuild().unwrap();
    let add = (0..50).map(|number| (Facet::new("word", "conspicuous"), number)).collect();
    index.load(vec![(case(1), b"conspicuous".repeat(100))], add).unwrap();
    index.finish_rebuild(head(1)).unwrap();
    index.close().unwrap();
    for name in files(&dir.index(), "") {
        let bytes = fs::read(dir.index().join(&name)).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"conspicu"), "{name}");
    }
}

#[test]
fn chunks_that_were_moved_or_mixed_do_not_open() {
    let dir = Dir::new();
    let (mut index, _) = dir.open();
    index.begin_rebuild().unwrap();
    index.finish_rebuild(head(1)).unwrap();
    for (seq, byte) in [(2, 1_u8), (3, 2)] {
        let put = vec![(case(1), vec![byte; 9_000]), (case(2), vec![byte; 9_000])];
        index.apply(head(seq), Changes { put, ..Changes::default() }).unwrap();
    }
    let tree = index.engine.as_ref().unwrap().trees().0;
    let entry = |case: u8, chunk: u8| [1, 0, 0, 0, case, 0, chunk];
    let moved = tree.get(entry(1, 1)).unwrap().unwrap();
    tree.insert(entry(2, 1), moved).unwrap();
    drop(tree);
    assert!(index.value(case(1)).is_ok());
    assert!(index.value(case(2)).is_err());
    // What failed once is asked no more, and does not close as if nothing had been.
    assert_eq!(index.head(), None);
    assert!(index.value(case(1)).is_err());
    index.close().unwrap();
    assert_eq!(dir.open().1, Believed::NotClosed { last_seen: Some(head(1)) });
}

#[test]
fn a_missing_chunk_is_noticed() {
    let dir = Dir::new();
    let (mut index, _) = dir.open();
    index.begin_rebuild().unwrap();
    index.load(vec![(case(1), vec![5; 9_000])], Vec::new()).unwrap();
    index.finish_rebuild(head(1)).unwrap();
    let tree = index.engine.as_ref().unwrap().trees().0;
    tree.remove([1, 0, 0, 0, 1, 0, 2]).unwrap();
    assert!(index.value(case(1)).is_err());
}

/// What one batch changes: a value, and its number in many lists.
fn batch(number: u64, lists: u64) -> Changes {
    let add = (0..lists).map(|list| (Facet::new("word", list.to_string()), number));
    Changes { put: vec![(case(number as u32), vec![7; 6_000])], drop: Vec::new(), add: add.collect() }
}

#[test]
fn what_is_written_behind_is_told_at_once_and_is_there_after_a_close() {
    let dir = Dir::new();
    closed(&dir);
    let (mut index, _) = dir.open();
    let word = Facet::new("word", "3");
    let all = |index: &SledIndex| {
        let mut found: Vec<u64> = Vec::new();
        while let Some(from) = found.last().map_or(Some(u64::MAX), |last| last.checked_sub(1)) {
            let page = index.numbers(&word, from).unwrap();
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        found
    };
    // More than may wait at once, and more than one block holds: while it asks, blocks are cut.
    for number in 1..=700_u64 {
        index.apply(head(5 + number), batch(number * 300, 6)).unwrap();
        if number % 97 == 0 {
            let expected: Vec<u64> = (1..=number).rev().map(|number| number * 300).collect();
            assert_eq!(all(&index), expected);
        }
        assert_eq!(index.value(case(number as u32 * 300)).unwrap(), Some(vec![7; 6_000]));
    }
    let expected: Vec<u64> = (1..=700).rev().map(|number| number * 300).collect();
    index.close().unwrap();
    let roomy = Options { least: 1 << 30, ..options() };
    let (index, believed) = SledIndex::open(&dir.index(), Zeroizing::new([3; 32]), roomy).unwrap();
    assert_eq!(believed, Believed::Yes(head(705)));
    assert_eq!(all(&index), expected);
}

#[test]
fn a_fault_while_it_is_written_behind_is_told_to_whoever_asks_next() {
    let dir = Dir::new();
    closed(&dir);
    let (mut index, _) = dir.open();
    index.apply(head(6), batch(300, 1)).unwrap();
    let (_, posts) = index.engine.as_ref().unwrap().trees();
    for entry in posts.iter() {
        let (key, _) = entry.unwrap();
        posts.insert(key, vec![9; 60]).unwrap();
    }
    // It may still take a batch or two that waits; what waited is never lost in silence.
    let noticed = (0..100).find_map(|n| index.apply(head(7 + n), batch(301 + n, 1)).err());
    assert!(noticed.is_some());
    assert_eq!(index.head(), None, "it is not believed any more");
    assert!(index.value(case(300)).is_err());
    drop(index.close());
    assert_refused(&dir.index(), "spoilt behind");
}

#[test]
fn files_spoilt_while_in_use_give_faults_and_are_not_believed_afterwards() {
    let dir = Dir::new();
    closed(&dir);
    let (index, believed) = dir.open();
    assert_eq!(believed, Believed::Yes(head(5)));
    let len = fs::metadata(dir.index().join("sled/db")).unwrap().len();
    fs::write(dir.index().join("sled/db"), vec![0xa5; len as usize]).unwrap();
    assert!((1..200).any(|number| index.value(case(number)).is_err()));
    assert_eq!(index.head(), None);
    assert!(index.numbers(&stage(), u64::MAX).is_err());
    // However the closing ends, it must not leave a mark to be believed. What is of no use leaves its room to others.
    drop(index.close());
    assert!(!dir.index().join("sled/db").exists());
    assert_refused(&dir.index(), "spoilt in use");
}

#[test]
fn an_index_that_changes_made_large_is_rebuilt_at_a_start_and_only_once() {
    let dir = Dir::new();
    closed(&dir);
    let small = dir.open().0.size().unwrap();
    let grow = |dir: &Dir, from: u64, to: u64| {
        let (mut index, believed) = dir.open();
        assert_eq!(believed, Believed::Yes(head(from)));
        for seq in from + 1..=to {
            let put = (1..4).map(|number| (case(number), vec![seq as u8; 3_000])).collect();
            index.apply(head(seq), Changes { put, ..Changes::default() }).unwrap();
        }
        index.close().unwrap();
    };
    grow(&dir, 5, 2_005);
    let (mut index, believed) = dir.open();
    let Believed::Outgrown { bytes, built, last_seen } = believed else { panic!("{believed:?}") };
    assert!(bytes >= 3 * built && last_seen == head(2_005), "{bytes} {built}");
    // Nothing is answered from it, and a stop now leaves it as it was found.
    assert_eq!(index.head(), None);
    assert!(index.value(case(1)).is_err());
    drop(index);
    assert_eq!(dir.open().1, believed);
    (index, _) = dir.open();
    index.begin_rebuild().unwrap();
    index.load(vec![(case(1), vec![1; 3_000])], Vec::new()).unwrap();
    index.finish_rebuild(last_seen).unwrap();
    index.close().unwrap();
    let (index, believed) = dir.open();
    assert_eq!(believed, Believed::Yes(last_seen));
    assert!(index.size().unwrap() <= small, "it is small again");
    drop(index);
    // However large a few changes make it, that alone brings no rebuild at every start.
    let (mut index, _) = dir.open();
    let put = (1..200).map(|number| (case(number), vec![7; 30_000])).collect();
    index.apply(head(2_006), Changes { put, ..Changes::default() }).unwrap();
    index.close().unwrap();
    let (index, believed) = dir.open();
    assert_eq!(believed, Believed::Yes(head(2_006)));
    assert!(index.size().unwrap() > 3 * small);
}
