//! The sentences of refusals that have to do with the directory: what stands in the way, and the way out.

use crate::case::{EntryRefusal, Shared, Terms};
use crate::chat::page::Line;

pub(super) fn sentence(refusal: &EntryRefusal, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let add_number =
        |entry: &str| command(format!("directory add {entry} phone=\"+…\" source=\"where you found it\""));
    let verify = |entry: &str| command(format!("verify {id} requester entry=\"{entry}\" how=\"…\""));
    match refusal {
        EntryRefusal::NotNamed { near: Some(near) } => Line::ours(
            "say whom you called: a requester is verified by a number of the directory, never by what the request says. If it was ",
        )
        .theirs(near)
        .say(": ")
        .theirs(&verify(near)),
        EntryRefusal::NotNamed { near: None } => Line::ours(
            "say whom you called: a requester is verified by a number of the directory, never by what the request says. Find it: ",
        )
        .code(command("directory find …".to_owned()))
        .say(", or have it added; see ")
        .code(command("help directory".to_owned()))
        .say("."),
        EntryRefusal::Unknown { typed, near } => {
            let line = Line::ours("the directory has no entry ").theirs(typed).say(".");
            match near {
                Some(near) => line.say(" Did you mean ").theirs(near).say("? ").theirs(&verify(near)),
                None => line
                    .say(" Look for it by another word: ")
                    .code(command("directory find …".to_owned()))
                    .say(", or have it added; see ")
                    .code(command("help directory".to_owned()))
                    .say("."),
            }
        }
        EntryRefusal::WhichNumber { entry, phones } => Line::ours("say which number you called with number=… – ")
            .theirs(entry)
            .say(" has ")
            .join(listed(phones))
            .say("."),
        EntryRefusal::NotItsNumber { number, entry, has } => Line::new()
            .theirs(number)
            .say(" is not in the directory for ")
            .theirs(entry)
            .say(", so it proves nothing. What is there: ")
            .join(listed(has))
            .say("."),
        EntryRefusal::OtherAgency { named, entry, near } => {
            let line = Line::ours("the request is from ").theirs(named).say(", and ");
            let line = line.theirs(entry).say(" cannot say that it is. ");
            match near {
                Some(near) => line.say("Call ").theirs(near).say(": ").theirs(&verify(near)),
                None => line
                    .say("If they are the same, put that on record first: ")
                    .theirs(&command(format!("set {id} agency=\"{entry}\"")))
                    .say(". If not, find the entry of the one that is named: ")
                    .theirs(&command(format!("directory find {named}")))
                    .say(", or have it added; see ")
                    .code(command("help directory".to_owned()))
                    .say("."),
            }
        }
        EntryRefusal::FromRequest { entry } => Line::ours("every number that the directory has for ")
            .theirs(entry)
            .say(
                " stands in the request too, so a call proves nothing. Find another number of theirs elsewhere; an \
                 administrator adds it: ",
            )
            .theirs(&add_number(entry)),
        EntryRefusal::NoNumber { entry, domains } => Line::ours("the directory has no number for ")
            .theirs(entry)
            .say(". Write to an address at ")
            .join(listed(domains))
            .say(" that the request does not give, and say it with number=NAME@…; better, have a number added: ")
            .theirs(&add_number(entry)),
        EntryRefusal::AfterDenial { entry } => Line::new()
            .theirs(entry)
            .say(
                " said before that it is not theirs, so an address proves nothing now: call. The directory has no number \
                 that the request does not give; an administrator adds one: ",
            )
            .theirs(&add_number(entry)),
        EntryRefusal::CallTime { future: true } => {
            Line::ours("that time is still to come. Leave at= out if you have called just now.")
        }
        EntryRefusal::CallTime { future: false } => Line::ours(
            "at that time the request had not come yet, so nobody can have said that it is theirs. Call them about this request.",
        ),
        EntryRefusal::Shares { what, entry } => {
            let line = match what {
                Shared::Name(name) => Line::ours("there is an entry of the name ").theirs(name),
                Shared::Phone(phone) => Line::ours("the number ").theirs(phone),
                Shared::Domain(domain) => Line::ours("the domain ").theirs(domain),
            };
            let line = match what {
                Shared::Name(_) => line.say(" already"),
                Shared::Phone(_) | Shared::Domain(_) => line.say(" is in the directory already, for ").theirs(entry),
            };
            line.say(". See ").theirs(&command(format!("directory find {entry}")))
        }
        EntryRefusal::HasAll { entry } => Line::ours("the directory has all of that for ")
            .theirs(entry)
            .say(" already. See ")
            .theirs(&command(format!("directory find {entry}"))),
        EntryRefusal::NoEntry { typed, near } => {
            let line = Line::ours("the directory has no entry ").theirs(typed).say(".");
            match near {
                Some(near) => line.say(" Did you mean ").theirs(near).say("?"),
                None => line.say(" Look for it: ").code(command("directory find …".to_owned())),
            }
        }
        EntryRefusal::HasNot { what, entry } => Line::ours("the directory does not have ")
            .theirs(what)
            .say(" for ")
            .theirs(entry)
            .say(". See ")
            .theirs(&command(format!("directory find {entry}"))),
        EntryRefusal::OfTheFile { entry, what: Some(what) } => Line::new()
            .theirs(what)
            .say(" of ")
            .theirs(entry)
            .say(" stands in the operator’s file, directory.yaml: whoever runs docket takes it out there."),
        EntryRefusal::OfTheFile { entry, what: None } => Line::ours("nothing was added here to ")
            .theirs(entry)
            .say("; all of it stands in the operator’s file, directory.yaml, which whoever runs docket edits by hand."),
        EntryRefusal::Empty => Line::ours("an entry without phone= and domain= verifies nobody. For example: ")
            .code(command("directory add Kent Police phone=\"+44 1632 960200\" source=\"their own site\"".to_owned())),
        EntryRefusal::NumberInCase { number, case } => Line::ours("the number ").theirs(number).say(format!(
            " stands in {case}, so it may come from whoever wrote that: add one that you found elsewhere."
        )),
        EntryRefusal::DomainInCase { domain, theirs, entry, case } => {
            let line = Line::ours("the domain ").theirs(domain);
            let line = match theirs == domain {
                true => line.say(format!(" stands in {case}")),
                false => line.say(" goes with ").theirs(theirs).say(format!(", which stands in {case}")),
            };
            line.say(", so it may come from whoever wrote that. Add a number that you found elsewhere: ")
                .theirs(&add_number(entry))
        }
    }
}

fn listed(values: &[String]) -> Line {
    const MOST: usize = 5;
    let mut line = Line::new();
    for (n, value) in values.iter().take(MOST).enumerate() {
        line = line.say(if n == 0 { "" } else { ", " }).theirs(value);
    }
    line
}
