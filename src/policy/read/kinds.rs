//! Kinds of request. Does not know what becomes of them.

use std::collections::BTreeMap;

use super::called::{Called, cannot, no_name_twice, no_other_meaning};
use super::conditions::{Spoken, conditions};
use super::refer::{Readable, each_once, each_readable, letter_of, name, refer, slip};
use super::running::RunsFor;
use super::seen::{BROUGHT, EVERYWHERE};
use super::spans::keep;
use crate::case::{FieldRule, Key, Kind, Weighing, When};
use crate::yaml::{Node, Place, quoted};

const KEYS: [&str; 26] = [
    "title",
    "aliases",
    "order",
    "first",
    "discloses",
    "verify_requester",
    "verify_instrument",
    "attest",
    "own_accounts",
    "from_authority",
    "preserves",
    "notify",
    "asks_whose",
    "takes_down",
    "owes_answer",
    "notice",
    "scope_empty",
    "required",
    "optional",
    "answer_needs",
    "copy",
    "weighs",
    "counters",
    "answer_after",
    "keep",
    "counts_as",
];

/// The kinds in their order.
pub(super) fn kinds(node: Node<'_>, spoken: &Spoken<'_>) -> Option<Vec<Kind>> {
    let mut found = Vec::new();
    let mut is_whole = true;
    let entries = node.entries()?;
    for (key, value) in entries.iter().copied() {
        match kind(key, slip("kind", key, value, &["title"], &entries), spoken) {
            Some((order, kind)) => found.push((order, kind)),
            None => is_whole = false,
        }
    }
    let called = entries.iter().map(|(key, value)| Called::of(*key, *value, alias));
    let are_apart = no_name_twice("kind", called, spoken.names.is_own);
    no_round_about(&entries);
    if found.is_empty() && is_whole && !node.is_cut() {
        node.wrong("there is no kind of request; write at least one");
        return None;
    }
    are_apart?;
    // Those without a number stay behind the others, as they stand in the file.
    found.sort_by_key(|(order, _)| *order);
    is_whole.then(|| found.into_iter().map(|(_, kind)| kind).collect())
}

/// Notes a kind that counts as one that counts as another: in the report it would stand under neither.
fn no_round_about(kinds: &[(Node<'_>, Node<'_>)]) {
    let as_which = kinds.iter().filter_map(|(key, value)| {
        let node = value.peek("counts_as").filter(Node::is_text)?;
        Some((key.name(), node, node.text()?.trim()))
    });
    let as_which: Vec<(&str, Node<'_>, &str)> = as_which.filter(|(name, _, other)| name != other).collect();
    for (_, node, other) in &as_which {
        if let Some((.., further)) = as_which.iter().find(|(name, ..)| name == other) {
            node.wrong(format_args!(
                "{} counts as {} itself; name a kind that counts as its own",
                quoted(other),
                quoted(further)
            ));
        }
    }
}

fn kind(key: Node<'_>, node: Node<'_>, spoken: &Spoken<'_>) -> Option<(u32, Kind)> {
    let Spoken { names, fields, seen } = spoken;
    let called = name(key).and_then(|name| no_other_meaning(key, &name).map(|()| name));
    let map = node.map(&KEYS)?;
    let flag = |key| map.or(key, false, |node| node.truth());
    let keys = |key| map.or(key, Readable::none(), |node| each_readable(node, |node| names.field(node)));
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let aliases = map.or("aliases", Vec::new(), |node| {
        each_once(node, |node| {
            let alias = alias(node)?;
            no_other_meaning(node, &alias).map(|()| alias)
        })
    });
    let order = map.or("order", u32::MAX, |node| node.whole(0..=9_999));
    let first = flag("first");
    let discloses = map.or("discloses", Discloses::Never, discloses);
    let verify_requester = flag("verify_requester");
    let verify_instrument = flag("verify_instrument");
    let attest = flag("attest");
    let own_accounts = flag("own_accounts");
    let from_authority = flag("from_authority");
    let preserves = flag("preserves");
    let notify = flag("notify");
    let asks_whose = flag("asks_whose");
    let takes_down = flag("takes_down");
    let owes_answer = flag("owes_answer");
    let notice = map.may("notice", when);
    let scope_empty = flag("scope_empty");
    let required = map.or("required", Readable::none(), |node| {
        each_readable(node, |node| {
            let line = names.field(node)?;
            let ours = fields.get(&line).is_some_and(|rule| rule.ours);
            if ours {
                node.wrong(format_args!(
                    "{} is a line of ours (`by: us`), and no request can be asked for it; put it under `optional`",
                    quoted(&line)
                ));
            }
            (!ours).then_some(line)
        })
    });
    let optional = keys("optional");
    let keep = map.may("keep", keep);
    let counts_as = map.may("counts_as", |node| refer(node, "kind to count as", &names.kinds));
    let is_true = |property| names.with(property).any(|kind| kind == key.name());
    let brought = || BROUGHT.into_iter().filter(|(property, ..)| is_true(property));
    // One of the lists of a pack may be said anew behind a slip.
    let may_change = map.may_have_more("required") || map.may_have_more("optional");
    let lines = match (&required, &optional) {
        (Some(required), Some(optional)) if !may_change => {
            let (mut must, mut can) = (required.found.clone(), optional.found.clone());
            for (_, line, is_required) in brought() {
                let is_there = must.iter().chain(&can).any(|there| there == line);
                if !is_there && fields.get(line).is_some() {
                    if is_required { &mut must } else { &mut can }.push(line.to_owned());
                }
            }
            // A kind that has no line of its own is a mistake still.
            let has_own = !must.is_empty() || !can.is_empty();
            for line in EVERYWHERE.into_iter().filter(|line| has_own && fields.get(line).is_some()) {
                if !must.iter().chain(&can).any(|there| there == line) {
                    can.push(line.to_owned());
                }
            }
            let is_whole = required.is_whole() && optional.is_whole();
            // That there are none is no news where they could not be read, or where the whole is a slip.
            let is_said = is_whole && !node.is_slip() && seen.knows_lines(key.name());
            if !must.is_empty() || !can.is_empty() || is_said {
                lines(key, node, &must, &can, spoken).filter(|_| is_whole)
            } else {
                None
            }
        }
        (Some(_), Some(_)) | (None, _) | (_, None) => None,
    };
    let lacks = brought().find(|(_, line, _)| !names.fields.has(line));
    if let Some((_, line, _)) = lacks {
        key.wrong(format_args!(
            "the kind {} needs the line `{line}`, and there is none; write one under `fields`",
            quoted(key.name())
        ));
    }
    let own = [key.name().to_owned()];
    for (property, does) in [
        ("notify", "whose users are told"),
        ("own_accounts", "that can reach our own accounts only"),
        ("preserves", "on which records are kept"),
    ] {
        if is_true(property) && seen.lacks_accounts(&own).is_some() {
            key.wrong(format_args!(
                "the kind {}, {does} (`{property}: true`), has no line for accounts; add `accounts`",
                quoted(key.name())
            ));
        }
    }
    let whole = node;
    let own_line = |node: Node<'_>| {
        let field = names.field(node)?;
        let has = |keys: &Option<Readable<String>>| {
            keys.as_ref().is_none_or(|keys| !keys.is_whole() || keys.found.contains(&field))
        };
        if !has(&required) && !has(&optional) && !whole.is_cut() {
            node.wrong(format_args!("{} is no line of this kind; add it to `optional`", quoted(&field)));
            return None;
        }
        Some(field)
    };
    let answer_needs = map.or("answer_needs", Vec::new(), |node| each_once(node, own_line));
    // Of a line that the kind no longer has there is nothing to copy: whoever takes it off need not say so twice.
    let copy = map.or("copy", Vec::new(), |node| {
        let is_own = (names.is_own)(node.place());
        each_once(node, |node| {
            let line = names.field(node)?;
            if is_own && seen.lacks_line(&line, &own).is_some() {
                node.wrong(format_args!(
                    "{} is no line of this kind, so there is nothing to copy; add it to `optional`",
                    quoted(&line)
                ));
                return None;
            }
            Some(line)
        })
    });
    let weighs = map.may("weighs", |node| {
        let map = node.map(&["only", "lines"])?;
        let only_by = "it is weighed only by";
        let runs_for = RunsFor { seen, kinds: Some(&own), flags: None, only_by };
        let only = map.must("only", |node| conditions(node, spoken, &runs_for));
        let lines = map.must("lines", |node| {
            let lines = each_once(node, own_line)?;
            if lines.is_empty() {
                node.wrong("`lines` is an empty list, so nothing is written down; name at least one line");
            }
            Some(lines).filter(|lines| !lines.is_empty())
        });
        Some(Weighing { only: only?, lines: lines? })
    });
    let counters = map.or("counters", Vec::new(), |node| {
        each_once(node, |node| {
            let other = refer(node, "kind", &names.kinds)?;
            if other == key.name() {
                node.wrong(format_args!(
                    "{} cannot counter itself; name the kind whose notice it counters",
                    quoted(&other)
                ));
                return None;
            }
            Some(other)
        })
    });
    let answer_after = map.or("answer_after", Vec::new(), |node| {
        each_once(node, |node| names.letters.find(node, "letter", letter_of(node.line()?.trim())))
    });
    let kind = Kind {
        name: called?,
        title: title?,
        aliases: aliases?,
        first: first?,
        discloses: discloses == Some(Discloses::Always),
        discloses_if_asked: discloses? == Discloses::IfAsked,
        verify_requester: verify_requester?,
        verify_instrument: verify_instrument?,
        attest: attest?,
        own_accounts: own_accounts?,
        from_authority: from_authority?,
        preserves: preserves?,
        notify: notify?,
        asks_whose: asks_whose?,
        takes_down: takes_down?,
        owes_answer: owes_answer?,
        notice: notice?,
        scope_empty: scope_empty?,
        answer_needs: answer_needs?,
        copy: copy?,
        weighs: weighs?,
        counters: counters?,
        answer_after: answer_after?,
        keep: keep?,
        counts_as: counts_as?,
        fields: lines?,
    };
    Some((order?, kind))
}

/// When an answer gives out records.
#[derive(Clone, Copy, PartialEq)]
enum Discloses {
    Never,
    IfAsked,
    Always,
}

/// `true`, `false`, or `asked`: only where a line asks for some.
fn discloses(node: Node<'_>) -> Option<Discloses> {
    let choices = [("true", Discloses::Always), ("false", Discloses::Never), ("asked", Discloses::IfAsked)];
    node.one_of("answer to whether it discloses", &choices)
}

/// Another name for a kind, its words joined by hyphens however they are typed.
fn alias(node: Node<'_>) -> Option<String> {
    node.parse(|text| Key::read(text).map(|key| key.as_str().replace(' ', "-")))
}

/// Before or after.
pub(super) fn when(node: Node<'_>) -> Option<When> {
    node.one_of("moment for a notice", &[("before", When::Before), ("after", When::After)])
}

/// The rules for these lines, required ones first.
fn lines(
    key: Node<'_>,
    node: Node<'_>,
    required: &[String],
    optional: &[String],
    spoken: &Spoken<'_>,
) -> Option<Vec<FieldRule>> {
    if let Some(both) = required.iter().find(|key| optional.contains(key)) {
        node.wrong(format_args!("{} is both required and optional", quoted(both)));
        return None;
    }
    if required.is_empty() && optional.is_empty() {
        key.wrong(format_args!(
            "the kind {} has no lines; name some in `required` or `optional`",
            quoted(key.name())
        ));
        return None;
    }
    let all = required.iter().map(|key| (key, true)).chain(optional.iter().map(|key| (key, false)));
    let rule = |(key, required): (&String, bool)| {
        spoken.fields.get(key).map(|rule| FieldRule { required, ..rule.clone() })
    };
    let lines: Vec<FieldRule> = all.filter_map(rule).collect();
    are_apart(key, &lines, spoken).filter(|()| lines.len() == required.len() + optional.len()).map(|()| lines)
}

/// Notes a word that two lines of a kind go by: at the word, or else at the kind, where the operator wrote that one alone.
fn are_apart(kind: Node<'_>, lines: &[FieldRule], spoken: &Spoken<'_>) -> Option<()> {
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    let mut is_well = true;
    let words = lines.iter().flat_map(|rule| {
        let words = [&rule.key].into_iter().chain(&rule.aliases);
        words.map(|word| (word.as_str(), rule.key.as_str()))
    });
    for (word, line) in words {
        let Some(other) = taken.insert(word, line).filter(|other| *other != line) else { continue };
        is_well = false;
        // What a line is called first is its own; the other one only goes by it too.
        let (line, owner) = if word == line { (other, line) } else { (line, other) };
        let is_own = |place: &Place| (spoken.names.is_own)(*place);
        let place = |line: &str| spoken.fields.place_of(line, word).filter(is_own);
        match place(line).or_else(|| place(owner)) {
            Some(place) => {
                let both = "and a kind has both lines";
                kind.wrong_at(place, format_args!("{}, {both}", cannot("line", line, word, owner)));
            }
            None => kind.wrong(cannot(&format!("line (of {})", quoted(kind.name())), line, word, owner)),
        }
    }
    is_well.then_some(())
}
