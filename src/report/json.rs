//! The JSON contract, version 1: see `docs/json.md`. These structures are the contract, not the
//! program's own, so that the inside can change and the outside does not.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use crate::finding::{FlowName, Severity, Suppression};
use crate::flow::ElementKind;
use crate::text::Position;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    tool: Tool,
    summary: Summary,
    findings: Vec<Finding<'r>>,
    problems: Vec<Problem<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline<'r>>,
}

#[derive(Serialize)]
struct Baseline<'r> {
    path: &'r str,
    entries: usize,
    fixed: usize,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    flows: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    suppressed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<usize>,
    problems: usize,
}

#[derive(Serialize)]
struct Finding<'r> {
    rule: &'r str,
    category: &'r str,
    severity: Severity,
    message: &'r str,
    help: Option<&'r str>,
    path: &'r str,
    member: Option<&'r str>,
    start: Position,
    end: Position,
    flow: Option<&'r FlowName>,
    element: &'r [String],
    element_kind: Option<ElementKind>,
    property: &'r str,
    related: Vec<Related<'r>>,
    fingerprint: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<&'r Suppression>,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    path: &'r str,
    member: Option<&'r str>,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Problem<'r> {
    path: &'r str,
    member: Option<&'r str>,
    message: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Position>,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let place =
        |source: usize| (report.sources[source].path.as_str(), report.sources[source].member.as_deref());
    let findings = report.listed().into_iter().map(|finding| {
        let (path, member) = place(finding.source);
        let related = finding.related.iter().map(|related| {
            let (path, member) = place(related.source);
            Related { message: &related.message, path, member, start: related.start, end: related.end }
        });
        Finding {
            rule: &finding.rule,
            category: &finding.category,
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            path,
            member,
            start: finding.start,
            end: finding.end,
            flow: finding.flow.as_ref(),
            element: &finding.element,
            element_kind: finding.element_kind,
            property: &finding.property,
            related: related.collect(),
            fingerprint: &finding.fingerprint,
            suppressed: finding.suppressed.as_ref(),
        }
    });
    let problems = report.problems.iter().map(|problem| Problem {
        path: &problem.path,
        member: problem.member.as_deref(),
        message: &problem.message,
        start: problem.start,
    });
    let document = Document {
        version: 1,
        tool: Tool { name: "flowvet", version: env!("CARGO_PKG_VERSION") },
        summary: Summary {
            files: report.files,
            flows: report.flows(),
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            notes: report.count(Severity::Note),
            suppressed: report.suppressed.len(),
            unchanged: report.unchanged,
            problems: report.problems.len(),
        },
        findings: findings.collect(),
        problems: problems.collect(),
        baseline: report.baseline.as_ref().map(|baseline| Baseline {
            path: &baseline.path,
            entries: baseline.entries,
            fixed: baseline.fixed,
        }),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
