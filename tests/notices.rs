//! Notices that docket brings to users itself, at the desk: handed out once two people agreed, asked about again before each step, over
//! restarts and rebuilds too, and never while anything speaks against it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use chrono::{DateTime, TimeDelta, Utc};
use docket::case::{Account, CaseId, PurgeReason, Step};
use docket::desk::{Input, Outcome, Parcel, Post, PostKind, Reading};
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, now};

fn alice() -> Account {
    Account::parse("@alice:example.org").unwrap()
}

fn case() -> CaseId {
    CaseId::new(1).unwrap()
}

fn later(minutes: i64) -> DateTime<Utc> {
    now() + TimeDelta::minutes(minutes)
}

fn notices(posts: &[Post]) -> Vec<&Post> {
    posts.iter().filter(|post| post.kind == PostKind::Notice).collect()
}

/// Whether it may take its next step; the clock was looked at a moment ago.
fn asked(room: &mut Room) -> Outcome {
    asked_at(room, later(12))
}

fn asked_at(room: &mut Room, at: DateTime<Utc>) -> Outcome {
    room.desk.handle(vec![Input::MayTell(case(), alice())], at).unwrap().remove(0)
}

fn parcel(room: &mut Room) -> Parcel {
    match asked(room) {
        Outcome::Tells(parcel) => *parcel,
        other => panic!("it may, and not {other:?}"),
    }
}

fn steps(room: &mut Room, step: Step) -> Outcome {
    let stepped = Input::Stepped { case: case(), account: alice(), step };
    room.desk.handle(vec![stepped], later(30)).unwrap().remove(0)
}

fn made(id: &str) -> Step {
    Step::Created { room: id.to_owned() }
}

fn there() -> Step {
    Step::Sent { devices: 1, event: "$there".to_owned() }
}

/// The desk with a case whose user two people have docket tell, before the time to say no is over.
fn approved() -> Room {
    let mut room = Room::new();
    room.say("!case new preservation accounts=@alice:example.org agency=\"Kent Police\" confidential=no");
    room.say("!case refuse 1 reason=unverified");
    let said = room.say("!case notify 1 send")[0].page.text();
    assert!(said.contains("takes two people"), "{said}");
    let code = said.split("!case approve ").nth(1).unwrap().split(" until").next().unwrap().to_owned();
    let said = room.say_as("ben", &format!("!case approve {code}"))[0].page.text();
    assert!(said.contains("approved"), "{said}");
    room
}

/// The same, once it goes out.
fn on_its_way() -> (Room, Post) {
    let mut room = approved();
    let posts = room.ticks(later(11));
    let notice = (*notices(&posts).first().expect("it is handed out")).clone();
    (room, notice)
}

#[test]
fn it_is_handed_out_once_the_time_to_say_no_is_over_and_once() {
    let mut room = approved();
    assert!(notices(&room.ticks(later(9))).is_empty(), "anybody may say no still");
    let posts = room.ticks(later(11));
    let [notice] = notices(&posts)[..] else { panic!("one: {posts:?}") };
    assert_eq!((notice.only.clone(), notice.case), (Some(alice()), Some(case())));
    assert!(notice.page.text().contains("account"), "{}", notice.page.text());
    assert!(notices(&room.ticks(later(12))).is_empty(), "somebody works on it");
    assert_eq!(parcel(&mut room).post, *notice);
}

#[test]
fn whoever_says_no_in_time_stops_it() {
    let mut room = approved();
    room.say_as("cy", "!case deny 1");
    assert!(notices(&room.ticks(later(11))).is_empty());
    assert_eq!(asked(&mut room), Outcome::Seen);
}

#[test]
fn after_a_restart_it_is_handed_out_again_under_the_same_id() {
    let (room, notice) = on_its_way();
    let mut anew = Room::over(room.journal.clone());
    let posts = anew.ticks(later(12));
    assert_eq!(notices(&posts).iter().map(|post| &post.txn).collect::<Vec<_>>(), [&notice.txn]);
    steps(&mut anew, made("!theirs:try.test"));
    assert_eq!(parcel(&mut anew).room.as_deref(), Some("!theirs:try.test"));
    steps(&mut anew, there());
    let mut done = Room::over(anew.journal.clone());
    assert!(notices(&done.ticks(later(50))).is_empty(), "it is there");
    assert_eq!(asked(&mut done), Outcome::Seen);
}

#[test]
fn right_before_it_leaves_the_gate_is_asked_over_all_that_came_since() {
    let (mut room, _) = on_its_way();
    parcel(&mut room);
    room.say("!case new information accounts=@alice:example.org confidential=yes");
    assert!(matches!(asked(&mut room), Outcome::Barred(_)), "the gate says no");
    let Outcome::Posts(posts) = steps(&mut room, Step::HeldBack) else { panic!("the room hears of it") };
    let said: String = posts.iter().map(|post| post.page.text()).collect();
    assert!(said.contains("was held back"), "{said}");
    assert_eq!(asked(&mut room), Outcome::Seen, "it is void");
    assert!(notices(&room.ticks(later(60))).is_empty());
    assert!(room.say("!case show 1")[0].page.text().contains("Not told yet: @alice:example.org"));
}

#[test]
fn while_somebody_may_have_said_something_it_waits_and_is_handed_out_again() {
    let (mut room, notice) = on_its_way();
    room.handle(vec![Input::Reading(Reading::Behind)]);
    assert_eq!(asked(&mut room), Outcome::Stays);
    room.handle(vec![Input::Reading(Reading::UpToDate)]);
    let posts = room.ticks(later(12));
    assert_eq!(notices(&posts).iter().map(|post| &post.txn).collect::<Vec<_>>(), [&notice.txn]);
    assert_eq!(parcel(&mut room).post, notice);
}

#[test]
fn each_step_is_on_record_once_and_the_room_hears_of_those_that_matter() {
    let (mut room, _) = on_its_way();
    for quiet in [made("!theirs:try.test"), Step::Invited, Step::Joined] {
        assert_eq!(steps(&mut room, quiet.clone()), Outcome::Posts(Vec::new()), "{quiet:?}");
        assert_eq!(steps(&mut room, quiet), Outcome::Seen);
    }
    let Outcome::Posts(posts) = steps(&mut room, there()) else { panic!("the room hears of it") };
    let said = posts.iter().map(|post| post.page.text()).collect::<Vec<_>>().join("\n");
    assert!(said.contains("is there, for one device"), "{said}");
    assert!(!said.contains("Not told yet"), "{said}");
    steps(&mut room, Step::Read);
    let preview = room.say("!case notify 1 preview")[0].page.text();
    for proof in ["told by docket", "room made", "invited", "came", "there for one device", "read"] {
        assert!(preview.contains(proof), "{proof}: {preview}");
    }
}

#[test]
fn where_it_does_not_reach_them_the_ways_that_are_left_are_named() {
    let (mut room, _) = on_its_way();
    let Outcome::Posts(posts) = steps(&mut room, Step::Declined) else { panic!("the room hears of it") };
    let said = posts.iter().map(|post| post.page.text()).collect::<Vec<_>>().join("\n");
    assert!(said.contains("did not reach them: they declined"), "{said}");
    let next = room.say("!case next 1")[0].page.text();
    for way in ["sent C-1 notice @alice:example.org via=mail", "notify C-1 send", "notify C-1 waive"] {
        assert!(next.contains(way), "{way}: {next}");
    }
    assert!(
        room.say("!case notify 1 send")[0].page.text().contains("takes two people"),
        "they may try again"
    );
}

#[test]
fn a_room_is_known_by_its_notice_over_a_rebuild_and_a_purge() {
    let (mut room, _) = on_its_way();
    let of = |room: &mut Room, id: &str| {
        let asked = room.handle(vec![Input::NoticeRoom(id.to_owned())]).remove(0);
        let Outcome::NoticeRoom(found) = asked else { panic!("{asked:?}") };
        found.map(|found| (found.case, found.account, found.reply))
    };
    assert_eq!(of(&mut room, "!theirs:try.test"), None);
    steps(&mut room, made("!theirs:try.test"));
    let found = of(&mut room, "!theirs:try.test").unwrap();
    assert_eq!((found.0, &found.1), (case(), &alice()));
    let mut anew = Room::with(room.journal.clone(), MemoryIndex::new());
    assert_eq!(of(&mut anew, "!theirs:try.test"), Some(found));
    anew.handle(vec![Input::Purge(vec![case()], PurgeReason::Restored)]);
    assert_eq!(of(&mut anew, "!theirs:try.test"), None);
}

#[test]
fn on_a_full_disk_a_step_stays_and_is_told_again() {
    let (mut room, _) = on_its_way();
    room.journal.set_full(true);
    assert_eq!(steps(&mut room, there()), Outcome::Stays);
    room.journal.set_full(false);
    assert!(matches!(steps(&mut room, there()), Outcome::Posts(_)));
}

#[test]
fn an_empty_journal_hands_out_nothing() {
    let mut room = Room::over(SharedJournal::new());
    assert!(room.ticks(now()).is_empty());
}
