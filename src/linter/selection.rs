//! What a user sets: which rules are on, how grave they are, and with which options; and what is wrong with that.
//!
//! Knows words and their places; knows no rule.

use std::fmt;

use super::options::OptionValue;
use crate::finding::Severity;
use crate::text::Span;

/// The words by which a user turns rules on and off, in the order in which they are applied.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// In place of the default set.
    pub select: Option<Vec<SelectionWord>>,
    /// On top of it.
    pub extend: Vec<SelectionWord>,
    /// Taken away at last.
    pub ignore: Vec<SelectionWord>,
    /// Severities that replace the rules' own.
    pub severities: Vec<(SelectionWord, Severity)>,
    /// Values of options.
    pub options: Vec<OptionSetting>,
}

/// A word of a selection, and where it stands in the configuration; none where it comes from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectionWord {
    /// The word.
    pub text: String,
    /// Its place in the configuration.
    pub span: Option<Span>,
}

/// A value that a user sets for an option of a rule.
#[derive(Clone, Debug)]
pub struct OptionSetting {
    /// The rule.
    pub rule: SelectionWord,
    /// The option.
    pub name: SelectionWord,
    /// The value.
    pub value: OptionValue,
}

impl SelectionWord {
    /// A word of the configuration.
    pub(crate) fn at(text: impl Into<String>, span: impl Into<Span>) -> Self {
        Self { text: text.into(), span: Some(span.into()) }
    }
}

impl From<String> for SelectionWord {
    fn from(text: String) -> Self {
        Self { text, span: None }
    }
}

impl From<&str> for SelectionWord {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A word that names no rule and no category, or an option that a rule has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The word, as the user wrote it, and where.
    pub word: SelectionWord,
    /// What is wrong with it, and what may be meant.
    pub message: String,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnknownRule {}

/// Everything that is wrong with a selection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectionErrors(pub Vec<UnknownRule>);

impl SelectionErrors {
    /// Adds a mistake, if it isn't there yet: a rule that doesn't exist may have several settings.
    pub(super) fn add(&mut self, error: UnknownRule) {
        if !self.0.contains(&error) {
            self.0.push(error);
        }
    }
}

impl fmt::Display for SelectionErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages: Vec<&str> = self.0.iter().map(|error| error.message.as_str()).collect();
        f.write_str(&messages.join("\n"))
    }
}

impl std::error::Error for SelectionErrors {}
