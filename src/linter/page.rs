//! The page of a rule: documentation, metadata, examples and, for declarative rules, the check.

use std::borrow::Cow;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::declarative::Declarative;
use super::message;
use super::options::Options;
use super::requirement::unknown;
use crate::finding::Severity;
use crate::text::TextError;

/// A rule's page as it stands in `rules/<category>/<id>.md`.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rule's id: the name of the file.
    pub id: Cow<'static, str>,
    /// The rule's category: the name of the folder.
    pub category: Cow<'static, str>,
    /// The Markdown.
    pub text: Cow<'static, str>,
    /// The file of a page that is not part of flowvet, as people know it.
    pub file: Option<String>,
}

/// What the `toml` block of a page says.
#[derive(Debug)]
#[non_exhaustive]
pub struct Meta {
    /// The one sentence below the heading.
    pub summary: String,
    /// How much a finding matters.
    pub severity: Severity,
    /// Whether the rule is on unless somebody says otherwise.
    pub default: bool,
    /// The version that brought the rule; empty where the page does not say.
    pub since: String,
    /// How sure its findings are; high where the page does not say.
    pub precision: Precision,
    /// How often it reports: "once per loop"; empty where the page does not say.
    pub reports: String,
    /// For rules about security: how grave a finding is, from "0.1" to "10.0", as code scanning counts.
    pub security_severity: Option<String>,
    /// Rules that keep silent where this one reports.
    pub supersedes: Vec<String>,
    /// Options and their defaults.
    pub options: Options,
    /// The check of a declarative rule.
    pub check: Option<Arc<Declarative>>,
}

/// How sure the findings of a rule are, in the words of code scanning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Precision {
    /// As good as never wrong.
    VeryHigh,
    /// Rarely wrong.
    High,
    /// Right in most cases.
    Medium,
    /// A hint.
    Low,
}

/// The pages that are part of flowvet, by category and id.
#[must_use]
pub fn embedded_pages() -> Vec<Page> {
    let pages: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));
    pages
        .iter()
        .map(|(category, id, text)| Page {
            id: Cow::Borrowed(*id),
            category: Cow::Borrowed(*category),
            text: Cow::Borrowed(*text),
            file: None,
        })
        .collect()
}

impl Page {
    /// Reads the metadata.
    ///
    /// # Errors
    /// The first thing that is missing, unknown or of the wrong kind, with its place.
    pub fn meta(&self) -> Result<Meta, TextError> {
        self.meta_with(None)
    }

    /// Reads the metadata, and the check as it is with these values of the options.
    pub(super) fn meta_with(&self, options: Option<&Options>) -> Result<Meta, TextError> {
        let mut lines = self.lines().filter(|(_, line)| !line.trim().is_empty());
        let (start, heading) = lines.next().unwrap_or_default();
        if heading.trim_end() != format!("# {}", self.id) {
            return Err(self.error(start..start + heading.len(), self.heading_fault(heading)));
        }
        let (start, summary) = lines.next().unwrap_or_default();
        if summary.starts_with(['#', '`']) || !summary.trim_end().ends_with('.') {
            let message = "below the heading stands one sentence on one line, with a full stop";
            return Err(self.error(start..start + summary.len(), message));
        }
        let (block, start) = self.toml_block().ok_or_else(|| match self.text.find("```toml") {
            Some(open) => self.error(open..self.text.len(), "nothing closes the `toml` block"),
            None => self.heading_error("the page has no `toml` block"),
        })?;
        let fault = |fault: TextError| {
            let within = |at: usize| start + at.min(block.len());
            let range = fault.span.range();
            self.error(within(range.start)..within(range.end), fault.message)
        };
        let table = DeTable::parse(block)
            .map_err(|error| fault(TextError::new(error.span().unwrap_or(0..0), error.message())))?;
        read(table.get_ref(), summary.trim().to_owned(), options).map_err(fault)
    }

    /// Reads the metadata, and checks every path, pattern and word of a declarative check.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn verify(&self) -> Result<Meta, TextError> {
        self.verify_with(None)
    }

    pub(super) fn verify_with(&self, options: Option<&Options>) -> Result<Meta, TextError> {
        let meta = self.meta_with(options)?;
        let start = self.toml_block().map_or(0, |(_, start)| start);
        if let Some(Err(fault)) = meta.check.as_ref().map(|check| check.verify()) {
            let range = fault.span.range();
            return Err(self.error(start + range.start..start + range.end, fault.message));
        }
        Ok(meta)
    }

    fn heading_fault(&self, heading: &str) -> String {
        match heading.strip_prefix("# ") {
            Some(other) => format!(
                "the heading is `{}` and the file is called `{}`: the name of the file is the rule's id",
                other.trim(),
                self.id
            ),
            None => format!("a page begins with its heading, `# {}`", self.id),
        }
    }

    /// A complaint about some bytes of the page; no more than the first line of them is meant.
    pub(super) fn error(&self, span: std::ops::Range<usize>, message: impl Into<String>) -> TextError {
        let start = span.start.min(self.text.len());
        let rest = self.text.get(start..span.end.clamp(start, self.text.len())).unwrap_or("");
        let end = start + rest.find('\n').unwrap_or(rest.len());
        TextError::new(start..end, message)
    }

    /// A complaint about the page as a whole, at its heading.
    #[must_use]
    pub fn heading_error(&self, message: impl Into<String>) -> TextError {
        let heading = self.lines().find(|(_, line)| !line.trim().is_empty());
        let (start, line) = heading.unwrap_or_default();
        self.error(start..start + line.len(), message)
    }

    /// The lines without their ends, each with the byte it begins at.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut at = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            (start, line.trim_end_matches(['\n', '\r']))
        })
    }

    /// The inside of the first `toml` fence, and where it begins.
    fn toml_block(&self) -> Option<(&str, usize)> {
        let open = self.text.find("```toml")?;
        let start = open + self.text[open..].find('\n')? + 1;
        let length = self.text[start..].find("```")?;
        Some((&self.text[start..start + length], start))
    }

    /// The page for readers: its examples are headed Bad and Good, and what is said of them is no block for tests.
    #[must_use]
    pub fn for_readers(&self) -> String {
        let mut text = String::with_capacity(self.text.len());
        let mut headed = "";
        let mut is_fenced = false;
        for line in self.text.split_inclusive('\n') {
            let is_fence = line.starts_with("```");
            let opens = is_fence && !is_fenced;
            is_fenced ^= is_fence;
            let language = line.trim_start_matches('`').split_whitespace().next().unwrap_or_default();
            let kind = match opens.then(|| line.split_whitespace().nth(1)).flatten() {
                Some("bad") => "Bad",
                Some("good") => "Good",
                Some("expect") => "flowvet says:",
                _ => {
                    text.push_str(line);
                    continue;
                }
            };
            if kind == "flowvet says:" {
                text.push_str(kind);
                text.push_str("\n\n");
            } else if kind != headed {
                text.push_str(&format!("**{kind}**\n\n"));
                headed = kind;
            }
            if let Some(file) = line.split_whitespace().find_map(|word| word.strip_prefix("file=")) {
                text.push_str(&format!("`{file}`:\n\n"));
            }
            text.push_str(&format!("```{language}\n"));
        }
        text
    }

    /// The same without its metadata, for where that stands already.
    #[must_use]
    pub fn help_markdown(&self) -> String {
        let text = self.for_readers();
        let Some((before, block)) = text.split_once("```toml") else { return text };
        let after = block.split_once("\n```").map_or("", |(_, after)| after);
        format!("{}\n\n{}", before.trim_end(), after.trim_start())
    }

    /// The sections of the page: heading and body of each `##`.
    #[must_use]
    pub fn sections(&self) -> Vec<(&str, &str)> {
        let mut sections: Vec<(&str, usize, usize)> = Vec::new();
        let mut offset = 0;
        let mut fenced = false;
        for line in self.text.split_inclusive('\n') {
            fenced ^= line.starts_with("```");
            if !fenced && let Some(heading) = line.strip_prefix("## ") {
                if let Some(last) = sections.last_mut() {
                    last.2 = offset;
                }
                sections.push((heading.trim(), offset + line.len(), self.text.len()));
            }
            offset += line.len();
        }
        sections.into_iter().map(|(heading, start, end)| (heading, self.text[start..end].trim())).collect()
    }
}

/// Reads the `toml` block of a page.
fn read(table: &DeTable<'_>, summary: String, options: Option<&Options>) -> Result<Meta, TextError> {
    let mut meta = Meta {
        summary,
        severity: Severity::Warning,
        default: true,
        since: String::new(),
        precision: Precision::High,
        reports: String::new(),
        security_severity: None,
        supersedes: Vec::new(),
        options: Options::default(),
        check: None,
    };
    let mut has_severity = false;
    let mut check = None;
    for (key, value) in table {
        let wrong = |wanted: &str| TextError::new(value.span(), format!("`{}` is {wanted}", key.get_ref()));
        let text = || value.get_ref().as_str().map(str::to_owned);
        match key.get_ref().as_ref() {
            "severity" => {
                meta.severity = text()
                    .and_then(|text| Severity::named(&text))
                    .ok_or_else(|| wrong("\"error\", \"warning\" or \"note\""))?;
                has_severity = true;
            }
            "default" => meta.default = value.get_ref().as_bool().ok_or_else(|| wrong("true or false"))?,
            "since" => meta.since = text().ok_or_else(|| wrong("a version"))?,
            "reports" => meta.reports = text().ok_or_else(|| wrong("a text"))?,
            "precision" => {
                meta.precision = text()
                    .and_then(|text| Precision::named(&text))
                    .ok_or_else(|| wrong("\"very-high\", \"high\", \"medium\" or \"low\""))?;
            }
            "security-severity" => {
                let in_range =
                    |text: &String| text.parse().is_ok_and(|score: f32| (0.1..=10.0).contains(&score));
                let score =
                    text().filter(in_range).ok_or_else(|| wrong("a text from \"0.1\" to \"10.0\""))?;
                meta.security_severity = Some(score);
            }
            "supersedes" => {
                meta.supersedes = texts(value.get_ref()).ok_or_else(|| wrong("a list of rule ids"))?
            }
            "options" => {
                let table = value.get_ref().as_table().ok_or_else(|| wrong("a table"))?;
                meta.options = Options::read(table)?;
            }
            "check" => check = Some(value),
            other => return Err(unknown(other, &KEYS, key.span(), "the `toml` block")),
        }
    }
    if !has_severity {
        return Err(TextError::new(0..0, "`severity` is missing"));
    }
    if let Some(check) = check {
        if let Some(name) = meta.options.names().find(|name| message::is_taken(name)) {
            let message = format!("no option can be called `{name}`: {{{name}}} has a meaning of its own");
            return Err(TextError::new(table.get("options").map_or(0..0, toml::Spanned::span), message));
        }
        meta.check = Some(Arc::new(Declarative::read(check, options.unwrap_or(&meta.options))?));
    }
    Ok(meta)
}

/// The keys of the `toml` block.
const KEYS: [&str; 9] = [
    "severity",
    "default",
    "since",
    "precision",
    "reports",
    "supersedes",
    "security-severity",
    "options",
    "check",
];

impl Precision {
    const NAMES: [(&'static str, Self); 4] =
        [("very-high", Self::VeryHigh), ("high", Self::High), ("medium", Self::Medium), ("low", Self::Low)];

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, precision)| precision)
    }

    /// The word of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.into_iter().find(|(_, precision)| *precision == self).map_or("", |(name, _)| name)
    }
}

/// A list of texts out of TOML.
fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}
