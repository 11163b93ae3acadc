//! Branches that run side by side, one of which ends the run of them all.

use crate::flow::{ActionId, ActionType, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnjoinedBranch;

impl CodedRule for UnjoinedBranch {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for (id, action) in flow.actions.iter().enumerate() {
            if action.ty != ActionType::Terminate || flow.failure_paths().is_on_failure_path(id) {
                continue;
            }
            let beside = beside(flow, id);
            let Some(first) = beside.first() else { continue };
            let message = format!(
                "'{}' ends the run, and '{}' runs beside it: it is cut off wherever it is at that time",
                action.name, flow.actions[*first].name
            );
            let draft = cx.report(action.key_span, message).help(
                "Put it behind both branches: ⋯ › Run after, and choose the last action of each. Or let one branch wait for the other.",
            );
            for other in beside {
                draft.related(flow.actions[other].key_span, "this is cut off");
            }
        }
    }
}

/// What is at work beside an action, or beside a container around it, and waits for nothing there; the first of
/// each branch.
fn beside(flow: &FlowAnalysis<'_>, id: ActionId) -> Vec<ActionId> {
    let (order, handlers) = (flow.run_order(), flow.failure_paths());
    let mut found = Vec::new();
    let mut inner = id;
    loop {
        let branch = &flow.branches[flow.actions[inner].branch];
        let parallel: Vec<ActionId> = branch
            .actions
            .iter()
            .copied()
            .filter(|other| {
                *other != inner
                    && !handlers.is_on_failure_path(*other)
                    && !order.follows(*other, inner)
                    && !order.follows(inner, *other)
            })
            .collect();
        // Where each branch ends the run, the first one is meant to: a decision waits with its deadline beside it.
        let is_race = parallel.iter().any(|other| ends_the_run(flow, *other));
        if !is_race {
            let working: Vec<ActionId> =
                parallel.into_iter().filter(|other| takes_time(flow, *other)).collect();
            let is_later =
                |id: ActionId| order.waits_for(id).iter().any(|(before, _)| working.contains(before));
            found.extend(working.iter().copied().filter(|id| !is_later(*id)));
        }
        match branch.owner {
            Some(owner) => inner = owner,
            None => return found,
        }
    }
}

fn ends_the_run(flow: &FlowAnalysis<'_>, id: ActionId) -> bool {
    (id..flow.actions[id].subtree_end).any(|inner| {
        flow.actions[inner].ty == ActionType::Terminate && !flow.failure_paths().is_on_failure_path(inner)
    })
}

/// Whether there is something in an action that can be under way when the run ends.
fn takes_time(flow: &FlowAnalysis<'_>, id: ActionId) -> bool {
    flow.actions[id..flow.actions[id].subtree_end]
        .iter()
        .any(|inner| inner.ty.is_call() || matches!(inner.ty, ActionType::Wait | ActionType::Response))
}
