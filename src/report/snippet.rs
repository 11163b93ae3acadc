//! A window on a line for miette: an excerpt, cut to a width, control characters made visible.
//!
//! miette prints whole lines, panics on labels past column 65,535 and counts columns in bytes; a flow
//! may be one line of megabytes. Here it sees a short text of its own, whose columns are code points.

use miette::{MietteError, SourceCode, SourceSpan, SpanContents};

use super::concise::shown;
use crate::finding::Place;
use crate::text::Position;
use crate::text::printable;

/// How many code points of a long line stand before and behind a label.
const AROUND: usize = 60;
/// A label longer than this is shown by its beginning.
const LONGEST: usize = 100;

/// One line around a label, and where the label stands in it.
#[derive(Debug)]
pub(super) struct Snippet {
    name: String,
    text: String,
    /// The label, in bytes of `text`.
    pub(super) label: SourceSpan,
    position: Position,
}

impl Snippet {
    /// The line around a place, where it is at hand. `width` is how wide the window may be, in columns.
    pub(super) fn new(place: &Place, width: usize) -> Option<Self> {
        let pieces = place.excerpt()?.pieces();
        let long = pieces.iter().map(|piece| piece.len()).sum::<usize>() > width;
        let around = if long { AROUND.min(width / 3) } else { usize::MAX };
        let before = last(pieces[0], around);
        // An empty place, at the end of a file say, still needs something to stand under.
        let label = match pieces[1] {
            "" => " ".to_owned(),
            text => printable(&first(text, LONGEST.min(width))),
        };
        let mut text = printable(&before);
        let from = text.len();
        text.push_str(&label);
        text.push_str(&printable(&first(pieces[2], around)));
        let (name, label) = (printable(&shown(&place.file)), (from, label.len()).into());
        Some(Self { name, label, text, position: place.start })
    }
}

/// The last so many characters, with a sign that something stands before them.
fn last(text: &str, count: usize) -> String {
    match text.char_indices().rev().nth(count) {
        Some((at, c)) => format!("…{}", &text[at + c.len_utf8()..]),
        None => text.to_owned(),
    }
}

/// The first so many characters, with a sign that something stands behind them.
fn first(text: &str, count: usize) -> String {
    match text.char_indices().nth(count) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        if span.offset() > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        Ok(Box::new(Window { snippet: self, span: (0, self.text.len()).into() }))
    }
}

/// What miette is shown: the whole window, whatever it asks for.
struct Window<'a> {
    snippet: &'a Snippet,
    span: SourceSpan,
}

impl<'a> SpanContents<'a> for Window<'a> {
    fn data(&self) -> &'a [u8] {
        self.snippet.text.as_bytes()
    }

    fn span(&self) -> &SourceSpan {
        &self.span
    }

    fn name(&self) -> Option<&str> {
        Some(&self.snippet.name)
    }

    fn line(&self) -> usize {
        self.snippet.position.line as usize - 1
    }

    fn column(&self) -> usize {
        self.snippet.position.column as usize - 1
    }

    fn line_count(&self) -> usize {
        1
    }
}
