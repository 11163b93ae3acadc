//! Arguments whose type is known and cannot fit.

use super::condition::each_comparison;
use crate::expr::{Function, Types, functions};
use crate::flow::{ActionType, Element, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

#[derive(Debug)]
pub(crate) struct WrongArgumentType;

impl CodedRule for WrongArgumentType {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for (site, call) in cx.calls() {
            let Some(function) = call.function else { continue };
            for (at, argument) in call.arguments.iter().enumerate() {
                if let Some(takes) = wanted(function, at) {
                    let given = flow.type_of(argument, site.element);
                    if !given.meets(takes) {
                        let span = site.span_of(&flow.source.text, argument.at);
                        judge(function, at, given, span, cx);
                    }
                }
            }
        }
        // The rows of a condition are the same functions.
        for action in &flow.actions {
            if matches!(action.ty, ActionType::If | ActionType::Until)
                && let Some(condition) = action.node.get("expression").filter(|node| node.is_object())
            {
                each_comparison(
                    condition,
                    &mut |row| {
                        let Some(function) = functions().find(row.name) else { return };
                        for (at, operand) in [row.left, row.right].into_iter().enumerate() {
                            if let Some(takes) = wanted(function, at) {
                                let given = flow.type_of_node(operand, Element::Action(action.id));
                                if !given.meets(takes) {
                                    judge(function, at, given, operand.span, cx);
                                }
                            }
                        }
                    },
                    &mut |_| {},
                );
            }
        }
    }
}

/// What a function takes as its argument of that index, where it does not take everything.
fn wanted(function: &Function, argument: usize) -> Option<Types> {
    function.parameter(argument).map(|parameter| parameter.types).filter(|types| *types != Types::ANY)
}

fn judge(function: &Function, argument: usize, given: Types, span: Span, cx: &mut RuleContext<'_, '_>) {
    let Some(parameter) = function.parameter(argument).filter(|_| !given.is_none()) else { return };
    // What can be null as well is named by what it is when it is there.
    let named = match given.without(Types::NULL) {
        Types::NONE => given,
        there => there,
    };
    let takes = parameter.types.without(Types::NULL);
    let message = format!(
        "'{}' takes {} as '{}' and gets {}: the action fails when it runs",
        function.name,
        takes.words(),
        parameter.name,
        named.words()
    );
    let help = if named == Types::STRING && takes.meets(Types::NUMBER) && !takes.meets(Types::STRING) {
        "Wrap it in int() or float(), or take the quotes away from the number."
    } else if takes == Types::STRING && named != Types::NULL {
        "Wrap it in string(), or pick the value that was meant."
    } else if takes == Types::BOOLEAN {
        "Compare the value with equals() or greater(): only a boolean decides."
    } else {
        "Open the expression and pick the value that was meant."
    };
    cx.report(span, message).detail(function.name).help(help);
}
