//! The transparency report: what came in, what became of it, how long it took, by half-year, kind and country.
//!
//! A case goes through three steps, and only the last can be seen by anybody outside of the house:
//!
//! 1. [`Tally::count`] takes from a case what it adds, under names that the policy has: no word of a request gets further.
//! 2. [`Report::of`] makes tables with sums, and hides what is small, and what would give the small away ([`table`]).
//! 3. [`csv`], [`chart`] and `chat::render::report` write down what a [`Report`] shows. They never see a tally.
//!
//! Pure, and above `case` only. `docs/report.md` says what each column counts, and when.

pub mod chart;
mod count;
pub mod csv;
mod edition;
mod figures;
mod half;
mod measure;
mod silence;
mod svg;
pub mod table;
#[cfg(test)]
mod tests;

pub use crate::case::reserved::{ALL, TOGETHER};
pub use count::{Cell, OTHER, Tally, halves};
pub use edition::{Edition, Made};
pub use figures::{Figure, Line, Report};
pub use half::{Half, HalfFault};
pub use measure::{MEDIAN_DAYS, Measure, NINTH_DAYS};
pub use silence::{Silence, silence};
