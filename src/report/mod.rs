//! What a run came to, and the formats it can be written in. Each format is a file of its own.
//!
//! Knows findings and sources; checks nothing.

mod azure;
mod concise;
mod github;
mod gitlab;
pub(crate) mod human;
pub mod inspect;
mod json;
mod junit;
mod markdown;
mod obeyed;
mod sarif;
mod snippet;
mod words;

use std::io::{self, Write};

pub(crate) use concise::{place_of, shown};
pub(crate) use obeyed::harmless;

use crate::finding::{Finding, FlowName, Problem, Severity, Suppressor};
use crate::linter::Active;
use crate::text::{Source, plural};

/// Everything a run found, in the order of paths and places.
#[derive(Debug, Default)]
pub struct Report {
    /// The files, credentials masked.
    pub sources: Vec<Source>,
    /// The findings that count.
    pub findings: Vec<Finding>,
    /// The findings that a waiver, the configuration or the baseline suppresses.
    pub suppressed: Vec<Finding>,
    /// Whether suppressed findings are listed.
    pub show_suppressed: bool,
    /// What the baseline came to, where there is one.
    pub baseline: Option<Compared>,
    /// The files that could not be checked.
    pub problems: Vec<Problem>,
    /// The files that were passed over.
    pub passed: Vec<Skipped>,
    /// How many files were read.
    pub files: usize,
    /// The flows of each source.
    pub flows_in: Vec<Vec<FlowName>>,
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

/// A file that was passed over, because it is no flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file, as an index into the report's sources.
    pub source: usize,
    /// Why it is no flow.
    pub reason: &'static str,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        self.flows_in.iter().map(Vec::len).sum()
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
        let is_by = |finding: &&Finding| finding.suppressed.as_ref().is_some_and(|own| own.by == by);
        self.suppressed.iter().filter(is_by).count()
    }

    /// The findings that are listed: those that count, and the others where they are asked for.
    #[must_use]
    pub fn listed(&self) -> Vec<&Finding> {
        let mut listed: Vec<&Finding> = self.findings.iter().collect();
        if self.show_suppressed {
            listed.extend(&self.suppressed);
            self.in_order(&mut listed);
        }
        listed
    }

    /// Adds a file that was checked, with the flows in it.
    pub(crate) fn add_source(&mut self, source: Source, flows: Vec<FlowName>) -> usize {
        self.sources.push(source);
        self.flows_in.push(flows);
        self.sources.len() - 1
    }

    /// Adds a file that findings are about and that was not checked itself, once.
    pub(crate) fn add_beside(&mut self, file: Source) -> usize {
        let is_it = |known: &Source| {
            (&known.path, &known.shown, &known.member) == (&file.path, &file.shown, &file.member)
        };
        match self.sources.iter().position(is_it) {
            Some(at) => at,
            None => self.add_source(file, Vec::new()),
        }
    }

    /// Puts the findings into the order of paths and places.
    pub(crate) fn sort(&mut self) {
        let mut findings = std::mem::take(&mut self.findings);
        // Those of one file are in order, and so are the files, but for what stands beside them.
        if !findings.is_sorted_by(|a, b| self.place(a) <= self.place(b)) {
            findings.sort_by(|a, b| self.place(a).cmp(&self.place(b)));
        }
        self.findings = findings;
    }

    /// Sets the findings apart that something suppresses.
    pub(crate) fn settle(&mut self) {
        let (suppressed, findings) =
            std::mem::take(&mut self.findings).into_iter().partition(|finding| finding.suppressed.is_some());
        self.findings = findings;
        self.suppressed.extend::<Vec<Finding>>(suppressed);
    }

    fn in_order(&self, findings: &mut [&Finding]) {
        findings.sort_by(|a, b| self.place(a).cmp(&self.place(b)));
    }

    /// Where a finding stands among others.
    fn place<'f>(&'f self, finding: &'f Finding) -> impl Ord + use<'f> {
        let source = &self.sources[finding.source];
        let file = (source.path.as_str(), source.shown.as_str(), source.member.as_deref());
        (file, finding.source, finding.span, finding.rule.as_str(), finding.message.as_str())
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
        let mut found = words::counted(Severity::ALL.map(|severity| self.count(severity)));
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
