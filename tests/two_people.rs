//! What takes two people and is about no case, over restarts, rebuilds and time; and what one person did alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use chrono::{DateTime, TimeDelta, Utc};
use docket::desk::{Input, Outcome, Post, PostKind};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;
use room::{Room, SharedJournal, now, person};

const ESSEX: &str = "!case directory add Essex Police phone=\"+44 1632 960300\" source=\"met their liaison\"";

fn code(page: &str) -> String {
    let (_, rest) = page.split_once("!case approve ").expect("a proposal");
    rest.split_whitespace().find(|word| word.len() == 6).unwrap().to_owned()
}

fn say_at(room: &mut Room, who: &str, line: &str, at: DateTime<Utc>) -> String {
    let message = room.message(who, line);
    match room.desk.handle(vec![Input::Message(message)], at).unwrap().remove(0) {
        Outcome::Posts(posts) => posts.first().map(|post| post.page.text()).unwrap_or_default(),
        other => panic!("{other:?}"),
    }
}

fn tick(room: &mut Room, at: DateTime<Utc>) -> (Vec<Post>, Option<DateTime<Utc>>) {
    match room.desk.handle(vec![Input::Tick { steady: None }], at).unwrap().remove(0) {
        Outcome::Ticked { posts, next } => (posts, next),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_proposal_about_the_desk_outlives_it() {
    let mut room = Room::new();
    let code = code(&room.say(ESSEX)[0].page.text());
    let mut anew = Room::over(room.journal.clone());
    let pending = anew.say("!case pending")[0].page.text();
    assert!(pending.contains(&format!("!case approve {code} until")), "{pending}");
    assert_eq!(anew.desk.terms().directory.len(), 3);
    let done = anew.say_as("ben", &format!("!case approve {code}"))[0].page.text();
    assert!(done.contains("Directory · added Essex Police"), "{done}");
    let mut last = Room::over(anew.journal.clone());
    assert_eq!(last.desk.terms().directory.len(), 4);
    assert_eq!(last.say("!case pending")[0].page.text(), "Nothing waits for a second person.");
}

#[test]
fn what_nobody_approves_in_time_is_void_and_the_room_hears_of_it() {
    let mut room = Room::new();
    let code = code(&room.say(ESSEX)[0].page.text());
    let (_, next) = tick(&mut room, now());
    let mut at = next.unwrap();
    let mut said = Vec::new();
    while said.is_empty() {
        assert!(at < now() + TimeDelta::days(10), "it is swept");
        let (posts, next) = tick(&mut room, at);
        said = posts.into_iter().filter(|post| post.kind == PostKind::Reminder).collect();
        at = next.unwrap();
    }
    assert!(said[0].page.text().starts_with(&format!("Proposal {code} is void")), "{said:?}");
    assert_eq!(said[0].mentions, [person("ada")]);
    // Owed until it is sent, over a restart too.
    let mut anew = Room::over(room.journal.clone());
    let owed = anew.desk.owed(at).unwrap();
    assert!(owed.iter().any(|post| post.txn == said[0].txn && post.page == said[0].page), "{owed:?}");
    assert_eq!(anew.say("!case pending")[0].page.text(), "Nothing waits for a second person.");
}

#[test]
fn a_clock_in_doubt_is_believed_again_when_two_people_say_so() {
    let mut room = Room::new();
    room.say("!case new terms spam");
    // Nobody was there for a year, or the clock is wrong.
    let mut room = Room::over(room.journal.clone());
    let later = now() + TimeDelta::days(365);
    let (posts, _) = tick(&mut room, later);
    assert!(posts[0].page.text().contains("two people say so: !case resume"), "{posts:?}");
    assert!(!room.desk.certain(later));
    let proposed = say_at(&mut room, "ada", "!case resume", later);
    assert!(
        proposed.contains("the machine’s clock is right, and says Sat 20 Nov 2027, 10:00 GMT"),
        "{proposed}"
    );
    let code = code(&proposed);
    assert!(
        say_at(&mut room, "ada", &format!("!case approve {code}"), later)
            .starts_with("Not done: you proposed it")
    );
    assert!(!room.desk.certain(later));
    let done = say_at(&mut room, "ben", &format!("!case approve {code}"), later);
    assert!(done.contains("The machine’s clock is believed again"), "{done}");
    assert!(room.desk.certain(later));
    tick(&mut room, later);
    assert!(room.desk.certain(later));
    // On record, so for the next start as well.
    let mut anew = Room::with(room.journal.clone(), MemoryIndex::new());
    tick(&mut anew, later);
    assert!(anew.desk.certain(later));
    assert!(
        say_at(&mut anew, "ada", "!case resume", later)
            .starts_with("Not done: docket is not held, and the machine’s clock is not in doubt")
    );
}

#[test]
fn everybody_hears_at_once_who_went_ahead_alone() {
    let mut terms = terms().unwrap();
    for policy in terms.policies.values_mut() {
        policy.two_people.break_glass = true;
        for kind in policy.kinds.iter_mut().filter(|kind| kind.name == "emergency") {
            kind.fields.iter_mut().for_each(|rule| rule.required = false);
        }
    }
    let mut room = Room::under(terms, SharedJournal::new(), MemoryIndex::new());
    let request = "Request: emergency\nAgency: Kent Police\nEmail: roe@kent.police.uk\nJurisdiction: GB";
    room.say_as("ben", request);
    room.say("!case verify 1 requester entry=\"Kent Police\" how=\"spoke to DI Roe\"");
    // Whoever may look for it while minutes count finds it with the proposal and in the help.
    let proposed = room.say_as("ben", "!case attest 1 reason=\"a bomb, tonight\"")[0].page.text();
    let code = code(&proposed);
    assert!(proposed.contains(&format!("!case approve C-1 {code} break-glass=\"…\"")), "{proposed}");
    for verb in ["approve", "attest"] {
        let help = room.say(&format!("!case help {verb}"))[0].page.text();
        assert!(help.contains("break-glass="), "{help}");
    }
    let posts = room.say_as("ben", &format!("!case approve 1 {code} break-glass=\"nobody answers\""));
    let answer = posts[0].page.text();
    assert!(answer.contains("Somebody else is to review it by Mon 23 Nov 2026"), "{answer}");
    let alarm = posts.iter().find(|post| post.kind == PostKind::Alarm).unwrap();
    assert!(alarm.page.text().starts_with("C-1 · @ben:try.test goes ahead ALONE"), "{}", alarm.page.text());
    assert_eq!(alarm.mentions, [person("ada"), person("cy"), person("cleo")]);
    let mut anew = Room::under(room.terms.clone(), room.journal.clone(), MemoryIndex::new());
    let owed = anew.desk.owed(now()).unwrap();
    assert!(owed.iter().any(|post| post.txn == alarm.txn && post.page == alarm.page), "{owed:?}");
    room.say("!case refuse 1 reason=no-danger");
    let refused = room.first_line("!case close 1");
    assert!(refused.contains("what @ben:try.test did alone is to be reviewed by somebody else"), "{refused}");
    drop(anew);
}
