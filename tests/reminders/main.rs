//! Two years of reminders, with restarts and clocks that go wrong, held against an oracle that computes by itself which
//! moments there are. After every tick what was put on record must be exactly what the oracle expects.
//!
//! The ordinary run is a small one. The long one (10,000 cases, 1,000 restarts; `docs/benches.md`) runs where the file
//! `target/long-reminders` exists.
//!
//! # What the words mean when clocks jump
//!
//! docket knows no time but the machine's, so every word below is about that time, as it stood at the tick.
//!
//! - **early**: people are reminded of a moment before the machine's clock has reached it. Never, in doubt or not.
//! - **missed**: the clock has reached a moment, a tick has gone by, and nobody was reminded; or the reminder is on record and
//!   was never sent. Never, in doubt or not: what was missed while docket was down comes at the first tick, once; at
//!   night, where it is of a clock that is counted in days and can wait, at the first tick behind the quiet hours.
//! - **doubled**: people are reminded twice of one moment of one due date. There is one case in which they must be: the first
//!   reminder came while the clock was in doubt, and the moment still lay ahead when the clock was believed again, or went back. Then it
//!   comes again, at its moment, once. And a reminder that was sent, and the word of it lost in a crash, is sent again under
//!   the same transaction, by which a homeserver knows it.
//! - **moments that there are**: those of the due date as it stands, behind the moment at which that date came to be; in doubt,
//!   behind the last moment that docket was sure of, for the other may be wrong. The due moment itself always is one.
//! - **calls**: whom its moment calls, and one more than the last reminder of the same clock did if nobody has seen that one. To
//!   see a reminder of one clock silences no other, and of a question that is asked again and again it answers that time only.
//! - **put off**: reminders of the clocks that ran when somebody said so; a clock that begins or is moved later is not, and of
//!   one that nobody has heard of yet people hear at its last moment that can wait.
//! - **in doubt**: a tick after which the clock has gone on by 5 minutes more or less than the steady one (more, if it was
//!   late and is set right); a clock more than 2 minutes before
//!   the last sure moment (behind a restart, the last that was put on record); at a start, more than 7 days after it. Believed again when the clock is back where the steady one
//!   says, or has caught up with the last sure moment, or when two people say so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what it expects by failing, and the long run says how long it took"
)]

#[path = "../chance/mod.rs"]
mod chance;
mod oracle;
mod people;
#[path = "../room/mod.rs"]
mod room;
mod shelf;
mod world;

use std::path::Path;

use world::{Size, World};

#[test]
fn two_years_of_reminders_none_missed_none_doubled_none_early() {
    let is_long = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/long-reminders").exists();
    let size = if is_long {
        Size { cases: 10_000, restarts: 1_000, jumps: 60, trusts: 10 }
    } else {
        Size { cases: 400, restarts: 120, jumps: 40, trusts: 6 }
    };
    let told = World::new(size, 7).run();
    println!("{told:?}");
    assert!(told.reminders > size.cases * 2, "too little was simulated: {told:?}");
    assert!(
        told.letters > 0 && told.prolonged > 0 && told.looks > 0 && told.asked > 0 && told.escalated > 0,
        "nobody was asked: {told:?}"
    );
    assert!(told.late > 0 && told.in_doubt > 0 && told.again > 0, "nothing went wrong: {told:?}");
}
