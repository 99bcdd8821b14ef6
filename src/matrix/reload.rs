//! The list of people is read again while docket runs, when somebody says so by SIGHUP. Everything else of the configuration counts from
//! the next start.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use matrix_sdk::{Client, Room};
use tokio::signal::unix::Signal;
use tokio::sync::mpsc::UnboundedSender;

use super::desk::DeskHandle;
use super::outbound::{NothingSent, Out, put};
use super::people::{self, Look};
use super::watch::Watch;
use super::{place, setup};
use crate::config::{Config, ConfigFault};
use crate::desk::{Input, Outcome, Stopped};
use crate::ops::failpoint::{Point, reach};

/// How long to wait before the room is looked at once more.
const BEFORE_THE_NEXT: Duration = Duration::from_secs(5);

/// Reads the list of people again.
pub struct Reload {
    /// The configuration's file.
    pub file: PathBuf,
    /// docket's session.
    pub client: Client,
    /// The moderation room.
    pub room: Room,
    /// The desk.
    pub desk: DeskHandle,
    /// Where what it has to say goes.
    pub out: UnboundedSender<Out>,
    /// Who looks at the room.
    pub watch: Arc<Watch>,
}

/// The input that puts the people of a configuration in force.
pub fn people_of(config: &Config) -> Input {
    Input::People(config.people.iter().map(|listed| listed.person.clone()).collect(), config.named())
}

impl Reload {
    /// Reads it whenever it is told to, until the desk has stopped.
    pub async fn run(self, mut hangup: Signal) -> anyhow::Result<()> {
        while hangup.recv().await.is_some() {
            reach(Point::ReloadHeard);
            match Config::load(&self.file) {
                Ok(config) => self.take(&config).await?,
                Err(fault) => {
                    log(&fault);
                    self.say(Input::Misconfigured).await?;
                }
            }
        }
        Ok(())
    }

    async fn take(&self, config: &Config) -> anyhow::Result<()> {
        // Until it is known who is still to read what is said, nothing is. A look that began before may say otherwise when it ends, so
        // what there is to say waits here, and nothing is let go again before each try.
        self.watch.hold_back();
        let Outcome::Posts(said) = self.desk.ask(people_of(config)).await? else { return Ok(()) };
        reach(Point::ReloadTaken);
        tracing::info!("the list of people was read again");
        self.watch.hold_back();
        let posts = people::look(&self.client, &self.room, &self.desk, Look::Known).await?.posts;
        // Whoever left it goes, and whoever came is asked in.
        while let Err(fault) = self.watch.look(Look::Ask).await {
            self.watch.hold_back();
            if fault.chain().any(|cause| cause.is::<Stopped>() || cause.is::<NothingSent>()) {
                return Err(fault);
            }
            tracing::warn!("the room could not be looked at, so nothing is said: {fault}; trying again");
            tokio::time::sleep(BEFORE_THE_NEXT).await;
        }
        reach(Point::ReloadLooked);
        put(&self.out, said, None)?;
        put(&self.out, posts, None)?;
        reach(Point::ReloadSaid);
        if self.invite(config).await.is_err() {
            tracing::warn!("who is missing in the room is not known, so nobody was invited");
        }
        Ok(())
    }

    async fn invite(&self, config: &Config) -> anyhow::Result<()> {
        let Some(own) = self.client.user_id() else { return Ok(()) };
        for (_, invited) in place::invite(&self.client, &self.room, &setup::people(config, own)?).await? {
            match invited {
                Ok(()) => tracing::info!("somebody was invited"),
                Err(fault) => tracing::warn!("somebody could not be invited: {fault}"),
            }
        }
        Ok(())
    }

    async fn say(&self, input: Input) -> anyhow::Result<()> {
        match self.desk.ask(input).await? {
            Outcome::Posts(posts) => Ok(put(&self.out, posts, None)?),
            _ => Ok(()),
        }
    }
}

/// Where the mistakes are; what stands there names people.
fn log(fault: &ConfigFault) {
    match fault {
        ConfigFault::Unread { fault, .. } => {
            tracing::error!(
                "the configuration cannot be read again: {}; what was in force stays",
                fault.kind()
            );
        }
        ConfigFault::Wrong { mistakes, .. } => {
            let at: Vec<String> = mistakes.iter().map(|mistake| mistake.place.to_string()).collect();
            let at = at.join(", ");
            tracing::error!("the configuration has mistakes at {at}; what was in force stays");
        }
    }
}
