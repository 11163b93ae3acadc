//! Flows that write, send or call, and have not one failure path.

use crate::finding::Severity;
use crate::flow::{Action, ActionType, Flow, Statuses, Trigger, TriggerType};
use crate::json::Node;
use crate::operations::{Effect, effect};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    let (true, Some(trigger)) = (flow.has_whole_definition(), flow.triggers.first()) else { return };
    let failure = Statuses::FAILED.with(Statuses::TIMED_OUT);
    let is_caught =
        |action: &Action<'_>| action.run_after.iter().any(|before| before.statuses.meets(failure));
    if flow.actions.iter().any(is_caught) {
        return;
    }
    let reaching: Vec<&Action<'a>> = flow.actions.iter().filter(|action| reaches_out(flow, action)).collect();
    let [first, _, ..] = reaching.as_slice() else { return };
    let count = reaching.len();
    let attended = is_attended(trigger);
    let consequence = match attended {
        true => "if one fails, only the person who started the flow sees it",
        false => "if one fails, the run stops half-way and nobody is told",
    };
    let message =
        format!("{count} actions write, send or call, and nothing handles a failure: {consequence}");
    let draft = cx
        .report(flow.anchor, message)
        .help("Put the actions into a scope 'Try'. Add a scope 'Catch' behind it that logs and alerts, and set it to run after 'Try' has failed or has timed out.")
        .related(first.key_span, "the first of them");
    if attended {
        draft.severity(Severity::Note);
    }
}

/// Whether an action writes, sends, or calls something outside.
fn reaches_out<'a>(flow: &Flow<'a>, action: &Action<'a>) -> bool {
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
        }
        _ => flow
            .action_operation(action)
            .and_then(|operation| effect(operation.connector, operation.id))
            .is_some_and(|effect| matches!(effect, Effect::Write | Effect::Send | Effect::Call)),
    }
}

/// Whether a person starts the flow and waits for it: a button, an app, an agent.
fn is_attended(trigger: &Trigger<'_>) -> bool {
    let by_address = trigger.kind.is_none_or(|kind| kind.eq_ignore_ascii_case("Http"));
    matches!(trigger.ty, TriggerType::Request | TriggerType::Manual) && !by_address
}
