//! The reasons for which a request can be refused, with what each says to the requester.

use crate::case::Reason;

/// Every reason, in the order in which they are listed.
pub(super) fn reasons() -> Vec<Reason> {
    let reason = |code: &str, text: &str| Reason {
        code: code.to_owned(),
        text: text.to_owned(),
        ground: None,
        needs_words: false,
    };
    vec![
        reason(
            "instrument",
            "Non-public data is given out only under a valid subpoena, warrant or court order.",
        ),
        reason(
            "jurisdiction",
            "Requests from this country are answered through mutual legal assistance (MLAT) only.",
        ),
        reason(
            "not-ours",
            "The accounts named are not on a server that we run; please ask the operator of that server.",
        ),
        reason(
            "encrypted",
            "The content asked for is end-to-end encrypted; we cannot read it and do not hold its keys.",
        ),
        reason("scope", "The request asks for more than its legal basis allows."),
        reason("not-held", "We hold no records that answer the request."),
        reason("unverified", "We could not verify that the request comes from who it says."),
        reason(
            "incomplete",
            "The request did not hold what we need to act on it, and what we asked for did not come.",
        ),
        reason("no-breach", "What was reported does not breach our terms; we do not act on disagreements."),
        reason("voluntary", "We do not disclose data voluntarily."),
        Reason { needs_words: true, ..reason("other", "The request is refused for the reason given.") },
    ]
}
