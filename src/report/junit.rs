//! JUnit XML: a suite for each file, a test for each finding, and a test that passes for each flow without one.
//!
//! Errors and warnings are failures, problems are errors. Notes are skipped tests: advice, which fails no run, must
//! not turn one red elsewhere. Schemas that it fits: those of Jenkins' xUnit plugin.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use rustc_hash::FxHashMap;

use super::Report;
use super::shared::{element_path, file, highest_first, place, place_of, sentence, told};
use crate::finding::{Masked, Severity};
use crate::text::FileName;
use crate::text::printable;

/// One test.
struct Case {
    name: String,
    class: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// Failed, could not be run, or was skipped: the element, the type, the message, and the text.
    Other(&'static str, String, String, String),
}

/// The tests of one file.
#[derive(Default)]
struct Suite {
    name: String,
    cases: Vec<Case>,
}

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(report);
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = |element| suites.iter().map(|suite| suite.count(element)).sum::<usize>().to_string();
    let tests = suites.iter().map(|suite| suite.cases.len()).sum::<usize>().to_string();
    xml.create_element("testsuites")
        .with_attribute(("name", "flowvet"))
        .with_attribute(("tests", tests.as_str()))
        .with_attribute(("failures", all("failure").as_str()))
        .with_attribute(("errors", all("error").as_str()))
        .write_inner_content(|xml| suites.iter().try_for_each(|suite| write_suite(suite, xml)))?;
    writeln!(xml.get_mut())
}

fn write_suite<W: Write>(suite: &Suite, xml: &mut Writer<W>) -> io::Result<()> {
    let count = |element| suite.count(element).to_string();
    xml.create_element("testsuite")
        .with_attribute(("name", suite.name.as_str()))
        .with_attribute(("tests", suite.cases.len().to_string().as_str()))
        .with_attribute(("failures", count("failure").as_str()))
        .with_attribute(("errors", count("error").as_str()))
        .with_attribute(("skipped", count("skipped").as_str()))
        .write_inner_content(|xml| suite.cases.iter().try_for_each(|case| write_case(case, xml)))?;
    Ok(())
}

fn write_case<W: Write>(case: &Case, xml: &mut Writer<W>) -> io::Result<()> {
    let element = xml
        .create_element("testcase")
        .with_attribute(("name", case.name.as_str()))
        .with_attribute(("classname", case.class.as_str()));
    match &case.outcome {
        Outcome::Passed => element.write_empty()?,
        Outcome::Other(outcome, kind, message, text) => element.write_inner_content(|xml| {
            xml.create_element(*outcome)
                .with_attribute(("type", kind.as_str()))
                .with_attribute(("message", message.as_str()))
                .write_text_content(BytesText::new(text))?;
            Ok(())
        })?,
    };
    Ok(())
}

impl Suite {
    fn count(&self, element: &str) -> usize {
        let is = |case: &&Case| matches!(&case.outcome, Outcome::Other(own, ..) if *own == element);
        self.cases.iter().filter(is).count()
    }
}

fn suites(report: &Report) -> Vec<Suite> {
    let mut suites: Vec<Suite> = report
        .files
        .iter()
        .map(|checked| Suite { name: text(&file(&checked.name)), cases: Vec::new() })
        .collect();
    let index: FxHashMap<&FileName, usize> =
        report.files.iter().enumerate().map(|(at, checked)| (&*checked.name, at)).collect();
    let mut seen: FxHashMap<(usize, String, String), usize> = FxHashMap::default();
    for finding in highest_first(report) {
        let Some(&at) = index.get(&*finding.location.place.file) else { continue };
        let mut case = of_finding(finding);
        // A test is known by its name.
        let times = seen.entry((at, case.class.clone(), case.name.clone())).or_default();
        *times += 1;
        if *times > 1 {
            case.name.push_str(&format!(" #{times}"));
        }
        suites[at].cases.push(case);
    }
    passed(report, &index, &mut suites);
    for problem in &report.problems {
        let name = text(&file(&problem.file));
        let case = Case {
            name: "problem: the file could not be checked".into(),
            class: name.clone(),
            outcome: Outcome::Other(
                "error",
                "problem".into(),
                text(&problem.message),
                text(&format!("{}: {}", place_of(problem), sentence(&problem.message))),
            ),
        };
        suites.push(Suite { name, cases: vec![case] });
    }
    suites.retain(|suite| !suite.cases.is_empty());
    suites
}

fn of_finding(finding: &Masked) -> Case {
    let own = &finding.location.place.file;
    let element = match finding.severity {
        Severity::Error | Severity::Warning => "failure",
        Severity::Note => "skipped",
    };
    let (flow, part) = (finding.location.flow.as_ref().map(|flow| flow.name.as_str()), element_path(finding));
    let name = if part.is_empty() { finding.rule.clone() } else { format!("{}: {part}", finding.rule) };
    let mut lines = vec![place(own, finding.location.place.start)];
    lines.extend(told(finding));
    let lines: Vec<String> = lines.iter().map(|line| text(line)).collect();
    Case {
        name: text(&name),
        class: text(flow.unwrap_or(&own.path)),
        outcome: Outcome::Other(
            element,
            finding.severity.name().into(),
            text(&finding.message),
            lines.join("\n"),
        ),
    }
}

/// Adds the flows in which nothing was found.
fn passed(report: &Report, index: &FxHashMap<&FileName, usize>, suites: &mut [Suite]) {
    let mut found: Vec<Vec<&str>> = vec![Vec::new(); suites.len()];
    for finding in &report.findings {
        if let (Some(&at), Some(flow)) = (index.get(&*finding.location.place.file), &finding.location.flow) {
            found[at].push(&flow.id);
        }
    }
    for ((checked, found), suite) in report.files.iter().zip(&mut found).zip(suites) {
        found.sort_unstable();
        let clean = checked.flows.iter().filter(|flow| found.binary_search(&flow.id.as_str()).is_err());
        suite.cases.extend(clean.map(|flow| Case {
            name: "no findings".into(),
            class: text(&flow.name),
            outcome: Outcome::Passed,
        }));
    }
}

/// A text that XML 1.0 can hold.
fn text(text: &str) -> String {
    printable(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
