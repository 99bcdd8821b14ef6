//! From text to a tree whose every node knows where it stands. What docket does not read of YAML (anchors, aliases, tags,
//! a second document) is refused here, by name. Does not know what the file should say.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use super::mistake::{Mistakes, Place, quoted};
use super::syntax;

/// How deep lists and mappings can stand in each other.
pub const DEEPEST: usize = 32;

/// A node and where it begins.
pub(super) struct Tree<'t> {
    pub(super) place: Place,
    pub(super) shape: Shape<'t>,
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

/// Reads the only document of a text. `None` when it cannot be read as one; the reason is noted then.
pub(super) fn parse<'t>(text: &'t str, source: usize, mistakes: &Mistakes) -> Option<Tree<'t>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut grower = Grower { text, source, parser: Parser::new_from_str(text), mistakes };
    grower.document()
}

struct Grower<'t, 'm> {
    text: &'t str,
    source: usize,
    parser: Parser<'t, StrInput<'t>>,
    mistakes: &'m Mistakes,
}

impl<'t> Grower<'t, '_> {
    fn document(&mut self) -> Option<Tree<'t>> {
        let mut top = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::Nothing | Event::DocumentEnd => {}
                Event::DocumentStart(_) if top.is_some() => {
                    let message = "a second document begins here, and only one is read; take the `---` out";
                    self.mistakes.note(self.place(span.start), message.to_owned());
                    return top;
                }
                Event::DocumentStart(_) => {
                    let (event, span) = self.next()?;
                    top = Some(self.grow(event, span, 0)?);
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
            self.mistakes.note(place, message);
            return None;
        }
        let shape = match event {
            Event::Alias(_) => {
                let message = "aliases (`*name`) are not read here; write the value out";
                self.mistakes.note(place, message.to_owned());
                Shape::Refused
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_plain = matches!(style, ScalarStyle::Plain);
                let shape = match text.as_ref() {
                    "" | "~" | "null" | "Null" | "NULL" if is_plain => Shape::Nothing,
                    _ => Shape::Text(text),
                };
                self.plain_only(place, anchor, tag, shape)
            }
            Event::SequenceStart(anchor, tag) => {
                let mut items = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        break;
                    }
                    items.push(self.grow(event, span, depth + 1)?);
                }
                self.plain_only(place, anchor, tag, Shape::List(items))
            }
            Event::MappingStart(anchor, tag) => {
                let mut entries = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::MappingEnd) {
                        break;
                    }
                    let key = self.grow(event, span, depth + 1)?;
                    let (event, span) = self.next()?;
                    entries.push((key, self.grow(event, span, depth + 1)?));
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
        Some(Tree { place, shape })
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
                let place = self.place(*fault.marker());
                let message = syntax::sentence(self.text, place, fault.info());
                self.mistakes.note(place, message);
                None
            }
        }
    }

    /// The parser promises well-formed streams; should it break that, nothing is read.
    fn misplaced(&self, span: Span) -> Option<Tree<'t>> {
        let message = "this cannot be read as YAML (what follows was not read)";
        self.mistakes.note(self.place(span.start), message.to_owned());
        None
    }
    fn place(&self, mark: Marker) -> Place {
        Place { source: self.source, line: mark.line().max(1), column: mark.col() + 1 }
    }
}
