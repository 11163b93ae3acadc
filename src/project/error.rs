//! Why what a configuration says or names cannot be used.

use std::fmt;

use crate::text::TextError;

/// Why what a configuration says or names cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProjectError {
    /// At a place in the configuration.
    Configuration(TextError),
    /// A file that it names cannot be read.
    File {
        /// The file, as people know it.
        file: String,
        /// What is wrong, in a sentence.
        message: String,
    },
    /// At a place in a file that it names.
    Text(Box<BrokenText>),
}

/// A file that a configuration names, and what is wrong in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenText {
    /// What the file is for: `policy`, `rule page`.
    pub kind: &'static str,
    /// The file, as people know it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// What is wrong, and where.
    pub error: TextError,
}

impl ProjectError {
    /// What is wrong in a text that a configuration names.
    pub(super) fn of_text(kind: &'static str, file: String, text: &str, error: TextError) -> Self {
        Self::Text(Box::new(BrokenText { kind, file, text: text.to_owned(), error }))
    }
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(error) => error.fmt(f),
            Self::File { file, message } => write!(f, "{file}: {message}"),
            Self::Text(broken) => write!(f, "{}: {}", broken.file, broken.error),
        }
    }
}

impl std::error::Error for ProjectError {}
