//! An entry of `[[allow]]`: findings that a team accepts, by rule, flow, element and path, each with a reason.

use crate::finding::Finding;
use crate::text::{Date, PathPatterns, Span, wildcard};

/// An entry of `[[allow]]`.
#[derive(Clone, Debug)]
pub struct Allow {
    /// The words for rules, categories or all, and where they stand.
    pub rules: Vec<(String, Span)>,
    /// Names and ids of flows, with `*` and `?`; empty for all.
    pub flow: Vec<String>,
    /// Names of actions, triggers, connections and parameters, with `*` and `?`; empty for all.
    pub element: Vec<String>,
    /// Files and folders; empty for all.
    pub path: PathPatterns,
    /// The last day on which it holds, and where that stands.
    pub until: Option<(Date, Span)>,
    /// Why.
    pub reason: String,
}

impl Allow {
    /// Whether the entry is about the place of a finding. `path` is the file's from the folder of the
    /// configuration; none if it lies outside.
    #[must_use]
    pub fn is_about(&self, finding: &Finding, path: Option<&str>) -> bool {
        let flow = finding.location.flow.as_ref();
        let fits = |patterns: &[String], names: &[&str]| {
            patterns.is_empty()
                || patterns.iter().any(|pattern| names.iter().any(|name| is_like(name, pattern)))
        };
        let flows: Vec<&str> =
            flow.map(|flow| [flow.name.as_str(), flow.id.as_str()]).into_iter().flatten().collect();
        let elements: Vec<&str> = finding.location.element.iter().map(String::as_str).collect();
        let in_path = || path.is_some_and(|path| self.path.cover(path, false));
        fits(&self.flow, &flows) && fits(&self.element, &elements) && (self.path.is_empty() || in_path())
    }
}

/// Whether a name fits a pattern. A space is an underscore, as in the designer.
fn is_like(name: &str, pattern: &str) -> bool {
    let fold = |text: &str| text.replace(' ', "_");
    wildcard::fits(&fold(pattern), &fold(name))
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_space_in_a_name_is_an_underscore() {
        for (pattern, name) in
            [("get items", "Get_items"), ("Get_it*", "get items"), ("[HR] Onboard*", "[HR]_Onboard (V2)")]
        {
            assert!(is_like(name, pattern), "{pattern} {name}");
        }
        assert!(!is_like("Getitems", "get items"));
    }
}
