//! A line that breaks, and a homeserver that cannot keep up: every command is carried out once and answered once, in order.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::behind::{Behind, behind_a_proxy, is_sent, too_many};
use crate::person::Person;
use crate::proxy::Rule;
use crate::wire;

/// What docket asks for on the way of a command: its answer, what is new, the message under its id, what was missed, keys.
const WAYS: [(&str, &str); 4] =
    [("PUT", "/send/"), ("GET", "/sync"), ("GET", "/event/"), ("GET", "/messages")];

/// More often than the library tries by itself, so that docket must try again too.
const TIMES: usize = 4;

/// Whatever happens to each of them, with commands meanwhile.
async fn all_is_answered_though(
    what: &str,
    ways: &[(&'static str, &'static str)],
    happens: impl Fn(&Behind, &'static str, &'static str) -> Arc<Rule>,
) {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    let (mut notes, mut asked) = (Vec::new(), Vec::new());
    for (method, part) in ways.iter().copied() {
        let rule = happens(&behind, method, part);
        if part == "/messages" {
            // It is paged only after a fault.
            behind.proxy.cuts_before("GET", "/sync", TIMES);
        }
        for n in 0..3 {
            let note = format!("{what}-{}-{n}.", part.trim_matches('/'));
            asked.push(behind.says(&format!("!case note 1 {note}")).await.to_string());
            notes.push(note);
        }
        rule.is_over().await;
        behind.proxy.is_honest();
    }
    behind.is_answered("C-2").await;
    running.stop().await;

    behind.stand_once_in_order(&notes).await;
    let mut answered = behind.answered().await;
    answered.retain(|id| asked.contains(id));
    assert_eq!(answered, asked, "each is answered once, in order");
    behind.nothing_left_in_clear(&[what]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_has_too_much_to_do_is_given_the_time_it_asks_for() {
    all_is_answered_though("busy", &WAYS, |behind, method, part| {
        behind.proxy.answers(method, part, TIMES, 429, too_many(300))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_without_a_homeserver_behind_it_loses_and_doubles_nothing() {
    all_is_answered_though("gateway", &WAYS, |behind, method, part| {
        behind.proxy.answers(method, part, TIMES, 502, json!("<html>Bad Gateway</html>"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_before_the_homeserver_heard_loses_and_doubles_nothing() {
    all_is_answered_though("unheard", &WAYS, |behind, method, part| {
        behind.proxy.cuts_before(method, part, TIMES)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_after_the_homeserver_did_it_loses_and_doubles_nothing() {
    all_is_answered_though("done", &WAYS, |behind, method, part| {
        behind.proxy.cuts_after(method, part, TIMES)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_homeserver_loses_and_doubles_nothing() {
    let by = Duration::from_millis(700);
    all_is_answered_though("slow", &WAYS, |behind, method, part| behind.proxy.slows(method, part, 1, by))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_talks_nonsense_loses_and_doubles_nothing() {
    // What it makes of one message its sender hears: see `hostile`.
    let ways = [WAYS[0], WAYS[1], WAYS[3]];
    all_is_answered_though("nonsense", &ways, |behind, method, part| {
        // The library does not try that again.
        behind.proxy.answers(method, part, 2, 200, json!([]))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_the_homeserver_took_and_docket_never_heard_of_stands_in_the_room_once() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    let lost = behind.proxy.cuts_after("PUT", "/send/", crate::proxy::ALWAYS);
    let asked = behind.says("!case note 1 only once.").await.to_string();
    let read = behind.says("!case show 1").await.to_string();
    lost.happens(3).await;
    // Not even a kill in between makes two of it.
    running.kill();
    behind.proxy.is_honest();
    let running = behind.docket.run().await;
    behind.is_answered("C-2").await;
    running.stop().await;

    behind.stand_once_in_order(&["only once.".to_owned()]).await;
    let answered = behind.answered().await;
    assert_eq!(answered.iter().filter(|id| **id == asked).count(), 1);
    assert_eq!(answered.iter().filter(|id| **id == read).count(), 1);
    let tries: Vec<_> = behind.proxy.asked().into_iter().filter(is_sent).collect();
    assert!(
        tries.len() > tries.iter().map(|sent| &sent.path).collect::<std::collections::BTreeSet<_>>().len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_five_hundred_messages_in_a_gap_all_fifty_commands_are_answered_in_order() {
    let (ben, cy) = (Person::new("ben").await, Person::new("cy").await);
    let (mut behind, running) = behind_a_proxy(&[&ben, &cy]).await;
    let (held, syncs) = behind.proxy.holds("GET", "/sync");
    let mut notes = Vec::new();
    let mut asked = Vec::new();
    let chat = async |who: &Person| {
        who.sync().await;
        let room = who.client.get_room(behind.room.room_id()).unwrap();
        for n in 0..225 {
            who.say(&room, &format!("talk {n} among people")).await;
        }
    };
    let commands = async {
        for n in 0..50 {
            let note = format!("note {n} of fifty.");
            asked.push(behind.says(&format!("!case note 1 {note}")).await.to_string());
            notes.push(note);
        }
    };
    tokio::join!(chat(&ben), chat(&cy), commands);
    syncs.happens(1).await;
    drop(held);
    behind.is_answered("C-2").await;
    running.stop().await;

    behind.stand_once_in_order(&notes).await;
    let mut answered = behind.answered().await;
    answered.retain(|id| asked.contains(id));
    assert_eq!(answered, asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_the_homeserver_has_ended_ends_docket_with_the_way_out() {
    let (behind, running) = behind_a_proxy(&[]).await;
    wire::call("POST", "logout", Some(&behind.proxy.token()), &json!({})).await;

    let (is_well, log) = running.ends().await;

    let way_out = "does not know docket's session any more: move session and store out of data_dir/matrix";
    assert!(!is_well && log.contains(way_out), "{log}");
    // Nor does it start again without a word, or say anything else.
    let (is_well, said) = behind.docket.command("run", &[]).await;
    assert!(!is_well && said.contains(way_out), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_homeserver_that_is_away_when_docket_starts_is_waited_for() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    running.stop().await;
    behind.says("!case note 1 while both were down.").await;
    let away = behind.proxy.answers("GET", "/", 3, 502, json!("<html>Bad Gateway</html>"));
    let cut = behind.proxy.cuts_before("GET", "/", 3);
    let running = behind.docket.run().await;
    assert_eq!((away.times(), cut.times()), (3, 3));
    behind.is_answered("C-2").await;
    running.stop().await;
    behind.stand_once_in_order(&["while both were down.".to_owned()]).await;
}
