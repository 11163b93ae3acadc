//! flowvet: a linter for exported Power Automate cloud flows.
//!
//! The way data goes, one direction only: arguments → [`collect`] → [`source`] → [`json`] → [`flow`] →
//! rules → [`finding`] → [`report`]. Everything up to the [`report::Report`] works without terminal,
//! clock or environment: [`lint()`] is all that an editor or a test needs.
//!
//! ```
//! use flowvet::{lint, linter::{Engine, RuleSet, embedded_pages}, rules, text::Source};
//!
//! let text = r#"{"definition": {
//!     "triggers": {"manual": {"type": "Request", "kind": "Button"}},
//!     "actions": {"Due": {"type": "Compose", "inputs": "@addMonths(utcNow(), 1)"}}}}"#;
//! let rules = RuleSet::all(embedded_pages(), &rules::coded()).expect("pages of flowvet are sound");
//! let report = lint(vec![Source::new("flow.json", text)], &Engine::new(rules));
//! assert_eq!(report.findings[0].rule, "unknown-function");
//! assert_eq!(report.findings[0].element, ["Due"]);
//! ```

pub mod catalog;
pub mod cli;
mod diff;
pub mod expr;
pub mod finding;
pub mod flow;
pub mod json;
pub mod linter;
pub mod project;
pub mod report;
pub mod rules;
pub mod secrets;
pub mod solution;
pub mod suppress;
pub mod text;

pub use linter::lint::lint;
