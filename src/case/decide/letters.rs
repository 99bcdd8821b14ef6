//! Letters that people sent, and sending a requester elsewhere. docket sends nothing itself.

use chrono::{DateTime, Utc};

use super::Setting;
use super::ending::not_ended;
use crate::case::{Case, Elsewhere, Event, Refusal, Terms, Via, letter, wants};

/// The line on which a request says by which way it came (rule 3).
const VIA_KEY: &str = "via";

/// A letter that could not have been filled in cannot have been sent. When the one that asks is out, the case waits.
pub(super) fn sent(
    case: &Case,
    name: &str,
    via: Via,
    at: Option<DateTime<Utc>>,
    setting: &Setting<'_>,
) -> Result<Vec<Event>, Refusal> {
    let at = at.unwrap_or(setting.now);
    if at > setting.now {
        return Err(Refusal::SentInFuture);
    }
    // People write minutes.
    if minute(at) < minute(case.received) {
        return Err(Refusal::SentBeforeItCame { received: case.received });
    }
    let draft = letter::draft(case, name, None, setting.terms, setting.now)?;
    let name = draft.letter.name.clone();
    let asks = name == letter::ASK && case.waiting().is_none();
    let mut events = vec![Event::LetterSent { letter: name, via: via.name().to_owned(), at }];
    if asks {
        let kind = setting.terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
        // No time is waited through twice.
        let waited = case.waits.iter().filter_map(|wait| wait.to).max();
        let from = waited.map_or(at, |waited| at.max(waited));
        events.push(Event::WaitBegan { from, asked: wants(case, kind) });
    }
    Ok(events)
}

fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// Rules 3, 8 and 57: with the stock text, and never an emergency to a treaty.
pub(super) fn redirect(case: &Case, to: Elsewhere, terms: &Terms) -> Result<Event, Refusal> {
    not_ended(case)?;
    let text = text_for(case, to, terms)?;
    Ok(Event::Redirected { to, text: text.to_owned() })
}

/// What a requester who is sent there would be told, or why they cannot be.
pub(in crate::case) fn text_for<'t>(
    case: &Case,
    to: Elsewhere,
    terms: &'t Terms,
) -> Result<&'t str, Refusal> {
    let policy = terms.policy_of(case).ok_or(Refusal::PolicyMissing)?;
    let kind = terms.kind_of(case).ok_or(Refusal::PolicyMissing)?;
    if to == Elsewhere::Mlat {
        if kind.is_emergency() {
            return Err(Refusal::NoTreatyInEmergency);
        }
        let by_treaty = |value: &str| {
            value.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("mlat"))
        };
        if case.fields_of(VIA_KEY).any(|field| by_treaty(&field.value)) {
            return Err(Refusal::CameByTreaty);
        }
    }
    match policy.text(to.text()) {
        "" => Err(Refusal::NoTextFor(to)),
        text => Ok(text),
    }
}
