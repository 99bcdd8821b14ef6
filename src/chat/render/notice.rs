//! Whether each user of a case may be told, and what is in the way.

use super::card::head;
use crate::case::decide::gate::may_tell;
use crate::case::{Account, Case, Telling, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::{dates, text};

/// The answer to `notify ID preview`. `naming` are the cases that the gate must hear, or none if they are too many.
pub fn notice(case: &Case, naming: Option<&[Case]>, terms: &Terms) -> Page {
    let mut page = Page::of(head(case, terms));
    if !terms.kind_of(case).is_some_and(|kind| kind.notify) {
        return page.line(Line::ours("Users are not told of cases of this kind, says the policy."));
    }
    let mut users: Vec<&Account> = Vec::new();
    for subject in case.subjects().filter(|subject| subject.ours) {
        if !users.contains(&&subject.account) {
            users.push(&subject.account);
        }
    }
    if users.is_empty() {
        return page.line(Line::ours("No user of ours is on this case, so there is nobody to tell."));
    }
    for account in users {
        page = page.line(standing(case, account, naming, terms));
    }
    page
}

fn standing(case: &Case, account: &Account, naming: Option<&[Case]>, terms: &Terms) -> Line {
    let line = Line::new().theirs(account.as_str());
    let notice = case.notices.get(account);
    let day = |at| dates::moment(at, terms.zone);
    match notice.map(|notice| &notice.what) {
        Some(Telling::Told { via }) => {
            let at = notice.map(|notice| day(notice.at)).unwrap_or_default();
            return line.say(" · told by ").theirs(via).say(format!(", {at}"));
        }
        Some(Telling::Waived { reason }) => return line.say(" · waived: ").theirs(reason),
        Some(Telling::Withheld { .. }) | None => {}
    }
    let line = match notice.map(|notice| &notice.what) {
        Some(Telling::Withheld { reason, review }) => {
            line.say(" · withheld: ").theirs(reason).say(format!(", looked at again {}", day(*review)))
        }
        Some(Telling::Told { .. } | Telling::Waived { .. }) | None => line,
    };
    let Some(naming) = naming else {
        return line.say(" · may not be told: more cases name them than can be looked through");
    };
    match may_tell(case, account, naming, terms) {
        Ok(()) => {
            let sent = format!("{} sent {} notice {account} via=mail", terms.prefix(), case.id);
            line.say(" · may be told: ").theirs(&sent)
        }
        Err(bars) => line.say(" · may not be told: ").join(text::barred(&bars)),
    }
}
