//! A comment for a pull request: what was found in which flow, then the findings by severity, the gravest first.
//!
//! GitHub takes comments of up to 65,536 characters; what does not fit is counted and left out. Names and messages
//! are texts of other people: none of them becomes a link, a mention, a heading or HTML.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::Report;
use super::shared::{counted, element_path, highest_first, place, place_of, sentence, told};
use crate::finding::{Masked, Severity};
use crate::linter::embedded_pages;
use crate::text::FileName;
use crate::text::{plural, printable};

/// How long the comment may be, in UTF-16 units, which are never fewer than characters.
const LONGEST: usize = 65_000;
/// What is kept free for the last lines.
const RESERVED: usize = 500;
/// How long the list of problems may be, and the table.
const LONGEST_PART: usize = 15_000;
/// How long one text of other people may be, in characters.
const LONGEST_TEXT: usize = 500;

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut comment = Comment::default();
    // Who keeps one comment up to date finds it by its first line.
    comment.push(&format!("<!-- flowvet -->\n### flowvet: {}\n", report.summary()));
    problems(report, &mut comment);
    table(report, &mut comment);
    let pages: BTreeSet<String> = embedded_pages().into_iter().map(|page| page.id.into_owned()).collect();
    let findings = highest_first(report);
    let mut left = [0; 3];
    let mut rest = findings.as_slice();
    for (severity, left) in Severity::ALL.into_iter().zip(&mut left) {
        let (own, others) = rest.split_at(rest.partition_point(|finding| finding.severity >= severity));
        rest = others;
        *left = section(severity, own, &pages, &mut comment);
    }
    let left_out = counted(left);
    if !left_out.is_empty() {
        comment.push(&format!("\nLeft out here, because a comment has an end: {left_out}.\n"));
    }
    out.write_all(comment.text.as_bytes())
}

/// Text with its length.
#[derive(Default)]
struct Comment {
    text: String,
    length: usize,
}

impl Comment {
    fn push(&mut self, text: &str) {
        self.length += length(text);
        self.text.push_str(text);
    }

    /// Adds a text if it fits, with what must stand behind it; else says that it does not.
    fn fits(&mut self, text: &str, most: usize) -> bool {
        let fits = self.length + length(text) <= most;
        if fits {
            self.push(text);
        }
        fits
    }
}

fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn problems(report: &Report, comment: &mut Comment) {
    if report.problems.is_empty() {
        return;
    }
    comment.push(&format!("\n**{} could not be checked**\n\n", plural(report.problems.len(), "file")));
    let most = comment.length + LONGEST_PART;
    for (at, problem) in report.problems.iter().enumerate() {
        let item = format!("- {}: {}\n", code(&place_of(problem)), escaped(&sentence(&problem.message)));
        if !comment.fits(&item, most) {
            comment.push(&format!("- and {} more\n", report.problems.len() - at));
            break;
        }
    }
}

/// A row for each flow in which something was found, the worst first.
fn table(report: &Report, comment: &mut Comment) {
    let mut counts: BTreeMap<(&FileName, &str, &str), [usize; 3]> = BTreeMap::new();
    for finding in &report.findings {
        let (id, name) =
            finding.location.flow.as_ref().map_or(("", ""), |flow| (flow.id.as_str(), flow.name.as_str()));
        let counts = counts.entry((&finding.location.place.file, id, name)).or_default();
        for (severity, count) in Severity::ALL.into_iter().zip(counts) {
            *count += usize::from(finding.severity == severity);
        }
    }
    if counts.is_empty() {
        return;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by(|(_, a), (_, b)| b.cmp(a));
    comment.push("\n| flow | file | errors | warnings | notes |\n|---|---|--:|--:|--:|\n");
    let most = comment.length + LONGEST_PART;
    for (at, ((file, _, name), [errors, warnings, notes])) in rows.iter().enumerate() {
        let file = code(&super::shared::file(file)).replace('|', "\\|");
        let row = format!("| {} | {file} | {errors} | {warnings} | {notes} |\n", escaped(name));
        if !comment.fits(&row, most) {
            comment.push(&format!("\n… and {} more.\n", plural(rows.len() - at, "flow")));
            break;
        }
    }
}

/// Lists the findings of one severity as far as there is room, and counts the rest.
fn section(
    severity: Severity,
    findings: &[&Masked],
    pages: &BTreeSet<String>,
    comment: &mut Comment,
) -> usize {
    if findings.is_empty() {
        return 0;
    }
    let most = LONGEST - RESERVED;
    let open = if severity == Severity::Error { " open" } else { "" };
    let title = plural(findings.len(), severity.name());
    if !comment.fits(&format!("\n<details{open}>\n<summary>{title}</summary>\n\n"), most) {
        return findings.len();
    }
    let listed = findings.iter().take_while(|finding| comment.fits(&item(finding, pages), most));
    let listed = listed.count();
    comment.push("\n</details>\n");
    if listed < findings.len() {
        // What is less grave must not stand where something graver found no room.
        comment.length = comment.length.max(most);
    }
    findings.len() - listed
}

fn item(finding: &Masked, pages: &BTreeSet<String>) -> String {
    let file = &finding.location.place.file;
    let part = element_path(finding);
    let flow = finding.location.flow.as_ref().map(|flow| flow.name.as_str()).filter(|flow| *flow != part);
    let parts: Vec<&str> = flow.into_iter().chain([part.as_str()]).collect();
    let parts = match parts.join(" › ") {
        none if none.trim().is_empty() => "the file".into(),
        parts => escaped(parts.trim()),
    };
    let lines: Vec<String> = told(finding).iter().map(|line| escaped(line)).collect();
    // A rule of somebody's own has its page elsewhere.
    let rule = match pages.contains(&finding.rule) {
        true => {
            let page = format!("blob/main/rules/{}/{}.md", finding.category, finding.rule);
            format!("[{}]({}/{page})", code(&finding.rule), env!("CARGO_PKG_REPOSITORY"))
        }
        false => code(&finding.rule),
    };
    let place = code(&place(file, finding.location.place.start));
    format!("- **{parts}**: {}<br>{rule} in {place}\n", lines.join("<br>"))
}

/// A text in a code span.
fn code(text: &str) -> String {
    let text = cut(&printable(text));
    let runs = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(runs + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A text that reads as it is written. What a service makes a mention, a link or a picture of, whatever is escaped,
/// gets a space of no width.
fn escaped(text: &str) -> String {
    let text = cut(&printable(text));
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '$' | '^' | '!' | '@' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        let follows = |word: &str| {
            let start = before.len().checked_sub(word.len());
            start.and_then(|start| before.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        let splits = match c {
            // Mentions and mail, issues, merge requests.
            '@' | '#' | '!' => true,
            // Addresses with a scheme, and `:name:` for a picture.
            ':' => after.chars().next().is_some_and(|next| !next.is_whitespace()),
            // Addresses without a scheme, and issues with a prefix.
            '.' => follows("www"),
            '-' => follows("gh"),
            _ => false,
        };
        if splits {
            escaped.push('\u{200b}');
        }
    }
    escaped
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
