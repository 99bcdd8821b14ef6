//! What was verified and is not what stands there now: whoever changes who asks, or what the request rests on, has it verified
//! again (rules 1, 61). Works on the case before and after, so that no line can be forgotten; does not know what changed it.

use super::binding::accounts;
use crate::case::clock::lapses_with;
use crate::case::destination::goes_elsewhere;
use crate::case::requester::is_from_agency;
use crate::case::things::named_on_lines;
use crate::case::{
    Case, Field, INSTRUMENT_KEY, Kind, Policy, Terms, Unidentified, VIA_KEY, Verifiable, Via, country_lines,
    identify, instrument_lines, via,
};

/// The lines that say who asks, and where the answer goes by mail.
const REQUESTER_LINES: &[&str] = &["agency", "officer", "email", "jurisdiction"];
/// The lines that say what the request rests on, and how far that has to reach.
const INSTRUMENT_LINES: &[&str] = &[
    INSTRUMENT_KEY,
    "authorising officer",
    "data",
    "messages",
    "material",
    "from",
    "to",
    "purpose",
    "jurisdiction",
    VIA_KEY,
];

/// What no longer counts as verified once the lines are others. An instrument was looked at for the accounts that stood there,
/// so a further one asks for another look; but where it names material and no account, whose the material is we find out
/// ourselves, and nothing in the instrument is another for it (rules 25, 31). Who asks for their own records proved whose account
/// it is, so of a further one they proved nothing, and as little of an identifier or a room that was not named then (rule 43).
pub fn voided(before: &Case, after: &Case, terms: &Terms) -> impl Iterator<Item = Verifiable> + use<> {
    let changed = |keys: &[&'static str]| lines(before, keys) != lines(after, keys);
    let further = !accounts(after).is_subset(&accounts(before));
    // Whoever was called was asked about the place too (rules 7, 61): it is told by whatever line, or in a sentence.
    let requester = before.requester.is_some()
        && (changed(REQUESTER_LINES)
            || is_anothers(before, after, further, terms)
            || goes_elsewhere(before, after, terms));
    let instrument = before.instrument.is_some()
        && ((further && !is_own_finding(before, after, terms))
            || changed(INSTRUMENT_LINES)
            || rests_on_another(before, after, terms));
    let voided = [(requester, Verifiable::Requester), (instrument, Verifiable::Instrument)];
    voided.into_iter().filter(|(is, _)| *is).map(|(_, what)| what)
}

/// Whether the requester was shown to be somebody else than the user whose records it asks for now: there is a further account,
/// or it was an agency that asked. Under a policy that is lost everybody asks for themselves, which is looked at again.
fn is_anothers(before: &Case, after: &Case, further: bool, terms: &Terms) -> bool {
    let is_the_user = |case: &Case, kind: &Kind| {
        // Behind material that somebody reports stands somebody else, by its nature.
        let is_of_material = kind.asks_whose && !kind.may_disclose(case);
        !is_from_agency(kind) && !is_of_material
    };
    let asked_otherwise = terms.kind_of(before).is_some_and(|kind| !is_the_user(before, kind));
    let further = further || !named_on_lines(after).is_subset(&named_on_lines(before));
    terms.kind_of(after).is_none_or(|kind| is_the_user(after, kind)) && (further || asked_otherwise)
}

/// Whether whatever accounts stand there are those that we found behind the material: the request named none when the instrument
/// was verified, and asks for no records of anybody.
fn is_own_finding(before: &Case, after: &Case, terms: &Terms) -> bool {
    let of_material =
        |case: &Case| terms.kind_of(case).is_some_and(|kind| kind.asks_whose && !kind.may_disclose(case));
    before.verified_nameless && of_material(before) && of_material(after)
}

fn lines<'c>(case: &'c Case, keys: &[&'c str]) -> Vec<&'c Field> {
    keys.iter().flat_map(|key| case.fields_of(key)).collect()
}

/// Whether it rests on something else, or on the same for another time: an order that was verified for one month is not
/// verified for the next. What a policy that is lost said of it is compared with nothing.
fn rests_on_another(before: &Case, after: &Case, terms: &Terms) -> bool {
    let ground = |case| terms.policy_of(case).map(|policy| Ground::of(case, policy));
    ground(before).zip(ground(after)).is_some_and(|(was, is)| was != is)
}

/// What a request rests on, as far as its lines say it by whatever labels a policy has for them.
#[derive(PartialEq, Eq)]
struct Ground<'a> {
    instrument: Result<Option<&'a str>, Unidentified<'a>>,
    by: Via,
    named: Vec<&'a Field>,
    from: Vec<&'a Field>,
    in_force: Vec<&'a Field>,
}

impl<'a> Ground<'a> {
    fn of(case: &'a Case, policy: &'a Policy) -> Ground<'a> {
        Ground {
            instrument: identify(case, policy).map(|found| found.map(|one| one.name.as_str())),
            by: via(case),
            named: instrument_lines(case, policy).collect(),
            from: country_lines(case, policy).collect(),
            in_force: lapses_with(case, policy).into_iter().flat_map(|key| case.fields_of(key)).collect(),
        }
    }
}
