//! What follows when a card is gone from the room: it is posted again, of a case that somebody still works, and never in a circle with
//! whoever takes it away.

use chrono::{DateTime, TimeDelta, Utc};

use crate::case::{Case, Event};

/// How long after one card was lost another one is posted at once. One that goes sooner comes back when its case changes: whatever takes
/// every card away by itself would have docket post them for ever.
const NOT_AGAIN_WITHIN: TimeDelta = TimeDelta::hours(1);

/// A card that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostCard {
    /// What is put on record.
    pub event: Event,
    /// Whether it is posted again at once.
    pub again: bool,
}

/// What follows for a case when this post is found to be gone, at `now`. Nothing where it was not its card, where docket took it back
/// itself, or where nobody works the case any more.
pub fn lost_card(case: &Case, post: &str, by_docket: bool, now: DateTime<Utc>) -> Option<LostCard> {
    let is_missed = case.closed.is_none() && case.card.as_deref() == Some(post) && !by_docket;
    let again = case.card_lost.is_none_or(|last| now.signed_duration_since(last) >= NOT_AGAIN_WITHIN);
    is_missed.then(|| LostCard { event: Event::CardLost { post: post.to_owned() }, again })
}
