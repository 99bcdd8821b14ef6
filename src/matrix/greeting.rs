//! The first words in a room: said once somebody who can read them is there, and once in all. Whoever is not in the room yet could never
//! read what was said before they came.

use matrix_sdk::{Client, Room, RoomMemberships};

use super::keep::{Keep, KeepFault};
use super::people::{self, Recognised};
use super::setup::{KeptRoom, ROOM};
use crate::case::Account;
use crate::chat::text;
use crate::desk::{Post, PostKind};
use crate::ops::OsEntropy;
use crate::ops::failpoint::{Point, reach};

/// The greeting, unless it was said. `prefix` is what commands begin with.
pub fn greeting(keep: &Keep, prefix: &str) -> Result<Option<Post>, KeepFault> {
    let kept = keep.get::<KeptRoom>(ROOM)?.filter(|kept| !kept.greeted);
    // Always under the same id, so that a stop before it is kept that it was said leaves one.
    Ok(kept
        .map(|kept| Post::new(format!("greeting-{}", kept.nonce), PostKind::Reply, text::greeting(prefix))))
}

/// Remembers that it was said.
pub fn greeted(keep: &Keep) -> Result<(), KeepFault> {
    if let Some(mut kept) = keep.get::<KeptRoom>(ROOM)? {
        kept.greeted = true;
        keep.put(ROOM, &kept, &mut OsEntropy)?;
        reach(Point::GreetingKept);
    }
    Ok(())
}

/// Whether somebody is in the room to whom docket gives keys.
pub async fn is_somebody_there(
    client: &Client,
    room: &Room,
    recognised: &Recognised,
) -> anyhow::Result<bool> {
    for member in room.members_no_sync(RoomMemberships::JOIN).await? {
        let account = Account::parse(member.user_id().as_str()).ok();
        let key = account.and_then(|account| recognised.get(&account).cloned().flatten());
        if let Some(key) = key
            && people::is_recognised(client, member.user_id(), &key).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}
