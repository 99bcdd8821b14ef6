//! What starts a clock, what ends it, and for which cases it is: read off the case, with the policy's words.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::case::calendar::first_moment;
use crate::case::choice::possible;
use crate::case::conflict::may_be_held_back;
use crate::case::decide::gate::bars;
use crate::case::done::day_in;
use crate::case::kept_down::COURT_ACTION_KEY;
use crate::case::{
    Case, ClockRule, Command, Condition, Edit, Ending, Extent, FLAG_KEY, Field, Flag, INSTRUMENT_KEY,
    JURISDICTION_KEY, Kind, Policy, REVIEW_KEY, Reading, Start, Stop, Tasks, Terms, country, letter,
    possible_instruments,
};

/// When the clock began, if it did.
pub(super) fn started(case: &Case, rule: &ClockRule, terms: &Terms) -> Option<DateTime<Utc>> {
    match &rule.from {
        Start::Received => Some(case.received),
        // To open it again takes no notice back, nor gives it more time.
        Start::Answered
            if rule.until.is_any(&[Stop::Told]) && case.owed_since.is_some() && !case.is_told_anew() =>
        {
            case.owed_since
        }
        Start::Answered => case.outcome.as_ref().map(|outcome| outcome.at),
        Start::Closed => case.closed,
        Start::Attested => match &case.attested {
            Some(attested) => since_attested(case, rule, attested.at),
            None => unattested(case, rule, terms),
        },
        Start::Sent(letter) => first_sent(case, letter),
        Start::Line(key) => case
            .fields_of(key)
            .filter_map(|field| Some(first_moment(field.day()?, terms.zone_of(case))))
            .min(),
        // One that counters what there is no more of gives nobody more time.
        Start::Countered => {
            free_to_put_back(case, case.countered.into_iter().chain(dropped_under(case, terms)).min()?)
        }
        Start::Dropped => free_to_put_back(case, dropped_under(case, terms)?),
        Start::HoldEnded => case.hold.as_ref()?.over.as_ref().map(|over| over.at),
        Start::Flagged => first_flagged(case, rule),
    }
}

/// When the first of the flags was set that the clock is for, of those that are on. Cases of before do not say when: they count
/// from the receipt, for nobody is late who keeps the earlier date.
fn first_flagged(case: &Case, rule: &ClockRule) -> Option<DateTime<Utc>> {
    let of_flags = |condition: &&Condition| condition.key == FLAG_KEY;
    let is_for =
        |flag: &&Flag| rule.only.iter().filter(of_flags).all(|condition| is_one_of(flag.name(), condition));
    let on = case.flags.iter().filter(is_for);
    on.map(|flag| case.flagged.get(flag).copied().unwrap_or(case.received)).min()
}

/// When nothing came of a request any more after what it asks for was done: that is put back (rule 41).
pub fn dropped(case: &Case, kind: &Kind) -> Option<DateTime<Utc>> {
    without_notice(case).filter(|_| case.acted_on || says_done(case, kind))
}

fn dropped_under(case: &Case, terms: &Terms) -> Option<DateTime<Utc>> {
    dropped(case, terms.kind_of(case)?)
}

/// From when what was made inaccessible goes back, if no other case wants it so: what falls due is due once that one has come to
/// nothing too (rule 41). The days of a counter-notice are counted from it all the same.
fn free_to_put_back(case: &Case, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if case.kept_down.binds() {
        return None;
    }
    let freed = case.kept_down.freed.filter(|_| without_notice(case).is_some());
    Some(freed.map_or(start, |freed| start.max(freed)))
}

/// Whether a line of ours that an answer would name says what was done, such as that something was removed.
pub fn says_done(case: &Case, kind: &Kind) -> bool {
    let is_ours = |key: &str| kind.field(key).is_some_and(|rule| rule.ours);
    kind.answer_needs.iter().any(|key| is_ours(key) && case.has_done(key))
}

/// When what is counted from the attestation began. An emergency is looked at again when it is over (rule 16), so that counts from
/// its first end, if that came later; what one person did alone is looked at before, too.
fn since_attested(case: &Case, rule: &ClockRule, attested: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let is_review = rule.until.is_any(&[Stop::Line(REVIEW_KEY.to_owned())]);
    if !is_review || !case.alone.is_empty() {
        return Some(attested);
    }
    let outcome = case.outcome.as_ref()?;
    Some(attested.max(case.owed_since.unwrap_or(outcome.at)))
}

/// When an emergency that nobody attested came to its end, if its users wait for somebody to look at it again: they are told of
/// what was refused too, and a review without a date never comes (rules 16, 25).
fn unattested(case: &Case, rule: &ClockRule, terms: &Terms) -> Option<DateTime<Utc>> {
    let is_review = rule.until.is_any(&[Stop::Line(REVIEW_KEY.to_owned())]);
    let tells = terms.kind_of(case).is_some_and(|kind| kind.attest && kind.notify);
    let outcome = case.outcome.as_ref().filter(|_| is_review && tells && !told(case))?;
    (!matches!(outcome.what, Ending::Duplicate { .. })).then_some(outcome.at)
}

/// From when the users can be told, if nothing on the case forbids it now: while telling is forbidden nobody is late to tell
/// (rule 60), and the end of a gag makes the notice due (rule 27), as does that of a wish for secrecy, the review of an
/// emergency (rule 16), a flag that comes off, or an instrument that is found out (rule 60).
pub(super) fn free_to_tell(case: &Case, start: DateTime<Utc>, terms: &Terms) -> Option<DateTime<Utc>> {
    // The users of a duplicate are told with the case that it is a duplicate of.
    if case.outcome.as_ref().is_some_and(|outcome| matches!(outcome.what, Ending::Duplicate { .. })) {
        return None;
    }
    // Nor does anybody hear that it went back while it did not.
    if case.stays_down() {
        return None;
    }
    let back = case.kept_down.freed.filter(|_| without_notice(case).is_some());
    let freed = case.gag.as_ref().and_then(|gag| gag.over.as_ref()).map(|over| over.at);
    let reviewed = case.freed.review.filter(|_| terms.kind_of(case).is_some_and(|kind| kind.attest));
    let freed = [freed, case.freed.secrecy, reviewed, case.freed.flag, case.freed.instrument, back];
    let start = freed.into_iter().flatten().fold(start, DateTime::max);
    if bars(case, terms).is_empty() { free_of_others(case, start) } else { None }
}

/// The same as far as other cases go, for the user whom it is first free to tell. A line that was read in half may name
/// somebody of whom they say nothing.
fn free_of_others(case: &Case, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let ours = case.subjects().filter(|subject| subject.ours).map(|subject| &subject.account);
    let mut left = ours.filter(|account| case.settled(account).is_none()).peekable();
    if left.peek().is_none() {
        return Some(start);
    }
    let free = left.filter(|account| case.hush(account).is_none());
    free.map(|account| case.hushed.get(account).and_then(|hush| hush.freed).map_or(start, |at| start.max(at)))
        .min()
}

/// Whether a clock runs until a user has the letter that says what was decided about what is theirs (rule 31).
pub(super) fn gives_reasons(rule: &ClockRule) -> bool {
    rule.until.is_any(&[Stop::Sent(letter::REASONS.to_owned())])
}

/// From when that letter may go as far as the flag goes: it is withheld with the notice, and nobody is late to send it (rule
/// 66). Once the flag is off it is due, as what else was withheld is.
pub(super) fn free_of_flag(case: &Case, start: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if case.flags.contains(&Flag::Csea) {
        return None;
    }
    Some(case.freed.flag.map_or(start, |freed| start.max(freed)))
}

/// When a letter was first sent: a second copy gives nobody more time.
pub(super) fn first_sent(case: &Case, letter: &str) -> Option<DateTime<Utc>> {
    case.sent.iter().filter(|sent| sent.letter == letter).map(|sent| sent.at).min()
}

/// Since when there is no notice any more that a counter-notice could be against: it was taken back, refused or sent elsewhere, or
/// there was nothing of what it says (rule 41). A duplicate's stands still, with the other case.
pub fn without_notice(case: &Case) -> Option<DateTime<Utc>> {
    let outcome = case.outcome.as_ref()?;
    let is_gone = match outcome.what {
        Ending::Withdrawn
        | Ending::Refused { .. }
        | Ending::Redirected { .. }
        | Ending::Answered { extent: Extent::None } => true,
        Ending::Answered { extent: Extent::Full | Extent::Part } | Ending::Duplicate { .. } => false,
    };
    is_gone.then_some(outcome.at)
}

/// Whether a clock that began at `start` is over: what ends it has happened, and so has what must be done besides; or nothing is
/// done for the request any more. What a flag asks for is owed whatever becomes of the request (rule 66), and so are what somebody
/// was called for (rule 56) and what a counter-notice does, whenever that came (rule 41).
pub(super) fn over(case: &Case, rule: &ClockRule, start: DateTime<Utc>, policy: &Policy, zone: Tz) -> bool {
    // A review is of what came of it.
    let of_request = start <= case.received
        && rule.calls.is_none()
        && !matches!(rule.from, Start::Countered | Start::Dropped | Start::Attested | Start::Flagged)
        && rule.only.iter().all(|condition| condition.key != FLAG_KEY);
    let is_dropped = rule.until.each().iter().any(|stop| match stop {
        // That there is nothing to do is what the answer says, unless it only waits for a hold to end (rule 63).
        Stop::Line(_) => case.came_to_nothing() || found_nothing(case, policy),
        // Where the letter about the ending does as well, it is still to be sent.
        Stop::Sent(_) => case.came_to_nothing() && !is_owed_instead(case, rule, policy),
        Stop::Held => case.came_to_nothing(),
        Stop::Answered | Stop::Told | Stop::Closed | Stop::First(_) => false,
    });
    (of_request && is_dropped)
        || ((tasks_suffice(case, rule, policy) || ended(case, &rule.until, start, zone))
            && undone(case, rule, policy).next().is_none())
}

/// The lines of what must be done besides before a clock ends, and is not (rule 49).
pub fn undone<'r>(case: &'r Case, rule: &'r ClockRule, policy: &'r Policy) -> impl Iterator<Item = &'r str> {
    let with = |tasks: &Tasks| tasks.or_with.iter().any(|key| case.has_done(key));
    let only = |tasks: &Tasks| tasks.only.iter().all(|only| holds(case, only, policy));
    let tasks = rule.tasks.iter().filter(move |tasks| only(tasks) || with(tasks));
    tasks.flat_map(|tasks| &tasks.lines).map(String::as_str).filter(|line| !case.has_done(line))
}

/// Whether what must be done besides is all there is to do, so that the clock ends with it (rule 49). What cannot be read may ask
/// for more.
pub fn tasks_suffice(case: &Case, rule: &ClockRule, policy: &Policy) -> bool {
    let enough = |tasks: &Tasks| {
        let nothing_else = |condition: &Condition| holds_only(case, condition, policy);
        !tasks.enough.is_empty() && tasks.enough.iter().all(nothing_else)
    };
    rule.tasks.as_ref().is_some_and(enough)
}

/// Whether a line of the case holds what a condition names, and nothing else.
fn holds_only(case: &Case, condition: &Condition, policy: &Policy) -> bool {
    let wanted = |value: &str| is_one_of(value, condition);
    let rule = policy.kind(&case.kind).and_then(|kind| kind.field(&condition.key));
    let mut fields = case.fields_of(&condition.key).peekable();
    fields.peek().is_some()
        && fields.all(|field| match rule.and_then(|rule| possible(&field.value, rule)) {
            Some(words) => words.into_iter().all(wanted),
            None => wanted(&field.value) && !matches!(field.reading, Reading::Unread { .. }),
        })
}

/// Whether the requester is owed a letter about the ending that ends the clock too.
fn is_owed_instead(case: &Case, rule: &ClockRule, policy: &Policy) -> bool {
    letter::owed(case, policy).is_some_and(|letter| rule.until.is_any(&[Stop::Sent(letter.name.clone())]))
}

/// Whether the request was answered with nothing, for there was nothing.
fn found_nothing(case: &Case, policy: &Policy) -> bool {
    let none = Ending::Answered { extent: Extent::None };
    case.outcome.as_ref().is_some_and(|outcome| outcome.what == none)
        && !may_be_held_back(case, policy.kind(&case.kind))
}

/// Whether what ends a clock that began at `start` has happened.
fn ended(case: &Case, until: &Stop, start: DateTime<Utc>, zone: Tz) -> bool {
    let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    match until {
        Stop::Answered => case.outcome.is_some(),
        // By days: people say on which day a letter went out, seldom at what hour.
        Stop::Sent(letter) => {
            case.sent.iter().any(|sent| sent.letter == *letter && day(sent.at) >= day(start))
        }
        // What could not be read is not filled in, nor is what was done before the clock began: the clock that goes on is the
        // safe side.
        // A court action is about the notice, and over with it (rule 41).
        Stop::Line(key) if key == COURT_ACTION_KEY && without_notice(case).is_some() => false,
        Stop::Line(key) => {
            let too_early = |field: &Field| day_in(&field.value).is_some_and(|done| done < day(start));
            let done = |field: &Field| field.counts() && !too_early(field);
            case.fields_of(key).any(done)
        }
        Stop::Held => case.hold.is_some(),
        Stop::Told => told(case),
        Stop::Closed => case.closed.is_some(),
        Stop::First(stops) => stops.iter().any(|stop| ended(case, stop, start, zone)),
    }
}

/// Whether every user whom we could tell was told, or it is on record why not.
pub fn told(case: &Case) -> bool {
    let half_read = case
        .fields
        .iter()
        .any(|field| matches!(&field.reading, Reading::Accounts { unread, .. } if !unread.is_empty()));
    let mut ours = case.subjects().filter(|subject| subject.ours);
    (!half_read || case.nobody.is_some()) && ours.all(|subject| case.settled(&subject.account).is_some())
}

/// Whether the case is one that the clock is for.
pub(super) fn meets(case: &Case, rule: &ClockRule, policy: &Policy) -> bool {
    rule.only.iter().all(|condition| holds(case, condition, policy))
}

/// Whether a condition of the policy holds for a case. Words may be joined as people like: `state-events`, `State events`.
pub fn holds(case: &Case, condition: &Condition, policy: &Policy) -> bool {
    let wanted = |value: &str| is_one_of(value, condition);
    match condition.key.as_str() {
        // Of several that it may be, each counts: a clock that runs in vain harms less than one that does not.
        INSTRUMENT_KEY => {
            let may_be =
                |case: &Case| possible_instruments(case, policy).iter().any(|found| wanted(&found.name));
            may_be(case) || as_proposed(case).is_some_and(|case| may_be(&case))
        }
        JURISDICTION_KEY => country(case, policy).is_some_and(|letters| wanted(&letters)),
        FLAG_KEY => case.flags.iter().any(|flag| wanted(flag.name())),
        key => {
            let rule = policy.kind(&case.kind).and_then(|kind| kind.field(key));
            case.fields_of(key).any(|field| match rule.and_then(|rule| possible(&field.value, rule)) {
                Some(words) => words.into_iter().any(wanted),
                // What cannot be read may be any of them: the strictest clock runs until somebody knows.
                None => wanted(&field.value) || matches!(field.reading, Reading::Unread { .. }),
            })
        }
    }
}

fn is_one_of(value: &str, condition: &Condition) -> bool {
    let plain = |text: &str| text.trim().to_lowercase().replace(['-', '_'], " ");
    condition.any_of.iter().any(|one| plain(one) == plain(value))
}

/// The case with the better name of its instrument that waits for a second person: to begin a clock takes nobody's approval.
fn as_proposed(case: &Case) -> Option<Case> {
    let commands = case.proposals.iter().map(|proposal| &proposal.command);
    let edits =
        commands.filter_map(|command| if let Command::Set { edits } = command { Some(edits) } else { None });
    let named = |edit: &Edit| match edit {
        Edit::Put(field) if field.key == INSTRUMENT_KEY && !field.value.trim().is_empty() => {
            Some(field.clone())
        }
        Edit::Put(_) | Edit::AddAccounts(_) | Edit::RemoveAccounts(_) | Edit::Received { .. } => None,
    };
    let field = edits.flatten().filter_map(named).next_back()?;
    let mut case = case.clone();
    case.fields.retain(|old| old.key != INSTRUMENT_KEY);
    case.fields.push(field);
    Some(case)
}
