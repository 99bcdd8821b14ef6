//! What the log says where the gate lets a command not pass: the message's id and one word, and nothing that anybody wrote.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use docket::case::{Membership, RoomSeen};
use docket::desk::{Input, Outcome};
use room::person;
use room::sealed_room::{ADA, BEN, FLAWS, OTHER, PRESERVATION, Sealed, approval, fetched};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Every line of a log, of whatever level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    /// What is logged meanwhile.
    fn of(work: impl FnOnce()) -> String {
        let log = Log::default();
        tracing::subscriber::with_default(log.clone(), work);
        log.0.lock().unwrap().clone()
    }
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Fields(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut self.0.lock().unwrap()));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut lines = self.0.lock().unwrap();
        event.record(&mut Fields(&mut lines));
        lines.push('\n');
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// What the log says while somebody says something that is not allowed, and no word of that or of who it was.
fn logged(room: &mut Sealed, who: &str, by: &str, device: &str, line: &str) -> String {
    let message = room.message(who, by, device, line);
    let id = message.id.clone();
    let log = Log::of(|| {
        let said = room.hand_in(message);
        assert!(said.starts_with("Not allowed: "), "{said}");
    });
    assert!(log.contains(&format!("event={id:?}")), "{log}");
    for secret in ["try.test", "pangolin", by, device, "Met", "alice", "C-"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    log
}

fn with_a_case() -> Sealed {
    let mut room = Sealed::with_ada_and_ben();
    room.sees("dot", OTHER, &["PHONE"]);
    assert!(room.says("ada", ADA, PRESERVATION).contains("C-1 opened"));
    room
}

const NOTE: &str = "!case note 1 pangolin";

#[test]
fn whoever_is_not_listed_may_do_nothing() {
    let log = logged(&mut with_a_case(), "eve", BEN, "PHONE", NOTE);
    assert!(log.contains("condition=\"listed\""), "{log}");
}

#[test]
fn whoever_is_not_in_the_room_is_not_heard() {
    let mut room = with_a_case();
    let members = [("ada", Membership::Joined), ("ben", Membership::Left)];
    let members: BTreeMap<String, Membership> =
        members.into_iter().map(|(who, membership)| (person(who).to_string(), membership)).collect();
    room.room.handle(vec![Input::Watched(Box::new(RoomSeen { members, ..RoomSeen::default() }))]);
    let log = logged(&mut room, "ben", BEN, "PHONE", NOTE);
    assert!(log.contains("condition=\"in-the-room\""), "{log}");
}

#[test]
fn a_role_that_is_not_held_is_named() {
    let mut room = with_a_case();
    let log = logged(&mut room, "dot", OTHER, "PHONE", NOTE);
    assert!(log.contains("condition=\"role\""), "{log}");
}

#[test]
fn an_identity_that_nobody_vouches_for_approves_nothing() {
    let mut room = with_a_case();
    room.says("ada", ADA, "!case hold 1 start");
    let proposal = room.says("ada", ADA, "!case hold 1 release");
    let log = logged(&mut room, "ben", BEN, "PHONE", &approval(&proposal));
    assert!(log.contains("condition=\"vouched-for\""), "{log}");
}

#[test]
fn another_identity_than_before_is_not_heard() {
    let mut room = with_a_case();
    let log = logged(&mut room, "ben", OTHER, "PHONE", NOTE);
    assert!(log.contains("condition=\"same-identity\""), "{log}");
}

#[test]
fn an_identity_that_was_not_seen_yet_is_not_heard() {
    let mut room = Sealed::new();
    let log = logged(&mut room, "ben", BEN, "PHONE", NOTE);
    assert!(log.contains("condition=\"known-identity\""), "{log}");
}

#[test]
fn a_new_device_waits_with_what_takes_two() {
    let mut room = with_a_case();
    room.says("ada", ADA, &format!("!case trust @ben:try.test {BEN}"));
    room.sees("ben", BEN, &["PHONE", "LAPTOP"]);
    room.says("ada", ADA, "!case hold 1 start");
    let proposal = room.says("ada", ADA, "!case hold 1 release");
    let log = logged(&mut room, "ben", BEN, "LAPTOP", &approval(&proposal));
    assert!(log.contains("condition=\"known-device\""), "{log}");
}

#[test]
fn what_was_sent_before_counts_once() {
    let mut room = with_a_case();
    let note = fetched(room.message("ada", ADA, "PHONE", NOTE), 4_711);
    room.hand_in(note.clone());
    let log = Log::of(|| {
        let again = docket::desk::Message { id: "$another".to_owned(), ..note };
        assert!(room.hand_in(again).starts_with("Not allowed: "));
    });
    assert!(log.contains("event=\"$another\" condition=\"sent-once\""), "{log}");
    assert!(!log.contains("pangolin") && !log.contains("ada"), "{log}");
}

#[test]
fn whose_authority_was_stopped_does_nothing() {
    let mut room = with_a_case();
    room.says("ada", ADA, "!case freeze @ben");
    let log = logged(&mut room, "ben", BEN, "PHONE", NOTE);
    assert!(log.contains("condition=\"not-frozen\""), "{log}");
}

#[test]
fn of_a_message_that_proves_nothing_the_log_says_what_is_wrong_with_it_each_time() {
    let mut room = with_a_case();
    for flaw in FLAWS {
        for time in 0..2 {
            let id = format!("$flawed-{flaw:?}-{time}");
            let log = Log::of(|| {
                let input = Input::Unproven { id: id.clone(), sender: person("ben"), flaw };
                assert!(matches!(room.room.handle(vec![input]).remove(0), Outcome::Posts(_)));
            });
            assert!(log.contains(&format!("event={id:?} flaw={flaw:?}")) && !log.contains("ben"), "{log}");
        }
    }
}
