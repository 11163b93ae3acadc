//! What a JSON schema says of the values that keep it.
//!
//! Knows the part of JSON Schema that flows use, and nothing of flows; what it does not know may be anything.

use crate::expr::Types;
use crate::json::{Node, Value};

/// Words that say more of a value than its `type` does.
const COMBINED: [&str; 6] = ["$ref", "allOf", "anyOf", "if", "not", "oneOf"];

/// What a value that keeps the schema can be.
pub(super) fn types(schema: &Node<'_>) -> Types {
    if is_combined(schema) {
        return Types::ANY;
    }
    let named = |node: &Node<'_>| node.as_str().and_then(named);
    match schema.get("type") {
        Some(node) if node.as_str().is_some() => named(node).unwrap_or(Types::ANY),
        Some(node) if !node.elements().is_empty() => node
            .elements()
            .iter()
            .try_fold(Types::NONE, |set, node| Some(set.or(named(node)?)))
            .unwrap_or(Types::ANY),
        _ => Types::ANY,
    }
}

/// The schema of what a step leads to: a property by its name, any element by a number.
pub(super) fn step<'a>(schema: &'a Node<'a>, key: Key<'_>) -> Option<&'a Node<'a>> {
    if is_combined(schema) {
        return None;
    }
    match key {
        Key::Name(name) => schema.at(&["properties", name]),
        Key::Index => schema.get("items").filter(|items| items.is_object()),
    }
}

/// A step into a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key<'k> {
    /// A property.
    Name(&'k str),
    /// An element of an array, whichever.
    Index,
}

fn is_combined(schema: &Node<'_>) -> bool {
    !matches!(schema.value, Value::Object(_)) || COMBINED.into_iter().any(|word| schema.get(word).is_some())
}

/// Whole numbers may arrive with a fraction of nothing: both words are any number.
fn named(name: &str) -> Option<Types> {
    Some(match name {
        "string" => Types::STRING,
        "integer" | "number" => Types::NUMBER,
        "boolean" => Types::BOOLEAN,
        "null" => Types::NULL,
        "array" => Types::ARRAY,
        "object" => Types::OBJECT,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use crate::text::Arena;

    #[test]
    fn a_schema_says_what_is_certain_and_no_more() {
        for (text, expected) in [
            (r#"{"type": "string"}"#, "a string"),
            (r#"{"type": "integer"}"#, "a number"),
            (r#"{"type": ["boolean", "null"]}"#, "a boolean or null"),
            (r#"{"type": ["string", "text"]}"#, "anything"),
            (r#"{"type": []}"#, "anything"),
            (r#"{"type": "[parameters('t')]"}"#, "anything"),
            (r#"{"type": "string", "anyOf": [{"type": "null"}]}"#, "anything"),
            (r#"{"properties": {}}"#, "anything"),
            ("true", "anything"),
        ] {
            let arena = Arena::new();
            assert_eq!(types(&parse(text, &arena).unwrap()).words(), expected, "{text}");
        }
    }

    #[test]
    fn steps_lead_to_properties_and_elements() {
        let arena = Arena::new();
        let schema = parse(
            r#"{"type": "array", "items": {"type": "object", "properties": {"n": {"type": "number"}}}}"#,
            &arena,
        )
        .unwrap();
        let item = step(&schema, Key::Index).unwrap();
        assert_eq!(step(item, Key::Name("n")).map(types), Some(Types::NUMBER));
        assert!(step(item, Key::Name("m")).is_none() && step(item, Key::Index).is_none());
        assert!(step(&parse(r#"{"items": [{"type": "string"}]}"#, &arena).unwrap(), Key::Index).is_none());
    }
}
