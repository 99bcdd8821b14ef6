//! Everyday work on a case: notes, files, owner, tags, links.

use super::countering::may_counter;
use super::duplicate::may_end_as;
use super::telling::is_ours;
use super::{Around, Events, appeal, extending, untold};
use crate::case::letter::{ANSWER, Obstacle};
use crate::case::{
    Account, Case, CaseId, Ending, Event, FileRole, Flag, KeptFile, Link, Need, Refusal, Relation, Telling,
    Terms, mention,
};

/// How many files one case may hold.
const MOST_FILES: usize = 500;
/// How many tags one case may have.
const MOST_TAGS: usize = 50;
/// How many links one case may have.
const MOST_LINKS: usize = 200;

pub(super) fn note(text: String) -> Event {
    Event::Noted { text }
}

pub(super) fn attach(
    case: &Case,
    file: KeptFile,
    role: FileRole,
    user: Option<Account>,
) -> Result<Event, Refusal> {
    takes(case, role)?;
    if let (FileRole::Data, Some(visit), Some(user)) = (role, &case.visit, &user)
        && visit.account != *user
    {
        return Err(Obstacle::DataOfAnother { asked: visit.account.clone() }.into());
    }
    let mut same = case.files.iter().filter(|old| old.role == role && old.user == user);
    let is_there = match role {
        // Only the newest goes, and one that was there before may be it again.
        FileRole::Data => case.data_with(ANSWER).is_some_and(|old| old.file.sha256 == file.sha256),
        _ => same.any(|old| old.file.sha256 == file.sha256),
    };
    if is_there {
        return Err(Refusal::FileThere);
    }
    if case.files.len() >= MOST_FILES {
        return Err(Refusal::TooMany { what: "files", most: MOST_FILES });
    }
    Ok(Event::FileAttached { file, role, user })
}

/// Whether a file of this role may be put on the case at all. On one that is flagged papers are, and nothing that could be the
/// material itself (rule 66): not even its hash is made.
pub(super) fn takes(case: &Case, role: FileRole) -> Result<(), Refusal> {
    let is_paper = match role {
        FileRole::Instrument | FileRole::Permission | FileRole::Extension => true,
        FileRole::Request | FileRole::Redacted | FileRole::Data | FileRole::Other => false,
    };
    if case.flags.contains(&Flag::Csea) && !is_paper {
        return Err(Refusal::NoMaterial);
    }
    // What nobody brings to anybody has no business here.
    if role == FileRole::Data && case.visit.is_none() {
        Err(Obstacle::NobodyToBringItTo.into())
    } else {
        Ok(())
    }
}

pub(super) fn assign(case: &Case, to: Option<Account>, terms: &Terms) -> Result<Event, Refusal> {
    if let Some(account) = &to {
        does_casework(case, account, terms)?;
    }
    if case.owner == to { Err(Refusal::NoChange) } else { Ok(Event::Assigned { to }) }
}

/// Whether somebody is listed, may work this case, and has not been stopped.
pub(super) fn does_casework(case: &Case, account: &Account, terms: &Terms) -> Result<(), Refusal> {
    terms.person(account).ok_or_else(|| Refusal::NotOfThePeople(account.to_string()))?;
    if terms.frozen.contains(account) {
        return Err(Refusal::Frozen(account.clone()));
    }
    if terms.may_on(case, account, Need::Casework) {
        Ok(())
    } else {
        Err(Refusal::MayOnlyRead(account.clone()))
    }
}

pub(super) fn tag(case: &Case, add: Vec<String>, remove: Vec<String>) -> Result<Event, Refusal> {
    let added: Vec<String> = add.into_iter().filter(|tag| !case.tags.contains(tag)).collect();
    let removed: Vec<String> = remove.into_iter().filter(|tag| case.tags.contains(tag)).collect();
    if added.is_empty() && removed.is_empty() {
        return Err(Refusal::NoChange);
    }
    if case.tags.len() + added.len() > MOST_TAGS {
        return Err(Refusal::TooMany { what: "tags", most: MOST_TAGS });
    }
    Ok(Event::Tagged { added, removed })
}

pub(super) fn link(
    case: &Case,
    other: CaseId,
    how: Relation,
    around: &Around,
    terms: &Terms,
) -> Result<Events, Refusal> {
    if other == case.id {
        return Err(Refusal::LinkToItself);
    }
    let other = around.other.as_ref().filter(|found| found.id == other).ok_or(Refusal::NoSuchCase(other))?;
    let link = Link { other: other.id, how, outward: true };
    // A duplicate that was opened again has the link still, and can be marked as one again.
    let again = how == Relation::Duplicate && case.outcome.is_none();
    if case.links.contains(&link) && !again {
        return Err(Refusal::NoChange);
    }
    let inverse = Link { outward: false, ..link };
    // A mistaken duplicate that was opened again no longer says that it is one.
    let undone = how == Relation::Duplicate && !is_duplicate_of(other, case.id);
    if case.links.contains(&inverse) && !undone {
        return Err(Refusal::LinkTurnsRound(other.id));
    }
    if case.links.len() >= MOST_LINKS || other.links.len() >= MOST_LINKS {
        return Err(Refusal::TooMany { what: "links", most: MOST_LINKS });
    }
    if how == Relation::Counter {
        may_counter(case, other, terms)?;
    }
    if how == Relation::Duplicate {
        may_end_as(case, other, terms)?;
    }
    let received = (how == Relation::Counter).then_some(case.received);
    let links = vec![
        (case.id, Event::Linked { other: other.id, how, outward: true, received: None }),
        (other.id, Event::Linked { other: case.id, how, outward: false, received }),
    ];
    let kept = extending::linked(case, how, other, terms).map(|event| (case.id, event));
    let decided = appeal::linked(case, how, other).map(|event| (case.id, event));
    Ok(links.into_iter().chain(kept).chain(decided).collect())
}

/// The users of a case whom nobody would tell if they were to be told with the other one: it tells nobody, it was closed and
/// they were not told, or two people found of that request that they are not (rule 25).
pub(super) fn untold_there(case: &Case, other: &Case, terms: &Terms) -> Vec<Account> {
    let tells = |case: &Case| terms.kind_of(case).is_some_and(|kind| kind.notify);
    if !tells(case) {
        return Vec::new();
    }
    let is_told = |account: &&Account| {
        let notice = mention::own_writing(other, account).and_then(|own| other.notices.get(own));
        match notice.map(|notice| &notice.what) {
            Some(Telling::Told { .. }) => true,
            Some(Telling::Waived { .. }) => false,
            Some(Telling::Sending { .. } | Telling::Withheld { .. }) => {
                tells(other) && other.closed.is_none()
            }
            // Nothing is owed there to somebody on another server of whom nobody began to tell them.
            None => is_ours(other, account) && tells(other) && other.closed.is_none(),
        }
    };
    untold(case).filter(|account| !is_told(account)).cloned().collect()
}

/// Whether a case ended as a duplicate of this one.
pub(super) fn is_duplicate_of(case: &Case, id: CaseId) -> bool {
    let ending = case.outcome.as_ref().map(|outcome| &outcome.what);
    matches!(ending, Some(Ending::Duplicate { of }) if *of == id)
}
