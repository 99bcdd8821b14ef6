//! The encrypted room: the adapter between the desk and a Matrix homeserver.
//!
//! | where | what |
//! |---|---|
//! | [`setup`] | from a configuration and a password to a working room, and again to mend what is missing |
//! | [`run`] | the desk in its room |
//! | [`session`] | docket's login and its encrypted store, made with settings that give nothing to devices nobody vouches for; `foreign` tells of a store that is not its own |
//! | [`identity`] | docket's own cross-signing and its recovery key |
//! | [`sas`] | comparing emojis with somebody, on the terminal |
//! | [`place`] | the moderation room itself: how it is made, and what is wrong with one that is there |
//! | [`inbound`] | every message of the room once and in order; [`hearing`] tells whose each is, `handing_in` hands it to the desk |
//! | `ahead` | what the desk will want to have fetched, asked for before its turn |
//! | [`missed`] | what was written while nobody listened, from the [`cursor`] on |
//! | [`late`] | what could not be read, tried again |
//! | [`posted`] | a file that somebody posted, found and fetched |
//! | [`outbound`] | what docket says, in order; [`sending`] is one message on its way, [`content`] makes it one |
//! | [`edits`] | cards that have changed: whoever asked is answered first |
//! | [`bookmark`] | how far was read, on its way to the disk |
//! | [`mark`] | what each of them carries beside its words, and how it is found again |
//! | [`look_back`] | what docket said last, before anything else is done |
//! | [`sought`] | what may have been sent before, looked for before it is sent |
//! | [`cards`] | a card that is gone from the room |
//! | [`long`] | an answer that no message holds, as a file |
//! | [`alone`] | a room of its own for one person |
//! | [`aside`] | what waits until its one reader has come |
//! | [`notices`] | what users are told of requests about them; `bringing` takes one a step further, `reachable` says whether that can be, `user_keys` who can read it |
//! | [`visits`] | users who ask by themselves; `visitor` hears one message of theirs, `visiting` says how docket comes into their rooms, and how something is said there, `letters` brings what was let go to them |
//! | [`whole`] | what the homeserver says of docket's rooms, told again where the library asks no more |
//! | [`people`] | whom docket recognises, and signs |
//! | [`changes`] | whether anybody must be looked at again |
//! | [`pulse`] | how all of this is, told to the desk; [`signs`] are put down by the tasks that work |
//! | [`doctor`] | `docket doctor`: what is well and what is not |
//! | [`greeting`] | the first words in a room, once somebody can read them |
//! | [`watch`] | the room and its members: what is wrong, who does not belong there; [`hold`] is what waits meanwhile |
//! | [`alarm`] | what the room cannot be told |
//! | [`reload`] | the list of people, read again |
//! | [`keep`] | the few small things that are remembered beside the journal, sealed |
//!
//! It knows how a message travels and whose it is; what a message means, only the desk knows.

mod ahead;
pub mod alarm;
pub mod alone;
pub mod aside;
mod asking;
pub mod bookmark;
mod bringing;
pub mod cards;
pub mod changes;
pub mod content;
pub mod cursor;
pub mod desk;
pub mod doctor;
pub mod edits;
pub mod fault;
mod foreign;
pub mod greeting;
mod handing_in;
pub mod hearing;
pub mod hold;
pub mod identity;
pub mod inbound;
pub mod keep;
pub mod late;
mod letters;
pub mod long;
pub mod look_back;
pub mod mark;
pub mod missed;
pub mod notices;
pub mod outbound;
pub mod people;
pub mod place;
pub mod posted;
pub mod pulse;
mod reachable;
pub mod reload;
pub mod run;
pub mod sas;
pub mod sending;
pub mod session;
pub mod setup;
pub mod signs;
pub mod sought;
mod to_user;
mod user_keys;
mod visiting;
mod visitor;
pub mod visits;
pub mod watch;
pub mod whole;
