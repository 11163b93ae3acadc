//! Examples in rule pages: parsed out of the Markdown, run, and compared with their marks.

use super::engine::Engine;
use super::mark::{self, Mark};
use super::options::OptionValue;
use super::page::Page;
use super::select::{RuleSet, Selection};
use super::{Coded, check_flow};
use crate::flow::{self, Detected};
use crate::json;
use crate::source::Source;

/// One fenced example of a page.
#[derive(Clone, Debug)]
pub struct Example {
    /// Whether the rule must report in it.
    pub bad: bool,
    /// The line of the page on which the fence opens, from 1.
    pub line: usize,
    /// Options that the example sets, as TOML: `max-actions = 3`.
    pub options: String,
    /// The JSON, marks included.
    pub text: String,
}

/// An example that does not do what its fence says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFailure {
    /// The line of the page, from 1.
    pub line: usize,
    /// What is not as it should be.
    pub message: String,
}

impl Page {
    /// The examples, in the order of the page.
    #[must_use]
    pub fn examples(&self) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut open: Option<Example> = None;
        for (at, line) in self.text.split_inclusive('\n').enumerate() {
            match &mut open {
                Some(_) if line.starts_with("```") => examples.extend(open.take()),
                Some(example) => example.text.push_str(line),
                None => open = Example::open(line.trim_end(), at + 1),
            }
        }
        examples
    }
}

impl Example {
    /// An example whose fence is this line: `` ```json bad `` or `` ```json good `` with options behind it.
    fn open(line: &str, number: usize) -> Option<Self> {
        let info = line.strip_prefix("```json ")?;
        let (word, rest) = info.split_once(' ').unwrap_or((info, ""));
        let bad = match word {
            "bad" => true,
            "good" => false,
            _ => return None,
        };
        let options = rest.trim().strip_prefix("options=").unwrap_or("").to_owned();
        Some(Self { bad, line: number, options, text: String::new() })
    }
}

/// Runs all examples of a page against its rule alone.
#[must_use]
pub fn run_examples(page: &Page, coded: &[Coded]) -> Vec<ExampleFailure> {
    let examples = page.examples();
    let mut failures = Vec::new();
    for (bad, what) in [(true, "bad"), (false, "good")] {
        if !examples.iter().any(|example| example.bad == bad) {
            failures
                .push(ExampleFailure { line: 1, message: format!("the page has no `json {what}` example") });
        }
    }
    for example in &examples {
        let (plain, expected) = mark::strip(&example.text);
        let found = match labels(page, coded, example, &plain) {
            Ok(found) => found,
            Err(message) => {
                failures.push(ExampleFailure { line: example.line, message });
                continue;
            }
        };
        let message = if example.bad && found.is_empty() {
            "nothing is found in a bad example".to_owned()
        } else if !example.bad && !found.is_empty() {
            format!("found in a good example: {}", listed(&found))
        } else if found != expected {
            format!("labels are {} and the marks say {}", listed(&found), listed(&expected))
        } else {
            continue;
        };
        failures.push(ExampleFailure { line: example.line, message });
    }
    failures
}

/// The page with the marks of its bad examples as the rule sets them.
///
/// # Errors
/// An example that cannot be run or marked.
pub fn bless(page: &Page, coded: &[Coded]) -> Result<String, ExampleFailure> {
    let mut text = page.text.to_string();
    // From the last to the first, so that the lines of those before stay true.
    for example in page.examples().iter().rev().filter(|example| example.bad) {
        let failed = |message| ExampleFailure { line: example.line, message };
        let (plain, _) = mark::strip(&example.text);
        let marks = labels(page, coded, example, &plain).map_err(failed)?;
        let marked = mark::insert(&plain, &marks).map_err(failed)?;
        let start: usize = text.split_inclusive('\n').take(example.line).map(str::len).sum();
        text.replace_range(start..start + example.text.len(), &marked);
    }
    Ok(text)
}

/// Where the rule reports in an example.
fn labels(page: &Page, coded: &[Coded], example: &Example, plain: &str) -> Result<Vec<Mark>, String> {
    let mut selection = Selection { select: Some(vec![page.id.to_string()]), ..Selection::default() };
    if !example.options.is_empty() {
        let table = toml::de::DeTable::parse(&example.options).map_err(|error| error.message().to_owned())?;
        for (name, value) in table.get_ref() {
            let value = OptionValue::read(value.get_ref()).ok_or("an option of an unknown kind")?;
            selection.options.push((page.id.to_string(), name.get_ref().to_string(), value));
        }
    }
    let engine =
        Engine::new(RuleSet::new(vec![page.clone()], coded, &selection).map_err(|error| error.message)?);
    let source = Source::new("Workflows/Example.json", plain);
    let root = json::parse(&source.text).map_err(|error| {
        format!("the example is no JSON: {} at {:?}", error.message, source.position(error.span.start))
    })?;
    let Detected::Flows(found) = flow::detect_fragment(&root, &source.path) else {
        return Err("the example is no flow".into());
    };
    let mut marks: Vec<Mark> = found
        .iter()
        .flat_map(|found| check_flow(&engine, &flow::load(&source, found), 0))
        .map(|finding| mark::of(&source, finding.span))
        .collect();
    marks.sort_unstable();
    Ok(marks)
}

fn listed(marks: &[Mark]) -> String {
    if marks.is_empty() {
        return "nothing".into();
    }
    let places: Vec<_> =
        marks.iter().map(|m| format!("{}:{} ({} wide)", m.line, m.column, m.width)).collect();
    places.join(", ")
}
