//! A Terminate that carries an error and does not fail the run.

use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct TerminateErrorWithoutFailure;

impl CodedRule for TerminateErrorWithoutFailure {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::Terminate)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(inputs) = action.node.get("inputs") else { return };
        let (Some(error), Some(status)) = (inputs.member("runError"), inputs.get("runStatus")) else {
            return;
        };
        // An error that says nothing may be what an editor left.
        let empty = match &error.value.value {
            Value::Null => true,
            Value::Object(members) => members.iter().all(|member| says_nothing(&member.value)),
            _ => false,
        };
        let Some(text) = status.as_str().filter(|_| !empty) else { return };
        if flow.is_computed(text) || text.eq_ignore_ascii_case("Failed") {
            return;
        }
        let message = format!(
            "'{}' ends the run as '{text}' and gives an error, which only a failed run can have",
            action.name
        );
        cx.report(error.key_span, message)
            .help("Set the status of the Terminate to Failed, or take `runError` out. The service refuses to save the flow as it is.")
            .related(status.span, "The status is set here");
    }
}

fn says_nothing(node: &Node<'_>) -> bool {
    matches!(node.value, Value::Null) || node.as_str().is_some_and(|text| text.trim().is_empty())
}
