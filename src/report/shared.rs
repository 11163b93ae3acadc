//! What several formats say alike: a place, the part of the flow, the advice, and in which order.

use std::cmp::Reverse;

use crate::finding::{Masked, Problem, Related, Severity};
use crate::report::Report;
use crate::text::plural;
use crate::text::printable;
use crate::text::{FileName, Position};

/// How many related places a format for people names; a loop of a thousand actions has as many.
const MOST_RELATED: usize = 10;

/// The findings, the gravest first; within a severity in the order of the report.
pub(super) fn highest_first(report: &Report) -> Vec<&Masked> {
    let mut findings: Vec<&Masked> = report.findings.iter().collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings
}

/// A file by its path for machines, with the member of an archive behind it.
pub(super) fn file(name: &FileName) -> String {
    match &name.member {
        Some(member) => format!("{} › {member}", name.path),
        None => name.path.clone(),
    }
}

/// A place in a file, as editors write it.
pub(super) fn place(name: &FileName, start: Position) -> String {
    format!("{}:{}:{}", file(name), start.line, start.column)
}

/// Where a problem is, as far as it is anywhere.
pub(super) fn place_of(problem: &Problem) -> String {
    let file = file(&problem.file);
    match problem.start() {
        Some(start) => format!("{file}:{}:{}", start.line, start.column),
        None => file,
    }
}

/// The part of the flow: the way to the element, else the flow's name; empty for a file.
pub(super) fn element_path(finding: &Masked) -> String {
    match &finding.location.flow {
        _ if !finding.location.element.is_empty() => finding.location.element.join(" › "),
        Some(flow) => flow.name.clone(),
        None => String::new(),
    }
}

/// A line for each related place, of those that a person would look at.
pub(super) fn related(finding: &Masked) -> Vec<String> {
    lines(finding.related.iter().collect())
}

/// A line for each related place in another file, for formats that show the file of the finding anyway.
pub(super) fn in_other_files(finding: &Masked) -> Vec<String> {
    lines(others(finding).collect())
}

/// The related places that are in another file.
pub(super) fn others(finding: &Masked) -> impl Iterator<Item = &Related> {
    finding.related.iter().filter(|other| other.place.file != finding.location.place.file)
}

fn lines(related: Vec<&Related>) -> Vec<String> {
    let see =
        |other: &&Related| format!("See {}: {}", place(&other.place.file, other.place.start), other.message);
    let mut lines: Vec<String> = related.iter().take(MOST_RELATED).map(see).collect();
    if let Some(more @ 1..) = related.len().checked_sub(MOST_RELATED) {
        lines.push(format!("And {more} more."));
    }
    lines
}

/// What a finding says, one line for each thought: the fault, what to do, and where to look as well.
pub(super) fn told(finding: &Masked) -> Vec<String> {
    let help = finding.help.iter().map(|help| sentence(help));
    let lines = std::iter::once(sentence(&finding.message)).chain(help).chain(related(finding));
    lines.map(|line| printable(&line)).collect()
}

/// A text that ends as a sentence does.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// Counts by severity in words, the gravest first, those that are not zero: `1 error, 2 notes`.
pub(super) fn counted(counts: [usize; 3]) -> String {
    let words = Severity::ALL.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    words.map(|(severity, count)| plural(count, severity.name())).collect::<Vec<_>>().join(", ")
}
