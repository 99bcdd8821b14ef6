//! The encrypted room: the adapter between the desk and a Matrix homeserver.
//!
//! | where | what |
//! |---|---|
//! | [`setup`] | from a configuration and a password to a working room, and again to mend what is missing |
//! | [`run`] | the desk in its room |
//! | [`session`] | docket's login and its encrypted store, made with settings that give nothing to devices nobody vouches for |
//! | [`identity`] | docket's own cross-signing and its recovery key |
//! | [`sas`] | comparing emojis with somebody, on the terminal |
//! | [`place`] | the moderation room itself: how it is made, and what is wrong with one that is there |
//! | [`inbound`] | every message of the room once and in order; [`hearing`] tells whose each is |
//! | [`outbound`] | what docket says, in order; [`content`] makes it a message |
//! | [`people`] | whom docket recognises, and signs |
//! | [`pulse`] | how all of this is, told to the desk; [`signs`] are put down by the tasks that work |
//! | [`doctor`] | `docket doctor`: what is well and what is not |
//! | [`keep`] | the few small things that are remembered beside the journal, sealed |
//!
//! It knows how a message travels and whose it is; what a message means, only the desk knows.

mod asking;
pub mod content;
pub mod desk;
pub mod doctor;
pub mod fault;
pub mod hearing;
pub mod identity;
pub mod inbound;
pub mod keep;
pub mod outbound;
pub mod people;
pub mod place;
pub mod pulse;
pub mod run;
pub mod sas;
pub mod session;
pub mod setup;
pub mod signs;
