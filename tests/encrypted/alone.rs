//! A room of one person whose history the homeserver does not give out: it holds up nobody else, and nothing in it is lost in silence.

use matrix_sdk::Room;
use serde_json::json;

use crate::docket::{Docket, Running};
use crate::files::{ada_and_sam, invitation};
use crate::person::Person;
use crate::proxy::{ALWAYS, Proxy};

/// ada in the moderation room, sam in it and in the one of his own where he works a sealed case, and docket stopped.
async fn sam_by_himself() -> (Person, Room, Person, Room, Docket, Proxy) {
    let (mut ada, room, mut sam, his, docket, running) = ada_and_sam().await;
    ada.say(&room, "!case new terms context=\"a word\"").await;
    ada.hears(&room, "C-1 opened").await;
    ada.say(&room, "!case tag 1 +csea").await;
    sam.hears(&his, "C-1").await;
    sam.say(&his, "!case show 1").await;
    sam.hears(&his, "an answer waits for you in a room of its own").await;
    let own = sam.client.join_room_by_id(&invitation(&sam).await).await.unwrap();
    sam.hears(&own, "a word").await;
    running.stop().await;
    let proxy = Proxy::before(&docket).await;
    (ada, room, sam, own, docket, proxy)
}

fn history_of(room: &Room) -> String {
    let id = room.room_id().as_str();
    format!("{}/messages", id.trim_start_matches('!').replace(':', "%3A"))
}

async fn the_others_are_answered(ada: &mut Person, room: &Room) {
    let asked = ada.say(room, "!case due").await;
    ada.hears_of(room, &asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_in_a_room_of_one_person_is_done_once_the_homeserver_gives_it_out() {
    let (mut ada, room, mut sam, own, docket, proxy) = sam_by_himself().await;
    sam.say(&own, "!case note 1 written while docket was away").await;
    let broken = proxy.answers("GET", &history_of(&own), ALWAYS, 502, json!("<html>Bad Gateway</html>"));
    let running = docket.run().await;
    the_others_are_answered(&mut ada, &room).await;
    broken.happens(1).await;
    // What comes behind it waits for it, over a stop too.
    running.kill();
    sam.say(&own, "!case note 1 and a second one").await;
    let running = docket.run().await;
    the_others_are_answered(&mut ada, &room).await;
    sam.say(&own, "!case note 1 and a third one").await;
    the_others_are_answered(&mut ada, &room).await;
    proxy.is_honest();
    for _ in 0..3 {
        sam.hears(&own, "C-1 · note added").await;
    }
    running.stop().await;
    let notes = docket.export().await;
    let at = |words: &str| {
        assert_eq!(notes.matches(words).count(), 1, "{words}");
        notes.find(words)
    };
    assert!(at("written while docket was away") < at("and a second one"));
    assert!(at("and a second one") < at("and a third one"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_of_a_room_of_one_person_is_named_to_them() {
    let (mut ada, room, mut sam, own, docket, proxy) = sam_by_himself().await;
    sam.say(&own, "!case note 1 never read").await;
    let gone = json!({ "errcode": "M_NOT_FOUND", "error": "gone" });
    let refused = proxy.answers("GET", &history_of(&own), ALWAYS, 404, gone);
    let running: Running = docket.run().await;
    // Each of her words wakes docket, and it asks again.
    while refused.times() < 5 {
        the_others_are_answered(&mut ada, &room).await;
    }
    let his = sam.client.get_room(room.room_id()).unwrap();
    let told = sam.hears(&his, &format!("in the room that is {}'s alone could not be read", sam.id)).await;
    assert_eq!(told.content["m.mentions"]["user_ids"], json!([sam.id]));
    // What is written from here on is read. Before the first answer docket looks for one that it may have given; after that it asks no more.
    sam.say(&own, "!case note 1 written again").await;
    sam.hears(&own, "C-1 · note added").await;
    let asked = refused.times();
    sam.say(&own, "!case note 1 and once more").await;
    sam.hears(&own, "C-1 · note added").await;
    assert_eq!(refused.times(), asked);
    running.stop().await;
    let notes = docket.export().await;
    assert_eq!((notes.matches("written again").count(), notes.matches("never read").count()), (1, 0));
}
