//! What two people found stands for what they looked at: that nothing of a bound case is about a user. What comes on the case
//! later they have not seen, so then it binds about that user again. Does not know by which command it came.

use std::collections::BTreeSet;

use super::gate::{bars, may_be_anybody, names_unresolved};
use super::{Around, Events};
use crate::case::bare_name::bare_names;
use crate::case::things::things;
use crate::case::{Account, Case, Event, Gag, INSTRUMENT_KEY, Terms, mention};

/// Adds to what happens which findings it ends.
pub(super) fn ended_by(case: &Case, around: &Around, mut events: Events, terms: &Terms) -> Events {
    let mut ended = Events::new();
    for before in std::iter::once(case).chain(&around.other).filter(|before| !before.cleared.is_empty()) {
        let mut after = before.clone();
        for (_, event) in events.iter().filter(|(id, _)| *id == before.id) {
            after.apply(event, &before.opened_by, before.changed);
        }
        let accounts = unseen(before, &after, terms);
        if !accounts.is_empty() {
            ended.push((before.id, Event::FindingsEnded { accounts }));
        }
    }
    events.extend(ended);
    events
}

/// The users of whom it was found that the case is not about them, and of whom nobody knows it any longer.
fn unseen(before: &Case, after: &Case, terms: &Terms) -> BTreeSet<Account> {
    let found = before.cleared.intersection(&after.cleared);
    if binds_anew(before, after, terms) || may_newly_be_anybody(before, after) {
        return found.cloned().collect();
    }
    let named = mention::newly_named(before, after);
    found.filter(|account| named.contains(&mention::plain(account.as_str()))).cloned().collect()
}

/// Whether another order is on the case than the one that they knew, or something else that binds.
fn binds_anew(before: &Case, after: &Case, terms: &Terms) -> bool {
    let (was, is) = (bars(before, terms), bars(after, terms));
    let order =
        |case: &Case| case.gag.as_ref().filter(|gag| gag.binds()).map(|gag: &Gag| gag.ordered_by.clone());
    let is_other_order = order(after).is_some() && order(before) != order(after);
    let instruments = after.fields_of(INSTRUMENT_KEY);
    let has_other_instrument =
        instruments.into_iter().any(|new| before.fields.iter().all(|old| old.value != new.value));
    !is.is_subset(&was) || is_other_order || has_other_instrument
}

/// Whether it is about something, or somebody, that it was not about, and that may be anybody.
fn may_newly_be_anybody(before: &Case, after: &Case) -> bool {
    let mut unread = after.fields.iter().filter(|field| may_be_anybody(field));
    !things(after).is_subset(&things(before))
        || !bare_names(after).is_subset(&bare_names(before))
        || unread.any(|new| !before.fields.contains(new))
        || (names_unresolved(after) && !names_unresolved(before))
}
