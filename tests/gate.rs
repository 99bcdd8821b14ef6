//! The gag gate over the lists that the desk keeps for it: no history leaves a case that binds out of them, and cases that
//! bind nothing cost nothing, however many name the user.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use chrono::{DateTime, TimeDelta, Utc};
use docket::case::decide::gate;
use docket::case::{Account, Terms};
use docket::desk::{Input, Outcome, facets};
use proptest::prelude::*;
use room::watched::Watched;
use room::{Room, SharedJournal, now};

fn user(name: &str) -> Account {
    Account::parse(&format!("@{name}:example.org")).unwrap()
}

/// Lines that bring a bar, take one away, or name somebody; `{}` is the case.
const LINES: &[&str] = &[
    "!case new preservation accounts=@a:example.org",
    "!case new information accounts=@b:example.org context=\"asked with @a:example.org\"",
    "!case new other confidential=yes",
    "!case new other accounts=@b:example.org",
    "!case set {} accounts=@a:example.org",
    "!case set {} accounts+=@b:example.org",
    "!case set {} accounts-=@a:example.org",
    "!case set {} instrument=\"order 7/26\"",
    "!case set {} instrument=\"\"",
    "!case set {} confidential=yes",
    "!case set {} confidential=no",
    "!case set {} context=\"see https://matrix.to/#/%40a%3Aexample.org\"",
    "!case set {} context=\"\"",
    "!case set {} room=\"!abc:example.org\"",
    "!case set {} room=\"\"",
    "!case gag {} open by=\"the court\"",
    "!case gag {} until=2026-11-21 by=\"the court\"",
    "!case gag {} lift by=\"the court\"",
    "!case gag {} not-binding reason=foreign",
    "!case gag {} not-about @a:example.org reason=\"another\"",
    "!case tag {} +csea",
    "!case tag {} -csea",
    "!case answer {} none",
    "!case withdraw {}",
    "!case close {}",
    "!case reopen {}",
    "!case undo",
    "!case hold {} start",
    "approve {}",
    "wait",
];

fn play(room: &mut Room, index: &Watched, steps: &[(usize, u32)]) {
    let mut at = now();
    for (line, number) in steps {
        match LINES[*line] {
            "wait" => {
                at += TimeDelta::hours(14);
                room.desk.handle(vec![Input::Tick { steady: None }], at).unwrap();
            }
            "approve {}" => {
                let waiting = index.case(*number).and_then(|case| case.proposals.first().cloned());
                if let Some(proposal) = waiting {
                    say_at(room, "ben", &format!("!case approve {number} {}", proposal.code), at);
                }
            }
            line => {
                say_at(room, "ada", &line.replace("{}", &number.to_string()), at);
            }
        }
    }
}

fn say_at(room: &mut Room, who: &str, line: &str, at: DateTime<Utc>) -> String {
    let message = room.message(who, line);
    match room.desk.handle(vec![Input::Message(message)], at).unwrap().remove(0) {
        Outcome::Posts(posts) => posts.iter().map(|post| post.page.text() + "\n").collect(),
        other => panic!("{other:?}"),
    }
}

/// Every no of every case stands in a list that the gate walks; the number of them is given back.
fn assert_listed(index: &Watched, terms: &Terms) -> usize {
    let mut binding = 0;
    for case in (1..40).map_while(|number| index.case(number)) {
        for account in [user("a"), user("b"), user("z")] {
            if gate::forbids(&case, &account, terms).is_empty() {
                continue;
            }
            binding += 1;
            let by_name = facets::binds(&account, terms).any(|list| index.holds(&list, case.id));
            let by_nobody = index.holds(&facets::binds_all(), case.id)
                && !index.holds(&facets::cleared(&account), case.id);
            assert!(by_name || by_nobody, "{account} {case:#?}");
        }
    }
    binding
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn no_history_leaves_a_case_that_binds_out_of_the_lists(
        steps in prop::collection::vec((0..LINES.len(), 1_u32..5), 1..50)
    ) {
        let index = Watched::new();
        let mut room = Room::with(SharedJournal::new(), index.clone());
        let opened: Vec<(usize, u32)> = (0..4).map(|line| (line, 0)).collect();
        play(&mut room, &index, &opened);
        play(&mut room, &index, &steps);
        let binding = assert_listed(&index, room.desk.terms());
        // Lists that are made anew say the same.
        let anew = Watched::new();
        let again = Room::with(room.journal.clone(), anew.clone());
        prop_assert_eq!(assert_listed(&anew, again.desk.terms()), binding);
    }
}

#[test]
fn harmless_cases_that_name_the_user_cost_nothing() {
    let cost = |harmless: usize| {
        let index = Watched::new();
        let mut room = Room::with(SharedJournal::new(), index.clone());
        room.say("!case new preservation accounts=@a:example.org agency=X");
        for chunk in (0..harmless).collect::<Vec<_>>().chunks(250) {
            let opens = chunk.iter().map(|n| {
                let line = format!("!case new terms accounts=@a:example.org context=\"spam {n}\"");
                Input::Message(room.message("ada", &line))
            });
            let opens: Vec<Input> = opens.collect();
            room.handle(opens);
        }
        index.asked();
        let page = room.say("!case notify 1 preview")[0].page.text();
        assert!(page.contains("nothing else is in the way"), "{page}");
        let free = index.asked();
        room.say("!case new other confidential=yes accounts=@a:example.org");
        index.asked();
        let page = room.say("!case notify 1 preview")[0].page.text();
        assert!(page.contains("may not be told: "), "{page}");
        (free, index.asked())
    };
    assert_eq!(cost(10), cost(1_500));
}

#[test]
fn of_many_cases_that_bind_the_first_few_are_named() {
    let mut room = Room::new();
    room.say("!case new preservation accounts=@a:example.org agency=X");
    for _ in 0..600 {
        room.say("!case new other confidential=yes accounts=@a:example.org");
    }
    let page = room.say("!case notify 1 preview")[0].page.text();
    assert!(page.contains("C-600 asks for secrecy") && page.contains("; and more"), "{page}");
}

#[test]
fn what_is_no_account_bars_everybody_and_the_way_out_is_named() {
    let mut room = Room::new();
    room.say("!case new preservation accounts=@a:example.org agency=X");
    room.say("!case new other accounts=@z:example.org room=\"!abc:example.org\"");
    let preview = |room: &mut Room| room.say("!case notify 1 preview")[0].page.text();
    assert!(preview(&mut room).contains("nothing else is in the way"), "it binds nobody");
    room.say("!case gag 2 open by=\"the court\"");
    let page = preview(&mut room);
    let way_out = "!case gag 2 not-about @a:example.org reason=\"…\"";
    assert!(page.contains("may not be told: C-2 is bound") && page.contains(way_out), "{page}");
    // To take the line off takes two people; so does the finding.
    let page = room.say("!case set 2 room=\"\"")[0].page.text();
    assert!(page.contains("it takes two people"), "{page}");
    let page = room.say("!case gag 2 not-about @a:example.org reason=\"not in that room\"")[0].page.text();
    let (_, code) = page.split_once("!case approve C-2 ").expect("a proposal");
    let code = code.split_whitespace().next().unwrap().to_owned();
    room.say_as("ben", &format!("!case approve 2 {code}"));
    assert!(preview(&mut room).contains("nothing else is in the way"));
}

#[test]
fn what_is_carried_out_in_one_sweep_knows_of_each_other() {
    let mut room = Room::new();
    room.say("!case new preservation accounts=@a:example.org agency=X");
    room.say("!case answer 1 none");
    room.say("!case new other accounts=@b:example.org");
    room.say("!case gag 2 open by=\"the court\"");
    // While the clock is in doubt nothing that takes two people happens; all of it happens at once afterwards.
    let later = now() + TimeDelta::days(30);
    room.desk.handle(vec![Input::Tick { steady: None }], later).unwrap();
    let approved = |room: &mut Room, number: u32, line: &str| {
        let page = say_at(room, "ada", line, later);
        let (_, code) = page.split_once(&format!("!case approve C-{number} ")).expect(&page);
        let code = code.split_whitespace().next().unwrap().to_owned();
        say_at(room, "ben", &format!("!case approve {number} {code}"), later);
    };
    approved(&mut room, 2, "!case set 2 accounts=@a:example.org");
    approved(&mut room, 1, "!case sent 1 notice via=mail");
    let page = say_at(&mut room, "cy", "!case show 1", later);
    assert!(page.contains("Next: done"), "both wait: {page}");
    let page = say_at(&mut room, "ada", "!case resume", later);
    let (_, code) = page.split_once("!case approve ").expect(&page);
    let code = code.split_whitespace().next().unwrap().to_owned();
    say_at(&mut room, "ben", &format!("!case approve {code}"), later);
    let after = later + TimeDelta::minutes(11);
    let ticked = room.desk.handle(vec![Input::Tick { steady: None }], after).unwrap().remove(0);
    let Outcome::Ticked { posts, .. } = ticked else { panic!("{ticked:?}") };
    let said: String = posts.iter().map(|post| post.page.text() + "\n").collect();
    let told = say_at(&mut room, "ada", "!case log 1", after).contains("otice to @a:example.org");
    let names = say_at(&mut room, "ada", "!case show 2", after).contains("@a:example.org");
    assert!(names && !told, "C-2 names them and binds, so nobody is told: {said}");
}
