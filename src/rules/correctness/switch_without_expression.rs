//! A Switch on a literal.

use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::json::Value;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct SwitchWithoutExpression;

impl CodedRule for SwitchWithoutExpression {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::Switch)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let help = "Open the Switch and pick the value to compare again. The service refuses to save the flow as it is.";
        let Some(on) = action.node.get("expression") else {
            cx.report(action.key_span, format!("'{}' has no `expression` to switch on", action.name))
                .help(help);
            return;
        };
        let message = match &on.value {
            // `@@` is text, and yet it passes: the service looks at the first character alone.
            Value::String(text) if flow.is_computed(text) || text.starts_with('@') => return,
            Value::String(text) if text.trim().is_empty() => {
                format!("'{}' switches on a blank: its dynamic value is gone", action.name)
            }
            Value::String(_) => {
                format!("'{}' switches on plain text: the same case is taken in every run", action.name)
            }
            // What is no value cannot be marked on one line, and is no literal that somebody typed.
            Value::Array(_) | Value::Object(_) => return,
            _ => format!("'{}' switches on {}: the same case is taken in every run", action.name, on.kind()),
        };
        cx.report(on.span, message).help(help);
    }
}
