//! Users of another server, on a real second Synapse: told across federation, and told once where their server is away when they are to
//! be.

use std::fs;
use std::time::{Duration, Instant};

use matrix_sdk::Room;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::OwnedUserId;
use matrix_sdk::ruma::api::client::receipt::create_receipt::v3::ReceiptType;
use matrix_sdk::ruma::events::receipt::ReceiptThread;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::notices::{Desk, download, invited, until};
use crate::person::Person;
use crate::server::Synapse;

const WORDS: &str = "asked us about your account";
/// How long the time to say no is in these tests.
const COOLING: Duration = Duration::from_secs(60);
/// By so much whoever is on our server may be told later than that, whatever the other server does.
const SOON: Duration = Duration::from_secs(25);

/// Our homeserver, where it speaks to others.
async fn near() -> &'static Synapse {
    static NEAR: OnceCell<Synapse> = OnceCell::const_new();
    NEAR.get_or_init(|| Synapse::federating("near")).await
}

/// Somebody whom docket has not compared with, nor they with it.
async fn user(synapse: &Synapse, of: &str) -> Person {
    let mut user = Person::on(synapse, of).await;
    user.compares = false;
    user
}

impl Desk {
    /// The policy has users of other servers told too, from docket's next start on.
    fn tells_others(&self) {
        let policy = self.docket.dir.join("ours.yaml");
        fs::write(&policy, "name: ours\nafter: [matrix-org]\nnotice: { other_servers: true }\n").unwrap();
        let text = fs::read_to_string(self.docket.config()).unwrap();
        let ours = format!("policy: \"{}\"\n", policy.display());
        fs::write(self.docket.config(), text.replace("policy: matrix-org\n", &ours)).unwrap();
    }

    /// How far the notice to somebody is.
    async fn how_far(&mut self, case: usize, user: &OwnedUserId) -> String {
        let asked = self.ada.say(&self.room, &format!("!case notify {case} preview {user}")).await;
        self.ada.hears_of(&self.room, &asked).await.text
    }

    /// How often docket could not go on with a notice.
    fn stuck(&self) -> usize {
        let log = fs::read_to_string(self.docket.dir.join("log")).unwrap();
        log.matches("a notice cannot take its next step").count()
    }

    /// Waits until it could not once more than so often.
    async fn gets_stuck(&self, before: usize) {
        let given_up = Instant::now() + Duration::from_secs(90);
        while self.stuck() <= before {
            assert!(Instant::now() < given_up, "docket never found that the other server is away");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// How many messages with these words somebody can read in a room.
async fn reads(user: &Person, room: &Room, words: &str) -> usize {
    let mut options = MessagesOptions::backward();
    options.limit = 100_u32.into();
    let page = room.messages(options).await.unwrap();
    let text = |event: Value| event["content"]["body"].as_str().map(str::to_owned);
    let said = page.chunk.iter().filter_map(|event| text(event.raw().deserialize_as_unchecked().unwrap()));
    let said: Vec<String> = said.collect();
    assert_eq!(user.client.joined_rooms().len(), 1, "{} has one room", user.id);
    said.iter().filter(|said| said.contains(words)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_of_another_server_is_told_across_federation_where_the_policy_says_so() {
    let (near, far) = (near().await, Synapse::federating("far").await);
    let mut desk = Desk::on(near, "").await;
    let (mut alice, mut bob) = (user(near, "alice").await, user(&far, "bob").await);
    // It is told in clear, which her client shows.
    let mut carol = Person::unsigned_on(&far, "carol").await;
    carol.beware = true;
    let nobody = OwnedUserId::try_from(format!("@no-such-{}", &bob.id.as_str()[1..])).unwrap();
    let users = [&alice.id, &bob.id, &carol.id, &nobody];

    // Without a word of the policy they are not.
    let running = desk.docket.run().await;
    desk.opens(1, &users).await;
    desk.ada.say(&desk.room, &format!("!case notify 1 send {}", bob.id)).await;
    let said = desk.ada.hears(&desk.room, "Not done").await.text;
    let refused = format!("{} is on another server, and the policy has only users of ours told", bob.id);
    assert!(said.contains(&refused) && said.contains("other_servers: true"), "{said}");
    running.stop().await;

    desk.tells_others();
    let running = desk.docket.run().await;
    desk.opens(2, &users).await;
    desk.sends("2 send").await;
    for user in &users[1..] {
        desk.sends(&format!("2 send {user}")).await;
    }
    for user in [&alice, &bob, &carol] {
        user.sync().await;
        assert!(user.client.invited_rooms().is_empty(), "{} may still be let alone", user.id);
    }

    let hers = alice.join(invited(&alice).await.room_id()).await;
    alice.hears(&hers, WORDS).await;
    let his = invited(&bob).await;
    let name = his.display_name().await.unwrap().to_string();
    assert!(!name.contains("C-2") && !name.contains("preservation"), "{name}");
    let his = bob.join(his.room_id()).await;
    let copy = bob.hears(&his, "request.txt").await;
    let copy = download(&bob, &copy.content["file"]).await;
    assert!(copy.contains("pangolin fraud") && copy.contains(bob.id.as_str()), "{copy}");
    assert!(!copy.contains(alice.id.as_str()), "nobody else stands in it: {copy}");
    let notice = bob.hears(&his, WORDS).await;
    assert!(notice.proof.is_some(), "it is encrypted");
    desk.ada.hears(&desk.room, &format!("{} is there, for one device", bob.id)).await;
    his.send_single_receipt(ReceiptType::Read, ReceiptThread::Unthreaded, notice.id.clone()).await.unwrap();

    // Whoever has nothing to read it with is told that, and who is not there is nobody.
    let carols = invited(&carol).await;
    carol.client.join_room_by_id(carols.room_id()).await.unwrap();
    let said = carol.hears(&carols, "a verified session of yours").await;
    assert!(said.proof.is_none() && !said.text.contains("request about"), "{said:?}");
    desk.ada.hears(&desk.room, &format!("{} did not reach them: no device of theirs", carol.id)).await;
    let preview = desk.how_far(2, &nobody).await;
    assert!(preview.contains("there is no such account"), "{preview}");

    // He answers there, and goes.
    bob.say(&his, "who are you?").await;
    bob.hears(&his, "Nobody reads what is written here").await;
    desk.ada.hears(&desk.room, &format!("{}: they answered there", bob.id)).await;
    assert_eq!(reads(&bob, &his, WORDS).await, 1);
    his.leave().await.unwrap();
    desk.ada.hears(&desk.room, &format!("{}: they left the room", bob.id)).await;
    let preview = desk.how_far(2, &bob.id).await;
    for proof in
        ["told by docket", "room made", "invited", "came", "there for one device", "read", "answered"]
    {
        assert!(preview.contains(proof), "{proof}: {preview}");
    }
    let log = running.stop().await;
    for secret in ["alice", "bob", "carol", "no-such", &far.server, "pangolin", his.room_id().as_str()] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_holds_up_nobody_else_and_its_users_are_told_once_it_is_back() {
    let (near, far) = (near().await, Synapse::federating("away").await);
    let mut desk = Desk::on(near, "").await;
    desk.tells_others();
    let mut alice = user(near, "alice").await;
    let (mut bob, mut dan, mut eve) =
        (user(&far, "bob").await, user(&far, "dan").await, user(&far, "eve").await);
    let running = desk.docket.run().await;
    let others = [bob.id.clone(), dan.id.clone(), eve.id.clone()];
    desk.opens(1, &[&alice.id, &bob.id, &dan.id, &eve.id]).await;
    // Theirs is the first turn.
    for other in &others {
        desk.sends(&format!("1 send {other}")).await;
    }
    let hanging = far.stop().await.hangs();
    let approved = Instant::now();
    desk.sends("1 send").await;
    let agreed = Instant::now();
    let theirs = invited(&alice).await;
    let hers = alice.join(theirs.room_id()).await;
    alice.hears(&hers, WORDS).await;
    println!("alice is told {:?} after two people agreed", agreed.elapsed());
    assert!(agreed.elapsed() < COOLING + SOON, "she was held up: {:?}", approved.elapsed());
    desk.ada.hears(&desk.room, &format!("{} is there, for one device", alice.id)).await;
    for other in &others {
        let preview = desk.how_far(1, other).await;
        for untrue in ["not reached", "did not", "no such account", " · invited", "there for"] {
            assert!(!preview.contains(untrue), "{untrue}: {preview}");
        }
    }

    let back = Instant::now();
    let far = hanging.starts().await;
    let his = bob.join(invited(&bob).await.room_id()).await;
    bob.hears(&his, WORDS).await;
    println!("bob is told {:?} after his server came back", back.elapsed());
    desk.ada.hears(&desk.room, &format!("{} is there, for one device", bob.id)).await;

    // They come while docket is stopped, and their server goes. Which devices eve has ours knows all the same: keys reach none of them.
    let (dans, eves) = (invited(&dan).await, invited(&eve).await);
    running.stop().await;
    let (dans, eves) = (dan.join(dans.room_id()).await, eve.join(eves.room_id()).await);
    let known = desk.ada.client.encryption().request_user_identity(&eve.id).await.unwrap();
    assert!(known.is_some(), "her server says who she is");
    let away = far.stop().await;
    let before = desk.stuck();
    let running = desk.docket.run().await;
    // Both were tried by then.
    desk.gets_stuck(before + 1).await;
    for other in [&dan.id, &eve.id] {
        let preview = desk.how_far(1, other).await;
        for untrue in ["not reached", "did not", "there for"] {
            assert!(!preview.contains(untrue), "{untrue}: {preview}");
        }
    }
    let back = Instant::now();
    let _far = away.starts().await;
    dan.hears(&dans, WORDS).await;
    eve.hears(&eves, WORDS).await;
    println!("dan and eve are told {:?} after their server came back", back.elapsed());
    for other in [&dan.id, &eve.id] {
        until(&mut desk, other, "there for one device").await;
    }
    running.stop().await;
    desk.ada.sync().await;
    for (user, room) in [(&alice, &hers), (&bob, &his), (&dan, &dans), (&eve, &eves)] {
        assert_eq!(reads(user, room, WORDS).await, 1, "{} is told once", user.id);
        assert_eq!(reads(user, room, "request.txt").await, 1, "{} has the copy once", user.id);
    }
    assert_eq!(desk.ada.passed_over("did not reach"), 0, "{}", desk.ada.heard_so_far());
}
