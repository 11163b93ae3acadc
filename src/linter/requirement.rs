//! What a declarative rule requires of values: where they are, and a test. Knows one subject at a time.

use crate::flow::is_computed;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;
use toml::de::DeValue;

use super::bounds::Bounds;
use super::declarative::On;
use super::duration::milliseconds;
use super::message::Placeholder;
use super::metric::Metric;
use super::reading::{Item, Reader, Word, placeholder};
use super::subject::Subject;
use crate::json::{Node, Query, Value};
use crate::text::TextError;

/// Values by place, and what must be true of them.
#[derive(Debug)]
pub(super) struct Requirement {
    pub(super) places: Vec<Place>,
    pub(super) test: Test,
    /// Whether what is computed says nothing.
    literal: bool,
}

/// Where values are.
#[derive(Debug)]
pub(super) enum Place {
    /// In the JSON of the subject.
    Path(Lazy<Query>),
    /// What `{name}` and the like stand for.
    Placeholder(Placeholder),
    /// The size of the subject, and where it is named.
    Metric(Metric, Range<usize>),
}

#[derive(Debug)]
pub(super) enum Test {
    Present,
    Absent,
    Pattern(Lazy<Regex>),
    NotPattern(Lazy<Regex>),
    OneOf(Vec<Word>),
    Length(Bounds<usize>),
    Count(Bounds<usize>),
    Duration(Bounds<u64>),
    Number(Bounds<f64>),
    HasKey(Vec<Word>),
}

/// A path or pattern that is compiled when it is first needed.
#[derive(Debug)]
pub(super) struct Lazy<T> {
    word: Word,
    compiled: OnceLock<Option<T>>,
}

/// What a test comes to.
pub(super) enum Outcome<'a> {
    Holds,
    /// It depends on what is computed in the run.
    Unknown,
    Fails(Failure<'a>),
}

/// Why a requirement does not hold.
#[derive(Default)]
pub(super) struct Failure<'a> {
    /// The scalar to label; none where the key is meant.
    pub(super) culprit: Option<&'a Node<'a>>,
    pub(super) value: String,
    pub(super) count: usize,
}

/// A value that a place leads to.
struct Hit<'h, 'a> {
    /// None for what is told of the subject.
    node: Option<&'a Node<'a>>,
    /// The text of a scalar.
    text: Option<Cow<'h, str>>,
}

impl<T> Lazy<T> {
    pub(super) fn new(word: Word) -> Self {
        Self { word, compiled: OnceLock::new() }
    }
}

impl Lazy<Query> {
    fn get(&self) -> Option<&Query> {
        self.compiled.get_or_init(|| Query::compile(&self.word.text).ok()).as_ref()
    }
}

impl Lazy<Regex> {
    pub(super) fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.word.text).ok()).as_ref()
    }

    fn verify(&self) -> Result<(), TextError> {
        let explain = |error: regex::Error| {
            // The last line of several says what is wrong; the others draw the pattern.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            TextError::new(self.word.span.clone(), format!("`{}` is no pattern: {reason}", self.word.text))
        };
        Regex::new(&self.word.text).map(|_| ()).map_err(explain)
    }
}

impl Requirement {
    pub(super) fn read(item: &Item<'_>, reader: &Reader<'_>) -> Result<Self, TextError> {
        let wrong = |message: &str| TextError::new(item.span(), message);
        let table = item.get_ref().as_table().ok_or_else(|| wrong("a requirement is a table"))?;
        let mut read = Self { places: Vec::new(), test: Test::Present, literal: false };
        let mut has_test = false;
        for (key_item, value) in table {
            let key = key_item.get_ref().as_ref();
            let yes = || match value.get_ref().as_bool() {
                Some(true) => Ok(()),
                _ => Err(TextError::new(value.span(), format!("`{key}` is true or left out"))),
            };
            let test = match key {
                "path" => {
                    read.places.extend(places(value, reader)?);
                    continue;
                }
                "metric" => {
                    let word = reader.text(key, value)?;
                    read.places.push(Place::Metric(Metric::named(&word)?, word.span));
                    continue;
                }
                "literal" => {
                    yes()?;
                    read.literal = true;
                    continue;
                }
                "present" => yes().map(|()| Test::Present)?,
                "absent" => yes().map(|()| Test::Absent)?,
                "pattern" => Test::Pattern(Lazy::new(reader.text(key, value)?)),
                "not-pattern" => Test::NotPattern(Lazy::new(reader.text(key, value)?)),
                "one-of" => Test::OneOf(reader.list(key, value)?),
                "has-key" => Test::HasKey(reader.list(key, value)?),
                "length" => Test::Length(Bounds::numbers(key, value, reader)?),
                "count" => Test::Count(Bounds::numbers(key, value, reader)?),
                "duration" => Test::Duration(Bounds::durations(key, value, reader)?),
                "number" => Test::Number(Bounds::decimals(key, value, reader)?),
                other => return Err(unknown(other, &KEYS, key_item.span(), "a requirement")),
            };
            if has_test {
                return Err(TextError::new(key_item.span(), "a requirement has one test"));
            }
            read.test = test;
            has_test = true;
        }
        if !has_test {
            return Err(wrong("a requirement has a test: present, absent, pattern, …"));
        }
        Ok(read)
    }

    /// A place alone, whose values nothing is asked of.
    pub(super) fn of_path(item: &Item<'_>, reader: &Reader<'_>) -> Result<Self, TextError> {
        Ok(Self { places: places(item, reader)?, test: Test::Present, literal: false })
    }

    /// The nodes that its paths lead to.
    pub(super) fn nodes<'a>(&self, node: &'a Node<'a>) -> Vec<&'a Node<'a>> {
        let paths = self.places.iter().filter_map(|place| match place {
            Place::Path(path) => path.get(),
            _ => None,
        });
        paths.flat_map(|query| query.find(node)).collect()
    }

    /// Compiles paths and patterns, and checks that what is looked at can be measured.
    pub(super) fn verify(&self, on: &[On]) -> Result<(), TextError> {
        for place in &self.places {
            match place {
                Place::Path(path) => {
                    Query::compile(&path.word.text)
                        .map_err(|error| TextError::new(path.word.span.clone(), one_line(&error.0)))?;
                }
                Place::Metric(metric, span) => {
                    if let Some(message) = metric.unfit(on) {
                        return Err(TextError::new(span.clone(), message));
                    }
                }
                Place::Placeholder(_) => {}
            }
        }
        match &self.test {
            Test::Pattern(pattern) | Test::NotPattern(pattern) => pattern.verify(),
            _ => Ok(()),
        }
    }

    /// What the requirement comes to for a subject.
    pub(super) fn outcome<'a>(&self, subject: &Subject<'_, 'a>) -> Outcome<'a> {
        let mut hits = Vec::new();
        for place in &self.places {
            match place {
                Place::Path(path) => {
                    let found = path.get().map(|query| query.find(subject.node)).unwrap_or_default();
                    hits.extend(found.into_iter().map(|node| Hit { node: Some(node), text: scalar(node) }));
                }
                Place::Placeholder(told) => {
                    hits.push(Hit { node: None, text: Some(Cow::Borrowed(subject.told(*told))) });
                }
                Place::Metric(metric, _) => match (subject.measure)(*metric) {
                    Some(size) => hits.push(Hit { node: None, text: Some(Cow::Owned(size.to_string())) }),
                    None => return Outcome::Unknown,
                },
            }
        }
        if !self.literal {
            return self.judge(&hits);
        }
        let all = hits.len();
        hits.retain(|hit| !hit.is_computed());
        match self.judge(&hits) {
            outcome if hits.len() == all => outcome,
            Outcome::Fails(failure) if failure.culprit.is_some() => Outcome::Fails(failure),
            _ => Outcome::Unknown,
        }
    }

    fn judge<'a>(&self, hits: &[Hit<'_, 'a>]) -> Outcome<'a> {
        let count = hits.len();
        let holds = |truth: bool| match truth {
            true => Outcome::Holds,
            false => Outcome::Fails(Failure { count, ..Failure::default() }),
        };
        let all = |passes: &dyn Fn(&Hit<'_, 'a>) -> bool| match hits.iter().find(|hit| !passes(hit)) {
            Some(bad) => bad.fails(count),
            None => Outcome::Holds,
        };
        match &self.test {
            Test::Present => holds(!hits.iter().all(Hit::is_null)),
            Test::Absent => all(&|hit| hit.is_null()),
            Test::Count(bounds) => holds(bounds.hold(count)),
            Test::Pattern(_) | Test::OneOf(_) if count == 0 => holds(false),
            Test::Pattern(pattern) => match pattern.get() {
                Some(regex) => all(&|hit| hit.text.as_ref().is_some_and(|text| regex.is_match(text))),
                None => Outcome::Unknown,
            },
            Test::NotPattern(pattern) => match pattern.get() {
                Some(regex) => all(&|hit| hit.text.as_ref().is_none_or(|text| !regex.is_match(text))),
                None => Outcome::Unknown,
            },
            Test::OneOf(list) => {
                all(&|hit| hit.text.as_ref().is_some_and(|text| list.iter().any(|word| word.is(text))))
            }
            Test::Length(bounds) if count == 0 => holds(bounds.hold(0)),
            Test::Length(bounds) => match hits.iter().find(|hit| !bounds.hold(hit.length())) {
                Some(bad) => bad.fails(bad.length()),
                None => Outcome::Holds,
            },
            Test::Duration(_) if hits.iter().all(Hit::is_null) => holds(false),
            Test::Duration(bounds) => {
                let fits = |text: &Cow<'_, str>| milliseconds(text).is_some_and(|time| bounds.hold(time));
                match all(&|hit| hit.is_null() || hit.is_computed() || hit.text.as_ref().is_some_and(fits)) {
                    Outcome::Holds if hits.iter().any(Hit::is_computed) => Outcome::Unknown,
                    outcome => outcome,
                }
            }
            Test::Number(_) if hits.iter().all(Hit::is_null) => holds(false),
            Test::Number(bounds) => {
                let fits = |text: &Cow<'_, str>| text.trim().parse().is_ok_and(|number| bounds.hold(number));
                match all(&|hit| hit.is_null() || hit.is_computed() || hit.text.as_ref().is_some_and(fits)) {
                    Outcome::Holds if hits.iter().any(Hit::is_computed) => Outcome::Unknown,
                    outcome => outcome,
                }
            }
            Test::HasKey(names) => {
                let members = || hits.iter().filter_map(|hit| hit.node).flat_map(Node::members);
                if members().any(|member| names.iter().any(|name| name.is(member.key)) && says(&member.value))
                {
                    Outcome::Holds
                } else if hits.iter().any(Hit::is_computed) || members().any(|member| is_computed(member.key))
                {
                    Outcome::Unknown
                } else {
                    holds(false)
                }
            }
        }
    }
}

/// What a requirement may have.
const KEYS: [&str; 16] = [
    "path",
    "metric",
    "literal",
    "present",
    "absent",
    "pattern",
    "not-pattern",
    "one-of",
    "has-key",
    "length",
    "count",
    "duration",
    "number",
    "all",
    "any",
    "not",
];

/// That a key is unknown, and which one may be meant.
pub(super) fn unknown(key: &str, known: &[&str], span: Range<usize>, of: &str) -> TextError {
    let message = match crate::text::nearest(key, known.iter().copied()) {
        Some(near) => format!("unknown key `{key}` in {of}: did you mean `{near}`?"),
        None => format!("unknown key `{key}` in {of}: there are {}", known.join(", ")),
    };
    TextError::new(span, message)
}

fn places(item: &Item<'_>, reader: &Reader<'_>) -> Result<Vec<Place>, TextError> {
    let items = match item.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![item],
    };
    let place = |item: &Item<'_>| match item.get_ref().as_str().and_then(placeholder) {
        Some(name) => Placeholder::named(name).map(Place::Placeholder).ok_or_else(|| {
            let names = Placeholder::NAMES.map(|(name, _)| format!("{{{name}}}")).join(", ");
            TextError::new(item.span(), format!("`{{{name}}}` is no place of values: there are {names}"))
        }),
        None => reader.text("path", item).map(|word| Place::Path(Lazy::new(word))),
    };
    if items.is_empty() {
        return Err(TextError::new(item.span(), "`path` is an empty list"));
    }
    items.into_iter().map(place).collect()
}

impl<'a> Hit<'_, 'a> {
    fn is_null(&self) -> bool {
        match self.node {
            Some(node) => matches!(node.value, Value::Null),
            // What a placeholder stands for is empty where there is none.
            None => self.text.as_ref().is_none_or(|text| text.is_empty()),
        }
    }

    fn is_computed(&self) -> bool {
        self.node.is_some() && self.text.as_ref().is_some_and(|text| is_computed(text))
    }

    fn length(&self) -> usize {
        match (&self.node.map(|node| &node.value), &self.text) {
            (Some(Value::Array(elements)), _) => elements.len(),
            (Some(Value::Object(members)), _) => members.len(),
            (Some(Value::String(_)) | None, Some(text)) => text.chars().count(),
            _ => 0,
        }
    }

    fn fails(&self, count: usize) -> Outcome<'a> {
        let culprit = self.node.filter(|_| self.text.is_some());
        let value = self.text.as_ref().map(ToString::to_string).unwrap_or_default();
        Outcome::Fails(Failure { culprit, value, count })
    }
}

impl Word {
    /// Whether it is that text; case is folded, as the service does.
    pub(super) fn is(&self, text: &str) -> bool {
        self.text.eq_ignore_ascii_case(text)
    }
}

/// Whether a value is there and is not blank.
fn says(node: &Node<'_>) -> bool {
    !matches!(node.value, Value::Null) && node.as_str().is_none_or(|text| !text.trim().is_empty())
}

/// The text of a scalar.
fn scalar<'n>(node: &'n Node<'_>) -> Option<Cow<'n, str>> {
    match &node.value {
        Value::String(text) | Value::Number(text) => Some(Cow::Borrowed(*text)),
        Value::Bool(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        _ => None,
    }
}

/// What a library says in several lines and a drawing, as one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
