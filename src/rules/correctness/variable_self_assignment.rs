//! Variables that are set from their own value.

use super::reference::name_of;
use crate::expr::{Call, fold_name};
use crate::flow::{ActionType, ExpressionSite, FlowAnalysis, same_variable};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct VariableSelfAssignment;

impl CodedRule for VariableSelfAssignment {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Call("variables")];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn call<'a>(
        &self,
        flow: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
        let crate::flow::Element::Action(id) = site.element else { return };
        let action = &flow.actions[id];
        if action.ty != ActionType::SetVariable {
            return;
        }
        let Some((name, at)) = name_of(call) else { return };
        let Some(inputs) = action.node.get("inputs") else { return };
        let (Some(set), Some(value)) = (inputs.get("name").and_then(Node::as_str), inputs.get("value"))
        else {
            return;
        };
        if !same_variable(set, name) || !value.span.contains(site.span) {
            return;
        }
        cx.report_at(site, at, format!("'{}' sets the variable '{set}' from its own value: the service refuses to save the flow", action.name))
            .help("Put the new value into a Compose before it and set the variable from its outputs; to count or collect, use Increment variable or Append to variable.")
            .detail(fold_name(name));
    }
}
