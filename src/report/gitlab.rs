//! The Code Quality report of GitLab: an array of violations, as its documentation "Code Quality" has them.

use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Report;
use super::shared::{element_path, in_other_files, place, place_of, sentence};
use crate::finding::{Masked, Problem, Severity};
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
    violations.extend(report.findings.iter().map(|finding| of_finding(finding, &mut fingerprints)));
    serde_json::to_writer_pretty(&mut *out, &violations)?;
    writeln!(out)
}

fn of_finding<'r>(finding: &'r Masked, known: &mut Fingerprints) -> Violation<'r> {
    let file = &finding.location.place.file;
    let mut description = sentence(&finding.message);
    if let Some(help) = &finding.help {
        description = format!("{description} {}", sentence(help));
    }
    for line in in_other_files(finding) {
        description = format!("{description} {}", sentence(&line));
    }
    let part = element_path(finding);
    if !part.is_empty() {
        description = format!("{part}: {description}");
    }
    // A line of the member is none of the archive.
    let begin = if file.member.is_some() { 1 } else { finding.location.place.start.line };
    if file.member.is_some() {
        description = format!("{}: {description}", place(file, finding.location.place.start));
    }
    Violation {
        description: printable(&description),
        check_name: &finding.rule,
        fingerprint: known.unique(finding.fingerprint().to_owned()),
        severity: match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Note => "info",
        },
        location: Location { path: file.path.clone(), lines: Lines { begin } },
    }
}

fn of_problem<'r>(problem: &'r Problem, known: &mut Fingerprints) -> Violation<'r> {
    let description = match &problem.file.member {
        Some(_) => format!("{}: {}", place_of(problem), sentence(&problem.message)),
        None => sentence(&problem.message),
    };
    let begin = problem.start().filter(|_| problem.file.member.is_none()).map_or(1, |start| start.line);
    let member = problem.file.member.as_deref().unwrap_or_default();
    let hash = Sha256::digest(["problem", &problem.file.path, member].join("\u{1f}"));
    Violation {
        description: printable(&description),
        check_name: "problem",
        fingerprint: known.unique(hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()),
        severity: "blocker",
        location: Location { path: problem.file.path.clone(), lines: Lines { begin } },
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
