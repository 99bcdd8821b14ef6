//! What is shipped can be read, alone and on top of each other, and shows itself so that it reads back.

use std::collections::BTreeSet;

use super::*;
use crate::case::letter::{SECRECY, placeholders_in, strangers};
use crate::case::{Held, Letter, Tongue};

fn read(layers: &[Layer<'_>]) -> Taken {
    stack(layers).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn every_pack_is_read_without_a_mistake() {
    for name in PACKS {
        let taken = read(&[Layer::Pack(name)]);
        assert!(taken.policy.version.starts_with(&format!("{name}/")), "{}", taken.policy.version);
    }
}

#[test]
fn every_two_packs_can_be_stacked() {
    for one in PACKS {
        for other in PACKS {
            read(&[Layer::Pack(one), Layer::Pack(other)]);
        }
    }
}

#[test]
fn what_is_shown_reads_back_to_the_same() {
    for one in PACKS {
        for other in PACKS {
            let taken = read(&[Layer::Pack(one), Layer::Pack(other)]);
            // Nobody's own file is called like a pack.
            let own = taken.yaml.replacen("name: ", "name: own-", 1);
            let again = read(&[Layer::File { name: "shown.yaml", text: &own }]);
            let version = taken.policy.version.clone();
            assert_eq!(Policy { version, ..again.policy }, taken.policy);
            // Where users write to is for whoever runs a server to say.
            let notes = again.notes.iter().filter(|note| !note.contains("`contact`"));
            assert_eq!(notes.collect::<Vec<_>>(), Vec::<&String>::new());
            assert_eq!(again.yaml, own);
        }
    }
}

/// Rule 16: wherever users are told, whoever asks for secrecy can be told that it takes an order.
#[test]
fn every_kind_that_tells_users_has_the_letter_about_secrecy() {
    for pack in PACKS {
        let policy = read(&[Layer::Pack(pack)]).policy;
        for kind in policy.kinds.iter().filter(|kind| kind.notify) {
            assert!(policy.letter(SECRECY, &kind.name).is_some(), "{pack}: {}", kind.name);
        }
    }
}

#[test]
fn every_letter_can_be_filled_in_for_every_kind_that_it_is_for() {
    for pack in PACKS {
        let policy = read(&[Layer::Pack(pack)]).policy;
        for kind in &policy.kinds {
            for letter in policy.letters_for(&kind.name) {
                let open = strangers(letter, kind, &policy);
                assert_eq!(open, Vec::<String>::new(), "{pack}: {} for {}", letter.name, kind.name);
            }
        }
    }
}

/// A letter is in one language throughout, so what is shipped in a language lacks none of the sentences that its letters may need there.
#[test]
fn what_is_shipped_in_a_language_says_all_that_its_letters_need() {
    let shared = read(&[Layer::Pack("base")]).policy;
    for pack in PACKS {
        let policy = read(&[Layer::Pack(pack)]).policy;
        assert_eq!(policy.languages.keys().copied().collect::<Vec<_>>(), [Tongue::De, Tongue::Fr], "{pack}");
        for (tongue, said) in &policy.languages {
            let asked = said.letters.iter().flat_map(Letter::texts).flat_map(placeholders_in);
            let of_rights =
                policy.texts.keys().filter(|name| name.starts_with("right-") || name.starts_with("erase-"));
            let names: BTreeSet<String> = asked.chain(of_rights.cloned()).collect();
            let is_needed = |text: &&String| {
                names.contains(*text)
                    || names.iter().any(|name| text.strip_prefix(name.as_str()).is_some_and(is_twin))
            };
            for text in policy.texts.keys().filter(is_needed) {
                assert!(!said.said(text, *tongue, &policy).is_empty(), "{pack}, {tongue:?}: {text}");
            }
            for letter in &shared.words(*tongue).unwrap().letters {
                let own =
                    policy.letters.iter().find(|own| own.name == letter.name && own.kinds == letter.kinds);
                assert!(said.letter(own.unwrap()).is_some(), "{pack}, {tongue:?}: {}", letter.name);
            }
        }
    }
}

/// Users who ask what is held about them, and why, read it in the language in which they ask.
#[test]
fn what_data_there_is_and_what_for_is_said_in_every_language_by_every_pack() {
    for pack in PACKS {
        let policy = read(&[Layer::Pack(pack)]).policy;
        for category in &policy.categories {
            let name = &category.name;
            assert!(category.held == Held::Never || category.why.is_some(), "{pack}: what is {name} for?");
            let titles = Tongue::ALL.map(|tongue| policy.named(category, tongue).0);
            let is_said = |tongue: &Tongue| {
                policy.words(*tongue).is_some_and(|said| said.categories.contains_key(name))
            };
            assert!([Tongue::De, Tongue::Fr].iter().all(is_said), "{pack}: {name} is {titles:?}");
        }
    }
}

#[test]
fn data_that_an_operator_names_anew_is_not_called_what_it_was() {
    let own = |rest: &str| {
        let text = format!("name: ours\nafter: [matrix-org]\n{rest}");
        read(&[Layer::File { name: "ours.yaml", text: &text }])
    };
    let called = |policy: &Policy, tongue: Tongue| {
        let profile = policy.categories.iter().find(|category| category.name == "profile").unwrap();
        let (title, why) = policy.named(profile, tongue);
        (title.to_owned(), why.map(str::to_owned))
    };
    let held = own("categories: { profile: { held: 2 years } }\n");
    assert_eq!(called(&held.policy, Tongue::De).0, "Profil", "how long is no matter of words");
    let anew = own("categories: { profile: { why: to sell it } }\n");
    let english = ("profile".to_owned(), Some("to sell it".to_owned()));
    assert_eq!(
        Tongue::ALL.map(|tongue| called(&anew.policy, tongue)),
        [english.clone(), english.clone(), english]
    );
    assert!(
        anew.notes.iter().any(|note| note.contains("users who ask what is held read it in")),
        "{:?}",
        anew.notes
    );
    let both = own(
        "categories: { profile: { why: to sell it } }\nlanguages: { fr: { categories: { profile: { title: profil, why: pour le vendre } } } }\n",
    );
    assert_eq!(called(&both.policy, Tongue::Fr).1.unwrap(), "pour le vendre");
    let aimless = own("categories: { scores: { title: scores, held: kept } }\n");
    assert!(
        aimless.notes.iter().any(|note| note.ends_with("do not say why: `scores`")),
        "{:?}",
        aimless.notes
    );
    let late = |after: &str| {
        let visits = "visits: { requests_a_day: 3, in_all: 20, acknowledge: at once, erasure_after:";
        own(&format!("{visits} {after} }}\n")).notes
    };
    let is_told = |note: &String| note.contains("hears of it too late");
    for (after, noted) in [("30 days", true), ("1 month", true), ("28 days", true), ("27 days", false)] {
        assert_eq!(late(after).iter().any(is_told), noted, "{after}: {:?}", late(after));
    }
    let half = "name: ours\nafter: [matrix-org]\nlanguages: { de: { categories: { location: { title: Standort, why: um Sie zu finden } } } }\n";
    let Mistakes(mistakes) = stack(&[Layer::File { name: "ours.yaml", text: half }]).map(|_| ()).unwrap_err();
    assert!(mistakes[0].contains("exactly where the category does"), "{mistakes:?}");
}

fn is_twin(end: &str) -> bool {
    let of_records = ["-granted", "-done", "-given-out", "-refused", "-nothing", "-duplicate", "-on-hold"];
    of_records.contains(&end) || ["-at-once", "-nobody", "-late", "-proven", "-visited"].contains(&end)
}

/// What a pack says in another language it says of its own words.
#[test]
fn whoever_words_something_anew_takes_its_other_languages_with_it() {
    let own = |rest: &str| {
        let text = format!("name: ours\nafter: [matrix-org]\n{rest}");
        read(&[Layer::File { name: "ours.yaml", text: &text }]).policy
    };
    let said = |policy: &Policy, name: &str| {
        let german = policy.words(Tongue::De).unwrap();
        german.letter(policy.letter(name, "subject").unwrap()).map(|letter| letter.text.clone())
    };
    let before = said(&own(""), "refuse").unwrap();
    assert!(before.contains("Wir können nicht"), "{before}");
    assert_eq!(said(&own("letters: { refuse/subject: { title: no, text: Never. } }\n"), "refuse"), None);
    let other = "letters: { refuse/subject: { title: no, text: Never. } }\nlanguages: { de: { letters: { refuse/subject: { text: Nie. } } } }\n";
    assert_eq!(said(&own(other), "refuse").unwrap(), "Nie.");
    let title = own("letters: { refuse/subject: { title: no } }\n");
    assert_eq!(said(&title, "refuse"), Some(before), "the words are the same");
    let texts = own("texts: { kept: We keep some. }\n");
    assert_eq!(texts.words(Tongue::De).unwrap().said("kept", Tongue::De, &texts), "");
    let gone = own("remove: [letters/refuse/subject]\n");
    let refusals = gone.words(Tongue::De).unwrap().letters.iter().filter(|letter| letter.name == "refuse");
    assert_eq!(refusals.count(), 1, "that of all other kinds");
}
