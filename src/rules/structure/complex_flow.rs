//! Flows with so many ways through that nobody tests them all.

use serde::Deserialize;

use crate::flow::{ActionId, ActionType, BranchKind, FlowAnalysis};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ComplexFlow {
    max_complexity: i64,
}

impl CodedRule for ComplexFlow {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !flow.has_whole_definition() {
            return;
        }
        let handlers = flow.failure_paths();
        // What handles failures is counted by nobody who reads what the flow does.
        let ways: Vec<usize> = (0..flow.actions.len())
            .map(|id| if handlers.is_on_failure_path(id) { 0 } else { decisions(flow, id) })
            .collect();
        let complexity = 1 + ways.iter().sum::<usize>();
        if i64::try_from(complexity).is_ok_and(|complexity| complexity > self.max_complexity) {
            let count = |wanted: fn(ActionType) -> bool| {
                (0..ways.len()).filter(|id| ways[*id] > 0 && wanted(flow.actions[*id].ty)).count()
            };
            let cases: usize = (0..ways.len())
                .filter(|id| flow.actions[*id].ty == ActionType::Switch)
                .map(|id| ways[id])
                .sum();
            let message = format!(
                "This flow decides {} times: {} conditions, {cases} cases, {} loops",
                complexity - 1,
                count(|ty| ty == ActionType::If),
                count(ActionType::is_loop)
            );
            cx.report(flow.anchor, message)
                .help("Move a part that decides for itself into a child flow, filter lists with Filter array in place of a condition in a loop, and end early what is not to be done.");
        }
    }
}

/// How many ways more there are because of an action.
fn decisions(flow: &FlowAnalysis<'_>, id: ActionId) -> usize {
    let action = &flow.actions[id];
    match action.ty {
        ActionType::If => 1,
        ActionType::Switch => {
            action.branches.iter().filter(|branch| flow.branches[**branch].kind == BranchKind::Case).count()
        }
        ty if ty.is_loop() => 1,
        _ => 0,
    }
}
