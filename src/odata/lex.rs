//! The words of a row filter, each with its place.

use std::ops::Range;

/// A word, a text or a sign.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    Open,
    Close,
    Comma,
    /// A name, a number, an operator.
    Word(&'t str),
    /// A text in quotes, without them and with doubled ones undone.
    Text(String),
    /// What the run fills in, in quotes or not: it holds an expression.
    Hole(&'t str),
}

/// The tokens of a filter with their places; none where a quote or a hole is not closed.
pub(super) fn tokens(filter: &str) -> Option<Vec<(Token<'_>, Range<usize>)>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = filter[at..].chars().next() {
        let start = at;
        let token = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '(' | ')' | ',' => {
                at += 1;
                match first {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Comma,
                }
            }
            '\'' => {
                let (text, has_hole);
                (text, has_hole, at) = quoted(filter, at + 1)?;
                if has_hole { Token::Hole(&filter[start..at]) } else { Token::Text(text) }
            }
            _ => {
                let has_hole;
                (has_hole, at) = word(filter, at)?;
                let text = &filter[start..at];
                if has_hole { Token::Hole(text) } else { Token::Word(text) }
            }
        };
        tokens.push((token, start..at));
    }
    Some(tokens)
}

/// A text up to the quote that closes it: what it says, whether a part of it is computed, and where it ends.
fn quoted(filter: &str, start: usize) -> Option<(String, bool, usize)> {
    let mut text = String::new();
    let mut has_hole = false;
    let mut at = start;
    loop {
        let rest = &filter[at..];
        if rest.starts_with("@{") {
            has_hole = true;
            at = hole(filter, at + 2)?;
        } else if rest.starts_with("''") {
            text.push('\'');
            at += 2;
        } else {
            let c = rest.chars().next()?;
            at += c.len_utf8();
            if c == '\'' {
                return Some((text, has_hole, at));
            }
            // What a caller puts in the place of a hole.
            has_hole |= c == '@';
            text.push(c);
        }
    }
}

/// A word up to its end: whether it is computed, and where it ends.
fn word(filter: &str, start: usize) -> Option<(bool, usize)> {
    let mut has_hole = false;
    let mut at = start;
    while let Some(c) = filter[at..].chars().next() {
        if filter[at..].starts_with("@{") {
            has_hole = true;
            at = hole(filter, at + 2)?;
        } else if c.is_whitespace() || matches!(c, '(' | ')' | ',' | '\'') {
            break;
        } else {
            has_hole |= c == '@';
            at += c.len_utf8();
        }
    }
    Some((has_hole, at))
}

/// The end of a hole, behind the brace that closes it. Texts inside may have braces.
fn hole(filter: &str, start: usize) -> Option<usize> {
    let mut is_quoted = false;
    let mut depth = 1_u32;
    for (at, c) in filter[start..].char_indices() {
        match c {
            '\'' => is_quoted = !is_quoted,
            '{' if !is_quoted => depth += 1,
            '}' if !is_quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(start + at + 1);
        }
    }
    None
}
