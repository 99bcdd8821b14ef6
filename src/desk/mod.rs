//! The one loop and sole writer: input -> command -> events -> journal -> index -> messages owed.
//!
//! A [`Desk`] is handed inputs in batches and answers each. It reads no clock, no file and no room; it holds the journal
//! and the index, and nobody else writes to either. The order is always the same: journal, fsync, index, answer.

mod batch;
mod before_strangers;
mod conflicts;
mod deliver;
mod digest;
mod doubt;
mod doubts;
pub mod facets;
mod fault;
mod fold;
mod health;
mod held;
mod look;
mod morning;
mod owed;
mod parcel;
mod posted;
mod purge;
mod read;
mod reading;
mod rebuild;
mod reporting;
mod retaining;
pub mod search;
mod serve;
mod sight;
mod standing;
mod state;
mod veil;
mod visits;
mod waking;
mod works_by;

pub use before_strangers::BeforeStrangers;
pub use deliver::{Enclosed, Post, PostKind};
pub use fault::DeskFault;
pub use held::{Looked, OwnWord};
pub use parcel::{NoticeRoom, Parcel};
pub use posted::{Got, PostedFile};
pub use reading::{Coming, Reading};
pub use rebuild::{Progress, made_by};
pub use serve::{Handle, Stopped, serve, serve_awake};
pub use state::DeskState;
pub use visits::{Brought, MOST_READ, READ_WITHIN, Said, Visiting};
pub use works_by::WorksBy;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use crate::case::decide::Sighting;
use crate::case::{
    Account, CaseId, Flaw, Goes, MasterKey, OrderId, Person, PurgeReason, Refusal, RoomSeen, Step, Terms,
    Unread,
};
use crate::chat::Page;
use crate::chat::render::{Condition, Finding};
use crate::ports::{Files, Head, Index, Journal};
use crate::report::{Edition, Half, Tally};

/// The desk.
pub struct Desk {
    journal: Box<dyn Journal>,
    index: Box<dyn Index>,
    files: Box<dyn Files>,
    /// What it was opened with, and what stands for the whole desk since.
    terms: Terms,
    standing: standing::Standing,
    state: DeskState,
    owed: owed::AllOwed,
    watching: doubt::Watching,
    /// Whether something that was decided since the last tick is due already.
    stirred: bool,
    /// The day of the newest digest when this desk was opened, for one that never had any.
    digest_since: Option<NaiveDate>,
    /// Each person's last command since this desk was opened.
    last: BTreeMap<Account, Last>,
    /// Whom the room heard of, and why: once for each since this desk was opened.
    unproven: BTreeSet<(Account, Flaw)>,
    /// The room as its homeserver had it when somebody looked last.
    room: Option<RoomSeen>,
    /// What was found so far of what was written while nobody listened, while that is read.
    catching_up: Option<reading::CatchingUp>,
    /// Whether people may have written something that was not handed in yet.
    behind: bool,
    /// What is on record and owed, and goes out at the next tick because nobody waits for it.
    unsaid: Vec<Post>,
    /// Below which number cases are still to be looked at whose cards were left in another room.
    moving: Option<u64>,
    /// What the adapter to the room saw last.
    condition: Option<Box<Condition>>,
    /// What hangs on what the room says of the journal.
    hold: held::Hold,
    /// Cases whose notices and letters were given to whoever brings them, since the start.
    handed_out: BTreeSet<CaseId>,
    /// Conversations with users who ask by themselves.
    visits: visits::Visits,
}

/// What somebody's last command was about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Last {
    /// One case.
    Case(CaseId),
    /// The desk as a whole: the directory, somebody's authority.
    Desk,
    /// All cases of somebody, which went to somebody else.
    HandOver {
        /// Who had them.
        from: Account,
        /// Who has them.
        to: Account,
    },
}

/// Something that reaches the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every input is a message; a box for each would cost more than it saves"
)]
pub enum Input {
    /// A message in the room.
    Message(Message),
    /// Orders were carried out; for a card that was posted, the id of the post.
    Delivered(Vec<(OrderId, Option<String>)>),
    /// A message that could not be sent to the one person who may read it, and can be by now: as it is to be said today.
    Anew(Box<Post>),
    /// Cases whose retention has ended are to be destroyed.
    Purge(Vec<CaseId>, PurgeReason),
    /// Where the desk stands, for a backup.
    Standing,
    /// A message that carries out these orders is about to be sent.
    Leaving(Vec<OrderId>),
    /// Something is about to be asked of a homeserver that concerns this user, for the notice of a case to them.
    MayTell(CaseId, Account),
    /// Whose notice this room was made for.
    NoticeRoom(String),
    /// A notice took a step on its way.
    Stepped {
        /// The case.
        case: CaseId,
        /// The user.
        account: Account,
        /// The step.
        step: Step,
    },
    /// A user wants docket in a room of theirs.
    Invited(Account),
    /// A user wrote who asks by themselves.
    Visit(Box<Visiting>),
    /// A letter of a case that was let go to its user is about to leave.
    MayWrite(CaseId, String),
    /// What became of it.
    Brought(Brought),
    /// Somebody looked back in the room for what docket said there itself.
    Looked(Box<Looked>),
    /// Somebody on the host gives a frozen person's authority back.
    Resume(Account),
    /// A message that is not proven to be its sender's own.
    Unproven {
        /// Its id.
        id: String,
        /// Who is said to have sent it.
        sender: Account,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// Something about the reading of the room.
    Reading(Reading),
    /// By which identities people are recognised.
    Recognised,
    /// People's identities and devices, as their homeserver shows them.
    Sighted(Vec<Sighting>),
    /// The room as its homeserver has it now.
    Watched(Box<RoomSeen>),
    /// The list of people that is in force from now on, and the keys that it names.
    People(Vec<Person>, BTreeMap<Account, MasterKey>),
    /// Somebody asked for the configuration to be read again, and it does not read: what was in force stays.
    Misconfigured,
    /// Somebody on the host compared emojis with a person, whose identity this is.
    Compared(Sighting),
    /// Somebody on the host vouches for the identity that a person read out.
    Trust(Account, MasterKey),
    /// What some cases add to the report of a half-year: those with a smaller number than this, newest first.
    Tally(Half, Option<CaseId>),
    /// The report that a tally of all cases makes.
    Report(Box<Tally>),
    /// docket sits in the room of this id.
    Room(String),
    /// A post may be gone that may be a card. Answered with [`Outcome::Fetch`] if it is one that would be missed.
    CardDoubted(String),
    /// A post of the room is gone.
    CardGone {
        /// Its id.
        post: String,
        /// Whether docket took it back itself.
        by_docket: bool,
    },
    /// What the adapter to the room sees of the room and of the machine.
    Condition(Box<Condition>),
    /// How docket is.
    Health,
    /// Time has gone on: what has fallen due happens.
    Tick {
        /// What has passed since the tick before by a clock that nobody sets, if there is one.
        steady: Option<Duration>,
    },
}

/// A message in the room, from somebody whom the room's gate has let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id, unique for ever.
    pub id: String,
    /// Who sent it.
    pub sender: Account,
    /// What it says.
    pub text: String,
    /// Whether it replaces an earlier message.
    pub edit: bool,
    /// The case of the thread that it stands in, or of the message that it answers.
    pub about: Option<CaseId>,
    /// The file that it answers.
    pub file: Option<PostedFile>,
    /// By what its sender is recognised.
    pub proof: Proof,
}

/// By what the sender of a message is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// They are taken at their word: a rehearsal.
    Word,
    /// What the room's adapter saw when it decrypted the message.
    Identity(Shown),
}

/// The identity and the session behind an encrypted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The key of the identity that signs the device which sent it.
    pub key: MasterKey,
    /// That device, by its id and its key.
    pub device: String,
    /// The session that encrypted it, and its place there: known of what was fetched as the homeserver has it.
    pub place: Option<(String, u32)>,
}

impl Proof {
    /// Whether the message is only what came by itself, and not yet what the homeserver has.
    pub fn is_unfetched(&self) -> bool {
        matches!(self, Proof::Identity(Shown { place: None, .. }))
    }
}

/// What became of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// These messages are to be sent, in this order.
    Posts(Vec<Post>),
    /// The file is to be hashed and sealed for this case; then the same message is handed in again with it.
    Keep(CaseId),
    /// The file's text is to be read; then the same message is handed in again with it.
    ReadFile,
    /// It would change something: what the homeserver has under its id is to be fetched, decrypted and handed in.
    Fetch,
    /// It was handled before; nothing is to be done.
    Seen,
    /// What time brought.
    Ticked {
        /// These messages are to be sent, in this order.
        posts: Vec<Post>,
        /// When something falls due next.
        next: Option<DateTime<Utc>>,
    },
    /// By which identities people are recognised, of those who are listed.
    Recognised(Vec<(Account, Option<MasterKey>)>),
    /// How docket is.
    Health(Vec<Finding>),
    /// What follows from what was seen of the room.
    Watched {
        /// These messages are to be sent, in this order.
        posts: Vec<Post>,
        /// These members are to be taken out of the room.
        remove: Vec<String>,
        /// What may leave for it.
        goes: Goes,
    },
    /// These could not be read and are to be looked for, oldest first.
    Unread(Vec<Unread>),
    /// These of the messages that are to be handed in would be fetched, as things stand: their ids, in order.
    Coming(Vec<String>),
    /// So many cases were purged.
    Purged(usize),
    /// Nothing was purged.
    NotPurged(Refusal),
    /// The end of the journal, and the cases that were purged.
    Standing {
        /// The end of the journal; everything up to it is on disk.
        head: Head,
        /// The cases that were purged.
        purged: Vec<CaseId>,
    },
    /// It may; so much is on record by now, and on disk.
    Leaves(Head),
    /// It may not, while the desk is held; it stays owed.
    Stays,
    /// The notice may take its next step; this is what it says.
    Tells(Box<Parcel>),
    /// It may not: the gate says no by now, and what it is about is to be put on record as held back.
    Barred(Box<Parcel>),
    /// docket comes into the room.
    Joins,
    /// The letter may leave; this is what it says, and by which identity whoever asked signed.
    Writes(Box<Post>, Option<MasterKey>),
    /// It would say something else by now. It may be there already, and nobody was told: that is looked at, and put on record.
    Unwritten(Box<Post>),
    /// Whose notice a room was made for, if it was made for one.
    NoticeRoom(Option<Box<NoticeRoom>>),
    /// What some cases add to a report, and below which number to go on; nowhere if these were the last.
    Tallied(Box<Tally>, Option<CaseId>),
    /// The report of a half-year; at once if it was published.
    Reported(Box<Edition>),
    /// What somebody did on the host, or why it was not done.
    OnHost {
        /// Whether it was done.
        done: bool,
        /// What to say of it.
        page: Page,
    },
    /// There is no report: no policy is loaded, or what was published does not read.
    NoReport(Page),
}

impl Desk {
    /// Takes up a journal and its index. An index that does not fit is rebuilt, which is told as it goes.
    pub fn open(
        journal: Box<dyn Journal>,
        index: Box<dyn Index>,
        files: Box<dyn Files>,
        by: impl Into<WorksBy>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Desk, DeskFault> {
        let by = by.into();
        let terms = by.terms().clone();
        let mut desk = Desk {
            journal,
            index,
            files,
            standing: standing::Standing::new(by),
            terms,
            state: DeskState::default(),
            owed: owed::AllOwed::default(),
            watching: doubt::Watching::default(),
            stirred: false,
            digest_since: None,
            last: BTreeMap::new(),
            unproven: BTreeSet::new(),
            room: None,
            catching_up: None,
            behind: false,
            unsaid: Vec::new(),
            moving: None,
            condition: None,
            hold: held::Hold::default(),
            handed_out: BTreeSet::new(),
            visits: visits::Visits::default(),
        };
        desk.hold.opened = desk.journal.head().seq;
        desk.take_up(progress)?;
        desk.hold.sure = desk.state.sure;
        desk.moving = desk.standing.lacks_cards().then_some(u64::MAX);
        // What a desk that never had a digest missed since its last record is owed.
        desk.digest_since = desk.state.sure.and_then(|sure| desk.newest_digest(sure));
        Ok(desk)
    }

    /// Handles a batch of inputs in order and answers each. What changes something is on disk before this returns.
    pub fn handle(&mut self, inputs: Vec<Input>, now: DateTime<Utc>) -> Result<Vec<Outcome>, DeskFault> {
        batch::handle(self, inputs, now)
    }

    /// What is still owed to the outside, oldest first: after a start, what a stop came in between of.
    pub fn owed(&mut self, now: DateTime<Utc>) -> Result<Vec<Post>, DeskFault> {
        deliver::owed(self, now)
    }

    /// When the oldest of it was put on record.
    pub fn owed_since(&self) -> Result<Option<DateTime<Utc>>, DeskFault> {
        let Some((_, oldest)) = self.owed.iter().next() else { return Ok(None) };
        Ok(Some(self.journal.read(oldest.place)?.outline.at))
    }

    /// The end of the journal.
    pub fn head(&self) -> Head {
        self.journal.head()
    }

    /// What it works by.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The journal, for export and checks.
    pub fn journal(&self) -> &dyn Journal {
        self.journal.as_ref()
    }

    /// Closes the index, so that the next start can believe it.
    pub fn close(self) -> Result<(), DeskFault> {
        Ok(self.index.close()?)
    }
}
