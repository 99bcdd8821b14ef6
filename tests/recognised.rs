//! People are recognised by their identities: who may do what before anybody vouches for them, what a changed identity and a new
//! device cost, and that a message counts once however often it is sent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::collections::{BTreeMap, BTreeSet};

use docket::case::decide::Sighting;
use docket::case::{Account, Flaw, Membership, RoomSeen};
use docket::desk::{Input, Message, Outcome, Post, serve_awake};
use docket::rehearsal::FixedClock;
use docket::store::MemoryIndex;
use room::sealed_room::{
    ADA, BEN, FLAWS, OTHER, PRESERVATION, Sealed, THIRD, approval, fetched, key, known, texts,
};
use room::{Room, now, person};

#[test]
fn whoever_is_seen_for_the_first_time_works_cases_and_approves_nothing() {
    let mut room = Sealed::with_ada_and_ben();
    assert!(room.says("ben", BEN, "!case new other a question").contains("C-1 opened"));
    room.says("ada", ADA, PRESERVATION);
    room.says("ada", ADA, "!case hold 2 start");
    let proposal = room.says("ada", ADA, "!case hold 2 release");
    let said = room.says("ben", BEN, &approval(&proposal));
    assert!(said.starts_with("Not allowed: nobody has vouched for your identity yet"), "{said}");
    let said = room.says("ada", ADA, &format!("!case trust @ben:try.test {BEN}"));
    assert!(said.contains("@ben:try.test is vouched for"), "{said}");
    let said = room.says("ben", BEN, &approval(&proposal));
    assert!(said.contains("approved") && !said.contains("Not allowed"), "{said}");
}

#[test]
fn the_first_sight_is_announced_and_the_fingerprint_is_not() {
    let mut room = Sealed::new();
    assert_eq!(room.sees("ada", ADA, &["PHONE"]), Vec::<String>::new(), "the configuration names her key");
    let said = room.sees("ben", BEN, &["PHONE"]).join("\n");
    assert!(said.contains("@ben:try.test is here for the first time"), "{said}");
    assert!(!said.contains(&BEN[..8]), "what is to be read out must not be copied: {said}");
    assert_eq!(room.sees("ben", BEN, &["PHONE"]), Vec::<String>::new(), "once");
    assert_eq!(room.sees("eve", OTHER, &["PHONE"]), Vec::<String>::new(), "eve is not in the list");
}

#[test]
fn a_changed_identity_cuts_off_its_owner_and_nobody_else_until_somebody_vouches_for_it() {
    let mut room = Sealed::with_ada_and_ben();
    let said = room.sees("ben", OTHER, &["LAPTOP"]).join("\n");
    assert!(said.contains("@ben:try.test has another identity than before"), "{said}");
    assert_eq!(room.sees("ben", OTHER, &["LAPTOP"]), Vec::<String>::new(), "once");
    let said = room.says("ben", OTHER, "!case new other a question");
    assert!(said.starts_with("Not allowed: this identity is not the one you are known by"), "{said}");
    assert!(room.says("ada", ADA, "!case new other a question").contains("C-1 opened"));
    let said = room.says("ada", ADA, &format!("!case trust @ben:try.test {OTHER}"));
    assert!(said.contains("is vouched for"), "{said}");
    assert!(room.says("ben", OTHER, "!case note 1 I am back").contains("C-1"));
    let said = room.sees("ben", OTHER, &["LAPTOP"]).join("\n");
    assert!(
        said.contains("has a new device, LAPTOP"),
        "nobody vouched for the devices of the new one: {said}"
    );
    // He was vouched for, and changes it once more: that is a new question.
    room.sees("ben", THIRD, &["LAPTOP"]);
    let said = room.says("ada", ADA, &format!("!case trust @ben:try.test {THIRD}"));
    assert!(said.contains("is vouched for"), "{said}");
    let said = room.sees("ben", THIRD, &["LAPTOP"]).join("\n");
    assert!(said.contains("has a new device, LAPTOP"), "{said}");
}

#[test]
fn whoever_is_not_in_the_room_is_not_heard_and_never_was() {
    let mut room = Sealed::with_ada_and_ben();
    let all = ["ada", "ben"].map(|who| (person(who).to_string(), Membership::Joined));
    let with = |membership: Option<Membership>| {
        let mut members: BTreeMap<String, Membership> = all.clone().into();
        members.remove("@ben:try.test");
        members.extend(membership.map(|membership| ("@ben:try.test".to_owned(), membership)));
        RoomSeen { members, ..RoomSeen::default() }
    };
    for (membership, why) in [
        (Some(Membership::Left), "you left this room"),
        (Some(Membership::Banned), "you are banned from this room"),
        (Some(Membership::Invited), "you were invited to this room and did not join"),
        (Some(Membership::Knocking), "you asked to be let into this room"),
        (None, "you are not in this room"),
    ] {
        room.room.handle(vec![Input::Watched(Box::new(with(membership)))]);
        let message = room.message("ben", BEN, "PHONE", "!case new other a question");
        let said = room.hand_in(message.clone());
        assert!(said.starts_with("Not allowed: ") && said.contains(why), "{membership:?}: {said}");
        assert!(room.says("ada", ADA, "!case list").contains("case"), "ada is there");
        // Being let in again makes nothing of what was refused.
        room.room.handle(vec![Input::Watched(Box::new(with(Some(Membership::Joined))))]);
        let again = room.room.handle(vec![Input::Message(message)]).remove(0);
        assert_eq!(again, Outcome::Seen, "{membership:?}");
    }
    assert!(
        room.says("ben", BEN, "!case new other a question").contains("C-1 opened"),
        "none was opened before"
    );
    // Being in the room makes nobody one of the people.
    let members = BTreeMap::from([("@eve:try.test".to_owned(), Membership::Joined)]);
    room.room.handle(vec![Input::Watched(Box::new(RoomSeen { members, ..RoomSeen::default() }))]);
    assert!(room.says("eve", OTHER, "!case list").contains("not in the list of people"));
}

#[test]
fn where_people_are_recognised_nobody_is_taken_at_their_word() {
    let mut room = Sealed::with_ada_and_ben();
    let typed = room.room.message("ada", "!case new other a question");
    let said = room.hand_in(typed);
    assert!(said.starts_with("Not allowed: your identity was not seen here yet"), "{said}");
}

#[test]
fn the_room_hears_at_once_of_what_was_said_on_the_host() {
    let room = Sealed::with_ada_and_ben().room;
    let (said, heard) = std::sync::mpsc::channel();
    let say = move |posts: Vec<Post>| said.send(texts(&posts)).unwrap();
    let (handle, work) = serve_awake(room.desk, Box::new(FixedClock(now())), Box::new(say));
    let worker = std::thread::spawn(work);
    let done = handle.ask(Input::Trust(person("ben"), key(BEN))).unwrap();
    assert!(matches!(done, Outcome::OnHost { done: true, .. }), "{done:?}");
    let patience = std::time::Duration::from_secs(20);
    let first = heard.recv_timeout(patience).expect("not only when a desk at rest looks again, each minute");
    assert!(first.join("\n").contains("with docket trust"), "{first:?}");
    handle.stop();
    worker.join().unwrap().unwrap();
}

#[test]
fn nobody_vouches_for_themselves_for_a_key_nobody_showed_or_without_being_vouched_for() {
    let mut room = Sealed::with_ada_and_ben();
    for (who, by, about, text, why) in [
        ("ada", ADA, "ada", ADA, "nobody vouches for themselves"),
        ("ada", ADA, "ben", OTHER, "this is not a fingerprint that"),
        ("ben", BEN, "ada", ADA, "Not allowed: this needs the role admin"),
        ("ada", ADA, "eve", OTHER, "@eve:try.test is not in the list of people"),
        ("ada", ADA, "ben", "short", "43 characters"),
    ] {
        let said = room.says(who, by, &format!("!case trust @{about}:try.test {text}"));
        assert!(said.starts_with("Not ") && said.contains(why), "{who} about {about}: {said}");
    }
}

#[test]
fn an_identity_that_is_not_the_one_in_the_configuration_is_never_taken() {
    let mut room = Sealed::new();
    let said = room.sees("ada", OTHER, &["PHONE"]).join("\n");
    assert!(said.contains("@ada:try.test has another identity"), "{said}");
    let said = room.says("ada", OTHER, "!case new other a question");
    assert!(said.starts_with("Not allowed: this identity is not the one you are known by"), "{said}");
    let host = |room: &mut Sealed, by: &str| match room
        .room
        .handle(vec![Input::Trust(person("ada"), key(by))])
        .remove(0)
    {
        Outcome::OnHost { done, page } => (done, page.text()),
        other => panic!("{other:?}"),
    };
    let (done, said) = host(&mut room, OTHER);
    assert!(!done && said.contains("the configuration names another key"), "{said}");
}

#[test]
fn on_the_host_an_identity_is_vouched_for_and_the_room_hears_of_it() {
    let mut room = Sealed::with_ada_and_ben();
    let Outcome::OnHost { done: true, .. } =
        room.room.handle(vec![Input::Trust(person("ben"), key(BEN))]).remove(0)
    else {
        panic!("the host vouches for ben");
    };
    let Outcome::Ticked { posts, .. } = room.room.handle(vec![Input::Tick { steady: None }]).remove(0) else {
        panic!("a tick is answered");
    };
    assert!(texts(&posts).join("\n").contains("with docket trust"), "{posts:?}");
    let terms = room.room.desk.terms();
    assert!(terms.identities.as_ref().unwrap().is_confirmed(&person("ben")));
}

#[test]
fn an_identity_that_was_compared_is_theirs_whatever_was_seen_before_but_for_another_in_the_configuration() {
    let mut room = Sealed::with_ada_and_ben();
    let compared = |room: &mut Sealed, who: &str, by: &str| {
        let sighting = Sighting { account: person(who), key: key(by), devices: vec!["PHONE".to_owned()] };
        match room.room.handle(vec![Input::Compared(sighting)]).remove(0) {
            Outcome::OnHost { done, page } => (done, page.text()),
            other => panic!("{other:?}"),
        }
    };
    let (done, said) = compared(&mut room, "eve", OTHER);
    assert!(!done && said.contains("is not in the list of people"), "{said}");
    let (done, said) = compared(&mut room, "ada", OTHER);
    assert!(!done && said.contains("the configuration names another key"), "{said}");
    let (done, said) = compared(&mut room, "ben", OTHER);
    assert!(done && said.contains("is vouched for"), "{said}");
    let Outcome::Ticked { posts, .. } = room.room.handle(vec![Input::Tick { steady: None }]).remove(0) else {
        panic!("a tick is answered");
    };
    assert!(texts(&posts).join("\n").contains("compared emojis with @ben:try.test"), "{posts:?}");
    let identities = room.room.desk.terms().identities.clone().unwrap();
    assert!(identities.is_confirmed(&person("ben")));
    assert_eq!(identities.key_of(&person("ben")), Some(&key(OTHER)));
    let (done, said) = compared(&mut room, "ben", OTHER);
    assert!(!done && said.starts_with("Not done"), "{said}");
}

#[test]
fn whoever_is_vouched_for_already_is_not_vouched_for_again() {
    let mut room = Sealed::with_ada_and_ben();
    let trust = format!("!case trust @ben:try.test {BEN}");
    assert!(room.says("ada", ADA, &trust).contains("is vouched for"));
    let said = room.says("ada", ADA, &trust);
    assert!(said.starts_with("Not done: ") && !said.contains("vouched"), "{said}");
    let Outcome::OnHost { done, page } =
        room.room.handle(vec![Input::Trust(person("ada"), key(ADA))]).remove(0)
    else {
        panic!("the host is answered");
    };
    assert!(
        !done && !page.text().contains("another key"),
        "she is named with this very key: {}",
        page.text()
    );
}

#[test]
fn what_no_disk_holds_is_not_done_on_the_host_either() {
    let mut room = Sealed::with_ada_and_ben();
    room.room.journal.set_full(true);
    let Outcome::OnHost { done, page } =
        room.room.handle(vec![Input::Trust(person("ben"), key(BEN))]).remove(0)
    else {
        panic!("the host is answered");
    };
    assert!(!done && page.text().contains("disk is full"), "{}", page.text());
    assert!(!room.room.desk.terms().identities.as_ref().unwrap().is_confirmed(&person("ben")));
}

#[test]
fn the_same_message_is_handled_once_also_within_one_batch() {
    let mut room = Sealed::with_ada_and_ben();
    let opening = fetched(room.message("ada", ADA, "PHONE", "!case new other a question"), 4_713);
    let outcomes = room.room.handle(vec![Input::Message(opening.clone()), Input::Message(opening.clone())]);
    assert!(matches!(outcomes[0], Outcome::Posts(_)), "{outcomes:?}");
    assert_eq!(outcomes[1], Outcome::Seen);
    assert_eq!(room.room.handle(vec![Input::Message(opening)]), [Outcome::Seen]);
}

#[test]
fn a_new_device_vouches_for_nobody_and_approves_nothing_about_the_desk_until_the_day_is_over() {
    let mut room = Sealed::with_ada_and_ben();
    room.says("ada", ADA, &format!("!case trust @ben:try.test {BEN}"));
    room.sees("ben", BEN, &["PHONE", "LAPTOP"]);
    room.sees("ada", ADA, &["PHONE", "LAPTOP"]);
    room.sees("cy", OTHER, &["PHONE"]);
    let trust = format!("!case trust @cy:try.test {OTHER}");
    let said = room.says_from("ada", ADA, "LAPTOP", &trust);
    assert!(said.starts_with("Not allowed: this device is new"), "{said}");
    let add = "!case directory add \"Kent Constabulary\" phone=\"+44 1632 960300\" source=\"their site\"";
    let proposal = room.says("ada", ADA, add);
    let said = room.says_from("ben", BEN, "LAPTOP", &approval(&proposal));
    assert!(said.starts_with("Not allowed: this device is new"), "{said}");
    // A day later it counts, to the second; while the clock is in doubt nobody knows whether the day is over.
    let at = |room: &mut Sealed, seconds: i64, input: Input| {
        let then = now() + chrono::TimeDelta::hours(24) + chrono::TimeDelta::seconds(seconds);
        room.room.desk.handle(vec![input], then).unwrap().remove(0)
    };
    let says = |room: &mut Sealed, seconds: i64, index: u32| {
        let message = fetched(room.message("ada", ADA, "LAPTOP", &trust), index);
        match at(room, seconds, Input::Message(message)) {
            Outcome::Posts(posts) => texts(&posts).join("\n"),
            other => panic!("{other:?}"),
        }
    };
    assert!(says(&mut room, -1, 5_001).starts_with("Not allowed: this device is new"));
    at(&mut room, 0, Input::Tick { steady: Some(std::time::Duration::from_secs(60)) });
    at(&mut room, 3_600, Input::Tick { steady: Some(std::time::Duration::from_secs(60)) });
    assert!(
        says(&mut room, 3_600, 5_002).starts_with("Not allowed: this device is new"),
        "the clock is in doubt"
    );
    let mut other = Sealed::with_ada_and_ben();
    other.sees("ada", ADA, &["PHONE", "LAPTOP"]);
    other.sees("cy", OTHER, &["PHONE"]);
    let said = says(&mut other, 0, 5_003);
    assert!(said.contains("@cy:try.test is vouched for"), "{said}");
}

#[test]
fn what_the_room_is_not_told_of_owes_it_nothing() {
    let mut room = Sealed::new();
    room.sees("ada", ADA, &["PHONE"]);
    let last = room.room.journal.last_bodies();
    assert!(last.iter().any(|body| body.contains("\"pinned\"")), "{last:?}");
    assert!(!last.iter().any(|body| body.contains("\"alarm\"")), "an order that brings no message: {last:?}");
}

#[test]
fn a_new_device_of_an_approver_is_announced_and_waits_for_a_day_with_what_takes_two() {
    let mut room = Sealed::with_ada_and_ben();
    room.says("ada", ADA, &format!("!case trust @ben:try.test {BEN}"));
    let said = room.sees("ben", BEN, &["PHONE", "LAPTOP"]).join("\n");
    assert!(said.contains("@ben:try.test has a new device, LAPTOP"), "{said}");
    room.says("ada", ADA, "!case new other a question");
    room.says("ada", ADA, PRESERVATION);
    room.says("ada", ADA, "!case hold 2 start");
    let proposal = room.says("ada", ADA, "!case hold 2 release");
    let said = room.says_from("ben", BEN, "LAPTOP", &approval(&proposal));
    assert!(said.starts_with("Not allowed: this device is new"), "{said}");
    assert!(room.says_from("ben", BEN, "LAPTOP", "!case note 1 from the laptop").contains("C-1"));
    assert!(room.says("ben", BEN, &approval(&proposal)).contains("approved"), "the phone was there before");
}

#[test]
fn what_was_sent_once_is_not_carried_out_again_under_another_id() {
    let mut room = Sealed::with_ada_and_ben();
    room.says("ada", ADA, "!case new other a question");
    let note = fetched(room.message("ada", ADA, "PHONE", "!case note 1 once"), 4_711);
    assert!(room.hand_in(note.clone()).contains("C-1"));
    let again = Message { id: "$another-id".to_owned(), ..note };
    let said = room.hand_in(again);
    assert!(said.starts_with("Not allowed: this very message was sent before"), "{said}");
    let log = room.says("ada", ADA, "!case log 1");
    assert_eq!(log.matches("once").count(), 1, "{log}");
}

#[test]
fn what_was_refused_is_not_carried_out_later_under_another_id() {
    let mut room = Sealed::with_ada_and_ben();
    room.says("ada", ADA, "!case new other a question");
    room.says("ada", ADA, "!case freeze @ben");
    let note = fetched(room.message("ben", BEN, "PHONE", "!case note 1 by whoever has his phone"), 4_712);
    let unfetched = room.message("ben", BEN, "PHONE", "!case note 1 by whoever has his phone");
    assert_eq!(room.room.handle(vec![Input::Message(unfetched)]), [Outcome::Fetch], "before it is refused");
    assert!(room.hand_in(note.clone()).starts_with("Not allowed: your authority was stopped"));
    room.room.handle(vec![Input::Resume(person("ben"))]);
    assert!(room.says("ben", BEN, "!case note 1 he is back").contains("note added"));
    let again = Message { id: "$another-id".to_owned(), ..note };
    let said = room.hand_in(again);
    assert!(said.starts_with("Not allowed: this very message was sent before"), "{said}");
}

#[test]
fn a_device_that_nobody_has_put_on_record_is_new() {
    let mut room = Sealed::with_ada_and_ben();
    room.says("ada", ADA, &format!("!case trust @ben:try.test {BEN}"));
    room.says("ada", ADA, PRESERVATION);
    room.says("ada", ADA, "!case hold 1 start");
    let proposal = room.says("ada", ADA, "!case hold 1 release");
    let said = room.says_from("ben", BEN, "UNHEARD-OF", &approval(&proposal));
    assert!(said.starts_with("Not allowed: this device is new"), "{said}");
}

#[test]
fn a_key_in_the_configuration_unseats_what_was_seen_before() {
    let mut before = Sealed::new();
    before.sees("ben", OTHER, &["PHONE"]);
    let mut terms = known();
    terms.identities.as_mut().unwrap().named.insert(person("ben"), key(BEN));
    let room = Room::under(terms, before.room.journal.clone(), MemoryIndex::new());
    let mut room = Sealed::of(room);
    let said = room.says("ben", OTHER, "!case new other a question");
    assert!(said.starts_with("Not allowed: this identity is not the one you are known by"), "{said}");
    let Outcome::Recognised(people) = room.room.handle(vec![Input::Recognised]).remove(0) else {
        panic!("it tells who is who");
    };
    assert!(people.contains(&(person("ben"), None)), "he is given no keys: {people:?}");
    let said = room.sees("ben", OTHER, &["PHONE"]).join("\n");
    assert!(said.contains("@ben:try.test has another identity"), "{said}");
    assert_eq!(room.sees("ben", BEN, &["PHONE"]), Vec::<String>::new(), "his own is taken");
    assert!(room.says("ben", BEN, "!case new other a question").contains("C-1 opened"));
}

#[test]
fn what_changes_something_is_fetched_first_and_what_is_read_is_not() {
    let mut room = Sealed::with_ada_and_ben();
    let read = room.message("ada", ADA, "PHONE", "!case list");
    assert!(matches!(room.room.handle(vec![Input::Message(read)]).remove(0), Outcome::Posts(_)));
    let change = room.message("ada", ADA, "PHONE", "!case new other a question");
    assert_eq!(room.room.handle(vec![Input::Message(change)]), [Outcome::Fetch]);
    let wrong = room.message("ada", ADA, "PHONE", "!case colse 1");
    assert!(matches!(room.room.handle(vec![Input::Message(wrong)]).remove(0), Outcome::Posts(_)));
}

#[test]
fn a_message_that_proves_nothing_is_told_once_for_each_reason_and_strangers_are_told_nothing() {
    let mut room = Sealed::with_ada_and_ben();
    let mut then = now();
    let mut tells = |who: &str, flaw: Flaw| {
        let id = room.room.message(who, "").id;
        let mut said = Vec::new();
        // What may come in a moment is told when that is over.
        for input in [Input::Unproven { id, sender: person(who), flaw }, Input::Tick { steady: None }] {
            match room.room.desk.handle(vec![input], then).unwrap().remove(0) {
                Outcome::Posts(posts) | Outcome::Ticked { posts, .. } => said.extend(texts(&posts)),
                other => panic!("{other:?}"),
            }
            then += flaw.waits().unwrap_or_default();
        }
        said.join("\n")
    };
    let mut all = BTreeSet::new();
    for flaw in FLAWS {
        let said = tells("ben", flaw);
        assert!(said.starts_with("Not allowed: a message of @ben:try.test"), "{said}");
        all.insert(said);
        assert_eq!(tells("ben", flaw), "", "once");
        assert_eq!(tells("eve", flaw), "", "eve is not in the list");
    }
    assert_eq!(all.len(), FLAWS.len(), "each is told as what it is: {all:?}");
    assert_ne!(tells("ada", Flaw::Clear), "", "ada hears it for herself");
}

#[test]
fn whom_docket_recognises_outlives_a_restart() {
    let mut before = Sealed::with_ada_and_ben();
    before.says("ada", ADA, &format!("!case trust @ben:try.test {BEN}"));
    before.sees("ben", BEN, &["PHONE", "LAPTOP"]);
    before.sees("cy", OTHER, &["PHONE"]);
    let was = before.room.desk.terms().identities.clone();
    let after = Room::under(known(), before.room.journal.clone(), MemoryIndex::new());
    assert_eq!(after.desk.terms().identities, was);
    assert!(was.unwrap().waits(&person("ben"), "LAPTOP", now()).is_some_and(|until| until > now()));
}

#[test]
fn where_people_are_taken_at_their_word_there_is_nobody_to_vouch_for() {
    let mut room = Room::new();
    let said = room.first_line(&format!("!case trust @ben {BEN}"));
    assert!(said.contains("people are taken at their word here"), "{said}");
    let nobody: Option<&Account> = None;
    assert_eq!(room.desk.terms().identities.as_ref().and(nobody), None);
}
