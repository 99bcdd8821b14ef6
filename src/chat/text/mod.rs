//! Every sentence that docket says in the room.

mod acts;
mod desk_happened;
mod entry_refusals;
mod happened;
mod refusals;
mod said;
mod slips;
mod who_asks;

pub use acts::act;
pub use desk_happened::{desk_happened, entry};
pub use happened::source;
pub use happened::{happened, money, void};
pub use refusals::{ended, refusal};
pub use said::*;
pub use slips::slip;
pub use who_asks::{
    against, beside, caution, caution_in_short, clash, clashes, denied, frozen, like, unconfirmed,
};
