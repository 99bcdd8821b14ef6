//! What phones and other programs do to typed text: line ends, quotes, dashes, quote marks, fences. Values keep their
//! text; folding is for recognising. Does not know what a line means.

use crate::case::glyph;

/// The lines of a text, whatever ends them (LF, CR LF, CR, NEL, the Unicode separators), without a byte order mark at the
/// start. An end behind the last line makes no further line.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = without_mark(text);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = split_line(rest);
        rest = after;
        Some(line)
    })
}

/// The text as it is compared, never as it is kept: quotes straight, dashes short, spaces plain, line ends LF, no byte
/// order mark at the start.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (n, line) in lines(text).enumerate() {
        if n > 0 {
            out.push('\n');
        }
        out.extend(line.chars().map(|c| match c {
            '\n' => ' ',
            c if is_double_quote(c) => '"',
            '‘' | '’' | '‚' | '‛' => '\'',
            c if glyph::is_dash(c) => '-',
            c if glyph::is_blank(c) => ' ',
            c => c,
        }));
    }
    out
}

/// The first line, and what follows its end.
pub(super) fn split_line(text: &str) -> (&str, &str) {
    let Some(at) = text.find(glyph::is_line_end) else {
        return (text, "");
    };
    let (line, after) = text.split_at(at);
    let after = match after.strip_prefix("\r\n") {
        Some(after) => after,
        None => after.strip_prefix(glyph::is_line_end).unwrap_or(after),
    };
    (line, after)
}

/// The text without a byte order mark at its start.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{FEFF}').unwrap_or(text)
}

/// A double quote, straight or curled to any side.
pub(super) fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '＂')
}

/// Whether there is nothing to see on the line.
pub(super) fn is_blank_line(line: &str) -> bool {
    line.chars().all(glyph::is_blank)
}

/// How far the line stands in.
pub(super) fn indent(line: &str) -> usize {
    line.chars().take_while(|c| glyph::is_blank(*c)).count()
}

/// Takes up to `most` quote marks (`>`) off the line; one blank behind each goes along.
pub(super) fn unquote(line: &str, most: usize) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while depth < most && indent(rest) <= 3 {
        let Some(after) = rest.trim_start_matches(glyph::is_blank).strip_prefix('>') else {
            break;
        };
        rest = after.strip_prefix(glyph::is_blank).unwrap_or(after);
        depth += 1;
    }
    (depth, rest)
}

/// Whether the line opens or closes a code fence; a fence may name a language.
pub(super) fn is_fence(line: &str) -> bool {
    let line = line.trim_matches(glyph::is_blank);
    let name = line.strip_prefix("```").map(|rest| rest.trim_start_matches('`'));
    let name = name.or_else(|| line.strip_prefix("~~~").map(|rest| rest.trim_start_matches('~')));
    name.is_some_and(|name| name.len() <= 20 && name.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether the line begins what a Matrix client puts before a reply: `> <@user:server> …`.
fn is_reply_head(line: &str) -> bool {
    line.strip_prefix("> ")
        .map(|rest| rest.strip_prefix("* ").unwrap_or(rest))
        .is_some_and(|rest| rest.starts_with("<@"))
}

/// Takes the sender's mark off the first line of a quoted reply: the mark and the rest.
pub(super) fn split_sender(line: &str) -> (Option<&str>, &str) {
    let body = line.trim_start_matches(glyph::is_blank);
    match body.find('>') {
        Some(end) if body.starts_with("<@") => {
            let (sender, rest) = body.split_at(end + 1);
            (Some(sender), rest.strip_prefix(glyph::is_blank).unwrap_or(rest))
        }
        Some(_) | None => (None, line),
    }
}

/// Splits a Matrix reply into the quoted message and the reply itself. A text that is no reply, or that is nothing but
/// the quotation, is all its own.
pub(super) fn split_reply(text: &str) -> (&str, &str) {
    let text = without_mark(text);
    if !is_reply_head(text) {
        return ("", text);
    }
    let mut rest = text;
    while rest.starts_with('>') {
        rest = split_line(rest).1;
    }
    let own = rest;
    while !rest.is_empty() && is_blank_line(split_line(rest).0) {
        rest = split_line(rest).1;
    }
    if rest.is_empty() {
        return ("", text);
    }
    text.split_at_checked(text.len() - own.len()).unwrap_or(("", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_ends_one_line() {
        let found: Vec<&str> = lines("\u{FEFF}a\r\nb\rc\nd\u{85}e\u{2028}f\u{2029}\n g \n").collect();
        assert_eq!(found, ["a", "b", "c", "d", "e", "f", "", " g "]);
        assert_eq!(lines("").count(), 0);
    }

    #[test]
    fn folding_makes_typed_text_comparable() {
        assert_eq!(plain("“a”\u{A0}– „b“ — it’s «c»\r\n−1"), "\"a\" - \"b\" - it's \"c\"\n-1");
    }

    #[test]
    fn quote_marks_come_off_in_layers() {
        assert_eq!(unquote("> > a", 9), (2, "a"));
        assert_eq!(unquote(">>a", 1), (1, ">a"));
        assert_eq!(unquote(">   a", 9), (1, "  a"));
        assert_eq!(unquote("a > b", 9), (0, "a > b"));
    }

    #[test]
    fn fences_are_known() {
        for line in ["```", "  ```yaml ", "~~~", "`````"] {
            assert!(is_fence(line), "{line}");
        }
        for line in ["", "``", "``` Request: x", "```a b"] {
            assert!(!is_fence(line), "{line}");
        }
    }

    #[test]
    fn a_reply_is_split_from_what_it_answers() {
        let text = "> <@ben:x.org> Request: terms\n> Agency: y\n\nlooks bad";
        assert_eq!(split_reply(text), ("> <@ben:x.org> Request: terms\n> Agency: y\n", "\nlooks bad"));
        for whole in ["> <@ben:x.org> all\n> quoted\n\n ", "> a\n\nb", "plain"] {
            assert_eq!(split_reply(whole), ("", whole));
        }
    }
}
