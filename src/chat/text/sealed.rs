//! What is said of sealed cases: who may see one, what the flag has changed, what is not taken.

use crate::case::{Account, Case, CaseId, Flag, Terms};
use crate::chat::page::Line;

/// How many people are named who may do something.
const NAMED: usize = 4;

/// The answer to whoever may not see it, with whom to ask.
pub fn not_allowed(case: CaseId, terms: &Terms) -> Line {
    let line = Line::ours("Not allowed: ").strong(case.to_string()).say(" is sealed. ");
    match who(terms) {
        Some(who) => line.say("Ask ").join(who).say("."),
        None => match terms.stopped_who_see_sealed().next() {
            Some(stopped) => {
                line.say("Whoever may see it was stopped. Ask ").join(two_resume(stopped, terms))
            }
            None => line.say("Nobody is listed who may see it; please call your administrator."),
        },
    }
}

/// That a sealed case keeps what somebody asks to be erased: not which case, and whom to ask (rules 63 and 66).
pub fn kept_unshown(terms: &Terms) -> Line {
    let line = Line::ours("! Part of it is kept for a reason that is not shown here: the erasure waits. ");
    match who(terms) {
        Some(who) => line.say("Ask ").join(who).say("."),
        None => line.say("Please call your administrator."),
    }
}

/// That another case stands in the way, and whom to ask: not which it is, nor what it says.
pub(super) fn not_shown(terms: &Terms) -> Line {
    let line = Line::ours("another case, which is not shown here, stands in the way. ");
    match who(terms) {
        Some(who) => line.say("Ask ").join(who).say("."),
        None => line.say("Please call your administrator."),
    }
}

/// Who takes over a sealed case from somebody who may not see it, and how.
pub fn taken_over(case: CaseId, terms: &Terms) -> Line {
    match who(terms) {
        Some(who) => {
            let assign = format!("{} assign {case} me", terms.prefix());
            Line::ours("you may not see it. Ask ").join(who).say(" to take it: ").code(assign)
        }
        None => {
            Line::ours("you may not see it, and nobody is listed who may: please call your administrator")
        }
    }
}

/// Who does what is to be done on another case, which is not shown here.
pub fn ask_about_it(terms: &Terms) -> Line {
    match who(terms) {
        Some(who) => Line::ours("ask ").join(who),
        None => Line::ours("please call your administrator"),
    }
}

/// That two people let somebody go on who was stopped, in the middle of a sentence that asks for it.
pub(super) fn two_resume(stopped: &Account, terms: &Terms) -> Line {
    let line = Line::ours("two people, one of them an administrator, to let ").theirs(stopped.as_str());
    line.say(" go on: ").theirs(&format!("{} resume {stopped}", terms.prefix()))
}

/// That a tag is so like a flag that the flag may have been meant.
pub(super) fn like_flag(tag: &str, flag: Flag, id: &str, terms: &Terms) -> Line {
    let line = Line::new().theirs(tag).say(format!(
        " is like the flag {}, and as a tag it would do nothing of what the flag does. Did you mean ",
        flag.name()
    ));
    let line = line.code(format!("{} tag {id} +{}", terms.prefix(), flag.name()));
    let flags = Flag::ALL.map(Flag::name).join(" and ");
    line.say(format!("? The flags are {flags}; for a tag of your own please take another word."))
}

/// That a case would be sealed from everybody.
pub(super) fn nobody_would_see() -> Line {
    Line::ours(
        "nobody could see the case then: no one is listed with the role safety or counsel, and no approver either. \
         An administrator can add one under people: in the configuration.",
    )
}

/// What to do with the material instead of posting it.
pub(super) fn no_material(id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    Line::ours(format!(
        "{id} is flagged csea, so no material is taken: nothing of the file was hashed or kept. Never post it here, and delete \
         it from the room if you did. Quarantine it on the homeserver by its id, report it to the authority, and note both: "
    ))
    .code(command(format!("note {id} …")))
    .say(". Papers are taken: ")
    .code(command(format!("attach {id} as=instrument")))
    .say(", as=permission or as=extension.")
}

/// What the flag has changed, for whoever set it.
pub fn sealed_now(case: &Case, terms: &Terms) -> Vec<Line> {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let mut lines = Vec::new();
    if let Some(who) = who(terms) {
        lines.push(
            Line::ours("Seen and worked only by ").join(who).say("; taking the flag off takes two of them."),
        );
    } else if let Some(stopped) = terms.stopped_who_see_sealed().next() {
        lines.push(
            Line::ours("! Nobody sees it now: whoever may was stopped. Ask ")
                .join(two_resume(stopped, terms)),
        );
    }
    let files = case.files.len();
    if files > 0 {
        let count = if files == 1 { "One file".to_owned() } else { format!("{files} files") };
        let stay = if files == 1 { "stays" } else { "stay" };
        lines.push(Line::ours(format!(
            "{count} attached before {stay}, as evidence. What was posted in the room is still there: delete it."
        )));
    }
    let owner = case.owner.as_ref().filter(|owner| !terms.may(owner, crate::case::Need::Sealed));
    if let Some(owner) = owner {
        let line =
            Line::new().theirs(owner.as_str()).say(" owns it and may not see it. One of them takes it: ");
        lines.push(line.code(command(format!("assign {} me", case.id))));
    }
    lines
}

/// `@sam:example.org or @cleo:example.org`.
fn who(terms: &Terms) -> Option<Line> {
    any_of(terms.who_see_sealed(), " or ")
}

/// Some of these people, with this before the last one.
pub(super) fn any_of<'a>(all: impl Iterator<Item = &'a Account>, or: &'static str) -> Option<Line> {
    let all: Vec<&Account> = all.collect();
    let shown = all.len().min(NAMED);
    let mut line = Line::new();
    for (n, account) in all.iter().take(shown).enumerate() {
        line = line.say(match n {
            0 => "",
            n if n + 1 == shown => or,
            _ => ", ",
        });
        line = line.theirs(account.as_str());
    }
    (shown > 0).then_some(line)
}
