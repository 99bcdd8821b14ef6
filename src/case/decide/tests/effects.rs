//! What takes two people, row by row of the table that people see, by whichever verb it is reached; and what one may do alone.

use chrono::TimeDelta;

use super::given::*;
use super::telling::told;
use crate::case::decide::effects::effects;
use crate::case::letter::Obstacle;
use crate::case::*;

fn gagged(given: &Given) -> Given {
    given.done(Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: None }))
}

fn over(how: GagEnding) -> Event {
    Event::GagOver { how }
}

/// A case that is secret by what was asked, though nothing binds any longer.
fn lapsed() -> Given {
    told().with(secrecy(Secrecy::Open)).after(Event::SecrecyLapsed)
}

fn off(name: &str) -> Command {
    set([Edit::RemoveAccounts(accounts(&[name]))])
}

/// What a change from one case to another would take two for, whatever brought it.
fn of_change(before: &Given, after: &Given) -> Vec<Effect> {
    let note = Command::Note { text: "x".to_owned() };
    effects(&note, &before.case, &after.case, &Vec::new(), &before.around, &before.setting())
}

/// What comes of it when an administrator lets the case go on under a policy with this change.
fn adopting(case: &Given, change: &dyn Fn(&mut Policy)) -> super::given::When {
    let mut given = case.by("root");
    given.terms.people.push(Person { account: account("@root:our.org"), roles: vec![Role::Admin] });
    let mut policy = given.terms.policy().unwrap().clone();
    policy.version = "ours/2".to_owned();
    change(&mut policy);
    given.terms.current = policy.version.clone();
    given.terms.policies.insert(policy.version.clone(), policy);
    given.when(Command::Adopt { policy: None })
}

#[test]
fn a_gagged_case_loses_neither_a_user_nor_its_order_by_one() {
    let case = told().with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
    let bound = gagged(&case);
    for edit in [
        Edit::RemoveAccounts(accounts(&["@a:our.org"])),
        put(accounts(&["@a:our.org", "@c:our.org"])),
        put(text("accounts", "")),
        put(text("instrument", "")),
        put(text("instrument", "court order 8")),
    ] {
        bound.when(set([edit.clone()])).proposed(Effect::Tell);
        case.when(set([edit])).at_once();
    }
    for edit in [Edit::AddAccounts(accounts(&["@c:our.org"])), put(text("reference", "X"))] {
        bound.when(set([edit])).at_once();
    }
    // Secrecy that was asked for still says who must not hear of it by chance.
    lapsed().when(off("@a:our.org")).proposed(Effect::Tell);
    gagged(&told()).after(over(GagEnding::Ended)).when(off("@a:our.org")).at_once();
}

#[test]
fn an_order_takes_the_place_of_what_bound_before_it() {
    let asked = told().with(secrecy(Secrecy::Open));
    let gag = Command::Gag(GagStep::Set { by: Some("the court".to_owned()), until: Some(day(20)) });
    asked.when(gag.clone()).at_once();
    told().when(gag).at_once();
}

#[test]
fn a_case_that_binds_is_no_duplicate_of_one_that_is_free_by_one() {
    let duplicate = || link(2, Relation::Duplicate);
    let (bound, free) = (gagged(&told()), told().numbered(2));
    bound.beside(free.clone()).when(duplicate()).proposed(Effect::Tell);
    lapsed().beside(free.clone()).when(duplicate()).proposed(Effect::Tell);
    bound.beside(gagged(&free)).when(duplicate()).at_once();
    // Nothing bars there, but it says itself that it is secret.
    bound.beside(lapsed().numbered(2)).when(duplicate()).at_once();
    told().beside(free.clone()).when(duplicate()).at_once();
    for how in [Relation::Extends, Relation::Appeal, Relation::Referral] {
        bound.beside(free.clone()).when(link(2, how)).at_once();
    }
}

#[test]
fn whatever_settles_a_notice_takes_two() {
    let answered = told().answered();
    for how in [
        Settling::Tell { via: "mail".to_owned(), at: None },
        Settling::Waive { reason: "no such account".to_owned() },
        Settling::Withhold { reason: "life".to_owned(), review: None },
    ] {
        answered.when(Command::Notify { whom: None, how }).proposed(Effect::Tell);
    }
}

#[test]
fn a_policy_that_loosens_takes_two_and_one_that_binds_more_does_not() {
    let withholding = |tell: Tell| {
        move |policy: &mut Policy| policy.instruments.iter_mut().for_each(|known| known.notice = tell)
    };
    let other = |policy: &mut Policy, change: fn(&mut Kind)| {
        change(policy.kinds.iter_mut().find(|kind| kind.name == "other").unwrap());
    };
    let bound = told().with(text("instrument", "IPA authorisation")).with(text("jurisdiction", "GB"));
    adopting(&bound, &withholding(Tell::Tell)).proposed(Effect::Tell);
    adopting(&bound, &withholding(Tell::Withhold)).at_once();
    let court = told().with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
    adopting(&court, &withholding(Tell::Withhold)).at_once();
    // That nobody is owed a notice any more is a decision not to tell.
    adopting(&told(), &|policy| other(policy, |kind| kind.notify = false)).proposed(Effect::Tell);
    adopting(&given("other"), &|policy| other(policy, |kind| kind.notify = true)).at_once();
    // What is only missing may come or go: the notice itself takes two.
    adopting(&told(), &|policy| other(policy, |kind| kind.verify_instrument = true)).at_once();
}

#[test]
fn what_was_answered_is_widened_by_two() {
    let allow = || Command::Scope {
        categories: vec!["open-messages".to_owned()],
        allow: true,
        reason: Some("the order says so".to_owned()),
    };
    let asked = given("other").with(text("data", "account, open-messages"));
    asked.when(allow()).at_once();
    asked.after(Event::Answered { extent: Extent::Part }).when(allow()).proposed(Effect::Disclose);
    asked.answered().when(allow()).at_once();
}

#[test]
fn records_leave_the_house_by_what_a_case_becomes_whatever_brought_it() {
    let asked = given("other");
    let answered = |extent| asked.after(Event::Answered { extent });
    for extent in [Extent::Full, Extent::Part] {
        assert_eq!(of_change(&asked, &answered(extent)), [Effect::Disclose]);
        assert_eq!(of_change(&answered(extent), &answered(extent)), []);
        assert_eq!(of_change(&answered(extent), &asked), []);
    }
    assert_eq!(of_change(&asked, &answered(Extent::None)), []);
    assert_eq!(of_change(&answered(Extent::Part), &answered(Extent::Full)), [Effect::Disclose]);
    // Allowed where nothing or a refusal stood; not what was refused or stood there before.
    let line = |given: &Given, allowed| {
        let reason = Some("x".to_owned());
        given.after(Event::ScopeSet { category: "account".to_owned(), allowed, reason })
    };
    let part = answered(Extent::Part);
    let (yes, no) = (line(&part, true), line(&part, false));
    for (before, after, more) in
        [(&part, &yes, true), (&no, &yes, true), (&part, &no, false), (&yes, &yes, false), (&yes, &no, false)]
    {
        let expected: &[Effect] = if more { &[Effect::Disclose] } else { &[] };
        assert_eq!(of_change(before, after), expected);
    }
    // Under a policy that is lost nobody knows that it gives out nothing.
    let mut lost = given("terms");
    lost.terms.policies.clear();
    let ended = lost.after(Event::Answered { extent: Extent::Full });
    assert_eq!(of_change(&lost, &ended), [Effect::Disclose]);
}

#[test]
fn an_answer_that_two_stood_behind_is_rewritten_by_two() {
    let asked = given("other")
        .with(text("data", "account"))
        .with(accounts(&["@a:our.org", "@b:our.org"]))
        .with(text("agency", "the police"));
    let answered = asked.after(Event::Answered { extent: Extent::Full });
    for edit in [
        Edit::AddAccounts(accounts(&["@c:our.org"])),
        put(accounts(&["@a:our.org", "@c:our.org"])),
        put(text("data", "account, devices")),
        put(text("agency", "Mallory")),
        put(text("email", "eve@example.net")),
        put(text("agency", "")),
    ] {
        answered.when(set([edit.clone()])).proposed(Effect::Disclose);
        asked.when(set([edit])).at_once();
    }
    // What was verified before is not any more, so the letter waits too.
    let granted = Event::Answered { extent: Extent::Full };
    let by_call = given("information").with(text("data", "account")).after(granted);
    let (what, letter) = (Verifiable::Requester, "answer".to_owned());
    by_call
        .when(Command::RecordSent {
            letter: letter.clone(),
            via: Channel::Mail,
            at: None,
            repeat: Repeat::Unsaid,
        })
        .refused(Obstacle::NotVerified { letter, what }.into());
    answered.when(off("@b:our.org")).at_once();
    answered.when(Command::Note { text: "x".to_owned() }).at_once();
    // Nothing was given out, or this kind gives out nothing.
    asked.after(Event::Answered { extent: Extent::None }).when(set([put(text("agency", "M"))])).at_once();
    given("terms").answered().when(set([put(text("context", "more"))])).at_once();
}

#[test]
fn what_is_kept_is_let_go_or_sooner_by_two() {
    let until = now() + TimeDelta::days(91);
    let held = |until| given("other").after(Event::HoldStarted { from: now(), until });
    let released = held(until).after(Event::HoldOver { how: HoldEnding::Released });
    assert_eq!(of_change(&held(until), &released), [Effect::Destroy]);
    assert_eq!(of_change(&held(until), &held(until - TimeDelta::seconds(1))), [Effect::Destroy]);
    assert_eq!(of_change(&held(until), &held(until)), []);
    assert_eq!(of_change(&held(until), &held(until + TimeDelta::days(1))), []);
    assert_eq!(of_change(&given("other"), &held(until)), []);
    assert_eq!(of_change(&given("other"), &held(now() + TimeDelta::days(89))), [Effect::Destroy]);
    assert_eq!(of_change(&released, &given("other")), []);
}

#[test]
fn a_gag_that_comes_sooner_to_its_end_takes_two() {
    let gag = |until: Option<i64>| {
        let until = until.map(|days| now() + TimeDelta::days(days));
        told().after(Event::GagSet { ordered_by: "x".to_owned(), day: None, until, document: None })
    };
    for (before, after, sooner) in [
        (None, Some(9), true),
        (Some(9), Some(8), true),
        (Some(9), Some(9), false),
        (Some(9), Some(10), false),
        (Some(9), None, false),
        (None, None, false),
    ] {
        let expected: &[Effect] = if sooner { &[Effect::Tell] } else { &[] };
        assert_eq!(of_change(&gag(before), &gag(after)), expected, "{before:?} {after:?}");
    }
    // One that is over, and one that comes anew, are no lengths of the same.
    let ended = gag(None).after(over(GagEnding::Ended));
    assert_eq!(of_change(&ended, &gag(Some(9))), []);
    assert_eq!(of_change(&gag(None), &ended), [Effect::Tell]);
    assert_eq!(of_change(&told(), &told().after(cleared("@a:our.org"))), [Effect::Tell]);
}

fn cleared(name: &str) -> Event {
    Event::Cleared { account: account(name), reason: "another".to_owned() }
}

#[test]
fn an_attestation_takes_two_and_so_does_another() {
    let attested =
        |reason: &str| given("other").after(Event::Attested { by: ada(), reason: reason.to_owned() });
    assert_eq!(of_change(&given("other"), &attested("a bomb")), [Effect::Verify]);
    assert_eq!(of_change(&attested("a bomb"), &attested("a fire")), [Effect::Verify]);
    assert_eq!(of_change(&attested("a bomb"), &attested("a bomb")), []);
    assert_eq!(of_change(&attested("a bomb"), &given("other")), []);
}

#[test]
fn a_policy_that_gives_out_more_or_sooner_takes_two() {
    fn kind<'p>(policy: &'p mut Policy, name: &str) -> &'p mut Kind {
        policy.kinds.iter_mut().find(|kind| kind.name == name).unwrap()
    }
    let asked =
        given("information").with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
    adopting(&asked, &|_| {}).at_once();
    for change in [
        (|policy| kind(policy, "information").verify_instrument = false) as fn(&mut Policy),
        |policy| kind(policy, "information").verify_requester = false,
        |policy| kind(policy, "information").own_accounts = false,
        |policy| kind(policy, "information").discloses = false,
        |policy| {
            let court = policy.instruments.iter_mut().find(|known| known.name == "court-order").unwrap();
            court.opens.push("messages-new".to_owned());
            let like = policy.categories.iter().find(|category| category.name == "account").unwrap().clone();
            policy.categories.push(Category { name: "messages-new".to_owned(), ..like });
        },
    ] {
        adopting(&asked, &change).proposed(Effect::Disclose);
    }
    adopting(&asked, &|policy| kind(policy, "information").keep = Some(Span::Days(1)))
        .proposed(Effect::Destroy);
    adopting(&asked, &|policy| policy.two_people.break_glass = true).proposed(Effect::Policy);
    // What asks for more, opens less or keeps longer is done at once.
    adopting(&asked, &|policy| {
        policy.instruments.iter_mut().for_each(|known| known.opens.clear());
        policy.two_people.acts.push("refuse".to_owned());
        kind(policy, "information").scope_empty = true;
        kind(policy, "information").keep = Some(Span::Years(50));
    })
    .at_once();
}

#[test]
fn to_take_a_user_off_a_hold_is_to_let_go_what_is_kept_for_them() {
    // Given a hold about two users, when one is taken off, then that is destroying, as releasing it would be
    let both = given("preservation").with(accounts(&["@alice:our.org", "@bob:our.org"]));
    let until = now() + chrono::TimeDelta::days(90);
    let held = both.after(Event::HoldStarted { from: now(), until });
    let only = |names: &[&str]| Command::Set { edits: vec![Edit::Put(accounts(names))] };
    held.when(only(&["@bob:our.org"])).proposed(Effect::Destroy);
    // To put another one on lets nothing go, and where nothing is held there is nothing to let go.
    held.when(only(&["@alice:our.org", "@bob:our.org", "@carl:our.org"])).at_once();
    both.when(only(&["@bob:our.org"])).at_once();
}

/// Given an erasure that was answered and done, when something is written beside it, then one person is enough: nothing is destroyed
/// a second time. Where records were asked for as well, it still takes two.
#[test]
fn what_is_erased_is_not_destroyed_again() {
    let erased = |right: &str| {
        under_eu("subject")
            .with(accounts(&["@a:our.org"]))
            .with(text("right", right))
            .after(Event::Answered { extent: Extent::Full })
            .with(text("erased", "2026-11-20"))
    };
    let put = |field| Command::Set { edits: vec![Edit::Put(field)] };
    let note = || put(text("context", "a note"));
    erased("erasure").when(note()).at_once();
    erased("access, erasure").when(note()).proposed(Effect::Disclose);
    // On a line of its own, or in words of which nobody knows all that they ask for.
    erased("erasure").with(text("right", "access")).when(note()).proposed(Effect::Disclose);
    let in_words = erased("erasure").under(|policy| {
        let rules = policy.kinds.iter_mut().flat_map(|kind| &mut kind.fields);
        rules.filter(|rule| rule.key == "right").for_each(|rule| rule.form = FieldForm::Text);
    });
    in_words.when(note()).proposed(Effect::Disclose);
    // Nor is somebody else erased by it, nor what was not erased yet.
    let another = erased("erasure").with(accounts(&["@b:our.org"]));
    assert_eq!(of_change(&erased("erasure"), &another), [Effect::Disclose]);
    assert_eq!(of_change(&another, &erased("erasure")), []);
    let done = Edit::Put(text("erased", "2026-11-20"));
    let mut answered = erased("erasure");
    answered.case.fields.retain(|field| field.key != "erased");
    answered.when(set([done, Edit::Put(text("context", "a note"))])).proposed(Effect::Disclose);
}
