//! What the desk wants sent, and what it still owes after a stop.

use super::owed::Owed;
use super::{Desk, DeskFault, Message};
use crate::case::decide::Events;
use crate::case::wire::{self, CasePart};
use crate::case::{Case, CaseId, Order, OrderId, Scope};
use crate::chat::{self, Page};
use crate::ports::{Body, Part, hex};

/// A message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The id of the request that sends it: the same each time the same thing is sent.
    pub txn: String,
    /// The orders that are carried out by sending it; none for the answer to something that changed nothing.
    pub orders: Vec<OrderId>,
    /// What it is.
    pub kind: PostKind,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The message that it answers.
    pub reply_to: Option<String>,
    /// The post that it takes the place of.
    pub edits: Option<String>,
    /// What it says.
    pub page: Page,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostKind {
    /// The answer to a message.
    Reply,
    /// The card of a case.
    Card,
}

impl PostKind {
    /// Its name, as scripts see it.
    pub fn name(self) -> &'static str {
        match self {
            PostKind::Reply => "reply",
            PostKind::Card => "card",
        }
    }
}

impl Post {
    /// The answer to a message that changed nothing. Its id follows from the message: to handle that again is harmless.
    pub(super) fn reply(desk: &Desk, message: &Message, case: Option<CaseId>, page: Page) -> Post {
        Post {
            txn: hex(&desk.journal.keyed("reply", message.id.as_bytes())),
            orders: Vec::new(),
            kind: PostKind::Reply,
            case,
            reply_to: Some(message.id.clone()),
            edits: None,
            page,
        }
    }

    /// What carries out an order.
    pub(super) fn owed(
        desk: &Desk,
        order: OrderId,
        case: &Case,
        reply_to: Option<String>,
        page: Page,
    ) -> Post {
        let (kind, edits) = match order.order {
            Order::Answer => (PostKind::Reply, None),
            Order::Card => (PostKind::Card, case.card.clone()),
        };
        Post {
            txn: hex(&desk.journal.keyed("order", order.to_string().as_bytes())),
            orders: vec![order],
            kind,
            case: Some(case.id),
            reply_to,
            edits,
            page,
        }
    }
}

/// Everything that is owed, oldest first; of one card only the newest state.
pub(super) fn owed(desk: &mut Desk, now: chrono::DateTime<chrono::Utc>) -> Result<Vec<Post>, DeskFault> {
    let open: Vec<(OrderId, Owed)> = desk.owed.iter().map(|(order, owed)| (*order, *owed)).collect();
    let mut posts: Vec<Post> = Vec::new();
    for (order, owed) in open {
        let Ok(case) = desk.case(order.case)? else {
            continue;
        };
        match order.order {
            Order::Answer => {
                let Some((message, events)) = cause(desk, order, &owed)? else {
                    continue;
                };
                let page = chat::render::done(&case, &events, &desk.terms, now);
                posts.push(Post::owed(desk, order, &case, message, page));
            }
            Order::Card => {
                let mut orders = vec![order];
                if let Some(old) =
                    posts.iter().position(|post| post.kind == PostKind::Card && post.case == Some(case.id))
                {
                    orders.splice(0..0, posts.remove(old).orders);
                }
                let page = chat::render::card(&case, &desk.terms, now);
                posts.push(Post { orders, ..Post::owed(desk, order, &case, None, page) });
            }
        }
    }
    Ok(posts)
}

/// The message that a record answers, and what the record did to the case.
fn cause(desk: &Desk, order: OrderId, owed: &Owed) -> Result<Option<(Option<String>, Events)>, DeskFault> {
    let found = desk.journal.read_part(owed.place, Scope::Case(order.case))?;
    let Some(Part { seq, body: Body::Open(bytes), .. }) = found else {
        return Ok(None);
    };
    let part: CasePart = wire::read(&bytes).map_err(|fault| DeskFault::Wire { seq, fault })?;
    let events = part.events.into_iter().map(|event| (order.case, event)).collect();
    Ok(Some((part.cause.message, events)))
}
