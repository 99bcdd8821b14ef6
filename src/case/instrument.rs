//! Which instrument a request rests on, as far as its lines say. Reads by the policy's words; whether the paper is genuine
//! is for a person to verify (rule 1).
//!
//! It errs on the side of not knowing: an instrument that is not identified opens nothing, and binds to silence (rule 60).

use std::ops::Range;

use super::origin::{Via, country, via};
use super::phrase::{Words, outermost};
use super::{Absent, Case, Field, FieldForm, FieldRule, Instrument, Kind, Policy, Tell};

/// The normal form of the key that names the instrument.
pub const INSTRUMENT_KEY: &str = "instrument";
/// Longer than the name of any instrument with its number and its act; what is longer is not read by half.
const MOST_WORDS: usize = 400;
/// Right before the name of an instrument, these say that it is not there.
const DENIALS: &[&str] = &["not", "without", "pending", "awaiting", "lacking", "never", "future"];
/// These may stand between a denial and the name.
const FILLERS: &[&str] = &["a", "an", "any", "the", "yet", "such", "valid"];
/// How many letters of the key may be wrong on a form that has no such line.
const SLIPS: usize = 2;

/// What the lines of a case say of its instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identified<'p> {
    /// One that the policy knows.
    Known(&'p Instrument),
    /// There is no line.
    None,
    /// There is a line, and it names none that the policy knows, or more than one, or one that cannot be this.
    Unknown,
}

/// Why a line about the instrument does not identify one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unidentified<'p> {
    /// It names none that the policy knows.
    NotKnown,
    /// It names several.
    Several(Vec<&'p Instrument>),
    /// What it names is not issued in the country that the request comes from, or that country is not known.
    NotFrom {
        /// What it names.
        instrument: &'p Instrument,
        /// The country.
        country: Option<String>,
    },
    /// What it names does not serve this kind of request.
    NotFor(&'p Instrument),
    /// It says that there is none yet, in these words.
    NotYet(&'p str),
}

/// The instrument that a case rests on.
pub fn instrument<'p>(case: &Case, policy: &'p Policy) -> Identified<'p> {
    match identify(case, policy) {
        Ok(Some(instrument)) => Identified::Known(instrument),
        Ok(None) => Identified::None,
        Err(_) => Identified::Unknown,
    }
}

/// The instrument that a case rests on, if a line names one, or why that is not known.
///
/// A name within a longer one does not count: `search warrant` is no `warrant`. Of different instruments named in different
/// places the longest name wins, but only if they open and bind alike: one of two could bind where the other does not.
///
/// What came by mutual legal assistance rests on that request, whatever foreign order stands behind it (rule 3).
pub fn identify<'p>(case: &Case, policy: &'p Policy) -> Result<Option<&'p Instrument>, Unidentified<'p>> {
    match (by_treaty(case, policy), identify_named(case, policy)) {
        (Some(_), Err(why @ Unidentified::NotYet(_))) => Err(why),
        (Some(treaty), _) => Ok(Some(treaty)),
        (None, named) => named,
    }
}

/// The request for mutual legal assistance by which a case came, if it did and the policy knows such requests.
fn by_treaty<'p>(case: &Case, policy: &'p Policy) -> Option<&'p Instrument> {
    let from_authority = policy.kind(&case.kind).is_some_and(|kind| kind.field(super::VIA_KEY).is_some());
    let is_treaty = |one: &&Instrument| one.known_by.iter().any(|name| name.eq_ignore_ascii_case(TREATY));
    (from_authority && via(case) == Via::Mlat).then(|| policy.instruments.iter().find(is_treaty)).flatten()
}

/// How the policy's request for mutual legal assistance is known, among other names.
const TREATY: &str = "mlat";

/// What the instrument that a case rests on says of telling the user, and what the order behind it says: the stricter of the
/// two counts (rule 60). `None` if one of them is not known.
pub fn told_by_default(case: &Case, policy: &Policy) -> Option<Tell> {
    let behind = identify_named(case, policy).ok()?;
    let rests_on = identify(case, policy).ok()?;
    let withholds = [behind, rests_on].into_iter().flatten().any(|one| one.notice == Tell::Withhold);
    Some(if withholds { Tell::Withhold } else { Tell::Tell })
}

/// Whether counsel decides, by what the case rests on or by the order behind it: to come by treaty takes that away from no
/// order (rule 3).
pub fn counsel_decides(case: &Case, policy: &Policy) -> bool {
    let behind = match identify_named(case, policy) {
        Ok(named) => named.into_iter().collect(),
        Err(Unidentified::Several(several)) => several,
        Err(Unidentified::NotFor(named) | Unidentified::NotFrom { instrument: named, .. }) => vec![named],
        Err(Unidentified::NotKnown | Unidentified::NotYet(_)) => Vec::new(),
    };
    behind.into_iter().chain(by_treaty(case, policy)).any(|one| one.counsel)
}

/// The instrument that the lines name, in the form that it has where the request presses.
fn identify_named<'p>(case: &Case, policy: &'p Policy) -> Result<Option<&'p Instrument>, Unidentified<'p>> {
    let named = identify_plainly(case, policy)?;
    Ok(named.map(|one| pressing_form(one, case, policy).unwrap_or(one)))
}

/// What stands in the place of an instrument because the request presses, so that the stricter clock runs: an authority that
/// says so must be heard in time, and one that says too much loses nothing.
fn pressing_form<'p>(one: &Instrument, case: &Case, policy: &'p Policy) -> Option<&'p Instrument> {
    let forms = policy.instruments.iter().filter(|form| form.instead_of.as_deref() == Some(&one.name));
    forms.into_iter().find(|form| is_for(form, case) && presses(form, case, policy))
}

/// Whether the case came as an emergency, or says a word by which the policy knows one.
fn presses(form: &Instrument, case: &Case, policy: &Policy) -> bool {
    let said = |text: &str| {
        let words = Words::of(text);
        let mut places = form.if_said.iter().flat_map(|phrase| words.places_of(phrase));
        places.any(|place| !is_denied(&words, place.start))
    };
    policy.kind(&case.kind).is_some_and(Kind::is_emergency)
        || instrument_lines(case, policy).any(|field| said(&field.value))
        || case.stray.iter().any(|text| said(text))
        || case.fields.iter().any(|field| {
            // `Emergency: yes` is no line of most forms.
            !field.known() && (said(&field.value) || (said(&field.label) && !says_none(&field.value, policy)))
        })
}

/// The instrument that the lines name, as it is called.
fn identify_plainly<'p>(case: &Case, policy: &'p Policy) -> Result<Option<&'p Instrument>, Unidentified<'p>> {
    let mut named: Vec<Named<'p>> = Vec::new();
    let mut is_said = false;
    for field in instrument_lines(case, policy) {
        is_said = true;
        if let Some(words) = not_yet(&field.value, &policy.absent) {
            return Err(Unidentified::NotYet(words));
        }
        let in_line = names_in(&field.value, policy);
        if in_line.is_empty() {
            return Err(Unidentified::NotKnown);
        }
        named.extend(in_line);
    }
    if !is_said {
        return Ok(None);
    }
    let country = country(case, policy);
    for names in &mut named {
        names.instruments = fitting(&names.instruments, case, country.as_deref())?;
    }
    let first = named.first().map(|names| names.instruments.as_slice()).unwrap_or_default();
    let everywhere =
        |one: &&Instrument| named.iter().all(|names| names.instruments.iter().any(|it| same(it, one)));
    let common: Vec<&Instrument> = first.iter().copied().filter(everywhere).collect();
    match common.as_slice() {
        [only] => Ok(Some(only)),
        [] => longest_of_alike(&named).map(Some),
        several => Err(Unidentified::Several(several.to_vec())),
    }
}

/// A place at which a name stands, and who goes by it.
struct Named<'p> {
    /// How long the name is.
    length: usize,
    instruments: Vec<&'p Instrument>,
}

fn longest_of_alike<'p>(named: &[Named<'p>]) -> Result<&'p Instrument, Unidentified<'p>> {
    let all = each_once(named.iter().flat_map(|names| &names.instruments).copied());
    let longest = named.iter().map(|names| names.length).max().unwrap_or_default();
    let winners = named.iter().filter(|names| names.length == longest);
    match each_once(winners.flat_map(|names| &names.instruments).copied()).as_slice() {
        [winner] if all.iter().all(|other| is_alike(winner, other)) => Ok(winner),
        _ => Err(Unidentified::Several(all)),
    }
}

/// Whether taking the one for the other opens nothing else, tells nobody sooner and asks for nothing less.
fn is_alike(one: &Instrument, other: &Instrument) -> bool {
    one.notice == other.notice
        && one.counsel == other.counsel
        && one.opens == other.opens
        && other.wants.iter().all(|key| one.wants.contains(key))
}

/// Every instrument that a case may rest on, as far as its lines say: where missing one would harm more than having one too
/// many.
pub fn possible_instruments<'p>(case: &Case, policy: &'p Policy) -> Vec<&'p Instrument> {
    match identify(case, policy) {
        Ok(found) => found.into_iter().collect(),
        Err(Unidentified::Several(several)) => {
            let forms = several.iter().filter_map(|one| pressing_form(one, case, policy));
            forms.chain(several.iter().copied()).collect()
        }
        Err(Unidentified::NotFrom { instrument, country: None }) => vec![instrument],
        // Nobody knows which it is, so it may be any that its kind and its country allow.
        Err(
            Unidentified::NotKnown
            | Unidentified::NotYet(_)
            | Unidentified::NotFor(_)
            | Unidentified::NotFrom { country: Some(_), .. },
        ) => {
            let country = country(case, policy);
            let all = policy.instruments.iter();
            // Nothing presses because nobody knows what it is.
            let may_press = |one: &&Instrument| one.instead_of.is_none() || presses(one, case, policy);
            let all = all.filter(|one| is_for(one, case) && may_be_from(one, country.as_deref()));
            all.filter(may_press).collect()
        }
    }
}

fn is_for(one: &Instrument, case: &Case) -> bool {
    one.kinds.is_empty() || one.kinds.contains(&case.kind)
}

fn may_be_from(one: &Instrument, country: Option<&str>) -> bool {
    let is_of = |country: &str| one.countries.iter().any(|of| of.eq_ignore_ascii_case(country));
    one.countries.is_empty() || country.is_none_or(is_of)
}

/// The words by which a line says that there is no instrument yet.
fn not_yet<'p>(value: &str, absent: &'p Absent) -> Option<&'p str> {
    let words = Words::of(value);
    let stands = |phrase: &&String| !words.places_of(phrase).is_empty();
    absent.not_yet.iter().find(stands).map(String::as_str)
}

/// Whether a line says that there is no instrument, which is no line about one: `none`, `n/a`, `-`.
fn says_none(value: &str, policy: &Policy) -> bool {
    Words::of(value).count() == 0 || none_in(value, &policy.absent).is_some()
}

fn none_in<'p>(value: &str, absent: &'p Absent) -> Option<&'p str> {
    let typed = Words::of(value);
    absent.none.iter().find(|none| typed.are(none)).map(String::as_str)
}

/// The words by which a line that names an instrument so would say that there is none, for whoever checks a policy: nobody could
/// ever rest on it by that name.
pub fn denied_by<'p>(name: &str, absent: &'p Absent) -> Option<&'p str> {
    none_in(name, absent).or_else(|| not_yet(name, absent))
}

/// The lines about the instrument, those under a misspelt label included: a slip of the pen must not unbind anybody.
pub fn instrument_lines<'c>(case: &'c Case, policy: &'c Policy) -> impl Iterator<Item = &'c Field> {
    case.fields.iter().filter(|field| is_about_it(field, case, policy) && !says_none(&field.value, policy))
}

fn is_about_it(field: &Field, case: &Case, policy: &Policy) -> bool {
    let is_one = |rule: &FieldRule| rule.key == INSTRUMENT_KEY || rule.form == FieldForm::Instrument;
    let own = policy.kind(&case.kind);
    let of_own =
        |key: &str| key == INSTRUMENT_KEY || own.and_then(|kind| kind.field(key)).is_some_and(is_one);
    if of_own(&field.key) || field.meant().is_some_and(of_own) {
        return true;
    }
    // A form that has no such line may be sent in with one all the same, under any of its names.
    let elsewhere = || policy.kinds.iter().filter_map(|kind| kind.field(&field.key)).any(is_one);
    let misspelt = || strsim::damerau_levenshtein(&field.key, INSTRUMENT_KEY) <= SLIPS;
    !field.known() && (elsewhere() || misspelt())
}

/// The instruments that a line names: for each place at which a name stands, those that are known by it.
fn names_in<'p>(value: &str, policy: &'p Policy) -> Vec<Named<'p>> {
    let words = Words::of(value);
    if words.count() > MOST_WORDS {
        return Vec::new();
    }
    let mut found: Vec<(Range<usize>, &'p Instrument)> = Vec::new();
    for instrument in &policy.instruments {
        // Its own name in the policy is one of its names.
        let names = instrument.known_by.iter().chain([&instrument.name]);
        for place in names.flat_map(|name| words.places_of(name)) {
            if !found.iter().any(|(other, known)| *other == place && same(known, instrument)) {
                found.push((place, instrument));
            }
        }
    }
    if found.iter().any(|(place, _)| is_denied(&words, place.start)) {
        return Vec::new();
    }
    let longest = outermost(found.iter().map(|(place, _)| place.clone()).collect());
    let at = |place: &Range<usize>| {
        let here = found.iter().filter(|(other, _)| other == place);
        let length = place.clone().filter_map(|place| words.at(place)).map(str::len).sum();
        Named { length, instruments: here.map(|(_, instrument)| *instrument).collect() }
    };
    longest.iter().map(at).collect()
}

/// `without a court order`, `court order: none yet` and the like name what is not there.
pub(super) fn is_denied(words: &Words, place: usize) -> bool {
    let before = (0..place).rev().filter_map(|place| words.at(place));
    let before: Option<&str> = before.into_iter().find(|word| !FILLERS.contains(word));
    // `warrant no. 7` numbers one, `no warrant` denies it: the first is followed by no name.
    before.is_some_and(|word| DENIALS.contains(&word) || word == "no")
}

/// Those of the instruments that can be what this case rests on, or why none can.
fn fitting<'p>(
    names: &[&'p Instrument],
    case: &Case,
    country: Option<&str>,
) -> Result<Vec<&'p Instrument>, Unidentified<'p>> {
    let is_from = |one: &Instrument| {
        one.countries.is_empty()
            || country.is_some_and(|country| one.countries.iter().any(|of| of.eq_ignore_ascii_case(country)))
    };
    let fitting: Vec<&Instrument> =
        names.iter().copied().filter(|one| is_from(one) && is_for(one, case)).collect();
    if !fitting.is_empty() {
        return Ok(fitting);
    }
    Err(match (names.iter().copied().find(|one| is_from(one)), names.first()) {
        (Some(instrument), _) => Unidentified::NotFor(instrument),
        (None, Some(instrument)) => Unidentified::NotFrom { instrument, country: country.map(str::to_owned) },
        (None, None) => Unidentified::NotKnown,
    })
}

fn same(one: &Instrument, other: &Instrument) -> bool {
    one.name == other.name
}

fn each_once<'p>(named: impl Iterator<Item = &'p Instrument>) -> Vec<&'p Instrument> {
    let mut once: Vec<&Instrument> = Vec::new();
    for instrument in named {
        if !once.iter().any(|other| same(other, instrument)) {
            once.push(instrument);
        }
    }
    once
}
