//! `{each right}`: whether the line chooses from a list, and has a stock sentence for each choice. Fills none in.

use super::refer::Names;
use super::seen::Seen;
use crate::case::letter::{of_choice, within};
use crate::yaml::{Node, quoted};

/// Whether a letter, or a sentence that a letter names, can say what `{each KEY}` stands for; noted at the node if not.
pub(super) fn has_sentences(node: Node<'_>, key: &str, names: &Names<'_>, seen: &Seen<'_, '_>) -> bool {
    let Some(line) = names.field_called(node, key) else { return false };
    // A line that could not be read is told where it stands.
    let Some(choices) = seen.choices(&line) else { return true };
    let placeholder = quoted(&format!("{{each {key}}}"));
    let Some(choices) = choices else {
        node.wrong(format_args!(
            "{placeholder} is for a line that chooses from a list (`one_of` or `some_of`), and {} does not",
            quoted(&line)
        ));
        return false;
    };
    let mut is_well = true;
    for word in choices {
        let name = of_choice(&line, word);
        let lacks = !names.texts.has(&name);
        if lacks {
            node.wrong(format_args!(
                "{placeholder} takes a stock sentence for each choice, and there is no text {} for {}",
                quoted(&name),
                quoted(word)
            ));
        }
        is_well &= !lacks;
    }
    is_well
}

/// Likewise for what stands within a sentence: there it goes no deeper.
pub(super) fn ends(node: Node<'_>, key: &str, names: &Names<'_>, seen: &Seen<'_, '_>) -> bool {
    if !has_sentences(node, key, names, seen) {
        return false;
    }
    let choices = names.field_called(node, key).and_then(|line| Some((seen.choices(&line)??, line)));
    let Some((choices, line)) = choices else { return true };
    let sentences = choices.into_iter().map(|word| of_choice(&line, word));
    let deeper = sentences
        .into_iter()
        .find(|name| names.sentence(name).is_some_and(|text| within(text).next().is_some()));
    if let Some(deeper) = &deeper {
        node.wrong(format_args!(
            "{} stands in a sentence, so the sentences that it takes can have no `{{each …}}` of their own; {} has one",
            quoted(&format!("{{each {key}}}")),
            quoted(deeper)
        ));
    }
    deeper.is_none()
}
