//! docket dies at the named steps that few commands come by: while it moves, with files, with what one person alone may read, with a card that
//! is gone, with the list of people. Started again, it loses and doubles nothing.

use docket::ops::failpoint::Point;
use matrix_sdk::Room;
use matrix_sdk::ruma::OwnedUserId;
use serde_json::{Value, json};

use crate::docket::{Docket, room_of};
use crate::files::{ada_and_sam, ada_in_her_room, invitation, post, reply};
use crate::mortal::{Alive, Mortal};
use crate::person::{self, Person};
use crate::posts::{answers, card, cards, may_take_back, said, take_back};
use crate::steps::{Way, way};
use crate::watch::until_is;
use crate::wire;

/// What brings docket to such a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// A setup that moves.
    Move,
    /// An answer that no message holds.
    Long,
    /// A file that somebody posted.
    File,
    /// What one person alone may read.
    Alone,
    /// What a user is told: see [`crate::steps_notice`].
    Notice,
    /// What a user asks for by themselves: see [`crate::steps_visit`].
    Visit,
    /// A card that somebody took away.
    Card,
    /// A list of people that is read again, and somebody who is in none.
    People,
}

/// The points of a scene, in the order in which they are passed.
pub fn points(scene: Scene) -> Vec<Point> {
    let of = |point: &Point| way(*point) == Way::Beside(scene);
    let points: Vec<Point> = Point::ALL.iter().copied().filter(of).collect();
    assert!(!points.is_empty());
    points
}

/// Starts docket, and waits until it has died at this point.
async fn dies_at_a_start(mortal: &Mortal<'_>, point: Point) {
    mortal.dies_at(point.name());
    mortal.start("run").dies(point).await;
}

/// How often these words stand in what was said.
pub fn times(said: &[Value], words: &str) -> usize {
    let has = |content: &&Value| content["body"].as_str().is_some_and(|body| body.contains(words));
    said.iter().filter(has).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_moves_docket_dies_anywhere_and_there_is_one_new_room() {
    let mut ada = Person::new("ada").await;
    let docket = Docket::new(&[&ada.id]).await;
    let old = ada.join(&room_of(&docket.set_up().await)).await;
    let mortal = Mortal::new(&docket);
    let alive = mortal.lives().await;
    ada.say(&old, "!case new other a question").await;
    card(&mut ada, &old, "C-1").await;
    alive.stops().await;
    for point in points(Scene::Move) {
        mortal.dies_at(point.name());
        // Once it is planned, any setup goes on with it.
        let more: &[&str] = if point == Point::MovePlanned { &["--move-room"] } else { &[] };
        mortal.start_with("setup", more).dies(point).await;
    }

    let said_by_setup = docket.set_up().await;

    ada.sync().await;
    let invited = ada.client.invited_rooms();
    assert_eq!(invited.len(), 1, "one room");
    let id = invited[0].room_id().to_owned();
    assert!(said_by_setup.contains(&format!("room: kept, {id}")), "{said_by_setup}");
    assert_eq!(times(&said(&docket, &old).await, "docket has moved to another room"), 1);
    let new = ada.join(&id).await;
    let alive = mortal.lives().await;
    card(&mut ada, &new, "C-1").await;
    alive.stops().await;
    assert_eq!(cards(&said(&docket, &new).await, 1), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_an_answer_that_no_message_holds_docket_dies_anywhere_and_it_is_there_once() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    for n in 0..9 {
        ada.say(&room, &format!("!case note 1 begin-{n} {} end-{n}", "word ".repeat(700))).await;
        ada.hears(&room, "C-1").await;
    }
    running.stop().await;
    let mortal = Mortal::new(&docket);
    let mut asked = Vec::new();
    for point in points(Scene::Long) {
        let mut alive = mortal.lives().await;
        mortal.dies_at(point.name());
        asked.push(ada.say(&room, "!case log 1").await);
        alive.dies(point).await;
    }
    let alive = mortal.lives().await;
    ada.say(&room, "!case new other the second").await;
    ada.hears(&room, "C-2 opened").await;
    alive.stops().await;
    let said = said(&docket, &room).await;
    for asked in asked {
        let files = said.iter().filter(|content| {
            content["msgtype"] == "m.file"
                && content["m.relates_to"]["m.in_reply_to"]["event_id"] == asked.as_str()
        });
        assert_eq!((files.count(), answers(&said, &asked)), (1, 2), "a file and its first lines");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_file_docket_dies_anywhere_and_it_is_taken_once() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    ada.say(&room, "!case new preservation agency=FBI").await;
    ada.hears(&room, "C-1 opened").await;
    running.stop().await;
    let mortal = Mortal::new(&docket);
    for (n, point) in points(Scene::File).into_iter().enumerate() {
        let mut alive = mortal.lives().await;
        let text = format!("Request: preservation\nAgency: Metropolitan Police Service\nReference: OP-{n}\n");
        let posted = post(&ada, &room, "order.txt", text.as_bytes()).await;
        mortal.dies_at(point.name());
        let (what, words) = match point {
            Point::FileRead => ("!case new preservation", "C-2 opened"),
            _ => ("!case attach 1", "file attached"),
        };
        let asked = reply(&ada, &room, &posted, what).await;
        alive.dies(point).await;
        let alive = mortal.lives().await;
        let heard = ada.hears(&room, words).await;
        assert_eq!(heard.content["m.relates_to"]["m.in_reply_to"]["event_id"], asked.as_str());
        alive.dies_now();
        assert_eq!(answers(&said(&docket, &room).await, &asked), 1);
    }
    let exported = docket.export().await;
    assert_eq!(exported.matches("\"file-attached\"").count(), 2, "{exported}");
    let text = exported.matches("OP-2").count();
    assert!(text > 0, "{exported}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_what_one_person_alone_may_read_docket_dies_anywhere_and_they_are_told_once() {
    let (mut ada, room, mut sam, his, docket, running) = ada_and_sam().await;
    ada.say(&room, "!case new terms context=\"a secret word\"").await;
    ada.hears(&room, "C-1 opened").await;
    ada.say(&room, "!case tag 1 +csea").await;
    // What she is told by herself waits for her all the while.
    let call = |who: &Person| format!("{}: an answer waits for you", who.id);
    ada.hears(&room, &call(&ada)).await;
    running.stop().await;
    let mortal = Mortal::new(&docket);
    let mut own: Option<Room> = None;
    for point in points(Scene::Alone) {
        match point {
            Point::AlonePlanned => {
                let mut alive = mortal.lives().await;
                mortal.dies_at(point.name());
                sam.say(&his, "!case note 1 once and no more").await;
                alive.dies(point).await;
                continue;
            }
            Point::AloneGreeted => {
                own = Some(sam.client.join_room_by_id(&invitation(&sam).await).await.unwrap());
            }
            _ => {}
        }
        dies_at_a_start(&mortal, point).await;
    }
    let own = own.expect("he went there");
    let alive = mortal.lives().await;
    sam.hears(&own, "note added").await;
    alive.stops().await;
    assert!(sam.client.invited_rooms().is_empty() && sam.client.joined_rooms().len() == 2, "one room");
    let there = said(&docket, &own).await;
    assert_eq!((times(&there, "Here docket tells you"), times(&there, "note added")), (1, 1), "{there:#?}");
    let all = said(&docket, &room).await;
    assert_eq!((times(&all, &call(&ada)), times(&all, &call(&sam))), (1, 1), "called once");
    assert_eq!(docket.export().await.matches("once and no more").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_card_that_is_gone_docket_dies_anywhere_and_it_is_there_once() {
    let (mut ada, room, docket, running) = ada_in_her_room().await;
    may_take_back(&docket, &room, &ada).await;
    running.stop().await;
    let mortal = Mortal::new(&docket);
    let mut alive = mortal.lives().await;
    for (n, point) in (1..).zip(points(Scene::Card)) {
        let case = format!("C-{n}");
        ada.say(&room, "!case new other a question").await;
        let first = card(&mut ada, &room, &case).await;
        mortal.dies_at(point.name());
        take_back(&room, &first.id).await;
        alive.dies(point).await;
        alive = mortal.lives().await;
        let second = card(&mut ada, &room, &case).await;
        assert_ne!(second.id, first.id);
        ada.say(&room, &format!("!case assign {n} me")).await;
        ada.hears(&room, &case).await;
    }
    alive.stops().await;
    let said = said(&docket, &room).await;
    assert_eq!((cards(&said, 1), cards(&said, 2)), (1, 1), "{said:#?}");
    assert_eq!(docket.export().await.matches("\"card-lost\"").count(), 2);
}

/// docket's own account asks somebody in, as nobody else may.
async fn invite(docket: &Docket, room: &Room, who: &OwnedUserId) {
    let client = docket.logged_in_elsewhere().await;
    let token = client.access_token().unwrap();
    let path = format!("rooms/{}/invite", room.room_id());
    wire::call("POST", &path, Some(&token), &json!({ "user_id": who })).await;
    client.matrix_auth().logout().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_list_of_people_docket_dies_anywhere_and_the_room_hears_of_each_once() {
    let mut ada = Person::new("ada").await;
    let (mut listed, mut gone) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        listed.push(person::register(&person::name("ben")).await);
    }
    let (new, mut eve) = (Person::new("new").await, Person::new("eve").await);
    eve.misses_some = true; // she is a stranger there
    let all = |ada: &Person, listed: &[OwnedUserId]| -> Vec<OwnedUserId> {
        std::iter::once(ada.id.clone()).chain(listed.iter().cloned()).collect()
    };
    let configure = |docket: &Docket, people: &[OwnedUserId]| {
        docket.configure(&people.iter().collect::<Vec<_>>(), "");
    };
    let people = all(&ada, &listed);
    let docket = Docket::new(&people.iter().collect::<Vec<_>>()).await;
    let room = ada.join(&room_of(&docket.set_up().await)).await;
    let mortal = Mortal::new(&docket);
    let mut alive: Alive = mortal.lives().await;
    for point in points(Scene::People) {
        mortal.dies_at(point.name());
        let words = match point {
            Point::StrangerOut => {
                invite(&docket, &room, &eve.id).await;
                eve.join(room.room_id()).await;
                format!("{} is not in the room any more", eve.id)
            }
            _ => {
                let left = listed.pop().expect("there are as many as points");
                let mut people = all(&ada, &listed);
                if point == Point::ReloadSaid {
                    people.push(new.id.clone());
                }
                configure(&docket, &people);
                alive.hang_up();
                let words = format!("{left} is not in the list of people any more");
                gone.push(left);
                words
            }
        };
        alive.dies(point).await;
        alive = mortal.lives().await;
        ada.hears(&room, &words).await;
    }
    // Whom nobody had asked in yet is asked in when the list is read once more.
    alive.hang_up();
    until_is(&ada.client, room.room_id(), &new.id, "invite").await;
    ada.say(&room, "!case new other a question").await;
    ada.hears(&room, "C-1 opened").await;
    alive.stops().await;
    until_is(&ada.client, room.room_id(), &eve.id, "leave").await;
    let said = said(&docket, &room).await;
    for who in &gone {
        assert_eq!(times(&said, &format!("{who} is not in the list of people any more")), 1, "{said:#?}");
    }
    for words in ["sits in the room", "is not in the room any more"] {
        assert_eq!(times(&said, &format!("{} {words}", eve.id)), 1, "{said:#?}");
    }
}
