//! What things are called: nothing by a word that something else goes by, and no kind by one that means something of its own
//! where kinds are typed or counted. What is wrong is told at the word, where somebody can mend it.

use std::collections::BTreeMap;

use crate::case::reserved::{ALL, LIST_WORDS, TOGETHER};
use crate::case::{CaseId, Flag, Stage};
use crate::yaml::{Node, Place, quoted};

/// Something, and each word that it goes by, with where that stands.
pub(super) struct Called<'a> {
    pub(super) name: &'a str,
    pub(super) words: Vec<(Node<'a>, String)>,
}

impl<'a> Called<'a> {
    /// What goes by its name and by those of its other names that could be read: `read` gives each as it is compared.
    pub(super) fn of(
        key: Node<'a>,
        value: Node<'a>,
        read: impl Fn(Node<'a>) -> Option<String>,
    ) -> Called<'a> {
        let aliases = value.peek("aliases").and_then(|node| node.any_number()).unwrap_or_default();
        let aliases = aliases.into_iter().filter_map(|node| Some((node, read(node)?)));
        Called {
            name: key.name(),
            words: [(key, key.name().to_owned())].into_iter().chain(aliases).collect(),
        }
    }
}

/// Notes each word that something else goes by already; at the one of the two that somebody wrote themselves.
pub(super) fn no_name_twice<'a>(
    what: &str,
    items: impl IntoIterator<Item = Called<'a>>,
    is_own: &dyn Fn(Place) -> bool,
) -> Option<()> {
    let mut taken: BTreeMap<String, (&str, Node<'a>)> = BTreeMap::new();
    let mut is_well = true;
    for Called { name, words } in items {
        for (node, word) in words {
            match taken.get(&word) {
                Some((owner, _)) if *owner == name => {}
                Some((owner, theirs)) => {
                    is_well = false;
                    let message = cannot(what, name, &word, owner);
                    let (here, there) = (node.place(), theirs.place());
                    node.wrong_at(if !is_own(here) && is_own(there) { there } else { here }, message);
                }
                None => {
                    taken.insert(word, (name, node));
                }
            }
        }
    }
    is_well.then_some(())
}

/// That something cannot have a name that another has.
pub(super) fn cannot(what: &str, name: &str, word: &str, owner: &str) -> String {
    format!("the {what} {} cannot be called {}: {} is", quoted(name), quoted(word), quoted(owner))
}

/// Notes a word that no kind can go by.
pub(super) fn no_other_meaning(node: Node<'_>, word: &str) -> Option<()> {
    let means = if is_as_a_case(word) {
        "that is how a case is named"
    } else if word == ALL {
        "that is the sum of all kinds in the report, and every case in a list"
    } else if word == TOGETHER.replace(' ', "-") {
        "that is what the report counts together"
    } else if is_of_lists(word) {
        "that word means something else in a list of cases"
    } else {
        return Some(());
    };
    node.wrong(format_args!("a kind cannot be called {}: {means}", quoted(word)));
    None
}

/// `42`, `c42`, `c-42`; and what nobody could tell from one.
fn is_as_a_case(word: &str) -> bool {
    let digits = word.strip_prefix('c').map_or(word, |rest| rest.strip_prefix('-').unwrap_or(rest));
    CaseId::read(word).is_some() || (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_of_lists(word: &str) -> bool {
    LIST_WORDS.contains(&word)
        || Flag::named(word).is_some()
        || Stage::ALL.iter().any(|stage| stage.name().eq_ignore_ascii_case(word))
}
