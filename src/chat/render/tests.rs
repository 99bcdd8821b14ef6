//! The next step that a card names can be done: whatever happened to a case before, and whatever its kind.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::next_of;
use crate::case::decide::{Around, Draw, Setting, decide, open, sweep};
use crate::case::letter::draft;
use crate::case::{
    Account, Case, CaseId, Clash, Command, Conflict, Event, FileRole, KeptFile, Opening, Person, Role, Terms,
};
use crate::chat::page::Span;
use crate::chat::{Asked, Asking, Query, edits, hear};
use crate::policy::{Layer, stack};
use crate::rehearsal::terms_under;

const PACKS: [&str; 4] = ["matrix-org", "rocket-chat", "eu", "us"];

/// Kinds whose every line is a choice, with the lines that matter here.
const KINDS: [&str; 12] = [
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

/// What people type about a case, besides what its card says.
const LINES: &[&str] = &[
    "set 1 instrument=\"court order 7\"",
    "set 1 instrument=scribble",
    "set 1 instrument=",
    "set 1 data=account",
    "set 1 data=\"account, messages, fax\"",
    "set 1 data=messages",
    "set 1 data=",
    "set 1 confidential=yes",
    "set 1 confidential=no",
    "set 1 jurisdiction=US",
    "set 1 jurisdiction=Atlantis",
    "set 1 via=mlat",
    "set 1 officer=",
    "set 1 reference=",
    "set 1 accounts=@zoe:elsewhere.example",
    "set 1 accounts=\"@alice:example.org, @bob:example.org\"",
    "set 1 accounts=",
    "set 1 erase=\"state events\"",
    "set 1 from=2020-01-01 to=2020-01-02",
    "verify 1 requester entry=\"Kent Police\" how=called outcome=denied",
    "verify 1 requester how=saw outcome=denied",
    "scope 1 allow account",
    "scope 1 refuse account reason=x",
    "hold 1 start",
    "hold 1 extend",
    "hold 1 release",
    "answer 1 full",
    "answer 1 part",
    "answer 1 none",
    "refuse 1 reason=unverified",
    "refuse 1 reason=scope",
    "withdraw 1",
    "redirect 1 mlat",
    "redirect 1 security",
    "reopen 1",
    "close 1",
    "sent 1 ask via=mail",
    "sent 1 secrecy via=mail",
    "sent 1 notice all via=mail",
    "notify 1 waive reason=x",
    "notify 1 withhold reason=life",
    "gag 1 open by=court",
    "gag 1 lift by=court",
    "tag 1 +csea",
    "tag 1 -csea",
    "policy 1 adopt",
    "deny 1",
];

#[derive(Clone, Debug)]
enum Step {
    /// One of the lines above.
    Types(&'static str),
    /// Every line of the form that is missing is filled in.
    Fills,
    /// Somebody does what the card says, by its nth command.
    Follows(usize),
    /// A file comes.
    Attaches(FileRole),
    /// What waits is approved by a second person.
    Approves,
    /// Time passes.
    Waits(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let one = prop_oneof![
        4 => prop::sample::select(LINES.to_vec()).prop_map(Step::Types),
        2 => Just(Step::Fills),
        5 => (0usize..4).prop_map(Step::Follows),
        1 => prop::sample::select(vec![FileRole::Instrument, FileRole::Extension, FileRole::Request])
            .prop_map(Step::Attaches),
        2 => Just(Step::Approves),
        1 => prop::sample::select(vec![15, 60 * 24 * 10, 60 * 24 * 100]).prop_map(Step::Waits),
    ];
    prop::collection::vec(one, 0..24)
}

static TERMS: LazyLock<Vec<Terms>> = LazyLock::new(|| {
    let all = vec![
        Role::Admin,
        Role::Approver,
        Role::Handler,
        Role::Counsel,
        Role::Safety,
        Role::Oncall,
        Role::Lead,
    ];
    let people: Vec<Person> = ["ada", "ben", "cy", "zoe"]
        .iter()
        .map(|name| Person { account: person(name), roles: all.clone() })
        .collect();
    let under = |pack: &&'static str| {
        let policy = stack(&[Layer::Pack(pack)]).unwrap().policy;
        Terms { people: people.clone(), ..terms_under(policy).unwrap() }
    };
    PACKS.iter().map(under).collect()
});

fn person(name: &str) -> Account {
    Account::parse(&format!("@{name}:try.test")).unwrap()
}

struct World<'t> {
    case: Case,
    around: Around,
    terms: &'t Terms,
    now: DateTime<Utc>,
    drawn: u8,
}

impl<'t> World<'t> {
    fn new(kind: &str, terms: &'t Terms, is_held: bool) -> World<'t> {
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let opening =
            Opening { kind: kind.to_owned(), fields: Vec::new(), stray: Vec::new(), received: None };
        let (id, ada) = (CaseId::new(1).unwrap(), person("ada"));
        let setting = Setting { actor: &ada, terms, now, certain: true, draw: Draw::NONE };
        let events = open(id, opening, &setting).unwrap();
        let mut case = Case::begin(id, &events[0].1, &ada, now).unwrap();
        // What a link may lead to.
        let opened =
            Opening { kind: "copyright".to_owned(), fields: Vec::new(), stray: Vec::new(), received: None };
        let second = CaseId::new(2).unwrap();
        let opened = open(second, opened, &setting).unwrap();
        let mut around = Around {
            other: Case::begin(second, &opened[0].1, &ada, now),
            naming: Some(Vec::new()),
            holding: Some(Vec::new()),
            ..Around::default()
        };
        if is_held {
            let other = CaseId::new(9).unwrap();
            let conflict = Conflict { one: id, other, how: Clash::ErasureAgainstHold };
            case.apply(&Event::Contradicted { conflict }, &ada, now);
            around.holding = Some(vec![other]);
        }
        World { case, around, terms, now, drawn: 0 }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Types(line) => self.types("ada", &format!("!case {line}")).map_or((), drop),
            Step::Fills => {
                let kind = self.terms.kind_of(&self.case).unwrap();
                let lines = kind.fields.iter().filter(|rule| rule.required);
                let lines: Vec<String> =
                    lines.map(|rule| format!("{}: {}", rule.label, value(&rule.key))).collect();
                let _ = self.types("ada", &format!("!case set 1\n{}", lines.join("\n")));
            }
            Step::Follows(nth) => {
                let named = self.named();
                if let Some(line) = named.get(nth % named.len().max(1)) {
                    let _ = self.types("ada", line);
                }
            }
            Step::Attaches(role) => {
                let file = attached(*role, self.drawn);
                let _ = self.does("ada", file);
            }
            Step::Approves => {
                if let Some(proposal) = self.case.proposals.iter().find(|it| it.approved.is_none()) {
                    let code = proposal.code.clone();
                    let _ = self.does("ben", Command::Approve { code, alone: None });
                }
            }
            Step::Waits(minutes) => {
                self.now += TimeDelta::minutes(*minutes);
                for _ in 0..20 {
                    let events = sweep(&self.case, &self.around, self.terms, self.now, true);
                    if events.is_empty() {
                        break;
                    }
                    events.iter().for_each(|(_, event)| self.case.apply(event, &person("ada"), self.now));
                }
            }
        }
    }

    /// Whole commands that the card names, with what stands open filled in.
    fn named(&self) -> Vec<String> {
        let page = next_of(&self.case, &person("zoe"), self.terms, self.now);
        let lines = page.all_lines();
        let next = lines.iter().filter(
            |line| matches!(line.spans().first(), Some(Span::Plain(words)) if words.starts_with("Next: ")),
        );
        let codes = next.flat_map(|line| line.spans()).filter_map(|span| match span {
            Span::Code(text) | Span::Theirs(text) => text.starts_with("!case ").then(|| text.clone()),
            Span::Plain(_) | Span::Strong(_) | Span::Block(_) => None,
        });
        // What somebody did they say on the day on which they did it.
        let today = self.now.date_naive();
        let on = |line: String, key: &&str| {
            line.replace(&format!("{key}=…"), &format!("{key}={today}"))
                .replace(&format!("{key}=\"…\""), &format!("{key}={today}"))
        };
        codes.flat_map(|line| filled(&DONE.iter().fold(line, on))).collect()
    }

    fn types(&mut self, who: &str, line: &str) -> Result<(), String> {
        let outcome = self.decides(who, line)?;
        for event in outcome {
            self.case.apply(&event, &person(who), self.now);
        }
        Ok(())
    }

    fn does(&mut self, who: &str, command: Command) -> Result<(), String> {
        self.drawn = self.drawn.wrapping_add(1);
        for event in self.decided(who, command)? {
            self.case.apply(&event, &person(who), self.now);
        }
        Ok(())
    }

    fn decided(&self, who: &str, command: Command) -> Result<Vec<Event>, String> {
        let draw = Draw([self.drawn; 8]);
        let setting = Setting { actor: &person(who), terms: self.terms, now: self.now, certain: true, draw };
        let events = decide(&self.case, &self.around, command, &setting).map_err(|why| format!("{why:?}"))?;
        Ok(events.into_iter().filter(|(id, _)| *id == self.case.id).map(|(_, event)| event).collect())
    }

    /// What somebody who types this would bring about, or why it is refused.
    fn decides(&mut self, who: &str, line: &str) -> Result<Vec<Event>, String> {
        self.drawn = self.drawn.wrapping_add(1);
        let sender = person(who);
        let asking = Asking { sender: &sender, about: None, terms: self.terms, now: self.now };
        let asked =
            hear(line, self.terms).ok_or("talk")?.understand(&asking).map_err(|slip| format!("{slip:?}"))?;
        match asked {
            Asked::Change(_, command) => self.decided(who, command),
            Asked::Set(_, typed) => {
                let kind = self.terms.kind_of(&self.case).ok_or("no kind")?;
                let edits = edits(&typed, &self.case, kind, self.terms, self.now)
                    .map_err(|slip| format!("{slip:?}"))?;
                self.decided(who, Command::Set { edits })
            }
            Asked::Attach { role, .. } => self.decided(who, attached(role, self.drawn)),
            Asked::Read(Query::Letter { name, basis, .. }) => {
                draft(&self.case, &name, basis.as_ref(), self.terms, self.now)
                    .map(|_| Vec::new())
                    .map_err(|why| format!("{why:?}"))
            }
            Asked::Read(_) => Ok(Vec::new()),
            other => Err(format!("{other:?}")),
        }
    }
}

/// A file that is on no case yet.
fn attached(role: FileRole, drawn: u8) -> Command {
    let text = || "a letter".to_owned();
    let file = KeptFile { blob: text(), name: text(), mime: text(), size: 1, sha256: format!("{drawn}") };
    Command::Attach { file, role, user: None }
}

/// A command with every choice made and every gap filled.
fn filled(line: &str) -> Vec<String> {
    let mut lines = vec![line.to_owned()];
    if let Some(choice) = line.split_whitespace().find(|word| word.contains('|')) {
        lines = choice.split('|').map(|one| line.replace(choice, one)).collect();
    }
    lines.into_iter().map(|line| with_values(&line)).collect()
}

fn with_values(line: &str) -> String {
    let words = line.split(' ').map(|word| match word.split_once('=') {
        Some((key, "…" | "\"…\"")) => {
            let filled = match (key, line.contains(" refuse ")) {
                ("reason", true) => "scope",
                ("reason", false) if line.contains(" withhold ") => "life",
                ("entry", _) => "Kent Police",
                _ => value(&key.replace('-', " ")),
            };
            format!("{key}=\"{filled}\"")
        }
        None if word == "N" => "2".to_owned(),
        Some(_) | None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The lines that say when something was done, and are not set before it can have been.
const DONE: [&str; 3] = ["destroyed", "forwarded", "restored"];

/// What somebody would put on a line.
fn value(key: &str) -> &'static str {
    match key {
        "email" => "roe@kent.police.uk",
        "accounts" => "@alice:example.org",
        "jurisdiction" => "GB",
        "instrument" => "court order 7",
        "data" => "account",
        "right" => "erasure",
        "erase" => "account",
        "removed" => "2026-11-20 10:30",
        "ground" => "law",
        "via" => "direct",
        "acted" | "erased" | "restored" | "granted" | "answer by" | "from" | "to" => "2026-11-20",
        "confidential" => "no",
        "until" => "2027-06-30",
        "phone" => "+44 1632 960111",
        _ => "as they say",
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_command_in_next_is_never_refused(
        steps in steps(),
        kind in prop::sample::select(KINDS.to_vec()),
        pack in 0..PACKS.len(),
        is_held in prop::bool::ANY,
    ) {
        let mut world = World::new(kind, &TERMS[pack], is_held);
        for (n, step) in std::iter::once(&Step::Waits(0)).chain(&steps).enumerate() {
            world.step(step);
            for line in world.named() {
                let done = world.decides("zoe", &line);
                prop_assert!(done.is_ok(), "{kind} under {} after {:#?}: {line} – {done:?}", PACKS[pack], &steps[..n]);
            }
        }
    }
}

#[test]
fn what_the_card_says_leads_every_kind_to_its_close() {
    for (pack, terms) in PACKS.iter().zip(TERMS.iter()) {
        for kind in KINDS {
            let mut world = World::new(kind, terms, false);
            world.step(&Step::Fills);
            for _ in 0..40 {
                world.step(&Step::Approves);
                world.step(&Step::Waits(15));
                // The first that does something, and does not end what is under way.
                let line = world.named().into_iter().find(|line| {
                    let ends =
                        [" deny ", " refuse ", " attach ", " ask "].iter().any(|verb| line.contains(verb));
                    !ends && world.decides("ada", line).is_ok_and(|events| !events.is_empty())
                });
                match line {
                    Some(line) => world.types("ada", &line).unwrap(),
                    // What binds is lifted, users are told, and a hold ends.
                    None => {
                        for line in ["gag 1 lift by=court", "sent 1 notice all via=mail"] {
                            world.step(&Step::Types(line));
                            world.step(&Step::Approves);
                            world.step(&Step::Waits(15));
                        }
                        world.step(&Step::Waits(60 * 24 * 200));
                    }
                }
            }
            assert!(
                world.case.closed.is_some(),
                "{kind} under {pack}: {:#?} {:#?}",
                world.named(),
                world.case
            );
        }
    }
}

#[test]
fn what_closes_a_case_is_decided_last() {
    // Given a fake that somebody wants to close unanswered, and an order to be lifted besides
    let mut world = World::new("subject", &TERMS[0], false);
    world.step(&Step::Types("verify 1 requester entry=\"Kent Police\" how=called outcome=denied"));
    world.step(&Step::Follows(0));
    world.step(&Step::Types("gag 1 open by=court"));
    let unsent = world.named().into_iter().find(|line| line.contains(" close ")).unwrap();
    world.types("ada", &unsent).unwrap();
    world.step(&Step::Types("gag 1 lift by=court"));
    let codes: Vec<&str> = world.case.proposals.iter().map(|proposal| proposal.code.as_str()).collect();
    let [close, lift] = codes.as_slice() else { panic!("{:#?}", world.case.proposals) };
    // Then the card names the order first: nothing is closed while something waits
    let named = world.named();
    assert!(named.iter().any(|line| line.ends_with(lift)), "{named:#?}");
    assert!(!named.iter().any(|line| line.ends_with(close)), "{named:#?}");
}

#[test]
fn whose_it_is_comes_before_an_answer_once_it_is_kept() {
    // Given a removal that was done and is kept, whatever record it asks for besides
    let mut world = World::new("removal", &TERMS[0], false);
    world.step(&Step::Fills);
    world.types("ada", "!case set 1 data=messages jurisdiction=GB removed=\"2026-11-20 10:30\"").unwrap();
    world.types("ada", "!case verify 1 requester entry=\"Kent Police\" how=call").unwrap();
    world.types("ada", "!case verify 1 instrument how=\"the court's register\"").unwrap();
    assert!(
        world.named().iter().any(|line| line.starts_with("!case hold C-1 start")),
        "{:#?}",
        world.named()
    );
    world.types("ada", "!case hold 1 start").unwrap();
    // Then the card asks whose it was, and says no answer that would be refused for it
    let named = world.named();
    assert!(named.iter().any(|line| line.starts_with("!case set C-1 accounts=")), "{named:#?}");
    assert!(!named.iter().any(|line| line.contains(" answer ")), "{named:#?}");
}
