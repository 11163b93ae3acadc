//! Logging commands of Azure Pipelines: an issue for each error and warning, then what the task came to.
//!
//! How the agent reads a command: `Command.cs` of microsoft/azure-pipelines-agent; how one is written:
//! `taskcommand.ts` of microsoft/azure-pipelines-task-lib. There is no issue of a lower kind than a warning, and
//! advice must not make a run yellow: notes are plain lines.

use std::io::{self, Write};

use super::Report;
use super::ci_commands::escape_ci_commands;
use super::shared::{element_path, highest_first, place, place_of, sentence, told};
use crate::finding::{Masked, Problem, Severity};
use crate::text::printable;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for problem in &report.problems {
        write_problem(problem, out)?;
    }
    for finding in highest_first(report) {
        write_finding(finding, out)?;
    }
    writeln!(out, "{}", report.summary())?;
    let issues = report.count(Severity::Error) + report.count(Severity::Warning);
    let result = match (report.failed, issues) {
        (true, _) => "Failed",
        (false, 1..) => "SucceededWithIssues",
        (false, 0) => "Succeeded",
    };
    writeln!(out, "##vso[task.complete result={result};]")
}

fn write_finding(finding: &Masked, out: &mut dyn Write) -> io::Result<()> {
    let file = &finding.location.place.file;
    let part = printable(&element_path(finding));
    let mut message = told(finding).join(" ");
    if !part.is_empty() {
        message = format!("{part}: {message}");
    }
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => {
            let line = format!(
                "{}: note[{}] {message}",
                printable(&place(file, finding.location.place.start)),
                finding.rule
            );
            return writeln!(out, "{}", escape_ci_commands(&line));
        }
    };
    let mut properties = vec![("type", kind.to_owned()), ("sourcepath", printable(&file.path))];
    if file.member.is_some() {
        // A line of the member is none of the archive.
        message = format!("{}: {message}", printable(&place(file, finding.location.place.start)));
    } else {
        properties.push(("linenumber", finding.location.place.start.line.to_string()));
        properties.push(("columnnumber", finding.location.place.start.column.to_string()));
    }
    properties.push(("code", finding.rule.clone()));
    issue(out, &properties, &message)
}

fn write_problem(problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    let mut properties = vec![("type", "error".to_owned()), ("sourcepath", printable(&problem.file.path))];
    let mut message = printable(&sentence(&problem.message));
    match (problem.start(), &problem.file.member) {
        (Some(start), None) => {
            properties.push(("linenumber", start.line.to_string()));
            properties.push(("columnnumber", start.column.to_string()));
        }
        (_, Some(_)) => message = format!("{}: {message}", printable(&place_of(problem))),
        (None, None) => {}
    }
    properties.push(("code", "problem".into()));
    issue(out, &properties, &message)
}

/// Writes one issue, on one line. The agent acts on the first command of a line; what stands behind its bracket
/// is data, whatever it spells.
fn issue(out: &mut dyn Write, properties: &[(&str, String)], data: &str) -> io::Result<()> {
    write!(out, "##vso[task.logissue ")?;
    for (key, value) in properties {
        write!(out, "{key}={};", escaped(value))?;
    }
    writeln!(out, "]{}", escaped(data))
}

/// The agent decodes properties and data alike.
fn escaped(text: &str) -> String {
    // The percent sign first: it begins what the others become.
    let text = text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A");
    text.replace(';', "%3B").replace(']', "%5D")
}
