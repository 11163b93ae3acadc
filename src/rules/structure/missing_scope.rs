//! Long flows that no Scope groups.

use crate::flow::{ActionType, FlowAnalysis};
use crate::linter::RuleContext;

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
    let least = cx.int("min-actions");
    let counted = flow.actions.iter().filter(|action| action.ty != ActionType::InitializeVariable).count();
    let grouped = flow.actions.iter().any(|action| action.ty == ActionType::Scope);
    if flow.has_whole_definition() && !grouped && i64::try_from(counted).is_ok_and(|counted| counted > least)
    {
        cx.report(flow.anchor, format!("{counted} actions and not one scope: there is nothing to fold away, and nothing to catch a failure of several actions at once"))
            .help("Group what belongs together: New step › Control › Scope, then drag the actions in and name it by what it does.");
    }
}
