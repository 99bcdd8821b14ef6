//! What tests begin with: a line of a request, an instrument, terms under one policy. Each says for itself what it changes
//! of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Field, Instrument, Policy, Reading, Reminders, Span, Tell, Terms};

/// A line that is read as text.
pub(crate) fn line(key: &str, value: &str) -> Field {
    Field {
        key: key.to_owned(),
        label: key.to_owned(),
        value: value.to_owned(),
        reading: Reading::Text,
        guessed: false,
    }
}

/// A British instrument that opens nothing.
pub(crate) fn instrument(name: &str, known_by: &[&str], notice: Tell) -> Instrument {
    Instrument {
        name: name.to_owned(),
        title: name.to_owned(),
        known_by: known_by.iter().map(|&known| known.to_owned()).collect(),
        countries: vec!["GB".to_owned()],
        kinds: Vec::new(),
        opens: Vec::new(),
        notice,
        wants: Vec::new(),
        counsel: false,
        instead_of: None,
        if_said: Vec::new(),
    }
}

/// The terms of a desk in London that nobody works at, under one policy.
pub(crate) fn terms_under(policy: Policy) -> Terms {
    Terms {
        current: policy.version.clone(),
        policies: BTreeMap::from([(policy.version.clone(), policy)]),
        people: Vec::new(),
        servers: vec!["our.org".to_owned()],
        zone: chrono_tz::Europe::London,
        prefixes: vec!["!case".to_owned()],
        reminders: Reminders::default(),
        cooling: Span::Minutes(10),
        directory: Vec::new(),
        frozen: BTreeSet::new(),
        identities: None,
    }
}
