//! Letters that people sent, and sending a requester elsewhere. What docket brings itself: `releasing`.

use chrono::{DateTime, TimeDelta, Utc};

use super::Setting;
use super::ending::{none_is_ours, not_ended};
use super::releasing::{by_docket, reviewed};
use crate::case::letter::{self, Obstacle};
use crate::case::{
    Case, Channel, Elsewhere, Event, FieldForm, FieldRule, Identified, JURISDICTION_KEY, Kind, Need, Policy,
    Refusal, Repeat, Terms, Via, country, instrument, is_to_whoever_asked, via as came_by, wants,
};

/// How, when and whether once more a letter went out, as it was typed.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    pub(super) via: Channel,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) repeat: Repeat,
}

/// A letter that could not have been filled in cannot have been sent. When the one that asks is out, the case waits.
pub(super) fn sent(
    case: &Case,
    name: &str,
    sending: Sending,
    setting: &Setting<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Sending { via, at, repeat } = sending;
    if via == Channel::Dm {
        return by_docket(case, name, sending, setting);
    }
    let at = at.unwrap_or(setting.now);
    if at > setting.now {
        return Err(Obstacle::SentInFuture.into());
    }
    // People write minutes.
    if minute(at) < minute(case.received) {
        return Err(Obstacle::SentBeforeItCame { received: case.received }.into());
    }
    let draft = letter::draft(case, name, None, setting.terms, at)?;
    let name = draft.letter.name.clone();
    // By mail it would be there before everybody else hears (rule 65). What went out went out, and says when.
    let told = reviewed(case, &name, setting.terms)
        .filter(|told| case.visit.is_some() && *told > at && is_to_whoever_asked(&name));
    if let Some(from) = told.filter(|_| sending.at.is_none()) {
        return Err(Obstacle::ToldLater { letter: name, via, from }.into());
    }
    // What says that records go out, or that there are none, follows the answer, which may take two people.
    if letter::tells_of_answer(draft.letter) && !letter::is_answered(case) {
        return Err(Obstacle::NeedsEnding { letter: name }.into());
    }
    match repeat {
        Repeat::Instead => return set_right(case, name, via, at).map(|event| vec![event]),
        Repeat::Again => {}
        Repeat::Unsaid => is_new(case, &name, sending, setting)?,
    }
    went(case, name, via, at, setting.terms)
}

/// What a letter that went out brings.
pub(super) fn went(
    case: &Case,
    name: String,
    via: Channel,
    at: DateTime<Utc>,
    terms: &Terms,
) -> Result<Vec<Event>, Refusal> {
    let asks = name == letter::ASK && case.waiting().is_none();
    let mut events = vec![Event::LetterSent { letter: name, via: via.name().to_owned(), at }];
    if asks {
        let kind = terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
        let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
        // No time is waited through twice.
        let waited = case.waits.iter().filter_map(|wait| wait.to).max();
        let from = waited.map_or(at, |waited| at.max(waited));
        events.push(Event::WaitBegan { from, asked: wants(case, kind, policy) });
    }
    Ok(events)
}

/// Whether it is most likely another sending than the one that is on record. One that asks is, where nothing is waited for.
pub(super) fn is_new(
    case: &Case,
    name: &str,
    sending: Sending,
    setting: &Setting<'_>,
) -> Result<(), Refusal> {
    let Sending { via, at, .. } = sending;
    if name == letter::ASK && case.waiting().is_none() {
        return Ok(());
    }
    let letter = name.to_owned();
    if let Some(at) = sent_before(case, name, via, at, setting) {
        return Err(Obstacle::SentAlready { letter, at }.into());
    }
    // With another time, and nothing between the two, it is as likely that the first had a wrong one.
    match at.and_then(|_| sent_before(case, name, via, None, setting)) {
        Some(at) => Err(Obstacle::SentAtAnotherTime { letter, at }.into()),
        None => Ok(()),
    }
}

/// The time of the letter that was put on record last is set right, and with it that from which the case waits.
fn set_right(case: &Case, letter: String, via: Channel, at: DateTime<Utc>) -> Result<Event, Refusal> {
    let all = case.sent.iter().filter(|sent| sent.letter == letter && sent.via == via.name());
    let Some(was) = all.max_by_key(|sent| sent.recorded).map(|sent| sent.at) else {
        return Err(Obstacle::NotSent { letter }.into());
    };
    if was == at {
        return Err(Refusal::NoChange);
    }
    let wait = case.waiting().filter(|wait| letter == letter::ASK && wait.from == was);
    let waited = case.waits.iter().filter_map(|wait| wait.to).max();
    let waits = wait.map(|_| waited.map_or(at, |waited| at.max(waited)));
    Ok(Event::SentSetRight { letter, via: via.name().to_owned(), was, at, waits })
}

/// When the same letter went out the same way, if this is most likely the same sending put on record twice: its time is the same,
/// or none was said and nothing has happened since.
fn sent_before(
    case: &Case,
    letter: &str,
    via: Channel,
    stated: Option<DateTime<Utc>>,
    setting: &Setting<'_>,
) -> Option<DateTime<Utc>> {
    let owed = setting.terms.policy_of(case).and_then(|policy| letter::owed(case, policy));
    // What is owed anew is sent anew.
    if owed.is_some_and(|owed| owed.name == letter) {
        return None;
    }
    let is_same = |at: DateTime<Utc>, recorded: DateTime<Utc>| match stated {
        Some(stated) => minute(stated) == minute(at),
        None => case.changed <= recorded && setting.now.signed_duration_since(recorded) < TWICE,
    };
    let all = case.sent.iter().filter(|sent| sent.letter == letter && sent.via == via.name());
    all.filter(|sent| is_same(sent.at, sent.recorded)).map(|sent| sent.at).next_back()
}

/// So long after a letter was put on record the same words are most likely the same message once more.
const TWICE: TimeDelta = TimeDelta::minutes(10);

/// Whether a letter can be written as the policy has it, be it once a line of the case is there.
pub(super) fn can_be_filled_in(case: &Case, name: &str, terms: &Terms, now: DateTime<Utc>) -> bool {
    match letter::draft(case, name, None, terms, now) {
        Ok(_) => true,
        Err(Refusal::Letter(Obstacle::Open { open, .. })) => {
            open.iter().any(|gap| matches!(gap.filler, letter::Filler::Line(_)))
        }
        Err(_) => false,
    }
}

fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// Rules 3, 8 and 57: with the stock text, and never an emergency to a treaty. What came under a data access agreement is
/// counsel's.
pub(super) fn redirect(case: &Case, to: Elsewhere, setting: &Setting<'_>) -> Result<Event, Refusal> {
    not_ended(case)?;
    let text = text_for(case, to, setting.terms)?;
    if came_by(case) == Via::Daa && !setting.terms.may(setting.actor, Need::Counsel) {
        return Err(Obstacle::CounselDecides.into());
    }
    Ok(Event::Redirected { to, text })
}

/// What a requester who is sent there would be told, or why they cannot be.
pub(in crate::case) fn text_for(case: &Case, to: Elsewhere, terms: &Terms) -> Result<String, Refusal> {
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
    match to {
        Elsewhere::Server => none_is_ours(case)?,
        Elsewhere::Mlat => by_treaty(case, kind, policy)?,
        Elsewhere::Security => may_be_report(case, kind, policy)?,
    }
    match policy.said(to.text()) {
        text if text.is_empty() => Err(Obstacle::NoTextFor(to).into()),
        text => Ok(text),
    }
}

/// Whether a request can come by treaty, and has not: whether its authorities may ask directly is not known while it does not say
/// which they are (rules 2 and 3).
pub(super) fn by_treaty(case: &Case, kind: &Kind, policy: &Policy) -> Result<(), Obstacle> {
    if kind.is_emergency() {
        return Err(Obstacle::NoTreatyInEmergency);
    }
    // Where no form asks for the country no authority is meant.
    let is_country = |rule: &FieldRule| rule.key == JURISDICTION_KEY || rule.form == FieldForm::Country;
    if !kind.from_authority && !kind.fields.iter().any(is_country) {
        return Err(Obstacle::NoAuthoritys { kind: kind.name.clone() });
    }
    if came_by(case) == Via::Mlat {
        return Err(Obstacle::CameByTreaty);
    }
    let country = country(case, policy);
    let is_accepted = |country: &String| policy.accepts.iter().any(|of| of.eq_ignore_ascii_case(country));
    if policy.accepts.is_empty() || country.as_ref().is_some_and(is_accepted) {
        return Err(Obstacle::MayAskDirectly { country });
    }
    Ok(())
}

/// Whether it may be the report of a weakness (rule 57): what somebody signs, shows who they are for, or orders asks for something
/// else.
fn may_be_report(case: &Case, kind: &Kind, policy: &Policy) -> Result<(), Obstacle> {
    let is_signed = kind.field(SIGNATURE_KEY).is_some_and(|rule| rule.required);
    let is_claim = kind.from_authority || kind.verify_requester || kind.verify_instrument || is_signed;
    let rests_on_order = matches!(instrument(case, policy), Identified::Known(_));
    if is_claim || rests_on_order { Err(Obstacle::NoReport { kind: kind.name.clone() }) } else { Ok(()) }
}

/// The line that somebody signs on.
const SIGNATURE_KEY: &str = "signature";
