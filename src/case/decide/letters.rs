//! Letters that people sent or let go to a user who asked in a room of their own, and sending a requester elsewhere.

use chrono::{DateTime, TimeDelta, Utc};

use super::ending::{none_is_ours, not_ended};
use super::{Around, Events, Setting, own_words, second, work};
use crate::case::calendar::moment_after;
use crate::case::conflict::asks_for_erasure;
use crate::case::letter::{self, Obstacle};
use crate::case::{
    Case, Channel, Command, Elsewhere, Event, FieldForm, FieldRule, FileRole, Identified, JURISDICTION_KEY,
    Kind, LetterStopped, Need, Policy, Refusal, Release, ReleaseState, Repeat, Terms, Via, country,
    instrument, is_to_whoever_asked, via as came_by, wants,
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
fn went(
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

/// Lets a letter go to whoever asked in a room of their own. That it went out is put on record once it is there.
fn by_docket(
    case: &Case,
    name: &str,
    sending: Sending,
    setting: &Setting<'_>,
) -> Result<Vec<Event>, Refusal> {
    let visit = case.visit.as_ref().ok_or(Obstacle::NobodyToWriteTo)?;
    if sending.at.is_some() || sending.repeat == Repeat::Instead {
        return Err(Obstacle::SentByDocket.into());
    }
    let event = released(case, name, setting)?;
    let Event::LetterReleased { letter, .. } = &event else { return Ok(vec![event]) };
    if !is_to_whoever_asked(letter) {
        return Err(Obstacle::NotForWhoeverAsked { letter: letter.clone() }.into());
    }
    // What waits for its day may be let go anew where another copy goes with it by now.
    let is_outdated = |release: &Release| release.state == ReleaseState::Waiting && case.is_outdated(release);
    if visit.open(letter).is_some_and(|release| !is_outdated(release)) {
        return Err(Obstacle::OnItsWay { letter: letter.clone() }.into());
    }
    let before = case.sent.iter().rfind(|sent| sent.letter == *letter && sent.via == Channel::Dm.name());
    if let Some(before) = before.filter(|_| sending.repeat == Repeat::Unsaid)
        && is_new(case, letter, sending, setting).is_err()
    {
        return Err(Obstacle::ThereAlready { letter: letter.clone(), at: before.at }.into());
    }
    Ok(vec![event])
}

/// A letter in the words that it has now, and when it leaves.
pub(super) fn released(case: &Case, name: &str, setting: &Setting<'_>) -> Result<Event, Refusal> {
    let draft = letter::draft(case, name, None, setting.terms, setting.now)?;
    let letter = draft.letter.name.clone();
    if letter::tells_of_answer(draft.letter) && !letter::is_answered(case) {
        return Err(Obstacle::NeedsEnding { letter }.into());
    }
    let file = case.data_with(&letter).map(|file| file.file.clone());
    // The answer says that it comes (rules 42, 48).
    if letter == letter::ANSWER && case.answer_lacks_data(draft.letter, setting.terms.kind_of(case)) {
        let takes_one = work::takes(case, FileRole::Data).is_ok();
        return Err(Obstacle::NoCopyOnFile { takes_one }.into());
    }
    let leaves = reviewed(case, &letter, setting.terms).map_or(setting.now, |end| end.max(setting.now));
    Ok(Event::LetterReleased { letter, words: draft.pieces, leaves, file })
}

/// Until when what came of a wish to be erased is told to nobody, so that no hold shows by how long it takes (rule 65).
fn reviewed(case: &Case, letter: &str, terms: &Terms) -> Option<DateTime<Utc>> {
    let tells = case.outcome.is_some() && ![letter::ACK, letter::ASK].contains(&letter);
    let policy = terms.policy_of(case)?;
    let span = policy.visits.as_ref()?.erasure_after?;
    if !tells || !asks_for_erasure(case, terms.kind_of(case)) {
        return None;
    }
    moment_after(case.received, span, &terms.calendar(policy, None), terms.zone_of(case))
}

/// Whether a letter that was let go may leave now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterLeave {
    /// It may.
    Goes,
    /// It would say something else by now, or nothing: it does not leave.
    Changed,
    /// It is not on its way.
    Over,
}

/// Whether a letter that was let go still says what is so, right before it leaves.
/// What is in somebody's own words in it is held once more against what binds by then, as when it was let go.
pub fn letter_may_leave(case: &Case, name: &str, around: &Around, terms: &Terms) -> LetterLeave {
    let open = case.visit.as_ref().and_then(|visit| visit.open(name));
    let Some(release) = open.filter(|release| release.state == ReleaseState::OnItsWay) else {
        return LetterLeave::Over;
    };
    let sends = letter_command(name);
    let may_go = own_words::may_go_out(case, around, name, terms).is_ok()
        && (release.by_two || !own_words::takes_two(case, around, &sends, terms));
    // What was let go and then worked again, or taken back, goes no further than that.
    let is_so = |draft: &letter::Draft<'_>| {
        let is_answered = !letter::tells_of_answer(draft.letter) || letter::is_answered(case);
        let is_wanted =
            release.file.is_none() || case.visit.as_ref().is_some_and(|visit| visit.taken_back.is_none());
        draft.pieces == release.words && !case.is_outdated(release) && is_answered && is_wanted
    };
    match letter::draft(case, name, None, terms, release.at) {
        Ok(draft) if is_so(&draft) && may_go => LetterLeave::Goes,
        Ok(_) | Err(_) => LetterLeave::Changed,
    }
}

/// The command by which a letter is let go to whoever asked in a room.
pub fn letter_command(name: &str) -> Command {
    let letter = name.to_owned();
    Command::RecordSent { letter, via: Channel::Dm, at: None, repeat: Repeat::Unsaid }
}

/// A letter that was let go is there.
pub fn letter_went(case: &Case, name: &str, terms: &Terms, now: DateTime<Utc>) -> Events {
    if case.visit.as_ref().is_none_or(|visit| visit.open(name).is_none()) {
        return Events::new();
    }
    let sent =
        |_| vec![Event::LetterSent { letter: name.to_owned(), via: Channel::Dm.name().to_owned(), at: now }];
    // What it rests on may be gone since, and it is there all the same.
    let events = went(case, name.to_owned(), Channel::Dm, now, terms).unwrap_or_else(sent);
    let events = events.into_iter().map(|event| (case.id, event)).collect();
    second::with_voids(case, &Around::default(), events)
}

/// A letter that was let go did not reach its user.
pub fn letter_stopped(case: &Case, name: &str, why: LetterStopped) -> Events {
    if case.visit.as_ref().is_none_or(|visit| visit.open(name).is_none()) {
        return Events::new();
    }
    vec![(case.id, Event::LetterStopped { letter: name.to_owned(), why })]
}

/// Whether it is most likely another sending than the one that is on record. One that asks is, where nothing is waited for.
fn is_new(case: &Case, name: &str, sending: Sending, setting: &Setting<'_>) -> Result<(), Refusal> {
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
