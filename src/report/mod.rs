//! What a run came to, and the formats it can be written in. Each format is a file of its own.
//!
//! Knows findings, which own their places; sees no text of a file, and checks nothing.

mod azure;
mod ci_commands;
mod concise;
mod github;
mod gitlab;
pub(crate) mod human;
pub mod inspect;
mod json;
mod junit;
mod markdown;
mod sarif;
mod shared;
mod snippet;

use std::io::{self, Write};
use std::sync::Arc;

pub(crate) use ci_commands::escape_ci_commands;
pub(crate) use concise::{place_of, shown};

use crate::finding::{CheckedFile, Masked, Problem, Severity, Suppressor};
use crate::linter::Active;
use crate::text::{FileName, plural};

/// Everything a run found, in the order of paths and places.
#[derive(Debug, Default)]
pub struct Report {
    /// The files, with the flows in each; those that findings are about and that were not checked have none.
    pub files: Vec<CheckedFile>,
    /// The findings that count.
    pub findings: Vec<Masked>,
    /// The findings that a waiver, the configuration or the baseline suppresses.
    pub suppressed: Vec<Masked>,
    /// Whether suppressed findings are listed.
    pub show_suppressed: bool,
    /// What the baseline came to, where there is one.
    pub baseline: Option<Compared>,
    /// The files that could not be checked.
    pub problems: Vec<Problem>,
    /// The files that were skipped.
    pub skipped: Vec<Skipped>,
    /// How many files were read.
    pub files_read: usize,
    /// How many findings were left out because nothing has changed there; none where all were asked for.
    pub unchanged: Option<usize>,
    /// Whether the run fails. Who knows which severity that takes sets it: a build service is told in a format
    /// of its own what the exit code says.
    pub failed: bool,
}

/// What became of a baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The path of its file for machines.
    pub path: String,
    /// How many findings it holds.
    pub entries: usize,
    /// How many of them are gone from the flows that were checked.
    pub fixed: usize,
}

/// A file that was skipped, because it is no flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub file: Arc<FileName>,
    /// Why it is no flow.
    pub reason: &'static str,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// For people: the line, a caret, what to do.
    Human,
    /// One line for each finding.
    Concise,
    /// The JSON of `docs/json.md`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// Issues of Azure Pipelines.
    Azure,
    /// The Code Quality report of GitLab.
    Gitlab,
    /// JUnit XML, for whatever shows tests.
    Junit,
    /// A comment in a pull request.
    Markdown,
}

/// How a report for people looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub color: bool,
    /// The width of the terminal, in columns.
    pub width: usize,
}

impl Format {
    /// All formats and their names.
    pub const NAMES: [(&'static str, Self); 9] = [
        ("human", Self::Human),
        ("concise", Self::Concise),
        ("json", Self::Json),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("azure", Self::Azure),
        ("gitlab", Self::Gitlab),
        ("junit", Self::Junit),
        ("markdown", Self::Markdown),
    ];

    /// The format of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, format)| format)
    }
}

impl Report {
    /// How many flows were checked.
    #[must_use]
    pub fn flows(&self) -> usize {
        self.files.iter().map(|file| file.flows.len()).sum()
    }

    /// How many findings have that severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Takes out what is marked as unchanged, and counts it. What waives findings comes before: it must have
    /// seen them all.
    pub fn leave_out_unchanged(&mut self) {
        let before = self.findings.len();
        self.findings.retain(|finding| !finding.unchanged);
        self.unchanged = Some(self.unchanged.unwrap_or(0) + before - self.findings.len());
    }

    /// How many findings something suppresses.
    #[must_use]
    pub fn suppressed_by(&self, by: Suppressor) -> usize {
        let is_by = |finding: &&Masked| finding.suppressed.as_ref().is_some_and(|own| own.by == by);
        self.suppressed.iter().filter(is_by).count()
    }

    /// The findings that are listed: those that count, and the others where they are asked for.
    #[must_use]
    pub fn listed(&self) -> Vec<&Masked> {
        let mut listed: Vec<&Masked> = self.findings.iter().collect();
        if self.show_suppressed {
            listed.extend(&self.suppressed);
            listed.sort_by(|a, b| place(a).cmp(&place(b)));
        }
        listed
    }

    /// Sets the findings apart that something suppresses.
    pub(crate) fn set_suppressed_apart(&mut self) {
        let (suppressed, findings) =
            std::mem::take(&mut self.findings).into_iter().partition(|finding| finding.suppressed.is_some());
        self.findings = findings;
        self.suppressed.extend::<Vec<Masked>>(suppressed);
    }

    /// Writes the report. `rules` are those of the run: SARIF describes them.
    ///
    /// # Errors
    /// Whatever keeps `out` from being written to.
    pub fn write(
        &self,
        format: Format,
        rules: &[Active],
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => human::write(self, style, out),
            Format::Concise => concise::write(self, out),
            Format::Json => json::write(self, out),
            Format::Sarif => sarif::write(self, rules, out),
            Format::Github => github::write(self, out),
            Format::Azure => azure::write(self, out),
            Format::Gitlab => gitlab::write(self, out),
            Format::Junit => junit::write(self, out),
            Format::Markdown => markdown::write(self, out),
        }
    }

    /// The last line for people: how many of what.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut found = shared::counted(Severity::ALL.map(|severity| self.count(severity)));
        if found.is_empty() {
            found.push_str("no findings");
        }
        let mut summary = format!("{found} in {}", plural(self.flows(), "flow"));
        if let Some(unchanged @ 1..) = self.unchanged {
            let noun = if unchanged == 1 { "finding was" } else { "findings were" };
            summary.push_str(&format!("; {unchanged} {noun} left out, on parts that have not changed"));
        }
        if !self.suppressed.is_empty() {
            summary.push_str(&format!("; {}", self.suppressions()));
        }
        if !self.problems.is_empty() {
            summary.push_str(&format!("; {} could not be checked", plural(self.problems.len(), "file")));
        }
        summary
    }
}

/// Where a finding stands among others.
fn place(finding: &Masked) -> impl Ord + use<'_> {
    let place = &finding.location.place;
    (&place.file, place.span, finding.rule.as_str(), finding.message.as_str())
}

impl Report {
    /// How many findings are suppressed, and by what: "3 suppressed by waivers".
    fn suppressions(&self) -> String {
        let by = |by: Suppressor| {
            let count = self.suppressed_by(by);
            let (one, several) = by.name();
            (count > 0).then(|| (count, format!("by {}", if count == 1 { one } else { several })))
        };
        let by: Vec<(usize, String)> = Suppressor::ALL.into_iter().filter_map(by).collect();
        match by.as_slice() {
            [(count, by)] => format!("{count} suppressed {by}"),
            several => {
                let parts: Vec<String> = several.iter().map(|(count, by)| format!("{count} {by}")).collect();
                format!("{} suppressed: {}", self.suppressed.len(), parts.join(", "))
            }
        }
    }
}
