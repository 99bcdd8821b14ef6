//! Policy files as operators write them: every mistake is told, and what the guide shows works.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use docket::case::{ClockRule, FieldForm, Policy, Span, Stop, Tell};
use docket::policy::{Layer, Mistakes, PACKS, Taken, stack};
use docket::rehearsal::terms_under;

const MISTAKES: &str = include_str!("policy/mistakes.yaml");

fn ours(text: &str) -> Result<Taken, Mistakes> {
    stack(&[Layer::File { name: "ours.yaml", text }])
}

/// What is told of a file that continues a pack.
fn told(rest: &str) -> String {
    ours(&format!("name: ours\nafter: [matrix-org]\n{rest}"))
        .map(|_| String::new())
        .unwrap_or_else(|mistakes| mistakes.to_string())
}

#[test]
fn twenty_mistakes_get_twenty_lines() {
    let Mistakes(lines) = ours(MISTAKES).unwrap_err();
    let said = lines.join("\n") + "\n";
    assert_eq!(said, include_str!("policy/mistakes.txt"), "\n{said}");
    assert_eq!(lines.len(), 20);
    for number in 1..=20 {
        let mark = format!("# {number}:");
        let line = 1 + MISTAKES.lines().position(|line| line.contains(&mark)).unwrap();
        let place = format!("ours.yaml:{line}:");
        assert_eq!(lines.iter().filter(|said| said.starts_with(&place)).count(), 1, "{mark} {said}");
    }
}

/// The examples of the guide, in their order.
fn examples() -> Vec<&'static str> {
    let guide = include_str!("../docs/policy.md");
    let blocks = guide.split("```yaml\n").skip(1);
    blocks.map(|block| block.split_once("```").unwrap().0).collect()
}

fn example(word: &str) -> Taken {
    let text = examples().into_iter().find(|text| text.contains(word)).unwrap();
    ours(text).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn every_example_of_the_guide_is_read() {
    assert_eq!(examples().len(), 8, "each is read below");
    for text in examples() {
        let taken = ours(text).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes}"));
        let unused =
            taken.notes.iter().filter(|note| !note.contains("`") || note.contains("stands on no form"));
        assert_eq!(unused.count(), 0, "{text}\n{:#?}", taken.notes);
        // What an operator copies from here needs no warning.
        let warns = |note: &&String| !note.contains(" is replaced by ") && !note.ends_with(" are joined");
        let warnings: Vec<&String> = taken.notes.iter().filter(warns).collect();
        assert!(warnings.is_empty(), "{text}\n{warnings:#?}");
    }
}

/// Wherever a file is cut off by a slip, its own and nothing else is told: all that seems to be wrong may be put right behind it.
#[test]
fn of_a_file_that_is_cut_off_nothing_is_missed() {
    for text in examples() {
        let lines: Vec<&str> = text.lines().collect();
        // In the order of the guide, and with the last part first.
        let begins = |at: &usize| lines[*at].starts_with(|c: char| c.is_ascii_lowercase());
        let parts: Vec<usize> = (2..lines.len()).filter(begins).collect();
        let ends = parts.iter().skip(1).copied().chain([lines.len()]);
        let parts: Vec<&[&str]> = parts.iter().zip(ends).map(|(from, to)| &lines[*from..to]).collect();
        let turned: Vec<&str> = lines[..2].iter().chain(parts.into_iter().rev().flatten()).copied().collect();
        for lines in [lines.clone(), turned] {
            for cut in
                (2..lines.len()).filter(|cut| lines[*cut].starts_with(char::is_alphabetic) || cut % 3 == 0)
            {
                let next = lines[cut];
                let indent = &next[..next.len() - next.trim_start().len()];
                let text = format!("{}\n{indent}@x\n", lines[..cut].join("\n"));
                // In the middle of a text it is a word like others, and cuts nothing off.
                let Err(Mistakes(told)) = ours(&text) else { continue };
                if !told.iter().any(|line| line.ends_with("(what follows was not read)")) {
                    continue;
                }
                assert_eq!(told.len(), 1, "{text}{told:#?}");
            }
        }
    }
}

#[test]
fn what_else_a_line_and_a_clock_can_say_is_as_the_guide_has_it() {
    let policy = example("permit-lapses:").policy;
    let kind = policy.kind("permit").unwrap();
    assert!(kind.discloses_if_asked && !kind.discloses);
    assert!(kind.field("posts removed").is_some_and(|rule| rule.ours && rule.form == FieldForm::Done));
    assert_eq!(kind.weighs.as_ref().unwrap().lines, ["nuisance"]);
    let clock = |name: &str| policy.clocks.iter().find(|clock| clock.name == name).unwrap();
    assert_eq!(clock("permit").until.each(), [Stop::Line("posts removed".to_owned()), Stop::Answered]);
    assert_eq!(clock("permit").extension.as_ref().unwrap().letter.as_deref(), Some("extended"));
    assert!(clock("permit-lapses").lapses);

    let policy = example("ask_order_within:").policy;
    assert_eq!(policy.notice.ask_order_within, Some(Span::Hours(4)));
    assert_eq!(policy.idle.unwrap().waiting, Span::Days(10));
    assert_eq!(policy.absent.not_yet, ["to follow", "draft"]);
    assert!(policy.letter("reminder", "information").is_some());
    assert!(policy.letter("reminder", "complaint").is_none());
}

/// Every key that a file can have, and every word that it can use for starts, ends and forms, stands in the guide's table.
#[test]
fn the_guide_names_every_key() {
    let guide = include_str!("../docs/policy.md");
    let rows = guide
        .lines()
        .filter(|line| line.starts_with("| "))
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    let words = rows.flat_map(|code| code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    let words: std::collections::BTreeSet<&str> = words.collect();
    let said = |word: &str| words.contains(word);
    let mut sources = vec![include_str!("../src/policy/read/mod.rs")];
    sources
        .extend([include_str!("../src/policy/read/clocks.rs"), include_str!("../src/policy/read/kinds.rs")]);
    sources
        .extend([include_str!("../src/policy/read/fields.rs"), include_str!("../src/policy/read/data.rs")]);
    sources.extend([
        include_str!("../src/policy/read/duties.rs"),
        include_str!("../src/policy/read/letters.rs"),
    ]);
    for source in sources {
        // Lists of keys, in a constant or handed to `map`.
        let lists = source.split("&str; ").skip(1).chain(source.split(".map(&[").skip(1));
        for list in lists.filter_map(|list| list.split("];").next()?.split("])").next()) {
            for key in list.split('"').skip(1).step_by(2) {
                assert!(said(key), "`{key}` does not stand in docs/policy.md");
            }
        }
    }
}

#[test]
fn one_number_is_changed_and_the_rest_stays() {
    let before = stack(&[Layer::Pack("matrix-org")]).unwrap().policy;
    let Taken { policy, notes, .. } = example("term: 60 days");
    assert_eq!((policy.hold.term.span, policy.keep), (Span::Days(60), Span::Years(3)));
    assert_eq!(policy.hold.extend, before.hold.extend);
    assert_eq!(
        notes,
        [
            "`hold/term` of `matrix-org` (90 days) is replaced by `ours` (60 days)",
            "`keep` of `base` (2 years) is replaced by `ours` (3 years)"
        ]
    );
    assert!(policy.version.starts_with("ours/") && policy.version.len() == "ours/01234567".len());
    let same = docket::case::Policy {
        version: before.version.clone(),
        hold: before.hold.clone(),
        keep: before.keep,
        ..policy
    };
    assert_eq!(same, before, "nothing else is touched");
}

#[test]
fn a_kind_takes_no_programming() {
    let policy = example("by-law:").policy;
    let kind = policy.kind("City order").unwrap();
    assert_eq!(kind.fields.iter().filter(|rule| rule.required).count(), 6, "five, and the country");
    assert_eq!(kind.field("shoulder number").map(|rule| rule.key.as_str()), Some("badge"));
    assert!(policy.letter("ack", "by-law").unwrap().text.contains("{line ward}"));
    assert!(!policy.letter("ack", "terms").unwrap().text.contains("{line ward}"));
    assert_eq!(policy.kinds.last().map(|kind| kind.name.as_str()), Some("by-law"), "behind the others");
}

#[test]
fn packs_join_what_they_accept_and_a_file_says_the_last_word() {
    let packs = stack(&[Layer::Pack("uk"), Layer::Pack("us")]).unwrap();
    assert_eq!(packs.policy.accepts, ["GB", "US"]);
    assert!(packs.notes.contains(&"`accepts` of `uk` [GB] and of `us` [US] are joined".to_owned()));
    assert!(packs.policy.version.starts_with("uk+us/"));
    assert_eq!(example("accepts: [GB, DE, FR]").policy.accepts, ["GB", "DE", "FR"]);
}

#[test]
fn what_is_taken_off_is_gone() {
    let policy = example("remove:").policy;
    assert!(policy.reason("voluntary").is_none());
    let answer = policy.clocks.iter().find(|clock| clock.name == "answer").unwrap();
    assert_eq!(answer.extension, None);
    assert!(answer.pauses);
}

#[test]
fn a_file_can_begin_with_what_packs_share() {
    let policy = example("bestandsdaten:").policy;
    assert_eq!(policy.countries.get("deutschland").map(String::as_str), Some("DE"));
    let order = policy.instruments.iter().find(|one| one.name == "bestandsdaten").unwrap();
    assert_eq!((order.notice, order.known_by.len()), (Tell::Withhold, 2));
}

#[test]
fn what_a_pack_says_of_something_removed_is_told_with_the_way_out() {
    let told = told("remove: [kinds/terms]\n");
    let line = told.lines().next().unwrap();
    assert!(line.starts_with("ours.yaml:3:10: `remove` takes off `kinds/terms`, and `refusals/"), "{told}");
    assert!(line.contains("`letters/ack/terms/kinds`"), "{told}");
    assert!(line.contains("there is no kind `terms`"), "{told}");
    assert!(told.lines().all(|line| line.starts_with("ours.yaml:3:10: ")), "{told}");
}

#[test]
fn each_further_mistake_is_told() {
    for (text, said) in [
        ("fields: { received: { label: R, help: x } }", "every kind has the line `received` already"),
        ("fields: { confidential: { form: text } }", "must have `form: secrecy`"),
        ("fields: { Agency: { label: A, help: x } }", "the line `Agency` is there already"),
        ("fields: { x: { label: X, help: x, form: { one_of: [] } } }", "name at least one word"),
        ("fields: { x: { label: X, help: x, form: { pattern: a } } }", "`pattern` needs `says`"),
        ("fields: { x: { label: X, help: x, form: { pattern: 'a{9999}{99}', says: y } } }", "too large"),
        ("kinds: { x: { title: X } }", "the kind `x` has no lines"),
        ("kinds: { x: { title: X, required: [agency], optional: [agency] } }", "both required and optional"),
        ("kinds: { x: { title: X, aliases: [info], required: [agency] } }", "`x` cannot be called `info`"),
        ("kinds: { x: { title: X, required: [agency], answer_needs: [clause] } }", "no line of this kind"),
        ("accepts: [UK]", "the two letters of the United Kingdom are GB"),
        ("countries: { DE: [united kingdom] }", "is a name of `DE` already"),
        ("categories: { x: { title: X, held: sometimes } }", "write never, encrypted, kept, or how long"),
        ("calendar: moon", "there is no calendar `moon`"),
        ("hold: { term: 200 years }", "longer than a hundred years"),
        ("hold: { term: 90 years }", "for 30 years at most"),
        ("hold: { term: 3 hours }", "for days, months or years"),
        ("hold: { by_instrument: { x: { term: 1 day, extend: 1 day } } }", "there is no instrument `x`"),
        (
            "clocks: { x: { title: X, kinds: [terms], from: line granted, term: 1 day, until: closed } }",
            "no kind that it is for has one",
        ),
        ("clocks: { x: { title: X, from: line agency, term: 1 day, until: closed } }", "is no day"),
        (
            "clocks: { x: { title: X, from: received, term: 30m, until: closed } }",
            "m could be minutes or months",
        ),
        ("letters: { ack/x: { title: X, text: y } }", "say which kinds `ack/x` is for"),
        ("letters: { ack/x: { kinds: [terms], title: X, text: '{line moon}' } }", "there is no line `moon`"),
        ("letters: { ack/x: { kinds: [terms], title: X, text: '{badge' } }", "never closed"),
        ("letters: { ack/x: { kinds: [terms], title: X, text: '{clause}' } }", "written `{line clause}`"),
        ("texts: { encryptd: x }", "did you mean `encrypted`?"),
        // What would never do what it says.
        (
            "clocks: { x: { title: X, kinds: [terms], from: received, term: 1 day, until: line granted } }",
            "it ends with the line",
        ),
        (
            "clocks: { x: { title: X, from: received, not_before: 10 days, term: 3 days, until: closed } }",
            "is longer than `term`",
        ),
        ("clocks: { x: { title: X, from: answered, term: 3 days, until: answered } }", "so it never runs"),
        ("clocks: { x: { title: X, from: sent ack, term: 3 days, until: sent ack } }", "so it never runs"),
        (
            "clocks: { x: { title: X, kinds: [], from: received, term: 1 day, until: closed } }",
            "is an empty list",
        ),
        (
            "clocks: { x: { title: X, kinds: { with: nothing }, from: received, term: 1 day, until: closed } }",
            "no property of a kind",
        ),
        (
            "clocks: { hold: { title: X, from: received, term: 1 day, until: closed } }",
            "another would hide it",
        ),
        (
            "clocks: { approval: { title: X, from: received, term: 1 day, until: closed } }",
            "another would hide it",
        ),
        ("clocks: { answr: { term: 3 days } }", "did you mean `answer`?"),
        (
            "letters: { extra: { kinds: [complaint], title: X, text: '{line clause}' } }",
            "could never be filled in",
        ),
        ("letters: { awnser: { title: X, text: y } }", "did you mean `answer`?"),
        (
            "fields: { x: { label: X, help: x }, y: { label: X, help: y } }\nkinds: { z: { title: Z, required: [x, y] } }",
            "cannot be called `x`",
        ),
        (
            "fields: { badge: { label: Agency, help: x } }\nkinds: { z: { title: Z, required: [agency, badge] } }",
            "cannot be called `agency`",
        ),
        ("fields: { x: { label: 'Badge: number', help: x } }", "is no label"),
        ("fields: { x: { label: Received, help: x } }", "means something else in every request"),
        ("fields: { request: { label: R, help: x } }", "is the first line of every request"),
        ("fields: { flag: { label: F, help: x } }", "is what people set"),
        (
            "instruments: { x: { title: X, known_by: [court order], notice: tell } }",
            "is a name of the instrument `court-order` already",
        ),
        (
            "instruments: { x: { title: X, known_by: [a, of, the], notice: tell } }",
            "stands in nearly every text",
        ),
        ("accepts: [ZZ]", "no country has these two letters"),
        (
            "kinds: { x: { title: X, required: [agency], counts_as: foo } }",
            "there is no kind to count as `foo`",
        ),
        ("two_people: { acts: [discloze] }", "there are adopt, answer,"),
        ("name: twice", "`name` stands twice"),
        ("report: { few: many }", "write a whole number"),
        ("kinds: [a]", "must be written as `key: value`"),
        ("kinds:", "`kinds` has no value"),
    ] {
        let told = told(text);
        assert!(told.contains(said), "{text}: {told}");
        assert_eq!(told.lines().count(), 1, "{text}: {told}");
    }
}

#[test]
fn one_wrong_pack_hides_no_other_mistake() {
    for after in ["[matrix-orc]", "[matrix-org, moon]"] {
        let text = format!(
            "name: ours\nafter: {after}\nclocks: {{ hold: {{ title: X, from: received, term: 1 day, until: closed }} }}\nkeep: soon\n"
        );
        let Mistakes(lines) = ours(&text).unwrap_err();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].contains("there is no pack"), "{lines:?}");
        assert!(lines[1].contains("another would hide it") && lines[2].contains("`keep`"), "{lines:?}");
    }
}

#[test]
fn a_file_that_stands_alone_is_told_of_packs() {
    let Mistakes(lines) = ours("name: ours\nkeep: 2 years\n").unwrap_err();
    assert!(lines[0].contains("continues no pack") && lines[0].contains("after: [matrix-org]"), "{lines:?}");
    let Mistakes(lines) = ours("name: ours\nafter: [base]\nkeep: soon\n").unwrap_err();
    assert!(lines.len() == 1 && !lines[0].contains("continues no pack"), "{lines:?}");
}

#[test]
fn a_file_is_called_otherwise_than_a_pack() {
    let Mistakes(lines) = ours("name: matrix-org\nafter: [matrix-org]\n").unwrap_err();
    assert!(lines.len() == 1 && lines[0].contains("is a pack that docket ships"), "{lines:?}");
}

#[test]
fn a_stack_says_by_name_what_a_list_gains_and_loses() {
    let packs = stack(&[Layer::Pack("rocket-chat"), Layer::Pack("matrix-org")]).unwrap();
    let said = "`instruments/court-order/opens` of `rocket-chat` is replaced by `matrix-org`, which adds lookups, proxy-logs, \
                shop; leaves out workspace";
    assert!(packs.notes.iter().any(|note| note == said), "{:#?}", packs.notes);
    for note in &packs.notes {
        let cut: Vec<&str> = note.split(['(', ')']).filter(|part| part.ends_with('…')).collect();
        assert!(cut.len() < 2 || cut[0] != cut[1], "both are cut before they differ: {note}");
    }
}

#[test]
fn no_name_of_an_order_is_lost_where_packs_are_stacked() {
    for packs in [["us", "uk"], ["uk", "us"]] {
        let policy = stack(&packs.map(Layer::Pack)).unwrap().policy;
        let warrant = policy.instruments.iter().find(|one| one.name == "search-warrant").unwrap();
        for name in ["rule 41 warrant", "search warrant under pace"] {
            assert!(warrant.known_by.iter().any(|known| known == name), "{packs:?}: {:?}", warrant.known_by);
        }
    }
}

#[test]
fn what_a_kind_is_asked_for_has_a_line_and_its_clocks_follow_it() {
    let policy = example("by-law:").policy;
    let kind = policy.kind("by-law").unwrap();
    assert!(kind.field("jurisdiction").is_some_and(|rule| rule.required), "rule 2");
    assert!(kind.field("via").is_some_and(|rule| !rule.required), "rule 3");
    let runs_for = |clock: &str| {
        let clock = policy.clocks.iter().find(|one| one.name == clock).unwrap();
        clock.kinds.iter().any(|kind| kind == "by-law")
    };
    assert!(runs_for("tell"), "its users are told");
    assert!(!runs_for("after-review"), "nobody attests a danger");
    assert!(policy.letter("secrecy", "by-law").is_some());
}

#[test]
fn every_pair_of_packs_can_be_stacked() {
    for one in docket::policy::PACKS {
        for other in docket::policy::PACKS {
            stack(&[Layer::Pack(one), Layer::Pack(other)])
                .unwrap_or_else(|mistakes| panic!("{one},{other}: {mistakes}"));
        }
    }
}

#[test]
fn a_file_that_cannot_be_stacked_says_so_and_no_more() {
    for (text, said) in [
        ("", "ours.yaml:1:1: the file is empty"),
        ("after: [matrix-org]", "ours.yaml:1:1: the file lacks `name`"),
        ("name: ours\nafter: [matrix]", "did you mean `matrix-org`?"),
        ("name: Our Policy\nafter: [matrix-org]", "`name` is one word of small letters"),
        ("name: ours\nafter: [matrix-org]\nkinds: \"x", "a quote is opened and never closed"),
    ] {
        let Mistakes(lines) = ours(text).unwrap_err();
        assert!(lines.len() == 1 && lines[0].contains(said), "{text}: {lines:?}");
    }
    let long = format!("name: ours\nafter: [matrix-org]\n{}", "# x\n".repeat(70_000));
    assert!(ours(&long).unwrap_err().0[0].contains("at most 262144 bytes are read"));
}

/// What is asked of a gag can go with the instrument; a later file adds to what an earlier one says of another.
#[test]
fn a_gag_has_terms_by_instrument() {
    let first = "name: first\nafter: [matrix-org]\ngag: { by_instrument: { search-warrant: { ask_every: 30 days } } }\n";
    let then = "name: then\ngag: { by_instrument: { search-warrant: { wants_document: true }, court-order: { ask_every: 60 days } } }\n";
    let layers = [("first.yaml", first), ("then.yaml", then)].map(|(name, text)| Layer::File { name, text });
    let taken = stack(&layers).unwrap();
    let own = |name: &str| taken.policy.gag.by_instrument[name];
    assert_eq!(own("search-warrant").ask_every, Some(Span::Days(30)));
    assert_eq!(own("search-warrant").wants_document, Some(true));
    assert_eq!(
        (own("court-order").ask_every, own("court-order").wants_document),
        (Some(Span::Days(60)), None)
    );
    // What they share stays, and it is shown.
    assert_eq!(taken.policy.gag.ask_every, Span::Years(1));
    assert!(taken.yaml.contains("by_instrument"), "{}", taken.yaml);
}

/// Rule 29: what nobody answers by the hour is not asked by the hour.
#[test]
fn a_question_is_asked_once_a_day_at_most() {
    for often in ["1 hour", "30 minutes", "90 min"] {
        let told = told(&format!("gag: {{ ask_every: {often} }}\n"));
        assert!(told.contains("a question is asked again after 1 day at the soonest"), "{told}");
    }
    assert_eq!(told("gag: { ask_every: 1 day }\n"), "");
}

/// Rule 16: within what time the requester is told is a number of the policy.
#[test]
fn the_letter_about_secrecy_has_its_time() {
    let taken = ours("name: ours\nafter: [matrix-org]\nnotice: { ask_order_within: 3 days }\n").unwrap();
    assert_eq!(taken.policy.notice.ask_order_within, Some(Span::Days(3)));
    let shipped = ours("name: ours\nafter: [matrix-org]\n").unwrap();
    assert_eq!(shipped.policy.notice.ask_order_within, Some(Span::BusinessDays(1)));
}

#[test]
fn nobody_is_asked_whether_they_meant_what_they_wrote() {
    // Blanks that stand in quotes are seen by nobody.
    assert_eq!(told("calendar: \" england \"\ntwo_people: { acts: [\"note \"] }\n"), "");
    let said = told("\"calendar \": england\n");
    assert_eq!(said, "ours.yaml:3:1: there is no key `calendar `; write it without the blanks around it");
}

#[test]
fn a_calendar_is_open_some_day_of_every_year() {
    let said = told("calendars:\n  ours: { weekend: [mon, tue, wed, thu, fri, sat, sun] }\n");
    assert!(
        said.starts_with("ours.yaml:4:3: by the calendar `ours` no office is open for a whole year"),
        "{said}"
    );
    let first: chrono::NaiveDate = "2027-01-01".parse().unwrap();
    let closed = |days: usize| {
        let days: Vec<String> = first.iter_days().take(days).map(|day| day.to_string()).collect();
        told(&format!("calendars:\n  ours: {{ holidays: [{}] }}\n", days.join(", ")))
    };
    assert!(closed(370).contains("no office is open for a whole year"), "{}", closed(370));
    assert_eq!(closed(300), "");
}

#[test]
fn what_speaks_of_a_line_that_no_kind_has_is_told() {
    let fields = "fields:\n  moon: { label: Moon, help: which, form: day }\n";
    let clock =
        |rest: &str| told(&format!("{fields}clocks:\n  tide: {{ title: tide, term: 1 day, {rest} }}\n"));
    for (rest, does) in [
        ("from: line moon, until: answered", "it begins with"),
        ("from: received, until: line moon", "it ends with"),
        ("from: received, until: answered, only: { moon: [full] }", "it runs only by"),
        ("from: line moon, until: answered, kinds: [terms, other]", "it begins with"),
    ] {
        let said = clock(rest);
        let end = format!("{does} the line `moon`, and no kind that it is for has one");
        assert!(said.ends_with(&end), "{said}");
    }
    for rest in ["", ", kinds: [other]"] {
        let spell = format!("title: a spell, known_by: [spell], notice: tell, wants: [moon]{rest}");
        let said = told(&format!("{fields}instruments:\n  spell: {{ {spell} }}\n"));
        assert!(said.ends_with("it wants the line `moon`, and no kind that it is for has one"), "{said}");
    }
}

#[test]
fn a_kind_whose_users_get_no_copy_is_noted() {
    let kind = |rest: &str| {
        let text = format!(
            "name: ours\nafter: [matrix-org]\nkinds:\n  x: {{ title: x, required: [accounts]{rest} }}\n"
        );
        ours(&text).unwrap().notes
    };
    let note = "the kind `x` has `notify: true` and no `copy`: its users get to read no line of the request";
    let is_noted = |rest: &str| kind(rest).iter().any(|said| said == note);
    assert!(is_noted(", notify: true"));
    assert!(!is_noted(", notify: true, copy: [accounts]") && !is_noted(""));
}

#[test]
fn a_kind_that_lacks_what_others_have_is_noted() {
    let text = "name: ours\nafter: [uk]\nkinds:\n  preservation: { optional: [instrument] }\n";
    let notes = ours(text).unwrap().notes;
    let note =
        "the instrument `ipa-61` wants the line `authorising officer`, and the kind `preservation` lacks it";
    assert!(notes.iter().any(|said| said == note), "{notes:#?}");
}

#[test]
fn what_a_kind_counts_as_is_a_kind() {
    let kind = |counts| {
        told(&format!("kinds:\n  iwf: {{ title: a report, required: [accounts], counts_as: {counts} }}\n"))
    };
    assert_eq!(kind("referral"), "");
    let said = kind("referal");
    assert!(said.ends_with("there is no kind to count as `referal`; did you mean `referral`?"), "{said}");
}

#[test]
fn every_name_of_another_part_is_checked() {
    let clock = "title: x, term: 1 day, from: received, until: answered";
    for (rest, meant) in [
        ("instruments:\n  spell: { title: x, known_by: [spell], notice: tell, kinds: [tems] }\n", "terms"),
        (
            "instruments:\n  spell: { title: x, known_by: [spell], notice: tell, opens: [acount] }\n",
            "account",
        ),
        ("instruments:\n  spell: { title: x, known_by: [spell], notice: tell, wants: [agncy] }\n", "agency"),
        (&format!("clocks:\n  tide: {{ {clock}, kinds: [tems] }}\n"), "terms"),
        (
            &format!("clocks:\n  tide: {{ {clock}, only: {{ Instrument: [ipa-authorization] }} }}\n"),
            "ipa-authorisation",
        ),
        (&format!("clocks:\n  tide: {{ {clock}, only: {{ flag: [csae] }} }}\n"), "csea"),
        (&format!("clocks:\n  tide: {{ {clock}, calendar: englnd }}\n"), "england"),
        ("clocks:\n  tide: { title: x, term: 1 day, from: sent akc, until: answered }\n", "ack"),
        ("clocks:\n  tide: { title: x, term: 1 day, from: received, until: sent akc }\n", "ack"),
        ("calendar: englnd\n", "england"),
        (
            "hold: { by_instrument: { ipa-authorization: { term: 1 day, extend: 1 day } } }\n",
            "ipa-authorisation",
        ),
        ("two_people: { acts: [asign] }\n", "assign"),
        ("two_people: { counsel: [asign] }\n", "assign"),
        ("letters:\n  x: { title: x, text: x, kinds: [tems] }\n", "terms"),
        ("letters:\n  x: { title: x, text: x, flag: csae }\n", "csea"),
        ("letters:\n  x: { title: x, text: \"{line agncy}\" }\n", "agency"),
        ("kinds:\n  x: { title: x, required: [agncy] }\n", "agency"),
        ("kinds:\n  x: { title: x, required: [agency], answer_needs: [agncy] }\n", "agency"),
        ("kinds:\n  x: { title: x, required: [agency], copy: [agncy] }\n", "agency"),
    ] {
        let said = told(rest);
        assert!(said.contains(&format!("did you mean `{meant}`?")), "{rest}{said}");
    }
}

#[test]
fn expressions_without_end_are_not_all_tried() {
    let field = |n: usize| format!("  f{n}: {{ label: f{n}, help: x, form: {{ pattern: '(', says: x }} }}\n");
    let said = told(&format!("fields:\n{}", (0..2_000).map(field).collect::<String>()));
    let lines: Vec<&str> = said.lines().collect();
    // Those of the packs count too.
    let last = lines[lines.len() - 1];
    assert!((190..=201).contains(&lines.len()), "{} lines: {last}", lines.len());
    assert!(last.contains("more than 200 expressions; none further is looked at"), "{last}");
}

#[test]
fn a_line_goes_by_what_the_form_calls_it() {
    let text = "name: ours\nafter: [base]\nfields:\n  address: { label: Street and Town, help: where }\nkinds:\n  \
                visit: { title: a visit, required: [address, agency] }\n";
    let policy = ours(text).unwrap().policy;
    let visit = policy.kind("visit").unwrap();
    assert_eq!(visit.field("street and town").map(|rule| rule.key.as_str()), Some("address"));
    // What another line is called by name comes first.
    assert_eq!(visit.field("agency").map(|rule| rule.key.as_str()), Some("agency"));
}

/// Rules 16 and 41: no letter promises a number that another line of the policy can change behind its back.
#[test]
fn a_length_in_a_letter_is_that_of_a_clock() {
    let letter = |text: &str| format!("letters:\n  ack/intimate:\n    text: '{text}'\n");
    assert_eq!(told(&letter("Within {term take-down}, or {serve_within}. {operator}")), "");
    for (text, said) in [
        ("{term takedown}", "there is no clock `takedown`; did you mean `take-down`?"),
        (
            "{earliest take-down}",
            "the clock `take-down` has no `not_before`, so `{earliest take-down}` could never be filled in",
        ),
    ] {
        assert!(
            told(&letter(text)).starts_with(&format!("ours.yaml:5:11: {said}")),
            "{}",
            told(&letter(text))
        );
    }
    // A sentence can say it too; one that stands in the list of what is refused cannot.
    assert_eq!(told("texts: { kept: 'within {term erasure}' }"), "");
    assert!(told("texts: { gone: '{term erasure}' }").contains("would stay as it is"));
    // What a letter promises is not taken off under it.
    assert!(
        told("remove: [clocks/take-down]")
            .contains("`remove` takes off `clocks/take-down`, and `letters/ack/intimate")
    );
    // What is written out is noted, with what would follow the clock.
    let notes =
        |text: &str| ours(&format!("name: ours\nafter: [matrix-org]\n{}", letter(text))).unwrap().notes;
    let said = "the letter `ack` for intimate writes `48 hours` out: if that is what is counted, write `{term take-down}`, which \
                follows it";
    let found = notes("Within 48 hours. {operator}");
    assert!(found.contains(&said.to_owned()), "{found:#?}");
    assert!(!notes("Within {term take-down}. {operator}").iter().any(|note| note.contains("writes")));
}

/// What is said of each choice is there for every choice, and comes to an end.
#[test]
fn a_sentence_for_each_choice_is_looked_for() {
    let letter = |text: &str| format!("letters:\n  answer/subject:\n    text: '{text}'\n");
    assert_eq!(told(&letter("{each right} {each erase}")), "");
    for (text, said) in [
        ("{each rihgt}", "there is no line `rihgt`; did you mean `right`?"),
        (
            "{each proof}",
            "`{each proof}` is for a line that chooses from a list (`one_of` or `some_of`), and `proof` does not",
        ),
    ] {
        assert!(
            told(&letter(text)).starts_with(&format!("ours.yaml:5:11: {said}")),
            "{}",
            told(&letter(text))
        );
    }
    let ground = told("letters:\n  ack/referral:\n    text: '{each ground}'\n");
    for word in ["emergency", "law", "protection", "security"] {
        let said = format!(
            "ours.yaml:5:11: `{{each ground}}` takes a stock sentence for each choice, and there is no text `ground-{word}`"
        );
        assert!(ground.contains(&said), "{ground}");
    }
    // Of a line that the kind does not have nothing could ever be said.
    let other = "letters:\n  ack/terms:\n    text: '{each right}'\n";
    assert!(
        told(other).contains("asks for `{each right}`, a line that the kind `terms` does not have"),
        "{}",
        told(other)
    );
    // Whoever adds a choice says what is told of it, and whoever takes a sentence off hears which letter had it.
    let added = "fields:\n  erase:\n    form: { some_of: { account: [], identifiers: [], state events: [], avatars: [] } }\n";
    assert!(told(added).contains("there is no text `erase-avatars` for `avatars`"), "{}", told(added));
    assert_eq!(told(&format!("{added}texts: {{ erase-avatars: 'Your pictures are gone.' }}")), "");
    let circle = told("texts: { erase-account: 'It goes: {each erase}' }");
    assert!(circle.contains("`{each erase}` stands in a sentence"), "{circle}");
}

/// On which day a clock of a policy ends that began then.
fn ends(policy: &Policy, clock: &ClockRule, start: DateTime<Utc>) -> NaiveDate {
    let terms = terms_under(policy.clone()).unwrap();
    let (calendar, zone) = (terms.calendar(policy, clock.calendar.as_deref()), terms.zone_under(policy));
    clock.term.end(start, &calendar, zone).with_timezone(&zone).date_naive()
}

#[test]
fn where_packs_meet_nothing_ends_later_than_by_either() {
    let read = |packs: &[&'static str]| {
        let layers: Vec<Layer<'_>> = packs.iter().map(|pack| Layer::Pack(pack)).collect();
        stack(&layers).unwrap().policy
    };
    let answer = |policy: &Policy| {
        let clock = policy.clocks.iter().find(|clock| clock.name == "answer").unwrap();
        ends(policy, clock, "2026-04-01T10:00:00Z".parse().unwrap()).to_string()
    };
    // 1 May is a day of TARGET, and 4 May one of England.
    assert_eq!(answer(&read(&["matrix-org"])), "2026-05-01");
    assert_eq!(answer(&read(&["eu"])), "2026-05-04");
    assert_eq!(answer(&read(&["matrix-org", "eu"])), "2026-05-01");
    assert_eq!(answer(&read(&["eu", "matrix-org"])), "2026-05-01");
    // The guide's own stack counts by the list that it names, whichever pack the clock came from.
    assert_eq!(answer(&example("accepts: [GB, DE, FR]").policy), "2026-05-01");
    let target = ours("name: ours\nafter: [matrix-org, eu]\ncalendar: target\n").unwrap().policy;
    assert_eq!(answer(&target), "2026-05-04", "the operator says so");
    let said = "`calendar` of `uk` [england] and of `eu` [target] are joined";
    let notes = stack(&[Layer::Pack("matrix-org"), Layer::Pack("eu")]).unwrap().notes;
    assert!(notes.iter().any(|note| note == said), "{notes:#?}");

    let first: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
    let starts: Vec<DateTime<Utc>> = (0..18).map(|turn| first + TimeDelta::days(turn * 20)).collect();
    for one in PACKS {
        for other in PACKS.iter().filter(|other| *other != one) {
            let both = read(&[*one, *other]);
            for alone in [read(&[*one]), read(&[*other])] {
                for clock in &alone.clocks {
                    let same = |found: &&ClockRule| found.name == clock.name && found.term == clock.term;
                    let Some(joined) = both.clocks.iter().find(same) else { continue };
                    for start in &starts {
                        let (then, before) = (ends(&both, joined, *start), ends(&alone, clock, *start));
                        assert!(then <= before, "{one}, {other}: {} from {start}", clock.name);
                    }
                }
            }
        }
    }
}
