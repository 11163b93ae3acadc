//! A window on a source for miette: one line, cut to a width, control characters made visible.
//!
//! miette prints whole lines, panics on labels past column 65,535 and counts columns in bytes; a flow
//! may be one line of megabytes. Here it sees a short text of its own, whose columns are code points.

use miette::{MietteError, SourceCode, SourceSpan, SpanContents};

use crate::text::printable;
use crate::text::{Position, Source, Span};

/// How many code points of a long line stand before and behind a label.
const AROUND: usize = 60;
/// A label longer than this is shown by its beginning.
const LONGEST: usize = 100;

/// One line of a source around a label, and where the label stands in it.
#[derive(Debug)]
pub(super) struct Snippet {
    name: String,
    text: String,
    /// The label, in bytes of `text`.
    pub(super) label: SourceSpan,
    position: Position,
}

impl Snippet {
    /// The line around a place. `width` is how wide the window may be, in columns.
    pub(super) fn new(source: &Source, name: String, span: Span, position: Position, width: usize) -> Self {
        // A code point has up to four bytes.
        let line = source.line_around(span, 4 * width.max(AROUND));
        let start = (span.start as usize).clamp(line.start, line.end);
        let end = (span.end as usize).clamp(start, line.end);
        let pieces =
            [line.start..start, start..end, end..line.end].map(|range| source.text.get(range).unwrap_or(""));
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
        Self { name: printable(&name), label: (from, label.len()).into(), text, position }
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
