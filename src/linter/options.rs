//! Options of rules: names and defaults come from the page, values from the configuration.

use toml::de::{DeTable, DeValue};

use super::reading::Fault;

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    pub fn read(table: &DeTable<'_>) -> Result<Self, Fault> {
        table
            .iter()
            .map(|(key, value)| {
                let name = key.get_ref().to_string();
                let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
                if !is_name || !name.starts_with(|c: char| c.is_ascii_lowercase()) || name == "severity" {
                    let message = format!("`{name}` is no name of an option: they have small letters, digits and hyphens, and `severity` has a meaning of its own");
                    return Err(Fault::at(key.span(), message));
                }
                match OptionValue::read(value.get_ref()) {
                    Some(value) => Ok((name, value)),
                    None => Err(Fault::at(
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

    /// The texts of a list option; none for an option of another kind.
    #[must_use]
    pub fn list(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(OptionValue::List(items)) => items,
            _ => &[],
        }
    }

    /// The value of an option.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OptionValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}
