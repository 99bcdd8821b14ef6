//! What docket sees of its room and of its list of people: each change is said once, whoever does not belong there is to go, and
//! whoever leaves the list leaves nothing behind that counts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::collections::{BTreeMap, BTreeSet};

use docket::case::{Concern, Goes, Identities, MasterKey, Membership, Person, Powers, RoomSeen, Terms};
use docket::desk::{BeforeStrangers, Input, Outcome, Post, PostKind};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, now, person};

const KEY: &str = "AdaAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const OTHER: &str = "ThirdAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4";

/// A room as it must be, with ada and ben in it.
fn seen() -> RoomSeen {
    let members = ["docket", "ada", "ben"].map(|who| (format!("@{who}:try.test"), Membership::Joined));
    RoomSeen {
        own: "@docket:try.test".to_owned(),
        members: members.into(),
        powers: Powers { least: 100, most: 100, own: 100, ..Powers::default() },
        ..RoomSeen::default()
    }
}

fn with(who: &str, membership: Membership) -> RoomSeen {
    let mut seen = seen();
    seen.members.insert(who.to_owned(), membership);
    seen
}

fn wrong(concern: Concern) -> RoomSeen {
    RoomSeen { wrong: BTreeSet::from([concern]), ..seen() }
}

/// What a look brings: the words, who is to go, and what may leave.
fn look(room: &mut Room, seen: RoomSeen) -> (Vec<String>, Vec<String>, Goes) {
    match room.handle(vec![Input::Watched(Box::new(seen))]).remove(0) {
        Outcome::Watched { posts, remove, goes } => (texts(&posts), remove, goes),
        other => panic!("{other:?}"),
    }
}

fn texts(posts: &[Post]) -> Vec<String> {
    posts.iter().map(|post| post.page.text()).collect()
}

/// What it brings that these people are listed.
fn list(room: &mut Room, people: &[Person]) -> Vec<Post> {
    match room.handle(vec![Input::People(people.to_vec(), BTreeMap::new())]).remove(0) {
        Outcome::Posts(posts) => posts,
        other => panic!("{other:?}"),
    }
}

fn without(who: &str) -> Vec<Person> {
    let mut people = terms().unwrap().people;
    people.retain(|listed| listed.account != person(who));
    people
}

#[test]
fn a_room_as_it_must_be_is_nothing_to_speak_of() {
    assert_eq!(look(&mut Room::new(), seen()), (vec![], vec![], Goes::All));
}

#[test]
fn a_stranger_is_said_once_is_to_go_and_content_waits_until_they_are_gone() {
    let mut room = Room::new();
    let there = || with("@eve:elsewhere.test", Membership::Joined);
    let (said, remove, goes) = look(&mut room, there());
    assert!(said[0].contains("@eve:elsewhere.test sits in the room"), "{said:?}");
    assert_eq!((remove.as_slice(), goes), (&["@eve:elsewhere.test".to_owned()][..], Goes::ContentFree));
    let (said, remove, goes) = look(&mut room, there());
    assert_eq!((said, remove.len(), goes), (vec![], 1, Goes::ContentFree), "said once, held all the same");
    // A start looks anew, and has it on record.
    let mut room = Room::over(room.journal.clone());
    assert_eq!(look(&mut room, there()).0, Vec::<String>::new());
    let (said, remove, goes) = look(&mut room, with("@eve:elsewhere.test", Membership::Left));
    assert!(said[0].contains("is not in the room any more"), "{said:?}");
    assert_eq!((remove.len(), goes), (0, Goes::All));
    assert!(!look(&mut room, there()).0.is_empty(), "coming back is another time");
}

#[test]
fn whoever_is_listed_is_no_stranger_however_their_server_is_written() {
    let mut room = Room::new();
    assert_eq!(look(&mut room, with("@cy:TRY.test", Membership::Joined)), (vec![], vec![], Goes::All));
}

#[test]
fn an_invitation_of_a_stranger_is_one_line_that_calls_nobody() {
    let mut room = Room::new();
    let seen = with("@eve:elsewhere.test", Membership::Invited);
    let Outcome::Watched { posts, remove, goes } =
        room.handle(vec![Input::Watched(Box::new(seen))]).remove(0)
    else {
        panic!("a look")
    };
    let [post] = posts.as_slice() else { panic!("{posts:?}") };
    assert!(post.page.text().contains("is invited to the room"), "{}", post.page.text());
    assert!(post.mentions.is_empty() && remove.is_empty() && goes == Goes::All);
}

#[test]
fn each_thing_that_is_wrong_is_said_once_each_time_it_becomes_so() {
    let member = || "@ada:try.test".to_owned();
    let all = [
        (Concern::NotEncrypted, "not to be encrypted"),
        (Concern::History, "read what was said before"),
        (Concern::JoinRules, "Others than those invited"),
        (Concern::Guests, "Guests can join"),
        (Concern::Replaced, "replaced by another one"),
        (Concern::Retention, "forget messages"),
        (Concern::OwnDevice { device: "OTHER".to_owned() }, "another device, OTHER"),
        (Concern::OldKeys, "keys are older than those that the homeserver has"),
    ];
    for (concern, words) in all {
        let mut room = Room::new();
        let (said, _, goes) = look(&mut room, wrong(concern.clone()));
        assert!(said.len() == 1 && said[0].contains(words), "{concern:?}: {said:?}");
        let is_clear = concern == Concern::NotEncrypted;
        assert_eq!(goes, if is_clear { Goes::Nothing } else { Goes::All });
        assert!(look(&mut room, wrong(concern.clone())).0.is_empty());
        assert!(
            look(&mut Room::over(room.journal.clone()), wrong(concern.clone())).0.is_empty(),
            "on record"
        );
        assert!(look(&mut room, seen()).0.is_empty(), "that it is mended is on record only");
        assert_eq!(look(&mut room, wrong(concern)).0.len(), 1);
    }
    for (powers, words) in [
        (Powers { own: 50, ..seen().powers }, "I have not the power"),
        (
            Powers { others: BTreeMap::from([(member(), 100)]), ..seen().powers },
            "@ada:try.test has the power",
        ),
        (Powers { everybody: 100, ..seen().powers }, "Everybody in the room has the power"),
    ] {
        let (said, ..) = look(&mut Room::new(), RoomSeen { powers, ..seen() });
        assert!(said.len() == 1 && said[0].contains(words), "{said:?}");
    }
    let below = Powers { others: BTreeMap::from([(member(), 99)]), everybody: 99, ..seen().powers };
    assert!(look(&mut Room::new(), RoomSeen { powers: below, ..seen() }).0.is_empty());
}

#[test]
fn dockets_own_identity_is_put_on_record_and_another_one_is_an_alarm() {
    let mut room = Room::new();
    let shown = |key: &str| RoomSeen { identity: Some(MasterKey::parse(key).unwrap()), ..seen() };
    assert!(look(&mut room, shown(KEY)).0.is_empty());
    assert!(look(&mut room, seen()).0.is_empty(), "a homeserver that shows none says nothing of another");
    let mut room = Room::over(room.journal.clone());
    let (said, ..) = look(&mut room, shown(OTHER));
    assert!(said[0].contains("own identity is another one"), "{said:?}");
    assert!(look(&mut room, shown(OTHER)).0.is_empty());
}

#[test]
fn an_alarm_that_was_not_sent_is_owed_over_a_restart() {
    let mut room = Room::new();
    let said = look(&mut room, wrong(Concern::History)).0;
    let owed = Room::over(room.journal.clone()).desk.owed(now()).unwrap();
    assert_eq!(texts(&owed), said);
    assert_eq!(owed[0].kind, PostKind::Alarm);
}

#[test]
fn what_no_disk_holds_is_said_the_next_time() {
    let mut room = Room::new();
    room.journal.set_full(true);
    let (said, remove, goes) = look(&mut room, with("@eve:elsewhere.test", Membership::Joined));
    assert_eq!((said.len(), remove.len(), goes), (0, 1, Goes::ContentFree), "they go all the same");
    room.journal.set_full(false);
    assert_eq!(look(&mut room, with("@eve:elsewhere.test", Membership::Joined)).0.len(), 1);
}

/// The people of the rehearsal, of whom nobody is vouched for but these.
fn vouched(who: &[&str]) -> Terms {
    let named = who.iter().map(|who| (person(who), MasterKey::parse(KEY).unwrap())).collect();
    Terms { identities: Some(Identities { named, ..Identities::default() }), ..terms().unwrap() }
}

#[test]
fn too_few_whom_somebody_vouches_for_is_a_warning_and_far_too_few_an_alarm() {
    for (who, words, calls) in [
        (&[][..], "Nobody who may approve is vouched for", true),
        (&["ada"], "one is vouched for", true),
        (&["ada", "ben"], "two are vouched for", false),
        (&["ada", "ben", "dot"], "two are vouched for", false),
    ] {
        let mut room = Room::under(vouched(who), SharedJournal::new(), MemoryIndex::new());
        for who in who {
            let sighting = docket::case::decide::Sighting {
                account: person(who),
                key: MasterKey::parse(KEY).unwrap(),
                devices: Vec::new(),
            };
            room.handle(vec![Input::Sighted(vec![sighting])]);
        }
        let Outcome::Watched { posts, .. } = room.handle(vec![Input::Watched(Box::new(seen()))]).remove(0)
        else {
            panic!("a look")
        };
        let [post] = posts.as_slice() else { panic!("{who:?}: {posts:?}") };
        assert!(post.page.text().contains(words), "{who:?}: {}", post.page.text());
        assert_eq!(!post.mentions.is_empty(), calls, "{who:?}");
        assert!(look(&mut room, seen()).0.is_empty(), "once");
    }
}

#[test]
fn that_there_are_fewer_is_found_without_another_look_at_the_room() {
    let mut room = Room::new();
    look(&mut room, seen());
    list(&mut room, &without("cy"));
    let Outcome::Ticked { posts, .. } = room.handle(vec![Input::Tick { steady: None }]).remove(0) else {
        panic!("a tick")
    };
    assert!(texts(&posts).join("\n").contains("two are vouched for"), "{posts:?}");
}

#[test]
fn whoever_leaves_the_list_leaves_nothing_that_waits_and_their_cases_are_named() {
    let mut room = Room::new();
    let everybody = terms().unwrap().people;
    assert!(list(&mut room, &everybody).is_empty(), "the first list is nothing new");
    assert!(list(&mut room, &everybody).is_empty());
    room.say("!case new preservation agency=\"Met Police\" accounts=@alice:example.org");
    room.say("!case hold 1 start");
    room.say("!case assign 1 @ben");
    room.say("!case new other a question");
    let proposal = room.say_as("ben", "!case hold 1 release")[0].page.text();
    let approval = proposal.split("!case approve ").nth(1).unwrap().split(" until").next().unwrap();

    let posts = list(&mut room, &without("ben"));

    let said = texts(&posts);
    assert!(said[0].contains("@ben:try.test is not in the list of people any more"), "{said:?}");
    assert!(said[0].contains("Open cases of theirs: C-1. Hand them over:"), "{said:?}");
    assert!(!said[0].contains("alice") && !said[0].contains("preservation"), "content-free: {said:?}");
    assert_eq!(posts[0].kind, PostKind::Alarm);
    let voided = posts.iter().find(|post| post.kind == PostKind::Reminder).expect("the case says so");
    assert!(voided.page.text().contains("one of the two may no longer do it"), "{said:?}");
    let said = room.say(&format!("!case approve {approval}"))[0].page.text();
    assert!(said.starts_with("Not done"), "{said}");
    let said = room.say_as("ben", "!case list")[0].page.text();
    assert!(said.starts_with("Not allowed: you are not in the list of people"), "{said}");
    let said = room.say("!case handover @ben:try.test @cy")[0].page.text();
    assert!(said.contains("C-1"), "the way out works: {said}");
    // Once, also over a restart; and owed until it is sent.
    let people = Terms { people: without("ben"), ..terms().unwrap() };
    let mut room = Room::under(people, room.journal.clone(), MemoryIndex::new());
    assert!(list(&mut room, &without("ben")).is_empty());
    let owed = texts(&room.desk.owed(now()).unwrap());
    assert!(owed.iter().any(|text| text.contains("@ben:try.test is not in the list")), "{owed:?}");
}

#[test]
fn whoever_is_gone_from_the_list_at_a_start_left_it_just_the_same() {
    let mut room = Room::new();
    list(&mut room, &terms().unwrap().people);
    let add = "!case directory add Essex Police phone=\"+44 1632 960300\" source=\"met their liaison\"";
    assert!(room.say(add)[0].page.text().contains("!case approve"));
    // Somebody approved, and it cools: that is void as well once they are gone.
    room.say("!case new preservation agency=\"Met Police\" accounts=@alice:example.org");
    let people = Terms { people: without("ada"), ..terms().unwrap() };
    let mut room = Room::under(people, room.journal.clone(), MemoryIndex::new());
    let said = texts(&list(&mut room, &without("ada")));
    assert!(said[0].contains("@ada:try.test is not in the list of people any more"), "{said:?}");
    assert!(said[0].contains("one of the two may no longer do it"), "her proposal: {said:?}");
    assert_eq!(room.say_as("ben", "!case pending")[0].page.text(), "Nothing waits for a second person.");
}

#[test]
fn a_sealed_case_of_somebody_who_leaves_is_not_named() {
    let mut room = Room::new();
    list(&mut room, &terms().unwrap().people);
    room.say("!case new other a question");
    room.say("!case assign 1 @sam");
    room.say("!case new other another");
    room.say("!case tag 2 +csea");
    room.say_as("sam", "!case assign 2 @sam");
    let said = texts(&list(&mut room, &without("sam")));
    assert!(!said[0].contains("C-2"), "{said:?}");
    assert!(said[0].contains("!case list owner=@sam:try.test"), "{said:?}");
}

#[test]
fn a_configuration_that_does_not_read_is_said_in_the_room_without_a_word_of_it() {
    let Outcome::Posts(posts) = Room::new().handle(vec![Input::Misconfigured]).remove(0) else {
        panic!("posts")
    };
    assert!(texts(&posts)[0].contains("there is a mistake in it"), "{posts:?}");
    assert!(posts[0].orders.is_empty(), "nothing has changed, so nothing is on record");
}

#[test]
fn of_a_reminder_a_stranger_reads_the_id_and_the_date() {
    let mut room = Room::new();
    room.say("!case new preservation agency=\"Met Police\" accounts=@alice:example.org");
    room.say("!case hold 1 start");
    let mut reminders = Vec::new();
    for days in 0..120 {
        let at = now() + chrono::TimeDelta::days(days);
        let tick = Input::Tick { steady: Some(std::time::Duration::from_secs(86_400)) };
        if let Outcome::Ticked { posts, .. } = room.desk.handle(vec![tick], at).unwrap().remove(0) {
            reminders.extend(posts.into_iter().filter(|post| post.kind == PostKind::Reminder));
        }
    }
    assert!(!reminders.is_empty());
    for reminder in reminders {
        let BeforeStrangers::Bare(bare) = reminder.before_strangers() else { panic!("{reminder:?}") };
        let text = bare.page.text();
        assert!(text.starts_with("C-1 · "), "{text}");
        for word in ["alice", "Met Police", "hold", "preserv", "records", "@"] {
            assert!(!text.to_lowercase().contains(&word.to_lowercase()), "{word} in {text}");
        }
        assert!(bare.orders.is_empty() && bare.txn != reminder.txn, "the whole is owed still");
        assert!(!reminder.may_leave(Goes::ContentFree) && reminder.may_leave(Goes::All));
    }
}
