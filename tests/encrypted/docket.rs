//! The program under test, with a configuration and data of its own.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, RoomId};

use crate::person::{self, PASSWORD};
use crate::server::synapse;

pub struct Docket {
    pub dir: PathBuf,
    pub id: OwnedUserId,
}

impl Docket {
    /// A docket with an account and a configuration, and nothing else yet. The first of these people is admin, all handle and
    /// approve.
    pub async fn new(people: &[&OwnedUserId]) -> Docket {
        let localpart = person::name("docket");
        let id = person::register(&localpart).await;
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{localpart}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        write(&dir.join("password"), PASSWORD);
        let docket = Docket { dir, id };
        docket.configure(people, "");
        docket
    }

    pub fn configure(&self, people: &[&OwnedUserId], more: &str) {
        let mut text = format!(
            "homeserver: {{ url: \"{}\", user: \"{}\", password_file: password }}\n\
             data_dir: data\ndata_key_file: data.key\nrecovery_key_file: recovery.key\npolicy: matrix-org\n{more}people:\n",
            synapse().url,
            self.id
        );
        for (n, person) in people.iter().enumerate() {
            let roles = if n == 0 { "[admin, handler, approver]" } else { "[handler, approver]" };
            text.push_str(&format!("  - {{ id: \"{person}\", role: {roles} }}\n"));
        }
        fs::write(self.config(), text).unwrap();
    }

    pub fn config(&self) -> PathBuf {
        self.dir.join("config.yaml")
    }

    /// What a command prints, and whether it succeeded.
    pub async fn command(&self, name: &str, more: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
        command.arg(name).arg("--config").arg(self.config()).args(more);
        let done = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.success(), format!("{}{}", text(&done.stdout), text(&done.stderr)))
    }

    /// Sets it up, and gives back what was said.
    pub async fn set_up(&self) -> String {
        let (is_done, said) = self.command("setup", &[]).await;
        assert!(is_done, "{said}");
        said
    }
}

/// The room that `setup` said it made.
pub fn room_of(said: &str) -> OwnedRoomId {
    let line = said.lines().find_map(|line| line.strip_prefix("room: made, ")).expect(said);
    RoomId::parse(line).unwrap()
}

pub fn write(path: &Path, text: &str) {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).unwrap();
    writeln!(file, "{text}").unwrap();
}

impl Drop for Docket {
    fn drop(&mut self) {
        // What is left of a test that failed may tell why.
        if !std::thread::panicking() {
            let _gone = fs::remove_dir_all(&self.dir);
        }
    }
}
