//! Writes, sends and calls whose failure nothing handles, in a flow that handles others.

use rustc_hash::FxHashSet;

use super::reach::reaches_out;
use crate::flow::{Action, ActionId, ActionType, Element, Flow, Statuses};
use crate::rule::Cx;

/// How many names a message lists.
const NAMED: usize = 3;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    let handlers = flow.handlers();
    let has_failure_path = (0..flow.actions.len()).any(|id| handlers.is_covered(id));
    if !flow.has_whole_definition() || !has_failure_path {
        return;
    }
    let asks_for_failure = asking_for_failure(flow);
    let mut reaching = 0;
    // Whether an action also runs after a failure, itself or the block around it.
    let mut clears_up = vec![false; flow.actions.len()];
    let mut uncovered: Vec<&Action<'a>> = Vec::new();
    for (id, action) in flow.actions.iter().enumerate() {
        // What a handler does is the last resort: it needs no handler of its own.
        let owner = flow.branches[action.branch].owner;
        clears_up[id] = owner.is_some_and(|owner| clears_up[owner])
            || handlers.is_on_failure_path(id)
            || asks_for_failure.contains(&id)
            || action.run_after.iter().any(|entry| entry.statuses.meets(Statuses::FAILED));
        if clears_up[id] || !reaches_out(flow, action) {
            continue;
        }
        reaching += 1;
        if !handlers.is_covered(id) {
            uncovered.push(action);
        }
    }
    let Some((first, rest)) = uncovered.split_first() else { return };
    let names: Vec<String> =
        uncovered.iter().take(NAMED).map(|action| format!("'{}'", action.name)).collect();
    let more = match uncovered.len() {
        count if count > NAMED => format!(" and {} more", count - NAMED),
        _ => String::new(),
    };
    let message = format!(
        "{} of {reaching} actions that write, send or call stand outside every failure path: {}{more}",
        uncovered.len(),
        names.join(", ")
    );
    let draft = cx.report(first.key_span, message);
    draft.grouped().help("Drag them into the scope whose failure is handled, or add a step behind each that runs after it has failed or has timed out.");
    for action in rest {
        draft.related(action.key_span, format!("nothing runs when '{}' fails", action.name));
    }
}

/// The conditions and switches on a variable that a failure path sets: what they hold is the rest of the handler.
fn asking_for_failure(flow: &Flow<'_>) -> FxHashSet<ActionId> {
    let uses = flow.variable_uses();
    let handlers = flow.handlers();
    let set: FxHashSet<usize> = uses
        .iter()
        .filter(|using| {
            using.writes && matches!(using.element, Element::Action(id) if handlers.is_on_failure_path(id))
        })
        .filter_map(|using| using.variable)
        .collect();
    uses.iter()
        .filter(|using| !using.writes && using.variable.is_some_and(|variable| set.contains(&variable)))
        .filter_map(|using| match using.element {
            Element::Action(id) if matches!(flow.actions[id].ty, ActionType::If | ActionType::Switch) => {
                Some(id)
            }
            _ => None,
        })
        .collect()
}
