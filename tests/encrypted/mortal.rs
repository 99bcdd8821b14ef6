//! The program under test where it is meant to die: at a named point, or at any moment.

use std::fs::{self, OpenOptions};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use docket::ops::failpoint::Point;

use crate::docket::Docket;

/// How long docket may take to get into its room, to die or to stop: what is approved cools for a minute, and time is looked at once a minute.
const PATIENCE: Duration = Duration::from_secs(180);

/// A docket that can be told where to die.
pub struct Mortal<'a> {
    docket: &'a Docket,
    order: PathBuf,
}

/// It, while it lives.
pub struct Alive {
    child: Child,
    log: PathBuf,
    before: usize,
}

impl Mortal<'_> {
    pub fn new(docket: &Docket) -> Mortal<'_> {
        Mortal { docket, order: docket.dir.join("die-at") }
    }

    /// Says at which point it dies; at none, where there is none.
    pub fn dies_at(&self, point: &str) {
        // Under its name at once: docket reads it at every point.
        let beside = self.docket.dir.join("die-at.new");
        fs::write(&beside, point).unwrap();
        fs::rename(beside, &self.order).unwrap();
    }

    /// Starts a command of the program, and waits for nothing.
    pub fn start(&self, name: &str) -> Alive {
        self.start_with(name, &[])
    }

    /// The same with more to say.
    pub fn start_with(&self, name: &str, more: &[&str]) -> Alive {
        let log = self.docket.dir.join("log");
        let file = OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let before = usize::try_from(fs::metadata(&log).unwrap().len()).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_docket"))
            .arg(name)
            .arg("--config")
            .arg(self.docket.config())
            .args(more)
            .env_remove("RUST_LOG")
            .env("DOCKET_DIE_AT", &self.order)
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .spawn()
            .unwrap();
        Alive { child, log, before }
    }

    /// Starts it in its room, where it dies at no point.
    pub async fn lives(&self) -> Alive {
        self.dies_at("");
        let mut alive = self.start("run");
        assert!(alive.is_in_its_room().await, "docket ended: {}", alive.said());
        alive
    }
}

impl Alive {
    /// What it said since it was started.
    pub fn said(&self) -> String {
        let said = fs::read(&self.log).unwrap().split_off(self.before);
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Waits until it is in its room; whether it is, or has ended before.
    pub async fn is_in_its_room(&mut self) -> bool {
        let given_up = Instant::now() + PATIENCE;
        while Instant::now() < given_up {
            if self.said().contains("docket is in its room") {
                return true;
            }
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("docket did not start: {}", self.said());
    }

    /// Waits until it has ended.
    pub async fn ends(&mut self) -> ExitStatus {
        let given_up = Instant::now() + PATIENCE;
        while Instant::now() < given_up {
            if let Some(ended) = self.child.try_wait().unwrap() {
                return ended;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("docket goes on: {}", self.said());
    }

    /// Waits until it has died at a point: there, and nowhere else.
    pub async fn dies(&mut self, point: Point) {
        let ended = self.ends().await;
        let said = self.said();
        let last = said.lines().last().unwrap_or_default();
        assert_eq!(last, format!("docket dies at {}", point.name()), "{ended}: {said}");
        assert_eq!(ended.signal(), Some(6), "{said}");
    }

    /// Has it read its list of people again.
    pub fn hang_up(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &pid]).status().unwrap().success());
    }

    /// Tells it to stop, as systemd does.
    pub fn told_to_stop(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Tells it to stop, and waits for it to end well.
    pub async fn stops(mut self) {
        self.told_to_stop();
        let ended = self.ends().await;
        assert!(ended.success(), "{}", self.said());
    }

    /// Ends it as a power cut does.
    pub fn dies_now(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}
