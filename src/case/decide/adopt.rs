//! Going on under the policy of today. A case keeps the version that it was opened under until somebody says so (rule 59).
//!
//! It takes a second person where the case could then be answered, told of, sent elsewhere or erased sooner or with more than
//! before. What binds to silence is compared in `effects`, whatever moved it; what only a policy can move is compared here.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::Setting;
use super::keeping::{hold_terms, hold_times};
use super::later::later;
use super::voided::voided;
use crate::case::recipient::refers;
use crate::case::scope::bar;
use crate::case::{
    Case, Checklist, Effect, Event, Kind, Need, Origin, Policy, Refusal, Term, Terms, When, checklist,
    instrument, origin,
};

/// The case goes on under the current version; what was approved of another one is not done under this.
pub(super) fn adopt(
    case: &Case,
    approved: Option<&str>,
    setting: &Setting<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Setting { actor, terms, .. } = setting;
    if !terms.may(actor, Need::Administer) {
        return Err(terms.lacks(actor, Need::Administer));
    }
    // The version that it has need not be at hand: this is the way on for a case whose is lost.
    let is_meant = |policy: &&Policy| approved.is_none_or(|version| version == policy.version);
    let policy = terms.policy().filter(is_meant).ok_or(Refusal::PolicyMissing)?;
    if policy.version == case.policy {
        return Err(Refusal::PolicyStands { version: policy.version.clone() });
    }
    // By its name alone: what is only an alias there may be another thing.
    if !policy.kinds.iter().any(|kind| kind.name == case.kind) {
        return Err(Refusal::KindGone { kind: case.kind.clone(), version: policy.version.clone() });
    }
    let adopted = Event::PolicyAdopted { policy: policy.version.clone(), from: Some(case.policy.clone()) };
    let mut after = case.clone();
    after.apply(&adopted, actor, setting.now);
    // What the lines name there may be another instrument than the one that was looked at.
    let voided = voided(case, &after, terms).map(|what| Event::VerificationVoided { what });
    Ok([adopted].into_iter().chain(voided).collect())
}

/// What the case's policy makes wider or sooner, if it is another than before.
pub(super) fn widens(before: &Case, after: &Case, terms: &Terms) -> Vec<Effect> {
    if before.policy == after.policy {
        return Vec::new();
    }
    // What nobody can read any more is compared with nothing: the lost policy is a bar, and leaving it takes two by that.
    let Some((was, is)) = Side::of(before, terms).zip(Side::of(after, terms)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if was.kind.is_guarded_more_than(is.kind) || was.opens_less(&is) || was.waits_for_more(&is) {
        found.push(Effect::Disclose);
    }
    if was.keeps_longer(&is, terms) || was.holds_longer(&is, terms) {
        found.push(Effect::Destroy);
    }
    if was.tells_later(&is) || was.shows_less(&is) || was.waits_longer_for_an_order(&is, terms) {
        found.push(Effect::Tell);
    }
    // A promise, often the law's, that would go unseen (rule 59). What every case counts for itself is compared in `effects`,
    // where it matters.
    if was.asks_more_people(&is) || was.may_not_be_sent_away(&is) || !later(before, after, terms).is_empty() {
        found.push(Effect::Policy);
    }
    found
}

/// A case with what one policy says of it.
struct Side<'a> {
    case: &'a Case,
    kind: &'a Kind,
    policy: &'a Policy,
}

impl<'a> Side<'a> {
    fn of(case: &'a Case, terms: &'a Terms) -> Option<Side<'a>> {
        Some(Side { case, kind: terms.kind_of(case)?, policy: terms.policy_of(case)? })
    }

    /// Whether the other opens a category that this one keeps shut, whether or not the request names it yet.
    fn opens_less(&self, other: &Side<'_>) -> bool {
        let is_open = |side: &Side<'_>, name: &str| {
            let category = side.policy.categories.iter().find(|category| category.name == name);
            let instrument = instrument(side.case, side.policy);
            category.is_some_and(|category| bar(Some(side.kind), category, instrument).is_none())
        };
        let names = other.policy.categories.iter().map(|category| category.name.as_str());
        names.into_iter().any(|name| is_open(other, name) && !is_open(self, name))
    }

    /// Whether something is missing here that the other does not miss, whatever else both miss: the rest can be supplied.
    fn waits_for_more(&self, other: &Side<'_>) -> bool {
        let was = checklist(self.case, self.kind, self.policy);
        let is = checklist(other.case, other.kind, other.policy);
        let wants = |list: &Checklist<'_>| -> BTreeSet<String> {
            list.missing.iter().chain(&list.wanted).map(|rule| rule.key.clone()).collect()
        };
        let needs = |side: &Side<'_>, key: &str| side.kind.answer_needs.iter().any(|needed| needed == key);
        let fewer_needs = self.kind.answer_needs.iter().any(|key| !needs(other, key));
        // Whether its authority may ask is missing too (rules 2 and 3).
        let may_ask = was.origin.blocks() && !is.origin.blocks();
        let has_order = was.lacks_instrument() && !is.lacks_instrument();
        let says_less = !wants(&was).is_subset(&wants(&is));
        (is.complete() && !was.complete()) || fewer_needs || may_ask || has_order || says_less
    }

    /// Whether one person could send the request to another authority there, and not here, because its country may ask no longer
    /// (rule 3): that ends it.
    fn may_not_be_sent_away(&self, other: &Side<'_>) -> bool {
        let is_refused =
            |side: &Side<'_>| matches!(origin(side.case, side.kind, side.policy), Origin::NotAccepted { .. });
        self.case.outcome.is_none() && is_refused(other) && !is_refused(self)
    }

    /// Whether its users could be told there before anything came of the request, and not here (rule 28).
    fn tells_later(&self, other: &Side<'_>) -> bool {
        let after = |side: &Side<'_>| side.kind.told(side.policy) == When::After;
        other.kind.notify && after(self) && !after(other) && self.case.outcome.is_none()
    }

    /// Whether its users would get to read a line there that they do not get to read here (rule 25).
    fn shows_less(&self, other: &Side<'_>) -> bool {
        other.kind.notify && other.kind.copy.iter().any(|key| !self.kind.copy.contains(key))
    }

    fn keeps_longer(&self, other: &Side<'_>, terms: &Terms) -> bool {
        let end = |side: &Side<'_>| {
            let span = side.kind.keep.unwrap_or(side.policy.keep);
            side.end(Term::of(span), terms)
        };
        end(other) < end(self)
    }

    /// Whether a hold would run for less there, or could be extended by less or less often, begun or not: it is kept in the meantime
    /// by nothing else (rules 19, 20).
    fn holds_longer(&self, other: &Side<'_>, terms: &Terms) -> bool {
        let is_held = |side: &Side<'_>| side.kind.preserves || side.case.hold.is_some();
        if !is_held(self) {
            return false;
        }
        let ends = |side: &Side<'_>| {
            let (term, extend) = hold_terms(side.case, side.policy);
            (side.end(term, terms), side.end(extend, terms))
        };
        let ((was, was_more), (is, is_more)) = (ends(self), ends(other));
        // Without a number it is as often as it is asked for.
        let times = |side: &Side<'_>| hold_times(side.case, side.policy).unwrap_or(u32::MAX);
        is < was || is_more < was_more || times(other) < times(self)
    }

    /// Whether a wish for secrecy would lapse sooner there, once the requester is told that it takes an order (rule 16). A time
    /// that runs already is compared by its end, in `effects`.
    fn waits_longer_for_an_order(&self, other: &Side<'_>, terms: &Terms) -> bool {
        let end = |side: &Side<'_>| side.end(Term::of(side.policy.notice.serve_within), terms);
        other.kind.notify && end(other) < end(self)
    }

    /// When a term would end that began with the case: what two policies say is compared by that, whatever days they count in.
    fn end(&self, term: Term, terms: &Terms) -> DateTime<Utc> {
        let calendar = terms.calendar(self.policy, None);
        term.end(self.case.opened, &calendar, terms.zone_under(self.policy))
    }

    /// Whether an act takes two people, or counsel, here and not there, or what is proposed waits for another time.
    fn asks_more_people(&self, other: &Side<'_>) -> bool {
        let (was, is) = (&self.policy.two_people, &other.policy.two_people);
        let fewer = |was: &[String], is: &[String]| was.iter().any(|act| !is.contains(act));
        fewer(&was.acts, &is.acts)
            || fewer(&was.counsel, &is.counsel)
            || (is.break_glass && !was.break_glass)
            || was.valid_for != is.valid_for
            || (self.kind.owes_answer && !other.kind.owes_answer)
    }
}

impl Kind {
    /// Whether something stands between a case of this kind and its records that does not under the other.
    fn is_guarded_more_than(&self, other: &Kind) -> bool {
        let guards = |kind: &Kind| {
            [
                kind.discloses,
                kind.can_disclose(),
                kind.weighs.is_some(),
                kind.verify_requester,
                refers(kind),
                kind.verify_instrument,
                kind.attest,
                kind.own_accounts,
                kind.from_authority,
                kind.scope_empty,
            ]
        };
        guards(self).into_iter().zip(guards(other)).any(|(was, is)| was && !is)
    }
}
