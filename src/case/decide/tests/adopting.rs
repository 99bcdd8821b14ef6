//! What a newer policy makes wider, point by point: taking it on takes two people there, and one where it asks for the same
//! or for more (rule 59).

use super::given::{Given, When, account, given, owned, text};
use crate::case::*;

/// Takes on a policy that differs by this, on a case whose own differs by that.
fn adopting(case: &Given, was: impl FnOnce(&mut Policy), becomes: impl FnOnce(&mut Policy)) -> When {
    let mut given = case.under(was).by("root");
    given.terms.people.push(Person { account: account("@root:our.org"), roles: vec![Role::Admin] });
    let mut policy = given.terms.policy().unwrap().clone();
    policy.version = "ours/2".to_owned();
    becomes(&mut policy);
    given.terms.current = policy.version.clone();
    given.terms.policies.insert(policy.version.clone(), policy);
    given.when(Command::Adopt { policy: None })
}

fn other(policy: &mut Policy) -> &mut Kind {
    policy.kinds.iter_mut().find(|kind| kind.name == "other").unwrap()
}

#[test]
fn fewer_things_to_be_done_before_an_answer_take_two() {
    let needs =
        |keys: &'static [&'static str]| move |policy: &mut Policy| other(policy).answer_needs = owned(keys);
    let case = given("other");
    for (was, becomes) in [(&["removed"][..], &[][..]), (&["removed", "seen"], &["removed"])] {
        adopting(&case, needs(was), needs(becomes)).proposed(Effect::Disclose);
        adopting(&case, needs(becomes), needs(was)).at_once();
        adopting(&case, needs(was), needs(was)).at_once();
    }
    adopting(&case, needs(&["removed"]), needs(&["seen"])).proposed(Effect::Disclose);
}

#[test]
fn a_case_that_is_complete_only_under_the_new_policy_is_taken_there_by_two() {
    let wants = |is_required: bool| {
        move |policy: &mut Policy| {
            other(policy)
                .fields
                .iter_mut()
                .for_each(|rule| rule.required = rule.key == "agency" && is_required);
        }
    };
    let case = given("other").called();
    adopting(&case, wants(true), wants(false)).proposed(Effect::Disclose);
    adopting(&case, wants(false), wants(true)).at_once();
    adopting(&case, wants(true), wants(true)).at_once();
    adopting(&case.with(text("agency", "the police")), wants(true), wants(false)).at_once();
}

#[test]
fn a_new_category_that_stays_shut_takes_one() {
    let case = given("other").with(text("instrument", "court order 7")).with(text("jurisdiction", "GB"));
    let new = |is_opened: bool| {
        move |policy: &mut Policy| {
            let like = policy.categories.iter().find(|one| one.name == "account").unwrap().clone();
            policy.categories.push(Category { name: "anew".to_owned(), ..like });
            let court = policy.instruments.iter_mut().filter(|one| one.name == "court-order" && is_opened);
            court.for_each(|one| one.opens.push("anew".to_owned()));
        }
    };
    adopting(&case, |_| {}, new(false)).at_once();
    adopting(&case, |_| {}, new(true)).proposed(Effect::Disclose);
}

#[test]
fn fewer_acts_for_two_people_or_for_counsel_take_two() {
    let acts =
        |words: &'static [&'static str]| move |policy: &mut Policy| policy.two_people.acts = owned(words);
    let counsel =
        |words: &'static [&'static str]| move |policy: &mut Policy| policy.two_people.counsel = owned(words);
    let case = given("other");
    for (was, becomes) in [(&["refuse"][..], &[][..]), (&["refuse", "note"], &["note"])] {
        adopting(&case, acts(was), acts(becomes)).proposed(Effect::Policy);
        adopting(&case, acts(becomes), acts(was)).at_once();
        adopting(&case, acts(was), acts(was)).at_once();
        adopting(&case, counsel(was), counsel(becomes)).proposed(Effect::Policy);
        adopting(&case, counsel(becomes), counsel(was)).at_once();
    }
}

/// Rule 46: what was to be weighed first is weighed no longer.
#[test]
fn an_exception_that_is_no_longer_weighed_takes_two() {
    let weighs = |is: bool| {
        move |policy: &mut Policy| {
            let weighing = Weighing { only: Vec::new(), lines: owned(&["risk"]) };
            other(policy).weighs = is.then_some(weighing);
        }
    };
    adopting(&given("other"), weighs(true), weighs(false)).proposed(Effect::Disclose);
    adopting(&given("other"), weighs(false), weighs(true)).at_once();
}

/// Nobody knew what the order forbids; a policy that knows it, and tells, is what frees it (rule 60).
#[test]
fn a_policy_that_knows_an_order_which_nobody_knew_frees_it_by_two() {
    let case = given("other").with(text("instrument", "scroll 7")).with(text("jurisdiction", "GB"));
    let known = |notice: Tell| {
        move |policy: &mut Policy| {
            let like = policy.instruments[0].clone();
            let known_by = owned(&["scroll"]);
            policy.instruments.push(Instrument { name: "scroll".to_owned(), known_by, notice, ..like });
        }
    };
    adopting(&case, |_| {}, known(Tell::Tell)).proposed(Effect::Tell);
    adopting(&case, |_| {}, known(Tell::Withhold)).is(|case| {
        let waiting = case.proposals.first();
        waiting.is_none_or(|proposal| !proposal.effects.contains(&Effect::Tell))
    });
}

/// Rule 16: a shorter time to serve an order ends a wish for secrecy sooner.
#[test]
fn less_time_to_serve_an_order_takes_two() {
    let days = |count| move |policy: &mut Policy| policy.notice.serve_within = Span::Days(count);
    let letter =
        Event::LetterSent { letter: "secrecy".to_owned(), via: "mail".to_owned(), at: super::given::now() };
    let told = given("other").with(super::given::secrecy(Secrecy::Open)).after(letter);
    adopting(&told, days(7), days(1)).proposed(Effect::Tell);
    adopting(&told, days(7), days(8)).at_once();
    adopting(&told, days(7), days(7)).at_once();
    let free = given("other");
    adopting(&free, days(7), days(1)).at_once();
}

/// Rule 28: whoever is told before the disclosure is told sooner.
#[test]
fn users_who_are_told_before_an_answer_are_told_so_by_two() {
    let when = |when: crate::case::When| {
        move |policy: &mut Policy| {
            policy.notice.when = when;
            other(policy).notify = true;
        }
    };
    let (before, after) = (when(crate::case::When::Before), when(crate::case::When::After));
    let case = given("other");
    adopting(&case, after, before).proposed(Effect::Tell);
    adopting(&case, before, after).at_once();
    adopting(&case, before, before).at_once();
    adopting(&case.answered(), after, before).at_once();
    let own = |policy: &mut Policy| {
        policy.notice.when = crate::case::When::After;
        (other(policy).notify, other(policy).notice) = (true, Some(crate::case::When::Before));
    };
    adopting(&case, after, own).proposed(Effect::Tell);
}

/// Rule 25: users get to read no more of a request because of one person.
#[test]
fn a_copy_with_more_lines_takes_two() {
    let copy = |keys: &'static [&'static str]| {
        move |policy: &mut Policy| (other(policy).notify, other(policy).copy) = (true, owned(keys))
    };
    let case = given("other");
    adopting(&case, copy(&["agency"]), copy(&["agency", "context"])).proposed(Effect::Tell);
    adopting(&case, copy(&["agency", "context"]), copy(&["agency"])).at_once();
    adopting(&case, copy(&["agency"]), copy(&["agency"])).at_once();
}

fn from_germany() -> Given {
    given("information").with(text("jurisdiction", "DE"))
}

fn accepting(countries: &'static [&'static str]) -> impl Fn(&mut Policy) {
    move |policy| {
        policy.accepts = owned(countries);
        policy.kinds.iter_mut().for_each(|kind| kind.from_authority = kind.name == "information");
    }
}

/// Rules 2 and 3: the request could then be sent elsewhere by one person, which ends it.
#[test]
fn a_policy_that_no_longer_accepts_the_country_takes_two() {
    let case = from_germany();
    adopting(&case, accepting(&["GB", "DE"]), accepting(&["GB"])).proposed(Effect::Policy);
    adopting(&case, accepting(&[]), accepting(&["GB"])).proposed(Effect::Policy);
    adopting(&case, accepting(&["GB", "DE"]), accepting(&["GB", "DE", "FR"])).at_once();
    // By treaty it comes from anywhere, and what has ended is sent nowhere.
    let by_treaty = case.with(text("via", "mlat"));
    adopting(&by_treaty, accepting(&["GB", "DE"]), accepting(&["GB"])).at_once();
    let ended = case.done(Command::Withdraw { reason: None });
    adopting(&ended, accepting(&["GB", "DE"]), accepting(&["GB"])).at_once();
}

/// Whatever else is missing still: the rest can be supplied by one.
#[test]
fn a_policy_that_accepts_the_country_or_asks_for_less_takes_two_though_more_is_missing() {
    let case = from_germany();
    adopting(&case, accepting(&["GB"]), accepting(&["GB", "DE"])).proposed(Effect::Disclose);
    let asking = |keys: &'static [&'static str]| {
        move |policy: &mut Policy| {
            let fields = policy.kinds.iter_mut().flat_map(|kind| &mut kind.fields);
            fields.for_each(|rule| rule.required = keys.contains(&rule.key.as_str()));
        }
    };
    adopting(&case, asking(&["agency", "purpose"]), asking(&["agency"])).proposed(Effect::Disclose);
    adopting(&case, asking(&["agency"]), asking(&["agency", "purpose"])).at_once();
}
