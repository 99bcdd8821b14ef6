//! What the lists alone tell: a contradiction is put on both cases once, and brings the other one into the same record, so what
//! binds a second time is heard of by nothing else. Likewise what the same batch has made of a case, which no list holds yet.

use super::*;

/// A case that will owe its users a notice once it is answered.
const KEEPS: &str = "!case new preservation accounts=\"@a:example.org, @b:example.org\" agency=X";
const OF_B: &str = "!case new other accounts=@b:example.org";
const OF_ANYBODY: &str = "!case new other accounts=@z:example.org room=\"!abc:example.org\"";

impl Desk {
    fn bind(&mut self, number: u32) {
        self.each(&[&format!("!case gag {number} open by=\"the court\"")]);
    }

    fn free(&mut self, number: u32) {
        self.each(&[&format!("!case gag {number} lift by=\"the court\"")]);
        self.approve(number);
        self.assert_known("it was lifted");
    }
}

/// Who may not be told because of which others, `*` before a sealed one.
fn silent(desk: &Desk, number: u32) -> Vec<String> {
    let hushed = desk.index.case(number).unwrap().hushed;
    let of = |(account, hush): (&docket::case::Account, &Hush)| {
        let name = account.as_str().chars().nth(1).unwrap();
        let by = hush.by.iter().map(move |id| format!("{name} {}", id.number()));
        let unshown = hush.unshown.iter().map(move |id| format!("{name} *{}", id.number()));
        by.chain(unshown).collect::<Vec<_>>()
    };
    hushed.iter().flat_map(of).collect()
}

#[test]
fn what_binds_again_is_known_though_the_contradiction_stands_there_already() {
    for (other, says) in [(OF_B, &["b 2"][..]), (OF_ANYBODY, &["a 2", "b 2"])] {
        let mut desk = Desk::new();
        desk.each(&[KEEPS, "!case answer 1 none", other]);
        for _ in 0..2 {
            desk.bind(2);
            assert_eq!(silent(&desk, 1), says);
            desk.free(2);
            assert_eq!(silent(&desk, 1), [""; 0]);
        }
    }
}

#[test]
fn whoever_is_named_again_by_what_binds_is_known() {
    let mut desk = Desk::new();
    let of_a = "!case new preservation accounts=@a:example.org agency=Y";
    desk.each(&[of_a, "!case answer 1 none", OF_B]);
    desk.bind(2);
    for _ in 0..2 {
        desk.each(&["!case set 2 accounts+=@a:example.org"]);
        assert_eq!(silent(&desk, 1), ["a 2"]);
        desk.each(&["!case set 2 accounts-=@a:example.org"]);
        desk.approve(2);
        desk.assert_known("it names nobody of them");
        assert_eq!(silent(&desk, 1), [""; 0]);
    }
}

#[test]
fn what_binds_again_is_known_to_a_case_that_owes_a_notice_since_the_same_batch() {
    let mut desk = Desk::new();
    desk.each(&[KEEPS, OF_B]);
    desk.bind(2);
    desk.free(2);
    desk.together(&["!case answer 1 none", "!case gag 2 open by=\"the court\""]);
    assert_eq!(silent(&desk, 1), ["b 2"]);
    // Nor does it matter that one looks to an eye like the other.
    let mut desk = Desk::new();
    desk.each(&["!case new preservation accounts=@aIice:example.org agency=X"]);
    desk.each(&["!case new other accounts=@alice:example.org"]);
    desk.bind(2);
    desk.free(2);
    desk.together(&["!case answer 1 none", "!case gag 2 open by=\"the court\""]);
    assert_eq!(silent(&desk, 1), ["a 2"]);
    // What may be about anybody contradicts only a notice that is due.
    let mut desk = Desk::new();
    desk.each(&[
        "!case new preservation accounts=@a:example.org agency=X",
        "!case answer 1 none",
        OF_ANYBODY,
    ]);
    desk.bind(2);
    desk.free(2);
    desk.each(&["!case set 1 accounts-=@a:example.org"]);
    desk.approve(1);
    desk.together(&["!case set 1 accounts+=@a:example.org", "!case gag 2 open by=\"the court\""]);
    assert_eq!(silent(&desk, 1), ["a 2"]);
}

#[test]
fn what_lets_go_is_known_to_a_case_that_it_silenced_in_the_same_batch() {
    // An instrument that is needed and missing silences, and one person supplies it.
    let mut desk = Desk::new();
    desk.each(&[KEEPS, "!case new information accounts=@b:example.org agency=Y jurisdiction=US"]);
    desk.each(&["!case new other accounts=@a:example.org"]);
    desk.bind(3);
    desk.together(&["!case answer 1 none", "!case note 1 x"]);
    assert_eq!(silent(&desk, 1), ["a 3", "b 2"]);
    let mut desk = Desk::new();
    desk.each(&[KEEPS, "!case new information accounts=@b:example.org agency=Y jurisdiction=US"]);
    desk.each(&["!case new other accounts=@a:example.org"]);
    desk.bind(3);
    desk.together(&["!case answer 1 none", "!case set 2 instrument=subpoena"]);
    assert_eq!(silent(&desk, 1), ["a 3"]);
}

/// Two notices about the same, both granted; nothing is left of the second, and the first keeps it down.
fn kept_by_the_first() -> Desk {
    let mut desk = Desk::new();
    desk.each(&[&notice("a"), &notice("c"), "!case answer 1 full", "!case answer 2 full"]);
    desk.each(&["!case reopen 2", "!case withdraw 2"]);
    assert_eq!(down(&desk, 2), (vec![1], false, true));
    desk
}

#[test]
fn what_keeps_something_down_is_no_longer_named_once_it_is_sealed() {
    let mut desk = kept_by_the_first();
    desk.each(&["!case tag 1 +csea"]);
    let kept = desk.index.case(2).unwrap().kept_down;
    assert!(kept.by.is_empty() && kept.unshown.len() == 1, "{kept:?}");
}

#[test]
fn what_goes_on_with_a_case_changes_nothing_of_who_keeps_it_down() {
    let mut desk = kept_by_the_first();
    desk.each(&["!case set 2 work=t"]);
    assert_eq!(down(&desk, 2), (vec![1], false, true));
}

#[test]
fn what_went_back_too_soon_waits_for_no_other_any_more() {
    let mut desk = Desk::new();
    desk.each(&[&notice("a"), &notice("c"), "!case answer 1 full", "!case answer 2 full"]);
    desk.each(&[&counter("b"), "!case link 3 1 as=counter"]);
    desk.wait(72);
    desk.each(&[&counter("e"), "!case link 4 2 as=counter"]);
    let until = |desk: &Desk| desk.index.case(1).unwrap().kept_down.awaited().is_some();
    assert!(until(&desk));
    desk.each(&["!case set 1 restored=2026-11-23"]);
    assert!(!until(&desk));
}

#[test]
fn what_the_same_batch_asks_for_keeps_down_what_it_lets_go() {
    let begun = || {
        let mut desk = Desk::new();
        desk.each(&[&notice("a"), "!case answer 1 full", "!case reopen 1"]);
        desk
    };
    let mut desk = begun();
    desk.together(&[&notice("c"), "!case withdraw 1"]);
    assert_eq!(down(&desk, 1), (vec![2], false, true));
    let mut desk = begun();
    desk.together(&["!case withdraw 1", &notice("c")]);
    assert_eq!(down(&desk, 1), (vec![2], false, true));
    // One of two that go back is enough.
    let mut desk = begun();
    desk.each(&["!case set 1 material=\"mxc://example.org/song0001, mxc://example.org/song0002\""]);
    desk.together(&["!case withdraw 1", &notice("c")]);
    assert_eq!(down(&desk, 1), (vec![2], false, false));
}

#[test]
fn what_was_asked_for_when_it_went_back_is_known_until_nobody_asks_for_it() {
    let lines = ["!case link 2 1 as=counter", "!case set 1 restored=2026-11-20", "!case withdraw 3"];
    let asked = |desk: &Desk| desk.index.case(1).unwrap().kept_down.asked.each().count();
    let begun = || {
        let mut desk = Desk::new();
        desk.each(&[&notice("a"), "!case answer 1 full", &counter("b"), &notice("c")]);
        desk
    };
    let mut desk = begun();
    desk.each(&lines[..2]);
    assert_eq!(asked(&desk), 1);
    desk.each(&lines[2..]);
    assert_eq!(asked(&desk), 0);
    let mut desk = begun();
    desk.together(&lines);
    assert_eq!(asked(&desk), 0);
    // Of two that ask, the other one is left.
    let mut desk = begun();
    desk.each(&[&notice("d")]);
    desk.together(&lines);
    assert_eq!(asked(&desk), 1);
}
