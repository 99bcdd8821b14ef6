//! What a case has, what it lacks, and what must be asked. Holds the rules of completeness; decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::{holds, lapses_with};
use super::scope::{FROM_KEY, TO_KEY};
use super::{
    Account, Case, Field, FieldRule, Instrument, JURISDICTION_KEY, Kind, Origin, Policy, Reading, Subject,
    Unidentified, VIA_KEY, Via, Weighing, counsel_decides, identify, origin, via,
};

/// What was found, in the order in which a person would work through it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checklist<'a> {
    /// Lines that are there and were understood.
    pub present: Vec<&'a Field>,
    /// Required lines that are not there.
    pub missing: Vec<&'a FieldRule>,
    /// Lines that could not be read, and why.
    pub unread: Vec<(&'a Field, &'a str)>,
    /// Pieces of a line of accounts that are no accounts, and why.
    pub pieces: Vec<(&'a Field, &'a str, &'a str)>,
    /// Labels that stand more than once with different values.
    pub twice: Vec<&'a Field>,
    /// Lines that the policy does not know, and what may have been meant.
    pub unknown: Vec<(&'a Field, Option<&'a str>)>,
    /// What the request says on lines that are ours to set.
    pub claimed: Vec<&'a Field>,
    /// What was found in the text of a mail, and waits for a person to say that it is right.
    pub guessed: Vec<&'a Field>,
    /// The first and the last day it is about, where the last comes first.
    pub turned: Option<(&'a Field, &'a Field)>,
    /// Accounts of servers that are not ours (rule 8).
    pub foreign: Vec<&'a Account>,
    /// Accounts that look like something they are not, and how.
    pub odd: Vec<(&'a Account, &'a [String])>,
    /// Lines of the message that were no `Key: value`.
    pub stray: &'a [String],
    /// Whether the requester must still be verified.
    pub verify_requester: bool,
    /// Whether the instrument must still be verified.
    pub verify_instrument: bool,
    /// Whether its authority may ask (rules 2 and 3).
    pub origin: Origin,
    /// What it says of the way it came, if nobody can read that.
    pub via_unread: Option<&'a Field>,
    /// Whether counsel decides what becomes of it (rule 3).
    pub for_counsel: bool,
    /// The instrument it rests on.
    pub instrument: Option<&'a Instrument>,
    /// Why the instrument it names is not known.
    pub unidentified: Option<Unidentified<'a>>,
    /// Whether it cannot do without an instrument that is known (rule 1).
    pub needs_instrument: bool,
    /// Lines that its instrument wants and that are not there (rule 4).
    pub wanted: Vec<&'a FieldRule>,
    /// Lines without which it cannot be answered in full or in part (rule 39).
    pub before_answer: Vec<&'a FieldRule>,
    /// Whether somebody must still attest the danger (rule 13).
    pub attest: bool,
    /// Whether it reaches accounts of the operator's own servers only, and names none: what nobody could read may be one
    /// (rule 8).
    pub none_ours: bool,
}

impl Checklist<'_> {
    /// Whether nothing stands between the case and an answer.
    ///
    /// Unknown and stray lines do not: they are asked about, and may be nothing. Accounts of other servers do not either, as
    /// long as there are others: they are refused one by one while the rest goes on. So are lines out of scope.
    pub fn complete(&self) -> bool {
        self.missing.is_empty()
            && self.unread.is_empty()
            && self.pieces.is_empty()
            && self.twice.is_empty()
            && self.guessed.is_empty()
            && self.turned.is_none()
            && !self.verify_requester
            && !self.verify_instrument
            && !self.origin.blocks()
            && !self.lacks_instrument()
            && self.wanted.is_empty()
            && !self.attest
            && !self.none_ours
    }

    /// Whether it needs an instrument, and there is none that is known (rule 1).
    pub fn lacks_instrument(&self) -> bool {
        self.needs_instrument && self.instrument.is_none()
    }

    /// Whether something is asked about the line, though what it holds could be read.
    fn is_unclear(&self, field: &Field) -> bool {
        let is_turned = self.turned.is_some_and(|(first, last)| [first, last].contains(&field));
        is_turned || (self.origin == Origin::Unread && field.key == JURISDICTION_KEY)
    }
}

/// Goes through a case with the rules of its kind and of the policy it is pinned to.
pub fn checklist<'a>(case: &'a Case, kind: &'a Kind, policy: &'a Policy) -> Checklist<'a> {
    let mut list = Checklist {
        stray: &case.stray,
        // Nobody is given records who might be anybody (rule 61).
        verify_requester: (kind.verify_requester || kind.may_disclose(case)) && case.requester.is_none(),
        verify_instrument: kind.verify_instrument && case.instrument.is_none(),
        origin: origin(case, kind, policy),
        needs_instrument: kind.verify_instrument,
        attest: kind.attest && case.attested.is_none(),
        none_ours: kind.own_accounts
            && case.subjects().next().is_some()
            && case.subjects().all(|subject| !subject.ours)
            && case.unread_of_accounts().next().is_none(),
        ..Checklist::default()
    };
    // Where the line itself could not be read, that is said of it already.
    let says_two = |field: &&Field| !matches!(field.reading, Reading::Unread { .. });
    if kind.from_authority && via(case) == Via::Unread {
        list.via_unread = case.fields_of(VIA_KEY).find(says_two);
    }
    match identify(case, policy) {
        Ok(instrument) => list.instrument = instrument,
        Err(why) => list.unidentified = Some(why),
    }
    list.for_counsel = list.origin == Origin::Daa || counsel_decides(case, policy);
    list.turned = turned(case);
    list.missing = kind.fields.iter().filter(|rule| rule.required && !has(case, rule)).collect();
    let lacking = |keys: &'a [String]| -> Vec<&'a FieldRule> {
        let rules = keys.iter().filter_map(|key| kind.field(key));
        rules.filter(|rule| !has(case, rule)).collect()
    };
    list.before_answer = lacking(&kind.answer_needs);
    list.before_answer
        .extend(weighing(case, kind, policy).map_or_else(Vec::new, |weighs| lacking(&weighs.lines)));
    // What is required anyway is missing already; what the form does not have, nobody can fill in.
    list.wanted = list.instrument.map_or_else(Vec::new, |instrument| lacking(&instrument.wants));
    // Nor is it in force as far as anybody knows, while nothing says since when.
    let since = list.instrument.map_or_else(Vec::new, |_| lapses_with(case, policy));
    for rule in since.into_iter().filter_map(|key| kind.field(key)).filter(|rule| !has(case, rule)) {
        if !list.wanted.contains(&rule) {
            list.wanted.push(rule);
        }
    }
    list.wanted.retain(|rule| !rule.required);
    // By key, so that a message of ten thousand lines is gone through once.
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for field in &case.fields {
        values.entry(&field.key).or_default().insert(&field.value);
    }
    for field in &case.fields {
        let is_claim = field.reading == Reading::Claimed;
        if !is_claim && values.get(field.key.as_str()).is_some_and(|values| values.len() > 1) {
            list.twice.push(field);
        }
        if field.guessed {
            list.guessed.push(field);
        }
        match &field.reading {
            Reading::Unknown { meant } => list.unknown.push((field, meant.as_deref())),
            // What it asks is answered by the order that is on record (rule 26).
            Reading::Unread { .. } if field.is_about_secrecy() && case.secrecy_settled() => {
                list.present.push(field);
            }
            Reading::Unread { why } => list.unread.push((field, why)),
            Reading::Claimed => list.claimed.push(field),
            Reading::Accounts { named, unread } => {
                if !named.is_empty() && !field.guessed {
                    list.present.push(field);
                }
                list.pieces.extend(unread.iter().map(|(piece, why)| (field, piece.as_str(), why.as_str())));
                for Subject { account, .. } in named.iter().filter(|subject| !subject.ours) {
                    if !list.foreign.contains(&account) {
                        list.foreign.push(account);
                    }
                }
                let odd = named.iter().filter(|subject| !subject.odd.is_empty());
                list.odd.extend(odd.map(|subject| (&subject.account, subject.odd.as_slice())));
            }
            // Said above as what is to be looked at.
            Reading::Text | Reading::Day { .. } | Reading::Email { .. } | Reading::Secrecy(_)
                if field.guessed || list.is_unclear(field) => {}
            Reading::Text | Reading::Day { .. } | Reading::Email { .. } | Reading::Secrecy(_) => {
                list.present.push(field);
            }
        }
    }
    list
}

/// The first and the last day that a request is about, if they are the wrong way round.
fn turned(case: &Case) -> Option<(&Field, &Field)> {
    let day = |key| {
        let mut days = case.fields_of(key).filter_map(|field| Some((field, field.day()?)));
        days.next()
    };
    let ((first, from), (last, to)) = day(FROM_KEY).zip(day(TO_KEY))?;
    (to < from).then_some((first, last))
}

/// What is to be weighed before this request is granted, if anything is (rule 46).
pub fn weighing<'k>(case: &Case, kind: &'k Kind, policy: &Policy) -> Option<&'k Weighing> {
    let weighs = kind.weighs.as_ref()?;
    weighs.only.iter().all(|condition| holds(case, condition, policy)).then_some(weighs)
}

fn has(case: &Case, rule: &FieldRule) -> bool {
    case.fields_of(&rule.key).any(|field| match &field.reading {
        Reading::Accounts { named, unread } => !(named.is_empty() && unread.is_empty()),
        Reading::Unread { .. } => true, // it is there; what is wrong with it is said as such
        Reading::Claimed => false,
        Reading::Text
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unknown { .. } => !field.value.trim().is_empty(),
    })
}
