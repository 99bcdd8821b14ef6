//! The case: what is on file, what may happen to it, and what did.
//!
//! Pure. Nothing here knows a room, a file, a clock or a configuration; time comes in as an argument. Rules stand in
//! [`decide`], and only there; [`Case::apply`] takes in what happened and cannot fail.

mod account;
mod apply;
pub mod calendar;
mod checklist;
pub mod clock;
mod command;
mod day;
mod dealings;
pub mod decide;
mod directory;
mod discretion;
mod email;
mod event;
mod field;
mod gag;
pub(crate) mod glyph;
mod hold;
mod id;
mod key;
mod moment;
mod notice;
mod number;
mod oddity;
mod order;
mod person;
mod proposal;
mod refusal;
pub mod reminding;
pub mod retention;
pub mod schedule;
mod server;
mod span;
mod stage;
mod state;
mod terms;
pub mod wire;

pub use account::{Account, AccountFault};
pub use calendar::{Calendar, Term};
pub use checklist::{Checklist, checklist};
pub use clock::{Clock, clocks, paused};
pub use command::{Command, Edit, Extent, FileRole, KeptFile, Opening, Relation, Verifiable};
pub use day::{DayFault, read_day};
pub use dealings::{Attestation, Cost, Prolonged, Reminded, ScopeLine, Sent, Wait};
pub use directory::Agency;
pub use email::{Email, EmailFault, Mailbox, read_mailbox};
pub use event::{Call, DeskEvent, Doubt, Elsewhere, Event, Flag, PurgeReason, Reminder, Watch};
pub use field::{Field, Reading, Secrecy, Subject};
pub use gag::{Gag, GagEnding, GagOver};
pub use hold::{Hold, HoldEnding, HoldOver};
pub use id::{CaseId, Scope};
pub use key::{Key, NoKey};
pub use moment::{MomentFault, read_moment};
pub use notice::{Notice, Telling};
pub use oddity::Oddity;
pub use order::{Order, OrderId};
pub use person::{Need, Person, Role};
pub use proposal::{Approval, Proposal, Void};
pub use refusal::{Effect, Refusal};
pub use schedule::{Distance, Quiet, Reminders, TimeFault};
pub use span::{Span, SpanFault};
pub use stage::Stage;
pub use state::{Case, Ending, File, Link, Note, Outcome, RECEIVED_KEY, SECRECY_KEY, Verification};
pub use terms::{
    Category, ClockRule, Condition, DATA_KEY, Exception, Extension, FieldForm, FieldRule, GagTerms, Held,
    HoldTerms, Instrument, Kind, Letter, NoticeTerms, Policy, Reason, ReportTerms, Start, Stop, Tell, Terms,
    TwoPeople, When,
};
