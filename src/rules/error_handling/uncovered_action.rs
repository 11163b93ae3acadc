//! Writes, sends and calls whose failure nothing handles, in a flow that handles others.

use rustc_hash::FxHashSet;

use super::side_effects::{has_failure_path, reaches_out};
use crate::flow::{Action, ActionId, ActionType, Element, FlowAnalysis, Statuses};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// How many names a message lists.
const NAMED: usize = 3;

/// Through how many variables the answer to whether something failed is followed: more than flows have.
const HOPS: usize = 8;

#[derive(Debug)]
pub(crate) struct UncoveredAction;

impl CodedRule for UncoveredAction {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let handlers = flow.failure_paths();
        // Without one, missing-error-handling speaks.
        if !flow.has_whole_definition() || !has_failure_path(flow) {
            return;
        }
        let asks_for_failure = asking_for_failure(flow, cx);
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
}

/// The conditions and switches that ask whether something failed: by an action's status, or by a variable that a
/// failure path sets, or that is set where another of them has asked. What they hold is the rest of the handler.
fn asking_for_failure<'a>(flow: &FlowAnalysis<'a>, cx: &RuleContext<'_, 'a>) -> FxHashSet<ActionId> {
    let uses = flow.variable_uses();
    let handlers = flow.failure_paths();
    let condition = |element: Element| match element {
        Element::Action(id) if matches!(flow.actions[id].ty, ActionType::If | ActionType::Switch) => Some(id),
        _ => None,
    };
    let of_status = cx.calls().iter().filter(|(_, call)| {
        let status = || call.steps.iter().any(|step| step.key.as_text().is_some_and(is_status));
        call.is("result") || (call.is("actions") && status())
    });
    let mut asking: FxHashSet<ActionId> = of_status.filter_map(|(site, _)| condition(site.element)).collect();
    for _ in 0..HOPS {
        let is_told = |element: Element| {
            matches!(element, Element::Action(id) if handlers.is_on_failure_path(id)
                || flow.containers(id).any(|around| asking.contains(&around)))
        };
        let set: FxHashSet<usize> = uses
            .iter()
            .filter(|using| using.writes && is_told(using.element))
            .filter_map(|using| using.variable)
            .collect();
        let reads = uses.iter().filter(|using| !using.writes);
        let of_set = reads.filter(|using| using.variable.is_some_and(|variable| set.contains(&variable)));
        let known = asking.len();
        let found: Vec<ActionId> = of_set.filter_map(|using| condition(using.element)).collect();
        asking.extend(found);
        if asking.len() == known {
            break;
        }
    }
    asking
}

fn is_status(key: &str) -> bool {
    ["status", "code", "error"].iter().any(|known| known.eq_ignore_ascii_case(key))
}
