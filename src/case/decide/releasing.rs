//! Letters that people let go to a user who asked in a room of their own: in which words and with which file, when each leaves, and whether
//! it still may right before that. Does not know how it is brought.

use chrono::{DateTime, Utc};

use super::letters::{Sending, is_new, went};
use super::{Around, Events, Setting, own_words, second, work};
use crate::case::calendar::moment_after;
use crate::case::conflict::asks_for_erasure;
use crate::case::letter::{self, Obstacle};
use crate::case::{
    Case, Channel, Command, Event, FileRole, LetterStopped, Refusal, Release, ReleaseState, Repeat, Terms,
    is_to_whoever_asked,
};

/// Lets a letter go to whoever asked in a room of their own. That it went out is put on record once it is there.
pub(super) fn by_docket(
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
    if file.is_some() && case.visit.as_ref().is_some_and(|visit| visit.taken_back.is_some()) {
        return Err(Obstacle::TakenBack.into());
    }
    let leaves = reviewed(case, &letter, setting.terms).map_or(setting.now, |end| end.max(setting.now));
    Ok(Event::LetterReleased { letter, words: draft.pieces, leaves, file })
}

/// Until when what came of a wish to be erased is told to nobody, nor that it takes longer, so that no hold shows by how long it
/// takes (rule 65).
pub(super) fn reviewed(case: &Case, letter: &str, terms: &Terms) -> Option<DateTime<Utc>> {
    let is_upshot = case.outcome.is_some() && ![letter::ACK, letter::ASK].contains(&letter);
    let tells = is_upshot || letter == letter::EXTENDED;
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
        // Of what is decided nobody hears that it takes longer.
        let is_open = name != letter::EXTENDED || case.outcome.is_none();
        draft.pieces == release.words && !case.is_outdated(release) && is_answered && is_wanted && is_open
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
