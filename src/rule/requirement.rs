//! What a declarative rule requires of values: paths to them, and a test.

use std::sync::OnceLock;

use regex::Regex;
use toml::de::DeValue;

use super::page::texts;
use crate::json::{Node, Query, Value};

/// Values by path, and what must be true of them.
#[derive(Debug)]
pub(super) struct Requirement {
    pub(super) paths: Vec<Lazy<Query>>,
    pub(super) test: Test,
}

#[derive(Debug)]
pub(super) enum Test {
    Present,
    Absent,
    Pattern(Lazy<Regex>),
    NotPattern(Lazy<Regex>),
    OneOf(Vec<String>),
    Length(Bounds),
    Count(Bounds),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    min: usize,
    max: usize,
}

/// A path or pattern that is compiled when it is first needed.
#[derive(Debug)]
pub(super) struct Lazy<T> {
    pub(super) text: String,
    compiled: OnceLock<Option<T>>,
}

impl<T> Lazy<T> {
    fn new(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }
}

impl Lazy<Query> {
    pub(super) fn get(&self) -> Option<&Query> {
        self.compiled.get_or_init(|| Query::compile(&self.text).ok()).as_ref()
    }
}

impl Lazy<Regex> {
    pub(super) fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.text).ok()).as_ref()
    }
}

/// Why a requirement does not hold.
pub(super) struct Failure<'a> {
    pub(super) culprit: Option<&'a Node<'a>>,
    pub(super) count: usize,
}

impl Requirement {
    pub(super) fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let table = value.as_table().ok_or("a requirement is a table")?;
        let mut paths = Vec::new();
        let mut test = None;
        for (key, value) in table {
            let key = key.get_ref().as_ref();
            let value = value.get_ref();
            let text = || value.as_str().map(str::to_owned).ok_or(format!("`{key}` is a text"));
            let yes = || {
                (value.as_bool() == Some(true)).then_some(()).ok_or(format!("`{key}` is true or left out"))
            };
            let read = match key {
                "path" => {
                    let list = value.as_str().map(|path| vec![path.to_owned()]).or_else(|| texts(value));
                    paths = list
                        .ok_or("`path` is a text or a list of texts")?
                        .into_iter()
                        .map(Lazy::new)
                        .collect();
                    continue;
                }
                "present" => yes().map(|()| Test::Present),
                "absent" => yes().map(|()| Test::Absent),
                "pattern" => text().map(|pattern| Test::Pattern(Lazy::new(pattern))),
                "not-pattern" => text().map(|pattern| Test::NotPattern(Lazy::new(pattern))),
                "one-of" => texts(value).map(Test::OneOf).ok_or("`one-of` is a list of texts".into()),
                "length" => Bounds::read(value).map(Test::Length),
                "count" => Bounds::read(value).map(Test::Count),
                other => Err(format!("unknown key `{other}` in a requirement")),
            };
            if test.replace(read?).is_some() {
                return Err("a requirement has one test".into());
            }
        }
        Ok(Self { paths, test: test.ok_or("a requirement has a test: present, absent, pattern, …")? })
    }

    /// Why the values do not pass; none if they do.
    pub(super) fn failure<'a>(&self, node: &'a Node<'a>) -> Option<Failure<'a>> {
        let hits: Vec<&'a Node<'a>> =
            self.paths.iter().filter_map(Lazy::<Query>::get).flat_map(|query| query.find(node)).collect();
        let count = hits.len();
        let fails = |culprit| Some(Failure { culprit, count });
        let bad = |passes: &dyn Fn(&Node<'_>) -> bool| hits.iter().copied().find(|hit| !passes(hit));
        let is_null = |hit: &&Node<'_>| matches!(hit.value, Value::Null);
        match &self.test {
            Test::Present if hits.iter().all(is_null) => fails(None),
            Test::Absent if count > 0 => fails(hits.first().copied()),
            Test::Pattern(pattern) => {
                let regex = pattern.get()?;
                let matches = |hit: &Node<'_>| scalar(hit).is_some_and(|text| regex.is_match(&text));
                if count == 0 {
                    fails(None)
                } else {
                    bad(&matches).map(|hit| Failure { culprit: Some(hit), count })
                }
            }
            Test::NotPattern(pattern) => {
                let regex = pattern.get()?;
                bad(&|hit| scalar(hit).is_none_or(|text| !regex.is_match(&text)))
                    .map(|hit| Failure { culprit: Some(hit), count })
            }
            Test::OneOf(list) => {
                let listed = |hit: &Node<'_>| scalar(hit).is_some_and(|text| fits(list, &text));
                if count == 0 {
                    fails(None)
                } else {
                    bad(&listed).map(|hit| Failure { culprit: Some(hit), count })
                }
            }
            Test::Length(bounds) if count == 0 => {
                (!bounds.hold(0)).then_some(Failure { culprit: None, count })
            }
            Test::Length(bounds) => bad(&|hit| bounds.hold(length(hit)))
                .map(|hit| Failure { culprit: Some(hit), count: length(hit) }),
            Test::Count(bounds) => (!bounds.hold(count)).then_some(Failure { culprit: None, count }),
            Test::Present | Test::Absent => None,
        }
    }
}

impl Bounds {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        let wanted = "bounds are a table of `min` and `max`";
        let mut bounds = Self { min: 0, max: usize::MAX };
        for (key, value) in value.as_table().ok_or(wanted)? {
            let number = value.get_ref().as_integer().and_then(|n| n.as_str().parse().ok()).ok_or(wanted)?;
            match key.get_ref().as_ref() {
                "min" => bounds.min = number,
                "max" => bounds.max = number,
                _ => return Err(wanted.into()),
            }
        }
        Ok(bounds)
    }

    fn hold(self, number: usize) -> bool {
        (self.min..=self.max).contains(&number)
    }
}

/// Whether a list allows a name; an empty list allows all. Case is folded, as the service does.
pub(super) fn fits(list: &[String], name: &str) -> bool {
    list.is_empty() || list.iter().any(|item| item.eq_ignore_ascii_case(name))
}

/// The text of a scalar.
pub(super) fn scalar(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::String(text) | Value::Number(text) => Some(text.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn length(node: &Node<'_>) -> usize {
    match &node.value {
        Value::String(text) => text.chars().count(),
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}
