//! The gag gate: the one place that decides whether a user may be told. Unknown is no.
//!
//! What binds a case follows from what is on record, never from the time alone: a clock can be wrong, so the end of a gag is
//! an event. Does not look anything up: the cases that name the user come in as an argument, and all of them count.

use std::collections::BTreeSet;

use crate::case::{
    Account, Case, CaseId, Flag, GagEnding, Identified, REVIEW_KEY, Reading, Tell, Terms, instrument, silence,
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
    /// It is an emergency that was not looked at again yet (rule 16).
    Review,
    /// The case is about the abuse of a child (rule 66).
    Csea,
    /// The policy that the case was opened under is not at hand.
    Policy,
    /// The case is bound, and not everybody whom it names could be read.
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
    let over = case.gag.as_ref().and_then(|gag| gag.over.as_ref()).map(|over| &over.how);
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
    // The end of an order's own time is no permission: what the instrument forbids, it forbids still.
    let permitted = matches!(over, Some(GagEnding::Lifted { .. } | GagEnding::NotBinding { .. }));
    if !permitted {
        match instrument(case, policy) {
            // What came by treaty rests on that request and on the order behind it: the stricter counts (rule 60).
            Identified::Known(_) => match silence(case, policy) {
                Some(Tell::Withhold) => {
                    bars.insert(Bar::Instrument);
                }
                Some(Tell::Tell) => {}
                None => {
                    bars.insert(Bar::Unidentified);
                }
            },
            Identified::Unknown => {
                bars.insert(Bar::Unidentified);
            }
            Identified::None if kind.verify_instrument => {
                bars.insert(Bar::Missing);
            }
            Identified::None if kind.from_authority && policy.notice.letter == Tell::Withhold => {
                bars.insert(Bar::Instrument);
            }
            Identified::None => {}
        }
    }
    if case.secret() && (case.gag.is_none() || case.secrecy_anew) && !case.secrecy_lapsed {
        bars.insert(Bar::Secrecy);
    }
    if kind.attest && !case.has_done(REVIEW_KEY) {
        bars.insert(Bar::Review);
    }
    bars
}

/// Everything that forbids to tell a user of a case: on that case, on every other that names the user, and on every one that
/// may. `others` must hold all of them, closed ones too.
pub fn may_tell<'a>(
    case: &'a Case,
    account: &Account,
    others: impl IntoIterator<Item = &'a Case>,
    terms: &Terms,
) -> Result<(), Vec<(CaseId, Bar)>> {
    let mut found = BTreeSet::new();
    let beside = others.into_iter().filter(|other| other.id != case.id);
    for other in std::iter::once(case).chain(beside) {
        let own = bars(other, terms);
        if names(other, account) || other.id == case.id {
            // That an emergency is to be looked at again concerns its own notice only.
            let counts = own.into_iter().filter(|bar| *bar != Bar::Review || other.id == case.id);
            found.extend(counts.map(|bar| (other.id, bar)));
        } else if !own.is_empty() && names_unread(other) && !other.cleared.contains(account) {
            found.insert((other.id, Bar::Unresolved));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found.into_iter().collect()) }
}

/// Whether the case names the user: on a line of accounts, or anywhere else in the request, however its letters are written.
/// A name on a line that nobody knows is a name.
fn names(case: &Case, account: &Account) -> bool {
    let name = account.as_str().to_lowercase();
    let in_text = |text: &str| text.to_lowercase().contains(&name);
    case.subjects().any(|subject| subject.account.as_str().eq_ignore_ascii_case(account.as_str()))
        || case.fields.iter().any(|field| in_text(&field.value))
        || case.stray.iter().any(|text| in_text(text))
}

/// Whether part of a line of accounts could not be read, or a line stands there that may have been meant as one, or the
/// case binds about nobody in particular.
pub fn names_unread(case: &Case) -> bool {
    let unread = case.fields.iter().any(|field| match &field.reading {
        Reading::Accounts { unread, .. } => !unread.is_empty(),
        Reading::Unknown { meant: Some(meant) } => meant == "accounts",
        Reading::Unknown { meant: None }
        | Reading::Text
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unread { .. }
        | Reading::Claimed => false,
    });
    // A case that binds and names no account (it may name an address, a room, a line of a log) may be about anybody.
    let of_nobody = case.subjects().next().is_none();
    unread || of_nobody
}
