//! Response inside a loop.

use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::linter::RuleContext;

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
    if action.ty != ActionType::Response {
        return;
    }
    let Some(around) = flow.loop_around(action) else { return };
    let message = format!(
        "'{}' answers the caller from inside the loop '{}', which no loop may do",
        action.name, around.name
    );
    cx.report(action.key_span, message)
        .help("Collect what the loop finds in a variable and answer once, behind the loop. The service refuses to save the flow as it is.")
        .related(around.key_span, format!("'{}' repeats what is in it", around.name));
}
