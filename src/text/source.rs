//! The text of one file, and the lines and columns in it.
//!
//! Knows nothing of JSON, flows or rules.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::{Position, Span};

/// The names that a file goes by. Their order is that of reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName {
    /// The path for machines: relative to the repository root, with `/`.
    pub path: String,
    /// The path for people: as it was named on the command line.
    pub shown: String,
    /// The file inside an archive, if it came out of one.
    pub member: Option<String>,
    /// Where the file is on this machine, absolute; none for a text that is no file.
    pub native: Option<PathBuf>,
}

impl FileName {
    /// A file of that path, for machines and people alike.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        let path = path.into();
        Self { shown: path.clone(), path, member: None, native: None }
    }

    /// The same file with another path for people.
    #[must_use]
    pub fn shown_as(mut self, shown: impl Into<String>) -> Self {
        self.shown = shown.into();
        self
    }

    /// The same file at its place on this machine.
    #[must_use]
    pub fn at(mut self, native: Option<PathBuf>) -> Self {
        self.native = native;
        self
    }

    /// A file inside this one, which is an archive.
    #[must_use]
    pub fn member(mut self, member: impl Into<String>) -> Self {
        self.member = Some(member.into());
        self
    }

    /// The innermost path: of the file in an archive, else of the file.
    #[must_use]
    pub fn inner(&self) -> &str {
        self.member.as_deref().unwrap_or(&self.path)
    }
}

/// The decoded text of one file, with the names it goes by.
#[derive(Debug)]
pub struct Source {
    /// The names.
    pub name: Arc<FileName>,
    /// The decoded text, without a byte order mark.
    pub text: String,
    marks: OnceLock<Vec<Annotation>>,
}

/// Line and column, from 0, of a byte offset.
#[derive(Clone, Copy, Debug, Default)]
struct Annotation {
    line: u32,
    column: u32,
}

/// How many bytes lie between two marks: near enough for a short way, far enough to be few.
const BLOCK: usize = 1024;

/// Files above this size are not read: spans are 32 bits wide, and no flow comes near it.
pub const MAX_BYTES: u64 = 1 << 30;

impl Source {
    /// A source of the given text; `path` serves for machines and people alike.
    #[must_use]
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::of(FileName::new(path), text)
    }

    /// A source of that name.
    #[must_use]
    pub fn of(name: impl Into<Arc<FileName>>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), marks: OnceLock::new() }
    }

    /// The text of a span; empty if the span is not one of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte offset. An offset past the end is the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let end = (offset as usize).min(self.text.len());
        let block = end / BLOCK;
        let mark = self.advance(self.marks()[block], block * BLOCK..end);
        Position { line: mark.line + 1, column: mark.column + 1 }
    }

    /// First and last place of a span, the end moved back to the end of the first line if it lies
    /// further down: a label stands on one line.
    #[must_use]
    pub fn positions(&self, span: Span) -> (Position, Position) {
        let text = self.slice(span);
        let one_line = text.find(['\r', '\n']).unwrap_or(text.len());
        let start = self.position(span.start);
        let width = u32::try_from(text[..one_line].chars().count()).unwrap_or(u32::MAX);
        (start, Position { line: start.line, column: start.column.saturating_add(width) })
    }

    /// The part of a line around a place, without its line break, that reaches at most so many bytes to
    /// either side: a file of one line of megabytes has a near part too.
    #[must_use]
    pub fn line_around(&self, span: Span, reach: usize) -> std::ops::Range<usize> {
        let bytes = self.text.as_bytes();
        let at = (span.start as usize).min(bytes.len());
        let floor = self.boundary(at.saturating_sub(reach));
        let ceiling = self.boundary((span.end as usize).max(at).saturating_add(reach).min(bytes.len()));
        let start =
            memchr::memrchr2(b'\n', b'\r', &bytes[floor..at]).map_or(floor, |before| floor + before + 1);
        let end = memchr::memchr2(b'\n', b'\r', &bytes[at..ceiling]).map_or(ceiling, |length| at + length);
        start..end
    }

    /// The nearest beginning of a code point at or before an offset.
    fn boundary(&self, mut offset: usize) -> usize {
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// Line and column at the beginning of each block. Without them, each place in a file of one line of
    /// megabytes would be counted from the start of it.
    fn marks(&self) -> &[Annotation] {
        self.marks.get_or_init(|| {
            let mut marks = vec![Annotation::default()];
            let mut mark = Annotation::default();
            for block in 0..self.text.len() / BLOCK {
                mark = self.advance(mark, block * BLOCK..(block + 1) * BLOCK);
                marks.push(mark);
            }
            marks
        })
    }

    /// Moves a mark over a range of bytes. A line ends with `\n`, `\r\n`, or a lone `\r`.
    fn advance(&self, mark: Annotation, range: std::ops::Range<usize>) -> Annotation {
        let bytes = self.text.as_bytes();
        let ends = |at: &usize| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
        let slice = &bytes[range.clone()];
        let breaks = match memchr::memchr(b'\r', slice) {
            None => memchr::memchr_iter(b'\n', slice).count(),
            Some(_) => {
                let count = |byte| memchr::memchr_iter(byte, slice).count();
                let behind = bytes.get(range.start + 1..).unwrap_or_default();
                count(b'\n') + count(b'\r') - pairs(slice, behind)
            }
        };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        // The bytes of a code point but the first look like 0b10xxxxxx.
        let code_points = |bytes: &[u8]| number(bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count());
        if breaks == 0 {
            return Annotation { line: mark.line, column: mark.column + code_points(slice) };
        }
        let last =
            memchr::memrchr2_iter(b'\n', b'\r', slice).find(|at| ends(&(range.start + at))).unwrap_or(0);
        Annotation { line: mark.line + number(breaks), column: code_points(&slice[last + 1..]) }
    }
}

/// How often `\r` stands in a slice and `\n` behind it, where `behind` is the slice moved by one. Counted in bytes,
/// which the machine adds many at a time.
fn pairs(slice: &[u8], behind: &[u8]) -> usize {
    const MOST: usize = u8::MAX as usize;
    let is_pair = |(one, other): (&u8, &u8)| u8::from(*one == b'\r') & u8::from(*other == b'\n');
    let parts = slice.chunks(MOST).zip(behind.chunks(MOST));
    parts.map(|(slice, behind)| usize::from(slice.iter().zip(behind).map(is_pair).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_code_points_and_know_three_line_breaks() {
        let source = Source::new("a", "é😀x\r\nsecond\rthird\nlast");
        let at = |needle: &str| {
            let offset = source.text.find(needle).unwrap();
            let place = source.position(u32::try_from(offset).unwrap());
            (place.line, place.column)
        };
        assert_eq!(at("x"), (1, 3));
        assert_eq!(at("second"), (2, 1));
        assert_eq!(at("third"), (3, 1));
        assert_eq!(at("ast"), (4, 2));
    }

    #[test]
    fn places_far_into_a_file_are_counted_as_those_near_its_beginning() {
        for line in ["ä", "abc", "x\r\n", "yy\n", "z\r", "\r", "\n", "😀\r\nb"] {
            let text = line.repeat(3 * BLOCK);
            let source = Source::new("a", text.as_str());
            for (offset, _) in text.char_indices().step_by(997) {
                let before = &text[..offset];
                let folded = before.replace("\r\n", "\n").replace('\r', "\n");
                // A place between `\r` and `\n` is still on the line that they end.
                let cut = before.ends_with('\r') && text[offset..].starts_with('\n');
                let lines = folded.matches('\n').count() - usize::from(cut);
                let place = source.position(u32::try_from(offset).unwrap());
                assert_eq!(place.line as usize, lines + 1, "{line:?} at {offset}");
                if !cut {
                    let column = folded.rsplit('\n').next().unwrap().chars().count();
                    assert_eq!(place.column as usize, column + 1, "{line:?} at {offset}");
                }
            }
        }
    }

    #[test]
    fn a_label_ends_on_the_line_where_it_begins() {
        let source = Source::new("a", "one\r\ntwo");
        let (start, end) = source.positions(Span::new(1, 8));
        assert_eq!((start.line, start.column, end.line, end.column), (1, 2, 1, 4));
    }

    #[test]
    fn offsets_past_the_end_are_the_end() {
        let source = Source::new("a", "ab");
        assert_eq!(source.position(99), Position { line: 1, column: 3 });
        assert_eq!(Source::new("a", "").position(0), Position { line: 1, column: 1 });
        assert_eq!(source.line_around(Span::new(99, 99), 10), 0..2);
    }

    #[test]
    fn the_line_around_a_place_ends_at_breaks_and_at_its_reach() {
        let source = Source::new("a", "éé\r\néabcdé\nx");
        let around = |needle: &str, reach| {
            let start = source.text.find(needle).unwrap();
            &source.text[source.line_around(Span::new(start, start + needle.len()), reach)]
        };
        assert_eq!(around("bc", 100), "éabcdé");
        assert_eq!(around("bc", 1), "abcd");
        assert_eq!(around("bc", 2), "éabcd");
        assert_eq!(around("x", 100), "x");
    }
}
