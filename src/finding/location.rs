//! Where a finding is. A place owns all that is said of it, so that it outlives the text.

use std::ops::Range;
use std::sync::Arc;

use super::FlowName;
use crate::flow::{Element, ElementKind, Flow};
use crate::text::{FileName, Position, Source, Span};

/// How many bytes of a line an excerpt keeps before and behind a label: a code point has up to four bytes, and no
/// window of a report is wider than 200 columns.
const REACH: usize = 800;
/// How many characters of a label an excerpt keeps.
const LONGEST_LABEL: usize = 200;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<FileName>,
    /// The bytes that are labelled.
    pub span: Span,
    /// First character of the label.
    pub start: Position,
    /// Just after the last character of the label, on the same line.
    pub end: Position,
    pub(super) excerpt: Option<Box<Excerpt>>,
}

/// The part of a line around a place, without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    text: Box<str>,
    label: Range<u32>,
}

impl Place {
    /// The place of a span in a text. It has no excerpt: that is cut when credentials are out of the text.
    #[must_use]
    pub fn new(source: &Source, span: Span) -> Self {
        let (start, end) = source.positions(span);
        Self { file: Arc::clone(&source.name), span, start, end, excerpt: None }
    }

    /// The part of the line around it, where the text was at hand.
    #[must_use]
    pub fn excerpt(&self) -> Option<&Excerpt> {
        self.excerpt.as_deref()
    }

    /// Whether two places of one file share a byte.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.file == other.file && self.span.start < other.span.end && other.span.start < self.span.end
    }
}

impl Excerpt {
    /// Cuts the excerpt for a place out of a text that holds no credentials any more.
    pub(super) fn cut(source: &Source, span: Span) -> Self {
        let line = source.line_around(span, REACH);
        let start = (span.start as usize).clamp(line.start, line.end);
        let end = (span.end as usize).clamp(start, line.end);
        let piece = |range: Range<usize>| source.text.get(range).unwrap_or_default();
        let (before, label, after) = (piece(line.start..start), piece(start..end), piece(end..line.end));
        let cut = label.char_indices().nth(LONGEST_LABEL + 1).map_or(label, |(at, _)| &label[..at]);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let label = offset(before.len())..offset(before.len() + cut.len());
        Self { text: [before, cut, after].concat().into(), label }
    }

    /// What stands before the label on its line, the label, and what stands behind it, each as far as it is kept.
    #[must_use]
    pub fn pieces(&self) -> [&str; 3] {
        let (before, rest) = self.text.split_at(self.label.start as usize);
        let (label, after) = rest.split_at(self.label.len());
        [before, label, after]
    }
}

/// A place, and the part of a flow that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The place.
    pub place: Place,
    /// The flow; none for a place that belongs to no flow.
    pub flow: Option<FlowName>,
    /// The names that lead to the trigger, action, connection or parameter.
    pub element: Vec<String>,
    /// What the last name of `element` is.
    pub element_kind: Option<ElementKind>,
    /// The path from the element to the labelled place, as a JSON pointer.
    pub property: String,
    /// The part of the flow, as its file numbers it; none for a place outside of the flow's own JSON.
    pub part: Option<Part>,
}

/// A part of a flow, as its file numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The flow, by its index in the file.
    pub flow: usize,
    /// The part.
    pub element: Element,
}

impl Location {
    /// The place of a span in the file of a flow, which is the file's flow of that index.
    #[must_use]
    pub fn in_flow(flow: &Flow<'_>, index: usize, span: Span) -> Self {
        let element = flow.element_at(span);
        Self {
            place: Place::new(flow.source, span),
            flow: Some(FlowName { name: flow.name.clone(), id: flow.id.clone() }),
            element: flow.names(element),
            element_kind: element.kind(),
            property: flow.property_at(element, span),
            part: Some(Part { flow: index, element }),
        }
    }

    /// A place that belongs to no flow.
    #[must_use]
    pub fn of_file(place: Place) -> Self {
        Self {
            place,
            flow: None,
            element: Vec::new(),
            element_kind: None,
            property: String::new(),
            part: None,
        }
    }

    /// The element's own name: what identifies it in its flow, whatever container holds it.
    #[must_use]
    pub fn own_name(&self) -> &str {
        match self.element_kind {
            Some(_) => self.element.last().map_or("", String::as_str),
            None => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_the_near_part_of_the_line_in_three_pieces() {
        let source = Source::new("a", format!("x\n{}LABEL{}\ny", "é".repeat(2000), "b".repeat(2000)));
        let start = source.text.find("LABEL").unwrap();
        let excerpt = Excerpt::cut(&source, Span::new(start, start + 5));
        let [before, label, after] = excerpt.pieces();
        assert_eq!((before.len(), label, after.len()), (REACH, "LABEL", REACH));
        let long = Source::new("a", "c".repeat(5000));
        let [_, label, after] = Excerpt::cut(&long, Span::new(0, 5000)).pieces().map(str::len);
        assert_eq!((label, after), (LONGEST_LABEL + 1, 0));
    }
}
