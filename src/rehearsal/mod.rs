//! `docket try`: the whole desk in a terminal, without a homeserver. Each line typed is a message in the room.
//!
//! The session is pure: lines come in, items to show come out, time is moved by hand or told by a clock. The terminal, the
//! pipe and the stories drive the same session.

mod block;
mod clock;
mod item;
mod people;
mod posting;
mod session;
mod steer;
#[cfg(feature = "shell")]
pub mod terminal;
mod users;
mod words;

pub use clock::{FixedClock, RehearsalClock};
pub use item::{Item, Shown};
pub use people::{TermsFault, directory, people, terms, terms_under};
pub use posting::PostFiles;
pub use session::Rehearsal;
