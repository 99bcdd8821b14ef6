//! Notices that docket brings to users itself: what is said in the moderation room of how far they are, and the words around them
//! that are ours and not the policy's.

use chrono_tz::Tz;

use crate::case::letter::Piece;
use crate::case::{Account, Copied, KeptFile, Step, Stepped, Terms, Tongue, Unreachable};
use crate::chat::dates;
use crate::chat::page::{Line, Page};
use crate::chat::visit::says;

/// The name of the file that goes with a notice, without its ending. It says nothing of the case.
const COPY: &str = "request";
/// The endings that a file to a user may have: what somebody called it may name others.
const ENDINGS: [&str; 12] =
    ["pdf", "txt", "png", "jpg", "jpeg", "eml", "zip", "json", "csv", "html", "gz", "xml"];

/// What happened to a notice on its way.
pub fn stepped(account: &Account, step: &Step) -> Line {
    let line = Line::ours("notice to ").theirs(account.as_str());
    match step {
        Step::Created { .. } => line.say(": their room is made"),
        Step::Invited => line.say(": they are invited"),
        Step::Joined => line.say(": they came"),
        Step::Sent { devices: 0, .. } => line.say(" is there"),
        Step::Sent { devices: 1, .. } => line.say(" is there, for one device of theirs"),
        Step::Sent { devices, .. } => line.say(format!(" is there, for {devices} devices of theirs")),
        Step::Read => line.say(": they have read it"),
        Step::Replied => line.say(": they answered there, where nobody reads it"),
        Step::Left => line.say(": they left the room"),
        Step::HeldBack => line.say(
            " was held back as it was about to leave: what it rests on has changed; if they had come by then, the copy of the \
             request may be in their room already, without a word",
        ),
        Step::Declined | Step::Unreachable { .. } => line.say(" did not reach them: ").join(why(step)),
    }
}

/// That a user is being told, as a duty that is open until they are.
pub fn on_its_way(account: &Account, id: &str, terms: &Terms) -> Line {
    let prefix = terms.prefix();
    Line::ours("docket is telling ")
        .theirs(account.as_str())
        .say(", how far it is: ")
        .code(format!("{prefix} notify {id} preview {account}"))
        .say("; in another way: ")
        .code(format!("{prefix} sent {id} notice {account} via=mail"))
        .say(" or via=post")
}

/// Why a user could not be told by docket.
pub fn why_unreached(step: &Step) -> Line {
    Line::ours("docket did not reach them: ").join(why(step))
}

/// The same with the ways that are left, as a duty.
pub fn unreached(account: &Account, step: &Step, id: &str, terms: &Terms) -> Line {
    let prefix = terms.prefix();
    Line::new()
        .theirs(account.as_str())
        .say(" is not told: ")
        .join(why(step))
        .say(" – ")
        .code(format!("{prefix} sent {id} notice {account} via=mail"))
        .say(" or via=post, ")
        .code(format!("{prefix} notify {id} send {account}"))
        .say(" again, or ")
        .code(format!("{prefix} notify {id} waive {account} reason=…"))
}

pub(super) fn why(step: &Step) -> Line {
    Line::ours(match step {
        Step::Declined => "they declined the invitation",
        Step::Left => "they left before it was there",
        Step::Unreachable { why: Unreachable::NoAccount } => "there is no such account, or none any more",
        Step::Unreachable { why: Unreachable::NoDevice } => {
            "no device of theirs can read an encrypted message"
        }
        Step::Unreachable { why: Unreachable::Deactivated } => "the account was deactivated",
        Step::Unreachable { why: Unreachable::Suspended } => "the account is suspended and can join nothing",
        Step::Unreachable { why: Unreachable::Copy } => {
            "the message or the copy of the request cannot be sent: it is too large, or damaged"
        }
        Step::Unreachable { why: Unreachable::Unsure } => {
            "something is in their room already that docket cannot read any more, so they may have been told: ask them, or look"
        }
        Step::Unreachable { why: Unreachable::Changed } => {
            "their room is not as docket made it any more: others may be in it, so nothing is said there"
        }
        Step::Unreachable { why: Unreachable::Server } => {
            "their server does not answer, or does not let them be invited"
        }
        Step::HeldBack => "what it rests on has changed",
        Step::Created { .. }
        | Step::Invited
        | Step::Joined
        | Step::Sent { .. }
        | Step::Read
        | Step::Replied => "it is on its way",
    })
}

/// How far a notice came, and when: the proof of it.
pub fn proof(steps: &[Stepped], zone: Tz) -> Line {
    let said = |step: &Step| match step {
        Step::Created { .. } => "room made".to_owned(),
        Step::Invited => "invited".to_owned(),
        Step::Joined => "came".to_owned(),
        Step::Sent { devices: 0, .. } => "there".to_owned(),
        Step::Sent { devices: 1, .. } => "there for one device".to_owned(),
        Step::Sent { devices, .. } => format!("there for {devices} devices"),
        Step::Read => "read".to_owned(),
        Step::Replied => "answered".to_owned(),
        Step::Left => "left".to_owned(),
        Step::Declined => "declined".to_owned(),
        Step::Unreachable { .. } => "not reached".to_owned(),
        Step::HeldBack => "held back".to_owned(),
    };
    steps.iter().fold(Line::new(), |line, Stepped { at, step }| {
        line.dot().say(format!("{} {}", said(step), dates::moment(*at, zone)))
    })
}

/// The message to a user: the words that two people agreed on.
pub fn to_user(letter: &[Piece]) -> Page {
    Page::new().lines(lines(letter))
}

fn lines(letter: &[Piece]) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    for piece in letter {
        let (words, is_ours) = match piece {
            Piece::Ours(words) => (words, true),
            Piece::Theirs(words) => (words, false),
        };
        for (n, words) in words.split('\n').enumerate() {
            let line = if n == 0 { lines.pop().unwrap_or_default() } else { Line::new() };
            lines.push(if is_ours { line.say(words) } else { line.whole(words) });
        }
    }
    let is_empty = |line: &Line| line.text().trim().is_empty();
    let end = lines.iter().rposition(|line| !is_empty(line)).map_or(0, |last| last + 1);
    lines.truncate(end);
    lines
}

/// The copy that is made of lines, as the text of a file.
pub fn copy_text(lines: &[(String, String)]) -> String {
    lines.iter().map(|(label, value)| format!("{label}: {value}\n")).collect()
}

/// What the file is called that goes with a notice.
pub fn copy_name(copy: &Copied) -> Option<String> {
    match copy {
        Copied::Nothing => None,
        Copied::Lines { .. } => Some(format!("{COPY}.txt")),
        Copied::File { file } => Some(format!("{COPY}.{}", ending(file))),
    }
}

/// What the copy of their data is called that a user gets.
pub fn data_name(file: &KeptFile, tongue: Tongue) -> String {
    format!("{}.{}", says(tongue).data_file, ending(file))
}

fn ending(file: &KeptFile) -> &'static str {
    let typed = file.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    ENDINGS.into_iter().find(|ending| *ending == typed).unwrap_or("bin")
}

/// What goes with a message as it is shown where no file can be sent.
pub fn enclosed_shown(name: &str, copy: &Copied) -> Vec<Line> {
    let lines =
        copy.lines().iter().map(|(label, value)| Line::new().known(label).say(": ").whole(value).indented());
    std::iter::once(Line::ours(format!("[{name}]"))).chain(lines).collect()
}

/// What whoever answers a notice is told, once, in every language: nobody reads that there.
pub fn answered_there() -> Page {
    Page::new().lines(Tongue::ALL.map(|tongue| Line::ours(says(tongue).answered_there)))
}

/// What somebody is told, in clear, who has no device that could read a notice: it says nothing of any.
pub fn verify_first() -> String {
    Tongue::ALL.map(|tongue| says(tongue).verify_first).join("\n")
}

/// What is typed behind a command that tells somebody in a language.
pub fn lang(tongue: Option<Tongue>) -> String {
    tongue.map(|tongue| format!(" lang={}", tongue.code())).unwrap_or_default()
}

/// In which language something is said, where it is not the policy's own.
pub fn in_tongue(tongue: Option<Tongue>) -> Line {
    match tongue {
        None => Line::new(),
        Some(tongue) => Line::ours(format!(", in {}", tongue.name())),
    }
}

/// What docket did to the copy that it made, and what people must see to (rule 25).
pub fn read_the_copy() -> Line {
    Line::ours("read it: docket takes accounts and addresses of others out of it, and no names or numbers")
}
