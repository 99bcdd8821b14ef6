//! `docket try` in a pipe, as scripts run it: what cannot be read is said and never half sent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]
#![allow(clippy::disallowed_methods, reason = "these tests make and look at files")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

#[test]
fn a_message_with_a_line_that_is_no_text_is_not_sent_without_it() {
    let input: &[&[u8]] = &[
        b"\"\"\"\nRequest: preservation\nAgency: Force 1\nAccounts: @alice:example.org\n",
        b"Confidential: \xff\xfe yes\n",
        b"Reference: OP-1\n!case note 1 no message of its own\n\"\"\"\n",
        b"!case list all\n",
    ];
    let (out, said) = pipe(&["try", "--json"], &input.concat());
    assert!(said.contains("is not UTF-8 text; nothing of it was sent"), "{said}");
    assert_eq!(out.lines().count(), 1, "the list alone is answered: {out}");
    assert!(!out.contains("C-1"), "{out}");
}

#[test]
fn a_message_that_is_cut_off_after_such_a_line_is_not_sent_either() {
    let (out, said) = pipe(&["try", "--json"], b"\"\"\"\nRequest: preservation\n\xff\n");
    assert!(said.contains("nothing of it was sent"), "{said}");
    assert_eq!(out, "");
}

#[test]
fn a_line_longer_than_any_message_is_passed_over_whole() {
    let long = vec![b'x'; 300 * 1024];
    let alone = [b"!case note 1 ", &long[..], b"\n!case help\n"].concat();
    let (out, said) = pipe(&["try", "--json"], &alone);
    assert!(said.contains("That line is longer than 64 KiB"), "{said}");
    assert_eq!(out.lines().count(), 1, "help alone is answered");
    let inside = [b"\"\"\"\nRequest: preservation\n", &long[..], b"\n\"\"\"\n"].concat();
    let (out, said) = pipe(&["try", "--json"], &inside);
    assert!(said.contains("longer than 64 KiB; nothing of it was sent"), "{said}");
    assert_eq!(out, "");
    // Many lines that are short enough, in a message that is not: the desk itself says so.
    let many = "a line of a long message\n".repeat(4_000);
    let (out, _) =
        pipe(&["try", "--json"], format!("\"\"\"\nRequest: preservation\n{many}\"\"\"\n").as_bytes());
    assert!(out.contains("too long for me"), "{out}");
    let endless = "a line of a long message\n".repeat(60_000);
    let (out, said) = pipe(&["try", "--json"], format!("\"\"\"\n{endless}\"\"\"\n").as_bytes());
    assert!(said.contains("longer than 1 MiB; nothing of it was sent"), "{said}");
    assert_eq!(out, "");
}

#[test]
fn a_report_is_made_of_the_data_on_disk_in_every_form() {
    let data = place("pipe-report");
    let dir = data.to_str().unwrap();
    let typed: String = (0..6).map(|_| "!case new terms spam\n").collect();
    pipe(&["try", "--data", dir, "--now", "2025-11-20T10:00:00Z"], typed.as_bytes());
    let report = |form: &[&str]| pipe(&[&["report", "2025-H2", "--data", dir], form].concat(), b"").0;
    assert!(report(&[]).contains("Received 6: terms 6"), "{}", report(&[]));
    let csv = report(&["--csv"]);
    assert!(csv.starts_with("half_year,column,kind,country,value\r\n2025H2,received,"), "{csv}");
    assert!(csv.contains("2025H2,received,terms,all,6\r\n"), "{csv}");
    let svg = report(&["--svg"]);
    assert!(svg.starts_with("<?xml") && svg.trim_end().ends_with("</svg>"), "{svg}");
    let none = run(&["report", "2199H1", "--data", dir], b"");
    let said = String::from_utf8_lossy(&none.stderr);
    assert!(!none.status.success() && none.stdout.is_empty(), "{none:?}");
    assert!(said.contains("nothing to report yet"), "{said}");
}

#[test]
fn a_report_of_the_data_alone_is_made_by_the_policy_that_they_were_worked_by() {
    let dir = place("pipe-report-few");
    let data = dir.join("data");
    let policy = dir.join("few.yaml");
    fs::write(
        &policy,
        "name: ours\nafter: [matrix-org]\ntimezone: Asia/Tokyo\nreport: { few: 20, gagged_in_sum: false }\n",
    )
    .unwrap();
    let (data, policy) = (data.to_str().unwrap(), policy.to_str().unwrap());
    let opened: String = (0..7).map(|_| "!case new terms spam\n").collect();
    let gagged = "!case new preservation agency=K accounts=@u:example.org\n!case gag 8 open by=court\n";
    // In Tokyo July has begun.
    let typed = format!("{opened}{gagged}");
    let now = "2025-06-30T16:00:00Z";
    pipe(&["try", "--data", data, "--policy", policy, "--now", now], typed.as_bytes());
    let in_the_room = pipe(
        &["try", "--data", data, "--policy", policy, "--now", "2026-01-02T10:00:00Z"],
        b"!case report 2025H2\n!case report 2025H1\n",
    );
    assert!(in_the_room.0.contains("fewer than 20"), "{}", in_the_room.0);
    let csv = |half: &str| pipe(&["report", half, "--csv", "--data", data], b"").0;
    assert!(csv("2025H2").contains("received,all,all,<20\r\n"), "{}", csv("2025H2"));
    assert!(!csv("2025H2").contains("not broken down"), "{}", csv("2025H2"));
    assert!(csv("2025H1").contains("received,all,all,0\r\n"), "{}", csv("2025H1"));
}

#[test]
fn every_command_says_its_version() {
    for command in [&[][..], &["try"], &["report"], &["journal", "verify"], &["policy", "check"]] {
        let (said, _) = pipe(&[command, &["--version"]].concat(), b"");
        assert!(said.contains(env!("CARGO_PKG_VERSION")), "{command:?}: {said}");
    }
}

#[test]
fn a_file_that_cannot_be_kept_is_answered_where_scripts_read() {
    let dir = place("pipe-unkept");
    let data = dir.join("data");
    let posted = dir.join("order.pdf");
    fs::write(&posted, b"an order").unwrap();
    fs::create_dir_all(&data).unwrap();
    // No file can be made below a file.
    fs::write(data.join("files"), b"in the way").unwrap();
    let lines = format!(
        "\"\"\"\nRequest: preservation\nAgency: Force 1\nAccounts: @alice:example.org\n\"\"\"\n\
         /file {}\n/reply 3\n!case attach 1\n",
        posted.display()
    );
    let (out, _) = pipe(&["try", "--json", "--data", data.to_str().unwrap()], lines.as_bytes());
    let last: serde_json::Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!((last["kind"].as_str(), last["case"].as_str()), (Some("reply"), Some("C-1")));
    let text = last["text"].as_str().unwrap();
    assert!(text.starts_with("Not done: ") && text.contains("Nothing was attached"), "{text}");
}

#[test]
fn a_long_path_is_served_all_the_same() {
    let data = place("pipe-long").join("a".repeat(90)).join("b".repeat(90));
    let mut running = Command::new(env!("CARGO_BIN_EXE_docket"))
        .args(["try", "--json", "--data", data.to_str().unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = running.stdin.take().unwrap();
    input.write_all(b"!case help\n").unwrap();
    // Once it has answered, it serves.
    let mut answer = String::new();
    let mut output = std::io::BufReader::new(running.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut output, &mut answer).unwrap();
    let standing = docket::ops::control::ask(&data, &docket::ops::control::Ask::Standing).unwrap();
    assert!(matches!(standing, Some(docket::ops::control::Answer::Standing { .. })), "{standing:?}");
    drop(input);
    let ended = running.wait_with_output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    assert!(!data.join("control.sock").exists());
}

#[test]
fn no_new_key_is_made_beside_a_journal() {
    let data = place("pipe-key").join("data");
    let arguments = ["try", "--json", "--data", data.to_str().unwrap()];
    pipe(&arguments, b"!case help\n");
    let kept = fs::read(data.join("data.key")).unwrap();
    fs::remove_file(data.join("data.key")).unwrap();
    let ended = run(&arguments, b"!case help\n");
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success());
    assert!(said.contains("data.key is missing"), "{said}");
    assert!(!data.join("data.key").exists());
    fs::write(data.join("data.key"), kept).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(data.join("data.key"), mode).unwrap();
    pipe(&arguments, b"!case help\n");
}

/// What a run that ends well writes, and what it says beside.
fn pipe(arguments: &[&str], input: &[u8]) -> (String, String) {
    let Output { status, stdout, stderr } = run(arguments, input);
    let said = String::from_utf8(stderr).unwrap();
    assert!(status.success(), "{said}");
    (String::from_utf8(stdout).unwrap(), said)
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut running = Command::new(env!("CARGO_BIN_EXE_docket"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that refuses to start does not read.
    if let Err(fault) = running.stdin.take().unwrap().write_all(input) {
        assert_eq!(fault.kind(), std::io::ErrorKind::BrokenPipe);
    }
    running.wait_with_output().unwrap()
}

fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if place.exists() {
        fs::remove_dir_all(&place).unwrap();
    }
    fs::create_dir_all(&place).unwrap();
    place
}
