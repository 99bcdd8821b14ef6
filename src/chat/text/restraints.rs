//! The sentences for what the law, the policy or the rule of two people does not let happen.

use crate::case::decide::Duty;
use crate::case::decide::gate::Bar;
use crate::case::{Account, CaseId, Restraint, Start, Terms};
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
        Restraint::CallerApproves => Line::ours(
            "you verified the requester yourself, so somebody else must approve it: one person alone could be deceived.",
        ),
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
        Restraint::BeforeItsTime { label, start } => Line::new()
            .theirs(label)
            .say(format!(" would end what has not begun: {}. Leave it out until then.", not_begun(start))),
        Restraint::ReceivedAfter { done } => Line::ours(format!(
            "something was done with it on {} already, so it cannot have come in later.",
            dates::moment(*done, terms.zone)
        )),
        Restraint::NoGag => {
            Line::ours("nothing binds this case. What may be told: ").code(command(format!("notify {id} preview")))
        }
        Restraint::NamedHere(account) => Line::ours("the case names ").theirs(account.as_str()).say(
            ", so it is about them. If that is wrong, take the account off; two people do that on a bound case.",
        ),
        Restraint::KeepsNothing => {
            Line::ours("the policy keeps no records on cases of this kind. A preservation is a case of its own: ")
                .code(command("form preservation".into()))
        }
        Restraint::HoldRuns { until } => {
            Line::ours(format!("a hold runs already, until {}. ", dates::moment(*until, terms.zone)))
                .code(command(format!("hold {id} extend")))
        }
        Restraint::NoHold => {
            Line::ours("no hold runs on this case. ").code(command(format!("hold {id} start")))
        }
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
        Restraint::NoticeSettledAlready(account) => Line::ours("for ")
            .theirs(account.as_str())
            .say(" it is on record already. See ")
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
        Restraint::MayNotTell { account, bars } => {
            let line = Line::new().theirs(account.as_str()).say(" may not be told: ").join(barred(bars)).say(".");
            match not_about(bars, account, terms) {
                Some(way_out) => line.say(" ").join(way_out),
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
        Restraint::CodeOfCase { case, code } => Line::ours(format!("this code is one of {case}. Name the case: "))
            .code(command(format!("approve {case} {code}"))),
        Restraint::ClockCertain => {
            Line::ours("the machine’s clock is not in doubt. To give somebody their authority back: ")
                .code(command("resume @ben".into()))
        }
        Restraint::Owed(duties) => {
            let mut line = Line::ours("something is still owed: ");
            for (n, duty) in duties.iter().take(OWED_SHOWN).enumerate() {
                line = line.say(if n == 0 { "" } else { "; " }).join(owed(duty, id, terms));
            }
            match duties.len().saturating_sub(OWED_SHOWN) {
                0 => line.say("."),
                more => line.say(format!("; and {more} more.")),
            }
        }
    }
}

/// How many duties one sentence names.
const OWED_SHOWN: usize = 3;

/// A duty, with the way to be rid of it.
pub fn owed(duty: &Duty, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    match duty {
        Duty::Tell(account) => Line::new()
            .theirs(account.as_str())
            .say(" is not told yet – ")
            .code(command(format!("notify {id} preview"))),
        Duty::LookBack => Line::ours("the emergency is to be looked at again – ")
            .code(command(format!("set {id} review=\"…\""))),
        Duty::LookAgain(account, review) => {
            Line::ours("the notice to ").theirs(account.as_str()).say(format!(
                " is withheld and looked at again {}",
                dates::day(review.with_timezone(&terms.zone).date_naive())
            ))
        }
        Duty::Keep(until) => Line::ours(format!("a hold runs until {}", dates::moment(*until, terms.zone))),
        Duty::Review(by, due) => Line::ours("what ")
            .theirs(by.as_str())
            .say(format!(
                " did alone is to be reviewed by somebody else, by {} – ",
                dates::deadline(*due, terms.zone)
            ))
            .code(command(format!("set {id} review=\"…\""))),
        Duty::Decide(code) => Line::ours(format!("{code} waits for a second person, or cools – "))
            .code(command("pending".into())),
    }
}

/// What forbids to tell somebody, each with its case.
pub fn barred(bars: &[(CaseId, Bar)]) -> Line {
    let mut line = Line::new();
    // Of a sealed case nobody learns here what else binds it.
    let is_sealed = |id: CaseId| bars.contains(&(id, Bar::Csea));
    let bars: Vec<_> = bars.iter().filter(|(id, bar)| *bar == Bar::Csea || !is_sealed(*id)).collect();
    for (n, (case, bar)) in bars.iter().take(BARS_SHOWN).enumerate() {
        line = line.say(if n == 0 { "" } else { "; " }).say(format!("{case} {}", in_the_way(*bar)));
    }
    // Nobody has counted them all: the first is a no already.
    if bars.len() > BARS_SHOWN { line.say("; and more") } else { line }
}

/// How many hindrances one sentence names.
const BARS_SHOWN: usize = 5;

/// The way out where a case may be about a user because nobody knows whom it is about.
pub fn not_about(bars: &[(CaseId, Bar)], account: &Account, terms: &Terms) -> Option<Line> {
    let (case, _) = bars.iter().take(BARS_SHOWN).find(|(_, bar)| *bar == Bar::Unresolved)?;
    let finding = format!("{} gag {} not-about {account} reason=\"…\"", terms.prefix(), case.number());
    Some(Line::ours(format!("If {case} is not about them, two people say so: ")).theirs(&finding))
}

/// One thing that forbids to tell, as the end of a sentence that begins with its case.
pub fn in_the_way(bar: Bar) -> &'static str {
    match bar {
        Bar::Gag => "is under a gag",
        Bar::Instrument => "rests on an instrument that forbids it until permission is on file",
        Bar::Unidentified => "rests on an instrument that nobody has identified",
        Bar::Missing => "needs an instrument, and none is on file",
        Bar::Secrecy => "asks for secrecy, and the requester still has time to serve an order",
        Bar::Review => "is an emergency that was not reviewed afterwards",
        Bar::Csea => "is sealed",
        Bar::Policy => "is under a policy that is not at hand",
        Bar::Unresolved => "is bound, and about something that is no account, or could not be read as one",
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
        Start::Sent(letter) => format!("the letter {letter} was not sent"),
        Start::Line(key) => format!("the line {key} is not there"),
    }
}
