//! A blind walk over requests of several kinds, by people who type what they like: no one of them makes a day of the policy later,
//! or lets it go unseen, but in the ways that are written down here. Does not look at how `later` finds it.

use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::given::*;
use super::typed::commands;
use crate::case::clock::runs;
use crate::case::decide::second::{carry_out, expire};
use crate::case::decide::undo::way_back;
use crate::case::decide::{Around, Draw, countered};
use crate::case::*;
use crate::policy::{Layer, stack};

/// How a command may give a day more time, or end it, by one person. A new command does not compile until it is classed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByOne {
    /// It moves none.
    Never,
    /// By what it says was done: the line that the clock waits for, a letter, a hold. Whatever else it would move takes two.
    ByTheDeed,
    /// The request ends, and whoever sent it is owed a letter that says so, or is answered with another case that counts no later.
    ByTheEnding,
    /// It has a rule of its own: so much more as the policy allows.
    ByThePolicy,
    /// It binds to silence, and nobody is late to tell what may not be told.
    ByTheGate,
    /// It opens a request again: what counts from its end counts from the new one.
    Again,
    /// It takes back one's own last word, ten minutes long.
    Undone,
    /// The second person's word.
    Second,
}

fn by_one(command: &Command) -> ByOne {
    match command {
        Command::Note { .. }
        | Command::Verify { .. }
        | Command::Assign { .. }
        | Command::Attest { .. }
        | Command::Scope { .. }
        | Command::Cost { .. }
        | Command::Seen
        | Command::Snooze { .. }
        // Each ends what two people say that it ends, and nothing else.
        | Command::Withdraw { .. }
        | Command::Unlink { .. }
        | Command::Adopt { .. }
        | Command::CloseUndone { .. } => ByOne::Never,
        // A file, like a line, may bring what was waited for.
        Command::Set { .. } | Command::Attach { .. } | Command::RecordSent { .. } | Command::Hold(_) => ByOne::ByTheDeed,
        Command::Answer { .. }
        | Command::Refuse { .. }
        | Command::Redirect { .. }
        | Command::Link { .. }
        | Command::Close
        | Command::CloseUnsent { .. } => ByOne::ByTheEnding,
        Command::Prolong { .. } => ByOne::ByThePolicy,
        // Who was called to a flag says that it comes off.
        Command::Gag(_) | Command::Notify { .. } | Command::Tag { .. } => ByOne::ByTheGate,
        Command::Reopen { .. } => ByOne::Again,
        Command::Undo { .. } => ByOne::Undone,
        Command::Approve { .. } | Command::Deny { .. } => ByOne::Second,
    }
}

/// Read once: reading them costs more than a walk does.
static PACKS: LazyLock<Policy> =
    LazyLock::new(|| stack(&[Layer::Pack("eu"), Layer::Pack("us")]).unwrap().policy);

const PEOPLE: [&str; 3] = ["ada", "ben", "cy"];
const KINDS: [&str; 9] = [
    "subject",
    "terms",
    "complaint",
    "intimate",
    "removal",
    "information",
    "emergency",
    "counter-notice",
    "copyright",
];
const DAYS: [&str; 4] = ["2026-11-16", "2026-11-18", "2026-11-20", "2026-11-22"];

#[derive(Clone, Debug)]
enum Step {
    Type { who: usize, second: bool, command: Command },
    TakeBack { who: usize, second: bool },
    Approve { who: usize, second: bool },
    Wait { minutes: i64 },
}

fn typed() -> impl Strategy<Value = Command> {
    let day = || prop::sample::select(DAYS.to_vec());
    let line = |key: &'static str, values: &'static [&'static str]| {
        prop::sample::select(values.to_vec()).prop_map(move |value| set([put(text(key, value))]))
    };
    let at = |day: &str| -> DateTime<Utc> { format!("{day}T09:00:00Z").parse().unwrap() };
    let on_day = |key: &'static str| {
        day().prop_map(move |day| {
            let reading = Reading::Day { day: day.parse().unwrap() };
            set([put(Field { reading, ..text(key, day) })])
        })
    };
    let link = (1u32..3, prop::sample::select(vec![Relation::Counter, Relation::Duplicate]))
        .prop_map(|(other, how)| Command::Link { other: id(other), how });
    prop_oneof![
        6 => commands(),
        2 => day().prop_map(move |day| set([Edit::Received { at: at(day), value: day.to_owned() }])),
        2 => line("instrument", &["", "removal order under Regulation (EU) 2021/784", "court order 7", "European Production Order"]),
        1 => line("right", &["erasure", "access", "access, erasure"]),
        1 => line("jurisdiction", &["", "DE", "GB"]),
        2 => on_day("answer by"),
        1 => line("answer by", &[""]),
        1 => line("acted", &["", "2026-11-19", "2026-11-20"]),
        1 => line("removed", &["", "2026-11-20"]),
        1 => line("restored", &["", "2026-11-20"]),
        1 => line("erased", &["", "2026-11-20"]),
        1 => line("email", &["", "jane@example.net"]),
        2 => link,
        2 => (1u32..3).prop_map(|other| Command::Unlink { other: id(other) }),
        1 => (prop::sample::select(vec!["ack", "ask", "answer", "refuse", "forward", "report", "reasons"]), day(), prop::bool::ANY)
            .prop_map(move |(letter, day, again)| Command::RecordSent {
                letter: letter.to_owned(),
                via: Channel::Mail,
                at: Some(at(day)),
                repeat: if again { Repeat::Instead } else { Repeat::Unsaid },
            }),
        1 => Just(Command::Tag { add: owned(&["underage"]), remove: Vec::new() }),
        1 => Just(refuse("not-a-notice", None)),
        1 => Just(Command::Prolong {
            clock: "answer".to_owned(),
            term: Term::of(Span::Months(1)),
            reason: "many".to_owned(),
        }),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, second) = (0..PEOPLE.len(), prop::bool::weighted(0.3));
    let step = prop_oneof![
        8 => (who.clone(), second, typed()).prop_map(|(who, second, command)| Step::Type { who, second, command }),
        1 => (who.clone(), second).prop_map(|(who, second)| Step::TakeBack { who, second }),
        2 => (who, second).prop_map(|(who, second)| Step::Approve { who, second }),
        2 => (1i64..60 * 24 * 3).prop_map(|minutes| Step::Wait { minutes }),
    ];
    prop::collection::vec(step, 1..40)
}

struct World {
    cases: [Given; 2],
    before: [Case; 2],
    drawn: u8,
    /// How many days were moved or ended, by one and by two.
    moved: [usize; 2],
}

impl World {
    fn new(kind: &str) -> World {
        let open = |kind: &str, number| {
            let mut given = given(kind).numbered(number).with(accounts(&["@a:our.org"]));
            given = given.with(text("material", "mxc://our.org/song")).with(text("officer", "Jane Roe"));
            let packs = PACKS.clone();
            given = given.under(move |policy| *policy = Policy { version: policy.version.clone(), ..packs });
            // Somebody opened it who does nothing here, and long ago: no slip of theirs is set right.
            given.case.opened_by = account("@dot:our.org");
            given
        };
        let cases = [open(kind, 1), open("copyright", 2)];
        let before = [cases[0].case.clone(), cases[1].case.clone()];
        World { cases, before, drawn: 0, moved: [0; 2] }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Type { who, second, command } => self.types(who, usize::from(second), command),
            Step::TakeBack { who, second } => {
                let at = usize::from(second);
                let back = way_back(&self.before[at], &self.cases[at].case);
                if !back.is_empty() {
                    let case = self.cases[at].case.id;
                    let returns = vec![Return { case, took: Vec::new(), back }];
                    self.types(who, at, Command::Undo { returns });
                }
            }
            Step::Approve { who, second } => {
                let at = usize::from(second);
                let waiting = self.cases[at].case.proposals.iter().find(|it| it.approved.is_none());
                if let Some(code) = waiting.map(|proposal| proposal.code.clone()) {
                    self.types(who, at, Command::Approve { code, alone: None });
                }
            }
            Step::Wait { minutes } => {
                for at in 0..2 {
                    self.cases[at].now += TimeDelta::minutes(minutes);
                    let given = self.seen_from(at);
                    self.take(&expire(&given.case, given.now), None, given.now);
                    let given = self.seen_from(at);
                    let events = carry_out(&given.case, &given.around, &given.terms, given.now);
                    self.take(&events, None, given.now);
                }
            }
        }
    }

    /// A case, with what the desk would look up beside it.
    fn seen_from(&self, at: usize) -> Given {
        let (case, other) = (&self.cases[at].case, &self.cases[1 - at].case);
        let counters = countered(case).any(|link| link.other == other.id);
        let notices = if counters { vec![other.clone()] } else { Vec::new() };
        let countering = case.countered_by().filter(|id| *id == other.id).collect();
        let duplicates = case.duplicates().filter(|id| *id == other.id).map(|_| other.clone()).collect();
        let around = Around {
            other: Some(other.clone()),
            countered: notices.iter().map(|notice| notice.id).collect(),
            notices,
            countering,
            duplicates,
            naming: Some(vec![other.clone()]),
            holding: Some(Vec::new()),
            ..Around::default()
        };
        Given { around, ..self.cases[at].clone() }
    }

    fn types(&mut self, who: usize, at: usize, command: Command) {
        let mut given = self.seen_from(at).by(PEOPLE[who]);
        self.drawn = self.drawn.wrapping_add(1);
        given.draw = Draw([self.drawn, 10, 10, 10, 10, 10, 10, 10]);
        if let Ok(events) = given.when(command.clone()).decided {
            self.take(&events, Some((&command, &given.actor)), given.now);
        }
    }

    fn take(&mut self, events: &[(CaseId, Event)], typed: Option<(&Command, &Account)>, now: DateTime<Utc>) {
        if events.is_empty() {
            return;
        }
        self.before = [self.cases[0].case.clone(), self.cases[1].case.clone()];
        let by = typed.map_or_else(ada, |(_, by)| by.clone());
        for (id, event) in events {
            let given = self.cases.iter_mut().find(|given| given.case.id == *id).unwrap();
            given.case.apply(event, &by, now);
        }
        let by_two = events.iter().any(|(_, event)| matches!(event, Event::CarriedOut { .. }));
        for at in 0..2 {
            let (before, after) = (&self.before[at], &self.cases[at].case);
            let terms = &self.cases[at].terms;
            let is = runs(after, terms);
            // What only a proposal began ends with it: nobody has said yet that it is so.
            let before = &Case { proposals: Vec::new(), ..before.clone() };
            for was in runs(before, terms) {
                let Some(rule) = was.rule.filter(|rule| !rule.lapses && !rule.lasts) else { continue };
                let same = is.iter().find(|run| run.clock.name == rule.name);
                if same.is_some_and(|is| is.clock.due <= was.clock.due && (!is.still || was.still)) {
                    continue;
                }
                self.moved[usize::from(by_two)] += 1;
                let Some((command, _)) = typed.filter(|_| !by_two) else { continue };
                let own: Vec<&Event> =
                    events.iter().filter(|(id, _)| *id == after.id).map(|(_, event)| event).collect();
                assert!(
                    may_by_one(command, rule, &own, before, after),
                    "{command:?} alone moves {} from {} to {:?}: {events:?}\n{before:?}",
                    rule.name,
                    was.clock.due,
                    same.map(|is| is.clock.due),
                );
            }
        }
    }
}

/// Whether one person may do this to a clock, by the table.
fn may_by_one(command: &Command, rule: &ClockRule, own: &[&Event], before: &Case, after: &Case) -> bool {
    // What somebody waited for has come, or they are asked: the policy says which clocks stand still meanwhile.
    let pauses = rule.pauses
        && own.iter().any(|event| {
            matches!(
                event,
                Event::WaitEnded | Event::WaitBegan { .. } | Event::SentSetRight { waits: Some(_), .. }
            )
        });
    let told = rule.until.is_any(&[Stop::Told]);
    let line = |key: &str| {
        rule.until.is_any(&[Stop::Line(key.to_owned())])
            || rule.tasks.iter().any(|tasks| tasks.lines.iter().any(|line| line == key))
    };
    let is_deed = |event: &&Event| match event {
        Event::FieldSet { field } => line(&field.key),
        Event::LetterSent { letter, .. } | Event::SentSetRight { letter, .. } => {
            rule.until.is_any(&[Stop::Sent(letter.clone())])
                || rule.extension.as_ref().is_some_and(|more| more.letter.as_ref() == Some(letter))
        }
        Event::HoldStarted { .. } => true,
        _ => false,
    };
    let ends = before.outcome.is_none() && after.outcome.is_some();
    // Of the other case: whoever countered a notice hears that it is refused.
    let counter_ended = own.iter().any(|event| matches!(event, Event::CounterEnded { .. }));
    match by_one(command) {
        ByOne::Never => pauses,
        ByOne::ByTheDeed => {
            // A line about secrecy binds as a gag does.
            own.iter().any(is_deed) || pauses || told || matches!(rule.from, Start::HoldEnded)
        }
        ByOne::ByTheEnding => ends || counter_ended || (after.closed.is_some() && before.closed.is_none()),
        ByOne::ByThePolicy => own.iter().any(|event| matches!(event, Event::ClockProlonged { .. })),
        ByOne::ByTheGate => {
            told || rule.calls.is_some()
                || pauses
                || rule.until.is_any(&[Stop::Sent(letter::REASONS.to_owned())])
        }
        ByOne::Again => matches!(rule.from, Start::Answered | Start::Closed | Start::Sent(_)) || told,
        ByOne::Undone => true,
        ByOne::Second => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn no_one_person_lets_a_day_go_by(kind in prop::sample::select(KINDS.to_vec()), steps in steps()) {
        let mut world = World::new(kind);
        for step in steps {
            world.step(step);
        }
    }
}

#[test]
fn the_walk_moves_days_by_one_and_by_two() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut moved = [0; 2];
    for turn in 0..400 {
        if moved.iter().all(|times| *times > 5) {
            return;
        }
        let mut world = World::new(KINDS[turn % KINDS.len()]);
        for step in steps().new_tree(&mut runner).unwrap().current() {
            world.step(step);
        }
        (moved[0], moved[1]) = (moved[0] + world.moved[0], moved[1] + world.moved[1]);
    }
    panic!("{moved:?}");
}
