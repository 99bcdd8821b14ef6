//! What one person may not take off a request that asks for secrecy.

use super::given::*;
use crate::case::Secrecy::{No, Open, Until};
use crate::case::*;

#[test]
fn on_a_secret_case_nothing_that_binds_is_taken_off() {
    for told in [Open, Until { day: day(31) }] {
        let case = given("preservation")
            .with(secrecy(told))
            .with(accounts(&["@a:our.org", "@b:our.org"]))
            .with(text("instrument", "order 7"));
        for edit in [
            Edit::RemoveAccounts(accounts(&["@a:our.org"])),
            put(accounts(&["@a:our.org"])),
            put(text("accounts", "")),
            put(text("instrument", "order 8")),
            put(text("instrument", "")),
            put(secrecy(No)),
            put(secrecy(Until { day: day(1) })),
            put(text(SECRECY_KEY, "")),
        ] {
            case.when(set([edit])).proposed(Effect::Tell);
        }
    }
}

#[test]
fn on_a_secret_case_what_binds_more_may_be_added() {
    let case = given("preservation").with(secrecy(Until { day: day(20) })).with(accounts(&["@a:our.org"]));
    for edit in [
        Edit::AddAccounts(accounts(&["@b:our.org"])),
        put(text("instrument", "order 7")),
        put(secrecy(Until { day: day(21) })),
        put(secrecy(Open)),
        put(text("reference", "X")),
    ] {
        case.when(set([edit])).at_once();
    }
}

#[test]
fn taking_off_and_putting_back_at_once_takes_nothing_off() {
    let case = given("preservation").with(secrecy(Open)).with(accounts(&["@a:our.org"]));
    let (off, on) = (accounts(&["@a:our.org"]), accounts(&["@a:our.org", "@b:our.org"]));
    case.when(set([Edit::RemoveAccounts(off), put(on)])).at_once();
}

#[test]
fn secrecy_that_was_not_understood_binds() {
    let slip = Field {
        reading: Reading::Unknown { meant: Some(SECRECY_KEY.to_owned()) },
        ..text("confidental", "until 2026-12-31")
    };
    let said = Field { value: slip.value.clone(), ..secrecy(Until { day: day(31) }) };
    for unclear in [unread(SECRECY_KEY), slip.clone()] {
        let off = put(Field { value: String::new(), ..unclear.clone() });
        let case = given("terms").with(unclear).with(accounts(&["@a:our.org"]));
        case.when(set([put(text("accounts", ""))])).proposed(Effect::Tell);
        case.when(set([off])).proposed(Effect::Tell);
        case.when(set([put(secrecy(Open))])).at_once();
    }
    let off = put(Field { value: String::new(), ..slip.clone() });
    given("terms").with(slip.clone()).when(set([put(secrecy(Open)), off])).at_once();
    // The same words under the right label say the same.
    let off = put(Field { value: String::new(), ..slip.clone() });
    given("terms").with(slip).when(set([put(said), off])).at_once();
}

#[test]
fn said_twice_it_binds_as_long_as_the_longer() {
    let case = given("terms").with(secrecy(No)).with(secrecy(Until { day: day(20) }));
    case.when(set([put(secrecy(No))])).proposed(Effect::Tell);
    case.when(set([put(secrecy(Until { day: day(19) }))])).proposed(Effect::Tell);
    case.when(set([put(secrecy(Until { day: day(20) }))])).at_once();
}

#[test]
fn a_case_that_is_not_secret_binds_nobody() {
    let case = given("terms").with(secrecy(No)).with(accounts(&["@a:our.org"]));
    case.when(set([put(text("accounts", ""))])).at_once();
    case.when(set([put(text(SECRECY_KEY, ""))])).at_once();
}

fn meant(key: &str, label: &str, value: &str) -> Field {
    Field { reading: Reading::Unknown { meant: Some(key.to_owned()) }, ..text(label, value) }
}

fn taken_off(label: &str) -> Edit {
    put(text(label, ""))
}

#[test]
fn on_a_secret_case_a_misspelt_line_of_accounts_stays_until_they_stand_where_they_belong() {
    let case = given("preservation").with(secrecy(Open)).with(meant(
        "accounts",
        "acounts",
        "@c:our.org, @d:our.org",
    ));
    let add = |names: &[&str]| Edit::AddAccounts(accounts(names));
    case.when(set([taken_off("acounts")])).proposed(Effect::Tell);
    case.when(set([add(&["@c:our.org"]), taken_off("acounts")])).proposed(Effect::Tell);
    case.when(set([add(&["@c:our.org", "@d:our.org"]), taken_off("acounts")])).at_once();
}

#[test]
fn on_a_secret_case_a_misspelt_instrument_stays_until_it_stands_where_it_belongs() {
    let case = given("preservation").with(secrecy(Open)).with(meant("instrument", "instrumnt", "warrant 7"));
    for other in ["", "warrant 8"] {
        case.when(set([put(text("instrument", other)), taken_off("instrumnt")])).proposed(Effect::Tell);
    }
    case.when(set([put(text("instrument", "warrant 7")), taken_off("instrumnt")])).at_once();
    // What was meant as anything else binds nobody.
    given("preservation")
        .with(secrecy(Open))
        .with(meant("agency", "agncy", "Met"))
        .when(set([taken_off("agncy")]))
        .at_once();
}

#[test]
fn on_a_secret_case_an_unread_account_stays_until_it_is_read() {
    let case = given("preservation").with(secrecy(Open)).with(half_read());
    for edit in [put(accounts(&["@a:our.org"])), taken_off("accounts")] {
        case.when(set([edit])).proposed(Effect::Tell);
    }
    case.when(set([put(accounts(&["@a:our.org", "@bob:our.org"]))])).at_once();
    given("preservation").with(half_read()).when(set([put(accounts(&["@a:our.org"]))])).at_once();
}

#[test]
fn an_instrument_that_is_known_to_withhold_is_no_less_than_one_that_nobody_knew() {
    let named = |value: &str| set([put(text("instrument", value))]);
    let case = given("other").with(accounts(&["@a:our.org"])).with(text("jurisdiction", "GB"));
    let scribbled = case.with(text("instrument", "scribble"));
    scribbled.when(named("IPA authorisation")).is(|case| case.proposals.is_empty());
    scribbled.when(named("court order 7")).proposed(Effect::Tell);
    scribbled.when(named("")).proposed(Effect::Tell);
    let known = case.with(text("instrument", "IPA authorisation"));
    known.when(named("scribble")).proposed(Effect::Tell);
    known.when(named("court order 7")).proposed(Effect::Tell);
    // Nor is a wish for secrecy more than an instrument.
    let wished = case.with(secrecy(Secrecy::Open));
    let both = set([put(text("instrument", "IPA authorisation")), put(secrecy(Secrecy::No))]);
    wished.when(both).is(|case| case.proposals.is_empty());
    wished.when(set([put(secrecy(Secrecy::No))])).proposed(Effect::Tell);
    let less = set([put(text("instrument", "court order 7")), put(secrecy(Secrecy::No))]);
    wished.when(less).proposed(Effect::Tell);
    // Nobody comes off by the way.
    let off =
        set([put(text("instrument", "IPA authorisation")), Edit::RemoveAccounts(accounts(&["@a:our.org"]))]);
    scribbled.when(off).proposed(Effect::Tell);
}

/// Rule 16: to bind takes one person, even where it once came to nothing.
#[test]
fn a_wish_that_is_over_is_renewed_by_one() {
    for said in [Open, Until { day: day(31) }] {
        let asked = given("preservation").with(secrecy(Open)).with(accounts(&["@a:our.org"]));
        let lapsed = asked.after(Event::SecrecyLapsed);
        lapsed.when(set([put(secrecy(said))])).is(Case::asks_for_secrecy);
        let gag = Event::GagSet { ordered_by: "x".to_owned(), day: None, until: None, document: None };
        let over = asked.after(gag).after(Event::GagOver { how: GagEnding::Ended });
        over.when(set([put(secrecy(said))])).is(Case::asks_for_secrecy);
    }
    let lapsed = given("preservation").with(secrecy(Open)).after(Event::SecrecyLapsed);
    lapsed.when(set([put(secrecy(No))])).proposed(Effect::Tell);
    // What binds needs no renewing.
    let asks = given("preservation").with(secrecy(Open));
    asks.when(set([put(secrecy(Open))])).refused(crate::case::Refusal::NoChange);
}
