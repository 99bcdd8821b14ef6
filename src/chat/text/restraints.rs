//! The sentences for what the law, the policy or the rule of two people does not let happen. What forbids to tell a user is said in
//! `bars`.

use super::bars::{barred, not_about};
use crate::case::Relation;
use crate::case::decide::Duty;
use crate::case::{COURT_ACTION_KEY, Restraint, Start, Terms};
use crate::chat::dates;
use crate::chat::page::Line;

/// What stands for the case where there is none.
const NO_CASE: &str = "ID";

/// What stands in the way, and the way out.
pub(super) fn sentence(restraint: &Restraint, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    match restraint {
        Restraint::ProposedAlready { code } => {
            Line::ours("the same is proposed already. A second person says: ")
                .code(command(match id {
                    NO_CASE => format!("approve {code}"),
                    id => format!("approve {id} {code}"),
                }))
        }
        Restraint::NothingPending => {
            Line::ours("nothing waits for a second person on this case. What waits anywhere: ")
                .code(command("pending".into()))
        }
        Restraint::NoSuchCode => {
            Line::ours("nothing waits under this code. See ").code(command("pending".into())).say(".")
        }
        Restraint::OwnProposal => Line::ours(
            "you proposed it, so somebody else must approve it. To take it back: ",
        )
        .code(command(if id == NO_CASE { "deny CODE".into() } else { format!("deny {id}") })),
        Restraint::CallerApproves { own, others, proposer } => {
            let line = Line::ours(if *own {
                "you verified the requester yourself, so somebody else must approve it: one person alone could be deceived."
            } else {
                "that the requester was verified stands on record by your word too: you put the call on record, or called \
                 before. So somebody else must approve it: one person alone could be deceived."
            });
            match (others.as_slice(), proposer) {
                ([], Some(proposer)) => line
                    .say(" Only ")
                    .theirs(proposer.as_str())
                    .say(" could, who proposed it: deny it, propose it yourself, and they approve. ")
                    .code(command(format!("deny {id}"))),
                ([], None) => line.say(
                    " Everybody here who may approve it has called them: whoever runs docket lists one more approver, under \
                     people: in the configuration.",
                ),
                (others, _) => super::who_asks::people(line.say(" Who may: "), others).say("."),
            }
        }
        Restraint::WasDenied { what } => {
            let what = super::verifiable(*what);
            Line::ours(format!(
                "the {what} was denied by somebody who must know, so it is treated as fake and nothing goes out. Refuse it: "
            ))
            .code(command(format!("refuse {id} reason=…")))
            .say(". If they now say that it is theirs, call a number of the directory again, and a second person approves: ")
            .code(command(format!("verify {id} {what} how=…")))
        }
        Restraint::NotAlone => Line::ours(
            "one person alone may not do this here. The policy must allow it, the case be an emergency, and the requester \
             be called back. A second approver can say the same without break-glass.",
        ),
        Restraint::GagByWhom => Line::ours("who ordered it? For example: ")
            .code(command(format!("gag {id} until=2026-12-31 by=\"…\""))),
        Restraint::GagWantsDocument => {
            Line::ours("the policy wants the order on file first. Post it, and in reply: ")
                .code(command(format!("attach {id} as=instrument")))
        }
        Restraint::DayIsOver(day) => Line::ours(format!("{} is over already. ", dates::day(*day)))
            .say("If the order has ended and binds no longer: ")
            .code(command(format!("gag {id} lift by=\"…\""))),
        Restraint::NotYet(at) => {
            Line::ours(format!("{} is still to come.", dates::moment(*at, terms.zone)))
        }
        Restraint::SaysNothing { label, help } => {
            Line::new().theirs(label).say(format!(" says what we did and found: {help}. Write that, or leave it out."))
        }
        Restraint::DoneInFuture { label, day } => Line::new()
            .theirs(label)
            .say(format!(" says what was done, and {} is still to come.", dates::day(*day))),
        Restraint::DeniesAction { label } => Line::new().theirs(label).say(
            " keeps the material down for good, and this reads as if no action was filed. If one was, put its day there alone, and the rest into a note.",
        ),
        Restraint::BeforeItsTime { label, start } => Line::new()
            .theirs(label)
            .say(format!(" would end what has not begun: {}. Leave it out until then.", not_begun(start))),
        Restraint::StaysDown { label, down, court } => {
            let line = Line::new().theirs(label).say(" says that something went back, and nothing does yet: ");
            let line = line.join(super::kept_down(down, terms.zone)).say(".");
            let set = format!("set {id} {}=…", COURT_ACTION_KEY.replace(' ', "-"));
            if *court { line.say(" If word of a court action came: ").code(command(set)) } else { line }
        }
        Restraint::DoneBeforeBegun { label, key, day, begun } => {
            let line = Line::new().theirs(label).say(format!(
                " says what was done, and {} is before its time, which began on {}. If it was done then all the same, \
                 write the day on which you saw that, and note the other: ",
                dates::day(*day),
                dates::day(*begun)
            ));
            let line = line.code(command(format!("set {id} {}=…", key.replace(' ', "-"))));
            line.say(". If the request came earlier: ").code(command(format!("set {id} received=…")))
        }
        Restraint::ReceivedAfter { done } => Line::ours(format!(
            "something was done with it on {} already, so it cannot have come in later.",
            dates::moment(*done, terms.zone)
        )),
        Restraint::NoGag => {
            Line::ours("nothing binds this case. What may be told: ").code(command(format!("notify {id} preview")))
        }
        Restraint::NotExtended { other } => Line::ours(format!(
            "the answer says that we keep the records, and this case asks for more time on {other}, whose hold was not \
             extended since for its accounts: "
        ))
        .code(command(format!("hold {other} extend")))
        .say(". If that is over, or for accounts that it does not name: ")
        .code(command(format!("hold {id} start"))),
        Restraint::KeptForSome { other, left } => super::keeps_nothing_of(*other, left, id, terms),
        Restraint::HeldByOther { other, step, has_own } => super::held_by_other(*other, step, *has_own, id, terms),
        Restraint::HoldTooLong { most } => Line::ours(format!(
            "the policy keeps records for {most} at a time, and longer only when the requester asks anew: leave the term out, \
             and once their request is here "
        ))
        .code(command(format!("hold {id} extend")))
        .say(". Where a law or an order gives more, the policy says so (hold: by_instrument)."),
        Restraint::NoDuplicate { other, why } => super::duplicates::sentence(*other, why, id, terms),
        Restraint::NamesNoOrder => Line::ours("the request names no order for secrecy that is still to be put on record. What binds: ")
            .code(command(format!("check {id}"))),
        Restraint::WordsName { what } => Line::ours("these words may go to a user, and they name ").theirs(what).say(
            ". Letters to users name no other case, no agency and nobody who reported them: say it without, or put it in a note: ",
        ).code(command(format!("note {id} …"))),
        Restraint::RefersToUser { account } => Line::ours("this would go to ")
            .theirs(account.as_str())
            .say(", whom it is about. If the lines are wrong, say who gets it: ")
            .code(command(format!("set {id} agency=… email=…"))),
        Restraint::RefersToStranger { who } => Line::ours("something binds about a user of this case, and the directory does not have ")
            .theirs(who)
            .say(", so nobody can tell whose side they are on. Add them, which takes two people: ")
            .code(command("directory add <name> phone= domain= source=".to_owned())),
        Restraint::RefersWhatBinds { what } => Line::ours("the letter names ").theirs(what).say(
            ", whose request about the user binds us: nobody else is told of it. Say it without: ",
        ).code(command(format!("set {id} context=…"))),
        Restraint::WordsPlead => Line::ours(
            "these words read as if somebody asked for secrecy, and the case would count as secret. Say it otherwise, or put it in a note: ",
        ).code(command(format!("note {id} …"))),
        Restraint::NamedHere(account) => Line::ours("the case names ").theirs(account.as_str()).say(
            ", so it is about them. If that is wrong, take the account off; two people do that on a bound case.",
        ),
        Restraint::KeepsNothing => {
            Line::ours("the policy keeps no records on cases of this kind. A preservation is a case of its own: ")
                .code(command("form preservation".into()))
        }
        Restraint::HoldRuns { until } => {
            Line::ours(format!("a hold runs already, until {}. Longer: ", dates::deadline(*until, terms.zone)))
                .code(command(format!("hold {id} extend")))
                .say(". Was its term too short by a slip, this makes it the policy’s: ")
                .code(command(format!("hold {id} start")))
        }
        Restraint::NoHold => {
            Line::ours("no hold runs on this case. ").code(command(format!("hold {id} start")))
        }
        Restraint::KeepsNobody => Line::ours(
            "the answer says that we keep the records, and no account of the request is on a server of ours: ",
        )
        .code(command(format!("refuse {id} reason=…"))),
        Restraint::HoldsNobody { code } => {
            let code = code.as_deref().unwrap_or("…");
            Line::ours("no account of the request is on a server of ours, so there is nothing to keep: ")
                .code(command(format!("refuse {id} reason={code}")))
                .say(". If one of ours is meant: ")
                .code(command(format!("set {id} accounts=@…")))
        }
        Restraint::OverForMore { asks } => Line::ours(format!(
            "its hold is over, and one that is over is not extended. {asks} asks for more time, and takes a hold of its own: ",
        ))
        .code(command(format!("hold {asks} start"))),
        Restraint::StartsTooEarly { until, today } => Line::ours(format!(
            "it would end {}, which is too early: a term counts from the receipt. From today: ",
            dates::moment(*until, terms.zone)
        ))
        .code(command(format!("hold {id} start from={today}")))
        .say(", or say a longer term."),
        Restraint::HoldWouldBeOver { until } => Line::ours(format!(
            "it would end {}, which is too early. A term counts from the receipt, an extension from the old end; say a \
             longer term, or from=.",
            dates::moment(*until, terms.zone)
        )),
        Restraint::ExtendedOften { most } => Line::ours(format!(
            "the policy allows {most} {}. Without a new order the hold ends.",
            if *most == 1 { "extension" } else { "extensions" }
        )),
        Restraint::ExtensionWantsRequest => {
            Line::ours("a new request must be on file first. Post it, and in reply: ")
                .code(command(format!("attach {id} as=extension")))
                .say(" – or link its case: ")
                .code(command(format!("link 57 {id} as=extends")))
        }
        Restraint::NobodyIsTold => {
            Line::ours("users are not told of cases of this kind, says the policy.")
        }
        Restraint::NobodyLeftToTell => Line::ours(
            "there is nobody left to tell: no user of ours is on the case, or each is told, or it is on record why not.",
        ),
        Restraint::OtherServer(account) => Line::new()
            .theirs(account.as_str())
            .say(" is on another server, and the policy has only users of ours told. Where it says ")
            .code("other_servers: true".to_owned())
            .say(" under ")
            .code("notice".to_owned())
            .say(", others may be told one by one."),
        Restraint::NoticeSettledAlready(account) => Line::ours("for ")
            .theirs(account.as_str())
            .say(" it is on record already. See ")
            .code(command(format!("notify {id} preview")))
            .say("."),
        Restraint::OnItsWay(account) => Line::ours("the notice to ")
            .theirs(account.as_str())
            .say(" is on its way already. How far it is: ")
            .code(command(format!("notify {id} preview")))
            .say("."),
        Restraint::ReviewTooLate { most } => Line::ours(format!(
            "the policy wants a withheld notice looked at again in {most} at the latest. Leave review= out, or make it shorter."
        )),
        Restraint::NoSuchException { typed, known } => {
            let line = Line::ours("the policy has no reason ").theirs(typed).say(" to withhold a notice");
            match known.as_slice() {
                [] => line.say("; it has none at all."),
                known => line.say(format!(". It can be: {}.", known.join(", "))),
            }
        }
        Restraint::MayNotTell { account, bars, not_about: case } => {
            let line = Line::new().theirs(account.as_str()).say(" may not be told: ").join(barred(bars)).say(".");
            let line = match case.map(|case| not_about(case, account, terms)) {
                Some(way_out) => line.say(" ").join(way_out),
                None => line,
            };
            // Who owes users a notice has that letter.
            match super::way_to_tell(bars, id, true, terms) {
                Some(way) => line.say(" ").join(way),
                None => line,
            }
        }
        Restraint::NotAllRead(account) => Line::ours("a case that may forbid to tell ").theirs(account.as_str()).say(
            " could not be read, so nobody can say that it is allowed. Please call your administrator.",
        ),
        Restraint::TellAfterAnswer => Line::ours(
            "the policy tells users once the request is answered, and nothing has come of it yet. See ",
        )
        .code(command(format!("show {id}")))
        .say("."),
        Restraint::NothingToAttest => {
            Line::ours("cases of this kind need no attestation. What you believe can be a note: ")
                .code(command(format!("note {id} …")))
        }
        Restraint::NotReady => Line::ours(
            "records go out only when everything is complete and verified. What is missing: ",
        )
        .code(command(format!("check {id}"))),
        Restraint::Lapsed { on } => Line::ours(format!(
            "what the request rests on has lapsed, {}. Ask for a new order, and put its day on the case: ",
            dates::moment(*on, terms.zone)
        ))
        .code(command(format!("set {id} granted=…")))
        .say(" or ")
        .code(command(format!("refuse {id} reason=…"))),
        Restraint::NotInForceYet { on } => Line::ours(format!(
            "what the request rests on is in force from {}. If that day is wrong: ",
            dates::moment(*on, terms.zone)
        ))
        .code(command(format!("set {id} granted=…"))),
        Restraint::AnswerNeeds { key } => Line::ours("the answer must name it first: ")
            .code(command(format!("set {id} {}=\"…\"", key.replace(' ', "-")))),
        Restraint::DuplicateNamesMore { other, accounts } => {
            let names: Vec<&str> = accounts.iter().map(|account| account.as_str()).collect();
            let names = names.join(", ");
            Line::ours(format!("{other} does not name "))
                .theirs(&names)
                .say(", so nobody would tell them. First: ")
                .theirs(&command(format!("set {other} accounts+=\"{names}\"")))
        }
        Restraint::DuplicateTellsNobody { other, accounts } => {
            let names: Vec<&str> = accounts.iter().map(|account| account.as_str()).collect();
            let line = Line::new().theirs(&names.join(", ")).say(format!(
                " would not be told with {other}: it tells nobody, or nobody any more. End this case by itself: "
            ));
            let line = line.code(command(format!("answer {id} …"))).say(" or ").code(command(format!("refuse {id} reason=…")));
            line.say(". If they are not to be told at all, two people say so: ")
                .code(command(format!("notify {id} waive reason=\"…\"")))
        }
        Restraint::CodeOfCase { case, code } => Line::ours(format!("this code is one of {case}. Name the case: "))
            .code(command(format!("approve {case} {code}"))),
        Restraint::ClockCertain => {
            Line::ours("docket is not held, and the machine’s clock is not in doubt. To give somebody their authority back: ")
                .code(command("resume @ben".into()))
        }
        Restraint::NoLetterOwed => Line::ours("the requester is owed no letter, so none is left unsent: ")
            .code(command(format!("close {id}"))),
        Restraint::NothingWeighed { code } => Line::ours(format!(
            "the reason {code} says that we weighed it, which is done where somebody asks for an exception: if they do – "
        ))
        .code(command(format!("set {id} erase=\"state events\"")))
        .say(". Or with another reason: ")
        .code(command(format!("refuse {id} reason=…"))),
        Restraint::FlagOfOthers { flag, role } => super::calling::flag_of_others(*flag, *role, id, terms),
        Restraint::ClockOfOthers { title, line, role } => {
            super::calling::clock_of_others(title, line.as_deref(), *role, id, terms)
        }
        Restraint::SaidByThem { title, line, role } => {
            super::calling::said_by_them(title, line, *role, id, terms)
        }
        Restraint::LikeFlag { tag, flag } => super::sealed::like_flag(tag, *flag, id, terms),
        Restraint::PartlyGone { from } => {
            let there: Vec<String> =
                from.iter().map(|(name, day)| format!("{name} is there from {} on", dates::day(*day))).collect();
            Line::ours(format!("what is older is gone: {}. So it is ", there.join(", ")))
                .code(command(format!("answer {id} part")))
                .say("; the letter says what is gone.")
        }
        Restraint::IsVerified { code, by, at } => super::is_verified(code, by, *at, id, terms),
        Restraint::NothingMissing { code } => super::reasons::nothing_missing(code, id, terms),
        Restraint::Untrue { code, why } => super::reasons::untrue(code, why, id, terms),
        Restraint::ReasonOfOthers { code, kinds, known } => super::reasons::of_others(code, kinds, known),
        Restraint::IsOurs { account } => Line::new()
            .theirs(account.as_str())
            .say(" is on a server of ours, so it would not be true. If the request does not mean it: ")
            .code(command(format!("set {id} accounts-={account}")))
            .say(". Else answer it, or refuse it with another reason: ")
            .code(command(format!("refuse {id} reason=…"))),
        Restraint::MayBeOurs { piece } => Line::ours("nobody could read “")
            .theirs(piece)
            .say("” on the line of accounts, and it may be one of ours, so it may not be true. Say which account it is: ")
            .code(command(format!("set {id} accounts=…")))
            .say(" or ask: ")
            .code(command(format!("ask {id}"))),
        Restraint::DecidedIt { other } => Line::ours(format!(
            "you decided {other}, and whoever complains was promised that somebody else looks at it. Give it to somebody: ",
        ))
        .code(command(format!("assign {id} @…"))),
        Restraint::WhoseIsIt => Line::ours(
            "nobody has said whose it is, and the letter says whether a user of ours is told. If it is one of ours: ",
        )
        .code(command(format!("set {id} accounts=@…")))
        .say(". If not, two people say so: ")
        .code(command(format!("notify {id} waive reason=\"…\""))),
        Restraint::CountersNobody { likely } => {
            let line = Line::ours("nobody has said which notice it counters, and that one’s clock counts from it. ");
            match likely {
                Some(other) => line
                    .say(format!("If it is {other}: "))
                    .code(command(format!("link {id} {other} as=counter"))),
                None => line
                    .say("Which is it? ")
                    .code(command(format!("link {id} N as=counter")))
                    .say(" with its number for N."),
            }
        }
        Restraint::CountersOthers { other, kinds } => Line::ours(format!(
            "{other} is none of what it can counter ({}). Which are there? ",
            kinds.join(", ")
        ))
        .code(command(format!("list kind={}", kinds.first().map_or("copyright", String::as_str)))),
        Restraint::NoCounterNotice { other, kind } => Line::ours(format!(
            "{id} is no {kind}, and nothing would go back because of it. Open it as one, and link that to {other}: "
        ))
        .code(command(format!("new {kind}"))),
        Restraint::NotLinked { other, stays: Some(Relation::Duplicate) } => {
            Line::ours(format!("{id} ended as a duplicate of {other}. To work it by itself again: "))
                .code(command(format!("reopen {id}")))
        }
        Restraint::NotLinked { other, stays: Some(_) } => Line::ours(format!(
            "what was done for {id} rests on its link to {other}, so it stays. Say on record what is wrong with it: "
        ))
        .code(command(format!("note {id} …"))),
        Restraint::NotLinked { other, stays: None } => {
            Line::ours(format!("no link leads from {id} to {other}; those that are there: "))
                .code(command(format!("show {id}")))
        }
        Restraint::CountersDuplicate { other, of } => {
            Line::ours(format!("{other} is a duplicate of {of}, whose days count. Link to that: "))
                .code(command(format!("link {id} {of} as=counter")))
        }
        Restraint::NotSentYet { letter } => {
            Line::ours(format!("the answer says that the letter {letter} went out, and it is not on record: "))
                .code(command(format!("letter {id} {letter}")))
                .say(", then ")
                .code(command(format!("sent {id} {letter} via=mail")))
                .say(". Or: ")
                .code(command(format!("refuse {id} reason=…")))
        }
        Restraint::NothingUndone { unsent } => {
            let line = Line::ours("nothing that the policy counts the days of is still to be done here: ");
            line.code(command(if *unsent { self::unsent(id) } else { format!("close {id}") }))
        }
        Restraint::NotVerified(what) => {
            let name = super::said::verifiable(*what);
            Line::ours(format!("nobody has made sure of the {name} yet, and the answer says that we did what was asked: "))
                .code(command(format!("verify {id} {name} how=…")))
        }
        Restraint::NothingKept => Line::ours("the answer says that we keep the records, and no hold was started: ")
            .code(command(format!("hold {id} start")))
            .say(". Where there is nothing to keep: ")
            .code(command(format!("answer {id} none"))),
        Restraint::AnswerKeeps => Line::ours("the answer says that we keep it, and no hold was started: ")
            .code(command(format!("hold {id} start")))
            .say("."),
        Restraint::AddsToDone { label, done, kind } => {
            let first = match done {
                Some(key) => format!("set {id} {}=", key.replace(' ', "-")),
                None => format!("reopen {id}"),
            };
            Line::ours("it is on record as done, and what is added to ")
                .theirs(label)
                .say(" was not done. If it came later, open it as a request of its own: ")
                .code(command(format!("new {kind}")))
                .say(". If it belongs to this one, say first that not all is done: ")
                .code(command(first))
        }
        Restraint::NotAllGranted { label, key } => Line::ours("the line ")
            .theirs(label)
            .say(" says what is not granted, and an answer in full says that all of it was done. So it is ")
            .code(command(format!("answer {id} part")))
            .say("; if all is granted after all: ")
            .code(command(format!("set {id} {}=", key.replace(' ', "-"))))
            .say("."),
        Restraint::DoneAllTheSame { label, key } => {
            let answer = |extent| command(format!("answer {id} {extent}"));
            Line::ours(format!("that says that there was nothing, and {label} says that it was done: "))
                .code(answer("full"))
                .say(" or ")
                .code(answer("part"))
                .say(". If it was not done: ")
                .code(command(format!("set {id} {}=", key.replace(' ', "-"))))
        }
        Restraint::KeptAllTheSame { until, own } => {
            let line = Line::ours(format!(
                "that says that there is nothing, and records are kept for it until {}. That they are: ",
                dates::deadline(*until, terms.zone)
            ));
            let line = line.code(command(format!("answer {id} full")));
            match own {
                true => {
                    let line = line.say(". If there is nothing to keep, let it go first: ");
                    line.code(command(format!("hold {id} release")))
                }
                false => line.say("."),
            }
        }
        Restraint::Unweighed { keys } => {
            let lines: Vec<String> = keys.iter().map(|key| format!("{}=\"…\"", key.replace(' ', "-"))).collect();
            Line::ours("this is an exception, which is weighed in writing before two people make it: ")
                .code(command(format!("set {id} {}", lines.join(" "))))
                .say(". Or: ")
                .code(command(format!("refuse {id} reason=…")))
        }
        Restraint::ErasureWaits { holds } => {
            let named: Vec<String> = holds.iter().take(HOLDS_SHOWN).map(ToString::to_string).collect();
            let more = holds.len().saturating_sub(named.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let which = match named.as_slice() {
                [] => "in a case that is not shown here".to_owned(),
                named => format!("{}{more}", named.join(", ")),
            };
            Line::ours(format!(
                "a hold keeps records of the same account ({which}), so not all is erased while it runs. What could be done: "
            ))
            .code(command(format!("answer {id} part")))
            .say(", or first ")
            .code(command(format!("reopen {id}")))
            .say(" if it is answered; the letter says the same words either way, and nothing of the hold")
        }
        Restraint::HoldsNotKnown => Line::ours(
            "more cases name these accounts than can be looked through, so nobody can say that no hold keeps their records. \
             What could be done: ",
        )
        .code(command(format!("answer {id} part"))),
        Restraint::ByItself { label } => Line::ours("put ")
            .theirs(label)
            .say(" on the case by itself, when it is open and its accounts are right: a hold on another case may forbid it"),
        Restraint::Owed(duties) => {
            let mut line = Line::ours("something is still owed: ");
            for (n, duty) in duties.iter().take(OWED_SHOWN).enumerate() {
                line = line.say(if n == 0 { "" } else { "; " }).join(owed(duty, id, terms));
            }
            let line = match duties.len().saturating_sub(OWED_SHOWN) {
                0 => line.say("."),
                more => line.say(format!("; and {more} more.")),
            };
            let line = match duties.iter().any(|duty| matches!(duty, Duty::Write(..))) {
                true => line.say(" If the requester must not hear of it: ").code(command(unsent(id))),
                false => line,
            };
            let promised = duties.iter().filter_map(|duty| match duty {
                Duty::Promised(promise) => Some(promise.clock.calls),
                Duty::Write(..)
                | Duty::WriteOwn(_)
                | Duty::Tell(_)
                | Duty::OnItsWay(_)
                | Duty::Unreached(..)
                | Duty::LookBack
                | Duty::Review(..)
                | Duty::Whose
                | Duty::LookAgain(..)
                | Duty::Keep(_)
                | Duty::Decide(_) => None,
            });
            // Where somebody was called, nobody else may give it up (rule 56).
            match promised.max() {
                Some(Some(role)) => line.join(super::calling::never_said(role, command(undone(id)), terms)),
                Some(None) => {
                    line.say(" If it can never be done, two people say so: ").code(command(undone(id)))
                }
                None => line,
            }
        }
    }
}

/// The way out where a requester must not hear what came of the request.
pub fn unsent(id: &str) -> String {
    format!("close {id} unsent reason=\"…\"")
}

/// The way out where what the policy counts the days of can never be done.
fn undone(id: &str) -> String {
    format!("close {id} undone reason=\"…\"")
}

/// How many holds one sentence names.
const HOLDS_SHOWN: usize = 5;

/// How many duties one sentence names.
const OWED_SHOWN: usize = 3;

/// A duty, with the way to be rid of it.
pub fn owed(duty: &Duty, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    match duty {
        Duty::Write(letter, way) => Line::ours("the requester is not told yet – ")
            .code(command(format!("letter {id} {letter}")))
            .say(", then ")
            .code(command(format!("sent {id} {letter} via={way}"))),
        Duty::WriteOwn(letter) => Line::ours(format!(
            "the requester is not told yet, and the policy’s letter {letter} cannot be filled in: write your own, then "
        ))
        .code(command(unsent(id))),
        Duty::Tell(account) => Line::new()
            .theirs(account.as_str())
            .say(" is not told yet – ")
            .code(command(format!("notify {id} preview"))),
        Duty::OnItsWay(account) => super::on_its_way(account, id, terms),
        Duty::Unreached(account, step) => super::unreached(account, step, id, terms),
        Duty::LookBack => Line::ours("the emergency is to be looked at again – ")
            .code(command(format!("set {id} review=\"…\""))),
        Duty::LookAgain(account, review) => {
            let day = dates::day(review.with_timezone(&terms.zone).date_naive());
            Line::ours("the notice to ")
                .theirs(account.as_str())
                .say(format!(" is withheld, to be looked at again by {day} – "))
                .code(command(format!("notify {id} preview")))
        }
        Duty::Keep(until) => Line::ours(format!("a hold runs until {}", dates::moment(*until, terms.zone))),
        Duty::Review(by, due) => Line::ours("what ")
            .theirs(by.as_str())
            .say(format!(
                " did alone is to be reviewed by somebody else, by {} – ",
                dates::deadline(*due, terms.zone)
            ))
            .code(command(format!("set {id} review=\"…\""))),
        Duty::Whose => Line::ours("nobody has said which user of ours it is about – ")
            .code(command(format!("set {id} accounts=…")))
            .say(" or, if none, ")
            .code(command(format!("notify {id} waive reason=…"))),
        Duty::Promised(promise) => super::promised(promise, id, terms),
        Duty::Decide(code) => Line::ours(format!("{code} waits for a second person, or cools – "))
            .code(command("pending".into())),
    }
}

/// What has not happened.
fn not_begun(start: &Start) -> String {
    match start {
        Start::Received => "it was not received".to_owned(),
        Start::Answered => "nothing came of the request yet".to_owned(),
        Start::Closed => "the case is not closed".to_owned(),
        Start::Attested => "nobody has attested the danger".to_owned(),
        Start::Countered => "there is no counter-notice".to_owned(),
        Start::Dropped => {
            "what it rests on stands, or another case keeps it inaccessible, or nothing was done for it"
                .to_owned()
        }
        Start::HoldEnded => "no hold has ended".to_owned(),
        Start::Flagged => "the flag is not set".to_owned(),
        Start::Sent(letter) => format!("the letter {letter} was not sent"),
        Start::Line(key) => format!("the line {key} is not there"),
    }
}
