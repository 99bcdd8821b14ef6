//! Who is not listed, or not any more: nothing that they wait for, and nothing that waits for them, comes to anything.

use serde_json::json;

use crate::behind::{behind_a_proxy, is_sent};
use crate::files::{ada_and_sam, invitation};
use crate::person::Person;
use crate::proxy::ALWAYS;
use crate::unread::on_record;
use crate::watch::{in_the_room_of_ada, until_is};

#[tokio::test(flavor = "multi_thread")]
async fn while_nobody_knows_who_reads_nothing_is_sent_and_what_whoever_left_proposed_is_void() {
    let (ben, cy) = (Person::new("ben").await, Person::new("cy").await);
    let (mut behind, running) = behind_a_proxy(&[&ben, &cy]).await;
    let mut ben = ben;
    let his = ben.client.get_room(behind.room.room_id()).unwrap();
    behind.says("!case new preservation agency=\"Met Police\" accounts=@alice:docket.test").await;
    behind.ada.hears(&behind.room, "C-2 opened").await;
    ben.say(&his, "!case assign 2 me").await;
    ben.say(&his, "!case hold 2 start").await;
    ben.say(&his, "!case hold 2 release").await;
    ben.hears(&his, "it takes two people").await;
    behind.docket.configure(&[&behind.ada.id, &cy.id], "");
    behind.proxy.stand_before(&behind.docket);
    let bad = json!({ "errcode": "M_UNKNOWN", "error": "Bad Gateway" });
    let away = behind.proxy.answers("GET", "/state", ALWAYS, 502, bad);
    running.hang_up();
    on_record(&behind.docket, "\"people-changed\"", 2).await;
    away.happens(1).await;
    let sent =
        |behind: &crate::behind::Behind| behind.proxy.asked().iter().filter(|asked| is_sent(asked)).count();
    let before = sent(&behind);
    let noted = behind.says("!case note 1 while nobody knows").await;
    on_record(&behind.docket, "while nobody knows", 1).await;
    // It has looked again meanwhile, and was told nothing again.
    away.happens(away.times() + 2).await;
    assert_eq!(sent(&behind), before, "nothing leaves");

    behind.proxy.is_honest();

    // Whichever of the two comes first.
    let answer = behind.ada.hears_of(&behind.room, &noted).await.text;
    assert!(answer.contains("note added"), "{answer}");
    let said = behind.ada.hears(&behind.room, "is not in the list of people any more").await.text;
    assert!(said.contains(ben.id.as_str()) && said.contains("Open cases of theirs: C-2"), "{said}");
    until_is(&behind.ada.client, behind.room.room_id(), &ben.id, "leave").await;
    behind.says("!case pending").await;
    behind.ada.hears(&behind.room, "Nothing waits for a second person").await;
    running.stop().await;
    assert_eq!(behind.docket.export().await.matches("\"voided\"").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_whoever_left_is_not_sent_to_them() {
    let (mut ada, room, mut sam, his, docket, running) = ada_and_sam().await;
    ada.say(&room, "!case new terms context=\"a secret word\"").await;
    ada.hears(&room, "C-1 opened").await;
    ada.say(&room, "!case tag 1 +csea").await;
    sam.hears(&his, "C-1").await;
    sam.say(&his, "!case show 1").await;
    sam.hears(&his, "an answer waits for you in a room of its own").await;
    let own = invitation(&sam).await;
    docket.configure(&[&ada.id], "");
    running.hang_up();
    ada.hears(&room, "is not in the list of people any more").await;
    until_is(&ada.client, room.room_id(), &sam.id, "leave").await;

    // He comes after all, where he still can.
    let own = sam.client.join_room_by_id(&own).await.ok();

    for _ in 0..2 {
        ada.say(&room, "!case help").await;
        ada.hears(&room, "!case new").await;
    }
    if let Some(own) = own {
        sam.sync().await;
        let page = own.messages(matrix_sdk::room::MessagesOptions::backward()).await.unwrap();
        for event in page.chunk {
            let raw: serde_json::Value = event.raw().deserialize_as_unchecked().unwrap();
            let is_said = raw["type"] == "m.room.message" || raw["type"] == "m.room.encrypted";
            assert!(!is_said, "docket said something there: {raw}");
        }
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_says_that_cannot_be_read_stands_nowhere_and_of_somebody_listed_it_does() {
    // Neither of their clients gives docket a key; and docket has not the power to take her out.
    let (mut ada, room, docket, running) = in_the_room_of_ada(0, "").await;
    let (cy, eve) = (Person::careful("cy").await, Person::careful("eve").await);
    docket.configure(&[&ada.id, &cy.id], &format!("room: \"{}\"\n", room.room_id()));
    running.hang_up();
    on_record(&docket, cy.id.as_str(), 1).await;
    room.invite_user_by_id(&cy.id).await.unwrap();
    room.invite_user_by_id(&eve.id).await.unwrap();
    let (hers, his) = (eve.join(room.room_id()).await, cy.join(room.room_id()).await);
    ada.hears(&room, &format!("{} sits in the room", eve.id)).await;
    let unread = eve.say(&hers, "!case new other by a stranger").await;
    room.kick_user(&eve.id, None).await.unwrap();
    ada.hears(&room, &format!("{} is not in the room any more", eve.id)).await;
    let listed = cy.say(&his, "!case new other by somebody listed").await;
    ada.hears(&room, "keeps its key from docket").await;
    ada.say(&room, "!case unreadable").await;
    let said = ada.hears(&room, "1 message could not be read").await.text;
    assert!(said.contains(cy.id.as_str()) && !said.contains(eve.id.as_str()), "{said}");
    running.stop().await;
    let exported = docket.export().await;
    assert!(exported.contains(listed.as_str()) && !exported.contains(unread.as_str()), "{exported}");
    assert_eq!(exported.matches("\"message-unread\"").count(), 1, "{exported}");
}
