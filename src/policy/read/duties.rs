//! Holds, gags, notices, two people, the report: the numbers that duties are measured by. Does not know when one is due.

use std::collections::BTreeMap;

use super::data::{names_in_text, tell};
use super::kinds::when;
use super::refer::{Names, each_once, flag_called, name, named};
use super::spans::{hold as held, question, span};
use crate::case::{
    Act, Exception, GagOfInstrument, GagTerms, HoldTerms, IdleTerms, NoticeTerms, ReportTerms, TwoPeople,
    VisitTerms,
};
use crate::yaml::{Node, nearest, quoted, unknown};

/// How long records are preserved.
pub(super) fn hold(node: Node<'_>, names: &Names<'_>) -> Option<HoldTerms> {
    let map = node.map(&["term", "extend", "times", "extend_wants_request", "by_instrument", "by_flag"])?;
    let term = map.must("term", held);
    let extend = map.must("extend", held);
    let times = map.or("times", None, how_often);
    let extend_wants_request = map.or("extend_wants_request", true, |node| node.truth());
    let by_instrument = map.or("by_instrument", Vec::new(), |node| {
        let found = named(node, |key, node| {
            let called = names.instruments.find(key, "instrument", key.name());
            let map = node.map(&["term", "extend", "times"])?;
            let term = map.must("term", held);
            let extend = map.must("extend", held);
            let times = map.may("times", |node| node.whole(0..=100));
            Some((called?, (term?, extend?), times?))
        })?;
        Some(found)
    });
    let by_flag = map.or("by_flag", BTreeMap::new(), |node| {
        let found = named(node, |key, node| {
            let flag = flag_called(key);
            let map = node.map(&["term", "extend"])?;
            let term = map.must("term", held);
            let extend = map.must("extend", held);
            Some((flag?, (term?, extend?)))
        })?;
        Some(found.into_iter().collect())
    });
    let by_instrument = by_instrument?;
    let own_times = by_instrument.iter().filter_map(|(name, _, times)| Some((name.clone(), (*times)?)));
    Some(HoldTerms {
        times_by_instrument: own_times.collect(),
        term: term?,
        extend: extend?,
        times: times?,
        extend_wants_request: extend_wants_request?,
        by_instrument: by_instrument.into_iter().map(|(name, terms, _)| (name, terms)).collect(),
        by_flag: by_flag?,
    })
}

/// How often a hold is extended: a number, or `any`, which a pack writes over the number of one before it.
fn how_often(node: Node<'_>) -> Option<Option<u32>> {
    if node.is_text() && node.line()?.trim().eq_ignore_ascii_case("any") {
        return Some(None);
    }
    node.whole(0..=100).map(Some)
}

/// What is asked of an order that binds to silence.
pub(super) fn gag(node: Node<'_>, names: &Names<'_>) -> Option<GagTerms> {
    let map = node.map(&["ask_every", "wants_document", "by_instrument", "named_by", "said_by"])?;
    let ask_every = map.must("ask_every", question);
    let wants_document = map.or("wants_document", false, |node| node.truth());
    let by_instrument = map.or("by_instrument", BTreeMap::new(), |node| {
        let found = named(node, |key, node| {
            let called = names.instruments.find(key, "instrument", key.name());
            let map = node.map(&["ask_every", "wants_document"])?;
            let ask_every = map.may("ask_every", question);
            let wants_document = map.may("wants_document", |node| node.truth());
            let own = GagOfInstrument { ask_every: ask_every?, wants_document: wants_document? };
            if own == GagOfInstrument::default() && !node.is_cut() {
                node.wrong_at(
                    node.owner(),
                    format_args!(
                        "nothing is said of {}; write `ask_every`, `wants_document` or both",
                        quoted(key.name())
                    ),
                );
                return None;
            }
            Some((called?, own))
        })?;
        Some(found.into_iter().collect())
    });
    let named_by = map.or("named_by", Vec::new(), names_in_text);
    let said_by = map.or("said_by", Vec::new(), names_in_text);
    Some(GagTerms {
        ask_every: ask_every?,
        wants_document: wants_document?,
        by_instrument: by_instrument?,
        named_by: named_by?,
        said_by: said_by?,
    })
}

/// When and whether users are told.
pub(super) fn notice(node: Node<'_>) -> Option<NoticeTerms> {
    let map = node.map(&[
        "when",
        "letter",
        "serve_within",
        "ask_order_within",
        "ask_after",
        "other_servers",
        "exceptions",
    ])?;
    let moment = map.must("when", when);
    let letter = map.must("letter", tell);
    let serve_within = map.must("serve_within", span);
    let ask_order_within = map.may("ask_order_within", span);
    let ask_after = map.may("ask_after", span);
    let other_servers = map.or("other_servers", false, |node| node.truth());
    let exceptions = map.or("exceptions", Vec::new(), |node| {
        named(node, |key, node| {
            let code = name(key);
            let map = node.map(&["text", "review"])?;
            let text = map.must("text", |node| node.line().map(str::to_owned));
            let review = map.must("review", span);
            Some(Exception { code: code?, text: text?, review: review? })
        })
    });
    Some(NoticeTerms {
        when: moment?,
        letter: letter?,
        serve_within: serve_within?,
        ask_order_within: ask_order_within?,
        ask_after: ask_after?,
        other_servers: other_servers?,
        exceptions: exceptions?,
    })
}

/// What takes two people, besides what always does.
pub(super) fn two_people(node: Node<'_>) -> Option<TwoPeople> {
    let map = node.map(&["acts", "counsel", "valid_for", "break_glass"])?;
    let acts = |key| map.or(key, Vec::new(), |node| each_once(node, act));
    let all = acts("acts");
    let counsel = acts("counsel");
    let valid_for = map.must("valid_for", span);
    let break_glass = map.or("break_glass", false, |node| node.truth());
    Some(TwoPeople { acts: all?, counsel: counsel?, valid_for: valid_for?, break_glass: break_glass? })
}

fn act(node: Node<'_>) -> Option<String> {
    let typed = node.line()?.trim();
    let is_known = Act::taking_two().any(|name| name == typed);
    if !is_known {
        let names: Vec<&str> = Act::taking_two().collect();
        // They are many, and a word that is near to none is a guess at what there is.
        match nearest(typed, names.iter().copied()) {
            Some(_) => node.wrong(unknown("act for two people", typed, names.iter().copied())),
            None => node.wrong(format_args!(
                "there is no act for two people {}; there are {}",
                quoted(typed),
                names.join(", ")
            )),
        }
    }
    is_known.then(|| typed.to_owned())
}

/// How the transparency report is made.
pub(super) fn report(node: Node<'_>) -> Option<ReportTerms> {
    let map = node.map(&["few", "gagged_in_sum"])?;
    let few = map.must("few", |node| node.whole(0..=1_000));
    let gagged_in_sum = map.must("gagged_in_sum", |node| node.truth());
    Some(ReportTerms { few: few?, gagged_in_sum: gagged_in_sum? })
}

/// How long nothing may happen on a case on which nothing else is counted.
pub(super) fn idle(node: Node<'_>) -> Option<IdleTerms> {
    let map = node.map(&["after", "waiting"])?;
    let after = map.must("after", question);
    let waiting = map.must("waiting", question);
    Some(IdleTerms { after: after?, waiting: waiting? })
}

/// The rights that users can use by themselves.
const RIGHTS: [&str; 6] = ["access", "rectification", "erasure", "objection", "restriction", "informed"];

/// On which terms users ask for something by themselves.
pub(super) fn visits(node: Node<'_>) -> Option<VisitTerms> {
    let map = node.map(&["requests_a_day", "in_all", "more_proof", "acknowledge", "erasure_after"])?;
    let requests_a_day = map.must("requests_a_day", |node| node.whole(1..=100));
    let in_all = map.must("in_all", |node| node.whole(1..=100_000));
    let more_proof = map.or("more_proof", Vec::new(), |node| {
        each_once(node, |node| node.one_of("right", &RIGHTS.map(|right| (right, right))).map(str::to_owned))
    });
    let acknowledges = map
        .must("acknowledge", |node| node.one_of("such way as", &[("at once", true), ("by people", false)]));
    let erasure_after = map.may("erasure_after", span);
    Some(VisitTerms {
        requests_a_day: requests_a_day?,
        in_all: in_all?,
        more_proof: more_proof?,
        acknowledges: acknowledges?,
        erasure_after: erasure_after?,
    })
}
