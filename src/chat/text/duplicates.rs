//! Why a request is no duplicate of another, and what to do instead; what becomes of duplicates. Knows what was decided, and no
//! rule.

use crate::case::{Case, CaseId, Terms, Unlike};
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
    };
    let otherwise = match why {
        Unlike::Kind { .. } => ". End it by itself: ",
        Unlike::Requester
        | Unlike::Over
        | Unlike::NamesNobody
        | Unlike::Order
        | Unlike::Unnamed
        | Unlike::OtherOrder { .. } => ". If not, end it by itself: ",
    };
    line.say(otherwise)
        .code(command(format!("answer {id} …")))
        .say(" or ")
        .code(command(format!("refuse {id} reason=…")))
}

/// How many duplicates one sentence names.
const SHOWN: usize = 4;

/// What becomes of the duplicates of a case that does not answer them after all: said before it is done. None where the case has
/// none, or something came of it.
pub fn would_come_back(case: &Case) -> Option<Line> {
    let (its, are) = named(case)?;
    let is_open = case.outcome.is_none();
    is_open.then(|| {
        Line::ours(format!("If it is refused, withdrawn or redirected, its {its} {are} worked again"))
    })
}

/// The same to whoever approves what brings that about.
pub fn come_back(case: &Case) -> Option<Line> {
    let (its, are) = named(case)?;
    Some(Line::ours(format!("its {its} {are} worked again, for this one answers them no longer")))
}

fn named(case: &Case) -> Option<(String, &'static str)> {
    let ids: Vec<String> = case.duplicates().map(|id| id.to_string()).collect();
    let more = ids.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = ids.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match ids.len() {
        0 => None,
        1 => Some((format!("duplicate {shown}"), "is")),
        _ => Some((format!("duplicates {shown}{more}"), "are")),
    }
}

/// That a duplicate is worked again, on either case; which the other one is, where that may be said.
pub(super) fn brought_back(other: Option<CaseId>, outward: bool) -> Line {
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
