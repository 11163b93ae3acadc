//! What a rule is: a page that describes it, and a check that finds it.
//!
//! Knows flows and findings; knows nothing of files, the command line or reports.

mod check_file;
mod conclude;
mod context;
mod declarative;
mod draft;
mod duration;
mod engine;
mod example;
mod mark;
mod message;
mod options;
mod page;
mod reading;
mod requirement;
mod select;
mod selector;
mod subject;
mod waivers;

use crate::expr::Call;
use crate::flow::{Action, FlowAnalysis, Site, Trigger};
use crate::solution::SolutionView;

pub use check_file::{FileOutcome, check_file, summarize};
pub use conclude::{SolutionFlows, conclude};
pub use context::{FileContext, Reference, ReportContext, RuleContext};
pub use declarative::Declarative;
pub use draft::{Draft, Spot};
pub use engine::Engine;
pub use example::{Example, ExampleFailure, bless, run_examples};
pub use options::{OptionValue, Options};
pub use page::{Meta, Page, PageError, Precision, embedded_pages};
pub use select::{Active, RuleSet, Selection, UnknownRule, is_former_id};
pub use waivers::{Named, WaiverState};

/// What runs when a rule is on.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Once for each flow.
    Flow(for<'a> fn(&FlowAnalysis<'a>, &mut RuleContext<'_, 'a>)),
    /// Once for each flow; the second finds what is wrong with the options that a configuration sets.
    Configured(
        for<'a> fn(&FlowAnalysis<'a>, &mut RuleContext<'_, 'a>),
        fn(&Options) -> Result<(), OptionError>,
    ),
    /// Once for each trigger.
    Trigger(for<'a> fn(&FlowAnalysis<'a>, &Trigger<'a>, &mut RuleContext<'_, 'a>)),
    /// Once for each action at every level.
    Action(for<'a> fn(&FlowAnalysis<'a>, &Action<'a>, &mut RuleContext<'_, 'a>)),
    /// Once for each string that the service evaluates.
    Site(for<'a> fn(&FlowAnalysis<'a>, &Site<'a>, &mut RuleContext<'_, 'a>)),
    /// Once for each function call in an expression.
    Call(for<'a> fn(&FlowAnalysis<'a>, &Site<'a>, &Call<'a>, &mut RuleContext<'_, 'a>)),
    /// Once for each solution, when all files are checked.
    Solution(fn(&SolutionView<'_>, &mut ReportContext<'_>)),
    /// Once for each waiver of the flow, when all other checks are done.
    Waiver(fn(&WaiverState, &mut ReportContext<'_>)),
}

/// An option whose value is of the right kind and all the same wrong: its name, and why.
pub type OptionError = (&'static str, String);

/// A rule whose check is code: its id and the check.
pub type Coded = (&'static str, Check);
