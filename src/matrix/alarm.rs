//! What the room cannot be told: docket cannot speak there, or nobody would know that it is docket. The command that the configuration
//! names is run for it, once per cause until that is over, over restarts too.
//!
//! It is given one fixed word and nothing else; nobody reads what it prints.

use std::collections::BTreeSet;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::fault::HomeserverFault;
use super::keep::Keep;
use crate::config::AlarmCommand;
use crate::desk::Stopped;
use crate::ops::OsEntropy;

/// The name under which is kept for what it was run.
const RUNG: &str = "alarms";
/// How long the command may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often is looked whether it has ended.
const LOOK: Duration = Duration::from_millis(50);

/// Why somebody must look at the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The homeserver does not know docket's session any more.
    TokenLost,
    /// docket's account was deactivated, locked or suspended.
    Deactivated,
    /// docket was taken out of its room.
    NotInRoom,
    /// The room is not encrypted.
    NotEncrypted,
    /// docket's identity is not its own any more: it can vouch for nobody, so nobody is given keys of what it says.
    IdentityLost,
    /// The homeserver was not heard for as long as `alarm_after` says.
    SyncStuck,
    /// A part of docket stopped in the middle of something: a fault of its own, or of its disk.
    Broken,
}

impl Cause {
    /// The word that the command is given.
    pub fn word(self) -> &'static str {
        match self {
            Cause::TokenLost => "token-lost",
            Cause::Deactivated => "deactivated",
            Cause::NotInRoom => "not-in-room",
            Cause::NotEncrypted => "not-encrypted",
            Cause::IdentityLost => "identity-lost",
            Cause::SyncStuck => "sync-stuck",
            Cause::Broken => "broken",
        }
    }

    /// What a fault means that ended docket's work, if somebody must look.
    pub fn of(fault: &anyhow::Error) -> Option<Cause> {
        let of = |cause: &(dyn std::error::Error + 'static)| {
            if cause.is::<NotInRoom>() {
                return Some(Cause::NotInRoom);
            }
            if cause.is::<Broke>() || cause.is::<Stopped>() {
                return Some(Cause::Broken);
            }
            let fault = cause.downcast_ref::<HomeserverFault>()?;
            let locked_out = fault.is_locked_out().then_some(Cause::Deactivated);
            locked_out.or(fault.is_session_gone().then_some(Cause::TokenLost))
        };
        fault.chain().find_map(of)
    }
}

/// docket was taken out of its room while it ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("docket is not in its room any more: invite it there again, and run docket setup")]
pub struct NotInRoom;

/// A task of docket's ended in a panic, which has said where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part of docket stopped in the middle of something; what was answered is on disk")]
pub struct Broke;

/// What is rung when somebody must look at the host.
#[derive(Clone)]
pub struct Bell(Arc<Inner>);

struct Inner {
    command: Option<AlarmCommand>,
    keep: Arc<Keep>,
    rung: Mutex<BTreeSet<Cause>>,
}

impl Bell {
    /// With the command of the configuration, if there is one.
    pub fn new(command: Option<AlarmCommand>, keep: Arc<Keep>) -> Bell {
        let rung = keep.get(RUNG).ok().flatten().unwrap_or_default();
        Bell(Arc::new(Inner { command, keep, rung: Mutex::new(rung) }))
    }

    /// Runs the command, unless it was run for this already and that is not over. Whoever ends right after waits for it.
    pub fn ring(&self, cause: Cause) -> Option<JoinHandle<()>> {
        if !self.change(|rung| rung.insert(cause)) {
            return None;
        }
        tracing::error!("somebody must look: {}", cause.word());
        let command = self.0.command.clone()?;
        Some(tokio::spawn(async move {
            match run(&command, cause, PATIENCE).await {
                Ok(Some(status)) if status.success() => {}
                Ok(Some(_)) => tracing::error!("alarm_command failed"),
                Ok(None) => tracing::error!("alarm_command did not end in time and was stopped"),
                Err(fault) => tracing::error!("alarm_command cannot be run: {}", fault.kind()),
            }
        }))
    }

    /// The same, and waits until the command has ended.
    pub async fn ring_out(&self, cause: Cause) {
        if let Some(running) = self.ring(cause)
            && running.await.is_err()
        {
            tracing::error!("alarm_command was not waited for");
        }
    }

    /// That is over: the next time it is said again.
    pub fn over(&self, cause: Cause) {
        self.change(|rung| rung.remove(&cause));
    }

    /// Whether it changed anything. What cannot be kept counts until docket ends.
    fn change(&self, change: impl FnOnce(&mut BTreeSet<Cause>) -> bool) -> bool {
        let mut rung = self.0.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let is_change = change(&mut rung);
        if is_change && let Err(fault) = self.0.keep.put(RUNG, &*rung, &mut OsEntropy) {
            tracing::warn!("for what alarm_command was run cannot be written down: {fault}");
        }
        is_change
    }
}

/// Rings when nothing was heard for a time, until the other end is gone.
pub async fn watch_for_silence(bell: Bell, mut heard: watch::Receiver<()>, limit: Duration) {
    loop {
        match tokio::time::timeout(limit, heard.changed()).await {
            Ok(Ok(())) => bell.over(Cause::SyncStuck),
            Ok(Err(_)) => return,
            Err(_) => drop(bell.ring(Cause::SyncStuck)),
        }
    }
}

/// How it ended; nothing where it had to be stopped.
async fn run(
    command: &AlarmCommand,
    cause: Cause,
    patience: Duration,
) -> std::io::Result<Option<ExitStatus>> {
    let mut child = Command::new(&command.program)
        .args(&command.arguments)
        .arg(cause.word())
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What stops docket must not stop what tells of it.
        .process_group(0)
        .spawn()?;
    let ends = async {
        loop {
            match child.try_wait() {
                Ok(None) => tokio::time::sleep(LOOK).await,
                ended => break ended,
            }
        }
    };
    match tokio::time::timeout(patience, ends).await {
        Ok(ended) => ended,
        Err(_) => stop(&mut child).map(|()| None),
    }
}

/// Ends it with everything that it started.
fn stop(child: &mut Child) -> std::io::Result<()> {
    let group = format!("-{}", child.id());
    let killed = Command::new("kill")
        .args(["-KILL", "--", &group])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !killed {
        child.kill()?;
    }
    child.wait().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::DataKey;
    use crate::ports::Entropy;
    use crate::scratch::Scratch;

    /// A directory, and a bell whose command writes a line with its last word into a file there.
    fn bell(dir: &std::path::Path) -> Bell {
        let script = format!("echo \"$0 $1\" >> {}", dir.join("rung").display());
        bell_of(dir, &["-c", &script])
    }

    fn bell_of(dir: &std::path::Path, arguments: &[&str]) -> Bell {
        let arguments = arguments.iter().map(|each| (*each).to_owned()).chain(["page".to_owned()]).collect();
        let command = AlarmCommand { program: "/bin/sh".into(), arguments };
        let keep = Arc::new(Keep::of(dir, &DataKey::make(&mut Still)));
        Bell::new(Some(command), keep)
    }

    struct Still;

    impl Entropy for Still {
        fn fill(&mut self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the test looks at what the command wrote")]
    fn rung(dir: &std::path::Path) -> String {
        std::fs::read_to_string(dir.join("rung")).unwrap_or_default()
    }

    #[tokio::test]
    async fn the_command_is_run_once_for_each_cause_until_it_is_over_also_by_the_next_docket() {
        let dir = Scratch::new();
        let first = bell(&dir);
        first.ring_out(Cause::NotInRoom).await;
        first.ring_out(Cause::NotInRoom).await;
        first.ring_out(Cause::TokenLost).await;
        bell(&dir).ring_out(Cause::NotInRoom).await;
        assert_eq!(rung(&dir), "page not-in-room\npage token-lost\n");
        let later = bell(&dir);
        later.over(Cause::NotInRoom);
        later.ring_out(Cause::NotInRoom).await;
        assert_eq!(rung(&dir), "page not-in-room\npage token-lost\npage not-in-room\n");
    }

    #[tokio::test]
    async fn one_that_does_not_end_is_stopped_with_all_that_it_started() {
        let dir = Scratch::new();
        drop(bell(&dir)); // makes nothing
        let late = dir.join("rung").display().to_string();
        let command = AlarmCommand {
            program: "/bin/sh".into(),
            arguments: vec!["-c".to_owned(), format!("(sleep 2; echo late > {late}) & wait")],
        };
        let ended = run(&command, Cause::SyncStuck, Duration::from_millis(200)).await.unwrap();
        assert_eq!(ended, None);
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        assert_eq!(rung(&dir), "", "what it started has ended with it");
    }

    #[tokio::test]
    async fn silence_rings_and_a_word_ends_it() {
        let dir = Scratch::new();
        let (heard, ear) = watch::channel(());
        let bell = bell(&dir);
        let listening = tokio::spawn(watch_for_silence(bell.clone(), ear, Duration::from_millis(100)));
        for _ in 0..100 {
            if rung(&dir) == "page sync-stuck\n" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(rung(&dir), "page sync-stuck\n");
        heard.send(()).unwrap();
        drop(heard);
        listening.await.unwrap();
        assert!(bell.0.rung.lock().unwrap().is_empty(), "it is over");
    }

    #[test]
    fn a_fault_is_told_as_what_it_is() {
        assert_eq!(Cause::of(&anyhow::Error::from(NotInRoom).context("more")), Some(Cause::NotInRoom));
        assert_eq!(Cause::of(&anyhow::anyhow!("the disk is full")), None);
    }
}
