//! An Until with no `limit` object.

use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::json::Value;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UntilWithoutLimitObject;

impl CodedRule for UntilWithoutLimitObject {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::Until)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let help = "Set Count and Timeout under Change limits: `\"limit\": {\"count\": 60, \"timeout\": \"PT1H\"}` is what the designer writes. The service refuses to save the flow without it.";
        match action.node.member("limit") {
            Some(limit) if limit.value.is_object() => {}
            // A template puts the object in when it is deployed.
            Some(limit) if limit.value.as_str().is_some_and(|text| flow.is_template_expression(text)) => {}
            Some(limit) if matches!(limit.value.value, Value::Array(_)) => {
                cx.report(
                    limit.key_span,
                    format!("The `limit` of '{}' is an array and not an object", action.name),
                )
                .help(help);
            }
            Some(limit) => {
                let message =
                    format!("The `limit` of '{}' is {} and not an object", action.name, limit.value.kind());
                cx.report(limit.value.span, message).help(help);
            }
            None => {
                cx.report(
                    action.key_span,
                    format!("'{}' has no `limit`: nothing says when it gives up", action.name),
                )
                .help(help);
            }
        }
    }
}
