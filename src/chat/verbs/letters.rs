//! Commands about letters: drafting one, putting on record that one was sent, sending a requester elsewhere.

use chrono::{DateTime, Utc};

use super::bound::whom;
use crate::case::calendar::{first_moment, last_second};
use crate::case::letter::{self, Basis};
use crate::case::{Channel, Command, Elsewhere, Repeat, Settling, read_day, read_moment};
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Asking, Query};
use crate::chat::slip::Slip;

const CHANNELS: &[(&str, Channel)] =
    &[("mail", Channel::Mail), ("post", Channel::Post), ("phone", Channel::Phone), ("dm", Channel::Dm)];
const REPEATS: &[(&str, Repeat)] = &[("again", Repeat::Again), ("instead", Repeat::Instead)];
const ELSEWHERE: &[(&str, Elsewhere)] =
    &[("mlat", Elsewhere::Mlat), ("server", Elsewhere::Server), ("security", Elsewhere::Security)];

pub(super) fn letter(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread()?;
    let Some(name) = args.word().map(str::to_lowercase) else {
        return args.done(Asked::Read(Query::Letters(case)));
    };
    let (keys, basis): (&[&str], Option<Basis>) = match name.as_str() {
        letter::REFUSE => {
            let code = args.value(&["reason", "code"])?.or_else(|| args.word()).map(str::to_owned);
            let basis = match code {
                Some(code) => {
                    let words = args.value_or_words(&["text", "words"])?;
                    Some(Basis::Reason { code, words })
                }
                None => None,
            };
            (&["reason", "code", "text", "words"], basis)
        }
        letter::REDIRECT => {
            let to = args.value(&["to", "reason"])?.or_else(|| args.word());
            let to = to.map(|to| Args::one_of(to, ELSEWHERE)).transpose()?;
            (&["to", "reason"], to.map(Basis::To))
        }
        _ => (&[], None),
    };
    args.done_with(keys, Asked::Read(Query::Letter { case, name, basis }))
}

pub(super) fn ask(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread()?;
    let name = letter::ASK.to_owned();
    args.done(Asked::Read(Query::Letter { case, name, basis: None }))
}

pub(super) fn sent(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let letter = args.need_word("which letter was sent, such as ack")?.to_lowercase();
    let whom = if letter == letter::NOTICE { whom(args)? } else { None };
    let via = args.value(&["via", "by"])?.or_else(|| args.word());
    let via =
        via.ok_or(Slip::Missing { what: "how it was sent: via=mail, via=post or via=phone", verb: "sent" })?;
    let via = match via.to_lowercase().as_str() {
        "email" | "e-mail" => Channel::Mail,
        typed => Args::one_of(typed, CHANNELS)?,
    };
    if letter == letter::NOTICE && via == Channel::Dm {
        // What docket brings it has to bring: nobody is told by a record of it.
        return Err(Slip::BroughtByDocket { case });
    }
    let at = args.value(&["at", "on"])?.map(|typed| moment(typed, args.asking)).transpose()?;
    let named = |word: &str| REPEATS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name));
    let repeat = args.longest(1, |word| named(word).filter(|_| letter != letter::NOTICE));
    let repeat = repeat.map_or(Repeat::Unsaid, |(_, repeat)| *repeat);
    let command = if letter == letter::NOTICE {
        Command::Notify { whom, how: Settling::Tell { via: via.name().to_owned(), at } }
    } else {
        Command::RecordSent { letter, via, at, repeat }
    };
    args.done_with(&["via", "by", "at", "on"], Asked::Change(case, command))
}

pub(super) fn redirect(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let to = args.value(&["to"])?.or_else(|| args.word());
    let to = to.ok_or(Slip::Missing { what: "where to: mlat, server or security", verb: "redirect" })?;
    let to = Args::one_of(to, ELSEWHERE)?;
    args.done_with(&["to"], Asked::Change(case, Command::Redirect { to }))
}

/// A bare day counts to its end, so that no clock stands still too long; today, until now.
fn moment(typed: &str, asking: &Asking<'_>) -> Result<DateTime<Utc>, Slip> {
    let zone = asking.terms.zone;
    let why = match read_day(typed) {
        Ok(day) if first_moment(day, zone) <= asking.now => {
            return Ok(last_second(day, zone).min(asking.now));
        }
        Ok(day) => return Ok(first_moment(day, zone)),
        Err(why) => why.to_string(),
    };
    read_moment(typed, zone).map_err(|moment| Slip::Unread {
        what: "at=".to_owned(),
        typed: typed.to_owned(),
        // Whichever it looks like is explained.
        why: if typed.contains(':') { moment.to_string() } else { why },
    })
}
