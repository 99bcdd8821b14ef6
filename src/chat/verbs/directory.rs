//! Commands about the directory, and about whose word counts.

use crate::case::{Account, Agency, CaseId, DeskCommand, MasterKey, Parts};
use crate::chat::args::Args;
use crate::chat::asked::{About, Asked, Query};
use crate::chat::named;
use crate::chat::slip::Slip;
use crate::policy::directory as entry;

const PHONE: &[&str] = &["phone", "phones", "number"];
const DOMAIN: &[&str] = &["domain", "domains"];
const KEY: &[&str] = &["key", "keys"];

pub(super) fn directory(args: &mut Args<'_>) -> Result<Asked, Slip> {
    match args.word().map(str::to_lowercase).as_deref() {
        None => args.done(Asked::Read(Query::Directory(String::new()))),
        Some("find" | "list" | "show") => {
            let words = args.words_left().join(" ");
            args.done(Asked::Read(Query::Directory(words)))
        }
        Some("add") => add(args),
        Some("remove" | "rm" | "delete") => remove(args),
        Some(typed) => Err(Slip::NotOneOf {
            typed: typed.to_owned(),
            choices: ["find", "add", "remove"].map(str::to_owned).to_vec(),
        }),
    }
}

fn add(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let phones = each(args, PHONE, "phone=", entry::phone)?;
    let domains = each(args, DOMAIN, "domain=", entry::domain)?;
    let keys = each(args, KEY, "key=", entry::key)?;
    let source = args.value(&["source"])?.ok_or(Slip::Missing {
        what: "where you found it, such as source=\"their own site, 2026-11-20\"",
        verb: "directory",
    })?;
    let source = entry::source(source).map_err(unread("source=", source))?;
    let name = name(args)?;
    let agency = Agency { source, ..Parts { phones, domains, keys }.named(&name) };
    let known: Vec<&str> = [PHONE, DOMAIN, KEY, &["source", "name"]].concat();
    args.done_with(&known, Asked::Desk(DeskCommand::AddAgency { agency }))
}

/// What was added in the room; without any part named, all of it.
fn remove(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let phones = each(args, PHONE, "phone=", entry::dialled)?;
    let domains = each(args, DOMAIN, "domain=", entry::domain)?;
    let keys = each(args, KEY, "key=", entry::key)?;
    let reason = args.value(&["reason", "why"])?.map(str::to_owned);
    let parts = Parts { phones, domains, keys };
    let command = DeskCommand::RemoveParts { entry: name(args)?, parts, reason };
    let known: Vec<&str> = [PHONE, DOMAIN, KEY, &["reason", "why", "name"]].concat();
    args.done_with(&known, Asked::Desk(command))
}

/// The name of an entry: the words that are left, or behind a key of its own.
fn name(args: &mut Args<'_>) -> Result<String, Slip> {
    let named = args.value(&["name"])?.map(str::to_owned);
    let name = named.unwrap_or_else(|| args.words_left().join(" "));
    if name.is_empty() {
        return Err(Slip::Missing { what: "the name of the agency", verb: "directory" });
    }
    entry::name(&name).map_err(unread("the name", &name))
}

/// The values of a key, with commas between them.
fn each(
    args: &mut Args<'_>,
    names: &[&str],
    what: &str,
    read: fn(&str) -> Result<String, String>,
) -> Result<Vec<String>, Slip> {
    let Some(typed) = args.value(names)? else {
        return Ok(Vec::new());
    };
    let pieces = typed.split([',', ';']).map(str::trim).filter(|piece| !piece.is_empty());
    let mut values: Vec<String> = Vec::new();
    for piece in pieces {
        let value = read(piece).map_err(unread(what, piece))?;
        if !values.contains(&value) {
            values.push(value);
        }
    }
    Ok(values)
}

fn unread(what: &str, typed: &str) -> impl Fn(String) -> Slip {
    let (what, typed) = (what.to_owned(), typed.to_owned());
    move |why| Slip::Unread { what: what.clone(), typed: typed.clone(), why }
}

pub(super) fn freeze(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let account = person(args, "who is to be stopped: @ben, or me")?;
    args.done(Asked::Desk(DeskCommand::Freeze { account }))
}

/// The fingerprint comes as clients show it, in groups.
pub(super) fn trust(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let account = person(args, "whom you vouch for: @ben")?;
    let first = args.need_word("the fingerprint that they read out to you")?;
    let typed = format!("{first} {}", args.words_left().join(" "));
    let typed = typed.trim_end();
    let key = MasterKey::parse(typed).map_err(|fault| unread("the fingerprint", typed)(fault.to_string()))?;
    args.done(Asked::Desk(DeskCommand::Trust { account, key }))
}

/// Alone it is about the machine's clock.
pub(super) fn resume(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let command = match args.word() {
        Some(typed) => DeskCommand::Thaw { account: args.person(typed)? },
        None => DeskCommand::TrustClock,
    };
    args.done(Asked::Desk(command))
}

fn person(args: &mut Args<'_>, what: &'static str) -> Result<Account, Slip> {
    let typed = args.need_word(what)?;
    args.person(typed)
}

pub(super) fn conflicts(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let about = match args.word() {
        Some(typed) => match CaseId::read(typed) {
            Some(case) => About::Case(case),
            None => About::Account(
                named::read_account(typed).map_err(|why| unread("the account", typed)(why.to_string()))?,
            ),
        },
        None => About::Case(args.asking.about.ok_or(Slip::Missing {
            what: "an account or a case, such as @alice:example.org or 42",
            verb: "conflicts",
        })?),
    };
    args.done(Asked::Read(Query::Conflicts(about)))
}
