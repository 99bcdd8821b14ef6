//! docket dies at every named step of a notice to a user. Started again, there is one room, one copy, one message, and one answer to
//! whoever writes below it.

use docket::ops::failpoint::Point;
use matrix_sdk::Room;
use serde_json::Value;

use crate::mortal::Mortal;
use crate::notices::{Desk, invited, user};
use crate::person::Person;
use crate::steps_beside::{Scene, points, times};

/// How often these words came.
fn heard(person: &Person, words: &str) -> usize {
    person.passed_over(words)
}

/// Everything that is said in a room, as somebody there reads it.
pub async fn read(person: &Person, room: &Room) -> Vec<Value> {
    person.sync().await;
    let mut options = matrix_sdk::room::MessagesOptions::backward();
    options.limit = 100_u32.into();
    let page = room.messages(options).await.unwrap();
    let content = |event: &matrix_sdk::deserialized_responses::TimelineEvent| {
        event.raw().get_field::<Value>("content").ok().flatten()
    };
    page.chunk.iter().filter_map(content).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_notice_docket_dies_anywhere_and_there_is_one_room_and_one_message() {
    let mut desk = Desk::new("").await;
    let mut alice = user("alice").await;
    let docket = std::mem::replace(&mut desk.docket, crate::docket::Docket::new(&[&desk.ada.id]).await);
    let mortal = Mortal::new(&docket);
    let alive = mortal.lives().await;
    desk.approves(&[&alice.id]).await;
    alive.stops().await;
    let mut theirs = None;
    for point in points(Scene::Notice) {
        match point {
            // From here on she is there.
            Point::NoticeCame => {
                let room = invited(&alice).await;
                theirs = Some(alice.join(room.room_id()).await);
            }
            Point::NoticeAnswered => {
                let alive = mortal.lives().await;
                let theirs = theirs.as_ref().unwrap();
                alice.hears(theirs, "asked us about your account").await;
                alive.stops().await;
                mortal.dies_at(point.name());
                let mut alive = mortal.start("run");
                assert!(alive.is_in_its_room().await, "{}", alive.said());
                alice.say(theirs, "who are you?").await;
                alive.dies(point).await;
                continue;
            }
            _ => {}
        }
        mortal.dies_at(point.name());
        mortal.start("run").dies(point).await;
    }
    let alive = mortal.lives().await;
    let theirs = theirs.unwrap();
    alice.say(&theirs, "anybody?").await;
    desk.ada.hears(&desk.room, "they answered there").await;
    alive.stops().await;

    let rooms = alice.client.rooms();
    assert_eq!(rooms.len(), 1, "one room, and one invitation");
    let said = read(&alice, &theirs).await;
    assert_eq!(times(&said, "asked us about your account"), 1, "{said:#?}");
    assert_eq!(times(&said, "request.txt"), 1, "{said:#?}");
    assert_eq!(times(&said, "Nobody reads what is written here"), 1, "{said:#?}");
    assert_eq!(heard(&desk.ada, "Notice to"), 2, "that it goes out, and that it is there, once each");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_declines_while_docket_is_dead_is_not_invited_once_more() {
    let mut desk = Desk::new("").await;
    let alice = user("alice").await;
    let docket = std::mem::replace(&mut desk.docket, crate::docket::Docket::new(&[&desk.ada.id]).await);
    let mortal = Mortal::new(&docket);
    let mut alive = mortal.lives().await;
    desk.approves(&[&alice.id]).await;
    // She is invited, and that is not on record yet.
    mortal.dies_at(Point::NoticeInvited.name());
    alive.dies(Point::NoticeInvited).await;
    let theirs = invited(&alice).await;
    theirs.leave().await.unwrap();
    let alive = mortal.lives().await;
    desk.ada.hears(&desk.room, &format!("{} did not reach them: they declined", alice.id)).await;
    alive.stops().await;
    alice.sync().await;
    assert!(alice.client.invited_rooms().is_empty(), "she said no");
}
