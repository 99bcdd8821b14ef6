//! Backups: made beside a running docket or without one, restored elsewhere to the same desk, or refused with one clear line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]
#![allow(clippy::disallowed_methods, reason = "tests of the shell touch files")]

mod on_disk;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use age::x25519::Identity;
use age::{Decryptor, Encryptor};
use chrono::TimeDelta;
use docket::case::{CaseId, PurgeReason, Scope};
use docket::desk::{Input, serve};
use docket::disk::RealDisk;
use docket::journal::{self, FileJournal, Options};
use docket::ops::archive::{FORMAT, Manifest};
use docket::ops::backup::{self, Backup, Made};
use docket::ops::control::Control;
use docket::ops::restore::{self, Restore, Restored};
use docket::ops::{Home, LIST, OsEntropy, identity, secret};
use docket::ports::{Draft, Head, Journal, Seq};
use docket::rehearsal::{FixedClock, terms};
use on_disk::{case, copy, files, now, open, place, purge, typed};
use tar::{Archive, Builder, EntryType, Header};

const READS: &str = "!case list\n!case show 1\n!case log 1\n!case check 1\n!case show 2\n!case log 2\n!case find quince\n!case list all\n";

/// A desk, a directory for its backups, an identity and a place to restore to.
struct Scene {
    data: PathBuf,
    backups: PathBuf,
    identity: PathBuf,
    recipient: String,
    restored: PathBuf,
}

impl Scene {
    fn new(name: &str) -> Scene {
        let top = place(name);
        let scene = Scene {
            data: top.join("data"),
            backups: top.join("backups"),
            identity: top.join("identity"),
            recipient: identity::keygen(&top.join("identity")).unwrap(),
            restored: top.join("restored"),
        };
        fs::create_dir(&scene.backups).unwrap();
        let lines = [
            "!case new preservation agency=Office reference=quince accounts=@a:example.org",
            "!case note 1 a note",
            "/file letter.pdf",
            "/reply 5",
            "!case attach 1 as=request",
            "!case new preservation agency=\"Other Office\"",
            "!case link 2 1 as=referral",
        ];
        let shown = typed(&scene.data, "fill", &lines);
        assert!(shown.contains("file attached") && shown.contains("a referral of C-1"), "{shown}");
        scene
    }

    fn back_up(&self, second: i64) -> anyhow::Result<Made> {
        backup::make(Backup {
            data: &self.data,
            key: &self.data.join("data.key"),
            to: &self.backups,
            recipient: &identity::recipient(&self.recipient)?,
            now: now() + TimeDelta::seconds(second),
        })
    }

    fn plan(&self) -> Restore<'_> {
        Restore {
            from: &self.backups,
            file: None,
            identity: &self.identity,
            to: &self.restored,
            key: None,
            by: terms().unwrap().into(),
            without_erasures: false,
            now: now(),
        }
    }

    fn restore(&self) -> anyhow::Result<Restored> {
        restore::restore(self.plan())
    }

    /// Restoring fails with a sentence that holds the words, and leaves nothing behind.
    fn refuses(&self, plan: Restore<'_>, words: &str) {
        let top = self.data.parent().unwrap();
        let names = || {
            let mut names: Vec<_> =
                fs::read_dir(top).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let before = names();
        let said = format!("{:#}", restore::restore(plan).unwrap_err());
        assert!(said.contains(words), "{said}");
        assert!(!said.contains('\n'), "{said}");
        assert_eq!(names(), before, "{said}");
    }

    /// Opens the newest archive with the tools alone.
    fn contents(&self, file: &Path) -> Vec<(String, Vec<u8>)> {
        let identity = identity::identities(&self.identity).unwrap().remove(0);
        let stream = Decryptor::new_buffered(BufReader::new(fs::File::open(file).unwrap()))
            .unwrap()
            .decrypt(std::iter::once(&identity as &dyn age::Identity))
            .unwrap();
        let mut archive = Archive::new(stream);
        let entries = archive.entries().unwrap().map(|entry| {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().to_str().unwrap().to_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        });
        entries.collect()
    }

    /// An archive made by hand, in place of all others.
    fn forge(&self, entries: &[(&str, EntryType, &[u8])]) {
        for old in files(&self.backups) {
            if old.extension().is_some_and(|ending| ending == "age") {
                fs::remove_file(old).unwrap();
            }
        }
        let recipient = identity::recipient(&self.recipient).unwrap();
        let encryptor =
            Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient)).unwrap();
        let file = fs::File::create(self.backups.join("docket-9-20261120T100000Z.age")).unwrap();
        let mut tar = Builder::new(encryptor.wrap_output(file).unwrap());
        for (name, kind, bytes) in entries {
            let mut header = Header::new_ustar();
            // By hand: the library refuses to write what is evil.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_mode(0o600);
            header.set_size(bytes.len() as u64);
            header.set_cksum();
            tar.append(&header, *bytes).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap();
    }
}

fn docket(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
    command.args(arguments);
    command
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Everything that a desk answers to the same questions, byte for byte.
fn answers(data: &Path) -> String {
    let mut child = docket(&["try", "--json", "--now", "2026-11-21T10:00:00Z", "--data", text(data)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(READS.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_backup_beside_a_running_docket_restores_to_the_same_desk() {
    let scene = Scene::new("backup-running");
    let mut running =
        docket(&["try", "--json", "--now", "2026-11-20T12:00:00Z", "--data", text(&scene.data)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
    let mut typing = running.stdin.take().unwrap();
    let mut answers_of_it = BufReader::new(running.stdout.take().unwrap());
    let mut say = |line: &str| {
        writeln!(typing, "{line}").unwrap();
        let mut answer = String::new();
        answers_of_it.read_line(&mut answer).unwrap();
        answer
    };
    assert!(say("!case note 1 while it runs").contains("note added"));

    let made = docket(&[
        "backup",
        text(&scene.backups),
        "--recipient",
        &scene.recipient,
        "--data",
        text(&scene.data),
    ])
    .output()
    .unwrap();
    let said = String::from_utf8(made.stdout).unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (file, head) = said.trim().split_once(" head ").unwrap();
    let head = Head::read(head).unwrap();
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let newest = PathBuf::from(file);
    assert!(newest.file_name().unwrap().to_str().unwrap().starts_with(&format!("docket-{}-", head.seq)));

    // What comes behind the head is not in it. (The card of the note stands before the next answer.)
    let later = say("!case note 1 too late for it");
    assert!(later.contains("docket") || !later.is_empty());
    drop(typing);
    assert!(running.wait().unwrap().success());

    let done = docket(&[
        "restore",
        text(&scene.backups),
        "--identity",
        text(&scene.identity),
        "--data",
        text(&scene.restored),
    ])
    .output()
    .unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains(&head.to_string()) && said.contains("erasures repeated: 0"), "{said}");
    let whole = journal::verify(&RealDisk::reading(&scene.restored), None, None).unwrap();
    assert_eq!((whole.head, whole.unfinished), (head, None));
    let shown = answers(&scene.restored);
    assert!(shown.contains("while it runs") && !shown.contains("too late for it"), "{shown}");
}

#[test]
fn a_backup_without_a_running_docket_answers_the_same_byte_for_byte() {
    let scene = Scene::new("backup-stopped");
    let made = scene.back_up(0).unwrap();
    let restored = scene.restore().unwrap();
    assert_eq!((restored.head, restored.now, restored.erased), (made.head, made.head, 0));
    let (here, there) = (answers(&scene.data), answers(&scene.restored));
    assert!(here.lines().count() >= 8, "{here}");
    assert_eq!(here, there);
    // The attached file came with it.
    let name = |data: &Path| fs::read(&files(&data.join("files"))[0]).unwrap();
    assert_eq!(name(&scene.data), name(&scene.restored));
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(scene.restored.clone()), 0o700);
    assert_eq!(mode(scene.restored.join("data.key")), 0o600);
    assert_eq!(mode(scene.restored.join("keys")), 0o600);
    // It works on: numbers continue.
    let shown = typed(&scene.restored, "on", &["!case new preservation agency=Next"]);
    assert!(shown.contains("C-3 opened"), "{shown}");
}

#[test]
fn only_what_is_needed_is_in_it_and_the_keys_come_behind_the_rest() {
    let scene = Scene::new("backup-contents");
    fs::create_dir(scene.data.join("matrix")).unwrap();
    fs::write(scene.data.join("matrix/crypto.sqlite3"), "a device's keys").unwrap();
    fs::write(scene.data.join("journal/cut-3"), "remains").unwrap();
    let made = scene.back_up(0).unwrap();
    let names: Vec<String> = scene.contents(&made.file).into_iter().map(|(name, _)| name).collect();
    let file =
        format!("files/{}", files(&scene.data.join("files"))[0].file_name().unwrap().to_str().unwrap());
    let expected = ["manifest.json", "journal/0000000000000000.seg", &file, "keys", "data.key"];
    assert_eq!(names, expected);
    let left = fs::read_dir(&scene.backups).unwrap().count();
    assert_eq!(left, 2, "the backup, the list, and nothing half-written");
}

#[test]
fn an_empty_desk_is_backed_up_and_restored_too() {
    let scene = Scene::new("backup-empty");
    fs::remove_dir_all(&scene.data).unwrap();
    open(&scene.data).close().unwrap();
    let made = scene.back_up(0).unwrap();
    assert_eq!(made.head.seq.0, 0);
    assert_eq!(scene.restore().unwrap().now, made.head);
    fs::create_dir(scene.data.with_file_name("nothing")).unwrap();
    let nothing = Scene { data: scene.data.with_file_name("nothing"), ..scene };
    fs::copy(nothing.restored.join("data.key"), nothing.data.join("data.key")).unwrap();
    let said = format!("{:#}", nothing.back_up(1).unwrap_err());
    assert!(said.contains("there is no journal here"), "{said}");
}

#[test]
fn what_was_purged_after_the_backup_is_purged_again() {
    let scene = Scene::new("backup-purged");
    let old = scene.back_up(0).unwrap();
    // Opened and purged behind the backup: its number must not come again.
    typed(&scene.data, "more", &["!case new preservation agency=Third"]);
    purge(&scene.data, &[1, 3]);
    assert_eq!(scene.back_up(1).unwrap().erasures, 2);
    let list = fs::read_to_string(scene.backups.join(LIST)).unwrap();
    assert!(list.contains(" C-1 2026-11-20\n") && list.contains(" C-3 2026-11-20\n"), "{list}");
    assert!(!list.contains("quince") && !list.contains("Office"), "{list}");

    let name = old.file.file_name().unwrap().to_str().unwrap();
    let restored = restore::restore(Restore { file: Some(name), ..scene.plan() }).unwrap();
    assert_eq!((restored.head, restored.erased), (old.head, 2));
    assert_eq!(restored.now.seq.0, old.head.seq.0 + 1);
    assert_eq!(&fs::read(scene.restored.join("keys")).unwrap()[64..128], &[0; 64]);
    assert!(files(&scene.restored.join("files")).is_empty());
    let shown = typed(
        &scene.restored,
        "look",
        &["!case show 1", "!case show 3", "!case show 2", "!case new preservation agency=Next"],
    );
    assert!(shown.contains("C-1 · erased") && shown.contains("C-3 · erased"), "{shown}");
    assert!(shown.contains("Other Office") && shown.contains("C-4 opened"), "{shown}");
    let home = open(&scene.restored);
    home.close().unwrap();
    fs::remove_dir_all(scene.restored.join("index")).unwrap();
    assert_eq!(open(&scene.restored).desk.purged().unwrap(), [case(1), case(3)]);

    // The newest knows both itself.
    fs::remove_dir_all(&scene.restored).unwrap();
    assert_eq!(scene.restore().unwrap().erased, 0);
}

#[test]
fn the_list_of_erasures_must_be_there_and_not_older_than_the_backup() {
    let scene = Scene::new("backup-list");
    let first = scene.back_up(0).unwrap();
    let list = scene.backups.join(LIST);
    let empty = fs::read_to_string(&list).unwrap();
    purge(&scene.data, &[1]);
    scene.back_up(1).unwrap();
    let full = fs::read_to_string(&list).unwrap();

    fs::write(&list, &empty).unwrap();
    scene.refuses(scene.plan(), "older than the backup, which knows C-1 as erased");
    fs::write(&list, &full[..full.len() - 4]).unwrap();
    scene.refuses(scene.plan(), "its last line is cut short");
    let far = full.replace("C-1", "C-99999");
    fs::write(&list, full.clone() + far.lines().last().unwrap() + "\n").unwrap();
    scene.refuses(scene.plan(), "names C-99999, far beyond");
    fs::remove_file(&list).unwrap();
    scene.refuses(scene.plan(), "--without-erasures");

    // The next backup brings the list up to date.
    scene.back_up(2).unwrap();
    let days = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(days(&fs::read_to_string(&list).unwrap()), days(&full));
    // What another desk wrote there stays, and means nothing here.
    let other = format!("{full}{} C-2 2026-01-01\n", "f".repeat(32));
    fs::write(&list, &other).unwrap();
    scene.back_up(3).unwrap();
    assert_eq!(fs::read_to_string(&list).unwrap(), other);
    let name = first.file.file_name().unwrap().to_str().unwrap();
    let restored = restore::restore(Restore { file: Some(name), ..scene.plan() }).unwrap();
    assert_eq!(restored.erased, 1);

    fs::remove_dir_all(&scene.restored).unwrap();
    fs::remove_file(&list).unwrap();
    let anyway = restore::restore(Restore { file: Some(name), without_erasures: true, ..scene.plan() });
    assert_eq!(anyway.unwrap().erased, 0);
}

#[test]
fn a_key_that_goes_while_a_copy_is_made_is_noticed_and_one_that_should_have_gone_is_left_out() {
    let scene = Scene::new("backup-race");
    let disk = Arc::new(RealDisk::reading(&scene.data));
    let key = secret::read_data_key(&scene.data.join("data.key")).unwrap();
    let head = open(&scene.data).desk.head();
    let extent = journal::extent(&*disk, head).unwrap();
    let mut bytes = Vec::new();
    let mut keys = journal::keys(disk.clone(), &key, &extent, [case(2)].into()).unwrap();
    keys.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, keys.size());
    assert!(keys.gone().is_empty());
    assert_eq!(&bytes[..128], &fs::read(scene.data.join("keys")).unwrap()[..128]);
    assert_eq!(&bytes[128..], &[0; 64], "purged on record, not yet in the file");

    purge(&scene.data, &[1]);
    let mut keys = journal::keys(disk.clone(), &key, &extent, [].into()).unwrap();
    keys.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(keys.gone(), [case(1)]);
    // The head of before is still there, and cuts before the purge's record.
    let longer = journal::extent(&*disk, open(&scene.data).desk.head()).unwrap();
    assert_eq!(journal::extent(&*disk, head).unwrap(), extent);
    assert!(longer.files[0].1 > extent.files[0].1);
    let strange = Head { seq: head.seq, hash: longer.head.hash };
    assert!(journal::extent(&*disk, strange).is_err());
}

/// Whatever the two get in each other's way with: what is made can be restored, and brings nothing back.
#[test]
fn a_backup_while_cases_are_purged_is_whole_or_is_none() {
    let scene = Scene::new("backup-while-purging");
    let opening: Vec<&str> = vec!["!case new preservation agency=Many"; 20];
    typed(&scene.data, "many", &opening);
    let Home { desk, lock, .. } = open(&scene.data);
    let (handle, work) = serve(desk, Box::new(FixedClock(now())));
    let worker = std::thread::spawn(work);
    let control = Control::serve(&scene.data, handle.clone()).unwrap();
    let purging = {
        let handle = handle.clone();
        std::thread::spawn(move || {
            for number in 1..=22 {
                let input = Input::Purge(vec![case(number)], PurgeReason::Retention);
                handle.ask(input).unwrap();
            }
        })
    };
    let mut all = Vec::new();
    let mut second = 0;
    loop {
        let last = purging.is_finished();
        match scene.back_up(second) {
            Ok(made) => all.push(made),
            Err(fault) => assert!(format!("{fault:#}").contains("being purged"), "{fault:#}"),
        }
        second += 1;
        if last {
            break;
        }
    }
    purging.join().unwrap();
    drop(control);
    handle.stop();
    worker.join().unwrap().unwrap().close().unwrap();
    drop(lock);
    assert_eq!(all.last().unwrap().erasures, 22);
    for made in all {
        let name = made.file.file_name().unwrap().to_str().unwrap();
        let restored = restore::restore(Restore { file: Some(name), ..scene.plan() }).unwrap();
        assert_eq!(restored.head, made.head);
        assert_eq!(open(&scene.restored).desk.purged().unwrap().len(), 22, "{name}");
        fs::remove_dir_all(&scene.restored).unwrap();
    }
}

/// Over several files, and at every record of them.
#[test]
fn a_copy_can_be_fixed_at_every_head() {
    let top = place("backup-extent");
    let key = docket::journal::DataKey::make(&mut OsEntropy);
    let options = Options { segment_size: 700, keys_ahead: 4, trusted: None };
    let disk = Arc::new(RealDisk::new(top.join("data")));
    let (mut journal, _) = FileJournal::open(disk.clone(), &key, Box::new(OsEntropy), &[], options).unwrap();
    let mut heads = vec![journal.head()];
    for number in 1..12 {
        let draft =
            Draft { at: now(), stamps: Vec::new(), parts: vec![(Scope::Case(case(number)), vec![7; 60])] };
        journal.append(journal.head(), &[draft]).unwrap();
        heads.push(journal.head());
    }
    let whole = journal::extent(&*disk, journal.head()).unwrap();
    assert!(whole.files.len() > 2, "{whole:?}");
    for (highest, head) in heads.into_iter().enumerate() {
        let extent = journal::extent(&*disk, head).unwrap();
        assert_eq!(extent.highest, CaseId::new(u32::try_from(highest).unwrap()));
        let copied = top.join(format!("copy-{highest}"));
        fs::create_dir_all(copied.join("journal")).unwrap();
        for (name, len) in &extent.files {
            let bytes = fs::read(top.join("data").join(name)).unwrap();
            fs::write(copied.join(name), &bytes[..usize::try_from(*len).unwrap()]).unwrap();
        }
        let mut keys = Vec::new();
        journal::keys(disk.clone(), &key, &extent, [].into()).unwrap().read_to_end(&mut keys).unwrap();
        fs::write(copied.join("keys"), keys).unwrap();
        let found = journal::verify(&RealDisk::reading(&copied), None, None).unwrap();
        assert_eq!((found.head, found.unfinished), (head, None));
        let disk = Arc::new(RealDisk::new(&copied));
        let (copy, opened) =
            FileJournal::open(disk, &key, Box::new(OsEntropy), &[head], Options::default()).unwrap();
        assert_eq!((copy.head(), opened.erased), (head, Some(Vec::new())));
    }
    let beyond = Head { seq: Seq(99), hash: whole.head.hash };
    assert!(journal::extent(&*disk, beyond).is_err());
}

#[test]
fn a_key_that_is_gone_without_a_purge_stops_the_backup() {
    let scene = Scene::new("backup-gone");
    let path = scene.data.join("keys");
    let mut keys = fs::read(&path).unwrap();
    keys[64..128].fill(0);
    fs::write(&path, &keys).unwrap();
    let said = format!("{:#}", scene.back_up(0).unwrap_err());
    assert!(said.contains("without a purge on record"), "{said}");
    assert!(files(&scene.backups).is_empty());
    keys[64..128].fill(7);
    fs::write(&path, &keys).unwrap();
    let said = format!("{:#}", scene.back_up(0).unwrap_err());
    assert!(said.contains("the slot of C-1"), "{said}");
    assert!(files(&scene.backups).is_empty());
}

#[test]
fn a_backup_goes_nowhere_near_the_data_and_to_nobody_unnamed() {
    let scene = Scene::new("backup-where");
    let inside = scene.data.join("backups");
    fs::create_dir(&inside).unwrap();
    let link = scene.data.with_file_name("link");
    std::os::unix::fs::symlink(&inside, &link).unwrap();
    for to in [inside, link] {
        let scene = Scene {
            backups: to,
            data: scene.data.clone(),
            restored: PathBuf::new(),
            identity: PathBuf::new(),
            recipient: scene.recipient.clone(),
        };
        let said = format!("{:#}", scene.back_up(0).unwrap_err());
        assert!(said.contains("inside the data directory"), "{said}");
    }
    let busy = fs::File::open(&scene.backups).unwrap();
    busy.try_lock().unwrap();
    let said = format!("{:#}", scene.back_up(0).unwrap_err());
    assert!(said.contains("another backup is being written"), "{said}");
    busy.unlock().unwrap();
    let missing = Scene { backups: scene.data.with_file_name("unmounted"), ..scene };
    let said = format!("{:#}", missing.back_up(0).unwrap_err());
    assert!(said.contains("Is its drive mounted?"), "{said}");

    let secret = fs::read_to_string(&missing.identity).unwrap();
    let secret = secret.lines().last().unwrap();
    assert!(format!("{:#}", identity::recipient(secret).unwrap_err()).contains("belongs on another machine"));
    let mut bent = missing.recipient.clone();
    bent.replace_range(20..21, if &bent[20..21] == "q" { "p" } else { "q" });
    for wrong in [bent.as_str(), "", "age1", "ssh-ed25519 AAAA", &missing.recipient.to_uppercase()] {
        assert!(identity::recipient(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_cannot_be_restored_leaves_nothing_behind() {
    let scene = Scene::new("backup-refused");
    scene.refuses(scene.plan(), "there is no backup in");
    let made = scene.back_up(0).unwrap();
    let whole = fs::read(&made.file).unwrap();

    let other = scene.identity.with_file_name("other");
    identity::keygen(&other).unwrap();
    scene.refuses(Restore { identity: &other, ..scene.plan() }, "this identity does not open it");
    fs::set_permissions(&other, fs::Permissions::from_mode(0o644)).unwrap();
    scene.refuses(Restore { identity: &other, ..scene.plan() }, "chmod 600");
    scene.refuses(Restore { identity: &scene.data.join("data.key"), ..scene.plan() }, "is no age identity");
    scene.refuses(Restore { to: &scene.data, ..scene.plan() }, "is not empty");
    scene.refuses(Restore { file: Some("../data/keys"), ..scene.plan() }, "by its name alone");
    scene.refuses(Restore { file: Some("docket-1.age"), ..scene.plan() }, "there is no");
    let taken = scene.data.join("data.key");
    scene.refuses(Restore { key: Some(&taken), ..scene.plan() }, "exists already");

    // Cut anywhere, flipped anywhere: in age's header, at its chunks' edges, in the last byte.
    let len = whole.len();
    for cut in [0, 10, 100, 200, len / 2, len - 1_000, len - 17, len - 1] {
        fs::write(&made.file, &whole[..cut]).unwrap();
        scene.refuses(scene.plan(), "damaged");
    }
    for at in [30, 150, 210, 1_000, len / 2, len - 20, len - 1] {
        let mut bent = whole.clone();
        bent[at] ^= 1;
        fs::write(&made.file, &bent).unwrap();
        scene.refuses(scene.plan(), "");
    }
    fs::write(&made.file, [whole.as_slice(), b"more"].concat()).unwrap();
    scene.refuses(scene.plan(), "damaged");
    fs::remove_file(&made.file).unwrap();
    scene.refuses(scene.plan(), "there is no backup in");

    // All was well but for that.
    fs::write(&made.file, &whole).unwrap();
    fs::create_dir(&scene.restored).unwrap();
    let elsewhere = scene.data.with_file_name("elsewhere.key");
    restore::restore(Restore { key: Some(&elsewhere), ..scene.plan() }).unwrap();
    assert!(elsewhere.exists() && !scene.restored.join("data.key").exists());
}

#[test]
fn an_evil_archive_is_refused() {
    let scene = Scene::new("backup-evil");
    let made = scene.back_up(0).unwrap();
    let good = scene.contents(&made.file);
    let manifest = good[0].1.clone();
    let evil = [
        "../escaped",
        "/tmp/escaped",
        "journal/../../escaped",
        "files/1-../../escaped",
        "index/mark",
        "matrix/x",
        "lock",
    ];
    let first = ("manifest.json", EntryType::Regular, manifest.as_slice());
    for name in evil {
        scene.forge(&[first, (name, EntryType::Regular, b"evil")]);
        scene.refuses(scene.plan(), "which no backup of docket does");
    }
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::GNULongName,
        EntryType::XHeader,
    ] {
        scene.forge(&[first, ("keys", kind, b"")]);
        scene.refuses(scene.plan(), "");
    }
    scene.forge(&[("keys", EntryType::Regular, b"x"), first]);
    scene.refuses(scene.plan(), "in the wrong place");
    scene.forge(&[first, ("keys", EntryType::Regular, b"x"), ("keys", EntryType::Regular, b"y")]);
    scene.refuses(scene.plan(), "in the wrong place");
    scene.forge(&[first]);
    scene.refuses(scene.plan(), "damaged or cut short");

    // Well-formed, and not what it says: another head, a later format, a journal cut at a record, another's keys.
    let rest: Vec<(&str, EntryType, &[u8])> = good
        .iter()
        .skip(1)
        .map(|(name, bytes)| (name.as_str(), EntryType::Regular, bytes.as_slice()))
        .collect();
    let claim = |head: String, format| {
        let manifest =
            Manifest { format, docket: "0".to_owned(), journal: "0".repeat(32), head, highest: 2, at: now() };
        serde_json::to_vec(&manifest).unwrap()
    };
    let with = |manifest: &[u8]| {
        let mut entries = vec![("manifest.json", EntryType::Regular, manifest)];
        entries.extend(&rest);
        scene.forge(&entries);
    };
    with(&claim(format!("{}:{}", made.head.seq, "0".repeat(64)), FORMAT));
    scene.refuses(scene.plan(), "not at");
    with(&claim(made.head.to_string(), FORMAT + 1));
    scene.refuses(scene.plan(), "has format 2");
    let mut keys = good[3].1.clone();
    keys[40] ^= 1;
    let mut entries = vec![first];
    entries.extend(&rest);
    entries[3].2 = &keys;
    scene.forge(&entries);
    scene.refuses(scene.plan(), "data key does not fit");

    // The good one, forged byte for byte, goes through: the refusals above were for their reasons.
    with(&manifest);
    scene.restore().unwrap();
    assert!(!scene.data.with_file_name("escaped").exists());
}

#[test]
fn keygen_makes_what_age_knows_and_never_overwrites() {
    let dir = place("backup-keygen");
    let file = dir.join("identity");
    let made = docket(&["keygen", text(&file)]).output().unwrap();
    let recipient = String::from_utf8(made.stdout).unwrap();
    assert!(made.status.success() && recipient.starts_with("age1"), "{recipient}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let stored = fs::read_to_string(&file).unwrap();
    let identity: Identity = stored.lines().last().unwrap().parse().unwrap();
    assert_eq!(identity.to_public().to_string(), recipient.trim());
    let again = docket(&["keygen", text(&file)]).output().unwrap();
    assert!(!again.status.success());
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(said.contains("never overwritten") && said.lines().count() == 1, "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), stored);
}

#[test]
fn a_docket_that_holds_the_lock_and_does_not_serve_is_named() {
    let scene = Scene::new("backup-starting");
    let home = open(&scene.data);
    let said = format!("{:#}", scene.back_up(0).unwrap_err());
    assert!(said.contains("is starting or stopping"), "{said}");
    home.close().unwrap();
    // A data directory can be moved with its backup made meanwhile.
    copy(&scene.data, &scene.restored);
    scene.back_up(0).unwrap();
}
