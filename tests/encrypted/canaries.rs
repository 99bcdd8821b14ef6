//! A gagged case and its life: crashes, a backup, a notice about the same user and somebody else to that one, somebody else who asks for
//! their own data, reports in the room and on the host. None of its words is anywhere but in the moderation room: not in a log, however much is asked for, not in what the homeserver is asked, not in a
//! file's name or bytes, not in what another user reads.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::discreet::found;
use crate::files::{post, reply};
use crate::notices::{Desk, invited, user};
use crate::person::Person;
use crate::proxy::Proxy;
use crate::visits::{docket_is, room_of};

/// Words that nobody else uses: of the agency, the officer, the mail, the account, the reference, the purpose, the file's name and what
/// is in it, a note, who ordered silence, what was said besides, how it was verified.
const CANARIES: [&str; 12] = [
    "tapirwort",
    "okapiwort",
    "vaquitawort",
    "numbatwort",
    "quollwort",
    "kakapowort",
    "saolawort",
    "tuatarawort",
    "gharialwort",
    "hoatzinwort",
    "takahewort",
    "zorillawort",
];

/// Every file below a directory: its name, and its bytes as text.
fn below(dir: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            all.push((name, String::new()));
            all.extend(below(&path));
        } else if path.is_file() {
            all.push((name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_gagged_case_is_anywhere_but_in_the_moderation_room() {
    let mut desk = Desk::new("").await;
    let keygen = |file: &Path| {
        let made = Command::new(env!("CARGO_BIN_EXE_docket")).arg("keygen").arg(file).output().unwrap();
        String::from_utf8_lossy(&made.stdout).trim().to_owned()
    };
    let recipient = keygen(&desk.docket.dir.join("identity"));
    assert!(recipient.starts_with("age1"), "{recipient}");
    let config = fs::read_to_string(desk.docket.config()).unwrap();
    fs::write(desk.docket.config(), format!("backup: {{ recipient: \"{recipient}\" }}\n{config}")).unwrap();
    let backups = desk.docket.dir.join("backups");
    fs::create_dir(&backups).unwrap();
    let proxy = Proxy::before(&desk.docket).await;
    // Whom the case is about has an account, and never hears of docket.
    let _numbat = Person::new("numbatwort").await;
    let mut alice = user("alice").await;

    let running = desk.docket.run_logging(Some("trace")).await;
    desk.ada.sync().await;
    desk.ben.sync().await;
    let request = "Request: information\nAgency: Tapirwort Constabulary\nOfficer: DI Okapiwort\n\
                   Email: a@vaquitawort.police.uk\nJurisdiction: GB\nAccounts: @numbatwort-0:docket.test\n\
                   Reference: QUOLLWORT-7\nPurpose: kakapowort\nContext: takahewort\nConfidential: yes";
    desk.ada.say(&desk.room, request).await;
    desk.ada.hears(&desk.room, "C-1 opened").await;
    desk.ada.say(&desk.room, "!case gag 1 until=2027-12-31 by=\"Judge Hoatzinwort\"").await;
    desk.ada.hears(&desk.room, "gag ordered by").await;
    let file = post(&desk.ada, &desk.room, "saolawort.txt", b"an order about the tuatarawort").await;
    reply(&desk.ada, &desk.room, &file, "!case attach 1 as=instrument").await;
    desk.ada.hears(&desk.room, "file attached").await;
    desk.ada.say(&desk.room, "!case note 1 the gharialwort").await;
    desk.ada.hears(&desk.room, "note added").await;
    desk.ada.say(&desk.room, "!case verify 1 requester how=\"called zorillawort\"").await;
    desk.ada.hears(&desk.room, "C-1").await;

    // It dies, and is there again.
    running.kill();
    let running = desk.docket.run_logging(Some("trace")).await;
    let (is_done, said) = desk.docket.command("backup", &[backups.to_str().unwrap()]).await;
    assert!(is_done, "{said}");
    assert_eq!(found(&said, &CANARIES), None, "{said}");

    // Somebody else is told of another case, and asks for their own data.
    // The other case is about her and him: what she is told names her alone.
    let opens = format!(
        "!case new preservation accounts=\"{}, @numbatwort-0:docket.test\" agency=\"Kent Police\" purpose=\"fraud\" confidential=no",
        alice.id
    );
    desk.ada.say(&desk.room, &opens).await;
    desk.ada.hears(&desk.room, "C-2 opened").await;
    desk.ada.say(&desk.room, "!case refuse 2 reason=unverified").await;
    desk.ada.hears(&desk.room, "C-2 · refused").await;
    desk.ada.say(&desk.room, &format!("!case notify 2 send {}", alice.id)).await;
    let approve = crate::changed::code(&mut desk.ben, &desk.his).await;
    desk.ben.say(&desk.his, &approve).await;
    desk.ada.hears(&desk.room, "approved (").await;
    let room = room_of(&alice, &desk.docket, true, &[]).await;
    docket_is(&alice, &room, &desk.docket, "join").await;
    alice.sync().await;
    for (says, hears) in [
        ("hi", "1 a copy of my data"),
        ("6", "account record"),
        ("1", "Its number is C-3"),
        ("7", "people look"),
    ] {
        alice.say(&room, says).await;
        alice.hears(&room, hears).await;
    }
    let theirs = invited(&alice).await;
    let theirs = alice.join(theirs.room_id()).await;
    alice.hears(&theirs, "asked us about your account").await;
    // And once more.
    running.kill();
    let running = desk.docket.run_logging(Some("trace")).await;
    desk.ada.say(&desk.room, "!case report 2026H2").await;
    desk.ada.hears(&desk.room, "Received").await;
    desk.ada.say(&desk.room, "!case show 1").await;
    let card = desk.ada.hears(&desk.room, "Tapirwort").await;
    for half in ["2026H2", "2026H1"] {
        let (is_done, said) = desk.docket.command("report", &[half]).await;
        assert!(is_done, "{said}");
        assert_eq!(found(&said, &CANARIES), None, "{said}");
    }
    assert!(found(&card.text, &CANARIES).is_some(), "in the room it is: {}", card.text);
    let log = running.stop().await;

    assert_eq!(found(&log, &CANARIES), None, "in the log");
    let asked = proxy.asked();
    for asked in &asked {
        let request = format!("{} {} {}", asked.method, asked.path, asked.body);
        assert_eq!(found(&request, &CANARIES), None, "the homeserver is asked {request}");
    }
    assert!(asked.len() > 50, "it was asked for something: {}", asked.len());
    let put = |asked: &&crate::proxy::Asked| asked.method == "PUT" && asked.path.contains("/account_data/");
    let kept: Vec<&str> = asked.iter().filter(put).map(|asked| asked.path.as_str()).collect();
    assert!(
        kept.iter().all(|path| !path.contains("m.direct")),
        "whom docket speaks with is nobody’s: {kept:?}"
    );
    for (name, bytes) in below(&desk.docket.dir.join("data")).into_iter().chain(below(&backups)) {
        assert_eq!(found(&name, &CANARIES), None, "a file is called {name}");
        assert_eq!(found(&bytes, &CANARIES), None, "in {name}");
    }
    let read: String = alice.heard_so_far();
    assert_eq!(found(&read, &CANARIES), None, "she reads {read}");
    for room in alice.client.rooms() {
        let page = room.messages(matrix_sdk::room::MessagesOptions::backward()).await.unwrap();
        for event in page.chunk {
            let said = event.raw().json().get().to_owned();
            assert_eq!(found(&said, &CANARIES), None, "in her room: {said}");
        }
    }
}
