//! The one error that has a place in a text.

use std::fmt;

use super::Span;

/// What is wrong with a text, and where. Who knows which file the text is from says that beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// What is wrong, as a clause without a full stop.
    pub message: String,
    /// The place of it.
    pub span: Span,
}

impl TextError {
    /// What is wrong at that place.
    pub fn new(span: impl Into<Span>, message: impl Into<String>) -> Self {
        Self { message: message.into(), span: span.into() }
    }

    /// The line of the text that it is on, from 1.
    #[must_use]
    pub fn line_in(&self, text: &str) -> usize {
        text.get(..self.span.range().start).unwrap_or("").matches('\n').count() + 1
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TextError {}
