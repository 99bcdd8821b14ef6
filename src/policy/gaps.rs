//! What a policy says of a kind that lacks the line which it needs: a clock that can never run for it, an instrument that
//! wants what nobody can write down, a notice without a copy. No mistake, for it may serve other kinds; what serves none of its kinds is one, and is told
//! where the file is read.

use crate::case::{ClockRule, FLAG_KEY, INSTRUMENT_KEY, Kind, Policy, Start, Stop};

/// A sentence for each line that is lacking.
pub(super) fn gaps(policy: &Policy) -> Vec<String> {
    let clocks = policy.clocks.iter().flat_map(|clock| {
        let lines = lines_of(clock).into_iter();
        let said = move |(line, does)| (format!("the clock `{}` {does}", clock.name), line);
        lines.map(said).map(|(says, line)| (says, line, clock.kinds.as_slice()))
    });
    let instruments = policy.instruments.iter().flat_map(|instrument| {
        let says = format!("the instrument `{}` wants", instrument.name);
        instrument.wants.iter().map(move |line| (says.clone(), line.as_str(), instrument.kinds.as_slice()))
    });
    let lines = clocks.chain(instruments).filter_map(|(says, line, kinds)| gap(&says, line, kinds, policy));
    lines.chain(policy.kinds.iter().filter_map(no_copy)).collect()
}

/// That users would be told of a kind, and get no copy of the request (rule 25).
fn no_copy(kind: &Kind) -> Option<String> {
    let says = "has `notify: true` and no `copy`: its users get to read no line of the request";
    (kind.notify && kind.copy.is_empty()).then(|| format!("the kind `{}` {says}", kind.name))
}

/// The lines that a clock speaks of, with what for.
fn lines_of(clock: &ClockRule) -> Vec<(&str, &'static str)> {
    let mut lines = Vec::new();
    if let Start::Line(line) = &clock.from {
        lines.push((line.as_str(), "begins with"));
    }
    lines.extend(ends(&clock.until).into_iter().map(|line| (line, "ends with")));
    let of_lines = clock.only.iter().filter(|only| only.key != FLAG_KEY && only.key != INSTRUMENT_KEY);
    lines.extend(of_lines.map(|only| (only.key.as_str(), "runs only by")));
    lines
}

/// The lines that a clock ends with, whichever comes first.
fn ends(stop: &Stop) -> Vec<&str> {
    match stop {
        Stop::Line(line) => vec![line.as_str()],
        Stop::First(stops) => stops.iter().flat_map(ends).collect(),
        Stop::Answered | Stop::Sent(_) | Stop::Held | Stop::Told | Stop::Closed => Vec::new(),
    }
}

/// That some of the kinds that are named lack a line.
fn gap(says: &str, line: &str, named: &[String], policy: &Policy) -> Option<String> {
    let lacks = |kind: &&Kind| named.contains(&kind.name) && kind.field(line).is_none();
    let lacking: Vec<String> =
        policy.kinds.iter().filter(lacks).map(|kind| format!("`{}`", kind.name)).collect();
    let (kinds, lack) = if lacking.len() == 1 { ("the kind", "lacks it") } else { ("the kinds", "lack it") };
    let all = lacking.join(" and ");
    (!lacking.is_empty()).then(|| format!("{says} the line `{line}`, and {kinds} {all} {lack}"))
}
