//! SARIF 2.1.0, as code scanning takes it: one run, every rule that was on, one single-line region for
//! each result.
//!
//! Specification: OASIS SARIF 2.1.0 with errata 01. What GitHub makes of it: its documentation, "SARIF
//! support for code scanning".

mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use self::model::{
    ArtifactLocation, Configuration, Descriptor, Document, Driver, Invocation, Location, LogicalLocation,
    Markdown, Message, Notification, PhysicalLocation, Properties, Reference, Region, Rule, Run, SarifResult,
    Suppression, Text, Tool,
};
use super::Report;
use super::shared::sentence;
use crate::finding::{Masked, Place, Problem, Severity, Suppressor};
use crate::linter::{Active, Page};
use crate::text::FileName;
use crate::text::printable;

/// What a path must not hold in a URI: RFC 3986, everything but unreserved characters and `/`.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'*')
    .add(b'+')
    .add(b',')
    .add(b':')
    .add(b';')
    .add(b'<')
    .add(b'=')
    .add(b'>')
    .add(b'?')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'!')
    .add(b'$');

pub(super) fn write(report: &Report, rules: &[Active], out: &mut dyn Write) -> io::Result<()> {
    // A description is many times as long as a result: only those of rules that have one are needed.
    let reported: BTreeSet<&str> = report.listed().iter().map(|finding| finding.rule.as_str()).collect();
    let on: Vec<&Active> = rules.iter().filter(|rule| reported.contains(rule.page.id.as_ref())).collect();
    let index: BTreeMap<&str, usize> =
        on.iter().enumerate().map(|(at, rule)| (rule.page.id.as_ref(), at)).collect();
    let document = Document {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "flowvet",
                    full_name: concat!("flowvet ", env!("CARGO_PKG_VERSION")),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: on.iter().map(|rule| descriptor(rule)).collect(),
                    notifications: [Descriptor {
                        id: "problem",
                        name: "UncheckedFile",
                        short_description: Text { text: "A file could not be checked.".into() },
                        full_description: Text {
                            text: "A file that is named or bears the marks of a flow could not be read or parsed.".into(),
                        },
                        help: Text { text: "Mend the file at the place named, or leave it out with `exclude`.".into() },
                    }],
                },
            },
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: report.problems.is_empty(),
                tool_execution_notifications: report.problems.iter().map(notification).collect(),
            }],
            results: report.listed().into_iter().map(|finding| result(report, finding, &index)).collect(),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn descriptor(rule: &Active) -> Rule {
    let severity = rule.severity.unwrap_or(rule.meta.severity);
    let mut tags = vec!["power-automate".to_owned(), rule.page.category.to_string()];
    if rule.meta.security_severity.is_some() {
        tags.push("security".into());
    }
    tags.sort();
    tags.dedup();
    Rule {
        // The page of a team's rule is not in the repository of flowvet.
        help_uri: rule.page.file.is_none().then(|| {
            let (category, id) = (&rule.page.category, &rule.page.id);
            format!("{}/blob/main/rules/{category}/{id}.md", env!("CARGO_PKG_REPOSITORY"))
        }),
        id: rule.page.id.to_string(),
        name: pascal(&rule.page.id),
        short_description: Text { text: safe(rule, rule.meta.summary.clone()) },
        full_description: Text {
            text: safe(
                rule,
                section(&rule.page, "What it finds").unwrap_or_else(|| rule.meta.summary.clone()),
            ),
        },
        help: Markdown { text: safe(rule, help_text(rule)), markdown: safe(rule, rule.page.help_markdown()) },
        default_configuration: Configuration { level: severity.name() },
        properties: Properties {
            tags,
            precision: rule.meta.precision.name(),
            problem_severity: match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
            security_severity: rule.meta.security_severity.clone(),
        },
    }
}

fn result(report: &Report, finding: &Masked, index: &BTreeMap<&str, usize>) -> SarifResult {
    let mut text = sentence(&finding.message);
    if let Some(help) = &finding.help {
        text.push(' ');
        text.push_str(&sentence(help));
    }
    let mut related = Vec::new();
    // Code scanning shows a related place only if the message links to it, and keeps a hundred.
    for (at, related_place) in finding.related.iter().take(99).enumerate() {
        let link = related_place.message.replace(['[', ']'], "");
        text.push_str(&format!("{}[{link}]({at})", if at == 0 { " See " } else { ", " }));
        related.push(Location {
            id: Some(at),
            physical_location: physical(&related_place.place),
            logical_locations: None,
            message: Some(Text { text: printable(&related_place.message) }),
        });
    }
    if !related.is_empty() {
        text.push('.');
    }
    SarifResult {
        rule_id: finding.rule.clone(),
        rule_index: index.get(finding.rule.as_str()).copied(),
        level: finding.severity.name(),
        message: Message { text: printable(&text) },
        locations: [Location {
            id: None,
            physical_location: physical(&finding.location.place),
            logical_locations: logical(finding),
            message: None,
        }],
        related_locations: related,
        partial_fingerprints: BTreeMap::from([
            ("flowvet/v1", finding.fingerprint().to_owned()),
            // Left out, GitHub hashes the start of the line: in a file of one line all would be one.
            ("primaryLocationLineHash", format!("{}:1", finding.fingerprint().get(..16).unwrap_or_default())),
        ]),
        // The specification wants it for all results or for none.
        suppressions: report.show_suppressed.then(|| finding.suppressed.iter().map(suppression).collect()),
    }
}

fn suppression(suppressed: &crate::finding::Suppression) -> Suppression {
    let in_words = suppressed.in_words();
    Suppression {
        kind: if suppressed.by == Suppressor::Waiver { "inSource" } else { "external" },
        status: "accepted",
        justification: printable(suppressed.reason.as_deref().unwrap_or(&in_words)),
    }
}

/// Where in the flow: the trigger or action by its path through the containers, else the flow.
fn logical(finding: &Masked) -> Option<[LogicalLocation; 1]> {
    let flow = finding.location.flow.as_ref()?;
    let kind = match finding.location.element_kind {
        Some(_) => "member",
        None => "module",
    };
    let mut path = vec![flow.name.clone()];
    path.extend(finding.location.element.iter().cloned());
    let name = path.last().cloned().unwrap_or_default();
    Some([LogicalLocation { name, fully_qualified_name: path.join("/"), kind }])
}

fn notification(problem: &Problem) -> Notification {
    let uri = uri(&problem.file);
    let region = problem.start().map(|start| Region::between(start, start));
    Notification {
        descriptor: Reference { id: "problem" },
        level: "error",
        message: Message { text: printable(&sentence(&problem.message)) },
        locations: [Location {
            id: None,
            physical_location: PhysicalLocation { artifact_location: ArtifactLocation { uri }, region },
            logical_locations: None,
            message: None,
        }],
    }
}

fn physical(place: &Place) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(&place.file) },
        region: Some(Region::between(place.start, place.end)),
    }
}

/// A path as a relative URI; a file of an archive as if the archive were a folder.
fn uri(file: &FileName) -> String {
    let path = file.path.as_str();
    let encode = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    let base = match (path.strip_prefix('/'), is_drive) {
        (Some(rest), _) => format!("file:///{}", encode(rest)),
        (None, true) => format!("file:///{}:{}", &path[..1], encode(&path[2..])),
        (None, false) => encode(path),
    };
    match &file.member {
        Some(member) => format!("{base}/{}", encode(member)),
        None => base,
    }
}

/// `unknown-function` as `UnknownFunction`.
fn pascal(id: &str) -> String {
    id.split('-').map(crate::text::capitalised).collect()
}

/// A text of a page. The pages of flowvet hold invented credentials; what the page of a team holds may be real.
fn safe(rule: &Active, text: String) -> String {
    if rule.page.file.is_none() { text } else { crate::secrets::without(text) }
}

fn section(page: &Page, heading: &str) -> Option<String> {
    let (_, body) = page.sections().into_iter().find(|(own, _)| *own == heading)?;
    // Code scanning takes 1,024 characters; the first paragraph says what counts.
    let paragraph = body.split("\n\n").next().unwrap_or(body);
    let text: Vec<&str> = paragraph.lines().map(str::trim).collect();
    Some(text.join(" ").chars().take(1000).collect())
}

fn help_text(rule: &Active) -> String {
    section(&rule.page, "How to mend it in the designer").unwrap_or_else(|| rule.meta.summary.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_uris() {
        let uri = |path: &str, member: Option<&str>| {
            uri(&FileName { member: member.map(str::to_owned), ..FileName::new(path) })
        };
        assert_eq!(uri("a b/c#d%e/é.json", None), "a%20b/c%23d%25e/%C3%A9.json");
        assert_eq!(uri("sol.zip", Some("Workflows/X Y.json")), "sol.zip/Workflows/X%20Y.json");
        assert_eq!(uri("/tmp/x.json", None), "file:///tmp/x.json");
        assert_eq!(uri("C:/x y.json", None), "file:///C:/x%20y.json");
        assert_eq!(uri("../x.json", None), "../x.json");
    }

    #[test]
    fn ids_become_names() {
        assert_eq!(pascal("open-http-trigger"), "OpenHttpTrigger");
    }
}
