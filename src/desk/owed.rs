//! The orders that are on record and not carried out: all of them in memory, and as one list in the index.
//!
//! A homeserver that is away for a day leaves thousands of them; what a batch costs must not grow with that. So each is one
//! number of a list, and a batch touches those that it adds or settles.

use std::collections::BTreeMap;

use super::{Desk, DeskFault, facets};
use crate::case::{Order, OrderId, Scope};
use crate::ports::{Facet, Outline, Place};

/// Bits of a number that say which of a part's orders it is.
const ORDER: u32 = 3;
/// Bits that say which part of its record it is, and which of the part's orders. A record has at most 65,535 parts; the place
/// takes the other bits, enough for a journal of 35 TB.
const PART: u32 = 16 + ORDER;
/// Every order at its number in the list.
const ORDERS: [Order; 5] = [Order::Answer, Order::Card, Order::Remind, Order::Digest, Order::Alarm];

/// Where to look when an order is taken up again after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owed {
    /// The place of the record that owes it.
    pub(super) place: Place,
    /// Which part of that record.
    pub(super) part: usize,
}

/// What is owed, oldest first.
pub(super) type AllOwed = BTreeMap<OrderId, Owed>;

impl Owed {
    /// Its number in the list; `None` if the place is beyond what can be kept.
    pub(super) fn listed(self, order: Order) -> Option<(Facet, u64)> {
        let part = u64::try_from(self.part).ok().filter(|part| *part < 1 << (PART - ORDER))?;
        let which = match order {
            Order::Answer => 0,
            Order::Card => 1,
            Order::Remind => 2,
            Order::Digest => 3,
            Order::Alarm => 4,
        };
        let fits = self.place.0 >> (u64::BITS - PART) == 0;
        fits.then(|| (facets::owed(), self.place.0 << PART | part << ORDER | which))
    }

    /// What a number of the list says; `None` if it is none of ours.
    fn from_list(number: u64) -> Option<(Owed, Order)> {
        let part = usize::try_from(number >> ORDER & ((1 << (PART - ORDER)) - 1)).ok()?;
        let order = ORDERS.get(usize::try_from(number & ((1 << ORDER) - 1)).ok()?)?;
        Some((Owed { place: Place(number >> PART), part }, *order))
    }
}

impl Desk {
    /// Reads the list at a start; `None` if it does not fit the journal.
    pub(super) fn listed_as_owed(&mut self) -> Result<Option<AllOwed>, DeskFault> {
        let facet = facets::owed();
        let mut all = AllOwed::new();
        let mut from = u64::MAX;
        let mut record: Option<Outline> = None;
        loop {
            let Ok(numbers) = self.index.numbers(&facet, from) else {
                return Ok(None);
            };
            for number in &numbers {
                let Some((owed, order)) = Owed::from_list(*number) else {
                    return Ok(None);
                };
                let outline = match record.take().filter(|outline| outline.place == owed.place) {
                    Some(outline) => outline,
                    None => self.journal.read(owed.place)?.outline,
                };
                let case = match outline.scopes.get(owed.part).copied() {
                    Some(Scope::Case(case)) => Some(case),
                    Some(Scope::Desk) => None,
                    None => return Ok(None),
                };
                let seq = outline.seq.0;
                all.insert(OrderId { seq, case, order }, owed);
                record = Some(outline);
            }
            match numbers.last().and_then(|last| last.checked_sub(1)) {
                Some(next) => from = next,
                None => return Ok(Some(all)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_order_is_found_again() {
        for place in [0, 1, 4_711, (1 << 45) - 1] {
            for part in [0, 1, 65_535] {
                for order in ORDERS {
                    let owed = Owed { place: Place(place), part };
                    let (_, number) = owed.listed(order).unwrap();
                    assert_eq!(Owed::from_list(number), Some((owed, order)));
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_not_bent() {
        let far = Owed { place: Place(1 << 45), part: 0 };
        let many = Owed { place: Place(1), part: 65_536 };
        assert_eq!((far.listed(Order::Card), many.listed(Order::Card)), (None, None));
    }
}
