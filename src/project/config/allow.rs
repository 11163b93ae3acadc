//! `[[allow]]`: findings that a team accepts, by rule, flow, element and path, each with a reason.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ConfigError, unknown_key, wrong};
use crate::finding::Finding;
use crate::text::Date;
use crate::text::Span;

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
    paths: Gitignore,
}

/// The keys of an entry.
pub(super) const KEYS: [&str; 6] = ["rule", "flow", "element", "path", "until", "reason"];

impl Allow {
    /// Reads all entries.
    pub(super) fn read(value: &Spanned<DeValue<'_>>) -> Result<Vec<Self>, ConfigError> {
        let message = "`allow` is a list of tables: [[allow]]";
        let entries = value.get_ref().as_array().ok_or_else(|| wrong(message, value.span()))?;
        entries
            .iter()
            .map(|entry| {
                let table = entry.get_ref().as_table().ok_or_else(|| wrong(message, entry.span()))?;
                Self::read_one(table, entry.span())
            })
            .collect()
    }

    fn read_one(table: &DeTable<'_>, span: std::ops::Range<usize>) -> Result<Self, ConfigError> {
        let mut entry = Self {
            rules: Vec::new(),
            flow: Vec::new(),
            element: Vec::new(),
            path: Vec::new(),
            until: None,
            reason: String::new(),
            paths: Gitignore::empty(),
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match name {
                "rule" => entry.rules = texts(name, value)?,
                "flow" => entry.flow = plain(texts(name, value)?),
                "element" => entry.element = plain(texts(name, value)?),
                "path" => {
                    let patterns = texts(name, value)?;
                    entry.paths = paths(&patterns)?;
                    entry.path = plain(patterns);
                }
                "until" => {
                    let date = date(value.get_ref())
                        .ok_or_else(|| wrong("`until` is a day: until = 2027-01-31", value.span()))?;
                    entry.until = Some((date, span_of(&value.span())));
                }
                "reason" => {
                    let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
                    let text = text.ok_or_else(|| {
                        wrong("`reason` says in words why this is fine: reason = \"…\"", value.span())
                    })?;
                    entry.reason = text.to_owned();
                }
                other => return Err(unknown_key(other, &KEYS, &key.span())),
            }
        }
        let missing = [("rule", entry.rules.is_empty()), ("reason", entry.reason.is_empty())];
        match missing.into_iter().find(|(_, is_missing)| *is_missing) {
            None => Ok(entry),
            Some((key, _)) => {
                let what = match key {
                    "rule" => "the rule or category that it allows: rule = \"…\"",
                    _ => "why: reason = \"…\"",
                };
                // A table of its own has no place but where it begins.
                let end = span.end.min(span.start + "[[allow]]".len()).max(span.start);
                Err(wrong(&format!("an [[allow]] entry says {what}"), span.start..end))
            }
        }
    }

    /// Whether the entry is about the place of a finding. `path` is the file's from the folder of the
    /// configuration; none if it lies outside.
    #[must_use]
    pub fn is_about(&self, finding: &Finding, path: Option<&str>) -> bool {
        let flow = finding.flow.as_ref();
        let fits = |patterns: &[String], names: &[&str]| {
            patterns.is_empty()
                || patterns.iter().any(|pattern| names.iter().any(|name| is_like(name, pattern)))
        };
        let flows: Vec<&str> =
            flow.map(|flow| [flow.name.as_str(), flow.id.as_str()]).into_iter().flatten().collect();
        let elements: Vec<&str> = finding.element.iter().map(String::as_str).collect();
        let in_path =
            || path.is_some_and(|path| self.paths.matched_path_or_any_parents(path, false).is_ignore());
        fits(&self.flow, &flows) && fits(&self.element, &elements) && (self.path.is_empty() || in_path())
    }
}

/// One text or a list of them, none of them blank.
fn texts(key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<(String, Span)>, ConfigError> {
    let refuse = |span| wrong(&format!("`{key}` is a text or a list of texts: {key} = \"…\""), span);
    let text = |value: &Spanned<DeValue<'_>>| {
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty());
        text.map(|text| (text.to_owned(), span_of(&value.span()))).ok_or_else(|| refuse(value.span()))
    };
    match value.get_ref().as_array() {
        Some(items) if items.is_empty() => Err(refuse(value.span())),
        Some(items) => items.iter().map(text).collect(),
        None => Ok(vec![text(value)?]),
    }
}

fn plain(texts: Vec<(String, Span)>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text).collect()
}

fn span_of(range: &std::ops::Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

/// Reads patterns for files; each must be one that can match.
fn paths(patterns: &[(String, Span)]) -> Result<Gitignore, ConfigError> {
    let refuse = |pattern: &str, span: Span, reason: &str| ConfigError {
        message: format!("`{pattern}` is no pattern: {reason}"),
        span,
    };
    let mut builder = GitignoreBuilder::new("");
    for (pattern, span) in patterns {
        if pattern.starts_with(['!', '#']) {
            return Err(refuse(
                pattern,
                *span,
                "it would match nothing; a backslash before its first character takes it as it is",
            ));
        }
        builder.add_line(None, pattern).map_err(|error| refuse(pattern, *span, &error.to_string()))?;
    }
    let span = patterns.first().map(|(_, span)| *span).unwrap_or_default();
    builder.build().map_err(|error| refuse("path", span, &error.to_string()))
}

/// A day, as TOML has it or as a text.
fn date(value: &DeValue<'_>) -> Option<Date> {
    match value {
        DeValue::Datetime(moment) if moment.time.is_none() => {
            moment.date.and_then(|date| Date::new(date.year, date.month, date.day))
        }
        DeValue::String(text) => Date::parse(text.trim()),
        _ => None,
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
