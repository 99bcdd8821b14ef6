//! What comes in: whose words a line is, when a request came, what is not there yet, what nobody can read.

use std::collections::BTreeSet;

use super::given::*;
use crate::case::clock::{clocks, too_soon};
use crate::case::decide::gate::{Bar, bars};
use crate::case::letter::Obstacle;
use crate::case::{
    Command, Effect, Elsewhere, Event, Field, HoldStep, Reading, Relation, Restraint, Start, checklist,
};

fn running(given: &Given) -> BTreeSet<String> {
    clocks(&given.case, &given.terms).into_iter().map(|clock| clock.name).collect()
}

fn attested(given: &Given) -> Given {
    given.after(Event::Attested { by: ada(), reason: "danger".to_owned() })
}

fn claimed(key: &str, value: &str) -> Field {
    Field { key: Field::claimed_key(key), reading: Reading::Claimed, ..text(key, value) }
}

fn received(at: &str) -> Command {
    set([crate::case::Edit::Received { at: at.parse().unwrap(), value: at.to_owned() }])
}

#[test]
fn what_the_requester_says_that_we_did_counts_for_nothing() {
    // Rule 16: the after-review is ours.
    let emergency = attested(&shipped_as("emergency").with(claimed("review", "done")));
    assert!(running(&emergency.answered()).contains("after-review"));
    assert!(bars(&emergency.case, &emergency.terms).contains(&Bar::Review));
    // Rule 44: and so is the erasure.
    let subject = shipped_as("subject").with(text("right", "erasure")).with(claimed("erased", "yes"));
    assert!(running(&subject).contains("erasure"));
    let done = subject.with(text("erased", "2026-11-20"));
    assert!(!running(&done).contains("erasure"));
    let kind = subject.terms.kind_of(&subject.case).unwrap();
    let list = checklist(&subject.case, kind, subject.terms.policy_of(&subject.case).unwrap());
    assert_eq!(list.claimed.len(), 1);
    assert!(list.twice.is_empty() && list.present.iter().all(|field| field.key != "their erased"));
}

#[test]
fn a_line_of_ours_says_what_was_done_and_not_before_its_time() {
    let early = |label: &str, start| {
        crate::case::Refusal::from(Restraint::BeforeItsTime { label: label.to_owned(), start })
    };
    let review = || set([put(text("review", "right to believe it"))]);
    let emergency = shipped_as("emergency");
    emergency.when(review()).refused(early("After-review", Start::Attested));
    attested(&emergency).when(review()).refused(early("After-review", Start::Answered));
    attested(&emergency).answered().when(review()).at_once();
    // What was refused without an attestation is looked back on too, or its users would never be told.
    emergency.done(refuse("voluntary", None)).when(review()).at_once();
    let nothing = attested(&emergency).answered().when(set([put(text("review", "no"))]));
    assert!(matches!(nothing.decided, Err(crate::case::Refusal::Restraint(Restraint::SaysNothing { .. }))));
    // Rule 41: nothing is put back before somebody objects, and nothing on a day to come.
    let restored = |value: &str| set([put(text("restored", value))]);
    shipped_as("copyright").when(restored("2026-11-20")).refused(early("Restored", Start::Countered));
    let countered = shipped_as("copyright").after(linked(2, Relation::Counter, false));
    countered.when(restored("2026-11-20")).at_once();
    countered
        .when(restored("2026-12-24"))
        .refused(Restraint::DoneInFuture { label: "Restored".to_owned(), day: day(24) }.into());
}

#[test]
fn what_was_done_before_a_clock_began_does_not_end_it() {
    let countered = shipped_as("copyright").after(linked(2, Relation::Counter, false));
    assert!(running(&countered.with(text("restored", "2026-11-01"))).contains("restore"));
    assert!(!running(&countered.with(text("restored", "2026-11-20, no action"))).contains("restore"));
}

#[test]
fn what_was_done_before_there_was_a_request_is_refused_with_the_day_it_counts_from() {
    let (day, nov) = (|day: &str| day.parse::<chrono::NaiveDate>().unwrap(), "2026-11-20");
    let done = |key: &str, value: &str| set([put(text(key, value))]);
    let subject = shipped_as("subject").with(text("right", "erasure"));
    let early = Restraint::DoneBeforeBegun {
        label: "Erased".to_owned(),
        key: "erased".to_owned(),
        day: day("2026-11-19"),
        begun: day(nov),
    };
    subject.when(done("erased", "2026-11-19, by hand")).refused(early.into());
    subject.when(done("erased", nov)).at_once();
    let countered = shipped_as("copyright").after(linked(2, Relation::Counter, false));
    let early = countered.when(done("restored", "2026-11-19")).decided;
    assert!(
        matches!(early, Err(crate::case::Refusal::Restraint(Restraint::DoneBeforeBegun { .. }))),
        "{early:?}"
    );
    // Before its clock lets it be done it was done all the same, and that is said (rule 41).
    let soon = countered.done(done("restored", nov));
    let field = soon.case.fields_of("restored").next().unwrap();
    let clock = too_soon(&soon.case, field, &soon.terms).unwrap();
    assert_eq!(clock.name, "restore");
    let later = countered.at("2026-12-20T10:00:00Z".parse().unwrap()).done(done("restored", "2026-12-15"));
    let field = later.case.fields_of("restored").next().unwrap();
    assert_eq!(too_soon(&later.case, field, &later.terms), None);
}

#[test]
fn the_time_of_receipt_can_be_put_right() {
    let asked = shipped_as("subject").with(text("right", "access"));
    let due = |given: &Given| clocks(&given.case, &given.terms).first().map(|clock| clock.due).unwrap();
    let earlier = asked.done(received("2026-11-10T09:00:00Z"));
    assert!(due(&earlier) < due(&asked));
    let later = earlier.done(received("2026-11-19T09:00:00Z"));
    assert!(due(&later) > due(&earlier));
    let ahead = "2026-11-20T10:01:00Z";
    asked.when(received(ahead)).refused(Restraint::NotYet(ahead.parse().unwrap()).into());
    // What was done with it was done after it came.
    let done = "2026-11-15T09:00:00Z".parse().unwrap();
    let sent = Event::LetterSent { letter: "ack".to_owned(), via: "mail".to_owned(), at: done };
    let told = earlier.after(sent);
    told.when(received("2026-11-16T09:00:00Z")).refused(Restraint::ReceivedAfter { done }.into());
}

#[test]
fn a_hold_that_counted_from_the_receipt_moves_and_ends_sooner_by_two_people_only() {
    let kept = shipped_as("preservation").done(Command::Hold(HoldStep::Start { term: None, from: None }));
    kept.when(received("2026-11-10T09:00:00Z")).proposed(Effect::Destroy);
    let early = kept.at("2026-11-30T10:00:00Z".parse().unwrap());
    // That it came only after its case was opened would give every clock more time.
    early.when(received("2026-11-21T09:00:00Z")).proposed(Effect::Leave);
}

#[test]
fn a_counter_notice_moves_the_clock_of_what_it_counters() {
    let against = |given: Given, notice| given.after(linked(notice, Relation::Counter, true));
    let mut counter = against(against(given("counter-notice"), 2), 3);
    counter.around.countered = vec![id(2), id(3)];
    let at = "2026-11-18T09:00:00Z".parse().unwrap();
    let events = counter.when(received("2026-11-18T09:00:00Z")).all();
    let moved = |notice| events.contains(&(id(notice), Event::CounterMoved { other: id(1), received: at }));
    assert!(moved(2) && moved(3), "{events:#?}");
    // Of one that is not on file any more nothing is said.
    counter.around.countered = vec![id(3)];
    let events = counter.when(received("2026-11-18T09:00:00Z")).all();
    assert!(!events.iter().any(|(of, _)| *of == id(2)), "{events:#?}");
}

#[test]
fn an_order_that_is_not_there_yet_is_unknown_and_none_is_none() {
    for said in [
        "court order to follow",
        "application for a search warrant (draft)",
        "search warrant, unsigned",
        "court order will be sent",
        "court order pending",
        "court order requested",
        "Gerichtsbeschluss folgt",
        "court order (Entwurf)",
        "mandat à suivre, court order",
    ] {
        let case = shipped_as("information").with(text("jurisdiction", "GB")).with(text("instrument", said));
        assert!(bars(&case.case, &case.terms).contains(&Bar::Unidentified), "{said}");
    }
    // Rule 60: a bare letter that says that it has none is one that has none.
    for said in ["none", "n/a", "-", "no", "N.A.", "keine"] {
        let letter = shipped_as("preservation").with(text("instrument", said));
        assert!(bars(&letter.case, &letter.terms).is_empty(), "{said}");
        let asks = shipped_as("information").with(text("instrument", said));
        assert!(bars(&asks.case, &asks.terms).contains(&Bar::Missing), "{said}");
    }
}

#[test]
fn what_came_by_treaty_rests_on_the_treaty_request_and_the_stricter_silence_counts() {
    let foreign = || {
        let case = shipped_as("information").with(text("jurisdiction", "US"));
        case.with(text("instrument", "search warrant 5"))
    };
    assert!(!bars(&foreign().case, &foreign().terms).contains(&Bar::Instrument));
    let treaty = foreign().with(text("via", "MLAT"));
    assert!(bars(&treaty.case, &treaty.terms).contains(&Bar::Instrument));
    let rests = crate::case::identify(&treaty.case, treaty.terms.policy_of(&treaty.case).unwrap());
    assert_eq!(rests.unwrap().unwrap().name, "mlat-request");
    // A policy that tells of treaty requests tells of no order that withholds by itself.
    let tells = foreign().with(text("via", "MLAT")).under(|policy| {
        for one in &mut policy.instruments {
            one.notice = match one.name.as_str() {
                "mlat-request" => crate::case::Tell::Tell,
                _ => crate::case::Tell::Withhold,
            };
        }
    });
    assert!(bars(&tells.case, &tells.terms).contains(&Bar::Instrument));
}

#[test]
fn while_the_instrument_is_unknown_every_clock_runs_that_it_could_have() {
    let order =
        |name: &str| under_eu("removal").with(text("jurisdiction", "DE")).with(text("instrument", name)).case;
    let terms = under_eu("removal").terms;
    let names = |case| -> Vec<String> { clocks(&case, &terms).into_iter().map(|clock| clock.name).collect() };
    assert_eq!(names(order("order 2026-99")).first().map(String::as_str), Some("tco"));
    assert!(!names(order("court order 5 Gs 12/26")).contains(&"tco".to_owned()));
    // The better name begins it before the second person has said yes.
    let known = Given { case: order("court order 5 Gs 12/26"), ..under_eu("removal") };
    let proposed = known.done(set([put(text("instrument", "TCO removal order 2026-99"))]));
    assert!(!proposed.case.proposals.is_empty());
    assert!(running(&proposed).contains("tco"));
}

#[test]
fn while_a_right_is_unknown_the_strictest_clock_runs() {
    let subject = |field: Field| running(&shipped_as("subject").with(field));
    assert!(!subject(text("right", "access")).contains("erasure"));
    for said in ["erasure", "access, deletion", "Art. 17", "delete my account", "ACCESS and Erasure"] {
        assert!(subject(text("right", said)).contains("erasure"), "{said}");
    }
    let unread = Field { reading: Reading::Unread { why: "no".to_owned() }, ..text("right", "a pony") };
    assert!(subject(unread).contains("erasure"));
}

#[test]
fn nobody_is_sent_to_a_treaty_whose_country_may_ask() {
    let mlat = || Command::Redirect { to: Elsewhere::Mlat };
    let from = |country: &str| shipped_as("information").with(text("jurisdiction", country));
    let obstacle = Obstacle::MayAskDirectly { country: Some("GB".to_owned()) };
    from("GB").when(mlat()).refused(obstacle.into());
    from("US").when(mlat()).at_once();
}

#[test]
fn what_was_guessed_waits_for_a_person() {
    let guess = Field { guessed: true, ..text("reference", "OP-7") };
    let case = shipped_as("preservation").with(guess);
    let kind = case.terms.kind_of(&case.case).unwrap();
    let policy = case.terms.policy_of(&case.case).unwrap();
    assert!(!checklist(&case.case, kind, policy).complete());
    // To say the same confirms it.
    case.when(set([put(text("reference", "OP-7"))]))
        .then([Event::FieldSet { field: text("reference", "OP-7") }]);
    let turned = shipped_as("preservation")
        .with(Field { reading: Reading::Day { day: day(2) }, ..text("from", "2 Dec 2026") })
        .with(Field { reading: Reading::Day { day: day(1) }, ..text("to", "1 Dec 2026") });
    let list = checklist(&turned.case, kind, policy);
    assert!(list.turned.is_some() && !list.complete());
    assert!(list.present.iter().all(|field| !["from", "to"].contains(&field.key.as_str())));
}
