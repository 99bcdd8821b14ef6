//! Whose word counts once an identity, a device or an authority has changed.

use std::fs;
use std::time::Duration;

use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::TimelineEventKind;
use matrix_sdk::room::MessagesOptions;

use crate::docket::{Docket, Running, room_of};
use crate::person::{self, Person};
use crate::unread::on_record;
use crate::watch::{alarm_command, rung};

/// ada, ben and cy in their room, all vouched for from the start; case C-1 is open.
async fn three() -> ([Person; 3], [Room; 3], Docket, Running) {
    let mut people = [Person::new("ada").await, Person::new("ben").await, Person::new("cy").await];
    let docket = Docket::new(&people.each_ref().map(|person| &person.id)).await;
    for person in &people {
        docket.confirm(person).await;
    }
    let id = room_of(&docket.set_up().await);
    let [ada, ben, cy] = &people;
    let rooms = [ada.join(&id).await, ben.join(&id).await, cy.join(&id).await];
    let running = docket.run().await;
    for person in &people {
        person.sync().await;
    }
    people[0]
        .say(&rooms[0], "!case new preservation agency=\"Met Police\" accounts=@alice:docket.test")
        .await;
    people[0].hears(&rooms[0], "C-1 opened").await;
    (people, rooms, docket, running)
}

/// The code of the proposal that somebody hears of.
pub async fn code(person: &mut Person, room: &Room) -> String {
    let said = person.hears(room, "approves with !case approve ").await.text;
    let (_, rest) = said.split_once("approves with !case approve ").unwrap();
    format!("!case approve {}", rest.split(" until").next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_made_a_new_identity_is_cut_off_until_they_are_vouched_for_and_nobody_else_is() {
    let ([mut ada, mut ben, mut cy], [room, his, cys], docket, running) = three().await;
    ben.say(&his, "!case note 1 before it was reset").await;
    ada.hears(&room, "note added").await;

    let before = ben.fingerprint().await;
    ben.resets().await;

    ada.hears(&room, &format!("{} has another identity than before and is cut off", ben.id)).await;
    ben.say(&his, "!case note 1 by another identity").await;
    let said = ada.hears(&room, "Not allowed").await.text;
    assert!(said.contains("this identity is not the one you are known by here"), "{said}");
    // The others go on, and he does not read what they are told.
    cy.say(&cys, "!case note 1 by somebody else").await;
    cy.hears(&cys, "note added").await;
    let asked = ada.say(&room, "!case show 1").await;
    let answer = ada.hears_of(&room, &asked).await;
    assert!(answer.text.starts_with("C-1 · preservation"), "{answer:?}");
    ben.sync().await;
    let page = his.messages(MessagesOptions::backward()).await.unwrap();
    let his_copy = page.chunk.iter().find(|event| event.event_id() == Some(answer.id.clone()));
    let is_unread = matches!(his_copy.unwrap().kind, TimelineEventKind::UnableToDecrypt { .. });
    assert!(is_unread, "he has no key of it");

    // The host has vouched for the one before, so it is the host's to change.
    let new = ben.fingerprint().await;
    ada.say(&room, &format!("!case trust {} {new}", ben.id)).await;
    ada.hears(&room, "the configuration names another key").await;
    let text = fs::read_to_string(docket.config()).unwrap();
    fs::write(docket.config(), text.replace(&before, &new)).unwrap();
    running.hang_up();
    on_record(&docket, "\"by\":\"configuration\"", 4).await;
    ben.say(&his, "!case note 1 after he was vouched for").await;
    ben.hears(&his, "note added").await;
    running.stop().await;
    let exported = docket.export().await;
    assert!(exported.contains("after he was") && !exported.contains("by another identity"), "{exported}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_device_of_somebody_counts_once_they_signed_it_and_for_what_takes_two_people_a_day_later() {
    let ([mut ada, mut ben, _cy], [room, his, _], docket, running) = three().await;
    let mut again = ben.at_another_device().await;
    let there = again.client.get_room(his.room_id()).unwrap();
    again.say(&there, "!case note 1 from a device nobody signed").await;
    let said = ada.hears(&room, "Not allowed").await.text;
    assert!(said.contains("a device that they have not verified"), "{said}");

    ben.signs(&again).await;

    ada.hears(&room, &format!("{} has a new device", ben.id)).await;
    (again.compares, again.misses_some) = (false, true);
    again.sync().await;
    again.say(&there, "!case note 1 from a device that he signed").await;
    ada.hears(&room, "note added").await;
    ada.say(&room, "!case hold 1 start").await;
    ada.hears(&room, "hold started").await;
    ada.say(&room, "!case hold 1 release").await;
    let approve = code(&mut ben, &his).await;
    again.say(&there, &approve).await;
    ada.hears(&room, "Not allowed: this device is new").await;
    ben.say(&his, &approve).await;
    ada.hears(&room, "approved (").await;
    running.stop().await;
    assert!(!docket.export().await.contains("nobody signed"), "that was not done");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_frozen_reads_on_and_does_nothing_until_two_people_give_it_back() {
    let ([mut ada, mut ben, cy], [room, his, cys], docket, running) = three().await;
    cy.say(&cys, &format!("!case freeze {}", ben.id)).await;
    ada.hears(&room, "is frozen and only reads").await;
    ben.say(&his, "!case note 1 while he is frozen").await;
    ben.hears(&his, "Not allowed: your authority was stopped").await;
    ben.say(&his, "!case log 1").await;
    ben.hears(&his, "opened: preservation").await;
    ada.say(&room, &format!("!case resume {}", ben.id)).await;
    let approve = code(&mut ada, &room).await;
    ben.say(&his, &approve).await;
    ben.hears(&his, "Not allowed: your authority was stopped").await;
    cy.say(&cys, &approve).await;
    ben.hears(&his, "is frozen no longer").await;
    ben.say(&his, "!case note 1 once he may again").await;
    ben.hears(&his, "note added").await;
    running.stop().await;
    let exported = docket.export().await;
    assert!(exported.contains("once he may again") && !exported.contains("while he is frozen"), "{exported}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_identity_of_dockets_own_is_an_alarm_at_once_and_ends_its_next_start() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    docket.configure(&[&ada.id], &alarm_command(&docket));
    let room = ada.join(&room_of(&docket.set_up().await)).await;
    let running = docket.run().await;
    ada.say(&room, "!case help").await;
    ada.hears(&room, "!case new").await;
    // Somebody has the password, and takes the identity.
    let thief = docket.logged_in_elsewhere().await;
    thief.sync_once(matrix_sdk::config::SyncSettings::default()).await.unwrap();
    person::reset(&thief, &docket.id).await;

    on_record(&docket, "\"changed\":true,\"event\":\"own-identity\"", 1).await;

    // Whoever is in the room is given no key of it, for docket vouches for nobody any more.
    for _ in 0..300 {
        if !rung(&docket).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(rung(&docket), "identity-lost 0\n");
    running.stop().await;
    let (is_done, said) = docket.command("run", &[]).await;
    assert!(!is_done && said.contains("identity is not whole"), "{said}");
}
