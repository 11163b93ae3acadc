//! JSONPath over the spanned tree, by way of `jsonpath-rust`.

mod mirror;

use std::fmt;

use jsonpath_rust::parser::model::{JpQuery, Segment, Selector};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;

use self::mirror::Mirror;
use super::Node;

/// A compiled JSONPath (RFC 9535) that begins at the node it is asked of.
#[derive(Debug)]
pub struct Query {
    text: String,
    /// The names and wildcards that the path begins with, and most paths are nothing else: walked here, because the
    /// library needs a tree of its own, and writes down the path it took.
    steps: Vec<Step>,
    /// What follows them, for the library: a filter, an index, a slice.
    rest: Option<JpQuery>,
}

#[derive(Debug)]
enum Step {
    Name(String),
    All,
}

/// Why a text is no JSONPath that flowvet takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError(pub String);

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for QueryError {}

impl Query {
    /// Compiles a JSONPath.
    ///
    /// # Errors
    /// The path does not parse, or descends to any depth (`$..`), which costs time on every node and
    /// has always turned out to mean a typed selector.
    pub fn compile(path: &str) -> Result<Self, QueryError> {
        let mut compiled =
            parse_json_path(path).map_err(|error| QueryError(format!("`{path}` is no JSONPath: {error}")))?;
        if compiled.segments.iter().any(|segment| matches!(segment, Segment::Descendant(_))) {
            return Err(QueryError(format!(
                "`{path}` descends with `..`: name the way, or select with `on`"
            )));
        }
        let mut steps: Vec<Step> = compiled.segments.iter().map_while(Step::read).collect();
        // A filter that begins at `$` again means the node that is asked.
        if steps.len() < compiled.segments.len() && path.matches('$').count() > 1 {
            steps.clear();
        }
        let rest = compiled.segments.split_off(steps.len());
        let rest = (!rest.is_empty()).then(|| JpQuery::new(rest));
        Ok(Self { text: path.to_owned(), steps, rest })
    }

    /// The nodes that the path leads to from `node`, in the order of the file.
    #[must_use]
    pub fn find<'n, 'a>(&self, node: &'n Node<'a>) -> Vec<&'n Node<'a>> {
        let mut found = Vec::new();
        walk(&self.steps, node, &mut found);
        match &self.rest {
            None => found,
            Some(rest) => found.into_iter().flat_map(|node| ask_library(rest, node)).collect(),
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

fn ask_library<'n, 'a>(query: &JpQuery, node: &'n Node<'a>) -> Vec<&'n Node<'a>> {
    match js_path_process(query, &Mirror::of(node)) {
        Ok(hits) => hits.into_iter().filter_map(|hit| hit.val().node).collect(),
        Err(_) => Vec::new(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use crate::text::Arena;

    #[test]
    fn hits_know_their_place() {
        let text = r#"{"inputs": {"parameters": {"item/title": "x", "n": 3}}}"#;
        let arena = Arena::new();
        let root = parse(text, &arena).unwrap();
        let hits = Query::compile("$.inputs.parameters['item/title']").unwrap().find(&root);
        assert_eq!(hits.iter().map(|hit| &text[hit.span.range()]).collect::<Vec<_>>(), ["\"x\""]);
        let numbers = Query::compile("$.inputs.parameters[?@ > 2]").unwrap();
        assert_eq!(numbers.find(&root).len(), 1);
        assert!(Query::compile("$.none[*]").unwrap().find(&root).is_empty());
    }

    #[test]
    fn names_and_wildcards_walk_as_the_library_would() {
        let text = r#"{"a": {"x y": 1, "b": [2, {"c": 3}]}, "a": {"x y": 4, "'q'": 5, "b": [6, {"c": 7}]}}"#;
        let arena = Arena::new();
        let root = parse(text, &arena).unwrap();
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
            let spans = |found: Vec<&Node<'_>>| found.iter().map(|node| node.span).collect::<Vec<_>>();
            assert!(query.rest.is_none(), "{path}");
            let compiled = parse_json_path(path).unwrap();
            assert_eq!(spans(query.find(&root)), spans(ask_library(&compiled, &root)), "{path}");
        }
    }

    #[test]
    fn filters_compare_values_of_every_kind() {
        let text = r#"{"items": [{"n": 1, "s": "a", "b": true, "o": {"x": [1, null]}}, {"n": 2.5, "s": "é", "o": {"x": [1, null]}},
            {"n": 1, "n": 3, "z": null}, 7], "same": {"x": [1.0, null]}}"#;
        let arena = Arena::new();
        let root = parse(text, &arena).unwrap();
        for (path, hits) in [
            ("$.items[?@.n == 2.5]", &[1][..]),
            ("$.items[?@.n > 2]", &[1, 2]),
            ("$.items[?@.s == 'é']", &[1]),
            ("$.items[?@.b == true]", &[0]),
            ("$.items[?@.z == null]", &[2]),
            ("$.items[?@.o == $.same]", &[0, 1]),
            ("$.items[-1]", &[3]),
            ("$.items[0:2]", &[0, 1]),
        ] {
            let query = Query::compile(path).unwrap();
            let items = root.get("items").unwrap().elements();
            let at = |hit: &Node<'_>| items.iter().position(|item| item.span == hit.span).unwrap();
            let found: Vec<usize> = query.find(&root).into_iter().map(at).collect();
            assert_eq!(found, hits, "{path}");
        }
    }

    #[test]
    fn descent_and_nonsense_are_refused() {
        assert!(Query::compile("$..inputs").unwrap_err().0.contains("`..`"));
        assert!(Query::compile("inputs").unwrap_err().0.contains("no JSONPath"));
    }
}
