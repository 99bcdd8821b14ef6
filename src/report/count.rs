//! What a case adds to the report of a half-year, and to which half-years it adds anything.
//!
//! Every name that leaves here is the policy's or this program's: kinds, rights, countries' letters, codes. A line of a
//! request is compared with those and never passed on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::measure::NO_CODE;
use super::{Half, Measure, Silence, silence};
use crate::case::clock::{Run, runs};
use crate::case::conflict::RIGHT_KEY;
use crate::case::reserved::SEVERAL;
use crate::case::{Case, DATA_KEY, Ending, Extent, FieldForm, Kind, Policy, Stop, Telling, Terms, chosen};

/// A country that the policy does not know, or none; a kind of which the policy is not at hand.
pub const OTHER: &str = "other";
/// What data-subject requests count as; their right is counted too.
const SUBJECT: &str = "subject";
/// The normal form of the key that names a country, where the policy's form has no other line for it.
const COUNTRY_KEY: &str = "jurisdiction";
/// The tag, and the policy's code, that say that a request was not what it said (rule 61).
const FRAUD_TAG: &str = "fraud";
const FRAUD_CODE: &str = "unverified";

/// Where a case counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// What the kind counts as, by the policy's name.
    pub kind: String,
    /// Two letters, or `other`.
    pub country: String,
}

/// What cases add up to in one half-year. Nothing is hidden yet: it is shown to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    half: Half,
    /// How many cases were looked at.
    pub cases: usize,
    pub(super) counts: BTreeMap<Measure, BTreeMap<Cell, u64>>,
    /// What is bound to silence counts here and nowhere else.
    pub(super) bound: BTreeMap<Measure, u64>,
    /// Days from receipt to answer.
    pub(super) days: BTreeMap<Cell, Vec<u32>>,
}

impl Tally {
    /// Of nothing.
    pub fn new(half: Half) -> Tally {
        Tally { half, cases: 0, counts: BTreeMap::new(), bound: BTreeMap::new(), days: BTreeMap::new() }
    }

    /// The half-year.
    pub fn half(&self) -> Half {
        self.half
    }

    /// Takes in what a case adds.
    pub fn count(&mut self, case: &Case, terms: &Terms, now: DateTime<Utc>) {
        self.cases += 1;
        let zone = terms.zone;
        let silence = silence(case, terms).at(now);
        let facts = facts(case, terms, now);
        match silence {
            Silence::Binds => {
                for fact in facts.iter().filter(|fact| self.half.has(fact.at, zone)) {
                    *self.bound.entry(fact.measure.clone()).or_default() += fact.count;
                }
            }
            Silence::Never | Silence::Until(_) => {
                // What happened in silence counts when that ended.
                let counts_at = |at: DateTime<Utc>| silence.end().map_or(at, |end| at.max(end));
                let cell = cell(case, terms);
                for fact in facts.iter().filter(|fact| self.half.has(counts_at(fact.at), zone)) {
                    let cells = self.counts.entry(fact.measure.clone()).or_default();
                    *cells.entry(cell.clone()).or_default() += fact.count;
                }
                if let Some((at, days)) = days(case, zone)
                    && self.half.has(counts_at(at), zone)
                {
                    self.days.entry(cell).or_default().push(days);
                }
            }
        }
    }

    /// Takes in what others were counted into.
    pub fn add(&mut self, other: Tally) {
        self.cases += other.cases;
        for (measure, cells) in other.counts {
            let own = self.counts.entry(measure).or_default();
            for (cell, count) in cells {
                *own.entry(cell).or_default() += count;
            }
        }
        for (measure, count) in other.bound {
            *self.bound.entry(measure).or_default() += count;
        }
        for (cell, days) in other.days {
            self.days.entry(cell).or_default().extend(days);
        }
    }
}

/// The half-years that a case adds to, or may: the list that a report is made from. It does not ask what time it is.
pub fn halves(case: &Case, terms: &Terms) -> BTreeSet<Half> {
    let notices = case.notices.values().map(|notice| notice.at);
    let held = case.hold.iter().flat_map(|hold| hold.extensions.iter().copied().chain([hold.from]));
    let ended = case.outcome.iter().map(|outcome| outcome.at);
    let spoken = silence(case, terms).end();
    let all = [case.received].into_iter().chain(notices).chain(held).chain(ended).chain(spoken);
    all.map(|at| Half::of(at, terms.zone)).collect()
}

/// Something that counts, and when it happened.
struct Fact {
    at: DateTime<Utc>,
    measure: Measure,
    count: u64,
}

fn facts(case: &Case, terms: &Terms, now: DateTime<Utc>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |at, measure, count| {
        if count > 0 {
            facts.push(Fact { at, measure, count });
        }
    };
    let policy = terms.policy_of(case);
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    add(case.received, Measure::Received, 1);
    let named: BTreeSet<_> = case.subjects().map(|subject| &subject.account).collect();
    add(case.received, Measure::AccountsNamed, number(named.len()));
    let (content, other) = policy.map(|policy| asked_for(case, policy)).unwrap_or_default();
    add(case.received, Measure::AskedContent, content.into());
    add(case.received, Measure::AskedOther, other.into());
    add(case.received, Measure::DeadlinesMissed, number(missed(case, terms, now)));
    add(case.received, Measure::SuspectedFraud, is_suspect(case).into());
    if let Some(outcome) = &case.outcome {
        let measure = match &outcome.what {
            Ending::Answered { extent } => Measure::Answered(*extent),
            Ending::Refused { code } => {
                let known = policy.and_then(|policy| policy.reason(code));
                Measure::Refused(known.map_or(NO_CODE, |reason| reason.code.as_str()).to_owned())
            }
            Ending::Withdrawn => Measure::Withdrawn,
            Ending::Redirected { to } => Measure::Redirected(*to),
            Ending::Duplicate { .. } => Measure::Duplicate,
        };
        add(outcome.at, measure, 1);
        if gave_out(&outcome.what) && terms.kind_of(case).is_some_and(|kind| kind.may_disclose(case)) {
            let ours: BTreeSet<_> =
                case.subjects().filter(|subject| subject.ours).map(|subject| &subject.account).collect();
            add(outcome.at, Measure::AccountsAffected, number(ours.len()));
        }
    }
    if let Some(hold) = &case.hold {
        add(hold.from, Measure::Held, 1);
        for at in &hold.extensions {
            add(*at, Measure::Extended, 1);
        }
    }
    let spoken = case.gag.as_ref().and_then(|gag| gag.over.as_ref()).map(|over| over.at);
    for notice in case.notices.values() {
        match &notice.what {
            Telling::Told { .. } => {
                add(notice.at, Measure::Told, 1);
                if spoken.is_some_and(|over| notice.at >= over) {
                    add(notice.at, Measure::ToldAfterGag, 1);
                }
            }
            Telling::Withheld { reason, .. } => {
                let mut known = policy.iter().flat_map(|policy| &policy.notice.exceptions);
                let known = known.find(|exception| exception.code.eq_ignore_ascii_case(reason));
                let code = known.map_or(NO_CODE, |exception| exception.code.as_str()).to_owned();
                add(notice.at, Measure::NoticeWithheld(code), 1);
            }
            // Told once it is there.
            Telling::Sending { .. } => {}
            Telling::Waived { .. } => add(notice.at, Measure::NoticeWaived, 1),
        }
    }
    facts
}

fn gave_out(ending: &Ending) -> bool {
    matches!(ending, Ending::Answered { extent: Extent::Full | Extent::Part })
}

/// Whether somebody marked it as fraud, or it was refused because nobody could verify it.
fn is_suspect(case: &Case) -> bool {
    let refused = case.outcome.as_ref().map(|outcome| &outcome.what);
    case.tags.contains(FRAUD_TAG)
        || matches!(refused, Some(Ending::Refused { code }) if code.eq_ignore_ascii_case(FRAUD_CODE))
}

/// Whether a request asks for content, and for something else.
fn asked_for(case: &Case, policy: &Policy) -> (bool, bool) {
    let pieces = case.fields_of(DATA_KEY).flat_map(|field| field.value.split([',', ';', '\n']));
    let mut asked = (false, false);
    for piece in pieces {
        let piece = piece.trim().to_lowercase();
        let is_called = |name: &String| name.to_lowercase() == piece;
        let found = policy
            .categories
            .iter()
            .find(|category| is_called(&category.name) || category.aliases.iter().any(is_called));
        match found.map(|category| category.content) {
            Some(true) => asked.0 = true,
            Some(false) => asked.1 = true,
            None => {}
        }
    }
    asked
}

/// How many clocks of the policy were missed: those that run and are over, and those that ended after they were due.
fn missed(case: &Case, terms: &Terms, now: DateTime<Utc>) -> usize {
    if terms.policy_of(case).is_none_or(|policy| policy.clocks.is_empty()) {
        return 0;
    }
    // Of what only lasts nothing is missed.
    let counts = |run: &Run<'_>| run.rule.is_some_and(|rule| !rule.lasts) && !run.still;
    let over = runs(case, terms).into_iter().filter(|run| counts(run) && run.clock.due < now);
    // A clock that ended no longer runs: it is looked at as it was a moment before.
    let mut before = case.clone();
    before.closed = None;
    before.outcome = None;
    let ended = case.outcome.as_ref().map(|outcome| outcome.at).into_iter().map(|at| {
        let late = runs(&before, terms).into_iter().filter(|run| {
            run.rule.is_some_and(|rule| rule.until.is_any(&[Stop::Answered])) && run.clock.due < at
        });
        late.count()
    });
    over.count() + ended.sum::<usize>()
}

/// When a request was answered, and after how many days of the calendar. What was withdrawn, or is a duplicate, was not.
fn days(case: &Case, zone: Tz) -> Option<(DateTime<Utc>, u32)> {
    let outcome = case.outcome.as_ref()?;
    let is_answer = match outcome.what {
        Ending::Answered { .. } | Ending::Refused { .. } | Ending::Redirected { .. } => true,
        Ending::Withdrawn | Ending::Duplicate { .. } => false,
    };
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let days = (day(outcome.at) - day(case.received)).num_days().max(0);
    is_answer.then_some((outcome.at, u32::try_from(days).unwrap_or(u32::MAX)))
}

/// Where a case counts. Only names that the policy has are passed on.
fn cell(case: &Case, terms: &Terms) -> Cell {
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else {
        return Cell { kind: OTHER.to_owned(), country: OTHER.to_owned() };
    };
    Cell { kind: kind_name(case, kind), country: country(case, kind, policy) }
}

fn kind_name(case: &Case, kind: &Kind) -> String {
    let name = counts_as(kind);
    let said = case.fields_of(RIGHT_KEY).next().map_or("", |field| field.value.trim());
    match kind.field(RIGHT_KEY).filter(|_| name == SUBJECT).map(|rule| &rule.form) {
        Some(FieldForm::OneOf(rights)) => {
            let right = rights.iter().find(|right| right.to_lowercase() == said.to_lowercase());
            of_right(right.map_or(OTHER, String::as_str))
        }
        // A request counts once, however many rights it names.
        Some(FieldForm::SomeOf(rights)) => of_right(match chosen(said, rights).as_deref() {
            Ok([right]) => right,
            Ok(_) => SEVERAL,
            Err(_) => OTHER,
        }),
        Some(_) | None => name.to_owned(),
    }
}

/// What a kind counts as.
pub(super) fn counts_as(kind: &Kind) -> &str {
    kind.counts_as.as_deref().unwrap_or(&kind.name)
}

/// The names that cases of a kind can count under.
pub(super) fn names(kind: &Kind) -> Vec<String> {
    match kind.field(RIGHT_KEY).map(|rule| &rule.form) {
        Some(FieldForm::OneOf(rights)) if counts_as(kind) == SUBJECT => {
            rights.iter().map(|right| of_right(right)).collect()
        }
        Some(FieldForm::SomeOf(rights)) if counts_as(kind) == SUBJECT => {
            let words = rights.iter().map(|right| right.word.as_str());
            words.chain([SEVERAL]).map(of_right).collect()
        }
        Some(_) | None => vec![counts_as(kind).to_owned()],
    }
}

fn of_right(right: &str) -> String {
    format!("{SUBJECT} ({right})")
}

fn country(case: &Case, kind: &Kind, policy: &Policy) -> String {
    let line = kind.fields.iter().find(|rule| rule.form == FieldForm::Country);
    let key = line.map_or(COUNTRY_KEY, |rule| rule.key.as_str());
    let Some(field) = case.fields_of(key).next() else {
        return OTHER.to_owned();
    };
    let said = field.value.trim();
    if let Some(letters) = policy.countries.get(&said.to_lowercase()) {
        return letters.clone();
    }
    let instruments = policy.instruments.iter().flat_map(|instrument| &instrument.countries);
    let mut known = policy.countries.values().chain(&policy.accepts).chain(instruments);
    known.find(|letters| letters.eq_ignore_ascii_case(said)).cloned().unwrap_or_else(|| OTHER.to_owned())
}
