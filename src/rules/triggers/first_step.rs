//! What a flow takes off its trigger, and what it does first with it. Shared by the rules that ask whether that could
//! be left to the trigger.

use crate::catalog::connectors::Connector;
use crate::flow::{ActionId, ActionType, FlowAnalysis, Trigger};

/// Whether a trigger takes messages off a queue: one that starts no run would stay there.
pub(super) fn takes_messages<'a>(flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>) -> bool {
    flow.trigger_operation(trigger).is_some_and(|operation| operation.service == Connector::Queue)
}

/// The first action that does more than to prepare, scopes opened, and whether more than failure paths follow it;
/// none if several begin side by side.
pub(super) fn first_that_acts(flow: &FlowAnalysis<'_>) -> Option<(ActionId, bool)> {
    let (order, handlers) = (flow.run_order(), flow.failure_paths());
    let prepares = |ty| matches!(ty, ActionType::InitializeVariable | ActionType::Compose);
    let mut branch = flow.root();
    let mut follows = false;
    loop {
        let acting: Vec<ActionId> = order
            .ordered(branch)
            .into_iter()
            .filter(|id| !prepares(flow.actions[*id].ty) && !handlers.is_on_failure_path(*id))
            .collect();
        let (first, later) = acting.split_first()?;
        let first = *first;
        if !later.iter().all(|later| order.follows(*later, first)) {
            return None;
        }
        // Also what only comes in the end, such as a note that all went well, is work for each event.
        follows |= !later.is_empty();
        match flow.actions[first].branches.as_slice() {
            [body] if flow.actions[first].ty == ActionType::Scope => branch = &flow.branches[*body],
            _ => return Some((first, follows)),
        }
    }
}
