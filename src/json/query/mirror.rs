//! A tree in the form that `jsonpath-rust` walks: with vectors, and literals of its own to compare with.
//!
//! Made only for the paths that need the library, of the part of the file that they look into.

use std::borrow::Cow;

use jsonpath_rust::query::queryable::Queryable;

use crate::json::{Node, Value, same_number};

/// A value as the library sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Mirror<'n, 'a> {
    shape: Shape<'n, 'a>,
    /// What is mirrored; none for a literal of the path.
    pub(super) node: Option<&'n Node<'a>>,
}

#[derive(Clone, Debug, Default)]
enum Shape<'n, 'a> {
    #[default]
    Null,
    Bool(bool),
    Number(Cow<'n, str>),
    String(Cow<'n, str>),
    Array(Vec<Mirror<'n, 'a>>),
    Object(Vec<(&'n str, Mirror<'n, 'a>)>),
}

impl<'n, 'a> Mirror<'n, 'a> {
    /// The mirror of a node and of all that it holds.
    pub(super) fn of(node: &'n Node<'a>) -> Self {
        let shape = match node.value {
            Value::Null => Shape::Null,
            Value::Bool(truth) => Shape::Bool(truth),
            Value::Number(written) => Shape::Number(written.into()),
            Value::String(text) => Shape::String(text.into()),
            Value::Array(elements) => Shape::Array(elements.iter().map(Self::of).collect()),
            Value::Object(members) => {
                Shape::Object(members.iter().map(|member| (member.key, Self::of(&member.value))).collect())
            }
        };
        Self { shape, node: Some(node) }
    }

    fn literal(shape: Shape<'n, 'a>) -> Self {
        Self { shape, node: None }
    }
}

/// Equality of values, as nodes have it; a path has no object to compare with that is not one of the file.
impl PartialEq for Mirror<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.shape, &other.shape) {
            (Shape::Null, Shape::Null) => true,
            (Shape::Bool(a), Shape::Bool(b)) => a == b,
            (Shape::Number(a), Shape::Number(b)) => same_number(a, b),
            (Shape::String(a), Shape::String(b)) => a == b,
            (Shape::Array(a), Shape::Array(b)) => a == b,
            (Shape::Object(_), Shape::Object(_)) => self.node == other.node,
            _ => false,
        }
    }
}

impl Queryable for Mirror<'_, '_> {
    fn get(&self, key: &str) -> Option<&Self> {
        match &self.shape {
            // The last one counts, as the service reads it.
            Shape::Object(members) => {
                members.iter().rev().find(|(own, _)| *own == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    fn as_array(&self) -> Option<&Vec<Self>> {
        match &self.shape {
            Shape::Array(elements) => Some(elements),
            _ => None,
        }
    }

    fn as_object(&self) -> Option<Vec<(&str, &Self)>> {
        match &self.shape {
            Shape::Object(members) => Some(members.iter().map(|(key, value)| (*key, value)).collect()),
            _ => None,
        }
    }

    fn as_str(&self) -> Option<&str> {
        match &self.shape {
            Shape::String(text) => Some(text),
            _ => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match &self.shape {
            Shape::Number(written) => written.parse().ok(),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match &self.shape {
            Shape::Number(written) => written.parse().ok(),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        match self.shape {
            Shape::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    fn null() -> Self {
        Self::default()
    }
}

impl From<&str> for Mirror<'_, '_> {
    fn from(text: &str) -> Self {
        Self::literal(Shape::String(text.to_owned().into()))
    }
}

impl From<String> for Mirror<'_, '_> {
    fn from(text: String) -> Self {
        Self::literal(Shape::String(text.into()))
    }
}

impl From<bool> for Mirror<'_, '_> {
    fn from(truth: bool) -> Self {
        Self::literal(Shape::Bool(truth))
    }
}

impl From<i64> for Mirror<'_, '_> {
    fn from(number: i64) -> Self {
        Self::literal(Shape::Number(number.to_string().into()))
    }
}

impl From<f64> for Mirror<'_, '_> {
    fn from(number: f64) -> Self {
        Self::literal(Shape::Number(number.to_string().into()))
    }
}

impl From<Vec<Self>> for Mirror<'_, '_> {
    fn from(elements: Vec<Self>) -> Self {
        Self::literal(Shape::Array(elements))
    }
}
