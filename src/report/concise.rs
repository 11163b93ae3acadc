//! One line for each finding: `path:line:column: severity[rule] message (element)`, and where to look in other files.

use std::io::{self, Write};

use super::shared::others;
use super::{Report, escape_ci_commands};
use crate::finding::{Masked, Problem};
use crate::text::FileName;
use crate::text::printable;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for problem in &report.problems {
        let line = format!("{}: problem: {}", printable(&place_of(problem)), printable(&problem.message));
        writeln!(out, "{}", escape_ci_commands(&line))?;
    }
    for finding in report.listed() {
        let path = shown(&finding.location.place.file);
        let (line, column) = (finding.location.place.start.line, finding.location.place.start.column);
        let (severity, rule) = (finding.severity.name(), &finding.rule);
        let mut said = format!(
            "{}:{line}:{column}: {severity}[{rule}] {}",
            printable(&path),
            printable(&finding.message)
        );
        if !finding.location.element.is_empty() {
            said.push_str(&format!(" ({})", printable(&finding.location.element.join(" › "))));
        }
        if let Some(places) = places_in_other_files(finding) {
            said.push_str(&printable(&places));
        }
        if let Some(suppression) = &finding.suppressed {
            said.push_str(&format!(" [{}]", printable(&suppression.in_words())));
        }
        writeln!(out, "{}", escape_ci_commands(&said))?;
    }
    writeln!(out, "{}", report.summary())
}

/// Where else to look, of the files that are not the finding's own: `, see a.json:3:5 and 2 more`.
fn places_in_other_files(finding: &Masked) -> Option<String> {
    let mut others = others(finding);
    let first = &others.next()?.place;
    let place = format!(", see {}:{}:{}", shown(&first.file), first.start.line, first.start.column);
    Some(match others.count() {
        0 => place,
        more => format!("{place} and {more} more"),
    })
}

/// A file as people call it, with the member of an archive behind it.
pub(crate) fn shown(file: &FileName) -> String {
    match &file.member {
        Some(member) => format!("{} › {member}", file.shown),
        None => file.shown.clone(),
    }
}

/// Where a problem is, as far as it is anywhere.
pub(crate) fn place_of(problem: &Problem) -> String {
    let file = shown(&problem.file);
    match problem.start() {
        Some(start) => format!("{file}:{}:{}", start.line, start.column),
        None => file,
    }
}
