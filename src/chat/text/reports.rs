//! What is said about the transparency report where it cannot be shown or published.

use crate::case::Terms;
use crate::chat::dates;
use crate::chat::page::{Line, Page};
use crate::report::{Edition, Half, Made};

/// The half-year lies in the future.
pub fn half_not_begun(half: Half) -> Page {
    Page::of(Line::ours(format!(
        "{half} begins on {}; there is nothing to report yet.",
        dates::day(half.first_day())
    )))
}

/// What goes on cannot be published.
pub fn half_not_over(half: Half) -> Page {
    Page::of(Line::ours(format!(
        "Not done: {half} goes on until {}. A published report stands for good, so it can only be published after that.",
        dates::day(half.last_day())
    )))
}

/// Whether it is over is not sure.
pub fn half_in_doubt(half: Half, terms: &Terms) -> Page {
    Page::of(
        Line::ours(format!(
            "Not done: the machine’s clock is in doubt, so nobody knows whether {half} is over, and a published report stands for \
             good. If the clock is right, two people say so: "
        ))
        .code(format!("{} resume", terms.prefix())),
    )
}

/// It was published before.
pub fn already_published(edition: &Edition) -> Page {
    let half = edition.report.half;
    let when = match edition.made {
        Made::Published(at) | Made::Counted(at) | Made::SoFar(at) => dates::moment(at, edition.zone),
    };
    Page::of(Line::ours(format!("Not done: {half} was published on {when}, and stands.")))
}

/// Too many cases for an answer in the room.
pub fn report_is_long(half: Half, most: usize) -> Page {
    Page::of(
        Line::ours(format!("{half} has more than {most} cases, and to count them here would keep everybody waiting. On the host: "))
            .code(format!("docket report {half}")),
    )
}

/// There is no policy to report by, or the published report is damaged.
pub fn report_unread() -> Page {
    Page::of(Line::ours(
        "Not done: there is no policy to report by, or what was published does not read. Please call your administrator.",
    ))
}
