//! A gagged case and its life, from the request to its erasure: crashes, backups, a refusal, a notice about the same user and somebody else
//! to that one, somebody else who asks for their own data, reports in the room and on the host. None of its words is anywhere but in the
//! moderation room: not in a log, however much is asked for, not in what the homeserver is asked, not in a file's name or bytes, not in what
//! another user reads; and once it is erased not on record either.

use std::fs;
use std::path::Path;
use std::process::Command;

use docket::case::{CaseId, PurgeReason};
use docket::desk::{Input, Outcome, WorksBy};
use docket::ops::{Home, SystemClock, secret};
use docket::ports::Clock;
use docket::rehearsal::terms;

use crate::discreet::found;
use crate::docket::Docket;
use crate::files::{post, reply};
use crate::notices::{Desk, invited, user};
use crate::person::Person;
use crate::proxy::Proxy;
use crate::visits::{docket_is, room_of};

/// Words that nobody else uses: of the agency, the officer, the mail, the account, the reference, the purpose, the file's name and what
/// is in it, a note, who ordered silence, what was said besides, how it was verified, why it is refused, why nobody is told.
const CANARIES: [&str; 14] = [
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
    "pademelonwort",
    "fossawort",
];
/// The account, which another case names too, and what is in the file, which lies beside the record.
const NOT_ITS_RECORD: [&str; 2] = ["numbatwort", "tuatarawort"];

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

/// Nothing of it shows in what docket keeps, nor in how that is called.
fn all_is_sealed(docket: &Docket, backups: &Path) {
    for (name, bytes) in below(&docket.dir.join("data")).into_iter().chain(below(backups)) {
        assert_eq!(found(&name, &CANARIES), None, "a file is called {name}");
        assert_eq!(found(&bytes, &CANARIES), None, "in {name}");
    }
}

/// Erases a case on the host of a docket that is stopped, as retention does: while a gag binds it never would.
fn erase(docket: &Docket, case: u32) {
    let key = secret::read_data_key(&docket.dir.join("data.key")).unwrap();
    let by = WorksBy::Record { otherwise: terms().unwrap() };
    let mut home = Home::open(&docket.dir.join("data"), &key, by, &mut |_| {}).unwrap();
    let purge = Input::Purge(vec![CaseId::new(case).unwrap()], PurgeReason::Retention);
    let done = home.desk.handle(vec![purge], SystemClock.now()).unwrap();
    assert!(matches!(done[..], [Outcome::Purged(1)]), "{done:?}");
    home.close().unwrap();
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
    desk.ada.say(&desk.room, "!case verify 1 instrument how=\"called zorillawort\"").await;
    desk.ada.hears(&desk.room, "instrument verified by").await;

    // It dies, and is there again.
    running.kill();
    let running = desk.docket.run_logging(Some("trace")).await;
    let (is_done, said) = desk.docket.command("backup", &[backups.to_str().unwrap()]).await;
    assert!(is_done, "{said}");
    assert_eq!(found(&said, &CANARIES), None, "{said}");

    // It is refused, and whoever asked is told by mail. Whom it is about is not: the gag stands, and two people agree on that.
    desk.ada.say(&desk.room, "!case refuse 1 reason=other words=\"the pademelonwort\"").await;
    desk.ada.hears(&desk.room, "C-1 · refused").await;
    desk.ada.say(&desk.room, "!case letter 1 refuse").await;
    desk.ada.hears(&desk.room, "We cannot do what you asked for").await;
    desk.ada.say(&desk.room, "!case sent 1 refuse via=mail").await;
    desk.ada.hears(&desk.room, "letter refuse sent by mail").await;
    desk.ada.say(&desk.room, "!case notify 1 waive reason=\"the fossawort\"").await;
    let approve = crate::changed::code(&mut desk.ben, &desk.his).await;
    desk.ben.say(&desk.his, &approve).await;
    desk.ada.hears(&desk.room, "waived: the fossawort").await;

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
    desk.ada.say(&desk.room, "!case close 1").await;
    desk.ada.hears(&desk.room, "C-1 · closed").await;
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
    assert!(card.text.contains("closed · refused") && card.text.contains("Gag"), "{}", card.text);
    running.stop().await;

    // All of it is on record, and sealed, until it is erased.
    all_is_sealed(&desk.docket, &backups);
    let its_record: Vec<&str> =
        CANARIES.into_iter().filter(|canary| !NOT_ITS_RECORD.contains(canary)).collect();
    let exported = desk.docket.export().await;
    let missed: Vec<_> = its_record.iter().filter(|canary| found(&exported, &[canary]).is_none()).collect();
    assert!(missed.is_empty(), "not on record: {missed:?}");
    erase(&desk.docket, 1);
    let exported = desk.docket.export().await;
    assert_eq!(found(&exported, &its_record), None, "on record");
    assert!(below(&desk.docket.dir.join("data/files")).is_empty(), "its file is gone");
    let running = desk.docket.run_logging(Some("trace")).await;
    desk.ada.say(&desk.room, "!case show 1").await;
    let card = desk.ada.hears(&desk.room, "C-1 · erased").await;
    assert_eq!(found(&card.text, &CANARIES), None, "{}", card.text);
    let (is_done, said) = desk.docket.command("backup", &[backups.to_str().unwrap()]).await;
    assert!(is_done, "{said}");
    assert_eq!(found(&said, &CANARIES), None, "{said}");
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
    all_is_sealed(&desk.docket, &backups);
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
