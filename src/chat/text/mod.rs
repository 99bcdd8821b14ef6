//! Every sentence that docket says in the room.

mod acts;
mod clocks;
mod happened;
mod letters;
mod refusals;
mod restraints;
mod said;
mod slips;

pub use acts::act;
pub use clocks::{clock, clock_whole, still};
pub use happened::{happened, money, void};
pub use refusals::{ended, refusal};
pub use restraints::{barred, in_the_way, owed};
pub use said::*;
pub use slips::slip;
