//! Why a letter is not written or not put on record, and why nobody is sent elsewhere. Each states the fact; `chat::text`
//! makes the sentence.

use chrono::{DateTime, Utc};

use super::Open;
use crate::case::{Account, Case, Channel, Elsewhere, Ending, KeptDown, Refusal, Tongue, Verifiable};

/// What stands in the way of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The policy has no letter of this name for the kind.
    NoSuchLetter {
        /// What was typed.
        typed: String,
        /// The letters there are.
        there_are: Vec<String>,
    },
    /// Something is still open in the letter.
    Open {
        /// Its name.
        letter: String,
        /// What.
        open: Vec<Open>,
    },
    /// The policy does not say all of it in that language.
    NotSaidIn {
        /// Its name.
        letter: String,
        /// The language.
        tongue: Tongue,
        /// What it does not say; nothing where it has no such letter in it at all.
        open: Vec<Open>,
    },
    /// The letter is about an ending, and there is none.
    NeedsEnding {
        /// Its name.
        letter: String,
    },
    /// The letter says what came of the request, and something else did.
    CameOtherwise {
        /// Its name.
        letter: String,
        /// What came of it.
        what: Ending,
    },
    /// It says why the request is refused, and that is not so any more.
    ReasonIsGone {
        /// Its name.
        letter: String,
    },
    /// It says that secrecy takes an order, and nobody asked for any (rule 16).
    NoSecrecyAsked,
    /// The letter gives out records, and what it rests on is verified no longer (rules 1 and 61).
    NotVerified {
        /// Its name.
        letter: String,
        /// What.
        what: Verifiable,
    },
    /// Nobody asked for what the letter passes on.
    NothingToPassOn {
        /// The letter.
        letter: String,
    },
    /// It passes on what came to nothing.
    CameToNothing {
        /// Its name.
        letter: String,
    },
    /// The reason of a drafted refusal needs words of the moderator's own.
    NeedsWords {
        /// The code.
        code: String,
    },
    /// It says why we acted, and nothing came of what we acted on (rule 31).
    NothingToGiveReasonsFor {
        /// Its name.
        letter: String,
    },
    /// It says that something goes back, and another case keeps it inaccessible (rule 41).
    StaysDown(Box<KeptDown>),
    /// Nothing is missing that the requester could supply.
    NothingToAsk,
    /// It tells a user, which passes the gate and not this way.
    IsNotice,
    /// It says that there is no order for secrecy, and the request names one (rules 26, 60).
    OrderNamed,
    /// What was sent cannot have been sent later than now.
    SentInFuture,
    /// Nor before the request came in.
    SentBeforeItCame {
        /// When it came in.
        received: DateTime<Utc>,
    },
    /// Nobody asked for this in a room of their own, so docket has nobody to write to.
    NobodyToWriteTo,
    /// Nor anybody to bring a copy of their data to.
    NobodyToBringItTo,
    /// It is for somebody else than whoever asked, who is this.
    DataOfAnother {
        /// Who asked.
        asked: Account,
    },
    /// They asked for a copy of their data, and the answer says that it comes.
    NoCopyOnFile {
        /// Whether the case takes one.
        takes_one: bool,
    },
    /// It is for somebody else than whoever asked, who would learn of them.
    NotForWhoeverAsked {
        /// Its name.
        letter: String,
    },
    /// What came of an erasure is told to everybody after the same time (rule 65).
    ToldLater {
        /// Its name.
        letter: String,
        /// How it was to go.
        via: Channel,
        /// From when on.
        from: DateTime<Utc>,
    },
    /// When docket sends something itself is put down by docket.
    SentByDocket,
    /// They took the request back, and their data would go with it.
    TakenBack,
    /// It was let go to whoever asked, and is on its way.
    OnItsWay {
        /// Its name.
        letter: String,
    },
    /// docket brought it to them already.
    ThereAlready {
        /// Its name.
        letter: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// The same letter is on record already, by the same way.
    SentAlready {
        /// Its name.
        letter: String,
        /// When it went out.
        at: DateTime<Utc>,
    },
    /// It was put on record just now, as sent at another time: whether that is set right or it went out twice, nobody said.
    SentAtAnotherTime {
        /// Its name.
        letter: String,
        /// When it went out.
        at: DateTime<Utc>,
    },
    /// What is to be set right is not on record, by the same way.
    NotSent {
        /// Its name.
        letter: String,
    },
    /// The policy has no text that sends somebody there.
    NoTextFor(Elsewhere),
    /// Nobody in danger waits for a treaty (rule 3).
    NoTreatyInEmergency,
    /// The request came by treaty already (rule 3).
    CameByTreaty,
    /// It came under a data access agreement, which is counsel's to judge (rule 3).
    CounselDecides,
    /// Nobody sends to a treaty what no authority asks for.
    NoAuthoritys {
        /// The kind of request.
        kind: String,
    },
    /// It is no report of a weakness, for it asks for something else (rule 57).
    NoReport {
        /// The kind of request.
        kind: String,
    },
    /// Its authorities may ask directly, so what the letter says would be false (rules 2 and 3).
    MayAskDirectly {
        /// The country, if it says.
        country: Option<String>,
    },
}

impl Obstacle {
    /// That other cases keep inaccessible what a notice of this one would say went back, if they do.
    pub fn stays_down(case: &Case) -> Option<Obstacle> {
        case.stays_down().then(|| Obstacle::StaysDown(Box::new(case.kept_down.clone())))
    }
}

impl From<Obstacle> for Refusal {
    fn from(obstacle: Obstacle) -> Refusal {
        Refusal::Letter(obstacle)
    }
}
