//! What cases have on record of each other – whom they may not tell because of another one (rule 60), and what another one keeps
//! down of what they would put back (rule 41) – is what would be found if every case were held against every other: the desk looks
//! into its lists alone, and into what the same batch has made of the rest.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod again;
#[path = "../room/mod.rs"]
mod room;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use docket::case::clock::owes_notice;
use docket::case::decide::gate::{forbids, silence};
use docket::case::decide::{MOST_NAMED, held_up, hushable, hushes, kept_down};
use docket::case::{Case, CaseId, Event, Hush, PurgeReason, Terms};
use docket::desk::Input;
use docket::policy::{self, Layer};
use docket::rehearsal::terms_under;
use room::watched::Watched;
use room::{Room, SharedJournal, now};

const SONG: &str = "mxc://example.org/song0001";

struct Desk {
    room: Room,
    index: Watched,
    terms: Terms,
    at: DateTime<Utc>,
}

impl Desk {
    fn new() -> Desk {
        let us = policy::stack(&[Layer::Pack("us")]).unwrap().policy;
        let (index, terms) = (Watched::new(), terms_under(us).unwrap());
        let room = Room::under(terms.clone(), SharedJournal::new(), index.clone());
        Desk { room, index, terms, at: now() }
    }

    /// What somebody types, all in one batch.
    fn say(&mut self, lines: &[(&str, String)]) {
        let inputs = lines.iter().map(|(who, line)| Input::Message(self.room.message(who, line)));
        let inputs: Vec<Input> = inputs.collect();
        self.room.desk.handle(inputs, self.at).unwrap();
    }

    fn each(&mut self, lines: &[&str]) {
        lines.iter().for_each(|line| self.together(&[line]));
    }

    fn together(&mut self, lines: &[&str]) {
        let lines: Vec<(&str, String)> = lines.iter().map(|line| ("ada", (*line).to_owned())).collect();
        self.say(&lines);
        self.assert_known(&format!("{lines:?}"));
    }

    fn approve(&mut self, number: u32) {
        let waits = self.index.case(number).and_then(|case| case.proposals.first().cloned());
        if let Some(proposal) = waits {
            self.say(&[("ben", format!("!case approve {number} {}", proposal.code))]);
        }
    }

    fn wait(&mut self, hours: i64) {
        self.at += TimeDelta::hours(hours);
        self.room.desk.handle(vec![Input::Tick { steady: None }], self.at).unwrap();
    }

    fn cases(&self) -> BTreeMap<CaseId, Case> {
        (1..60).map_while(|number| self.index.case(number)).map(|case| (case.id, case)).collect()
    }

    /// Nothing changes where every case is held against all others.
    #[track_caller]
    fn assert_known(&self, after: &str) {
        let all = self.cases();
        for case in all.values() {
            assert!(held_up(case).is_empty() && !case.kept_down.erased, "{} after {after}", case.id);
            let hushed = &case.hushed;
            let has_users = !hushable(case, &self.terms).is_empty();
            for event in has_users.then(|| hushes(case, &all, &self.terms)).into_iter().flatten() {
                let Event::Hushed { account, by, unshown } = &event else {
                    panic!("{event:?} after {after}")
                };
                let known = hushed.get(account).cloned().unwrap_or_default();
                let says = || format!("{} has {known:?}, not {event:?} after {after}", case.id);
                let mut named = known.by.iter().chain(&known.unshown);
                assert!(named.all(|id| !forbids(&all[id], account, &self.terms).is_empty()), "{}", says());
                // Where nobody is to be told now, it is enough that no name stands there wrongly. Where one case is named, others that
                // may be about anybody are found once that one lets go; and not all are named.
                let missed = by.difference(&known.by).chain(unshown.difference(&known.unshown));
                let is_of_anybody = |id: &CaseId| silence(&all[id], &self.terms).unwrap().of_anybody;
                let count = known.by.len() + known.unshown.len();
                let may_miss = count == MOST_NAMED || (count > 0 && missed.into_iter().all(is_of_anybody));
                assert!(may_miss || !owes_notice(case, &self.terms), "{}", says());
            }
            assert_eq!(
                kept_down(case, &all, &BTreeSet::new(), &self.terms),
                None,
                "{} after {after}",
                case.id
            );
        }
    }
}

fn notice(who: &str) -> String {
    format!(
        "!case new copyright officer={who} email={who}@r.example work=s material={SONG} good-faith=yes accuracy=yes \
         signature={who} accounts=@a:example.org"
    )
}

fn counter(who: &str) -> String {
    format!(
        "!case new counter-notice officer={who} email={who}@u.example material={SONG} address=\"1 Main St, US\" \
         phone=\"+1 617\" good-faith=yes consent=yes signature={who}"
    )
}

fn intimate() -> String {
    format!(
        "!case new intimate officer=V email=v@h.example material=mxc://example.org/pic00001 copies={SONG} good-faith=yes signature=V"
    )
}

/// What is typed on the way; `{}` is a case, `[]` another one.
const LINES: &[&str] = &[
    "{notice}",
    "{counter}",
    "{intimate}",
    "!case new preservation accounts=@a:example.org agency=X",
    "!case new information accounts=@b:example.org context=\"asked with @a:example.org\"",
    "!case new other confidential=yes accounts=@a:example.org",
    "!case set {} accounts=@a:example.org",
    "!case set {} accounts+=@b:example.org",
    "!case set {} accounts-=@a:example.org",
    "!case set {} confidential=yes",
    "!case set {} confidential=no",
    "!case set {} room=\"!abc:example.org\"",
    "!case set {} room=\"\"",
    "!case set {} material=mxc://example.org/song0002",
    "!case set {} material=mxc://example.org/song0001",
    "!case set {} court-action=2026-11-20",
    "!case set {} court-action=",
    "!case set {} restored=2026-12-10",
    "!case set {} restored=",
    "!case gag {} open by=\"the court\"",
    "!case gag {} lift by=\"the court\"",
    "!case gag {} not-binding reason=foreign",
    "!case gag {} not-about @a:example.org reason=\"another\"",
    "!case tag {} +csea",
    "!case answer {} full",
    "!case answer {} none",
    "!case refuse {} reason=other \"no\"",
    "!case withdraw {}",
    "!case reopen {}",
    "!case undo",
    "!case link {} [] as=counter",
    "!case link {} [] as=counter",
    "!case link {} [] as=duplicate",
    "!case unlink {} []",
    "!case sent {} notice via=mail",
    "approve",
    "approve",
    "approve",
    "wait",
];

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

fn walk(seed: u64, steps: usize) {
    let mut dice = Dice(seed);
    let mut desk = Desk::new();
    let counters = counter("b");
    desk.together(&[
        &notice("a"),
        &notice("c"),
        &counters,
        "!case new preservation accounts=@a:example.org agency=X",
    ]);
    let mut said: Vec<String> = Vec::new();
    for _ in 0..steps {
        let mut lines = Vec::new();
        for _ in 0..=dice.below(3) {
            let (number, other) = (1 + dice.below(6), 1 + dice.below(6));
            let line = match LINES[dice.below(LINES.len())] {
                "approve" => {
                    desk.approve(u32::try_from(number).unwrap());
                    continue;
                }
                "wait" => {
                    desk.wait(30);
                    continue;
                }
                "{notice}" => notice("d"),
                "{counter}" => counter("e"),
                "{intimate}" => intimate(),
                line => line.replace("{}", &number.to_string()).replace("[]", &other.to_string()),
            };
            lines.push((["ada", "ben", "sam"][dice.below(3)], line));
        }
        desk.say(&lines);
        said.push(format!("{lines:?}"));
        desk.assert_known(&said.join("\n"));
    }
}

#[test]
fn whatever_is_typed_every_case_knows_of_the_others_what_is_so() {
    for seed in 0..4 {
        walk(seed, 45);
    }
}

#[test]
fn that_a_case_is_not_about_somebody_and_that_this_is_over_is_known_to_whoever_would_tell_them() {
    let mut desk = Desk::new();
    let silenced = |desk: &Desk| desk.index.case(1).unwrap().hushed.values().any(Hush::binds);
    desk.each(&[
        "!case new preservation accounts=@a:example.org agency=X",
        "!case answer 1 none",
        "!case new other accounts=@z:example.org room=\"!abc:example.org\"",
    ]);
    assert!(!silenced(&desk));
    // Given a case that may be about anybody and binds, when two people find that it is not about a user, then they can be told
    desk.each(&["!case gag 2 open by=\"the court\""]);
    assert!(silenced(&desk));
    desk.each(&["!case gag 2 not-about @a:example.org reason=\"not in that room\""]);
    desk.approve(2);
    desk.assert_known("approved");
    assert!(!silenced(&desk));
    // and when something new binds on it, not any more.
    desk.each(&["!case set 2 instrument=\"order 7/26\""]);
    assert!(silenced(&desk));
}

fn down(desk: &Desk, number: u32) -> (Vec<u32>, bool, bool) {
    let case = desk.index.case(number).unwrap();
    let by = case.kept_down.by.iter().map(|id| id.number()).collect();
    (by, case.kept_down.erased, case.stays_down())
}

#[test]
fn a_notice_that_something_went_back_is_void_once_another_case_keeps_it_down() {
    let mut desk = Desk::new();
    desk.each(&[&notice("a"), "!case answer 1 full", "!case reopen 1", "!case withdraw 1"]);
    desk.each(&["!case sent 1 notice via=mail"]);
    assert_eq!(down(&desk, 1), (vec![], false, false));
    let waits = |desk: &Desk| !desk.index.case(1).unwrap().proposals.is_empty();
    assert!(waits(&desk));
    // What else happens leaves it waiting.
    desk.each(&["!case new other context=x"]);
    assert!(waits(&desk));
    desk.each(&[&notice("c")]);
    assert_eq!(down(&desk, 1), (vec![3], false, true));
    assert!(!waits(&desk));
}

#[test]
fn what_an_erased_case_kept_down_stays_so() {
    let mut desk = Desk::new();
    desk.each(&[&notice("a"), &notice("c"), "!case answer 1 full", "!case answer 2 full"]);
    desk.each(&["!case reopen 2", "!case withdraw 2"]);
    assert_eq!(down(&desk, 2), (vec![1], false, true));
    let erased = vec![CaseId::new(1).unwrap()];
    desk.room.desk.handle(vec![Input::Purge(erased, PurgeReason::Retention)], desk.at).unwrap();
    desk.say(&[("ada", "!case set 2 work=t".to_owned())]);
    assert_eq!(down(&desk, 2), (vec![], true, true));
}

#[test]
fn who_may_not_be_told_is_one_of_two_users() {
    let mut desk = Desk::new();
    desk.each(&[
        "!case new preservation accounts=\"@a:example.org, @b:example.org\" agency=X",
        "!case answer 1 none",
        "!case new other confidential=yes accounts=@a:example.org",
    ]);
    let hushed = desk.index.case(1).unwrap().hushed;
    let names: Vec<&str> = hushed.keys().map(|account| account.as_str()).collect();
    assert_eq!(names, ["@a:example.org"]);
}

#[test]
fn what_comes_to_bind_later_is_known_to_those_who_would_tell_its_users() {
    let mut desk = Desk::new();
    let hushed = |desk: &Desk| {
        let hushed = desk.index.case(1).unwrap().hushed;
        hushed
            .iter()
            .filter(|(_, hush)| hush.binds())
            .map(|(account, _)| account.to_string())
            .collect::<Vec<_>>()
    };
    desk.each(&[
        "!case new preservation accounts=\"@a:example.org, @b:example.org\" agency=X",
        "!case answer 1 none",
        "!case new other accounts=@b:example.org",
        "!case new other room=\"!abc:example.org\"",
    ]);
    assert_eq!(hushed(&desk), [""; 0]);
    desk.each(&["!case set 2 confidential=yes"]);
    assert_eq!(hushed(&desk), ["@b:example.org"]);
    desk.each(&["!case set 2 accounts+=@a:example.org"]);
    assert_eq!(hushed(&desk), ["@a:example.org", "@b:example.org"]);
    // One that may be about anybody, and what the same batch has made of the others.
    let mut desk = Desk::new();
    desk.together(&["!case new other room=\"!abc:example.org\"", "!case new other accounts=@b:example.org"]);
    desk.together(&[
        "!case new preservation accounts=\"@a:example.org, @b:example.org\" agency=X",
        "!case answer 3 none",
        "!case set 2 confidential=yes",
    ]);
    desk.together(&["!case gag 1 open by=\"the court\""]);
    desk.together(&[
        "!case new preservation accounts=@a:example.org agency=X",
        "!case answer 4 none",
        "!case set 2 confidential=no",
    ]);
}
