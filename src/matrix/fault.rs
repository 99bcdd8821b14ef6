//! What went wrong at the homeserver, without a word that came from there: its own sentences name accounts and rooms.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use matrix_sdk::HttpError;
use matrix_sdk::ruma::api::error::{ErrorKind, RetryAfter};

/// The longest pause that a homeserver is given because it asks for it.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// What is known of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeserverFault {
    /// The status that the homeserver answered with; nothing where there was no answer.
    pub status: Option<u16>,
    /// Its code, such as `M_FORBIDDEN`.
    code: Option<String>,
    /// What of our own side failed, as the library names it.
    kind: &'static str,
    /// Whether it is the line, or the homeserver's own trouble.
    passes: bool,
    /// How long the homeserver wants to be left alone.
    after: Option<Duration>,
}

impl HomeserverFault {
    /// The homeserver's code, such as `M_FORBIDDEN`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Whether the homeserver has ended docket's session.
    pub fn is_session_gone(&self) -> bool {
        self.status == Some(401)
            && matches!(self.code.as_deref(), Some("M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN"))
    }

    /// Whether docket's account is locked, suspended or deactivated.
    pub fn is_locked_out(&self) -> bool {
        matches!(self.code.as_deref(), Some("M_USER_LOCKED" | "M_USER_SUSPENDED" | "M_USER_DEACTIVATED"))
    }

    /// Whether the same may go well in a while, without anybody doing anything here.
    pub fn passes(&self) -> bool {
        self.passes
    }

    /// Whether the homeserver may have done it all the same.
    pub fn is_open(&self) -> bool {
        self.status.is_none_or(|status| status >= 500)
    }

    /// How long to wait before the next try: as long as the homeserver asks for, or as long as docket would by itself.
    pub fn pause(&self, own: Duration) -> Duration {
        self.after.map_or(own, |after| after.min(LONGEST_ASKED))
    }
}

impl fmt::Display for HomeserverFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, &self.code) {
            (Some(status), Some(code)) => write!(f, "it answered {status} {code}"),
            (Some(status), None) => write!(f, "it answered {status}"),
            (None, _) => f.write_str(self.kind),
        }
    }
}

impl std::error::Error for HomeserverFault {}

impl HomeserverFault {
    /// It answered with this status and code.
    pub fn answered(status: u16, code: Option<&str>) -> HomeserverFault {
        let code = code.filter(|code| is_code(code)).map(str::to_owned);
        HomeserverFault {
            status: Some(status),
            code,
            kind: "it answered",
            passes: is_passing(status),
            after: None,
        }
    }

    /// What was to be asked makes no request.
    pub fn unfit() -> HomeserverFault {
        HomeserverFault {
            status: None,
            code: None,
            kind: "its address cannot be used",
            passes: false,
            after: None,
        }
    }
}

/// Whether a status is the homeserver's own trouble.
fn is_passing(status: u16) -> bool {
    status == 429 || status >= 500
}

/// A code is a word of the protocol; whatever else it may be stays out of the log.
fn is_code(code: &str) -> bool {
    const LONGEST: usize = 64;
    code.starts_with("M_")
        && code.len() <= LONGEST
        && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

impl From<&HttpError> for HomeserverFault {
    fn from(fault: &HttpError) -> HomeserverFault {
        let answered = fault.as_client_api_error();
        let code = fault.client_api_error_kind().map(|kind| kind.errcode().to_string());
        let code = code.filter(|code| is_code(code));
        let status = answered.map(|error| error.status_code.as_u16());
        let after = match fault.client_api_error_kind() {
            Some(ErrorKind::LimitExceeded(limit)) => match limit.retry_after {
                Some(RetryAfter::Delay(after)) => Some(after),
                Some(RetryAfter::DateTime(_)) | None => None,
            },
            _ => None,
        };
        HomeserverFault {
            status,
            code,
            after,
            passes: match status {
                Some(status) => is_passing(status),
                None => matches!(fault, HttpError::Reqwest(_)),
            },
            kind: match fault {
                HttpError::Reqwest(fault) if fault.is_timeout() => "it did not answer in time",
                HttpError::Reqwest(fault) if fault.is_connect() => "it cannot be reached",
                HttpError::Reqwest(fault) if fault.source().is_some() => "the connection failed",
                _ => "it was not understood",
            },
        }
    }
}

impl From<&matrix_sdk::Error> for HomeserverFault {
    fn from(fault: &matrix_sdk::Error) -> HomeserverFault {
        match fault {
            matrix_sdk::Error::Http(http) => HomeserverFault::from(&**http),
            _ => HomeserverFault {
                status: None,
                code: None,
                kind: "docket's own session failed",
                passes: false,
                after: None,
            },
        }
    }
}

/// Takes out of a fault what came from the homeserver.
pub trait Plain<T> {
    /// The same, or a fault of which everything may be written down.
    fn plain(self) -> Result<T, HomeserverFault>;
}

impl<T> Plain<T> for Result<T, HttpError> {
    fn plain(self) -> Result<T, HomeserverFault> {
        self.map_err(|fault| HomeserverFault::from(&fault))
    }
}

impl<T> Plain<T> for Result<T, matrix_sdk::Error> {
    fn plain(self) -> Result<T, HomeserverFault> {
        self.map_err(|fault| HomeserverFault::from(&fault))
    }
}

fn homeserver(fault: &anyhow::Error) -> Option<&HomeserverFault> {
    fault.chain().find_map(|cause| cause.downcast_ref())
}

/// Whether the homeserver has ended docket's session: nothing is heard and nothing said until somebody on the host mends it.
pub fn is_session_gone(fault: &anyhow::Error) -> bool {
    homeserver(fault).is_some_and(HomeserverFault::is_session_gone)
}

/// Whether the same may go well in a while, without anybody doing anything here.
pub fn passes(fault: &anyhow::Error) -> bool {
    homeserver(fault).is_some_and(|fault| fault.passes)
}

/// How long to wait before the next try, as [`HomeserverFault::pause`] says.
pub fn pause(fault: &anyhow::Error, own: Duration) -> Duration {
    homeserver(fault).map_or(own, |fault| fault.pause(own))
}

/// The same, with the way out where there is one.
pub fn with_way_out(fault: anyhow::Error) -> anyhow::Error {
    if is_session_gone(&fault) {
        return fault.context(
            "the homeserver does not know docket's session any more: move session and store out of data_dir/matrix, and run \
             docket setup with the recovery key in its file",
        );
    }
    if homeserver(&fault).is_some_and(HomeserverFault::is_locked_out) {
        return fault.context(
            "the homeserver has locked docket's account: have its administrator unlock it, then start docket again",
        );
    }
    fault
}

#[cfg(test)]
mod tests {
    use matrix_sdk::RumaApiError;
    use matrix_sdk::reqwest::StatusCode;
    use matrix_sdk::ruma::api::error::{
        Error, ErrorBody, FromHttpResponseError, LimitExceededErrorData, StandardErrorBody,
    };

    use super::*;

    /// What becomes of an answer that says: too much.
    fn too_much(after: Option<Duration>) -> HomeserverFault {
        let mut limit = LimitExceededErrorData::new();
        limit.retry_after = after.map(RetryAfter::Delay);
        let body = StandardErrorBody::new(ErrorKind::LimitExceeded(limit), "too much".to_owned());
        let error = Error::new(StatusCode::TOO_MANY_REQUESTS, ErrorBody::Standard(body));
        let error = RumaApiError::MatrixError(error);
        HomeserverFault::from(&HttpError::Api(Box::new(FromHttpResponseError::Server(error))))
    }

    #[test]
    fn a_homeserver_is_left_alone_for_as_long_as_it_asks_and_not_for_ever() {
        let own = Duration::from_millis(250);
        assert_eq!(too_much(None).pause(own), own);
        assert_eq!(too_much(Some(Duration::from_secs(9))).pause(own), Duration::from_secs(9));
        assert_eq!(too_much(Some(Duration::from_secs(86_400))).pause(own), LONGEST_ASKED);
        let fault = too_much(Some(Duration::from_secs(9)));
        assert_eq!((fault.status, fault.passes(), fault.is_open()), (Some(429), true, false));
    }

    #[test]
    fn what_the_homeserver_may_have_done_is_told_from_what_it_refused() {
        let of = |status| HomeserverFault::answered(status, None).is_open();
        assert_eq!([of(400), of(403), of(429), of(502)], [false, false, false, true]);
        assert!(HomeserverFault::unfit().is_open(), "nothing was answered");
    }
}
