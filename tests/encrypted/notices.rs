//! What users are told of requests about them: by docket, in an encrypted room of their own, and the proof of it in the moderation room.

use std::time::{Duration, Instant};

use matrix_sdk::Room;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::OwnedUserId;
use matrix_sdk::ruma::api::client::receipt::create_receipt::v3::ReceiptType;
use matrix_sdk::ruma::events::receipt::ReceiptThread;
use serde_json::json;

use crate::changed::code;
use crate::docket::{Docket, Running, room_of, write};
use crate::person::Person;
use crate::proxy::Proxy;
use crate::server::{Synapse, synapse};
use crate::steps_beside::times;
use crate::steps_notice::read;
use crate::unread::{admin, as_admin};

/// Two who may decide together, in the room of a docket that is ready to run.
pub struct Desk {
    pub ada: Person,
    pub ben: Person,
    pub room: Room,
    pub his: Room,
    pub docket: Docket,
}

impl Desk {
    /// `more` stands in the configuration.
    pub async fn new(more: &str) -> Desk {
        Desk::on(synapse(), more).await
    }

    /// The same on a homeserver of its own.
    pub async fn on(synapse: &Synapse, more: &str) -> Desk {
        let (ada, ben) = (Person::on(synapse, "ada").await, Person::on(synapse, "ben").await);
        let docket = Docket::on(synapse, &[&ada.id, &ben.id]).await;
        docket.configure(&[&ada.id, &ben.id], &format!("cooling: 1m\n{more}"));
        docket.confirm(&ada).await;
        docket.confirm(&ben).await;
        let id = room_of(&docket.set_up().await);
        let (room, his) = (ada.join(&id).await, ben.join(&id).await);
        Desk { ada, ben, room, his, docket }
    }

    /// Has a case whose users two people have docket tell: it does once the time to say no is over.
    pub async fn approves(&mut self, users: &[&OwnedUserId]) {
        self.approves_case(1, users).await;
    }

    /// The same of a case that will have this number.
    pub async fn approves_case(&mut self, case: usize, users: &[&OwnedUserId]) {
        self.opens(case, users).await;
        self.sends(&format!("{case} send")).await;
    }

    /// Has a case that will have this number, about users who may be told.
    pub async fn opens(&mut self, case: usize, users: &[&OwnedUserId]) {
        let users: Vec<&str> = users.iter().map(|user| user.as_str()).collect();
        self.ada.sync().await;
        self.ben.sync().await;
        let opens = format!(
            "!case new preservation accounts=\"{}\" agency=\"Kent Police\" purpose=\"pangolin fraud\" confidential=no",
            users.join(", ")
        );
        self.ada.say(&self.room, &opens).await;
        self.ada.hears(&self.room, &format!("C-{case} opened")).await;
        self.ada.say(&self.room, &format!("!case refuse {case} reason=unverified")).await;
        self.ada.hears(&self.room, &format!("C-{case} · refused")).await;
    }

    /// Two people agree on what is said behind `notify`.
    pub async fn sends(&mut self, what: &str) {
        self.ada.say(&self.room, &format!("!case notify {what}")).await;
        let approve = code(&mut self.ben, &self.his).await;
        self.ben.say(&self.his, &approve).await;
        self.ada.hears(&self.room, "approved (").await;
    }

    /// What stands in the room of how far a notice is.
    pub async fn preview(&mut self, user: &OwnedUserId) -> String {
        let asked = self.ada.say(&self.room, &format!("!case notify 1 preview {user}")).await;
        self.ada.hears_of(&self.room, &asked).await.text
    }
}

/// Waits until somebody is invited to a room, and gives it back.
pub async fn invited(user: &Person) -> Room {
    let given_up = Instant::now() + Duration::from_secs(240);
    while Instant::now() < given_up {
        user.sync().await;
        if let Some(room) = user.client.invited_rooms().into_iter().next() {
            return room;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    panic!("{} is never invited", user.id);
}

/// Somebody whom docket has not compared with, nor they with it.
pub async fn user(of: &str) -> Person {
    let mut user = Person::new(of).await;
    user.compares = false;
    user
}

async fn run(desk: &Desk) -> Running {
    desk.docket.run().await
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_told_in_rooms_of_their_own_and_the_room_hears_how_far_that_came() {
    let mut desk = Desk::new("").await;
    let (mut alice, bob) = (user("alice").await, user("bob").await);
    let gone = user("gone").await;
    gone.client.logout().await.unwrap();
    let nobody = OwnedUserId::try_from(format!("@no-such-{}", &alice.id.as_str()[1..])).unwrap();
    // It is told in clear, which her client shows.
    let mut unsigned = Person::unsigned("unsigned").await;
    unsigned.beware = true;
    let running = run(&desk).await;
    desk.approves(&[&alice.id, &bob.id, &gone.id, &nobody, &unsigned.id]).await;
    alice.sync().await;
    assert!(
        alice.client.invited_rooms().is_empty(),
        "nothing concerns her before the time to say no is over"
    );

    let theirs = invited(&alice).await;
    let name = theirs.display_name().await.unwrap().to_string();
    assert!(!name.contains("C-1") && !name.contains("preservation"), "{name}");
    let theirs = alice.join(theirs.room_id()).await;
    let copy = alice.hears(&theirs, "request.txt").await;
    assert_eq!(copy.content["msgtype"], "m.file");
    let copy = download(&alice, &copy.content["file"]).await;
    assert!(copy.contains("pangolin fraud") && copy.contains(alice.id.as_str()), "{copy}");
    assert!(!copy.contains(bob.id.as_str()), "nobody else stands in it: {copy}");
    let notice = alice.hears(&theirs, "asked us about your account").await;
    assert!(notice.proof.is_some(), "it is encrypted");
    desk.ada.hears(&desk.room, &format!("{} is there, for one device", alice.id)).await;
    theirs
        .send_single_receipt(ReceiptType::Read, ReceiptThread::Unthreaded, notice.id.clone())
        .await
        .unwrap();

    // Whoever declines, is not there, or has nothing to read it with.
    let his = invited(&bob).await;
    his.leave().await.unwrap();
    desk.ada.hears(&desk.room, &format!("{} did not reach them: they declined", bob.id)).await;
    let theirs_too = invited(&unsigned).await;
    unsigned.client.join_room_by_id(theirs_too.room_id()).await.unwrap();
    let said = unsigned.hears(&theirs_too, "a verified session of yours").await;
    assert!(said.proof.is_none() && !said.text.contains("request about"), "{said:?}");
    desk.ada.hears(&desk.room, &format!("{} did not reach them: no device of theirs", unsigned.id)).await;
    for (who, why) in [(&gone.id, "no device of theirs"), (&nobody, "there is no such account")] {
        let preview = desk.preview(who).await;
        assert!(preview.contains(why), "{preview}");
    }
    let preview = until(&mut desk, &alice.id, " · read ").await;
    for proof in ["told by docket", "room made", "invited", "came", "there for one device"] {
        assert!(preview.contains(proof), "{proof}: {preview}");
    }

    // What she writes there nobody reads, and that she did somebody hears.
    unsigned.say(&theirs_too, "what is this?").await;
    desk.ada.hears(&desk.room, &format!("{}: they answered there", unsigned.id)).await;

    // Once she has verified her session, she is told in the same room.
    unsigned.client.encryption().bootstrap_cross_signing(None).await.unwrap();
    desk.ada.say(&desk.room, &format!("!case notify 1 send {}", unsigned.id)).await;
    let approve = code(&mut desk.ben, &desk.his).await;
    desk.ben.say(&desk.his, &approve).await;
    (unsigned.beware, unsigned.misses_some) = (true, true);
    unsigned.hears(&theirs_too, "asked us about your account").await;
    assert_eq!(unsigned.client.rooms().len(), 1, "one room");

    // Whoever answers there is answered once.
    for n in 0..3 {
        alice.say(&theirs, &format!("who are you? {n}")).await;
    }
    alice.hears(&theirs, "Nobody reads what is written here").await;
    desk.ada.hears(&desk.room, &format!("{}: they answered there", alice.id)).await;
    theirs.leave().await.unwrap();
    desk.ada.hears(&desk.room, &format!("{}: they left the room", alice.id)).await;
    assert_eq!(alice.passed_over("Nobody reads what is written here"), 0, "once");
    let log = running.stop().await;
    for secret in
        ["alice", "bob", "gone", "no-such", "unsigned", "pangolin", "Kent", theirs.room_id().as_str()]
    {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    assert!(!desk.docket.export().await.contains("who are you"), "what they wrote is kept by nobody");
}

/// What stands in the file of a message.
pub async fn download(user: &Person, file: &serde_json::Value) -> String {
    use matrix_sdk::media::{MediaFormat, MediaRequestParameters};
    use matrix_sdk::ruma::events::room::{EncryptedFile, MediaSource};
    let file: EncryptedFile = serde_json::from_value(file.clone()).unwrap();
    let request =
        MediaRequestParameters { source: MediaSource::Encrypted(Box::new(file)), format: MediaFormat::File };
    let bytes = user.client.media().get_media_content(&request, false).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The preview, once it has these words.
pub async fn until(desk: &mut Desk, user: &OwnedUserId, words: &str) -> String {
    for _ in 0..60 {
        let preview = desk.preview(user).await;
        if preview.contains(words) {
            return preview;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("it never said {words:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_concerns_a_user_before_it_may_and_what_binds_by_then_holds_it_back() {
    let root = admin().await;
    let admins = format!("synapse: {{ url: \"{}\", token_file: admin-token }}\n", synapse().url);
    let mut desk = Desk::new(&admins).await;
    write(&desk.docket.dir.join("admin-token"), root.trim());
    let (alice, dan, eve) = (user("alice").await, user("dan").await, user("eve").await);
    as_admin("POST", &format!("v1/deactivate/{}", dan.id), json!({ "erase": false })).await;
    as_admin("PUT", &format!("v1/suspend/{}", eve.id), json!({ "suspend": true })).await;
    let proxy = Proxy::before(&desk.docket).await;
    let running = run(&desk).await;
    desk.approves(&[&alice.id, &dan.id, &eve.id]).await;
    let concerns = |proxy: &Proxy, user: &Person| {
        let name = user.id.localpart().to_owned();
        proxy.asked().iter().filter(|asked| asked.path.contains(&name) || asked.body.contains(&name)).count()
    };
    for one in [&alice, &dan, &eve] {
        assert_eq!(concerns(&proxy, one), 0, "before the time to say no is over");
    }
    let theirs = invited(&alice).await;
    desk.ada.hears(&desk.room, &format!("{} did not reach them: the account was deactivated", dan.id)).await;
    desk.ada.hears(&desk.room, &format!("{} did not reach them: the account is suspended", eve.id)).await;

    // An order for silence comes in before she does.
    let opens = format!("!case new information accounts={} confidential=yes", alice.id);
    desk.ada.say(&desk.room, &opens).await;
    desk.ada.hears(&desk.room, "C-2 opened").await;
    let theirs = alice.join(theirs.room_id()).await;

    desk.ada.hears(&desk.room, &format!("{} was held back", alice.id)).await;
    running.stop().await;
    alice.sync().await;
    let page = theirs.messages(MessagesOptions::backward()).await.unwrap();
    let said = page.chunk.iter().filter(|event| {
        let kind = event.raw().get_field::<String>("type").ok().flatten();
        matches!(kind.as_deref(), Some("m.room.encrypted" | "m.room.message"))
    });
    assert_eq!(said.count(), 0, "nothing was said there");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_homeserver_did_and_could_not_say_is_done_once_and_who_may_not_be_invited_is_told_of() {
    let mut desk = Desk::new("").await;
    let (mut alice, bob) = (user("alice").await, user("bob").await);
    let proxy = Proxy::before(&desk.docket).await;
    let running = run(&desk).await;
    let of = |who: &Person| format!("/invite with {}", who.id.localpart());
    let lost = [
        proxy.cuts_after("POST", "/createRoom", 2),
        proxy.cuts_after("POST", &of(&alice), 1),
        proxy.answers("POST", &of(&bob), 1, 403, json!({ "errcode": "M_FORBIDDEN", "error": "no" })),
    ];
    desk.approves(&[&alice.id, &bob.id]).await;
    let theirs = invited(&alice).await;
    let name = theirs.room_id().as_str().trim_start_matches('!').split(':').next().unwrap().to_owned();
    // The copy, and the words.
    let said = proxy.cuts_after("PUT", &format!("{name}/send/m.room.encrypted"), 2);
    let theirs = alice.join(theirs.room_id()).await;
    alice.hears(&theirs, "request.txt").await;
    alice.hears(&theirs, "asked us about your account").await;
    desk.ada.hears(&desk.room, &format!("{} is there", alice.id)).await;
    until(&mut desk, &bob.id, "does not let them be invited").await;
    for rule in lost.iter().chain([&said]) {
        rule.is_over().await;
    }

    let words = read(&alice, &theirs).await;
    assert_eq!(
        (times(&words, "request.txt"), times(&words, "asked us about your account")),
        (1, 1),
        "{words:#?}"
    );
    let asked = proxy.asked();
    let made = asked.iter().filter(|asked| asked.path.ends_with("/createRoom")).count();
    assert_eq!(made, 2, "one for each of them");
    let is_hers = |asked: &&crate::proxy::Asked| asked.body.contains(alice.id.localpart());
    let invitations = asked.iter().filter(|asked| asked.path.ends_with("/invite")).filter(is_hers);
    assert_eq!(invitations.count(), 1);
    assert_eq!(alice.client.rooms().len(), 1, "one room");
    running.stop().await;
}
