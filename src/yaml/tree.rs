//! From text to a tree whose every node knows where it stands. What docket does not read of YAML (anchors, aliases, tags,
//! a second document) is refused here, by name. Does not know what the file should say.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use super::cut::{self, Slip};
use super::mistake::{Mistakes, Place, quoted};
use super::syntax;

/// How deep lists and mappings can stand in each other.
pub const DEEPEST: usize = 32;

/// A node and where it begins.
pub(super) struct Tree<'t> {
    pub(super) place: Place,
    pub(super) shape: Shape<'t>,
    /// Whether more of it may stand behind a slip, where nothing was read.
    pub(super) is_cut: bool,
}

/// What a node is.
pub(super) enum Shape<'t> {
    /// Text, whatever it may mean.
    Text(Cow<'t, str>),
    /// A key without a value: nothing, `~` or `null`, without quotes.
    Nothing,
    /// A list.
    List(Vec<Tree<'t>>),
    /// Keys and values in the file's order; a key can be any node, and can come twice.
    Map(Vec<(Tree<'t>, Tree<'t>)>),
    /// Refused already; whoever meets it says no more.
    Refused,
}

/// Reads the only document of a text. What is no YAML is noted, and what stands before it is read all the same, cut off there.
/// `None` when there is nothing to read; the reason is noted then.
pub(super) fn parse<'t>(text: &'t str, source: usize, mistakes: &Mistakes) -> Option<Tree<'t>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let (tree, slip) = grow(text, source, mistakes);
    let Some(slip) = slip else { return tree };
    // The parser looks ahead, so that the slip can take with it what stands in the lines before. Those are read once more
    // by themselves; what is wrong in them has been noted, or was the slip.
    let before = cut::lines_before(text, slip.place.line);
    let (mut alone, within) = grow(before, source, &Mistakes::default());
    if let Some(tree) = &mut alone
        && within.is_none()
    {
        cut::cut_at_end(tree);
    }
    let mut whole = cut::merge(tree, alone);
    whole.iter_mut().for_each(cut::drop_begun);
    whole
}

fn grow<'t>(text: &'t str, source: usize, mistakes: &Mistakes) -> (Option<Tree<'t>>, Option<Slip>) {
    let parser = Parser::new_from_str(text);
    let mut grower = Grower { text, source, parser, mistakes, slip: None, last: None };
    let mut tree = grower.document();
    if let (Some(tree), Some(slip), Some((place, end))) = (&mut tree, &grower.slip, grower.last) {
        cut::spoil(tree, text, slip, place, end);
    }
    (tree, grower.slip)
}

struct Grower<'t, 'm> {
    text: &'t str,
    source: usize,
    parser: Parser<'t, StrInput<'t>>,
    mistakes: &'m Mistakes,
    /// What could not be read; nothing behind it was.
    slip: Option<Slip>,
    /// Where the last text begins, and the line in which it ends.
    last: Option<(Place, usize)>,
}

impl<'t> Grower<'t, '_> {
    fn document(&mut self) -> Option<Tree<'t>> {
        let mut top = None;
        loop {
            let Some((event, span)) = self.next() else { return top };
            match event {
                Event::StreamStart | Event::Nothing | Event::DocumentEnd => {}
                Event::DocumentStart(_) if top.is_some() => {
                    let message = "a second document begins here, and only one is read; take the `---` out";
                    self.mistakes.note(self.place(span.start), message.to_owned());
                    return top;
                }
                Event::DocumentStart(_) => {
                    let (event, span) = self.next()?;
                    top = self.grow(event, span, 0);
                    if self.slip.is_some() {
                        return top;
                    }
                }
                Event::StreamEnd => {
                    if top.is_none() {
                        let place = Place { source: self.source, ..Place::TOP };
                        self.mistakes.note(place, "the file is empty".to_owned());
                    }
                    return top;
                }
                Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..)
                | Event::MappingEnd => return self.misplaced(span),
            }
        }
    }

    fn grow(&mut self, event: Event<'t>, span: Span, depth: usize) -> Option<Tree<'t>> {
        let place = self.place(span.start);
        if depth > DEEPEST {
            let message = format!("this stands more than {DEEPEST} levels deep (what follows was not read)");
            self.stop(place, message);
            return None;
        }
        let shape = match event {
            Event::Alias(_) => {
                let message = "aliases (`*name`) are not read here; write the value out";
                self.mistakes.note(place, message.to_owned());
                Shape::Refused
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.last = Some((place, span.end.line()));
                let is_plain = matches!(style, ScalarStyle::Plain);
                let shape = match text.as_ref() {
                    "" | "~" | "null" | "Null" | "NULL" if is_plain => Shape::Nothing,
                    _ => Shape::Text(text),
                };
                self.plain_only(place, anchor, tag, shape)
            }
            Event::SequenceStart(anchor, tag) => {
                let mut items = Vec::new();
                while let Some((event, span)) =
                    self.next().filter(|(event, _)| !is(event, &Event::SequenceEnd))
                {
                    items.extend(self.grow(event, span, depth + 1));
                    if self.slip.is_some() {
                        cut::drop_swallowed(&mut items, self.text, place, depth, |item| item.place);
                        break;
                    }
                }
                self.plain_only(place, anchor, tag, Shape::List(items))
            }
            Event::MappingStart(anchor, tag) => {
                let mut entries = Vec::new();
                while let Some((event, span)) =
                    self.next().filter(|(event, _)| !is(event, &Event::MappingEnd))
                {
                    let key = self.grow(event, span, depth + 1).filter(|_| self.slip.is_none());
                    let Some(key) = key else { break };
                    let value = self.next().and_then(|(event, span)| self.grow(event, span, depth + 1));
                    // What the slip takes with it may have been anything.
                    let unread = Tree { place: key.place, shape: Shape::Refused, is_cut: true };
                    entries.push((key, value.unwrap_or(unread)));
                    if self.slip.is_some() {
                        cut::drop_swallowed(&mut entries, self.text, place, depth, |(key, _)| key.place);
                        break;
                    }
                }
                self.plain_only(place, anchor, tag, Shape::Map(entries))
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return self.misplaced(span),
        };
        let is_list_or_map = matches!(shape, Shape::List(_) | Shape::Map(_));
        Some(Tree { place, shape, is_cut: self.slip.is_some() && is_list_or_map })
    }

    /// Refuses what an anchor or a tag is put on.
    fn plain_only(
        &self,
        place: Place,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        shape: Shape<'t>,
    ) -> Shape<'t> {
        if let Some(tag) = tag {
            let written =
                if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
            let message = match shape {
                // Room ids and the prefix begin with one.
                Shape::Nothing if !tag.is_yaml_core_schema() => format!(
                    "{} without quotes is a tag to YAML; write \"{}\"",
                    quoted(&written),
                    written.chars().filter(|c| !c.is_control()).take(60).collect::<String>()
                ),
                Shape::Nothing | Shape::Text(_) | Shape::List(_) | Shape::Map(_) | Shape::Refused => {
                    format!("{} is a tag, and tags are not read here; take it out", quoted(&written))
                }
            };
            self.mistakes.note(place, message);
            return Shape::Refused;
        }
        if anchor != 0 {
            let message = "anchors (`&name`) are not read here; write the value out where it is wanted";
            self.mistakes.note(place, message.to_owned());
            return Shape::Refused;
        }
        shape
    }

    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        match self.parser.next_event()? {
            Ok(next) => Some(next),
            Err(fault) => {
                let place = syntax::place(self.text, self.place(*fault.marker()), fault.info());
                let message = syntax::sentence(self.text, place, fault.info());
                self.stop(place, message);
                None
            }
        }
    }

    /// The parser promises well-formed streams; should it break that, nothing further is read.
    fn misplaced(&mut self, span: Span) -> Option<Tree<'t>> {
        let message = "this cannot be read as YAML (what follows was not read)";
        self.stop(self.place(span.start), message.to_owned());
        None
    }

    /// Notes what cannot be read, behind which nothing is.
    fn stop(&mut self, place: Place, message: String) {
        self.mistakes.note(place, message);
        self.slip = Some(Slip { place });
    }

    fn place(&self, mark: Marker) -> Place {
        Place { source: self.source, line: mark.line().max(1), column: mark.col() + 1 }
    }
}

fn is(event: &Event<'_>, other: &Event<'_>) -> bool {
    std::mem::discriminant(event) == std::mem::discriminant(other)
}
