//! A JSON string as the service reads it: plain text, one expression, or text with values in it.

use smallvec::SmallVec;

use super::{Expr, ExprError, TextRange, parse};
use crate::text::Arena;

/// What a string of a flow stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Template<'t> {
    /// Plain text; also text whose leading `@@` stands for one `@`.
    Literal,
    /// `@…`: the whole string is one expression, whose value keeps its type.
    Whole(&'t Expr<'t>),
    /// Text with `@{…}` in it: the value is always text.
    Parts(&'t [Part<'t>]),
    /// `@…` that does not parse.
    Broken(&'t ExprError<'t>),
}

/// A piece of text with values in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'t> {
    /// Plain text.
    Text(TextRange),
    /// The expression inside `@{…}`.
    Value(Expr<'t>),
    /// An `@{…}` whose inside does not parse.
    Broken(ExprError<'t>),
}

impl<'t> Template<'t> {
    /// Reads a decoded string. Rules: expressions page of the Logic Apps documentation, and the
    /// designer's own reader for the cases that it leaves open.
    #[must_use]
    pub fn read(text: &'t str, arena: &'t Arena) -> Self {
        let bytes = text.as_bytes();
        match bytes {
            [] | [_] | [b'@', b'@', ..] => Template::Literal,
            [b'@', next, ..] if *next != b'{' => match parse(text, 1..text.len(), arena) {
                Ok(expr) => Template::Whole(arena.value(expr)),
                Err(error) => Template::Broken(arena.value(error)),
            },
            _ if has_interpolation(text) => parts(text, arena),
            _ => Template::Literal,
        }
    }

    /// Whether a decoded string is plain text; asks no more of it than it must.
    #[must_use]
    pub fn is_plain(text: &str) -> bool {
        match text.as_bytes() {
            [] | [_] | [b'@', b'@', ..] => true,
            [b'@', next, ..] if *next != b'{' => false,
            _ => !has_interpolation(text) || Template::read(text, &Arena::new()).is_literal(),
        }
    }

    /// The expressions in it, in order.
    pub fn expressions(&self) -> impl Iterator<Item = &'t Expr<'t>> + use<'t> {
        let (whole, parts) = match *self {
            Template::Whole(expr) => (Some(expr), &[][..]),
            Template::Parts(parts) => (None, parts),
            _ => (None, &[][..]),
        };
        whole.into_iter().chain(parts.iter().filter_map(|part| match part {
            Part::Value(expr) => Some(expr),
            _ => None,
        }))
    }

    /// What does not parse in it, in order.
    pub fn errors(&self) -> impl Iterator<Item = &'t ExprError<'t>> + use<'t> {
        let (whole, parts) = match *self {
            Template::Broken(error) => (Some(error), &[][..]),
            Template::Parts(parts) => (None, parts),
            _ => (None, &[][..]),
        };
        whole.into_iter().chain(parts.iter().filter_map(|part| match part {
            Part::Broken(error) => Some(error),
            _ => None,
        }))
    }

    /// Whether this is plain text.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        matches!(self, Template::Literal)
    }
}

/// Whether a string holds a `@{`, escaped or not.
#[must_use]
pub fn has_interpolation(text: &str) -> bool {
    memchr::memchr_iter(b'@', text.as_bytes()).any(|at| text.as_bytes().get(at + 1) == Some(&b'{'))
}

fn parts<'t>(text: &'t str, arena: &'t Arena) -> Template<'t> {
    let bytes = text.as_bytes();
    let mut parts: SmallVec<[Part<'t>; 4]> = SmallVec::new();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(skip) = memchr::memmem::find(&bytes[at..], b"@{") {
        let open = at + skip;
        at = open + 2;
        // `@@{` stands for the text `@{`. A string that begins with `@@` never comes here.
        if open > 0 && bytes[open - 1] == b'@' {
            continue;
        }
        if open > plain_from {
            parts.push(Part::Text(TextRange::new(plain_from, open)));
        }
        let Some(close) = closing_brace(bytes, at) else {
            parts.push(Part::Broken(unclosed(bytes, open)));
            return Template::Parts(arena.list(&parts));
        };
        parts.push(match parse(text, at..close, arena) {
            Ok(expr) => Part::Value(expr),
            // An empty `@{}` has no inside to point at.
            Err(error) if error.at.start == error.at.end => {
                Part::Broken(ExprError { at: TextRange::new(open, close + 1), ..error })
            }
            Err(error) => Part::Broken(error),
        });
        at = close + 1;
        plain_from = at;
    }
    if plain_from < text.len() {
        parts.push(Part::Text(TextRange::new(plain_from, text.len())));
    }
    if parts.iter().all(|part| matches!(part, Part::Text(_))) {
        Template::Literal
    } else {
        Template::Parts(arena.list(&parts))
    }
}

/// The first `}` outside text literals; `''` inside one toggles twice and so changes nothing.
fn closing_brace(bytes: &[u8], from: usize) -> Option<usize> {
    let mut quoted = false;
    for at in memchr::memchr2_iter(b'\'', b'}', &bytes[from..]) {
        match bytes[from + at] {
            b'\'' => quoted = !quoted,
            _ if !quoted => return Some(from + at),
            _ => {}
        }
    }
    None
}

fn unclosed(bytes: &[u8], open: usize) -> ExprError<'static> {
    let quotes = memchr::memchr_iter(b'\'', &bytes[open..]).count();
    let (message, help) = if quotes % 2 == 1 {
        (
            "a text literal in this `@{…}` has no closing quote",
            "End it with `'`; a quote inside the text is written `''`.",
        )
    } else {
        ("this `@{` has no closing `}`", "Close it, or write `@@{` for the plain characters.")
    };
    ExprError { message, help: Some(help), at: TextRange::new(open, open + 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        match Template::read(text, &Arena::new()) {
            Template::Literal => "literal".into(),
            Template::Whole(_) => "whole".into(),
            Template::Broken(error) => format!("broken: {}", error.message),
            Template::Parts(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Text(at) => format!("<{}>", &text[at.range()]),
                    Part::Value(expr) => format!("@{}", &text[expr.at.range()]),
                    Part::Broken(error) => format!("!{}", &text[error.at.range()]),
                })
                .collect(),
        }
    }

    #[test]
    fn a_string_is_text_an_expression_or_both() {
        for (text, expected) in [
            ("", "literal"),
            ("@", "literal"),
            ("a@b.com", "literal"),
            (" @utcNow()", "literal"),
            ("@@utcNow()", "literal"),
            ("@@{utcNow()}", "literal"),
            ("a@@{b}", "literal"),
            ("@utcNow()", "whole"),
            ("@null", "whole"),
            ("@{utcNow()}", "@utcNow()"),
            ("a @{utcNow()} b", "<a >@utcNow()< b>"),
            ("@{a('}')}-@{b('it''s }')}", "@a('}')<->@b('it''s }')"),
            ("x@@{y}@{utcNow()}", "<x@@{y}>@utcNow()"),
            ("@{}", "!@{}"),
            ("@{utcNow()", "!@{"),
            ("é@{utcNow(}", "<é>!utcNow"),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_behind_an_at_is_no_text() {
        assert!(shape("@odata.type").starts_with("broken: `odata`"), "{}", shape("@odata.type"));
    }
}
