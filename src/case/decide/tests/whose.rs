//! Whose material it is: a request that names none of our users is answered and closed once somebody has found out, or two people
//! have said that none is concerned (rules 25 and 31).

use super::given::*;
use crate::case::decide::{Duty, duties};
use crate::case::*;

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn waive() -> Command {
    Command::Notify { whom: None, how: Settling::Waive { reason: "it is on another server".to_owned() } }
}

fn sent(letter: &str) -> Event {
    Event::LetterSent { letter: letter.to_owned(), via: "mail".to_owned(), at: now() }
}

fn owes(given: &Given) -> bool {
    duties(&given.case, &given.terms).contains(&Duty::Whose)
}

#[test]
fn an_answer_that_says_that_the_user_is_told_wants_to_know_who_that_is() {
    for extent in [Extent::Full, Extent::Part] {
        let answer = || Command::Answer { extent };
        shipped_as("copyright").when(answer()).refused(Restraint::WhoseIsIt.into());
        shipped_as("copyright").with(accounts(&["@a:our.org"])).when(answer()).at_once();
    }
    // What grants nothing says nothing of the kind.
    shipped_as("copyright").when(Command::Answer { extent: Extent::None }).at_once();
    shipped_as("copyright").when(refuse("not-a-notice", None)).at_once();
    // Nor is anybody asked where nobody is told.
    shipped_as("terms").with(text("clause", "4")).when(full()).at_once();
    let tells = |policy: &mut Policy| {
        policy.kinds.iter_mut().filter(|kind| kind.name == "terms").for_each(|kind| kind.notify = true);
    };
    shipped_as("terms")
        .with(text("clause", "4"))
        .under(tells)
        .when(full())
        .refused(Restraint::WhoseIsIt.into());
}

#[test]
fn two_people_say_that_none_of_ours_is_concerned() {
    let asked = shipped_as("copyright");
    asked.when(waive()).proposed(Effect::Tell);
    let waits = asked.done(waive());
    let nobody = waits.by("ben").done(Command::Approve { code: waits.code(), alone: None });
    assert!(nobody.case.nobody.is_some());
    let answered = nobody.done(full()).after(sent("answer"));
    answered.when(Command::Close).then([Event::Closed]);
    // Whoever is named afterwards is told all the same.
    let named = answered.with(accounts(&["@a:our.org"]));
    assert_eq!(duties(&named.case, &named.terms), [Duty::Tell(account("@a:our.org"))]);
    // A kind that names its users itself has nobody to say it of.
    shipped_as("other").when(waive()).refused(Restraint::NobodyLeftToTell.into());
    shipped_as("terms").when(waive()).refused(Restraint::NobodyIsTold.into());
}

#[test]
fn a_case_that_does_not_say_it_is_not_closed() {
    let granted =
        shipped_as("copyright").after(Event::Answered { extent: Extent::Full }).after(sent("answer"));
    assert!(owes(&granted));
    granted.when(Command::Close).refused(Restraint::Owed(vec![Duty::Whose]).into());
    // Where nothing was made inaccessible there is nobody to tell of it.
    let refused = Event::RequestRefused { code: "not-a-notice".into(), text: "No.".into(), words: None };
    assert!(!owes(&shipped_as("copyright").after(refused.clone())));
    // A name that nobody could read may be one of ours, whatever became of the request.
    let half = shipped_as("preservation").with(half_read()).after(refused).after(sent("refuse"));
    assert!(owes(&half));
    half.when(Command::Close).refused(Restraint::Owed(vec![Duty::Whose]).into());
}

#[test]
fn nobody_comes_to_a_duplicate_whom_the_other_case_would_not_tell() {
    let other = |names: &[&str]| shipped_as("preservation").numbered(2).with(accounts(names));
    let twin = shipped_as("preservation").with(accounts(&["@a:our.org"])).after(linked(
        2,
        Relation::Duplicate,
        true,
    ));
    let add = || set([Edit::AddAccounts(accounts(&["@b:our.org"]))]);
    let more = Restraint::DuplicateNamesMore { other: id(2), accounts: vec![account("@b:our.org")] };
    twin.beside(other(&["@a:our.org"])).when(add()).refused(more.clone().into());
    twin.beside(other(&["@a:our.org"]))
        .when(set([put(accounts(&["@b:our.org"]))]))
        .refused(more.clone().into());
    // What it is a duplicate of may be erased by now.
    twin.when(add()).refused(more.into());
    twin.beside(other(&["@a:our.org", "@b:our.org"])).when(add()).at_once();
    let closed = other(&["@a:our.org", "@b:our.org"]).answered().closed();
    let untold = Restraint::DuplicateTellsNobody { other: id(2), accounts: vec![account("@b:our.org")] };
    twin.beside(closed).when(add()).refused(untold.into());
    // Other lines are nobody’s notice.
    twin.when(set([put(text("context", "again"))])).at_once();
}
