//! The sentence for every command that was not understood, with the way out.

use crate::case::Terms;
use crate::chat::page::{Line, Page, SHORT};
use crate::chat::slip::Slip;

/// The answer to a command that was not understood.
pub fn slip(slip: &Slip, terms: &Terms) -> Page {
    match slip {
        Slip::NameTheCase { command } if command.contains('\n') || command.chars().count() > SHORT => {
            let line = "Not done: what changes a case must name it, in its thread too. To copy:";
            Page::of(Line::ours(line)).their_text(command)
        }
        // Nothing was asked to be done, so nothing is not done.
        Slip::NoHelpFor { typed, near, later } => Page::of(no_help(typed, near.as_deref(), *later, terms)),
        slip => Page::of(Line::ours("Not done: ").join(sentence(slip, terms))),
    }
}

fn no_help(typed: &str, near: Option<&str>, later: bool, terms: &Terms) -> Line {
    let command = |rest: &str| format!("{} {rest}", terms.prefix());
    if later {
        return Line::new()
            .code(command(typed))
            .say(" is not in this version yet; a later one brings it. What there is: ")
            .code(command("help"));
    }
    let line = Line::ours("There is no command ").theirs(typed).say(".");
    match near {
        Some(near) => line
            .say(" Did you mean ")
            .code(command(&format!("help {near}")))
            .say("?"),
        None => line.say(" All commands: ").code(command("help")),
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
        Slip::Later { verb } => Line::new()
            .code(command(verb))
            .say(" is not in this version yet; a later one brings it. What there is: ")
            .code(command("help")),
        Slip::PartLater { what } => Line::ours(format!(
            "{what} is not in this version yet; a later one brings it."
        )),
        Slip::WhichCase { verb } => help(
            Line::ours("it does not say which case. Put its number behind ")
                .code(*verb)
                .say(", such as 42."),
            verb,
        ),
        Slip::NameTheCase { command } => {
            Line::ours("what changes a case must name it, in its thread too. To copy: ").theirs(command)
        }
        Slip::BareNumber { typed, written } => Line::ours("this is another case’s thread, where ")
            .theirs(typed)
            .say(" alone could be text. If you mean the case, write ")
            .code(written.to_string())
            .say("."),
        Slip::Missing { what, verb } => help(Line::ours(format!("{what} is missing.")), verb),
        Slip::Extra { typed, verb } => help(
            Line::ours("I do not know what to do with ")
                .theirs(typed)
                .say(". Put values of several words in \"quotes\"."),
            verb,
        ),
        Slip::NoSuchKey { typed, near, verb } => {
            let line = Line::new().theirs(typed).say(" is no key that I know here.");
            let line = match near {
                Some(near) => line.say(" Did you mean ").code(near.clone()).say("?"),
                None => line,
            };
            help(line, verb)
        }
        Slip::NotOneOf { what, typed, choices } => Line::new().theirs(typed).say(format!(
            " is not {what} that I know. It can be: {}.",
            choices.join(", ")
        )),
        Slip::Unread { what, typed, why } => Line::ours(format!("{what} could not be read: "))
            .theirs(typed)
            .say(" – ")
            .theirs(why)
            .say("."),
        Slip::NoSuchKind { typed, near } => {
            let line = Line::ours("there is no kind ").theirs(typed).say(".");
            match near {
                Some(near) => line.say(" Did you mean ").code(near.clone()).say("?"),
                None => line.say(" All kinds: ").code(command("policy")),
            }
        }
        Slip::RequestOfNoKind { typed, near } => {
            let line = Line::ours("there is no kind ")
                .theirs(typed)
                .say(", so no case was opened. ");
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
        Slip::ReceivedStands { stray } => {
            let line = Line::ours(
                "when a request was received cannot be changed in this version; a later one brings it. Write a note",
            );
            match stray {
                Some(case) => line
                    .say(", and take the line that could not be read off: ")
                    .code(command(&format!("set {case} received="))),
                None => line.say("."),
            }
        }
        Slip::Twice { typed, verb } => help(
            Line::new()
                .theirs(typed)
                .say(" is said more than once, and I cannot know which is meant."),
            verb,
        ),
        Slip::NoHelpFor { typed, near, later } => no_help(typed, near.as_deref(), *later, terms),
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
