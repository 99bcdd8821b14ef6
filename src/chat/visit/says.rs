//! What a language must have. A further one is a file beside these, a name in `Tongue` and an arm in `says`.
//!
//! What stands in braces is put in: `{case}`, `{day}`, `{account}`, `{n}`, `{word}`, `{what}`.

use super::Wish;

/// Everything that is said and understood in a language.
#[derive(Debug)]
pub struct Says {
    /// How one changes to it, as its speakers write it.
    pub change: &'static str,
    /// What the others call it.
    pub called: &'static [&'static str],
    /// Yes, and no.
    pub yes: &'static [&'static str],
    /// See above.
    pub no: &'static [&'static str],
    /// Greetings, and words for wanting to see what there is.
    pub menu: &'static [&'static str],
    /// Words of thanks, and nothing else.
    pub thanks: &'static [&'static str],
    /// What one writes to confirm an erasure for the second time.
    pub erase: &'static str,
    /// What can be asked for, in the order of `Wish::ALL`.
    pub offers: [Offer; 9],

    /// The first words.
    pub hello: &'static [&'static str],
    /// Above the numbers.
    pub pick: &'static str,
    /// What was typed is none of what there is.
    pub not_understood: &'static str,
    /// It may be several of these.
    pub which: &'static str,
    /// What they wrote sounds like something else than was asked: `{what}`.
    pub another: &'static str,
    /// Below what is about to be handed in.
    pub hand_in: &'static str,
    /// Above their own words that go with it.
    pub with_words: &'static str,
    /// Before an erasure is handed in, for the second time.
    pub twice: &'static str,
    /// It is handed in.
    pub handed_in: &'static [&'static str],
    /// Nothing was done.
    pub dropped: &'static str,
    /// Nor was it, for what they wrote is not the word.
    pub not_the_word: &'static str,
    /// They say thanks.
    pub welcome: &'static str,

    /// How far a request is: each a line behind its number.
    pub received: &'static str,
    /// Somebody asked them for something.
    pub asked: &'static str,
    /// It takes longer.
    pub longer: &'static str,
    /// It was answered.
    pub answered: &'static str,
    /// They took it back.
    pub took_back: &'static str,
    /// They have none.
    pub no_requests: &'static str,

    /// Which they take back.
    pub which_back: &'static str,
    /// Whether they take it back.
    pub back: &'static str,
    /// They did.
    pub is_back: &'static str,
    /// They do not after all.
    pub stays: &'static str,
    /// Whether what they wrote goes to a request.
    pub add: &'static str,
    /// It does.
    pub added: &'static str,

    /// Above the list of what is held.
    pub held: &'static str,
    /// How long: never, encrypted, for a time, kept.
    pub never: &'static str,
    /// See above.
    pub encrypted: &'static str,
    /// See above.
    pub for_so_long: &'static str,
    /// See above.
    pub kept: &'static str,
    /// Below it (rule 65).
    pub may_be_kept: &'static str,

    /// It is too long.
    pub too_long: &'static str,
    /// They write too often.
    pub too_often: &'static str,
    /// They have asked docket into enough rooms today.
    pub too_many_rooms: &'static str,
    /// They have asked for enough today.
    pub too_many: &'static str,
    /// Everybody has.
    pub too_many_in_all: &'static str,
    /// They have added enough to their requests today.
    pub added_enough: &'static str,
    /// They have asked for that already.
    pub asked_already: &'static str,
    /// Nobody is served.
    pub closed: &'static str,
    /// Their account is elsewhere.
    pub not_ours: &'static str,
    /// It cannot be put on record now.
    pub not_now: &'static str,
    /// docket reads no files here.
    pub only_text: &'static str,
    /// Nothing signs the session from which they write. This goes out in clear.
    pub unsigned: &'static str,
    /// There is a notice for them that no device of theirs could read. This goes out in clear, and says nothing of it.
    pub verify_first: &'static str,
    /// They wrote below a notice.
    pub answered_there: &'static str,
    /// What the copy of their data is called, without its ending.
    pub data_file: &'static str,
    /// The room is not encrypted, or not theirs alone.
    pub not_private: &'static str,
}

/// Something that can be asked for.
#[derive(Debug)]
pub struct Offer {
    /// What it is.
    pub wish: Wish,
    /// Its line behind its number.
    pub title: &'static str,
    /// How people ask for it in their own words: in small letters, without accents, each of the words somewhere in this order.
    pub phrases: &'static [&'static str],
    /// Words with which people ask for this and for much else: they count where nothing clearer is said.
    pub also: &'static [&'static str],
    /// What it does, and what they can do themselves (rule 51).
    pub explains: &'static [&'static str],
    /// What is to be known for it.
    pub asks: Option<&'static str>,
}
