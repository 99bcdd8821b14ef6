//! Policy files that are wrong in one way or another: each gets its lines, at its places, and no other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use docket::policy::{Layer, Mistakes, stack};

/// What is told of a file that continues a pack, without the file's name; it stands in lines 3 and after.
fn told(rest: &str) -> Vec<String> {
    let text = format!("name: ours\nafter: [matrix-org]\n{rest}");
    match stack(&[Layer::File { name: "ours.yaml", text: &text }]) {
        Ok(_) => Vec::new(),
        Err(Mistakes(lines)) => {
            lines.iter().map(|line| line.strip_prefix("ours.yaml:").unwrap_or(line).to_owned()).collect()
        }
    }
}

/// What is noted of a file that has no mistake, beside what it replaces.
fn noted(rest: &str) -> Vec<String> {
    let text = format!("name: ours\nafter: [matrix-org]\n{rest}");
    let taken = stack(&[Layer::File { name: "ours.yaml", text: &text }]);
    let notes = taken.unwrap_or_else(|mistakes| panic!("{rest}\n{mistakes}")).notes;
    notes.into_iter().filter(|note| !note.contains(" is replaced by ")).collect()
}

/// Each file, with where and how each of its lines begins, or what stands in it behind its place.
#[track_caller]
fn each_is_told(table: &[(&str, &[(&str, &str)])]) {
    for (text, lines) in table {
        let said = told(text);
        assert_eq!(said.len(), lines.len(), "{text}: {said:#?}");
        for ((place, words), said) in lines.iter().zip(&said) {
            assert!(said.starts_with(&format!("{place}: ")), "{text}: {said} does not stand at {place}");
            assert!(said.contains(words), "{text}: {said} does not say {words}");
        }
    }
}

/// A slip ends the reading of the file, and hides nothing that stands before it; nothing is said to be missing that may come
/// behind it.
#[test]
fn a_slip_hides_nothing_that_stands_before_it() {
    each_is_told(&[
        (
            "hold: { trm: 60 days }\nkeep: 3 yeers\nkinds:\n  a: b: c\n",
            &[
                ("3:9", "there is no key `trm`; did you mean `term`?"),
                ("4:7", "`keep` `3 yeers`"),
                ("6:7", "a `:` stands where none can"),
            ],
        ),
        ("keep: 3 yeers\n\tidle: x\n", &[("3:7", "`keep` `3 yeers`"), ("4:1", "a tab cannot indent YAML")]),
        (
            "gag: { ask_every: 6 minuts,\nidle:\n  after: 5 dayz\n",
            &[("3:19", "`ask_every` `6 minuts`"), ("4:1", "(what follows was not read)")],
        ),
        // Lines, letters, kinds and what is true of them may all come behind it; what is nearly one of those that are there
        // is told all the same.
        (
            "kinds:\n  permit:\n    title: P\n    notify: true\n    required: [agncy, ward]\n    copy: [ward]\n    \
             answer_after: [heads-up]\nclocks:\n  permit: { title: P, kinds: [permit], from: line ward, term: 3 dayz, until: sent heads-up }\n\
             keep: \"\n",
            &[
                ("7:16", "there is no line `agncy` in what was read; did you mean `agency`?"),
                ("11:63", "`term` `3 dayz`"),
                ("12:7", "a quote"),
            ],
        ),
        // A kind that is half written when the slip comes lacks nothing yet; one that is whole does.
        (
            "kinds:\n  one: { required: [agency] }\n  two:\n    notify: true\n    order: x: y\n",
            &[("4:3", "`one` lacks `title`"), ("7:13", "a `:`")],
        ),
        // What a pack needs and the file takes off may be said behind it.
        (
            "remove: [letters/ack, clocks/nosuch]\nkeep: [\n",
            &[("3:23", "clocks/nosuch"), ("5:1", "not read")],
        ),
    ]);
    // Nor is it missed that a file says neither what it is called nor what it continues.
    for (slip, place) in [("hold: {", "ours.yaml:4:1"), ("after: a: b", "ours.yaml:3:9")] {
        let text = format!("accepts: [Germany]\nkinds: {{ x: {{ required: [foo], titel: X }} }}\n{slip}");
        let layer = Layer::File { name: "ours.yaml", text: &text };
        let Err(Mistakes(lines)) = stack(&[layer]) else { panic!("{text}") };
        let places: Vec<&str> = lines.iter().filter_map(|line| line.split(": ").next()).collect();
        assert_eq!(places, ["ours.yaml:1:11", "ours.yaml:2:32", place], "{lines:#?}");
    }
}

/// What is not there is told with what is, or with where it is said instead.
#[test]
fn what_is_not_there_is_told_with_what_is() {
    each_is_told(&[
        ("roles: { x: 1 }\n", &[("3:1", "no policy changes it")]),
        ("holidays: []\n", &[("3:1", "it stands in a calendar")]),
        ("retention: 1 year\n", &[("3:1", "is `keep`")]),
        ("people: []\n", &[("3:1", "stands in the configuration")]),
        ("reminders: {}\n", &[("3:1", "stands in the configuration (`reminders`)")]),
        ("mail: {}\n", &[("3:1", "it stands in the configuration")]),
        ("zebra: {}\n", &[("3:1", "choose among `name`, `after`, `remove`, `accepts`")]),
        ("kinds: { information: { answer_after: [zebra] } }\n", &[("3:40", "choose among `ack`, `ask`")]),
        ("instruments: { search-warrant: { opens: [zebra] } }\n", &[("3:42", "choose among `account`")]),
        ("instruments: { search-warrant: { gag: {} } }\n", &[("3:34", "gag: { by_instrument:")]),
        ("instruments: { search-warrant: { hold: {} } }\n", &[("3:34", "hold: { by_instrument:")]),
        ("kinds: { information: { copy: [zebra] } }\n", &[("3:32", ", such as `agency`")]),
        (
            "gag: { by_instrument: { zebra: { ask_every: 1 hour }, court-order: {} } }\n",
            &[
                ("3:25", "there is no instrument `zebra`; choose among"),
                ("3:45", "after 1 day at the soonest"),
                ("3:55", "nothing is said of `court-order`"),
            ],
        ),
    ]);
}

#[test]
fn one_mistake_hides_no_other() {
    each_is_told(&[
        // A half-written clock that is nearly called like another is read all the same.
        (
            "clocks:\n  answer2:\n    kinds: [infomation]\n    from: received\n    term: 10 buisness days\n    until: answerd\n",
            &[
                (
                    "4:3",
                    "there is no clock `answer2` to change; did you mean `answer`? (A new one lacks `title`.)",
                ),
                ("5:13", "there is no kind `infomation`; did you mean `information`?"),
                ("7:11", "`term` `10 buisness days`: this is not a length of time"),
                ("8:12", "there is no end of a clock `answerd`; did you mean `answered`?"),
            ],
        ),
        // A placeholder that nobody knows, and a line that the kind lacks.
        (
            "letters:\n  ack/terms: { kinds: [terms], title: X, text: \"{line granted} {nosuch}\" }\n",
            &[("4:3", "the letter asks for `{line granted}`"), ("4:48", "there is no placeholder `nosuch`")],
        ),
        // A kind that cannot be read hides nothing of what is said of the others.
        (
            "keep: soon\nclocks: { x: { title: X, kinds: [terms], from: line granted, term: 1 day, until: closed } }\n\
             kinds: { y: { title: Y, required: [agncy] } }\n",
            &[
                ("3:7", "`keep` `soon`"),
                ("4:48", "it begins with the line `granted`, and no kind that it is for has one"),
                ("5:36", "there is no line `agncy`; did you mean `agency`?"),
            ],
        ),
        (
            "kinds: { y: { title: Y, order: last, aliases: [info], required: [agency, phone], optional: [agency, bagde] } }\n",
            &[
                ("3:13", "`agency` is both required and optional"),
                ("3:32", "`order` `last`"),
                ("3:48", "the kind `y` cannot be called `info`: `information` is"),
                ("3:101", "there is no line `bagde`"),
            ],
        ),
        (
            "instruments: { x: { title: X, known_by: [court order], notice: maybe } }\n",
            &[
                ("3:16", "`court order` is a name of the instrument `court-order` already"),
                ("3:64", "there is no such rule as `maybe`"),
            ],
        ),
        (
            "instruments: { x: { title: X, known_by: [abc], notice: tell, kinds: [infomation], wants: [erased] } }\n",
            &[
                ("3:70", "did you mean `information`?"),
                ("3:91", "it wants the line `erased`, and no kind that it is for has one"),
            ],
        ),
        // What is nearly a line is taken for it elsewhere: one slip is one mistake.
        (
            "kinds: { x: { title: X, required: [agency, grantd] } }\n\
             clocks: { x: { title: X, kinds: [x], from: line granted, term: 1 day, until: closed } }\n",
            &[("3:44", "did you mean `granted`?")],
        ),
        (
            "kinds: { x: { title: X, requird: [agency, granted] } }\n\
             clocks: { x: { title: X, kinds: [x], from: line granted, term: 1 day, until: closed } }\n",
            &[("3:25", "did you mean `required`?")],
        ),
        ("kinds: { termz: { keep: 3 hours } }\n", &[("3:10", "did you mean `terms`?"), ("3:25", "for days")]),
        (
            "letters: { awnser: { text: y } }\n",
            &[("3:12", "did you mean `answer`? (A new one lacks `title`.)")],
        ),
        ("fields: { x: { label: X, help: h, form: { patern: a, says: b } } }\n", &[("3:43", "`pattern`?")]),
        (
            "categories: { x: { title: X, aliases: [account], held: never }, y: { title: Y, held: lng } }\n",
            &[("3:40", "the category `x` cannot be called `account`"), ("3:86", "`held` cannot be `lng`")],
        ),
    ]);
}

#[test]
fn a_clock_that_can_never_run_or_end_is_told() {
    let clock = |rest: &str| format!("clocks: {{ x: {{ title: X, term: 1 day, {rest} }} }}\n");
    for (rest, place, words) in [
        (
            "kinds: [terms], from: attested, until: closed",
            "3:61",
            "no kind that it is for has `attest: true`",
        ),
        ("kinds: [terms], from: received, until: held", "3:78", "has `preserves: true`"),
        ("kinds: [complaint], from: received, until: told", "3:82", "has `notify: true`"),
        ("kinds: [complaint], from: received, until: [told, closed]", "3:83", "has `notify: true`"),
        ("kinds: [terms], from: sent forward, until: closed", "3:61", "it begins with the letter `forward`"),
        ("kinds: [terms], from: received, until: sent forward", "3:78", "that is for other kinds than it is"),
        (
            "kinds: [terms], from: received, until: closed, extension: { most: 1 day, letter: forward }",
            "3:120",
            "the requester is told by the letter `forward`, and that is for other kinds",
        ),
        ("from: closed, until: answered", "3:11", "so it would never end; write `until: sent LETTER`"),
        ("from: closed, until: held", "3:11", "so it would never end"),
        ("from: closed, until: closed", "3:11", "so it would never end"),
        ("from: closed, until: [answered, line review]", "3:11", "so it would never end"),
        ("from: answered, until: [told, answered]", "3:11", "so it never runs"),
        ("from: received, until: closed, only: { flag: [] }", "3:84", "`flag` is an empty list"),
        // Rule 56: whom a clock calls says what ends it, so they work cases; and a flag is one that somebody set.
        (
            "from: received, until: closed, calls: saftey",
            "3:77",
            "there is no role that a clock can call `saftey`; did you mean `safety`?",
        ),
        (
            "from: received, until: closed, calls: oncall",
            "3:77",
            "there is no role that a clock can call `oncall`",
        ),
        ("from: received, until: closed, lasts: true, calls: safety", "3:90", "so it calls nobody"),
        ("from: flagged, until: closed", "3:45", "does not say which; write `only: { flag: [underage] }`"),
        (
            "kinds: [terms], only: { flag: [underage] }, from: flagged, until: held",
            "3:105",
            "has `preserves: true`",
        ),
        (
            "kinds: [referral], from: received, until: closed, only: { instrument: [ipa-61] }",
            "3:110",
            "it runs only by the instrument `ipa-61`, and that is for other kinds than it is",
        ),
        (
            "kinds: [information], from: received, until: closed, only: { jurisdiction: [UK] }",
            "3:115",
            "the two letters of the United Kingdom are GB",
        ),
    ] {
        each_is_told(&[(&clock(rest), &[(place, words)])]);
    }
    // Flagged cases keep records whatever their kind.
    assert_eq!(told(&clock("kinds: [terms], only: { flag: [csea] }, from: received, until: held")), [""; 0]);
    // For one of its kinds it serves.
    let noted = noted(&clock("kinds: [terms, emergency], from: attested, until: closed"));
    assert_eq!(
        noted,
        [
            "the clock `x` begins when the danger is attested, which takes `attest: true`, and the kind `terms` lacks it"
        ]
    );
}

/// Each name that docket keeps a clock under, as somebody could call one of their own.
#[test]
fn no_clock_hides_one_that_every_case_has() {
    for name in [
        "approval",
        "break-glass",
        "gag",
        "hold",
        "idle",
        "notice",
        "permission",
        "secrecy",
        "secrecy-letter",
    ] {
        let clock =
            format!("clocks: {{ {name}: {{ title: X, from: received, term: 1 day, until: closed }} }}\n");
        each_is_told(&[(&clock, &[("3:11", "another would hide it")])]);
    }
}

#[test]
fn words_that_would_be_left_open_are_told() {
    let ack =
        |text: &str| format!("letters: {{ ack/terms: {{ kinds: [terms], title: X, text: \"{text}\" }} }}\n");
    for (text, words) in [
        (ack("Hi {accepted}"), "`accepted` is filled in within stock sentences only"),
        (ack("Hi {category}"), "`category` is filled in within stock sentences only"),
        (ack("Hi {date}"), "`date` is filled in within stock sentences only, such as `gone`"),
        (ack("Hi {gone}"), "`{category}` is filled in within the list {refused} alone"),
        (ack("Hi {clause}"), "`clause` is a line; it is written `{line clause}`"),
        (
            "texts: { operator: \"We are {case}\" }\n".to_owned(),
            "`{case}` would stay as it is: in this sentence only",
        ),
        ("texts: { mlat: \"We are {category}\" }\n".to_owned(), "only `{accepted}` is filled in"),
        ("texts: { gone: \"{ category }\" }\n".to_owned(), "only `{category}` or `{date}` is filled in"),
        ("texts: { elsewhere: \"{accepted}\" }\n".to_owned(), "in this sentence no braces are filled in"),
        (
            "refusals: { x: { text: \"see {reference}\" } }\n".to_owned(),
            "in this sentence no braces are filled in",
        ),
        (
            "kinds: { x: { title: X, required: [agency] } }\n\
             letters: { ack/x: { kinds: [x], title: X, text: \"{accounts}\" } }\n"
                .to_owned(),
            "the letter asks for `{accounts}`, a line that the kind `x` does not have",
        ),
    ] {
        let said = told(&text);
        assert!(said.len() == 1 && said[0].contains(words), "{text}: {said:#?}");
    }
    assert_eq!(told(&ack("{none-held} {terms} {line clause}")), [""; 0]);
    assert_eq!(told("texts: { our-own: \"We answer {accepted}\" }\n"), [""; 0]);
    // Stock sentences that letters name are there.
    let said = told("remove: [texts/operator]\n");
    assert!(said.iter().any(|line| line.contains("`letters/ack/text`")), "{said:#?}");
    // However many letters name what is gone, they are one mistake, and each is named.
    let said = told("remove: [texts/objections]\n");
    let [line] = said.as_slice() else { panic!("{said:#?}") };
    assert!(
        line.starts_with("3:10: `remove` takes off `texts/objections`, and `letters/ack/text`, `"),
        "{line}"
    );
    let end = " and `letters/ack/complaint/text` still need it (there is no placeholder `objections`); remove those too";
    assert!(line.contains(end), "{line}");
}

#[test]
fn what_could_never_be_meant_is_told() {
    each_is_told(&[
        (
            "instruments: { x: { title: X, known_by: [none], notice: tell } }\n",
            &[("3:42", "a line that says `none` is taken to say that there is no instrument")],
        ),
        (
            "instruments: { x: { title: X, known_by: [a draft order], notice: tell } }\n",
            &[("3:42", "by the word `draft` under `absent`; give it another name")],
        ),
        ("absent: { not_yet: [order] }\n", &[("3:21", "`order` stands in the name of an instrument")]),
        (
            "kinds: { x: { title: X, required: [agency], notify: true } }\n",
            &[("3:10", "the kind `x`, whose users are told (`notify: true`), has no line for accounts")],
        ),
        (
            "kinds: { x: { title: X, required: [agency], preserves: true } }\n",
            &[("3:10", "on which records are kept (`preserves: true`)")],
        ),
        (
            "kinds: { x: { title: X, required: [agency], counts_as: y }, y: { title: Y, required: [agency], counts_as: x } }\n",
            &[("3:56", "`y` counts as `x` itself"), ("3:107", "`x` counts as `y` itself")],
        ),
        (
            "kinds: { x: { title: X, required: [agency], weighs: { only: { clause: [x] }, lines: [agency] } } }\n",
            &[("3:63", "it is weighed only by the line `clause`")],
        ),
        (
            "kinds: { x: { title: X, required: [agency], weighs: { only: {}, lines: [] } } }\n",
            &[("3:72", "`lines` is an empty list")],
        ),
        (
            "fields: { x: { label: X, help: h, form: { one_of: [a, A] } } }\n",
            &[("3:55", "`A` stands twice in `one_of`")],
        ),
        ("remove: [hold]\n", &[("3:10", "`remove` takes off `hold`, without which there is no policy")]),
        (
            "remove: [refusals/voluntry]\n",
            &[("3:10", "there is no inherited part `refusals/voluntry`; did you mean `refusals/voluntary`?")],
        ),
        (
            "letters: { ack: { kinds: [terms], title: X, text: t } }\n",
            &[("3:12", "there is a letter `ack` for `terms` already: `ack/terms`")],
        ),
    ]);
}

#[test]
fn what_is_of_another_sort_is_told() {
    each_is_told(&[
        ("accepts: { GB: yes }\n", &[("3:10", "`accepts` is written as `key: value`, and must be a list")]),
        ("timezone: [Europe/London]\n", &[("3:11", "`timezone` is a list, and must be a text")]),
        ("timezone: Europe/Londn\n", &[("3:11", "did you mean `Europe/London`?")]),
        (
            "timezone: GMT+1\n",
            &[("3:11", "there is no time zone `GMT+1`; write an area and a city in it, such as")],
        ),
        (
            "timezone: BST\n",
            &[("3:11", "there is no time zone `BST`; write an area and a city in it, such as")],
        ),
        ("timezone: est\n", &[("3:11", "did you mean `EST`?")]),
        ("timezone: london\n", &[("3:11", "did you mean `Europe/London`?")]),
        (
            "calendars: { x: { weekend: [saturday], holidays: [2026-02-30], timezone: Mars } }\n",
            &[
                ("3:29", "there is no day of the week `saturday`"),
                ("3:51", "there is no day 30 in month 2 of 2026"),
                ("3:74", "there is no time zone `Mars`"),
            ],
        ),
        ("categories: { account: { held: 180 } }\n", &[("3:32", "180 of what?")]),
        ("clocks: { x: text }\n", &[("3:14", "`x` is a text, and must be written as `key: value`")]),
        ("clocks: { answer: { term: 0 days } }\n", &[("3:27", "a length of time is at least 1")]),
        (
            "clocks: { answer: { extension: { times: 0 } } }\n",
            &[("3:41", "write a whole number from 1 to 100")],
        ),
        (
            "hold: { by_flag: { csae: { term: 1 year, extend: 1 year } } }\n",
            &[("3:20", "did you mean `csea`?")],
        ),
        (
            "hold: { by_instrument: { court-order: { term: 1 year } } }\n",
            &[("3:26", "`court-order` lacks `extend`")],
        ),
        ("gag: { wants_document: yes }\n", &[("3:24", "choose among `true` and `false`")]),
        ("idle: { after: 1 hour }\n", &[("3:16", "after 1 day at the soonest")]),
        ("idle: { after: 7 days, wating: 3 days }\n", &[("3:24", "did you mean `waiting`?")]),
        ("notice: { exceptions: { Life: { text: x, review: 1 day } } }\n", &[("3:25", "write it as `life`")]),
        ("two_people: { role: admin }\n", &[("3:15", "there is no key `role`")]),
        (
            "two_people: { acts: handler }\n",
            &[("3:21", "there is no act for two people `handler`; there are adopt")],
        ),
        ("roles: [a]\n", &[("3:1", "there is no key `roles`")]),
        (
            "fields: { x: { label: X, help: h, by: them } }\n",
            &[("3:39", "choose among `us` and `requester`")],
        ),
        (
            "fields: { x: { label: X, help: h, form: { some_of: [a] } } }\n",
            &[("3:52", "must be written as `key: value`")],
        ),
        ("keep: *x\n", &[("3:7", "aliases (`*name`) are not read here")]),
        ("keep: !!str 3\n", &[("3:7", "`!!str` is a tag")]),
    ]);
}

#[test]
fn what_serves_nothing_is_noted() {
    assert_eq!(
        noted("fields: { ward: { label: Ward, help: which } }\n"),
        ["the line `ward` stands on no form: name it in `required` or `optional` of a kind"]
    );
    assert_eq!(noted("remove: [letters/ask]\n").len(), 1, "{:?}", noted("remove: [letters/ask]\n"));
    assert!(noted("remove: [letters/ask]\n")[0].ends_with("lack the letter `ask`, so there is none to send"));
    assert_eq!(noted("keep: 3 years\n"), [""; 0], "of the packs themselves nothing is");
}

#[test]
fn a_form_is_known_by_what_others_call_it() {
    for (typed, meant) in [("date", "day"), ("mail", "email"), ("users", "accounts"), ("regex", "pattern")] {
        let text = format!(
            "fields:\n  x: {{ label: X, help: h, form: {typed} }}\nkinds: {{ other: {{ optional: [x] }} }}\n"
        );
        let said = told(&text);
        assert!(
            said.iter()
                .any(|line| line.contains(&format!("there is no form `{typed}`; did you mean `{meant}`?"))),
            "{said:#?}"
        );
    }
}

#[test]
fn what_can_never_be_so_is_told() {
    let letter = |kind: &str, text: &str| format!("letters:\n  ack/{kind}:\n    text: '{text}'\n");
    // Nothing is kept, refused or given more time when a report is acknowledged.
    let said =
        told(&letter("terms", "Until {hold_until} because {reason}, and {extended_until}. {operator}"));
    assert_eq!(said.len(), 3, "{said:#?}");
    for words in [
        "the letter asks for `{hold_until}`, and nothing is kept for the kind `terms`, which lacks `preserves: true`",
        "the letter asks for `{reason}`, which is there once a request is refused or sent elsewhere",
        "the letter asks for `{extended_until}`, and no clock of the kind `terms` has an `extension`",
    ] {
        assert!(said.iter().any(|line| line.starts_with("4:3: ") && line.contains(words)), "{said:#?}");
    }
    assert_eq!(told(&letter("preservation", "Until {hold_until}. {operator}")), Vec::<String>::new());
    let kind = |rest: &str| format!("kinds:\n  parking:\n    title: X\n    optional: [context]\n{rest}");
    each_is_told(&[
        (
            &kind("    required: [accounts]\n    copy: [purpose, accounts]\n"),
            &[(
                "8:12",
                "`purpose` is no line of this kind, so there is nothing to copy; add it to `optional`",
            )],
        ),
        (
            &kind("    required: [agency, erased]\n"),
            &[(
                "7:24",
                "`erased` is a line of ours (`by: us`), and no request can be asked for it; put it under `optional`",
            )],
        ),
        (
            &kind("    counters: [parking]\n"),
            &[("7:16", "`parking` cannot counter itself; name the kind whose notice it counters")],
        ),
    ]);
}

#[test]
fn a_name_that_is_taken_is_told_at_the_word_and_once() {
    each_is_told(&[
        // However many kinds have both lines.
        (
            "fields:\n  hue: { label: Hue, help: h, aliases: [shade, agency] }\nkinds:\n  \
             x: { title: X, required: [hue, agency] }\n  y: { title: Y, required: [agency], optional: [hue] }\n",
            &[("4:48", "the line `hue` cannot be called `agency`: `agency` is, and a kind has both lines")],
        ),
        // A label is a name too; and of two lines the one that only goes by the word gives way, whichever comes first.
        (
            "fields: { hue: { label: Agency, help: h } }\nkinds: { x: { title: X, required: [hue, agency] } }\n",
            &[("3:25", "the line `hue` cannot be called `agency`: `agency` is")],
        ),
        // What is changed of a shipped kind is told where it was changed, though the other one comes later.
        (
            "kinds:\n  information:\n    aliases: [info, preserve]\n",
            &[("5:21", "the kind `information` cannot be called `preserve`: `preservation` is")],
        ),
        (
            "fields: { x: { label: X, help: h, form: { some_of: { red: [crimson], blue: [crimson] } } } }\n",
            &[("3:77", "the word `blue` cannot be called `crimson`: `red` is")],
        ),
    ]);
}

#[test]
fn no_kind_is_called_by_a_word_that_means_something_else() {
    let told_of =
        |name: &str| told(&format!("kinds: {{ \"{name}\": {{ title: X, required: [agency] }} }}\n"));
    for (name, why) in [
        ("all", "that is the sum of all kinds in the report"),
        ("not-broken-down", "that is what the report counts together"),
        ("42", "that is how a case is named"),
        ("c42", "that is how a case is named"),
        ("c-42", "that is how a case is named"),
        ("0", "that is how a case is named"),
        ("overdue", "that word means something else in a list of cases"),
        ("waiting", "that word means something else in a list of cases"),
        ("underage", "that word means something else in a list of cases"),
    ] {
        assert_eq!(told_of(name), [format!("3:10: a kind cannot be called `{name}`: {why}{}", rest(name))]);
    }
    each_is_told(&[(
        "fields: { right: { label: Right, help: h, form: { some_of: { access: [], several: [] } } } }\n",
        &[("3:11", "no right can be called `several`")],
    )]);
    for name in ["all-of-it", "c", "c-x", "opened", "42-days"] {
        assert!(told_of(name).is_empty(), "{name}");
    }
    each_is_told(&[(
        "kinds: { x: { title: X, aliases: [y, All, \"7\", Not broken down], required: [agency] } }\n",
        &[
            ("3:38", "a kind cannot be called `all`"),
            ("3:43", "a kind cannot be called `7`"),
            ("3:48", "a kind cannot be called `not-broken-down`"),
        ],
    )]);
}

/// What comes behind the reason that is told of a name.
fn rest(name: &str) -> &'static str {
    if name == "all" { ", and every case in a list" } else { "" }
}

#[test]
fn what_is_said_in_another_language_is_said_of_something_that_is_there() {
    each_is_told(&[
        ("languages: { klingon: {} }\n", &[("3:14", "klingon")]),
        (
            "languages: { de: { letters: { nottice: { text: Hallo } } } }\n",
            &[("3:31", "did you mean `notice`?")],
        ),
        (
            "languages: { de: { letters: { notice: { text: 'Hallo {reference}' } } } }\n",
            &[("3:47", "the letter has no `{reference}` in the policy’s own words")],
        ),
        (
            "languages: { de: { letters: { notice: { text: Hallo, in_part: Teil } } } }\n",
            &[("3:31", "it has a text in part")],
        ),
        ("languages: { de: { texts: { keptt: Hallo } } }\n", &[("3:29", "did you mean `kept`?")]),
        ("languages: { de: { refusals: { identiti: Hallo } } }\n", &[("3:32", "did you mean `identity`?")]),
        (
            "languages: { de: { texts: { kept: 'Hallo {accepted}' } } }\n",
            &[("3:35", "no braces are filled in")],
        ),
        ("languages: { de: { texts: { kept: '{term answer}' } } }\n", &[]),
        ("languages: { de: { letters: { notice: { text: 'Hallo {Case}' } } } }\n", &[]),
    ]);
}

#[test]
fn what_is_said_in_fewer_languages_than_before_is_noted() {
    let notes = noted("texts: { complaint: Write to the CNIL. }\n");
    let note = notes.iter().find(|note| note.contains("`texts/complaint`"));
    assert!(note.is_some_and(|note| note.contains("not in German and French")), "{notes:#?}");
    let again = "texts: { complaint: Write to the CNIL. }\nlanguages: { de: { texts: { complaint: An die CNIL. } } }\n";
    let notes = noted(again);
    let note = notes.iter().find(|note| note.contains("`texts/complaint`"));
    assert!(note.is_some_and(|note| note.contains("not in French")), "{notes:#?}");
    assert!(noted("keep: 3 years\n").iter().all(|note| !note.contains("languages")));
}
