//! The outputs of an action inside a loop, read from outside as if they were one value.

use super::condition::each_comparison;
use super::reference::{Ambiguous, name_of};
use crate::expr::{Call, Expr, ExprKind, Template, Types, comparison};
use crate::flow::{
    Action, ActionId, ActionType, Element, ExpressionSite, FlowAnalysis, Named, Relation, VariableType,
};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct LoopOutputOutsideLoop;

impl CodedRule for LoopOutputOutsideLoop {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !flow.actions.iter().any(|action| action.ty == ActionType::Foreach) {
            return;
        }
        let ambiguous = Ambiguous::default();
        for (site, call) in cx.calls() {
            for read in reads_as_one(flow, site, call) {
                judge(flow, site, read, &ambiguous, cx);
            }
        }
    }
}

/// The reads of actions in a call, itself included, that want one value.
fn reads_as_one<'c, 'a>(
    flow: &FlowAnalysis<'a>,
    site: &ExpressionSite<'a>,
    call: &'c Call<'a>,
) -> Vec<&'c Call<'a>> {
    let mut wanting = Vec::new();
    let reads_one = READERS.iter().any(|reader| call.is(reader));
    if reads_one && (steps_into_one(call) || (stands_alone(site, call) && is_for_one_value(flow, site))) {
        wanting.push(call);
    }
    for (at, argument) in call.arguments.iter().enumerate() {
        if let ExprKind::Call(read) = &argument.kind
            && read.steps.is_empty()
            && READERS.iter().any(|reader| read.is(reader))
            && takes_one(call, at)
            && !(call.is("equals")
                && call
                    .arguments
                    .get(1 - at.min(1))
                    .is_some_and(|other| is_list(flow.type_of(other, site.element))))
        {
            wanting.push(*read);
        }
    }
    wanting
}

/// What reads an action and is a list behind the loop around it.
const READERS: [&str; 3] = ["outputs", "body", "actions"];

/// Whether a function takes one value as its argument of that index: an array as it comes out of a loop makes it fail,
/// or never be true.
fn takes_one(call: &Call<'_>, argument: usize) -> bool {
    call.function.is_some_and(|function| {
        function.name == "equals"
            || function.parameter(argument).is_some_and(|parameter| !parameter.types.meets(Types::ARRAY))
    })
}

/// Whether a value is a list or nothing: what a list is compared with as a list.
fn is_list(types: Types) -> bool {
    types.without(Types::NULL).within(Types::ARRAY)
}

fn steps_into_one(call: &Call<'_>) -> bool {
    call.steps.first().is_some_and(|step| matches!(step.key, Expr { kind: ExprKind::String(_), .. }))
}

/// Whether a row of a condition asks if what a string reads equals a list, or nothing.
fn is_compared_with_list(flow: &FlowAnalysis<'_>, action: &Action<'_>, site: &ExpressionSite<'_>) -> bool {
    let Some(condition) = action.node.get("expression") else { return false };
    let mut found = false;
    each_comparison(
        condition,
        &mut |row| {
            let other = match (row.left.span == site.span, row.right.span == site.span) {
                (true, _) => row.right,
                (_, true) => row.left,
                _ => return,
            };
            found |=
                row.name.eq_ignore_ascii_case("equals") && is_list(flow.type_of_node(other, site.element));
        },
        &mut |_| {},
    );
    found
}

/// Whether a call without steps is all that a string says.
fn stands_alone(site: &ExpressionSite<'_>, call: &Call<'_>) -> bool {
    let Template::Whole(expr) = &site.template else { return false };
    matches!(&expr.kind, ExprKind::Call(whole) if call.steps.is_empty() && std::ptr::eq(*whole, call))
}

/// Whether a string stands where one value is wanted: as what a Switch or a condition decides by, in a comparison, or
/// as the value of a variable that holds one.
fn is_for_one_value(flow: &FlowAnalysis<'_>, site: &ExpressionSite<'_>) -> bool {
    let Element::Action(id) = site.element else { return false };
    let action = &flow.actions[id];
    let holds_one = |ty| !matches!(ty, VariableType::Array | VariableType::Object);
    match action.ty {
        ActionType::Switch => flow.property_at(site.element, site.span) == "/expression",
        ActionType::If | ActionType::Until => {
            let pointer = flow.property_at(site.element, site.span);
            if pointer == "/expression" {
                return true;
            }
            let operator = pointer.rsplit('/').nth(1).unwrap_or_default();
            pointer.starts_with("/expression/")
                && comparison(operator).is_some_and(|(name, _)| name != "contains")
                && !is_compared_with_list(flow, action, site)
        }
        ActionType::SetVariable
        | ActionType::IncrementVariable
        | ActionType::DecrementVariable
        | ActionType::AppendToStringVariable => {
            let value = action.node.at(&["inputs", "value"]);
            let name = action.node.at(&["inputs", "name"]).and_then(Node::as_str).unwrap_or_default();
            value.is_some_and(|value| value.span == site.span)
                && flow.initializations(name).any(|variable| variable.ty.is_some_and(holds_one))
        }
        ActionType::InitializeVariable => {
            let variables = action.node.at(&["inputs", "variables"]).map(Node::elements).unwrap_or_default();
            let here =
                |variable: &&Node<'_>| variable.get("value").is_some_and(|value| value.span == site.span);
            let ty = variables.iter().find(here).and_then(|variable| variable.get("type")?.as_str());
            ty.and_then(VariableType::named).is_some_and(holds_one)
        }
        _ => false,
    }
}

fn judge<'a>(
    flow: &FlowAnalysis<'a>,
    site: &ExpressionSite<'a>,
    read: &Call<'a>,
    ambiguous: &Ambiguous,
    cx: &mut RuleContext<'_, 'a>,
) {
    let Some((name, at)) = name_of(read) else { return };
    let Some(Named::Action(target)) = flow.named(name) else { return };
    let reader = match site.element {
        Element::Action(id) => Some(id),
        Element::Flow => None,
        _ => return,
    };
    // What cannot have run is another fault.
    if reader.is_some_and(|reader| flow.relation(target, reader) != Relation::Before) {
        return;
    }
    let Some(outer) = loop_between(flow, target, reader) else { return };
    if ambiguous.has(flow, name) {
        return;
    }
    let (target, outer) = (&flow.actions[target], &flow.actions[outer]);
    cx.report_at(
        site,
        at,
        format!("Outside of '{}' the outputs of '{}' are a list, one for each item, and this reads one value", outer.name, target.name),
    )
    .help(format!("Move what needs it into '{}', or take what you want out of the list: first(…), last(…), Select or Join.", outer.name))
    .detail(crate::expr::fold_name(name))
    .related(outer.key_span, format!("'{}' stands in this loop", target.name));
}

/// The outermost Apply to each around `target` that is not around `reader`.
fn loop_between(flow: &FlowAnalysis<'_>, target: ActionId, reader: Option<ActionId>) -> Option<ActionId> {
    let holds_reader =
        |id: ActionId| reader.is_some_and(|reader| (id..flow.actions[id].subtree_end).contains(&reader));
    let between = flow.containers(target).take_while(|id| !holds_reader(*id));
    between.filter(|id| flow.actions[*id].ty == ActionType::Foreach).last()
}
