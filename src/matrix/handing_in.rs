//! A text that came, handed in: whose it is, what it answers, and of what changes something the message as the homeserver has it under its
//! id. Where the answer goes follows from the room in which it was asked.

use anyhow::Context;
use matrix_sdk::Room;
use matrix_sdk::deserialized_responses::{TimelineEvent, TimelineEventKind};
use matrix_sdk::ruma::EventId;
use matrix_sdk::ruma::api::client::room::get_room_event;
use matrix_sdk::ruma::events::AnyTimelineEvent;
use matrix_sdk::ruma::serde::Raw;
use serde_json::Value;

use super::content::case_of;
use super::fault::{HomeserverFault, Plain, is_session_gone};
use super::hearing::{Heard, Text, heard, is_taken_back, place_of};
use super::inbound::{Ear, Inbound};
use super::outbound::{NothingSent, Out, put};
use super::people::{self, Look, Signed};
use super::posted::{Posted, posted};
use crate::case::{CaseId, Flaw};
use crate::desk::{Input, Message, Outcome, Post, Proof, Shown};
use crate::ops::failpoint::{Point, reach};

/// What the message says that another one answers.
#[derive(Default)]
struct Answered {
    /// The case that docket itself named in it.
    about: Option<CaseId>,
    /// The file that it is.
    posted: Option<Posted>,
}

/// What the homeserver has under the id of a message.
enum Fetched {
    /// The message, and the file that it answers.
    Theirs(Box<(Message, Option<Posted>)>),
    /// What is left of one that was taken back.
    TakenBack,
    /// Not what came before.
    Other,
}

impl Inbound {
    /// Hands a text in; whether it is settled by that, and not one that does not count.
    pub(super) async fn text(&mut self, ear: &Ear, id: &str, text: Text) -> anyhow::Result<bool> {
        let Some(signed) = self.signed(&text).await? else {
            self.unproven(id, text.sender, Flaw::UnknownDevice).await?;
            return Ok(false);
        };
        // It is a convenience: whoever names the case needs none.
        let answered = match self.answered(&ear.room, &text).await {
            Err(fault) if is_session_gone(&fault) => return Err(fault),
            answered => answered.unwrap_or_default(),
        };
        let message = Message {
            id: id.to_owned(),
            sender: text.sender.clone(),
            text: text.text.clone(),
            edit: text.edit,
            about: answered.about,
            file: answered.posted.map(|posted| posted.file),
            proof: Proof::Identity(Shown { key: signed.key, device: signed.device, place: None }),
        };
        reach(Point::Judging);
        let outcome = match self.desk.ask(Input::Message(message.clone())).await? {
            Outcome::Fetch => {
                reach(Point::FetchAsked);
                match self.fetched(&ear.room, id, message).await? {
                    Fetched::Theirs(fetched) => {
                        reach(Point::Fetched);
                        let (fetched, posted) = *fetched;
                        self.ask(fetched, posted.as_ref()).await?
                    }
                    Fetched::TakenBack => return Ok(true),
                    Fetched::Other => {
                        self.unproven(id, text.sender, Flaw::Broken).await?;
                        return Ok(false);
                    }
                }
            }
            outcome => outcome,
        };
        reach(Point::Decided);
        if let Outcome::Posts(posts) = outcome {
            self.answer(ear, id, posts, text.thread.as_deref())?;
            reach(Point::AnswerQueued);
        }
        Ok(true)
    }

    /// Puts what a message brought into the queue: the answer where it was asked, all else where it always goes.
    fn answer(&self, ear: &Ear, id: &str, posts: Vec<Post>, thread: Option<&str>) -> Result<(), NothingSent> {
        let Some(reader) = &ear.only else { return put(&self.out, posts, thread) };
        for post in posts {
            if post.reply_to.as_deref() != Some(id) {
                put(&self.out, vec![post], None)?;
                continue;
            }
            let post = Box::new(Post { only: Some(reader.clone()), ..post });
            let (thread, room) = (thread.map(str::to_owned), ear.room.room_id().to_owned());
            self.out.send(Out::Alone { post, thread, room }).ok().ok_or(NothingSent)?;
        }
        Ok(())
    }

    /// Hands a message in, and makes of the file that it answers what the desk asks for.
    async fn ask(&self, message: Message, posted: Option<&Posted>) -> anyhow::Result<Outcome> {
        let outcome = self.desk.ask(Input::Message(message.clone())).await?;
        let got = match (&outcome, posted) {
            (Outcome::Keep(case), Some(posted)) => self.fetcher.keep(posted, *case).await?,
            (Outcome::ReadFile, Some(posted)) => self.fetcher.read(posted).await?,
            _ => return Ok(outcome),
        };
        let file = message.file.clone().map(|file| file.with(got));
        Ok(self.desk.ask(Input::Message(Message { file, ..message })).await?)
    }

    /// Who sent a text. Of somebody who came a moment ago the homeserver is asked once more.
    async fn signed(&self, text: &Text) -> anyhow::Result<Option<Signed>> {
        let signs = || people::signs(&self.client, &text.sender, &text.device, &text.curve);
        let known = signs().await?;
        if known.is_some() {
            return Ok(known);
        }
        let looked = people::look(&self.client, &self.room, &self.desk, Look::Ask).await?;
        put(&self.out, looked.posts, None)?;
        signs().await
    }

    /// The message as the homeserver has it under its id: that is decrypted anew, and only that is carried out.
    async fn fetched(&mut self, room: &Room, id: &str, message: Message) -> anyhow::Result<Fetched> {
        let Some(stored) = self.ahead.take(room, id).await? else { return Ok(Fetched::Other) };
        let Some((raw, event)) = decrypted(room, stored).await else { return Ok(Fetched::Other) };
        if is_taken_back(&raw) {
            tracing::info!(event = id, "a message was taken back before it was carried out");
            return Ok(Fetched::TakenBack);
        }
        let (Heard::Text(text), Some(place)) = (heard(&event, &self.own()), place_of(&raw)) else {
            return Ok(Fetched::Other);
        };
        if text.sender != message.sender || text.session != place.0 {
            return Ok(Fetched::Other);
        }
        let Some(signed) = self.signed(&text).await? else { return Ok(Fetched::Other) };
        let Answered { about, posted } = self.answered(room, &text).await?;
        let proof = Proof::Identity(Shown { key: signed.key, device: signed.device, place: Some(place) });
        let file = posted.as_ref().map(|posted| posted.file.clone());
        let message = Message { text: text.text, edit: text.edit, about, file, proof, ..message };
        Ok(Fetched::Theirs(Box::new((message, posted))))
    }

    /// What the message that is answered tells, or that in whose thread it stands.
    async fn answered(&self, room: &Room, text: &Text) -> anyhow::Result<Answered> {
        let Some(id) = text.answers.as_ref().or(text.thread.as_ref()) else { return Ok(Answered::default()) };
        let own = self.client.user_id().context("docket is not logged in")?.to_owned();
        let Some((_, event)) = event(room, id).await? else { return Ok(Answered::default()) };
        let posted = posted(&event, own.as_str());
        let mut answered = Answered { about: None, posted };
        let TimelineEventKind::Decrypted(decrypted) = &event.kind else { return Ok(answered) };
        if decrypted.encryption_info.sender == own && event.sender().as_ref() == Some(&own) {
            let content = event.raw().get_field::<Value>("content").ok().flatten();
            answered.about = content.as_ref().and_then(case_of);
        }
        Ok(answered)
    }
}

/// An event as the homeserver has it.
pub(super) type Stored = Raw<AnyTimelineEvent>;

/// An encrypted event of a room, as it is stored and decrypted.
pub(super) async fn event(room: &Room, id: &str) -> anyhow::Result<Option<(Value, TimelineEvent)>> {
    match stored(room, id).await? {
        Some(stored) => Ok(decrypted(room, stored).await),
        None => Ok(None),
    }
}

/// What the homeserver has of a room under an id.
pub(super) async fn stored(room: &Room, id: &str) -> Result<Option<Stored>, HomeserverFault> {
    let Ok(id) = EventId::parse(id) else { return Ok(None) };
    let request = get_room_event::v3::Request::new(room.room_id().to_owned(), id);
    match room.client().send(request).await.plain() {
        Ok(answer) => Ok(Some(answer.event)),
        // There is no such message, or none that docket may see: trying again brings none.
        Err(HomeserverFault { status: Some(400 | 403 | 404), .. }) => Ok(None),
        Err(fault) => Err(fault),
    }
}

async fn decrypted(room: &Room, stored: Stored) -> Option<(Value, TimelineEvent)> {
    let raw = stored.deserialize_as_unchecked::<Value>().ok()?;
    if raw.get("type").and_then(Value::as_str) != Some("m.room.encrypted") || raw.get("state_key").is_some() {
        return None;
    }
    if is_taken_back(&raw) {
        // There is nothing left of it to decrypt.
        return Some((raw, TimelineEvent::from_plaintext(stored.cast())));
    }
    let event = room.decrypt_event(stored.cast_ref_unchecked(), None).await.ok()?;
    Some((raw, event))
}
