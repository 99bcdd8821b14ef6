//! The small policy that is built in until packs in YAML take its place.
//!
//! Rule numbers are those of the operator's rule book (`docs/rules.md` will list them all with the packs).

use super::fields::rules;
use super::reasons::reasons;
use std::collections::BTreeMap;

use crate::case::{
    Category, GagTerms, Held, HoldTerms, Instrument, Kind, NoticeTerms, Policy, ReportTerms, Span, Tell,
    Term, TwoPeople, When,
};

/// The packs that can be named today.
pub const PACKS: &[&str] = &["matrix-org"];

/// The policy of matrix.org's legal guidelines, as far as it needs no clock, letter or second person.
pub fn matrix_org() -> Policy {
    let category = |name: &str, content, held| Category {
        name: name.to_owned(),
        title: name.to_owned(),
        aliases: Vec::new(),
        content,
        held,
    };
    let instrument = |name: &str, known: &[&str], opens: &[&str], notice| Instrument {
        name: name.to_owned(),
        title: name.to_owned(),
        known_by: known.iter().map(|name| (*name).to_owned()).collect(),
        countries: vec!["GB".to_owned()],
        kinds: Vec::new(),
        opens: opens.iter().map(|name| (*name).to_owned()).collect(),
        notice,
        wants: Vec::new(),
        counsel: false,
    };
    let days = |count| Term::of(Span::Days(count));
    Policy {
        version: "matrix-org/1".to_owned(),
        kinds: kinds(),
        reasons: reasons(),
        categories: vec![
            category("account", false, Held::Kept),
            category("connection", false, Held::For(Span::Days(180))),
            category("messages", true, Held::Encrypted),
        ],
        instruments: vec![
            instrument(
                "ipa-authorisation",
                &["ipa", "investigatory powers act"],
                &["account", "connection"],
                Tell::Withhold,
            ),
            instrument(
                "court-order",
                &["court order", "production order"],
                &["account", "connection"],
                Tell::Tell,
            ),
        ],
        accepts: vec!["GB".to_owned()],
        countries: BTreeMap::new(),
        clocks: super::clocks::clocks(),
        calendars: BTreeMap::new(),
        calendar: None,
        hold: HoldTerms {
            term: days(90),
            extend: days(90),
            times: None,
            extend_wants_request: true,
            by_instrument: BTreeMap::new(),
        },
        gag: GagTerms { ask_every: Span::Years(1), wants_document: false },
        notice: NoticeTerms {
            when: When::After,
            letter: Tell::Tell,
            serve_within: Span::Days(7),
            exceptions: Vec::new(),
        },
        two_people: TwoPeople {
            acts: Vec::new(),
            counsel: Vec::new(),
            valid_for: Span::Days(3),
            break_glass: false,
        },
        letters: Vec::new(),
        texts: BTreeMap::new(),
        keep: Span::Years(2),
        report: ReportTerms { few: 5, gagged_in_sum: true },
    }
}

/// Who asks for records: lines that every request from an authority can have.
const AUTHORITY: &[&str] = &["phone", "via", "from", "to", "confidential", "context"];

fn kinds() -> Vec<Kind> {
    let with = |more: &[&'static str]| [more, AUTHORITY].concat();
    vec![
        // Rules 1, 2, 4, 7.
        Kind {
            discloses: true,
            verify_requester: true,
            verify_instrument: true,
            own_accounts: true,
            ..kind(
                "information",
                "records about a user, for an authority",
                &["info", "disclosure", "data"],
                &[
                    "agency",
                    "officer",
                    "email",
                    "jurisdiction",
                    "instrument",
                    "accounts",
                    "data",
                    "purpose",
                    "reference",
                ],
                &with(&["authorising officer", "messages"]),
            )
        },
        // Rules 13 to 18.
        Kind {
            first: true,
            discloses: true,
            verify_requester: true,
            own_accounts: true,
            ..kind(
                "emergency",
                "danger of death or serious injury, now",
                &["urgent", "edr"],
                &["agency", "officer", "email", "nature", "person", "accounts", "data", "signature"],
                &with(&["messages", "jurisdiction", "reference"]),
            )
        },
        // Rules 19 to 24; a bare letter needs no instrument (rule 4).
        Kind {
            verify_requester: true,
            own_accounts: true,
            ..kind(
                "preservation",
                "keep records until an order comes",
                &["preserve", "hold"],
                &["agency", "officer", "email", "jurisdiction", "accounts", "purpose", "reference"],
                &with(&["data", "instrument"]),
            )
        },
        // Rules 38 and 39: few required lines.
        kind(
            "terms",
            "a breach of the terms of service",
            &["tos", "abuse"],
            &["context"],
            &["accounts", "room", "messages", "clause", "officer", "email", "reference", "confidential"],
        ),
        // Rule 41.
        kind(
            "copyright",
            "a DMCA notice",
            &["dmca"],
            &["officer", "email", "work", "material", "good faith", "accuracy", "signature"],
            &["agency", "accounts", "room", "phone", "reference", "context", "confidential", "restored"],
        ),
        kind(
            "counter-notice",
            "the answer to a DMCA notice",
            &["counternotice", "counter"],
            &["officer", "email", "material", "good faith", "consent", "signature"],
            &["accounts", "phone", "reference", "context", "confidential"],
        ),
        // Rules 42 to 52. What it gives out is the person's own, and is still a disclosure.
        Kind {
            discloses: true,
            verify_requester: true,
            own_accounts: true,
            ..kind(
                "subject",
                "a person asks about their own data",
                &["gdpr", "dsar", "sar", "data-subject"],
                &["right", "accounts"],
                &["officer", "email", "proof", "reference", "context", "confidential", "erased"],
            )
        },
        // It asks for no records, but nothing keeps an authority from asking for them here.
        Kind {
            discloses: true,
            verify_requester: true,
            verify_instrument: true,
            ..kind(
                "removal",
                "an authority's removal order",
                &["tco", "removal-order"],
                &["agency", "officer", "email", "jurisdiction", "instrument", "material", "reference"],
                &with(&["accounts", "room", "messages"]),
            )
        },
        Kind {
            first: true,
            ..kind(
                "intimate",
                "intimate pictures shared without consent",
                &["ncii", "take-it-down"],
                &["officer", "email", "material", "good faith", "signature"],
                &["accounts", "room", "messages", "reference", "context", "confidential"],
            )
        },
        kind(
            "complaint",
            "a complaint about what we did",
            &[],
            &["context"],
            &["officer", "email", "accounts", "reference", "confidential"],
        ),
        // What we refer is told to an authority.
        Kind {
            discloses: true,
            ..kind(
                "referral",
                "we refer something to an authority",
                &["refer"],
                &["agency", "context"],
                &["accounts", "room", "messages", "officer", "email", "reference", "confidential"],
            )
        },
        // It may ask for anything, records included.
        Kind {
            discloses: true,
            ..kind(
                "other",
                "anything else",
                &[],
                &[],
                &[
                    "agency",
                    "officer",
                    "email",
                    "phone",
                    "jurisdiction",
                    "accounts",
                    "room",
                    "data",
                    "purpose",
                    "reference",
                    "confidential",
                    "context",
                    "subject",
                ],
            )
        },
    ]
}

fn kind(name: &str, title: &str, aliases: &[&str], required: &[&str], optional: &[&str]) -> Kind {
    Kind {
        name: name.to_owned(),
        title: title.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        first: false,
        discloses: false,
        verify_requester: false,
        verify_instrument: false,
        attest: false,
        own_accounts: false,
        from_authority: false,
        preserves: false,
        notify: false,
        notice: None,
        scope_empty: false,
        answer_needs: Vec::new(),
        keep: None,
        counts_as: None,
        fields: rules(required, optional),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_contract_is_there_with_the_lines_it_names() {
        let policy = matrix_org();
        let names: Vec<&str> = policy.kinds.iter().map(|kind| kind.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "information",
                "emergency",
                "preservation",
                "terms",
                "copyright",
                "counter-notice",
                "subject",
                "removal",
                "intimate",
                "complaint",
                "referral",
                "other"
            ]
        );
        for kind in &policy.kinds {
            assert!(!kind.fields.is_empty(), "{} has lines", kind.name);
        }
    }

    #[test]
    fn no_two_lines_of_a_kind_answer_to_the_same_key() {
        for kind in matrix_org().kinds {
            let mut keys: Vec<&str> = Vec::new();
            for rule in &kind.fields {
                keys.push(&rule.key);
                keys.extend(rule.aliases.iter().map(String::as_str).filter(|alias| *alias != rule.key));
            }
            let count = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), count, "{}: {keys:?}", kind.name);
        }
    }

    #[test]
    fn every_key_a_kind_names_exists() {
        let policy = matrix_org();
        let preservation = policy.kind("preservation").unwrap();
        assert_eq!(preservation.fields.iter().filter(|rule| rule.required).count(), 7);
        assert_eq!(policy.kind("information").unwrap().fields.len(), 9 + 2 + AUTHORITY.len());
    }
}
