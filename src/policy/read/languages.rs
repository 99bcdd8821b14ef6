//! What a policy says in a language besides its own. Each letter, sentence and reason stands there under the name that it has anyway, and
//! asks for nothing that it does not ask for in the policy's own words.

use std::collections::BTreeMap;

use super::letters::{filled, is_known, sentence};
use super::refer::{Names, named};
use super::seen::Seen;
use crate::case::letter::placeholders_in;
use crate::case::{Category, CategoryWords, Letter, Reason, Tongue, Translation};
use crate::yaml::{Map, Node, quoted, unknown};

/// What is there to be said in another language.
pub(super) struct Own<'a, 'p> {
    pub(super) map: &'p Map<'a>,
    pub(super) names: &'p Names<'a>,
    pub(super) seen: &'p Seen<'a, 'p>,
    pub(super) letters: &'p [Letter],
    pub(super) reasons: &'p [Reason],
    pub(super) texts: &'p BTreeMap<String, String>,
    pub(super) categories: &'p [Category],
}

/// The languages.
pub(super) fn languages(node: Node<'_>, own: &Own<'_, '_>) -> Option<BTreeMap<Tongue, Translation>> {
    let read = named(node, |key, node| {
        // One way of writing it: what is worded anew takes off what stands under that.
        let tongue = Tongue::ALL.into_iter().find(|tongue| tongue.code() == key.name());
        if tongue.is_none() {
            key.wrong(unknown("language", key.name(), Tongue::ALL.map(Tongue::code)));
        }
        let map = node.map(&["letters", "texts", "refusals", "categories"])?;
        let letters = map.or("letters", Vec::new(), |node| own.letters(node));
        let texts = map.or("texts", BTreeMap::new(), |node| own.texts(node));
        let reasons = map.or("refusals", BTreeMap::new(), |node| own.reasons(node));
        let categories = map.or("categories", BTreeMap::new(), |node| own.categories(node));
        let (letters, texts, reasons) = (letters?, texts?, reasons?);
        Some((tongue?, Translation { letters, texts, reasons, categories: categories? }))
    });
    Some(read?.into_iter().collect())
}

/// The language of the policy's own words.
pub(super) fn tongue(node: Node<'_>) -> Option<Tongue> {
    node.one_of("language", &Tongue::ALL.map(|tongue| (tongue.code(), tongue)))
}

impl<'a> Own<'a, '_> {
    fn letters(&self, node: Node<'a>) -> Option<Vec<Letter>> {
        let there = self.entries("letters");
        named(node, |key, node| {
            let at = there.iter().position(|(name, _)| name.name() == key.name());
            let Some(letter) = at.and_then(|at| self.letters.get(at)) else {
                return nothing(key, "letter", &there);
            };
            let map = node.map(&["text", "in_part"])?;
            let text = map.must("text", |node| self.filled(node, &letter.text));
            let half = letter.in_part.as_deref().unwrap_or_default();
            let in_part = map.may("in_part", |node| self.filled(node, half));
            let (text, in_part) = (text?, in_part?);
            if in_part.is_some() != letter.in_part.is_some() {
                key.wrong("it has a text in part, `in_part`, exactly where the letter has one in the policy’s own words");
                return None;
            }
            Some(Letter { text, in_part, ..letter.clone() })
        })
    }

    /// A text that asks for no more than the same half of the letter does: what stands in that was looked through before it goes out.
    fn filled(&self, node: Node<'a>, own: &str) -> Option<String> {
        let text = filled(node, |placeholder| is_known(node, placeholder, self.names, self.seen))?;
        let asked: Vec<_> = placeholders_in(own).into_iter().map(|name| plain(&name)).collect();
        let more = placeholders_in(&text).into_iter().find(|name| !asked.contains(&plain(name)));
        if let Some(more) = more {
            let more = quoted(&format!("{{{more}}}"));
            node.wrong(format_args!(
                "the letter has no {more} in the policy’s own words, so it cannot have one here"
            ));
            return None;
        }
        Some(text)
    }

    fn texts(&self, node: Node<'a>) -> Option<BTreeMap<String, String>> {
        let there = self.entries("texts");
        let read = named(node, |key, node| {
            if !self.texts.contains_key(key.name()) {
                return nothing(key, "text", &there);
            }
            Some((key.name().to_owned(), sentence(node, &[], Some((self.names, self.seen)))?))
        });
        Some(read?.into_iter().collect())
    }

    fn reasons(&self, node: Node<'a>) -> Option<BTreeMap<String, String>> {
        let there = self.entries("refusals");
        let read = named(node, |key, node| {
            let Some(reason) = self.reasons.iter().find(|reason| reason.code == key.name()) else {
                return nothing(key, "reason", &there);
            };
            Some((reason.code.clone(), sentence(node, &[], None)?))
        });
        Some(read?.into_iter().collect())
    }

    fn categories(&self, node: Node<'_>) -> Option<BTreeMap<String, CategoryWords>> {
        let there = self.entries("categories");
        let read = named(node, |key, node| {
            let Some(own) = self.categories.iter().find(|own| own.name == key.name()) else {
                return nothing(key, "category", &there);
            };
            let map = node.map(&["title", "why"])?;
            let title = map.must("title", |node| node.line().map(str::to_owned));
            let why = map.may("why", |node| node.line().map(str::to_owned));
            let (title, why) = (title?, why?);
            if why.is_some() != own.why.is_some() {
                key.wrong("it says what it is for, `why`, exactly where the category does in the policy’s own words");
                return None;
            }
            Some((own.name.clone(), CategoryWords { title, why }))
        });
        Some(read?.into_iter().collect())
    }

    fn entries(&self, part: &'static str) -> Vec<(Node<'a>, Node<'a>)> {
        self.map.or(part, Vec::new(), |node| node.entries()).unwrap_or_default()
    }
}

/// That there is nothing of this name to say in another language.
fn nothing<T>(key: Node<'_>, what: &str, there: &[(Node<'_>, Node<'_>)]) -> Option<T> {
    key.wrong(unknown(what, key.name(), there.iter().map(|(name, _)| name.name())));
    None
}

/// A placeholder, however it is written.
fn plain(written: &str) -> String {
    written.to_lowercase().replace(['_', '-'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}
