//! What contradicts between cases that name the same account (rules 60 and 63). It warns; what follows from it is decided
//! by people, and kept to in `decide`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::decide::gate::{bars, forbids, silence};
use super::{Account, Case, CaseId, FieldForm, Kind, Telling, Terms, chosen, clock, mention};

/// A contradiction between two cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Conflict {
    /// The case that wants something.
    pub one: CaseId,
    /// The case that stands against it.
    pub other: CaseId,
    /// What contradicts.
    pub how: Clash,
}

/// What contradicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clash {
    /// The one asks for erasure, the other keeps the records or is asked to.
    ErasureAgainstHold,
    /// The one asks for erasure, the other may still give the records out.
    ErasureAgainstDisclosure,
    /// The one owes the user a notice, the other binds to silence about them.
    NoticeAgainstGag,
    /// Both keep records, and not until the same day.
    TwoTerms,
}

/// How many cases that name an account are looked at.
pub const MOST_CASES: usize = 200;

/// What contradicts between cases that all name this account, each pair once.
pub fn conflicts(account: &Account, cases: &[Case], terms: &Terms) -> Vec<Conflict> {
    let stands: Vec<Stand<'_>> = cases.iter().map(|case| Stand::of(case, Some(account), terms)).collect();
    let mut found = BTreeSet::new();
    let pairs = stands.iter().flat_map(|one| stands.iter().map(move |other| (one, other)));
    for (one, other) in pairs.filter(|(one, other)| one.case.id != other.case.id) {
        found.extend(clashes(one, other).map(|how| Conflict { one: one.case.id, other: other.case.id, how }));
    }
    // The newest first: that is the case somebody is at.
    found.into_iter().rev().collect()
}

/// What contradicts one case, for all accounts that it names. `beside` gives the cases that name an account.
pub fn conflicts_of(case: &Case, beside: &[(Account, Vec<Case>)], terms: &Terms) -> Vec<Conflict> {
    let all = beside.iter().flat_map(|(account, cases)| conflicts(account, cases, terms));
    let own: BTreeSet<Conflict> =
        all.filter(|conflict| conflict.one == case.id || conflict.other == case.id).collect();
    own.into_iter().rev().collect()
}

/// What a case wants of an account's records, or has done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stance {
    /// It asks that they be erased.
    Erases,
    /// It keeps them, or asks that they be kept.
    Keeps,
    /// They may still be given out.
    Discloses,
    /// The user is owed a notice.
    Tells,
    /// It binds to silence about the user.
    Silences,
}

impl Stance {
    /// A name for the list of such cases.
    pub fn name(self) -> &'static str {
        match self {
            Stance::Erases => "erases",
            Stance::Keeps => "keeps",
            Stance::Discloses => "discloses",
            Stance::Tells => "tells",
            Stance::Silences => "silences",
        }
    }

    /// What on another case may contradict it.
    pub fn opposites(self) -> &'static [Stance] {
        match self {
            Stance::Erases => &[Stance::Keeps, Stance::Discloses],
            // Two that keep may keep for different times.
            Stance::Keeps => &[Stance::Erases, Stance::Keeps],
            Stance::Discloses => &[Stance::Erases],
            Stance::Tells => &[Stance::Silences],
            Stance::Silences => &[Stance::Tells],
        }
    }
}

/// Everything that a case may want of the accounts that it names; of one of them it may want less.
pub fn stances(case: &Case, terms: &Terms) -> BTreeSet<Stance> {
    if case.subjects().next().is_none() { BTreeSet::new() } else { Stand::of(case, None, terms).stances() }
}

/// What a case wants of this account's records.
pub fn stances_to(case: &Case, account: &Account, terms: &Terms) -> BTreeSet<Stance> {
    if mention::is_named(case, account) {
        Stand::of(case, Some(account), terms).stances()
    } else {
        BTreeSet::new()
    }
}

/// A case with its stances, for comparing.
struct Stand<'a> {
    case: &'a Case,
    erases: bool,
    keeps: bool,
    discloses: bool,
    tells: bool,
    /// The notice is due, or would be if no other case forbade it.
    tells_now: bool,
    silences: bool,
    /// By more than a paper that is not on file yet.
    silences_firmly: bool,
}

impl<'a> Stand<'a> {
    fn of(case: &'a Case, account: Option<&Account>, terms: &Terms) -> Stand<'a> {
        let kind = terms.kind_of(case);
        let open = case.closed.is_none() && case.outcome.is_none();
        let erases = asks_for_erasure(case, kind);
        let kept = case.hold.as_ref().is_some_and(|hold| hold.runs());
        let asked_to_keep = open && case.hold.is_none() && kind.is_some_and(|kind| kind.preserves);
        // What binds is asked of the gate, so that the two never say different things of a case.
        let bound = bars(case, terms).iter().any(|bar| bar.is_firm());
        let silencing = match account {
            Some(account) => forbids(case, account, terms),
            None => silence(case, terms).map(|silence| silence.bars).unwrap_or_default(),
        };
        let notice = account
            .and_then(|account| mention::own_writing(case, account))
            .and_then(|own| case.notices.get(own));
        let settled = notice.is_some_and(|notice| match notice.what {
            Telling::Told { .. } | Telling::Waived { .. } => true,
            Telling::Withheld { .. } => false,
        });
        let tells = case.closed.is_none() && !settled && !bound && kind.is_some_and(|kind| kind.notify);
        Stand {
            case,
            erases: erases && case.closed.is_none() && case.outcome.is_none(),
            keeps: kept || asked_to_keep,
            discloses: open && !erases && kind.is_some_and(|kind| kind.may_disclose(case)),
            tells,
            tells_now: tells && clock::owes_notice(case, terms),
            silences: !silencing.is_empty(),
            silences_firmly: silencing.iter().any(|bar| bar.is_firm()),
        }
    }

    fn stances(&self) -> BTreeSet<Stance> {
        let all = [
            (self.erases, Stance::Erases),
            (self.keeps, Stance::Keeps),
            (self.discloses, Stance::Discloses),
            (self.tells, Stance::Tells),
            (self.silences, Stance::Silences),
        ];
        all.into_iter().filter(|(is, _)| *is).map(|(_, stance)| stance).collect()
    }
}

fn clashes(one: &Stand<'_>, other: &Stand<'_>) -> impl Iterator<Item = Clash> {
    let until =
        |stand: &Stand<'_>| stand.case.hold.as_ref().filter(|hold| hold.runs()).map(|hold| hold.until);
    let two_terms = match (until(one), until(other)) {
        (Some(mine), Some(theirs)) => mine != theirs && one.case.id > other.case.id,
        (Some(_) | None, _) => false,
    };
    [
        (one.erases && other.keeps, Clash::ErasureAgainstHold),
        (one.erases && other.discloses, Clash::ErasureAgainstDisclosure),
        (one.tells_now && other.silences || one.tells && other.silences_firmly, Clash::NoticeAgainstGag),
        (two_terms, Clash::TwoTerms),
    ]
    .into_iter()
    .filter(|(is, _)| *is)
    .map(|(_, how)| how)
}

/// Whether a person asks to be forgotten (rule 44).
pub fn asks_for_erasure(case: &Case, kind: Option<&Kind>) -> bool {
    case.fields_of("right").any(|field| {
        let rule = kind.and_then(|kind| kind.field(&field.key)).map(|rule| &rule.form);
        if let Some(FieldForm::SomeOf(choices)) = rule
            && let Ok(words) = chosen(&field.value, choices)
        {
            return words.contains(&"erasure");
        }
        let said = field.value.to_lowercase();
        ["eras", "forget", "forgotten", "delet"].iter().any(|word| said.contains(word))
    })
}
