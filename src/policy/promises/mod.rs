//! What the shipped packs promise: that every rule has its place, that the numbers are those of the law, that letters can be
//! filled in, that dates are right, that instruments are found as requests write them. Knows the packs' content and nothing
//! of how it is read.

mod calendars;
mod instruments;
mod words;

use std::collections::BTreeSet;

use super::*;
use crate::case::{Category, Condition, FLAG_KEY, Flag, Held, Role, Span, Start, Stop, Tell, Term, letter};

const RULES: &str = include_str!("../../../docs/rules.md");

fn policy(packs: &[&'static str]) -> Policy {
    let layers: Vec<Layer<'_>> = packs.iter().map(|pack| Layer::Pack(pack)).collect();
    stack(&layers).unwrap_or_else(|mistakes| panic!("{mistakes}")).policy
}

fn every_pack() -> Vec<(&'static str, Policy)> {
    PACKS.iter().map(|pack| (*pack, policy(&[pack]))).collect()
}

#[test]
fn every_rule_has_one_row_in_the_book() {
    let rows = RULES.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()?.parse().ok());
    let rows: Vec<u32> = rows.collect();
    assert_eq!(rows, (1..=66).collect::<Vec<u32>>());
}

#[test]
fn what_the_book_says_stands_in_packs_names_its_rule_there() {
    let named = |rule: u32| {
        SHARED.iter().chain(PACKS).filter_map(|name| pack(name)).flat_map(str::lines).any(|line| {
            let Some((_, comment)) = line.split_once('#') else {
                return false;
            };
            let Some((_, numbers)) =
                comment.to_lowercase().split_once("rule").map(|(a, b)| (a.len(), b.to_owned()))
            else {
                return false;
            };
            numbers_in(&numbers).contains(&rule)
        })
    };
    // These are in code alone, or come with the homeserver.
    let elsewhere = [27, 55, 59, 62, 63, 64];
    for rule in (1..=66).filter(|rule| !elsewhere.contains(rule)) {
        assert!(named(rule), "rule {rule}");
    }
}

#[test]
fn every_clock_that_is_shipped_stands_in_the_book() {
    let (_, table) = RULES.split_once("\n## The clocks\n").unwrap();
    for (pack, policy) in every_pack() {
        let clocks = policy.clocks.iter().map(|clock| clock.name.as_str());
        let idle = policy.idle.map(|_| "idle");
        for clock in clocks.chain(["hold"]).chain(idle) {
            assert!(table.contains(&format!("`{clock}`")), "{pack}: {clock}");
        }
    }
}

/// `s 13, 15 to 17 and 20` is 13, 15, 16, 17 and 20.
fn numbers_in(text: &str) -> BTreeSet<u32> {
    let words: Vec<&str> = text.split([' ', ',', ';', ':']).filter(|word| !word.is_empty()).collect();
    let mut found = BTreeSet::new();
    let mut last = None;
    let mut range = false;
    for word in words {
        match (word.parse::<u32>(), last) {
            (Ok(number), Some(from)) if range => found.extend(from..=number),
            (Ok(number), _) => {
                found.insert(number);
            }
            (Err(_), _) if word == "to" => {
                range = true;
                continue;
            }
            (Err(_), _) if matches!(word, "s" | "and" | "also" | "rule" | "rules") => continue,
            (Err(_), _) => break,
        }
        last = word.parse().ok();
        range = false;
    }
    found
}

#[test]
fn every_kind_of_the_contract_is_there() {
    let kinds = [
        "information",
        "emergency",
        "preservation",
        "terms",
        "copyright",
        "counter-notice",
        "subject",
        "removal",
        "intimate",
        "complaint",
        "referral",
        "other",
    ];
    for (pack, policy) in every_pack() {
        let names: Vec<&str> = policy.kinds.iter().map(|kind| kind.name.as_str()).collect();
        assert_eq!(names, kinds, "{pack}");
    }
}

#[test]
fn no_shipped_pack_lets_one_person_go_alone() {
    for (pack, policy) in every_pack() {
        assert!(!policy.two_people.break_glass, "{pack}");
    }
}

#[test]
fn no_instrument_opens_what_nobody_may_have() {
    // Rules 10, 54 and 58: a password's hash is nobody's, and what is encrypted cannot be opened. A letter that only
    // preserves may name it.
    for (pack, policy) in every_pack() {
        let preserves = |kinds: &[String]| kinds == ["preservation".to_owned()];
        for instrument in policy.instruments.iter().filter(|instrument| !preserves(&instrument.kinds)) {
            for name in &instrument.opens {
                let category: &Category = policy.categories.iter().find(|it| it.name == *name).unwrap();
                assert_ne!(category.held, Held::Encrypted, "{pack}: {} opens {name}", instrument.name);
                assert_ne!(name, "password", "{pack}: {}", instrument.name);
            }
        }
    }
}

#[test]
fn a_part_three_authorisation_never_reaches_content_and_never_lets_the_user_know() {
    // Rules 2 and 60.
    let policy = policy(&["matrix-org"]);
    let found: Vec<_> = policy.instruments.iter().filter(|it| it.name.starts_with("ipa-")).collect();
    assert_eq!(found.len(), 5);
    for instrument in found {
        assert_eq!(instrument.notice, Tell::Withhold, "{}", instrument.name);
        let content = policy.categories.iter().filter(|category| category.content);
        for category in content {
            assert!(
                !instrument.opens.contains(&category.name),
                "{} opens {}",
                instrument.name,
                category.name
            );
        }
    }
}

#[test]
fn content_of_rocket_chat_takes_a_search_warrant() {
    // Rule 6.
    let policy = policy(&["rocket-chat"]);
    let opens = |instrument: &str| -> BTreeSet<&str> {
        let found = policy.instruments.iter().find(|it| it.name == instrument).unwrap();
        found.opens.iter().map(String::as_str).collect()
    };
    assert!(opens("search-warrant").contains("messages"));
    for instrument in ["subpoena", "court-order", "order-2703d", "mlat-request"] {
        assert!(opens(instrument).contains("account"), "{instrument}");
        assert!(
            !opens(instrument).contains("messages") && !opens(instrument).contains("media"),
            "{instrument}"
        );
    }
}

#[test]
fn the_inventory_is_that_of_the_privacy_notices() {
    // Rules 53 and 54.
    let policy = policy(&["matrix-org"]);
    let held =
        |name: &str| policy.categories.iter().find(|category| category.name == name).unwrap().held.clone();
    for (name, span) in [
        ("connection", Span::Days(180)),
        ("lookups", Span::Days(7)),
        ("proxy-logs", Span::Days(60)),
        ("shop", Span::Years(7)),
        ("analytics", Span::Months(13)),
    ] {
        assert_eq!(held(name), Held::For(span), "{name}");
    }
    assert_eq!(held("messages"), Held::Encrypted);
    assert_eq!(held("payment"), Held::Never);
}

#[test]
fn the_clocks_say_the_numbers_of_the_law() {
    let term = |text: &str| Term::read(text).unwrap();
    for (pack, name, text) in [
        ("uk", "authorisation", "1 month, counting its first day, not rolling"),
        ("uk", "urgent-authorisation", "3 days, counting its first day, not rolling"),
        ("uk", "answer", "1 month"),
        ("uk", "erasure", "30 days"),
        ("uk", "complaint-ack", "30 days"),
        ("us", "child-records", "24 hours"),
        ("us", "take-down", "48 hours"),
        ("uk", "take-down", "48 hours"),
        ("eu", "take-down", "48 hours"),
        ("us", "restore", "14 business days"),
        ("eu", "production-order", "10 days"),
        ("eu", "production-order-emergency", "8 hours"),
        ("eu", "tco", "1 hour"),
        ("eu", "answer", "1 month"),
        ("eu", "erasure", "30 days"),
        ("eu", "complaints-open", "6 months"),
        ("matrix-org", "restore", "14 business days"),
        ("matrix-org", "answer", "1 month"),
        ("rocket-chat", "restore", "14 business days"),
    ] {
        let policy = policy(&[pack]);
        let clock = policy.clocks.iter().find(|clock| clock.name == name);
        assert_eq!(clock.map(|clock| clock.term), Some(term(text)), "{pack}: {name}");
    }
    for (pack, policy) in every_pack() {
        let restore = policy.clocks.iter().find(|clock| clock.name == "restore").unwrap();
        assert_eq!(restore.not_before, Some(term("10 business days")), "{pack}");
        assert_eq!(restore.from, Start::Countered, "{pack}");
        let ends = ["restored", "court action"].map(|line| Stop::Line(line.to_owned()));
        assert_eq!(restore.until, Stop::First(ends.to_vec()), "{pack}");
        assert_eq!(restore.calendar.as_deref(), Some("us-federal"), "{pack}");
    }
    for pack in ["uk", "eu", "matrix-org"] {
        let policy = policy(&[pack]);
        let extension = policy.clocks.iter().find(|clock| clock.name == "answer").unwrap().extension.clone();
        let extension = extension.unwrap();
        assert_eq!(
            (extension.most, extension.times, extension.before_end),
            (term("2 months"), 1, true),
            "{pack}"
        );
    }
}

#[test]
fn holds_are_as_long_as_each_law_says() {
    let term = |text: &str| Term::read(text).unwrap();
    for (pack, policy) in every_pack() {
        assert_eq!(policy.hold.term, term("90 days"), "{pack}");
        assert_eq!(policy.hold.extend, term("90 days"), "{pack}");
        assert!(policy.hold.extend_wants_request, "{pack}");
        assert_eq!(policy.hold.times, (pack == "us").then_some(1), "{pack}");
    }
    let eu = policy(&["eu"]).hold.by_instrument;
    assert_eq!(eu.get("e-evidence-preservation"), Some(&(term("60 days"), term("30 days"))));
    assert_eq!(eu.get("tco-removal-order").map(|terms| terms.0), Some(term("6 months")));
    let flagged = policy(&["us"]).hold.by_flag.get(&Flag::Csea).copied();
    assert_eq!(flagged.map(|terms| terms.0), Some(term("1 year")), "rule 66, 18 USC 2258A(h)");
    assert_eq!(policy(&["us"]).hold.by_instrument.get("cybertip").map(|terms| terms.0), Some(term("1 year")));
}

#[test]
fn a_country_that_one_pack_accepts_is_accepted_on_any_stack() {
    for packs in [["matrix-org", "eu"], ["eu", "matrix-org"]] {
        let accepts = policy(&packs).accepts;
        assert!(accepts.contains(&"GB".to_owned()) && accepts.contains(&"DE".to_owned()), "{packs:?}");
    }
}

#[test]
fn a_flagged_case_is_reported_under_every_pack() {
    for (pack, policy) in every_pack() {
        let clock = policy.clocks.iter().find(|clock| clock.name == "child-report").unwrap();
        assert_eq!(
            clock.only,
            [Condition { key: FLAG_KEY.to_owned(), any_of: vec!["csea".to_owned()] }],
            "{pack}"
        );
        let letter = policy.letters.iter().find(|letter| letter.name == letter::REPORT).unwrap();
        assert_eq!(letter.flag, Some(Flag::Csea), "{pack}: on no other case");
    }
}

#[test]
fn whoever_seems_too_young_is_for_the_safety_people_under_every_pack() {
    // Rule 56.
    for (pack, policy) in every_pack() {
        let clock = policy.clocks.iter().find(|clock| clock.name == "age").unwrap();
        let only = [Condition { key: FLAG_KEY.to_owned(), any_of: vec!["underage".to_owned()] }];
        assert_eq!((clock.only.as_slice(), &clock.from), (only.as_slice(), &Start::Flagged), "{pack}");
        assert_eq!((clock.calls, clock.kinds.as_slice()), (Some(Role::Safety), [].as_slice()), "{pack}");
        assert_eq!(clock.until, Stop::Line("age checked".to_owned()), "{pack}");
        for kind in &policy.kinds {
            assert!(kind.field("age checked").is_some_and(|line| line.ours), "{pack}: {}", kind.name);
        }
    }
}
