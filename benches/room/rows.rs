//! The rows: docket and the bots beside it, in turns.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use matrix_sdk::Room;

use crate::docket::{Docket, room_of};
use crate::measure::{Draw, Spans, holds};
use crate::person::{self, Person};
use crate::room::{Burst, Moderators, is_in, made};
use crate::server::synapse;
use crate::{echo, filed, maubot};

/// Commands in one turn of a bot, and commands that are sent at once.
const TURN: usize = 10;
const AT_ONCE: usize = 200;
/// Behind so many commands memory is read.
const COMMANDS: usize = 500;
/// Cases that are opened in the room, to be changed: their cards stand there.
const OPENED: u32 = 20;

/// A program that answers in a room of its own.
struct Bot {
    name: &'static str,
    room: Room,
    pid: u32,
    commands: usize,
    shows: Vec<Duration>,
    changes: Vec<Duration>,
    /// What came of commands at once that only show, and of those that change.
    at_once: Vec<Burst>,
    changed_at_once: Vec<Burst>,
    unanswered: usize,
}

impl Bot {
    fn new(name: &'static str, room: Room, pid: u32) -> Bot {
        Bot {
            name,
            room,
            pid,
            commands: 0,
            shows: Vec::new(),
            changes: Vec::new(),
            at_once: Vec::new(),
            changed_at_once: Vec::new(),
            unanswered: 0,
        }
    }

    /// Its resident memory in MiB.
    fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1024.0
    }
}

/// A process that ends with this one.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

pub async fn run(cases: u32, rounds: u32, bursts: u32) {
    let people = vec![
        Person::new("ada").await,
        Person::new("ben").await,
        Person::new("cy").await,
        Person::new("dee").await,
    ];
    let listed: Vec<_> = people.iter().map(|person| &person.id).collect();
    let docket = Docket::new(&listed).await;
    // At night all that is overdue waits for the morning and is looked at each minute: no row is about that.
    let far = (chrono::Utc::now() + chrono::TimeDelta::hours(11)).format("%H");
    docket.configure(&listed, &format!("reminders: {{ quiet: \"{far}:00-{far}:01\" }}\n"));
    tokio::task::block_in_place(|| filed::lay(&docket, cases));
    let id = room_of(&docket.set_up().await);
    for person in &people {
        person.join(&id).await;
    }
    let running = docket.run().await;
    let its_room = people[0].client.get_room(&id).unwrap();

    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("room-{}", std::process::id()));
    let (plain, _plain) = echo_bot(&people, &dir, false).await;
    let (fetching, _fetching) = echo_bot(&people, &dir, true).await;
    let (venv, encrypts) = tokio::task::block_in_place(maubot::installed);
    let localpart = person::name("maubot");
    let process = Ends(maubot::start(&venv, encrypts, &localpart, &dir.join("maubot")).await);
    let id = matrix_sdk::ruma::UserId::parse(format!("@{localpart}:docket.test")).unwrap();
    let room = made(&people, &id, encrypts).await;
    is_in(&people, &room, &id).await;
    let name = if encrypts { "maubot" } else { "maubot (NOT encrypted)" };
    let maubot = Bot::new(name, room, process.0.id());
    for person in &people {
        person.sync().await;
    }

    let mut bots = [Bot::new("docket", its_room, running.pid()), plain, fetching, maubot];
    let mut moderators = Moderators::new(people);
    begin(&mut moderators, &mut bots).await;
    let mut draw = Draw(1);
    for round in 0..rounds {
        eprintln!("round {} of {rounds}", round + 1);
        for bot in &mut bots {
            for _ in 0..TURN {
                let text = show(&mut draw, cases);
                one(&mut moderators, bot, &text, |bot| &mut bot.shows).await;
            }
        }
        for bot in &mut bots {
            moderators.quiet().await;
            for n in 0..TURN {
                let text = note(&mut draw, cases, n);
                one(&mut moderators, bot, &text, |bot| &mut bot.changes).await;
            }
        }
    }
    for burst in 0..bursts {
        eprintln!("{AT_ONCE} at once, round {} of {bursts}", burst + 1);
        for bot in &mut bots {
            let texts: Vec<String> = (0..AT_ONCE).map(|_| show(&mut draw, cases)).collect();
            bot.commands += texts.len();
            bot.at_once.push(moderators.at_once(&bot.room, &texts).await);
        }
        for bot in &mut bots {
            let texts: Vec<String> = (0..AT_ONCE).map(|n| note(&mut draw, cases, n)).collect();
            bot.commands += texts.len();
            bot.changed_at_once.push(moderators.at_once(&bot.room, &texts).await);
        }
    }
    for bot in &mut bots {
        let left = COMMANDS.saturating_sub(bot.commands);
        let texts: Vec<String> = (0..left).map(|_| show(&mut draw, cases)).collect();
        bot.commands += texts.len();
        moderators.at_once(&bot.room, &texts).await;
    }
    eprintln!("memory");
    let memory = bots.each_ref().map(Bot::memory);
    let log = running.stop().await;
    for line in log.lines().filter(|line| line.contains("WARN") || line.contains("ERROR")) {
        println!("docket's log: {line}");
    }
    let index = tokio::task::block_in_place(|| of_the_desk(&docket.dir.join("data"), cases));
    print(&bots, &memory, index, cases);
    let _gone = fs::remove_dir_all(&dir);
}

/// An echo bot in a process of its own, and its room.
async fn echo_bot(people: &[Person], dir: &Path, fetches: bool) -> (Bot, Ends) {
    let (name, how) = if fetches { ("echo bot that fetches", "fetching") } else { ("echo bot", "plain") };
    let localpart = person::name("echo");
    let id = person::register(&localpart).await;
    let room = made(people, &id, true).await;
    let dir: PathBuf = dir.join(&localpart);
    fs::create_dir_all(&dir).unwrap();
    let program = std::env::current_exe().unwrap();
    let mut child = Command::new(program)
        .args(["echo", &synapse().url, &localpart])
        .arg(&dir)
        .arg(how)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let out = child.stdout.take().unwrap();
    tokio::task::block_in_place(|| BufReader::new(out).read_line(&mut line)).unwrap();
    assert_eq!(line.trim(), echo::READY);
    is_in(people, &room, &id).await;
    (Bot::new(name, room, child.id()), Ends(child))
}

/// Everybody has said something everywhere, and docket has cases whose cards stand in its room.
async fn begin(moderators: &mut Moderators, bots: &mut [Bot; 4]) {
    for bot in bots.iter_mut() {
        for person in 0..moderators.how_many() {
            let answered = moderators.ask(person, &bot.room, "!case show 1").await;
            assert!(answered.is_some(), "{} does not answer", bot.name);
            bot.commands += 1;
        }
    }
    for n in 0..OPENED {
        let answered = moderators.ask(0, &bots[0].room, &format!("!case new other bench {n}")).await;
        assert!(answered.is_some(), "docket opens no case");
        bots[0].commands += 1;
    }
    moderators.quiet().await;
}

fn show(draw: &mut Draw, cases: u32) -> String {
    format!("!case show {}", 1 + draw.below(u64::from(cases)))
}

fn note(draw: &mut Draw, cases: u32, n: usize) -> String {
    let case = u64::from(cases) + 1 + n as u64 % u64::from(OPENED);
    format!("!case note {case} {}", draw.words(4))
}

async fn one(
    moderators: &mut Moderators,
    bot: &mut Bot,
    text: &str,
    to: impl Fn(&mut Bot) -> &mut Vec<Duration>,
) {
    bot.commands += 1;
    match moderators.ask(0, &bot.room, text).await {
        Some(span) => to(bot).push(span),
        None => bot.unanswered += 1,
    }
}

/// What the desk holds without a room, by a process of its own.
fn of_the_desk(dir: &Path, cases: u32) -> f64 {
    let program = std::env::current_exe().unwrap();
    let (cases, looks) = (cases.to_string(), COMMANDS.to_string());
    let said = Command::new(program).arg("desk").arg(dir).args([cases, looks]).output().unwrap();
    String::from_utf8_lossy(&said.stdout).trim().parse().expect("a number")
}

fn print(bots: &[Bot; 4], memory: &[f64; 4], index: f64, cases: u32) {
    let [docket, plain, fetching, _] = bots;
    println!("\n{cases} cases on file; each beside the others in the same run, in turns\n");
    println!("| row | who | p50 | p95 | of | × the echo bot's | ≤ 1.10 |\n|---|---|---|---|---|---|---|");
    latency("show", plain, bots, |bot| &bot.shows);
    latency("note", fetching, bots, |bot| &bot.changes);
    println!(
        "\n| {AT_ONCE} at once | who | answered | in order | seconds, each round | median | × maubot's |"
    );
    println!("|---|---|---|---|---|---|---|");
    at_once("show", bots, |bot| &bot.at_once);
    at_once("note", bots, |bot| &bot.changed_at_once);
    println!("\n| memory behind {COMMANDS} commands or more | MiB | limit | |\n|---|---|---|---|");
    let limit = 1.25 * memory[1] + index;
    let sum = format!("1.25 × {:.1} + {index:.0} = {limit:.1}", memory[1]);
    for (bot, memory) in bots.iter().zip(memory) {
        let (of, verdict) =
            if bot.name == docket.name { (sum.as_str(), holds(*memory <= limit)) } else { ("", "") };
        println!("| {}, {} commands | {memory:.1} | {of} | {verdict} |", bot.name, bot.commands);
    }
}

/// What one command takes: docket is held against one of the bots.
fn latency(row: &str, against: &Bot, bots: &[Bot; 4], of: impl Fn(&Bot) -> &Vec<Duration>) {
    let millis = |span: Duration| format!("{:.1} ms", span.as_secs_f64() * 1_000.0);
    let limit = Spans::new(of(against).clone()).at(50).as_secs_f64();
    for bot in bots {
        let spans = Spans::new(of(bot).clone());
        let ratio = spans.at(50).as_secs_f64() / limit;
        let verdict = match bot.name == bots[0].name {
            true => format!("{} ({})", holds(ratio <= 1.10), against.name),
            false => String::new(),
        };
        println!(
            "| {row} | {} | {} | {} | {}, {} unanswered | {ratio:.2} | {verdict} |",
            bot.name,
            millis(spans.at(50)),
            millis(spans.at(95)),
            of(bot).len(),
            bot.unanswered,
        );
    }
}

/// What many commands at once take.
fn at_once(row: &str, bots: &[Bot; 4], of: impl Fn(&Bot) -> &Vec<Burst>) {
    let median = |bot: &Bot| Spans::new(of(bot).iter().map(|burst| burst.span).collect()).at(50);
    if of(&bots[0]).is_empty() {
        return;
    }
    let limit = median(&bots[3]);
    for bot in bots {
        let rounds = of(bot);
        let list = |of: &dyn Fn(&Burst) -> String| rounds.iter().map(of).collect::<Vec<_>>().join(", ");
        let is_whole = rounds.iter().all(|burst| burst.answered == burst.asked && burst.in_order);
        let verdict = if bot.name == bots[0].name { holds(is_whole && median(bot) <= limit) } else { "" };
        println!(
            "| {row} | {} | {} | {} | {} | {:.1} | {:.2} {verdict} |",
            bot.name,
            list(&|burst| format!("{} of {}", burst.answered, burst.asked)),
            list(&|burst| if burst.in_order { "yes".to_owned() } else { "no".to_owned() }),
            list(&|burst| format!("{:.1}", burst.span.as_secs_f64())),
            median(bot).as_secs_f64(),
            median(bot).as_secs_f64() / limit.as_secs_f64(),
        );
    }
}
