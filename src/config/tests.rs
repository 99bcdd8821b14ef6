//! The example, the defaults, and many mistakes at once.

#![allow(clippy::disallowed_methods)] // The settings are a file by nature.

use proptest::prelude::*;

use super::*;
use crate::case::Role;
use crate::scratch::Scratch;

const EXAMPLE: &str = include_str!("../../config.example.yaml");

const LEAST: &str = "\
homeserver: { url: \"https://matrix.example.org\", user: \"@docket:example.org\", password_file: /etc/docket/password }
people:
  - { id: \"@ada:example.org\", role: admin }
  - { id: \"@ben:example.org\", role: [handler, approver] }
";

fn told(text: &str) -> Vec<String> {
    let mistakes = Config::read(text).err().unwrap_or_default();
    mistakes.iter().map(Mistake::to_string).collect()
}

/// The least settings with a line more.
fn with(line: &str) -> String {
    format!("{LEAST}{line}\n")
}

/// The example with everything in it that is off switched on.
fn all_on() -> String {
    let is_setting = |line: &str| {
        line.strip_prefix('#')
            .is_some_and(|rest| rest.starts_with("  ") && rest.contains(": ") && !rest.contains(" - {"))
            || line.strip_prefix('#').is_some_and(|rest| rest.starts_with(char::is_alphabetic))
    };
    EXAMPLE
        .lines()
        .map(|line| if is_setting(line) { line.get(1..).unwrap_or_default() } else { line })
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn docket_logs_in_by_a_password_or_by_a_token_and_not_by_both() {
    let login = |keys: &str| {
        let by = "password_file: /etc/docket/password";
        assert!(LEAST.contains(by));
        LEAST.replace(by, keys)
    };
    let by_token = Config::read(&login("token_file: /etc/docket/token")).unwrap();
    let path = SecretPath::File("/etc/docket/token".into());
    assert_eq!(by_token.homeserver.secret, LoginSecret::Token(path));
    let both = told(&login("password_file: /etc/docket/password, token_file: /etc/docket/token"));
    assert!(both.len() == 1 && both[0].contains("two ways to log in; write one of them"), "{both:?}");
    let neither = LEAST.replace(", password_file: /etc/docket/password", "");
    assert_eq!(told(&neither), ["1:1: `homeserver` lacks `password_file`"]);
}

#[test]
fn the_example_loads_and_its_settings_are_the_defaults() {
    assert_eq!(told(EXAMPLE), [""; 0]);
    assert_eq!(Config::read(EXAMPLE), Config::read(LEAST));
    let config = Config::read(EXAMPLE).unwrap();
    assert_eq!(config.homeserver.url.as_str(), "https://matrix.example.org");
    assert_eq!(config.homeserver.user.as_str(), "@docket:example.org");
    assert_eq!(config.data_dir, Path::new("/var/lib/docket"));
    assert_eq!(config.data_key_file, SecretPath::File("/etc/docket/data.key".into()));
    assert_eq!(config.prefixes, ["!case"]);
    assert_eq!(config.zone, None, "that of the policy");
    assert_eq!(config.terms().unwrap().zone, chrono_tz::Europe::London);
    assert_eq!(config.policy, [PolicySource::Pack("matrix-org")]);
    assert_eq!(config.people.len(), 2);
    assert_eq!(config.people[1].person.roles, [Role::Handler, Role::Approver]);
    let at: Vec<String> = config.reminders.at.iter().map(Distance::to_string).collect();
    assert_eq!(at, ["30 days", "14 days", "7 days", "3 days", "1 day", "0 days"]);
    assert_eq!(config.reminders.digest.to_string(), "09:00:00");
    assert_eq!((config.cooling, config.alarm_after.as_secs()), (Span::Minutes(10), 600));
    assert_eq!((config.room, config.synapse, config.mail), (None, None, None));
    assert_eq!((config.directory, config.backup, config.metrics), (None, None, None));
    assert_eq!((config.recovery_key_file, config.alarm_command), (None, None));
}

#[test]
fn the_example_loads_with_everything_on() {
    let text = all_on();
    assert_eq!(told(&text), [""; 0]);
    let config = Config::read(&text).unwrap();
    assert_eq!(config.room, Some(RoomName::Id("!id:example.org".to_owned())));
    assert_eq!(config.recovery_key_file, Some("/etc/docket/recovery.key".into()));
    assert_eq!(config.synapse.unwrap().url.as_str(), "http://127.0.0.1:8008");
    assert_eq!(config.mail.unwrap().authserv, "mx.example.org");
    assert_eq!(config.directory, Some("/etc/docket/directory.yaml".into()));
    assert_eq!(config.backup.unwrap().keep, Span::Days(30));
    let alarm = config.alarm_command.unwrap();
    assert_eq!(alarm.program, Path::new("/usr/local/bin/page-me"));
    assert_eq!(alarm.arguments, [""; 0]);
    assert_eq!(config.metrics.unwrap().listen.to_string(), "127.0.0.1:9188");
}

#[test]
fn every_key_stands_in_the_example() {
    let text = all_on();
    for key in super::read::KEYS {
        assert!(text.lines().any(|line| line.starts_with(&format!("{key}:"))), "{key}");
    }
}

#[test]
fn twenty_six_mistakes_get_twenty_six_lines() {
    let text = r##"homeserver:
  url: "http://matrix.example.org"
  user: "docket"
  pasword_file: /etc/docket/password
rooom: "!id:example.org"
data_dir: [/var/lib/docket]
data_key_file: ~/data.key
data_dir: /srv/docket
prefix: "! case"
timezone: London
policy: matrix-orgg
people:
  - { id: "@ada:example.org", role: admin }
  - { id: "@ben:exam_ple.org", role: handlr }
  - { id: "@ada:Example.org", role: [reader, reader] }
  - { id: "@cy:example.org", role: approver, key: "short" }
reminders: { at: [30d, 1m, 2.5d], digest: 9 o'clock, quiet: "22:00" }
synapse: { url: "https://matrix.example.org" }
backup: { recipient: "age1…", keep: 12h }
cooling: 3d
alarm_command: page-me
metrics: { listen: 9188 }
mail:
"##;
    let lines = [
        "2:8: `url` `http://matrix.example.org`: http sends passwords in clear; use https, or http to 127.0.0.1 or localhost only",
        "3:9: `user` `docket`: an account begins with @, as in @name:server",
        "4:3: there is no key `pasword_file`; did you mean `password_file`?",
        "5:1: there is no key `rooom`; did you mean `room`?",
        "6:11: `data_dir` is a list, and must be a text",
        "7:16: `data_key_file` `~/data.key`: `~` is not known here; write the whole path",
        "8:1: `data_dir` stands twice; it is in line 6 already",
        "9:9: `prefix` `! case`: a prefix is one word, without spaces",
        "10:11: there is no time zone `London`; did you mean `Europe/London`?",
        "11:9: there is no pack `matrix-orgg`; did you mean `matrix-org`? (a file of your own is named by its path, such as ./ours.yaml)",
        "14:11: `id` `@ben:exam_ple.org`: a server's name cannot hold U+005F; it has a to z, digits, dots and hyphens only",
        "14:38: there is no role `handlr`; did you mean `handler`?",
        "15:11: `@ada:example.org` is listed twice, in line 13 already; one entry can have several roles",
        "15:46: this stands twice in `role`",
        "16:51: `key` `short`: a master key has 43 characters, and this has 5; copy it whole",
        "17:24: an item of `at` `1m`: m could be minutes or months; write 1 min or 1 months",
        "17:28: an item of `at` `2.5d`: write a whole number; instead of 1.5 hours, say, 90 min",
        "17:43: `digest` `9 o'clock`: write a time of day as \"09:00\"",
        "17:61: `quiet` `22:00`: write two times of day as \"22:00-07:00\"",
        "18:1: `synapse` lacks `token_file`",
        "19:22: `recipient`: this is not an age recipient, or part of it is missing; copy the whole age1… line that `docket keygen` printed",
        "19:37: `keep` `12h`: backups are kept for days, months or years, as in 30d",
        "20:10: `cooling` `3d`: the cooling time is 1 minute to 24 hours, as in 10m or 2h",
        "21:16: `alarm_command` `page-me`: write the program's whole path, from /",
        "22:20: `listen` `9188`: write an address and a port, as in 127.0.0.1:9188",
        "23:1: `mail` has no value; write one, or take the line out",
    ];
    assert_eq!(told(text), lines);
}

#[test]
fn people_are_somebody_and_one_of_them_is_admin() {
    let home = LEAST.lines().next().unwrap_or_default();
    let people = |people: &str| told(&format!("{home}\npeople:{people}\n"));
    assert_eq!(told(home), ["1:1: the file lacks `people`"]);
    assert_eq!(people(" []"), ["2:9: nobody is listed; docket obeys only people who are"]);
    assert_eq!(
        people("\n  - { id: \"@ben:example.org\", role: handler }"),
        ["2:1: nobody is admin; give at least one person `role: admin`"]
    );
    assert_eq!(
        people("\n  - { id: \"@docket:example.org\", role: admin }"),
        ["3:11: `@docket:example.org` is docket itself, which takes no commands from itself"]
    );
    assert_eq!(
        people("\n  - { id: \"@ada:example.org\", role: [] }"),
        ["3:37: `role` is an empty list; name at least one"]
    );
    assert_eq!(
        people("\n  - @ada:example.org"),
        ["3:5: `@ada:example.org` must stand in quotes: \"@ada:example.org\" (what follows was not read)"]
    );
    assert_eq!(people(" \"@ada:example.org\""), ["2:9: `people` is a text, and must be a list"]);
}

#[test]
fn one_or_several_are_read_alike() {
    let read = |line: &str| Config::read(&with(line)).unwrap();
    assert_eq!(read("prefix: [\"!case\", \"!c\"]").prefixes, ["!case", "!c"]);
    assert_eq!(
        read("policy: [matrix-org, own.yaml]").policy,
        [PolicySource::Pack("matrix-org"), PolicySource::File("own.yaml".into())]
    );
    let alarm = read("alarm_command: [/bin/page, --now, \"\"]").alarm_command.unwrap();
    assert_eq!(alarm.arguments, ["--now", ""]);
    assert_eq!(
        told(&with("alarm_command: /bin/page --now")),
        [
            "5:16: `alarm_command` `/bin/page --now`: no shell reads this; write a list: [/path/to/program, argument]"
        ]
    );
}

#[test]
fn an_identity_in_the_wrong_place_is_not_repeated() {
    let told = told(&with("backup: { recipient: AGE-SECRET-KEY-1SECRET }"));
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("5:22: `recipient`: this is an age identity"), "{told:?}");
    assert!(!told[0].contains("1SECRET"), "{told:?}");
}

#[test]
fn a_file_is_named_with_each_of_its_mistakes() {
    let dir = Scratch::new();
    let path = dir.join("config.yaml");
    std::fs::write(&path, with("roam: x\nprefix: ''")).unwrap();
    let shown = path.display();
    assert_eq!(
        Config::load(&path).unwrap_err().to_string(),
        format!("{shown}:5:1: there is no key `roam`; did you mean `room`?\n{shown}:6:9: `prefix` is empty")
    );
    std::fs::write(&path, b"a: 1\nb: \xFF\n").unwrap();
    let told = Config::load(&path).unwrap_err().to_string();
    assert!(told.ends_with("line 2 is not UTF-8; save the file as UTF-8"), "{told}");
    std::fs::write(&path, "é".repeat(Config::LONGEST)).unwrap();
    let told = Config::load(&path).unwrap_err().to_string();
    assert!(told.contains(":1:1: the file is too long"), "{told}");
    let missing = Config::load(&dir.join("missing.yaml")).unwrap_err().to_string();
    assert!(missing.contains("missing.yaml: the configuration cannot be read: "), "{missing}");
}

#[test]
fn relative_paths_count_from_the_file() {
    let dir = Scratch::new();
    let path = dir.join("config.yaml");
    let text = with(
        "data_dir: data\ndata_key_file: $CREDENTIALS_DIRECTORY/key\npolicy: ./own.yaml\nrecovery_key_file: /abs/key\n\
         synapse: { url: \"http://localhost:8008\", token_file: token }\nmail: { spool: spool, authserv: MX.example.org }",
    );
    std::fs::write(&path, text).unwrap();
    let config = Config::load(&path).unwrap();
    assert_eq!(config.data_dir, dir.join("data"));
    assert_eq!(config.data_key_file, SecretPath::Credential("key".to_owned()));
    assert_eq!(config.policy, [PolicySource::File(dir.join("own.yaml"))]);
    assert_eq!(config.recovery_key_file, Some("/abs/key".into()));
    assert_eq!(config.synapse.unwrap().token_file, SecretPath::File(dir.join("token")));
    assert_eq!(config.mail.unwrap().spool, dir.join("spool"));
}

#[test]
fn the_directory_is_the_file_that_the_configuration_names() {
    let dir = Scratch::new();
    let path = dir.join("config.yaml");
    std::fs::write(&path, with("directory: agencies.yaml")).unwrap();
    let config = Config::load(&path).unwrap();
    let file = dir.join("agencies.yaml");
    std::fs::write(&file, "agencies:\n  - { name: Kent Police, phones: \"999\", source: their own site }\n")
        .unwrap();
    let told = config.agencies().unwrap_err().to_string();
    assert!(
        told.starts_with(&format!("{}:2:34: `phones` `999`: write one number", file.display())),
        "{told}"
    );
    std::fs::write(&file, include_str!("../../directory.example.yaml")).unwrap();
    assert_eq!(config.agencies().unwrap(), crate::rehearsal::directory());
    let none = Config { directory: None, ..config };
    assert!(none.agencies().unwrap().is_empty());
}

/// Who writes a key into the wrong one of the two files is told of the other; into neither, what there is.
#[test]
fn a_key_of_the_other_file_is_told_as_such() {
    use crate::policy::{Layer, stack};
    let told =
        |text: &str| Config::read(text).unwrap_err().iter().map(ToString::to_string).collect::<String>();
    for key in ["kinds", "hold", "two_people", "keep", "holidays"] {
        let said = told(&format!("{key}: x\n"));
        assert!(said.contains(&format!("there is no key `{key}`: it stands in a policy")), "{said}");
    }
    assert!(told("roles: x\n").contains("`role: handler`"));
    assert!(told("zebra: x\n").contains("choose among `homeserver`"));
    for key in super::read::KEYS.into_iter().filter(|key| *key != "timezone") {
        let text = format!("name: ours\nafter: [base]\n{key}: x\n");
        let said = stack(&[Layer::File { name: "ours.yaml", text: &text }]).unwrap_err().to_string();
        assert!(said.contains("stands in the configuration"), "{key}: {said}");
    }
}

proptest! {
    #[test]
    fn no_value_breaks_it(key in prop::sample::select(&super::read::KEYS[..]), value in "\\PC{0,30}|[\\[\\]{}:, a-z\"'0-9@!#&*-]{0,40}") {
        let text = with(&format!("{key}: {value}"));
        if let Err(mistakes) = Config::read(&text) {
            prop_assert!(!mistakes.is_empty());
        }
    }

    #[test]
    fn a_line_lost_or_doubled_breaks_nothing(line in 0usize..120, doubled in any::<bool>()) {
        let text = all_on();
        let lines = text.lines().enumerate().flat_map(|(number, text)| {
            let times = match (number == line, doubled) { (true, true) => 2, (true, false) => 0, (false, _) => 1 };
            std::iter::repeat_n(text, times)
        });
        let _ = Config::read(&lines.collect::<Vec<_>>().join("\n"));
    }
}
