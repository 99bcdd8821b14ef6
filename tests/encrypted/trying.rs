//! `deploy/try`, as a newcomer starts it, with what they type put in by a script.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// How long a line may let wait for itself.
const PATIENCE: Duration = Duration::from_secs(180);

/// The lines that it prints, as they come.
struct Shown {
    lines: Receiver<String>,
    all: Vec<String>,
}

impl Shown {
    fn of(child: &mut Child) -> Shown {
        let (tell, lines) = channel();
        let out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    return;
                }
            }
        });
        Shown { lines, all: Vec::new() }
    }

    /// Waits for a line with these words in it.
    fn until(&mut self, words: &str) {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => {
                    self.all.push(line);
                    if self.all.last().is_some_and(|line| line.contains(words)) {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("{words:?} does not come: {:#?}", self.all),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended before {words:?}: {:#?}", self.all),
            }
        }
    }
}

/// A program that is told to stop where the test fails.
struct Begun(Child);

impl Begun {
    fn types(&mut self, text: &str) {
        writeln!(self.0.stdin.as_mut().unwrap(), "{text}").unwrap();
    }

    /// Ends its input, and waits for it; whether it ended well.
    fn ends(&mut self) -> bool {
        drop(self.0.stdin.take());
        self.0.wait().unwrap().success()
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            let _told = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
            let _ended = self.0.wait();
        }
    }
}

/// The processes whose command line names this directory.
fn at_work_in(dir: &Path) -> Vec<String> {
    let dir = dir.to_str().unwrap();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap() {
        let Ok(line) = fs::read(entry.unwrap().path().join("cmdline")) else { continue };
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(dir) {
            found.push(line);
        }
    }
    found
}

#[test]
fn a_newcomer_types_a_case_into_a_real_encrypted_room_and_nothing_is_left_running() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("try-{}", std::process::id()));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/try");
    let start = |more: &[&str]| {
        let mut child = Command::new(&program);
        child.args(["--port", &port.to_string(), "--home"]).arg(&home).args(more);
        Begun(child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap())
    };
    let mut ada = start(&[]);
    let mut hers = Shown::of(&mut ada.0);
    hers.until("what you type is said in");
    hers.until("docket is here: it keeps the requests");
    ada.types("!case");
    hers.until("!case help");
    ada.types("\"\"\"\nRequest: preservation\nAgency: Kent Police\nAccounts: @alice:docket.test\n\"\"\"");
    hers.until("C-1 opened: preservation");
    ada.types("!case hold 1 start");
    hers.until("C-1 · hold started");

    // In another terminal, the second person.
    let mut ben = start(&["--as", "ben"]);
    let mut his = Shown::of(&mut ben.0);
    his.until("Your fingerprint");
    his.until("what you type is said in");
    ben.types("!case mine");
    his.until("You have no open case");
    assert!(ben.ends(), "{:#?}", his.all);

    assert!(ada.ends(), "{:#?}", hers.all);
    assert_eq!(at_work_in(&home), Vec::<String>::new(), "nothing is left running");
    fs::remove_dir_all(&home).unwrap();
}
