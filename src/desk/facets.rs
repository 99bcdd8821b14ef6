//! What a case is found by. Lists are kept for what a case *is* (exact, taken back when it changes) and for the words
//! that were ever on it (never taken back: `find` also finds what once stood there).

mod timed;

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::case::decide::gate;
use crate::case::likeness;
use crate::case::number_ends;
use crate::case::{
    Account, Case, CaseId, Event, Field, Likeness, Reading, Stage, Subject, Telling, Terms, reminding,
};
use crate::ports::{Facet, Stamp};
use crate::report::{self, Half};
pub use timed::{case_of, down_to, due, expiry, furthest, moment_of, timed, wake};

/// Words longer than this are found by their first characters.
const LONGEST_WORD: usize = 40;
/// One event brings at most this many words of free text into the index; a pasted book must not fill it.
const MOST_WORDS: usize = 2_000;
/// One line brings at most this many, so that no line keeps another from being found.
const MOST_OF_A_LINE: usize = 500;
/// How many mail domains of a request are kept as lists.
const MOST_ORIGINS: usize = 20;
/// How many telephone numbers of a request are kept as lists.
const MOST_NUMBERS: usize = 100;
/// The lines that cases are looked for by. Their words come before all others and do not count among them.
const LOOKED_FOR: &[&str] = &["reference", "agency", "officer"];

/// How lists are made; raised whenever this file makes other lists of the same case.
pub const VERSION: u32 = 4;

/// Every case, closed ones included.
pub fn all() -> Facet {
    Facet::new("all", "")
}

/// Cases that are not closed.
pub fn open() -> Facet {
    Facet::new("open", "")
}

/// Open cases that stand before all others.
pub fn first() -> Facet {
    Facet::new("first", "")
}

/// Cases that are bound to silence, or ask for it.
pub fn gagged() -> Facet {
    Facet::new("gagged", "")
}

/// Cases of which the gag gate must hear when it is asked about a user whom they name.
pub fn bound() -> Facet {
    Facet::new("bound", "")
}

/// Those of them that name somebody who could not be read: the gate must hear of them whoever it is asked about.
pub fn bound_unread() -> Facet {
    Facet::new("bound-unread", "")
}

/// Cases on which something waits for a second person.
pub fn pending() -> Facet {
    Facet::new("pending", "")
}

/// Cases whose key was destroyed.
pub fn erased() -> Facet {
    Facet::new("erased", "")
}

/// Orders that are not carried out; what their numbers say is told in `owed.rs`.
pub(super) fn owed() -> Facet {
    Facet::new("owed", "")
}

/// Cases that add something to the report of a half-year, or may.
pub fn half(half: Half) -> Facet {
    Facet::new("half", half)
}

/// Cases of which people were reminded while the machine's clock was in doubt.
pub fn doubtful() -> Facet {
    Facet::new("doubtful", "")
}

/// Cases whose reminders somebody has put off.
pub fn snoozed() -> Facet {
    Facet::new("snoozed", "")
}

/// Cases of which people were reminded, and nobody said that they have seen it.
pub fn unseen() -> Facet {
    Facet::new("unseen", "")
}

/// Cases whose users are still to be told.
pub fn untold() -> Facet {
    Facet::new("untold", "")
}

/// The places of the records that hold what stands for the whole desk.
pub(super) fn standing() -> Facet {
    Facet::new("standing", "")
}

/// Cases in a stage.
pub fn stage(stage: Stage) -> Facet {
    Facet::new("stage", stage)
}

/// Cases of a kind.
pub fn kind(name: &str) -> Facet {
    Facet::new("kind", name)
}

/// Cases of an owner, or of nobody.
pub fn owner(owner: Option<&Account>) -> Facet {
    Facet::new("owner", owner.map_or("", Account::as_str))
}

/// Cases with a tag.
pub fn tag(tag: &str) -> Facet {
    Facet::new("tag", tag)
}

/// Cases that name an account.
pub fn subject(account: &Account) -> Facet {
    Facet::new("subject", account)
}

/// Cases on which a word stands or stood.
pub fn word(word: &str) -> Facet {
    Facet::new("word", word)
}

/// Cases that came from a mail domain, or from an address where anybody can have one.
pub fn origin(origin: &str) -> Facet {
    Facet::new("origin", origin)
}

/// Cases of an agency, by the name that the request gives it.
pub fn agency(name: &str) -> Facet {
    Facet::new("agency", name)
}

/// Cases whose requester gave a telephone number that ends like this.
pub fn phone(end: &str) -> Facet {
    Facet::new("phone", end)
}

/// Cases that have a mark by which they are like others.
pub fn mark(how: Likeness, mark: &str) -> Facet {
    match how {
        Likeness::Reference => Facet::new("reference", mark),
        // The list that `list subject=` walks.
        Likeness::Account => Facet::new("subject", mark),
        Likeness::Day => Facet::new("day", mark),
    }
}

/// What says whether anybody there has asked before: the mail domains, or else the agency, whose name anybody can write.
pub fn of_requester(case: &Case) -> BTreeSet<Facet> {
    let origins = of_origin(case);
    if origins.is_empty() {
        likeness::agency_name(case).map(|name| agency(&name)).into_iter().collect()
    } else {
        origins
    }
}

fn of_origin(case: &Case) -> BTreeSet<Facet> {
    likeness::origins(case).into_iter().take(MOST_ORIGINS).map(|text| origin(&text)).collect()
}

/// The places of a case's records in the journal.
pub fn places(case: CaseId) -> Facet {
    Facet::new("places", case)
}

/// The list that a stamp is remembered in, and the number it is remembered by.
pub fn seen(Stamp(bytes): Stamp) -> (Facet, u64) {
    let [a, b, rest @ ..] = bytes;
    let number = rest.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    (Facet::new("seen", u16::from_be_bytes([a, b])), number)
}

/// What the case is, as facets. Follows the case when it changes.
pub fn of_case(case: &Case, terms: &Terms) -> BTreeSet<Facet> {
    let kind_rules = terms.kind_of(case);
    let mut facets = BTreeSet::from([
        all(),
        stage(Stage::of(case, terms.policy_of(case))),
        kind(&case.kind),
        owner(case.owner.as_ref()),
    ]);
    facets.extend(case.tags.iter().map(|name| tag(name)));
    facets.extend(case.subjects().map(|named| subject(&named.account)));
    let bars = gate::bars(case, terms);
    if case.secret() || bars.iter().any(|bar| bar.is_firm()) {
        facets.insert(gagged());
    }
    if !bars.is_empty() {
        facets.insert(bound());
        if gate::names_unread(case) {
            facets.insert(bound_unread());
        }
    }
    if !case.proposals.is_empty() {
        facets.insert(pending());
    }
    facets.extend(report::halves(case, terms.zone).into_iter().map(half));
    let of_time = [
        (doubtful(), case.reminded.values().any(|last| last.in_doubt)),
        (snoozed(), case.snoozed.is_some()),
        (unseen(), reminding::is_unseen(case)),
        (untold(), reminding::is_untold(case, terms)),
    ];
    facets.extend(of_time.into_iter().filter(|(_, is)| *is).map(|(facet, _)| facet));
    facets.extend(likeness::marks(case, terms.zone).into_iter().map(|(how, text)| mark(how, &text)));
    facets.extend(of_origin(case));
    facets.extend(likeness::agency_name(case).map(|name| agency(&name)));
    facets.extend(number_ends(&case.numbers()).into_iter().take(MOST_NUMBERS).map(|end| phone(&end)));
    if case.closed.is_none() {
        facets.insert(open());
        if kind_rules.is_some_and(|kind| kind.first) {
            facets.insert(first());
        }
    }
    facets
}

/// The words that an event brings to its case.
pub fn of_event(event: &Event) -> BTreeSet<Facet> {
    let mut words = Words::default();
    match event {
        Event::Opened { fields, stray, .. } => {
            // What the form knows comes before what it does not.
            for known in [true, false] {
                let fields = fields.iter().filter(|field| field.known() == known);
                fields.for_each(|field| words.field(field));
            }
            stray.iter().for_each(|line| words.text(line));
        }
        Event::FieldSet { field } | Event::ReceivedSet { field, .. } => words.field(field),
        Event::Noted { text } => words.text(text),
        Event::FileAttached { file, .. } => words.text(&file.name),
        Event::Verified { how, entry, .. } | Event::VerificationTried { how, entry, .. } => {
            words.text(how);
            entry.iter().for_each(|entry| words.text(entry));
        }
        Event::Tagged { added, .. } => added.iter().for_each(|tag| words.text(tag)),
        Event::RequestRefused { words: theirs, .. } => theirs.iter().for_each(|theirs| words.text(theirs)),
        Event::Withdrawn { reason } | Event::Reopened { reason } => {
            reason.iter().for_each(|reason| words.text(reason));
        }
        Event::FieldCleared { .. }
        | Event::VerificationVoided { .. }
        | Event::Assigned { .. }
        | Event::Linked { .. }
        | Event::Answered { .. }
        | Event::Closed
        | Event::CardPosted { .. }
        | Event::GagOver { .. }
        | Event::HoldStarted { .. }
        | Event::HoldExtended { .. }
        | Event::HoldOver { .. }
        | Event::Proposed { .. }
        | Event::Approved { .. }
        | Event::Voided { .. }
        | Event::WrongCode
        | Event::CarriedOut { .. }
        | Event::LetterSent { .. }
        | Event::WaitBegan { .. }
        | Event::WaitEnded
        | Event::Redirected { .. }
        | Event::PolicyAdopted { .. }
        | Event::Flagged { .. }
        | Event::Unflagged { .. }
        | Event::Reminded { .. }
        | Event::Watched { .. }
        | Event::Recounted
        | Event::ErasureAnnounced { .. }
        | Event::Seen
        | Event::Snoozed { .. }
        // Its words stand there already.
        | Event::TakenBack { .. }
        | Event::HandedOver { .. }
        | Event::SecrecyLapsed => {}
        Event::Compared { .. }
        | Event::CounterMoved { .. }
        | Event::Contradicted { .. }
        | Event::Warned { .. }
        | Event::Looked { .. } => {}
        Event::GagSet { ordered_by: text, .. }
        | Event::Cleared { reason: text, .. }
        | Event::Attested { reason: text, .. }
        | Event::ClockProlonged { reason: text, .. }
        | Event::CostAdded { what: text, .. } => words.text(text),
        Event::NoticeSettled { what, .. } => match what {
            Telling::Withheld { .. } => {}
            Telling::Told { via: text } | Telling::Waived { reason: text } => words.text(text),
        },
        Event::Denied { reason, .. } | Event::ScopeSet { reason, .. } => {
            reason.iter().for_each(|reason| words.text(reason));
        }
    }
    words.first.union(&words.free).map(|text| word(text)).collect()
}

/// The words that are looked for when somebody types this: each must stand on the case.
pub fn looked_for(text: &str) -> BTreeSet<String> {
    text.split_whitespace()
        .flat_map(|piece| {
            let whole = account_word(piece.trim_matches(|c: char| ",;.()\"'".contains(c)));
            let parts = whole.is_none().then(|| plain_words(piece)).into_iter().flatten();
            whole.into_iter().chain(parts).collect::<Vec<_>>()
        })
        .collect()
}

/// The words of one event.
#[derive(Default)]
struct Words {
    /// What cases are looked for by.
    first: BTreeSet<String>,
    /// Words of free text, as many as there is room for.
    free: BTreeSet<String>,
}

impl Words {
    fn field(&mut self, field: &Field) {
        if let Reading::Accounts { named, .. } = &field.reading {
            named.iter().for_each(|subject| subject_words(subject, &mut self.first));
        }
        if LOOKED_FOR.contains(&field.key.as_str()) {
            text_words(&field.value, &mut self.first, MOST_OF_A_LINE);
        } else {
            self.text(&field.value);
        }
    }

    fn text(&mut self, text: &str) {
        let room = MOST_WORDS.saturating_sub(self.free.len());
        text_words(text, &mut self.free, room.min(MOST_OF_A_LINE));
    }
}

fn subject_words(Subject { account, .. }: &Subject, words: &mut BTreeSet<String>) {
    words.extend([fold(account.as_str()), fold(account.localpart()), fold(account.server())]);
}

/// Puts in the words of a text until so many are new.
fn text_words(text: &str, words: &mut BTreeSet<String>, room: usize) {
    let full = words.len() + room;
    // Accounts first: they are what somebody looks for.
    for piece in text.split_whitespace() {
        if words.len() >= full {
            return;
        }
        if let Some(whole) = account_word(piece.trim_matches(|c: char| ",;.()\"'<>[]".contains(c))) {
            let (localpart, server) = whole[1..].split_once(':').unwrap_or_default();
            words.extend([localpart.to_owned(), server.to_owned(), whole.clone()]);
        }
    }
    for piece in text.split_whitespace() {
        if words.len() >= full {
            return;
        }
        // A reference is found with and without its punctuation: OP-1234 as op1234, and as op and 1234.
        let whole: String = fold(piece).chars().filter(|c| c.is_alphanumeric()).take(LONGEST_WORD).collect();
        if !whole.is_empty() {
            words.insert(whole);
        }
        // One piece without a space may be a book of its own.
        words.extend(plain_words(piece).take(full.saturating_sub(words.len())));
    }
}

/// A Matrix ID is one word.
fn account_word(piece: &str) -> Option<String> {
    (piece.starts_with('@') && Account::parse(piece).is_ok()).then(|| fold(piece))
}

/// The runs of letters and digits; when looked for, a reference typed with other punctuation still fits word by word.
fn plain_words(piece: &str) -> impl Iterator<Item = String> {
    let folded = fold(piece);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST_WORD).collect())
        .collect();
    words.into_iter()
}

/// Case and accents do not count.
fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        text_words(text, &mut words, MOST_OF_A_LINE);
        words
    }

    #[test]
    fn what_is_looked_for_finds_what_was_written() {
        for (written, asked) in [
            ("Reference OP-1234/26", "op-1234/26"),
            ("Reference OP-1234", "op1234"),
            ("Metropolitan Police Service", "police METROPOLITAN"),
            ("Café Müller", "cafe muller"),
            ("see @alice:example.org,", "@alice:example.org"),
            ("see @alice:example.org,", "alice"),
            ("see @alice:example.org,", "example.org"),
        ] {
            let there = words(written);
            for word in looked_for(asked) {
                assert!(there.contains(&word), "{asked} in {written}: {there:?}");
            }
        }
    }

    #[test]
    fn a_whole_account_does_not_find_its_neighbour() {
        assert!(!words("@alice:example.org").contains("@alice:other.org"));
        assert_eq!(looked_for("@alice:other.org"), BTreeSet::from(["@alice:other.org".to_owned()]));
    }

    #[test]
    fn a_pasted_book_stays_small() {
        let book: String = (0..50_000).map(|n| format!("w{n} ")).collect();
        assert!(words(&book).len() <= MOST_OF_A_LINE);
    }

    #[test]
    fn many_lines_of_junk_bring_so_many_words_and_no_more() {
        let line = |n: usize| (0..1_000).map(|m| format!("w{n}x{m} ")).collect::<String>();
        let mut all = Words::default();
        (0..10).for_each(|n| all.text(&line(n)));
        assert_eq!((all.free.len(), all.first.len()), (MOST_WORDS, 0));
    }
}
