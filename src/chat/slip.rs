//! What can be wrong with a command that reads as one. `text::slips` has the sentence and the way out for each.

use super::mistake::Mistake;
use crate::case::CaseId;

/// Why a command was not understood. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The message cannot be split into words or lines.
    Mistake(Mistake),
    /// There is no such verb.
    NoSuchVerb {
        /// What was typed.
        typed: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// The verb is known and not built yet.
    Later {
        /// The verb.
        verb: &'static str,
    },
    /// The command does not say which case.
    WhichCase {
        /// The verb.
        verb: &'static str,
    },
    /// In a thread, what changes something must name its case: here is the whole command.
    NameTheCase {
        /// The command to copy.
        command: String,
    },
    /// A notice is put on record as brought by docket, which did not.
    BroughtByDocket {
        /// The case.
        case: CaseId,
    },
    /// Several users, where each is told by themselves.
    OneUser,
    /// A bare number in the thread of another case.
    BareNumber {
        /// What was typed.
        typed: String,
        /// The case that it would be, written so that it cannot be mistaken.
        written: CaseId,
    },
    /// Something is missing.
    Missing {
        /// What.
        what: &'static str,
        /// The verb.
        verb: &'static str,
    },
    /// A word that the verb has no use for.
    Extra {
        /// The word.
        typed: String,
        /// The verb.
        verb: &'static str,
    },
    /// A key that the verb has no use for.
    NoSuchKey {
        /// The key.
        typed: String,
        /// The nearest one.
        near: Option<String>,
        /// The verb.
        verb: &'static str,
    },
    /// A new case has nothing that could be taken off.
    NothingOff {
        /// The key.
        typed: String,
    },
    /// The dots of a copied command, where words belong.
    Placeholder {
        /// The key.
        typed: String,
    },
    /// A value that is none of the possible ones.
    NotOneOf {
        /// What was typed.
        typed: String,
        /// The possible ones.
        choices: Vec<String>,
    },
    /// A value that could not be read.
    Unread {
        /// What it stands for.
        what: String,
        /// What was typed.
        typed: String,
        /// Why.
        why: String,
    },
    /// It does not say which kind.
    WhichKind {
        /// The verb.
        verb: &'static str,
    },
    /// The policy has no such kind.
    NoSuchKind {
        /// The verb.
        verb: &'static str,
        /// What was typed.
        typed: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// A request of a kind that the policy does not have.
    RequestOfNoKind {
        /// What was typed.
        typed: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// A key that the verb wants once.
    Twice {
        /// The key.
        typed: String,
        /// The verb.
        verb: &'static str,
    },
    /// A second filter of the same sort.
    SecondFilter {
        /// The second one.
        typed: String,
    },
    /// A key with nothing behind it.
    Blank {
        /// The key.
        typed: String,
        /// The verb.
        verb: &'static str,
    },
    /// Help was asked about a verb that there is not.
    NoHelpFor {
        /// What was typed.
        typed: String,
        /// The nearest one.
        near: Option<String>,
        /// Whether a later version brings it.
        later: bool,
    },
    /// A request message with the prefix before it.
    RequestBehindPrefix,
    /// A request that does not begin as one, so that no case was opened.
    NotOpened {
        /// The kind that it names, if it does.
        kind: Option<String>,
    },
    /// Nobody of this name is listed.
    NobodyCalled {
        /// The name.
        typed: String,
    },
    /// Several people of this name are listed.
    SeveralCalled {
        /// The name.
        typed: String,
    },
    /// What was found sounds like a no, and would be put on record as a yes.
    WhichOutcome {
        /// What was found, as typed.
        typed: String,
        /// The outcome that it sounds like.
        likely: &'static str,
        /// Whether it was said that it is confirmed, which these words are not.
        said: bool,
    },
}
