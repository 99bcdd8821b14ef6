//! What a policy says in a language besides its own: letters, stock sentences, reasons for refusing, what data there is. Data only.
//!
//! A letter is in one language throughout. Where something that it says is not said in that one, all of it is in the policy's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Category, Letter, Policy};
use crate::case::Tongue;

/// Stock sentences that may be an address, and stand as they are then where nothing else is said.
const ADDRESSES: [&str; 3] = ["address", "contact", "privacy"];
/// The one that is a name, which is the same in every language.
const NAME: &str = "operator";

/// What is said in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// The letters, each for the same kinds as the policy's own.
    pub letters: Vec<Letter>,
    /// The stock sentences, by name.
    pub texts: BTreeMap<String, String>,
    /// What the reasons for refusing say, by code.
    pub reasons: BTreeMap<String, String>,
    /// What data there is, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub categories: BTreeMap<String, CategoryWords>,
}

/// What a category of data is called, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryWords {
    /// What it is, in a few words.
    pub title: String,
    /// What it is for, where the category says so in the policy's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Translation {
    /// A letter of the policy in this language.
    pub fn letter(&self, own: &Letter) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.name == own.name && letter.kinds == own.kinds)
    }

    /// A stock sentence in this language, with the lengths of time that are counted; empty if there is none.
    pub fn said(&self, name: &str, tongue: Tongue, policy: &Policy) -> String {
        let own = || Some(policy.text(name)).filter(|text| is_the_same_in_all(name, text));
        let text = self.texts.get(name).map(String::as_str).or_else(own).unwrap_or_default();
        policy.with_counted(text, |span| span.said_in(tongue))
    }
}

/// Whether a stock sentence is the same in every language: a name, or an address.
pub fn is_the_same_in_all(name: &str, text: &str) -> bool {
    name == NAME || (ADDRESSES.contains(&name) && !text.contains(char::is_whitespace))
}

impl Policy {
    /// What it says in a language besides its own.
    pub fn words(&self, tongue: Tongue) -> Option<&Translation> {
        self.languages.get(&tongue)
    }

    /// What a category is called and what it is for, in this language or else in the policy's own words.
    pub fn named<'p>(&'p self, category: &'p Category, tongue: Tongue) -> (&'p str, Option<&'p str>) {
        let theirs = self.words(tongue).and_then(|said| said.categories.get(&category.name));
        let own = (&category.title, &category.why);
        let (title, why) = theirs.map_or(own, |theirs| (&theirs.title, &theirs.why));
        (title, why.as_deref())
    }
}
