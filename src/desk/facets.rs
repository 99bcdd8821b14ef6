//! What a case is found by. Lists are kept for what a case *is* (exact, taken back when it changes) and for the words
//! that were ever on it. Here are those by which people look for cases and by which the desk finds its work; the others
//! stand by what they are for.

mod alike;
mod down;
mod silence;
mod timed;
mod words;

use std::collections::BTreeSet;

use crate::case::conflict::{Stance, stances};
use crate::case::decide::gate;
use crate::case::{Account, Case, CaseId, Clock, Hold, Notice, Stage, Terms, letter, mention, reminding};
use crate::ports::{Facet, Stamp};
use crate::report::{self, Half};
use alike::of_alike;
pub use alike::{agency, domain, domain_under, mark, of_requester, origin, phone, recognised, verified};
use down::of_down;
pub use down::{kept_down_by, puts_back, wants_down};
use silence::of_silence;
pub use silence::{binds, binds_all, cleared, gagged, hushed_by, owes_notice};
pub use timed::{Rank, all_due, case_of, down_to, due, expiry, foremost, furthest, moment_of, timed, wake};
pub use words::{looked_for, of_event, word};

/// How lists are made; raised whenever other lists are made of the same case.
pub const VERSION: u32 = 22;

/// Every case, closed ones included.
pub fn all() -> Facet {
    Facet::new("all", "")
}

/// Cases that are not closed.
pub fn open() -> Facet {
    Facet::new("open", "")
}

/// The open case whose card this post is.
pub fn card(post: &str) -> Facet {
    Facet::new("card", post)
}

/// Cases that only those see who may see sealed ones.
pub fn sealed() -> Facet {
    Facet::new("sealed", "")
}

/// Open cases that stand before all others. A sealed one does not: where it stands would say of what kind it is.
pub fn first() -> Facet {
    Facet::new("first", "")
}

/// Cases on which something waits for a second person.
pub fn pending() -> Facet {
    Facet::new("pending", "")
}

/// Cases whose key was destroyed.
pub fn erased() -> Facet {
    Facet::new("erased", "")
}

/// Orders that are not carried out; what their numbers say is told in `owed.rs`.
pub(super) fn owed() -> Facet {
    Facet::new("owed", "")
}

/// Cases that add something to the report of a half-year, or may.
pub fn half(half: Half) -> Facet {
    Facet::new("half", half)
}

/// Cases of which people were reminded while the machine's clock was in doubt.
pub fn doubtful() -> Facet {
    Facet::new("doubtful", "")
}

/// Cases whose reminders somebody has put off.
pub fn snoozed() -> Facet {
    Facet::new("snoozed", "")
}

/// Cases of which people were reminded, and nobody said that they have seen it.
pub fn unseen() -> Facet {
    Facet::new("unseen", "")
}

/// Cases whose users are still to be told.
pub fn untold() -> Facet {
    Facet::new("untold", "")
}

/// Cases a user of which docket is telling something: a notice, or a letter that they asked for.
pub fn on_its_way() -> Facet {
    Facet::new("on-its-way", "")
}

/// Cases of users who asked by themselves.
pub fn visits() -> Facet {
    Facet::new("visits", "")
}

/// Those of one of them.
pub fn visitor(account: &Account) -> Facet {
    Facet::new("visitor", account)
}

/// The case for a user of which this room was made.
pub fn notice_room(room: &str) -> Facet {
    Facet::new("notice-room", room)
}

/// Cases whose requesters are still to be told what came of the request.
pub fn unwritten() -> Facet {
    Facet::new("unwritten", "")
}

/// Cases whose hold runs.
pub fn held() -> Facet {
    Facet::new("held", "")
}

/// The places of the records that hold what stands for the whole desk, or say that the machine's clock is in doubt.
pub(super) fn standing() -> Facet {
    Facet::new("standing", "")
}

/// Cases in a stage.
pub fn stage(stage: Stage) -> Facet {
    Facet::new("stage", stage)
}

/// Cases of a kind.
pub fn kind(name: &str) -> Facet {
    Facet::new("kind", name)
}

/// Cases of an owner, or of nobody.
pub fn owner(owner: Option<&Account>) -> Facet {
    Facet::new("owner", owner.map_or("", Account::as_str))
}

/// Cases with a tag, or a flag that hides nothing.
pub fn tag(tag: &str) -> Facet {
    Facet::new("tag", tag)
}

/// Cases that name an account, however they write it.
pub fn subject(account: &Account) -> Facet {
    subject_called(&mention::name(account))
}

/// The same by the form in which accounts are looked for.
pub fn subject_called(name: &str) -> Facet {
    Facet::new("subject", name)
}

/// Cases that want this of the records of an account whom they name, or have done it.
pub fn stance(stance: Stance) -> Facet {
    Facet::new("stance", stance.name())
}

/// Cases whose hold runs and that name an account, on whatever line and however: what is kept for somebody whom nobody could read
/// off a line of accounts is kept all the same (rule 63).
pub fn kept(account: &Account) -> Facet {
    Facet::new("kept", mention::name(account))
}

/// The places of a case's records in the journal.
pub fn places(case: CaseId) -> Facet {
    Facet::new("places", case)
}

/// The list that a stamp is remembered in, and the number it is remembered by.
pub fn seen(Stamp(bytes): Stamp) -> (Facet, u64) {
    let [a, b, rest @ ..] = bytes;
    let number = rest.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    (Facet::new("seen", u16::from_be_bytes([a, b])), number)
}

/// What a case is on which these clocks run, as facets. Follows the case when it changes.
pub fn of_case(case: &Case, clocks: &[Clock], terms: &Terms) -> BTreeSet<Facet> {
    let mut facets = of_request(case, terms);
    facets.extend(of_work(case, clocks, terms));
    facets
}

/// Those of them that stay as they are while people only work on the case (see [`crate::case::Event::is_of_work`]): whom it
/// is about and what it wants of them. They cost the most, and most commands are work.
pub fn of_request(case: &Case, terms: &Terms) -> BTreeSet<Facet> {
    let mut facets = BTreeSet::from([all(), kind(&case.kind)]);
    facets.extend(case.subjects().map(|named| subject(&named.account)));
    facets.extend(case.visit.iter().flat_map(|visit| [visits(), visitor(&visit.account)]));
    facets.extend(of_silence(case, terms));
    facets.extend(of_down(case, terms));
    facets.extend(of_alike(case, terms));
    facets.extend(stances(case, terms).into_iter().map(stance));
    if case.hold.as_ref().is_some_and(Hold::runs) {
        facets.extend(gate::named(case, terms).into_iter().map(|name| Facet::new("kept", name)));
    }
    facets
}

/// The others.
pub fn of_work(case: &Case, clocks: &[Clock], terms: &Terms) -> BTreeSet<Facet> {
    let mut facets =
        BTreeSet::from([stage(Stage::of(case, terms.policy_of(case))), owner(case.owner.as_ref())]);
    facets.extend(case.tags.iter().map(|name| tag(name)));
    facets.extend(case.flags.iter().filter(|flag| !flag.hides()).map(|flag| tag(flag.name())));
    if !case.proposals.is_empty() {
        facets.insert(pending());
    }
    facets.extend(report::halves(case, terms).into_iter().map(half));
    let has_letter = case.visit.iter().any(|visit| visit.on_its_way().next().is_some());
    let of_time = [
        (sealed(), case.is_sealed()),
        (doubtful(), case.reminded.values().any(|last| last.in_doubt)),
        (snoozed(), case.snoozed.is_some()),
        (unseen(), reminding::is_unseen(case)),
        (untold(), reminding::is_untold(case, clocks, terms)),
        (on_its_way(), case.notices.values().any(Notice::is_on_its_way) || has_letter),
        (unwritten(), is_unwritten(case, terms)),
        (held(), case.hold.as_ref().is_some_and(Hold::runs)),
    ];
    facets.extend(of_time.into_iter().filter(|(_, is)| *is).map(|(facet, _)| facet));
    facets.extend(case.notices.values().filter_map(Notice::room).map(notice_room));
    if case.closed.is_none() {
        facets.insert(open());
        facets.extend(case.card.as_deref().map(card));
    }
    if terms.stands_first(case) {
        facets.insert(first());
    }
    facets
}

fn is_unwritten(case: &Case, terms: &Terms) -> bool {
    // What docket is bringing nobody has to send.
    let is_theirs = |name: &str| case.visit.as_ref().is_none_or(|visit| visit.open(name).is_none());
    let owed = terms.policy_of(case).and_then(|policy| letter::owed(case, policy));
    case.closed.is_none() && owed.is_some_and(|letter| is_theirs(&letter.name))
}
