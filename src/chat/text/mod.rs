//! Every sentence that docket says in the room.

mod acts;
mod clocks;
mod happened;
mod machine;
mod refusals;
mod reports;
mod retention;
mod said;
mod slips;

pub use acts::act;
pub use clocks::{clock, clock_whole, still};
pub use happened::{happened, money, void};
pub use machine::machine_clock;
pub use refusals::{ended, refusal};
pub use reports::*;
pub use retention::*;
pub use said::*;
pub use slips::slip;
