//! What one person may not take off a case that is bound to silence (the contract's table asks for two). What nobody could
//! read binds like what was read.

use std::collections::BTreeSet;

use super::gate::silence;
use crate::case::bare_name::{bare_names, locals};
use crate::case::things::things;
use crate::case::{Account, Case, Field, FieldForm, INSTRUMENT_KEY, Kind, Reading, Terms};

/// Whether the instrument or the secrecy itself is taken off or made less, or a subject that is no account, or what may have
/// been meant as one of these, or as an account, before it stands there as what it was meant as. `firmer` says that an instrument now binds that did not: then it
/// is the instrument and the secrecy that have become more.
pub(super) fn loosens(before: &Case, after: &Case, kind: &Kind, firmer: bool) -> bool {
    let instrument_kept = firmer || before.fields_of(INSTRUMENT_KEY).all(|old| after.fields.contains(old));
    // A wish that bound no longer and does again is more than before, however long it now says that it is for.
    let renewed = !before.asks_for_secrecy() && after.asks_for_secrecy();
    let secrecy_kept = firmer
        || renewed
        || before.secrecy_lines().all(|old| after.secrecy_lines().any(|new| !sooner(old, new)));
    let unclear_kept =
        before.fields.iter().all(|old| after.fields.contains(old) || resolved(old, after, kind));
    // What is no account and stands there no longer could no longer be resolved to one either.
    let things_kept = things(before).is_subset(&things(after));
    // A name that led to no account is gone if an account of that name stands there instead.
    let (names, own) = (bare_names(after), locals(after));
    let names_kept = bare_names(before)
        .iter()
        .all(|name| names.contains(name) || own.contains(name.trim_start_matches('@')));
    !(instrument_kept && secrecy_kept && unclear_kept && things_kept && names_kept)
}

/// Whether the gate no longer counts somebody among those whom a bound case names, wherever in it they stood and whatever took
/// them out of it. Whom nothing binds any longer is counted by the bars that are gone.
pub(super) fn names_fewer(before: &Case, after: &Case, terms: &Terms) -> bool {
    let was = silence(before, terms).filter(|silence| silence.bars.iter().any(|bar| bar.is_firm()));
    let Some((was, is)) = was.zip(silence(after, terms)) else {
        return false;
    };
    !was.about.is_subset(&is.about)
}

/// The accounts that a case names.
pub(super) fn accounts(case: &Case) -> BTreeSet<&Account> {
    case.subjects().map(|subject| &subject.account).collect()
}

/// Whether nothing is lost of what could not be read on a line that is gone.
fn resolved(old: &Field, after: &Case, kind: &Kind) -> bool {
    match &old.reading {
        Reading::Unknown { meant: Some(meant) } if meant == INSTRUMENT_KEY => {
            after.fields_of(INSTRUMENT_KEY).any(|new| new.value == old.value)
        }
        Reading::Unknown { meant: Some(meant) }
            if kind.field(meant).is_some_and(|rule| rule.form == FieldForm::Accounts) =>
        {
            let pieces = old.value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
            all_stand(pieces, after)
        }
        Reading::Accounts { unread, .. } => all_stand(unread.iter().map(|(piece, _)| piece.as_str()), after),
        // Other lines bind nobody; those of secrecy have a rule of their own.
        Reading::Unknown { .. }
        | Reading::Text
        | Reading::Day { .. }
        | Reading::Email { .. }
        | Reading::Secrecy(_)
        | Reading::Unread { .. }
        | Reading::Claimed => true,
    }
}

/// Whether every piece is now an account of the case: by its whole name, or by the part before the colon.
fn all_stand<'p>(pieces: impl Iterator<Item = &'p str>, after: &Case) -> bool {
    let names: BTreeSet<String> = accounts(after)
        .into_iter()
        .flat_map(|account| [account.as_str().trim_start_matches('@'), account.localpart()])
        .map(str::to_lowercase)
        .collect();
    pieces
        .map(|piece| piece.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .all(|piece| piece.is_empty() || names.contains(&piece))
}

/// Whether the new line of secrecy could let the user be told sooner than the old one. The same words under the right
/// label say the same.
fn sooner(old: &Field, new: &Field) -> bool {
    if !old.known() && old.value == new.value {
        return false;
    }
    use crate::case::Secrecy::{No, Open, Until};
    match (&old.reading, &new.reading) {
        (_, Reading::Secrecy(Open)) => false,
        (Reading::Secrecy(Until { day: old }), Reading::Secrecy(Until { day: new })) => new < old,
        (Reading::Secrecy(No), _) => false,
        _ => old != new,
    }
}
