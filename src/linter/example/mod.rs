//! Examples of a rule: parsed out of the Markdown of its page or of the cases beside it, run, and compared with what
//! they say.
//!
//! Knows pages and texts; must not know files or folders.

mod annotation;
mod expect;
mod given;
mod run;

use std::collections::BTreeMap;

use self::annotation::Annotation;
use self::run::{Found, listed, run};
use super::Coded;
use super::page::Page;
use crate::text::TextError;

/// Scenery that examples share, by name: JSON of a part of a flow.
pub type Given = BTreeMap<String, String>;

/// A text with examples of a rule: its page, or the cases beside it.
#[derive(Clone, Copy, Debug)]
pub struct Examples<'t> {
    page: &'t Page,
    text: &'t str,
    given: &'t Given,
}

/// One example: a fence, or several that are files of one solution.
#[derive(Clone, Debug)]
struct Example {
    /// Whether the rule must report in it.
    bad: bool,
    /// Options that the example sets, as TOML: `max-actions = 3`.
    options: String,
    /// The scenery that it is put into.
    given: Option<String>,
    /// The files, in the order of the text; never empty.
    files: Vec<ExampleFile>,
    /// What is said of it, where a block below it pins that.
    expected: Option<Expected>,
}

/// One fence of an example.
#[derive(Clone, Debug)]
struct ExampleFile {
    /// The path that the fence gives the file, from the root of a solution or package.
    path: Option<String>,
    /// The line on which the fence opens, from 1.
    line: usize,
    /// The JSON or XML, marks included.
    text: String,
}

/// A block that pins what is said of an example.
#[derive(Clone, Debug)]
struct Expected {
    /// The line on which its fence opens, from 1.
    line: usize,
    text: String,
}

/// The fence that pins what is said.
const EXPECT: &str = "```text expect";

impl<'t> Examples<'t> {
    /// The examples of a page.
    #[must_use]
    pub fn of_page(page: &'t Page, given: &'t Given) -> Self {
        Self { page, text: &page.text, given }
    }

    /// The examples of the cases beside a page.
    #[must_use]
    pub fn of_cases(page: &'t Page, cases: &'t str, given: &'t Given) -> Self {
        Self { page, text: cases, given }
    }

    /// The text that they stand in.
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The same of another version of the text.
    #[must_use]
    pub fn with_text<'o>(&self, text: &'o str) -> Examples<'o>
    where
        't: 'o,
    {
        Examples { page: self.page, text, given: self.given }
    }

    /// Runs all of them against the rule alone. What is wrong has its place in the text.
    #[must_use]
    pub fn run(&self, coded: &[Coded]) -> Vec<TextError> {
        let mut failures = Vec::new();
        for example in read(self.text) {
            let line = example.files[0].line;
            let mut failed = |line, message: String| failures.push(on_line(self.text, line, message));
            let found = match run(self, coded, &example) {
                Ok(found) => found,
                Err(message) => {
                    failed(line, message);
                    continue;
                }
            };
            let all: Vec<Annotation> = found.marks.concat();
            if example.bad && all.is_empty() {
                failed(line, "nothing is found in a bad example".to_owned());
            } else if !example.bad && !all.is_empty() {
                failed(line, format!("found in a good example: {}", listed(&all)));
            } else {
                for (file, found) in example.files.iter().zip(&found.marks) {
                    let (_, expected) = annotation::strip(&file.text);
                    if *found != expected {
                        let message =
                            format!("labels are {} and the marks say {}", listed(found), listed(&expected));
                        failed(file.line, message);
                    }
                }
                if let Some(expected) = &example.expected
                    && let Some((at, message)) = expect::difference(&expected.text, &found.said)
                {
                    failed(expected.line + at, message);
                }
            }
        }
        failures
    }

    /// The text with marks and blocks of its bad examples as the rule sets them.
    ///
    /// # Errors
    /// An example that cannot be run or marked.
    pub fn bless(&self, coded: &[Coded]) -> Result<String, TextError> {
        let mut text = self.text.to_owned();
        // From the last to the first, so that the lines of those before stay true.
        for example in read(self.text).iter().rev().filter(|example| example.bad) {
            let failed = |message: String| on_line(self.text, example.files[0].line, message);
            let Found { marks, said } = run(self, coded, example).map_err(failed)?;
            let after = |line: usize| -> usize { text_lines(self.text).take(line).map(str::len).sum() };
            match &example.expected {
                Some(expected) => {
                    let start = after(expected.line);
                    text.replace_range(start..start + expected.text.len(), &said);
                }
                None => {
                    let last = &example.files[example.files.len() - 1];
                    let end = after(last.line + last.text.matches('\n').count() + 1);
                    text.insert_str(end, &format!("\n{EXPECT}\n{said}```\n"));
                }
            }
            for (file, marks) in example.files.iter().zip(marks).rev() {
                let (plain, _) = annotation::strip(&file.text);
                let marked = annotation::insert(&plain, &marks).map_err(failed)?;
                let start = after(file.line);
                text.replace_range(start..start + file.text.len(), &marked);
            }
        }
        Ok(text)
    }

    /// What a bad example does not pin: the places of those without a block.
    #[must_use]
    pub fn unpinned(&self) -> Vec<TextError> {
        let bad = read(self.text).into_iter().filter(|example| example.bad && example.expected.is_none());
        bad.map(|example| on_line(self.text, example.files[0].line, "no block pins what is said of it"))
            .collect()
    }

    /// What the text should have and has not: every fence closed; in a page, a bad and a good example.
    #[must_use]
    pub fn missing(&self) -> Vec<TextError> {
        let mut open = None;
        for (at, line) in text_lines(self.text).enumerate() {
            if line.starts_with("```") {
                open = if open.is_none() { Some(at + 1) } else { None };
            }
        }
        if let Some(line) = open {
            return vec![on_line(self.text, line, "nothing closes this fence")];
        }
        if !std::ptr::eq(self.text, self.page.text.as_ref()) {
            return Vec::new();
        }
        let examples = read(self.text);
        let missing = [(true, "bad"), (false, "good")]
            .into_iter()
            .filter(|(bad, _)| !examples.iter().any(|example| example.bad == *bad));
        missing
            .map(|(_, what)| self.page.heading_error(format!("the page has no `json {what}` example")))
            .collect()
    }
}

/// The examples of a text, in its order. Fences with a `file=` that follow one another are files of one example, until
/// a path comes again or a block pins what is said.
fn read(text: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut open: Option<Example> = None;
    let mut pin: Option<Expected> = None;
    for (at, line) in text_lines(text).enumerate() {
        let closes = line.starts_with("```");
        if let Some(expected) = &mut pin {
            match closes {
                true => {
                    if let Some(last) = examples.last_mut() {
                        last.expected = pin.take();
                    }
                    pin = None;
                }
                false => expected.text.push_str(line),
            }
        } else if let Some(example) = &mut open {
            if !closes {
                example.files[0].text.push_str(line);
            } else if let Some(closed) = open.take() {
                match examples.last_mut() {
                    Some(last) if last.is_joined_by(&closed) => last.files.extend(closed.files),
                    _ => examples.push(closed),
                }
            }
        } else if line.trim_end() == EXPECT {
            pin = Some(Expected { line: at + 1, text: String::new() });
        } else {
            open = Example::open(line.trim_end(), at + 1);
        }
    }
    examples.extend(open);
    examples
}

impl Example {
    /// An example whose fence is this line: `` ```json bad `` or `` ```json good ``, then `file=`, `given=` and
    /// `options=`, the latter up to the end of the line.
    fn open(line: &str, number: usize) -> Option<Self> {
        let info = line.strip_prefix("```json ").or_else(|| line.strip_prefix("```xml "))?;
        let (info, options) = info.split_once("options=").unwrap_or((info, ""));
        let mut words = info.split_whitespace();
        let bad = match words.next()? {
            "bad" => true,
            "good" => false,
            _ => return None,
        };
        let word = |key: &str| words.clone().find_map(|word| word.strip_prefix(key)).map(str::to_owned);
        let file = ExampleFile { path: word("file="), line: number, text: String::new() };
        Some(Self {
            bad,
            options: options.to_owned(),
            given: word("given="),
            files: vec![file],
            expected: None,
        })
    }

    fn is_joined_by(&self, next: &Example) -> bool {
        let path = next.files[0].path.as_ref();
        let known = |file: &ExampleFile| file.path.is_none() || file.path.as_ref() == path;
        self.bad == next.bad && self.expected.is_none() && path.is_some() && !self.files.iter().any(known)
    }
}

fn text_lines(text: &str) -> std::str::SplitInclusive<'_, char> {
    text.split_inclusive('\n')
}

/// A complaint about a line of a text, counted from 1.
fn on_line(text: &str, line: usize, message: impl Into<String>) -> TextError {
    let start: usize = text_lines(text).take(line.saturating_sub(1)).map(str::len).sum();
    let length = text_lines(text).nth(line.saturating_sub(1)).map_or(0, |line| line.trim_end().len());
    TextError::new(start..start + length, message)
}
