//! flowvet: a linter for exported Power Automate cloud flows.
//!
//! The way data goes, one direction only: arguments → [`collect`] → [`source`] → [`json`] → [`flow`] →
//! rules → [`finding`] → [`report`]. Everything up to the [`report::Report`] works without terminal,
//! clock or environment: [`lint()`] is all that an editor or a test needs.
//!
//! ```
//! use flowvet::{lint, rule::{Engine, RuleSet, embedded_pages}, rules, source::Source};
//!
//! let text = r#"{"definition": {
//!     "triggers": {"manual": {"type": "Request", "kind": "Button"}},
//!     "actions": {"Due": {"type": "Compose", "inputs": "@addMonths(utcNow(), 1)"}}}}"#;
//! let rules = RuleSet::all(embedded_pages(), &rules::coded()).expect("pages of flowvet are sound");
//! let report = lint(vec![Source::new("flow.json", text)], &Engine::new(rules));
//! assert_eq!(report.findings[0].rule, "unknown-function");
//! assert_eq!(report.findings[0].element, ["Due"]);
//! ```

pub mod arena;
pub mod baseline;
mod changed;
pub mod cli;
pub mod collect;
pub mod config;
pub mod connectors;
pub mod date;
pub mod expr;
pub mod finding;
pub mod flow;
pub mod inspect;
pub mod json;
pub mod lint;
pub mod operations;
pub mod policy;
pub mod report;
pub mod revision;
pub mod rule;
pub mod rule_dirs;
pub mod rules;
pub mod secrets;
pub mod solution;
pub mod source;
pub mod suppress;
pub mod waiver;
mod wildcard;

pub use lint::lint;

/// A text as a sentence begins: its first letter a capital, where it is an ASCII letter.
#[must_use]
pub(crate) fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// How many names are compared with a misspelt one: as many as the service allows a flow to have.
const MOST_CANDIDATES: usize = 500;

/// The candidate that a misspelt name most likely means: at most a third of it mistyped.
#[must_use]
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = name.to_lowercase();
    let length = name.chars().count();
    let allowed = (length / 3).clamp(1, 4);
    // Lengths rule out most candidates, and a flow may have thousands.
    let near_in_length = |candidate: &&str| {
        let bytes = candidate.len().abs_diff(name.len());
        bytes <= 4 * allowed && candidate.chars().count().abs_diff(length) <= allowed
    };
    candidates
        .into_iter()
        .filter(near_in_length)
        .take(MOST_CANDIDATES)
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
