//! Kinds of request. Does not know what becomes of them.

use super::clocks::{Spoken, conditions};
use super::fields::Fields;
use super::refer::{Names, each_once, is_slip, name, no_name_twice, refer};
use super::spans::keep;
use crate::case::{
    FieldRule, INSTRUMENT_KEY, JURISDICTION_KEY, Key, Kind, REVIEW_KEY, VIA_KEY, Weighing, When,
};
use crate::yaml::{Node, quoted};

const KEYS: [&str; 21] = [
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
    "notice",
    "scope_empty",
    "required",
    "optional",
    "answer_needs",
    "copy",
    "weighs",
    "keep",
    "counts_as",
];

/// The kinds in their order. `fields` are the lines that could be read.
pub(super) fn kinds(node: Node<'_>, names: &Names<'_>, fields: &Fields) -> Option<Vec<Kind>> {
    let mut found = Vec::new();
    let mut is_whole = true;
    let entries = node.entries()?;
    for (key, value) in entries.iter().copied() {
        if is_slip("kind", key, value, &["title"], &entries) {
            is_whole = false;
            continue;
        }
        match kind(key, value, names, fields) {
            Some((order, kind)) => found.push((order, key, kind)),
            None => is_whole = false,
        }
    }
    let called = found.iter().map(|(_, key, kind)| {
        let names = [kind.name.as_str()].into_iter().chain(kind.aliases.iter().map(String::as_str));
        (*key, kind.name.as_str(), names.collect())
    });
    let are_apart = no_name_twice("kind", called);
    if found.is_empty() && is_whole {
        node.wrong("there is no kind of request; write at least one");
        return None;
    }
    are_apart?;
    // Those without a number stay behind the others, as they stand in the file.
    found.sort_by_key(|(order, ..)| *order);
    is_whole.then(|| found.into_iter().map(|(_, _, kind)| kind).collect())
}

fn kind(key: Node<'_>, node: Node<'_>, names: &Names<'_>, fields: &Fields) -> Option<(u32, Kind)> {
    let called = name(key);
    let map = node.map(&KEYS)?;
    let flag = |key| map.or(key, false, |node| node.truth());
    let keys = |key| map.or(key, Vec::new(), |node| each_once(node, |node| names.field(node)));
    let title = map.must("title", |node| node.line().map(str::to_owned));
    let aliases = map.or("aliases", Vec::new(), |node| each_once(node, alias));
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
    let notice = map.may("notice", when);
    let scope_empty = flag("scope_empty");
    let required = keys("required");
    let optional = keys("optional");
    let keep = map.may("keep", keep);
    let counts_as = map.may("counts_as", |node| refer(node, "kind to count as", &names.kinds));
    let needs = [
        (from_authority, JURISDICTION_KEY, true),
        (from_authority, VIA_KEY, false),
        (verify_instrument, INSTRUMENT_KEY, true),
        (attest, REVIEW_KEY, false),
    ];
    let lines = match (required.clone(), optional.clone()) {
        (Some(mut required), Some(mut optional)) => {
            // What a property of the kind asks for has a line, or nobody could ever say it (rules 1, 2, 3 and 16).
            for (_, line, is_required) in needs.into_iter().filter(|(is, ..)| *is == Some(true)) {
                let is_there = required.iter().chain(&optional).any(|there| there == line);
                if !is_there && fields.get(line).is_some() {
                    if is_required { &mut required } else { &mut optional }.push(line.to_owned());
                }
            }
            lines(key, node, &required, &optional, fields)
        }
        (None, _) | (_, None) => None,
    };
    let lacks = needs.iter().find(|(is, line, _)| *is == Some(true) && !names.fields.has(line));
    if let Some((_, line, _)) = lacks {
        key.wrong(format_args!(
            "the kind {} needs the line `{line}`, and there is none; write one under `fields`",
            quoted(key.name())
        ));
        return None;
    }
    let own_line = |node: Node<'_>| {
        let field = names.field(node)?;
        let has = |keys: &Option<Vec<String>>| keys.as_ref().is_none_or(|keys| keys.contains(&field));
        if !has(&required) && !has(&optional) {
            node.wrong(format_args!("{} is no line of this kind; add it to `optional`", quoted(&field)));
            return None;
        }
        Some(field)
    };
    let answer_needs = map.or("answer_needs", Vec::new(), |node| each_once(node, own_line));
    // Of a line that the kind no longer has there is nothing to copy: whoever takes it off need not say so twice.
    let copy = keys("copy");
    let weighs = map.may("weighs", |node| {
        let map = node.map(&["only", "lines"])?;
        let only = map.must("only", |node| conditions(node, &Spoken { names, fields, kinds: None }));
        let lines = map.must("lines", |node| each_once(node, own_line));
        Some(Weighing { only: only?, lines: lines? })
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
        notice: notice?,
        scope_empty: scope_empty?,
        answer_needs: answer_needs?,
        copy: copy?,
        weighs: weighs?,
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
    fields: &Fields,
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
    let mut lines: Vec<FieldRule> = Vec::new();
    for (keys, required) in [(required, true), (optional, false)] {
        for key in keys {
            let rule = fields.get(key)?;
            lines.push(FieldRule { required, ..rule.clone() });
        }
    }
    let called = lines.iter().map(|rule| {
        let names = [rule.key.as_str()].into_iter().chain(rule.aliases.iter().map(String::as_str));
        (key, rule.key.as_str(), names.collect())
    });
    let are_apart = no_name_twice(&format!("line (of {})", quoted(key.name())), called);
    are_apart.map(|()| lines)
}

/// Notes a line that is spoken of where no kind has it; of those that are `named`, if any are. `does` says what the line is there
/// for, as in `it begins with`. Where only some lack it, a note says so: see `policy::gaps`.
pub(super) fn some_kind_has(node: Node<'_>, line: &str, does: &str, all: &[Kind], named: &[String]) -> bool {
    let mut concerned = all.iter().filter(|kind| named.is_empty() || named.contains(&kind.name));
    let has = concerned.any(|kind| kind.field(line).is_some());
    if !has {
        node.wrong(format_args!("{does} the line {}, and no kind that it is for has one", quoted(line)));
    }
    has
}
