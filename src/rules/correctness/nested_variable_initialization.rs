//! Variables that are initialized inside a scope, loop or branch.

use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct NestedVariableInitialization;

impl CodedRule for NestedVariableInitialization {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::InitializeVariable)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(container) = flow.parent(action) else { return };
        // What is not known to hold actions as the documented containers do is not judged.
        if !container.ty.is_container() || container.ty == ActionType::Agent {
            return;
        }
        cx.report(
            action.key_span,
            format!(
                "'{}' initializes a variable inside '{}': the service refuses to save the flow",
                action.name, container.name
            ),
        )
        .help(
            "Move it to the top level, before the first container, and use Set variable here for a fresh value.",
        )
        .related(container.key_span, format!("'{}' stands here", container.name));
    }
}
