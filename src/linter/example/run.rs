//! Runs an example, and says what was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::check_file::{Detect, FileOutcome, check_as};
use super::super::engine::Engine;
use super::super::options::OptionValue;
use super::super::page::embedded_pages;
use super::super::select::RuleSet;
use super::super::selection::{OptionSetting, Selection};
use super::super::{Coded, Interest, SolutionFlows, conclude};
use super::annotation::{self, Annotation};
use super::{Example, ExampleFile, Examples, expect, given};
use crate::finding::Masked;
use crate::solution::{ArchiveFiles, Kind, SolutionContext, SolutionFiles, root_of};
use crate::text::{Arena, Date, Source};
use crate::{flow, json};

/// The day that it is in examples.
const TODAY: &str = "2026-01-01";

/// What the rule says of an example.
pub(super) struct Found {
    /// Its labels in each file.
    pub(super) marks: Vec<Vec<Annotation>>,
    /// What the findings say, as a block pins it.
    pub(super) said: String,
}

/// Runs an example. Only the rule of its page runs, and for one about waivers all others, which they waive.
pub(super) fn run(of: &Examples<'_>, coded: &[Coded], example: &Example) -> Result<Found, String> {
    let page = of.page;
    let is_about_waivers =
        coded.iter().any(|(id, rule)| *id == page.id && rule.on.contains(&Interest::Waiver));
    let mut pages = vec![page.clone()];
    if is_about_waivers {
        pages.extend(embedded_pages().into_iter().filter(|other| other.id != page.id));
    }
    let select = if is_about_waivers { "all".to_owned() } else { page.id.to_string() };
    let mut selection = Selection { select: Some(vec![select.into()]), ..Selection::default() };
    for (name, value) in options(&example.options)? {
        selection.options.push(OptionSetting { rule: page.id.as_ref().into(), name: name.into(), value });
    }
    let rules = RuleSet::new(pages, coded, &selection).map_err(|errors| errors.to_string())?;
    let mut engine = Engine::new(rules);
    if let Some(today) = Date::parse(TODAY) {
        engine = engine.on(today);
    }
    let mut texts: Vec<String> = example.files.iter().map(|file| annotation::strip(&file.text).0).collect();
    if let Some(name) = &example.given {
        let known = || of.given.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let given = of
            .given
            .get(name)
            .ok_or_else(|| format!("there is no scenery `{name}`: there is {}", known()))?;
        for text in &mut texts {
            *text = given::put_into(text, name, given, page)?;
        }
    }
    let files = || example.files.iter().zip(&texts);
    let paths = files().filter_map(|(file, text)| Some((file.path.clone()?, text.clone().into_bytes())));
    let entries: Arc<BTreeMap<String, Vec<u8>>> = Arc::new(paths.collect());
    let mut solutions: BTreeMap<(bool, String), Arc<SolutionFiles>> = BTreeMap::new();
    let mut outcomes = Vec::new();
    let path_of = |file: &ExampleFile| file.path.clone().unwrap_or_else(|| "Workflows/Example.json".into());
    for (file, text) in files().filter(|(file, _)| path_of(file).ends_with(".json")) {
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
        let outcome = checked(&engine, Source::new(path, text.clone()), solution.as_ref(), is_part)?;
        outcomes.push(outcome);
    }
    let solutions = SolutionFlows::of(&outcomes);
    let findings = conclude(&engine, &mut outcomes, &solutions);
    let own: Vec<&Masked> = findings.iter().filter(|finding| finding.rule == page.id.as_ref()).collect();
    let in_file = |file: &ExampleFile| {
        let path = path_of(file);
        let mut found: Vec<&Masked> =
            own.iter().copied().filter(|finding| finding.location.place.file.path == path).collect();
        found.sort_by_key(|finding| (finding.location.place.start, finding.message.clone()));
        found
    };
    // What stands beside a flow has no marks.
    let is_marked = |file: &ExampleFile| path_of(file).ends_with(".json");
    let labels = |file: &ExampleFile| {
        let mut marks: Vec<Annotation> =
            in_file(file).into_iter().map(|finding| annotation::of(&finding.location.place)).collect();
        marks.sort_unstable();
        marks
    };
    let marks = example.files.iter().map(|file| if is_marked(file) { labels(file) } else { Vec::new() });
    let said = example.files.iter().flat_map(in_file).map(|finding| &**finding);
    Ok(Found { marks: marks.collect(), said: expect::said(said) })
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

pub(super) fn listed(marks: &[Annotation]) -> String {
    if marks.is_empty() {
        return "nothing".into();
    }
    let places: Vec<_> =
        marks.iter().map(|m| format!("{}:{} ({} wide)", m.line, m.column, m.width)).collect();
    places.join(", ")
}
