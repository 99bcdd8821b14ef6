//! The words that make a plea, in English and German. Data only; which of them make one together, `plea` says.

/// What tells, as words begin.
pub(super) const TELLING: &[&str] = &[
    "notif",
    "informe",
    "informi",
    "informé",
    "dinform",
    "tell",
    "told",
    "alert",
    "disclos",
    "divulg",
    "reveal",
    "advis",
    "benachrichtig",
    "unterricht",
    "mitgeteilt",
    "mitteil",
    "offenleg",
    "offengelegt",
    "prévenir",
    "prevenir",
    "avertir",
    "notifier",
    "révéler",
    "reveler",
];
/// Words that tell, and begin others that do not.
pub(super) const TELLING_WHOLE: &[&str] = &["inform", "tip", "aware"];
pub(super) const NEVER: &[&str] = &["not", "never", "cannot"];
pub(super) const NEVER_TO: &[&str] = &["dont", "mustnt", "shouldnt", "maynt", "cant"];
/// What stands before a `not` that forbids: `did not tell` forbids nothing.
pub(super) const BIDS: &[&str] =
    &["do", "must", "may", "shall", "should", "please", "can", "to", "ought", "and", "or", "strictly"];
/// What may stand between that and what tells.
pub(super) const BETWEEN: &[&str] = &[
    "be",
    "to",
    "please",
    "yet",
    "ever",
    "under",
    "any",
    "circumstances",
    "in",
    "way",
    "make",
    "made",
    "the",
    "user",
    "users",
    "customer",
    "subscriber",
    "account",
    "holder",
    "at",
    "this",
    "time",
    "currently",
    "directly",
    "attempt",
    "allowed",
    "permitted",
    "try",
    "let",
    "otherwise",
    "seek",
];
/// Whose own matter it is: a reporter who wants to stay unknown.
pub(super) const OWN: &[&str] = &["my", "our", "me", "us"];
/// What is denied where something is forbidden.
pub(super) const PERMITTED: &[&str] = &["permitted", "allowed", "authorised", "authorized"];
/// What is delayed, forbidden or left out, as words begin.
pub(super) const NOTICES: &[&str] =
    &["notif", "notice", "disclos", "benachrichtig", "unterricht", "mitteil", "offenleg"];
/// What may stand between a French denial and what tells.
pub(super) const FRENCH_BETWEEN: &[&str] = &["être", "etre", "en", "l", "le", "la", "les"];
pub(super) const FORBIDDEN: &[&str] = &[
    "interdit",
    "forbidden",
    "prohibited",
    "precluded",
    "barred",
    "enjoined",
    "restrained",
    "refrain",
    "avoid",
];
/// Who would be told.
pub(super) const USERS: &[&str] = &[
    "user",
    "users",
    "customer",
    "customers",
    "subscriber",
    "subscribers",
    "holder",
    "holders",
    "suspect",
    "suspects",
    "target",
    "targets",
    "client",
    "clients",
    "member",
    "members",
    "subject",
    "subjects",
];
/// What says of something secret that it is to stay so.
pub(super) const KEEPS: &[&str] = &[
    "keep", "kept", "keeping", "treat", "treated", "remain", "remains", "strictly", "please", "handle",
    "handled", "maintain", "hold", "held", "highly", "is", "are", "be", "as", "stay",
];
pub(super) const MATTERS: &[&str] = &["request", "enquiry", "inquiry", "investigation", "matter", "order"];
/// Words that say it alone, as they begin.
pub(super) const ALONE: &[&str] = &[
    "nondisclos",
    "vertraulich",
    "geheimhalt",
    "geheimzuhalt",
    "stillschweig",
    "verschwieg",
    "confidentiel",
    "secrecy",
    "covert",
];
pub(super) const GERMAN_BIDS: &[&str] =
    &["darf", "dürfen", "duerfen", "bitte", "soll", "sollen", "sollte", "sollten", "zu", "muss", "sie"];
pub(super) const GERMAN_NEVER: &[&str] = &["nicht", "keinesfalls", "niemals"];
/// How a line that only marks a request marks it as secret.
pub(super) const MARKS: &[&str] = &[
    "secret",
    "secrecy",
    "confidential",
    "vertraulich",
    "geheim",
    "sealed",
    "covert",
    "classified",
    "secreto",
];
/// No mark has more words.
pub(super) const LONGEST_MARK: usize = 4;
/// How every word begins at which a sentence can turn into a plea: where none stands, nobody has to read further.
pub(super) const TURNS: &[&str] = &[
    "abzusehen",
    "avoid",
    "barred",
    "cant",
    "cannot",
    "confiden",
    "covert",
    "delay",
    "dont",
    "enjoined",
    "forbidden",
    "geheim",
    "interdit",
    "keine",
    "keinesfalls",
    "maynt",
    "mustnt",
    "never",
    "nicht",
    "niemals",
    "no",
    "pas",
    "postpone",
    "precluded",
    "prejudice",
    "prohibited",
    "refrain",
    "restrained",
    "secre",
    "shouldnt",
    "stillschweig",
    "tip",
    "unterbleiben",
    "verschwieg",
    "vertraulich",
    "withheld",
    "withhold",
    "without",
];
/// What the label of a line about notices has beside them.
pub(super) const OF_NOTICE: &[&str] =
    &["delay", "delayed", "delaying", "withhold", "withheld", "postpone", "postponed", "no"];
