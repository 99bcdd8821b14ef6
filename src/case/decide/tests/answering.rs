//! When a request may be granted: what the answer says must be so (rules 1, 19, 46, 61, 63).

use chrono::TimeDelta;

use super::given::*;
use crate::case::decide::Around;
use crate::case::*;

fn full() -> Command {
    Command::Answer { extent: Extent::Full }
}

fn part() -> Command {
    Command::Answer { extent: Extent::Part }
}

fn none() -> Command {
    Command::Answer { extent: Extent::None }
}

/// Under the shipped policy as it is.
fn shipped_case(kind: &str) -> Given {
    let mut given = given(kind);
    let policy = shipped();
    given.case.policy.clone_from(&policy.version);
    given.terms.current.clone_from(&policy.version);
    given.terms.policies = [(policy.version.clone(), policy)].into();
    given
}

fn held(given: &Given) -> Given {
    given.after(Event::HoldStarted { from: now(), until: now() + TimeDelta::days(90) })
}

fn seen(given: &Given) -> Given {
    let what = Verifiable::Instrument;
    given.after(Event::Verified {
        what,
        by: ada(),
        how: "read".to_owned(),
        entry: None,
        call: None,
        recorder: None,
    })
}

#[test]
fn the_records_of_a_preservation_are_kept_before_the_answer_says_so() {
    let asked = shipped_case("preservation");
    for grants in [full, part] {
        asked.when(grants()).refused(Restraint::NotVerified(Verifiable::Requester).into());
        asked.called().when(grants()).refused(Restraint::NothingKept.into());
        for other in [linked(57, Relation::Appeal, true), linked(57, Relation::Extends, false)] {
            asked.called().after(other).when(grants()).refused(Restraint::NothingKept.into());
        }
        held(&asked).when(grants()).refused(Restraint::NotVerified(Verifiable::Requester).into());
        held(&asked.called()).when(grants()).at_once();
        let over = held(&asked.called()).after(Event::HoldOver { how: HoldEnding::Expired });
        over.when(grants()).at_once();
    }
    // What promises nothing is free.
    asked.when(none()).at_once();
    asked.when(refuse("unverified", None)).at_once();
}

#[test]
fn what_is_kept_is_answered_by_that_whatever_the_line_of_data_names() {
    for data in ["messages", "traffic data", "account, messages", "the lot"] {
        // Given somebody who asks to keep what we cannot read, or what nobody knows
        let asked = shipped_case("preservation").called().with(text("data", data));
        // When nothing is kept, then nothing keeps anybody from saying so
        asked.when(none()).at_once();
        // And once it is kept, then nobody reads that there is nothing
        let kept = held(&asked);
        let until = now() + TimeDelta::days(90);
        kept.when(none()).refused(Restraint::KeptAllTheSame { until, own: true }.into());
        kept.when(full()).at_once();
        kept.when(part()).at_once();
        // Unless that was let go
        let over = kept.after(Event::HoldOver { how: HoldEnding::Released });
        over.when(none()).at_once();
    }
    // What people refused of it is not all of it.
    let asked = held(&shipped_case("preservation").called().with(text("data", "account, profile")));
    let refused = asked.after(Event::ScopeSet {
        category: "profile".to_owned(),
        allowed: false,
        reason: Some("too much".to_owned()),
    });
    refused.when(full()).refused(Refusal::NotAllInScope { out: owned(&["profile"]) });
    refused.when(part()).at_once();
    // An order that keeps and gives out too is answered by what it gives out.
    held(&seen(&shipped_case("removal").called())).when(none()).at_once();
}

#[test]
fn to_take_something_down_gives_nothing_out_unless_records_are_asked_for() {
    let order =
        shipped_case("removal").with(text("removed", "2026-11-20 10:10")).with(accounts(&["@a:our.org"]));
    order.when(full()).refused(Restraint::NotVerified(Verifiable::Requester).into());
    order.called().when(full()).refused(Restraint::NotVerified(Verifiable::Instrument).into());
    let known = seen(&order.called());
    known.when(full()).then([Event::Answered { extent: Extent::Full }]);
    let undone = seen(&shipped_case("removal").with(accounts(&["@a:our.org"])).called());
    undone.when(full()).refused(Restraint::AnswerNeeds { key: "removed".to_owned() }.into());
    // Whoever asks for records by it gets them as by any other request.
    known.with(text("data", "account")).when(full()).refused(Restraint::NotReady.into());
    // Nor does the second person go with the line.
    known.with(text("data", "account")).when(set([put(text("data", ""))])).proposed(Effect::Disclose);
    for kind in ["other", "referral"] {
        let asks = held(&shipped_case(kind).with(text("ground", "law")));
        match kind {
            // What we write to others takes two, records or none (rule 40).
            "referral" => asks.when(full()).proposed(Effect::Disclose),
            _ => asks.when(full()).at_once(),
        }
        asks.with(text("data", "account")).when(full()).refused(Restraint::NotReady.into());
        // What may have been meant as that line counts.
        let meant = Reading::Unknown { meant: Some("data".to_owned()) };
        let slip = Field { reading: meant, ..text("dta", "account") };
        asks.with(slip).when(full()).refused(Restraint::NotReady.into());
    }
    let all_there = shipped_case("other").called().with(text("data", "account"));
    all_there.when(full()).proposed(Effect::Disclose);
}

/// Somebody who asks for erasure and has shown who they are.
fn erasure() -> Given {
    shipped_case("subject").called().with(text("right", "erasure")).with(accounts(&["@a:our.org"]))
}

#[test]
fn an_exception_for_state_events_is_weighed_in_writing_by_two_people() {
    let lines = ["nature of data", "others affected", "degree", "risk"];
    for said in ["state events", "State-events"] {
        let asked = erasure().with(text("erase", said));
        let unweighed = |keys: &[&str]| Restraint::Unweighed { keys: owned(keys) };
        for grants in [full, part] {
            asked.when(grants()).refused(unweighed(&lines).into());
            let half = asked.with(text("degree", "none")).with(text("risk", "a threat"));
            half.when(grants()).refused(unweighed(&["nature of data", "others affected"]).into());
            let blank = half.with(text("nature of data", " ")).with(text("others affected", "12"));
            blank.when(grants()).refused(unweighed(&["nature of data"]).into());
            let whole = lines.iter().fold(asked.clone(), |given, key| given.with(text(key, "x")));
            whole.when(grants()).proposed(Effect::Destroy);
            // Even where a policy says that such answers give nothing out.
            let mut free = whole.clone();
            free.change_policy(|policy| policy.kinds.iter_mut().for_each(|kind| kind.discloses = false));
            free.when(grants()).proposed(Effect::Destroy);
        }
        asked.when(none()).at_once();
        // Nor does a refusal say that it was weighed before it was, or by one person.
        asked.when(refuse("state-events", None)).refused(unweighed(&lines).into());
        let whole = lines.iter().fold(asked.clone(), |given, key| given.with(text(key, "x")));
        whole.when(refuse("state-events", None)).proposed(Effect::Policy);
        asked.when(refuse("shared", None)).at_once();
    }
    let code = "state-events".to_owned();
    erasure().when(refuse("state-events", None)).refused(Restraint::NothingWeighed { code }.into());
    // Nothing else is weighed.
    erasure().with(text("erase", "account")).when(full()).proposed(Effect::Disclose);
}

#[test]
fn nothing_is_erased_in_full_while_a_hold_keeps_some_of_it() {
    let beside = |holding| Given {
        around: Around { naming: Some(Vec::new()), holding, ..Around::default() },
        ..erasure()
    };
    let waits = |holds: Vec<CaseId>| Restraint::ErasureWaits { holds };
    beside(Some(vec![id(3), id(4)])).when(full()).refused(waits(vec![id(3), id(4)]).into());
    // In part, with the same words to the person (rule 65), and not at all.
    beside(Some(vec![id(3)])).when(part()).proposed(Effect::Disclose);
    beside(Some(vec![id(3)])).when(none()).at_once();
    // What was not looked up is not known to be free.
    beside(None).when(full()).refused(Restraint::HoldsNotKnown.into());
    beside(Some(Vec::new())).when(full()).proposed(Effect::Disclose);
    // Nor is it while a case keeps some of it that nobody here may know of.
    let mut unshown = beside(Some(Vec::new()));
    unshown.around.held_unshown = true;
    unshown.when(full()).refused(waits(Vec::new()).into());
    // A hold on the case itself.
    held(&beside(Some(Vec::new()))).when(full()).refused(waits(vec![id(1)]).into());
    // It counts once, and only while it runs.
    held(&beside(Some(vec![id(1), id(3)]))).when(full()).refused(waits(vec![id(1), id(3)]).into());
    let over = held(&beside(Some(Vec::new()))).after(Event::HoldOver { how: HoldEnding::Expired });
    over.when(full()).proposed(Effect::Disclose);
    // A person who asks for a copy gets all of it.
    let mut copy = beside(Some(vec![id(3)]));
    copy.case.fields.retain(|field| field.key != "right");
    copy.with(text("right", "access")).when(full()).proposed(Effect::Disclose);
}

#[test]
fn a_hold_that_comes_between_stops_what_two_people_agreed_on() {
    let mut proposed = erasure().done(full());
    proposed.around.holding = Some(vec![id(3)]);
    let approve = Command::Approve { code: proposed.code(), alone: None };
    proposed.by("ben").when(approve).refused(Restraint::ErasureWaits { holds: vec![id(3)] }.into());
}

/// Rule 63: what is said of an erasure is said of a case that asks for one, and of the holds of others.
#[test]
fn what_was_erased_beside_another_wish_is_put_down_with_whom_it_is_about() {
    let erased = || Field { reading: Reading::Day { day: day(1) }, ..text("erased", "2026-12-01") };
    let later = |given: &Given| given.at("2026-12-02T10:00:00Z".parse().unwrap());
    let mut copy = erasure();
    copy.case.fields.retain(|field| field.key != "right");
    let more = Edit::AddAccounts(accounts(&["@bob:our.org"]));
    later(&copy.with(text("right", "access"))).when(set([put(erased()), more])).at_once();
    // A case does not contradict itself.
    let mut own = later(&erasure().after(Event::Answered { extent: Extent::Part }));
    own.around.holding = Some(vec![id(1)]);
    let events = own.when(set([put(erased())])).happens();
    assert!(!events.iter().any(|event| matches!(event, Event::Warned { .. })), "{events:#?}");
}

#[test]
fn nor_is_it_on_record_as_erased_while_a_hold_keeps_it() {
    let erased = || Field { reading: Reading::Day { day: day(1) }, ..text("erased", "2026-12-01") };
    let beside = |holding| {
        let around = Around { holding, ..erasure().around };
        Given { around, ..erasure().with(accounts(&["@ann:our.org"])) }
            .at("2026-12-02T10:00:00Z".parse().unwrap())
    };
    let waits = || Restraint::ErasureWaits { holds: vec![id(3)] };
    beside(Some(vec![id(3)])).when(set([put(erased())])).refused(waits().into());
    held(&beside(Some(Vec::new())))
        .when(set([put(erased())]))
        .refused(Restraint::ErasureWaits { holds: vec![id(1)] }.into());
    beside(None).when(set([put(erased())])).refused(Restraint::HoldsNotKnown.into());
    beside(Some(Vec::new())).when(set([put(erased())])).at_once();
    // Nor the other way round, nor for somebody whose records nobody has looked up.
    let mut copy = beside(Some(vec![id(3)]));
    copy.case.fields.retain(|field| field.key != "right");
    let copy = copy.with(text("right", "access")).with(erased());
    copy.when(set([put(text("right", "erasure"))])).refused(waits().into());
    let more = Edit::AddAccounts(accounts(&["@bob:our.org"]));
    let by_itself = Restraint::ByItself { label: "erased".to_owned() };
    beside(Some(Vec::new())).when(set([put(erased()), more])).refused(by_itself.into());
    // What two people granted in part is decided, and that is on record.
    let granted = beside(Some(vec![id(3)])).after(Event::Answered { extent: Extent::Part });
    let against = Conflict { one: id(1), other: id(3), how: Clash::ErasureAgainstHold };
    let warned = |conflicts: &[Conflict], unshown| Event::Warned { conflicts: conflicts.to_vec(), unshown };
    let said = || Event::FieldSet { field: erased() };
    granted.when(set([put(erased())])).then([said(), warned(&[against], false)]);
    // Of a sealed case nothing is said but that something is kept.
    let around = Around { holding: Some(Vec::new()), held_unshown: true, ..granted.around.clone() };
    let beside_sealed = Given { around, ..granted.clone() };
    beside_sealed.when(set([put(erased())])).then([said(), warned(&[], true)]);
    let free = Given { around: Around { holding: Some(Vec::new()), ..granted.around.clone() }, ..granted };
    free.when(set([put(erased())])).then([said()]);
    // Where identifiers alone go, the lines about the identity servers say so (rule 49).
    let elsewhere = beside(Some(vec![id(3)])).with(text("erase", "identifiers"));
    let unlinked = || set([put(text("unlinked at vector.im", "2026-12-01"))]);
    elsewhere.when(unlinked()).refused(waits().into());
    beside(Some(Vec::new())).with(text("erase", "identifiers")).when(unlinked()).at_once();
    // What stands there already may stay while other lines change.
    let said = beside(Some(vec![id(3)])).with(erased());
    said.when(set([put(text("email", "x"))])).at_once();
    said.when(set([Edit::RemoveAccounts(accounts(&["@ann:our.org"]))])).at_once();
    let by_itself = Restraint::ByItself { label: "erased".to_owned() };
    said.when(set([Edit::AddAccounts(accounts(&["@bob:our.org"]))])).refused(by_itself.into());
}

#[test]
fn to_ask_for_an_erasure_says_of_none_that_it_was_done() {
    let mut copy = erasure();
    copy.case.fields.retain(|field| field.key != "right");
    copy.around.holding = Some(vec![id(3)]);
    let copy = copy.with(text("right", "access"));
    copy.when(set([put(text("right", "erasure"))])).at_once();
}

#[test]
fn whose_it_is_is_asked_before_the_answer_only_where_the_answer_says_that_they_are_told() {
    let unclear = |asks: bool| {
        let given = given("terms").with(half_read());
        given.under(|policy| {
            policy.kinds.iter_mut().for_each(|kind| (kind.notify, kind.asks_whose) = (true, asks));
        })
    };
    let whose = Err(Restraint::WhoseIsIt.into());
    assert_eq!(unclear(true).when(full()).decided, whose);
    assert_ne!(unclear(false).when(full()).decided, whose);
}

/// Whoever is told that all of it was done reads no word of what was not (rule 65).
#[test]
fn what_is_not_granted_is_answered_in_part() {
    // Given a request of which something is not granted
    let asked = shipped_as("subject").called().with(text("right", "access, rectification"));
    let asked = asked.with(accounts(&["@alice:our.org"])).with(text("email", "alice@example.org"));
    let refused = asked.with(text("not granted", "rectification: the name is right as it is"));
    // When it is answered in full, then that is refused; in part it is proposed
    let line = Restraint::NotAllGranted { label: "Not granted".to_owned(), key: "not granted".to_owned() };
    refused.when(Command::Answer { extent: Extent::Full }).refused(line.into());
    refused.when(Command::Answer { extent: Extent::Part }).proposed(Effect::Disclose);
    asked.when(Command::Answer { extent: Extent::Full }).proposed(Effect::Disclose);
}
