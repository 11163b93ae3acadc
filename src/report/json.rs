//! The JSON contract, version 1: see `docs/json.md`. These structures are the contract, not the
//! program's own, so that the inside can change and the outside does not.

use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use crate::finding::{self, Applicability, FlowName, Location, Related, Severity, Suppression};
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
    related: Vec<RelatedPlace<'r>>,
    fix: Option<Fix<'r>>,
    fingerprint: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<&'r Suppression>,
}

#[derive(Serialize)]
struct RelatedPlace<'r> {
    message: &'r str,
    path: &'r str,
    member: Option<&'r str>,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Fix<'r> {
    title: &'r str,
    applicability: Applicability,
    edits: Vec<Edit<'r>>,
}

#[derive(Serialize)]
struct Edit<'r> {
    path: &'r str,
    member: Option<&'r str>,
    start: Position,
    end: Position,
    text: &'r str,
}

impl<'r> Fix<'r> {
    fn of(fix: &'r finding::Fix) -> Self {
        let edit = |finding::Edit { place, text }: &'r finding::Edit| Edit {
            path: &place.file.path,
            member: place.file.member.as_deref(),
            start: place.start,
            end: place.end,
            text,
        };
        Self {
            title: &fix.title,
            applicability: fix.applicability,
            edits: fix.edits.iter().flatten().map(edit).collect(),
        }
    }
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
    let findings = report.listed().into_iter().map(|finding| {
        let Location { place, .. } = &finding.location;
        let related = finding.related.iter().map(|Related { message, place, .. }| RelatedPlace {
            message,
            path: &place.file.path,
            member: place.file.member.as_deref(),
            start: place.start,
            end: place.end,
        });
        Finding {
            rule: &finding.rule,
            category: &finding.category,
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            path: &place.file.path,
            member: place.file.member.as_deref(),
            start: place.start,
            end: place.end,
            flow: finding.location.flow.as_ref(),
            element: &finding.location.element,
            element_kind: finding.location.element_kind,
            property: &finding.location.property,
            related: related.collect(),
            fix: finding.fix.as_ref().map(Fix::of),
            fingerprint: finding.fingerprint(),
            suppressed: finding.suppressed.as_ref(),
        }
    });
    let problems = report.problems.iter().map(|problem| Problem {
        path: &problem.file.path,
        member: problem.file.member.as_deref(),
        message: &problem.message,
        start: problem.start(),
    });
    let document = Document {
        version: 1,
        tool: Tool { name: "flowvet", version: env!("CARGO_PKG_VERSION") },
        summary: Summary {
            files: report.files_read,
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
