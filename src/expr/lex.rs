//! Tokens of the expression language.

use super::{ExprError, TextRange};
use crate::text::Arena;

/// A token and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind<'t>,
    pub(super) at: TextRange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    Dot,
    Comma,
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Question,
    /// The inside of a text literal, quotes still doubled.
    Text(&'t str),
    Integer(&'t str),
    Float(&'t str),
    Name(&'t str),
    End,
}

/// Reads tokens from a range of a decoded string.
pub(super) struct Lexer<'t> {
    text: &'t str,
    /// Where messages go that are made for one error.
    pub(super) arena: &'t Arena,
    at: usize,
    end: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, range: std::ops::Range<usize>, arena: &'t Arena) -> Self {
        Self { text, arena, at: range.start, end: range.end }
    }

    /// The next token; at the end, [`Kind::End`] again and again.
    pub(super) fn next(&mut self) -> Result<Token<'t>, ExprError<'t>> {
        self.skip_blank();
        let start = self.at;
        let Some(&first) = self.text.as_bytes()[..self.end].get(start) else {
            return Ok(Token { kind: Kind::End, at: TextRange::new(start, start) });
        };
        let single = match first {
            b'.' => Some(Kind::Dot),
            b',' => Some(Kind::Comma),
            b'(' => Some(Kind::Open),
            b')' => Some(Kind::Close),
            b'[' => Some(Kind::OpenBracket),
            b']' => Some(Kind::CloseBracket),
            b'?' => Some(Kind::Question),
            _ => None,
        };
        if let Some(kind) = single {
            self.at += 1;
            return Ok(Token { kind, at: TextRange::new(start, self.at) });
        }
        match first {
            b'\'' => self.text_literal(),
            b'{' | b'}' | b'@' => Err(self.stray(char::from(first))),
            b'+' | b'-' | b'0'..=b'9' => self.number(),
            _ => self.name(),
        }
    }

    /// What stands in front of a token.
    pub(super) fn before(&self, token: Token<'_>) -> &'t str {
        &self.text[..token.at.start as usize]
    }

    /// What stands there from one offset to another.
    pub(super) fn written(&self, at: TextRange) -> &'t str {
        &self.text[at.range()]
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    fn stray(&self, c: char) -> ExprError<'t> {
        let at = TextRange::new(self.at, self.at + c.len_utf8());
        let (message, help) = match c {
            '@' => (
                "an `@` inside an expression",
                "Only the beginning of an expression has an `@`: take this one out.",
            ),
            _ => (
                self.arena.text(&format!("`{c}` has no meaning in an expression")),
                "Build objects with json('…') or setProperty(), arrays with createArray().",
            ),
        };
        ExprError { message, help: Some(help), at }
    }

    fn text_literal(&mut self) -> Result<Token<'t>, ExprError<'t>> {
        let start = self.at;
        let bytes = &self.text.as_bytes()[..self.end];
        let mut at = start + 1;
        loop {
            match memchr::memchr(b'\'', &bytes[at..]) {
                Some(skip) if bytes.get(at + skip + 1) == Some(&b'\'') => at += skip + 2,
                Some(skip) => {
                    self.at = at + skip + 1;
                    let inside = &self.text[start + 1..self.at - 1];
                    return Ok(Token { kind: Kind::Text(inside), at: TextRange::new(start, self.at) });
                }
                None => {
                    return Err(ExprError {
                        message: "this text has no closing quote",
                        help: Some("End it with `'`; a quote inside the text is written `''`."),
                        at: TextRange::new(start, start + 1),
                    });
                }
            }
        }
    }

    fn number(&mut self) -> Result<Token<'t>, ExprError<'t>> {
        let start = self.at;
        let bytes = &self.text.as_bytes()[..self.end];
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let first = if matches!(bytes[start], b'+' | b'-') { start + 1 } else { start };
        let mut at = digits(first);
        let mut broken = at == first;
        let mut float = false;
        if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            float = true;
            at = digits(at + 1);
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
            let exponent = digits(at + 1 + sign);
            float = true;
            broken |= exponent == at + 1 + sign;
            at = exponent;
        }
        broken |= self.text[at..self.end].chars().next().is_some_and(in_name);
        if broken {
            let end = at + self.text[at..self.end].find(|c| !in_name(c)).unwrap_or(self.end - at);
            let end = end.max(start + 1);
            return Err(ExprError {
                message: self.arena.text(&format!("`{}` is no number", &self.text[start..end])),
                help: Some(
                    "Text stands in single quotes; there are no operators, use add(), sub() and the like.",
                ),
                at: TextRange::new(start, end),
            });
        }
        self.at = at;
        let written = &self.text[start..at];
        let kind = if float { Kind::Float(written) } else { Kind::Integer(written) };
        Ok(Token { kind, at: TextRange::new(start, at) })
    }

    fn name(&mut self) -> Result<Token<'t>, ExprError<'t>> {
        let start = self.at;
        let rest = &self.text[start..self.end];
        // Nearly every name is ASCII, and so is what ends it.
        let plain = rest.bytes().position(|byte| !IN_NAME[usize::from(byte)]).unwrap_or(rest.len());
        let length = match rest.as_bytes().get(plain) {
            Some(byte) if !byte.is_ascii() => rest.find(|c| !in_name(c)).unwrap_or(rest.len()),
            _ => plain,
        };
        let name = &rest[..length];
        let at = TextRange::new(start, start + length);
        if name.starts_with('"') {
            return Err(ExprError {
                message: "text in double quotes",
                help: Some("Inside an expression text stands in single quotes: 'like this'."),
                at,
            });
        }
        self.at = start + length;
        Ok(Token { kind: Kind::Name(name), at })
    }

    fn skip_blank(&mut self) {
        let next = self.text.as_bytes()[..self.end].get(self.at);
        if next.is_some_and(u8::is_ascii_graphic) {
            return;
        }
        let rest = &self.text[self.at..self.end];
        self.at += rest.len() - rest.trim_start().len();
    }
}

/// The ASCII bytes that may stand in a name.
const IN_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0x21;
    while byte < 0x7f {
        table[byte] = !matches!(
            byte as u8,
            b'.' | b',' | b'(' | b')' | b'{' | b'}' | b'@' | b'[' | b']' | b'?' | b'\''
        );
        byte += 1;
    }
    table
};

/// Whether a character may stand in a name. White space is Unicode's: the service takes a
/// no-break space for one as well.
fn in_name(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '.' | ',' | '(' | ')' | '{' | '}' | '@' | '[' | ']' | '?' | '\'')
}
