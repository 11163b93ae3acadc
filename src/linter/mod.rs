//! What a rule is: a page that describes it, and a check that finds it.
//!
//! Knows flows and findings; knows nothing of files, the command line or reports.

mod bounds;
mod check_file;
mod conclude;
mod context;
mod declarative;
mod draft;
mod duration;
mod engine;
mod example;
mod message;
mod metric;
mod options;
mod page;
mod reading;
mod related;
mod required;
mod requirement;
mod rule;
mod select;
mod selected;
mod selection;
mod selector;
mod subject;
mod waivers;

pub use check_file::{FileOutcome, check_file, summarize};
pub use conclude::{SolutionFlows, conclude};
pub use context::{FileContext, Reference, ReportContext, RuleContext};
pub use declarative::Declarative;
pub use draft::{Draft, Spot};
pub use engine::Engine;
pub use example::{Examples, Given};
pub use options::{OptionError, OptionValue, Options};
pub use page::{Meta, Page, Precision, embedded_pages};
pub use rule::{Blueprint, Coded, CodedRule, Interest, NoOptions, Rule};
pub use select::{Active, RuleSet, is_former_id};
pub use selection::{OptionSetting, Selection, SelectionErrors, SelectionWord, UnknownRule};
pub use waivers::{Named, WaiverState};
