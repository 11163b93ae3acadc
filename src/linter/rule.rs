//! What the engine asks of a rule, coded or declarative, and what a coded rule has to provide.
//!
//! Knows flows and where findings go; must not know which rules there are or which of them run.

use std::borrow::Cow;
use std::fmt::Debug;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::context::{ReportContext, RuleContext};
use super::options::{OptionError, Options};
use super::waivers::WaiverState;
use crate::expr::Call;
use crate::flow::{Action, ActionType, ExpressionSite, FlowAnalysis, Trigger, TriggerType};
use crate::solution::SolutionView;

/// What a rule wants to look at. The engine calls a check method for this and for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interest {
    /// The flow as a whole, once.
    Flow,
    /// Each trigger.
    AnyTrigger,
    /// Each trigger of this type.
    Trigger(TriggerType),
    /// Each action, at every level.
    AnyAction,
    /// Each action of this type, at every level.
    Action(ActionType),
    /// Each function call in an expression.
    AnyCall,
    /// Each call of this function, which the language has and whose name is spelled as documented.
    Call(&'static str),
    /// Each call of a function that the language does not have.
    UnknownCall,
    /// Each string that the service evaluates.
    Text,
    /// Each solution, when all its files are checked.
    Solution,
    /// Each waiver, when all other checks are done.
    Waiver,
}

/// A rule that can run: its options are read, and everything it needs is compiled.
#[allow(unused_variables, reason = "a check looks at what it needs")]
pub trait Rule: Debug + Send + Sync {
    /// What the rule looks at. The engine asks once.
    fn on(&self) -> Cow<'_, [Interest]>;

    /// Checks a flow as a whole.
    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {}

    /// Checks a trigger.
    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {}

    /// Checks an action.
    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {}

    /// Checks a function call in an expression of `site`.
    fn call<'a>(
        &self,
        flow: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
    }

    /// Checks a string that the service evaluates.
    fn text<'a>(&self, flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, cx: &mut RuleContext<'_, 'a>) {}

    /// Checks a solution, of which every flow is summarised.
    fn solution(&self, solution: &SolutionView<'_>, cx: &mut ReportContext<'_>) {}

    /// Checks a waiver.
    fn waiver(&self, waiver: &WaiverState, cx: &mut ReportContext<'_>) {}
}

/// A rule whose check is code. It provides the check methods of [`Rule`] for what [`Self::ON`] lists.
#[allow(unused_variables, reason = "a check looks at what it needs")]
pub trait CodedRule: Debug + Send + Sync + Sized + 'static {
    /// The options, as the page declares them. No field has a default here: the page has it.
    type Options: DeserializeOwned;

    /// What the rule looks at.
    const ON: &'static [Interest];

    /// Makes the rule from the options in force, once per run.
    ///
    /// # Errors
    /// An option whose value makes no sense, although it is of the right kind.
    fn compile(options: Self::Options) -> Result<Self, OptionError>;

    /// Checks a flow as a whole.
    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {}

    /// Checks a trigger.
    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {}

    /// Checks an action.
    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {}

    /// Checks a function call in an expression of `site`.
    fn call<'a>(
        &self,
        flow: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
    }

    /// Checks a string that the service evaluates.
    fn text<'a>(&self, flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, cx: &mut RuleContext<'_, 'a>) {}

    /// Checks a solution, of which every flow is summarised.
    fn solution(&self, solution: &SolutionView<'_>, cx: &mut ReportContext<'_>) {}

    /// Checks a waiver.
    fn waiver(&self, waiver: &WaiverState, cx: &mut ReportContext<'_>) {}
}

impl<R: CodedRule> Rule for R {
    fn on(&self) -> Cow<'_, [Interest]> {
        Cow::Borrowed(R::ON)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        CodedRule::flow(self, flow, cx);
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        CodedRule::trigger(self, flow, trigger, cx);
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        CodedRule::action(self, flow, action, cx);
    }

    fn call<'a>(
        &self,
        flow: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
        CodedRule::call(self, flow, site, call, cx);
    }

    fn text<'a>(&self, flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, cx: &mut RuleContext<'_, 'a>) {
        CodedRule::text(self, flow, site, cx);
    }

    fn solution(&self, solution: &SolutionView<'_>, cx: &mut ReportContext<'_>) {
        CodedRule::solution(self, solution, cx);
    }

    fn waiver(&self, waiver: &WaiverState, cx: &mut ReportContext<'_>) {
        CodedRule::waiver(self, waiver, cx);
    }
}

/// The options of a rule that has none.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoOptions {}

/// A coded rule before its options are known: its id and how to make it.
pub type Coded = (&'static str, Blueprint);

/// How to make a coded rule.
#[derive(Clone, Copy, Debug)]
pub struct Blueprint {
    /// What the rule looks at.
    pub on: &'static [Interest],
    compile: fn(&Options) -> Result<Box<dyn Rule>, OptionError>,
}

impl Blueprint {
    /// How to make rules of that type.
    #[must_use]
    pub const fn of<R: CodedRule>() -> Self {
        Self { on: R::ON, compile: compile::<R> }
    }

    /// Makes the rule with these options.
    ///
    /// # Errors
    /// An option that the rule does not know or the page lacks, or one whose value makes no sense.
    pub fn compile(&self, options: &Options) -> Result<Box<dyn Rule>, OptionError> {
        (self.compile)(options)
    }
}

fn compile<R: CodedRule>(options: &Options) -> Result<Box<dyn Rule>, OptionError> {
    Ok(Box::new(R::compile(options.parse()?)?))
}
