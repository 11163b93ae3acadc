//! What flowvet says: findings about flows, and problems with files.
//!
//! Findings own their places, in any file, and lose every credential before they leave the linter: a rule states a
//! draft, the linter makes a [`Finding`] of it, and [`Finding::mask`] a [`Masked`] one, which is all that anybody else
//! sees. Knows nothing of how a report looks.

mod fix;
mod identity;
mod location;
mod mask;

use std::sync::Arc;

use serde::Serialize;

pub use fix::{Applicability, Edit, Fix};
pub use identity::{Identity, give_fingerprints};
pub use location::{Excerpt, Location, Part, Place};
pub use mask::{Mask, Masked};

use crate::text::{FileName, Position};

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
#[derive(Clone, Debug)]
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
    /// Where it is, in the file and in the flow.
    pub location: Location,
    /// Further places that explain it.
    pub related: Vec<Related>,
    /// A change that fixes it, where one is known.
    pub fix: Option<Fix>,
    /// What stays the same when lines move: see `docs/json.md`. In plain text, so it is only for [`Finding::mask`].
    identity: Vec<String>,
}

impl Finding {
    /// A finding of a rule, which is recognised by the rule and these words.
    #[must_use]
    pub fn new(
        (rule, category): (&str, &str),
        severity: Severity,
        message: impl Into<String>,
        location: Location,
        words: impl IntoIterator<Item = String>,
    ) -> Self {
        Self {
            rule: rule.to_owned(),
            category: category.to_owned(),
            severity,
            message: message.into(),
            help: None,
            location,
            related: Vec::new(),
            fix: None,
            identity: std::iter::once(rule.to_owned()).chain(words).collect(),
        }
    }
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
#[non_exhaustive]
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
    /// Where, in the same file or in another.
    pub place: Place,
    /// The part of the flow there, as its file numbers it.
    pub part: Option<Part>,
}

/// How a flow is called and identified.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FlowName {
    /// The name that people know.
    pub name: String,
    /// A GUID or resource name, else the file's name.
    pub id: String,
}

/// A file that findings may be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedFile {
    /// The file.
    pub name: Arc<FileName>,
    /// The flows that were checked in it.
    pub flows: Vec<FlowName>,
}

/// A file that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: Arc<FileName>,
    /// Why, in a sentence.
    pub message: String,
    /// Where in the file, if it is about a place.
    pub place: Option<Place>,
}

impl Problem {
    /// A problem with a file as a whole.
    #[must_use]
    pub fn of_file(file: impl Into<Arc<FileName>>, message: impl Into<String>) -> Self {
        Self { file: file.into(), message: message.into(), place: None }
    }

    /// Line and column of the place, if it is about one.
    #[must_use]
    pub fn start(&self) -> Option<Position> {
        self.place.as_ref().map(|place| place.start)
    }
}
