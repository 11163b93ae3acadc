//! flowvet: a linter for exported Power Automate cloud flows.
//!
//! The way data goes, one direction only: arguments → [`project`] → [`session`]: each file is checked (text → [`json`]
//! → [`flow`] → rules → [`finding`], masked; the text is dropped), then whole solutions, then what is accepted → [`report`].
//! Everything up to the [`report::Report`] works without terminal, clock, environment or file system: [`lint()`] is all
//! that a test needs, and [`session::Session`] all that an editor or an agent does.
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
//! assert_eq!(report.findings[0].location.element, ["Due"]);
//! ```

pub mod catalog;
pub mod cli;
mod diff;
pub mod expr;
pub mod finding;
pub mod flow;
pub mod json;
pub mod linter;
pub mod odata;
pub mod project;
pub mod report;
pub mod rules;
pub mod secrets;
pub mod session;
pub mod solution;
pub mod suppress;
pub mod text;

pub use session::lint;
