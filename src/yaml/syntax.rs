//! Sentences for text that is no YAML. The parser says what it was scanning for; an administrator needs to hear what to
//! type instead. Knows the parser's words; when they change, its own are passed on.

use super::mistake::{Place, quoted};

/// Where a fault stands: the parser finds a tab while it reads what stands in the line before, and says where that begins.
pub(super) fn place(text: &str, place: Place, fault: &str) -> Place {
    let indents_by_tab = |line: &str| line.trim_start_matches(' ').starts_with('\t');
    if !fault.contains("tab") {
        return place;
    }
    let mut lines = text.lines().enumerate().skip(place.line.saturating_sub(1));
    match lines.find(|(_, line)| indents_by_tab(line)) {
        Some((at, line)) if at + 1 > place.line => {
            Place { line: at + 1, column: 1 + line.chars().take_while(|c| *c == ' ').count(), ..place }
        }
        Some(_) | None => place,
    }
}

/// What to say of a fault that the parser met at a place of the text.
pub(super) fn sentence(text: &str, place: Place, fault: &str) -> String {
    let line = text.lines().nth(place.line.saturating_sub(1)).unwrap_or_default();
    let rest: String = line.chars().skip(place.column.saturating_sub(1)).collect();
    let begins_with = |c: char| rest.starts_with(c);
    let line_has_tab = line.trim_start_matches(' ').starts_with('\t');
    let meant = if begins_with('@') || begins_with('`') || begins_with('%') {
        let value = value(&rest);
        format!("{} must stand in quotes: \"{}\"", quoted(value), clipped(value))
    } else if begins_with('\t') || line_has_tab || fault.contains("tab") {
        "a tab cannot indent YAML; use spaces".to_owned()
    } else if fault.contains("unknown anchor") {
        "aliases (`*name`) are not read here; write the value out".to_owned()
    } else if fault.contains("anchor") || fault.contains("alias") {
        "`*` and `&` mean something to YAML; put the text in quotes".to_owned()
    } else if fault.contains("tag") {
        "`!` means something to YAML; put the text in quotes".to_owned()
    } else if fault.contains("recursion limit") {
        "this stands too deep inside brackets".to_owned()
    } else if fault.contains("quoted scalar") || fault.contains("unexpected end of stream") {
        "a quote is opened and never closed, or closed in the wrong place".to_owned()
    } else if fault.contains("mapping values are not allowed") || fault.contains("':' indicator") {
        "a `:` stands where none can; put the text in quotes, close the bracket before it, or check the indentation".to_owned()
    } else if fault.contains("flow sequence") {
        "a list in brackets is not closed; it is written [one, two]".to_owned()
    } else if fault.contains("flow mapping") {
        "braces are not closed, or a comma is missing; it is written { key: value, key: value }".to_owned()
    } else if fault.contains("node content") {
        "a bracket or a brace is never closed, or nothing stands where a value must".to_owned()
    } else if fault.contains("block mapping") || fault.contains("simple key") || fault.contains("indentation")
    {
        "the indentation does not fit, or a `key: value` lacks its colon".to_owned()
    } else {
        format!("this is no YAML: {fault}")
    };
    format!("{meant} (what follows was not read)")
}

/// The value that begins here, as far as one can tell without a parser.
fn value(rest: &str) -> &str {
    rest.split([',', '}', ']', '#', ' ', '"']).next().unwrap_or(rest)
}

fn clipped(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).take(60).collect()
}
