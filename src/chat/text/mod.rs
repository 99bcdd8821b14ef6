//! Every sentence that docket says in the room.

mod refusals;
mod said;
mod slips;

pub use refusals::{ended, refusal};
pub use said::*;
pub use slips::slip;
