//! Every verb once, typed as moderators would type it, over the life of some cases.

use std::collections::BTreeSet;

use docket::chat::{LATER, VERBS};
use matrix_sdk::Room;
use matrix_sdk::ruma::OwnedEventId;

use crate::docket::{Docket, room_of};
use crate::files::{post, reply};
use crate::person::{self, Person};

const REQUEST: &str = "Request: information\nAgency: Metropolitan Police Service\nOfficer: DI Jane Roe\n\
Email: jane.roe@met.police.uk\nJurisdiction: GB\nInstrument: search warrant 2026-7\nAccounts: @alice:docket.test\n\
Data: account, messages\nPurpose: fraud\nReference: OP-7";

/// Who types what, and words that only the right answer has in it. `CODE` is the last one that somebody was asked to approve by; for
/// each of ADA, BEN and CY stands the account, for KEY what ben reads out, for SOON a day to come.
const LINES: &[(&str, &str, &str)] = &[
    ("ada", "help", "!case assign <id> @who|me|nobody"),
    ("ada", "form preservation", "preservation: keep records until an order comes. Copy, fill in, send"),
    ("ada", "policy preservation", "preservation"),
    ("ada", "people", "CY"),
    ("ada", "health", "outbox"),
    ("ada", "unreadable", "Nothing is unreadable"),
    ("ada", "trust BEN KEY", "BEN is vouched for"),
    ("ada", REQUEST, "C-1 opened: information · received"),
    ("ada", "show 1", "C-1 · information · received"),
    ("ada", "check 1", "✗ instrument is not verified"),
    ("ada", "next 1", "Then: check the order"),
    ("ada", "letter 1 ack", "We received your request OP-7"),
    ("ada", "sent 1 ack via=mail", "C-1 · letter ack sent by mail"),
    ("ada", "ask 1", "To go on with it we need"),
    ("ada", "assign 1 me", "C-1 · now with ADA"),
    ("ada", "set 1 reference=OP-7b", "C-1 · Reference is now OP-7b"),
    ("ben", "note 1 spoke to the desk sergeant", "C-1 · note added"),
    ("ben", "undo 1", "C-1 · took back: note added"),
    ("ada", "tag 1 +fraud", "C-1 · tags +fraud"),
    ("ada", "attach 1 as=instrument", "file attached as instrument"),
    (
        "ada",
        "verify 1 requester number=\"020 7946 0100\" how=\"the switchboard put me through\"",
        "C-1 · requester verified by ADA",
    ),
    ("ada", "verify 1 instrument how=\"the court office confirmed it\"", "C-1 · instrument verified by ADA"),
    (
        "ada",
        "scope 1 refuse messages reason=\"end-to-end encrypted\"",
        "C-1 · messages is refused: end-to-end encrypted",
    ),
    ("ada", "gag 1 open by=\"Southwark Crown Court\"", "C-1 · gag ordered by Southwark Crown Court"),
    ("ada", "notify 1 preview", "@alice:docket.test · may not be told: C-1 is under a gag"),
    ("ada", "cost 1 120 GBP two hours of counsel", "C-1 · cost 120.00 GBP: two hours of counsel"),
    ("ada", "answer 1 part", "C-1 · not done yet, for it takes two people: answered in part"),
    ("ben", "pending", "C-1 · answered in part"),
    ("ben", "approve CODE", "C-1 · approved ("),
    ("ben", "deny 1 reason=\"not before counsel has seen it\"", "C-1 · denied ("),
    ("ada", "log 1", "messages is refused: end-to-end encrypted"),
    (
        "ben",
        "new preservation agency=\"Metropolitan Police Service\" accounts=@bob:docket.test",
        "C-2 opened: preservation",
    ),
    ("ben", "hold 2 start", "C-2 · hold started: from"),
    ("ben", "conflicts @bob:docket.test", "@bob:docket.test is named in one case"),
    (
        "ada",
        "new subject right=access accounts=@carol:docket.test email=carol@example.org",
        "C-3 opened: subject",
    ),
    (
        "ada",
        "extend 3 answer 1 month reason=\"many and complex requests\"",
        "C-3 · clock answer extended by 1 month",
    ),
    ("ada", "new terms spam in our lobby", "C-4 opened: terms"),
    ("ada", "new terms the same spam again", "C-5 opened: terms"),
    ("ada", "link 5 4 as=duplicate", "C-5 · a duplicate of C-4"),
    ("ada", "refuse 4 reason=no-breach", "C-4 · refused (no-breach)"),
    ("ada", "new information agency=\"Polizei Berlin\" jurisdiction=DE", "C-6 opened: information"),
    ("ada", "redirect 6 mlat", "C-6 · redirected to mutual legal assistance"),
    ("ada", "new other a question", "C-7 opened: other"),
    ("ada", "withdraw 7 she found it herself", "C-7 · withdrawn by the requester: she found it herself"),
    ("ada", "close 7", "C-7 · closed"),
    ("ada", "reopen 7 she asks after all", "C-7 · reopened: she asks after all"),
    (
        "ada",
        "new emergency agency=\"Metropolitan Police Service\" accounts=@dan:docket.test received=2025-01-10",
        "C-8 opened: emergency",
    ),
    ("ada", "seen 8", "C-8 · reminders seen: emergency"),
    ("ada", "snooze 3 1d", "C-3 · snoozed until"),
    ("ada", "attest 8 reason=\"the threat names a time\"", "it takes two people: somebody is in danger"),
    ("ada", "list emergency", "C-8 · emergency"),
    ("ada", "find OP-7b", "C-1 · information"),
    ("ada", "due", "C-8"),
    ("ada", "mine", "C-1 · information"),
    ("ada", "brief", "what waits: emergencies, then the nearest first"),
    ("ada", "handover ADA BEN", "1 open case of ADA now with BEN"),
    ("ada", "report 2026H2", "Report 2026H2"),
    (
        "ada",
        "directory add Essex Police phone=\"+44 1632 960300\" source=\"met their liaison\"",
        "it takes two people: add to the directory Essex Police",
    ),
    ("ben", "approve CODE", "added Essex Police: +44 1632 960300"),
    ("ada", "directory find essex", "Essex Police – +44 1632 960300"),
    ("ada", "freeze CY", "CY is frozen and only reads, from now on"),
    ("ada", "resume CY", "it takes two people: give CY their authority back"),
    ("ben", "approve CODE", "CY is frozen no longer"),
    // The forms of a verb that do something of their own.
    ("ada", "hold 2 extend", "Not done: a new request must be on file first"),
    ("ada", "hold 2 release", "it takes two people: the hold is released"),
    ("ben", "approve CODE", "C-2 · approved ("),
    ("ada", "gag 1 until=SOON by=\"Southwark Crown Court\"", "it takes two people: the gag ends with"),
    ("ben", "approve CODE", "C-1 · approved ("),
    (
        "ada",
        "gag 1 lift by=\"Southwark Crown Court\"",
        "it takes two people: what binds here to silence is lifted",
    ),
    (
        "ben",
        "notify 1 withhold @alice:docket.test reason=life review=30d",
        "the notice is withheld from @alice",
    ),
    ("ben", "notify 1 waive reason=\"nobody is there\"", "the notice is given up for good"),
    ("ben", "notify 1 send", "Not done: "),
    ("ada", "policy 1", "C-1 · under the policy of today, matrix-org/"),
    ("ada", "policy 1 adopt", "the policy of today"),
    ("ben", "freeze me", "BEN is frozen and only reads, from now on"),
];

/// So many are typed before anybody reads the answers.
const AT_ONCE: usize = 10;

/// The verb of a line; none where it is a whole request.
fn verb(line: &str) -> Option<&str> {
    line.split(' ').next().filter(|verb| !verb.starts_with("Request:"))
}

#[test]
fn every_verb_that_there_is_stands_among_the_lines() {
    let typed: BTreeSet<&str> = LINES.iter().filter_map(|(_, line, _)| verb(line)).collect();
    let known: BTreeSet<&str> = VERBS.iter().map(|verb| verb.name).collect();
    assert_eq!(typed, known);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verb_is_typed_once_and_answered_as_it_should_be() {
    let (mut ada, mut ben) = (Person::new("ada").await, Person::new("ben").await);
    let cy = person::register(&person::name("cy")).await;
    let docket = Docket::new(&[&ada.id, &ben.id, &cy]).await;
    docket.confirm(&ada).await;
    let id = room_of(&docket.set_up().await);
    let (room, his) = (ada.join(&id).await, ben.join(&id).await);
    let running = docket.run().await;
    ada.sync().await;
    ben.sync().await;
    let key = ben.fingerprint().await;
    let soon = (chrono::Utc::now() + chrono::TimeDelta::days(60)).format("%Y-%m-%d").to_string();
    let names = [
        ("ADA", ada.id.as_str()),
        ("BEN", ben.id.as_str()),
        ("CY", cy.as_str()),
        ("KEY", &*key),
        ("SOON", &*soon),
    ];
    let names = names.map(|(name, is)| (name, is.to_owned()));
    let filled = |text: &str| names.iter().fold(text.to_owned(), |text, (name, is)| text.replace(name, is));

    let mut code = String::new();
    let mut asked: Vec<(OwnedEventId, String, String)> = Vec::new();
    for (who, line, words) in LINES {
        if line.contains("CODE") || asked.len() == AT_ONCE {
            answers(&mut ada, &room, &mut asked, &mut code).await;
        }
        let line = filled(line).replace("CODE", &code);
        let text = if verb(&line).is_some() { format!("!case {line}") } else { line };
        let sent = match verb(text.trim_start_matches("!case ")) {
            Some("attach") => {
                let posted = post(&ada, &room, "order.txt", b"In the Crown Court at Southwark").await;
                reply(&ada, &room, &posted, &text).await
            }
            Some("seen") => {
                // It can be seen once it was said: at the next look at what is due, within a minute.
                let reminder = ben.hears(&his, "C-8 · overdue since").await;
                assert_eq!(reminder.content["m.relates_to"]["rel_type"], "m.thread", "below its card");
                ada.say(&room, &text).await
            }
            _ if *who == "ben" => ben.say(&his, &text).await,
            _ => ada.say(&room, &text).await,
        };
        asked.push((sent, text, filled(words)));
    }
    answers(&mut ada, &room, &mut asked, &mut code).await;
    for later in LATER {
        let (text, words) =
            (format!("!case {} 1", later.name), "is not in this version yet. It will ".to_owned());
        asked.push((ada.say(&room, &text).await, text, words));
    }
    answers(&mut ada, &room, &mut asked, &mut code).await;
    running.stop().await;
}

/// Reads the answers to what was asked, in that order; the last code among them is kept.
async fn answers(
    ada: &mut Person,
    room: &Room,
    asked: &mut Vec<(OwnedEventId, String, String)>,
    code: &mut String,
) {
    for (id, text, words) in asked.drain(..) {
        let said = ada.hears_of(room, &id).await.text;
        assert!(said.contains(&words), "{words:?} is not in the answer to {text}:\n{said}");
        if let Some((_, rest)) = said.split_once("approves with !case approve ") {
            *code = rest.split(" until").next().unwrap().to_owned();
        }
    }
}
