//! The case: what is on file, what may happen to it, and what did.
//!
//! Pure. Nothing here knows a room, a file, a clock or a configuration; time comes in as an argument. Rules stand in
//! [`decide`], and only there; [`Case::apply`] takes in what happened and cannot fail.

mod account;
mod checklist;
mod command;
mod day;
pub mod decide;
mod discretion;
mod email;
mod event;
mod field;
pub(crate) mod glyph;
mod id;
mod key;
mod moment;
mod number;
mod oddity;
mod order;
mod person;
mod refusal;
mod server;
mod span;
mod stage;
mod state;
mod terms;
pub mod wire;

pub use account::{Account, AccountFault};
pub use checklist::{Checklist, checklist};
pub use command::{Command, Edit, Extent, FileRole, KeptFile, Opening, Relation, Verifiable};
pub use day::{DayFault, read_day};
pub use email::{Email, EmailFault, Mailbox, read_mailbox};
pub use event::{DeskEvent, Event, PurgeReason};
pub use field::{Field, Reading, Secrecy, Subject};
pub use id::{CaseId, Scope};
pub use key::{Key, NoKey};
pub use moment::{MomentFault, read_moment};
pub use oddity::Oddity;
pub use order::{Order, OrderId};
pub use person::{Need, Person, Role};
pub use refusal::{Effect, Refusal};
pub use span::{Span, SpanFault};
pub use stage::Stage;
pub use state::{Case, Ending, File, Link, Note, Outcome, RECEIVED_KEY, SECRECY_KEY, Verification};
pub use terms::{FieldForm, FieldRule, Kind, Policy, Reason, Terms};
