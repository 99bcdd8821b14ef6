//! The case: what is on file, what may happen to it, and what did.
//!
//! Pure. Nothing here knows a room, a file, a clock or a configuration; time comes in as an argument. Rules stand in
//! [`decide`], and only there; [`Case::apply`] takes in what happened and cannot fail.

mod account;
mod checklist;
mod command;
pub mod decide;
mod event;
mod field;
mod id;
mod order;
mod person;
mod refusal;
mod stage;
mod state;
mod terms;
pub mod wire;

pub use account::{Account, AccountFault};
pub use checklist::{Checklist, checklist};
pub use command::{Command, Edit, Extent, FileRole, KeptFile, Opening, Relation, Verifiable};
pub use decide::{Around, decide};
pub use event::{DeskEvent, Event, PurgeReason};
pub use field::{Field, Reading, Secrecy, Subject};
pub use id::{CaseId, Scope};
pub use order::{Order, OrderId};
pub use person::{Need, Person, Role};
pub use refusal::{Effect, Refusal};
pub use stage::Stage;
pub use state::{Case, Ending, File, Link, Note, Outcome, SECRECY_KEY, Verification};
pub use terms::{FieldForm, FieldRule, Kind, Policy, Reason, Terms};
