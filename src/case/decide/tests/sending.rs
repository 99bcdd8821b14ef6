//! Notices that docket brings itself: what two people agree on, when it may leave, and what each step on its way changes.

use super::given::*;
use super::telling::told;
use crate::case::decide::rests_on::rests_on_the_same;
use crate::case::decide::{Around, Duty, Leave, asked_about, duties, may_leave, stepped};
use crate::case::*;

fn alice() -> Account {
    account("@a:our.org")
}

fn send(whom: Option<&str>) -> Command {
    Command::Notify { whom: whom.map(account), how: Settling::Send { tongue: None } }
}

/// The case on which a notice to @a is on its way.
fn on_its_way() -> Given {
    let case = told().answered();
    let events = case.when(send(Some("@a:our.org"))).all();
    assert!(matches!(events.as_slice(), [(_, Event::Proposed { .. })]), "it takes two: {events:?}");
    let sent = crate::case::letter::to_user(&case.case, &alice(), &case.terms, case.now).unwrap();
    let what = Telling::Sending { letter: sent.draft.pieces, copy: sent.copy, tongue: None };
    case.after(Event::NoticeSettled { account: alice(), what, at: None })
}

fn leaves(given: &Given) -> Leave {
    may_leave(&given.case, &alice(), &given.around, &given.terms)
}

fn after(given: &Given, step: Step) -> Given {
    let events = stepped(&given.case, &alice(), step);
    assert!(!events.is_empty(), "it counts");
    events.into_iter().fold(given.clone(), |given, (_, event)| given.after(event))
}

fn there() -> Step {
    Step::Sent { devices: 2, event: "$there".to_owned() }
}

fn counts(given: &Given, step: Step) -> bool {
    !stepped(&given.case, &alice(), step).is_empty()
}

#[test]
fn two_people_say_that_docket_tells_somebody_and_it_cools() {
    told().answered().when(send(Some("@a:our.org"))).proposed(Effect::Tell);
    let waits = told().answered().done(send(None));
    let approved = waits.by("ben").done(Command::Approve { code: waits.code(), alone: None });
    assert!(approved.case.notices.is_empty(), "it can be denied still");
    assert!(approved.case.proposals[0].approved.is_some());
}

/// Nobody but a user of ours is owed a notice; of somebody else it is said one by one, where the policy lets people.
#[test]
fn somebody_on_another_server_is_told_where_the_policy_says_so_and_somebody_asks_for_it() {
    let far = "@b:far.org";
    let theirs = || {
        let mut line = accounts(&["@a:our.org", far]);
        if let Reading::Accounts { named, .. } = &mut line.reading {
            named[1].ours = false;
        }
        let mut given = told();
        given.case.fields.retain(|field| field.key != line.key);
        given.with(line).answered()
    };
    let may = |given: Given| given.under(|policy| policy.notice.other_servers = true);
    theirs().when(send(Some(far))).refused(Restraint::OtherServer(account(far)).into());
    may(theirs()).when(send(Some(far))).proposed(Effect::Tell);
    assert!(
        duties(&may(theirs()).case, &may(theirs()).terms)
            .iter()
            .all(|duty| *duty != Duty::Tell(account(far)))
    );
    let given = may(theirs());
    let sent = crate::case::letter::to_user(&given.case, &account(far), &given.terms, given.now).unwrap();
    let what = Telling::Sending { letter: sent.draft.pieces, copy: sent.copy, tongue: None };
    let begun = given.after(Event::NoticeSettled { account: account(far), what, at: None });
    assert!(
        duties(&begun.case, &begun.terms).contains(&Duty::OnItsWay(account(far))),
        "what was begun is owed"
    );
    assert_eq!(may_leave(&begun.case, &account(far), &begun.around, &begun.terms), Leave::Goes);
    let events = stepped(&begun.case, &account(far), there());
    let there = events.into_iter().fold(begun, |given, (_, event)| given.after(event));
    there.when(send(Some(far))).refused(Restraint::NoticeSettledAlready(account(far)).into());
}

/// A case about @a and about somebody elsewhere to whom a notice is on its way; and how it was before.
fn beside_somebody_elsewhere() -> (Given, Given) {
    let far = account("@b:far.org");
    let mut line = accounts(&["@a:our.org", "@b:far.org"]);
    if let Reading::Accounts { named, .. } = &mut line.reading {
        named[1].ours = false;
    }
    let mut given = told();
    given.case.fields.retain(|field| field.key != line.key);
    let given = given.with(line).answered().under(|policy| policy.notice.other_servers = true);
    let sent = crate::case::letter::to_user(&given.case, &far, &given.terms, given.now).unwrap();
    let what = Telling::Sending { letter: sent.draft.pieces, copy: sent.copy, tongue: None };
    let begun = given.after(Event::NoticeSettled { account: far, what, at: None });
    (given, begun)
}

/// Two people agreed on it, and it would do the same: it is not void because somebody else is told.
#[test]
fn what_becomes_of_somebody_elsewhere_changes_nothing_of_what_was_agreed_on_for_all_of_ours() {
    let (given, begun) = beside_somebody_elsewhere();
    assert!(rests_on_the_same(&send(None), &given.case, &begun.case));
    assert_eq!(asked_about(&begun.case, None), [alice()], "nobody else is told by it");
    let told = Telling::Told { via: "mail".to_owned() };
    let told = begun.after(Event::NoticeSettled { account: alice(), what: told, at: None });
    assert!(!rests_on_the_same(&send(None), &given.case, &told.case), "she is told already");
}

#[test]
fn whom_the_policy_leaves_out_by_now_is_not_told_and_nobody_elsewhere_is_told_with_all() {
    let (_, begun) = beside_somebody_elsewhere();
    let far = account("@b:far.org");
    let without = begun.under(|policy| policy.notice.other_servers = false);
    assert_eq!(may_leave(&without.case, &far, &without.around, &without.terms), Leave::Barred);
    let back = after_of(&begun, &far, Step::HeldBack);
    let told = Telling::Told { via: "mail".to_owned() };
    let back = back.after(Event::NoticeSettled { account: alice(), what: told, at: None });
    back.when(send(None)).refused(Restraint::NobodyLeftToTell.into());
    assert!(crate::case::decide::untold(&back.case).any(|user| *user == far), "people decide of them");
}

fn after_of(given: &Given, user: &Account, step: Step) -> Given {
    let events = stepped(&given.case, user, step);
    events.into_iter().fold(given.clone(), |given, (_, event)| given.after(event))
}

/// Two cases about the same, and one message: whoever ended as a duplicate meanwhile tells nobody.
#[test]
fn a_duplicate_tells_nobody_whom_it_had_begun_to_tell() {
    let begun = on_its_way();
    let mut twin = begun.clone();
    let what = Ending::Duplicate { of: CaseId::new(9).unwrap() };
    twin.case.outcome =
        Some(Outcome { what, at: twin.now, by: account("@ada:our.org"), with: Default::default() });
    let of = twin.case.upshot();
    twin.case.notices.get_mut(&alice()).unwrap().of = of;
    assert_eq!(leaves(&twin), Leave::Barred);
    assert_eq!(leaves(&begun), Leave::Goes);
}

#[test]
fn the_gate_is_asked_as_for_any_notice() {
    let mut unread = told().answered();
    unread.around.naming = None;
    unread.when(send(Some("@a:our.org"))).refused(Restraint::NotAllRead(alice()).into());
    told().answered().when(send(Some("@c:our.org"))).refused(Refusal::NotOnCase(account("@c:our.org")));
    told().when(send(None)).refused(Restraint::TellAfterAnswer.into());
}

#[test]
fn nobody_is_told_twice_at_once() {
    on_its_way().when(send(Some("@a:our.org"))).refused(Restraint::OnItsWay(alice()).into());
    let stopped = after(&on_its_way(), Step::Declined);
    stopped.when(send(Some("@a:our.org"))).proposed(Effect::Tell);
}

#[test]
fn what_is_on_its_way_leaves_while_nothing_speaks_against_it() {
    let case = on_its_way();
    assert_eq!(leaves(&case), Leave::Goes);
    assert_eq!(leaves(&told().answered()), Leave::Over, "nobody agreed on it");
    // A gag since, on this case or on another.
    let gagged = case.after(Event::GagSet {
        ordered_by: "the court".to_owned(),
        day: None,
        until: None,
        document: None,
    });
    assert_eq!(leaves(&gagged), Leave::Barred);
    let other = given("other").with(accounts(&["@a:our.org"])).numbered(2).after(Event::GagSet {
        ordered_by: "the court".to_owned(),
        day: None,
        until: None,
        document: None,
    });
    let beside = Around { naming: Some(vec![other.case]), ..case.around.clone() };
    assert_eq!(may_leave(&case.case, &alice(), &beside, &case.terms), Leave::Barred);
    // What could not be read may forbid it.
    let unread = Around { naming: None, ..case.around.clone() };
    assert_eq!(may_leave(&case.case, &alice(), &unread, &case.terms), Leave::Waits);
}

#[test]
fn a_word_that_may_be_on_its_way_is_waited_for_and_one_that_is_lost_stops_it() {
    let case = on_its_way();
    let later = Some(now() + chrono::TimeDelta::minutes(1));
    let hearing = |hearing: Hearing| {
        let around = Around { hearing, ..case.around.clone() };
        may_leave(&case.case, &alice(), &around, &case.terms)
    };
    assert_eq!(hearing(Hearing { behind: true, ..Hearing::default() }), Leave::Waits);
    assert_eq!(hearing(Hearing { awaited: later, ..Hearing::default() }), Leave::Waits);
    assert_eq!(hearing(Hearing { unheard: later, ..Hearing::default() }), Leave::Barred);
    let before = Some(now() - chrono::TimeDelta::minutes(1));
    assert_eq!(hearing(Hearing { unheard: before, awaited: before, behind: false }), Leave::Goes);
}

#[test]
fn whoever_is_taken_off_the_case_is_not_told() {
    let mut off = on_its_way();
    off.case.fields.retain(|field| field.key != "accounts");
    assert_eq!(leaves(&off), Leave::Barred);
    let elsewhere = on_its_way().after(Event::NoticeSettled {
        account: alice(),
        what: Telling::Told { via: "post".to_owned() },
        at: None,
    });
    assert_eq!(leaves(&elsewhere), Leave::Over, "people told them by post");
}

#[test]
fn each_step_counts_once_and_in_its_place() {
    let case = on_its_way();
    assert!(!counts(&case, Step::Read) && !counts(&case, Step::Replied), "it is not there yet");
    let invited = after(&case, Step::Invited);
    assert!(!counts(&invited, Step::Invited));
    let sent = after(&after(&invited, Step::Joined), there());
    let notice = &sent.case.notices[&alice()];
    assert_eq!(notice.what, Telling::Told { via: "docket".to_owned() });
    assert!(!counts(&sent, there()) && !counts(&sent, Step::Declined));
    assert!(counts(&sent, Step::Read) && counts(&sent, Step::Left));
    let steps: Vec<&Step> = notice.steps.iter().map(|taken| &taken.step).collect();
    assert_eq!(steps, [&Step::Invited, &Step::Joined, &there()]);
    assert!(!duties(&sent.case, &sent.terms).contains(&Duty::Tell(alice())));
}

#[test]
fn until_it_is_there_it_is_owed_and_where_it_stops_people_find_another_way() {
    let case = on_its_way();
    assert!(duties(&case.case, &case.terms).contains(&Duty::OnItsWay(alice())));
    case.when(Command::Close).refused(Restraint::Owed(duties(&case.case, &case.terms)).into());
    for step in [Step::Declined, Step::Left, Step::Unreachable { why: Unreachable::NoDevice }] {
        let stopped = after(&case, step.clone());
        assert!(duties(&stopped.case, &stopped.terms).contains(&Duty::Unreached(alice(), step)));
        assert_eq!(leaves(&stopped), Leave::Over);
        assert!(!counts(&stopped, Step::Joined), "nothing follows by itself");
    }
}

#[test]
fn whoever_could_not_be_told_and_writes_in_their_room_sets_nothing_going() {
    let room = Step::Created { room: "!r:our.org".to_owned() };
    let unread = Step::Unreachable { why: Unreachable::NoDevice };
    let stopped = after(&after(&on_its_way(), room), unread.clone());
    assert!(!counts(&on_its_way(), Step::Replied) && !counts(&stopped, Step::Read));
    let wrote = after(&stopped, Step::Replied);
    assert!(wrote.case.notices[&alice()].has(&Step::Replied));
    assert!(duties(&wrote.case, &wrote.terms).contains(&Duty::Unreached(alice(), unread)));
    assert_eq!(leaves(&wrote), Leave::Over);
}

#[test]
fn a_second_try_knows_that_the_first_one_had_asked() {
    let first = after(&on_its_way(), Step::Declined);
    let notice = |given: &Given| given.case.notices[&alice()].clone();
    assert!(!notice(&first).was_tried_before());
    let (what, at) = (notice(&first).what, Some(first.now + chrono::TimeDelta::minutes(1)));
    let again = first.after(Event::NoticeSettled { account: alice(), what, at });
    assert!(notice(&again).is_on_its_way() && notice(&again).was_tried_before());
}

#[test]
fn what_was_held_back_is_owed_as_before() {
    let held = after(&on_its_way(), Step::HeldBack);
    assert_eq!(held.case.settled(&alice()), None);
    assert!(duties(&held.case, &held.terms).contains(&Duty::Tell(alice())));
    assert_eq!(leaves(&held), Leave::Over);
}

#[test]
fn words_that_would_be_others_by_now_do_not_leave() {
    let case = on_its_way();
    let answered = case.after(Event::Answered { extent: Extent::Full });
    assert_eq!(leaves(&answered), Leave::Barred, "something else came of it");
    // The policy would say something else, or another copy would go with it.
    let sent = crate::case::letter::to_user(&case.case, &alice(), &case.terms, case.now).unwrap();
    let agreed = |letter: &[letter::Piece], copy: Copied| {
        let what = Telling::Sending { letter: letter.to_vec(), copy, tongue: None };
        case.after(Event::NoticeSettled { account: alice(), what, at: None })
    };
    assert_eq!(leaves(&agreed(&sent.draft.pieces, sent.copy.clone())), Leave::Goes);
    assert_eq!(leaves(&agreed(&[letter::Piece::Ours("Hello.".to_owned())], sent.copy)), Leave::Barred);
    let other = Copied::Lines { lines: vec![("Purpose".to_owned(), "another".to_owned())] };
    assert_eq!(leaves(&agreed(&sent.draft.pieces, other)), Leave::Barred);
}

#[test]
fn until_it_is_there_the_time_to_tell_runs() {
    let case = on_its_way();
    assert!(case.case.notice(&alice()).is_some() && case.case.settled(&alice()).is_none());
    assert!(after(&case, there()).case.settled(&alice()).is_some());
}
