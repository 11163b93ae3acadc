//! One spanned JSON tree: order, duplicate keys, and the place of every value and key are kept.
//!
//! Lies in an [`Arena`](crate::text::Arena), so that a tree is copied by its root and costs nothing to drop. Knows
//! texts and spans, and nothing of flows.

mod parse;
mod query;
mod text;

pub use parse::{MAX_DEPTH, parse};
pub use query::{Query, QueryError};
pub use text::{pointer_token, raw_span};

use crate::text::Span;

/// A JSON value and the bytes it stands on. The span of a string includes its quotes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Node<'a> {
    /// The value.
    pub value: Value<'a>,
    /// Where the value stands.
    pub span: Span,
}

/// What a [`Node`] is.
#[derive(Clone, Copy, Debug, Default)]
pub enum Value<'a> {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written.
    Number(&'a str),
    /// A string, escapes decoded.
    String(&'a str),
    /// An array.
    Array(&'a [Node<'a>]),
    /// An object: members in the order of the file, duplicates kept.
    Object(&'a [Member<'a>]),
}

/// A key of an object and its value.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The key, escapes decoded.
    pub key: &'a str,
    /// Where the key stands, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node<'a>,
}

impl<'a> Node<'a> {
    /// The member of that key; the last one if the key occurs more than once, as the service reads it.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&'a Member<'a>> {
        self.members().iter().rev().find(|member| member.key == key)
    }

    /// The value of that key; see [`Node::member`].
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a Node<'a>> {
        self.member(key).map(|member| &member.value)
    }

    /// The value at the end of a chain of keys.
    #[must_use]
    pub fn at<'n>(&'n self, keys: &[&str]) -> Option<&'n Node<'a>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The members of an object; none for anything else.
    #[must_use]
    pub fn members(&self) -> &'a [Member<'a>] {
        match self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of an array; none for anything else.
    #[must_use]
    pub fn elements(&self) -> &'a [Node<'a>] {
        match self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        match self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number that this is, or that a string of digits says.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match &self.value {
            Value::Number(text) | Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether this is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    /// What kind of value this is, with its article: "an object", "a string".
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The JSON pointer (RFC 6901) from this value to the innermost key or value that holds `span`.
    #[must_use]
    pub fn pointer_to(&self, span: Span) -> String {
        let mut pointer = String::new();
        let mut node = self;
        loop {
            let next = match &node.value {
                Value::Object(members) => members
                    .iter()
                    .find(|m| Span { start: m.key_span.start, end: m.value.span.end }.contains(span))
                    .map(|m| (pointer_token(m.key), &m.value)),
                Value::Array(elements) => elements
                    .iter()
                    .enumerate()
                    .find(|(_, element)| element.span.contains(span))
                    .map(|(index, element)| (index.to_string().into(), element)),
                _ => None,
            };
            let Some((token, inner)) = next else { return pointer };
            pointer.push('/');
            pointer.push_str(&token);
            node = inner;
        }
    }
}

/// Equality of values; places do not count, numbers compare as written or as floats.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => same_number(a, b),
            (Value::String(a), Value::String(b)) => a == b,
            (Value::Array(a), Value::Array(b)) => a == b,
            (Value::Object(a), Value::Object(b)) => {
                let (a, b) = (by_key(a), by_key(b));
                a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| x.key == y.key && x.value == y.value)
            }
            _ => false,
        }
    }
}

/// Whether two numbers are one, however they are written.
fn same_number(a: &str, b: &str) -> bool {
    a == b || a.parse::<f64>().ok() == b.parse::<f64>().ok()
}

/// The members that count, the last of each key, in the order of their keys.
fn by_key<'a>(members: &'a [Member<'a>]) -> Vec<&'a Member<'a>> {
    let mut sorted: Vec<&Member<'a>> = members.iter().rev().collect();
    sorted.sort_by(|a, b| a.key.cmp(b.key));
    sorted.dedup_by(|later, first| later.key == first.key);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Arena;

    #[test]
    fn the_last_of_two_equal_keys_counts_and_both_are_kept() {
        let arena = Arena::new();
        let root = parse(r#"{"a": 1, "b": 2, "a": 3}"#, &arena).unwrap();
        assert_eq!(root.get("a").and_then(Node::as_int), Some(3));
        assert_eq!(root.members().len(), 3);
    }

    #[test]
    fn equality_ignores_order_and_place() {
        let arena = Arena::new();
        let parse = |text| parse(text, &arena).unwrap();
        assert_eq!(parse(r#"{"a": [1.0, "x"], "b": null}"#), parse(r#"{"b":null,"a":[1,"x"]}"#));
        assert_ne!(parse(r#"{"a": 1}"#), parse(r#"{"a": 1, "b": 1}"#));
        assert_ne!(parse("{}"), parse(r#"{"b": 1}"#));
        assert_eq!(parse(r#"{"a": 1, "b": 2, "a": 3}"#), parse(r#"{"a": 3, "b": 2}"#));
        // Each level is compared once.
        let deep = format!("{}1{}", r#"{"a":"#.repeat(300), "}".repeat(300));
        assert_eq!(super::parse(&deep, &arena), super::parse(&deep, &arena));
    }

    #[test]
    fn a_pointer_leads_to_keys_and_values() {
        let text = r#"{"inputs": {"a/b~c": [0, {"x": "here"}]}}"#;
        let arena = Arena::new();
        let root = parse(text, &arena).unwrap();
        let at = |needle: &str| {
            let start = text.find(needle).unwrap();
            root.pointer_to(Span::new(start, start + needle.len()))
        };
        assert_eq!(at("\"here\""), "/inputs/a~1b~0c/1/x");
        assert_eq!(at("\"x\""), "/inputs/a~1b~0c/1/x");
        assert_eq!(at("\"a/b~c\""), "/inputs/a~1b~0c");
        assert_eq!(root.pointer_to(root.span), "");
    }
}
