//! Many commands at once: they are fetched before their turn, several at once, and carried out in order as if they were not.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use matrix_sdk::ruma::OwnedEventId;

use crate::behind::{Behind, behind_a_proxy};
use crate::proxy::Held;

/// How many are sent at once.
const MANY: usize = 30;
/// How many are asked for at once at most.
const AT_ONCE: usize = 4;
/// Longer than that counts which was fetched before its turn.
const STALE: Duration = Duration::from_millis(700);
/// How long it is waited for what docket must ask for.
const PATIENCE: Duration = Duration::from_secs(60);

/// Notes that docket sees all at once, as soon as what is given back is gone.
async fn many(behind: &Behind, what: &str) -> (Held, Vec<OwnedEventId>, Vec<String>) {
    let (held, syncs) = behind.proxy.holds("GET", "/sync");
    let (mut ids, mut notes) = (Vec::new(), Vec::new());
    for n in 0..MANY {
        let note = format!("{what} {n} of many.");
        ids.push(behind.says(&format!("!case note 1 {note}")).await);
        notes.push(note);
    }
    syncs.happens(1).await;
    (held, ids, notes)
}

/// A message in the path of a request: the sign that its id begins with may be written in two ways there.
fn path(id: &OwnedEventId) -> String {
    id.as_str().trim_start_matches('$').to_owned()
}

/// Which of them docket has asked for by now.
fn asked_for(behind: &Behind, ids: &[OwnedEventId]) -> BTreeSet<usize> {
    let asked = behind.proxy.asked();
    let is_asked_for = |id: &OwnedEventId| asked.iter().any(|asked| asked.path.contains(&path(id)));
    (0..ids.len()).filter(|n| is_asked_for(&ids[*n])).collect()
}

/// All but some of them are answered once, in order, and stand on record so; the others nowhere.
async fn all_are_done_but(behind: &Behind, ids: &[OwnedEventId], notes: &[String], but: &[usize]) {
    let left: Vec<usize> = (0..MANY).filter(|n| !but.contains(n)).collect();
    behind.stand_once_in_order(&left.iter().map(|n| notes[*n].clone()).collect::<Vec<_>>()).await;
    let exported = behind.docket.export().await;
    assert!(but.iter().all(|n| !exported.contains(&notes[*n])), "what was taken back was carried out");
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut answered = behind.answered().await;
    answered.retain(|id| ids.contains(id));
    assert_eq!(answered, left.iter().map(|n| ids[*n].clone()).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_before_its_turn_is_not_done_though_it_was_fetched_already() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    let (held, ids, notes) = many(&behind, "ahead").await;
    let (first, _) = behind.proxy.holds("GET", &path(&ids[0]));
    drop(held);
    // All wait for the first; those whose turn is near are fetched meanwhile, and no others.
    let given_up = Instant::now() + PATIENCE;
    while asked_for(&behind, &ids).len() < AT_ONCE {
        assert!(Instant::now() < given_up, "docket asked for {:?}", asked_for(&behind, &ids));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    behind.ada.sync().await;
    behind.room.redact(&ids[3], None, None).await.unwrap();
    behind.room.redact(&ids[20], None, None).await.unwrap();
    // What is waited for is this very time.
    tokio::time::sleep(STALE).await;
    assert_eq!(asked_for(&behind, &ids), (0..AT_ONCE).collect());
    behind.proxy.is_honest();
    drop(first);
    behind.is_answered("C-2").await;
    running.stop().await;

    all_are_done_but(&behind, &ids, &notes, &[3, 20]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_cannot_be_fetched_is_waited_for_and_those_behind_it_keep_their_turn() {
    let (mut behind, running) = behind_a_proxy(&[]).await;
    let (held, ids, notes) = many(&behind, "broken").await;
    // More often than the library tries by itself.
    let cut = behind.proxy.cuts_before("GET", &path(&ids[4]), 4);
    drop(held);
    cut.is_over().await;
    behind.proxy.is_honest();
    behind.is_answered("C-2").await;
    running.stop().await;

    all_are_done_but(&behind, &ids, &notes, &[]).await;
}
