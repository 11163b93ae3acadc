//! The page of a rule: documentation, metadata, examples and, for declarative rules, the check.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};

use super::declarative::Declarative;
use super::options::Options;
use crate::finding::Severity;

/// A rule's page as it stands in `rules/<category>/<id>.md`.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rule's id: the name of the file.
    pub id: Cow<'static, str>,
    /// The rule's category: the name of the folder.
    pub category: Cow<'static, str>,
    /// The Markdown.
    pub text: Cow<'static, str>,
}

/// What the `toml` block of a page says.
#[derive(Debug)]
pub struct Meta {
    /// The one sentence below the heading.
    pub summary: String,
    /// How much a finding matters.
    pub severity: Severity,
    /// Whether the rule is on unless somebody says otherwise.
    pub default: bool,
    /// The version that brought the rule.
    pub since: String,
    /// How sure its findings are.
    pub precision: Precision,
    /// How often it reports: "once per loop".
    pub reports: String,
    /// For rules about security: how grave a finding is, from "0.1" to "10.0", as code scanning counts.
    pub security_severity: Option<String>,
    /// Rules that keep silent where this one reports.
    pub supersedes: Vec<String>,
    /// Options and their defaults.
    pub options: Options,
    /// The check of a declarative rule.
    pub check: Option<Declarative>,
}

/// How sure the findings of a rule are, in the words of code scanning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What is wrong with a page, and on which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageError {
    /// Line from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
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
        })
        .collect()
}

impl Page {
    /// Reads the metadata.
    ///
    /// # Errors
    /// The first thing that is missing, unknown or of the wrong kind, with its line.
    pub fn meta(&self) -> Result<Meta, PageError> {
        let first = |message: String| PageError { line: 1, message };
        let mut lines = self.text.lines().filter(|line| !line.trim().is_empty());
        if lines.next() != Some(&format!("# {}", self.id)) {
            return Err(first(format!("a page begins with its heading, `# {}`", self.id)));
        }
        let summary = lines.next().unwrap_or_default().trim().to_owned();
        if summary.starts_with(['#', '`']) || !summary.ends_with('.') {
            return Err(first("below the heading stands one sentence on one line".into()));
        }
        let (block, start) = self.toml_block().ok_or_else(|| first("the page has no `toml` block".into()))?;
        let line_of = |offset: usize| self.text[..start + offset.min(block.len())].matches('\n').count() + 1;
        let table = DeTable::parse(block).map_err(|error| PageError {
            line: line_of(error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
        })?;
        self.read(table.get_ref(), summary)
            .map_err(|(offset, message)| PageError { line: line_of(offset), message })
    }

    fn read(&self, table: &DeTable<'_>, summary: String) -> Result<Meta, (usize, String)> {
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
        let mut seen = Vec::new();
        for (key, value) in table {
            let offset = value.span().start;
            let wrong = |wanted: &str| (offset, format!("`{}` is {wanted}", key.get_ref()));
            let text = || value.get_ref().as_str().map(str::to_owned);
            seen.push(key.get_ref().to_string());
            match key.get_ref().as_ref() {
                "severity" => {
                    meta.severity = text()
                        .and_then(|text| Severity::named(&text))
                        .ok_or_else(|| wrong("\"error\", \"warning\" or \"note\""))?;
                }
                "default" => {
                    meta.default = value.get_ref().as_bool().ok_or_else(|| wrong("true or false"))?
                }
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
                    meta.options = Options::read(table).map_err(|message| (offset, message))?;
                }
                "check" => {
                    let table = value.get_ref().as_table().ok_or_else(|| wrong("a table"))?;
                    meta.check = Some(Declarative::read(table).map_err(|message| (offset, message))?);
                }
                other => return Err((key.span().start, format!("unknown key `{other}`"))),
            }
        }
        for needed in ["severity", "since", "precision", "reports"] {
            if !seen.iter().any(|key| key == needed) {
                return Err((0, format!("`{needed}` is missing")));
            }
        }
        Ok(meta)
    }

    /// The inside of the first `toml` fence, and where it begins.
    fn toml_block(&self) -> Option<(&str, usize)> {
        let open = self.text.find("```toml")?;
        let start = open + self.text[open..].find('\n')? + 1;
        let length = self.text[start..].find("```")?;
        Some((&self.text[start..start + length], start))
    }

    /// The page for readers: without its `toml` block and without the marks in examples.
    #[must_use]
    pub fn help_markdown(&self) -> String {
        let text = match self.toml_block() {
            Some((block, start)) => {
                let open = self.text[..start].rfind("```").unwrap_or(start);
                let close = (start + block.len() + 3).min(self.text.len());
                format!("{}\n\n{}", self.text[..open].trim_end(), self.text[close..].trim_start())
            }
            None => self.text.to_string(),
        };
        text.replace("```json bad", "```json").replace("```json good", "```json")
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
pub(super) fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
}
