//! Strings of a JSON text: decoding escapes, and the way back from decoded text to the file.

use std::borrow::Cow;

use crate::text::Span;

/// A key as one token of a JSON pointer (RFC 6901).
#[must_use]
pub fn pointer_token(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(key)
    }
}

/// Writes down the text that the inside of a string literal (without its quotes) stands for.
///
/// Half a surrogate pair becomes U+FFFD: .NET writes such escapes, and refusing the whole file for
/// one would hide every finding in it.
pub(super) fn unescape(raw: &str, text: &mut String) {
    for piece in Pieces::new(raw) {
        match piece.decoded {
            Decoded::Raw => text.push_str(&raw[piece.start..piece.end]),
            Decoded::Char(c) => text.push(c),
        }
    }
}

/// Maps a byte range of the decoded string that `literal` (quotes included) stands for back to the
/// bytes of the file. A range that cuts an escape covers the whole escape.
#[must_use]
pub fn raw_span(file: &str, literal: Span, decoded: std::ops::Range<usize>) -> Span {
    let inside = (literal.start as usize + 1)..(literal.end as usize).saturating_sub(1);
    let Some(raw) = file.get(inside.clone()) else { return literal };
    let map = |target: usize, is_end: bool| {
        let mut at = 0;
        for piece in Pieces::new(raw) {
            let length = match piece.decoded {
                Decoded::Raw => piece.end - piece.start,
                Decoded::Char(c) => c.len_utf8(),
            };
            let within = if is_end { target <= at + length } else { target < at + length };
            if within {
                return match piece.decoded {
                    Decoded::Raw => piece.start + (target - at),
                    Decoded::Char(_) if is_end && target > at => piece.end,
                    Decoded::Char(_) => piece.start,
                };
            }
            at += length;
        }
        raw.len()
    };
    let start = map(decoded.start, false);
    let end = if decoded.is_empty() { start } else { map(decoded.end, true) };
    Span::new(inside.start + start, inside.start + end.max(start))
}

/// What a piece of a raw string stands for.
enum Decoded {
    Raw,
    Char(char),
}

/// A run of plain characters, or one escape.
struct Piece {
    start: usize,
    end: usize,
    decoded: Decoded,
}

/// Walks the pieces of a raw string whose escapes the parser has checked.
struct Pieces<'a> {
    raw: &'a str,
    at: usize,
}

impl<'a> Pieces<'a> {
    fn new(raw: &'a str) -> Self {
        Self { raw, at: 0 }
    }

    /// The code unit of a `\uXXXX` escape that begins at `at`.
    fn unit(&self, at: usize) -> Option<u32> {
        let hex = self.raw.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(hex, 16).ok()
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let start = self.at;
        let rest = self.raw.as_bytes().get(start..)?;
        if rest.is_empty() {
            return None;
        }
        if rest[0] != b'\\' {
            self.at = memchr::memchr(b'\\', rest).map_or(self.raw.len(), |length| start + length);
            return Some(Piece { start, end: self.at, decoded: Decoded::Raw });
        }
        let (decoded, length) = match rest.get(1) {
            Some(b'u') => match self.unit(start) {
                Some(high @ 0xD800..=0xDBFF) => match self.unit(start + 6) {
                    Some(low @ 0xDC00..=0xDFFF) => {
                        let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                        (char::from_u32(code).unwrap_or('\u{FFFD}'), 12)
                    }
                    _ => ('\u{FFFD}', 6),
                },
                Some(code) => (char::from_u32(code).unwrap_or('\u{FFFD}'), 6),
                None => ('\u{FFFD}', rest.len()),
            },
            Some(b'b') => ('\u{8}', 2),
            Some(b'f') => ('\u{C}', 2),
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b't') => ('\t', 2),
            Some(&other) => (char::from(other), 2),
            None => ('\\', 1),
        };
        self.at = start + length;
        Some(Piece { start, end: self.at, decoded: Decoded::Char(decoded) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        let unescape = |raw| {
            let mut text = String::new();
            super::unescape(raw, &mut text);
            text
        };
        assert_eq!(unescape(r#"a\n\"\\\/\u00e9\ud83d\ude00"#), "a\n\"\\/é😀");
        assert_eq!(unescape(r"\ud83dx"), "\u{FFFD}x");
        assert_eq!(unescape("plain"), "plain");
    }

    #[test]
    fn decoded_ranges_map_back_through_escapes() {
        let file = r#"  "a\n\u00e9xy\ud83d\ude00z""#;
        let literal = Span::new(2, file.len());
        let decoded = "a\néxy😀z";
        let back = |needle: &str| {
            let start = decoded.find(needle).unwrap();
            let span = raw_span(file, literal, start..start + needle.len());
            &file[span.range()]
        };
        for (needle, raw) in [
            ("a", "a"),
            ("\n", r"\n"),
            ("é", r"\u00e9"),
            ("xy", "xy"),
            ("😀", r"\ud83d\ude00"),
            ("z", "z"),
            ("éx", r"\u00e9x"),
        ] {
            assert_eq!(back(needle), raw);
        }
        assert_eq!(raw_span(file, literal, decoded.len()..decoded.len()).start as usize, file.len() - 1);
    }
}
