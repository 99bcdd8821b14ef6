//! `examples/moderator.rs`, the terminal client that `deploy/try` starts: as a process, by what is typed into it and what it shows.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use matrix_sdk::ruma::OwnedUserId;

use crate::docket::{Docket, room_of, write};
use crate::person::{self, PASSWORD, Person};
use crate::server::synapse;
use crate::watch::until_is;

/// How long it may take to show something.
const PATIENCE: Duration = Duration::from_secs(90);

struct Terminal {
    child: Child,
    typed: Option<ChildStdin>,
    shown: Arc<Mutex<String>>,
}

/// Where cargo lays examples down: beside the folder of the tests.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().parent().unwrap().join("examples/moderator");
    assert!(program.exists(), "cargo builds it with the tests: cargo test, or cargo build --examples");
    program
}

impl Terminal {
    /// Starts it as somebody who has a docket's directory to keep their things in.
    fn of(docket: &Docket, who: &OwnedUserId, more: &[&str]) -> Terminal {
        let name = who.localpart();
        let password = docket.dir.join(format!("{name}.password"));
        if !password.exists() {
            write(&password, PASSWORD);
        }
        let mut child = Command::new(program())
            .args(["--url", &synapse().url, "--user", name, "--password-file"])
            .arg(&password)
            .arg("--dir")
            .arg(docket.dir.join(format!("client-{name}")))
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let shown = Arc::new(Mutex::new(String::new()));
        let (lines, sink) = (BufReader::new(child.stdout.take().unwrap()), Arc::clone(&shown));
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                sink.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        Terminal { typed: child.stdin.take(), child, shown }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.typed.as_mut().unwrap(), "{line}").unwrap();
    }

    fn shown(&self) -> String {
        self.shown.lock().unwrap().clone()
    }

    /// Waits until it shows something; gives back everything that it has shown.
    async fn shows(&mut self, words: &str) -> String {
        let given_up = Instant::now() + PATIENCE;
        while Instant::now() < given_up {
            let shown = self.shown();
            if shown.contains(words) {
                return shown;
            }
            assert!(self.child.try_wait().unwrap().is_none(), "it ended: {shown}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never showed {words:?}, but: {}", self.shown());
    }

    /// Ends what is typed, as Ctrl-D does, and waits until it ends by itself.
    async fn ends(mut self) {
        self.typed = None;
        let given_up = Instant::now() + PATIENCE;
        while Instant::now() < given_up {
            if let Some(ended) = self.child.try_wait().unwrap() {
                assert!(ended.success(), "{}", self.shown());
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it does not end: {}", self.shown());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_into_the_small_client_is_said_in_dockets_room_and_answered_there() {
    let mut ben = Person::new("ben").await;
    let ada = person::register(&person::name("ada")).await;
    let docket = Docket::new(&[&ada, &ben.id]).await;
    let id = room_of(&docket.set_up().await);
    let his = ben.join(&id).await;
    // She sits in another room already, and is asked into more: what she types must not go there.
    let other = other_room(&ben, &ada).await;
    let mut hers = Terminal::of(&docket, &ada, &[]);
    let shown = hers.shows(&format!("(what you type is said in {id})")).await;
    assert!(shown.contains("Your fingerprint, to be read out to an administrator: "), "{shown}");
    until_is(&ben.client, &other, &ada, "join").await;
    let running = docket.run().await;
    hers.shows("is here for the first time").await;

    hers.types("!case list");
    hers.types("\"\"\"");
    hers.types("Request: preservation");
    hers.types("Agency: Met Police");
    hers.types("\"\"\"");

    hers.shows("C-1 opened: preservation").await;
    ben.hears(&his, "Met Police").await;
    ben.say(&his, "!case note 1 seen by both").await;
    let shown = hers.shows("note added").await;
    assert!(!shown.contains("unverified device") && !shown.contains("unencrypted"), "{shown}");
    hers.ends().await;
    // Taken up again it is the same device, and goes where it is told.
    let mut hers = Terminal::of(&docket, &ada, &["--room", id.as_str()]);
    hers.shows(&format!("(what you type is said in {id})")).await;
    hers.types("!case note 1 typed later");
    hers.shows("note added").await;
    hers.ends().await;
    running.stop().await;
    let exported = docket.export().await;
    assert!(exported.contains("typed later") && !exported.contains("device-seen"), "{exported}");
    ben.sync().await;
    let talk = ben.client.get_room(&other).unwrap();
    let page = talk.messages(matrix_sdk::room::MessagesOptions::backward()).await.unwrap();
    let by_her = |event: &matrix_sdk::deserialized_responses::TimelineEvent| {
        let raw: serde_json::Value = event.raw().deserialize_as_unchecked().unwrap();
        raw["sender"] == ada.as_str() && raw.get("state_key").is_none()
    };
    assert!(!page.chunk.iter().any(by_her), "she says nothing elsewhere");
}

/// Another encrypted room, into which somebody is asked.
async fn other_room(by: &Person, whom: &OwnedUserId) -> matrix_sdk::ruma::OwnedRoomId {
    use matrix_sdk::ruma::api::client::room::create_room::v3::Request;
    let room = by.client.create_room(Request::new()).await.unwrap();
    room.enable_encryption().await.unwrap();
    room.invite_user_by_id(whom).await.unwrap();
    room.room_id().to_owned()
}
