//! One event in words. Does not know the case it happened to.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use super::acts::act;
use super::notices::in_tongue;
use super::said::{file_role, relation, size, verifiable};
use crate::case::{
    Account, Case, CaseId, Contact, Ending, Event, Flag, GagEnding, HoldEnding, KeptDown, Telling, Terms,
    Void,
};
use crate::chat::dates;
use crate::chat::page::Line;

/// One event, as the end of a line that begins with the case.
pub fn happened(event: &Event, zone: Tz) -> Line {
    match event {
        Event::Opened { kind, .. } => Line::ours(format!("opened: {kind}")),
        Event::FieldSet { field } => Line::new().theirs(&field.label).say(" is now ").theirs(&field.value),
        Event::ReceivedSet { at, .. } => {
            Line::ours(format!("received {}; its clocks count from there", dates::moment(*at, zone)))
        }
        Event::CounterMoved { other, received } => {
            Line::ours(format!("{} was received {}", counter_notice(*other), dates::moment(*received, zone)))
        }
        Event::CounterEnded { other } => Line::ours(format!(
            "{} came to nothing; nothing is put back because of it",
            counter_notice(*other)
        )),
        Event::CounterStands { other, .. } => {
            Line::ours(format!("{} is worked again; the clock counts from it", counter_notice(*other)))
        }
        Event::MayCounter { cases } => {
            let cases: Vec<String> = cases.iter().map(ToString::to_string).collect();
            Line::ours(format!("may counter {}", cases.join(", ")))
        }
        Event::FieldCleared { label, .. } => Line::new().theirs(label).say(" taken off"),
        Event::Noted { .. } => Line::ours("note added"),
        Event::FileAttached { file, role, user } => {
            let line = Line::ours(format!("file attached as {}: ", file_role(*role)))
                .theirs(&file.name)
                .say(format!(" · {} · ", size(file.size)))
                .theirs(&file.mime)
                .say(format!(" · SHA-256 {}", file.sha256));
            match user {
                Some(user) => line.say(" · for ").theirs(user.as_str()),
                None => line,
            }
        }
        Event::Verified { what, by, how, entry, call, recorder: _ } => {
            Line::ours(format!("{} verified by ", verifiable(*what)))
                .theirs(by.as_str())
                .say(": ")
                .theirs(how)
                .join(source(entry.as_deref(), call.as_ref(), zone))
        }
        Event::VerificationVoided { what } => {
            Line::ours(format!("{} must be verified again: what was verified has changed", verifiable(*what)))
        }
        Event::DecidedBefore { other, by, with } => {
            let line = Line::ours(format!("{other} was decided by ")).theirs(by.as_str());
            let line = with.iter().fold(line, |line, with| line.say(" and ").theirs(with.as_str()));
            line.say(", so somebody else looks at this one")
        }
        Event::Assigned { to: Some(to) } => Line::ours("now with ").theirs(to.as_str()),
        Event::Assigned { to: None } => Line::ours("now with nobody"),
        Event::Tagged { added, removed } => {
            let added = added.iter().map(|tag| format!("+{tag}"));
            let removed = removed.iter().map(|tag| format!("-{tag}"));
            Line::ours("tags ").theirs(&added.chain(removed).collect::<Vec<_>>().join(" "))
        }
        Event::Linked { other, how, outward, .. } => Line::ours(relation(*how, *outward, *other)),
        Event::Answered { extent } => Line::ours(super::ended(&Ending::Answered { extent: *extent })),
        Event::RequestRefused { code, text, words } => {
            let line = Line::ours(format!("refused ({code}): {text}"));
            match words {
                Some(words) => line.say(" ").theirs(words),
                None => line,
            }
        }
        Event::Withdrawn { reason } => because("withdrawn by the requester", reason.as_deref()),
        Event::Closed => Line::ours("closed"),
        Event::LeftUnsent { reason } => Line::ours("the requester is not told: ").theirs(reason),
        Event::LeftUndone { clocks, reason } => {
            Line::ours(format!("left undone ({}): ", clocks.join(", "))).theirs(reason)
        }
        Event::Reopened { reason } => because("reopened", reason.as_deref()),
        Event::CardPosted { .. } => Line::ours("card posted"),
        Event::CardLost { .. } => Line::ours("the card was gone from the room"),
        Event::GagSet { ordered_by, day, until, document } => {
            let line = Line::ours("gag ordered by ").theirs(ordered_by);
            let line = match (day, until) {
                (day, Some(until)) => line.say(format!(", until {}", dates::last_day(*day, *until, zone))),
                (Some(day), None) => line.say(format!(", until {}", dates::day(*day))),
                (None, None) => line.say(", without an end"),
            };
            line.say(if document.is_some() {
                " · its document is on file"
            } else {
                " · document: none on file"
            })
        }
        Event::GagOver { how } => gag_over(how),
        Event::Cleared { account, reason } => {
            Line::ours("nothing here is about ").theirs(account.as_str()).say(": ").theirs(reason)
        }
        Event::NobodyConcerned { reason } => Line::ours("no user of ours is concerned: ").theirs(reason),
        Event::NoticeSettled { account, what, .. } => telling(account.as_str(), what, zone),
        Event::NoticeStepped { account, step } => super::stepped(account, step),
        Event::HoldStarted { from, until } => Line::ours(format!(
            "hold started: from {} until {}",
            dates::day(from.with_timezone(&zone).date_naive()),
            dates::moment(*until, zone)
        )),
        Event::HoldExtended { until, asked_by } => {
            let line = Line::ours(format!("hold extended until {}", dates::moment(*until, zone)));
            match asked_by {
                Some(other) => line.say(format!(", as {other} asks")),
                None => line,
            }
        }
        Event::KeptWith { other, until, .. } => Line::ours(format!(
            "kept with the hold of {other}, which was extended for it until {}",
            dates::moment(*until, zone)
        )),
        Event::KeptNoLonger { other } => super::let_go(*other),
        Event::HoldSetRight { until, .. } => Line::ours(format!(
            "hold set right: until {}, as the policy lets it run",
            dates::deadline(*until, zone)
        )),
        Event::HoldOver { how: HoldEnding::Expired } => {
            Line::ours("hold expired; what was kept for it is to be destroyed")
        }
        Event::HoldOver { how: HoldEnding::Released } => {
            Line::ours("hold released; what was kept for it is to be destroyed")
        }
        Event::Proposed { code, command, expires, .. } => Line::ours("proposed: ")
            .join(act(command, zone))
            .say(" · code ")
            .code(code.clone())
            .say(format!(", good until {}", dates::moment(*expires, zone))),
        Event::Approved { code, ready, alone } => {
            let line = Line::ours(format!("approved ({code}), to be done {}", dates::moment(*ready, zone)));
            match alone {
                Some(reason) => line.say(" · by one person alone: ").theirs(reason),
                None => line,
            }
        }
        Event::Denied { code, reason } => because(&format!("denied ({code})"), reason.as_deref()),
        Event::Voided { code, why } => Line::ours(format!("proposal {code} is void: {}", void(*why))),
        Event::WrongCode => Line::ours("a wrong code was typed"),
        Event::CarriedOut { code, proposer, approver } => Line::ours(format!("done ({code}): proposed by "))
            .theirs(proposer.as_str())
            .say(", approved by ")
            .theirs(approver.as_str()),
        Event::Attested { by, reason } => {
            Line::ours("danger attested by ").theirs(by.as_str()).say(": ").theirs(reason)
        }
        Event::OrderNotThere { reason } => {
            Line::ours("the order for secrecy that it names is not there: ").theirs(reason)
        }
        Event::SecrecyLapsed => Line::ours("no order for secrecy came in time; it binds no longer"),
        Event::ScopeSet { category, allowed, reason } => {
            let what = if *allowed { "within the scope" } else { "refused" };
            let line = Line::new().theirs(category).say(format!(" is {what}"));
            match reason {
                Some(reason) => line.say(": ").theirs(reason),
                None => line,
            }
        }
        Event::Visited { account, tongue, .. } => super::asked_by(account, *tongue),
        Event::WroteAgain { text } => Line::ours("they wrote: ").whole(text),
        Event::TookBack => Line::ours("they took it back in their room with docket"),
        Event::LetterReleased { letter, leaves, file, .. } => {
            let line = Line::ours("letter ").theirs(letter).say(" goes to them, ");
            let line = file.iter().fold(line, |line, file| {
                line.say("with the copy of their data: ").theirs(&file.name).say(", ")
            });
            line.say(format!("{} at the earliest", dates::moment(*leaves, zone)))
        }
        Event::LetterLeaves { letter } => Line::ours("letter ").theirs(letter).say(" may leave now"),
        Event::LetterStopped { letter, why } => super::letter_stopped(letter, *why),
        Event::LetterSent { letter, via, at } => Line::ours("letter ")
            .theirs(letter)
            .say(" sent by ")
            .theirs(via)
            .say(format!(" {}", dates::moment(*at, zone))),
        Event::SentSetRight { letter, via, was, at, .. } => {
            let line = Line::ours("letter ").theirs(letter).say(" sent by ").theirs(via);
            line.say(format!(" {}, not {}", dates::moment(*at, zone), dates::moment(*was, zone)))
        }
        Event::WaitBegan { .. } => Line::ours("waits for the requester; clocks that pause stand still"),
        Event::WaitEnded => Line::ours("waits no longer; the clocks go on"),
        Event::ClockProlonged { clock, term, reason } => {
            Line::ours("clock ").theirs(clock).say(format!(" extended by {term}: ")).theirs(reason)
        }
        Event::Redirected { to, text } => {
            Line::ours(format!("{}: {text}", super::ended(&Ending::Redirected { to: *to })))
        }
        Event::PolicyAdopted { policy, .. } => Line::ours("goes on under policy ").theirs(policy),
        Event::Flagged { flag: Flag::Csea } => Line::ours("flagged csea: sealed from now on"),
        Event::Looked { what } => Line::ours("looked at: ").theirs(what),
        Event::Unflagged { flag: Flag::Csea } => Line::ours("flag csea taken off"),
        Event::Flagged { flag: Flag::Underage } => {
            Line::ours("flagged underage: the age is to be looked into")
        }
        Event::Unflagged { flag: Flag::Underage } => Line::ours("flag underage taken off"),
        Event::CostAdded { cents, currency, what } => {
            Line::ours(format!("cost {} {currency}: ", money(*cents))).theirs(what)
        }
        Event::Reminded { of, .. } => {
            let clocks: Vec<&str> = of.iter().map(|reminder| reminder.clock.as_str()).collect();
            Line::ours("reminded of ").theirs(&clocks.join(", "))
        }
        Event::Watched { clocks, gone } => {
            let names = clocks.iter().map(|watch| &watch.clock).chain(gone).map(String::as_str);
            Line::ours("clocks: ").theirs(&names.collect::<Vec<_>>().join(", "))
        }
        Event::ErasureAnnounced { ends } => Line::ours(format!(
            "erasure announced: it was to be kept until {}",
            dates::day(ends.with_timezone(&zone).date_naive())
        )),
        Event::Recounted { in_doubt: false } => Line::ours("the machine’s clock is certain again"),
        Event::Recounted { in_doubt: true } => Line::ours("the machine’s clock went back"),
        Event::Seen { clocks } => super::seen(clocks.as_ref().into_iter().flat_map(|clocks| clocks.keys())),
        Event::HandedOver { from, to, until, of } => super::morning::handed_over(from, to, *until, *of, zone),
        Event::TakenBack { took, .. } => super::morning::taken_back("took back: ", took, zone),
        Event::Snoozed { until } => Line::ours(format!("snoozed until {}", dates::moment(*until, zone))),
        Event::VerificationTried { what, by, how, entry, call, outcome } => {
            super::unconfirmed(*what, *outcome).theirs(by.as_str()).say(": ").theirs(how).join(source(
                entry.as_deref(),
                call.as_ref(),
                zone,
            ))
        }
        Event::Compared { beside } => super::beside(beside),
        Event::Hushed { account, by, unshown } => super::hushed(account, by, unshown),
        Event::Contradicted { conflict } => super::clash(conflict),
        Event::Warned { conflicts, unshown } => super::warned(conflicts, *unshown),
        Event::NoticeForbidden { code, command, proposer, approver } => {
            super::forbidden(code, command, proposer, approver.as_ref(), zone)
        }
        Event::FreeToTell { .. } => {
            Line::ours("whether what it rests on forbids to tell the user has changed")
        }
        Event::NoticeGone { other, gone } => Line::ours(match gone {
            true => {
                format!("there is no notice {other} any more, so what it made inaccessible goes back at once")
            }
            false => format!("the notice {other} is worked again"),
        }),
        Event::Unlinked { other, how, outward } => {
            Line::ours(format!("no longer {}", relation(*how, *outward, *other)))
        }
        Event::DueAgain { other } => Line::ours(format!(
            "open again: {other} counters it, and what follows from that is still to be done"
        )),
        Event::BroughtBack { other, outward, unshown, reopened } => {
            super::brought_back((!unshown).then_some(*other), *outward, *reopened)
        }
        Event::FindingsEnded { accounts } => super::findings_ended(accounts),
        Event::ClockElapsed { title, .. } => Line::ours(format!("it is over by now: {title}")),
        Event::KeptDown { by, unshown, rest, again, erased, until, is_back, asked } => {
            let open = if *again { "open again: " } else { "" };
            let (by, unshown, until, asked) = (by.clone(), unshown.clone(), until.clone(), asked.clone());
            let (rest, erased, is_back) = (*rest, *erased, *is_back);
            let down = KeptDown { by, unshown, rest, erased, until, is_back, asked, freed: None };
            Line::ours(open).join(super::kept_down(&down, zone))
        }
        Event::ToldInVain { accounts } => {
            let says = "nothing came of it, and they were told otherwise, so they are told that too: ";
            Line::ours(says).theirs(&listed(accounts))
        }
        Event::ToldAnew { accounts } => {
            let says = "what they were told is not how it is any more, so they are told anew: ";
            Line::ours(says).theirs(&listed(accounts))
        }
        Event::WentBack => {
            Line::ours("what was done for it was put back meanwhile, so it counts as not done")
        }
    }
}

/// Which entry of the directory, which number of it, and when.
pub fn source(entry: Option<&str>, call: Option<&Contact>, zone: Tz) -> Line {
    let line = match entry {
        Some(entry) => Line::ours(" · directory entry ").theirs(entry),
        None => Line::new(),
    };
    match call {
        Some(call) => line.say(", ").theirs(&call.number).say(format!(", {}", dates::moment(call.at, zone))),
        None => line,
    }
}

fn counter_notice(other: CaseId) -> String {
    if other.is_shown() { format!("the counter-notice {other}") } else { "a counter-notice".to_owned() }
}

/// Users, in one line.
fn listed(accounts: &BTreeSet<Account>) -> String {
    accounts.iter().map(|account| account.as_str()).collect::<Vec<_>>().join(", ")
}

fn because(what: &str, reason: Option<&str>) -> Line {
    match reason {
        Some(reason) => Line::ours(format!("{what}: ")).theirs(reason),
        None => Line::ours(what),
    }
}

fn gag_over(how: &GagEnding) -> Line {
    match how {
        GagEnding::Ended => Line::ours("the gag has ended"),
        GagEnding::Lifted { by } => Line::ours("gag lifted by ").theirs(by),
        GagEnding::Permitted { by } => {
            Line::ours("permission on file, from ").theirs(by).say(": the user may be told")
        }
        GagEnding::NotBinding { reason } => Line::ours("the gag does not bind us: ").theirs(reason),
    }
}

fn telling(account: &str, what: &Telling, zone: Tz) -> Line {
    let line = Line::ours("notice to ").theirs(account);
    match what {
        Telling::Told { via } => line.say(" sent by ").theirs(via),
        Telling::Withheld { reason, review } => line
            .say(" withheld: ")
            .theirs(reason)
            .say(format!(" · to be looked at again {}", dates::moment(*review, zone))),
        Telling::Sending { tongue, .. } => line.say(" goes out, by docket").join(in_tongue(*tongue)),
        Telling::Waived { reason } => line.say(" waived: ").theirs(reason),
    }
}

/// That a proposal to go on under another policy comes to nothing, and how it is proposed again.
pub fn adopts_another(case: &Case, terms: &Terms) -> Line {
    let again = format!("{} policy {} adopt", terms.prefix(), case.id);
    Line::ours("! the policy of today is another one by now, so nothing comes of this. That one: ")
        .code(again)
        .indented()
}

/// Why a proposal is void.
pub fn void(why: Void) -> &'static str {
    match why {
        Void::Changed => "the case has changed since",
        Void::Expired => "nobody approved it in time",
        Void::WrongCodes => "too many wrong codes",
        Void::RoleLost => "one of the two may no longer do it",
        Void::NotAllowed => "it is no longer allowed",
        Void::OtherPolicy => "the policy of today is another one by now",
        Void::Wider => "it would do more by now than was proposed",
        Void::Unheard => {
            "somebody wrote something since that could not be read, and may have been against it"
        }
    }
}

/// An amount as people write it: `1,200.50`.
pub fn money(cents: u64) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{:02}", cents % 100)
}
