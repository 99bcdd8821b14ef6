//! That `docs/journal-format.md` names every event that a journal can hold, and none besides. Tests only.

const OF_THE_ROOM: &str = include_str!("room_watch.rs");
const PAGE: &str = include_str!("../../docs/journal-format.md");
const OF_CASES: &str = include_str!("event.rs");
const OF_DESK: &str = include_str!("desk_event.rs");
const OF_HELD: &str = include_str!("held.rs");
const OF_UNREAD: &str = include_str!("unread.rs");

/// The names of the variants of an enum, as they are stored.
fn variants(source: &str, of: &str) -> Vec<String> {
    let head = format!("pub enum {of} {{\n");
    let body = source.split_once(&head).expect("it is there").1.split_once("\n}\n").expect("it ends").0;
    let names = body.lines().filter_map(|line| line.strip_prefix("    "));
    let names = names.filter(|line| line.starts_with(char::is_uppercase));
    names.map(|line| stored(line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())).collect()
}

/// `LetterSent` as `letter-sent`.
fn stored(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The names in the first column of a table of the page.
fn rows(after: &str) -> Vec<String> {
    let table = PAGE.split_once(after).expect("the page has it").1;
    let rows =
        table.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let names =
        rows.filter_map(|row| row.strip_prefix("| `")?.split_once('`').map(|(name, _)| name.to_owned()));
    names.collect()
}

#[test]
fn the_page_of_the_format_has_every_event() {
    assert_eq!(rows("\nOf a case:\n"), variants(OF_CASES, "Event"));
    let mut desk = variants(OF_DESK, "DeskEvent");
    // These only hold others.
    desk.extend(variants(OF_DESK, "ClockEvent"));
    desk.extend(variants(OF_DESK, "StandingEvent"));
    desk.retain(|name| !["clock", "stands", "watch", "held", "unread"].contains(&name.as_str()));
    desk.extend(variants(OF_THE_ROOM, "WatchEvent"));
    desk.extend(variants(OF_HELD, "HeldEvent"));
    desk.extend(variants(OF_UNREAD, "UnreadEvent"));
    assert_eq!(rows("\nOf the desk:\n"), desk);
}

/// The names are those that are written, not only those of the source.
#[test]
fn they_are_stored_by_those_names() {
    let written = serde_json::to_value(super::Event::WrongCode).expect("it is written");
    assert_eq!(written["event"], "wrong-code");
    let written = super::DeskEvent::from(super::ClockEvent::ClockTrusted);
    assert_eq!(serde_json::to_value(written).expect("it is written")["event"], "clock-trusted");
}
