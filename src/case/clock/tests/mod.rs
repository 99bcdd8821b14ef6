//! Given a policy's clock and what is on the case, then it falls due here, stands still, or does not run.

mod freed;
mod given;
mod idle;
mod questions;
mod rules;
mod secrecy;
mod standing;
