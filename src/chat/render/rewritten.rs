//! What another policy says otherwise of a case than the one that it goes by, beside what stands in the way of an answer: who
//! acts, which lines are needed, how long it is kept, and by name whatever else is written differently. So nobody approves what
//! they were not shown.

use std::collections::BTreeSet;

use crate::case::decide::{hold_terms, hold_times};
use crate::case::{Case, ClockRule, HoldTerms, Kind, Policy, TwoPeople, checklist};
use crate::chat::page::{Line, SHORT};

/// A line for each. The clocks that run on the case are told of elsewhere, by their dates.
pub(super) fn rewritten(case: &Case, was: (&Policy, &Kind), is: (&Policy, &Kind)) -> Vec<Line> {
    let ((was, was_kind), (is, is_kind)) = (was, is);
    let mut lines = people(&was.two_people, &is.two_people);
    lines.extend(needs(case, (was, was_kind), (is, is_kind)));
    if case.closed.is_none() {
        let keep = |policy: &Policy, kind: &Kind| kind.keep.unwrap_or(policy.keep).to_string();
        lines.extend(instead("once closed it is kept", keep(was, was_kind), keep(is, is_kind)));
    }
    if was_kind.preserves || is_kind.preserves || case.hold.is_some() {
        lines.extend(instead("records are held", held(case, was), held(case, is)));
    }
    if is_kind.notify {
        let within = |policy: &Policy| policy.notice.serve_within.to_string();
        let what = "whoever asks for secrecy has to serve an order within";
        lines.extend(instead(what, within(was), within(is)));
    }
    // By name and whole: nobody approves what was cut away.
    let others = elsewhere(was_kind, was, is_kind, is);
    lines.extend(wrapped(&others.join(" · ")).iter().enumerate().map(|(n, part)| {
        let begin = if n == 0 { "written otherwise: " } else { "and " };
        Line::ours(begin).theirs(part)
    }));
    lines
}

/// A long list in parts, none of which a line cuts.
fn wrapped(list: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in list.split(' ').filter(|word| !word.is_empty()) {
        match parts.last_mut().filter(|part| part.chars().count() + word.chars().count() < SHORT) {
            Some(part) => {
                part.push(' ');
                part.push_str(word);
            }
            None => parts.push(word.to_owned()),
        }
    }
    parts
}

fn instead(what: &str, was: String, is: String) -> Option<Line> {
    (was != is).then(|| Line::ours(format!("{what} {is}, not {was}")))
}

/// Which acts take whom.
fn people(was: &TwoPeople, is: &TwoPeople) -> Vec<Line> {
    let mut lines = Vec::new();
    if was.break_glass != is.break_glass {
        lines.push(Line::ours(if is.break_glass {
            "one approver may go ahead alone in an emergency, which is reviewed afterwards"
        } else {
            "nobody may go ahead alone, in an emergency either"
        }));
    }
    lines.extend(more_and_less("takes two people", &was.acts, &is.acts));
    lines.extend(more_and_less("needs counsel", &was.counsel, &is.counsel));
    lines.extend(instead(
        "a proposal waits for its second person",
        was.valid_for.to_string(),
        is.valid_for.to_string(),
    ));
    lines
}

/// What must be written down, and who decides then.
fn needs(case: &Case, was: (&Policy, &Kind), is: (&Policy, &Kind)) -> Vec<Line> {
    let ((was, was_kind), (is, is_kind)) = (was, is);
    let required = |kind: &Kind| -> Vec<String> {
        kind.fields.iter().filter(|rule| rule.required).map(|rule| rule.label.clone()).collect()
    };
    let label =
        |kind: &Kind, key: &String| kind.field(key).map_or_else(|| key.clone(), |rule| rule.label.clone());
    let before = |kind: &Kind| -> Vec<String> {
        let weighed = kind.weighs.iter().flat_map(|weighs| &weighs.lines);
        kind.answer_needs.iter().chain(weighed).map(|key| label(kind, key)).collect()
    };
    let (was_list, is_list) = (checklist(case, was_kind, was), checklist(case, is_kind, is));
    let wanted = |list: &crate::case::Checklist<'_>| -> Vec<String> {
        list.instrument.iter().flat_map(|one| &one.wants).cloned().collect()
    };
    let mut lines = more_and_less("must say", &required(was_kind), &required(is_kind));
    lines.extend(more_and_less("its instrument wants", &wanted(&was_list), &wanted(&is_list)));
    lines.extend(more_and_less("wants before an answer", &before(was_kind), &before(is_kind)));
    if was_list.for_counsel != is_list.for_counsel {
        lines.push(Line::ours(if is_list.for_counsel {
            "counsel decides what becomes of it"
        } else {
            "counsel need not decide what becomes of it"
        }));
    }
    lines
}

fn more_and_less(what: &str, was: &[String], is: &[String]) -> Vec<Line> {
    let only = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|name| !other.contains(name)).cloned().collect()
    };
    let line = |what: String, names: Vec<String>| {
        (!names.is_empty()).then(|| Line::ours(format!("{what}: ")).theirs(&names.join(", ")))
    };
    let said = [line(what.to_owned(), only(is, was)), line(format!("{what} no longer"), only(was, is))];
    said.into_iter().flatten().collect()
}

/// As long as this case's are, by its instrument or flag.
fn held(case: &Case, policy: &Policy) -> String {
    let (term, extend) = hold_terms(case, policy);
    let more = match hold_times(case, policy) {
        Some(times) => format!("{extend} more at most {times}×"),
        None => format!("{extend} more as often as asked for"),
    };
    let request = if policy.hold.extend_wants_request { ", on a new request" } else { "" };
    format!("{term}, then {more}{request}")
}

/// What else differs of what may concern the case, as it is called in a policy's file.
fn elsewhere(was_kind: &Kind, was: &Policy, is_kind: &Kind, is: &Policy) -> Vec<String> {
    let clocks = |policy: &Policy, kind: &Kind| -> Vec<(String, ClockRule)> {
        let for_it = |clock: &&ClockRule| clock.is_of(&kind.name);
        policy.clocks.iter().filter(for_it).map(|clock| (clock.name.clone(), clock.clone())).collect()
    };
    let letters = |policy: &Policy, kind: &Kind| {
        policy.letters_for(&kind.name).map(|letter| (letter.name.clone(), letter.clone())).collect::<Vec<_>>()
    };
    let texts = |policy: &Policy| policy.texts.clone().into_iter().collect::<Vec<_>>();
    let reasons = |policy: &Policy| -> Vec<_> {
        policy.reasons.iter().map(|reason| (reason.code.clone(), reason.clone())).collect()
    };
    let instruments = |policy: &Policy| -> Vec<_> {
        policy.instruments.iter().map(|one| (one.name.clone(), one.clone())).collect()
    };
    let categories = |policy: &Policy| -> Vec<_> {
        policy.categories.iter().map(|one| (one.name.clone(), one.clone())).collect()
    };
    let calendars = |policy: &Policy| policy.calendars.clone().into_iter().collect::<Vec<_>>();
    let named = [
        ("clocks", differing(clocks(was, was_kind), clocks(is, is_kind))),
        ("letters", differing(letters(was, was_kind), letters(is, is_kind))),
        ("texts", differing(texts(was), texts(is))),
        ("reasons", differing(reasons(was), reasons(is))),
        ("instruments", differing(instruments(was), instruments(is))),
        ("categories", differing(categories(was), categories(is))),
        ("calendars", differing(calendars(was), calendars(is))),
    ];
    let named = named.into_iter().filter(|(_, names)| !names.is_empty());
    let mut all: Vec<String> = named
        .map(|(what, names)| format!("{what} {}", names.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    let whole = [
        ("the lines of its kind", was_kind.fields != is_kind.fields),
        ("which countries may ask", was.accepts != is.accepts || was.countries != is.countries),
        ("whether records may be held for it", was_kind.preserves != is_kind.preserves),
        ("when it gives out records", was_kind.discloses_if_asked != is_kind.discloses_if_asked),
        ("how it is listed", was_kind.first != is_kind.first),
        ("what is weighed", was_kind.weighs != is_kind.weighs),
        ("gag", was.gag != is.gag),
        ("notice", was.notice != is.notice || was_kind.notice != is_kind.notice),
        ("hold by instrument or flag", holds_apart(&was.hold) != holds_apart(&is.hold)),
        ("idle", was.idle != is.idle),
        ("absent", was.absent != is.absent),
        (
            "the days of which calendar and time zone count",
            (&was.calendar, was.zone) != (&is.calendar, is.zone),
        ),
        ("report", was.report != is.report || was_kind.counts_as != is_kind.counts_as),
    ];
    all.extend(whole.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what.to_owned()));
    all
}

fn holds_apart(terms: &HoldTerms) -> impl PartialEq + use<'_> {
    (&terms.by_instrument, &terms.by_flag)
}

/// The names under which the two say different things, or only one says something.
fn differing<T: PartialEq>(was: Vec<(String, T)>, is: Vec<(String, T)>) -> BTreeSet<String> {
    let lacks = |one: &[(String, T)], of: &(String, T)| !one.contains(of);
    let gone = was.iter().filter(|one| lacks(&is, one));
    let new = is.iter().filter(|one| lacks(&was, one));
    gone.chain(new).map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::super::adoption::adoption;
    use crate::case::decide::{Draw, Setting, open};
    use crate::case::{Account, Case, CaseId, Opening, Policy, Span, Term, Terms};
    use crate::chat::page::Page;
    use crate::rehearsal;

    /// What is said of a new case of this kind before it goes on under a policy that was changed so.
    fn said(kind: &str, change: &dyn Fn(&mut Policy)) -> Vec<String> {
        let mut terms: Terms = rehearsal::terms().unwrap();
        let ada = Account::parse("@ada:try.test").unwrap();
        let now: DateTime<Utc> = "2026-11-20T10:00:00Z".parse().unwrap();
        let id = CaseId::new(1).unwrap();
        let opening =
            Opening { kind: kind.to_owned(), fields: Vec::new(), stray: Vec::new(), received: None };
        let setting = Setting { actor: &ada, terms: &terms, now, certain: true, draw: Draw::NONE };
        let events = open(id, opening, &setting).unwrap();
        let case = Case::begin(id, &events[0].1, &ada, now).unwrap();
        let mut policy = terms.policy().unwrap().clone();
        policy.version = "another/1".to_owned();
        change(&mut policy);
        terms.current.clone_from(&policy.version);
        terms.policies.insert(policy.version.clone(), policy);
        adoption(&case, &terms).into_iter().map(|line| Page::of(line).text()).collect()
    }

    #[track_caller]
    fn says(words: &str, change: &dyn Fn(&mut Policy)) {
        let said = said("information", change);
        assert!(said.iter().any(|line| line.contains(words)), "{words}: {said:#?}");
    }

    #[test]
    fn what_is_the_same_is_said_to_be() {
        let said = said("terms", &|_| {});
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(said[0].contains("nothing"), "{said:#?}");
    }

    #[test]
    fn whatever_changes_is_shown() {
        says("alone in an emergency", &|policy| policy.two_people.break_glass ^= true);
        says("takes two people: refuse", &|policy| policy.two_people.acts.push("refuse".to_owned()));
        says("needs counsel: answer", &|policy| policy.two_people.counsel.push("answer".to_owned()));
        says("second person 9 days, not", &|policy| policy.two_people.valid_for = Span::Days(9));
        says("once closed it is kept 1 month, not", &|policy| policy.keep = Span::Months(1));
        says("records are held 5 days", &|policy| {
            policy.kinds.iter_mut().for_each(|kind| kind.preserves = true);
            policy.hold.term = Term::of(Span::Days(5));
        });
        says("must say no longer: Agency", &|policy| {
            let rules = policy.kinds.iter_mut().flat_map(|kind| &mut kind.fields);
            rules.filter(|rule| rule.key == "agency").for_each(|rule| rule.required = false);
        });
        says("wants before an answer: Purpose", &|policy| {
            policy.kinds.iter_mut().for_each(|kind| kind.answer_needs.push("purpose".to_owned()));
        });
        says("clocks authorisation", &|policy| {
            let clocks = policy.clocks.iter_mut().filter(|clock| clock.name == "authorisation");
            clocks.for_each(|clock| clock.term = Term::of(Span::Days(5)));
        });
        says("letters ack", &|policy| {
            policy.letters.iter_mut().filter(|it| it.name == "ack").for_each(|it| it.text.push('!'));
        });
        says("texts mlat", &|policy| {
            policy.texts.insert("mlat".to_owned(), "Go elsewhere.".to_owned());
        });
        says("reasons", &|policy| policy.reasons.clear());
        says("instruments", &|policy| policy.instruments.iter_mut().for_each(|one| one.counsel ^= true));
        says("categories", &|policy| policy.categories.clear());
        says("calendars england", &|policy| policy.calendars.clear());
        says("gag", &|policy| policy.gag.ask_every = Span::Days(9));
        says("notice", &|policy| policy.notice.serve_within = Span::Days(9));
        says("serve an order within 9 days, not 7 days", &|policy| {
            policy.notice.serve_within = Span::Days(9);
        });
        says("idle", &|policy| policy.idle = None);
        says("countries", &|policy| policy.accepts.push("FR".to_owned()));
        says("report", &|policy| policy.report.few += 1);
        says("time zone", &|policy| policy.zone = Some(chrono_tz::Asia::Tokyo));
    }
}
