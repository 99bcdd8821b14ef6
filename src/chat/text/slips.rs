//! The sentence for every command that was not understood, with the way out.

use crate::case::Terms;
use crate::chat::page::{Line, Page, SHORT};
use crate::chat::slip::Slip;
use crate::chat::text;
use crate::chat::verbs;

/// The answer to a command that was not understood.
pub fn slip(slip: &Slip, terms: &Terms) -> Page {
    match slip {
        Slip::NameTheCase { command } if command.contains('\n') || command.chars().count() > SHORT => {
            let line = "Not done: what changes a case must name it, in its thread too. To copy:";
            Page::of(Line::ours(line)).their_text(command)
        }
        // Nothing was asked to be done, so nothing is not done.
        Slip::NoHelpFor { typed, near, later } => Page::of(no_help(typed, near.as_deref(), *later, terms)),
        Slip::WhichKind { verb: "form" } => Page::of(sentence(slip, terms).begin_sentence()),
        slip => Page::of(Line::ours("Not done: ").join(sentence(slip, terms))),
    }
}

fn which_kind(verb: &str, terms: &Terms) -> Line {
    let kinds = terms.policy().map(|policy| policy.kinds.as_slice());
    let names: Vec<&str> = kinds.unwrap_or_default().iter().map(|kind| kind.name.as_str()).collect();
    Line::ours(format!("which kind? There are {}. For example: ", names.join(", ")))
        .code(format!("{} {verb} preservation", terms.prefix()))
}

fn no_help(typed: &str, near: Option<&str>, later: bool, terms: &Terms) -> Line {
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    if later {
        return still_to_come(typed, terms);
    }
    let line = Line::ours("There is no command ").theirs(typed).say(".");
    match near {
        Some(near) => line.say(" Did you mean ").code(command(&format!("help {near}"))).say("?"),
        None => line.say(" All commands: ").code(command("help")),
    }
}

/// What a command will do that is not there yet, and what to do by hand until then.
fn still_to_come(verb: &str, terms: &Terms) -> Line {
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    let line = Line::new().code(command(verb)).say(" is not in this version yet");
    match verbs::later(verb) {
        Some(later) => {
            let until = later.until.trim_end_matches(':');
            let line = line.say(format!(". It will {}. {until}: ", later.will));
            line.code(command(later.example))
        }
        None => line.say(". What there is: ").code(command("help")),
    }
}

fn sentence(slip: &Slip, terms: &Terms) -> Line {
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    let help = |line: Line, verb: &str| line.say(" See ").code(command(&format!("help {verb}"))).say(".");
    match slip {
        Slip::Mistake(mistake) => Line::ours(mistake.to_string()),
        Slip::NoSuchVerb { typed, near } => {
            let line = Line::ours("I do not know ").theirs(typed).say(".");
            match near {
                Some(near) => line.say(" Did you mean ").code(command(near)).say("?"),
                None => line.say(" All commands: ").code(command("help")),
            }
        }
        Slip::Later { verb } => still_to_come(verb, terms),
        Slip::WhichCase { verb } => Line::ours("it does not say which case. For example: ").code(command(
            verbs::find(verb)
                .and_then(|known| known.examples.iter().find(|example| example.contains("42")))
                .unwrap_or(verb),
        )),
        Slip::WhichKind { verb } => which_kind(verb, terms),
        Slip::BroughtByDocket { case } => {
            Line::ours("docket brings a notice itself, and puts that on record: ")
                .code(command(&format!("notify {case} send")))
                .say(". What one of us sent: ")
                .code(command(&format!("sent {case} notice via=mail")))
        }
        Slip::OneUser => {
            Line::ours("name one user, or nobody: then it is for all of the case who are not told yet.")
        }
        Slip::NameTheCase { command } => {
            Line::ours("what changes a case must name it, in its thread too. To copy: ").theirs(command)
        }
        Slip::BareNumber { typed, written } => Line::ours("this is another case’s thread, where ")
            .theirs(typed)
            .say(" alone could be text. If you mean the case, write ")
            .code(written.to_string())
            .say("."),
        Slip::Missing { what, verb } => help(Line::ours(format!("I still need {what}.")), verb),
        Slip::Extra { typed, verb } => {
            let line = Line::ours("I do not know what to do with ").theirs(typed).say(".");
            let takes_values = verbs::find(verb).is_some_and(|known| known.usage.contains(['=', '…']));
            let line =
                if takes_values { line.say(" Put values of several words in \"quotes\".") } else { line };
            help(line, verb)
        }
        Slip::NothingOff { typed } => Line::ours("a new case has nothing to take off. Write ")
            .theirs(&format!("{typed}="))
            .say(" instead."),
        Slip::NoSuchKey { typed, near, verb } => {
            let line = Line::new().theirs(typed).say(" is no key that I know here.");
            let line = match near {
                Some(near) => line.say(" Did you mean ").code(near.clone()).say("?"),
                None => line,
            };
            help(line, verb)
        }
        Slip::Placeholder { typed } => {
            Line::ours("put your own words in the place of the dots behind ").theirs(typed).say(".")
        }
        Slip::NotOneOf { typed, choices } => Line::ours("I do not know ")
            .theirs(typed)
            .say(format!(" here. It can be: {}.", choices.join(", "))),
        Slip::Unread { what, typed, why } => Line::ours(format!("{what} could not be read: "))
            .theirs(typed)
            .say(" – ")
            .theirs(why)
            .say(text::stop(why)),
        Slip::NoSuchKind { verb, typed, near } => {
            let line = Line::ours("there is no kind ").theirs(typed).say(".");
            match near {
                Some(near) => line.say(" Did you mean ").code(command(&format!("{verb} {near}"))).say("?"),
                None => line.say(" All kinds: ").code(command("policy")),
            }
        }
        Slip::RequestOfNoKind { typed, near } => {
            let line = Line::ours("there is no kind ").theirs(typed).say(", so no case was opened. ");
            match near {
                Some(near) => line
                    .say("Send it again with the first line ")
                    .code(format!("Request: {near}"))
                    .say(" if that is meant, or else "),
                None => line
                    .say("The kinds: ")
                    .code(command("policy"))
                    .say(". If none fits, send it again with the first line "),
            }
            .code("Request: other")
            .say(".")
        }
        Slip::Twice { typed, verb } => help(
            Line::new().theirs(typed).say(" is said more than once, and I cannot know which is meant."),
            verb,
        ),
        Slip::SecondFilter { typed } => Line::new().theirs(typed).say(
            " is a second filter of the same sort, and a list takes one of each. Ask once for each of them.",
        ),
        Slip::Blank { typed, verb } => help(
            Line::ours("nothing stands behind ").theirs(typed).say(". Say what it is, or leave it out."),
            verb,
        ),
        Slip::NoHelpFor { typed, near, later } => no_help(typed, near.as_deref(), *later, terms),
        Slip::RequestBehindPrefix => Line::ours("a request begins with ")
            .code("Request:")
            .say(" itself. Send it again without ")
            .code(terms.prefix())
            .say(" before it."),
        Slip::NotOpened { kind } => {
            let kind = kind.as_deref().unwrap_or("KIND");
            Line::ours("this looks like a request, and no case was opened, for its first line is another. Send it again beginning with ")
                .code(format!("Request: {kind}"))
                .say(", or with ")
                .code(command(&format!("new {kind}")))
                .say(" on a line before it.")
        }
        Slip::WhichOutcome { typed, likely, said } => {
            let line = Line::new()
                .theirs(typed)
                .say(" does not say that it is genuine. If that is what came of it, add ");
            let line = line.code(format!("outcome={likely}"));
            if *said {
                line.say("; else say in words of your own how it was confirmed.")
            } else {
                line.say("; if it is genuine all the same, say how, and add ").code("outcome=confirmed")
            }
        }
        Slip::NobodyCalled { typed } => Line::ours("nobody called ")
            .theirs(typed)
            .say(" is in the list of people. See ")
            .code(command("people"))
            .say("."),
        Slip::SeveralCalled { typed } => Line::ours("several people are called ")
            .theirs(typed)
            .say("; write the whole account, such as @ben:example.org."),
    }
}
