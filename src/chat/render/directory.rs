//! What `directory find` shows.

use crate::case::{Agency, Key, Terms};
use crate::chat::page::{Line, Page};
use crate::chat::text;

/// How many entries are shown.
const MOST: usize = 10;

/// The entries that have all these words in their name, domains or source, or these digits in a number; all if there are no
/// words.
pub fn directory(words: &str, terms: &Terms) -> Page {
    let found: Vec<&Agency> = terms.directory.iter().filter(|agency| has(agency, words)).collect();
    if terms.directory.is_empty() {
        return Page::of(Line::ours("The directory is empty.")).line(how_to_add(terms));
    }
    if found.is_empty() {
        let line = Line::ours("The directory has nothing for ").theirs(words);
        return Page::of(line.say(". Look by another word, a number or a domain.")).line(how_to_add(terms));
    }
    let shown = found.iter().take(MOST).flat_map(|agency| {
        let line = Line::new().known(&agency.name).say(" – ").join(text::entry(agency, terms.zone));
        std::iter::once(line).chain(text::additions(agency, terms.zone))
    });
    let page = Page::new().lines(shown);
    match found.len().saturating_sub(MOST) {
        0 => page,
        more => page.line(Line::ours(format!("And {more} more. Say another word of what you look for."))),
    }
}

fn how_to_add(terms: &Terms) -> Line {
    Line::ours("An administrator adds an agency, with a number found elsewhere than in a request: ").code(
        format!(
            "{} directory add Kent Police phone=\"+44 1632 960200\" source=\"their own site\"",
            terms.prefix()
        ),
    )
}

fn has(agency: &Agency, words: &str) -> bool {
    let folded = |text: &str| Key::read(text).map(|key| key.to_string()).unwrap_or_default();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let number = digits(words).trim_start_matches("00").trim_start_matches('0').to_owned();
    let is_number = number.len() > 3 && words.chars().all(|c| !c.is_alphabetic());
    if is_number {
        return agency.phones.iter().any(|phone| digits(phone).contains(&number));
    }
    let texts: Vec<String> = std::iter::once(&agency.name)
        .chain(&agency.domains)
        .chain([&agency.source])
        .map(|text| folded(text))
        .collect();
    // Somebody may paste an address; what counts is its domain, and whatever that lies under.
    let domain = words.trim().rsplit('@').next().unwrap_or_default().to_lowercase();
    if agency.domain_over(&domain).is_some() {
        return true;
    }
    folded(&domain).split(' ').all(|word| texts.iter().any(|text| text.contains(word)))
}
