//! What stands for the whole desk outlives it: a case goes on under the policy that it was opened under (rule 59).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use std::sync::{Arc, Mutex};

use docket::case::{Account, Scope, Tell, Terms};
use docket::desk::{Desk, Input, WorksBy};
use docket::files::MemoryFiles;
use docket::ports::{Changes, Facet, Head, Index, IndexFault, Journal};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;
use room::{Room, SharedJournal};

/// An index that outlives its desk, and counts how often it is made anew.
#[derive(Clone)]
struct Kept(Arc<Mutex<(MemoryIndex, usize)>>);

impl Kept {
    fn new() -> Kept {
        Kept(Arc::new(Mutex::new((MemoryIndex::new(), 0))))
    }

    fn rebuilds(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

impl Index for Kept {
    fn head(&self) -> Option<Head> {
        self.0.lock().unwrap().0.head()
    }
    fn value(&self, scope: Scope) -> Result<Option<Vec<u8>>, IndexFault> {
        self.0.lock().unwrap().0.value(scope)
    }
    fn numbers(&self, facet: &Facet, from: u64) -> Result<Vec<u64>, IndexFault> {
        self.0.lock().unwrap().0.numbers(facet, from)
    }
    fn apply(&mut self, head: Head, changes: Changes) -> Result<(), IndexFault> {
        self.0.lock().unwrap().0.apply(head, changes)
    }
    fn begin_rebuild(&mut self) -> Result<(), IndexFault> {
        let mut kept = self.0.lock().unwrap();
        kept.1 += 1;
        kept.0.begin_rebuild()
    }
    fn load(&mut self, put: Vec<(Scope, Vec<u8>)>, add: Vec<(Facet, u64)>) -> Result<(), IndexFault> {
        self.0.lock().unwrap().0.load(put, add)
    }
    fn finish_rebuild(&mut self, head: Head) -> Result<(), IndexFault> {
        self.0.lock().unwrap().0.finish_rebuild(head)
    }
    fn close(self: Box<Self>) -> Result<(), IndexFault> {
        Ok(())
    }
}

/// The terms of an operator who changed the policy: complaints are gone, and comments are new.
fn other_terms() -> Terms {
    let mut terms = terms().unwrap();
    let mut policy = terms.policies.pop_first().unwrap().1;
    policy.version = "ours/2".to_owned();
    for kind in &mut policy.kinds {
        if kind.name == "complaint" {
            kind.name = "comment".to_owned();
        }
    }
    terms.current = policy.version.clone();
    terms.policies.insert(policy.version.clone(), policy);
    terms
}

#[test]
fn a_case_goes_on_under_the_policy_that_it_was_opened_under() {
    for kept_index in [true, false] {
        let (journal, index) = (SharedJournal::new(), Kept::new());
        let again = || if kept_index { index.clone() } else { Kept::new() };
        let mut first = Room::under(terms().unwrap(), journal.clone(), index.clone());
        assert!(first.first_line("!case new complaint nobody answered").starts_with("C-1 opened: complaint"));
        drop(first);
        let made = index.rebuilds();

        let mut second = Room::under(other_terms(), journal.clone(), again());
        assert_eq!(second.desk.terms().policies.len(), 2);
        assert!(second.first_line("!case new complaint again").starts_with("Not done: there is no kind"));
        assert!(second.first_line("!case new comment hello").starts_with("C-2 opened: comment"));
        assert_eq!(second.first_line("!case set 1 officer=Roe"), "C-1 · Officer is now Roe");
        assert!(second.first_line("!case check 1").starts_with("C-1 · complaint"));
        drop(second);

        // And back again: the version is on record already, and that it is followed is put down.
        let records = journal.head().seq.0;
        let mut third = Room::under(terms().unwrap(), journal.clone(), again());
        assert_eq!(third.desk.terms().policies.len(), 2);
        assert!(third.first_line("!case note 2 a comment").starts_with("C-2 · note added"));
        assert_eq!(journal.head().seq.0, records + 2);
        assert!(third.first_line("!case note 2 another").starts_with("C-2 · note added"));
        assert_eq!(journal.head().seq.0, records + 3);
        if kept_index {
            assert_eq!(index.rebuilds(), made, "another policy makes no lists anew");
        }
    }
}

#[test]
fn whoever_has_only_the_data_goes_by_the_policy_that_was_followed_last() {
    for kept_index in [true, false] {
        let (journal, index) = (SharedJournal::new(), Kept::new());
        let again = || if kept_index { index.clone() } else { Kept::new() };
        let by_record = |journal: &SharedJournal| {
            let by = WorksBy::Record { otherwise: terms().unwrap() };
            let files = Box::new(MemoryFiles::default());
            Desk::open(Box::new(journal.clone()), Box::new(again()), files, by, &mut |_| {}).unwrap()
        };
        let shipped = terms().unwrap().current;
        assert_eq!(by_record(&journal).terms().current, shipped, "nothing is on record yet");

        let mut ours = other_terms();
        ours.zone = chrono_tz::Asia::Tokyo;
        let mut first = Room::under(ours.clone(), journal.clone(), again());
        first.say("!case new comment hello");
        drop(first);
        let desk = by_record(&journal);
        assert_eq!((desk.terms().current.as_str(), desk.terms().zone), ("ours/2", ours.zone));
        assert_eq!(desk.terms().people, terms().unwrap().people);
        drop(desk);

        // To another one and back, and to another zone: neither is a new version.
        let mut second = Room::under(terms().unwrap(), journal.clone(), again());
        second.say("!case note 1 by the shipped policy");
        drop(second);
        assert_eq!(by_record(&journal).terms().current, shipped);
        ours.zone = chrono_tz::Europe::Berlin;
        let mut third = Room::under(ours.clone(), journal.clone(), again());
        third.say("!case note 1 by ours");
        drop(third);
        let mut desk = by_record(&journal);
        assert_eq!((desk.terms().current.as_str(), desk.terms().zone), ("ours/2", ours.zone));

        // What is done by the record does not change what is followed.
        let ben = Account::parse("@ben:try.test").unwrap();
        let seq = journal.head().seq.0;
        desk.handle(vec![Input::Resume(ben.clone())], "2026-11-20T10:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(journal.head().seq.0, seq, "nobody is frozen");
        drop(desk);
        let mut fourth = Room::under(ours, journal.clone(), again());
        fourth.say("!case freeze @ben");
        drop(fourth);
        let seq = journal.head().seq.0;
        let mut desk = by_record(&journal);
        desk.handle(vec![Input::Resume(ben)], "2026-11-20T10:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(journal.head().seq.0, seq + 1, "nothing but that");
    }
}

#[test]
fn a_case_goes_on_under_another_policy_only_when_somebody_says_so() {
    let journal = SharedJournal::new();
    let mut first = Room::under(terms().unwrap(), journal.clone(), MemoryIndex::new());
    first.say("!case new complaint nobody answered");
    first.say("!case new terms spam");
    let old = first.desk.terms().current.clone();

    let mut second = Room::under(other_terms(), journal.clone(), MemoryIndex::new());
    let card = second.say("!case show 2")[0].page.text();
    assert!(card.contains(&format!("under the older policy {old}")), "{card}");
    let check = second.say("!case check 2")[0].page.text();
    assert!(check.contains(&format!("? under the older policy {old}")), "{check}");
    assert_eq!(second.first_line("!case policy 2"), format!("C-2 · under the older policy {old}"));
    assert_eq!(
        second.first_line("!case policy 1 adopt"),
        "Not done: the policy of today, ours/2, has no kind complaint, so C-1 goes on under the one it has. What there is: \
         !case policy"
    );
    assert_eq!(second.first_line("!case policy 2 adopt"), "C-2 · goes on under policy ours/2");
    let card = second.say("!case show 2")[0].page.text();
    assert!(!card.contains("older policy"), "{card}");
    drop(second);

    // The record says so, whatever the index knows.
    let mut third = Room::under(other_terms(), journal, MemoryIndex::new());
    assert_eq!(third.first_line("!case policy 2"), "C-2 · under the policy of today, ours/2");
    assert_eq!(third.first_line("!case policy 1"), format!("C-1 · under the older policy {old}"));
}

#[test]
fn who_only_looks_puts_nothing_on_record() {
    let mut room = Room::new();
    room.say("!case list");
    room.say("!case close 1");
    let before = room.desk.head().seq.0;
    assert_eq!(before, 1, "that a refused message was handled");
    room.say("!case new terms spam");
    assert_eq!(room.desk.head().seq.0, before + 2, "the policy, and the case");
    room.say("!case new terms spam");
    assert_eq!(room.desk.head().seq.0, before + 3);
}

#[test]
fn on_a_full_disk_no_policy_is_taken_for_written() {
    let mut room = Room::new();
    room.journal.set_full(true);
    assert!(room.first_line("!case new terms spam").starts_with("Not done: the disk is full"));
    room.journal.set_full(false);
    assert!(room.first_line("!case new terms spam").starts_with("C-1 opened"));
    assert_eq!(room.desk.head().seq.0, 2);
    let anew = Room::over(room.journal.clone());
    assert_eq!(anew.desk.terms().policies, room.desk.terms().policies);
}

#[test]
fn whoever_lets_a_case_go_on_under_another_policy_sees_what_that_changes_of_it() {
    let journal = SharedJournal::new();
    let mut first = Room::under(terms().unwrap(), journal.clone(), MemoryIndex::new());
    first.say(
        "!case new information agency=Kent accounts=@alice:example.org data=account jurisdiction=GB \
         instrument=\"court order 7\" received=2026-11-20",
    );
    let mut changed = other_terms();
    let policy = changed.policies.get_mut("ours/2").unwrap();
    for kind in policy.kinds.iter_mut().filter(|kind| kind.name == "information") {
        kind.verify_instrument = false;
    }
    for known in policy.instruments.iter_mut().filter(|known| known.name == "court-order") {
        known.opens.retain(|name| name != "devices");
        known.notice = Tell::Withhold;
    }
    let mut second = Room::under(changed, journal, MemoryIndex::new());
    let changes = [
        "no instrument need be verified",
        "in the way of a notice: it rests on an instrument that forbids it until permission is on file",
        "no longer opens: devices",
        "ask the authority for permission to tell: ",
        "written otherwise: instruments court-order",
    ];
    let looked = second.say("!case policy 1")[0].page.text();
    let proposed = second.say("!case policy 1 adopt")[0].page.text();
    assert!(proposed.starts_with("C-1 · not done yet, for it takes two people"), "{proposed}");
    for said in [&looked, &proposed] {
        for change in changes {
            assert!(said.contains(change), "{change}: {said}");
        }
        assert_eq!(said.matches("  – ").count(), changes.len(), "and nothing else: {said}");
    }
    let waiting = second.say("!case pending")[0].page.text();
    assert!(waiting.contains(changes[0]), "{waiting}");
}
