//! What stands in the journal after a kill, read without the desk.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test or a bench says what it expects by failing"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use docket::case::wire::{self, CasePart, DeskPart};
use docket::case::{CaseId, DeskEvent, Event, Order, OrderId, Scope};
use docket::disk::RealDisk;
use docket::journal::{export, verify};
use docket::ops::{home, secret};
use docket::ports::{Body, Disk};

/// What one record did, by case.
pub type OneRecord = Vec<(CaseId, Vec<Event>)>;

/// The journal, by what caused its records.
#[derive(Clone, Default)]
pub struct OnRecord {
    /// Of each message the records, each with its parts.
    pub messages: BTreeMap<String, Vec<OneRecord>>,
    /// What is owed and was not reported.
    pub owed: BTreeSet<OrderId>,
    /// The cases whose card was posted.
    pub carded: BTreeSet<CaseId>,
}

impl OnRecord {
    /// What is given again at a start: of a card that nobody knows to be posted its first order only, which may be carried out
    /// already; the others go out when it is known.
    pub fn given(&self) -> BTreeSet<OrderId> {
        let mut begun = BTreeSet::new();
        let waits = |order: &&OrderId| {
            let case = order.case.filter(|case| order.order == Order::Card && !self.carded.contains(case));
            case.is_none_or(|case| begun.insert(case))
        };
        self.owed.iter().filter(waits).copied().collect()
    }
}

/// Checks the chain and reads all of it.
pub fn read(dir: &Path) -> OnRecord {
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::reading(dir));
    let verified = verify(&*disk, None, None).expect("the chain is whole");
    let key = secret::read_data_key(&dir.join(home::DATA_KEY)).unwrap();
    let mut found = OnRecord::default();
    let mut delivered = BTreeSet::new();
    let mut records = 0;
    for record in export(disk, &key).unwrap() {
        let record = record.unwrap();
        records += 1;
        let seq = record.outline.seq.0;
        let mut parts = Vec::new();
        let mut message = None;
        for (scope, body) in record.outline.scopes.iter().zip(&record.bodies) {
            let Body::Open(bytes) = body else { panic!("nothing was erased") };
            match scope {
                Scope::Desk => {
                    let part: DeskPart = wire::read(bytes).unwrap();
                    for event in part.events {
                        assert!(event.purged().is_none(), "nothing was purged");
                        if let DeskEvent::Delivered { orders } = event {
                            delivered.extend(orders);
                        }
                    }
                }
                Scope::Case(case) => {
                    let part: CasePart = wire::read(bytes).unwrap();
                    found.owed.extend(part.owes.iter().map(|order| OrderId {
                        seq,
                        case: Some(*case),
                        order: *order,
                    }));
                    message = message.or(part.cause.message);
                    if part.events.iter().any(|event| matches!(event, Event::CardPosted { .. })) {
                        found.carded.insert(*case);
                    }
                    parts.push((*case, part.events));
                }
            }
        }
        if let Some(message) = message {
            found.messages.entry(message).or_default().push(parts);
        }
    }
    assert_eq!(records, verified.records, "every record is read");
    found.owed.retain(|order| !delivered.contains(order));
    found
}

/// Whether a record is the whole of what the command does.
pub fn is_whole(text: &str, parts: &[(CaseId, Vec<Event>)]) -> bool {
    let verb = text.split_whitespace().nth(1).unwrap_or_default();
    let mark = text.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty()).unwrap_or_default();
    match (verb, parts) {
        ("new", [(_, events)]) => {
            matches!(events.as_slice(), [Event::Opened { fields, .. }, ..] if fields.iter().any(|field| field.value == mark))
        }
        ("set", [(_, events)]) => {
            matches!(events.as_slice(), [Event::FieldSet { field }] if field.value == mark)
        }
        ("tag", [(_, events)]) => {
            matches!(events.as_slice(), [Event::Tagged { added, .. }] if added == &[mark])
        }
        ("note", [(_, events)]) => matches!(events.as_slice(), [Event::Noted { text }] if text == mark),
        ("link", [(one, ones), (two, twos)]) => {
            let leads = |events: &[Event], to: &CaseId| matches!(events, [Event::Linked { other, .. }] if other == to);
            leads(ones, two) && leads(twos, one)
        }
        _ => false,
    }
}
