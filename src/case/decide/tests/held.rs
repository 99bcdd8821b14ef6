//! When a desk is held, by what docket said in the room itself.

use chrono::{DateTime, TimeDelta, Utc};

use super::given::*;
use crate::case::decide::held::{Here, Says, SeenPost, Stand, held, news};
use crate::case::*;

const OPENED: u64 = 811;

fn at(minutes: i64) -> DateTime<Utc> {
    now() + TimeDelta::minutes(minutes)
}

fn stand() -> Stand {
    Stand { opened: OPENED, last: Some(now()), moved: false }
}

/// A post so many minutes after the last record.
fn post(minutes: i64, seq: u64, here: Here, own: bool) -> SeenPost {
    SeenPost { at: at(minutes), says: Says::Head { seq, here, own } }
}

fn why(posts: &[SeenPost], stand: Stand) -> Option<HeldWhy> {
    held(posts, stand).map(|held| held.why)
}

#[test]
fn a_journal_that_has_what_docket_said_last_is_not_held() {
    assert_eq!(held(&[], stand()), None, "a room in which docket has said nothing");
    assert_eq!(held(&[post(1, 811, Here::Same, true), post(0, 810, Here::Same, true)], stand()), None);
    // A stop between the record and what was said of it leaves the journal ahead.
    assert_eq!(held(&[post(0, 700, Here::Same, true)], stand()), None);
}

#[test]
fn what_is_missing_is_named_up_to_the_last_that_the_room_tells_of() {
    let posts = [
        post(9, 840, Here::Nothing, true),
        post(8, 839, Here::Nothing, true),
        post(2, 811, Here::Same, true),
    ];
    let found = held(&posts, stand()).unwrap();
    let expected = HeldMode { why: HeldWhy::Behind, missing: Some((812, 840)), seen: Some(at(9)) };
    assert_eq!(found, expected);
    // docket has written since, in the place of what was there.
    let forked = [post(9, 840, Here::Nothing, true), post(3, 809, Here::Other, true)];
    assert_eq!(held(&forked, stand()).unwrap().missing, Some((809, 840)));
    let other = held(&[post(3, 809, Here::Other, true)], stand()).unwrap();
    assert_eq!((other.why, other.missing), (HeldWhy::Otherwise, Some((809, 809))));
}

#[test]
fn what_docket_can_account_for_settles_all_before_it() {
    // Two people went on without 812 to 840, and docket has spoken since.
    let posts = [post(20, 813, Here::Same, true), post(9, 840, Here::Nothing, true)];
    assert_eq!(held(&posts, stand()), None);
    // What another directory said settles nothing.
    let posts = [post(20, 811, Here::Same, false), post(9, 840, Here::Nothing, true)];
    assert_eq!(why(&posts, stand()), Some(HeldWhy::Behind));
}

#[test]
fn another_docket_and_another_directory_hold_it_though_nothing_is_missing() {
    assert_eq!(why(&[post(1, 811, Here::Same, false)], stand()), Some(HeldWhy::Elsewhere));
    let moved = Stand { moved: true, ..stand() };
    assert_eq!(held(&[], moved).unwrap(), HeldMode { why: HeldWhy::Restored, missing: None, seen: None });
    assert_eq!(why(&[post(1, 840, Here::Nothing, false)], moved), Some(HeldWhy::Behind), "that says more");
}

#[test]
fn what_this_device_said_and_cannot_read_tells_of_a_restored_disk_unless_it_is_of_the_last_minutes() {
    let unread = |minutes| SeenPost { at: at(minutes), says: Says::Unreadable };
    assert_eq!(why(&[unread(11)], stand()), Some(HeldWhy::Unreadable));
    assert_eq!(why(&[unread(10)], stand()), None, "a power cut takes so much");
    assert_eq!(why(&[post(30, 811, Here::Same, true), unread(11)], stand()), None, "docket has looked since");
}

#[test]
fn what_is_found_again_says_nothing_new_unless_more_is_missing() {
    let mode = |missing| HeldMode { why: HeldWhy::Behind, missing, seen: None };
    let before = mode(Some((812, 840)));
    assert_eq!(news(mode(Some((812, 840))), None), Some(before.clone()));
    assert_eq!(news(mode(Some((814, 840))), Some(&before)), None);
    assert_eq!(news(mode(None), Some(&before)), None);
    // The records of the hold itself stand where others were.
    assert_eq!(news(mode(Some((814, 851))), Some(&before)), Some(mode(Some((812, 851)))));
}

/// Every order in which posts of this journal, of a longer past and of others can stand.
#[test]
fn a_desk_is_held_exactly_if_something_newer_than_its_own_last_word_is_not_its_own() {
    let kinds = [
        post(60, 811, Here::Same, true),
        post(60, 811, Here::Same, false),
        post(60, 840, Here::Nothing, true),
        post(60, 809, Here::Other, true),
        SeenPost { at: at(60), says: Says::Unreadable },
    ];
    for number in 0..kinds.len().pow(4) {
        let posts: Vec<SeenPost> =
            (0..4).map(|place| kinds[number / kinds.len().pow(place) % kinds.len()]).collect();
        let newest_own = posts.iter().position(|post| *post == kinds[0]);
        assert_eq!(held(&posts, stand()).is_some(), newest_own != Some(0), "{posts:?}");
        let settled = &posts[..newest_own.unwrap_or(posts.len())];
        let is_missing = settled.contains(&kinds[2]);
        let found = held(&posts, stand()).and_then(|held| held.missing).map(|(_, last)| last);
        assert_eq!(found == Some(840), is_missing, "{posts:?}");
    }
}
