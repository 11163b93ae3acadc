//! Switches with so many cases that a table would say it better.

use crate::flow::{Action, ActionType, BranchKind, FlowAnalysis};
use crate::linter::RuleContext;

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
    if action.ty != ActionType::Switch {
        return;
    }
    let cases =
        action.branches.iter().filter(|branch| flow.branches[**branch].kind == BranchKind::Case).count();
    if i64::try_from(cases).is_ok_and(|cases| cases > cx.int("max-cases")) {
        cx.report(action.key_span, format!("'{}' has {cases} cases", action.name))
            .help("Where the cases differ in values only, keep the values in a table or an object and look them up: a new case is then a row and no change of the flow. The service takes 25 cases.");
    }
}
