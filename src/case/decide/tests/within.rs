//! A request that asks for more than another one, or by an earlier day, is no duplicate of it; nor is what another person asks.

use super::given::*;
use crate::case::*;

fn twin() -> Command {
    link(2, Relation::Duplicate)
}

/// A case from one requester, with these lines.
fn asks(kind: &str, lines: &[(&str, &str)]) -> Given {
    let reading = Reading::Email { address: "r@r.example".to_owned(), odd: Vec::new(), more: Vec::new() };
    let given = under_eu(kind).with(Field { reading, ..text("email", "r@r.example") });
    lines.iter().fold(given, |given, (key, value)| given.with(text(key, value)))
}

/// On which line the first asks for more than the second, and what.
fn more(kind: &str, own: &[(&str, &str)], kept: &[(&str, &str)]) -> Option<(String, String)> {
    match asks(kind, own).beside(asks(kind, kept).numbered(2)).when(twin()).decided {
        Ok(_) => None,
        Err(Refusal::Restraint(Restraint::NoDuplicate {
            why: Unlike::AsksMore { key, more, .. }, ..
        })) => Some((key, more)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_it_asks_for_is_all_within_what_the_kept_one_asks_for() {
    let (a, b) = ("mxc://example.org/a", "mxc://example.org/b");
    let both = "mxc://example.org/a, mxc://example.org/b";
    for kind in ["removal", "copyright", "intimate", "terms"] {
        assert_eq!(
            more(kind, &[("material", b)], &[("material", a)]),
            Some(("material".to_owned(), "example.org/b".to_owned())),
            "{kind}"
        );
        assert!(more(kind, &[("material", both)], &[("material", a)]).is_some(), "{kind}");
        assert_eq!(more(kind, &[("material", a)], &[("material", both)]), None, "{kind}");
        assert_eq!(more(kind, &[("material", "MXC[:]//Example.org/a/")], &[("material", a)]), None);
        // Of a medium its name knows capitals.
        assert!(more(kind, &[("material", "mxc://example.org/A")], &[("material", a)]).is_some());
    }
    let with_copies = [("material", a), ("copies", b)];
    assert!(more("removal", &with_copies, &[("material", a)]).is_some());
    assert_eq!(more("removal", &[("material", a)], &with_copies), None);
    assert_eq!(more("removal", &[("material", a), ("copies", "none")], &[("material", a)]), None);
    assert!(more("copyright", &[("work", "song B")], &[("work", "song A")]).is_some());
    // The same number makes it no less another thing.
    let numbered = |material| [("reference", "2026-7"), ("material", material)];
    assert!(more("removal", &numbered(b), &numbered(a)).is_some());
}

#[test]
fn a_right_further_is_asked_for_besides() {
    let right = |right| [("right", right)];
    assert_eq!(
        more("subject", &right("erasure"), &right("access")),
        Some(("right".to_owned(), "erasure".to_owned()))
    );
    assert!(more("subject", &right("access, erasure"), &right("access")).is_some());
    assert_eq!(more("subject", &right("delete my account"), &right("access, erasure")), None);
    assert!(more("subject", &right("a pony"), &right("access")).is_some());
    // What is not said may be anything, unless it only says that it comes again.
    assert_eq!(more("subject", &[], &right("access")), Some(("right".to_owned(), String::new())));
    let numbered = [("right", "access"), ("reference", "AB-12")];
    assert_eq!(more("subject", &[("reference", "ab 12")], &numbered), None);
}

#[test]
fn without_a_line_for_records_all_of_them_are_asked_for() {
    let data = |data| [("right", "access"), ("data", data)];
    assert!(more("subject", &data("connection"), &data("account")).is_some());
    assert_eq!(more("subject", &data("account"), &[("right", "access")]), None);
    assert!(more("subject", &[("right", "access")], &data("account")).is_some());
}

#[test]
fn a_longer_time_is_asked_for_besides() {
    let between = |from: &str, to: &str| {
        let day =
            |key, day: &str| Field { reading: Reading::Day { day: day.parse().unwrap() }, ..text(key, day) };
        asks("subject", &[("right", "access")]).with(day("from", from)).with(day("to", to))
    };
    let kept = || between("2026-03-01", "2026-06-01").numbered(2);
    between("2026-04-01", "2026-05-01").beside(kept()).when(twin()).at_once();
    for longer in [
        between("2026-02-28", "2026-05-01"),
        between("2026-04-01", "2026-06-02"),
        asks("subject", &[("right", "access")]),
    ] {
        assert!(longer.beside(kept()).when(twin()).decided.is_err());
    }
    between("2026-02-28", "2026-05-01")
        .beside(asks("subject", &[("right", "access")]).numbered(2))
        .when(twin())
        .at_once();
}

#[test]
fn of_two_the_older_is_kept_whose_days_count() {
    let mut older = asks("subject", &[("right", "access")]);
    older.case.received = now() - chrono::TimeDelta::days(20);
    let newer = asks("subject", &[("right", "access")]);
    let decided = older.beside(newer.numbered(2)).when(twin()).decided;
    let Err(Refusal::Restraint(Restraint::NoDuplicate { why: Unlike::Sooner { is_older, .. }, .. })) =
        decided
    else {
        panic!("{decided:?}");
    };
    assert!(is_older);
    newer.beside(older.numbered(2)).when(twin()).at_once();
}

#[test]
fn a_day_that_the_order_sets_is_not_lost() {
    let own = asks("other", &[("agency", "Kent Police")]);
    let by = Field { reading: Reading::Day { day: day(1) }, ..text("answer by", "2026-12-01") };
    let dated = own.with(by);
    let decided = dated.beside(own.numbered(2)).when(twin()).decided;
    let Err(Refusal::Restraint(Restraint::NoDuplicate { why: Unlike::Sooner { key, .. }, .. })) = decided
    else {
        panic!("{decided:?}");
    };
    assert_eq!(key.as_deref(), Some("answer by"));
    own.beside(dated.numbered(2)).when(twin()).at_once();
}

#[test]
fn what_counters_a_notice_counters_the_one_that_is_kept() {
    let one = asks("copyright", &[("material", "mxc://example.org/a")]);
    let countered = one.after(linked(3, Relation::Counter, false));
    let refused = Restraint::NoDuplicate { other: id(2), why: Unlike::Countered };
    countered.beside(one.numbered(2)).when(twin()).refused(refused.into());
    countered.beside(countered.numbered(2)).when(twin()).at_once();
}

#[test]
fn two_people_of_one_mail_domain_are_two() {
    let from = |kind: &str, address: &str| {
        let reading = Reading::Email { address: address.to_owned(), odd: Vec::new(), more: Vec::new() };
        under_eu(kind).with(Field { reading, ..text("email", address) })
    };
    for kind in ["terms", "subject", "complaint", "intimate"] {
        let kept = from(kind, "alice@uni-bonn.de").numbered(2);
        let refused = Restraint::NoDuplicate { other: id(2), why: Unlike::Address };
        from(kind, "bob@uni-bonn.de").beside(kept.clone()).when(twin()).refused(refused.into());
        from(kind, "Alice@Uni-Bonn.de").beside(kept).when(twin()).at_once();
    }
    // An agency is asked for, and verified, as a whole.
    let kept = from("information", "alice@bka.example").numbered(2);
    from("information", "bob@bka.example").beside(kept).when(twin()).at_once();
}

#[test]
fn one_that_is_kept_and_asks_for_less_since_answers_its_duplicate_no_longer() {
    let both = asks("copyright", &[("material", "mxc://example.org/a, mxc://example.org/b")]);
    let duplicate = both.numbered(2).after(linked(1, Relation::Duplicate, true)).closed();
    let mut kept = both.after(linked(2, Relation::Duplicate, false));
    kept.around.duplicates = vec![duplicate.case];
    let back = Event::BroughtBack { other: id(1), outward: true, unshown: false, reopened: false };
    let says = |material: &str| kept.when(set([put(text("material", material))])).all();
    assert!(says("mxc://example.org/a").contains(&(id(2), back.clone())));
    assert!(!says("mxc://example.org/b, mxc://example.org/a").contains(&(id(2), back)));
}

#[test]
fn a_duplicate_comes_to_ask_for_nothing_that_the_kept_one_does_not() {
    let one = asks("copyright", &[("material", "mxc://example.org/a")]);
    let duplicate = one.after(linked(2, Relation::Duplicate, true)).beside(one.numbered(2));
    let says = |material: &str| duplicate.when(set([put(text("material", material))])).decided;
    assert!(says("mxc://example.org/a, mxc://example.org/b").is_err());
    assert!(says("mxc://example.org/a/").is_ok());
}
