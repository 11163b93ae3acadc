//! Failures that are handled so that the run looks as if there had been none.

use super::side_effects::{Parts, changes, each_caught, is_read_outside};
use crate::flow::{ActionType, FlowAnalysis, Statuses};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct SwallowedError;

impl CodedRule for SwallowedError {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !flow.has_whole_definition() {
            return;
        }
        each_caught(flow, &mut |id, aftermath, catch| {
            let failing = &flow.actions[id];
            let holds_work = Parts::of(flow, &[id]).actions(flow).any(|action| changes(flow, action));
            if !failing.ty.is_container() || !aftermath.ends_well || !holds_work {
                return;
            }
            let path = Parts::of(flow, &aftermath.runs);
            // A run that is ended by hand ends as somebody chose, and a caller learns from the answer.
            let is_chosen = path
                .actions(flow)
                .any(|action| matches!(action.ty, ActionType::Response | ActionType::Terminate));
            // Where the flow goes one way after the failure and another way without, failing is a question it asks.
            let handlers = flow.failure_paths();
            let is_decision = aftermath.handlers.iter().any(|handler| {
                handlers.waiting_for(*handler).iter().any(|(_, statuses)| *statuses == Statuses::SKIPPED)
            });
            if is_chosen || is_decision || is_read_outside(flow, &Parts::of(flow, &aftermath.handlers), cx) {
                return;
            }
            let message = format!(
                "When '{}' fails, '{}' succeeds and the run shows Succeeded",
                failing.name, catch.name
            );
            cx.report(catch.key_span, message)
                .help(format!(
                    "End '{}' with Terminate › Failed, so that the run history and its alerts show the failure.",
                    catch.name
                ))
                .related(failing.key_span, "this is what fails");
        });
    }
}
