//! Response inside a loop.

use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct ResponseInLoop;

impl CodedRule for ResponseInLoop {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::Response)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(around) = flow.loop_around(action) else { return };
        let message = format!(
            "'{}' answers the caller from inside the loop '{}', which no loop may do",
            action.name, around.name
        );
        cx.report(action.key_span, message)
            .help("Collect what the loop finds in a variable and answer once, behind the loop. The service refuses to save the flow as it is.")
            .related(around.key_span, format!("'{}' repeats what is in it", around.name));
    }
}
