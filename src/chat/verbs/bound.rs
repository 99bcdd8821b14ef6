//! Commands about silence, keeping and telling: `gag`, `hold`, `notify`.

use chrono::{DateTime, NaiveDate, Utc};

use crate::case::calendar::first_moment;
use crate::case::{
    Account, AccountFault, Command, GagStep, HoldStep, MomentFault, Settling, Span, Term, Tongue, read_day,
    read_moment,
};
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Query};
use crate::chat::named;
use crate::chat::slip::Slip;

const GAG_KEYS: &[&str] = &["until", "by", "reason"];
const GAG_WHAT: &str = "until=DATE by=…, or open by=…, lift by=…, not-binding reason=…, not-there reason=…";

pub(super) fn gag(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let word = args.word().map(str::to_lowercase);
    let by = |args: &mut Args<'_>| Ok(args.value(&["by"])?.map(str::to_owned));
    let step = match word.as_deref() {
        None | Some("extend" | "set" | "start") => {
            let until = day(args, "until")?.ok_or(Slip::Missing { what: GAG_WHAT, verb: "gag" })?;
            GagStep::Set { until: Some(until), by: by(args)? }
        }
        Some("open" | "open-ended" | "indefinite") => GagStep::Set { until: None, by: by(args)? },
        Some("lift" | "lifted") => {
            let by = by(args)?;
            let by = by.ok_or(Slip::Missing { what: "who permitted it: by=\"the court\"", verb: "gag" })?;
            GagStep::Lift { by }
        }
        Some("not-binding" | "notbinding") => GagStep::NotBinding { reason: reason(args, "gag")? },
        Some("not-there" | "notthere") => GagStep::NotThere { reason: reason(args, "gag")? },
        Some("not-about") => {
            let typed = args.need_word("the user whom it is not about")?;
            GagStep::NotAbout { account: account(typed, args)?, reason: reason(args, "gag")? }
        }
        Some(typed) => {
            let choices = ["until=…", "open", "extend", "lift", "not-binding", "not-there", "not-about"];
            return Err(Slip::NotOneOf {
                typed: typed.to_owned(),
                choices: choices.map(str::to_owned).to_vec(),
            });
        }
    };
    args.done_with(GAG_KEYS, Asked::Change(case, Command::Gag(step)))
}

pub(super) fn hold(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let what = args.need_word("what to do: start, extend or release")?;
    let step = match what.to_lowercase().as_str() {
        "start" => {
            let from = match args.value(&["from"])? {
                Some(typed) => Some(moment(typed, args)?),
                None => None,
            };
            HoldStep::Start { term: term(args)?, from }
        }
        "extend" | "renew" => HoldStep::Extend { term: term(args)? },
        "release" | "end" | "stop" => HoldStep::Release,
        _ => {
            let choices = ["start", "extend", "release"].map(str::to_owned).to_vec();
            return Err(Slip::NotOneOf { typed: what.to_owned(), choices });
        }
    };
    args.done_with(&["from", "term"], Asked::Change(case, Command::Hold(step)))
}

pub(super) fn notify(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let what = args.word().map(str::to_lowercase);
    let asked = match what.as_deref() {
        None | Some("preview") => {
            let (whom, tongue) = (only(args)?, tongue(args)?);
            return args.done_with(&["lang"], Asked::Read(Query::Notice(case, whom, tongue)));
        }
        Some("send") => {
            let (whom, tongue) = (only(args)?, tongue(args)?);
            let sends = Command::Notify { whom, how: Settling::Send { tongue } };
            return args.done_with(&["lang"], Asked::Change(case, sends));
        }
        Some("withhold") => {
            let whom = only(args)?;
            let reason = args
                .value(&["reason"])?
                .ok_or(Slip::Missing { what: "why: reason=<code>", verb: "notify" })?
                .to_owned();
            let review = match args.value(&["review"])? {
                Some(typed) => Some(Span::read(typed).map_err(|why| unread("review", typed, why))?),
                None => None,
            };
            Command::Notify { whom, how: Settling::Withhold { reason, review } }
        }
        Some("waive") => {
            let said = args.value(&["reason"])?.map(str::to_owned);
            let mut words = args.words_left();
            // The user may stand before the reason or behind it.
            let named =
                words.iter().position(|word| word.starts_with('@') || word.eq_ignore_ascii_case("all"));
            let whom = match named.filter(|at| *at == 0 || said.is_some()).map(|at| words.remove(at)) {
                Some(word) if !word.eq_ignore_ascii_case("all") => Some(account(word, args)?),
                Some(_) | None => None,
            };
            let rest = Some(words.join(" ")).filter(|words| !words.is_empty());
            if let (Some(_), Some(rest)) = (&said, &rest) {
                return Err(Slip::Extra { typed: rest.clone(), verb: "notify" });
            }
            let reason =
                said.or(rest).ok_or(Slip::Missing { what: "why: reason=\"…\"", verb: "notify" })?;
            Command::Notify { whom, how: Settling::Waive { reason } }
        }
        Some(typed) => {
            let choices = ["preview", "send", "withhold", "waive"].map(str::to_owned).to_vec();
            return Err(Slip::NotOneOf { typed: typed.to_owned(), choices });
        }
    };
    args.done_with(&["reason", "review"], Asked::Change(case, asked))
}

/// The language in which users are told, if one is named.
fn tongue(args: &mut Args<'_>) -> Result<Option<Tongue>, Slip> {
    let Some(typed) = args.value(&["lang", "language"])? else { return Ok(None) };
    let choices = || Tongue::ALL.map(|tongue| tongue.code().to_owned()).to_vec();
    Tongue::read(typed)
        .map(Some)
        .ok_or_else(|| Slip::NotOneOf { typed: typed.to_owned(), choices: choices() })
}

/// The user who is named, or all of the case: `all`, or nobody named.
pub(super) fn whom(args: &mut Args<'_>) -> Result<Option<Account>, Slip> {
    match args.word() {
        None => Ok(None),
        Some(word) if word.eq_ignore_ascii_case("all") => Ok(None),
        Some(word) => account(word, args).map(Some),
    }
}

/// The same, and nobody behind them: who is named is told by themselves.
fn only(args: &mut Args<'_>) -> Result<Option<Account>, Slip> {
    let whom = whom(args)?;
    match args.word() {
        None => Ok(whom),
        Some(word) if word.starts_with('@') => Err(Slip::OneUser),
        Some(word) => Err(Slip::Extra { typed: word.to_owned(), verb: "notify" }),
    }
}

/// An account; without its server one of ours, where there is one. Whether the case names it is asked later.
fn account(typed: &str, args: &Args<'_>) -> Result<Account, Slip> {
    let typed = typed.trim_end_matches(',');
    if typed.contains(',') {
        return Err(Slip::OneUser);
    }
    let read = named::read_account(typed);
    match (read, args.asking.terms.servers.as_slice()) {
        (Err(AccountFault::NoServer | AccountFault::NoAt), [server]) if !typed.contains(':') => {
            let whole = format!("@{}:{server}", typed.trim_start_matches('@'));
            named::read_account(&whole).map_err(|why| unread("the user", typed, why))
        }
        (read, _) => read.map_err(|why| unread("the user", typed, why)),
    }
}

fn reason(args: &mut Args<'_>, verb: &'static str) -> Result<String, Slip> {
    args.value_or_words(&["reason"])?.ok_or(Slip::Missing { what: "why: reason=\"…\"", verb })
}

fn day(args: &mut Args<'_>, key: &str) -> Result<Option<NaiveDate>, Slip> {
    match args.value(&[key])? {
        Some(typed) => read_day(typed).map(Some).map_err(|why| unread(key, typed, why)),
        None => Ok(None),
    }
}

/// A moment, or the beginning of a day: where days are counted, the hour says nothing.
fn moment(typed: &str, args: &Args<'_>) -> Result<DateTime<Utc>, Slip> {
    let zone = args.asking.terms.zone;
    match read_moment(typed, zone) {
        Ok(moment) => Ok(moment),
        Err(MomentFault::NoTime(day)) => Ok(first_moment(day, zone)),
        Err(why) => Err(unread("from", typed, why)),
    }
}

fn term(args: &mut Args<'_>) -> Result<Option<Term>, Slip> {
    match args.value_or_words(&["term"])? {
        Some(typed) => Term::read(&typed).map(Some).map_err(|why| unread("the term", &typed, why)),
        None => Ok(None),
    }
}

fn unread(what: &str, typed: &str, why: impl ToString) -> Slip {
    Slip::Unread { what: what.to_owned(), typed: typed.to_owned(), why: why.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::given::terms_under;
    use crate::chat::asked::Asking;
    use crate::chat::hear;
    use crate::policy::{Layer, stack};

    #[test]
    fn on_a_phone_nobody_types_the_server_of_a_user_and_where_there_are_several_somebody_must() {
        let mut terms = terms_under(stack(&[Layer::Pack("base")]).unwrap().policy);
        let sender = Account::parse("@ada:our.org").unwrap();
        let named = |terms: &crate::case::Terms, typed: &str| {
            let asking = Asking { sender: &sender, about: None, terms, now: DateTime::UNIX_EPOCH };
            let meant = hear(&format!("!case notify 1 send {typed}"), terms).unwrap();
            match meant.understand(&asking) {
                Ok(Asked::Change(_, Command::Notify { whom, .. })) => {
                    Ok(whom.map(|whom| whom.as_str().to_owned()))
                }
                other => Err(format!("{other:?}")),
            }
        };
        let alice = Ok(Some("@alice:our.org".to_owned()));
        for typed in ["alice", "@alice", "@alice:our.org", "@alice:OUR.org"] {
            assert_eq!(named(&terms, typed), alice, "{typed}");
        }
        assert_eq!(named(&terms, "@alice:else.org"), Ok(Some("@alice:else.org".to_owned())));
        assert_eq!(named(&terms, "all"), Ok(None));
        for typed in ["@", "@alice:", "al/ice?:x"] {
            assert!(named(&terms, typed).is_err(), "{typed}");
        }
        terms.servers.push("old.org".to_owned());
        assert!(named(&terms, "@alice").unwrap_err().contains("server is missing"));
    }
}
