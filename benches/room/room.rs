//! What the moderators do: ask one thing and wait for the answer, or all at once; and what came back, by the homeserver's own clock.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use matrix_sdk::Room;
use matrix_sdk::config::SyncSettings;
use matrix_sdk::room::MessagesOptions;
use matrix_sdk::ruma::api::client::filter::FilterDefinition;
use matrix_sdk::ruma::api::client::room::create_room::v3::{Request, RoomPreset};
use matrix_sdk::ruma::{OwnedEventId, OwnedUserId, UInt};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::person::Person;

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long nothing may come before what is being sent counts as all.
const QUIET: Duration = Duration::from_secs(3);

/// Who asks. The first of them also listens.
pub struct Moderators {
    people: Vec<Person>,
    heard: UnboundedReceiver<(Option<String>, Instant)>,
    answers: BTreeMap<String, Instant>,
}

/// What came of commands that were sent at once.
#[derive(Clone, Copy, Debug)]
pub struct Burst {
    pub asked: usize,
    pub answered: usize,
    pub in_order: bool,
    /// From the first command to the last answer.
    pub span: Duration,
}

impl Moderators {
    /// Lets the first of these people listen from now on.
    pub fn new(people: Vec<Person>) -> Moderators {
        let (tell, heard) = unbounded_channel();
        let client = people[0].client.clone();
        let ours: Vec<OwnedUserId> = people.iter().map(|person| person.id.clone()).collect();
        tokio::spawn(async move {
            loop {
                let mut filter = FilterDefinition::default();
                filter.room.timeline.limit = Some(UInt::from(100_u32));
                let settings = SyncSettings::default().timeout(Duration::from_secs(30)).filter(filter.into());
                let came = client.sync_once(settings).await.expect("it syncs");
                let now = Instant::now();
                for event in came.rooms.joined.values().flat_map(|room| &room.timeline.events) {
                    if event.sender().is_some_and(|sender| ours.contains(&sender)) {
                        continue;
                    }
                    let raw: Value = event.raw().deserialize_as_unchecked().expect("it reads");
                    if tell.send((answered(&raw), now)).is_err() {
                        return;
                    }
                }
            }
        });
        Moderators { people, heard, answers: BTreeMap::new() }
    }

    /// One of them in a room.
    fn room(&self, person: usize, room: &Room) -> Room {
        self.people[person].client.get_room(room.room_id()).expect("they are in it")
    }

    pub fn how_many(&self) -> usize {
        self.people.len()
    }

    /// Somebody asks something; how long until the answer was there.
    pub async fn ask(&mut self, person: usize, room: &Room, text: &str) -> Option<Duration> {
        let room = self.room(person, room);
        let began = Instant::now();
        let id = say(&room, text).await;
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.answers.remove(id.as_str()) {
                return Some(at - began);
            }
            match tokio::time::timeout_at(until, self.heard.recv()).await {
                Ok(heard) => self.take_in(heard),
                Err(_) => return None,
            }
        }
    }

    /// Waits until nobody says anything any more.
    pub async fn quiet(&mut self) {
        while let Ok(heard) = tokio::time::timeout(QUIET, self.heard.recv()).await {
            self.take_in(heard);
        }
        self.answers.clear();
    }

    fn take_in(&mut self, heard: Option<(Option<String>, Instant)>) {
        let (answered, at) = heard.expect("somebody listens");
        if let Some(id) = answered {
            self.answers.entry(id).or_insert(at);
        }
    }

    /// All of these are sent as fast as the homeserver takes them, by all of them at the same time.
    pub async fn at_once(&mut self, room: &Room, texts: &[String]) -> Burst {
        self.quiet().await;
        let each = texts.len().div_ceil(self.people.len()).max(1);
        let mut sending = Vec::new();
        for (person, texts) in texts.chunks(each).enumerate() {
            let (room, texts) = (self.room(person, room), texts.to_vec());
            sending.push(tokio::spawn(async move {
                for text in &texts {
                    say(&room, text).await;
                }
            }));
        }
        for sent in sending {
            sent.await.expect("they are sent");
        }
        let until = PATIENCE;
        while self.answers.len() < texts.len() {
            match tokio::time::timeout(until, self.heard.recv()).await {
                Ok(heard) => self.take_in(heard),
                Err(_) => break,
            }
        }
        self.quiet().await;
        self.came_of(room, texts.len()).await
    }

    /// Reads the last commands of the room and the answers to them.
    async fn came_of(&self, room: &Room, asked: usize) -> Burst {
        let room = self.room(0, room);
        let ours: Vec<&str> = self.people.iter().map(|person| person.id.as_str()).collect();
        let (mut commands, mut answers, mut from) = (Vec::new(), Vec::new(), None);
        while commands.len() < asked {
            let mut options = MessagesOptions::backward();
            options.from = from.clone();
            options.limit = UInt::from(100_u32);
            let page = room.messages(options).await.expect("a page");
            for event in &page.chunk {
                let raw: Value = event.raw().deserialize_as_unchecked().expect("it reads");
                let at = raw["origin_server_ts"].as_u64().expect("a time");
                let is_ours = raw["sender"].as_str().is_some_and(|sender| ours.contains(&sender));
                if is_ours && raw.get("state_key").is_none() && commands.len() < asked {
                    commands.push((event.event_id().expect("an id").to_string(), at));
                } else if let Some(id) = answered(&raw) {
                    answers.push((id, at));
                }
            }
            from = page.end;
            assert!(from.is_some() || commands.len() >= asked, "the commands are in the room");
        }
        commands.reverse();
        answers.reverse();
        let place: BTreeMap<&str, usize> =
            commands.iter().enumerate().map(|(place, (id, _))| (id.as_str(), place)).collect();
        let found: Vec<(usize, u64)> =
            answers.iter().filter_map(|(id, at)| Some((*place.get(id.as_str())?, *at))).collect();
        let places: Vec<usize> = found.iter().map(|(place, _)| *place).collect();
        let first = commands.iter().map(|(_, at)| *at).min().unwrap_or_default();
        let last = found.iter().map(|(_, at)| *at).max().unwrap_or_default();
        let different: std::collections::BTreeSet<&usize> = places.iter().collect();
        Burst {
            asked,
            answered: different.len(),
            in_order: places.windows(2).all(|two| two[0] < two[1]),
            span: Duration::from_millis(last.saturating_sub(first)),
        }
    }
}

async fn say(room: &Room, text: &str) -> OwnedEventId {
    let content = json!({ "msgtype": "m.text", "body": text });
    room.send_raw("m.room.message", content).await.expect("it is sent").response.event_id
}

/// The message that this one answers; an edit answers none.
fn answered(raw: &Value) -> Option<String> {
    let relation = &raw["content"]["m.relates_to"];
    let id = relation["m.in_reply_to"]["event_id"].as_str()?;
    (relation["rel_type"] != "m.replace").then(|| id.to_owned())
}

/// A room of these people and somebody who is invited, with encryption or without.
pub async fn made(people: &[Person], bot: &OwnedUserId, encrypted: bool) -> Room {
    let mut request = Request::new();
    request.preset = Some(RoomPreset::PrivateChat);
    request.invite = people[1..].iter().map(|person| person.id.clone()).chain([bot.clone()]).collect();
    if encrypted {
        let state = json!({
            "type": "m.room.encryption", "state_key": "", "content": { "algorithm": "m.megolm.v1.aes-sha2" },
        });
        request.initial_state =
            vec![serde_json::from_value(state).expect("a state event that a room may begin with")];
    }
    let room = people[0].client.create_room(request).await.expect("a room");
    for person in &people[1..] {
        person.join(room.room_id()).await;
    }
    room
}

/// Waits until somebody is in a room.
pub async fn is_in(people: &[Person], room: &Room, bot: &OwnedUserId) {
    use matrix_sdk::ruma::events::room::member::MembershipState;
    for _ in 0..600 {
        people[0].sync().await;
        let member = room.get_member(bot).await.expect("it can be asked");
        if member.is_some_and(|member| *member.membership() == MembershipState::Join) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{bot} does not come into its room");
}
