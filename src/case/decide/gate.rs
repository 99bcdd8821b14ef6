//! The gag gate: the one place that decides whether a user may be told. Unknown is no.
//!
//! What binds a case follows from what is on record, never from the time alone: a clock can be wrong, so the end of a gag is
//! an event. Does not look anything up: the cases that name the user come in as an argument, and all of them count.

use std::collections::BTreeSet;

use crate::case::bare_name::bare_names;
use crate::case::by_name::by_name;
use crate::case::directory::is_under;
use crate::case::things::things;
use crate::case::{
    Account, Case, CaseId, Field, Flag, GagEnding, Identified, Kind, Policy, REVIEW_KEY, Reading, Tell,
    Terms, instrument, mention, named_order, told_by_default,
};

/// Something that forbids to tell a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bar {
    /// A gag binds (rule 26).
    Gag,
    /// The instrument forbids it by itself, until permission is on file (rule 60).
    Instrument,
    /// There is an instrument, and nobody knows which.
    Unidentified,
    /// An instrument is needed, and there is none.
    Missing,
    /// The requester asks for secrecy, and still has time to serve an order (rule 16).
    Secrecy,
    /// The request names an order for secrecy, which nobody has put on record or found not to be there (rules 26, 60).
    Order,
    /// It is an emergency that was not looked at again yet (rule 16).
    Review,
    /// The case is about the abuse of a child (rule 66).
    Csea,
    /// The policy that the case was opened under is not at hand.
    Policy,
    /// The case is bound, and about somebody or something that nobody could resolve to an account.
    Unresolved,
}

impl Bar {
    /// Whether taking it away takes two people. What is only missing may be supplied by one: the notice itself takes two.
    pub fn is_firm(self) -> bool {
        match self {
            Bar::Gag
            | Bar::Instrument
            | Bar::Unidentified
            | Bar::Secrecy
            | Bar::Order
            | Bar::Csea
            | Bar::Policy
            | Bar::Unresolved => true,
            Bar::Missing | Bar::Review => false,
        }
    }
}

/// What on this case forbids to tell a user whom it names.
pub fn bars(case: &Case, terms: &Terms) -> BTreeSet<Bar> {
    let mut bars = BTreeSet::new();
    if case.gag.as_ref().is_some_and(|gag| gag.binds()) {
        bars.insert(Bar::Gag);
    }
    if case.flags.contains(&Flag::Csea) {
        bars.insert(Bar::Csea);
    }
    let Some((policy, kind)) =
        terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)))
    else {
        bars.insert(Bar::Policy);
        return bars;
    };
    bars.extend(of_instrument(case, policy, kind));
    // An order that the request names is no wish, so it does not lapse like one.
    if named_order(case, terms).is_some() {
        bars.insert(Bar::Order);
    } else if case.asks_for_secrecy() {
        bars.insert(Bar::Secrecy);
    }
    if kind.attest && !case.has_done(REVIEW_KEY) {
        bars.insert(Bar::Review);
    }
    bars
}

/// What the instrument forbids, or that nobody knows which it is (rule 60).
fn of_instrument(case: &Case, policy: &Policy, kind: &Kind) -> Option<Bar> {
    // The end of an order's own time is no permission: what the instrument forbids, it forbids still.
    match case.gag.as_ref().and_then(|gag| gag.over.as_ref()).map(|over| &over.how) {
        Some(GagEnding::Lifted { .. } | GagEnding::Permitted { .. } | GagEnding::NotBinding { .. }) => {
            return None;
        }
        Some(GagEnding::Ended) | None => {}
    }
    match instrument(case, policy) {
        // What came by treaty rests on that request and on the order behind it: the stricter counts (rule 60).
        Identified::Known(_) => match told_by_default(case, policy) {
            Some(Tell::Withhold) => Some(Bar::Instrument),
            Some(Tell::Tell) => None,
            None => Some(Bar::Unidentified),
        },
        Identified::Unknown => Some(Bar::Unidentified),
        // A duplicate rests on what the case rests on that is kept.
        Identified::None if case.duplicate_of().is_some() && kind.verify_instrument => None,
        Identified::None if kind.verify_instrument => Some(Bar::Missing),
        Identified::None if kind.from_authority && policy.notice.letter == Tell::Withhold => {
            Some(Bar::Instrument)
        }
        Identified::None => None,
    }
}

/// What forbids to tell the users of a case by what it rests on, or because that cannot be looked up.
pub(super) fn by_instrument(case: &Case, terms: &Terms) -> Option<Bar> {
    let rules = terms.policy_of(case).and_then(|policy| Some((policy, policy.kind(&case.kind)?)));
    rules.map_or(Some(Bar::Policy), |(policy, kind)| of_instrument(case, policy, kind))
}

/// What a case says when the gate asks it about users of other cases. The desk keeps lists of it, and asks again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// What forbids it.
    pub bars: BTreeSet<Bar>,
    /// Whom it names, on a line of accounts or anywhere else in the request, in the form of [`mention::plain`]. A name on a
    /// line that nobody knows is a name; but one that stands in no line of accounts is free once two people have found that
    /// nothing of the case is about them, for as long as nothing new that binds comes on it.
    pub about: BTreeSet<String>,
    /// Whether it is also about somebody whom nobody could resolve to an account, so that it may be about anybody.
    pub of_anybody: bool,
}

/// What the case forbids to tell users of other cases; `None` if it forbids nothing.
pub fn silence(case: &Case, terms: &Terms) -> Option<Silence> {
    let mut bars = bars(case, terms);
    // That an emergency is to be looked at again concerns its own notice only.
    bars.remove(&Bar::Review);
    if bars.is_empty() {
        return None;
    }
    let mut about = named(case, terms);
    for account in case.cleared.iter().filter(|account| !has_subject(case, account)) {
        about.remove(&mention::plain(account.as_str()));
    }
    Some(Silence { bars, about, of_anybody: names_unresolved(case) })
}

/// An account at a machine of one of our servers as it is at the server: `@a:matrix.our.org` is meant as `@a:our.org`, though a
/// server may stand there that is not ours.
fn on_ours(name: &str, terms: &Terms) -> Option<String> {
    let (local, server) = name.split_once(':')?;
    let machine = server.split(':').next()?;
    let ours = terms.servers.iter().find(|ours| machine != ours.as_str() && is_under(machine, ours))?;
    Some(format!("{local}:{ours}"))
}

/// The forms in which a user may be named by other cases: those of the account, and of the server whose machine it is at.
pub fn readings(account: &Account, terms: &Terms) -> BTreeSet<String> {
    let mut names = mention::readings(account);
    names.extend(names.iter().filter_map(|name| on_ours(name, terms)).collect::<Vec<_>>());
    names
}

/// Whom a case names, on whatever line and however it writes them.
pub fn named(case: &Case, terms: &Terms) -> BTreeSet<String> {
    let mut names = mention::names(case);
    names.extend(mention::unsigned(case, &terms.servers));
    names.extend(by_name(case, &terms.servers));
    names.extend(names.iter().flat_map(|name| on_ours(name, terms)).collect::<Vec<_>>());
    names
}

/// What of it forbids to tell this user; nothing if the case is not about them.
pub fn forbids(case: &Case, account: &Account, terms: &Terms) -> BTreeSet<Bar> {
    let names = readings(account, terms);
    silence(case, terms).map_or_else(BTreeSet::new, |silence| silence.forbids_by(&names, case, account))
}

impl Silence {
    /// What of it forbids to tell this user; `case` is the one that says it. For whoever asks about many users of one case.
    pub fn forbids(&self, case: &Case, account: &Account) -> BTreeSet<Bar> {
        self.forbids_by(&mention::readings(account), case, account)
    }

    /// Likewise of somebody by all these names: a machine of ours may be written as another server.
    pub fn forbids_by(&self, names: &BTreeSet<String>, case: &Case, account: &Account) -> BTreeSet<Bar> {
        if !self.about.is_disjoint(names) {
            self.bars.clone()
        } else if self.of_anybody && !case.cleared.contains(account) {
            BTreeSet::from([Bar::Unresolved])
        } else {
            BTreeSet::new()
        }
    }
}

/// Everything that forbids to tell a user of a case: on that case, and on every other that is about them or may be. `others`
/// must hold one of these, closed ones too, wherever there are any.
pub fn may_tell<'a>(
    case: &'a Case,
    account: &Account,
    others: impl IntoIterator<Item = &'a Case>,
    terms: &Terms,
) -> Result<(), Vec<(CaseId, Bar)>> {
    let mut found: BTreeSet<(CaseId, Bar)> =
        bars(case, terms).into_iter().map(|bar| (case.id, bar)).collect();
    for other in others.into_iter().filter(|other| other.id != case.id) {
        found.extend(forbids(other, account, terms).into_iter().map(|bar| (other.id, bar)));
    }
    if found.is_empty() { Ok(()) } else { Err(found.into_iter().collect()) }
}

/// The first other case that forbids to tell a user whom none of its lines of accounts names: two people may find that it is not
/// about them. A sealed one is not named.
pub fn may_be_cleared<'a>(
    case: &Case,
    account: &Account,
    others: impl IntoIterator<Item = &'a Case>,
    terms: &Terms,
) -> Option<CaseId> {
    let mut others = others.into_iter().filter(|other| other.id != case.id && !other.is_sealed());
    let found =
        others.find(|other| !has_subject(other, account) && !forbids(other, account, terms).is_empty());
    found.map(|other| other.id)
}

/// Whether a line of accounts names the user, however it writes the name.
fn has_subject(case: &Case, account: &Account) -> bool {
    let name = mention::plain(account.as_str());
    case.subjects().any(|subject| mention::plain(subject.account.as_str()) == name)
}

/// Whether an account may be another one than it looks like: its letters are not those of any that is made today.
fn is_doubtful(account: &Account) -> bool {
    !account.as_str().bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// Whether the case is about somebody or something that is no account that could be read: part of a line of accounts or an
/// account that may be somebody else, a line that may have been meant as one, a name that leads to none, a room, an event, a file, an identifier; or if it is about nobody in particular.
pub fn names_unresolved(case: &Case) -> bool {
    // A case that binds and names no account (it may name a line of a log) may be about anybody.
    let of_nobody = case.subjects().next().is_none();
    case.fields.iter().any(may_be_anybody)
        || of_nobody
        || !things(case).is_empty()
        || !bare_names(case).is_empty()
}

/// Whether a line of accounts, or one that may have been meant as such, could not be read to its end.
pub(super) fn may_be_anybody(field: &Field) -> bool {
    match &field.reading {
        Reading::Accounts { unread, named } => {
            !unread.is_empty() || named.iter().any(|subject| is_doubtful(&subject.account))
        }
        Reading::Unknown { meant: Some(meant) } => meant == "accounts",
        Reading::Unknown { meant: None }
        | Reading::Text
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unread { .. }
        | Reading::Claimed => false,
    }
}
