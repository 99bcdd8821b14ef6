//! That other cases forbid to tell a user of this one, as docket found it when it last asked the gate about them. Data only:
//! clocks and pages go by it; whether somebody may be told is asked of the gate anew each time.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Account, Case, CaseId};

/// What other cases say of telling one user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hush {
    /// Those that forbid it.
    pub by: BTreeSet<CaseId>,
    /// Those that forbid it and are sealed: that they do says whom they name, so they are not shown here.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unshown: BTreeSet<CaseId>,
    /// When the last of them stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freed: Option<DateTime<Utc>>,
}

impl Hush {
    /// Whether something forbids it.
    pub fn binds(&self) -> bool {
        !self.by.is_empty() || !self.unshown.is_empty()
    }
}

impl Case {
    /// What other cases say of telling this user, if they forbid it.
    pub fn hush(&self, account: &Account) -> Option<&Hush> {
        self.hushed.get(account).filter(|hush| hush.binds())
    }
}
