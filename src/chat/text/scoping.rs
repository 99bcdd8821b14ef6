//! What stands of each line of a request, and of its instrument, in words.

use chrono::{DateTime, Utc};

use crate::case::near;
use crate::case::scope::{self, FROM_KEY, Goes, Verdict};
use crate::case::{Case, Category, Instrument, Policy, Terms, Unidentified, country, identify};
use crate::chat::dates;
use crate::chat::page::Line;

/// How many names a sentence lists.
const NAMED: usize = 4;
/// How many categories one names that is not known.
const CATEGORIES: usize = 8;

/// One line of the scope, whole: mark, what it is, what stands of it and why, what goes when.
pub fn line_of_scope(
    line: &scope::Line<'_>,
    case: &Case,
    policy: &Policy,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Line {
    let mark = match &line.verdict {
        verdict if verdict.is_open() => "✓ ",
        Verdict::Undecided | Verdict::Unknown => "? ",
        _ => "✗ ",
    };
    let Some(category) = line.category else {
        return Line::ours(mark).theirs(&line.typed).say(": ").join(not_of_a_category(line, policy));
    };
    let instrument = identify(case, policy).ok().flatten();
    let text = line.verdict.stock_text(line.category, policy);
    let or = |words: &str| text.clone().unwrap_or_else(|| words.to_owned());
    let said = Line::ours(mark).strong(category.name.clone()).say(": ");
    let said = match &line.verdict {
        Verdict::Open => said.say("open"),
        Verdict::Allowed { by } => {
            because(said.say("allowed by ").theirs(by.as_str()), reason_of(case, category))
        }
        Verdict::Refused { by, reason } => {
            because(said.say("refused by ").theirs(by.as_str()), reason.as_deref())
        }
        Verdict::Encrypted => {
            said.say("struck. ").say(or("It is end-to-end encrypted, and nobody here can see it."))
        }
        Verdict::NotHeld => said.say("not held. ").say(or("There are no such records here.")),
        Verdict::NotOpened => said.join(not_opened(category, instrument, case, policy)),
        Verdict::NoInstrument => said.say("nothing opens it yet: no instrument that the policy knows"),
        Verdict::Undecided => said.say("nobody has decided – ").code(format!(
            "{} scope {} allow {}",
            terms.prefix(),
            case.id,
            category.name
        )),
        Verdict::Unknown => said.say("not known here"),
        Verdict::Gone { on } => {
            let since = format!("gone since {}", dates::day(*on));
            said.say(text.as_ref().map_or_else(|| since.clone(), |text| format!("{since}. {text}")))
        }
        Verdict::PartlyGone { before } => {
            said.say(format!("from {} on; what is older is gone", dates::day(*before)))
        }
    };
    match line.goes {
        Some(goes) => said.say(" · ").join(going(category, goes, terms, now)),
        None if line.unsure => said.say(" · ").join(unsure(category, case, terms)),
        None => said,
    }
}

/// That part of it may be gone while nobody knows from which day on it is asked for (rule 53).
pub fn unsure(category: &Category, case: &Case, terms: &Terms) -> Line {
    let set = format!("{} set {} {FROM_KEY}=…", terms.prefix(), case.id);
    Line::ours(format!(
        "{}: from which day on is not known, so part of it may be gone already – ",
        category.title
    ))
    .code(set)
}

/// `connection log: what is of Thu 1 Oct 2026 goes on Tue 30 Mar 2027 (in 130 days)` (rule 53). A title can be one thing or
/// many, so no verb goes with it.
pub fn going(category: &Category, goes: Goes, terms: &Terms, now: DateTime<Utc>) -> Line {
    let today = now.with_timezone(&terms.zone).date_naive();
    let (title, of) = (&category.title, dates::day(goes.of));
    if goes.on <= today {
        return Line::ours(format!("{title}: what is of {of} goes today, and may be gone by tonight"));
    }
    let far = dates::distance(goes.on, now, terms.zone);
    Line::ours(format!("{title}: what is of {of} goes on {} {far}", dates::day(goes.on)))
}

/// A line of the scope in a word or two, for the card.
pub fn in_brief(line: &scope::Line<'_>) -> Line {
    let what = match line.category {
        Some(category) => Line::ours(category.name.clone()),
        None => Line::new().theirs(&line.typed),
    };
    let what = match &line.verdict {
        Verdict::Open => what,
        Verdict::Allowed { .. } => what.say(" allowed"),
        Verdict::Refused { .. } => what.say(" refused"),
        Verdict::Encrypted => what.say(" struck (encrypted)"),
        Verdict::NotHeld => what.say(" not held"),
        Verdict::NotOpened => what.say(" not opened by the instrument"),
        Verdict::NoInstrument => what.say(" wants an instrument"),
        Verdict::Undecided => what.say(" not decided"),
        Verdict::Unknown => what.say(" (what is that?)"),
        Verdict::Gone { on } => what.say(format!(" gone since {}", dates::day(*on))),
        Verdict::PartlyGone { before } => what.say(format!(" only from {} on", dates::day(*before))),
    };
    match line.goes {
        Some(goes) => what.say(format!(" (gone on {})", dates::day(goes.on))),
        None if line.unsure => what.say(" (from when? may be gone)"),
        None => what,
    }
}

/// Why a category cannot come into the scope, whoever asks; the end of a sentence that begins with it.
pub(super) fn bars(why: &Verdict) -> &'static str {
    match why {
        Verdict::Encrypted => "cannot be seen by anybody here, so nobody can allow it",
        Verdict::NotHeld | Verdict::Gone { .. } => "is not held, so nobody can allow it",
        Verdict::NotOpened => "is not opened by the instrument; it takes another one",
        Verdict::NoInstrument => "takes an instrument, and none is known yet",
        Verdict::Unknown => "is nothing that the policy knows, so it cannot be allowed",
        Verdict::Open
        | Verdict::Allowed { .. }
        | Verdict::Refused { .. }
        | Verdict::Undecided
        | Verdict::PartlyGone { .. } => "cannot be allowed as it stands",
    }
}

/// Why the line about the instrument identifies none, and what can be written instead.
pub fn unidentified(why: &Unidentified<'_>, case: &Case, policy: &Policy) -> Line {
    match why {
        Unidentified::NotKnown => {
            let from = country(case, policy);
            let fitting = policy.instruments.iter().filter(|one| fits(one, case, from.as_deref()));
            let known: Vec<&str> = fitting.map(|one| one.title.as_str()).collect();
            let line = Line::ours("names no instrument that the policy knows");
            if known.is_empty() { line } else { line.say(format!("; it knows {}", several(&known))) }
        }
        Unidentified::Several(named) => {
            let named: Vec<&str> = named.iter().map(|one| one.title.as_str()).collect();
            Line::ours(format!("could be more than one: {}", several(&named)))
        }
        Unidentified::NotFrom { instrument, country: Some(country) } => Line::ours(format!(
            "names “{}”, which is issued in {}, and the request comes from {country}",
            instrument.title,
            instrument.countries.join(", ")
        )),
        Unidentified::NotFrom { instrument, country: None } => Line::ours(format!(
            "names “{}”, which counts once it is known that the request comes from {}",
            instrument.title,
            instrument.countries.join(" or ")
        )),
        Unidentified::NotYet(words) => {
            Line::ours(format!("says that it is not there yet (“{words}”); set the line again once it is"))
        }
        Unidentified::NotFor(instrument) => Line::ours(format!(
            "names “{}”, which serves {} only",
            instrument.title,
            instrument.kinds.join(", ")
        )),
    }
}

/// The categories that may have been meant, and all there are.
fn not_of_a_category(line: &scope::Line<'_>, policy: &Policy) -> Line {
    if let Verdict::Refused { by, reason } = &line.verdict {
        return because(Line::ours("refused by ").theirs(by.as_str()), reason.as_deref());
    }
    let names = || policy.categories.iter().flat_map(|one| [&one.name].into_iter().chain(&one.aliases));
    let whole = near::nearest(&line.typed, names().map(String::as_str));
    let mut words = line.typed.split_whitespace().take(20);
    let by_word = || words.find_map(|word| scope::category(word, policy));
    let meant = whole.and_then(|name| scope::category(name, policy)).or_else(by_word);
    let said = Line::ours("not known here");
    match meant {
        Some(category) => said.say(format!(" – did you mean {}?", category.name)),
        None => {
            let known: Vec<&str> =
                policy.categories.iter().take(CATEGORIES).map(|one| one.name.as_str()).collect();
            let more = policy.categories.len().saturating_sub(CATEGORIES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            if known.is_empty() { said } else { said.say(format!("; there are {}{more}", known.join(", "))) }
        }
    }
}

/// What the instrument opens instead, and what would open this (rule 6).
fn not_opened(category: &Category, instrument: Option<&Instrument>, case: &Case, policy: &Policy) -> Line {
    let title = instrument.map_or("the instrument".to_owned(), |one| format!("“{}”", one.title));
    let line = Line::ours(format!("refused. It is not opened by {title}"));
    let from = country(case, policy);
    let opens = |one: &&Instrument| one.opens.contains(&category.name) && fits(one, case, from.as_deref());
    let others: Vec<&str> = policy.instruments.iter().filter(opens).map(|one| one.title.as_str()).collect();
    if others.is_empty() { line } else { line.say(format!(", but by {}", several(&others))) }
}

/// Whether it can be what this request rests on, as far as its country is known.
fn fits(instrument: &Instrument, case: &Case, from: Option<&str>) -> bool {
    let is_from = |from: &str| instrument.countries.iter().any(|of| of.eq_ignore_ascii_case(from));
    (instrument.kinds.is_empty() || instrument.kinds.contains(&case.kind))
        && (instrument.countries.is_empty() || from.is_none_or(is_from))
}

fn reason_of<'c>(case: &'c Case, category: &Category) -> Option<&'c str> {
    case.scope.get(&category.name).and_then(|decision| decision.reason.as_deref())
}

fn because(line: Line, reason: Option<&str>) -> Line {
    match reason {
        Some(reason) => line.say(": ").theirs(reason),
        None => line,
    }
}

/// `“a”, “b” or “c”`, and how many more.
fn several(names: &[&str]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("“{name}”")).collect();
    match (shown.as_slice(), more) {
        ([before @ .., last], 0) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        (shown, 0) => shown.join(", "),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}
