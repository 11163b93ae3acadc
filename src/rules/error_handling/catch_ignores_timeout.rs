//! Failure paths that a time-out passes by.

use crate::catalog::operations::Kind;
use crate::flow::{Action, ActionType, FlowAnalysis, Statuses};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct CatchIgnoresTimeout;

impl CodedRule for CatchIgnoresTimeout {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let handlers = flow.failure_paths();
        for (id, action) in flow.actions.iter().enumerate() {
            let waiting = handlers.waiting_for(id);
            let takes = |status: Statuses| waiting.iter().find(|(_, statuses)| statuses.meets(status));
            let Some((catch, _)) = takes(Statuses::FAILED) else { continue };
            if takes(Statuses::TIMED_OUT).is_some() {
                continue;
            }
            let Some(why) = can_time_out(flow, action) else { continue };
            // The block around it fails with it, or a later step takes what was skipped.
            let around = flow.branches[action.branch].owner.is_some_and(|around| handlers.is_covered(around));
            if around || !flow.aftermath_of(id, Statuses::TIMED_OUT).runs.is_empty() {
                continue;
            }
            let catch = &flow.actions[*catch];
            let entry = catch.run_after.iter().find(|entry| crate::expr::same_name(entry.name, action.name));
            let Some(entry) = entry else { continue };
            let message = format!(
                "'{}' runs when '{}' has failed, but not when it has timed out, as it can: {why}",
                catch.name, action.name
            );
            cx.report(entry.key_span, message).help(format!(
                "'{}' › Settings › Run after › '{}': tick 'has timed out' as well.",
                catch.name, action.name
            ));
        }
    }
}

/// Why an action can end as timed out, as the end of a sentence; none where that is not known.
fn can_time_out<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> Option<&'static str> {
    if action.ty.is_container() {
        return None;
    }
    if action.ty.is_call() && action.node.at(&["limit", "timeout"]).is_some() {
        return Some("it has a time limit");
    }
    let waits = flow.known_operation(action).map(|known| known.kind);
    match (waits, action.ty) {
        (Some(Kind::SendAndWait | Kind::Wait), _) => Some("it waits for a person, for 30 days at most"),
        (
            _,
            ActionType::HttpWebhook | ActionType::OpenApiConnectionWebhook | ActionType::ApiConnectionWebhook,
        ) => Some("it waits for an answer from outside"),
        _ => None,
    }
}
