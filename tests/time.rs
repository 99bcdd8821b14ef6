//! What time brings to the room: late reminders, the daily overview, a clock that cannot be believed. What comes when is
//! tried at length in `tests/reminders`; here it is looked at as it is read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::sync::mpsc::channel;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use docket::desk::{Input, Outcome, Post, serve_awake};
use docket::ports::Clock;
use docket::rehearsal::FixedClock;
use room::{Room, now, person};

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}Z").parse().unwrap()
}

fn tick(room: &mut Room, at: DateTime<Utc>) -> Vec<Post> {
    tick_after(room, at, None)
}

fn tick_after(room: &mut Room, at: DateTime<Utc>, steady: Option<Duration>) -> Vec<Post> {
    let outcomes = room.desk.handle(vec![Input::Tick { steady }], at).unwrap();
    match outcomes.into_iter().next() {
        Some(Outcome::Ticked { posts, next }) => {
            assert!(next.is_none_or(|next| next > at));
            posts
        }
        other => panic!("{other:?}"),
    }
}

fn texts(posts: &[Post]) -> Vec<(&'static str, String)> {
    posts.iter().map(|post| (post.kind.name(), post.page.text())).collect()
}

/// A hold from 20 November to 18 February, with ben, and every card and answer delivered.
fn held() -> Room {
    let mut room = Room::new();
    tick(&mut room, now());
    for text in [
        "!case new preservation agency=Met accounts=@a:example.org",
        "!case assign 1 @ben",
        "!case hold 1 start",
    ] {
        let posts = room.say(text);
        delivered(&mut room, &posts, now());
    }
    room
}

fn delivered(room: &mut Room, posts: &[Post], at: DateTime<Utc>) {
    let card = |post: &Post| (post.kind.name() == "card" && post.edits.is_none()).then(|| "$card".to_owned());
    let done = posts.iter().flat_map(|post| post.orders.iter().map(|order| (*order, card(post))));
    let done = done.collect::<Vec<_>>();
    room.desk.handle(vec![Input::Delivered(done)], at).unwrap();
}

#[test]
fn what_was_missed_comes_once_marked_late_and_is_owed_until_it_is_sent() {
    let mut room = held();
    let posts = tick(&mut room, at("2027-02-03T10:00:00"));
    delivered(&mut room, &posts, at("2027-02-03T10:00:00"));
    // Down when the next moment came.
    let mut room = Room::over(room.journal.clone());
    let posts = tick(&mut room, at("2027-02-09T10:00:00"));
    let reminder = posts.iter().find(|post| post.kind.name() == "reminder").unwrap();
    let text = reminder.page.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0], "C-1 · due Thu 18 Feb 2027 (in 9 days)",
        "id and date, no name: it stands on locked screens"
    );
    assert_eq!(lines[2], "Late: it should have come 2027-02-04 09:00");
    assert_eq!(reminder.mentions, [person("ben"), person("cy")]);
    // Killed before it was sent.
    let journal = room.journal.clone();
    let mut room = Room::over(journal);
    let again = room.desk.owed(at("2027-02-09T10:01:00")).unwrap();
    let again = again.iter().find(|post| post.kind.name() == "reminder").expect("it is owed");
    assert_eq!((&again.txn, &again.mentions), (&reminder.txn, &reminder.mentions));
    assert_eq!(again.page.text().lines().nth(2), Some(lines[2]));
    let posts = tick(&mut room, at("2027-02-09T10:01:00"));
    assert!(posts.iter().all(|post| post.kind.name() != "reminder"), "{:?}", texts(&posts));
}

#[test]
fn the_overview_comes_once_a_day_and_late_once() {
    let mut room = held();
    let digests = |posts: &[Post]| posts.iter().filter(|post| post.kind.name() == "digest").count();
    let first = tick(&mut room, at("2026-11-21T09:00:00"));
    assert_eq!(digests(&first), 1, "a new case");
    assert_eq!(digests(&tick(&mut room, at("2026-11-21T09:00:30"))), 0);
    // Nobody sent it.
    let mut room = Room::over(room.journal.clone());
    let owed = room.desk.owed(at("2026-11-21T12:00:00")).unwrap();
    let owed = owed.iter().find(|post| post.kind.name() == "digest").expect("it is owed");
    assert_eq!(owed.page.text(), first.iter().find(|post| post.kind.name() == "digest").unwrap().page.text());
    assert_eq!(digests(&tick(&mut room, at("2026-11-21T12:00:00"))), 0);
    // Four days down, with something new: one overview, and the next one in its time.
    room.say("!case new terms spam");
    assert_eq!(digests(&tick(&mut room, at("2026-11-25T08:00:00"))), 1);
    assert_eq!(
        digests(&tick(&mut room, at("2026-11-25T09:00:00"))),
        0,
        "nothing new, and what nobody owns is known"
    );
}

#[test]
fn a_clock_in_doubt_alarms_once_a_day_and_ends_no_hold_until_it_is_right() {
    let mut room = held();
    let day = Some(Duration::from_secs(60));
    let alarmed = tick_after(&mut room, now() + TimeDelta::days(400), day);
    assert_eq!(alarmed.first().map(|post| (post.kind.name(), post.case)), Some(("alarm", None)));
    assert!(alarmed.iter().any(|post| post.kind.name() == "reminder"), "reminders are never held");
    assert!(!room.desk.certain(now() + TimeDelta::days(400)));
    assert!(room.first_line("!case show 1").starts_with("C-1 · preservation"));
    let card = room.say("!case show 1")[0].page.text();
    assert!(card.contains("Hold ends Thu 18 Feb 2027"), "it runs still: {card}");
    let again = tick_after(&mut room, now() + TimeDelta::days(400) + TimeDelta::minutes(1), day);
    assert_eq!(texts(&again), [], "said once");
    // A restart knows it too.
    let mut room = Room::over(room.journal.clone());
    assert!(!room.desk.certain(now() + TimeDelta::minutes(3)));
    let alarms = |posts: &[Post]| posts.iter().filter(|post| post.kind.name() == "alarm").count();
    let same_day = tick(&mut room, now() + TimeDelta::days(400) + TimeDelta::minutes(3));
    assert_eq!(alarms(&same_day), 0, "{:?}", texts(&same_day));
    // What nobody settles is said again on another day.
    let later = tick(&mut room, at("2028-01-01T10:00:00"));
    assert_eq!(alarms(&later), 1, "{:?}", texts(&later));
}

#[test]
fn the_overview_counts_apart_what_a_clock_in_doubt_holds_up() {
    let mut room = held();
    room.say("!case new terms spam");
    let minute = Some(Duration::from_secs(60));
    let far = now() + TimeDelta::days(100);
    let posts = tick_after(&mut room, far, minute);
    let posts = posts.into_iter().chain(tick(&mut room, far + TimeDelta::days(1)));
    let digests: Vec<String> =
        posts.filter(|post| post.kind.name() == "digest").map(|post| post.page.text()).collect();
    let last = digests.last().expect("people hear from a desk in doubt");
    // Nobody is late with a hold that ends by itself.
    assert!(last.contains("1 to end once the clock is certain"), "{last}");
    assert!(last.contains("C-1 · hold ends once the clock is certain: Thu 18 Feb 2027"), "{last}");
    assert!(!last.contains("overdue"), "{last}");
}

#[test]
fn a_desk_that_never_had_an_overview_calls_nothing_new_that_it_has_had_for_days() {
    let mut room = Room::new();
    tick(&mut room, now());
    room.say("!case new terms spam");
    // The clock is believed no more before the first overview could come, and again days later.
    let digest = |posts: Vec<Post>| {
        let found = posts.into_iter().find(|post| post.kind.name() == "digest");
        found.map(|post| post.page.text()).unwrap_or_default()
    };
    let mut later = Room::over(room.journal.clone());
    let late = at("2026-11-26T09:30:00");
    let message = later.message("ada", "!case new terms insults");
    later.desk.handle(vec![Input::Message(message)], late).unwrap();
    let text = digest(tick(&mut later, late));
    assert!(text.contains("1 new"), "{text}");
    assert!(text.contains("C-2 · new"), "{text}");
    assert!(!text.contains("C-1 · new"), "{text}");
}

#[test]
fn a_clock_that_is_set_right_goes_on_by_itself() {
    let mut room = held();
    let minute = Some(Duration::from_secs(60));
    tick_after(&mut room, now() + TimeDelta::minutes(1), minute);
    tick_after(&mut room, now() + TimeDelta::days(60) + TimeDelta::minutes(2), minute);
    let right = tick_after(&mut room, now() + TimeDelta::minutes(3), minute);
    assert_eq!(texts(&right)[0].0, "alarm");
    assert!(room.desk.certain(now() + TimeDelta::minutes(3)));
    // Thirty days before was told in the wrong January; it comes again in the right one.
    let posts = tick(&mut room, at("2027-01-19T09:00:00"));
    assert!(posts.iter().any(|post| post.page.text().contains("(in 30 days)")), "{:?}", texts(&posts));
}

#[test]
fn after_a_start_a_year_ahead_reminders_come_at_their_time_though_nobody_trusts_the_clock() {
    let room = held();
    // Started with a clock that is a year ahead, and started again when that is right: the record cannot tell.
    let mut room = Room::over(room.journal.clone());
    let ahead = tick(&mut room, at("2027-12-26T10:00:00"));
    assert!(ahead.iter().any(|post| post.kind.name() == "alarm"), "{:?}", texts(&ahead));
    let mut room = Room::over(room.journal.clone());
    tick(&mut room, at("2026-11-21T12:00:00"));
    assert!(!room.desk.certain(at("2026-11-21T12:00:00")));
    let brief = said(&mut room, "!case brief", at("2026-11-21T12:01:00"));
    assert!(brief.contains("The machine’s clock is in doubt"), "{brief}");
    let posts = tick(&mut room, at("2027-01-19T09:00:00"));
    let told: Vec<String> = posts.iter().map(|post| post.page.text()).collect();
    assert!(told.iter().any(|text| text.contains("(in 30 days)")), "{told:?}");
    // Once.
    let again = tick(&mut room, at("2027-01-19T09:01:00"));
    assert!(again.iter().all(|post| post.kind.name() != "reminder"), "{:?}", texts(&again));
}

#[test]
fn a_doubt_that_is_said_again_names_the_time_that_it_began_with() {
    let mut room = Room::over(held().journal.clone());
    let texts_of = |posts: &[Post]| texts(posts).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    let first = texts_of(&tick(&mut room, at("2026-12-31T10:00:00")));
    assert!(
        first[0].contains(
            "is in doubt: it says Thu 31 Dec 2026, 10:00 GMT, and at the start it was more than a week past the last thing"
        ),
        "{first:?}"
    );
    // Right again at the next start, which the record cannot tell.
    let mut room = Room::over(room.journal.clone());
    tick(&mut room, at("2026-11-25T08:00:00"));
    let again = texts_of(&tick(&mut room, at("2026-12-31T10:00:00") + TimeDelta::days(1)));
    let said = "is in doubt still: it said Thu 31 Dec 2026, 10:00 GMT, at a start, more than a week past the last thing on record. \
                Now it says Fri 1 Jan 2027, 10:00 GMT.";
    assert!(again.iter().any(|text| text.contains(said)), "{again:?}");
}

/// What ada's message brings at a time, as text.
fn said(room: &mut Room, text: &str, at: DateTime<Utc>) -> String {
    let message = room.message("ada", text);
    match room.desk.handle(vec![Input::Message(message)], at).unwrap().remove(0) {
        Outcome::Posts(posts) => posts[0].page.text(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_written_down_while_the_clock_stands_back_is_marked_in_answer_and_log() {
    const IN_DOUBT: &str = "The machine’s clock is in doubt, so the time of this entry may be wrong";
    let mut room = held();
    let minutes = |count: u64| Some(Duration::from_secs(count * 60));
    tick_after(&mut room, at("2026-11-20T13:00:00"), minutes(180));
    // Somebody sets it back by two hours, and the first note comes before docket has looked at it.
    let first = said(&mut room, "!case note 1 before", at("2026-11-20T11:00:00"));
    assert!(first.contains(IN_DOUBT), "{first}");
    tick_after(&mut room, at("2026-11-20T11:01:00"), minutes(1));
    let second = said(&mut room, "!case note 1 within", at("2026-11-20T11:30:00"));
    assert!(second.contains(IN_DOUBT), "{second}");
    tick_after(&mut room, at("2026-11-20T13:31:00"), minutes(30));
    let third = said(&mut room, "!case note 1 behind", at("2026-11-20T13:32:00"));
    assert!(!third.contains(IN_DOUBT), "{third}");
    // An index that is made anew knows it too.
    let mut again = Room::over(room.journal.clone());
    for room in [&mut room, &mut again] {
        let log = said(room, "!case log 1", at("2026-11-20T13:33:00"));
        let lines: Vec<&str> =
            log.lines().filter(|line| line.contains("docket") || line.contains("@ada")).collect();
        let marked: Vec<bool> = lines.iter().map(|line| line.contains("(in doubt)")).collect();
        assert_eq!(marked[..3], [false, true, true], "{log}");
        assert!(marked[3..].iter().all(|marked| !marked), "{log}");
        assert!(log.contains("the machine’s clock was not believed then"), "{log}");
    }
}

#[test]
fn a_desk_that_serves_looks_at_its_clock_by_itself() {
    let room = held();
    let (say, said) = channel();
    let clock = FixedClock(at("2027-01-19T09:00:00"));
    assert_eq!(clock.steady(), Some(Duration::ZERO));
    let (handle, work) =
        serve_awake(room.desk, Box::new(clock), Box::new(move |posts| say.send(posts).unwrap()));
    let worker = std::thread::spawn(work);
    // Nobody asked.
    let posts: Vec<Post> = said.recv_timeout(Duration::from_secs(20)).expect("it speaks up");
    assert!(posts.iter().any(|post| post.kind.name() == "reminder"), "{:?}", texts(&posts));
    handle.stop();
    worker.join().unwrap().unwrap();
}

/// Rule 56: with the answer, after a kill as well, and with each reminder from the first one on.
#[test]
fn who_looks_after_safety_is_called_at_once_for_whoever_seems_too_young() {
    let mut room = Room::new();
    tick(&mut room, now());
    room.say("!case new terms accounts=@a:example.org context=\"I am 13\"");
    let posts = room.say("!case tag 1 +underage");
    let answer = posts.iter().find(|post| post.kind.name() == "reply").unwrap();
    assert_eq!((&answer.only, answer.mentions.as_slice()), (&None, [person("sam")].as_slice()));
    // No other tag calls anybody.
    let other = room.say("!case tag 1 +fraud");
    assert!(other.iter().all(|post| post.mentions.is_empty()), "{:?}", texts(&other));
    let mut room = Room::over(room.journal.clone());
    let again = room.desk.owed(now()).unwrap();
    let again = again.iter().find(|post| post.txn == answer.txn).expect("it is owed");
    assert_eq!((&again.page.text(), &again.mentions), (&answer.page.text(), &answer.mentions));
    // The 20th is a Friday: the first reminder comes a day before, when others are called who are on call.
    let posts = tick(&mut room, at("2026-11-22T09:00:00"));
    let reminder = posts.iter().find(|post| post.kind.name() == "reminder").unwrap();
    assert_eq!(reminder.mentions, [person("cy"), person("sam")]);
    // What they have said ends it, also for whoever was down since.
    room.say_as("sam", "!case set 1 age-checked=\"2026-11-20, account closed\"");
    let mut room = Room::over(room.journal.clone());
    let posts = tick(&mut room, at("2026-11-24T09:00:00"));
    assert!(posts.iter().all(|post| post.kind.name() != "reminder"), "{:?}", texts(&posts));
}

/// What an overview says, line by line.
fn overview(posts: Vec<Post>) -> Vec<String> {
    let found = posts.into_iter().find(|post| post.kind.name() == "digest").expect("an overview");
    found.page.text().lines().map(str::to_owned).collect()
}

/// Whatever is asked on a day.
fn asked(room: &mut Room, text: &str, at: DateTime<Utc>) {
    let message = room.message("ada", text);
    room.desk.handle(vec![Input::Message(message)], at).unwrap();
}

#[test]
fn what_is_only_to_be_looked_at_hides_nothing_in_the_overview() {
    // Given more cases on which nothing happens than the overview counts, and two emergencies that nobody works
    let mut room = Room::new();
    tick(&mut room, now());
    for _ in 0..1_005 {
        room.say("!case new other context=\"a letter\"");
    }
    let later = now() + TimeDelta::days(10);
    tick(&mut room, later);
    asked(&mut room, "!case new preservation agency=Met accounts=@a:example.org", later);
    asked(&mut room, "!case hold 1006 start", later);
    asked(&mut room, "!case new emergency agency=\"Kent Police\"", later);
    asked(&mut room, "!case new emergency agency=\"Essex Police\"", later + TimeDelta::minutes(1));
    // When the overview of the next day comes
    let said = overview(tick(&mut room, at("2026-12-01T09:00:00")));
    // Then it names both before all others, and first on a locked screen
    assert!(
        said[0].starts_with("Tue 1 Dec 2026 · C-1007 Mon 30 Nov, 14:00 · C-1008 Mon 30 Nov, 14:01 · "),
        "{said:#?}"
    );
    assert!(said[2].starts_with("C-1007 · overdue: emergency to be answered"), "{said:#?}");
    assert!(said[3].starts_with("C-1008 · overdue: emergency to be answered"), "{said:#?}");
    assert!(said[4].starts_with("C-1006 · new"), "{said:#?}");
    assert!(said[5].contains("· nothing since Fri 20 Nov 2026"), "{said:#?}");
    assert_eq!(said.len(), 13, "ten cases: {said:#?}");
    // When the hold ends within the week, on a case on which nothing happens either
    tick(&mut room, at("2027-02-20T09:00:00"));
    let said = overview(tick(&mut room, at("2027-02-25T09:00:00")));
    // Then it stands before all but the emergencies
    assert!(said[4].starts_with("C-1006 · hold ends Sun 28 Feb 2027"), "{said:#?}");
}

#[test]
fn what_is_overdue_hides_neither_an_emergency_nor_a_hold_in_the_overview() {
    // Given more overdue answers than the overview counts; then a hold that ends soon, and an emergency
    let mut room = Room::new();
    tick(&mut room, now());
    for _ in 0..1_005 {
        room.say("!case new subject right=access accounts=@a:example.org received=2026-10-01");
    }
    room.say("!case new preservation agency=Met accounts=@b:example.org received=2026-08-28");
    room.say("!case hold 1006 start");
    room.say("!case new emergency agency=\"Kent Police\"");
    // Then `due` and `brief` name it, however much is overdue besides
    assert!(room.first_line("!case due").starts_with("C-1007 "));
    let brief = room.say("!case brief")[0].page.text();
    assert!(brief.lines().any(|line| line.contains("Due today") && line.contains("C-1007 ")), "{brief}");
    // When the overview comes
    let said = overview(tick(&mut room, at("2026-11-21T09:00:00")));
    // Then the emergency stands first in it, then the hold, then the rest
    assert!(said[2].starts_with("C-1007 · overdue: emergency"), "{said:#?}");
    assert!(said[3].starts_with("C-1006 · hold ends"), "{said:#?}");
    assert!(said[4].contains(" · overdue: answer to the person due"), "{said:#?}");
}

#[test]
fn where_a_sealed_emergency_stands_in_the_overview_says_nothing_of_it() {
    // Given an answer that is overdue, and a sealed emergency
    let mut room = Room::new();
    tick(&mut room, now());
    room.say("!case new subject right=access accounts=@a:example.org received=2026-10-01");
    room.say("!case new emergency agency=\"Kent Police\" accounts=@b:example.org");
    room.say("!case tag 2 +csea");
    // When the overview comes
    let said = overview(tick(&mut room, at("2026-11-21T09:00:00")));
    // Then it stands by its date, and no word says what falls due
    assert!(said[2].starts_with("C-1 · overdue: answer"), "{said:#?}");
    assert!(said[3].starts_with("C-2 · overdue: Fri 20 Nov 2026"), "{said:#?}");
}
