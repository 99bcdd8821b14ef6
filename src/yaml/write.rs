//! A tree as text that reads back to the same. Short things stand in one line; everything that could be misread in quotes.

use super::tree::{Shape, Tree};

/// The longest line that a list or a mapping is put in.
const LINE: usize = 110;
/// How much of a value is shown where it is only named.
const SHORT: usize = 50;

/// Keys and values, a line or more each.
pub(super) fn block(shape: &Shape<'_>) -> String {
    let mut out = String::new();
    match shape {
        Shape::Map(entries) => entries_below(entries, 0, &mut out),
        Shape::Text(_) | Shape::Nothing | Shape::List(_) | Shape::Refused => {
            out.push_str(&flow(shape));
            out.push('\n');
        }
    }
    out
}

/// A value as it is named in a sentence: in one line, and no more than its beginning.
pub(super) fn in_short(shape: &Shape<'_>) -> String {
    let whole = match shape {
        Shape::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Shape::Nothing | Shape::List(_) | Shape::Map(_) | Shape::Refused => flow(shape),
    };
    match whole.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default().trim_end()),
        None => whole,
    }
}

/// Two values as they are named in a sentence, each with the place in it at which they differ.
pub(super) fn apart(one: &Shape<'_>, other: &Shape<'_>) -> (String, String) {
    let whole = |shape: &Shape<'_>| match shape {
        Shape::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Shape::Nothing | Shape::List(_) | Shape::Map(_) | Shape::Refused => flow(shape),
    };
    let (one, other) = (whole(one), whole(other));
    let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    // What fits as a whole is shown as a whole; else from the last word that is the same on.
    let from = if one.chars().count().max(other.chars().count()) <= SHORT {
        0
    } else {
        let begun: String = one.chars().take(same).collect();
        begun.trim_end().rfind(' ').map_or(0, |at| begun.get(..at).unwrap_or_default().chars().count() + 1)
    };
    let cut = |text: &str| {
        let rest: String = text.chars().skip(from).take(SHORT).collect();
        let (before, after) =
            (if from > 0 { "…" } else { "" }, if text.chars().count() > from + SHORT { "…" } else { "" });
        format!("{before}{}{after}", rest.trim_end())
    };
    (cut(&one), cut(&other))
}

fn entries_below(entries: &[(Tree<'_>, Tree<'_>)], depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for (key, value) in entries {
        let key = flow(&key.shape);
        let room = LINE.saturating_sub(indent.len() + key.len() + 2);
        out.push_str(&format!("{indent}{key}:"));
        match &value.shape {
            Shape::Text(text) if is_literal(text) => literal(text, depth + 1, out),
            Shape::Map(entries) if !entries.is_empty() && (depth == 0 || !fits(&value.shape, room)) => {
                out.push('\n');
                entries_below(entries, depth + 1, out);
            }
            Shape::List(items) if !fits(&value.shape, room) => {
                for item in items {
                    out.push_str(&format!("\n{indent}  - {}", flow(&item.shape)));
                }
                out.push('\n');
            }
            shape => out.push_str(&format!(" {}\n", flow(shape))),
        }
    }
}

fn fits(shape: &Shape<'_>, room: usize) -> bool {
    let flow = flow(shape);
    flow.chars().count() <= room && !flow.contains("\\n")
}

/// Whether a text of several lines can stand as it is, below its key.
fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.starts_with(char::is_whitespace)
        && !body.ends_with('\n')
        && !text.contains(|c: char| c.is_control() && c != '\n' || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}'))
        // A line of nothing but spaces could lose them.
        && body.lines().all(|line| line.is_empty() || !line.trim().is_empty())
}

fn literal(text: &str, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    out.push_str(if text.ends_with('\n') { " |\n" } else { " |-\n" });
    for line in text.lines() {
        if !line.is_empty() {
            out.push_str(&indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// In one line.
fn flow(shape: &Shape<'_>) -> String {
    match shape {
        Shape::Text(text) => scalar(text),
        Shape::Nothing | Shape::Refused => "~".to_owned(),
        Shape::List(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(&item.shape)).collect();
            format!("[{}]", items.join(", "))
        }
        Shape::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Shape::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", flow(&key.shape), flow(&value.shape)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}

fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_alphanumeric())
        && text.chars().all(|c| c.is_alphanumeric() || " -_./()’§".contains(c))
        && !text.ends_with(' ')
        && !matches!(text.to_ascii_lowercase().as_str(), "null" | "~");
    if is_plain {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}') => {
                out.push_str(&format!("\\U{:08X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
