//! What is said of a bad example, as a block below it pins it: severity, message, help and related places.

use std::fmt::Write as _;

use crate::finding::{Finding, Related};
use crate::text::printable;

/// All that is said of an example, a paragraph for each finding.
pub(super) fn said<'f>(findings: impl Iterator<Item = &'f Finding>) -> String {
    let mut text = String::new();
    for finding in findings {
        if !text.is_empty() {
            text.push('\n');
        }
        // Writing to a string never fails.
        let _ = writeln!(text, "{}: {}", finding.severity.name(), printable(&finding.message));
        if let Some(help) = &finding.help {
            let _ = writeln!(text, "help: {}", printable(help));
        }
        for related in &finding.related {
            let _ = writeln!(text, "see {}: {}", place(related, finding), printable(&related.message));
        }
    }
    text
}

/// Line and column in the example without its marks, with the file where that is another one.
fn place(related: &Related, finding: &Finding) -> String {
    let place = &related.place;
    let start = format!("{}:{}", place.start.line, place.start.column);
    match place.file == finding.location.place.file {
        true => start,
        false => format!("{}:{start}", place.file.path),
    }
}

/// The first line in which a block differs from what is said, counted from 1 below its fence.
pub(super) fn difference(expected: &str, said: &str) -> Option<(usize, String)> {
    if expected == said {
        return None;
    }
    let lines = expected.lines().zip(said.lines()).take_while(|(expected, said)| expected == said).count();
    let line = |text: &str| match text.lines().nth(lines) {
        Some(line) => format!("`{line}`"),
        None => "nothing more".to_owned(),
    };
    Some((lines + 1, format!("it says {}, and the block has {}", line(said), line(expected))))
}
