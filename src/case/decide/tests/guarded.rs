//! Whatever people type in whatever order: nothing is told, disclosed, destroyed or unbound without two people, and nobody
//! is told while something binds.
//!
//! The walk below is blind; what must never happen is written down here a second time, without a look at how `effects` finds
//! it. A new command does not compile until it is classed.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::given::*;
use super::telling::told;
use super::typed::{BEYOND, HINT, commands, with_lines};
use crate::case::decide::Draw;
use crate::case::decide::second::{carry_out, expire};
use crate::case::decide::undo::way_back;
use crate::case::directory::tests::agency;
use crate::case::*;

/// Whether a command can have an effect that takes two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// It may tell, disclose, destroy, verify, unbind, or leave undone what somebody is owed.
    Guarded,
    /// It can do none of these, whatever the case.
    Free,
    /// It is the second person's word.
    Second,
}

fn class(command: &Command) -> Class {
    match command {
        Command::Set { .. }
        | Command::Link { .. }
        | Command::Unlink { .. }
        | Command::Answer { .. }
        | Command::Gag(_)
        | Command::Hold(_)
        | Command::Notify { .. }
        | Command::Attest { .. }
        | Command::Undo { .. }
        | Command::Refuse { .. }
        | Command::Prolong { .. }
        | Command::Scope { .. }
        | Command::Tag { .. }
        | Command::Withdraw { .. }
        | Command::Reopen { .. }
        | Command::RecordSent { .. }
        | Command::CloseUnsent { .. }
        | Command::CloseUndone { .. }
        | Command::Adopt { .. } => Class::Guarded,
        Command::Note { .. }
        | Command::Attach { .. }
        | Command::Verify { .. }
        | Command::Assign { .. }
        | Command::Close
        | Command::Redirect { .. }
        | Command::Cost { .. }
        | Command::Seen
        | Command::Snooze { .. } => Class::Free,
        Command::Approve { .. } | Command::Deny { .. } => Class::Second,
    }
}

const PEOPLE: [&str; 3] = ["ada", "ben", "cy"];

/// Versions of the policy, and what takes two people there besides: the later, the looser.
const POLICIES: [(&str, &[&str]); 2] = [("walk/1", &["redirect"]), ("walk/2", &[])];

#[derive(Clone, Debug)]
enum Step {
    /// Somebody types something on the first or the second case.
    Type { who: usize, second: bool, command: Command },
    /// Somebody takes back what happened there last, whoever did it.
    TakeBack { who: usize, second: bool },
    /// Somebody approves what waits there.
    Approve { who: usize, second: bool, then_wait: bool },
    /// Somebody goes on there under the policy of today.
    Adopt { who: usize, second: bool },
    /// Docket is started again with another policy.
    Restart { policy: usize },
    /// Time passes, and what has cooled or expired on the way happens.
    Wait { minutes: i64 },
}

/// What was reached on a walk.
#[derive(Debug, Default)]
struct Reached {
    told: usize,
    disclosed: usize,
    unbound: usize,
    released: usize,
    taken_back: usize,
    answered_by_letter: usize,
    unsealed: usize,
    kept_out: usize,
    refused_by_gate: usize,
    adopted: usize,
    /// Letters that two people sent because of what one of us had typed on a line of the request.
    typed_out: usize,
    /// Answers to a referral that went out again with other words than two people had read.
    referred_anew: usize,
}

impl Reached {
    fn whole(&self) -> bool {
        let all = [
            self.told,
            self.disclosed,
            self.unbound,
            self.released,
            self.unsealed,
            self.kept_out,
            self.taken_back,
            self.answered_by_letter,
            self.refused_by_gate,
            self.adopted,
        ];
        all.iter().all(|times| *times > 0)
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    steps_of(commands())
}

fn steps_of(commands: impl Strategy<Value = Command>) -> impl Strategy<Value = Vec<Step>> {
    let who = 0..PEOPLE.len();
    let second = prop::bool::weighted(0.25);
    let (who_again, second_again) = (who.clone(), second);
    let step = prop_oneof![
        5 => (who.clone(), second, commands)
            .prop_map(|(who, second, command)| Step::Type { who, second, command }),
        1 => (who.clone(), second).prop_map(|(who, second)| Step::TakeBack { who, second }),
        4 => (who, second, prop::bool::ANY)
            .prop_map(|(who, second, then_wait)| Step::Approve { who, second, then_wait }),
        2 => (who_again, second_again).prop_map(|(who, second)| Step::Adopt { who, second }),
        1 => (0..POLICIES.len()).prop_map(|policy| Step::Restart { policy }),
        1 => (1i64..60 * 24 * 4).prop_map(|minutes| Step::Wait { minutes }),
    ];
    prop::collection::vec(step, 1..40)
}

/// Two cases about the same users.
struct World {
    cases: [Given; 2],
    /// How each was before the last thing that happened to it.
    before: [Case; 2],
    drawn: u8,
    /// Under which policy each code would go on.
    offered: Vec<(String, String)>,
    /// What each said when it was answered, where we write to somebody else.
    read: [Vec<Field>; 2],
    reached: Reached,
}

/// What a referral tells.
fn context(case: &Case) -> Vec<Field> {
    case.fields_of("context").cloned().collect()
}

impl World {
    fn new() -> World {
        World::of(told())
    }

    /// The same where we write to an agency ourselves; no records go with it, or hardly any walk would come to the end.
    fn referring() -> World {
        let mut open = told().with(text("agency", "BKA")).with(text("ground", "law")).under(|policy| {
            let kind = policy.kinds.iter_mut().find(|kind| kind.name == "referral").unwrap();
            kind.discloses = false;
            policy.letters.iter_mut().for_each(|letter| letter.keeps = false);
        });
        "referral".clone_into(&mut open.case.kind);
        open.terms.directory = vec![agency("BKA", &[], &[])];
        World::of(open.with(text("context", "she sells arms")))
    }

    fn of(open: Given) -> World {
        // Somebody was called, or hardly any walk would come to an answer.
        let open = open.called().with(text("jurisdiction", "GB")).under(|policy| {
            let kind = policy.kinds.iter_mut().find(|kind| kind.name == "other").unwrap();
            kind.preserves = true;
            // Its acknowledgement repeats a line that anybody may put otherwise.
            let ack =
                policy.letters.iter_mut().find(|letter| letter.name == "ack" && letter.kinds.is_empty());
            "Dear {officer},".clone_into(&mut ack.unwrap().text);
        });
        let open = versioned(open);
        let cases = [open.clone(), open.numbered(2)];
        let before = [cases[0].case.clone(), cases[1].case.clone()];
        let read = [context(&cases[0].case), context(&cases[1].case)];
        World { cases, before, drawn: 0, offered: Vec::new(), read, reached: Reached::default() }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Type { who, second, command } => self.types(who, usize::from(second), command),
            Step::TakeBack { who, second } => {
                let at = usize::from(second);
                let case = &self.cases[at].case;
                let back = way_back(&self.before[at], case);
                if !back.is_empty() {
                    let returns = vec![Return { case: case.id, took: Vec::new(), back }];
                    self.types(who, at, Command::Undo { returns });
                }
            }
            Step::Approve { who, second, then_wait } => {
                let at = usize::from(second);
                let waiting = self.cases[at].case.proposals.iter().find(|it| it.approved.is_none());
                let code = waiting.map_or("ZZZZZZ".to_owned(), |proposal| proposal.code.clone());
                self.types(who, at, Command::Approve { code, alone: None });
                // Or hardly any walk would come to a letter that gives something out.
                if then_wait {
                    self.wait(11);
                    let (letter, via) = ("answer".to_owned(), Channel::Mail);
                    self.types(
                        who,
                        at,
                        Command::RecordSent { letter, via, at: None, repeat: Repeat::Unsaid },
                    );
                }
            }
            Step::Adopt { who, second } => {
                self.types(who, usize::from(second), Command::Adopt { policy: None });
            }
            Step::Restart { policy } => {
                for given in &mut self.cases {
                    POLICIES[policy].0.clone_into(&mut given.terms.current);
                }
            }
            Step::Wait { minutes } => self.wait(minutes),
        }
    }

    fn wait(&mut self, minutes: i64) {
        for at in 0..2 {
            self.cases[at].now += TimeDelta::minutes(minutes);
            let given = self.seen_from(at);
            let events = expire(&given.case, given.now);
            self.take(at, &events, None);
            let given = self.seen_from(at);
            let events = carry_out(&given.case, &given.around, &given.terms, given.now);
            self.take(at, &events, None);
        }
    }

    /// A case, with what the desk would look up beside it.
    fn seen_from(&self, at: usize) -> Given {
        self.cases[at].beside(self.cases[1 - at].clone())
    }

    fn types(&mut self, who: usize, at: usize, command: Command) {
        let mut given = self.seen_from(at).by(PEOPLE[who]);
        self.drawn = self.drawn.wrapping_add(1);
        given.draw = Draw([self.drawn, 10, 10, 10, 10, 10, 10, 10]);
        let class = class(&command);
        match given.when(command).decided {
            Ok(events) => {
                // Ada is no approver, and these stand in where nobody is listed for flagged cases.
                let is_flagged = self.cases[at].case.flags.contains(&Flag::Csea);
                assert!(!is_flagged || PEOPLE[who] != "ada", "{events:?}");
                self.take(at, &events, Some((who, class)));
            }
            Err(Refusal::Sealed(_)) => self.reached.kept_out += 1,
            Err(Refusal::Restraint(Restraint::MayNotTell { .. })) => self.reached.refused_by_gate += 1,
            Err(_) => {}
        }
    }

    fn take(&mut self, at: usize, events: &[(CaseId, Event)], typed: Option<(usize, Class)>) {
        let carried = events.iter().find_map(|(_, event)| {
            if let Event::CarriedOut { proposer, approver, .. } = event {
                Some((proposer.clone(), approver.clone()))
            } else {
                None
            }
        });
        if !events.is_empty() {
            self.before = [self.cases[0].case.clone(), self.cases[1].case.clone()];
        }
        let done = events.iter().find_map(|(_, event)| match event {
            Event::CarriedOut { code, .. } => Some(code),
            _ => None,
        });
        for (id, event) in events {
            let current = &self.cases[at].terms.current;
            match event {
                Event::Proposed { code, command, .. } if matches!(**command, Command::Adopt { .. }) => {
                    self.offered.push((code.clone(), current.clone()));
                }
                Event::PolicyAdopted { policy, .. } => {
                    assert_eq!(policy, current);
                    let offered = self.offered.iter().rev().find(|(code, _)| Some(code) == done);
                    assert!(done.is_none() || offered.is_some_and(|(_, offered)| offered == policy));
                    self.reached.adopted += usize::from(done.is_some());
                }
                _ => {}
            }
            let at = if *id == self.cases[at].case.id { at } else { 1 - at };
            let is_anew = self.is_anew(at, event);
            if guarded(&self.cases[at].case, event) || is_anew {
                let (proposer, approver) = carried.as_ref().unwrap_or_else(|| {
                    panic!("one person stands behind {event:?} on {:#?}", self.cases[at].case)
                });
                assert_ne!(proposer, approver);
                assert!(self.cases[at].terms.may(approver, Need::Approve), "{approver} approves nothing");
                assert!(!matches!(typed, Some((_, Class::Free))), "{event:?}");
                self.reached.referred_anew += usize::from(is_anew);
                let is_ack = matches!(event, Event::LetterSent { letter, .. } if letter == "ack");
                self.reached.typed_out += usize::from(is_ack);
            }
            if let Event::Answered { .. } = event {
                self.read[at] = context(&self.cases[at].case);
            }
            self.look(at, event);
            let by = typed.map_or_else(ada, |(who, _)| account(&format!("@{}:our.org", PEOPLE[who])));
            let now = self.cases[at].now;
            self.cases[at].case.apply(event, &by, now);
        }
    }

    /// Whether an agency is told what nobody read when it was answered, or whom it is told of changes that once it was.
    fn is_anew(&self, at: usize, event: &Event) -> bool {
        let case = &self.cases[at].case;
        let is_changed = || context(case) != self.read[at];
        case.kind == "referral"
            && match event {
                Event::LetterSent { letter, .. } => letter == "answer" && is_changed(),
                Event::FieldSet { field } => field.key == "context" && case.is_granted(),
                Event::FieldCleared { key, .. } => key == "context" && case.is_granted(),
                _ => false,
            }
    }

    /// Counts what was reached, and that nobody is told while anything binds on either case.
    fn look(&mut self, at: usize, event: &Event) {
        match event {
            Event::NoticeSettled { what: Telling::Told { .. }, account, .. } => {
                for given in &self.cases {
                    let case = &given.case;
                    if case.subjects().any(|subject| subject.account == *account) {
                        assert!(case.flags.is_empty(), "{case:#?}");
                        assert!(case.gag.as_ref().is_none_or(|gag| gag.over.is_some()), "{case:#?}");
                        let instrument: Vec<&str> =
                            case.fields_of("instrument").map(|field| field.value.as_str()).collect();
                        let free = ["", "court order 7"];
                        let permitted = case.gag.as_ref().is_some_and(|gag| gag.over.is_some());
                        assert!(permitted || instrument.iter().all(|text| free.contains(text)), "{case:#?}");
                        assert!(permitted || !case.secret(), "{case:#?}");
                    }
                }
                self.reached.told += 1;
            }
            Event::Answered { extent: Extent::Full | Extent::Part } => self.reached.disclosed += 1,
            // A letter that says that records go out follows what two people granted, and no other answer.
            Event::LetterSent { letter, .. } if ["answer", "none"].contains(&letter.as_str()) => {
                let came = self.cases[at].case.outcome.as_ref().map(|outcome| &outcome.what);
                let granted = [Extent::Full, Extent::Part].map(|extent| Ending::Answered { extent });
                let none = Ending::Answered { extent: Extent::None };
                let fits = came.is_some_and(|came| match letter.as_str() {
                    "none" => *came == none,
                    _ => granted.contains(came),
                });
                assert!(fits, "{letter} after {came:?}");
                self.reached.answered_by_letter += usize::from(letter == "answer");
            }
            Event::GagOver { .. } => self.reached.unbound += 1,
            Event::HoldOver { .. } => self.reached.released += 1,
            Event::TakenBack { .. } if guarded(&self.cases[at].case, event) => self.reached.taken_back += 1,
            Event::Unflagged { .. } => self.reached.unsealed += 1,
            _ => {}
        }
    }
}

/// The case and its terms, with all the versions of the policy at hand.
fn versioned(mut given: Given) -> Given {
    let shared = given.terms.policies.remove(&given.terms.current).unwrap();
    for (version, acts) in POLICIES {
        let mut policy = Policy { version: version.to_owned(), ..shared.clone() };
        policy.two_people.acts = owned(acts);
        given.terms.policies.insert(version.to_owned(), policy);
    }
    POLICIES[0].0.clone_into(&mut given.terms.current);
    POLICIES[0].0.clone_into(&mut given.case.policy);
    for person in &mut given.terms.people {
        person.roles.push(Role::Admin);
    }
    given
}

/// What must never come from one person.
fn guarded(before: &Case, event: &Event) -> bool {
    let binds = before.gag.as_ref().is_some_and(|gag| gag.binds());
    let loses_somebody = || {
        let mut after = before.clone();
        after.apply(event, &ada(), now());
        before.subjects().any(|old| !after.subjects().any(|new| new.account == old.account))
    };
    match event {
        Event::NoticeSettled { .. }
        | Event::GagOver { .. }
        | Event::Cleared { .. }
        | Event::HoldOver { .. }
        | Event::Unflagged { .. }
        | Event::Attested { .. }
        | Event::Answered { extent: Extent::Full | Extent::Part } => true,
        Event::PolicyAdopted { policy, .. } => {
            let looseness = |version: &str| POLICIES.iter().position(|(name, _)| *name == version);
            looseness(policy) > looseness(&before.policy)
        }
        Event::GagSet { until, .. } => match (binds, before.gag.as_ref().and_then(|gag| gag.until), until) {
            (true, None, Some(_)) => true,
            (true, Some(old), Some(new)) => *new < old,
            _ => false,
        },
        Event::FieldSet { .. } | Event::FieldCleared { .. } => {
            (binds && loses_somebody()) || less_of_an_instrument(before, event)
        }
        Event::TakenBack { .. } => {
            let mut after = before.clone();
            after.apply(event, &ada(), now());
            let bound = |case: &Case| {
                let gag = case.gag.as_ref().filter(|gag| gag.binds());
                gag.map(|gag| gag.until.unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC))
            };
            let held = |case: &Case| case.hold.as_ref().filter(|hold| hold.runs()).map(|hold| hold.until);
            let given = |case: &Case| {
                let gave = [Extent::Full, Extent::Part].map(|extent| Ending::Answered { extent });
                case.outcome.clone().filter(|outcome| gave.contains(&outcome.what))
            };
            fn allowed(case: &Case) -> impl Iterator<Item = &String> {
                case.scope.iter().filter(|(_, line)| line.allowed).map(|(name, _)| name)
            }
            bound(&after) < bound(before)
                || held(&after) < held(before)
                || (given(&after).is_some() && given(&after) != given(before))
                || (given(&after).is_some()
                    && allowed(&after).any(|name| !allowed(before).any(|it| it == name)))
                || (binds && loses_somebody())
        }
        // What the request does not hold goes out with a letter.
        Event::RequestRefused { words: Some(words), .. } if words == BEYOND => true,
        Event::ScopeSet { allowed: false, reason: Some(reason), .. } if reason == BEYOND => true,
        // What one of us typed on a line of the request goes out with a letter that repeats it.
        Event::LetterSent { letter, .. } if letter == "ack" => {
            before.fields_of("officer").any(|line| line.value == BEYOND || binds && line.value == HINT)
        }
        // What has left the house is made more.
        Event::ScopeSet { allowed: true, .. } => matches!(
            before.outcome.as_ref().map(|outcome| &outcome.what),
            Some(Ending::Answered { extent: Extent::Full | Extent::Part })
        ),
        _ => false,
    }
}

/// What an instrument line of this walk says about telling, the strictest last. What nobody knows binds; what is known to
/// withhold binds until somebody outside permits it.
fn strictness(case: &Case) -> u8 {
    let of = |value: &str| match value {
        "" | "court order 7" => 0,
        "scribble" => 1,
        "IPA authorisation" => 2,
        other => panic!("the walk never types {other}"),
    };
    case.fields_of("instrument").map(|field| of(&field.value)).max().unwrap_or_default()
}

/// An instrument that binds, and that nobody outside has lifted, is taken off or made less.
fn less_of_an_instrument(before: &Case, event: &Event) -> bool {
    let lifted = before.gag.as_ref().and_then(|gag| gag.over.as_ref()).map(|over| &over.how);
    // Its time being over is no permission: what an instrument forbids has no end that an order's day would give it.
    let permitted = match lifted {
        Some(GagEnding::Lifted { .. } | GagEnding::Permitted { .. } | GagEnding::NotBinding { .. }) => true,
        Some(GagEnding::Ended) | None => false,
    };
    let mut after = before.clone();
    after.apply(event, &ada(), now());
    !permitted && strictness(&after) < strictness(before)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]
    #[test]
    fn no_order_of_commands_does_alone_what_takes_two(steps in steps()) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn nor_does_any_by_a_line_that_a_letter_repeats(refers in prop::bool::ANY, steps in steps_of(with_lines())) {
        let mut world = if refers { World::referring() } else { World::new() };
        for step in steps {
            world.step(step);
        }
    }
}

/// Blind walks come there too seldom, so these are led. What one of us typed leaves by two.
#[test]
fn a_line_that_was_typed_is_read_before_a_letter_repeats_it() {
    let ack = || Command::RecordSent {
        letter: "ack".to_owned(),
        via: Channel::Mail,
        at: None,
        repeat: Repeat::Unsaid,
    };
    let gag = || Command::Gag(GagStep::Set { by: Some("x".to_owned()), until: None });
    let approve = |who| Step::Approve { who, second: false, then_wait: true };
    let types = |who, command| Step::Type { who, second: false, command };
    for says in [BEYOND, HINT] {
        let mut world = World::new();
        for step in
            [types(0, gag()), types(0, set([put(text("officer", says))])), types(0, ack()), approve(1)]
        {
            world.step(step);
        }
        assert_eq!(world.reached.typed_out, 1, "{says}: {:#?}", world.cases[0].case);
    }
}

/// What two people changed leaves by two again.
#[test]
fn a_referral_is_read_again_once_it_was_changed() {
    let mut world = World::referring();
    let approve = |who| Step::Approve { who, second: false, then_wait: true };
    let types = |who, command| Step::Type { who, second: false, command };
    for step in [
        types(0, Command::Answer { extent: Extent::Full }),
        approve(1),
        types(0, set([put(text("context", "she sells drugs"))])),
        approve(1),
        approve(2),
    ] {
        world.step(step);
    }
    // That it was changed, and that it left.
    assert_eq!(world.reached.referred_anew, 2, "{:#?}", world.cases[0].case);
}

#[test]
fn the_walk_reaches_what_it_guards() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut all = Reached::default();
    // As long as it takes, and no longer than it should.
    for _ in 0..2_000 {
        if all.whole() {
            return;
        }
        let mut world = World::new();
        for step in steps().new_tree(&mut runner).unwrap().current() {
            world.step(step);
        }
        all.told += world.reached.told;
        all.disclosed += world.reached.disclosed;
        all.unbound += world.reached.unbound;
        all.released += world.reached.released;
        all.taken_back += world.reached.taken_back;
        all.answered_by_letter += world.reached.answered_by_letter;
        all.unsealed += world.reached.unsealed;
        all.kept_out += world.reached.kept_out;
        all.refused_by_gate += world.reached.refused_by_gate;
        all.adopted += world.reached.adopted;
    }
    panic!("{all:?}");
}
