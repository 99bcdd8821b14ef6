//! Whatever was done, the journal tells it all: a desk that reads it anew answers as the one that wrote it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

mod room;

use docket::case::{CaseId, PurgeReason};
use docket::desk::{Got, Input, Message, Outcome, Post, PostedFile};
use proptest::prelude::*;
use room::{Room, kept, now};

/// One thing that happens in the room.
#[derive(Clone, Debug)]
enum Step {
    Say {
        who: &'static str,
        text: String,
        thread: Option<CaseId>,
    },
    File {
        case: CaseId,
        name: String,
        text: String,
    },
    /// The orders that are owed are carried out.
    Deliver,
    Purge(CaseId),
    /// The newest message comes again.
    Again,
}

fn id() -> impl Strategy<Value = u32> {
    1u32..7
}

fn case() -> impl Strategy<Value = CaseId> {
    id().prop_filter_map("a number", CaseId::new)
}

fn pick(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

fn command() -> impl Strategy<Value = String> {
    let edit = pick(&[
        "reference=X-1",
        "reference=",
        "accounts+=@bob:example.org",
        "accounts-=@alice:example.org",
        "accounts=@zoe:else.where",
        "confidential=yes",
        "confidential=no",
        "confidential=\"until 2026-12-31\"",
        "context=\"two words\"",
        "from=2026-11-01",
        "from=01/02/2026",
        "officer=Roe reference=Y-2",
        "hat=7",
        "hatt=",
        "received=",
        "instrument=order",
    ]);
    let open = pick(&[
        "Request: information\nAgency: FBI\nAccounts: @alice:example.org\nReference: R-1",
        "Request: emergency\nAgency: Kent Police\nNature: danger",
        "Request: terms\nContext: insults\nReference: A\nReference: B\nstray line",
        "Request: preservation\nAccounts: @alice:example.org, bob\nConfidential: until 2026-12-31\nReceived: 2026-11-01",
        "Request: terms\nContext: spam\nHatt: 7\nConfidental: yes\nReceived: soon",
        "Request: nonsense\nAgency: X",
        "!case new complaint nobody answered",
        "Request: subject\nRight: erasure\nAccounts: @alice:example.org\nReceived: 2026-10-20",
        "Request: copyright\nWork: a song",
    ]);
    let rest = pick(&[
        "assign {} me",
        "assign {} @cy",
        "assign {} nobody",
        "tag {} +fraud",
        "tag {} -fraud +old",
        "answer {} none",
        "answer {} full",
        "refuse {} scope",
        "refuse {} other text=\"my words\"",
        "withdraw {}",
        "withdraw {} lost interest",
        "close {}",
        "close {}",
        "reopen {}",
        "reopen {} it goes on",
        "verify {} requester how=\"called 0117 496 0000\"",
        "verify {} instrument how=seen by=@ben",
        "extend {} answer 1 month reason=many",
        "extend {} answer 9 months reason=many",
        "set {} erased=2026-11-19",
        "show {}",
        "log {}",
        "list",
        "due",
        "nonsense {}",
        "note",
    ]);
    let how = pick(&["duplicate", "extends", "appeal", "counter"]);
    prop_oneof![
        4 => open,
        3 => (id(), edit).prop_map(|(id, edit)| format!("!case set {id} {edit}")),
        6 => (id(), rest).prop_map(|(id, rest)| format!("!case {}", rest.replace("{}", &id.to_string()))),
        2 => (id(), "[a-c ]{0,6}").prop_map(|(id, text)| format!("!case note {id} {text}x")),
        2 => (id(), id(), how).prop_map(|(one, other, how)| format!("!case link {one} {other} as={how}")),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let who = prop::sample::select(vec!["ada", "ben", "ben", "cy", "dot", "eve"]);
    prop_oneof![
        20 => (who, command(), prop::option::weighted(0.2, case()))
            .prop_map(|(who, text, thread)| Step::Say { who, text, thread }),
        2 => (case(), "[a-z]{1,3}\\.pdf", pick(&["", " as=instrument", " as=redacted for=@alice:example.org"]))
            .prop_map(|(case, name, rest)| Step::File { case, name, text: format!("!case attach {case}{rest}") }),
        3 => Just(Step::Deliver),
        1 => case().prop_map(Step::Purge),
        1 => Just(Step::Again),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..40)
}

/// Every answer that shows what a desk knows.
fn views(room: &mut Room) -> Vec<String> {
    let mut views = vec![
        "list",
        "list all",
        "list closed",
        "list ready",
        "list nobody",
        "list owner=@ben",
        "list gagged",
        "list tag=fraud",
        "list subject=@alice:example.org",
        "list preservation",
        "list terms all",
        "mine",
        "due",
        "due 14d",
        "due overdue",
        "list overdue",
        "list overdue emergency",
        "find alice",
        "find example.org",
        "find R-1",
        "find words",
        "find insults",
        "find order",
        "find pdf",
        "find 0117",
        "people",
        "unreadable",
        "policy",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect::<Vec<_>>();
    for id in 1..16 {
        views.extend(["show", "log", "check"].map(|verb| format!("{verb} {id}")));
    }
    views
        .into_iter()
        .map(|view| {
            let posts = room.say_as("ben", &format!("!case {view}"));
            let said: Vec<String> =
                posts.iter().map(|post| format!("{}\n{}", post.page.text(), post.page.html())).collect();
            format!("{view}: {}", said.join("\n"))
        })
        .collect()
}

fn input(room: &mut Room, step: &Step) -> Input {
    match step {
        Step::Say { who, text, thread } => {
            Input::Message(Message { about: *thread, ..room.message(who, text) })
        }
        Step::File { case, name, text } => {
            let file = Some(PostedFile::named(name).with(Got::Kept(*case, kept(name))));
            Input::Message(Message { file, ..room.message("ada", text) })
        }
        Step::Purge(case) => Input::Purge(vec![*case], PurgeReason::Retention),
        Step::Deliver | Step::Again => Input::Standing,
    }
}

fn deliver(posts: &[Post]) -> Input {
    let done = posts.iter().flat_map(|post| {
        let card = post.kind == docket::desk::PostKind::Card && post.edits.is_none();
        post.orders.iter().map(move |order| (*order, card.then(|| format!("$post-{}", post.txn))))
    });
    Input::Delivered(done.collect())
}

/// Lives through the steps one by one.
fn live(room: &mut Room, steps: &[Step]) -> Result<Vec<Outcome>, TestCaseError> {
    let mut outcomes = Vec::new();
    let mut newest = None;
    for step in steps {
        match step {
            Step::Deliver => {
                let mut owed = room.desk.owed(now()).expect("it reads");
                // A card that is posted for the first time is followed by what has changed since.
                while !owed.is_empty() {
                    let outcome = room.handle(vec![deliver(&owed)]).remove(0);
                    let Outcome::Posts(follows) = outcome else { panic!("{outcome:?}") };
                    owed = follows;
                }
                prop_assert!(room.desk.owed(now()).expect("it reads").is_empty());
            }
            Step::Again => {
                // What changed something is seen; what changed nothing is answered again, in the same words.
                if let Some((input, first)) = &newest {
                    let head = room.desk.head();
                    let again = room.handle(vec![Input::clone(input)]).remove(0);
                    prop_assert!(again == Outcome::Seen || again == *first, "{:?}, then {:?}", first, again);
                    prop_assert_eq!(room.desk.head(), head);
                }
            }
            Step::Say { .. } | Step::File { .. } | Step::Purge(_) => {
                let input = input(room, step);
                let head = room.desk.head();
                let outcome = room.handle(vec![input.clone()]).remove(0);
                let changed = room.desk.head() != head;
                if let (Input::Message(_), Outcome::Posts(posts)) = (&input, &outcome) {
                    let orders = posts.iter().any(|post| !post.orders.is_empty());
                    prop_assert!(changed || !orders, "what is owed is on record");
                    // Of a refusal it is on record that it was handled, and nothing else.
                    let refused = posts.iter().all(|post| post.page.text().starts_with("Not "));
                    prop_assert!(orders || !changed || refused, "what changes something owes its answer");
                    if changed {
                        let again = room.handle(vec![input.clone()]).remove(0);
                        prop_assert_eq!(again, Outcome::Seen);
                    }
                }
                newest = matches!(input, Input::Message(_)).then(|| (input, outcome.clone()));
                outcomes.push(outcome);
            }
        }
    }
    Ok(outcomes)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_desk_that_reads_the_journal_anew_knows_the_same(steps in steps()) {
        let mut first = Room::new();
        live(&mut first, &steps)?;
        let head = first.desk.head();
        let mut second = Room::over(first.journal.clone());
        prop_assert_eq!(first.desk.owed(now()).expect("it reads"), second.desk.owed(now()).expect("it reads"));
        for (one, other) in views(&mut first).into_iter().zip(views(&mut second)) {
            prop_assert_eq!(one, other);
        }
        prop_assert_eq!(second.desk.head(), head);
        // Both number the next case alike, and neither takes what it has seen for new.
        let one = second.first_line("!case new terms the next");
        prop_assert!(one.contains(" opened: terms"), "{}", one);
    }

    #[test]
    fn a_batch_does_what_one_by_one_does(mut steps in steps(), cuts in prop::collection::vec(1usize..9, 1..8)) {
        steps.retain(|step| matches!(step, Step::Say { .. } | Step::File { .. } | Step::Purge(_)));
        one_by_one_and_in_batches(&steps, &cuts);
    }
}

/// Does the same steps one by one and in batches of these sizes, and holds everything that comes of it against each other.
fn one_by_one_and_in_batches(steps: &[Step], cuts: &[usize]) {
    let (mut one, mut many) = (Room::new(), Room::new());
    let mut singly = Vec::new();
    for step in steps {
        let input = input(&mut one, step);
        singly.extend(one.handle(vec![input]));
    }
    let inputs: Vec<Input> = steps.iter().map(|step| input(&mut many, step)).collect();
    let mut together = Vec::new();
    let mut rest = inputs.as_slice();
    for size in cuts.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (batch, after) = rest.split_at((*size).min(rest.len()));
        together.extend(many.handle(batch.to_vec()));
        rest = after;
    }
    assert_eq!(singly, together);
    assert_eq!(one.desk.head().seq, many.desk.head().seq);
    assert_eq!(one.desk.owed(now()).expect("it reads"), many.desk.owed(now()).expect("it reads"));
    for (one, other) in views(&mut one).into_iter().zip(views(&mut many)) {
        assert_eq!(one, other);
    }
}

fn say(text: &str) -> Step {
    Step::Say { who: "ada", text: text.to_owned(), thread: None }
}

const ABOUT_ALICE: &str = "Request: information\nAgency: FBI\nAccounts: @alice:example.org\nReference: R-1";
const BINDING: &str =
    "Request: preservation\nAccounts: @alice:example.org, bob\nConfidential: until 2026-12-31";

#[test]
fn more_cases_that_bind_than_are_named_are_named_alike_in_a_batch() {
    let mut steps = vec![say(ABOUT_ALICE), say("Request: copyright\nWork: a song")];
    steps.extend((0..12).map(|_| say(ABOUT_ALICE)));
    steps.extend([say("!case answer 2 none"), say(BINDING), say(ABOUT_ALICE), say(ABOUT_ALICE)]);
    steps.extend([say("!case set 2 accounts+=@bob:example.org"), say("!case answer 1 none"), say(BINDING)]);
    one_by_one_and_in_batches(&steps, &[1, 2, 4]);
    one_by_one_and_in_batches(&steps, &[30]);
}

#[test]
fn who_was_taken_off_a_case_in_a_batch_is_like_nobody_there() {
    let mut steps: Vec<Step> = (0..16).map(|_| say(ABOUT_ALICE)).collect();
    steps.extend([say("!case set 2 accounts-=@alice:example.org reference=X-9"), say(ABOUT_ALICE)]);
    steps.extend([say("!case set 2 accounts+=@alice:example.org"), say(ABOUT_ALICE)]);
    one_by_one_and_in_batches(&steps, &[30]);
    one_by_one_and_in_batches(&steps, &[3, 5]);
}

#[test]
fn the_same_message_twice_in_one_batch_is_done_once() {
    let mut room = Room::new();
    let message = room.message("ada", "!case new terms insults");
    let outcomes = room.handle(vec![Input::Message(message.clone()), Input::Message(message.clone())]);
    assert!(matches!(&outcomes[..], [Outcome::Posts(posts), Outcome::Seen] if posts.len() == 2));
    assert_eq!(room.handle(vec![Input::Message(message.clone())]), [Outcome::Seen]);
    let mut anew = Room::over(room.journal.clone());
    assert_eq!(anew.handle(vec![Input::Message(message)]), [Outcome::Seen]);
}

#[test]
fn a_case_that_is_not_the_file_s_own_asks_for_it_again() {
    let mut room = Room::new();
    room.say("!case new terms insults");
    let message = |room: &mut Room, kept| Message {
        file: Some(PostedFile::named("a.pdf").with(kept)),
        ..room.message("ada", "!case attach 1")
    };
    let other = CaseId::new(2).map_or(Got::NotYet, |case| Got::Kept(case, kept("a.pdf")));
    for kept in [Got::NotYet, other] {
        let message = message(&mut room, kept);
        assert_eq!(room.handle(vec![Input::Message(message)]), [Outcome::Keep(CaseId::FIRST)]);
    }
}
