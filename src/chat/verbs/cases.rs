//! Commands about one case.

use super::found;
use super::lists::is_nobody;
use crate::case::{CallOutcome, Command, Extent, FileRole, Relation, Span, Verifiable};
use crate::chat::args::Args;
use crate::chat::asked::{Asked, Query, Typed};
use crate::chat::named;
use crate::chat::pasted;
use crate::chat::reading::{self, By, Said};
use crate::chat::slip::Slip;

const FILE_ROLES: &[(&str, FileRole)] = &[
    ("request", FileRole::Request),
    ("redacted", FileRole::Redacted),
    ("instrument", FileRole::Instrument),
    ("permission", FileRole::Permission),
    ("extension", FileRole::Extension),
    ("data", FileRole::Data),
    ("other", FileRole::Other),
];
const RELATIONS: &[(&str, Relation)] = &[
    ("duplicate", Relation::Duplicate),
    ("extends", Relation::Extends),
    ("counter", Relation::Counter),
    ("appeal", Relation::Appeal),
    ("referral", Relation::Referral),
    ("produced-from", Relation::ProducedFrom),
];
/// What takes a link away.
const NO_LINK: &str = "none";
const EXTENTS: &[(&str, Extent)] = &[("full", Extent::Full), ("part", Extent::Part), ("none", Extent::None)];
const VERIFIABLES: &[(&str, Verifiable)] =
    &[("requester", Verifiable::Requester), ("instrument", Verifiable::Instrument)];
const OUTCOMES: &[(&str, CallOutcome)] = &[
    ("confirmed", CallOutcome::Confirmed),
    ("denied", CallOutcome::Denied),
    ("no-answer", CallOutcome::NoAnswer),
    ("not-in-service", CallOutcome::NotInService),
];
/// The longest tag, in characters.
const LONGEST_TAG: usize = 40;

pub(super) fn new(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let kind = super::desk::kind_next(args, "new")?;
    let words = args.words_left().join(" ");
    let typed =
        |(key, op, value): (&str, _, &str)| Typed { label: key.to_owned(), op, value: value.to_owned() };
    let pairs = args.pairs_left();
    let labels: Vec<&str> = pairs.iter().map(|(label, ..)| *label).collect();
    let mut lines: Vec<Said> =
        pairs.iter().map(|(key, op, value)| Said::by(By::Us, typed((key, *op, value)))).collect();
    if let Some(pasted) = pasted::read(args.words.below(), &labels, &kind) {
        lines.extend(pasted.lines.into_iter().map(|line| Said::by(By::Requester, line)));
        lines.extend(pasted.guesses.into_iter().map(|guess| Said::by(By::Guess, guess)));
        return reading::opening(&kind, lines, words, pasted.stray, args.asking).map(Asked::Open);
    }
    let stray: Vec<String> = args.words.stray.iter().map(|(_, text)| text.clone()).collect();
    let guesses = pasted::guesses(&args.words.lines, &stray, &labels, &kind);
    lines.extend(args.words.lines.iter().map(Said::line));
    lines.extend(guesses.into_iter().map(|guess| Said::by(By::Guess, guess)));
    reading::opening(&kind, lines, words, stray, args.asking).map(Asked::Open)
}

pub(super) fn show(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread()?;
    args.done(Asked::Read(Query::Show(case)))
}

pub(super) fn log(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread()?;
    let page = args.page()?;
    args.done_with(&["page"], Asked::Read(Query::Log(case, page)))
}

pub(super) fn check(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread()?;
    args.done(Asked::Read(Query::Check(case)))
}

pub(super) fn set(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let stray = args.words.stray.iter().map(|(_, text)| text.as_str());
    if let Some(word) = args.words_left().into_iter().chain(stray).next() {
        return Err(Slip::Extra { typed: word.to_owned(), verb: "set" });
    }
    let pairs = args.pairs_left().into_iter();
    let mut edits: Vec<Typed> =
        pairs.map(|(key, op, value)| Typed { label: key.to_owned(), op, value: value.to_owned() }).collect();
    edits.extend(args.words.lines.iter().map(|line| Typed::line(&line.label, &line.value)));
    Ok(Asked::Set(case, edits))
}

pub(super) fn note(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread_before_text()?;
    let text = args.text();
    if text.trim().is_empty() {
        return Err(Slip::Missing { what: "the text", verb: "note" });
    }
    Ok(Asked::Change(case, Command::Note { text: text.to_owned() }))
}

pub(super) fn attach(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let role = match args.value(&["as"])? {
        Some(typed) => Args::one_of(typed, FILE_ROLES)?,
        None => FileRole::Other,
    };
    let user = match args.value(&["for"])? {
        Some(typed) => Some(named::read_account(typed).map_err(|why| Slip::Unread {
            what: "for=".to_owned(),
            typed: typed.to_owned(),
            why: why.to_string(),
        })?),
        None => None,
    };
    args.done_with(&["as", "for"], Asked::Attach { case, role, user })
}

pub(super) fn verify(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let what = args.need_word("what was verified: requester or instrument")?;
    let what = Args::one_of(what, VERIFIABLES)?;
    let by = match args.value(&["by"])? {
        Some(typed) => Some(args.person(typed)?),
        None => None,
    };
    let entry = args.value(&["entry", "directory"])?.map(str::to_owned);
    let number = args.value(&["number", "phone", "address"])?.map(str::to_owned);
    let at = match args.value(&["at", "when"])? {
        Some(typed) => Some(reading::moment(typed, args.asking.terms.zone).map_err(|why| Slip::Unread {
            what: "at=".to_owned(),
            typed: typed.to_owned(),
            why,
        })?),
        None => None,
    };
    let outcome = match args.value(&["outcome"])? {
        Some(typed) => Some(Args::one_of(typed, OUTCOMES)?),
        None => None,
    };
    let how = args.value_or_words(&["how"])?.ok_or(Slip::Missing {
        what: "how it was verified, such as how=\"called the switchboard\"",
        verb: "verify",
    })?;
    let outcome = outcome_of(outcome, &how)?;
    let command = Command::Verify { what, by, how, entry, number, at, outcome };
    let keys = ["by", "entry", "directory", "how", "number", "at", "outcome"];
    args.done_with(&keys, Asked::Change(case, command))
}

/// What was said to have come of it, or else what the words say. Those of a no never come to a yes by themselves (rules 1, 61).
fn outcome_of(said: Option<CallOutcome>, how: &str) -> Result<CallOutcome, Slip> {
    let doubted = match said {
        None => found::sounds_like(how),
        Some(CallOutcome::Confirmed) => {
            found::names(how).filter(|outcome| *outcome != CallOutcome::Confirmed)
        }
        Some(CallOutcome::Denied | CallOutcome::NoAnswer | CallOutcome::NotInService) => None,
    };
    let Some(likely) = doubted else {
        return Ok(said.unwrap_or_default());
    };
    let name = OUTCOMES.iter().find(|(_, outcome)| *outcome == likely).map(|(name, _)| *name);
    Err(Slip::WhichOutcome { typed: how.to_owned(), likely: name.unwrap_or_default(), said: said.is_some() })
}

pub(super) fn assign(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let typed = args.need_word("who gets it, such as me or @ben")?;
    let to = if is_nobody(typed) { None } else { Some(args.person(typed)?) };
    args.done(Asked::Change(case, Command::Assign { to }))
}

pub(super) fn tag(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for word in args.words_left() {
        for piece in word.split(',').filter(|piece| !piece.is_empty()) {
            match piece.strip_prefix('-') {
                Some(name) => remove.push(tag_name(name)?),
                None => add.push(tag_name(piece.strip_prefix('+').unwrap_or(piece))?),
            }
        }
    }
    if add.is_empty() && remove.is_empty() {
        return Err(Slip::Missing { what: "the tags, such as +fraud", verb: "tag" });
    }
    add.sort();
    add.dedup();
    remove.sort();
    remove.dedup();
    if let Some(both) = remove.iter().find(|tag| add.contains(tag)) {
        return Err(Slip::Twice { typed: both.clone(), verb: "tag" });
    }
    args.done(Asked::Change(case, Command::Tag { add, remove }))
}

pub(super) fn link(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let other = args.case()?;
    let typed = args
        .value(&["as"])?
        .or_else(|| args.word())
        .ok_or(Slip::Missing { what: "how they are related, such as as=duplicate", verb: "link" })?;
    if typed.eq_ignore_ascii_case(NO_LINK) {
        return args.done_with(&["as"], Asked::Change(case, Command::Unlink { other }));
    }
    let how = Args::one_of(typed, RELATIONS).map_err(|mut slip| {
        if let Slip::NotOneOf { choices, .. } = &mut slip {
            choices.push(NO_LINK.to_owned());
        }
        slip
    })?;
    args.done_with(&["as"], Asked::Change(case, Command::Link { other, how }))
}

pub(super) fn answer(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let typed = args.need_word("how far it was answered: full, part or none")?;
    let extent = Args::one_of(typed, EXTENTS)?;
    args.done(Asked::Change(case, Command::Answer { extent }))
}

pub(super) fn refuse(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let code = args.value(&["reason", "code"])?.or_else(|| args.word());
    let code =
        code.ok_or(Slip::Missing { what: "a reason, such as reason=not-ours", verb: "refuse" })?.to_owned();
    let words = args.value_or_words(&["text", "words"])?;
    args.done_with(&["reason", "code", "text", "words"], Asked::Change(case, Command::Refuse { code, words }))
}

pub(super) fn withdraw(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let reason = args.value_or_words(&["reason"])?;
    args.done_with(&["reason"], Asked::Change(case, Command::Withdraw { reason }))
}

pub(super) fn close(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    match args.word() {
        None => args.done(Asked::Change(case, Command::Close)),
        Some(word) if word.eq_ignore_ascii_case("unsent") => {
            let missing = Slip::Missing { what: "why they must not hear: reason=\"…\"", verb: "close" };
            let reason = args.value_or_words(&["reason"])?.ok_or(missing)?;
            args.done_with(&["reason"], Asked::Change(case, Command::CloseUnsent { reason }))
        }
        Some(word) if word.eq_ignore_ascii_case("undone") => {
            let missing = Slip::Missing { what: "why it is never done: reason=\"…\"", verb: "close" };
            let reason = args.value_or_words(&["reason"])?.ok_or(missing)?;
            args.done_with(&["reason"], Asked::Change(case, Command::CloseUndone { reason }))
        }
        Some(word) => Err(Slip::Extra { typed: word.to_owned(), verb: "close" }),
    }
}

pub(super) fn reopen(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case()?;
    let reason = args.value_or_words(&["reason"])?;
    args.done_with(&["reason"], Asked::Change(case, Command::Reopen { reason }))
}

pub(super) fn seen(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread()?;
    args.done(Asked::Change(case, Command::Seen))
}

pub(super) fn snooze(args: &mut Args<'_>) -> Result<Asked, Slip> {
    let case = args.case_or_thread()?;
    let typed = args.value_or_words(&["for"])?;
    let typed = typed.ok_or(Slip::Missing { what: "how long, such as 2d", verb: "snooze" })?;
    let span = Span::read(&typed).map_err(|why| Slip::Unread {
        what: "how long".to_owned(),
        typed: typed.clone(),
        why: why.to_string(),
    })?;
    args.done_with(&["for"], Asked::Change(case, Command::Snooze { span }))
}

/// A tag: letters, digits and hyphens, lower-case.
pub(super) fn tag_name(typed: &str) -> Result<String, Slip> {
    let tag: String = typed.trim_start_matches('#').to_lowercase();
    let fits = !tag.is_empty()
        && tag.chars().count() <= LONGEST_TAG
        && tag.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if fits {
        return Ok(tag);
    }
    Err(Slip::Unread {
        what: "the tag".to_owned(),
        typed: typed.to_owned(),
        why: format!("a tag is one word of letters, digits and hyphens, at most {LONGEST_TAG} long"),
    })
}
