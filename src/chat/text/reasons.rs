//! The sentences for a reason for refusing that would not be true, each with the way out.

use crate::case::{Terms, Untrue};
use crate::chat::page::Line;

/// Nothing is missing.
pub(super) fn nothing_missing(code: &str, id: &str, terms: &Terms) -> Line {
    let line = Line::ours(format!(
        "nothing that the requester could send is missing, so {code} would not be true. What it holds: "
    ));
    or_another(line.code(format!("{} check {id}", terms.prefix())), terms)
}

/// The reason is for requests of another kind.
pub(super) fn of_others(code: &str, kinds: &[String], known: &[String]) -> Line {
    Line::ours(format!(
        "the reason {code} is for requests of another kind ({}). For this one there are: {}.",
        kinds.join(", "),
        known.join(", ")
    ))
}

/// Something else is so.
pub(super) fn untrue(code: &str, why: &Untrue, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let line = match why {
        Untrue::Encrypted { data } => Line::ours(format!(
            "what is asked for by name ({}) is nothing encrypted, so {code} would not be true. What stands of it: ",
            data.join(", ")
        ))
        .code(command(format!("scope {id}"))),
        Untrue::GivesNothingOut => Line::ours(format!(
            "nothing is given out because of it, so {code} would be no reason. What it holds: "
        ))
        .code(command(format!("check {id}"))),
        Untrue::OwnData => Line::ours(format!(
            "people get what is their own without an order, so {code} would not be true. If nobody could make sure that it is \
             theirs, say that: "
        ))
        .code(command(format!("refuse {id} reason=…"))),
        Untrue::Ordered { title } => Line::ours(format!(
            "it rests on {title}, which was verified and reaches what is asked for, so {code} would not be true. What stands of it: "
        ))
        .code(command(format!("scope {id}")))
        .say("; if it is none of theirs: ")
        .code(command(format!("verify {id} instrument how=… outcome=denied"))),
        Untrue::Of { key, label, any_of } => Line::ours(format!(
            "the reason {code} is for requests whose line {label} says {}, and this one says something else. If that is wrong: ",
            any_of.join(" or ")
        ))
        .code(command(format!("set {id} {}=…", key.replace(' ', "-")))),
    };
    or_another(line, terms)
}

fn or_another(line: Line, terms: &Terms) -> Line {
    line.say("; other reasons: ").code(format!("{} help refuse", terms.prefix()))
}
