//! Messages on record that could not be read: they are looked for whenever there may be something new to read them by. What becomes of
//! one that can be read now, the desk knows.

use std::collections::BTreeSet;

use matrix_sdk::deserialized_responses::TimelineEvent;

use super::handing_in::event;
use super::hearing::{Heard, heard};
use super::inbound::{Ear, Inbound};
use super::outbound::{NothingSent, Out};
use crate::case::{Flaw, Unread};
use crate::desk::{Input, Outcome, Reading};
use crate::ops::failpoint::{Point, reach};

/// What is looked for.
pub struct Late {
    unread: Vec<Unread>,
    /// What was handled since docket started, whether or not the desk has put that down.
    done: BTreeSet<String>,
    /// Whether the desk may know of others by now.
    is_stale: bool,
    /// Whether keys may have come since.
    has_keys: bool,
}

impl Default for Late {
    /// At a start nobody knows what came meanwhile.
    fn default() -> Late {
        Late { unread: Vec::new(), done: BTreeSet::new(), is_stale: true, has_keys: true }
    }
}

impl Late {
    /// Something could not be read.
    pub(super) fn more(&mut self) {
        self.is_stale = true;
    }

    /// Keys may have come.
    pub(super) fn keys_came(&mut self) {
        self.has_keys = true;
    }

    /// Whether a message was handled already that could not be read at first.
    pub(super) fn is_done(&self, id: &str) -> bool {
        self.done.contains(id)
    }

    /// How many may still be carried out if they can be read.
    pub(super) fn waiting(&self) -> usize {
        self.unread.iter().filter(|unread| unread.until().is_some()).count()
    }

    /// Whether it must be looked again soon: of a device nobody hears by itself.
    pub(super) fn is_pressing(&self) -> bool {
        self.is_stale || self.unread.iter().any(waits_for_its_device)
    }
}

fn waits_for_its_device(unread: &Unread) -> bool {
    unread.until().is_some() && matches!(unread.why, Flaw::UnsignedDevice | Flaw::UnknownDevice)
}

impl Inbound {
    /// Tries those again that could not be read, oldest first.
    pub(super) async fn look_again(&mut self) -> anyhow::Result<()> {
        if self.late.is_stale || self.late.unread.iter().any(|unread| unread.until().is_some()) {
            if let Outcome::Unread(unread) = self.desk.ask(Input::Reading(Reading::LookedFor)).await? {
                self.late.unread = unread;
            }
            self.late.is_stale = false;
        }
        for unread in self.late.unread.clone() {
            let is_to_be = self.late.has_keys || waits_for_its_device(&unread);
            if !is_to_be || self.late.is_done(&unread.id) {
                continue;
            }
            reach(Point::WaitingAgain);
            let Some((ear, event)) = self.find(&unread.id).await? else { continue };
            let is_settled = match heard(&event, &self.own()) {
                Heard::Late { .. } => false,
                Heard::Unproven { sender, flaw } => {
                    // It will never be read; what was given up for another reason stays so.
                    if flaw.waits().is_none() && unread.until().is_some() {
                        self.unproven(&unread.id, sender, flaw).await?;
                    }
                    false
                }
                Heard::Nothing => true,
                Heard::Text(text) => self.text(&ear, &unread.id, *text).await?,
            };
            if is_settled {
                // Behind all that there is to say of it: what is cut off before that is looked for again.
                self.out.send(Out::Settled(unread.id.clone())).ok().ok_or(NothingSent)?;
                self.late.done.insert(unread.id);
            }
        }
        self.late.has_keys = false;
        Ok(())
    }

    /// A message that could not be read, in whichever room it was written.
    async fn find(&self, id: &str) -> anyhow::Result<Option<(Ear, TimelineEvent)>> {
        for ear in self.ears() {
            if let Some((_, event)) = event(&ear.room, id).await? {
                return Ok(Some((ear, event)));
            }
        }
        Ok(None)
    }
}
