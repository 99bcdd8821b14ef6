//! What is asked again and again (rules 29, 60).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::given::*;
use crate::case::clock::{GAG, PERMISSION};
use crate::case::*;

fn seen(clock: &str, until: DateTime<Utc>) -> Event {
    Event::Seen { clocks: Some(BTreeMap::from([(clock.to_owned(), until)])) }
}

fn every(span: Span) -> impl Fn(&mut Policy) {
    move |policy| (policy.gag.ask_every, policy.instruments) = (span, instruments())
}

fn year(year: i32, day: &str) -> DateTime<Utc> {
    utc(&format!("{year}-{day}T09:00:00Z"))
}

/// A request by an authorisation that forbids to tell.
fn withheld() -> Given {
    let given = given("information", Vec::new()).policy(every(Span::Years(1))).about(alice());
    given.with(text("jurisdiction", "GB")).with(text("instrument", "investigatory powers act"))
}

#[test]
fn a_gag_without_an_end_keeps_asking() {
    let leap = utc("2028-02-29T09:00:00Z");
    let case = given("information", Vec::new()).policy(every(Span::Years(1)));
    let gagged = case.at(leap, gag(None)).falls_due(end_of("2029-02-28"));
    let seen_at = |given: Given, at| given.at(at, seen(GAG, at));
    // Whoever saw it coming has not asked yet; whoever saw it due has.
    let coming = seen_at(gagged, year(2029, "02-27")).falls_due(end_of("2029-02-28"));
    let asked = seen_at(coming, year(2029, "03-02")).falls_due(end_of("2030-02-28"));
    let fourth = seen_at(asked, year(2031, "06-01")).falls_due(end_of("2032-03-01")); // the 29th is a Sunday
    // Setting it anew counts from then.
    fourth.at(year(2031, "06-02"), gag(None)).falls_due(utc("2032-06-02T22:59:59Z"));
}

/// Rules 26 and 29: how often is a matter of the order, where the policy says so of the instrument.
#[test]
fn an_instrument_has_its_own_time_for_the_question() {
    let by_instrument = |policy: &mut Policy| {
        every(Span::Years(1))(policy);
        let own = GagOfInstrument { ask_every: Some(Span::Months(1)), wants_document: None };
        policy.gag.by_instrument.insert("ipa".to_owned(), own);
    };
    // What rests on it is asked after each month, by a gag and by the instrument itself; what rests on none, each year.
    let own = withheld().policy(by_instrument).falls_due(end_of("2026-12-02"));
    own.at(nov(3, 9), gag(None)).falls_due(end_of("2026-12-03"));
    let other = given("information", Vec::new()).policy(by_instrument);
    other.at(nov(3, 9), gag(None)).falls_due(end_of("2027-11-03"));
}

#[test]
fn what_was_seen_of_another_clock_answers_no_question() {
    let gagged =
        given("information", Vec::new()).policy(every(Span::Years(1))).at(year(2027, "03-01"), gag(None));
    let later = year(2028, "06-01");
    gagged.at(later, seen("hold", later)).falls_due(end_of("2028-03-01"));
}

#[test]
fn an_instrument_that_withholds_is_asked_after_until_they_permit_it_rule_60() {
    let asked = withheld().falls_due(end_of("2027-11-02"));
    assert_eq!(asked.due()[0].0, PERMISSION);
    let after = asked.at(nov(3, 9), seen("hold", nov(3, 9))).falls_due(end_of("2027-11-02"));
    let next =
        after.at(year(2027, "11-03"), seen(PERMISSION, year(2027, "11-03"))).falls_due(end_of("2028-11-02"));
    let permitted = Event::GagOver { how: GagEnding::Lifted { by: "the court".to_owned() } };
    next.clone().at(year(2028, "01-01"), permitted).never_due();
    next.at(year(2028, "01-01"), Event::Closed).never_due();
}

#[test]
fn whoever_is_not_told_of_this_case_waits_for_permission_in_others() {
    let waived = withheld().at(nov(3, 9), settled(Telling::Waived { reason: "gone".to_owned() }));
    // Closed it binds no less, and it is kept for that.
    for case in [waived.clone(), waived.at(nov(4, 9), Event::Closed)] {
        let due = case.falls_due(end_of("2027-11-02"));
        let asked = due.at(year(2027, "11-03"), seen(PERMISSION, year(2027, "11-03")));
        let again = asked.falls_due(end_of("2028-11-02"));
        let permitted = Event::GagOver { how: GagEnding::Permitted { by: "the court".to_owned() } };
        again.at(year(2028, "01-01"), permitted).never_due();
    }
}

#[test]
fn a_gag_speaks_for_the_instrument_while_it_binds_and_no_longer() {
    let gagged = withheld().at(nov(3, 9), gag(Some(nov(20, 9)))).falls_due(nov(20, 9));
    // The end of its own time is no permission.
    let ended = gagged.at(nov(20, 10), Event::GagOver { how: GagEnding::Ended });
    ended.falls_due(end_of("2027-11-22")); // the 20th is a Saturday
}

#[test]
fn an_order_that_is_missing_or_unknown_is_asked_after_once_the_request_is_over() {
    for instrument in ["", "a paper"] {
        let given = given("information", Vec::new()).policy(every(Span::Years(1))).about(alice());
        let given = given.with(text("instrument", instrument)).never_due();
        given.answered(nov(4, 9)).falls_due(end_of("2027-11-02"));
    }
}

#[test]
fn nobody_is_asked_where_no_user_of_ours_is_to_be_told() {
    let of_nobody = given("information", Vec::new()).policy(every(Span::Years(1)));
    of_nobody
        .with(text("jurisdiction", "GB"))
        .with(text("instrument", "investigatory powers act"))
        .never_due();
    withheld().policy(|policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = false)).never_due();
}

#[test]
fn a_question_that_is_asked_often_is_asked_for_ever() {
    for (span, after) in [
        (Span::Days(1), "2055-03-05"),
        (Span::Hours(1), "2055-03-05"),
        (Span::BusinessDays(1), "2055-03-05"), // a Friday
        (Span::Months(1), "2055-04-02"),
    ] {
        let gagged = given("information", Vec::new()).policy(every(span)).at(nov(2, 9), gag(None));
        let late = utc("2055-03-05T21:30:00Z");
        let due = gagged.at(late, seen(GAG, late)).due();
        assert_eq!(due.len(), 1, "{span}");
        assert_eq!(due[0].1.format("%Y-%m-%d").to_string(), after, "{span}");
    }
}

proptest! {
    /// The number that is found by halving is the one that counting finds.
    #[test]
    fn the_next_time_is_the_first_behind_what_was_seen(
        count in 1u32..40,
        unit in 0u8..5,
        begun in 0i64..400_000_000,
        passed in 0i64..200_000_000,
    ) {
        let span = match unit {
            0 => Span::Days(count),
            1 => Span::BusinessDays(count),
            2 => Span::Months(count),
            3 => Span::Years(count),
            _ => Span::Hours(count.saturating_mul(24)),
        };
        let start = DateTime::from_timestamp(1_790_000_000 + begun, 0).unwrap();
        let moment = start + chrono::TimeDelta::seconds(passed);
        let gagged = given("information", Vec::new()).policy(every(span)).at(start, gag(None));
        let found = gagged.clone().at(moment, seen(GAG, moment)).due()[0].1;
        prop_assert!(found > moment);
        // The one before is not behind it: whoever saw it a moment before the found one finds the same.
        let before = found - chrono::TimeDelta::seconds(1);
        prop_assert_eq!(gagged.clone().at(before, seen(GAG, before)).due()[0].1, found);
        let next = gagged.at(found, seen(GAG, found)).due()[0].1;
        prop_assert!(next > found);
    }
}
