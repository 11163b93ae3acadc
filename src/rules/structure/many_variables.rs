//! Flows that keep many variables.

use crate::flow::FlowAnalysis;
use crate::linter::RuleContext;

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
    let count = flow.variables().len();
    if flow.has_whole_definition() && i64::try_from(count).is_ok_and(|count| count > cx.int("max-variables"))
    {
        cx.report(flow.anchor, format!("This flow keeps {count} variables"))
            .help("What is set once is a Compose. What belongs together is one object. What a part of the flow keeps for itself goes with that part into a child flow.");
    }
}
