//! Runs a declarative check on a flow, and says what it reports.

use std::borrow::Cow;

use flowvet::lint;
use flowvet::linter::{Engine, Page, RuleSet};
use flowvet::text::Source;

/// What a check says of actions, each with the text that is labelled.
pub(crate) fn said(check: &str, actions: &str) -> Vec<String> {
    said_of(check, &format!(r#"{{"definition": {{"triggers": {{}}, "actions": {actions}}}}}"#))
}

/// What a check says of a file.
pub(crate) fn said_of(check: &str, file: &str) -> Vec<String> {
    let message = if check.contains("message") { "" } else { "message = \"{name}\"\n" };
    let text = format!("# a-rule\n\nA rule.\n\n```toml\nseverity = \"note\"\n{check}\n{message}```\n");
    let page = Page { id: "a-rule".into(), category: "custom".into(), text: Cow::Owned(text), file: None };
    page.verify().unwrap_or_else(|error| {
        panic!("line {}: {} in\n{}", error.line_in(&page.text), error.message, page.text)
    });
    let rules = RuleSet::all(vec![page], &[]).unwrap_or_else(|error| panic!("{error}"));
    let report = lint(vec![Source::new("flow.json", file)], &Engine::new(rules));
    assert_eq!(report.problems, [], "{file}");
    let source = Source::new("flow.json", file);
    report
        .findings
        .iter()
        .map(|finding| format!("{} at {}", finding.message, source.slice(finding.location.place.span)))
        .collect()
}

/// An action of that name and those inputs.
pub(crate) fn action(name: &str, rest: &str) -> String {
    format!(r#"{{"{name}": {{"type": "Http", {rest}}}}}"#)
}
