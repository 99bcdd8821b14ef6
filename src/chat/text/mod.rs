//! Every sentence that docket says in the room.

mod acts;
mod happened;
mod refusals;
mod reports;
mod said;
mod slips;

pub use acts::act;
pub use happened::{happened, money, void};
pub use refusals::{ended, refusal};
pub use reports::*;
pub use said::*;
pub use slips::slip;
