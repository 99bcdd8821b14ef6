//! What is typed on the host beside a docket that runs, and at a terminal before it runs.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::docket::{Docket, room_of};
use crate::person::{PASSWORD, Person};
use crate::terminal::at_a_terminal;

/// Runs a program to its end.
async fn output(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// All files below a directory.
fn files(dir: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(fs::read(&path).unwrap());
        }
    }
    found
}

fn has(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_host_everything_is_done_beside_a_docket_that_runs() {
    let (mut ada, ben) = (Person::new("ada").await, Person::new("ben").await);
    let docket = Docket::new(&[&ada.id, &ben.id]).await;
    docket.confirm(&ada).await;
    let id = room_of(&docket.set_up().await);
    let (room, his) = (ada.join(&id).await, ben.join(&id).await);
    let running = docket.run().await;
    ada.say(&room, "!case new preservation agency=Pangolin accounts=@quokka:docket.test").await;
    ada.hears(&room, "C-1 opened").await;

    // A second one does not start, and says which is there.
    let (is_done, said) = docket.command("run", &[]).await;
    assert!(!is_done && said.contains(&format!("process {}", running.pid())), "{said}");
    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains(&format!("process {}", running.pid())), "{said}");

    // Somebody's authority, taken in the room and given back on the host.
    ben.sync().await;
    ben.say(&his, "!case freeze me").await;
    ada.hears(&room, &format!("{} is frozen and only reads", ben.id)).await;
    ben.say(&his, "!case note 1 while frozen").await;
    ada.hears(&room, "Not allowed: your authority was stopped").await;
    let (is_done, said) = docket.command("resume", &[ben.id.as_str()]).await;
    assert!(is_done && said.contains("may do again"), "{said}");
    ada.hears(&room, &format!("{} is frozen no longer", ben.id)).await;
    ben.say(&his, "!case note 1 and at work again").await;
    ada.hears(&room, "note added").await;

    let (is_done, said) = docket.command("report", &["2026H2"]).await;
    assert!(is_done && said.contains("Report 2026H2"), "{said}");

    // A backup opens with its key alone, and holds all that was said.
    let key = docket.dir.join("backup.key");
    let mut keygen = Command::new(env!("CARGO_BIN_EXE_docket"));
    keygen.arg("keygen").arg(&key);
    let made = output(keygen).await;
    let recipient = text(&made.stdout);
    let recipient = recipient.split_whitespace().find(|word| word.starts_with("age1")).unwrap();
    let backups = docket.dir.join("backups");
    fs::create_dir(&backups).unwrap();
    let to = backups.to_str().unwrap();
    let (is_done, said) = docket.command("backup", &[to, "--recipient", recipient]).await;
    assert!(is_done, "{said}");
    assert!(files(&backups).iter().all(|bytes| !has(bytes, "quokka") && !has(bytes, "pangolin")));
    let elsewhere = docket.dir.join("elsewhere");
    let mut restore = Command::new(env!("CARGO_BIN_EXE_docket"));
    restore.arg("restore").arg(&backups).arg("--identity").arg(&key).arg("--data").arg(&elsewhere);
    let restored = output(restore).await;
    assert!(restored.status.success(), "{}", text(&restored.stderr));
    let mut export = Command::new(env!("CARGO_BIN_EXE_docket"));
    export.args(["journal", "export", "--data"]).arg(&elsewhere);
    let exported = text(&output(export).await.stdout);
    assert!(exported.contains("@quokka:docket.test") && exported.contains("and at work again"), "{exported}");

    // It has worked all the while.
    let (is_done, said) = docket.command("journal verify", &[]).await;
    assert!(is_done, "{said}");
    ada.say(&room, "!case show 1").await;
    ada.hears(&room, "C-1 · preservation").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_terminal_the_password_is_asked_for_and_the_recovery_key_shown_once_and_nothing_of_them_kept() {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let settings = fs::read_to_string(docket.config()).unwrap();
    fs::write(docket.config(), settings.replace("recovery_key_file: recovery.key\n", "")).unwrap();
    fs::remove_file(docket.dir.join("password")).unwrap();
    // A script is not asked.
    let (is_done, said) = docket.command("setup", &[]).await;
    assert!(!is_done && said.contains("password"), "{said}");

    let asked = format!("Password of {}", docket.id);
    let (is_done, shown) = at_a_terminal(&docket, &[], &asked, "not the password").await;
    assert!(!is_done && !shown.contains("not the password"), "{shown}");
    let (is_done, shown) = at_a_terminal(&docket, &[], &asked, PASSWORD).await;

    assert!(is_done, "{shown}");
    assert!(!shown.contains(PASSWORD), "what is typed is not shown: {shown}");
    let line = shown.lines().find(|line| line.contains("recovery key, shown this once")).expect(&shown);
    let key = line.rsplit_once(": ").unwrap().1.trim();
    assert!(key.len() > 40 && key.split(' ').all(|word| word.len() <= 4), "{key}");
    room_of(&shown.replace('\r', ""));
    for bytes in files(&docket.dir) {
        assert!(!has(&bytes, key) && !has(&bytes, &key.replace(' ', "")) && !has(&bytes, PASSWORD));
    }
    // Run again it asks for nothing and shows nothing: the session is there.
    let (is_done, again) = at_a_terminal(&docket, &[], "nothing is asked", "").await;
    assert!(is_done && again.contains("recovery key: kept") && !again.contains("Password"), "{again}");
    assert!(!again.contains(key), "{again}");
}
