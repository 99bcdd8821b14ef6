//! The orders that are on record and not carried out: all of them in memory, and as one list in the index.
//!
//! A homeserver that is away for a day leaves thousands of them; what a batch costs must not grow with that. So each is one
//! number of a list, and a batch touches those that it adds or settles.

use std::collections::{BTreeMap, BTreeSet};

use super::{Desk, DeskFault, facets};
use crate::case::{CaseId, Order, OrderId, Scope};
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

/// The orders that were carried out, kept small: a journal of 100,000 cases has two million of them.
#[derive(Default)]
pub(super) struct Delivered(Vec<Carried>);

/// Those that one record owed for one case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Carried {
    seq: u64,
    case: Option<CaseId>,
    /// A bit for each order.
    orders: u8,
}

impl Delivered {
    /// Takes one in. None is found before the next [`Delivered::settle`].
    pub(super) fn put(&mut self, OrderId { seq, case, order }: OrderId) {
        let bit = 1 << place_of(order);
        match self.0.last_mut().filter(|last| (last.seq, last.case) == (seq, case)) {
            Some(last) => last.orders |= bit,
            None => self.0.push(Carried { seq, case, orders: bit }),
        }
    }

    /// Puts them in order.
    pub(super) fn settle(&mut self) {
        self.0.sort_unstable();
        self.0.dedup_by(|next, kept| {
            let is_same = (next.seq, next.case) == (kept.seq, kept.case);
            if is_same {
                kept.orders |= next.orders;
            }
            is_same
        });
    }

    /// Whether an order is among them.
    pub(super) fn has(&self, OrderId { seq, case, order }: OrderId) -> bool {
        let found = self.0.binary_search_by_key(&(seq, case), |carried| (carried.seq, carried.case)).ok();
        found.and_then(|at| self.0.get(at)).is_some_and(|carried| carried.orders & 1 << place_of(order) != 0)
    }
}

/// The place of an order among [`ORDERS`].
fn place_of(order: Order) -> u8 {
    match order {
        Order::Answer => 0,
        Order::Card => 1,
        Order::Remind => 2,
        Order::Digest => 3,
        Order::Alarm => 4,
    }
}

/// What is owed, oldest first, and which of it are cards: each time that one is to go out it is asked whether another of the case is on
/// its way.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct AllOwed {
    orders: BTreeMap<OrderId, Owed>,
    cards: BTreeSet<(CaseId, OrderId)>,
}

impl AllOwed {
    /// Takes one in.
    pub(super) fn insert(&mut self, order: OrderId, owed: Owed) {
        self.cards.extend(card(order));
        self.orders.insert(order, owed);
    }

    /// Takes one out that was carried out; nothing if it was not owed.
    pub(super) fn remove(&mut self, order: &OrderId) -> Option<Owed> {
        if let Some(card) = card(*order) {
            self.cards.remove(&card);
        }
        self.orders.remove(order)
    }

    /// Where one of them stands.
    pub(super) fn get(&self, order: &OrderId) -> Option<Owed> {
        self.orders.get(order).copied()
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (OrderId, Owed)> + '_ {
        self.orders.iter().map(|(order, owed)| (*order, *owed))
    }

    /// The cards of one case, oldest first.
    pub(super) fn cards_of(&self, case: CaseId) -> impl Iterator<Item = OrderId> + '_ {
        let least = OrderId { seq: 0, case: None, order: Order::Answer };
        self.cards.range((case, least)..).take_while(move |(of, _)| *of == case).map(|(_, order)| *order)
    }

    /// How many cards are on their way.
    pub(super) fn cards(&self) -> usize {
        self.cards.len()
    }
}

impl Extend<(OrderId, Owed)> for AllOwed {
    fn extend<I: IntoIterator<Item = (OrderId, Owed)>>(&mut self, more: I) {
        more.into_iter().for_each(|(order, owed)| self.insert(order, owed));
    }
}

fn card(order: OrderId) -> Option<(CaseId, OrderId)> {
    order.case.filter(|_| order.order == Order::Card).map(|case| (case, order))
}

impl Owed {
    /// Its number in the list; `None` if the place is beyond what can be kept.
    pub(super) fn listed(self, order: Order) -> Option<(Facet, u64)> {
        let part = u64::try_from(self.part).ok().filter(|part| *part < 1 << (PART - ORDER))?;
        let which = u64::from(place_of(order));
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
        let mut all = AllOwed::default();
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
    fn what_was_carried_out_is_found_and_nothing_else() {
        let id = |seq, case, order| OrderId { seq, case: CaseId::new(case), order };
        let mut delivered = Delivered::default();
        let carried = [
            id(7, 1, Order::Answer),
            id(7, 1, Order::Card),
            id(3, 2, Order::Card),
            id(3, 0, Order::Digest),
            id(7, 2, Order::Alarm),
            id(7, 1, Order::Remind),
        ];
        carried.into_iter().for_each(|order| delivered.put(order));
        delivered.settle();
        for seq in [3, 7, 8] {
            for case in 0..3 {
                for order in ORDERS {
                    let order = id(seq, case, order);
                    assert_eq!(delivered.has(order), carried.contains(&order), "{order}");
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
