//! The words that were ever on a case, by which `find` finds it: never taken back, so that it also finds what once stood
//! there. Knows no list but that of a word.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::case::{Account, Event, Field, Reading, Subject, Telling};
use crate::ports::Facet;

/// Words longer than this are found by their first characters.
const LONGEST_WORD: usize = 40;
/// One event brings at most this many words of free text into the index; a pasted book must not fill it.
const MOST_WORDS: usize = 2_000;
/// One line brings at most this many, so that no line keeps another from being found.
const MOST_OF_A_LINE: usize = 500;
/// The lines that cases are looked for by. Their words come before all others and do not count among them.
const LOOKED_FOR: &[&str] = &["reference", "agency", "officer"];

/// Cases on which a word stands or stood.
pub fn word(word: &str) -> Facet {
    Facet::new("word", word)
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
        Event::Noted { text } | Event::WroteAgain { text } => words.text(text),
        Event::FileAttached { file, .. } => words.text(&file.name),
        Event::Verified { how, entry, .. } | Event::VerificationTried { how, entry, .. } => {
            words.text(how);
            entry.iter().for_each(|entry| words.text(entry));
        }
        Event::Flagged { flag } => {
            if !flag.hides() {
                words.text(flag.name());
            }
        }
        Event::Visited { account, .. } => words.text(account.as_str()),
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
        | Event::CardLost { .. }
        | Event::GagOver { .. }
        | Event::HoldStarted { .. }
        | Event::HoldExtended { .. }
        | Event::KeptWith { .. }
        | Event::KeptNoLonger { .. }
        | Event::HoldSetRight { .. }
        | Event::HoldOver { .. }
        | Event::Proposed { .. }
        | Event::Approved { .. }
        | Event::Voided { .. }
        | Event::WrongCode
        | Event::CarriedOut { .. }
        | Event::NoticeStepped { .. }
        | Event::LetterSent { .. }
        | Event::TookBack
        // The words are the policy's, and those of the request stand there already.
        | Event::LetterReleased { .. }
        | Event::LetterLeaves { .. }
        | Event::LetterStopped { .. }
        | Event::SentSetRight { .. }
        | Event::WaitBegan { .. }
        | Event::WaitEnded
        | Event::Redirected { .. }
        | Event::PolicyAdopted { .. }
        | Event::Unflagged { .. }
        | Event::Reminded { .. }
        | Event::Watched { .. }
        | Event::Recounted { .. }
        | Event::ErasureAnnounced { .. }
        | Event::Seen { .. }
        | Event::Snoozed { .. }
        // Its words stand there already.
        | Event::TakenBack { .. }
        | Event::HandedOver { .. }
        | Event::SecrecyLapsed => {}
        Event::Compared { .. }
        | Event::CounterMoved { .. }
        | Event::CounterEnded { .. }
        | Event::BroughtBack { .. }
        | Event::DueAgain { .. }
        | Event::Unlinked { .. }
        | Event::FreeToTell { .. }
        | Event::NoticeGone { .. }
        | Event::DecidedBefore { .. }
        | Event::CounterStands { .. }
        | Event::MayCounter { .. }
        | Event::Contradicted { .. }
        | Event::Warned { .. }
        | Event::Hushed { .. }
        | Event::KeptDown { .. }
        | Event::FindingsEnded { .. }
        | Event::ToldInVain { .. }
        | Event::ToldAnew { .. }
        | Event::WentBack
        | Event::ClockElapsed { .. }
        | Event::NoticeForbidden { .. }
        | Event::Looked { .. } => {}
        Event::GagSet { ordered_by: text, .. }
        | Event::Cleared { reason: text, .. }
        | Event::OrderNotThere { reason: text }
        | Event::Attested { reason: text, .. }
        | Event::ClockProlonged { reason: text, .. }
        | Event::LeftUnsent { reason: text }
        | Event::NobodyConcerned { reason: text }
        | Event::LeftUndone { reason: text, .. }
        | Event::CostAdded { what: text, .. } => words.text(text),
        Event::NoticeSettled { what, .. } => match what {
            Telling::Withheld { .. } | Telling::Sending { .. } => {}
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
            let account = account_word(piece.trim_matches(|c: char| ",;.()\"'".contains(c)));
            let whole =
                account.map(|account| fold(account.without_port().as_ref().unwrap_or(&account).as_str()));
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
    subject_words_of(account, words);
}

fn subject_words_of(account: &Account, words: &mut BTreeSet<String>) {
    words.extend([fold(account.as_str()), fold(account.localpart()), fold(account.server())]);
    // A port says nothing about who it is; people write it or leave it out.
    words.extend(account.without_port().iter().flat_map(|bare| [fold(bare.as_str()), fold(bare.server())]));
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
            subject_words_of(&whole, words);
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
fn account_word(piece: &str) -> Option<Account> {
    Account::parse(piece).ok().filter(|_| piece.starts_with('@'))
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
    // Plain letters have no accents, and most words are plain.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
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
            ("see @alice:example.org,", "@alice:example.org:8448"),
            ("see @alice:example.org:8448,", "@alice:example.org"),
            ("see @alice:example.org:8448,", "example.org"),
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
