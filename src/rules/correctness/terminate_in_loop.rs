//! Terminate inside a loop.

use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct TerminateInLoop;

impl CodedRule for TerminateInLoop {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::Terminate)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(around) = flow.loop_around(action) else { return };
        let message = format!(
            "'{}' ends the run from inside the loop '{}', which no loop may do",
            action.name, around.name
        );
        cx.report(action.key_span, message)
            .help("Set a variable in the loop and put the Terminate behind the loop, in a condition on it. The service refuses to save the flow as it is.")
            .related(around.key_span, format!("'{}' repeats what is in it", around.name));
    }
}
