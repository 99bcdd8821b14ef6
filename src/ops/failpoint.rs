//! Where docket can be made to die: named steps at which a test has it end as a power cut does.
//!
//! Only in builds with debug assertions; in a release there is nothing of it but the names. The environment variable
//! `DOCKET_DIE_AT` names a file, and the point whose name stands in that file is where docket ends by itself, there and then; behind
//! `panic at`, it is where the task that reaches it panics. A test writes the name when the time has come; without the variable
//! nothing is ever read. `tests/encrypted/steps.rs` has docket die at every one of them.

use std::sync::Arc;

use crate::ports::Disk;

/// One row a point: what has happened when it is reached, and its name.
macro_rules! points {
    ($($(#[$doc:meta])+ $point:ident = $name:literal,)+) => {
        /// A step at which docket can be made to die.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Point { $($(#[$doc])+ $point,)+ }

        impl Point {
            /// All of them, in the order in which a setup, a start, a command and a stop pass them.
            pub const ALL: &[Point] = &[$(Point::$point),+];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(Point::$point => $name),+ }
            }
        }
    };
}

points! {
    // A setup.
    /// A secret lies beside its place, not yet under its name.
    SecretBeside = "secret-beside",
    /// There is a data key.
    DataKeyMade = "data-key-made",
    /// A device is chosen and kept, and nobody has logged in.
    DeviceChosen = "device-chosen",
    /// The homeserver let docket in, and the token is not kept yet.
    LoggedIn = "logged-in",
    /// The session is kept.
    SessionKept = "session-kept",
    /// The homeserver was heard for the first time.
    SetupHeard = "setup-heard",
    /// The identity is whole, and nobody else has its keys.
    IdentityMade = "identity-made",
    /// Its secrets lie on the homeserver, under a key that is known to nobody yet.
    RecoveryLaidDown = "recovery-laid-down",
    /// The recovery key is given out, and docket does not remember that it was.
    RecoveryGiven = "recovery-given",
    /// It does.
    RecoveryKept = "recovery-kept",
    /// The word by which the room will be known again is kept.
    RoomPlanned = "room-planned",
    /// The room is made or entered, and docket does not remember which it is.
    RoomMade = "room-made",
    /// It does.
    RoomKept = "room-kept",
    /// From where on the room is read is kept.
    PlaceLaid = "place-laid",
    /// What was wrong with the room is mended, and everybody is invited.
    PeopleInvited = "people-invited",

    // A setup that moves to another room.
    /// The word by which the new room will be known again is kept.
    MovePlanned = "move-planned",
    /// The new room is made, and docket does not remember which it is.
    MoveMade = "move-made",
    /// It does.
    MoveKept = "move-kept",
    /// The old room was told, and not left.
    MoveTold = "move-told",
    /// It is left, and docket does not remember that it is.
    MoveLeft = "move-left",

    // A start.
    /// The journal's next segment is whole and has no name yet.
    SegmentWhole = "segment-whole",
    /// The keys of the first cases are written and have no name yet.
    KeysWhole = "keys-whole",
    /// The desk is open.
    DeskOpened = "desk-opened",
    /// What was owed is queued.
    OwedQueued = "owed-queued",
    /// The desk serves, and so does the socket.
    DeskServes = "desk-serves",
    /// The session is taken up.
    SessionRestored = "session-restored",
    /// docket is in its room and has not read in it yet.
    RoomEntered = "room-entered",
    /// The desk was told what docket said last in its room.
    LookedBack = "looked-back",
    /// The homeserver was heard, and the library has moved its place.
    Heard = "heard",
    /// What came since our own place is about to be asked for.
    Paging = "paging",
    /// A page of it has come.
    PageRead = "page-read",
    /// All of it has.
    Paged = "paged",
    /// What the homeserver shows of people is on record, and what the room is to hear of it is not queued.
    PeopleSighted = "people-sighted",
    /// Somebody is recognised, and not signed yet.
    Signing = "signing",
    /// They are.
    Signed = "signed",
    /// The homeserver told what the room is like, and the desk has not heard of it.
    RoomSeen = "room-seen",
    /// What is wrong with the room is on record, and what there is to say of it is not queued.
    RoomJudged = "room-judged",
    /// Everybody was looked at.
    PeopleSeen = "people-seen",
    /// The room is greeted, and docket does not remember that it is.
    GreetingSent = "greeting-sent",
    /// It does.
    GreetingKept = "greeting-kept",

    // A message.
    /// It is decrypted, and the desk has not seen it.
    Judging = "judging",
    /// The desk wants it as the homeserver has it.
    FetchAsked = "fetch-asked",
    /// It is fetched and decrypted anew.
    Fetched = "fetched",
    /// The desk has decided, and a record is about to be written.
    JournalWriting = "journal-writing",
    /// The first half of what is written is.
    JournalTorn = "journal-torn",
    /// All of it is, and it is not synced.
    JournalWritten = "journal-written",
    /// It is, and the index does not know of it.
    JournalSynced = "journal-synced",
    /// The desk has answered, and nothing is queued.
    Decided = "decided",
    /// The answer is queued.
    AnswerQueued = "answer-queued",
    /// Everything that came is handled.
    RoundHandled = "round-handled",
    /// That everything is handled stands behind the answers in the queue.
    PlaceQueued = "place-queued",
    /// A message does not count, and the desk has not heard of it.
    Unproven = "unproven",
    /// That it does not count is queued.
    UnprovenQueued = "unproven-queued",
    /// A message cannot be judged yet, and waits.
    Waiting = "waiting",
    /// It is looked at again.
    WaitingAgain = "waiting-again",

    // An answer.
    /// It is about to be sent.
    Sending = "sending",
    /// The homeserver has it, and the desk does not know.
    Sent = "sent",
    /// The desk does.
    SentTold = "sent-told",
    /// How far was read is about to be kept.
    PlaceMoving = "place-moving",
    /// It lies beside its place, synced.
    KeepBeside = "keep-beside",
    /// It has its name, which is not synced.
    KeepRenamed = "keep-renamed",
    /// It is kept.
    PlaceMoved = "place-moved",

    // An answer that no message holds.
    /// It lies on the homeserver as a file, and no message names it.
    LongUploaded = "long-uploaded",
    /// One does, and nothing is said of it.
    LongSent = "long-sent",

    // A file that somebody posted.
    /// It is fetched and opened, and lies nowhere here.
    FileFetched = "file-fetched",
    /// It is sealed, and the desk does not know.
    FileSealed = "file-sealed",
    /// Its text is read, and the desk does not know.
    FileRead = "file-read",

    // What one person alone may read.
    /// The word by which their room will be known again is kept.
    AlonePlanned = "alone-planned",
    /// The room is made, and docket does not remember which it is.
    AloneMade = "alone-made",
    /// It does.
    AloneKept = "alone-kept",
    /// They are invited, and were not told why.
    AloneInvited = "alone-invited",
    /// They were, and docket does not remember that.
    AloneCalled = "alone-called",
    /// It does.
    AloneCallKept = "alone-call-kept",
    /// The first words were said there, and docket does not remember that.
    AloneGreeted = "alone-greeted",
    /// It does, and nothing else was said.
    AloneGreetingKept = "alone-greeting-kept",

    // What a user is told.
    /// The word by which their room will be known again is kept.
    NoticePlanned = "notice-planned",
    /// The room is made, and that is not on record.
    NoticeRoomMade = "notice-room-made",
    /// It is.
    NoticeRoomKept = "notice-room-kept",
    /// They are invited, and that is not on record.
    NoticeInvited = "notice-invited",
    /// It is.
    NoticeInvitedKept = "notice-invited-kept",
    /// That they have come is on record.
    NoticeCame = "notice-came",
    /// The copy lies on the homeserver, and no message names it.
    NoticeUploaded = "notice-uploaded",
    /// One does.
    NoticeCopied = "notice-copied",
    /// The words are there, and that is not on record.
    NoticeSent = "notice-sent",
    /// It is.
    NoticeTold = "notice-told",
    /// Who wrote below them is answered, and that is not on record.
    NoticeAnswered = "notice-answered",
    /// docket is in a room of a user.
    VisitJoined = "visit-joined",
    /// What a user wrote is handled, and not answered.
    VisitHandled = "visit-handled",
    /// It is answered.
    VisitAnswered = "visit-answered",
    /// The copy of their data lies on the homeserver, and no message names it.
    LetterUploaded = "letter-uploaded",
    /// One does.
    LetterCopied = "letter-copied",
    /// A letter is in the room of a user, and the desk does not know.
    LetterSent = "letter-sent",
    /// It does.
    LetterKept = "letter-kept",

    // A card that is gone.
    /// It is found to be gone, and the desk does not know.
    CardMissed = "card-missed",
    /// The desk does, and the next is not queued.
    CardReplaced = "card-replaced",

    // A list of people that is read again, and somebody who is in none.
    /// Somebody asked for it to be read.
    ReloadHeard = "reload-heard",
    /// It is in force and on record, and nobody has looked who may read what there is to say.
    ReloadTaken = "reload-taken",
    /// The room was looked at.
    ReloadLooked = "reload-looked",
    /// What there is to say is queued, and nobody invited.
    ReloadSaid = "reload-said",
    /// Somebody was taken out of the room.
    StrangerOut = "stranger-out",

    // A visitor of the socket.
    /// Somebody on the host has asked.
    HostAsked = "host-asked",
    /// What they asked for is done, and they have no answer.
    HostDecided = "host-decided",

    // A stop.
    /// docket was told to stop.
    StopHeard = "stop-heard",
    /// It has left the room.
    RoomLeft = "room-left",
    /// The desk has stopped.
    DeskStopped = "desk-stopped",
    /// The index is closed.
    IndexClosed = "index-closed",
}

/// Ends docket here if this is the point that a test has named.
#[inline]
pub fn reach(point: Point) {
    #[cfg(debug_assertions)]
    meant::die_at(point);
    #[cfg(not(debug_assertions))]
    let _never = point;
}

/// The data directory's files, with the points at which the journal is written.
pub fn watched(disk: Arc<dyn Disk>) -> Arc<dyn Disk> {
    #[cfg(debug_assertions)]
    let disk = meant::watched(disk);
    disk
}

#[cfg(debug_assertions)]
mod meant {
    use std::io;
    use std::path::PathBuf;
    use std::sync::{Arc, LazyLock};

    use super::Point;
    use crate::ports::Disk;

    /// The variable, as `tests/encrypted` sets it.
    const VARIABLE: &str = "DOCKET_DIE_AT";

    #[expect(clippy::disallowed_methods, reason = "it is for tests alone, and a release does not have it")]
    static FILE: LazyLock<Option<PathBuf>> =
        LazyLock::new(|| std::env::var(VARIABLE).ok().map(PathBuf::from));

    #[expect(clippy::disallowed_methods, reason = "it is for tests alone, and a release does not have it")]
    fn is_meant(what: &str) -> bool {
        let meant = FILE.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        meant.is_some_and(|meant| meant.trim_end() == what)
    }

    #[expect(clippy::panic, reason = "that is what is asked for")]
    pub(super) fn die_at(point: Point) {
        if is_meant(point.name()) {
            eprintln!("docket dies at {}", point.name());
            std::process::abort();
        }
        if is_meant(&format!("panic at {}", point.name())) {
            panic!("a panic may hold what was worked on, such as a pangolin");
        }
    }

    pub(super) fn watched(disk: Arc<dyn Disk>) -> Arc<dyn Disk> {
        if FILE.is_some() { Arc::new(Watched(disk)) } else { disk }
    }

    struct Watched(Arc<dyn Disk>);

    fn is_segment(name: &str) -> bool {
        name.ends_with(".seg")
    }

    impl Disk for Watched {
        fn list(&self, dir: &str) -> io::Result<Vec<String>> {
            self.0.list(dir)
        }

        fn len(&self, name: &str) -> io::Result<Option<u64>> {
            self.0.len(name)
        }

        fn read_at(&self, name: &str, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read_at(name, offset, buffer)
        }

        fn create(&self, name: &str) -> io::Result<()> {
            self.0.create(name)
        }

        fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
            if !is_segment(name) {
                return self.0.write_at(name, offset, bytes);
            }
            die_at(Point::JournalWriting);
            if is_meant(Point::JournalTorn.name()) {
                let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
                self.0.write_at(name, offset, half)?;
                die_at(Point::JournalTorn);
            }
            self.0.write_at(name, offset, bytes)?;
            die_at(Point::JournalWritten);
            Ok(())
        }

        fn set_len(&self, name: &str, len: u64) -> io::Result<()> {
            self.0.set_len(name, len)
        }

        fn sync(&self, name: &str) -> io::Result<()> {
            self.0.sync(name)?;
            if is_segment(name) {
                die_at(Point::JournalSynced);
            }
            Ok(())
        }

        fn sync_dir(&self, dir: &str) -> io::Result<()> {
            self.0.sync_dir(dir)
        }

        fn rename(&self, from: &str, to: &str) -> io::Result<()> {
            if is_segment(to) {
                die_at(Point::SegmentWhole);
            } else if to == "keys" {
                die_at(Point::KeysWhole);
            }
            self.0.rename(from, to)
        }

        fn remove(&self, name: &str) -> io::Result<()> {
            self.0.remove(name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_point_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = Point::ALL.iter().map(|point| point.name()).collect();
        assert_eq!(names.len(), Point::ALL.len());
        let is_plain = |name: &&str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        assert!(names.iter().all(is_plain), "{names:?}");
    }
}
