//! Where an answer would go, by what the request says of it: mailboxes, the postal address, whatever else is called so. Whoever was
//! called was called about these too (rules 7 and 61). Knows lines; what follows from a change is said in `decide`.

use super::answer_words::says_answers;
use super::answers_to::answers_to;
use super::requester::addresses;
use super::{Case, Field, Reading, Terms};

/// The normal form of the line that gives the postal address.
const ADDRESS_KEY: &str = "address";

/// The lines that say where answers go, but for those of mail, in words that anybody may write there.
pub fn destination_lines<'c>(case: &'c Case, terms: &Terms) -> Vec<&'c Field> {
    let kind = terms.kind_of(case);
    let is_ours = |key: &str| kind.and_then(|kind| kind.field(key)).is_some_and(|rule| rule.ours);
    let is_words = |field: &&Field| match &field.reading {
        Reading::Text | Reading::Unknown { .. } | Reading::Unread { .. } | Reading::Claimed => true,
        Reading::Email { .. } | Reading::Accounts { .. } | Reading::Day { .. } | Reading::Secrecy(_) => false,
    };
    let is_one = |field: &&Field| field.key == ADDRESS_KEY || says_answers(&field.label);
    case.fields.iter().filter(is_words).filter(is_one).filter(|field| !is_ours(&field.key)).collect()
}

/// Everything that an answer would go to, each once: addresses, then what the lines say, then what stands in sentences.
pub fn destinations(case: &Case, terms: &Terms) -> Vec<String> {
    let mail = addresses(case).into_iter().map(|email| email.as_str().to_owned());
    let lines = destination_lines(case, terms).into_iter().map(|field| field.value.trim().to_owned());
    let asked = answers_to(case, terms).into_iter().map(|place| place.as_str().to_owned());
    let mut found: Vec<String> = Vec::new();
    for place in mail.chain(lines).chain(asked).filter(|place| !place.is_empty()) {
        let is_said = |said: &String| said.to_lowercase().contains(&place.to_lowercase());
        if !found.iter().any(is_said) {
            found.push(place);
        }
    }
    found
}

/// Whether an answer would go somewhere that the request did not say before.
pub(super) fn goes_elsewhere(before: &Case, after: &Case, terms: &Terms) -> bool {
    let was = answers_to(before, terms);
    destination_lines(before, terms) != destination_lines(after, terms)
        || answers_to(after, terms).iter().any(|place| !was.contains(place))
}
