//! Examples in rule pages: parsed out of the Markdown, run, and compared with their marks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::check_file::{Detect, FileOutcome, check_as};
use super::engine::Engine;
use super::mark::{self, Mark};
use super::options::OptionValue;
use super::page::{Page, embedded_pages};
use super::select::{RuleSet, Selection};
use super::{Coded, Interest, SolutionFlows, conclude};
use crate::solution::{ArchiveFiles, Kind, SolutionContext, SolutionFiles, root_of};
use crate::text::{Arena, Date, Source, TextError};
use crate::{flow, json};

/// The day that it is in examples.
const TODAY: &str = "2026-01-01";

/// One example of a page: a fence, or several that are files of one solution.
#[derive(Clone, Debug)]
pub struct Example {
    /// Whether the rule must report in it.
    pub bad: bool,
    /// Options that the example sets, as TOML: `max-actions = 3`.
    pub options: String,
    /// The files, in the order of the page; never empty.
    pub files: Vec<ExampleFile>,
}

/// One fence of an example.
#[derive(Clone, Debug)]
pub struct ExampleFile {
    /// The path that the fence gives the file, from the root of a solution or package.
    pub path: Option<String>,
    /// The line of the page on which the fence opens, from 1.
    pub line: usize,
    /// The JSON or XML, marks included.
    pub text: String,
}

impl Page {
    /// The examples, in the order of the page. Fences with a `file=` that follow one another are files of
    /// one example, until a path comes again.
    #[must_use]
    pub fn examples(&self) -> Vec<Example> {
        let mut examples: Vec<Example> = Vec::new();
        let mut open: Option<Example> = None;
        for (at, line) in self.text.split_inclusive('\n').enumerate() {
            match &mut open {
                Some(_) if line.starts_with("```") => {
                    let closed = open.take();
                    match (examples.last_mut(), closed) {
                        (Some(last), Some(closed)) if last.is_joined_by(&closed) => {
                            last.files.extend(closed.files)
                        }
                        (_, closed) => examples.extend(closed),
                    }
                }
                Some(example) => example.files[0].text.push_str(line),
                None => open = Example::open(line.trim_end(), at + 1),
            }
        }
        examples
    }

    /// The examples that the page should have and has not.
    #[must_use]
    pub fn missing_examples(&self) -> Vec<TextError> {
        let mut open = None;
        for (start, line) in self.lines() {
            if line.starts_with("```") {
                open = if open.is_none() { Some(start..start + line.len()) } else { None };
            }
        }
        if let Some(fence) = open {
            return vec![self.error(fence, "nothing closes this fence")];
        }
        let examples = self.examples();
        let missing = [(true, "bad"), (false, "good")]
            .into_iter()
            .filter(|(bad, _)| !examples.iter().any(|example| example.bad == *bad));
        missing
            .map(|(_, what)| self.heading_error(format!("the page has no `json {what}` example")))
            .collect()
    }
}

impl Example {
    /// An example whose fence is this line: `` ```json bad `` or `` ```json good ``, then `file=` and
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
        let path = words.find_map(|word| word.strip_prefix("file=")).map(str::to_owned);
        let file = ExampleFile { path, line: number, text: String::new() };
        Some(Self { bad, options: options.to_owned(), files: vec![file] })
    }

    fn is_joined_by(&self, next: &Example) -> bool {
        let path = next.files[0].path.as_ref();
        let known = |file: &ExampleFile| file.path.is_none() || file.path.as_ref() == path;
        self.bad == next.bad && path.is_some() && !self.files.iter().any(known)
    }
}

/// Runs all examples of a page against its rule alone.
#[must_use]
pub fn run_examples(page: &Page, coded: &[Coded]) -> Vec<TextError> {
    let examples = page.examples();
    let mut failures = page.missing_examples();
    for example in &examples {
        let line = example.files[0].line;
        let mut failed = |line, message: String| failures.push(page.error_on_line(line, message));
        let found = match labels(page, coded, example) {
            Ok(found) => found,
            Err(message) => {
                failed(line, message);
                continue;
            }
        };
        let all: Vec<Mark> = found.concat();
        if example.bad && all.is_empty() {
            failed(line, "nothing is found in a bad example".to_owned());
        } else if !example.bad && !all.is_empty() {
            failed(line, format!("found in a good example: {}", listed(&all)));
        } else {
            for (file, found) in example.files.iter().zip(&found) {
                let (_, expected) = mark::strip(&file.text);
                if *found != expected {
                    let message =
                        format!("labels are {} and the marks say {}", listed(found), listed(&expected));
                    failed(file.line, message);
                }
            }
        }
    }
    failures
}

/// The page with the marks of its bad examples as the rule sets them.
///
/// # Errors
/// An example that cannot be run or marked.
pub fn bless(page: &Page, coded: &[Coded]) -> Result<String, TextError> {
    let mut text = page.text.to_string();
    // From the last to the first, so that the lines of those before stay true.
    for example in page.examples().iter().rev().filter(|example| example.bad) {
        let failed = |message: String| page.error_on_line(example.files[0].line, message);
        let found = labels(page, coded, example).map_err(failed)?;
        for (file, marks) in example.files.iter().zip(found).rev() {
            let (plain, _) = mark::strip(&file.text);
            let marked = mark::insert(&plain, &marks).map_err(failed)?;
            let start: usize = text.split_inclusive('\n').take(file.line).map(str::len).sum();
            text.replace_range(start..start + file.text.len(), &marked);
        }
    }
    Ok(text)
}

/// Where the rule reports in each file of an example. Only that rule runs, and for one about waivers all others,
/// which they waive.
fn labels(page: &Page, coded: &[Coded], example: &Example) -> Result<Vec<Vec<Mark>>, String> {
    let is_about_waivers =
        coded.iter().any(|(id, rule)| *id == page.id && rule.on.contains(&Interest::Waiver));
    let mut pages = vec![page.clone()];
    if is_about_waivers {
        pages.extend(embedded_pages().into_iter().filter(|other| other.id != page.id));
    }
    let select = if is_about_waivers { "all".to_owned() } else { page.id.to_string() };
    let mut selection = Selection { select: Some(vec![select]), ..Selection::default() };
    for (name, value) in options(&example.options)? {
        selection.options.push((page.id.to_string(), name, value));
    }
    let rules = RuleSet::new(pages, coded, &selection).map_err(|error| error.message)?;
    let mut engine = Engine::new(rules);
    if let Some(today) = Date::parse(TODAY) {
        engine = engine.on(today);
    }
    let plain = |file: &ExampleFile| mark::strip(&file.text).0;
    let paths = example.files.iter().filter_map(|file| Some((file.path.clone()?, plain(file).into_bytes())));
    let entries: Arc<BTreeMap<String, Vec<u8>>> = Arc::new(paths.collect());
    let mut solutions: BTreeMap<(bool, String), Arc<SolutionFiles>> = BTreeMap::new();
    let mut outcomes = Vec::new();
    let path_of = |file: &ExampleFile| file.path.clone().unwrap_or_else(|| "Workflows/Example.json".into());
    for file in example.files.iter().filter(|file| path_of(file).ends_with(".json")) {
        let path = path_of(file);
        let solution = root_of(&path).map(|(kind, root, inner)| {
            let files = ArchiveFiles { root: root.to_owned(), entries: Arc::clone(&entries) };
            let new = || Arc::new(SolutionFiles::new(kind, Box::new(files)));
            let files =
                Arc::clone(solutions.entry((kind == Kind::Package, root.to_owned())).or_insert_with(new));
            SolutionContext { files, inner: inner.to_owned() }
        });
        // Beside a flow a multi-file example has files that are none.
        let is_part = example.files.len() > 1;
        let outcome = checked(&engine, Source::new(path, plain(file)), solution.as_ref(), is_part)?;
        outcomes.push(outcome);
    }
    let solutions = SolutionFlows::of(&outcomes);
    let findings = conclude(&engine, &mut outcomes, &solutions);
    let labels = |file: &ExampleFile| {
        let path = path_of(file);
        let own = findings.iter().filter(|finding| finding.rule == page.id.as_ref());
        let own = own.map(|finding| &finding.location.place).filter(|place| place.file.path == path);
        let mut marks: Vec<Mark> = own.map(mark::of).collect();
        marks.sort_unstable();
        marks
    };
    // What stands beside a flow has no marks.
    let is_marked = |file: &ExampleFile| path_of(file).ends_with(".json");
    Ok(example.files.iter().map(|file| if is_marked(file) { labels(file) } else { Vec::new() }).collect())
}

/// What `options=` sets: one `name = value`, or several in braces.
fn options(text: &str) -> Result<Vec<(String, OptionValue)>, String> {
    let several = text.trim_start().starts_with('{');
    let line = if several { format!("options = {text}") } else { text.to_owned() };
    let table = toml::de::DeTable::parse(&line).map_err(|error| error.message().to_owned())?;
    let table = match table.get_ref().get("options").and_then(|inner| inner.get_ref().as_table()) {
        Some(inner) if several => inner,
        _ => table.get_ref(),
    };
    let read = |(name, value): (&toml::Spanned<_>, &toml::Spanned<_>)| {
        let name: &std::borrow::Cow<'_, str> = name.get_ref();
        let value = OptionValue::read(value.get_ref()).ok_or("an option of an unknown kind")?;
        Ok((name.to_string(), value))
    };
    table.iter().map(read).collect()
}

/// Checks one file of an example. One that stands alone may be a part of a flow, and must be one.
fn checked(
    engine: &Engine,
    source: Source,
    solution: Option<&SolutionContext>,
    is_part: bool,
) -> Result<FileOutcome, String> {
    let mut arena = Arena::new();
    json::parse(&source.text, &arena).map_err(|error| {
        let place = source.position(error.span.start);
        format!("the example is no JSON: line {}, column {}: {}", place.line, place.column, error.message)
    })?;
    let detect: Detect = if is_part { flow::detect } else { flow::detect_fragment };
    let outcome = check_as(detect, engine, source, solution, &mut arena);
    match is_part || !outcome.flows.is_empty() {
        true => Ok(outcome),
        false => Err("the example is no flow".into()),
    }
}

fn listed(marks: &[Mark]) -> String {
    if marks.is_empty() {
        return "nothing".into();
    }
    let places: Vec<_> =
        marks.iter().map(|m| format!("{}:{} ({} wide)", m.line, m.column, m.width)).collect();
    places.join(", ")
}
