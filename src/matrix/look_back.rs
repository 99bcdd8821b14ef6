//! At a start, before anything is handled or sent: what docket said last in its room, for the desk to hold against its journal.

use std::time::Duration;

use anyhow::Context;
use matrix_sdk::{Client, Room};

use super::desk::DeskHandle;
use super::fault::{passes, with_way_out};
use super::mark::{Numbers, OwnPosts, Stand, look_back};
use crate::desk::{Input, Looked, Outcome, OwnWord, Post};
use crate::ops::failpoint::{Point, reach};

/// How many pages of the room are looked through at most, until a post is found that can be read.
const MOST_PAGES: usize = 5;
/// How long to wait where the homeserver does not answer, at first and at most.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Looks back, and tells the desk; what it says of that is the first to be sent.
pub async fn at_the_start(
    client: &Client,
    room: &Room,
    desk: &DeskHandle,
    numbers: &Numbers,
) -> anyhow::Result<Vec<Post>> {
    let own = client.user_id().context("docket is not logged in")?;
    let device = client.device_id().context("docket is not logged in")?;
    let mut wait = FIRST_WAIT;
    let is_found = |found: &OwnPosts| found.posts.iter().any(|post| post.mark.stand.is_some());
    let found = loop {
        match look_back(room, own, MOST_PAGES, is_found).await {
            Ok(found) => break found,
            Err(fault) => {
                let fault = anyhow::Error::from(fault);
                if !passes(&fault) {
                    return Err(with_way_out(fault));
                }
                tracing::warn!("what docket said last cannot be looked for: {fault:#}; trying again");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    };
    if found.unreadable > 0 && !is_found(&found) {
        tracing::warn!(
            "of what docket said in the room before, nothing can be read by this device: how much was on record then is not known here"
        );
    }
    let stands = found.posts.iter().filter_map(|post| post.mark.stand.as_ref());
    stands.for_each(|stand| numbers.go_on_behind(stand.n));
    let looked =
        Looked { instance: Some(numbers.instance().to_owned()), own: words(&found, device.as_str()) };
    let outcome = desk.ask(Input::Looked(Box::new(looked))).await?;
    reach(Point::LookedBack);
    Ok(match outcome {
        Outcome::Posts(posts) => posts,
        _ => Vec::new(),
    })
}

/// What was found, newest first, as the desk takes it: posts with a mark, and what this very device sent and cannot read.
fn words(found: &OwnPosts, device: &str) -> Vec<OwnWord> {
    let unread = |newer: usize| {
        let own = found.unread.iter().filter(move |post| post.newer == newer && post.device == device);
        own.map(|post| OwnWord::Unreadable { at: post.at })
    };
    let mut words = Vec::new();
    for (n, post) in found.posts.iter().enumerate() {
        words.extend(unread(n));
        words.extend(post.mark.stand.as_ref().map(|Stand { head, instance, .. }| OwnWord::Head {
            at: post.at,
            head: *head,
            instance: instance.clone(),
        }));
    }
    words.extend(unread(found.posts.len()));
    words
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::super::mark::{Mark, OwnPost, UnreadPost};
    use super::*;
    use crate::ports::{Hash, Head, Seq};

    #[test]
    fn what_cannot_be_read_stands_between_what_can_in_its_order_and_only_if_it_is_of_this_device() {
        let at = |minutes| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let head = Head { seq: Seq(7), hash: Hash([1; 32]) };
        let post = |minutes, stand| OwnPost {
            id: "$post".to_owned(),
            at: at(minutes),
            mark: Mark { txn: "t".to_owned(), stand },
        };
        let numbers = Numbers::new("here".to_owned(), 0);
        let found = OwnPosts {
            posts: vec![post(8, Some(numbers.next(head))), post(5, None), post(2, Some(numbers.next(head)))],
            unreadable: 3,
            unread: [(9, "ours", 0), (4, "another", 2), (1, "ours", 3)]
                .map(|(minutes, device, newer)| UnreadPost {
                    at: at(minutes),
                    device: device.to_owned(),
                    newer,
                })
                .to_vec(),
            answers: Vec::new(),
        };
        let said = |minutes| OwnWord::Head { at: at(minutes), head, instance: "here".to_owned() };
        let unread = |minutes| OwnWord::Unreadable { at: at(minutes) };
        assert_eq!(words(&found, "ours"), [unread(9), said(8), said(2), unread(1)]);
    }
}
