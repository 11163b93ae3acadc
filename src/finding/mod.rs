//! What flowvet says: findings about flows, and problems with files.
//!
//! Knows places and identity; knows nothing of how a report looks.

use serde::Serialize;

use crate::flow::ElementKind;
use crate::text::{Position, Span};

/// How much a finding matters. The order is: note, warning, error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Note,
    /// An anti-pattern that a reviewer would send back.
    Warning,
    /// The flow cannot be saved, will fail, leaks a secret or is open to anyone.
    Error,
}

impl Severity {
    /// All severities, the gravest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// The severity's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// The severity of that word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// One fault, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The rule's category.
    pub category: String,
    /// How much it matters, after configuration.
    pub severity: Severity,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do, in a sentence or two.
    pub help: Option<String>,
    /// The file, as an index into the report's sources.
    pub source: usize,
    /// The bytes that are labelled.
    pub span: Span,
    /// First character of the label.
    pub start: Position,
    /// Just after the last character of the label.
    pub end: Position,
    /// The flow; none for a finding about a file.
    pub flow: Option<FlowName>,
    /// The names that lead to the trigger, action, connection or parameter.
    pub element: Vec<String>,
    /// What the last name of `element` is.
    pub element_kind: Option<ElementKind>,
    /// The way from the element to the labelled place, as a JSON pointer.
    pub property: String,
    /// Further places that explain it.
    pub related: Vec<Related>,
    /// What stays the same when lines move: see `docs/json.md`.
    pub fingerprint: String,
    /// Whether it is on a part that has not changed, and was found there before; false where nobody asked.
    pub unchanged: bool,
    /// What keeps it from counting; none for a finding that counts.
    pub suppressed: Option<Suppression>,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suppression {
    /// What suppresses it.
    pub by: Suppressor,
    /// The reason that somebody gave.
    pub reason: Option<String>,
}

/// What can suppress a finding. The first that does is the one that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Suppressor {
    /// A waiver in the flow.
    Waiver,
    /// An `[[allow]]` entry of the configuration.
    Allow,
    /// The baseline.
    Baseline,
}

impl Suppression {
    /// What suppresses, and why: "suppressed by a waiver: ten rows a night".
    #[must_use]
    pub fn in_words(&self) -> String {
        let (by, _) = self.by.name();
        match &self.reason {
            Some(reason) => format!("suppressed by {by}: {reason}"),
            None => format!("suppressed by {by}"),
        }
    }
}

impl Suppressor {
    /// All of them, in the order in which they are asked.
    pub const ALL: [Self; 3] = [Self::Waiver, Self::Allow, Self::Baseline];

    /// How people call one and several of them.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Suppressor::Waiver => ("a waiver", "waivers"),
            Suppressor::Allow => ("an [[allow]] entry", "[[allow]] entries"),
            Suppressor::Baseline => ("the baseline", "the baseline"),
        }
    }
}

/// A place that explains a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// The file, as an index into the report's sources.
    pub source: usize,
    /// The bytes that are meant.
    pub span: Span,
    /// First character.
    pub start: Position,
    /// Just after the last character.
    pub end: Position,
}

/// How a flow is called and identified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FlowName {
    /// The name that people know.
    pub name: String,
    /// A GUID or resource name, else the file's name.
    pub id: String,
}

/// A file that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The path for machines.
    pub path: String,
    /// The path for people.
    pub shown: String,
    /// The file inside an archive.
    pub member: Option<String>,
    /// Why, in a sentence.
    pub message: String,
    /// Where in the file, if it is about a place: the source and the bytes.
    pub place: Option<(usize, Span)>,
    /// The place as people count.
    pub start: Option<Position>,
}
