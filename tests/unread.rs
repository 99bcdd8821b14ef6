//! Messages that could not be read: on record as far as it is bounded, carried out once if they can be read in time, told to their
//! senders otherwise. Over restarts, and on a full disk.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use docket::case::decide::Sighting;
use docket::case::{Account, Flaw, Identities, MasterKey, Terms};
use docket::desk::{Coming, Input, Message, Outcome, Post, PostKind, Proof, Reading, Shown};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, now, person};

/// What is answered to something that happens so many seconds later.
fn after(room: &mut Room, seconds: i64, input: Input) -> Outcome {
    room.desk.handle(vec![input], now() + TimeDelta::seconds(seconds)).unwrap().remove(0)
}

fn posts(room: &mut Room, seconds: i64, input: Input) -> Vec<Post> {
    match after(room, seconds, input) {
        Outcome::Posts(posts) | Outcome::Ticked { posts, .. } => posts,
        Outcome::Seen => Vec::new(),
        other => panic!("{other:?}"),
    }
}

fn said(room: &mut Room, seconds: i64, input: Input) -> String {
    posts(room, seconds, input).iter().map(|post| post.page.text() + "\n").collect()
}

fn tick(room: &mut Room, seconds: i64) -> String {
    said(room, seconds, Input::Tick { steady: None })
}

fn unreadable(room: &mut Room, seconds: i64) -> String {
    let message = room.message("ada", "!case unreadable");
    said(room, seconds, Input::Message(message))
}

fn unread(message: &Message, flaw: Flaw) -> Input {
    Input::Unproven { id: message.id.clone(), sender: message.sender.clone(), flaw }
}

fn looked_for(room: &mut Room, seconds: i64) -> Vec<String> {
    match after(room, seconds, Input::Reading(Reading::LookedFor)) {
        Outcome::Unread(unread) => unread.into_iter().map(|unread| unread.id).collect(),
        other => panic!("{other:?}"),
    }
}

fn settled(message: &Message) -> Input {
    Input::Reading(Reading::Settled(message.id.clone()))
}

/// A desk with a case, and a message of ben's about it whose key has not come.
fn with_one_unread(text: &str) -> (Room, Message) {
    let mut room = Room::new();
    room.say("!case new other a question");
    let message = room.message("ben", text);
    assert_eq!(said(&mut room, 0, unread(&message, Flaw::NoKey)), "", "it may come in a moment");
    (room, message)
}

#[test]
fn what_can_be_read_in_time_is_carried_out_once() {
    let (mut room, message) = with_one_unread("!case note 1 late");
    assert!(unreadable(&mut room, 1).contains("and carried out if it comes"));
    assert_eq!(looked_for(&mut room, 1), [message.id.as_str()]);
    let done = said(&mut room, 100, Input::Message(message.clone()));
    assert!(done.contains("note added"), "{done}");
    assert_eq!(after(&mut room, 101, Input::Message(message.clone())), Outcome::Seen);
    said(&mut room, 101, settled(&message));
    assert_eq!(looked_for(&mut room, 101), Vec::<String>::new());
    assert!(unreadable(&mut room, 101).starts_with("Nothing is unreadable"));
    assert_eq!(tick(&mut room, 200), "", "there is nothing to tell any more");
    let log = room.say("!case log 1")[0].page.text();
    assert_eq!(log.matches("late").count(), 1, "{log}");
}

#[test]
fn what_comes_too_late_is_not_carried_out_and_its_sender_is_asked() {
    let (mut room, message) = with_one_unread("!case note 1 late");
    let Outcome::Ticked { next, .. } = after(&mut room, 1, Input::Tick { steady: None }) else { panic!() };
    assert_eq!(next, Some(now() + TimeDelta::seconds(120)), "it is looked at when its time is over");
    let told = posts(&mut room, 120, Input::Tick { steady: None });
    let [told] = told.as_slice() else { panic!("{told:?}") };
    assert!(told.page.text().contains("@ben:try.test cannot be read: its key did not come. Send it again"));
    assert_eq!(told.mentions, [person("ben")], "whoever must act is called, and nobody else");
    assert_eq!(tick(&mut room, 121), "", "once");
    assert_eq!(looked_for(&mut room, 121), [message.id.as_str()], "its key may come yet");
    let late = said(&mut room, 300, Input::Message(message.clone()));
    assert!(
        late.starts_with("Not done: this message, here since") && late.contains("send it again"),
        "{late}"
    );
    assert_eq!(after(&mut room, 301, Input::Message(message.clone())), Outcome::Seen, "never any more");
    said(&mut room, 301, settled(&message));
    assert!(unreadable(&mut room, 301).starts_with("Nothing is unreadable"));
    let log = room.say("!case log 1")[0].page.text();
    assert!(!log.contains("late"), "{log}");
}

#[test]
fn before_the_tick_it_is_too_late_to_the_second() {
    for (seconds, is_done) in [(119, true), (120, false), (-1, false)] {
        let (mut room, message) = with_one_unread("!case note 1 late");
        let done = said(&mut room, seconds, Input::Message(message));
        assert_eq!(done.contains("note added"), is_done, "{seconds}: {done}");
    }
}

#[test]
fn whoever_has_asked_for_something_else_since_is_asked_whether_it_still_holds() {
    let (mut room, message) = with_one_unread("!case assign 1 @ada");
    let read = room.message("ben", "!case list");
    let change = room.message("ben", "!case assign 1 @cy");
    let others = room.message("cy", "!case note 1 of somebody else");
    said(&mut room, 1, Input::Message(read));
    said(&mut room, 2, Input::Message(others));
    assert!(unreadable(&mut room, 3).contains("and carried out if it comes"), "a look overtakes nothing");
    said(&mut room, 4, Input::Message(change));
    assert!(unreadable(&mut room, 5).contains("they have asked for something else since"));
    let late = said(&mut room, 6, Input::Message(message));
    assert!(late.contains("you have asked for something else since"), "{late}");
    assert!(room.say("!case show 1")[0].page.text().contains("@cy:try.test"), "the last word holds");
}

#[test]
fn two_that_come_together_are_carried_out_in_order() {
    let (mut room, first) = with_one_unread("!case note 1 the first");
    let second = room.message("ben", "!case note 1 the second");
    said(&mut room, 1, unread(&second, Flaw::NoKey));
    assert_eq!(looked_for(&mut room, 2), [first.id.clone(), second.id.clone()]);
    for message in [first, second] {
        assert!(said(&mut room, 2, Input::Message(message)).contains("note added"));
    }
}

#[test]
fn it_stands_on_record_over_a_restart_and_what_was_told_is_owed_until_it_is_sent() {
    let (mut room, message) = with_one_unread("!case note 1 late");
    let mut anew = Room::over(room.journal.clone());
    assert_eq!(looked_for(&mut anew, 1), [message.id.as_str()]);
    assert!(said(&mut anew, 60, Input::Message(message)).contains("note added"), "within its time");
    let told = posts(&mut room, 120, Input::Tick { steady: None }).remove(0);
    let mut anew = Room::over(room.journal.clone());
    let owed = anew.desk.owed(now()).unwrap();
    let owed: Vec<&Post> = owed.iter().filter(|post| post.kind == PostKind::Alarm).collect();
    assert_eq!(owed, [&told], "the same message, so that it is said once");
    assert_eq!(looked_for(&mut anew, 121).len(), 1);
    assert!(unreadable(&mut anew, 121).contains("its key did not come. Send it again"));
}

#[test]
fn what_was_read_before_it_is_handed_in_again_changes_nothing() {
    let (mut room, message) = with_one_unread("!case note 1 late");
    assert_eq!(said(&mut room, 1, unread(&message, Flaw::NoKey)), "");
    assert_eq!(looked_for(&mut room, 1).len(), 1, "a start reads it again; it is the same");
    // Its client says that it keeps the key back: there is nothing to wait for.
    let told = said(&mut room, 2, unread(&message, Flaw::KeyWithheld));
    assert!(told.contains("keeps its key from docket"), "{told}");
    assert_eq!(tick(&mut room, 200), "");
    assert!(unreadable(&mut room, 200).contains("Verify docket in it"));
}

#[test]
fn a_device_that_nobody_knows_yet_is_waited_for_a_moment() {
    let mut room = Room::new();
    let message = room.message("ben", "!case list");
    assert_eq!(said(&mut room, 0, unread(&message, Flaw::UnsignedDevice)), "");
    assert_eq!(tick(&mut room, 5), "");
    assert!(tick(&mut room, 6).contains("a device that they have not verified"));
    assert_eq!(looked_for(&mut room, 7), Vec::<String>::new(), "whoever verified it has sent it again");
}

#[test]
fn what_will_never_be_read_is_told_at_once_and_stands_in_the_list() {
    let mut room = Room::new();
    let message = room.message("ben", "");
    assert!(said(&mut room, 0, unread(&message, Flaw::Broken)).contains("does not read"));
    assert!(unreadable(&mut room, 1).contains("it does not read, though its key is there"));
    // What came in clear could be read by everybody; it counts for nothing, and is no more.
    let clear = room.message("ben", "");
    assert!(said(&mut room, 1, unread(&clear, Flaw::Clear)).contains("came unencrypted"));
    assert!(unreadable(&mut room, 2).starts_with("1 message could not be read"));
    let stranger = room.message("eve", "");
    let before = room.desk.head();
    assert_eq!(said(&mut room, 3, unread(&stranger, Flaw::NoKey)), "");
    assert_eq!(room.desk.head(), before, "of strangers nothing goes on record");
}

#[test]
fn a_flood_is_told_once_and_does_not_fill_the_journal() {
    let mut room = Room::new();
    let before = room.desk.head().seq.0;
    let mut told = String::new();
    for _ in 0..1_000 {
        let message = room.message("ben", "");
        told.push_str(&said(&mut room, 0, unread(&message, Flaw::NoKey)));
    }
    assert_eq!(room.desk.head().seq.0 - before, 50);
    assert_eq!(told.matches("its key did not come").count(), 1, "of what is not on record they hear at once");
    assert_eq!(tick(&mut room, 120), "", "and once");
    assert_eq!(room.desk.head().seq.0 - before, 51, "they are given up in one record");
    assert!(unreadable(&mut room, 121).contains("There may be more"));
}

#[test]
fn on_a_full_disk_whoever_was_not_read_hears_it_at_once() {
    let mut room = Room::new();
    let message = room.message("ben", "");
    room.journal.set_full(true);
    assert!(said(&mut room, 0, unread(&message, Flaw::NoKey)).contains("its key did not come"));
    assert_eq!(looked_for(&mut room, 1), Vec::<String>::new());
    let (from, until) = (now() - TimeDelta::hours(2), now());
    let lost = said(&mut room, 0, Input::Reading(Reading::Lost { from, until, of: None }));
    assert!(lost.starts_with("What was written between"), "nobody finds it again: {lost}");
    room.journal.set_full(false);
    assert!(unreadable(&mut room, 1).starts_with("Nothing is unreadable"));
    // What was waited for and will never come.
    let message = room.message("cy", "");
    said(&mut room, 2, unread(&message, Flaw::NoKey));
    room.journal.set_full(true);
    assert!(said(&mut room, 3, unread(&message, Flaw::KeyWithheld)).contains("keeps its key from docket"));
}

#[test]
fn what_was_given_up_on_a_full_disk_is_told_when_there_is_room() {
    let (mut room, _message) = with_one_unread("!case list");
    room.journal.set_full(true);
    assert_eq!(tick(&mut room, 120), "");
    room.journal.set_full(false);
    assert!(tick(&mut room, 180).contains("its key did not come"));
}

#[test]
fn what_was_caught_up_with_is_one_line_and_nothing_is_none() {
    let mut room = Room::new();
    let begin = || Input::Reading(Reading::CatchUp);
    let end = || Input::Reading(Reading::CaughtUp);
    said(&mut room, 0, begin());
    let talk = room.message("ada", "good morning");
    said(&mut room, 0, Input::Message(talk));
    assert_eq!(said(&mut room, 0, end()), "", "talk among people is nothing to docket");
    said(&mut room, 0, begin());
    for text in ["!case new other a question", "!case list"] {
        let message = room.message("ada", text);
        said(&mut room, 0, Input::Message(message));
    }
    // It was broken off and goes on.
    said(&mut room, 0, begin());
    let late = room.message("ben", "");
    said(&mut room, 0, unread(&late, Flaw::NoKey));
    let line = posts(&mut room, 0, end());
    assert_eq!(line.len(), 1);
    assert_eq!(
        line[0].page.text(),
        "caught up: 3 messages, 1 new case, 1 unreadable. Which: !case unreadable"
    );
    assert_eq!(said(&mut room, 0, end()), "");
    let message = room.message("ada", "!case list");
    said(&mut room, 0, Input::Message(message));
    said(&mut room, 0, begin());
    assert_eq!(said(&mut room, 0, end()), "", "what came since was not missed");
}

#[test]
fn a_time_of_which_nothing_is_left_is_named_once_and_owed_until_it_is_said() {
    let mut room = Room::new();
    let of_room = |until, of| {
        let from = now() - TimeDelta::hours(2);
        Input::Reading(Reading::Lost { from, until: now() - TimeDelta::minutes(until), of })
    };
    let lost = |until| of_room(until, None);
    let told = posts(&mut room, 0, lost(30));
    assert_eq!(
        told[0].page.text(),
        "What was written between Fri 20 Nov 2026, 08:00 GMT and Fri 20 Nov 2026, 09:30 GMT could not be read: the homeserver does \
         not give it out. If you wrote to docket then, send it again."
    );
    assert_eq!(posts(&mut room, 1, lost(10)), [], "a start that was cut off finds it again");
    let owed = Room::over(room.journal.clone()).desk.owed(now()).unwrap();
    assert_eq!(owed.iter().filter(|post| post.txn == told[0].txn).count(), 1);
    assert!(unreadable(&mut room, 1).starts_with("What was written between"));
    // That of a room of one person is another, and called is who must do something.
    let ben = Account::parse("@ben:try.test").unwrap();
    let told = posts(&mut room, 1, of_room(30, Some(ben.clone())));
    assert!(told[0].page.text().contains("GMT in the room that is @ben:try.test's alone could not be read"));
    assert_eq!(told[0].mentions, std::slice::from_ref(&ben));
    assert_eq!(posts(&mut room, 2, of_room(10, Some(ben))), []);
}

const BEN: &str = "BenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn what_is_read_late_counts_as_the_homeserver_has_it_and_under_one_id() {
    let identities = Identities { named: BTreeMap::new(), ..Identities::default() };
    let terms = Terms { identities: Some(identities), ..terms().unwrap() };
    let mut room = Room::under(terms, SharedJournal::new(), MemoryIndex::new());
    let key = MasterKey::parse(BEN).unwrap();
    let sighting = Sighting { account: person("ben"), key: key.clone(), devices: vec!["PHONE".to_owned()] };
    said(&mut room, 0, Input::Sighted(vec![sighting]));
    let by = |message: Message, index: Option<u32>| {
        let place = index.map(|index| ("a session".to_owned(), index));
        let shown = Shown { key: key.clone(), device: "PHONE".to_owned(), place };
        Message { proof: Proof::Identity(shown), ..message }
    };
    let message = room.message("ben", "!case new other late");
    said(&mut room, 0, unread(&message, Flaw::NoKey));
    assert_eq!(after(&mut room, 300, Input::Message(by(message.clone(), None))), Outcome::Fetch);
    let late = said(&mut room, 300, Input::Message(by(message.clone(), Some(7))));
    assert!(late.starts_with("Not done: this message"), "{late}");
    let again = Message { id: "$another".to_owned(), ..message };
    let again = said(&mut room, 301, Input::Message(by(again, Some(7))));
    assert!(again.starts_with("Not allowed: this very message was sent before"), "{again}");
    let list = room.message("ben", "!case list");
    said(&mut room, 301, unread(&list, Flaw::NoKey));
    assert_eq!(after(&mut room, 302, Input::Message(by(list, None))), Outcome::Fetch, "a look too");
}

#[test]
fn what_is_to_be_fetched_of_what_comes_is_told_before_its_turn_and_nothing_is_done_by_that() {
    let mut room = Room::new();
    room.say("!case new other a question");
    let coming = |id: &str, who: &str, text: &str| Coming {
        id: id.to_owned(),
        sender: person(who),
        text: text.to_owned(),
    };
    let handled = room.message("ben", "!case note 1 before");
    said(&mut room, 0, Input::Message(handled.clone()));
    let before = room.desk.head();
    let all = vec![
        coming("$note", "ada", "!case note 1 to come"),
        coming("$show", "ada", "!case show 1"),
        coming("$talk", "ada", "good morning"),
        coming("$slip", "ada", "!case note"),
        coming("$stranger", "eve", "!case note 1 of a stranger"),
        coming(&handled.id, "ben", "!case note 1 before"),
        coming("$form", "ben", "Request: other\nContext: a form"),
    ];
    let Outcome::Coming(ids) = after(&mut room, 1, Input::Reading(Reading::Coming(all))) else {
        panic!("it tells which")
    };
    assert_eq!(ids, ["$note", "$form"]);
    assert_eq!(room.desk.head(), before);
}

/// A hold whose release two people agreed on a moment ago: anybody may still say no.
fn with_a_release_that_cools() -> (Room, String) {
    let mut room = Room::new();
    room.say("!case new preservation agency=\"Kent Police\" accounts=@alice:try.test");
    room.say("!case hold 1 start");
    let proposed = room.say("!case hold 1 release")[0].page.text();
    let (_, rest) = proposed.split_once("!case approve ").expect(&proposed);
    let code = rest.split_whitespace().find(|word| word.len() == 6 && !word.starts_with("C-")).unwrap();
    let code = code.to_owned();
    let approved = room.say_as("ben", &format!("!case approve 1 {code}"))[0].page.text();
    assert!(approved.contains("unless"), "{approved}");
    (room, code)
}

fn released(room: &mut Room) -> bool {
    let shown = room.say("!case show 1")[0].page.text();
    !shown.contains("Hold ends ") && !shown.contains("Hold until ")
}

#[test]
fn what_cannot_be_taken_back_waits_until_all_that_was_written_is_read() {
    let minutes = |minutes: i64| minutes * 60;
    let (mut room, _) = with_a_release_that_cools();
    after(&mut room, 60, Input::Reading(Reading::Behind));
    assert_eq!(tick(&mut room, minutes(11)), "", "a word against it may be among what is still to be read");
    assert!(!released(&mut room));
    let denied = room.message("cy", "!case deny 1 reason=\"not yet\"");
    let denied = said(&mut room, minutes(11), Input::Message(denied));
    assert!(denied.contains("denied"), "{denied}");
    after(&mut room, minutes(11), Input::Reading(Reading::UpToDate));
    tick(&mut room, minutes(12));
    assert!(!released(&mut room));

    let (mut room, _) = with_a_release_that_cools();
    after(&mut room, 60, Input::Reading(Reading::Behind));
    tick(&mut room, minutes(11));
    after(&mut room, minutes(11), Input::Reading(Reading::UpToDate));
    assert!(tick(&mut room, minutes(11)).contains("released"), "nobody was against it");
}

#[test]
fn what_cannot_be_taken_back_is_void_where_somebody_wrote_something_since_that_cannot_be_read() {
    let (mut room, code) = with_a_release_that_cools();
    let message = room.message("cy", "!case deny 1");
    after(&mut room, 60, unread(&message, Flaw::NoKey));
    let told = tick(&mut room, 601);
    assert!(told.contains(&format!("{code} is void")) && told.contains("could not be read"), "{told}");
    assert!(!released(&mut room));

    let (mut room, _) = with_a_release_that_cools();
    let message = room.message("cy", "!case deny 1");
    // Its key may come until two minutes later.
    after(&mut room, 590, unread(&message, Flaw::NoKey));
    assert_eq!(tick(&mut room, 601), "");
    let denied = said(&mut room, 602, Input::Message(message.clone()));
    assert!(denied.contains("denied"), "{denied}");
    said(&mut room, 603, settled(&message));
    tick(&mut room, 700);
    assert!(!released(&mut room));
}
