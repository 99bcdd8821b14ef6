//! Given a case, when a command comes, then this happens or is refused. Every arm and every refusal of `decide`.
//!
//! Refusals that no case is needed for (not listed, no such case, disk full and the like) are the desk's, and are tried in
//! `tests/refusals.rs`.

mod adopt;
mod adopting;
mod answering;
mod beside;
mod bound;
mod calling;
mod cautions;
mod clocks;
mod closing;
mod cooling;
mod desk_second;
mod effects;
mod endings;
mod entries;
mod findings;
mod freezing;
mod gate;
mod given;
mod guarded;
mod handover;
mod holds;
mod hushed;
mod instruments;
mod intake;
mod keeping;
mod letters;
mod lines;
mod opening;
mod pending;
mod readiness;
mod retention;
mod scoping;
mod sealed;
mod second;
mod secrecy;
mod slips;
mod sweep;
mod telling;
mod typed;
mod undo;
mod unnamed;
mod verifying;
mod work;
