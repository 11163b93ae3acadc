//! An entry of `[[allow]]`: findings that a team accepts, by rule, flow, element and path, each with a reason.

use ignore::gitignore::Gitignore;

use crate::finding::Finding;
use crate::text::{Date, Span};

/// An entry of `[[allow]]`.
#[derive(Clone, Debug)]
pub struct Allow {
    /// The words for rules, categories or all, and where they stand.
    pub rules: Vec<(String, Span)>,
    /// Names and ids of flows, with `*` and `?`; empty for all.
    pub flow: Vec<String>,
    /// Names of actions, triggers, connections and parameters, with `*` and `?`; empty for all.
    pub element: Vec<String>,
    /// Files, in the language of `.gitignore`; empty for all.
    pub path: Vec<String>,
    /// The last day on which it holds, and where that stands.
    pub until: Option<(Date, Span)>,
    /// Why.
    pub reason: String,
    /// `path`, ready to be matched.
    pub(crate) paths: Gitignore,
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
        let in_path =
            || path.is_some_and(|path| self.paths.matched_path_or_any_parents(path, false).is_ignore());
        fits(&self.flow, &flows) && fits(&self.element, &elements) && (self.path.is_empty() || in_path())
    }
}

/// Whether a name fits a pattern: `*` stands for any characters, `?` for one. Case is folded, and a space is an
/// underscore, as in the designer. Brackets and braces are themselves: names of flows are full of them.
fn is_like(name: &str, pattern: &str) -> bool {
    let fold = |text: &str| -> Vec<char> {
        text.chars().flat_map(char::to_lowercase).map(|c| if c == ' ' { '_' } else { c }).collect()
    };
    let (name, pattern) = (fold(name), fold(pattern));
    let (mut at, mut rest) = (0, 0);
    // Where the last `*` stands, and how far it reaches.
    let mut star: Option<(usize, usize)> = None;
    while rest < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, rest));
                at += 1;
            }
            Some(c) if *c == '?' || *c == name[rest] => {
                at += 1;
                rest += 1;
            }
            _ => match &mut star {
                Some((begin, reach)) => {
                    *reach += 1;
                    (at, rest) = (*begin + 1, *reach);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_for_names_know_stars_and_question_marks_and_nothing_else() {
        for (pattern, name, fits) in [
            ("Get_items", "Get_items", true),
            ("get items", "Get_items", true),
            ("Get*", "Get_items_2", true),
            ("*items*", "Get_items_2", true),
            ("*_?", "Get_items_2", true),
            ("Get_items_?", "Get_items_12", false),
            ("*", "", true),
            ("?", "", false),
            ("[HR] Onboard*", "[HR] Onboard (V2)", true),
            ("[HR]*", "H", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b", false),
            ("ÄRGER*", "ärger 1", true),
        ] {
            assert_eq!(is_like(name, pattern), fits, "{pattern} and {name}");
        }
    }

    #[test]
    fn a_pattern_of_many_stars_ends_soon() {
        let pattern = "*a".repeat(100);
        assert!(!is_like(&"a".repeat(99), &pattern));
        assert!(is_like(&"a".repeat(100), &pattern));
        assert!(!is_like(&"ab".repeat(5_000), &format!("{}c", "*a".repeat(50))));
    }
}
