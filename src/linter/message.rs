//! What a declarative rule says: text with placeholders.

use super::options::{OptionValue, Options};
use super::reading::{Item, Reader};
use crate::text::TextError;

/// A message or help of a page.
#[derive(Debug)]
pub(super) struct Message(Vec<Piece>);

#[derive(Debug)]
enum Piece {
    /// As it stands; the values of options are in it.
    Text(String),
    Placeholder(Placeholder),
    Value,
    Count,
}

/// What is told of each part of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placeholder {
    Name,
    Type,
    Connector,
    Operation,
    /// The container that `inside` fits.
    Inside,
    /// The flow's name.
    Flow,
    /// What a note or a description says.
    Description,
}

impl Placeholder {
    pub(super) const NAMES: [(&'static str, Self); 7] = [
        ("name", Self::Name),
        ("type", Self::Type),
        ("connector", Self::Connector),
        ("operation", Self::Operation),
        ("inside", Self::Inside),
        ("flow", Self::Flow),
        ("description", Self::Description),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, told)| told)
    }
}

/// Whether a placeholder of that name stands for something of its own, so that no option can have it. Those that came
/// later give way to an option.
pub(super) fn is_taken(name: &str) -> bool {
    ["name", "type", "connector", "operation", "value", "count"].contains(&name)
}

impl Message {
    /// Reads a text with placeholders.
    pub(super) fn read(
        key: &str,
        item: &Item<'_>,
        reader: &Reader<'_>,
        options: &Options,
    ) -> Result<Self, TextError> {
        let text = item
            .get_ref()
            .as_str()
            .ok_or_else(|| TextError::new(item.span(), format!("`{key}` is a text")))?;
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            pieces.push(Piece::Text(before.to_owned()));
            let (name, after) = after.split_once('}').ok_or_else(|| {
                TextError::new(item.span(), format!("`{key}` has a {{ that nothing closes"))
            })?;
            let told = Placeholder::named(name).filter(|_| is_taken(name) || options.get(name).is_none());
            pieces.push(match (told, name, options.get(name)) {
                (Some(told), ..) => Piece::Placeholder(told),
                (_, "value", _) => Piece::Value,
                (_, "count", _) => Piece::Count,
                (.., Some(value)) => {
                    reader.tells(name);
                    Piece::Text(spelt(value))
                }
                (.., None) => return Err(TextError::new(item.span(), no_placeholder(name, options))),
            });
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self(pieces))
    }

    /// The text, with what is told of a part, the value that is meant and a count.
    pub(super) fn fill(&self, told: &dyn Fn(Placeholder) -> String, value: &str, count: usize) -> String {
        let mut filled = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Placeholder(what) => filled.push_str(&told(*what)),
                Piece::Value => filled.push_str(value),
                Piece::Count => filled.push_str(&count.to_string()),
            }
        }
        filled
    }
}

/// The value of an option, as people write it.
fn spelt(value: &OptionValue) -> String {
    match value {
        OptionValue::Int(number) => number.to_string(),
        OptionValue::Bool(truth) => truth.to_string(),
        OptionValue::Text(text) => text.clone(),
        OptionValue::List(items) => items.join(", "),
    }
}

fn no_placeholder(name: &str, options: &Options) -> String {
    let own = Placeholder::NAMES.map(|(name, _)| name).into_iter().chain(["value", "count"]);
    let all: Vec<&str> = own.chain(options.names()).collect();
    match crate::text::nearest(name, all.iter().copied()) {
        Some(near) => format!("there is no placeholder {{{name}}}: did you mean {{{near}}}?"),
        None => format!("there is no placeholder {{{name}}}: there are {}", all.join(", ")),
    }
}
