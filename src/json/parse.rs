//! The parser: JSON as RFC 8259 has it, and comments, which templates and hand-kept flows contain.

use super::{Member, Node, Value, text::unescape};
use crate::text::Span;
use crate::text::{Arena, TextError};

/// How deep objects and arrays may nest. The deepest real flow stays below 100.
pub const MAX_DEPTH: u32 = 512;

/// Parses one JSON value that fills the text; what it holds lies in the arena.
///
/// # Errors
/// The first place where the text stops being JSON, or where it nests deeper than [`MAX_DEPTH`].
pub fn parse<'a>(text: &'a str, arena: &'a Arena) -> Result<Node<'a>, TextError> {
    let mut parser = Parser {
        text,
        arena,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        members: Vec::with_capacity(64),
        nodes: Vec::with_capacity(64),
        decoded: String::new(),
    };
    parser.whole().map_err(|error| *error)
}

struct Parser<'a> {
    text: &'a str,
    arena: &'a Arena,
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    /// Members of the objects that are open, innermost last: they move to the arena together.
    members: Vec<Member<'a>>,
    /// The same for elements of open arrays.
    nodes: Vec<Node<'a>>,
    /// Room for a string while its escapes are decoded.
    decoded: String,
}

// Errors are boxed: what is returned on every step stays small.
impl<'a> Parser<'a> {
    fn whole(&mut self) -> Result<Node<'a>, Box<TextError>> {
        self.skip_blank()?;
        let root = self.value()?;
        self.skip_blank()?;
        if self.at < self.bytes.len() {
            return Err(self.unexpected("text after the end of the JSON value"));
        }
        Ok(root)
    }

    fn value(&mut self) -> Result<Node<'a>, Box<TextError>> {
        let start = self.at;
        let value = match self.bytes.get(start) {
            Some(b'"') => Value::String(self.string()?),
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'}' | b']') => {
                return Err(self.unexpected("a value is missing here (is there a comma too many?)"));
            }
            _ => return Err(self.unexpected("a value is expected here")),
        };
        Ok(Node { value, span: Span::new(start, self.at) })
    }

    fn nested(
        &mut self,
        inner: fn(&mut Self) -> Result<Value<'a>, Box<TextError>>,
    ) -> Result<Value<'a>, Box<TextError>> {
        if self.depth >= MAX_DEPTH {
            return Err(self.unexpected(&format!("objects and arrays nest deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        self.at += 1;
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value<'a>, Box<TextError>> {
        let open = self.at - 1;
        let first = self.members.len();
        self.skip_blank()?;
        if self.bytes.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Ok(Value::Object(&[]));
        }
        loop {
            let key_start = self.at;
            if self.bytes.get(self.at) != Some(&b'"') {
                return Err(match self.bytes.get(self.at) {
                    Some(b'}') => self.unexpected("a comma before `}` is one too many"),
                    None => self.open_end("object", open),
                    _ => self.unexpected("a key in double quotes is expected here"),
                });
            }
            let key = self.string()?;
            let key_span = Span::new(key_start, self.at);
            self.skip_blank()?;
            if self.bytes.get(self.at) != Some(&b':') {
                return Err(self.unexpected("a `:` is expected after the key"));
            }
            self.at += 1;
            self.skip_blank()?;
            let value = self.value()?;
            self.members.push(Member { key, key_span, value });
            self.skip_blank()?;
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                None => return Err(self.open_end("object", open)),
                _ => return Err(self.unexpected("a `,` or `}` is expected here")),
            }
            self.skip_blank()?;
        }
        self.at += 1;
        let members = self.arena.list(&self.members[first..]);
        self.members.truncate(first);
        Ok(Value::Object(members))
    }

    fn array(&mut self) -> Result<Value<'a>, Box<TextError>> {
        let open = self.at - 1;
        let first = self.nodes.len();
        self.skip_blank()?;
        if self.bytes.get(self.at) == Some(&b']') {
            self.at += 1;
            return Ok(Value::Array(&[]));
        }
        loop {
            let node = self.value()?;
            self.nodes.push(node);
            self.skip_blank()?;
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                None => return Err(self.open_end("array", open)),
                _ => return Err(self.unexpected("a `,` or `]` is expected here")),
            }
            self.skip_blank()?;
        }
        self.at += 1;
        let elements = self.arena.list(&self.nodes[first..]);
        self.nodes.truncate(first);
        Ok(Value::Array(elements))
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Box<TextError>> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.unexpected("a value is expected here"))
    }

    fn number(&mut self) -> Result<Value<'a>, Box<TextError>> {
        let start = self.at;
        let digits = |parser: &mut Self| {
            let first = parser.at;
            while parser.bytes.get(parser.at).is_some_and(u8::is_ascii_digit) {
                parser.at += 1;
            }
            parser.at - first
        };
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        let zero = self.bytes.get(self.at) == Some(&b'0');
        let whole = digits(self);
        if whole == 0 || (zero && whole > 1) {
            self.at = start;
            return Err(self.unexpected("this is no JSON number"));
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if digits(self) == 0 {
                return Err(self.unexpected("digits are expected after the decimal point"));
            }
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if digits(self) == 0 {
                return Err(self.unexpected("digits are expected in the exponent"));
            }
        }
        Ok(Value::Number(&self.text[start..self.at]))
    }

    /// Reads a string literal, the cursor on its opening quote.
    fn string(&mut self) -> Result<&'a str, Box<TextError>> {
        let open = self.at;
        let mut at = open + 1;
        let mut escaped = false;
        loop {
            at += plain(&self.bytes[at..]);
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    let length = match self.bytes.get(at + 1) {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                        Some(b'u')
                            if self
                                .bytes
                                .get(at + 2..at + 6)
                                .is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit)) =>
                        {
                            6
                        }
                        None => return Err(self.unclosed_string(open)),
                        _ => {
                            self.at = at;
                            return Err(self.unexpected(
                                "this escape is none that JSON knows (write `\\\\` for a backslash)",
                            ));
                        }
                    };
                    at += length;
                }
                Some(b'\n' | b'\r') | None => return Err(self.unclosed_string(open)),
                Some(_) => {
                    self.at = at;
                    return Err(self.unexpected("a control character must be escaped inside a string"));
                }
            }
        }
        let raw = &self.text[open + 1..at];
        self.at = at + 1;
        if !escaped {
            return Ok(raw);
        }
        self.decoded.clear();
        unescape(raw, &mut self.decoded);
        Ok(self.arena.text(&self.decoded))
    }

    /// Passes white space and comments. Between most tokens there are none.
    #[inline]
    fn skip_blank(&mut self) -> Result<(), Box<TextError>> {
        match self.bytes.get(self.at) {
            Some(b'/' | b' ' | b'\n' | b'\r' | b'\t') => self.skip_some_blank(),
            _ => Ok(()),
        }
    }

    fn skip_some_blank(&mut self) -> Result<(), Box<TextError>> {
        loop {
            match self.bytes.get(self.at) {
                Some(b'\n') => self.at += 1 + indentation(&self.bytes[self.at + 1..]),
                Some(b'\r') if self.bytes.get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2 + indentation(&self.bytes[self.at + 2..]);
                }
                Some(b' ' | b'\r' | b'\t') => self.at += 1,
                Some(b'/') => self.comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn comment(&mut self) -> Result<(), Box<TextError>> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"//") {
            self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            Ok(())
        } else if rest.starts_with(b"/*") {
            match memchr::memmem::find(&rest[2..], b"*/") {
                Some(length) => {
                    self.at += length + 4;
                    Ok(())
                }
                None => Err(self.unexpected("this comment has no end")),
            }
        } else {
            Err(self.unexpected("a value is expected here"))
        }
    }

    fn unexpected(&self, message: &str) -> Box<TextError> {
        let width = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        Box::new(TextError { message: message.into(), span: Span::new(self.at, self.at + width) })
    }

    fn unclosed_string(&self, open: usize) -> Box<TextError> {
        let message = "this string has no closing quote".into();
        Box::new(TextError { message, span: Span::new(open, open + 1) })
    }

    /// The text ended inside an object or array: the place where that began helps more than the end.
    fn open_end(&self, what: &str, open: usize) -> Box<TextError> {
        let closing = if what == "object" { '}' } else { ']' };
        let message = format!("the file ends before this {what} does: a `{closing}` is missing");
        Box::new(TextError { message, span: Span::new(open, open + 1) })
    }
}

/// How many bytes from the beginning are spaces: exported files are mostly indentation.
fn indentation(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(word) = word_at(bytes, at) {
        let other = word ^ u64::from_le_bytes(*b"        ");
        if other != 0 {
            return at + other.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| **byte == b' ').count()
}

/// Eight bytes as a number, the first one lowest.
fn word_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)
}

/// How many bytes from the beginning mean themselves in a string: no quote, no backslash, no control
/// character. Looks at eight at a time, by the usual tests for a zero or a small byte in a word.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES << 7;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let mut at = 0;
    while let Some(word) = word_at(bytes, at) {
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let backslash = zero(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let special = quote | backslash | control;
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let stops = |byte: &u8| matches!(byte, b'"' | b'\\') || *byte < 0x20;
    at + bytes[at..].iter().position(stops).unwrap_or(bytes.len() - at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_include_quotes_and_exclude_blanks() {
        let text = "{ \"k\" : \"v\\n\" , \"n\":[ 1 , -2.5e3 ] }";
        let arena = Arena::new();
        let root = parse(text, &arena).unwrap();
        let first = &root.members()[0];
        assert_eq!(&text[first.key_span.range()], "\"k\"");
        assert_eq!(&text[first.value.span.range()], "\"v\\n\"");
        assert_eq!(first.value.as_str(), Some("v\n"));
        assert_eq!(&text[root.members()[1].value.elements()[1].span.range()], "-2.5e3");
        assert_eq!(root.span, Span::new(0, text.len()));
    }

    #[test]
    fn comments_are_white_space() {
        let arena = Arena::new();
        let root = parse("// top\n{/* a */\"k\"/**/: // b\r\n 1}// end", &arena).unwrap();
        assert_eq!(root.get("k").and_then(Node::as_int), Some(1));
    }

    #[test]
    fn errors_name_the_place() {
        let error = |text: &str| {
            let error = parse(text, &Arena::new()).unwrap_err();
            (error.span.start, error.message)
        };
        for (text, at, words) in [
            ("", 0, "a value is expected"),
            ("{\"a\": 1,}", 8, "one too many"),
            ("[1,]", 3, "comma too many"),
            ("{\"a\": 1", 0, "ends before this object"),
            ("{\"a\": [1", 6, "ends before this array"),
            ("{\"a\" 1}", 5, "`:` is expected"),
            ("{a: 1}", 1, "double quotes"),
            ("\"abc", 0, "no closing quote"),
            ("\"a\nb\"", 0, "no closing quote"),
            ("\"a\\x\"", 2, "escape"),
            ("\"a\tb\"", 2, "control character"),
            ("01", 0, "number"),
            ("1.", 2, "decimal point"),
            ("/* x", 0, "no end"),
            ("{} x", 3, "after the end"),
            ("nul", 0, "a value is expected"),
            ("{\"a\": ", 6, "a value is expected"),
        ] {
            let (place, message) = error(text);
            assert_eq!(place, at, "{text}: {message}");
            assert!(message.contains(words), "{text}: {message}");
        }
    }

    #[test]
    fn nesting_is_bounded_not_the_stack() {
        let deep = "[".repeat(1_000_000);
        assert!(parse(&deep, &Arena::new()).unwrap_err().message.contains("deeper than 512"));
        let fine = format!("{}{}", "[".repeat(512), "]".repeat(512));
        assert!(parse(&fine, &Arena::new()).is_ok());
    }
}
