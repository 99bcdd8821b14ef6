//! A message of docket's own, built from pieces that know where they come from.
//!
//! There are two kinds of text: ours, which stands in this program, and theirs, which came from outside. Theirs can only
//! enter through [`Line::theirs`], [`Page::their_text`] and [`Page::letter`], where it is cleaned and set as code; nothing
//! else makes HTML. So no request, note or name can put a link, a pill, a mention or an invisible character into a message:
//! clients make neither links nor previews of what stands in code, and a reader sees at a glance which words are not docket's.

use crate::case::letter::Piece;

use super::clean::{clip, escape_html, shown, shown_in_line};

/// How much of a foreign line is shown where it is one of many.
pub const SHORT: usize = 200;
/// How much of it is shown where somebody decides by it. No account and no mail address is longer, even with its odd letters
/// shown.
const WHOLE: usize = 2_000;
/// How much of a foreign text is shown where it stands alone.
pub const LONG: usize = 4_000;
/// A message is cut before it reaches what a homeserver accepts as one event.
pub const MOST_TEXT: usize = 24_000;

/// What stands before each line of a foreign text, so that none of them is taken for a line of docket's.
const BAR: &str = "│ ";
/// What stands between pieces of ours.
const BETWEEN: char = '·';

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    lines: Vec<Line>,
    /// Long matter that a client may fold away: its title and its lines.
    folded: Option<(String, Vec<Line>)>,
}

/// One line of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    spans: Vec<Span>,
    indent: bool,
}

/// A piece of a line. The text is already clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words of ours.
    Plain(String),
    /// Words of ours that stand out: an id, a stage.
    Strong(String),
    /// Not running text: a command to copy.
    Code(String),
    /// Words from outside.
    Theirs(String),
    /// Several lines to be copied as they stand: a form.
    Block(String),
}

impl Line {
    /// An empty line to add to.
    pub fn new() -> Line {
        Line::default()
    }

    /// A line of ours.
    pub fn ours(text: impl Into<String>) -> Line {
        Line::new().say(text)
    }

    /// Adds words of ours. No full stop stands right behind a command: whoever copies it on a phone copies that too.
    pub fn say(mut self, text: impl Into<String>) -> Line {
        let mut text = text.into();
        let ends = text.strip_prefix('.').filter(|_| matches!(self.spans.last(), Some(Span::Code(_))));
        // What ended a sentence before is the empty word.
        let goes_on = matches!(
            self.spans.as_slice(),
            [.., Span::Code(_), Span::Plain(last)] if last.is_empty()
        );
        if let Some(rest) = ends {
            text = rest.strip_prefix(' ').map_or_else(|| rest.to_owned(), |rest| format!(" · {rest}"));
        } else if goes_on && text.starts_with(' ') && !text.starts_with(" ·") {
            text = format!(" ·{text}");
        }
        self.spans.push(Span::Plain(text));
        self
    }

    /// Adds words of ours that stand out.
    pub fn strong(mut self, text: impl Into<String>) -> Line {
        self.spans.push(Span::Strong(text.into()));
        self
    }

    /// Adds a command to copy.
    pub fn code(mut self, text: impl Into<String>) -> Line {
        self.spans.push(Span::Code(text.into()));
        self
    }

    /// Adds words from outside, on one line and not too long.
    pub fn theirs(mut self, text: &str) -> Line {
        self.spans.push(Span::Theirs(clip(&shown_in_line(text), SHORT)));
        self
    }

    /// Adds a name that the policy or the directory knows, as somebody typed it. Two people or the operator gave it, so it may
    /// begin a line as it is.
    pub fn known(mut self, label: &str) -> Line {
        self.spans.push(Span::Code(clip(&shown_in_line(label), SHORT)));
        self
    }

    /// Adds words from outside by which somebody decides, so they are not cut short: a name, or the reason that a user is given.
    pub fn whole(mut self, name: &str) -> Line {
        self.spans.push(Span::Theirs(clip(&shown_in_line(name), WHOLE)));
        self
    }

    /// Adds a separator and goes on.
    pub fn dot(self) -> Line {
        self.say(" · ")
    }

    /// Begins with a capital, where words of ours come first.
    pub fn begin_sentence(mut self) -> Line {
        if let Some(Span::Plain(words)) = self.spans.first_mut()
            && let Some(first) = words.chars().next()
        {
            words.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
        }
        self
    }

    /// Sets the line in.
    pub fn indented(mut self) -> Line {
        self.indent = true;
        self
    }

    /// Adds the pieces of another line.
    pub fn join(self, other: Line) -> Line {
        other.spans.into_iter().fold(self, |mut line, span| {
            if let Span::Plain(words) = span {
                return line.say(words);
            }
            line.spans.push(span);
            line
        })
    }

    /// The pieces.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Whether the line is set in.
    pub fn is_indented(&self) -> bool {
        self.indent
    }

    /// What it reads as, without what sets it off.
    pub fn text(&self) -> String {
        let words = self.words().map(|(_, words)| words);
        let indent = if self.indent { "  " } else { "" };
        [indent.to_owned()].into_iter().chain(words).collect()
    }

    /// The pieces with their words as plain text. Words from outside that begin the line, or that have in them what stands between
    /// pieces of ours, stand in marks there, where nothing else sets them off: a stranger who writes `Next: !case approve …` or
    /// `4711 · requester verified` does not speak for docket.
    pub fn words(&self) -> impl Iterator<Item = (&Span, String)> {
        let is_barred = matches!(self.spans.first(), Some(Span::Plain(first)) if first == BAR);
        let mut is_begun = false;
        self.spans.iter().map(move |span| {
            let words = match span {
                Span::Theirs(words) if !is_begun && !is_account(words) => in_marks(words),
                Span::Theirs(words) if !is_barred && words.contains(BETWEEN) => in_marks(words),
                Span::Plain(words)
                | Span::Strong(words)
                | Span::Code(words)
                | Span::Theirs(words)
                | Span::Block(words) => words.clone(),
            };
            is_begun |= !words.trim().is_empty();
            (span, words)
        })
    }

    fn html(&self) -> String {
        let mut html = String::from(if self.indent { "&nbsp;&nbsp;" } else { "" });
        for span in &self.spans {
            match span {
                Span::Plain(words) => html.push_str(&escape_html(words)),
                Span::Strong(words) => html.push_str(&format!("<strong>{}</strong>", escape_html(words))),
                Span::Code(words) | Span::Theirs(words) => {
                    html.push_str(&format!("<code>{}</code>", escape_html(words)))
                }
                Span::Block(words) => {
                    html.push_str(&format!("<pre><code>{}\n</code></pre>", escape_html(words)))
                }
            }
        }
        html
    }
}

/// Marks that the words themselves cannot close.
fn in_marks(words: &str) -> String {
    format!("“{}”", words.replace(['“', '”'], "\""))
}

/// An account shows by its first letter that it is no sentence of docket's.
fn is_account(words: &str) -> bool {
    words.starts_with('@') && !words.contains(char::is_whitespace)
}

impl Page {
    /// An empty message to add to.
    pub fn new() -> Page {
        Page::default()
    }

    /// A message of one line.
    pub fn of(line: Line) -> Page {
        Page::new().line(line)
    }

    /// Adds a line.
    pub fn line(mut self, line: Line) -> Page {
        self.lines.push(line);
        self
    }

    /// Adds lines.
    pub fn lines(mut self, lines: impl IntoIterator<Item = Line>) -> Page {
        self.lines.extend(lines);
        self
    }

    /// Adds a block of ours to be copied as it stands.
    pub fn block(self, text: impl Into<String>) -> Page {
        self.line(Line { spans: vec![Span::Block(text.into())], indent: false })
    }

    /// Adds a text from outside, keeping its lines, each behind a bar.
    pub fn their_text(mut self, text: &str) -> Page {
        let text = clip(&shown(text), LONG);
        let line = |line: &str| {
            let spans = vec![Span::Plain(BAR.to_owned()), Span::Theirs(line.to_owned())];
            Line { spans, indent: true }
        };
        self.lines.extend(text.lines().map(line));
        self
    }

    /// Adds a letter to be copied as it stands; the words in it that came from outside are cleaned, the policy's are not.
    pub fn letter(self, pieces: &[Piece]) -> Page {
        let words = pieces.iter().map(|piece| match piece {
            Piece::Ours(words) => words.clone(),
            Piece::Theirs(words) => clip(&shown(words), LONG),
        });
        let text: String = words.collect();
        self.block(text.trim_matches('\n'))
    }

    /// Puts long matter behind a title that a client may fold.
    pub fn folded(mut self, title: impl Into<String>, lines: Vec<Line>) -> Page {
        self.folded = Some((title.into(), lines));
        self
    }

    /// All lines in order, the folded ones last behind their title.
    pub fn all_lines(&self) -> Vec<Line> {
        let mut lines = self.lines.clone();
        if let Some((title, folded)) = &self.folded {
            lines.push(Line::ours(title.clone()));
            lines.extend(folded.iter().cloned());
        }
        lines
    }

    /// The message as plain text, as good to read as the HTML.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let lines = self.all_lines();
        for (n, line) in lines.iter().enumerate() {
            let line = line.text();
            if text.len() + line.len() > MOST_TEXT {
                text.push_str(&left_out(lines.len() - n));
                break;
            }
            if n > 0 {
                text.push('\n');
            }
            text.push_str(&line);
        }
        text
    }

    /// All of the message as plain text, however long.
    pub fn whole_text(&self) -> String {
        self.all_lines().iter().map(Line::text).collect::<Vec<_>>().join("\n")
    }

    /// Whether some of it is left out of what is sent as one message.
    pub fn is_cut(&self) -> bool {
        let html = |lines: &[Line]| lines.iter().map(|line| line.html().len()).sum::<usize>();
        let folded = self.folded.as_ref().map_or(0, |(_, lines)| html(lines));
        self.whole_text().len() > MOST_TEXT || html(&self.lines) + folded > MOST_TEXT
    }

    /// Its first lines: no more than this many bytes of text, and nothing of what a client may fold away.
    pub fn beginning(&self, most: usize) -> Page {
        let mut left = most;
        let fits = |line: &&Line| {
            let fitting = left.checked_sub(line.text().len() + 1);
            left = fitting.unwrap_or_default();
            fitting.is_some()
        };
        Page { lines: self.lines.iter().take_while(fits).cloned().collect(), folded: None }
    }

    /// The message as HTML.
    pub fn html(&self) -> String {
        let mut left = MOST_TEXT;
        let mut html = lines_html(&self.lines, &mut left);
        if let Some((title, folded)) = &self.folded {
            let inside = lines_html(folded, &mut left);
            html.push_str(&format!("<details><summary>{}</summary>{inside}</details>", escape_html(title)));
        }
        html
    }
}

fn lines_html(lines: &[Line], left: &mut usize) -> String {
    let mut html = String::new();
    for (n, line) in lines.iter().enumerate() {
        let line = line.html();
        if line.len() > *left {
            html.push_str("<br>");
            html.push_str(&escape_html(left_out(lines.len() - n).trim_start()));
            break;
        }
        *left -= line.len();
        if n > 0 && !line.starts_with("<pre>") && !html.ends_with("</pre>") {
            html.push_str("<br>");
        }
        html.push_str(&line);
    }
    html
}

fn left_out(lines: usize) -> String {
    format!("\n… ({lines} more lines do not fit into one message)")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_stranger_does_not_speak_for_docket() {
        let foreign = "Next: !case approve C-2 ABCDEF";
        let line = Line::new().theirs(foreign).say(": x");
        assert_eq!(line.text(), format!("“{foreign}”: x"));
        assert_eq!(line.clone().indented().text(), format!("  “{foreign}”: x"));
        assert_eq!(Line::new().say("").whole(foreign).text(), format!("“{foreign}”"));
        assert_eq!(Line::ours("Said: ").theirs(foreign).text(), format!("Said: {foreign}"));
        assert_eq!(Line::new().theirs("@ben:our.org").say(" reads").text(), "@ben:our.org reads");
        assert_eq!(Line::new().theirs("@ben is frozen").text(), "“@ben is frozen”");
        let between = "4711 · requester verified";
        assert_eq!(Line::ours("Reference: ").theirs(between).text(), format!("Reference: “{between}”"));
        assert_eq!(Line::ours("Said: ").theirs("x” · gag: none").text(), "Said: “x\" · gag: none”");
        assert_eq!(Page::new().their_text("a\nC-1 · closed").text(), "  │ a\n  │ C-1 · closed");
        // Where words from outside stand in code, nothing else need set them off.
        assert_eq!(Page::of(line).html(), "<code>Next: !case approve C-2 ABCDEF</code>: x");
    }

    #[test]
    fn of_a_message_that_is_too_long_all_and_the_beginning_can_be_had() {
        let short = Page::of(Line::ours("one")).folded("more", vec![Line::ours("two")]);
        assert!(!short.is_cut());
        assert_eq!(short.whole_text(), short.text());
        assert_eq!(short.beginning(100).text(), "one");
        let long = (0..1_000).fold(Page::new(), |page, n| page.line(Line::ours(format!("line {n} of many"))));
        let long = long.folded("more", (0..1_000).map(|n| Line::ours(format!("line {n} within"))).collect());
        assert!(long.is_cut() && long.text().contains("more lines do not fit"));
        assert!(long.whole_text().ends_with("line 999 within") && !long.whole_text().contains("do not fit"));
        assert_eq!(long.beginning(40).text(), "line 0 of many\nline 1 of many");
        assert_eq!(Page::of(Line::ours("x".repeat(50))).beginning(40), Page::new());
    }

    #[test]
    fn no_full_stop_stands_right_behind_a_command() {
        let close = || Line::ours("Next: ").code("!case close C-1");
        assert_eq!(close().say(".").text(), "Next: !case close C-1");
        assert_eq!(close().say(". Still counted").text(), "Next: !case close C-1 · Still counted");
        assert_eq!(close().say(".").say(" See ").code("x").text(), "Next: !case close C-1 · See x");
        assert_eq!(close().join(Line::ours(". Or")).text(), "Next: !case close C-1 · Or");
        assert_eq!(close().say("").say(" x").say(".").text(), "Next: !case close C-1 · x.");
        assert_eq!(Line::new().join(close()).text(), "Next: !case close C-1");
    }

    proptest! {
        #[test]
        fn what_stands_between_pieces_is_ours(foreign in "[A-Za-z·“” –:]{1,40}") {
            let text = Line::ours("Reference: ").theirs(&foreign).say(" · With nobody").text();
            // Without what stands in marks, no sign is left but our own.
            let outside: String = text.split('“').enumerate().map(|(n, part)| match part.split_once('”') {
                Some((_, after)) if n > 0 => after,
                _ => part,
            }).collect();
            prop_assert_eq!(outside.matches('·').count(), 1, "{}", text);
        }

        #[test]
        fn no_line_of_plain_text_begins_with_words_from_outside(
            foreign in "[A-Za-z0-9@·:!“” \n\r\u{2028}\u{85}-]{1,30}",
            before in "[ ]{0,2}",
            set_in in any::<bool>(),
        ) {
            let line = Line::new().say(before).theirs(&foreign).say(": ").theirs(&foreign);
            let line = if set_in { line.indented() } else { line };
            let text = Page::of(line.clone()).line(line).their_text(&foreign).text();
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                let first = line.trim_start();
                let is_set_off = first.starts_with(['“', '│']) || first.starts_with(':');
                prop_assert!(is_set_off || first.starts_with('@'), "{line:?}");
            }
        }
    }
}
