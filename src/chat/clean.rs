//! The place where foreign text becomes safe to show. Whatever a stranger wrote passes here before it goes out: nothing
//! hidden stays hidden, nobody is called, nothing can be clicked. Does not know what is foreign; whoever shows text does.

use unicode_normalization::UnicodeNormalization;

use crate::case::glyph;

/// Text with its lines, safe to show: hidden characters as codes, `@room` and links broken where everybody sees it.
pub fn shown(text: &str) -> String {
    defanged(&spelled(text, "\n"))
}

/// The same on one line; line ends become ` ⏎ `.
pub fn shown_in_line(text: &str) -> String {
    defanged(&spelled(text, " ⏎ "))
}

/// At most `most` characters, and how many are missing. Give it text that is shown already.
pub fn clip(text: &str, most: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let mut kept = text.get(..cut).unwrap_or_default();
    // Half a code would be a riddle, and a letter without its marks another letter.
    if let Some(open) = kept.rfind('⟨')
        && !kept.get(open..).unwrap_or_default().contains('⟩')
    {
        kept = kept.get(..open).unwrap_or_default();
    }
    // Nor a half of the dot or colon by which nothing becomes a link.
    let is_half = text.get(kept.len()..).is_some_and(|rest| rest.starts_with(']'));
    if is_half && let Some(before) = kept.strip_suffix("[.").or_else(|| kept.strip_suffix("[:")) {
        kept = before;
    }
    let joins = |rest: &str| rest.chars().next().is_some_and(|c| glyph::is_mark(c) || c == VS16);
    while !kept.is_empty() && text.get(kept.len()..).is_some_and(joins) {
        let last = kept.chars().next_back().map_or(0, char::len_utf8);
        kept = kept.get(..kept.len() - last).unwrap_or_default();
    }
    let missing = text.get(kept.len()..).unwrap_or_default().chars().count();
    let plural = if missing == 1 { "" } else { "s" };
    format!("{kept}… (+{missing} character{plural})")
}

/// Escapes what means something in HTML, in text and in attributes.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

const VS16: char = '\u{FE0F}';
/// The most marks that stand on one character in any writing that people use.
const MOST_MARKS: usize = 4;

/// Spells out what cannot be seen. A second time changes nothing.
fn spelled(text: &str, line_end: &str) -> String {
    let mut out = Spelling { text: String::with_capacity(text.len()), base: None, marks: 0, surplus: 0 };
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                out.flush();
                out.text.push_str(line_end);
                out.base = None;
            }
            VS16 if out.base.is_some_and(is_pictograph) => {
                out.flush();
                out.text.push(VS16);
                out.base = Some(VS16);
            }
            '\u{0085}' | '\u{2028}' | '\u{2029}' => out.code(c),
            c if glyph::is_blank(c) && !matches!(c, '\u{B}' | '\u{C}') => out.letter(' '),
            c if glyph::is_hidden(c) => out.code(c),
            c if glyph::is_mark(c) => out.mark(c),
            c => out.letter(c),
        }
    }
    out.flush();
    out.text
}

struct Spelling {
    text: String,
    /// The character that a mark would sit on; none at the start of a line.
    base: Option<char>,
    marks: usize,
    surplus: usize,
}

impl Spelling {
    fn letter(&mut self, c: char) {
        self.flush();
        self.text.push(c);
        self.base = Some(c);
    }

    fn code(&mut self, c: char) {
        self.flush();
        self.text.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        self.base = Some('⟩');
    }

    fn mark(&mut self, c: char) {
        if self.base.is_none() {
            // It would sit on what docket wrote before it.
            self.code(c);
        } else if self.marks < MOST_MARKS {
            self.marks += 1;
            self.text.push(c);
            self.base = Some(c);
        } else {
            self.surplus += 1;
        }
    }

    /// Ends a run of marks, saying how many were left out.
    fn flush(&mut self) {
        if self.surplus > 0 {
            self.text.push_str(&format!("⟨+{} marks⟩", self.surplus));
        }
        (self.marks, self.surplus) = (0, 0);
    }
}

/// Symbols that have a coloured form, which VS16 asks for.
fn is_pictograph(c: char) -> bool {
    matches!(c, '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '〰' | '〽' | '㊗' | '㊙'
        | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{27BF}' | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// Breaks calls and links. A second time changes nothing.
fn defanged(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut in_host = false;
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        if in_host && (c.is_whitespace() || matches!(c, '?' | '#' | '"' | '\'' | '<' | '>' | ')')) {
            in_host = false;
        }
        match c {
            '@' | '＠' | '﹫' if calls_room(rest) => {
                out.push(c);
                out.push(' ');
            }
            ':' if rest.starts_with("//") => match break_scheme(&mut out) {
                Scheme::Web => {
                    out.push(':');
                    in_host = true;
                }
                Scheme::Other => out.push_str("[:]"),
                Scheme::None => out.push(':'),
            },
            ':' if ends_with(&out, "matrix") && rest.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                out.push_str("[:]");
            }
            '.' if out.ends_with('[') && rest.starts_with(']') => out.push('.'),
            '.' if in_host
                || ends_with(&out, "www")
                || ends_with(&out, "matrix") && starts_with(rest, "to") =>
            {
                out.push_str("[.]");
            }
            '/' if in_host && !out.ends_with(':') && !out.ends_with(":/") => {
                in_host = false;
                out.push('/');
            }
            c => out.push(c),
        }
    }
    out
}

enum Scheme {
    Web,
    Other,
    None,
}

/// Breaks the scheme at the end of what is written: `https` becomes `hxxps`, in its own case.
fn break_scheme(out: &mut String) -> Scheme {
    for (web, broken) in [("https", "xxps"), ("http", "xxp")] {
        if ends_with(out, web) {
            let tail = out.split_off(out.len() + 1 - web.len());
            let fitted = broken.chars().zip(tail.chars()).map(|(new, old)| match new {
                'x' if old.is_ascii_uppercase() => 'X',
                'x' => 'x',
                _ => old,
            });
            out.extend(fitted);
            return Scheme::Web;
        }
    }
    if ends_with(out, "hxxps") || ends_with(out, "hxxp") {
        Scheme::Web
    } else if out.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')) {
        Scheme::Other
    } else {
        Scheme::None
    }
}

fn ends_with(text: &str, tail: &str) -> bool {
    let start = text.len().checked_sub(tail.len());
    start.and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(tail))
}

fn starts_with(text: &str, head: &str) -> bool {
    text.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head))
}

/// Whether `room` follows, in any case and in any dress that normalises to it.
fn calls_room(rest: &str) -> bool {
    let letters: String = rest.chars().take(4).nfkc().collect();
    letters.to_lowercase().starts_with("room")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_spelled_out() {
        for (foreign, safe) in [
            ("a\u{202E}b", "a⟨U+202E⟩b"),
            ("a\u{200B}\u{AD}b", "a⟨U+200B⟩⟨U+00AD⟩b"),
            ("\u{1B}[31mred\u{7F}", "⟨U+001B⟩[31mred⟨U+007F⟩"),
            ("a\u{2028}b\u{85}c", "a⟨U+2028⟩b⟨U+0085⟩c"),
            ("\u{E0041}\u{E000}\u{FFFF}", "⟨U+E0041⟩⟨U+E000⟩⟨U+FFFF⟩"),
            ("a\tb\u{A0}c\u{3000}d", "a b c d"),
            ("❤\u{FE0F} a\u{FE0F}", "❤\u{FE0F} a⟨U+FE0F⟩"),
            ("👩\u{200D}🚀", "👩⟨U+200D⟩🚀"),
            ("Grüße, Ivan Иван 漢字 é", "Grüße, Ivan Иван 漢字 é"),
        ] {
            assert_eq!(shown(foreign), safe);
        }
    }

    #[test]
    fn nobody_is_called() {
        for (foreign, safe) in [
            ("@room", "@ room"),
            ("x@RoOm!", "x@ RoOm!"),
            ("@roomy", "@ roomy"),
            ("@\u{200B}room", "@⟨U+200B⟩room"),
            ("＠ｒｏｏｍ", "＠ ｒｏｏｍ"),
            ("@roo", "@roo"),
            ("@@room", "@@ room"),
        ] {
            assert_eq!(shown(foreign), safe);
        }
    }

    #[test]
    fn nothing_can_be_clicked() {
        for (foreign, safe) in [
            ("https://evil.example/a.b?c.d", "hxxps://evil[.]example/a.b?c.d"),
            ("HTTP://EVIL.example", "HXXP://EVIL[.]example"),
            ("xhttps://a.b", "xhxxps://a[.]b"),
            ("ftp://a.b", "ftp[:]//a.b"),
            ("mxc://a.b/c", "mxc[:]//a.b/c"),
            ("https://matrix.to/#/@a:x.org", "hxxps://matrix[.]to/#/@a:x.org"),
            ("see Matrix.To/#/x", "see Matrix[.]To/#/x"),
            ("matrix:u/a:x.org", "matrix[:]u/a:x.org"),
            ("www.evil.example", "www[.]evil.example"),
            ("Matrix: yes. a://b ://c", "Matrix: yes. a[:]//b ://c"),
            ("@alice:example.org, jane@x.org", "@alice:example.org, jane@x.org"),
            ("hxxps://a[.]b/", "hxxps://a[.]b/"),
        ] {
            assert_eq!(shown(foreign), safe);
        }
    }

    #[test]
    fn marks_are_counted() {
        let zalgo = format!("a{}b", "\u{301}".repeat(9));
        assert_eq!(shown(&zalgo), format!("a{}⟨+5 marks⟩b", "\u{301}".repeat(4)));
        assert_eq!(shown("\u{301}a\n\u{301}"), "⟨U+0301⟩a\n⟨U+0301⟩");
    }

    #[test]
    fn lines_are_kept_or_shown() {
        assert_eq!(shown("a\r\nb\rc\n"), "a\nb\nc\n");
        assert_eq!(shown_in_line("a\r\nb\rc"), "a ⏎ b ⏎ c");
    }

    #[test]
    fn a_clipped_text_says_what_is_missing() {
        assert_eq!(clip("héllo", 5), "héllo");
        assert_eq!(clip("héllo", 4), "héll… (+1 character)");
        assert_eq!(clip("ab⟨U+202E⟩c", 5), "ab… (+9 characters)");
        assert_eq!(clip("abe\u{301}f", 3), "ab… (+3 characters)");
        assert_eq!(clip("abc", 0), "… (+3 characters)");
        assert_eq!(clip("", 0), "");
    }

    #[test]
    fn html_is_text() {
        assert_eq!(
            escape_html("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"
        );
    }
}
