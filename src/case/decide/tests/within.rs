//! A request that asks for more than another one, or by an earlier day, is no duplicate of it; nor is what another person asks.

use super::given::*;
use crate::case::decide::gate::Bar;
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
    // So it is with a number that is longer than anybody compares.
    let long = "AB-1234567890".repeat(12);
    assert_eq!(more("subject", &[("reference", &long)], &[("right", "access"), ("reference", &long)]), None);
    assert_eq!(more("subject", &[("context", "sent again, see AB-12")], &numbered), None);
}

/// What a line asks for is read by what the policy makes of it: one of ours asks for nothing, and one for records by its form.
#[test]
fn a_line_asks_for_what_the_policy_makes_of_it() {
    let lines = |kind: &str, change: &dyn Fn(&mut FieldRule), own: (&str, &str), others: (&str, &str)| {
        let change = |given: Given| {
            given.under(|policy| {
                policy.kinds.iter_mut().flat_map(|kind| &mut kind.fields).for_each(change);
            })
        };
        change(asks(kind, &[own])).beside(change(asks(kind, &[others])).numbered(2)).when(twin())
    };
    let (a, b) = (("material", "mxc://example.org/a"), ("material", "mxc://example.org/b"));
    lines("copyright", &|_| {}, b, a).refused(
        Restraint::NoDuplicate {
            other: id(2),
            why: Unlike::AsksMore {
                key: "material".to_owned(),
                label: "Material".to_owned(),
                more: "example.org/b".to_owned(),
            },
        }
        .into(),
    );
    lines("copyright", &|rule| rule.ours = true, b, a).at_once();
    let renamed = |rule: &mut FieldRule| {
        if rule.key == DATA_KEY {
            rule.key = "records".to_owned();
        }
    };
    lines("subject", &renamed, ("records", "subscriber"), ("records", "account data")).at_once();
    let plain = |rule: &mut FieldRule| {
        if rule.key == DATA_KEY {
            rule.form = FieldForm::Text;
        }
    };
    lines("subject", &plain, ("data", "subscriber"), ("data", "account data")).at_once();
}

/// What must be said and is not may be anything, whatever the line is about; and it leaves nothing out where it is said.
#[test]
fn a_line_that_must_be_there_asks_for_what_it_says() {
    let under = |asks: Asks, given: Given| {
        given.under(|policy| {
            let rules = policy.kinds.iter_mut().flat_map(|kind| &mut kind.fields);
            let rules = rules.filter(|rule| rule.key == "context");
            rules.for_each(|rule| (rule.asks, rule.required) = (Some(asks), true));
        })
    };
    let more = |asked: Asks, own: &[(&str, &str)], kept: &[(&str, &str)]| {
        let decided = under(asked, asks("terms", own)).beside(asks("terms", kept).numbered(2)).when(twin());
        match decided.decided {
            Err(Refusal::Restraint(Restraint::NoDuplicate {
                why: Unlike::AsksMore { more, .. }, ..
            })) => Some(more),
            _ => None,
        }
    };
    let said = [("context", "spam")];
    for asks in [Asks::Each, Asks::All] {
        assert_eq!(more(asks, &[], &said), Some(String::new()), "{asks:?}");
        assert_eq!(more(asks, &said, &[]), Some("spam".to_owned()), "{asks:?}");
        assert_eq!(more(asks, &said, &said), None, "{asks:?}");
    }
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
    between("2026-03-01", "2026-06-01").beside(kept()).when(twin()).at_once();
    for longer in [
        between("2026-02-28", "2026-05-01"),
        between("2026-04-01", "2026-06-02"),
        asks("subject", &[("right", "access")]),
    ] {
        assert!(longer.beside(kept()).when(twin()).decided.is_err());
    }
    // Who does not say from when, or until when, asks for all of it; and what is asked for besides is said.
    let more = |own: &Given| match own.beside(kept()).when(twin()).decided {
        Err(Refusal::Restraint(Restraint::NoDuplicate {
            why: Unlike::AsksMore { key, more, .. }, ..
        })) => (key, more),
        other => panic!("{other:?}"),
    };
    let said = |key: &str, more: &str| (key.to_owned(), more.to_owned());
    for key in ["from", "to"] {
        let mut half = kept().numbered(1);
        half.case.fields.retain(|field| field.key != key);
        assert_eq!(more(&half), said(key, ""));
        // Sent again, it means what came before.
        let numbered = |given: &Given| given.with(text("reference", "AB-12"));
        numbered(&half).beside(numbered(&kept())).when(twin()).at_once();
    }
    assert_eq!(more(&between("2026-02-28", "2026-05-01")), said("from", "2026-02-28"));
    assert_eq!(more(&between("2026-04-01", "2026-06-02")), said("to", "2026-06-02"));
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
    let Err(Refusal::Restraint(Restraint::NoDuplicate { why: Unlike::Sooner { key, is_older, .. }, .. })) =
        decided
    else {
        panic!("{decided:?}");
    };
    assert!(!is_older, "both came at once");
    assert_eq!(key.as_deref(), Some("answer by"));
    own.beside(dated.numbered(2)).when(twin()).at_once();
}

/// A clock that the kept one does not count, or not yet, would be missed; one of what came of the request would not.
#[test]
fn days_that_the_kept_one_does_not_count_are_not_lost() {
    let under = |from: &Start, only: &[Condition]| {
        let rule = ClockRule {
            from: from.clone(),
            only: only.to_vec(),
            ..terms().policy().unwrap().clocks[0].clone()
        };
        given("subject").with(text("right", "access")).under(move |policy| policy.clocks = vec![rule])
    };
    let sooner = |own: &Given, kept: &Given| match own.beside(kept.numbered(2)).when(twin()).decided {
        Ok(_) => None,
        Err(Refusal::Restraint(Restraint::NoDuplicate { why: Unlike::Sooner { key, .. }, .. })) => Some(key),
        other => panic!("{other:?}"),
    };
    let attested = Event::Attested { by: ada(), reason: "a bomb".to_owned() };
    let plain = under(&Start::Attested, &[]);
    assert_eq!(sooner(&plain.after(attested.clone()), &plain), Some(None));
    assert_eq!(sooner(&plain.after(attested.clone()), &plain.after(attested)), None);
    let plain = under(&Start::Sent("ack".to_owned()), &[]);
    assert_eq!(sooner(&plain.told_by("ack"), &plain), Some(None));
    // One that counts for a flagged case alone is not counted for another.
    let flagged = Condition { key: "purpose".to_owned(), any_of: vec!["terrorism".to_owned()] };
    let plain = under(&Start::Received, &[flagged]);
    let grave = plain.with(text("purpose", "terrorism"));
    assert_eq!(sooner(&grave, &plain), Some(Some("purpose".to_owned())));
    assert_eq!(sooner(&grave, &grave), None);
    // What only lasts, or what lapses, is no day by which something is missed.
    let harmless: [fn(&mut ClockRule); 2] = [|rule| rule.lapses = true, |rule| rule.lasts = true];
    for change in harmless {
        let only = |given: &Given| given.under(|policy| policy.clocks.iter_mut().for_each(change));
        assert_eq!(sooner(&only(&grave), &only(&plain)), None);
    }
    // Not so what came of it: users are told with the kept one, and a hold that is over keeps nothing.
    let mut tells = under(&Start::Answered, &[]);
    tells.change_policy(|policy| policy.clocks[0].until = Stop::Told);
    tells.change_policy(|policy| policy.kinds.iter_mut().for_each(|kind| kind.notify = true));
    let tells = tells.with(accounts(&["@a:our.org"]));
    let again = tells.after(Event::Answered { extent: Extent::Full }).after(Event::Reopened { reason: None });
    assert!(again.case.owed_since.is_some());
    assert_eq!(sooner(&again, &tells), None);
    let plain =
        under(&Start::Flagged, &[Condition { key: "flag".to_owned(), any_of: vec!["underage".to_owned()] }]);
    assert_eq!(sooner(&plain.after(Event::Flagged { flag: Flag::Underage }), &plain), None);
    let plain = under(&Start::Flagged, &[]);
    assert_eq!(sooner(&plain.after(Event::Flagged { flag: Flag::Underage }), &plain), None);
    let keeps = under(&Start::HoldEnded, &[]);
    let over = keeps.after(Event::HoldStarted { from: now(), until: now() });
    assert_eq!(sooner(&over.after(Event::HoldOver { how: HoldEnding::Expired }), &keeps), None);
}

/// What the kept one is no longer asked for, counts from a later day, or has no clock for under its own policy.
#[test]
fn days_that_are_over_on_the_kept_one_are_not_lost_nor_those_of_another_policy() {
    let rule =
        ClockRule { until: Stop::Sent("ack".to_owned()), ..terms().policy().unwrap().clocks[0].clone() };
    let under = |clocks: Vec<ClockRule>| {
        let own = given("subject").with(text("right", "access")).numbered(2);
        own.under(move |policy| policy.clocks = clocks)
    };
    let is_missed =
        |own: &Given, kept: &Given| match own.numbered(1).beside(kept.clone()).when(twin()).decided {
            Ok(_) => false,
            Err(Refusal::Restraint(Restraint::NoDuplicate { why: Unlike::Sooner { .. }, .. })) => true,
            other => panic!("{other:?}"),
        };
    let kept = under(vec![rule.clone()]).told_by("ack");
    let mut own = under(vec![rule.clone()]);
    assert!(!is_missed(&own, &kept));
    own.case.received = now() - chrono::TimeDelta::days(1);
    assert!(is_missed(&own, &kept));
    // Two requests that wait for the same person wait together.
    let waited = under(vec![rule.clone()]).after(Event::WaitBegan { from: now(), asked: Vec::new() });
    let mut waited = waited.at(now() + chrono::TimeDelta::days(3));
    waited.case.apply(&Event::WaitEnded, &ada(), waited.now);
    assert!(!is_missed(&under(vec![rule.clone()]), &waited));
    // The kept one may have another policy, or one that is lost.
    let is_missed_under = |clocks: Option<Vec<ClockRule>>| {
        let (mut own, mut kept) = (under(vec![rule.clone()]), under(vec![rule.clone()]));
        kept.case.policy = "ours/2".to_owned();
        if let Some(clocks) = clocks {
            let version = kept.case.policy.clone();
            let policy = Policy { version: version.clone(), clocks, ..own.terms.policy().unwrap().clone() };
            own.terms.policies.insert(version, policy);
        }
        is_missed(&own, &kept)
    };
    let named = |name: &str| ClockRule { name: name.to_owned(), ..rule.clone() };
    let of_others = ClockRule { kinds: owned(&["terms"]), ..rule.clone() };
    assert!(!is_missed_under(Some(vec![rule.clone()])));
    assert!(is_missed_under(Some(Vec::new())) && is_missed_under(None));
    assert!(is_missed_under(Some(vec![named("another"), of_others])));
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
fn whoever_asks_for_secrecy_is_no_duplicate_of_what_nobody_wants_kept_quiet() {
    // Rule 16: they are told that it takes an order, and have time to serve one.
    let one = asks("copyright", &[("material", "mxc://example.org/a")]);
    let wish = one.with(secrecy(Secrecy::Open));
    let refused = Restraint::NoDuplicate { other: id(2), why: Unlike::Secrecy };
    wish.beside(one.numbered(2)).when(twin()).refused(refused.into());
    wish.beside(wish.numbered(2)).when(twin()).at_once();
    // Nor where a gag is over, or nobody can read any more whether users are told.
    let over = Event::GagSet { ordered_by: "a court".to_owned(), day: None, until: None, document: None };
    let over = one.after(over).after(Event::GagOver { how: GagEnding::Ended });
    let refused = || Restraint::NoDuplicate { other: id(2), why: Unlike::Secrecy };
    wish.beside(over.numbered(2)).when(twin()).refused(refused().into());
    let unread = wish.under(|policy| policy.kinds.clear());
    unread.beside(one.numbered(2)).when(twin()).refused(refused().into());
    // The other way round what is kept says it.
    one.beside(wish.numbered(2)).when(twin()).at_once();
    // Of a kind whose users hear nothing nobody is written to of an order.
    let report = asks("terms", &[("context", "insults")]);
    report.with(secrecy(Secrecy::Open)).beside(report.numbered(2)).when(twin()).proposed(Effect::Tell);
    // An order that is on record binds as it is, and two people say that it goes with the other case.
    let gag = Event::GagSet { ordered_by: "a court".to_owned(), day: None, until: None, document: None };
    wish.after(gag.clone()).beside(one.numbered(2)).when(twin()).proposed(Effect::Tell);
    wish.beside(one.after(gag).numbered(2)).when(twin()).at_once();
}

#[test]
fn a_duplicate_rests_on_what_the_case_rests_on_that_is_kept() {
    let bars = |given: &Given| crate::case::decide::gate::bars(&given.case, &given.terms);
    let open = shipped_as("information");
    assert!(bars(&open).contains(&Bar::Missing));
    let duplicate = open.after(linked(2, Relation::Duplicate, true));
    assert!(!bars(&duplicate).contains(&Bar::Missing), "{:?}", bars(&duplicate));
    // What it names itself counts still.
    let named = open.with(text("instrument", "scribble")).after(linked(2, Relation::Duplicate, true));
    assert!(bars(&named).contains(&Bar::Unidentified));
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
