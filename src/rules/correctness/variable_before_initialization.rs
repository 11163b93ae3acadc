//! Variables that are read or written where their initialization cannot have run.

use super::reference::waits_for_unknown;
use crate::expr::fold_name;
use crate::flow::{ActionId, Element, FlowAnalysis, Relation, Variable};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct VariableBeforeInitialization;

impl CodedRule for VariableBeforeInitialization {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for used in flow.variable_uses() {
            let Some(first) = used.variable.map(|at| &flow.variables()[at]) else { continue };
            let action = match used.element {
                Element::Action(id) => Some(id),
                _ => None,
            };
            // The common case, before anything is put into words.
            if action.is_some_and(|action| flow.can_read(action, first.action)) {
                continue;
            }
            let init = flow.actions[first.action].name;
            let what = if used.writes { "written" } else { "read" };
            let (name, why) = match action {
                Some(action) => {
                    let early = |variable: &&Variable<'a>| too_early(flow, action, variable.action);
                    if !flow.initializations(used.name).all(|variable| early(&variable)) {
                        continue;
                    }
                    let why = match flow.relation(first.action, action) {
                        Relation::Same => "which initializes it: it is not there yet".to_owned(),
                        Relation::Parallel => {
                            format!("which does not wait for '{init}': it may not be there yet")
                        }
                        Relation::Exclusive => {
                            format!("which stands in another branch than '{init}': it is not there")
                        }
                        _ => format!("which runs before '{init}': it is not there yet"),
                    };
                    (flow.actions[action].name, why)
                }
                None if matches!(used.element, Element::Trigger(_)) => {
                    ("the trigger", format!("which runs before '{init}': it is not there yet"))
                }
                None => continue,
            };
            let reader = if action.is_some() { format!("'{name}'") } else { name.to_owned() };
            cx.report(used.span(flow), format!("The variable '{}' is {what} by {reader}, {why}", used.name))
                .help(format!(
                    "Move '{init}' to the top of the flow, before everything that uses the variable."
                ))
                .detail(fold_name(used.name))
                .related(first.name_span, format!("'{}' is initialized here", first.name));
        }
    }
}

/// Whether an initialization cannot have run when an action uses the variable.
fn too_early(flow: &FlowAnalysis<'_>, action: ActionId, init: ActionId) -> bool {
    match flow.relation(init, action) {
        Relation::Before => false,
        // What the variables of one action can read of each other has changed over time.
        Relation::Same => flow.variables().iter().filter(|variable| variable.action == init).count() < 2,
        Relation::Parallel => !waits_for_unknown(flow, action),
        _ => true,
    }
}
