//! What a report counts. The names are those of the CSV; `docs/report.md` says what each means.

use crate::case::{Elsewhere, Extent, Policy};

/// What is counted. Each is a table of its own: no sum runs from one to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Requests received.
    Received,
    /// Accounts that they name.
    AccountsNamed,
    /// Requests that ask for content.
    AskedContent,
    /// Requests that ask for something else than content.
    AskedOther,
    /// Answered, how far.
    Answered(Extent),
    /// Accounts of ours about which something was given out.
    AccountsAffected,
    /// Refused, by the policy's code.
    Refused(String),
    /// Taken back by the requester.
    Withdrawn,
    /// Sent elsewhere.
    Redirected(Elsewhere),
    /// The same as another request.
    Duplicate,
    /// Records preserved.
    Held,
    /// Preservations extended: how often.
    Extended,
    /// Users told.
    Told,
    /// Users told once a gag had ended.
    ToldAfterGag,
    /// Users not told for now, by the policy's code.
    NoticeWithheld(String),
    /// Users not told at all.
    NoticeWaived,
    /// Deadlines of the policy that were missed.
    DeadlinesMissed,
    /// Requests that may be fraud.
    SuspectedFraud,
}

/// The code that stands for one that the policy does not have.
pub(super) const NO_CODE: &str = "other";

impl Measure {
    /// Every measure of a policy, in the order of the report.
    pub fn all(policy: &Policy) -> Vec<Measure> {
        let refused = policy.reasons.iter().map(|reason| Measure::Refused(reason.code.clone()));
        let withheld =
            policy.notice.exceptions.iter().map(|exception| Measure::NoticeWithheld(exception.code.clone()));
        let mut all = vec![
            Measure::Received,
            Measure::AccountsNamed,
            Measure::AskedContent,
            Measure::AskedOther,
            Measure::Answered(Extent::Full),
            Measure::Answered(Extent::Part),
            Measure::Answered(Extent::None),
            Measure::AccountsAffected,
        ];
        all.extend(refused);
        all.extend([
            Measure::Withdrawn,
            Measure::Redirected(Elsewhere::Mlat),
            Measure::Redirected(Elsewhere::Server),
            Measure::Redirected(Elsewhere::Security),
            Measure::Duplicate,
            Measure::Held,
            Measure::Extended,
            Measure::Told,
            Measure::ToldAfterGag,
        ]);
        all.extend(withheld);
        all.extend([Measure::NoticeWaived, Measure::DeadlinesMissed, Measure::SuspectedFraud]);
        all
    }

    /// Its name in the CSV.
    pub fn name(&self) -> String {
        match self {
            Measure::Received => "received".to_owned(),
            Measure::AccountsNamed => "accounts_named".to_owned(),
            Measure::AskedContent => "asked_content".to_owned(),
            Measure::AskedOther => "asked_non_content".to_owned(),
            Measure::Answered(Extent::Full) => "answered_full".to_owned(),
            Measure::Answered(Extent::Part) => "answered_part".to_owned(),
            Measure::Answered(Extent::None) => "answered_none".to_owned(),
            Measure::AccountsAffected => "accounts_affected".to_owned(),
            Measure::Refused(code) => format!("refused:{code}"),
            Measure::Withdrawn => "withdrawn".to_owned(),
            Measure::Redirected(Elsewhere::Mlat) => "redirected:mlat".to_owned(),
            Measure::Redirected(Elsewhere::Server) => "redirected:server".to_owned(),
            Measure::Redirected(Elsewhere::Security) => "redirected:security".to_owned(),
            Measure::Duplicate => "duplicate".to_owned(),
            Measure::Held => "preserved".to_owned(),
            Measure::Extended => "preservation_extended".to_owned(),
            Measure::Told => "notices_sent".to_owned(),
            Measure::ToldAfterGag => "notices_sent_after_gag".to_owned(),
            Measure::NoticeWithheld(code) => format!("notices_withheld:{code}"),
            Measure::NoticeWaived => "notices_waived".to_owned(),
            Measure::DeadlinesMissed => "deadlines_missed".to_owned(),
            Measure::SuspectedFraud => "suspected_fraud".to_owned(),
        }
    }
}

/// The name of the middle one of the days from receipt to answer.
pub const MEDIAN_DAYS: &str = "days_median";
/// The name of the days within which nine answers in ten were given.
pub const NINTH_DAYS: &str = "days_p90";
