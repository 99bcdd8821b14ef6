//! Whether a reason to refuse, or a way elsewhere, rests on what one of us typed and the request did not say when it came: that the
//! account is not ours, that something is missing, that its authorities may not ask. Then two people say that it is so.
//!
//! What stood on no line when it came is no change: nobody said otherwise. It knows lines, not what was heard by telephone.

use std::collections::BTreeSet;

use crate::case::{Case, Claim, Command, Elsewhere, FieldForm, JURISDICTION_KEY, Kind, Terms, mention};

/// Whether a command rests on that.
pub fn rests_on_retyped(command: &Command, case: &Case, terms: &Terms) -> bool {
    let (Some(policy), Some(kind)) = (terms.policy_of(case), terms.kind_of(case)) else { return false };
    match command {
        Command::Refuse { code, .. } => policy.reason(code).is_some_and(|reason| {
            (reason.not_ours && names_others(case, kind))
                || (reason.while_incomplete && was_cleared(case))
                || (reason.says == Some(Claim::Abroad) && says_otherwise(case, JURISDICTION_KEY))
                || reason.only.iter().any(|only| says_otherwise(case, &only.key))
        }),
        Command::Redirect { to: Elsewhere::Server } => names_others(case, kind),
        Command::Redirect { to: Elsewhere::Mlat } => says_otherwise(case, JURISDICTION_KEY),
        _ => false,
    }
}

/// Whether an account that the request named when it came is on none of its lines any more.
fn names_others(case: &Case, kind: &Kind) -> bool {
    let is_of_accounts = |key: &str| kind.field(key).is_some_and(|rule| rule.form == FieldForm::Accounts);
    let came = case.came.iter().filter(|(key, _)| is_of_accounts(key)).flat_map(|(_, said)| said);
    let stands = case.fields.iter().filter(|field| is_of_accounts(&field.key)).map(|field| &field.value);
    let stands = named(stands);
    !named(came).is_subset(&stands)
}

fn named<'c>(lines: impl Iterator<Item = &'c String>) -> BTreeSet<String> {
    lines.flat_map(|said| mention::named_in(&mention::plain(said))).collect()
}

/// Whether a line that said something when it came says nothing any more.
fn was_cleared(case: &Case) -> bool {
    // Whoever leaves a line blank takes it off.
    let is_gone = |key: &str| case.fields_of(key).next().is_none();
    case.came.iter().any(|(key, said)| said.iter().any(|said| !said.trim().is_empty()) && is_gone(key))
}

/// Whether a line said something else when it came.
fn says_otherwise(case: &Case, key: &str) -> bool {
    let is: BTreeSet<&str> = case.fields_of(key).map(|field| field.value.trim()).collect();
    let came = case.came.get(key).into_iter().flatten();
    came.map(|said| said.trim()).any(|said| !said.is_empty() && !is.contains(said))
}
