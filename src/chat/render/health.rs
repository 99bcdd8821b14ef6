//! How docket is: what is well and what is not, each with the way out. Said in the room and by `docket doctor`; of no case.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::case::{Account, HeldMode, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// A homeserver that was not heard for so long is away.
const AWAY: TimeDelta = TimeDelta::minutes(3);
/// What is owed for so long does not get out.
const STUCK: TimeDelta = TimeDelta::minutes(5);
/// With less room than this a rebuilt index may not fit any more.
pub const LEAST_ROOM: u64 = 512 << 20;

/// What the desk knows of itself, and what was told to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Whether anything is on record.
    pub is_begun: bool,
    /// Whether the index is kept where it is to be.
    pub keeps_index: bool,
    /// Since when the oldest order is on record that is not carried out.
    pub owed_since: Option<DateTime<Utc>>,
    /// Why the desk is held, if it is.
    pub held: Option<HeldMode>,
    /// Since when the machine's clock is in doubt.
    pub doubt: Option<DateTime<Utc>>,
    /// Who has another identity than the one that they are recognised by.
    pub changed: Vec<Account>,
    /// Whose role counts only once somebody has vouched for them, and nobody has.
    pub unvouched: Vec<Account>,
    /// What the adapter to the room saw last; nothing in a rehearsal, and where docket does not run.
    pub condition: Option<Box<Condition>>,
}

/// What the adapter to the room sees of the room and of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Since when docket runs.
    pub began: DateTime<Utc>,
    /// When the homeserver was heard last.
    pub heard: Option<DateTime<Utc>>,
    /// When a message of somebody was decrypted last.
    pub read: Option<DateTime<Utc>>,
    /// How many messages cannot be read yet.
    pub late: usize,
    /// Whether this device has all keys of docket's identity and is signed by it.
    pub is_whole: bool,
    /// What was seen of the room, if the homeserver showed it.
    pub place: Option<PlaceSeen>,
    /// Bytes that are free where the data are, if the system tells.
    pub room_on_disk: Option<u64>,
    /// What was found of docket's keys on the homeserver, and of what else it works with.
    pub around: Vec<Finding>,
}

/// What was seen of the room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceSeen {
    /// What is wrong with it: sentences of ours, each with the way out.
    pub flaws: Vec<String>,
    /// Who is listed and not there.
    pub absent: Vec<Account>,
    /// How many are there and not listed.
    pub strangers: usize,
    /// Who is listed and has no device that their own identity signs.
    pub unsigned: Vec<Account>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about, in a word.
    pub topic: &'static str,
    /// How it is.
    pub line: Line,
    /// What to do about it, where it is not well.
    pub mend: Option<Line>,
}

impl Finding {
    fn well(topic: &'static str, text: impl Into<String>) -> Finding {
        Finding { topic, line: Line::ours(text), mend: None }
    }

    fn ill(topic: &'static str, line: Line, mend: Line) -> Finding {
        Finding { topic, line, mend: Some(mend) }
    }
}

/// Everything that was looked at.
pub fn findings(health: &Health, terms: &Terms, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(condition) = &health.condition {
        findings.extend(of_the_room(condition, terms.zone, now));
    }
    if let Some(held) = &health.held {
        let line = Line::ours(format!("held, and changes nothing: {}", text::why_held(held, terms.zone)));
        findings.push(Finding::ill("docket", line, text::out_of_hold(held, terms)));
    }
    findings.push(outbox(health, terms.zone, now));
    findings.extend(people(health, terms));
    findings.push(Finding::well(
        "journal",
        // How much is on record, and since when, would say that somebody works on what others may not see.
        match health.is_begun {
            true => "takes what is written down",
            false => "nothing is on record yet",
        },
    ));
    findings.push(match health.keeps_index {
        true => Finding::well("index", "whole"),
        false => Finding::ill(
            "index",
            Line::ours("it is kept in memory, for its place on the disk failed"),
            Line::ours("Nothing is lost. See to the disk, then start docket again."),
        ),
    });
    findings.push(match health.doubt {
        None => Finding::well("clock", "believed"),
        Some(since) => Finding::ill(
            "clock",
            Line::ours(format!("in doubt since {}", dates::moment(since, terms.zone))),
            Line::ours("Set the machine’s clock right. If it is right already, two people say so: ")
                .code(format!("{} resume", terms.prefix())),
        ),
    });
    findings.push(match terms.policy() {
        Some(policy) => Finding::well("policy", policy.version.clone()),
        None => Finding::ill(
            "policy",
            Line::ours("none is loaded"),
            Line::ours("Please call your administrator."),
        ),
    });
    findings
}

fn of_the_room(condition: &Condition, zone: Tz, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let heard = condition.heard.unwrap_or(condition.began);
    findings.push(match now - heard > AWAY {
        false => Finding::well("homeserver", format!("heard {}", ago(heard, now))),
        true => Finding::ill(
            "homeserver",
            Line::ours(format!("not heard since {}", dates::moment(heard, zone))),
            Line::ours("See whether it is up. docket tries again by itself."),
        ),
    });
    findings.push(match (condition.late, condition.read) {
        (0, Some(read)) => Finding::well("messages", format!("the last one was read {}", ago(read, now))),
        (0, None) => {
            let began = dates::moment(condition.began, zone);
            Finding::well("messages", format!("none came since docket began, {began}"))
        }
        (late, _) => Finding::ill(
            "messages",
            Line::ours(format!("{} cannot be read yet", counted(late, "message", "messages"))),
            Line::ours("Whoever sent one is asked to send it again if its key does not come."),
        ),
    });
    findings.push(match condition.is_whole {
        true => Finding::well("identity", "docket’s own is whole"),
        false => Finding::ill(
            "identity",
            Line::ours("docket’s own is not whole, so nobody can trust what it says"),
            Line::ours("Stop docket and run docket setup."),
        ),
    });
    if let Some(place) = &condition.place {
        findings.extend(of_the_place(place));
    }
    findings.extend(condition.room_on_disk.map(disk));
    findings.extend(condition.around.iter().cloned());
    findings
}

fn of_the_place(place: &PlaceSeen) -> Vec<Finding> {
    let mut findings = Vec::new();
    for flaw in &place.flaws {
        findings.push(Finding { topic: "room", line: Line::ours(flaw.clone()), mend: Some(Line::new()) });
    }
    if place.strangers > 0 {
        findings.push(Finding::ill(
            "room",
            Line::ours(format!(
                "{} here whom the configuration does not name",
                counted(place.strangers, "person sits", "people sit")
            )),
            Line::ours("List them under people:, or see that they leave."),
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::well("room", "encrypted and private"));
    }
    if !place.absent.is_empty() {
        findings.push(Finding::ill(
            "members",
            accounts(&place.absent).say(is_or_are(&place.absent, " not in the room")),
            Line::ours("They take the invitation; docket setup sends another."),
        ));
    }
    if !place.unsigned.is_empty() {
        findings.push(Finding::ill(
            "members",
            accounts(&place.unsigned).say(" have no device that they verified, so docket gives them no keys"),
            Line::ours("They set up cross-signing in their client, and verify the device."),
        ));
    }
    findings
}

/// How much room is left on the disk.
pub fn disk(free: u64) -> Finding {
    let room = format!("{} MiB are free", free >> 20);
    match free >= LEAST_ROOM {
        true => Finding::well("disk", room),
        false => Finding::ill(
            "disk",
            Line::ours(room),
            Line::ours("Make room soon: on a full disk docket reads and changes nothing."),
        ),
    }
}

fn outbox(health: &Health, zone: Tz, now: DateTime<Utc>) -> Finding {
    match health.owed_since.filter(|since| now - *since > STUCK) {
        Some(since) => Finding::ill(
            "outbox",
            Line::ours(format!("what is owed since {} is not sent", dates::moment(since, zone))),
            Line::ours(
                "docket sends them as soon as it can. On the host, docket doctor says what is in the way.",
            ),
        ),
        None if health.owed_since.is_none() => Finding::well("outbox", "nothing waits to be sent"),
        None => Finding::well("outbox", "something is on the way"),
    }
}

fn people(health: &Health, terms: &Terms) -> Vec<Finding> {
    let mut findings = Vec::new();
    let vouch = || {
        Line::ours("An administrator hears them read out their fingerprint, and types ")
            .code(format!("{} trust @user FINGERPRINT", terms.prefix()))
            .say(" (or on the host: docket trust)")
    };
    if !health.changed.is_empty() {
        let line = accounts(&health.changed).say(" have another identity than before and are cut off");
        findings.push(Finding::ill("people", line, vouch()));
    }
    if !health.unvouched.is_empty() {
        let line = Line::ours("nobody has vouched for ").join(accounts(&health.unvouched));
        let line = line.say(", and until then nobody of them approves or administers");
        findings.push(Finding::ill("people", line, vouch()));
    }
    // In a rehearsal everybody is taken at their word.
    if findings.is_empty() && terms.identities.is_some() {
        findings.push(Finding::well("people", "somebody has vouched for everybody whose role asks for it"));
    }
    findings
}

/// The answer to `health`.
pub fn health(health: &Health, terms: &Terms, now: DateTime<Utc>) -> Page {
    let (ill, well): (Vec<Finding>, Vec<Finding>) =
        findings(health, terms, now).into_iter().partition(|finding| finding.mend.is_some());
    let first = match ill.len() {
        0 => Line::ours("All is well with docket."),
        count => {
            Line::ours(format!("{} with docket:", counted(count, "thing is not well", "things are not well")))
        }
    };
    let told = |finding: &Finding| {
        let line = Line::new().strong(finding.topic).dot().join(finding.line.clone());
        match &finding.mend {
            None => line,
            Some(mend) if mend.spans().is_empty() => line,
            Some(mend) => line.say(". ").join(mend.clone()),
        }
    };
    let page = Page::of(first).lines(ill.iter().map(told));
    let page = match health.condition {
        Some(_) => page,
        None => page.line(Line::ours("Of a room nothing is known here: this is no docket in its room.")),
    };
    page.folded("What is well:", well.iter().map(told).collect())
}

fn accounts(accounts: &[Account]) -> Line {
    accounts.iter().enumerate().fold(Line::new(), |line, (n, account)| {
        let line = if n == 0 { line } else { line.say(", ") };
        line.theirs(account.as_str())
    })
}

fn is_or_are(of: &[Account], what: &str) -> String {
    let is = if of.len() == 1 { " is" } else { " are" };
    format!("{is}{what}")
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// How long ago something was, in the largest unit that is whole.
fn ago(then: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let passed = (now - then).max(TimeDelta::zero());
    let units = [
        (passed.num_days(), "day", "days"),
        (passed.num_hours(), "hour", "hours"),
        (passed.num_minutes(), "minute", "minutes"),
        (passed.num_seconds(), "second", "seconds"),
    ];
    match units.into_iter().find(|(count, ..)| *count > 0) {
        None => "a moment ago".to_owned(),
        Some((1, one, _)) => format!("1 {one} ago"),
        Some((count, _, more)) => format!("{count} {more} ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearsal;

    fn now() -> DateTime<Utc> {
        "2026-11-20T10:00:00Z".parse().unwrap()
    }

    fn before(minutes: i64) -> DateTime<Utc> {
        now() - TimeDelta::minutes(minutes)
    }

    fn somebody() -> Vec<Account> {
        vec![Account::parse("@ben:example.org").unwrap()]
    }

    fn condition() -> Condition {
        Condition {
            began: before(90),
            heard: Some(before(0)),
            read: Some(before(61)),
            late: 0,
            is_whole: true,
            place: Some(PlaceSeen::default()),
            room_on_disk: Some(LEAST_ROOM),
            around: Vec::new(),
        }
    }

    fn healthy() -> Health {
        Health {
            is_begun: true,
            keeps_index: true,
            owed_since: Some(before(1)),
            held: None,
            doubt: None,
            changed: Vec::new(),
            unvouched: Vec::new(),
            condition: Some(Box::new(condition())),
        }
    }

    fn ill(health: &Health) -> Vec<String> {
        let terms = rehearsal::terms().unwrap();
        let found = findings(health, &terms, now()).into_iter();
        found.filter(|finding| finding.mend.is_some()).map(|finding| finding.line.text()).collect()
    }

    #[test]
    fn whoever_is_well_says_so_and_of_what() {
        let page = health(&healthy(), &rehearsal::terms().unwrap(), now()).text();
        assert!(page.starts_with("All is well with docket.\n"), "{page}");
        for line in [
            "homeserver · heard a moment ago",
            "messages · the last one was read 1 hour ago",
            "outbox · something is on the way",
            "room · encrypted and private",
            "disk · 512 MiB are free",
            "journal · takes what is written down",
        ] {
            assert!(page.contains(line), "{line} is missing in\n{page}");
        }
    }

    #[test]
    fn each_thing_that_is_not_well_is_told_and_no_other() {
        let of = |change: fn(&mut Condition)| {
            let mut condition = condition();
            change(&mut condition);
            ill(&Health { condition: Some(Box::new(condition)), ..healthy() })
        };
        let place = |change: fn(&mut PlaceSeen)| {
            let mut seen = PlaceSeen::default();
            change(&mut seen);
            let condition = Condition { place: Some(seen), ..condition() };
            ill(&Health { condition: Some(Box::new(condition)), ..healthy() })
        };
        let told = [
            (of(|it| it.heard = Some(before(4))), "not heard since"),
            (of(|it| it.heard = None), "not heard since"),
            (of(|it| it.late = 2), "2 messages cannot be read yet"),
            (of(|it| it.is_whole = false), "not whole"),
            (of(|it| it.room_on_disk = Some(LEAST_ROOM - 1)), "511 MiB are free"),
            (place(|it| it.flaws = vec!["Guests can join.".to_owned()]), "Guests can join."),
            (place(|it| it.strangers = 1), "1 person sits here"),
            (place(|it| it.absent = somebody()), "@ben:example.org is not in the room"),
            (place(|it| it.unsigned = somebody()), "no device that they verified"),
            (ill(&Health { owed_since: Some(before(6)), ..healthy() }), "is not sent"),
            (ill(&Health { keeps_index: false, ..healthy() }), "kept in memory"),
            (ill(&Health { doubt: Some(before(6)), ..healthy() }), "in doubt since"),
            (ill(&Health { changed: somebody(), ..healthy() }), "another identity"),
            (ill(&Health { unvouched: somebody(), ..healthy() }), "nobody has vouched for @ben"),
        ];
        for (ill, words) in told {
            assert_eq!(ill.len(), 1, "{words}: {ill:?}");
            assert!(ill[0].contains(words), "{words}: {ill:?}");
        }
    }

    #[test]
    fn how_long_ago_something_was() {
        let told =
            [(0, "a moment ago"), (59, "59 seconds ago"), (60, "1 minute ago"), (7_300, "2 hours ago")];
        for (seconds, words) in told {
            assert_eq!(ago(now() - TimeDelta::seconds(seconds), now()), words);
        }
        assert_eq!(ago(now() + TimeDelta::seconds(9), now()), "a moment ago");
        assert_eq!(ago(now() - TimeDelta::days(3), now()), "3 days ago");
    }
}
