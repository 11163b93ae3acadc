//! Reads the TOML of rule pages: every fault has its place, and `"{option}"` stands for the value of an option.
//!
//! Knows tables and options; knows nothing of checks.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::options::{OptionValue, Options};
use crate::text::TextError;

/// A text of a page, and where it stands. What an option stands for is at the place of its `{option}`.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// A value of TOML with its place.
pub(super) type Item<'t> = Spanned<DeValue<'t>>;

/// Reads values, and remembers which options they came from.
pub(super) struct Reader<'o> {
    options: &'o Options,
    used: RefCell<Vec<String>>,
}

impl<'o> Reader<'o> {
    pub(super) fn new(options: &'o Options) -> Self {
        Self { options, used: RefCell::default() }
    }

    /// A text.
    pub(super) fn text(&self, key: &str, item: &Item<'_>) -> Result<Word, TextError> {
        let wrong = || TextError::new(item.span(), format!("`{key}` is a text"));
        let text = match self.option(item)? {
            Some(OptionValue::Text(text)) => text.clone(),
            Some(other) => return Err(self.unfit(key, item, "a text", other)),
            None => item.get_ref().as_str().ok_or_else(wrong)?.to_owned(),
        };
        Ok(Word { text, span: item.span() })
    }

    /// A text or a list of texts. A `"{option}"` in a list stands for all that the option lists.
    pub(super) fn list(&self, key: &str, item: &Item<'_>) -> Result<Vec<Word>, TextError> {
        let items = match item.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![item],
        };
        let mut words = Vec::new();
        for item in items {
            let word = |text: &str| Word { text: text.to_owned(), span: item.span() };
            match (self.option(item)?, item.get_ref().as_str()) {
                (Some(OptionValue::Text(text)), _) => words.push(word(text)),
                (Some(OptionValue::List(texts)), _) => words.extend(texts.iter().map(|text| word(text))),
                (Some(other), _) => return Err(self.unfit(key, item, "a text or a list of texts", other)),
                (None, Some(text)) => words.push(word(text)),
                (None, None) => {
                    return Err(TextError::new(item.span(), format!("`{key}` is a text or a list of texts")));
                }
            }
        }
        if words.is_empty() && matches!(item.get_ref(), DeValue::Array(items) if items.is_empty()) {
            return Err(TextError::new(item.span(), format!("`{key}` is an empty list: it fits nothing")));
        }
        Ok(words)
    }

    /// A whole number from 0.
    pub(super) fn number(&self, key: &str, item: &Item<'_>) -> Result<usize, TextError> {
        let wrong = || TextError::new(item.span(), format!("`{key}` is a whole number"));
        let value = match self.option(item)? {
            Some(value) => Some(value.clone()),
            None => OptionValue::read(item.get_ref()),
        };
        match value {
            Some(OptionValue::Int(number)) => usize::try_from(number).map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }

    /// A number.
    pub(super) fn decimal(&self, key: &str, item: &Item<'_>) -> Result<f64, TextError> {
        let wrong = || TextError::new(item.span(), format!("`{key}` is a number"));
        let text = match (self.option(item)?, item.get_ref()) {
            (Some(OptionValue::Int(number)), _) => number.to_string(),
            (Some(OptionValue::Text(text)), _) => text.clone(),
            (None, DeValue::Integer(number)) => number.as_str().to_owned(),
            (None, DeValue::Float(number)) => number.as_str().to_owned(),
            _ => return Err(wrong()),
        };
        text.replace('_', "").parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(wrong)
    }

    /// Notes that a message tells an option.
    pub(super) fn tells(&self, name: &str) {
        self.used.borrow_mut().push(name.to_owned());
    }

    /// The first option that nothing has read.
    pub(super) fn unused(&self) -> Option<&'o str> {
        self.options.names().find(|name| !self.used.borrow().iter().any(|used| used == name))
    }

    /// The value of the option that a text stands for as a whole.
    fn option(&self, item: &Item<'_>) -> Result<Option<&'o OptionValue>, TextError> {
        let Some(name) = item.get_ref().as_str().and_then(placeholder) else { return Ok(None) };
        self.tells(name);
        match self.options.get(name) {
            Some(value) => Ok(Some(value)),
            None => Err(TextError::new(item.span(), no_option(name, self.options))),
        }
    }

    fn unfit(&self, key: &str, item: &Item<'_>, wanted: &str, value: &OptionValue) -> TextError {
        let option = item.get_ref().as_str().unwrap_or_default();
        TextError::new(
            item.span(),
            format!("`{key}` is {wanted}, and the option {option} is {}", value.kind()),
        )
    }
}

/// The name in a text that is one `{name}` and nothing else.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_name.then_some(name)
}

/// That there is no option of that name, and which one may be meant.
fn no_option(name: &str, options: &Options) -> String {
    match (crate::text::nearest(name, options.names()), options.names().next()) {
        (Some(near), _) => format!("there is no option `{name}`: did you mean `{near}`?"),
        (None, Some(_)) => {
            format!(
                "there is no option `{name}`: [options] has {}",
                options.names().collect::<Vec<_>>().join(", ")
            )
        }
        (None, None) => format!("there is no option `{name}`: the page has no [options]"),
    }
}
