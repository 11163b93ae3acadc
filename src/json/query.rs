//! JSONPath over the spanned tree, by way of `jsonpath-rust`.

use std::borrow::Cow;

use jsonpath_rust::parser::model::{JpQuery, Segment, Selector};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use jsonpath_rust::query::queryable::Queryable;

use super::{Member, Node, Value};
use crate::source::Span;

/// A compiled JSONPath (RFC 9535) that begins at the node it is asked of.
#[derive(Debug)]
pub struct Query {
    text: String,
    compiled: JpQuery,
    /// The steps of a path of names and wildcards alone, which most are: walked here, because a step
    /// of the library also writes down the path it took.
    steps: Option<Vec<Step>>,
}

#[derive(Debug)]
enum Step {
    Name(String),
    All,
}

/// Why a text is no JSONPath that flowvet takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError(pub String);

impl Query {
    /// Compiles a JSONPath.
    ///
    /// # Errors
    /// The path does not parse, or descends to any depth (`$..`), which costs time on every node and
    /// has always turned out to mean a typed selector.
    pub fn compile(path: &str) -> Result<Self, QueryError> {
        let compiled =
            parse_json_path(path).map_err(|error| QueryError(format!("`{path}` is no JSONPath: {error}")))?;
        if compiled.segments.iter().any(|segment| matches!(segment, Segment::Descendant(_))) {
            return Err(QueryError(format!(
                "`{path}` descends with `..`: name the way, or select with `on`"
            )));
        }
        let steps = compiled.segments.iter().map(Step::read).collect();
        Ok(Self { text: path.to_owned(), compiled, steps })
    }

    /// The nodes that the path leads to from `node`, in the order of the file.
    #[must_use]
    pub fn find<'n, 'a>(&self, node: &'n Node<'a>) -> Vec<&'n Node<'a>> {
        if let Some(steps) = &self.steps {
            let mut found = Vec::new();
            walk(steps, node, &mut found);
            return found;
        }
        match js_path_process(&self.compiled, node) {
            Ok(hits) => hits.into_iter().map(|hit| hit.val()).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// The path as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Step {
    fn read(segment: &Segment) -> Option<Self> {
        match segment {
            Segment::Selector(Selector::Name(name)) => Some(Self::Name(name.clone())),
            Segment::Selector(Selector::Wildcard) => Some(Self::All),
            _ => None,
        }
    }
}

/// Collects the nodes at the end of a path, in the order of the file.
fn walk<'n, 'a>(steps: &[Step], node: &'n Node<'a>, found: &mut Vec<&'n Node<'a>>) {
    match steps.split_first() {
        None => found.push(node),
        Some((Step::Name(name), rest)) => {
            if let Some(next) = node.get(name) {
                walk(rest, next, found);
            }
        }
        Some((Step::All, rest)) => children(node).for_each(|child| walk(rest, child, found)),
    }
}

/// The values of an object or array, in the order of the file.
fn children<'n, 'a>(node: &'n Node<'a>) -> impl Iterator<Item = &'n Node<'a>> {
    node.members().iter().map(|member| &member.value).chain(node.elements())
}

impl<'a> Queryable for Node<'a> {
    fn get(&self, key: &str) -> Option<&Self> {
        Node::get(self, key)
    }

    fn as_array(&self) -> Option<&Vec<Self>> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    fn as_object(&self) -> Option<Vec<(&str, &Self)>> {
        self.is_object().then(|| self.members().iter().map(|m| (m.key.as_ref(), &m.value)).collect())
    }

    fn as_str(&self) -> Option<&str> {
        Node::as_str(self)
    }

    fn as_i64(&self) -> Option<i64> {
        match &self.value {
            Value::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match &self.value {
            Value::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    fn null() -> Self {
        Node::default()
    }
}

/// A node that stands nowhere: what a query compares with.
fn bare(value: Value<'_>) -> Node<'_> {
    Node { value, span: Span::default() }
}

impl From<&str> for Node<'_> {
    fn from(text: &str) -> Self {
        bare(Value::String(Cow::Owned(text.to_owned())))
    }
}

impl From<String> for Node<'_> {
    fn from(text: String) -> Self {
        bare(Value::String(Cow::Owned(text)))
    }
}

impl From<bool> for Node<'_> {
    fn from(truth: bool) -> Self {
        bare(Value::Bool(truth))
    }
}

impl From<i64> for Node<'_> {
    fn from(number: i64) -> Self {
        bare(Value::Number(Cow::Owned(number.to_string())))
    }
}

impl From<f64> for Node<'_> {
    fn from(number: f64) -> Self {
        bare(Value::Number(Cow::Owned(number.to_string())))
    }
}

impl From<Vec<Self>> for Node<'_> {
    fn from(elements: Vec<Self>) -> Self {
        bare(Value::Array(elements))
    }
}

impl PartialEq for Member<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.value == other.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn hits_know_their_place() {
        let text = r#"{"inputs": {"parameters": {"item/title": "x", "n": 3}}}"#;
        let root = parse(text).unwrap();
        let hits = Query::compile("$.inputs.parameters['item/title']").unwrap().find(&root);
        assert_eq!(hits.iter().map(|hit| &text[hit.span.range()]).collect::<Vec<_>>(), ["\"x\""]);
        let numbers = Query::compile("$.inputs.parameters[?@ > 2]").unwrap();
        assert_eq!(numbers.find(&root).len(), 1);
        assert!(Query::compile("$.none[*]").unwrap().find(&root).is_empty());
    }

    #[test]
    fn names_and_wildcards_walk_as_the_library_would() {
        let root =
            parse(r#"{"a": {"x y": 1, "b": [2, {"c": 3}]}, "a": {"x y": 4, "'q'": 5, "b": [6, {"c": 7}]}}"#)
                .unwrap();
        for path in [
            "$.a['x y']",
            "$.a.b.*",
            "$.a.b.*.c",
            "$.*",
            "$['a'].none",
            "$",
            "$.a[\"x y\"]",
            "$.a['\\'q\\'']",
        ] {
            let query = Query::compile(path).unwrap();
            let library: Vec<_> = js_path_process(&query.compiled, &root)
                .unwrap()
                .into_iter()
                .map(|hit| hit.val().span)
                .collect();
            let own: Vec<_> = query.find(&root).iter().map(|node| node.span).collect();
            assert_eq!(own, library, "{path}");
        }
    }

    #[test]
    fn descent_and_nonsense_are_refused() {
        assert!(Query::compile("$..inputs").unwrap_err().0.contains("`..`"));
        assert!(Query::compile("inputs").unwrap_err().0.contains("no JSONPath"));
    }
}
