//! Whether a line goes on with a list of accounts above it though it does not stand in: people write one account a line, with a
//! bullet or a number, and none of them may be lost. Does not know which line of a form holds accounts.

use super::line::{trim, without_bullet};
use super::named::read_accounts;
use crate::case::Account;

/// What the line adds to the value above it; `None` where it stands by itself.
pub(super) fn runs_on<'b>(above: &str, body: &'b str) -> Option<&'b str> {
    let item = without_number(without_bullet(body));
    let is_list = above.lines().last().is_some_and(|last| read_accounts(last).iter().any(Result::is_ok));
    let begins_with_one = read_accounts(item).first().is_some_and(Result::is_ok);
    let goes_on = (begins_with_one && (is_list || above.is_empty())) || (is_list && is_unsigned(item));
    goes_on.then_some(item)
}

/// `alice:example.org`, which would be a line of its own anywhere else.
fn is_unsigned(item: &str) -> bool {
    let item = item.trim_end_matches([',', ';']);
    let server = item.split_once(':').map(|(_, server)| server);
    server.is_some_and(|server| server.contains('.')) && Account::parse(&format!("@{item}")).is_ok()
}

/// `1. @alice:example.org`, `2) @bob:example.org`.
fn without_number(body: &str) -> &str {
    let rest = body.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.strip_prefix(['.', ')']) {
        Some(rest) if rest.len() + 1 < body.len() && rest.starts_with(char::is_whitespace) => trim(rest),
        Some(_) | None => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_a_line_is_a_list() {
        for (body, adds) in [
            ("@alice:example.org", "@alice:example.org"),
            ("- @alice:example.org,", "@alice:example.org,"),
            ("• @alice:example.org", "@alice:example.org"),
            ("1. @alice:example.org", "@alice:example.org"),
            ("12) https://matrix.to/#/@alice:example.org", "https://matrix.to/#/@alice:example.org"),
            ("and @alice:example.org", "and @alice:example.org"),
            ("@alice:example.org (main account)", "@alice:example.org (main account)"),
        ] {
            for above in ["", "@bob:example.org", "@bob:example.org,", "nobody else\n@bob:example.org and"] {
                assert_eq!(runs_on(above, body), Some(adds), "{above}: {body}");
            }
            // Below anything else it is no part of that.
            for above in ["DI Roe", "@bob:example.org\nDI Roe"] {
                assert_eq!(runs_on(above, body), None, "{above}: {body}");
            }
        }
    }

    #[test]
    fn an_account_without_its_sign_goes_on_with_a_list_alone() {
        for body in ["alice:example.org", "- alice:example.org,", "2. alice:example.org:8448"] {
            assert!(runs_on("@bob:example.org", body).is_some(), "{body}");
            assert_eq!(runs_on("", body), None, "{body}");
            assert_eq!(runs_on("DI Roe", body), None, "{body}");
        }
        for body in [
            "Purpose: fraud",
            "purpose:fraud",
            "Context: see example.org",
            "https://example.org",
            "thanks",
            "5.",
        ] {
            assert_eq!(runs_on("@bob:example.org", body), None, "{body}");
        }
    }
}
