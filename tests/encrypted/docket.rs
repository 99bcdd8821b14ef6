//! The program under test, with a configuration and data of its own.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use matrix_sdk::Client;
use matrix_sdk::ruma::{OwnedRoomId, OwnedUserId, RoomId};

use crate::person::{self, PASSWORD, Person};
use crate::server::{Synapse, synapse};

pub struct Docket {
    pub dir: PathBuf,
    pub id: OwnedUserId,
    /// Where its homeserver is.
    url: String,
}

impl Docket {
    /// A docket with an account and a configuration, and nothing else yet. The first of these people is admin, all handle and
    /// approve.
    pub async fn new(people: &[&OwnedUserId]) -> Docket {
        Docket::on(synapse(), people).await
    }

    /// The same on a homeserver of its own.
    pub async fn on(synapse: &Synapse, people: &[&OwnedUserId]) -> Docket {
        let localpart = person::name("docket");
        let id = person::register_with(&person::client_of(synapse).await, &localpart).await;
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{localpart}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        write(&dir.join("password"), PASSWORD);
        let docket = Docket { dir, id, url: synapse.url.clone() };
        docket.configure(people, "");
        docket
    }

    pub fn configure(&self, people: &[&OwnedUserId], more: &str) {
        let mut text = format!(
            "homeserver: {{ url: \"{}\", user: \"{}\", password_file: password }}\n\
             data_dir: data\ndata_key_file: data.key\nrecovery_key_file: recovery.key\npolicy: matrix-org\n{more}people:\n",
            self.url, self.id
        );
        for (n, person) in people.iter().enumerate() {
            let roles = if n == 0 { "[admin, handler, approver]" } else { "[handler, approver]" };
            text.push_str(&format!("  - {{ id: \"{person}\", role: {roles} }}\n"));
        }
        fs::write(self.config(), text).unwrap();
    }

    /// Writes somebody's key into the configuration: they are confirmed from the start.
    pub async fn confirm(&self, person: &Person) {
        let key = person.fingerprint().await;
        let text = fs::read_to_string(self.config()).unwrap();
        let id = format!("id: \"{}\"", person.id);
        fs::write(self.config(), text.replace(&id, &format!("{id}, key: \"{key}\""))).unwrap();
    }

    /// A client of docket's own account beside docket itself.
    pub async fn logged_in_elsewhere(&self) -> Client {
        let client = Client::builder().homeserver_url(&self.url).build().await.unwrap();
        client.matrix_auth().login_username(&self.id, PASSWORD).send().await.unwrap();
        client
    }

    pub fn config(&self) -> PathBuf {
        self.dir.join("config.yaml")
    }

    /// Every event on record.
    pub async fn export(&self) -> String {
        let (is_done, said) = self.command("journal export", &[]).await;
        assert!(is_done, "{said}");
        said
    }

    /// What a command prints, and whether it succeeded.
    pub async fn command(&self, name: &str, more: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
        command.args(name.split(' ')).arg("--config").arg(self.config()).args(more);
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

/// docket at work, until it is told to stop.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Docket {
    /// Starts it, and waits until it is in its room.
    pub async fn run(&self) -> Running {
        self.run_logging(None).await
    }

    /// The same, with so much in its log as somebody asks for by RUST_LOG.
    pub async fn run_logging(&self, much: Option<&str>) -> Running {
        let log = self.dir.join("log");
        let file = OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let before = fs::metadata(&log).unwrap().len();
        let mut child = Command::new(env!("CARGO_BIN_EXE_docket"))
            .arg("run")
            .arg("--config")
            .arg(self.config())
            .env_remove("RUST_LOG")
            .envs(much.map(|much| ("RUST_LOG", much)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(file)
            .spawn()
            .unwrap();
        for _ in 0..600 {
            let said = fs::read(&log).unwrap().split_off(usize::try_from(before).unwrap());
            let said = String::from_utf8_lossy(&said).into_owned();
            if said.contains("docket is in its room") {
                return Running { child, log };
            }
            assert!(child.try_wait().unwrap().is_none(), "docket ended: {said}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("docket did not start: {}", fs::read_to_string(&log).unwrap());
    }
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to stop, as systemd does, and waits for it to end well.
    pub async fn stop(self) -> String {
        self.stop_by("-TERM").await
    }

    /// The same by another signal.
    pub async fn stop_by(mut self, signal: &str) -> String {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        for _ in 0..300 {
            if let Some(ended) = self.child.try_wait().unwrap() {
                let log = fs::read_to_string(&self.log).unwrap();
                assert!(ended.success(), "{log}");
                return log;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("docket does not stop");
    }

    /// Has it read its list of people again.
    pub fn hang_up(&self) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args(["-HUP", &pid]).status().unwrap().success());
    }

    /// Waits until it ends by itself; whether it ended well, and its log.
    pub async fn ends(mut self) -> (bool, String) {
        for _ in 0..900 {
            if let Some(ended) = self.child.try_wait().unwrap() {
                return (ended.success(), fs::read_to_string(&self.log).unwrap());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("docket does not end");
    }

    /// Ends it as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}
