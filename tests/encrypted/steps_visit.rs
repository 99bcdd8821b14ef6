//! docket dies at every named step of a conversation with a user and of a letter to them. Started again, there is one case, one answer to
//! each message, and one letter.

use docket::ops::failpoint::Point;

use crate::mortal::Mortal;
use crate::notices::{Desk, user};
use crate::steps_beside::{Scene, points, times};
use crate::steps_notice::read;
use crate::visits::{docket_is, room_of};

#[tokio::test(flavor = "multi_thread")]
async fn with_a_user_docket_dies_anywhere_and_there_is_one_case_and_one_letter() {
    let mut desk = Desk::new("").await;
    let mut alice = user("alice").await;
    let docket = std::mem::replace(&mut desk.docket, crate::docket::Docket::new(&[&desk.ada.id]).await);
    let mortal = Mortal::new(&docket);
    mortal.lives().await.stops().await;
    let mut room = None;
    for point in points(Scene::Visit) {
        mortal.dies_at(point.name());
        let mut alive = mortal.start("run");
        if matches!(point, Point::VisitHandled | Point::VisitAnswered | Point::LetterSent | Point::LetterKept)
        {
            assert!(alive.is_in_its_room().await, "{}", alive.said());
        }
        match point {
            Point::VisitJoined => room = Some(room_of(&alice, &docket, true, &[]).await),
            Point::VisitHandled => {
                docket_is(&alice, room.as_ref().unwrap(), &docket, "join").await;
                alice.sync().await;
                alice.say(room.as_ref().unwrap(), "I want a copy of my data").await;
            }
            Point::VisitAnswered => drop(alice.say(room.as_ref().unwrap(), "yes").await),
            // It was let go with the request, or is let go now.
            _ => {}
        }
        alive.dies(point).await;
    }
    let alive = mortal.lives().await;
    let room = room.unwrap();
    alice.hears(&room, "We received your request about your data").await;
    alice.say(&room, "status").await;
    alice.hears(&room, "people look at it").await;
    desk.ada.say(&desk.room, "!case list").await;
    desk.ada.hears(&desk.room, "C-1 · subject").await;
    alive.stops().await;
    let said = read(&alice, &room).await;
    assert_eq!(times(&said, "A copy of the data that we hold"), 1, "{said:#?}");
    assert_eq!(times(&said, "We received your request about your data"), 1, "{said:#?}");
    assert!(!docket.export().await.contains("\"C-2\""), "one case");
}
