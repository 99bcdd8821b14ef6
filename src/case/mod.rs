//! The case: what is on file, what may happen to it, and what did.
//!
//! Pure. Nothing here knows a room, a file, a clock or a configuration; time comes in as an argument. Rules stand in
//! [`decide`], and only there; [`Case::apply`] takes in what happened and cannot fail.

mod account;
mod age;
mod agency_name;
mod also_named;
mod answer_words;
mod answers_to;
mod apply;
mod asking;
mod back;
mod bare_name;
mod begin;
mod blacked_out;
mod by_name;
pub mod calendar;
pub mod calling;
mod checklist;
pub mod choice;
pub mod clock;
mod command;
pub mod conflict;
pub mod countries;
mod day;
mod day_words;
mod dealings;
pub mod decide;
mod desk_event;
pub mod destination;
pub mod directory;
mod discretion;
mod disguised;
pub mod done;
mod elsewhere;
mod email;
pub mod entry_parts;
mod event;
#[cfg(test)]
mod events_written;
mod field;
mod folded;
pub mod free_mail;
mod freed;
mod gag;
#[cfg(test)]
pub(crate) mod given;
pub(crate) mod glyph;
mod held;
mod hold;
mod hurry;
mod hush;
mod id;
mod instrument;
pub mod kept_down;
mod key;
mod lent;
pub mod letter;
pub mod likeness;
mod look_alike;
mod machine;
mod mail_domains;
mod master_key;
pub mod mention;
mod moment;
pub mod named_order;
mod naming;
pub mod near;
mod notice;
mod number;
mod oddity;
mod order;
mod origin;
mod person;
mod phrase;
mod pin;
mod place;
mod plea;
mod proposal;
pub mod public_suffix;
mod punycode;
pub mod recipient;
mod refusal;
mod reminder;
pub mod reminding;
pub mod requester;
mod restraint;
pub mod retention;
mod room_watch;
pub mod schedule;
pub mod scope;
mod sealed;
mod server;
mod span;
mod stage;
mod state;
mod taken_apart;
mod terms;
pub mod things;
mod unread;
mod unsigned;
mod untrue;
mod veil;
mod visit;
pub mod wire;
mod wish;
mod written_in;
mod zone_name;

pub use account::{Account, AccountFault};
pub use asking::{PROOF_KEY, Want, wants};
pub use back::{Back, Return};
pub use calendar::{Calendar, Term};
pub use checklist::{Checklist, checklist, weighing};
pub use choice::chosen;
pub use clock::{Clock, clocks, paused};
pub use command::{
    CallOutcome, Command, DeskCommand, Edit, Extent, FileRole, GagStep, HoldStep, KeptFile, Opening,
    Relation, Repeat, Settling, Verifiable,
};
pub use conflict::{Clash, Conflict};
pub use countries::country_name;
pub use day::{DayFault, read_day};
pub use dealings::{Alone, Attestation, Channel, Cost, Prolonged, Reminded, ScopeLine, Sent, Wait, Wording};
pub use decide::{likely_entry, wants_number};
pub use desk_event::{ClockEvent, DeskEvent, Doubt, PurgeReason, StandingEvent};
pub use directory::{Agency, Shared};
pub use elsewhere::Elsewhere;
pub use email::{Email, EmailFault, Mailbox, read_mailbox, read_mailboxes};
pub use entry_parts::{Addition, Parts, Signed, still_lists};
pub use event::Event;
pub use field::{Field, Reading, Secrecy, Subject};
pub use freed::Freed;
pub use gag::{Gag, GagEnding, GagOver};
pub use held::{Branch, HeldEvent, HeldHere, HeldMode, HeldWhy};
pub use hold::{Hold, HoldEnding, HoldOver, KeptWith};
pub use hush::Hush;
pub use id::{CaseId, Scope};
pub use instrument::{
    INSTRUMENT_KEY, Identified, Unidentified, counsel_decides, denied_by, identify, instrument,
    instrument_lines, possible_instruments, told_by_default,
};
pub use kept_down::{COURT_ACTION_KEY, KeptDown, Others, RESTORED_KEY, Until};
pub use key::{Key, NoKey};
pub use lent::Lent;
pub use likeness::{Beside, Like, Likeness};
pub use mail_domains::{domains_in, over as domains_over};
pub use master_key::{KeyFault, MasterKey};
pub use moment::{MomentFault, read_moment};
pub use named_order::{NamedOrder, named_order};
pub use naming::Act;
pub use notice::{Copied, Notice, Step, Stepped, Telling, Unreachable, Upshot};
pub use number::ends as number_ends;
pub use oddity::Oddity;
pub use order::{Order, OrderId};
pub use origin::{JURISDICTION_KEY, Origin, VIA_KEY, Via, country, country_lines, origin, via};
pub use person::{Need, Person, Role};
pub use pin::{Flaw, Identities, Pin, Recognised, Vouched};
pub use proposal::{Approval, DeskProposal, Proposal, Void};
pub use refusal::{Effect, EntryRefusal, NoWayBack, NotHandedOver, Refusal};
pub use reminder::{Call, Reminder, Watch};
pub use requester::{Caution, Known};
pub use restraint::{Restraint, Unlike};
pub use room_watch::{Concern, Goes, Membership, Powers, RoomSeen, Watch as RoomWatch, WatchEvent};
pub use schedule::{Distance, Quiet, Reminders, TimeFault};
pub use sealed::{FLAG_KEY, Flag};
pub use span::{Span, SpanFault};
pub use stage::Stage;
pub use state::{
    Case, Contact, Ending, File, Link, Note, Outcome, RECEIVED_KEY, REVIEW_KEY, SECRECY_KEY, Tried,
    Verification,
};
pub use terms::{
    Absent, Asks, Category, CategoryWords, Choice, Claim, ClockRule, Condition, Counted, DATA_KEY, Exception,
    Extension, FieldForm, FieldRule, GagOfInstrument, GagTerms, Held, HoldTerms, IdleTerms, Instrument,
    JOINS_CALENDARS, Kind, Letter, NoticeTerms, Policy, Reason, ReportTerms, Start, Stop, Tasks, Tell, Terms,
    Translation, TwoPeople, VisitTerms, Weighing, When, is_the_same_in_all, known, reserved,
};
pub use unread::{Awaited, Hearing, Ledger, Lost, Unread, UnreadEvent};
pub use untrue::Untrue;
pub use veil::Hidden;
pub use visit::{Far, LetterStopped, Release, ReleaseState, Tongue, Visit, is_to_whoever_asked};
pub use written_in::day_in;
