//! Taking back one's own last command.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use proptest::prelude::*;

use super::given::*;
use super::typed::commands;
use crate::case::decide::undo::{Entry, History, taking_back, way_back};
use crate::case::decide::{Draw, Events, Setting, open};
use crate::case::*;

/// Two cases with everything that ever happened to them.
pub(super) struct Told {
    pub(super) given: [Given; 2],
    histories: BTreeMap<CaseId, History>,
    seq: u64,
}

/// Two cases, opened and nothing more.
pub(super) fn told() -> Told {
    let one = given("preservation").under(|policy| {
        policy.kinds.iter_mut().for_each(|kind| kind.preserves = true);
    });
    let mut told = Told { given: [one.clone(), one.numbered(2)], histories: BTreeMap::new(), seq: 0 };
    for number in [1, 2] {
        let given = &told.given[0];
        let setting =
            Setting { actor: &ada(), terms: &given.terms, now: given.now, certain: true, draw: given.draw };
        let events = open(id(number), opening("preservation", Vec::new()), &setting).unwrap();
        told.record(Some(ada()), &events);
    }
    told
}

impl Told {
    pub(super) fn record(&mut self, by: Option<Account>, events: &Events) {
        self.seq += 1;
        for at in 0..2 {
            let given = &mut self.given[at];
            let own: Vec<Event> = events
                .iter()
                .filter(|(id, _)| *id == given.case.id)
                .map(|(_, event)| event.clone())
                .collect();
            if own.is_empty() {
                continue;
            }
            for event in &own {
                given.case.apply(event, by.as_ref().unwrap_or(&ada()), given.now);
            }
            let entry = Entry { seq: self.seq, at: given.now, by: by.clone(), events: own };
            self.histories.entry(given.case.id).or_default().push(entry);
        }
    }

    /// Somebody types something on the first case; whether it is done.
    pub(super) fn types(&mut self, who: &str, command: Command) -> bool {
        let given = self.given[0].beside(self.given[1].clone()).by(who);
        let decided = given.when(command).decided;
        decided.is_ok_and(|events| {
            self.record(Some(given.actor.clone()), &events);
            true
        })
    }

    pub(super) fn docket(&mut self, event: Event) {
        self.record(None, &vec![(id(1), event)]);
    }

    pub(super) fn back(&self, who: &str) -> Result<Command, Refusal> {
        let given = self.given[0].by(who);
        taking_back(id(1), &self.histories, &given.actor, given.now)
    }

    #[track_caller]
    pub(super) fn stays(&self, why: NoWayBack) {
        assert_eq!(self.back("ada"), Err(why.into()));
    }

    #[track_caller]
    fn takes_two(&self, why: Effect) {
        let command = self.back("ada").unwrap();
        self.given[0].beside(self.given[1].clone()).when(command).proposed(why);
    }
}

fn note() -> Command {
    Command::Note { text: "x".to_owned() }
}

#[test]
fn what_was_done_last_goes_back() {
    let mut told = told();
    assert!(told.types("ada", set([put(text("reference", "OP-1"))])));
    let before = told.given[0].case.clone();
    assert!(told.types("ada", set([put(text("reference", "OP-2"))])));
    let command = told.back("ada").unwrap();
    assert!(told.types("ada", command));
    assert_eq!(told.given[0].case.fields, before.fields);
    told.stays(NoWayBack::TakenBackAlready);
}

#[test]
fn nobody_takes_back_what_somebody_else_did() {
    let mut told = told();
    told.types("ada", note());
    told.types("ben", note());
    told.stays(NoWayBack::SomebodyElse { by: account("@ben:our.org") });
    assert!(told.back("ben").is_ok());
}

#[test]
fn ten_minutes_and_no_more() {
    let mut told = told();
    told.types("ada", note());
    let then = told.given[0].now;
    told.given[0].now += TimeDelta::minutes(10);
    assert!(told.back("ada").is_ok());
    told.given[0].now += TimeDelta::milliseconds(1);
    told.stays(NoWayBack::TooLate { at: then });
}

#[test]
fn a_duplicate_that_was_opened_again_is_one_again_on_both() {
    let mut told = told();
    assert!(told.types("ada", Command::Link { other: id(2), how: Relation::Duplicate }));
    assert!(told.types("ada", Command::Reopen { reason: None }));
    let kept = |told: &Told| told.given[1].case.worked_again.contains(&id(1));
    assert!(kept(&told));
    let command = told.back("ada").unwrap();
    assert!(told.types("ada", command));
    assert!(!kept(&told) && told.given[0].case.outcome.is_some());
}

#[test]
fn of_what_ended_the_link_once_nothing_is_asked() {
    let mut told = told();
    told.types("ada", Command::Link { other: id(2), how: Relation::Duplicate });
    told.types("ada", Command::Reopen { reason: None });
    told.types("ada", Command::Withdraw { reason: None });
    let given = told.given[0].clone();
    // The other has gone on since, and knows nothing of how this one is opened again.
    told.record(Some(ada()), &vec![(id(2), Event::Noted { text: "x".to_owned() })]);
    assert!(given.case.outcome.is_some() && told.types("ada", Command::Reopen { reason: None }));
    assert!(told.back("ada").is_ok());
}

#[test]
fn what_came_in_stays() {
    told().stays(NoWayBack::OpenedIt);
}

#[test]
fn what_has_left_the_house_stays() {
    let sent = Event::LetterSent { letter: "ack".to_owned(), via: "mail".to_owned(), at: now() };
    let text = "ask there".to_owned();
    let redirected = Event::Redirected { to: Elsewhere::Mlat, text };
    let mut told = told();
    told.record(Some(ada()), &vec![(id(1), redirected)]);
    // Where to ask has gone to nobody yet; its letter takes it there.
    assert!(matches!(told.back("ada"), Ok(Command::Undo { .. })));
    told.record(Some(ada()), &vec![(id(1), sent)]);
    told.stays(NoWayBack::LeftTheHouse);
}

#[test]
fn what_two_people_did_stays() {
    let mut told = told();
    told.types("ada", Command::Hold(HoldStep::Start { term: None, from: None }));
    told.types("ada", Command::Hold(HoldStep::Release));
    told.types("ada", Command::Deny { code: None, reason: None });
    told.stays(NoWayBack::NotOnePersons);
}

#[test]
fn an_approval_that_cools_is_denied_instead() {
    let mut told = told();
    told.types("ada", Command::Hold(HoldStep::Start { term: None, from: None }));
    told.types("ada", Command::Hold(HoldStep::Release));
    let code = told.given[0].code();
    assert!(told.types("ben", Command::Approve { code: code.clone(), alone: None }));
    assert_eq!(told.back("ben"), Err(NoWayBack::StillCools { code: code.clone() }.into()));
    assert!(told.types("ben", Command::Deny { code: Some(code), reason: None }));
    assert!(told.given[0].case.proposals.is_empty());
    assert_eq!(told.back("ben"), Err(NoWayBack::NotOnePersons.into()));
}

#[test]
fn what_was_proposed_by_mistake_is_proposed_no_longer() {
    let mut told = told();
    told.types("ada", Command::Hold(HoldStep::Start { term: None, from: None }));
    told.types("ada", Command::Hold(HoldStep::Release));
    let command = told.back("ada").unwrap();
    assert!(told.types("ada", command));
    assert!(told.given[0].case.proposals.is_empty());
}

#[test]
fn what_docket_says_of_its_own_messages_is_passed_over_and_what_time_brings_is_not() {
    let mut told = told();
    told.types("ada", Command::Hold(HoldStep::Start { term: None, from: None }));
    told.docket(Event::CardPosted { post: "$1".to_owned(), moves: 0 });
    assert!(told.back("ada").is_ok());
    told.docket(Event::HoldOver { how: HoldEnding::Expired });
    told.stays(NoWayBack::TimeWentOn);
}

#[test]
fn to_look_is_no_change() {
    let mut told = told();
    told.types("ada", note());
    told.record(Some(account("@ben:our.org")), &vec![(id(1), Event::Looked { what: "show".to_owned() })]);
    assert!(told.back("ada").is_ok());
}

#[test]
fn what_docket_says_beside_it_neither_bars_the_way_back_nor_goes_back() {
    let conflict = || Conflict { one: id(1), other: id(2), how: Clash::ErasureAgainstHold };
    let mut told = told();
    let posted = Event::CardPosted { post: "$1".to_owned(), moves: 0 };
    let noted = Event::Noted { text: "x".to_owned() };
    let events = [posted, noted.clone(), Event::Contradicted { conflict: conflict() }];
    told.record(Some(ada()), &events.into_iter().map(|event| (id(1), event)).collect());
    told.docket(Event::Reminded { of: Vec::new(), in_doubt: false });
    // Somebody opened another case that contradicts it.
    let kept = Event::KeptDown {
        by: [id(2)].into(),
        unshown: [].into(),
        rest: false,
        again: false,
        erased: false,
        until: None,
        is_back: false,
        asked: Others::default(),
    };
    for beside in [Event::Contradicted { conflict: conflict() }, kept] {
        told.record(Some(account("@ben:our.org")), &vec![(id(1), beside)]);
    }
    match told.back("ada") {
        Ok(Command::Undo { returns }) => assert_eq!(returns[0].took, [noted]),
        other => panic!("{other:?}"),
    }
    told.record(Some(account("@ben:our.org")), &vec![(id(1), Event::Seen { clocks: None })]);
    told.stays(NoWayBack::SomebodyElse { by: account("@ben:our.org") });
}

/// Each thing that happens goes back by its own part, and nothing else does.
#[test]
fn what_did_not_change_does_not_go_back() {
    let before = given("preservation").done(Command::Tag { add: owned(&["x"]), remove: Vec::new() });
    let tried = Event::VerificationTried {
        what: Verifiable::Requester,
        by: ada(),
        how: "called".to_owned(),
        entry: None,
        call: None,
        outcome: CallOutcome::NoAnswer,
    };
    let prolonged = Event::ClockProlonged {
        clock: "answer".to_owned(),
        term: Term::of(Span::Days(1)),
        reason: "x".to_owned(),
    };
    let scope = Event::ScopeSet { category: "account".to_owned(), allowed: true, reason: None };
    let received = Event::ReceivedSet {
        at: now() - TimeDelta::days(1),
        field: text("received", "x"),
        counters: None,
        further: Vec::new(),
    };
    let verified = |what| Event::Verified {
        what,
        by: ada(),
        how: "read".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    };
    let same = way_back(&before.case, &before.case);
    assert_eq!(same, []);
    for (event, part) in [
        (Event::Assigned { to: Some(ada()) }, "owner"),
        (Event::Tagged { added: owned(&["y"]), removed: Vec::new() }, "tags"),
        (linked(2, Relation::Referral, true), "links"),
        (Event::Noted { text: "x".to_owned() }, "notes"),
        (attached("order", FileRole::Other), "files"),
        (verified(Verifiable::Instrument), "verified"),
        (tried, "tried"),
        (Event::Flagged { flag: Flag::Csea }, "flags"),
        (scope, "scope"),
        (Event::WaitBegan { from: now(), asked: Vec::new() }, "waits"),
        (prolonged, "prolonged"),
        (Event::Snoozed { until: now() }, "snoozed"),
        (Event::CostAdded { cents: 1, currency: "GBP".to_owned(), what: "x".to_owned() }, "costs"),
        (received, "lines received"),
    ] {
        let parts = way_back(&before.case, &before.after(event).case);
        assert_eq!(parts.iter().map(name).collect::<Vec<_>>().join(" "), part);
    }
}

fn name(part: &Back) -> &'static str {
    match part {
        Back::Lines { .. } => "lines",
        Back::Owner { .. } => "owner",
        Back::Tags { .. } => "tags",
        Back::Links { .. } => "links",
        Back::Notes { .. } => "notes",
        Back::Files { .. } => "files",
        Back::Verified { .. } => "verified",
        Back::Tried { .. } => "tried",
        Back::Flags { .. } => "flags",
        Back::Scope { .. } => "scope",
        Back::Waits { .. } => "waits",
        Back::Prolonged { .. } => "prolonged",
        Back::Snoozed { .. } => "snoozed",
        Back::Costs { .. } => "costs",
        Back::Received { .. } => "received",
        Back::Freed { .. } => "freed",
        _ => "something else",
    }
}

#[test]
fn of_two_proposals_the_one_that_was_made_last_is_withdrawn() {
    let mut told = told();
    told.types("ada", Command::Hold(HoldStep::Start { term: None, from: None }));
    told.types("ada", Command::Hold(HoldStep::Release));
    let first = told.given[0].code();
    told.given[0].draw = Draw([1, 11, 1, 1, 1, 1, 1, 1]);
    for given in &mut told.given {
        *given = given.under(|policy| policy.two_people.acts.push("note".to_owned()));
    }
    told.types("ada", note());
    assert_eq!(told.given[0].case.proposals.len(), 2);
    let command = told.back("ada").unwrap();
    assert!(told.types("ada", command));
    assert_eq!(told.given[0].code(), first);
    assert_eq!(told.given[0].case.proposals.len(), 1);
}

#[test]
fn a_link_goes_back_on_both_cases_or_not_at_all() {
    let mut told = told();
    assert!(told.types("ada", link(2, Relation::Duplicate)));
    let command = told.back("ada").unwrap();
    told.record(Some(account("@ben:our.org")), &vec![(id(2), Event::Noted { text: "x".to_owned() })]);
    told.stays(NoWayBack::OtherWentOn(id(2)));
    assert!(told.types("ada", command));
    assert!(told.given.iter().all(|given| given.case.links.is_empty()));
    assert_eq!(told.given[0].case.outcome, None);
}

#[test]
fn to_take_back_a_gag_takes_two() {
    let mut told = told();
    let gag = Command::Gag(GagStep::Set { by: Some("x".to_owned()), until: None });
    assert!(told.types("ada", gag));
    told.takes_two(Effect::Tell);
}

#[test]
fn to_take_back_that_somebody_is_named_on_a_bound_case_takes_two() {
    let mut told = told();
    told.types("ada", set([put(accounts(&["@a:our.org"]))]));
    told.types("ada", Command::Gag(GagStep::Set { by: Some("x".to_owned()), until: None }));
    assert!(told.types("ada", set([Edit::AddAccounts(accounts(&["@b:our.org"]))])));
    told.takes_two(Effect::Tell);
}

#[test]
fn to_take_back_a_hold_takes_two() {
    let mut told = told();
    assert!(told.types("ada", Command::Hold(HoldStep::Start { term: None, from: None })));
    told.takes_two(Effect::Destroy);
}

#[test]
fn a_number_that_came_and_went_is_still_the_requesters() {
    let mut told = told();
    told.types("ada", set([put(text("phone", "+44 20 7946 0001"))]));
    let command = told.back("ada").unwrap();
    told.types("ada", command);
    assert!(told.given[0].case.fields.is_empty());
    let numbers: BTreeSet<String> = told.given[0].case.numbers().into_iter().collect();
    assert!(!numbers.is_empty());
}

#[test]
fn whoever_approves_that_a_note_goes_back_approves_over_the_same_notes() {
    let mut told = told();
    for given in &mut told.given {
        *given = given.under(|policy| policy.two_people.acts.push("undo".to_owned()));
    }
    told.types("ada", note());
    let command = told.back("ada").unwrap();
    told.types("ada", command);
    let code = told.given[0].code();
    told.types("ben", note());
    told.types("ben", Command::Approve { code, alone: None });
    assert_eq!(told.given[0].case.note_count, 2, "the proposal is void");
}

/// What is the same again: all but what stays on record, and what people were told.
fn compared(case: &Case) -> Case {
    Case {
        former_numbers: BTreeSet::new(),
        former_domains: BTreeSet::new(),
        typed: BTreeSet::new(),
        came: BTreeMap::new(),
        answered_with: None,
        reminded: BTreeMap::new(),
        seen: Default::default(),
        changed: case.opened,
        ..case.clone()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn whatever_goes_back_leaves_the_case_as_it_was(
        before in prop::collection::vec(commands(), 0..8),
        last in commands(),
    ) {
        let mut told = told();
        for command in before {
            told.types("ada", command);
        }
        let were = [compared(&told.given[0].case), compared(&told.given[1].case)];
        prop_assume!(told.types("ada", last));
        match told.back("ada") {
            Ok(Command::Undo { returns }) => {
                let events: Events = returns
                    .into_iter()
                    .map(|Return { case, took, back }| (case, Event::TakenBack { took, back }))
                    .collect();
                told.record(Some(ada()), &events);
                for (given, was) in told.given.iter().zip(were) {
                    prop_assert_eq!(compared(&given.case), was);
                }
            }
            Ok(other) => prop_assert!(false, "{other:?}"),
            Err(Refusal::NoWayBack(NoWayBack::NotOnePersons | NoWayBack::AdoptedPolicy | NoWayBack::LeftTheHouse | NoWayBack::LeftNoTrace)) => {}
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}

#[test]
fn what_counts_without_any_other_change_goes_back_too() {
    let given = given("preservation");
    let differs = |change: fn(&mut Case)| {
        let mut after = given.case.clone();
        change(&mut after);
        way_back(&given.case, &after)
    };
    assert!(matches!(differs(|case| case.acted_on = true).as_slice(), [Back::Outcome { .. }]));
    assert!(matches!(differs(|case| case.secrecy_lapsed = true).as_slice(), [Back::Silence { .. }]));
    assert!(differs(|_| ()).is_empty());
}
