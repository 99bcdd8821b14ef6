//! The case: what is on file, what may happen to it, and what did.
//!
//! Pure. Nothing here knows a room, a file, a clock or a configuration; time comes in as an argument.

mod account;
mod day;
mod email;
pub(crate) mod glyph;
mod id;
mod key;
mod moment;
mod oddity;
mod server;
mod span;

pub use account::{Account, AccountFault};
pub use day::{DayFault, read_day};
pub use email::{Email, EmailFault, Mailbox, read_mailbox};
pub use id::{CaseId, Scope};
pub use key::{Key, NoKey};
pub use moment::{MomentFault, read_moment};
pub use oddity::Oddity;
pub use span::{Span, SpanFault};
