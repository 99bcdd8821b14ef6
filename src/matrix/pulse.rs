//! Tells the desk from time to time how the room, the homeserver and the machine are, so that whoever asks it hears of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use matrix_sdk::ruma::{OwnedUserId, UserId};
use matrix_sdk::{Client, Room};

use super::desk::DeskHandle;
use super::place::State;
use super::signs::{Sign, Signs};
use super::{doctor, identity};
use crate::case::Account;
use crate::chat::render::{Condition, Finding, PlaceSeen};
use crate::config::Config;
use crate::desk::{Input, Outcome, Stopped};
use crate::disk::free_bytes;
use crate::journal::DataKey;

/// How often the desk is told.
const BEAT: Duration = Duration::from_secs(15);
/// After how many beats the homeserver is asked again; sooner where something was not as it must be.
const ASKED_EVERY: u32 = 20;
const ASKED_SOON: u32 = 2;

/// How long docket's own keys may be looked at.
const LONGEST_LOOK: Duration = Duration::from_secs(10);

/// Whether something is to be looked at again at this beat.
fn is_due(beat: u32, is_well: bool) -> bool {
    beat.is_multiple_of(if is_well { ASKED_EVERY } else { ASKED_SOON })
}

/// What is told of.
pub struct Pulse {
    /// docket's session.
    pub client: Client,
    /// The moderation room.
    pub room: Room,
    /// The desk.
    pub desk: DeskHandle,
    /// What the tasks that work put down.
    pub signs: Arc<Signs>,
    /// What docket works by.
    pub config: Config,
    /// The key of the data.
    pub key: DataKey,
}

impl Pulse {
    /// Tells the desk until the task is ended, or until there is no desk any more.
    pub async fn run(self) -> Result<(), Stopped> {
        let mut beat: u32 = 0;
        let (mut place, mut around): (Option<PlaceSeen>, Vec<Finding>) = (None, Vec::new());
        loop {
            if is_due(beat, place.as_ref().is_some_and(|place| *place == PlaceSeen::default())) {
                place = self.place().await?;
            }
            self.tell(&place, &around).await?;
            if is_due(beat, !around.is_empty() && around.iter().all(|finding| finding.mend.is_none())) {
                let looking = doctor::around(&self.config, &self.key);
                // Where it takes longer, what was found before stands.
                if let Ok(found) = tokio::time::timeout(LONGEST_LOOK, looking).await {
                    around = found;
                    self.tell(&place, &around).await?;
                }
            }
            tokio::time::sleep(BEAT).await;
            beat = beat.wrapping_add(1);
        }
    }

    async fn tell(&self, place: &Option<PlaceSeen>, around: &[Finding]) -> Result<(), Stopped> {
        let Sign { began, heard, read, late } = self.signs.now();
        let condition = Condition {
            began,
            heard,
            read,
            late,
            is_whole: identity::is_whole(&self.client).await.unwrap_or(false),
            place: place.clone(),
            room_on_disk: free_bytes(&self.config.data_dir).ok(),
            around: around.to_vec(),
        };
        self.desk.ask(Input::Condition(Box::new(condition))).await.map(drop)
    }

    /// What there is to see of the room; nothing where the homeserver does not show it now.
    async fn place(&self) -> Result<Option<PlaceSeen>, Stopped> {
        let listed: BTreeSet<OwnedUserId> = match self.desk.ask(Input::Recognised).await? {
            Outcome::Recognised(people) => {
                people.iter().filter_map(|(account, _)| UserId::parse(account.as_str()).ok()).collect()
            }
            _ => BTreeSet::new(),
        };
        let Ok(state) = State::of(&self.client, self.room.room_id()).await else { return Ok(None) };
        let own = self.client.user_id();
        let joined = state.with_membership("join");
        let mut unsigned = Vec::new();
        for person in joined.intersection(&listed) {
            if !self.has_signed_device(person).await {
                unsigned.extend(Account::parse(person.as_str()).ok());
            }
        }
        let absent = listed.difference(&joined).filter_map(|person| Account::parse(person.as_str()).ok());
        let strangers = joined.difference(&listed).filter(|person| Some(person.as_ref()) != own).count();
        Ok(Some(PlaceSeen {
            flaws: state.flaws().into_iter().map(|flaw| flaw.sentence().to_owned()).collect(),
            absent: absent.collect(),
            strangers,
            unsigned,
        }))
    }

    async fn has_signed_device(&self, person: &UserId) -> bool {
        let devices = self.client.encryption().get_user_devices(person).await;
        devices.is_ok_and(|devices| devices.devices().any(|device| device.is_cross_signed_by_owner()))
    }
}
