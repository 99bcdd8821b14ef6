//! What a notice's room is, and what somebody hears in the moderation room when docket cannot say in it what is to be said.

use docket::ops::failpoint::Point;
use matrix_sdk::ruma::api::client::state::get_state_events;
use serde_json::{Value, json};

use crate::mortal::Mortal;
use crate::notices::{Desk, invited, user};
use crate::proxy::{ALWAYS, Proxy};
use crate::steps_beside::times;
use crate::steps_notice::read;

#[tokio::test(flavor = "multi_thread")]
async fn a_notices_room_is_for_two_and_says_nothing_and_what_may_have_been_said_there_is_not_said_twice() {
    let mut desk = Desk::new("").await;
    let (alice, bob) = (user("alice").await, user("bob").await);
    let docket = std::mem::replace(&mut desk.docket, crate::docket::Docket::new(&[&desk.ada.id]).await);
    let mortal = Mortal::new(&docket);
    let alive = mortal.lives().await;
    desk.approves(&[&alice.id]).await;
    mortal.dies_at(Point::NoticeSent.name());
    alive.stops().await;
    let mut alive = mortal.start("run");
    let theirs = invited(&alice).await;
    let theirs = alice.join(theirs.room_id()).await;
    alive.dies(Point::NoticeSent).await;

    let request = get_state_events::v3::Request::new(theirs.room_id().to_owned());
    let events = alice.client.send(request).await.unwrap().room_state;
    let events: Vec<Value> = events.iter().map(|event| event.deserialize_as_unchecked().unwrap()).collect();
    let of = |kind: &str| {
        let found: Vec<&Value> = events.iter().filter(|event| event["type"] == kind).collect();
        assert_eq!(found.len(), 1, "{kind}: {found:#?}");
        found[0]["content"].clone()
    };
    let kinds: std::collections::BTreeSet<&str> =
        events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    let expected = [
        "m.room.create",
        "m.room.encryption",
        "m.room.guest_access",
        "m.room.history_visibility",
        "m.room.join_rules",
        "m.room.member",
        "m.room.name",
        "m.room.power_levels",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected, "nothing else is said of it");
    assert_eq!(of("m.room.encryption")["algorithm"], "m.megolm.v1.aes-sha2");
    assert_eq!(of("m.room.join_rules")["join_rule"], "invite");
    assert_eq!(of("m.room.history_visibility")["history_visibility"], "joined");
    assert_eq!(of("m.room.guest_access")["guest_access"], "forbidden");
    let create = of("m.room.create");
    assert_eq!(create["m.federate"], false, "she is of this server: {create}");
    assert!(create.get("additional_creators").is_none(), "{create}");
    let powers = of("m.room.power_levels");
    for (key, level) in
        [("state_default", 100), ("invite", 100), ("kick", 100), ("ban", 100), ("redact", 100)]
    {
        assert_eq!(powers[key], level, "{powers}");
    }
    assert_eq!(powers["users_default"], 0);
    assert_eq!(powers["users"].get(alice.id.as_str()), None, "she only talks: {powers}");
    let members: Vec<&str> = events
        .iter()
        .filter(|event| event["type"] == "m.room.member")
        .map(|event| event["state_key"].as_str().unwrap())
        .collect();
    assert_eq!(members.len(), 2, "{members:?}");
    let all = serde_json::to_string(&events).unwrap();
    for secret in ["C-1", "preservation", "Kent", "pangolin", "request", bob.id.as_str()] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }

    // The words left, and this is not on record. What the next session finds there it cannot read.
    std::fs::remove_dir_all(docket.dir.join("data/matrix/store")).unwrap();
    let said = docket.set_up().await;
    assert!(said.contains("session: logged in"), "{said}");
    let alive = mortal.lives().await;
    desk.ada.sync().await;
    desk.ada.hears(&desk.room, "something is in their room already that docket cannot read any more").await;
    alive.stops().await;
    let words = read(&alice, &theirs).await;
    assert_eq!(times(&words, "asked us about your account"), 1, "{words:#?}");
    assert_eq!(times(&words, "request.txt"), 1, "{words:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_copy_is_never_taken_is_told_nothing_and_somebody_hears_it() {
    let mut desk = Desk::new("").await;
    let alice = user("alice").await;
    let proxy = Proxy::before(&desk.docket).await;
    let running = desk.docket.run().await;
    let too_large = json!({ "errcode": "M_TOO_LARGE", "error": "Upload request body is too large" });
    let refused = proxy.answers("POST", "/media/", ALWAYS, 413, too_large);
    desk.approves(&[&alice.id]).await;
    let theirs = invited(&alice).await;
    let theirs = alice.join(theirs.room_id()).await;
    desk.ada.hears(&desk.room, &format!("{} did not reach them: the message or the copy", alice.id)).await;
    assert_eq!(refused.times(), 1, "what is too large is not tried again");
    let words = read(&alice, &theirs).await;
    assert_eq!(times(&words, "asked us"), 0, "no words without the copy: {words:#?}");

    // Somebody sees to it, and two send it anew: into the room that is there.
    proxy.is_honest();
    desk.sends(&format!("1 send {}", alice.id)).await;
    desk.ada.hears(&desk.room, &format!("{} is there, for one device", alice.id)).await;
    let words = read(&alice, &theirs).await;
    assert_eq!((times(&words, "request.txt"), times(&words, "asked us about your account")), (1, 1));
    assert_eq!(alice.client.rooms().len(), 1, "one room");
    running.stop().await;
}
