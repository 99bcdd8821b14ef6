//! Asks a homeserver beside docket's session: plain requests, with a token where one is needed. Knows no store and keeps nothing.

use std::time::Duration;

use chrono::{DateTime, Utc};
use matrix_sdk::HttpError;
use reqwest::header::DATE;
use serde_json::Value;

use super::fault::HomeserverFault;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A way to a homeserver.
pub(super) struct Asking<'a> {
    http: reqwest::Client,
    base: &'a str,
    token: Option<&'a str>,
}

/// What it answered.
pub(super) struct Answered {
    pub(super) body: Value,
    /// What time it says that it is.
    pub(super) date: Option<DateTime<Utc>>,
}

impl<'a> Asking<'a> {
    /// At the address `base`, as whoever has this token.
    pub(super) fn new(base: &'a str, token: Option<&'a str>) -> anyhow::Result<Asking<'a>> {
        let http = reqwest::Client::builder().timeout(PATIENCE).build()?;
        Ok(Asking { http, base, token })
    }

    /// Asks for what a path names.
    pub(super) async fn get(&self, path: &[&str]) -> Result<Answered, HomeserverFault> {
        self.send(self.http.get(self.url(path)?)).await
    }

    /// Hands something in.
    pub(super) async fn post(&self, path: &[&str], body: &Value) -> Result<Answered, HomeserverFault> {
        let request = self.http.post(self.url(path)?).header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }

    /// Each part of the path as it must be written, whatever stands in it.
    fn url(&self, path: &[&str]) -> Result<reqwest::Url, HomeserverFault> {
        let unfit = |()| HomeserverFault::unfit();
        let mut url = reqwest::Url::parse(self.base).map_err(|_| HomeserverFault::unfit())?;
        url.path_segments_mut().map_err(unfit)?.pop_if_empty().extend(path);
        Ok(url)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answered, HomeserverFault> {
        let request = match self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let failed = |fault: reqwest::Error| HomeserverFault::from(&HttpError::from(fault));
        let answer = request.send().await.map_err(failed)?;
        let status = answer.status();
        let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()).map(|date| date.to_utc());
        let body = answer.bytes().await.map_err(failed)?;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        if !status.is_success() {
            let code = body.get("errcode").and_then(Value::as_str);
            return Err(HomeserverFault::answered(status.as_u16(), code));
        }
        Ok(Answered { body, date })
    }
}
