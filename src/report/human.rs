//! The report for people: each finding with its line, a caret, where in the flow, and what to do.

use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::concise::{place_of, shown};
use super::snippet::Snippet;
use super::{Report, Style, escape_ci_commands};
use crate::finding::{Mask, Masked, Place, Severity};
use crate::secrets::{self, TextSecrets};
use crate::text::printable;
use crate::text::{Source, Span};

pub(super) fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for problem in &report.problems {
        let snippet = problem.place.as_ref().and_then(|place| Snippet::new(place, style.width));
        let message = match snippet {
            Some(_) => printable(&problem.message),
            None => format!("{}: {}", printable(&place_of(problem)), printable(&problem.message)),
        };
        let entry = Entry {
            code: "problem".into(),
            message,
            severity: miette::Severity::Error,
            help: None,
            label: "here".into(),
            snippet,
        };
        write!(out, "{}", escape_ci_commands(&Rendered { entry: &entry, style }.to_string()))?;
    }
    for finding in report.listed() {
        let entry = entry(finding, style);
        write!(out, "{}", escape_ci_commands(&Rendered { entry: &entry, style }.to_string()))?;
    }
    writeln!(out, "{}", report.summary())
}

fn entry(finding: &Masked, style: Style) -> Entry {
    let file = &finding.location.place.file;
    let mut help = finding.help.as_deref().map(printable).unwrap_or_default();
    for related in &finding.related {
        let Place { file: other, start, .. } = &related.place;
        let file = match other == file {
            true => String::new(),
            false => format!("{}:", printable(&shown(other))),
        };
        let place = format!("{file}{}:{}", start.line, start.column);
        help.push_str(&format!(
            "{}see {place}: {}",
            if help.is_empty() { "" } else { "\n" },
            printable(&related.message)
        ));
    }
    if let Some(suppression) = &finding.suppressed {
        let break_before = if help.is_empty() { "" } else { "\n" };
        help.push_str(&format!("{break_before}{}", printable(&suppression.in_words())));
    }
    let element = finding.location.element.join(" › ");
    let label = match (&finding.location.flow, element.is_empty()) {
        (_, false) => element,
        (Some(flow), true) => format!("flow '{}'", flow.name),
        (None, true) => "here".into(),
    };
    Entry {
        code: finding.rule.clone(),
        message: printable(&finding.message),
        severity: match finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        },
        help: (!help.is_empty()).then_some(help),
        label: printable(&label),
        snippet: Snippet::new(&finding.location.place, style.width),
    }
}

/// A broken configuration, as a report for people.
pub(crate) fn render_error(message: &str, file: &str, text: &str, span: Span, style: Style) -> String {
    render_error_of("configuration", message, file, text, span, style)
}

/// A broken file that is no flow, and what it should be.
pub(crate) fn render_error_of(
    code: &str,
    message: &str,
    file: &str,
    text: &str,
    span: Span,
    style: Style,
) -> String {
    let source = Source::new(file, text);
    let place = Place::new(&source, span);
    let place = Mask::of(source, TextSecrets::of(text)).place(place);
    let entry = Entry {
        code: code.into(),
        message: printable(&secrets::without(message.to_owned())),
        severity: miette::Severity::Error,
        help: None,
        label: "here".into(),
        snippet: Snippet::new(&place, style.width),
    };
    Rendered { entry: &entry, style }.to_string()
}

/// One finding or problem, as miette takes it.
#[derive(Debug)]
struct Entry {
    code: String,
    message: String,
    severity: miette::Severity,
    help: Option<String>,
    label: String,
    snippet: Option<Snippet>,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Entry {}

impl Diagnostic for Entry {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{}[{}]", severity_word(self.severity), self.code)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let snippet = self.snippet.as_ref()?;
        let label = LabeledSpan::new_primary_with_span(Some(self.label.clone()), snippet.label);
        Some(Box::new(std::iter::once(label)))
    }
}

fn severity_word(severity: miette::Severity) -> &'static str {
    match severity {
        miette::Severity::Error => "error",
        miette::Severity::Warning => "warning",
        miette::Severity::Advice => "note",
    }
}

/// An entry drawn by miette.
struct Rendered<'e> {
    entry: &'e Entry,
    style: Style,
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let theme =
            if self.style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(self.style.width)
            .without_syntax_highlighting()
            .with_context_lines(0);
        handler.render_report(f, self.entry)?;
        writeln!(f)
    }
}
