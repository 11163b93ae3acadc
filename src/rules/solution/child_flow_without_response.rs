//! Flows that others of the solution call, and that never answer.

use crate::flow::TriggerType;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, ReportContext};
use crate::solution::{ChildCall, FlowSummary, SolutionView, TriggerSummary};
use crate::text::plural;

/// Kinds of the trigger with which a flow can be a child.
const KINDS: [&str; 4] = ["Button", "PowerApp", "PowerAppV2", "Http"];

#[derive(Debug)]
pub(crate) struct ChildFlowWithoutResponse;

impl CodedRule for ChildFlowWithoutResponse {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Solution];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn solution(&self, solution: &SolutionView<'_>, cx: &mut ReportContext<'_>) {
        for (at, child) in solution.flows.iter().enumerate() {
            // Of two files of one flow nobody can say which the others call.
            let is_same = |other: &FlowSummary| other.flow.id == child.flow.id;
            let is_double =
                solution.flows.iter().enumerate().any(|(other, flow)| other != at && is_same(flow));
            let Some(trigger) = starts_as_child(child).filter(|_| !is_double) else { continue };
            let callers: Vec<(&FlowSummary, &ChildCall)> = solution
                .flows
                .iter()
                .flat_map(|flow| flow.calls.iter().map(move |call| (flow, call)))
                .filter(|(_, call)| call.flow.as_deref() == Some(child.flow.id.as_str()))
                .collect();
            report(child, trigger, &callers, cx);
        }
    }
}

/// The trigger of a flow that could be a child if only it answered.
fn starts_as_child(flow: &FlowSummary) -> Option<&TriggerSummary> {
    let trigger = flow.trigger().filter(|_| flow.is_whole && !flow.responds)?;
    let kind = trigger.kind.as_deref()?;
    let is_known = KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind));
    (trigger.ty == TriggerType::Request && is_known).then_some(trigger)
}

fn report(
    child: &FlowSummary,
    trigger: &TriggerSummary,
    calls: &[(&FlowSummary, &ChildCall)],
    cx: &mut ReportContext<'_>,
) {
    let mut names: Vec<(&str, &str)> =
        calls.iter().map(|(flow, _)| (flow.flow.name.as_str(), flow.flow.id.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    let who = match names.as_slice() {
        [] => return,
        [(_, id)] if *id == child.flow.id => "it, which calls itself,".to_owned(),
        [(name, _)] => format!("'{name}', which calls it,"),
        many => format!("the {} that call it", plural(many.len(), "flow")),
    };
    let message = format!("'{}' has no Response action, so {who} can't be turned on", child.flow.name);
    let draft = cx.report(trigger.location.clone(), message);
    draft.detail(child.flow.id.as_str()).help(
        "Add Respond to a Power App or flow as the last step, on each path through the flow; it needs no outputs.",
    );
    for (flow, call) in calls {
        draft.related(call.location.clone(), format!("'{}' calls it here", flow.flow.name));
    }
}
