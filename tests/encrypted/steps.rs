//! docket dies at every named step: in a setup, at a start, with a message, with an answer, at a stop. Started again, it loses and doubles
//! nothing.

use std::collections::BTreeSet;

use docket::ops::failpoint::Point;
use matrix_sdk::Room;
use matrix_sdk::ruma::{OwnedRoomId, RoomId};

use crate::docket::Docket;
use crate::mortal::{Alive, Mortal};
use crate::person::Person;
use crate::room::in_clear;
use crate::steps_beside::Scene;
use crate::told::{Asked, once_each, told};

/// What brings docket to a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A setup that has not come past it yet. They are passed in order.
    Setup,
    /// The first start of all, with somebody whom it has not seen.
    FirstStart,
    /// A start.
    Start,
    /// A command, while it runs and behind a start.
    Command,
    /// A message that came in clear.
    InClear,
    /// A message from a device that nobody signed.
    Unsigned,
    /// Somebody on the host.
    Host,
    /// A stop.
    Stop,
    /// What few commands come by: see [`crate::steps_beside`].
    Beside(Scene),
}

const WAYS: [Way; 8] = [
    Way::Setup,
    Way::FirstStart,
    Way::Start,
    Way::Command,
    Way::InClear,
    Way::Host,
    Way::Stop,
    Way::Unsigned,
];

pub fn way(point: Point) -> Way {
    use Point::*;
    match point {
        SecretBeside | DataKeyMade | DeviceChosen | LoggedIn | SessionKept | SetupHeard | IdentityMade
        | RecoveryLaidDown | RecoveryGiven | RecoveryKept | RoomPlanned | RoomMade | RoomKept | PlaceLaid
        | PeopleInvited => Way::Setup,
        SegmentWhole | KeysWhole | PeopleSighted | Signing | Signed | GreetingSent | GreetingKept => {
            Way::FirstStart
        }
        DeskOpened | OwedQueued | DeskServes | SessionRestored | RoomEntered | LookedBack | Heard
        | Paging | PageRead | Paged | PeopleSeen | RoomSeen | RoomJudged => Way::Start,
        Judging | FetchAsked | Fetched | JournalWriting | JournalTorn | JournalWritten | JournalSynced
        | Decided | AnswerQueued | RoundHandled | PlaceQueued | Sending | Sent | SentTold | PlaceMoving
        | KeepBeside | KeepRenamed | PlaceMoved => Way::Command,
        Unproven | UnprovenQueued => Way::InClear,
        Waiting | WaitingAgain => Way::Unsigned,
        HostAsked | HostDecided => Way::Host,
        MovePlanned | MoveMade | MoveKept | MoveTold | MoveLeft => Way::Beside(Scene::Move),
        LongUploaded | LongSent => Way::Beside(Scene::Long),
        FileFetched | FileSealed | FileRead => Way::Beside(Scene::File),
        AlonePlanned | AloneMade | AloneKept | AloneInvited | AloneCalled | AloneCallKept | AloneGreeted
        | AloneGreetingKept => Way::Beside(Scene::Alone),
        NoticePlanned | NoticeRoomMade | NoticeRoomKept | NoticeInvited | NoticeInvitedKept | NoticeCame
        | NoticeUploaded | NoticeCopied | NoticeSent | NoticeTold | NoticeAnswered => {
            Way::Beside(Scene::Notice)
        }
        VisitJoined | VisitHandled | VisitAnswered | LetterUploaded | LetterCopied | LetterSent
        | LetterKept => Way::Beside(Scene::Visit),
        CardMissed | CardReplaced => Way::Beside(Scene::Card),
        ReloadHeard | ReloadTaken | ReloadLooked | ReloadSaid | StrangerOut => Way::Beside(Scene::People),
        StopHeard | RoomLeft | DeskStopped | IndexClosed => Way::Stop,
    }
}

/// Where docket died, and what it was asked meanwhile.
struct Deaths<'a> {
    mortal: Mortal<'a>,
    died: BTreeSet<Point>,
    room: Option<Room>,
    asked: Vec<Asked>,
}

impl Deaths<'_> {
    /// Waits until docket has died at a point: there, and nowhere else.
    async fn dies(&mut self, mut alive: Alive, point: Point) {
        alive.dies(point).await;
        self.died.insert(point);
    }

    /// Two commands: one that changes something, and one that only reads.
    async fn ask(&mut self, ada: &Person) {
        let room = self.room.clone().expect("there is a room");
        for (text, changes) in
            [(format!("!case note 1 mark{}x", self.asked.len()), true), ("!case show 1".to_owned(), false)]
        {
            let id = ada.say(&room, &text).await;
            self.asked.push(Asked { id, text, changes });
        }
    }

    /// Starts it while something waits for it, and lets it die there.
    async fn at_a_start(&mut self, ada: &Person, point: Point) {
        self.ask(ada).await;
        self.mortal.dies_at(point.name());
        let alive = self.mortal.start("run");
        self.dies(alive, point).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn docket_dies_at_every_step_and_loses_and_doubles_nothing() {
    let (mut ada, eve) = (Person::new("ada").await, Person::unsigned("eve").await);
    let docket = Docket::new(&[&ada.id, &eve.id]).await;
    let mortal = Mortal::new(&docket);
    let mut deaths = Deaths { mortal, died: BTreeSet::new(), room: None, asked: Vec::new() };
    for way_there in WAYS {
        let points = Point::ALL.iter().copied().filter(|point| way(*point) == way_there);
        for point in points {
            match way_there {
                Way::Setup => {
                    deaths.mortal.dies_at(point.name());
                    let alive = deaths.mortal.start("setup");
                    deaths.dies(alive, point).await;
                }
                Way::FirstStart => {
                    deaths.mortal.dies_at(point.name());
                    let alive = deaths.mortal.start("run");
                    deaths.dies(alive, point).await;
                }
                Way::Start => deaths.at_a_start(&ada, point).await,
                Way::Command => {
                    let alive = deaths.mortal.lives().await;
                    deaths.mortal.dies_at(point.name());
                    deaths.ask(&ada).await;
                    deaths.dies(alive, point).await;
                    deaths.at_a_start(&ada, point).await;
                }
                Way::InClear => {
                    let alive = deaths.mortal.lives().await;
                    deaths.mortal.dies_at(point.name());
                    let room = deaths.room.as_ref().expect("there is a room");
                    in_clear(&ada.client, room.room_id(), "!case new other slipped in").await;
                    deaths.dies(alive, point).await;
                }
                Way::Unsigned => {
                    let alive = deaths.mortal.lives().await;
                    deaths.mortal.dies_at(point.name());
                    let id = deaths.room.as_ref().expect("there is a room").room_id();
                    let hers = eve.client.get_room(id).expect("she is in it");
                    eve.say(&hers, "!case new other from an unsigned device").await;
                    deaths.dies(alive, point).await;
                }
                Way::Host => {
                    let alive = deaths.mortal.lives().await;
                    deaths.mortal.dies_at(point.name());
                    let key = ada.fingerprint().await;
                    let more = [ada.id.as_str(), "--fingerprint", &key];
                    let (is_done, said) = docket.command("trust", &more).await;
                    assert!(!is_done, "nobody was there to answer: {said}");
                    deaths.dies(alive, point).await;
                }
                Way::Stop => {
                    let alive = deaths.mortal.lives().await;
                    deaths.ask(&ada).await;
                    deaths.mortal.dies_at(point.name());
                    alive.told_to_stop();
                    deaths.dies(alive, point).await;
                }
                Way::Beside(_) => unreachable!("it is no way of these"),
            }
        }
        match way_there {
            Way::Setup => {
                let room = is_set_up(&docket).await;
                deaths.room = Some(ada.join(&room).await);
                eve.join(&room).await;
                ada.sync().await;
            }
            Way::FirstStart => {
                let alive = deaths.mortal.lives().await;
                let room = deaths.room.clone().expect("there is a room");
                // Docket died before it could sign her and before it could say so: what it says is for her to read all the same.
                ada.hears(&room, "is here for the first time").await;
                let text = "!case new other mark-of-the-first".to_owned();
                let id = ada.say(&room, &text).await;
                deaths.asked.push(Asked { id, text, changes: true });
                ada.hears(&room, "C-1 opened").await;
                alive.dies_now();
            }
            Way::Host => {
                let alive = deaths.mortal.lives().await;
                let key = ada.fingerprint().await;
                let more = [ada.id.as_str(), "--fingerprint", &key];
                let (_, said) = docket.command("trust", &more).await;
                // It was done before docket died, and the room hears of it all the same.
                assert!(said.contains("that is how it stands already"), "{said}");
                alive.dies_now();
            }
            Way::Start | Way::Command | Way::InClear | Way::Stop | Way::Unsigned | Way::Beside(_) => {}
        }
    }

    let alive = deaths.mortal.lives().await;
    let Deaths { died, room, mut asked, .. } = deaths;
    let room = room.expect("there is a room");
    ada.hears(&room, "a device that they have not verified").await;
    let text = "!case new other mark-of-the-end".to_owned();
    asked.push(Asked { id: ada.say(&room, &text).await, text, changes: true });
    ada.hears(&room, "C-2 opened").await;
    ada.hears(&room, "C-2 · other").await;
    alive.stops().await;

    let is_of_these = |point: &Point| !matches!(way(*point), Way::Beside(_));
    assert_eq!(died, Point::ALL.iter().copied().filter(is_of_these).collect(), "docket died at each");
    let told = told(&ada, &room, &docket).await;
    once_each(&asked, &told, &docket).await;
    assert_eq!(told.cards.values().copied().collect::<Vec<_>>(), [1, 1], "one card for each case");
    for once in [
        "is here for the first time",
        "came unencrypted",
        "a device that they have not verified",
        "On the host somebody vouched",
    ] {
        let heard = told.rest.iter().filter(|text| text.contains(once)).count();
        assert_eq!(heard, 1, "{once}: {:#?}", told.rest);
    }
    assert_eq!(
        ada.passed_over("docket is here: it keeps the requests"),
        1,
        "there is one greeting, and she can read it"
    );
    println!("docket died at {} points, and {} commands were sent meanwhile", died.len(), asked.len());
}

/// After all those stops a setup is what it would have been without them.
async fn is_set_up(docket: &Docket) -> OwnedRoomId {
    let said = docket.set_up().await;
    for line in ["session: kept", "identity: kept", "recovery key: kept", "room: kept"] {
        assert!(said.contains(line), "{line} is missing in\n{said}");
    }
    let room = said.lines().find_map(|line| line.strip_prefix("room: kept, ")).expect(&said);
    RoomId::parse(room).unwrap()
}
