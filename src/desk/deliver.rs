//! What the desk wants sent, and what it still owes after a stop.

use chrono::{DateTime, Utc};

use super::owed::Owed;
use super::{Desk, DeskFault, Message, Visiting, digest, veil};
use crate::case::decide::Events;
use crate::case::wire::{self, CasePart, DeskPart};
use crate::case::{
    Account, Branch, Case, CaseId, Copied, DeskEvent, Event, Flag, HeldEvent, Hidden, Need, Order, OrderId,
    Release, ReleaseState, Role, Scope, StandingEvent, Telling,
};
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
    /// The card in whose thread it belongs.
    pub thread: Option<String>,
    /// Whom it calls.
    pub mentions: Vec<Account>,
    /// The one person who may read it; without it, everybody in the room.
    pub only: Option<Account>,
    /// What it says.
    pub page: Page,
    /// What goes with it, as a file.
    pub enclosed: Option<Enclosed>,
    /// The letter that it is, where it is one to a user.
    pub letter: Option<String>,
}

/// A file that goes with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What it is called there: never what somebody else called it.
    pub name: String,
    /// What is in it.
    pub what: Copied,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostKind {
    /// The answer to a message.
    Reply,
    /// The card of a case.
    Card,
    /// What time brought to a case.
    Reminder,
    /// The daily overview.
    Digest,
    /// Something is wrong with the machine, or right again.
    Alarm,
    /// What a user is told of a request about them.
    Notice,
    /// The answer to a user who asks by themselves.
    Visit,
    /// A letter to one.
    Letter,
}

impl PostKind {
    /// Its name, as scripts see it.
    pub fn name(self) -> &'static str {
        match self {
            PostKind::Reply => "reply",
            PostKind::Card => "card",
            PostKind::Reminder => "reminder",
            PostKind::Digest => "digest",
            PostKind::Alarm => "alarm",
            PostKind::Notice => "notice",
            // Each answers what they asked.
            PostKind::Visit | PostKind::Letter => "reply",
        }
    }
}

impl Post {
    /// A message of its own, about no case and carried out by no order.
    pub fn new(txn: String, kind: PostKind, page: Page) -> Post {
        Post {
            txn,
            orders: Vec::new(),
            kind,
            case: None,
            reply_to: None,
            edits: None,
            thread: None,
            mentions: Vec::new(),
            only: None,
            page,
            enclosed: None,
            letter: None,
        }
    }

    /// The notice to a user, if one is on its way to them. Its id is the same however often it is tried, over stops and restores too,
    /// and another one where they are told again.
    pub(super) fn notice(desk: &Desk, case: &Case, account: &Account) -> Option<Post> {
        let notice = case.notice(account).filter(|notice| notice.is_on_its_way())?;
        let Telling::Sending { letter, copy, .. } = &notice.what else { return None };
        let named = format!("{}/{account}/{}", case.id, notice.at.timestamp_millis());
        let txn = hex(&desk.journal.keyed("notice", named.as_bytes()));
        Some(Post {
            case: Some(case.id),
            only: Some(account.clone()),
            enclosed: chat::text::copy_name(copy).map(|name| Enclosed { name, what: copy.clone() }),
            ..Post::new(txn, PostKind::Notice, chat::text::to_user(letter))
        })
    }

    /// A letter to a user who asked by themselves, once it may leave; its id is the same however often it is tried.
    pub(super) fn letter(desk: &Desk, case: &Case, release: &Release) -> Option<Post> {
        let visit = case.visit.as_ref().filter(|_| release.state == ReleaseState::OnItsWay)?;
        let named = format!("{}/{}/{}", case.id, release.letter, release.at.timestamp_millis());
        let txn = hex(&desk.journal.keyed("letter", named.as_bytes()));
        let enclosed = release.file.as_ref().map(|file| Enclosed {
            name: chat::text::data_name(file, visit.tongue),
            what: Copied::File { file: file.clone() },
        });
        Some(Post {
            case: Some(case.id),
            only: Some(visit.account.clone()),
            letter: Some(release.letter.clone()),
            enclosed,
            ..Post::new(txn, PostKind::Letter, chat::text::to_user(&release.words))
        })
    }

    /// The answer to a user who asks by themselves.
    pub(super) fn to_visitor(desk: &Desk, visiting: &Visiting, page: Page) -> Post {
        let txn = hex(&desk.journal.keyed("visit", visiting.id.as_bytes()));
        Post {
            reply_to: Some(visiting.id.clone()),
            only: Some(visiting.sender.clone()),
            ..Post::new(txn, PostKind::Visit, page)
        }
    }

    /// The answer to a message that changed nothing. Its id follows from the message: to handle that again is harmless.
    pub(super) fn reply(desk: &Desk, message: &Message, case: Option<CaseId>, page: Page) -> Post {
        let txn = request(desk, "reply", desk.standing.branch(), &message.id);
        Post { case, reply_to: Some(message.id.clone()), ..Post::new(txn, PostKind::Reply, page) }
    }

    /// The answer to a message that does not count.
    pub(super) fn about_unproven(desk: &Desk, id: &str, page: Page) -> Post {
        Post::new(hex(&desk.journal.keyed("unproven", id.as_bytes())), PostKind::Reply, page)
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
            Order::Card => (PostKind::Card, desk.card_of(case)),
            Order::Remind => (PostKind::Reminder, None),
            Order::Digest => (PostKind::Digest, None),
            Order::Alarm => (PostKind::Alarm, None),
        };
        let thread = match order.order {
            Order::Remind | Order::Alarm => desk.card_of(case),
            Order::Answer | Order::Card | Order::Digest => None,
        };
        let txn = request_of(desk, order);
        let (orders, case) = (vec![order], Some(case.id));
        Post { orders, case, reply_to, edits, thread, ..Post::new(txn, kind, page) }
    }

    /// The same, where it answers what was asked about a sealed case, for whoever asked and nobody else in the room (rule 66).
    pub(super) fn addressed(self, case: &Case, asked: Option<&Account>) -> Post {
        match self.kind {
            PostKind::Reply if case.is_sealed() => Post { only: asked.cloned(), ..self },
            PostKind::Reply
            | PostKind::Card
            | PostKind::Reminder
            | PostKind::Digest
            | PostKind::Alarm
            | PostKind::Notice
            | PostKind::Visit
            | PostKind::Letter => self,
        }
    }

    /// What time brought to a case, decided at `at`.
    pub(super) fn reminder(
        desk: &Desk,
        order: OrderId,
        case: &Case,
        events: &[Event],
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Post {
        let page = chat::render::reminder(case, events, at, &desk.terms, now);
        let mentions = chat::render::mentions(case, events, &desk.terms);
        Post { mentions, ..Post::owed(desk, order, case, None, page) }
    }

    /// That one person went ahead without a second, at `at`: whoever could have been the second hears of it, and who leads.
    pub(super) fn alone(
        desk: &Desk,
        order: OrderId,
        case: &Case,
        events: &[Event],
        by: &Account,
        at: DateTime<Utc>,
    ) -> Post {
        const CALLED: [Role; 4] = [Role::Approver, Role::Counsel, Role::Lead, Role::Admin];
        let page = chat::text::went_alone(case, events, by, &desk.terms, at);
        let people = desk.terms.people.iter().filter(|person| person.account != *by);
        let called = people.filter(|person| CALLED.iter().any(|role| person.roles.contains(role)));
        let mentions = called.map(|person| person.account.clone()).collect();
        Post { mentions, ..Post::owed(desk, order, case, None, page) }
    }

    /// What concerns the desk as a whole.
    pub(super) fn of_the_desk(desk: &Desk, order: OrderId, page: Page) -> Post {
        // Somebody must act when the machine is not to be trusted; the digest is routine.
        let (kind, roles): (PostKind, &[Role]) = match order.order {
            Order::Digest => (PostKind::Digest, &[]),
            Order::Remind => (PostKind::Reminder, &[Role::Admin]),
            Order::Alarm | Order::Answer | Order::Card => (PostKind::Alarm, &[Role::Lead, Role::Admin]),
        };
        let called =
            desk.terms.people.iter().filter(|person| roles.iter().any(|role| person.roles.contains(role)));
        Post {
            orders: vec![order],
            mentions: called.map(|person| person.account.clone()).collect(),
            ..Post::new(request_of(desk, order), kind, page)
        }
    }
}

/// The request by which an order is carried out: always the same, and in no journal the same for another order.
fn request_of(desk: &Desk, order: OrderId) -> String {
    request(desk, "order", desk.standing.branch_of(order.seq), &order.to_string())
}

/// The id of a request. Where the journal parted from another, that one may have said otherwise under the same name.
fn request(desk: &Desk, purpose: &'static str, branch: Option<&Branch>, named: &str) -> String {
    hex(&match branch {
        None => desk.journal.keyed(purpose, named.as_bytes()),
        Some(branch) => desk.journal.keyed(purpose, format!("{named}/{}", branch.word).as_bytes()),
    })
}

/// Everything that is owed, oldest first; of one card only the newest state.
pub(super) fn owed(desk: &mut Desk, now: DateTime<Utc>) -> Result<Vec<Post>, DeskFault> {
    let open = desk.owed.iter().collect();
    rendered(desk, open, now)
}

/// These of what is owed, oldest first.
fn rendered(desk: &mut Desk, open: Vec<(OrderId, Owed)>, now: DateTime<Utc>) -> Result<Vec<Post>, DeskFault> {
    let mut posts: Vec<Post> = Vec::new();
    for (order, owed) in open {
        let Some(id) = order.case else {
            posts.extend(of_the_desk(desk, order, &owed, now)?);
            continue;
        };
        let Ok(case) = desk.case(id)? else {
            continue;
        };
        let hidden: Hidden<'_> = &|id| veil::is_sealed(desk, id);
        let shown = veil::of_case(&case, hidden);
        match order.order {
            Order::Answer => {
                let Some((part, _)) = cause(desk, id, &owed)? else {
                    continue;
                };
                let events: Events = part.events.into_iter().map(|event| (id, event)).collect();
                let by = part.cause.by.as_ref();
                // It was sealed since: whoever is owed the answer may not see the case any more.
                let may_see = by.is_none_or(|by| desk.terms.may_on(&case, by, Need::Listed));
                let seals = |event: &Event| matches!(event, Event::Flagged { flag: Flag::Csea });
                let mentions =
                    chat::text::called_at_once(&case, events.iter().map(|(_, event)| event), &desk.terms);
                let page = if may_see || events.iter().any(|(_, event)| seals(event)) {
                    chat::render::done(&shown, &veil::of_done(&case, &events, hidden), &desk.terms, now)
                } else {
                    chat::render::not_shown(&case, &desk.terms, now)
                };
                let post = Post::owed(desk, order, &case, part.cause.message, page);
                let post = Post { mentions, ..post };
                posts.push(post.addressed(&case, part.cause.by.as_ref()));
            }
            Order::Card => {
                let mut orders = vec![order];
                let before =
                    posts.iter().position(|post| post.kind == PostKind::Card && post.case == Some(case.id));
                if let Some(before) = before {
                    if desk.card_of(&case).is_none() {
                        // The first in this room may be there already, and nobody was told: under another id it would be there twice.
                        // What has changed since follows when its post is known.
                        continue;
                    }
                    orders.splice(0..0, posts.remove(before).orders);
                }
                let page = chat::render::card(&shown, &desk.terms, now);
                posts.push(Post { orders, ..Post::owed(desk, order, &case, None, page) });
            }
            Order::Remind => {
                if let Some((part, at)) = cause(desk, id, &owed)? {
                    let events = veil::of_events(&case, part.events, hidden);
                    posts.push(Post::reminder(desk, order, &shown, &events, at, now));
                }
            }
            Order::Alarm => {
                if let Some((part, at)) = cause(desk, id, &owed)?
                    && let Some(by) = &part.cause.by
                {
                    let events = veil::of_events(&case, part.events, hidden);
                    posts.push(Post::alone(desk, order, &shown, &events, by, at));
                }
            }
            // Owed for the desk alone.
            Order::Digest => {}
        }
    }
    Ok(posts)
}

/// A message for one person alone that had to wait for them, as it is to be said by now; nothing if they may not read it any more.
pub(super) fn anew(desk: &mut Desk, post: Post, now: DateTime<Utc>) -> Result<Vec<Post>, DeskFault> {
    if !post.orders.is_empty() {
        // These alone: what is owed may be much, and this is asked for again and again.
        let open = post.orders.iter().filter_map(|order| Some((*order, desk.owed.get(order)?))).collect();
        // It was asked where nobody else reads, whatever the case is by now.
        let as_before = |again: Post| Post { only: again.only.or_else(|| post.only.clone()), ..again };
        return Ok(rendered(desk, open, now)?.into_iter().map(as_before).collect());
    }
    let may_read = match (post.case, &post.only) {
        (_, None) => true,
        (Some(id), Some(reader)) => {
            desk.case(id)?.is_ok_and(|case| desk.terms.may_on(&case, reader, Need::Listed))
        }
        (None, Some(reader)) => desk.terms.may(reader, Need::Sealed),
    };
    Ok(Vec::from_iter(may_read.then_some(post)))
}

/// What is owed for the desk as a whole: the alarm as it was, the overview as it is by now.
fn of_the_desk(
    desk: &mut Desk,
    order: OrderId,
    owed: &Owed,
    now: DateTime<Utc>,
) -> Result<Option<Post>, DeskFault> {
    let found = desk.journal.read_part(owed.place, Scope::Desk)?;
    let Some(Part { seq, at, body: Body::Open(bytes) }) = found else {
        return Ok(None);
    };
    let part: DeskPart = wire::read(&bytes).map_err(|fault| DeskFault::Wire { seq, fault })?;
    for event in &part.events {
        let page = match event {
            DeskEvent::Digested { since, .. } => {
                let found = digest::gather(desk, *since, now)?;
                chat::render::digest(&found, &desk.terms, now)
            }
            DeskEvent::Clock(event) => {
                let since = desk.state.doubted.filter(|since| *since != at);
                chat::text::machine_clock(event, since, at, &desk.terms)
            }
            DeskEvent::Stands(StandingEvent::Watch(_)) => match desk.watch_page(&part.events)? {
                Some(page) => return Ok(Some(Post::of_the_watch(desk, order, page, &part.events))),
                None => return Ok(None),
            },
            DeskEvent::Stands(StandingEvent::Held(HeldEvent::HeldBack { held, .. })) => {
                chat::text::held(held, &desk.terms)
            }
            DeskEvent::Stands(StandingEvent::Voided { .. }) => {
                chat::text::desk_happened(&part.events, &desk.terms)
            }
            DeskEvent::Stands(
                event @ (StandingEvent::Frozen { .. }
                | StandingEvent::Thawed { on_host: true, .. }
                | StandingEvent::Pinned { .. }
                | StandingEvent::DeviceSeen { .. }
                | StandingEvent::IdentityChanged { .. }),
            ) => match desk.alarm_of(event) {
                Some(page) => page,
                None => continue,
            },
            DeskEvent::Unread(event) => match desk.post_of_unread(order, event) {
                Some(post) => return Ok(Some(post)),
                None => continue,
            },
            DeskEvent::Stands(_) | DeskEvent::Delivered { .. } | DeskEvent::Purged { .. } => continue,
        };
        return Ok(Some(Post::of_the_desk(desk, order, page)));
    }
    Ok(None)
}

/// A case's part of the record that owes something, and when it was written.
fn cause(desk: &Desk, id: CaseId, owed: &Owed) -> Result<Option<(CasePart, DateTime<Utc>)>, DeskFault> {
    let found = desk.journal.read_part(owed.place, Scope::Case(id))?;
    let Some(Part { seq, at, body: Body::Open(bytes) }) = found else {
        return Ok(None);
    };
    let part: CasePart = wire::read(&bytes).map_err(|fault| DeskFault::Wire { seq, fault })?;
    Ok(Some((part, at)))
}
