//! What the walker promises: nothing breaks it, and every mistake says where it is.

use proptest::prelude::*;

use super::*;

const LONGEST: usize = 256 * 1024;

fn told(text: &str, reader: impl FnOnce(Node<'_>) -> Option<()>) -> String {
    match read(text, LONGEST, reader) {
        Ok(()) => String::new(),
        Err(mistakes) => mistakes.iter().map(|mistake| format!("{mistake}\n")).collect(),
    }
}

/// Asks every node for everything.
fn all(node: Node<'_>) -> Option<()> {
    let _ = (node.text(), node.line(), node.truth(), node.whole(0..=9));
    for item in node.list().into_iter().flatten() {
        all(item);
    }
    for (_, value) in node.entries().into_iter().flatten() {
        all(value);
    }
    let map = node.map(&["one", "two"])?;
    let _ = (map.required("one"), map.may("two", |node| node.line()));
    Some(())
}

#[test]
fn values_are_the_text_that_was_typed() {
    let text =
        "time: 09:00\nno: no\n\"quoted\": \"a\\tb\"\nlong: |\n  one\n  two\nlist: [1, 'two']\nyes: true\n";
    let read = read(text, LONGEST, |node| {
        let map = node.map(&["time", "no", "quoted", "long", "list", "yes"])?;
        Some((
            map.must("time", |node| node.line())?.to_owned(),
            map.must("no", |node| node.line())?.to_owned(),
            map.must("quoted", |node| node.text())?.to_owned(),
            map.must("long", |node| node.text())?.to_owned(),
            map.must("list", |node| {
                let items = node.list()?;
                items.iter().map(|item| item.line().map(str::to_owned)).collect::<Option<Vec<_>>>()
            })?,
            map.must("yes", |node| node.truth())?,
        ))
    });
    let list = vec!["1".to_owned(), "two".to_owned()];
    let wanted =
        ("09:00".to_owned(), "no".to_owned(), "a\tb".to_owned(), "one\ntwo\n".to_owned(), list, true);
    assert_eq!(read, Ok(wanted));
}

#[test]
fn mistakes_come_in_the_order_of_the_file() {
    let text = "b: [x]\na: maybe\nc: 12\nd: {}\n";
    let told = told(text, |node| {
        let map = node.map(&["a", "b", "c", "d"])?;
        map.must("d", |node| node.list().map(drop));
        map.must("c", |node| node.whole(1..=9).map(drop));
        map.must("b", |node| node.line().map(drop));
        map.must("a", |node| node.truth().map(drop))
    });
    assert_eq!(
        told,
        "1:4: `b` is a list, and must be a text\n\
         2:4: there is no such answer as `maybe`; choose among `true` and `false`\n\
         3:4: `c` `12`: write a whole number from 1 to 9\n\
         4:4: `d` is written as `key: value`, and must be a list\n"
    );
}

#[test]
fn keys_are_known_single_and_filled() {
    let told = told("acounts: x\nname: a\nname: b\nserver:\n? [x]\n: y\nouter:\n  z: 1\n", |node| {
        let map = node.map(&["accounts", "name", "server", "outer", "zone"])?;
        let _ = (map.required("accounts"), map.required("server"), map.required("zone"));
        map.must("outer", |node| {
            let map = node.map(&["inner"])?;
            map.required("inner").map(drop)
        })
    });
    assert_eq!(
        told,
        "1:1: the file lacks `zone`\n\
         1:1: there is no key `acounts`; did you mean `accounts`?\n\
         3:1: `name` stands twice; it is in line 2 already\n\
         4:1: `server` has no value; write one, or take the line out\n\
         5:3: a key must be one word before a colon\n\
         7:1: `outer` lacks `inner`\n\
         8:3: there is no key `z`; the only one is `inner`\n"
    );
}

#[test]
fn what_is_not_read_of_yaml_is_named() {
    let any = |text: &str| told(text, |_| Some(()));
    assert_eq!(
        any("a: &x 1\nb: *x\nc: !!str 1\nd: !case\n"),
        "1:4: anchors (`&name`) are not read here; write the value out where it is wanted\n\
         2:4: aliases (`*name`) are not read here; write the value out\n\
         3:4: `!!str` is a tag, and tags are not read here; take it out\n\
         4:4: `!case` without quotes is a tag to YAML; write \"!case\"\n"
    );
    assert_eq!(
        any("a: 1\n---\nb: 1\n"),
        "2:1: a second document begins here, and only one is read; take the `---` out\n"
    );
    assert_eq!(any(""), "1:1: the file is empty\n");
    assert_eq!(any("# nothing\n"), "1:1: the file is empty\n");
    let long = "#".repeat(LONGEST + 1);
    assert_eq!(any(&long), "1:1: the file is too long; at most 262144 bytes are read\n");
}

#[test]
fn what_is_no_yaml_says_what_to_type() {
    let any = |text: &str| told(text, |_| Some(()));
    for (text, line) in [
        (
            "a: 1\nid: @ada:example.org\n",
            "2:5: `@ada:example.org` must stand in quotes: \"@ada:example.org\"",
        ),
        ("a:\n\tb: 1\n", "2:2: a tab cannot indent YAML; use spaces"),
        ("a: \"b\nc: d\n", "1:4: a quote is opened and never closed, or closed in the wrong place"),
        (
            "a: [b, c\nd: e\n",
            "2:2: a `:` stands where none can; put the text in quotes, close the bracket before it, or check the indentation",
        ),
        (
            "a: { b: 1\nd: e\n",
            "2:2: braces are not closed, or a comma is missing; it is written { key: value, key: value }",
        ),
        ("a: [b, c\n", "2:1: a list in brackets is not closed; it is written [one, two]"),
        ("a: *x\n", "1:4: aliases (`*name`) are not read here; write the value out"),
        (
            "a: 1\n  b: 2\n",
            "2:4: a `:` stands where none can; put the text in quotes, close the bracket before it, or check the indentation",
        ),
        ("a: 1\nb\nc: 1\n", "3:1: the indentation does not fit, or a `key: value` lacks its colon"),
    ] {
        assert_eq!(any(text), format!("{line} (what follows was not read)\n"), "{text}");
    }
}

/// Whatever the slip is, what stands before it is read, and nothing behind it is missed.
#[test]
fn what_stands_before_a_slip_is_read() {
    let reader = |node: Node<'_>| {
        let map = node.map(&["a", "b", "list", "deep", "needed"])?;
        map.must("needed", |node| node.line().map(drop));
        map.may("a", |node| node.truth());
        map.may("b", |node| node.truth());
        map.may("list", |node| Some(node.list()?.into_iter().filter_map(|item| item.truth()).count()));
        map.must("deep", |node| {
            let map = node.map(&["one", "two"])?;
            map.may("one", |node| node.truth());
            map.must("two", |node| node.line().map(drop))
        })
    };
    for (text, lines) in [
        // A tab, behind which the parser would take the line before with it.
        ("a: x\n\tb: y\n", &["1:4: there", "2:1: a tab"][..]),
        (
            "zz: 1\na: x\ndeep:\n  one: y\n\ttwo: z\n",
            &["1:1: there is no key `zz`", "2:4: ", "4:8: ", "5:1: a tab"],
        ),
        // Braces and brackets that are never closed swallow what follows, and what they swallow is no mistake.
        ("a: x\ndeep: { one: y\nb: true\n", &["1:4: there", "2:14: there", "3:2: braces"]),
        (
            "a: x\ndeep: { one: y,\nb: true\nlist: [z]\nneeded: 1: 2\n",
            &["1:4: there", "2:14: there", "3:1: "],
        ),
        ("list: [x, y\nb: true\n", &["1:8: there", "1:11: there", "2:2: a `:`"]),
        // In one line too; what the slip made another word is not looked at.
        ("deep: { one: x, two: y: z }\n", &["1:14: there", "1:23: braces"]),
        ("a: x\nb: y: z\n", &["1:4: there", "2:5: a `:`"]),
        ("a: x\nb: \"y\n", &["1:4: there", "2:4: a quote"]),
        ("a: x\n  b: 2\n", &["1:4: there", "2:4: a `:`"]),
        ("a: x\nb\ndeep: { three: 1 }\n", &["1:4: there", "3:1: the indentation"]),
        // What is whole before the slip lacks what it lacks.
        ("deep: { one: true }\nb: [\n", &["1:1: `deep` lacks `two`", "3:1: "]),
        ("a: x\nb: @y\n", &["1:4: there", "2:4: `@y` must stand in quotes"]),
    ] {
        let told = told(text, reader);
        let said: Vec<&str> = told.lines().collect();
        assert_eq!(said.len(), lines.len(), "{text}{told}");
        for (said, line) in said.iter().zip(lines) {
            assert!(said.starts_with(line), "{text}{told}");
        }
    }
}

#[test]
fn depth_is_bounded() {
    for opening in ["[", "- ", "{a: ", "? "] {
        let text = opening.repeat(50_000);
        let told = told(&text, all);
        assert!(told.contains("levels deep") || told.contains("was not read"), "{opening}: {told}");
    }
    let text = format!("{}{}", "[".repeat(DEEPEST), "]".repeat(DEEPEST));
    assert_eq!(told(&text, |_| Some(())), "");
}

#[test]
fn large_files_of_one_thing_end() {
    for thing in ["a: \n", "- \n", "\"", "'", "&a ", "a: &b *b\n", "# \n", "| \n", "%", "\u{85}", "x: [\n"] {
        let text = thing.repeat(LONGEST / thing.len());
        let told = told(&text, all);
        assert!(!told.is_empty(), "{thing:?}");
    }
}

#[test]
fn a_reader_that_gives_up_without_a_word_is_no_success() {
    assert_eq!(told("a: 1\n", |_| None), "1:1: the file cannot be read\n");
}

#[test]
fn hidden_characters_are_spelled_out() {
    assert_eq!(quoted("a\u{202E}b\n"), "`a⟨U+202E⟩b⟨U+000A⟩`");
    assert_eq!(quoted(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
}

fn yamlish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a: "),
        Just("- "),
        Just("\n"),
        Just("\n  "),
        Just("\n\t"),
        Just("["),
        Just("]"),
        Just("{"),
        Just("}"),
        Just(", "),
        Just("? "),
        Just(": "),
        Just("\""),
        Just("'"),
        Just("|\n"),
        Just(">-\n"),
        Just("&x "),
        Just("*x"),
        Just("!t "),
        Just("!!str "),
        Just("#c"),
        Just("---\n"),
        Just("...\n"),
        Just("%TAG ! x\n"),
        Just("\\"),
        Just("~"),
        Just("one: two"),
        Just("\u{FEFF}"),
        Just("\r"),
        Just("é"),
        Just("\u{0}"),
        Just("@"),
        Just("<<: "),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_breaks_it(text in any::<String>()) {
        let _ = read(&text, LONGEST, all);
    }

    #[test]
    fn no_yaml_breaks_it(text in yamlish()) {
        let lines = text.split(['\n', '\r']).count();
        if let Err(mistakes) = read(&text, LONGEST, all) {
            prop_assert!(!mistakes.is_empty());
            prop_assert!(mistakes.is_sorted());
            for mistake in mistakes {
                prop_assert!(mistake.place.line >= 1 && mistake.place.line <= lines.max(1) + 1);
                prop_assert!(mistake.place.column >= 1);
                prop_assert!(!mistake.message.contains(char::is_control));
            }
        }
    }
}

/// What is written of a document, and what that says read again.
fn written(text: &str) -> (String, String) {
    let once = read(text, LONGEST, |node| Some(node.written())).unwrap();
    let twice =
        read(&once, LONGEST, |node| Some(node.written())).unwrap_or_else(|wrong| panic!("{once}\n{wrong:?}"));
    (once, twice)
}

/// The two texts of `{ one: …, list: [{ two: … }] }`.
fn texts(yaml: &str) -> Option<(String, String)> {
    read(yaml, LONGEST, |node| {
        let map = node.map(&["one", "list"])?;
        let one = map.must("one", |node| node.text())?.to_owned();
        let list = map.must("list", |node| node.list())?;
        let two = list.first()?.map(&["two"])?.must("two", |node| node.text())?.to_owned();
        Some((one, two))
    })
    .ok()
}

#[test]
fn what_is_written_is_as_short_as_it_can_be() {
    let (once, twice) = written(
        "a: {b: 'x', c: [1, \"two: 2\", '']}\nd: |\n  one\n\n  two\ne: '- no'\nf: 'null'\n'g h': ~\ni: \"a\\tb\\n\"\n",
    );
    assert_eq!(
        once,
        "a:\n  b: x\n  c: [1, \"two: 2\", \"\"]\nd: |\n  one\n\n  two\ne: \"- no\"\nf: \"null\"\ng h: ~\ni: \"a\\tb\\n\"\n"
    );
    assert_eq!(once, twice);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(one in "\\PC{0,40}|[a-z :#\\-\n]{0,200}|(\\PC{0,30}\n){0,4}", two in "\\PC{0,40}|[ -~\n]{0,90}") {
        let quoted = |text: &str| serde_json::to_string(text).unwrap().replace('\u{7f}', "\\x7f");
        let yaml = format!("{{ \"one\": {}, \"list\": [{{ \"two\": {} }}] }}", quoted(&one), quoted(&two));
        if let Some(said) = texts(&yaml) {
            let (once, twice) = written(&yaml);
            prop_assert_eq!(texts(&once), Some(said), "{}", once);
            prop_assert_eq!(once, twice);
        }
    }
}
