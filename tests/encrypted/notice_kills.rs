//! docket is killed at moments that nobody chose while notices are on their way to several users: each of them has one room, one
//! invitation, one copy and one message, and whoever may not be told by then has nothing at all.
//!
//! The long form (100 kills, four rounds of users) runs where the file `target/long-notice-kills` exists (docs/benches.md).

use std::path::Path;
use std::time::{Duration, Instant};

use docket::ops::failpoint::Point;
use matrix_sdk::Room;
use serde_json::{Value, json};

use crate::chance::Draw;
use crate::docket::Docket;
use crate::mortal::Mortal;
use crate::notices::{Desk, user};
use crate::person::Person;
use crate::posts::said;
use crate::proxy::Proxy;
use crate::steps_beside::times;
use crate::wire;

/// The longest that docket lives, in milliseconds: of three lives one is counted from its start, and the others from its entering the room.
const LONGEST_LIFE: u64 = 3_000;
/// How long what two people agreed on cools, as the desk of these tests has it.
const COOLING: Duration = Duration::from_secs(60);
/// How long everything may take to be settled once nobody is killed any more.
const PATIENCE: Duration = Duration::from_secs(180);
/// What stands in a notice, in what answers below it, and in what is said to somebody whom nothing encrypted reaches.
const WORDS: &str = "asked us about your account";
const ANSWER: &str = "Nobody reads what is written here";
const VERIFY: &str = "a verified session of yours";

/// What somebody does whom a notice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    /// They come, and write below the notice.
    WritesBack,
    /// They come.
    Comes,
    /// They decline the invitation.
    Declines,
    /// They come with a session that nobody signed.
    ProvesNothing,
    /// Two people agreed that they are told, and before that would be carried out their case comes under a gag.
    IsUnderAGag,
    /// It is carried out, and an order on another case comes in before anything leaves.
    IsHeldBack,
}

const TOLD: [Does; 6] =
    [Does::WritesBack, Does::Comes, Does::Declines, Does::WritesBack, Does::ProvesNothing, Does::IsHeldBack];

/// Somebody whom a notice is for.
struct Told {
    person: Person,
    does: Does,
    /// From which kill on they look at what came.
    from: usize,
    room: Option<Room>,
    wrote: usize,
}

impl Told {
    async fn new(does: Does, from: usize) -> Told {
        let person = match does {
            Does::ProvesNothing => {
                let mut unsigned = Person::unsigned("unsigned").await;
                unsigned.beware = true; // it is told in clear
                unsigned
            }
            Does::IsUnderAGag => user("yan").await,
            // One after the other they are told, by their names: these come last.
            Does::IsHeldBack => user("zoe").await,
            _ => user("told").await,
        };
        Told { person, does, from, room: None, wrote: 0 }
    }

    /// Does the next of what they do, if it is there already.
    async fn goes_on(&mut self) {
        self.person.sync().await;
        match &self.room {
            Some(room) if self.does == Does::WritesBack && self.wrote == 0 && self.reads(WORDS).await > 0 => {
                self.person.say(room, "who are you?").await;
                self.wrote += 1;
            }
            Some(_) => {}
            None => self.room = self.looks().await,
        }
    }

    /// Takes an invitation or declines it, once there is one.
    async fn looks(&self) -> Option<Room> {
        let room = self.person.client.invited_rooms().into_iter().next()?;
        match self.does {
            Does::Declines => room.leave().await.unwrap(),
            _ => return Some(self.person.join(room.room_id()).await),
        }
        Some(room)
    }

    /// How often they read these words in the room of their notice.
    async fn reads(&self, words: &str) -> usize {
        self.person.sync().await;
        let page = crate::steps_notice::read(&self.person, self.room.as_ref().unwrap()).await;
        times(&page, words)
    }

    /// Whether docket has to keep silent before them.
    fn is_hushed(&self) -> bool {
        matches!(self.does, Does::IsUnderAGag | Does::IsHeldBack)
    }

    /// Whether all that was to come of it is said in the moderation room.
    fn is_settled(&self, all: &[Value]) -> bool {
        let last = match self.does {
            Does::WritesBack => ": they answered there",
            Does::Comes => " is there",
            Does::Declines => " did not reach them: they declined",
            Does::ProvesNothing => " did not reach them: no device of theirs",
            Does::IsHeldBack => " was held back",
            Does::IsUnderAGag => return true, // nothing was to come any more
        };
        self.heard(all, last) > 0
    }

    /// How often the moderation room heard this of their notice.
    fn heard(&self, all: &[Value], what: &str) -> usize {
        times(all, &format!("Notice to {}{what}", self.person.id))
    }
}

/// The number of a case of a round: that of those who are told, that of whoever is under a gag, and that of the order.
fn number(round: usize, which: usize) -> usize {
    1 + 3 * round + which
}

/// Has two people agree on what the users of a round are told, and one of their cases come under a gag after that.
async fn approve(desk: &mut Desk, round: usize, users: &[Told]) -> Instant {
    let (gagged, told): (Vec<&Told>, Vec<&Told>) =
        users.iter().partition(|user| user.does == Does::IsUnderAGag);
    for (which, users) in [told, gagged].iter().enumerate() {
        let ids: Vec<_> = users.iter().map(|user| &user.person.id).collect();
        desk.approves_case(number(round, which), &ids).await;
    }
    let gag = format!("!case gag {} open by=\"Maidstone Crown Court\"", number(round, 1));
    desk.ada.say(&desk.room, &gag).await;
    desk.ada.hears(&desk.room, "gag ordered by").await;
    Instant::now()
}

/// Waits until docket is about to make the first room of a round. Before it is there again an order comes in.
async fn hush(mortal: &Mortal<'_>, desk: &Desk, approved: Instant, users: &[Told]) {
    tokio::time::sleep(COOLING.saturating_sub(approved.elapsed())).await;
    mortal.dies_at(Point::NoticePlanned.name());
    mortal.start("run").dies(Point::NoticePlanned).await;
    mortal.dies_at("");
    let held = users.iter().filter(|user| user.does == Does::IsHeldBack);
    let held: Vec<&str> = held.map(|user| user.person.id.as_str()).collect();
    let opens = format!("!case new information accounts=\"{}\" confidential=yes", held.join(", "));
    desk.ada.say(&desk.room, &opens).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_docket_tells_each_user_once_and_nobody_whom_it_may_not() {
    let is_long = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/long-notice-kills").exists();
    let (rounds, each) = if is_long { (4, 25) } else { (1, 10) };
    let mut draw = Draw(if is_long { 4 } else { 3 });
    let mut desk = Desk::new("").await;
    let proxy = Proxy::before(&desk.docket).await;
    let docket = std::mem::replace(&mut desk.docket, Docket::new(&[&desk.ada.id]).await);
    let mortal = Mortal::new(&docket);
    let mut users: Vec<Vec<Told>> = Vec::new();
    for round in 0..rounds {
        let mut of_round = Vec::new();
        for does in TOLD.into_iter().chain([Does::IsUnderAGag]) {
            let from = round * each + usize::try_from(draw.below(each as u64 - 3)).unwrap();
            of_round.push(Told::new(does, from).await);
        }
        users.push(of_round);
    }
    let alive = mortal.lives().await;
    let mut approved = approve(&mut desk, 0, &users[0]).await;
    alive.stops().await;

    let began = Instant::now();
    for kill in 0..rounds * each {
        let round = kill / each;
        if kill % each == 0 {
            // What two people agreed on falls due while docket is down, so that all of it happens in lives that are cut short.
            hush(&mortal, &desk, approved, &users[round]).await;
        } else if let Some(next) = users.get(round + 1).filter(|_| kill % each == each / 2) {
            // The next case cools while this one is worked on.
            let alive = mortal.lives().await;
            approved = approve(&mut desk, round + 1, next).await;
            alive.dies_now();
        }
        let life = Duration::from_millis(draw.below(LONGEST_LIFE));
        let is_at_work = !draw.next().is_multiple_of(3);
        let mut alive = mortal.start("run");
        // While it lives and while it does not, people come and go on.
        tokio::join!(
            async {
                for user in users.iter_mut().flatten().filter(|user| user.from <= kill) {
                    user.goes_on().await;
                }
            },
            async {
                if is_at_work {
                    assert!(alive.is_in_its_room().await, "docket ended: {}", alive.said());
                }
                tokio::time::sleep(life).await;
                alive.dies_now();
            }
        );
        if is_long && kill % 10 == 9 {
            let came = users.iter().flatten().filter(|user| user.room.is_some()).count();
            let wrote = users.iter().flatten().filter(|user| user.wrote > 0).count();
            println!("{} kills, {came} users came, {wrote} wrote, {:?}", kill + 1, began.elapsed());
        }
    }
    let killed = began.elapsed();

    let last = mortal.lives().await;
    let all = until_settled(&docket, &desk, &mut users).await;
    last.stops().await;
    let mut rooms = 1; // the moderation room
    let mut messages = 0;
    for user in users.iter().flatten() {
        rooms += usize::from(!user.is_hushed());
        messages += is_told_once(user, &all, &proxy).await;
    }
    let joined = wire::call("GET", "joined_rooms", Some(&proxy.token()), &json!({})).await;
    let joined = joined["joined_rooms"].as_array().unwrap().len();
    assert_eq!(joined, rooms, "docket made no room in vain");
    println!(
        "{} kills in {killed:?}, {} users, {rooms} rooms, {messages} messages; {:?}",
        rounds * each,
        users.iter().flatten().count(),
        began.elapsed()
    );
}

/// Waits until nothing is on its way any more; gives what the moderation room heard.
async fn until_settled(docket: &Docket, desk: &Desk, users: &mut [Vec<Told>]) -> Vec<Value> {
    let given_up = Instant::now() + PATIENCE;
    loop {
        for user in users.iter_mut().flatten() {
            user.goes_on().await;
            // What was written in the moment of a death may stay unanswered; whoever writes once more is answered.
            if user.wrote == 1 {
                user.person.say(user.room.as_ref().unwrap(), "anybody?").await;
                user.wrote += 1;
            }
        }
        desk.ada.sync().await;
        let all = said(docket, &desk.room).await;
        let open: Vec<_> = users.iter().flatten().filter(|user| !user.is_settled(&all)).collect();
        if open.is_empty() {
            return all;
        }
        let open: Vec<_> = open.iter().map(|user| (&user.person.id, user.does)).collect();
        assert!(Instant::now() < given_up, "of these nothing comes: {open:?}, {:#?}", bodies(&all));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// What was said about notices.
fn bodies(all: &[Value]) -> Vec<&str> {
    let bodies = all.iter().filter_map(|content| content["body"].as_str());
    bodies.filter(|body| body.contains("otice")).collect()
}

/// Holds what somebody got against what they were to get; gives how many messages that is.
async fn is_told_once(user: &Told, all: &[Value], proxy: &Proxy) -> usize {
    user.person.sync().await;
    let id = &user.person.id;
    let rooms = user.person.client.rooms();
    if user.is_hushed() {
        assert!(rooms.is_empty(), "{id} is to have nothing, but: {rooms:?}");
        let concerns = |asked: &crate::proxy::Asked| {
            asked.path.contains(id.localpart()) || asked.body.contains(id.localpart())
        };
        let asked: Vec<_> = proxy.asked().into_iter().filter(concerns).collect();
        assert!(asked.is_empty(), "{id} is not to be asked about, but: {asked:#?}");
        return 0;
    }
    assert_eq!(rooms.len(), 1, "{id}, who {:?}: {rooms:?}", user.does);
    let invited = invitations(&rooms[0], user, proxy).await;
    assert_eq!(invited, 1, "{id}, who {:?}, was invited once", user.does);
    let is = |wanted: bool| usize::from(wanted);
    let is_reached = matches!(user.does, Does::WritesBack | Does::Comes);
    for (what, wanted) in [
        (" goes out, by docket", true),
        // For how many devices, nobody knows any more if docket died right after it was sent.
        (" is there", is_reached),
        (" did not reach them", !is_reached),
        (": they answered there", user.does == Does::WritesBack),
    ] {
        assert_eq!(user.heard(all, what), is(wanted), "{id}{what}: {:#?}", bodies(all));
    }
    if user.does == Does::Declines {
        return 0;
    }
    let mut messages = 0;
    for (words, wanted) in [
        (WORDS, is_reached),
        ("request.txt", is_reached),
        (ANSWER, user.does == Does::WritesBack),
        (VERIFY, user.does == Does::ProvesNothing),
    ] {
        let times = user.reads(words).await;
        assert_eq!(times, is(wanted), "{id}, who {:?}, reads {words:?}", user.does);
        messages += times;
    }
    messages
}

/// How often docket invited somebody to a room.
async fn invitations(room: &Room, user: &Told, proxy: &Proxy) -> usize {
    let path = format!("rooms/{}/messages?dir=b&limit=100", room.room_id());
    let page = wire::call("GET", &path, Some(&proxy.token()), &json!({})).await;
    let is_one = |event: &&Value| {
        event["type"] == "m.room.member"
            && event["state_key"] == user.person.id.as_str()
            && event["content"]["membership"] == "invite"
    };
    page["chunk"].as_array().unwrap().iter().filter(is_one).count()
}
