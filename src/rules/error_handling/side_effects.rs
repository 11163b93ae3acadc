//! What actions do to the world outside the flow, and what a failure path is worth. Shared by the rules on error handling.

use std::ops::Range;

use crate::catalog::operations::Effect;
use crate::flow::{
    Action, ActionId, ActionType, Element, FailureOutcome, FlowAnalysis, Named, Relation, Statuses, Trigger,
    TriggerType,
};
use crate::json::Node;
use crate::linter::RuleContext;

/// Whether an action writes, sends, or calls something outside.
pub(super) fn reaches_out<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> bool {
    if is_in_changeset(flow, action) {
        return false;
    }
    match action.ty {
        ActionType::Http
        | ActionType::HttpWebhook
        | ActionType::Workflow
        | ActionType::Function
        | ActionType::InvokeFunction
        | ActionType::ApiManagement
        | ActionType::SendToBatch
        | ActionType::Changeset => true,
        ActionType::ApiConnection => {
            let method = action.node.at(&["inputs", "method"]).and_then(Node::as_str).unwrap_or("");
            ["put", "patch", "delete"].iter().any(|write| write.eq_ignore_ascii_case(method))
                || matches!(action_effect(flow, action), Some(Effect::Write | Effect::Send))
        }
        _ => match action_effect(flow, action) {
            // A connector that sends any request reads as its other operations do, where that is a GET.
            Some(Effect::Call) => !only_gets(action),
            Some(effect) => matches!(effect, Effect::Write | Effect::Send),
            None => false,
        },
    }
}

/// Whether an action is part of a changeset: that is one request, which succeeds or fails as a whole.
pub(super) fn is_in_changeset<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> bool {
    flow.parent(action).is_some_and(|parent| parent.ty == ActionType::Changeset)
}

/// Whether an action changes something outside, as far as it tells: a request that only gets something does not.
pub(super) fn changes<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> bool {
    reaches_out(flow, action) && !only_gets(action)
}

/// Whether an action sends a request that is written to get something. Connectors call the method `method`, `Method`,
/// `parameters/method` or `request/method`.
fn only_gets(action: &Action<'_>) -> bool {
    let inputs = action.node.get("inputs");
    let parameters = inputs.and_then(|inputs| inputs.get("parameters"));
    let is_method =
        |key: &str| key.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case("method"));
    let members = [inputs, parameters].into_iter().flatten().flat_map(Node::members);
    let method = members.filter(|member| is_method(member.key)).find_map(|member| member.value.as_str());
    method.is_some_and(|method| method.eq_ignore_ascii_case("get"))
}

/// Whether an action may tell somebody, or keep a record: all that reaches out of the flow and is not known to
/// read only, and the answer to a caller.
pub(super) fn may_notify<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> bool {
    match action.ty {
        ActionType::Response => true,
        ty if ty.is_call() => action_effect(flow, action) != Some(Effect::Read),
        ty => ty == ActionType::Unknown || ty == ActionType::JavaScriptCode,
    }
}

fn action_effect<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> Option<Effect> {
    flow.known_operation(action)?.effect()
}

/// Whether an action of the flow is to run where another has failed. A time-out alone is often an answer that did not
/// come, and no failure goes that way.
pub(super) fn has_failure_path(flow: &FlowAnalysis<'_>) -> bool {
    let failed =
        |action: &Action<'_>| action.run_after.iter().any(|before| before.statuses.meets(Statuses::FAILED));
    flow.actions.iter().any(failed)
}

/// Whether a person starts the flow and waits for it: a button, an app, an agent.
pub(super) fn is_attended(trigger: &Trigger<'_>) -> bool {
    const BY_PEOPLE: [&str; 9] = [
        "Agent",
        "ApiConnection",
        "Button",
        "Geofence",
        "PowerApp",
        "PowerAppV2",
        "PowerPages",
        "Skills",
        "VirtualAgent",
    ];
    let by_person =
        trigger.kind.is_some_and(|kind| BY_PEOPLE.iter().any(|known| known.eq_ignore_ascii_case(kind)));
    matches!(trigger.ty, TriggerType::Request | TriggerType::Manual) && by_person
}

/// Whether somebody calls the flow and waits for what it answers: it is started by a request, and it answers.
pub(super) fn is_called(flow: &FlowAnalysis<'_>) -> bool {
    matches!(flow.triggers.as_slice(), [only] if matches!(only.ty, TriggerType::Request | TriggerType::Manual))
        && flow.has_whole_definition()
        && flow.actions.iter().any(|action| action.ty == ActionType::Response)
}

/// Each failure that something handles on purpose: the action that fails, what happens then, and the first
/// action that runs because of it. Not in loops, where a handler that lets the next turn go on is usually
/// meant, and not on failure paths.
pub(super) fn each_caught<'a>(
    flow: &FlowAnalysis<'a>,
    visit: &mut dyn FnMut(ActionId, &FailureOutcome, &Action<'a>),
) {
    let handlers = flow.failure_paths();
    for (id, action) in flow.actions.iter().enumerate() {
        let is_caught = handlers
            .waiting_for(id)
            .iter()
            .any(|(later, on)| on.meets(Statuses::FAILED) && handlers.is_on_failure_path(*later));
        if !is_caught || handlers.is_on_failure_path(id) || flow.loop_around(action).is_some() {
            continue;
        }
        let aftermath = flow.aftermath(id);
        if let Some(first) = aftermath.handlers.first() {
            visit(id, &aftermath, &flow.actions[*first]);
        }
    }
}

/// Actions with all that they hold, as ranges of ids.
pub(super) struct Parts(Vec<Range<ActionId>>);

impl Parts {
    pub(super) fn of(flow: &FlowAnalysis<'_>, ids: &[ActionId]) -> Self {
        Self(ids.iter().map(|id| *id..flow.actions[*id].subtree_end).collect())
    }

    pub(super) fn holds(&self, id: ActionId) -> bool {
        self.0.iter().any(|range| range.contains(&id))
    }

    pub(super) fn actions<'f, 'a>(&self, flow: &'f FlowAnalysis<'a>) -> impl Iterator<Item = &'f Action<'a>> {
        self.0.iter().flat_map(|range| &flow.actions[range.clone()])
    }

    fn hold_element(&self, element: Element) -> bool {
        matches!(element, Element::Action(id) if self.holds(id))
    }
}

/// Whether an action ends the run in another way than well, or in a way that is computed.
pub(super) fn ends_badly(action: &Action<'_>) -> bool {
    action.ty == ActionType::Terminate
        && action
            .node
            .at(&["inputs", "runStatus"])
            .and_then(Node::as_str)
            .is_none_or(|status| !status.eq_ignore_ascii_case("Succeeded"))
}

/// Whether something outside these actions reads what they leave behind: a variable that they set, or the
/// output of one of them.
pub(super) fn is_read_outside<'a>(flow: &FlowAnalysis<'a>, parts: &Parts, cx: &RuleContext<'_, 'a>) -> bool {
    let uses = flow.variable_uses();
    // Before the failure path, or where it does not come, nothing reads what it leaves.
    let is_later = |element: Element| match element {
        Element::Action(reader) => parts
            .0
            .iter()
            .any(|range| matches!(flow.relation(range.start, reader), Relation::Before | Relation::Parallel)),
        element => element == Element::Flow,
    };
    let is_outside = |element| !parts.hold_element(element) && is_later(element);
    let set = uses.iter().filter(|using| using.writes && parts.hold_element(using.element));
    let mut written: Vec<Option<usize>> = set.map(|using| using.variable).collect();
    written.sort_unstable();
    written.dedup();
    let read = |using: &crate::flow::VariableUse<'_>| {
        !using.writes && written.binary_search(&using.variable).is_ok() && is_outside(using.element)
    };
    uses.iter().any(read)
        || cx.calls().iter().any(|(site, call)| {
            ["outputs", "body", "actions", "result"].iter().any(|reader| call.is(reader))
                && call.arguments.first().and_then(|name| name.as_text()).is_some_and(
                    |name| matches!(flow.named(name), Some(Named::Action(id)) if parts.holds(id)),
                )
                && is_outside(site.element)
        })
}
