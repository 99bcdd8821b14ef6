//! An encrypted store that does not belong to the session that is kept: docket does not work on it, and says the way out.

use std::path::Path;

use anyhow::anyhow;
use matrix_sdk::{ClientBuildError, Error};
use matrix_sdk_crypto::{CryptoStoreError, OlmError};

use super::fault::HomeserverFault;

/// What follows if it cannot be had any more.
const WITHOUT_IT: &str = "move it away and run docket setup, which logs in as a new device and fetches docket's identity back with \
                          the recovery key";

/// Why there is no client.
pub(super) fn unopened(fault: ClientBuildError, store: &Path, url: &str) -> anyhow::Error {
    match fault {
        ClientBuildError::SqliteStore(_) => anyhow!(
            "docket's encrypted store in {} does not open: it was sealed under another data key, or is damaged. Put back the store or \
             the data key that belong together, or {WITHOUT_IT}",
            store.display()
        ),
        fault => anyhow::Error::from(fault).context(format!("{url} cannot be used")),
    }
}

/// Why the session that is kept was not taken up again.
pub(super) fn not_taken_up(fault: &Error, store: &Path) -> anyhow::Error {
    let kept = match fault {
        Error::CryptoStoreError(kept) => Some(&**kept),
        Error::OlmError(fault) => match &**fault {
            OlmError::Store(kept) => Some(kept),
            _ => None,
        },
        _ => None,
    };
    if let Some(CryptoStoreError::MismatchedAccount { .. }) = kept {
        return anyhow!(
            "docket's encrypted store in {} is that of another device than its session: put back the one that belongs to it, or \
             {WITHOUT_IT}",
            store.display()
        );
    }
    anyhow::Error::from(HomeserverFault::from(fault))
        .context("the session that was kept cannot be taken up again")
}
