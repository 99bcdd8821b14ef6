//! Going on under the policy of today. A case keeps the version that it was opened under until somebody says so (rule 59).
//!
//! Whether what loosens by it takes a second person is decided elsewhere.

use super::Setting;
use crate::case::{Case, Event, Need, Refusal};

/// The case goes on under the current version.
pub(super) fn adopt(case: &Case, setting: &Setting<'_>) -> Result<Event, Refusal> {
    let Setting { actor, terms, .. } = setting;
    if !terms.may(actor, Need::Administer) {
        return Err(Refusal::RoleLacks(Need::Administer));
    }
    // The version that it has need not be at hand: this is the way on for a case whose is lost.
    let policy = terms.policy().ok_or(Refusal::PolicyMissing)?;
    if policy.version == case.policy {
        return Err(Refusal::PolicyStands { version: policy.version.clone() });
    }
    // By its name alone: what is only an alias there may be another thing.
    if !policy.kinds.iter().any(|kind| kind.name == case.kind) {
        return Err(Refusal::KindGone { kind: case.kind.clone(), version: policy.version.clone() });
    }
    Ok(Event::PolicyAdopted { policy: policy.version.clone() })
}
