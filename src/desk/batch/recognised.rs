//! Whether a message is its sender's own, as far as the room's adapter could see: by which identity they are recognised, whether the
//! very message was there before, and whether it was fetched as the homeserver has it.

use super::Batch;
use crate::case::decide;
use crate::case::{
    Account, Command, DeskCommand, DeskEvent, MasterKey, Order, Recognised, Refusal, StandingEvent,
};
use crate::chat::{Asked, text};
use crate::desk::deliver::Post;
use crate::desk::{DeskFault, Message, Outcome, Proof, Shown};
use crate::ports::Stamp;

/// What a message is recognised by when it comes again: its id, and of what was encrypted also the place in its session, which
/// nobody but its sender can give it.
#[derive(Clone, Copy)]
pub(in crate::desk) struct Marks {
    id: Stamp,
    cipher: Option<Stamp>,
}

impl Marks {
    /// All of them.
    pub(super) fn all(self) -> Vec<Stamp> {
        std::iter::once(self.id).chain(self.cipher).collect()
    }
}

impl Batch<'_> {
    pub(super) fn marks(&self, message: &Message) -> Marks {
        let cipher = match &message.proof {
            Proof::Word => None,
            Proof::Identity(Shown { place, .. }) => {
                let place = place.as_ref();
                place.map(|(session, index)| self.desk.stamp(&format!("megolm {session} {index}")))
            }
        };
        Marks { id: self.desk.stamp(&message.id), cipher }
    }

    /// Whether this very message was handled before.
    pub(super) fn is_known(&mut self, marks: Marks) -> Result<bool, DeskFault> {
        self.is_stamped(marks.id)
    }

    fn is_stamped(&mut self, stamp: Stamp) -> Result<bool, DeskFault> {
        Ok(self.stamps.contains(&stamp) || self.desk.seen(stamp)?)
    }

    /// Whether the message is its sender's own, or why it does not count.
    pub(super) fn recognise(
        &mut self,
        message: &Message,
        marks: Marks,
    ) -> Result<Result<(), Refusal>, DeskFault> {
        if let Some(cipher) = marks.cipher
            && self.is_stamped(cipher)?
        {
            return Ok(Err(Refusal::Replayed));
        }
        if let Some(room) = &self.desk.room
            && let Err(refusal) = decide::may_speak(&message.sender, room)
        {
            return Ok(Err(refusal));
        }
        let Some(identities) = &self.desk.terms.identities else { return Ok(Ok(())) };
        let known = match &message.proof {
            Proof::Word => Recognised::Unseen,
            Proof::Identity(shown) => identities.known(&message.sender, &shown.key),
        };
        Ok(match known {
            Recognised::Unseen => Err(Refusal::UnseenIdentity),
            Recognised::Other => Err(Refusal::OtherIdentity),
            Recognised::Theirs => Ok(()),
        })
    }

    /// Whether a second person's word comes from a device that was not there when they were vouched for.
    pub(super) fn waits_for_its_device(&self, message: &Message, asked: &Asked) -> Result<(), Refusal> {
        let is_second = matches!(
            asked,
            Asked::Change(_, Command::Approve { .. } | Command::Attest { .. })
                | Asked::Desk(DeskCommand::Approve { .. } | DeskCommand::Trust { .. })
        );
        let (true, Proof::Identity(shown)) = (is_second, &message.proof) else { return Ok(()) };
        let identities = self.desk.terms.identities.as_ref();
        let until =
            identities.and_then(|identities| identities.waits(&message.sender, &shown.device, self.now));
        match until.filter(|until| self.now < *until || !self.certain) {
            Some(until) => Err(Refusal::NewDevice(until)),
            None => Ok(()),
        }
    }

    pub(super) fn recognised_by(&self) -> Outcome {
        let terms = &self.desk.terms;
        let pin = |account: &Account| terms.identities.as_ref()?.key_of(account).cloned();
        let people = terms.people.iter().map(|person| person.account.clone());
        Outcome::Recognised(people.map(|account| (account.clone(), pin(&account))).collect())
    }

    /// Puts on record whom docket saw with which identity and devices; the room hears of what people must know.
    pub(super) fn sighted(&mut self, sightings: &[decide::Sighting]) -> Result<Outcome, DeskFault> {
        let mut posts = Vec::new();
        for sighting in sightings {
            for event in decide::sighted(sighting, &self.desk.terms, self.now) {
                posts.extend(self.identity_happened(event)?);
            }
        }
        Ok(Outcome::Posts(posts))
    }

    /// Somebody on the host vouches for an identity. The room hears of it at the next tick.
    pub(super) fn trust_on_host(&mut self, account: Account, key: MasterKey) -> Result<Outcome, DeskFault> {
        let event = decide::trust_on_host(account, key, &self.desk.terms);
        self.vouched_on_host(event)
    }

    /// Puts on record what somebody on the host vouched for, or says why not.
    pub(super) fn vouched_on_host(
        &mut self,
        event: Result<StandingEvent, Refusal>,
    ) -> Result<Outcome, DeskFault> {
        let event = match event {
            Ok(event) => event,
            Err(refusal) => return Ok(self.not_on_host(&refusal)),
        };
        let page = text::desk_happened(&[DeskEvent::from(event.clone())], &self.desk.terms);
        let said = self.identity_happened(event)?;
        if said.is_empty() {
            return Ok(self.not_on_host(&Refusal::DiskFull));
        }
        self.desk.unsaid.extend(said);
        self.desk.stirred = true;
        Ok(Outcome::OnHost { done: true, page })
    }

    fn identity_happened(&mut self, event: StandingEvent) -> Result<Vec<Post>, DeskFault> {
        let page = text::identity_seen(&event, &self.desk.terms);
        let owes = if page.is_some() { vec![Order::Alarm] } else { Vec::new() };
        let orders = self.draft_for_the_desk(vec![event.into()], owes)?;
        let posts = orders
            .into_iter()
            .zip(page)
            .map(|(order, page)| Post::of_the_desk(self.desk, order, page))
            .collect();
        self.written(posts)
    }
}
