//! A request that does not begin as one: a greeting before it, a slip in its first line. It opens nothing, and is answered
//! with how to send it again, so that none is lost (contract, section 1). Ordinary talk is none of it, requests quoted in a
//! reply included.

use strsim::damerau_levenshtein;

use super::fold;
use super::form::{LONGEST, MOST_LINES, without_marks};
use super::line::{split_label, trim};
use crate::case::{Key, Policy, near};

/// How many letters of `Request` may be wrong.
const SLIPS: usize = 2;
/// Other names for what stands before the kind.
const KIND_KEYS: &[&str] = &[
    "kind",
    "type",
    "kind of request",
    "type of request",
    "request kind",
    "request type",
    "anfrage",
    "demande",
];
/// Lines of a mail's head that may say what the mail is.
const HEADS: &[&str] = &["subject", "betreff", "objet", "re"];

/// A request that was found in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// The policy's name of its kind, if it says one.
    pub(super) kind: Option<String>,
}

/// Whether a message that is neither a command nor a request holds a request.
///
/// A whole line `Request: <kind>` is one wherever it stands; a line that is only like it wants a line of some form below.
pub(super) fn find(text: &str, policy: &Policy) -> Option<Lost> {
    if text.len() > LONGEST {
        return None;
    }
    // What a reply quotes was sent before.
    let (_, own) = fold::split_reply(text);
    let mut likely: Option<Lost> = None;
    for raw in fold::lines(own).take(MOST_LINES) {
        let (_, line) = fold::unquote(raw, usize::MAX);
        let line = without_marks(trim(fold::split_sender(line).1));
        if likely.is_some() && fills_in(line, policy) {
            return likely;
        }
        match first_line(line, policy) {
            Some((lost, true)) => return Some(lost),
            Some((lost, false)) if likely.as_ref().is_none_or(|likely| likely.kind.is_none()) => {
                likely = Some(lost);
            }
            Some(_) | None => {}
        }
    }
    None
}

/// What a line opens, if it is the first line of a request or like one, and whether it is beyond doubt.
fn first_line(line: &str, policy: &Policy) -> Option<(Lost, bool)> {
    let of = |kind: &str| policy.kind(trim(kind)).map(|kind| Lost { kind: Some(kind.name.clone()) });
    if let Some((_, key, value)) = split_label(line) {
        if key.is("request") {
            return of(value)
                .map(|lost| (lost, true))
                .or_else(|| like(value, policy).map(|lost| (lost, false)));
        }
        let is_near = damerau_levenshtein(key.as_str(), "request") <= SLIPS;
        if is_near || KIND_KEYS.iter().any(|name| key.is(name)) {
            return of(value).or_else(|| like(value, policy)).map(|lost| (lost, false));
        }
        if HEADS.iter().any(|name| key.is(name)) {
            return says_request(value, policy).map(|lost| (lost, false));
        }
        return None;
    }
    // `Request – preservation`, `Request=preservation`, `Request preservation`.
    let end = line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len());
    let (word, rest) = line.split_at_checked(end)?;
    let is_near = damerau_levenshtein(&word.to_lowercase(), "request") <= SLIPS;
    let kind = rest.trim_matches(|c: char| !c.is_alphanumeric());
    if is_near && !kind.is_empty() { of(kind).map(|lost| (lost, false)) } else { None }
}

/// A kind that is only misspelt.
fn like(typed: &str, policy: &Policy) -> Option<Lost> {
    let names = policy.kinds.iter().map(|kind| kind.name.as_str());
    near::nearest(trim(typed), names).map(|kind| Lost { kind: Some(kind.to_owned()) })
}

/// Whether the subject of a mail says that it is a request: by the word itself, or by a kind.
fn says_request(value: &str, policy: &Policy) -> Option<Lost> {
    let words: Vec<String> =
        value.split(|c: char| !c.is_alphanumeric() && c != '-').map(str::to_lowercase).collect();
    let mut kinds = words.iter().filter(|word| !word.is_empty()).filter_map(|word| policy.kind(word));
    let kind = kinds.next().map(|kind| kind.name.clone());
    let is_request = words.iter().any(|word| damerau_levenshtein(word, "request") <= 1);
    (is_request || kind.is_some()).then_some(Lost { kind })
}

/// Whether a line fills in a line of some form.
fn fills_in(line: &str, policy: &Policy) -> bool {
    let Some((_, key, value)) = split_label(line) else {
        return false;
    };
    let has = |name: &Key| policy.kinds.iter().any(|kind| kind.field(name.as_str()).is_some());
    !value.is_empty() && has(&key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::{Heard, read};
    use crate::policy;

    fn found(text: &str) -> Option<Lost> {
        let prefixes = ["!case".to_owned()];
        assert_eq!(read(text, &prefixes), Heard::Talk, "{text}");
        find(text, &policy::matrix_org().unwrap())
    }

    #[test]
    fn no_request_is_lost() {
        let of = |kind: &str| Some(Lost { kind: Some(kind.to_owned()) });
        let rest = "Agency: Kent Police\nAccounts: @alice:example.org";
        for first in [
            "Hello all,\n\nRequest: preservation",
            "EMERGENCY\nRequest: preservation",
            "Dear moderators,\nplease see below\nRequest: preservation",
            "On Fri, 20 Nov 2026, Jane Roe wrote:\n> Request: preservation\n> Agency: Kent Police",
            "Reqest: preservation",
            "Requests: preservation",
            "Kind: preservation",
            "Request – preservation",
            "Request=preservation",
            "Request preservation",
            "REQUEST - Preservation",
            "Request type: preservation",
            "Hi\nRequest: preservaton",
            "Subject: Preservation request",
            "```\nHello\nRequest: preservation",
        ] {
            assert_eq!(found(&format!("{first}\n{rest}")), of("preservation"), "{first}");
        }
        assert_eq!(found(&format!("Subject: Request\n{rest}")), Some(Lost { kind: None }));
        assert_eq!(found("Good morning\n**Request:** take-it-down"), of("intimate"));
    }

    #[test]
    fn ordinary_talk_is_left_alone() {
        for talk in [
            "hello",
            "did you see the Request: preservation from Kent?",
            "the request preservation came in twice",
            "Request preservation took two days last time",
            "Requests: we had nine this week",
            "Request for comments on the new form",
            "request",
            "Requests are up again",
            "Kind regards, Ben",
            "Kind: of strange, that one",
            "Kind: preservation, I think",
            "Subject: lunch\nwho comes?",
            "Subject: request for holidays\nI am away from Monday",
            "Re: the request of yesterday\nI called them",
            "Type: emergency?",
            "EMERGENCY! the coffee is out",
            "emergency",
            "Reference: OP-1234 is the one I mean",
            "Agency: Kent Police\nAccounts: @alice:example.org",
            "Note to all: please read the minutes",
            "Ben: can you take C-4?\nCy: yes",
            "> Request for access\nI would say no",
            "> <@ben:x.org> Request: terms\n> Agency: Met\n\nlooks bad",
            "> <@ben:x.org> hello\n> Request: preservation\n> Agency: Met\n\nthat one is fake",
            "10:30: call with counsel\n11:00: lunch",
            "https://example.org/Request:preservation",
            "Quest: preservation of the old logs\nContext matters here",
            "requested: more time\nreason to follow",
            "I would answer\n\nRequest: denied",
            "the form begins with `Request: preservation`, then the lines",
            "To: all\nSubject: rota\nBen has Monday",
            "Request: where is the coffee?".trim_start_matches("Request: "),
        ] {
            assert_eq!(found(talk), None, "{talk}");
        }
    }
}
