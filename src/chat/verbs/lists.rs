//! Commands that look for cases.

use crate::case::{Flag, Span, Stage, Term};
use crate::chat::ahead::{self, Ahead};
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Asking, Filters, Query};
use crate::chat::named;
use crate::chat::slip::Slip;

const FILTERS: &[&str] = &["stage", "kind", "owner", "subject", "account", "tag", "page"];

pub(super) fn list(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let mut filters = blank();
    filters.page = args.page()?;
    if let Some(typed) = args.value(&["stage"])? {
        filters.stage = Some(stage(typed).ok_or_else(|| not_a_stage(typed))?);
        filters.typed.push_str(&format!(" stage={}", typed.to_lowercase()));
    }
    if let Some(typed) = args.value(&["kind"])? {
        let kind = super::desk::kind(args, typed, "list")?;
        filters.typed.push_str(&format!(" kind={}", kind.name));
        filters.kind = Some(kind.name);
    }
    if let Some(typed) = args.value(&["owner"])? {
        let owner = if is_nobody(typed) { None } else { Some(args.person(typed)?) };
        filters
            .typed
            .push_str(&format!(" owner={}", owner.as_ref().map_or("nobody", |owner| owner.as_str())));
        filters.owner = Some(owner);
    }
    if let Some(typed) = args.value(&["subject", "account"])? {
        let account = named::read_account(typed).map_err(|why| Slip::Unread {
            what: "subject".to_owned(),
            typed: typed.to_owned(),
            why: why.to_string(),
        })?;
        filters.typed.push_str(&format!(" subject={account}"));
        filters.subject = Some(account);
    }
    if let Some(typed) = args.value(&["tag"])? {
        let tag = super::cases::tag_name(typed)?;
        filters.typed.push_str(&format!(" tag={tag}"));
        filters.tag = Some(tag);
    }
    for word in args.words_left() {
        bare(args, &mut filters, word)?;
    }
    args.done_with(FILTERS, Asked::Read(Query::List(filters)))
}

pub(super) fn mine(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let filters = Filters {
        owner: Some(Some(args.asking.sender.clone())),
        page: args.page()?,
        typed: "mine".to_owned(),
        ..blank()
    };
    args.done_with(&["page"], Asked::Read(Query::List(filters)))
}

pub(super) fn find(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let page = args.page()?;
    let mut words: Vec<String> = args.words_left().into_iter().map(str::to_owned).collect();
    // An equals sign in what is looked for is text like any other.
    words.extend(args.pairs_left().into_iter().map(|(key, _, value)| format!("{key} {value}")));
    if words.is_empty() {
        return Err(Slip::Missing { what: "the words to look for", verb: "find" });
    }
    args.done_with(&["page"], Asked::Read(Query::Find { words: words.join(" "), page }))
}

pub(super) fn due(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let page = args.page()?;
    let typed = args.words_left().join(" ").to_lowercase();
    let Asking { terms, now, .. } = *args.asking;
    let stretch = |ahead: Ahead| (Some(ahead.from), Some(ahead.until));
    let (from, until) = match typed.as_str() {
        "" | "all" => (None, None),
        "overdue" => (None, Some(now)),
        "today" => stretch(ahead::today(now, terms.zone)),
        "week" | "this week" => stretch(ahead::this_week(now, terms.zone)),
        span => {
            let term = Span::read(span.strip_prefix("in ").unwrap_or(span)).map(Term::of).map_err(|why| {
                Slip::Unread {
                    what: "how far ahead".to_owned(),
                    typed: span.to_owned(),
                    why: why.to_string(),
                }
            })?;
            let calendar = terms.policy().map(|policy| terms.calendar(policy, None)).unwrap_or_default();
            (None, Some(Term { rolls: false, ..term }.end(now, &calendar, terms.zone)))
        }
    };
    let typed = format!("due {typed}").trim_end().to_owned();
    args.done_with(&["page"], Asked::Read(Query::Due { from, until, page, typed }))
}

/// A word without a key: what a person types who does not remember the keys.
fn bare(args: &Args<'_>, filters: &mut Filters, word: &str) -> Result<(), Slip> {
    // People put commas between what they list.
    let word = word.trim_end_matches([',', ';']);
    let folded = word.to_lowercase();
    match folded.as_str() {
        "all" => filters.closed_too = true,
        "open" => {}
        "gagged" | "secret" | "confidential" => filters.secret = true,
        "mine" | "me" => once(&mut filters.owner, Some(args.asking.sender.clone()), word)?,
        "nobody" | "unowned" => once(&mut filters.owner, None, word)?,
        "overdue" => filters.overdue = true,
        name if let Some(flag) = Flag::named(name).filter(|flag| !flag.hides()) => {
            filters.typed.push_str(&format!(" tag={name}"));
            return once(&mut filters.tag, flag.name().to_owned(), word);
        }
        name => match (stage(name), super::desk::kind(args, name, "list")) {
            (Some(stage), _) => once(&mut filters.stage, stage, word)?,
            (None, Ok(kind)) => once(&mut filters.kind, kind.name, word)?,
            (None, Err(_)) => {
                if let Ok(owner) = args.person(word) {
                    filters.typed.push_str(&format!(" owner={owner}"));
                    return once(&mut filters.owner, Some(owner), word);
                }
                let stages = Stage::ALL.iter().map(|stage| stage.name());
                let others =
                    ["all", "overdue", "gagged", "mine", "nobody", "kind=…", "owner=…", "subject=…", "tag=…"];
                let choices = stages.chain(others).map(str::to_owned).collect();
                return Err(Slip::NotOneOf { typed: word.to_owned(), choices });
            }
        },
    }
    filters.typed.push_str(&format!(" {folded}"));
    Ok(())
}

/// A list has one of each filter: of two, none would show what was asked for.
fn once<T>(filter: &mut Option<T>, value: T, typed: &str) -> Result<(), Slip> {
    match filter {
        Some(_) => Err(Slip::SecondFilter { typed: typed.to_owned() }),
        None => {
            *filter = Some(value);
            Ok(())
        }
    }
}

fn stage(typed: &str) -> Option<Stage> {
    Stage::ALL.into_iter().find(|stage| stage.name().eq_ignore_ascii_case(typed))
}

fn not_a_stage(typed: &str) -> Slip {
    let choices = Stage::ALL.iter().map(|stage| stage.name().to_owned()).collect();
    Slip::NotOneOf { typed: typed.to_owned(), choices }
}

pub(super) fn is_nobody(typed: &str) -> bool {
    ["nobody", "none", "noone", "-"].iter().any(|word| typed.eq_ignore_ascii_case(word))
}

fn blank() -> Filters {
    Filters {
        closed_too: false,
        stage: None,
        kind: None,
        owner: None,
        secret: false,
        subject: None,
        tag: None,
        overdue: false,
        page: 1,
        typed: "list".to_owned(),
    }
}
