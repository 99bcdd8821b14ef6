//! An order for secrecy that the request names and nobody has put on record (rules 26, 60).

use super::given::*;
use crate::case::clock::{TO_RECORD, TO_SERVE, TO_TELL};
use crate::case::decide::gate::{Bar, bars};
use crate::case::decide::sweep;
use crate::case::letter::Obstacle;
use crate::case::*;

/// A request on which nothing else forbids to tell the user.
fn asked(instrument: &str) -> Given {
    let case = given("information").with(accounts(&["@a:our.org"])).with(text("jurisdiction", "GB"));
    let case = case.with(text("instrument", instrument));
    case.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = true))
}

/// The same where what it says of secrecy cannot be read, and speaks of an order.
fn enclosed() -> Given {
    let line = Field {
        reading: Reading::Unread { why: "write yes or no".to_owned() },
        ..text(SECRECY_KEY, "see the enclosed order")
    };
    asked("court order 123").with(line)
}

fn said(instrument: &str) -> Event {
    Event::FieldSet { field: text("instrument", instrument) }
}

fn bound(given: &Given) -> Vec<Bar> {
    bars(&given.case, &given.terms).into_iter().collect()
}

fn until(given: &Given) -> Option<String> {
    Some(named_order(&given.case, &given.terms)?.until?.to_string())
}

fn gag(until: &str) -> Command {
    let until = read_day(until).ok();
    Command::Gag(GagStep::Set { by: Some("D. Mass.".to_owned()), until })
}

fn not_there() -> Command {
    Command::Gag(GagStep::NotThere { reason: "none was served".to_owned() })
}

fn clock_names(given: &Given) -> Vec<String> {
    clocks(&given.case, &given.terms).into_iter().map(|clock| clock.name).collect()
}

#[test]
fn an_instrument_that_names_an_order_for_secrecy_binds_by_it() {
    for line in [
        "court order 123; 18 U.S.C. § 2705(b) order for 1 year dated 11/02/2026",
        "court order 123 with 2705(b) non-disclosure order",
        "court order and delayed notice order 2705",
        "court order, NON-DISCLOSURE ORDER attached",
        "court order under seal",
        "court order; gag order expires 2 November 2027",
    ] {
        assert_eq!(bound(&asked(line)), [Bar::Order], "{line}");
    }
    assert_eq!(bound(&asked("court order 123")), []);
}

#[test]
fn so_does_any_line_about_secrecy_and_a_line_that_the_form_does_not_know() {
    let plain = asked("court order 123");
    let unread = |value: &str| Field {
        reading: Reading::Unread { why: "not a date".to_owned() },
        ..text(SECRECY_KEY, value)
    };
    for field in [
        unread("yes, 2705(b) order attached, until 2027-11-02"),
        unread("by order of the court"),
        unread("yes, see the order of Judge Bow"),
        unknown("gag order", "attached"),
        unknown("note", "a non-disclosure order binds you"),
        text("context", "You are bound by an order under 18 USC 2705(b)."),
    ] {
        assert!(bound(&plain.with(field.clone())).contains(&Bar::Order), "{field:?}");
    }
    let mut stray = plain.clone();
    stray.case.stray.push("Gag order enclosed".to_owned());
    assert!(bound(&stray).contains(&Bar::Order));
}

#[test]
fn so_do_the_plain_words_of_a_letter() {
    for words in [
        "We have a court order of 18 November 2026 forbidding disclosure to the user for 6 months.",
        "A judge has forbidden you to tell the user until 1 March 2027",
        "You are prohibited from notifying the subscriber",
    ] {
        let given = asked("court order 7").with(text("context", words));
        assert!(bound(&given).contains(&Bar::Order), "{words}: {:?}", bound(&given));
    }
}

fn stray(words: &str) -> Given {
    let mut given = asked("court order 123");
    given.case.stray.push(words.to_owned());
    given
}

fn unknown(label: &str, value: &str) -> Field {
    Field { reading: Reading::Unknown { meant: None }, ..text(label, value) }
}

#[test]
fn other_lines_of_the_form_name_none_and_less_names_one_only_where_secrecy_is_spoken_of() {
    let plain = asked("court order 123");
    for given in [
        plain.with(text("reference", "sealing order 9")),
        stray("signed by the judge"),
        plain.with(unknown("gag order", "–")),
        plain.with(Field { value: "no longer; see the gag order of May".to_owned(), ..secrecy(Secrecy::No) }),
    ] {
        assert!(!bound(&given).contains(&Bar::Order), "{:?}", given.case.fields);
    }
    assert!(bound(&stray("under seal")).contains(&Bar::Order));
    let label = |given: &Given| named_order(&given.case, &given.terms).unwrap().label.map(str::to_owned);
    assert_eq!(label(&plain.with(unknown("gag order", "attached"))).as_deref(), Some("gag order"));
    assert_eq!(label(&asked("court order under seal")), None);
}

/// A short line that nobody knows, or of free text, names one as a long one does; what has a rule of its own is no free text.
#[test]
fn which_lines_are_read_for_a_name() {
    let plain = asked("court order 123");
    for field in [unknown("note", "gag order enclosed"), text("context", "gag order enclosed")] {
        assert!(bound(&plain.with(field.clone())).contains(&Bar::Order), "{field:?}");
    }
    // On another line of the form, a few words are a name or a number, unless they ask for secrecy.
    assert!(bound(&plain.with(text("purpose", "see gag order enclosed"))).contains(&Bar::Order));
    assert!(bound(&plain.with(text("purpose", "gag order enclosed"))).contains(&Bar::Order));
    assert!(!bound(&plain.with(text("purpose", "order 2705 enclosed"))).contains(&Bar::Order));
    let words = "by order of the court you must not tell the user";
    assert!(bound(&plain.with(text("purpose", words))).contains(&Bar::Order));
    assert!(!bound(&plain.with(text("reference", words))).contains(&Bar::Order));
    assert!(!bound(&asked(&format!("court order 123, {words}"))).contains(&Bar::Order));
}

/// Only what stands at its name says that it is still to come.
#[test]
fn what_is_still_to_come_is_said_beside_the_name() {
    let says =
        |words: &str| bound(&asked("court order 7").with(text("context", words))).contains(&Bar::Order);
    for wish in
        ["draft gag order", "we have made an application for a gag order", "the gag order is to follow"]
    {
        assert!(!says(wish), "{wish}");
    }
    for order in [
        "Gag order valid while the appeal is pending",
        "the application to the court was granted: see the gag order",
        "The statement will follow. You are bound by a gag order",
    ] {
        assert!(says(order), "{order}");
    }
}

#[test]
fn the_last_day_stands_behind_the_first_whole_word_that_says_so() {
    let named = |line: &str| until(&asked(&format!("court order; 2705(b) order {line}")));
    for line in
        ["of Boston 2 Nov 2027", "tolls 2 Nov 2027", "tolls Boston 2 Nov 2027, D. Mass., no. 26-cv-123"]
    {
        assert_eq!(named(line), None, "{line}");
    }
    let both = "expires 2 Nov 2027, to be appealed until 3 Dec 2027";
    assert_eq!(named(both).as_deref(), Some("2027-11-02"));
    let first = asked("court order 7").with(text("context", "until 2 Nov 2027 a gag order binds you"));
    assert_eq!(until(&first).as_deref(), Some("2027-11-02"));
    assert_eq!(named("binds you until"), None, "no day is behind it");
}

#[test]
fn what_is_denied_or_still_to_come_is_a_wish() {
    for line in [
        "court order 123, 2705(b) order to follow",
        "court order 123, 2705(b) order is pending",
        "court order 123 without a gag order",
    ] {
        assert!(!bound(&asked(line)).contains(&Bar::Order), "{line}");
        assert!(bound(&asked(line)).contains(&Bar::Secrecy), "{line}");
    }
    let no = unknown("gag order", "no");
    assert!(!bound(&asked("court order 123").with(no)).contains(&Bar::Order));
    assert!(!bound(&asked("court order 123").with(secrecy(Secrecy::Open))).contains(&Bar::Order));
    // Words that stand elsewhere take nothing back: unknown is no.
    let elsewhere = "court order 123, 2705(b) order valid while the appeal is pending";
    assert!(bound(&asked(elsewhere)).contains(&Bar::Order));
}

#[test]
fn its_last_day_is_read_where_it_is_said() {
    let named = |line: &str| until(&asked(&format!("court order; 2705(b) order {line}")));
    assert_eq!(named("until 2027-11-02").as_deref(), Some("2027-11-02"));
    assert_eq!(named("expires 2 Nov 2027, D. Mass.").as_deref(), Some("2027-11-02"));
    assert_eq!(named("dated 11/02/2026"), None);
    let day = read_day("2027-11-02").unwrap();
    let case = asked("court order; 2705(b) order").with(secrecy(Secrecy::Until { day }));
    assert_eq!(until(&case).as_deref(), Some("2027-11-02"), "the line about secrecy says it");
}

#[test]
fn it_is_to_be_put_on_record_and_never_lapses_by_itself() {
    let case = asked("court order 123 with 2705(b) non-disclosure order");
    assert!(clock_names(&case).contains(&TO_RECORD.to_owned()));
    // Told that it takes one before docket knew better, they had seven days; that brings nothing.
    let told = case.told_by("secrecy");
    let names = clock_names(&told);
    assert!(!names.iter().any(|name| [TO_TELL, TO_SERVE].contains(&name.as_str())), "{names:?}");
    let later = now() + chrono::TimeDelta::days(400);
    let events = sweep(&told.case, &told.around, &told.terms, later, true);
    assert!(!events.iter().any(|(_, event)| *event == Event::SecrecyLapsed), "{events:?}");
    assert!(wakes(&told.case, &told.terms).is_some());
    // Nor does a lapse that is on record unbind it.
    assert_eq!(bound(&told.after(Event::SecrecyLapsed)), [Bar::Order]);
    let by_hand = |letter: &str| Command::RecordSent {
        letter: letter.to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    case.when(by_hand("secrecy")).refused(Obstacle::OrderNamed.into());
}

#[test]
fn the_gag_takes_its_place_and_its_end_makes_the_notice_due() {
    let case = asked("court order 123 with 2705(b) non-disclosure order");
    case.when(gag("2027-11-02")).at_once();
    // One that is over before a wish would be opens telling.
    case.when(gag("2026-11-22")).proposed(Effect::Tell);
    let gagged = case.done(gag("2027-11-02"));
    assert_eq!(bound(&gagged), [Bar::Gag]);
    assert!(!clock_names(&gagged).contains(&TO_RECORD.to_owned()));
    let over = gagged.after(Event::GagOver { how: GagEnding::Ended });
    assert_eq!(bound(&over), []);
    // Another one that is named since binds again.
    let renewed = over.after(said("court order 9 with a new 2705(b) order"));
    assert_eq!(bound(&renewed), [Bar::Order]);
}

#[test]
fn a_gag_that_ends_before_the_day_that_the_request_names_takes_two() {
    let named = asked("court order 123 with a 2705(b) non-disclosure order until 2 November 2027");
    assert_eq!(until(&named).as_deref(), Some("2027-11-02"));
    let wish = |until: &str| {
        let day = read_day(until).unwrap();
        let reading = Reading::Secrecy(Secrecy::Until { day });
        asked("court order 123").with(Field { reading, ..text(SECRECY_KEY, until) })
    };
    for given in [named, wish("2027-11-02")] {
        given.when(gag("2027-11-02")).at_once();
        given.when(gag("2028-01-01")).at_once();
        // The last day itself is in it; a slip of the year would have the user told.
        given.when(gag("2027-11-01")).proposed(Effect::Tell);
        given.when(gag("2026-12-31")).proposed(Effect::Tell);
        given.when(Command::Gag(GagStep::Set { by: Some("D. Mass.".to_owned()), until: None })).at_once();
    }
}

#[test]
fn two_people_find_that_it_is_not_there_and_a_wish_is_left() {
    let case = asked("court order 123 with 2705(b) non-disclosure order");
    case.when(not_there()).proposed(Effect::Tell);
    case.when(set([put(text("instrument", "court order 123"))])).proposed(Effect::Tell);
    let found = case.after(Event::OrderNotThere { reason: "none was served".to_owned() });
    assert_eq!(bound(&found), [Bar::Secrecy]);
    assert!(clock_names(&found).contains(&TO_TELL.to_owned()), "rule 16: they are told, and have their time");
    found.when(not_there()).refused(Restraint::NamesNoOrder.into());
    asked("court order 123").when(not_there()).refused(Restraint::NamesNoOrder.into());
    // What is named after that was not what was looked for.
    let again = found.after(said("court order 123 with sealing order 9"));
    assert_eq!(bound(&again), [Bar::Order]);
}

#[test]
fn a_policy_of_before_names_none_and_takes_it_as_a_wish() {
    let case = asked("court order 123 with 2705(b) order").under(|policy| policy.gag.named_by.clear());
    assert_eq!(bound(&case), [Bar::Secrecy]);
}

/// A line about it that nobody can read is a question only while the order is not on record.
#[test]
fn what_the_record_answers_is_asked_no_more() {
    let case = enclosed();
    let unread = |given: &Given| {
        let policy = given.terms.policy_of(&given.case).unwrap();
        checklist(&given.case, policy.kind(&given.case.kind).unwrap(), policy).unread.len()
    };
    assert_eq!(unread(&case), 1);
    let gagged = case.done(gag("2027-11-02"));
    assert_eq!(unread(&gagged), 0);
    let absent = case.after(Event::OrderNotThere { reason: "none was served".to_owned() });
    assert_eq!(unread(&absent), 0);
    // Over is answered too: what is asked for since is another matter.
    assert_eq!(unread(&gagged.after(Event::GagOver { how: GagEnding::Ended })), 0);
}

#[test]
fn the_letter_that_asks_wants_a_copy_of_the_order_until_it_is_on_record() {
    let case = enclosed();
    let wanted = |given: &Given| {
        let policy = given.terms.policy_of(&given.case).unwrap();
        wants(&given.case, policy.kind(&given.case.kind).unwrap(), policy)
    };
    assert!(wanted(&case).contains(&Want::Order));
    // The order says what the line does not.
    assert!(!wanted(&case).contains(&Want::Line(SECRECY_KEY.to_owned())));
    assert!(!wanted(&case.done(gag("2027-11-02"))).contains(&Want::Order));
    assert!(!wanted(&asked("court order 123")).contains(&Want::Order));
    // The wait for it ends with the paper, and with the record.
    let waits = case.after(Event::WaitBegan { from: now(), asked: vec![Want::Order] });
    for command in [attach("order.pdf", FileRole::Instrument), gag("2027-11-02")] {
        assert!(waits.when(command).happens().contains(&Event::WaitEnded));
    }
    assert!(!waits.when(attach("photo.png", FileRole::Other)).happens().contains(&Event::WaitEnded));
}

#[test]
fn a_label_names_an_order_unless_its_value_says_that_there_is_none() {
    let plain = asked("court order 123");
    let names = |value: &str| bound(&plain.with(unknown("gag order", value))).contains(&Bar::Order);
    for value in ["no", "none", "not any", "n", "false", "to follow"] {
        assert!(!names(value), "{value}");
    }
    assert!(names("yes") && names("attached"));
}

#[test]
fn in_a_sentence_a_judge_is_none_without_a_plea_and_in_any_line_with_one() {
    let plain = asked("court order 123");
    let names = |given: &Given| bound(given).contains(&Bar::Order);
    assert!(!names(&stray("The judge has a confidential clerk")));
    let words = "A judge has forbidden you to tell the user until 1 March 2027";
    assert!(names(&stray(words)));
    // So it is where a line could not be read, for what stands there may be anything; an address or an account is what it is.
    let line = |reading: Reading| plain.with(Field { reading, ..text("from", words) });
    assert!(names(&line(Reading::Unread { why: "not a date".to_owned() })));
    assert!(names(&line(Reading::Text)));
    assert!(!names(&line(Reading::Day { day: day(1) })));
    assert!(!names(&line(Reading::Claimed)));
    // On a line about secrecy each sentence is read by itself: what one denies, the next may say.
    let unread = |words: &str| {
        let reading = Reading::Unread { why: "write yes or no".to_owned() };
        plain.with(Field { reading, ..text(SECRECY_KEY, words) })
    };
    assert!(names(&unread("No. Court order: you may not tell the user")));
    assert!(!names(&unread("No court order; please do not tell the user")));
}

#[test]
fn of_several_days_the_last_counts_and_a_part_of_a_word_says_none() {
    let plain = asked("court order 123");
    let wish = |number| secrecy(Secrecy::Until { day: day(number) });
    let ends = |given: &Given| crate::case::named_order::named_end(&given.case, &given.terms);
    for days in [[3, 9], [9, 3]] {
        let two = days.into_iter().fold(plain.clone(), |given, number| given.with(wish(number)));
        assert_eq!(ends(&two), Some(day(9)));
    }
    assert_eq!(until(&asked("court order 7; gag order of Anubis 2027-01-02")), None);
    assert_eq!(until(&asked("court order 7; gag order bis 2027-01-02")).as_deref(), Some("2027-01-02"));
}
