//! What a change makes sooner or wider: the effects for which one person is not enough, by whichever verb they are reached.
//!
//! Works on what the case was and what it would be, so a new verb cannot forget it. Does not know who asks.

use std::collections::BTreeSet;

use super::answering::is_weighed;
use super::beyond::{beyond_request, names_who_asked};
use super::binding::{accounts, loosens, names_fewer};
use super::gate::{Bar, bars};
use super::later::{gives_more_time, is_slip};
use super::retyped::rests_on_retyped;
use super::sweep::secrecy_end;
use super::{Around, Events, Setting, adopt, keeping, own_words, referring, unheard, untold};
use crate::case::choice::chosen;
use crate::case::conflict::{RIGHT_KEY, says_erased};
use crate::case::letter::ANSWER;
use crate::case::named_order::named_end;
use crate::case::recipient::refers;
use crate::case::requester::{is_from_agency, posed_as};
use crate::case::{
    Case, Command, DATA_KEY, Effect, Ending, Event, Extent, Field, FieldForm, Reading, Relation, Stop, Term,
    Terms, Verifiable, clocks, mention,
};

/// The effects of these events on this case, and what the policy adds for the command.
pub(super) fn effects(
    command: &Command,
    before: &Case,
    after: &Case,
    events: &Events,
    around: &Around,
    setting: &Setting<'_>,
) -> Vec<Effect> {
    let terms = setting.terms;
    let mut found = BTreeSet::new();
    if discloses(before, after, terms)
        || !beyond_request(command, before, terms).is_empty()
        || names_who_asked(command, before, around, terms)
        || referring::is_unread(command, before, terms)
    {
        found.insert(Effect::Disclose);
    }
    // Rule 65: what goes to a user in a person's own words may tell them what the gate withholds.
    if tells(before, after, events, around, terms) || own_words::takes_two(before, around, command, terms) {
        found.insert(Effect::Tell);
    }
    // Before anything is kept a slip of intake lets nothing go.
    if (destroys(before, after, terms) && (before.hold.is_some() || !is_slip(command, before, setting)))
        || (grants(before, after) && is_weighed(after, terms))
    {
        found.insert(Effect::Destroy);
    }
    if after.attested.is_some() && before.attested != after.attested {
        found.insert(Effect::Verify);
    }
    // Rule 61: what somebody there denied counts again when two people say so, by whatever way.
    let both = [Verifiable::Requester, Verifiable::Instrument];
    if both.into_iter().any(|what| before.denied(what).is_some() && after.denied(what).is_none()) {
        found.insert(Effect::Verify);
    }
    if poses_as_another(before, after, terms) {
        found.insert(Effect::Verify);
    }
    if before.undone != after.undone && !after.undone.is_empty() {
        found.insert(Effect::Leave);
    }
    if unheard::takes_two(command, before, after, setting)
        || rests_on_retyped(command, before, terms)
        || gives_more_time(command, before, after, events, around, setting)
    {
        found.insert(Effect::Leave);
    }
    found.extend(adopt::widens(before, after, terms));
    let policy = terms.policy_of(before);
    // A refusal that says that something was weighed takes two like the exception itself (rule 46).
    let weighed = |case: &Case| case.outcome.as_ref().map(|outcome| &outcome.what).cloned();
    if let Some(Ending::Refused { code }) = weighed(after).filter(|_| before.outcome != after.outcome)
        && policy.and_then(|policy| policy.reason(&code)).is_some_and(|reason| reason.weighs)
    {
        found.insert(Effect::Policy);
    }
    if policy.is_some_and(|policy| policy.two_people.acts.iter().any(|act| act == command.name())) {
        found.insert(Effect::Policy);
    }
    found.into_iter().collect()
}

/// Rule 61: that a request is genuine although its address is made to look like an agency's, two people say.
fn poses_as_another(before: &Case, after: &Case, terms: &Terms) -> bool {
    after.requester.is_some()
        && before.requester != after.requester
        && terms.kind_of(after).is_some_and(is_from_agency)
        && posed_as(after, &terms.directory).is_some()
}

/// Something of the request is granted that was not before.
fn grants(before: &Case, after: &Case) -> bool {
    let granted = |case: &Case| {
        let ending = case.outcome.as_ref().map(|outcome| &outcome.what);
        matches!(ending, Some(Ending::Answered { extent: Extent::Full | Extent::Part }))
    };
    granted(after) && before.outcome != after.outcome
}

/// Records leave the house, or more of them than before.
fn discloses(before: &Case, after: &Case, terms: &Terms) -> bool {
    let gives = |case: &Case| {
        let kind = terms.kind_of(case);
        let ending = case.outcome.as_ref().map(|outcome| &outcome.what);
        matches!(ending, Some(Ending::Answered { extent: Extent::Full | Extent::Part }))
            && (kind.is_none_or(|kind| kind.may_disclose(case) || refers(kind))
                || case.data_with(ANSWER).is_some())
    };
    let wider = || {
        after
            .scope
            .iter()
            .any(|(name, line)| line.allowed && before.scope.get(name).is_none_or(|before| !before.allowed))
    };
    // To take off the line that asks for records would take off the second person with it.
    let asks = |case: &Case| {
        terms.kind_of(case).is_some_and(|kind| kind.discloses_if_asked && kind.may_disclose(case))
    };
    let hidden = before.outcome.is_none() && asks(before) && !asks(after);
    hidden
        || gives(after)
            && (!gives(before)
                || before.outcome != after.outcome
                || wider()
                || has_other_data(before, after)
                || reworded(before, after, terms))
}

/// Whether another copy of their data would go to whoever asked than the one that two people stood behind.
fn has_other_data(before: &Case, after: &Case) -> bool {
    let data = |case: &Case| case.data_with(ANSWER).map(|file| file.file.clone());
    data(before) != data(after)
}

/// Whether an answer that two people stood behind would now say something else, or say it to somebody else. To take users
/// off it and to write down what was done since changes nothing of it.
pub(super) fn reworded(before: &Case, after: &Case, terms: &Terms) -> bool {
    let policy = terms.policy_of(before);
    // What was asked to be destroyed is, and goes to nobody: as long as it is asked for, what else is said destroys no more.
    let is_erased =
        |case: &Case| says_erased(case, terms.kind_of(case), policy) && asks_for_nothing_else(case, terms);
    let asked = |case: &Case| -> Vec<Field> {
        let says_what = |field: &&Field| [RIGHT_KEY, DATA_KEY].contains(&field.key.as_str());
        case.fields.iter().filter(says_what).cloned().collect()
    };
    if is_erased(before) && is_erased(after) && asked(before) == asked(after) {
        return !accounts(after).is_subset(&accounts(before));
    }
    let is_ours = |key: &str| {
        let mut clocks = policy.into_iter().flat_map(|policy| &policy.clocks);
        clocks.any(|clock| {
            let is_task = clock.tasks.iter().any(|tasks| tasks.lines.iter().any(|line| line == key));
            is_task || clock.until.is_any(&[Stop::Line(key.to_owned())])
        })
    };
    let is_users =
        |field: &Field| matches!(&field.reading, Reading::Accounts { unread, .. } if unread.is_empty());
    let said = |case: &Case| -> Vec<Field> {
        case.fields.iter().filter(|field| !is_ours(&field.key) && !is_users(field)).cloned().collect()
    };
    said(before) != said(after) || !accounts(after).is_subset(&accounts(before))
}

/// Whether what asks that records be destroyed asks for none of them.
fn asks_for_nothing_else(case: &Case, terms: &Terms) -> bool {
    let form = terms.kind_of(case).and_then(|kind| kind.field(RIGHT_KEY)).map(|rule| &rule.form);
    let Some(FieldForm::SomeOf(choices)) = form else { return false };
    let is_erasure = |field: &Field| chosen(&field.value, choices).is_ok_and(|words| words == ["erasure"]);
    case.fields_of(RIGHT_KEY).all(is_erasure)
}

/// A user could be told sooner, or is not told at all.
fn tells(before: &Case, after: &Case, events: &Events, around: &Around, terms: &Terms) -> bool {
    let (was, is) = (bars(before, terms), bars(after, terms));
    let bound = before.secret() || was.iter().any(|bar| bar.is_firm());
    let begins = |bar: Bar| is.contains(&bar) && !was.contains(&bar);
    // A gag that takes the place of something else binds no less than that, if it does not end before the time that a requester
    // without an order has.
    let fewer = (frees(&was, &is)
        || was.contains(&Bar::Secrecy) && !is.contains(&Bar::Secrecy) && ends_early(before, after, terms))
        && (!begins(Bar::Gag) || ends_early(before, after, terms));
    // Nor does an instrument that is known to withhold bind less than one that nobody knew, or than a wish for secrecy: it
    // binds until permission is on file.
    let firmer = begins(Bar::Instrument);
    let sooner = match (&before.gag, &after.gag) {
        (Some(before), Some(after)) if before.binds() && after.binds() => match (before.until, after.until) {
            (None, Some(_)) => true,
            (Some(before), Some(after)) => after < before,
            (_, None) => false,
        },
        _ => false,
    };
    let less_named = bound
        && (!accounts(before).is_subset(&accounts(after))
            || terms.kind_of(before).is_some_and(|kind| loosens(before, after, kind, firmer)));
    // Once something came of the request, or records are kept for it, its users are owed a notice.
    // What it once was, opened again, it is still; and whoever stands on a case that has duplicates may be told with it for
    // theirs.
    let is_kept_for_others = before.duplicates().next().is_some();
    let owed = before.outcome.is_some()
        || before.hold.is_some()
        || before.owed_since.is_some()
        || is_kept_for_others;
    let forgotten = owed
        && terms.kind_of(before).is_some_and(|kind| kind.notify)
        && untold(before).any(|account| after.subjects().all(|subject| subject.account != *account));
    let unnamed = names_fewer(before, after, terms);
    let no_longer_owed = terms.kind_of(before).is_some_and(|kind| kind.notify)
        && !terms.kind_of(after).is_some_and(|kind| kind.notify);
    let into_what_is_free = events.iter().any(|(id, event)| {
        let duplicate = matches!(event, Event::Linked { how: Relation::Duplicate, outward: true, .. });
        let free = |other: &Case| !other.secret() && bars(other, terms).is_empty();
        *id == before.id && duplicate && bound && around.other.as_ref().is_none_or(free)
    });
    // To settle again what is settled is a decision too, even if it comes to the same; so is to say that nothing binds.
    let settled = events.iter().any(|(_, event)| {
        matches!(event, Event::NoticeSettled { .. } | Event::NobodyConcerned { .. } | Event::GagOver { .. })
    });
    fewer
        || sooner
        || less_named
        || unnamed
        || forgotten
        || no_longer_owed
        || into_what_is_free
        || settled
        // That a finding holds no longer binds.
        || !after.cleared.is_subset(&before.cleared)
        || lapses_sooner(before, after, terms)
}

/// Whether a wish for secrecy may now be over by itself before it would have been (rule 16). That the time to serve an order
/// begins takes one person, for it begins when the letter is put on record; what a policy makes begin takes two.
fn lapses_sooner(before: &Case, after: &Case, terms: &Terms) -> bool {
    if !before.asks_for_secrecy() || !after.asks_for_secrecy() {
        return false;
    }
    match (secrecy_end(&clocks(before, terms)), secrecy_end(&clocks(after, terms))) {
        (Some(was), Some(is)) => is < was,
        (None, Some(_)) => before.policy != after.policy,
        (_, None) => false,
    }
}

/// Whether a gag ends before a requester who asks for secrecy would have had to serve an order (rule 16), or before the day until
/// which they say that it binds: whoever mistypes the year would have the user told.
fn ends_early(before: &Case, after: &Case, terms: &Terms) -> bool {
    let Some((gag, policy)) = after.gag.as_ref().zip(terms.policy_of(after)) else { return false };
    let zone = terms.zone_under(policy);
    let in_time = Term::of(policy.notice.serve_within).end(gag.at, &terms.calendar(policy, None), zone);
    let said = named_end(before, terms);
    gag.until.is_some_and(|until| {
        until < in_time || said.is_some_and(|said| until.with_timezone(&zone).date_naive() < said)
    })
}

/// Whether what binds is less: the last of it is gone, or one that stands until somebody says otherwise who answers for it.
fn frees(was: &BTreeSet<Bar>, is: &BTreeSet<Bar>) -> bool {
    const LASTING: [Bar; 5] = [Bar::Gag, Bar::Csea, Bar::Instrument, Bar::Order, Bar::Policy];
    let binds = |bars: &BTreeSet<Bar>| bars.iter().any(|bar| bar.is_firm());
    LASTING.iter().any(|bar| was.contains(bar) && !is.contains(bar)) || (binds(was) && !binds(is))
}

/// What is kept is let go, or sooner; or kept for less than the policy says.
fn destroys(before: &Case, after: &Case, terms: &Terms) -> bool {
    let runs = |case: &Case| case.hold.as_ref().filter(|hold| hold.runs()).map(|hold| hold.until);
    match (runs(before), runs(after)) {
        (Some(was), Some(is)) => is < was || keeps_for_fewer(before, after),
        (Some(_), None) => true,
        (None, Some(_)) => keeping::ends_early(after, terms),
        // A hold counts from the receipt.
        (None, None) => keeping::asks_to_keep(after, terms) && after.received < before.received,
    }
}

/// Whether a user of ours is taken off: for them it is as if the hold were released.
fn keeps_for_fewer(before: &Case, after: &Case) -> bool {
    let kept: BTreeSet<String> =
        accounts(after).iter().map(|account| mention::plain(account.as_str())).collect();
    let ours = before.subjects().filter(|subject| subject.ours);
    ours.into_iter().any(|subject| !kept.contains(&mention::plain(subject.account.as_str())))
}
