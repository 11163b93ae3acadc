//! Workflow commands of GitHub Actions: an annotation for each finding, the gravest first.
//!
//! How the runner reads a command: `ActionCommand.cs` of actions/runner. How many annotations are shown:
//! `docs/problem-matchers.md` of actions/toolkit.

use std::io::{self, Write};

use super::Report;
use super::shared::{counted, element_path, highest_first, place, place_of, sentence, told};
use crate::finding::{Masked, Problem, Severity};
use crate::text::printable;

/// How many annotations of one kind GitHub shows for a step.
const SHOWN: usize = 10;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if let Some(said) = not_shown(report) {
        // The first of its kind, or it would be among those that are not shown.
        command(out, "notice", &[("title", "flowvet".into())], &said)?;
    }
    for problem in &report.problems {
        write_problem(problem, out)?;
    }
    for finding in highest_first(report) {
        write_finding(finding, out)?;
    }
    writeln!(out, "{}", report.summary())
}

fn write_finding(finding: &Masked, out: &mut dyn Write) -> io::Result<()> {
    let file = &finding.location.place.file;
    let mut properties = vec![("file", printable(&file.path))];
    let mut lines = told(finding);
    if file.member.is_some() {
        // A line of the member is none of the archive.
        lines.insert(0, printable(&place(file, finding.location.place.start)));
    } else {
        properties.push(("line", finding.location.place.start.line.to_string()));
        properties.push(("col", finding.location.place.start.column.to_string()));
        properties.push(("endLine", finding.location.place.end.line.to_string()));
        properties.push(("endColumn", finding.location.place.end.column.to_string()));
    }
    let part = element_path(finding);
    let title = if part.is_empty() { finding.rule.clone() } else { format!("{}: {part}", finding.rule) };
    properties.push(("title", printable(&title)));
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    command(out, name, &properties, &lines.join("\n"))
}

fn write_problem(problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    let mut properties = vec![("file", printable(&problem.file.path))];
    let mut message = printable(&sentence(&problem.message));
    match (problem.start(), &problem.file.member) {
        (Some(start), None) => {
            properties.push(("line", start.line.to_string()));
            properties.push(("col", start.column.to_string()));
        }
        (_, Some(_)) => message = format!("{}\n{message}", printable(&place_of(problem))),
        (None, None) => {}
    }
    properties.push(("title", "problem: the file could not be checked".into()));
    command(out, "error", &properties, &message)
}

/// How many annotations GitHub leaves out, in a sentence; none if it shows all.
fn not_shown(report: &Report) -> Option<String> {
    let errors = report.count(Severity::Error) + report.problems.len();
    let (warnings, notes) = (report.count(Severity::Warning), report.count(Severity::Note));
    if errors.max(warnings).max(notes) <= SHOWN {
        return None;
    }
    // What says so takes the place of a notice.
    let beyond = |count: usize, shown: usize| count.saturating_sub(shown);
    let hidden = [beyond(errors, SHOWN), beyond(warnings, SHOWN), beyond(notes, SHOWN - 1)];
    Some(format!(
        "GitHub shows {SHOWN} annotations of each kind for a step. Not shown here, and in the log of the step: {}.",
        counted(hidden)
    ))
}

/// Writes one command, on one line.
fn command(out: &mut dyn Write, name: &str, properties: &[(&str, String)], data: &str) -> io::Result<()> {
    write!(out, "::{name} ")?;
    for (at, (key, value)) in properties.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(out, "{comma}{key}={}", property(value))?;
    }
    writeln!(out, "::{}", escaped(data))
}

fn escaped(text: &str) -> String {
    // The percent sign first: it begins what the others become.
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
