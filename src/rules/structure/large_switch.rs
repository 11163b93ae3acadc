//! Switches with so many cases that a table would say it better.

use serde::Deserialize;

use crate::flow::{Action, ActionType, BranchKind, FlowAnalysis};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct LargeSwitch {
    max_cases: i64,
}

impl CodedRule for LargeSwitch {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::Switch)];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let cases =
            action.branches.iter().filter(|branch| flow.branches[**branch].kind == BranchKind::Case).count();
        if i64::try_from(cases).is_ok_and(|cases| cases > self.max_cases) {
            cx.report(action.key_span, format!("'{}' has {cases} cases", action.name))
                .help("Where the cases differ in values only, keep the values in a table or an object and look them up: a new case is then a row and no change of the flow. The service takes 25 cases.");
        }
    }
}
