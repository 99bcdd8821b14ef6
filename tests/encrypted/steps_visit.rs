//! docket dies at every named step of a conversation with a user, of a letter to them, and of the copy of their data that goes with one.
//! Started again, there is one case, one answer to each message, one letter of each name, and one file.

use docket::ops::failpoint::Point;

use crate::changed::code;
use crate::files::{post, reply};
use crate::mortal::Mortal;
use crate::notices::{Desk, download, user};
use crate::steps_beside::{Scene, points, times};
use crate::steps_notice::read;
use crate::visits::{docket_is, room_of};

/// What was put together for her.
const DATA: &[u8] = b"{\"displayname\": \"pangolin\"}";

impl Desk {
    /// Two people agree on an answer with which a copy of their data goes.
    pub async fn answers_with_data(&mut self) {
        let file = post(&self.ada, &self.room, "takeout of a pangolin.json", DATA).await;
        reply(&self.ada, &self.room, &file, "!case attach 1 as=data").await;
        self.ada.hears(&self.room, "file attached as copy of their data").await;
        self.ada.say(&self.room, "!case answer 1 full").await;
        let proposed = self.ada.hears(&self.room, "it takes two people: answered in full").await.text;
        assert!(proposed.contains("takeout of a pangolin.json"), "{proposed}");
        let approve = code(&mut self.ben, &self.his).await;
        self.ben.say(&self.his, &approve).await;
        self.ada.hears(&self.room, "Answered in full").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_user_docket_dies_anywhere_and_there_is_one_case_one_letter_and_one_copy() {
    let mut desk = Desk::new("").await;
    let mut alice = user("alice").await;
    let docket = std::mem::replace(&mut desk.docket, crate::docket::Docket::new(&[&desk.ada.id]).await);
    let mortal = Mortal::new(&docket);
    mortal.lives().await.stops().await;
    let mut room = None;
    let is_of_copy = |point: &Point| matches!(point, Point::LetterUploaded | Point::LetterCopied);
    let (of_copy, before): (Vec<Point>, Vec<Point>) = points(Scene::Visit).into_iter().partition(is_of_copy);
    for point in before {
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
    desk.ben.sync().await;
    desk.answers_with_data().await;
    alive.stops().await;
    for point in of_copy {
        mortal.dies_at(point.name());
        let mut alive = mortal.start("run");
        if point == Point::LetterUploaded {
            assert!(alive.is_in_its_room().await, "{}", alive.said());
            desk.ada.say(&desk.room, "!case sent 1 answer via=dm").await;
        }
        alive.dies(point).await;
    }
    let alive = mortal.lives().await;
    let copy = alice.hears(&room, "your-data.json").await;
    assert!(copy.proof.is_some(), "it is encrypted");
    assert_eq!(download(&alice, &copy.content["file"]).await.as_bytes(), DATA);
    alice.hears(&room, "This answers your request").await;
    desk.ada.say(&desk.room, "!case log 1").await;
    desk.ada.hears(&desk.room, "letter answer sent by dm").await;
    alive.stops().await;
    let said = read(&alice, &room).await;
    assert_eq!(times(&said, "your-data.json"), 1, "{said:#?}");
    assert_eq!(times(&said, "This answers your request"), 1, "{said:#?}");
    assert!(!said.iter().any(|content| content.to_string().contains("pangolin")), "whatever it was called");
    assert_eq!(times(&said, "A copy of the data that we hold"), 1, "{said:#?}");
    assert_eq!(times(&said, "We received your request about your data"), 1, "{said:#?}");
    assert!(!docket.export().await.contains("\"C-2\""), "one case");
}
