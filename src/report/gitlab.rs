//! The Code Quality report of GitLab: an array of violations, as its documentation "Code Quality" has them.

use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Report;
use super::words::{place, place_of, sentence, whereabouts};
use crate::finding::{Finding, Problem, Severity};
use crate::text::printable;

#[derive(Serialize)]
struct Violation<'r> {
    description: String,
    check_name: &'r str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut fingerprints = Fingerprints::default();
    let problems = report.problems.iter().map(|problem| of_problem(problem, &mut fingerprints));
    let mut violations: Vec<Violation<'_>> = problems.collect();
    violations.extend(report.findings.iter().map(|finding| of_finding(report, finding, &mut fingerprints)));
    serde_json::to_writer_pretty(&mut *out, &violations)?;
    writeln!(out)
}

fn of_finding<'r>(report: &'r Report, finding: &'r Finding, known: &mut Fingerprints) -> Violation<'r> {
    let source = &report.sources[finding.source];
    let mut description = sentence(&finding.message);
    if let Some(help) = &finding.help {
        description = format!("{description} {}", sentence(help));
    }
    let part = whereabouts(finding);
    if !part.is_empty() {
        description = format!("{part}: {description}");
    }
    // A line of the member is none of the archive.
    let begin = if source.member.is_some() { 1 } else { finding.start.line };
    if source.member.is_some() {
        description = format!("{}: {description}", place(source, finding.start));
    }
    Violation {
        description: printable(&description),
        check_name: &finding.rule,
        fingerprint: known.unique(finding.fingerprint.clone()),
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Note => "info",
        },
        location: Location { path: source.path.clone(), lines: Lines { begin } },
    }
}

fn of_problem<'r>(problem: &'r Problem, known: &mut Fingerprints) -> Violation<'r> {
    let description = match &problem.member {
        Some(_) => format!("{}: {}", place_of(problem), sentence(&problem.message)),
        None => sentence(&problem.message),
    };
    let begin = problem.start.filter(|_| problem.member.is_none()).map_or(1, |start| start.line);
    let member = problem.member.as_deref().unwrap_or_default();
    let hash = Sha256::digest(["problem", &problem.path, member].join("\u{1f}"));
    Violation {
        description: printable(&description),
        check_name: "problem",
        fingerprint: known.unique(hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()),
        severity: "blocker",
        location: Location { path: problem.path.clone(), lines: Lines { begin } },
    }
}

/// GitLab shows violations of one fingerprint as one.
#[derive(Default)]
struct Fingerprints(FxHashMap<String, usize>);

impl Fingerprints {
    fn unique(&mut self, fingerprint: String) -> String {
        let seen = self.0.entry(fingerprint.clone()).or_default();
        *seen += 1;
        if *seen == 1 { fingerprint } else { format!("{fingerprint}-{seen}") }
    }
}
