//! What contradicts between cases that name the same account, or that bind to silence about it (rules 60 and 63). It warns; what
//! follows from it is decided by people, and kept to in `decide`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::choice::several_of;
use super::clock::tasks_suffice;
use super::decide::gate::{Bar, Silence, silence};
use super::{
    Account, Case, CaseId, Ending, Extent, Field, Hold, Kind, Policy, Stop, Telling, Terms, clock, mention,
};

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

/// What contradicts between cases about this account, each pair once.
pub fn conflicts(account: &Account, cases: &[Case], terms: &Terms) -> Vec<Conflict> {
    let wants: Vec<Wants<'_>> = cases.iter().map(|case| Wants::of(case, terms)).collect();
    let stands: Vec<Stand<'_>> = wants.iter().map(|wants| wants.stand(account)).collect();
    let mut found = BTreeSet::new();
    for one in &stands {
        for other in stands.iter().filter(|other| other.case.id != one.case.id) {
            found.extend(between(one, other));
        }
    }
    // The newest first: that is the case somebody is at.
    found.into_iter().rev().collect()
}

/// What contradicts one case, for all accounts that it names, of these others.
pub fn conflicts_of<'a>(
    case: &'a Case,
    others: impl IntoIterator<Item = &'a Case>,
    terms: &Terms,
) -> Vec<Conflict> {
    let own = Wants::of(case, terms);
    let others = others.into_iter().filter(|other| other.id != case.id);
    let others: Vec<Wants<'_>> = others.map(|other| Wants::of(other, terms)).collect();
    let mut found = BTreeSet::new();
    let whom = own.whom();
    for other in &others {
        // What binds about anybody binds about those whom the other names.
        let theirs = other.whole.case.subjects().filter(|_| own.binds_anybody());
        let shared = whom.iter().filter(|account| other.concerns(account));
        for account in shared.chain(theirs.map(|subject| &subject.account)) {
            let (one, other) = (own.stand(account), other.stand(account));
            found.extend(between(&one, &other).chain(between(&other, &one)));
        }
    }
    found.into_iter().rev().collect()
}

/// What was found to contradict a case and may do so still: as far as it goes itself, for the other case is not looked at. What the
/// request wanted it wants until the case is closed, so that whoever closes it knows (rule 63).
pub fn contradicts_still(case: &Case, terms: &Terms) -> Vec<Conflict> {
    if case.beside.conflicts.is_empty() || case.closed.is_some() {
        return Vec::new();
    }
    let as_it_was = Case { outcome: None, ..case.clone() };
    let wants = Wants::of(&as_it_was, terms);
    let stances: BTreeSet<Stance> =
        wants.whom().iter().flat_map(|account| wants.stances_to(account)).collect();
    let has = |any: &[Stance]| any.iter().any(|stance| stances.contains(stance));
    let stands = |conflict: &&Conflict| match (conflict.how, conflict.one == case.id) {
        (Clash::ErasureAgainstHold | Clash::ErasureAgainstDisclosure, true) => has(&[Stance::Erases]),
        (Clash::ErasureAgainstHold, false) => has(&[Stance::Keeps]),
        (Clash::ErasureAgainstDisclosure, false) => has(&[Stance::Discloses]),
        (Clash::NoticeAgainstGag, true) => has(&[Stance::Tells, Stance::Owes]),
        (Clash::NoticeAgainstGag, false) => has(&[Stance::Silences]),
        (Clash::TwoTerms, _) => has(&[Stance::Holds]),
    };
    case.beside.conflicts.iter().filter(stands).copied().collect()
}

fn between(one: &Stand<'_>, other: &Stand<'_>) -> impl Iterator<Item = Conflict> {
    let (one_id, other_id) = (one.case.id, other.case.id);
    clashes(one, other).map(move |how| Conflict { one: one_id, other: other_id, how })
}

/// What a case wants of an account's records, or has done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stance {
    /// It asks that they be erased.
    Erases,
    /// It keeps them, or asks that they be kept.
    Keeps,
    /// It keeps them until a day.
    Holds,
    /// They may still be given out.
    Discloses,
    /// The user is owed a notice, or will be.
    Tells,
    /// The notice is due, or would be if no other case forbade it.
    Owes,
    /// It binds to silence about the user, or may.
    Silences,
    /// It binds by more than a paper that is not on file yet.
    Binds,
}

impl Stance {
    /// A name for the list of such cases.
    pub fn name(self) -> &'static str {
        match self {
            Stance::Erases => "erases",
            Stance::Keeps => "keeps",
            Stance::Holds => "holds",
            Stance::Discloses => "discloses",
            Stance::Tells => "tells",
            Stance::Owes => "owes",
            Stance::Silences => "silences",
            Stance::Binds => "binds",
        }
    }

    /// What on another case may contradict it.
    pub fn opposites(self) -> &'static [Stance] {
        match self {
            Stance::Erases => &[Stance::Keeps, Stance::Discloses],
            Stance::Keeps => &[Stance::Erases],
            // Two that hold may do so for different times.
            Stance::Holds => &[Stance::Holds],
            Stance::Discloses => &[Stance::Erases],
            Stance::Tells => &[Stance::Binds],
            Stance::Owes => &[Stance::Silences],
            Stance::Silences => &[Stance::Owes],
            Stance::Binds => &[Stance::Tells],
        }
    }
}

/// Everything that a case may want of the accounts that it names; of one of them it may want less.
pub fn stances(case: &Case, terms: &Terms) -> BTreeSet<Stance> {
    if case.subjects().next().is_none() { BTreeSet::new() } else { Wants::of(case, terms).whole.stances() }
}

/// What a case wants of the records of those whom it names, read once for all of them.
pub struct Wants<'a> {
    /// What it may want of any of them.
    whole: Stand<'a>,
    silence: Option<Silence>,
    /// How its lines write each account, by its name in the form that the gate compares.
    written: BTreeMap<String, &'a Account>,
    exact: BTreeSet<&'a Account>,
}

impl<'a> Wants<'a> {
    /// Reads a case.
    pub fn of(case: &'a Case, terms: &Terms) -> Wants<'a> {
        let silence = silence(case, terms);
        let mut written = BTreeMap::new();
        for account in case.subjects().map(|subject| &subject.account) {
            written.entry(mention::name(account)).or_insert(account);
        }
        let bars = silence.as_ref().map(|silence| silence.bars.clone()).unwrap_or_default();
        Wants {
            whole: Stand::of(case, &bars, terms),
            silence,
            written,
            exact: case.subjects().map(|subject| &subject.account).collect(),
        }
    }

    /// What it wants of this account's records; no more than silence if no line of accounts names it.
    pub fn stances_to(&self, account: &Account) -> BTreeSet<Stance> {
        self.stand(account).stances()
    }

    /// Whom it is about as far as it says: the accounts on its lines, and those that it binds to silence about wherever they
    /// stand in it.
    pub fn whom(&self) -> BTreeSet<Account> {
        let bound = self.silence.iter().flat_map(|silence| &silence.about);
        let bound = bound.take(MOST_CASES).filter_map(|name| Account::parse(name).ok());
        bound.chain(self.exact.iter().map(|account| (*account).clone())).collect()
    }

    /// Whether it binds about users whom it does not name.
    pub fn binds_anybody(&self) -> bool {
        self.silence.as_ref().is_some_and(|silence| silence.of_anybody)
    }

    fn concerns(&self, account: &Account) -> bool {
        self.names(account) || !self.silencing(account).is_empty()
    }

    fn silencing(&self, account: &Account) -> BTreeSet<Bar> {
        let case = self.whole.case;
        self.silence.as_ref().map(|silence| silence.forbids(case, account)).unwrap_or_default()
    }

    fn names(&self, account: &Account) -> bool {
        self.own_writing(account).is_some()
    }

    /// As the lines of the case write it. The very writing first: a case may name two that differ by it.
    fn own_writing(&self, account: &Account) -> Option<&'a Account> {
        let exact = self.exact.get(account);
        exact.or_else(|| self.written.get(&mention::name(account))).copied()
    }

    fn stand(&self, account: &Account) -> Stand<'a> {
        let silencing = self.silencing(account);
        // What may be about anybody contradicts a notice that waits for it, and not each that will be owed one day.
        let silences_firmly = silencing.iter().any(|bar| bar.is_firm() && *bar != Bar::Unresolved);
        let silences = !silencing.is_empty();
        if !self.names(account) {
            return Stand { silences, silences_firmly, ..Stand::silent(self.whole.case) };
        }
        let notice = self.own_writing(account).and_then(|own| self.whole.case.notices.get(own));
        let settled = notice.is_some_and(|notice| match notice.what {
            Telling::Told { .. } | Telling::Waived { .. } => true,
            Telling::Sending { .. } | Telling::Withheld { .. } => false,
        });
        Stand {
            tells: self.whole.tells && !settled,
            tells_now: self.whole.tells_now && !settled,
            silences,
            silences_firmly,
            ..self.whole
        }
    }
}

/// A case with its stances, for comparing.
#[derive(Clone, Copy)]
struct Stand<'a> {
    case: &'a Case,
    erases: bool,
    keeps: bool,
    holds: bool,
    discloses: bool,
    tells: bool,
    tells_now: bool,
    silences: bool,
    silences_firmly: bool,
}

impl<'a> Stand<'a> {
    /// Towards somebody about whose records it wants nothing.
    fn silent(case: &'a Case) -> Stand<'a> {
        Stand {
            case,
            erases: false,
            keeps: false,
            holds: false,
            discloses: false,
            tells: false,
            tells_now: false,
            silences: false,
            silences_firmly: false,
        }
    }

    /// Towards anybody whom it names: nobody is told yet, and everybody is meant by what binds.
    fn of(case: &'a Case, silencing: &BTreeSet<Bar>, terms: &Terms) -> Stand<'a> {
        let kind = terms.kind_of(case);
        let open = case.closed.is_none() && case.outcome.is_none();
        let erases = asks_for_erasure(case, kind);
        let kept = case.hold.as_ref().is_some_and(|hold| hold.runs());
        let asked_to_keep = open && case.hold.is_none() && kind.is_some_and(|kind| kind.preserves);
        // What binds is asked of the gate, so that the two never say different things of a case.
        let bound = silencing.iter().any(|bar| bar.is_firm());
        let tells = case.closed.is_none() && !bound && kind.is_some_and(|kind| kind.notify);
        Stand {
            case,
            erases: erases && case.closed.is_none() && is_to_be_erased(case, kind, terms.policy_of(case)),
            keeps: kept || asked_to_keep,
            holds: kept,
            discloses: open && !erases && kind.is_some_and(|kind| kind.may_disclose(case)),
            tells,
            tells_now: tells && clock::owes_notice(case, terms),
            silences: !silencing.is_empty(),
            silences_firmly: bound,
        }
    }

    fn stances(&self) -> BTreeSet<Stance> {
        let all = [
            (self.erases, Stance::Erases),
            (self.keeps, Stance::Keeps),
            (self.holds, Stance::Holds),
            (self.discloses, Stance::Discloses),
            (self.tells, Stance::Tells),
            (self.tells_now, Stance::Owes),
            (self.silences, Stance::Silences),
            (self.silences_firmly, Stance::Binds),
        ];
        all.into_iter().filter(|(is, _)| *is).map(|(_, stance)| stance).collect()
    }
}

/// Whether what is asked to be erased may still be: until it is on record as erased where that was granted, and until the request
/// has ended where nothing has come of it yet (rule 63).
fn is_to_be_erased(case: &Case, kind: Option<&Kind>, policy: Option<&Policy>) -> bool {
    match case.outcome.as_ref().map(|outcome| &outcome.what) {
        None => true,
        Some(Ending::Answered { extent: Extent::Full | Extent::Part }) => !says_erased(case, kind, policy),
        // What was not erased because something keeps it is erased once nothing does.
        Some(Ending::Answered { extent: Extent::None }) => {
            may_be_held_back(case, kind) && !says_erased(case, kind, policy)
        }
        Some(
            Ending::Refused { .. } | Ending::Withdrawn | Ending::Redirected { .. } | Ending::Duplicate { .. },
        ) => false,
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

/// Whether a hold kept what a case asks to have erased, when it was last looked for (rule 63). Whether it still does is asked when
/// the request is answered.
pub fn may_be_held_back(case: &Case, kind: Option<&Kind>) -> bool {
    let against = |conflict: &Conflict| conflict.one == case.id && conflict.how == Clash::ErasureAgainstHold;
    let is_kept = case.hold.as_ref().is_some_and(Hold::runs) || case.beside.unshown;
    asks_for_erasure(case, kind) && (is_kept || case.beside.conflicts.iter().any(against))
}

/// The line on which a person says which right they use.
pub const RIGHT_KEY: &str = "right";
/// The line on which they say what is to be erased.
pub const ERASE_KEY: &str = "erase";
/// The line that says that our copy was erased.
pub const ERASED_KEY: &str = "erased";

/// Whether it is on record that what was asked to be erased is (rule 44).
pub fn says_erased(case: &Case, kind: Option<&Kind>, policy: Option<&Policy>) -> bool {
    asks_for_erasure(case, kind) && erased_lines(case, policy).into_iter().all(|line| case.has_done(line))
}

/// The lines that say so, by key: the one about our copy, or where nothing else is asked for what is done elsewhere (rule 49).
pub fn erased_lines<'p>(case: &Case, policy: Option<&'p Policy>) -> Vec<&'p str> {
    let stop = [Stop::Line(ERASED_KEY.to_owned())];
    let mut ends = policy.into_iter().flat_map(|policy| policy.clocks.iter().map(move |rule| (rule, policy)));
    let elsewhere = ends
        .find(|(rule, policy)| rule.until.is_any(&stop) && tasks_suffice(case, rule, policy))
        .and_then(|(rule, _)| rule.tasks.as_ref());
    match elsewhere {
        Some(tasks) => tasks.lines.iter().map(String::as_str).collect(),
        None => vec![ERASED_KEY],
    }
}

/// Whether a person asks to be forgotten (rule 44).
pub fn asks_for_erasure(case: &Case, kind: Option<&Kind>) -> bool {
    case.fields_of(RIGHT_KEY).any(|field| match chosen_in(field, kind) {
        Some(rights) => rights.contains(&"erasure"),
        None => {
            let said = field.value.to_lowercase();
            ["eras", "forget", "forgotten", "delet"].iter().any(|word| said.contains(word))
        }
    })
}

/// Whether to grant a request gives records out. What a person asks about their own data does where they want a copy; what cannot
/// be read may be that.
pub fn asks_for_copy(case: &Case, kind: Option<&Kind>) -> bool {
    let mut lines = case.fields_of(RIGHT_KEY).peekable();
    let gives_out = |right: &&str| COPIES.contains(right);
    lines.peek().is_none()
        || lines.any(|field| chosen_in(field, kind).is_none_or(|rights| rights.iter().any(gives_out)))
}

/// Whether somebody uses no right but to have a copy of their data.
pub fn asks_for_copy_alone(case: &Case, kind: Option<&Kind>) -> bool {
    let is_copy = |right: &&str| COPIES.contains(right);
    case.fields_of(RIGHT_KEY)
        .all(|field| chosen_in(field, kind).is_some_and(|rights| rights.iter().all(is_copy)))
}

/// The rights to a copy.
const COPIES: [&str; 2] = ["access", "portability"];

/// The rights that a line names, or whatever else it chooses from a list, if it can be read.
pub fn chosen_in<'k>(field: &Field, kind: Option<&'k Kind>) -> Option<Vec<&'k str>> {
    several_of(&field.value, &kind?.field(&field.key)?.form)
}
