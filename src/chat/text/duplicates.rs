//! Why a request is no duplicate of another, and what to do instead; what becomes of duplicates. Knows what was decided, and no
//! rule.

use crate::case::{Case, CaseId, Reading, Terms, Unlike};
use crate::chat::dates;
use crate::chat::page::Line;

/// What stands in the way, and the way out.
pub(super) fn sentence(other: CaseId, why: &Unlike, id: &str, terms: &Terms) -> Line {
    let command = |rest: String| format!("{} {rest}", terms.prefix());
    let line = match why {
        Unlike::Kind { own, others } => Line::ours(format!(
            "{id} is {own} and {other} is {others}, and each has its own clocks and duties, so {other} does not answer it"
        )),
        Unlike::Requester => {
            Line::ours(format!("{other} comes from somebody else, who would get the answer. If it is the same requester: "))
                .code(command(format!("set {id} agency=\"…\"")))
        }
        Unlike::Over => Line::ours(format!(
            "{other} is closed, or nothing is done for it any more, so nobody would answer {id}. To go on with {other}: "
        ))
        .code(command(format!("reopen {other}"))),
        Unlike::NamesNobody => {
            Line::ours(format!("{id} does not say whom it is about, and {other} does. If it is about the same: "))
                .code(command(format!("set {id} accounts=@…")))
        }
        Unlike::Order => Line::ours(format!("{id} comes with an order, and {other} with none. If it belongs there too: "))
            .code(command(format!("set {other} instrument=\"…\""))),
        Unlike::Unnamed => Line::ours(format!(
            "{id} says who asks and {other} does not, so the answer would go to nobody. If it is the same requester: "
        ))
        .code(command(format!("set {other} agency=\"…\"")))
        .say(", or the other way round: ")
        .code(command(format!("link {other} {id} as=duplicate"))),
        Unlike::OtherOrder { label, own, others } => Line::new()
            .theirs(label)
            .say(" is ")
            .theirs(own)
            .say(format!(" on {id} and "))
            .theirs(others)
            .say(format!(
                " on {other}, so it may be an order of its own, with its own answer and its own end. Look again; if it is one \
                 request, write on {id} what {other} says: "
            ))
            .theirs(&command(format!("set {id} {}=…", label.to_lowercase().replace(' ', "-")))),
        Unlike::Address => Line::ours(format!(
            "{other} comes from another address, and the answer goes there. If it is the same person, write on {id} the address \
             that {other} has: "
        ))
        .code(command(format!("set {id} email=…"))),
        Unlike::AsksMore { key, label, more } if more.is_empty() => Line::new()
            .theirs(label)
            .say(format!(" says on {other} what is asked for, and nothing on {id}, which may ask for more. If it asks for that: "))
            .code(command(format!("set {id} {}=…", key.replace(' ', "-")))),
        Unlike::AsksMore { key, label, more } => Line::new()
            .theirs(label)
            .say(format!(" asks on {id} for "))
            .theirs(more)
            .say(format!(", on {other} it does not, and {other} would not answer that. If {other} is to, write there what both ask: "))
            .code(command(format!("set {other} {}=…", key.replace(' ', "-")))),
        Unlike::Sooner { title, due, zone, is_older, key } => {
            let when = dates::moment(*due, *zone);
            let line = Line::ours(format!(
                "{title} on {id} by {when}, which {other} does not count, so it would be missed"
            ));
            match key {
                _ if *is_older => {
                    line.say(". Keep the older one: ").code(command(format!("link {other} {id} as=duplicate")))
                }
                Some(key) => line
                    .say(format!(". If it holds for {other} too: "))
                    .code(command(format!("set {other} {}=…", key.replace(' ', "-")))),
                None => line,
            }
        }
        Unlike::Secrecy => Line::ours(format!(
            "{id} asks that users are not told, and {other} does not, so nobody would hear that this takes an order. If it holds for \
             {other} too: "
        ))
        .code(command(format!("set {other} confidential=yes"))),
        Unlike::Countered => Line::ours(format!(
            "{id} has a counter-notice, which {other} does not know of. Link it there first; its number for N: "
        ))
        .code(command(format!("link N {other} as=counter")))
        .say(" – ")
        .code(command(format!("show {id}"))),
    };
    let otherwise = match why {
        Unlike::Kind { .. } => ". End it by itself: ",
        Unlike::Requester
        | Unlike::Over
        | Unlike::NamesNobody
        | Unlike::Order
        | Unlike::Unnamed
        | Unlike::Address
        | Unlike::AsksMore { .. }
        | Unlike::Sooner { .. }
        | Unlike::Countered
        | Unlike::Secrecy
        | Unlike::OtherOrder { .. } => ". If not, end it by itself: ",
    };
    line.say(otherwise)
        .code(command(format!("answer {id} …")))
        .say(" or ")
        .code(command(format!("refuse {id} reason=…")))
}

/// That a duplicate says something which nobody understood: if it asks for more, nobody answers that.
pub fn left_unread(case: &Case, terms: &Terms) -> Option<Line> {
    let unknown = case.fields.iter().filter(|field| matches!(field.reading, Reading::Unknown { .. })).count();
    let lines = match unknown + case.stray.len() {
        0 => return None,
        1 => "1 line of it was not understood. If it asks".to_owned(),
        more => format!("{more} lines of it were not understood. If one asks"),
    };
    let command = |rest: &str| format!("{} {rest} {}", terms.prefix(), case.id);
    Some(
        Line::ours(format!("! {lines} for more, nobody answers that: read "))
            .code(command("check"))
            .say(" before ")
            .code(command("close")),
    )
}

/// How many duplicates one sentence names.
const SHOWN: usize = 4;

/// What becomes of the duplicates of a case that does not answer them after all: said before it is done. None where the case has
/// none, or something came of it.
pub fn would_come_back(case: &Case) -> Option<Line> {
    let (its, are) = named(case)?;
    let is_open = case.outcome.is_none();
    is_open
        .then(|| Line::ours(format!("If it is refused, withdrawn or redirected, {its} {are} worked again")))
}

/// The same to whoever approves what brings that about.
pub fn come_back(case: &Case) -> Option<Line> {
    let (its, are) = named(case)?;
    Some(Line::ours(format!("{its} {are} worked again, for this one answers them no longer")))
}

/// The duplicates of a case, as a sentence begins with them; of one that is sealed nobody reads which it is, nor how many are.
fn named(case: &Case) -> Option<(String, &'static str)> {
    let (ids, unshown): (Vec<CaseId>, Vec<CaseId>) = case.duplicates().partition(|id| id.is_shown());
    let ids: Vec<String> = ids.iter().map(CaseId::to_string).collect();
    let mut more = ids.len().saturating_sub(SHOWN);
    more += usize::from(!unshown.is_empty() && !ids.is_empty());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = ids.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match (ids.len(), unshown.is_empty()) {
        (0, true) => None,
        (0, false) => Some(("a duplicate of it".to_owned(), "is")),
        (1, true) => Some((format!("its duplicate {shown}"), "is")),
        _ => Some((format!("its duplicates {shown}{more}"), "are")),
    }
}

/// That a duplicate is worked again, on either case; which the other one is, where that may be said.
pub(super) fn brought_back(other: Option<CaseId>, outward: bool, reopened: bool) -> Line {
    if reopened {
        return Line::ours(match other {
            Some(other) => format!("its duplicate {other} was opened again and is worked by itself"),
            None => "a duplicate of it was opened again and is worked by itself".to_owned(),
        });
    }
    Line::ours(match (other, outward) {
        (Some(other), true) => {
            format!("worked again: {other}, of which it is a duplicate, answers it no longer")
        }
        (None, true) => "worked again: the case of which it is a duplicate answers it no longer".to_owned(),
        (Some(other), false) => {
            format!("its duplicate {other} is worked again, for this one answers it no longer")
        }
        (None, false) => "a duplicate of it is worked again, for this one answers it no longer".to_owned(),
    })
}
