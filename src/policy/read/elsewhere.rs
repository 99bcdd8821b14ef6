//! Keys that somebody may look for in a policy and that mean nothing there: where what they are about is said instead.

/// What docket is run with stands in its configuration, and a policy is on record without it.
const OF_THE_CONFIGURATION: [&str; 15] = [
    "homeserver",
    "room",
    "data_dir",
    "data_key_file",
    "recovery_key_file",
    "prefix",
    "policy",
    "synapse",
    "mail",
    "directory",
    "backup",
    "cooling",
    "alarm_command",
    "alarm_after",
    "metrics",
];

/// Where what a key of a policy's file is about is said.
pub(super) fn of_policy(key: &str) -> Option<String> {
    let there = match key {
        "people" => "who works cases, and in which role, stands in the configuration",
        "roles" => {
            "who has which role stands in the configuration (`people`); what a role may do is the same everywhere, and no \
             policy changes it; `two_people` adds acts that take a second person"
        }
        "reminders" | "digest" => "when people are reminded stands in the configuration (`reminders`)",
        "holidays" | "weekend" => {
            "it stands in a calendar, as in `calendars: { ours: { holidays: [2026-05-01] } }` with `calendar: ours`"
        }
        "retention" => "how long a closed case is kept is `keep`, as in `keep: 3 years`",
        "jurisdictions" => "whose authorities may ask directly is `accepts`, as in `accepts: [GB]`",
        "templates" => "they are `letters`, and stock sentences `texts`",
        "approvals" => "what takes two people is `two_people`",
        "agencies" => "they stand in a file of their own, which the configuration names (`directory`)",
        "data" | "inventory" => "what data there is, and for how long, is `categories`",
        key if OF_THE_CONFIGURATION.contains(&key) => "it stands in the configuration, and no policy has it",
        _ => return None,
    };
    Some(there.to_owned())
}

/// Likewise of a key of an instrument.
pub(super) fn of_instrument(key: &str) -> Option<String> {
    let there = match key {
        "gag" | "ask_every" | "wants_document" => {
            "what is asked of its gag stands at `gag`, as in `gag: { by_instrument: { nsl: { ask_every: 30 days } } }`"
        }
        "hold" | "term" | "extend" => {
            "how long it keeps records stands at `hold`, as in `hold: { by_instrument: { nsl: { term: 1 year, extend: 1 year } } }`"
        }
        "clock" | "clocks" => "a clock of its own stands at `clocks`, with `only: { instrument: [nsl] }`",
        _ => return None,
    };
    Some(there.to_owned())
}

/// Likewise of a key of the configuration: what is a policy's, if it is.
pub fn of_configuration(key: &str) -> Option<String> {
    let there = match key {
        "role" | "roles" => "each of the `people` has theirs, as in `role: handler`",
        "digest" | "quiet" | "at" => "it stands at `reminders`",
        "agencies" => "they stand in a file of their own, which `directory` names",
        "holidays" | "retention" => "it stands in a policy, which `policy` names",
        key if super::KEYS.contains(&key) => "it stands in a policy, which `policy` names",
        _ => return None,
    };
    Some(there.to_owned())
}
