//! A sentence that asks for secrecy binds the same wherever in a request somebody wrote it, and one that does not binds nowhere
//! (rules 16, 26, 60).

use super::given::*;
use crate::case::decide::gate::{Bar, bars};
use crate::case::plea::known::{FREE, HEARD};
use crate::case::*;

/// A request on which nothing else forbids to tell the user.
fn asked() -> Given {
    let case = given("information").with(accounts(&["@a:our.org"])).with(text("jurisdiction", "GB"));
    let case = case.with(text("instrument", "court order 7"));
    case.under(|policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = true))
}

fn strays(lines: &[&str]) -> Given {
    let mut given = asked();
    given.case.stray = lines.iter().map(|line| (*line).to_owned()).collect();
    given
}

fn unknown(label: &str, value: &str) -> Field {
    Field { reading: Reading::Unknown { meant: None }, ..text(label, value) }
}

/// The ways in which a sentence is broken over two lines: at a third of it, in the middle, at two thirds.
fn broken(sentence: &str) -> Vec<(String, String)> {
    let words: Vec<&str> = sentence.split(' ').collect();
    let places = [words.len() / 3, words.len() / 2, words.len() * 2 / 3];
    // Of two words each is a line of its own.
    let inner = places.into_iter().filter(|at| words.len() > 2 && (1..words.len()).contains(at));
    inner.map(|at| (words[..at].join(" "), words[at..].join(" "))).collect()
}

/// The case for each place in which the sentence may stand, with what the place is called.
fn everywhere(plain: &Case, sentence: &str) -> Vec<(String, Case)> {
    let between = |lines: &[&str]| {
        let stray = lines.iter().map(|line| (*line).to_owned()).collect();
        (format!("between the lines {lines:?}"), Case { stray, ..plain.clone() })
    };
    let on = |field: Field| {
        let mut case = plain.clone();
        let place = format!("{field:?}");
        case.fields.push(field);
        (place, case)
    };
    let mut all = vec![
        between(&[sentence]),
        between(&["Thank you for your help in this", sentence, "Kind regards", "DS Roe"]),
    ];
    let values = broken(sentence).into_iter().map(|(one, two)| format!("{one}\n{two}"));
    let whole =
        [sentence.to_owned(), format!("It is about a burglary of 3 May. {sentence}. We need it by Friday.")];
    for value in values.chain(whole) {
        let known = ["purpose", "context", "officer", "reference", "legal basis"];
        all.extend(known.map(|key| on(text(key, &value))));
        let labels = ["Purpose", "Hinweis", "Note", "Handling", "Remarque", "Colour"];
        all.extend(labels.map(|label| on(unknown(label, &value))));
        let readings = [
            Reading::Unread { why: "not a date".to_owned() },
            Reading::Claimed,
            Reading::Day { day: day(1) },
            Reading::Accounts { named: Vec::new(), unread: Vec::new() },
            Reading::Email { address: "roe@police.uk".to_owned(), odd: Vec::new(), more: Vec::new() },
        ];
        all.extend(readings.map(|reading| on(Field { reading, ..text("x", &value) })));
    }
    all.extend(broken(sentence).iter().map(|(one, two)| between(&["Dear all", one, two, "Kind regards"])));
    all
}

#[test]
fn what_asks_for_secrecy_is_heard_the_same_wherever_it_stands() {
    let plain = asked().case;
    for sentence in HEARD {
        let instrument = asked().with(text("instrument", sentence)).case;
        for (place, case) in
            everywhere(&plain, sentence).into_iter().chain([("instrument".to_owned(), instrument)])
        {
            assert!(case.asks_for_secrecy(), "{sentence}: {place}");
        }
    }
}

/// Why hearing errs on the side of yes: a request that says nothing of it keeps nobody from being told.
#[test]
fn what_is_not_heard_binds_nobody() {
    assert!(bars(&asked().case, &asked().terms).is_empty());
    let heard = strays(&["Please do not tell the user"]);
    assert_eq!(bars(&heard.case, &heard.terms).into_iter().collect::<Vec<_>>(), [Bar::Secrecy]);
}

/// An instrument is read by its own rule too, in which less counts.
#[test]
fn what_only_speaks_of_telling_is_heard_nowhere() {
    let plain = asked().case;
    for sentence in FREE {
        for (place, case) in everywhere(&plain, sentence) {
            assert!(!case.asks_for_secrecy(), "{sentence}: {place}: {:?}", case.secrecy_strays().next());
        }
    }
}

/// That an order is named is heard in as many places; what has a rule of its own, the number and the instrument, names none.
#[test]
fn an_order_that_such_a_sentence_names_is_heard_wherever_it_stands() {
    for sentence in ["This matter is sealed by order of the court", "Gag order enclosed", "Under seal"] {
        for given in [
            strays(&[sentence]),
            asked().with(text("context", sentence)),
            asked().with(text("purpose", sentence)),
            asked().with(unknown("Handling", sentence)),
        ] {
            let found: Vec<Bar> = bars(&given.case, &given.terms).into_iter().collect();
            assert_eq!(found, [Bar::Order], "{sentence}: {:?}", given.case.fields);
        }
    }
}
