//! A desk that recognises people by their identities, and what people show it.

use std::collections::BTreeMap;

use docket::case::decide::Sighting;
use docket::case::{Flaw, Identities, MasterKey, Terms};
use docket::desk::{Input, Message, Outcome, Post, Proof, Shown};
use docket::rehearsal::terms;
use docket::store::MemoryIndex;

use super::{Room, SharedJournal, person};

pub const ADA: &str = "AdaAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub const BEN: &str = "BenAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub const OTHER: &str = "OtherAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub const THIRD: &str = "ThirdAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4";
pub const PRESERVATION: &str = "!case new preservation agency=\"Met Police\" accounts=@alice:example.org";

pub fn key(text: &str) -> MasterKey {
    MasterKey::parse(text).unwrap()
}

/// The people of the rehearsal, of whom ada's key stands in the configuration.
pub fn known() -> Terms {
    let named = BTreeMap::from([(person("ada"), key(ADA))]);
    Terms { identities: Some(Identities { named, ..Identities::default() }), ..terms().unwrap() }
}

/// Everything that can be wrong with a message.
pub const FLAWS: [Flaw; 8] = [
    Flaw::Clear,
    Flaw::UnsignedDevice,
    Flaw::UnknownDevice,
    Flaw::OtherSender,
    Flaw::ChangedIdentity,
    Flaw::Broken,
    Flaw::KeyWithheld,
    Flaw::NoKey,
];

/// A room where messages are sealed, as the encrypted one is.
pub struct Sealed {
    pub room: Room,
    index: u32,
}

impl Sealed {
    /// ada and ben are there, each with a phone.
    pub fn with_ada_and_ben() -> Sealed {
        let mut sealed = Sealed::new();
        sealed.sees("ada", ADA, &["PHONE"]);
        sealed.sees("ben", BEN, &["PHONE"]);
        sealed
    }

    pub fn new() -> Sealed {
        Sealed::of(Room::under(known(), SharedJournal::new(), MemoryIndex::new()))
    }

    pub fn of(room: Room) -> Sealed {
        Sealed { room, index: 0 }
    }

    /// What the room hears when docket sees somebody's identity and devices.
    pub fn sees(&mut self, who: &str, by: &str, devices: &[&str]) -> Vec<String> {
        let devices = devices.iter().map(|device| (*device).to_owned()).collect();
        let sighting = Sighting { account: person(who), key: key(by), devices };
        let Outcome::Posts(posts) = self.room.handle(vec![Input::Sighted(vec![sighting])]).remove(0) else {
            panic!("a sighting is answered with what the room hears");
        };
        texts(&posts)
    }

    pub fn message(&mut self, who: &str, by: &str, device: &str, text: &str) -> Message {
        let shown = Shown { key: key(by), device: device.to_owned(), place: None };
        Message { proof: Proof::Identity(shown), ..self.room.message(who, text) }
    }

    /// What a message brings; one that is to be fetched is, and has the next place in its session.
    pub fn hand_in(&mut self, message: Message) -> String {
        match self.room.handle(vec![Input::Message(message.clone())]).remove(0) {
            Outcome::Posts(posts) => texts(&posts).join("\n"),
            Outcome::Fetch => {
                self.index += 1;
                self.hand_in(fetched(message, self.index))
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn says(&mut self, who: &str, by: &str, text: &str) -> String {
        self.says_from(who, by, "PHONE", text)
    }

    pub fn says_from(&mut self, who: &str, by: &str, device: &str, text: &str) -> String {
        let message = self.message(who, by, device, text);
        self.hand_in(message)
    }
}

/// The message as the homeserver has it.
pub fn fetched(message: Message, index: u32) -> Message {
    let Proof::Identity(shown) = message.proof else { panic!("there is nothing to fetch") };
    let place = Some((format!("session of {} on {}", message.sender, shown.device), index));
    Message { proof: Proof::Identity(Shown { place, ..shown }), ..message }
}

pub fn texts(posts: &[Post]) -> Vec<String> {
    posts.iter().map(|post| post.page.text()).collect()
}

/// What a second person is to type, out of what was answered to the first.
pub fn approval(said: &str) -> String {
    let code = said.split("!case approve ").nth(1).expect(said).split(" until").next().unwrap();
    format!("!case approve {code}")
}
