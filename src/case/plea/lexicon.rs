//! What a word is in a plea, looked up in one table of all languages. Knows single words only; what they say together, `grammar`
//! says.

use std::sync::LazyLock;

use super::words::ALL;

/// What a word may be, a bit for each.
pub(super) type Roles = u64;

/// Tells: `inform`, `disclose`.
pub(super) const TELL: Roles = 1;
/// Comes to know, or is known: `learn`, `aware`, `Kenntnis`.
pub(super) const LEARN: Roles = 1 << 1;
/// Gets in touch, or tells only where somebody is named: `contact`, `share`.
pub(super) const CONTACT: Roles = 1 << 2;
/// Is the telling itself: `notice`, `Benachrichtigung`.
pub(super) const NOTICE: Roles = 1 << 3;
/// The same, but much else besides: `Information`.
pub(super) const INFO: Roles = 1 << 4;
/// Who would be told.
pub(super) const USER: Roles = 1 << 5;
/// Denies: `not`, `nichts`.
pub(super) const NEG: Roles = 1 << 6;
/// Denies behind a French `ne` only.
pub(super) const NEG_FR: Roles = 1 << 7;
/// That `ne`.
pub(super) const NE: Roles = 1 << 8;
/// Denies what stands right behind it: `no`, `keine`.
pub(super) const NEG_OF: Roles = 1 << 9;
/// Bids: `must`, `please`, `darf`.
pub(super) const BID: Roles = 1 << 10;
/// Bids what follows to come about: `ensure`, `so that`, `want`.
pub(super) const ENSURE: Roles = 1 << 11;
/// What may stand between a denial and what tells.
pub(super) const BETWEEN: Roles = 1 << 12;
/// Is denied where something is forbidden: `permitted`, `zulässig`.
pub(super) const PERMIT: Roles = 1 << 13;
/// Forbids, before or behind what it forbids.
pub(super) const FORBID: Roles = 1 << 14;
/// Forbids what follows it.
pub(super) const FORBID_TO: Roles = 1 << 15;
/// Puts off.
pub(super) const DEFER: Roles = 1 << 16;
/// Endangers.
pub(super) const HARM: Roles = 1 << 17;
/// What would be endangered or kept secret: `request`, `investigation`.
pub(super) const MATTER: Roles = 1 << 18;
/// Without.
pub(super) const WITHOUT: Roles = 1 << 19;
/// Before, prior to.
pub(super) const BEFORE: Roles = 1 << 20;
/// Only.
pub(super) const ONLY: Roles = 1 << 21;
/// Asks for secrecy by itself.
pub(super) const ALONE: Roles = 1 << 22;
/// Says that something is secret, which much is that no request is about.
pub(super) const SECRET: Roles = 1 << 23;
/// That it is to be so: `keep`, `treat`.
pub(super) const KEEP: Roles = 1 << 24;
/// A mark by which a short line says it.
pub(super) const MARK: Roles = 1 << 25;
/// What is secret by nature and no request: `trade secret`, `Secret Service`.
pub(super) const THING: Roles = 1 << 26;
/// Says that what follows happened, or is so: `was`, `did`, `wurde`.
pub(super) const PAST: Roles = 1 << 27;
/// Says so unless something is bidden as well: `does`, `is`.
pub(super) const SO: Roles = 1 << 28;
/// Begins something else: `and`, `but`.
pub(super) const AND: Roles = 1 << 29;
/// Whoever writes: `my`, `us`.
pub(super) const OWN: Roles = 1 << 30;
/// Whoever writes, as who does it: `we`.
pub(super) const WE: Roles = 1 << 31;
/// Asks what somebody knows: `whether`, `who`.
pub(super) const ASKS: Roles = 1 << 32;
/// With a denial, denies nothing of what follows: `no objection to`, `do not hesitate to`.
pub(super) const TAKES: Roles = 1 << 33;
/// A word of Spanish that tells: only before one is `no` more than an English `no`.
pub(super) const SPANISH: Roles = 1 << 34;
/// Would or could.
pub(super) const WOULD: Roles = 1 << 35;
/// Sealed.
pub(super) const SEAL: Roles = 1 << 36;
/// Who or what seals.
pub(super) const COURT: Roles = 1 << 37;
/// Asked for.
pub(super) const WANTED: Roles = 1 << 39;

/// Does not know.
pub(super) const UNAWARE: Roles = 1 << 40;
/// Is hidden from somebody.
pub(super) const HIDE: Roles = 1 << 41;

/// Only says that something is: `is`, `be`.
pub(super) const COPULA: Roles = 1 << 38;

/// Silence, which much is that no request is about.
pub(super) const QUIET: Roles = 1 << 42;

/// Whatever can be kept from somebody.
pub(super) const ACT: Roles = TELL | LEARN | CONTACT | NOTICE | INFO;
/// A plea has one of these.
pub(super) const TURNS: Roles = NEG
    | NEG_FR
    | NE
    | NEG_OF
    | FORBID
    | FORBID_TO
    | DEFER
    | HARM
    | WITHOUT
    | BEFORE
    | ONLY
    | ALONE
    | SECRET
    | MARK
    | SEAL
    | UNAWARE
    | QUIET
    | HIDE;

/// The words that one of the lists has, by the two letters with which they begin.
struct Table {
    by_start: Vec<Vec<Entry>>,
}

struct Entry {
    word: &'static str,
    /// Whether it only begins words.
    begins: bool,
    roles: Roles,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut by_start: Vec<Vec<Entry>> = Vec::new();
    by_start.resize_with(LETTERS * LETTERS, Vec::new);
    for (roles, words) in ALL.iter().copied().flatten() {
        for word in words.split_ascii_whitespace() {
            let (word, begins) = word.strip_suffix('*').map_or((word, false), |start| (start, true));
            let Some(bucket) = by_start.get_mut(start(word.as_bytes())) else { continue };
            match bucket.iter_mut().find(|entry| entry.word == word && entry.begins == begins) {
                Some(entry) => entry.roles |= roles,
                None => bucket.push(Entry { word, begins, roles: *roles }),
            }
        }
    }
    // A longer one says more exactly what a word is.
    for bucket in &mut by_start {
        bucket.sort_by_key(|entry| (std::cmp::Reverse(entry.word.len()), entry.begins));
    }
    Table { by_start }
});

const LETTERS: usize = 27;

fn start(word: &[u8]) -> usize {
    let letter = |at: usize| match word.get(at).map(u8::to_ascii_lowercase) {
        Some(letter @ b'a'..=b'z') => usize::from(letter - b'a') + 1,
        _ => 0,
    };
    letter(0) * LETTERS + letter(1)
}

/// What a slip of the finger may have been meant as; shorter words are like too many others.
const LONG: &[&str] = &["confidential", "confidentiality"];
/// How many letters may be wrong in one of those.
const SLIPS: usize = 2;

/// What a word may be that is written wrong.
fn slip(word: &[u8]) -> Roles {
    let is_like = |meant: &str| {
        let starts = |text: &[u8]| text.first().map(u8::to_ascii_lowercase);
        starts(word) == starts(meant.as_bytes()) && word.len().abs_diff(meant.len()) <= SLIPS
    };
    let is_slip = |meant: &&str| {
        let word = || String::from_utf8_lossy(word).to_ascii_lowercase();
        is_like(meant) && strsim::damerau_levenshtein(&word(), meant) <= SLIPS
    };
    if LONG.iter().any(is_slip) { SECRET | MARK } else { 0 }
}

/// What a word may be, however it is written.
pub(super) fn roles(word: &[u8]) -> Roles {
    let bucket = TABLE.by_start.get(start(word)).map_or(&[][..], Vec::as_slice);
    let is_it = |entry: &&Entry| {
        let fits = if entry.begins { word.len() >= entry.word.len() } else { word.len() == entry.word.len() };
        fits && word
            .get(..entry.word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(entry.word.as_bytes()))
    };
    let mut fitting = bucket.iter().filter(is_it);
    let Some(longest) = fitting.next() else { return slip(word) };
    // It may stand there twice, with an end and as the beginning of others.
    let same = fitting.take_while(|entry| entry.word.len() == longest.word.len());
    same.fold(longest.roles, |roles, entry| roles | entry.roles)
}
