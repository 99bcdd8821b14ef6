//! The head of a mail as people paste it: at the top, below `Forwarded message`, in English, German or French.
//!
//! Knows the names of its lines; what becomes of them is said in `pasted`.

use std::ops::Range;

use super::fold;
use super::line::{split_label, trim};
use crate::case::read_day;

/// What a line of a head is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    From,
    ReplyTo,
    Date,
    Subject,
    /// To whom, and what else a mail says of itself.
    Other,
}

/// One line of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) part: Part,
    pub(super) value: String,
    /// The line as it stands.
    pub(super) text: String,
}

/// A head, and the lines that it takes up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) heads: Vec<Head>,
    pub(super) at: Range<usize>,
}

/// The names of the lines, in their normal form.
const NAMES: &[(&str, Part)] = &[
    ("from", Part::From),
    ("von", Part::From),
    ("de", Part::From),
    ("expéditeur", Part::From),
    ("reply to", Part::ReplyTo),
    ("antwort an", Part::ReplyTo),
    ("répondre à", Part::ReplyTo),
    ("date", Part::Date),
    ("sent", Part::Date),
    ("datum", Part::Date),
    ("gesendet", Part::Date),
    ("envoyé", Part::Date),
    ("envoyé le", Part::Date),
    ("subject", Part::Subject),
    ("betreff", Part::Subject),
    ("objet", Part::Subject),
    ("to", Part::Other),
    ("an", Part::Other),
    ("à", Part::Other),
    ("cc", Part::Other),
    ("kopie", Part::Other),
    ("copie", Part::Other),
    ("bcc", Part::Other),
    ("message id", Part::Other),
];
/// A head has so many lines at least.
const FEWEST: usize = 2;
/// What mail programs write above the mail that is passed on.
const PASSED_ON: &[&str] = &[
    "forwarded message",
    "original message",
    "weitergeleitete nachricht",
    "weitergeleitete e-mail",
    "ursprüngliche nachricht",
    "message transféré",
    "message d'origine",
    "message original",
];
/// A mark of that kind is no longer line than this, in bytes.
const LONGEST_MARK: usize = 80;

/// Every head that stands in these lines, from the top; marks of quoting are off them.
pub(super) fn all(lines: &[&str]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let (heads, end) = block(lines, at);
        if is_mail(&heads) {
            found.push(Found { heads, at: at..end });
        }
        at = end.max(at + 1);
    }
    found
}

/// The head of whoever asks: that below the first mark of a mail passed on, or else the first.
pub(super) fn chosen<'f>(all: &'f [Found], lines: &[&str]) -> Option<&'f Found> {
    let mark = lines.iter().position(|line| is_mark(line));
    let below = mark.and_then(|mark| all.iter().find(|found| found.at.start > mark));
    below.or_else(|| all.first())
}

/// Whether the line says that what follows was passed on.
pub(super) fn is_mark(line: &str) -> bool {
    let plain = fold::plain(line).to_lowercase();
    plain.len() <= LONGEST_MARK && PASSED_ON.iter().any(|mark| plain.contains(mark))
}

/// What a line of a head is, if it is one; `From: 2026-01-01` is a line of the form.
pub(super) fn part(line: &str) -> Option<(Part, &str)> {
    let (_, key, value) = split_label(trim(line))?;
    let (_, part) = NAMES.iter().find(|(name, _)| key.is(name))?;
    let is_period = matches!(part, Part::From | Part::Other) && read_day(value).is_ok();
    (!is_period).then_some((*part, value))
}

/// The lines of a head that begin here, with blank lines between them and folded ones; and where they end.
fn block(lines: &[&str], from: usize) -> (Vec<Head>, usize) {
    let mut heads: Vec<Head> = Vec::new();
    let (mut at, mut end) = (from, from);
    while let Some(line) = lines.get(at) {
        at += 1;
        if trim(line).is_empty() {
            if heads.is_empty() {
                break;
            }
            continue;
        }
        match (part(line), heads.last_mut()) {
            (Some((part, value)), _) => {
                heads.push(Head { part, value: value.to_owned(), text: trim(line).to_owned() });
            }
            // Folded: it goes on where it stands in, right below.
            (None, Some(last)) if fold::indent(line) > 0 && at == end + 1 => {
                last.value = format!("{} {}", last.value, trim(line));
                last.text = format!("{}\n{}", last.text, trim(line));
            }
            (None, _) => break,
        }
        end = at;
    }
    (heads, end)
}

/// Whether these lines are the head of a mail: a period has a beginning and an end too.
fn is_mail(heads: &[Head]) -> bool {
    let tells = |head: &Head| match head.part {
        Part::Date | Part::Subject => true,
        Part::From | Part::ReplyTo | Part::Other => head.value.contains('@'),
    };
    heads.len() >= FEWEST && heads.iter().any(tells)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(Range<usize>, usize)> {
        let lines: Vec<&str> = text.lines().collect();
        let all = all(&lines);
        chosen(&all, &lines).map(|found| (found.at.clone(), found.heads.len()))
    }

    #[test]
    fn a_head_is_found_wherever_it_stands() {
        assert_eq!(found("From: a@x.org\nDate: today\n\nhello"), Some((0..2, 2)));
        assert_eq!(
            found("see below\n\nVon: A <a@x.org>\nGesendet: gestern\nAn: b\n\nHallo"),
            Some((2..5, 3))
        );
        assert_eq!(found("De : a@x.org\n\nObjet : x\n\nÀ : b\n\nBonjour"), Some((0..5, 3)));
        assert_eq!(found("From: a@x.org\n  (A)\nSubject: x"), Some((0..3, 2)));
        // Of one passed on, the mail below the mark.
        let passed =
            "From: us@our.org\nSubject: Fwd: x\n\nBegin forwarded message:\n\nFrom: a@x.org\nDate: today";
        assert_eq!(found(passed), Some((5..7, 2)));
    }

    #[test]
    fn a_period_is_no_head() {
        for text in [
            "From: 2026-01-01\nTo: 2026-02-01",
            "From: 2026-01-01\nTo: 2026-02-01\nSubject: x",
            "From: early January\nTo: the end of it",
            "Subject: x",
            "hello\n\nworld",
            "",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
