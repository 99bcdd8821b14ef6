//! The request message: a first line `Request: <kind>`, then `Key: value` lines. Does not know which kinds and keys
//! exist, and drops nothing: every line that is not blank ends up in a value or among the strays.

use std::fmt;

use super::fold;
use super::line::{Gatherer, Line, split_label, trim};
use super::mistake::Mistake;
use crate::case::glyph;

/// The longest message that is read, in bytes.
pub(super) const LONGEST: usize = 64 * 1024;
/// The most lines that are read.
pub(super) const MOST_LINES: usize = 10_000;

/// A request message as it was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// What stands behind `Request:`, as typed.
    pub kind: String,
    /// The `Key: value` lines in their order; the same key may stand there twice.
    pub lines: Vec<Line>,
    /// Everything else that is no mark of quoting, with its line's number.
    pub stray: Vec<(usize, String)>,
    /// The message that this one replies to, as clients quote it. Not part of the request.
    pub quoted: Vec<(usize, String)>,
}

/// Reads a request message; `None` if the text is none.
pub(super) fn read(text: &str) -> Option<Result<Filled, Mistake>> {
    let (reply, own) = fold::split_reply(text);
    let mut quoted: Vec<(usize, String)> = numbered(reply, 0).map(|(n, line)| (n, line.to_owned())).collect();
    let mut rest = numbered(own, quoted.len());
    let (kind, mut gatherer) = loop {
        let (number, raw) = rest.next()?;
        let (depth, line) = fold::unquote(raw, usize::MAX);
        if fold::is_blank_line(line) || fold::is_fence(line) {
            continue;
        }
        let (sender, line) = fold::split_sender(line);
        let (_, key, value) = split_label(without_marks(trim(line)))?;
        if !key.is("request") {
            return None;
        }
        quoted.extend(sender.map(|sender| (number, sender.to_owned())));
        break (trim(value), Gatherer::new(depth, fold::indent(line)));
    };
    if text.len() > LONGEST {
        return Some(Err(Mistake::TooLong(text.len())));
    }
    if kind.is_empty() {
        return Some(Err(Mistake::NoKind));
    }
    for (number, raw) in rest {
        if number > MOST_LINES {
            return Some(Err(Mistake::TooManyLines));
        }
        gatherer.take(number, raw);
    }
    Some(Ok(Filled { kind: kind.to_owned(), lines: gatherer.lines, stray: gatherer.stray, quoted }))
}

/// A line without the mark of a heading before it, or that of a message passed on: `# Request: terms`, `Fwd: Request: terms`.
pub(super) fn without_marks(line: &str) -> &str {
    let heading = line.trim_start_matches('#');
    let is_heading = heading.len() < line.len() && heading.starts_with(glyph::is_blank);
    let mut rest = if is_heading { trim(heading) } else { line };
    while let Some(after) = FORWARDED.iter().find_map(|mark| {
        let (head, after) = rest.split_at_checked(mark.len())?;
        head.eq_ignore_ascii_case(mark).then_some(after)
    }) {
        rest = trim(after);
    }
    rest
}

/// What mail programs put before the subject of a message that is passed on.
const FORWARDED: &[&str] = &["fwd:", "fw:", "wg:", "tr:"];

fn numbered(text: &str, before: usize) -> impl Iterator<Item = (usize, &str)> {
    fold::lines(text).enumerate().map(move |(n, line)| (before + n + 1, line))
}

/// Writes the request as it would be typed; strays come last, the quoted message is left out.
impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Request: {}", self.kind)?;
        for line in &self.lines {
            writeln!(f, "{}: {}", line.label, line.value.replace('\n', "\n  "))?;
        }
        self.stray.iter().try_for_each(|(_, text)| writeln!(f, "{text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Filled {
        read(text).expect("a request").expect("readable")
    }

    fn pairs(filled: &Filled) -> Vec<(&str, &str)> {
        filled.lines.iter().map(|line| (line.key.as_str(), line.value.as_str())).collect()
    }

    #[test]
    fn a_plain_form_is_read() {
        let form = filled(
            "Request: preservation\nAgency: Met\nRETURN-address: 1 Street,\n  London\n\n\tUK\nAgency: again\nthanks!\n  bye",
        );
        assert_eq!(form.kind, "preservation");
        assert_eq!(
            pairs(&form),
            [("agency", "Met"), ("return address", "1 Street,\nLondon\nUK"), ("agency", "again")]
        );
        assert_eq!(form.lines[1].number, 3);
        assert_eq!(form.lines[1].label, "RETURN-address");
        assert_eq!(form.stray, [(8, "thanks!".to_owned()), (9, "bye".to_owned())]);
    }

    #[test]
    fn fences_quotes_and_bold_are_tolerated() {
        for text in [
            "```\nRequest: terms\nAgency: Met\n```",
            "\u{FEFF}\r\n```yaml\r\nRequest: terms\r\nAgency: Met\r\n```\r\n",
            "> Request: terms\n> Agency: Met",
            "> > Request: terms\n> > Agency: Met\n>\n",
            "> ```\n> Request: terms\n> Agency: Met\n> ```",
            "> <@ben:x.org> Request: terms\n> Agency: Met",
            "**Request:** terms\n**Agency:** Met",
            "  request : terms\n  agency : Met",
            "REQUEST：terms\nAgency： Met",
            "Request: terms\n    Agency: Met",
            "# Request: terms\nAgency: Met",
            "Fwd: Request: terms\nAgency: Met",
            "> FW: WG: Request: terms\n> Agency: Met",
        ] {
            let form = filled(text);
            assert_eq!((form.kind.as_str(), pairs(&form)), ("terms", vec![("agency", "Met")]), "{text}");
            assert!(form.stray.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_quotation_inside_an_unquoted_form_is_stray() {
        let form = filled("Request: terms\nPurpose: see\n> Agency: not ours\nhttps://x.org/a");
        assert_eq!(pairs(&form), [("purpose", "see")]);
        assert_eq!(form.stray, [(3, "> Agency: not ours".to_owned()), (4, "https://x.org/a".to_owned())]);
    }

    #[test]
    fn a_reply_to_a_request_is_not_one() {
        assert_eq!(read("> <@ben:x.org> Request: terms\n> Agency: Met\n\nlooks bad"), None);
        let form = filled("> <@ben:x.org> hello\n\nRequest: terms\nAgency: Met");
        assert_eq!(form.quoted, [(1, "> <@ben:x.org> hello".to_owned())]);
        assert_eq!(form.lines[0].number, 4);
    }

    #[test]
    fn talk_is_no_request() {
        for text in
            ["", "\n \n", "```\n```", "hello", "A request: x", "Requests: x", "Agency: Met\nRequest: terms"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn limits_are_said() {
        assert_eq!(read("Request:\nAgency: Met"), Some(Err(Mistake::NoKind)));
        let long = format!("Request: terms\nNote: {}", "x".repeat(LONGEST));
        assert_eq!(read(&long), Some(Err(Mistake::TooLong(long.len()))));
        let many = format!("Request: terms\n{}", "\n".repeat(MOST_LINES));
        assert_eq!(read(&many), Some(Err(Mistake::TooManyLines)));
        assert_eq!(
            Mistake::TooLong(70_000).to_string(),
            "this message is too long for me: 70000 bytes, and I read 65536. Send the rest as a file."
        );
    }
}
