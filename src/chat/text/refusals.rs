//! The sentence for every refusal: what stands in the way, and the way out.

use super::letters;
use crate::case::near;
use crate::case::{CaseId, Elsewhere, Ending, Extent, Need, Refusal, Restraint, Terms, Verifiable};
use crate::chat::dates;
use crate::chat::page::{Line, Page};

/// The answer to a command that was not done. `case` is the case it was about, if there was one.
pub fn refusal(refusal: &Refusal, case: Option<CaseId>, terms: &Terms) -> Page {
    match refusal {
        Refusal::NotListed => {
            return Page::of(Line::ours(
                "Not allowed: you are not in the list of people. An administrator can add you under people: in the configuration.",
            ));
        }
        Refusal::RoleLacks(need) => {
            let what = match need {
                // Every role meets this one; whoever has none is not listed.
                Need::Listed => "any role",
                Need::Casework => "the role handler",
                Need::Approve => "the role approver",
                Need::Counsel => "the role counsel",
                Need::Sealed => "the role safety or counsel",
                Need::Administer => "the role admin",
            };
            return Page::of(Line::ours(format!(
                "Not allowed: this needs {what}. Ask somebody who has it, or an administrator for the role."
            )));
        }
        Refusal::Letter(obstacle) => {
            let id = case.map_or("ID".to_owned(), |case| case.to_string());
            return letters::obstacle(obstacle, &id, terms);
        }
        Refusal::Restraint(Restraint::MayNotTell { .. }) => {
            let id = case.map_or("ID".to_owned(), |case| case.to_string());
            return Page::of(Line::ours("Not allowed: ").join(sentence(refusal, &id, terms)));
        }
        Refusal::Sealed(case) => return Page::of(super::sealed::not_allowed(*case, terms)),
        Refusal::Unconfirmed => {
            return Page::of(Line::ours(
                "Not allowed: nobody has vouched for your identity yet, which this takes. Read your fingerprint out to an \
                 administrator, who types it here with ",
            ).code(format!("{} trust", terms.prefix())).say("."));
        }
        Refusal::OtherIdentity => {
            return Page::of(Line::ours(
                "Not allowed: this identity is not the one you are known by here. If you reset it, read its fingerprint out to an \
                 administrator.",
            ));
        }
        Refusal::UnseenIdentity => {
            return Page::of(Line::ours(
                "Not allowed: your identity was not seen here yet. Send it again in a minute; if that does not help, verify this \
                 device with another one of yours.",
            ));
        }
        Refusal::NotInTheRoom(elsewhere) => return Page::of(super::room_watch::not_in_the_room(*elsewhere)),
        Refusal::Replayed => {
            return Page::of(Line::ours(
                "Not allowed: this very message was sent before, under another id. If you mean it again, type it again.",
            ));
        }
        Refusal::NewDevice(until) => {
            return Page::of(super::identities::new_device(*until, terms.zone));
        }
        Refusal::SenderFrozen => {
            return Page::of(Line::ours(
                "Not allowed: your authority was stopped, so you can only read. If that is a mistake, an administrator can give it back.",
            ));
        }
        _ => {}
    }
    let id = case.map_or("ID".to_owned(), |case| case.to_string());
    Page::of(Line::ours("Not done: ").join(sentence(refusal, &id, terms)))
}

fn sentence(refusal: &Refusal, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    match refusal {
        Refusal::NotListed
        | Refusal::RoleLacks(_)
        | Refusal::SenderFrozen
        | Refusal::Unconfirmed
        | Refusal::OtherIdentity
        | Refusal::UnseenIdentity
        | Refusal::NotInTheRoom(_)
        | Refusal::Replayed
        | Refusal::NewDevice(_) => Line::ours("you may not do this."),
        Refusal::OwnIdentity => {
            Line::ours("nobody vouches for themselves. Read your fingerprint out to another administrator.")
        }
        Refusal::NotTheirIdentity(account) => Line::ours("this is not a fingerprint that ")
            .theirs(account.as_str())
            .say(" has or had. Let them read it out once more; if it stays so, somebody may stand in between."),
        Refusal::NamedOtherwise(account) => Line::ours("the configuration names another key for ")
            .theirs(account.as_str())
            .say(". Whoever has the host changes it there."),
        Refusal::NoIdentities => {
            Line::ours("people are taken at their word here, so there is nobody to vouch for.")
        }
        Refusal::Sealed(case) => super::sealed::not_allowed(*case, terms),
        Refusal::NobodyWouldSee => super::sealed::nobody_would_see(),
        Refusal::NoMaterial => super::sealed::no_material(id, terms),
        Refusal::NotShown => super::sealed::not_shown(terms),
        Refusal::NoSuchCase(case) => Line::ours(format!("there is no case {case}. See "))
            .code(command("list".into()))
            .say("."),
        Refusal::CaseErased(case) => Line::ours(format!(
            "{case} · erased. Its retention ended, and only that it existed is still on record."
        )),
        Refusal::CaseLost(case) => Line::ours(format!(
            "{case} is not on file: it came after the backup that was restored here. Its messages may still be in the room; please call your administrator."
        )),
        Refusal::TooMuchAtOnce => {
            Line::ours("that is more than one message may change. Send it in parts, or attach it as a file.")
        }
        Refusal::NumbersUsedUp => {
            Line::ours("there are no case numbers left. Please call your administrator.")
        }
        Refusal::NoSuchKind { typed, near } => {
            let line = Line::ours("there is no kind ").theirs(typed).say(".");
            match near {
                Some(near) => line.say(" Did you mean ").code(near.clone()).say("?"),
                None => line.say(" See ").code(command("policy".into())).say("."),
            }
        }
        Refusal::AlreadyClosed => {
            Line::ours("the case is closed. To go on with it: ").code(command(format!("reopen {id}")))
        }
        Refusal::AlreadyEnded(ending) => {
            Line::ours(format!("the request is already {}. To take that back: ", ended(ending)))
                .code(command(format!("reopen {id}")))
        }
        Refusal::NotEnded => {
            Line::ours("the case is open, and nothing has come of it yet; there is nothing to reopen.")
        }
        Refusal::NothingCameOfIt => Line::ours("nothing has come of the request yet. First one of ")
            .code(command(format!("answer {id} …")))
            .say(", ")
            .code(command(format!("refuse {id} reason=…")))
            .say(" or ")
            .code(command(format!("withdraw {id}")))
            .say("."),
        Refusal::NoChange => Line::ours("that is how it stands already; nothing has changed."),
        Refusal::NothingToSet => Line::ours("nothing was said to change. For example: ")
            .code(command(format!("set {id} reference=OP-1234"))),
        Refusal::NotAccounts { label } => Line::new()
            .theirs(label)
            .say(" does not hold accounts; += and -= are for accounts. Write ")
            .code("key=value")
            .say(" to put something else in its place."),
        Refusal::Unread { label, why } => Line::new()
            .theirs(label)
            .say(" could not be read: ")
            .theirs(why)
            .say(format!("{} Nothing has changed.", super::said::stop(why))),
        Refusal::UnreadBefore { key, piece, why } => Line::ours("part of the line could not be read: ")
            .theirs(piece)
            .say(": ")
            .theirs(why)
            .say(super::said::stop(why))
            .say(" Nothing has changed. Write the line anew, with every account that is meant: ")
            .code(command(format!("set {id} {key}=\"@name:server, @other:server\"")))
            .say("."),
        Refusal::NotOnCase(account) => Line::new()
            .theirs(account.as_str())
            .say(" is not on this case. See ")
            .code(command(format!("show {id}")))
            .say("."),
        Refusal::NotOfThePeople(name) => Line::new()
            .theirs(name)
            .say(" is not in the list of people. See ")
            .code(command("people".into()))
            .say("."),
        Refusal::MayOnlyRead(account) => Line::new()
            .theirs(account.as_str())
            .say(" does no casework: neither owns a case nor verifies one. Name a handler."),
        Refusal::LinkToItself => {
            Line::ours("a case cannot be linked to itself; the second number is that of the other one.")
        }
        Refusal::LinkTurnsRound(other) => {
            Line::ours(format!("{other} is linked to {id} in the same way already; both cannot be true."))
        }
        Refusal::Restraint(restraint) => super::restraints::sentence(restraint, id, terms),
        Refusal::Letter(obstacle) => letters::sentence(obstacle, id, terms),
        Refusal::OtherIsDuplicate { other, of } => {
            Line::ours(format!("{other} is itself a duplicate of {of}. Link to that: "))
                .code(command(format!("link {id} {of} as=duplicate")))
        }
        Refusal::HasDuplicates { duplicates, other } => {
            let ids: Vec<String> = duplicates.iter().take(5).map(ToString::to_string).collect();
            let more = if duplicates.len() > ids.len() { " and others" } else { "" };
            Line::ours(format!(
                "on record as duplicates of {id}: {}{more}. So {id} is the one to keep. The other way round: ",
                ids.join(", ")
            ))
            .code(command(format!("link {other} {id} as=duplicate")))
        }
        Refusal::NumberFromRequest { number } => Line::ours("the number ").theirs(number).say(
            " stands in the request itself, so it proves nothing: call one that you found elsewhere. \
                 If it is not what you called, leave it out.",
        ),
        Refusal::NothingToVerify(what) => Line::ours(match what {
            Verifiable::Requester => {
                "this kind asks for no verified requester. What you found out can be a note: "
            }
            Verifiable::Instrument => {
                "this kind asks for no verified instrument. What you found out can be a note: "
            }
        })
        .code(command(format!("note {id} …"))),
        Refusal::NoSuchReason { typed, known } => Line::ours("there is no reason ")
            .theirs(typed)
            .say(format!(". It can be: {}. What they say: ", known.join(", ")))
            .code(command("policy".into())),
        Refusal::ReasonNeedsWords { code } => Line::ours(format!("the reason {code} needs words of yours: "))
            .code(command(format!("refuse {id} reason={code} text=\"…\""))),
        Refusal::FileThere => Line::ours(
            "this very file is on the case already, as the same. It can be there as something else too; see ",
        )
        .code(command("help attach".into()))
        .say("."),
        Refusal::TooMany { what, most } => Line::ours(format!(
            "a case holds at most {most} {what}. Open another case and link it to this one."
        )),
        Refusal::TooManyEdits { most } => Line::ours(format!(
            "one command makes at most {most} changes. Accounts go into one, with commas: "
        ))
        .code(command(format!("set {id} accounts+=\"@a:example.org, @b:example.org\""))),
        Refusal::PolicyMissing => Line::ours(
            "the policy that this case was opened under is not at hand, so its rules are not known. An administrator can let it go on under the policy of today: ",
        )
        .code(command(format!("policy {id} adopt"))),
        Refusal::DiskFull => Line::ours(
            "the disk is full, so nothing can be put on record. Reading goes on. Please call your administrator, and send it again then.",
        ),
        Refusal::Held(held) => super::held::refused(held, terms),
        Refusal::NotHeld => Line::ours("docket is not held, so there is nothing to go on from."),
        Refusal::NoClockRuns => Line::ours("no clock runs on it, so nobody is reminded of anything. The case: ")
            .code(command(format!("show {id}"))),
        Refusal::NoReminderYet => {
            Line::ours("there is no reminder that nobody has seen. What falls due: ").code(command(format!("show {id}")))
        }
        Refusal::TooLongASnooze => Line::ours("that is farther than any calendar goes. For example: ")
            .code(command(format!("snooze {id} 2d"))),
        Refusal::NotAskedFor { typed, asked } if asked.is_empty() => {
            Line::ours("the request asks for no records, so not for ")
                .theirs(typed)
                .say(". What it asks for is set with ")
                .code(command(format!("set {id} data=…")))
        }
        Refusal::NotAskedFor { typed, asked } => {
            let line = Line::ours("the request does not ask for ").theirs(typed).say(".");
            match near::nearest(typed, asked.iter().map(String::as_str)) {
                Some(near) => line.say(" Did you mean ").theirs(near).say("?"),
                None => line.say(" It asks for ").theirs(&asked.join(", ")).say("."),
            }
        }
        Refusal::CannotAllow { category, why, text } => {
            let line = Line::new().theirs(category).say(format!(" {}.", super::scoping::bars(why)));
            let line = if text.is_empty() { line } else { line.say(format!(" {text}")) };
            line.say(" See ").code(command(format!("scope {id}"))).say(".")
        }
        Refusal::ScopeNeedsReason { category, allow: true } => Line::new()
            .theirs(category)
            .say(" is gone by its age. If it was kept somewhere, say where: ")
            .theirs(&command(format!("scope {id} allow {category} reason=\"…\""))),
        Refusal::ScopeNeedsReason { category, allow: false } => Line::ours("say why it is refused: ")
            .theirs(&command(format!("scope {id} refuse {category} reason=\"…\""))),
        Refusal::NothingInScope { undecided } if undecided.is_empty() => {
            Line::ours("nothing of what is asked for is in the scope. See ")
                .code(command(format!("scope {id}")))
                .say(", or ")
                .code(command(format!("answer {id} none")))
                .say(".")
        }
        Refusal::NothingInScope { undecided } => {
            Line::ours("nothing is in the scope yet; somebody decides on ")
                .theirs(&undecided.join(", "))
                .say(" first: ")
                .code(command(format!("scope {id} allow …")))
                .say(".")
        }
        Refusal::NotAllInScope { out } => {
            Line::ours("not all of what is asked for is in the scope. Not in it: ")
                .theirs(&out.join(", "))
                .say(". So it is ")
                .code(command(format!("answer {id} part")))
                .say(".")
        }

        Refusal::NoSuchClock { typed, running } => {
            let line = Line::ours("no clock ").theirs(typed).say(" runs on this case");
            match running.as_slice() {
                [] => line.say(", nor one that could be extended. Its clocks: ").code(command(format!("check {id}"))),
                running => line.say(format!(". What can be extended: {}.", running.join(", "))),
            }
        }
        Refusal::ClockNotExtended { clock } if clock == "hold" => {
            Line::ours("a hold has its own command: ").code(command(format!("hold {id} extend")))
        }
        Refusal::ClockNotExtended { clock } if clock == "gag" => {
            Line::ours("a gag has its own command: ").code(command(format!("gag {id} extend …")))
        }
        Refusal::ClockNotExtended { clock } => Line::ours(format!(
            "the policy does not let the clock {clock} be extended. If the time is not enough, say so in a note and tell the \
             requester: "
        ))
        .code(command(format!("note {id} …"))),
        Refusal::ExtendedBefore { clock, times } => Line::ours(format!(
            "the clock {clock} was extended before, and the policy lets that be done {}. Its dates: ",
            if *times == 1 { "once".to_owned() } else { format!("{times} times") }
        ))
        .code(command(format!("check {id}"))),
        Refusal::ExtendedTooFar { clock, most, until } => Line::ours(format!(
            "the policy lets the clock {clock} be extended by {most} in all, so until {}. Ask for less: ",
            dates::deadline(*until, terms.zone)
        ))
        .code(command(format!("extend {id} {clock} … reason=…"))),
        Refusal::ExtendedTooLate { clock, end } => Line::ours(format!(
            "the clock {clock} ended {}, and the requester must be told of more time before that. It stays overdue; answer \
             as soon as you can, and say why it is late: ",
            dates::deadline(*end, terms.zone)
        ))
        .code(command(format!("note {id} …"))),
        Refusal::Frozen(account) => super::frozen(account).say(" until an administrator gives their authority back: ").theirs(
            &command(format!("resume {account}")),
        ),
        Refusal::NotFrozen(account) => {
            Line::new().theirs(account.as_str()).say(" is not frozen. See ").code(command("people".into())).say(".")
        }
        Refusal::Entry(refusal) => super::entry_refusals::sentence(refusal, id, terms),
        Refusal::PolicyStands { version } => {
            Line::ours(format!("{id} is under {version} already, the policy of today."))
        }
        Refusal::KindGone { kind, version } => Line::ours(format!(
            "the policy of today, {version}, has no kind {kind}, so {id} goes on under the one it has. What there is: "
        ))
        .code(command("policy".into())),
        Refusal::NotHandedOver(why) => super::morning::not_handed_over(why, terms),
        Refusal::NoWayBack(why) => super::morning::no_way_back(why, id, terms),
    }
}

/// How a request ended, in a word or two.
pub fn ended(ending: &Ending) -> String {
    match ending {
        Ending::Answered { extent } => match extent {
            Extent::Full => "answered in full".to_owned(),
            Extent::Part => "answered in part".to_owned(),
            Extent::None => "answered: no records".to_owned(),
        },
        Ending::Refused { code } => format!("refused ({code})"),
        Ending::Withdrawn => "withdrawn".to_owned(),
        Ending::Redirected { to: Elsewhere::Mlat } => "redirected to mutual legal assistance".to_owned(),
        Ending::Redirected { to: Elsewhere::Server } => {
            "redirected to the other server's operator".to_owned()
        }
        Ending::Redirected { to: Elsewhere::Security } => "redirected to security reports".to_owned(),
        Ending::Duplicate { of } => format!("a duplicate of {of}"),
    }
}
