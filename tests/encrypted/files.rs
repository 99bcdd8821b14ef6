//! Files that people post, answers that no message holds, and answers for one person alone.

use std::io::Cursor;

use matrix_sdk::Room;
use matrix_sdk::media::{MediaFormat, MediaRequestParameters};
use matrix_sdk::ruma::events::room::{EncryptedFile, MediaSource};
use matrix_sdk::ruma::{OwnedEventId, OwnedRoomId};
use serde_json::{Value, json};

use crate::behind::behind_a_proxy;
use crate::docket::{Docket, Running, room_of};
use crate::person::Person;

/// The SHA-256 of what `order.txt` says.
const ORDER: &str = "In the Crown Court at Southwark\nORDER No. 2026/117\n";
const ORDER_HASH: &str = "a89585e3a9b08350f849ce681a2ea43396f005018c09539fa8d1161011abe49a";

/// ada, in a room with a docket that runs.
pub async fn ada_in_her_room() -> (Person, Room, Docket, Running) {
    let ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let id = room_of(&docket.set_up().await);
    let room = ada.join(&id).await;
    let running = docket.run().await;
    ada.sync().await;
    (ada, room, docket, running)
}

/// What a client sends when somebody posts a file.
async fn file(person: &Person, name: &str, bytes: &[u8]) -> Value {
    let file = person.client.upload_encrypted_file(&mut Cursor::new(bytes)).await.unwrap();
    json!({ "msgtype": "m.file", "body": name, "filename": name, "file": file, "info": { "size": bytes.len() } })
}

/// Posts a file.
pub async fn post(person: &Person, room: &Room, name: &str, bytes: &[u8]) -> OwnedEventId {
    person.send(room, file(person, name, bytes).await).await
}

/// Says something in reply to a message.
pub async fn reply(person: &Person, room: &Room, to: &OwnedEventId, text: &str) -> OwnedEventId {
    let relation = json!({ "m.in_reply_to": { "event_id": to } });
    person.send(room, json!({ "msgtype": "m.text", "body": text, "m.relates_to": relation })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_put_on_a_case_in_reply_to_it_and_lies_there_sealed() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    ada.say(&room, "!case new preservation agency=FBI").await;
    ada.hears(&room, "C-1 opened").await;
    let posted = post(&ada, &room, "order.txt", ORDER.as_bytes()).await;

    reply(&ada, &room, &posted, "!case attach 1 as=instrument").await;

    let said = ada.hears(&room, "file attached as instrument").await.text;
    let size = format!("order.txt · {} bytes · text/plain", ORDER.len());
    assert!(said.contains(&size) && said.contains(ORDER_HASH), "{said}");
    // The same again is known, whoever posted it and however.
    let again = post(&ada, &room, "order.txt", ORDER.as_bytes()).await;
    reply(&ada, &room, &again, "!case attach 1 as=instrument").await;
    ada.hears(&room, "this very file is on the case already").await;
    let log = running.stop().await;
    assert!(!log.contains("order.txt"), "a log does not say what a file is called: {log}");
    let kept: Vec<_> = std::fs::read_dir(docket.dir.join("data/files")).unwrap().collect();
    assert_eq!(kept.len(), 1, "one file is kept");
    let bytes = std::fs::read(kept[0].as_ref().unwrap().path()).unwrap();
    assert!(!bytes.windows(5).any(|five| five == b"ORDER"), "it is sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_proves_nothing_is_not_taken_and_its_poster_is_told_why() {
    let (mut ada, room, _docket, running) = ada_in_her_room().await;
    ada.say(&room, "!case new preservation agency=FBI").await;
    ada.hears(&room, "C-1 opened").await;
    let mut attach = async |content: Value| {
        let posted = ada.send(&room, content).await;
        reply(&ada, &room, &posted, "!case attach 1").await;
        ada.hears(&room, "Not done").await.text
    };
    // Nobody encrypted it.
    let clear = json!({ "msgtype": "m.file", "body": "x.pdf", "url": "mxc://docket.test/abcdefgh" });
    let said = attach(clear).await;
    assert!(said.contains("lies unencrypted"), "{said}");
    let (mut gone, mut other, mut large) = {
        let someone = Person::new("someone").await;
        let file = file(&someone, "x.pdf", b"abc").await;
        (file.clone(), file.clone(), file)
    };
    // The homeserver has lost it.
    gone["file"]["url"] = "mxc://docket.test/abcdefghijklmnop".into();
    let said = attach(gone).await;
    assert!(said.contains("has that file no more"), "{said}");
    // It is another one.
    other["file"]["hashes"]["sha256"] = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0".into();
    let said = attach(other).await;
    assert!(said.contains("is not the file that was posted"), "{said}");
    // It says itself that it is too large.
    large["info"]["size"] = 100_000_000.into();
    let said = attach(large).await;
    assert!(said.contains("larger than 64.0 MiB"), "{said}");
    // Without a reply, and in reply to something else, there is no file.
    let asked = ada.say(&room, "!case attach 1").await;
    ada.hears(&room, "there is no file").await;
    reply(&ada, &room, &asked, "!case attach 1").await;
    ada.hears(&room, "there is no file").await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_posted_who_is_not_listed_is_not_taken() {
    let (mut ada, eve) = (Person::new("ada").await, Person::new("eve").await);
    let docket = Docket::new(&[&ada.id, &eve.id]).await;
    let id = room_of(&docket.set_up().await);
    let (room, hers) = (ada.join(&id).await, eve.join(&id).await);
    let posted = post(&eve, &hers, "order.txt", b"abc").await;
    ada.hears(&room, "order.txt").await;
    // She was one of them, and is no longer.
    docket.configure(&[&ada.id], "");
    let running = docket.run().await;
    ada.say(&room, "!case new preservation agency=FBI").await;
    ada.hears(&room, "C-1 opened").await;
    reply(&ada, &room, &posted, "!case attach 1").await;
    let said = ada.hears(&room, "Not done").await.text;
    assert!(said.contains("is not listed here"), "{said}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_in_between_everybody_has_one_room_and_is_told_everything_there() {
    let (mut ada, room, mut sam, his, docket, mut running) = ada_and_sam().await;
    ada.say(&room, "!case new terms context=\"a secret word\"").await;
    ada.hears(&room, "C-1 opened").await;
    ada.say(&room, "!case tag 1 +csea").await;
    sam.hears(&his, "C-1").await;
    // Each time docket dies a little later on its way to the room.
    for n in 0..8 {
        sam.say(&his, &format!("!case note 1 number {n} of eight")).await;
        tokio::time::sleep(std::time::Duration::from_millis(120 * n)).await;
        running.kill();
        running = docket.run().await;
    }
    let own = sam.client.join_room_by_id(&invitation(&sam).await).await.unwrap();
    sam.hears(&own, "Here docket tells you").await;
    for _ in 0..8 {
        sam.hears(&own, "note added").await;
    }
    sam.say(&own, "!case log 1").await;
    let log = sam.hears(&own, "number 7 of eight").await.text;
    for n in 0..8 {
        assert_eq!(log.matches(&format!("number {n} of eight")).count(), 1, "{n}: {log}");
    }
    assert!(sam.client.invited_rooms().is_empty() && sam.client.joined_rooms().len() == 2);
    for once in ["Here docket tells you", "note added"] {
        assert!(!sam.heard_so_far().contains(once), "{once} is said once");
    }
    running.stop().await;
}

const MAIL: &str = "Received: from mx.kent.police.uk by mx.example.org; Fri, 20 Nov 2026 09:12:03 +0000\r\n\
From: =?utf-8?q?Jane_Ro=C3=A9?= <jane.roe@kent.police.uk>\r\nTo: abuse@example.org\r\n\
Date: Fri, 20 Nov 2026 09:12:00 +0000\r\nSubject: please keep records\r\nMIME-Version: 1.0\r\n\
Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
Dear Sirs,\r\nplease preserve all records of @alice:example.org=2C and of nobody=\r\n else. Our reference is OP-77/26.\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_or_a_form_that_was_posted_is_read_as_a_request() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    let mail = post(&ada, &room, "request.eml", MAIL.as_bytes()).await;
    reply(&ada, &room, &mail, "!case new preservation").await;
    ada.hears(&room, "C-1 opened: preservation").await;
    let form = "Request: preservation\nAgency: Kent Police\nAccounts: @bob:example.org\n";
    let form = post(&ada, &room, "request.txt", form.as_bytes()).await;
    reply(&ada, &room, &form, "!case new").await;
    ada.hears(&room, "C-2 opened: preservation").await;
    let scan = post(&ada, &room, "request.pdf", b"%PDF-1.7\0\x01\x02").await;
    reply(&ada, &room, &scan, "!case new preservation").await;
    let said = ada.hears(&room, "Not done").await.text;
    assert!(said.contains("is no text and no mail"), "{said}");
    running.stop().await;
    let exported = docket.export().await;
    for words in ["jane.roe@kent.police.uk", "OP-77/26", "@alice:example.org", "Jane Roé", "@bob:example.org"]
    {
        assert!(exported.contains(words), "{words} is missing in {exported}");
    }
    assert!(!exported.contains("C-3"), "{exported}");
}

/// The text of a file that docket sent.
async fn text_of(person: &Person, content: &Value) -> String {
    let file: EncryptedFile = serde_json::from_value(content["file"].clone()).unwrap();
    let source = MediaSource::Encrypted(Box::new(file));
    let request = MediaRequestParameters { source, format: MediaFormat::File };
    let bytes = person.client.media().get_media_content(&request, false).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_no_message_holds_comes_as_a_file_once() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    for n in 0..9 {
        ada.say(&room, &format!("!case note 1 begin-{n} {} end-{n}", "word ".repeat(700))).await;
        ada.hears(&room, "C-1").await;
    }

    let asked = ada.say(&room, "!case log 1").await;

    let file = ada.hears(&room, "C-1-answer.txt").await;
    assert_eq!(file.content["msgtype"], "m.file");
    assert_eq!(file.content["m.relates_to"]["m.in_reply_to"]["event_id"], asked.as_str());
    assert!(file.content["url"].is_null(), "it lies on the homeserver encrypted");
    let text = text_of(&ada, &file.content).await;
    for n in 0..9 {
        assert!(text.contains(&format!("begin-{n} ")) && text.contains(&format!("end-{n}")), "{n}: {text}");
    }
    let said = ada.hears(&room, "longer than a message can be").await.text;
    assert!(said.starts_with("C-1") && said.contains("C-1-answer.txt"), "{said}");
    // Killed at any moment it sends neither of them twice.
    ada.say(&room, "!case log 1").await;
    running.kill();
    let running = docket.run().await;
    ada.hears(&room, "longer than a message can be").await;
    ada.say(&room, "!case show 1").await;
    let more = ada.hears(&room, "C-1").await;
    assert!(!more.text.contains("longer than") && more.content["msgtype"] != "m.file", "{more:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_file_the_homeserver_refuses_is_cut_and_says_so() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    for n in 0..9 {
        behind.says(&format!("!case note 1 begin-{n} {} end-{n}", "word ".repeat(700))).await;
        behind.ada.hears(&behind.room, "note added").await;
    }
    let too_large = json!({ "errcode": "M_TOO_LARGE", "error": "Too large to be uploaded" });
    let rule = behind.proxy.answers("POST", "/media/v3/upload", 1, 413, too_large);

    behind.says("!case log 1").await;

    let said = behind.ada.hears(&behind.room, "more lines do not fit into one message").await;
    rule.is_over().await;
    assert_eq!(said.content["msgtype"], "m.notice");
    assert!(said.text.contains("begin-8") && !said.text.contains("begin-0"), "{}", said.text);
    behind.is_answered("C-2").await;
    running.stop().await;
}

/// ada, who handles, and sam, who works the cases that are sealed.
pub async fn ada_and_sam() -> (Person, Room, Person, Room, Docket, Running) {
    let (ada, sam) = (Person::new("ada").await, Person::new("sam").await);
    let docket = Docket::new(&[&ada.id, &sam.id]).await;
    let text = std::fs::read_to_string(docket.config()).unwrap();
    let line = format!("id: \"{}\", role: [handler, approver]", sam.id);
    let text = text.replace(&line, &format!("id: \"{}\", role: [safety]", sam.id));
    std::fs::write(docket.config(), text).unwrap();
    let id = room_of(&docket.set_up().await);
    let (room, his) = (ada.join(&id).await, sam.join(&id).await);
    let running = docket.run().await;
    ada.sync().await;
    sam.sync().await;
    (ada, room, sam, his, docket, running)
}

/// The room to which somebody is invited, once they are.
pub async fn invitation(person: &Person) -> OwnedRoomId {
    for _ in 0..600 {
        if let Some(room) = person.client.invited_rooms().first() {
            return room.room_id().to_owned();
        }
        person.sync().await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{} was never invited", person.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_one_person_alone_waits_for_them_in_a_room_of_their_own() {
    let (mut ada, room, mut sam, his, docket, running) = ada_and_sam().await;
    ada.say(&room, "!case new terms context=\"a secret word\"").await;
    ada.hears(&room, "C-1 opened").await;
    ada.say(&room, "!case tag 1 +csea").await;
    sam.hears(&his, "C-1").await;

    sam.say(&his, "!case show 1").await;

    let call = sam.hears(&his, &format!("{}: an answer waits for you in a room of its own", sam.id)).await;
    assert!(!call.text.contains("C-1"), "{call:?}");
    assert_eq!(call.content["m.mentions"]["user_ids"], json!([sam.id]));
    // Nothing is held up meanwhile.
    ada.say(&room, "!case help").await;
    ada.hears(&room, "!case new").await;
    let own = sam.client.join_room_by_id(&invitation(&sam).await).await.unwrap();
    sam.hears(&own, "Here docket tells you what nobody else may read").await;
    let shown = sam.hears(&own, "a secret word").await;
    assert!(shown.content["m.relates_to"].is_null(), "{shown:?}");
    // What is typed there is done, and answered there.
    let asked = sam.say(&own, "!case note 1 a word that others must not read").await;
    let noted = sam.hears(&own, "C-1").await;
    assert_eq!(noted.content["m.relates_to"]["m.in_reply_to"]["event_id"], asked.as_str());
    running.kill();
    let running = docket.run().await;
    sam.say(&own, "!case log 1").await;
    sam.hears(&own, "a word that others must not read").await;
    // Whoever went away is asked in again by the next answer, into the same room.
    own.leave().await.unwrap();
    sam.say(&his, "!case show 1").await;
    sam.hears(&his, "an answer waits for you in a room of its own").await;
    assert_eq!(invitation(&sam).await, own.room_id());
    let own = sam.client.join_room_by_id(own.room_id()).await.unwrap();
    sam.hears(&own, "a secret word").await;
    // There is one such room, and nobody else is in it.
    assert_eq!(sam.client.joined_rooms().len(), 2);
    assert!(sam.client.invited_rooms().is_empty());
    ada.say(&room, "!case help").await;
    ada.hears(&room, "!case new").await;
    assert!(!ada.heard_so_far().contains("others must not read"), "{}", ada.heard_so_far());
    running.stop().await;
    assert_eq!(docket.export().await.matches("a word that others must not read").count(), 1);
}
