//! Options of rules: names and defaults come from the page, values from the configuration.

use std::fmt;

use crate::text::TextError;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use toml::de::{DeTable, DeValue};

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptionValue {
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

impl OptionValue {
    /// Reads a TOML value; none for kinds that no option has.
    #[must_use]
    pub fn read(value: &DeValue<'_>) -> Option<Self> {
        Some(match value {
            DeValue::Integer(number) => {
                OptionValue::Int(i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()?)
            }
            DeValue::Boolean(truth) => OptionValue::Bool(*truth),
            DeValue::String(text) => OptionValue::Text(text.to_string()),
            DeValue::Array(items) => OptionValue::List(
                items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<_>>()?,
            ),
            _ => return None,
        })
    }

    /// What kind of value this is, with its article.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            OptionValue::Int(_) => "a whole number",
            OptionValue::Bool(_) => "true or false",
            OptionValue::Text(_) => "a text",
            OptionValue::List(_) => "a list of texts",
        }
    }
}

/// The options of one rule, in the order of its page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options(Vec<(String, OptionValue)>);

impl Options {
    /// Reads the `[options]` table of a page.
    ///
    /// # Errors
    /// Names the first option whose value is of a kind that no option has.
    pub fn read(table: &DeTable<'_>) -> Result<Self, TextError> {
        table
            .iter()
            .map(|(key, value)| {
                let name = key.get_ref().to_string();
                let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
                if !is_name || !name.starts_with(|c: char| c.is_ascii_lowercase()) || name == "severity" {
                    let message = format!("`{name}` is no name of an option: they have small letters, digits and hyphens, and `severity` has a meaning of its own");
                    return Err(TextError::new(key.span(), message));
                }
                match OptionValue::read(value.get_ref()) {
                    Some(value) => Ok((name, value)),
                    None => Err(TextError::new(
                        value.span(),
                        format!("the option `{name}` is no number, text, truth or list of texts"),
                    )),
                }
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Sets an option.
    ///
    /// # Errors
    /// There is no option of that name, or it takes another kind of value; the message says which.
    pub fn set(&mut self, name: &str, value: OptionValue) -> Result<(), String> {
        let names: Vec<&str> = self.names().collect();
        let Some(at) = names.iter().position(|known| *known == name) else {
            let meant = crate::text::nearest(name, names.iter().copied().chain(["severity"]));
            return Err(match (meant, names.is_empty()) {
                (Some(meant), _) => format!("there is no option `{name}`: did you mean `{meant}`?"),
                (None, true) => format!("there is no option `{name}`: this rule has none but `severity`"),
                (None, false) => {
                    format!("there is no option `{name}`: this rule has severity, {}", names.join(", "))
                }
            });
        };
        let current = &mut self.0[at].1;
        if current.kind() != value.kind() {
            return Err(format!("`{name}` takes {} and got {}", current.kind(), value.kind()));
        }
        *current = value;
        Ok(())
    }

    /// The names, in the order of the page.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OptionValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The options as a rule has them in its code: each field is an option, and each option a field.
    ///
    /// # Errors
    /// Page and code do not agree on the options.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, OptionError> {
        T::deserialize(MapDeserializer::new(self.iter()))
            .map_err(|error| OptionError { option: None, message: format!("[options] of the page: {error}") })
    }

    /// The value of an option.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OptionValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}

/// Why a rule cannot be made with its options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// The option whose value makes no sense; none where page and code do not agree.
    pub option: Option<&'static str>,
    /// What is wrong.
    pub message: String,
}

impl OptionError {
    /// An option whose value is of the right kind and makes no sense all the same.
    pub fn new(option: &'static str, message: impl Into<String>) -> Self {
        Self { option: Some(option), message: message.into() }
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for OptionError {}

impl<'de> IntoDeserializer<'de> for &OptionValue {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &OptionValue {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            OptionValue::Int(number) => visitor.visit_i64(*number),
            OptionValue::Bool(truth) => visitor.visit_bool(*truth),
            OptionValue::Text(text) => visitor.visit_str(text),
            OptionValue::List(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.iter().map(String::as_str)))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Eq)]
    #[serde(rename_all = "kebab-case", deny_unknown_fields)]
    struct Sample {
        max_depth: i64,
        strict: bool,
        word: String,
        allow: Vec<String>,
    }

    fn parse(page: &str) -> Result<Sample, String> {
        let table = DeTable::parse(page).unwrap();
        Options::read(table.get_ref()).map_err(|fault| fault.message)?.parse().map_err(|error| error.message)
    }

    #[test]
    fn options_become_fields() {
        let sample = parse("max-depth = 4\nstrict = true\nword = 'a'\nallow = ['b', 'c']").unwrap();
        let allow = vec!["b".to_owned(), "c".to_owned()];
        assert_eq!(sample, Sample { max_depth: 4, strict: true, word: "a".into(), allow });
    }

    #[test]
    fn page_and_code_have_the_same_options_of_the_same_kinds() {
        let error = |page: &str| parse(page).unwrap_err();
        let rest = "strict = true\nword = 'a'\nallow = []";
        assert!(error(rest).contains("missing field `max-depth`"));
        assert!(error(&format!("max-dept = 4\n{rest}")).contains("unknown field `max-dept`"));
        assert!(error(&format!("max-depth = '4'\n{rest}")).contains("invalid type: string"));
    }
}
