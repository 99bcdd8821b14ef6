//! `deploy/try`, as a newcomer starts it, with what they type put in by a script.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use regex::Regex;

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

    /// The first line with these words in it; waits for it.
    fn until(&mut self, words: &str) -> String {
        loop {
            if let Some(line) = self.all.iter().find(|line| line.contains(words)) {
                return line.clone();
            }
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.all.push(line),
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

/// What differs from one time to the next is not compared: codes, fingerprints, days and times.
fn told_alike(lines: &str) -> String {
    let moments = r"\d{4}-\d\d-\d\d|\w+day \d+ \w+ \d{4}|(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w{3} \d{4}(, \d\d:\d\d \w+)?";
    [(r"C-1 [0-9A-Z]{6}\b|\([0-9A-Z]{6}\)", "CODE"), (r"[A-Za-z0-9+/]{43}", "KEY"), (moments, "THEN")]
        .iter()
        .fold(lines.to_owned(), |text, (part, by)| {
            Regex::new(part).unwrap().replace_all(&text, *by).into_owned()
        })
}

/// The README shows these lines of somebody, but for cards that changed: those come when nobody waits for anything. To have it show what comes
/// today: `touch target/rewrite-stories; cargo test --test encrypted trying; rm target/rewrite-stories`, then read the diff.
fn readme_shows(who: &str, lines: &[String]) {
    let begins = format!("<!-- what {who} sees -->\n```text\n");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("README.md");
    let text = fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once(&begins).expect("the README has a place for it");
    let (shown, after) = rest.split_once("```").unwrap();
    let mut is_edited = false;
    let is_shown = |line: &&String| {
        if !line.starts_with(' ') {
            is_edited = line.ends_with("(edited)");
        }
        !is_edited
    };
    let lines: String = lines.iter().filter(is_shown).map(|line| format!("{line}\n")).collect();
    if root.join("target/rewrite-stories").exists() {
        return fs::write(file, format!("{before}{begins}{lines}```{after}")).unwrap();
    }
    assert_eq!(told_alike(shown), told_alike(&lines));
}

#[test]
fn a_newcomer_types_a_case_into_a_real_encrypted_room_and_nothing_is_left_running() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("try-{}", std::process::id()));
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/try");
    let start = |more: &[&str]| {
        let mut child = Command::new(&program);
        child.args(["--port", "0", "--home"]).arg(&home).args(more);
        Begun(child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap())
    };
    let mut ada = start(&[]);
    let mut hers = Shown::of(&mut ada.0);
    hers.until("what you type is said in");
    hers.until("docket is here: it keeps the requests");
    ada.types("!case");
    hers.until("Paste a request that begins with");
    ada.types("\"\"\"\nRequest: preservation\nAgency: Kent Police\nAccounts: @alice:docket.test\n\"\"\"");
    hers.until("C-1 opened: preservation");
    ada.types("!case hold 1 start");
    hers.until("C-1 · hold started");

    // In another terminal, the second person, whom she vouches for: what the README shows of it.
    let mut ben = start(&["--as", "ben"]);
    let mut his = Shown::of(&mut ben.0);
    let fingerprint = his.until("Your fingerprint").rsplit(' ').next().unwrap().to_owned();
    his.until("what you type is said in");
    hers.until("types !case trust @ben:docket.test FINGERPRINT");
    let came = |line: &String| line.contains("@ben:docket.test is here for the first time");
    let begins = hers.all.iter().position(came).unwrap() - 1;
    let mut says = |hers: &mut Shown, text: &str| {
        ada.types(text);
        hers.all.push(text.to_owned());
    };
    says(&mut hers, &format!("!case trust @ben:docket.test {fingerprint}"));
    hers.until("@ben:docket.test is vouched for");
    says(&mut hers, "!case hold 1 release");
    let asked = hers.until("Next: a second person approves");
    let code = asked.split("!case approve C-1 ").nth(1).unwrap()[..6].to_owned();
    his.until("Next: a second person approves");
    ben.types(&format!("!case approve C-1 {code}"));
    hers.until("unless somebody says !case deny");
    his.until("unless somebody says !case deny");
    readme_shows("ada", &hers.all[begins..]);
    assert!(ben.ends(), "{:#?}", his.all);

    // In a third one, a user of the server: from “hi” to a request and how far it is in four messages.
    let mut alice = start(&["--as", "alice"]);
    let mut theirs = Shown::of(&mut alice.0);
    theirs.until("what you type is said in");
    let begins = theirs.all.len();
    for (typed, heard) in [
        ("hi", "Deutsch: schreiben"),
        ("1", "1 hand it in"),
        ("yes pls", "The Matrix.org Foundation"),
        ("7", "handed in 20"),
    ] {
        alice.types(typed);
        theirs.all.push(typed.to_owned());
        theirs.until(heard);
    }
    hers.until("Asked by @alice:docket.test in a room with docket, in a signed session");
    readme_shows("alice", &theirs.all[begins..]);
    assert!(alice.ends(), "{:#?}", theirs.all);

    assert!(ada.ends(), "{:#?}", hers.all);
    assert_eq!(at_work_in(&home), Vec::<String>::new(), "nothing is left running");
    fs::remove_dir_all(&home).unwrap();
}
