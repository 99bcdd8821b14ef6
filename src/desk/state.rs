//! What the desk itself remembers: the next number, and the orders that are still owed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DeskFault;
use crate::case::wire::WireFault;
use crate::case::{CaseId, DeskEvent, OrderId};
use crate::ports::Place;

/// The desk's own state, folded from the journal like a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskState {
    /// The number of the next case; `None` when they are used up.
    pub next: Option<CaseId>,
    /// Orders that are on record and not carried out.
    #[serde(with = "pairs")]
    pub owed: BTreeMap<OrderId, Owed>,
    /// The place of the last record taken in, up to which a start need not check the chain again.
    #[serde(default)]
    pub last: Option<u64>,
}

/// Where to look when an order is taken up again after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The place of the record that owes it.
    pub place: u64,
}

impl Owed {
    /// The place of the record that owes it.
    pub fn place(&self) -> Place {
        Place(self.place)
    }
}

impl Default for DeskState {
    fn default() -> DeskState {
        DeskState {
            next: Some(CaseId::FIRST),
            owed: BTreeMap::new(),
            last: None,
        }
    }
}

impl DeskState {
    /// Takes in what happened.
    pub fn apply(&mut self, event: &DeskEvent) {
        match event {
            DeskEvent::Delivered { orders } => orders.iter().for_each(|order| {
                self.owed.remove(order);
            }),
            // What a purged case still owed will never be said.
            DeskEvent::Purged { case, .. } => self.owed.retain(|order, _| order.case != *case),
        }
    }

    /// Takes in that a case was opened.
    pub fn opened(&mut self, case: CaseId) {
        if self.next.is_some_and(|next| next <= case) {
            self.next = case.next();
        }
    }
}

/// The state as the index keeps it.
pub(super) fn state_bytes(state: &DeskState) -> Result<Vec<u8>, DeskFault> {
    serde_json::to_vec(state).map_err(|fault| DeskFault::Write(WireFault::Unread(fault)))
}

/// JSON has no maps with keys like these.
mod pairs {
    use super::{BTreeMap, OrderId, Owed};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(map: &BTreeMap<OrderId, Owed>, to: S) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<OrderId, Owed>, D::Error> {
        Ok(Vec::<(OrderId, Owed)>::deserialize(from)?.into_iter().collect())
    }
}
