//! What users type is understood in each language, and nothing is handed in that was not confirmed.

use proptest::prelude::*;

use super::words::{tongue_of, wishes, words};
use super::*;
use crate::case::CaseId;

fn case(n: u32) -> CaseId {
    CaseId::new(n).unwrap()
}

/// What becomes of these messages, one after the other.
fn turns(texts: &[&str], known: &Known) -> Vec<Turn> {
    let mut talk = Talk::default();
    texts.iter().map(|text| talk.turn(text, known)).collect()
}

fn hears(told: Told) -> Turn {
    Turn::Says(told)
}

fn last(texts: &[&str]) -> Turn {
    turns(texts, &Known::default()).pop().unwrap()
}

#[test]
fn what_people_write_is_understood_in_their_own_words() {
    let cases = [
        ("can I have a copy of my data please", Tongue::En, Wish::Copy),
        ("DELETE MY ACCOUNT", Tongue::En, Wish::Erase),
        ("please delete my account", Tongue::En, Wish::Erase),
        ("please delete all my data", Tongue::En, Wish::Erase),
        ("someone is threatening to kill me", Tongue::En, Wish::Report),
        ("lösch mein konto", Tongue::De, Wish::Erase),
        ("ich werde bedroht", Tongue::De, Wish::Report),
        ("quelqu’un m’insulte", Tongue::Fr, Wish::Report),
        ("I’d like to report a spammer", Tongue::En, Wish::Report),
        ("what do you know about me?", Tongue::En, Wish::Held),
        ("give me everything u have on me pls", Tongue::En, Wish::Copy),
        ("delete everything u have on me", Tongue::En, Wish::Erase),
        ("close my acc", Tongue::En, Wish::Erase),
        ("what have u got on me", Tongue::En, Wish::Held),
        ("was habt ihr über mich?", Tongue::De, Wish::Held),
        ("schickt mir alles was ihr über mich habt", Tongue::De, Wish::Copy),
        ("any news?", Tongue::En, Wish::State),
        ("I changed my mind", Tongue::En, Wish::TakeBack),
        ("Ich möchte eine Auskunft", Tongue::De, Wish::Copy),
        ("bitte mein Konto löschen", Tongue::De, Wish::Erase),
        ("bitte mein konto loeschen", Tongue::De, Wish::Erase),
        ("ich WIDERSPRECHE", Tongue::De, Wish::Object),
        ("wie weit ist das?", Tongue::De, Wish::State),
        ("je veux effacer mon compte", Tongue::Fr, Wish::Erase),
        ("une copie s’il vous plaît", Tongue::Fr, Wish::Copy),
        ("m’opposer", Tongue::Fr, Wish::Object),
        ("où en est-ce ?", Tongue::Fr, Wish::State),
    ];
    for (text, tongue, wish) in cases {
        let said = words(text);
        assert_eq!(tongue_of(&said, Tongue::En), Some(tongue), "{text}");
        assert_eq!(
            wishes(&said, says(tongue)).first(),
            Some(&wish),
            "{text}: {:?}",
            wishes(&said, says(tongue))
        );
    }
}

#[test]
fn each_language_offers_the_same_in_the_same_order_and_its_words_are_what_is_compared() {
    for tongue in Tongue::ALL {
        let says = says(tongue);
        assert_eq!(says.offers.iter().map(|offer| offer.wish).collect::<Vec<_>>(), Wish::ALL);
        for offer in &says.offers {
            for phrase in offer.phrases {
                assert_eq!(words(phrase).join(" "), *phrase, "a phrase is written as it is compared");
                assert!(wishes(&words(phrase), says).contains(&offer.wish));
            }
        }
        assert!(!words(says.erase).is_empty());
        assert!(says.yes.iter().all(|yes| !says.no.contains(yes)), "{tongue:?}");
        for (text, holes) in [
            (says.back, ["{case}"].as_slice()),
            (says.is_back, &["{case}"]),
            (says.add, &["{case}"]),
            (says.added, &["{case}"]),
            (says.asked_already, &["{case}"]),
            (says.twice, &["{account}", "{word}"]),
            (says.another, &["{what}"]),
            (says.too_long, &["{n}"]),
            (says.too_many, &["{n}"]),
            (says.for_so_long, &["{n}"]),
            (says.received, &["{day}"]),
            (says.asked, &["{day}"]),
            (says.longer, &["{day}"]),
            (says.answered, &["{day}"]),
            (says.took_back, &["{day}"]),
        ] {
            assert!(holes.iter().all(|hole| text.contains(hole)), "{tongue:?}: {text}");
        }
    }
}

#[test]
fn a_number_means_something_only_to_whoever_saw_what_there_is() {
    assert_eq!(last(&["3"]), hears(Told::Menu { greets: true }));
    assert_eq!(last(&["hi", "3"]), hears(Told::Offered(Wish::Erase)));
    assert_eq!(last(&["yes"]), hears(Told::Menu { greets: true }), "a conversation that is forgotten");
}

#[test]
fn an_erasure_is_confirmed_twice_and_by_its_word() {
    let asked = ["hi", "3", "yes"];
    assert_eq!(last(&asked), hears(Told::Twice));
    for other in ["yes", "1", "ok", "", "erase it", "please"] {
        assert_eq!(last(&[&asked[..], &[other]].concat()), hears(Told::NotTheWord), "{other:?}");
    }
    for no in ["no", "nein danke", "wait", "2"] {
        assert_eq!(last(&[&asked[..], &[no]].concat()), hears(Told::Dropped), "{no:?}");
    }
    for yes in ["ERASE", "erase", " Erase. "] {
        assert_eq!(last(&[&asked[..], &[yes]].concat()), Turn::HandsIn(Wish::Erase, String::new()));
    }
    assert_eq!(last(&["Hallo", "3", "ja", "LÖSCHEN"]), Turn::HandsIn(Wish::Erase, String::new()));
    assert_eq!(last(&["Hallo", "3", "ja", "loschen"]), Turn::HandsIn(Wish::Erase, String::new()));
}

#[test]
fn words_that_go_with_it_add_up_and_another_number_is_none() {
    let said = turns(&["hi", "1", "of last year", "and this", "5", "yes please"], &Known::default());
    assert_eq!(said[3], hears(Told::WithWords(Wish::Copy, "of last year\nand this".to_owned())));
    assert_eq!(said[4], said[3]);
    assert_eq!(said[5], Turn::HandsIn(Wish::Copy, "of last year\nand this".to_owned()));
    assert_eq!(last(&["hi", "2", "9"]), hears(Told::Asks(Wish::Report)), "they changed their mind");
    assert_eq!(last(&["hi", "9", "2"]), hears(Told::Asks(Wish::Correct)));
    assert_eq!(last(&["hi", "1", "of last year", "7"]), Turn::State, "asked for at any time");
    assert_eq!(last(&["hi", "1", "status"]), Turn::State);
    assert_eq!(last(&["hi", "1", "no wait"]), hears(Told::Dropped));
    assert_eq!(last(&["hi", "1", "nein danke"]), hears(Told::Dropped));
    let long = "x".repeat(LONGEST);
    assert_eq!(last(&["hi", "1", &long, "more"]), hears(Told::TooLong));
    assert_eq!(last(&["hi", &format!("{long}x")]), hears(Told::TooLong));
}

#[test]
fn what_was_asked_is_answered_by_whatever_they_write_next() {
    let known = Known { open: vec![case(4)], newest: Some(case(4)), asked: Some(case(4)), erasing: None };
    let said = turns(&["my address is elsewhere@example.org", "sorry: other@example.org", "1"], &known);
    assert_eq!(
        said[2],
        Turn::Adds(case(4), "my address is elsewhere@example.org\nsorry: other@example.org".to_owned())
    );
    assert_eq!(turns(&["hi", "how far is it?"], &known)[1], Turn::State, "that is no answer");
    let quiet = Known { asked: None, ..known.clone() };
    assert_eq!(
        turns(&["this is not fair"], &quiet)[0],
        hears(Told::AsksMore(case(4), "this is not fair".to_owned()))
    );
    assert_eq!(turns(&["thanks"], &quiet)[0], hears(Told::Thanked));
    assert_eq!(turns(&["I do not want to delete my account"], &quiet)[0], hears(Told::Menu { greets: true }));
    assert_eq!(turns(&["hi"], &known), [hears(Told::Menu { greets: true })]);
    assert_eq!(turns(&["hi", "7"], &known)[1], Turn::State, "the numbers go on");
}

#[test]
fn only_what_is_theirs_can_be_taken_back() {
    let known = Known { open: vec![case(9), case(4)], newest: Some(case(9)), asked: None, erasing: None };
    let said = turns(&["hi", "8", "3", "C-5", "2", "2"], &known);
    assert_eq!(said[1], Turn::WhichBack(vec![case(9), case(4)]));
    assert_eq!(said[2], said[1]);
    assert_eq!(said[3], said[1]);
    assert_eq!(said[4], hears(Told::AsksBack(case(4))));
    assert_eq!(said[5], hears(Told::Stays(case(4))));
    let said = turns(&["hi", "8", "C-4", "1"], &known);
    assert_eq!(said[3], Turn::TakesBack(case(4)));
    assert_eq!(turns(&["hi", "8"], &Known::default())[1], Turn::State);
}

proptest! {
    /// Whatever somebody writes, something is handed in only right after a yes, and an erasure only after its word.
    #[test]
    fn nothing_is_handed_in_without_a_yes(texts in proptest::collection::vec(
        prop_oneof!["[0-9]", "(yes|no|ja|oui|1|2|ERASE|erase|LÖSCHEN|hi|menu)", "\\PC{0,30}",
            "(delete my account|copy|report|withdraw|status|Deutsch|français)"], 1..20)) {
        let known = Known { open: vec![case(1), case(2)], newest: Some(case(2)), asked: None, erasing: None };
        let mut talk = Talk::default();
        let mut before = hears(Told::Dropped);
        for text in &texts {
            let turn = talk.turn(text, &known);
            if let Turn::HandsIn(wish, _) = &turn {
                let asked = match wish {
                    Wish::Erase => before == hears(Told::Twice),
                    _ => matches!(&before, Turn::Says(Told::Offered(of) | Told::WithWords(of, _)) if of == wish) || before == hears(Told::TooLong),
                };
                prop_assert!(asked, "{before:?} then {text:?}");
            }
            if let Turn::TakesBack(case) = &turn {
                prop_assert!(before == hears(Told::AsksBack(*case)));
            }
            before = turn;
        }
    }
}

#[test]
fn whoever_is_threatened_or_wants_to_be_erased_is_not_heard_as_if_they_answered_something_else() {
    let erase = "pls delete my acount";
    let said = turns(&["6", "hi", "6", erase, "yes", "yes"], &Known::default());
    assert_eq!(said[3], hears(Told::Another(Wish::Erase)));
    assert_eq!(said[4], hears(Told::WithWords(Wish::Erase, erase.to_owned())));
    assert_eq!(said[5], hears(Told::Twice), "an erasure is confirmed twice however it began");

    // It may be meant as it was first.
    let said = turns(&["hi", "1", "what I deleted too", "no", "yes"], &Known::default());
    assert_eq!(said[2], hears(Told::Another(Wish::Erase)));
    assert_eq!(said[3], hears(Told::WithWords(Wish::Copy, "what I deleted too".to_owned())));
    assert_eq!(said[4], Turn::HandsIn(Wish::Copy, "what I deleted too".to_owned()));

    let threat = "@mal:example.org threatens to kill me, I want to report him";
    for (before, known) in [
        (vec!["hi", "3"], Known::default()),
        (vec![], Known { asked: Some(case(1)), newest: Some(case(1)), open: vec![case(1)], erasing: None }),
        (
            vec!["hi", "my name is Carol"],
            Known { asked: Some(case(1)), newest: Some(case(1)), open: vec![case(1)], erasing: None },
        ),
    ] {
        let asked = [before.as_slice(), &[threat, "1", "yes"]].concat();
        let said = turns(&asked, &known);
        assert_eq!(said[before.len()], hears(Told::Another(Wish::Report)), "{before:?}");
        assert_eq!(said[before.len() + 2], Turn::HandsIn(Wish::Report, threat.to_owned()), "{before:?}");
    }
    let long = "x".repeat(LONGEST);
    let said = turns(&["hi", "1", threat, &long, "more", "1"], &Known::default());
    assert_eq!(
        said[3..5],
        [hears(Told::TooLong), hears(Told::TooLong)],
        "however much they write, no more is kept"
    );
    assert!(
        matches!(&said[5], Turn::Says(Told::WithWords(Wish::Report, words)) if words.chars().count() == LONGEST)
    );
    let known = Known { asked: Some(case(1)), ..Known::default() };
    let said = turns(&[threat, "no", "yes"], &known);
    assert_eq!(said[2], Turn::Adds(case(1), threat.to_owned()), "it was the answer after all");
}

#[test]
fn a_number_of_the_menu_a_link_and_a_request_by_its_number_are_heard_at_any_time() {
    assert_eq!(last(&["hi", "1", "9"]), hears(Told::Asks(Wish::Report)));
    assert_eq!(last(&["hi", "3", "https://matrix.to/#/!a:b/$c"]), hears(Told::Another(Wish::Report)));
    assert_eq!(last(&["hi", "one"]), hears(Told::Offered(Wish::Copy)));
    let known = Known { open: vec![case(2), case(1)], newest: Some(case(2)), asked: None, erasing: None };
    let said = turns(&["hi", "1", "cancel C-1", "yes"], &known);
    assert_eq!(said[2..], [hears(Told::AsksBack(case(1))), Turn::TakesBack(case(1))]);
    assert_eq!(turns(&["hi", "1", "cancel C-7"], &known)[2], hears(Told::Dropped), "it is not theirs");
}
