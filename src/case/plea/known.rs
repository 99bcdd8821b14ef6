//! Sentences as orders and requests have them, for the tests: what asks for secrecy, and what only speaks of the same things.

mod apart;
mod free;
mod heard;
mod reach;

pub(in crate::case) use self::apart::{MEANT, NOT_MEANT};
pub(in crate::case) use self::free::{ALSO_FREE, FREE};
pub(in crate::case) use self::heard::{ALSO_HEARD, HEARD};
pub(in crate::case) use self::reach::{MISSED, OVERHEARD};
